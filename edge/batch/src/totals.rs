//! What a run came to.

use kaoping_decide::{Answer, Decider, Given, ResultKind};
use kaoping_terms::Exact;
use std::collections::BTreeMap;

/// What a run came to: the counts add up to the rows that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows read, decided or not.
    pub read: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// How many rows have each outcome, by the position of its word, and the sum of its amounts;
    /// −1: a figure is not there.
    pub outcomes: BTreeMap<i64, (u64, Exact)>,
}

impl Totals {
    /// Rows that were decided.
    pub fn decided(&self) -> u64 {
        self.read - self.rejected
    }

    pub(crate) fn append(&mut self, other: Totals) {
        self.read += other.read;
        self.rejected += other.rejected;
        for (word, (count, amount)) in other.outcomes {
            let entry = self.outcomes.entry(word).or_insert_with(|| (0, Exact::zero()));
            entry.0 += count;
            entry.1 = &entry.1 + &amount;
        }
    }

    /// Counts the outcomes of a block, but for rows that are left out.
    pub(crate) fn count(&mut self, decider: &Decider<'_>, answers: &[Answer], rows: u32, left_out: &[u32]) {
        let results = decider.results();
        let outcome = results.iter().position(|result| matches!(result.kind, ResultKind::Outcome(_)));
        let amount = decider.decision().amount.and_then(|_| answers.first());
        let Some(outcome) = outcome.and_then(|at| answers.get(at)) else { return };
        // Sums of numerators, and of what stands by itself.
        let mut sums: Vec<(u64, i128)> = Vec::new();
        let (mut odd, mut unknown) = (BTreeMap::<i64, Exact>::new(), 0u64);
        let mut left_out = left_out.iter().copied().peekable();
        for row in 0..rows {
            if left_out.next_if_eq(&row).is_some() {
                continue;
            }
            let word = match outcome.get(row) {
                Given::Short(word) => Some(word),
                Given::Cell(cell) => cell.value.as_ref().and_then(Exact::to_i64),
            };
            let Some(word) = word else {
                unknown += 1;
                continue;
            };
            let at = usize::try_from(word).unwrap_or(0);
            if sums.len() <= at {
                sums.resize(at + 1, (0, 0));
            }
            let given = amount.map(|amount| amount.get(row));
            let entry = sums.get_mut(at);
            match (entry, given) {
                (Some(entry), Some(Given::Short(number))) => {
                    entry.0 += 1;
                    entry.1 += i128::from(number);
                }
                (Some(_), Some(Given::Cell(cell))) if cell.state.is_missing() => unknown += 1,
                (Some(entry), Some(Given::Cell(cell))) => {
                    entry.0 += 1;
                    if let Some(value) = &cell.value {
                        let sum = odd.entry(word).or_insert_with(Exact::zero);
                        *sum = &*sum + value;
                    }
                }
                (Some(entry), None) => entry.0 += 1,
                (None, _) => {}
            }
        }
        let denominator = amount.map_or(1, Answer::denominator);
        let mut own = Totals::default();
        for (word, (count, sum)) in (0i64..).zip(sums).filter(|(_, (count, _))| *count > 0) {
            let sum = Exact::ratio(sum, i128::from(denominator)).unwrap_or_else(Exact::zero);
            own.outcomes.insert(word, (count, sum));
        }
        for (word, sum) in odd {
            if let Some(entry) = own.outcomes.get_mut(&word) {
                entry.1 = &entry.1 + &sum;
            }
        }
        if unknown > 0 {
            own.outcomes.insert(-1, (unknown, Exact::zero()));
        }
        self.append(own);
    }
}
