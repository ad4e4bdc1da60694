//! One plain sentence for each autoscaler, and every time it looked.

use super::{NO_CAP, Run, Who, kuberay, ray_job, serve};
use crate::assemble::Mended;
use crate::diagnostic::Diagnostic;
use crate::explain::phrase::{HeldBy, Lack, Move, Phrase, VerdictPhrase, What};
use crate::hpa::{Cause, ConditionType};
use crate::manifest::{Body, Document};
use crate::ray;
use crate::report::{Autoscaler, AutoscalerKind, Looks, Message, Report, Tone, Verdict};
use crate::series::Series;
use crate::sim::{HpaTarget, RayLook};
use crate::time::{Duration, Instant};

/// Moves that a sentence tells; later ones are left to the picture.
const MOST_MOVES: usize = 4;

/// What KubeRay refuses in the RayCluster itself.
const KUBERAY_REFUSES: &[&str] =
    &["TT221", "TT222", "TT223", "TT224", "TT225", "TT226", "TT227", "TT228", "TT229"];

/// Every autoscaler of the report.
pub(super) fn autoscalers(run: &Run) -> Vec<Autoscaler> {
    Who::all(run)
        .into_iter()
        .map(|who| match who {
            Who::Hpa(hpa) => hpa_autoscaler(run, hpa),
            Who::Keda(object) => keda_autoscaler(run, object),
            Who::Serve(service) => serve::autoscaler(run, service),
            Who::Ray(cluster) => ray_autoscaler(run, cluster),
            Who::RayService(service) => kuberay::ray_service(run, service),
            Who::RayJob(job) => ray_job::ray_job(run, job),
            Who::Operator(cluster) => kuberay::operator(run, cluster),
        })
        .collect()
}

/// Lets each verdict point at the first decision of its autoscaler that acts, or else the first.
pub(super) fn point(report: &mut Report) {
    for (index, autoscaler) in report.autoscalers.iter_mut().enumerate() {
        let own = |it: &&(usize, bool)| it.0 == index;
        let all: Vec<_> = report.decisions.iter().map(|it| (it.autoscaler, it.acts)).collect();
        let acts = all.iter().position(|it| own(&it) && it.1);
        autoscaler.verdict.decision = acts.or_else(|| all.iter().position(|it| own(&it)));
    }
}

fn hpa_autoscaler(run: &Run, hpa: usize) -> Autoscaler {
    let model = &run.assembly.model.hpas[hpa];
    let looks = &run.timeline.hpas[hpa].looks;
    Autoscaler {
        id: format!("hpa/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Hpa,
        short_name: "HPA".to_owned(),
        name: format!("HPA {}", model.name),
        tone: Tone::Hpa,
        span: Some(run.documents.documents[run.assembly.hpas[hpa]].metadata.name.span),
        verdict: Verdict { message: hpa_verdict(run, hpa), decision: None },
        looks: Looks {
            at_ms: looks.iter().map(|it| it.at.ms() as f64).collect(),
            from: looks.iter().map(|it| f64::from(it.from)).collect(),
            to: looks.iter().map(|it| f64::from(it.decision.desired_replicas)).collect(),
        },
    }
}

fn keda_autoscaler(run: &Run, object: usize) -> Autoscaler {
    let model = &run.assembly.model.pipeline.scaled_objects[object];
    let looks = &run.timeline.keda[object];
    Autoscaler {
        id: format!("keda/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Keda,
        short_name: "KEDA".to_owned(),
        name: format!("KEDA {}", model.name),
        tone: Tone::Hpa,
        span: Some(run.keda_context(object).document.metadata.name.span),
        verdict: Verdict { message: keda_verdict(run, object), decision: None },
        looks: Looks {
            at_ms: looks.iter().map(|it| it.at.ms() as f64).collect(),
            from: looks.iter().map(|it| f64::from(it.from)).collect(),
            to: looks.iter().map(|it| f64::from(it.to)).collect(),
        },
    }
}

fn keda_verdict(run: &Run, object: usize) -> Message {
    let looks = &run.timeline.keda[object];
    let moves = moves(looks.iter().map(|it| (it.at, f64::from(it.from), f64::from(it.to))));
    if !moves.is_empty() {
        return say_moves(run, &moves, 0.0, What::Replicas);
    }
    let phrase = match looks.last().and_then(crate::explain::keda::hold) {
        Some(reason @ "TriggerError") => VerdictPhrase::Failed { reason, at_end: false },
        _ => VerdictPhrase::LeftToHpa,
    };
    phrase.say(run.language)
}

fn ray_autoscaler(run: &Run, cluster: usize) -> Autoscaler {
    let model = &run.assembly.model.clusters[cluster];
    let looks = &run.timeline.clusters[cluster].looks;
    let sum = |pods: &[i64]| pods.iter().sum::<i64>() as f64;
    Autoscaler {
        id: format!("ray/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Ray,
        short_name: run.short_name("Ray", cluster),
        name: VerdictPhrase::RayAutoscaler { cluster: &model.name }.text(run.language),
        tone: Tone::Ray,
        span: Some(run.documents.documents[run.assembly.clusters[cluster]].metadata.name.span),
        verdict: Verdict { message: ray_verdict(run, cluster), decision: None },
        looks: Looks {
            at_ms: looks.all().map(|(at, _)| at.ms() as f64).collect(),
            from: looks.all().map(|(_, it)| sum(&it.from)).collect(),
            to: looks.all().map(|(_, it)| sum(&it.to)).collect(),
        },
    }
}

/// The moves of a count, each as long as it goes one way without a pause of two minutes, and nobody
/// else sets the count between.
pub(super) fn moves(changes: impl Iterator<Item = (Instant, f64, f64)>) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (at, from, to) in changes.filter(|(_, from, to)| from != to) {
        match moves.last_mut() {
            Some(last)
                if last.to == from && last.is_up() == (to > from) && at.since(last.at) <= PAUSE =>
            {
                (last.to, last.at) = (to, at);
            }
            _ => moves.push(Move { from, to, began: at, at }),
        }
    }
    moves
}

const PAUSE: Duration = Duration::from_seconds(120);

/// The moves that are told, and how many are not.
fn told(moves: &[Move]) -> (&[Move], usize) {
    let (told, left) = moves.split_at(moves.len().min(MOST_MOVES));
    (told, left.len())
}

pub(super) fn say_moves(run: &Run, moves: &[Move], start: f64, what: What) -> Message {
    let (told, more) = told(moves);
    let phrase = match told {
        [] => VerdictPhrase::Stays { count: start, what, held: None },
        moves => VerdictPhrase::Moves { moves, what, held: None, more },
    };
    phrase.say(run.language)
}

/// A count that only others change.
fn say_left(run: &Run, from: f64, to: f64, what: What) -> Message {
    VerdictPhrase::Left { from, to, what }.say(run.language)
}

/// The moves of an HPA, with what holds it told where its count first reaches `maxReplicas`.
fn say_held_moves(run: &Run, hpa: usize, moves: &[Move], start: f64) -> Message {
    let what = What::Replicas;
    let Some(held) = held(run, hpa) else { return say_moves(run, moves, start, what) };
    let max = f64::from(run.assembly.model.hpas[hpa].spec.max_replicas);
    let (told, more) = told(moves);
    let reaches = told.iter().position(|it| it.to >= max);
    let phrase = match told {
        [] => VerdictPhrase::Stays { count: start, what, held: Some(held) },
        moves => VerdictPhrase::Moves { moves, what, held: reaches.map(|at| (at, held)), more },
    };
    phrase.say(run.language)
}

/// What an HPA will do; before that, that it is refused.
fn hpa_verdict(run: &Run, hpa: usize) -> Message {
    let index = run.assembly.hpas[hpa];
    let Document { refused, body, .. } = &run.documents.documents[index];
    let (Some(first), Body::Hpa(_)) = (refused.first(), body) else {
        return accepted_verdict(run, hpa);
    };
    let is_predicted = run.assembly.model.hpas[hpa].target != HpaTarget::Refused;
    let mended: Vec<_> = run
        .assembly
        .mended
        .iter()
        .filter(|(document, _)| *document == index)
        .flat_map(|(_, mended)| mended)
        .map(|it| match it {
            Mended::Set(field, value) => ((*field).to_owned(), Some(*value)),
            Mended::Without(field) => (field.clone(), None),
        })
        .collect();
    let phrase = VerdictPhrase::Refused {
        error: &first.message,
        more: refused.len() - 1,
        mended: is_predicted.then_some(&mended),
    };
    let message = phrase.say(run.language);
    if is_predicted { message.and(accepted_verdict(run, hpa)) } else { message }
}

fn accepted_verdict(run: &Run, hpa: usize) -> Message {
    let looks = &run.timeline.hpas[hpa].looks;
    let Some(workload) = run.workload_of(hpa) else {
        return VerdictPhrase::NoScale.say(run.language);
    };
    let changes =
        looks.iter().map(|it| (it.at, f64::from(it.from), f64::from(it.decision.desired_replicas)));
    let moves = moves(changes);
    let start = looks.first().map_or(0.0, |it| f64::from(it.from));
    let end = looks.last().map_or(start, |it| f64::from(it.decision.desired_replicas));
    let told = if moves.is_empty() && end != start {
        say_left(run, start, end, What::Replicas)
    } else {
        say_held_moves(run, hpa, &moves, start)
    };
    let message = match failing(run, hpa) {
        None => told,
        Some(reason) if moves.is_empty() => {
            VerdictPhrase::Failed { reason, at_end: false }.say(run.language)
        }
        Some(reason) => {
            let failed = VerdictPhrase::Failed { reason, at_end: true }.say(run.language);
            told.text(" ").and(failed)
        }
    };
    let unserved = run.timeline.workloads[workload].unserved_nano as f64 / 1e9;
    if unserved < 1.0 {
        return message;
    }
    message.text(" ").and(VerdictPhrase::Unserved { requests: unserved }.say(run.language))
}

/// Why the HPA can't act at its last look.
fn failing(run: &Run, hpa: usize) -> Option<&'static str> {
    let last = run.timeline.hpas[hpa].looks.last()?;
    let is_failure = |it: &Cause| {
        matches!(
            it,
            Cause::MetricsFailed { .. }
                | Cause::SelectorUnusable(_)
                | Cause::ScalingDisabled { .. }
        )
    };
    last.trace.causes.iter().find(|it| is_failure(it))?;
    last.status.condition(ConditionType::ScalingActive).map(|it| it.reason)
}

/// How many it would use without `maxReplicas`, and for how long it would use more.
fn held(run: &Run, hpa: usize) -> Option<HeldBy<'static>> {
    let max = f64::from(run.assembly.model.hpas[hpa].spec.max_replicas);
    let ghost = run.ghost(hpa)?;
    let lasted = above(ghost, max, run.timeline.end);
    let wanted = ghost.max();
    let or_more = wanted >= f64::from(NO_CAP);
    let held = HeldBy { binding: "maxReplicas", wanted, or_more, lasted };
    (held.wanted > max).then_some(held)
}

fn above(series: &Series, level: f64, end: Instant) -> Duration {
    let ends = series.points().iter().skip(1).map(|(at, _)| *at).chain([end]);
    let stretches = series.points().iter().zip(ends).filter(|((_, value), _)| *value > level);
    stretches.fold(Duration::ZERO, |sum, ((at, _), until)| sum + until.since(*at))
}

/// `message`, and before it that KubeRay refuses the RayCluster, if it does.
///
/// Upstream: kuberay 1.6.1 ray-operator/controllers/ray/raycluster_controller.go
/// `rayClusterReconcile`, which ends with an event where `ValidateRayClusterSpec` fails.
pub(super) fn if_accepted(run: &Run, cluster: usize, message: Message) -> Message {
    let document = &run.documents.documents[run.assembly.clusters[cluster]];
    let is_kuberays = |it: &&Diagnostic| KUBERAY_REFUSES.contains(&&*it.code);
    let mut refused = document.refused.iter().filter(is_kuberays);
    let Some(first) = refused.next() else { return message };
    let phrase = VerdictPhrase::RefusedByKubeRay { error: &first.message, more: refused.count() };
    phrase.say(run.language).and(message)
}

fn ray_verdict(run: &Run, cluster: usize) -> Message {
    if_accepted(run, cluster, accepted_ray_verdict(run, cluster))
}

fn accepted_ray_verdict(run: &Run, cluster: usize) -> Message {
    let model = &run.assembly.model.clusters[cluster];
    if let Some(Err(error)) = &model.autoscaler {
        return VerdictPhrase::Unconfigured { exception: error.exception() }.say(run.language);
    }
    let track = &run.timeline.clusters[cluster];
    let sum = |pods: &[i64]| pods.iter().sum::<i64>() as f64;
    let moves = moves(track.looks.news().map(|(_, it)| (it.at, sum(&it.from), sum(&it.to))));
    let start = track.looks.news().next().map(|(_, it)| sum(&it.from));
    let end = track.looks.all().last().map(|(_, it)| sum(&it.to));
    let mut message = match (start, end) {
        (Some(start), Some(end)) if moves.is_empty() && end != start => {
            say_left(run, start, end, What::Workers)
        }
        (Some(start), _) => say_moves(run, &moves, start, What::Workers),
        // It runs in the head's pod.
        (None, _) => VerdictPhrase::NoHead { suspended: model.operator.suspend }.say(run.language),
    };
    if let Some(at) = first_start(&track.pending, &track.running_work) {
        message = message.text(" ").and(VerdictPhrase::WorkStarts { at }.say(run.language));
    }
    let waiting = track.pending.points().last().map_or(0.0, |(_, count)| *count);
    if waiting > 0.0 {
        let why = track.looks.news().last().and_then(|(_, it)| lack(it));
        let unplaced = VerdictPhrase::Unplaced { count: waiting, why };
        message = message.text(" ").and(unplaced.say(run.language));
    }
    message
}

/// Why what waits at a look fits nowhere, if it is the same for all of it.
fn lack(look: &RayLook) -> Option<Lack<'_>> {
    let mut lacks = look.trace.causes.iter().filter_map(|it| match it {
        ray::Cause::Infeasible { shortage: Some(it), .. } => Some(match &it.resource {
            Some(resource) => Lack::Resource(resource),
            None if it.labels_match => Lack::Room(&it.node_type),
            None => Lack::Labels,
        }),
        _ => None,
    });
    let first = lacks.next()?;
    lacks.all(|it| it == first).then_some(first)
}

/// When something first runs after it had to wait, to the nearest second, as the times of moves.
fn first_start(pending: &Series, running: &Series) -> Option<Instant> {
    let (waits, _) = pending.points().iter().find(|(_, count)| *count > 0.0)?;
    let (starts, _) = running.points().iter().find(|(at, count)| at > waits && *count > 0.0)?;
    Some(Instant::from_seconds(starts.ms().saturating_add(500) / 1000))
}

#[cfg(test)]
mod tests {
    use super::{Instant, Series, first_start, moves};

    /// A task waits from 1m 00s and runs from 1m 43.02s: the charts, the delays and the decisions
    /// around it say 1m 43s.
    #[test]
    fn the_first_start_is_told_to_the_nearest_second() {
        let mut pending = Series::default();
        pending.set(Instant::from_seconds(60), 1.0);
        for (ms, told) in [(103_020, 103), (103_499, 103), (103_500, 104), (104_000, 104)] {
            let mut running = Series::default();
            running.set(Instant::from_ms(ms), 1.0);
            assert_eq!(first_start(&pending, &running), Some(Instant::from_seconds(told)), "{ms}");
            assert_eq!(first_start(&Series::default(), &running), None, "nothing waits");
        }
    }

    #[test]
    fn a_move_ends_where_somebody_else_sets_the_count() {
        let seconds = |it: u32| Instant::from_seconds(i64::from(it));
        let told = |changes: &[(u32, f64, f64)]| {
            let all = moves(changes.iter().map(|&(at, from, to)| (seconds(at), from, to)));
            let number = |it: f64| it as i64;
            all.iter().map(|it| (number(it.from), number(it.to), it.at)).collect::<Vec<_>>()
        };
        // 4 to 7 in two looks; set back to 4 before the third.
        assert_eq!(
            told(&[(135, 4.0, 5.0), (150, 5.0, 7.0), (195, 4.0, 7.0), (240, 7.0, 9.0)]),
            [(4, 7, seconds(150)), (4, 9, seconds(240))]
        );
        assert_eq!(told(&[(15, 4.0, 8.0), (60, 8.0, 10.0)]), [(4, 10, seconds(60))]);
    }
}
