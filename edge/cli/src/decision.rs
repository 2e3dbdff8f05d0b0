//! A policy to decide by, and which of its decisions.

use crate::{
    say::{self, Ending, Refusal, Style},
    varied::{options, unused_choices},
};
use kaoping_intake::load::{Loaded, load_to_use};
use kaoping_scheme::model::{Decision, Standard};
use kaoping_terms::{Diagnostic, Text, nearest::nearest};
use std::path::Path;

/// Reads and checks a policy to decide by, with what the command line varies about it.
///
/// # Errors
/// What makes it unfit was told.
pub fn fit_to_decide(policy: &Path, as_of: Option<&str>, choose: &[String], style: Style) -> Result<Loaded, Refusal> {
    let (options, mut report) = options(as_of, choose);
    let loaded = load_to_use(policy, &options);
    report.append(unused_choices(&loaded, &options));
    loaded.findings.iter().chain(&loaded.unsound).for_each(|finding| report.push(finding.clone()));
    let findings = report.into_sorted();
    let ending = if loaded.usable { say::ending(&findings) } else { Ending::Unusable };
    match ending {
        Ending::Done => Ok(loaded),
        _ => Err(Refusal::new(ending, &findings, &loaded.policy.sources, style)),
    }
}

/// The decision that was named, or the only one.
///
/// # Errors
/// There is none, none of that name, or several and no name.
pub fn wanted<'s>(standard: &'s Standard, name: Option<&str>) -> Result<&'s Decision, Box<Diagnostic>> {
    let decisions = &standard.decisions;
    let names: Vec<&str> = decisions.iter().map(|decision| decision.name.as_str()).collect();
    let listed = Text::new(names.join("、"), names.join(", "));
    let Some(name) = name else {
        return match &decisions[..] {
            [only] => Ok(only),
            [] => Err(Box::new(
                Diagnostic::error(
                    "no-decision",
                    Text::new("方案里没有“决定”，不能逐行算", "the policy has no decision to make row by row"),
                )
                .why(Text::new(
                    "考核方案用 kaoping score 评分；逐行算要有一个 决定",
                    "an assessment is scored with `kaoping score`; rows need a 决定",
                ))
                .next(Text::new("换一个方案，或用 kaoping score", "choose another policy, or use `kaoping score`")),
            )),
            _ => Err(Box::new(
                Diagnostic::error(
                    "decision-not-named",
                    Text::new("方案里有几个“决定”，不知道用哪一个", "the policy has several decisions"),
                )
                .why(Text::new(format!("有：{}", listed.zh), format!("they are: {}", listed.en)))
                .next(Text::new("用 --decision 写明", "name one with --decision")),
            )),
        };
    };
    decisions.iter().find(|decision| decision.name == name).ok_or_else(|| {
        let hint = nearest(name, names.iter().copied());
        let (zh, en) =
            hint.map(|hint| (format!("是不是“{hint}”？"), format!("did you mean `{hint}`? "))).unwrap_or_default();
        Box::new(
            Diagnostic::error(
                "unknown-decision",
                Text::new(format!("方案里没有“{name}”这个决定"), format!("the policy has no decision `{name}`")),
            )
            .why(Text::new(format!("有：{}", listed.zh), format!("they are: {}", listed.en)))
            .next(Text::new(format!("{zh}改用其中之一"), format!("{en}use one of them"))),
        )
    })
}
