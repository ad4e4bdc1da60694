//! The next decisions as lines of text.

use tidetable_core::Language;
use tidetable_core::report::{NowCluster, NowHpa, NowInput, Origin, RightNow, Stair, Staircase};

use crate::summary;

/// What is said around core's own sentences.
struct Words {
    origins: [&'static str; 3],
    stairs: &'static str,
    /// With the value in place of `{}`.
    above: &'static str,
    up_to: &'static str,
    asks_for: &'static str,
    here: &'static str,
    no_hpa: &'static str,
    nodes: [&'static str; 4],
}

const ENGLISH: Words = Words {
    origins: ["typed", "read", "assumed"],
    stairs: "leads to",
    above: "above {}",
    up_to: "up to {}",
    asks_for: "asks for",
    here: "now",
    no_hpa: "No HPA in this text, and no `ray status`.",
    nodes: ["active", "idle", "pending", "failed"],
};

const KOREAN: Words = Words {
    origins: ["입력함", "읽음", "가정"],
    stairs: "값에 따른 결과",
    above: "{} 초과",
    up_to: "{} 이하",
    asks_for: "제안",
    here: "지금",
    no_hpa: "이 텍스트에는 HPA도 `ray status` 출력도 없습니다.",
    nodes: ["활성", "유휴", "대기", "실패"],
};

/// Every HPA and Ray cluster: its numbers, where they come from, why it decides so, and what would change that.
pub(crate) fn now(now: &RightNow, language: Language) -> String {
    let words = match language {
        Language::En => &ENGLISH,
        Language::Ko => &KOREAN,
    };
    if now.hpas.is_empty() && now.clusters.is_empty() {
        return format!("{}\n", words.no_hpa);
    }
    let hpas = now.hpas.iter().map(|it| hpa(it, language, words));
    let clusters = now.clusters.iter().map(|it| cluster(it, language, words));
    hpas.chain(clusters).collect::<Vec<_>>().join("\n")
}

fn cluster(cluster: &NowCluster, language: Language, words: &Words) -> String {
    let mark = if cluster.name.is_empty() { "" } else { ": " };
    let mut out = format!("{}{mark}{}\n\n", cluster.name, cluster.verdict);
    for nodes in &cluster.nodes {
        let counts = [nodes.active, nodes.idle, nodes.pending, nodes.failed];
        let counts = counts.iter().zip(words.nodes).filter(|(count, _)| **count > 0);
        let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
        out += &format!("  {}: {}\n", nodes.node_type, counts.join(", "));
    }
    out.extend(cluster.assumptions.iter().map(|it| format!("  - {it}\n")));
    out.push('\n');
    if let Some(explanation) = &cluster.explanation {
        out += &summary::explanation(explanation, language);
    }
    out
}

fn hpa(hpa: &NowHpa, language: Language, words: &Words) -> String {
    let mut out = format!("{}: {}\n\n", hpa.name, hpa.verdict);
    out.extend(hpa.inputs.iter().map(|it| input(it, words)));
    out.extend(hpa.assumptions.iter().map(|it| format!("  - {it}\n")));
    out.push('\n');
    out += &summary::explanation(&hpa.explanation, language);
    out.extend(hpa.staircases.iter().map(|it| staircase(it, words)));
    out
}

fn input(input: &NowInput, words: &Words) -> String {
    let origin = words.origins[match input.origin {
        Origin::Typed => 0,
        Origin::Read => 1,
        Origin::Assumed => 2,
    }];
    let target =
        if input.target.is_empty() { String::new() } else { format!(" / {}", input.target) };
    let value = if input.value.is_empty() { "–" } else { &input.value };
    format!("  {}: {value}{target} ({origin})\n", input.label)
}

fn staircase(staircase: &Staircase, words: &Words) -> String {
    let step = |it: &Stair| {
        let above = it.above.as_ref().map(|it| words.above.replace("{}", it));
        let up_to = it.up_to.as_ref().map(|it| words.up_to.replace("{}", it));
        let asks = it.proposal.map(|it| format!("{} {it}", words.asks_for));
        let mark = if it.is_present { format!(", {}", words.here) } else { String::new() };
        let line: Vec<String> = [above, up_to, asks].into_iter().flatten().collect();
        format!("    {} → {}{mark}\n", line.join(", "), it.replicas)
    };
    let steps: String = staircase.steps.iter().map(step).collect();
    format!("\n  {} {}\n{steps}", staircase.metric, words.stairs)
}
