//! Questions about figures, and their answers: both stand in the record, and neither changes a point.

use super::{FIGURE, INQUIRY, there};
use crate::{
    deed::{Asked, Deed, Told},
    honesty::Sign,
    ids::{FigureId, InquiryId, OfficeId, SchemeId, is_name},
    period::Period,
    refusal,
    rights::{Relation, Right, Role, account},
    state::{Inquiry, Limited, State},
    tables::{Key, Touched},
};
use alloc::vec::Vec;
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

/// Asks an office about a figure. What is asked is the reason of the deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskAboutFigure {
    /// Its id.
    pub inquiry: InquiryId,
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Who is asked.
    pub office: OfficeId,
    /// What is odd.
    pub sign: Sign,
    /// About which figure; absent where it is about several.
    pub figure: Option<FigureId>,
    /// Of which period; absent where it is about several.
    pub period: Option<Period>,
    /// Working days until it is to be answered.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub answer_days: u16,
}

impl Deed for AskAboutFigure {
    fn word(&self) -> Text {
        Text::new("质询数据", "asking about a figure")
    }

    fn right(&self) -> Right {
        let roles = &[Role::AssessmentOffice, Role::Lead, Role::Inspector];
        Right { roles, relation: Relation::Above }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        there::outline(state, &self.scheme, findings);
        there::office(state, &self.office, asked.today, findings);
        there::working_days(self.answer_days, findings);
        if !is_name(self.inquiry.as_str()) {
            findings.push(refusal::no_name(&INQUIRY, self.inquiry.as_str()));
        }
        if state.inquiries.contains_key(&self.inquiry) {
            findings.push(refusal::taken(&INQUIRY, self.inquiry.as_str()));
        }
        if let Some(figure) = self.figure.as_ref().filter(|figure| !state.cards.contains_key(*figure)) {
            findings.push(refusal::unknown(&FIGURE, figure.as_str()));
        }
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let inquiry = Inquiry {
            scheme: self.scheme.clone(),
            office: self.office.clone(),
            sign: self.sign,
            figure: self.figure.clone(),
            period: self.period,
            text: told.why.into(),
            by: account(told.by),
            number: told.number,
            answer_by: state.limit(Limited::Inquiry(self.inquiry.clone()), told.today, self.answer_days),
            answered: None,
        };
        state.inquiries.insert(self.inquiry.clone(), inquiry);
        touched.note(|| Key::Inquiry(self.inquiry.clone()));
    }
}

/// Answers such a question. The answer is the reason of the deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerAboutFigure {
    /// Which.
    pub inquiry: InquiryId,
}

impl Deed for AnswerAboutFigure {
    fn word(&self) -> Text {
        Text::new("答复质询", "answering about a figure")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Signer], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        state.inquiries.get(&self.inquiry).map(|inquiry| &inquiry.office).into_iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        match state.inquiries.get(&self.inquiry) {
            None => findings.push(refusal::unknown(&INQUIRY, self.inquiry.as_str())),
            Some(inquiry) if inquiry.answered.is_some() => findings.push(refusal::not_now(
                Text::new("这件质询已经答复", "it has been answered"),
                Text::new("一件质询答复一次，留在台账里不改", "a question is answered once, and the answer stays"),
                Text::new(
                    "不用再办；还有疑问的，由考评办、督查另发一件质询",
                    "nothing is left to do; whoever still doubts asks another question",
                ),
            )),
            Some(_) => (),
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        if let Some(inquiry) = state.inquiries.get_mut(&self.inquiry) {
            inquiry.answered = Some((account(told.by), told.why.into(), told.number));
        }
        touched.note(|| Key::Inquiry(self.inquiry.clone()));
    }
}
