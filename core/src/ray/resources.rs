//! Amounts by resource name, and labels.
//!
//! Both keep the order in which they were written. Ray sums in that order, so it is part of the
//! score's last bit; nothing else depends on it.

use std::sync::Arc;

/// A name that many values share: a resource, a node type, a label.
pub type Name = Arc<str>;

/// The resources of one node or one request, by Ray's names: `CPU`, `GPU`, `memory` in bytes, any
/// other. Every amount is finite and not negative.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources(Vec<(Name, f64)>);

impl Resources {
    /// The amount of `name`, if it is named at all.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(key, _)| &**key == name).map(|(_, amount)| *amount)
    }

    /// Sets the amount of `name`, at the end if it is new. An amount that is negative or not finite
    /// counts as zero: Ray refuses it long before it reaches the autoscaler.
    pub fn set(&mut self, name: &Name, amount: f64) {
        let amount = if amount.is_finite() && amount > 0.0 { amount } else { 0.0 };
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = amount,
            None => self.0.push((Arc::clone(name), amount)),
        }
    }

    /// Takes `amount` of `name` away; names that are missing stay missing.
    pub(crate) fn subtract(&mut self, name: &str, amount: f64) {
        if let Some((_, left)) = self.0.iter_mut().find(|(key, _)| &**key == name) {
            *left -= amount;
        }
    }

    /// Gives the names for which `amount` knows one another amount.
    pub(crate) fn renew(&mut self, amount: impl Fn(&str) -> Option<f64>) {
        for (name, old) in &mut self.0 {
            *old = amount(name).unwrap_or(*old);
        }
    }

    /// Name and amount, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, f64)> {
        self.0.iter().map(|(name, amount)| (name, *amount))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no name is there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both hold the same amounts, in whatever order.
    pub(crate) fn same_amounts(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.0.iter().all(|(name, amount)| other.get(name) == Some(*amount))
    }
}

impl Resources {
    /// Whether both hold the same amounts in the same order, where the names `node:<ip>`, of which
    /// each node has its own, count as one unless `nodes_are_named`.
    pub(crate) fn same_on_any_node(&self, other: &Self, nodes_are_named: bool) -> bool {
        let same_name = |one: &Name, other: &Name| {
            let of_node = |name: &Name| !nodes_are_named && name.starts_with("node:");
            one == other || (of_node(one) && of_node(other))
        };
        self.len() == other.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| a.1 == b.1 && same_name(&a.0, &b.0))
    }

    /// Gives amounts that were worked out for such a node the names of this one.
    pub(crate) fn name_as_on(&mut self, node: &Self) {
        for ((name, _), (own, _)) in self.0.iter_mut().zip(&node.0) {
            if name != own {
                name.clone_from(own);
            }
        }
    }
}

impl<N: AsRef<str>> FromIterator<(N, f64)> for Resources {
    fn from_iter<I: IntoIterator<Item = (N, f64)>>(amounts: I) -> Self {
        let mut resources = Self::default();
        for (name, amount) in amounts {
            resources.set(&Arc::from(name.as_ref()), amount);
        }
        resources
    }
}

impl<N: AsRef<str>, const COUNT: usize> From<[(N, f64); COUNT]> for Resources {
    fn from(amounts: [(N, f64); COUNT]) -> Self {
        amounts.into_iter().collect()
    }
}

/// Labels of a node, each key once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<(Name, Name)>);

impl Labels {
    /// No labels.
    pub const NONE: &'static Self = &Self(Vec::new());

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Name> {
        self.0.iter().find(|(name, _)| &**name == key).map(|(_, value)| value)
    }

    /// Sets `key`, at the end if it is new.
    pub fn set(&mut self, key: &Name, value: &Name) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = Arc::clone(value),
            None => self.0.push((Arc::clone(key), Arc::clone(value))),
        }
    }

    /// Key and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Name)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both hold the same labels, in whatever order.
    pub(crate) fn same_labels(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(labels: I) -> Self {
        let mut all = Self::default();
        for (key, value) in labels {
            all.set(&Arc::from(key.as_ref()), &Arc::from(value.as_ref()));
        }
        all
    }
}
