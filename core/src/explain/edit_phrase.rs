//! What someone edits of a RayCluster.

use super::phrase::Phrase;
use super::{en, ko};
use crate::report::Message;
use crate::sim::EditedTo;
use crate::time::Duration;

/// One edit of a RayCluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EditPhrase<'a> {
    /// Its name.
    pub(crate) cluster: &'a str,
    /// What changed; a group's name, or none for the cluster itself.
    pub(crate) fields: &'a [(Option<&'a str>, EditedTo)],
    /// After how long the same is done again.
    pub(crate) every: Option<Duration>,
    /// Pods that the autoscaler had asked for and that are not made any more.
    pub(crate) undone: i64,
    /// How long the autoscaler goes on waiting for these.
    pub(crate) waits: Option<Duration>,
}

impl Phrase for EditPhrase<'_> {
    fn en(&self) -> Message {
        en::edit(self)
    }

    fn ko(&self) -> Message {
        ko::edit(self)
    }
}
