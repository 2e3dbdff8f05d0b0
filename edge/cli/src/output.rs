//! Result files, all of them or none.
//!
//! Scores of one run and ranks of another side by side would be worse than no result, so
//! every file is written in full without its name first and takes it only when all are there.
//! If anything fails, what stood there before still stands there; a run that is killed leaves
//! nothing beside it.

mod beside;

use beside::{Beside, remove_dead};
use kaoping_sheets::file::system_reason;
use kaoping_terms::{Diagnostic, Text};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::mpsc::{self, Sender},
    thread::{self, JoinHandle},
};

/// A set of result files on its way into one folder. Dropped before [`ResultSet::commit`],
/// it leaves nothing behind.
#[derive(Debug)]
pub struct ResultSet {
    folder: PathBuf,
    /// Whether this run made the folder, so that a failure can take it away again.
    made_folder: bool,
    pending: Vec<(Beside, String)>,
    /// Files that were written, by name, on their way down to the disk while others are written.
    sinking: Vec<(String, JoinHandle<io::Result<()>>)>,
    /// Names of files that go with the set they belonged to.
    stale: Vec<String>,
}

/// A file on its way down to the disk while more of it is written.
struct Sinking {
    out: BufWriter<File>,
    /// How many bytes were written since it was told to go down.
    since: usize,
    tell: Sender<()>,
}

impl Sinking {
    /// So much is brought down at once: seldom enough to cost nothing that can be measured.
    const STEP: usize = 1 << 24;
}

impl Write for Sinking {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.since += written;
        if self.since >= Self::STEP {
            self.since = 0;
            // Where nobody listens any more it failed, and says so when it is waited for.
            let _ = self.tell.send(());
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The earlier file of a name, kept until the whole set is in place.
struct Replaced {
    path: PathBuf,
    kept: Option<Beside>,
}

impl ResultSet {
    /// Opens the folder for results and makes it where it does not exist.
    pub fn begin(folder: &Path) -> Result<Self, Box<Diagnostic>> {
        let made_folder = !folder.exists();
        fs::create_dir_all(folder).map_err(|fault| refused(folder, &fault))?;
        if !folder.is_dir() {
            return Err(refused(folder, &io::ErrorKind::NotADirectory.into()));
        }
        remove_dead(folder);
        Ok(Self { folder: folder.to_owned(), made_folder, pending: Vec::new(), sinking: Vec::new(), stale: Vec::new() })
    }

    /// Writes one file of the set, without its name. It is down on the disk before the set takes
    /// its place.
    ///
    /// `name` is a plain file name. What `fill` writes is buffered.
    pub fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Box<Diagnostic>> {
        self.write(name, fill).map_err(|fault| self.refused(name, &fault))
    }

    /// Begins a file of the set that is written bit by bit, without its name. When the last of
    /// it is written, [`finished`] brings it down to the disk.
    pub fn begin_file(&mut self, name: &str) -> io::Result<BufWriter<File>> {
        if Path::new(name).file_name() != Some(name.as_ref()) {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        match fs::symlink_metadata(self.folder.join(name)) {
            // Renaming onto a folder would fail only after other files had taken their names.
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // A pipe, a device or a link would be gone, and whoever waits behind it get nothing.
            Ok(there) if !there.is_file() => return Err(io::ErrorKind::NotSeekable.into()),
            _ => {}
        }
        let (beside, file) = Beside::begin(&self.folder)?;
        self.pending.push((beside, name.to_owned()));
        Ok(BufWriter::with_capacity(1 << 18, file))
    }

    /// The finding for a file of the set that could not be written.
    pub fn refused(&self, name: &str, fault: &io::Error) -> Box<Diagnostic> {
        refused(&self.folder.join(name), fault)
    }

    fn write(&mut self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let out = self.begin_file(name)?;
        let file = out.get_ref().try_clone()?;
        let (tell, told) = mpsc::channel();
        let sinking = thread::Builder::new().spawn(move || {
            told.into_iter().try_for_each(|()| file.sync_data())?;
            file.sync_all()
        })?;
        let mut out = Sinking { out, since: 0, tell };
        fill(&mut out)?;
        out.flush()?;
        self.sinking.push((name.to_owned(), sinking));
        Ok(())
    }

    /// Waits until every file is down on the disk.
    fn sunk(&mut self) -> Result<(), Box<Diagnostic>> {
        for (name, sinking) in std::mem::take(&mut self.sinking) {
            let sunk = sinking.join().unwrap_or_else(|_| Err(io::Error::other("fsync")));
            sunk.map_err(|fault| self.refused(&name, &fault))?;
        }
        Ok(())
    }

    /// Names files of earlier sets. Those that this set does not write go when it takes its
    /// place: beside it they would seem to belong to it. Any other file stays.
    pub fn replaces(&mut self, names: impl IntoIterator<Item = String>) {
        self.stale.extend(names);
    }

    /// Gives every file its name. On a failure the names go back to the earlier files.
    pub fn commit(mut self) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
        self.sunk()?;
        let mut replaced: Vec<Replaced> = Vec::new();
        for (beside, name) in std::mem::take(&mut self.pending) {
            let path = self.folder.join(&name);
            let step = keep_earlier(&self.folder, &path).and_then(|kept| {
                beside.takes_the_place_of(&path)?;
                replaced.push(Replaced { path: path.clone(), kept });
                Ok(())
            });
            if let Err(fault) = step {
                give_back(replaced);
                return Err(refused(&path, &fault));
            }
        }
        let written = replaced.len();
        for name in &self.stale {
            let path = self.folder.join(name);
            if replaced.iter().any(|replaced| replaced.path == path) || !path.is_file() {
                continue;
            }
            let step = keep_earlier(&self.folder, &path).and_then(|kept| {
                fs::remove_file(&path)?;
                replaced.push(Replaced { path: path.clone(), kept });
                Ok(())
            });
            if let Err(fault) = step {
                give_back(replaced);
                return Err(refused(&path, &fault));
            }
        }
        // Taking away long files keeps a system waiting, so all of them go at once.
        thread::scope(|scope| {
            for earlier in replaced.iter_mut().filter_map(|replaced| replaced.kept.take()) {
                // Where there is no thread to be had it goes here: a closure that is not run is dropped.
                let _ = thread::Builder::new().spawn_scoped(scope, move || drop(earlier));
            }
            // So that the names survive a power cut too; not every file system offers it.
            let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
        });
        self.made_folder = false;
        Ok(replaced.into_iter().take(written).map(|replaced| replaced.path).collect())
    }
}

impl Drop for ResultSet {
    fn drop(&mut self) {
        self.pending.clear();
        if self.made_folder {
            // Goes only if nothing else is in it.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Brings a file that was written bit by bit down to the disk.
pub fn finished(out: BufWriter<File>) -> io::Result<()> {
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Whether two paths lead to one file or folder, there or yet to be made.
pub fn same_place(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// Whether a path leads into a folder.
pub fn within(path: &Path, folder: &Path) -> bool {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(parent), fs::canonicalize(folder)) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

/// A result would take the place of something else that an option names.
pub fn over_table(path: &Path, what: &Text, option: &str) -> Diagnostic {
    let (shown, Text { zh, en }) = (path.display(), what);
    Diagnostic::error(
        "output-over-table",
        Text::new(format!("{shown} 是{zh}，不能再往上写"), format!("{shown} is {en}; nothing else goes there")),
    )
    .why(Text::new(
        "写上去，原来的就没有了；退回的行不写 --rejects 时放在结果旁边，名字后加 .rejects.csv",
        "what stands there would be gone; without --rejects rejected rows go beside the results, as .rejects.csv",
    ))
    .next(Text::new(format!("用 {option} 换一个文件名"), format!("choose another file with {option}")))
}

/// Writes a whole set whose contents are at hand.
pub fn write_set(folder: &Path, files: &[(&str, &[u8])]) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut set = ResultSet::begin(folder)?;
    for (name, content) in files {
        set.file(name, |out| out.write_all(content))?;
    }
    set.commit()
}

/// Keeps the earlier file of that name beside it, if there is one.
fn keep_earlier(folder: &Path, path: &Path) -> io::Result<Option<Beside>> {
    if path.exists() { Beside::copy(folder, path).map(Some) } else { Ok(None) }
}

fn give_back(replaced: Vec<Replaced>) {
    for Replaced { path, kept } in replaced {
        let _ = match kept {
            Some(kept) => kept.takes_the_place_of(&path),
            None => fs::remove_file(path),
        };
    }
}

/// A file that may not grow further (`ulimit -f`) is then refused by the system like one on a full
/// disk, and said; without this the program would be gone without a word.
pub fn survive_size_limits() {
    #[cfg(unix)]
    {
        // Whoever takes the signal has nothing to do: writing fails and says why.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}

/// The finding for a result that could not be written.
pub(crate) fn refused(path: &Path, fault: &io::Error) -> Box<Diagnostic> {
    let shown = path.display();
    let message = Text::new(format!("结果写不出去：{shown}"), format!("cannot write the result: {shown}"));
    let kept = Text::new(
        "这次的结果一个都没有写，原有的文件没有变",
        "none of this run's results was written, earlier files are unchanged",
    );
    unwritten(message, fault, &kept)
}

/// The finding for results that did not arrive at standard output, such as a file on a full disk
/// that it was turned to.
pub(crate) fn unprinted(fault: &io::Error) -> Box<Diagnostic> {
    let message = Text::new("结果写不到标准输出", "cannot write the result to standard output");
    let kept = Text::new("接收的一边没有收全，收到的不能用", "what was received is not whole and cannot be used");
    unwritten(message, fault, &kept)
}

/// Results that are lost, why, and what that means.
fn unwritten(message: Text, fault: &io::Error, means: &Text) -> Box<Diagnostic> {
    use io::ErrorKind::{
        AlreadyExists, FileTooLarge, IsADirectory, NotADirectory, NotSeekable, PermissionDenied, QuotaExceeded,
        ReadOnlyFilesystem, StorageFull,
    };
    let (name, next) = match fault.kind() {
        StorageFull | QuotaExceeded => (
            "output-disk-full",
            Text::new("腾出空间，或把结果写到别的磁盘", "make room, or write the results to another disk"),
        ),
        NotADirectory | AlreadyExists => (
            "output-not-a-folder",
            Text::new("--out 后面写一个文件夹；同名的文件先移开", "give --out a folder; move away a file of that name"),
        ),
        IsADirectory => (
            "output-not-a-file",
            Text::new("移开与结果同名的文件夹", "move away the folder that has the result's name"),
        ),
        NotSeekable => (
            "output-not-a-file",
            Text::new(
                "那里是管道、设备或链接：换一个文件名；要写进管道，用 --out - 再转过去",
                "a pipe, a device or a link stands there: choose another name; for a pipe use --out - and turn it there",
            ),
        ),
        PermissionDenied | ReadOnlyFilesystem => (
            "output-refused",
            Text::new(
                "换一个可以写入的文件夹，或请管理员授权",
                "choose a folder you may write to, or ask for permission",
            ),
        ),
        FileTooLarge => (
            "output-failed",
            Text::new(
                "把允许的大小放宽（ulimit -f），或写到允许更大文件的磁盘",
                "raise what is allowed (ulimit -f), or write to a disk that takes larger files",
            ),
        ),
        _ => (
            "output-failed",
            Text::new("核对写到哪里、磁盘是否正常，再试", "check where it is written to and the disk, then try again"),
        ),
    };
    let reason = match fault.kind() {
        NotSeekable => Text::new("那里不是一个普通文件", "what stands there is no plain file"),
        _ => system_reason(fault),
    };
    let why = Text::new(format!("{}；{}", reason.zh, means.zh), format!("{}; {}", reason.en, means.en));
    Box::new(Diagnostic::error(name, message).why(why).next(next))
}

#[cfg(test)]
mod tests {
    use super::{ResultSet, write_set};
    use std::{
        fs,
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

    fn text(path: &Path) -> String {
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn a_set_replaces_the_earlier_one_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("结果/甲");
        write_set(&out, &[("scores.csv", b"1"), ("totals.csv", b"2")]).expect("written");
        let written = write_set(&out, &[("scores.csv", b"3"), ("awards.csv", b"4")]).expect("written");
        assert_eq!(written, [out.join("scores.csv"), out.join("awards.csv")]);
        assert_eq!(names(&out), ["awards.csv", "scores.csv", "totals.csv"]);
        assert_eq!((text(&out.join("scores.csv")).as_str(), text(&out.join("totals.csv")).as_str()), ("3", "2"));
    }

    /// What an earlier run left and this one does not make would seem to be of this run.
    #[test]
    fn files_of_an_earlier_set_go_and_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path();
        write_set(out, &[("scores.csv", b"1"), ("values.csv", b"1"), ("letter.csv", b"mine")]).expect("written");
        let mut set = ResultSet::begin(out).expect("begun");
        set.file("scores.csv", |out| out.write_all(b"2")).expect("written");
        set.replaces(["scores.csv", "values.csv"].map(String::from));
        let before = names(out);
        let there = ["letter.csv", "scores.csv", "values.csv"].iter().all(|name| before.iter().any(|own| own == name));
        assert!(there && text(&out.join("scores.csv")) == "1", "nothing goes before all is there: {before:?}");
        assert_eq!(set.commit().expect("in place"), [out.join("scores.csv")]);
        assert_eq!(names(out), ["letter.csv", "scores.csv"]);
        assert_eq!(text(&out.join("scores.csv")), "2");
    }

    /// The second file of the set meets a full disk: `/dev/full` answers as one does.
    #[test]
    fn a_full_disk_leaves_the_earlier_results() {
        let folder = tempfile::tempdir().expect("a folder");
        write_set(folder.path(), &[("scores.csv", b"old"), ("totals.csv", b"old")]).expect("written");
        let mut set = ResultSet::begin(folder.path()).expect("begun");
        set.file("scores.csv", |out| out.write_all(b"new")).expect("written");
        let refused = set
            .file("totals.csv", |out| {
                out.write_all(b"ne")?;
                fs::OpenOptions::new().write(true).open("/dev/full")?.write_all(b"w")
            })
            .expect_err("full");
        drop(set);
        assert_eq!(refused.name, "output-disk-full");
        assert!(refused.why.zh.contains("磁盘已满"), "{}", refused.why.zh);
        assert_eq!(names(folder.path()), ["scores.csv", "totals.csv"]);
        assert_eq!(text(&folder.path().join("scores.csv")), "old");
        assert_eq!(text(&folder.path().join("totals.csv")), "old");
    }

    #[test]
    fn a_rename_that_fails_gives_the_earlier_names_back() {
        let folder = tempfile::tempdir().expect("a folder");
        write_set(folder.path(), &[("a.csv", b"old")]).expect("written");
        let mut set = ResultSet::begin(folder.path()).expect("begun");
        for name in ["a.csv", "b.csv", "c.csv"] {
            set.file(name, |out| out.write_all(b"new")).expect("written");
        }
        // Someone makes a folder of the last name in the meantime.
        fs::create_dir(folder.path().join("c.csv")).expect("a folder");
        set.commit().expect_err("c.csv is a folder");
        assert_eq!(names(folder.path()), ["a.csv", "c.csv"]);
        assert_eq!(text(&folder.path().join("a.csv")), "old");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("out");
        fs::write(&file, "x").expect("written");
        for out in [file.clone(), file.join("below")] {
            let refused = write_set(&out, &[("a.csv", b"1")]).expect_err("a file");
            assert_eq!(refused.name, "output-not-a-folder", "{}", refused.why.en);
        }
        assert_eq!(text(&file), "x");
    }

    #[test]
    fn a_folder_in_place_of_a_result_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a.csv")).expect("a folder");
        let refused = write_set(folder.path(), &[("a.csv", b"1")]).expect_err("a folder");
        assert_eq!(refused.name, "output-not-a-file");
    }

    /// Renaming would take a device or a link away, as root that of the whole machine.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("there.csv"), "x").expect("written");
        std::os::unix::fs::symlink("there.csv", folder.path().join("a.csv")).expect("a link");
        let refused = write_set(folder.path(), &[("a.csv", b"1")]).expect_err("a link");
        assert_eq!(refused.name, "output-not-a-file");
        assert_eq!(text(&folder.path().join("a.csv")), "x");
        assert!(folder.path().join("a.csv").is_symlink());
    }

    #[test]
    fn a_name_that_leaves_the_folder_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["../a.csv", "b/a.csv", "", ".."] {
            let refused = write_set(folder.path(), &[(name, b"1")]).expect_err("a path");
            assert_eq!(refused.name, "output-failed", "{name}");
        }
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_one_may_not_write_to_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        fs::create_dir(&out).expect("a folder");
        fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).expect("read-only");
        // To the superuser nothing is read-only but what the system itself keeps so.
        let superuser = fs::write(out.join("probe"), "").is_ok();
        let out = if superuser { Path::new("/proc/self/fdinfo").to_owned() } else { out };
        let refused = write_set(&out, &[("a.csv", b"1")]).expect_err("read-only");
        let names: &[&str] = if superuser { &["output-failed", "output-refused"] } else { &["output-refused"] };
        assert!(names.contains(&refused.name), "{}", refused.name);
        assert!(refused.why.zh.contains("原有的文件没有变"));
    }

    #[test]
    fn a_set_given_up_takes_its_folder_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let mut set = ResultSet::begin(&out).expect("begun");
        let fault = |_: &mut dyn Write| Err(io::Error::from(io::ErrorKind::StorageFull));
        set.file("a.csv", fault).expect_err("full");
        drop(set);
        assert!(!out.exists());
    }
}
