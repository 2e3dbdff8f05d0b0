//! Units of measure: vectors of nouns, so that yuan are never added to persons.

use crate::Exact;
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

/// A base noun of measure, such as 分, 元, 人, 户.
pub type Noun = String;

/// What the name of a noun that is nowhere named begins with.
const ANONYMOUS: char = '#';

/// The noun of assessment points.
pub const POINTS: &str = "分";
/// The noun of money.
pub const YUAN: &str = "元";

/// Multiples written in front of a noun: 万元, 亿元, 万人.
pub const MULTIPLES: &[(&str, i64)] = &[("亿", 100_000_000), ("百万", 1_000_000), ("万", 10_000), ("千", 1_000)];

/// How many of a unit one of another is, where both are multiples of one noun: 10,000 元 are 1 万元. `None` where they
/// are not.
pub fn ratio(of: &str, to: &str) -> Option<Exact> {
    let (factor, noun) = taken_apart(of);
    let (other, same) = taken_apart(to);
    if noun != same { None } else { factor.divided_by(&other) }
}

/// A unit as a noun and how many of it one is.
fn taken_apart(unit: &str) -> (Exact, &str) {
    let (mut factor, mut noun) = (Exact::one(), unit);
    while let Some((rest, of)) = MULTIPLES.iter().find_map(|(word, of)| Some((noun.strip_prefix(word)?, of)))
        && !rest.is_empty()
    {
        (factor, noun) = (factor * Exact::whole(*of), rest);
    }
    (factor, noun)
}

/// How a number without a noun is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Flavour {
    /// A plain number: a count, a factor.
    #[default]
    Plain,
    /// A ratio, written in per cent.
    Ratio,
}

/// A unit of measure: each noun with its power. Multiplication adds powers, division
/// subtracts them; addition and comparison need equality.
///
/// Values are kept in base units (元), yet a policy that says 万元 is answered in 万元: the
/// multiple it was declared in goes along for printing and has no part in equality.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    powers: BTreeMap<Noun, i32>,
    flavour: Flavour,
    /// For a base noun the multiple it is written in, and how many base nouns that is.
    multiples: BTreeMap<Noun, (Noun, Exact)>,
}

impl PartialEq for Measure {
    fn eq(&self, other: &Self) -> bool {
        self.powers == other.powers && self.flavour == other.flavour
    }
}

impl Eq for Measure {}

impl PartialOrd for Measure {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Measure {
    fn cmp(&self, other: &Self) -> Ordering {
        self.powers.cmp(&other.powers).then_with(|| self.flavour.cmp(&other.flavour))
    }
}

impl Hash for Measure {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.powers.hash(state);
        self.flavour.hash(state);
    }
}

impl Measure {
    /// A plain number.
    pub fn plain() -> Self {
        Self::default()
    }

    /// A ratio.
    pub fn ratio() -> Self {
        Self { flavour: Flavour::Ratio, ..Self::default() }
    }

    /// One noun to the first power.
    pub fn noun(noun: impl Into<Noun>) -> Self {
        let mut powers = BTreeMap::new();
        powers.insert(noun.into(), 1);
        Self { powers, ..Self::default() }
    }

    /// The unit as it is written with a multiple of its only noun: 元 as 万元, `factor` 10,000.
    /// Any other unit stays as it is.
    #[must_use]
    pub fn written_in(mut self, multiple: &str, factor: &Exact) -> Self {
        if *factor != Exact::one()
            && let Some((noun, 1)) = self.powers.iter().next().filter(|_| self.powers.len() == 1)
        {
            self.multiples.insert(noun.clone(), (Noun::from(multiple), factor.clone()));
        }
        self
    }

    /// How many of the written unit a value in base units is: 1.2 (万元) for 12,000 (元).
    pub fn count(&self, value: &Exact) -> Exact {
        let mut count = value.clone();
        for (noun, (_, factor)) in &self.multiples {
            let power = self.powers.get(noun).copied().unwrap_or(0);
            for _ in 0..power.unsigned_abs() {
                let next = if power > 0 { count.divided_by(factor) } else { Some(&count * factor) };
                count = next.unwrap_or(count);
            }
        }
        count
    }

    /// The multiples of both that are about nouns which are left.
    fn multiples_with(&self, other: &Self, powers: &BTreeMap<Noun, i32>) -> BTreeMap<Noun, (Noun, Exact)> {
        let both = other.multiples.iter().chain(&self.multiples);
        both.filter(|(noun, _)| powers.contains_key(*noun))
            .map(|(noun, multiple)| (noun.clone(), multiple.clone()))
            .collect()
    }

    /// Assessment points, 分.
    pub fn points() -> Self {
        Self::noun(POINTS)
    }

    /// Whether no noun is left.
    pub fn is_number(&self) -> bool {
        self.powers.is_empty()
    }

    /// Whether it is a ratio.
    pub fn is_ratio(&self) -> bool {
        self.is_number() && self.flavour == Flavour::Ratio
    }

    /// Nouns with their powers.
    pub fn powers(&self) -> impl Iterator<Item = (&str, i32)> {
        self.powers.iter().map(|(noun, power)| (noun.as_str(), *power))
    }

    fn combine(&self, other: &Self, sign: i32) -> BTreeMap<Noun, i32> {
        let mut powers = self.powers.clone();
        for (noun, power) in &other.powers {
            let sum = powers.get(noun).copied().unwrap_or(0).saturating_add(sign.saturating_mul(*power));
            if sum == 0 {
                powers.remove(noun);
            } else {
                powers.insert(noun.clone(), sum);
            }
        }
        powers
    }

    /// The unit of a product. Plain × plain is plain; a ratio times a number is a ratio.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let powers = self.combine(other, 1);
        let ratio = self.is_ratio() || other.is_ratio() || (powers.is_empty() && !self.is_number());
        let flavour = if powers.is_empty() && ratio { Flavour::Ratio } else { Flavour::Plain };
        let multiples = self.multiples_with(other, &powers);
        Self { powers, flavour, multiples }
    }

    /// The unit of a quotient. Like by like is a ratio; plain by plain is plain.
    #[must_use]
    pub fn per(&self, other: &Self) -> Self {
        let powers = self.combine(other, -1);
        let both_plain = self.is_number() && other.is_number() && !self.is_ratio() && !other.is_ratio();
        let flavour = if powers.is_empty() && !both_plain { Flavour::Ratio } else { Flavour::Plain };
        let multiples = self.multiples_with(other, &powers);
        Self { powers, flavour, multiples }
    }

    /// The unit with one noun replaced by another unit, as when a rule is used for an item.
    #[must_use]
    pub fn substitute(&self, noun: &str, by: &Measure) -> Self {
        let Some(power) = self.powers.get(noun).copied() else {
            return self.clone();
        };
        let mut rest = self.clone();
        rest.powers.remove(noun);
        for _ in 0..power.unsigned_abs() {
            rest = if power > 0 { rest.times(by) } else { rest.per(by) };
        }
        rest
    }

    /// A noun of its own that is nowhere named: the unit of a figure whose policy gives none.
    /// It equals only itself and is not written behind a number.
    pub fn anonymous(owner: &str) -> Self {
        Self::noun(format!("{ANONYMOUS}{owner}"))
    }

    /// Whether it is the unit of a figure whose policy names none.
    pub fn is_anonymous(&self) -> bool {
        self.powers.keys().any(|noun| noun.starts_with(ANONYMOUS))
    }

    /// The smallest step of a figure where none is declared: one of what is counted, one cent, a
    /// tenth per cent.
    pub fn usual_step(&self) -> Exact {
        if self.is_ratio() {
            Exact::decimal(1, 3)
        } else if *self == Measure::noun(YUAN) || *self == Measure::points() {
            Exact::decimal(1, 2)
        } else {
            Exact::one()
        }
    }

    /// How the unit is written after a number: `元/人·月`, empty for plain, `%` for a ratio.
    pub fn symbol(&self) -> String {
        if self.powers.is_empty() {
            return String::from(if self.flavour == Flavour::Ratio { "%" } else { "" });
        }
        let side = |positive: bool| -> Vec<String> {
            self.powers
                .iter()
                .filter(|(noun, power)| (**power > 0) == positive && !noun.starts_with(ANONYMOUS))
                .map(|(noun, power)| {
                    let written = self.multiples.get(noun).map_or(noun, |(multiple, _)| multiple);
                    match power.unsigned_abs() {
                        1 => written.clone(),
                        n => format!("{written}^{n}"),
                    }
                })
                .collect()
        };
        let (above, below) = (side(true).join("·"), side(false).join("·"));
        match (above.is_empty(), below.is_empty()) {
            (_, true) => above,
            (true, false) => format!("1/{below}"),
            (false, false) => format!("{above}/{below}"),
        }
    }

    /// A number of this unit for a message: `98%`, `1,200 元`, `1.2 万元`, `5`.
    pub fn figure(&self, number: &Exact) -> String {
        if self.is_number() && self.flavour == Flavour::Ratio {
            return format!("{}%", (number * &Exact::whole(100)).to_grouped());
        }
        let count = self.count(number);
        match self.symbol() {
            symbol if symbol.is_empty() || self.is_anonymous() => count.to_grouped(),
            symbol => format!("{} {symbol}", count.to_grouped()),
        }
    }

    /// The unit in words for a message: as [`Self::symbol`], with plain numbers named.
    pub fn describe(&self) -> String {
        match (self.is_number(), self.flavour) {
            (true, Flavour::Plain) => String::from("数"),
            (true, Flavour::Ratio) => String::from("百分比"),
            _ if self.is_anonymous() => String::from("量（未写单位）"),
            _ => self.symbol(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Measure;
    use crate::Exact;

    #[test]
    fn multiples_of_one_noun_convert() {
        let ratio = |of, to| super::ratio(of, to).map(|found| found.to_fraction());
        assert_eq!(ratio("万元", "元").as_deref(), Some("10000"));
        assert_eq!(ratio("元", "亿元").as_deref(), Some("1/100000000"));
        assert_eq!(ratio("百万元", "万元").as_deref(), Some("100"));
        assert_eq!((ratio("万元", "万人"), ratio("万", "元"), ratio("元/人", "元")), (None, None, None));
    }

    #[test]
    fn a_unit_declared_in_a_multiple_is_written_in_it() {
        let ten_thousand = Exact::whole(10_000);
        let yuan = Measure::noun("元");
        let wan = yuan.clone().written_in("万元", &ten_thousand);
        assert_eq!(wan, yuan, "a multiple is how it is written, not another unit");
        assert_eq!(wan.figure(&Exact::whole(12_500)), "1.25 万元");
        let household = Measure::noun("户");
        assert_eq!(wan.per(&household).figure(&Exact::whole(5_000)), "0.5 万元/户");
        assert_eq!(wan.per(&household).times(&household).figure(&Exact::whole(1)), "0.0001 万元");
        assert_eq!(household.per(&wan).figure(&Exact::decimal(3, 4)), "3 户/万元");
        assert_eq!(wan.per(&yuan).figure(&Exact::one()), "100%");
    }

    #[test]
    fn a_step_is_one_of_what_is_counted_a_cent_or_a_tenth_per_cent() {
        assert_eq!(Measure::noun("人").usual_step(), Exact::one());
        assert_eq!(Measure::anonymous("甲项").usual_step(), Exact::one());
        assert_eq!(Measure::noun("元").usual_step(), Exact::decimal(1, 2));
        assert_eq!(Measure::points().usual_step(), Exact::decimal(1, 2));
        assert_eq!(Measure::ratio().usual_step(), Exact::decimal(1, 3));
        assert_eq!(Measure::plain().usual_step(), Exact::one());
    }

    #[test]
    fn products_and_quotients() {
        let yuan = Measure::noun("元");
        let person = Measure::noun("人");
        let month = Measure::noun("月");
        let cost = yuan.per(&person).per(&month);
        assert_eq!(cost.symbol(), "元/人·月");
        assert_eq!(cost.times(&person).times(&month), yuan);
        assert!(person.per(&person).is_ratio());
        assert!(!Measure::plain().per(&Measure::plain()).is_ratio());
        assert_eq!(Measure::ratio().times(&Measure::points()), Measure::points());
    }
}
