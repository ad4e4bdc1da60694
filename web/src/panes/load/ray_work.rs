//! `spec.ray`: what each Ray cluster is given to do.

use tidetable_core::{
    time::Duration,
    workload::{RayResources, Work, WorkKind},
    yaml::edit::quote,
};
use yew::prelude::*;

use super::FormProps;
use crate::{
    parts::TextField,
    queries::scenario::{instant, length},
    strings::Strings,
};

/// What a new piece of work begins as.
const NEW_WORK: &str = "{at: 1m, tasks: {count: 10, resources: {CPU: 1}, duration: 1m}}";

pub(super) fn ray_work(props: &FormProps, strings: &Strings) -> Html {
    let scenario = &props.form.scenario;
    let without_work = props
        .form
        .clusters
        .iter()
        .filter(|(name, _)| !scenario.ray.iter().any(|it| it.cluster == *name));
    html! {
        <>
            { for scenario.ray.iter().enumerate().map(|(cluster, entry)| html! {
                <fieldset class="entry">
                    <legend>{ entry.cluster.clone() }</legend>
                    { for entry.work.iter().enumerate().map(|(index, work)| {
                        one(props, &format!("spec.ray[{cluster}].work[{index}]"), work, strings)
                    }) }
                    { add(
                        props,
                        strings,
                        "",
                        format!("spec.ray[{cluster}].work"),
                        NEW_WORK.to_owned(),
                    ) }
                </fieldset>
            }) }
            { for without_work.map(|(name, namespace)| {
                let namespace = namespace.as_ref().map(|it| format!(", namespace: {}", quote(it)));
                let item = format!(
                    "{{cluster: {}{}, work: [{NEW_WORK}]}}",
                    quote(name),
                    namespace.unwrap_or_default(),
                );
                add(props, strings, name, "spec.ray".to_owned(), item)
            }) }
        </>
    }
}

fn add(props: &FormProps, strings: &Strings, name: &str, path: String, item: String) -> Html {
    let form = props.form.clone();
    let onclick = props.apply.reform(move |_: MouseEvent| form.append(&path, &item));
    let name = if name.is_empty() { String::new() } else { format!(" · {name}") };
    html! {
        <button type="button" class="chip" {onclick}>
            { format!("+ {}{name}", strings.add_ray_work) }
        </button>
    }
}

fn one(props: &FormProps, path: &str, work: &Work, strings: &Strings) -> Html {
    let (form, apply) = (&props.form, &props.apply);
    let remove = {
        let (form, path) = (form.clone(), path.to_owned());
        apply.reform(move |_: MouseEvent| form.remove(&path))
    };
    let (kind, own) = fields(&work.kind);
    let mut all = vec![("at".to_owned(), instant(work.at), false)];
    all.extend(
        own.into_iter().map(|(key, value, is_map)| (format!("{kind}.{key}"), value, is_map)),
    );
    html! {
        <div class="work">
            <div class="entry-head">
                <strong>{ kind }</strong>
                <button type="button" class="quiet" onclick={remove}>{ strings.remove }</button>
            </div>
            <div class="fields-grid">
                { for all.into_iter().map(|(field, value, is_map)| {
                    let form = form.clone();
                    let full = format!("{path}.{field}");
                    let name = field.rsplit('.').next().unwrap_or(&field).to_owned();
                    let on_change = apply.reform(move |typed: String| {
                        if is_map {
                            form.set_mapping(&full, &typed)
                        } else {
                            form.set(&full, &typed)
                        }
                    });
                    html! { <TextField key={field} {name} {value} {on_change} /> }
                }) }
            </div>
        </div>
    }
}

/// The Scenario's name of a kind of work, and its fields: key, value, whether it is a mapping.
/// Bundles and labels are left to the editor.
fn fields(kind: &WorkKind) -> (&'static str, Vec<(&'static str, String, bool)>) {
    let lasting = |it: &Option<Duration>| it.map_or_else(String::new, length);
    match kind {
        WorkKind::Tasks { count, resources, duration, .. } => (
            "tasks",
            vec![
                ("count", count.to_string(), false),
                ("duration", length(*duration), false),
                ("resources", mapping(resources), true),
            ],
        ),
        WorkKind::Actors { count, resources, duration, .. } => (
            "actors",
            vec![
                ("count", count.to_string(), false),
                ("duration", lasting(duration), false),
                ("resources", mapping(resources), true),
            ],
        ),
        WorkKind::PlacementGroups { count, duration, .. } => (
            "placementGroups",
            vec![("count", count.to_string(), false), ("duration", lasting(duration), false)],
        ),
        WorkKind::RequestResources { count, duration, .. } => (
            "requestResources",
            vec![("count", count.to_string(), false), ("duration", lasting(duration), false)],
        ),
    }
}

fn mapping(resources: &RayResources) -> String {
    let pairs = resources.iter().map(|(name, amount)| format!("{name}: {amount}"));
    pairs.collect::<Vec<_>>().join(", ")
}
