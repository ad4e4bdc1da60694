//! A value with its unit, and how it is written.

use std::fmt;

use crate::time::Duration;

/// What an assumption is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Time: `30s`, `1m30s`.
    Duration,
    /// CPU time, as one core would take: `15ms`.
    CpuTime,
    /// Cores: `500m`.
    Cpu,
    /// Bytes: `256Mi`.
    Bytes,
    /// A whole number.
    Count,
    /// A plain number: `0.1`.
    Ratio,
    /// A release: `1.37`.
    Version,
    /// `true` or `false`; unset, the release decides.
    Switch,
}

/// A value of one of the units.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Value {
    /// Time.
    Duration(Duration),
    /// CPU time in nanoseconds of one core.
    CpuTime(i64),
    /// Nano-cores.
    Cpu(i64),
    /// Bytes.
    Bytes(i64),
    /// A whole number.
    Count(i64),
    /// A plain number.
    Ratio(f64),
    /// A release.
    Version(Version),
    /// On or off; `None` is what the release does by default.
    Switch(Option<bool>),
}

/// A release, as far as rules differ: `1.37`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the first dot.
    pub major: u32,
    /// After it.
    pub minor: u32,
}

impl Value {
    /// Its unit.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Duration(_) => Unit::Duration,
            Self::CpuTime(_) => Unit::CpuTime,
            Self::Cpu(_) => Unit::Cpu,
            Self::Bytes(_) => Unit::Bytes,
            Self::Count(_) => Unit::Count,
            Self::Ratio(_) => Unit::Ratio,
            Self::Version(_) => Unit::Version,
            Self::Switch(_) => Unit::Switch,
        }
    }
}

impl Version {
    /// Reads `1.37`, `v1.37` and `1.37.2`; 0 where there is no number.
    pub const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut parts = [0_u32; 2];
        let (mut part, mut index) = (0, 0);
        while index < bytes.len() && part < 2 {
            match bytes[index] {
                digit @ b'0'..=b'9' => {
                    let value = parts[part].saturating_mul(10);
                    parts[part] = value.saturating_add((digit - b'0') as u32);
                }
                b'.' => part += 1,
                _ => {}
            }
            index += 1;
        }
        Self { major: parts[0], minor: parts[1] }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// As a Scenario writes it, and Kubernetes prints it: `1m30s`, `15ms`, `500m`, `256Mi`, `0.1`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(length) => write_duration(f, i128::from(length.ms()) * 1_000_000),
            Self::CpuTime(nanos) => write_duration(f, i128::from(*nanos)),
            Self::Cpu(nano) => write_cpu(f, *nano),
            Self::Bytes(bytes) => write_bytes(f, *bytes),
            Self::Count(count) => write!(f, "{count}"),
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::Version(version) => write!(f, "{version}"),
            Self::Switch(Some(on)) => write!(f, "{on}"),
            Self::Switch(None) => f.write_str("default"),
        }
    }
}

/// Go's units, the largest first, without those that are zero.
fn write_duration(f: &mut fmt::Formatter<'_>, nanos: i128) -> fmt::Result {
    const UNITS: [(&str, i128); 6] = [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("us", 1_000),
        ("ns", 1),
    ];
    let mut rest = nanos;
    for (name, size) in UNITS {
        if rest >= size {
            write!(f, "{}{name}", rest / size)?;
            rest %= size;
        }
    }
    if nanos == 0 { f.write_str("0s") } else { Ok(()) }
}

fn write_cpu(f: &mut fmt::Formatter<'_>, nano: i64) -> fmt::Result {
    for (name, size) in [("", 1_000_000_000), ("m", 1_000_000), ("u", 1_000)] {
        if nano % size == 0 {
            return write!(f, "{}{name}", nano / size);
        }
    }
    write!(f, "{nano}n")
}

fn write_bytes(f: &mut fmt::Formatter<'_>, bytes: i64) -> fmt::Result {
    for (name, shift) in [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)] {
        if bytes != 0 && bytes % (1_i64 << shift) == 0 {
            return write!(f, "{}{name}", bytes >> shift);
        }
    }
    write!(f, "{bytes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_kubernetes_prints_them() {
        let duration = |ms| Value::Duration(Duration::from_ms(ms));
        for (value, text) in [
            (duration(0), "0s"),
            (duration(20), "20ms"),
            (duration(90_000), "1m30s"),
            (duration(86_400_000), "24h"),
            (Value::CpuTime(15_000_000), "15ms"),
            (Value::CpuTime(1_500), "1us500ns"),
            (Value::Cpu(0), "0"),
            (Value::Cpu(2_000_000_000), "2"),
            (Value::Cpu(500_000_000), "500m"),
            (Value::Cpu(1), "1n"),
            (Value::Bytes(268_435_456), "256Mi"),
            (Value::Bytes(1000), "1000"),
            (Value::Bytes(0), "0"),
            (Value::Count(20), "20"),
            (Value::Ratio(0.1), "0.1"),
            (Value::Version(Version { major: 1, minor: 37 }), "1.37"),
            (Value::Switch(Some(true)), "true"),
            (Value::Switch(None), "default"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn a_version_is_its_first_two_numbers() {
        for (text, major, minor) in
            [("1.37", 1, 37), ("v1.37.2", 1, 37), ("2.60.0", 2, 60), ("1", 1, 0), ("", 0, 0)]
        {
            assert_eq!(Version::of(text), Version { major, minor }, "{text:?}");
        }
    }
}
