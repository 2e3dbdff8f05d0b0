//! Names that look alike but are not the same.

use crate::ast::Name;
use alloc::{collections::BTreeMap, format, string::String};
use kaoping_terms::{Diagnostic, Report, Text};

/// Characters that are easily taken for one another; the first of each row stands for all.
const CONFUSABLE: &[&str] = &[
    "一ー－—―㇐",
    "〇○◯",
    "二ニ",
    "三ミ",
    "八ハ",
    "口囗ロ",
    "力カ",
    "夕タ",
    "卜ト",
    "工エ",
    "才オ",
    "己已巳",
    "末未",
    "日曰",
    "土士",
    "人入",
    "干千",
    "毫亳",
    "戊戌戍",
    "刺剌",
    "增増",
    "没沒",
    "户戶戸",
    "0OoОоΟο",
    "1lIІіΙι",
    "aаα",
    "AАΑ",
    "BВΒ",
    "cсϲ",
    "CСϹ",
    "eе",
    "EЕΕ",
    "HНΗ",
    "KКΚ",
    "MМΜ",
    "NΝ",
    "pрρ",
    "PРΡ",
    "sѕ",
    "SЅ",
    "TТΤ",
    "vν",
    "xхχ",
    "XХΧ",
    "yу",
    "YУΥ",
    "ZΖ",
];

/// The alphabets that hold letters of the same shape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
}

fn alphabet(c: char) -> Option<Alphabet> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{00c0}'..='\u{024f}' => Some(Alphabet::Latin),
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => Some(Alphabet::Greek),
        '\u{0400}'..='\u{052f}' => Some(Alphabet::Cyrillic),
        _ => None,
    }
}

/// The name with every confusable character replaced by the one that stands for it.
fn skeleton(name: &str) -> String {
    let stands_for = |c: char| {
        let row = CONFUSABLE.iter().find(|row| row.contains(c));
        row.and_then(|row| row.chars().next()).unwrap_or(c)
    };
    name.chars().map(stands_for).collect()
}

/// Warns of names that mix alphabets and of names that differ only by characters of the
/// same shape. Give it the names of all files of a policy at once to compare across files.
pub fn check<'a>(names: impl IntoIterator<Item = &'a Name>, report: &mut Report) {
    let mut seen: BTreeMap<String, &'a Name> = BTreeMap::new();
    let mut told: BTreeMap<&'a str, ()> = BTreeMap::new();
    for name in names {
        if told.contains_key(name.text.as_str()) {
            continue;
        }
        let mut alphabets = name.text.chars().filter_map(alphabet);
        let first = alphabets.next();
        if first.is_some() && alphabets.any(|other| Some(other) != first) {
            told.insert(&name.text, ());
            report.push(mixed(name));
            continue;
        }
        let other = *seen.entry(skeleton(&name.text)).or_insert(name);
        if other.text != name.text {
            told.insert(&name.text, ());
            report.push(alike(name, other));
        }
    }
}

fn mixed(name: &Name) -> Diagnostic {
    let shown = &name.text;
    Diagnostic::warning(
        "look-alike-name",
        Text::new(
            format!("“{shown}”里混有不同字母表的字母"),
            format!("\"{shown}\" mixes letters of different alphabets"),
        ),
    )
    .at(name.place)
    .label(Text::new("拉丁、希腊、西里尔字母混用", "Latin, Greek and Cyrillic mixed"))
    .why(Text::new(
        "形状一样的字母在电脑里不是一个字，别处再写就对不上",
        "letters of one shape are different to a machine, so the name will not be found again",
    ))
    .next(Text::new("全部用键盘上的英文字母重打一遍", "type the name anew with plain Latin letters"))
}

fn alike(name: &Name, other: &Name) -> Diagnostic {
    let (shown, first) = (&name.text, &other.text);
    Diagnostic::warning(
        "look-alike-name",
        Text::new(
            format!("“{shown}”与“{first}”看起来一样，却不是同一个名称"),
            format!("\"{shown}\" looks like \"{first}\" but is another name"),
        ),
    )
    .at(name.place)
    .label(Text::new("这里", "here"))
    .also(other.place, Text::new(format!("先前写作“{first}”"), format!("written \"{first}\" before")))
    .why(Text::new("读的人当作一个，系统当作两个", "the reader takes them for one, the system for two"))
    .next(Text::new(
        "若是同一个名称，改成一样；若是两个，换一个分得清的",
        "if one is meant, write it the same; if two, choose a name that can be told apart",
    ))
}
