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

/// How a partial step counts.
pub fn step_mode(word: &str) -> Option<StepMode> {
    match word {
        "整步" | "whole" => Some(StepMode::Whole),
        "按比例" | "proportional" => Some(StepMode::Proportional),
        "进一步" | "begun" => Some(StepMode::Up),
        _ => None,
    }
}

/// How a number is rounded.
pub fn rounding(word: &str) -> Option<Rounding> {
    match word {
        "四舍五入" | "half_up" => Some(Rounding::HalfUp),
        "五成双" | "half_even" => Some(Rounding::HalfEven),
        "去尾" | "down" => Some(Rounding::Down),
        "进一" | "up" => Some(Rounding::Up),
        _ => None,
    }
}

/// Yes and no.
pub fn truth(word: &str) -> Option<bool> {
    match word {
        "是" | "yes" => Some(true),
        "否" | "no" => Some(false),
        _ => None,
    }
}
