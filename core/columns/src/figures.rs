//! Columns of figures as machine numbers.

use kaoping_program::Numerators;

/// A column in which every value is known: numerators over one denominator.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// The numerators, one for each unit.
    pub numerators: &'a Numerators,
    /// The denominator of all, above zero.
    pub denominator: i64,
    /// No numerator is less.
    pub low: i64,
    /// No numerator is greater.
    pub high: i64,
}

impl<'a> Figures<'a> {
    /// Numerators over a denominator, looked through for the least and the greatest.
    pub fn new(numerators: &'a Numerators, denominator: i64) -> Figures<'a> {
        let (low, high) = match numerators {
            Numerators::Short(numbers) => edges(numbers),
            Numerators::Long(numbers) => edges(numbers),
        };
        Figures { numerators, denominator, low, high }
    }
}

/// The least and the greatest; zeros where there is none.
fn edges<N: Copy + Ord + Into<i64>>(numbers: &[N]) -> (i64, i64) {
    let low = numbers.iter().copied().min().map_or(0, N::into);
    (low, numbers.iter().copied().max().map_or(0, N::into))
}
