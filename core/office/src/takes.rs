//! What a figure, an input or a column takes: one place that says whether a value is one of it.
//!
//! Whatever scoring would refuse later is refused where it is written down, and told in the words of whoever wrote it.

use crate::refusal;
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{
    Day, Diagnostic, Exact, Text,
    figure::{self, FigureFault},
};
use serde::{Deserialize, Serialize};

/// What is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Takes {
    /// A number.
    Number(Amount),
    /// Yes or no.
    YesNo,
    /// One of these words.
    Words(Vec<Word>),
    /// A day.
    Day,
    /// Anything.
    #[default]
    Text,
}

/// A word of a list, with its code in files where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The word.
    pub word: String,
    /// Its code.
    pub code: Option<String>,
}

/// A number with its unit and the range it lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The unit it is written in: `%` for a ratio, empty for a plain number.
    pub unit: String,
    /// A name for the unit, where the standard leaves it to what is reported or handed down; inputs with the same
    /// name have the same unit.
    pub like: Option<String>,
    /// Other units that may stand behind it, and how many of `unit` one of each is.
    pub also: Vec<(String, String)>,
    /// The least it can be.
    pub least: Option<End>,
    /// The most it can be.
    pub most: Option<End>,
    /// It is a multiple of this; absent where it need not be.
    pub step: Option<String>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Where it lies, as a number or a fraction.
    pub value: String,
    /// Whether it belongs to the range itself.
    pub itself: bool,
}

/// Why a value is none, and what to do.
pub(crate) type Unfit = (Text, Text);

/// A number as the outline writes it: a decimal, or a fraction where that would not end.
fn exact(text: &str) -> Option<Exact> {
    match text.split_once('/') {
        Some((above, below)) => Exact::parse(above)?.divided_by(&Exact::parse(below)?),
        None => Exact::parse(text),
    }
}

impl End {
    fn at(&self) -> Option<Exact> {
        exact(&self.value)
    }
}

impl Takes {
    /// Why a value is none of it, and what to do; `None` where it is one.
    pub(crate) fn against(&self, value: &str) -> Option<Unfit> {
        match self {
            Self::Text => None,
            Self::YesNo => (!matches!(value, "是" | "否" | "yes" | "no")).then(|| {
                (Text::new("只能是 是 或 否", "it is yes or no"), Text::new("改成 是 或 否", "write 是 or 否"))
            }),
            Self::Day => Day::parse(value).is_none().then(|| {
                (
                    Text::new("这里要一个日期", "a day belongs here"),
                    Text::new("写成 2026-03-31 这样", "write it as 2026-03-31"),
                )
            }),
            Self::Words(words) => {
                let is_it = |word: &Word| word.word == value || word.code.as_deref() == Some(value);
                (!words.iter().any(is_it)).then(|| {
                    let words: Vec<&str> = words.iter().map(|word| word.word.as_str()).collect();
                    let one_of = (words.join("、"), words.join(", "));
                    let why = Text::new(format!("只能是其中之一：{}", one_of.0), format!("it is one of: {}", one_of.1));
                    (why, Text::new("选一个", "take one of them"))
                })
            }
            Self::Number(amount) => amount.within(value).err(),
        }
    }

    /// The finding that a value is none of it, and whose it is; `None` where it is one.
    pub fn refuses(&self, whose: &Text, value: &str) -> Option<Diagnostic> {
        self.against(value).map(|unfit| refused(whose, value, unfit))
    }

    /// What it takes, in words; empty where that is anything.
    pub fn word(&self) -> Text {
        match self {
            Self::Text => Text::default(),
            Self::YesNo => Text::new("是或否", "yes or no"),
            Self::Day => Text::new("日期", "a day"),
            Self::Words(words) => {
                let words: Vec<&str> = words.iter().map(|word| word.word.as_str()).collect();
                Text::new(words.join("、"), words.join(", "))
            }
            Self::Number(amount) => match amount.unit.as_str() {
                "" => Text::new("数", "a number"),
                unit => Text::new(format!("数，单位“{unit}”"), format!("a number in `{unit}`")),
            },
        }
    }
}

/// A value cannot be used: whose, which, why, and what to do.
pub(crate) fn refused(whose: &Text, value: &str, (why, next): Unfit) -> Diagnostic {
    let message =
        Text::new(format!("{}：“{value}”用不上", whose.zh), format!("{}: `{value}` cannot be used", whose.en));
    refusal::unfit(message, why, next)
}

impl Amount {
    /// The number a value is, in `unit`.
    pub(crate) fn number(&self, value: &str) -> Result<Exact, Unfit> {
        let read = figure::parse(value).map_err(|fault| self.no_number(value, fault))?;
        let written = read.unit.as_str();
        if written.is_empty() {
            let stands_alone = self.unit != "%" || read.value.is_zero() || read.value == Exact::one();
            return match (stands_alone, self.unit.as_str()) {
                (false, _) => Err(no_percent(value)),
                // A bare 1 is the whole.
                (true, "%") => Ok(read.value * Exact::whole(100)),
                (true, _) => Ok(read.value),
            };
        }
        if written == self.unit || self.like.is_some() && self.unit.is_empty() {
            return Ok(read.value);
        }
        let factor = self.also.iter().find(|(unit, _)| unit == written).and_then(|(_, factor)| exact(factor));
        match factor {
            Some(factor) => Ok(read.value * factor),
            None => Err(self.other_unit(written)),
        }
    }

    /// The same, where it lies in the range.
    pub(crate) fn within(&self, value: &str) -> Result<Exact, Unfit> {
        let number = self.number(value)?;
        self.outside(&number).map_or(Ok(number), Err)
    }

    fn no_number(&self, value: &str, fault: FigureFault) -> Unfit {
        let unit = self.unit.as_str();
        let (zh, en) = match unit {
            "" => (String::new(), String::new()),
            unit => (format!("，单位是“{unit}”"), format!(" in `{unit}`")),
        };
        let range = self.range();
        let (zh, en) = match range.zh.is_empty() {
            true => (zh, en),
            false => (format!("{zh}，{}", range.zh), format!("{en}; {}", range.en)),
        };
        let why = match fault.ambiguity() {
            _ if value.trim().is_empty() => {
                Text::new(format!("还没有填；这里要一个数{zh}"), format!("it is empty; a number belongs here{en}"))
            }
            Some((why_zh, why_en)) => {
                Text::new(format!("{why_zh}；这里要一个数{zh}"), format!("{why_en}; a number belongs here{en}"))
            }
            None => Text::new(format!("这里要一个数{zh}"), format!("a number belongs here{en}")),
        };
        (why, self.write_as(0))
    }

    /// How a number is written, with so many decimal places at most: one that is taken.
    pub(crate) fn write_as(&self, places: u8) -> Text {
        let taken = |like: &&str| exact(like).is_some_and(|number| self.outside(&number).is_none());
        let fine: &[&str] = if places > 0 { &["98.5", "1.5", "0.5"] } else { &[] };
        let whole = ["1234", "98", "12", "1", "0"];
        let likes = fine.iter().chain(&whole);
        let (like, unit) = (likes.copied().find(taken).unwrap_or("12"), &self.unit);
        Text::new(format!("写成 {like}{unit} 这样"), format!("write it as {like}{unit}"))
    }

    fn other_unit(&self, written: &str) -> Unfit {
        let unit = self.unit.as_str();
        let why = match unit {
            "" => Text::new(
                format!("写了单位“{written}”，要的是不带单位的数"),
                format!("`{written}` stands behind it, and it has no unit"),
            ),
            _ => Text::new(
                format!("单位是“{written}”，要的是“{unit}”"),
                format!("its unit is `{written}`, not `{unit}`"),
            ),
        };
        let next = match unit {
            "" => Text::new("换算成不带单位的数再填", "convert it into a number without a unit"),
            _ => Text::new(format!("换算成“{unit}”再填"), format!("convert it into `{unit}` first")),
        };
        (why, next)
    }

    /// Why a number is outside the range or between the steps; `None` where it is neither.
    pub(crate) fn outside(&self, number: &Exact) -> Option<Unfit> {
        let below = self.least.as_ref().and_then(|end| Some((end.at()?, end.itself)));
        let below = below.is_some_and(|(end, itself)| *number < end || !itself && *number == end);
        let beyond = self.most.as_ref().and_then(|end| Some((end.at()?, end.itself)));
        let beyond = beyond.is_some_and(|(end, itself)| *number > end || !itself && *number == end);
        if below || beyond {
            return Some((self.range(), Text::new("核对数字和单位", "look at the number and its unit")));
        }
        let step = self.step.as_deref().and_then(exact).filter(Exact::is_positive)?;
        let steps = number.divided_by(&step)?;
        (!steps.is_whole()).then(|| {
            let (step, unit) = (plain(&step), &self.unit);
            (
                Text::new(format!("每一级是 {step}{unit}"), format!("it goes in steps of {step}{unit}")),
                Text::new(format!("改成 {step}{unit} 的整倍数"), format!("make it a multiple of {step}{unit}")),
            )
        })
    }

    /// The range it lies in, in words; empty where it has none.
    pub fn range(&self) -> Text {
        let unit = &self.unit;
        let shown = |end: &End| Some((format!("{}{unit}", plain(&end.at()?)), end.itself));
        let (least, most) = (self.least.as_ref().and_then(shown), self.most.as_ref().and_then(shown));
        match (least, most) {
            (Some((least, true)), Some((most, true))) => {
                Text::new(format!("范围是 {least} 到 {most}"), format!("it lies between {least} and {most}"))
            }
            (Some((least, from)), Some((most, to))) => {
                let (zh, en) = (under(&least, from), over(&most, to));
                Text::new(format!("{}，{}", zh.zh, en.zh), format!("{} and {}", zh.en, en.en))
            }
            (Some((least, itself)), None) => under(&least, itself),
            (None, Some((most, itself))) => over(&most, itself),
            (None, None) => Text::default(),
        }
    }
}

fn under(least: &str, itself: bool) -> Text {
    match itself {
        true => Text::new(format!("最小是 {least}"), format!("it is at least {least}")),
        false => Text::new(format!("要大于 {least}"), format!("it is more than {least}")),
    }
}

fn over(most: &str, itself: bool) -> Text {
    match itself {
        true => Text::new(format!("最大是 {most}"), format!("it is at most {most}")),
        false => Text::new(format!("要小于 {most}"), format!("it is less than {most}")),
    }
}

/// A number as people write it.
pub(crate) fn plain(value: &Exact) -> String {
    value.to_plain(0).unwrap_or_else(|| value.to_fraction())
}

fn no_percent(value: &str) -> Unfit {
    (
        Text::new("这是百分比，没有写 %：看不出是几成", "it is a ratio, and its per cent sign is missing"),
        match Exact::parse(value).map(|number| plain(&(number * Exact::whole(100)))) {
            Some(hundredfold) => Text::new(
                format!("写明是 {value}% 还是 {hundredfold}%"),
                format!("say whether it is {value}% or {hundredfold}%"),
            ),
            None => Text::new("数字后面写上 %", "write the per cent sign behind it"),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{Amount, End, Takes, Word};
    use alloc::{string::ToString, vec, vec::Vec};
    use kaoping_terms::Text;

    fn end(value: &str, itself: bool) -> Option<End> {
        Some(End { value: value.into(), itself })
    }

    fn why(takes: &Takes, value: &str) -> Option<alloc::string::String> {
        takes.refuses(&Text::new("“乙县”的“满意率”", "`满意率` of `乙县`"), value).map(|found| found.why.zh)
    }

    #[test]
    fn what_scoring_would_refuse_is_refused() {
        let rate = Takes::Number(Amount {
            unit: "%".into(),
            least: end("0", true),
            most: end("100", true),
            ..Amount::default()
        });
        for value in ["98.2%", "0", "1", "100%", "９８％"] {
            assert_eq!(why(&rate, value), None, "{value}");
        }
        assert_eq!(why(&rate, "950%").as_deref(), Some("范围是 0% 到 100%"));
        assert_eq!(why(&rate, "98.2").as_deref(), Some("这是百分比，没有写 %：看不出是几成"));
        let next = rate.refuses(&Text::default(), "0.9").map(|found| found.next.zh);
        assert_eq!(next.as_deref(), Some("写明是 0.9% 还是 90%"));
        assert_eq!(why(&rate, "98人").as_deref(), Some("单位是“人”，要的是“%”"));
        assert_eq!(why(&rate, "abc").as_deref(), Some("这里要一个数，单位是“%”，范围是 0% 到 100%"));
        let marks = Takes::Number(Amount {
            unit: "分".into(),
            least: end("0", true),
            most: end("24", true),
            step: Some("1/2".into()),
            ..Amount::default()
        });
        assert_eq!(why(&marks, "24 分"), None);
        assert_eq!(why(&marks, "25").as_deref(), Some("范围是 0分 到 24分"));
        assert_eq!(why(&marks, "-1").as_deref(), Some("范围是 0分 到 24分"));
        assert_eq!(why(&marks, "23.75").as_deref(), Some("每一级是 0.5分"));
        assert_eq!(why(&marks, "").as_deref(), Some("还没有填；这里要一个数，单位是“分”，范围是 0分 到 24分"));
        let next = |takes: &Takes, value: &str| takes.refuses(&Text::default(), value).map(|found| found.next.zh);
        assert_eq!(next(&marks, "abc").as_deref(), Some("写成 12分 这样"), "within the range, on a step");
        assert_eq!(next(&rate, "abc").as_deref(), Some("写成 98% 这样"));
        let open = Takes::Number(Amount { least: end("0", false), ..Amount::default() });
        assert_eq!(why(&open, "0").as_deref(), Some("要大于 0"));
        assert_eq!(why(&open, "5人").as_deref(), Some("写了单位“人”，要的是不带单位的数"));
    }

    #[test]
    fn units_are_converted_before_a_range_is_looked_at() {
        let money = Takes::Number(Amount {
            unit: "万元".into(),
            also: vec![("元".into(), "1/10000".into()), ("亿元".into(), "10000".into())],
            most: end("1200", true),
            ..Amount::default()
        });
        for value in ["1200", "1,200 万元", "12,000,000元", "0.12亿元"] {
            assert_eq!(why(&money, value), None, "{value}");
        }
        assert_eq!(why(&money, "0.13亿元").as_deref(), Some("最大是 1200万元"));
    }

    #[test]
    fn words_days_and_truths() {
        let word = |word: &str, code: Option<&str>| Word { word: word.into(), code: code.map(ToString::to_string) };
        let words = Takes::Words(Vec::from([word("省部", Some("2")), word("市厅", None)]));
        assert_eq!((why(&words, "2"), why(&words, "市厅")), (None, None));
        assert_eq!(why(&words, "省级").as_deref(), Some("只能是其中之一：省部、市厅"));
        assert_eq!(why(&Takes::Day, "2026-02-30").as_deref(), Some("这里要一个日期"));
        assert!(why(&Takes::YesNo, "大概").is_some() && why(&Takes::YesNo, "是").is_none());
        assert_eq!(why(&Takes::Text, "anything"), None);
    }
}
