//! A record as a folder that can be carried away: entries, checkpoints, key, and every content they
//! name. Whoever has it can verify it without this program's server, and with other programs too:
//!
//! ```text
//! record.jsonl        an entry a line, the bytes that are hashed
//! checkpoints/*.txt   signed notes, named after their size
//! key.txt             the key they are signed with
//! published.csv       what was made known, by which entry, under which checkpoint
//! contents/*          the papers and policy files that entries name, named after their hash
//! ```
//!
//! There is nothing else in it, and every byte follows from the entries or is vouched for by a hash or a signature:
//! `published.csv` is made again and compared, a file that is none of these is told.

use crate::beside::{Follows, in_folder, in_store};
use kaoping_ledger::{Digest, SignedCheckpoint};
use kaoping_office::{Act, Entry};
use kaoping_sheets::{SheetWriter, file::system_reason};
use kaoping_store::{Failed, Store};
use kaoping_terms::{Diagnostic, Report, Text};
use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Where a record is read from.
pub trait Source {
    /// Every entry, as it is kept, until `each` has enough.
    ///
    /// # Errors
    /// It cannot be read.
    fn entries(&mut self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Failed>;

    /// Every checkpoint that came with it.
    ///
    /// # Errors
    /// They cannot be read.
    fn checkpoints(&mut self) -> Result<Vec<String>, Failed>;

    /// A content by its hash; `None` where it did not come with it.
    ///
    /// # Errors
    /// It cannot be read.
    fn content(&mut self, hash: Digest) -> Result<Option<Vec<u8>>, Failed>;

    /// Whatever else is there has to agree with the entries, too: what does not is found.
    ///
    /// # Errors
    /// It cannot be read.
    fn beside(&mut self, follows: &Follows<'_>, findings: &mut Report) -> Result<(), Failed>;

    /// Lets `work` read all of it as it was at one moment.
    ///
    /// # Errors
    /// Those of `work`, or it cannot be read.
    fn at_one_moment(&mut self, work: &mut dyn FnMut(&mut dyn Source) -> Result<(), Failed>) -> Result<(), Failed>;
}

/// A store that is there, perhaps while others write to it.
pub struct FromStore<'a>(pub &'a mut dyn Store);

impl Source for FromStore<'_> {
    fn entries(&mut self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Failed> {
        self.0.entries(0, &mut |row| each(&row.bytes))
    }

    fn checkpoints(&mut self) -> Result<Vec<String>, Failed> {
        Ok(self.0.checkpoints()?.into_iter().map(|(_, note)| note).collect())
    }

    fn content(&mut self, hash: Digest) -> Result<Option<Vec<u8>>, Failed> {
        self.0.blob(&hash.to_string())
    }

    fn beside(&mut self, follows: &Follows<'_>, findings: &mut Report) -> Result<(), Failed> {
        in_store(self.0, follows, findings)
    }

    fn at_one_moment(&mut self, work: &mut dyn FnMut(&mut dyn Source) -> Result<(), Failed>) -> Result<(), Failed> {
        self.0.at_one_moment(&mut |store| work(&mut FromStore(store)))
    }
}

/// A folder.
pub struct FromFolder(pub PathBuf);

/// The key that came with a bundle.
///
/// # Errors
/// It cannot be read.
pub fn key_in(folder: &Path) -> Result<String, Failed> {
    let path = if folder.is_dir() { folder.join(KEY) } else { folder.to_owned() };
    fs::read_to_string(&path).map_err(|fault| failed(&path, &fault))
}

/// The longest entry that is read, in bytes: no deed says more.
pub const LONGEST_ENTRY: u64 = 64 << 20;

/// The largest file that is read whole, in bytes.
const LARGEST_FILE: u64 = 1 << 30;

impl Source for FromFolder {
    fn entries(&mut self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Failed> {
        let path = self.0.join(RECORD);
        let file = fs::File::open(&path).map_err(|fault| failed(&path, &fault))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = io::Read::take(&mut reader, LONGEST_ENTRY).read_until(b'\n', &mut line);
            if read.map_err(|fault| failed(&path, &fault))? == 0 {
                return Ok(());
            }
            // The last line may have lost its end; its hash tells.
            let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
            if !each(bytes) {
                return Ok(());
            }
        }
    }

    fn checkpoints(&mut self) -> Result<Vec<String>, Failed> {
        let files = files_in(&self.0.join(CHECKPOINTS))?.into_iter().filter(|file| file.is_file);
        let text = |file: FileIn| {
            let bytes = fs::read(&file.path).map_err(|fault| failed(&file.path, &fault))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        files.map(text).collect()
    }

    fn content(&mut self, hash: Digest) -> Result<Option<Vec<u8>>, Failed> {
        let path = self.0.join(CONTENTS).join(file_name(hash));
        match fs::metadata(&path) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(failed(&path, &fault)),
            Ok(about) if about.len() > LARGEST_FILE => Ok(None),
            // What should be a file and is a folder or a pipe is not what was named.
            Ok(about) if !about.is_file() => Ok(None),
            Ok(_) => fs::read(&path).map(Some).map_err(|fault| failed(&path, &fault)),
        }
    }

    fn beside(&mut self, follows: &Follows<'_>, findings: &mut Report) -> Result<(), Failed> {
        in_folder(&self.0.clone(), self, follows, findings)
    }

    fn at_one_moment(&mut self, work: &mut dyn FnMut(&mut dyn Source) -> Result<(), Failed>) -> Result<(), Failed> {
        work(self)
    }
}

/// The files and folders of a bundle.
pub(crate) const RECORD: &str = "record.jsonl";
pub(crate) const KEY: &str = "key.txt";
pub(crate) const PUBLISHED: &str = "published.csv";
pub(crate) const CHECKPOINTS: &str = "checkpoints";
pub(crate) const CONTENTS: &str = "contents";

/// Something in a folder.
pub(crate) struct FileIn {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Not a folder, a link or a device.
    pub(crate) is_file: bool,
    pub(crate) is_folder: bool,
}

/// What is in a folder, by name; nothing where there is none.
pub(crate) fn files_in(folder: &Path) -> Result<Vec<FileIn>, Failed> {
    let found = match fs::read_dir(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.map_err(|fault| failed(folder, &fault))?,
    };
    let mut files = Vec::new();
    for entry in found {
        let entry = entry.map_err(|fault| failed(folder, &fault))?;
        let kind = entry.file_type().map_err(|fault| failed(folder, &fault))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push(FileIn { name, path: entry.path(), is_file: kind.is_file(), is_folder: kind.is_dir() });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// What a checkpoint is called in the folder.
pub(crate) fn checkpoint_name(size: u64) -> String {
    format!("{size:012}.txt")
}

/// What a content is called in the folder: no system has trouble with it.
pub(crate) fn file_name(hash: Digest) -> String {
    hash.to_string().replace(':', "-")
}

/// Every content an entry names.
pub(crate) fn contents_of(entry: &Entry, named: &mut BTreeSet<Digest>) {
    named.extend(&entry.evidence);
    match &entry.act {
        Act::AdoptScheme(adopted) => named.extend(adopted.files.iter().map(|file| file.content)),
        Act::SubmitReport(report) => named.extend(report.figures.iter().flat_map(|standing| &standing.evidence)),
        Act::PutDownResults(results) => named.extend([results.scores]),
        _ => (),
    }
}

pub(crate) fn failed(path: &Path, fault: &io::Error) -> Failed {
    let (place, cause) = (path.display().to_string(), fault.to_string());
    if let io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded = fault.kind() {
        return Failed::DiskFull { place, cause };
    }
    let finding = Diagnostic::error(
        "bundle-unusable",
        Text::new(format!("不能读写 {place}"), format!("{place} cannot be read or written")),
    )
    .why(system_reason(fault))
    .next(Text::new(
        "看文件夹写得对不对、全不全、有没有权限；导出的文件夹要整个带走",
        "see that the folder is right and whole and that you may use it; an exported folder is carried away as a whole",
    ));
    Failed::Refused(Box::new(finding))
}

/// There is something in the place an export is to have.
fn there(to: &Path) -> Failed {
    let place = to.display();
    let finding =
        Diagnostic::error("bundle-exists", Text::new(format!("{place} 已经存在"), format!("{place} is there already")))
            .why(Text::new(
                "导出不覆盖、也不混进已有的文件：那里可能是一份以前的台账",
                "an export neither overwrites nor joins what is there: it may be an earlier copy of the record",
            ))
            .next(Text::new("换一个还没有的文件夹名", "name a folder that is not there yet"));
    Failed::Refused(Box::new(finding))
}

/// Writes a record to a new folder, with a last checkpoint that covers all of it. The folder has its
/// name only when it is whole.
///
/// # Errors
/// There is something of that name, or it cannot be written; then there is none.
pub fn export(store: &mut dyn Store, key: &str, last: Option<&SignedCheckpoint>, to: &Path) -> Result<u64, Failed> {
    if to.symlink_metadata().is_ok() {
        return Err(there(to));
    }
    let partial = to.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|fault| failed(&partial, &fault))?;
    }
    let mut count = 0;
    let written = store.at_one_moment(&mut |store| {
        count = write(store, key, last, &partial)?;
        Ok(())
    });
    let renamed = written.and_then(|()| fs::rename(&partial, to).map_err(|fault| failed(to, &fault)));
    if renamed.is_err() {
        // What is left of a failed export is worth nothing.
        drop(fs::remove_dir_all(&partial));
    }
    renamed.map(|()| count)
}

fn write(store: &mut dyn Store, key: &str, last: Option<&SignedCheckpoint>, to: &Path) -> Result<u64, Failed> {
    let (checkpoints, contents) = (to.join(CHECKPOINTS), to.join(CONTENTS));
    for folder in [&checkpoints, &contents] {
        fs::create_dir_all(folder).map_err(|fault| failed(folder, &fault))?;
    }
    whole(&to.join(KEY), format!("{key}\n").as_bytes())?;
    let notes = store.checkpoints()?.into_iter();
    let mut sizes = Vec::new();
    for (size, note) in notes.chain(last.map(|last| (last.checkpoint.size, last.text()))) {
        sizes.push(size);
        whole(&checkpoints.join(checkpoint_name(size)), note.as_bytes())?;
    }
    let path = to.join(RECORD);
    let file = fs::File::create(&path).map_err(|fault| failed(&path, &fault))?;
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let (mut count, mut fault, mut published, mut named) = (0, None, Published::default(), BTreeSet::new());
    store.entries(0, &mut |row| {
        if let Ok(entry) = Entry::from_bytes(&row.bytes) {
            published.entry(&entry);
            contents_of(&entry, &mut named);
        }
        let put = writer.write_all(&row.bytes).and_then(|()| writer.write_all(b"\n"));
        count += 1;
        fault = put.err();
        fault.is_none()
    })?;
    let ended = writer.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
    if let Some(fault) = fault.or(ended.err()) {
        return Err(failed(&path, &fault));
    }
    whole(&to.join(PUBLISHED), published.index(&sizes).as_bytes())?;
    // What was put in and never named is nobody's yet.
    let mut fault = None;
    store.blobs(&mut |hash, bytes| {
        fault = match hash.parse::<Digest>() {
            Ok(hash) if named.contains(&hash) => whole(&contents.join(file_name(hash)), &bytes).err(),
            _ => None,
        };
        fault.is_none()
    })?;
    fault.map_or(Ok(count), Err)
}

/// What was made known: scheme, round, what and entry of each.
#[derive(Debug, Default)]
pub(crate) struct Published(Vec<[String; 4]>);

impl Published {
    /// The next entry, which perhaps makes something known.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        let (scheme, round, what) = match &entry.act {
            Act::Publish(publish) => (publish.scheme.as_str(), &publish.round, "results"),
            Act::ConfirmAwards(confirm) => (confirm.scheme.as_str(), &confirm.round, "awards"),
            _ => return,
        };
        self.0.push([scheme.into(), round.clone(), what.into(), entry.number.to_string()]);
    }

    /// What was made known, each with the first checkpoint that covers it.
    pub(crate) fn index(&self, sizes: &[u64]) -> String {
        let mut bytes = Vec::new();
        let mut writer = SheetWriter::new(&mut bytes);
        // Memory takes everything.
        drop(writer.row(["scheme", "round", "what", "entry", "checkpoint"]));
        for made in &self.0 {
            let number = made.last().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX);
            let covers = sizes.iter().filter(|size| **size > number).min();
            let file = covers.map(|size| format!("{CHECKPOINTS}/{}", checkpoint_name(*size))).unwrap_or_default();
            drop(writer.row(made.iter().map(String::as_str).chain([file.as_str()])));
        }
        drop(writer.finish());
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn whole(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let write = || {
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|fault| failed(path, &fault))
}
