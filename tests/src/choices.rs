//! Choices that a random case is made of: from a seed, or from the bytes that a fuzzer hands in.

/// A source of choices.
pub struct Choices<'a>(From<'a>);

enum From<'a> {
    Seed(u64),
    Bytes(&'a [u8]),
}

impl Choices<'static> {
    /// The choices of case `index` under `seed`.
    pub fn seeded(seed: u64, index: u64) -> Self {
        let mut start = Self(From::Seed(seed));
        let mixed = start.draw() ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Self(From::Seed(mixed))
    }
}

impl<'a> Choices<'a> {
    /// Two bytes a choice; when they run out, always the first.
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        Self(From::Bytes(bytes))
    }

    /// Any number; small ones only from bytes.
    ///
    /// Upstream: SplitMix64, Steele, Lea and Flood 2014.
    pub fn draw(&mut self) -> u64 {
        match &mut self.0 {
            From::Seed(state) => {
                *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut mixed = *state;
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                mixed ^ (mixed >> 31)
            }
            From::Bytes(bytes) => {
                let (taken, rest) = bytes.split_at(bytes.len().min(2));
                *bytes = rest;
                taken.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
            }
        }
    }

    /// A number from 0 up to, not including, `end`; 0 if there is none.
    pub fn below(&mut self, end: i64) -> i64 {
        if end <= 0 { 0 } else { (self.draw() % end as u64) as i64 }
    }

    /// As [`below`](Self::below), for a count.
    pub fn count_below(&mut self, end: i32) -> i32 {
        self.below(i64::from(end)) as i32
    }

    /// Any 64 bits.
    pub fn any(&mut self) -> i64 {
        match self.0 {
            From::Seed(_) => self.draw() as i64,
            From::Bytes(_) => (0..4).fold(0, |number, _| number << 16 | self.draw() as i64),
        }
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of `values`.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as i64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_an_index_give_the_same_choices_again() {
        let take = |seed, index| {
            let mut choices = Choices::seeded(seed, index);
            [choices.draw(), choices.draw()]
        };
        assert_eq!(take(1, 2), take(1, 2));
        assert_ne!(take(1, 2), take(1, 3));
        assert_ne!(take(1, 2), take(2, 2));
    }

    #[test]
    fn bytes_run_out_into_the_first_choice() {
        let mut choices = Choices::from_bytes(&[0, 7, 1]);
        assert_eq!([choices.draw(), choices.draw(), choices.draw()], [7, 1, 0]);
        assert_eq!(choices.pick(&["first", "second"]), "first");
        assert!(!choices.chance(99));
    }
}
