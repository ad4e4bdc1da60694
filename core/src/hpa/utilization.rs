//! Usage as a percentage of the requests.
//!
//! It is the sum of usage divided by the sum of requests, not a mean of percentages, and truncated
//! to a whole percent before it is divided by the target: 79.99 % is 79.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/utilization.go
//! `GetResourceUtilizationRatio`.

use super::per_pod::{Counted, Measured};
use super::requests::Requests;
use super::{Cause, Failure, MetricStatus, Pass, Trace};

/// A target in percent of the pods' requests.
pub(super) struct Utilization {
    pub(super) target: i32,
    /// What the listed pods request.
    pub(super) requests: Requests,
}

impl Utilization {
    /// Samples of unlisted pods have no request and stay out of the sums. The sums wrap, as
    /// upstream's do: from 92 TB of memory on, the percentage is arbitrary.
    pub(super) fn ratio(
        &self,
        metric: usize,
        pass: Pass,
        counted: &Counted,
        trace: &mut Trace,
    ) -> Result<Measured, Failure> {
        let Counted { listed: pods, listed_milli: usage_milli, requests_milli, .. } = *counted;
        if requests_milli == 0 {
            return Err(Failure::NoRequests);
        }
        let target = self.target;
        let utilization = usage_milli.wrapping_mul(100).wrapping_div(requests_milli) as i32;
        let average_milli = usage_milli / pods as i64;
        let ratio = f64::from(utilization) / f64::from(target);
        trace.push(Cause::Utilization {
            metric,
            pass,
            usage_milli,
            requests_milli,
            pods,
            utilization,
            target,
            average_milli,
            ratio,
        });
        let status = MetricStatus::Utilization {
            average_utilization: utilization,
            average_value_milli: average_milli,
        };
        Ok(Measured { ratio, status })
    }

    /// All of what a pod requests, or the target if that is higher.
    pub(super) fn busy_value(&self, request: i64) -> i64 {
        request.wrapping_mul(i64::from(self.target.max(100))) / 100
    }
}
