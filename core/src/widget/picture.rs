//! What a widget draws, taken from a prediction.

use serde::{Deserialize, Serialize};

use super::field;
use super::settings::{View, Widget};
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::finding;
use crate::report::{
    Autoscaler, AutoscalerKind, Chart, Explanation, Feasibility, Language, LedgerStep, Message,
    MetricRow, NowHpa, NowInput, Placement, PodCount, Staircase, Tone,
};
use crate::{Delay, Prediction, predict_briefly, right_now};

/// When a run is no longer at its start.
const START_MS: f64 = 1_000.0;
/// Pods that get a strip of their own.
const MOST_STRIPS: usize = 12;

/// One text's pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// The variant's name, or empty.
    pub label: String,
    /// The text that it shows.
    pub text: String,
    /// Warnings and errors of the text, by their place in it.
    pub diagnostics: Vec<Diagnostic>,
    /// How long the run is, in milliseconds.
    pub end_ms: f64,
    /// Where the cursor stands.
    pub at_ms: f64,
    /// One sentence an autoscaler.
    pub verdicts: Vec<(Tone, Message)>,
    /// Decisions that acted.
    pub marks: Vec<Mark>,
    /// From top to bottom.
    pub pictures: Vec<Picture>,
    /// The decision at the cursor.
    pub reasons: Option<Explanation>,
}

/// A decision that acted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at_ms: f64,
    /// Who, as `HPA web`.
    pub who: String,
    /// Whose colour it has.
    pub tone: Tone,
    /// Replicas before and after.
    pub from: f64,
    /// Replicas asked for.
    pub to: f64,
    /// What was wanted and held back, or empty.
    pub note: Message,
    /// What led to it: what the rule that bound says, the formula, or a sentence.
    pub why: String,
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Picture {
    /// A chart over time.
    Chart(Chart),
    /// Every step of the decision at the cursor.
    Why(Vec<LedgerStep>),
    /// What the next look makes of each value; the present one and the target, as kubectl prints
    /// them.
    Staircase(Staircase, String, String),
    /// All metrics of a decision.
    Metrics(Vec<MetricRow>),
    /// What each pod counted as.
    Pods(Vec<Strip>),
    /// Who is where.
    Nodes(Placement),
    /// What fits where, for each cluster by its name.
    Fit(Vec<(String, Feasibility)>),
    /// Where the seconds went; each with its autoscaler's name and colour.
    Delays(Vec<(String, Tone, Delay)>),
}

/// One pod over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strip {
    /// Its name.
    pub pod: String,
    /// From one look to the next.
    pub stretches: Vec<Stretch>,
}

/// A time in which a pod counted as the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// From this look on, in milliseconds.
    pub from_ms: f64,
    /// Until this one.
    pub to_ms: f64,
    /// As what.
    pub counted: PodCount,
    /// The amount and the reason: `100 % · not ready yet`.
    pub label: String,
}

/// What `widget` wants to see of `text`, with the cursor at `at_ms` if the reader set it: one panel
/// for each variant, or one.
///
/// Never fails: a variant that can't be made of the text is left out.
///
/// ```
/// use tidetable_core::{Language, examples, widget};
///
/// let widget = widget::Widget { show: vec![widget::View::Chart], ..Default::default() };
/// let panels = widget::draw(examples::EXAMPLES[0].text(), &widget, None, Language::En);
/// assert_eq!(panels.len(), 1);
/// ```
pub fn draw(text: &str, widget: &Widget, at_ms: Option<f64>, language: Language) -> Vec<Panel> {
    let variants = widget.compare.iter().filter_map(|variant| {
        let set = |text: String, (name, value): &(String, String)| field::with(&text, name, value);
        let text = variant.set.iter().try_fold(text.to_owned(), set).ok()?;
        Some((variant.label.clone(), text))
    });
    let mut variants: Vec<(String, String)> = variants.collect();
    if variants.is_empty() {
        variants.push((String::new(), text.to_owned()));
    }
    let panel = |(label, text)| panel(label, text, widget, at_ms, language);
    variants.into_iter().map(panel).collect()
}

fn panel(
    label: String,
    text: String,
    widget: &Widget,
    at_ms: Option<f64>,
    language: Language,
) -> Panel {
    let prediction = &predict_briefly(&text, language);
    let report = &prediction.report;
    let matters = |it: &&Diagnostic| it.severity != Severity::Info;
    let mut diagnostics: Vec<_> = report.diagnostics.iter().filter(matters).cloned().collect();
    finding::tell(&mut diagnostics, language);
    let wants_now = prediction.tells_now() || widget.show.contains(&View::Staircase);
    let now = wants_now.then(|| right_now(&text, language).hpas.into_iter().next()).flatten();
    let marks = marks(prediction);
    // At the very start a count below the minimum is raised, which is seldom what is looked for.
    let late = marks.iter().find(|it| it.at_ms >= START_MS);
    let first = late.or(marks.first()).map(|it| it.at_ms);
    let start = widget.at.map(|it| it.ms() as f64);
    let at_ms = at_ms.or(start).or(first).unwrap_or(0.0).clamp(0.0, report.duration_ms);
    let reasons = match &now {
        Some(now) => Some(now.explanation.clone()),
        None => reasons(prediction, at_ms),
    };
    let verdicts = if let Some(now) = &now {
        vec![(Tone::Hpa, now.verdict.clone())]
    } else {
        // Who it is about must not be told by colour alone.
        let is_one = report.autoscalers.len() == 1;
        let name = |name: &str| if is_one { String::new() } else { format!("{name}: ") };
        let said = |it: &Autoscaler| {
            let message = Message::new().text(name(&it.name)).and(it.verdict.message.clone());
            (it.tone, message)
        };
        report.autoscalers.iter().map(said).collect()
    };
    let scene = Scene { prediction, now: now.as_ref(), reasons: reasons.as_ref(), at_ms };
    let pictures = widget.show.iter().flat_map(|view| scene.pictures(*view, &widget.charts));
    let pictures = pictures.collect();
    let end_ms = report.duration_ms;
    Panel { label, text, diagnostics, end_ms, at_ms, verdicts, marks, pictures, reasons }
}

/// Every decision that acted.
fn marks(prediction: &Prediction) -> Vec<Mark> {
    let report = &prediction.report;
    let acting = report.decisions.iter().filter(|it| it.acts);
    acting
        .map(|it| {
            let who = &report.autoscalers[it.autoscaler];
            let Explanation { from, to, note, steps, .. } = &it.explanation;
            let binding = steps.iter().rfind(|it| it.binds);
            Mark {
                at_ms: it.at_ms,
                who: who.name.clone(),
                tone: who.tone,
                from: *from,
                to: *to,
                note: note.clone(),
                why: binding
                    .map_or_else(|| it.explanation.in_short(), |binding| binding.text.to_string()),
            }
        })
        .collect()
}

/// The last decision up to the cursor, or else the first one. A look of the same HPA between it and
/// the cursor goes before it if something holds that look: a stabilization window leaves no mark.
fn reasons(prediction: &Prediction, at_ms: f64) -> Option<Explanation> {
    let report = &prediction.report;
    let past = report.decisions.iter().rfind(|it| it.at_ms <= at_ms);
    let decision = past.or(report.decisions.first())?;
    let who = &report.autoscalers[decision.autoscaler];
    let held = (who.kind == AutoscalerKind::Hpa).then(|| {
        let look = who.looks.at_ms.iter().rposition(|it| *it <= at_ms)?;
        let explanation = prediction.explain(decision.autoscaler, look)?;
        explanation.steps.iter().any(|it| it.binds).then_some(explanation)
    });
    held.flatten().or_else(|| Some(decision.explanation.clone()))
}

/// What pictures are made from.
struct Scene<'a> {
    prediction: &'a Prediction,
    now: Option<&'a NowHpa>,
    reasons: Option<&'a Explanation>,
    at_ms: f64,
}

impl Scene<'_> {
    fn pictures(&self, view: View, wanted: &[String]) -> Vec<Picture> {
        let report = &self.prediction.report;
        match view {
            View::Chart => {
                let is_wanted = |it: &&Chart| {
                    wanted.is_empty() || wanted.iter().any(|wanted| is_chart(&it.id, wanted))
                };
                report.charts.iter().filter(is_wanted).cloned().map(Picture::Chart).collect()
            }
            View::Why => {
                let steps = self.reasons.map(|it| it.steps.clone());
                steps.map(Picture::Why).into_iter().collect()
            }
            View::Staircase => {
                let Some(now) = self.now else { return Vec::new() };
                // A metric without a value has no staircase.
                let metrics = now.inputs.iter().filter(|it| it.field.starts_with("metrics["));
                let values = metrics.filter(|it| !it.value.is_empty());
                let all = now.staircases.iter().zip(values);
                let picture = |(it, input): (&Staircase, &NowInput)| {
                    Picture::Staircase(it.clone(), input.value.clone(), input.target.clone())
                };
                all.map(picture).collect()
            }
            View::Metrics => {
                let steps = self.reasons.map_or(&[][..], |it| &it.steps);
                let rows = steps.iter().map(|it| &it.metrics).find(|it| !it.is_empty());
                rows.cloned().map(Picture::Metrics).into_iter().collect()
            }
            View::Pods => vec![Picture::Pods(self.strips())],
            View::Nodes => vec![Picture::Nodes(self.prediction.placement(self.at_ms))],
            View::Fit => {
                let clusters = self.prediction.placement(self.at_ms).clusters;
                let all = clusters.into_iter().map(|it| (it.name, it.feasibility)).collect();
                vec![Picture::Fit(all)]
            }
            View::Delays => {
                let all = self.prediction.delays().into_iter().map(|it| {
                    let who = &report.autoscalers[it.autoscaler];
                    (who.name.clone(), who.tone, it)
                });
                vec![Picture::Delays(all.collect())]
            }
        }
    }

    /// The first HPA's pods, by what they counted as.
    fn strips(&self) -> Vec<Strip> {
        let looks = self.prediction.pods_over_time(0);
        let end = self.prediction.report.duration_ms;
        let mut strips = Vec::new();
        for (index, (from_ms, groups)) in looks.iter().enumerate() {
            let to_ms = looks.get(index + 1).map_or(end, |it| it.0);
            for group in groups {
                let said = [group.label.as_str(), &group.reason];
                let said = said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
                let (label, counted) = (said.join(" · "), group.counted);
                for pod in &group.pods {
                    let label = label.clone();
                    add(&mut strips, pod, Stretch { from_ms: *from_ms, to_ms, counted, label });
                }
            }
        }
        strips
    }
}

/// Adds to the pod's strip, as far as there is one for it.
fn add(strips: &mut Vec<Strip>, pod: &str, stretch: Stretch) {
    let known = strips.iter().position(|it| it.pod == pod);
    let place = known.unwrap_or(strips.len());
    if place == MOST_STRIPS {
        return;
    }
    if known.is_none() {
        strips.push(Strip { pod: pod.to_owned(), stretches: Vec::new() });
    }
    let stretches = &mut strips[place].stretches;
    let goes_on = |it: &&mut Stretch| {
        (it.counted, &it.label, it.to_ms) == (stretch.counted, &stretch.label, stretch.from_ms)
    };
    if let Some(last) = stretches.last_mut().filter(goes_on) {
        last.to_ms = stretch.to_ms;
    } else {
        stretches.push(stretch);
    }
}

/// Whether `id` (as `replicas/default/web`) is the chart that `wanted` (`replicas`, or
/// `replicas/default/web`, or `replicas/web`) means.
pub(super) fn is_chart(id: &str, wanted: &str) -> bool {
    if wanted.matches('/').count() > 1 {
        return id == wanted;
    }
    let (kind, name) = wanted.split_once('/').map_or((wanted, None), |it| (it.0, Some(it.1)));
    id.split('/').next() == Some(kind)
        && name.is_none_or(|name| id.rsplit('/').next() == Some(name))
}
