//! What an older release of Ray does otherwise than is predicted.

use super::phrase::Phrase;
use super::{en, ko};
use crate::ray::version::Difference;
use crate::report::Message;

/// A rule of the release that runs here, where 2.`minor` was chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RayVersionPhrase {
    pub(crate) minor: u32,
    pub(crate) difference: Difference,
}

impl Phrase for RayVersionPhrase {
    fn en(&self) -> Message {
        en::ray_version(*self)
    }

    fn ko(&self) -> Message {
        ko::ray_version(*self)
    }
}
