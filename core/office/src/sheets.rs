//! What a scheme is scored from: the units, facts and events of a state, as the files anybody can
//! score by himself.
//!
//! The headers are those of `units.csv`, `facts.csv` and event files. A report's timeliness becomes an
//! event: nobody has to enter it.

use crate::{
    ids::{CollectionId, FigureId, IndicatorId, OfficeId, SchemeId},
    outline::{Field, Indicator, Outline},
    period::Period,
    state::{
        Assessed, AssessedKey, Collection, Event, Exemption, ExemptionKey, Judgement, Moment, OfficeVersion, Reported,
        Set, State, Target, Times,
    },
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_ledger::Digest;
use kaoping_terms::Day;

/// The offices a scheme assesses, as they are on a day.
type Offices<'a> = BTreeMap<&'a OfficeId, &'a OfficeVersion>;

/// What offices have for each input of each indicator, in the order of the outline; each in the order of offices.
type ByField<'a, T> = Vec<Vec<(&'a OfficeId, T)>>;

/// The inputs of an outline in the order of keys, each with its place in the outline.
struct Slots<'a>(Vec<(&'a str, &'a str, usize)>);

impl<'a> Slots<'a> {
    fn of(outline: &'a Outline) -> Self {
        let fields = |indicator: &'a Indicator| {
            indicator.fields.iter().map(|field| (indicator.id.as_str(), field.name.as_str()))
        };
        let fields = outline.indicators.iter().flat_map(fields).enumerate();
        let mut slots: Vec<_> = fields.map(|(at, (indicator, field))| (indicator, field, at)).collect();
        slots.sort_unstable();
        Self(slots)
    }

    /// Rows in the order of their keys, office by office, spread over the inputs. Nothing is searched for: there are
    /// tens of thousands of them, and both sides are in order.
    fn spread<'s, T: Copy>(
        &self,
        rows: impl Iterator<Item = (&'s OfficeId, &'s IndicatorId, &'s str, T)>,
        there: &Offices<'_>,
    ) -> ByField<'s, T> {
        let mut found: ByField<'s, T> = self.0.iter().map(|_| Vec::new()).collect();
        let (mut office, mut slots) = (None, [].iter());
        for (of, indicator, field, row) in rows {
            if office != Some(of) {
                office = Some(of);
                slots = if there.contains_key(of) { self.0.iter() } else { [].iter() };
            }
            let key = (indicator.as_str(), field);
            while let Some((name, input, at)) = slots.as_slice().first()
                && (*name, *input) <= key
            {
                if (*name, *input) == key
                    && let Some(found) = found.get_mut(*at)
                {
                    found.push((of, row));
                }
                slots.next();
            }
        }
        found
    }
}

/// The files of a scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// `units.csv`.
    pub units: String,
    /// `facts.csv`.
    pub facts: String,
    /// One file an event table, by its name.
    pub events: BTreeMap<String, String>,
}

/// Most cells go in as they are: there are tens of thousands of them.
fn cell(sheet: &mut String, text: &str) {
    let is_special = |byte| matches!(byte, b'"' | b',' | b'\n' | b'\r' | b'\t');
    let ends_blank = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if ends_blank || text.bytes().any(is_special) {
        sheet.push_str(&format!("\"{}\"", text.replace('"', "\"\"")));
    } else {
        sheet.push_str(text);
    }
}

fn line(sheet: &mut String, cells: &[&str]) {
    for (place, text) in cells.iter().enumerate() {
        if place > 0 {
            sheet.push(',');
        }
        cell(sheet, text);
    }
    sheet.push('\n');
}

/// Whether something of a day belongs to what ends on another.
fn is_within(last: Option<Day>, day: Option<Day>) -> bool {
    last.zip(day).is_none_or(|(last, day)| day <= last)
}

/// Neighbours that are the same, once.
fn each_once<'a>(offices: impl Iterator<Item = &'a OfficeId>) -> impl Iterator<Item = &'a OfficeId> {
    let mut last = None;
    offices.filter(move |office| last.replace(*office) != Some(*office))
}

fn paper(evidence: &[Digest]) -> String {
    evidence.iter().map(Digest::to_string).collect::<Vec<_>>().join(" ")
}

/// The column of `units.csv` that says who is exempt from an indicator.
pub fn exemption(indicator: &IndicatorId) -> String {
    format!("豁免/{indicator}")
}

impl State {
    /// The files a round of a scheme is scored from, with the offices it assesses: as they stand, and once the round is
    /// sealed as they stood when its results were put down. `None` where there is no such scheme.
    pub fn sheets(&self, scheme: &SchemeId, outline: &Outline, round: &str) -> Option<Sheets> {
        self.schemes.get(scheme)?;
        let then = self.moment(scheme, round);
        let last = self.last_day(scheme, outline, round, then);
        let assessed = self.assessed_then(scheme, last, then);
        // Who was closed by then, or reports figures for other schemes only, stands in none of them.
        let there: Offices<'_> = self.offices_until(last, then).filter(|(id, _)| assessed.contains(id)).collect();
        let facts = self.facts(scheme, outline, &there, then);
        let of_table = |table: &String| (table.clone(), self.events_of((scheme, &outline.rounds), table, &there, then));
        let units = self.units((scheme, round), &there);
        Some(Sheets { units, facts, events: outline.events.iter().map(of_table).collect() })
    }

    /// Who is assessed: the offices a scheme asks for figures or gives targets; where it does neither yet, all
    /// below the one whose scheme it is.
    pub fn assessed_by(&self, scheme: &SchemeId, day: Day) -> BTreeSet<&OfficeId> {
        self.assessed_then(scheme, day, Moment { at: u64::MAX, day })
    }

    /// The last day of what a round assesses: the tree of offices is that of this day.
    fn last_day(&self, scheme: &SchemeId, outline: &Outline, round: &str, then: Moment) -> Day {
        let ends = [self.ends(scheme, round, then.at), outline.period.map(|(_, last)| last)];
        ends.into_iter().flatten().fold(then.day, Day::min)
    }

    fn assessed_then(&self, scheme: &SchemeId, last: Day, then: Moment) -> BTreeSet<&OfficeId> {
        let at = then.at;
        let collections = self.collections.values().filter(|found| found.scheme == *scheme && found.number < at);
        let asked = collections.flat_map(|collection| &collection.offices);
        let mut found: BTreeSet<&OfficeId> = asked.collect();
        let given = self.targets_under(scheme).filter(|(.., target)| target.then(at).is_some());
        found.extend(each_once(given.map(|(office, ..)| office)));
        if !found.is_empty() {
            // Who has a value in a round is not left out of it.
            let set = self.sets(scheme, None).into_iter().filter(|(_, set)| !set.then(at).is_empty());
            found.extend(each_once(set.map(|((_, _, office, ..), _)| office)));
            return found;
        }
        let upper = self.schemes.get(scheme).map_or("", |scheme| scheme.office.as_str());
        let below = |office: &&OfficeId| {
            let day = self.looked_at(office, last, then);
            day.is_some_and(|day| self.stood_above(upper, office.as_str(), Moment { day, ..then }))
        };
        self.offices.keys().filter(below).collect()
    }

    /// The values of all rounds of a scheme.
    pub(crate) fn judged_in<'a>(&'a self, scheme: &SchemeId) -> impl Iterator<Item = (&'a AssessedKey, &'a Assessed)> {
        let nothing = (scheme.clone(), String::new(), OfficeId::least(), IndicatorId::least(), String::new());
        self.assessed.range(nothing..).take_while(move |((of, ..), _)| of == scheme)
    }

    /// Whether a scheme assesses an office.
    pub(crate) fn is_assessed(&self, scheme: &SchemeId, office: &str, day: Day) -> bool {
        let asked = |collection: &Collection| collection.offices.iter().any(|asked| asked.as_str() == office);
        let mut collections = self.collections.values().filter(|collection| collection.scheme == *scheme).peekable();
        let begins = (scheme.clone(), OfficeId::from(office), IndicatorId::least(), String::new());
        let given = self.targets.range(begins..).next();
        if given.is_some_and(|((of, to, ..), _)| of == scheme && to.as_str() == office) {
            return true;
        }
        let judged = |round: &String| {
            let begins = (scheme.clone(), round.clone(), OfficeId::from(office), IndicatorId::least(), String::new());
            let next = self.assessed.range(begins..).next();
            next.is_some_and(|((of, at, to, ..), _)| of == scheme && at == round && to.as_str() == office)
        };
        let outline = self.schemes.get(scheme).and_then(|scheme| scheme.outline());
        if outline.is_some_and(|outline| outline.rounds.iter().any(judged)) || judged(&String::new()) {
            return true;
        }
        if collections.peek().is_some() {
            return collections.any(asked);
        }
        let first = (scheme.clone(), OfficeId::least(), IndicatorId::least(), String::new());
        let gives = self.targets.range(first..).next().is_some_and(|((of, ..), _)| of == scheme);
        let upper = self.schemes.get(scheme).map_or("", |scheme| scheme.office.as_str());
        // One that was closed is assessed for the time before.
        let placed = self.offices.get(office).map_or(day, |office| office.placed_on(day)).min(day);
        let begins = outline.and_then(|outline| outline.period).map(|(begins, _)| begins);
        let within = placed == day || begins.is_some_and(|begins| begins <= placed);
        !gives && within && self.is_above(upper, office, placed)
    }

    fn units(&self, of: (&SchemeId, &str), there: &Offices<'_>) -> String {
        let attributes: BTreeSet<&str> =
            there.values().flat_map(|office| office.attributes.keys().map(String::as_str)).collect();
        let given: BTreeSet<_> = self.exempt_in(of).map(|((_, office, indicator), _)| (office, indicator)).collect();
        let exempt: BTreeSet<&IndicatorId> = given.iter().map(|(_, indicator)| *indicator).collect();
        let columns: Vec<String> = exempt.iter().map(|indicator| exemption(indicator)).collect();
        let mut sheet = String::new();
        let mut header = Vec::from(["unit", "name", "parent", "kind", "group"]);
        header.extend(&attributes);
        header.extend(columns.iter().map(String::as_str));
        line(&mut sheet, &header);
        for (id, office) in there {
            let parent = office.parent.as_ref().filter(|parent| there.contains_key(parent));
            let parent = parent.map_or("", OfficeId::as_str);
            let mut cells = Vec::from([id.as_str(), &office.name, parent, &office.kind, &office.group]);
            cells.extend(attributes.iter().map(|name| office.attributes.get(*name).map_or("", String::as_str)));
            let is_exempt = |indicator| given.contains(&(*id, indicator));
            cells.extend(exempt.iter().map(|indicator| if is_exempt(*indicator) { "是" } else { "否" }));
            line(&mut sheet, &cells);
        }
        sheet
    }

    /// The exemptions under a scheme.
    pub fn exempt<'a>(&'a self, scheme: &'a SchemeId) -> impl Iterator<Item = (&'a ExemptionKey, &'a Exemption)> {
        self.exemptions.iter().filter(move |((of_scheme, ..), _)| of_scheme == scheme)
    }

    /// The exemptions that count in a round of a scheme.
    pub fn exempt_in(&self, (scheme, round): (&SchemeId, &str)) -> impl Iterator<Item = (&ExemptionKey, &Exemption)> {
        let then = self.moment(scheme, round);
        let keys: BTreeSet<&ExemptionKey> = self.exemptions.keys().chain(self.exempted_before.keys()).collect();
        let scheme = scheme.clone();
        let of_scheme = keys.into_iter().filter(move |(of, ..)| *of == scheme);
        of_scheme.filter_map(move |key| Some((key, self.exempt_at(key, then.at)?)))
    }

    /// The exemption that held for an office when the record had so many entries.
    pub(crate) fn exempt_at(&self, key: &ExemptionKey, at: u64) -> Option<&Exemption> {
        if let Some(exemption) = self.exemptions.get(key).filter(|exemption| exemption.number < at) {
            return Some(exemption);
        }
        let mut before = self.exempted_before.get(key).into_iter().flatten().rev();
        before.find(|ended| ended.exemption.number < at && at <= ended.until).map(|ended| &ended.exemption)
    }

    fn facts(&self, scheme: &SchemeId, outline: &Outline, there: &Offices<'_>, then: Moment) -> String {
        let mut sheet = String::new();
        line(&mut sheet, &["unit", "indicator", "field", "value", "period", "evidence", "round", "assessor", "reason"]);
        let none = Vec::from([String::new()]);
        let rounds = if outline.rounds.is_empty() { &none } else { &outline.rounds };
        let times = match then.at {
            u64::MAX => self.times(scheme, outline),
            at => self.times_at(scheme, outline, at),
        };
        let times_in = |round: &String| times.up_to(self.ends(scheme, round, then.at));
        let rounds: Vec<_> = rounds.iter().map(|round| (round, times_in(round))).collect();
        let slots = Slots::of(outline);
        let targets = slots.spread(self.targets_under(scheme), there);
        let judged: Vec<_> =
            rounds.iter().map(|(round, _)| slots.spread(self.judged_in_round(scheme, round), there)).collect();
        let mut at = 0;
        for indicator in &outline.indicators {
            for field in &indicator.fields {
                for (office, target) in targets.get(at).map(Vec::as_slice).unwrap_or_default() {
                    let (id, Some(value)) = (indicator.id.as_str(), target.then(then.at)) else { continue };
                    line(&mut sheet, &[office.as_str(), id, &field.name, value, "", "", "", "", ""]);
                }
                for ((round, times), judged) in rounds.iter().zip(&judged) {
                    let set = judged.get(at).map(Vec::as_slice).unwrap_or_default();
                    self.values_of(round, set, (indicator, field), (times, then.at), there, &mut sheet);
                }
                at += 1;
            }
        }
        sheet
    }

    /// What was handed down under a scheme.
    fn targets_under<'a>(
        &'a self,
        scheme: &SchemeId,
    ) -> impl Iterator<Item = (&'a OfficeId, &'a IndicatorId, &'a str, &'a Target)> {
        let first = (scheme.clone(), OfficeId::least(), IndicatorId::least(), String::new());
        let of_scheme = self.targets.range(first..).take_while(move |((of, ..), _)| of == scheme);
        of_scheme.map(|((_, office, indicator, field), target)| (office, indicator, field.as_str(), target))
    }

    /// What was ever set in a round.
    fn judged_in_round<'a>(
        &'a self,
        scheme: &SchemeId,
        round: &str,
    ) -> impl Iterator<Item = (&'a OfficeId, &'a IndicatorId, &'a str, Set<'a>)> {
        let of_round = self.sets(scheme, Some(round)).into_iter();
        of_round.map(|((_, _, office, indicator, field), set)| (office, indicator, field.as_str(), set))
    }

    /// What counts in a round: what was set in it, else what the office reported.
    fn values_of(
        &self,
        round: &str,
        judged: &[(&OfficeId, Set<'_>)],
        (indicator, field): (&Indicator, &Field),
        times: (&Times<'_>, u64),
        there: &Offices<'_>,
        sheet: &mut String,
    ) {
        let mut set: BTreeSet<&OfficeId> = BTreeSet::new();
        let id = indicator.id.as_str();
        for (office, judged) in judged {
            let values = judged.then(times.1);
            // What was taken back leaves what was reported.
            if !values.is_empty() {
                set.insert(*office);
            }
            // One value counts unless several people judge: the one that was set last.
            let values: Vec<(&str, &Judgement)> = match field.by_assessor {
                true => values.into_iter().map(|(account, judged)| (account.as_str(), judged)).collect(),
                false => {
                    let last = values.into_iter().max_by_key(|(_, judged)| judged.number);
                    last.map(|(_, judged)| ("", judged)).into_iter().collect()
                }
            };
            for (assessor, judged) in values {
                let cells =
                    [office.as_str(), id, &field.name, &judged.value, "", "", round, assessor, judged.why.trim()];
                line(sheet, &cells);
            }
        }
        let Some(figure) = &field.figure else { return };
        for office in there.keys().filter(|office| !set.contains(*office)) {
            for (period, value, evidence) in self.reported(office, (field, figure), times) {
                let (period, paper) = (period.map(|period| period.to_string()).unwrap_or_default(), paper(evidence));
                line(sheet, &[office.as_str(), id, &field.name, value, &period, &paper, round, "", ""]);
            }
        }
    }

    /// The values of a figure that count, with their papers: one a period, or the last.
    fn reported<'a>(
        &'a self,
        office: &'a OfficeId,
        (field, figure): (&Field, &'a FigureId),
        (times, at): (&Times<'_>, u64),
    ) -> Vec<(Option<Period>, &'a str, &'a [Digest])> {
        let taken = self.taken_of(office, (field, figure), times).into_iter();
        let mut found: Vec<_> = taken
            .filter_map(|(period, cell)| match cell.number < at {
                true => Some((Some(period), cell.value.as_str(), cell.evidence.as_slice())),
                // Its papers stay in the entry that reported it.
                false => {
                    let (value, _) = self.cell_at(&(office.clone(), figure.clone(), period), at)?;
                    Some((Some(period), value, &[][..]))
                }
            })
            .collect();
        if field.by_period {
            // In the order of the periods themselves, as files of before have them.
            found.sort_by_key(|(period, ..)| *period);
            return found;
        }
        found.pop().map(|(_, value, evidence)| (None, value, evidence)).into_iter().collect()
    }

    fn events_of(
        &self,
        (scheme, rounds): (&SchemeId, &[String]),
        table: &str,
        there: &Offices<'_>,
        then: Moment,
    ) -> String {
        let counting = |day: Option<Day>| self.rounds_counting((scheme, rounds), day, then.at);
        // A column more only where something counts in some rounds and not in others.
        let by_round = rounds.iter().any(|round| self.ends(scheme, round, then.at).is_some());
        let counted: Vec<_> = self
            .collections
            .iter()
            .filter(|(_, collection)| collection.scheme == *scheme && collection.number < then.at)
            .filter_map(|(id, collection)| match &collection.counted_in {
                Some((counted, column)) if counted == table => Some((id, collection, column.as_str())),
                _ => None,
            })
            .collect();
        // A late report that was withdrawn later was one by rule until then.
        let was_there = |event: &Event| event.number < then.at && (event.by.is_some() || !event.stood_at(then.at));
        let is_counted = |((of_table, _), event): &(&(String, String), &Event)| {
            of_table == table && there.contains_key(&event.office) && was_there(event)
        };
        let entered = || self.events.iter().filter(is_counted);
        let mut columns: BTreeSet<&str> =
            entered().flat_map(|(_, event)| event.columns.keys().map(String::as_str)).collect();
        columns.extend(counted.iter().map(|(.., column)| *column));
        let mut sheet = String::new();
        let mut header = Vec::from(["id", "unit", "date", "evidence", "withdrawn"]);
        header.extend(by_round.then_some("round"));
        header.extend(&columns);
        line(&mut sheet, &header);
        for ((_, id), event) in entered() {
            let (day, paper) = (event.day.iso(), paper(&event.evidence));
            let withdrawn = event.withdrawn.filter(|_| !event.stood_at(then.at)).map(Day::iso).unwrap_or_default();
            for round in counting(Some(event.day)) {
                let mut cells = Vec::from([id.as_str(), event.office.as_str(), &day, &paper, &withdrawn]);
                cells.extend(by_round.then_some(round));
                cells.extend(columns.iter().map(|column| event.columns.get(*column).map_or("", String::as_str)));
                line(&mut sheet, &cells);
            }
        }
        for (id, collection, column) in counted {
            for office in collection.offices.iter().filter(|office| there.contains_key(office)) {
                let Some((day, late)) = self.timely((id, collection), office, then) else { continue };
                let (id, day) = (format!("{id}/{office}"), day.iso());
                // One that was withdrawn stands above.
                if self.events.get(&(table.into(), id.clone())).is_some_and(was_there) {
                    continue;
                }
                let word = if late { "否" } else { "是" };
                // A report belongs to the time it is of, and not to that in which it is due.
                for round in counting(collection.period.end()) {
                    let mut cells = Vec::from([id.as_str(), office.as_str(), &day, "", ""]);
                    cells.extend(by_round.then_some(round));
                    cells.extend(columns.iter().map(|found| if *found == column { word } else { "" }));
                    line(&mut sheet, &cells);
                }
            }
        }
        sheet
    }

    /// The rounds something of a day counts in: the empty name stands for all of them.
    fn rounds_counting<'a>(
        &self,
        (scheme, rounds): (&SchemeId, &'a [String]),
        day: Option<Day>,
        at: u64,
    ) -> Vec<&'a str> {
        let counts = |round: &&str| is_within(self.ends(scheme, round, at), day);
        if rounds.is_empty() {
            return Some("").into_iter().filter(counts).collect();
        }
        let counting: Vec<&str> = rounds.iter().map(String::as_str).filter(counts).collect();
        if counting.len() == rounds.len() { Vec::from([""]) } else { counting }
    }

    /// Whether a round goes so far as to count an event: one by rule belongs to the time that was asked for.
    pub(crate) fn counts_event(&self, (scheme, round): (&SchemeId, &str), key: &(String, String), day: Day) -> bool {
        let of_report = self.counted(key).map(|(_, asked, _)| asked.period.end());
        self.counts_on(scheme, round, of_report.unwrap_or(Some(day)))
    }

    /// Whether a round goes so far as to count something of a day.
    pub(crate) fn counts_on(&self, scheme: &SchemeId, round: &str, day: Option<Day>) -> bool {
        is_within(self.ends(scheme, round, u64::MAX), day)
    }

    /// The last day of a round that ends before its scheme does, as it was said when the record had so many entries.
    fn ends(&self, scheme: &SchemeId, round: &str, at: u64) -> Option<Day> {
        self.schemes.get(scheme)?.ended_at(round, at)?.last
    }

    /// The office and the collection of a report that is counted as an event of that id.
    fn counted(&self, (table, id): &(String, String)) -> Option<(&CollectionId, &Collection, &OfficeId)> {
        let counts = |found: &Collection| found.counted_in.as_ref().is_some_and(|(counted, _)| counted == table);
        self.collections.iter().filter(|(_, found)| counts(found)).find_map(|(collection, found)| {
            let office = id.strip_prefix(collection.as_str())?.strip_prefix('/')?;
            Some((collection, found, found.offices.iter().find(|asked| asked.as_str() == office)?))
        })
    }

    /// Whose report is counted as an event of that table and id, late or not.
    pub(crate) fn report_counted(&self, key: &(String, String)) -> Option<(&OfficeId, &CollectionId)> {
        self.counted(key).map(|(collection, _, office)| (office, collection))
    }

    /// The event a late report is by rule, unless it was withdrawn.
    pub fn late_report(&self, key: &(String, String)) -> Option<Event> {
        let (id, found, office) = self.counted(key).filter(|_| !self.events.contains_key(key))?;
        let (day, _) = self.timeliness((id, found), office).filter(|(_, late)| *late)?;
        let (_, column) = found.counted_in.as_ref()?;
        Some(Event {
            office: office.clone(),
            day,
            columns: BTreeMap::from([(column.clone(), "否".into())]),
            evidence: Vec::new(),
            objections_until: None,
            withdrawn: None,
            withdrawn_in: None,
            by: None,
            number: self.reports.get(&(id.clone(), office.clone())).and_then(Reported::version).unwrap_or(found.number),
        })
    }

    /// Whether a report is counted as late: it is, and nobody withdrew that.
    pub(crate) fn is_counted_late(&self, (id, asked): (&CollectionId, &Collection), office: &OfficeId) -> bool {
        let Some((table, _)) = &asked.counted_in else { return false };
        let withdrawn = self.events.contains_key(&(table.clone(), format!("{id}/{office}")));
        !withdrawn && self.timeliness((id, asked), office).is_some_and(|(_, late)| late)
    }

    /// Every late report that is an event by rule, by table and id.
    pub fn late_reports(&self) -> BTreeSet<(String, String)> {
        let counted = self.collections.iter().filter_map(|(id, found)| Some((id, found, found.counted_in.as_ref()?)));
        let late = counted.flat_map(|(id, found, (table, _))| {
            let late = move |office: &&OfficeId| self.timeliness((id, found), office).is_some_and(|(_, late)| late);
            found.offices.iter().filter(late).map(move |office| (table.clone(), format!("{id}/{office}")))
        });
        late.filter(|key| !self.events.contains_key(key)).collect()
    }

    /// Whether a scheme counts an event of that table and id, where it has the table: a report is counted in the scheme it
    /// was asked for alone.
    pub fn counts_for(&self, scheme: &SchemeId, key: &(String, String)) -> bool {
        self.events.contains_key(key) || self.scheme_of_report(key).is_none_or(|asked| asked == scheme)
    }

    /// The report an event by rule comes from, withdrawn or not; `None` for one that somebody entered.
    pub fn report_of(&self, key: &(String, String)) -> Option<(&CollectionId, &OfficeId)> {
        self.counted(key).map(|(collection, _, office)| (collection, office))
    }

    /// The scheme that counts a report as an event.
    pub(crate) fn scheme_of_report(&self, key: &(String, String)) -> Option<&SchemeId> {
        self.counted(key).map(|(_, found, _)| &found.scheme)
    }

    /// When a report was due and whether it is late: signed too late, or not signed and past the last day.
    /// `None` while it is open.
    fn timeliness(&self, collection: (&CollectionId, &Collection), office: &OfficeId) -> Option<(Day, bool)> {
        let now = Moment { at: u64::MAX, day: self.today };
        self.timely(collection, office, now).filter(|_| self.owes(collection.1, office))
    }

    /// The same by what was known at a moment.
    fn timely(
        &self,
        (id, about): (&CollectionId, &Collection),
        office: &OfficeId,
        then: Moment,
    ) -> Option<(Day, bool)> {
        let report = self.reports.get(&(id.clone(), office.clone()));
        let report = report.filter(|report| report.first_signed_in.is_some_and(|number| number < then.at));
        let last = about.last_at(then.at);
        let (day, late) = match report.and_then(|report| report.first_signed) {
            Some(signed) => (signed, signed > last),
            None => (then.day > last).then_some((last, true))?,
        };
        // What is asked once the assessed time is over counts on its last day.
        let outline = self.schemes.get(&about.scheme).and_then(|scheme| scheme.outline_at(then.at));
        let last = outline.and_then(|outline| outline.period).map(|(_, last)| last);
        Some((last.map_or(day, |last| day.min(last)), late))
    }
}
