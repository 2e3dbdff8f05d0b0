//! Reports: filled in, looked through, signed by three people of the office; sent back with a reason.
//! Nobody above ever writes a figure.

use super::{FIGURE, REPORT, collections::known, there};
use crate::{
    deed::{Asked, Deed, Told, minute_of},
    ids::{AccountId, CollectionId, FigureId, OfficeId},
    outline::Field,
    period::Period,
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{Card, Cell, Input, Reported, Seal, Served, Stage, Standing, State},
    tables::{Key, Touched},
    takes::Takes,
};
use alloc::{format, string::String, sync::Arc, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Hands in the figures of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitReport {
    /// Which collection.
    pub collection: CollectionId,
    /// Whose figures.
    pub office: OfficeId,
    /// The figures. Whoever looks at the state looks at these very ones: they are many, and come often.
    pub figures: Arc<[Standing]>,
    /// What was seen of the report that is there already: the entry that made it what it is. Nobody's report is
    /// replaced unseen.
    #[serde(default)]
    pub replaces: Option<u64>,
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

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        known(state, &self.collection, &self.office, findings);
        let Some(collection) = state.collections.get(&self.collection) else { return };
        findings.extend(self.unseen(state, asked));
        findings.extend(too_late(state, &self.collection, &self.figures).map(there::sealed));
        findings.extend(
            collection.period.end().filter(|end| asked.today < *end).map(|end| not_over(collection.period, end)),
        );
        let on_file = state.reports.get(&(self.collection.clone(), self.office.clone()));
        if let Some(report) = on_file.filter(|report| matches!(report.stage, Stage::Reviewed | Stage::Signed)) {
            let (by, when) = (&report.filled_by, minute_of(report.handed_in_ms));
            findings.push(refusal::not_now(
                Text::new(
                    format!("这份填报（{by} {when} 交）已经审核，不能再改"),
                    format!("the report ({by}, {when}) was looked through already and cannot be changed"),
                ),
                Text::new(
                    "审核以后数就定了，填报人不能再动",
                    "once it is looked through the figures are fixed, and its clerk cannot touch them",
                ),
                Text::new(
                    "签发以前，请审核人或签发人退回再改；签发以后，由本单位签发人申请更正",
                    "before it is signed ask the reviewer or signer to send it back; \
                 afterwards the signer of the office proposes a correction",
                ),
            ));
        }
        let served = state.served(collection.period);
        let own = state.reported_by(self.office.as_str());
        let mut given = Vec::from_iter(collection.figures.iter().map(|_| false));
        let mut is_twice = false;
        for (place, standing) in self.figures.iter().enumerate() {
            let found = place_of(&collection.figures, place, &standing.figure);
            let Some((card, given)) = state.cards.get(&standing.figure).zip(found.and_then(|at| given.get_mut(at)))
            else {
                let asked = collection.figures.iter().map(|figure| figure.as_str());
                findings.push(refusal::unknown_among(&FIGURE, standing.figure.as_str(), asked));
                continue;
            };
            is_twice |= core::mem::replace(given, true);
            findings.extend(state.figure_refuses(&served, &self.office, &standing.figure, &standing.value));
            if own.of(standing.figure.as_str()).is_reported(collection.period) {
                findings.push(refusal::not_now(
                    Text::new(format!("{}已经报过，不用再填", card.name), format!("{} is reported already", card.name)),
                    Text::new(
                        "一个期间一个数只报一次，别处报过的直接用",
                        "a figure is reported once a period; where it is known it is used",
                    ),
                    Text::new(
                        "去掉这一项再报；原来的数有错，由本单位签发人申请更正",
                        "leave it out and hand in the rest; if the known one is wrong, the signer \
                 of the office proposes a correction",
                    ),
                ));
            }
        }
        if is_twice {
            there::named_twice(&FIGURE, self.figures.iter().map(|standing| standing.figure.as_str()), findings);
        }
        let missing = collection.figures.iter().zip(&given).filter(|(_, given)| !**given).map(|(figure, _)| figure);
        let missing = missing.filter(|figure| !own.of(figure.as_str()).is_reported(collection.period));
        let missing: Vec<&FigureId> = missing.collect();
        let figures = Card::all_in_own_units(&state.cards, &self.figures);
        let given = |figure: &FigureId| {
            let standing = figures.iter().find(|standing| standing.figure == *figure);
            standing.map(|standing| standing.value.as_str().into())
        };
        let changed: Vec<&FigureId> = self.figures.iter().map(|standing| &standing.figure).collect();
        findings.append(figures_beyond(state, (&self.office, collection.period), &served, &changed, &given));
        if self.figures.is_empty() && missing.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        for figure in missing {
            let name = state.cards.get(figure).map_or(figure.as_str(), |card| card.name.as_str());
            findings.push(refusal::not_now(
                Text::new(format!("还缺{name}"), format!("{name} is missing")),
                Text::new("要的数一个也不能空着：空着不等于 0", "nothing that is asked for stays open: empty is not 0"),
                fill_in(state, figure),
            ));
        }
        self.unanswered(state, collection.period, (&served, &figures), findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.collection.clone(), self.office.clone());
        let figures = Card::all_in_own_units(&state.cards, &self.figures);
        state.papers_of_report(&key, &figures);
        // Where one is there already it is changed where it stands.
        let report = state.reports.entry(key.clone()).or_insert_with(|| Reported {
            stage: Stage::Submitted,
            figures: Arc::clone(&figures),
            filled_by: account(told.by),
            reviewed_by: None,
            signed_by: None,
            first_signed: None,
            first_signed_in: None,
            returned_why: String::new(),
            returned: 0,
            before: Arc::default(),
            entries: Vec::new(),
            handed_in_ms: told.received_ms,
            changed_ms: None,
        });
        if report.figures != figures {
            report.changed_ms = Some(told.received_ms);
        }
        let replaced = core::mem::replace(&mut report.figures, figures);
        if report.stage == Stage::Returned {
            report.before = replaced;
        }
        report.stage = Stage::Submitted;
        report.filled_by = account(told.by);
        report.reviewed_by = None;
        report.signed_by = None;
        report.returned_why.clear();
        report.entries.push(told.number);
        report.handed_in_ms = told.received_ms;
        touched.note(|| Key::Report(key));
    }
}

/// A period is reported on that goes on.
fn not_over(period: Period, end: Day) -> Diagnostic {
    let message = Text::new(
        format!("{period} 要到 {end} 才完，现在报的只到今天"),
        format!("{period} goes on until {end}: what is reported now is only what there is so far"),
    );
    let why = Text::new(
        "签发以后按整期的数算分；以后多出来的不会自己补上",
        "once signed it is scored as the whole period; what comes later does not add itself",
    );
    let next = Text::new(
        "只要报到今天的就不用管；要报整期的，等这一期完了再交，或者请签发人退回重报",
        "leave it if that is meant; else hand it in when the period is over, or have it sent back",
    );
    Diagnostic::warning("period-not-over", message).why(why).next(next)
}

/// Where a figure is in a list: most reports follow the order they were asked in, so that it is looked for there first.
fn place_of(figures: &[FigureId], near: usize, figure: &FigureId) -> Option<usize> {
    let there = figures.get(near).is_some_and(|found| found == figure);
    if there { Some(near) } else { figures.iter().position(|found| found == figure) }
}

impl SubmitReport {
    /// That it would replace a report its sender did not see.
    fn unseen(&self, state: &State, asked: &Asked<'_>) -> Option<Diagnostic> {
        let Some(report) = state.reports.get(&(self.collection.clone(), self.office.clone())) else {
            return self.replaces.map(|_| refusal::unknown(&REPORT, &format!("{} {}", self.collection, self.office)));
        };
        let figures = Card::all_in_own_units(&state.cards, &self.figures);
        let own = || report.filled_by == account(asked.by) && report.figures == figures;
        let seen = match (report.stage, self.replaces) {
            (Stage::Reviewed | Stage::Signed, _) => true,
            (_, Some(seen)) => report.version() == Some(seen),
            // One that was sent back waits for another; the same once more replaces nothing.
            (stage, None) => stage == Stage::Returned || own(),
        };
        let differs = |standing: &&Standing| {
            let given = figures.iter().find(|given| given.figure == standing.figure);
            given.is_some_and(|given| given.value != standing.value)
        };
        (!seen).then(|| {
            let differing: Vec<&Standing> = report.figures.iter().filter(differs).take(MOST_NAMED).collect();
            changed(state, report, &differing)
        })
    }
}

/// So many figures are named where a report is another one.
const MOST_NAMED: usize = 3;

/// The report is not the one that was seen: who handed in what, and when.
fn changed(state: &State, report: &Reported, differing: &[&Standing]) -> Diagnostic {
    let figure = |standing: &&Standing| {
        let card = state.cards.get(&standing.figure);
        format!("{} {}", card.map_or(standing.figure.as_str(), |card| card.name.as_str()), standing.value)
    };
    let figures: Vec<String> = differing.iter().map(figure).collect();
    let (zh, en) = match figures.is_empty() {
        true => Default::default(),
        false => (format!("，报的是{}", figures.join("、")), format!(" with {}", figures.join(", "))),
    };
    let (by, when, stage) = (&report.filled_by, minute_of(report.handed_in_ms), report.stage.word());
    let number = report.version().unwrap_or_default();
    Diagnostic::error(
        "report-changed",
        Text::new(
            format!("{by} 已在 {when} 交过这份填报{zh}；它现在{}（台账第 {number} 条）", stage.zh),
            format!("{by} handed this report in at {when}{en}; it is {} now (entry {number})", stage.en),
        ),
    )
    .why(Text::new("没有看过的填报，不能盖掉，也不能审、不能签", "what was not seen is not replaced, reviewed or signed"))
    .next(Text::new(
        format!("刷新页面，看过现在的一份再办；要改已审的，请本单位退回，已签的申请更正。用接口办的，填报写明代替第 {number} 条（replaces），审核、签发写明看过第 {number} 条（seen）"),
        format!("look at it as it is and say so: replaces: {number} to hand it in, seen: {number} to review or sign it; once reviewed have it sent back, once signed propose a correction"),
    ))
}

/// That somebody did not look at the report as it is: he names another version, or none where there were several.
fn another(state: &State, report: &Reported, seen: Option<u64>) -> Option<Diagnostic> {
    let first = match report.stage {
        Stage::Submitted => 1,
        Stage::Reviewed => 2,
        Stage::Signed | Stage::Returned => return None,
    };
    let known = seen.map_or(report.entries.len() == first, |seen| report.version() == Some(seen));
    (!known).then(|| changed(state, report, &[]))
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
            /// What was seen: the entry that made the report what it is. It may be left out where it was never
            /// handed in anew.
            #[serde(default)]
            pub seen: Option<u64>,
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
                    findings.push(not_filled_in(&self.collection, &self.office));
                    return;
                };
                if report.stage != Stage::$from {
                    findings.push(refusal::not_now(
                        Text::new(
                            format!("这份填报现在{}", report.stage.word().zh),
                            format!("the report is {} now", report.stage.word().en),
                        ),
                        order(),
                        after(report.stage),
                    ));
                } else {
                    findings.extend(another(state, report, self.seen));
                }
                findings.extend(too_late(state, &self.collection, &report.figures).map(there::sealed));
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

/// The seal that is on a year already for which figures still come in.
fn too_late<'a>(state: &'a State, collection: &CollectionId, figures: &'a [Standing]) -> Option<Seal<'a>> {
    let period = state.collections.get(collection)?.period;
    state.last_seal_on(figures.iter().map(|standing| &standing.figure), period)
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
    if !served.has_bounds() {
        return findings;
    }
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
        report.first_signed_in = report.first_signed_in.or(Some(told.number));
        let figures = Arc::clone(&report.figures);
        for standing in &*figures {
            let cell = (self.office.clone(), standing.figure.clone(), period);
            let signed = (account(told.by), None);
            set_cell(state, &cell, (&standing.value, &standing.evidence), signed, told.number);
            touched.note(|| Key::Cell(cell));
        }
    }
}

/// A figure has a new value, signed for by somebody and perhaps approved by another one; which entries made it what
/// it was before stays.
pub(super) fn set_cell(
    state: &mut State,
    key: &crate::state::CellKey,
    (value, evidence): (&str, &[kaoping_ledger::Digest]),
    (signed_by, approved_by): (AccountId, Option<AccountId>),
    number: u64,
) {
    let before = state.cells.get(key).map(|cell| {
        let mut before = cell.before.clone();
        before.push(cell.number);
        before
    });
    let cell = Cell {
        value: value.into(),
        evidence: evidence.to_vec(),
        signed_by,
        approved_by,
        number,
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
    /// What was seen: the entry that made the report what it is; left out, it is sent back whatever it is.
    #[serde(default)]
    pub seen: Option<u64>,
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
            findings.push(not_filled_in(&self.collection, &self.office));
            return;
        };
        let own = state.stands_for(&asked.by.office, &self.office, asked.today);
        let stage = report.stage;
        if self.seen.is_some_and(|seen| report.version() != Some(seen)) {
            findings.push(changed(state, report, &[]));
        }
        if stage == Stage::Returned || own && stage == Stage::Signed || !own && stage != Stage::Signed {
            findings.push(refusal::not_now(
                Text::new(format!("这份填报现在{}", stage.word().zh), format!("the report is {} now", stage.word().en)),
                Text::new(
                    "签发以前由本单位退回，签发以后由上级退回",
                    "before it is signed its own office sends it back, afterwards one above",
                ),
                after(stage),
            ));
        }
        let Some(collection) = state.collections.get(&self.collection) else { return };
        let key = |standing: &Standing| (self.office.clone(), standing.figure.clone(), collection.period);
        let seal = report.figures.iter().find_map(|standing| state.seal_on(&key(standing)));
        findings.extend(seal.map(there::sealed));
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.collection.clone(), self.office.clone());
        let period = state.collections.get(&self.collection).map(|collection| collection.period);
        let signed = state.reports.get(&key).filter(|report| report.stage == Stage::Signed);
        let figures: Vec<_> =
            signed.iter().flat_map(|report| report.figures.iter()).map(|it| it.figure.clone()).collect();
        for (figure, period) in figures.into_iter().zip(period.into_iter().cycle()) {
            let cell = (self.office.clone(), figure, period);
            state.take_cell(&cell, told.number);
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

fn order() -> Text {
    Text::new(
        "按填报、审核、签发的次序来，一步一个人",
        "it is filled in, looked through and signed, in this order, each by another person",
    )
}

/// What comes next for a report, and who does it.
fn after(stage: Stage) -> Text {
    match stage {
        Stage::Submitted => Text::new(
            "下一步由本单位审核人审核；要改数，请审核人退回",
            "next the reviewer of the office looks through it; to change figures have the reviewer send it back",
        ),
        Stage::Reviewed => Text::new(
            "下一步由本单位签发人签发；要改数，请签发人退回",
            "next the signer of the office signs it; to change figures have the signer send it back",
        ),
        Stage::Signed => Text::new(
            "已经报出，不用再办；数有错，由上级退回，或由本单位签发人申请更正",
            "it is reported; if a figure is wrong an office above sends it back, or \
                 its signer proposes a correction",
        ),
        Stage::Returned => Text::new(
            "下一步由本单位填报人改好再报，再审核、签发",
            "next the clerk of the office mends it and hands it in anew; then it is looked through and signed",
        ),
    }
}

/// Nobody has filled in the report yet.
fn not_filled_in(collection: &CollectionId, office: &OfficeId) -> Diagnostic {
    refusal::unknown(&REPORT, &format!("{collection} {office}"))
        .why(Text::new("这个单位还没有报过，或者名称写错了", "the office has not handed it in yet, or it is misspelt"))
        .next(Text::new(
            "请本单位填报人先报；已经报了的，核对任务和单位的名称",
            "its clerk hands it in first; where that is done, look at the names of collection and office",
        ))
}

/// How a figure that is not there is filled in: 0 is only told of where it can be one.
fn fill_in(state: &State, figure: &FigureId) -> Text {
    let counts = |card: &Card| matches!(card.takes(), Takes::Number(_)) && card.takes().against("0").is_none();
    match state.cards.get(figure).is_some_and(counts) {
        true => Text::new(
            "请填报人补填；查过确实没有的才填 0，还不知道的先问清楚",
            "its clerk fills it in; 0 only where it was looked for and there is none, not where it is unknown",
        ),
        false => Text::new("请填报人补填；还不知道的先问清楚", "its clerk fills it in; ask where it is not known"),
    }
}
