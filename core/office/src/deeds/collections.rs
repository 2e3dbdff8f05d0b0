//! What is asked of offices for a period, with a deadline that shows how it came about.

use super::{COLLECTION, COLUMN, EVENT, FIGURE, OFFICE, schemes::outside_the_period, there};
use crate::{
    calendar::Calendar,
    deed::{Asked, Deed, Told},
    ids::{CollectionId, FigureId, OfficeId, SchemeId, is_name},
    outline::Outline,
    period::Period,
    refusal,
    rights::{Relation, Right, Role},
    state::{Collection, Stage, State, reported_before},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Asks figures of offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenCollection {
    /// Its id.
    pub collection: CollectionId,
    /// What it is called.
    pub title: String,
    /// The scheme it is for.
    pub scheme: SchemeId,
    /// The period.
    pub period: Period,
    /// The figures.
    pub figures: Vec<FigureId>,
    /// The offices.
    pub offices: Vec<OfficeId>,
    /// The day the deadline is counted from.
    pub from: Day,
    /// How many working days after it; 0: that day, or the next one that is worked.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub working_days: u16,
    /// Working days of grace.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub grace_days: u16,
    /// The event table in which a report's timeliness is counted, and its column for yes or no.
    pub counted_in: Option<(String, String)>,
}

impl Deed for OpenCollection {
    fn word(&self) -> Text {
        Text::new("布置填报", "asking for figures")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::Lead], relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        self.offices.iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.collection.as_str()) {
            findings.push(refusal::no_name(&COLLECTION, self.collection.as_str()));
        }
        if state.collections.contains_key(&self.collection) || state.cancelled.contains_key(&self.collection) {
            findings.push(refusal::taken(&COLLECTION, self.collection.as_str()));
        }
        let outline = there::outline(state, &self.scheme, findings);
        if let Some((outline, (table, column))) = outline.zip(self.counted_in.as_ref()) {
            there::event_table(outline, table, findings);
            counts_reports(outline, table, column, findings);
            for office in &self.offices {
                let id = format!("{}/{office}", self.collection);
                if state.events.contains_key(&(table.clone(), id.clone())) {
                    findings.push(refusal::taken(&EVENT, &id));
                }
            }
        }
        if let Some(outline) = outline {
            self.reported_before(state, outline, findings);
            let period = outline.period.filter(|_| self.period.end().is_some_and(|end| !outline.assesses(end)));
            findings.extend(period.map(|period| outside_the_period(self.period, period)));
            findings.extend(self.goes_into_scored(state, outline));
        }
        findings.extend(self.doubled(state));
        if let Some(unused) = self.unused(state) {
            if asked.why.trim().is_empty() {
                findings.push(refusal::no_reason(&Text::new(
                    "要现行方案都不用的数",
                    "asking for figures that no scheme in force uses",
                )));
            }
            findings.push(unused);
        }
        there::named_twice(&FIGURE, self.figures.iter().map(FigureId::as_str), findings);
        there::named_twice(&OFFICE, self.offices.iter().map(OfficeId::as_str), findings);
        for figure in self.figures.iter().filter(|figure| !state.cards.contains_key(*figure)) {
            findings.push(refusal::unknown_among(&FIGURE, figure.as_str(), state.cards.keys().map(FigureId::as_str)));
        }
        for office in &self.offices {
            there::office(state, office, asked.today, findings);
        }
        there::working_days(self.working_days, findings);
        there::working_days(self.grace_days, findings);
        if self.figures.is_empty() || self.offices.is_empty() {
            findings.push(refusal::unfit(
                Text::new("没有数据项，或没有单位", "there are no figures, or no offices"),
                Text::new("要说清向谁要什么、什么时候要", "it has to say what is asked of whom by when"),
                Text::new("补全", "fill it in"),
            ));
        }
        findings.extend(self.unannounced(state));
        match due(&state.calendar, self.from, self.working_days, self.grace_days) {
            None => findings.push(refusal::no_day(Text::new("期限", "the deadline"))),
            Some((_, last)) if last < asked.today => findings.push(late_at_once(last)),
            Some(_) => (),
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let (due, last) =
            due(&state.calendar, self.from, self.working_days, self.grace_days).unwrap_or((told.today, told.today));
        let collection = Collection {
            title: self.title.clone(),
            office: OfficeId::from(&*told.by.office),
            scheme: self.scheme.clone(),
            period: self.period,
            figures: self.figures.clone(),
            offices: self.offices.clone(),
            from: self.from,
            working_days: self.working_days,
            grace_days: self.grace_days,
            due,
            last,
            last_before: Vec::new(),
            counted_in: self.counted_in.clone(),
            number: told.number,
        };
        state.put_collection(self.collection.clone(), collection);
        touched.note(|| Key::Collection(self.collection.clone()));
    }
}

impl OpenCollection {
    /// What was reported for the period already and now serves this scheme: it has to fit its inputs.
    fn reported_before(&self, state: &State, outline: &Outline, findings: &mut Report) {
        for indicator in &outline.indicators {
            for (field, figure) in indicator.fields.iter().filter_map(|field| Some((field, field.figure.as_ref()?))) {
                for office in &self.offices {
                    let Some(cell) = state.cells.get(&(office.clone(), figure.clone(), self.period)) else { continue };
                    let refused = state.input_refuses(&self.scheme, (indicator, field), office, &cell.value);
                    findings.extend(refused.map(|found| reported_before(figure.as_str(), self.period, found)));
                }
            }
        }
    }

    /// Figures that no scheme in force has an input for: they would be filled in for nothing.
    fn unused(&self, state: &State) -> Option<Diagnostic> {
        let used = |figure: &FigureId| {
            let mut outlines = state.schemes.values().filter_map(|scheme| scheme.outline());
            outlines.any(|outline| outline.figures().any(|used| used == figure))
        };
        let known = self.figures.iter().filter(|figure| state.cards.contains_key(*figure));
        let unused: Vec<&str> = known.filter(|figure| !used(figure)).map(FigureId::as_str).collect();
        if unused.is_empty() {
            return None;
        }
        let (zh, en) = (unused.join("”“"), unused.join("`, `"));
        let finding = Diagnostic::warning(
            "figure-unused",
            Text::new(format!("没有现行方案用到“{zh}”"), format!("no scheme in force uses `{en}`")),
        );
        Some(
            finding
                .why(Text::new(
                    "单位白填一遍：报来的数不进任何一项的得分",
                    "offices would fill it in for nothing: it goes into no score",
                ))
                .next(Text::new(
                    "去掉它；采用方案时要用的，先写进方案的绑定；确要先收上来的，写明原因",
                    "leave it out, or bind it when the scheme is adopted; to collect it beforehand say why",
                )),
        )
    }

    /// The last day falls into a year whose holidays nobody has entered.
    fn unannounced(&self, state: &State) -> Option<Diagnostic> {
        let reckoned = state.calendar.after(self.from, self.working_days.saturating_add(self.grace_days))?;
        let year = reckoned.unannounced.last()?;
        let finding = Diagnostic::warning(
            "holidays-unannounced",
            Text::new(
                format!("期限算进了 {year} 年，那一年的放假安排还没有录入"),
                format!("the deadline reaches into {year}, whose holidays were not entered yet"),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "现在只扣除周末和法定固定的假日；通知一录入，没到期的期限会重算",
                    "only weekends and days off fixed by law are left out so far; once the notice is entered, what is open is reckoned anew",
                ))
                .next(Text::new(
                    "通知出来了的，请管理员在“工作日历”录入，再看期限",
                    "if the notice is out, an administrator enters it in the calendar; then look at the deadline",
                )),
        )
    }

    /// That the same is asked already.
    fn doubled(&self, state: &State) -> Option<Diagnostic> {
        let same = |(_, found): &(&CollectionId, &Collection)| {
            found.scheme == self.scheme
                && found.period == self.period
                && self.figures.iter().all(|figure| found.figures.contains(figure))
                && self.offices.iter().any(|office| found.offices.contains(office))
        };
        let (id, found) = state.collections.iter().find(same)?;
        let (zh, en) = match found.title == id.as_str() {
            true => Default::default(),
            false => (format!("（编号 {id}）"), format!(" ({id})")),
        };
        let finding = Diagnostic::warning(
            "collection-doubled",
            Text::new(
                format!("{} 的这些数已经在“{}”{zh}里要过", self.period, found.title),
                format!("these figures of {} are asked for in `{}`{en} already", self.period, found.title),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "一数一报：同一方案、同一期的数要两次，期限和迟报会记两遍",
                    "a figure is asked for once: asked twice, it has two deadlines and can be late twice",
                ))
                .next(Text::new("核对填报期和数据项", "look at the period and the figures")),
        )
    }
}

impl OpenCollection {
    /// Rounds that were put down without a last day of their own: what is asked for now would go into them, too.
    fn goes_into_scored(&self, state: &State, outline: &Outline) -> Option<Diagnostic> {
        if outline.rounds.len() < 2 || state.asks_for(&self.scheme, self.period) {
            return None;
        }
        let scheme = state.schemes.get(&self.scheme)?;
        let is_open = |round: &&String| {
            let results = state.results.get(&(self.scheme.clone(), (*round).clone()));
            scheme.end_of(round).is_none() && results.is_some_and(|results| results.sealed_by.is_none())
        };
        let rounds: Vec<&str> = outline.rounds.iter().filter(is_open).map(String::as_str).collect();
        if rounds.is_empty() {
            return None;
        }
        let (zh, en, period) = (rounds.join("、"), rounds.join(", "), self.period);
        let finding = Diagnostic::warning(
            "round-goes-on",
            Text::new(
                format!("{zh}已汇总，没有定截止日：{period} 的数签发以后也归它"),
                format!("{en} was put down and has no last day of its own: figures of {period} go into it as well"),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "没有定截止日的一轮，方案要的数都算；再汇总，得分和名次就按新一期的数",
                    "a round without one counts all that is reported; put down anew it is scored by the newer figures",
                ))
                .next(Text::new(
                    "这一期不归它的，先由考评办定它的截止日，例如半年的定 6 月 30 日",
                    "where they belong to a later round, the assessment office ends this one first (`end-round`)",
                )),
        )
    }
}

fn late_at_once(last: Day) -> Diagnostic {
    Diagnostic::warning(
        "due-date-past",
        Text::new(format!("期限 {last} 已经过了"), format!("the deadline {last} is past already")),
    )
    .why(Text::new("一布置就都算迟报", "everybody is late the moment it is asked"))
    .next(Text::new("核对起算日和工作日数", "look at the day it is counted from, and the working days"))
}

/// Late reports are events of the table: it has that column for yes or no, and asks for nothing else.
fn counts_reports(outline: &Outline, table: &str, column: &str, findings: &mut Report) {
    let Some(columns) = outline.columns.get(table) else { return };
    match columns.iter().find(|known| known.is_called(column)) {
        None => {
            findings.push(refusal::unknown_among(&COLUMN, column, columns.iter().map(|known| known.name.as_str())));
            return;
        }
        Some(found) => {
            let whose = Text::new(format!("明细“{table}”的“{}”", found.name), format!("`{}` of `{table}`", found.name));
            findings.extend(found.takes.refuses(&whose, "否"));
        }
    }
    for other in columns.iter().filter(|known| known.needed && !known.is_called(column)) {
        let name = &other.name;
        findings.push(refusal::unfit(
            Text::new(
                format!("报送是否及时不能记在明细“{table}”里：它还要填“{name}”"),
                format!("reports cannot be counted in `{table}`: it asks for `{name}`, too"),
            ),
            Text::new("迟报由程序记，填不出别的栏", "late reports are entered by the program, which knows no more"),
            Text::new("用一个只有是否及时一栏的明细", "take an event table with that column only"),
        ));
    }
}

/// Asks figures no more that were asked by mistake, as long as nobody has handed any in. What is owed of it is gone;
/// that it was asked stays in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelCollection {
    /// Which.
    pub collection: CollectionId,
}

impl Deed for CancelCollection {
    fn word(&self) -> Text {
        Text::new("取消填报任务", "asking for figures no more")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::Lead], relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        state.collections.get(&self.collection).map(|asked| &asked.office).into_iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        let Some(found) = state.collections.get(&self.collection) else {
            let known = state.collections.keys().map(CollectionId::as_str);
            findings.push(refusal::unknown_among(&COLLECTION, self.collection.as_str(), known));
            return;
        };
        let reported = |office: &&OfficeId| state.reports.contains_key(&(self.collection.clone(), (*office).clone()));
        let mut reported = found.offices.iter().filter(reported);
        if let Some(first) = reported.next() {
            let (title, count) = (&found.title, 1 + reported.count());
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{title}”已有 {count} 个单位报过（如“{first}”）"),
                    format!("{count} offices handed in what `{title}` asks for (such as `{first}`)"),
                ),
                Text::new("报过的数已经定了，要的数和期限不能再换", "what was handed in rests on what was asked"),
                Text::new(
                    "报过的不能取消；数不对的由上级退回，或由填报单位申请更正",
                    "what was reported stays; send it back, or have it corrected",
                ),
            ));
        }
        if let Some(seal) = state.seals(&found.scheme).find(|seal| seal.results.at > found.number) {
            // Whom it asks and for which time is part of what was sealed.
            findings.push(there::sealed(seal));
        } else if found.counted_in.is_some() && found.last < asked.today {
            // Whoever did not report is late by now, and late reports count.
            there::takes_changes(state, &found.scheme, findings);
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        if let Some(asked) = state.take_collection(&self.collection) {
            state.cancelled.insert(self.collection.clone(), asked);
        }
        touched.note(|| Key::Collection(self.collection.clone()));
    }
}

/// The deadline and the last day that is not late.
fn due(calendar: &Calendar, from: Day, working_days: u16, grace_days: u16) -> Option<(Day, Day)> {
    let due = match working_days {
        0 => calendar.on_or_after(from)?,
        some => calendar.after(from, some)?,
    };
    let last = calendar.after(due.due, grace_days)?;
    Some((due.due, last.due))
}

/// What an office owes of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed<'a> {
    /// Which collection.
    pub collection: &'a CollectionId,
    /// The figures that are still asked for.
    pub figures: Vec<&'a FigureId>,
    /// How far its report is, where there is one.
    pub stage: Option<Stage>,
    /// Working days left; negative where it is late.
    pub left: i32,
}

/// How many figures an office is asked for in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Burden {
    /// Asked by all collections together.
    pub asked: usize,
    /// Of these, asked by several collections: filled in once.
    pub shared: usize,
}

impl State {
    /// Open deadlines a calendar moves: the collection, its day and its last day. One that is past stays as it was.
    pub(crate) fn moved_by<'a>(
        &'a self,
        calendar: &Calendar,
        today: Day,
    ) -> impl Iterator<Item = (&'a CollectionId, &'a Collection, Day, Day)> {
        let open = self.collections.iter().filter(move |(_, collection)| collection.last >= today);
        open.filter_map(|(id, found)| {
            let (due, last) = due(calendar, found.from, found.working_days, found.grace_days)?;
            ((due, last) != (found.due, found.last)).then_some((id, found, due, last))
        })
    }

    /// Reckons open deadlines anew: a notice was entered.
    pub(crate) fn reckon_anew(&mut self, (today, number): (Day, u64), touched: &mut Touched) {
        let moved = self.moved_by(&self.calendar, today);
        let moved: Vec<_> = moved.map(|(id, _, due, last)| (id.clone(), due, last)).collect();
        for (id, due, last) in moved {
            if let Some(collection) = self.collections.get_mut(&id) {
                collection.last_before.push((number, collection.last));
                (collection.due, collection.last) = (due, last);
            }
            let reports = self.reports.keys().filter(|(of, _)| *of == id);
            reports.for_each(|key| touched.note(|| Key::Report(key.clone())));
            touched.note(|| Key::Collection(id));
        }
        self.limits_anew(today, touched);
    }

    /// What an office owes on a day, the most urgent first.
    pub fn owed_by<'a>(&'a self, office: &'a OfficeId, today: Day) -> Vec<Owed<'a>> {
        let mut owed: Vec<Owed<'a>> = self
            .collections
            .iter()
            .filter(|(_, collection)| collection.offices.contains(office))
            .filter_map(|(id, collection)| {
                let stage = self.reports.get(&(id.clone(), office.clone())).map(|report| report.stage);
                let figures: Vec<_> = self.asked_of(collection, office).collect();
                let open = stage != Some(Stage::Signed) && (!figures.is_empty() || stage.is_some());
                open.then(|| Owed { collection: id, figures, stage, left: self.calendar.left(today, collection.last) })
            })
            .collect();
        owed.sort_by_key(|owed| owed.left);
        owed
    }

    /// How many figures each office is asked for, by the year and month of the deadline.
    pub fn burden(&self) -> BTreeMap<(OfficeId, i16, i8), Burden> {
        let mut by_period: BTreeMap<Period, Vec<&Collection>> = BTreeMap::new();
        for collection in self.collections.values() {
            by_period.entry(collection.period).or_default().push(collection);
        }
        let mut burdens = BTreeMap::new();
        for collections in by_period.values() {
            asked_together(collections, &mut burdens);
        }
        burdens
    }

    /// Offices whose report of a collection is missing: the last day is past and nothing was signed.
    pub fn missing<'a>(&'a self, collection: &'a CollectionId, today: Day) -> impl Iterator<Item = &'a OfficeId> {
        let found = self.collections.get(collection).filter(|found| found.last < today);
        let signed = move |office: &OfficeId| {
            let report = self.reports.get(&(collection.clone(), office.clone()));
            report.is_some_and(|report| report.first_signed.is_some())
        };
        let asked = found.into_iter().flat_map(|found| found.offices.iter().map(move |office| (found, office)));
        asked.filter(move |(found, office)| self.owes(found, office) && !signed(office)).map(|(_, office)| office)
    }
}

/// Each once, in order.
fn distinct<'a, T: Ord>(all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut distinct: Vec<&T> = all.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Counts what collections of one period ask for: numbers instead of names, because there are many.
fn asked_together(collections: &[&Collection], burdens: &mut BTreeMap<(OfficeId, i16, i8), Burden>) {
    let offices = distinct(collections.iter().flat_map(|collection| &collection.offices));
    let figures = distinct(collections.iter().flat_map(|collection| &collection.figures));
    // How often, and the first deadline.
    let mut asked = vec![(0_usize, (i16::MAX, i8::MAX)); offices.len() * figures.len()];
    for collection in collections {
        let (year, month, _) = collection.due.civil();
        let own: Vec<usize> = collection.figures.iter().filter_map(|id| figures.binary_search(&id).ok()).collect();
        for office in collection.offices.iter().filter_map(|id| offices.binary_search(&id).ok()) {
            for figure in &own {
                if let Some((times, first)) = asked.get_mut(office * figures.len() + figure) {
                    *times += 1;
                    *first = (*first).min((year, month));
                }
            }
        }
    }
    for (office, of_office) in offices.into_iter().zip(asked.chunks(figures.len().max(1))) {
        let mut counted: BTreeMap<(i16, i8), Burden> = BTreeMap::new();
        for run in of_office.chunk_by(|a, b| a.1 == b.1) {
            let times: usize = run.iter().map(|(times, _)| times).sum();
            let twice: usize = run.iter().map(|(times, _)| times.saturating_sub(1)).sum();
            if let (Some((_, when)), true) = (run.first(), times > 0) {
                let burden = counted.entry(*when).or_default();
                *burden = Burden { asked: burden.asked + times, shared: burden.shared + twice };
            }
        }
        for ((year, month), found) in counted {
            let burden = burdens.entry((office.clone(), year, month)).or_default();
            *burden = Burden { asked: burden.asked + found.asked, shared: burden.shared + found.shared };
        }
    }
}

/// The id of the collection, the office it concerns and a word, where one is unknown.
pub(super) fn known(state: &State, collection: &CollectionId, office: &OfficeId, findings: &mut Report) {
    match state.collections.get(collection) {
        None => {
            let known = state.collections.keys().map(CollectionId::as_str);
            findings.push(refusal::unknown_among(&COLLECTION, collection.as_str(), known));
        }
        Some(found) if !found.offices.contains(office) => findings.push(refusal::not_now(
            Text::new(
                format!("“{}”没有要“{office}”填报", found.title),
                format!("`{}` does not ask `{office}`", found.title),
            ),
            Text::new("填报任务里写明了要哪些单位报", "a collection says which offices it asks"),
            Text::new(
                "换一个要这个单位填报的任务；漏了它的，请布置任务的单位另布置一个",
                "take one that asks this office; if it was forgotten, whoever opened the collection opens another",
            ),
        )),
        Some(_) => (),
    }
}
