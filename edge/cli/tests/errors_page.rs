//! `docs/errors.md` is made of the folders in `errors/`, one for each named finding.
//! `KAOPING_BLESS=1 cargo test -p kaoping-cli --test errors_page` writes it anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what should have been there"
)]

use std::{fmt::Write, fs, path::Path};

const HEAD: &str = "\
# 问题一览 · Named findings

查错、读表时每个问题都有一个不变的名称。这里按名称列出:什么意思、怎么改,以及能引出它的最小办法。
本页由 `errors/` 里的文件夹生成。

Every finding has a name that stays. Each is listed with what it means, what to do, and the smallest policy
that causes it. This page is made from the folders in `errors/`.
";

/// What causes the finding: every text of its folder but the page about it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("a folder of errors/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && !path.ends_with("about.md"))
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, fs::read_to_string(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}

fn page(root: &Path) -> String {
    let mut names: Vec<String> = fs::read_dir(root.join("errors"))
        .expect("errors/")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut page = String::from(HEAD);
    for name in names {
        let folder = root.join("errors").join(&name);
        let about = fs::read_to_string(folder.join("about.md"))
            .unwrap_or_else(|fault| panic!("errors/{name}/about.md: {fault}"));
        let _ = write!(page, "\n## {name}\n\n{}\n", about.trim());
        for (file, text) in files(&folder) {
            let _ = write!(page, "\n`{file}`\n\n```\n{}\n```\n", text.trim_end());
        }
    }
    page
}

#[test]
fn the_page_of_findings_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (file, made) = (root.join("docs/errors.md"), page(&root));
    if std::env::var_os("KAOPING_BLESS").is_some() {
        fs::write(&file, &made).expect("docs/errors.md");
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == made,
        "docs/errors.md is not what errors/ says; write it anew with\n  \
         KAOPING_BLESS=1 cargo test -p kaoping-cli --test errors_page"
    );
}
