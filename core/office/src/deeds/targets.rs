//! Targets: handed down in parts that add up, accepted by both sides.

use super::{FIELD, INDICATOR, OFFICE, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{FigureId, IndicatorId, OfficeId, SchemeId},
    outline::{Field, Indicator},
    refusal,
    rights::{Relation, Right, Role, account},
    state::{Letter, Measure, State, Target, TargetKey},
    tables::{Key, Touched},
    takes::{Amount, Takes, plain},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Diagnostic, Exact, Report, Text};
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
        let outline = state.schemes.get(&self.scheme).and_then(|scheme| scheme.outline());
        let fields = outline.and_then(|outline| outline.indicator(self.indicator.as_str())).map(|found| &found.fields);
        there::takes_changes(state, &self.scheme, findings);
        if self.parts.is_empty() {
            findings.push(there::nothing(&self.word()));
        }
        let is_judged = |field: &Field| field.name == self.field && (field.by_assessor || field.judged);
        if fields.is_some_and(|all| all.iter().any(is_judged)) {
            findings.push(refusal::unfit(
                Text::new(
                    format!("“{}/{}”由人评分，不下达", self.indicator, self.field),
                    format!("`{}/{}` is a score somebody gives and not handed down", self.indicator, self.field),
                ),
                Text::new(
                    "下达一个得分，就没有人评过它；评分要有评的人和理由",
                    "a score that is handed down was given by nobody; a judgement has a judge and a reason",
                ),
                Text::new("用“评分”，在轮次里评", "assess it in a round (`assess`)"),
            ));
        }
        if fields.is_some_and(|all| all.iter().any(|field| field.name == self.field && field.figure.is_some())) {
            findings.push(refusal::unfit(
                Text::new(
                    format!("“{}/{}”由单位填报，不下达", self.indicator, self.field),
                    format!("`{}/{}` is reported by the offices and not handed down", self.indicator, self.field),
                ),
                Text::new(
                    "下达的是目标；完成了多少，要有人填、有人审、有人签",
                    "what is handed down is a target; what was achieved is filled in, looked through and signed",
                ),
                Text::new("核对是哪个数", "look at which input is meant"),
            ));
        }
        there::named_twice(&OFFICE, self.parts.iter().map(|part| part.office.as_str()), findings);
        for part in &self.parts {
            there::office(state, &part.office, asked.today, findings);
            let input = (&self.indicator, self.field.as_str());
            findings.extend(refuses(state, &self.scheme, input, &part.office, &part.value));
            let key = (self.scheme.clone(), part.office.clone(), self.indicator.clone(), self.field.clone());
            if state.targets.contains_key(&key) {
                findings.push(refusal::not_now(
                    Text::new(
                        format!("“{}”的这项目标已经下达", part.office),
                        format!("`{}` has this target already", part.office),
                    ),
                    Text::new(
                        "下达一次就定了，改要有人申请、有人批准",
                        "what was handed down stands; a change is proposed and decided",
                    ),
                    Text::new(
                        "由本单位签发人申请年中调整，附材料，另一人批复",
                        "the signer of the office proposes an adjustment (propose) with a paper, and another person \
             decides",
                    ),
                ));
            }
        }
        let parts = self.parts.iter().map(|part| (&part.office, part.value.as_str())).collect();
        let from = OfficeId::from(&*asked.by.office);
        let input = (&self.scheme, &self.indicator, self.field.as_str());
        if let Some((sum, whole)) = whole_and_parts(state, input, &from, &parts, true).filter(|_| self.adds_up)
            && asked.why.trim().is_empty()
        {
            findings.push(refusal::unfit(
                Text::new(
                    format!("各部分之和是 {sum}，本级承担的是 {whole}"),
                    format!("the parts add up to {sum}, the office was given {whole}"),
                ),
                Text::new("分解要与整体相符", "the parts have to make up the whole"),
                Text::new("改各部分；有意加码的，写明原因", "mend the parts; where more is meant, say why"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        for part in &self.parts {
            let key = (self.scheme.clone(), part.office.clone(), self.indicator.clone(), self.field.clone());
            let from = OfficeId::from(&*told.by.office);
            let before = state.targets.get(&key).map(Target::so_far).unwrap_or_default();
            let (value, adds_up) = (part.value.clone(), self.adds_up);
            let target = Target { value, from, number: told.number, adjusted: None, adds_up, before };
            state.targets.insert(key.clone(), target);
            touched.note(|| Key::Target(key));
        }
    }
}

/// Why a target cannot be scored: it is no number, of another unit, or out of the range of its input.
pub(super) fn refuses(
    state: &State,
    scheme: &SchemeId,
    (indicator, field): (&IndicatorId, &str),
    office: &OfficeId,
    value: &str,
) -> Option<Diagnostic> {
    let outline = state.schemes.get(scheme)?.outline()?;
    let indicator = outline.indicator(indicator.as_str())?;
    let field = indicator.fields.iter().find(|known| known.name == field)?;
    let found = uncountable(state, (indicator, field), office, value);
    if let Some(found) = found.or_else(|| unreachable(state, (indicator, field), office, value)) {
        return Some(found);
    }
    if field.takes == Takes::Text {
        // Nothing is known of the input; a target is a number all the same.
        let any = Takes::Number(Amount { like: Some(String::new()), ..Amount::default() });
        let field = Field { takes: any, ..field.clone() };
        return state.input_refuses(scheme, (indicator, &field), office, value);
    }
    state.input_refuses(scheme, (indicator, field), office, value)
}

/// A target with decimals for what is counted in whole numbers: the figures it is compared with take none.
fn uncountable(
    state: &State,
    (indicator, field): (&Indicator, &Field),
    office: &OfficeId,
    value: &str,
) -> Option<Diagnostic> {
    let unit = state.unit_of(indicator, field)?;
    let like = |figure: &FigureId| match &state.cards.get(figure)?.measure {
        Measure::Number { unit: own, places, .. } if *own == unit => Some(*places),
        _ => None,
    };
    let mut places = indicator.fields.iter().filter_map(|of| like(of.figure.as_ref()?)).peekable();
    places.peek()?;
    let whole = places.all(|places| places == 0);
    let number = state.number_in_input((indicator, field), value).filter(|number| whole && !number.is_whole())?;
    let (number, at) = (plain(&number), (&indicator.id, &field.name));
    Some(refusal::unfit(
        Text::new(
            format!("“{office}”的“{}/{}”：{number} {unit}不是整数", at.0, at.1),
            format!("`{}/{}` of `{office}`: {number} {unit} is no whole number", at.0, at.1),
        ),
        Text::new("和它比的数据项不带小数，差零点几就永远够不着", "the figure it is compared with takes no decimals"),
        Text::new("改成整数", "make it a whole number"),
    ))
}

/// A target no figure it is compared with can come to.
fn unreachable(
    state: &State,
    (indicator, field): (&Indicator, &Field),
    office: &OfficeId,
    value: &str,
) -> Option<Diagnostic> {
    let unit = state.unit_of(indicator, field)?;
    let number = state.number_in_input((indicator, field), value)?;
    let bound = |text: &Option<String>| Exact::parse(text.as_deref()?);
    let beyond = |figure: &FigureId| match &state.cards.get(figure)?.measure {
        Measure::Number { unit: own, least, most, .. } if *own == unit => {
            let above = most.clone().filter(|_| bound(most).is_some_and(|most| number > most));
            let below = least.clone().filter(|_| bound(least).is_some_and(|least| number < least));
            above.map(|most| ("最多是", "at most", most)).or(below.map(|least| ("最少是", "at least", least)))
        }
        _ => None,
    };
    let mut compared = indicator.fields.iter().filter_map(|of| Some((&of.name, of.figure.as_ref()?)));
    let (name, (zh, en, bound)) = compared.find_map(|(name, figure)| Some((name, beyond(figure)?)))?;
    let (number, at) = (plain(&number), (&indicator.id, &field.name));
    Some(refusal::unfit(
        Text::new(
            format!("“{office}”的“{}/{}”是 {number}{unit}，“{name}”{zh} {bound}{unit}", at.0, at.1),
            format!("`{}/{}` of `{office}` is {number} {unit}, and `{name}` is {en} {bound} {unit}", at.0, at.1),
        ),
        Text::new("够不着的目标，怎么办都完不成", "nobody can meet a target that no figure comes to"),
        Text::new("核对目标，或改数据项的取值范围", "look at the target, or change the range of the figure"),
    ))
}

/// What the parts an office handed down add up to, and what it was given itself, where the two differ; some of the
/// parts with other values than they have. `all`: parts count that need not add up, too.
fn whole_and_parts(
    state: &State,
    (scheme, indicator, field): (&SchemeId, &IndicatorId, &str),
    from: &OfficeId,
    changed: &BTreeMap<&OfficeId, &str>,
    all: bool,
) -> Option<(String, String)> {
    let outline = state.schemes.get(scheme)?.outline()?;
    let found = outline.indicator(indicator.as_str())?;
    let input = found.fields.iter().find(|known| known.name == field)?;
    let number = |value: &str| state.number_in_input((found, input), value);
    let given = |office: &OfficeId| {
        let key = (scheme.clone(), office.clone(), indicator.clone(), String::from(field));
        changed.get(office).copied().or_else(|| Some(state.targets.get(&key)?.value.as_str()))
    };
    let whole = number(given(from)?)?;
    let mine = state.targets.iter().filter(|((of, _, at, name), target)| {
        of == scheme && at == indicator && name == field && target.from == *from && (all || target.adds_up)
    });
    let mut parts: BTreeMap<&OfficeId, &str> =
        mine.map(|((_, office, ..), target)| (office, target.value.as_str())).collect();
    let is_part = |office: &OfficeId| all || parts.contains_key(office);
    let anew: Vec<_> = changed.iter().filter(|(office, _)| **office != from && is_part(office)).collect();
    parts.extend(anew.into_iter().map(|(office, value)| (*office, *value)));
    if parts.is_empty() {
        return None;
    }
    let parts: Vec<Exact> = parts.values().filter_map(|value| number(value)).collect();
    let sum = Exact::sum(&parts);
    (sum != whole).then(|| (plain(&sum), plain(&whole)))
}

/// That parts and whole do not agree any more once a target has that value: a gap somebody has to close.
pub(super) fn gap(state: &State, key: &TargetKey, value: &str) -> Option<Diagnostic> {
    let (scheme, office, indicator, field) = key;
    let changed = BTreeMap::from([(office, value)]);
    let above = state.targets.get(key).filter(|target| target.adds_up).map(|target| &target.from);
    let wholes = above.into_iter().chain([office]);
    let input = (scheme, indicator, field.as_str());
    wholes.into_iter().find_map(|from| {
        let (sum, whole) = whole_and_parts(state, input, from, &changed, false)?;
        let finding = Diagnostic::warning(
            "parts-and-whole-differ",
            Text::new(
                format!("调整以后，“{from}”分解的“{indicator}/{field}”合计 {sum}，它自己承担的是 {whole}"),
                format!(
                    "with it the parts of `{indicator}/{field}` of `{from}` add up to {sum}, and it was given {whole}"
                ),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "分解要与整体相符；差的部分没有人承担",
                    "parts make up the whole; nobody answers for the gap",
                ))
                .next(Text::new(
                    "再调整别的部分或整体；有意留差的，写在申请的理由里",
                    "adjust other parts or the whole; where the gap is meant, say so in the reason",
                )),
        )
    })
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
                Text::new(
                    "责任书写的是分到的目标，没有目标就没有可签的",
                    "the letter is about the targets handed down; without one there is nothing to sign",
                ),
                Text::new(
                    "先由上级考评办或牵头单位下达目标，再签",
                    "the assessment office or lead unit above hands targets down first, then it is accepted",
                ),
            ));
        }
        let letter = state.letters.get(&(self.scheme.clone(), self.office.clone()));
        let own = state.stands_for(&asked.by.office, &self.office, asked.today);
        let side = letter.and_then(|letter| if own { letter.lower.as_ref() } else { letter.upper.as_ref() });
        if side.is_some_and(|(_, accepted)| state.given_since(&self.scheme, &self.office, *accepted) == 0) {
            findings.push(refusal::not_now(
                Text::new("这一方已经签过", "this side has accepted it already"),
                Text::new(
                    "责任书两方各签一次，签后又下达目标的再签",
                    "each side accepts the letter once, and again after further targets were handed down",
                ),
                other_side(&self.office, letter, own),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let key = (self.scheme.clone(), self.office.clone());
        let own = state.stands_for(&told.by.office, &self.office, told.today);
        let letter = state.letters.entry(key.clone()).or_default();
        let side = if own { &mut letter.lower } else { &mut letter.upper };
        *side = Some((account(told.by), told.number));
        touched.note(|| Key::Letter(key));
    }
}

impl State {
    /// How many targets an office was given after an entry that accepted its letter: these the letter does not hold.
    pub fn given_since(&self, scheme: &SchemeId, office: &OfficeId, accepted: u64) -> usize {
        let begins = (scheme.clone(), office.clone(), IndicatorId::least(), String::new());
        let own = self.targets.range(begins..).take_while(|((of, to, ..), _)| of == scheme && to == office);
        own.filter(|(_, target)| target.entries().first().is_some_and(|first| *first > accepted)).count()
    }
}

/// What is left to do for a letter that one side has accepted, and who does it.
fn other_side(office: &OfficeId, letter: Option<&Letter>, own: bool) -> Text {
    let both = letter.is_some_and(|letter| letter.lower.is_some() && letter.upper.is_some());
    match (both, own) {
        (true, _) => Text::new("两方都签了，责任书已经生效，不用再办", "both sides have; nothing is left to do"),
        (false, true) => Text::new(
            "等上级的签发人或领导小组签，两方都签了才生效",
            "wait for the signer or leading group of the office above; it holds once both sides have accepted it",
        ),
        (false, false) => Text::new(
            format!("等“{office}”的签发人签，两方都签了才生效"),
            format!("wait for the signer of `{office}`; it holds once both sides have accepted it"),
        ),
    }
}
