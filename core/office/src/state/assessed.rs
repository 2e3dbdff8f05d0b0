//! Values of rounds: who set which, what was set before, and what was taken back.

use super::{AssessedKey, State};
use crate::ids::{AccountId, IndicatorId, OfficeId, SchemeId};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

/// A value somebody set in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The value.
    pub value: String,
    /// What the difference from the round before comes from: data, rule or judgement; empty where
    /// there is none.
    pub kind: String,
    /// Why it is so.
    pub why: String,
    /// The entry that set it.
    pub number: u64,
    /// What counted before the round when it was set: what its kind and its reason are about.
    pub before: Option<String>,
}

/// What is set in a round: by one, or by several who judge the same. Of several the standard says how they are taken
/// together; else the one that was set last counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// By whom. Never empty.
    pub values: BTreeMap<AccountId, Judgement>,
}

/// What somebody had set, until he set another one or it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBefore {
    /// Who set it.
    pub by: AccountId,
    /// What.
    pub judged: Judgement,
    /// That it was taken back; absent where another one of his took its place.
    pub taken: Option<TakenBack>,
}

/// That a value was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Who did.
    pub by: AccountId,
    /// Why.
    pub why: String,
    /// The entry that did.
    pub number: u64,
}

impl Assessed {
    /// The one that was set last.
    pub fn last(&self) -> Option<(&AccountId, &Judgement)> {
        self.values.iter().max_by_key(|(_, judged)| judged.number)
    }
}

/// What was ever set at one place: what counts now, and what counted before.
#[derive(Clone, Copy)]
pub(crate) struct Set<'a> {
    now: Option<&'a Assessed>,
    before: &'a [SetBefore],
}

impl<'a> Set<'a> {
    /// What was set when the record had so many entries, by whom: one of each.
    pub(crate) fn then(self, at: u64) -> Vec<(&'a AccountId, &'a Judgement)> {
        let now = self.now.into_iter().flat_map(|assessed| &assessed.values);
        let now = now.filter(|(_, judged)| judged.number < at);
        if self.before.is_empty() {
            return now.collect();
        }
        let mut then: BTreeMap<&AccountId, &Judgement> = BTreeMap::new();
        // Those of before come first, so that what followed takes their place.
        for before in self.before.iter().filter(|before| before.judged.number < at) {
            match before.taken.as_ref().is_some_and(|taken| taken.number < at) {
                true => drop(then.remove(&before.by)),
                false => drop(then.insert(&before.by, &before.judged)),
            }
        }
        then.extend(now);
        then.into_iter().collect()
    }
}

impl State {
    /// Somebody sets a value, in the place of the one he set before.
    pub(crate) fn set_value(&mut self, key: &AssessedKey, by: AccountId, judged: Judgement) {
        let assessed = self.assessed.entry(key.clone()).or_insert_with(|| Assessed { values: BTreeMap::new() });
        if let Some(judged) = assessed.values.insert(by.clone(), judged) {
            self.assessed_before.entry(key.clone()).or_default().push(SetBefore { by, judged, taken: None });
        }
    }

    /// What somebody set is taken back: what others set counts, or what is reported.
    pub(crate) fn take_value(&mut self, key: &AssessedKey, by: &AccountId, taken: TakenBack) {
        let Some(assessed) = self.assessed.get_mut(key) else { return };
        let judged = assessed.values.remove(by);
        if assessed.values.is_empty() {
            self.assessed.remove(key);
        }
        if let Some(judged) = judged {
            let before = SetBefore { by: by.clone(), judged, taken: Some(taken) };
            self.assessed_before.entry(key.clone()).or_default().push(before);
        }
    }

    /// What was set when the record had so many entries, by whom: one of each.
    pub(crate) fn set_at(&self, key: &AssessedKey, at: u64) -> Vec<(&AccountId, &Judgement)> {
        self.set(key, self.assessed.get(key)).then(at)
    }

    /// What was ever set under a scheme, in one of its rounds or in all of them, in the order of their keys.
    pub(crate) fn sets<'a>(&'a self, scheme: &SchemeId, round: Option<&str>) -> Vec<(&'a AssessedKey, Set<'a>)> {
        let from = round.unwrap_or_default().to_string();
        let from = (scheme.clone(), from, OfficeId::least(), IndicatorId::least(), String::new());
        let within = |(of, at, ..): &AssessedKey| of == scheme && round.is_none_or(|round| at == round);
        let now = self.assessed.range(from.clone()..).take_while(|(key, _)| within(key));
        let before = self.assessed_before.range(from..).take_while(|(key, _)| within(key));
        let gone = before.filter(|(key, _)| !self.assessed.contains_key(*key));
        let mut found: Vec<_> = now.map(|(key, assessed)| (key, self.set(key, Some(assessed)))).collect();
        found.extend(gone.map(|(key, _)| (key, self.set(key, None))));
        // Two runs that are in order already.
        found.sort_by_key(|(key, _)| *key);
        found
    }

    fn set<'a>(&'a self, key: &AssessedKey, now: Option<&'a Assessed>) -> Set<'a> {
        Set { now, before: self.assessed_before.get(key).map(Vec::as_slice).unwrap_or_default() }
    }

    /// What was taken back of a value, the first one first.
    pub(crate) fn taken_back(&self, key: &AssessedKey) -> impl Iterator<Item = (&SetBefore, &TakenBack)> {
        let before = self.assessed_before.get(key).into_iter().flatten();
        before.filter_map(|before| Some((before, before.taken.as_ref()?)))
    }

    /// Whether values of a round were set or taken back since the record had so many entries.
    pub(crate) fn assessed_since(&self, (scheme, round): &(SchemeId, String), at: u64) -> bool {
        let set = self.judged_in(scheme).filter(|((_, of, ..), _)| of == round);
        let mut set = set.flat_map(|(_, assessed)| assessed.values.values());
        let before = self.assessed_before.iter().filter(|((of, in_round, ..), _)| of == scheme && in_round == round);
        let mut taken = before.flat_map(|(_, before)| before).filter_map(|before| before.taken.as_ref());
        set.any(|judged| judged.number >= at) || taken.any(|taken| taken.number >= at)
    }
}
