//! The two keyword languages say the same.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{POLICIES, clean, without_places};
use kaoping_syntax::{Keyword, Soft, translate};

#[test]
fn both_languages_give_the_same_tree() {
    for (name, chinese) in POLICIES {
        let english = translate(chinese, false);
        assert_ne!(&english, chinese, "{name}");
        let (first, second) = (clean(chinese), clean(&english));
        assert!(first.chinese && !second.chinese, "{name}");
        assert_eq!(without_places(&first), without_places(&second), "{name}\n{english}");
        assert_eq!(&translate(&english, true), chinese, "{name}: and back again");
    }
}

#[test]
fn no_word_of_the_language_is_left_over() {
    let english = translate(POLICIES[4].1, false);
    // Every second stretch between quotation marks is quoted.
    let own: String = english.split('"').step_by(2).collect::<Vec<&str>>().join(" ");
    let own: Vec<&str> = own.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    for keyword in Keyword::ALL {
        let left = own.iter().filter(|word| **word == keyword.chinese()).count();
        // 例 is also a noun of measure, and nouns are not translated.
        let nouns = if keyword.chinese() == "例" { 4 } else { 0 };
        assert_eq!(left, nouns, "{} in\n{english}", keyword.chinese());
    }
}

#[test]
fn the_samples_and_the_reference_know_every_word() {
    let samples: String = POLICIES.iter().map(|(_, text)| *text).collect();
    let reference = include_str!("../../../docs/rules.md");
    let keywords = Keyword::ALL.iter().map(|word| (word.chinese(), word.english()));
    let soft = Soft::ALL.iter().map(|word| (word.chinese(), word.english()));
    for (chinese, english) in keywords.chain(soft) {
        assert!(samples.contains(chinese), "no sample has {chinese}");
        let row = format!("`{chinese}` `{english}`");
        assert!(reference.contains(&row), "docs/rules.md lacks {row}");
    }
}

#[test]
fn names_comments_and_figures_stay() {
    let chinese = "# 得 in a comment\n项 得数 score_a 5 分 依据 二 得\n  得 分值 × 较小(得数, 1)  选择 \"得\"\n";
    let english =
        "# 得 in a comment\nitem 得数 score_a 5 分 clause 二 得\n  score 分值 × min(得数, 1)  choice \"得\"\n";
    assert_eq!(translate(chinese, false), english);
    assert_eq!(translate(english, true), chinese);
    assert_eq!(translate(chinese, true), chinese);
}

#[test]
fn a_text_with_faults_keeps_them() {
    assert_eq!(translate("项 甲 5 分\n  得 ( 甲\n  至多 3 分", false), "item 甲 5 分\n  score ( 甲\n  at_most 3 分");
    assert_eq!(translate("不是规则", false), "不是规则");
}
