//! Prize money: places that have none or are none, and the sum against what is declared.

use super::look::{Look, equation};
use crate::model::{Award, AwardRule, PrizeTotal, Scheme};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::Kind;
use kaoping_terms::{Diagnostic, Exact, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for (_, _, scheme) in look.schemes() {
        for award in &scheme.awards {
            places(look, award, report);
        }
        for total in &scheme.prize_totals {
            sums(look, scheme, total, report);
        }
    }
}

/// First and last place an award gives.
fn given(award: &Award) -> Option<(usize, usize)> {
    match award.rule {
        AwardRule::Places { from, to, .. } => Some((from, to)),
        _ => None,
    }
}

fn places(look: &Look<'_>, award: &Award, report: &mut Report) {
    let by_place = award.prizes.iter().any(|prize| prize.places.is_some());
    if !by_place {
        return;
    }
    let (first, last) = given(award).unwrap_or((1, 0));
    let name = &award.name;
    let outside = award.prizes.iter().find(|prize| prize.places.is_some_and(|(from, to)| from < first || to > last));
    let without: Vec<String> =
        (first..=last).filter(|place| award.prize(Some(*place)).is_none()).map(|place| place.to_string()).collect();
    let (at, message) = match (outside, without.is_empty()) {
        (Some(prize), _) if last == 0 => (
            prize.place,
            Text::new(
                format!("“{name}”不按名次取，奖金却按名次写"),
                format!("`{name}` is not taken by places, but its money is written by places"),
            ),
        ),
        (Some(prize), _) => (
            prize.place,
            Text::new(
                format!("“{name}”取第 {first} 至 {last} 名，奖金写到了别的名次"),
                format!("`{name}` takes places {first} to {last}; the money is for another place"),
            ),
        ),
        (None, false) => (
            award.place,
            Text::new(
                format!("“{name}”第 {} 名没有写奖金", without.join("、")),
                format!("`{name}` has no money for place {}", without.join(", ")),
            ),
        ),
        (None, true) => return,
    };
    report.push(
        Diagnostic::error("prize-places-differ", message)
            .at(at)
            .why(Text::new(
                "按名次写奖金的，每个名次都要有一个数，不多也不少",
                "money by places needs one amount for each place, neither more nor less",
            ))
            .quoting(look.quote(award.clause.as_deref()))
            .next(Text::new("改奖金的名次，或改取几名", "change the places of the money, or how many are taken")),
    );
}

/// How many peer groups there are, where the policy lists them.
fn groups(look: &Look<'_>, scheme: &Scheme) -> Option<usize> {
    let name = scheme.peer_group.as_ref()?;
    let of_name =
        |attribute: &&crate::model::Attribute| attribute.name == *name || attribute.alias.as_ref() == Some(name);
    let attribute = look.standard.attributes.iter().find(of_name)?;
    let program = &look.standard.program;
    match program.columns.get(attribute.column.0 as usize)?.kind {
        Kind::Word(list) => {
            program.word_lists.get(list.0 as usize).filter(|list| !list.open).map(|list| list.words.len())
        }
        _ => None,
    }
}

/// The money of an award where every place is given once; none where that cannot be told.
fn most(look: &Look<'_>, scheme: &Scheme, award: &Award) -> Option<Exact> {
    let times = if award.per_group { groups(look, scheme)? } else { 1 };
    let whole = |count: usize| Exact::whole(i64::try_from(count).unwrap_or(i64::MAX));
    let once = match award.rule {
        AwardRule::Places { from, to, .. } => {
            let each = (from..=to).filter_map(|place| award.prize(Some(place)));
            each.map(|prize| prize.amount.clone()).fold(Exact::zero(), |sum, amount| &sum + &amount)
        }
        AwardRule::Judged { at_most, .. } => &award.prize(None)?.amount * &whole(at_most),
        AwardRule::Everyone | AwardRule::Unreadable => return None,
    };
    Some(&once * &whole(times))
}

fn sums(look: &Look<'_>, scheme: &Scheme, total: &PrizeTotal, report: &mut Report) {
    let awards: Vec<&Award> = total.awards.iter().filter_map(|at| scheme.awards.get(*at)).collect();
    let parts: Vec<Exact> = awards.iter().filter_map(|award| most(look, scheme, award)).collect();
    // What cannot be told before there are winners is added up when there are.
    if parts.len() != awards.len() {
        return;
    }
    let sum = Exact::sum(&parts);
    if sum == total.amount {
        return;
    }
    let shown = |amount: &Exact| total.measure.figure(amount);
    let (declared, found) = (shown(&total.amount), shown(&sum));
    let terms: Vec<String> = parts.iter().map(shown).collect();
    let message = Text::new(
        format!("奖金合计写的是 {declared}，所列各奖加起来是 {found}"),
        format!("{declared} of prize money is declared, the awards listed come to {found}"),
    );
    report.push(
        Diagnostic::error("prize-total-differs", message)
            .at(total.place)
            .label(Text::same(equation(&terms, "=", &found)))
            .why(Text::new(
                "每个名次各有一人时，发的钱和合计不一样；并列多出来的另算",
                "with one winner for each place the money given is not the sum; what ties add comes on top",
            ))
            .quoting(look.quote(total.clause.as_deref()))
            .next(Text::new("改合计，或改某个奖的奖金、名额", "change the sum, or the money or places of an award")),
    );
}
