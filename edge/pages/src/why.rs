//! Why a figure is what it is: the clause, the rule in words, inputs with their papers and people, steps, result.

use crate::{
    Eyes, Frame, Html, Topic,
    charts::{self, Trend},
    frame::encoded,
    since,
    things::{Thing, entry},
};
use askama::Template;
use kaoping_assess::explain::{
    EventLine, Explanation, InputLine, ItemLine, Origin, Step, TotalExplanation, explain, explain_total, margins,
    margins::lines::margin_lines,
};
use kaoping_desk::scoring::Model;
use kaoping_office::{
    ids::{FigureId, IndicatorId, OfficeId, SchemeId},
    period::Period,
    state::{Cell, Target},
    tables::Key,
};
use kaoping_terms::{Lang, Text};

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The round.
    pub round: &'a str,
    /// The office.
    pub unit: &'a str,
    /// The indicator; the total where it is `-`.
    pub indicator: &'a str,
    /// How far the next change is, in sentences; where that is not known yet, a script asks for it.
    pub far: Option<&'a [String]>,
}

/// How far the next change is, in sentences; `None` where there is no such office or indicator. Whole rounds are worked
/// out again for it.
pub fn far(model: &Model, unit: &str, indicator: &str, lang: Lang) -> Option<Vec<String>> {
    let (unit, scheme, item) = place(model, unit, indicator)?;
    let given = model.given.of(&model.loaded.compiled.standard);
    Some(margin_lines(&margins(given, model.round, unit, scheme, item, lang), lang))
}

/// The same as a part of the page.
pub fn far_part(lang: Lang, lines: &[String]) -> Html {
    Html::of(&FarPart { title: FAR.get(lang), lines })
}

/// What it is called.
const FAR: Sentence = Sentence("离下一处变化多远", "How far to the next change");

struct Sentence(&'static str, &'static str);

impl Sentence {
    fn get(&self, lang: Lang) -> &'static str {
        if lang == Lang::Zh { self.0 } else { self.1 }
    }
}

#[derive(Template)]
#[template(path = "far.html")]
struct FarPart<'a> {
    title: &'static str,
    lines: &'a [String],
}

/// Where an office and an indicator stand in a model.
fn place(model: &Model, unit: &str, indicator: &str) -> Option<(u32, usize, usize)> {
    let unit = model.given.units.find(unit)?;
    let mut schemes = model.loaded.compiled.standard.schemes.iter().enumerate();
    let (scheme, item) = schemes
        .find_map(|(at, scheme)| scheme.items.iter().position(|item| item.id == indicator).map(|item| (at, item)))?;
    Some((unit, scheme, item))
}

/// A line of an account: what, how, result, and what it rests on.
#[derive(Default)]
struct Account {
    what: String,
    how: String,
    result: String,
    source: String,
    papers: Vec<Thing>,
    /// How the figure went over the periods.
    trend: Option<Trend>,
}

struct Clause {
    document: String,
    number: String,
    text: String,
}

#[derive(Template)]
#[template(path = "why.html")]
struct Why {
    frame: Frame,
    title: String,
    sub: String,
    score: String,
    points: String,
    rule: String,
    formula: String,
    notes: Vec<String>,
    lines: Vec<Account>,
    far: String,
    asks: String,
    clause: Option<Clause>,
    items: Vec<ItemLineShown>,
    has_blocks: bool,
    awards: Vec<(String, String)>,
    back: String,
}

struct ItemLineShown {
    block: String,
    name: String,
    points: String,
    score: String,
    step: u8,
    path: String,
    met: Option<bool>,
}

/// The page; `None` where there is no such office or indicator.
pub fn why(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: &Model) -> Option<Html> {
    if wanted.indicator == "-" { total(eyes, wanted, model) } else { item(eyes, wanted, model) }
}

fn item(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: &Model) -> Option<Html> {
    let standard = &model.loaded.compiled.standard;
    let given = model.given.of(standard);
    let (unit, scheme, item) = place(model, wanted.unit, wanted.indicator)?;
    let explained = explain(given, model.round, unit, scheme, item, eyes.lang).ok()?;
    let far = wanted.far.map(|lines| far_part(eyes.lang, lines).0).unwrap_or_default();
    let clause = explained.clause.as_deref().map(|number| clause(model, number));
    let mut lines = Vec::new();
    account(eyes, wanted, &explained, &mut lines);
    let title = format!("{} · {}", explained.unit_name, explained.indicator_name);
    Some(Html::of(&Why {
        frame: frame(eyes, wanted, model, &title),
        sub: sub(eyes, wanted),
        score: explained.score.clone(),
        points: explained.points.clone(),
        rule: explained.rule.clone().unwrap_or_default(),
        formula: explained.formula.clone(),
        notes: notes(eyes, &explained),
        lines,
        asks: if wanted.far.is_none() { asks(wanted) } else { String::new() },
        far,
        clause,
        items: Vec::new(),
        has_blocks: false,
        awards: Vec::new(),
        back: back(wanted),
        title,
    }))
}

fn total(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: &Model) -> Option<Html> {
    let given = model.given.of(&model.loaded.compiled.standard);
    let unit = model.given.units.find(wanted.unit)?;
    let explained = explain_total(given, model.round, &model.assessment, unit, eyes.lang).ok()?;
    let title = format!("{} · {}", explained.unit_name, eyes.t("总分", "total"));
    let steps = explained.steps.iter().map(|step| step_line(step, "", eyes.lang)).collect();
    Some(Html::of(&Why {
        frame: frame(eyes, wanted, model, &title),
        sub: sub(eyes, wanted),
        score: explained.total.clone(),
        points: String::new(),
        rule: String::new(),
        formula: String::new(),
        notes: total_notes(eyes, &explained),
        lines: steps,
        far: String::new(),
        asks: String::new(),
        clause: None,
        items: explained.items.iter().map(|item| item_line(wanted, item)).collect(),
        has_blocks: explained.items.iter().any(|item| !item.block.is_empty()),
        awards: explained.awards.iter().map(|(name, reason)| (name.clone(), eyes.say(reason))).collect(),
        back: back(wanted),
        title,
    }))
}

/// The frame, which says where the page goes by more than was put down.
fn frame(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: &Model, title: &str) -> Frame {
    let mut frame = Frame::new(eyes, Topic::Ranking, title);
    frame.notes.extend(since::of_office(eyes, (wanted.scheme, wanted.round), model, wanted.unit));
    frame
}

/// Where the rest of the page is asked for.
fn asks(wanted: &Wanted<'_>) -> String {
    let (scheme, unit, round) = (encoded(wanted.scheme.as_str()), encoded(wanted.unit), encoded(wanted.round));
    format!("/schemes/{scheme}/why/{unit}/{}/far?round={round}", encoded(wanted.indicator))
}

fn back(wanted: &Wanted<'_>) -> String {
    format!("/schemes/{}/ranking?round={}", encoded(wanted.scheme.as_str()), encoded(wanted.round))
}

fn sub(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> String {
    let title = eyes.state().title(wanted.scheme);
    if wanted.round.is_empty() { title.to_owned() } else { format!("{title} · {}", wanted.round) }
}

fn item_line(wanted: &Wanted<'_>, item: &ItemLine) -> ItemLineShown {
    let (scheme, unit, round) = (encoded(wanted.scheme.as_str()), encoded(wanted.unit), encoded(wanted.round));
    ItemLineShown {
        block: item.block.clone(),
        name: item.name.clone(),
        points: item.points.clone(),
        score: item.score.clone(),
        step: crate::board::step(number(&item.score), number(&item.points)),
        path: format!("/schemes/{scheme}/why/{unit}/{}?round={round}", encoded(&item.id)),
        met: item.met,
    }
}

/// The number a figure begins with: what is printed has its unit behind it.
fn number(shown: &str) -> &str {
    shown.split_whitespace().next().unwrap_or_default().trim_end_matches('分')
}

fn clause(model: &Model, number: &str) -> Clause {
    let found = model.loaded.policy.clauses.find(number);
    Clause {
        document: found.map(|clause| clause.document.clone()).unwrap_or_default(),
        number: number.to_owned(),
        text: found.map(|clause| clause.text.clone()).unwrap_or_default(),
    }
}

fn notes(eyes: &Eyes<'_>, explained: &Explanation) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(substitute) = &explained.substitute {
        notes.push(format!("{}{substitute}", eyes.t("不适用本项，改评：", "does not apply; assessed instead by: ")));
    }
    if let Some(reason) = &explained.not_applicable {
        notes.push(format!("{}{}", eyes.t("不适用：", "does not apply: "), reason.get(eyes.lang)));
    }
    let choice = |(name, chosen, reason): &(String, String, String)| {
        format!(
            "{}{name} = {chosen}（{reason}）",
            eyes.t("办法没有写明、作出的选择：", "chosen where the text is silent: ")
        )
    };
    notes.extend(explained.choices.iter().map(choice));
    notes.extend(explained.reasons.iter().cloned());
    notes.extend(said(eyes, "否决：", "veto: ", &explained.vetoes));
    notes.extend(said(eyes, "除以零：", "divided by zero: ", &explained.undefined));
    notes
}

fn total_notes(eyes: &Eyes<'_>, explained: &TotalExplanation) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(place) = explained.place {
        notes.push(match eyes.lang {
            Lang::Zh => format!("第 {place} 名，共 {} 个单位", explained.of),
            Lang::En => format!("place {place} of {}", explained.of),
        });
    }
    notes.extend(said(eyes, "", "", &explained.ties));
    if let Some(grade) = &explained.grade {
        notes.push(format!("{}{grade} {}", eyes.t("等次：", "grade: "), explained.grade_reason.get(eyes.lang)));
    }
    notes.extend(said(eyes, "否决：", "veto: ", &explained.vetoes));
    let owed = |owed: &String| format!("{}{owed}", eyes.t("未报：", "not reported: "));
    notes.extend(explained.owed.iter().map(owed));
    notes
}

fn said<'a>(eyes: &Eyes<'_>, zh: &'a str, en: &'a str, texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| format!("{}{}", eyes.t(zh, en), text.get(eyes.lang))).collect()
}

/// The account of an item, and of those that stand in it.
fn account(eyes: &Eyes<'_>, wanted: &Wanted<'_>, explained: &Explanation, lines: &mut Vec<Account>) {
    lines.extend(explained.inputs.iter().map(|input| input_line(eyes, wanted, &explained.indicator, input)));
    lines.extend(explained.events.iter().map(event_line));
    lines.extend(explained.steps.iter().map(|step| step_line(step, &explained.formula, eyes.lang)));
    for nested in &explained.nested {
        lines.push(Account {
            what: nested.indicator_name.clone(),
            how: nested.rule.clone().unwrap_or_default(),
            result: nested.score.clone(),
            ..Account::default()
        });
        account(eyes, wanted, nested, lines);
    }
}

fn input_line(eyes: &Eyes<'_>, wanted: &Wanted<'_>, indicator: &str, input: &InputLine) -> Account {
    let target = target_of(eyes, wanted, indicator, input);
    let origin = match input.origin {
        Origin::Reported if target.is_some() => eyes.t("下达", "handed down"),
        Origin::Reported => eyes.t("填报", "reported"),
        Origin::Merged => eyes.t("合并计算", "counted together"),
        Origin::HandedDown => eyes.t("下达", "handed down"),
        Origin::Table => eyes.t("指标表", "from the table"),
        Origin::Default => eyes.t("未报，按声明取值", "not reported, declared default"),
        Origin::Missing => eyes.t("未报", "not reported"),
    };
    let counts = if input.counts { "" } else { eyes.t("，本项不适用，不计", ", does not count") };
    let cell = cell_of(eyes, wanted, indicator, input);
    let trend = cell.and_then(|(figure, ..)| trend_of(eyes, wanted, figure));
    let (source, papers) = match (cell, target) {
        (Some((_, _, cell)), _) => (reported_by(eyes, wanted, cell), papers(eyes, cell)),
        (None, Some(target)) => {
            (set_by(eyes, target), target.entries().into_iter().map(|at| entry(eyes, at)).collect())
        }
        (None, None) => (String::new(), Vec::new()),
    };
    let parts: Vec<String> = input.parts.iter().map(|part| format!("{} {}", part.unit, part.value)).collect();
    Account {
        what: input.name.clone(),
        how: [format!("{origin}{counts}"), input.period.clone(), parts.join("、")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        result: input.value.clone(),
        source,
        papers,
        trend,
    }
}

/// The figure over the periods it was reported for.
fn trend_of(eyes: &Eyes<'_>, wanted: &Wanted<'_>, figure: &FigureId) -> Option<Trend> {
    let office = OfficeId::from(wanted.unit);
    let of = eyes.state().cells.iter().filter(|((of, which, _), _)| *of == office && which == figure);
    let seen = of.filter(|(key, _)| eyes.viewer.may_see(&Key::Cell((*key).clone())));
    let mut cells: Vec<(Period, &Cell)> = seen.map(|((.., period), cell)| (*period, cell)).collect();
    cells.sort_by_key(|(period, _)| (period.end(), *period));
    charts::trend(cells.into_iter().map(|(period, cell)| (period.to_string(), cell.value.clone())).collect())
}

/// The reported figure an input came from, and for which period.
fn cell_of<'a>(
    eyes: &Eyes<'a>,
    wanted: &Wanted<'_>,
    indicator: &str,
    input: &InputLine,
) -> Option<(&'a FigureId, Period, &'a Cell)> {
    if input.origin != Origin::Reported {
        return None;
    }
    let field = eyes.state().schemes.get(wanted.scheme)?.outline()?.field(indicator, &input.name)?;
    let (office, _) = eyes.state().offices.get_key_value(wanted.unit)?;
    eyes.state().cell_in((wanted.scheme, wanted.round), office, field)
}

/// The target an input came from.
fn target_of<'a>(eyes: &Eyes<'a>, wanted: &Wanted<'_>, indicator: &str, input: &InputLine) -> Option<&'a Target> {
    if !matches!(input.origin, Origin::Reported | Origin::HandedDown) {
        return None;
    }
    let (office, indicator) = (OfficeId::from(wanted.unit), IndicatorId::from(indicator));
    eyes.state().targets.get(&(wanted.scheme.clone(), office, indicator, input.name.clone()))
}

fn set_by(eyes: &Eyes<'_>, target: &Target) -> String {
    let from = &target.from;
    match (&target.adjusted, eyes.lang) {
        (None, Lang::Zh) => format!("{from} 下达"),
        (None, Lang::En) => format!("handed down by {from}"),
        (Some(proposal), Lang::Zh) => format!("{from} 下达，经“{proposal}”调整"),
        (Some(proposal), Lang::En) => format!("handed down by {from}, adjusted by `{proposal}`"),
    }
}

/// Who stands for a figure: who filled it in, looked through it, signed it; who corrected it since.
fn reported_by(eyes: &Eyes<'_>, wanted: &Wanted<'_>, cell: &Cell) -> String {
    let first = cell.before.first().copied().unwrap_or(cell.number);
    let mut reports = eyes.state().reports.iter().filter(|((_, office), _)| office.as_str() == wanted.unit);
    let report = reports.find(|(_, report)| report.entries.contains(&first)).map(|(_, report)| report);
    let mut said: Vec<String> = Vec::new();
    if let Some(report) = report {
        said.push(format!("{} {}", report.filled_by, eyes.t("填报", "filled it in")));
        let looked = report.reviewed_by.as_ref();
        said.extend(looked.map(|by| format!("{by} {}", eyes.t("审核", "looked through it"))));
    }
    said.push(match report.and_then(|report| report.signed_by.as_ref()).filter(|_| !cell.before.is_empty()) {
        Some(by) => format!("{by} {}", eyes.t("签发", "signed it")),
        None => format!("{} {}", cell.signed_by, eyes.t("签发", "signed it")),
    });
    if !cell.before.is_empty() {
        said.push(match eyes.lang {
            Lang::Zh => format!("更正过 {} 次，{} 申请", cell.before.len(), cell.signed_by),
            Lang::En => format!("corrected {} times, proposed by {}", cell.before.len(), cell.signed_by),
        });
    }
    said.extend(cell.approved_by.as_ref().map(|by| format!("{by} {}", eyes.t("批准", "approved it"))));
    said.join(eyes.t("，", ", "))
}

fn papers(eyes: &Eyes<'_>, cell: &Cell) -> Vec<Thing> {
    let paper = |(at, hash): (usize, &kaoping_ledger::Digest)| Thing {
        path: format!("/api/contents/{hash}"),
        word: match eyes.lang {
            Lang::Zh => format!("材料 {}", at + 1),
            Lang::En => format!("paper {}", at + 1),
        },
    };
    std::iter::once(entry(eyes, cell.number)).chain(cell.evidence.iter().enumerate().map(paper)).collect()
}

/// Hashes of papers, as long as people compare them.
fn shortened(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((_, name)) = ["sha256:", "sm3:"].iter().filter_map(|name| Some((rest.find(name)?, name))).min() {
        let Some((before, after)) = rest.split_once(name) else { break };
        let digits = after.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(after.len());
        let Some((hash, behind)) = after.split_at_checked(digits) else { break };
        shown.push_str(before);
        match hash.get(..8).filter(|_| hash.len() == 64) {
            Some(first) => shown.extend([first, "…"]),
            None => shown.extend([name, hash]),
        }
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

fn event_line(event: &EventLine) -> Account {
    let how = [&event.id, &event.date, &event.remark].into_iter().filter(|part| !part.is_empty());
    Account {
        what: event.table.clone(),
        how: how.cloned().collect::<Vec<_>>().join(" · "),
        result: event.points.clone().unwrap_or_default(),
        source: shortened(&event.evidence),
        ..Account::default()
    }
}

/// Parts of a sentence, those that say the same as the one before them left out.
fn once<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut parts: Vec<&str> = parts.collect();
    parts.dedup();
    parts
}

/// A step; a formula that was written out as the rule already is not repeated.
fn step_line(step: &Step, rule: &str, lang: Lang) -> Account {
    let parts = [&step.formula, &step.numbers];
    let parts = parts.into_iter().filter(|part| !part.is_empty() && *part != rule && **part != step.value);
    Account {
        what: step.name.clone(),
        how: once(parts.map(String::as_str)).join(" = "),
        result: step.value.clone(),
        source: shortened(&step.decided_by.iter().map(|decider| decider.words(lang)).collect::<Vec<_>>().join("；")),
        ..Account::default()
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_hash_is_as_long_as_people_compare_it() {
        let hash = "a3e80ae67e299ada15e1ffd2bc9e48ddac62ae9b9e7a0e9f361b41ad77fd1bee";
        assert_eq!(
            shortened(&format!("甲县：完成数 3,276 凭据 sha256:{hash}，目标数 5,200 凭据 sm3:{hash}")),
            "甲县：完成数 3,276 凭据 a3e80ae6…，目标数 5,200 凭据 a3e80ae6…"
        );
        for other in ["没有凭据", "文件 sha256:xyz.pdf", ""] {
            assert_eq!(shortened(other), other);
        }
    }
}
