//! Every phrase says something in both languages, and a few as they read.

use super::phrase::Bound::{At, Beyond};
use super::phrase::*;
use crate::hpa::{
    Direction, Limit, Pass, PolicyLimit, ScalingPolicy, SelectPolicy, SelectorProblem, Settings,
    Standing,
};
use crate::keda::{self, TriggerState};
use crate::report::PartRole;
use crate::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_seconds(60);

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds)
}

fn policy_limit(policy: Option<usize>) -> PolicyLimit {
    PolicyLimit { policy, added: 0, removed: 1, period_start_replicas: 23, allowed: 22 }
}

fn titles() -> Vec<Title<'static>> {
    vec![
        Title::Scale,
        Title::Bounds,
        Title::Metric("cpu"),
        Title::FilledIn,
        Title::Proposal,
        Title::SeveralMetrics,
        Title::MetricsFailed,
        Title::Stabilization,
        Title::ScaleUpLimit,
        Title::Policies(Direction::Up),
        Title::Policies(Direction::Down),
        Title::Limits,
        Title::Written,
        Title::Triggers,
        Title::Activation,
        Title::Cooldown,
        Title::Demand,
        Title::Plan,
        Title::Launch,
        Title::IdleNodes,
        Title::Stop,
        Title::GaveUp,
        Title::Requests,
        Title::ColdStart,
        Title::Factor,
        Title::Delay,
        Title::Gangs,
    ]
}

const FEWER: Flight<'static> =
    Flight { steps: &[(At("60 %"), 3), (At("40 %"), 2), (At("20 %"), 1)], is_folded: false };
const MORE: Flight<'static> =
    Flight { steps: &[(At("89 %"), 5), (At("101 %"), 6), (At("161 %"), 9)], is_folded: true };
const BELOW: Flight<'static> =
    Flight { steps: &[(Beyond("450k"), 3), (At("400k"), 2)], is_folded: false };
const ABOVE: Flight<'static> =
    Flight { steps: &[(Beyond("550k"), 5), (Beyond("600k"), 6)], is_folded: false };

fn metrics() -> Vec<MetricPhrase<'static>> {
    let usage = |pods, pass| MetricPhrase::UsageOfRequests {
        usage: "2416m",
        requests: "1500m",
        average: "805m",
        pods,
        pass,
    };
    let average =
        |pods, pass| MetricPhrase::AverageUsage { average: "250m", target: "100m", pods, pass };
    let some = |proposal| MetricPhrase::SomeFailed { failed: 1, metrics: 2, proposal, current: 5 };
    let filled = |missing, given, unready| MetricPhrase::PodsFilledIn { missing, given, unready };
    let stairs = |fewer, more| MetricPhrase::Staircase { current: 4, fewer, more };
    vec![
        MetricPhrase::PodsCounted { ready: 3, unready: 0, missing: 0, ignored: 0 },
        MetricPhrase::PodsCounted { ready: 1, unready: 2, missing: 1, ignored: 1 },
        MetricPhrase::Unlisted { pods: 1 },
        MetricPhrase::Unlisted { pods: 2 },
        usage(3, Pass::Measured),
        usage(1, Pass::Measured),
        usage(3, Pass::FilledIn),
        MetricPhrase::RequestOfPod { whole: "600m", parts: "web 500m + proxy 100m" },
        MetricPhrase::Spread { least: "12 %", most: "109 %" },
        average(3, Pass::Measured),
        average(1, Pass::FilledIn),
        filled(0, "0", 0),
        filled(2, "1", 0),
        filled(0, "0", 1),
        filled(1, "0", 2),
        MetricPhrase::WithinTolerance { ratio: 1.05, low: 0.9, high: 1.1 },
        MetricPhrase::OutsideTolerance { ratio: 10.0 / 3.0, low: 0.9, high: 1.1 },
        MetricPhrase::Flipped { ratio: 1.5, filled: 0.75 },
        MetricPhrase::WrongDirection { refused: 6, current: 5 },
        MetricPhrase::FromZero,
        MetricPhrase::PerReplica,
        stairs(FEWER, MORE),
        stairs(FEWER, Flight::default()),
        stairs(Flight::default(), MORE),
        stairs(BELOW, ABOVE),
        MetricPhrase::Failed("no metrics returned"),
        MetricPhrase::AskedAt("/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue"),
        some(Some(3)),
        some(None),
        MetricPhrase::LargestWins { name: "cpu" },
        MetricPhrase::FailedDoNotStop { failed: 1 },
        MetricPhrase::FailedDoNotStop { failed: 2 },
    ]
}

fn pods(settings: &Settings) -> Vec<PodPhrase<'_>> {
    let mut phrases: Vec<_> =
        STANDINGS.iter().map(|standing| PodPhrase::Why(*standing, settings)).collect();
    phrases.extend([PodPhrase::Counted, PodPhrase::Ignored]);
    phrases
}

const STANDINGS: [Standing; 10] = [
    Standing::Counts,
    Standing::Deleting,
    Standing::Failed,
    Standing::Pending,
    Standing::NoSample,
    Standing::NoCondition,
    Standing::NotReady,
    Standing::SampleOfStart,
    Standing::NeverReady,
    Standing::NotCounted,
];

fn hpas() -> Vec<HpaPhrase<'static>> {
    const FACTOR: Limit = Limit::ScaleUpFactor { current_replicas: 3 };
    let limited = |limit| HpaPhrase::Limited { limit, from: 9, to: 5 };
    let stabilized = |direction, kept| HpaPhrase::Stabilized {
        direction,
        window: MINUTE,
        held_by: at(300),
        recommendation: 3,
        kept,
    };
    let not_stabilized = |direction, window| HpaPhrase::NotStabilized { direction, window };
    let wants = |binding| HpaPhrase::Wants { wanted: 9, binding };
    let policy = |direction, policy, policies, select| HpaPhrase::Policy {
        direction,
        index: 0,
        policy,
        policies,
        select,
    };
    vec![
        HpaPhrase::ScaleUnavailable("not found"),
        HpaPhrase::ScalingDisabled { min: 1 },
        HpaPhrase::AboveMax { current: 9, max: 5 },
        HpaPhrase::BelowMin { current: 1, min: 3 },
        HpaPhrase::SelectorUnusable(SelectorProblem::Missing),
        HpaPhrase::SelectorUnusable(SelectorProblem::Unparsable),
        HpaPhrase::SelectorUnusable(SelectorProblem::Ambiguous),
        stabilized(Direction::Up, None),
        stabilized(Direction::Down, Some(2)),
        not_stabilized(None, Duration::ZERO),
        not_stabilized(Some(Direction::Up), Duration::ZERO),
        not_stabilized(Some(Direction::Down), MINUTE),
        limited(&Limit::MaxReplicas),
        limited(&Limit::MinReplicas),
        limited(&FACTOR),
        policy(Direction::Up, ScalingPolicy::percent(50, MINUTE), 1, SelectPolicy::Max),
        policy(Direction::Down, ScalingPolicy::pods(1, MINUTE), 2, SelectPolicy::Min),
        policy(Direction::Down, ScalingPolicy::pods(4, MINUTE), 2, SelectPolicy::Max),
        HpaPhrase::NotLimited { min: 1, max: 5 },
        HpaPhrase::RaisedToMin { to: 1 },
        HpaPhrase::UpdateFailed,
        wants(Some(Binding::Field("maxReplicas"))),
        wants(Some(Binding::Window)),
        wants(Some(Binding::Factor)),
        wants(Some(Binding::FailedMetric)),
        wants(None),
        HpaPhrase::Remembers { wanted: 2, asks: 32, binding: None },
    ]
}

fn kedas() -> Vec<KedaPhrase<'static>> {
    let trigger = |state, is_cron| KedaPhrase::Trigger {
        metric: "s0-kafka-orders",
        state,
        activation: 5.0,
        is_cron,
    };
    let (active, inactive) = (
        TriggerState::Active { value_milli: 12_500 },
        TriggerState::Inactive { value_milli: 5_000 },
    );
    let cooling = |initial| KedaPhrase::CoolingDown { until: at(360), period: MINUTE, initial };
    vec![
        trigger(active, false),
        trigger(active, true),
        trigger(inactive, false),
        trigger(inactive, true),
        trigger(TriggerState::Read { value_milli: 2_500 }, false),
        trigger(TriggerState::Withheld, false),
        trigger(TriggerState::NoResult, false),
        trigger(TriggerState::Failed { failures: 0 }, false),
        trigger(TriggerState::Failed { failures: 3 }, false),
        trigger(TriggerState::Fallback { failures: 4, value_milli: 60_000 }, false),
        KedaPhrase::OnlyResources,
        KedaPhrase::Forced,
        KedaPhrase::Activated { from: 0, to: 1 },
        KedaPhrase::Paused(keda::Direction::Out),
        KedaPhrase::Paused(keda::Direction::In),
        KedaPhrase::PartlyFailed,
        KedaPhrase::StaysActive,
        KedaPhrase::Failed { fallback: true },
        KedaPhrase::Failed { fallback: false },
        cooling(true),
        cooling(false),
        KedaPhrase::Deactivated { from: 10, to: 0, idle: false, initial: true },
        KedaPhrase::Deactivated { from: 10, to: 2, idle: true, initial: false },
        KedaPhrase::RaisedToMin { to: 2 },
        KedaPhrase::NothingToDo,
    ]
}

fn ray_plans() -> Vec<RayPlanPhrase<'static>> {
    let short = |shortage| RayPlanPhrase::Infeasible { count: 1, shortage: Some(shortage) };
    let group = "cpu";
    let new = |runner_up| RayPlanPhrase::NewNodes { nodes: 6, group: "cpu", placed: 48, runner_up };
    vec![
        RayPlanPhrase::NothingWaits,
        RayPlanPhrase::Waits { count: 48, shape: "{CPU: 1}" },
        RayPlanPhrase::GangsWait { count: 1 },
        RayPlanPhrase::Constraint,
        RayPlanPhrase::FitsExisting { placed: 2, nodes: 1 },
        RayPlanPhrase::Fallback { group: "cpu", placed: 1 },
        RayPlanPhrase::Fallback { group: "cpu", placed: 2 },
        new(Some("gpu")),
        new(None),
        RayPlanPhrase::MinNodes { group: "cpu", nodes: 0, min: 1 },
        RayPlanPhrase::TooManyOfType { group: "cpu", nodes: 6, max: 5 },
        RayPlanPhrase::TooMany { nodes: 6, max: 5 },
        RayPlanPhrase::TypeFull { group: "cpu", max: 5 },
        RayPlanPhrase::ClusterFull { max: 5 },
        short(Shortage::Resource { group, resource: "GPU", needed: 4.0, has: 0.0 }),
        short(Shortage::Labels { group }),
        short(Shortage::Full { group }),
        RayPlanPhrase::Infeasible { count: 2, shortage: None },
        RayPlanPhrase::Dropped { unplaced: 1 },
        RayPlanPhrase::Unavailable { group: "cpu" },
        RayPlanPhrase::HeadNotRunning,
        RayPlanPhrase::Reported { group: "cpu", resource: "CPU", believed: 4.0, reported: 2.0 },
    ]
}

fn rays() -> Vec<RayPhrase<'static>> {
    let group = "cpu";
    let stopped = |why| RayPhrase::Stopped { pods: 5, group, why };
    let kept = |by| RayPhrase::Kept { pods: 1, by };
    vec![
        RayPhrase::LaunchRate { group, queued: 20, launched: 10, in_flight: 0, limit: 10 },
        RayPhrase::PendingLimit { group, queued: 20, launched: 5, pending: 0, limit: 5 },
        RayPhrase::Failures { failures: 1, most: 5 },
        RayPhrase::Failures { failures: 6, most: 5 },
        RayPhrase::TooSoon { since: MINUTE },
        RayPhrase::LaunchFailed { group },
        RayPhrase::Allocated { pods: 2 },
        RayPhrase::TimedOut { group, status: "REQUESTED", timeout_s: 600 },
        RayPhrase::IdleKept { pods: 2, idle: MINUTE, timeout: 120.0 },
        kept(KeptReason::Demands),
        kept(KeptReason::Constraint),
        kept(KeptReason::MinNodes),
        stopped(StopReason::Idle { idle: MINUTE, timeout_s: 60.0 }),
        stopped(StopReason::MaxOfType { max: 4 }),
        stopped(StopReason::Max { max: 4 }),
        stopped(StopReason::GroupRemoved),
        RayPhrase::DrainRefused,
        RayPhrase::Stuck("KeyError"),
        RayPhrase::Config("KeyError"),
    ]
}

fn ray_patches() -> Vec<RayPatchPhrase<'static>> {
    let group = "cpu";
    vec![
        RayPatchPhrase::PendingDeletes { group },
        RayPatchPhrase::Capped { group, wanted: 9, max: 5 },
        RayPatchPhrase::PartOfReplica { group, hosts: 3, num_of_hosts: 2 },
        RayPatchPhrase::NotPatchable { group },
        RayPatchPhrase::Patched { group, replicas: 6 },
        RayPatchPhrase::Named { group, pods: 0 },
        RayPatchPhrase::Named { group, pods: 5 },
    ]
}

const MOVES: &[Move] = &[
    Move { from: 1.0, to: 5.0, began: Instant::from_seconds(135), at: Instant::from_seconds(180) },
    Move {
        from: 5.0,
        to: 4.0,
        began: Instant::from_seconds(1170),
        at: Instant::from_seconds(1170),
    },
    Move {
        from: 4.0,
        to: 2.0,
        began: Instant::from_seconds(1515),
        at: Instant::from_seconds(1530),
    },
];

const HELD: HeldBy<'static> = HeldBy {
    binding: "maxReplicas",
    wanted: 9.0,
    or_more: false,
    lasted: Duration::from_seconds(990),
};

fn verdicts() -> Vec<VerdictPhrase<'static>> {
    let stays = |held| VerdictPhrase::Stays { count: 5.0, what: What::Replicas, held };
    let moves = |what, held, more| VerdictPhrase::Moves { moves: MOVES, what, held, more };
    let failed = |reason, at_end| VerdictPhrase::Failed { reason, at_end };
    let unplaced = |count, why| VerdictPhrase::Unplaced { count, why };
    vec![
        VerdictPhrase::Queued { most: 1.0 },
        VerdictPhrase::Queued { most: 2310.0 },
        VerdictPhrase::RayAutoscaler { cluster: "inference" },
        VerdictPhrase::NoScale,
        VerdictPhrase::LeftToHpa,
        failed("FailedGetResourceMetric", false),
        failed("AmbiguousSelector", true),
        failed("InvalidSelector", false),
        failed("ScalingDisabled", false),
        VerdictPhrase::Unconfigured { exception: "KeyError" },
        VerdictPhrase::RefusedByKubeRay { error: "worker group w has negative", more: 0 },
        VerdictPhrase::RefusedByKubeRay { error: "worker group w has negative", more: 1 },
        VerdictPhrase::Refused { error: "spec.maxReplicas: Required value", more: 0, mended: None },
        VerdictPhrase::Refused {
            error: "spec.maxReplicas: Required value",
            more: 2,
            mended: Some(&[]),
        },
        stays(None),
        stays(Some(HELD)),
        moves(What::Replicas, Some((0, HELD)), 0),
        moves(What::Replicas, Some((2, HELD)), 1),
        moves(What::Workers, None, 2),
        VerdictPhrase::Unserved { requests: 3280.0 },
        unplaced(1.0, Some(Lack::Resource("GPU"))),
        unplaced(2.0, Some(Lack::Room("gpu"))),
        unplaced(2.0, Some(Lack::Labels)),
        unplaced(2.0, None),
        VerdictPhrase::WorkStarts { at: at(289) },
    ]
}

fn charts() -> Vec<ChartPhrase<'static>> {
    vec![
        ChartPhrase::Requests("chat/Model"),
        ChartPhrase::SeriesQueued,
        ChartPhrase::SeriesOngoing,
        ChartPhrase::NoteRequests,
        ChartPhrase::SeriesReplicasRun,
        ChartPhrase::SeriesStarting,
        ChartPhrase::NoteServeReplicas,
        ChartPhrase::Load("web"),
        ChartPhrase::Metric("CPU"),
        ChartPhrase::MetricValue("s0-kafka-orders"),
        ChartPhrase::Queue("web"),
        ChartPhrase::SeriesWaiting,
        ChartPhrase::NoteQueue,
        ChartPhrase::Replicas("web"),
        ChartPhrase::Workers("inference"),
        ChartPhrase::Nodes,
        ChartPhrase::SeriesLoad,
        ChartPhrase::SeriesServed,
        ChartPhrase::SeriesUnserved,
        ChartPhrase::SeriesMetric("cpu"),
        ChartPhrase::SeriesTarget,
        ChartPhrase::SeriesBand { upper: true },
        ChartPhrase::SeriesBand { upper: false },
        ChartPhrase::SeriesDesired,
        ChartPhrase::SeriesReady,
        ChartPhrase::SeriesMax { field: "maxReplicas", value: Some(5.0) },
        ChartPhrase::SeriesMax { field: "maxReplicas", value: None },
        ChartPhrase::SeriesWithoutCap,
        ChartPhrase::SeriesRequested("gpu"),
        ChartPhrase::SeriesRunning("gpu"),
        ChartPhrase::SeriesPending,
        ChartPhrase::SeriesNodesUsed,
        ChartPhrase::SeriesUnschedulable,
        ChartPhrase::NoteUnserved { requests: 3280.0 },
        ChartPhrase::NoteUnserved { requests: 0.0 },
        ChartPhrase::NoteTarget { target: "60 %", down: 0.1, up: 0.1 },
        ChartPhrase::NoteReplicas,
        ChartPhrase::NoteWorkers,
        ChartPhrase::NoteNodes { count: 10 },
    ]
}

fn notes() -> Vec<NotePhrase<'static>> {
    let unschedulable = |resource, nodes, unmatched| NotePhrase::Unschedulable {
        pod: "web-1",
        resource,
        nodes,
        unmatched,
    };
    let expected = |bound, when| {
        let what = "web desiredReplicas";
        NotePhrase::Expected { what, bound, when, got: 3.0, met: false }
    };
    vec![
        NotePhrase::Binds { from: at(180), to: at(1170) },
        NotePhrase::TryValue { value: 9 },
        unschedulable("cpu", 3, 0),
        unschedulable("cpu", 3, 1),
        unschedulable("", 0, 3),
        unschedulable("", 0, 0),
        NotePhrase::PodLimit { most: 5000 },
        NotePhrase::StepLimit,
        NotePhrase::Alternative { field: "maxReplicas", value: "9", result: 8.0 },
        NotePhrase::WorkLimit { cluster: "inference", most: 10_000 },
        NotePhrase::WorkSuspended { cluster: "inference", count: 1 },
        NotePhrase::DecisionTitle { name: "HPA web", number: 13, at: at(180) },
        expected("≤ 2", None),
        expected("≥ 2", Some(When::By(at(60)))),
        expected("≤ 2", Some(When::From(at(60)))),
    ]
}

#[test]
fn every_phrase_says_something_in_both_languages() {
    fn check(phrases: &[impl Phrase + std::fmt::Debug]) {
        for phrase in phrases {
            for text in [phrase.en().to_string(), phrase.ko().to_string()] {
                assert!(!text.trim().is_empty(), "{phrase:?}");
                assert!(!text.contains('!') && !text.contains("  "), "{phrase:?}: {text}");
                assert!(!text.contains("은(") && !text.contains("을("), "{phrase:?}: {text}");
                let braces = text.contains(['{', '}']) && !text.contains("{CPU: 1}");
                assert!(!braces, "{phrase:?}: a hole is left in {text}");
            }
        }
    }
    check(&titles());
    check(&metrics());
    check(&hpas());
    check(&kedas());
    check(&ray_plans());
    check(&rays());
    check(&ray_patches());
    check(&verdicts());
    check(&charts());
    check(&notes());
    check(&pods(&Settings::default()));
    let limits = [Some(0), None].map(policy_limit);
    for limit in
        limits.into_iter().flat_map(|it| [Limit::ScaleUpPolicy(it), Limit::ScaleDownPolicy(it)])
    {
        check(&[HpaPhrase::Limited { limit: &limit, from: 3, to: 22 }]);
    }
}

#[track_caller]
fn reads(phrase: &impl Phrase, en: &str, ko: &str) {
    assert_eq!((&*phrase.en().to_string(), &*phrase.ko().to_string()), (en, ko));
}

#[test]
fn a_verdict_says_where_a_limit_begins_to_hold() {
    reads(
        &VerdictPhrase::Moves {
            moves: MOVES,
            what: What::Replicas,
            held: Some((0, HELD)),
            more: 0,
        },
        "1 → 5 replicas by 3m 00s, then held by maxReplicas for 16m 30s; without it there would be \
         up to 9. Then down to 4 at 19m 30s, 2 by 25m 30s.",
        "레플리카가 3m 00s까지 1개에서 5개로 늘어난 뒤 16m 30s 동안 maxReplicas에 막힙니다. 한도가 \
         없다면 최대 9개가 됩니다. 이후 19m 30s에 4개로, 25m 30s까지 2개로 줄어듭니다.",
    );
    let held = Some(HeldBy { wanted: 1000.0, or_more: true, ..HELD });
    reads(
        &VerdictPhrase::Stays { count: 5.0, what: What::Replicas, held },
        "Stays at 5 replicas, held by maxReplicas for 16m 30s; without it there would be 1,000 or \
         more.",
        "레플리카 5개에서 16m 30s 동안 maxReplicas에 막힙니다. 한도가 없다면 1,000개 이상이 됩니다.",
    );
    reads(
        &VerdictPhrase::Moves { moves: MOVES, what: What::Workers, held: None, more: 3 },
        "1 → 5 workers by 3m 00s; down to 4 at 19m 30s, 2 by 25m 30s. 3 more moves follow.",
        "워커가 3m 00s까지 1개에서 5개로 늘고, 19m 30s에 4개로, 25m 30s까지 2개로 줄어듭니다. 그 \
         뒤로 3번 더 바뀝니다.",
    );
    reads(
        &VerdictPhrase::Stays { count: 1.0, what: What::Workers, held: None },
        "Stays at 1 worker.",
        "워커 1개를 유지합니다.",
    );
    reads(
        &VerdictPhrase::Left { from: 1.0, to: 4.0, what: What::Workers },
        "Changes nothing: what takes the count from 1 to 4 workers is not its own.",
        "아무것도 바꾸지 않습니다. 워커 1개가 4개로 바뀐 것은 다른 주체가 한 일입니다.",
    );
    reads(
        &VerdictPhrase::NoHead { suspended: true },
        "Never looks: the cluster is suspended and has no head.",
        "한 번도 살피지 않습니다. 클러스터가 일시 중지되어 헤드가 없습니다.",
    );
    reads(
        &VerdictPhrase::NoHead { suspended: false },
        "Never looks: its head does not run.",
        "한 번도 살피지 않습니다. 헤드가 실행되지 않습니다.",
    );
}

#[test]
fn a_verdict_says_where_a_count_starts_anew() {
    let at = Instant::from_seconds;
    let moves = &[
        Move { from: 4.0, to: 7.0, began: at(135), at: at(150) },
        Move { from: 4.0, to: 9.0, began: at(195), at: at(240) },
        Move { from: 3.0, to: 0.0, began: at(600), at: at(600) },
    ];
    reads(
        &VerdictPhrase::Moves { moves, what: What::Replicas, held: None, more: 0 },
        "4 → 7 replicas by 2m 30s; 4 → 9 by 4m 00s; 3 → 0 at 10m 00s.",
        "레플리카가 2m 30s까지 4개에서 7개로 늘고, 4m 00s까지 4개에서 9개로 늘고, 10m 00s에 \
         3개에서 0개로 줄어듭니다.",
    );
    reads(
        &VerdictPhrase::Moves { moves, what: What::Replicas, held: Some((1, HELD)), more: 0 },
        "4 → 7 replicas by 2m 30s; 4 → 9 by 4m 00s, then held by maxReplicas for 16m 30s; without \
         it there would be up to 9. Then 3 → 0 at 10m 00s.",
        "레플리카가 2m 30s까지 4개에서 7개로 늘고, 4m 00s까지 4개에서 9개로 늘어난 뒤 16m 30s 동안 \
         maxReplicas에 막힙니다. 한도가 없다면 최대 9개가 됩니다. 이후 10m 00s에 3개에서 0개로 \
         줄어듭니다.",
    );
}

#[test]
fn a_poll_says_what_it_found_and_what_holds() {
    reads(
        &kedas()[0],
        "s0-kafka-orders is 12500m, above its activation threshold 5: active.",
        "s0-kafka-orders 값이 12500m로 활성화 임곗값 5보다 커서 활성입니다.",
    );
    reads(
        &KedaPhrase::CoolingDown { until: at(360), period: MINUTE, initial: false },
        "No trigger is active. cooldownPeriod 1m 00s holds the workload up until after 6m 00s.",
        "활성 트리거가 없습니다. cooldownPeriod 1m 00s 동안, 6m 00s까지는 줄이지 않습니다.",
    );
}

#[test]
fn a_policy_is_told_with_its_value_and_its_period() {
    reads(
        &HpaPhrase::Limited {
            limit: &Limit::ScaleDownPolicy(policy_limit(Some(0))),
            from: 3,
            to: 22,
        },
        "The policies allow at least 22, not 3: the period began with 23, since then 0 added and \
         1 removed.",
        "정책에 따라 3개가 아니라 22개까지만 줄일 수 있습니다. 정책 기간이 시작될 때 23개였고, 그 \
         뒤 0개가 늘고 1개가 줄었습니다.",
    );
    reads(
        &HpaPhrase::Policy {
            direction: Direction::Down,
            index: 0,
            policy: ScalingPolicy::pods(1, MINUTE),
            policies: 2,
            select: SelectPolicy::Max,
        },
        "scaleDown.policies[0]: 1 pod in 1m 00s, the largest change of 2 policies.",
        "scaleDown.policies[0]: 1m 00s 동안 파드 1개, 정책 2개 중 가장 큰 변화.",
    );
}

#[test]
fn a_staircase_says_what_it_takes_to_move() {
    reads(
        &MetricPhrase::Staircase { current: 4, fewer: FEWER, more: MORE },
        "From 4 it goes to 3 at 60 % or less (2 at 40 %, 1 at 20 %), to 5 at 89 % or more (6 at \
         101 %, … 9 at 161 %).",
        "4개에서 60 % 이하이면 3개(40 %에서 2개, 20 %에서 1개)로, 89 % 이상이면 5개(101 %에서 6개, \
         … 161 %에서 9개)로 바뀝니다.",
    );
    reads(
        &MetricPhrase::Staircase { current: 4, fewer: BELOW, more: ABOVE },
        "From 4 it goes to 3 below 450k (2 at 400k), to 5 above 550k (6 above 600k).",
        "4개에서 450k 미만이면 3개(400k에서 2개)로, 550k 초과이면 5개(600k 초과에서 6개)로 바뀝니다.",
    );
}

#[test]
fn a_window_says_what_holds_and_until_when() {
    reads(
        &HpaPhrase::Stabilized {
            direction: Direction::Down,
            window: Duration::from_seconds(300),
            held_by: at(735),
            recommendation: 10,
            kept: None,
        },
        "The highest recommendation of the last 5m 00s was 10 at 12m 15s; it leaves the window at \
         17m 15s.",
        "최근 5m 00s 동안 가장 높은 권장 사항은 12m 15s의 10개이며, 17m 15s에 안정화 윈도우를 \
         벗어납니다.",
    );
}

#[test]
fn korean_particles_follow_the_sound_of_the_number() {
    let within = |ratio| MetricPhrase::WithinTolerance { ratio, low: 0.9, high: 1.1 };
    for (ratio, start) in [(1.02, "비율 1.02는 "), (1.03, "비율 1.03은 "), (1.0, "비율 1은 ")]
    {
        assert!(within(ratio).ko().to_string().starts_with(start), "{ratio}");
    }
}

#[test]
fn numbers_keep_the_role_of_a_value_and_names_that_of_code() {
    let message = RayPlanPhrase::TypeFull { group: "gpu-workers", max: 5 }.en();
    let role = |text: &str| message.parts.iter().find(|it| it.text == text).map(|it| it.role);
    assert_eq!(role("5"), Some(PartRole::Value));
    assert_eq!(role("gpu-workers"), Some(PartRole::Code));
}
