//! What was compared with upstream's own code, release by release.

/// Questions that one release of Kubernetes answered as we do, with no difference. Numbers are
/// written as people read them, `10,000,000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The release, such as `1.37.2`.
    pub kubernetes: &'static str,
    /// Single metrics that the replica calculator was asked about.
    pub calculator: &'static str,
    /// HPAs that the whole controller looked after.
    pub histories: &'static str,
    /// Syncs of those, all together.
    pub syncs: &'static str,
    /// Seed of the random cases.
    pub seed: &'static str,
    /// When, as `2026-11-24`.
    pub date: &'static str,
}

/// The record, newest release first; `cargo xtask oracle hpa --record` writes it.
pub fn checked() -> impl Iterator<Item = Checked> {
    include_str!("checked.txt").lines().filter(|it| !it.starts_with('#')).map(|line| {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or("");
        Checked {
            kubernetes: word(),
            calculator: word(),
            histories: word(),
            syncs: word(),
            seed: word(),
            date: word(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_record_is_whole() {
        let number = |text: &str| text.replace(',', "").parse::<u64>().expect("a number");
        for it in checked() {
            assert!(it.kubernetes.starts_with("1.") && it.date.starts_with("20"), "{it:?}");
            assert!(number(it.calculator) > 0 && number(it.seed) > 0, "{it:?}");
            assert_eq!(number(it.histories) > 0, number(it.syncs) > 0, "{it:?}");
        }
    }
}
