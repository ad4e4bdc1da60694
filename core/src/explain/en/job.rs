//! What KubeRay's RayJob controller does.

use crate::explain::job_phrase::JobPhrase;
use crate::explain::template::{code, say, strong, value};
use crate::report::Message;

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn job(phrase: &JobPhrase<'_>) -> Message {
    match *phrase {
        JobPhrase::Begins { attempt } => {
            say!("Attempt {} begins: its cluster gets a name.", value(attempt))
        }
        JobPhrase::Suspends => {
            say!("{} is set: everything that the RayJob has is deleted.", code("suspend"))
        }
        JobPhrase::Suspended => say!("Everything is gone: the RayJob is suspended."),
        JobPhrase::ActiveDeadline { limit } => say!(
            "The attempt is as old as {} says, {}: it failed.",
            code("activeDeadlineSeconds"),
            value(limit),
        ),
        JobPhrase::PreRunningDeadline { limit } => say!(
            "The attempt is as old as {} says, {}, and does not run yet: it failed.",
            code("preRunningDeadlineSeconds"),
            value(limit),
        ),
        JobPhrase::ClusterMade { cluster } => {
            say!("There is no cluster: {} is made, as the RayJob says.", code(cluster))
        }
        JobPhrase::NoSuchCluster => say!(
            "The cluster that {} names is not there: the pass ends with an error.",
            code("clusterSelector"),
        ),
        JobPhrase::WaitsForCluster { cluster, sidecar: true } => say!(
            "Not every pod that {} asks for is ready; the submitter beside the head does not wait \
             for that.",
            code(cluster),
        ),
        JobPhrase::WaitsForCluster { cluster, .. } => say!(
            "Not every pod that {} asks for is ready: nothing is submitted yet.",
            code(cluster),
        ),
        JobPhrase::SubmitterMade => {
            say!("The cluster is ready: the Kubernetes Job is made whose pod submits.")
        }
        JobPhrase::SubmittedOverHttp => {
            say!("The dashboard knows no such job: the operator submits it over HTTP.")
        }
        JobPhrase::WaitsForUser => {
            say!("The cluster is ready: it waits for somebody to submit a job.")
        }
        JobPhrase::JobIs { status } => say!("Ray says that the job is {}.", code(status)),
        JobPhrase::StartTimeout { limit } => say!(
            "Its entrypoint did not start within {} ({}).",
            value(limit),
            code("RAY_JOB_START_TIMEOUT_SECONDS"),
        ),
        JobPhrase::SubmitterFailed => {
            say!("The submitter ended, and not well: the attempt failed.")
        }
        JobPhrase::HeadGone => {
            say!("The head pod that the submitter was in is gone: the attempt failed.")
        }
        JobPhrase::SubmitterDoneTooLong { limit } => say!(
            "The submitter has been done for {}, but the job is not: the attempt failed.",
            value(limit),
        ),
        JobPhrase::WaitsForSubmitter => {
            say!("The job is over; its submitter is not yet, and both must be.")
        }
        JobPhrase::GracePeriod { limit } => say!(
            "The job has been over for {} and its submitter still is not: that is waited for no \
             longer.",
            value(limit),
        ),
        JobPhrase::Completes { status } => {
            say!("The job ended as {}: the RayJob is {}.", code(status), code("Complete"))
        }
        JobPhrase::Fails { reason, failed, limit } => {
            let message = reason.map(|reason| say!("Reason {}: ", code(reason)));
            let message = message.unwrap_or_default();
            if reason == Some("DeadlineExceeded") {
                return message.and(say!("a RayJob that is too old is never tried again."));
            }
            message.and(say!(
                "{} {} failed, which {} {} does not allow: the RayJob is {}.",
                value(failed),
                super::word(failed, "attempt", "attempts"),
                code("backoffLimit"),
                value(limit),
                code("Failed"),
            ))
        }
        JobPhrase::Retries { failed, limit } => say!(
            "{} {} failed, and {} is {}: it is tried again, on a new cluster.",
            value(failed),
            super::word(failed, "attempt", "attempts"),
            code("backoffLimit"),
            value(limit),
        ),
        JobPhrase::Clears => {
            say!("What the attempt had is deleted: its cluster and the Job that submitted.")
        }
        JobPhrase::WaitsForDeletion => say!("Until both are gone, nothing else is done."),
        JobPhrase::SelectedStays => {
            say!("The cluster is one that {} names: nothing is deleted.", code("clusterSelector"),)
        }
        JobPhrase::NothingGoes => {
            say!("The RayJob is over, and no field says that anything goes: its cluster stays.")
        }
        JobPhrase::PolicyNone => {
            say!("The policy is {}: the cluster stays.", code("DeleteNone"))
        }
        JobPhrase::DeletionDueAt { policy, field, at } => {
            say!("By {}, {} is due at {}.", code(field), code(policy), value(at),)
        }
        JobPhrase::DeletionDue { policy, field } => match policy {
            "DeleteWorkers" => say!(
                "By {}, all worker groups are suspended: their pods go, the head stays.",
                code(field),
            ),
            "DeleteSelf" => {
                say!("By {}, the RayJob is deleted, and its cluster with it.", code(field))
            }
            _ => say!("By {}, the cluster is deleted with all its pods.", code(field)),
        },
        JobPhrase::CompletesAt { at } => say!("Completes at {}.", strong(at)),
        JobPhrase::FailsAt { at, reason: Some(reason) } => {
            say!("{} at {}: {}.", strong("Fails"), strong(at), code(reason))
        }
        JobPhrase::FailsAt { at, reason: None } => {
            say!("{} at {}.", strong("Fails"), strong(at))
        }
        JobPhrase::TriedAgainAt { at } => {
            say!("An attempt fails at {} and is followed by another.", strong(at))
        }
        JobPhrase::GoesAt { policy: "DeleteWorkers", at } => {
            say!("Its workers are deleted at {}.", strong(at))
        }
        JobPhrase::GoesAt { at, .. } => say!("Its cluster is deleted at {}.", strong(at)),
        JobPhrase::NotOver => say!("It is not over by the end."),
    }
}
