//! What an explanation says of an event that did not count because another of the same matter did.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use std::{fs, process::Command};

const SCHEME: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
一事一计 表彰 同 事由 按 荣誉 取最高   示例 \"同上\"
明细 表彰 praise   示例 \"同上\"
  级别 level : 省 | 市
  事由 matter : 文字
项 荣誉 10 分   示例 \"同上\"
  加 每 表彰 其中 级别 = 省 3 分
  加 每 表彰 其中 级别 = 市 1 分
  得 0 分
";
const EVENTS: &str = "\
id,unit,date,级别,事由
表-1,甲,2014-03-01,省,文明
表-2,甲,2014-04-01,市,文明
表-3,甲,2014-05-01,市,卫生
";

/// 表-2 fits the second line of the item: it does not count because the dearer 表-1 did.
#[test]
fn a_displaced_event_names_the_one_that_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let events = folder.path().join("events.csv");
    fs::create_dir(folder.path().join("p")).expect("a folder");
    fs::write(folder.path().join("p/scheme.kp"), SCHEME).expect("written");
    fs::write(&events, EVENTS).expect("written");
    let run = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(["explain".as_ref(), folder.path().join("p").as_os_str()])
        .arg("--events")
        .arg(format!("表彰={}", events.display()))
        .args(["--unit", "甲", "--indicator", "荣誉"])
        .output()
        .expect("kaoping runs");
    let text = String::from_utf8(run.stdout).expect("UTF-8") + &String::from_utf8_lossy(&run.stderr);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("表-")).collect();
    assert_eq!(
        lines,
        [
            "├─ 表彰  表-1  2014-03-01  +3 分",
            "├─ 表彰  表-2  2014-04-01  同一件事已按 表-1 计过",
            "├─ 表彰  表-3  2014-05-01  +1 分",
            // Without 表-1 the cheaper 表-2 counts in its place.
            "├─ 表彰 再少 1 件（表-1）：得分 4 分 → 2 分",
            "└─ 表彰 再少 1 件（表-3）：得分 4 分 → 3 分",
        ]
    );
}
