//! Checking proofs without the tree (RFC 9162, 2.1.3.2 and 2.1.4.2).

use crate::hash::{Algorithm, Digest};

/// Whether the proof shows that `leaf` is entry `number` of the tree of that size and root.
pub fn includes(leaf: Digest, number: u64, size: u64, proof: &[[u8; 32]], root: Digest) -> bool {
    let algorithm = root.algorithm;
    if number >= size || leaf.algorithm != algorithm {
        return false;
    }
    let (mut place, mut last) = (number, size - 1);
    let mut hash = leaf.bytes;
    for step in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = algorithm.node(step, &hash);
            skip_to_right_child(&mut place, &mut last);
        } else {
            hash = algorithm.node(&hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root.bytes
}

/// Whether the proof shows that the tree of size `old` is the beginning of the one of size `new`.
pub fn consistent(old: u64, old_root: Digest, new: u64, new_root: Digest, proof: &[[u8; 32]]) -> bool {
    let algorithm: Algorithm = new_root.algorithm;
    if old == 0 || old > new || old_root.algorithm != algorithm {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    // Where the old tree is complete, its root is the first step and is left out.
    let (start, steps) = if old.is_power_of_two() {
        (old_root.bytes, proof)
    } else {
        match proof.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return false,
        }
    };
    let (mut place, mut last) = (old - 1, new - 1);
    let shift = place.trailing_ones();
    place = place.checked_shr(shift).unwrap_or(0);
    last = last.checked_shr(shift).unwrap_or(0);
    let (mut old_hash, mut new_hash) = (start, start);
    for step in steps {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old_hash = algorithm.node(step, &old_hash);
            new_hash = algorithm.node(step, &new_hash);
            skip_to_right_child(&mut place, &mut last);
        } else {
            new_hash = algorithm.node(&new_hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old_root.bytes && new_hash == new_root.bytes
}

/// A node that stands alone at the right edge is its own parent until it is a right child.
fn skip_to_right_child(place: &mut u64, last: &mut u64) {
    while *place & 1 == 0 && *place != 0 {
        *place >>= 1;
        *last >>= 1;
    }
}
