//! Sample texts and helpers the tests share.
#![allow(dead_code, clippy::expect_used)]

use kaoping_syntax::{ast::File, parse_file};
use kaoping_terms::{FileId, Report};

/// Synthetic policies that together use most of the language.
pub(crate) const POLICIES: &[(&str, &str)] = &[
    ("a rule kind", include_str!("../policies/bonus.kp")),
    ("a county scheme", include_str!("../policies/county.kp")),
    ("a township scheme", include_str!("../policies/township.kp")),
    ("a decision", include_str!("../policies/assistance.kp")),
    ("every statement", include_str!("../policies/every.kp")),
    ("other words", include_str!("../policies/variants.kp")),
];

/// The tree of a text and the names of its findings with their characters.
pub(crate) fn read(text: &str) -> (File, Vec<String>) {
    let mut report = Report::new();
    let tree = parse_file(FileId(0), text, &mut report);
    let shown = report
        .into_sorted()
        .into_iter()
        .map(|finding| {
            let place = finding.place.expect("a finding has a place");
            let at = &text[place.start as usize..place.end as usize];
            format!("{} {at}", finding.name)
        })
        .collect();
    (tree, shown)
}

pub(crate) fn findings(text: &str) -> Vec<String> {
    read(text).1
}

/// The tree of a text without findings.
pub(crate) fn clean(text: &str) -> File {
    let (tree, findings) = read(text);
    assert_eq!(findings, Vec::<String>::new(), "{text}");
    tree
}

/// A tree in words, without places.
pub(crate) fn without_places(tree: &File) -> String {
    let shown = format!("{:?}", tree.parts);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("Place {") {
        out.push_str(before);
        let (_, after) = after.split_once(" }").expect("a place ends");
        rest = after;
    }
    out + rest
}
