//! Passes of the operator over clusters with pods in all states, against `reconcilePods`.

use std::collections::BTreeMap;

use serde_json::Value;
use tidetable_core::ray::operator::{
    Cause, Group, NewPod, Observation, Owner, Pod, PodPhase, Spec, State, Step, Suspension,
    has_ended, reconcile,
};
use tidetable_core::ray::{GroupSeen, PodId};
use tidetable_core::time::Instant;

use crate::cases::{cases, flag, list, name, report, text};

#[test]
fn every_pass_deletes_and_makes_upstreams_pods() {
    let cases = cases("pods.jsonl", 300);
    let (mut differences, mut passes, mut by_chance) = (Vec::new(), 0, 0);
    for (index, case) in cases.iter().enumerate() {
        let mut history = History::new(case);
        for (number, pass) in list(&case["passes"]).iter().enumerate() {
            passes += 1;
            match history.compare(pass) {
                Answer::Same => {}
                // What is remembered is another thing from here on.
                Answer::ByChance => {
                    by_chance += 1;
                    break;
                }
                Answer::Differs(why) => {
                    differences.push(format!("case {index} pass {number}: {why}\n{pass}"));
                    break;
                }
            }
        }
    }
    report("operator", &differences, passes);
    assert!(by_chance * 10 < passes, "{by_chance} of {passes} passes were left to chance");
}

enum Answer {
    Same,
    ByChance,
    Differs(String),
}

struct History<'a> {
    case: &'a Value,
    spec: Spec,
    state: State,
    /// Numbers of replicas by name.
    replicas: BTreeMap<String, u32>,
}

impl<'a> History<'a> {
    fn new(case: &'a Value) -> Self {
        let spec = Spec {
            autoscaling: flag(&case["autoscaling"]),
            random_delete: text(&case["random_delete"]).eq_ignore_ascii_case("true"),
            suspend: flag(&case["suspend"]),
            head_once: flag(&case["no_restart"]),
        };
        Self { case, spec, state: State::default(), replicas: BTreeMap::new() }
    }

    fn compare(&mut self, pass: &Value) -> Answer {
        let seen: Vec<GroupSeen> = list(&pass["groups"]).iter().map(group).collect();
        let groups: Vec<Group<'_>> = seen
            .iter()
            .zip(list(&pass["groups"]))
            .map(|(seen, it)| Group { seen, suspend: flag(&it["suspend"]) })
            .collect();
        let pods: Vec<Pod> = list(&pass["pods"]).iter().map(|it| self.pod(it, &seen)).collect();
        let seen = Observation {
            groups: &groups,
            pods: &pods,
            suspension: match text(&self.case["condition"]) {
                "RayClusterSuspending" => Suspension::Suspending,
                "RayClusterSuspended" => Suspension::Suspended,
                _ => Suspension::None,
            },
            provisioned: flag(&self.case["provisioned"]),
            spec_changed: text(&self.case["recreate"]) == "changed",
        };
        let now = Instant::ZERO;
        let step = reconcile(&self.spec, std::mem::take(&mut self.state), &seen, now);
        let answer = compare(&step, pass, &seen);
        self.state = step.state;
        for it in list(&pass["made"]) {
            self.state.expect_made(id(text(&it["name"])), new_pod(it, &seen).owner, now);
        }
        answer
    }

    fn pod(&mut self, it: &Value, groups: &[GroupSeen]) -> Pod {
        let own = groups.iter().position(|group| &*group.name == text(&it["group"]));
        let owner = match own {
            _ if flag(&it["head"]) => Owner::Head,
            Some(group) => Owner::Group(group),
            None => Owner::Nobody,
        };
        let next = self.replicas.len() as u32;
        let replica = Some(text(&it["replica"])).filter(|it| !it.is_empty());
        let phase = match text(&it["phase"]) {
            "Pending" => PodPhase::Pending,
            "Running" => PodPhase::Running,
            "Succeeded" => PodPhase::Succeeded,
            "Failed" => PodPhase::Failed,
            // A pod that was just made has no status yet.
            "Unknown" | "" => PodPhase::Unknown,
            other => panic!("{other}"),
        };
        let restarts = text(&it["restart"]) != "Never";
        Pod {
            id: id(it["name"].as_str().unwrap()),
            owner,
            replica: replica.map(|it| *self.replicas.entry(it.to_owned()).or_insert(next)),
            index: text(&it["index"]).parse().ok(),
            ended: has_ended(phase, restarts, flag(&it["terminated"])),
            deleting: flag(&it["deleting"]),
        }
    }
}

/// `p007`; a name that nobody has is the last number.
fn id(name: &str) -> PodId {
    PodId(name.strip_prefix('p').and_then(|it| it.parse().ok()).unwrap_or(u32::MAX))
}

fn ids(value: &Value) -> Vec<PodId> {
    list(value).iter().map(|it| id(text(it))).collect()
}

fn group(it: &Value) -> GroupSeen {
    GroupSeen {
        name: name(&it["name"]),
        replicas: it["replicas"].as_i64(),
        min_replicas: it["min"].as_i64().unwrap_or(0),
        max_replicas: it["max"].as_i64(),
        num_of_hosts: it["hosts"].as_i64().unwrap(),
        workers_to_delete: ids(&it["delete"]),
    }
}

fn compare(step: &Step, pass: &Value, seen: &Observation<'_>) -> Answer {
    let made: Vec<NewPod> = list(&pass["made"]).iter().map(|it| new_pod(it, seen)).collect();
    if step.decision.create != made {
        return Answer::Differs(format!("makes {:?}", step.decision.create));
    }
    if let Err(why) = compare_error(step, text(&pass["error"])) {
        return Answer::Differs(why);
    }
    let mut ours = step.decision.delete.clone();
    ours.sort();
    let theirs = ids(&pass["deleted"]);
    if ours == theirs {
        return Answer::Same;
    }
    if is_chance(step, &ours, &theirs, seen) {
        return Answer::ByChance;
    }
    Answer::Differs(format!("deletes {ours:?}; {:?}", step.trace))
}

fn new_pod(it: &Value, seen: &Observation<'_>) -> NewPod {
    let number = |value: &Value| text(value).parse().unwrap_or(0);
    let own = seen.groups.iter().position(|group| &*group.seen.name == text(&it["group"]));
    let owner = if flag(&it["head"]) { Owner::Head } else { Owner::Group(own.unwrap()) };
    NewPod { owner, index: number(&it["index"]), host: number(&it["host"]) }
}

/// The error that ends a pass, word for word where it has no names in it.
fn compare_error(step: &Step, error: &str) -> Result<(), String> {
    if step.decision.again == error.is_empty() {
        return Err(format!("again: {}", step.decision.again));
    }
    if error.is_empty() {
        return Ok(());
    }
    let expected = match *step.trace.causes.last().unwrap() {
        Cause::PodsEnded { pods, .. } => format!("delete {pods} unhealthy worker Pods"),
        Cause::PodsNamed { pods, .. } => {
            format!("deleted {pods} worker Pods based on ScaleStrategy, requeueing")
        }
        Cause::ReplicaIncomplete { .. } => "cleaned up incomplete replica group ".to_owned(),
        Cause::SeveralHeads { count } => format!("{count} head pods found "),
        Cause::HeadEnded => "The ".to_owned(),
        other => return Err(format!("{other:?} is no error")),
    };
    if error.starts_with(&expected) { Ok(()) } else { Err(expected) }
}

/// Whether the two differ only in which replica of several hosts a map gave first: an incomplete
/// one, or a surplus one.
fn is_chance(step: &Step, ours: &[PodId], theirs: &[PodId], seen: &Observation<'_>) -> bool {
    let causes = &step.trace.causes;
    let any = |is: &dyn Fn(&Cause) -> bool| causes.iter().any(is);
    let has_incomplete = any(&|it| matches!(it, Cause::ReplicaIncomplete { .. }));
    let may_go = |id: &PodId| {
        let pod = seen.pods.iter().find(|it| it.id == *id).unwrap();
        let Owner::Group(own) = pod.owner else { return false };
        let is_own = |it: &&Pod| it.owner == pod.owner && it.replica == pod.replica;
        let replica: Vec<PodId> = seen.pods.iter().filter(is_own).map(|it| it.id).collect();
        let hosts = seen.groups[own].seen.num_of_hosts;
        let incomplete =
            any(&|it| matches!(it, Cause::ReplicaIncomplete { group, .. } if *group == own));
        let surplus =
            any(&|it| matches!(it, Cause::Surplus { group, kept: false, .. } if *group == own));
        hosts > 1
            && replica.iter().all(|it| theirs.contains(it))
            && (surplus || (incomplete && (replica.len() as i64) < hosts))
    };
    (has_incomplete || ours.len() == theirs.len())
        && theirs.iter().filter(|it| !ours.contains(it)).all(may_go)
}
