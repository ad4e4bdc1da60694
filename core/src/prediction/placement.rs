//! Who is where at one instant, in words.

use super::Run;
use crate::explain::number::{bytes, number};
use crate::explain::phrase::{KeptReason, Phrase, RayPhrase};
use crate::explain::place_phrase::{PlacePhrase, PlacedKind};
use crate::explain::ray::status_name;
use crate::nodes::Node;
use crate::ray::{Cause, KeptBy, PodId, Resources};
use crate::report::{
    Message, PlacedCluster, PlacedInstance, PlacedNode, PlacedPod, PlacedRayNode, Placement,
    PodStage, ResourceUse, Tone,
};
use crate::sim::{self, Held, Origin, Owner, Scene, SceneCluster, ScenePod, SceneRayNode, Stage};
use crate::time::Instant;
use crate::workload::WorkKind;

impl Run {
    /// Who is where at the end of the instant `at`.
    pub(super) fn placement(&self, at: Instant) -> Placement {
        let scene = sim::scene_at(&self.assembly.model, at);
        let nodes = &self.assembly.model.nodes;
        let mut placed: Vec<PlacedNode> = nodes.iter().map(empty).collect();
        let mut waiting = Vec::new();
        for pod in &scene.pods {
            match pod.node.and_then(|node| placed.get_mut(node)) {
                Some(node) => node.pods.push(placed_pod(pod)),
                None => waiting.push(placed_pod(pod)),
            }
        }
        let all = placed.len();
        placed.retain(|it| !it.pods.is_empty());
        let cluster = |(index, it)| self.placed_cluster(&scene, index, it);
        // A cluster of a RayService is told of while it is there.
        let is_there = |index: usize| {
            let track = &self.timeline.clusters[index];
            track.made.is_some_and(|it| it <= at) && track.deleted.is_none_or(|it| at < it)
        };
        let there = scene.clusters.iter().enumerate().filter(|(index, _)| is_there(*index));
        Placement {
            at_ms: at.ms() as f64,
            empty_nodes: (all - placed.len()) as u32,
            nodes: placed,
            waiting,
            clusters: there.map(cluster).collect(),
        }
    }

    fn placed_cluster(&self, scene: &Scene, cluster: usize, it: &SceneCluster) -> PlacedCluster {
        let nodes = it.nodes.iter().map(|node| self.placed_ray_node(scene, cluster, node));
        let waiting = it.waiting.iter().map(|waiting| {
            let shape = match waiting.requests.as_slice() {
                [only] => shape(&only.resources),
                all => all.iter().map(|it| shape(&it.resources)).collect::<Vec<_>>().join(" "),
            };
            let kind = self.placed_kind(cluster, waiting.origin);
            let phrase = PlacePhrase::Work { count: Some(waiting.count), kind, shape: &shape };
            phrase.say(self.language)
        });
        let instances = it.instances.iter().map(|instance| PlacedInstance {
            id: instance.id.0,
            group: instance.node_type.to_string(),
            status: status_name(instance.status).to_owned(),
            since_ms: instance.since.ms() as f64,
            pod: instance.pod.and_then(|PodId(pod)| pod_of(scene, pod)).map(|it| it.name.clone()),
        });
        PlacedCluster {
            name: self.assembly.model.clusters[cluster].name.clone(),
            nodes: nodes.collect(),
            waiting: waiting.collect(),
            feasibility: self.feasibility(cluster),
            instances: instances.collect(),
        }
    }

    fn placed_ray_node(&self, scene: &Scene, cluster: usize, it: &SceneRayNode) -> PlacedRayNode {
        let pod = pod_of(scene, it.pod);
        let node = pod.and_then(|pod| pod.node);
        let node = node.and_then(|node| self.assembly.model.nodes.get(node));
        let holds = it.holds.iter().map(|held| {
            let Held { origin, count, resources } = held;
            let (kind, shape) = (self.placed_kind(cluster, *origin), shape(resources));
            PlacePhrase::Work { count: Some(*count), kind, shape: &shape }.say(self.language)
        });
        PlacedRayNode {
            pod: pod.map_or_else(String::new, |it| it.name.clone()),
            group: it.group.clone(),
            node: node.map(|it| it.name.clone()),
            resources: self.taken(it),
            holds: holds.collect(),
            idle: self.kept(scene.at, cluster, it, pod),
        }
    }

    fn placed_kind(&self, cluster: usize, origin: Origin) -> PlacedKind<'_> {
        let model = &self.assembly.model;
        match origin {
            Origin::Work(work) => kind(&model.clusters[cluster].work[work].kind),
            Origin::Service(service) => PlacedKind::Replica(&model.services[service].name),
        }
    }

    /// What of a node is taken. That it is itself (`node:…`) is no news.
    fn taken(&self, node: &SceneRayNode) -> Vec<ResourceUse> {
        let named =
            node.total.iter().filter(|(name, total)| !name.starts_with("node:") && *total > 0.0);
        named
            .map(|(name, total)| {
                let used = total - node.free.get(name).unwrap_or(0.0);
                let (used_text, total_text) = (amount(name, used), amount(name, total));
                let text = PlacePhrase::Taken { used: &used_text, total: &total_text };
                ResourceUse {
                    name: name.to_string(),
                    share: (used / total).clamp(0.0, 1.0),
                    text: text.say(self.language),
                }
            })
            .collect()
    }

    /// Where nothing is on a node: for how long, and what kept it at the last look.
    fn kept(
        &self,
        at: Instant,
        cluster: usize,
        node: &SceneRayNode,
        pod: Option<&ScenePod>,
    ) -> Vec<Message> {
        let language = self.language;
        if !node.runs {
            return vec![PlacePhrase::Stopped.say(language)];
        }
        let Some(idle) = node.idle else {
            let proxy = node.proxy_until.map(|until| PlacePhrase::Proxy { until });
            return proxy.iter().map(|it| it.say(language)).collect();
        };
        if pod.is_some_and(|it| matches!(it.owner, Owner::Head(_))) {
            return vec![PlacePhrase::HeadStays.say(language)];
        }
        let model = &self.assembly.model.clusters[cluster];
        let edited = model.change_at(at).map(|it| &it.autoscaler);
        let Some(Ok(config)) = edited.unwrap_or(&model.autoscaler) else {
            return vec![PlacePhrase::NobodyStops { idle }.say(language)];
        };
        let own = config.node_types.iter().find(|it| *it.name == *node.group);
        let timeout_s = own.and_then(|it| it.idle_timeout_s).unwrap_or(config.idle_timeout_s);
        let mut said = vec![PlacePhrase::Idle { idle, timeout_s }.say(language)];
        let looks = &self.timeline.clusters[cluster].looks;
        let last = looks.news().take_while(|(_, look)| look.at <= at).last();
        let causes = last.map_or(&[][..], |(_, look)| &look.trace.causes);
        said.extend(causes.iter().find_map(|cause| {
            let reason = reason(cause, PodId(node.pod))?;
            Some(RayPhrase::Kept { pods: 1, by: reason }.say(language))
        }));
        said
    }
}

/// Why the scheduler kept an idle node, beside its time.
fn reason(cause: &Cause, node: PodId) -> Option<KeptReason> {
    match cause {
        Cause::Kept { pod, by } if *pod == node => match by {
            KeptBy::Demands => Some(KeptReason::Demands),
            KeptBy::Constraint => Some(KeptReason::Constraint),
            KeptBy::MinNodes { .. } => Some(KeptReason::MinNodes),
            KeptBy::InUse | KeptBy::IdleTimeout { .. } => None,
        },
        _ => None,
    }
}

fn empty(node: &Node) -> PlacedNode {
    PlacedNode { name: node.name.clone(), pods: Vec::new() }
}

fn placed_pod(pod: &ScenePod) -> PlacedPod {
    let stage = match pod.stage {
        Stage::Waiting => PodStage::Waiting,
        Stage::Starting => PodStage::Starting,
        Stage::Running => PodStage::Running,
        Stage::Ready => PodStage::Ready,
        Stage::Leaving => PodStage::Leaving,
    };
    let tone = match pod.owner {
        Owner::Workload(_) => Tone::Hpa,
        Owner::Head(_) | Owner::Worker(..) | Owner::Submitter(_) => Tone::Ray,
    };
    PlacedPod { name: pod.name.clone(), tone, stage }
}

fn pod_of(scene: &Scene, number: u32) -> Option<&ScenePod> {
    let found = scene.pods.binary_search_by_key(&number, |pod| pod.number).ok()?;
    scene.pods.get(found)
}

/// What a work is on a node.
pub(super) fn kind(kind: &WorkKind) -> PlacedKind<'static> {
    match kind {
        WorkKind::Tasks { .. } => PlacedKind::Task,
        WorkKind::Actors { .. } => PlacedKind::Actor,
        WorkKind::PlacementGroups { strategy, .. } => PlacedKind::Bundle(*strategy),
        WorkKind::RequestResources { .. } => PlacedKind::Requested,
    }
}

/// `{CPU: 1, memory: 2Gi}`.
pub(super) fn shape(resources: &Resources) -> String {
    let parts: Vec<String> =
        resources.iter().map(|(name, it)| format!("{name}: {}", amount(name, it))).collect();
    format!("{{{}}}", parts.join(", "))
}

/// An amount of a resource as people write it.
pub(super) fn amount(name: &str, amount: f64) -> String {
    if matches!(name, "memory" | "object_store_memory") {
        bytes((amount * 1000.0) as i64)
    } else {
        number(amount)
    }
}
