//! What a report is asked about, and whether its answers say anything.

use super::reports::SubmitReport;
use crate::{
    ids::FigureId,
    period::Period,
    state::{Card, Question, Served, Standing, State},
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};

/// What is to be said about one figure while it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Which figure.
    pub figure: FigureId,
    /// Why its value cannot be used; absent where it can.
    pub refused: Option<Diagnostic>,
    /// What its value makes one ask, whether it is answered or not; nothing where it cannot be used.
    pub questions: Vec<Text>,
}

impl SubmitReport {
    /// What is to be said about its figures, one by one; those there is nothing to say about are left out.
    pub fn noted(&self, state: &State) -> Vec<Noted> {
        let Some(collection) = state.collections.get(&self.collection) else { return Vec::new() };
        let figures = Card::all_in_own_units(&state.cards, &self.figures);
        let mut questions = state.questions(&self.office, collection.period, &figures);
        let served = state.served(collection.period);
        let mut noted = Vec::new();
        for standing in self.figures.iter().filter(|standing| collection.figures.contains(&standing.figure)) {
            let refused = state.figure_refuses(&served, &self.office, &standing.figure, &standing.value);
            let (own, others) = questions.into_iter().partition(|question| question.figure == standing.figure);
            let own: Vec<Question> = own;
            questions = others;
            if refused.is_some() || !own.is_empty() {
                // What cannot be used wants another value, not a reason.
                let asked = own.into_iter().filter(|_| refused.is_none());
                let questions = asked.map(|question| question.text).collect();
                noted.push(Noted { figure: standing.figure.clone(), refused, questions });
            }
        }
        noted
    }

    /// The questions its figures raise that are not answered. What cannot be used is refused already.
    pub(super) fn unanswered(
        &self,
        state: &State,
        period: Period,
        (served, figures): (&Served<'_>, &[Standing]),
        findings: &mut Report,
    ) {
        for question in state.questions(&self.office, period, figures) {
            let Some(own) = self.figures.iter().find(|standing| standing.figure == question.figure) else { continue };
            let is_refused = || state.figure_refuses(served, &self.office, &own.figure, &own.value).is_some();
            if !explains(&own.answer) && !is_refused() {
                findings.push(unanswered(state, &question, own.answer.trim()));
            }
        }
    }
}

/// Whether an answer says anything: a mark, a figure or one letter does not.
fn explains(answer: &str) -> bool {
    answer.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

fn unanswered(state: &State, question: &Question, answer: &str) -> Diagnostic {
    let name = state.cards.get(&question.figure).map_or(question.figure.as_str(), |card| card.name.as_str());
    Diagnostic::error(
        "question-open",
        Text::new(format!("{name}：{}", question.text.zh), format!("{name}: {}", question.text.en)),
    )
    .why(match answer {
        "" => Text::new("数字可以是对的，但要有人说得清", "the figure may well be right, but somebody has to say why"),
        _ => Text::new(
            format!("“{answer}”没有说明什么：以后查账的人看不出原因"),
            format!("`{answer}` says nothing: who looks at it later will not see why"),
        ),
    })
    .next(Text::new("核对数字；没错就写一句说明", "look at the figure; where it is right, write a sentence"))
}
