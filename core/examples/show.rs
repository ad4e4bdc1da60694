#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::disallowed_types)]
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let text = tidetable_core::examples::find(&file)
        .map_or_else(|| std::fs::read_to_string(&file).unwrap(), |e| e.text.to_owned());
    let t = std::time::Instant::now();
    let p = tidetable_core::predict(&text, tidetable_core::Language::En);
    let el = t.elapsed();
    for d in &p.report.diagnostics {
        println!("{:?} {} {}", d.severity, d.code, d.message);
    }
    for a in &p.report.autoscalers {
        println!("{}: {} ({} looks)", a.name, a.verdict.message, a.looks.at_ms.len());
    }
    for d in &p.report.decisions {
        println!(
            "{} | {} -> {} | {}",
            d.explanation.title, d.explanation.from, d.explanation.to, d.explanation.note
        );
        for s in &d.explanation.steps {
            println!(
                "     {} {} = {} | {} | {}",
                if s.binds { "!" } else { " " },
                s.title,
                s.result,
                s.formula,
                s.text
            );
        }
    }
    for b in &p.report.bindings {
        println!("bind {} {:?}", b.message, b.fix.as_ref().map(|f| &f.title));
    }
    for e in &p.report.expectations {
        println!("expect {} {}", e.met, e.message);
    }
    for n in &p.report.notes {
        println!("note {n}");
    }
    for c in &p.report.charts {
        println!("chart {} [{}]", c.title, c.note);
        for s in &c.series {
            println!(
                "   {} {:?}",
                s.id,
                s.points
                    .at_ms
                    .iter()
                    .zip(&s.points.values)
                    .take(12)
                    .map(|(a, b)| (a / 1000.0, *b))
                    .collect::<Vec<_>>()
            );
        }
    }
    println!("{:?} {:?}", p.report.totals, el);
}
