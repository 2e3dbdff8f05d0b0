//! Changes that take two people: one proposes with reason and papers, another one decides.

use super::{FIGURE, PROPOSAL, RESULTS, reports::sealed, targets};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{OfficeId, ProposalId, is_name},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{Decision, Proposal, State, Target},
    tables::{Key, Touched},
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

/// Proposes a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// Its id.
    pub proposal: ProposalId,
    /// What is to change.
    pub decision: Decision,
}

impl Decision {
    /// The office it is about.
    fn office<'a>(&'a self, state: &'a State) -> Option<&'a OfficeId> {
        match self {
            Self::CorrectFigure { office, .. } | Self::AdjustTarget { office, .. } | Self::Exempt { office, .. } => {
                Some(office)
            }
            Self::ReviseResults { scheme, .. } => state.schemes.get(scheme).map(|scheme| &scheme.office),
        }
    }

    fn check(&self, state: &State, findings: &mut Report) {
        match self {
            Self::CorrectFigure { office, figure, period, value } => {
                if !state.cells.contains_key(&(office.clone(), figure.clone(), *period)) {
                    findings.push(refusal::unknown(&FIGURE, &format!("{office} {figure} {period}")));
                }
                if let Some(finding) = state.cards.get(figure).and_then(|card| card.refuses(value)) {
                    findings.push(finding);
                }
                if state.is_sealed(figure, *period) {
                    findings.push(sealed());
                }
            }
            Self::AdjustTarget { scheme, office, indicator, field, value } => {
                targets::known(state, scheme, indicator, Some(field), findings);
                let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
                if !state.targets.contains_key(&key) || kaoping_terms::figure::parse(value).is_err() {
                    findings.push(refusal::not_now(
                        Text::new(
                            "没有下达过这项目标,或新的值不是一个数",
                            "there is no such target, or its new value is no number",
                        ),
                        Text::new("核对指标和数字", "look at the indicator and the number"),
                    ));
                }
            }
            Self::Exempt { scheme, indicator, .. } => targets::known(state, scheme, indicator, None, findings),
            Self::ReviseResults { scheme, round } => {
                let found = state.results.get(&(scheme.clone(), round.clone()));
                if found.is_none_or(|results| results.sealed_by.is_none()) {
                    findings.push(refusal::unknown(&RESULTS, &format!("{scheme} {round}")));
                }
            }
        }
    }

    fn apply(
        &self,
        state: &mut State,
        proposal: &ProposalId,
        evidence: &[kaoping_ledger::Digest],
        told: &Told<'_>,
        touched: &mut Touched,
    ) {
        match self {
            Self::CorrectFigure { office, figure, period, value } => {
                let key = (office.clone(), figure.clone(), *period);
                super::reports::set_cell(state, &key, value, evidence, told);
                touched.note(|| Key::Cell(key));
            }
            Self::AdjustTarget { scheme, office, indicator, field, value } => {
                let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
                let from = OfficeId(told.by.office.clone());
                state.targets.insert(key.clone(), Target { value: value.clone(), from, number: told.number });
                touched.note(|| Key::Target(key));
            }
            Self::Exempt { scheme, office, indicator } => {
                let key = (scheme.clone(), office.clone(), indicator.clone());
                state.exemptions.insert(key, proposal.clone());
            }
            Self::ReviseResults { scheme, round } => {
                let key = (scheme.clone(), round.clone());
                if let Some(results) = state.results.get_mut(&key) {
                    results.reopened = true;
                }
                touched.note(|| Key::Results(key));
            }
        }
    }
}

impl Deed for Propose {
    fn word(&self) -> Text {
        Text::new("申请变更", "proposing a change")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::Signer, Role::Lead, Role::AssessmentOffice], relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        self.decision.office(state).into_iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.proposal.as_str()) {
            findings.push(refusal::no_name(&PROPOSAL, self.proposal.as_str()));
        }
        if state.proposals.contains_key(&self.proposal) {
            findings.push(refusal::taken(&PROPOSAL, self.proposal.as_str()));
        }
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        if asked.evidence.is_empty() {
            findings.push(refusal::no_evidence(&self.word()));
        }
        if let Decision::CorrectFigure { office, .. } = &self.decision
            && office.as_str() != asked.by.office
        {
            findings.push(refusal::not_now(
                Text::new(
                    "数字只能由填报单位自己申请更正",
                    "only the office that reported a figure proposes to correct it",
                ),
                Text::new("上级退回并写明原因", "an office above sends the report back and says why"),
            ));
        }
        self.decision.check(state, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let proposal = Proposal {
            decision: self.decision.clone(),
            by: account(told.by),
            office: OfficeId(told.by.office.clone()),
            why: told.why.into(),
            evidence: told.evidence.to_vec(),
            decided: None,
        };
        state.proposals.insert(self.proposal.clone(), proposal);
        touched.note(|| Key::Proposal(self.proposal.clone()));
    }
}

/// Decides on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Which.
    pub proposal: ProposalId,
    /// Whether it is approved.
    pub approved: bool,
}

impl Deed for Decide {
    fn word(&self) -> Text {
        Text::new("批复申请", "deciding on a proposal")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice, Role::LeadingGroup], relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        let proposal = state.proposals.get(&self.proposal);
        proposal.and_then(|proposal| proposal.decision.office(state)).into_iter().collect()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(proposal) = state.proposals.get(&self.proposal) else {
            findings.push(refusal::unknown(&PROPOSAL, self.proposal.as_str()));
            return;
        };
        if proposal.decided.is_some() {
            findings.push(refusal::not_now(
                Text::new("这件申请已经批复", "it has been decided already"),
                Text::new("另提一件申请", "make another proposal"),
            ));
        }
        if let Some(finding) = second_person(asked.by, &proposal.by, &Text::new("申请", "proposing")) {
            findings.push(finding);
        }
        let own = proposal.decision.office(state).is_some_and(|office| office.as_str() == asked.by.office);
        if own && !matches!(proposal.decision, Decision::ReviseResults { .. }) {
            findings.push(refusal::not_now(
                Text::new("涉及本单位的申请由上级批复", "what concerns the office itself is decided above it"),
                Text::new("请上级考评办批复", "leave it to the assessment office above"),
            ));
        }
        if !self.approved && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new("不批准", "a refusal")));
        }
        if self.approved {
            proposal.decision.check(state, findings);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let Some(proposal) = state.proposals.get_mut(&self.proposal) else { return };
        proposal.decided = Some((account(told.by), self.approved));
        touched.note(|| Key::Proposal(self.proposal.clone()));
        if self.approved {
            let (decision, evidence) = (proposal.decision.clone(), proposal.evidence.clone());
            decision.apply(state, &self.proposal, &evidence, told, touched);
        }
    }
}
