//! The tree of offices: open, change, close; merging and splitting are closing with successors.

use super::{OFFICE, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{OfficeId, is_name},
    refusal,
    rights::{Relation, Right, Role},
    state::{OfficeVersion, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

const WHO: Right = Right { roles: &[Role::SystemAdmin, Role::AssessmentOffice], relation: Relation::OwnOrAbove };

/// Opens an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenOffice {
    /// Its id.
    pub office: OfficeId,
    /// What it is from its first day on.
    pub version: OfficeVersion,
}

/// The office a new or moved one is put under, where there is one.
fn parent_of(version: &OfficeVersion) -> Vec<&OfficeId> {
    version.parent.iter().collect()
}

fn check_parent(version: &OfficeVersion, state: &State, findings: &mut Report) {
    match &version.parent {
        None => findings.push(refusal::not_now(
            Text::new("最上面的单位只有一个", "there is one office at the top"),
            Text::new(
                "别的单位都在它的下面，名次和职责由此而来",
                "all others are below it: places and rights follow from that",
            ),
            Text::new("写明上级单位", "say which office it is under"),
        )),
        Some(parent) => there::office(state, parent, version.from, findings),
    }
}

impl Deed for OpenOffice {
    fn word(&self) -> Text {
        Text::new("设立单位", "opening an office")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        parent_of(&self.version)
    }

    fn check(&self, state: &State, _: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.office.as_str()) {
            findings.push(refusal::no_name(&OFFICE, self.office.as_str()));
        }
        if state.offices.contains_key(&self.office) {
            findings.push(refusal::taken(&OFFICE, self.office.as_str()));
        }
        check_parent(&self.version, state, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        state.put_version(&self.office, &self.version, told.number);
        touched.note(|| Key::Office(self.office.clone()));
    }
}

/// Changes an office from a day on. What it was before stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOffice {
    /// Which.
    pub office: OfficeId,
    /// What it is from then on.
    pub version: OfficeVersion,
}

impl Deed for ChangeOffice {
    fn word(&self) -> Text {
        Text::new("变更单位", "changing an office")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        let mut concerned = parent_of(&self.version);
        concerned.push(&self.office);
        concerned
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(office) = state.offices.get(&self.office) else {
            findings.push(refusal::unknown_among(
                &OFFICE,
                self.office.as_str(),
                state.offices.keys().map(OfficeId::as_str),
            ));
            return;
        };
        let at_the_top = office.last().is_some_and(|last| last.parent.is_none());
        if !(at_the_top && self.version.parent.is_none()) {
            check_parent(&self.version, state, findings);
        }
        if office.last().is_some_and(|last| last.from > self.version.from) {
            findings.push(refusal::not_now(
                Text::new("这个单位在那以后已经变更过", "the office was changed after that day already"),
                Text::new(
                    "单位的历史只往后接，不改已经记下的",
                    "the history of an office only goes on; what is written down stays",
                ),
                Text::new(
                    "把起始日改到最后一次变更以后，再办",
                    "give a first day after the last change, and do it again",
                ),
            ));
        }
        if office.closed.is_some() {
            findings.push(closed(&self.office));
        }
        let below = self.version.parent.as_ref().is_some_and(|parent| {
            *parent == self.office || state.is_above(self.office.as_str(), parent.as_str(), asked.today)
        });
        if below {
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{}”不能在自己的下面", self.office),
                    format!("`{}` cannot be below itself", self.office),
                ),
                Text::new(
                    "上下级绕成一圈，就没有谁是上级了",
                    "where offices go round in a circle none is above another",
                ),
                Text::new("换一个不在它下面的上级", "take a superior that is not below it"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        state.put_version(&self.office, &self.version, told.number);
        touched.note(|| Key::Office(self.office.clone()));
    }
}

/// Closes offices. One into one is renaming with a new id, several into one a merger, one into several
/// a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseOffices {
    /// Which.
    pub offices: Vec<OfficeId>,
    /// The first day they are no more.
    pub from: Day,
    /// The offices that go on in their place.
    pub successors: Vec<OfficeId>,
}

impl Deed for CloseOffices {
    fn word(&self) -> Text {
        Text::new("撤并单位", "closing offices")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        self.offices.iter().chain(&self.successors).collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        let there = |office: &OfficeId| state.offices.get(office).is_some_and(|office| office.at(self.from).is_some());
        for office in self.offices.iter().chain(&self.successors) {
            if !state.offices.contains_key(office) {
                let known = state.offices.keys().map(OfficeId::as_str);
                findings.push(refusal::unknown_among(&OFFICE, office.as_str(), known));
            } else if !there(office) {
                findings.push(closed(office));
            }
        }
        if self.offices.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        for offices in [&self.offices, &self.successors] {
            there::named_twice(&OFFICE, offices.iter().map(OfficeId::as_str), findings);
        }
        for office in &self.offices {
            findings.extend(state.last_fact_of(office).filter(|(day, _)| *day >= self.from).map(|(day, what)| {
                refusal::not_now(
                    Text::new(
                        format!("“{office}”在 {day} 还有{}，不能从 {} 起撤", what.zh, self.from),
                        format!("there is {} of `{office}` of {day}: it cannot end on {}", what.en, self.from),
                    ),
                    Text::new(
                        "办过的事要有单位来承担，不能撤到它以前",
                        "what an office did stays its own: it cannot end before that",
                    ),
                    Text::new(
                        "从那一天以后起撤；记错的，由考评办先撤销或退回",
                        "let it end after that day, or take back what is wrong first",
                    ),
                )
            }));
            findings.extend(self.leaves_open(state, office));
            findings.extend(state.offices.get(office).filter(|found| found.closed.is_some()).map(|_| closed(office)));
            findings.extend(self.above_it(state, office));
            if self.successors.contains(office) {
                findings.push(refusal::not_now(
                    Text::new(format!("“{office}”不能接替自己"), format!("`{office}` cannot go on in its own place")),
                    Text::new(
                        "撤并以后它就没有了，不能又是接替的单位",
                        "after a merger it is gone, and cannot be one of those that go on",
                    ),
                    Text::new("从接替的单位里去掉它，再办", "leave it out of the successors, and do it again"),
                ));
            }
            let parent = |version: &OfficeVersion| version.parent.as_ref() == Some(office);
            let left = |(id, version): (&OfficeId, &OfficeVersion)| parent(version) && !self.offices.contains(id);
            if state.offices_at(self.from).any(left) {
                findings.push(refusal::not_now(
                    Text::new(format!("“{office}”下面还有单位"), format!("there are offices below `{office}`")),
                    Text::new(
                        "撤了它，下面的单位就没有上级了",
                        "with it gone the offices below it would have no superior",
                    ),
                    Text::new(
                        "先用“变更单位”把下面的单位转到别的上级，再撤并",
                        "first put those below under another superior, then close it",
                    ),
                ));
            }
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        for id in &self.offices {
            if let Some(office) = state.offices.get_mut(id) {
                office.keep(told.number);
                office.closed = Some((self.from, self.successors.clone()));
            }
            for after in &self.successors {
                state.follows.entry(after.clone()).or_default().insert(id.clone());
            }
            touched.note(|| Key::Office(id.clone()));
        }
    }
}

impl CloseOffices {
    /// That one above is to go on in its place: it would be judge and judged.
    fn above_it(&self, state: &State, office: &OfficeId) -> Option<Diagnostic> {
        let above = self.successors.iter().find(|after| state.is_above(after.as_str(), office.as_str(), self.from))?;
        Some(refusal::not_now(
            Text::new(
                format!("“{above}”是“{office}”的上级，不能承接它"),
                format!("`{above}` is above `{office}` and cannot go on in its place"),
            ),
            Text::new(
                "承接的单位替它办事、受考核；上级承接了，就要评自己",
                "whoever goes on acts for it and is assessed; one above would judge itself",
            ),
            Text::new(
                "职能并入上级的，不写承接单位：没办完的由上级批复、答复",
                "where its work goes to the one above, name nobody: the one above decides and answers what is left",
            ),
        ))
    }

    /// What an office has not done yet, or waits for: whoever goes on in its place does it.
    fn leaves_open(&self, state: &State, office: &OfficeId) -> Option<Diagnostic> {
        let owed = state.collections.iter().filter(|(id, found)| {
            let begun = found.offices.contains(office) && found.period.begin().is_some_and(|begins| begins < self.from);
            begun && state.is_owed(id, found, office)
        });
        let waiting = state.objections.values().filter(|found| found.answered.is_none() && found.office == *office);
        let proposed = state.proposals.values().filter(|found| found.decided.is_none());
        let proposed = proposed.filter(|found| found.office == *office || found.decision.office(state) == Some(office));
        let asked = state.inquiries.values().filter(|found| found.answered.is_none() && found.office == *office);
        let counts = [
            (owed.count(), "份填报", "reports"),
            (waiting.count(), "件异议", "objections"),
            (proposed.count(), "件申请", "proposals"),
            (asked.count(), "件质询", "questions"),
        ];
        let open: Vec<_> = counts.into_iter().filter(|(count, ..)| *count > 0).collect();
        let zh: Vec<String> = open.iter().map(|(count, zh, _)| format!("{count} {zh}")).collect();
        let en: Vec<String> = open.iter().map(|(count, _, en)| format!("{en}: {count}")).collect();
        let message = Text::new(
            format!("“{office}”还有没办完的：{}", zh.join("、")),
            format!("`{office}` leaves open: {}", en.join(", ")),
        );
        let after: Vec<&str> = self.successors.iter().map(OfficeId::as_str).collect();
        let next = match after.is_empty() {
            true => Text::new(
                "没有承接的单位，就没有人接着办：先办完，或写明由谁承接",
                "nobody goes on with it: finish it first, or name who does",
            ),
            false => Text::new(
                format!("由承接的“{}”接着办；请安全管理员在那里授予职责", after.join("”“")),
                format!(
                    "`{}` goes on with it; the security administrator gives people roles there",
                    after.join("`, `")
                ),
            ),
        };
        let finding = Diagnostic::warning("office-leaves-open", message);
        let why = Text::new("撤并不取消已经要办的事", "closing an office does not undo what it has to do");
        (!open.is_empty()).then(|| finding.why(why).next(next))
    }
}

fn closed(office: &OfficeId) -> Diagnostic {
    refusal::not_now(
        Text::new(format!("“{office}”那时不存在，已撤或未设"), format!("there is no `{office}` on that day")),
        Text::new(
            "撤了的、还没有设的单位不能办事，也不能被指到",
            "an office that is closed or not yet open does nothing, and nothing concerns it",
        ),
        Text::new(
            "核对单位和日期；要先设立的，由上级考评办或系统管理员设立",
            "look at the office and the day; if it has to be opened first, the assessment office above or the \
             system administrator does it",
        ),
    )
}
