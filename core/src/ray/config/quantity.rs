//! Kubernetes quantities as Ray reads them: decimal, rounded away from zero.
//!
//! Not Kubernetes' own reading: `mi`, `ui` and `ni` pass, `ki` does not, and underscores count as
//! nothing. A product with a suffix keeps 28 digits, as Python's decimals do.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/utils.py `parse_quantity`,
//! autoscaling_config.py `_round_up_k8s_quantity`.

use super::error::ConfigError;
use super::whole::Whole;

/// Digits that a product keeps.
const PRECISION: usize = 28;
/// Longest whole number; above it no float can hold it.
const MOST_DIGITS: i64 = 400;

/// A decimal number: `digits * 10^exponent`, most significant digit first.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// The quantity as a whole number, rounded away from zero: `500m` is 1, `-1500m` is -2.
pub(super) fn round_up(quantity: &str) -> Result<Whole, ConfigError> {
    read(quantity)?.round_up().ok_or_else(|| ConfigError::NotFinite("Infinity".to_owned()))
}

/// The quantity as the nearest float.
///
/// Upstream: `float(parse_quantity(quantity))`.
pub(super) fn to_float(quantity: &str) -> Result<f64, ConfigError> {
    Ok(read(quantity)?.to_f64())
}

/// The quantity without its fraction, within what 64 bits hold.
///
/// Upstream: `int(parse_quantity(quantity))`.
pub(super) fn to_whole(quantity: &str) -> Result<i64, ConfigError> {
    Ok(read(quantity)?.truncated())
}

/// The quantity in 10^-18, cut off below that and where 128 bits end.
pub(in crate::ray) fn to_attos(quantity: &str) -> Result<i128, ConfigError> {
    Ok(read(quantity)?.attos())
}

/// Upstream: `parse_quantity`.
fn read(quantity: &str) -> Result<Decimal, ConfigError> {
    let (number, suffix) = split(quantity);
    let mut decimal = parse(number)?;
    if let Some((letter, binary)) = suffix {
        if letter == 'k' && binary {
            return Err(ConfigError::UnknownSuffix(quantity.to_owned()));
        }
        decimal.scale(thousands(letter).unwrap_or(0), binary);
        decimal.round_to_precision();
    }
    Ok(decimal)
}

/// How many times a suffix multiplies by 1000, or by 1024 where an `i` follows.
fn thousands(letter: char) -> Option<i32> {
    Some(match letter {
        'n' => -3,
        'u' => -2,
        'm' => -1,
        'K' | 'k' => 1,
        'M' => 2,
        'G' => 3,
        'T' => 4,
        'P' => 5,
        'E' => 6,
        _ => return None,
    })
}

/// Number and suffix; a suffix that is not known stays part of the number.
fn split(quantity: &str) -> (&str, Option<(char, bool)>) {
    let (rest, binary) = match quantity.strip_suffix('i') {
        Some(rest) => (rest, true),
        None => (quantity, false),
    };
    match rest.chars().next_back().filter(|&letter| thousands(letter).is_some()) {
        Some(letter) => (&rest[..rest.len() - 1], Some((letter, binary))),
        None => (quantity, None),
    }
}

/// What Python's `Decimal()` reads.
fn parse(number: &str) -> Result<Decimal, ConfigError> {
    let text = number.trim().replace('_', "").to_ascii_lowercase();
    let (negative, text) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text.as_str()),
    };
    if matches!(text, "inf" | "infinity" | "nan" | "snan") {
        return Err(ConfigError::NotFinite(text.to_owned()));
    }
    let invalid = || ConfigError::InvalidNumber(number.to_owned());
    let (significand, power) = match text.split_once('e') {
        Some((significand, power)) => (significand, exponent(power).ok_or_else(invalid)?),
        None => (text, 0),
    };
    let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(invalid());
    }
    let digits = digits.into_iter().map(|digit| digit - b'0').collect();
    let exponent = power.saturating_sub(fraction.len() as i64);
    Ok(Decimal { negative, digits, exponent })
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 4);
    Some(if text.starts_with('-') { -size } else { size })
}

impl Decimal {
    /// Times `1000^times`, or `1024^times`: `1 / 1024 = 9765625 / 10^10`.
    fn scale(&mut self, times: i32, binary: bool) {
        if !binary {
            self.exponent = self.exponent.saturating_add(i64::from(times) * 3);
            return;
        }
        for _ in 0..times.abs() {
            if times > 0 {
                self.multiply(1024);
            } else {
                self.multiply(9_765_625);
                self.exponent = self.exponent.saturating_sub(10);
            }
        }
    }

    fn multiply(&mut self, factor: u64) {
        let mut carry = 0;
        for digit in self.digits.iter_mut().rev() {
            let product = u64::from(*digit) * factor + carry;
            *digit = (product % 10) as u8;
            carry = product / 10;
        }
        while carry > 0 {
            self.digits.insert(0, (carry % 10) as u8);
            carry /= 10;
        }
    }

    /// Half to even at the 28th digit.
    fn round_to_precision(&mut self) {
        let leading = self.digits.iter().take_while(|&&digit| digit == 0).count();
        self.digits.drain(..leading);
        if self.digits.len() <= PRECISION {
            return;
        }
        let dropped = self.digits.split_off(PRECISION);
        self.exponent = self.exponent.saturating_add(dropped.len() as i64);
        let beyond_half =
            dropped[0] > 5 || (dropped[0] == 5 && dropped[1..].iter().any(|&d| d > 0));
        let at_half = dropped[0] == 5 && !beyond_half;
        if beyond_half || (at_half && self.digits[PRECISION - 1] % 2 == 1) {
            add_one(&mut self.digits);
        }
    }

    fn to_f64(&self) -> f64 {
        let digits: String = self.digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
        let size: f64 = format!("{digits}e{}", self.exponent).parse().unwrap_or(f64::INFINITY);
        if self.negative { -size } else { size }
    }

    /// Its whole part, cut off where 64 bits end.
    fn truncated(&self) -> i64 {
        let most = i128::from(i64::MAX);
        self.shifted(0).clamp(-most, most) as i64
    }

    fn attos(&self) -> i128 {
        self.shifted(18)
    }

    /// The whole part of the number times `10^places`, cut off where 128 bits end.
    fn shifted(&self, places: i64) -> i128 {
        let exponent = self.exponent.saturating_add(places);
        let kept = (self.digits.len() as i64).saturating_add(exponent).max(0);
        let mut size: i128 = 0;
        for &digit in self.digits.iter().take(usize::try_from(kept).unwrap_or(usize::MAX)) {
            size = size.saturating_mul(10).saturating_add(i128::from(digit));
        }
        // Forty zeros more than fill 128 bits.
        for _ in 0..exponent.clamp(0, 40) {
            size = size.saturating_mul(10);
        }
        if self.negative { -size } else { size }
    }

    /// The whole number away from zero; none if it is too long for a float.
    fn round_up(self) -> Option<Whole> {
        let mut digits = self.digits;
        if digits.iter().all(|&digit| digit == 0) {
            return Some(Whole::new(false, "0"));
        }
        if self.exponent >= 0 {
            if self.exponent > MOST_DIGITS {
                return None;
            }
            digits.resize(digits.len() + self.exponent as usize, 0);
        } else {
            let kept = (digits.len() as i64).saturating_add(self.exponent).max(0) as usize;
            let fraction = digits.split_off(kept);
            if fraction.iter().any(|&digit| digit > 0) {
                add_one(&mut digits);
            }
        }
        let text: String = digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
        Some(Whole::new(self.negative, &text))
    }
}

fn add_one(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_rounds_away_from_zero() {
        let rows = [
            ("500m", "1"),
            ("2500m", "3"),
            ("0.5", "1"),
            ("-1500m", "-2"),
            ("0", "0"),
            ("1.5Gi", "1610612736"),
            ("1E", "1000000000000000000"),
            ("1e3", "1000"),
            (".5", "1"),
            ("5.", "5"),
            ("1_000", "1000"),
            ("2048mi", "2"),
            ("2049mi", "3"),
            ("0.0000000000000000000000000000000001", "1"),
        ];
        for (quantity, whole) in rows {
            assert_eq!(round_up(quantity).unwrap().to_string(), whole, "{quantity}");
        }
    }

    #[test]
    fn a_quantity_is_a_float_or_loses_its_fraction() {
        let rows = [
            ("1500m", 1.5, 1, 1_500_000_000_000_000_000),
            ("-1500m", -1.5, -1, -1_500_000_000_000_000_000),
            ("0.1", 0.1, 0, 100_000_000_000_000_000),
            ("1.5Ki", 1536.0, 1536, 1_536_000_000_000_000_000_000),
            ("1E", 1e18, 1_000_000_000_000_000_000, 10_i128.pow(36)),
            ("1e30", 1e30, i64::MAX, i128::MAX),
            ("0e99", 0.0, 0, 0),
            ("1e-30", 1e-30, 0, 0),
        ];
        for (quantity, float, whole, attos) in rows {
            assert_eq!(to_float(quantity), Ok(float), "{quantity}");
            assert_eq!(to_whole(quantity), Ok(whole), "{quantity}");
            assert_eq!(to_attos(quantity), Ok(attos), "{quantity}");
        }
    }

    #[test]
    fn what_ray_cannot_read_is_an_error() {
        let rows = [
            ("1ki", "ValueError: 1ki has unknown suffix"),
            ("abc", "ValueError: Invalid number format: abc"),
            ("1i", "ValueError: Invalid number format: 1i"),
            ("", "ValueError: Invalid number format: "),
            ("NaN", "ValueError: cannot convert NaN to integer"),
            ("-inf", "OverflowError: cannot convert Infinity to integer"),
        ];
        for (quantity, error) in rows {
            assert_eq!(round_up(quantity).unwrap_err().to_string(), error, "{quantity}");
        }
    }
}
