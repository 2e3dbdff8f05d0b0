//! Confirming that a record goes on from an older backup.

use crate::{
    key,
    serve::is_founded,
    signed::{Memory, contradiction},
};
use kaoping_desk::{Desk, Opening, Receipt, Request, load};
use kaoping_ledger::By;
use kaoping_office::{Act, Entry, Role, State, deed::day_of, deeds::restoring::ConfirmRestore, tables::TABLES};
use kaoping_store::{Failed, Store};
use kaoping_terms::{Diagnostic, Text};
use std::{path::Path, sync::mpsc::sync_channel};

/// What is confirmed, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Confirming<'a> {
    /// The address of the store.
    pub store: &'a str,
    /// The folder of the keys.
    pub keys: &'a Path,
    /// The account: a system administrator.
    pub by: &'a str,
    /// Why there is no newer backup.
    pub why: &'a str,
    /// The time: milliseconds since 1970.
    pub now_ms: i64,
}

/// What was confirmed.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// How many entries had been signed.
    pub signed: u64,
    /// Which entry says so.
    pub number: u64,
}

/// Puts it down in the record, and remembers from then on what is signed behind it. Done twice, or again after it broke
/// off, it is done once.
///
/// # Errors
/// The record goes on from what was signed, the account may not, or something cannot be read or written.
pub fn confirm(asked: &Confirming<'_>) -> Result<Confirmed, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let one = |finding: Box<Diagnostic>| vec![*finding];
    let key = key::read(asked.keys).map_err(one)?;
    let mut store = kaoping_store::open(asked.store, TABLES).map_err(failed)?;
    let loaded = load(&mut *store).map_err(failed)?;
    let public = is_founded(&loaded.state, asked.keys).map_err(one)?;
    let memory = Memory::of(asked.keys);
    let remembered = memory.read(&public).map_err(one)?;
    let against = contradiction(&mut *store, (&loaded.state, &loaded.tree), remembered, &public).map_err(failed)?;
    let Some((signed, _)) = against else { return Err(vec![nothing_to_confirm()]) };
    let note = signed.text();
    let there = confirmed_at(&mut *store, &note).map_err(failed)?;
    let by = by(&loaded.state, asked);
    let now_ms = asked.now_ms;
    let clock = Box::new(move || now_ms);
    let opening = Opening { store, key, clock, queue: 8, batch: 8, fatal: Box::new(|| ()) };
    let desk = Desk::open_remembering(opening, None, Some(memory.remember())).map_err(failed)?;
    let number = match there {
        Some(number) => number,
        None => {
            let (size, act) = (signed.checkpoint.size, Act::ConfirmRestore(ConfirmRestore { signed: note }));
            let id = format!("confirm-restore-{size}-{}", desk.read(|shown| shown.state.size));
            let request = Request { id, by, act, why: asked.why.to_owned(), evidence: Vec::new() };
            let Receipt { number, .. } = desk.perform(request).map_err(|refusal| refusal.findings())?;
            number
        }
    };
    // Signed again where it broke off between the entry and the memory.
    let (tell, told) = sync_channel(1);
    desk.sign(move |signed| drop(tell.send(signed)));
    let last = told.recv().map_err(|_| Vec::new())?.map_err(|refusal| refusal.findings())?;
    desk.close();
    Memory::of(asked.keys).keep(&last).map_err(one)?;
    Ok(Confirmed { signed: signed.checkpoint.size, number })
}

/// The entry that confirmed it already.
fn confirmed_at(store: &mut dyn Store, note: &str) -> Result<Option<u64>, Failed> {
    let mut number = None;
    store.entries(0, &mut |row| {
        if let Ok(Entry { act: Act::ConfirmRestore(confirmed), .. }) = Entry::from_bytes(&row.bytes)
            && confirmed.signed == note
        {
            number = Some(row.number);
        }
        true
    })?;
    Ok(number)
}

/// As which the account acts: a system administrator of some office, or of the first one where it is none, and then it is
/// refused.
fn by(state: &State, asked: &Confirming<'_>) -> By {
    let today = day_of(asked.now_ms).unwrap_or(state.today);
    let holds = |office: &&str| state.holds(asked.by, office, Role::SystemAdmin, today);
    let mut offices = state.offices.keys().map(|office| office.as_str());
    let office = offices.clone().find(holds).or_else(|| offices.next()).unwrap_or_default();
    let role = Role::SystemAdmin.name().to_owned();
    By { account: asked.by.to_owned(), office: office.to_owned(), role, deputy_for: None }
}

fn nothing_to_confirm() -> Diagnostic {
    Diagnostic::error(
        "restore-not-older",
        Text::new(
            "没有要确认的：台账接着最后签过的往下写",
            "there is nothing to confirm: the record goes on from what was signed last",
        ),
    )
    .why(Text::new(
        "只有台账比签过的短、或者不是签过的那一本，才要确认",
        "only a record that is shorter than what was signed, or another one, has to be confirmed",
    ))
    .next(Text::new("直接启动：kaoping serve", "start it: kaoping serve"))
}
