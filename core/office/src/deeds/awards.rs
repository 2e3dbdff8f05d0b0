//! Awards: they follow from sealed results, and are proposed, shown to the public, approved and confirmed as
//! deeds of their own. Who comes in the place of one that is refused is proposed by the program, never put there.

use super::{AWARD, RESULTS, there};
use crate::{
    deed::{Asked, Deed, Judged, Told},
    ids::{OfficeId, SchemeId},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{AwardLine, Awards, Limited, RefusedAward, State},
    tables::Touched,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

/// Names of awards stand in the keys of a table.
const LONGEST_NAME: usize = 96;

fn all(scheme: &SchemeId) -> Option<Judged<'_>> {
    Some(Judged { scheme: Some(scheme), offices: Vec::new() })
}

/// Proposes the awards of a round, as they follow from its sealed results and from what was refused, and opens
/// their publicity period 公示.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeAwards {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
    /// The entry of the version they were worked out by.
    pub version: u64,
    /// How long the record was whose figures they rest on.
    pub at: u64,
    /// Who is proposed, and why.
    pub awards: Vec<AwardLine>,
    /// Who comes next, who was passed over, and why.
    pub passed_over: Vec<AwardLine>,
    /// Winners of awards the scheme leaves to a judgement: by whoever judged, for the reason given with each.
    pub judged: Vec<AwardLine>,
    /// Working days for objections.
    #[serde(deserialize_with = "crate::calendar::days")]
    pub objection_days: u16,
}

impl Deed for ProposeAwards {
    fn word(&self) -> Text {
        Text::new("提出奖项", "proposing awards")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        there::working_days(self.objection_days, findings);
        findings.extend(there::no_time_to_object(self.objection_days));
        let key = (self.scheme.clone(), self.round.clone());
        let results = state.results.get(&key).filter(|results| results.sealed_by.is_some());
        let Some(results) = results else {
            findings.push(refusal::not_now(
                Text::new("结果还没有审定封存", "the results are not sealed"),
                Text::new(
                    "奖项从封存的结果得出，结果会变，奖项就会变",
                    "awards follow from sealed results: while those change, so do awards",
                ),
                Text::new(
                    "先由领导小组审定封存结果，再由考评办提出奖项",
                    "the leading group seals the results first, then the assessment office proposes the awards",
                ),
            ));
            return;
        };
        if results.version != self.version || self.at > state.size {
            findings.push(refusal::not_now(
                Text::new("奖项不是按那次结果的版本得出的", "they do not follow from the version of the results"),
                Text::new("奖项和结果要按同一个版本", "awards and results go by the same version of the scheme"),
                Text::new(
                    "由考评办重新提出：程序按结果的版本得出",
                    "the assessment office proposes them anew: they are worked out by the version of the results",
                ),
            ));
        }
        if self.awards.is_empty() && self.judged.is_empty() {
            findings.push(refusal::not_now(
                Text::new("没有单位得奖", "nobody wins anything"),
                Text::new(
                    "按办法和这一轮的结果，没有单位够条件",
                    "by the scheme and these results no office qualifies",
                ),
                Text::new(
                    "不用提；有评审的奖项，写明给谁、附理由，再提",
                    "nothing to propose; awards that are judged go into `judged`, with their reasons",
                ),
            ));
        }
        for line in self.awards.iter().chain(&self.judged).filter(|line| line.award.chars().count() > LONGEST_NAME) {
            let begins: String = line.award.chars().take(20).collect();
            findings.push(refusal::unfit(
                Text::new(
                    format!("奖项的名称“{begins}…”太长"),
                    format!("the name `{begins}…` of an award is too long"),
                ),
                Text::new(format!("最多 {LONGEST_NAME} 个字"), format!("it has at most {LONGEST_NAME} characters")),
                Text::new("修订办法，改短名称", "amend the scheme with a shorter one"),
            ));
        }
        let judged: Vec<String> = self.judged.iter().map(|line| format!("{} {}", line.award, line.office)).collect();
        there::named_twice(&AWARD, judged.iter().map(String::as_str), findings);
        for line in &self.judged {
            there::office(state, &line.office, asked.today, findings);
            if line.reason.trim().is_empty() {
                findings.push(refusal::no_reason(&Text::new("评审的奖项", "an award that was judged")));
            }
        }
        if let Some(awards) = state.awards.get(&key).filter(|awards| !awards.stale) {
            self.overwrites(awards, state.awards_stand(&key), findings);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        state.touch_awards(&key, touched);
        let before = state.awards.remove(&key);
        let until = state.limit(Limited::Awards(key.clone()), told.today, self.objection_days);
        let awards = Awards {
            edition: state.results.get(&key).map_or(0, |results| results.editions),
            lines: self.awards.iter().chain(&self.judged).cloned().collect(),
            passed_over: self.passed_over.clone(),
            refused: before.map_or_else(BTreeMap::new, |before| before.refused),
            by: account(told.by),
            number: told.number,
            objections_until: until,
            approved_by: None,
            confirmed: None,
            stale: false,
        };
        state.awards.insert(key.clone(), awards);
        state.touch_awards(&key, touched);
    }
}

impl ProposeAwards {
    /// What was approved or confirmed is not overwritten by a new list. Where the results changed since, what was confirmed
    /// stands in the new one, too, or is refused first: it was made known.
    fn overwrites(&self, awards: &Awards, stand: bool, findings: &mut Report) {
        let by_refusing = || {
            Text::new(
                "要改，先由领导小组撤销其中一个（附原因和材料），再由考评办重新提出",
                "to change them the leading group refuses one first (with reason and paper), then the assessment office proposes anew",
            )
        };
        if stand && awards.approved_by.is_some() {
            let (zh, en) = if awards.confirmed.is_some() { ("确定", "confirmed") } else { ("批准", "approved") };
            findings.push(refusal::not_now(
                Text::new(format!("奖项已经{zh}"), format!("the awards are {en}")),
                Text::new(
                    format!("{zh}了的奖项不能用新名单盖掉"),
                    format!("awards that are {en} are not overwritten by a new list"),
                ),
                by_refusing(),
            ));
            return;
        }
        let is_in = |line: &AwardLine| {
            let mut new = self.awards.iter().chain(&self.judged);
            new.any(|new| new.award == line.award && new.office == line.office)
        };
        for line in awards.lines.iter().filter(|line| awards.confirmed.is_some() && !is_in(line)) {
            let (award, office) = (&line.award, &line.office);
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{office}”的“{award}”已经确定，新名单里没有"),
                    format!("`{award}` of `{office}` is confirmed and not in the new list"),
                ),
                Text::new(
                    "确定、公布了的奖项不会因为重新提出就没有了",
                    "an award that was confirmed and made known does not vanish because awards are proposed anew",
                ),
                Text::new(
                    "先由领导小组撤销它（附原因和材料），再重新提出；仍给它的评审奖项，写进名单",
                    "the leading group refuses it first (with reason and paper), then propose anew; an award that is judged and stays goes into `judged`",
                ),
            ));
        }
    }
}

/// Refuses an award to an office, before or after it is confirmed; or takes a refusal back. Awards are then to be
/// proposed anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideAward {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
    /// Which award.
    pub award: String,
    /// Whose.
    pub office: OfficeId,
    /// `false`: it is refused; `true`: an earlier refusal is taken back.
    pub given: bool,
}

impl Deed for DecideAward {
    fn word(&self) -> Text {
        Text::new("撤销或恢复奖项", "refusing an award, or giving it back")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::LeadingGroup], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judged<'a>> {
        all(&self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        if asked.evidence.is_empty() {
            findings.push(refusal::no_evidence(&self.word()));
        }
        let Some(awards) = awards(state, &self.scheme, &self.round, findings) else { return };
        let status = awards.status(&self.award, &self.office);
        if status.is_none() {
            findings.push(refusal::unknown(&AWARD, &format!("{} {}", self.award, self.office)));
        } else if self.given != (status == Some("refused")) {
            findings.push(refusal::not_now(
                Text::new("这个奖项现在就是这样", "the award is so already"),
                Text::new("要的和现在的一样", "what is asked for is so already"),
                Text::new(
                    "不用再办；要改别的奖项，核对奖项和单位的名称",
                    "nothing is left to do; for another award look at its name and the office",
                ),
            ));
        }
        findings_of_second(asked, awards, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        state.touch_awards(&key, touched);
        if let Some(awards) = state.awards.get_mut(&key) {
            let which = (self.award.clone(), self.office.clone());
            if self.given {
                awards.refused.remove(&which);
            } else {
                let refused = RefusedAward { by: account(told.by), why: told.why.into(), number: told.number };
                awards.refused.insert(which, refused);
            }
            awards.stale = true;
            (awards.approved_by, awards.confirmed) = (None, None);
        }
        state.touch_awards(&key, touched);
    }
}

/// Whoever proposed awards decides nothing about them.
fn findings_of_second(asked: &Asked<'_>, awards: &Awards, findings: &mut Report) {
    if let Some(finding) = second_person(asked.by, &awards.by, &Text::new("提出奖项", "proposing the awards")) {
        findings.push(finding);
    }
}

fn awards<'a>(state: &'a State, scheme: &SchemeId, round: &str, findings: &mut Report) -> Option<&'a Awards> {
    let key = (scheme.clone(), String::from(round));
    let found = state.awards.get(&key);
    if found.is_none() {
        findings.push(match state.results.contains_key(&key) {
            false => refusal::no_results(&RESULTS, scheme.as_str(), round),
            true => refusal::unknown(&AWARD, &format!("{scheme} {round}"))
                .why(Text::new("这一轮还没有提出奖项", "no awards were proposed for the round"))
                .next(Text::new(
                    "结果封存以后，先由考评办提出奖项",
                    "once the results are sealed, the assessment office proposes the awards first",
                )),
        });
    }
    found
}

/// Everything that keeps awards from being approved or confirmed now.
fn settled(state: &State, key: &(SchemeId, String), awards: &Awards, asked: &Asked<'_>, findings: &mut Report) {
    if !state.awards_stand(key) {
        findings.push(refusal::not_now(
            Text::new("结果或其中一个奖项变了，名单过时了", "the results or one of the awards changed since"),
            Text::new(
                "顺位由程序算出再提，不会自动补上",
                "who comes next is worked out and proposed, never filled in by itself",
            ),
            Text::new(
                "由考评办重新提出奖项，重新公示，再审定",
                "the assessment office proposes them anew; they are shown again, then approved",
            ),
        ));
    }
    if let Some(until) = awards.objections_until.filter(|until| asked.today <= *until) {
        findings.push(refusal::not_now(
            Text::new(
                format!("奖项公示到 {until} 为止"),
                format!("objections to the awards can be made until {until}"),
            ),
            Text::new("公示期里单位还可以提异议，名单可能变", "offices can still object, and the list may change"),
            Text::new(
                format!("{until} 过后，由领导小组审定，再由签发人确定；在这以前提的异议，先答复"),
                format!(
                    "after {until} the leading group approves them and the signer confirms; answer objections first"
                ),
            ),
        ));
    }
    findings.extend(state.undecided_after_seal(key));
    for (id, objection) in &state.objections {
        let about = objection.award.as_ref().is_some_and(|(scheme, round, ..)| *scheme == key.0 && *round == key.1);
        if about && objection.answered.is_none() {
            findings.push(refusal::not_now(
                Text::new(format!("异议 {id} 还没有答复"), format!("objection {id} has not been answered")),
                Text::new("异议成立，名单就要变", "if it is upheld the list changes"),
                Text::new(
                    "先由考评办或领导小组答复这件异议，再审定、确定",
                    "the assessment office or the leading group answers it first; then the \
                 awards are approved and confirmed",
                ),
            ));
        }
    }
}

/// Approves the awards of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveAwards {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
}

impl Deed for ApproveAwards {
    fn word(&self) -> Text {
        Text::new("审定奖项", "approving awards")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::LeadingGroup], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judged<'a>> {
        all(&self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(awards) = awards(state, &self.scheme, &self.round, findings) else { return };
        settled(state, &(self.scheme.clone(), self.round.clone()), awards, asked, findings);
        if awards.approved_by.is_some() {
            findings.push(refusal::not_now(
                Text::new("奖项已经审定", "the awards are approved already"),
                Text::new("领导小组审定一次就够", "the leading group approves them once"),
                Text::new("下一步由政府签发人确定", "next the signer of the government confirms them"),
            ));
        }
        findings_of_second(asked, awards, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        if let Some(awards) = state.awards.get_mut(&key) {
            awards.approved_by = Some(account(told.by));
        }
        state.touch_awards(&key, touched);
    }
}

/// Confirms approved awards for the government.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmAwards {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
}

impl Deed for ConfirmAwards {
    fn word(&self) -> Text {
        Text::new("确定奖项", "confirming awards")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Signer], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
    }

    fn judges<'a>(&'a self, _: &'a State) -> Option<Judged<'a>> {
        all(&self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(awards) = awards(state, &self.scheme, &self.round, findings) else { return };
        settled(state, &(self.scheme.clone(), self.round.clone()), awards, asked, findings);
        match &awards.approved_by {
            None => findings.push(refusal::not_now(
                Text::new("奖项还没有审定", "the awards are not approved"),
                Text::new(
                    "审定在前，确定在后，两步两个人",
                    "approving comes first and confirming after it, by two people",
                ),
                Text::new(
                    "先由领导小组审定，再由签发人确定",
                    "the leading group approves them first, then the signer confirms",
                ),
            )),
            Some(approved) => {
                let what = Text::new("审定奖项", "approving the awards");
                if let Some(finding) = second_person(asked.by, approved, &what) {
                    findings.push(finding);
                }
            }
        }
        findings_of_second(asked, awards, findings);
        if awards.confirmed.is_some() {
            findings.push(refusal::not_now(
                Text::new("奖项已经确定", "the awards are confirmed already"),
                Text::new("确定一次就够", "they are confirmed once"),
                Text::new(
                    "不用再办；要撤销其中一个，由领导小组办，附原因和材料",
                    "nothing is left to do; to refuse one of them the leading group does \
                 decide-award, with reason and paper",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.round.clone());
        if let Some(awards) = state.awards.get_mut(&key) {
            awards.confirmed = Some((account(told.by), told.number));
        }
        state.touch_awards(&key, touched);
    }
}
