//! Decomposition: indicators × offices, the parts against the whole; one office with its liability letter; changes in
//! the middle of the year.

mod hand;
mod unit;

use crate::{
    Eyes, Frame, Html, Topic,
    forms::As,
    frame::encoded,
    may,
    parts::{Gap, Line as Parted, Parts},
};
use askama::Template;
use kaoping_desk::scoring::Model;
use kaoping_office::{
    Act, Entry,
    deeds::targets::AcceptLetter,
    ids::{OfficeId, SchemeId},
    outline::Indicator,
    state::Letter,
    tables::Key,
};
use kaoping_terms::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The office whose targets are looked at; all where it is empty.
    pub unit: &'a str,
    /// The indicator of it that is to be changed; none where it is empty.
    pub item: &'a str,
    /// The office that handed down; the one of the scheme where it is empty.
    pub from: &'a str,
    /// The block; all where it is empty.
    pub block: &'a str,
    /// The responsible unit; all where it is empty.
    pub responsible: &'a str,
    /// Whether targets are to be handed down.
    pub hand: bool,
}

/// Why targets were handed down, by the entry: whether the parts were to make up the whole, and what was said.
pub type Reasons = BTreeMap<u64, (bool, String)>;

struct Choice {
    path: String,
    word: String,
    current: bool,
}

struct Who {
    lead: String,
    responsible: String,
    supporting: String,
}

struct Cell {
    value: String,
    path: String,
    adjusted: bool,
    exempt: bool,
}

struct Line {
    id: String,
    name: String,
    block: String,
    field: String,
    who: Who,
    whole: String,
    sum: String,
    gap: &'static str,
    gap_word: String,
    cells: Vec<Cell>,
}

struct Side {
    word: String,
    entry: Option<u64>,
}

struct LetterLine {
    office: String,
    path: String,
    upper: Side,
    lower: Side,
    accept: Option<As>,
    unit: String,
}

#[derive(Template)]
#[template(path = "targets.html")]
struct Targets {
    frame: Frame,
    title: String,
    sub: String,
    scheme: String,
    offices: Vec<(String, String)>,
    lines: Vec<Line>,
    sums: bool,
    wholes: bool,
    froms: Vec<Choice>,
    blocks: Vec<Choice>,
    responsible: Vec<Choice>,
    letters: Vec<LetterLine>,
    hand: String,
}

/// The block of each indicator, by its id, as the standard has them.
fn blocks(model: Option<&Model>) -> BTreeMap<&str, &str> {
    let standard = model.map(|model| &model.loaded.compiled.standard);
    let Some(scheme) = standard.and_then(|standard| standard.schemes.first()) else { return BTreeMap::new() };
    let block = |at: usize| scheme.blocks.get(at).map(|block| block.name.as_str()).unwrap_or_default();
    scheme.items.iter().map(|item| (item.id.as_str(), item.block.map(block).unwrap_or_default())).collect()
}

/// The entries that set the targets of the office and indicator that are looked at.
pub fn set_by(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<u64> {
    let office = OfficeId::from(wanted.unit);
    if wanted.item.is_empty() || !eyes.viewer.sees(&office) {
        return Vec::new();
    }
    let first = (wanted.scheme.clone(), office.clone(), wanted.item.into(), String::new());
    let mine = eyes.state().targets.range(first..);
    let mine =
        mine.take_while(|((of, to, item, _), _)| of == wanted.scheme && *to == office && *item == wanted.item.into());
    let numbers: BTreeSet<u64> = mine.flat_map(|(_, target)| target.entries()).collect();
    numbers.into_iter().collect()
}

/// The page; `None` where there is nothing that may be seen. `told` are the entries that set what is looked at.
pub fn targets(
    eyes: &Eyes<'_>,
    wanted: &Wanted<'_>,
    model: Option<&Model>,
    (reasons, told): (&Reasons, &[Entry]),
) -> Option<Html> {
    if !eyes.viewer.may_see(&Key::Scheme(wanted.scheme.clone())) {
        return None;
    }
    if wanted.hand {
        // Where nothing can be handed down, what was is shown, and why that is all.
        return hand::hand(eyes, wanted, model).or_else(|| {
            let notes: Vec<String> = eyes.notes.iter().cloned().chain([hand::against(eyes, wanted)?]).collect();
            Some(matrix(&Eyes { notes: &notes, ..*eyes }, &Wanted { hand: false, ..*wanted }, model, reasons))
        });
    }
    let seen = offices(eyes, wanted.scheme);
    let alone = seen.len() == 1 && hand::path(eyes, wanted).is_none();
    match (wanted.unit, seen.first()) {
        ("", Some(only)) if alone => unit::unit(eyes, &Wanted { unit: only.as_str(), ..*wanted }, model, told),
        ("", _) => Some(matrix(eyes, wanted, model, reasons)),
        _ => unit::unit(eyes, wanted, model, told),
    }
}

/// The offices that were given targets and are seen.
fn offices<'a>(eyes: &Eyes<'a>, scheme: &SchemeId) -> Vec<&'a OfficeId> {
    let all = eyes.state().targets.keys().filter(|(of, office, ..)| of == scheme && eyes.viewer.sees(office));
    let mut all: Vec<&OfficeId> = all.map(|(_, office, ..)| office).collect();
    all.dedup();
    eyes.state().in_order(all)
}

fn froms<'a>(eyes: &Eyes<'a>, scheme: &SchemeId) -> BTreeSet<&'a OfficeId> {
    let seen = eyes.state().targets.iter().filter(|((of, office, ..), _)| of == scheme && eyes.viewer.sees(office));
    seen.map(|(_, target)| &target.from).collect()
}

/// The office whose parts are looked at.
fn from<'a>(eyes: &Eyes<'a>, wanted: &Wanted<'_>) -> Option<&'a OfficeId> {
    let all = froms(eyes, wanted.scheme);
    let own = eyes.state().schemes.get(wanted.scheme).map(|scheme| &scheme.office);
    let asked = all.iter().find(|office| office.as_str() == wanted.from);
    asked.or_else(|| all.iter().find(|office| Some(**office) == own)).or(all.first()).copied()
}

/// The entries by which more was handed down than there was, so that what was said then can be shown.
pub fn raised(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<u64> {
    let Some(from) = from(eyes, wanted).filter(|from| eyes.viewer.sees(from)) else { return Vec::new() };
    let parts = Parts::of(eyes.state(), wanted.scheme, from, |office| eyes.viewer.sees(office));
    let over = parts.lines.iter().filter(|line| matches!(line.gap, Gap::Over(_)));
    let numbers: BTreeSet<u64> =
        over.flat_map(|line| line.parts.iter().flatten().map(|target| target.number)).collect();
    numbers.into_iter().collect()
}

fn address(wanted: &Wanted<'_>, (from, block, responsible): (&str, &str, &str)) -> String {
    let (scheme, from) = (encoded(wanted.scheme.as_str()), encoded(from));
    format!("/schemes/{scheme}/targets?from={from}&block={}&responsible={}", encoded(block), encoded(responsible))
}

fn matrix(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>, reasons: &Reasons) -> Html {
    let title = eyes.state().title(wanted.scheme);
    let mut frame = Frame::new(eyes, Topic::Targets, format!("{} {title}", eyes.t("任务分解", "Targets")));
    let blocks = blocks(model);
    let from = from(eyes, wanted);
    let sees = |office: &OfficeId| eyes.viewer.sees(office);
    let parts = from.map(|from| Parts::of(eyes.state(), wanted.scheme, from, sees));
    let sums = from.is_some_and(sees);
    let block_of = |indicator: &Indicator| blocks.get(indicator.id.as_str()).copied().unwrap_or_default();
    let (offices, parted) = parts.map(|parts| (parts.offices, parts.lines)).unwrap_or_default();
    let all_blocks: Vec<&str> = distinct(parted.iter().map(|line| block_of(line.indicator)));
    let all_units: BTreeSet<&str> = parted.iter().flat_map(|line| units(line.indicator)).collect();
    let known: Vec<(&str, &str)> = all_blocks.iter().map(|block| (*block, *block)).collect();
    let block = frame.chosen(eyes, ("板块", "block"), wanted.block, &known);
    let known: Vec<(&str, &str)> = all_units.iter().map(|unit| (*unit, *unit)).collect();
    let responsible = frame.chosen(eyes, ("责任单位", "responsible unit"), wanted.responsible, &known);
    let from_whom: Vec<(&str, String)> =
        froms(eyes, wanted.scheme).into_iter().map(|office| (office.as_str(), eyes.office(office))).collect();
    let known: Vec<(&str, &str)> = from_whom.iter().map(|(id, name)| (*id, name.as_str())).collect();
    frame.chosen(eyes, ("下达单位", "office that hands down"), wanted.from, &known);
    let wanted = &Wanted { block, responsible, ..*wanted };
    let fits = |line: &&Parted<'_>| {
        (wanted.block.is_empty() || block_of(line.indicator) == wanted.block)
            && (wanted.responsible.is_empty() || units(line.indicator).any(|unit| unit == wanted.responsible))
    };
    let from_id = from.map(OfficeId::as_str).unwrap_or_default();
    let choices = |values: Vec<&str>, current: &str, path: &dyn Fn(&str) -> String| -> Vec<Choice> {
        let whole = Choice { path: path(""), word: eyes.t("全部", "all").into(), current: current.is_empty() };
        let each = values.into_iter().filter(|value| !value.is_empty()).map(|value| Choice {
            path: path(value),
            word: value.to_owned(),
            current: value == current,
        });
        let choices: Vec<Choice> = std::iter::once(whole).chain(each).collect();
        if choices.len() > 2 { choices } else { Vec::new() }
    };
    let lines: Vec<Line> = parted
        .iter()
        .filter(fits)
        .map(|line| shown(eyes, wanted, line, &offices, block_of(line.indicator), sums, reasons))
        .collect();
    let sub = match eyes.lang {
        Lang::Zh => format!("{} 项目标 · {} 个单位", lines.len(), offices.len()),
        Lang::En => format!("{} targets · {} offices", lines.len(), offices.len()),
    };
    let handed = froms(eyes, wanted.scheme);
    let froms = handed.iter().map(|office| Choice {
        path: address(wanted, (office.as_str(), "", "")),
        word: format!("{}{}", eyes.office(office), eyes.t("下达的", " hands down")),
        current: Some(*office) == from,
    });
    let froms: Vec<Choice> = froms.collect();
    Html::of(&Targets {
        frame,
        title,
        sub,
        scheme: wanted.scheme.to_string(),
        letters: offices.iter().map(|office| letter(eyes, wanted, office)).collect(),
        offices: offices.iter().map(|office| (eyes.office(office), unit_path(wanted, office.as_str(), ""))).collect(),
        wholes: lines.iter().any(|line| !line.whole.is_empty()),
        lines,
        sums,
        froms: if froms.len() > 1 { froms } else { Vec::new() },
        blocks: choices(all_blocks, wanted.block, &|block| address(wanted, (from_id, block, wanted.responsible))),
        responsible: choices(all_units.into_iter().collect(), wanted.responsible, &|unit| {
            address(wanted, (from_id, wanted.block, unit))
        }),
        hand: hand::path(eyes, wanted).unwrap_or_default(),
    })
}

fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

fn units(indicator: &Indicator) -> impl Iterator<Item = &str> {
    indicator.lead.iter().chain(&indicator.responsible).chain(&indicator.supporting).map(String::as_str)
}

fn who(indicator: &Indicator) -> Who {
    let joined = |units: &[String]| units.join("、");
    Who {
        lead: joined(&indicator.lead),
        responsible: joined(&indicator.responsible),
        supporting: joined(&indicator.supporting),
    }
}

/// Where the targets of an office are seen; one of them, where an indicator is named.
fn unit_path(wanted: &Wanted<'_>, unit: &str, item: &str) -> String {
    let (scheme, unit) = (encoded(wanted.scheme.as_str()), encoded(unit));
    let item = if item.is_empty() { String::new() } else { format!("&item={}#change", encoded(item)) };
    format!("/schemes/{scheme}/targets?unit={unit}{item}")
}

fn shown(
    eyes: &Eyes<'_>,
    wanted: &Wanted<'_>,
    line: &Parted<'_>,
    offices: &[&OfficeId],
    block: &str,
    sums: bool,
    reasons: &Reasons,
) -> Line {
    let id = &line.indicator.id;
    let cells = offices.iter().zip(&line.parts).map(|(office, part)| Cell {
        value: part.map(|target| target.value.clone()).unwrap_or_default(),
        path: unit_path(wanted, office.as_str(), id.as_str()),
        adjusted: part.is_some_and(|target| target.adjusted.is_some()),
        exempt: eyes.state().exemptions.contains_key(&(wanted.scheme.clone(), (*office).clone(), id.clone())),
    });
    let (gap, gap_word) = if sums { gap_word(eyes, line, reasons) } else { ("", String::new()) };
    Line {
        id: id.to_string(),
        name: line.indicator.name.clone(),
        block: block.to_owned(),
        field: line.field.to_owned(),
        who: who(line.indicator),
        whole: line.whole.clone(),
        sum: line.sum.clone(),
        gap,
        gap_word,
        cells: cells.collect(),
    }
}

/// A gap in a class and in words; more than the whole is 加码 only where somebody said so.
fn gap_word(eyes: &Eyes<'_>, line: &Parted<'_>, reasons: &Reasons) -> (&'static str, String) {
    let said = line.parts.iter().flatten().filter_map(|target| reasons.get(&target.number));
    let said = said.filter(|(adds_up, why)| *adds_up && !why.trim().is_empty()).map(|(_, why)| why).next();
    match (&line.gap, said) {
        (Gap::NoWhole, _) => ("", String::new()),
        (Gap::Even, _) => ("ok", eyes.t("相符", "made up").into()),
        (Gap::Lacks(by), _) => ("late", format!("{} {by}", eyes.t("缺", "lacks"))),
        (Gap::Over(by), None) => ("near", format!("{} {by}", eyes.t("多", "over by"))),
        (Gap::Over(by), Some(why)) => {
            ("near", format!("{} {by}{}{why}", eyes.t("加码", "raised by"), eyes.t("：", ": ")))
        }
    }
}

fn side(
    eyes: &Eyes<'_>,
    (scheme, office): (&SchemeId, &OfficeId),
    signed: Option<&(kaoping_office::ids::AccountId, u64)>,
) -> Side {
    match signed {
        Some((account, entry)) => {
            let more = match (eyes.state().given_since(scheme, office, *entry), eyes.lang) {
                (0, _) => String::new(),
                (more, Lang::Zh) => format!("，签后又下达 {more} 项，要再签"),
                (more, Lang::En) => format!(", before {more} more targets: to be accepted again"),
            };
            Side { word: format!("{} {account}{more}", eyes.t("已签", "accepted by")), entry: Some(*entry) }
        }
        None => Side { word: eyes.t("未签", "not accepted").into(), entry: None },
    }
}

fn letter(eyes: &Eyes<'_>, wanted: &Wanted<'_>, office: &OfficeId) -> LetterLine {
    let none = Letter::default();
    let letter = eyes.state().letters.get(&(wanted.scheme.clone(), office.clone())).unwrap_or(&none);
    let act = Act::AcceptLetter(AcceptLetter { scheme: wanted.scheme.clone(), office: office.clone() });
    LetterLine {
        office: eyes.office(office),
        path: unit_path(wanted, office.as_str(), ""),
        upper: side(eyes, (wanted.scheme, office), letter.upper.as_ref()),
        lower: side(eyes, (wanted.scheme, office), letter.lower.as_ref()),
        accept: may::as_whom(eyes, &act),
        unit: office.to_string(),
    }
}
