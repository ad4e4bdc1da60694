//! The best of many, known again soon after some of them changed.
//!
//! A tree of matches, as in a tournament: each place above holds the better of the two below it.

/// Contestants are numbers that grow from 0.
#[derive(Default)]
pub(super) struct Bracket {
    contestants: Vec<usize>,
    /// The contestants from the middle on; before, place `at` holds the better of `2 * at` and
    /// `2 * at + 1`. Empty as long as all of it is to be played.
    places: Vec<usize>,
    changed: Vec<usize>,
}

impl Bracket {
    /// Adds a contestant; gives its seat.
    pub(super) fn add(&mut self, contestant: usize) -> usize {
        self.contestants.push(contestant);
        self.places.clear();
        self.contestants.len() - 1
    }

    /// The contestant at `seat` got better or worse.
    pub(super) fn change(&mut self, seat: usize) {
        if !self.places.is_empty() {
            self.changed.push(seat);
        }
    }

    /// The best of all; `better` must not depend on the order of the two.
    pub(super) fn best(&mut self, better: impl Fn(usize, usize) -> usize) -> Option<usize> {
        let count = self.contestants.len();
        let levels = usize::BITS - count.leading_zeros();
        if self.places.is_empty() || self.changed.len() * levels as usize > count {
            self.places.clear();
            self.places.resize(count, 0);
            self.places.extend_from_slice(&self.contestants);
            self.changed.clear();
            (1..count).rev().for_each(|at| self.play(at, &better));
        }
        for seat in std::mem::take(&mut self.changed) {
            let mut at = usize::midpoint(count, seat);
            while at > 0 {
                self.play(at, &better);
                at /= 2;
            }
        }
        self.places.get(1).copied()
    }

    fn play(&mut self, at: usize, better: &impl Fn(usize, usize) -> usize) {
        self.places[at] = better(self.places[2 * at], self.places[2 * at + 1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_known_after_every_change() {
        for count in 0..40 {
            let mut numbers: Vec<u64> = (0..count).map(|it| it * 7 % 11).collect();
            let mut bracket = Bracket::default();
            let seats: Vec<usize> = (0..numbers.len()).map(|it| bracket.add(it)).collect();
            let mut seed = count;
            for round in 0..50 {
                let order = |it: usize| (numbers[it], std::cmp::Reverse(it));
                let best = bracket.best(|a, b| if order(a) > order(b) { a } else { b });
                assert_eq!(best, (0..numbers.len()).max_by_key(|it| order(*it)), "{numbers:?}");
                for _ in 0..round % 7 {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if let Some(which) = (seed >> 33).checked_rem(count) {
                        numbers[which as usize] = seed >> 60;
                        bracket.change(seats[which as usize]);
                    }
                }
            }
        }
    }
}
