//! Functions and domains, in Chinese and in English. These are words of the language; the
//! kinds of rules a regulation uses are not: they are written in the language.

use kaoping_program::{Aggregate, StepMode};
use kaoping_terms::Rounding;

/// What a function name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// 较小: the smallest of its arguments.
    Smaller,
    /// 较大: the largest of its arguments.
    Larger,
    /// 夹(x, lo, hi).
    Clamp,
    /// 步数(x, step, mode).
    Steps,
    /// 取到(x, step, mode).
    Round,
    /// 已报(x).
    Reported,
    /// 去年同期(x).
    LastYear,
    /// 增长(x) = x / 去年同期(x) − 1.
    Growth,
    /// 位次(x).
    Rank,
    /// 占比(x) = x / 合计(x).
    Share,
    /// 最优(x): highest, or lowest where lower is better.
    Best,
    /// An aggregate.
    Aggregate(Aggregate),
}

/// Functions: Chinese, English, meaning.
const FUNCTIONS: &[(&str, &str, Function)] = &[
    ("较小", "min", Function::Smaller),
    ("较大", "max", Function::Larger),
    ("夹", "clamp", Function::Clamp),
    ("步数", "steps", Function::Steps),
    ("取到", "round", Function::Round),
    ("已报", "reported", Function::Reported),
    ("去年同期", "last_year", Function::LastYear),
    ("增长", "growth", Function::Growth),
    ("位次", "rank", Function::Rank),
    ("占比", "share", Function::Share),
    ("最优", "best", Function::Best),
    ("最高", "highest", Function::Aggregate(Aggregate::Highest)),
    ("最低", "lowest", Function::Aggregate(Aggregate::Lowest)),
    ("合计", "sum", Function::Aggregate(Aggregate::Sum)),
    ("累计", "cumulative", Function::Aggregate(Aggregate::Sum)),
    ("平均", "mean", Function::Aggregate(Aggregate::Mean)),
    ("中位", "median", Function::Aggregate(Aggregate::Median)),
    ("件数", "count", Function::Aggregate(Aggregate::Count)),
    ("单位数", "unit_count", Function::Aggregate(Aggregate::Count)),
    ("去高低平均", "trimmed_mean", Function::Aggregate(Aggregate::TrimmedMean)),
    ("最后", "last", Function::Aggregate(Aggregate::Last)),
    ("全部", "all", Function::Aggregate(Aggregate::AllOf)),
    ("任一", "any", Function::Aggregate(Aggregate::AnyOf)),
];

/// The function of that name.
pub fn function(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(zh, en, _)| name == *zh || name == *en).map(|(_, _, function)| *function)
}

/// A function as the language writes it, in Chinese and in English.
pub fn function_words(function: Function) -> (&'static str, &'static str) {
    let found = FUNCTIONS.iter().find(|(_, _, known)| *known == function);
    found.map_or(("", ""), |(zh, en, _)| (zh, en))
}

/// All function names, for "did you mean".
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().flat_map(|(zh, en, _)| [*zh, *en])
}

/// What an aggregate runs over, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainWord {
    /// 同组.
    Peers,
    /// 全体.
    All,
    /// 下级.
    Subordinates,
    /// 各期, 各月, 各季.
    Periods,
    /// 各评委.
    Assessors,
    /// 各项.
    Items,
}

/// Domains: Chinese, English, meaning.
const DOMAINS: &[(&str, &str, DomainWord)] = &[
    ("同组", "peers", DomainWord::Peers),
    ("全体", "everyone", DomainWord::All),
    ("下级", "subordinates", DomainWord::Subordinates),
    ("各期", "periods", DomainWord::Periods),
    ("各月", "months", DomainWord::Periods),
    ("各季", "quarters", DomainWord::Periods),
    ("各评委", "assessors", DomainWord::Assessors),
    ("各项", "items", DomainWord::Items),
];

/// The domain of that name.
pub fn domain(name: &str) -> Option<DomainWord> {
    DOMAINS.iter().find(|(zh, en, _)| name == *zh || name == *en).map(|(_, _, domain)| *domain)
}

/// A domain as the language writes it, in Chinese and in English, by either word.
pub fn domain_words(word: &str) -> Option<(&'static str, &'static str)> {
    DOMAINS.iter().find(|(zh, en, _)| word == *zh || word == *en).map(|(zh, en, _)| (*zh, *en))
}

/// How a partial step counts: Chinese, English, meaning.
const STEP_MODES: &[(&str, &str, StepMode)] = &[
    ("整步", "whole", StepMode::Whole),
    ("按比例", "proportional", StepMode::Proportional),
    ("进一步", "begun", StepMode::Up),
];

/// How a partial step counts.
pub fn step_mode(word: &str) -> Option<StepMode> {
    STEP_MODES.iter().find(|(zh, en, _)| word == *zh || word == *en).map(|(_, _, mode)| *mode)
}

/// How a partial step counts, as the language writes it, in Chinese and in English.
pub fn step_mode_words(mode: StepMode) -> (&'static str, &'static str) {
    let found = STEP_MODES.iter().find(|(_, _, known)| *known == mode);
    found.map_or(("", ""), |(zh, en, _)| (zh, en))
}

/// How a number is rounded: Chinese, English, meaning.
pub const ROUNDINGS: &[(&str, &str, Rounding)] = &[
    ("四舍五入", "half_up", Rounding::HalfUp),
    ("五成双", "half_even", Rounding::HalfEven),
    ("去尾", "down", Rounding::Down),
    ("进一", "up", Rounding::Up),
];

/// How a number is rounded.
pub fn rounding(word: &str) -> Option<Rounding> {
    ROUNDINGS.iter().find(|(zh, en, _)| word == *zh || word == *en).map(|(_, _, mode)| *mode)
}

/// How a number is rounded, as the language writes it, in Chinese and in English.
pub fn rounding_words(mode: Rounding) -> (&'static str, &'static str) {
    let found = ROUNDINGS.iter().find(|(_, _, known)| *known == mode);
    found.map_or(("", ""), |(zh, en, _)| (zh, en))
}

/// Yes and no.
pub fn truth(word: &str) -> Option<bool> {
    match word {
        "是" | "yes" => Some(true),
        "否" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        DOMAINS, FUNCTIONS, ROUNDINGS, STEP_MODES, domain, domain_words, function, function_words, rounding,
        rounding_words, step_mode, step_mode_words,
    };

    /// What is printed in either language is read again as the same.
    #[test]
    fn words_lead_back_to_what_they_mean() {
        for (.., meaning) in FUNCTIONS {
            let (zh, en) = function_words(*meaning);
            assert_eq!((function(zh), function(en)), (Some(*meaning), Some(*meaning)), "{zh} {en}");
        }
        for (.., mode) in STEP_MODES {
            let (zh, en) = step_mode_words(*mode);
            assert_eq!((step_mode(zh), step_mode(en)), (Some(*mode), Some(*mode)));
        }
        for (.., mode) in ROUNDINGS {
            let (zh, en) = rounding_words(*mode);
            assert_eq!((rounding(zh), rounding(en)), (Some(*mode), Some(*mode)));
        }
        for (zh, en, meaning) in DOMAINS {
            assert_eq!((domain(zh), domain_words(en)), (Some(*meaning), Some((*zh, *en))));
        }
        assert_eq!(
            (function("每月"), domain_words("每月"), rounding("取整"), step_mode("半步")),
            (None, None, None, None)
        );
    }
}
