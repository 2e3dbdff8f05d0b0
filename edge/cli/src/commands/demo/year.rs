//! The whole year of the city, a step at each press of a key; at its end the record is exported and verified.

use super::{serve, words};
use crate::{
    arguments::DemoArguments,
    say::{self, Ending, Refusal, Style},
};
use kaoping_desk::{
    bundle::{FromFolder, export},
    verify::{Verified, verify},
};
use kaoping_ledger::{KeyKind, SecretKey};
use kaoping_office::tables::TABLES;
use kaoping_sample::{ORIGIN, Step, Upto, told};
use kaoping_store::open_to_read;
use kaoping_terms::{Diagnostic, Sources, Text};
use kaoping_web::{found::founded_already, key};
use std::{
    io::{IsTerminal, stdin, stdout},
    path::Path,
};

/// What the key is made from: the same each time, so that the record is the same to the last byte. For the
/// demonstration alone, because everybody knows it.
const SEED: [u8; 32] = *b"kaoping demo: everybody knows it";

/// The name of the exported record in the folder.
const BUNDLE: &str = "台账";

/// Goes through the year.
pub(super) fn run(asked: &DemoArguments, style: Style) -> Ending {
    match try_run(asked, style) {
        Ok(verified) if !verified.findings.has_errors() => Ending::Done,
        Ok(verified) => {
            Refusal::new(Ending::Refused, &verified.findings.into_sorted(), &Sources::default(), style).end(style)
        }
        Err(findings) => Refusal::new(Ending::Unusable, &findings, &Sources::default(), style).end(style),
    }
}

fn try_run(asked: &DemoArguments, style: Style) -> Result<Verified, Vec<Diagnostic>> {
    let folder = serve::prepared(asked)?;
    let store = folder.store();
    if serve::last_ms(&store)?.is_some() {
        return Err(vec![founded_already()]);
    }
    let lang = style.lang;
    let waits = !asked.no_wait && stdin().is_terminal() && stdout().is_terminal();
    say::print(words::of_year(waits).get(lang));
    let secret = SecretKey::from_bytes(KeyKind::Ed25519, &SEED).ok_or_else(|| vec![founded_already()])?;
    let public = secret.public(ORIGIN);
    key::keep(&folder.keys(), KeyKind::Ed25519, &SEED).map_err(|finding| vec![*finding])?;
    let mut number = 0;
    let mut show = |step: &Step| {
        number += 1;
        say::print(&words::step(number, step, lang));
        if waits {
            // A terminal that is gone waits for nobody.
            drop(stdin().read_line(&mut String::new()));
        }
    };
    told(&store, secret, Upto::YearEnd, &mut show)?;
    serve::let_everybody_in(&store, &folder.keys())?;
    let bundle = folder.path.join(BUNDLE);
    let verified = carried_away(&store, &public, &bundle)?;
    say::print(words::verified(&verified).get(lang));
    if folder.fresh.is_none() {
        say::print(kept(&folder.path, &bundle).get(lang));
    }
    Ok(verified)
}

/// Exports the record, and verifies what was exported.
fn carried_away(store: &str, key: &kaoping_ledger::PublicKey, bundle: &Path) -> Result<Verified, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let mut store = open_to_read(store, TABLES).map_err(failed)?;
    export(&mut *store, &key.to_string(), None, bundle).map_err(failed)?;
    verify(&mut FromFolder(bundle.to_owned()), key, &[]).map_err(failed)
}

fn kept(folder: &Path, bundle: &Path) -> Text {
    let (folder, bundle) = (folder.display(), bundle.display());
    Text::new(
        format!("台账在 {folder}，导出在 {bundle}。接着用：kaoping demo --dir {folder}"),
        format!("The record is in {folder}, its export in {bundle}. To go on: kaoping demo --dir {folder}"),
    )
}
