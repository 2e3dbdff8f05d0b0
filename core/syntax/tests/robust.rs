//! No text makes the parser panic, hang, or point outside the text.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{POLICIES, findings};
use kaoping_syntax::{Keyword, Soft, parse_expression, parse_file, parse_literal, translate};
use kaoping_terms::{FileId, Report};
use proptest::prelude::*;

/// Reads a text and checks all places that can be seen from outside.
fn survives(text: &str) {
    let mut report = Report::new();
    let tree = parse_file(FileId(0), text, &mut report);
    let shown = format!("{tree:?}");
    let places = report
        .findings()
        .iter()
        .flat_map(|finding| finding.place.into_iter().chain(finding.related.iter().map(|(place, _)| *place)));
    let mut all: Vec<(usize, usize)> = places.map(|place| (place.start as usize, place.end as usize)).collect();
    for part in shown.split("Place { file: FileId(0), start: ").skip(1) {
        let (start, rest) = part.split_once(", end: ").expect("a place has an end");
        let (end, _) = rest.split_once(" }").expect("a place ends");
        all.push((start.parse().expect("a number"), end.parse().expect("a number")));
    }
    for (start, end) in all {
        assert!(text.get(start..end).is_some(), "{start}..{end} of {:?}", text);
    }
    let _ = translate(text, false);
}

fn words() -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for keyword in Keyword::ALL {
        words.extend([keyword.chinese().into(), keyword.english().into()]);
    }
    words.extend(Soft::ALL.iter().map(|soft| soft.chinese().into()));
    let marks =
        "( ) { } （ ） , ， : = == ≠ < <= > >= ≥ ≤ + - − * × / ÷ · | . .. → -> % \" “ ” # \n ! 。 \u{200b} \u{3000}";
    words.extend(marks.split(' ').map(String::from));
    let others = "甲 乙县 完成数 分 元/人·月 例 1 1,000 1,00 0.5 1.2.3 2008-12-31 2008-13-31 01-10 02-30 2005-12 最高( 件数( \"理由\" 選 a";
    words.extend(others.split(' ').map(String::from));
    words
}

/// A depth that only a text written to break things reaches.
const MANY: usize = 10_000;

#[test]
fn nesting_is_refused_once_and_reading_goes_on() {
    let after = "\n  得 1 分\n扣";
    for inner in [
        "(".repeat(MANY) + "1" + &")".repeat(MANY),
        "非 ".repeat(MANY) + "甲",
        "−".repeat(MANY) + "1",
        "1 + ".repeat(MANY) + "1",
        "甲 或 ".repeat(MANY) + "甲",
        "较小(".repeat(MANY) + "1" + &")".repeat(MANY),
        "当 甲 → ".repeat(MANY),
        "档 甲 ≤ 1 → ".repeat(MANY),
        "(非 −".repeat(MANY),
    ] {
        let text = format!("项 甲 5 分\n  得 {inner}{after}");
        let found = findings(&text);
        let names: Vec<&str> = found.iter().filter_map(|finding| finding.split(' ').next()).collect();
        assert_eq!(names, ["nested-too-deep", "unexpected-word"], "{}", &inner[..12]);
        survives(&text);
    }
}

#[test]
fn what_is_just_deep_enough_is_read() {
    for inner in [
        "(".repeat(190) + "1" + &")".repeat(190),
        "1 + ".repeat(190) + "1",
        "甲 或 (乙 且 (".repeat(45) + "丙" + &"))".repeat(45),
    ] {
        let text = format!("项 甲 5 分\n  得 {inner}");
        assert_eq!(findings(&text), Vec::<String>::new());
    }
}

// The clock judges the test, not a policy.
#[allow(clippy::disallowed_types)]
#[test]
fn a_long_file_of_rubbish_is_read_in_time() {
    let started = std::time::Instant::now();
    for text in ["甲 ".repeat(100_000), "项\n".repeat(100_000), "得 ( \n".repeat(100_000), "否决 ".repeat(100_000)]
    {
        let _ = findings(&text);
    }
    // Reading in time that grows with the square would take minutes.
    assert!(started.elapsed().as_secs() < 30);
}

#[test]
fn every_beginning_of_a_policy_is_survived() {
    for (_, text) in POLICIES {
        for (end, _) in text.char_indices().step_by(7) {
            survives(&text[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_order_of_words(soup in prop::collection::vec(prop::sample::select(words()), 0..120), gap in " |\n|") {
        survives(&soup.join(&gap));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_characters(text in "\\PC{0,120}") {
        survives(&text);
    }

    #[test]
    fn a_policy_with_one_word_changed(which in 0..POLICIES.len(), at in any::<prop::sample::Index>(), word in prop::sample::select(words())) {
        let text = POLICIES[which].1;
        let mut parts: Vec<&str> = text.split(' ').collect();
        let at = at.index(parts.len());
        parts[at] = &word;
        survives(&parts.join(" "));
    }

    #[test]
    fn cells_have_places_from_their_offset(soup in prop::collection::vec(prop::sample::select(words()), 0..20)) {
        let text = soup.join(" ");
        let mut report = Report::new();
        let _ = parse_expression(FileId(3), 1000, &text, true, &mut report);
        let _ = parse_literal(FileId(3), 1000, &text, true, &mut report);
        for finding in report.findings() {
            let place = finding.place.expect("a finding has a place");
            prop_assert_eq!(place.file, FileId(3));
            prop_assert!(text.get(place.start as usize - 1000..place.end as usize - 1000).is_some());
        }
    }
}
