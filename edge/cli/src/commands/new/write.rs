//! A whole folder of files, or none of it.

use super::findings::{cannot_write, folder_not_empty};
use kaoping_terms::Diagnostic;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A folder being made. Dropped before it is finished, it takes away all it made.
struct Making {
    folder: PathBuf,
    /// Folders this run made, outermost first.
    made: Vec<PathBuf>,
    /// Where files are written before they take their places.
    staging: PathBuf,
    /// What took its place.
    placed: Vec<PathBuf>,
    done: bool,
}

/// Refuses a folder that exists and is not empty, before anything is worked out.
pub(super) fn must_be_free(folder: &Path) -> Result<(), Box<Diagnostic>> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Box::new(folder_not_empty(folder))),
        },
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(fault) => Err(Box::new(cannot_write(folder, &fault))),
    }
}

/// Writes files, given by path below the folder, which must be absent or empty. The first
/// file comes to its place last, so that a machine that fails in between leaves no folder
/// that looks whole.
pub(super) fn write_folder(folder: &Path, files: &[(&str, String)]) -> Result<(), Box<Diagnostic>> {
    must_be_free(folder)?;
    let refused = |fault: io::Error| Box::new(cannot_write(folder, &fault));
    let making = Making::begin(folder).map_err(refused)?;
    for (path, text) in files {
        making.stage(path, text).map_err(refused)?;
    }
    making.place(files).map_err(refused)
}

impl Making {
    fn begin(folder: &Path) -> io::Result<Self> {
        let mut missing: Vec<PathBuf> = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .map(Path::to_owned)
            .collect();
        missing.reverse();
        let staging = folder.join(format!(".new-{}.tmp", std::process::id()));
        let mut making = Self { folder: folder.to_owned(), made: Vec::new(), staging, placed: Vec::new(), done: false };
        for path in missing {
            fs::create_dir(&path)?;
            making.made.push(path);
        }
        fs::create_dir(&making.staging)?;
        Ok(making)
    }

    fn stage(&self, path: &str, text: &str) -> io::Result<()> {
        let target = self.staging.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = File::create_new(target)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    fn place(mut self, files: &[(&str, String)]) -> io::Result<()> {
        for (path, _) in files.iter().rev() {
            // A folder below takes its place as a whole, with its first file.
            let top = path.split('/').next().unwrap_or(path);
            let target = self.folder.join(top);
            if self.placed.contains(&target) {
                continue;
            }
            if target.exists() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(self.staging.join(top), &target)?;
            self.placed.push(target);
        }
        fs::remove_dir(&self.staging)?;
        self.done = true;
        // So that the names survive a power cut; not every file system offers it.
        let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        for path in &self.placed {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
        }
        let _ = fs::remove_dir_all(&self.staging);
        for path in self.made.iter().rev() {
            // Goes only if nothing else is in it.
            let _ = fs::remove_dir(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_folder;
    use std::fs;

    fn files() -> Vec<(&'static str, String)> {
        vec![("scheme.kp", "方案 甲".to_owned()), ("kinds/common.kp", "规则 乙".to_owned())]
    }

    #[test]
    fn a_folder_is_made_with_its_parents() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().join("a/b");
        write_folder(&folder, &files()).expect("written");
        let mut names: Vec<_> =
            fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, ["kinds", "scheme.kp"]);
        let refused = write_folder(&folder, &files()).expect_err("not empty");
        assert_eq!(refused.name, "folder-not-empty");
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().join("a/b");
        // A file cannot stand in a file: the second one fails after the first was staged.
        let bad = vec![("scheme.kp", "方案 甲".to_owned()), ("scheme.kp/x", String::new())];
        let refused = write_folder(&folder, &bad).expect_err("a fault");
        assert_eq!(refused.name, "output-refused");
        assert_eq!(fs::read_dir(temporary.path()).expect("a folder").count(), 0);
        let file = temporary.path().join("f");
        fs::write(&file, "x").expect("written");
        let refused = write_folder(&file, &files()).expect_err("a file");
        assert_eq!(refused.name, "output-refused");
    }
}
