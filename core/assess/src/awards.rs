//! Awards: who is proposed for each, and why every other unit is not.

use crate::result::{Answer, AwardList, AwardReason, AwardResult, Strike, Winner};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::cmp::Ordering;
use kaoping_program::{Column, Ties};
use kaoping_scheme::model::{Award, AwardRule, LastPlaceTies, Veto, VetoEffect};

/// What an award looks at.
pub(crate) struct Awarding<'a> {
    pub(crate) position: usize,
    pub(crate) award: &'a Award,
    pub(crate) eligible: Option<&'a Column>,
    pub(crate) unless: Option<&'a Column>,
    /// What decides, the most important first; `true` where higher is better.
    pub(crate) keys: Vec<(&'a Column, bool)>,
    /// How equal units share places.
    pub(crate) ties: Ties,
    pub(crate) vetoes: &'a [Veto],
    pub(crate) strikes: &'a [Vec<Strike>],
    /// The awards before it.
    pub(crate) before: &'a [AwardResult],
    /// The group of each unit.
    pub(crate) groups: &'a [u32],
}

impl Awarding<'_> {
    /// The award over the assessed units.
    pub(crate) fn run(&self, members: &[u32]) -> AwardResult {
        let mut lists: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
        for unit in members {
            let group = self.award.per_group.then(|| self.groups.get(*unit as usize).copied().unwrap_or(0));
            lists.entry(group).or_default().push(*unit);
        }
        let mut result =
            AwardResult { lists: Vec::new(), reasons: vec![AwardReason::NotAssessed; self.groups.len()], by: None };
        for (group, units) in lists {
            let list = self.list(group, &units, &mut result.reasons);
            result.lists.push(list);
        }
        result
    }

    fn list(&self, group: Option<u32>, units: &[u32], reasons: &mut [AwardReason]) -> AwardList {
        let mut list = AwardList { group, ..AwardList::default() };
        let mut candidates = Vec::new();
        for unit in units {
            let outcome = self.standing(*unit as usize);
            match outcome {
                Some(reason) if reason.is_open() => list.open.push(*unit),
                None => candidates.push(*unit),
                Some(_) => {}
            }
            if let (Some(slot), Some(reason)) = (reasons.get_mut(*unit as usize), outcome) {
                *slot = reason;
            }
        }
        match &self.award.rule {
            AwardRule::Everyone => {
                let of = candidates.len();
                for unit in candidates {
                    put(reasons, unit, AwardReason::Listed { place: None, of });
                    list.winners.push(Winner { unit, place: None, provisional: self.is_provisional(unit) });
                }
            }
            AwardRule::Places { from, to, from_bottom, .. } => {
                self.places((*from, *to), *from_bottom, candidates, &mut list, reasons)
            }
            AwardRule::Judged { .. } | AwardRule::Unreadable => {}
        }
        list
    }

    /// Why a unit does not take part; none if it does.
    fn standing(&self, unit: usize) -> Option<AwardReason> {
        match self.award.rule {
            AwardRule::Judged { .. } => return Some(AwardReason::Judged),
            AwardRule::Unreadable => return Some(AwardReason::Unreadable),
            _ => {}
        }
        match self.unless.map(|unless| Answer::of(unless, unit)) {
            Some(Answer::Yes) => return Some(AwardReason::NotGiven),
            Some(Answer::Unknown) => return Some(AwardReason::GivenUnknown),
            _ => {}
        }
        let (barred, open) = self.vetoed(unit);
        if let Some(veto) = barred {
            return Some(AwardReason::Barred { veto });
        }
        let eligible = self.eligible.map(|eligible| Answer::of(eligible, unit));
        if let Some(Answer::No | Answer::NotApplicable) = eligible {
            return Some(AwardReason::NotEligible);
        }
        let earlier = |award: &usize| self.before.get(*award).and_then(|award| award.reasons.get(unit));
        let mut excluding = self.award.excluding.iter();
        if let Some(award) = excluding.clone().find(|award| matches!(earlier(award), Some(AwardReason::Listed { .. })))
        {
            return Some(AwardReason::AlreadyWinner { award: *award });
        }
        if let Some(award) = excluding.find(|award| matches!(earlier(award), Some(AwardReason::ToDecide { .. }))) {
            return Some(AwardReason::OtherAwardOpen { award: *award });
        }
        if eligible == Some(Answer::Unknown) {
            return Some(AwardReason::NotReported);
        }
        if let Some(veto) = open {
            return Some(AwardReason::VetoOpen { veto });
        }
        let state = self.keys.first().map(|(key, _)| key.state(unit))?;
        match () {
            () if state.is_known() => None,
            () if state.is_not_applicable() => Some(AwardReason::NotApplicable),
            () => Some(AwardReason::NotReported),
        }
    }

    /// The first veto that bars the unit, and the first of which it is not known. What is
    /// taken from the bottom is a penalty: to be barred from all awards is no way out of it.
    fn vetoed(&self, unit: usize) -> (Option<usize>, Option<usize>) {
        let is_penalty = matches!(self.award.rule, AwardRule::Places { from_bottom: true, .. });
        let bars = |veto: &Veto| {
            let is_it = |effect: &VetoEffect| match effect {
                VetoEffect::AwardBarred(None) => !is_penalty,
                VetoEffect::AwardBarred(Some(award)) => *award == self.position,
                _ => false,
            };
            veto.effects.iter().any(is_it)
        };
        let find = |wanted: Strike| {
            let mut vetoes = self.vetoes.iter().zip(self.strikes);
            vetoes.position(|(veto, strikes)| bars(veto) && strikes.get(unit) == Some(&wanted))
        };
        (find(Strike::Yes), find(Strike::Open))
    }

    /// Places among those who take part, and who of them wins.
    fn places(
        &self,
        (from, to): (usize, usize),
        from_bottom: bool,
        mut units: Vec<u32>,
        list: &mut AwardList,
        reasons: &mut [AwardReason],
    ) {
        let compare = |a: &u32, b: &u32| self.compare(*a as usize, *b as usize, from_bottom);
        units.sort_by(|a, b| compare(a, b).then(a.cmp(b)));
        let of = units.len();
        let (mut ahead, mut distinct) = (0usize, 0usize);
        for tied in units.chunk_by(|a, b| compare(a, b).is_eq()) {
            distinct += 1;
            let place = if self.ties == Ties::Dense { distinct } else { ahead + 1 };
            ahead += tied.len();
            let within = (from..=to).contains(&place);
            // The last place is shared by more than there is room for.
            let shared = match self.ties {
                Ties::Skip => within && place + tied.len() - 1 > to,
                Ties::Dense => place == to && tied.len() > 1,
            };
            for unit in tied {
                let reason = match (within, shared, self.award.last_place_ties) {
                    (false, ..) => AwardReason::Outranked { place, of },
                    (true, true, LastPlaceTies::TakeNone) => AwardReason::TieDropped { place },
                    (true, true, LastPlaceTies::Decide) => AwardReason::ToDecide { place },
                    (true, ..) => AwardReason::Listed { place: Some(place), of },
                };
                put(reasons, *unit, reason);
                match reason {
                    AwardReason::Listed { .. } => {
                        let provisional = self.is_provisional(*unit);
                        list.winners.push(Winner { unit: *unit, place: Some(place), provisional });
                    }
                    AwardReason::ToDecide { .. } => list.to_decide.push(*unit),
                    _ => {}
                }
            }
        }
    }

    /// The better first, or from the bottom the worse.
    fn compare(&self, a: usize, b: usize, from_bottom: bool) -> Ordering {
        let by = |(key, higher): &(&Column, bool)| match (key.state(a).is_known(), key.state(b).is_known()) {
            (true, true) if *higher => key.compare(b, a),
            (true, true) => key.compare(a, b),
            (known, other) => other.cmp(&known),
        };
        let order = self.keys.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        if from_bottom { order.reverse() } else { order }
    }

    /// Whether the unit's points can still change, or an award whose winners are left out can.
    fn is_provisional(&self, unit: u32) -> bool {
        let open =
            |award: &usize| self.before.get(*award).is_some_and(|award| award.lists.iter().any(AwardList::is_open));
        if self.award.excluding.iter().any(open) {
            return true;
        }
        self.keys.iter().any(|(key, _)| key.state(unit as usize).is_provisional())
    }
}

fn put(reasons: &mut [AwardReason], unit: u32, reason: AwardReason) {
    if let Some(slot) = reasons.get_mut(unit as usize) {
        *slot = reason;
    }
}
