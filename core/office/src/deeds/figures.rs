//! Figures: defined once, asked for once, whatever uses them.

use super::FIGURE;
use crate::{
    act::ANY,
    deed::{Asked, Deed, Told},
    ids::{FigureId, OfficeId, is_name},
    refusal,
    rights::{Right, Role},
    state::{Card, Measure, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Exact, Report, Text, figure};
use serde::{Deserialize, Serialize};

/// Defines a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefineFigure {
    /// Its id.
    pub figure: FigureId,
    /// Its card.
    pub card: Card,
}

impl Deed for DefineFigure {
    fn word(&self) -> Text {
        Text::new("定义数据项", "defining a figure")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::Lead], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.figure.as_str()) {
            findings.push(refusal::no_name(&FIGURE, self.figure.as_str()));
        }
        if let Measure::Number { least, most, .. } = &self.card.measure {
            let ends = [least, most].map(|end| end.as_ref().map(|end| (end, Exact::parse(end))));
            for (end, value) in ends.iter().flatten() {
                if value.is_none() {
                    findings.push(no_number(end));
                }
            }
            if let [Some((_, Some(least))), Some((_, Some(most)))] = &ends
                && least > most
            {
                findings.push(refusal::unfit(
                    Text::new("最小大于最大", "the least is above the most"),
                    Text::new("没有数能在其中", "no number lies between"),
                    Text::new("改最小或最大", "mend one of them"),
                ));
            }
        }
        if let Measure::Words(words) = &self.card.measure
            && words.len() < 2
        {
            findings.push(refusal::unfit(
                Text::new("可选的词少于两个", "there are fewer than two words to choose from"),
                Text::new("没有可选的余地", "there is nothing to choose"),
                Text::new("写全可选的词", "give all of them"),
            ));
        }
        if state.cards.contains_key(&self.figure) && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new("改数据项的定义", "changing the definition of a figure")));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        state.cards.insert(self.figure.clone(), self.card.clone());
        touched.note(|| Key::Card(self.figure.clone()));
    }
}

fn no_number(text: &str) -> Diagnostic {
    refusal::unfit(
        Text::new(format!("“{text}”不是一个数"), format!("`{text}` is no number")),
        Text::new("这里要一个数", "a number belongs here"),
        Text::new("写成 1234.5 这样", "write it as 1234.5"),
    )
}

impl Card {
    /// Why a value is none of this figure; `None` where it is one.
    pub fn refuses(&self, value: &str) -> Option<Diagnostic> {
        let wrong = match &self.measure {
            Measure::YesNo => (!matches!(value, "是" | "否" | "yes" | "no")).then(|| {
                (Text::new("只能是 是 或 否", "it is yes or no"), Text::new("改成 是 或 否", "write 是 or 否"))
            }),
            Measure::Words(words) => (!words.iter().any(|word| word == value)).then(|| {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let one_of = (words.join("、"), words.join(", "));
                let why = Text::new(format!("只能是其中之一:{}", one_of.0), format!("it is one of: {}", one_of.1));
                (why, Text::new("选一个", "take one of them"))
            }),
            Measure::Number { unit, least, most, places } => match figure::parse(value) {
                Err(_) => return Some(no_number(value)),
                Ok(read) => wrong_number(&read, unit, least.as_deref(), most.as_deref(), *places),
            },
        };
        let (why, next) = wrong?;
        let message =
            Text::new(format!("{}:“{value}”用不上", self.name), format!("{}: `{value}` cannot be used", self.name));
        Some(refusal::unfit(message, why, next))
    }
}

/// Why a number is none of that unit, range and precision, and what to do.
fn wrong_number(
    read: &figure::Figure,
    unit: &str,
    least: Option<&str>,
    most: Option<&str>,
    places: u8,
) -> Option<(Text, Text)> {
    if !read.unit.is_empty() && read.unit != *unit {
        return Some((
            Text::new(
                format!("单位是“{}”,要的是“{unit}”", read.unit),
                format!("its unit is `{}`, not `{unit}`", read.unit),
            ),
            Text::new("换算成要的单位再填", "convert it first"),
        ));
    }
    if read.value.decimal_places().is_none_or(|found| found > u32::from(places)) {
        return Some((
            most_places(places),
            Text::new("核对原始报表上的位数", "look at the digits of the original report"),
        ));
    }
    let below = least.and_then(Exact::parse).is_some_and(|least| read.value < least);
    let beyond = most.and_then(Exact::parse).is_some_and(|most| read.value > most);
    (below || beyond).then(|| (range(least, most), Text::new("核对数字和单位", "look at the number and its unit")))
}

/// The range a number lies in, in words; empty where it has none.
pub fn range(least: Option<&str>, most: Option<&str>) -> Text {
    match (least, most) {
        (Some(least), Some(most)) => {
            Text::new(format!("范围是 {least} 到 {most}"), format!("it lies between {least} and {most}"))
        }
        (Some(least), None) => Text::new(format!("最小是 {least}"), format!("it is at least {least}")),
        (None, Some(most)) => Text::new(format!("最大是 {most}"), format!("it is at most {most}")),
        (None, None) => Text::default(),
    }
}

/// How many decimal places a number has at most, in words.
pub fn most_places(places: u8) -> Text {
    Text::new(format!("小数最多 {places} 位"), format!("it has at most {places} decimal places"))
}
