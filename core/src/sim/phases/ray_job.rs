//! The controller of a RayJob passes: its attempts come and go.
//!
//! It passes when its cluster turns ready, its submitter ends or something of its own changes, and
//! otherwise every 3 s. Of the last only those are simulated at which something may differ.
//!
//! DIFFERENCE(job-passes): what the controller is told reaches it at once, and calls never fail.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go `Reconcile`.

use crate::ray::job::{Action, DeploymentStatus, Mode, PERIOD, Spec, State, reconcile};
use crate::sim::timeline::RayJobLook;
use crate::sim::world::{Attempt, LOOK_STEPS, World};
use crate::time::{Duration, Instant};

impl World<'_> {
    /// One pass.
    pub(in crate::sim) fn ray_job_acts(&mut self, job: usize, now: Instant) {
        if self.ray_jobs[job].due != Some(now) || self.ray_jobs[job].gone {
            return;
        }
        self.ray_jobs[job].due = None;
        self.ray_jobs[job].passed = now;
        let spec = &self.model.ray_jobs[job].spec;
        let before = self.ray_jobs[job].state.clone();
        let step = reconcile(spec, before.clone(), &self.job_seen(job), now);
        let from = self.job_clusters_there(job);
        if step.state.cluster != before.cluster {
            self.ray_jobs[job].attempt = Attempt::default();
        }
        let (is_new, status) = (step.state != before, step.state.deployment);
        self.ray_jobs[job].state = step.state;
        for action in &step.actions {
            self.ray_job_does(job, *action, now);
        }
        let is_interactive = spec.mode == Mode::Interactive;
        if is_interactive && is_new && status == DeploymentStatus::Running {
            self.submit_job(job, now);
        }
        let to = self.job_clusters_there(job);
        let looks = &self.timeline.ray_jobs[job];
        let is_news = looks.last().is_none_or(|it| it.trace != step.trace);
        if is_news && !step.trace.causes.is_empty() {
            self.steps += LOOK_STEPS;
            let clusters = self.model.ray_jobs[job].clusters.clone();
            let look = RayJobLook { at: now, from, to, status, clusters, trace: step.trace };
            self.timeline.ray_jobs[job].push(look);
        }
        let told = step.actions.iter().any(|it| *it != Action::Submit);
        if is_new || told {
            self.call_ray_job(job, now);
        } else if let Some(again) = step.again {
            let next = if again == PERIOD {
                next_deadline(spec, &self.ray_jobs[job].state, now)
            } else {
                Some(now + again)
            };
            if let Some(next) = next {
                self.call_ray_job(job, next);
            }
            if step.actions.contains(&Action::Submit) {
                self.call_ray_job(job, now + PERIOD);
            }
        }
    }

    /// How many clusters it has that are its own.
    fn job_clusters_there(&self, job: usize) -> usize {
        let clusters = self.model.ray_jobs[job].clusters.iter();
        let own = clusters.filter(|it| self.model.clusters[**it].ray_job == Some(job));
        own.filter(|it| self.clusters[**it].exists).count()
    }

    fn ray_job_does(&mut self, job: usize, action: Action, now: Instant) {
        match action {
            // Attempts beyond the most that are simulated get no cluster.
            Action::CreateCluster(_) => {
                if let Some(cluster) = self.job_cluster(job).filter(|it| !self.clusters[*it].exists)
                {
                    self.create_cluster(cluster, false, now);
                }
            }
            Action::CreateSubmitter => {
                self.create_submitter(job, now);
            }
            Action::Submit => self.submit_job(job, now),
            Action::DeleteCluster => self.delete_job_cluster(job, now),
            Action::DeleteSubmitter => self.delete_submitter(job, now),
            Action::SuspendWorkers => {
                if let Some(cluster) = self.job_cluster(job) {
                    self.clusters[cluster].workers_suspended = true;
                    let acts = now + self.model.clusters[cluster].operator_lag;
                    self.call_operator(cluster, acts);
                }
            }
            Action::DeleteSelf => {
                self.delete_job_cluster(job, now);
                self.delete_submitter(job, now);
                self.ray_jobs[job].gone = true;
            }
        }
    }

    fn delete_job_cluster(&mut self, job: usize, now: Instant) {
        let Some(cluster) = self.job_cluster(job) else { return };
        let is_own = self.model.clusters[cluster].ray_job == Some(job);
        if is_own && self.clusters[cluster].exists {
            // What the program still has is not lost: it is given up with it.
            self.end_all_work(cluster, None, now);
            self.delete_cluster(cluster, now);
        }
    }

    fn delete_submitter(&mut self, job: usize, now: Instant) {
        if let Some(pod) = self.ray_jobs[job].attempt.submitter.take()
            && !self.pods[pod].gone
        {
            self.delete_pod(pod, now);
        }
    }
}

/// The first pass after `now` that can see a deadline pass, if nothing else happens.
fn next_deadline(spec: &Spec, state: &State, now: Instant) -> Option<Instant> {
    let ends = |limit: Option<Duration>| Some(state.started? + limit?);
    let pre_running = ends(spec.pre_running_deadline).filter(|_| {
        matches!(state.deployment, DeploymentStatus::Initializing | DeploymentStatus::Waiting)
    });
    let active =
        ends(spec.active_deadline).filter(|_| state.deployment != DeploymentStatus::Waiting);
    let grace = state.job_ended.map(|it| it + crate::ray::job::GRACE);
    let next = [pre_running, active, grace].into_iter().flatten().min()?;
    let periods = (next.since(now).ms() + PERIOD.ms() - 1) / PERIOD.ms();
    Some(now + PERIOD.times(periods.max(1)))
}
