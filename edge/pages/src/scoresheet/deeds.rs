//! What is to be done about a round: put down, seal, publish, open again.

use super::{Paper, Wanted, entry};
use crate::{
    Eyes,
    forms::As,
    frame::encoded,
    may::{Offer, offer},
};
use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act,
    deeds::{
        ends::EndRound,
        proposals::Propose,
        rounds::{Publish, PutDownResults, Seal},
    },
    progress::RoundStage,
    state::Decision,
};
use kaoping_terms::{Day, Lang};

/// A step on the way of a round or its awards.
pub(crate) struct Way {
    pub word: &'static str,
    pub is_done: bool,
    pub is_current: bool,
}

/// The stations of a way, those before the current one done; past the last all are.
pub(crate) fn way(words: &[&'static str], current: usize) -> Vec<Way> {
    let station = |(at, word): (usize, &&'static str)| Way { word, is_done: at < current, is_current: at == current };
    words.iter().enumerate().map(station).collect()
}

/// How far a round is, and what whoever looks can do about it.
pub(super) struct RoundDeeds {
    pub round: String,
    pub scheme: String,
    pub scheme_path: String,
    pub word: String,
    pub way: Vec<Way>,
    pub facts: Vec<(String, String, Vec<Paper>)>,
    /// To say up to which day the round counts, and that day as it is.
    pub end: Option<As>,
    pub last: String,
    pub put_down: Option<As>,
    pub put_down_again: bool,
    /// The entry of the results that are replaced; empty where there are none.
    pub replaces: String,
    pub seal: Option<As>,
    pub publish: Option<As>,
    pub reopen: Option<As>,
    pub proposal: String,
    /// What is not for whoever looks, or not yet: the deed and what speaks against it.
    pub waits: Vec<(&'static str, String)>,
    /// What is open about the results: what it is, and what comes first.
    pub open: Vec<(String, String)>,
}

pub(super) fn of(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> RoundDeeds {
    let stage = eyes.state().round_stage(wanted.scheme, wanted.round, eyes.viewer.today());
    let (scheme, round) = (wanted.scheme.clone(), wanted.round.to_owned());
    let mut waits = Vec::new();
    let mut take = |word: &'static str, offer: Offer| {
        if offer.by.is_none() {
            waits.push((word, offer.said));
        }
        offer.by
    };
    let put_down = stage.is_open().then(|| offer(eyes, &put_down_act(eyes, wanted)));
    let put_down = put_down.and_then(|found| take(eyes.t("汇总", "Put down"), found));
    let end = stage.is_open().then(|| offer(eyes, &end_act(eyes, wanted))).and_then(|found| found.by);
    let seal = (stage == RoundStage::PutDown).then(|| {
        offer(eyes, &Act::Seal(Seal { scheme: scheme.clone(), round: round.clone(), objection_days: 1, shown: false }))
    });
    let seal = seal.and_then(|found| take(eyes.t("审定封存", "Seal"), found));
    let shown = matches!(stage, RoundStage::Shown | RoundStage::Over);
    let publish = shown.then(|| offer(eyes, &Act::Publish(Publish { scheme: scheme.clone(), round: round.clone() })));
    let publish = publish.and_then(|found| take(eyes.t("公布", "Publish"), found));
    let proposal = next_proposal(eyes, wanted);
    let reopen = (shown || stage == RoundStage::Published).then(|| {
        let decision = Decision::ReviseResults { scheme, round };
        offer(eyes, &Act::Propose(Propose { proposal: proposal.as_str().into(), decision }))
    });
    // To open them again is for those who may; nobody else waits for it.
    let reopen = reopen.and_then(|found| found.by);
    let words = [
        eyes.t("评分", "Assess"),
        eyes.t("汇总", "Put down"),
        eyes.t("审定公示", "Seal and show"),
        eyes.t("公布", "Publish"),
    ];
    let at = match stage {
        RoundStage::Open | RoundStage::Reopened => 0,
        RoundStage::PutDown => 2,
        RoundStage::Shown | RoundStage::Over => 3,
        RoundStage::Published => 4,
    };
    RoundDeeds {
        round: wanted.round.to_owned(),
        scheme: wanted.scheme.to_string(),
        scheme_path: encoded(wanted.scheme.as_str()),
        word: eyes.say(&stage.word()),
        way: way(&words, at),
        facts: facts(eyes, wanted),
        end,
        last: last(eyes, wanted).map(Day::iso).unwrap_or_default(),
        put_down,
        put_down_again: stage == RoundStage::PutDown,
        replaces: on_file(eyes, wanted).map(|number| number.to_string()).unwrap_or_default(),
        seal,
        publish,
        reopen,
        proposal,
        waits,
        open: open(eyes, wanted, stage),
    }
}

/// What is open about results that are to be sealed, or to be published: all of it, for those who see all of them.
fn open(eyes: &Eyes<'_>, wanted: Wanted<'_>, stage: RoundStage) -> Vec<(String, String)> {
    let (state, key) = (eyes.state(), (wanted.scheme.clone(), wanted.round.to_owned()));
    let found = match stage {
        _ if !eyes.viewer.leads(wanted.scheme) => Vec::new(),
        RoundStage::PutDown => {
            let mut found = state.undecided_at_seal(&key);
            found.extend(state.unreported(&key, eyes.viewer.today()));
            found.extend(state.amended_since(&key));
            found.extend(state.objections_open(&key, eyes.viewer.today()));
            found.extend(state.behind(&key));
            found
        }
        RoundStage::Shown | RoundStage::Over => state.undecided_after_seal(&key),
        _ => Vec::new(),
    };
    found.iter().map(|finding| (eyes.say(&finding.message), eyes.say(&finding.next))).collect()
}

/// The last day the round counts, where it has one of its own.
fn last(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> Option<Day> {
    eyes.state().schemes.get(wanted.scheme)?.end_of(wanted.round)
}

/// Another end than there is: whoever may say one.
fn end_act(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> Act {
    let period = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.outline()?.period);
    let ends = period.map(|(_, to)| to).or_else(|| Some(eyes.viewer.today()));
    let last = ends.filter(|_| last(eyes, wanted).is_none());
    Act::EndRound(EndRound { scheme: wanted.scheme.clone(), round: wanted.round.to_owned(), last })
}

fn put_down_act(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> Act {
    let version = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.versions.last());
    Act::PutDownResults(PutDownResults {
        scheme: wanted.scheme.clone(),
        round: wanted.round.to_owned(),
        version: version.map_or(0, |version| version.number),
        at: eyes.state().size,
        scores: Algorithm::Sha256.nothing(),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: on_file(eyes, wanted),
    })
}

/// The entry that put the results of a round down, where there are any.
fn on_file(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> Option<u64> {
    let results = eyes.state().results.get(&(wanted.scheme.clone(), wanted.round.to_owned()));
    results.map(|results| results.number)
}

/// An id for a proposal that no other has.
fn next_proposal(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> String {
    let id = |number: usize| match wanted.round {
        "" => format!("重开-{}-{number}", wanted.scheme),
        round => format!("重开-{}-{round}-{number}", wanted.scheme),
    };
    let free = |id: &String| !eyes.state().proposals.contains_key(id.as_str());
    (1..).map(id).find(free).unwrap_or_default()
}

/// What is known of the results of a round: who, when, from which figures.
fn facts(eyes: &Eyes<'_>, wanted: Wanted<'_>) -> Vec<(String, String, Vec<Paper>)> {
    let mut facts = Vec::new();
    let ends = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.ends.get(wanted.round)?.last());
    if let Some((end, last)) = ends.and_then(|end| Some((end, end.last?))) {
        let words = match eyes.lang {
            Lang::Zh => format!("{last}，{} 定", end.by),
            Lang::En => format!("{last}, said by {}", end.by),
        };
        facts.push((eyes.t("算到", "Counts up to").to_owned(), words, vec![entry(eyes, end.number)]));
    }
    let Some(results) = eyes.state().results.get(&(wanted.scheme.clone(), wanted.round.to_owned())) else {
        return facts;
    };
    let mut fact = |zh: &str, en: &str, what: String, papers: Vec<Paper>| {
        facts.push((eyes.t(zh, en).to_owned(), what, papers));
    };
    let edition = match eyes.lang {
        Lang::Zh => format!("{}，第 {} 次；依据台账前 {} 条", results.by, results.editions, results.at),
        Lang::En => format!("{}, edition {}; from the first {} entries", results.by, results.editions, results.at),
    };
    fact("汇总", "Put down by", edition, Vec::new());
    fact("办法", "Version", String::new(), vec![entry(eyes, results.version)]);
    if let Some(by) = &results.sealed_by {
        fact("审定封存", "Sealed by", by.to_string(), Vec::new());
    }
    if let Some(until) = results.objections_until {
        let left = crate::words::left(eyes.state().calendar.left(eyes.viewer.today(), until), false, eyes.lang);
        let is_over = until < eyes.viewer.today();
        let left = if is_over { eyes.t("已期满", "over").to_owned() } else { left };
        let whom = match results.shown {
            true => eyes.t("，公众可见", ", seen by everybody"),
            false => "",
        };
        fact("公示到", "Objections until", format!("{until}（{left}{whom}）"), Vec::new());
    }
    if let Some(number) = results.published {
        fact("公布", "Published", String::new(), vec![entry(eyes, number)]);
    }
    for sealed in &results.earlier {
        let by = match eyes.lang {
            Lang::Zh => format!("{} 封存过，已重开", sealed.by),
            Lang::En => format!("sealed by {}, opened again since", sealed.by),
        };
        let entries = [Some(sealed.number), sealed.published].into_iter().flatten();
        fact("以前", "Before", by, entries.map(|number| entry(eyes, number)).collect());
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn stations_before_the_current_one_are_done() {
        let stations = way(&["一", "二", "三"], 1);
        let marks: Vec<(bool, bool)> = stations.iter().map(|way| (way.is_done, way.is_current)).collect();
        assert_eq!(marks, [(true, false), (false, true), (false, false)]);
        assert!(way(&["一", "二"], 2).iter().all(|way| way.is_done && !way.is_current));
    }
}
