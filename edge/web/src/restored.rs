//! Confirming that a record goes on from an older backup.

use crate::{
    at_the_machine::administrator,
    key,
    serve::is_founded,
    signed::{Memory, contradiction},
};
use kaoping_desk::{Desk, Opening, Receipt, Request, load};
use kaoping_ledger::SignedCheckpoint;
use kaoping_office::{Act, Entry, deeds::restoring::ConfirmRestore, tables::TABLES};
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
    /// Whether the record agrees with that: what had been signed after it is not known any more.
    pub agrees: bool,
    /// Which entry says so.
    pub number: u64,
}

/// Puts it down in the record, and remembers from then on what is signed behind it. Done twice, or again after it broke
/// off, it is done once.
///
/// # Errors
/// The record goes on from what was signed last, the account may not, or something cannot be read or written.
pub fn confirm(asked: &Confirming<'_>) -> Result<Confirmed, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let one = |finding: Box<Diagnostic>| vec![*finding];
    let key = key::read(asked.keys).map_err(one)?;
    let mut store = kaoping_store::open(asked.store, TABLES).map_err(failed)?;
    let loaded = load(&mut *store).map_err(failed)?;
    let public = is_founded(&loaded.state, asked.keys).map_err(one)?;
    let memory = Memory::of(asked.keys);
    let remembered = memory.read(&public).map_err(one)?;
    let is_lost = remembered.is_none();
    let against = contradiction(&mut *store, (&loaded.state, &loaded.tree), remembered, &public).map_err(failed)?;
    let given_up = against.map(|(signed, _)| signed);
    if given_up.is_none() && !is_lost {
        return Err(vec![nothing_to_confirm()]);
    }
    let by = administrator(&loaded.state, asked.by, asked.now_ms).map_err(one)?;
    // Rows of what was cut off go, too.
    store.replace_rows(&mut loaded.state.rows()).map_err(failed)?;
    let there = confirmed_at(&mut *store, given_up.as_ref()).map_err(failed)?;
    let now_ms = asked.now_ms;
    let clock = Box::new(move || now_ms);
    let opening = Opening { store, key, clock, queue: 8, batch: 8, fatal: Box::new(|| ()) };
    let desk = Desk::open(opening).map_err(failed)?;
    let agrees = given_up.is_none();
    // Nothing is remembered before it is on the record.
    let signed = given_up.map_or_else(|| signed_now(&desk), Ok)?;
    let number = match there {
        Some(number) => number,
        None => {
            let (size, note) = (signed.checkpoint.size, signed.text());
            let act = Act::ConfirmRestore(ConfirmRestore { signed: note });
            let id = format!("confirm-restore-{size}-{}", desk.read(|shown| shown.state.size));
            let request = Request { id, by, anywhere: false, act, why: asked.why.to_owned(), evidence: Vec::new() };
            let Receipt { number, .. } = desk.perform(request).map_err(|refusal| refusal.findings())?;
            number
        }
    };
    let last = signed_now(&desk)?;
    desk.close();
    memory.keep(&last).map_err(one)?;
    Ok(Confirmed { signed: signed.checkpoint.size, agrees, number })
}

/// A checkpoint over all there is.
fn signed_now(desk: &Desk) -> Result<SignedCheckpoint, Vec<Diagnostic>> {
    let (tell, told) = sync_channel(1);
    desk.sign(move |signed| drop(tell.send(signed)));
    told.recv().map_err(|_| Vec::new())?.map_err(|refusal| refusal.findings())
}

/// The entry that confirmed it already, where it broke off between that and the memory. Where nothing is remembered it is
/// put down each time: what stands at the end could be what somebody left there.
fn confirmed_at(store: &mut dyn Store, given_up: Option<&SignedCheckpoint>) -> Result<Option<u64>, Failed> {
    let Some(note) = given_up.map(SignedCheckpoint::text) else { return Ok(None) };
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

fn nothing_to_confirm() -> Diagnostic {
    Diagnostic::error(
        "restore-not-older",
        Text::new(
            "没有要确认的：台账接着最后签过的往下写，什么也没有写",
            "there is nothing to confirm: the record goes on from what was signed last; nothing was written",
        ),
    )
    .why(Text::new(
        "只有台账比签过的短、不是签过的那一本，或者不知道签过什么（没有 record.signed），才要确认",
        "only a record that is shorter than what was signed, or another one, or of which that is not known (no record.signed), has to be confirmed",
    ))
    .next(Text::new("直接启动：kaoping serve", "start it: kaoping serve"))
}
