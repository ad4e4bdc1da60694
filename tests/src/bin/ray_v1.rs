//! Asks Ray's own v1 autoscaler and ours the same random questions.
//!
//! `ray_v1 ask KIND SEED FIRST COUNT` prints questions, a line each; `ray_v1 compare KIND` reads the
//! answered ones.

use std::io::{self, BufRead, BufWriter, Write};

use serde_json::Value;
use tidetable_tests::choices::Choices;
use tidetable_tests::{ray_v1_generate, ray_v1_scheduler};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["ask", kind, seed, first, count] => {
            let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
            let mut out = BufWriter::new(io::stdout().lock());
            for index in number(first)?..number(first)? + number(count)? {
                let mut choices = Choices::seeded(number(seed)?, index);
                let case = match kind {
                    "v1_scheduler" => ray_v1_generate::scheduler_case(&mut choices),
                    _ => return Err(io::Error::other("no such kind")),
                };
                writeln!(out, "{case}")?;
            }
            out.flush()
        }
        ["compare", kind] => {
            let (mut asked, mut different) = (0_u64, 0_u64);
            for line in io::stdin().lock().lines() {
                let case: Value = serde_json::from_str(&line?)?;
                let differs = match kind {
                    "v1_scheduler" => ray_v1_scheduler::differs(&case),
                    _ => return Err(io::Error::other("no such kind")),
                };
                if let Some(text) = differs {
                    different += 1;
                    if different <= 3 {
                        println!("{asked}: {case}\n{text}");
                    }
                }
                asked += 1;
            }
            println!("{kind}: {different} differences in {asked}");
            Ok(())
        }
        _ => Err(io::Error::other("ray_v1 ask KIND SEED FIRST COUNT | compare KIND")),
    }
}
