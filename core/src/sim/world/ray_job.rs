//! RayJobs at the present instant: an attempt, its submitter, and how its program fares.
//!
//! A program is its entrypoint: it runs for the time that is assumed, and its first attempts fail
//! as assumed. The Scenario's work on a cluster of the job's own is its program's: it begins with it
//! and all of it ends with it. Without resources the program runs on the head as soon as it is
//! submitted; with some, when they have room, for which Ray waits so long and no longer.
//!
//! DIFFERENCE(job-submission): it is submitted as soon as the submitter's container, or the head
//! whose sidecar submits, runs; the submitter is over at the moment at which the program is; and
//! Ray's looks whether it has started are exactly a second apart.
//!
//! Upstream: ray 2.60.0 dashboard/modules/job/job_manager.py `JobManager.submit_job`,
//! `_monitor_job_internal`, dashboard/modules/job/cli.py `submit`, `logs`.

use std::sync::Arc;

use super::ray_work::{Unit, requests_of};
use super::{Owner, World};
use crate::ray::job::{
    ClusterSeen, DeploymentStatus, JobSeen, JobStatus, Mode, Observation, PERIOD, Spec, State,
    SubmitterSeen, start_fails_at,
};
use crate::ray::operator::desired_pods;
use crate::sim::event::Event;
use crate::sim::model::RayJob;
use crate::time::Instant;

/// A RayJob at the present instant.
#[derive(Default)]
pub(in crate::sim) struct RayJobState {
    /// Its status.
    pub(in crate::sim) state: State,
    /// When its controller passes next, and when it last did.
    pub(in crate::sim) due: Option<Instant>,
    pub(in crate::sim) passed: Instant,
    /// Whether it is deleted.
    pub(in crate::sim) gone: bool,
    /// Whether the cluster of its `clusterSelector` was ready once.
    was_ready: bool,
    /// The present attempt.
    pub(in crate::sim) attempt: Attempt,
    /// How many programs were submitted.
    submissions: u32,
}

/// What belongs to one attempt.
#[derive(Default)]
pub(in crate::sim) struct Attempt {
    /// The pod of the Kubernetes Job that submits, while there is that Job.
    pub(in crate::sim) submitter: Option<usize>,
    /// The number of its program, once it is submitted.
    pub(in crate::sim) program: Option<u32>,
    started: Option<Instant>,
    /// Whether it was given up before it started.
    is_late: bool,
    ended: Option<(Instant, JobStatus)>,
}

impl World<'_> {
    /// The model's cluster of the present attempt, whether or not it is made.
    pub(in crate::sim) fn job_cluster(&self, job: usize) -> Option<usize> {
        let number = self.ray_jobs[job].state.cluster?;
        let model = &self.model.ray_jobs[job];
        let number = if model.spec.selects { 0 } else { number as usize };
        model.clusters.get(number).copied()
    }

    /// How a job stands when the run begins: its first cluster has long been there. If all of that
    /// is ready, the job's program is submitted now.
    pub(in crate::sim) fn begin_job(&mut self, job: usize) -> Option<usize> {
        let spec = &self.model.ray_jobs[job].spec;
        if spec.suspend {
            self.ray_jobs[job].state = State::suspended();
            return None;
        }
        self.ray_jobs[job].state = State::initializing(Instant::ZERO);
        self.call_ray_job(job, Instant::ZERO);
        let cluster = self.job_cluster(job)?;
        if !self.job_cluster_seen(cluster).ready {
            return None;
        }
        self.ray_jobs[job].state = State::running(!submits(spec), Instant::ZERO);
        let has_pod = spec.mode == Mode::K8sJob;
        has_pod.then(|| self.create_submitter(job, Instant::ZERO)).flatten()
    }

    /// The program of a job that stands as the run begins, once its submitter does.
    pub(in crate::sim) fn begin_program(&mut self, job: usize) {
        let RayJobState { state, attempt, .. } = &self.ray_jobs[job];
        let is_running = state.deployment == DeploymentStatus::Running;
        let can_submit = match self.model.ray_jobs[job].spec.mode {
            Mode::K8sJob => attempt.submitter.is_some_and(|pod| self.pods[pod].node.is_some()),
            // It does not ask whether all of the cluster is ready.
            Mode::Sidecar => self.job_cluster(job).is_some_and(|it| self.has_head(it)),
            Mode::Http | Mode::Interactive => is_running,
        };
        if !can_submit {
            return;
        }
        self.submit_job(job, Instant::ZERO);
        if is_running {
            // What the run finds is no news.
            let job = &mut self.ray_jobs[job];
            let runs = job.attempt.started.is_some();
            job.state.job = if runs { JobStatus::Running } else { JobStatus::Pending };
        }
    }

    /// Whether the Scenario's work for `cluster` is that of a program, which calls for it.
    pub(in crate::sim) fn has_program(&self, cluster: usize) -> bool {
        let job = self.model.clusters[cluster].ray_job;
        job.is_some_and(|job| submits(&self.model.ray_jobs[job].spec))
    }

    /// The Scenario's work for `cluster` comes, its times counted from `from`.
    pub(in crate::sim) fn expect_work(&mut self, cluster: usize, from: Instant) {
        let entrypoints = &self.model.clusters[cluster].entrypoints;
        for submission in 0..self.clusters[cluster].submissions.len() {
            let it = &self.clusters[cluster].submissions[submission];
            // A program is submitted by whoever does that.
            if entrypoints.iter().all(|(entrypoint, _)| *entrypoint != it.work) {
                let at = from + it.at.since(Instant::ZERO);
                self.queue.add(at, Event::WorkArrives { cluster, submission });
            }
        }
    }

    /// The pod of the Kubernetes Job that submits.
    pub(in crate::sim) fn create_submitter(&mut self, job: usize, now: Instant) -> Option<usize> {
        let cluster = self.job_cluster(job)?;
        let name = format!("{}-submitter", self.model.clusters[cluster].name);
        let pod = self.create_pod(Owner::Submitter(job), name, now)?;
        self.ray_jobs[job].attempt.submitter = Some(pod);
        Some(pod)
    }

    /// The submitter's container runs.
    pub(in crate::sim) fn submitter_runs(&mut self, job: usize, pod: usize, now: Instant) {
        let attempt = &self.ray_jobs[job].attempt;
        if attempt.submitter == Some(pod) && attempt.program.is_none() {
            self.submit_job(job, now);
        }
    }

    /// The head of `cluster` runs, and with it what submits from there.
    pub(in crate::sim) fn sidecar_runs(&mut self, cluster: usize, now: Instant) {
        let Some(job) = self.model.clusters[cluster].ray_job else { return };
        let is_sidecar = self.model.ray_jobs[job].spec.mode == Mode::Sidecar;
        if is_sidecar && now > Instant::ZERO && self.job_cluster(job) == Some(cluster) {
            self.submit_job(job, now);
        }
    }

    /// The program is submitted: its supervisor takes its room.
    pub(in crate::sim) fn submit_job(&mut self, job: usize, now: Instant) {
        let Some(cluster) = self.job_cluster(job) else { return };
        let state = &mut self.ray_jobs[job];
        if state.attempt.program.is_some() {
            return;
        }
        let program = state.submissions;
        state.attempt.program = Some(program);
        state.submissions += 1;
        let entrypoints = &self.model.clusters[cluster].entrypoints;
        match entrypoints.iter().find(|it| it.1 == job) {
            Some((work, _)) => {
                let kind = &self.model.clusters[cluster].work[*work].kind;
                let unit = Unit::entrypoint(*work, requests_of(kind), job);
                self.wait(cluster, Arc::new(unit), 1, now);
                self.place_work(cluster, now);
                if let Some(limit) = self.model.ray_jobs[job].start_timeout {
                    let at = start_fails_at(now, limit);
                    self.queue.add(at, Event::RayJobLate { job, program });
                }
            }
            None => self.job_starts(job, now),
        }
        self.poll_ray_job(job, now);
    }

    /// The program has its room.
    pub(in crate::sim) fn job_starts(&mut self, job: usize, now: Instant) {
        let Some(cluster) = self.job_cluster(job) else { return };
        let attempt = &mut self.ray_jobs[job].attempt;
        let Some(program) = attempt.program else { return };
        attempt.started = Some(now);
        if let Some(runs) = self.model.ray_jobs[job].runs {
            self.queue.add(now + runs, Event::RayJobEnds { job, program });
        }
        let it = &self.model.clusters[cluster];
        if it.ray_job == Some(job) {
            self.clusters[cluster].foresee(it, Instant::ZERO + self.model.duration);
            self.expect_work(cluster, now);
        }
        self.poll_ray_job(job, now);
    }

    /// The supervisor of the program with that number has had its time to start.
    pub(in crate::sim) fn job_is_late(&mut self, job: usize, program: u32, now: Instant) {
        let attempt = &mut self.ray_jobs[job].attempt;
        let waits = attempt.started.is_none() && attempt.ended.is_none();
        if attempt.program == Some(program) && waits {
            attempt.is_late = true;
            self.end_program(job, true, now);
        }
    }

    /// The program with that number is over, if nothing has stopped it before.
    pub(in crate::sim) fn job_ends(&mut self, job: usize, program: u32, now: Instant) {
        let attempt = &self.ray_jobs[job].attempt;
        if attempt.program == Some(program) && attempt.ended.is_none() {
            let fails = program < self.model.ray_jobs[job].failures;
            self.end_program(job, fails, now);
        }
    }

    /// The node of a program's supervisor is gone, and the program with it.
    pub(in crate::sim) fn job_lost(&mut self, job: usize, now: Instant) {
        if self.ray_jobs[job].attempt.ended.is_none() {
            self.end_program(job, true, now);
        }
    }

    fn end_program(&mut self, job: usize, fails: bool, now: Instant) {
        let status = if fails { JobStatus::Failed } else { JobStatus::Succeeded };
        self.ray_jobs[job].attempt.ended = Some((now, status));
        let model = &self.model.ray_jobs[job];
        if let Some(cluster) = self.job_cluster(job) {
            let is_own = self.model.clusters[cluster].ray_job == Some(job);
            self.end_all_work(cluster, (!is_own).then_some(job), now);
        }
        match self.ray_jobs[job].attempt.submitter {
            // `ray job logs` ends well, however the job did.
            Some(pod) => self.submitter_ends(pod, now),
            None if model.spec.mode.has_submitter() => {}
            None => return self.poll_ray_job(job, now),
        }
        self.call_ray_job(job, now);
    }

    /// A pod that is done takes no more room.
    fn submitter_ends(&mut self, pod: usize, now: Instant) {
        let it = &mut self.pods[pod];
        if it.deleting.is_none() && !it.gone {
            it.deleting = Some(now);
            let is_waiting = it.node.is_none();
            self.release(pod);
            if is_waiting {
                self.waiting.retain(|it| *it != pod);
            }
            self.queue.schedule(now);
        }
    }

    /// Whether work for `cluster` comes too late: its program is over.
    pub(in crate::sim) fn is_program_over(&self, cluster: usize) -> bool {
        self.model.clusters[cluster].ray_job.is_some_and(|job| {
            self.ray_jobs[job].attempt.ended.is_some() || self.job_cluster(job) != Some(cluster)
        })
    }

    /// The controller is to pass at `at`.
    pub(in crate::sim) fn call_ray_job(&mut self, job: usize, at: Instant) {
        let due = &mut self.ray_jobs[job].due;
        if due.is_none_or(|known| at < known) {
            *due = Some(at);
            self.queue.add(at, Event::RayJobActs { job });
        }
    }

    /// Something changed that nobody tells the controller: it sees it when it next asks.
    pub(in crate::sim) fn poll_ray_job(&mut self, job: usize, now: Instant) {
        let passed = self.ray_jobs[job].passed;
        let periods = (now.since(passed).ms() + PERIOD.ms() - 1) / PERIOD.ms();
        self.call_ray_job(job, passed + PERIOD.times(periods));
    }

    /// A pod of `cluster` turned ready or is gone: a RayJob may wait until all are ready.
    pub(in crate::sim) fn tell_ray_jobs(&mut self, cluster: usize, now: Instant) {
        for job in 0..self.ray_jobs.len() {
            self.tell_ray_job(job, cluster, now);
        }
    }

    /// Few texts have a RayJob: the page loads this later.
    #[inline(never)]
    fn tell_ray_job(&mut self, job: usize, cluster: usize, now: Instant) {
        let it = &self.ray_jobs[job];
        let waits = it.state.deployment == DeploymentStatus::Initializing
            && !it.state.has_dashboard
            && !it.gone;
        if !waits || now == Instant::ZERO || self.job_cluster(job) != Some(cluster) {
            return;
        }
        if self.model.clusters[cluster].ray_job == Some(job) {
            self.call_ray_job(job, now);
        } else if self.job_cluster_seen(cluster).ready {
            // It is told of its own cluster alone; but `ready` stays.
            self.ray_jobs[job].was_ready = true;
            self.poll_ray_job(job, now);
        }
    }

    /// What a pass sees.
    pub(in crate::sim) fn job_seen(&self, number: usize) -> Observation {
        let RayJob { spec, .. } = &self.model.ray_jobs[number];
        let attempt = &self.ray_jobs[number].attempt;
        let cluster = self.job_cluster(number).filter(|it| self.clusters[*it].exists);
        let has_head = cluster.is_some_and(|it| self.has_head(it));
        let finished = attempt.ended.map(|it| it.0);
        let submitter = match spec.mode {
            Mode::K8sJob => attempt.submitter.map(|_| SubmitterSeen { finished, failed: false }),
            // Upstream's `ray job submit` ends with 1 if the job failed.
            Mode::Sidecar => has_head.then_some(SubmitterSeen {
                finished,
                failed: matches!(attempt.ended, Some((_, JobStatus::Failed))),
            }),
            Mode::Http | Mode::Interactive => None,
        };
        let job = match (has_head, attempt.program) {
            (false, _) => JobSeen::Unreachable,
            (true, None) => JobSeen::NotFound,
            (true, Some(_)) => {
                let running = attempt.started.map_or(JobStatus::Pending, |_| JobStatus::Running);
                let status = attempt.ended.map_or(running, |it| it.1);
                let late = self.model.ray_jobs[number].start_timeout;
                JobSeen::Found { status, ended: finished, late: late.filter(|_| attempt.is_late) }
            }
        };
        let cluster = cluster.map(|it| {
            let seen = self.job_cluster_seen(it);
            let ready = seen.ready || self.ray_jobs[number].was_ready;
            // A container that is done is not ready, and the head's pod with it.
            let is_done = spec.mode == Mode::Sidecar && finished.is_some();
            ClusterSeen { ready: ready && !is_done, ..seen }
        });
        Observation { cluster, submitter, job }
    }

    /// Upstream: kuberay 1.6.1 ray-operator/controllers/ray/raycluster_controller.go
    /// `calculateStatus`.
    fn job_cluster_seen(&self, cluster: usize) -> ClusterSeen {
        let state = &self.clusters[cluster];
        let groups = state.groups.iter().zip(&state.model.groups);
        let suspended = |suspend: bool| suspend || state.workers_suspended;
        let desired: i64 = groups
            .filter(|(_, it)| !suspended(it.suspend))
            .map(|(seen, _)| desired_pods(seen))
            .sum();
        let is_there = state.pods.len() as i64 == desired + 1;
        let is_ready = |it: &usize| self.pods[*it].ready.is_some();
        let is_head =
            |pod: &usize| matches!(self.pods[*pod].owner, Owner::Head(_)) && !self.pods[*pod].gone;
        ClusterSeen {
            ready: is_there && state.pods.iter().all(is_ready) && self.has_head(cluster),
            has_head: state.pods.iter().any(is_head),
            workers_suspended: state.model.groups.iter().all(|it| suspended(it.suspend)),
        }
    }
}

/// Whether anything is submitted, and not only awaited from somebody.
fn submits(spec: &Spec) -> bool {
    spec.mode != Mode::Interactive || spec.has_job_id
}
