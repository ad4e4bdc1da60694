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
    /// When, and which HPA.
    #[serde(default)]
    pub deleted: Vec<(i64, usize)>,
    /// Created under the same name, after it was deleted.
    #[serde(default)]
    pub again: Vec<(i64, usize)>,
    /// When someone sets the replicas, of which target, to what.
    #[serde(default)]
    pub scaled: Vec<(i64, usize, i32)>,
    #[serde(default)]
    pub restarts: Vec<i64>,
    pub length: i64,
    pub looks: Vec<Look>,
}

impl Case {
    /// Whether the API server has `hpa`, up to and including `at`.
    pub(crate) fn exists(&self, hpa: usize, at: i64) -> bool {
        let last = |list: &[(i64, usize)]| {
            list.iter().filter(|it| it.1 == hpa && it.0 <= at).map(|it| it.0).max()
        };
        self.created[hpa] <= at && last(&self.deleted) <= last(&self.again)
    }

    /// Whether a look of `hpa` that began then finds, once it has read the scale, that the cache
    /// has no such HPA any more.
    pub(crate) fn loses(&self, hpa: usize, began: i64) -> bool {
        let known = |at: i64| self.exists(hpa, at - self.watch);
        known(began) && !known(began + self.get)
    }
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
