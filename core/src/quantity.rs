//! Kubernetes quantities: `500m`, `1.5Gi`, `2e3`, with upstream's roundings.
//!
//! A quantity is a decimal number with a unit. Upstream keeps it in 64 bits where the digits
//! allow, else as a big decimal; the two round and overflow differently, and both are kept here.
//!
//! Upstream: apimachinery 0.37 pkg/api/resource/{quantity,amount,math,scale_int,suffix}.go.

use std::fmt;

/// A quantity as the API server parsed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    amount: Amount,
    format: Format,
    /// The user's text where it is canonical already.
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    /// `value * 10^scale`, as upstream's `int64Amount`.
    Small { value: i64, scale: i32 },
    /// `unscaled / 10^places`, as upstream's `inf.Dec`.
    Big { unscaled: i128, places: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    DecimalExponent,
    DecimalSi,
    BinarySi,
    /// Of Go's zero value.
    Unset,
}

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// It is not made like one.
    Format,
    /// Its number can't be read.
    Numeric,
    /// Its unit is none.
    Suffix,
    /// It has more digits than Tidetable keeps.
    TooLarge,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression \
                 '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Numeric => "unable to parse numeric part of quantity",
            Self::Suffix => "unable to parse quantity's suffix",
            Self::TooLarge => "it has more than 29 digits before the point",
        })
    }
}

const NANO: i32 = -9;
const NANO_PLACES: u32 = 9;
/// Decimal suffixes by exponent, from nano.
const DECIMAL: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
const BINARY: [(&str, i32); 6] =
    [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

impl Quantity {
    /// Reads a quantity as the API server does.
    ///
    /// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `ParseQuantity`.
    ///
    /// # Errors
    /// Where upstream refuses the text; also where it is larger than 128 bits hold.
    ///
    /// ```
    /// # use tidetable_core::quantity::Quantity;
    /// let half = Quantity::parse("0.5").unwrap();
    /// assert_eq!(half.milli_value(), 500);
    /// assert_eq!(half.to_string(), "500m");
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let parts = Parts::of(text)?;
        let (base, exponent, format) = interpret(parts.suffix).ok_or(ParseError::Suffix)?;
        if let Some((amount, canonical)) = small(&parts, base, exponent) {
            let text = (canonical || text == "0").then(|| text.to_owned());
            return Ok(Self { amount, format, text });
        }
        let (amount, format) = big(&parts, base, exponent, format)?;
        Ok(Self { amount, format, text: None })
    }

    /// `value` thousandths, in decimal units.
    pub const fn from_milli(value: i64) -> Self {
        let amount = Amount::Small { value, scale: -3 };
        Self { amount, format: Format::DecimalSi, text: None }
    }

    /// Go's zero value: what an API object holds where no quantity was written.
    pub const fn unset() -> Self {
        let amount = Amount::Small { value: 0, scale: 0 };
        Self { amount, format: Format::Unset, text: None }
    }

    /// The quantity as Go's `%#v` prints it; pointers as 0.
    pub fn go_fields(&self) -> String {
        let (value, scale, pointer) = match self.amount {
            Amount::Small { value, scale } => (value, scale, "nil"),
            Amount::Big { .. } => (0, 0, "0x0"),
        };
        let text = self.text.as_deref().unwrap_or_default();
        let format = match self.format {
            Format::DecimalExponent => "DecimalExponent",
            Format::BinarySi => "BinarySI",
            Format::DecimalSi => "DecimalSI",
            Format::Unset => "",
        };
        format!(
            "resource.Quantity{{i:resource.int64Amount{{value:{value}, scale:{scale}}}, \
             d:resource.infDecAmount{{Dec:(*inf.Dec)({pointer})}}, s:\"{text}\", \
             Format:\"{format}\"}}"
        )
    }

    /// `value` thousandths, in binary units where they fit.
    ///
    /// ```
    /// # use tidetable_core::quantity::Quantity;
    /// assert_eq!(Quantity::binary_from_milli(71_421_952_000).to_string(), "69748Ki");
    /// assert_eq!(Quantity::binary_from_milli(71_421_952_001).to_string(), "71421952001m");
    /// ```
    pub const fn binary_from_milli(value: i64) -> Self {
        let amount = Amount::Small { value, scale: -3 };
        Self { amount, format: Format::BinarySi, text: None }
    }

    /// The quantity as controllers get it: through the API server, which stores canonical text.
    #[must_use]
    pub fn stored(&self) -> Self {
        Self::parse(&self.to_string()).unwrap_or_else(|_| self.clone())
    }

    /// In thousandths, rounded away from zero. Wraps or gives 0 beyond 64 bits, as upstream.
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }

    /// In whole units, rounded away from zero.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// The nearest float, by one multiplication.
    ///
    /// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `AsApproximateFloat64`.
    pub fn as_approximate_f64(&self) -> f64 {
        let (base, exponent) = match self.amount {
            Amount::Small { value, scale } => (value as f64, scale),
            Amount::Big { unscaled, places } => (unscaled as f64, -(places as i32)),
        };
        if exponent == 0 { base } else { base * pow10(exponent) }
    }

    /// -1, 0 or 1.
    pub const fn signum(&self) -> i32 {
        match self.amount {
            Amount::Small { value, .. } => value.signum() as i32,
            Amount::Big { unscaled, .. } => unscaled.signum() as i32,
        }
    }

    /// Whether it has a fraction, as `500m` and `1.5` have.
    pub fn is_fractional(&self) -> bool {
        match self.amount {
            Amount::Small { value, scale } => {
                scale < 0 && value % 10_i64.pow(scale.unsigned_abs().min(18)) != 0
            }
            Amount::Big { unscaled, places } => unscaled % 10_i128.pow(places) != 0,
        }
    }

    /// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `ScaledValue`.
    fn scaled_value(&self, scale: i32) -> i64 {
        match self.amount {
            Amount::Small { value, scale: own } if own < scale => {
                divide_away_from_zero(value, own.abs_diff(scale))
            }
            Amount::Small { value, scale: own } => multiply(value, own.wrapping_sub(scale)).0,
            Amount::Big { unscaled, places } => {
                let down = places as i32 + scale;
                if down < 0 {
                    let factor = 10_i64.pow(down.unsigned_abs());
                    return (unscaled as i64).wrapping_mul(factor);
                }
                big_scaled_down(unscaled, down.unsigned_abs())
            }
        }
    }
}

/// Upstream: apimachinery 0.37 pkg/api/resource/math.go `scaledValue`.
fn big_scaled_down(unscaled: i128, places: u32) -> i64 {
    let divisor = 10_i128.pow(places);
    let (quotient, remainder) = if places == 0 {
        return unscaled as i64;
    } else if unscaled < i128::from(i64::MAX) {
        // Upstream's fast path looks only for values too large, so one far below zero wraps here.
        let (wrapped, divisor) = (unscaled as i64, divisor as i64);
        (wrapped / divisor, i128::from(wrapped % divisor))
    } else {
        (unscaled.div_euclid(divisor) as i64, unscaled.rem_euclid(divisor))
    };
    // Towards positive infinity even below zero, unlike the 64 bit form.
    if remainder == 0 { quotient } else { quotient.wrapping_add(1) }
}

/// Upstream: apimachinery 0.37 pkg/api/resource/math.go `negativeScaleInt64`.
fn divide_away_from_zero(value: i64, digits: u32) -> i64 {
    let (mut quotient, mut fraction) = (value, false);
    for _ in 0..digits {
        fraction |= quotient % 10 != 0;
        quotient /= 10;
        if quotient == 0 {
            break;
        }
    }
    if fraction { quotient.saturating_add(value.signum()) } else { quotient }
}

/// `value * 10^digits` and whether it fits. What does not fit wraps for some digits and is 0 for
/// others.
///
/// Upstream: apimachinery 0.37 pkg/api/resource/math.go `positiveScaleInt64`.
fn multiply(value: i64, digits: i32) -> (i64, bool) {
    if value == 0 || digits <= 0 {
        return (value, true);
    }
    match (digits, u32::try_from(digits).ok().and_then(|it| 10_i64.checked_pow(it))) {
        (1 | 2 | 3 | 6 | 9, Some(factor)) if value != i64::MIN => {
            (value.wrapping_mul(factor), value.checked_mul(factor).is_some())
        }
        (_, Some(factor)) => value.checked_mul(factor).map_or((0, false), |it| (it, true)),
        (_, None) => (0, false),
    }
}

/// A quantity's text in its parts.
struct Parts<'text> {
    positive: bool,
    /// Digits before the point without leading zeros; `0` if none are left.
    whole: &'text str,
    fraction: &'text str,
    suffix: &'text str,
    /// Whether there was a digit at all: `m` alone counts as 0m.
    has_digit: bool,
}

impl<'text> Parts<'text> {
    /// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `parseQuantityString`.
    fn of(text: &'text str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError::Format);
        }
        let positive = !text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let stripped = unsigned.trim_start_matches('0');
        let (whole, rest) = split_digits(stripped);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => split_digits(rest),
            None => ("", rest),
        };
        let tail = suffix.trim_start_matches(|it| "eEinumkKMGTP".contains(it));
        let tail = tail.strip_prefix(['-', '+']).unwrap_or(tail);
        if !split_digits(tail).1.is_empty() {
            return Err(ParseError::Format);
        }
        let has_digit = unsigned.starts_with('0') || !whole.is_empty() || !fraction.is_empty();
        let whole = if whole.is_empty() { "0" } else { whole };
        Ok(Self { positive, whole, fraction, suffix, has_digit })
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len()))
}

/// Base, exponent and format of a suffix.
///
/// Upstream: apimachinery 0.37 pkg/api/resource/suffix.go `interpret`.
fn interpret(suffix: &str) -> Option<(u32, i32, Format)> {
    let among = |table: &[(&str, i32)]| {
        table.iter().find(|(name, _)| *name == suffix).map(|(_, exponent)| *exponent)
    };
    if let Some(exponent) = among(&DECIMAL) {
        return Some((10, exponent, Format::DecimalSi));
    }
    if let Some(exponent) = among(&BINARY) {
        return Some((2, exponent, Format::BinarySi));
    }
    let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    // Upstream cuts the exponent down to 32 bits, too.
    Some((10, exponent as i32, Format::DecimalExponent))
}

/// The 64 bit form and whether the text is canonical, where the digits allow.
fn small(parts: &Parts<'_>, base: u32, exponent: i32) -> Option<(Amount, bool)> {
    let digits = (parts.whole.len() + parts.fraction.len()) as i32;
    let (scale, factor, room) = if base == 10 {
        let scale = exponent.wrapping_sub(parts.fraction.len() as i32);
        (scale, 1, 18_i32.saturating_sub(digits))
    } else if parts.fraction.is_empty() {
        (0, 1_i64 << exponent, 15 - digits - exponent * 3 / 10 - 1)
    } else {
        return None;
    };
    if room < 0 || scale < NANO {
        return None;
    }
    let shifted = format!("{}{}", parts.whole, parts.fraction);
    let unsigned: i64 = shifted.parse().ok()?;
    let value = unsigned.checked_mul(factor)?;
    let canonical = if base == 2 {
        exponent % 10 == 0 && unsigned & 0x07 != 0
    } else {
        scale % 3 == 0 && !shifted.ends_with("000") && !shifted.starts_with('0')
    };
    let value = if parts.positive { value } else { -value };
    Some((Amount::Small { value, scale }, canonical))
}

/// The big form: rounded up to nano, capped at 2^63 - 1 for binary units.
///
/// DIFFERENCE(quantity-range): upstream's numbers are as long as the text; ours are refused
/// beyond 128 bits, which is 29 digits before the point.
fn big(
    parts: &Parts<'_>,
    base: u32,
    exponent: i32,
    format: Format,
) -> Result<(Amount, Format), ParseError> {
    if !parts.has_digit {
        return Err(ParseError::Numeric);
    }
    let digits = format!("{}{}", parts.whole, parts.fraction);
    let mut unscaled: i128 = digits.parse().map_err(|_| ParseError::TooLarge)?;
    if unscaled == 0 {
        return Ok((Amount::Big { unscaled, places: 0 }, format));
    }
    let mut places = parts.fraction.len() as i64;
    if base == 10 {
        places -= i64::from(exponent);
    } else {
        unscaled = unscaled.checked_mul(1_i128 << exponent).ok_or(ParseError::TooLarge)?;
    }
    let unscaled = round_up_to_nano(unscaled, places).ok_or(ParseError::TooLarge)?;
    let one = 10_i128.pow(NANO_PLACES);
    let (unscaled, places) = if base == 2 && unscaled > i128::from(i64::MAX) * one {
        (i128::from(i64::MAX), 0)
    } else {
        (unscaled, NANO_PLACES)
    };
    // A binary unit below one would be rounded up to one.
    let format = if base == 2 && unscaled < one { Format::DecimalSi } else { format };
    let unscaled = if parts.positive { unscaled } else { -unscaled };
    Ok((Amount::Big { unscaled, places }, format))
}

fn round_up_to_nano(unscaled: i128, places: i64) -> Option<i128> {
    let too_many = places - i64::from(NANO_PLACES);
    if too_many <= 0 {
        let factor = 10_i128.checked_pow(u32::try_from(-too_many).ok()?)?;
        return unscaled.checked_mul(factor);
    }
    let divisor = u32::try_from(too_many).ok().and_then(|it| 10_i128.checked_pow(it));
    let Some(divisor) = divisor else { return Some(1) };
    Some(unscaled / divisor + i128::from(unscaled % divisor != 0))
}

/// Ten to the `exponent`, with the bits of Go's `math.Pow10`.
///
/// Upstream: go math/pow10.go `Pow10`.
fn pow10(exponent: i32) -> f64 {
    const TENS: [f64; 32] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31,
    ];
    const UP: [f64; 10] = [1e0, 1e32, 1e64, 1e96, 1e128, 1e160, 1e192, 1e224, 1e256, 1e288];
    const DOWN: [f64; 11] =
        [1e0, 1e-32, 1e-64, 1e-96, 1e-128, 1e-160, 1e-192, 1e-224, 1e-256, 1e-288, 1e-320];
    let size = exponent.unsigned_abs() as usize;
    match exponent {
        0..=308 => UP[size / 32] * TENS[size % 32],
        -323..=-1 => DOWN[size / 32] / TENS[size % 32],
        309.. => f64::INFINITY,
        i32::MIN..=-324 => 0.0,
    }
}

/// The canonical text.
///
/// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `String`, `CanonicalizeBytes`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        if self.signum() == 0 {
            return f.write_str("0");
        }
        if let (Format::BinarySi, Some(bytes)) = (self.format, self.whole_from_1024()) {
            let (mut mantissa, mut power) = (bytes, 0);
            while mantissa % 1024 == 0 {
                mantissa /= 1024;
                power += 1;
            }
            // Beyond Ei upstream knows no unit and leaves it out.
            let unit = BINARY.iter().find(|(_, exponent)| *exponent == power * 10);
            return write!(f, "{mantissa}{}", unit.map_or("", |(name, _)| *name));
        }
        let (mut mantissa, mut exponent) = match self.amount {
            Amount::Small { value, scale } => (i128::from(value), scale),
            Amount::Big { unscaled, places } => (unscaled, -(places as i32)),
        };
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent = exponent.saturating_add(1);
        }
        while exponent % 3 != 0 {
            mantissa = mantissa.saturating_mul(10);
            exponent -= 1;
        }
        if self.format == Format::DecimalExponent {
            return if exponent == 0 {
                write!(f, "{mantissa}")
            } else {
                write!(f, "{mantissa}e{exponent}")
            };
        }
        // Beyond E upstream knows no unit and leaves it out: `1000E` becomes `1`.
        let unit = DECIMAL.iter().find(|(_, it)| *it == exponent);
        write!(f, "{mantissa}{}", unit.map_or("", |(name, _)| *name))
    }
}

impl Quantity {
    /// The value if it is whole and at least 1024 (or at most -1024), so that binary units fit.
    fn whole_from_1024(&self) -> Option<i128> {
        let whole = match self.amount {
            Amount::Small { value, scale } => {
                let factor = 10_i128.checked_pow(scale.unsigned_abs())?;
                let value = i128::from(value);
                if scale >= 0 {
                    value.checked_mul(factor)?
                } else if value % factor == 0 {
                    value / factor
                } else {
                    return None;
                }
            }
            Amount::Big { unscaled, places } => {
                let factor = 10_i128.pow(places);
                if unscaled % factor != 0 {
                    return None;
                }
                unscaled / factor
            }
        };
        (whole.abs() >= 1024).then_some(whole)
    }
}

#[cfg(test)]
mod tests;
