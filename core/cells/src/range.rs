//! Whether a figure lies within its declared bounds, without asking for memory for plain decimals.

use kaoping_program::Bounds;
use kaoping_terms::Exact;

/// Declared bounds, ready for many comparisons.
#[derive(Clone, Debug, Default)]
pub struct Range {
    bounds: Bounds,
    /// Edges as `mantissa × 10^-places` with whether the edge itself is allowed; none where
    /// an edge is no short decimal.
    quick: Option<(Option<Edge>, Option<Edge>)>,
    /// Whether every number from zero on is allowed, which is the commonest.
    from_zero: bool,
}

/// Mantissa, places, whether the edge itself is allowed.
type Edge = (i64, u8, bool);

impl Range {
    /// Makes bounds ready.
    pub fn new(bounds: &Bounds) -> Range {
        let low = bounds.low.as_ref().map(edge);
        let high = bounds.high.as_ref().map(edge);
        let quick = match (low, high) {
            (Some(None), _) | (_, Some(None)) => None,
            _ if bounds.multiple_of.is_some() => None,
            (low, high) => Some((low.flatten(), high.flatten())),
        };
        let from_zero = matches!(quick, Some((None | Some((0, _, true)), None)));
        Range { bounds: bounds.clone(), quick, from_zero }
    }

    /// Whether any number is allowed.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Whether every number from zero on is allowed.
    pub fn from_zero(&self) -> bool {
        self.from_zero
    }

    /// Whether `mantissa × 10^-places` lies within; at most 18 places.
    #[inline]
    pub fn contains(&self, mantissa: i64, places: u8) -> bool {
        (self.from_zero && mantissa >= 0) || self.between(mantissa, places)
    }

    fn between(&self, mantissa: i64, places: u8) -> bool {
        let Some((low, high)) = &self.quick else {
            return self.bounds.contain(&Exact::decimal(i128::from(mantissa), u32::from(places)));
        };
        // Against zero, the commonest edge, the sign is enough.
        let beyond = |edge: &Edge| match edge.0 {
            0 => mantissa.cmp(&0),
            _ => scaled(mantissa, edge.1).cmp(&scaled(edge.0, places)),
        };
        let above = low.as_ref().is_none_or(|edge| if edge.2 { beyond(edge).is_ge() } else { beyond(edge).is_gt() });
        let below = high.as_ref().is_none_or(|edge| if edge.2 { beyond(edge).is_le() } else { beyond(edge).is_lt() });
        above && below
    }

    /// The least and the greatest whole number of `10^-places` that lie within. None where steps are
    /// declared or an edge is no short decimal.
    pub(crate) fn multiples(&self, places: u8) -> Option<(i64, i64)> {
        let (low, high) = self.quick.as_ref()?;
        // How many whole ones an edge is, rounded down, and whether that is the edge itself.
        let count = |(mantissa, own, itself): &Edge| {
            let (numerator, denominator) = (i128::from(*mantissa) * power(places), power(*own));
            let whole = numerator.div_euclid(denominator);
            (whole, numerator.rem_euclid(denominator) == 0, *itself)
        };
        let least = low
            .as_ref()
            .map(count)
            .map_or(i128::from(i64::MIN), |(whole, exact, itself)| if exact && itself { whole } else { whole + 1 });
        let most = high
            .as_ref()
            .map(count)
            .map_or(i128::from(i64::MAX), |(whole, exact, itself)| if exact && !itself { whole - 1 } else { whole });
        Some((i64::try_from(least).ok()?, i64::try_from(most).ok()?))
    }

    /// Whether a number of any size lies within.
    pub fn contains_exact(&self, value: &Exact) -> bool {
        self.bounds.contain(value)
    }
}

/// `mantissa × 10^places`, which fits: 63 bits and 18 digits are less than 127 bits.
#[inline]
fn scaled(mantissa: i64, places: u8) -> i128 {
    i128::from(mantissa) * power(places)
}

/// A power of ten; beyond the eighteenth the eighteenth, which no caller asks for.
#[inline]
pub fn power(places: u8) -> i128 {
    const POWERS: [i128; 19] = {
        let mut powers = [1i128; 19];
        let mut at = 1;
        while at < 19 {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
        powers
    };
    POWERS.get(usize::from(places)).copied().unwrap_or(POWERS[18])
}

fn edge(edge: &(Exact, bool)) -> Option<Edge> {
    let places = u8::try_from(edge.0.decimal_places()?).ok().filter(|places| *places <= 18)?;
    let (numerator, denominator) = edge.0.parts()?;
    let mantissa = numerator.checked_mul(power(places))? / denominator;
    Some((i64::try_from(mantissa).ok()?, places, edge.1))
}

#[cfg(test)]
mod tests {
    use super::Range;
    use kaoping_program::Bounds;
    use kaoping_terms::Exact;

    #[test]
    fn edges_count_only_where_they_are_allowed() {
        let half = Exact::ratio(1, 2).expect("a ratio");
        let range =
            Range::new(&Bounds { low: Some((Exact::zero(), false)), high: Some((half, true)), ..Bounds::default() });
        assert!(!range.contains(0, 0) && range.contains(1, 18) && range.contains(5, 1) && !range.contains(51, 2));
        let third = Exact::ratio(1, 3).expect("a ratio");
        let range = Range::new(&Bounds { low: Some((third, true)), high: None, ..Bounds::default() });
        assert!(!range.contains(333, 3) && range.contains(334, 3));
    }
}
