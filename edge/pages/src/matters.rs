//! Matters: what happened and is counted, what is objected to, what is proposed; each with what it changed.

mod events;
mod others;

use crate::{
    Eyes, Frame, Html, Topic,
    forms::As,
    frame::encoded,
    things::{self, Thing},
};
use askama::Template;
use kaoping_desk::scoring::Model;
use kaoping_ledger::Digest;
use kaoping_office::{
    ids::{OfficeId, SchemeId},
    state::Decision,
};
use kaoping_terms::Lang;
use std::collections::BTreeSet;

/// So many matters of a kind stand on a page; those that wait come first.
const MOST: usize = 60;

/// What is asked for.
pub struct Wanted<'a> {
    /// The kind: `events`, `late`, `objections` or `proposals`; all where it is empty.
    pub kind: &'a str,
    /// The office; all where it is empty.
    pub unit: &'a str,
    /// `open` or `done`; both where it is empty.
    pub state: &'a str,
    /// The scheme whose rules say what an event takes.
    pub scheme: Option<&'a SchemeId>,
    /// The event table an event is to be entered in; the first where it is empty.
    pub table: &'a str,
}

struct Choice {
    path: String,
    word: String,
    current: bool,
}

/// One matter.
struct Matter {
    anchor: String,
    title: String,
    office: String,
    tag: &'static str,
    state: String,
    open: bool,
    /// What is known of it, by name.
    facts: Vec<(&'static str, String)>,
    /// Entries and things it leads to.
    links: Vec<(String, String)>,
    papers: Vec<Digest>,
    form: Option<Form>,
    number: u64,
}

/// What can be done about a matter.
enum Form {
    Object { by: As, table: String, id: String, objection: String },
    Withdraw { by: As, table: String, id: String },
    Answer { by: As, objection: String, effect: String },
    Decide { by: As, proposal: String, can_approve: bool },
}

/// A section of the page.
struct Section {
    kind: &'static str,
    word: &'static str,
    empty: &'static str,
    matters: Vec<Matter>,
    left_out: usize,
}

/// Where events are entered.
struct Enter {
    by: As,
    scheme: String,
    table: String,
    tables: Vec<Choice>,
    columns: Vec<(String, Vec<String>)>,
    offices: Vec<(String, String)>,
    id: String,
    today: String,
    chosen: bool,
}

/// Results that can be objected to.
struct Objectable {
    by: As,
    scheme: String,
    round: String,
    title: String,
    until: String,
    objection: String,
}

#[derive(Template)]
#[template(path = "matters.html")]
struct Matters {
    frame: Frame,
    waiting: usize,
    tabs: Vec<Choice>,
    offices: Vec<Choice>,
    states: Vec<Choice>,
    schemes: Vec<Choice>,
    sections: Vec<Section>,
    enter: Option<Enter>,
    objectable: Vec<Objectable>,
}

/// The scheme whose rules events are shown by: the one asked for, else the newest with event tables.
pub fn scheme<'a>(eyes: &Eyes<'a>, asked: &str) -> Option<&'a SchemeId> {
    let outline = |id: &SchemeId| eyes.state().schemes.get(id)?.outline();
    let counts = |id: &&SchemeId| outline(id).is_some_and(|outline| !outline.events.is_empty());
    // One whose events are seen here goes before one that only could count some.
    let used = |id: &SchemeId| {
        let mut seen = eyes.state().events.iter().filter(|(_, event)| eyes.viewer.sees(&event.office));
        outline(id).is_some_and(|outline| seen.any(|((table, _), _)| outline.events.contains(table)))
    };
    let newest = |id: &SchemeId| eyes.state().schemes.get(id)?.versions.last().map(|version| version.number);
    let adopted = |id: &&SchemeId| (used(id), newest(id));
    eyes.schemes().find(|id| id.as_str() == asked).or_else(|| eyes.schemes().filter(counts).max_by_key(adopted))
}

/// The page.
pub fn matters(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>) -> Html {
    let mut frame = Frame::new(eyes, Topic::Matters, eyes.t("事项", "Matters"));
    let word = |zh: &'static str, en: &'static str| if eyes.lang == Lang::Zh { zh } else { en };
    let (objected, proposed) = (word("异议", "Objections"), word("申请", "Proposals"));
    let (happened, not_in_time) = (word("事件", "Events"), word("迟报", "Late reports"));
    let known = [("objections", objected), ("proposals", proposed), ("events", happened), ("late", not_in_time)];
    let kind = frame.chosen(eyes, ("事项类别", "kind of matter"), wanted.kind, &known);
    let known = [("open", word("待办、期内", "waiting")), ("done", word("已办结", "done"))];
    let state = frame.chosen(eyes, ("办理状态", "state"), wanted.state, &known);
    let outline = wanted.scheme.and_then(|id| eyes.state().schemes.get(id)?.outline());
    let tables = outline.map(|outline| outline.events.as_slice()).unwrap_or_default();
    let known: Vec<(&str, &str)> = tables.iter().map(|table| (table.as_str(), table.as_str())).collect();
    let table = frame.chosen(eyes, ("明细", "event table"), wanted.table, &known);
    let wanted = &Wanted { kind, state, table, ..*wanted };
    let events = events::events(eyes, wanted, model);
    let late = events::late(eyes, wanted);
    let objections = others::objections(eyes, wanted);
    let proposals = others::proposals(eyes, wanted);
    let kinds = [
        ("objections", objected, objections),
        ("proposals", proposed, proposals),
        ("events", happened, events),
        ("late", not_in_time, late),
    ];
    let all: usize = kinds.iter().map(|(.., matters)| matters.len()).sum();
    let waiting = kinds.iter().flat_map(|(.., matters)| matters).filter(|matter| matter.open).count();
    let tab = |kind: &str, word: &str, count: usize| Choice {
        path: address(wanted, (kind, wanted.unit, wanted.state)),
        word: format!("{word} {count}"),
        current: kind == wanted.kind,
    };
    let mut tabs = vec![tab("", eyes.t("全部", "All"), all)];
    tabs.extend(kinds.iter().map(|(kind, word, matters)| tab(kind, word, matters.len())));
    let sections = kinds.into_iter().filter(|(kind, ..)| wanted.kind.is_empty() || wanted.kind == *kind);
    let sections = sections.filter(|(.., matters)| all == 0 || !wanted.kind.is_empty() || !matters.is_empty());
    Html::of(&Matters {
        frame,
        waiting,
        tabs,
        offices: offices(eyes, wanted),
        states: states(eyes, wanted),
        schemes: schemes(eyes, wanted),
        sections: sections.map(|(kind, word, matters)| section(eyes, kind, word, matters)).collect(),
        enter: events::enter(eyes, wanted, model),
        objectable: others::objectable(eyes),
    })
}

fn address(wanted: &Wanted<'_>, (kind, unit, state): (&str, &str, &str)) -> String {
    let scheme = wanted.scheme.map(|scheme| encoded(scheme.as_str())).unwrap_or_default();
    format!("/matters?kind={}&unit={}&state={}&scheme={scheme}", encoded(kind), encoded(unit), encoded(state))
}

fn section(eyes: &Eyes<'_>, kind: &'static str, word: &'static str, mut matters: Vec<Matter>) -> Section {
    matters.sort_by_key(|matter| (!matter.open, u64::MAX - matter.number));
    let left_out = matters.len().saturating_sub(MOST);
    matters.truncate(MOST);
    let empty = match (kind, eyes.lang) {
        ("objections", Lang::Zh) => "没有异议。公示期内可以对事件和结果提出。",
        ("objections", Lang::En) => "No objection. Events and results can be objected to in their time.",
        ("proposals", Lang::Zh) => "没有申请。更正数字从报表提出，调整和豁免从任务分解提出。",
        ("proposals", Lang::En) => {
            "No proposal. Corrections come from reports, adjustments and exemptions from targets."
        }
        ("events", Lang::Zh) => "没有登记的事件。",
        ("events", Lang::En) => "No event was entered.",
        (_, Lang::Zh) => "没有迟报。",
        (_, Lang::En) => "Nothing was reported late.",
    };
    Section { kind, word, empty, matters, left_out }
}

fn offices(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Choice> {
    let state = eyes.state();
    let concerned = state.events.values().map(|event| &event.office);
    let concerned = concerned.chain(state.objections.values().map(|objection| &objection.office));
    let concerned = concerned.chain(state.proposals.values().filter_map(|proposal| of(eyes, &proposal.decision)));
    let seen: BTreeSet<&OfficeId> = concerned.filter(|office| eyes.viewer.sees(office)).collect();
    let choice = |id: &str, word: String| Choice {
        path: address(wanted, (wanted.kind, id, wanted.state)),
        word,
        current: id == wanted.unit,
    };
    let all = std::iter::once(choice("", eyes.t("全部单位", "all offices").into()));
    let seen = state.in_order(seen).into_iter();
    all.chain(seen.map(|office| choice(office.as_str(), eyes.office(office)))).collect()
}

fn states(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Choice> {
    let words =
        [("", eyes.t("全部", "all")), ("open", eyes.t("待办、期内", "waiting")), ("done", eyes.t("已办结", "done"))];
    let choice = |(state, word): (&str, &str)| Choice {
        path: address(wanted, (wanted.kind, wanted.unit, state)),
        word: word.to_owned(),
        current: state == wanted.state,
    };
    words.into_iter().map(choice).collect()
}

/// The schemes whose rules say what an event takes.
fn schemes(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Choice> {
    let counts = |id: &&SchemeId| {
        let outline = eyes.state().schemes.get(*id).and_then(|scheme| scheme.outline());
        outline.is_some_and(|outline| !outline.events.is_empty())
    };
    let choice = |id: &SchemeId| Choice {
        path: address(&Wanted { scheme: Some(id), ..*wanted }, (wanted.kind, wanted.unit, wanted.state)),
        word: format!("{}{}", eyes.t("按", "under "), eyes.state().title(id)),
        current: Some(id) == wanted.scheme,
    };
    eyes.schemes().filter(counts).map(choice).collect()
}

/// Whether a matter is among those asked for.
fn fits(wanted: &Wanted<'_>, office: &OfficeId, open: bool) -> bool {
    (wanted.unit.is_empty() || office.as_str() == wanted.unit)
        && match wanted.state {
            "open" => open,
            "done" => !open,
            _ => true,
        }
}

/// The office a decision is about.
fn of<'a>(eyes: &Eyes<'a>, decision: &'a Decision) -> Option<&'a OfficeId> {
    match decision {
        Decision::CorrectFigure { office, .. }
        | Decision::AdjustTarget { office, .. }
        | Decision::Exempt { office, .. }
        | Decision::EndExemption { office, .. } => Some(office),
        Decision::ReviseResults { scheme, .. } => eyes.state().schemes.get(scheme).map(|scheme| &scheme.office),
    }
}

/// An entry of the record: where it is and what it is called.
fn entry(eyes: &Eyes<'_>, number: u64) -> (String, String) {
    let Thing { path, word } = things::entry(eyes, number);
    (path, word)
}

/// What is to change, in words.
pub(crate) fn decision_words(eyes: &Eyes<'_>, decision: &Decision) -> String {
    let indicator = |scheme: &SchemeId, id: &str| {
        let outline = eyes.state().schemes.get(scheme).and_then(|scheme| scheme.outline());
        let found = outline.and_then(|outline| outline.indicator(id));
        found.map(|indicator| indicator.name.clone()).unwrap_or_else(|| id.to_owned())
    };
    let zh = eyes.lang == Lang::Zh;
    match decision {
        Decision::CorrectFigure { figure, period, value, .. } => {
            let name = eyes.state().cards.get(figure).map(|card| card.name.clone()).unwrap_or_default();
            let name = if name.is_empty() { figure.to_string() } else { name };
            if zh {
                format!("更正数字：{name}（{period}）改为 {value}")
            } else {
                format!("correct {name} ({period}) to {value}")
            }
        }
        Decision::AdjustTarget { scheme, indicator: item, field, value, .. } => {
            let name = indicator(scheme, item.as_str());
            if zh {
                format!("调整目标：{name}·{field}改为 {value}")
            } else {
                format!("adjust {name} {field} to {value}")
            }
        }
        Decision::Exempt { scheme, indicator: item, instead, .. } => {
            let name = indicator(scheme, item.as_str());
            let instead = instead.map(|instead| match instead {
                kaoping_office::state::Instead::Full => eyes.t("，计满分", ", all its points"),
                kaoping_office::state::Instead::Scale => eyes.t("，其余折算", ", the rest scaled up"),
                kaoping_office::state::Instead::Reduce => eyes.t("，减少满分", ", left out of the full mark"),
            });
            let instead = instead.unwrap_or_default();
            if zh { format!("豁免：{name}{instead}") } else { format!("exempt from {name}{instead}") }
        }
        Decision::EndExemption { scheme, indicator: item, .. } => {
            let name = indicator(scheme, item.as_str());
            if zh { format!("结束豁免：{name}") } else { format!("end the exemption from {name}") }
        }
        Decision::ReviseResults { scheme, round } => {
            let title = eyes.state().title(scheme);
            if zh {
                format!("修订已封存的结果：{title} {round}")
            } else {
                format!("revise the results of {title} {round}")
            }
        }
    }
}
