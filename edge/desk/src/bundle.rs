//! A record as a folder that can be carried away: entries, checkpoints, key, and every content they
//! name. Whoever has it can verify it without this program's server, and with other programs too:
//!
//! ```text
//! record.jsonl        an entry a line, the bytes that are hashed
//! checkpoints/*.txt   signed notes, named after their size
//! key.txt             the key they are signed with
//! published.csv       what was made known, by which entry, under which checkpoint
//! contents/*          papers and policy files, named after their hash
//! ```

use kaoping_ledger::{Digest, SignedCheckpoint};
use kaoping_office::{Act, Entry};
use kaoping_sheets::SheetWriter;
use kaoping_store::{Failed, Store};
use std::{
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
}

/// A folder.
pub struct FromFolder(pub PathBuf);

/// The longest entry that is read, in bytes: no deed says more.
pub const LONGEST_ENTRY: u64 = 64 << 20;

/// The largest file that is read whole, in bytes.
const LARGEST_FILE: u64 = 1 << 30;

impl Source for FromFolder {
    fn entries(&mut self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Failed> {
        let path = self.0.join("record.jsonl");
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
        let folder = self.0.join("checkpoints");
        let Ok(found) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = found.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).map_err(|fault| failed(path, &fault))).collect()
    }

    fn content(&mut self, hash: Digest) -> Result<Option<Vec<u8>>, Failed> {
        let path = self.0.join("contents").join(file_name(hash));
        match fs::metadata(&path) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(failed(&path, &fault)),
            Ok(about) if about.len() > LARGEST_FILE => Ok(None),
            Ok(_) => fs::read(&path).map(Some).map_err(|fault| failed(&path, &fault)),
        }
    }
}

/// What a content is called in the folder: no system has trouble with it.
fn file_name(hash: Digest) -> String {
    hash.to_string().replace(':', "-")
}

fn failed(path: &Path, fault: &io::Error) -> Failed {
    let (place, cause) = (path.display().to_string(), fault.to_string());
    match fault.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Failed::DiskFull { place, cause },
        _ => Failed::Other { place, cause },
    }
}

/// Writes a record to a new folder, with a last checkpoint that covers all of it. The folder has its
/// name only when it is whole.
///
/// # Errors
/// There is something of that name, or it cannot be written; then there is none.
pub fn export(store: &mut dyn Store, key: &str, last: Option<&SignedCheckpoint>, to: &Path) -> Result<u64, Failed> {
    if to.exists() {
        let fault = io::Error::new(io::ErrorKind::AlreadyExists, "already there");
        return Err(failed(to, &fault));
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
    let (checkpoints, contents) = (to.join("checkpoints"), to.join("contents"));
    for folder in [&checkpoints, &contents] {
        fs::create_dir_all(folder).map_err(|fault| failed(folder, &fault))?;
    }
    whole(&to.join("key.txt"), format!("{key}\n").as_bytes())?;
    let notes = store.checkpoints()?.into_iter();
    let mut sizes = Vec::new();
    for (size, note) in notes.chain(last.map(|last| (last.checkpoint.size, last.text()))) {
        sizes.push(size);
        whole(&checkpoints.join(format!("{size:012}.txt")), note.as_bytes())?;
    }
    let path = to.join("record.jsonl");
    let file = fs::File::create(&path).map_err(|fault| failed(&path, &fault))?;
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let (mut count, mut fault, mut published) = (0, None, Vec::new());
    store.entries(0, &mut |row| {
        published.extend(made_known(&row.bytes, row.number));
        let put = writer.write_all(&row.bytes).and_then(|()| writer.write_all(b"\n"));
        count += 1;
        fault = put.err();
        fault.is_none()
    })?;
    let ended = writer.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
    if let Some(fault) = fault.or(ended.err()) {
        return Err(failed(&path, &fault));
    }
    whole(&to.join("published.csv"), index(&published, &sizes).as_bytes())?;
    let mut fault = None;
    store.blobs(&mut |hash, bytes| {
        fault = match hash.parse::<Digest>() {
            Ok(hash) => whole(&contents.join(file_name(hash)), &bytes).err(),
            Err(_) => None,
        };
        fault.is_none()
    })?;
    fault.map_or(Ok(count), Err)
}

/// Scheme, round, what and entry, where an entry makes something known.
fn made_known(bytes: &[u8], number: u64) -> Option<[String; 4]> {
    let names = |mark: &[u8]| bytes.windows(mark.len()).any(|found| found == mark);
    if !names(b"\"publish\":") && !names(b"\"confirm-awards\":") {
        return None;
    }
    let (scheme, round, what) = match Entry::from_bytes(bytes).ok()?.act {
        Act::Publish(publish) => (publish.scheme.0, publish.round, "results"),
        Act::ConfirmAwards(confirm) => (confirm.scheme.0, confirm.round, "awards"),
        _ => return None,
    };
    Some([scheme, round, what.into(), number.to_string()])
}

/// What was made known, each with the first checkpoint that covers it.
fn index(published: &[[String; 4]], sizes: &[u64]) -> String {
    let mut bytes = Vec::new();
    let mut writer = SheetWriter::new(&mut bytes);
    // Memory takes everything.
    drop(writer.row(["scheme", "round", "what", "entry", "checkpoint"]));
    for made in published {
        let number = made.last().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX);
        let covers = sizes.iter().filter(|size| **size > number).min();
        let file = covers.map(|size| format!("checkpoints/{size:012}.txt")).unwrap_or_default();
        drop(writer.row(made.iter().map(String::as_str).chain([file.as_str()])));
    }
    drop(writer.finish());
    String::from_utf8(bytes).unwrap_or_default()
}

fn whole(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let write = || {
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|fault| failed(path, &fault))
}
