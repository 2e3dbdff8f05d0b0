//! Nouns of measure: what may stand behind a number, and multiples such as 万元.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
};
use kaoping_syntax::ast::UnitText;
use kaoping_terms::{Diagnostic, Exact, Measure, Report, Text, measure::MULTIPLES, nearest::nearest};

/// Nouns every policy knows. Others are declared with 单位名.
const NOUNS: &[&str] = &[
    "分",
    "元",
    "人",
    "户",
    "例",
    "件",
    "个",
    "次",
    "家",
    "项",
    "名",
    "村",
    "乡",
    "镇",
    "县",
    "所",
    "套",
    "间",
    "处",
    "份",
    "宗",
    "起",
    "张",
    "台",
    "条",
    "篇",
    "期",
    "人次",
    "天",
    "日",
    "工作日",
    "月",
    "季",
    "年",
    "小时",
    "分钟",
    "公里",
    "平方米",
    "亩",
    "吨",
    "公斤",
    "万千瓦时",
];

/// English spellings of the commonest nouns, for policies written in English.
const ENGLISH: &[(&str, &str)] = &[
    ("points", "分"),
    ("point", "分"),
    ("yuan", "元"),
    ("persons", "人"),
    ("person", "人"),
    ("households", "户"),
    ("household", "户"),
    ("cases", "例"),
    ("times", "次"),
    ("days", "天"),
    ("day", "天"),
    ("working_days", "工作日"),
    ("months", "月"),
    ("month", "月"),
    ("years", "年"),
    ("year", "年"),
    ("units", "个"),
];

/// The nouns of a policy.
#[derive(Clone, Debug, Default)]
pub struct Nouns {
    /// Declared nouns, each with what one of it is.
    declared: BTreeMap<String, (Exact, Measure)>,
}

impl Nouns {
    /// Adds a noun of its own, or a multiple of another unit.
    pub fn declare(&mut self, noun: &str, equals: Option<(Exact, Measure)>) {
        let meaning = equals.map_or_else(
            || (Exact::one(), Measure::noun(noun)),
            |(factor, measure)| (factor.clone(), measure.written_in(noun, &factor)),
        );
        self.declared.insert(noun.to_string(), meaning);
    }

    /// What one of a noun is: a factor and a unit. 1 万元 is 10,000 元; 1 日 is 1 天.
    pub fn find(&self, noun: &str) -> Option<(Exact, Measure)> {
        if let Some(meaning) = self.declared.get(noun) {
            return Some(meaning.clone());
        }
        if noun == "日" {
            return Some((Exact::one(), Measure::noun("天")));
        }
        if NOUNS.contains(&noun) {
            return Some((Exact::one(), Measure::noun(noun)));
        }
        if let Some((_, chinese)) = ENGLISH.iter().find(|(english, _)| *english == noun) {
            return Some((Exact::one(), Measure::noun(*chinese)));
        }
        MULTIPLES.iter().find_map(|(prefix, factor)| {
            let (base, measure) =
                noun.strip_prefix(prefix).filter(|rest| !rest.is_empty()).and_then(|rest| self.find(rest))?;
            let factor = &base * &Exact::whole(*factor);
            let measure = measure.written_in(noun, &factor);
            Some((factor, measure))
        })
    }

    /// What a written unit is: a factor and a unit.
    pub fn unit(&self, text: &UnitText, report: &mut Report) -> Option<(Exact, Measure)> {
        let mut factor = Exact::one();
        let mut measure = Measure::plain();
        let sides = text.above.iter().map(|noun| (noun, true)).chain(text.below.iter().map(|noun| (noun, false)));
        let mut complete = true;
        for (noun, above) in sides {
            let Some((size, unit)) = self.find(&noun.text) else {
                report.push(self.unknown(noun));
                complete = false;
                continue;
            };
            factor = if above { &factor * &size } else { factor.divided_by(&size)? };
            measure = if above { measure.times(&unit) } else { measure.per(&unit) };
        }
        complete.then_some((factor, measure))
    }

    /// The factor and unit of what stood behind a reported figure, such as `万元` or `元/人`.
    pub fn parse(&self, text: &str) -> Option<(Exact, Measure)> {
        let mut factor = Exact::one();
        let mut measure = Measure::plain();
        for (side, part) in text.split('/').enumerate() {
            for noun in part.split('·') {
                let (size, unit) = self.find(noun.trim())?;
                factor = if side == 0 { &factor * &size } else { factor.divided_by(&size)? };
                measure = if side == 0 { measure.times(&unit) } else { measure.per(&unit) };
            }
        }
        Some((factor, measure))
    }

    fn unknown(&self, noun: &kaoping_syntax::ast::Name) -> Diagnostic {
        let known = NOUNS.iter().copied().chain(self.declared.keys().map(String::as_str));
        let word = &noun.text;
        let hint = nearest(word, known);
        let next = match hint {
            Some(hint) => Text::new(
                alloc::format!("是不是“{hint}”？若确是新单位，请写：单位名 {word}"),
                alloc::format!("did you mean `{hint}`? For a new one write: 单位名 {word}"),
            ),
            None => Text::new(
                alloc::format!("若“{word}”是计量单位，请先声明：单位名 {word}"),
                alloc::format!("if `{word}` is a unit of measure, declare it: 单位名 {word}"),
            ),
        };
        Diagnostic::error(
            "unknown-noun",
            Text::new(alloc::format!("不认识计量单位“{word}”"), alloc::format!("unknown unit of measure `{word}`")),
        )
        .at(noun.place)
        .why(Text::new(
            "数字后面的词是计量单位，不认识就无法核对量纲",
            "the word behind a number is its unit; without it units cannot be checked",
        ))
        .next(next)
    }
}
