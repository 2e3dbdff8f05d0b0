//! Why something cannot be done, in the words all deeds share.

use crate::rights::Word;
use alloc::format;
use kaoping_terms::{Diagnostic, Level, Text, nearest::nearest};

/// Something is named that the record does not have.
pub fn unknown(what: &Word, id: &str) -> Diagnostic {
    Diagnostic::error(
        "not-in-the-record",
        Text::new(format!("没有这个{}：“{id}”", what.zh), format!("there is no {} `{id}`", what.en)),
    )
    .why(Text::new("台账里还没有它，或者写错了", "the record does not have it, or it is misspelt"))
    .next(Text::new(
        "核对名称，和清单里的一字不差；还没有的先登记",
        "look at how it is written in its list; what is not there yet is entered first",
    ))
}

/// The same, with what may have been meant.
pub fn unknown_among<'a>(what: &Word, id: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match nearest(id, known) {
        Some(near) => {
            unknown(what, id).next(Text::new(format!("是不是“{near}”？"), format!("perhaps `{near}` is meant")))
        }
        None => unknown(what, id),
    }
}

/// There are no results of a round yet.
pub fn no_results(results: &Word, scheme: &str, round: &str) -> Diagnostic {
    let message =
        Text::new(format!("“{scheme}”{round} 还没有结果"), format!("there are no results of `{scheme}` {round}"));
    Diagnostic { message, ..unknown(results, round) }
        .why(Text::new("这一轮还没有汇总，或者名称写错了", "the round was not put down yet, or it is misspelt"))
        .next(Text::new(
            "先由考评办汇总这一轮；已经汇总的，核对办法和轮次的名称",
            "the assessment office puts the round down first; where that is done, look at the names of scheme \
             and round",
        ))
}

/// Something is there already.
pub fn taken(what: &Word, id: &str) -> Diagnostic {
    Diagnostic::error(
        "already-in-the-record",
        Text::new(format!("{}“{id}”已经有了", what.zh), format!("{} `{id}` is there already", what.en)),
    )
    .why(Text::new("同一个名称只能指一样东西", "one name means one thing"))
    .next(Text::new("换一个名称，或改用已有的", "take another name, or use the one there is"))
}

/// A name of a thing is no name.
pub fn no_name(what: &Word, id: &str) -> Diagnostic {
    Diagnostic::error(
        "name-not-usable",
        Text::new(format!("“{id}”不能作{}的名称", what.zh), format!("`{id}` cannot be a name ({})", what.en)),
    )
    .why(Text::new(
        "名称由汉字、字母、数字和 - _ . / 组成，1 到 64 个字",
        "a name is made of letters, digits and - _ . /, 1 to 64 characters",
    ))
    .next(Text::new("改一个名称", "take another name"))
}

/// A deed that needs a reason has none.
pub fn no_reason(deed: &Text) -> Diagnostic {
    Diagnostic::error(
        "reason-needed",
        Text::new(format!("{}要写明原因", deed.zh), format!("{} needs a reason", deed.en)),
    )
    .why(Text::new("以后的人要知道为什么", "whoever comes later has to know why"))
    .next(Text::new("写一句原因", "write a sentence"))
}

/// A deed that needs a paper has none.
pub fn no_evidence(deed: &Text) -> Diagnostic {
    Diagnostic::error(
        "evidence-needed",
        Text::new(format!("{}要附依据材料", deed.zh), format!("{} needs a paper it rests on", deed.en)),
    )
    .why(Text::new("没有材料，事后无法核对", "without a paper nobody can check it later"))
    .next(Text::new("先上传材料，再附在这件事上", "upload the paper, then attach it to the deed"))
}

/// The state of a thing does not allow it now: what that state is, why it stands in the way, and what has to happen
/// first and who does it.
pub fn not_now(state: Text, why: Text, first: Text) -> Diagnostic {
    Diagnostic::error("not-now", state).why(why).next(first)
}

/// A number stands for no day.
pub fn no_day(what: Text) -> Diagnostic {
    unfit(
        Text::new(format!("{}不在历法之内", what.zh), format!("{} is outside the calendar", what.en)),
        Text::new("日期无法使用", "the day cannot be used"),
        Text::new("改一个日期", "give another day"),
    )
}

/// Whether a finding is about what somebody wrote, and not about whether the thing can be done at all: no reason to
/// withhold the form it is written in.
pub fn is_about_a_value(finding: &Diagnostic) -> bool {
    finding.level == Level::Error && finding.name == "value-not-fitting"
}

/// A value is not one that fits.
pub fn unfit(message: Text, why: Text, next: Text) -> Diagnostic {
    Diagnostic::error("value-not-fitting", message).why(why).next(next)
}
