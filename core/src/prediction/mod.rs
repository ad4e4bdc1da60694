//! The one entry: text in, report out.
//!
//! Reads the text, puts documents and Scenario together, runs the simulation, and turns what came
//! of it into the promised shape. What each part says is decided elsewhere; here it is only put in
//! its place.

mod alternatives;
mod bindings;
mod charts;
mod decisions;
mod delays;
mod expectations;
mod feasibility;
mod kuberay;
mod notes;
mod placement;
mod ray_job;
#[cfg(test)]
mod resting_tests;
mod serve;
mod summary;
mod totals;
mod unmet;
mod verdicts;

pub use delays::{Delay, DelayPart};

use crate::assemble::{Assembly, assemble};
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain;
use crate::hpa::{Cause, Limit};
use crate::lint;
use crate::manifest::{self, ApiRules, Documents};
use crate::order;
use crate::report::{self, Explanation, Language, PodGroup, Report};
use crate::scenario::{self, Scenario};
use crate::sim::{self, Cluster, HpaLook, HpaTarget, HpaTrack, Timeline};
use crate::source::Span;
use crate::time::Instant;

/// A report, and the run behind it, from which any single look can still be explained.
#[derive(Debug)]
pub struct Prediction {
    /// The result.
    pub report: Report,
    run: Run,
}

/// Everything that a report is made of.
#[derive(Debug)]
struct Run {
    text: String,
    language: Language,
    documents: Documents,
    scenario: Scenario,
    assembly: Assembly,
    timeline: Timeline,
    /// If `maxReplicas` held an HPA: the same run without the limits that held.
    without_cap: Option<Timeline>,
}

/// Predicts what `text` leads to: any number of manifests and at most one Scenario.
///
/// Never fails. What can't be read is a diagnostic in the report, the rest is predicted.
///
/// ```
/// use tidetable_core::{Language, examples, predict};
///
/// let text = examples::EXAMPLES[0].text();
/// let report = predict(text, Language::En).report;
/// assert_eq!(report.autoscalers[0].name, "HPA ray-serve-hpa");
/// let asked_for = report.autoscalers[0].looks.to.iter().fold(0.0, |most, it| it.max(most));
/// assert_eq!(asked_for, 5.0, "maxReplicas");
/// ```
pub fn predict(text: &str, language: Language) -> Prediction {
    let mut prediction = predict_briefly(text, language);
    summary::tell(&mut prediction.report.assumptions, language);
    explain::finding::tell(&mut prediction.report.diagnostics, language);
    prediction
}

/// As [`predict`], but the report's assumptions have no `meaning` and no `source`, and its findings
/// are in English. Who shows them can read those in [`crate::assumption::TABLE`] and translate these
/// by [`crate::tell_findings`], and need not load the words before.
pub fn predict_briefly(text: &str, language: Language) -> Prediction {
    let mut documents = manifest::read(text);
    let mut diagnostics = std::mem::take(&mut documents.diagnostics);
    let scenario = scenario(text, &documents, &mut diagnostics);
    let assumptions = &scenario.assumptions;
    let rules = ApiRules::of(assumptions.versions.kubernetes.minor, assumptions.feature_gates);
    diagnostics.extend(documents.judge(&rules));
    diagnostics.extend(lint::check(text, &documents, &scenario));
    let mut assembly = assemble(&documents, &scenario);
    diagnostics.append(&mut assembly.diagnostics);
    diagnostics.extend(unmet::unmet(text, &documents, &assembly));
    if documents.documents.is_empty() && documents.printed.is_empty() && diagnostics.is_empty() {
        let message = "nothing to predict yet: paste a HorizontalPodAutoscaler or a RayCluster";
        diagnostics.push(Diagnostic::new("TT503", Severity::Info, Span::at(0), message));
    }
    order::sort_by_key(&mut diagnostics, |it| (it.span, std::cmp::Reverse(it.severity)));
    let timeline = sim::run(&assembly.model);
    let without_cap = without_cap(&assembly, &timeline);
    let run = Run {
        text: text.to_owned(),
        language,
        documents,
        scenario,
        assembly,
        timeline,
        without_cap,
    };
    Prediction { report: run.report(diagnostics), run }
}

/// The text's Scenario, or an assumed one, said out loud.
fn scenario(text: &str, documents: &Documents, diagnostics: &mut Vec<Diagnostic>) -> Scenario {
    let nodes = documents.documents.iter().filter_map(|it| match &it.body {
        manifest::Body::Scenario(node) => Some(node),
        _ => None,
    });
    let read = scenario::read(nodes);
    diagnostics.extend(read.diagnostics);
    read.scenario.unwrap_or_else(|| {
        let subjects = summary::Subjects::of(documents);
        if !subjects.is_empty() {
            diagnostics.push(scenario::assumed_notice(text, subjects.borrowed()));
        }
        Scenario::assumed(subjects.borrowed())
    })
}

/// The Scenario that is assumed for `text` as long as it has none: a form puts it there.
pub fn assumed_scenario(text: &str) -> String {
    let documents = manifest::read(text);
    scenario::assumed_text(summary::Subjects::of(&documents).borrowed())
}

/// The most replicas that a run without the cap may ask for.
const NO_CAP: i32 = 1_000;

/// The same run without the `maxReplicas` that held, if one did.
fn without_cap(assembly: &Assembly, timeline: &Timeline) -> Option<Timeline> {
    if !timeline.hpas.iter().any(is_capped) {
        return None;
    }
    let mut model = assembly.model.clone();
    let capped = model.hpas.iter_mut().zip(&timeline.hpas).filter(|(_, track)| is_capped(track));
    for (hpa, _) in capped {
        hpa.spec.max_replicas = NO_CAP.max(hpa.spec.max_replicas);
        for edit in &mut hpa.edits {
            edit.max_replicas = None;
        }
    }
    Some(sim::run(&model))
}

/// Whether `maxReplicas` held an HPA at some look.
fn is_capped(track: &HpaTrack) -> bool {
    let limits = |cause: &Cause| matches!(cause, Cause::Limited { limit: Limit::MaxReplicas, .. });
    track.looks.iter().any(|look| look.trace.causes.iter().any(limits))
}

impl Prediction {
    /// Why autoscaler `autoscaler` answered as it did at its look `look`; both are indexes into
    /// the report. `None` if there is no such look.
    ///
    /// Unlike the explanations in the report it tells the pods and the steps of the staircase, and
    /// has alternatives; each of these costs a run.
    pub fn explain(&self, autoscaler: usize, look: usize) -> Option<Explanation> {
        let name = &self.report.autoscalers.get(autoscaler)?.name;
        let who = self.run.autoscaler(autoscaler)?;
        let mut explanation = match who {
            Who::Hpa(hpa) => {
                let again = sim::run_up_to(&self.run.assembly.model, hpa, look);
                let found = again.hpas[hpa].looks.get(look)?;
                let context = self.run.hpa_context_at(hpa, found);
                explain::hpa::explain(&context, found, name, look + 1)
            }
            Who::Keda(_)
            | Who::Serve(_)
            | Who::Ray(_)
            | Who::RayService(_)
            | Who::RayJob(_)
            | Who::Operator(_) => self.run.explain(autoscaler, look, name)?,
        };
        explanation.alternatives = alternatives::alternatives(&self.run, who, look);
        Some(explanation)
    }

    /// What each pod counted as at every look of the HPA that is autoscaler `autoscaler`, by its
    /// first metric. Costs a run.
    pub fn pods_over_time(&self, autoscaler: usize) -> Vec<(f64, Vec<PodGroup>)> {
        let (Some(Who::Hpa(hpa)), Some(it)) =
            (self.run.autoscaler(autoscaler), self.report.autoscalers.get(autoscaler))
        else {
            return Vec::new();
        };
        let again = sim::run_in_detail(&self.run.assembly.model, hpa);
        let told = |(number, look): (usize, &HpaLook)| {
            let context = self.run.hpa_context_at(hpa, look);
            let steps = explain::hpa::explain(&context, look, &it.name, number + 1).steps;
            let pods = steps.into_iter().map(|it| it.pods).find(|it| !it.is_empty());
            (look.at.ms() as f64, pods.unwrap_or_default())
        };
        again.hpas[hpa].looks.iter().enumerate().map(told).collect()
    }

    /// Where the seconds went between more load and the first pod more.
    pub fn delays(&self) -> Vec<Delay> {
        self.run.delays()
    }

    /// Whether the Scenario tells what is now.
    pub fn tells_now(&self) -> bool {
        !self.run.scenario.now.is_empty()
    }

    /// Who is where at `at_ms` milliseconds of the run: pods on nodes, work on Ray nodes.
    pub fn placement(&self, at_ms: f64) -> report::Placement {
        // An end that is not reached, as a float or in time, is the end of the run.
        let at_ms = at_ms.clamp(0.0, self.report.duration_ms);
        self.run.placement(Instant::from_ms(at_ms as i64))
    }
}

impl Run {
    fn report(&self, diagnostics: Vec<Diagnostic>) -> Report {
        let mut report = Report {
            version: report::VERSION.to_owned(),
            language: self.language,
            upstream: summary::upstream(&self.scenario.assumptions),
            duration_ms: self.scenario.duration.ms() as f64,
            documents: summary::documents(&self.documents),
            diagnostics,
            assumptions: summary::assumptions(&self.scenario, self.language),
            ..Report::default()
        };
        report.autoscalers = verdicts::autoscalers(self);
        report.decisions = decisions::decisions(self, &report.autoscalers);
        verdicts::point(&mut report);
        report.charts = charts::charts(self);
        report.bindings = bindings::bindings(self);
        report.totals = totals::totals(self);
        report.expectations = expectations::expectations(self);
        report.notes = notes::notes(self);
        report
    }

    /// What the track of something in `cluster` is called; further clusters of a RayService or a
    /// RayJob are counted.
    fn short_name(&self, word: &str, cluster: usize) -> String {
        let clusters = &self.assembly.model.clusters;
        let it = &clusters[cluster];
        if !it.later {
            return word.to_owned();
        }
        let owner = (it.ray_service, it.ray_job);
        let before = clusters[..cluster].iter();
        let before = before.filter(|other| (other.ray_service, other.ray_job) == owner);
        format!("{word} {}", before.count() + 1)
    }

    /// The autoscalers of the report come in this order: HPAs, then ScaledObjects, then Serve's
    /// deployments, then Ray clusters that scale, then what KubeRay does.
    fn autoscaler(&self, index: usize) -> Option<Who> {
        Who::all(self).get(index).copied()
    }

    /// Clusters whose autoscaler runs.
    fn ray_autoscalers(&self) -> impl Iterator<Item = usize> {
        let clusters = self.assembly.model.clusters.iter().enumerate();
        let clusters = clusters.filter(|(index, _)| self.timeline.clusters[*index].made.is_some());
        clusters.filter(|(_, it)| it.autoscaler.is_some()).map(|(index, _)| index)
    }

    fn explain(&self, autoscaler: usize, look: usize, name: &str) -> Option<Explanation> {
        let number = look + 1;
        match self.autoscaler(autoscaler)? {
            Who::Hpa(hpa) => {
                let found = self.timeline.hpas[hpa].looks.get(look)?;
                let context = self.hpa_context_at(hpa, found);
                Some(explain::hpa::explain(&context, found, name, number))
            }
            Who::Keda(object) => {
                let found = self.timeline.keda[object].get(look)?;
                Some(explain::keda::explain(&self.keda_context(object), found, name, number))
            }
            Who::Serve(service) => {
                let found = self.timeline.services[service].looks.get(look)?;
                Some(explain::serve::explain(&self.serve_context(service), found, name, number))
            }
            Who::Ray(cluster) => {
                let found = self.timeline.clusters[cluster].looks.get(look)?;
                let context = self.ray_context_at(cluster, found.at);
                Some(explain::ray::explain(&context, &found, name, number))
            }
            Who::RayService(service) => {
                let found = self.timeline.ray_services[service].get(look)?;
                let names = self.cluster_names(service);
                Some(explain::kuberay::look(&names, found, name, number, self.language))
            }
            Who::RayJob(job) => {
                let found = self.timeline.ray_jobs[job].get(look)?;
                let names = self.job_cluster_names(job);
                Some(explain::kuberay_job::look(&names, found, name, number, self.language))
            }
            Who::Operator(cluster) => {
                let found = self.timeline.clusters[cluster].passes.get(look)?;
                let model = self.cluster_at(cluster, found.at);
                Some(explain::kuberay::pass(model, found, name, number, self.language))
            }
        }
    }

    /// With the spec as it was at that look.
    fn hpa_context_at<'a>(&'a self, hpa: usize, look: &'a HpaLook) -> explain::hpa::Context<'a> {
        explain::hpa::Context { spec: &look.spec, ..self.hpa_context(hpa) }
    }

    fn hpa_context(&self, hpa: usize) -> explain::hpa::Context<'_> {
        explain::hpa::Context {
            spec: &self.assembly.model.hpas[hpa].spec,
            document: &self.documents.documents[self.assembly.hpas[hpa]],
            language: self.language,
            kubernetes: self.scenario.assumptions.versions.kubernetes.minor,
        }
    }

    fn keda_context(&self, scaled_object: usize) -> explain::keda::Context<'_> {
        explain::keda::Context {
            spec: &self.assembly.model.pipeline.scaled_objects[scaled_object].spec,
            document: &self.documents.documents[self.assembly.scaled_objects[scaled_object]],
            language: self.language,
        }
    }

    /// With the spec as it was at that instant.
    fn ray_context_at(&self, cluster: usize, at: Instant) -> explain::ray::Context<'_> {
        explain::ray::Context { cluster: self.cluster_at(cluster, at), ..self.ray_context(cluster) }
    }

    /// The model's cluster whose spec `cluster` has at `at`: its own, until it is written anew.
    fn cluster_at(&self, cluster: usize, at: Instant) -> &Cluster {
        let updates = self.timeline.clusters[cluster].updates.iter();
        let last = updates.take_while(|it| it.0 <= at).last();
        &self.assembly.model.clusters[last.map_or(cluster, |it| it.1)]
    }

    fn ray_context(&self, cluster: usize) -> explain::ray::Context<'_> {
        explain::ray::Context {
            cluster: &self.assembly.model.clusters[cluster],
            document: &self.documents.documents[self.assembly.clusters[cluster]],
            language: self.language,
        }
    }

    /// The workload that an HPA scales.
    fn workload_of(&self, hpa: usize) -> Option<usize> {
        match self.assembly.model.hpas[hpa].target {
            HpaTarget::Workload(workload) => Some(workload),
            HpaTarget::NoScale(_) | HpaTarget::Refused => None,
        }
    }

    /// What an HPA would ask for without its `maxReplicas`, if that held it.
    fn ghost(&self, hpa: usize) -> Option<&crate::series::Series> {
        let workload = self.workload_of(hpa)?;
        let without_cap = self.without_cap.as_ref()?;
        is_capped(&self.timeline.hpas[hpa]).then(|| &without_cap.workloads[workload].desired)
    }
}

/// One of the report's autoscalers; an index into the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Hpa(usize),
    Keda(usize),
    Serve(usize),
    Ray(usize),
    RayService(usize),
    RayJob(usize),
    Operator(usize),
}

impl Who {
    fn all(run: &Run) -> Vec<Self> {
        let hpas = (0..run.assembly.model.hpas.len()).map(Self::Hpa);
        let keda = (0..run.assembly.scaled_objects.len()).map(Self::Keda);
        let serve = run.serve_autoscalers().map(Self::Serve);
        let ray = run.ray_autoscalers().map(Self::Ray);
        hpas.chain(keda).chain(serve).chain(ray).chain(run.operators()).collect()
    }
}
