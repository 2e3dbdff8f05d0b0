//! Every named finding has a folder in `errors/` that causes it, and `docs/errors.md` is made
//! of those folders. `KAOPING_BLESS=1 cargo test -p kaoping-cli --test errors` writes it anew.
//!
//! A folder holds the smallest policy that causes the finding and `about.md`, a Chinese and an
//! English paragraph. What is run follows from the files: with figures, units or events the
//! policy is scored, with an indicator table and no policy one is made, else it is checked. A file
//! `command` says it where that is not enough.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};
use terminal::{copy, kaoping};

/// Lines of a file that the page shows; a reproducer is read, not searched.
const MOST_LINES: usize = 30;

/// Findings that no files kept here can cause: each with what does. Their folders hold the page
/// alone.
const CAUSED_BY_THE_WORLD: &[(&str, &str)] = &[
    ("internal-fault", "程序的缺陷"),
    ("file-too-large", "一个很大的文件"),
    ("file-too-many", "成千上万个文件"),
    ("output-disk-full", "写满了的磁盘"),
    ("output-failed", "磁盘的故障"),
    ("output-refused", "没有写的权限"),
    ("results-not-reproduced", "不是算出来的结果"),
    ("nothing-pinned", "没有给出检查点的核对"),
    ("key-of-the-record-itself", "没有给出公钥的核对"),
    ("calendar-row-unreadable", "改坏了的放假安排表"),
    ("not-signed-in", "网上的请求"),
    ("bundle-name-unsafe", "网上的请求"),
    ("bundle-too-many-files", "网上的请求"),
    ("verifying-busy", "网上的请求"),
    ("login-failed", "网上的请求"),
    ("account-locked", "网上的请求"),
    ("no-role-today", "网上的请求"),
    ("password-to-change", "网上的请求"),
    ("password-unfit", "网上的请求"),
    ("request-from-elsewhere", "网上的请求"),
    ("body-not-readable", "网上的请求"),
    ("body-type-unfit", "网上的请求"),
    ("body-too-large", "网上的请求"),
    ("request-too-slow", "网上的请求"),
    ("route-unknown", "网上的请求"),
    ("method-not-allowed", "网上的请求"),
    ("format-not-offered", "网上的请求"),
    ("too-many-requests", "网上的请求"),
    ("parameter-not-usable", "网上的请求"),
    ("content-not-kept", "网上的请求"),
    ("deed-made-here", "网上的请求"),
    ("id-number-not-valid", "网上的请求"),
    ("phone-not-valid", "网上的请求"),
    ("person-field-unfit", "网上的请求"),
    ("personal-data-in-reason", "网上的请求"),
    ("persons-not-kept", "没有主密钥的服务器"),
    ("person-key-gone", "销毁了的密钥"),
    ("person-data-changed", "被改动过的数据库"),
    ("key-ring-unusable", "文件夹里的密钥"),
    ("oidc-not-offered", "统一登录平台"),
    ("oidc-state-unknown", "统一登录平台"),
    ("oidc-refused", "统一登录平台"),
    ("oidc-token-unfit", "统一登录平台"),
    ("oidc-not-bound", "统一登录平台"),
    ("oidc-unreachable", "统一登录平台"),
    ("oidc-bound-already", "统一登录平台"),
    ("oidc-setting-unusable", "启动时的设置"),
    ("key-file-there", "文件夹里的密钥"),
    ("key-file-unusable", "文件夹里的密钥"),
    ("record-founded", "已有台账的库"),
    ("record-not-founded", "空的库"),
    ("address-not-usable", "被占用的端口"),
    ("draft-changed", "网上的请求"),
    ("results-not-shown", "网上的请求"),
    ("draft-of-nothing", "网上的请求"),
    ("desk-busy", "忙不过来的服务器"),
    ("desk-stopped", "磁盘的故障"),
    ("binding-unlike", "台账里做不成的事"),
    ("binding-of-nothing", "台账里做不成的事"),
    ("value-left-outside", "台账里要看一眼的事"),
    ("parts-and-whole-differ", "台账里要看一眼的事"),
    ("outside-the-period", "台账里要看一眼的事"),
    ("collection-doubled", "台账里要看一眼的事"),
    ("due-date-past", "台账里要看一眼的事"),
    ("no-time-to-object", "台账里要看一眼的事"),
    ("totals-blank", "台账里要看一眼的事"),
    ("collection-not-due", "台账里要看一眼的事"),
    ("report-not-signed", "台账里要看一眼的事"),
    ("figure-unused", "台账里要看一眼的事"),
    ("sample-doubled", "台账里要看一眼的事"),
    ("period-not-over", "台账里要看一眼的事"),
    ("objections-open", "台账里要看一眼的事"),
    ("office-leaves-open", "台账里要看一眼的事"),
    ("notice-drops-days", "台账里要看一眼的事"),
    ("upper-left-out", "台账里要看一眼的事"),
    ("results-behind", "台账里要看一眼的事"),
    ("round-leaves-out", "台账里要看一眼的事"),
    ("round-goes-on", "台账里要看一眼的事"),
    ("assessor-beyond", "台账里要看一眼的事"),
    ("holidays-unannounced", "台账里要看一眼的事"),
    ("event-table-shared", "台账里要看一眼的事"),
    ("sealed-stays", "台账里要看一眼的事"),
    ("deadline-moved", "台账里要看一眼的事"),
    ("report-changed", "台账里做不成的事"),
    ("results-changed", "台账里做不成的事"),
    ("role-repeated", "台账里要看一眼的事"),
    ("role-backdated", "台账里要看一眼的事"),
    ("role-conflict", "台账里要看一眼的事"),
    ("id-used-otherwise", "台账里做不成的事"),
    ("record-damaged", "被改动过的台账"),
    ("tables-differ", "被改动过的数据库"),
    ("record-of-another-key", "另造的台账"),
    ("content-not-as-recorded", "丢失或换过的材料"),
    ("checkpoint-of-another-record", "台账以外给出的检查点"),
    ("checkpoint-not-signed", "台账以外给出的检查点"),
    ("record-unreadable", "被改动过的台账"),
    ("record-out-of-order", "被改动过的台账"),
    ("record-chain-broken", "被改动过的台账"),
    ("record-back-dated", "被改动过的台账"),
    ("record-not-as-pinned", "被改动过的台账"),
    ("record-shorter-than-pinned", "被改动过的台账"),
    ("not-in-the-record", "台账里做不成的事"),
    ("already-in-the-record", "台账里做不成的事"),
    ("name-not-usable", "台账里做不成的事"),
    ("reason-needed", "台账里做不成的事"),
    ("evidence-needed", "台账里做不成的事"),
    ("not-now", "台账里做不成的事"),
    ("value-not-fitting", "台账里做不成的事"),
    ("not-entitled", "台账里做不成的事"),
    ("second-person-needed", "台账里做不成的事"),
    ("question-open", "台账里做不成的事"),
    ("exemption-undecided", "台账里做不成的事"),
    ("difference-unexplained", "台账里做不成的事"),
    ("recusal-needed", "台账里做不成的事"),
    ("results-moved-on", "台账里做不成的事"),
    ("proposal-undecided", "台账里做不成的事"),
    ("objection-unanswered", "台账里做不成的事"),
    ("award-not-judged", "台账里做不成的事"),
    ("office-exempt", "台账里的豁免"),
    ("rule-difference-not-told", "两轮之间修订的办法"),
    ("publication-without-checkpoint", "丢失的检查点"),
    ("clock-jumped", "跳快的时钟"),
    ("record-not-as-signed", "截短的或旧的库"),
    ("signed-memory-unusable", "文件夹里的密钥"),
    ("award-barred", "台账里的名单"),
    ("award-above-quota", "台账里的名单"),
    ("results-by-earlier-version", "台账里的修订"),
    ("logins-not-ours", "动过的数据库"),
    ("signed-memory-missing", "文件夹里的密钥"),
    ("checkpoint-missing", "丢失的检查点"),
    ("store-not-as-made", "被改动过的数据库"),
    ("restore-not-older", "没有恢复过的库"),
    ("record-restored", "从旧备份接着办的台账"),
    ("bundle-exists", "已有的文件夹"),
    ("bundle-file-changed", "导出以后改过的文件"),
    ("bundle-file-unknown", "导出以后放进的文件"),
    ("record-beside-differs", "被改动过的数据库"),
    ("store-entry-missing", "被改动过的数据库"),
    ("tables-not-compared", "换了版本的程序"),
    ("store-address-unknown", "库"),
    ("store-backup-exists", "库"),
    ("store-blob-differs", "库"),
    ("store-conflict", "另一个程序"),
    ("store-connection-lost", "断了的连接"),
    ("store-damaged", "损坏的文件"),
    ("store-disk-full", "写满了的磁盘"),
    ("store-entry-out-of-order", "另一个程序"),
    ("store-entry-twice", "重发的来件"),
    ("store-failed", "库"),
    ("store-foreign", "库"),
    ("store-form-newer", "换了版本的程序"),
    ("store-in-use", "另一个程序"),
    ("store-library-old", "旧的数据库程序"),
    ("store-not-empty", "库"),
    ("store-read-only", "库"),
    ("store-row-unfit", "程序的缺陷"),
    ("store-rows-behind", "换了版本的程序"),
    ("store-server-unfit", "数据库的设置"),
    ("store-sync-failed", "磁盘的故障"),
    ("store-tls-refused", "数据库的证书"),
    ("store-tls-unfit", "库的地址"),
    ("store-unreachable", "库"),
    ("table-not-kept", "写满了的临时文件夹"),
];

/// Findings of `kaoping-engine`, which is not built with the others: its own tests run these commands, and what
/// was said to them is kept in the file `said`.
const OF_THE_ENGINE: [&str; 3] = ["engine-stopped", "key-unknown", "policy-differs"];

/// Files of a folder that are not of the reproducer.
const BESIDE: [&str; 3] = ["about.md", "command", "said"];

const HEAD: &str = "\
# 问题一览 · Named findings

查错、读表时,每个问题都有一个不变的名称。下面按名称列出:什么意思、为什么要紧、能引出它的最小例子,
以及命令和它的原样输出。本页由 `errors/` 里的文件夹生成,不要手改。

Every finding has a name that stays. Each is listed with what it means, why it matters, the smallest example
that causes it, and the command with its exact output. This page is made from the folders in `errors/`.
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of the folders in `errors/`, sorted.
fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("errors"))
        .expect("errors/")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The texts that cause a finding, by path inside its folder.
fn reproducer(folder: &Path) -> BTreeMap<String, String> {
    fn gather(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder of errors/") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let name = format!("{below}{name}");
            if path.is_dir() {
                gather(&path, &format!("{name}/"), files);
            } else if !BESIDE.contains(&name.as_str()) {
                // Some are no texts, and that is what is wrong with them.
                let bytes = fs::read(&path).expect("a file");
                let shown = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
                let text = match (bytes.contains(&0), name.rsplit('.').next()) {
                    (true, Some("arrow")) => format!("（Arrow，{} 字节）", bytes.len()),
                    (true, Some("parquet")) => format!("（Parquet，{} 字节）", bytes.len()),
                    _ => String::from_utf8_lossy(&bytes).chars().map(shown).collect(),
                };
                files.insert(name, text);
            }
        }
    }
    let mut files = BTreeMap::new();
    gather(folder, "", &mut files);
    files
}

/// The tables of a policy; every other one beside the facts is an event table.
const POLICY_TABLES: [&str; 5] = ["units.csv", "facts.csv", "indicators.csv", "parameters.csv", "targets.csv"];

/// What is typed to meet the finding, inside a copy of its folder.
fn command(folder: &Path, files: &BTreeMap<String, String>) -> String {
    if let Ok(written) = fs::read_to_string(folder.join("command")) {
        return written.trim().to_string();
    }
    let has = |name: &str| files.contains_key(name);
    if !has("scheme.kp") && has("indicators.csv") {
        return "kaoping new 新方案 --indicators indicators.csv".to_string();
    }
    let events = || files.keys().filter(|file| !POLICY_TABLES.contains(&file.as_str()));
    let events: Vec<&str> = events().filter_map(|file| file.strip_suffix(".csv")).collect();
    if !has("facts.csv") && !has("units.csv") && events.is_empty() {
        return "kaoping check .".to_string();
    }
    let mut command = String::from("kaoping score .");
    for table in ["facts", "units"] {
        if has(&format!("{table}.csv")) {
            let _ = write!(command, " --{table} {table}.csv");
        }
    }
    for table in events {
        let _ = write!(command, " --events {table}={table}.csv");
    }
    command
}

/// One finding met in a copy of its folder: the command and all it printed.
struct Met {
    command: String,
    files: BTreeMap<String, String>,
    said: String,
    code: i32,
}

fn meet(name: &str) -> Met {
    let folder = root().join("errors").join(name);
    let files = reproducer(&folder);
    let command = command(&folder, &files);
    if OF_THE_ENGINE.contains(&name) {
        let said = fs::read_to_string(folder.join("said")).expect("what the engine said");
        return Met { command: command.replace('\n', "\n$ "), files, said, code: 2 };
    }
    let place = tempfile::tempdir().expect("a folder");
    copy(&folder, place.path());
    for beside in BESIDE {
        let _ = fs::remove_file(place.path().join(beside));
    }
    let run = kaoping(&command, place.path());
    Met { said: format!("{}{}", run.stdout, run.stderr), code: run.code, command, files }
}

/// The Chinese words behind the name of the finding.
fn title<'a>(name: &str, said: &'a str) -> Option<&'a str> {
    let mark = format!("[{name}] ");
    said.lines().find_map(|line| line.split_once(&mark)).map(|(_, title)| title)
}

fn section(page: &mut String, name: &str, met: &Met) {
    let folder = root().join("errors").join(name);
    let about = fs::read_to_string(folder.join("about.md")).expect("about.md");
    let title = title(name, &met.said).unwrap_or_default();
    let _ = write!(page, "\n## {name}\n\n**{title}**\n\n{}\n", about.trim());
    for (file, text) in &met.files {
        let mut shown: Vec<&str> = text.lines().take(MOST_LINES).collect();
        let rest = text.lines().count() - shown.len();
        let more = format!("…… {rest} 行");
        if rest > 0 {
            shown.push(&more);
        }
        let _ = write!(page, "\n`{file}`\n\n```\n{}\n```\n", shown.join("\n"));
    }
    let ending = if met.code == 0 { String::new() } else { format!("\n(退出码 {})", met.code) };
    let said = met.said.trim_end();
    let _ = write!(page, "\n```\n$ {}\n{said}{ending}\n```\n", met.command);
}

#[test]
fn each_folder_causes_its_finding_and_the_page_shows_it() {
    let mut page = String::from(HEAD);
    let mut wrong = Vec::new();
    for name in names() {
        if let Some((_, cause)) = CAUSED_BY_THE_WORLD.iter().find(|(world, _)| *world == name) {
            let about = fs::read_to_string(root().join("errors").join(&name).join("about.md")).expect("about.md");
            let _ = write!(page, "\n## {name}\n\n{}\n\n(由{cause}引起，这里没有最小例子。)\n", about.trim());
            continue;
        }
        let met = meet(&name);
        if title(&name, &met.said).is_none() {
            let said = met.said.lines().take(12).collect::<Vec<_>>().join("\n  ");
            wrong.push(format!("{name} ({}):\n  {said}", met.command));
        }
        if met.said.contains("panicked") || !(0..=2).contains(&met.code) {
            wrong.push(format!("{name}: exit code {}", met.code));
        }
        section(&mut page, &name, &met);
    }
    assert!(wrong.is_empty(), "not reported:\n{}", wrong.join("\n"));
    let file = root().join("docs/errors.md");
    if terminal::bless() {
        fs::write(&file, &page).expect("docs/errors.md");
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    let first = found.lines().zip(page.lines()).find(|(found, made)| found != made);
    assert!(
        found == page,
        "docs/errors.md is not what errors/ says, first at {first:?}; write it anew with\n  \
         KAOPING_BLESS=1 cargo test -p kaoping-cli --test errors"
    );
}

#[test]
fn each_folder_is_explained_in_both_languages() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let wrong: Vec<String> = names()
        .into_iter()
        .filter(|name| {
            let about = root().join("errors").join(name).join("about.md");
            let about = fs::read_to_string(about).unwrap_or_default();
            let paragraphs: Vec<&str> = about.trim().split("\n\n").collect();
            match paragraphs.as_slice() {
                [zh, en] => {
                    !chinese(zh) || !en.is_ascii() && en.chars().filter(|c| chinese(&c.to_string())).count() > 12
                }
                _ => true,
            }
        })
        .collect();
    assert!(wrong.is_empty(), "about.md of {wrong:?}: two paragraphs, Chinese then English");
}

/// Every `.rs` below `folder` that ends up in the program.
fn sources(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "tests" | "benches" | "examples" | "target") {
                sources(&path, texts);
            }
        } else if name.ends_with(".rs") && !name.contains("test") {
            let text = fs::read_to_string(&path).expect("a source");
            // Tests inside a file stand at its end.
            let text = text.split("\n#[cfg(test)]\n").next().unwrap_or("").to_string();
            texts.push((path, text));
        }
    }
}

/// The kebab-case literal at the start of what stands in brackets.
fn first_literal(arguments: &str) -> Option<&str> {
    let name = arguments.trim_start().strip_prefix('"')?.split('"').next()?;
    let plain = |c: char| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit();
    let kebab = name.contains('-') && name.starts_with(|c: char| c.is_ascii_lowercase());
    (kebab && name.chars().all(plain)).then_some(name)
}

/// Names given to findings in a text: the first argument of a finding or of a function that
/// makes one, or a name chosen by cases.
fn findings_named(text: &str) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    for (at, _) in text.match_indices('(') {
        let (before, after) = text.split_at(at + 1);
        let called = before.trim_end_matches('(');
        let function = called.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
        // Calls that take words, not names of findings.
        let other = matches!(
            function,
            "new"
                | "same"
                | "contains"
                | "starts_with"
                | "strip_prefix"
                | "matches"
                | "arg"
                | "ends_with"
                | "from"
                | "push_str"
                | "find"
                | "get"
        );
        if !other && let Some(name) = first_literal(after) {
            named.insert(name);
        }
        // `Diagnostic::error(if zero { "a" } else { "b" }, …`
        let chosen = ["error", "warning", "note"].contains(&function);
        if chosen && after.trim_start().starts_with("if ") {
            for part in after.split(',').next().unwrap_or("").split('{').skip(1) {
                named.extend(first_literal(part));
            }
        }
    }
    // Cases that give the name and the words of a finding together.
    for (at, _) in text.match_indices("=> (\n") {
        named.extend(first_literal(text.get(at + 5..).unwrap_or("")));
    }
    named
}

#[test]
fn every_finding_has_a_folder() {
    let mut texts = Vec::new();
    sources(&root().join("core"), &mut texts);
    sources(&root().join("edge"), &mut texts);
    let mut named: BTreeMap<&str, &Path> = BTreeMap::new();
    for (path, text) in &texts {
        for name in findings_named(text) {
            named.entry(name).or_insert(path);
        }
    }
    assert!(named.len() > 100, "only {} names found", named.len());
    let folders: BTreeSet<String> = names().into_iter().collect();
    let missing: Vec<String> = named
        .iter()
        .filter(|(name, _)| !folders.contains(**name))
        // Deeds, attributes of pages and commands have names of the same form.
        .filter(|(name, _)| !kaoping_office::Act::NAMES.contains(name) && !name.starts_with("data-"))
        .filter(|(_, path)| !path.ends_with("edge/cli/src/help.rs"))
        .map(|(name, path)| format!("{name}  {}", path.display()))
        .collect();
    assert!(missing.is_empty(), "findings without a folder in errors/:\n{}", missing.join("\n"));
    let unknown: Vec<&String> =
        folders.iter().filter(|name| !texts.iter().any(|(_, text)| text.contains(&format!("\"{name}\"")))).collect();
    assert!(unknown.is_empty(), "folders of findings nobody gives: {unknown:?}");
    let reproduced = |name: &str| !reproducer(&root().join("errors").join(name)).is_empty();
    let both: Vec<&str> = CAUSED_BY_THE_WORLD.iter().map(|(name, _)| *name).filter(|name| reproduced(name)).collect();
    assert!(both.is_empty(), "not only of the world: {both:?}");
}
