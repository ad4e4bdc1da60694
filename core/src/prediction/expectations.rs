//! What the Scenario asked of the result, and what came.

use super::Run;
use crate::explain::phrase::{NotePhrase, Phrase, When};
use crate::report;
use crate::scenario::{Bound, Expectation, Measure, Subject};
use crate::series::Series;
use crate::sim::WorkloadTrack;
use crate::time::Instant;

pub(super) fn expectations(run: &Run) -> Vec<report::Expectation> {
    run.scenario.expect.iter().map(|it| expectation(run, it)).collect()
}

fn expectation(run: &Run, asked: &Expectation) -> report::Expectation {
    let end = Instant::ZERO + run.scenario.duration;
    let got = match asked.measure {
        Measure::UnservedRequests => unserved(run, asked),
        Measure::Flaps => flaps(run, asked),
        _ => extreme(&series(run, asked), asked, end),
    };
    let (met, bound) = match asked.bound {
        Bound::AtMost(most) => (got <= most as f64, format!("≤ {most}")),
        Bound::AtLeast(least) => (got >= least as f64, format!("≥ {least}")),
    };
    let subject = match &asked.subject {
        Subject::Run => String::new(),
        Subject::Hpa(name) | Subject::Ray(name) => format!("{name} "),
    };
    let counts_up = matches!(asked.measure, Measure::UnservedRequests | Measure::Flaps);
    let when = asked.by.map(|by| match asked.bound {
        Bound::AtMost(_) if !counts_up => When::From(by),
        Bound::AtMost(_) | Bound::AtLeast(_) => When::By(by),
    });
    let what = format!("{subject}{}", measure_name(asked.measure));
    let message =
        NotePhrase::Expected { what: &what, bound: &bound, when, got, met }.say(run.language);
    report::Expectation { span: asked.span, met, message }
}

const fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::UnservedRequests => "unservedRequests",
        Measure::ReadyReplicas => "readyReplicas",
        Measure::DesiredReplicas => "desiredReplicas",
        Measure::Workers => "workers",
        Measure::Pending => "pending",
        Measure::Flaps => "flaps",
        Measure::UnschedulablePods => "unschedulablePods",
    }
}

/// The series that an expectation is about, added up where there are several.
fn series(run: &Run, asked: &Expectation) -> Vec<Series> {
    let timeline = &run.timeline;
    match (&asked.subject, asked.measure) {
        (Subject::Hpa(name), Measure::ReadyReplicas) => {
            workloads(run, name).map(|it| timeline.workloads[it].ready.clone()).collect()
        }
        (Subject::Hpa(name), _) => {
            workloads(run, name).map(|it| timeline.workloads[it].desired.clone()).collect()
        }
        (Subject::Ray(name), Measure::Pending) => {
            clusters(run, name).map(|it| timeline.clusters[it].pending.clone()).collect()
        }
        (Subject::Ray(name), _) => {
            let groups = clusters(run, name).flat_map(|it| &timeline.clusters[it].groups);
            groups.map(|it| it.requested.clone()).collect()
        }
        (Subject::Run, _) => vec![timeline.unschedulable.clone()],
    }
}

/// At least: the largest value up to the instant. At most: the largest from the instant on.
fn extreme(series: &[Series], asked: &Expectation, end: Instant) -> f64 {
    let mut instants: Vec<Instant> =
        series.iter().flat_map(|it| it.points().iter().map(|(at, _)| *at)).collect();
    let (from, to) = match asked.bound {
        Bound::AtLeast(_) => (Instant::ZERO, asked.by.unwrap_or(end)),
        Bound::AtMost(_) => (asked.by.unwrap_or(Instant::ZERO), end),
    };
    instants.push(from);
    let sum = |at: Instant| series.iter().filter_map(|it| it.at(at)).sum::<f64>();
    let inside = instants.into_iter().filter(|at| *at >= from && *at <= to);
    inside.map(sum).fold(0.0, |most, value| if value > most { value } else { most })
}

/// From the start up to the instant.
fn unserved(run: &Run, asked: &Expectation) -> f64 {
    let all: Vec<usize> = match &asked.subject {
        Subject::Hpa(name) => workloads(run, name).collect(),
        Subject::Run | Subject::Ray(_) => (0..run.timeline.workloads.len()).collect(),
    };
    let all = all.iter().map(|it| &run.timeline.workloads[*it]);
    match asked.by {
        None => (all.map(|it| it.unserved_nano).sum::<i128>() as f64 / 1e9).round(),
        Some(by) => {
            let hours = |it: &WorkloadTrack| it.load.hours(by) - it.served.hours(by);
            (all.map(hours).sum::<f64>() * 3600.0).round()
        }
    }
}

fn flaps(run: &Run, asked: &Expectation) -> f64 {
    let by = asked.by.unwrap_or(run.timeline.end);
    let turns: u32 = match &asked.subject {
        Subject::Hpa(name) => {
            workloads(run, name).map(|it| run.timeline.workloads[it].desired.turns(by)).sum()
        }
        Subject::Ray(name) => clusters(run, name)
            .flat_map(|it| &run.timeline.clusters[it].groups)
            .map(|it| it.requested.turns(by))
            .sum(),
        Subject::Run => super::totals::flaps(run, by),
    };
    f64::from(turns)
}

fn workloads<'a>(run: &'a Run, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let hpas = run.assembly.model.hpas.iter().enumerate();
    hpas.filter(move |(_, it)| it.name == name).filter_map(|(hpa, _)| run.workload_of(hpa))
}

fn clusters<'a>(run: &'a Run, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let clusters = run.assembly.model.clusters.iter().enumerate();
    clusters.filter(move |(_, it)| it.name == name).map(|(index, _)| index)
}
