//! Places in a text, counted as Rust counts (UTF-8 bytes) and as browsers count (UTF-16 units).

use tidetable_core::source::Span;

/// Both counts of one text.
pub(crate) struct Offsets {
    /// After each character that is not ASCII: its end in bytes and in units.
    ends: Vec<(usize, usize)>,
    bytes: usize,
}

impl Offsets {
    /// Reads `text` once.
    pub(crate) fn new(text: &str) -> Self {
        let mut ends = Vec::new();
        let mut units_short = 0;
        for (start, character) in text.char_indices().filter(|(_, it)| !it.is_ascii()) {
            let end = start + character.len_utf8();
            units_short += character.len_utf8() - character.len_utf16();
            ends.push((end, end - units_short));
        }
        Self { ends, bytes: text.len() }
    }

    /// The unit at byte `byte`; the end for one past the end.
    pub(crate) fn unit(&self, byte: usize) -> usize {
        let byte = byte.min(self.bytes);
        let passed = self.ends.partition_point(|&(end, _)| end <= byte);
        match passed.checked_sub(1) {
            Some(last) => self.ends[last].1 + (byte - self.ends[last].0),
            None => byte,
        }
    }

    /// The byte at unit `unit`; the end for one past the end.
    pub(crate) fn byte(&self, unit: usize) -> usize {
        let passed = self.ends.partition_point(|&(_, end)| end <= unit);
        let byte = match passed.checked_sub(1) {
            Some(last) => self.ends[last].0 + (unit - self.ends[last].1),
            None => unit,
        };
        byte.min(self.bytes)
    }

    /// The bytes from unit `from` up to unit `to`.
    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.byte(from), self.byte(to))
    }
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    #[test]
    fn both_counts_agree_at_every_character() {
        for text in ["plain", "이름: 🌊x", "é\n", ""] {
            let offsets = Offsets::new(text);
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for byte in ends {
                let unit = text[..byte].encode_utf16().count();
                assert_eq!(offsets.unit(byte), unit, "{text:?} at byte {byte}");
                assert_eq!(offsets.byte(unit), byte, "{text:?} at unit {unit}");
            }
            assert_eq!(offsets.byte(999), text.len());
        }
    }
}
