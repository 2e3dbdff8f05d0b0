//! Objections and proposals: what two people settle.

use super::{Form, Matter, Objectable, Wanted, decision_words, entry, fits, of};
use crate::{Eyes, may, words};
use kaoping_office::{
    Act,
    deeds::{
        objections::{About, Answer, Object},
        proposals::Decide,
    },
    duties::Lamp,
    ids::ProposalId,
    state::{Decision, Objection, Proposal},
    tables::Key,
};
use kaoping_terms::Lang;

fn word(eyes: &Eyes<'_>, zh: &'static str, en: &'static str) -> &'static str {
    if eyes.lang == Lang::Zh { zh } else { en }
}

pub(super) fn objections(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Matter> {
    let all = eyes.state().objections.iter();
    let seen = all.filter(|(id, objection)| {
        eyes.viewer.may_see(&Key::Objection((*id).clone()))
            && fits(wanted, &objection.office, objection.answered.is_none())
    });
    seen.map(|(id, objection)| {
        let state = eyes.state();
        let mut facts = vec![
            (word(eyes, "理由", "Reason"), objection.text.clone()),
            (word(eyes, "提出", "Raised by"), objection.by.to_string()),
        ];
        let (tag, stands) = match (&objection.answered, objection.answer_by) {
            (Some((by, upheld, answer)), _) => {
                facts.push((word(eyes, "答复", "Answer"), format!("{by}{}{answer}", eyes.t("：", ": "))));
                facts.push((word(eyes, "结果", "Effect"), effect(eyes, objection, Some(*upheld))));
                if *upheld {
                    ("ok", eyes.t("成立", "upheld").to_owned())
                } else {
                    ("", eyes.t("不成立", "not upheld").to_owned())
                }
            }
            (None, None) => ("near", eyes.t("待答复", "waits").to_owned()),
            (None, Some(due)) => {
                let lamp = state.lamp(eyes.viewer.today(), Some(due), Some(due));
                let left = words::left(state.calendar.left(eyes.viewer.today(), due), lamp == Lamp::Late, eyes.lang);
                facts.push((word(eyes, "答复期限", "Answer by"), format!("{due} · {left}")));
                (if lamp == Lamp::Late { "late" } else { "near" }, eyes.t("待答复", "waits").to_owned())
            }
        };
        let answer = Act::Answer(Answer { objection: id.clone(), upheld: false });
        let form = objection.answered.is_none().then(|| may::as_whom(eyes, &answer)).flatten();
        let mut links = Vec::new();
        if let Some((table, event)) = &objection.event {
            links.push((format!("#event-{table}-{event}"), format!("{table} {event}")));
            let number = state.events.get(&(table.clone(), event.clone())).map(|event| event.number);
            links.extend(number.map(|number| entry(eyes, number)));
        }
        Matter {
            anchor: format!("objection-{id}"),
            title: format!("{}{}{}", id, eyes.t("：针对 ", ": against "), against(eyes, objection)),
            office: eyes.office(&objection.office),
            tag,
            state: stands,
            open: objection.answered.is_none(),
            facts,
            links,
            papers: Vec::new(),
            form: form.map(|by| Form::Answer { by, objection: id.to_string(), effect: effect(eyes, objection, None) }),
            number: objection.answer_by.and_then(|day| u64::try_from(day.number()).ok()).unwrap_or_default(),
        }
    })
    .collect()
}

fn against(eyes: &Eyes<'_>, objection: &Objection) -> String {
    match (&objection.award, &objection.results, &objection.event) {
        (Some((scheme, round, award, office)), ..) => {
            format!("{} {round} {award}（{}）", eyes.state().title(scheme), eyes.office(office))
        }
        (None, Some((scheme, round)), _) => {
            format!("{} {round} {}", eyes.state().title(scheme), eyes.t("的结果", "results"))
        }
        (None, None, Some((table, id))) => format!("{table} {id}"),
        (None, None, None) => String::new(),
    }
}

/// What follows from an answer; `None` while there is none: what would follow if it is upheld.
fn effect(eyes: &Eyes<'_>, objection: &Objection, upheld: Option<bool>) -> String {
    let said = match (upheld, &objection.event, &objection.award) {
        (Some(false), ..) => eyes.t("原样不变", "nothing changed"),
        (Some(true), Some(_), _) => eyes.t("事件已撤销，扣分随之恢复", "the event was withdrawn, its points came back"),
        (Some(true), None, Some(_)) => eyes.t("奖项另行决定", "the award is decided on its own"),
        (Some(true), None, None) => {
            eyes.t("结果另按“修订结果”申请重开", "results are opened again by a proposal of their own")
        }
        (None, Some(_), _) => {
            eyes.t("成立的，事件随即撤销，扣分恢复", "if upheld, the event is withdrawn and its points come back")
        }
        (None, None, Some(_)) => eyes.t("成立的，奖项另行决定", "if upheld, the award is decided on its own"),
        (None, None, None) => {
            eyes.t("成立的，另提“修订结果”申请", "if upheld, a proposal to revise the results follows")
        }
    };
    said.to_owned()
}

pub(super) fn proposals(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Matter> {
    let all = eyes.state().proposals.iter();
    let seen = all.filter(|(id, proposal)| {
        let office = of(eyes, &proposal.decision).unwrap_or(&proposal.office);
        eyes.viewer.may_see(&Key::Proposal((*id).clone())) && fits(wanted, office, proposal.decided.is_none())
    });
    seen.map(|(id, proposal)| proposed(eyes, id, proposal)).collect()
}

fn proposed(eyes: &Eyes<'_>, id: &ProposalId, proposal: &Proposal) -> Matter {
    let office = of(eyes, &proposal.decision).unwrap_or(&proposal.office);
    let by = format!("{} · {}", proposal.by, eyes.office(&proposal.office));
    let mut facts = vec![(word(eyes, "原因", "Reason"), proposal.why.clone()), (word(eyes, "提出", "Proposed by"), by)];
    if let Some(now) = stands_now(eyes, &proposal.decision).filter(|_| proposal.decided.is_none()) {
        facts.push((word(eyes, "现为", "Now"), now));
    }
    let (tag, state) = match &proposal.decided {
        None => ("near", eyes.t("待批复", "waits").to_owned()),
        Some((by, true)) => ("ok", format!("{} · {by}", eyes.t("已批准", "approved"))),
        Some((by, false)) => ("late", format!("{} · {by}", eyes.t("不批准", "refused"))),
    };
    let decide = |approved| may::as_whom(eyes, &Act::Decide(Decide { proposal: id.clone(), approved }));
    let form = proposal.decided.is_none().then(|| decide(false)).flatten();
    let approved = proposal.decided.as_ref().is_some_and(|(_, approved)| *approved);
    let changed = approved.then(|| changed(eyes, id, &proposal.decision)).flatten();
    if proposal.decided.is_none() && form.is_none() {
        let who =
            eyes.t("上级考评办或领导小组的另一个人", "another person of the assessment office or leading group above");
        facts.push((word(eyes, "由谁批复", "Decided by"), who.to_owned()));
    }
    Matter {
        anchor: format!("proposal-{id}"),
        title: format!("{id} · {}", decision_words(eyes, &proposal.decision)),
        office: eyes.office(office),
        tag,
        state,
        open: proposal.decided.is_none(),
        facts,
        links: changed.map(|number| entry(eyes, number)).into_iter().collect(),
        papers: proposal.evidence.clone(),
        form: form.map(|by| Form::Decide { by, proposal: id.to_string(), can_approve: decide(true).is_some() }),
        number: changed.unwrap_or_default(),
    }
}

/// What a decision would change, as it is now.
fn stands_now(eyes: &Eyes<'_>, decision: &Decision) -> Option<String> {
    let state = eyes.state();
    match decision {
        Decision::CorrectFigure { office, figure, period, .. } => {
            state.cells.get(&(office.clone(), figure.clone(), *period)).map(|cell| cell.value.clone())
        }
        Decision::AdjustTarget { scheme, office, indicator, field, .. } => {
            let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
            state.targets.get(&key).map(|target| target.value.clone())
        }
        Decision::Exempt { .. } | Decision::EndExemption { .. } | Decision::ReviseResults { .. } => None,
    }
}

/// The entry that did what was approved, as long as it is the last word.
fn changed(eyes: &Eyes<'_>, id: &ProposalId, decision: &Decision) -> Option<u64> {
    let state = eyes.state();
    match decision {
        Decision::CorrectFigure { office, figure, period, value } => {
            let cell = state.cells.get(&(office.clone(), figure.clone(), *period))?;
            (cell.value == *value).then_some(cell.number)
        }
        Decision::AdjustTarget { scheme, office, indicator, field, .. } => {
            let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
            let target = state.targets.get(&key)?;
            (target.adjusted.as_ref() == Some(id)).then_some(target.number)
        }
        Decision::Exempt { scheme, office, indicator, .. } => {
            let exemption = state.exemptions.get(&(scheme.clone(), office.clone(), indicator.clone()))?;
            (exemption.proposal == *id).then_some(exemption.number)
        }
        Decision::EndExemption { .. } | Decision::ReviseResults { .. } => None,
    }
}

/// Results that whoever looks can object to now.
pub(super) fn objectable(eyes: &Eyes<'_>) -> Vec<Objectable> {
    let mut found = Vec::new();
    for ((scheme, round), results) in &eyes.state().results {
        let Some(until) = results.objections_until.filter(|until| eyes.viewer.today() <= *until) else { continue };
        for office in eyes.state().in_order(eyes.viewer.offices()) {
            let about = About::Results { scheme: scheme.clone(), round: round.clone() };
            let object = Object { objection: "异议".into(), office: office.clone(), about, answer_days: 5 };
            if let Some(by) = may::as_whom(eyes, &Act::Object(object)) {
                found.push(Objectable {
                    by,
                    scheme: scheme.to_string(),
                    round: round.clone(),
                    title: eyes.state().title(scheme),
                    until: until.to_string(),
                    objection: format!("异议-{office}-{}", eyes.state().size),
                });
            }
        }
    }
    found
}
