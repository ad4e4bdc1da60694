//! How long a job that is submitted may wait for its supervisor to start.
//!
//! Upstream: ray 2.60.0 dashboard/modules/job/job_manager.py `JobManager._monitor_job_internal`,
//! dashboard/consts.py `DEFAULT_JOB_START_TIMEOUT_SECONDS`.

use crate::time::{Duration, Instant};

/// The variable of the head that says so, in seconds.
pub const START_TIMEOUT_VARIABLE: &str = "RAY_JOB_START_TIMEOUT_SECONDS";

/// How long that is without it.
pub const START_TIMEOUT: Duration = Duration::from_seconds(15 * 60);

/// Between two looks of the monitor (`JOB_MONITOR_LOOP_PERIOD_S`).
const LOOK: Duration = Duration::from_seconds(1);

/// More than any run has, in seconds.
const FOR_EVER: f64 = 1e9;

/// What the variable says; none if nothing ever fails the job.
///
/// With what is no number the monitor ends by an error before its first look.
pub fn start_timeout(value: &str) -> Option<Duration> {
    let seconds: f64 = value.trim().parse().ok()?;
    (seconds < FOR_EVER).then(|| Duration::from_ms((seconds.max(0.0) * 1000.0) as i64))
}

/// When the monitor fails a job that still waits: at its first look after `limit`.
pub fn start_fails_at(submitted: Instant, limit: Duration) -> Instant {
    submitted + LOOK.times(limit.ms() / LOOK.ms() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `now - start_time > timeout`, asked 1 s, 2 s … after the submission.
    #[test]
    fn the_first_look_beyond_the_limit_fails_the_job() {
        let fails = |value: &str| {
            start_timeout(value).map(|it| start_fails_at(Instant::from_ms(500), it).ms())
        };
        assert_eq!(fails("900"), Some(901_500), "at 900 s it is not more than 900");
        assert_eq!(fails("900.5"), Some(901_500));
        assert_eq!(fails(" 1e2 "), Some(101_500));
        assert_eq!(fails("0"), Some(1_500));
        assert_eq!(fails("-5"), Some(1_500));
        for never in ["inf", "nan", "1e300", "15m", ""] {
            assert_eq!(fails(never), None, "{never}");
        }
    }
}
