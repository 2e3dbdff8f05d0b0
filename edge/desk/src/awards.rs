//! Awards of a round, worked out from its sealed results.

use crate::scoring::{Contents, Model, algorithm, alone, award_lines, model_by, scores, totals};
use kaoping_assess::Strike;
use kaoping_office::{
    State,
    deeds::awards::ProposeAwards,
    ids::{OfficeId, SchemeId},
    state::{AwardLine, Version},
};
use kaoping_scheme::model::{AwardRule, VetoEffect};
use kaoping_terms::{Diagnostic, Lang, Report, Text};

/// So many who come next are named for each award.
const NEXT: usize = 3;

/// Awards of a round, and what was found on the way.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The deed that proposes them.
    pub act: ProposeAwards,
    /// What was found on the way.
    pub findings: Report,
}

/// The awards of a round as they follow from its results, from what was refused, and from who was judged. Who comes
/// in the place of one that is refused is worked out as if the refused one had not taken part.
///
/// # Errors
/// There are no results, they do not follow from the figures any more, or an award is not one that is judged.
pub fn propose(
    state: &State,
    scheme: &SchemeId,
    round: &str,
    (judged, objection_days): (Vec<AwardLine>, u16),
    contents: Contents<'_>,
) -> Result<Proposed, Report> {
    let key = (scheme.clone(), String::from(round));
    let (version, before) = followed(state, scheme, round, contents)?;
    let mut wrong = Report::new();
    let all = before.loaded.compiled.standard.schemes.first().map(|scheme| scheme.awards.as_slice());
    let by_people: Vec<&str> = all
        .unwrap_or_default()
        .iter()
        .filter(|award| matches!(award.rule, AwardRule::Judged { .. }))
        .map(|award| award.name.as_str())
        .collect();
    for line in judged.iter().filter(|line| !by_people.contains(&line.award.as_str())) {
        wrong.push(not_judged(&line.award));
    }
    if wrong.has_errors() {
        return Err(wrong);
    }
    let refused = refused(state, &key);
    let model = model_by(state, scheme, version, (round, &refused), contents)?;
    let unfit = judged_unfit(&model, &judged);
    if unfit.has_errors() {
        return Err(unfit);
    }
    let judged = judged.into_iter().filter(|line| !refused.contains(&(line.award.clone(), line.office.clone())));
    let act = ProposeAwards {
        scheme: scheme.clone(),
        round: round.into(),
        version: version.number,
        at: state.size,
        awards: winners(&model),
        passed_over: award_lines(|visit| model.lines().passed_over(NEXT, Lang::Zh, visit)),
        judged: judged.collect(),
        objection_days,
    };
    Ok(Proposed { act, findings: model.findings })
}

/// Whether the results of a round are what its figures, events and targets come to now: only such are sealed.
///
/// # Errors
/// There are none, they do not follow any more, or what they follow from cannot be scored now.
pub fn still_follow(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<(), Report> {
    followed(state, scheme, round, contents).map(|_| ())
}

/// The version the results of a round were scored by, and the round as it is scored now, which is the same.
fn followed<'a>(
    state: &'a State,
    scheme: &SchemeId,
    round: &str,
    contents: Contents<'_>,
) -> Result<(&'a Version, Model), Report> {
    let versions = state.schemes.get(scheme).map(|scheme| scheme.versions.as_slice()).unwrap_or_default();
    let results = state.results.get(&(scheme.clone(), String::from(round)));
    let version = results.and_then(|results| versions.iter().find(|version| version.number == results.version));
    let (Some(results), Some(version)) = (results, version) else { return Err(alone(no_results(scheme, round))) };
    let model = model_by(state, scheme, version, (round, &[]), contents)?;
    let hash = algorithm(state).hash(&[scores(&model).0.as_bytes()]);
    if hash != results.scores || totals(&model.lines()) != results.totals || winners(&model) != results.awards {
        return Err(alone(results_moved(scheme, round)));
    }
    Ok((version, model))
}

/// Which awards whom was refused.
fn refused(state: &State, key: &(SchemeId, String)) -> Vec<(String, OfficeId)> {
    state.awards.get(key).map(|awards| awards.refused.keys().cloned().collect()).unwrap_or_default()
}

/// A round with its awards as they follow now, proposed or not: by the version of its results, else by the one in
/// force, and without those that were refused.
///
/// # Errors
/// The standard or a figure cannot be used.
pub fn considered(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<Model, Report> {
    let key = (scheme.clone(), String::from(round));
    let versions = state.schemes.get(scheme).map(|scheme| scheme.versions.as_slice()).unwrap_or_default();
    let results = state.results.get(&key);
    let by_results = results.and_then(|results| versions.iter().find(|version| version.number == results.version));
    let Some(version) = by_results.or(versions.last()) else { return Err(alone(no_results(scheme, round))) };
    model_by(state, scheme, version, (round, &refused(state, &key)), contents)
}

fn winners(model: &Model) -> Vec<AwardLine> {
    award_lines(|visit| model.lines().awards(Lang::Zh, visit))
}

fn no_results(scheme: &SchemeId, round: &str) -> Diagnostic {
    Diagnostic::error(
        "not-in-the-record",
        Text::new(format!("“{scheme}”{round} 还没有结果"), format!("there are no results of `{scheme}` {round}")),
    )
    .why(Text::new("奖项从封存的结果得出", "awards follow from sealed results"))
    .next(Text::new(
        "先由考评办汇总，再由领导小组封存",
        "the assessment office puts them down first, then the leading group seals them",
    ))
}

fn results_moved(scheme: &SchemeId, round: &str) -> Diagnostic {
    Diagnostic::error(
        "results-moved-on",
        Text::new(
            format!("汇总以后又有了变化，现在算“{scheme}”{round}，与汇总的结果不同"),
            format!(
                "since they were put down something changed: scored now, `{scheme}` {round} comes to other results"
            ),
        ),
    )
    .why(Text::new(
        "封存、得出奖项的，只能是现在的事件、豁免、目标和数字得出的结果",
        "what is sealed and what awards follow from is what events, exemptions, targets and figures come to now",
    ))
    .next(Text::new(
        "没有封存的，由考评办重新汇总，领导小组再封存；已经封存的，由考评办先申请重开，另一人批准",
        "the assessment office puts them down anew, then the leading group seals them; where they are \
             sealed already, the assessment office proposes to open them first",
    ))
}

/// Winners of judged awards that the standard bars from them, and more of them than it has places for.
fn judged_unfit(model: &Model, judged: &[AwardLine]) -> Report {
    let mut found = Report::new();
    let standard = model.loaded.compiled.standard.schemes.first();
    let (awards, vetoes) =
        standard.map(|scheme| (scheme.awards.as_slice(), scheme.vetoes.as_slice())).unwrap_or_default();
    for (position, award) in awards.iter().enumerate() {
        let AwardRule::Judged { at_most, .. } = award.rule else { continue };
        let lines = || judged.iter().filter(|line| line.award == award.name);
        if lines().count() > at_most {
            found.push(too_many(&award.name, lines().count(), at_most));
        }
        let bars = |effect: &VetoEffect| match effect {
            VetoEffect::AwardBarred(None) => true,
            VetoEffect::AwardBarred(Some(barred)) => *barred == position,
            _ => false,
        };
        for line in lines() {
            let Some(unit) = model.given.units.find(line.office.as_str()) else { continue };
            let strikes = |at: usize| model.assessment.vetoes.get(at).and_then(|struck| struck.get(unit as usize));
            let mut struck = vetoes.iter().enumerate().filter(|(_, veto)| veto.effects.iter().any(bars));
            let struck = struck.find(|(at, _)| strikes(*at) == Some(&Strike::Yes));
            found.extend(struck.map(|(_, veto)| barred(&award.name, line.office.as_str(), &veto.name)));
        }
    }
    found
}

fn barred(award: &str, office: &str, veto: &str) -> Diagnostic {
    Diagnostic::error(
        "award-barred",
        Text::new(
            format!("“{office}”被“{veto}”取消资格，不能得“{award}”"),
            format!("`{office}` is barred by `{veto}` and cannot win `{award}`"),
        ),
    )
    .why(Text::new(
        "办法写明出了这样的事取消奖，评审的奖也一样",
        "the standard takes awards away where that happened, and those that are judged with them",
    ))
    .next(Text::new(
        "换一个单位；事情不实的，先撤回那件事",
        "give it to another office; where it is not so, withdraw the event first",
    ))
}

fn too_many(award: &str, count: usize, most: usize) -> Diagnostic {
    Diagnostic::error(
        "award-above-quota",
        Text::new(
            format!("“{award}”最多 {most} 个，写了 {count} 个"),
            format!("`{award}` has {most} places, and {count} are given"),
        ),
    )
    .why(Text::new("办法写明最多几个", "the standard says how many there are at most"))
    .next(Text::new("去掉多的；名额要改，先修订办法", "leave some out; to have more amend the standard first"))
}

fn not_judged(award: &str) -> Diagnostic {
    Diagnostic::error(
        "award-not-judged",
        Text::new(format!("“{award}”不是由评审决定的奖项"), format!("`{award}` is not an award that is judged")),
    )
    .why(Text::new("由分数、名次决定的奖项由程序得出", "what points and places decide is worked out by the program"))
    .next(Text::new("去掉它，或核对奖项的名称", "leave it out, or look at the name"))
}
