//! Written figures: a number with what stands behind it becomes an exact value in base units.

use crate::measures::Nouns;
use alloc::format;
use kaoping_syntax::ast::{Literal, LiteralNumber, Suffix};
use kaoping_terms::{Diagnostic, Exact, Measure, Report, Text};

/// An exact value with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value in base units (元, not 万元; 0.05 for 5 %); none where it cannot be read.
    pub number: Option<Exact>,
    /// Its unit.
    pub measure: Measure,
    /// Whether it was written without a unit, so that it takes the declared one.
    pub bare: bool,
}

impl Value {
    /// Points.
    pub fn points(number: Exact) -> Self {
        Self { number: Some(number), measure: Measure::points(), bare: false }
    }
}

impl Value {
    /// The number where a bare one is meant in a multiple: 600 for 600 万元.
    pub fn scaled(&self, scale: &Exact) -> Option<Exact> {
        let number = self.number.as_ref()?;
        Some(if self.bare { number * scale } else { number.clone() })
    }
}

/// The value of a written figure.
pub fn value(literal: &Literal, nouns: &Nouns, report: &mut Report) -> Option<Value> {
    let (factor, measure, bare) = match &literal.suffix {
        Suffix::None => (Exact::one(), Measure::plain(), true),
        Suffix::Percent | Suffix::PercentagePoints => (Exact::decimal(1, 2), Measure::ratio(), false),
        Suffix::Unit(unit) => {
            let (factor, measure) = nouns.unit(unit, report)?;
            (factor, measure, false)
        }
    };
    let number = match &literal.number {
        LiteralNumber::Known(number) => Some(number * &factor),
        LiteralNumber::Unreadable(_) => None,
    };
    Some(Value { number, measure, bare })
}

/// The value of a figure where a certain unit is declared: a bare number takes it, anything
/// else must equal it.
pub fn value_in(literal: &Literal, expected: &Measure, nouns: &Nouns, report: &mut Report) -> Option<Value> {
    let value = value(literal, nouns, report)?;
    if value.measure == *expected || (value.bare && !bare_needs_percent(&value, expected)) {
        return Some(Value { measure: expected.clone(), ..value });
    }
    report.push(mismatch(literal, &value, expected));
    None
}

/// Whether a bare number would have to be a per cent: only 0 and 1 stand for 0 % and 100 %.
pub fn bare_needs_percent(value: &Value, expected: &Measure) -> bool {
    expected.is_ratio()
        && value.bare
        && value.number.as_ref().is_some_and(|number| !number.is_zero() && *number != Exact::one())
}

fn mismatch(literal: &Literal, value: &Value, expected: &Measure) -> Diagnostic {
    let (have, want) = (value.measure.describe(), expected.describe());
    if bare_needs_percent(value, expected) {
        let number = value.number.clone().unwrap_or_else(Exact::zero);
        return percent_missing(&number).at(literal.place);
    }
    Diagnostic::error(
        "unit-mismatch",
        Text::new(format!("这里要“{want}”，写的是“{have}”"), format!("expected {want}, found {have}")),
    )
    .at(literal.place)
    .why(Text::new(
        "不同单位的数不能互相代替，系统不做隐含换算",
        "figures of different units are not exchangeable and nothing is converted silently",
    ))
    .next(Text::new(
        format!("改用“{want}”，或改声明的单位"),
        format!("write it in {want}, or change the declared unit"),
    ))
}

/// The finding for `93` where `93 %` must be meant.
pub fn percent_missing(number: &Exact) -> Diagnostic {
    Diagnostic::error(
        "percent-missing",
        Text::new(
            format!("比例与不带百分号的 {number} 相比：是不是 {number}%？"),
            format!("a ratio meets the bare number {number}: {number} %?"),
        ),
    )
    .why(Text::new("只有 0 和 1 可以不写百分号（0% 与 100%）", "only a bare 0 and 1 stand for 0 % and 100 %"))
    .next(Text::new(format!("写成 {number}%"), format!("write {number}%")))
}
