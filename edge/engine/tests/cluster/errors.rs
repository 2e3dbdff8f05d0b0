//! The findings of the engine: the commands in `errors/` cause them, and what is kept there as said is what
//! is said. `KAOPING_BLESS=1` writes it anew; `docs/errors.md` is made of it.

use crate::machines::{Node, engine, free_port};
use std::{fs, path::Path};

/// What stands in the commands for a port that is free.
const PORT: &str = "50050";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Fingerprints change with every version.
fn without_fingerprints(said: &str) -> String {
    let mut parts = said.split("sha256:");
    let first = parts.next().unwrap_or("").to_owned();
    let hexadecimal = |c: char| c.is_ascii_hexdigit();
    parts.fold(first, |all, part| format!("{all}sha256:…{}", part.trim_start_matches(hexadecimal)))
}

#[test]
fn the_findings_of_the_engine_are_as_kept() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../errors");
    for name in ["engine-stopped", "key-unknown", "policy-differs"] {
        let (folder, place) = (root.join(name), tempfile::tempdir().expect("a folder"));
        copy(&folder, place.path());
        let command = fs::read_to_string(folder.join("command")).expect("a command");
        let lines: Vec<Vec<&str>> = command.lines().map(|line| line.split_whitespace().skip(1).collect()).collect();
        let (run, nodes) = lines.split_last().expect("a line");
        let node = nodes.first().map(|words| Node::scheduler(&place.path().join(words[1]), "zh"));
        let port = node.as_ref().map_or_else(|| free_port().to_string(), |node| node.place().replace("127.0.0.1:", ""));
        let mut command = engine();
        command.args(run.iter().map(|word| word.replace(PORT, &port))).current_dir(place.path()).env("NO_COLOR", "1");
        let output = command.output().expect("the program");
        let said = [output.stdout, output.stderr].concat();
        let said =
            without_fingerprints(&String::from_utf8_lossy(&said).replace(&format!(":{port}"), &format!(":{PORT}")));
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(&format!("错误[{name}]")), "{name}: {said}");
        assert!(!place.path().join("result.parquet").exists(), "{name}");
        if std::env::var_os("KAOPING_BLESS").is_some() {
            fs::write(folder.join("said"), &said).expect("written");
        }
        let kept = fs::read_to_string(folder.join("said")).unwrap_or_default();
        assert_eq!(said, kept, "{name}: to write it anew, KAOPING_BLESS=1");
    }
}
