//! The loop, and the only file that knows everyone.
//!
//! Requests raise the CPU of pods, metrics-server reads it, the HPA asks for pods, and these need
//! nodes. Ray work waits, the Ray autoscaler asks for workers, and these need nodes as well. That
//! they share the nodes is all that the two have to do with each other.

use super::check;
use super::event::Event;
use super::model::Model;
use super::scene::Scene;
use super::timeline::{Note, Timeline};
use super::world::{EVENT_STEPS, MOST_STEPS, Owner, Pod, WARM, World};
use crate::nodes::Places;
use crate::time::{Duration, Instant};
use crate::workload::MOST_UNITS;

/// Runs `model` from its first instant up to, not including, its last.
pub fn run(model: &Model) -> Timeline {
    go(World::new(model))
}

/// Runs `model` up to the look with number `look`, from 0, of its HPA `hpa`, which comes in detail.
pub fn run_up_to(model: &Model, hpa: usize, look: usize) -> Timeline {
    let mut world = World::new(model);
    world.wanted = Some((hpa, look));
    go(world)
}

/// Runs `model` with every look of its HPA `hpa` in detail.
pub fn run_in_detail(model: &Model, hpa: usize) -> Timeline {
    let mut world = World::new(model);
    world.detailed = Some(hpa);
    go(world)
}

/// What is in `model` at the end of the instant `at`.
pub fn scene_at(model: &Model, at: Instant) -> Scene {
    let mut world = World::new(model);
    let just_after = at + Duration::from_ms(1);
    pass(&mut world, just_after.min(Instant::ZERO + model.duration));
    world.scene(at)
}

fn go(mut world: World<'_>) -> Timeline {
    let model = world.model;
    let end = pass(&mut world, Instant::ZERO + model.duration);
    world.timeline.end = end;
    world.wake_all_looks(end);
    for service in 0..model.services.len() {
        world.count_serve_requests(service, end);
    }
    for workload in 0..model.workloads.len() {
        world.count_requests(workload, end);
    }
    world.timeline.lives = world.pods.iter().map(Pod::life).collect();
    world.timeline
}

/// Lets happen everything before `end`, or before a limit is reached; says which it was.
fn pass(world: &mut World<'_>, mut end: Instant) -> Instant {
    begin(world);
    let mut last = Instant::ZERO;
    loop {
        // What an instant leads to may come before everything that is known so far.
        if world.queue.next_at().is_some_and(|at| at > last) {
            world.end_instant(last);
            check::invariants(world, last);
        }
        let Some((now, event)) = world.queue.next_before(end) else { break };
        last = now;
        if world.steps > MOST_STEPS {
            world.note(now, Note::StepLimit);
            end = now;
            break;
        }
        world.steps += EVENT_STEPS;
        happen(world, event, now);
        world.wake_touched(event.phase(), now);
        if world.wanted.is_some_and(|(hpa, look)| world.timeline.hpas[hpa].looks.len() > look) {
            end = now;
            break;
        }
    }
    world.end_instant(last);
    end
}

fn happen(world: &mut World<'_>, event: Event, now: Instant) {
    match event {
        Event::LoadChanges { workload } => load_changes(world, workload, now),
        Event::WorkloadEdited { workload, edit } => world.workload_edited(workload, edit, now),
        Event::DeploymentLooks { workload } => world.go_on_rolling(workload, now),
        Event::RayClusterEdited { cluster, edit } => world.ray_cluster_edited(cluster, edit, now),
        Event::WorkArrives { cluster, submission } => world.submit(cluster, submission, now),
        Event::ConstraintEnds { cluster, call } => world.end_constraint(cluster, call),
        Event::PodStarts { pod } => world.pod_starts(pod, now),
        Event::StartEnds { pod } => world.start_ends(pod),
        Event::PodServes { pod } => world.pod_serves(pod, now),
        Event::PodReady { pod } => world.pod_ready(pod, now),
        Event::PodResizes { pod } => world.pod_resizes(pod),
        Event::PodGone { pod } => world.pod_gone(pod, now),
        Event::WorkEnds { cluster, unit } => world.end_work(cluster, unit, now),
        Event::QueueEmpties { workload } => world.unsettle(workload),
        Event::SeriesChanges { series } => world.series_changes(series, now),
        Event::Scrape => world.scrape(now),
        Event::SeriesScrape { series } => world.prometheus_scrapes(series, now),
        Event::KedaPolls { scaled_object } => world.keda_polls(scaled_object, now),
        Event::HpaWakes { hpa } => world.hpa_wakes(hpa, now),
        Event::ControllerRestarts => world.controller_restarts(now),
        Event::HpaEdited { hpa, edit } => world.hpa_edited(hpa, edit, now),
        Event::HpaReads { hpa, number } => world.hpa_reads(hpa, number, now),
        Event::HpaLooks { hpa, number } => world.hpa_looks(hpa, number, now),
        Event::HpaWrites { hpa, number } => world.hpa_writes(hpa, number, now),
        Event::HpaEnds { hpa, number } => world.hpa_ends(hpa, number, now),
        Event::ServeLoadChanges { service } => world.serve_load_changes(service, now),
        Event::ServeQueueEmpties { service } => world.settle_service(service, now),
        Event::ReplicaRuns { service, replica } => world.replica_runs(service, replica, now),
        Event::ReplicaGone { service, replica } => world.replica_gone(service, replica, now),
        Event::HandleWakes { service } => world.handle_wakes(service, now),
        Event::FirstRequest { service } => world.first_request(service, now),
        Event::ServeTurns { service } => world.serve_turns(service, now),
        Event::ServeScales { service } => world.serve_scales(service, now),
        Event::RayLooks { cluster } => world.ray_looks(cluster, now),
        Event::OperatorActs { cluster } => world.operator_acts(cluster, now),
        Event::RayServiceEdited { ray_service, version } => {
            world.ray_service_edited(ray_service, version, now);
        }
        Event::RayServiceActs { ray_service } => world.ray_service_acts(ray_service, now),
        Event::RayJobLate { job, program } => world.job_is_late(job, program, now),
        Event::RayJobEnds { job, program } => world.job_ends(job, program, now),
        Event::RayJobActs { job } => world.ray_job_acts(job, now),
        Event::Schedule => world.schedule(now),
    }
}

fn load_changes(world: &mut World<'_>, workload: usize, now: Instant) {
    let load = &world.model.workloads[workload].load;
    world.workloads[workload].rate = load.rate_at(now);
    if let Some(next) = load.next_change(now) {
        world.queue.add(next, Event::LoadChanges { workload });
    }
    world.unsettle(workload);
}

/// The first instant: what the manifests ask for has long been there, as far as it has room.
fn begin(world: &mut World<'_>) {
    let model = world.model;
    let end = Instant::ZERO + model.duration;
    for (cluster, it) in model.clusters.iter().enumerate() {
        if it.later {
            world.undraw(cluster);
            continue;
        }
        if !it.operator.suspend {
            begin_cluster(world, cluster);
        }
        if world.clusters[cluster].foresee(it, end) {
            let most = MOST_UNITS;
            world.note(Instant::ZERO, Note::WorkLimit { cluster: it.name.clone(), most });
        }
        if !world.has_program(cluster) {
            world.expect_work(cluster, Instant::ZERO);
        }
        if let Some((at, _)) = it.edits.first() {
            world.queue.add(*at, Event::RayClusterEdited { cluster, edit: 0 });
        }
        world.begin_autoscaler(cluster, Instant::ZERO);
        world.undraw(cluster);
    }
    for job in 0..model.ray_jobs.len() {
        begin_job(world, job);
    }
    for service in 0..model.services.len() {
        if world.services[service].lives {
            world.begin_service(service);
        }
    }
    for (ray_service, it) in model.ray_services.iter().enumerate() {
        for (version, it_says) in it.versions.iter().enumerate().skip(1) {
            let at = it_says.at + it.lag;
            world.queue.add(at, Event::RayServiceEdited { ray_service, version });
        }
    }
    for (workload, it) in model.workloads.iter().enumerate() {
        let create = |_| world.create_workload_pod(workload, 0, Instant::ZERO);
        let pods: Vec<usize> = (0..it.replicas).map_while(create).collect();
        warm_up(world, &pods);
        // The first load has been there as long as the pods.
        let (_, served) = world.spread(workload, Instant::ZERO - WARM);
        let state = &mut world.workloads[workload];
        state.flows(served, it.request.service_time);
        world.queue.add(Instant::ZERO, Event::LoadChanges { workload });
        if let Some((at, _)) = it.edits.first() {
            world.queue.add(*at, Event::WorkloadEdited { workload, edit: 0 });
        }
    }
    begin_metrics(world);
    // DIFFERENCE(look-phase): upstream's looks begin when each object or process did.
    world.controller_starts(Instant::ZERO);
    for at in &model.controller.restarts {
        world.queue.add(*at, Event::ControllerRestarts);
    }
    let lag = model.controller.timing.watch_lag;
    for (hpa, it) in model.hpas.iter().enumerate() {
        for (edit, it) in it.edits.iter().enumerate() {
            world.queue.add(it.at + lag, Event::HpaEdited { hpa, edit });
        }
    }
}

/// A RayJob, its submitter, and its program. Few texts have one: the page loads it later.
#[inline(never)]
fn begin_job(world: &mut World<'_>, job: usize) {
    if let Some(pod) = world.begin_job(job) {
        warm_up(world, &[pod]);
    }
    world.begin_program(job);
}

/// Who measures has long done so.
fn begin_metrics(world: &mut World<'_>) {
    let model = world.model;
    for series in 0..model.pipeline.series.len() {
        world.follow(series, Instant::ZERO - WARM);
        world.scrape_before(series);
        world.queue.add(Instant::ZERO, Event::SeriesChanges { series });
        world.queue.add(Instant::ZERO, Event::SeriesScrape { series });
    }
    for scaled_object in 0..model.pipeline.scaled_objects.len() {
        world.queue.add(Instant::ZERO, Event::KedaPolls { scaled_object });
    }
    // metrics-server answers with two reads, so there was one before.
    world.read_usage(Instant::ZERO - model.metrics.resolution);
    if !model.workloads.is_empty() {
        world.queue.add(Instant::ZERO, Event::Scrape);
    }
}

/// The head, then the workers that the RayCluster asks for.
fn begin_cluster(world: &mut World<'_>, cluster: usize) {
    let head = world.create_ray_pods(Owner::Head(cluster), 1, Instant::ZERO);
    warm_up(world, &head);
    for (group, pods) in world.clusters[cluster].requested().into_iter().enumerate() {
        let workers = world.create_ray_pods(Owner::Worker(cluster, group), pods, Instant::ZERO);
        warm_up(world, &workers);
    }
}

/// Lets pods of one template have been there for long, as far as nodes have room; the others wait.
///
/// DIFFERENCE(warm-start): Ray nodes that are there at the start have idled for no time yet.
fn warm_up(world: &mut World<'_>, pods: &[usize]) {
    let Some(first) = pods.first() else { return };
    let owner = world.pods[*first].owner;
    let template = world.template(owner);
    let mut places = Places::new(&world.nodes, &template.requests, &template.pools);
    for pod in pods {
        world.steps += world.nodes.len() as u64;
        let Some(node) = places.next(&world.nodes) else { break };
        world.warm_up(*pod, node);
        if matches!(owner, Owner::Head(_) | Owner::Worker(..)) {
            world.join_ray(*pod, Instant::ZERO);
        }
    }
    world.waiting.retain(|pod| world.pods[*pod].node.is_none());
}
