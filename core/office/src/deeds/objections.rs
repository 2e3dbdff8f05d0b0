//! Objections to results in their publicity period, and to events; answers, and what they do.

use super::{AWARD, EVENT, OBJECTION, RESULTS, there};
use crate::{
    deed::{Asked, Deed, Judged, Told},
    ids::{ObjectionId, OfficeId, SchemeId, is_name},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{AwardKey, Limited, Objection, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// What is objected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum About {
    /// Results that are shown to the public.
    Results {
        /// Of which scheme.
        scheme: SchemeId,
        /// Of which round.
        round: String,
    },
    /// An award that is proposed.
    Award {
        /// Of which scheme.
        scheme: SchemeId,
        /// Of which round.
        round: String,
        /// Which.
        award: String,
        /// Whose.
        office: OfficeId,
    },
    /// An event.
    Event {
        /// In which event table.
        table: String,
        /// Which.
        id: String,
    },
}

/// Objects. What is said against it is the reason of the deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Its id.
    pub objection: ObjectionId,
    /// Who objects.
    pub office: OfficeId,
    /// To what.
    pub about: About,
    /// Working days until it is to be answered.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub answer_days: u16,
}

impl Deed for Object {
    fn word(&self) -> Text {
        Text::new("提出异议", "objecting")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Signer], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        there::working_days(self.answer_days, findings);
        if !is_name(self.objection.as_str()) {
            findings.push(refusal::no_name(&OBJECTION, self.objection.as_str()));
        }
        if state.objections.contains_key(&self.objection) {
            findings.push(refusal::taken(&OBJECTION, self.objection.as_str()));
        }
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        findings.extend(self.waits_already(state));
        let until = match &self.about {
            About::Results { scheme, round } => match state.results.get(&(scheme.clone(), round.clone())) {
                Some(results) => results.objections_until,
                None => {
                    findings.push(refusal::no_results(&RESULTS, scheme.as_str(), round));
                    return;
                }
            },
            About::Award { scheme, round, award, office } => {
                let awards = state.awards.get(&(scheme.clone(), round.clone()));
                match awards.filter(|awards| awards.line(award, office).is_some()) {
                    Some(awards) => awards.objections_until,
                    None => {
                        findings.push(refusal::unknown(&AWARD, &format!("{award} {office}")));
                        return;
                    }
                }
            }
            About::Event { table, id } => {
                let key = (table.clone(), id.clone());
                match state.events.get(&key) {
                    Some(event) if event.office == self.office => event.objections_until,
                    None if state.late_report(&key).is_some_and(|late| late.office == self.office) => {
                        // Nobody set a day for it: as long as nothing was sealed that counts it.
                        let seal = state.scheme_of_report(&key).and_then(|scheme| state.seals(scheme).next());
                        findings.extend(seal.map(there::sealed));
                        return;
                    }
                    _ => {
                        findings.push(refusal::unknown(&EVENT, id));
                        return;
                    }
                }
            }
        };
        if until.is_none_or(|until| asked.today > until) {
            findings.push(match until {
                Some(until) => refusal::not_now(
                    Text::new(format!("提异议到 {until} 为止"), format!("objections were taken until {until}")),
                    Text::new("公示有期限，到期就定了", "results are shown for a time, and stand after it"),
                    Text::new(
                        "过了期的，由本单位书面向领导小组反映；认为确有错的，由考评办申请重开结果",
                        "afterwards the office writes to the leading group; if they agree, the \
                 assessment office proposes to reopen the results",
                    ),
                ),
                None => refusal::not_now(
                    Text::new("还没有开始公示，不到提异议的时候", "nothing is shown yet that could be objected to"),
                    Text::new("异议是对公示的结果提的", "an objection is to results that are shown"),
                    Text::new(
                        "等领导小组封存、开始公示以后，由本单位签发人再提",
                        "wait until the leading group sealed the results and they are shown; then \
                 the signer of the office objects",
                    ),
                ),
            });
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let (results, event, award) = self.subject();
        let objection = Objection {
            office: self.office.clone(),
            results,
            event,
            award,
            text: told.why.into(),
            by: account(told.by),
            answer_by: state.limit(Limited::Objection(self.objection.clone()), told.today, self.answer_days),
            answered: None,
            answered_in: None,
        };
        state.objections.insert(self.objection.clone(), objection);
        touched.note(|| Key::Objection(self.objection.clone()));
    }
}

/// Results, an event, or an award: one of the three.
type Subject = (Option<(SchemeId, String)>, Option<(String, String)>, Option<AwardKey>);

impl Object {
    /// What it is about.
    fn subject(&self) -> Subject {
        match &self.about {
            About::Results { scheme, round } => (Some((scheme.clone(), round.clone())), None, None),
            About::Event { table, id } => (None, Some((table.clone(), id.clone())), None),
            About::Award { scheme, round, award, office } => {
                (None, None, Some((scheme.clone(), round.clone(), award.clone(), office.clone())))
            }
        }
    }

    /// That the office objected to an event already and waits for the answer: two answers could contradict each other.
    fn waits_already(&self, state: &State) -> Option<Diagnostic> {
        let (_, event, _) = self.subject();
        let event = event?;
        let waits = |objection: &Objection| {
            objection.office == self.office && objection.answered.is_none() && objection.event.as_ref() == Some(&event)
        };
        let (id, _) = state.objections.iter().find(|(_, objection)| waits(objection))?;
        Some(refusal::not_now(
            Text::new(
                format!("对这件事已经提了异议“{id}”，还没有答复"),
                format!("objection `{id}` to it waits for its answer"),
            ),
            Text::new("同一件事同时提两次，会得到相反的答复", "two objections to one thing could get contrary answers"),
            Text::new("等答复；有新的材料，交给答复的人", "wait for the answer; give new papers to whoever answers"),
        ))
    }
}

/// Answers an objection. One that is upheld withdraws the event; results are opened again by a
/// proposal of their own, an award is refused by a decision of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Which.
    pub objection: ObjectionId,
    /// Whether it is upheld.
    pub upheld: bool,
}

impl Deed for Answer {
    fn word(&self) -> Text {
        Text::new("答复异议", "answering an objection")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::LeadingGroup], relation: Relation::Above }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        state.objections.get(&self.objection).map(|objection| &objection.office).into_iter().collect()
    }

    fn judges<'a>(&'a self, state: &'a State) -> Option<Judged<'a>> {
        let objection = state.objections.get(&self.objection)?;
        let award = objection.award.as_ref();
        let scheme = objection.results.as_ref().map(|(scheme, _)| scheme).or(award.map(|(scheme, ..)| scheme));
        let offices = core::iter::once(&objection.office).chain(award.map(|(.., office)| office)).collect();
        Some(Judged { scheme, offices })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        match state.objections.get(&self.objection) {
            None => findings.push(refusal::unknown(&OBJECTION, self.objection.as_str())),
            Some(objection) if objection.answered.is_some() => findings.push(refusal::not_now(
                Text::new("这件异议已经答复", "it has been answered"),
                Text::new("一件异议答复一次，留在台账里不改", "an objection is answered once, and the answer stays"),
                Text::new(
                    "不用再办；单位不服的，在公示期内另提一件",
                    "nothing is left to do; an office that disagrees objects anew while results are shown",
                ),
            )),
            Some(objection) => {
                let entered = objection.event.as_ref().and_then(|event| state.events.get(event)?.by.as_ref());
                let what = Text::new("录入这件事的人", "whoever entered the event");
                findings.extend(entered.and_then(|entered| second_person(asked.by, entered, &what)));
                let event = objection.event.as_ref().filter(|_| self.upheld);
                event.into_iter().for_each(|event| super::events::may_go(state, event, findings));
            }
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let Some(objection) = state.objections.get_mut(&self.objection) else { return };
        objection.answered = Some((account(told.by), self.upheld, told.why.into()));
        objection.answered_in = Some(told.number);
        touched.note(|| Key::Objection(self.objection.clone()));
        let event = objection.event.clone().filter(|_| self.upheld);
        if let Some(event) = event {
            super::events::withdraw(state, event, told, touched);
        }
    }
}
