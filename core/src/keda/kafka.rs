//! What a Kafka trigger makes of a lag: no more than there are partitions to consume.
//!
//! Upstream: keda 2.21 pkg/scalers/kafka_scaler.go, apache_kafka_scaler.go `getTotalLag`,
//! `getNextFactorThatBalancesConsumersToTopicPartitions`.

use super::formula::truncated;

/// What bounds the lag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kafka {
    /// `lagThreshold`.
    pub threshold: i64,
    /// How many partitions there are; 0 if nobody says, and then nothing is bounded.
    pub partitions: i64,
    /// `allowIdleConsumers`.
    pub allows_idle: bool,
    /// `limitToPartitionsWithLag`.
    pub limits_to_lag: bool,
    /// `ensureEvenDistributionOfPartitions`.
    pub is_even: bool,
}

impl Kafka {
    /// The lag that is told, of a lag that lies on all partitions alike.
    pub fn bounded(&self, lag: f64) -> f64 {
        let partitions = self.partitions;
        if partitions <= 0 || (self.allows_idle && !self.limits_to_lag && !self.is_even) {
            return lag;
        }
        let whole = truncated(lag).max(0);
        let mut total = whole;
        if self.is_even {
            total = self.factor(whole).saturating_mul(self.threshold);
        }
        // Each message lies on a partition of its own as long as there are enough.
        let with_lag = whole.min(partitions);
        let bound = if self.limits_to_lag { with_lag } else { partitions };
        if total / self.threshold.max(1) > bound {
            total = bound.saturating_mul(self.threshold);
        }
        if total == whole { lag } else { total as f64 }
    }

    /// The least divisor of the partitions that is enough for the lag.
    fn factor(&self, lag: i64) -> i64 {
        let is_enough =
            |it: &i64| self.partitions % it == 0 && it.saturating_mul(self.threshold) >= lag;
        (1..=self.partitions).find(is_enough).unwrap_or(self.partitions)
    }
}

#[cfg(test)]
mod tests {
    use super::Kafka;

    /// Threshold 10 and 12 partitions, whose divisors are 1, 2, 3, 4, 6 and 12.
    #[test]
    fn a_lag_is_no_more_than_there_are_partitions() {
        let plain = Kafka {
            threshold: 10,
            partitions: 12,
            allows_idle: false,
            limits_to_lag: false,
            is_even: false,
        };
        let idle = Kafka { allows_idle: true, ..plain };
        let lagging = Kafka { limits_to_lag: true, ..plain };
        let even = Kafka { is_even: true, ..plain };
        let unknown = Kafka { partitions: 0, ..plain };
        for (kafka, lag, told) in [
            // 129 / 10 is 12, not more than 12; 130 / 10 is 13
            (plain, 129.0, 129.0),
            (plain, 130.0, 120.0),
            (idle, 130.0, 130.0),
            (unknown, 130.0, 130.0),
            // 2 messages, 2 partitions with lag
            (lagging, 2.0, 2.0),
            (lagging, 500.0, 120.0),
            // 35 needs 4 consumers, 45 needs 6
            (even, 35.0, 40.0),
            (even, 45.0, 60.0),
            (even, 900.0, 120.0),
            (even, 0.0, 10.0),
        ] {
            assert_eq!(kafka.bounded(lag), told, "{kafka:?} {lag}");
        }
    }
}
