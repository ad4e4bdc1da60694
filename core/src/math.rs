//! The few float functions whose bits must agree everywhere.
//!
//! `powf` and its kin give other bits in WebAssembly than natively; `+ - * /` and the fused
//! multiply-add do not.

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
    let square = x * x;
    let square_rest = x.mul_add(x, -square);
    let product = square * x;
    let product_rest = square.mul_add(x, -product);
    product + square_rest.mul_add(x, product_rest)
}
