//! From a document to a [`Scenario`]. Reading can't fail: what can't be read is named and left
//! out, and the rest holds.
//!
//! Wrong types, unknown fields and wrong words are the YAML reader's findings (TT11x). What only a
//! Scenario can get wrong has codes of its own:
//!
//! | code | what |
//! |---|---|
//! | TT401 | a second Scenario: the first one counts |
//! | TT402 | a number out of its range, or a limit that is reached |
//! | TT403 | a time at or after the end of the run |
//! | TT404 | none, or several, of which there must be one |
//! | TT405 | fields that contradict each other |
//! | TT406 | another `apiVersion` than the one that is known |
//! | TT407 | an empty Scenario: no load, no work, and nothing else that happens |
//! | TT409 | a date and time that can't be read |

mod assumptions;
mod changes;
mod expect;
mod limits;
mod load;
mod metrics;
mod nodes;
mod now;
mod work;

pub(super) use load::SHAPES;

use super::{API_VERSION, KIND, Scenario};
use crate::assumption::Assumptions;
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::order;
use crate::source::Span;
use crate::time::{Duration, Instant};
use crate::yaml::{Fields, Findings, Node};

/// How long a run is if the document does not say.
pub const DEFAULT_DURATION: Duration = Duration::from_seconds(30 * 60);
/// The shortest run.
pub const SHORTEST_DURATION: Duration = Duration::from_seconds(60);
/// The longest run: a week.
pub const LONGEST_DURATION: Duration = Duration::from_seconds(7 * 24 * 3600);

/// What reading the Scenario of a text gives.
#[derive(Debug)]
pub struct Read {
    /// The first Scenario, if there is one.
    pub scenario: Option<Scenario>,
    /// What is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a document is a Scenario, of whatever version.
pub fn is_scenario(root: &Node) -> bool {
    let group = root.get("apiVersion").and_then(Node::text).and_then(|it| it.split('/').next());
    group == Some("tidetable.dev") && root.get("kind").and_then(Node::text) == Some(KIND)
}

/// Reads the first Scenario among the documents of a text, whose other kinds it passes over.
pub fn read<'doc>(roots: impl IntoIterator<Item = &'doc Node>) -> Read {
    let findings = Findings::default();
    let mut roots = roots.into_iter().filter(|it| is_scenario(it));
    let first = roots.next();
    let scenario = first.and_then(|root| document(root, &findings));
    for second in roots {
        let span = second.entry("kind").map_or(second.span, |it| it.value.span);
        let message = "a text has one Scenario: this one is not used";
        let mut found = Diagnostic::new("TT401", Severity::Warning, span, message);
        if let Some(used) = first.and_then(|it| it.entry("kind")) {
            found = found.also(used.value.span, "this one is");
        }
        findings.push(found);
    }
    let (mut diagnostics, _) = findings.into_parts();
    order::sort_by_key(&mut diagnostics, |it| it.span);
    Read { scenario, diagnostics }
}

fn document(root: &Node, findings: &Findings) -> Option<Scenario> {
    let mut fields = Fields::of(root, "", findings)?;
    fields.take("kind");
    if let Some(version) = fields.string("apiVersion").filter(|it| it.value != API_VERSION) {
        let edits = vec![TextEdit { span: version.span, text: API_VERSION.to_owned() }];
        let message = format!("only {API_VERSION} is known: it is read as that");
        findings.push(
            Diagnostic::new("TT406", Severity::Warning, version.span, message)
                .with(Fix::safe(format!("write {API_VERSION}"), edits)),
        );
    }
    let mut scenario = Scenario { span: root.span, ..Scenario::empty() };
    if let Some(mut metadata) = fields.mapping("metadata") {
        scenario.name = metadata.string("name").map_or(String::new(), |it| it.value);
        metadata.pass_rest();
    }
    match fields.mapping("spec") {
        Some(spec) => spec_of(spec, &mut scenario),
        None => fields.missing("spec"),
    }
    Some(scenario)
}

fn spec_of(mut spec: Fields<'_>, scenario: &mut Scenario) {
    let findings = spec.findings();
    if let Some(duration) = spec.duration("duration") {
        let range = SHORTEST_DURATION..=LONGEST_DURATION;
        scenario.duration = duration.value.clamp(*range.start(), *range.end());
        if !range.contains(&duration.value) {
            out_of_range(findings, duration.span, "a run takes from 1m to 168h (a week)");
        }
    }
    spec.retired("seed", "nothing is left to chance");
    let end = Instant::ZERO + scenario.duration;
    if let Some((start, is_instant)) = metrics::start(&mut spec) {
        (scenario.start, scenario.start_is_instant) = (Some(start), is_instant);
    }
    scenario.load = load::entries(&mut spec, end);
    scenario.metrics = metrics::entries(&mut spec, end);
    scenario.outages = metrics::outages(&mut spec, end);
    scenario.ray = work::entries(&mut spec, end);
    scenario.edits = changes::edits(&mut spec, end);
    scenario.restarts = changes::restarts(&mut spec, end);
    scenario.nodes = nodes::pools(&mut spec);
    if let Some(fields) = spec.mapping("assumptions") {
        scenario.set = assumptions::read(fields, &mut scenario.assumptions);
    }
    scenario.overrides = assumptions::overrides(&mut spec, &scenario.assumptions);
    scenario.expect = expect::entries(&mut spec, end);
    scenario.now = now::entries(&mut spec);
    let ends = |it: &Assumptions| it.ray.job_runs > Duration::ZERO;
    let job_ends =
        ends(&scenario.assumptions) || scenario.overrides.iter().any(|it| ends(&it.assumptions));
    if !job_ends && !HAPPENINGS.iter().any(|it| spec.has(it)) {
        let message = "no load and no Ray work: what is pasted stays idle";
        findings.push(Diagnostic::new("TT407", Severity::Info, spec.head(), message));
    }
}

/// What a Scenario has if something in it happens, or is asked of the present.
const HAPPENINGS: [&str; 8] =
    ["load", "ray", "metrics", "now", "edits", "outages", "controllerRestarts", "start"];

fn out_of_range(findings: &Findings, span: Span, message: impl Into<String>) {
    findings.error("TT402", span, message);
}

/// Takes the one field out of `names` that is set. Reports none, and several.
fn one_of(fields: &mut Fields<'_>, names: &[&'static str]) -> Option<&'static str> {
    let present: Vec<_> = names.iter().copied().filter(|name| fields.has(name)).collect();
    match present[..] {
        [only] => Some(only),
        [] => {
            let message = format!("`{}` needs one of {}", fields.path(), names.join(", "));
            fields.findings().error("TT404", fields.head(), message);
            // Taken, so that the names are known: a misspelt one gets a suggestion.
            fields.pass(names);
            None
        }
        [first, second, ..] => {
            let span = fields.key_span(second).unwrap_or(fields.span());
            let also = fields.key_span(first).unwrap_or(span);
            let message = format!("`{first}` and `{second}` in one entry: make two entries of it");
            let found = Diagnostic::new("TT404", Severity::Error, span, message);
            fields.findings().push(found.also(also, format!("`{first}` is used")));
            fields.pass(&present[1..]);
            Some(first)
        }
    }
}
