//! A policy folder, read from disk into memory once.
//!
//! The core sees paths and texts, never the disk. Everything that cannot be read is reported
//! together, so that one round of mending is enough.

use crate::folder_findings::{link_leaves, not_a_folder, not_a_library, strange_name, too_many, too_much, workbook};
use kaoping_sheets::{FileFault, policy_text};
use kaoping_terms::{Diagnostic, Report};
use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// Most files of a policy that are read.
pub const MOST_FILES: usize = 2_000;
/// Most bytes of a policy that are read, all files together.
pub const MOST_BYTES: usize = 256 * 1024 * 1024;
/// Most entries that are looked at, and how deep: somebody may have named the whole disk.
const MOST_ENTRIES: usize = 100_000;
const DEEPEST: usize = 32;

/// What belongs to a policy wherever it stands in the folder.
const ENDINGS: [&str; 3] = ["kp", "csv", "md"];
/// Spreadsheets people keep beside their tables.
const WORKBOOKS: [&str; 5] = ["xlsx", "xls", "xlsm", "et", "ods"];

/// The texts of a policy folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFolder {
    /// The folder, as the user wrote it.
    pub root: String,
    /// Path below the folder, with `/` between its parts, and text; sorted by path.
    pub files: Vec<(String, String)>,
}

/// What was met on the way through a folder.
#[derive(Default)]
struct Walk {
    wanted: Vec<(String, PathBuf)>,
    entries: usize,
    too_many: bool,
    report: Report,
}

impl PolicyFolder {
    /// Reads every `.kp`, `.csv` and `.md` below `root` and everything below `examples`.
    /// What could be read is returned even where something could not.
    pub fn read(root: &Path) -> (Self, Report) {
        let mut folder = Self { root: root.display().to_string(), files: Vec::new() };
        let canonical = match fs::canonicalize(root) {
            Ok(canonical) if canonical.is_dir() => canonical,
            Ok(_) => return (folder.clone(), alone(not_a_folder(&folder.root))),
            Err(fault) => {
                let finding = FileFault::from(fault).diagnostic(&folder.root);
                return (folder, alone(finding));
            }
        };
        let mut walk = Walk::default();
        walk.enter(root, &canonical, "", 0);
        if walk.too_many {
            walk.report.push(too_many(&folder.root));
        }
        walk.wanted.sort();
        let mut bytes = 0usize;
        for (relative, path) in std::mem::take(&mut walk.wanted) {
            match policy_text(&path) {
                Ok(text) => {
                    bytes = bytes.saturating_add(text.len());
                    folder.files.push((relative, text));
                }
                Err(fault) => walk.report.push(fault.diagnostic(&folder.shown(&relative))),
            }
            if bytes > MOST_BYTES {
                walk.report.push(too_much(&folder.root));
                break;
            }
        }
        (folder, walk.report)
    }

    /// The text of one file of the folder.
    pub fn text(&self, relative: &str) -> Option<&str> {
        let at = self.files.binary_search_by(|(path, _)| path.as_str().cmp(relative)).ok()?;
        self.files.get(at).map(|(_, text)| text.as_str())
    }

    /// The path of a file as the user would write it.
    pub fn shown(&self, relative: &str) -> String {
        let root = self.root.trim_end_matches('/');
        if root.is_empty() { format!("/{relative}") } else { format!("{root}/{relative}") }
    }

    /// Reads a shared library by its path from the folder, such as `../kinds/common.kp`, or a
    /// table or the clauses of an inherited standard.
    ///
    /// Only `.kp` files are read this way, and `.csv` and `.md` that stand beside a
    /// `scheme.kp`, links to other files included: a policy from a stranger must not be able
    /// to show its reader's other files in a message.
    pub fn read_beside(&self, relative: &str) -> Result<String, Box<Diagnostic>> {
        let shown = self.shown(relative);
        let ends = |path: &Path| match ending(path).as_deref() {
            Some("kp") => true,
            Some("csv" | "md") => {
                path.parent().is_some_and(|folder| Path::new(&self.root).join(folder).join("scheme.kp").is_file())
            }
            _ => false,
        };
        let wanted = Path::new(relative);
        let absolute = wanted.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_)));
        if absolute || !ends(wanted) {
            return Err(Box::new(not_a_library(relative)));
        }
        if let Some(text) = self.text(relative) {
            return Ok(text.to_owned());
        }
        let path = Path::new(&self.root).join(wanted);
        let read = fs::canonicalize(&path)
            .map_err(FileFault::from)
            .and_then(|real| if ends(&real) { policy_text(&real).map(Some) } else { Ok(None) });
        match read {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(Box::new(not_a_library(relative))),
            Err(fault) => Err(Box::new(fault.diagnostic(&shown))),
        }
    }
}

impl Walk {
    /// Looks through one folder; `below` is its path from the root, ended by `/` or empty.
    fn enter(&mut self, root: &Path, canonical: &Path, below: &str, depth: usize) {
        let shown = |name: &str| format!("{}/{below}{name}", root.display());
        let room = MOST_ENTRIES.saturating_sub(self.entries) + 1;
        let read = fs::read_dir(root.join(below)).and_then(|entries| entries.take(room).collect::<Result<Vec<_>, _>>());
        let mut entries = match read {
            Ok(entries) => entries,
            Err(fault) => {
                let shown = shown("");
                self.report.push(FileFault::from(fault).diagnostic(shown.trim_end_matches('/')));
                return;
            }
        };
        // The disk's own order differs from machine to machine.
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut folders = Vec::new();
        for entry in entries {
            self.entries += 1;
            if self.entries > MOST_ENTRIES || self.wanted.len() > MOST_FILES {
                self.too_many = true;
                self.wanted.truncate(MOST_FILES);
                return;
            }
            let Ok(name) = entry.file_name().into_string() else {
                self.report.push(strange_name(&shown(&entry.file_name().to_string_lossy())));
                continue;
            };
            if is_hidden(&name) {
                continue;
            }
            let path = entry.path();
            let linked = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if linked && !stays_inside(&path, canonical) {
                if is_wanted(below, &name) || path.is_dir() {
                    self.report.push(link_leaves(&shown(&name)));
                }
            } else if path.is_dir() {
                // What a link to a folder inside holds is read in its own place.
                if !linked {
                    folders.push(name);
                }
            } else if ending(&path).is_some_and(|ending| WORKBOOKS.contains(&ending.as_str())) {
                self.report.push(workbook(&shown(&name)));
            } else if is_wanted(below, &name) {
                self.wanted.push((format!("{below}{name}"), path));
            }
        }
        for name in folders {
            if depth >= DEEPEST {
                self.too_many = true;
                return;
            }
            self.enter(root, canonical, &format!("{below}{name}/"), depth + 1);
        }
    }
}

/// The ending of a file's name in small letters.
fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

/// Files of programs, not of people: hidden ones and the locks of open Office files.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name == "Thumbs.db" || name == "desktop.ini"
}

fn is_wanted(below: &str, name: &str) -> bool {
    below.starts_with("examples/") || ending(Path::new(name)).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether a link ends inside the folder. One that ends nowhere counts as inside, so that
/// reading it says it is missing.
fn stays_inside(path: &Path, canonical: &Path) -> bool {
    fs::canonicalize(path).map_or(true, |target| target.starts_with(canonical))
}

fn alone(finding: Diagnostic) -> Report {
    let mut report = Report::new();
    report.push(finding);
    report
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
