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

/// Questions of one kind that Ray answered as we do, with no difference. Numbers are written as
/// people read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedRay {
    /// The release, such as `2.60.0`.
    pub ray: &'static str,
    /// The kind, such as `scheduler`.
    pub kind: &'static str,
    /// Questions.
    pub cases: &'static str,
    /// Decisions in them, all together.
    pub decisions: &'static str,
    /// Seed of the random cases.
    pub seed: &'static str,
    /// When, as `2026-11-24`.
    pub date: &'static str,
}

/// Lines of the record; those of Ray start with its name.
fn lines(of_ray: bool) -> impl Iterator<Item = &'static str> {
    let lines = include_str!("checked.txt").lines().filter(|it| !it.starts_with('#'));
    lines.filter(move |it| it.starts_with("ray ") == of_ray)
}

/// The record of Ray; `cargo xtask oracle ray --record` writes it.
pub fn checked_ray() -> impl Iterator<Item = CheckedRay> {
    lines(true).map(|line| {
        let mut words = line.split(' ').skip(1);
        let mut word = || words.next().unwrap_or("");
        CheckedRay {
            ray: word(),
            kind: word(),
            cases: word(),
            decisions: word(),
            seed: word(),
            date: word(),
        }
    })
}

/// The record of Kubernetes, newest release first; `cargo xtask oracle hpa --record` writes it.
pub fn checked() -> impl Iterator<Item = Checked> {
    lines(false).map(|line| {
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
        for it in checked_ray() {
            assert!(it.ray.starts_with("2.") && it.date.starts_with("20"), "{it:?}");
            assert!(number(it.cases) > 0 && number(it.decisions) > 0, "{it:?}");
            assert!(number(it.seed) > 0 && !it.kind.is_empty(), "{it:?}");
        }
    }
}
