//! Charts: numbers over time, ready to draw.
//!
//! Every series is a step function given by its change points: the value at an instant is the
//! value of the last point at or before it.

use serde::{Deserialize, Serialize};

use super::Message;

/// Numbers over the time of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// Stable within the report, as `replicas/default/web`.
    pub id: String,
    /// Heading, as `Replicas`.
    pub title: String,
    /// What the heading's right side says, as `unserved 2,310`.
    pub note: Message,
    /// Unit of the axis.
    pub unit: Unit,
    /// Which of the report's autoscalers it belongs to.
    pub autoscaler: Option<usize>,
    /// In drawing order: the first lies at the bottom.
    pub series: Vec<Series>,
}

/// One line, area or limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// Stable within the chart, as `ready`.
    pub id: String,
    /// Name for the legend and for screen readers.
    pub name: String,
    /// How it is drawn.
    pub role: SeriesRole,
    /// Whose colour it has.
    pub tone: Tone,
    /// The change points.
    pub points: Points,
}

/// Change points, by time. Both lists of them are equally long.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Points {
    /// Milliseconds since the start of the run.
    pub at_ms: Vec<f64>,
    /// The value from then on.
    pub values: Vec<f64>,
    /// Times without a value, such as those without its HPA, in their order: whatever the change
    /// points say, nothing is drawn then.
    pub gaps: Vec<Gap>,
}

/// A time without a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// Milliseconds since the start of the run.
    pub from_ms: f64,
    /// When there is a value again; `None`: not any more.
    pub until_ms: Option<f64>,
}

impl Gap {
    /// Whether `at_ms` lies in it.
    pub fn holds(&self, at_ms: f64) -> bool {
        self.from_ms <= at_ms && self.until_ms.is_none_or(|until| at_ms < until)
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SeriesRole {
    /// What is: filled down to zero.
    Area,
    /// What is asked for, or measured: a line.
    Line,
    /// A limit or a target: dashes.
    Limit,
    /// What would have been without the limit that binds: dots.
    Ghost,
    /// Load that nobody served: filled between the `Area` below and this line.
    Unserved,
    /// Lower or upper edge of a band in which nothing changes: two series, filled between.
    Band,
}

/// Whose colour a series has. One colour means one thing everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Kubernetes HPA.
    Hpa,
    /// Ray autoscaler.
    Ray,
    /// Ray Serve, and pending demand.
    Serve,
    /// Nodes.
    Node,
    /// Load.
    Load,
    /// What binds, what fails.
    Bad,
}

/// Unit of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Requests per second.
    RequestsPerSecond,
    /// Whole percent.
    Percent,
    /// Things that are counted: replicas, pods, tasks, nodes.
    Count,
    /// CPU in millicores.
    MilliCpu,
    /// Memory in bytes.
    Bytes,
}
