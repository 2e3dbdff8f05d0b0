//! What 不适用时 says is known where no 适用 stands beside it: it is for whoever is exempt one day.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod common;

use kaoping_scheme::{model::OtherwiseMade, read::Folder};
use std::path::Path;

fn compiled(text: &str) -> (Option<OtherwiseMade>, Vec<&'static str>) {
    let folder = Folder { root: String::from("made"), files: vec![(String::from("scheme.kp"), text.to_owned())] };
    let (_, compiled, findings) = common::load_folder(&folder, Path::new("."));
    let schemes = compiled.standard.schemes.iter();
    let made = schemes.flat_map(|scheme| &scheme.items).find_map(|item| item.otherwise.clone());
    (made, findings.iter().map(|finding| finding.name).collect())
}

#[test]
fn it_is_known_without_a_condition() {
    for (word, made) in [("满分", OtherwiseMade::Full), ("减满分", OtherwiseMade::Reduce)] {
        assert_eq!(compiled(&policy("", word)).0, Some(made), "{word}");
    }
}

#[test]
fn nothing_is_scaled_outside_a_block() {
    let (made, found) = compiled(&policy("", "折算"));
    assert_eq!((made, found.contains(&"not-applicable-undecided")), (None, true), "{found:?}");
    let (made, found) = compiled(&policy("块 就业 60 分   示例 \"同上\"\n", "折算"));
    assert_eq!((made, found.contains(&"not-applicable-undecided")), (Some(OtherwiseMade::Scale), false), "{found:?}");
}

fn policy(block: &str, word: &str) -> String {
    format!(
        "方案 示范 \"示例\"   示例 \"为说明这一条编写\"\n  满分 60 分\n  每项取到 不取整\n  名次 总分 从高到低 并列占位\n  未报 暂缺\n  责任分工 不分\n\n{block}项 甲项 60 分   示例 \"同上\"\n  不适用时 {word}\n  读入 完成数 actual : 人 0 人..100 人\n  得 分值 × 完成数 / 100 人\n"
    )
}
