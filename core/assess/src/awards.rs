//! Awards: who is proposed for each, and why every other unit is not.

use crate::result::{Answer, AwardList, AwardReason, AwardResult, Strike, Winner};
use alloc::{vec, vec::Vec};
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
    /// Units people decided not to give it to.
    pub(crate) left_out: Vec<u32>,
    /// The awards before it.
    pub(crate) before: &'a [AwardResult],
    /// The group of each unit.
    pub(crate) groups: &'a [u32],
}

/// What may keep a unit from an award, each by position.
struct Hurdles<'h> {
    vetoes: Vec<(usize, &'h [Strike])>,
    awards: Vec<(usize, &'h [AwardReason])>,
}

impl Awarding<'_> {
    /// The award over the assessed units.
    pub(crate) fn run(&self, members: &[u32]) -> AwardResult {
        let mut result =
            AwardResult { lists: Vec::new(), reasons: vec![AwardReason::NotAssessed; self.groups.len()], by: None };
        let hurdles = self.hurdles();
        if !self.award.per_group {
            if !members.is_empty() {
                result.lists.push(self.list(None, members, &hurdles, &mut result.reasons));
            }
            return result;
        }
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for unit in members {
            let group = self.groups.get(*unit as usize).map_or(0, |group| *group as usize);
            if group >= groups.len() {
                groups.resize(group + 1, Vec::new());
            }
            groups.get_mut(group).into_iter().for_each(|units| units.push(*unit));
        }
        for (group, units) in (0u32..).zip(groups).filter(|(_, units)| !units.is_empty()) {
            result.lists.push(self.list(Some(group), &units, &hurdles, &mut result.reasons));
        }
        result
    }

    /// Whether all stays as it was, where nothing changed but for units that took no part and take
    /// none now, for the same reason.
    pub(crate) fn stays(&self, before: &AwardResult, units: &[u32]) -> bool {
        let hurdles = self.hurdles();
        units.iter().all(|unit| match before.reasons.get(*unit as usize) {
            None | Some(AwardReason::NotAssessed) => true,
            Some(reason) => self.standing(*unit as usize, &hurdles).as_ref() == Some(reason),
        })
    }

    fn list(&self, group: Option<u32>, units: &[u32], hurdles: &Hurdles<'_>, reasons: &mut [AwardReason]) -> AwardList {
        let mut list = AwardList { group, ..AwardList::default() };
        let mut candidates = Vec::new();
        for unit in units {
            let outcome = self.standing(*unit as usize, hurdles);
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
    fn standing(&self, unit: usize, hurdles: &Hurdles<'_>) -> Option<AwardReason> {
        match self.award.rule {
            AwardRule::Judged { .. } => return Some(AwardReason::Judged),
            AwardRule::Unreadable => return Some(AwardReason::Unreadable),
            _ => {}
        }
        if self.left_out.iter().any(|out| *out as usize == unit) {
            return Some(AwardReason::LeftOut);
        }
        match self.unless.map(|unless| Answer::of(unless, unit)) {
            Some(Answer::Yes) => return Some(AwardReason::NotGiven),
            Some(Answer::Unknown) => return Some(AwardReason::GivenUnknown),
            _ => {}
        }
        let vetoed = |wanted: Strike| {
            let mut vetoes = hurdles.vetoes.iter();
            vetoes.find(|(_, strikes)| strikes.get(unit) == Some(&wanted)).map(|(veto, _)| *veto)
        };
        if let Some(veto) = vetoed(Strike::Yes) {
            return Some(AwardReason::Barred { veto });
        }
        let eligible = self.eligible.map(|eligible| Answer::of(eligible, unit));
        if let Some(Answer::No | Answer::NotApplicable) = eligible {
            return Some(AwardReason::NotEligible);
        }
        let earlier = |fits: fn(&AwardReason) -> bool| {
            let mut awards = hurdles.awards.iter();
            awards.find(|(_, reasons)| reasons.get(unit).is_some_and(fits)).map(|(award, _)| *award)
        };
        if let Some(award) = earlier(|reason| matches!(reason, AwardReason::Listed { .. })) {
            return Some(AwardReason::AlreadyWinner { award });
        }
        if let Some(award) = earlier(|reason| matches!(reason, AwardReason::ToDecide { .. })) {
            return Some(AwardReason::OtherAwardOpen { award });
        }
        if eligible == Some(Answer::Unknown) {
            return Some(AwardReason::NotReported);
        }
        if let Some(veto) = vetoed(Strike::Open) {
            return Some(AwardReason::VetoOpen { veto });
        }
        let state = self.keys.first().map(|(key, _)| key.state(unit))?;
        match () {
            () if state.is_known() => None,
            () if state.is_not_applicable() => Some(AwardReason::NotApplicable),
            () => Some(AwardReason::NotReported),
        }
    }

    /// The vetoes that bar a unit where they strike, and the awards whose winners are left out. What
    /// is taken from the bottom is a penalty: to be barred from all awards is no way out of it.
    fn hurdles(&self) -> Hurdles<'_> {
        let is_penalty = matches!(self.award.rule, AwardRule::Places { from_bottom: true, .. });
        let bars = |veto: &Veto| {
            let is_it = |effect: &VetoEffect| match effect {
                VetoEffect::AwardBarred(None) => !is_penalty,
                VetoEffect::AwardBarred(Some(award)) => *award == self.position,
                _ => false,
            };
            veto.effects.iter().any(is_it)
        };
        let vetoes = self.vetoes.iter().zip(self.strikes).enumerate().filter(|(_, (veto, _))| bars(veto));
        let awards = self.award.excluding.iter().filter_map(|award| Some((*award, self.before.get(*award)?)));
        Hurdles {
            vetoes: vetoes.map(|(at, (_, strikes))| (at, strikes.as_slice())).collect(),
            awards: awards.map(|(at, award)| (at, award.reasons.as_slice())).collect(),
        }
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
        if !self.sort_by_numerators(&mut units, from_bottom) {
            units.sort_unstable_by(|a, b| compare(a, b).then(a.cmp(b)));
        }
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

    /// Puts units in the order of a single key by its numerators; false where that is not possible.
    fn sort_by_numerators(&self, units: &mut Vec<u32>, from_bottom: bool) -> bool {
        let [(key, higher)] = self.keys.as_slice() else { return false };
        let number = |unit: &u32| {
            let numerator = key.numerator(*unit as usize).filter(|_| key.state(*unit as usize).is_known())?;
            let first = if *higher == from_bottom { numerator } else { numerator.checked_neg()? };
            Some((first, *unit))
        };
        let Some(mut numbers) = units.iter().map(number).collect::<Option<Vec<(i128, u32)>>>() else {
            return false;
        };
        numbers.sort_unstable();
        *units = numbers.into_iter().map(|(_, unit)| unit).collect();
        true
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
