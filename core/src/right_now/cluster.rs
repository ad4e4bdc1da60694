//! The next look of a Ray cluster's autoscaler, from what `ray status` printed and the RayCluster.
//!
//! The look is autoscaler v2's own step on the nodes and the work that are told. What the text leaves
//! out is taken for granted and said; it never guesses a manifest.

use std::rc::Rc;

use crate::assemble::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::now_phrase::NowPhrase;
use crate::explain::phrase::Phrase;
use crate::explain::ray::{Context, explain, shape, stuck_text};
use crate::explain::ray_now_phrase::{RayNowPhrase, WaitingKind};
use crate::manifest::{Document, Documents};
use crate::ray::config::{AutoscalingConfig, HEAD_GROUP};
use crate::ray::{
    GangRequest, GroupSeen, Labels, Name, NodeKind, Observation, Patch, PodId, PodSeen, RayNode,
    RayNodeId, RayNodeStatus, ResourceConstraint, ResourceDemand, ResourceRequest, Resources,
    State, Step, update,
};
use crate::ray_status::{self, Bundles, RayStatus};
use crate::report::{Language, NowCluster, NowNodes, NowWaiting};
use crate::sim::{Cluster, RayLook};
use crate::time::Instant;

/// Most nodes, and most bundles of placement groups, that are looked at.
const MOST: i64 = 2_000;
/// Most tasks of one kind.
const MOST_TASKS: i64 = 100_000;

/// Every status of the text, then the autoscaled clusters that have none.
pub(super) fn clusters(
    text: &str,
    documents: &Documents,
    assembly: &Assembly,
    language: Language,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<NowCluster> {
    let statuses = documents.printed.iter().flat_map(|it| ray_status::read(text, *it));
    let mut found = Vec::new();
    let mut told = vec![false; assembly.model.clusters.len()];
    for status in statuses {
        for span in &status.unreadable {
            let message = "Ray prints no such line here";
            diagnostics.push(Diagnostic::new("TT603", Severity::Warning, *span, message));
        }
        let own = cluster_of(&status, assembly).map(|index| {
            told[index] = true;
            let document = &documents.documents[assembly.clusters[index]];
            (&assembly.model.clusters[index], document)
        });
        found.push(now(&status, own, language));
    }
    for (index, cluster) in assembly.model.clusters.iter().enumerate() {
        if cluster.autoscaler.is_some() && !told[index] {
            let document = &documents.documents[assembly.clusters[index]];
            found.push(NowCluster {
                span: document.kind.span,
                verdict: RayNowPhrase::NeedsStatus.say(language),
                ..named(cluster, document)
            });
        }
    }
    found
}

/// A cluster of which only the manifest is known.
fn named(cluster: &Cluster, document: &Document) -> NowCluster {
    NowCluster {
        id: format!("cluster/{}/{}", cluster.namespace, cluster.name),
        name: format!("{} {}", document.kind.value, cluster.name),
        ..NowCluster::default()
    }
}

/// What is told of work that waits, in the order of the text.
fn waiting(status: &RayStatus, language: Language) -> Vec<NowWaiting> {
    let line = |kind, bundles: &[Bundles], times: bool, count, span| {
        let shapes = bundles.iter().map(|it| {
            let shape = shape(&resources(it));
            if times { format!("{shape} × {}", it.count) } else { shape }
        });
        let shape = shapes.collect::<Vec<_>>().join(", ");
        let what = RayNowPhrase::Waits { kind, shape }.text(language);
        NowWaiting { what, count, span }
    };
    let each = |kind: &WaitingKind, it: &ray_status::Demand| {
        line(kind.clone(), std::slice::from_ref(&it.bundles), false, it.bundles.count, it.span)
    };
    let asked = status.constraint.iter().map(|it| each(&WaitingKind::Requested, it));
    let tasks = status.demands.iter().map(|it| each(&WaitingKind::Tasks, it));
    let groups = status.groups.iter().map(|it| {
        let kind = WaitingKind::Groups { strategy: it.strategy.clone() };
        line(kind, &it.bundles, true, it.count, it.span)
    });
    asked.chain(tasks).chain(groups).collect()
}

/// The autoscaled cluster that has all the types; the only one there is, whatever its types.
fn cluster_of(status: &RayStatus, assembly: &Assembly) -> Option<usize> {
    let models = assembly.model.clusters.iter().enumerate();
    let scaled: Vec<_> = models.filter(|(_, it)| it.autoscaler.is_some() && !it.later).collect();
    let types = nodes(status);
    let has = |cluster: &Cluster, name: &str| {
        name == HEAD_GROUP || cluster.groups.iter().any(|it| it.name == name)
    };
    let fits = scaled.iter().find(|(_, it)| types.iter().all(|own| has(it, &own.node_type)));
    let only = scaled.first().filter(|_| scaled.len() == 1);
    fits.or(only).map(|(index, _)| *index)
}

/// What is told of nodes, by type, in the order of the text.
fn nodes(status: &RayStatus) -> Vec<NowNodes> {
    let mut found: Vec<NowNodes> = Vec::new();
    let mut add = |name: &str, count: i64, field: fn(&mut NowNodes) -> &mut i64| {
        let at = found.iter().position(|it| it.node_type == name).unwrap_or_else(|| {
            found.push(NowNodes { node_type: name.to_owned(), ..NowNodes::default() });
            found.len() - 1
        });
        let own = field(&mut found[at]);
        *own = own.saturating_add(count.max(0));
    };
    for (name, count) in &status.active {
        add(name, *count, |it| &mut it.active);
    }
    for (name, count) in &status.idle {
        add(name, *count, |it| &mut it.idle);
    }
    for (name, count) in &status.launching {
        add(name, *count, |it| &mut it.pending);
    }
    for it in &status.pending {
        add(&it.node_type, 1, |it| &mut it.pending);
    }
    for it in &status.failures {
        add(&it.node_type, 1, |it| &mut it.failed);
    }
    found
}

fn now(status: &RayStatus, own: Option<(&Cluster, &Document)>, language: Language) -> NowCluster {
    let mut answer = NowCluster {
        id: "cluster".to_owned(),
        span: status.span,
        nodes: nodes(status),
        waiting: waiting(status, language),
        assumptions: vec![RayNowPhrase::FromRayStatus.say(language)],
        ..NowCluster::default()
    };
    let Some((cluster, document)) = own else {
        answer.verdict = RayNowPhrase::NeedsCluster.say(language);
        return answer;
    };
    let NowCluster { id, name, .. } = named(cluster, document);
    (answer.id, answer.name) = (id, name);
    let config = match &cluster.autoscaler {
        Some(Ok(config)) => config,
        Some(Err(error)) => {
            let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
            answer.verdict = RayNowPhrase::Stuck { reason }.say(language);
            return answer;
        }
        None => return answer,
    };
    let scene = Scene::new(status, cluster, config);
    let is_v1 = document.ray_cluster().and_then(|it| it.options.version.as_ref());
    let is_v1 = is_v1.is_some_and(|it| it.value == "v1");
    let taken = scene.taken.iter().cloned().chain(is_v1.then_some(RayNowPhrase::PlannedByV2));
    answer.assumptions.extend(taken.map(|it| it.say(language)));
    let look = scene.look(config);
    let (from, to): (i64, i64) = (look.from.iter().sum(), look.to.iter().sum());
    let drains = look.decision.drains.len();
    let verdict = match &look.decision.stuck {
        Some(stuck) => RayNowPhrase::Stuck { reason: stuck_text(stuck) },
        None if from != to => RayNowPhrase::PodsGo { from, to },
        None if drains > 0 => RayNowPhrase::NodesDrain { count: drains },
        None => RayNowPhrase::PodsStay { count: to },
    };
    answer.verdict = verdict.say(language);
    let context = Context { cluster, document, language };
    let mut explanation = explain(&context, &look, &answer.name, 1);
    explanation.title = NowPhrase::Title { name: answer.name.clone() }.text(language);
    answer.explanation = Some(explanation);
    answer
}

/// A node that runs.
struct Running {
    node_type: Name,
    total: Resources,
    available: Resources,
    idle_ms: i64,
    is_idle: bool,
}

/// What the autoscaler sees.
struct Scene {
    running: Vec<Running>,
    /// Pods that have not joined.
    pending: Vec<Name>,
    groups: Vec<GroupSeen>,
    demands: Vec<ResourceDemand>,
    gangs: Vec<GangRequest>,
    constraint: Option<ResourceConstraint>,
    taken: Vec<RayNowPhrase>,
}

impl Scene {
    fn new(status: &RayStatus, cluster: &Cluster, config: &AutoscalingConfig) -> Self {
        let mut taken = Vec::new();
        let mut running = running(status, config, &mut taken);
        if !running.iter().any(|it| &*it.node_type == HEAD_GROUP) {
            taken.push(RayNowPhrase::HeadRuns);
            running.insert(0, node(HEAD_GROUP, config, None));
        }
        let launching = status.launching.iter().map(|(name, count)| (name.as_str(), *count));
        let pods = status.pending.iter().map(|it| (it.node_type.as_str(), 1));
        let pending: Vec<Name> = each(launching.chain(pods)).collect();
        if !pending.is_empty() {
            taken.push(RayNowPhrase::PendingHasPods { count: pending.len() as i64 });
        }
        if !status.launching.is_empty() {
            taken.push(RayNowPhrase::RequestsOfMany);
        }
        if status.groups.iter().any(|it| it.count > 1) {
            taken.push(RayNowPhrase::GroupsAlike);
        }
        let constraint = (!status.constraint.is_empty()).then(|| ResourceConstraint {
            requests: status.constraint.iter().map(|it| demand(&it.bundles, 0, true)).collect(),
        });
        let demands = status.demands.iter().map(|it| demand(&it.bundles, it.in_groups, false));
        let groups = cluster.groups.iter().map(|it| GroupSeen {
            name: Name::from(it.name.as_str()),
            replicas: Some(it.replicas),
            min_replicas: it.min_replicas,
            max_replicas: Some(it.max_replicas),
            num_of_hosts: it.num_of_hosts,
            workers_to_delete: Vec::new(),
        });
        Self {
            running,
            pending,
            groups: groups.collect(),
            demands: demands.filter(|it| it.count > 0).collect(),
            gangs: gangs(status),
            constraint,
            taken,
        }
    }

    fn look(self, config: &AutoscalingConfig) -> RayLook {
        let types = self.running.iter().map(|it| &it.node_type).chain(&self.pending);
        let pods: Vec<PodSeen> = (0..).zip(types).map(|(id, name)| pod(id, name)).collect();
        let nodes = (0..).zip(&self.running).map(|(id, it)| RayNode {
            id: RayNodeId(id),
            pod: PodId(id),
            node_type: &it.node_type,
            total: &it.total,
            available: &it.available,
            labels: Labels::NONE,
            dynamic_labels: Labels::NONE,
            idle_ms: it.idle_ms,
            status: if it.is_idle { RayNodeStatus::Idle } else { RayNodeStatus::Running },
        });
        let nodes: Vec<RayNode<'_>> = nodes.collect();
        let seen = Observation {
            pods: &pods,
            groups: &self.groups,
            ray_nodes: &nodes,
            demands: &self.demands,
            gangs: &self.gangs,
            constraint: self.constraint.as_ref(),
            refused_drains: &[],
            resources: &[],
        };
        let Step { decision, trace, .. } = update(config, State::default(), &seen, Instant::ZERO);
        let from: Vec<i64> = self.groups.iter().map(|it| asked(it, &pods)).collect();
        let mut to = from.clone();
        for patch in &decision.patches {
            if let Patch::Replicas { group, replicas } = patch {
                to[*group] = replicas.saturating_mul(self.groups[*group].num_of_hosts);
            }
        }
        RayLook {
            at: Instant::ZERO,
            from,
            to,
            gangs: self.gangs.len(),
            constrained: self.constraint.is_some(),
            demands: Rc::from(self.demands),
            decision,
            trace,
        }
    }
}

fn pod(id: u32, name: &Name) -> PodSeen {
    let kind = if &**name == HEAD_GROUP { NodeKind::Head } else { NodeKind::Worker };
    PodSeen { id: PodId(id), group: name.clone(), kind, deleting: false }
}

/// Pods of a group that are asked for, as the provider counts them.
///
/// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py
/// `_initialize_scale_request`.
fn asked(group: &GroupSeen, pods: &[PodSeen]) -> i64 {
    let own = pods.iter().filter(|it| it.group == group.name).count() as i64;
    let replicas = group.replicas.unwrap_or(0).max(group.min_replicas);
    replicas.saturating_mul(group.num_of_hosts).max(own)
}

/// The names, each as often as it is counted, up to the most that are looked at.
fn each<'a>(counts: impl Iterator<Item = (&'a str, i64)>) -> impl Iterator<Item = Name> {
    let counts = counts.flat_map(|(name, count)| {
        let name = Name::from(name);
        (0..count.clamp(0, MOST)).map(move |_| name.clone())
    });
    counts.take(MOST as usize)
}

fn running(
    status: &RayStatus,
    config: &AutoscalingConfig,
    taken: &mut Vec<RayNowPhrase>,
) -> Vec<Running> {
    if !status.nodes.is_empty() {
        let nodes = status.nodes.iter().take(MOST as usize);
        return nodes.map(|it| node(&it.node_type, config, Some(it))).collect();
    }
    let counts = |it: &[(String, i64)]| -> Vec<Name> {
        each(it.iter().map(|(name, count)| (name.as_str(), *count))).collect()
    };
    let (active, idle) = (counts(&status.active), counts(&status.idle));
    if !active.is_empty() {
        taken.push(RayNowPhrase::ActiveIsFull);
    }
    if idle.iter().any(|it| &**it != HEAD_GROUP) {
        taken.push(RayNowPhrase::JustIdle { timeout: config.idle_timeout_s });
    }
    let active = active.iter().map(|it| node(it, config, None));
    let idle = idle.iter().map(|it| {
        let full = node(it, config, None);
        Running { available: full.total.clone(), is_idle: true, ..full }
    });
    active.chain(idle).collect()
}

/// A node of `name`: as full as `told`, else quite full.
fn node(name: &str, config: &AutoscalingConfig, told: Option<&ray_status::Node>) -> Running {
    let own = config.node_types.iter().find(|it| &*it.name == name);
    let mut total = own.map(|it| it.resources.clone()).unwrap_or_default();
    let mut available = Resources::default();
    for usage in told.iter().flat_map(|it| &it.usage) {
        let resource = Name::from(usage.resource.as_str());
        // Two decimals of memory are less exact than the manifest.
        let exact = total.get(&resource).filter(|_| usage.resource == "memory");
        total.set(&resource, exact.unwrap_or(usage.total));
        let free = (usage.free() - usage.total + exact.unwrap_or(usage.total)).max(0.0);
        if free > 0.0 {
            available.set(&resource, free);
        }
    }
    if name == HEAD_GROUP {
        for amounts in [&mut total, &mut available] {
            amounts.set(&Name::from("node:__internal_head__"), 1.0);
        }
    }
    let idle_ms = told.map_or(0, |it| it.idle_ms.max(0));
    Running { node_type: Name::from(name), total, available, idle_ms, is_idle: idle_ms > 0 }
}

/// Those of `bundles` that wait outside of groups.
fn demand(bundles: &Bundles, in_groups: i64, is_bundle: bool) -> ResourceDemand {
    let resources = || resources(bundles);
    let request = if is_bundle {
        ResourceRequest::bundle(resources())
    } else {
        ResourceRequest::task(resources())
    };
    let count = bundles.count.saturating_sub(in_groups).clamp(0, MOST_TASKS);
    ResourceDemand { request, count: u32::try_from(count).unwrap_or(0) }
}

fn resources(bundles: &Bundles) -> Resources {
    bundles.resources.iter().map(|(name, amount)| (name.as_str(), *amount)).collect()
}

fn gangs(status: &RayStatus) -> Vec<GangRequest> {
    let mut found = Vec::new();
    let mut room = MOST;
    for group in &status.groups {
        let bundles = group.bundles.iter().fold(0_i64, |sum, it| sum.saturating_add(it.count));
        for _ in 0..group.count.clamp(0, MOST) {
            room = room.saturating_sub(bundles.max(1));
            if room < 0 {
                return found;
            }
            let own = group.bundles.iter().flat_map(|it| {
                let resources = resources(it);
                (0..it.count.max(0)).map(move |_| resources.clone())
            });
            let name = format!("{}", found.len());
            found.push(match group.strategy.as_str() {
                "STRICT_PACK" => GangRequest::strict_pack(&name, own),
                "STRICT_SPREAD" => GangRequest::strict_spread(&name, own),
                _ => GangRequest::pack(own),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{Language, right_now};

    const CLUSTER: &str = "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: \"0\"}
    template: {spec: {containers: [{name: head}]}}
  workerGroupSpecs:
  - groupName: w
    minReplicas: 0
    maxReplicas: 40
    template: {spec: {containers: [{name: w, resources: {limits: {cpu: 4}}}]}}
---
";

    fn status(active: &str, idle: &str, pending: &str, demands: &str, nodes: &str) -> String {
        format!(
            "======== Autoscaler status: 2026-05-28 20:26:40 ========\nNode status\n\
             --------------------------------------------------------\nActive:\n{active}Idle:\n\
             {idle}Pending:\n{pending}Recent failures:\n (no failures)\n\nResources\n\
             --------------------------------------------------------\nTotal Usage:\n 4.0/4.0 CPU\
             \n\nFrom request_resources:\n (none)\nPending Demands:\n{demands}\n{nodes}"
        )
    }

    #[track_caller]
    fn check(status: &str, expected: &str, from: f64, to: f64) {
        let now = right_now(&format!("{CLUSTER}{status}"), Language::En);
        assert_eq!(now.diagnostics, [], "{status}");
        assert_eq!(now.clusters[0].verdict.to_string(), expected, "{status}");
        let explanation = now.clusters[0].explanation.as_ref().unwrap();
        assert_eq!((explanation.from, explanation.to), (from, to));
    }

    #[test]
    fn what_waits_beyond_pending_pods_is_asked_for() {
        let one = " 1 w\n 1 headgroup\n";
        let tasks = " {'CPU': 1.0}: 17+ pending tasks/actors\n";
        // 17 tasks of one CPU on nodes of four: five nodes beside the full one.
        let none = " (no idle nodes)\n";
        let text = status(one, none, " (no pending nodes)\n", tasks, "");
        check(&text, "Asks for 6 worker pods at the next look, 1 now.", 1.0, 6.0);
        // Two of them are on their way.
        let pending = " w, 1 launching\n pod-1: w, allocated\n";
        let text = status(one, none, pending, tasks, "");
        check(&text, "Asks for 6 worker pods at the next look, 3 now.", 3.0, 6.0);
        // An idle node takes four.
        let text = status(one, " 1 w\n", " (no pending nodes)\n", tasks, "");
        check(&text, "Asks for 6 worker pods at the next look, 2 now.", 2.0, 6.0);
    }

    #[test]
    fn at_most_ten_launches_are_in_flight() {
        let tasks = " {'CPU': 4.0}: 30+ pending tasks/actors\n";
        let text =
            status(" 1 headgroup\n", " (no idle nodes)\n", " (no pending nodes)\n", tasks, "");
        check(&text, "Asks for 10 worker pods at the next look, 0 now.", 0.0, 10.0);
    }

    #[test]
    fn with_v_a_node_that_idles_too_long_is_drained() {
        let node = |idle: &str| {
            let nodes = format!(
                "Node: head (headgroup)\n Id: a\n Usage:\n  0B/1.00GiB object_store_memory\n \
                 Activity:\n  (no activity)\n\nNode: pod (w)\n Id: b\n Idle: {idle} ms\n Usage:\n  \
                 0.0/4.0 CPU\n Activity:\n  (no activity)\n"
            );
            let none = " (no pending nodes)\n";
            status(" 1 headgroup\n", " 1 w\n", none, " (no resource demands)\n", &nodes)
        };
        let drains = "Drains 1 node at the next look, and deletes its pod in the one after.";
        check(&node("60001"), drains, 1.0, 1.0);
        check(&node("60000"), "Stays at 1 worker pod at the next look.", 1.0, 1.0);
    }

    #[test]
    fn what_waits_can_be_counted_otherwise_in_its_place() {
        let lines = " {'CPU': 1.0}: 17+ pending tasks/actors\n {'CPU': 2.0} * 3 (PACK): 2+ pending \
                     placement groups\n";
        let none = " (no)\n";
        let text = format!("{CLUSTER}{}", status(" 1 headgroup\n", none, none, lines, ""));
        let now = right_now(&text, Language::En);
        let waiting = &now.clusters[0].waiting;
        let told: Vec<_> = waiting
            .iter()
            .map(|it| (it.what.as_str(), it.count, &text[it.span.start..it.span.end]))
            .collect();
        assert_eq!(
            told,
            [
                ("Tasks or actors {CPU: 1}", 17, "17"),
                ("PACK placement groups {CPU: 2} × 3", 2, "2"),
            ]
        );
    }

    #[test]
    fn a_cluster_that_no_status_tells_of_asks_for_one() {
        let two = format!("{CLUSTER}{}", CLUSTER.replace("name: ray}", "name: other}"));
        let none = " (no)\n";
        let status = status(" 1 headgroup\n", none, none, none, "");
        let now = right_now(&format!("{two}{status}"), Language::En);
        let told: Vec<_> = now.clusters.iter().map(|it| it.explanation.is_some()).collect();
        // Both have its types: it is the first one's.
        assert_eq!(told, [true, false]);
        assert_eq!(now.clusters[1].id, "cluster/default/other");
        let fixed = CLUSTER.replace("  enableInTreeAutoscaling: true\n", "");
        assert_eq!(right_now(&fixed, Language::En).clusters, [], "nobody decides");
    }

    #[test]
    fn without_the_manifest_it_says_what_is_missing() {
        let text = status(" 1 headgroup\n", " 2 w\n", " (no pending nodes)\n", " (no)\n", "");
        let now = right_now(&text, Language::Ko);
        let cluster = &now.clusters[0];
        assert_eq!((cluster.explanation.is_none(), cluster.nodes[1].idle), (true, 2));
    }
}
