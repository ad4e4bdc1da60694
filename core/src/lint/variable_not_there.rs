//! A trigger that reads a variable (`hostFromEnv`) which the target's container does not have.
//!
//! KEDA takes the parameter as not set. If it must be set, no trigger of the ScaledObject is built
//! and there is no HPA. Silent where the container has `envFrom`, or where it can't be told which
//! container KEDA looks at.
//!
//! Upstream: keda 2.21 pkg/scaling/resolver/scale_resolvers.go `resolveEnv`;
//! pkg/scalers/scalersconfig/typed_config.go `configParamValue`, `setValue`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::manifest::Document;
use crate::manifest::keda::{ScaledObject, Trigger};
use crate::manifest::pod::{Container, PodTemplate, Variable};
use crate::source::Span;
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT071",
    name: "variable-not-there",
    severity: Severity::Warning,
    chapter: "hpa/keda#variables",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        if let (Some(object), Some((_, workload))) = (scaler.scaled_object, scaler.target) {
            of_object(input.text, scaler.document, object, &workload.template, found);
        }
    }
}

/// Few texts have a ScaledObject: the page loads this later.
#[inline(never)]
fn of_object(
    text: &str,
    document: &Document,
    object: &ScaledObject,
    pod: &PodTemplate,
    found: &mut Vec<Diagnostic>,
) {
    let Some(container) = object.container_of_variables(pod) else { return };
    // What is refused for something else would be refused with the variable, too.
    for trigger in object.triggers.iter().filter(|it| it.lacks_variable || !it.is_refused) {
        for (parameter, (key, variable)) in trigger.without_variable(container) {
            let name = &variable.value;
            let own = container.env.iter().find(|it| it.name.value == *name);
            let message = [
                "KEDA finds no `",
                name,
                "` in the variables of container `",
                &container.name.value,
                "`: ",
                &what_follows(trigger, parameter),
            ];
            let finding = RULE.at(variable.span, message.concat());
            let finding = match own {
                Some(own) => finding.also(own.name.span, "KEDA reads no value here"),
                None => finding.also(container.name.span, "its `env` has to have it"),
            };
            let finding = in_place(text, finding, trigger, key.span, name);
            found.push(from_another(text, finding, document, elsewhere(object, pod, name)));
        }
    }
}

fn what_follows(trigger: &Trigger, parameter: &str) -> String {
    let ends = if trigger.lacks_variable {
        ["without `", "` it makes no HPA"]
    } else if trigger.has_authentication {
        ["`", "` counts as not set, unless the TriggerAuthentication has it"]
    } else if trigger.scaler.is_some() {
        ["`", "` counts as not set"]
    } else {
        ["`", "` counts as not set, and if the trigger needs it KEDA makes no HPA"]
    };
    [ends[0], parameter, ends[1]].concat()
}

/// Offers to write the parameter itself, where its value is no name but an address.
fn in_place(
    text: &str,
    finding: Diagnostic,
    trigger: &Trigger,
    key: Span,
    name: &str,
) -> Diagnostic {
    if !trigger.lacks_variable || !name.contains(':') {
        return finding;
    }
    let parameter = text[key.start..key.end].replace("FromEnv", "");
    let title = ["write it as ", parameter.trim_matches(['"', '\''])].concat();
    finding.with(Fix::changes_decisions(title, vec![TextEdit { span: key, text: parameter }]))
}

/// Another container with that variable, and with all else that the triggers read.
fn elsewhere<'pod>(
    object: &ScaledObject,
    pod: &'pod PodTemplate,
    name: &str,
) -> Option<(&'pod Container, &'pod Variable)> {
    let mut found = pod.containers.iter().filter_map(|container| {
        let mut own = container.env.iter();
        let own = own.find(|it| it.name.value == name && it.has_value_for_keda())?;
        Some((container, own))
    });
    found.find(|(container, _)| {
        let mut triggers = object.triggers.iter();
        triggers.all(|it| it.without_variable(container).next().is_none())
    })
}

fn from_another(
    text: &str,
    finding: Diagnostic,
    document: &Document,
    other: Option<(&Container, &Variable)>,
) -> Diagnostic {
    let Some((container, variable)) = other else { return finding };
    let name = &container.name.value;
    let path = edit::steps("spec.scaleTargetRef.envSourceContainerName");
    let label = ["container ", name, " has it"].concat();
    let title = ["read the variables of container ", name].concat();
    let edit = edit::set(text, &document.root, &path, &edit::quote(name));
    super::with_fix(finding.also(variable.name.span, label), &title, edit)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn text(containers: &str, target: &str, triggers: &str) -> String {
        format!(
            "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: w}}
spec:
  template:
    spec:
      containers:
{containers}---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {{name: w}}
spec:
  scaleTargetRef: {{name: w{target}}}
  triggers:
{triggers}"
        )
    }

    fn rabbit(host: &str) -> String {
        format!(
            "  - type: rabbitmq\n    metadata:\n      queueName: q\n      {}\n",
            host.replace('\n', "\n      ")
        )
    }

    const NONE: &str = "KEDA finds no `URL` in the variables of container `app`: ";
    const APP: &str =
        "      - name: app\n              ~~~ its `env` has to have it\n        image: w:1\n";

    #[test]
    fn a_parameter_that_must_be_set() {
        let host =
            format!("hostFromEnv: URL\n             ^^^ {NONE}without `host` it makes no HPA");
        check(&RULE, &text(APP, "", &rabbit(&host)));
    }

    #[test]
    fn a_parameter_that_need_not_be_set() {
        let mark = |what: &str| format!("                     ^^^ {NONE}`topic` {what}\n");
        let lag = |more: &str, what: &str| {
            let metadata = "bootstrapServers: 'k:9092'\n      consumerGroup: g";
            format!(
                "  - type: kafka\n{more}    metadata:\n      {metadata}\n      topicFromEnv:  \
                 URL\n{}",
                mark(what)
            )
        };
        check(&RULE, &text(APP, "", &lag("", "counts as not set")));
        let secret = "counts as not set, unless the TriggerAuthentication has it";
        check(&RULE, &text(APP, "", &lag("    authenticationRef: {name: a}\n", secret)));
    }

    #[test]
    fn a_trigger_of_which_that_is_not_known() {
        let mark = format!(
            "                                                     ^^^ {NONE}`connection` counts as \
             not set, and if the trigger needs it KEDA makes no HPA\n"
        );
        let trigger = "  - {type: postgresql, metadata: {connectionFromEnv: URL}}\n";
        check(&RULE, &text(APP, "", &format!("{trigger}{mark}")));
    }

    #[test]
    fn a_variable_without_a_value() {
        let host =
            format!("hostFromEnv: URL\n             ^^^ {NONE}without `host` it makes no HPA");
        for value in ["value: ''", "valueFrom: {fieldRef: {fieldPath: status.podIP}}"] {
            let containers = format!(
                "      - name: app\n        env:\n        - name: URL\n                ~~~ KEDA reads \
                 no value here\n          {value}\n"
            );
            check(&RULE, &text(&containers, "", &rabbit(&host)));
        }
    }

    #[test]
    fn what_is_there_or_may_be() {
        for own in [
            "env: [{name: URL, value: 'amqp://r'}]",
            "env: [{name: URL, valueFrom: {secretKeyRef: {name: r, key: url}}}]",
            "env: [{name: URL, valueFrom: {configMapKeyRef: {name: r, key: url}}}]",
            "envFrom: [{secretRef: {name: r}}]",
        ] {
            let containers = format!("      - name: app\n        {own}\n      - name: other\n");
            check(&RULE, &text(&containers, "", &rabbit("hostFromEnv: URL")));
            let second = format!("      - name: other\n      - name: app\n        {own}\n");
            let target = ", envSourceContainerName: app";
            check(&RULE, &text(&second, target, &rabbit("hostFromEnv: URL")));
        }
        let app = "      - name: app\n";
        check(&RULE, &text(app, "", &rabbit("hostFromEnv: URL\nhost: 'amqp://r'")));
        check(&RULE, &text(app, ", kind: StatefulSet", &rabbit("hostFromEnv: URL")));
        // Refused for its missing host, which no variable can give.
        check(&RULE, &text(app, "", "  - {type: rabbitmq, metadata: {modeFromEnv: URL}}\n"));
    }

    #[test]
    fn a_variable_of_another_container() {
        let both =
            "      - name: app\n      - name: other\n        env: [{name: URL, value: 'a'}]\n";
        let before = text(both, "", &rabbit("hostFromEnv: URL"));
        let after = text(both, ", envSourceContainerName: other", &rabbit("hostFromEnv: URL"));
        assert_eq!(fixed(&RULE, &before), after);
    }

    #[test]
    fn an_address_where_the_name_of_a_variable_belongs() {
        let before = text("      - name: app\n", "", &rabbit("hostFromEnv: 'amqp://r'"));
        let after = text("      - name: app\n", "", &rabbit("host: 'amqp://r'"));
        assert_eq!(fixed(&RULE, &before), after);
    }
}
