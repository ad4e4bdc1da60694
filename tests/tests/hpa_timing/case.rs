//! A recorded run of upstream's controller. Times are milliseconds since it was started.

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub name: String,
    #[serde(default)]
    pub behavior: bool,
    pub created: Vec<i64>,
    pub replicas: i32,
    pub max: i32,
    pub wanted: Vec<(i64, i64)>,
    #[serde(default)]
    pub failing: Vec<(i64, i64)>,
    pub get: i64,
    pub metrics: i64,
    pub put: i64,
    pub status: i64,
    pub watch: i64,
    pub workers: usize,
    #[serde(default)]
    pub edits: Vec<Edit>,
    #[serde(default)]
    pub restarts: Vec<i64>,
    pub length: i64,
    pub looks: Vec<Look>,
}

#[derive(Deserialize)]
pub(crate) struct Edit {
    pub at: i64,
    pub hpa: usize,
    pub max: i32,
}

/// One sync, by the calls it made.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Look {
    pub hpa: usize,
    pub at: i64,
    pub from: i32,
    pub to: Option<i32>,
    pub wrote: Option<i64>,
    pub status: Option<i64>,
    pub able: String,
    pub limited: String,
}
