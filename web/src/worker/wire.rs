//! What page and worker say to each other.
//!
//! A report's long lists of numbers cross in one `Float64Array`, the rest as the bytes of postcard;
//! the memory of both changes hands. [`number_lists`] names those lists in one order for both
//! sides. Both are the same module, so that the bytes need no names and no version, and little code
//! to read them.

use js_sys::{Array, Float64Array, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use tidetable_core::{
    Language, Report,
    report::{Explanation, Placement, RightNow},
    widget::Panel,
};
use wasm_bindgen::{JsCast, JsValue};

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// What does this text lead to?
    Predict { revision: u32, text: String, language: Language },
    /// What would the HPAs of this text do at their next look?
    RightNow { revision: u32, text: String, language: Language },
    /// Why did an autoscaler of that text answer as it did?
    Explain { revision: u32, autoscaler: usize, look: usize },
    /// Who is where at an instant of that text's run?
    Place { revision: u32, at_ms: f64 },
    /// What does a widget show of this text with these fields at those values, and the cursor
    /// there? `settings` is the text that it came with, which holds its `Widget` document; `turned`
    /// has a line for each field and one for its value, in turn.
    Draw {
        revision: u32,
        settings: String,
        text: String,
        turned: String,
        at_ms: Option<f64>,
        language: Language,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// It listens.
    Ready,
    /// The report of a text, without its numbers, and how long each list of numbers is.
    Predicted { revision: u32, report: Box<Report>, lengths: Vec<u32>, elapsed_ms: f64 },
    /// The next decisions of a text.
    RightNow { revision: u32, now: Box<RightNow> },
    /// One look explained; `None` if there is no such look.
    Explained { revision: u32, autoscaler: usize, look: usize, explanation: Option<Explanation> },
    /// Who is where; `None` if the text is no longer known.
    Placed { revision: u32, at_ms: f64, placement: Option<Box<Placement>> },
    /// A widget's pictures.
    Drawn { revision: u32, panels: Vec<Panel> },
}

const ANSWER: &str = "answer";
const NUMBERS: &str = "numbers";

/// A value as bytes. Only values that have no bytes fail, and none here has none.
pub(crate) fn bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// The message that carries `answer`, and the memory that it hands over.
pub(crate) fn to_js(answer: &Answer) -> (JsValue, Array) {
    let message = js_sys::Object::new();
    let bytes = Uint8Array::from(bytes(answer).as_slice());
    let _ = Reflect::set(&message, &ANSWER.into(), &bytes);
    (message.into(), Array::of1(&bytes.buffer()))
}

/// The message that carries `report`, and the memory that it hands over.
pub(crate) fn pack(revision: u32, mut report: Report, elapsed_ms: f64) -> (JsValue, Array) {
    let (numbers, lengths) = take_numbers(&mut report);
    let report = Box::new(report);
    let (message, transferred) =
        to_js(&Answer::Predicted { revision, report, lengths, elapsed_ms });
    let numbers = Float64Array::from(numbers.as_slice());
    let _ = Reflect::set(&message, &NUMBERS.into(), &numbers);
    transferred.push(&numbers.buffer());
    (message, transferred)
}

/// The answer that a message carries, complete again; `None` for anything else.
pub(crate) fn unpack(message: &JsValue) -> Option<Answer> {
    let bytes = Reflect::get(message, &ANSWER.into()).ok()?.dyn_into::<Uint8Array>().ok()?;
    let mut answer = postcard::from_bytes(&bytes.to_vec()).ok()?;
    if let Answer::Predicted { report, lengths, .. } = &mut answer {
        let numbers = Reflect::get(message, &NUMBERS.into()).ok()?;
        give_numbers(report, lengths, &Float64Array::new(&numbers).to_vec());
    }
    Some(answer)
}

/// Every long list of numbers of a report.
fn number_lists(report: &mut Report) -> Vec<&mut Vec<f64>> {
    let mut lists = Vec::new();
    for autoscaler in &mut report.autoscalers {
        let looks = &mut autoscaler.looks;
        lists.extend([&mut looks.at_ms, &mut looks.from, &mut looks.to]);
    }
    for series in report.charts.iter_mut().flat_map(|chart| &mut chart.series) {
        lists.extend([&mut series.points.at_ms, &mut series.points.values]);
    }
    lists
}

fn take_numbers(report: &mut Report) -> (Vec<f64>, Vec<u32>) {
    let mut numbers = Vec::new();
    let mut lengths = Vec::new();
    for list in number_lists(report) {
        lengths.push(list.len() as u32);
        numbers.append(list);
    }
    (numbers, lengths)
}

fn give_numbers(report: &mut Report, lengths: &[u32], numbers: &[f64]) {
    let mut rest = numbers;
    for (list, &length) in number_lists(report).into_iter().zip(lengths) {
        let (own, others) = rest.split_at((length as usize).min(rest.len()));
        own.clone_into(list);
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::report::{Chart, Message, Points, Series, SeriesRole, Tone, Unit};

    fn report() -> Report {
        let series = |at_ms: Vec<f64>, values: Vec<f64>| Series {
            id: "ready".to_owned(),
            name: "ready".to_owned(),
            role: SeriesRole::Area,
            tone: Tone::Hpa,
            points: Points { at_ms, values, gaps: vec![] },
        };
        let chart = |series: Vec<Series>| Chart {
            id: "replicas".to_owned(),
            title: "Replicas".to_owned(),
            note: Message::new(),
            unit: Unit::Count,
            autoscaler: None,
            series,
        };
        let charts = vec![
            chart(vec![series(vec![0.0, 5.0], vec![1.0, 2.0]), series(vec![], vec![])]),
            chart(vec![series(vec![7.0], vec![3.0])]),
        ];
        Report { charts, ..Report::default() }
    }

    #[test]
    fn a_real_report_survives_its_bytes() {
        for example in tidetable_core::examples::EXAMPLES {
            let prediction = tidetable_core::predict(example.text(), Language::Ko);
            let explanation = prediction.explain(0, 13);
            let report = Box::new(prediction.report);
            let sent = [
                Answer::Predicted { revision: 3, report, lengths: vec![1, 2], elapsed_ms: 1.5 },
                Answer::Explained { revision: 3, autoscaler: 0, look: 13, explanation },
            ];
            for answer in sent {
                assert_eq!(postcard::from_bytes(&bytes(&answer)), Ok(answer), "{}", example.id);
            }
        }
    }

    #[test]
    fn numbers_taken_out_come_back_to_their_places() {
        let mut sent = report();
        let (numbers, lengths) = take_numbers(&mut sent);
        assert_eq!(numbers, [0.0, 5.0, 1.0, 2.0, 7.0, 3.0]);
        assert_eq!(lengths, [2, 2, 0, 0, 1, 1]);
        assert!(sent.charts[0].series[0].points.at_ms.is_empty());
        give_numbers(&mut sent, &lengths, &numbers);
        assert_eq!(sent, report());
    }
}
