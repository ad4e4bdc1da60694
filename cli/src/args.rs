//! What was asked for on the command line.

use std::path::PathBuf;

use lexopt::prelude::*;
use tidetable_core::Language;

pub(crate) const HELP: &str = "\
Predicts what the Kubernetes HPA and Ray's autoscaler will do, before they do it.

Usage: tidetable predict FILE|FOLDER... [--json] [--lang en|ko] [--explain N]
       tidetable now FILE|FOLDER... [--json] [--lang en|ko]
       tidetable check FILE|FOLDER...
       tidetable schema

Commands:
  predict  what each autoscaler will do: verdicts, decisions, totals, expectations
  now      the next decision of each HPA from its metrics as they are, out of `status` (kubectl
           get hpa -o yaml), or what kubectl get hpa or kubectl describe hpa print, or typed;
           and of each Ray cluster, out of what ray status prints
  check    what is wrong in the manifests, where, and how to mend it
  schema   the JSON Schema of the report that --json prints

Options:
      --json       print the whole report (tidetable.dev/report/v1) and nothing else;
                   its spans count bytes of all files joined by lines of ---
      --lang LANG  language of predictions: en (default) or ko
      --explain N  print why decision number N came out as it did, rule by rule
  -h, --help       print this
  -V, --version    print the version

FILE is YAML or JSON with any number of documents: HorizontalPodAutoscalers, Deployments,
RayClusters and so on. Load, assumptions and expectations are one more document, of kind
Scenario; without it they are assumed. Files that are named together are read as one text.
What kubectl prints of HPAs is read like any other file:
`kubectl get hpa | tidetable now web.yaml -`.
`-` is standard input. A FOLDER stands for every .yaml, .yml and .json file below it, hidden
ones left out: predict reads them as one text, check looks at each by itself.

predict and now print findings on standard error, check prints them on standard output. All
print colours to terminals only, and none if NO_COLOR is set.

Exit status: 0 if all is well, 1 if there are errors in a manifest or an expectation of the
Scenario is not met, 2 if the command line is wrong or a file can't be read.
";

/// A command with its arguments.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Version,
    Schema,
    Predict { paths: Vec<PathBuf>, language: Language, output: Output },
    Now { paths: Vec<PathBuf>, language: Language, json: bool },
    Check { paths: Vec<PathBuf> },
}

/// What to print of a prediction.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    Summary,
    Json,
    /// One decision by its number in the summary, from 1.
    Explanation(usize),
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut name, mut paths) = (None, Vec::new());
    let (mut json, mut explain, mut language) = (false, None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("json") => json = true,
            Long("explain") => explain = Some(parser.value()?.parse()?),
            Long("lang") => language = Some(parser.value()?.parse_with(parse_language)?),
            Value(value) if name.is_none() => name = Some(value.string()?),
            Value(value) => paths.push(PathBuf::from(value)),
            _ => return Err(argument.unexpected()),
        }
    }
    let output = match (json, explain) {
        (false, None) => Output::Summary,
        (true, None) => Output::Json,
        (false, Some(number)) => Output::Explanation(number),
        (true, Some(_)) => return Err("--json and --explain exclude each other".into()),
    };
    let command = match name.as_deref() {
        None | Some("help") => return Ok(Command::Help),
        Some("schema") => return Ok(Command::Schema),
        Some("predict") => {
            Command::Predict { paths, output, language: language.unwrap_or_default() }
        }
        Some("now") if explain.is_none() => {
            Command::Now { paths, json, language: language.unwrap_or_default() }
        }
        Some("now") => return Err("now explains everything: leave --explain out".into()),
        Some("check") if output == Output::Summary && language.is_none() => {
            Command::Check { paths }
        }
        Some("check") => return Err("check has no options".into()),
        Some(other) => {
            return Err(format!("unknown command `{other}`: predict, now, check or schema").into());
        }
    };
    match &command {
        Command::Predict { paths, .. } | Command::Now { paths, .. } | Command::Check { paths }
            if paths.is_empty() =>
        {
            Err("no files given; `-` reads standard input".into())
        }
        _ => Ok(command),
    }
}

fn parse_language(text: &str) -> Result<Language, &'static str> {
    [Language::En, Language::Ko]
        .into_iter()
        .find(|it| it.tag() == text)
        .ok_or("languages are en and ko")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_in_any_order() {
        let command = |output, language| {
            Ok(Command::Predict { paths: vec!["a.yaml".into(), "-".into()], language, output })
        };
        check("predict a.yaml -", &command(Output::Summary, Language::En));
        check("--json predict a.yaml - --lang ko", &command(Output::Json, Language::Ko));
        check("predict a.yaml --explain=3 -", &command(Output::Explanation(3), Language::En));
        check("check k8s", &Ok(Command::Check { paths: vec!["k8s".into()] }));
        let now = Command::Now { paths: vec!["-".into()], language: Language::Ko, json: true };
        check("now - --json --lang ko", &Ok(now));
        check("", &Ok(Command::Help));
        check("check k8s --help", &Ok(Command::Help));
        check("-V", &Ok(Command::Version));
        check("schema", &Ok(Command::Schema));
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let error = |text: &str| Err(text.to_owned());
        check("predict", &error("no files given; `-` reads standard input"));
        check("prdict a", &error("unknown command `prdict`: predict, now, check or schema"));
        check("check a --json", &error("check has no options"));
        check("now a --explain 1", &error("now explains everything: leave --explain out"));
        check("predict a --jsn", &error("invalid option '--jsn'"));
        check("predict a --json --explain 1", &error("--json and --explain exclude each other"));
        let wrong = "cannot parse argument \"de\": languages are en and ko";
        check("predict a --lang de", &error(wrong));
    }

    #[track_caller]
    fn check(arguments: &str, expected: &Result<Command, String>) {
        let parser = lexopt::Parser::from_args(arguments.split_whitespace());
        assert_eq!(parse(parser).map_err(|it| it.to_string()), *expected);
    }
}
