//! In-place resize of pods: the annotation `ray.io/ippr` of the RayCluster.
//!
//! It names groups and how large their pods may become. Groups that do not exist are passed over;
//! what is wrong with one that does stops the autoscaler as a whole.
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py
//! `validate_and_set_ippr_specs`, `_build_ippr_group_spec`; autoscaler/v2/schema.py
//! `IPPRSpecsSchema`.

use super::cluster::{ClusterSpec, GroupSpec, value_of};
use super::error::{ConfigError, ResizeError};
use super::json::{self, Json};
use super::quantity::{to_float, to_whole};
use super::{HEAD_GROUP, NodeType};

/// How large pods of a group may become in place.
///
/// Upstream: ray 2.60.0 autoscaler/v2/schema.py `IPPRGroupSpec`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResizeLimits {
    /// `max-cpu`, in cores.
    pub max_cpu: f64,
    /// `max-memory`, in bytes.
    pub max_memory: i64,
    /// `resize-timeout`: how long one resize may take.
    pub timeout_s: i64,
}

/// What a group's object in the annotation must hold, in the schema's order, and its types.
const FIELDS: [(&str, &str); 3] = [
    ("max-cpu", "'string', 'number'"),
    ("max-memory", "'string', 'integer'"),
    ("resize-timeout", "'integer'"),
];

/// Whether the annotation alone can be read.
///
/// # Errors
/// What upstream would say of it.
pub fn check_resize(annotation: &str) -> Result<(), ConfigError> {
    groups(annotation).map(drop)
}

/// Gives the node types that `annotation` names their limits.
pub(super) fn set_limits(
    annotation: &str,
    cluster: &ClusterSpec,
    node_types: &mut [NodeType],
) -> Result<(), ConfigError> {
    for (name, members) in groups(annotation)? {
        let workers = cluster.worker_groups.iter().rev();
        let spec = if name == HEAD_GROUP {
            Some(&cluster.head)
        } else {
            workers.filter(|it| it.name == name).map(|it| &it.spec).next()
        };
        let Some(spec) = spec else { continue };
        let limits = limits(&members, spec)?;
        if let Some(node_type) = node_types.iter_mut().find(|it| *it.name == *name) {
            node_type.resize = Some(limits);
        }
    }
    Ok(())
}

type Members = Vec<(String, Json)>;

/// The groups that the annotation names, if it keeps to the schema.
fn groups(annotation: &str) -> Result<Vec<(String, Members)>, ConfigError> {
    if annotation.is_empty() {
        return Ok(Vec::new());
    }
    let schema = |text: String| ConfigError::Resize(ResizeError::Schema(format!(": {text}")));
    let root = json::read(annotation).ok_or(ConfigError::Resize(ResizeError::NotJson))?;
    let Json::Object(members) = root else {
        return Err(schema(of_type(&root, "'object'")));
    };
    let Some((_, groups)) = members.into_iter().find(|(name, _)| name == "groups") else {
        return Ok(Vec::new());
    };
    let Json::Object(groups) = groups else {
        return Err(schema(of_type(&groups, "'object'")));
    };
    let mut found = Vec::new();
    // Of several problems upstream reports the one that lies highest, then the one with the last
    // path, then the first.
    let mut problem: Option<(u8, String, &str, String)> = None;
    for (name, value) in groups {
        for (depth, field, text) in problems(&value) {
            let is_worse = problem.as_ref().is_none_or(|(old, group, old_field, _)| {
                depth < *old || (depth == *old && (name.as_str(), field) > (group, *old_field))
            });
            if is_worse {
                problem = Some((depth, name.clone(), field, text));
            }
        }
        if let Json::Object(members) = value {
            found.push((name, members));
        }
    }
    problem.map_or(Ok(found), |(.., text)| Err(schema(text)))
}

/// What is wrong with one group's object: how deep it lies, the field, and upstream's text.
fn problems(group: &Json) -> Vec<(u8, &'static str, String)> {
    let Json::Object(members) = group else {
        return vec![(0, "", of_type(group, "'object'"))];
    };
    let mut problems = Vec::new();
    for (name, types) in FIELDS {
        let Some((_, value)) = members.iter().find(|(it, _)| it == name) else {
            problems.push((0, "", format!("'{name}' is a required property")));
            continue;
        };
        let is_whole = match value {
            Json::Whole(_) => true,
            Json::Float(number) => number.is_finite() && number.fract() == 0.0,
            _ => false,
        };
        let fits = match name {
            "max-cpu" => matches!(value, Json::Text(_) | Json::Float(_)) || is_whole,
            "max-memory" => matches!(value, Json::Text(_)) || is_whole,
            _ => is_whole,
        };
        if !fits {
            problems.push((1, name, of_type(value, types)));
        }
    }
    problems
}

fn of_type(value: &Json, types: &str) -> String {
    let value = match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Whole(digits) => digits.clone(),
        Json::Float(number) => format!("{number:?}"),
        Json::Text(text) => format!("'{text}'"),
        Json::List(true) => "[]".to_owned(),
        Json::List(false) => "[...]".to_owned(),
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(_) => "{...}".to_owned(),
    };
    format!("{value} is not of type {types}")
}

fn limits(members: &Members, spec: &GroupSpec) -> Result<ResizeLimits, ConfigError> {
    check_group(spec)?;
    let value = |name: &str| members.iter().find(|(it, _)| it == name).map(|(_, value)| value);
    Ok(ResizeLimits {
        max_cpu: match value("max-cpu") {
            Some(Json::Float(number)) => *number,
            Some(Json::Whole(text) | Json::Text(text)) => to_float(text)?,
            _ => 0.0,
        },
        max_memory: whole(value("max-memory"))?,
        timeout_s: whole(value("resize-timeout"))?,
    })
}

fn whole(value: Option<&Json>) -> Result<i64, ConfigError> {
    match value {
        Some(Json::Float(number)) => Ok(*number as i64),
        Some(Json::Whole(text) | Json::Text(text)) => to_whole(text),
        _ => Ok(0),
    }
}

/// What a group's template must be like.
fn check_group(spec: &GroupSpec) -> Result<(), ConfigError> {
    let params = &spec.ray_start_params;
    if value_of(params, "num-cpus").or_else(|| value_of(params, "memory")).is_some() {
        return Err(ConfigError::Resize(ResizeError::StartParam));
    }
    let request = |name: &str| value_of(&spec.requests, name);
    let (Some(cpu), Some(memory)) = (request("cpu"), request("memory")) else {
        return Err(ConfigError::Resize(ResizeError::RequestMissing));
    };
    let is_ours = |name: &str| name == "cpu" || name == "memory";
    if spec.resize_policy.iter().any(|(name, it)| is_ours(name) && it != "NotRequired") {
        return Err(ConfigError::Resize(ResizeError::Restarts));
    }
    // The sizes at the start are read and used for nothing else.
    to_float(value_of(&spec.limits, "cpu").unwrap_or(cpu))?;
    to_whole(value_of(&spec.limits, "memory").unwrap_or(memory))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{WorkerGroup, derive};
    use super::*;

    fn map(text: &str) -> Vec<(String, String)> {
        let pairs = text.split_whitespace().filter_map(|it| it.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The limits of group `w`, or why there are none, as upstream's own code printed it.
    fn limits(annotation: &str, change: impl FnOnce(&mut GroupSpec)) -> String {
        let mut spec = GroupSpec { requests: map("cpu=1 memory=1Gi"), ..GroupSpec::default() };
        change(&mut spec);
        let head = GroupSpec { limits: map("cpu=1"), ..GroupSpec::default() };
        let (name, max_replicas) = ("w".to_owned(), Some(1));
        let group =
            WorkerGroup { name, min_replicas: Some(0), max_replicas, num_of_hosts: None, spec };
        let resize = Some(annotation.to_owned());
        let cluster =
            ClusterSpec { head, worker_groups: vec![group], resize, ..ClusterSpec::default() };
        match derive(&cluster).map(|it| it.node_types[1].resize) {
            Ok(None) => String::new(),
            Ok(Some(it)) => format!("{}/{}/{}", it.max_cpu, it.max_memory, it.timeout_s),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_annotation_is_read_and_refused_as_upstream_does() {
        let w = |members: &str| format!(r#"{{"groups": {{"w": {members}}}}}"#);
        let rows = [
            (String::new(), ""),
            ("{}".to_owned(), ""),
            ("{".to_owned(), "JSONDecodeError"),
            ("[]".to_owned(), "ValidationError: [] is not of type 'object'"),
            (r#""x""#.to_owned(), "ValidationError: 'x' is not of type 'object'"),
            (r#"{"groups": 1}"#.to_owned(), "ValidationError: 1 is not of type 'object'"),
            (w("1"), "ValidationError: 1 is not of type 'object'"),
            (w("{}"), "ValidationError: 'max-cpu' is a required property"),
            (
                w(r#"{"max-cpu": true, "max-memory": 1, "resize-timeout": 1}"#),
                "ValidationError: True is not of type 'string', 'number'",
            ),
            (
                w(r#"{"max-cpu": null, "max-memory": "1", "resize-timeout": "1"}"#),
                "ValidationError: '1' is not of type 'integer'",
            ),
            (
                w(r#"{"max-cpu": "1500m", "max-memory": 1e9, "resize-timeout": 30.0}"#),
                "1.5/1000000000/30",
            ),
            (
                w(r#"{"max-cpu": "1ki", "max-memory": 1, "resize-timeout": 1}"#),
                "ValueError: 1ki has unknown suffix",
            ),
            (
                r#"{"groups": {"b": {}, "a": {"max-cpu": null, "max-memory": 1}}}"#.to_owned(),
                "ValidationError: 'max-cpu' is a required property",
            ),
        ];
        for (annotation, expected) in rows {
            assert_eq!(limits(&annotation, |_| {}), expected, "{annotation}");
        }
    }

    #[test]
    fn the_template_must_allow_it() {
        let whole =
            r#"{"groups": {"w": {"max-cpu": 4, "max-memory": "8Gi", "resize-timeout": 9}}}"#;
        assert_eq!(limits(whole, |_| {}), "4/8589934592/9");
        assert_eq!(
            limits(whole, |it| it.requests.truncate(1)),
            "ValueError: should have 'cpu' and 'memory' in resource requests as the resources \
             lower bounds if IPPR is used"
        );
        assert_eq!(
            limits(whole, |it| it.ray_start_params = map("num-cpus=1")),
            "ValueError: should not have 'num-cpus' or 'memory' in rayStartParams if IPPR is used"
        );
        assert_eq!(
            limits(whole, |it| it.resize_policy = map("cpu=RestartContainer")),
            "ValueError: IPPR only supports restartPolicy=NotRequired"
        );
        assert_eq!(limits(whole, |it| it.resize_policy = map("gpu=X cpu=NotRequired")).len(), 14);
    }
}
