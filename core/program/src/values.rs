//! The numbers of a column in the narrowest form that holds them exactly.

use crate::number::{self, Pair};
use crate::state::States;
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;
use kaoping_terms::Exact;

/// Whole numbers of a machine word, as narrow as they fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numerators {
    /// Each fits 32 bits.
    Short(Vec<i32>),
    /// Each fits 64 bits.
    Long(Vec<i64>),
}

impl Numerators {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Numerators::Short(numbers) => numbers.len(),
            Numerators::Long(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a lane.
    #[inline]
    pub fn get(&self, lane: usize) -> Option<i64> {
        match self {
            Numerators::Short(numbers) => numbers.get(lane).copied().map(i64::from),
            Numerators::Long(numbers) => numbers.get(lane).copied(),
        }
    }

    /// Puts a number into a lane; false where the form does not hold it.
    fn set(&mut self, lane: usize, number: i64) -> bool {
        match self {
            Numerators::Short(numbers) => i32::try_from(number)
                .map(|number| numbers.get_mut(lane).into_iter().for_each(|slot| *slot = number))
                .is_ok(),
            Numerators::Long(numbers) => {
                numbers.get_mut(lane).into_iter().for_each(|slot| *slot = number);
                true
            }
        }
    }

    fn widened(&self) -> Vec<i128> {
        match self {
            Numerators::Short(numbers) => numbers.iter().copied().map(i128::from).collect(),
            Numerators::Long(numbers) => numbers.iter().copied().map(i128::from).collect(),
        }
    }
}

/// The numbers of a column. Which form they have is a matter of speed only: no operation
/// gives another result for another form.
#[derive(Clone, Debug)]
pub enum Values {
    /// Whole numbers of a machine word over one denominator above zero: as they are read and as
    /// they are printed. Brought to the next form where something is to be done with them.
    Short {
        /// The numerators.
        numerators: Numerators,
        /// The denominator of all.
        denominator: i64,
    },
    /// Whole numbers over one denominator above zero.
    Fixed {
        /// The numerators.
        numerators: Vec<i128>,
        /// The denominator of all.
        denominator: i128,
    },
    /// Quotients by something that varies, not always in lowest terms.
    Ratios {
        /// The numerators.
        numerators: Vec<i128>,
        /// As many denominators, each above zero.
        denominators: Vec<i128>,
    },
    /// Numbers of any size, used where 128 bits do not hold them.
    Wide(Vec<Exact>),
}

impl Values {
    /// How many numbers.
    pub fn len(&self) -> usize {
        match self {
            Values::Short { numerators, .. } => numerators.len(),
            Values::Fixed { numerators, .. } | Values::Ratios { numerators, .. } => numerators.len(),
            Values::Wide(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same in a form that operations work on.
    pub(crate) fn widened(&self) -> Values {
        match self {
            Values::Short { numerators, denominator } => fixed(numerators.widened(), i128::from(*denominator)),
            other => other.clone(),
        }
    }

    /// The same in machine words over one denominator, where they fit.
    pub(crate) fn shortened(&self) -> Option<Values> {
        match self {
            Values::Short { .. } => Some(self.clone()),
            Values::Fixed { numerators, denominator } => {
                let denominator = i64::try_from(*denominator).ok()?;
                let numbers = numerators.iter().map(|number| i64::try_from(*number).ok());
                let numerators = Numerators::Long(numbers.collect::<Option<Vec<i64>>>()?);
                Some(Values::Short { numerators, denominator })
            }
            Values::Ratios { .. } | Values::Wide(_) => None,
        }
    }

    /// The denominator of all.
    pub(crate) fn denominator(&self) -> Option<i128> {
        match self {
            Values::Short { denominator, .. } => Some(i128::from(*denominator)),
            Values::Fixed { denominator, .. } => Some(*denominator),
            Values::Ratios { .. } | Values::Wide(_) => None,
        }
    }

    /// Whole numbers.
    pub(crate) fn whole(numerators: Vec<i128>) -> Values {
        Values::Fixed { numerators, denominator: 1 }
    }

    /// Truths: 1 and 0.
    pub(crate) fn truths(truths: &[bool]) -> Values {
        Values::whole(truths.iter().map(|truth| i128::from(*truth)).collect())
    }

    /// `length` zeros.
    pub(crate) fn zeros(length: usize) -> Values {
        Values::whole(vec![0; length])
    }

    /// Quotients, in the fixed form where all denominators are equal.
    pub(crate) fn ratios(numerators: Vec<i128>, denominators: Vec<i128>) -> Values {
        match denominators.first() {
            Some(first) if denominators.iter().all(|other| other == first) => {
                Values::Fixed { numerators, denominator: *first }
            }
            Some(_) => Values::Ratios { numerators, denominators },
            None => Values::zeros(0),
        }
    }

    /// Numbers of any size, in the narrowest form that holds them.
    pub(crate) fn narrowed(values: Vec<Exact>) -> Values {
        let Some(pairs) = values.iter().map(Exact::parts).collect::<Option<Vec<Pair>>>() else {
            return Values::Wide(values);
        };
        if let Some(fixed) = over_common_denominator(&pairs) {
            return fixed;
        }
        let (numerators, denominators) = pairs.into_iter().unzip();
        Values::Ratios { numerators, denominators }
    }

    /// The position read for a lane: a single number stands for every lane.
    fn slot(&self, lane: usize) -> usize {
        if self.len() == 1 { 0 } else { lane }
    }

    /// A lane as a fraction, where the form has one; beyond the end zero.
    #[inline]
    pub(crate) fn pair(&self, lane: usize) -> Option<Pair> {
        let lane = self.slot(lane);
        match self {
            Values::Short { numerators, denominator } => {
                Some((numerators.get(lane).map_or(0, i128::from), i128::from(*denominator)))
            }
            Values::Fixed { numerators, denominator } => {
                Some((numerators.get(lane).copied().unwrap_or(0), *denominator))
            }
            Values::Ratios { numerators, denominators } => {
                Some((numerators.get(lane).copied().unwrap_or(0), denominators.get(lane).copied().unwrap_or(1)))
            }
            Values::Wide(_) => None,
        }
    }

    /// A lane as a number of any size; beyond the end zero.
    pub(crate) fn exact(&self, lane: usize) -> Exact {
        match self {
            Values::Wide(values) => values.get(self.slot(lane)).cloned().unwrap_or_else(Exact::zero),
            _ => self.pair(lane).map_or_else(Exact::zero, number::exact),
        }
    }

    /// Whether the number of a lane is zero.
    pub(crate) fn is_zero(&self, lane: usize) -> bool {
        match self {
            Values::Short { numerators, .. } => numerators.get(self.slot(lane)).is_none_or(|number| number == 0),
            Values::Wide(values) => values.get(self.slot(lane)).is_none_or(Exact::is_zero),
            _ => self.pair(lane).is_none_or(|(numerator, _)| numerator == 0),
        }
    }

    /// Whether each lane is yes, that is not zero.
    pub(crate) fn truth_mask(&self) -> Vec<bool> {
        match self {
            Values::Short { numerators, .. } => {
                (0..numerators.len()).map(|lane| numerators.get(lane) != Some(0)).collect()
            }
            Values::Fixed { numerators, .. } | Values::Ratios { numerators, .. } => {
                numerators.iter().map(|numerator| *numerator != 0).collect()
            }
            Values::Wide(values) => values.iter().map(|value| !value.is_zero()).collect(),
        }
    }

    /// Which of two lanes is larger; allocates only where 128 bits do not suffice.
    pub(crate) fn compare(&self, lane: usize, other: &Values, other_lane: usize) -> Ordering {
        if let (Values::Wide(ours), Values::Wide(theirs)) = (self, other) {
            return ours.get(self.slot(lane)).cmp(&theirs.get(other.slot(other_lane)));
        }
        match (self.pair(lane), other.pair(other_lane)) {
            (Some(a), Some(b)) => number::compare(a, b),
            _ => self.exact(lane).cmp(&other.exact(other_lane)),
        }
    }

    /// The lanes read in another order, one for each position given; beyond the end zero.
    pub(crate) fn gather(&self, lanes: impl Iterator<Item = usize>) -> Values {
        match self {
            Values::Short { .. } => self.widened().gather(lanes),
            Values::Fixed { numerators, denominator } => Values::Fixed {
                numerators: lanes.map(|lane| numerators.get(lane).copied().unwrap_or(0)).collect(),
                denominator: *denominator,
            },
            Values::Ratios { .. } => {
                let pairs = lanes.map(|lane| self.pair(lane).unwrap_or((0, 1)));
                let (numerators, denominators) = pairs.unzip();
                Values::ratios(numerators, denominators)
            }
            Values::Wide(_) => Values::narrowed(lanes.map(|lane| self.exact(lane)).collect()),
        }
    }

    /// A lane alone, in a form that operations work on; beyond the end zero.
    pub(crate) fn lane(&self, lane: usize) -> Values {
        match self.pair(lane) {
            Some((numerator, denominator)) => Values::Fixed { numerators: vec![numerator], denominator },
            None => Values::Wide(vec![self.exact(lane)]),
        }
    }

    /// Puts a single number into a lane, in the narrowest form that holds it beside the others
    /// without their being touched.
    pub(crate) fn set(&mut self, lane: usize, number: &Values) {
        let Some(pair) = number.pair(0) else {
            return self.set_wide(lane, number.exact(0));
        };
        match self {
            Values::Short { numerators, denominator } => {
                let over = over(pair, i128::from(*denominator)).and_then(|numerator| i64::try_from(numerator).ok());
                if over.is_none_or(|numerator| !numerators.set(lane, numerator)) {
                    *self = self.widened();
                    self.set(lane, number);
                }
            }
            Values::Fixed { numerators, denominator } => match over(pair, *denominator) {
                Some(numerator) => numerators.get_mut(lane).into_iter().for_each(|slot| *slot = numerator),
                None => {
                    let denominators = vec![*denominator; numerators.len()];
                    let numerators = core::mem::take(numerators);
                    *self = Values::Ratios { numerators, denominators };
                    self.set(lane, number);
                }
            },
            Values::Ratios { numerators, denominators } => {
                let slots = numerators.get_mut(lane).zip(denominators.get_mut(lane));
                slots.into_iter().for_each(|slots| (*slots.0, *slots.1) = pair);
            }
            Values::Wide(_) => self.set_wide(lane, number::exact(pair)),
        }
    }

    /// Puts a whole number into a lane of whole numbers; false where they have another form.
    pub(crate) fn set_whole(&mut self, lane: usize, number: i64) -> bool {
        match self {
            Values::Short { numerators, denominator: 1 } => numerators.set(lane, number),
            Values::Fixed { numerators, denominator: 1 } => {
                numerators.get_mut(lane).into_iter().for_each(|slot| *slot = i128::from(number));
                true
            }
            _ => false,
        }
    }

    fn set_wide(&mut self, lane: usize, number: Exact) {
        let mut values = match core::mem::replace(self, Values::Wide(Vec::new())) {
            Values::Wide(values) => values,
            other => (0..other.len()).map(|lane| other.exact(lane)).collect(),
        };
        if let Some(slot) = values.get_mut(lane) {
            *slot = number;
        }
        *self = Values::Wide(values);
    }

    /// Sets every lane without a known value to zero, so that no operation ever meets a
    /// leftover there.
    pub(crate) fn clear_unknown(&mut self, states: &States) {
        let States::Mixed(states) = states else {
            return;
        };
        let unknown = states.iter().map(|state| !state.is_known());
        match self {
            Values::Short { numerators: Numerators::Short(numbers), .. } => {
                numbers.iter_mut().zip(unknown).filter(|lane| lane.1).for_each(|lane| *lane.0 = 0);
            }
            Values::Short { numerators: Numerators::Long(numbers), .. } => {
                numbers.iter_mut().zip(unknown).filter(|lane| lane.1).for_each(|lane| *lane.0 = 0);
            }
            Values::Fixed { numerators, .. } => {
                numerators.iter_mut().zip(unknown).filter(|lane| lane.1).for_each(|lane| *lane.0 = 0);
            }
            Values::Ratios { numerators, denominators } => {
                let pairs = numerators.iter_mut().zip(denominators).zip(unknown);
                pairs.filter(|lane| lane.1).for_each(|((n, d), _)| (*n, *d) = (0, 1));
            }
            Values::Wide(values) => {
                values.iter_mut().zip(unknown).filter(|lane| lane.1).for_each(|lane| *lane.0 = Exact::zero());
            }
        }
    }
}

/// The numerator of a fraction over a denominator, where it is a whole number that fits.
fn over(pair: Pair, denominator: i128) -> Option<i128> {
    let (numerator, own) = if denominator % pair.1 == 0 { pair } else { number::lowest(pair) };
    (denominator % own == 0).then(|| number::product(numerator, denominator / own))?
}

/// The same fractions over one denominator, where that stays moderate.
fn over_common_denominator(pairs: &[Pair]) -> Option<Values> {
    let mut denominator: i128 = 1;
    for (_, other) in pairs {
        if denominator % other != 0 {
            denominator = number::product(denominator / number::common_with(denominator, *other), *other)?;
        }
    }
    let scaled = |(numerator, other): &Pair| number::product(*numerator, denominator / other);
    let numerators = pairs.iter().map(scaled).collect::<Option<Vec<i128>>>()?;
    Some(Values::Fixed { numerators, denominator })
}

/// Divides a common factor of all numerators and the denominator out once the denominator
/// has grown, so that long chains of operations stay in 128 bits.
pub(crate) fn fixed(mut numerators: Vec<i128>, denominator: i128) -> Values {
    const GROWN: i128 = 1 << 31;
    if denominator < GROWN {
        return Values::Fixed { numerators, denominator };
    }
    let mut shared = denominator;
    for numerator in &numerators {
        if numerator % shared != 0 {
            shared = number::common_with(*numerator, shared);
        }
        if shared == 1 {
            return Values::Fixed { numerators, denominator };
        }
    }
    numerators.iter_mut().for_each(|numerator| *numerator /= shared);
    Values::Fixed { numerators, denominator: denominator / shared }
}
