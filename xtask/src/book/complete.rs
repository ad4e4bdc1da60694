//! Lists that a chapter must hold whole: a chapter that tells of one assumption tells of all.

use anyhow::{Result, bail};

use super::{assumptions, fidelity, fields, glossary, schema};

/// Fails if `chapter` asks for some entries of a list by `{{#kind name}}` and leaves others out.
pub(super) fn check(chapter: &str) -> Result<()> {
    let lists = [
        ("assumptions", assumptions::groups()),
        ("difference", fidelity::ids()),
        ("fields", fields::sections()),
        ("glossary", glossary::groups()?),
        ("schema", schema::names()?),
    ];
    for (kind, all) in lists {
        let start = format!("{{{{#{kind} ");
        let asked: Vec<_> = chapter
            .split(&start)
            .skip(1)
            .filter_map(|it| it.split_once("}}"))
            .map(|it| it.0.trim())
            .collect();
        let missing = all.iter().find(|it| !asked.contains(&it.as_str()));
        if let Some(missing) = missing.filter(|_| !asked.is_empty()) {
            bail!("this chapter lists all others, so write `{start}{missing}}}}}` too");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_whole_or_not_there() {
        check("text").unwrap();
        assert!(check("{{#difference disk}}").is_err());
        let all: Vec<_> =
            fidelity::ids().iter().map(|it| format!("{{{{#difference {it}}}}}")).collect();
        check(&all.concat()).unwrap();
    }
}
