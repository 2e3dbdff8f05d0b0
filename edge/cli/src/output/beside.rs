//! A file on its way to a name in a folder.
//!
//! Where the file system can, it has no name until then, so that a run that is killed leaves none. Elsewhere, and
//! for the moment in which it takes the place of another, it has a hidden name and a lock: one that nobody
//! holds is of a run that is dead, and goes when the next one begins.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// What hidden names begin and end with; between them the number of a process and one of its files.
const HIDDEN: (&str, &str) = (".kaoping-", ".tmp");

/// A file that has no name of its own yet. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Beside {
    folder: PathBuf,
    /// Its hidden name, where it has one.
    hidden: Option<PathBuf>,
    /// Holds the lock, and what has no name.
    file: File,
}

impl Beside {
    /// A new file for that folder, and a handle to write it.
    pub(super) fn begin(folder: &Path) -> io::Result<(Self, File)> {
        let beside = match unnamed(folder) {
            Some(file) => Self { folder: folder.to_owned(), hidden: None, file },
            None => Self::hidden(folder, |path| OpenOptions::new().write(true).create_new(true).open(path))?,
        };
        let file = beside.file.try_clone()?;
        Ok((beside, file))
    }

    /// The same file as one that stands there, or one like it: a hard link costs nothing; where the disk
    /// has none, a copy does.
    pub(super) fn copy(folder: &Path, path: &Path) -> io::Result<Self> {
        Self::hidden(folder, |hidden| {
            match fs::hard_link(path, hidden) {
                Ok(()) => {}
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => return Err(fault),
                Err(_) => fs::copy(path, hidden).map(drop)?,
            }
            File::open(hidden)
        })
    }

    /// A file under a hidden name that nothing has, made by `make`.
    fn hidden(folder: &Path, make: impl Fn(&Path) -> io::Result<File>) -> io::Result<Self> {
        let process = std::process::id();
        for attempt in 0..1_000u32 {
            let path = folder.join(format!("{}{process}-{attempt}{}", HIDDEN.0, HIDDEN.1));
            match make(&path) {
                Ok(file) => {
                    // Not every file system has locks; there nothing is taken away either.
                    let _ = file.lock_shared();
                    // Whoever was faster than the lock took it for one of a dead run.
                    if path.exists() {
                        return Ok(Self { folder: folder.to_owned(), hidden: Some(path), file });
                    }
                }
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Gives it its name, whatever had that before.
    pub(super) fn takes_the_place_of(mut self, path: &Path) -> io::Result<()> {
        if self.hidden.is_none() {
            // A name can be taken over by a file that has one, in one step; not by one that has none.
            let file = &self.file;
            let named = Self::hidden(&self.folder, |hidden| link(file, hidden).and_then(|()| file.try_clone()))?;
            return named.takes_the_place_of(path);
        }
        if let Some(hidden) = &self.hidden {
            fs::rename(hidden, path)?;
        }
        self.hidden = None;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(hidden) = &self.hidden {
            let _ = fs::remove_file(hidden);
        }
    }
}

/// A file without a name; none where there is no such thing.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};
    // It gets its name through there.
    Path::new("/proc/self/fd").exists().then_some(())?;
    let file = open(folder, OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC, Mode::from_raw_mode(0o666));
    file.ok().map(File::from)
}

#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path) -> Option<File> {
    None
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Takes away what dead runs left in a folder: files under a hidden name of ours that nobody holds.
pub(super) fn remove_dead(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if plain
            && entry.file_name().to_str().is_some_and(is_hidden)
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a name is one of [`Beside`]: `.kaoping-4711-0.tmp`.
fn is_hidden(name: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let between = name.strip_prefix(HIDDEN.0).and_then(|rest| rest.strip_suffix(HIDDEN.1));
    between.and_then(|between| between.split_once('-')).is_some_and(|(process, file)| number(process) && number(file))
}

#[cfg(test)]
mod tests {
    use super::{Beside, remove_dead};
    use std::{
        fs::{self, OpenOptions},
        io::{self, Write},
        path::Path,
    };

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The way of file systems on which every file has a name.
    fn with_a_name(folder: &Path) -> io::Result<Beside> {
        Beside::hidden(folder, |path| OpenOptions::new().write(true).create_new(true).open(path))
    }

    #[test]
    fn a_file_takes_its_place_with_and_without_a_hidden_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scores.csv");
        for text in ["one", "two"] {
            let (beside, mut file) = Beside::begin(folder.path()).expect("begun");
            #[cfg(target_os = "linux")]
            assert!(beside.hidden.is_some() || !names(folder.path()).iter().any(|name| name.starts_with('.')));
            file.write_all(text.as_bytes()).expect("written");
            beside.takes_the_place_of(&path).expect("placed");
            assert_eq!(fs::read_to_string(&path).expect("a file"), text);
            assert_eq!(names(folder.path()), ["scores.csv"]);
        }
        let named = with_a_name(folder.path()).expect("begun");
        (&named.file).write_all(b"three").expect("written");
        assert_eq!(names(folder.path()).len(), 2);
        named.takes_the_place_of(&path).expect("placed");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "three");
        drop(with_a_name(folder.path()).expect("begun"));
        let kept = Beside::copy(folder.path(), &path).expect("kept");
        fs::remove_file(&path).expect("gone");
        kept.takes_the_place_of(&path).expect("given back");
        assert_eq!(names(folder.path()), ["scores.csv"]);
    }

    #[test]
    fn what_dead_runs_left_goes_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let alive = with_a_name(folder.path()).expect("begun");
        let others =
            [".kaoping-1.tmp", ".kaoping-1-x.tmp", ".kaoping-1-0.csv", ".scores.csv.1-0.tmp", "kaoping-1-0.tmp"];
        for name in others.iter().chain(&[".kaoping-1-0.tmp", ".kaoping-4711-12.tmp"]) {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        fs::create_dir(folder.path().join(".kaoping-1-1.tmp")).expect("a folder");
        remove_dead(folder.path());
        let left = names(folder.path());
        assert_eq!(left.len(), others.len() + 2, "{left:?}");
        assert!(others.iter().all(|name| left.iter().any(|own| own == name)), "{left:?}");
        assert!(alive.hidden.as_ref().is_some_and(|path| path.exists()));
    }
}
