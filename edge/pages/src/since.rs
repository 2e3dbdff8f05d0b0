//! What was put down and what follows from the record by now: where the two differ, whoever sees one of them is told.

use crate::{Eyes, board::each};
use kaoping_desk::scoring::Model;
use kaoping_office::{
    ids::SchemeId,
    state::{Results, TotalLine},
};
use kaoping_terms::{Exact, Lang};

/// Whether a total is another one than was put down for the office.
pub(crate) fn is_another(totals: &[TotalLine], unit: &str, total: &str) -> bool {
    let then = totals.iter().find(|line| line.office.as_str() == unit);
    Exact::parse(total) != then.and_then(|line| Exact::parse(&line.total))
}

/// Of how many offices the total is another one by now, for a page of totals as they were put down.
pub(crate) fn moved_since(eyes: &Eyes<'_>, offices: usize) -> String {
    match eyes.lang {
        Lang::Zh => format!(
            "这里是汇总时的总分和名次；汇总以后登记、更正的事会改变 {offices} 个单位的总分，要由考评办重新汇总才算进来。“假如”和“奖惩建议”按现在的数算。"
        ),
        Lang::En => format!(
            "These are totals and places as they were put down. What was entered or corrected since would change the total of {offices} \
             of the offices, and counts once they are put down anew; what if and awards go by what there is now."
        ),
    }
}

/// The same for a page that goes by what there is now; `None` where nothing moved.
pub(crate) fn by_now(eyes: &Eyes<'_>, of: (&SchemeId, &str), model: &Model) -> Option<String> {
    let results = put_down(eyes, of, model)?;
    let lines = model.lines();
    let mut moved = Vec::new();
    each(
        |visit| lines.totals(visit),
        |[unit, _, total, ..]| {
            if is_another(&results.totals, unit, total) {
                moved.push(unit.to_owned());
            }
        },
    );
    let (count, names) = (moved.len(), moved.get(..moved.len().min(3)).unwrap_or_default());
    (count > 0).then(|| match eyes.lang {
        Lang::Zh => format!(
            "这里按现在的台账算。本轮已汇总，汇总以后登记、更正的事改变了 {count} 个单位的总分（{}{}），“排名”上还是汇总时的。",
            names.join("、"),
            if count > names.len() { "等" } else { "" }
        ),
        Lang::En => format!(
            "Reckoned by what there is now. The round was put down, and what was entered or corrected since changed the total of {count} \
             of the offices ({}{}): the ranking still shows what was put down.",
            names.join(", "),
            if count > names.len() { ", …" } else { "" }
        ),
    })
}

/// The same for a page of one office.
pub(crate) fn of_office(eyes: &Eyes<'_>, of: (&SchemeId, &str), model: &Model, unit: &str) -> Option<String> {
    let results = put_down(eyes, of, model)?;
    let mut now = None;
    let lines = model.lines();
    each(
        |visit| lines.totals(visit),
        |[name, _, total, ..]| {
            if name == unit {
                now = Some(total.to_owned());
            }
        },
    );
    let now = now.filter(|now| is_another(&results.totals, unit, now))?;
    let then = results.totals.iter().find(|line| line.office.as_str() == unit);
    let (total, place) = then.map_or(("", None), |line| (line.total.as_str(), line.rank));
    Some(match (eyes.lang, place) {
        (Lang::Zh, Some(place)) => format!(
            "这里按现在的台账算，总分 {now}；本轮汇总时是 {total}，第 {place} 名。汇总以后登记、更正的事，要由考评办重新汇总才算进排名。"
        ),
        (Lang::Zh, None) => format!("这里按现在的台账算，总分 {now}；本轮汇总时没有总分。"),
        (Lang::En, Some(place)) => format!(
            "Reckoned by what there is now: a total of {now}. When the round was put down it was {total}, place {place}; what was entered or \
             corrected since is in the ranking once it is put down anew."
        ),
        (Lang::En, None) => {
            format!("Reckoned by what there is now: a total of {now}. It had none when the round was put down.")
        }
    })
}

/// Results of the round, where the model goes by more than they do.
fn put_down<'a>(eyes: &Eyes<'a>, (scheme, round): (&SchemeId, &str), model: &Model) -> Option<&'a Results> {
    let results = eyes.state().results.get(&(scheme.clone(), round.to_owned()))?;
    (results.at < model.at).then_some(results)
}
