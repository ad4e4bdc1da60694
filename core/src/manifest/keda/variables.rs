//! Parameters that a trigger takes from a variable of its target's container: `hostFromEnv`.
//!
//! A variable that the container does not have, or has without a value, counts as none; a parameter
//! that must be set is then missing, and KEDA makes no HPA. What a Secret, a ConfigMap or `envFrom`
//! holds can't be seen and counts as there, and so does all of a target that is not in the text.
//!
//! Upstream: keda 2.21 pkg/scaling/scalers_builder.go `buildScalers`,
//! pkg/scaling/resolver/scale_resolvers.go `ResolveScaleTargetPodSpec`, `ResolveContainerEnv`,
//! `resolveEnv`; pkg/scalers/scalersconfig/typed_config.go `configParamValue`.

use std::mem;

use super::trigger;
use super::validation::TRIGGER;
use super::{ScaledObject, Trigger};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::pod::{Container, PodTemplate, Variable};
use crate::manifest::{Body, Documents};
use crate::yaml::Spanned;

/// How the name of a parameter ends whose value names a variable.
const SUFFIX: &str = "FromEnv";

impl Variable {
    /// Whether KEDA reads something from it: not from a field of the pod, nor from empty text.
    pub fn has_value_for_keda(&self) -> bool {
        match self.value.as_deref() {
            None | Some("") => self.is_in_object,
            Some(text) => !text.trim().is_empty(),
        }
    }
}

impl ScaledObject {
    /// The container whose variables KEDA reads, if `pod` has it.
    pub fn container_of_variables<'pod>(&self, pod: &'pod PodTemplate) -> Option<&'pod Container> {
        let Some(name) = &self.target.env_container else { return pod.containers.first() };
        pod.containers.iter().find(|it| it.name.value == name.value)
    }
}

impl Trigger {
    /// Its parameters, each with the name of its variable, that are nowhere else in `metadata` and
    /// whose variable `container` does not have.
    pub fn without_variable<'own>(
        &'own self,
        container: &'own Container,
    ) -> impl Iterator<Item = (&'own str, &'own (Spanned<String>, Spanned<String>))> {
        let named = self.metadata.0.iter().filter_map(|it| {
            let parameter = it.0.value.strip_suffix(SUFFIX)?;
            (!it.1.value.trim().is_empty()).then_some((parameter, it))
        });
        named.filter(|(parameter, (_, variable))| {
            let is_given =
                self.metadata.get(parameter).is_some_and(|it| !it.value.trim().is_empty());
            let mut own = container.env.iter().filter(|it| it.name.value == variable.value);
            !is_given && !container.has_env_from && !own.any(Variable::has_value_for_keda)
        })
    }
}

/// Refuses triggers of ScaledObjects whose target is in the text and lacks what they read.
pub(in crate::manifest) fn look_up(read: &mut Documents) {
    for index in 0..read.documents.len() {
        if matches!(read.documents[index].body, Body::ScaledObject(_)) {
            look_up_of(read, index);
        }
    }
}

/// Few texts have a ScaledObject: the page loads this later.
#[inline(never)]
fn look_up_of(read: &mut Documents, index: usize) {
    let body = mem::replace(&mut read.documents[index].body, Body::Other);
    let Body::ScaledObject(mut object) = body else { return };
    let document = &read.documents[index];
    let target = read.workloads().find(|(other, _)| {
        other.kind.value == object.target_kind()
            && other.name() == object.target.name.value
            && other.namespace() == document.namespace()
    });
    let pod = target.map(|(_, workload)| &workload.template);
    let found = pod.filter(|it| !it.containers.is_empty()).map(|it| refuse(&mut object, it));
    read.documents[index].body = Body::ScaledObject(object);
    for it in found.unwrap_or_default() {
        read.documents[index].refused.push(it.clone());
        read.diagnostics.push(it);
    }
}

fn refuse(object: &mut ScaledObject, pod: &PodTemplate) -> Vec<Diagnostic> {
    let error = |span, text: String| Diagnostic::new(TRIGGER, Severity::Error, span, text);
    let Some(container) = object.container_of_variables(pod) else {
        object.has_no_hpa = true;
        let text = |it: Spanned<String>| {
            let text = [
                "error resolving secrets for ScaleTarget: couldn't find container with name ",
                &it.value,
                " on Target object",
            ];
            error(it.span, text.concat())
        };
        return object.target.env_container.clone().map(text).into_iter().collect();
    };
    let mut found = Vec::new();
    for (index, trigger) in object.triggers.iter_mut().enumerate().filter(|it| !it.1.is_refused) {
        let missing: Vec<_> =
            trigger.without_variable(container).map(|(_, (key, _))| key.span).collect();
        if missing.is_empty() {
            continue;
        }
        let mut seen = trigger.clone();
        seen.metadata.0.retain(|(key, _)| !missing.contains(&key.span));
        match trigger::scaler(&seen, index) {
            None => {}
            Some(Ok(scaler)) => trigger.scaler = Some(scaler),
            Some(Err(problems)) => {
                trigger.scaler = None;
                (trigger.is_refused, trigger.lacks_variable) = (true, true);
                object.has_no_hpa = true;
                found.extend(problems.into_iter().map(|(span, text)| error(span, text)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::TRIGGER;
    use crate::manifest::keda::{ScaledObject, Scaler};
    use crate::manifest::{Documents, read};

    fn text(containers: &str, target: &str, trigger: &str) -> String {
        format!(
            "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: w}}\nspec: \
             {{scaleTargetRef: {{name: w{target}}}, triggers: [{trigger}]}}\n---\napiVersion: \
             apps/v1\nkind: Deployment\nmetadata: {{name: w}}\nspec: {{template: {{spec: \
             {{containers: [{containers}]}}}}}}\n"
        )
    }

    fn object(read: &Documents) -> &ScaledObject {
        read.scaled_objects().next().expect("one").1
    }

    const RABBIT: &str = "{type: rabbitmq, metadata: {queueName: q, hostFromEnv: URL}}";
    const MISSING: &str = "error parsing RabbitMQ metadata: missing required parameter \"host\" in \
                           [triggerMetadata authParams resolvedEnv]";

    #[test]
    fn a_required_parameter_without_its_variable_is_refused_in_kedas_words() {
        for (containers, target, error) in [
            ("{name: a}", "", Some(MISSING)),
            ("{name: a, env: [{name: URL, value: ' '}]}", "", Some(MISSING)),
            ("{name: a, env: [{name: URL, value: b}]}", "", None),
            ("{name: a}, {name: b, env: [{name: URL, value: b}]}", "", Some(MISSING)),
            (
                "{name: a}, {name: b, env: [{name: URL, value: b}]}",
                ", envSourceContainerName: b",
                None,
            ),
            (
                "{name: a, env: [{name: URL, value: b}]}",
                ", envSourceContainerName: b",
                Some(
                    "error resolving secrets for ScaleTarget: couldn't find container with name b \
                     on Target object",
                ),
            ),
            ("{name: a, envFrom: [{configMapRef: {name: c}}]}", "", None),
            ("{name: a, envFrom: []}", "", Some(MISSING)),
            // Nothing is known of these pods.
            ("", "", None),
        ] {
            let read = read(&text(containers, target, RABBIT));
            let found = read.diagnostics.iter().filter(|it| it.code == TRIGGER);
            let found: Vec<_> = found.map(|it| it.message.as_str()).collect();
            assert_eq!(found, error.into_iter().collect::<Vec<_>>(), "{containers}{target}");
            assert_eq!(object(&read).has_no_hpa, error.is_some(), "{containers}{target}");
        }
    }

    #[test]
    fn without_its_variable_a_topic_is_none() {
        let trigger = "{type: kafka, metadata: {bootstrapServers: 'k:1', consumerGroup: g, \
                       topicFromEnv: TOPIC}}";
        let metric = |containers: &str| {
            let read = read(&text(containers, "", trigger));
            let scaler = object(&read).triggers[0].scaler.clone();
            let Some(Scaler::External(external, _)) = scaler else { panic!("{containers}") };
            external.metric
        };
        assert_eq!(metric("{name: a}"), "s0-kafka-g-topics");
        // What the variable holds is not read.
        assert_eq!(metric("{name: a, env: [{name: TOPIC, value: t}]}"), "s0-kafka-$TOPIC");
    }
}
