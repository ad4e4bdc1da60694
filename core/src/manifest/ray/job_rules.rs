//! What the operator refuses in a RayJob.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/validation.go `ValidateRayJobSpec`,
//! `validateDeletionConfiguration`, `validateDeletionRules`, `validateLegacyDeletionPolicies`.

use super::rules::{flag, number};
use crate::source::Span;
use crate::yaml::{Findings, Node};

const CODE: &str = "TT226";

/// What the rules about deletion need of the job.
struct Job<'a> {
    spec: &'a Node,
    findings: &'a Findings,
    selects: bool,
    autoscaling: bool,
    shutdown: bool,
}

impl Job<'_> {
    fn refuse(&self, span: Span, message: impl Into<String>) {
        self.findings.error(CODE, span, message.into());
    }

    fn word(&self, name: &str) -> Option<&str> {
        self.spec.get(name).and_then(Node::text)
    }
}

pub(super) fn rules(spec: &Node, cluster: Option<&Node>, findings: &Findings) {
    let job = Job {
        spec,
        findings,
        selects: spec.get("clusterSelector").is_some_and(|it| !it.entries().is_empty()),
        autoscaling: flag(cluster, "enableInTreeAutoscaling").0,
        shutdown: flag(Some(spec), "shutdownAfterJobFinishes").0,
    };
    life(&job);
    selector(&job);
    mode(&job, cluster);
    numbers(&job);
    if let Some(strategy) = spec.get("deletionStrategy") {
        deletion(&job, strategy);
    }
}

fn life(job: &Job<'_>) {
    let (suspend, span) = flag(Some(job.spec), "suspend");
    if suspend && !job.shutdown {
        let message = "a RayJob with shutdownAfterJobFinishes set to false is not allowed to be \
                       suspended";
        job.refuse(span, message);
    }
    if suspend && job.selects {
        job.refuse(span, "the ClusterSelector mode doesn't support the suspend operation");
    }
    match number(Some(job.spec), "ttlSecondsAfterFinished") {
        Some((seconds, span)) if seconds < 0 => {
            job.refuse(span, "TTLSecondsAfterFinished must be a non-negative integer");
        }
        Some((seconds, span)) if seconds > 0 && !job.shutdown => {
            let message = "a RayJob with shutdownAfterJobFinishes set to false cannot have \
                           TTLSecondsAfterFinished";
            job.refuse(span, message);
        }
        _ => {}
    }
}

fn selector(job: &Job<'_>) {
    let Some(selector) = job.spec.get("clusterSelector").filter(|_| job.selects) else { return };
    let name = selector.get("ray.io/cluster").and_then(Node::text).unwrap_or_default();
    if name.is_empty() {
        job.refuse(selector.span, "cluster name in ClusterSelector should not be empty");
    }
    if job.word("submissionMode") == Some("SidecarMode") {
        job.refuse(selector.span, "ClusterSelector is not supported in SidecarMode");
    }
    if let Some((_, span)) = number(Some(job.spec), "backoffLimit").filter(|it| it.0 > 0) {
        job.refuse(span, "BackoffLimit is incompatible with ClusterSelector mode");
    }
}

fn mode(job: &Job<'_>, cluster: Option<&Node>) {
    let retries = number(Some(job.spec), "backoffLimit").filter(|it| it.0 > 0);
    match job.word("submissionMode") {
        Some("InteractiveMode") => {
            if let Some((_, span)) = retries {
                job.refuse(span, "BackoffLimit is incompatible with InteractiveMode");
            }
        }
        Some("SidecarMode") => {
            for (field, name) in [
                ("submitterPodTemplate", "SubmitterPodTemplate"),
                ("submitterConfig", "SubmitterConfig"),
            ] {
                if let Some(node) = job.spec.get(field) {
                    let message = format!("Currently, SidecarMode doesn't support {name}");
                    job.refuse(node.span, message);
                }
            }
            let head = cluster.and_then(|it| it.get("headGroupSpec"));
            let pod = head.and_then(|it| it.get("template")).and_then(|it| it.get("spec"));
            let policy = pod.and_then(|it| it.get("restartPolicy"));
            if let Some(node) = policy.filter(|it| !matches!(it.text(), Some("" | "Never"))) {
                let message = "restartPolicy for head Pod should be Never or unset when using \
                               SidecarMode";
                job.refuse(node.span, message);
            }
        }
        _ => {}
    }
}

fn numbers(job: &Job<'_>) {
    for (field, least) in
        [("activeDeadlineSeconds", 1), ("preRunningDeadlineSeconds", 1), ("backoffLimit", 0)]
    {
        if let Some((_, span)) = number(Some(job.spec), field).filter(|it| it.0 < least) {
            job.refuse(span, format!("{field} must be a positive integer"));
        }
    }
}

fn deletion(job: &Job<'_>, strategy: &Node) {
    let (success, failure) = (strategy.get("onSuccess"), strategy.get("onFailure"));
    let legacy = success.or(failure);
    let rules = strategy.get("deletionRules").map(Node::items).unwrap_or_default();
    if !rules.is_empty() && job.shutdown {
        let message = "spec.shutdownAfterJobFinishes and spec.deletionStrategy.deletionRules are \
                       mutually exclusive";
        job.refuse(strategy.span, message);
    }
    match legacy {
        Some(legacy) if !rules.is_empty() => {
            let message = "Cannot use both legacy onSuccess/onFailure fields and deletionRules \
                           simultaneously";
            job.refuse(legacy.span, message);
        }
        Some(legacy) => policies(job, legacy.span, success, failure),
        None if rules.is_empty() => {
            let message = "DeletionStrategy requires either BOTH onSuccess and onFailure, OR the \
                           deletionRules field (cannot be empty)";
            job.refuse(strategy.span, message);
        }
        None => deletion_rules(job, rules),
    }
}

/// `onSuccess` and `onFailure`.
fn policies(job: &Job<'_>, place: Span, success: Option<&Node>, failure: Option<&Node>) {
    let (Some(success), Some(failure)) = (success, failure) else {
        let message = "both DeletionStrategy.OnSuccess and DeletionStrategy.OnFailure must be set \
                       when using the legacy deletion policy fields of DeletionStrategy";
        return job.refuse(place, message);
    };
    let mut words = Vec::new();
    for (node, name, when) in [(success, "OnSuccess", "success"), (failure, "OnFailure", "failure")]
    {
        let Some(policy) = node.get("policy").and_then(Node::text) else {
            let message = format!(
                "the DeletionPolicyType field of DeletionStrategy.{name} cannot be unset when \
                 DeletionStrategy is enabled"
            );
            return job.refuse(node.span, message);
        };
        if job.selects && matches!(policy, "DeleteCluster" | "DeleteWorkers") {
            let message = format!(
                "the ClusterSelector mode doesn't support DeletionStrategy={policy} on {when}"
            );
            job.refuse(node.span, message);
        }
        words.push((policy, node.span));
    }
    let find = |word: &str| words.iter().find(|it| it.0 == word).map(|it| it.1);
    if let Some(span) = find("DeleteWorkers").filter(|_| job.autoscaling) {
        let message = "DeletionStrategy=DeleteWorkers currently does not support RayCluster with \
                       autoscaling enabled";
        job.refuse(span, message);
    }
    if let Some(span) = find("DeleteNone").filter(|_| job.shutdown) {
        let message = "shutdownAfterJobFinshes is set to 'true' while deletion policy is \
                       'DeleteNone'";
        job.refuse(span, message);
    }
}

/// A rule that is sound on its own.
struct Rule<'a> {
    policy: &'a str,
    /// `JobStatus` or `JobDeploymentStatus`, and which.
    condition: (&'static str, &'a str),
    seconds: i64,
    span: Span,
}

fn deletion_rules(job: &Job<'_>, rules: &[Node]) {
    let mut sound: Vec<Rule<'_>> = Vec::new();
    for (index, node) in rules.iter().enumerate() {
        match rule(job, node, &sound) {
            Ok(rule) => sound.push(rule),
            Err(error) => job.refuse(node.span, format!("deletionRules[{index}]: {error}")),
        }
    }
    let mut conditions: Vec<(&str, &str)> = Vec::new();
    for rule in &sound {
        if conditions.contains(&rule.condition) {
            continue;
        }
        conditions.push(rule.condition);
        let order = ["DeleteWorkers", "DeleteCluster", "DeleteSelf"].into_iter();
        let of =
            |policy| sound.iter().find(|it| it.condition == rule.condition && it.policy == policy);
        let ordered: Vec<&Rule<'_>> = order.filter_map(of).collect();
        for pair in ordered.windows(2).filter(|it| it[1].seconds < it[0].seconds) {
            let ((kind, word), before, after) = (rule.condition, pair[0], pair[1]);
            let message = format!(
                "for {kind} '{word}': {} TTL ({}) must be >= {} TTL ({})",
                after.policy, after.seconds, before.policy, before.seconds
            );
            job.refuse(after.span, message);
        }
    }
}

fn rule<'a>(job: &Job<'_>, node: &'a Node, known: &[Rule<'a>]) -> Result<Rule<'a>, String> {
    let condition = node.get("condition");
    let word = |name: &str| condition.and_then(|it| it.get(name)).and_then(Node::text);
    let condition_of = match (word("jobStatus"), word("jobDeploymentStatus")) {
        (Some(_), Some(_)) => {
            return Err(
                "cannot set both JobStatus and JobDeploymentStatus at the same time".to_owned()
            );
        }
        (Some(status), None) => ("JobStatus", status),
        (None, Some(status)) => ("JobDeploymentStatus", status),
        (None, None) => {
            return Err("exactly one of JobStatus and JobDeploymentStatus must be set".to_owned());
        }
    };
    let seconds = number(condition, "ttlSeconds").map_or(0, |it| it.0);
    if seconds < 0 {
        return Err("TTLSeconds must be non-negative".to_owned());
    }
    let policy = node.get("policy").and_then(Node::text).unwrap_or_default();
    if job.selects && matches!(policy, "DeleteCluster" | "DeleteWorkers") {
        return Err(format!(
            "DeletionPolicyType '{policy}' not supported when ClusterSelector is set"
        ));
    }
    if job.autoscaling && policy == "DeleteWorkers" {
        return Err(
            "DeletionPolicyType 'DeleteWorkers' not supported with autoscaling enabled".to_owned()
        );
    }
    if known.iter().any(|it| it.condition == condition_of && it.policy == policy) {
        let (kind, word) = condition_of;
        return Err(format!(
            "duplicate rule for DeletionPolicyType '{policy}' and {kind} '{word}'"
        ));
    }
    Ok(Rule { policy, condition: condition_of, seconds, span: node.span })
}
