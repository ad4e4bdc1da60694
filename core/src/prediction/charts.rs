//! The charts, from top to bottom: load, metric, replicas for each workload; workers for each Ray
//! cluster; nodes.

use super::{Run, Who};
use crate::explain::hpa::{metric_name, target as target_text, value_seen};
use crate::explain::phrase::{ChartPhrase, Phrase};
use crate::hpa::{MetricSpec, ResourceName, ResourceTarget, Tolerances, ValueTarget};
use crate::report::{Chart, Gap, Points, Series as Drawn, SeriesRole, Tone, Unit};
use crate::series::Series;
use crate::sim::{Cluster, Hpa};
use crate::time::Instant;

pub(super) fn charts(run: &Run) -> Vec<Chart> {
    let mut charts = Vec::new();
    for workload in 0..run.assembly.model.workloads.len() {
        let hpa =
            (0..run.assembly.model.hpas.len()).find(|it| run.workload_of(*it) == Some(workload));
        charts.push(load(run, workload, hpa));
        if run.assembly.model.workloads[workload].has_queue {
            charts.push(queue(run, workload, hpa));
        }
        if let Some(hpa) = hpa {
            charts.extend(metric(run, workload, hpa));
        }
        charts.push(replicas(run, workload, hpa));
    }
    super::serve::charts(run, &mut charts);
    let clusters = 0..run.assembly.model.clusters.len();
    for cluster in clusters.filter(|it| run.timeline.clusters[*it].made.is_some()) {
        charts.push(workers(run, cluster));
    }
    if !charts.is_empty() {
        charts.push(nodes(run));
    }
    charts
}

pub(super) fn points(series: &Series) -> Points {
    Points {
        at_ms: series.points().iter().map(|(at, _)| at.ms() as f64).collect(),
        values: series.points().iter().map(|(_, value)| *value).collect(),
        gaps: Vec::new(),
    }
}

/// The same while `hpa` is there.
fn while_there(points: Points, hpa: &Hpa) -> Points {
    let mut gaps: Vec<Gap> = Vec::new();
    let mut is_there = true;
    for at in [Instant::ZERO].into_iter().chain(hpa.edits.iter().map(|it| it.at)) {
        let was_there = std::mem::replace(&mut is_there, hpa.exists(at));
        match gaps.last_mut() {
            _ if was_there && !is_there => {
                gaps.push(Gap { from_ms: at.ms() as f64, until_ms: None });
            }
            Some(gap) if !was_there && is_there => gap.until_ms = Some(at.ms() as f64),
            _ => {}
        }
    }
    Points { gaps, ..points }
}

pub(super) fn constant(value: f64) -> Points {
    Points { at_ms: vec![0.0], values: vec![value], gaps: Vec::new() }
}

pub(super) struct Pen<'a> {
    run: &'a Run,
    series: Vec<Drawn>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self { run, series: Vec::new() }
    }

    pub(super) fn draw(
        &mut self,
        id: &str,
        name: &ChartPhrase<'_>,
        role: SeriesRole,
        tone: Tone,
        points: Points,
    ) {
        let name = name.text(self.run.language);
        self.series.push(Drawn { id: id.to_owned(), name, role, tone, points });
    }

    pub(super) fn chart(
        self,
        id: String,
        title: &ChartPhrase<'_>,
        note: &ChartPhrase<'_>,
        unit: Unit,
    ) -> Chart {
        Chart {
            id,
            title: title.text(self.run.language),
            note: note.say(self.run.language),
            unit,
            autoscaler: None,
            series: self.series,
        }
    }
}

fn workload_id(run: &Run, kind: &str, workload: usize) -> String {
    let it = &run.assembly.model.workloads[workload];
    format!("{kind}/{}/{}", it.namespace, it.name)
}

fn load(run: &Run, workload: usize, hpa: Option<usize>) -> Chart {
    let track = &run.timeline.workloads[workload];
    let mut pen = Pen::new(run);
    let served = points(&track.served);
    pen.draw("served", &ChartPhrase::SeriesServed, SeriesRole::Area, Tone::Load, served);
    let load = points(&track.load);
    if !run.assembly.model.workloads[workload].has_queue {
        let name = ChartPhrase::SeriesUnserved;
        pen.draw("unserved", &name, SeriesRole::Unserved, Tone::Bad, load.clone());
    }
    pen.draw("load", &ChartPhrase::SeriesLoad, SeriesRole::Line, Tone::Load, load);
    let note = ChartPhrase::NoteUnserved { requests: (track.unserved_nano as f64 / 1e9).round() };
    let name = &run.assembly.model.workloads[workload].name;
    let id = workload_id(run, "load", workload);
    let chart = pen.chart(id, &ChartPhrase::Load(name), &note, Unit::RequestsPerSecond);
    Chart { autoscaler: hpa, ..chart }
}

/// What waits for a workload whose queue somebody reads.
fn queue(run: &Run, workload: usize, hpa: Option<usize>) -> Chart {
    let mut pen = Pen::new(run);
    let waiting = points(&run.timeline.workloads[workload].waiting);
    pen.draw("waiting", &ChartPhrase::SeriesWaiting, SeriesRole::Area, Tone::Load, waiting);
    let name = &run.assembly.model.workloads[workload].name;
    let id = workload_id(run, "queue", workload);
    let chart = pen.chart(id, &ChartPhrase::Queue(name), &ChartPhrase::NoteQueue, Unit::Count);
    Chart { autoscaler: hpa, ..chart }
}

/// The first utilization metric, or else the first of all, as the HPA saw it, with target and
/// tolerance.
fn metric(run: &Run, workload: usize, hpa: usize) -> Option<Chart> {
    let spec = &run.assembly.model.hpas[hpa].spec;
    let is_utilization = |it: &MetricSpec| {
        matches!(
            it,
            MetricSpec::Resource { target: ResourceTarget::AverageUtilization(_), .. }
                | MetricSpec::ContainerResource {
                    target: ResourceTarget::AverageUtilization(_),
                    ..
                }
        )
    };
    let index = spec.metrics.iter().position(is_utilization).unwrap_or(0);
    let (target, unit) = level(spec.metrics.get(index)?)?;
    let mut seen = Series::default();
    for look in &run.timeline.hpas[hpa].looks {
        if let Some(value) = value_seen(look, index) {
            let value = if unit == Unit::MilliCpu { value * 1000.0 } else { value };
            seen.set(look.at, value);
        }
    }
    let tolerances = Tolerances::of(spec);
    let there = |points| while_there(points, &run.assembly.model.hpas[hpa]);
    let edge = |factor: f64| there(constant(target * factor));
    let mut pen = Pen::new(run);
    let band = |upper| ChartPhrase::SeriesBand { upper };
    let low = edge(1.0 - tolerances.scale_down);
    pen.draw("band-low", &band(false), SeriesRole::Band, Tone::Hpa, low);
    let high = edge(1.0 + tolerances.scale_up);
    pen.draw("band-high", &band(true), SeriesRole::Band, Tone::Hpa, high);
    let limit = there(constant(target));
    pen.draw("target", &ChartPhrase::SeriesTarget, SeriesRole::Limit, Tone::Hpa, limit);
    let name = metric_name(spec, index);
    let seen = there(points(&seen));
    pen.draw("seen", &ChartPhrase::SeriesMetric(&name), SeriesRole::Line, Tone::Hpa, seen);
    let text = target_text(spec, index, run.language);
    let (down, up) = (tolerances.scale_down, tolerances.scale_up);
    let note = ChartPhrase::NoteTarget { target: &text, down, up };
    let title = match (unit, name.as_str()) {
        (Unit::Percent, "cpu") => ChartPhrase::Metric("CPU"),
        (Unit::Percent, _) => ChartPhrase::Metric(&name),
        _ => ChartPhrase::MetricValue(&name),
    };
    let id = workload_id(run, "metric", workload);
    let chart = pen.chart(id, &title, &note, unit);
    Some(Chart { autoscaler: Some(hpa), ..chart })
}

/// The target of a metric, and its unit.
fn level(metric: &MetricSpec) -> Option<(f64, Unit)> {
    let whole = |milli: i64| milli as f64 / 1000.0;
    Some(match metric {
        MetricSpec::Resource { name, target }
        | MetricSpec::ContainerResource { name, target, .. } => match (target, name) {
            (ResourceTarget::AverageUtilization(target), _) => (f64::from(*target), Unit::Percent),
            (ResourceTarget::AverageValue(milli), ResourceName::Memory) => {
                (whole(*milli), Unit::Bytes)
            }
            (ResourceTarget::AverageValue(milli), _) => (*milli as f64, Unit::MilliCpu),
        },
        MetricSpec::Pods { target_average_value_milli: milli, .. }
        | MetricSpec::Object {
            target: Some(ValueTarget::Value(milli) | ValueTarget::AverageValue(milli)),
            ..
        }
        | MetricSpec::External {
            target: ValueTarget::Value(milli) | ValueTarget::AverageValue(milli),
            ..
        } => (whole(*milli), Unit::Count),
        MetricSpec::Object { target: None, .. } | MetricSpec::Unknown(_) => return None,
    })
}

fn replicas(run: &Run, workload: usize, hpa: Option<usize>) -> Chart {
    let track = &run.timeline.workloads[workload];
    let mut pen = Pen::new(run);
    let ready = points(&track.ready);
    pen.draw("ready", &ChartPhrase::SeriesReady, SeriesRole::Area, Tone::Hpa, ready);
    if let Some((hpa, ghost)) = hpa.and_then(|hpa| Some((hpa, run.ghost(hpa)?))) {
        let ghost = while_there(points(ghost), &run.assembly.model.hpas[hpa]);
        pen.draw(
            "without-cap",
            &ChartPhrase::SeriesWithoutCap,
            SeriesRole::Ghost,
            Tone::Hpa,
            ghost,
        );
    }
    if let Some(hpa) = hpa {
        bounds(&mut pen, &run.assembly.model.hpas[hpa]);
    }
    let desired = points(&track.desired);
    pen.draw("desired", &ChartPhrase::SeriesDesired, SeriesRole::Line, Tone::Hpa, desired);
    let name = &run.assembly.model.workloads[workload].name;
    let id = workload_id(run, "replicas", workload);
    let chart =
        pen.chart(id, &ChartPhrase::Replicas(name), &ChartPhrase::NoteReplicas, Unit::Count);
    Chart { autoscaler: hpa, ..chart }
}

/// `maxReplicas` as edits leave it from time to time; `minReplicas` too if someone edits it. What
/// the workload is asked for stays when its HPA goes; these do not.
fn bounds(pen: &mut Pen<'_>, hpa: &Hpa) {
    let (mut min, mut max) = (Series::default(), Series::default());
    for count in 0..=hpa.edits.len() {
        let at = count.checked_sub(1).map_or(Instant::ZERO, |last| hpa.edits[last].at);
        let spec = hpa.spec_after(count);
        min.set(at, f64::from(spec.min_replicas));
        max.set(at, f64::from(spec.max_replicas));
    }
    let mut line = |id, field, tone, series: &Series| {
        let value = match series.points() {
            [(_, only)] => Some(*only),
            _ => None,
        };
        let name = ChartPhrase::SeriesMax { field, value };
        let points = while_there(points(series), hpa);
        pen.draw(id, &name, SeriesRole::Limit, tone, points);
    };
    line("max", "maxReplicas", Tone::Bad, &max);
    if min.points().len() > 1 {
        line("min", "minReplicas", Tone::Hpa, &min);
    }
}

fn workers(run: &Run, cluster: usize) -> Chart {
    let model = run.cluster_at(cluster, run.timeline.end);
    let name = &run.assembly.model.clusters[cluster].name;
    let track = &run.timeline.clusters[cluster];
    let mut pen = Pen::new(run);
    for (group, it) in model.groups.iter().zip(&track.groups) {
        let id = format!("running/{}", group.name);
        let name = ChartPhrase::SeriesRunning(&group.name);
        pen.draw(&id, &name, SeriesRole::Area, Tone::Ray, points(&it.running));
        let id = format!("requested/{}", group.name);
        let name = ChartPhrase::SeriesRequested(&group.name);
        pen.draw(&id, &name, SeriesRole::Line, Tone::Ray, points(&it.requested));
    }
    for group in 0..model.groups.len() {
        edited_bounds(&mut pen, model, group);
    }
    let waiting = points(&track.pending);
    pen.draw("pending", &ChartPhrase::SeriesPending, SeriesRole::Ghost, Tone::Serve, waiting);
    let id = format!("workers/{}/{name}", model.namespace);
    let note = ChartPhrase::NoteWorkers;
    let chart = pen.chart(id, &ChartPhrase::Workers(name), &note, Unit::Count);
    let autoscaler = Who::all(run).iter().position(|it| *it == Who::Ray(cluster));
    Chart { autoscaler, ..chart }
}

/// `maxReplicas` and `minReplicas` of a group, in pods, where someone edits them.
fn edited_bounds(pen: &mut Pen<'_>, model: &Cluster, group: usize) {
    let it = &model.groups[group];
    let hosts = it.num_of_hosts as f64;
    let (mut min, mut max) = (Series::default(), Series::default());
    let mut set = |at: Instant, least: i64, most: i64| {
        min.set(at, least as f64 * hosts);
        max.set(at, most as f64 * hosts);
    };
    set(Instant::ZERO, it.min_replicas, it.max_replicas);
    for (at, change) in &model.edits {
        let change = model.changes.get(*change).and_then(|it| it.groups.get(group));
        if let Some(to) = change {
            set(*at, to.min_replicas, to.max_replicas);
        }
    }
    for (field, tone, series) in
        [("maxReplicas", Tone::Bad, &max), ("minReplicas", Tone::Ray, &min)]
    {
        if series.points().len() > 1 {
            let id = format!("{field}/{}", it.name);
            let title = format!("{} {field}", it.name);
            let name = ChartPhrase::SeriesMax { field: &title, value: None };
            pen.draw(&id, &name, SeriesRole::Limit, tone, points(series));
        }
    }
}

fn nodes(run: &Run) -> Chart {
    let mut pen = Pen::new(run);
    let used = points(&run.timeline.nodes_used);
    pen.draw("used", &ChartPhrase::SeriesNodesUsed, SeriesRole::Area, Tone::Node, used);
    let without = &run.timeline.unschedulable;
    if without.max() > 0.0 {
        let name = ChartPhrase::SeriesUnschedulable;
        pen.draw("unschedulable", &name, SeriesRole::Line, Tone::Bad, points(without));
    }
    let note = ChartPhrase::NoteNodes { count: run.assembly.model.nodes.len() };
    pen.chart("nodes".to_owned(), &ChartPhrase::Nodes, &note, Unit::Count)
}

#[cfg(test)]
mod tests {
    use crate::report::Gap;
    use crate::{Language, examples, predict};

    fn kind(id: &str) -> &str {
        id.split('/').next().unwrap_or(id)
    }

    #[test]
    fn a_limit_moves_where_an_edit_moves_it() {
        let text = examples::EXAMPLES[0].text();
        let edits = "spec:\n  edits:\n  - {at: 2m, hpa: ray-serve-hpa, maxReplicas: 9}\n  - {at: 4m, \
                     hpa: ray-serve-hpa, minReplicas: 3, maxReplicas: 9}\n";
        let scenario = text.find("kind: Scenario").expect("it has a Scenario");
        let spec = scenario + text[scenario..].find("spec:\n").expect("it has a spec");
        let edited = format!("{}{edits}{}", &text[..spec], &text[spec + "spec:\n".len()..]);
        let limits = |text: &str| -> Vec<(String, Vec<f64>, Vec<f64>)> {
            let charts = predict(text, Language::En).report.charts;
            let series = charts.into_iter().filter(|it| it.id.starts_with("replicas/"));
            let limits = series.flat_map(|it| it.series);
            let limits = limits.filter(|it| ["max", "min"].contains(&it.id.as_str()));
            limits.map(|it| (it.name, it.points.at_ms, it.points.values)).collect()
        };
        assert_eq!(limits(text), [("maxReplicas 5".to_owned(), vec![0.0], vec![5.0])]);
        let max = ("maxReplicas".to_owned(), vec![0.0, 120_000.0], vec![5.0, 9.0]);
        let min = ("minReplicas".to_owned(), vec![0.0, 240_000.0], vec![1.0, 3.0]);
        assert_eq!(limits(&edited), [max, min]);
    }

    #[test]
    fn lines_of_an_hpa_are_drawn_while_it_is_there() {
        let text = examples::EXAMPLES[0].text();
        let gaps = |edits: &str| -> Vec<(String, Vec<Gap>)> {
            let scenario = text.find("kind: Scenario").expect("it has a Scenario");
            let spec = scenario + text[scenario..].find("spec:\n").expect("it has a spec");
            let spec = spec + "spec:\n".len();
            let edited = format!("{}  edits:\n{edits}{}", &text[..spec], &text[spec..]);
            let charts = predict(&edited, Language::En).report.charts.into_iter();
            let charts = charts.filter(|it| ["replicas", "metric"].contains(&kind(&it.id)));
            let series = charts.flat_map(|it| it.series);
            let series = series.filter(|it| ["target", "max", "desired"].contains(&&*it.id));
            series.map(|it| (it.id, it.points.gaps)).collect()
        };
        let named = |from_ms: f64, until_ms: Option<f64>| {
            let gap = vec![Gap { from_ms, until_ms }];
            let of = |id: &str, gaps: &[Gap]| (id.to_owned(), gaps.to_vec());
            [of("target", &gap), of("max", &gap), of("desired", &[])]
        };
        let entry = |at: &str, action: &str| {
            format!("  - {{at: {at}, hpa: ray-serve-hpa, action: {action}}}\n")
        };
        let edits = entry("5m", "delete");
        assert_eq!(gaps(&edits), named(300_000.0, None));
        let edits = entry("5m", "delete") + &entry("7m", "create");
        assert_eq!(gaps(&edits), named(300_000.0, Some(420_000.0)));
        let edits = entry("1m", "create");
        assert_eq!(gaps(&edits), named(0.0, Some(60_000.0)));
    }
}
