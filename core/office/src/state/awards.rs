//! Awards: who is proposed, shown to the public, approved and confirmed.

use super::{AwardLine, State};
use crate::{
    ids::{AccountId, OfficeId, SchemeId},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use kaoping_terms::Day;

/// Which award of which office: scheme, round, award, office.
pub type AwardKey = (SchemeId, String, String, OfficeId);

/// That an office does not get an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAward {
    /// Who decided so.
    pub by: AccountId,
    /// Why.
    pub why: String,
    /// The entry.
    pub number: u64,
}

/// The awards of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awards {
    /// Which edition of the results they follow from.
    pub edition: u32,
    /// Who is proposed, and why.
    pub lines: Vec<AwardLine>,
    /// Who comes next, and who was passed over, and why.
    pub passed_over: Vec<AwardLine>,
    /// Who is not to get which award; kept when awards are proposed anew.
    pub refused: BTreeMap<(String, OfficeId), RefusedAward>,
    /// Who proposed them.
    pub by: AccountId,
    /// The entry that did.
    pub number: u64,
    /// The last day of the publicity period 公示.
    pub objections_until: Option<Day>,
    /// Who approved them.
    pub approved_by: Option<AccountId>,
    /// Who confirmed them, in which entry.
    pub confirmed: Option<(AccountId, u64)>,
    /// An award was refused or given back since, so that others come in its place: to be proposed anew.
    pub stale: bool,
}

impl Awards {
    /// How far the award of an office is; `None` where it is neither proposed nor refused.
    pub fn status(&self, award: &str, office: &OfficeId) -> Option<&'static str> {
        if self.refused.contains_key(&(String::from(award), office.clone())) {
            return Some("refused");
        }
        self.line(award, office)?;
        Some(match (&self.confirmed, &self.approved_by) {
            (Some(_), _) => "confirmed",
            (None, Some(_)) => "approved",
            (None, None) => "proposed",
        })
    }

    /// The line of an office that is proposed.
    pub fn line(&self, award: &str, office: &OfficeId) -> Option<&AwardLine> {
        self.lines.iter().find(|line| line.award == award && line.office == *office)
    }

    /// Which awards of which offices there is something to say about.
    pub fn about(&self) -> impl Iterator<Item = (&String, &OfficeId)> {
        let proposed = self.lines.iter().map(|line| (&line.award, &line.office));
        proposed.chain(self.refused.keys().map(|(award, office)| (award, office)))
    }
}

/// What was made known: results that were published, awards that were confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication<'a> {
    /// Of which scheme and round.
    pub key: &'a (SchemeId, String),
    /// `results` or `awards`.
    pub what: &'static str,
    /// The entry that did it.
    pub number: u64,
}

impl State {
    /// Notes the rows of the awards of a round.
    pub(crate) fn touch_awards(&self, key: &(SchemeId, String), touched: &mut Touched) {
        for (award, office) in self.awards.get(key).into_iter().flat_map(Awards::about) {
            touched.note(|| Key::Award((key.0.clone(), key.1.clone(), award.clone(), office.clone())));
        }
    }

    /// What was made known.
    pub fn publications(&self) -> impl Iterator<Item = Publication<'_>> {
        let results = self.results.iter().flat_map(|(key, results)| {
            // What was published stays so, whatever was opened again since.
            let earlier = results.earlier.iter().filter_map(|sealed| sealed.published);
            let all = earlier.chain(results.published);
            all.map(move |number| Publication { key, what: "results", number })
        });
        let awards = self.awards.iter().filter_map(|(key, awards)| {
            Some(Publication { key, what: "awards", number: awards.confirmed.as_ref()?.1 })
        });
        results.chain(awards)
    }

    /// Whether awards follow from the results as they stand: sealed, not opened again, of the same edition.
    pub fn awards_stand(&self, key: &(SchemeId, String)) -> bool {
        let results = self.results.get(key).filter(|results| results.sealed_by.is_some());
        let edition = results.map(|results| results.editions);
        self.awards.get(key).is_some_and(|awards| !awards.stale && Some(awards.edition) == edition)
    }
}
