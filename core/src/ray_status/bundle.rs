//! Amounts and bundles as Python prints them: `{'CPU': 1.0, "it's": 1e+17}`, `1.5/4.0 CPU`.

use super::{Bundles, Usage};

/// A dict at the start of `text`, and what follows it.
pub(super) fn dict(text: &str) -> Option<(Vec<(String, f64)>, &str)> {
    let mut rest = text.strip_prefix('{')?;
    let mut found = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((found, after));
        }
        let (name, after) = quoted(rest)?;
        let after = after.strip_prefix(": ")?;
        let end = after.find([',', '}'])?;
        found.push((name, number(&after[..end])?));
        rest = after[end..].strip_prefix(", ").unwrap_or(&after[end..]);
    }
}

/// A string as Python's `repr` writes it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let mut found = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => found.push(letters.next()?.1),
            _ if letter == quote => return Some((found, &text[at + 1..])),
            _ => found.push(letter),
        }
    }
    None
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0)
}

/// `{…} * 3`.
pub(super) fn times(text: &str) -> Option<(Bundles, &str)> {
    let (resources, rest) = dict(text)?;
    let rest = rest.strip_prefix(" * ")?;
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    Some((Bundles { resources, count: rest[..end].parse().ok()? }, &rest[end..]))
}

/// `4.0/8.0 CPU`, `0B/1.5GiB memory (0B used of 1.00GiB reserved in placement groups)`.
pub(super) fn usage(text: &str) -> Option<Usage> {
    let (amounts, name) = text.split_once(' ')?;
    let (used, total) = amounts.split_once('/')?;
    let (name, reserved) = match name.split_once(" (") {
        Some((name, more)) => {
            let more = more.strip_suffix(" reserved in placement groups)")?;
            let (used, all) = more.split_once(" used of ")?;
            (name, Some((amount(used)?, amount(all)?)))
        }
        None => (name, None),
    };
    Some(Usage { resource: name.to_owned(), used: amount(used)?, total: amount(total)?, reserved })
}

/// Upstream: ray 2.60.0 autoscaler/_private/util.py `format_memory`.
fn amount(text: &str) -> Option<f64> {
    const UNITS: [(&str, u64); 5] =
        [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];
    for (unit, bytes) in UNITS {
        if let Some(count) = text.strip_suffix(unit) {
            return Some(count.parse::<f64>().ok().filter(|it| it.is_finite())? * bytes as f64);
        }
    }
    // What groups reserve and do not use may leave a rounding error below zero.
    text.parse().ok().filter(|it: &f64| it.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{dict, usage};

    #[test]
    fn dicts_are_read_as_python_prints_them() {
        let read = |text| dict(text).map(|(pairs, rest)| (format!("{pairs:?}"), rest));
        let pairs = r#"[("CPU", 1.0), ("it's", 1e17)]"#.to_owned();
        assert_eq!(read(r#"{'CPU': 1.0, "it's": 1e+17}: 5"#), Some((pairs, ": 5")));
        assert_eq!(read("{}x"), Some(("[]".to_owned(), "x")));
        for wrong in ["{'CPU': }", "{'CPU': nan}", "{'CPU", "{CPU: 1}", "{'CPU': 1", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn memory_has_units_and_groups_reserve() {
        let read =
            usage("1.50GiB/2.00GiB memory (0B used of 1.00GiB reserved in placement groups)");
        let read = read.unwrap();
        let gib = f64::from(1 << 30);
        assert_eq!((read.used, read.total), (1.5 * gib, 2.0 * gib));
        assert_eq!((read.resource.as_str(), read.reserved), ("memory", Some((0.0, gib))));
        assert_eq!(usage("1/2"), None);
    }
}
