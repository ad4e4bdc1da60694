//! The next decisions of a text.

use std::rc::Rc;

use tidetable_core::report::{Explanation, NowHpa, RightNow};

use super::Shared;

/// A text and the next decision of each of its HPAs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Now {
    /// The state's revision when it was asked for.
    pub(crate) revision: u32,
    /// The text; the answer's spans are places in it.
    pub(crate) text: Rc<str>,
    /// What the HPAs would do.
    pub(crate) answer: Shared<RightNow>,
    /// Index of the HPA that the why column explains.
    pub(crate) chosen: usize,
    /// The explanation of each HPA.
    explanations: Vec<Shared<Explanation>>,
}

impl Now {
    /// The HPA that the why column explains.
    pub(crate) fn hpa(&self) -> Option<&NowHpa> {
        self.answer.hpas.get(self.chosen)
    }

    /// Why that HPA would answer so.
    pub(crate) fn explanation(&self) -> Option<Shared<Explanation>> {
        self.explanations.get(self.chosen).cloned()
    }

    /// The same HPA in a new answer, or its first one.
    pub(crate) fn renewed(
        previous: Option<&Self>,
        (revision, text): (u32, Rc<str>),
        answer: RightNow,
    ) -> Self {
        let id = previous.and_then(Self::hpa).map(|it| &it.id);
        let found = answer.hpas.iter().position(|it| Some(&it.id) == id);
        let explanations =
            answer.hpas.iter().map(|it| Shared::new(it.explanation.clone())).collect();
        Self {
            revision,
            text,
            answer: Shared::new(answer),
            chosen: found.unwrap_or(0),
            explanations,
        }
    }
}
