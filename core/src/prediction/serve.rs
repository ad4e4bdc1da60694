//! Serve's deployments in a report: who decides, and the pictures.

use super::verdicts::{moves, say_moves};
use super::{Run, Who};
use crate::explain;
use crate::explain::phrase::{ChartPhrase, Phrase, VerdictPhrase, What};
use crate::manifest::Body;
use crate::manifest::ray::ServeDeployment;
use crate::prediction::charts::{Pen, constant, points};
use crate::report::{
    Autoscaler, AutoscalerKind, Chart, Looks, Message, SeriesRole, Tone, Unit, Verdict,
};
use crate::sim::{Scaling, Service, ServiceTrack};

/// As `chat/Model`.
fn title(service: &Service) -> String {
    format!("{}/{}", service.application, service.name)
}

/// The same, with its cluster where the RayService has another one beside it.
fn name(run: &Run, service: usize) -> String {
    let model = &run.assembly.model;
    let service = &model.services[service];
    let cluster = &model.clusters[service.cluster];
    if cluster.later { format!("{} ({})", title(service), cluster.name) } else { title(service) }
}

fn id(run: &Run, kind: &str, service: usize) -> String {
    let model = &run.assembly.model;
    let service = &model.services[service];
    let cluster = &model.clusters[service.cluster];
    format!("{kind}/{}/{}/{}", cluster.namespace, cluster.name, title(service))
}

impl Run {
    /// The deployment as it is written.
    fn serve_deployment(&self, service: usize) -> Option<&ServeDeployment> {
        let (document, place) = *self.assembly.services.get(service)?;
        let (application, place) = place?;
        let Body::RayService(written) = &self.documents.documents[document].body else {
            return None;
        };
        written.serve.applications.get(application)?.deployments.get(place)
    }

    pub(super) fn serve_context(&self, service: usize) -> explain::serve::Context<'_> {
        let deployment = self.serve_deployment(service);
        explain::serve::Context {
            config: deployment.and_then(|it| it.autoscaling.as_ref()),
            language: self.language,
        }
    }

    /// Deployments that Serve scales.
    pub(super) fn serve_autoscalers(&self) -> impl Iterator<Item = usize> {
        let services = self.assembly.model.services.iter().enumerate();
        let lived = |index: usize| self.timeline.services[index].lived;
        let services = services.filter(move |(index, _)| lived(*index));
        services.filter(|(_, it)| matches!(it.scaling, Scaling::Auto(_))).map(|(index, _)| index)
    }
}

pub(super) fn autoscaler(run: &Run, service: usize) -> Autoscaler {
    let model = &run.assembly.model.services[service];
    let looks = &run.timeline.services[service].looks;
    Autoscaler {
        id: id(run, "serve", service),
        kind: AutoscalerKind::Serve,
        short_name: run.short_name("Serve", model.cluster),
        name: format!("Serve {}", name(run, service)),
        tone: Tone::Serve,
        span: run
            .serve_deployment(service)
            .map(|it| it.name.as_ref().map_or(it.span, |it| it.span)),
        verdict: Verdict { message: verdict(run, service), decision: None },
        looks: Looks {
            at_ms: looks.iter().map(|it| it.at.ms() as f64).collect(),
            from: looks.iter().map(|it| it.from as f64).collect(),
            to: looks.iter().map(|it| it.to as f64).collect(),
        },
    }
}

/// The moves of the target, whoever makes them: besides the policy's decisions, a new config or
/// `target_capacity` moves the bounds, and the target with them. Only the end of the cluster is
/// left to the RayService to tell.
///
/// Upstream: ray 2.60.0 serve/_private/autoscaling_state.py `DeploymentAutoscalingState.register`.
fn verdict(run: &Run, service: usize) -> Message {
    let track = &run.timeline.services[service];
    let deleted = run.timeline.clusters[run.assembly.model.services[service].cluster].deleted;
    let points = track.target.points();
    let changes = points.windows(2).map(|it| (it[1].0, it[0].1, it[1].1));
    let moves = moves(changes.filter(|(at, ..)| Some(*at) != deleted));
    let start = points.first().map_or(0.0, |(_, it)| *it);
    let mut message = say_moves(run, &moves, start, What::Replicas);
    let most = track.queued.max();
    if most >= 1.0 {
        message = message.text(" ").and(VerdictPhrase::Queued { most }.say(run.language));
    }
    let requests = track.rejected_nano as f64 / 1e9;
    if requests >= 1.0 {
        message = message.text(" ").and(VerdictPhrase::Unserved { requests }.say(run.language));
    }
    message
}

/// Load, requests and replicas of each deployment.
pub(super) fn charts(run: &Run, charts: &mut Vec<Chart>) {
    let all = 0..run.assembly.model.services.len();
    for service in all.filter(|it| run.timeline.services[*it].lived) {
        let autoscaler = Who::all(run).iter().position(|it| *it == Who::Serve(service));
        let drawn = [load(run, service), requests(run, service), replicas(run, service)];
        charts.extend(drawn.into_iter().map(|it| Chart { autoscaler, ..it }));
    }
}

fn of(run: &Run, service: usize) -> (&ServiceTrack, String) {
    (&run.timeline.services[service], name(run, service))
}

fn load(run: &Run, service: usize) -> Chart {
    let (track, name) = of(run, service);
    let mut pen = Pen::new(run);
    let served = points(&track.served);
    pen.draw("served", &ChartPhrase::SeriesServed, SeriesRole::Area, Tone::Load, served);
    pen.draw("load", &ChartPhrase::SeriesLoad, SeriesRole::Line, Tone::Load, points(&track.load));
    let note = ChartPhrase::NoteUnserved { requests: (track.rejected_nano as f64 / 1e9).round() };
    let id = id(run, "load", service);
    pen.chart(id, &ChartPhrase::Load(&name), &note, Unit::RequestsPerSecond)
}

fn requests(run: &Run, service: usize) -> Chart {
    let (track, name) = of(run, service);
    let mut pen = Pen::new(run);
    let queued = points(&track.queued);
    pen.draw("queued", &ChartPhrase::SeriesQueued, SeriesRole::Area, Tone::Load, queued);
    let ongoing = points(&track.ongoing);
    pen.draw("ongoing", &ChartPhrase::SeriesOngoing, SeriesRole::Line, Tone::Serve, ongoing);
    if let Scaling::Auto(config) = &run.assembly.model.services[service].scaling {
        let target = constant(config.target_ongoing_requests);
        pen.draw("target", &ChartPhrase::SeriesTarget, SeriesRole::Limit, Tone::Serve, target);
    }
    let id = id(run, "requests", service);
    pen.chart(id, &ChartPhrase::Requests(&name), &ChartPhrase::NoteRequests, Unit::Count)
}

fn replicas(run: &Run, service: usize) -> Chart {
    let (track, name) = of(run, service);
    let mut pen = Pen::new(run);
    let running = points(&track.running);
    pen.draw("running", &ChartPhrase::SeriesReplicasRun, SeriesRole::Area, Tone::Serve, running);
    let starting = points(&track.starting);
    pen.draw("starting", &ChartPhrase::SeriesStarting, SeriesRole::Ghost, Tone::Serve, starting);
    if let Scaling::Auto(config) = &run.assembly.model.services[service].scaling {
        let value = config.max_replicas as f64;
        let name = ChartPhrase::SeriesMax { field: "max_replicas", value: Some(value) };
        pen.draw("max", &name, SeriesRole::Limit, Tone::Bad, constant(value));
    }
    let target = points(&track.target);
    pen.draw("target", &ChartPhrase::SeriesTarget, SeriesRole::Line, Tone::Serve, target);
    let id = id(run, "replicas", service);
    let note = ChartPhrase::NoteServeReplicas;
    pen.chart(id, &ChartPhrase::Replicas(&name), &note, Unit::Count)
}

#[cfg(test)]
mod tests {
    use crate::{Language, predict};

    const UPGRADE: &str = r#"apiVersion: ray.io/v1
kind: RayService
metadata: {name: llm}
spec:
  upgradeStrategy:
    type: NewClusterWithIncrementalUpgrade
    clusterUpgradeOptions:
      {maxSurgePercent: 50, stepSizePercent: 25, intervalSeconds: 10, gatewayClassName: istio}
  serveConfigV2: |
    applications:
    - name: chat
      import_path: chat:app
      deployments:
      - name: Model
        ray_actor_options: {num_cpus: 1}
        autoscaling_config: {min_replicas: 2, max_replicas: 4, target_ongoing_requests: 2}
  rayClusterConfig:
    rayVersion: 2.60.0
    enableInTreeAutoscaling: true
    headGroupSpec:
      rayStartParams: {num-cpus: "0"}
      template: {spec: {containers: [{name: h, resources: {limits: {cpu: 2, memory: 4Gi}}}]}}
    workerGroupSpecs:
    - groupName: w
      minReplicas: 1
      maxReplicas: 4
      template: {spec: {containers: [{name: w, resources: {limits: {cpu: 4, memory: 16Gi}}}]}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 10m
  load: [{target: {kind: RayService, name: llm}, constant: 4}]
  edits: [{at: 4m, rayService: llm, spec: {rayClusterConfig: {rayVersion: 2.61.0}}}]
"#;

    #[test]
    fn a_target_that_its_bounds_move_is_told() {
        let report = predict(UPGRADE, Language::En).report;
        let told = |name: &str| {
            let mut all = report.autoscalers.iter();
            let found = all.find(|it| it.name == name).expect("it is there");
            found.verdict.message.to_string()
        };
        // The policy never wishes for more. 100, 50 and 0 % of the bounds 2 and 4 are 2 and 4, 1
        // and 2, 0 and 0; the new one begins at 50 % and goes to 100.
        let old = told("Serve chat/Model");
        assert!(old.starts_with("2 → 0 replicas at ") && !old.contains(';'), "{old}");
        let new = told("Serve chat/Model (llm-2)");
        assert!(new.starts_with("1 → 2 replicas at ") && !new.contains(';'), "{new}");
    }
}
