//! The next decisions of a text.

use std::rc::Rc;

use tidetable_core::report::{Explanation, RightNow, Tone};

use super::Shared;

/// A text and the next decision of each of its HPAs and Ray clusters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Now {
    /// The state's revision when it was asked for.
    pub(crate) revision: u32,
    /// The text; the answer's spans are places in it.
    pub(crate) text: Rc<str>,
    /// What they would do.
    pub(crate) answer: Shared<RightNow>,
    /// Which the why column explains: the HPAs are counted first, then the clusters.
    pub(crate) chosen: usize,
    /// The explanation of each, where there is one.
    explanations: Vec<Option<Shared<Explanation>>>,
}

impl Now {
    /// Whose decision the why column explains.
    pub(crate) fn tone(&self) -> Tone {
        if self.chosen < self.answer.hpas.len() { Tone::Hpa } else { Tone::Ray }
    }

    /// Why it would answer so.
    pub(crate) fn explanation(&self) -> Option<Shared<Explanation>> {
        self.explanations.get(self.chosen).cloned().flatten()
    }

    /// The same one in a new answer, or the first one that can be explained.
    pub(crate) fn renewed(
        previous: Option<&Self>,
        (revision, text): (u32, Rc<str>),
        answer: RightNow,
    ) -> Self {
        let id = previous.and_then(|it| ids(&it.answer).nth(it.chosen));
        let hpas = answer.hpas.iter().map(|it| Some(it.explanation.clone()));
        let clusters = answer.clusters.iter().map(|it| it.explanation.clone());
        let explanations: Vec<_> = hpas.chain(clusters).map(|it| it.map(Shared::new)).collect();
        let known =
            ids(&answer).zip(&explanations).position(|(it, why)| Some(it) == id && why.is_some());
        let found = known.or_else(|| explanations.iter().position(Option::is_some));
        Self {
            revision,
            text,
            answer: Shared::new(answer),
            chosen: found.unwrap_or(0),
            explanations,
        }
    }
}

/// The names of all that can be chosen, in that order.
fn ids(answer: &RightNow) -> impl Iterator<Item = &str> {
    let hpas = answer.hpas.iter().map(|it| it.id.as_str());
    hpas.chain(answer.clusters.iter().map(|it| it.id.as_str()))
}
