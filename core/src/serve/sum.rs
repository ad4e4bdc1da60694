//! Sums in the order in which numpy and its BLAS take them: the last bit of a mean decides where
//! it meets a whole number.
//!
//! DIFFERENCE(serve-dot): OpenBLAS picks a kernel by the processor, and each adds in its own
//! order. This is the one for x86-64 with AVX2 (Haswell, Zen).
//!
//! Upstream: numpy 2.4 numpy/_core/src/umath/loops_utils.h.src `pairwise_sum`; OpenBLAS 0.3.31
//! kernel/x86_64/ddot.c, ddot_microk_haswell-2.c.

/// Values that are added side by side.
const LANES: usize = 16;

/// `numpy.dot(a, b)`.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let pairs = a.len().min(b.len());
    let blocks = pairs - pairs % LANES;
    let mut lanes = [0.0_f64; LANES];
    for (a, b) in a[..blocks].chunks_exact(LANES).zip(b[..blocks].chunks_exact(LANES)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane = a.mul_add(*b, *lane);
        }
    }
    let [mut sum, mut other] = [0.0_f64; 2];
    if blocks > 0 {
        // Four registers of four: halves, then registers, then the two that are left.
        let half = |at: usize, lane: usize| lanes[at + lane] + lanes[at + lane + 2];
        let both = |lane: usize| (half(0, lane) + half(4, lane)) + (half(8, lane) + half(12, lane));
        (sum, other) = (both(0), both(1));
    }
    sum += other;
    for (a, b) in a[blocks..pairs].iter().zip(&b[blocks..pairs]) {
        sum += a * b;
    }
    sum
}

/// `values.sum()`.
pub(super) fn pairwise(values: &[f64]) -> f64 {
    const UNROLLED: usize = 8;
    const BLOCK: usize = 128;
    if values.len() < UNROLLED {
        return values.iter().fold(0.0, |sum, it| sum + it);
    }
    if values.len() > BLOCK {
        let half = values.len() / 2;
        let (first, second) = values.split_at(half - half % UNROLLED);
        return pairwise(first) + pairwise(second);
    }
    let mut lanes = [0.0_f64; UNROLLED];
    let chunks = values.chunks_exact(UNROLLED);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    let pair = |at: usize| lanes[at] + lanes[at + 1];
    let sum = (pair(0) + pair(2)) + (pair(4) + pair(6));
    rest.iter().fold(sum, |sum, it| sum + it)
}
