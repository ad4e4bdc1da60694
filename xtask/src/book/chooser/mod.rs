//! A few questions, and the one answer that they lead to: the `chooser` block.
//!
//! The block is YAML (`data.rs`). Every combination of choices must lead to exactly one answer
//! (`paths.rs`), and every answer's manifests must be without a finding. Without JavaScript and in
//! print it is a list of answers, each with its conditions (`page.rs`); `web/js/chooser.ts` makes
//! it ask and shows one.
//!
//! An answer's text stands in a file below `book/`, for both languages; sentences of the chapter
//! ask it for numbers by the answer's name, as they ask a widget.

mod data;
mod page;
mod paths;

use anyhow::{Context, Result, anyhow};
use tidetable_core::widget;

use super::{
    Language,
    block::{self, Asked, Located},
    console::Files,
};

/// A chooser whose answers are known to be complete.
pub(super) struct Chooser {
    data: data::Data,
    /// The text of each answer, in their order.
    texts: Vec<Text>,
}

/// What an answer opens.
struct Text {
    /// All of it.
    whole: String,
    /// Up to the Scenario.
    manifests: String,
    /// The Scenario.
    scenario: String,
}

/// Reads a block and checks it. `file` gives the text of a file by its path below `book/`.
pub(super) fn read(
    content: &str,
    file: &dyn Fn(&str) -> Result<String>,
) -> Result<Chooser, Located> {
    let data = data::read(content)?;
    paths::check(&data)?;
    let mut texts = Vec::new();
    for answer in &data.answers {
        let path = &answer.manifests;
        let text = checked(&path.value, file).map_err(|error| (path.line, error))?;
        texts.push(text);
    }
    Ok(Chooser { data, texts })
}

/// The text at `path`, without a finding of error or warning.
fn checked(path: &str, file: &dyn Fn(&str) -> Result<String>) -> Result<Text> {
    let whole = file(path).with_context(|| format!("book/{path}"))?;
    block::yaml(&whole, "yaml", &Files::new())
        .map_err(|(line, error)| error.context(format!("book/{path}:{}", line + 1)))?;
    let (manifests, scenario) = whole
        .split_once("---\napiVersion: tidetable.dev/")
        .ok_or_else(|| anyhow!("book/{path}: a Scenario must stand behind the manifests"))?;
    let (manifests, scenario) =
        (manifests.to_owned(), format!("apiVersion: tidetable.dev/{scenario}"));
    Ok(Text { whole, manifests, scenario })
}

impl Chooser {
    /// The texts of the answers by name, for the questions of the same chapter.
    pub(super) fn asked(&self) -> impl Iterator<Item = (String, Asked)> {
        self.data.answers.iter().zip(&self.texts).map(|(answer, text)| {
            let settings = Some(widget::Widget::default());
            let read =
                widget::Read { widget: settings, text: text.whole.clone(), diagnostics: vec![] };
            (answer.name.value.clone(), Asked { read })
        })
    }

    /// What stands in the chapter. `inline` answers the directives of an answer's words.
    pub(super) fn page(
        &self,
        language: Language,
        inline: &dyn Fn(&str) -> Result<String, Located>,
    ) -> Result<String, Located> {
        page::markdown(&self.data, &self.texts, language, inline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "\
questions:
- name: runs
  asks: What runs?
  choices: {web: A service, ray: A Ray program}
- name: idle
  asks: With nothing to do?
  if: {runs: [web]}
  choices: {stays: One stays, zero: None}
answers:
- name: hpa
  if: {runs: [web], idle: [stays]}
  title: An HPA
  manifests: web.yaml
  text: |
    It reads {{#ask hpa}}.
- name: keda
  if: {runs: [web], idle: [zero]}
  title: KEDA
  manifests: web.yaml
  text: To zero.
- name: job
  if: {runs: [ray]}
  title: RayJob
  manifests: web.yaml
  text: It ends.
notes:
- if: {idle: [zero]}
  text: The first request waits.
";

    const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: app, image: web}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec: {duration: 5m}
";

    /// The line, from 1, and the words of what is wrong.
    #[track_caller]
    fn problem(content: &str) -> (usize, String) {
        let Err((line, error)) = read(content, &|_| Ok(WEB.to_owned())) else {
            panic!("nothing is wrong")
        };
        (line + 1, format!("{error:#}"))
    }

    #[test]
    fn a_complete_block_becomes_a_form_and_a_list() {
        let chooser = read(BLOCK, &|_| Ok(WEB.to_owned()))
            .unwrap_or_else(|(line, error)| panic!("{line}: {error}"));
        let page = chooser
            .page(Language::English, &|text| Ok(text.replace("{{#ask hpa}}", "CPU")))
            .unwrap_or_else(|(line, error)| panic!("{line}: {error}"));
        for part in [
            "<fieldset data-if=\"runs=web\"><legend>With nothing to do?</legend>",
            "<section class=\"answer\" data-if=\"runs=web;idle=stays\">\n\n<div class=\"title\"",
            " id=\"hpa\">\n\nAn HPA\n\n</div>",
            "<li>What runs? <b>A service</b></li><li>With nothing to do? <b>One stays</b></li>",
            "It reads CPU.",
            "```yaml\napiVersion: apps/v1\n",
            "href=\"tidetable:/#v1=",
            "<section class=\"note\" data-if=\"idle=zero\">",
        ] {
            assert!(page.contains(part), "{part} in\n{page}");
        }
        assert_eq!(chooser.asked().map(|it| it.0).collect::<Vec<_>>(), ["hpa", "keda", "job"]);
    }

    #[test]
    fn a_directive_that_cannot_be_answered_names_its_line() {
        let read = read(BLOCK, &|_| Ok(WEB.to_owned()));
        let chooser = read.unwrap_or_else(|(line, error)| panic!("{line}: {error}"));
        let page = chooser.page(Language::English, &|text| match text.find("{{#ask hpa}}") {
            Some(at) => Err((text[..at].matches('\n').count(), anyhow!("nothing"))),
            None => Ok(text.to_owned()),
        });
        assert_eq!(page.map_err(|(line, _)| line + 1), Err(15));
    }

    #[test]
    fn the_link_carries_exactly_the_text() {
        use tidetable_core::share::{Link, read as opened};
        let chooser = read(BLOCK, &|_| Ok(WEB.to_owned()))
            .unwrap_or_else(|(line, error)| panic!("{line}: {error}"));
        let page = chooser.page(Language::Korean, &|text| Ok(text.to_owned()));
        let page = page.unwrap_or_else(|(line, error)| panic!("{line}: {error}"));
        let (_, after) = page.split_once("tidetable:/#").expect("a link");
        let (hash, _) = after.split_once('"').expect("its end");
        assert_eq!(opened(hash), Link::Text(WEB.to_owned()));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let (line, words) = problem(&BLOCK.replace("  title: KEDA", "  titel: KEDA"));
        assert_eq!((line, words.contains("`titel` is no field of `answers[1]`")), (18, true));
    }

    #[test]
    fn a_combination_without_an_answer_is_named() {
        let (line, words) = problem(&BLOCK.replace("idle: [zero]}\n  title", "idle: []}\n  title"));
        assert_eq!((line, words.as_str()), (17, "`answers[1].if.idle` names no choice"));
        let cut = BLOCK.split("- name: job").next().unwrap_or_default();
        assert_eq!(problem(cut), (1, "no answer for runs=ray".to_owned()));
    }

    #[test]
    fn two_answers_to_one_combination_are_named() {
        let both = BLOCK.replace("  if: {runs: [web], idle: [zero]}", "  if: {runs: [web]}");
        assert_eq!(
            problem(&both),
            (17, "`hpa` and `keda` both answer runs=web;idle=stays".to_owned())
        );
    }

    #[test]
    fn what_no_combination_reaches_is_named() {
        let never = BLOCK.replace("- if: {idle: [zero]}", "- if: {runs: [ray], idle: [zero]}");
        assert_eq!(problem(&never), (27, "no combination of choices leads here".to_owned()));
    }

    #[test]
    fn a_condition_names_questions_and_choices_that_are_there() {
        let other = BLOCK.replace("  if: {runs: [ray]}", "  if: {runs: [car]}");
        assert_eq!(problem(&other), (22, "`runs` has no choice `car`: web, ray".to_owned()));
        let later = BLOCK.replace("- name: runs\n", "- name: runs\n  if: {idle: [zero]}\n");
        assert_eq!(problem(&later), (3, "no question before this is called `idle`".to_owned()));
    }

    #[test]
    fn manifests_with_a_finding_name_their_own_line() {
        let read = read(BLOCK, &|_| Ok(WEB.replace("  selector", "  selektor")));
        let Err((line, error)) = read else { panic!("nothing is wrong") };
        let words = format!("{error:#}");
        assert_eq!(
            (line + 1, words.starts_with("book/web.yaml:5: TT211: ")),
            (13, true),
            "{words}"
        );
    }
}
