//! The rounds of a scheme side by side: what was reported, what each round set, how it differs from the one
//! before, and why.

use crate::{
    ids::{AccountId, FigureId, IndicatorId, OfficeId, SchemeId},
    outline::Field,
    period::Period,
    state::{Assessed, ByRule, Cell, Exemption, Judgement, Results, SetBefore, State, TakenBack},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Exact, figure};

/// A value of an office in a round. Where the round has results, it is what they were scored with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InRound<'a> {
    /// Whose.
    pub office: &'a OfficeId,
    /// Of which indicator.
    pub indicator: &'a IndicatorId,
    /// Of which input.
    pub field: &'a str,
    /// What the office had reported; empty where it was not asked, or did not.
    pub reported: String,
    /// Which round.
    pub round: &'a str,
    /// The round before it; absent for the first.
    pub before: Option<&'a str>,
    /// What counts in it; empty where several judge it, and the standard says how they are taken together.
    pub value: String,
    /// What was set in it, and by whom.
    pub set: Vec<(&'a AccountId, &'a Judgement)>,
    /// How it differs from the round before, or from what was reported; empty where it does not.
    pub difference: String,
    /// Whether it is a score that one person gives: its differences are ones of judgement.
    pub is_mark: bool,
    /// Whether what was said of a difference is said of this one: it was between these two values.
    pub explains: bool,
    /// What counts now, where it is something else than what the round was scored with.
    pub since: Option<Since<'a>>,
    /// The score that changed with the version of the standard, and not with any figure.
    pub by_rule: Option<&'a ByRule>,
    /// What was taken back of it, with who did and why.
    pub taken: Vec<(&'a SetBefore, &'a TakenBack)>,
    /// That the office is exempt.
    pub exempt: Option<&'a Exemption>,
}

/// That what a round was scored with is something else by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since<'a> {
    /// What it is; empty where it is reported no more.
    pub value: String,
    /// The entry that made it so.
    pub number: u64,
    /// Who set it, and what was said of it, where it was set and not reported.
    pub set: Option<(&'a AccountId, &'a Judgement)>,
}

impl<'a> InRound<'a> {
    /// What was set last.
    pub fn last(&self) -> Option<(&'a AccountId, &'a Judgement)> {
        self.set.iter().copied().max_by_key(|(_, judged)| judged.number)
    }

    /// What a difference comes from; empty where there is none, or nobody has said it of these values.
    pub fn kind(&self) -> &'a str {
        let said = self.reason().map_or("", |judged| judged.kind.as_str());
        match said.is_empty() && !self.difference.is_empty() {
            // Where a round before was marked later, nobody could say it when this one was.
            true if self.is_mark => JUDGEMENT,
            // Nobody set it: the figure it takes is another one than the round before took.
            true if self.set.is_empty() && self.before.is_some() => DATA,
            _ => said,
        }
    }

    /// What was said of the difference, where it is said of these values.
    pub fn reason(&self) -> Option<&'a Judgement> {
        self.last().map(|(_, judged)| judged).filter(|_| self.explains)
    }

    /// What was said of a difference that was another one: nothing explains this.
    pub fn reason_of_others(&self) -> Option<&'a Judgement> {
        self.last().map(|(_, judged)| judged).filter(|_| !self.explains)
    }
}

/// The kind of a difference that comes from the figures.
const DATA: &str = "data";

/// The kind of a difference that comes from what somebody thinks.
pub(crate) const JUDGEMENT: &str = "judgement";

/// What counts of an input: the value, and the entry that made it so.
type Counting = (String, u64);

/// Whether two texts say the same value.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    match (figure::parse(one), figure::parse(other)) {
        (Ok(one), Ok(other)) => {
            let units = one.unit.is_empty() || other.unit.is_empty() || one.unit == other.unit;
            units && one.value == other.value
        }
        _ => one.trim() == other.trim(),
    }
}

/// How a value differs from another: by how much where both are numbers; empty where it does not.
pub fn difference(before: &str, now: &str) -> String {
    if is_same(before, now) {
        return String::new();
    }
    let number = |text: &str| figure::parse(text).ok().map(|read| read.value);
    match (number(before), number(now)) {
        (Some(before), Some(now)) => {
            let by = now - before;
            let sign = if by > Exact::zero() { "+" } else { "" };
            format!("{sign}{}", by.to_plain(0).unwrap_or_else(|| by.to_fraction()))
        }
        _ => format!("{before} → {now}"),
    }
}

impl State {
    /// What counts of an input in a round: what was set in it, else what was reported.
    pub(crate) fn value_in(
        &self,
        scheme: &SchemeId,
        round: &str,
        office: &OfficeId,
        (indicator, field): (&IndicatorId, &Field),
    ) -> Option<String> {
        let key = (scheme.clone(), round.into(), office.clone(), indicator.clone(), field.name.clone());
        let set = || Some(self.assessed.get(&key)?.last()?.1.value.clone());
        let reported = || self.reported_value((scheme, round), office, Some(field).filter(|field| !field.by_period)?);
        set().or_else(reported)
    }

    /// What counts of an input before a round: what the round before it was scored with, or would be, else what was
    /// reported.
    pub fn value_before(
        &self,
        scheme: &SchemeId,
        round: &str,
        office: &OfficeId,
        (indicator, field): (&IndicatorId, &Field),
    ) -> Option<String> {
        let outline = self.schemes.get(scheme)?.outline()?;
        let shown = |round: &String| {
            let at = self.scored_at(scheme, round);
            let set = self
                .set_at(&(scheme.clone(), round.clone(), office.clone(), indicator.clone(), field.name.clone()), at);
            let set = set.into_iter().max_by_key(|(_, judged)| judged.number).map(|(_, judged)| judged.value.clone());
            // What is not put down yet takes what is reported now, as this round does.
            let reported = || self.reported_at((scheme, round), office, (indicator, field));
            set.or_else(|| reported().map(|(value, _)| value))
        };
        outline.rounds_before(round).find_map(shown).or_else(|| self.reported_value((scheme, round), office, field))
    }

    /// What an office reported of a figure for a round: the last period that is taken.
    fn reported_value(&self, of: (&SchemeId, &str), office: &OfficeId, field: &Field) -> Option<String> {
        Some(self.reported_now(of, office, field)?.0)
    }

    /// The figure that counts of an input in a round, as it was reported, and for which period.
    pub fn cell_in<'a>(
        &'a self,
        (scheme, round): (&SchemeId, &str),
        office: &'a OfficeId,
        field: &'a Field,
    ) -> Option<(&'a FigureId, Period, &'a Cell)> {
        let figure = field.figure.as_ref()?;
        let found = self.schemes.get(scheme)?;
        let times = self.times(scheme, found.outline()?);
        let (period, cell) = self.taken_of(office, (field, figure), &times.up_to(found.end_of(round))).pop()?;
        Some((figure, period, cell))
    }

    fn reported_now(&self, of: (&SchemeId, &str), office: &OfficeId, field: &Field) -> Option<Counting> {
        let (_, _, cell) = self.cell_in(of, office, field)?;
        Some((cell.value.clone(), cell.number))
    }

    /// What the results of a round took as reported: by the version and from the entries they rest on.
    fn reported_at(
        &self,
        (scheme, round): (&SchemeId, &str),
        office: &OfficeId,
        (indicator, field): (&IndicatorId, &Field),
    ) -> Option<Counting> {
        let results = self.results_of(scheme, round)?;
        let found = self.schemes.get(scheme)?;
        let versions = &found.versions;
        let outline = &versions.iter().find(|version| version.number == results.version)?.outline;
        let field = outline.field(indicator.as_str(), &field.name)?;
        let figure = field.figure.as_ref()?;
        let until = found.ended_at(round, results.at).and_then(|end| end.last);
        let times = self.times_at(scheme, outline, results.at);
        self.taken_at(office, (field, figure), &times.up_to(until), results.at)
    }

    fn results_of(&self, scheme: &SchemeId, round: &str) -> Option<&Results> {
        self.results.get(&(scheme.clone(), round.into()))
    }

    /// How long the record was whose entries count in a round: all of it where there are no results.
    fn scored_at(&self, scheme: &SchemeId, round: &str) -> u64 {
        self.results_of(scheme, round).map_or(u64::MAX, |results| results.at)
    }

    /// The rounds of a scheme side by side: office by office, indicator by indicator, input by input.
    pub fn rounds<'a>(&'a self, scheme: &'a SchemeId, day: Day) -> impl Iterator<Item = InRound<'a>> + 'a {
        let outline = self.schemes.get(scheme).and_then(|found| found.outline());
        let offices: Vec<&OfficeId> = outline.map(|_| self.assessed_by(scheme, day)).into_iter().flatten().collect();
        offices.into_iter().flat_map(move |office| self.rounds_of(scheme, office))
    }

    /// The same of one office.
    pub fn rounds_of<'a>(
        &'a self,
        scheme: &'a SchemeId,
        office: &'a OfficeId,
    ) -> impl Iterator<Item = InRound<'a>> + 'a {
        let outline = self.schemes.get(scheme).and_then(|found| found.outline());
        let indicators = outline.into_iter().flat_map(|outline| &outline.indicators);
        let inputs = indicators.flat_map(|indicator| indicator.fields.iter().map(move |field| (&indicator.id, field)));
        inputs.flat_map(move |input| self.of_input(scheme, office, input))
    }

    fn of_input<'a>(
        &'a self,
        scheme: &'a SchemeId,
        office: &'a OfficeId,
        (indicator, field): (&'a IndicatorId, &'a Field),
    ) -> Vec<InRound<'a>> {
        let Some(outline) = self.schemes.get(scheme).and_then(|found| found.outline()) else { return Vec::new() };
        let rounds: Vec<&str> = match outline.rounds.is_empty() {
            true => Vec::from([""]),
            false => outline.rounds.iter().map(String::as_str).collect(),
        };
        let exempted = (scheme.clone(), office.clone(), indicator.clone());
        let mut before: Option<String> = None;
        let mut found: Vec<InRound<'a>> = Vec::new();
        for round in rounds {
            let key = (scheme.clone(), round.into(), office.clone(), indicator.clone(), field.name.clone());
            let results = self.results_of(scheme, round);
            let at = self.scored_at(scheme, round);
            let now = self.reported_now((scheme, round), office, field);
            let reported = match results {
                Some(_) => self.reported_at((scheme, round), office, (indicator, field)),
                None => now.clone(),
            };
            let set = self.set_at(&key, at);
            let last = set.iter().copied().max_by_key(|(_, judged)| judged.number).map(|(_, judged)| judged);
            let value = match last.filter(|_| !field.by_assessor) {
                Some(judged) => Some(judged.value.clone()),
                None => reported.as_ref().filter(|_| !field.by_assessor).map(|(value, _)| value.clone()),
            };
            let compared = before.clone().or_else(|| reported.as_ref().map(|(value, _)| value.clone()));
            let differs = compared.as_deref().zip(value.as_deref()).map(|(before, now)| difference(before, now));
            let explains = last.is_none_or(|judged| {
                field.by_assessor || field.needs_reason || both_same(judged.before.as_deref(), compared.as_deref())
            });
            let by_rule = results.and_then(|results| {
                results.by_rule.iter().find(|line| line.office == *office && line.indicator == *indicator)
            });
            let taken: Vec<_> = self.taken_back(&key).collect();
            let since = results.filter(|_| !field.by_assessor).and_then(|_| {
                let set = self.assessed.get(&key).and_then(Assessed::last);
                let last_taken = taken.last().map(|(_, taken)| taken.number);
                let since = |number: u64| last_taken.map_or(number, |taken| taken.max(number));
                let now = set.map(|(_, judged)| (judged.value.clone(), judged.number)).or_else(|| now.clone());
                let now = now.map(|(value, number)| (value, since(number)));
                self.since((office, field), (value.as_deref(), last_taken), now, set)
            });
            found.push(InRound {
                office,
                indicator,
                field: &field.name,
                reported: reported.map(|(value, _)| value).unwrap_or_default(),
                round,
                before: found.last().map(|line| line.round),
                value: value.clone().unwrap_or_default(),
                set,
                difference: differs.unwrap_or_default(),
                is_mark: field.is_mark(),
                explains,
                since,
                by_rule,
                taken,
                exempt: self.exempt_at(&exempted, at),
            });
            before = value.or(before);
        }
        found
    }

    /// What counts now of an input, where a round was scored with something else.
    fn since<'a>(
        &'a self,
        (office, field): (&OfficeId, &Field),
        (scored, taken): (Option<&str>, Option<u64>),
        now: Option<Counting>,
        set: Option<(&'a AccountId, &'a Judgement)>,
    ) -> Option<Since<'a>> {
        match now {
            Some((value, number)) => (!both_same(scored, Some(&value))).then_some(Since { value, number, set }),
            None => {
                scored?;
                // What was set was taken back, or what was reported sent back and not reported again.
                let figure = field.figure.as_ref();
                let sent_back = figure.and_then(|it| self.past_of(office, it).map(|(_, past)| past.until).max());
                let number = sent_back.max(taken)?;
                Some(Since { value: String::new(), number, set: None })
            }
        }
    }
}

/// Whether two values are the same, or neither is there.
fn both_same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}
