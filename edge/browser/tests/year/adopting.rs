//! The year begins: the assessment office brings the folder of a standard, mends what the checker finds, and adopts it
//! with its reason.

use crate::rig::City;
use std::{fs, path::Path};

/// A policy as it stands in this repository, with one word in place of another.
fn policy(into: &Path, from: &str, to: &str) {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/township-2014");
    fs::create_dir(into).expect("a folder");
    for name in ["scheme.kp", "clauses.md"] {
        let text = fs::read_to_string(policy.join(name)).expect("a text");
        let text = if name == "scheme.kp" { text.replacen(from, to, 1) } else { text };
        fs::write(into.join(name), text).expect("a copy");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_comes_as_a_folder_and_is_adopted_with_its_reason() {
    let city = City::in_mid_year().await;
    let place = tempfile::tempdir().expect("a folder");
    let (wrong, right) = (place.path().join("乡民政草稿"), place.path().join("乡民政2027"));
    policy(&wrong, "名次     总分", "名次     总得分数");
    policy(&right, "", "");

    let office = city.person("kaoping").await;
    office.open("/schemes").await;
    office.presses("起草新标准").await;
    office.finds("#checks .findings, #checks .sub").await;
    let none = place.path().join("照片");
    fs::create_dir(&none).expect("a folder");
    fs::write(none.join("一.txt"), "照片").expect("a file");
    office.brings_folder("#folder", &none).await;
    office.sees("不是方案文件夹").await;
    office.brings_folder("#folder", &wrong).await;
    office.sees("已导入“乡民政草稿”的 2 个文件").await;
    office.sees("处错误").await;
    office.finds("#checks .findings .error").await;
    assert!(!office.finds("#adopt").await.is_enabled().await.expect("a button"), "what is wrong is not adopted");
    office.brings_folder("#folder", &right).await;
    office.sees("已导入“乡民政2027”的 2 个文件").await;
    office.sees("0 处错误").await;
    office.sees("草稿已存").await;

    office.presses("采用…").await;
    office.writes("#new-id", "乡民政2027").await;
    office.writes("#why", "办公会纪要〔2027〕1号").await;
    office.presses("采用").await;
    office.sees("已采用（台账第").await;
    office.open("/schemes").await;
    office.sees("2014年全乡民政工作目标任务考核意见").await;
    office.leaves().await;

    // Whoever adopts none writes none; the auditor reads why.
    let clerk = city.person("yi-clerk").await;
    clerk.open("/schemes").await;
    clerk.finds("main h1").await;
    assert!(!clerk.reads("起草新标准").await);
    clerk.leaves().await;
    let auditor = city.person("shenji").await;
    auditor.open("/record").await;
    auditor.sees("采用方案").await;
    auditor.goes_to("#record tbody tr:first-child td.lead a").await;
    auditor.sees("办公会纪要〔2027〕1号").await;
    auditor.leaves().await;
    city.ends().await;
}
