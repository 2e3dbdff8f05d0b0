//! What can be wrong with a single cell of any file, in words.

use crate::reading::Refusal;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Bounds, Kind, Program};
use kaoping_terms::{Diagnostic, Place, Text, nearest::nearest};

/// The name of the finding for a refused cell.
pub fn name_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Unreadable => "figure-not-readable",
        Refusal::Ambiguous(_) | Refusal::BareMultiple(_) => "figure-ambiguous",
        Refusal::WrongNoun(_) => "wrong-noun",
        Refusal::PercentMissing => "percent-missing",
        Refusal::NotInList => "unknown-word",
        Refusal::OutOfRange => "figure-out-of-range",
        Refusal::OffStep(_) => "figure-off-step",
    }
}

/// A refused cell of any file: whose it is, what is written, what was expected.
pub fn cell(
    whose: &Text,
    value: &str,
    expected: &str,
    bounds: Option<(&Bounds, &Kind)>,
    refusal: &Refusal,
    place: Place,
) -> Diagnostic {
    let (zh, en) = (&whose.zh, &whose.en);
    let say = |z: String, e: String, why: Text, next: Text| {
        Diagnostic::error(name_of(refusal), Text::new(z, e)).at(place).why(why).next(next)
    };
    match refusal {
        Refusal::Unreadable => say(
            format!("{zh}写作“{value}”，读不出来"),
            format!("{en} is `{value}`, which cannot be read"),
            Text::new(format!("这里要：{expected}"), format!("expected: {expected}")),
            Text::new(
                "改成能读的；没有报就留空",
                "write it so that it can be read; leave it empty if it was not reported",
            ),
        ),
        Refusal::Ambiguous(fault) => {
            let (why_zh, why_en) = fault.ambiguity().unwrap_or_default();
            say(
                format!("{zh}写作“{value}”，有两种读法"),
                format!("{en} is `{value}`, which can be read in two ways"),
                Text::new(why_zh, why_en),
                Text::new("写全每一位数字，如 12345 或 12,345", "write every digit, such as 12345 or 12,345"),
            )
        }
        Refusal::BareMultiple(noun) => say(
            format!("{zh}写作“{value}”，没写单位，同一指标别处用的是“{noun}”"),
            format!("{en} is `{value}`; elsewhere the same figure is in `{noun}`"),
            Text::new(
                format!("是 {value} {noun}，还是不带倍数的数？差很多倍"),
                format!("{value} {noun}, or the plain number? They differ many times over"),
            ),
            Text::new(format!("写上单位，如 {value} {noun}"), format!("write the unit, such as {value} {noun}")),
        ),
        Refusal::WrongNoun(noun) => say(
            format!("{zh}写作“{value}”，单位“{noun}”不对，这里是{expected}"),
            format!("{en} is `{value}`: `{noun}` is not the unit of this figure, {expected}"),
            Text::new(
                "不同单位的数不能互相代替，系统只换算同一单位的倍数（如万元）",
                "figures of different units are not exchangeable; only multiples such as 万元 are converted",
            ),
            multiple_meant(value, noun, expected)
                .unwrap_or_else(|| Text::new(format!("用“{expected}”重写"), format!("write it in {expected}"))),
        ),
        Refusal::PercentMissing => say(
            format!("{zh}是比例，写作“{value}”，没有百分号"),
            format!("{en} is a ratio, written `{value}` without a per cent sign"),
            Text::new("只有 0 和 1 可以不写百分号（0% 与 100%）", "only a bare 0 and 1 stand for 0 % and 100 %"),
            Text::new(format!("是不是 {value}%？请写上"), format!("write {value}% if that is meant")),
        ),
        Refusal::NotInList => {
            let near = nearest(value, expected.split('、'));
            let hint = near.map(|near| (format!("是不是“{near}”？"), format!("did you mean `{near}`? ")));
            let (hint_zh, hint_en) = hint.unwrap_or_default();
            say(
                format!("{zh}写作“{value}”，不在词表里"),
                format!("{en} is `{value}`, which is not in its list"),
                Text::new(format!("方案只认：{expected}"), format!("the policy knows: {expected}")),
                Text::new(format!("{hint_zh}改成词表里的词"), format!("{hint_en}write a word of the list")),
            )
        }
        Refusal::OffStep(step) => say(
            format!("{zh}写作“{value}”，不是 {step} 的整倍数"),
            format!("{en} is `{value}`, not a multiple of {step}"),
            Text::new(format!("方案规定按 {step} 一级打分"), format!("the policy has it judged in steps of {step}")),
            Text::new("改成整级的分", "write a multiple of the step"),
        ),
        Refusal::OutOfRange => say(
            format!("{zh}写作“{value}”，超出方案写的范围"),
            format!("{en} is `{value}`, outside what the policy allows"),
            bounds.map(|(bounds, kind)| range(bounds, kind)).unwrap_or_default(),
            Text::new("核对数值；范围不对就改方案", "check the figure; if the range is wrong, change the policy"),
        ),
    }
}

/// `1.3亿` where money is asked for: 亿 alone is a number word, 亿元 the unit.
fn multiple_meant(value: &str, noun: &str, expected: &str) -> Option<Text> {
    let is_number_word = matches!(noun, "千" | "万" | "十万" | "百万" | "千万" | "亿");
    // The number word is already written: 60万 of 万元 means 60万元.
    let plain = expected.trim_start_matches(['十', '百', '千', '万', '亿']);
    (is_number_word && !plain.is_empty()).then(|| {
        let meant = format!("{}{plain}", value.trim());
        Text::new(format!("是不是“{meant}”？请写全"), format!("write `{meant}` if that is meant"))
    })
}

fn range(bounds: &Bounds, kind: &Kind) -> Text {
    let Text { zh, en } = match kind {
        Kind::Number(measure) => bounds.describe(measure),
        _ => Text::default(),
    };
    Text::new(format!("方案写明：{zh}"), format!("the policy says: {en}"))
}

/// What a cell of a kind should hold, for people.
pub fn expected(kind: &Kind, program: &Program) -> String {
    match kind {
        Kind::Number(measure) => measure.describe(),
        Kind::Truth => "是、否".to_string(),
        Kind::Day => "日期".to_string(),
        Kind::Text => "文字".to_string(),
        Kind::Word(list) => program
            .word_lists
            .get(list.0 as usize)
            .map(|list| list.words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join("、"))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, multiple_meant};
    use crate::reading::Refusal;
    use kaoping_program::{Bounds, Kind};
    use kaoping_terms::{Exact, Measure, Place, Text};

    #[test]
    fn a_number_word_alone_is_taken_for_the_multiple() {
        let meant = multiple_meant("1.3亿", "亿", "元").map(|text| text.zh);
        assert_eq!(meant.as_deref(), Some("是不是“1.3亿元”？请写全"));
        let said_once = multiple_meant("60万", "万", "万元").map(|text| text.zh);
        assert_eq!(said_once.as_deref(), Some("是不是“60万元”？请写全"));
        assert_eq!(multiple_meant("3户", "户", "人"), None);
    }

    #[test]
    fn a_range_is_told_in_the_unit_of_the_figure() {
        let edge = |number: i64| Some((Exact::whole(number), true));
        let bounds = Bounds { low: edge(0), high: edge(1), ..Bounds::default() };
        let whose = Text::new("甲", "a");
        let say = |measure: Measure| {
            let kind = Kind::Number(measure);
            let spec = Some((&bounds, &kind));
            cell(&whose, "2", "", spec, &Refusal::OutOfRange, Place::default()).why.zh
        };
        assert_eq!(say(Measure::ratio()), "方案写明：0% 至 100%");
        assert_eq!(say(Measure::points()), "方案写明：0 分 至 1 分");
    }
}
