//! `kaoping score --excel`: a second set of files that a spreadsheet opens rightly, beside the
//! first, which stays as it is.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A policy whose units have ids that a spreadsheet would spoil, and a score without an end.
fn score(folder: &Path, more: &[&str]) -> PathBuf {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    put(
        "scheme.kp",
        "方案 试 \"试\"\n  每项取到 不取整 选择 \"示例\"\n  名次 总分 从高到低 并列占位 选择 \"示例\"\n  未报 暂缺 选择 \"示例\"\n项 甲项 a1 10 分 选择 \"示例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  给出 达标 = 完成数 ≥ 3 人\n  得 分值 × 较小(完成数 / 3 人, 1)\n",
    );
    put("facts.csv", "unit,indicator,field,value\n007,甲项,完成数,1 人\n3-1,甲项,完成数,3 人\n");
    let out = folder.join("结果");
    let run = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(["score".as_ref(), folder.as_os_str(), "--facts".as_ref(), folder.join("facts.csv").as_os_str()])
        .args(["--out".as_ref(), out.as_os_str()])
        .args(more)
        .output()
        .expect("kaoping runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    out
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn the_files_for_excel_stand_beside_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = score(folder.path(), &[]);
    let before = text(&plain.join("totals.csv"));
    let out = score(folder.path(), &["--excel"]);
    assert_eq!(text(&out.join("totals.csv")), before, "what other programs read does not change");
    assert_eq!(
        text(&out.join("总分与名次.csv")),
        "\u{feff}单位,分组,总分,名次,全部达标,等次,总分（精确）,暂定\n\
         \"=\"\"007\"\"\",,3.3333,2,否,,10 ÷ 3,\n\
         \"=\"\"3-1\"\"\",,10,1,是,,,\n"
    );
    assert_eq!(
        text(&out.join("得分.csv")),
        "\u{feff}单位,指标,得分,得分（精确）\n\"=\"\"007\"\"\",甲项,3.3333,10 ÷ 3\n\"=\"\"3-1\"\"\",甲项,10,\n"
    );
    let english = score(folder.path(), &["--excel", "--lang", "en"]);
    assert!(text(&english.join("totals-excel.csv")).starts_with("\u{feff}unit,group,total,rank"));
}

/// A leader sees beside a place what it goes by and whether it may still change.
#[test]
fn a_place_that_may_change_is_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let example = |path: &str| {
        let example = policies.join(path);
        let out = folder.path().join("结果");
        let of = |name: &str| example.join("examples/units").join(name);
        Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(["score".as_ref(), example.as_os_str(), "--units".as_ref(), of("units.csv").as_os_str()])
            .args(["--facts".as_ref(), of("facts.csv").as_os_str(), "--out".as_ref(), out.as_os_str()])
            .arg("--excel")
            .output()
            .expect("kaoping runs");
        text(&out.join("总分与名次.csv"))
    };
    let quarters = example("rulebook/19-each-quarter");
    assert!(quarters.lines().next().is_some_and(|head| head.ends_with(",暂定")), "{quarters}");
    assert!(quarters.lines().skip(1).any(|row| row.ends_with(",是")), "{quarters}");
    let rounds = example("rulebook/10-rounds");
    assert!(rounds.lines().next().is_some_and(|head| head.contains(",名次按年度得分,")), "{rounds}");
}

#[test]
fn without_a_folder_there_is_nothing_to_write() {
    let run = Command::new(env!("CARGO_BIN_EXE_kaoping")).args(["score", ".", "--excel"]).output().expect("runs");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--out"));
}

/// Where LibreOffice is installed it opens the file, and every cell is what was meant.
#[test]
fn a_spreadsheet_shows_what_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = score(folder.path(), &["--excel"]);
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let converted = folder.path().join("opened");
    let run = Command::new("soffice")
        // On a screen the mark is seen; without one the alphabet has to be named.
        .args([profile.as_str(), "--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "html"])
        .arg("--outdir")
        .arg(&converted)
        .arg(out.join("总分与名次.csv"))
        .output();
    if run.is_err() {
        // Not installed; the bytes are held to what they should be above.
        return;
    }
    let page = text(&converted.join("总分与名次.html"));
    for cell in ["单位<", "全部达标<", ">007<", ">3-1<", ">10 ÷ 3<"] {
        assert!(page.contains(cell), "{cell} in {page}");
    }
}
