//! Indicators × offices: targets that were handed down, what the parts make together, and how far that is from the
//! whole. Exact, and without a word of HTML.

use kaoping_office::{
    State,
    ids::{OfficeId, SchemeId},
    outline::{Field, Indicator},
    state::Target,
};
use kaoping_terms::{Exact, figure};

/// How the parts stand to the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// There is no whole: nothing was handed down to the office that hands down.
    NoWhole,
    /// They make it up.
    Even,
    /// So much is missing.
    Lacks(String),
    /// So much is too much.
    Over(String),
}

/// The parts of one input of an indicator.
pub struct Line<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The input.
    pub field: &'a str,
    /// What the office that hands down was given itself; empty where it was given nothing.
    pub whole: String,
    /// The parts, one an office.
    pub parts: Vec<Option<&'a Target>>,
    /// What they make together; empty where they do not add up: rates, and different units.
    pub sum: String,
    /// How that stands to the whole.
    pub gap: Gap,
}

/// Targets of a scheme that one office handed down.
pub struct Parts<'a> {
    /// The offices that were given them.
    pub offices: Vec<&'a OfficeId>,
    /// Indicators in their order.
    pub lines: Vec<Line<'a>>,
}

/// Whether an input can be a target: nobody reports it, it is not judged by several, and it stands beside one that is
/// reported.
pub fn is_target(indicator: &Indicator, field: &Field) -> bool {
    field.figure.is_none() && !field.by_assessor && indicator.fields.iter().any(|other| other.figure.is_some())
}

/// What the parts of one target make together: none where one is no number, a rate, or of another unit.
pub fn sum<'a>(values: impl Iterator<Item = &'a str>) -> Option<Exact> {
    let (mut sum, mut unit) = (Exact::zero(), None);
    for value in values {
        let read = figure::parse(value).ok()?;
        if ["%", "％", "‰"].contains(&read.unit.as_str()) || unit.as_ref().is_some_and(|unit| *unit != read.unit) {
            return None;
        }
        sum = sum + read.value;
        unit = Some(read.unit);
    }
    unit.map(|_| sum)
}

/// How a sum stands to a whole.
pub fn gap(whole: &str, sum: Option<&Exact>) -> Gap {
    let (Ok(whole), Some(sum)) = (figure::parse(whole), sum) else { return Gap::NoWhole };
    let difference = sum.clone() - whole.value;
    match () {
        () if difference.is_zero() => Gap::Even,
        () if difference.is_negative() => Gap::Lacks(difference.abs().to_grouped()),
        () => Gap::Over(difference.to_grouped()),
    }
}

/// A sum as its parts are written: with commas only where some of them have any.
fn written_like(sum: &Exact, parts: &[Option<&Target>]) -> String {
    let has_commas = parts.iter().flatten().any(|target| target.value.contains([',', '，']));
    let plain = if has_commas { None } else { sum.to_plain(0) };
    plain.unwrap_or_else(|| sum.to_grouped())
}

/// What an office was given itself: under the scheme, or under the one it carries out.
pub fn whole<'a>(
    state: &'a State,
    scheme: &SchemeId,
    office: &OfficeId,
    indicator: &Indicator,
    field: &str,
) -> &'a str {
    let upper = state.schemes.get(scheme).and_then(|scheme| scheme.upper.as_ref());
    let of = |scheme: &SchemeId| {
        state.targets.get(&(scheme.clone(), office.clone(), indicator.id.clone(), field.to_owned()))
    };
    of(scheme).or_else(|| upper.and_then(of)).map(|target| target.value.as_str()).unwrap_or_default()
}

impl<'a> Parts<'a> {
    /// Those `from` handed down to offices `sees` lets through.
    pub fn of(state: &'a State, scheme: &SchemeId, from: &OfficeId, sees: impl Fn(&OfficeId) -> bool) -> Self {
        let first = (scheme.clone(), OfficeId::from(""), "".into(), String::new());
        let all = state.targets.range(first..).take_while(|((of, ..), _)| of == scheme);
        let handed: Vec<_> = all.filter(|((_, office, ..), target)| target.from == *from && sees(office)).collect();
        let mut offices: Vec<&OfficeId> = handed.iter().map(|((_, office, ..), _)| office).collect();
        offices.dedup();
        let offices = state.in_order(offices);
        let outline = state.schemes.get(scheme).and_then(|scheme| scheme.outline());
        let mut lines = Vec::new();
        for indicator in outline.map(|outline| outline.indicators.as_slice()).unwrap_or_default() {
            for field in &indicator.fields {
                let find = |wanted: &&OfficeId| {
                    let fits = |((_, office, of, name), _): &&(&'a kaoping_office::state::TargetKey, &'a Target)| {
                        office == *wanted && *of == indicator.id && *name == field.name
                    };
                    handed.iter().find(fits).map(|(_, target)| *target)
                };
                let parts: Vec<Option<&Target>> = offices.iter().map(find).collect();
                if parts.iter().all(Option::is_none) {
                    continue;
                }
                let whole = whole(state, scheme, from, indicator, &field.name);
                let sum = sum(parts.iter().flatten().map(|target| target.value.as_str()));
                lines.push(Line {
                    indicator,
                    field: &field.name,
                    gap: gap(whole, sum.as_ref()),
                    whole: whole.to_owned(),
                    sum: sum.map(|sum| written_like(&sum, &parts)).unwrap_or_default(),
                    parts,
                });
            }
        }
        Self { offices, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, gap, sum};

    #[test]
    fn parts_are_summed_exactly() {
        let values = |values: &[&str]| sum(values.iter().copied());
        let tenths = values(&["0.1", "0.2", "1,000"]);
        assert_eq!(gap("1,000.3", tenths.as_ref()), Gap::Even);
        assert_eq!(gap("1100.3", tenths.as_ref()), Gap::Lacks("100".into()));
        assert_eq!(gap("950.3", tenths.as_ref()), Gap::Over("50".into()));
        assert_eq!(gap("", tenths.as_ref()), Gap::NoWhole);
        assert_eq!(gap("10000000000000000.1", values(&["10000000000000000", "0.2"]).as_ref()), Gap::Over("0.1".into()));
    }

    #[test]
    fn rates_and_different_units_are_not_added() {
        assert_eq!(sum(["98%", "97%"].into_iter()), None);
        assert_eq!(sum(["1 万元", "5 元"].into_iter()), None);
        assert_eq!(sum(["不详"].into_iter()), None);
        assert_eq!(sum(std::iter::empty()), None);
        assert!(sum(["1 万元", "5 万元"].into_iter()).is_some());
    }
}
