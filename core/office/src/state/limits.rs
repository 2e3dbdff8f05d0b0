//! Time limits in working days, besides the deadlines of collections: to object, to answer.

use super::State;
use crate::{
    calendar::Calendar,
    ids::{InquiryId, ObjectionId, SchemeId},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Text};

/// What has a time limit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limited {
    /// Objecting to an event, by its table and id.
    Event((String, String)),
    /// Objecting to results, by scheme and round.
    Results((SchemeId, String)),
    /// Objecting to awards, by scheme and round.
    Awards((SchemeId, String)),
    /// Answering an objection.
    Objection(ObjectionId),
    /// Answering a question about figures.
    Inquiry(InquiryId),
}

impl Limited {
    /// What it is, and of what.
    pub(crate) fn word(&self) -> Text {
        match self {
            Self::Event((table, id)) => {
                Text::new(format!("对{table}“{id}”的异议期"), format!("the time to object to {table} `{id}`"))
            }
            Self::Results((scheme, round)) => Text::new(
                format!("“{scheme}”{round}的公示期"),
                format!("the time to object to results of `{scheme}` {round}"),
            ),
            Self::Awards((scheme, round)) => Text::new(
                format!("“{scheme}”{round}奖项的公示期"),
                format!("the time to object to awards of `{scheme}` {round}"),
            ),
            Self::Objection(id) => {
                Text::new(format!("异议“{id}”的答复期限"), format!("the time to answer objection `{id}`"))
            }
            Self::Inquiry(id) => {
                Text::new(format!("质询“{id}”的答复期限"), format!("the time to answer question `{id}`"))
            }
        }
    }
}

impl State {
    /// Gives so many working days from a day on; the last of them.
    pub(crate) fn limit(&mut self, of: Limited, from: Day, days: u16) -> Option<Day> {
        self.limits.insert(of, (from, days));
        Some(self.calendar.after(from, days)?.due)
    }

    /// Limits that run and end on another day by a calendar: what, on which day until now, and then. One that is past
    /// stays as it was.
    pub(crate) fn limits_moved_by<'a>(
        &'a self,
        calendar: &Calendar,
        today: Day,
    ) -> impl Iterator<Item = (&'a Limited, Day, Day)> {
        self.limits.iter().filter_map(move |(of, (from, days))| {
            let before = self.runs_until(of).filter(|until| *until >= today)?;
            // Nobody's time ends in the past.
            let due = calendar.after(*from, *days)?.due.max(today);
            (due != before).then_some((of, before, due))
        })
    }

    /// Reckons limits that run anew: a notice was entered.
    pub(crate) fn limits_anew(&mut self, today: Day, touched: &mut Touched) {
        let moved: Vec<_> =
            self.limits_moved_by(&self.calendar, today).map(|(of, _, due)| (of.clone(), Some(due))).collect();
        for (of, due) in moved {
            match of {
                Limited::Event(key) => {
                    self.events.entry(key.clone()).and_modify(|event| event.objections_until = due);
                    touched.note(|| Key::Event(key));
                }
                Limited::Results(key) => {
                    self.results.entry(key.clone()).and_modify(|results| results.objections_until = due);
                    touched.note(|| Key::Results(key));
                }
                Limited::Awards(key) => {
                    self.awards.entry(key.clone()).and_modify(|awards| awards.objections_until = due);
                    self.touch_awards(&key, touched);
                }
                Limited::Objection(id) => {
                    self.objections.entry(id.clone()).and_modify(|objection| objection.answer_by = due);
                    touched.note(|| Key::Objection(id));
                }
                Limited::Inquiry(id) => {
                    self.inquiries.entry(id.clone()).and_modify(|inquiry| inquiry.answer_by = due);
                    touched.note(|| Key::Inquiry(id));
                }
            }
        }
    }

    /// Its last day, as long as something depends on it.
    fn runs_until(&self, of: &Limited) -> Option<Day> {
        match of {
            Limited::Event(key) => self.events.get(key).filter(|event| event.withdrawn.is_none())?.objections_until,
            Limited::Results(key) => {
                self.results.get(key).filter(|results| results.published.is_none())?.objections_until
            }
            Limited::Awards(key) => self.awards.get(key).filter(|awards| awards.confirmed.is_none())?.objections_until,
            Limited::Objection(id) => {
                self.objections.get(id).filter(|objection| objection.answered.is_none())?.answer_by
            }
            Limited::Inquiry(id) => self.inquiries.get(id).filter(|inquiry| inquiry.answered.is_none())?.answer_by,
        }
    }
}
