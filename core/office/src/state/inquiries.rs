//! Questions that were put to offices about their figures.

use crate::{
    honesty::Sign,
    ids::{AccountId, FigureId, OfficeId, SchemeId},
    period::Period,
};
use alloc::string::String;
use kaoping_terms::Day;

/// A question about a figure, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
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
    /// What is asked.
    pub text: String,
    /// Who asked.
    pub by: AccountId,
    /// The entry that asked.
    pub number: u64,
    /// The last day to answer.
    pub answer_by: Option<Day>,
    /// Who answered, what, and in which entry.
    pub answered: Option<(AccountId, String, u64)>,
}
