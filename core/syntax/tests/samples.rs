//! Whole policies as an office would write them.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{POLICIES, clean, findings};
use kaoping_syntax::ast::{Authority, BodyKind, ExprKind, PartKind};

#[test]
fn policies_are_read_without_findings() {
    for (name, text) in POLICIES {
        assert_eq!(findings(text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_policy_has_the_parts_it_shows() {
    let tree = clean(POLICIES[1].1);
    assert!(tree.chinese);
    let names: Vec<&str> = tree
        .parts
        .iter()
        .map(|part| match &part.kind {
            PartKind::Scheme(scheme) => scheme.name.text.as_str(),
            PartKind::Block(block) => block.name.name.text.as_str(),
            PartKind::Events(events) => events.name.name.text.as_str(),
            PartKind::Item(item) => item.name.name.text.as_str(),
            PartKind::Award(award) => award.name.text.as_str(),
            PartKind::Deadlines(deadlines) => deadlines.name.text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        names,
        ["民生工程", "组织", "测评", "任务", "通报", "处分", "处分扣分", "综合先进", "就业先进县", "末位", "年终考评"]
    );
    let PartKind::Deadlines(deadlines) = &tree.parts[10].kind else { panic!() };
    assert_eq!(deadlines.lines.len(), 4);
    assert_eq!(deadlines.lines[3].authority.len(), 1);
}

#[test]
fn a_choice_behind_the_last_case_is_of_the_whole_line() {
    let tree = clean(POLICIES[3].1);
    let PartKind::Decision(decision) = &tree.parts[0].kind else { panic!() };
    let line = decision
        .body
        .iter()
        .find(|line| matches!(&line.kind, BodyKind::Let(value) if value.name.name.text == "比例"))
        .expect("the line is there");
    assert!(matches!(line.authority.as_slice(), [Authority::Choice(_)]));
    let BodyKind::Let(value) = &line.kind else { panic!() };
    let ExprKind::Cases { cases, .. } = &value.value.kind else { panic!() };
    assert!(matches!(&cases[0].value.kind, ExprKind::Table(table) if table.rows.len() == 2));
}
