//! Inspection: figures are drawn with a seed that is recorded, and what is found on the spot stands beside
//! what was reported.

use super::{COLLECTION, FIGURE, SAMPLE};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{CollectionId, FigureId, OfficeId, SampleId, is_name},
    refusal,
    rights::{Relation, Right, Role, account},
    state::{Found, Method, Sample, Seen, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Draws figures of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawSample {
    /// Its id.
    pub sample: SampleId,
    /// Of which collection.
    pub collection: CollectionId,
    /// How.
    pub method: Method,
    /// The seed.
    pub seed: String,
    /// How many.
    pub size: u32,
}

const WHO: &[Role] = &[Role::AssessmentOffice, Role::Inspector, Role::Auditor];

impl Deed for DrawSample {
    fn word(&self) -> Text {
        Text::new("抽样", "drawing a sample")
    }

    fn right(&self) -> Right {
        Right { roles: WHO, relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        state.collections.get(&self.collection).map(|about| &about.office).into_iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.sample.as_str()) {
            findings.push(refusal::no_name(&SAMPLE, self.sample.as_str()));
        }
        if state.samples.contains_key(&self.sample) {
            findings.push(refusal::taken(&SAMPLE, self.sample.as_str()));
        }
        if !state.collections.contains_key(&self.collection) {
            let known = state.collections.keys().map(CollectionId::as_str);
            findings.push(refusal::unknown_among(&COLLECTION, self.collection.as_str(), known));
        }
        let before = state.samples.iter().filter(|(_, drawn)| drawn.collection == self.collection);
        if let Some((id, drawn)) = before.max_by_key(|(_, drawn)| drawn.number) {
            if asked.why.trim().is_empty() {
                findings.push(refusal::no_reason(&Text::new(
                    format!("“{}”抽过一次，再抽", self.collection),
                    format!("drawing from `{}` once more", self.collection),
                )));
            }
            findings.push(doubled(&self.collection, id, drawn));
        }
        if state.draw(&self.collection, &self.method, &self.seed, 1).is_empty() {
            findings.push(refusal::not_now(
                Text::new("还没有报上来的数可抽", "no figure is reported that could be drawn"),
                Text::new(
                    "只抽签发了的数，填报任务里还没有一个",
                    "only signed figures are drawn, and the collection has none yet",
                ),
                Text::new(
                    "等各单位签发人签发了报表再抽；催一催欠报的单位",
                    "draw once signers have signed their reports; remind the offices that owe one",
                ),
            ));
        }
        if self.seed.trim().is_empty() || self.size == 0 {
            findings.push(refusal::unfit(
                Text::new("没有种子，或一个也不抽", "there is no seed, or nothing is drawn"),
                Text::new("用同一个种子，谁都能重抽一遍", "with the seed anybody can draw again"),
                Text::new(
                    "写一个当众得来的种子，如开奖号码",
                    "give a seed that was had in public, such as a lottery number",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let drawn = state.draw(&self.collection, &self.method, &self.seed, size);
        for (office, figure) in drawn.keys() {
            touched.note(|| Key::Drawn((self.sample.clone(), office.clone(), figure.clone())));
        }
        let (collection, method, seed) = (self.collection.clone(), self.method.clone(), self.seed.clone());
        let (by, why, number) = (account(told.by), told.why.into(), told.number);
        state.samples.insert(self.sample.clone(), Sample { collection, method, seed, drawn, by, why, number });
    }
}

/// Figures of the collection were drawn before: whoever draws until he likes what comes is seen.
fn doubled(collection: &CollectionId, id: &SampleId, drawn: &Sample) -> Diagnostic {
    let Sample { seed, number, .. } = drawn;
    Diagnostic::warning(
        "sample-doubled",
        Text::new(
            format!("“{collection}”已经抽过（“{id}”，种子“{seed}”，台账第 {number} 条）"),
            format!("figures of `{collection}` were drawn already (`{id}`, seed `{seed}`, entry {number})"),
        ),
    )
    .why(Text::new("抽到满意为止，就不是抽样了", "drawing until one likes what comes is no sample"))
    .next(Text::new(
        "有必要再抽的，写明为什么；两次的种子和结果并排留着",
        "where another one is needed, say why; both stay with their seeds and what was found",
    ))
}

/// Notes what was found on the spot. It changes no figure: the office corrects it, or the round takes the
/// value that was found. Whoever was there once more says why; what was found before stays beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspect {
    /// In which sample.
    pub sample: SampleId,
    /// Whose figure.
    pub office: OfficeId,
    /// Which.
    pub figure: FigureId,
    /// What was found.
    pub found: String,
}

impl Deed for Inspect {
    fn word(&self) -> Text {
        Text::new("登记核查结果", "noting what was found")
    }

    fn right(&self) -> Right {
        Right { roles: WHO, relation: Relation::Above }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(sample) = state.samples.get(&self.sample) else {
            findings.push(refusal::unknown_among(
                &SAMPLE,
                self.sample.as_str(),
                state.samples.keys().map(SampleId::as_str),
            ));
            return;
        };
        match sample.drawn.get(&(self.office.clone(), self.figure.clone())) {
            None => findings.push(refusal::unknown(&FIGURE, &format!("{} {}", self.office, self.figure))),
            Some(drawn) if drawn.reported != self.found && asked.evidence.is_empty() => {
                findings.push(refusal::no_evidence(&Text::new(
                    "与上报数不同的核查结果",
                    "a finding that differs from the report",
                )));
            }
            Some(_) => (),
        }
        let again = sample.drawn.get(&(self.office.clone(), self.figure.clone())).and_then(Found::last);
        if let Some(seen) = again.filter(|_| asked.why.trim().is_empty()) {
            let (value, by, number) = (&seen.value, &seen.by, seen.number);
            findings.push(refusal::no_reason(&Text::new(
                format!("再登记一次（{by} 核对是 {value}，台账第 {number} 条）"),
                format!("noting it once more ({by} found {value}, entry {number})"),
            )));
        }
        if let Some(finding) = state.cards.get(&self.figure).and_then(|card| card.refuses(&self.office, &self.found)) {
            findings.push(finding);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.office.clone(), self.figure.clone());
        if let Some(drawn) = state.samples.get_mut(&self.sample).and_then(|sample| sample.drawn.get_mut(&key)) {
            let (value, by) = (self.found.clone(), account(told.by));
            drawn.seen.push(Seen { value, by, why: told.why.into(), number: told.number });
        }
        touched.note(|| Key::Drawn((self.sample.clone(), self.office.clone(), self.figure.clone())));
    }
}
