//! Where a yes begins.

/// The least of `1..=most` at which `is_there`, which it is from there on; `None` if it never is.
/// Ever larger strides find a yes, the first of them `stride` long, and halving finds the first.
///
/// ```
/// use tidetable_core::search::least;
///
/// assert_eq!(least(1000, 10, &|it| it * it >= 2000), Some(45), "44² is 1936, 45² is 2025");
/// assert_eq!(least(40, 10, &|it| it * it >= 2000), None);
/// ```
pub fn least(most: i64, stride: i64, is_there: &dyn Fn(i64) -> bool) -> Option<i64> {
    let (mut before, mut stride) = (0, stride.max(1));
    let mut there = loop {
        if before >= most {
            return None;
        }
        let next = i64::saturating_add(before, stride).min(most);
        if is_there(next) {
            break next;
        }
        (before, stride) = (next, stride.saturating_mul(2));
    };
    while there - before > 1 {
        let middle = before + (there - before) / 2;
        if is_there(middle) {
            there = middle;
        } else {
            before = middle;
        }
    }
    Some(there)
}
