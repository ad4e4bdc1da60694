//! Tide tables of loads, and what holds for any load.

use proptest::prelude::*;
use proptest::strategy::Strategy;

use super::{Change, Interpolation, Load, Point, Rate, Shape};
use crate::time::{Duration, Instant};

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds)
}

fn length(seconds: i64) -> Duration {
    Duration::from_seconds(seconds)
}

fn rps(rps: i64) -> Rate {
    Rate::from_micro(rps * 1_000_000)
}

/// `milliseconds:rate` of each change up to `seconds`.
fn changes(shapes: Vec<Shape>, seconds: i64) -> String {
    let load = Load { shapes };
    let changes = load.changes(Instant::ZERO, at(seconds));
    let words: Vec<_> = changes.map(|it| format!("{}:{}", it.at.ms(), it.rate)).collect();
    words.join(" ")
}

#[track_caller]
fn check(shape: Shape, seconds: i64, expected: &str) {
    assert_eq!(changes(vec![shape], seconds), expected);
}

#[test]
fn a_constant_never_changes() {
    check(Shape::Constant(rps(20)), 600, "0:20");
}

#[test]
fn a_step_holds_until_it_is_over() {
    let step = |until| Shape::Step { at: at(120), from: rps(20), to: rps(160), until };
    check(step(None), 600, "0:20 120000:160");
    check(step(Some(at(300))), 600, "0:20 120000:160 300000:20");
    check(step(Some(at(300))), 299, "0:20 120000:160");
    check(step(Some(at(300))), 300, "0:20 120000:160 300000:20");
}

#[test]
fn a_ramp_takes_the_rate_in_the_middle_of_each_second() {
    // 10 per second more each second: 5, 15, 25, 35 in the middles, 40 at the end.
    let ramp = Shape::Ramp { from: rps(0), to: rps(40), start: at(1), end: at(5) };
    check(ramp, 600, "0:0 1000:5 2000:15 3000:25 4000:35 5000:40");
}

#[test]
fn a_long_ramp_has_sixty_pieces() {
    // 600 s in pieces of 10 s; one piece rises 2, its middle lies 1 above its start.
    let ramp = Shape::Ramp { from: rps(0), to: rps(120), start: at(0), end: at(600) };
    let load = Load { shapes: vec![ramp] };
    let seen: Vec<_> = load.changes(Instant::ZERO, at(900)).collect();
    assert_eq!(seen.len(), 61);
    assert_eq!(seen[1], Change { at: at(10), rate: rps(3) });
    assert_eq!(seen[60], Change { at: at(600), rate: rps(120) });
}

#[test]
fn a_ramp_without_length_is_a_step() {
    let ramp = Shape::Ramp { from: rps(7), to: rps(9), start: at(60), end: at(60) };
    check(ramp, 600, "0:7 60000:9");
}

#[test]
fn a_spike_rises_holds_and_falls() {
    let spike = |rise, hold, fall| Shape::Spike {
        base: rps(20),
        peak: rps(60),
        at: at(10),
        rise: length(rise),
        hold: length(hold),
        fall: length(fall),
    };
    check(
        spike(2, 5, 4),
        60,
        "0:20 10000:30 11000:50 12000:60 17000:55 18000:45 19000:35 20000:25 21000:20",
    );
    check(spike(0, 5, 0), 60, "0:20 10000:60 15000:20");
    check(spike(0, 0, 0), 60, "0:20");
}

#[test]
fn a_wave_peaks_where_it_is_told_to() {
    // 60 s in twelve pieces of 5 s. The middle of a piece lies 1/24, 3/24 ... of a turn off the
    // peak: 100 + 100 cos(15°) = 196.592583, cos(45°) gives 170.710678, cos(75°) 125.881905.
    let wave = Shape::Wave { low: rps(0), high: rps(200), period: length(60), peak_at: at(30) };
    check(
        wave,
        59,
        "0:3.407417 5000:29.289322 10000:74.118095 15000:125.881905 20000:170.710678 \
         25000:196.592583 35000:170.710678 40000:125.881905 45000:74.118095 50000:29.289322 \
         55000:3.407417",
    );
}

#[test]
fn a_wave_of_a_day_costs_288_changes() {
    let day = 86_400;
    let wave =
        Shape::Wave { low: rps(10), high: rps(200), period: length(day), peak_at: at(50_400) };
    let load = Load { shapes: vec![wave] };
    let changes: Vec<_> = load.changes(Instant::ZERO, at(day - 1)).collect();
    // 288 pieces, but those on both sides of the peak, and of the low, have the same rate.
    assert_eq!(changes.len(), 288 - 2);
    let requests: i128 = changes
        .iter()
        .enumerate()
        .map(|(index, it)| {
            let end = changes.get(index + 1).map_or(at(day), |next| next.at);
            it.rate.nano_requests(end.since(it.at))
        })
        .sum();
    let mean_micro = requests / 1000 / i128::from(day);
    assert!((mean_micro - 105_000_000).abs() <= 1, "mean {mean_micro}, not (10 + 200) / 2");
}

#[test]
fn points_hold_or_are_joined() {
    let points = |interpolation| Shape::Points {
        points: vec![
            Point { at: at(10), rate: rps(20) },
            Point { at: at(20), rate: rps(40) },
            Point { at: at(21), rate: rps(10) },
        ],
        interpolation,
    };
    check(points(Interpolation::Step), 60, "0:20 20000:40 21000:10");
    check(points(Interpolation::Linear), 60, "0:20 10000:25 15000:35 20000:25 21000:10");
    check(Shape::Points { points: vec![], interpolation: Interpolation::Linear }, 60, "0:0");
}

#[test]
fn shapes_add_up() {
    let steps = [(120, 20, 160, 840), (840, 0, 40, 1200)]
        .map(|(from, low, high, until)| Shape::Step {
            at: at(from),
            from: rps(low),
            to: rps(high),
            until: Some(at(until)),
        })
        .to_vec();
    assert_eq!(changes(steps, 1800), "0:20 120000:160 840000:60 1200000:20");
    let opposite = vec![
        Shape::Step { at: at(5), from: rps(1), to: rps(2), until: None },
        Shape::Step { at: at(5), from: rps(2), to: rps(1), until: None },
    ];
    assert_eq!(changes(opposite, 60), "0:3", "the sum stays the same: no change");
    assert_eq!(changes(vec![], 60), "0:0");
}

fn any_rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        any::<f64>().prop_map(Rate::from_rps),
        (0..=1000_i64).prop_map(rps),
        Just(Rate::MAX),
    ]
}

/// Any two of them are no further apart than a duration can say; those of a run start at 0.
fn any_instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        (-10_000..2_000_000_i64).prop_map(Instant::from_ms),
        (i64::MIN / 2..=i64::MAX / 2).prop_map(Instant::from_ms),
    ]
}

fn any_duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..2_000_000_i64).prop_map(Duration::from_ms),
        any::<i64>().prop_map(Duration::from_ms),
    ]
}

/// From the shortest that a Scenario may have.
fn period() -> impl Strategy<Value = Duration> {
    any_duration().prop_map(|it| it.max(length(60)))
}

fn any_points() -> impl Strategy<Value = Shape> {
    let points = prop::collection::btree_map(any_instant(), any_rate(), 0..20);
    (points, any::<bool>()).prop_map(|(points, linear)| Shape::Points {
        points: points.into_iter().map(|(at, rate)| Point { at, rate }).collect(),
        interpolation: if linear { Interpolation::Linear } else { Interpolation::Step },
    })
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let (rate, instant, duration) = (any_rate, any_instant, any_duration);
    prop_oneof![
        rate().prop_map(Shape::Constant),
        (instant(), rate(), rate(), prop::option::of(instant()))
            .prop_map(|(at, from, to, until)| Shape::Step { at, from, to, until }),
        (rate(), rate(), instant(), instant()).prop_map(|(from, to, start, end)| Shape::Ramp {
            from,
            to,
            start,
            end
        }),
        (rate(), rate(), instant(), duration(), duration(), duration()).prop_map(
            |(base, peak, at, rise, hold, fall)| Shape::Spike { base, peak, at, rise, hold, fall }
        ),
        (rate(), rate(), period(), instant())
            .prop_map(|(low, high, period, peak_at)| Shape::Wave { low, high, period, peak_at }),
        any_points(),
    ]
}

proptest! {
    #[test]
    fn changes_are_sorted_different_and_within_limits(
        shapes in prop::collection::vec(any_shape(), 0..4),
        from in any_instant(),
        span_seconds in 0..86_400_i64,
    ) {
        let to = from + length(span_seconds);
        let load = Load { shapes };
        let mut last: Option<Change> = None;
        for change in load.changes(from, to).take(500) {
            prop_assert!(from <= change.at && change.at <= to);
            prop_assert!(Rate::ZERO <= change.rate && change.rate <= Rate::MAX);
            prop_assert_eq!(change.rate, load.rate_at(change.at));
            if let Some(last) = last {
                prop_assert!(last.at < change.at && last.rate != change.rate);
            }
            last = Some(change);
        }
    }

    #[test]
    fn between_two_changes_nothing_changes(
        shapes in prop::collection::vec(any_shape(), 1..4),
        now in any_instant(),
        share in 0.0..1.0_f64,
    ) {
        let load = Load { shapes };
        let end = load.next_change(now).unwrap_or(Instant::from_ms(i64::MAX));
        prop_assert!(end > now || end == Instant::from_ms(i64::MAX));
        let inside = now + Duration::from_ms((end.since(now).ms() as f64 * share) as i64);
        if inside < end {
            prop_assert_eq!(load.rate_at(inside), load.rate_at(now));
        }
    }
}
