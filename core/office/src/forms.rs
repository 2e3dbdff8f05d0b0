//! What a report is filled in from and looked through by: figure after figure, with what it was before; and who has
//! handed in what.

use crate::{
    duties::Lamp,
    ids::{CollectionId, FigureId, OfficeId, ProposalId},
    period::Period,
    state::{Card, Cell, Collection, Decision, Reported, Stage, Standing, State},
    views::Viewer,
};
use alloc::{collections::BTreeMap, vec::Vec};
use kaoping_terms::{Day, Text};

/// A figure of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// Which.
    pub figure: &'a FigureId,
    /// Its card.
    pub card: &'a Card,
    /// As it was filled in last.
    pub filled: Option<&'a Standing>,
    /// As it was when the report was sent back last.
    pub sent_back: Option<&'a Standing>,
    /// As it is reported, through this report or another one.
    pub reported: Option<&'a Cell>,
    /// Whether it is known from another report, so that it is not filled in here.
    pub is_known: bool,
    /// As it was in the period before.
    pub last: Option<(Period, &'a Cell)>,
    /// As it was a year before.
    pub year_before: Option<(Period, &'a Cell)>,
    /// What a question about a jump goes by.
    pub compared: Option<(Period, &'a Cell)>,
    /// What its value makes one ask.
    pub questions: Vec<Text>,
    /// A correction that waits for a decision, and the value it asks for.
    pub correction: Option<(&'a ProposalId, &'a str)>,
}

impl Line<'_> {
    /// Whether it was filled in otherwise before the report was sent back.
    pub fn has_changed(&self) -> bool {
        let value = |standing: Option<&Standing>| standing.map(|standing| standing.value.clone());
        self.sent_back.is_some() && value(self.filled) != value(self.sent_back)
    }
}

/// How far an office is with what a collection asks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Owing<'a> {
    /// Which collection.
    pub id: &'a CollectionId,
    /// The collection.
    pub collection: &'a Collection,
    /// The office.
    pub office: &'a OfficeId,
    /// Its report, where there is one.
    pub report: Option<&'a Reported>,
    /// The figures it has to fill in, or filled in; those known from elsewhere are not among them.
    pub figures: Vec<&'a FigureId>,
    /// Whether it is signed, and was late.
    pub late: bool,
    /// How it stands.
    pub lamp: Lamp,
    /// Working days left to the deadline, negative after it.
    pub left: i32,
}

impl Owing<'_> {
    /// How far its report is.
    pub fn stage(&self) -> Option<Stage> {
        self.report.map(|report| report.stage)
    }

    /// Whether nothing is left to do: it is signed, or everything was known from elsewhere.
    pub fn is_done(&self) -> bool {
        self.stage() == Some(Stage::Signed) || self.report.is_none() && self.figures.is_empty()
    }
}

impl State {
    /// The figures of a report; `None` where nothing is asked of the office there.
    pub fn form<'a>(&'a self, collection: &CollectionId, office: &'a OfficeId) -> Option<Vec<Line<'a>>> {
        let asked = self.collections.get(collection).filter(|found| found.offices.contains(office))?;
        let report = self.reports.get(&(collection.clone(), office.clone()));
        let filled = report.map_or(&[][..], |report| &*report.figures);
        let before = report.map_or(&[][..], |report| &*report.before);
        // While it is sent back, what was filled in last is what was sent back.
        let returned = report.is_some_and(|report| report.stage == Stage::Returned);
        let signed = report.is_some_and(|report| report.stage == Stage::Signed);
        let questions = self.questions(office, asked.period, filled);
        let open = self.corrections(office, asked.period);
        let line = |figure: &'a FigureId| {
            let of = |list: &'a [Standing]| list.iter().find(|standing| standing.figure == *figure);
            let cell = |period: Period| self.cells.get(&(office.clone(), figure.clone(), period));
            let at = |period: Period| Some((period, cell(period)?));
            let own = questions.iter().filter(|question| question.figure == *figure);
            let correction = open.iter().find(|(of, ..)| *of == figure);
            let (reported, filled) = (cell(asked.period), of(filled));
            Some(Line {
                figure,
                card: self.cards.get(figure)?,
                filled,
                sent_back: if returned { None } else { of(before) },
                reported,
                is_known: reported.is_some() && !(signed && filled.is_some()),
                last: asked.period.before().and_then(at),
                year_before: at(asked.period.year_before()),
                compared: self.compared(office, figure, asked.period),
                questions: own.map(|question| question.text.clone()).collect(),
                correction: correction.map(|(_, id, value)| (*id, *value)),
            })
        };
        Some(asked.figures.iter().filter_map(line).collect())
    }

    /// Corrections of an office's figures that wait for a decision: the figure, the proposal, the value.
    fn corrections(&self, office: &OfficeId, of: Period) -> Vec<(&FigureId, &ProposalId, &str)> {
        let open = self.proposals.iter().filter(|(_, proposal)| proposal.decided.is_none());
        open.filter_map(|(id, proposal)| match &proposal.decision {
            Decision::CorrectFigure { office: whose, figure, period, value } if whose == office && *period == of => {
                Some((figure, id, value.as_str()))
            }
            _ => None,
        })
        .collect()
    }

    /// How far an office is with what a collection asks of it; `None` where it asks nothing of it.
    pub fn owing<'a>(&'a self, id: &'a CollectionId, office: &'a OfficeId, today: Day) -> Option<Owing<'a>> {
        let collection = self.collections.get(id).filter(|found| found.offices.contains(office))?;
        Some(self.owing_of((id, collection), office, today))
    }

    /// The reports that offices below those an account works in still owe, as far as it sees them: what is due first
    /// comes first, and of one collection the offices in their order.
    pub fn owed_below<'a>(&'a self, viewer: &Viewer<'_>) -> Vec<(&'a CollectionId, &'a Collection, &'a OfficeId)> {
        let mut asked: Vec<(&CollectionId, &Collection)> = self.collections.iter().collect();
        asked.sort_by_key(|(_, collection)| collection.due);
        let mut seen: BTreeMap<&OfficeId, bool> = BTreeMap::new();
        let mut owed = Vec::new();
        for (id, collection) in asked {
            for office in self.in_order(&collection.offices) {
                let is_below = *seen.entry(office).or_insert_with(|| viewer.sees(office) && !viewer.works_in(office));
                if is_below && self.is_owed(id, collection, office) {
                    owed.push((id, collection, office));
                }
            }
        }
        owed
    }

    pub(crate) fn is_owed(&self, id: &CollectionId, collection: &Collection, office: &OfficeId) -> bool {
        match self.reports.get(&(id.clone(), office.clone())) {
            Some(report) => report.stage != Stage::Signed,
            None => self.asked_of(collection, office).next().is_some(),
        }
    }

    /// How far an office is with a collection that asks something of it.
    pub fn owing_of<'a>(
        &'a self,
        (id, collection): (&'a CollectionId, &'a Collection),
        office: &'a OfficeId,
        today: Day,
    ) -> Owing<'a> {
        let report = self.reports.get(&(id.clone(), office.clone()));
        let signed = report.filter(|report| report.stage == Stage::Signed).and_then(|report| report.first_signed);
        let figures: Vec<&FigureId> = match report {
            Some(report) if report.stage != Stage::Returned => {
                report.figures.iter().map(|standing| &standing.figure).collect()
            }
            _ => self.asked_of(collection, office).collect(),
        };
        let lamp = match signed {
            Some(signed) if signed > collection.last => Lamp::Late,
            Some(_) => Lamp::InTime,
            None if report.is_none() && figures.is_empty() => Lamp::InTime,
            None => self.lamp(today, Some(collection.due), Some(collection.last)).of_report(report.is_some()),
        };
        let late = signed.is_some_and(|signed| signed > collection.last);
        let left = self.calendar.left(today, collection.due);
        Owing { id, collection, office, report, figures, late, lamp, left }
    }
}
