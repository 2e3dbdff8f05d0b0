//! Columns of figures as machine numbers.

use core::ops::Range;
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
        Figures::seen(numerators, denominator, 0..numerators.len())
    }

    /// As [`Figures::new`], looked through for those units only.
    pub fn seen(numerators: &'a Numerators, denominator: i64, units: Range<usize>) -> Figures<'a> {
        let (low, high) = pulp::Arch::new().dispatch(Edges(numerators, units));
        Figures { numerators, denominator, low, high }
    }
}

/// Whether the figures of some units lie between the least and the greatest that are told.
pub(crate) fn as_told(figures: &[Figures<'_>], told: &[(i64, i64)], units: &Range<usize>) -> bool {
    figures.iter().zip(told).all(|(figures, (least, most))| {
        let (low, high) = pulp::Arch::new().dispatch(Edges(figures.numerators, units.clone()));
        *least <= low && high <= *most
    })
}

/// Looks for the least and the greatest, compiled for the vectors of this machine.
struct Edges<'a>(&'a Numerators, Range<usize>);

impl pulp::WithSimd for Edges<'_> {
    type Output = (i64, i64);

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> (i64, i64) {
        match self.0 {
            Numerators::Short(numbers) => edges(numbers.get(self.1).unwrap_or_default(), i32::min, i32::max),
            Numerators::Long(numbers) => edges(numbers.get(self.1).unwrap_or_default(), i64::min, i64::max),
        }
    }
}

/// The least and the greatest; zeros where there is none.
#[inline(always)]
fn edges<N: Copy + Default + Into<i64>>(numbers: &[N], min: fn(N, N) -> N, max: fn(N, N) -> N) -> (i64, i64) {
    let first = numbers.first().copied().unwrap_or_default();
    let (mut low, mut high) = (first, first);
    for number in numbers {
        low = min(low, *number);
        high = max(high, *number);
    }
    (low.into(), high.into())
}
