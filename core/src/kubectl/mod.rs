//! What `kubectl` printed about HPAs: `kubectl describe hpa` and the table of `kubectl get hpa`.
//!
//! Reading can't fail: what can't be read is a located diagnostic, and the rest is told. A text
//! that holds several HPAs, or both kinds, is read to its end; the last row of an HPA counts, as
//! `kubectl get -w` prints it.
//!
//! Upstream: kubernetes 1.37 pkg/printers/internalversion/printers.go `formatHPAMetrics`,
//! kubectl 0.37 pkg/describe/describe.go `describeHorizontalPodAutoscalerV2`.

mod amount;
mod describe;
pub(crate) mod lines;
mod table;
mod told;

pub use amount::{Amount, amount};
pub use told::{Current, Source, Told, ToldCondition, ToldMetric};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

use lines::Line;

/// Most HPAs that are read out of one text.
pub const MOST_HPAS: usize = 200;

/// What is told, and what can't be read.
#[derive(Debug, Default)]
pub struct Read {
    /// One entry for each HPA, in the order of the text.
    pub told: Vec<Told>,
    /// What can't be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl Read {
    fn unreadable(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new("TT603", Severity::Warning, span, message));
    }

    /// The HPA that `told` is about is told anew: what an earlier row said is out of date.
    fn add(&mut self, told: Told) {
        let same = |it: &Told| {
            (&it.namespace, &it.name.value, it.source)
                == (&told.namespace, &told.name.value, told.source)
        };
        if let Some(earlier) = self.told.iter_mut().find(|it| same(it)) {
            *earlier = told;
        } else if self.told.len() < MOST_HPAS {
            self.told.push(told);
        } else if self.told.len() == MOST_HPAS
            && self.diagnostics.iter().all(|it| it.code != "TT607")
        {
            let message = format!("more than {MOST_HPAS} HPAs: from here on they are left out");
            let found = Diagnostic::new("TT607", Severity::Warning, told.name.span, message);
            self.diagnostics.push(found);
        }
    }
}

/// Reads the part `span` of `text`.
///
/// ```
/// # use tidetable_core::{kubectl::{self, Current}, source::Span};
/// let text = "NAME  REFERENCE       TARGETS       MINPODS  MAXPODS  REPLICAS  AGE\n\
///             web   Deployment/web  cpu: 45%/80%  1        10       4         5d\n";
/// let told = &kubectl::read(text, Span::new(0, text.len())).told[0];
/// assert_eq!(told.current_replicas.unwrap().value, 4);
/// assert_eq!(told.metrics[0].current, Current::Utilization { percent: 45, average_milli: None });
/// ```
pub fn read(text: &str, span: Span) -> Read {
    let mut read = Read::default();
    let lines = lines::lines(text, span);
    let mut at = 0;
    while at < lines.len() {
        let rest = &lines[at..];
        at += match begins(rest) {
            Some(Form::Describe) => describe::read(rest, &mut read),
            Some(Form::Table) => table::read(rest, &mut read),
            None => 1,
        };
    }
    read
}

/// How an HPA is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Describe,
    Table,
}

/// What begins with the first of `lines`.
fn begins(lines: &[Line<'_>]) -> Option<Form> {
    let first = lines.first()?;
    if table::is_header(first.text) {
        return Some(Form::Table);
    }
    let next = lines.get(1)?;
    let is_describe = first.text.starts_with("Name:")
        && next.text.starts_with("Namespace:")
        && first.indent == next.indent;
    is_describe.then_some(Form::Describe)
}

/// Where the first HPA that kubectl printed begins in `span`, if there is one: its first line.
pub fn find(text: &str, span: Span) -> Option<Span> {
    let part = &text[span.start..span.end];
    if !part.contains("Reference:") && !part.contains("REFERENCE") {
        return None;
    }
    let lines = lines::lines(text, span);
    let is_begin = |at: &usize| match begins(&lines[*at..]) {
        Some(Form::Table) => true,
        Some(Form::Describe) => describe::is_hpa(&lines[*at..]),
        None => false,
    };
    (0..lines.len()).find(is_begin).map(|at| lines[at].span())
}
