//! Rounds of scoring, and their results: put down, sealed by another person, shown to the public,
//! published.

mod assess;

pub use assess::{Assess, Judged};

use super::{RESULTS, ROUND, there};
use crate::{
    deed::{Asked, Deed, Judged as Judging, Told},
    ids::{OfficeId, SchemeId},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{AwardLine, ByRule, Results, State, TotalLine},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_ledger::Digest;
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

fn known(state: &State, scheme: &SchemeId, round: &str, findings: &mut Report) {
    if let Some(outline) = there::outline(state, scheme, findings)
        && !outline.has_round(round)
    {
        findings.push(refusal::unknown_among(&ROUND, round, outline.rounds.iter().map(String::as_str)));
    }
}

/// Puts the results of a round down, as they follow from the record up to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutDownResults {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
    /// The entry of the version they were scored by.
    pub version: u64,
    /// How long the record was whose figures they rest on.
    pub at: u64,
    /// All scores, as a file.
    pub scores: Digest,
    /// The totals.
    pub totals: Vec<TotalLine>,
    /// The awards.
    pub awards: Vec<AwardLine>,
    /// Scores that are others than by the version the round before was scored by, on the same figures.
    pub by_rule: Vec<ByRule>,
    /// What was seen of results that are there already: the entry that put them down. Nobody's results are replaced
    /// unseen.
    #[serde(default)]
    pub replaces: Option<u64>,
}

fn issuer<'a>(state: &'a State, scheme: &SchemeId) -> Vec<&'a OfficeId> {
    state.schemes.get(scheme).map(|scheme| &scheme.office).into_iter().collect()
}

impl Deed for PutDownResults {
    fn word(&self) -> Text {
        Text::new("汇总结果", "putting results down")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        issuer(state, &self.scheme)
    }

    fn check(&self, state: &State, _: &Asked<'_>, findings: &mut Report) {
        known(state, &self.scheme, &self.round, findings);
        let Some(scheme) = state.schemes.get(&self.scheme) else { return };
        if scheme.versions.last().is_none_or(|version| version.number != self.version) || self.at > state.size {
            findings.push(refusal::not_now(
                Text::new("结果不是按现行版本算的", "they were not scored by the version in force"),
                Text::new(
                    "办法修订过，或算的时候台账还没有这么长",
                    "the scheme was revised since, or the record was not that long when they were scored",
                ),
                Text::new(
                    "由考评办重新汇总：程序按现行版本算",
                    "the assessment office puts the results down again: they are scored by the version in force",
                ),
            ));
        }
        match state.results.get(&(self.scheme.clone(), self.round.clone())) {
            None if self.replaces.is_some() => {
                findings.push(refusal::unknown(&RESULTS, &format!("{} {}", self.scheme, self.round)));
            }
            None => (),
            Some(results) if results.sealed_by.is_some() => {
                findings.extend(state.seals(&self.scheme).find(|seal| seal.round == self.round).map(there::sealed));
            }
            Some(results) if self.replaces != Some(results.number) => findings.push(put_down_already(results)),
            Some(_) => (),
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        let before = state.results.remove(&key);
        let total = |line: &TotalLine| Key::Total((self.scheme.clone(), self.round.clone(), line.office.clone()));
        for line in before.iter().flat_map(|results| &results.totals).chain(&self.totals) {
            touched.note(|| total(line));
        }
        let results = Results {
            version: self.version,
            at: self.at,
            scores: self.scores,
            totals: self.totals.clone(),
            awards: self.awards.clone(),
            by_rule: self.by_rule.clone(),
            by: account(told.by),
            number: told.number,
            sealed_by: None,
            sealed_in: None,
            objections_until: None,
            shown: false,
            published: None,
            reopened: false,
            editions: before.as_ref().map_or(0, |before| before.editions) + 1,
            earlier: before.map(|before| before.earlier).unwrap_or_default(),
        };
        state.results.insert(key.clone(), results);
        touched.note(|| Key::Results(key));
    }
}

/// Seals results, and opens the publicity period 公示.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
    /// Working days for objections.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub objection_days: u16,
    /// Whether everybody sees them during that time, and not only the offices they are about.
    #[serde(default)]
    pub shown: bool,
}

impl Deed for Seal {
    fn word(&self) -> Text {
        Text::new("审定封存", "sealing results")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::LeadingGroup], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        issuer(state, &self.scheme)
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judging<'a>> {
        Some(Judging { scheme: Some(&self.scheme), offices: Vec::new() })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        there::working_days(self.objection_days, findings);
        findings.extend(there::no_time_to_object(self.objection_days));
        let key = (self.scheme.clone(), self.round.clone());
        let Some(results) = state.results.get(&key) else {
            findings.push(refusal::no_results(&RESULTS, self.scheme.as_str(), &self.round));
            return;
        };
        if results.sealed_by.is_some() {
            findings.push(refusal::not_now(
                Text::new("结果已经封存", "the results are sealed already"),
                Text::new("封存一次就够，封存以后不再变", "they are sealed once, and stay"),
                Text::new(
                    "到期公布就是；有确凿的错，由考评办申请重开，另一人批准",
                    "publish them when the time comes; if they are wrong, the assessment \
                 office proposes to reopen them and another person decides",
                ),
            ));
        }
        if results.reopened {
            findings.push(opened_again());
        }
        findings.extend(blank_totals(&results.totals));
        if let Some(finding) = second_person(asked.by, &results.by, &Text::new("汇总", "putting them down")) {
            findings.push(finding);
        }
        let mut judged = state.judged_in(&self.scheme).filter(|((_, round, ..), _)| *round == self.round);
        if judged.any(|(_, assessed)| assessed.changed() >= Some(results.at)) {
            findings.push(refusal::not_now(
                Text::new("汇总以后又有评分，结果已不是现在的样子", "values were set after the results were put down"),
                Text::new(
                    "封存的要是最新的结果，汇总以后有人又评了分",
                    "what is sealed are the latest results, and somebody set a value since",
                ),
                Text::new(
                    "先由考评办重新汇总，再由领导小组封存",
                    "the assessment office puts the results down again first, then the leading group seals them",
                ),
            ));
        }
        findings.extend(state.undecided_at_seal(&key));
        let mut open = state.unreported(&self.scheme, asked.today);
        open.extend(state.amended_since(&key));
        if !open.is_empty() && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new(
                "填报没有到期或没有签发、标准又修订过，现在封存",
                "sealing while reports are not due or not signed, or the standard was amended",
            )));
        }
        findings.extend(open);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        let until = state.calendar.after(told.today, self.objection_days).map(|reckoned| reckoned.due);
        if let Some(results) = state.results.get_mut(&key) {
            results.sealed_by = Some(account(told.by));
            results.sealed_in = Some(told.number);
            results.objections_until = until;
            results.shown = self.shown;
        }
        touched.note(|| Key::Results(key));
    }
}

/// Results that were opened again are sealed once others were put down.
fn opened_again() -> Diagnostic {
    refusal::not_now(
        Text::new("结果已重开，还没有重新汇总", "the results were opened again and not put down anew"),
        Text::new(
            "封存的要是重新汇总的结果，不是重开以前的",
            "what is sealed was put down since, and is not what was sealed before",
        ),
        Text::new(
            "先由考评办改完、重新汇总，再由领导小组封存",
            "the assessment office mends them and puts them down anew first, then the leading group seals them",
        ),
    )
}

/// There are results already, which their sender did not see.
fn put_down_already(results: &Results) -> Diagnostic {
    let (by, number) = (&results.by, results.number);
    Diagnostic::error(
        "results-changed",
        Text::new(
            format!("{by} 已汇总过这一轮（台账第 {number} 条）"),
            format!("{by} put down the results of this round already (entry {number})"),
        ),
    )
    .why(Text::new(
        "两个人各汇总一次，后一次会盖掉没有看过的结果",
        "of two that are put down at once the second would replace what nobody has looked at",
    ))
    .next(Text::new(
        format!("看过那一次；要重新汇总，写明它代替第 {number} 条（replaces）"),
        format!("look at them; to put them down anew say what they replace: replaces: {number}"),
    ))
}

/// Offices without a total are sealed without one.
fn blank_totals(totals: &[TotalLine]) -> Option<Diagnostic> {
    let blank: Vec<&str> =
        totals.iter().filter(|line| line.total.is_empty()).map(|line| line.office.as_str()).collect();
    let (count, first) = (blank.len(), blank.first()?);
    let finding = Diagnostic::warning(
        "totals-blank",
        Text::new(
            format!("{count} 个单位还没有总分（如“{first}”）"),
            format!("{count} offices have no total yet (such as `{first}`)"),
        ),
    );
    Some(
        finding
            .why(Text::new(
                "还有数没有报；封存以后它们没有总分、没有名次",
                "figures are missing; sealed so, they have neither total nor place",
            ))
            .next(Text::new("补齐以后重新汇总，再封存", "have them filled in, put the results down anew, then seal")),
    )
}

/// Publishes sealed results. The checkpoint over this entry is the one they are published under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
}

impl Deed for Publish {
    fn word(&self) -> Text {
        Text::new("公布结果", "publishing results")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::LeadingGroup], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        issuer(state, &self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let key = (self.scheme.clone(), self.round.clone());
        let Some(results) = state.results.get(&key).filter(|results| results.sealed_by.is_some()) else {
            findings.push(refusal::not_now(
                Text::new("结果还没有封存", "the results are not sealed"),
                Text::new("公布的是审定过的结果", "what is published was approved first"),
                Text::new(
                    "先由领导小组封存（还没有汇总的，考评办先汇总），公示期满再公布",
                    "first the leading group seals them (the assessment office puts them down \
                 before that); publish when the publicity period is over",
                ),
            ));
            return;
        };
        if let Some(until) = results.objections_until.filter(|until| asked.today <= *until) {
            findings.push(refusal::not_now(
                Text::new(format!("公示到 {until} 为止"), format!("objections can be made until {until}")),
Text::new("公示期里单位还可以提异议，结果可能变",
"offices can still object, and results may change"),
                Text::new(
                    format!("{until} 过后，由考评办或领导小组公布；在这以前提的异议，先答复"),
                    format!("after {until} the assessment office or the leading group publishes them; answer objections first"),
                ),
            ));
        }
        findings.extend(state.undecided_after_seal(&key));
        if results.published.is_some() {
            findings.push(refusal::not_now(
                Text::new("结果已经公布", "they are published already"),
                Text::new("公布一次就够，不会变", "they are published once, and stay"),
                Text::new(
                    "不用再办；有确凿的错，由考评办申请重开，另一人批准",
                    "nothing is left to do; if they are wrong, the assessment office proposes \
                 to reopen them and another person decides",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        if let Some(results) = state.results.get_mut(&key) {
            results.published = Some(told.number);
        }
        touched.note(|| Key::Results(key));
    }
}
