//! Scratch.
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    for l in [tidetable_core::Language::En, tidetable_core::Language::Ko] {
        let now = tidetable_core::right_now(&text, l);
        for d in &now.diagnostics {
            println!(
                "{} {:?} {} [{}]",
                d.code,
                d.severity,
                d.message,
                &text[d.span.start..d.span.end]
            );
        }
        for h in &now.hpas {
            println!("== {} entry {:?}\n{}", h.name, h.entry, h.verdict);
            for i in &h.inputs {
                println!(
                    "  {} | {} | {} | {} | {:?}",
                    i.field, i.label, i.value, i.target, i.origin
                );
            }
            for a in &h.assumptions {
                println!("  - {a}");
            }
            for s in &h.explanation.steps {
                println!("  * {} [{}] {} | {}", s.title, s.result, s.formula, s.text);
            }
            for c in &h.explanation.conditions {
                println!("  {} {} {} {}", c.kind, c.status, c.reason, c.message);
            }
            for e in &h.explanation.events {
                println!("  {e}");
            }
            for s in &h.staircases {
                println!("  {}", s.metric);
                for t in &s.steps {
                    println!(
                        "     {:?}..{:?} asks {:?} -> {} {}",
                        t.above, t.up_to, t.proposal, t.replicas, t.is_present
                    );
                }
            }
        }
    }
}
