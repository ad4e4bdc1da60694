//! Polls and reads as tables.

use super::*;

const CREATED: Instant = Instant::ZERO;

fn external() -> External {
    External {
        metric: "s0-rabbitmq-jobs".to_owned(),
        target_milli: 20_000,
        is_average: true,
        activation: 0.0,
        empty_is_zero: false,
        cached: false,
        cron: None,
        kafka: None,
    }
}

fn spec() -> Spec {
    Spec {
        polling_interval: Duration::from_seconds(30),
        cooldown_period: Duration::from_seconds(300),
        initial_cooldown_period: Duration::ZERO,
        idle_replicas: None,
        min_replicas: 0,
        triggers: vec![Trigger::External(external())],
        fallback: None,
        paused_scale_in: false,
        paused_scale_out: false,
        force_activation: false,
    }
}

fn seen(current_replicas: i32, readings: &[Reading]) -> Observation<'_> {
    Observation {
        current_replicas,
        ready_replicas: current_replicas,
        readings,
        clock: 0,
        hpa_active: false,
    }
}

/// One poll a second after `active_s`, if it ever was active, and what it writes.
fn polled(
    spec: &Spec,
    current: i32,
    reading: Reading,
    active_s: Option<i64>,
) -> (Option<i32>, Cause) {
    let state = State { last_active: active_s.map(Instant::from_seconds), ..State::default() };
    let step = poll(spec, state, &seen(current, &[reading]), CREATED, Instant::from_seconds(1000));
    (step.replicas, *step.trace.causes.last().unwrap())
}

/// What `RequestScale` does, by activity, error, count and bounds.
///
/// Upstream: keda 2.21 pkg/scaling/executor/scale_scaledobjects_test.go.
#[test]
fn who_wakes_up_and_who_goes_to_sleep() {
    let (some, none) = (Reading::Value(1.0), Reading::Value(0.0));
    let with = |min, idle: Option<i32>| Spec { min_replicas: min, idle_replicas: idle, ..spec() };
    let activated = |from, to| (Some(to), Cause::Activated { from, to });
    let down = |from, to, idle, initial| (Some(to), Cause::Deactivated { from, to, idle, initial });
    for (what, spec, current, reading, active_s, expected) in [
        ("from zero to one", with(0, None), 0, some, None, activated(0, 1)),
        ("from zero to the minimum", with(3, None), 0, some, None, activated(0, 3)),
        ("from idle to the minimum", with(5, Some(1)), 1, some, None, activated(1, 5)),
        ("up already", with(0, None), 4, some, None, (None, Cause::StaysActive)),
        ("never active", with(0, None), 4, none, None, down(4, 0, false, true)),
        ("long ago", with(0, None), 10, none, Some(699), down(10, 0, false, false)),
        ("to idle", with(5, Some(2)), 10, none, Some(699), down(10, 2, true, false)),
        (
            "exactly the cooldown",
            with(0, None),
            10,
            none,
            Some(700),
            (
                None,
                Cause::CoolingDown {
                    until: Instant::from_seconds(1000),
                    period: Duration::from_seconds(300),
                    initial: false,
                },
            ),
        ),
        ("down already", with(0, None), 0, none, None, (None, Cause::NothingToDo)),
        ("the HPA decides", with(2, None), 10, none, None, (None, Cause::NothingToDo)),
        (
            "below the minimum",
            with(2, None),
            1,
            none,
            None,
            (Some(2), Cause::RaisedToMin { from: 1, to: 2 }),
        ),
        ("idle already", with(5, Some(0)), 0, none, None, (None, Cause::NothingToDo)),
        (
            "failing, no fallback",
            with(0, None),
            4,
            Reading::Failed,
            None,
            (None, Cause::Failed { fallback: false }),
        ),
        (
            "nothing there is a failure",
            with(0, None),
            4,
            Reading::Empty,
            None,
            (None, Cause::Failed { fallback: false }),
        ),
    ] {
        assert_eq!(polled(&spec, current, reading, active_s), expected, "{what}");
    }
}

#[test]
fn a_value_at_its_threshold_is_not_active() {
    let mut it = external();
    it.activation = 5.0;
    let spec = Spec { triggers: vec![Trigger::External(it)], ..spec() };
    for (value, replicas) in [(5.0, None), (5.000_1, Some(1))] {
        assert_eq!(polled(&spec, 0, Reading::Value(value), None).0, replicas, "{value}");
    }
}

#[test]
fn annotations_hold_and_force() {
    let out = Spec { paused_scale_out: true, ..spec() };
    let paused = |it| (None, Cause::Paused(it));
    assert_eq!(polled(&out, 0, Reading::Value(1.0), None), paused(Direction::Out));
    let scale_in = Spec { paused_scale_in: true, ..spec() };
    assert_eq!(polled(&scale_in, 3, Reading::Value(0.0), None), paused(Direction::In));
    let forced = Spec { force_activation: true, ..spec() };
    let woken = (Some(1), Cause::Activated { from: 0, to: 1 });
    assert_eq!(polled(&forced, 0, Reading::Value(0.0), None), woken);
}

#[test]
fn cpu_and_memory_alone_are_always_active_and_never_beside_others() {
    let only = Spec { triggers: vec![Trigger::Resource], min_replicas: 1, ..spec() };
    assert_eq!(polled(&only, 3, Reading::Empty, None), (None, Cause::StaysActive));
    let beside =
        Spec { triggers: vec![Trigger::External(external()), Trigger::Resource], ..spec() };
    let down = Cause::Deactivated { from: 3, to: 0, idle: false, initial: true };
    assert_eq!(polled(&beside, 3, Reading::Value(0.0), None), (Some(0), down));
}

/// With one trigger active and another one failing, the workload stays up and the clock runs on.
#[test]
fn a_failure_beside_an_active_trigger_leaves_the_last_activity() {
    let two = vec![Trigger::External(external()), Trigger::External(external())];
    let spec = Spec { triggers: two, ..spec() };
    let readings = [Reading::Value(1.0), Reading::Failed];
    let state = State { last_active: Some(Instant::ZERO), ..State::default() };
    let step = poll(&spec, state, &seen(2, &readings), CREATED, Instant::from_seconds(60));
    assert_eq!(step.state.last_active, Some(Instant::ZERO));
    assert_eq!(step.trace.causes.last(), Some(&Cause::PartlyFailed));
}

/// `target × replicas`, once the failures exceed the threshold; polls and the HPA's reads both
/// count.
///
/// Upstream: keda 2.21 pkg/fallback/fallback_test.go.
#[test]
fn a_failing_trigger_is_replaced_after_the_threshold() {
    let fallback =
        Fallback { failure_threshold: 3, replicas: 7, behavior: FallbackBehavior::Static };
    let spec = Spec { fallback: Some(fallback), ..spec() };
    let mut state = State::default();
    let failing = [Reading::Failed];
    for failures in 1..=3 {
        let (value, next) = read(&spec, state, 0, &seen(2, &failing));
        assert_eq!((value, &next.failures[..]), (None, &[failures][..]));
        state = next;
    }
    let step = poll(&spec, state, &seen(2, &failing), CREATED, Instant::from_seconds(60));
    let found = TriggerState::Fallback { failures: 4, value_milli: 140_000 };
    assert_eq!(step.trace.causes[0], Cause::Trigger { trigger: 0, state: found });
    assert_eq!(step.trace.causes[1], Cause::StaysActive, "a fallback counts as active");
    let (value, state) = read(&spec, step.state, 0, &seen(2, &[Reading::Value(3.0)]));
    assert_eq!((value, &state.failures[..]), (Some(3000), &[0][..]));
}

#[test]
fn what_a_fallback_leads_the_hpa_to() {
    use FallbackBehavior::*;
    // target 20, current 4
    for (behavior, replicas, is_average, ready, expected) in [
        (Static, 7, true, 4, Some(140_000)),
        (CurrentReplicas, 7, true, 4, Some(80_000)),
        (CurrentReplicasIfHigher, 7, true, 4, Some(140_000)),
        (CurrentReplicasIfHigher, 3, true, 4, Some(80_000)),
        (CurrentReplicasIfLower, 7, true, 4, Some(80_000)),
        (CurrentReplicasIfLower, 3, true, 4, Some(60_000)),
        // 20 * 7 / 2: the HPA multiplies by the ready pods
        (Static, 7, false, 2, Some(70_000)),
        (Static, 7, false, 0, None),
    ] {
        let fallback = Some(Fallback { failure_threshold: 0, replicas, behavior });
        let it = External { is_average, ..external() };
        let spec = Spec { fallback, triggers: vec![Trigger::External(it)], ..spec() };
        let seen = Observation { ready_replicas: ready, ..seen(4, &[Reading::Failed]) };
        let (value, _) = read(&spec, State::default(), 0, &seen);
        assert_eq!(value, expected, "{behavior:?} {replicas} of {ready}");
    }
}

#[test]
fn a_cached_metric_is_as_old_as_the_last_poll() {
    let it = External { cached: true, ..external() };
    let spec = Spec { triggers: vec![Trigger::External(it)], ..spec() };
    let (value, state) = read(&spec, State::default(), 0, &seen(1, &[Reading::Value(5.0)]));
    assert_eq!(value, Some(5000), "nothing cached yet: asked at once");
    let step =
        poll(&spec, state, &seen(1, &[Reading::Value(6.0)]), CREATED, Instant::from_seconds(30));
    let (value, _) = read(&spec, step.state, 0, &seen(1, &[Reading::Value(9.0)]));
    assert_eq!(value, Some(6000));
}

#[test]
fn a_cron_trigger_is_active_between_start_and_end() {
    let schedule = |text| cron::Schedule::parse(text).unwrap();
    let cron = Cron {
        start: schedule("0 8 * * *"),
        end: schedule("0 20 * * *"),
        zone: Some(zone::Zone::UTC),
        desired_replicas: 10,
    };
    let it = External { cron: Some(cron), ..external() };
    let spec = Spec { triggers: vec![Trigger::External(it)], ..spec() };
    for (clock, expected) in
        [("07:59:59", 0), ("08:00", 10_000), ("19:59:59", 10_000), ("20:00", 0), ("23:00", 0)]
    {
        let clock = cron::clock(&format!("2026-01-05T{clock}")).unwrap();
        let seen = Observation { clock, ..seen(1, &[Reading::Empty]) };
        assert_eq!(read(&spec, State::default(), 0, &seen).0, Some(expected), "{clock}");
    }
}

#[test]
fn values_round_to_the_nearest_thousandth() {
    for (value, expected) in [
        (0.000_4, 0),
        (0.000_9, 1),
        (1.999_9, 2_000),
        (-3.0, 0),
        (f64::NAN, 0),
        (f64::INFINITY, 0),
        // 0.0005 lies below it as a float: 0.0005000000000000000104 is above, so up
        (0.000_5, 1),
        (1e30, i64::MAX),
    ] {
        assert_eq!(milli(value), expected, "{value}");
    }
}
