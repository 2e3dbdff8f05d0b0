//! The tree and its proofs, against the definitions of RFC 6962 computed the plain way.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use kaoping_ledger::{Algorithm, Digest, Tree, proof};
use proptest::prelude::*;

fn leaf(algorithm: Algorithm, number: u64) -> [u8; 32] {
    algorithm.leaf(&number.to_be_bytes()).bytes
}

fn tree(algorithm: Algorithm, size: u64) -> Tree {
    Tree::of(algorithm, (0..size).map(|number| leaf(algorithm, number)))
}

/// RFC 6962, 2.1, word by word.
fn plain_root(algorithm: Algorithm, leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => algorithm.hash(&[]).bytes,
        [one] => *one,
        many => {
            let mut split = 1;
            while split * 2 < many.len() {
                split *= 2;
            }
            let (left, right) = many.split_at(split);
            algorithm.node(&plain_root(algorithm, left), &plain_root(algorithm, right))
        }
    }
}

/// Roots over eight known leaves, as other implementations of RFC 6962 give them.
#[test]
fn known_roots() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let tree = Tree::of(Algorithm::Sha256, leaves.iter().map(|bytes| Algorithm::Sha256.leaf(bytes).bytes));
    for (size, root) in [
        (0, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (3, "sha256:aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "sha256:5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ] {
        assert_eq!(tree.root_at(size).map(|root| root.to_string()).as_deref(), Some(root), "{size}");
    }
}

#[test]
fn roots_are_those_of_the_definition() {
    for algorithm in [Algorithm::Sha256, Algorithm::Sm3] {
        let whole = tree(algorithm, 70);
        for size in 0..=70_u64 {
            let leaves: Vec<_> = (0..size).map(|number| leaf(algorithm, number)).collect();
            let expected = Digest { algorithm, bytes: plain_root(algorithm, &leaves) };
            assert_eq!(whole.root_at(size), Some(expected), "{size}");
            assert_eq!(tree(algorithm, size).root(), expected, "{size}");
            let mut cut = whole.clone();
            cut.truncate(size);
            assert_eq!(cut, tree(algorithm, size), "{size}");
        }
        assert_eq!(whole.root_at(71), None);
    }
}

#[test]
fn every_proof_holds_and_no_other() {
    let algorithm = Algorithm::Sha256;
    let whole = tree(algorithm, 40);
    for size in 1..=40 {
        let root = whole.root_at(size).expect("a root");
        for number in 0..size {
            let path = whole.inclusion(number, size).expect("a proof");
            for other in 0..size {
                let leaf = whole.leaf(other).expect("a leaf");
                for place in 0..size {
                    let holds = proof::includes(leaf, place, size, &path, root);
                    assert_eq!(holds, other == number && place == number, "{other} at {place} by {number} of {size}");
                }
            }
        }
        assert_eq!(whole.inclusion(size, size), None);
    }
    for new in 1..=40 {
        for old in 1..=new {
            let steps = whole.consistency(old, new).expect("a proof");
            for claimed in 1..=new {
                let (before, after) = (whole.root_at(claimed).expect("a root"), whole.root_at(new).expect("a root"));
                let holds = proof::consistent(claimed, before, new, after, &steps);
                assert_eq!(holds, claimed == old, "{claimed} by the proof for {old} of {new}");
            }
        }
    }
}

proptest! {
    /// One changed bit of a proof, of the leaf or of a root is seen.
    #[test]
    fn a_changed_bit_is_seen(size in 2_u64..300, number in 0_u64..300, bit in 0_usize..256, step in 0_usize..9) {
        let algorithm = Algorithm::Sm3;
        let whole = tree(algorithm, size);
        let number = number % size;
        let (root, leaf) = (whole.root(), whole.leaf(number).expect("a leaf"));
        let flip = |hash: &mut [u8; 32]| hash[bit / 8] ^= 1 << (bit % 8);
        let mut path = whole.inclusion(number, size).expect("a proof");
        prop_assert!(proof::includes(leaf, number, size, &path, root));
        let step = step % path.len();
        flip(&mut path[step]);
        prop_assert!(!proof::includes(leaf, number, size, &path, root));
        flip(&mut path[step]);
        let mut other = root;
        flip(&mut other.bytes);
        prop_assert!(!proof::includes(leaf, number, size, &path, other));
        path.push([7; 32]);
        prop_assert!(!proof::includes(leaf, number, size, &path, root));
        let old = number.max(1);
        let steps = whole.consistency(old, size).expect("a proof");
        let before = whole.root_at(old).expect("a root");
        prop_assert!(proof::consistent(old, before, size, root, &steps));
        prop_assert!(!proof::consistent(old, before, size, other, &steps));
    }
}
