//! Figures: defined once, asked for once, whatever uses them.

use super::{FIGURE, schemes::bindings_unlike, there};
use crate::{
    act::ANY,
    deed::{Asked, Deed, Told},
    ids::{FigureId, OfficeId, is_name},
    refusal,
    rights::{Right, Role},
    state::{Card, Measure, Standing, State, left},
    tables::{Key, Touched},
    takes::{Amount, End, Takes, Word, refused},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};
use kaoping_terms::{Diagnostic, Exact, Report, Text, figure, measure::ratio};
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
        if let Measure::Number { places, .. } = &self.card.measure
            && *places > MOST_PLACES
        {
            findings.push(refusal::unfit(
                Text::new(format!("小数 {places} 位太多"), format!("{places} decimal places are too many")),
                most_places(MOST_PLACES),
                Text::new("核对小数位数", "look at the number of places"),
            ));
        }
        self.parts(state, findings);
        self.redefines(state, findings);
        if let Measure::Words(words) = &self.card.measure
            && words.len() < 2
        {
            findings.push(refusal::unfit(
                Text::new("可选的词少于两个", "there are fewer than two words to choose from"),
                Text::new("没有可选的余地", "there is nothing to choose"),
                Text::new("写全可选的词", "give all of them"),
            ));
        }
        for (scheme, found) in &state.schemes {
            let outline = found.outline();
            let unlike = outline.map(|of| bindings_unlike(state, scheme, of, Some((&self.figure, &self.card))));
            unlike.into_iter().flatten().for_each(|found| findings.push(found));
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

/// More decimal places than this no figure has: so many are reckoned with in machine numbers.
const MOST_PLACES: u8 = 12;

impl DefineFigure {
    /// Its parts are other figures that are defined, each once, and none of them is made up of it.
    fn parts(&self, state: &State, findings: &mut Report) {
        let parts = || self.card.parts.iter();
        there::named_twice(&FIGURE, parts().map(FigureId::as_str), findings);
        for part in parts().filter(|part| **part != self.figure && !state.cards.contains_key(*part)) {
            findings.push(refusal::unknown_among(&FIGURE, part.as_str(), state.cards.keys().map(FigureId::as_str)));
        }
        let mut below: Vec<&FigureId> = parts().collect();
        let mut seen: BTreeSet<&FigureId> = BTreeSet::new();
        while let Some(part) = below.pop() {
            if *part == self.figure {
                findings.push(refusal::unfit(
                    Text::new(
                        format!("“{}”是它自己的一部分", self.figure),
                        format!("`{}` is a part of itself", self.figure),
                    ),
                    Text::new(
                        "整体等于各部分之和，自己不能在里面",
                        "a whole is the sum of its parts and not one of them",
                    ),
                    Text::new("从各部分里去掉它，或改那一部分的定义", "leave it out of the parts, or mend the part"),
                ));
                return;
            }
            if seen.insert(part) {
                below.extend(state.cards.get(part).into_iter().flat_map(|card| &card.parts));
            }
        }
    }

    /// What was reported was reported as the card said it: its kind and unit stay, and what no longer fits is told.
    fn redefines(&self, state: &State, findings: &mut Report) {
        let Some(before) = state.cards.get(&self.figure) else { return };
        let reported = state.cells.iter().filter(|((_, figure, _), _)| *figure == self.figure);
        let handed_in = state.reports.values().flat_map(|report| report.figures.iter());
        let waiting = handed_in.filter(|standing| standing.figure == self.figure);
        let is_used = reported.clone().next().is_some() || waiting.into_iter().next().is_some();
        if is_used && kind(&before.measure) != kind(&self.card.measure) {
            let (was, is) = (before.takes().word(), self.card.takes().word());
            findings.push(refusal::unfit(
                Text::new(
                    format!("“{}”已有单位按“{}”报过，不能改成“{}”", self.figure, was.zh, is.zh),
                    format!("`{}` was reported as {} and cannot become {}", self.figure, was.en, is.en),
                ),
                Text::new("报过的数会变成另一个意思", "what was reported would mean something else"),
                Text::new(
                    "另定义一个数据项；或先退回报过它的填报",
                    "define another figure, or first send back what was reported",
                ),
            ));
            return;
        }
        let mut unfit = reported.filter_map(|((office, ..), cell)| self.card.refuses(office, &cell.value));
        if let Some(first) = unfit.next() {
            findings.push(left(first, unfit.count()));
        }
    }
}

/// What a value means beyond its digits.
fn kind(measure: &Measure) -> Option<&str> {
    match measure {
        Measure::Number { unit, .. } => Some(unit),
        Measure::YesNo => Some("是否"),
        Measure::Words(_) => None,
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
    /// What values it takes.
    pub fn takes(&self) -> Takes {
        let end = |end: &Option<String>| end.clone().map(|value| End { value, itself: true });
        match &self.measure {
            Measure::YesNo => Takes::YesNo,
            Measure::Words(words) => {
                Takes::Words(words.iter().map(|word| Word { word: word.clone(), code: None }).collect())
            }
            Measure::Number { unit, least, most, .. } => {
                Takes::Number(Amount { unit: unit.clone(), least: end(least), most: end(most), ..Amount::default() })
            }
        }
    }

    /// The unit its numbers are written in; `None` where they are no numbers.
    pub(crate) fn unit(&self) -> Option<&str> {
        match &self.measure {
            Measure::Number { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// A value in the unit of the figure, where it is written in another multiple of its noun: `0.8万元` is `8000元`.
    /// `None` where it is in that unit already, or cannot be in it.
    pub(crate) fn in_own_unit(&self, value: &str) -> Option<String> {
        let unit = self.unit().filter(|unit| !unit.is_empty() && may_have_a_unit(value))?;
        let read = figure::parse(value).ok().filter(|read| !read.unit.is_empty() && read.unit != unit)?;
        let number = read.value * ratio(&read.unit, unit)?;
        Some(format!("{}{unit}", number.to_plain(0)?))
    }

    /// The number a value of this figure is, absent where its values are none; why it is no value of it.
    pub(crate) fn read(&self, value: &str) -> Result<Option<Exact>, (Text, Text)> {
        match (self.takes(), &self.measure) {
            (Takes::Number(amount), Measure::Number { places, .. }) => {
                let shaped = |(why, next)| match figure::parse(value) {
                    Ok(_) => (why, next),
                    Err(_) => (why, amount.write_as(*places)),
                };
                let number = amount.within(value).map_err(shaped)?;
                too_fine(&number, *places).map_or(Ok(Some(number)), Err)
            }
            (takes, _) => takes.against(value).map_or(Ok(None), Err),
        }
    }

    /// Why a value is none of this figure; `None` where it is one.
    pub fn refuses(&self, office: &OfficeId, value: &str) -> Option<Diagnostic> {
        self.read(value).err().map(|unfit| self.refused(office, value, unfit))
    }

    /// A report with its values in the units of their figures: whatever is written, one unit stands in the state.
    pub(crate) fn all_in_own_units(cards: &BTreeMap<FigureId, Self>, figures: &Arc<[Standing]>) -> Arc<[Standing]> {
        let own = |standing: &Standing| {
            may_have_a_unit(&standing.value).then(|| cards.get(&standing.figure)?.in_own_unit(&standing.value))?
        };
        if !figures.iter().any(|standing| own(standing).is_some()) {
            return Arc::clone(figures);
        }
        let in_own = |standing: &Standing| match own(standing) {
            Some(value) => Standing { value: value.into(), ..standing.clone() },
            None => standing.clone(),
        };
        figures.iter().map(in_own).collect()
    }

    /// The finding that a value of an office cannot be used: why, and what to do.
    pub(crate) fn refused(&self, office: &OfficeId, value: &str, unfit: (Text, Text)) -> Diagnostic {
        let whose = Text::new(format!("“{office}”的“{}”", self.name), format!("`{}` of `{office}`", self.name));
        refused(&whose, value, unfit)
    }
}

/// Whether a value can have a unit at its end: nearly all are digits alone, and there are many.
fn may_have_a_unit(value: &str) -> bool {
    !value.ends_with(|last: char| last.is_ascii_digit())
}

/// Whether a number has more decimal places than there are.
fn too_fine(number: &Exact, places: u8) -> Option<(Text, Text)> {
    let fine = number.decimal_places().is_none_or(|found| found > u32::from(places));
    fine.then(|| {
        let next = match places {
            0 => Text::new(
                "照原始报表写整数；原始报表上真有小数的，请考评办改数据项的位数",
                "write it whole as in the original report; if that has decimals, the assessment office changes \
             the card",
            ),
            _ => Text::new(
                "核对原始报表上的位数；不要自己四舍五入，拿不准的问考评办",
                "look at the digits of the original report; do not round it yourself, ask the assessment office",
            ),
        };
        (most_places(places), next)
    })
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
    match places {
        0 => Text::new("要整数，没有小数", "it is a whole number, without decimals"),
        _ => Text::new(format!("小数最多 {places} 位"), format!("it has at most {places} decimal places")),
    }
}
