//! Powers as Go computes them, bit for bit: whole exponents, and square roots.
//!
//! Upstream: Go math/pow.go `pow`, frexp.go, ldexp.go.

/// `x` to the power of `y`, which is whole, or a half.
pub(super) fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    if x.is_nan() {
        return x;
    }
    let is_odd = y % 2.0 != 0.0 && y % 1.0 == 0.0;
    if x == 0.0 {
        return match (y < 0.0, x.is_sign_negative() && is_odd) {
            (true, true) => f64::NEG_INFINITY,
            (true, false) => f64::INFINITY,
            (false, true) => x,
            (false, false) => 0.0,
        };
    }
    if x.is_infinite() {
        return match (x < 0.0, y < 0.0) {
            (true, _) => pow(1.0 / x, -y),
            (false, true) => 0.0,
            (false, false) => f64::INFINITY,
        };
    }
    if y == 0.5 {
        return x.sqrt();
    }
    if y == -0.5 {
        return 1.0 / x.sqrt();
    }
    let (mut result, mut exponent) = (1.0, 0_i64);
    let (mut square, mut shift) = frexp(x);
    let mut bits = y.abs() as i64;
    while bits != 0 {
        if !(-(1 << 12)..=1 << 12).contains(&shift) {
            exponent += shift;
            break;
        }
        if bits & 1 == 1 {
            result *= square;
            exponent += shift;
        }
        square *= square;
        shift <<= 1;
        if square < 0.5 {
            square += square;
            shift -= 1;
        }
        bits >>= 1;
    }
    if y < 0.0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    ldexp(result, exponent)
}

const MASK: u64 = 0x7ff;
const SHIFT: u32 = 52;

/// A fraction from a half to one, and the power of two that it is to be multiplied by.
fn frexp(x: f64) -> (f64, i64) {
    let (x, extra) = normal(x);
    let bits = x.to_bits();
    let exponent = (bits >> SHIFT & MASK) as i64 - 1022 + extra;
    (f64::from_bits(bits & !(MASK << SHIFT) | 1022 << SHIFT), exponent)
}

/// `fraction` times two to the power of `exponent`.
fn ldexp(fraction: f64, exponent: i64) -> f64 {
    if fraction == 0.0 || !fraction.is_finite() {
        return fraction;
    }
    let (fraction, extra) = normal(fraction);
    let bits = fraction.to_bits();
    let mut exponent = exponent + extra + (bits >> SHIFT & MASK) as i64 - 1023;
    if exponent < -1075 {
        return 0.0_f64.copysign(fraction);
    }
    if exponent > 1023 {
        return f64::INFINITY.copysign(fraction);
    }
    let mut scale = 1.0;
    if exponent < -1022 {
        exponent += 53;
        scale = 1.0 / (1_u64 << 53) as f64;
    }
    scale * f64::from_bits(bits & !(MASK << SHIFT) | ((exponent + 1023) as u64) << SHIFT)
}

/// A normal number, and the power of two that it lacks.
fn normal(x: f64) -> (f64, i64) {
    if x.abs() < f64::MIN_POSITIVE { (x * (1_u64 << 52) as f64, -52) } else { (x, 0) }
}
