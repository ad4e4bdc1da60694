//! The few functions on floats whose bits must agree everywhere.
//!
//! The standard library's sines, powers and logarithms come from the platform and differ between
//! a native build and WebAssembly. What is here uses only `+ - *`, rounding and the fused
//! multiply-add, which agree.

/// `x³`, rounded once.
///
/// The exact square is kept as two floats, and so is its product with `x`; only their sum rounds.
/// Agrees with C's `pow(x, 3)` but for the rare argument where that itself is not the nearest.
///
/// ```
/// assert_eq!(tidetable_core::math::cube(0.65), 0.274_625);
/// assert_ne!(0.65_f64 * 0.65 * 0.65, 0.274_625); // two roundings
/// ```
pub fn cube(x: f64) -> f64 {
    // Beyond this the lowest digits of a product may be lost; no utilization lies there.
    if x != 0.0 && !(1e-60..=1e60).contains(&x) {
        let square = x * x;
        let square_rest = x.mul_add(x, -square);
        let product = square * x;
        let product_rest = square.mul_add(x, -product);
        return product + square_rest.mul_add(x, product_rest);
    }
    let (square, square_rest) = exact_product(x, x);
    let (product, product_rest) = exact_product(square, x);
    product + (square_rest * x + product_rest)
}

/// The product of two numbers, and what rounding took off it. `mul_add` tells the latter too, but
/// is a slow function where the machine has no such instruction, as in WebAssembly.
fn exact_product(x: f64, y: f64) -> (f64, f64) {
    let product = x * y;
    let [(x_high, x_low), (y_high, y_low)] = [halves(x), halves(y)];
    let rest = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low;
    (product, rest)
}

/// Two numbers with half the digits each, of which `x` is the sum.
fn halves(x: f64) -> (f64, f64) {
    let shifted = x * 134_217_729.0; // 2^27 + 1
    let high = shifted - (shifted - x);
    (high, x - high)
}

/// The cosine of `turns` full turns: 1 at 0, -1 at a half.
///
/// Accurate to within 1e-11; 0 for what is not finite.
pub fn cosine_of_turns(turns: f64) -> f64 {
    if !turns.is_finite() {
        return 0.0;
    }
    // The cosine is even and repeats every turn, so that half a turn is enough; its second
    // quarter mirrors the first, upside down.
    let part = (turns - turns.floor()).abs();
    let half = if part > 0.5 { 1.0 - part } else { part };
    if half > 0.25 { -quarter_cosine(0.5 - half) } else { quarter_cosine(half) }
}

/// Taylor's series up to the 16th power, for 0 to a quarter turn.
fn quarter_cosine(turns: f64) -> f64 {
    let angle = turns * std::f64::consts::TAU;
    let square = angle * angle;
    let mut sum = 1.0;
    for k in (1..=8).rev() {
        let k = f64::from(2 * k);
        sum = 1.0 - sum * square / (k * (k - 1.0));
    }
    sum
}

/// `value` with `places` digits after the point, as `format!("{value:.places$}")` has it. Numbers
/// of usual size are printed here: what the standard library does it with is 3 KB of the page's
/// first download.
///
/// ```
/// assert_eq!(tidetable_core::math::decimals(13.333, 2), "13.33");
/// assert_eq!(tidetable_core::math::decimals(0.125, 2), "0.12"); // a half goes to the even digit
/// ```
pub fn decimals(value: f64, places: u32) -> String {
    // Then all digits together stay below 2^54.
    if value.is_nan() || value.abs() >= (1_u64 << 40) as f64 || places > 4 {
        return any_decimals(value, places);
    }
    // The value is `digits / 2^shift`; the product stays below 2^67.
    let bits = value.to_bits();
    let shift = 1075 - ((bits >> 52) & 0x7ff);
    let digits = (bits & ((1 << 52) - 1)) | (1 << 52);
    let power = 10_u64.pow(places);
    let product = u128::from(digits) * u128::from(power);
    let rounded = if shift > 75 {
        0
    } else {
        let (whole, rest) = (product >> shift, product & ((1 << shift) - 1));
        let half = 1 << (shift - 1);
        (whole + u128::from(rest > half || (rest == half && whole & 1 == 1))) as u64
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (whole, rest) = (rounded / power, rounded % power);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{rest:0width$}", width = places as usize)
}

#[inline(never)]
fn any_decimals(value: f64, places: u32) -> String {
    format!("{value:.width$}", width = places as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_standard_library() {
        let agree = |value: f64| {
            for places in 0..=5 {
                for value in [value, -value] {
                    assert_eq!(decimals(value, places), format!("{value:.0$}", places as usize));
                }
            }
        };
        let odd = [0.0, 0.5, 1.5, 2.5, 0.25, 0.125, 0.05, 999.995, 5e-324, 1e-300, 2e12, 1e300];
        odd.into_iter().chain([f64::NAN, f64::INFINITY, f64::EPSILON]).for_each(agree);
        for number in 0..20_000_u64 {
            // Eighths and thousandths, and any bits at all.
            agree(number as f64 / 8.0);
            agree(number as f64 / 1000.0);
            agree(f64::from_bits(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
    }

    #[test]
    fn known_angles() {
        let root_half = 0.5_f64.sqrt();
        for (turns, cosine) in [
            (0.0, 1.0),
            (1.0 / 12.0, 0.75_f64.sqrt()),
            (0.125, root_half),
            (1.0 / 6.0, 0.5),
            (0.25, 0.0),
            (0.375, -root_half),
            (0.5, -1.0),
            (0.75, 0.0),
            (0.875, root_half),
            (1.0, 1.0),
            (-0.125, root_half),
            (1e6 + 0.5, -1.0),
            (f64::INFINITY, 0.0),
            (f64::NAN, 0.0),
        ] {
            let got = cosine_of_turns(turns);
            assert!((got - cosine).abs() < 1e-11, "{turns} turns: {got}, not {cosine}");
        }
    }

    #[test]
    fn the_rest_of_a_product_is_what_the_fused_multiply_add_tells() {
        let mut seed = 1_u64;
        for round in 0..10_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let x = (seed >> 11) as f64 / (1_u64 << 53) as f64;
            let y = if round % 2 == 0 { x } else { (seed % 1000) as f64 / 1000.0 };
            assert_eq!(exact_product(x, y), (x * y, x.mul_add(y, -(x * y))), "{x} {y}");
        }
        // Python's `float(Fraction(x)**3)`: rounded once.
        assert_eq!(
            [0.0, 1e-70, 0.1, 1.0].map(cube),
            [0.0, 1e-210, 0.001_000_000_000_000_000_2, 1.0]
        );
    }

    #[test]
    fn the_extremes_are_exact() {
        assert_eq!(cosine_of_turns(0.0), 1.0);
        assert_eq!(cosine_of_turns(0.5), -1.0);
    }
}
