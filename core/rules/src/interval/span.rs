//! Stretches of the number line with exact ends, open or closed, or without an end.

use alloc::{format, string::String};
use core::cmp::Ordering;
use kaoping_program::{Bounds, Relation};
use kaoping_terms::{Exact, Text};

/// All values between two ends. An end says whether it is attained itself; an absent end is
/// infinite. A span is never empty: what would be empty is `None` where a span is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    low: Option<(Exact, bool)>,
    high: Option<(Exact, bool)>,
}

/// A limit of a product: an infinity, or a value with whether it is attained.
#[derive(Clone)]
enum Limit {
    Below,
    At(Exact, bool),
    Above,
}

impl Limit {
    fn infinite(positive: bool) -> Self {
        if positive { Limit::Above } else { Limit::Below }
    }

    fn times(&self, other: &Limit) -> Limit {
        match (self, other) {
            (Limit::At(x, x_itself), Limit::At(y, y_itself)) => {
                // Zero is attained whatever the other factor is.
                let by_zero = (x.is_zero() && *x_itself) || (y.is_zero() && *y_itself);
                Limit::At(x * y, by_zero || (*x_itself && *y_itself))
            }
            (Limit::At(x, itself), infinite) | (infinite, Limit::At(x, itself)) => {
                if x.is_zero() {
                    return Limit::At(Exact::zero(), *itself);
                }
                Limit::infinite(x.is_positive() == matches!(infinite, Limit::Above))
            }
            (a, b) => Limit::infinite(matches!(a, Limit::Above) == matches!(b, Limit::Above)),
        }
    }

    /// Order on the line; of equal values the attained one counts as further out.
    fn order(&self, other: &Limit, attained_first: bool) -> Ordering {
        match (self, other) {
            (Limit::Below, Limit::Below) | (Limit::Above, Limit::Above) => Ordering::Equal,
            (Limit::Below, _) | (_, Limit::Above) => Ordering::Less,
            (Limit::Above, _) | (_, Limit::Below) => Ordering::Greater,
            (Limit::At(x, x_itself), Limit::At(y, y_itself)) => x.cmp(y).then_with(|| {
                let outer = x_itself.cmp(y_itself);
                if attained_first { outer.reverse() } else { outer }
            }),
        }
    }

    fn end(self) -> Option<(Exact, bool)> {
        match self {
            Limit::At(value, itself) => Some((value, itself)),
            _ => None,
        }
    }
}

impl Span {
    /// Every number.
    pub fn everything() -> Self {
        Self { low: None, high: None }
    }

    /// One value.
    pub fn point(value: Exact) -> Self {
        Self { low: Some((value.clone(), true)), high: Some((value, true)) }
    }

    /// All values between the ends; none where there are none.
    pub fn new(low: Option<(Exact, bool)>, high: Option<(Exact, bool)>) -> Option<Self> {
        if let (Some((from, from_itself)), Some((to, to_itself))) = (&low, &high)
            && (from > to || (from == to && !(*from_itself && *to_itself)))
        {
            return None;
        }
        Some(Self { low, high })
    }

    /// From a value on, the value included.
    pub fn at_least(value: Exact) -> Self {
        Self { low: Some((value, true)), high: None }
    }

    /// Between two values, both included; the order does not matter.
    pub fn between(a: Exact, b: Exact) -> Self {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        Self { low: Some((low, true)), high: Some((high, true)) }
    }

    /// The declared bounds of a column; none where they exclude each other.
    pub fn of_bounds(bounds: &Bounds) -> Option<Self> {
        Self::new(bounds.low.clone(), bounds.high.clone())
    }

    /// All values that stand in a relation to some value of this span.
    pub fn related(relation: Relation, to: &Span) -> Span {
        match relation {
            Relation::Equal => to.clone(),
            Relation::NotEqual => Span::everything(),
            Relation::Less => Span { low: None, high: to.high.clone().map(|(value, _)| (value, false)) },
            Relation::AtMost => Span { low: None, high: to.high.clone() },
            Relation::Greater => Span { low: to.low.clone().map(|(value, _)| (value, false)), high: None },
            Relation::AtLeast => Span { low: to.low.clone(), high: None },
        }
    }

    /// The lower end and whether it is attained; none: there is none.
    pub fn low(&self) -> Option<&(Exact, bool)> {
        self.low.as_ref()
    }

    /// The upper end and whether it is attained; none: there is none.
    pub fn high(&self) -> Option<&(Exact, bool)> {
        self.high.as_ref()
    }

    /// The value, where it is only one.
    pub fn value(&self) -> Option<&Exact> {
        match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether a value lies within.
    pub fn contains(&self, value: &Exact) -> bool {
        let above = self.low.as_ref().is_none_or(|(low, itself)| value > low || (*itself && value == low));
        let below = self.high.as_ref().is_none_or(|(high, itself)| value < high || (*itself && value == high));
        above && below
    }

    /// Whether all values of another span lie within.
    pub fn covers(&self, other: &Span) -> bool {
        self.meet(other).as_ref() == Some(other)
    }

    /// Whether a value below zero lies within.
    pub fn reaches_below_zero(&self) -> bool {
        self.low.as_ref().is_none_or(|(low, _)| low.is_negative())
    }

    /// Values of both; none where there are none.
    pub fn meet(&self, other: &Span) -> Option<Span> {
        let low = inner(&self.low, &other.low, Ordering::Greater);
        let high = inner(&self.high, &other.high, Ordering::Less);
        Span::new(low, high)
    }

    /// The smallest span with the values of both.
    #[must_use]
    pub fn hull(&self, other: &Span) -> Span {
        Span {
            low: outer(&self.low, &other.low, Ordering::Less),
            high: outer(&self.high, &other.high, Ordering::Greater),
        }
    }

    /// Without a value that is one of its ends; none where nothing is left.
    pub fn without(&self, value: &Exact) -> Option<Span> {
        let open = |end: &Option<(Exact, bool)>| end.clone().map(|(at, itself)| (at.clone(), itself && at != *value));
        Span::new(open(&self.low), open(&self.high))
    }

    /// The sums.
    #[must_use]
    pub fn plus(&self, other: &Span) -> Span {
        let add = |a: &Option<(Exact, bool)>, b: &Option<(Exact, bool)>| match (a, b) {
            (Some((x, x_itself)), Some((y, y_itself))) => Some((x + y, *x_itself && *y_itself)),
            _ => None,
        };
        Span { low: add(&self.low, &other.low), high: add(&self.high, &other.high) }
    }

    /// The negatives.
    #[must_use]
    pub fn negated(&self) -> Span {
        let negate = |end: &Option<(Exact, bool)>| end.clone().map(|(value, itself)| (-value, itself));
        Span { low: negate(&self.high), high: negate(&self.low) }
    }

    /// The products.
    #[must_use]
    pub fn times(&self, other: &Span) -> Span {
        let limits = |span: &Span| {
            [
                span.low.clone().map_or(Limit::Below, |(value, itself)| Limit::At(value, itself)),
                span.high.clone().map_or(Limit::Above, |(value, itself)| Limit::At(value, itself)),
            ]
        };
        let ours = limits(self);
        let theirs = limits(other);
        let corners = || ours.iter().flat_map(|a| theirs.iter().map(move |b| a.times(b)));
        let low = corners().min_by(|a, b| a.order(b, true)).and_then(Limit::end);
        let high = corners().max_by(|a, b| a.order(b, false)).and_then(Limit::end);
        Span { low, high }
    }

    /// One by each value that is not zero; none where zero is the only value.
    pub fn reciprocal(&self) -> Option<Span> {
        let span = self.without(&Exact::zero())?;
        let turn = |end: &Option<(Exact, bool)>| match end {
            Some((value, _)) if value.is_zero() => None,
            Some((value, itself)) => Exact::one().divided_by(value).map(|value| (value, *itself)),
            None => Some((Exact::zero(), false)),
        };
        let positive = span.low.as_ref().is_some_and(|(low, _)| !low.is_negative());
        let negative = span.high.as_ref().is_some_and(|(high, _)| !high.is_positive());
        if positive || negative {
            return Some(Span { low: turn(&span.high), high: turn(&span.low) });
        }
        Some(Span::everything())
    }

    /// The values under a function that never falls. Ends that are not attained become ends
    /// that may be, which is wider and never wrong.
    #[must_use]
    pub fn rising(&self, f: impl Fn(&Exact) -> Exact) -> Span {
        let map = |end: &Option<(Exact, bool)>| end.as_ref().map(|(value, _)| (f(value), true));
        Span { low: map(&self.low), high: map(&self.high) }
    }

    /// The smaller of a value of each.
    #[must_use]
    pub fn smaller(&self, other: &Span) -> Span {
        Span { low: outer(&self.low, &other.low, Ordering::Less), high: inner(&self.high, &other.high, Ordering::Less) }
    }

    /// The larger of a value of each.
    #[must_use]
    pub fn larger(&self, other: &Span) -> Span {
        self.negated().smaller(&other.negated()).negated()
    }

    /// Whether the relation between values of two spans is settled.
    pub fn settles(&self, relation: Relation, other: &Span) -> Option<bool> {
        let holds = |relation: Relation| match relation {
            Relation::Less => before(&self.high, &other.low, true),
            Relation::AtMost => before(&self.high, &other.low, false),
            Relation::Greater => before(&other.high, &self.low, true),
            Relation::AtLeast => before(&other.high, &self.low, false),
            Relation::Equal => self.value().is_some() && self.value() == other.value(),
            Relation::NotEqual => self.meet(other).is_none(),
        };
        if holds(relation) {
            return Some(true);
        }
        holds(opposite(relation)).then_some(false)
    }

    /// As other programs read it: `[4.8, 14.4]`, `(−∞, 5]`.
    pub fn written(&self) -> String {
        let low = match &self.low {
            Some((value, itself)) => format!("{}{value}", if *itself { "[" } else { "(" }),
            None => String::from("(−∞"),
        };
        match &self.high {
            Some((value, itself)) => format!("{low}, {value}{}", if *itself { "]" } else { ")" }),
            None => format!("{low}, ∞)"),
        }
    }

    /// As people say it, each end written in a way of its own, such as with its unit:
    /// 不超过 5 分, 大于 5 分且不超过 8 分, 4.8 分 至 14.4 分.
    pub fn in_words(&self, shown: &dyn Fn(&Exact) -> String) -> Text {
        if let Some(value) = self.value() {
            return Text::same(shown(value));
        }
        if let (Some((low, true)), Some((high, true))) = (&self.low, &self.high) {
            let (low, high) = (shown(low), shown(high));
            return Text::new(format!("{low} 至 {high}"), format!("{low} to {high}"));
        }
        let low = self.low.as_ref().map(|(value, itself)| {
            let value = shown(value);
            let (zh, en) = if *itself { ("不低于", "at least") } else { ("大于", "more than") };
            Text::new(format!("{zh} {value}"), format!("{en} {value}"))
        });
        let high = self.high.as_ref().map(|(value, itself)| {
            let value = shown(value);
            let (zh, en) = if *itself { ("不超过", "at most") } else { ("小于", "less than") };
            Text::new(format!("{zh} {value}"), format!("{en} {value}"))
        });
        match (low, high) {
            (Some(low), Some(high)) => {
                Text::new(format!("{}且{}", low.zh, high.zh), format!("{} and {}", low.en, high.en))
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Text::new("任何数", "any number"),
        }
    }
}

/// Whether all values up to one end lie below all values from the other on.
fn before(high: &Option<(Exact, bool)>, low: &Option<(Exact, bool)>, strictly: bool) -> bool {
    match (high, low) {
        (Some((high, high_itself)), Some((low, low_itself))) => {
            high < low || (high == low && !(strictly && *high_itself && *low_itself))
        }
        _ => false,
    }
}

/// The relation that holds where the other does not.
pub fn opposite(relation: Relation) -> Relation {
    match relation {
        Relation::Equal => Relation::NotEqual,
        Relation::NotEqual => Relation::Equal,
        Relation::Less => Relation::AtLeast,
        Relation::AtMost => Relation::Greater,
        Relation::Greater => Relation::AtMost,
        Relation::AtLeast => Relation::Less,
    }
}

/// The relation seen from the other side.
pub fn turned(relation: Relation) -> Relation {
    match relation {
        Relation::Equal => Relation::Equal,
        Relation::NotEqual => Relation::NotEqual,
        Relation::Less => Relation::Greater,
        Relation::AtMost => Relation::AtLeast,
        Relation::Greater => Relation::Less,
        Relation::AtLeast => Relation::AtMost,
    }
}

/// Of two ends the one further in; `toward` is the direction inwards.
fn inner(a: &Option<(Exact, bool)>, b: &Option<(Exact, bool)>, toward: Ordering) -> Option<(Exact, bool)> {
    match (a, b) {
        (None, end) | (end, None) => end.clone(),
        (Some((x, x_itself)), Some((y, y_itself))) => Some(match x.cmp(y) {
            Ordering::Equal => (x.clone(), *x_itself && *y_itself),
            order if order == toward => (x.clone(), *x_itself),
            _ => (y.clone(), *y_itself),
        }),
    }
}

/// Of two ends the one further out; `toward` is the direction outwards.
fn outer(a: &Option<(Exact, bool)>, b: &Option<(Exact, bool)>, toward: Ordering) -> Option<(Exact, bool)> {
    match (a, b) {
        (None, _) | (_, None) => None,
        (Some((x, x_itself)), Some((y, y_itself))) => Some(match x.cmp(y) {
            Ordering::Equal => (x.clone(), *x_itself || *y_itself),
            order if order == toward => (x.clone(), *x_itself),
            _ => (y.clone(), *y_itself),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(low: i64, low_itself: bool, high: i64, high_itself: bool) -> Span {
        Span::new(Some((Exact::whole(low), low_itself)), Some((Exact::whole(high), high_itself))).expect("not empty")
    }

    #[test]
    fn products_keep_open_ends() {
        assert_eq!(span(-2, true, 3, false).times(&span(-1, true, 4, true)), span(-8, true, 12, false));
        let positive = Span::new(Some((Exact::zero(), false)), None).expect("not empty");
        assert_eq!(positive.times(&positive), positive);
        let from_zero = Span::at_least(Exact::zero());
        assert_eq!(from_zero.times(&Span::everything()), Span::everything());
        assert_eq!(from_zero.times(&positive), from_zero);
    }

    #[test]
    fn quotients_leave_out_zero() {
        assert_eq!(span(0, true, 4, true).reciprocal().expect("some").written(), "[0.25, ∞)");
        assert_eq!(Span::point(Exact::zero()).reciprocal(), None);
        assert_eq!(span(-1, true, 1, true).reciprocal(), Some(Span::everything()));
        assert_eq!(Span::at_least(Exact::one()).reciprocal().expect("some").written(), "(0, 1]");
    }

    #[test]
    fn relations_are_settled_only_where_they_must_be() {
        let low = span(0, true, 1, true);
        assert_eq!(low.settles(Relation::Less, &span(1, false, 2, true)), Some(true));
        assert_eq!(low.settles(Relation::Less, &span(1, true, 2, true)), None);
        assert_eq!(low.settles(Relation::AtMost, &span(1, true, 2, true)), Some(true));
        assert_eq!(low.settles(Relation::Greater, &span(1, true, 2, true)), Some(false));
        assert_eq!(low.settles(Relation::Equal, &span(3, true, 4, true)), Some(false));
    }

    #[test]
    fn ranges_are_said_as_a_clerk_says_them() {
        let say = |span: &Span| {
            let text = span.in_words(&|value| format!("{value} 分"));
            (text.zh, text.en)
        };
        let both = |zh: &str, en: &str| (String::from(zh), String::from(en));
        let up_to = Span::new(None, Some((Exact::whole(5), true))).expect("some");
        assert_eq!(say(&up_to), both("不超过 5 分", "at most 5 分"));
        assert_eq!(say(&span(5, false, 8, true)), both("大于 5 分且不超过 8 分", "more than 5 分 and at most 8 分"));
        assert_eq!(say(&span(5, true, 8, false)), both("不低于 5 分且小于 8 分", "at least 5 分 and less than 8 分"));
        assert_eq!(say(&span(5, true, 8, true)), both("5 分 至 8 分", "5 分 to 8 分"));
        assert_eq!(say(&Span::at_least(Exact::zero())), both("不低于 0 分", "at least 0 分"));
        assert_eq!(say(&Span::point(Exact::one())), both("1 分", "1 分"));
        assert_eq!(say(&Span::everything()), both("任何数", "any number"));
    }

    #[test]
    fn extremes() {
        assert_eq!(span(0, true, 9, true).smaller(&span(5, true, 6, false)), span(0, true, 6, false));
        assert_eq!(span(0, true, 9, true).larger(&Span::point(Exact::whole(5))), span(5, true, 9, true));
    }
}
