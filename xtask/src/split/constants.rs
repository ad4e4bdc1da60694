//! Bytes that move: a module's data, with and without what is in given addresses.

use anyhow::{Context, Result, bail};
use walrus::{ConstExpr, Data, DataKind, MemoryId, Module, ir::Value};

use super::reach::Addresses;

/// Constants of up to this many bytes are not worth a segment of their own.
pub(super) const SIZE_MIN: usize = 8;

/// Keeps of a module's data what is inside of `wanted`, which is in ascending order.
pub(super) fn keep_inside(module: &mut Module, wanted: &[Addresses]) -> Result<()> {
    replace(module, |segment| {
        let parts = wanted.iter().map(|it| it.start.max(segment.start)..it.end.min(segment.end));
        parts.filter(|it| it.start < it.end).collect()
    })
}

/// Keeps of a module's data what is outside of `unwanted`, which is in ascending order.
pub(super) fn keep_outside(module: &mut Module, unwanted: &[Addresses]) -> Result<()> {
    replace(module, |segment| subtract(segment, unwanted))
}

/// What of `all` is outside of `unwanted`, which is in ascending order.
pub(super) fn subtract(all: Addresses, unwanted: &[Addresses]) -> Vec<Addresses> {
    let mut left = Vec::new();
    let mut from = all.start;
    for gone in unwanted.iter().filter(|it| it.start < all.end && it.end > all.start) {
        if from < gone.start {
            left.push(from..gone.start);
        }
        from = from.max(gone.end);
    }
    if from < all.end {
        left.push(from..all.end);
    }
    left
}

/// Replaces each segment by some parts of it.
fn replace(module: &mut Module, parts: impl Fn(Addresses) -> Vec<Addresses>) -> Result<()> {
    let all: Vec<_> = module.data.iter().map(Data::id).collect();
    for id in all {
        let segment = module.data.get(id);
        let (memory, start) = place_of(segment)?;
        let bytes = segment.value.clone();
        let end = start + u32::try_from(bytes.len()).context("a segment beyond the memory")?;
        module.memories.get_mut(memory).data_segments.remove(&id);
        module.data.delete(id);
        for part in parts(start..end) {
            let bytes = bytes[(part.start - start) as usize..(part.end - start) as usize].to_vec();
            let offset = ConstExpr::Value(Value::I32(part.start.cast_signed()));
            let part = module.data.add(DataKind::Active { memory, offset }, bytes);
            module.memories.get_mut(memory).data_segments.insert(part);
        }
    }
    Ok(())
}

/// Where a segment goes: a memory, and an address in it.
fn place_of(segment: &Data) -> Result<(MemoryId, u32)> {
    match &segment.kind {
        DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(address)) } => {
            Ok((*memory, address.cast_unsigned()))
        }
        DataKind::Active { .. } | DataKind::Passive => bail!("a data segment that can't be split"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_subtracted_leaves_the_parts_between() {
        let cases: [(&[Addresses], &[Addresses]); 4] = [
            (&[0..5, 14..15, 20..30], &[10..14, 15..20]),
            (&[12..14, 14..16], &[10..12, 16..20]),
            (&[5..11, 13..15, 19..25], &[11..13, 15..19]),
            (&[5..15, 12..30], &[]),
        ];
        for (unwanted, left) in cases {
            assert_eq!(subtract(10..20, unwanted), left, "without {unwanted:?}");
        }
    }
}
