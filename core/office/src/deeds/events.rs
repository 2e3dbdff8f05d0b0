//! What happened and is counted by rules: petitions, criticism, accidents.

use super::{EVENT, there};
use crate::{
    deed::{Asked, Deed, Judged, Told},
    ids::{OfficeId, SchemeId, is_name},
    refusal,
    rights::{Relation, Right, Role},
    state::{Event, State},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use kaoping_terms::{Day, Report, Text};
use serde::{Deserialize, Serialize};

/// Enters an event. Points come off by rule, with its papers, as long as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterEvent {
    /// A scheme that counts it.
    pub scheme: SchemeId,
    /// In which of its event tables.
    pub table: String,
    /// Its id.
    pub id: String,
    /// The office it is counted for.
    pub office: OfficeId,
    /// The day it happened.
    pub day: Day,
    /// Its declared columns.
    pub columns: BTreeMap<String, String>,
    /// Working days the office has to object.
    pub objection_days: u16,
}

const WHO: Right = Right { roles: &[Role::AssessmentOffice, Role::Lead, Role::Inspector], relation: Relation::Above };

impl Deed for EnterEvent {
    fn word(&self) -> Text {
        Text::new("登记事件", "entering an event")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judged<'a>> {
        Some(Judged { scheme: Some(&self.scheme), offices: Vec::from([&self.office]) })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if let Some(outline) = there::outline(state, &self.scheme, findings) {
            there::event_table(outline, &self.table, findings);
        }
        there::working_days(self.objection_days, findings);
        if !is_name(&self.id) {
            findings.push(refusal::no_name(&EVENT, &self.id));
        }
        if state.events.contains_key(&(self.table.clone(), self.id.clone())) {
            findings.push(refusal::taken(&EVENT, &self.id));
        }
        there::office(state, &self.office, asked.today, findings);
        if self.day > asked.today {
            findings.push(refusal::unfit(
                Text::new("事件的日期在今天以后", "the event lies in the future"),
                Text::new("登记的是已经发生的事", "what is entered has happened"),
                Text::new("改日期", "mend the day"),
            ));
        }
        if asked.evidence.is_empty() {
            findings.push(refusal::no_evidence(&self.word()));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let until = state.calendar.after(told.today, self.objection_days);
        let event = Event {
            office: self.office.clone(),
            day: self.day,
            columns: self.columns.clone(),
            evidence: told.evidence.to_vec(),
            objections_until: until.map(|reckoned| reckoned.due),
            withdrawn: None,
            number: told.number,
        };
        let key = (self.table.clone(), self.id.clone());
        state.events.insert(key.clone(), event);
        touched.note(|| Key::Event(key));
    }
}

/// Withdraws an event: the points come back by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawEvent {
    /// In which event table.
    pub table: String,
    /// Which.
    pub id: String,
}

impl Deed for WithdrawEvent {
    fn word(&self) -> Text {
        Text::new("撤销事件", "withdrawing an event")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        state.events.get(&(self.table.clone(), self.id.clone())).map(|event| &event.office).into_iter().collect()
    }

    fn judges<'a>(&'a self, state: &'a State) -> Option<Judged<'a>> {
        Some(Judged { scheme: None, offices: self.concerns(state) })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        match state.events.get(&(self.table.clone(), self.id.clone())) {
            None => findings.push(refusal::unknown(&EVENT, &self.id)),
            Some(event) if event.withdrawn.is_some() => findings.push(refusal::not_now(
                Text::new("这件事已经撤销", "it was withdrawn already"),
                Text::new("没有什么可撤的", "there is nothing to withdraw"),
            )),
            Some(_) => (),
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        withdraw(state, (self.table.clone(), self.id.clone()), told, touched);
    }
}

pub(super) fn withdraw(state: &mut State, key: (String, String), told: &Told<'_>, touched: &mut Touched) {
    if let Some(event) = state.events.get_mut(&key) {
        event.withdrawn = Some(told.today);
    }
    touched.note(|| Key::Event(key));
}
