//! An HPA's spec in JSON, as it is stored and read by a controller: what is written, and the
//! defaults.

use serde_json::{Map, Value, json};
use tidetable_core::manifest::hpa::{
    Metric, MetricIdentifier, ObjectReference, ScalingRules, Source, SourceKind, Target,
};
use tidetable_core::manifest::{ApiRules, Hpa};
use tidetable_core::quantity::Quantity;
use tidetable_core::yaml::{self, Node, Spanned, scalar};

/// `written` with what is filled in.
pub(crate) fn stored(written: &Hpa, api: &ApiRules) -> Value {
    let mut spec = Map::new();
    spec.insert("scaleTargetRef".to_owned(), reference(&written.target));
    spec.insert("maxReplicas".to_owned(), number(written.max_replicas).unwrap_or(json!(0)));
    put(&mut spec, "minReplicas", number(written.min_replicas));
    if !written.metrics.is_empty() {
        let metrics = written.metrics.iter().map(|it| metric(it, api)).collect();
        spec.insert("metrics".to_owned(), metrics);
    }
    if let Some(behavior) = &written.behavior {
        let mut sides = Map::new();
        put(&mut sides, "scaleUp", behavior.scale_up.as_ref().map(|it| rules(it, api)));
        put(&mut sides, "scaleDown", behavior.scale_down.as_ref().map(|it| rules(it, api)));
        spec.insert("behavior".to_owned(), Value::Object(sides));
    }
    let mut whole = json!({ "spec": spec });
    for filled in written.defaults() {
        let mut place = &mut whole;
        for name in filled.path.split('.') {
            place = &mut place[name];
        }
        assert!(place.is_null(), "{} is written", filled.path);
        *place = plain_value(filled.value);
    }
    whole["spec"].take()
}

fn plain_value(text: &str) -> Value {
    let read = yaml::read(text);
    value(read.parts[0].root.as_ref().expect("YAML"))
}

fn value(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Scalar { text, .. } => match scalar::plain(text) {
            scalar::Plain::Int(number) => json!(number),
            _ => json!(text),
        },
        yaml::Value::Sequence(items) => items.iter().map(value).collect(),
        yaml::Value::Mapping(entries) => {
            entries.iter().map(|it| (it.key.clone(), value(&it.value))).collect()
        }
    }
}

fn put(to: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        to.insert(key.to_owned(), value);
    }
}

fn number(written: Option<Spanned<i32>>) -> Option<Value> {
    written.map(|it| json!(it.value))
}

fn text(written: Option<&Spanned<String>>) -> Value {
    json!(written.map_or("", |it| it.value.as_str()))
}

fn reference(written: &ObjectReference) -> Value {
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!(written.kind.value));
    out.insert("name".to_owned(), json!(written.name.value));
    let version = &written.api_version.value;
    put(&mut out, "apiVersion", (!version.is_empty()).then(|| json!(version)));
    Value::Object(out)
}

fn metric(written: &Metric, api: &ApiRules) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), text(written.kind.as_ref()));
    for it in &written.sources {
        out.insert(it.kind.field().to_owned(), source(it, api));
    }
    Value::Object(out)
}

fn source(written: &Source, api: &ApiRules) -> Value {
    let mut out = Map::new();
    out.insert("target".to_owned(), target(&written.target, api));
    match written.kind {
        SourceKind::Resource | SourceKind::ContainerResource => {
            out.insert("name".to_owned(), text(written.resource.as_ref()));
            if written.kind == SourceKind::ContainerResource {
                out.insert("container".to_owned(), text(written.container.as_ref()));
            }
        }
        SourceKind::Object | SourceKind::Pods | SourceKind::External => {
            out.insert("metric".to_owned(), identifier(written.metric.as_ref()));
            if written.kind == SourceKind::Object {
                let absent = ObjectReference::default();
                let object = written.described_object.as_ref().unwrap_or(&absent);
                out.insert("describedObject".to_owned(), reference(object));
            }
        }
    }
    Value::Object(out)
}

fn target(written: &Target, api: &ApiRules) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), text(written.kind.as_ref()));
    let quantity = |it: &Spanned<Quantity>| json!(quantity(&it.value));
    put(&mut out, "averageUtilization", number(written.average_utilization));
    put(&mut out, "averageValue", written.average_value.as_ref().map(quantity));
    put(&mut out, "value", written.value_by(api).map(quantity));
    Value::Object(out)
}

/// As it is stored.
fn quantity(written: &Quantity) -> String {
    written.stored().to_string()
}

fn identifier(written: Option<&MetricIdentifier>) -> Value {
    let mut out = Map::new();
    out.insert("name".to_owned(), text(written.and_then(|it| it.name.as_ref())));
    if let Some(selector) = written.and_then(|it| it.selector.as_ref()) {
        let mut selected = Map::new();
        let labels: Map<String, Value> =
            selector.match_labels.pairs().into_iter().map(|(key, it)| (key, json!(it))).collect();
        put(&mut selected, "matchLabels", (!labels.is_empty()).then_some(Value::Object(labels)));
        let requirements: Vec<Value> = selector
            .match_expressions
            .iter()
            .map(|it| {
                let mut out = Map::new();
                out.insert("key".to_owned(), json!(it.key));
                out.insert("operator".to_owned(), json!(it.operator));
                put(&mut out, "values", (!it.values.is_empty()).then(|| json!(it.values)));
                Value::Object(out)
            })
            .collect();
        let requirements = (!requirements.is_empty()).then_some(Value::Array(requirements));
        put(&mut selected, "matchExpressions", requirements);
        out.insert("selector".to_owned(), Value::Object(selected));
    }
    Value::Object(out)
}

fn rules(written: &ScalingRules, api: &ApiRules) -> Value {
    let mut out = Map::new();
    put(&mut out, "stabilizationWindowSeconds", number(written.stabilization_window_seconds));
    put(&mut out, "selectPolicy", written.select_policy.as_ref().map(|it| json!(it.value)));
    let policies = written.policies.as_ref().filter(|it| !it.value.is_empty());
    let policies = policies.map(|it| {
        let policy = |it: &tidetable_core::manifest::hpa::ScalingPolicy| {
            json!({
                "type": text(it.kind.as_ref()),
                "value": number(it.value).unwrap_or(json!(0)),
                "periodSeconds": number(it.period_seconds).unwrap_or(json!(0)),
            })
        };
        it.value.iter().map(policy).collect()
    });
    put(&mut out, "policies", policies);
    let tolerance = written.tolerance.as_ref().filter(|_| api.own_tolerance);
    put(&mut out, "tolerance", tolerance.map(|it| json!(quantity(&it.value))));
    Value::Object(out)
}
