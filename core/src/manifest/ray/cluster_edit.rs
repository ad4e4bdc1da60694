//! A RayCluster that someone edits: what an edit says is laid over the spec, as far as a run can
//! follow it.
//!
//! An entry of `workerGroupSpecs` is laid over the group of its `groupName`, and the other groups
//! stay: that is what someone means who names one. All else is merged as RFC 7396 says. What a run
//! can't follow, another template for one, stays as it was and is named, unless the edit only
//! repeats it: a whole manifest may be laid over its own cluster.

use super::cluster::{RayCluster, cluster};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Metadata;
use crate::source::Span;
use crate::yaml::{Entry, Fields, Findings, Node, Value, is_alike, merge};

/// What an edit leaves.
#[derive(Debug)]
pub struct Edited {
    /// The whole object.
    pub root: Node,
    /// What it says; `None` if KubeRay or the API server refuses it.
    pub cluster: Option<RayCluster>,
    /// What the edit writes of the groups, by their place.
    pub groups: Vec<GroupEdit>,
    /// What is wrong with the edit, or not followed.
    pub found: Vec<Diagnostic>,
}

/// What an edit writes of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupEdit {
    /// Its place in `workerGroupSpecs`.
    pub group: usize,
    /// Whether it writes `replicas`.
    pub replicas: bool,
    /// Whether it takes all names out of `scaleStrategy.workersToDelete`.
    pub names_nobody: bool,
}

/// What becomes of a field.
enum How {
    /// It is merged.
    Merged,
    /// So are those below it that are named.
    Below(&'static [&'static str]),
    /// The list of groups.
    Groups,
    /// A run can't follow it.
    NotFollowed,
}

/// Fields of a group that a run can follow.
const OF_GROUP: [&str; 7] = [
    "groupName",
    "replicas",
    "minReplicas",
    "maxReplicas",
    "suspend",
    "idleTimeoutSeconds",
    "priority",
];

/// The RayCluster at `root` with `patch` laid over its spec.
pub fn edited(root: &Node, patch: &Node, metadata: &Metadata) -> Edited {
    let mut overlay = Overlay { groups: Vec::new(), found: Vec::new() };
    let mut new = root.clone();
    if let Value::Mapping(entries) = &mut new.value {
        for entry in entries.iter_mut().filter(|it| it.key == "spec") {
            entry.value = overlay.spec(&entry.value, patch);
        }
    }
    let before = read(root, metadata).1;
    let (cluster, mut found) = read(&new, metadata);
    // What was wrong before has been said.
    found.retain(|it| !before.iter().any(|known| known.message == it.message));
    let is_refused = found.iter().any(|it| it.severity == Severity::Error);
    for it in found.iter_mut().filter(|it| !patch.span.contains(it.span.start)) {
        it.span = patch.span;
    }
    let Overlay { groups, found: mut all } = overlay;
    all.extend(found);
    Edited { root: new, cluster: cluster.filter(|_| !is_refused), groups, found: all }
}

/// What the object says, and what is wrong with it.
fn read(root: &Node, metadata: &Metadata) -> (Option<RayCluster>, Vec<Diagnostic>) {
    let findings = Findings::default();
    let mut found = Fields::of(root, "", &findings).and_then(|mut fields| {
        fields.pass(&["apiVersion", "kind", "metadata", "status"]);
        fields.mapping("spec").map(cluster)
    });
    super::rules("RayCluster", root, metadata, &findings);
    if let Some(cluster) = &mut found {
        cluster.resize = metadata.annotations.get("ray.io/ippr").cloned();
    }
    (found, findings.into_parts().0)
}

/// An edit that is laid over a spec.
struct Overlay {
    groups: Vec<GroupEdit>,
    found: Vec<Diagnostic>,
}

impl Overlay {
    fn spec(&mut self, base: &Node, patch: &Node) -> Node {
        self.lay(base, patch, "spec", &|key| match key {
            "suspend" => How::Merged,
            "autoscalerOptions" => How::Below(&["idleTimeoutSeconds", "upscalingMode"]),
            "workerGroupSpecs" => How::Groups,
            _ => How::NotFollowed,
        })
    }

    /// `base` with those fields of `patch` laid over it that can be followed.
    fn lay(&mut self, base: &Node, patch: &Node, path: &str, how: &dyn Fn(&str) -> How) -> Node {
        let mut new = base.clone();
        for entry in patch.entries() {
            let path = format!("{path}.{}", entry.key);
            let inner = base.get(&entry.key);
            let value = match (how(&entry.key), inner) {
                (How::Merged, _) => {
                    new = merge(&new, &only(entry, entry.value.clone()));
                    continue;
                }
                (How::Below(names), _) if !entry.value.entries().is_empty() => {
                    let nothing = Node { span: entry.value.span, value: Value::Null };
                    let how = |key: &str| {
                        if names.contains(&key) { How::Merged } else { How::NotFollowed }
                    };
                    self.lay(inner.unwrap_or(&nothing), &entry.value, &path, &how)
                }
                (How::Groups, Some(groups)) if !entry.value.items().is_empty() => {
                    self.worker_groups(groups, &entry.value, &path)
                }
                (How::Below(_) | How::Groups | How::NotFollowed, inner) => {
                    self.not_followed(entry, inner, &path);
                    continue;
                }
            };
            new = set(&new, entry, value);
        }
        new
    }

    /// Each entry over the group of its name.
    fn worker_groups(&mut self, base: &Node, patch: &Node, path: &str) -> Node {
        let mut groups = base.items().to_vec();
        for (index, item) in patch.items().iter().enumerate() {
            let Some(name) = item.get("groupName").and_then(Node::text) else {
                self.say(
                    item.span,
                    "`groupName` says which group this is about: nothing is edited",
                );
                continue;
            };
            let of_name = |it: &Node| it.get("groupName").and_then(Node::text) == Some(name);
            let Some(group) = groups.iter().position(of_name) else {
                let message = format!(
                    "no worker group is called {name}, and a run adds none: nothing is edited"
                );
                self.say(item.span, message);
                continue;
            };
            let path = format!("{path}[{index}]");
            let new = self.lay(&groups[group], item, &path, &|key| match key {
                key if OF_GROUP.contains(&key) => How::Merged,
                "scaleStrategy" => How::Below(&["workersToDelete"]),
                _ => How::NotFollowed,
            });
            let named = new.get("scaleStrategy").and_then(|it| it.get("workersToDelete"));
            if let Some(named) = named.filter(|it| !it.items().is_empty()) {
                let message = format!(
                    "`{path}.scaleStrategy.workersToDelete`: a run gives pods names of its own, so \
                     that only an empty list can be followed"
                );
                self.say(named.span, message);
            }
            let names_nobody = item
                .get("scaleStrategy")
                .and_then(|it| it.entry("workersToDelete"))
                .is_some_and(|it| it.value.items().is_empty());
            let replicas = item.entry("replicas").is_some();
            self.groups.push(GroupEdit { group, replicas, names_nobody });
            groups[group] = new;
        }
        Node { span: base.span, value: Value::Sequence(groups) }
    }

    /// Names a field that would change and can't be followed.
    fn not_followed(&mut self, entry: &Entry, base: Option<&Node>, path: &str) {
        let new = base.map_or_else(|| entry.value.clone(), |it| merge(it, &entry.value));
        let is_same = match base {
            Some(base) => is_alike(base, &new),
            None => new.is_null(),
        };
        if !is_same {
            let message = format!("`{path}`: a run does not follow a change of this, it stays");
            self.say(entry.key_span, message);
        }
    }

    fn say(&mut self, span: Span, message: impl Into<String>) {
        self.found.push(Diagnostic::new("TT509", Severity::Warning, span, message));
    }
}

/// A mapping of `entry` alone, which is `value`.
fn only(entry: &Entry, value: Node) -> Node {
    let entry = Entry { value, ..entry.clone() };
    Node { span: entry.value.span, value: Value::Mapping(vec![entry]) }
}

/// `base` whose field of that key is `value`.
fn set(base: &Node, entry: &Entry, value: Node) -> Node {
    let mut new = base.clone();
    if let Value::Mapping(entries) = &mut new.value {
        match entries.iter_mut().find(|it| it.key == entry.key) {
            Some(known) => known.value = value,
            None => entries.push(Entry { value, ..entry.clone() }),
        }
    }
    new
}
