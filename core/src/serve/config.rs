//! `autoscaling_config`: defaults, old names, and what Serve refuses.
//!
//! Upstream: ray 2.60.0 serve/config.py `AutoscalingConfig`, serve/schema.py `DeploymentSchema`.

use std::fmt;

/// How samples within the window become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregation {
    /// Weighted by time.
    #[default]
    Mean,
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// An `autoscaling_config` that Serve accepts, with defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `min_replicas`.
    pub min_replicas: i64,
    /// `initial_replicas`.
    pub initial_replicas: Option<i64>,
    /// `max_replicas`.
    pub max_replicas: i64,
    /// `target_ongoing_requests`.
    pub target_ongoing_requests: f64,
    /// `metrics_interval_s`: how often handles report.
    pub metrics_interval_s: f64,
    /// `look_back_period_s`.
    pub look_back_period_s: f64,
    /// `upscaling_factor`, or what stands for it.
    pub upscaling_factor: f64,
    /// `downscaling_factor`, or what stands for it.
    pub downscaling_factor: f64,
    /// `upscale_delay_s`.
    pub upscale_delay_s: f64,
    /// `downscale_delay_s`.
    pub downscale_delay_s: f64,
    /// `downscale_to_zero_delay_s`; `downscale_delay_s` if absent.
    pub downscale_to_zero_delay_s: Option<f64>,
    /// `aggregation_function`.
    pub aggregation: Aggregation,
    /// `gang_scheduling_config.gang_size` of the deployment; 1 without gangs.
    pub gang_size: i64,
}

impl Default for Config {
    /// What an empty `autoscaling_config` means.
    fn default() -> Self {
        Self {
            min_replicas: 1,
            initial_replicas: None,
            max_replicas: 1,
            target_ongoing_requests: 2.0,
            metrics_interval_s: 10.0,
            look_back_period_s: 30.0,
            upscaling_factor: 1.0,
            downscaling_factor: 1.0,
            upscale_delay_s: 30.0,
            downscale_delay_s: 600.0,
            downscale_to_zero_delay_s: None,
            aggregation: Aggregation::Mean,
            gang_size: 1,
        }
    }
}

/// An `autoscaling_config` as it is written; what is absent is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// Whether `num_replicas` is `auto`: up to 100 replicas unless `max_replicas` says otherwise.
    pub auto: bool,
    /// `min_replicas`.
    pub min_replicas: Option<i64>,
    /// `initial_replicas`.
    pub initial_replicas: Option<i64>,
    /// `max_replicas`.
    pub max_replicas: Option<i64>,
    /// `target_ongoing_requests`.
    pub target_ongoing_requests: Option<f64>,
    /// `metrics_interval_s`.
    pub metrics_interval_s: Option<f64>,
    /// `look_back_period_s`.
    pub look_back_period_s: Option<f64>,
    /// `smoothing_factor`, of old.
    pub smoothing_factor: Option<f64>,
    /// `upscale_smoothing_factor`, of old.
    pub upscale_smoothing_factor: Option<f64>,
    /// `downscale_smoothing_factor`, of old.
    pub downscale_smoothing_factor: Option<f64>,
    /// `upscaling_factor`.
    pub upscaling_factor: Option<f64>,
    /// `downscaling_factor`.
    pub downscaling_factor: Option<f64>,
    /// `upscale_delay_s`.
    pub upscale_delay_s: Option<f64>,
    /// `downscale_delay_s`.
    pub downscale_delay_s: Option<f64>,
    /// `downscale_to_zero_delay_s`.
    pub downscale_to_zero_delay_s: Option<f64>,
    /// `aggregation_function`.
    pub aggregation_function: Option<String>,
}

/// Why Serve refuses a config. Prints as Serve says it.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigError {
    /// A field must be greater than 0.
    NotPositive {
        /// The field.
        field: &'static str,
    },
    /// A field must not be negative.
    Negative {
        /// The field.
        field: &'static str,
    },
    /// `max_replicas` is less than `min_replicas`.
    MaxBelowMin {
        /// `max_replicas`.
        max: i64,
        /// `min_replicas`.
        min: i64,
    },
    /// `initial_replicas` is less than `min_replicas`.
    InitialBelowMin {
        /// `initial_replicas`.
        initial: i64,
        /// `min_replicas`.
        min: i64,
    },
    /// `initial_replicas` is more than `max_replicas`.
    InitialAboveMax {
        /// `initial_replicas`.
        initial: i64,
        /// `max_replicas`.
        max: i64,
    },
    /// `aggregation_function` is none of the three.
    Aggregation {
        /// What is written, in lower case.
        text: String,
    },
}

impl ConfigError {
    /// The field to point at.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NotPositive { field } | Self::Negative { field } => field,
            Self::MaxBelowMin { .. } => "max_replicas",
            Self::InitialBelowMin { .. } | Self::InitialAboveMax { .. } => "initial_replicas",
            Self::Aggregation { .. } => "aggregation_function",
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPositive { .. } => f.write_str("Input should be greater than 0"),
            Self::Negative { .. } => f.write_str("Input should be greater than or equal to 0"),
            Self::MaxBelowMin { max, min } => write!(
                f,
                "Value error, max_replicas ({max}) must be greater than or equal to min_replicas \
                 ({min})!"
            ),
            Self::InitialBelowMin { initial, min } => write!(
                f,
                "Value error, min_replicas ({min}) must be less than or equal to \
                 initial_replicas ({initial})!"
            ),
            Self::InitialAboveMax { initial, max } => write!(
                f,
                "Value error, max_replicas ({max}) must be greater than or equal to \
                 initial_replicas ({initial})!"
            ),
            Self::Aggregation { text } => {
                write!(f, "Value error, '{text}' is not a valid AggregationFunction")
            }
        }
    }
}

impl Written {
    /// With defaults.
    ///
    /// # Errors
    /// All of Serve's complaints, in the order of its fields. How the counts go together is
    /// looked at only if each field is fine.
    pub fn complete(&self) -> Result<Config, Vec<ConfigError>> {
        let mut errors = Vec::new();
        let aggregation = self.judge(&mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let plain = Config::default();
        let most = if self.auto { 100 } else { plain.max_replicas };
        let smoothing = self.smoothing_factor.unwrap_or(1.0);
        let factor =
            |new: Option<f64>, old: Option<f64>| new.unwrap_or_else(|| old.unwrap_or(smoothing));
        let config = Config {
            min_replicas: self.min_replicas.unwrap_or(plain.min_replicas),
            initial_replicas: self.initial_replicas,
            max_replicas: self.max_replicas.unwrap_or(most),
            target_ongoing_requests: self
                .target_ongoing_requests
                .unwrap_or(plain.target_ongoing_requests),
            metrics_interval_s: self.metrics_interval_s.unwrap_or(plain.metrics_interval_s),
            look_back_period_s: self.look_back_period_s.unwrap_or(plain.look_back_period_s),
            upscaling_factor: factor(self.upscaling_factor, self.upscale_smoothing_factor),
            downscaling_factor: factor(self.downscaling_factor, self.downscale_smoothing_factor),
            upscale_delay_s: self.upscale_delay_s.unwrap_or(plain.upscale_delay_s),
            downscale_delay_s: self.downscale_delay_s.unwrap_or(plain.downscale_delay_s),
            downscale_to_zero_delay_s: self.downscale_to_zero_delay_s,
            aggregation,
            gang_size: 1,
        };
        match replicas_error(&config) {
            Some(error) => Err(vec![error]),
            None => Ok(config),
        }
    }

    /// Looks at each field by itself; gives the function.
    fn judge(&self, errors: &mut Vec<ConfigError>) -> Aggregation {
        let negative = |it: Option<f64>| it.is_some_and(|it| it.is_nan() || it < 0.0);
        let not_positive = |it: Option<f64>| it.is_some_and(|it| it.is_nan() || it <= 0.0);
        let count = |it: Option<i64>| it.map(|it| it as f64);
        let mut check = |is_wrong: bool, error: ConfigError| {
            if is_wrong {
                errors.push(error);
            }
        };
        let zero_or_more = |field| ConfigError::Negative { field };
        let more = |field| ConfigError::NotPositive { field };
        check(negative(count(self.min_replicas)), zero_or_more("min_replicas"));
        check(negative(count(self.initial_replicas)), zero_or_more("initial_replicas"));
        check(not_positive(count(self.max_replicas)), more("max_replicas"));
        for (value, field) in [
            (self.target_ongoing_requests, "target_ongoing_requests"),
            (self.metrics_interval_s, "metrics_interval_s"),
            (self.look_back_period_s, "look_back_period_s"),
            (self.smoothing_factor, "smoothing_factor"),
            (self.upscale_smoothing_factor, "upscale_smoothing_factor"),
            (self.downscale_smoothing_factor, "downscale_smoothing_factor"),
            (self.upscaling_factor, "upscaling_factor"),
            (self.downscaling_factor, "downscaling_factor"),
        ] {
            check(not_positive(value), more(field));
        }
        for (value, field) in [
            (self.downscale_delay_s, "downscale_delay_s"),
            (self.downscale_to_zero_delay_s, "downscale_to_zero_delay_s"),
            (self.upscale_delay_s, "upscale_delay_s"),
        ] {
            check(negative(value), zero_or_more(field));
        }
        let text = self.aggregation_function.as_deref().unwrap_or("mean").to_lowercase();
        match text.as_str() {
            "mean" => return Aggregation::Mean,
            "max" => return Aggregation::Max,
            "min" => return Aggregation::Min,
            _ => {}
        }
        check(true, ConfigError::Aggregation { text });
        Aggregation::Mean
    }
}

/// Upstream: `AutoscalingConfig.replicas_settings_valid`.
fn replicas_error(config: &Config) -> Option<ConfigError> {
    let Config { min_replicas: min, max_replicas: max, initial_replicas, .. } = *config;
    if max < min {
        return Some(ConfigError::MaxBelowMin { max, min });
    }
    let initial = initial_replicas?;
    if initial < min {
        Some(ConfigError::InitialBelowMin { initial, min })
    } else if initial > max {
        Some(ConfigError::InitialAboveMax { initial, max })
    } else {
        None
    }
}
