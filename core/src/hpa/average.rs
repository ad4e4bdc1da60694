//! Usage as an average over the pods.
//!
//! The average is truncated to a whole milli unit before it is divided by the target.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/utilization.go
//! `GetMetricUsageRatio`.

use super::per_pod::{Counted, Measured};
use super::{Cause, MetricStatus, Pass, Trace};

/// A target in milli units.
pub(super) struct Average {
    pub(super) target_milli: i64,
}

impl Average {
    /// Samples of unlisted pods count here. At least one sample must count.
    pub(super) fn ratio(
        &self,
        metric: usize,
        pass: Pass,
        counted: &Counted,
        trace: &mut Trace,
    ) -> Measured {
        let usage_milli = counted.listed_milli.wrapping_add(counted.unlisted_milli);
        let samples = counted.listed + counted.unlisted;
        let average_milli = usage_milli / samples as i64;
        let target_milli = self.target_milli;
        let ratio = average_milli as f64 / target_milli as f64;
        trace.push(Cause::AverageValue {
            metric,
            pass,
            usage_milli,
            samples,
            average_milli,
            target_milli,
            ratio,
        });
        Measured { ratio, status: MetricStatus::AverageValue(average_milli) }
    }
}
