//! What is said of work inside the engine.

use kaoping_terms::{Diagnostic, Text};

/// How a refusal on account of another policy is known again in what an engine says.
const OTHER_POLICY: &str = "policy-differs";

/// What a node says that is asked to decide by another policy.
pub(crate) fn other_policy(own: &str, wanted: &str) -> String {
    format!("{OTHER_POLICY}: this node decides by {own}, and was asked to decide by {wanted}")
}

/// The engine ended without a result.
pub(crate) fn engine_stopped(reason: &str) -> Diagnostic {
    let lines: Vec<&str> = reason.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let reason = lines.join(" ");
    if let Some((_, found)) = reason.split_once(&format!("{OTHER_POLICY}: ")) {
        // The engine wraps what a node says into words of its own.
        let reason = found.split(['\\', '"', '\'', ')']).next().unwrap_or(found);
        return Diagnostic::error(
            OTHER_POLICY,
            Text::new("有一台机器用的是另一个方案，拒绝一起算", "a machine decides by another policy and refuses"),
        )
        .why(Text::new(
            format!("方案、改的选择、日期、决定、语言、程序版本，每台都要一样。它说：{reason}"),
            format!("policy, choices, day, decision, language and version have to be the same everywhere: {reason}"),
        ))
        .next(Text::new(
            "把同一个方案文件夹放到每台机器上，用同样的选项重新启动",
            "put one policy folder on all machines and start them again with the same options",
        ));
    }
    Diagnostic::error("engine-stopped", Text::new("引擎没有算完，没有结果", "the engine stopped; there is no result"))
        .why(Text::new(format!("它说：{reason}"), format!("it says: {reason}")))
        .next(Text::new(
            "看调度机和执行机还在不在、是不是都读得到这些文件，再算一次",
            "see that the scheduler and executors are there and can all read the files, and run again",
        ))
}

/// A column to sort by that the table does not have.
pub(crate) fn key_unknown<'h>(name: &str, heads: impl Iterator<Item = &'h str>) -> Diagnostic {
    let heads: Vec<&str> = heads.collect();
    Diagnostic::error(
        "key-unknown",
        Text::new(format!("--key 里的“{name}”不是表里的一栏"), format!("`{name}` in --key is no column of the table")),
    )
    .why(Text::new(
        "几台机器先后算完，不按表里的栏排序，每次的行序都不同",
        "machines end in any order; without a column to sort by, rows stand differently each time",
    ))
    .next(Text::new(format!("表里有：{}", heads.join("、")), format!("the columns are: {}", heads.join(", "))))
}

/// A result or a column that is called like that of reasons.
pub(crate) fn why_taken(name: &str) -> Diagnostic {
    Diagnostic::error(
        "result-column-taken",
        Text::new(format!("已经有一栏叫“{name}”"), format!("there is a column `{name}` already")),
    )
    .why(Text::new(
        "算不了的行在这一栏里写原因",
        "rows that cannot be decided have the reason in a column of that name",
    ))
    .next(Text::new("给那一栏换个名称，或换 --lang", "give it another name, or use another --lang"))
}
