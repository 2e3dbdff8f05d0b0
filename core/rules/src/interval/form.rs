//! Expressions as quotients of polynomials, so that what cancels on paper cancels here.

use alloc::{vec, vec::Vec};
use core::cmp::Ordering;
use kaoping_program::NodeId;
use kaoping_terms::Exact;

/// Longest polynomial that is worked with; longer ones are left to plain intervals.
const MOST_TERMS: usize = 48;

/// A product of powers: each factor with its exponent, by number. Empty for a constant.
type Powers = Vec<(NodeId, u32)>;

/// A polynomial over values that are not taken apart: its terms by their powers, none of them
/// with a zero coefficient.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Polynomial {
    terms: Vec<(Powers, Exact)>,
}

/// A quotient of polynomials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) top: Polynomial,
    pub(super) bottom: Polynomial,
}

fn multiplied(a: &Powers, b: &Powers) -> Powers {
    merged(a, b, |power, other| Some(power + other))
}

/// Two sorted lists as one; what both have is brought together, or drops out.
fn merged<K: Ord + Clone, V: Clone>(a: &[(K, V)], b: &[(K, V)], both: impl Fn(&V, &V) -> Option<V>) -> Vec<(K, V)> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut all = Vec::with_capacity(a.len() + b.len());
    loop {
        let order = match (a.peek(), b.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return all,
        };
        match order {
            Ordering::Less => all.extend(a.next().cloned()),
            Ordering::Greater => all.extend(b.next().cloned()),
            Ordering::Equal => {
                let pair = a.next().zip(b.next());
                all.extend(pair.and_then(|((key, one), (_, other))| Some((key.clone(), both(one, other)?))));
            }
        }
    }
}

impl Polynomial {
    pub(super) fn constant(value: Exact) -> Self {
        Self { terms: if value.is_zero() { Vec::new() } else { vec![(Vec::new(), value)] } }
    }

    pub(super) fn atom(node: NodeId) -> Self {
        Self { terms: vec![(vec![(node, 1)], Exact::one())] }
    }

    pub(super) fn terms(&self) -> impl Iterator<Item = (&Powers, &Exact)> {
        self.terms.iter().map(|(powers, factor)| (powers, factor))
    }

    /// The factor of a term; none where there is no such term.
    fn factor(&self, powers: &Powers) -> Option<&Exact> {
        let at = self.terms.binary_search_by(|(other, _)| other.cmp(powers)).ok()?;
        self.terms.get(at).map(|(_, factor)| factor)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value, where it has no atoms.
    pub(super) fn value(&self) -> Option<Exact> {
        match &self.terms[..] {
            [] => Some(Exact::zero()),
            [(powers, factor)] if powers.is_empty() => Some(factor.clone()),
            _ => None,
        }
    }

    fn is_one(&self) -> bool {
        matches!(&self.terms[..], [(powers, factor)] if powers.is_empty() && *factor == Exact::one())
    }

    /// The atoms in it.
    pub(super) fn atoms(&self) -> Vec<NodeId> {
        let mut atoms: Vec<NodeId> = self.terms().flat_map(|(powers, _)| powers).map(|(node, _)| *node).collect();
        atoms.sort();
        atoms.dedup();
        atoms
    }

    /// The highest power of an atom in it.
    pub(super) fn degree(&self, atom: NodeId) -> u32 {
        let power = |powers: &Powers| powers.iter().find(|(node, _)| *node == atom).map_or(0, |(_, power)| *power);
        self.terms().map(|(powers, _)| power(powers)).max().unwrap_or(0)
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let terms = merged(&self.terms, &other.terms, |one, other| Some(one + other).filter(|sum| !sum.is_zero()));
        (terms.len() <= MOST_TERMS).then_some(Self { terms })
    }

    pub(super) fn scaled(&self, by: &Exact) -> Self {
        if by.is_zero() {
            return Self::default();
        }
        Self { terms: self.terms.iter().map(|(powers, factor)| (powers.clone(), factor * by)).collect() }
    }

    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        if other.is_one() {
            return Some(self.clone());
        }
        let mut product = Self::default();
        for (powers, factor) in &other.terms {
            let mut terms: Vec<_> = self.terms().map(|(mine, by)| (multiplied(mine, powers), by * factor)).collect();
            terms.sort_by(|(one, _), (other, _)| one.cmp(other));
            product = product.plus(&Self { terms })?;
        }
        Some(product)
    }

    /// With another polynomial in the place of an atom.
    pub(super) fn with(&self, atom: NodeId, by: &Self) -> Option<Self> {
        let mut result = Self::default();
        for (powers, factor) in &self.terms {
            let rest: Powers = powers.iter().copied().filter(|(node, _)| *node != atom).collect();
            let mut part = Self { terms: vec![(rest, factor.clone())] };
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
        let (powers, factor) = other.terms.last()?;
        let by = self.factor(powers)?.divided_by(factor)?;
        (other.scaled(&by) == *self).then_some(by)
    }

    /// Factor and rest such that this is `factor × other + rest`, with a constant rest.
    pub(super) fn shifted_multiple_of(&self, other: &Self) -> Option<(Exact, Exact)> {
        let (powers, factor) = other.terms.last().filter(|(powers, _)| !powers.is_empty())?;
        let by = self.factor(powers)?.divided_by(factor)?;
        let rest = self.plus(&other.scaled(&-by.clone()))?.value()?;
        Some((by, rest))
    }

    fn linear_part(&self, atom: NodeId) -> Option<(Exact, Exact)> {
        if self.terms().any(|(powers, _)| !powers.is_empty() && powers[..] != [(atom, 1)]) {
            return None;
        }
        let at = |powers: Powers| self.factor(&powers).cloned().unwrap_or_else(Exact::zero);
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
