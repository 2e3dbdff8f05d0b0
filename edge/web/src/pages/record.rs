//! Pages of the record: its entries, one of them, and the proof that it is there.

use super::seen;
use crate::{
    answer::{Answer, Content},
    api::from_store,
    call::{Call, Later},
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_desk::Shown;
use kaoping_ledger::Digest;
use kaoping_office::{Entry, Viewer};
use kaoping_pages::record::{self as pages, Filter, Found};
use kaoping_store::{EntryRow, Failed, Store};
use kaoping_terms::Day;
use serde_json::json;
use std::sync::Arc;

/// So many entries a page.
const A_PAGE: usize = 50;

/// So many are read at once on the way back.
const AT_ONCE: u64 = 256;

/// So many are looked through for one page, at most.
const MOST: u64 = 8_192;

/// `GET /record?from=&deed=&unit=&account=&since=&until=&q=`
pub(crate) fn record(call: Call) -> Later {
    Box::pin(async move {
        let filter = filter(&call)?;
        let (shown, account, today) = (call.office.desk.snapshot(), call.account()?.to_owned(), call.today());
        let wanted = filter.clone();
        let read = move |store: &mut dyn Store| match shown.state.viewer(&account, today) {
            Some(viewer) => back(store, &shown, &viewer, &wanted),
            None => Ok(Found::default()),
        };
        let found = from_store(&call.office, read).await?;
        seen(&call, |eyes| Ok(pages::record(eyes, &filter, &found)))
    })
}

fn filter(call: &Call) -> Result<Filter, Problem> {
    let text = |name: &str| call.parameter(name).unwrap_or_default().trim().to_owned();
    let day = |name: &str| match call.parameter(name).unwrap_or_default() {
        "" => Ok(None),
        written => Day::parse(written).map(Some).ok_or_else(|| problem::no_day(name)),
    };
    Ok(Filter {
        from: call.parsed("from")?,
        deed: text("deed"),
        unit: text("unit"),
        account: text("account"),
        since: day("since")?,
        until: day("until")?,
        text: text("q"),
    })
}

/// Goes back through the record until a page is full, its beginning is reached, or enough was looked through.
fn back(store: &mut dyn Store, shown: &Shown, viewer: &Viewer<'_>, filter: &Filter) -> Result<Found, Failed> {
    let mut found = Found::default();
    let size = shown.state.size;
    let mut end = filter.from.map_or(size, |from| from.saturating_add(1).min(size));
    let last = end.saturating_sub(MOST);
    while end > last {
        let from = end.saturating_sub(AT_ONCE);
        let mut rows = Vec::new();
        store.entries(from, &mut |row| {
            let more = row.number + 1 < end;
            rows.push(row);
            more
        })?;
        for row in rows.into_iter().rev() {
            let Some(entry) = readable(&row, viewer) else { continue };
            if filter.is_past(entry.received_ms) {
                return Ok(found);
            }
            if !filter.takes(&shown.state, &entry, &row.bytes) {
                continue;
            }
            if found.entries.len() == A_PAGE {
                found.next = Some(entry.number);
                return Ok(found);
            }
            found.entries.push(entry);
        }
        end = from;
    }
    found.next = end.checked_sub(1);
    Ok(found)
}

fn readable(row: &EntryRow, viewer: &Viewer<'_>) -> Option<Entry> {
    Entry::from_bytes(&row.bytes).ok().filter(|entry| viewer.may_read_entry(entry))
}

/// An entry the account may read, and its bytes.
async fn one(call: &Call) -> Result<(Entry, EntryRow, Arc<Shown>), Problem> {
    let number: u64 = call.at("number").parse().map_err(|_| problem::not_there())?;
    let read = move |store: &mut dyn Store| {
        let mut found = None;
        store.entries(number, &mut |row| {
            found = Some(row);
            false
        })?;
        Ok(found)
    };
    let row = from_store(&call.office, read).await?.filter(|row| row.number == number);
    let row = row.ok_or_else(problem::not_there)?;
    let shown = call.office.desk.snapshot();
    let entry = call.look(|_, viewer| readable(&row, viewer).ok_or_else(problem::not_there))?;
    Ok((entry, row, shown))
}

/// `GET /record/{number}`
pub(crate) fn entry(call: Call) -> Later {
    Box::pin(async move {
        let (entry, row, shown) = one(&call).await?;
        let bytes = String::from_utf8_lossy(&row.bytes);
        let hash = Digest { algorithm: shown.tree.algorithm(), bytes: row.hash };
        seen(&call, |eyes| Ok(pages::entry(eyes, &pages::Shown { entry: &entry, bytes: &bytes, hash })))
    })
}

/// `GET /record/{number}/proof`: the entry, the way from its hash to the root, and the checkpoint that signs the root.
pub(crate) fn proof(call: Call) -> Later {
    Box::pin(async move {
        let (entry, row, shown) = one(&call).await?;
        let signed = shown.checkpoint.as_ref().filter(|signed| signed.checkpoint.size > entry.number);
        let size = signed.map_or_else(|| shown.tree.size(), |signed| signed.checkpoint.size);
        let (proof, root) =
            shown.tree.inclusion(entry.number, size).zip(shown.tree.root_at(size)).ok_or_else(problem::not_there)?;
        let like = |bytes: [u8; 32]| Digest { algorithm: root.algorithm, bytes }.to_string();
        let file = json!({
            "number": entry.number,
            "entry": String::from_utf8_lossy(&row.bytes),
            "leaf": like(row.hash),
            "size": size,
            "root": root.to_string(),
            "proof": proof.into_iter().map(like).collect::<Vec<_>>(),
            "checkpoint": signed.map(|signed| signed.text()),
            "key": shown.state.key,
        });
        let name = format!("proof-{}.json", entry.number);
        Ok(Answer::new(StatusCode::OK, Content::File(format!("{file:#}\n").into_bytes(), name)))
    })
}
