//! Founding a record: its key, its first entry, three administrators.

use crate::{
    key,
    people::{Credential, Seal, drawn, kept_credential},
    signed::Memory,
};
use kaoping_desk::{Desk, Opening, Request, calendars};
use kaoping_ledger::{Algorithm, By, KeyKind, PublicKey, SecretKey};
use kaoping_office::{
    Act, Role,
    deeds::founding::{EnterNotice, Found},
    tables::TABLES,
};
use kaoping_persons::{
    Cipher,
    keeper::{MASTER, draw_master},
};
use kaoping_store::{Commit, Private};
use kaoping_terms::{Day, Diagnostic, Text};
use std::{path::Path, sync::mpsc::sync_channel};

/// What a record is founded with.
#[derive(Clone, Copy, Debug)]
pub struct Founding<'a> {
    /// The address of the store.
    pub store: &'a str,
    /// The folder of the key.
    pub keys: &'a Path,
    /// The name of the record.
    pub origin: &'a str,
    /// The office at the top.
    pub office: &'a str,
    /// Hash and signature.
    pub kind: KeyKind,
    /// The time: milliseconds since 1970.
    pub now_ms: i64,
}

/// What was founded.
#[derive(Clone, Debug)]
pub struct Founded {
    /// The key others check its signatures with.
    pub key: PublicKey,
    /// The accounts of the three administrators: number, role, first password.
    pub administrators: Vec<(&'static str, Role, String)>,
}

/// The accounts of the three administrators.
const ADMINISTRATORS: [(&str, Role); 3] =
    [("S1", Role::SystemAdmin), ("S2", Role::SecurityAdmin), ("S3", Role::AuditAdmin)];

/// Founds a record in an empty store.
///
/// # Errors
/// There is a record or a key already, or one of the two cannot be written.
pub fn found(founding: &Founding<'_>) -> Result<Founded, Vec<Diagnostic>> {
    found_with(founding, &founding.keys.join(MASTER))
}

/// The same, with the master key of persons in a file of its own.
///
/// # Errors
/// Those of [`found`].
pub fn found_with(founding: &Founding<'_>, master: &Path) -> Result<Founded, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let mut store = kaoping_store::open(founding.store, TABLES).map_err(failed)?;
    if store.size().map_err(failed)? > 0 {
        return Err(vec![founded_already()]);
    }
    // Neither key is drawn where the other could not be.
    if master.exists() {
        return Err(vec![kaoping_persons::secret::there(master)]);
    }
    let memory = Memory::of(founding.keys);
    if memory.path().exists() {
        return Err(vec![kaoping_persons::secret::there(memory.path())]);
    }
    let key = key::draw(founding.keys, founding.kind).map_err(|finding| vec![*finding])?;
    draw_master(master, cipher(founding.kind.algorithm())).map_err(|finding| vec![*finding])?;
    let public = key.public(founding.origin);
    let (administrators, credentials) =
        administrators(&Seal::of(&key)).ok_or_else(|| vec![key::unusable(founding.keys, &key::no_chance())])?;
    let now_ms = founding.now_ms;
    let opening = Opening { store, key, clock: Box::new(move || now_ms), queue: 8, batch: 8, fatal: Box::new(|| ()) };
    let desk = Desk::open_remembering(opening, None, Some(memory.remember())).map_err(failed)?;
    // Passwords first: a record nobody can sign in to would be of no use.
    let (tell, told) = sync_channel(1);
    desk.keep(credentials, move |kept| drop(tell.send(kept)));
    told.recv().unwrap_or(Ok(())).map_err(|refusal| refusal.findings())?;
    for deed in first_deeds(founding, &public) {
        desk.perform(deed).map_err(|refusal| refusal.findings())?;
    }
    desk.close();
    let memory = Memory::of(founding.keys);
    if memory.read(&public).map_err(|finding| vec![*finding])?.is_none() {
        return Err(vec![*memory.unusable(&Text::new("写不进去", "it could not be written"))]);
    }
    Ok(Founded { key: public, administrators })
}

/// Draws the master key of persons beside the key of a record that was made elsewhere, such as that of the sample city.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn draw_persons(keys: &Path, kind: KeyKind) -> Result<(), Box<Diagnostic>> {
    draw_master(&keys.join(MASTER), cipher(kind.algorithm()))
}

/// What data about people are encrypted with, by the profile of the record.
pub(crate) fn cipher(algorithm: Algorithm) -> Cipher {
    match algorithm {
        Algorithm::Sha256 => Cipher::Aes256Gcm,
        Algorithm::Sm3 => Cipher::Sm4Gcm,
    }
}

type Administrators = Vec<(&'static str, Role, String)>;

fn administrators(seal: &Seal) -> Option<(Administrators, Vec<Private>)> {
    let mut all = Vec::new();
    let mut kept = Vec::new();
    for (account, role) in ADMINISTRATORS {
        let password = drawn()?;
        kept.push(kept_credential(seal, account, &Credential::of(&password, true)?));
        all.push((account, role, password));
    }
    Some((all, kept))
}

/// The record begins, and takes over the holidays that are known: deadlines rest on them.
fn first_deeds(founding: &Founding<'_>, key: &PublicKey) -> Vec<Request> {
    let [(system, _), (security, _), (audit, _)] = ADMINISTRATORS;
    let found = Act::Found(Found {
        origin: founding.origin.into(),
        algorithm: founding.kind.algorithm().name().into(),
        key: key.to_string(),
        office: founding.office.into(),
        name: founding.office.into(),
        from: Day::LONG_AGO,
        administrators: [system.into(), security.into(), audit.into()],
    });
    let role = Role::SystemAdmin.name().to_owned();
    let by = By { account: system.to_owned(), office: founding.office.to_owned(), role, deputy_for: None };
    let notices = calendars::shipped().into_iter().map(|notice| {
        let id = format!("notice-{}", notice.year);
        (id, Act::EnterNotice(EnterNotice(notice)))
    });
    let deeds = std::iter::once(("found".to_owned(), found)).chain(notices);
    deeds
        .map(|(id, act)| Request { id, by: by.clone(), anywhere: false, act, why: String::new(), evidence: Vec::new() })
        .collect()
}

/// Lets accounts sign in with one password that stays as it is: for demonstrations and tests. It is hashed once.
///
/// # Errors
/// The store cannot be used, or the system gives no random numbers.
pub fn let_in<'a>(
    store: &str,
    key: &SecretKey,
    accounts: impl IntoIterator<Item = &'a str>,
    password: &str,
) -> Result<(), Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let none = || vec![key::unusable(Path::new(store), &key::no_chance())];
    let credential = Credential::of(password, false).ok_or_else(none)?;
    let seal = Seal::of(key);
    let kept = accounts.into_iter().map(|account| kept_credential(&seal, account, &credential));
    let kept: Vec<Private> = kept.collect();
    let mut store = kaoping_store::open(store, TABLES).map_err(failed)?;
    store.commit(&Commit { private: &kept, ..Commit::default() }).map_err(failed)
}

/// There is a record already.
pub fn founded_already() -> Diagnostic {
    Diagnostic::error("record-founded", Text::new("这个库里已经有台账", "there is a record in this store already"))
        .why(Text::new("台账只成立一次", "a record is founded once"))
        .next(Text::new("直接启动：kaoping serve；或换一个新库", "start it: kaoping serve; or give a new store"))
}
