//! Assumptions: their defaults, overrides and ranges.

use super::*;
use crate::time::Duration;

fn ms(ms: i64) -> Duration {
    Duration::from_ms(ms)
}

#[test]
fn every_row_is_sound() {
    for (index, it) in TABLE.iter().enumerate() {
        assert!(it.allows(it.default), "{}: the default is out of range", it.id);
        assert!(it.allows(it.min) && it.allows(it.max), "{}: range", it.id);
        assert!(TABLE[..index].iter().all(|other| other.id != it.id), "{} twice", it.id);
        let Words { meaning, source } = (it.words)();
        for text in [meaning.en, meaning.ko, source.en, source.ko] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", it.id);
        }
    }
}

#[test]
fn groups_stand_together() {
    let mut groups: Vec<_> = TABLE.iter().map(Assumption::group).collect();
    groups.dedup();
    let count = groups.len();
    groups.sort_unstable();
    groups.dedup();
    assert_eq!(groups.len(), count);
}

#[test]
fn each_row_reads_and_writes_a_field_of_its_own() {
    // Every field gets a value that only its row has; a shared field would lose one.
    let mut assumptions = Assumptions::default();
    let own = |index: usize, it: &Assumption| match it.default {
        Value::Duration(_) => Value::Duration(ms(index as i64)),
        Value::CpuTime(_) => Value::CpuTime(index as i64),
        Value::Cpu(_) => Value::Cpu(index as i64),
        Value::Bytes(_) => Value::Bytes(index as i64),
        Value::Count(_) => Value::Count(index as i64),
        Value::Ratio(_) => Value::Ratio(index as f64),
        Value::Version(_) => Value::Version(Version { major: 0, minor: index as u32 }),
        // Two values are too few; see below.
        Value::Switch(_) => Value::Switch(None),
    };
    for (index, it) in TABLE.iter().enumerate() {
        (it.set)(&mut assumptions, own(index, it));
    }
    for (index, it) in TABLE.iter().enumerate() {
        assert_eq!((it.get)(&assumptions), own(index, it), "{}", it.id);
    }
}

#[test]
fn each_switch_is_a_field_of_its_own() {
    for it in TABLE.iter().filter(|it| it.unit() == Unit::Switch) {
        let mut assumptions = Assumptions::default();
        assert!(it.set(&mut assumptions, Value::Switch(Some(true))));
        let on = |row: &&Assumption| (row.get)(&assumptions) == Value::Switch(Some(true));
        assert_eq!(TABLE.iter().filter(on).map(|row| row.id).collect::<Vec<_>>(), [it.id]);
    }
}

#[test]
fn the_default_is_the_table() {
    let assumptions = Assumptions::default();
    for it in TABLE {
        assert_eq!((it.get)(&assumptions), it.default, "{}", it.id);
    }
}

#[test]
fn a_value_out_of_range_changes_nothing() {
    let mut assumptions = Assumptions::default();
    let period = find("hpa.syncPeriod").unwrap();
    for refused in [Value::Duration(ms(999)), Value::Duration(ms(3_600_001)), Value::Count(15)] {
        assert!(!period.set(&mut assumptions, refused), "{refused}");
    }
    assert!(!find("hpa.tolerance").unwrap().set(&mut assumptions, Value::Ratio(f64::NAN)));
    assert_eq!(assumptions, Assumptions::default());
    assert!(period.set(&mut assumptions, Value::Duration(ms(1000))));
    assert_eq!(assumptions.hpa.sync_period, ms(1000));
}
