//! A count, or a percentage of one.

/// `2` or `25%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So many.
    Count(i32),
    /// So many of a hundred.
    Percent(i32),
}

impl Share {
    /// Reads it; `None` if it is neither.
    pub fn of(text: &str) -> Option<Self> {
        let share = match text.strip_suffix('%') {
            Some(percent) => Self::Percent(percent.parse().ok()?),
            None => Self::Count(text.parse().ok()?),
        };
        let (Self::Count(value) | Self::Percent(value)) = share;
        (value >= 0).then_some(share)
    }

    /// Of `total`, rounded up.
    ///
    /// Upstream: apimachinery 0.37 pkg/util/intstr/intstr.go `GetScaledValueFromIntOrPercent`.
    pub(super) fn up(self, total: i32) -> i32 {
        self.scaled(total, 99)
    }

    /// Of `total`, rounded down.
    pub(super) fn down(self, total: i32) -> i32 {
        self.scaled(total, 0)
    }

    fn scaled(self, total: i32, more: i64) -> i32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => {
                let hundredfold = i64::from(percent) * i64::from(total.max(0));
                i32::try_from((hundredfold + more) / 100).unwrap_or(i32::MAX)
            }
        }
    }
}
