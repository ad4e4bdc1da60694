//! The built program as a terminal or a pipeline runs it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tidetable_core::report::{Report, VERSION};
use tidetable_core::{Language, examples, predict, right_now};

const HPA: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 5
  maxReplicas: 3
";

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
";

#[test]
fn predict_prints_what_core_says() {
    let folder = Folder::new("predict");
    for example in examples::EXAMPLES {
        let name = folder.write("example.yaml", example.text());
        let report = predict(example.text(), Language::En).report;
        let run = folder.run(&["predict", &name]);
        assert_eq!(run.status, 0, "{}: {}", example.id, run.err);
        for it in &report.autoscalers {
            assert!(run.out.contains(&format!("{}: {}\n", it.name, it.verdict.message)));
        }
        let rows = run.out.lines().filter(|it| it.contains(" → ") && it.contains("  "));
        assert_eq!(rows.count(), report.decisions.len(), "{}\n{}", example.id, run.out);
        for it in &report.expectations {
            assert!(run.out.contains(&format!("met: {}\n", it.message)), "{}", run.out);
        }
        assert!(!run.out.contains('\x1b') && !run.err.contains('\x1b'), "colours in a pipe");
    }
}

#[test]
fn predict_speaks_korean() {
    let run = Folder::new("korean").run_on("predict - --lang ko", examples::EXAMPLES[0].text());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.contains("오토스케일러"), "{}", run.out);
}

#[test]
fn json_is_the_report_and_nothing_else() {
    let text = examples::EXAMPLES[0].text();
    let run = Folder::new("json").run_on("predict --json -", text);
    let report: Report = serde_json::from_str(&run.out).expect("a report");
    assert_eq!(report.version, VERSION);
    assert_eq!(VERSION, "tidetable.dev/report/v1");
    let expected = serde_json::to_value(predict(text, Language::En).report).expect("JSON");
    assert_eq!(serde_json::to_value(&report).expect("JSON"), expected);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "though it has a warning");
    assert!(!report.diagnostics.is_empty());
}

#[test]
fn what_kubectl_prints_gives_the_next_decision() {
    let folder = Folder::new("now");
    let manifest = folder.write("web.yaml", &HPA.replace("minReplicas: 5", "minReplicas: 1"));
    let table = "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
                 web Deployment/web cpu: 100%/80% 1 3 2 5d\n";
    let run = folder.run_on(&format!("now {manifest} -"), table);
    assert_eq!(run.status, 0, "{}", run.err);
    // ceil(100 / 80 × 2) = ceil(2.5)
    assert!(run.out.starts_with("HPA web: 2 → 3 replicas at the next look.\n"), "{}", run.out);
    assert!(run.out.contains("cpu, share of the requests: 100% / 80% (read)\n"), "{}", run.out);
    let run = folder.run_on("now - --lang ko", table);
    assert!(run.out.contains("다음 판단에서 2개 → 3개."), "{}", run.out);
    let run = folder.run_on("now - --json", table);
    let report: Report = serde_json::from_str(&run.out).expect("a report");
    assert_eq!(report.right_now, Some(right_now(table, Language::En)));
    let run = folder.run_on("now -", &table.replace("100%", "much"));
    assert_eq!(run.status, 0, "a warning: {}", run.err);
    assert!(run.err.contains("TT603") && run.err.contains("much/80%"), "{}", run.err);
    assert_eq!(folder.run_on("now -", "a: 1\n").status, 1, "no HPA");
}

#[test]
fn one_decision_is_explained() {
    let folder = Folder::new("explain");
    let text = examples::EXAMPLES[0].text();
    let prediction = predict(text, Language::En);
    let decisions = &prediction.report.decisions;
    let run = folder.run_on("predict - --explain 2", text);
    let explained = prediction.explain(decisions[1].autoscaler, decisions[1].look);
    let alternatives = explained.expect("a look").alternatives;
    assert!(!alternatives.is_empty(), "maxReplicas binds: another value changes it");
    for it in &alternatives {
        assert!(run.out.contains(&format!("  {}\n", it.message)), "{}", run.out);
    }
    for step in &decisions[1].explanation.steps {
        assert!(run.out.contains(&format!("{}: {}\n", step.title, step.result)), "{}", run.out);
    }
    let run = folder.run_on("predict - --explain 999", text);
    let expected = format!("there is no decision 999: there are {}", decisions.len());
    assert_eq!((run.status, run.err.contains(&expected)), (2, true), "{}", run.err);
    assert_eq!(folder.run_on("predict - --explain 0", text).status, 2);
}

#[test]
fn an_expectation_that_is_not_met_fails_the_pipeline() {
    let text = examples::EXAMPLES[0].text();
    let (met, unmet) = ("readyReplicas: {atLeast: 5", "readyReplicas: {atLeast: 6");
    assert!(text.contains(met), "the example expects 5 replicas");
    let run = Folder::new("unmet").run_on("predict -", &text.replace(met, unmet));
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(run.out.contains("NOT MET: ray-serve-hpa readyReplicas ≥ 6"), "{}", run.out);
}

#[test]
fn a_finding_names_file_line_and_column() {
    let folder = Folder::new("place");
    folder.write("deployment.yaml", DEPLOYMENT);
    folder.write("hpa.yaml", &format!("# limits the wrong way round\r\n{}", crlf(HPA)));
    let run = folder.run(&["check", "deployment.yaml", "hpa.yaml"]);
    assert_eq!(run.status, 1);
    // `maxReplicas: 3` is line 7 of the HPA, the comment makes it line 8.
    let shown = "hpa.yaml:8:16\n";
    assert!(run.out.contains(shown), "{}", run.out);
    assert!(run.out.contains("\n8 |   maxReplicas: 3\n"), "{}", run.out);
    assert!(!run.out.contains('\r'), "{:?}", run.out);
    assert!(run.out.ends_with(" in 2 files\n"), "{}", run.out);
}

#[test]
fn a_broken_document_takes_no_other_with_it() {
    let text = format!("a: [1, 2\n---\n{}", examples::EXAMPLES[0].text());
    let run = Folder::new("broken").run_on("predict -", &text);
    assert_eq!(run.status, 1);
    assert!(run.err.contains("error[TT") && run.err.contains("<stdin>:"), "{}", run.err);
    assert!(run.out.contains("HPA ray-serve-hpa: 1 → 5 replicas"), "{}", run.out);
}

#[test]
fn windows_line_ends_change_nothing() {
    let folder = Folder::new("crlf");
    let text = examples::EXAMPLES[0].text();
    let (unix, windows) =
        (folder.run_on("predict -", text), folder.run_on("predict -", &crlf(text)));
    assert_eq!((unix.status, unix.out, unix.err), (windows.status, windows.out, windows.err));
}

#[test]
fn each_file_of_a_folder_is_checked_by_itself() {
    let folder = Folder::new("folder");
    folder.write("k8s/b/hpa.yml", HPA);
    folder.write("k8s/a.json", r#"{"kind": "#);
    folder.write("k8s/notes.txt", "a: [");
    folder.write("k8s/.git/c.yaml", "a: [");
    let run = folder.run(&["check", "k8s"]);
    assert_eq!(run.status, 1);
    let (json, yml) = (run.out.find("k8s/a.json:1:"), run.out.find("k8s/b/hpa.yml:7:16"));
    assert!(json.is_some() && json < yml, "{}", run.out);
    assert!(run.out.ends_with(" in 2 files\n"), "{}", run.out);
    assert_eq!(folder.run(&["predict", "k8s"]).status, 1, "all files as one text");

    folder.write("k8s/b/hpa.yml", &HPA.replace("maxReplicas: 3", "maxReplicas: 9"));
    fs::remove_file(folder.path.join("k8s/a.json")).expect("removed");
    let run = folder.run(&["check", "k8s"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(run.out.contains("0 errors"), "{}", run.out);
}

#[test]
fn what_cant_be_read_is_said() {
    let folder = Folder::new("unreadable");
    fs::write(folder.path.join("latin.yaml"), b"name: caf\xe9\n").expect("written");
    fs::create_dir_all(folder.path.join("empty")).expect("made");
    folder.write("good/web.yaml", DEPLOYMENT);
    fs::write(folder.path.join("good/bad.yaml"), [0xff, 0xfe]).expect("written");
    check(
        &folder,
        "predict latin.yaml",
        "latin.yaml: not UTF-8 text (first wrong byte at offset 9)",
    );
    check(&folder, "check latin.yaml", "latin.yaml: not UTF-8 text (first wrong byte at offset 9)");
    check(&folder, "predict nowhere.yaml", "nowhere.yaml: ");
    check(&folder, "check nowhere.yaml", "nowhere.yaml: ");
    check(&folder, "check empty", "empty: no .yaml, .yml or .json file in it");
    check(&folder, "check good", "not UTF-8 text");
    check(&folder, "predict", "no files given");
    check(&folder, "predict a.yaml --unknown", "invalid option '--unknown'");
    assert!(folder.run(&["check", "good"]).out.ends_with(" in 2 files\n"), "the other is checked");
}

#[track_caller]
fn check(folder: &Folder, arguments: &str, expected: &str) {
    let run = folder.run(&arguments.split(' ').collect::<Vec<_>>());
    assert_eq!(run.status, 2, "{}", run.err);
    assert!(run.err.starts_with("tidetable: ") && run.err.contains(expected), "{}", run.err);
}

#[test]
fn nothing_at_all_is_no_error() {
    let folder = Folder::new("nothing");
    let run = folder.run_on("predict -", "");
    assert_eq!((run.status, run.out.as_str()), (0, ""));
    assert!(run.err.contains("nothing to predict yet"), "{}", run.err);
    assert_eq!(folder.run_on("check -", "\u{feff}\n").status, 0);
}

#[test]
fn a_text_without_an_autoscaler_is_answered() {
    let run = Folder::new("none").run_on("predict -", DEPLOYMENT);
    assert_eq!(run.out, "No autoscaler in this text: nothing is scaled.\n");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let folder = Folder::new("pipe");
    let name = folder.write("example.yaml", examples::EXAMPLES[0].text());
    for arguments in [["predict", "--json", &name], ["predict", &name, &name]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = folder.command(&arguments);
        let output = command.stdout(writer).stderr(Stdio::piped()).output().expect("run");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|it| it < 2), "{:?} {err}", output.status);
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn a_name_cant_steer_the_terminal() {
    let text = HPA.replace("{name: web}", r#"{name: "w\e[31meb"}"#).replace("s: 3", "s: 9");
    let run = Folder::new("escape").run_on("predict -", &text);
    assert!(!run.out.contains('\x1b') && !run.err.contains('\x1b'), "{}{}", run.out, run.err);
    assert!(run.out.contains("HPA w\u{fffd}[31meb:"), "the name is printed: {}", run.out);
}

#[test]
fn help_and_version_are_printed() {
    let folder = Folder::new("help");
    let help = folder.run(&["--help"]);
    assert_eq!(help.status, 0);
    for word in ["predict", "check", "--json", "--lang", "--explain", "Exit status"] {
        assert!(help.out.contains(word), "{word}");
    }
    assert!(help.out.lines().all(|it| it.chars().count() <= 96));
    assert_eq!(folder.run(&["check", "-h"]).out, help.out);
    assert_eq!(folder.run(&["-V"]).out, format!("tidetable {}\n", env!("CARGO_PKG_VERSION")));
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// A folder of one test, in which the program runs.
struct Folder {
    path: PathBuf,
}

/// What a run left behind.
struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("commands").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self { path }
    }

    /// Writes a file and gives its name.
    fn write(&self, name: &str, content: &str) -> String {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("written");
        name.to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidetable"));
        command.args(arguments).current_dir(&self.path);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("run");
        Run::of(&output)
    }

    fn run_on(&self, arguments: &str, input: &str) -> Run {
        let mut command = self.command(&arguments.split(' ').collect::<Vec<_>>());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
        Run::of(&child.wait_with_output().expect("run"))
    }
}

impl Run {
    fn of(output: &std::process::Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let status = output.status.code().expect("an exit status");
        Self { status, out: text(&output.stdout), err: text(&output.stderr) }
    }
}
