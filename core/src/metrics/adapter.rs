//! Prometheus Adapter: how a number becomes a metric of the API, and which metrics there are.
//!
//! It asks Prometheus each time an HPA asks it, and keeps no value. Which metrics there are it
//! keeps: every `relist` it looks for the series of as long before. A metric that it does not know
//! is answered with an error, even if its series are there by now.
//!
//! Upstream: prometheus-adapter 0.12 pkg/custom-provider/provider.go,
//! pkg/external-provider/metric_converter.go; kubernetes 1.37
//! pkg/controller/podautoscaler/metrics/client.go.

use crate::time::{Duration, Instant};

/// What the HPA takes as the window of a metric that does not say.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/client.go
/// `metricServerDefaultMetricWindow`.
pub const WINDOW: Duration = Duration::from_seconds(60);

/// What the metrics client says before the words of the API.
pub const CUSTOM: &str = "unable to fetch metrics from custom metrics API: ";
/// As [`CUSTOM`], for External metrics.
pub const EXTERNAL: &str = "unable to fetch metrics from external metrics API: ";
/// As [`CUSTOM`], for CPU and memory.
pub const RESOURCE: &str = "unable to fetch metrics from resource metrics API: ";

/// What the API server says while nobody answers behind it; the path follows in brackets.
pub const UNAVAILABLE: &str = "the server is currently unable to handle the request (get ";
/// What the adapter says while Prometheus does not answer.
pub const NO_PROMETHEUS: &str = "Internal error occurred: unable to fetch metrics";

/// What the adapter says of a metric that it does not know; an object's name follows.
///
/// Upstream: custom-metrics-apiserver 1.33 pkg/provider/errors.go `NewMetricNotFoundError`.
pub fn not_found(metric: &str, resource: &str) -> String {
    format!("the server could not find the metric {metric} for {resource}")
}

/// The API's word for objects of a kind, with its group.
pub fn resource_of(kind: &str) -> String {
    let plural = kind.to_ascii_lowercase();
    match kind {
        "Ingress" => "ingresses.networking.k8s.io".to_owned(),
        "Deployment" | "StatefulSet" | "ReplicaSet" | "DaemonSet" => format!("{plural}s.apps"),
        _ => format!("{plural}s"),
    }
}

/// `value` in milli units, cut off towards zero; 0 for what is no number.
///
/// A float-to-integer cast saturates; upstream's depends on the processor there.
///
/// Upstream: prometheus-adapter 0.12 pkg/custom-provider/provider.go `metricFor`.
///
/// ```
/// # use tidetable_core::metrics::adapter::milli;
/// assert_eq!(milli(1.9999), 1999); // KEDA says 2000
/// ```
pub fn milli(value: f64) -> i64 {
    (value * 1000.0) as i64
}

/// Which of its series the adapter knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registry {
    listed: bool,
    next: Instant,
    last_seen: Instant,
}

impl Registry {
    /// The series has been there up to `now`, and was found.
    pub fn new(now: Instant) -> Self {
        Self { listed: true, next: now, last_seen: now }
    }

    /// A scrape at `now` found the series, or did not. Lists that were due since the last scrape
    /// are made first, from what was scraped before.
    pub fn scrape(&mut self, relist: Duration, now: Instant, found: bool) {
        self.relist(relist, now);
        if found {
            self.last_seen = now;
        }
    }

    /// Whether the adapter knows the metric at `now`.
    pub fn knows(&mut self, relist: Duration, now: Instant) -> bool {
        self.relist(relist, now);
        self.listed
    }

    fn relist(&mut self, relist: Duration, now: Instant) {
        let step = relist.ms().max(1);
        if self.next > now {
            return;
        }
        // The last list up to now is the one that counts.
        let missed = now.since(self.next).ms() / step;
        let made = self.next + Duration::from_ms(missed.saturating_mul(step));
        self.listed = self.last_seen >= made - relist;
        self.next = made + relist;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_off() {
        for (value, expected) in [
            (0.000_9, 0),
            (1.999_9, 1999),
            (-1.999_9, -1999),
            (f64::NAN, 0),
            (f64::INFINITY, i64::MAX),
        ] {
            assert_eq!(milli(value), expected, "{value}");
        }
    }

    /// Lists at 0, 10, 20 … minutes, each from the ten minutes before.
    #[test]
    fn a_metric_is_known_from_one_list_to_another() {
        let minute = |it: i64| Instant::from_seconds(it * 60);
        let relist = Duration::from_seconds(600);
        let mut registry = Registry::new(minute(0));
        for at in 1..=4 {
            registry.scrape(relist, minute(at), true);
        }
        // Gone from minute 5 to minute 33.
        let mut known = Vec::new();
        for at in 5..=45 {
            registry.scrape(relist, minute(at), at >= 33);
            if at % 5 == 0 {
                known.push((at, registry.knows(relist, minute(at))));
            }
        }
        let expected = [
            (5, true),
            (10, true),
            (15, true),
            // from 10 to 20 there was none
            (20, false),
            (25, false),
            (30, false),
            (35, false),
            (40, true),
            (45, true),
        ];
        assert_eq!(known, expected);
    }
}
