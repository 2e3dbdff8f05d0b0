use super::PolicyFolder;
use kaoping_terms::Level;
use std::{fs, path::Path};

fn put(root: &Path, relative: &str, content: impl AsRef<[u8]>) {
    let path = root.join(relative);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, content).expect("written");
}

fn paths(folder: &PolicyFolder) -> Vec<&str> {
    folder.files.iter().map(|(path, _)| path.as_str()).collect()
}

#[test]
fn reads_what_belongs_to_a_policy() {
    let root = tempfile::tempdir().expect("a folder");
    put(root.path(), "scheme.kp", "方案 甲");
    put(root.path(), "indicators.CSV", b"\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\n1,\xBC\xD7\n");
    put(root.path(), "kinds/own.kp", "规则 乙");
    put(root.path(), "examples/一/facts.csv", "单位,数值\n甲县,1\n");
    put(root.path(), "examples/一/说明.txt", "说明");
    put(root.path(), "notes.docx.bak", "no");
    put(root.path(), ".git/config.md", "no");
    put(root.path(), "~$indicators.xlsx", "no");
    let (folder, report) = PolicyFolder::read(root.path());
    assert!(report.findings().is_empty(), "{:?}", report.findings());
    let expected = ["examples/一/facts.csv", "examples/一/说明.txt", "indicators.CSV", "kinds/own.kp", "scheme.kp"];
    assert_eq!(paths(&folder), expected);
    assert_eq!(folder.text("indicators.CSV"), Some("编号,名称\n1,甲\n"));
    assert_eq!(folder.text("none.kp"), None);
}

#[test]
fn every_unreadable_file_is_reported_at_once() {
    let root = tempfile::tempdir().expect("a folder");
    put(root.path(), "scheme.kp", "方案 甲");
    put(root.path(), "a.kp", "");
    put(root.path(), "b.csv", b"PK\x03\x04xl/workbook.xml");
    put(root.path(), "c.md", "甲乙丙丁\u{0}");
    put(root.path(), "d.kp", &"方案 甲".as_bytes()[..9]);
    put(root.path(), "e.md", vec![b'#'; 9 << 20]);
    put(root.path(), "f.xlsx", "PK");
    fs::create_dir(root.path().join("g.kp")).expect("a folder");
    let (folder, report) = PolicyFolder::read(root.path());
    let mut found: Vec<(&str, Level)> = report.findings().iter().map(|finding| (finding.name, finding.level)).collect();
    found.sort();
    let expected = [
        ("file-empty", Level::Error),
        ("file-encoding", Level::Error),
        ("file-not-text", Level::Error),
        ("file-not-text", Level::Warning),
        ("file-nul", Level::Error),
        ("file-too-large", Level::Error),
    ];
    assert_eq!(found, expected);
    assert_eq!(paths(&folder), ["scheme.kp"]);
    let workbook = report.findings().iter().find(|finding| finding.level == Level::Warning);
    assert!(workbook.is_some_and(|finding| finding.next.zh.contains("CSV UTF-8")));
}

#[test]
fn a_root_that_is_no_folder_is_named() {
    let root = tempfile::tempdir().expect("a folder");
    put(root.path(), "scheme.kp", "方案 甲");
    for (path, name) in [("none", "file-missing"), ("scheme.kp", "file-unreadable")] {
        let (folder, report) = PolicyFolder::read(&root.path().join(path));
        assert!(folder.files.is_empty());
        assert_eq!(report.findings().iter().map(|f| f.name).collect::<Vec<_>>(), [name]);
    }
}

#[cfg(unix)]
#[test]
fn links_may_not_leave_the_folder() {
    use std::os::unix::fs::symlink;
    let outer = tempfile::tempdir().expect("a folder");
    let root = outer.path().join("policy");
    put(&root, "scheme.kp", "方案 甲");
    put(outer.path(), "secret.md", "机密");
    put(outer.path(), "shared/x.kp", "规则 丙");
    symlink(outer.path().join("secret.md"), root.join("clauses.md")).expect("a link");
    symlink(outer.path().join("shared"), root.join("shared")).expect("a link");
    symlink("scheme.kp", root.join("same.kp")).expect("a link");
    symlink(".", root.join("loop")).expect("a link");
    symlink("nowhere.kp", root.join("broken.kp")).expect("a link");
    let (folder, report) = PolicyFolder::read(&root);
    assert_eq!(paths(&folder), ["same.kp", "scheme.kp"]);
    let mut messages: Vec<String> = report
        .findings()
        .iter()
        .map(|f| format!("{} {}", f.name, f.message.en.rsplit('/').next().unwrap_or("")))
        .collect();
    messages.sort();
    assert_eq!(messages, ["file-missing broken.kp", "file-unreadable clauses.md", "file-unreadable shared"]);
}

#[test]
fn a_folder_of_thousands_of_files_is_cut_off() {
    let root = tempfile::tempdir().expect("a folder");
    for at in 0..2_100 {
        fs::write(root.path().join(format!("{at:04}.md")), "x").expect("written");
    }
    let (folder, report) = PolicyFolder::read(root.path());
    assert_eq!(report.findings().iter().map(|f| f.name).collect::<Vec<_>>(), ["file-too-many"]);
    assert_eq!(folder.files.len(), 2_000);
}

#[test]
fn shared_libraries_are_read_from_beside_the_folder() {
    let outer = tempfile::tempdir().expect("a folder");
    let root = outer.path().join("甲");
    put(&root, "scheme.kp", "方案 甲");
    put(outer.path(), "kinds/common.kp", "规则 共用");
    put(outer.path(), "kinds/empty.kp", "");
    put(outer.path(), "secret.md", "机密");
    let (folder, _) = PolicyFolder::read(&root);
    assert_eq!(folder.read_beside("../kinds/common.kp").as_deref(), Ok("规则 共用"));
    assert_eq!(folder.read_beside("scheme.kp").as_deref(), Ok("方案 甲"));
    let absolute = outer.path().join("kinds/common.kp").display().to_string();
    for (path, name) in [
        ("../kinds/none.kp", "file-missing"),
        ("../kinds/empty.kp", "file-empty"),
        ("../secret.md", "file-unreadable"),
        (absolute.as_str(), "file-unreadable"),
    ] {
        assert_eq!(folder.read_beside(path).expect_err(path).name, name, "{path}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.md", outer.path().join("kinds/trick.kp")).expect("a link");
        let refused = folder.read_beside("../kinds/trick.kp").expect_err("a trick");
        assert_eq!(refused.name, "file-unreadable");
    }
}
