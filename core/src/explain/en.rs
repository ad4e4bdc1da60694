//! English.

use super::number::{grouped, milli, number};
use super::phrase::{KeptReason, Move, Phrase, StopReason, What};
use crate::hpa::{Direction, Limit, Pass};
use crate::report::Message;

fn message() -> Message {
    Message::new()
}

fn plural(count: f64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1.0 { one } else { many })
}

/// The sentence.
#[allow(clippy::too_many_lines, reason = "one line for each thing to say")]
pub(super) fn say(phrase: &Phrase<'_>) -> Message {
    match phrase {
        Phrase::Scale => message().text("Scale"),
        Phrase::Bounds => message().text("Bounds"),
        Phrase::Metric(name) => message().text(format!("Metric: {name}")),
        Phrase::Proposal => message().text("Proposal"),
        Phrase::FilledIn => message().text("Pods without a usable sample"),
        Phrase::SeveralMetrics => message().text("Several metrics"),
        Phrase::Stabilization => message().text("Stabilization"),
        Phrase::Policies => message().text("Scaling policies"),
        Phrase::Limits => message().text("Limits"),
        Phrase::MetricsFailed => message().text("Metrics failed"),
        Phrase::Written => message().text("Written"),

        Phrase::ScaleUnavailable(error) => {
            message().text("The target's scale can't be read, so nothing else is looked at: ").code(error)
        }
        Phrase::ScalingDisabled { min } => message()
            .text("There are no replicas, and the HPA did not scale to zero itself: it keeps out until someone scales up. minReplicas is ")
            .value(min)
            .text("."),
        Phrase::AboveMax { current, max } => message()
            .value(current)
            .text(" replicas are more than maxReplicas ")
            .value(max)
            .text(": straight to it, metrics are not read."),
        Phrase::BelowMin { current, min } => message()
            .value(current)
            .text(" replicas are fewer than minReplicas ")
            .value(min)
            .text(": straight to it, metrics are not read."),
        Phrase::SelectorUnusable => {
            message().text("The pods can't be told by the selector alone, so no metric is read.")
        }
        Phrase::PodsCounted { ready, unready, missing, ignored } => {
            let mut text = format!("{} counted", plural(*ready as f64, "pod is", "pods are"));
            for (count, what) in [
                (*unready, "not ready"),
                (*missing, "without a sample"),
                (*ignored, "failed or being deleted"),
            ] {
                if count > 0 {
                    text.push_str(&format!(", {count} {what}"));
                }
            }
            message().text(text).text(". ")
        }
        Phrase::UsageOfRequests { usage, requests, pods, pass } => {
            let who = match pass {
                Pass::Measured => plural(*pods as f64, "pod uses ", "pods use "),
                Pass::FilledIn => format!("With these, {}", plural(*pods as f64, "pod uses ", "pods use ")),
            };
            message().text(who).value(milli(*usage)).text(" of ").value(milli(*requests)).text(" requested.")
        }
        Phrase::AverageUsage { average, target, pods } => message()
            .text(format!("{} ", plural(*pods as f64, "pod averages", "pods average")))
            .value(average)
            .text(" against ")
            .value(target)
            .text("."),
        Phrase::PodsFilledIn { missing, unready, up } => {
            let mut text = String::new();
            if *missing > 0 {
                let as_what = if *up { "0" } else { "fully used" };
                text.push_str(&format!("{} without a sample: counted as {as_what}. ", plural(*missing as f64, "pod", "pods")));
            }
            if *unready > 0 {
                text.push_str(&format!("{} not ready: counted as 0.", plural(*unready as f64, "pod", "pods")));
            }
            if text.is_empty() {
                text.push_str("The ratio is exactly 1: nothing is filled in.");
            }
            message().text(text)
        }
        Phrase::WithinTolerance { ratio, low, high } => message()
            .text("Ratio ")
            .value(number(*ratio))
            .text(format!(" is within the tolerance {} – {}: the count stays.", number(*low), number(*high))),
        Phrase::OutsideTolerance { ratio, low, high } => message()
            .text("Ratio ")
            .value(number(*ratio))
            .text(format!(" is outside the tolerance {} – {}.", number(*low), number(*high))),
        Phrase::Flipped { ratio, filled } => message()
            .text("Ratio ")
            .value(number(*ratio))
            .text(" turns into ")
            .value(number(*filled))
            .text(" once these pods count, on the other side of 1: the count stays."),
        Phrase::WrongDirection { refused, current } => message()
            .text("That gives ")
            .value(refused)
            .text(", on the wrong side of ")
            .value(current)
            .text(": the count stays."),
        Phrase::FromZero => message().text("From zero there is no tolerance and no pod to count."),
        Phrase::PerReplica => message().text("How many targets fit into the value."),
        Phrase::MetricFailed(error) => message().text("No answer: ").code(error),
        Phrase::AllFailed { failed, metrics, proposal, current } => {
            let message = message().text(format!("{failed} of {} failed", plural(f64::from(*metrics as u32), "metric", "metrics")));
            match proposal {
                Some(proposal) => message
                    .text(" and the others want ")
                    .value(proposal)
                    .text(", fewer than ")
                    .value(current)
                    .text(": nothing is done."),
                None => message.text(": nothing is done."),
            }
        }
        Phrase::LargestWins { name } => message().text("The largest proposal wins: ").code(name).text("."),
        Phrase::Stabilized { direction, window, held_by, recommendation } => message()
            .text(match direction {
                Direction::Down => "The highest recommendation of the last ",
                Direction::Up => "The lowest recommendation of the last ",
            })
            .text(window.to_string())
            .text(" was ")
            .value(recommendation)
            .text(", at ")
            .strong(held_by)
            .text("; it leaves the window at ")
            .strong(*held_by + *window)
            .text("."),
        Phrase::NotStabilized => message().text("No earlier recommendation holds it."),
        Phrase::Limited { limit, to } => limited(limit, *to),
        Phrase::NotLimited { min, max } => message()
            .text("Between minReplicas ")
            .value(min)
            .text(" and maxReplicas ")
            .value(max)
            .text(", and not faster than allowed."),
        Phrase::RaisedToMin { to } => message().text("Waking from zero, at least minReplicas ").value(to).text("."),
        Phrase::UpdateFailed => message().text("The new count could not be written."),

        Phrase::Wants { wanted, binding } => match binding {
            Some(binding) => message().text(format!("wants {wanted}, held by ")).code(binding),
            None => message().text(format!("wants {wanted}")),
        },

        Phrase::RayDemand => message().text("Demand"),
        Phrase::RayPlan => message().text("Plan"),
        Phrase::RayLaunch => message().text("Launch"),
        Phrase::RayIdle => message().text("Idle nodes"),
        Phrase::RayStop => message().text("Stop"),
        Phrase::RayStuckTitle => message().text("Gave up"),
        Phrase::RayNothingWaits => message().text("Nothing waits for resources."),
        Phrase::RayWaits { count, shape } => {
            message().value(count).text(if *count == 1 { " waits for " } else { " wait for " }).code(shape).text(".")
        }
        Phrase::RayGangsWait { count } => message().text(format!("{} for all of its bundles at once.", plural(*count as f64, "placement group waits", "placement groups wait"))),
        Phrase::RayConstraint => message().text("request_resources holds the cluster at a size."),
        Phrase::RayFitsExisting { placed, nodes } => message().text(format!(
            "{} on {} already there or on the way.",
            plural(f64::from(*placed), "fits", "fit"),
            plural(f64::from(*nodes), "node", "nodes")
        )),
        Phrase::RayNewNodes { nodes, group, placed, runner_up } => {
            let message = message()
                .value(nodes)
                .text(if *nodes == 1 { " node of " } else { " nodes of " })
                .code(group)
                .text(format!(" for {} of them", number(f64::from(*placed))));
            match runner_up {
                Some(other) => message.text("; it fits better than ").code(other).text("."),
                None => message.text("."),
            }
        }
        Phrase::RayMinNodes { group, nodes, min } => message().code(group).text(" has ").value(nodes).text(" of at least ").value(min).text(" nodes."),
        Phrase::RayTooMany { nodes, max } => message().value(nodes).text(" nodes are more than ").value(max).text("."),
        Phrase::RayTypeFull { group, max } => message().text("More would be needed, but ").code(group).text(" has all its ").value(max).text(" nodes."),
        Phrase::RayClusterFull { max } => message().text("More would be needed, but the cluster has all its ").value(max).text(" nodes."),
        Phrase::RayInfeasible { count, shortage } => {
            let message = message().value(count).text(if *count == 1 { " fits nowhere" } else { " fit nowhere" });
            match shortage {
                Some((group, resource, needed, has)) if !resource.is_empty() => message
                    .text(": the closest group, ")
                    .code(group)
                    .text(", has ")
                    .value(number(*has))
                    .text(" ")
                    .code(resource)
                    .text(" of ")
                    .value(number(*needed))
                    .text("."),
                Some((group, ..)) => message.text(": ").code(group).text(" is full or its labels do not match."),
                None => message.text("."),
            }
        }
        Phrase::RayDropped { unplaced } => message().text("All or nothing: ").value(unplaced).text(if *unplaced == 1 { " bundle has" } else { " bundles have" }).text(" no room, so nothing is started for them."),
        Phrase::RayLaunchRate { group, queued, launched, in_flight, limit } => message()
            .value(launched)
            .text(" of ")
            .value(queued)
            .text(" queued nodes of ")
            .code(group)
            .text(format!(" are asked for now; {in_flight} are on the way, of {limit} at most.")),
        Phrase::RayPendingDeletes { group } => message().text("Pods of ").code(group).text(" that were to be deleted are still there: no group is changed."),
        Phrase::RayCapped { group, wanted, max } => message().code(group).text(" would need ").value(wanted).text(" replicas, capped by maxReplicas at ").value(max).text("."),
        Phrase::RayPartOfReplica { group, hosts, num_of_hosts } => message().value(hosts).text(" pods of ").code(group).text(" are less than a whole replica of ").value(num_of_hosts).text(": rounded down."),
        Phrase::RayPatched { group, replicas } => message().text("replicas of ").code(group).text(" set to ").value(replicas).text("."),
        Phrase::RayNamed { group, pods } => message().text(plural(*pods as f64, "pod of ", "pods of ")).code(group).text(" named in workersToDelete."),
        Phrase::RayNotPatchable { group } => message().code(group).text(" has no replicas to change in the RayCluster."),
        Phrase::RayIdleKept { pods, idle, timeout } => message()
            .text(plural(*pods as f64, "node is idle", "nodes are idle"))
            .text(" for ")
            .value(idle)
            .text(", not longer than ")
            .value(number(*timeout))
            .text(" s."),
        Phrase::RayKept { pods, by } => message().text(plural(*pods as f64, "idle node stays", "idle nodes stay")).text(match by {
            KeptReason::Demands => ": waiting work is planned on it.",
            KeptReason::Constraint => ": request_resources counts on it.",
            KeptReason::MinNodes => ": the group's minimum.",
        }),
        Phrase::RayStopped { pods, group, why } => {
            let message = message().text(plural(*pods as f64, "node of ", "nodes of ")).code(group);
            match why {
                StopReason::Idle { idle, timeout_s } => message.text(" idle for ").value(idle).text(", longer than ").value(number(*timeout_s)).text(" s: drained."),
                StopReason::MaxOfType { max } => message.text(" above its maximum of ").value(max).text(": drained."),
                StopReason::Max { max } => message.text(" above the cluster's maximum of ").value(max).text(": drained."),
            }
        }
        Phrase::RayAllocated { pods } => message().text(plural(*pods as f64, "pod has come up.", "pods have come up.")),
        Phrase::RayLaunchFailed { group } => message().text("A node of ").code(group).text(" could not be asked for; it is planned again."),
        Phrase::RayTimedOut { group, status, timeout_s } => message().text("A node of ").code(group).text(" was ").code(status).text(" for more than ").value(timeout_s).text(" s."),
        Phrase::RayUnavailable { group } => message().text("A node of ").code(group).text(" could not be had lately: others go first where they fit as well."),
        Phrase::RayDrainRefused => message().text("A node refused to drain: it works again."),
        Phrase::RayHeadNotRunning => message().text("Ray on the head does not run yet: the plan is thrown away."),
        Phrase::RayStuck(error) => message().text("The look ends here, and the next one will too while this lasts: ").code(error),
        Phrase::RayConfig(error) => message().text("The autoscaler can't read its RayCluster and skips every look: ").code(error),

        Phrase::VerdictStays { replicas, what } => message().text("Stays at ").strong(count(*replicas, *what)).text("."),
        Phrase::VerdictNoScale => message().text("Never acts: its target has ").strong("no scale").text(" to read or write."),
        Phrase::VerdictFailed { reason } => message().text("Stands still: ").strong(reason).text("."),
        Phrase::VerdictMoves { moves, what } => verdict_moves(moves, *what),
        Phrase::VerdictHeld { binding, wanted, lasted } => message()
            .text(" Held by ")
            .strong(binding)
            .text(format!(": it would use {} for ", number(*wanted)))
            .text(lasted.to_string())
            .text("."),
        Phrase::VerdictUnserved { requests } => message().text(" ").strong(grouped(*requests)).text(" requests find no room."),
        Phrase::VerdictUnplaced { count, resource } => {
            let message = message().text(" ").strong(number(*count)).text(" never run");
            match resource {
                Some(resource) => message.text(": too little ").strong(resource).text("."),
                None => message.text("."),
            }
        }
        Phrase::VerdictWorkStarts { at } => message().text(" The first of the work that waited starts at ").text(at.to_string()).text("."),

        Phrase::ChartLoad(name) => message().text(format!("Load of {name}")),
        Phrase::ChartMetric(name) => message().text(format!("{name} utilization")),
        Phrase::ChartReplicas(name) => message().text(format!("Replicas of {name}")),
        Phrase::ChartWorkers(name) => message().text(format!("Ray workers of {name}")),
        Phrase::ChartNodes => message().text("Nodes"),
        Phrase::SeriesLoad => message().text("requests/s"),
        Phrase::SeriesServed => message().text("served"),
        Phrase::SeriesUnserved => message().text("unserved"),
        Phrase::SeriesMetric(name) => message().text(format!("{name} as the HPA sees it")),
        Phrase::SeriesTarget => message().text("target"),
        Phrase::SeriesBand { upper } => message().text(if *upper { "tolerance, upper edge" } else { "tolerance, lower edge" }),
        Phrase::SeriesDesired => message().text("desired"),
        Phrase::SeriesReady => message().text("ready"),
        Phrase::SeriesMax { field, value } => message().text(format!("{field} {}", number(*value))),
        Phrase::SeriesWithoutCap => message().text("without the cap"),
        Phrase::SeriesRequested(group) => message().text(format!("{group} requested")),
        Phrase::SeriesRunning(group) => message().text(format!("{group} running")),
        Phrase::SeriesPending => message().text("waiting work"),
        Phrase::SeriesNodesUsed => message().text("nodes in use"),
        Phrase::SeriesUnschedulable => message().text("pods without a node"),
        Phrase::NoteUnserved { requests } if *requests > 0.0 => message().text("served · ").strong(format!("unserved {}", grouped(*requests))),
        Phrase::NoteUnserved { .. } => message().text("all served"),
        Phrase::NoteTarget { target, tolerance } => message().text(format!("as the HPA sees it, target {target} % ± {} %", number(tolerance * 100.0))),
        Phrase::NoteReplicas => message().text("desired · ready"),
        Phrase::NoteWorkers => message().text("requested · running · waiting work"),
        Phrase::NoteNodes { count } => message().text(format!("in use, of {count}")),

        Phrase::Binds { from, to } => message().text("binds from ").strong(from).text(" to ").strong(to),
        Phrase::TryValue { value } => message().text(format!("try {value}")),
        Phrase::Alternative { field, value, result } => message().text(format!("{field} {value} → ")).strong(number(*result)),
        Phrase::Unschedulable { pod, resource, nodes } => {
            let message = message().text("No node has room for ").code(pod);
            if resource.is_empty() {
                message.text(": there are none.")
            } else {
                message.text(format!(": {nodes} have too little ")).code(resource).text(".")
            }
        }
        Phrase::PodLimit { most } => message().text(format!("More than {} pods at once are not simulated.", grouped(*most as f64))),
        Phrase::StepLimit => message().text("The run ends here: more happens than can be simulated. Try a shorter duration or longer intervals."),
        Phrase::WorkLimit { cluster, most } => message().text("Only the first ").text(grouped(*most as f64)).text(" tasks, actors and groups for ").code(cluster).text(" are simulated."),
        Phrase::DecisionTitle { name, number, at } => message().text(format!("{name} · decision {number} at {at}")),
        Phrase::RayAutoscaler { cluster } => message().text(format!("Ray autoscaler {cluster}")),
        Phrase::Expected { what, bound, got, met } => message()
            .text(format!("{what} {bound}: "))
            .strong(number(*got))
            .text(if *met { "" } else { ", not met" }),
    }
}

fn count(value: f64, what: What) -> String {
    match what {
        What::Replicas => plural(value, "replica", "replicas"),
        What::Workers => plural(value, "worker", "workers"),
    }
}

fn limited(limit: &Limit, to: i32) -> Message {
    match limit {
        Limit::MaxReplicas => message().text("maxReplicas: ").value(to).text("."),
        Limit::MinReplicas => message().text("minReplicas: ").value(to).text("."),
        Limit::ScaleUpFactor { current_replicas } => message()
            .text("Without behavior, at most max(2 × ")
            .value(current_replicas)
            .text(", 4) in one look."),
        Limit::ScaleUpPolicy(policy) | Limit::ScaleDownPolicy(policy) => {
            let message = message().text(match limit {
                Limit::ScaleUpPolicy(_) => "behavior.scaleUp",
                _ => "behavior.scaleDown",
            });
            let Some(index) = policy.policy else {
                return message.text(" is Disabled: no change this way.");
            };
            message
                .text(format!(" policy {} counts from ", index + 1))
                .value(policy.period_start_replicas)
                .text(format!(
                    " at the start of its period ({} added, {} removed since) and allows ",
                    policy.added, policy.removed
                ))
                .value(policy.allowed)
                .text(".")
        }
    }
}

fn verdict_moves(moves: &[Move], what: What) -> Message {
    let mut message = message();
    for (index, step) in moves.iter().enumerate() {
        message = match index {
            0 => message.text(format!("{} → {} by ", number(step.from), count(step.to, what))),
            _ => message.text(format!(", {} at ", number(step.to))),
        };
        message = message.strong(step.at);
    }
    message.text(".")
}
