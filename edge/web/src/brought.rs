//! A folder somebody brings to have it verified: the files of an export in one body, laid out for a moment and gone
//! after it.

use crate::problem::{self, Problem};
use kaoping_desk::{
    bundle::{FromFolder, key_in},
    checks::{Check, Ground, checks_of_folder},
    given::{no_checkpoint, no_key, nothing_pinned, own_key},
    verify::{Verified, verify},
};
use kaoping_ledger::{PublicKey, SignedCheckpoint};
use kaoping_terms::{Diagnostic, Level, Text};
use serde::Deserialize;
use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

/// So many files are taken.
const MOST_FILES: usize = 2_000;

/// The first line is no longer than that, in bytes.
const LONGEST_HEAD: usize = 1 << 20;

/// A name is no longer than that, in bytes, and goes no deeper.
const LONGEST_NAME: usize = 240;
const DEEPEST: usize = 4;

/// What stands in the first line of the body, before the bytes of the files one after another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// The key, from elsewhere; the one that came with the folder where none is given.
    #[serde(default)]
    key: String,
    /// The text of a checkpoint that was kept elsewhere.
    #[serde(default)]
    checkpoint: String,
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    size: usize,
}

/// What came of it.
pub(crate) struct Found {
    pub(crate) verified: Verified,
    pub(crate) key: PublicKey,
    pub(crate) checks: Vec<Check>,
    /// What speaks against nothing and should be known.
    pub(crate) notes: Vec<Diagnostic>,
}

/// Verifies the folder in a body, as `kaoping verify FOLDER` does. It works on the disk: not to be called from an
/// asynchronous task.
///
/// # Errors
/// The body holds no folder, or key or checkpoint are none.
pub(crate) fn verified(body: &[u8]) -> Result<Found, Problem> {
    let line = body.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n');
    let (head, rest) = body.split_at(line.ok_or_else(problem::no_bundle)?);
    let head: Head = read(head).map_err(|fault| problem::unreadable(&fault))?;
    let files = files(&head.files, rest.get(1..).unwrap_or_default())?;
    // What follows the name of the temporary folder is what there is; it goes when this ends.
    let place = tempfile::tempdir().map_err(|_| problem::no_room())?;
    for (name, bytes) in files {
        lay(place.path(), name, bytes)?;
    }
    in_folder(place.path(), &head)
}

fn read(head: &[u8]) -> Result<Head, problem::Unreadable> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(head))
}

/// The files in a body: no more than are taken, each with a name that stays in the folder, and nothing beside them.
fn files<'a>(files: &'a [File], mut rest: &'a [u8]) -> Result<Vec<(&'a str, &'a [u8])>, Problem> {
    if files.len() > MOST_FILES {
        return Err(problem::too_many_files());
    }
    let mut found = Vec::new();
    for File { name, size } in files {
        if !stays_inside(name) {
            return Err(name_unsafe(name));
        }
        let (bytes, after) = rest.split_at_checked(*size).ok_or_else(problem::no_bundle)?;
        found.push((name.as_str(), bytes));
        rest = after;
    }
    if rest.is_empty() { Ok(found) } else { Err(problem::no_bundle()) }
}

/// Whether a name leads nowhere but into the folder, on any system.
fn stays_inside(name: &str) -> bool {
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..") && !part.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
    };
    name.len() <= LONGEST_NAME && name.split('/').count() <= DEEPEST && name.split('/').all(plain)
}

/// Lays a file into the folder. Two of one name, or a file where a folder is, are refused.
fn lay(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Problem> {
    let path = folder.join(name);
    let put = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::File::create_new(&path)?.write_all(bytes)
    };
    put().map_err(|fault: io::Error| match fault.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
            name_unsafe(name)
        }
        _ => problem::no_room(),
    })
}

/// A finding of verifying as it is said here: what a command takes with an option is a field of the first line.
pub(crate) fn said_here(finding: &Diagnostic) -> Diagnostic {
    let said = finding.clone();
    match finding.name {
        "key-unreadable" => said.why(Text::new(
            "要的是公钥：名称+编号+内容（key）；不写就用文件夹里的 key.txt",
            "`key` holds a key, written NAME+NUMBER+KEY; without it the one in key.txt is taken",
        )),
        "key-of-the-record-itself" => {
            said.next(Text::new("写上从别处得来的公钥（key）", "write a key from elsewhere into `key`"))
        }
        "nothing-pinned" => {
            said.next(Text::new("写上保存的检查点（checkpoint）", "write the one you kept into `checkpoint`"))
        }
        "publication-without-checkpoint" => said.next(Text::new(
            "找回公布时的检查点，写上（checkpoint）",
            "find the checkpoint it was published under, and write it into `checkpoint`",
        )),
        _ => said,
    }
}

fn in_folder(folder: &Path, head: &Head) -> Result<Found, Problem> {
    let written = match head.key.trim() {
        "" => key_in(folder).map_err(|_| problem::no_bundle())?,
        given => given.to_owned(),
    };
    let unusable = |finding: Diagnostic| Problem::of(Vec::from([said_here(&finding)]));
    let key = PublicKey::parse(written.trim()).ok_or_else(|| unusable(no_key(written.trim(), false)))?;
    let note = head.checkpoint.trim().replace("\r\n", "\n");
    let pinned = match note.as_str() {
        "" => None,
        note => Some(SignedCheckpoint::parse(note).ok_or_else(|| unusable(no_checkpoint(first(note))))?),
    };
    // A fault names places of this machine, which are nobody's affair.
    let mut source = FromFolder(folder.to_owned());
    let verified = verify(&mut source, &key, pinned.as_slice()).map_err(|_| problem::no_bundle())?;
    let ground = Ground { verified: &verified, tree: &verified.tree, key: &key };
    let checks = checks_of_folder(&ground, Some(&note));
    let warned = verified.findings.findings().iter().filter(|finding| finding.level != Level::Error).cloned();
    let own = head.key.trim().is_empty().then(own_key);
    let notes = warned.chain(own).chain(pinned.is_none().then(nothing_pinned)).collect();
    Ok(Found { verified, key, checks, notes })
}

/// The first line of a text.
fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// A name of a file that leads elsewhere, or is there twice.
fn name_unsafe(name: &str) -> Problem {
    let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    let finding = Diagnostic::error(
        "bundle-name-unsafe",
        Text::new(format!("文件名“{name}”不能用"), format!("a file cannot be called `{name}`")),
    )
    .why(Text::new(
        "名称只能指到送来的文件夹里面，不能有 ..、盘符、反斜杠，不能重复，最多 4 层",
        "a name leads into the folder alone: without .., drives or backslashes, not twice, four levels deep at most",
    ))
    .next(Text::new("原样送导出的文件夹", "send the folder as it was exported"));
    Problem::of(Vec::from([finding]))
}

#[cfg(test)]
mod tests {
    use super::stays_inside;

    #[test]
    fn names_stay_in_the_folder() {
        for name in ["record.jsonl", "contents/sha256-00", ".DS_Store", "多出来的.docx", "a/b/c/d"] {
            assert!(stays_inside(name), "{name}");
        }
        let long = "长".repeat(81);
        for name in
            ["", "../x", "a/../../x", "/etc/x", "a//b", "a/", "./a", "..", "C:x", "a\\b", "a\0", "a/b/c/d/e", &long]
        {
            assert!(!stays_inside(name), "{name}");
        }
    }
}
