//! Walking over one or two columns lane by lane. A column of one value meets every lane of
//! the other. A walk gives up as a whole where one lane does not fit; the caller then takes
//! the next wider form.

use crate::number::{self, Pair};
use crate::values::Values;
use alloc::{borrow::Cow, vec::Vec};
use kaoping_terms::Exact;

/// One result for each lane, or none if any lane has none.
pub(super) fn map(a: &[i128], f: impl Fn(i128) -> Option<i128>) -> Option<Vec<i128>> {
    let mut fits = true;
    let mut lane = |found: Option<i128>| {
        fits &= found.is_some();
        found.unwrap_or(0)
    };
    let found = a.iter().map(|a| lane(f(*a))).collect();
    fits.then_some(found)
}

/// One result for each lane of two, or none if any lane has none.
pub(super) fn zip(a: &[i128], b: &[i128], f: impl Fn(i128, i128) -> Option<i128>) -> Option<Vec<i128>> {
    match (a, b) {
        (many, [one]) => map(many, |a| f(a, *one)),
        ([one], many) => map(many, |b| f(*one, b)),
        (a, b) => {
            let mut fits = true;
            let mut lane = |found: Option<i128>| {
                fits &= found.is_some();
                found.unwrap_or(0)
            };
            let found = a.iter().zip(b).map(|(a, b)| lane(f(*a, *b))).collect();
            fits.then_some(found)
        }
    }
}

/// Numerators brought to a denominator `factor` times as large.
pub(super) fn scaled(numerators: &[i128], factor: i128) -> Option<Cow<'_, [i128]>> {
    if factor == 1 {
        return Some(Cow::Borrowed(numerators));
    }
    map(numerators, |numerator| number::product(numerator, factor)).map(Cow::Owned)
}

/// Two fixed columns over one denominator.
pub(super) struct Aligned<'a> {
    pub(super) a: Cow<'a, [i128]>,
    pub(super) b: Cow<'a, [i128]>,
    pub(super) denominator: i128,
}

/// Brings two fixed columns to one denominator; none if either is not fixed.
pub(super) fn aligned<'a>(a: &'a Values, b: &'a Values) -> Option<Aligned<'a>> {
    let Values::Fixed { numerators: a, denominator: da } = a else {
        return None;
    };
    let Values::Fixed { numerators: b, denominator: db } = b else {
        return None;
    };
    let shared = number::common_with(*da, *db);
    let (fa, fb) = (db / shared, da / shared);
    Some(Aligned { a: scaled(a, fa)?, b: scaled(b, fb)?, denominator: number::product(*da, fa)? })
}

/// How many lanes a result of two columns has.
pub(super) fn length(a: &Values, b: &Values) -> usize {
    if a.len() == 1 { b.len() } else { a.len() }
}

/// A quotient for each lane of a column.
pub(super) fn map_pairs(a: &Values, f: impl Fn(Pair) -> Option<Pair>) -> Option<Values> {
    let pairs = (0..a.len()).map(|lane| f(a.pair(lane)?));
    collect(pairs, a.len())
}

/// A quotient for each lane of two columns.
pub(super) fn zip_pairs(a: &Values, b: &Values, f: impl Fn(Pair, Pair) -> Option<Pair>) -> Option<Values> {
    let length = length(a, b);
    let pairs = (0..length).map(|lane| f(a.pair(lane)?, b.pair(lane)?));
    collect(pairs, length)
}

fn collect(pairs: impl Iterator<Item = Option<Pair>>, length: usize) -> Option<Values> {
    let (mut numerators, mut denominators) = (Vec::with_capacity(length), Vec::with_capacity(length));
    for pair in pairs {
        let (numerator, denominator) = pair?;
        numerators.push(numerator);
        denominators.push(denominator);
    }
    Some(Values::ratios(numerators, denominators))
}

/// A number of any size for each lane of a column.
pub(super) fn map_exact(a: &Values, f: impl Fn(Exact) -> Exact) -> Values {
    Values::narrowed((0..a.len()).map(|lane| f(a.exact(lane))).collect())
}

/// A number of any size for each lane of two columns.
pub(super) fn zip_exact(a: &Values, b: &Values, f: impl Fn(Exact, Exact) -> Exact) -> Values {
    Values::narrowed((0..length(a, b)).map(|lane| f(a.exact(lane), b.exact(lane))).collect())
}
