//! The ring: the key of each person in a file outside the store, wrapped by the master key.
//!
//! The file has places of 128 bytes, so that each lies in one sector of the disk. The first says what it is. Every other
//! is a key: whose, the nonce it was wrapped with, which is also its name, and the wrapped key. A key is durable before
//! anything is encrypted with it, and never changes; destroying it overwrites its place with zeros, all but whose it was.

use crate::{
    cipher::{Cipher, NONCE, TAG},
    refusal, secret,
};
use kaoping_office::ids::PersonId;
use kaoping_sheets::file::system_reason;
use kaoping_terms::{Diagnostic, Text};
use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroize as _;

/// Its name in the folder of keys.
pub const FILE: &str = "persons.ring";

/// The size of a place.
const PLACE: usize = 128;

/// Whose key: so many bytes, filled up with zeros.
const WHOSE: usize = 16;

/// A wrapped key.
struct Kept {
    place: u64,
    name: [u8; NONCE],
    wrapped: Vec<u8>,
}

/// The ring.
pub(crate) struct Ring {
    path: PathBuf,
    file: File,
    places: u64,
    keys: HashMap<String, Vec<Kept>>,
    wrapped_bytes: usize,
}

fn head(cipher: Cipher) -> [u8; PLACE] {
    let text = format!("kaoping ring of keys 1 {}\n", cipher.name());
    let mut place = [0; PLACE];
    place.iter_mut().zip(text.bytes()).for_each(|(byte, letter)| *byte = letter);
    place
}

impl Ring {
    /// Opens the ring, or makes an empty one where there is none and nothing is expected of it.
    ///
    /// # Errors
    /// It is missing, damaged, of another cipher, or others can read it.
    pub(crate) fn open(path: &Path, cipher: Cipher, expected: bool) -> Result<Self, Box<Diagnostic>> {
        let fault = |fault: io::Error| refusal::ring(path, &system_reason(&fault));
        if !path.exists() && !expected {
            let text = head(cipher);
            let text = String::from_utf8_lossy(&text);
            secret::write_new(path, &text).map_err(fault)?;
        }
        let mut file = secret::options().open(path).map_err(fault)?;
        secret::owned(&file.metadata().map_err(fault)?).map_err(|why| refusal::ring(path, &why))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(fault)?;
        if bytes.get(..PLACE) != Some(&head(cipher)) {
            let why = Text::new("它不是这个台账的密钥环", "it is not the ring of this record");
            return Err(refusal::ring(path, &why));
        }
        let wrapped_bytes = cipher.key_bytes() + TAG;
        let (mut keys, mut places): (HashMap<String, Vec<Kept>>, u64) = (HashMap::new(), 0);
        // A last place that is not whole was being written when the program ended: nothing was encrypted with it.
        for place in bytes.chunks_exact(PLACE).skip(1) {
            places += 1;
            if let Some((whose, name, wrapped)) = parts(place, wrapped_bytes) {
                keys.entry(whose).or_default().push(Kept { place: places, name, wrapped });
            }
        }
        bytes.zeroize();
        Ok(Self { path: path.to_owned(), file, places, keys, wrapped_bytes })
    }

    /// Adds a key, durable when this returns.
    pub(crate) fn add(
        &mut self,
        person: &PersonId,
        name: [u8; NONCE],
        wrapped: Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut place = [0; PLACE];
        let whose = person.as_str().bytes().take(WHOSE);
        place.iter_mut().zip(whose).for_each(|(byte, letter)| *byte = letter);
        let rest = name.iter().chain(&wrapped);
        place.iter_mut().skip(WHOSE).zip(rest).for_each(|(byte, given)| *byte = *given);
        let at = self.places + 1;
        self.write(at, &place)?;
        self.places = at;
        self.keys.entry(person.as_str().to_owned()).or_default().push(Kept { place: at, name, wrapped });
        Ok(())
    }

    /// A key by whose it is and its name.
    pub(crate) fn wrapped(&self, person: &PersonId, name: &[u8]) -> Option<&[u8]> {
        let mut kept = self.keys.get(person.as_str())?.iter();
        kept.find(|kept| kept.name == *name).map(|kept| kept.wrapped.as_slice())
    }

    /// Whether there is a key of a person.
    pub(crate) fn holds(&self, person: &PersonId) -> bool {
        self.keys.contains_key(person.as_str())
    }

    /// Overwrites the keys of a person, or the one of that name. When this returns they are gone from the disk.
    pub(crate) fn destroy(&mut self, person: &PersonId, name: Option<&[u8]>) -> Result<(), Box<Diagnostic>> {
        let Some(mut kept) = self.keys.remove(person.as_str()) else { return Ok(()) };
        let mut outcome = Ok(());
        let mut left = Vec::new();
        for mut key in kept.drain(..) {
            if name.is_some_and(|name| key.name != *name) {
                left.push(key);
                continue;
            }
            let mut place = [0; PLACE];
            place.iter_mut().zip(person.as_str().bytes().take(WHOSE)).for_each(|(byte, letter)| *byte = letter);
            match self.write(key.place, &place) {
                Ok(()) => key.wrapped.zeroize(),
                Err(finding) => {
                    // It is perhaps still there: it is to be overwritten again.
                    outcome = Err(finding);
                    left.push(key);
                }
            }
        }
        if !left.is_empty() {
            self.keys.insert(person.as_str().to_owned(), left);
        }
        outcome
    }

    fn write(&mut self, place: u64, bytes: &[u8; PLACE]) -> Result<(), Box<Diagnostic>> {
        let written = self.file.seek(SeekFrom::Start(place * 128)).and_then(|_| self.file.write_all(bytes));
        let durable = written.and_then(|()| self.file.sync_all());
        durable.map_err(|fault| refusal::ring(&self.path, &system_reason(&fault)))
    }

    /// How many bytes a wrapped key has.
    pub(crate) fn wrapped_bytes(&self) -> usize {
        self.wrapped_bytes
    }
}

/// The bytes of a ring with every key in it wrapped otherwise, and how many there are. What was destroyed stays so.
///
/// # Errors
/// A key cannot be wrapped otherwise: which place it has.
pub(crate) fn rewrapped(
    bytes: &[u8],
    cipher: Cipher,
    mut wrap: impl FnMut(&str, [u8; NONCE], &[u8]) -> Option<Vec<u8>>,
) -> Result<(Vec<u8>, usize), usize> {
    let (mut all, mut count) = (Vec::with_capacity(bytes.len()), 0);
    for (at, place) in bytes.chunks_exact(PLACE).enumerate() {
        let from = all.len();
        all.extend_from_slice(place);
        let Some((whose, name, wrapped)) = parts(place, cipher.key_bytes() + TAG).filter(|_| at > 0) else { continue };
        let wrapped = wrap(&whose, name, &wrapped).ok_or(at)?;
        let there = all.iter_mut().skip(from + WHOSE + NONCE);
        there.zip(wrapped).for_each(|(byte, given)| *byte = given);
        count += 1;
    }
    Ok((all, count))
}

/// Whose key it is, its name and the wrapped key; `None` where it was destroyed.
fn parts(place: &[u8], wrapped_bytes: usize) -> Option<(String, [u8; NONCE], Vec<u8>)> {
    let (whose, rest) = place.split_at_checked(WHOSE)?;
    let (name, rest) = rest.split_at_checked(NONCE)?;
    let wrapped = rest.get(..wrapped_bytes)?;
    let whose = whose.split(|byte| *byte == 0).next()?;
    let destroyed = wrapped.iter().chain(name).all(|byte| *byte == 0);
    let whose = String::from_utf8(whose.to_vec()).ok()?;
    (!destroyed).then(|| Some((whose, name.try_into().ok()?, wrapped.to_vec())))?
}
