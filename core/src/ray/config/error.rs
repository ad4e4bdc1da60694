//! Why no configuration could be derived, in upstream's own words.

use std::fmt;

/// Prints as the last line of upstream's log: exception and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// A field that must be there is not.
    MissingField(&'static str),
    /// The group's CPUs can't be told.
    NoCpu {
        /// The group.
        group: String,
    },
    /// A quantity whose number can't be read.
    InvalidNumber(String),
    /// A quantity whose suffix Ray does not know (`ki`).
    UnknownSuffix(String),
    /// A quantity that is not a number, or infinite.
    NotFinite(String),
    /// A start parameter that must be a whole number is not.
    NotAnInteger(String),
    /// `rayStartParams["resources"]` is not JSON in an extra pair of quotes.
    CustomResourcesNotJson,
    /// `rayStartParams["resources"]` is not an object of whole numbers.
    CustomResourcesNotIntegers,
    /// A label key's part before the slash is not a DNS name.
    LabelPrefix(String),
    /// A label key breaks Kubernetes' syntax.
    LabelKey(String),
    /// A label value breaks Kubernetes' syntax.
    LabelValue(String),
    /// A number lies below what the schema allows.
    BelowMinimum {
        /// As upstream prints it.
        value: String,
    },
    /// The minimums add up to more than the maximums.
    MinAboveMax,
    /// The annotation `ray.io/ippr` can't be read, or its group can't be resized in place.
    Resize(ResizeError),
    /// One group's `minReplicas` exceeds its `maxReplicas`, or is negative.
    GroupBounds {
        /// The group.
        group: String,
    },
}

/// What is wrong with in-place resize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResizeError {
    /// The annotation is no JSON.
    NotJson,
    /// It breaks its schema; why, as upstream prints it.
    Schema(String),
    /// The group sets `num-cpus` or `memory` in `rayStartParams`.
    StartParam,
    /// The first container lacks a request for `cpu` or `memory`.
    RequestMissing,
    /// The first container restarts when it is resized.
    Restarts,
}

impl ConfigError {
    /// The Python exception that upstream raises.
    pub fn exception(&self) -> &'static str {
        match self {
            Self::MissingField(_) => "KeyError",
            Self::NotFinite(number) if number.to_ascii_lowercase().contains("inf") => {
                "OverflowError"
            }
            Self::NoCpu { .. }
            | Self::InvalidNumber(_)
            | Self::UnknownSuffix(_)
            | Self::NotFinite(_)
            | Self::NotAnInteger(_)
            | Self::LabelPrefix(_)
            | Self::LabelKey(_)
            | Self::LabelValue(_)
            | Self::MinAboveMax
            | Self::Resize(
                ResizeError::StartParam | ResizeError::RequestMissing | ResizeError::Restarts,
            ) => "ValueError",
            Self::CustomResourcesNotJson | Self::Resize(ResizeError::NotJson) => "JSONDecodeError",
            Self::CustomResourcesNotIntegers | Self::GroupBounds { .. } => "AssertionError",
            Self::BelowMinimum { .. } | Self::Resize(ResizeError::Schema(_)) => "ValidationError",
        }
    }
}

const LABEL_NAME_RULE: &str = "63 chars or less beginning and ending with an alphanumeric \
    character ([a-z0-9A-Z]) with dashes (-), underscores (_),dots (.), and alphanumerics between.";

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.exception())?;
        match self {
            Self::MissingField(field) => write!(f, ": '{field}'"),
            Self::NoCpu { group } => write!(
                f,
                ": Autoscaler failed to detect `CPU` resources for group {group}.\n\
                 Set the `--num-cpus` rayStartParam and/or the CPU resource limit for the Ray \
                 container."
            ),
            Self::InvalidNumber(number) => write!(f, ": Invalid number format: {number}"),
            Self::UnknownSuffix(quantity) => write!(f, ": {quantity} has unknown suffix"),
            Self::NotFinite(_) if self.exception() == "OverflowError" => {
                f.write_str(": cannot convert Infinity to integer")
            }
            Self::NotFinite(_) => f.write_str(": cannot convert NaN to integer"),
            Self::NotAnInteger(text) => {
                write!(f, ": invalid literal for int() with base 10: '{text}'")
            }
            Self::LabelPrefix(prefix) => write!(
                f,
                ": Invalid label key prefix `{prefix}`. Prefix must be a series of DNS labels \
                 separated by dots (.), not longer than 253 characters in total."
            ),
            Self::LabelKey(name) => {
                write!(f, ": Invalid label key name `{name}`. Name must be {LABEL_NAME_RULE}")
            }
            Self::LabelValue(value) => {
                write!(f, ": Invalid label key value `{value}`. Value must be {LABEL_NAME_RULE}")
            }
            Self::BelowMinimum { value } => {
                write!(f, ": {value} is less than the minimum of 0")
            }
            Self::MinAboveMax => f.write_str(
                ": The specified global `max_workers` is smaller than the sum of `min_workers` of \
                 all the available node types.",
            ),
            Self::Resize(error) => f.write_str(error.text()),
            Self::CustomResourcesNotJson
            | Self::CustomResourcesNotIntegers
            | Self::GroupBounds { .. } => Ok(()),
        }
    }
}

impl ResizeError {
    /// What follows the exception.
    fn text(&self) -> &str {
        match self {
            Self::NotJson => "",
            Self::Schema(text) => text,
            Self::StartParam => {
                ": should not have 'num-cpus' or 'memory' in rayStartParams if IPPR is used"
            }
            Self::RequestMissing => {
                ": should have 'cpu' and 'memory' in resource requests as the resources lower \
                 bounds if IPPR is used"
            }
            Self::Restarts => ": IPPR only supports restartPolicy=NotRequired",
        }
    }
}

impl std::error::Error for ConfigError {}
