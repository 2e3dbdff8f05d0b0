//! Changes that take two people: one proposes with reason and papers, another one decides.

use super::{EXEMPTION, FIGURE, PROPOSAL, RESULTS, reports::figures_beyond, targets, there};
use crate::{
    deed::{Asked, Deed, Judged, Told},
    ids::{FigureId, OfficeId, ProposalId, is_name},
    outline::Indicator,
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    rounds::is_same,
    state::{Decision, Exempted, Exemption, Instead, Proposal, SealedThen, State, Target},
    tables::{Key, Touched},
};
use alloc::{borrow::Cow, format, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
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
    pub(super) fn office<'a>(&'a self, state: &'a State) -> Option<&'a OfficeId> {
        match self {
            Self::CorrectFigure { office, .. }
            | Self::AdjustTarget { office, .. }
            | Self::Exempt { office, .. }
            | Self::EndExemption { office, .. } => Some(office),
            Self::ReviseResults { scheme, .. } => state.schemes.get(scheme).map(|scheme| &scheme.office),
        }
    }

    /// What it changes, whatever to: of two that are equal in it only one can be open.
    fn matter(&self) -> Self {
        let mut matter = self.clone();
        match &mut matter {
            Self::CorrectFigure { value, .. } | Self::AdjustTarget { value, .. } => value.clear(),
            Self::Exempt { instead, .. } => *instead = None,
            Self::EndExemption { .. } | Self::ReviseResults { .. } => (),
        }
        matter
    }

    /// What it is to be, where it says so.
    fn value(&self) -> Option<&str> {
        match self {
            Self::CorrectFigure { value, .. } | Self::AdjustTarget { value, .. } => Some(value),
            _ => None,
        }
    }

    /// A value of it as it stands in the state.
    fn in_own_unit<'a>(&self, state: &State, value: &'a str) -> Cow<'a, str> {
        match self {
            Self::CorrectFigure { figure, .. } => in_own_unit(state, figure, value),
            _ => Cow::Borrowed(value),
        }
    }

    /// What stands now where it says what is to be: the value, and the entry that made it so.
    fn standing<'a>(&self, state: &'a State) -> Option<(&'a str, u64)> {
        match self {
            Self::CorrectFigure { office, figure, period, .. } => {
                let cell = state.cells.get(&(office.clone(), figure.clone(), *period))?;
                Some((&cell.value, cell.number))
            }
            Self::AdjustTarget { scheme, office, indicator, field, .. } => {
                let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
                let target = state.targets.get(&key)?;
                Some((&target.value, target.number))
            }
            _ => None,
        }
    }

    fn check(&self, state: &State, today: Day, findings: &mut Report) {
        if let Self::AdjustTarget { scheme, .. } | Self::Exempt { scheme, .. } | Self::EndExemption { scheme, .. } =
            self
        {
            there::takes_changes(state, scheme, findings);
        }
        if let (Some(value), Some((standing, number))) = (self.value(), self.standing(state))
            && is_same(standing, &self.in_own_unit(state, value))
        {
            findings.push(refusal::unfit(
                Text::new(
                    format!("现在就是 {standing}（台账第 {number} 条）"),
                    format!("it is {standing} already (entry {number})"),
                ),
                Text::new("改成一样的数，什么也没有改", "the same value changes nothing"),
                Text::new("核对要改成的数", "look at the value"),
            ));
        }
        match self {
            Self::CorrectFigure { office, figure, period, value } => {
                let key = (office.clone(), figure.clone(), *period);
                if !state.cells.contains_key(&key) {
                    findings.push(refusal::unknown(&FIGURE, &format!("{office} {figure} {period}")));
                }
                let served = state.served(*period);
                findings.extend(state.figure_refuses(&served, office, figure, value));
                let given = |of: &FigureId| (of == figure).then(|| in_own_unit(state, figure, value).into_owned());
                findings.append(figures_beyond(state, (office, *period), &served, &[figure], &given));
                findings.extend(state.seal_on(&key).map(there::sealed));
            }
            Self::AdjustTarget { scheme, office, indicator, field, value } => {
                targets::known(state, scheme, indicator, Some(field), findings);
                let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
                if !state.targets.contains_key(&key) {
                    findings.push(refusal::not_now(
                        Text::new("没有下达过这项目标", "there is no such target"),
                        Text::new("调整的是下达过的目标", "an adjustment is about a target that was handed down"),
                        Text::new(
                            "核对单位、指标和字段；还没有下达的，先由上级下达",
                            "look at office, indicator and input; what was not handed down is handed down first",
                        ),
                    ));
                }
                findings.extend(targets::refuses(state, scheme, (indicator, field), office, value));
                findings.extend(targets::gap(state, &key, value));
            }
            Self::Exempt { scheme, office, indicator, instead } => {
                targets::known(state, scheme, indicator, None, findings);
                there::office(state, office, today, findings);
                if state.exemptions.contains_key(&(scheme.clone(), office.clone(), indicator.clone())) {
                    findings.push(refusal::taken(&EXEMPTION, &format!("{office} {indicator}")));
                }
                let outline = state.schemes.get(scheme).and_then(|scheme| scheme.outline());
                if let Some(found) = outline.and_then(|outline| outline.indicator(indicator.as_str())) {
                    instead_of(found, *instead, findings);
                    let mut others = state.exempt(scheme).filter(|((.., of), _)| of == indicator);
                    if let Some((_, other)) = others.find(|(_, other)| other.instead != *instead) {
                        findings.push(unlike(&found.name, other));
                    }
                }
            }
            Self::EndExemption { scheme, office, indicator } => {
                if !state.exemptions.contains_key(&(scheme.clone(), office.clone(), indicator.clone())) {
                    findings.push(refusal::unknown(&EXEMPTION, &format!("{office} {indicator}")));
                }
            }
            Self::ReviseResults { scheme, round } => {
                let found = state.results.get(&(scheme.clone(), round.clone()));
                if found.is_none_or(|results| results.sealed_by.is_none() && !results.reopened) {
                    findings.push(refusal::no_results(&RESULTS, scheme.as_str(), round));
                }
                if found.is_some_and(|results| results.reopened) {
                    findings.push(refusal::not_now(
                        Text::new("结果已经重开", "the results are opened again already"),
                        Text::new("一次结果只重开一次，改完再封存", "results are opened once, then sealed anew"),
                        Text::new("改完重新汇总、封存", "put them down and seal them anew"),
                    ));
                }
            }
        }
    }

    fn apply(
        &self,
        state: &mut State,
        (id, proposal): (&ProposalId, &Proposal),
        told: &Told<'_>,
        touched: &mut Touched,
    ) {
        match self {
            Self::CorrectFigure { office, figure, period, value } => {
                let key = (office.clone(), figure.clone(), *period);
                // The office signs for it by proposing it; whoever approves it signs for nobody's figure.
                let signed = (proposal.by.clone(), Some(account(told.by)));
                let value = in_own_unit(state, figure, value).into_owned();
                super::reports::set_cell(state, &key, (&value, &proposal.evidence), signed, told.number);
                touched.note(|| Key::Cell(key));
            }
            Self::AdjustTarget { scheme, office, indicator, field, value } => {
                let key = (scheme.clone(), office.clone(), indicator.clone(), field.clone());
                // Whoever adjusts it, it stays a part of what it was handed down from.
                let old = state.targets.get(&key);
                let from = old.map_or_else(|| OfficeId::from(&*told.by.office), |old| old.from.clone());
                let (adds_up, before) =
                    (old.is_some_and(|old| old.adds_up), old.map(Target::so_far).unwrap_or_default());
                let (value, adjusted) = (value.clone(), Some(id.clone()));
                let target = Target { value, from, number: told.number, adjusted, adds_up, before };
                state.targets.insert(key.clone(), target);
                touched.note(|| Key::Target(key));
            }
            Self::Exempt { scheme, office, indicator, instead } => {
                let key = (scheme.clone(), office.clone(), indicator.clone());
                let why = proposal.why.clone();
                let (number, since) = (told.number, told.today);
                let given = Exemption { proposal: id.clone(), why, instead: *instead, number, since };
                state.exemptions.insert(key.clone(), given);
                touched.note(|| Key::Exemption(key));
            }
            Self::EndExemption { scheme, office, indicator } => {
                let key = (scheme.clone(), office.clone(), indicator.clone());
                if let Some(exemption) = state.exemptions.remove(&key) {
                    let ended = Exempted { exemption, until: told.number };
                    state.exempted_before.entry(key.clone()).or_default().push(ended);
                }
                touched.note(|| Key::Exemption(key));
            }
            Self::ReviseResults { scheme, round } => {
                let key = (scheme.clone(), round.clone());
                if let Some(results) = state.results.get_mut(&key) {
                    // What was sealed belongs to the past; what is now waits for others.
                    results.reopened = true;
                    let (by, published) = (results.sealed_by.take(), results.published.take());
                    let (number, objections_until) = (results.sealed_in.take(), results.objections_until.take());
                    let sealed = by.zip(number);
                    let then = sealed.map(|(by, number)| SealedThen { by, number, objections_until, published });
                    results.earlier.extend(then);
                    results.shown = false;
                }
                touched.note(|| Key::Results(key));
            }
        }
    }
}

/// A value of a figure in the unit of that.
fn in_own_unit<'a>(state: &State, figure: &FigureId, value: &'a str) -> Cow<'a, str> {
    let own = state.cards.get(figure).and_then(|card| card.in_own_unit(value));
    own.map_or(Cow::Borrowed(value), Cow::Owned)
}

/// The same is proposed already.
fn pending(id: &ProposalId, found: &Proposal) -> Diagnostic {
    let (by, number) = (&found.by, found.number);
    let (zh, en) = match found.decision.value() {
        Some(value) => (format!("，要改成 {value}"), format!(" to make it {value}")),
        None => Default::default(),
    };
    refusal::not_now(
        Text::new(
            format!("同一件事已有申请“{id}”{zh}（{by}，台账第 {number} 条），还没有批复"),
            format!("`{id}` proposes the same{en} ({by}, entry {number}) and is not decided yet"),
        ),
        Text::new("同一件事一次只有一件申请在办", "one proposal about a thing waits at a time"),
        Text::new(
            "等它批复；写错了的，请批复人不批准，再另提",
            "wait for the decision; where it is wrong have it refused, then propose anew",
        ),
    )
}

/// What is to change has changed since.
fn moved_on(value: &str, number: u64) -> Diagnostic {
    refusal::not_now(
        Text::new(
            format!("申请以后这个数变过，现在是 {value}（台账第 {number} 条）"),
            format!("it changed since it was proposed, and is {value} now (entry {number})"),
        ),
        Text::new("批准的要是申请时看到的数", "what is approved is what was proposed of what stood then"),
        Text::new(
            "由批复的人不批准这一件，填报单位按现在的数另提",
            "refuse this one, and propose anew from what it is now",
        ),
    )
}

/// What an office gets that is exempt is said once: by the standard, else by the exemption.
fn instead_of(indicator: &Indicator, instead: Option<Instead>, findings: &mut Report) {
    match (indicator.not_applicable.as_str(), instead) {
        ("", None) => findings.push(
            Diagnostic::error(
                "exemption-undecided",
                Text::new(
                    format!("“{}”不考以后怎么计分，办法没有写，申请也没有写", indicator.name),
                    format!(
                        "what counts instead of `{}` is said neither by the scheme nor by the proposal",
                        indicator.name
                    ),
                ),
            )
            .why(Text::new(
                "免考的单位少了这一项的分；不说清，就等于悄悄记了零分",
                "an exempt office lacks these points; left unsaid, that would be zero in silence",
            ))
            .next(Text::new(
                "申请时选一种：按满分计、折算、减满分；或先修订办法，给这一项写“不适用时”",
                "say in the proposal what counts instead: full, scale or reduce; or first amend the scheme with \
             不适用时",
            )),
        ),
        ("", Some(Instead::Scale)) if !indicator.in_block => findings.push(refusal::unfit(
            Text::new(
                format!("“{}”不在任何块里，不能折算", indicator.name),
                format!("`{}` stands in no block and cannot be scaled", indicator.name),
            ),
            Text::new(
                "折算是把同一块里其余各项按比例放大；没有块，就等于记了零分",
                "what is scaled up is the rest of its block; without one it would be zero in silence",
            ),
            Text::new("改选按满分计或减满分", "take full points, or reduce the full mark"),
        )),
        ("", Some(_)) | (_, None) => (),
        (said, Some(_)) => findings.push(refusal::unfit(
            Text::new(
                format!("“{}”不适用时怎么办，办法已经写了（{}）", indicator.name, way(said).zh),
                format!("the scheme itself says what counts where `{}` does not apply ({said})", indicator.name),
            ),
            Text::new("办法写了的，不由申请另定", "what the scheme says is not for a proposal to decide"),
            Text::new("申请里不写这一项，按办法写的办", "leave it out of the proposal; the scheme says it"),
        )),
    }
}

/// What counts instead, in words.
fn way(name: &str) -> Text {
    let zh = match name {
        "full" => "满分",
        "zero" => "零分",
        "scale" => "折算",
        "reduce" => "减满分",
        "substitute" => "改评",
        other => other,
    };
    Text::new(zh, name)
}

/// Those who are exempt from one indicator get the same instead.
fn unlike(indicator: &str, other: &Exemption) -> Diagnostic {
    let said = way(other.instead.map(Instead::name).unwrap_or_default());
    refusal::unfit(
        Text::new(
            format!("“{indicator}”已有单位免考，按“{}”计（台账第 {} 条）", said.zh, other.number),
            format!("another office is exempt from `{indicator}` with `{}` instead (entry {})", said.en, other.number),
        ),
        Text::new("同一项免考，计法要一样", "whoever is exempt from the same is treated the same"),
        Text::new(
            "按已经批准的写：同一项的豁免都一样计",
            "write what was approved before: exemptions from one indicator count alike",
        ),
    )
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
            && !state.stands_for(&asked.by.office, office, asked.today)
        {
            findings.push(refusal::not_now(
                Text::new(
                    "数字只能由填报单位自己申请更正",
                    "only the office that reported a figure proposes to correct it",
                ),
                Text::new(
                    "谁报的谁负责，上级不能替下级改数",
                    "whoever reported a figure answers for it; nobody above changes it for them",
                ),
                Text::new(
                    "请填报单位的签发人申请更正；或由上级退回报表并写明原因，由它重报",
                    "ask the signer of that office to propose the correction, or send the report back with a reason \
             so that it is handed in anew",
                ),
            ));
        }
        let matter = self.decision.matter();
        let mut open = state.proposals.iter().filter(|(_, found)| found.decided.is_none());
        if let Some((id, found)) = open.find(|(_, found)| found.decision.matter() == matter) {
            findings.push(pending(id, found));
        }
        self.decision.check(state, asked.today, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let proposal = Proposal {
            decision: self.decision.clone(),
            by: account(told.by),
            office: OfficeId::from(&*told.by.office),
            why: told.why.into(),
            evidence: told.evidence.to_vec(),
            number: told.number,
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

    fn judges<'a>(&'a self, state: &'a State) -> Option<Judged<'a>> {
        let decision = &state.proposals.get(&self.proposal)?.decision;
        Some(match decision {
            Decision::AdjustTarget { scheme, office, .. }
            | Decision::Exempt { scheme, office, .. }
            | Decision::EndExemption { scheme, office, .. } => {
                Judged { scheme: Some(scheme), offices: Vec::from([office]) }
            }
            Decision::CorrectFigure { office, .. } => Judged { scheme: None, offices: Vec::from([office]) },
            Decision::ReviseResults { scheme, .. } => Judged { scheme: Some(scheme), offices: Vec::new() },
        })
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(proposal) = state.proposals.get(&self.proposal) else {
            findings.push(refusal::unknown(&PROPOSAL, self.proposal.as_str()));
            return;
        };
        if proposal.decided.is_some() {
            findings.push(refusal::not_now(
                Text::new("这件申请已经批复", "it has been decided already"),
                Text::new("一件申请只批复一次，批复了不改", "a proposal is decided once, and that stands"),
                Text::new(
                    "不用再办；情况变了的，另提一件申请",
                    "nothing is left to do; if things changed, make another proposal",
                ),
            ));
        }
        if let Some(finding) = second_person(asked.by, &proposal.by, &Text::new("申请", "proposing")) {
            findings.push(finding);
        }
        let own = proposal
            .decision
            .office(state)
            .is_some_and(|office| state.stands_for(&asked.by.office, office, asked.today));
        if own && !matches!(proposal.decision, Decision::ReviseResults { .. }) {
            findings.push(refusal::not_now(
                Text::new("涉及本单位的申请由上级批复", "what concerns the office itself is decided above it"),
                Text::new("自己不能批自己的", "nobody decides on his own matter"),
                Text::new(
                    "请上级单位的考评办或领导小组批复",
                    "leave it to the assessment office or leading group of an office above",
                ),
            ));
        }
        if !self.approved && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new("不批准", "a refusal")));
        }
        if self.approved && proposal.decided.is_none() {
            let moved = proposal.decision.standing(state).filter(|(_, number)| *number > proposal.number);
            findings.extend(moved.map(|(value, number)| moved_on(value, number)));
            proposal.decision.check(state, asked.today, findings);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let Some(proposal) = state.proposals.get_mut(&self.proposal) else { return };
        proposal.decided = Some((account(told.by), self.approved));
        touched.note(|| Key::Proposal(self.proposal.clone()));
        if self.approved {
            let proposal = proposal.clone();
            proposal.decision.apply(state, (&self.proposal, &proposal), told, touched);
        }
    }
}
