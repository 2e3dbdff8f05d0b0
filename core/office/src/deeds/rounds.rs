//! Rounds of scoring, and their results: put down, sealed by another person, shown to the public,
//! published.

use super::{
    FIELD, RESULTS, ROUND,
    assessors::{WHO, beyond},
    there,
};
use crate::{
    deed::{Asked, Deed, Judged as Judging, Told},
    ids::{IndicatorId, OfficeId, SchemeId},
    outline::{Field, Indicator},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    rounds::{JUDGEMENT, is_same},
    state::{AssessedKey, AwardLine, ByRule, Judgement, Limited, Results, State, TotalLine},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_ledger::Digest;
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// A value of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// Of which indicator.
    pub indicator: IndicatorId,
    /// Of which input.
    pub field: String,
    /// The value.
    pub value: String,
    /// What a difference from the round before, or from what the office reported, comes from: `data`, `rule` or
    /// `judgement`; empty or left out where there is none.
    #[serde(default)]
    pub kind: String,
}

/// Sets values of a round for an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assess {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Which round.
    pub round: String,
    /// Whose.
    pub office: OfficeId,
    /// The values.
    pub values: Vec<Judged>,
    /// That whoever sets them judges beside as many assessors as the standard names: said, so that nobody counts unseen.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub further_assessor: bool,
}

pub(super) fn known(state: &State, scheme: &SchemeId, round: &str, findings: &mut Report) {
    if let Some(outline) = there::outline(state, scheme, findings)
        && !outline.has_round(round)
    {
        findings.push(refusal::unknown_among(&ROUND, round, outline.rounds.iter().map(String::as_str)));
    }
}

impl Deed for Assess {
    fn word(&self) -> Text {
        Text::new("评分", "assessing")
    }

    fn right(&self) -> Right {
        WHO
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judging<'a>> {
        Some(Judging { scheme: Some(&self.scheme), offices: Vec::from([&self.office]) })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        known(state, &self.scheme, &self.round, findings);
        findings.extend(state.seals(&self.scheme).find(|seal| seal.round == self.round).map(there::sealed));
        if self.values.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        let inputs: Vec<String> =
            self.values.iter().map(|judged| format!("{}/{}", judged.indicator, judged.field)).collect();
        there::named_twice(&FIELD, inputs.iter().map(String::as_str), findings);
        for judged in &self.values {
            super::targets::known(state, &self.scheme, &judged.indicator, Some(&judged.field), findings);
            if !judged.kind.is_empty() && !is_kind(&judged.kind) {
                findings.push(refusal::unfit(
                    Text::new(
                        format!("“{}”不是差异的一种", judged.kind),
                        format!("`{}` is no kind of difference", judged.kind),
                    ),
                    Text::new("差异出于数据、规则或评判", "a difference comes from data, rule or judgement"),
                    Text::new("选一种：数据（data）、规则（rule）、评判（judgement）", "write data, rule or judgement"),
                ));
            }
            let target = (self.scheme.clone(), self.office.clone(), judged.indicator.clone(), judged.field.clone());
            if state.targets.contains_key(&target) {
                findings.push(refusal::not_now(
                    Text::new(
                        format!("“{}/{}”是下达的目标，评分不改它", judged.indicator, judged.field),
                        format!(
                            "`{}/{}` was handed down and is not for a round to change",
                            judged.indicator, judged.field
                        ),
                    ),
                    Text::new(
                        "目标由任务分解下达，评分只看完成了多少",
                        "targets are handed down; a round looks at what was done",
                    ),
                    Text::new(
                        "要改目标，由本单位签发人申请年中调整，上级批复",
                        "to change a target the signer of the office proposes an adjustment, which is decided above",
                    ),
                ));
            }
            let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
            let found = outline.and_then(|outline| outline.indicator(judged.indicator.as_str()));
            let field = found.and_then(|found| found.fields.iter().find(|known| known.name == judged.field));
            let input = found.zip(field);
            let refused = input.and_then(|input| state.input_refuses(&self.scheme, input, &self.office, &judged.value));
            // What is no value, or of no round, differs from nothing: that is mended first.
            let can_differ = refused.is_none() && outline.is_some_and(|outline| outline.has_round(&self.round));
            self.explained((judged, can_differ), state, asked, findings);
            findings.extend(refused);
            let more = field.and_then(|field| {
                beyond(state, (&self.key(judged), field), (&account(asked.by), self.further_assessor))
            });
            findings.extend(more);
        }
        findings.extend(self.beyond(state));
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        for judged in &self.values {
            let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
            let field = outline.and_then(|outline| outline.field(judged.indicator.as_str(), &judged.field));
            let before = field.and_then(|field| {
                state.value_before(&self.scheme, &self.round, &self.office, (&judged.indicator, field))
            });
            let key = self.key(judged);
            let differs = before.as_ref().is_some_and(|before| !is_same(before, &judged.value));
            // A mark is what somebody thinks: it differs by judgement, unless he says otherwise.
            let by_judgement = field.is_some_and(|field| field.is_mark()) && differs && judged.kind.is_empty();
            let kind = if by_judgement { JUDGEMENT.into() } else { judged.kind.clone() };
            let value = judged.value.clone();
            let said = Judgement { value, kind, why: told.why.into(), number: told.number, before };
            state.set_value(&key, account(told.by), said);
            touched.note(|| Key::Assessed(key));
        }
    }
}

impl Assess {
    fn key(&self, judged: &Judged) -> AssessedKey {
        let (scheme, round, office) = (self.scheme.clone(), self.round.clone(), self.office.clone());
        (scheme, round, office, judged.indicator.clone(), judged.field.clone())
    }

    /// Values that go beyond another one they are part of, as both count in the round.
    fn beyond(&self, state: &State) -> Vec<Diagnostic> {
        let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
        let with_bounds = |of: &&Indicator| of.fields.iter().any(|field| !field.beside.is_empty());
        let mut found = Vec::new();
        for indicator in outline.into_iter().flat_map(|outline| &outline.indicators).filter(with_bounds) {
            let set = |field: &Field| {
                let is_it = |judged: &&Judged| judged.indicator == indicator.id && judged.field == field.name;
                self.values.iter().rev().find(is_it).map(|judged| judged.value.clone())
            };
            let value = |field: &Field| {
                let (scheme, round) = (&self.scheme, self.round.as_str());
                set(field).or_else(|| state.value_in(scheme, round, &self.office, (&indicator.id, field)))
            };
            found.extend(state.beyond(indicator, &self.office, &value, &|field| set(field).is_some()));
        }
        found
    }

    /// A difference has a kind and a reason, and so has what several people judge.
    fn explained(
        &self,
        (judged, can_differ): (&Judged, bool),
        state: &State,
        asked: &Asked<'_>,
        findings: &mut Report,
    ) {
        let bare = asked.why.trim().is_empty();
        let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
        let Some(field) = outline.and_then(|outline| outline.field(judged.indicator.as_str(), &judged.field)) else {
            return;
        };
        let needs_reason = field.by_assessor || field.needs_reason;
        if needs_reason && bare {
            findings.push(refusal::no_reason(&Text::new("评判", "a judgement")));
        }
        if field.by_assessor || !can_differ {
            return;
        }
        let before = state.value_before(&self.scheme, &self.round, &self.office, (&judged.indicator, field));
        let differs = before.as_ref().is_some_and(|before| !is_same(before, &judged.value));
        if !differs && is_kind(&judged.kind) {
            findings.push(nothing_differs(judged, before.as_deref()));
        }
        if differs && judged.kind.is_empty() && !field.is_mark() {
            findings.push(unexplained(&self.office, judged, &before.unwrap_or_default()));
        }
        if differs && bare && !needs_reason {
            findings.push(refusal::no_reason(&Text::new("与上一轮或上报数不同", "a difference from the round before")));
        }
    }
}

/// What a difference comes from.
fn is_kind(kind: &str) -> bool {
    matches!(kind, "data" | "rule" | JUDGEMENT)
}

/// A kind of difference is given for what does not differ, or has nothing to differ from.
fn nothing_differs(judged: &Judged, before: Option<&str>) -> Diagnostic {
    let Judged { indicator, field, .. } = judged;
    let message = match before {
        Some(before) => Text::new(
            format!("“{indicator}/{field}”仍是 {before}，没有变，不用写差异出于什么"),
            format!("`{indicator}/{field}` is {before} as before: there is no difference to be explained"),
        ),
        None => Text::new(
            format!("“{indicator}/{field}”以前没有值，谈不上差异，不用写出于什么"),
            format!("`{indicator}/{field}` has no earlier value to differ from: nothing is to be explained"),
        ),
    };
    let why = Text::new(
        "差异与上一轮比，没有上一轮的与上报数比",
        "a difference is one from the round before, or from what was reported",
    );
    refusal::unfit(message, why, Text::new("差异的种类留空（kind）", "leave its kind empty (`kind`)"))
}

fn unexplained(office: &OfficeId, judged: &Judged, before: &str) -> Diagnostic {
    let Judged { indicator, field, value, .. } = judged;
    Diagnostic::error(
        "difference-unexplained",
        Text::new(
            format!("“{office}”的“{indicator}/{field}”原来是 {before}，这里是 {value}，没有写差异出于什么"),
            format!(
                "`{indicator}/{field}` of `{office}` was {before} and is {value} here: \
                 what it comes from is not said"
            ),
        ),
    )
    .why(Text::new(
        "各轮的分并排放着，不同的地方要说得清是数据、规则还是评判",
        "rounds stand side by side, and each difference is one of data, rule or judgement",
    ))
    .next(Text::new(
        "写明出于哪一种，数据（data）、规则（rule）还是评判（judgement），并写原因",
        "write data, rule or judgement as its kind, and why",
    ))
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

impl Deed for PutDownResults {
    fn word(&self) -> Text {
        Text::new("汇总结果", "putting results down")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
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
            day: told.today,
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
        there::issuer(state, &self.scheme)
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
        if state.assessed_since(&key, results.at) {
            findings.push(refusal::not_now(
                Text::new(
                    "汇总以后又有评分或收回，结果已不是现在的样子",
                    "values were set or taken back after the results were put down",
                ),
                Text::new(
                    "封存的要是最新的结果，汇总以后有人又评了分或收回了分",
                    "what is sealed are the latest results, and somebody set a value or took one back since",
                ),
                Text::new(
                    "先由考评办重新汇总，再由领导小组封存",
                    "the assessment office puts the results down again first, then the leading group seals them",
                ),
            ));
        }
        findings.extend(state.undecided_at_seal(&key));
        let mut open = state.unreported(&key, asked.today);
        open.extend(state.amended_since(&key));
        open.extend(state.behind(&key));
        if !open.is_empty() && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new(
                "填报没有到期或没有签发、标准又修订过、汇总以后又来了数，现在封存",
                "sealing while reports are not due or not signed, or after the standard was amended or figures came in",
            )));
        }
        findings.extend(open);
        findings.extend(state.objections_open(&key, asked.today));
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        let until = state.limit(Limited::Results(key.clone()), told.today, self.objection_days);
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
        there::issuer(state, &self.scheme)
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
                Text::new("公示期里单位还可以提异议，结果可能变", "offices can still object, and results may change"),
                Text::new(
                    format!("{until} 过后，由考评办或领导小组公布；在这以前提的异议，先答复"),
                    format!("after {until} the assessment office or the leading group publishes them; answer objections first"),
                ),
            ));
        }
        findings.extend(state.undecided_after_seal(&key));
        if let Some(id) = state.upheld_since(&key).first().filter(|_| asked.why.trim().is_empty()) {
            findings.push(refusal::no_reason(&Text::new(
                format!("异议“{id}”成立了，结果没有重开就公布"),
                format!("publishing results that were not opened again after objection `{id}` was upheld"),
            )));
        }
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
