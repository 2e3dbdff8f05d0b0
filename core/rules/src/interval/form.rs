//! Expressions as quotients of polynomials, so that what cancels on paper cancels here.

use alloc::{collections::BTreeMap, vec, vec::Vec};
use kaoping_program::NodeId;
use kaoping_terms::Exact;

/// Longest polynomial that is worked with; longer ones are left to plain intervals.
const MOST_TERMS: usize = 48;

/// A product of powers: each factor with its exponent, by number. Empty for a constant.
type Powers = Vec<(NodeId, u32)>;

/// A polynomial over values that are not taken apart. No term has a zero coefficient.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Polynomial {
    terms: BTreeMap<Powers, Exact>,
}

/// A quotient of polynomials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) top: Polynomial,
    pub(super) bottom: Polynomial,
}

fn multiplied(a: &Powers, b: &Powers) -> Powers {
    let mut powers: BTreeMap<NodeId, u32> = a.iter().copied().collect();
    for (node, power) in b {
        *powers.entry(*node).or_default() += power;
    }
    powers.into_iter().collect()
}

impl Polynomial {
    pub(super) fn constant(value: Exact) -> Self {
        let mut terms = BTreeMap::new();
        if !value.is_zero() {
            terms.insert(Vec::new(), value);
        }
        Self { terms }
    }

    pub(super) fn atom(node: NodeId) -> Self {
        Self { terms: BTreeMap::from([(vec![(node, 1)], Exact::one())]) }
    }

    pub(super) fn terms(&self) -> impl Iterator<Item = (&Powers, &Exact)> {
        self.terms.iter()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value, where it has no atoms.
    pub(super) fn value(&self) -> Option<Exact> {
        match self.terms.len() {
            0 => Some(Exact::zero()),
            1 => self.terms.get(&Vec::new()).cloned(),
            _ => None,
        }
    }

    /// The atoms in it.
    pub(super) fn atoms(&self) -> Vec<NodeId> {
        let mut atoms: Vec<NodeId> = self.terms.keys().flatten().map(|(node, _)| *node).collect();
        atoms.sort();
        atoms.dedup();
        atoms
    }

    /// The highest power of an atom in it.
    pub(super) fn degree(&self, atom: NodeId) -> u32 {
        let power = |powers: &Powers| powers.iter().find(|(node, _)| *node == atom).map_or(0, |(_, power)| *power);
        self.terms.keys().map(power).max().unwrap_or(0)
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut terms = self.terms.clone();
        for (powers, factor) in &other.terms {
            let sum = terms.get(powers).map_or_else(|| factor.clone(), |found| found + factor);
            if sum.is_zero() {
                terms.remove(powers);
            } else {
                terms.insert(powers.clone(), sum);
            }
        }
        (terms.len() <= MOST_TERMS).then_some(Self { terms })
    }

    pub(super) fn scaled(&self, by: &Exact) -> Self {
        if by.is_zero() {
            return Self::default();
        }
        Self { terms: self.terms.iter().map(|(powers, factor)| (powers.clone(), factor * by)).collect() }
    }

    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        let mut product = Self::default();
        for (powers, factor) in &other.terms {
            let part = self.terms.iter().map(|(mine, by)| (multiplied(mine, powers), by * factor)).collect();
            product = product.plus(&Self { terms: part })?;
        }
        Some(product)
    }

    /// With another polynomial in the place of an atom.
    pub(super) fn with(&self, atom: NodeId, by: &Self) -> Option<Self> {
        let mut result = Self::default();
        for (powers, factor) in &self.terms {
            let rest: Powers = powers.iter().copied().filter(|(node, _)| *node != atom).collect();
            let mut part = Self { terms: BTreeMap::from([(rest, factor.clone())]) };
            let times = powers.iter().find(|(node, _)| *node == atom).map_or(0, |(_, power)| *power);
            for _ in 0..times {
                part = part.times(by)?;
            }
            result = result.plus(&part)?;
        }
        Some(result)
    }

    /// The factor by which this is another polynomial, where it is a multiple of it.
    pub(super) fn multiple_of(&self, other: &Self) -> Option<Exact> {
        let (powers, factor) = other.terms.iter().next_back()?;
        let by = self.terms.get(powers)?.divided_by(factor)?;
        (other.scaled(&by) == *self).then_some(by)
    }

    /// Factor and rest such that this is `factor × other + rest`, with a constant rest.
    pub(super) fn shifted_multiple_of(&self, other: &Self) -> Option<(Exact, Exact)> {
        let (powers, factor) = other.terms.iter().next_back().filter(|(powers, _)| !powers.is_empty())?;
        let by = self.terms.get(powers)?.divided_by(factor)?;
        let rest = self.plus(&other.scaled(&-by.clone()))?.value()?;
        Some((by, rest))
    }

    fn linear_part(&self, atom: NodeId) -> Option<(Exact, Exact)> {
        if self.terms.keys().any(|powers| !powers.is_empty() && *powers != vec![(atom, 1)]) {
            return None;
        }
        let at = |powers: Powers| self.terms.get(&powers).cloned().unwrap_or_else(Exact::zero);
        Some((at(vec![(atom, 1)]), at(Vec::new())))
    }
}

impl Form {
    pub(super) fn constant(value: Exact) -> Self {
        Self { top: Polynomial::constant(value), bottom: Polynomial::constant(Exact::one()) }
    }

    pub(super) fn atom(node: NodeId) -> Self {
        Self { top: Polynomial::atom(node), bottom: Polynomial::constant(Exact::one()) }
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        if self.bottom == other.bottom {
            return Some(Self { top: self.top.plus(&other.top)?, bottom: self.bottom.clone() }.tidy());
        }
        let top = self.top.times(&other.bottom)?.plus(&other.top.times(&self.bottom)?)?;
        Some(Self { top, bottom: self.bottom.times(&other.bottom)? }.tidy())
    }

    pub(super) fn negated(&self) -> Self {
        Self { top: self.top.scaled(&-Exact::one()), bottom: self.bottom.clone() }
    }

    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        Some(Self { top: self.top.times(&other.top)?, bottom: self.bottom.times(&other.bottom)? }.tidy())
    }

    /// The quotient; none where the divisor is nothing but zero.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        if other.top.is_zero() {
            return None;
        }
        self.times(&Self { top: other.bottom.clone(), bottom: other.top.clone() })
    }

    /// A constant below the line is multiplied in, and what is the same on both sides goes.
    fn tidy(self) -> Self {
        if let Some(by) = self.bottom.value().and_then(|value| Exact::one().divided_by(&value)) {
            return Self { top: self.top.scaled(&by), bottom: Polynomial::constant(Exact::one()) };
        }
        if let Some(value) = self.top.multiple_of(&self.bottom) {
            return Self::constant(value);
        }
        self
    }

    /// With another polynomial in the place of an atom, simplified.
    pub(super) fn with(&self, atom: NodeId, by: &Polynomial) -> Option<Self> {
        let bottom = self.bottom.with(atom, by)?;
        if bottom.is_zero() {
            return None;
        }
        Some(Self { top: self.top.with(atom, by)?, bottom }.tidy())
    }

    /// `whole + rest / (slope × atom + shift)` for a quotient of two linear polynomials of one
    /// atom: whole, rest, slope, shift, atom.
    pub(super) fn simple_quotient(&self) -> Option<(Exact, Exact, Exact, Exact, NodeId)> {
        let [atom] = self.bottom.atoms()[..] else {
            return None;
        };
        let (slope, shift) = self.bottom.linear_part(atom)?;
        let (top_slope, top_shift) = self.top.linear_part(atom)?;
        let whole = top_slope.divided_by(&slope)?;
        let rest = top_shift + -(&whole * &shift);
        Some((whole, rest, slope, shift, atom))
    }
}
