//! The scale that is read, the bounds that need no metric, and the count that is written.

use super::Writer;
use crate::explain::phrase::{HpaPhrase, Title};
use crate::hpa::Cause;
use crate::manifest::field::Field;

impl Writer<'_> {
    pub(super) fn bounds(&mut self, cause: &Cause) {
        let (context, ledger) = (self.context, &mut self.ledger);
        match *cause {
            Cause::ScaleUnavailable => {
                let error =
                    self.look.status.conditions.first().map_or("", |it| it.message.as_ref());
                let text = HpaPhrase::ScaleUnavailable(error);
                let span = context.span(&Field::ScaleTarget);
                ledger.say("scale", Title::Scale, &text).binds().at(span);
            }
            Cause::ScalingDisabled { min_replicas } => {
                let text = HpaPhrase::ScalingDisabled { min: min_replicas };
                let span = context.span(&Field::MinReplicas);
                ledger.say("bounds", Title::Bounds, &text).gives(0).binds().at(span);
            }
            Cause::AboveMax { current_replicas, max_replicas } => {
                let text = HpaPhrase::AboveMax { current: current_replicas, max: max_replicas };
                let span = context.span(&Field::MaxReplicas);
                ledger.say("bounds", Title::Bounds, &text).gives(max_replicas).binds().at(span);
            }
            Cause::BelowMin { current_replicas, min_replicas } => {
                let text = HpaPhrase::BelowMin { current: current_replicas, min: min_replicas };
                let span = context.span(&Field::MinReplicas);
                ledger.say("bounds", Title::Bounds, &text).gives(min_replicas).binds().at(span);
            }
            Cause::SelectorUnusable(problem) => {
                let text = HpaPhrase::SelectorUnusable(problem);
                let span = context.span(&Field::ScaleTarget);
                ledger.say("selector", Title::Scale, &text).binds().at(span);
            }
            Cause::RaisedToMin { to, .. } => {
                let text = HpaPhrase::RaisedToMin { to };
                let span = context.span(&Field::MinReplicas);
                ledger.say("bounds", Title::Limits, &text).gives(to).binds().at(span);
            }
            Cause::UpdateFailed { replicas } => {
                let text = HpaPhrase::UpdateFailed;
                ledger.say("written", Title::Written, &text).gives(replicas).binds();
            }
            _ => {}
        }
    }
}
