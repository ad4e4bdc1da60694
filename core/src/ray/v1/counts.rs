//! Nodes by type, in the order in which the types came up, as Python's dictionaries keep them.

/// How many nodes of each type.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(Vec<(usize, i64)>);

impl Counts {
    /// Nodes of type `node_type`.
    pub(super) fn get(&self, node_type: usize) -> i64 {
        self.0.iter().find(|(it, _)| *it == node_type).map_or(0, |(_, count)| *count)
    }

    /// `count` more.
    pub(super) fn add(&mut self, node_type: usize, count: i64) {
        match self.0.iter_mut().find(|(it, _)| *it == node_type) {
            Some((_, old)) => *old = old.saturating_add(count),
            None => self.0.push((node_type, count)),
        }
    }

    /// All of `other` on top.
    pub(super) fn add_all(&mut self, other: &Self) {
        for (node_type, count) in other.iter() {
            self.add(node_type, count);
        }
    }

    /// Nodes of all types.
    pub(super) fn total(&self) -> i64 {
        self.0.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// Type and number, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, i64)> {
        self.0.iter().copied()
    }
}
