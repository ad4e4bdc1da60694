//! `spec.load`: which requests each service gets.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::FormProps;
use crate::{
    parts::{TextField, load_picture},
    queries::scenario::{ShapeKind, default_shape, shape_fields},
    strings::Strings,
};

pub(super) fn requests(props: &FormProps, strings: &Strings) -> Html {
    let form = &props.form;
    html! {
        <>
            { for (0..form.scenario.load.len()).map(|index| entry(props, index, strings)) }
            { for form.targets.iter().map(|target| {
                let (form, target) = (form.clone(), target.clone());
                let name = target.name.clone();
                let add = move |_: MouseEvent| form.add_load(&target);
                html! {
                    <button type="button" class="chip" onclick={props.apply.reform(add)}>
                        { format!("+ {} · {name}", strings.add_load) }
                    </button>
                }
            }) }
        </>
    }
}

fn entry(props: &FormProps, index: usize, strings: &Strings) -> Html {
    let (form, apply) = (&props.form, &props.apply);
    let duration = form.scenario.duration;
    let entry = &form.scenario.load[index];
    let kind = ShapeKind::of(&entry.shape);
    let path = format!("spec.load[{index}]");
    let choose = {
        let form = form.clone();
        apply.reform(move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            let chosen = ShapeKind::ALL.into_iter().find(|it| it.name() == name);
            chosen.map(|it| form.set_shape(index, &default_shape(it, duration))).unwrap_or_default()
        })
    };
    let remove = {
        let (form, path) = (form.clone(), path.clone());
        apply.reform(move |_: MouseEvent| form.remove(&path))
    };
    html! {
        <fieldset class="entry">
            <legend>{ format!("{} {}", entry.target.kind.as_str(), entry.target.name) }</legend>
            <div class="entry-head">
                <select class="menu-select" aria-label={strings.shape} onchange={choose}>
                    { for ShapeKind::ALL.map(|it| html! {
                        <option value={it.name()} selected={it == kind}>
                            { (strings.shape_name)(it) }
                        </option>
                    }) }
                </select>
                { load_picture(&entry.shape, duration) }
                <button type="button" class="quiet" onclick={remove}>{ strings.remove }</button>
            </div>
            <div class="fields-grid" data-shape={kind.name()}>
                { for shape_fields(&entry.shape).into_iter().map(|(field, value)| {
                    let form = form.clone();
                    let full = format!("{path}.{field}");
                    let name = field.rsplit('.').next().unwrap_or(&field).to_owned();
                    html! {
                        <TextField
                            key={field}
                            {name}
                            {value}
                            on_change={apply.reform(move |typed: String| form.set(&full, &typed))}
                        />
                    }
                }) }
            </div>
            if kind == ShapeKind::Points {
                { add_point(props, index, strings) }
            }
        </fieldset>
    }
}

/// A point more, a minute after the last.
fn add_point(props: &FormProps, index: usize, strings: &Strings) -> Html {
    use tidetable_core::{time::Duration, workload::Shape};

    let Shape::Points { points, .. } = &props.form.scenario.load[index].shape else {
        return Html::default();
    };
    let Some(last) = points.last() else { return Html::default() };
    let at = crate::queries::scenario::instant(last.at + Duration::from_seconds(60));
    let item = format!("{{at: {at}, rps: {}}}", last.rate);
    let form = props.form.clone();
    let add = move |_: MouseEvent| form.append(&format!("spec.load[{index}].points"), &item);
    html! {
        <button type="button" class="chip" onclick={props.apply.reform(add)}>
            { format!("+ {}", strings.add_point) }
        </button>
    }
}
