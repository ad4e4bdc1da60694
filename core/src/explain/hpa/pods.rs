//! As what each pod counted: the standings of a look from close by, put into groups.

use super::{Context, names};
use crate::explain::number::percent;
use crate::explain::phrase::{Phrase, PodPhrase};
use crate::hpa::{Cause, Detail, MetricSpec, ResourceTarget, Standing};
use crate::report::{PodCount, PodGroup};
use crate::sim::HpaLook;

/// The pods that counted as the same for the same reason, those that count first.
pub(super) fn groups(context: &Context<'_>, look: &HpaLook, metric: usize) -> Vec<PodGroup> {
    let Some(detail) = &look.detail else { return Vec::new() };
    let Some(standings) = detail.metrics.get(metric).map(|it| &it.standings) else {
        return Vec::new();
    };
    let filled = FilledIn::of(look, metric);
    let mut kinds = standings.clone();
    kinds.sort_unstable();
    kinds.dedup();
    let group = |standing: Standing| {
        let counted = filled.counts(standing);
        let label = match counted {
            PodCount::Counted => PodPhrase::Counted.text(context.language),
            PodCount::Ignored => PodPhrase::Ignored.text(context.language),
            PodCount::Zero => "0".to_owned(),
            PodCount::Full => full(context, metric),
        };
        let reason = PodPhrase::Why(standing, &context.spec.settings).text(context.language);
        PodGroup { counted, label, reason, pods: members(detail, standings, standing) }
    };
    kinds.into_iter().map(group).collect()
}

fn members(detail: &Detail, standings: &[Standing], standing: Standing) -> Vec<String> {
    let pods = detail.pods.iter().zip(standings);
    pods.filter(|(_, it)| **it == standing).map(|(name, _)| name.clone()).collect()
}

/// What a missing pod is given on the way down: the target, or all of its request if that is more.
fn full(context: &Context<'_>, metric: usize) -> String {
    match context.spec.metrics.get(metric) {
        Some(
            MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. },
        ) => match target {
            ResourceTarget::AverageUtilization(target) => {
                percent(target.max(&100), context.language)
            }
            ResourceTarget::AverageValue(_) => {
                names::target(context.spec, metric, context.language)
            }
        },
        _ => names::target(context.spec, metric, context.language),
    }
}

/// Which pods without a usable sample were counted all the same, and as what.
#[derive(Clone, Copy, Default)]
struct FilledIn {
    missing: Option<PodCount>,
    unready: Option<PodCount>,
}

impl FilledIn {
    fn of(look: &HpaLook, metric: usize) -> Self {
        let filled = look.trace.causes.iter().find_map(|it| match *it {
            Cause::PodsFilledIn { metric: own, ratio, missing, unready, .. } if own == metric => {
                Some((ratio, missing, unready))
            }
            _ => None,
        });
        let Some((ratio, missing, unready)) = filled else { return Self::default() };
        let as_busy = if ratio < 1.0 { PodCount::Full } else { PodCount::Zero };
        Self {
            missing: (missing > 0).then_some(as_busy),
            unready: (unready > 0).then_some(PodCount::Zero),
        }
    }

    fn counts(self, standing: Standing) -> PodCount {
        match standing {
            Standing::Counts => PodCount::Counted,
            Standing::Deleting | Standing::Failed | Standing::NotCounted => PodCount::Ignored,
            Standing::NoSample => self.missing.unwrap_or(PodCount::Ignored),
            Standing::Pending
            | Standing::NoCondition
            | Standing::NotReady
            | Standing::SampleOfStart
            | Standing::NeverReady => self.unready.unwrap_or(PodCount::Ignored),
        }
    }
}
