//! Changing the master key that protects the keys of persons.

use crate::{found::cipher, key, serve::is_founded};
use kaoping_desk::load;
use kaoping_office::tables::TABLES;
use kaoping_persons::{keeper::MASTER, master};
use kaoping_terms::Diagnostic;
use std::path::Path;

/// Changes it, while no server runs: the store is held as long. How many keys it protects.
///
/// # Errors
/// A server runs, a key is not that of the record, or something cannot be read or written; then nothing was changed.
pub fn change(store: &str, keys: &Path, file: Option<&Path>) -> Result<usize, Vec<Diagnostic>> {
    let one = |finding: Box<Diagnostic>| vec![*finding];
    key::read(keys).map_err(one)?;
    let mut held = kaoping_store::open(store, TABLES).map_err(|failed| vec![Diagnostic::from(failed)])?;
    let loaded = load(&mut *held).map_err(|failed| vec![Diagnostic::from(failed)])?;
    is_founded(&loaded.state, keys).map_err(one)?;
    let path = file.map_or_else(|| keys.join(MASTER), Path::to_owned);
    let (cipher, people) = (cipher(loaded.tree.algorithm()), !loaded.state.persons.is_empty());
    let changed = master::change(keys, &path, cipher, &loaded.state.origin, people);
    drop(held);
    changed.map_err(one)
}
