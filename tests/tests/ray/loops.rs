//! Closed loops: the autoscaler, the operator and a small world of pods and tasks, look by look.
//!
//! The world is the one in which Ray's own code was observed: a look every 5 s, the operator acts
//! before and after it, pods become Ray nodes after a fixed time, tasks go to the first node with a
//! free CPU, an idle drain is accepted where no task runs, and a drained raylet is dead at once.
//! Expected values are what the released code did in that world.

use tidetable_core::ray::config::{AutoscalingConfig, ClusterSpec, GroupSpec, HEAD_GROUP};
use tidetable_core::ray::config::{WorkerGroup, derive};
use tidetable_core::ray::operator;
use tidetable_core::ray::{
    Cause, Drain, GangRequest, GroupSeen, Labels, Name, NodeKind, Observation, Patch, PodId,
    PodSeen, RayNode, RayNodeId, RayNodeStatus, ResourceConstraint, ResourceDemand,
    ResourceRequest, Resources, State, StopCause, update,
};
use tidetable_core::time::Instant;

pub(crate) struct Pod {
    id: PodId,
    group: Name,
    pub(crate) joins_at: i64,
    /// Ends of the tasks that run.
    tasks: Vec<i64>,
    idle_since: i64,
    dead: bool,
}

pub(crate) struct World {
    pub(crate) spec: ClusterSpec,
    /// The cluster's own maximum, in place of the sum of the groups'.
    pub(crate) max_nodes: Option<i64>,
    pub(crate) groups: Vec<GroupSeen>,
    pub(crate) pods: Vec<Pod>,
    /// Seconds that each waiting task will run.
    waiting: Vec<i64>,
    pub(crate) gangs: Vec<GangRequest>,
    constraint: Option<ResourceConstraint>,
    pub(crate) start_s: i64,
    /// How long a pod may be up without Ray, in place of an hour.
    pub(crate) allocated_s: Option<i64>,
    /// Whether the operator acts.
    pub(crate) operates: bool,
    /// What an idle worker with one CPU says is free.
    pub(crate) free: f64,
    /// Whether raylets refuse to drain; those that did since the last look.
    pub(crate) refuses: bool,
    refused: Vec<RayNodeId>,
    state: State,
    pub(crate) now: i64,
    log: Vec<String>,
    pub(crate) causes: Vec<Cause>,
    next_pod: u32,
}

fn cpu(cpu: &str) -> GroupSpec {
    GroupSpec { limits: vec![("cpu".to_owned(), cpu.to_owned())], ..GroupSpec::default() }
}

impl World {
    /// A head without CPUs, and groups of one-CPU workers: name, minimum, maximum.
    pub(crate) fn new(groups: &[(&str, i64, i64)]) -> Self {
        let worker_groups = groups
            .iter()
            .map(|&(name, min, max)| WorkerGroup {
                name: name.to_owned(),
                min_replicas: Some(min),
                max_replicas: Some(max),
                num_of_hosts: None,
                spec: cpu("1"),
            })
            .collect();
        let spec = ClusterSpec { head: cpu("0"), worker_groups, ..ClusterSpec::default() };
        let seen = groups
            .iter()
            .map(|&(name, min, max)| GroupSeen {
                name: name.into(),
                replicas: Some(0),
                min_replicas: min,
                max_replicas: Some(max),
                num_of_hosts: 1,
                workers_to_delete: Vec::new(),
            })
            .collect();
        let mut world = Self {
            spec,
            max_nodes: None,
            groups: seen,
            pods: Vec::new(),
            waiting: Vec::new(),
            gangs: Vec::new(),
            constraint: None,
            start_s: 20,
            allocated_s: None,
            operates: true,
            free: 1.0,
            refuses: false,
            refused: Vec::new(),
            state: State::default(),
            now: 0,
            log: Vec::new(),
            causes: Vec::new(),
            next_pod: 0,
        };
        world.add_pod(&HEAD_GROUP.into(), 0);
        world
    }

    fn hosts(mut self, hosts: i64) -> Self {
        self.groups[0].num_of_hosts = hosts;
        self.spec.worker_groups[0].num_of_hosts = Some(hosts);
        self
    }

    pub(crate) fn tasks(mut self, count: usize, seconds: i64) -> Self {
        self.waiting.extend(std::iter::repeat_n(seconds, count));
        self
    }

    fn config(&self) -> AutoscalingConfig {
        let mut config = derive(&self.spec).unwrap();
        config.max_nodes = self.max_nodes.unwrap_or(config.max_nodes);
        config.timeouts.allocated_s = self.allocated_s.unwrap_or(config.timeouts.allocated_s);
        config
    }

    fn add_pod(&mut self, group: &Name, joins_at: i64) {
        let (id, group) = (PodId(self.next_pod), group.clone());
        self.next_pod += 1;
        let (tasks, idle_since) = (Vec::new(), joins_at);
        self.pods.push(Pod { id, group, joins_at, tasks, idle_since, dead: false });
    }

    /// Looks every 5 s until `end`; `act` changes the world just before a look.
    fn run(mut self, end: i64, act: impl FnMut(&mut Self)) -> Vec<String> {
        self.go(end, act);
        self.log
    }

    /// As [`run`](Self::run), and stays to be looked at.
    pub(crate) fn go(&mut self, end: i64, mut act: impl FnMut(&mut Self)) {
        while self.now <= end {
            act(self);
            self.work();
            self.operate();
            self.look();
            self.operate();
            self.now += 5;
        }
    }

    /// Tasks end and begin.
    fn work(&mut self) {
        let now = self.now;
        for pod in &mut self.pods {
            let before = pod.tasks.len();
            let end = pod.tasks.iter().copied().filter(|&end| end <= now).max();
            pod.tasks.retain(|&end| end > now);
            if pod.tasks.is_empty() && before > 0 {
                pod.idle_since = end.unwrap_or(now);
            }
            let works = &*pod.group != HEAD_GROUP && pod.joins_at <= now && !pod.dead;
            if works && pod.tasks.is_empty() && !self.waiting.is_empty() {
                pod.tasks.push(now + self.waiting.remove(0));
            }
        }
    }

    fn operate(&mut self) {
        if !self.operates {
            return;
        }
        // Pods go at once here, so that a pass which ends early is followed by the next one.
        while self.operate_once() {}
    }

    fn operate_once(&mut self) -> bool {
        let groups = self.groups.clone();
        let groups: Vec<operator::Group<'_>> =
            groups.iter().map(|seen| operator::Group { seen, suspend: false }).collect();
        let head = operator::Pod {
            id: PodId(u32::MAX),
            owner: operator::Owner::Head,
            replica: None,
            index: None,
            ended: false,
            deleting: false,
        };
        let pod = |pod: &Pod| {
            let group = groups.iter().position(|it| it.seen.name == pod.group)?;
            let hosts = groups[group].seen.num_of_hosts.max(1) as u32;
            let replica = Some((pod.id.0 - 1) / hosts);
            let owner = operator::Owner::Group(group);
            Some(operator::Pod { id: pod.id, owner, replica, index: replica, ..head })
        };
        let mut pods: Vec<operator::Pod> = self.pods.iter().filter_map(pod).collect();
        pods.push(head);
        let spec = operator::Spec { autoscaling: true, ..operator::Spec::default() };
        let seen = operator::Observation { groups: &groups, pods: &pods, ..Default::default() };
        let (state, now) = (operator::State::default(), Instant::ZERO);
        let decision = operator::reconcile(&spec, state, &seen, now).decision;
        self.pods.retain(|pod| !decision.delete.contains(&pod.id));
        for new in &decision.create {
            if let operator::Owner::Group(group) = new.owner {
                self.add_pod(&groups[group].seen.name, self.now + self.start_s);
            }
        }
        decision.again
    }

    fn look(&mut self) {
        let total = Resources::from([("CPU", 1.0)]);
        let free = Resources::from([("CPU", self.free)]);
        let nothing = Resources::default();
        let head = Resources::from([("CPU", 0.0), ("node:__internal_head__", 1.0)]);
        let pods: Vec<PodSeen> = self
            .pods
            .iter()
            .map(|pod| {
                let is_head = &*pod.group == HEAD_GROUP;
                let kind = if is_head { NodeKind::Head } else { NodeKind::Worker };
                PodSeen { id: pod.id, group: pod.group.clone(), kind, deleting: false }
            })
            .collect();
        let joined = self.pods.iter().filter(|pod| pod.joins_at <= self.now);
        let ray_nodes: Vec<RayNode<'_>> = joined
            .map(|pod| {
                let (is_head, busy) = (&*pod.group == HEAD_GROUP, !pod.tasks.is_empty());
                RayNode {
                    id: RayNodeId(pod.id.0),
                    pod: pod.id,
                    node_type: &pod.group,
                    total: if is_head { &head } else { &total },
                    available: match (is_head, busy) {
                        (true, _) => &head,
                        (false, true) => &nothing,
                        (false, false) => &free,
                    },
                    labels: Labels::NONE,
                    dynamic_labels: Labels::NONE,
                    idle_ms: if busy { 0 } else { (self.now - pod.idle_since) * 1000 },
                    status: match (pod.dead, busy) {
                        (true, _) => RayNodeStatus::Dead,
                        (false, true) => RayNodeStatus::Running,
                        (false, false) => RayNodeStatus::Idle,
                    },
                }
            })
            .collect();
        let request = ResourceRequest::task([("CPU", 1.0)]);
        let demands = [ResourceDemand { request, count: self.waiting.len() as u32 }];
        let seen = Observation {
            pods: &pods,
            groups: &self.groups,
            ray_nodes: &ray_nodes,
            demands: if self.waiting.is_empty() { &[] } else { &demands },
            gangs: &self.gangs,
            constraint: self.constraint.as_ref(),
            refused_drains: &std::mem::take(&mut self.refused),
            resources: &[],
        };
        let state = std::mem::take(&mut self.state);
        let step = update(&self.config(), state, &seen, Instant::from_seconds(self.now));
        self.state = step.state;
        self.causes.extend(step.trace.causes);
        if let Some(stuck) = step.decision.stuck {
            self.log.push(format!("{} stuck {stuck:?}", self.now));
        }
        self.drain(&step.decision.drains);
        for patch in step.decision.patches {
            match patch {
                Patch::Replicas { group, replicas } => {
                    self.groups[group].replicas = Some(replicas);
                    self.log.push(format!("{} {} {replicas}", self.now, self.groups[group].name));
                }
                Patch::WorkersToDelete { group, pods } => {
                    self.groups[group].workers_to_delete = pods;
                }
            }
        }
    }

    /// The GCS lists no node any more that refused to drain.
    pub(crate) fn forget_where_refused(&mut self) {
        let refused = &self.refused;
        for pod in self.pods.iter_mut().filter(|pod| refused.contains(&RayNodeId(pod.id.0))) {
            pod.joins_at = i64::MAX;
        }
    }

    fn drain(&mut self, drains: &[Drain]) {
        if drains.is_empty() {
            return;
        }
        self.log.push(format!("{} drains {}", self.now, drains.len()));
        for drain in drains {
            let Some(pod) = self.pods.iter_mut().find(|pod| pod.id == drain.pod) else { continue };
            let idle = matches!(drain.cause, StopCause::Idle { .. });
            assert!(!idle || pod.tasks.is_empty(), "a node that works does not idle");
            // A task that is cut off waits again, with all its time.
            self.waiting.extend(pod.tasks.drain(..).map(|_| 1_000_000));
            pod.dead = !self.refuses;
            self.refused.extend(self.refuses.then_some(drain.ray_node));
        }
    }
}

#[test]
fn l1_ten_pods_a_look() {
    let log = World::new(&[("w", 0, 100)]).tasks(20, 60).run(160, |_| {});
    // Both batches drain once they idled more than 60 s, and are deleted a look later.
    let expected = ["0 w 10", "5 w 20", "145 drains 10", "150 drains 10", "150 w 10", "155 w 0"];
    assert_eq!(log, expected);
}

#[test]
fn l2_conservative_adds_one_a_look_until_the_first_runs() {
    let mut world = World::new(&[("w", 0, 100)]).tasks(8, 600);
    world.start_s = 30;
    world.spec.options.upscaling_mode = Some("Conservative".to_owned());
    let log = world.run(60, |_| {});
    let expected = ["0 w 1", "5 w 2", "10 w 3", "15 w 4", "20 w 5", "25 w 6", "30 w 7", "35 w 8"];
    assert_eq!(log, expected);
}

#[test]
fn l3_the_operator_sees_to_the_minimum() {
    assert_eq!(World::new(&[("w", 3, 10)]).run(100, |_| {}), Vec::<String>::new());
}

#[test]
fn l4_pods_that_nobody_needs_idle_out() {
    let mut world = World::new(&[("w", 0, 10)]);
    world.start_s = 10;
    world.groups[0].replicas = Some(5);
    assert_eq!(world.run(90, |_| {}), ["75 drains 5", "80 w 0"]);
}

#[test]
fn l5_pods_added_by_hand_idle_out() {
    let mut world = World::new(&[("w", 0, 10)]);
    world.start_s = 5;
    let log = world.run(90, |world| {
        if world.now == 10 {
            world.groups[0].replicas = Some(5);
        }
    });
    assert_eq!(log, ["80 drains 5", "85 w 0"]);
}

#[test]
fn l7_a_lowered_maximum_drains_by_force() {
    let mut world = World::new(&[("w", 0, 4)]).tasks(4, 1000);
    world.start_s = 5;
    let log = world.run(60, |world| {
        if world.now == 50 {
            world.groups[0].max_replicas = Some(1);
            world.spec.worker_groups[0].max_replicas = Some(1);
        }
    });
    assert_eq!(log, ["0 w 4", "50 drains 3", "55 w 1"]);
}

#[test]
fn l16_demand_that_vanished_still_gets_its_pods() {
    let mut world = World::new(&[("w", 0, 100)]).tasks(3, 60);
    world.start_s = 120;
    let log = world.run(200, |world| {
        if world.now == 15 {
            world.waiting.clear();
        }
    });
    assert_eq!(log, ["0 w 3", "185 drains 3", "190 w 0"]);
}

#[test]
fn l17_the_idle_clock_runs_under_request_resources() {
    let one = ResourceRequest::bundle([("CPU", 1.0)]);
    let mut world = World::new(&[("w", 0, 10)]);
    world.constraint =
        Some(ResourceConstraint { requests: vec![ResourceDemand { request: one, count: 8 }] });
    let log = world.run(95, |world| {
        if world.now == 90 {
            world.constraint = None;
        }
    });
    assert_eq!(log, ["0 w 8", "90 drains 8", "95 w 0"]);
}

#[test]
fn l20_a_lowered_minimum_frees_idle_nodes_at_once() {
    let mut world = World::new(&[("w", 3, 10)]);
    let set_min = |world: &mut World, min: i64| {
        world.groups[0].min_replicas = min;
        world.spec.worker_groups[0].min_replicas = Some(min);
    };
    world.groups[0].replicas = Some(3);
    let log = world.run(105, |world| {
        if world.now == 100 {
            set_min(world, 0);
        }
    });
    assert_eq!(log, ["100 drains 3", "105 w 0"]);
}

#[test]
fn l21_a_timeout_of_zero_drains_at_the_next_look() {
    let mut world = World::new(&[("w", 0, 10)]).tasks(1, 8);
    world.spec.worker_groups[0].spec.idle_timeout_seconds = Some(0);
    assert_eq!(world.run(40, |_| {}), ["0 w 1", "30 drains 1", "35 w 0"]);
}

#[test]
fn l22_equal_groups_alternate() {
    let log = World::new(&[("a", 0, 10), ("b", 0, 10)]).tasks(6, 600).run(30, |_| {});
    assert_eq!(log, ["0 a 3", "0 b 3"]);
}

#[test]
fn l11_half_a_replica_is_never_asked_for() {
    let log = World::new(&[("w", 0, 10)]).hosts(2).tasks(1, 60).run(3000, |_| {});
    assert_eq!(log, Vec::<String>::new());
}

#[test]
fn l12_a_whole_replica_comes_and_goes() {
    let log = World::new(&[("w", 0, 10)]).hosts(2).tasks(2, 30).run(130, |_| {});
    assert_eq!(log, ["0 w 1", "115 drains 2", "120 w 0"]);
}

#[test]
fn l8_a_request_on_its_way_cannot_be_taken_back() {
    let mut world = World::new(&[("w", 0, 5)]).tasks(3, 60);
    // The operator does not act at all.
    for _ in 0..3 {
        world.look();
        world.now += 5;
        world.groups[0].max_replicas = Some(1);
        world.spec.worker_groups[0].max_replicas = Some(1);
    }
    let log = world.log;
    assert_eq!(log[0], "0 w 3");
    assert!(log[1].starts_with("5 stuck IllegalTransition"), "{}", log[1]);
    assert!(log[2].starts_with("10 stuck IllegalTransition"), "{}", log[2]);
}
