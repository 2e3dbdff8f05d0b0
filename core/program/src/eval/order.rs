//! Comparing two columns, and taking each lane from one of two.

use super::lanes;
use crate::ir::Relation;
use crate::number;
use crate::values::Values;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Whether the relation holds in each lane.
pub(super) fn holds(relation: Relation, a: &Values, b: &Values) -> Vec<bool> {
    match relation {
        Relation::Equal => test(a, b, Ordering::is_eq),
        Relation::NotEqual => test(a, b, Ordering::is_ne),
        Relation::Less => test(a, b, Ordering::is_lt),
        Relation::AtMost => test(a, b, Ordering::is_le),
        Relation::Greater => test(a, b, Ordering::is_gt),
        Relation::AtLeast => test(a, b, Ordering::is_ge),
    }
}

fn test(a: &Values, b: &Values, f: impl Fn(Ordering) -> bool) -> Vec<bool> {
    let Some(both) = lanes::aligned(a, b) else {
        return (0..lanes::length(a, b)).map(|lane| f(a.compare(lane, b, lane))).collect();
    };
    match (&*both.a, &*both.b) {
        (many, [one]) => many.iter().map(|a| f(a.cmp(one))).collect(),
        ([one], many) => many.iter().map(|b| f(one.cmp(b))).collect(),
        (a, b) => a.iter().zip(b).map(|(a, b)| f(a.cmp(b))).collect(),
    }
}

/// Each lane from the first where the mask says so, else from the second.
pub(super) fn pick(first: &[bool], a: &Values, b: &Values) -> Values {
    let length = first.len();
    if let Some(both) = lanes::aligned(a, b) {
        let numerators = picked(first, &both.a, &both.b);
        return crate::values::fixed(numerators, both.denominator);
    }
    let pair = |(lane, first): (usize, &bool)| if *first { a.pair(lane) } else { b.pair(lane) };
    let narrow = match (a, b) {
        (Values::Wide(_), _) | (_, Values::Wide(_)) => None,
        _ => first.iter().enumerate().map(pair).collect::<Option<Vec<number::Pair>>>(),
    };
    match narrow {
        Some(pairs) => {
            let (numerators, denominators) = pairs.into_iter().unzip();
            Values::ratios(numerators, denominators)
        }
        None => Values::narrowed(
            (0..length)
                .map(|lane| if first.get(lane) == Some(&true) { a.exact(lane) } else { b.exact(lane) })
                .collect(),
        ),
    }
}

fn picked(first: &[bool], a: &[i128], b: &[i128]) -> Vec<i128> {
    match (a, b) {
        ([a], [b]) => first.iter().map(|first| if *first { *a } else { *b }).collect(),
        (many, [b]) => first.iter().zip(many).map(|(first, a)| if *first { *a } else { *b }).collect(),
        ([a], many) => first.iter().zip(many).map(|(first, b)| if *first { *a } else { *b }).collect(),
        (a, b) => first.iter().zip(a.iter().zip(b)).map(|(first, (a, b))| if *first { *a } else { *b }).collect(),
    }
}
