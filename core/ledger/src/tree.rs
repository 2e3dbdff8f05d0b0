//! The Merkle tree over all entries (RFC 6962, 2.1), which only grows.

use crate::hash::{Algorithm, Digest};
use alloc::{vec, vec::Vec};

/// Hashes of all complete subtrees, by height: 64 bytes an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    algorithm: Algorithm,
    /// `levels[h][i]`: the root over entries `i·2^h` to `(i+1)·2^h`.
    levels: Vec<Vec<[u8; 32]>>,
}

impl Tree {
    /// A tree without entries.
    pub fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, levels: vec![Vec::new()] }
    }

    /// The tree over those leaves.
    pub fn of(algorithm: Algorithm, leaves: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let mut tree = Self::new(algorithm);
        for leaf in leaves {
            tree.push(leaf);
        }
        tree
    }

    /// Its hash function.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// How many entries it is over.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, Vec::len) as u64
    }

    /// The hash of one entry.
    pub fn leaf(&self, number: u64) -> Option<Digest> {
        self.complete(0, number).map(|bytes| Digest { algorithm: self.algorithm, bytes })
    }

    /// Adds the hash of an entry.
    pub fn push(&mut self, leaf: [u8; 32]) {
        let mut hash = leaf;
        let mut height = 0;
        loop {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else { return };
            level.push(hash);
            match level.as_slice() {
                [.., left, right] if level.len() % 2 == 0 => hash = self.algorithm.node(left, right),
                _ => return,
            }
            height += 1;
        }
    }

    /// Takes entries away from the end: a write that did not become durable is undone.
    pub fn truncate(&mut self, size: u64) {
        for (height, level) in self.levels.iter_mut().enumerate() {
            level.truncate(usize::try_from(size >> height).unwrap_or(usize::MAX));
        }
        while self.levels.len() > 1 && self.levels.last().is_some_and(Vec::is_empty) {
            self.levels.pop();
        }
    }

    /// The root over all entries.
    pub fn root(&self) -> Digest {
        self.root_at(self.size()).unwrap_or_else(|| self.algorithm.hash(&[]))
    }

    /// The root when there were that many entries; `None` where there are fewer.
    pub fn root_at(&self, size: u64) -> Option<Digest> {
        if size > self.size() {
            return None;
        }
        if size == 0 {
            return Some(self.algorithm.hash(&[]));
        }
        self.over(0, size).map(|bytes| Digest { algorithm: self.algorithm, bytes })
    }

    /// Shows that an entry stands at its place among the first `size`: at most 64 hashes.
    pub fn inclusion(&self, number: u64, size: u64) -> Option<Vec<[u8; 32]>> {
        if number >= size || size > self.size() {
            return None;
        }
        let mut proof = Vec::new();
        let (mut from, mut to) = (0, size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if number < middle {
                proof.push(self.over(middle, to)?);
                to = middle;
            } else {
                proof.push(self.over(from, middle)?);
                from = middle;
            }
        }
        proof.reverse();
        Some(proof)
    }

    /// Shows that the first `old` entries of `new` are those there were at `old`.
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<[u8; 32]>> {
        if old == 0 || old > new || new > self.size() {
            return None;
        }
        let mut proof = Vec::new();
        let (mut from, mut to) = (0, new);
        let mut whole = true;
        while old != to {
            let middle = from + split(to - from);
            if old <= middle {
                proof.push(self.over(middle, to)?);
                to = middle;
            } else {
                proof.push(self.over(from, middle)?);
                from = middle;
                whole = false;
            }
        }
        if !whole {
            proof.push(self.over(from, to)?);
        }
        proof.reverse();
        Some(proof)
    }

    fn complete(&self, height: usize, index: u64) -> Option<[u8; 32]> {
        self.levels.get(height)?.get(usize::try_from(index).ok()?).copied()
    }

    /// The root over entries `from` to `to`, where `from` is a multiple of the subtree's width.
    fn over(&self, from: u64, to: u64) -> Option<[u8; 32]> {
        let width = to - from;
        if width.is_power_of_two() {
            let height = width.trailing_zeros();
            return self.complete(height as usize, from >> height);
        }
        let middle = from + split(width);
        Some(self.algorithm.node(&self.over(from, middle)?, &self.over(middle, to)?))
    }
}

/// The largest power of two below a width of at least two.
fn split(width: u64) -> u64 {
    width.next_power_of_two() >> 1
}
