//! Which node a pod gets: the scheduler, on nodes that are always there.
//!
//! A pod fits where its nodeSelector matches ([`Pools`]) and the requests of the pods already there
//! leave room for its own. Of the nodes that fit, the one with the most CPU and memory left wins, as
//! the scheduler's default `LeastAllocated` scores it, and of equal ones the first by name.
//!
//! DIFFERENCE(scheduler-ties): upstream picks one of the best nodes at random, and weighs more than
//! resources (spread, affinity, image locality). Taints and affinity are not read.
//!
//! Upstream: kubernetes 1.37 pkg/scheduler/framework/plugins/noderesources/fit.go `fitsRequest`,
//! least_allocated.go `leastResourceScorer`; the order of both filters is that of
//! pkg/scheduler/apis/config/v1/default_plugins.go `getDefaultPlugins`.

mod selector;

pub use selector::{Pools, states};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// What a pod requests, or what a node has to give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodResources {
    /// In nano-cores.
    pub cpu_nano: i64,
    /// In bytes.
    pub memory_bytes: i64,
    /// Other resources by their Kubernetes names, `nvidia.com/gpu` for one.
    pub extended: BTreeMap<String, i64>,
}

/// A node and what is taken of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The number of its pool, whose labels it has.
    pub pool: usize,
    /// What pods may use of it.
    pub allocatable: PodResources,
    /// What its pods request.
    pub requested: PodResources,
    /// Pods on it.
    pub pods: u32,
}

/// Most pods of one node: the kubelet's default.
const MAX_PODS: u32 = 110;

/// The reason that no node takes a pod: the resource that is short on most of those that its
/// nodeSelector matches, and how many it does not match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unschedulable {
    /// `cpu`, `memory`, an extended resource or `pods`; empty if the selector matches no node.
    pub resource: String,
    /// Nodes on which it is short.
    pub nodes: usize,
    /// Nodes that the selector does not match.
    pub unmatched: usize,
}

impl Node {
    /// A node of the pool of this number that nobody uses yet.
    pub fn new(name: String, pool: usize, allocatable: PodResources) -> Self {
        Self { name, pool, allocatable, requested: PodResources::default(), pods: 0 }
    }

    /// Takes room for a pod.
    pub fn take(&mut self, pod: &PodResources) {
        self.requested.add(pod, 1);
        self.pods += 1;
    }

    /// Gives the room of a pod back.
    pub fn release(&mut self, pod: &PodResources) {
        self.requested.add(pod, -1);
        self.pods = self.pods.saturating_sub(1);
    }

    /// A pod takes `by` more, or gives it back.
    pub fn grow(&mut self, by: &PodResources, sign: i64) {
        self.requested.add(by, sign);
    }

    /// The first resource that is short for `pod`; `None` if it fits.
    fn short_of<'a>(&'a self, pod: &'a PodResources) -> Option<&'a str> {
        let (has, taken) = (&self.allocatable, &self.requested);
        if self.pods >= MAX_PODS {
            return Some("pods");
        }
        if pod.cpu_nano > 0 && pod.cpu_nano > has.cpu_nano - taken.cpu_nano {
            return Some("cpu");
        }
        if pod.memory_bytes > 0 && pod.memory_bytes > has.memory_bytes - taken.memory_bytes {
            return Some("memory");
        }
        let amount = |of: &PodResources, name: &str| of.extended.get(name).copied().unwrap_or(0);
        pod.extended.iter().find_map(|(name, wanted)| {
            (*wanted > 0 && *wanted > amount(has, name) - amount(taken, name)).then_some(&**name)
        })
    }

    /// 0 to 100 for each of CPU and memory: the share that is left with `pod` on it.
    fn least_allocated(&self, pod: &PodResources) -> i64 {
        let share = |has: i64, taken: i64| {
            if has <= 0 || taken > has {
                return 0;
            }
            ((i128::from(has) - i128::from(taken)) * 100 / i128::from(has)) as i64
        };
        let cpu =
            share(self.allocatable.cpu_nano, self.requested.cpu_nano.saturating_add(pod.cpu_nano));
        let memory = share(
            self.allocatable.memory_bytes,
            self.requested.memory_bytes.saturating_add(pod.memory_bytes),
        );
        i64::midpoint(cpu, memory)
    }
}

impl PodResources {
    fn add(&mut self, other: &Self, sign: i64) {
        self.cpu_nano = self.cpu_nano.saturating_add(sign * other.cpu_nano);
        self.memory_bytes = self.memory_bytes.saturating_add(sign * other.memory_bytes);
        for (name, amount) in &other.extended {
            let taken = self.extended.entry(name.clone()).or_insert(0);
            *taken = taken.saturating_add(sign * amount);
        }
    }
}

/// The nodes for pods that are alike, one after the other: each node is looked at once for all of
/// them, and once more for each pod that it gets. The selector is asked the first time alone.
///
/// ```
/// use tidetable_core::nodes::{Node, Places, PodResources, Pools};
/// let cores = |cores: i64| PodResources { cpu_nano: cores * 1_000_000_000, ..Default::default() };
/// let mut nodes = vec![Node::new("a".into(), 0, cores(2)), Node::new("b".into(), 0, cores(1))];
/// let pod = cores(1);
/// let mut places = Places::new(&nodes, &pod, &Pools::default());
/// let mut order = Vec::new();
/// while let Some(node) = places.next(&nodes) {
///     nodes[node].take(&pod);
///     order.push(node);
/// }
/// assert_eq!(order, [0, 0, 1]); // of equal ones the first
/// ```
#[derive(Debug)]
pub struct Places<'p> {
    pod: &'p PodResources,
    /// Score and index of each node that fits, the best on top; without `last`.
    ranked: BinaryHeap<(i64, Reverse<usize>)>,
    /// The node that the last pod got.
    last: Option<usize>,
}

impl<'p> Places<'p> {
    /// For pods like `pod`, on nodes of `pools`.
    pub fn new(nodes: &[Node], pod: &'p PodResources, pools: &Pools) -> Self {
        let mut places = Self { pod, ranked: BinaryHeap::new(), last: None };
        for (index, node) in nodes.iter().enumerate() {
            if pools.has(node.pool) {
                places.rank(nodes, index);
            }
        }
        places
    }

    /// The node that the next pod gets, as an index into `nodes`, of which only the one that the
    /// last pod got may have changed since; `None` if it fits nowhere.
    pub fn next(&mut self, nodes: &[Node]) -> Option<usize> {
        if let Some(last) = self.last.take() {
            self.rank(nodes, last);
        }
        self.last = self.ranked.pop().map(|(_, Reverse(index))| index);
        self.last
    }

    fn rank(&mut self, nodes: &[Node], index: usize) {
        if nodes[index].short_of(self.pod).is_none() {
            self.ranked.push((nodes[index].least_allocated(self.pod), Reverse(index)));
        }
    }
}

/// What keeps a pod that fits nowhere off the nodes. A node counts once: what is short there is
/// asked where the selector matches.
pub fn unschedulable(nodes: &[Node], pod: &PodResources, pools: &Pools) -> Unschedulable {
    let mut short: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unmatched = 0;
    for node in nodes {
        if !pools.has(node.pool) {
            unmatched += 1;
        } else if let Some(resource) = node.short_of(pod) {
            *short.entry(resource).or_insert(0) += 1;
        }
    }
    let most = short.into_iter().max_by_key(|(_, count)| *count);
    let (resource, nodes) = most.unwrap_or(("", 0));
    Unschedulable { resource: resource.to_owned(), nodes, unmatched }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resources(cores: i64, gib: i64, gpus: i64) -> PodResources {
        let extended = BTreeMap::from([("nvidia.com/gpu".to_owned(), gpus)]);
        PodResources { cpu_nano: cores * 1_000_000_000, memory_bytes: gib << 30, extended }
    }

    /// The node of one pod, whichever pool it is of.
    fn place(nodes: &[Node], pod: &PodResources) -> Option<usize> {
        Places::new(nodes, pod, &Pools::default()).next(nodes)
    }

    fn short(nodes: &[Node], pod: &PodResources) -> Unschedulable {
        unschedulable(nodes, pod, &Pools::default())
    }

    fn pool() -> Vec<Node> {
        vec![
            Node::new("a".to_owned(), 0, resources(4, 16, 0)),
            Node::new("b".to_owned(), 1, resources(4, 16, 1)),
        ]
    }

    #[test]
    fn the_emptiest_node_wins_and_of_equals_the_first() {
        let mut nodes = pool();
        let pod = resources(1, 1, 0);
        let mut order = Vec::new();
        let any = Pools::default();
        let mut places = Places::new(&nodes, &pod, &any);
        for _ in 0..4 {
            let alone = place(&nodes, &pod);
            assert_eq!(places.next(&nodes), alone, "alike or not, the next one goes there");
            nodes[alone.unwrap()].take(&pod);
            order.push(nodes[alone.unwrap()].name.clone());
        }
        assert_eq!(order, ["a", "b", "a", "b"]);
    }

    #[test]
    fn what_is_short_is_named() {
        let mut nodes = pool();
        assert_eq!(place(&nodes, &resources(1, 1, 1)), Some(1), "only b has a GPU");
        let large = resources(5, 1, 0);
        let cpu = Unschedulable { resource: "cpu".to_owned(), nodes: 2, unmatched: 0 };
        assert_eq!(place(&nodes, &large), None);
        assert_eq!(short(&nodes, &large), cpu);
        let whole = resources(4, 1, 0);
        nodes[0].take(&whole);
        assert_eq!(place(&nodes, &whole), Some(1));
        nodes[0].release(&whole);
        assert_eq!(place(&nodes, &whole), Some(0), "released room can be taken again");
        let none = Unschedulable::default();
        assert_eq!((place(&[], &whole), short(&[], &whole)), (None, none));
    }

    #[test]
    fn a_pod_gets_only_nodes_that_its_selector_matches() {
        let labels = |zone: &str| BTreeMap::from([("zone".to_owned(), zone.to_owned())]);
        let (a, b) = (labels("a"), labels("b"));
        let select = |zone| Pools::selected(&[("zone", zone)], &[&a, &b]);
        let mut nodes = pool();
        let pod = resources(3, 1, 0);
        let mut all = Places::new(&nodes, &pod, &Pools::default());
        let mut only_b = Places::new(&nodes, &pod, &select("b"));
        assert_eq!(all.next(&nodes), Some(0), "a is as empty as b, and the first");
        assert_eq!(only_b.next(&nodes), Some(1));
        nodes[1].take(&pod);
        assert_eq!(only_b.next(&nodes), None, "3 of b's 4 cores are taken");
        let short = |zone| unschedulable(&nodes, &pod, &select(zone));
        let cpu = Unschedulable { resource: "cpu".to_owned(), nodes: 1, unmatched: 1 };
        assert_eq!(short("b"), cpu);
        assert_eq!(short("c"), Unschedulable { unmatched: 2, ..Unschedulable::default() });
    }
}
