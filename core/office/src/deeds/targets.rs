//! Targets: handed down in parts that add up, accepted by both sides.

use super::{FIELD, INDICATOR, OFFICE, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{IndicatorId, OfficeId, SchemeId},
    refusal,
    rights::{Relation, Right, Role, account},
    state::{State, Target},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Exact, Report, Text, figure};
use serde::{Deserialize, Serialize};

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Whose.
    pub office: OfficeId,
    /// Its value, as it is written.
    pub value: String,
}

/// Hands a target down to offices directly or further below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandDown {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Of which indicator.
    pub indicator: IndicatorId,
    /// Of which input.
    pub field: String,
    /// Whether the parts are to make up what the office itself was given: numbers of people and sums
    /// of money do, rates do not.
    pub adds_up: bool,
    /// The parts.
    pub parts: Vec<Part>,
}

impl Deed for HandDown {
    fn word(&self) -> Text {
        Text::new("分解下达目标", "handing targets down")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::Lead], relation: Relation::Above }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        self.parts.iter().map(|part| &part.office).collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        known(state, &self.scheme, &self.indicator, Some(&self.field), findings);
        let mut sum = Exact::zero();
        for (place, part) in self.parts.iter().enumerate() {
            there::office(state, &part.office, asked.today, findings);
            if self.parts.iter().take(place).any(|before| before.office == part.office) {
                findings.push(refusal::taken(&OFFICE, part.office.as_str()));
            }
            match figure::parse(&part.value) {
                Ok(read) => sum = sum + read.value,
                Err(_) => findings.push(refusal::unfit(
                    Text::new(
                        format!("“{}”的目标“{}”不是一个数", part.office, part.value),
                        format!("the target `{}` of `{}` is no number", part.value, part.office),
                    ),
                    Text::new("目标是一个数", "a target is a number"),
                    Text::new("写成 5,000 或 98% 这样", "write it as 5,000 or 98%"),
                )),
            }
            let key = (self.scheme.clone(), part.office.clone(), self.indicator.clone(), self.field.clone());
            if state.targets.contains_key(&key) {
                findings.push(refusal::not_now(
                    Text::new(
                        format!("“{}”的这项目标已经下达", part.office),
                        format!("`{}` has this target already", part.office),
                    ),
                    Text::new(
                        "年中调整用“申请”,由第二个人批准",
                        "to change it propose an adjustment, which a second person approves",
                    ),
                ));
            }
        }
        // What was handed down before belongs to the whole as well.
        let mine = state.targets.iter().filter(|((scheme, office, indicator, field), target)| {
            *scheme == self.scheme
                && !self.parts.iter().any(|part| part.office == *office)
                && *indicator == self.indicator
                && *field == self.field
                && target.from.as_str() == asked.by.office
        });
        for (_, target) in mine {
            sum = sum + figure::parse(&target.value).map(|read| read.value).unwrap_or_else(|_| Exact::zero());
        }
        let whole =
            (self.scheme.clone(), OfficeId(asked.by.office.clone()), self.indicator.clone(), self.field.clone());
        let whole = state.targets.get(&whole).and_then(|target| figure::parse(&target.value).ok());
        if let Some(whole) = whole.filter(|whole| self.adds_up && whole.value != sum)
            && asked.why.trim().is_empty()
        {
            findings.push(refusal::unfit(
                Text::new(
                    format!("各部分之和是 {},本级承担的是 {}", sum.to_fraction(), whole.value.to_fraction()),
                    format!(
                        "the parts add up to {}, the office was given {}",
                        sum.to_fraction(),
                        whole.value.to_fraction()
                    ),
                ),
                Text::new("分解要与整体相符", "the parts have to make up the whole"),
                Text::new("改各部分;有意加码的,写明原因", "mend the parts; where more is meant, say why"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        for part in &self.parts {
            let key = (self.scheme.clone(), part.office.clone(), self.indicator.clone(), self.field.clone());
            let from = OfficeId(told.by.office.clone());
            let target = Target { value: part.value.clone(), from, number: told.number, adjusted: None };
            state.targets.insert(key.clone(), target);
            touched.note(|| Key::Target(key));
        }
    }
}

/// That a scheme has that indicator with that input.
pub(super) fn known(
    state: &State,
    scheme: &SchemeId,
    indicator: &IndicatorId,
    field: Option<&str>,
    findings: &mut Report,
) {
    let Some(outline) = there::outline(state, scheme, findings) else { return };
    let Some(found) = outline.indicator(indicator.as_str()) else {
        let known = outline.indicators.iter().map(|indicator| indicator.id.as_str());
        findings.push(refusal::unknown_among(&INDICATOR, indicator.as_str(), known));
        return;
    };
    if let Some(field) = field
        && !found.fields.iter().any(|known| known.name == field)
    {
        let known = found.fields.iter().map(|field| field.name.as_str());
        findings.push(refusal::unknown_among(&FIELD, field, known));
    }
}

/// Accepts a liability letter 责任书: the office that is to do it, or the one above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptLetter {
    /// Under which scheme.
    pub scheme: SchemeId,
    /// The office that is to do it.
    pub office: OfficeId,
}

impl Deed for AcceptLetter {
    fn word(&self) -> Text {
        Text::new("签订责任书", "accepting a liability letter")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Signer, Role::LeadingGroup], relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let has_target =
            state.targets.keys().any(|(scheme, office, ..)| *scheme == self.scheme && *office == self.office);
        if !has_target {
            findings.push(refusal::not_now(
                Text::new(
                    format!("“{}”还没有分到目标", self.office),
                    format!("`{}` has not been given any target", self.office),
                ),
                Text::new("先分解下达目标", "hand targets down first"),
            ));
        }
        let letter = state.letters.get(&(self.scheme.clone(), self.office.clone()));
        let own = self.office.as_str() == asked.by.office;
        let accepted = letter.is_some_and(|letter| if own { letter.lower.is_some() } else { letter.upper.is_some() });
        if accepted {
            findings.push(refusal::not_now(
                Text::new("这一方已经签过", "this side has accepted it already"),
                Text::new("等另一方签", "wait for the other side"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.office.clone());
        let letter = state.letters.entry(key.clone()).or_default();
        let side = if self.office.as_str() == told.by.office { &mut letter.lower } else { &mut letter.upper };
        *side = Some((account(told.by), told.number));
        touched.note(|| Key::Letter(key));
    }
}
