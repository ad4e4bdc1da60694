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

fn verdict(run: &Run, service: usize) -> Message {
    let track = &run.timeline.services[service];
    let moves = moves(track.looks.iter().map(|it| (it.at, it.from as f64, it.to as f64)));
    let start = track.target.points().first().map_or(0.0, |(_, it)| *it);
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
