//! A real Ray cluster, against the prediction of it.

use std::io;
use std::path::Path;

use tidetable_tests::ray_live::{compare, experiments, observe};

/// `PYTHON [NAME]`, from xtask: all experiments, or those whose name has these words.
pub(crate) fn run(arguments: &[String]) -> io::Result<bool> {
    let [python, names @ ..] = arguments else {
        return Err(io::Error::other(
            "use `cargo xtask oracle ray-live`, which knows the arguments",
        ));
    };
    let is_asked = |name: &str| names.iter().all(|it| name.contains(it.as_str()));
    let mut all_same = true;
    for experiment in experiments().iter().filter(|it| is_asked(it.name)) {
        println!("\n{}", experiment.name);
        let observed = observe(Path::new(python), experiment)?;
        let (lines, is_same) = compare(experiment, &observed);
        for line in lines {
            println!("  {line}");
        }
        println!("  {}", if is_same { "as predicted" } else { "NOT as predicted" });
        all_same &= is_same;
    }
    Ok(all_same)
}
