//! What everybody sees, without an account: results that were published, and those whose publicity period 公示 was
//! opened to the public. One place for every way out; nothing here names a person.

use crate::{
    ids::{OfficeId, SchemeId},
    state::{AwardLine, Results, State, TotalLine},
};
use alloc::{string::String, vec::Vec};
use kaoping_terms::Day;

/// Why results may be seen by everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// They were published by that entry.
    Published(u64),
    /// They can be objected to until that day, and were sealed to be shown meanwhile.
    ForObjections(Day),
}

/// Results as everybody sees them: totals, places, grades, awards.
#[derive(Clone, Debug)]
pub struct Public<'a> {
    /// Of which scheme.
    pub scheme: &'a SchemeId,
    /// Of which round.
    pub round: &'a str,
    /// What the scheme is called.
    pub title: String,
    /// Whose scheme it is.
    pub office: &'a OfficeId,
    /// Why they may be seen.
    pub because: Because,
    /// Whether they were opened again since, to be put down anew.
    pub reopened: bool,
    /// The totals.
    pub totals: &'a [TotalLine],
    /// The awards that were confirmed.
    pub awards: &'a [AwardLine],
}

impl Results {
    /// Why everybody may see them that day; `None` where nobody but those who work with them may.
    pub fn because(&self, today: Day) -> Option<Because> {
        let sealed = self.sealed_by.is_some();
        // What was published stays for everybody until others take its place.
        let before = self.earlier.last().filter(|_| self.reopened).and_then(|sealed| sealed.published);
        let published = self.published.filter(|_| sealed).or(before).map(Because::Published);
        let until = self.objections_until.filter(|until| sealed && self.shown && today <= *until);
        published.or(until.map(Because::ForObjections))
    }
}

impl State {
    /// Everything everybody sees that day, what was published last first.
    pub fn public(&self, today: Day) -> Vec<Public<'_>> {
        let all = self.results.keys();
        let mut seen: Vec<Public<'_>> =
            all.filter_map(|(scheme, round)| self.public_result(scheme.as_str(), round, today)).collect();
        seen.sort_by_key(|public| match public.because {
            Because::ForObjections(_) => (0, 0),
            Because::Published(entry) => (1, u64::MAX - entry),
        });
        seen
    }

    /// The awards of a round, once they were confirmed as they follow from its results; none before.
    fn confirmed(&self, scheme: &SchemeId, round: &str) -> &[AwardLine] {
        let key = (scheme.clone(), round.into());
        let awards = self.awards.get(&key).filter(|awards| awards.confirmed.is_some() && self.awards_stand(&key));
        awards.map(|awards| awards.lines.as_slice()).unwrap_or_default()
    }

    /// One of them; `None` where there is none, or it is not for everybody.
    pub fn public_result(&self, scheme: &str, round: &str, today: Day) -> Option<Public<'_>> {
        let ((scheme, round), results) = self.results.get_key_value(&(scheme.into(), round.into()))?;
        Some(Public {
            scheme,
            round,
            title: self.title(scheme),
            office: &self.schemes.get(scheme)?.office,
            because: results.because(today)?,
            reopened: results.reopened,
            totals: &results.totals,
            awards: self.confirmed(scheme, round),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Because;
    use crate::state::{Results, SealedThen};
    use alloc::vec::Vec;
    use kaoping_ledger::Algorithm;
    use kaoping_terms::Day;

    fn day(number: i32) -> Day {
        Day::from_number(number).expect("a day")
    }

    fn results() -> Results {
        Results {
            version: 0,
            at: 0,
            scores: Algorithm::Sha256.nothing(),
            totals: Vec::new(),
            awards: Vec::new(),
            by_rule: Vec::new(),
            by: "A1".into(),
            number: 0,
            sealed_by: None,
            sealed_in: None,
            objections_until: None,
            shown: false,
            published: None,
            reopened: false,
            earlier: Vec::new(),
            editions: 1,
            day: day(0),
        }
    }

    #[test]
    fn nothing_is_public_before_it_was_made_so() {
        let put_down = results();
        assert_eq!(put_down.because(day(9)), None, "put down");
        let sealed = Results { sealed_by: Some("G1".into()), objections_until: Some(day(10)), ..put_down.clone() };
        assert_eq!(sealed.because(day(9)), None, "sealed for the offices alone");
        let shown = Results { shown: true, ..sealed.clone() };
        assert_eq!(shown.because(day(10)), Some(Because::ForObjections(day(10))));
        assert_eq!(shown.because(day(11)), None, "the time is over, and nothing was published");
        let then = |published| SealedThen { by: "G1".into(), number: 5, objections_until: Some(day(10)), published };
        let reopened = Results { reopened: true, earlier: Vec::from([then(None)]), ..put_down.clone() };
        assert_eq!(reopened.because(day(9)), None, "they are being put down anew");
        let published = Results { published: Some(7), ..sealed };
        assert_eq!(published.because(day(99)), Some(Because::Published(7)));
        let open = Results { earlier: Vec::from([then(Some(7))]), ..reopened };
        assert_eq!(open.because(day(99)), Some(Because::Published(7)), "what was published stays for the time being");
        let anew = Results { reopened: false, ..open };
        assert_eq!(anew.because(day(99)), None, "put down anew, they wait for their own seal");
        let again = Results { published: Some(7), ..put_down };
        assert_eq!(again.because(day(99)), None, "put down anew and not sealed");
    }
}
