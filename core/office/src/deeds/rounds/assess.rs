//! Values that are set in a round, and taken back.

use super::known;
use crate::{
    deed::{Asked, Deed, Judged as Judging, Told},
    deeds::{FIELD, targets, there},
    ids::{AccountId, IndicatorId, OfficeId, SchemeId},
    outline::{Field, Indicator},
    refusal,
    rights::{Relation, Right, Role, account},
    rounds::is_same,
    state::{Assessed, AssessedKey, Judgement, State},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
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
    /// The value; empty where the one the same account set is taken back.
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
}

impl Deed for Assess {
    fn word(&self) -> Text {
        Text::new("评分", "assessing")
    }

    fn right(&self) -> Right {
        // A lead unit never scores itself: the office it scores stands below it.
        let roles = &[Role::Lead, Role::AssessmentOffice, Role::Inspector, Role::LeadingGroup];
        Right { roles, relation: Relation::Above }
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
            targets::known(state, &self.scheme, &judged.indicator, Some(&judged.field), findings);
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
            if self.takes_back(judged, state, asked) {
                self.taken_back(judged, asked, findings);
                continue;
            }
            let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
            let found = outline.and_then(|outline| outline.indicator(judged.indicator.as_str()));
            let field = found.and_then(|found| found.fields.iter().find(|known| known.name == judged.field));
            let input = found.zip(field);
            findings.extend(field.and_then(|field| self.one_too_many(judged, field, state, asked)));
            let refused = input.and_then(|input| state.input_refuses(&self.scheme, input, &self.office, &judged.value));
            let refused = refused.or_else(|| judged.value.is_empty().then(|| nothing_set(judged)));
            // What is no value, or of no round, differs from nothing: that is mended first.
            let can_differ = refused.is_none() && outline.is_some_and(|outline| outline.has_round(&self.round));
            self.explained((judged, can_differ), state, asked, findings);
            findings.extend(refused);
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
            let (key, by) = (self.key(judged), account(told.by));
            let assessed = state.assessed.entry(key.clone()).or_insert_with(|| Assessed {
                values: BTreeMap::new(),
                last: by.clone(),
                past: Vec::new(),
            });
            let (value, kind) = (judged.value.clone(), judged.kind.clone());
            match value.is_empty() {
                true => assessed.take_back(&by, told.number),
                false => {
                    let why = told.why.into();
                    assessed.set(by, Judgement { value, kind, why, number: told.number, before, until: None });
                }
            }
            touched.note(|| Key::Assessed(key));
        }
    }
}

impl Assess {
    fn key(&self, judged: &Judged) -> AssessedKey {
        let (scheme, round, office) = (self.scheme.clone(), self.round.clone(), self.office.clone());
        (scheme, round, office, judged.indicator.clone(), judged.field.clone())
    }

    /// Whether a value is taken back: it is empty, and the same account set one.
    fn takes_back(&self, judged: &Judged, state: &State, asked: &Asked<'_>) -> bool {
        let set = state.assessed.get(&self.key(judged));
        judged.value.is_empty() && set.is_some_and(|set| set.values.contains_key(asked.by.account.as_str()))
    }

    /// Whoever takes a value back says why.
    fn taken_back(&self, judged: &Judged, asked: &Asked<'_>, findings: &mut Report) {
        let Judged { indicator, field, .. } = judged;
        if !judged.kind.is_empty() {
            findings.push(refusal::unfit(
                Text::new(
                    format!("“{indicator}/{field}”是收回，不是差异"),
                    format!("`{indicator}/{field}` is taken back, which is no difference"),
                ),
                Text::new("收回以后，原来的值照旧算", "what counted before counts again"),
                Text::new("差异的种类留空（kind）", "leave its kind empty (`kind`)"),
            ));
        }
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new("收回评分", "taking a value back")));
        }
    }

    /// More people judge than the standard names: all of them count.
    fn one_too_many(&self, judged: &Judged, field: &Field, state: &State, asked: &Asked<'_>) -> Option<Diagnostic> {
        let judges = field.judges.filter(|_| field.by_assessor)?;
        let set = state.assessed.get(&self.key(judged))?;
        let others: Vec<&str> =
            set.values.keys().map(AccountId::as_str).filter(|by| *by != asked.by.account.as_str()).collect();
        if others.len() < usize::try_from(judges).unwrap_or(usize::MAX) {
            return None;
        }
        let (office, indicator, field) = (&self.office, &judged.indicator, &judged.field);
        let (zh, en) = (others.join("、"), others.join(", "));
        let message = Text::new(
            format!(
                "“{office}”的“{indicator}/{field}”由 {judges} 位评委打分，{zh} 已经打过，这是第 {} 位",
                others.len() + 1
            ),
            format!(
                "{judges} assessors judge `{indicator}/{field}` of `{office}`; {en} did so already, this is number {}",
                others.len() + 1
            ),
        );
        let why = Text::new(
            "这里全都算进去；多一个分，平均数就变了",
            "all of them count here; a mark too many changes the mean",
        );
        let next = Text::new(
            "核对评委名单；不该打的，由打分的人收回（值留空，写明原因）",
            "look at who is to judge; whoever is not takes the mark back: the value left empty, with a reason",
        );
        Some(Diagnostic::warning("assessors-too-many", message).why(why).next(next))
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
        if differs && judged.kind.is_empty() {
            findings.push(unexplained(&self.office, judged, &before.unwrap_or_default()));
        }
        if differs && bare && !needs_reason {
            findings.push(refusal::no_reason(&Text::new("与上一轮或上报数不同", "a difference from the round before")));
        }
    }
}

/// Neither is there a value, nor one of the same account to take back.
fn nothing_set(judged: &Judged) -> Diagnostic {
    let Judged { indicator, field, .. } = judged;
    refusal::unfit(
        Text::new(format!("“{indicator}/{field}”没有写值"), format!("`{indicator}/{field}` has no value")),
        Text::new(
            "空着是收回自己给过的值，这里没有可收回的",
            "left empty it takes back what the same account set, and it set none",
        ),
        Text::new("写上值，或者去掉这一项", "give a value, or leave it out"),
    )
}

/// What a difference comes from.
fn is_kind(kind: &str) -> bool {
    matches!(kind, "data" | "rule" | "judgement")
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
