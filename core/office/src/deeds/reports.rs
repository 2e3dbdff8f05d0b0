//! Reports: filled in, looked through, signed by three people of the office; sent back with a reason.
//! Nobody above ever writes a figure.

use super::{FIGURE, REPORT, collections::known};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{CollectionId, FigureId, OfficeId},
    outline::Field,
    period::Period,
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{Cell, Input, Reported, Served, Stage, Standing, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Hands in the figures of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitReport {
    /// Which collection.
    pub collection: CollectionId,
    /// Whose figures.
    pub office: OfficeId,
    /// The figures.
    pub figures: Vec<Standing>,
}

impl Deed for SubmitReport {
    fn word(&self) -> Text {
        Text::new("填报", "handing in figures")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Clerk], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, _: &Asked<'_>, findings: &mut Report) {
        known(state, &self.collection, &self.office, findings);
        let Some(collection) = state.collections.get(&self.collection) else { return };
        let stage = state.reports.get(&(self.collection.clone(), self.office.clone())).map(|report| report.stage);
        if matches!(stage, Some(Stage::Reviewed | Stage::Signed)) {
            findings.push(refusal::not_now(
                Text::new("这份填报已经审核，不能再改", "the report was looked through already and cannot be changed"),
                Text::new("请审核人退回，或申请更正", "have it sent back, or propose a correction"),
            ));
        }
        let served = state.served(collection.period);
        let own = state.reported_by(self.office.as_str());
        let mut given = Vec::from_iter(collection.figures.iter().map(|_| false));
        for (place, standing) in self.figures.iter().enumerate() {
            let found = place_of(&collection.figures, place, &standing.figure);
            let Some((card, given)) = state.cards.get(&standing.figure).zip(found.and_then(|at| given.get_mut(at)))
            else {
                let asked = collection.figures.iter().map(|figure| figure.as_str());
                findings.push(refusal::unknown_among(&FIGURE, standing.figure.as_str(), asked));
                continue;
            };
            if core::mem::replace(given, true) {
                findings.push(refusal::taken(&FIGURE, standing.figure.as_str()));
            }
            findings.extend(state.figure_refuses(&served, &self.office, &standing.figure, &standing.value));
            if own.of(standing.figure.as_str()).is_reported(collection.period) {
                findings.push(refusal::not_now(
                    Text::new(format!("{}已经报过，不用再填", card.name), format!("{} is reported already", card.name)),
                    Text::new("去掉它；要改就申请更正", "leave it out; to change it propose a correction"),
                ));
            }
        }
        let missing = collection.figures.iter().zip(&given).filter(|(_, given)| !**given).map(|(figure, _)| figure);
        let missing = missing.filter(|figure| !own.of(figure.as_str()).is_reported(collection.period));
        let missing: Vec<&FigureId> = missing.collect();
        let given = |figure: &FigureId| {
            let standing = self.figures.iter().find(|standing| standing.figure == *figure);
            standing.map(|standing| standing.value.clone())
        };
        let changed: Vec<&FigureId> = self.figures.iter().map(|standing| &standing.figure).collect();
        findings.append(figures_beyond(state, (&self.office, collection.period), &served, &changed, &given));
        for figure in missing {
            let name = state.cards.get(figure).map_or(figure.as_str(), |card| card.name.as_str());
            findings.push(refusal::not_now(
                Text::new(format!("还缺{name}"), format!("{name} is missing")),
                Text::new("补填；没有发生的填 0", "fill it in; write 0 where nothing happened"),
            ));
        }
        for question in state.questions(&self.office, collection.period, &self.figures) {
            let answered =
                |standing: &Standing| standing.figure == question.figure && !standing.answer.trim().is_empty();
            if !self.figures.iter().any(answered) {
                findings.push(unanswered(state, &question));
            }
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.collection.clone(), self.office.clone());
        let before = state.reports.get(&key);
        let sent_back = before.filter(|report| report.stage == Stage::Returned);
        let mut entries = before.map_or_else(Vec::new, |report| report.entries.clone());
        entries.push(told.number);
        let report = Reported {
            stage: Stage::Submitted,
            figures: self.figures.clone(),
            filled_by: account(told.by),
            reviewed_by: None,
            signed_by: None,
            first_signed: before.and_then(|report| report.first_signed),
            returned_why: String::new(),
            returned: before.map_or(0, |report| report.returned),
            before: sent_back.map_or_else(
                || before.map_or_else(Vec::new, |report| report.before.clone()),
                |report| report.figures.clone(),
            ),
            entries,
            changed_ms: before.and_then(|report| {
                if report.figures == self.figures { report.changed_ms } else { Some(told.received_ms) }
            }),
        };
        state.put_report(&key, report);
        touched.note(|| Key::Report(key));
    }
}

/// Where a figure is in a list: most reports follow the order they were asked in, so that it is looked for there first.
fn place_of(figures: &[FigureId], near: usize, figure: &FigureId) -> Option<usize> {
    let there = figures.get(near).is_some_and(|found| found == figure);
    if there { Some(near) } else { figures.iter().position(|found| found == figure) }
}

/// What is to be said about one figure while it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Which figure.
    pub figure: FigureId,
    /// Why its value cannot be used; absent where it can.
    pub refused: Option<Diagnostic>,
    /// What its value makes one ask, whether it is answered or not.
    pub questions: Vec<Text>,
}

impl SubmitReport {
    /// What is to be said about its figures, one by one; those there is nothing to say about are left out.
    pub fn noted(&self, state: &State) -> Vec<Noted> {
        let Some(collection) = state.collections.get(&self.collection) else { return Vec::new() };
        let mut questions = state.questions(&self.office, collection.period, &self.figures);
        let served = state.served(collection.period);
        let mut noted = Vec::new();
        for standing in self.figures.iter().filter(|standing| collection.figures.contains(&standing.figure)) {
            let refused = state.figure_refuses(&served, &self.office, &standing.figure, &standing.value);
            let (own, others) = questions.into_iter().partition(|question| question.figure == standing.figure);
            let own: Vec<crate::state::Question> = own;
            questions = others;
            if refused.is_some() || !own.is_empty() {
                let questions = own.into_iter().map(|question| question.text).collect();
                noted.push(Noted { figure: standing.figure.clone(), refused, questions });
            }
        }
        noted
    }
}

fn unanswered(state: &State, question: &crate::state::Question) -> Diagnostic {
    let name = state.cards.get(&question.figure).map_or(question.figure.as_str(), |card| card.name.as_str());
    Diagnostic::error(
        "question-open",
        Text::new(format!("{name}:{}", question.text.zh), format!("{name}: {}", question.text.en)),
    )
    .why(Text::new("数字可以是对的，但要有人说得清", "the figure may well be right, but somebody has to say why"))
    .next(Text::new("核对数字；没错就写一句说明", "look at the figure; where it is right, write a sentence"))
}

/// A step that a second or third person of the office takes.
macro_rules! step {
    ($(#[$about:meta])* $name:ident $zh:literal $en:literal role $role:ident from $from:ident) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Which collection.
            pub collection: CollectionId,
            /// Whose figures.
            pub office: OfficeId,
        }

        impl Deed for $name {
            fn word(&self) -> Text {
                Text::new($zh, $en)
            }

            fn right(&self) -> Right {
                Right { roles: &[Role::$role], relation: Relation::Own }
            }

            fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
                Vec::from([&self.office])
            }

            fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
                let Some(report) = state.reports.get(&(self.collection.clone(), self.office.clone())) else {
                    findings.push(refusal::unknown(&REPORT, &format!("{} {}", self.collection, self.office)));
                    return;
                };
                if report.stage != Stage::$from {
                    findings.push(refusal::not_now(
                        Text::new(
                            format!("这份填报现在{}", report.stage.word().zh),
                            format!("the report is {} now", report.stage.word().en),
                        ),
                        Text::new("按填报、审核、签发的次序来", "it is filled in, looked through, signed, in this order"),
                    ));
                }
                let filled = Text::new("填报", "filling it in");
                findings.extend(second_person(asked.by, &report.filled_by, &filled));
                if let Some(reviewer) = &report.reviewed_by {
                    let reviewed = Text::new("审核", "looking through it");
                    findings.extend(second_person(asked.by, reviewer, &reviewed));
                }
            }

            fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
                let key = (self.collection.clone(), self.office.clone());
                self.take(state, told, &key, touched);
                touched.note(|| Key::Report(key));
            }
        }
    };
}

/// Figures that go beyond another one they are part of, in any scheme they serve.
pub(super) fn figures_beyond(
    state: &State,
    (office, period): (&OfficeId, Period),
    served: &Served<'_>,
    changed: &[&FigureId],
    given: &dyn Fn(&FigureId) -> Option<String>,
) -> Report {
    let mut findings = Report::new();
    let with_bounds = |(_, of, _): &Input<'_>| of.fields.iter().any(|field| !field.beside.is_empty());
    let bounded = changed.iter().flat_map(|figure| served.inputs(figure)).filter(with_bounds);
    let mut indicators: Vec<_> = bounded.map(|(scheme, of, _)| ((scheme, &of.id), of)).collect();
    indicators.sort_unstable_by_key(|(key, _)| *key);
    indicators.dedup_by_key(|(key, _)| *key);
    for (_, indicator) in indicators {
        let value = |field: &Field| {
            let figure = field.figure.as_ref()?;
            let known = || Some(state.cells.get(&(office.clone(), figure.clone(), period))?.value.clone());
            given(figure).or_else(known)
        };
        let is_changed = |field: &Field| field.figure.as_ref().is_some_and(|figure| given(figure).is_some());
        findings.extend(state.beyond(indicator, office, &value, &is_changed));
    }
    findings
}

step! {
    /// Says that the figures were looked through and are in order.
    ReviewReport "审核填报" "looking through a report" role Reviewer from Submitted
}

step! {
    /// Signs the figures for the office. From then on they are reported.
    SignReport "签发填报" "signing a report" role Signer from Reviewed
}

impl ReviewReport {
    fn take(&self, state: &mut State, told: &Told<'_>, key: &(CollectionId, OfficeId), _: &mut Touched) {
        if let Some(report) = state.reports.get_mut(key) {
            report.stage = Stage::Reviewed;
            report.entries.push(told.number);
            report.reviewed_by = Some(account(told.by));
        }
    }
}

impl SignReport {
    fn take(&self, state: &mut State, told: &Told<'_>, key: &(CollectionId, OfficeId), touched: &mut Touched) {
        let Some(period) = state.collections.get(&self.collection).map(|collection| collection.period) else { return };
        let Some(report) = state.reports.get_mut(key) else { return };
        report.stage = Stage::Signed;
        report.entries.push(told.number);
        report.signed_by = Some(account(told.by));
        report.first_signed = report.first_signed.or(Some(told.today));
        let figures = core::mem::take(&mut report.figures);
        for standing in &figures {
            let cell = (self.office.clone(), standing.figure.clone(), period);
            set_cell(state, &cell, &standing.value, &standing.evidence, told);
            touched.note(|| Key::Cell(cell));
        }
        if let Some(report) = state.reports.get_mut(key) {
            report.figures = figures;
        }
    }
}

/// A figure has a new value; which entries made it what it was before stays.
pub(super) fn set_cell(
    state: &mut State,
    key: &crate::state::CellKey,
    value: &str,
    evidence: &[kaoping_ledger::Digest],
    told: &Told<'_>,
) {
    let before = state.cells.get(key).map(|cell| {
        let mut before = cell.before.clone();
        before.push(cell.number);
        before
    });
    let cell = Cell {
        value: value.into(),
        evidence: evidence.to_vec(),
        signed_by: account(told.by),
        number: told.number,
        before: before.unwrap_or_default(),
    };
    state.put_cell(key.clone(), cell);
}

/// Sends a report back. Its figures are no longer reported, and stay in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnReport {
    /// Which collection.
    pub collection: CollectionId,
    /// Whose figures.
    pub office: OfficeId,
}

impl Deed for ReturnReport {
    fn word(&self) -> Text {
        Text::new("退回填报", "sending a report back")
    }

    fn right(&self) -> Right {
        let roles = &[Role::Reviewer, Role::Signer, Role::Lead, Role::AssessmentOffice];
        Right { roles, relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        let Some(report) = state.reports.get(&(self.collection.clone(), self.office.clone())) else {
            findings.push(refusal::unknown(&REPORT, &format!("{} {}", self.collection, self.office)));
            return;
        };
        let own = asked.by.office == self.office.as_str();
        let stage = report.stage;
        if stage == Stage::Returned || own && stage == Stage::Signed || !own && stage != Stage::Signed {
            findings.push(refusal::not_now(
                Text::new(format!("这份填报现在{}", stage.word().zh), format!("the report is {} now", stage.word().en)),
                Text::new(
                    "签发以前由本单位退回，签发以后由上级退回",
                    "before it is signed its own office sends it back, afterwards one above",
                ),
            ));
        }
        let Some(collection) = state.collections.get(&self.collection) else { return };
        if report.figures.iter().any(|standing| state.is_sealed(&standing.figure, collection.period)) {
            findings.push(sealed());
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.collection.clone(), self.office.clone());
        let period = state.collections.get(&self.collection).map(|collection| collection.period);
        let signed = state.reports.get(&key).filter(|report| report.stage == Stage::Signed);
        let figures: Vec<_> = signed.iter().flat_map(|report| &report.figures).map(|it| it.figure.clone()).collect();
        for (figure, period) in figures.into_iter().zip(period.into_iter().cycle()) {
            let cell = (self.office.clone(), figure, period);
            state.take_cell(&cell);
            touched.note(|| Key::Cell(cell));
        }
        if let (Some(report), Some(_)) = (state.reports.get_mut(&key), period) {
            report.stage = Stage::Returned;
            report.returned += 1;
            report.entries.push(told.number);
            report.returned_why = told.why.into();
        }
        touched.note(|| Key::Report(key));
    }
}

pub(super) fn sealed() -> Diagnostic {
    refusal::not_now(
        Text::new("用到这个数的结果已经封存", "results that rest on this figure are sealed"),
        Text::new(
            "先申请重开结果，由第二个人批准",
            "propose to open the results again, which a second person approves",
        ),
    )
}
