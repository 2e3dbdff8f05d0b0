//! Who encrypts and decrypts what is known of people, and destroys their keys.

use crate::{
    cipher::{Cipher, NONCE, nonce, random},
    master, refusal,
    ring::{self, Ring},
    secret,
    values::Values,
};
use kaoping_office::ids::PersonId;
use kaoping_sheets::file::system_reason;
use kaoping_terms::{Diagnostic, Text};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use zeroize::Zeroizing;

/// The name of the file with the master key, in the folder of keys where nothing else is said.
pub const MASTER: &str = "persons.master";

/// The form of what is encrypted.
const FORM: u8 = 1;

/// What is known of a person, encrypted, and the name of its key.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// What is to be kept.
    pub bytes: Vec<u8>,
    name: [u8; NONCE],
}

/// Who encrypts and decrypts.
pub struct Keeper {
    cipher: Cipher,
    origin: String,
    master: Zeroizing<Vec<u8>>,
    ring: Mutex<Ring>,
}

/// Draws a master key into a file of its own.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn draw_master(path: &Path, cipher: Cipher) -> Result<(), Box<Diagnostic>> {
    let (_, text) = drawn(path, cipher)?;
    secret::write_new(path, &text).map_err(|fault| {
        Box::new(match fault.kind() {
            io::ErrorKind::AlreadyExists => secret::there(path),
            _ => secret::unusable(path, &system_reason(&fault)),
        })
    })
}

/// A key, and the text of its file.
type KeyAndText = (Zeroizing<Vec<u8>>, Zeroizing<String>);

/// A new master key, and the text of its file.
pub(crate) fn drawn(path: &Path, cipher: Cipher) -> Result<KeyAndText, Box<Diagnostic>> {
    let Some(key) = random(cipher.key_bytes()) else {
        return Err(Box::new(secret::unusable(path, &no_chance())));
    };
    let text = Zeroizing::new(format!("{} {}\n", cipher.name(), &*secret::digits(&key)));
    Ok((key, text))
}

fn no_chance() -> Text {
    Text::new("系统给不出随机数", "the system gives no random numbers")
}

pub(crate) fn read_master(path: &Path, cipher: Cipher) -> Result<Zeroizing<Vec<u8>>, Box<Diagnostic>> {
    let text = secret::read(path).map_err(|why| Box::new(secret::unusable(path, &why)))?;
    let digits = text.strip_suffix('\n').and_then(|text| text.strip_prefix(cipher.name())?.strip_prefix(' '));
    let key = digits.and_then(secret::bytes).filter(|key| key.len() == cipher.key_bytes());
    let why = Text::new("里面不是这种密钥", "it holds no key of this kind");
    key.ok_or_else(|| Box::new(secret::unusable(path, &why)))
}

impl Keeper {
    /// Opens the ring in a folder with the master key of another file. Where the record has people, there has to be a
    /// ring: a new one would make all of them unreadable.
    ///
    /// # Errors
    /// One of the two cannot be used.
    pub fn open(
        keys: &Path,
        master: &Path,
        cipher: Cipher,
        origin: &str,
        expected: bool,
    ) -> Result<Self, Box<Diagnostic>> {
        master::settle(keys, master)?;
        let master = read_master(master, cipher)?;
        let path: PathBuf = keys.join(ring::FILE);
        let ring = Mutex::new(Ring::open(&path, cipher, expected)?);
        Ok(Self { cipher, origin: origin.to_owned(), master, ring })
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a ciphertext belongs to: it opens nowhere else.
    fn beside(&self, what: &str, person: &PersonId) -> Vec<u8> {
        beside(what, &self.origin, person.as_str())
    }

    /// Encrypts what is known of a person under a new key, which is durable when this returns. It waits for the disk.
    ///
    /// # Errors
    /// The ring cannot be written.
    pub fn seal(&self, person: &PersonId, values: &Values) -> Result<Sealed, Box<Diagnostic>> {
        let none = || Box::new(secret::unusable(Path::new(ring::FILE), &no_chance()));
        let key = random(self.cipher.key_bytes()).ok_or_else(none)?;
        let (name, own) = (nonce().ok_or_else(none)?, nonce().ok_or_else(none)?);
        let text = Zeroizing::new(serde_json::to_vec(values).map_err(|_| none())?);
        let wrapped = self.cipher.seal(&self.master, name, &self.beside("key", person), &key).ok_or_else(none)?;
        let sealed = self.cipher.seal(&key, own, &self.beside("person", person), &text).ok_or_else(none)?;
        let mut ring = self.ring();
        debug_assert_eq!(wrapped.len(), ring.wrapped_bytes());
        ring.add(person, name, wrapped)?;
        drop(ring);
        let bytes = [&[FORM][..], &name, &own, &sealed].concat();
        Ok(Sealed { bytes, name })
    }

    /// Decrypts what is known of a person.
    ///
    /// # Errors
    /// Its key is gone, or it is not what was encrypted.
    pub fn open_sealed(&self, person: &PersonId, bytes: &[u8]) -> Result<Values, Box<Diagnostic>> {
        let (changed, gone) = (|| Box::new(refusal::changed()), || Box::new(refusal::gone()));
        let (name, own, sealed) = split(bytes).ok_or_else(changed)?;
        let wrapped = self.ring().wrapped(person, &name).map(<[u8]>::to_vec).ok_or_else(gone)?;
        let key = self.cipher.open(&self.master, name, &self.beside("key", person), &wrapped);
        let key = key.ok_or_else(changed)?;
        let text = self.cipher.open(&key, own, &self.beside("person", person), sealed);
        serde_json::from_slice(&text.ok_or_else(changed)?).map_err(|_| changed())
    }

    /// Destroys the key of what did not become part of the record after all.
    ///
    /// # Errors
    /// The ring cannot be written.
    pub fn forget(&self, person: &PersonId, sealed: &Sealed) -> Result<(), Box<Diagnostic>> {
        self.ring().destroy(person, Some(&sealed.name))
    }

    /// Destroys all keys of a person; done twice it is done. It waits for the disk, and when it returns they are gone.
    ///
    /// # Errors
    /// The ring cannot be written: the keys are perhaps still there.
    pub fn destroy(&self, person: &PersonId) -> Result<(), Box<Diagnostic>> {
        self.ring().destroy(person, None)
    }

    /// Whether there is a key of a person.
    pub fn holds(&self, person: &PersonId) -> bool {
        self.ring().holds(person)
    }
}

/// What stands beside what is encrypted, by record and person.
pub(crate) fn beside(what: &str, origin: &str, person: &str) -> Vec<u8> {
    format!("kaoping {what}\0{origin}\0{person}").into_bytes()
}

fn split(bytes: &[u8]) -> Option<([u8; NONCE], [u8; NONCE], &[u8])> {
    let (form, rest) = bytes.split_first()?;
    let (name, rest) = rest.split_at_checked(NONCE)?;
    let (own, sealed) = rest.split_at_checked(NONCE)?;
    (*form == FORM).then(|| Some((name.try_into().ok()?, own.try_into().ok()?, sealed)))?
}
