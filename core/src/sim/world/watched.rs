//! A list that notices which of its items are given out to be changed.

use std::ops::{Deref, Index, IndexMut};

/// A list of what may rest: whoever takes an item to change it is noticed, whether or not the item
/// differs afterwards.
pub(in crate::sim) struct Watched<T> {
    items: Vec<T>,
    touched: Vec<usize>,
}

impl<T> Watched<T> {
    /// The numbers of items that may have changed since the last time; some more than once.
    pub(in crate::sim) fn take_touched(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.touched)
    }

    /// Whether any item may have changed since the last time.
    pub(in crate::sim) fn is_touched(&self) -> bool {
        !self.touched.is_empty()
    }

    /// What happened to the item of that number so far is known.
    pub(in crate::sim) fn forget(&mut self, index: usize) {
        self.touched.retain(|it| *it != index);
    }

    /// The item of that number may have changed.
    pub(in crate::sim) fn touch(&mut self, index: usize) {
        if self.touched.last() != Some(&index) {
            self.touched.push(index);
        }
    }
}

impl<T> FromIterator<T> for Watched<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { items: items.into_iter().collect(), touched: Vec::new() }
    }
}

impl<T> Deref for Watched<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> Index<usize> for Watched<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.items[index]
    }
}

impl<T> IndexMut<usize> for Watched<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        self.touch(index);
        &mut self.items[index]
    }
}
