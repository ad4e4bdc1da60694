//! The HPA controller: its flags, how long its calls take, edits and restarts.

use crate::hpa::{Rules, Timing};
use crate::order;
use crate::scenario::{self, EditEntry, HpaAction, Scenario};
use crate::sim::{Action, Controller, Edit};

/// What the Scenario says is edited of an HPA, by time.
pub(super) fn edits(namespace: &str, name: &str, scenario: &Scenario) -> Vec<Edit> {
    let own = |it: &EditEntry| match &it.edit {
        scenario::Edit::Hpa { action, name: hpa, namespace: own, min_replicas, max_replicas } => {
            let is_it = hpa.value == name && own.as_deref().is_none_or(|own| own == namespace);
            let (at, min_replicas, max_replicas) = (it.at, *min_replicas, *max_replicas);
            let action = match action {
                HpaAction::Edit => Action::Edit,
                HpaAction::Delete => Action::Delete,
                HpaAction::Create => Action::Create,
            };
            is_it.then_some(Edit { at, action, min_replicas, max_replicas })
        }
        scenario::Edit::Scale { .. }
        | scenario::Edit::Rollout { .. }
        | scenario::Edit::RayService { .. }
        | scenario::Edit::RayCluster { .. } => None,
    };
    let mut edits: Vec<Edit> = scenario.edits.iter().filter_map(own).collect();
    order::sort_by_key(&mut edits, |it| it.at);
    edits
}

/// The controller, as the Scenario assumes it.
pub(super) fn controller(scenario: &Scenario) -> Controller {
    let (flags, rules) = (&scenario.assumptions.hpa, rules(scenario));
    let mut restarts = scenario.restarts.clone();
    order::sort(&mut restarts);
    Controller {
        rules,
        timing: Timing {
            period: flags.sync_period,
            workers: usize::try_from(flags.concurrent_syncs).unwrap_or(1),
            locked_looks: u32::try_from(flags.locked_looks).unwrap_or(0),
            looks_at_once: rules.looks_at_once,
            edits_at_once: rules.generation,
            watch_lag: flags.watch_lag,
            skips_stale: rules.skips_stale,
        },
        resync_age: flags.resync_age,
        get_scale: flags.get_scale,
        get_metric: flags.get_metric,
        put_scale: flags.put_scale,
        put_status: flags.put_status,
        restarts,
    }
}

/// What the release does that the Scenario names.
pub(super) fn rules(scenario: &Scenario) -> Rules {
    let assumptions = &scenario.assumptions;
    Rules::of(assumptions.versions.kubernetes.minor, assumptions.feature_gates)
}
