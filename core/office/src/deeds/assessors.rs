//! Who sets values in a round: no more than the standard names, unless somebody says so; and what is taken back.

use super::{FIELD, rounds::known, targets, there};
use crate::{
    deed::{Asked, Deed, Judged as Judging, Told},
    ids::{AccountId, IndicatorId, OfficeId, SchemeId},
    outline::Field,
    refusal,
    rights::{Relation, Right, Role, account},
    state::{AssessedKey, State, TakenBack},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Whoever sets values of rounds. A lead unit never scores itself: the office it scores stands below it.
pub(super) const WHO: Right = Right {
    roles: &[Role::Lead, Role::AssessmentOffice, Role::Inspector, Role::LeadingGroup],
    relation: Relation::Above,
};

/// One more judges a value than the standard names assessors, and does not say that he is meant to.
pub(super) fn beyond(
    state: &State,
    (key, field): (&AssessedKey, &Field),
    (by, is_further): (&AccountId, bool),
) -> Option<Diagnostic> {
    let due = field.assessors.filter(|_| !is_further)?;
    let others = state.assessed.get(key).filter(|assessed| !assessed.values.contains_key(by))?;
    let count = others.values.len();
    if u32::try_from(count).is_ok_and(|count| count < due) {
        return None;
    }
    let who: Vec<&str> = others.values.keys().map(AccountId::as_str).collect();
    let (.., indicator, name) = key;
    let finding = Diagnostic::error(
        "assessor-beyond",
        Text::new(
            format!("“{indicator}/{name}”由 {due} 位评委评，已有 {count} 位评过（{}）", who.join("、")),
            format!("{due} assessors judge `{indicator}/{name}`, and {count} have ({})", who.join(", ")),
        ),
    );
    Some(
        finding
            .why(Text::new(
                "多一位的分也算进去，得分就变了；是有意加评委，还是评错了人，程序分不清",
                "one more counts as well and changes the score; whether that is meant cannot be seen from it",
            ))
            .next(Text::new(
                "不该评的不评；换评委的，先请原来那位收回；确要多评的，写明是增加的评委（further_assessor）和原因",
                "leave it; where one takes another's place, that one takes his value back first; where more are to judge say so (`further_assessor`) and why",
            )),
    )
}

/// An input of which a value is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Of which indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub field: String,
}

/// Takes values of a round back: they count no more, and stay in the record. What others set counts then, or what is
/// reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which round.
    pub round: String,
    /// Whose score.
    pub office: OfficeId,
    /// Who set them; absent for one's own.
    #[serde(default)]
    pub assessor: Option<AccountId>,
    /// Which.
    pub values: Vec<Input>,
}

impl Deed for TakeBack {
    fn word(&self) -> Text {
        Text::new("收回评分", "taking values back")
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
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        if self.values.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        let inputs: Vec<String> = self.values.iter().map(|of| format!("{}/{}", of.indicator, of.field)).collect();
        there::named_twice(&FIELD, inputs.iter().map(String::as_str), findings);
        let own = account(asked.by);
        let whose = self.assessor.as_ref().unwrap_or(&own);
        let over = [Role::AssessmentOffice, Role::LeadingGroup].iter().any(|role| role.name() == asked.by.role);
        if *whose != own && !over {
            findings.push(anothers(whose));
        }
        for input in &self.values {
            targets::known(state, &self.scheme, &input.indicator, Some(&input.field), findings);
            let set = state.assessed.get(&self.key(input));
            if set.is_none_or(|set| !set.values.contains_key(whose)) {
                let who = set.into_iter().flat_map(|set| set.values.keys()).map(AccountId::as_str);
                findings.push(not_set(whose, input, &who.collect::<Vec<_>>()));
            }
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let by = account(told.by);
        let whose = self.assessor.as_ref().unwrap_or(&by);
        for input in &self.values {
            let key = self.key(input);
            state.take_value(&key, whose, TakenBack { by: by.clone(), why: told.why.into(), number: told.number });
            touched.note(|| Key::Assessed(key));
        }
    }
}

impl TakeBack {
    fn key(&self, input: &Input) -> AssessedKey {
        let (scheme, round, office) = (self.scheme.clone(), self.round.clone(), self.office.clone());
        (scheme, round, office, input.indicator.clone(), input.field.clone())
    }
}

fn anothers(whose: &AccountId) -> Diagnostic {
    refusal::not_now(
        Text::new(format!("这是 {whose} 评的，不是自己评的"), format!("{whose} set it, and not whoever asks")),
        Text::new(
            "谁评的谁收回，别人不替他改主意",
            "whoever set a value takes it back; nobody changes his mind for him",
        ),
        Text::new(
            format!("请 {whose} 自己收回；他已不在岗的，由考评办或领导小组写明原因收回"),
            format!(
                "{whose} takes it back; where he is gone the assessment office or the leading group does, and says why"
            ),
        ),
    )
}

fn not_set(whose: &AccountId, input: &Input, who: &[&str]) -> Diagnostic {
    let Input { indicator, field } = input;
    let next = match who {
        [] => Text::new(
            "核对轮次、单位、指标和字段：这一轮还没有人评过它",
            "look at round, office, indicator and input: nobody has set it in this round",
        ),
        who => Text::new(
            format!("核对是谁评的：现在有 {} 评的值", who.join("、")),
            format!("look at who set it: there are values by {}", who.join(", ")),
        ),
    };
    refusal::not_now(
        Text::new(
            format!("{whose} 没有评过“{indicator}/{field}”，或者已经收回"),
            format!("{whose} has set no value of `{indicator}/{field}`, or took it back already"),
        ),
        Text::new("能收回的是现在计着的评分", "what is taken back is a value that counts now"),
        next,
    )
}
