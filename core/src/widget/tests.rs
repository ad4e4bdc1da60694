//! What widgets read, draw and answer.

use super::query::ask;
use super::{Picture, Range, View, draw, field, read};
use crate::Language;
use crate::examples::EXAMPLES;

const HPA: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 20
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  now:
  - {hpa: web, currentReplicas: 4, metrics: [85%]}
";

fn with_widget(spec: &str) -> String {
    format!("{HPA}---\napiVersion: tidetable.dev/v1alpha1\nkind: Widget\nspec:\n{spec}")
}

fn example(name: &str) -> &'static str {
    EXAMPLES.iter().find(|it| it.id == name).unwrap().text()
}

#[test]
fn the_settings_are_taken_out_of_the_text() {
    let text = with_widget(
        "  show: [staircase, why]\n  knobs:\n  - {field: 'Scenario spec.now[0].metrics[0]', from: 0, \
         to: 200, suffix: '%'}\n",
    );
    let read = read(&text);
    assert_eq!(read.diagnostics, []);
    assert_eq!(read.text, HPA);
    let widget = read.widget.unwrap();
    assert_eq!(widget.show, [View::Staircase, View::Why]);
    assert_eq!(widget.knobs[0].range, Range::Numbers(0.0, 200.0, 1.0));
}

#[test]
fn what_the_settings_name_must_be_there() {
    for (spec, problem) in [
        ("  show: [tide]\n", "chart, why, staircase"),
        ("  knobs:\n  - {field: Deployment spec.replicas, from: 1, to: 2}\n", "no `Deployment`"),
        ("  knobs:\n  - {field: Scenario spec.load, from: 1, to: 2}\n", "no field"),
        (
            "  knobs:\n  - {field: 'Scenario spec.now[0].currentReplicas', from: 2, to: 1}\n",
            "below",
        ),
        ("  knob: []\n", "knob"),
    ] {
        let found = read(&with_widget(spec)).diagnostics;
        assert!(found[0].message.contains(problem), "{spec} {found:?}");
    }
    assert_eq!(read("").diagnostics[0].code, "TT702");
    let broken = read(&with_widget("  knobs:\n  - {field: a[0]}\n")).diagnostics;
    assert!(broken.iter().any(|it| it.code == "TT101"), "{broken:?}");
}

#[test]
fn a_field_is_read_and_set_by_its_name() {
    let name = "HorizontalPodAutoscaler/web spec.maxReplicas";
    assert_eq!(field::value(HPA, name), Ok("20".to_owned()));
    let text = field::with(HPA, name, "7").unwrap();
    assert_eq!(field::value(&text, name), Ok("7".to_owned()));
    let added = field::with(HPA, "HorizontalPodAutoscaler spec.minReplicas", "3").unwrap();
    assert_eq!(
        field::value(&added, "HorizontalPodAutoscaler spec.minReplicas"),
        Ok("3".to_owned())
    );
}

#[test]
fn sentences_get_their_numbers_from_the_next_look() {
    let read = read(&with_widget("  show: [staircase]\n"));
    let widget = read.widget.unwrap();
    let set = |value: &str| {
        let set = [("Scenario spec.now[0].metrics[0]".to_owned(), value.to_owned())];
        ask(&read.text, &widget, &set, "asks", Language::En)
    };
    // ceil(85 / 60 × 4) = ceil(5.67)
    assert_eq!(ask(&read.text, &widget, &[], "asks", Language::En), Ok("6".to_owned()));
    // 66 / 60 = 1.1, the upper end of the band; ceil(67 / 60 × 4) = ceil(4.47)
    assert_eq!(set("66%"), Ok("4".to_owned()));
    assert_eq!(set("67%"), Ok("5".to_owned()));
    assert!(ask(&read.text, &widget, &[], "who knows", Language::En).is_err());
    let end = |question| ask(&read.text, &widget, &[], question, Language::En);
    // ceil(45 / 60 × 4) = 3; ceil(76 / 60 × 4) = ceil(90 / 60 × 4) = 6
    assert_eq!(end("stair to 3"), Ok("45".to_owned()));
    assert_eq!(end("stair from 6"), Ok("76".to_owned()));
    assert_eq!(end("stair to 6"), Ok("90".to_owned()));
}

#[test]
fn every_example_can_be_drawn_in_every_way_and_language() {
    let widget = super::Widget { show: View::ALL.map(|it| it.1).to_vec(), ..Default::default() };
    for example in EXAMPLES {
        for language in [Language::En, Language::Ko] {
            let panels = draw(example.text(), &widget, None, language);
            let panel = &panels[0];
            assert!(panel.pictures.len() >= View::ALL.len() - 2, "{}", example.id);
            let tables = super::table::tables(panel, language);
            for table in &tables {
                let width = table.head.len();
                assert!(table.rows.iter().all(|it| it.len() == width), "{}", example.id);
            }
            assert!(tables.iter().any(|it| !it.rows.is_empty()), "{}", example.id);
        }
    }
}

#[test]
fn nodes_are_shown_beside_ray_where_a_workload_has_pods() {
    let widget = super::Widget { show: vec![View::Nodes], ..Default::default() };
    let shown = |text: &str| {
        let panels = draw(text, &widget, None, Language::En);
        let tables = super::table::tables(&panels[0], Language::En);
        tables[0].rows.iter().map(|it| it.join(": ")).collect::<Vec<_>>()
    };
    let is_web = |it: &String| it.contains("php-apache-");
    let (web, ray) = (example("web-walkthrough"), example("ray-burst"));
    assert!(shown(web).iter().any(is_web), "{:?}", shown(web));
    let ray_alone = shown(ray);
    assert!(!ray_alone.is_empty() && !ray_alone.iter().any(is_web), "{ray_alone:?}");
    let manifests = web.split("---\napiVersion: tidetable.dev").next().unwrap();
    let both = shown(&format!("{manifests}---\n{ray}"));
    assert!(both.iter().any(is_web) && both.len() > ray_alone.len(), "{both:?}");
    assert!(both.starts_with(&ray_alone[..1]), "{both:?}");
}

#[test]
fn a_delay_adds_up() {
    let text = example("web-walkthrough");
    let widget = super::Widget { show: vec![View::Delays], ..Default::default() };
    let panels = draw(text, &widget, None, Language::En);
    let Picture::Delays(all) = &panels[0].pictures[0] else { panic!("no delays") };
    let (who, _, delay) = &all[0];
    assert_eq!(who, "HPA php-apache");
    assert_eq!(delay.from.ms(), 180_000, "the load rises at 3m");
    let ends: Vec<_> = delay.parts.iter().map(|it| it.1).collect();
    assert!(ends.is_sorted() && ends[0] > delay.from, "{delay:?}");
    let first = super::query::ask(text, &widget, &[], "time 1", Language::En).unwrap();
    let decided = delay.parts.iter().find(|it| it.0 == crate::DelayPart::Decided);
    let seen = delay.parts.iter().find(|it| it.0 == crate::DelayPart::Seen);
    let at = decided.or(seen).unwrap().1;
    assert_eq!(first, super::words::clock(at.ms() as f64));

    // A count below the minimum is raised at once, which no load asked for.
    let raised = field::with(text, "HorizontalPodAutoscaler spec.minReplicas", "3").unwrap();
    let delays = crate::predict(&raised, Language::En).delays();
    assert_eq!(delays[0].from.ms(), 180_000);
}

#[test]
fn a_pod_has_one_strip_without_gaps() {
    let widget = super::Widget { show: vec![View::Pods], ..Default::default() };
    let panels = draw(example("web-walkthrough"), &widget, None, Language::En);
    let Picture::Pods(strips) = &panels[0].pictures[0] else { panic!("no strips") };
    assert!(strips.len() > 1);
    for strip in strips {
        let touching = strip.stretches.windows(2).all(|it| it[0].to_ms == it[1].from_ms);
        assert!(touching, "{strip:?}");
    }
    let names: std::collections::BTreeSet<_> = strips.iter().map(|it| &it.pod).collect();
    assert_eq!(names.len(), strips.len());
}

#[test]
fn variants_stand_side_by_side() {
    let text = with_widget(
        "  show: [metrics]\n  compare:\n  - {label: few, set: {'HorizontalPodAutoscaler \
         spec.maxReplicas': 5}}\n  - {label: many, set: {'HorizontalPodAutoscaler \
         spec.maxReplicas': 30}}\n",
    );
    let read = read(&text);
    assert_eq!(read.diagnostics, []);
    let panels = draw(&read.text, &read.widget.unwrap(), None, Language::En);
    let asked: Vec<_> = panels.iter().map(|it| it.reasons.as_ref().unwrap().to).collect();
    assert_eq!(asked, [5.0, 6.0]);
}

#[test]
fn a_ray_node_is_asked_for_what_it_has() {
    let text = example("gpu-and-cpu-groups");
    let asked = |question| ask(text, &super::Widget::default(), &[], question, Language::En);
    assert_eq!(asked("node gpu").unwrap(), "{CPU: 8, GPU: 2, memory: 32Gi}");
    // Tasks of one CPU on eight, and four GPUs where there are two.
    assert_eq!(asked("fit 1 cpu").unwrap(), "8 on an empty node");
    assert_eq!(asked("fit 4 gpu").unwrap(), "GPU: needs 4, has 2");
    assert!(asked("fit 9 gpu").is_err() && asked("node none").is_err());
}

/// Two clusters of one RayService have charts of the same kind and name: a whole id means one.
#[test]
fn a_chart_is_meant_by_its_whole_id() {
    use super::picture::is_chart;
    let id = "replicas/default/chat-2/chat/Model";
    assert!(is_chart(id, "replicas") && is_chart(id, "replicas/Model") && is_chart(id, id));
    assert!(!is_chart(id, "replicas/default/chat/chat/Model") && !is_chart(id, "load/Model"));
}

#[test]
fn a_single_metric_has_a_table_as_well() {
    let rows = |value: &str| {
        let text = with_widget("  show: [metrics]\n").replace("85%", value);
        let read = read(&text);
        let panels = draw(&read.text, &read.widget.unwrap(), None, Language::En);
        super::table::tables(&panels[0], Language::En).remove(0).rows
    };
    // 85 / 60 = 1.4167; ceil(1.4167 × 4) = 6
    assert_eq!(rows("85%"), [["cpu", "85 %", "60 %", "1.42", "6"]]);
    let failed = rows("<unknown>").remove(0);
    assert!(failed[4].starts_with("failed to get cpu utilization"), "{failed:?}");
}

/// The first variant's values would undo those of the question.
#[test]
fn a_question_is_about_the_text_and_not_about_its_variants() {
    let field = "Scenario spec.now[0].metrics[0]";
    let text = with_widget(&format!(
        "  show: [staircase]\n  compare:\n  - {{label: low, set: {{'{field}': 30%}}}}\n  \
         - {{label: high, set: {{'{field}': 120%}}}}\n",
    ));
    let read = read(&text);
    let widget = read.widget.unwrap();
    let formula = |set: &[(String, String)]| {
        ask(&read.text, &widget, set, "formula proposal-utilization", Language::En)
    };
    assert_eq!(formula(&[]), Ok("ceil(85 / 60 × 4) = ceil(5.67) = 6".to_owned()));
    let set = [(field.to_owned(), "90%".to_owned())];
    assert_eq!(formula(&set), Ok("ceil(90 / 60 × 4) = ceil(6) = 6".to_owned()));

    let text = example("web-walkthrough");
    let variant = super::Variant {
        label: "one".to_owned(),
        set: vec![("HorizontalPodAutoscaler spec.maxReplicas".to_owned(), "1".to_owned())],
    };
    let widget = super::Widget { compare: vec![variant], ..Default::default() };
    assert!(ask(text, &widget, &[], "time 1", Language::En).is_ok());
}

#[test]
fn every_decision_says_why() {
    let widget = super::Widget { show: vec![View::Chart], ..Default::default() };
    let (mut keda, mut bound) = (Vec::new(), Vec::new());
    for example in EXAMPLES {
        for language in [Language::En, Language::Ko] {
            let panel = draw(example.text(), &widget, None, language).remove(0);
            let words = super::words::words(language);
            for row in super::table::decisions(&panel.marks, words).rows {
                assert!(!row[3].is_empty(), "{} {row:?}", example.id);
                if row[1].starts_with("KEDA") && language == Language::En {
                    keda.push(row[3].clone());
                }
                if row[1].starts_with("Serve") && language == Language::En {
                    bound.push(row[3].clone());
                }
            }
        }
    }
    assert!(keda.iter().any(|it| it.contains("active")), "{keda:?}");
    // The sentence of the rule that bound, not its name alone.
    assert!(bound.iter().all(|it| it.contains(char::is_whitespace)), "{bound:?}");
}

/// A count is written some milliseconds after it was decided, on another tenth of a second at times.
#[test]
fn a_count_is_asked_for_when_it_is_decided() {
    let widget = super::Widget { show: vec![View::Chart], ..Default::default() };
    let mut checked = 0;
    for id in ["web-walkthrough", "custom-metric", "slow-down-fast-up"] {
        let text = example(id);
        let mut most = 0.0;
        for (index, mark) in draw(text, &widget, None, Language::En)[0].marks.iter().enumerate() {
            if mark.to <= most || mark.to < mark.from || !mark.who.starts_with("HPA") {
                continue;
            }
            most = mark.to;
            let asked = |question: &str| ask(text, &widget, &[], question, Language::En).unwrap();
            let first = asked(&format!("first desired replicas {}", mark.to));
            assert_eq!(first, asked(&format!("time {}", index + 1)), "{id}");
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked}");
}
