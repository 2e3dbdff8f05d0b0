//! What happened and is counted by rules: petitions, criticism, accidents.

use super::{COLUMN, EVENT, there};
use crate::{
    deed::{Asked, Deed, Judged, Told},
    ids::{OfficeId, SchemeId, is_name},
    outline::Outline,
    refusal,
    rights::{Relation, Right, Role, account},
    state::{Event, Limited, Seal, State},
    tables::{Key, Touched},
    takes::Takes,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
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
    #[serde(deserialize_with = "crate::calendar::days")]
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
            self.outside_the_period(outline, findings);
        }
        self.columns_fit(state, asked.today, findings);
        self.sealed(state, findings);
        findings.extend(self.shared(state));
        there::working_days(self.objection_days, findings);
        findings.extend(there::no_time_to_object(self.objection_days));
        if !is_name(&self.id) {
            findings.push(refusal::no_name(&EVENT, &self.id));
        }
        let key = (self.table.clone(), self.id.clone());
        if state.events.contains_key(&key) || state.report_counted(&key).is_some() {
            findings.push(refusal::taken(&EVENT, &self.id));
        }
        // What an office did before it was closed stays its own.
        let was_there = state.offices.get(&self.office).is_some_and(|office| office.at(self.day).is_some());
        there::office(state, &self.office, if was_there { self.day } else { asked.today }, findings);
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
        let key = (self.table.clone(), self.id.clone());
        let event = Event {
            office: self.office.clone(),
            day: self.day,
            columns: self.columns.clone(),
            evidence: told.evidence.to_vec(),
            objections_until: state.limit(Limited::Event(key.clone()), told.today, self.objection_days),
            withdrawn: None,
            withdrawn_in: None,
            by: Some(account(told.by)),
            number: told.number,
        };
        state.events.insert(key.clone(), event);
        touched.note(|| Key::Event(key));
    }
}

impl EnterEvent {
    /// Other schemes that have a table of that name count it, too.
    fn shared(&self, state: &State) -> Option<Diagnostic> {
        let others = state.counts_in(&self.table, &self.office, self.day).filter(|scheme| **scheme != self.scheme);
        let others: Vec<&str> = others.map(SchemeId::as_str).collect();
        (!others.is_empty()).then(|| shared(&self.table, &others))
    }

    /// What it would count in is sealed.
    fn sealed(&self, state: &State, findings: &mut Report) {
        there::takes_changes(state, &self.scheme, findings);
        let others = state.counts_in(&self.table, &self.office, self.day).filter(|scheme| **scheme != self.scheme);
        for scheme in others {
            let says_when = state.schemes.get(scheme).and_then(|found| found.outline()?.period).is_some();
            match state.last_seal(scheme) {
                // One that does not say of which time it is counts whatever there will ever be.
                Some(seal) if !says_when => findings.push(there::sealed_stays(&seal)),
                _ => there::takes_changes(state, scheme, findings),
            }
        }
    }

    /// What happened at another time is not counted, and nobody is to think that it is.
    fn outside_the_period(&self, outline: &Outline, findings: &mut Report) {
        let day = Some(self.day).filter(|day| !outline.assesses(*day));
        if let Some((day, (from, to))) = day.zip(outline.period) {
            let scheme = &self.scheme;
            findings.push(refusal::unfit(
                Text::new(
                    format!("{day} 不在“{scheme}”的适用期内，这件事计不上"),
                    format!("{day} is outside the time `{scheme}` assesses: the event would not count"),
                ),
                Text::new(format!("适用期是 {from} 至 {to}"), format!("it assesses {from} to {to}")),
                Text::new(
                    "核对日期；属于别的年度的，登记到那一年的方案",
                    "look at the day; enter it under the scheme of its year",
                ),
            ));
        }
    }

    /// Its columns are those of the table, each with a value it takes, in this scheme and in any other that counts it.
    fn columns_fit(&self, state: &State, today: Day, findings: &mut Report) {
        for (scheme, found) in &state.schemes {
            let is_named = *scheme == self.scheme;
            let columns = found.outline().and_then(|outline| outline.columns.get(&self.table));
            let Some(columns) = columns.filter(|_| is_named || state.is_assessed(scheme, self.office.as_str(), today))
            else {
                continue;
            };
            if is_named {
                for name in self.columns.keys().filter(|name| !columns.iter().any(|column| column.name == **name)) {
                    let known = columns.iter().map(|column| column.name.as_str());
                    findings.push(refusal::unknown_among(&COLUMN, name, known));
                }
            }
            for column in columns {
                let given = self.columns.iter().find(|(name, _)| column.is_called(name));
                let given = given.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty());
                let (table, name) = (&self.table, &column.name);
                let whose = Text::new(
                    format!("“{scheme}”的明细“{table}”的“{name}”"),
                    format!("`{name}` of `{table}` in `{scheme}`"),
                );
                match given {
                    Some(value) => findings.extend(column.takes.refuses(&whose, value)),
                    None if column.needed => findings.push(empty(&whose, &column.takes)),
                    None => (),
                }
            }
        }
    }
}

fn empty(whose: &Text, takes: &Takes) -> Diagnostic {
    let takes = takes.word();
    refusal::unfit(
        Text::new(format!("{}没有填", whose.zh), format!("{} is empty", whose.en)),
        Text::new(
            "这一栏决定这件事怎么扣、怎么加；空着就算不出来",
            "the column decides what the event does; while it is empty that is not known",
        ),
        Text::new(format!("核实后填上（{}）", takes.zh), format!("fill it in ({})", takes.en)),
    )
}

/// An event table of that name stands in several schemes.
pub(super) fn shared(table: &str, others: &[&str]) -> Diagnostic {
    let (zh, en) = (others.join("”“"), others.join("`, `"));
    Diagnostic::warning(
        "event-table-shared",
        Text::new(
            format!("明细“{table}”也是“{zh}”的：一件事在各个方案里都算"),
            format!("`{table}` is an event table of `{en}`, too: an event counts in each of them"),
        ),
    )
    .why(Text::new(
        "事件按明细的名字归到方案，一件事只登记一次",
        "events belong to schemes by the name of their table, and are entered once",
    ))
    .next(Text::new(
        "本来就该都算的不用管；只该算一处的，给其中一个方案的明细换个名字",
        "leave it if that is meant; else give the table another name in one of the schemes",
    ))
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
        let key = (self.table.clone(), self.id.clone());
        let entered = state.events.get(&key).map(|event| &event.office);
        entered.or_else(|| Some(state.report_counted(&key)?.0)).into_iter().collect()
    }

    fn judges<'a>(&'a self, state: &'a State) -> Option<Judged<'a>> {
        Some(Judged { scheme: None, offices: self.concerns(state) })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        let key = (self.table.clone(), self.id.clone());
        match state.events.get(&key) {
            None if state.late_report(&key).is_some() => may_go(state, &key, findings),
            None => findings.push(refusal::unknown(&EVENT, &self.id)),
            Some(event) if event.withdrawn.is_some() => findings.push(refusal::not_now(
                Text::new("这件事已经撤销", "it was withdrawn already"),
                Text::new(
                    "一件事只撤销一次，扣的分已经恢复",
                    "a matter is withdrawn once, and its points came back then",
                ),
                Text::new(
                    "不用再办；撤错了的，用新编号重新登记",
                    "nothing is left to do; if that was wrong, enter it anew under another id",
                ),
            )),
            Some(_) => may_go(state, &key, findings),
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        withdraw(state, (self.table.clone(), self.id.clone()), told, touched);
    }
}

/// Whether an event can go: not once results are sealed that counted it.
pub(super) fn may_go(state: &State, key: &(String, String), findings: &mut Report) {
    let entered = state.events.get(key).filter(|event| event.withdrawn.is_none());
    let Some(event) = entered else {
        let late = state.scheme_of_report(key).filter(|_| state.late_report(key).is_some());
        late.into_iter().for_each(|scheme| there::takes_changes(state, scheme, findings));
        return;
    };
    for scheme in state.counts_in(&key.0, &event.office, event.day) {
        let counted = |seal: &Seal<'_>| seal.results.at > event.number;
        match state.last_seal(scheme).filter(counted) {
            Some(seal) => findings.push(there::sealed(seal)),
            None => findings.extend(state.seals(scheme).filter(counted).map(|seal| there::sealed_stays(&seal))),
        }
    }
}

pub(super) fn withdraw(state: &mut State, key: (String, String), told: &Told<'_>, touched: &mut Touched) {
    // A late report is an event by rule; withdrawn, it stands in the record as one that does not count.
    let late = if state.events.contains_key(&key) { None } else { state.late_report(&key) };
    if let Some(late) = late {
        state.events.insert(key.clone(), Event { number: told.number, ..late });
    }
    if let Some(event) = state.events.get_mut(&key) {
        (event.withdrawn, event.withdrawn_in) = (Some(told.today), Some(told.number));
    }
    touched.note(|| Key::Event(key));
}
