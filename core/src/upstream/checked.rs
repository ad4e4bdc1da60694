//! What was compared with upstream's own code, release by release.

/// Questions that one release of Kubernetes answered as we do, with no difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The release, such as `1.37.2`.
    pub kubernetes: &'static str,
    /// Single metrics that the replica calculator was asked about.
    pub calculator: u64,
    /// HPAs that the whole controller looked after.
    pub histories: u64,
    /// Syncs of those, all together.
    pub syncs: u64,
    /// Seed of the random cases.
    pub seed: u64,
    /// When, as `2026-11-24`.
    pub date: &'static str,
}

/// The record, newest release first.
pub fn checked() -> Vec<Checked> {
    let lines = include_str!("checked.txt").lines().filter(|it| !it.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or_default();
            let kubernetes = word();
            let mut number = || word().parse().unwrap_or_default();
            let (calculator, histories) = (number(), number());
            let (syncs, seed) = (number(), number());
            Checked { kubernetes, calculator, histories, syncs, seed, date: word() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_record_is_whole() {
        for it in checked() {
            assert!(it.kubernetes.starts_with("1.") && it.date.starts_with("20"), "{it:?}");
            assert!(it.calculator > 0 && it.seed > 0, "{it:?}");
            assert_eq!(it.histories > 0, it.syncs > 0, "{it:?}");
        }
    }
}
