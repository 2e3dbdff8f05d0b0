//! One office: its targets, its liability letter, what each target went through, and changes in the middle of the year.

use super::{Choice, LetterLine, Wanted, Who, blocks, letter, offices, unit_path, who};
use crate::{Eyes, Frame, Html, Topic, forms::As, frame::encoded, may, things, words};
use askama::Template;
use kaoping_desk::scoring::Model;
use kaoping_ledger::Digest;
use kaoping_office::{
    Act, Entry, State,
    deeds::proposals::Propose,
    ids::{IndicatorId, OfficeId},
    outline::Indicator,
    state::{Decision, Instead},
};

struct Line {
    id: String,
    name: String,
    block: String,
    field: String,
    who: Who,
    value: String,
    from: String,
    entry: u64,
    adjusted: String,
    exempt: String,
    path: String,
    current: bool,
}

/// What happened to a target.
struct Step {
    what: String,
    who: String,
    why: String,
    path: String,
    word: String,
    papers: Vec<Digest>,
}

struct Change {
    id: String,
    name: String,
    clause: String,
    steps: Vec<Step>,
    fields: Vec<(String, String)>,
    proposal: String,
    adjust: Option<As>,
    exempt: Option<As>,
    asks_instead: bool,
    end: Option<As>,
    record: String,
}

#[derive(Template)]
#[template(path = "targets-unit.html")]
struct Unit {
    frame: Frame,
    title: String,
    office: String,
    unit: String,
    scheme: String,
    letter: Option<LetterLine>,
    others: Vec<Choice>,
    all: String,
    lines: Vec<Line>,
    change: Option<Change>,
}

pub(super) fn unit(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>, told: &[Entry]) -> Option<Html> {
    let office = OfficeId::from(wanted.unit);
    eyes.state().offices.get(&office).filter(|_| eyes.viewer.sees(&office))?;
    let outline = eyes.state().schemes.get(wanted.scheme)?.outline()?;
    let blocks = blocks(model);
    let seen = offices(eyes, wanted.scheme);
    let has = seen.contains(&&office);
    let others = seen.iter().map(|other| Choice {
        path: unit_path(wanted, other.as_str(), ""),
        word: eyes.office(other),
        current: **other == office,
    });
    let others: Vec<Choice> = others.collect();
    let lines = outline.indicators.iter().flat_map(|indicator| {
        let block = blocks.get(indicator.id.as_str()).copied().unwrap_or_default();
        indicator
            .fields
            .iter()
            .filter_map(|field| line(eyes, wanted, &office, (indicator, &field.name), block))
            .collect::<Vec<_>>()
    });
    let title = eyes.state().title(wanted.scheme);
    let change = outline.indicator(wanted.item).map(|indicator| change(eyes, wanted, &office, indicator, told));
    let frame = Frame::new(eyes, Topic::Targets, format!("{} · {title}", eyes.office(&office)));
    Some(Html::of(&Unit {
        frame,
        office: eyes.office(&office),
        unit: office.to_string(),
        scheme: wanted.scheme.to_string(),
        letter: has.then(|| letter(eyes, wanted, &office)),
        others: if others.len() > 1 { others } else { Vec::new() },
        all: format!("/schemes/{}/targets", encoded(wanted.scheme.as_str())),
        lines: lines.collect(),
        change,
        title,
    }))
}

fn line(
    eyes: &Eyes<'_>,
    wanted: &Wanted<'_>,
    office: &OfficeId,
    (indicator, field): (&Indicator, &str),
    block: &str,
) -> Option<Line> {
    let key = (wanted.scheme.clone(), office.clone(), indicator.id.clone(), field.to_owned());
    let target = eyes.state().targets.get(&key)?;
    let exempt = eyes.state().exemptions.get(&(wanted.scheme.clone(), office.clone(), indicator.id.clone()));
    Some(Line {
        id: indicator.id.to_string(),
        name: indicator.name.clone(),
        block: block.to_owned(),
        field: field.to_owned(),
        who: who(indicator),
        value: target.value.clone(),
        from: eyes.office(&target.from),
        entry: target.number,
        adjusted: target.adjusted.as_ref().map(ToString::to_string).unwrap_or_default(),
        exempt: exempt.map(|exempt| exempt.proposal.to_string()).unwrap_or_default(),
        path: unit_path(wanted, office.as_str(), indicator.id.as_str()),
        current: indicator.id.as_str() == wanted.item,
    })
}

fn change(eyes: &Eyes<'_>, wanted: &Wanted<'_>, office: &OfficeId, indicator: &Indicator, told: &[Entry]) -> Change {
    let (scheme, state) = (wanted.scheme.clone(), eyes.state());
    let mine =
        |field: &str| state.targets.get(&(scheme.clone(), office.clone(), indicator.id.clone(), field.to_owned()));
    let fields: Vec<(String, String)> = indicator
        .fields
        .iter()
        .filter_map(|field| Some((field.name.clone(), mine(&field.name)?.value.clone())))
        .collect();
    let proposal = |decision| Act::Propose(Propose { proposal: "申请".into(), decision });
    let adjust = fields.first().and_then(|(field, value)| {
        let (field, value, indicator) = (field.clone(), value.clone(), indicator.id.clone());
        let (scheme, office) = (scheme.clone(), office.clone());
        may::as_whom(eyes, &proposal(Decision::AdjustTarget { scheme, office, indicator, field, value }))
    });
    let asks_instead = indicator.not_applicable.is_empty();
    let exempted = state.exemptions.iter().find(|((of, _, item), _)| *of == scheme && *item == indicator.id);
    let instead = exempted.map_or(Some(Instead::Full), |(_, exempted)| exempted.instead);
    let exempt = may::as_whom(
        eyes,
        &proposal(Decision::Exempt {
            scheme: scheme.clone(),
            office: office.clone(),
            indicator: indicator.id.clone(),
            instead: if asks_instead { instead } else { None },
        }),
    );
    let end =
        Decision::EndExemption { scheme: scheme.clone(), office: office.clone(), indicator: indicator.id.clone() };
    Change {
        id: indicator.id.to_string(),
        name: indicator.name.clone(),
        clause: indicator.clause.clone(),
        steps: steps(eyes, wanted, office, indicator, told),
        fields,
        // Numbered by the length of the record, so that it is taken by nothing before.
        proposal: format!("{}-{}-{}", office, indicator.id, state.size),
        adjust,
        exempt,
        asks_instead,
        end: may::as_whom(eyes, &proposal(end)),
        record: format!("/record?deed=hand-down&unit={}", encoded(office.as_str())),
    }
}

/// What a target went through: who handed it down, what was proposed since, and how that was decided.
fn steps(eyes: &Eyes<'_>, wanted: &Wanted<'_>, office: &OfficeId, indicator: &Indicator, told: &[Entry]) -> Vec<Step> {
    let state = eyes.state();
    let mut steps = Vec::new();
    let about = |decision: &Decision, of: &IndicatorId| match decision {
        Decision::AdjustTarget { scheme, office: whose, indicator, .. }
        | Decision::Exempt { scheme, office: whose, indicator, .. }
        | Decision::EndExemption { scheme, office: whose, indicator } => {
            scheme == wanted.scheme && whose == office && indicator == of
        }
        Decision::CorrectFigure { .. } | Decision::ReviseResults { .. } => false,
    };
    for field in &indicator.fields {
        let key = (wanted.scheme.clone(), office.clone(), indicator.id.clone(), field.name.clone());
        let Some(target) = state.targets.get(&key) else { continue };
        for number in target.entries() {
            let set = told.iter().find(|entry| entry.number == number);
            let value = set.and_then(|entry| set_to(state, entry, office)).unwrap_or_else(|| target.value.clone());
            let what = match set.map(|entry| &entry.act) {
                Some(Act::Decide(_)) => eyes.t("调整为", "adjusted to"),
                _ => eyes.t("下达", "handed down:"),
            };
            let by = |entry: &Entry| {
                format!(
                    "{} · {} · {}",
                    words::moment(entry.received_ms),
                    eyes.office(&entry.by.office.as_str().into()),
                    entry.by.account
                )
            };
            steps.push(Step {
                what: format!("{} · {what} {value}", field.name),
                who: set.map(by).unwrap_or_else(|| eyes.office(&target.from)),
                why: set.map(|entry| entry.why.clone()).unwrap_or_default(),
                path: format!("/record/{number}"),
                word: things::entry(eyes, number).word,
                papers: set.map(|entry| entry.evidence.clone()).unwrap_or_default(),
            });
        }
    }
    let proposals = state.proposals.iter().filter(|(id, proposal)| {
        about(&proposal.decision, &indicator.id)
            && eyes.viewer.may_see(&kaoping_office::tables::Key::Proposal((*id).clone()))
    });
    for (id, proposal) in proposals {
        let outcome = match &proposal.decided {
            None => eyes.t("待批复", "waits for a decision").to_owned(),
            Some((by, true)) => format!("{by} {}", eyes.t("批准", "approved")),
            Some((by, false)) => format!("{by} {}", eyes.t("不批准", "refused")),
        };
        steps.push(Step {
            what: crate::matters::decision_words(eyes, &proposal.decision),
            who: format!("{} {} · {outcome}", proposal.by, eyes.t("提出", "proposed")),
            why: proposal.why.clone(),
            path: format!("/matters#proposal-{}", encoded(id.as_str())),
            word: id.to_string(),
            papers: proposal.evidence.clone(),
        });
    }
    steps
}

/// What an entry made a target of that office.
fn set_to(state: &State, entry: &Entry, office: &OfficeId) -> Option<String> {
    match &entry.act {
        Act::HandDown(handed) => Some(handed.parts.iter().find(|part| part.office == *office)?.value.clone()),
        Act::Decide(decided) => match &state.proposals.get(&decided.proposal)?.decision {
            Decision::AdjustTarget { value, .. } => Some(value.clone()),
            _ => None,
        },
        _ => None,
    }
}
