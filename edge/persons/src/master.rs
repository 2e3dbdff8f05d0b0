//! Changing the master key: every key of the ring is wrapped by a new one, and the old one opens nothing any more.
//!
//! There are two files, perhaps on two disks, and no write that changes both. The new ring is written beside the old one
//! first, then the new master beside the old one; then the ring takes its place, then the master. So whatever a program
//! that ended in between left behind tells what is to be done ([`settle`]): a new ring beside the old one means that
//! nothing was changed yet, a new master alone that only its own place is left to be taken.

use crate::{
    cipher::Cipher,
    keeper::{beside, drawn, read_master},
    refusal,
    ring::{self, Ring, rewrapped},
    secret::{self, sync_folder, write_over},
};
use kaoping_sheets::file::system_reason;
use kaoping_terms::Diagnostic;
use std::{
    fs::{self, File},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use zeroize::{Zeroize as _, Zeroizing};

/// What stands beside a file while it is to be replaced.
const NEW: &str = ".new";

/// Where the files are.
struct Places<'a> {
    ring: PathBuf,
    master: &'a Path,
}

impl<'a> Places<'a> {
    fn of(keys: &Path, master: &'a Path) -> Self {
        Self { ring: keys.join(ring::FILE), master }
    }

    fn new_ring(&self) -> PathBuf {
        secret::beside(&self.ring, NEW)
    }

    fn new_master(&self) -> PathBuf {
        secret::beside(self.master, NEW)
    }
}

/// Changes the master key in its file, and wraps every key of the ring in that folder anew; how many there are. Nobody
/// else may use the two meanwhile. Where the record has people, there has to be a ring. Whatever happens, the files are the old ones or the new ones when they are opened
/// next.
///
/// # Errors
/// One of the two cannot be used or written, or a key does not open under the old master: then nothing was changed.
pub fn change(
    keys: &Path,
    master: &Path,
    cipher: Cipher,
    origin: &str,
    expected: bool,
) -> Result<usize, Box<Diagnostic>> {
    settle(keys, master)?;
    let places = Places::of(keys, master);
    let in_ring = |fault: io::Error| refusal::ring(&places.ring, &system_reason(&fault));
    let in_master = |fault: io::Error| Box::new(secret::unusable(master, &system_reason(&fault)));
    let old = read_master(master, cipher)?;
    // Looks whether it is a ring, and whose.
    drop(Ring::open(&places.ring, cipher, expected)?);
    let bytes = Zeroizing::new(fs::read(&places.ring).map_err(in_ring)?);
    let (new, text) = drawn(master, cipher)?;
    let (mut all, count) = rewrapped(&bytes, cipher, |whose, name, wrapped| {
        let beside = beside("key", origin, whose);
        let key = cipher.open(&old, name, &beside, wrapped)?;
        cipher.seal(&new, name, &beside, &key)
    })
    .map_err(|place| refusal::of_another_master(&places.ring, place))?;
    let worn = (secret::options().open(&places.ring), secret::options().open(master));
    let (mut old_ring, mut old_master) = (worn.0.map_err(in_ring)?, worn.1.map_err(in_master)?);

    let written = write_over(&places.new_ring(), &all).map_err(in_ring);
    all.zeroize();
    let written = written.and_then(|()| write_over(&places.new_master(), text.as_bytes()).map_err(in_master));
    // As the disk has it, and not as it was meant.
    let read = written.and_then(|()| opens(&places, cipher, origin));
    if let Err(finding) = read {
        // Perhaps that fails as well; then it is done when they are opened next.
        drop(settle(keys, master));
        return Err(finding);
    }
    fs::rename(places.new_ring(), &places.ring).and_then(|()| sync_folder(&places.ring)).map_err(in_ring)?;
    fs::rename(places.new_master(), master).and_then(|()| sync_folder(master)).map_err(in_master)?;
    // What the names do not lead to any more. Where the disk does not take that, the names are changed all the same.
    drop(worn_out(&mut old_ring).and_then(|()| worn_out(&mut old_master)));
    Ok(count)
}

/// Whether every key of the new ring opens under the new master.
fn opens(places: &Places<'_>, cipher: Cipher, origin: &str) -> Result<(), Box<Diagnostic>> {
    let master = read_master(&places.new_master(), cipher)?;
    let bytes = fs::read(places.new_ring());
    let bytes = Zeroizing::new(bytes.map_err(|fault| refusal::ring(&places.ring, &system_reason(&fault)))?);
    let opened = rewrapped(&bytes, cipher, |whose, name, wrapped| {
        cipher.open(&master, name, &beside("key", origin, whose), wrapped).map(|_| wrapped.to_vec())
    });
    opened.map(drop).map_err(|place| refusal::of_another_master(&places.ring, place))
}

/// Overwrites a file with zeros.
fn worn_out(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::Read::take(io::repeat(0), length), file)?;
    file.flush()?;
    file.sync_all()
}

/// Ends what a program began that changed the master key and did not come to its end.
///
/// # Errors
/// A file cannot be taken away or named otherwise.
pub(crate) fn settle(keys: &Path, master: &Path) -> Result<(), Box<Diagnostic>> {
    let places = Places::of(keys, master);
    let (new_ring, new_master) = (places.new_ring(), places.new_master());
    let settled = || match (new_ring.exists(), new_master.exists()) {
        (false, false) => Ok(()),
        // The ring has its place: the master is left.
        (false, true) => fs::rename(&new_master, master).and_then(|()| sync_folder(master)),
        // Nothing has. The master goes first: alone it would mean something else.
        (true, there) => {
            if there {
                fs::remove_file(&new_master).and_then(|()| sync_folder(master))?;
            }
            fs::remove_file(&new_ring).and_then(|()| sync_folder(&new_ring))
        }
    };
    settled().map_err(|fault| Box::new(secret::unusable(master, &system_reason(&fault))))
}
