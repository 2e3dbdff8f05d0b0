//! The record itself, and proofs about it.

use super::{
    from_store,
    lists::{MOST, address},
};
use crate::{
    answer::{Answer, Content, List},
    call::{Call, Later, Outcome},
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_ledger::Digest;
use kaoping_office::{Entry, state::Publication, tables::Key};
use kaoping_store::EntryRow;
use kaoping_terms::Text;
use serde_json::{Value, json};

/// So many entries a page, where the asker does not say.
const PAGE: usize = 100;

/// `GET /api/record?from=N`
pub(crate) fn entries(call: Call) -> Later {
    Box::pin(async move {
        call.only(&["from", "limit"])?;
        let from = call.parsed::<u64>("from")?.unwrap_or(0);
        let limit = call.limit(PAGE, MOST)?;
        let read = move |store: &mut dyn kaoping_store::Store| {
            let mut rows = Vec::new();
            store.entries(from, &mut |row| {
                rows.push(row);
                rows.len() <= limit
            })?;
            Ok(rows)
        };
        let mut found = from_store(&call.office, read).await?;
        let next = found.get(limit).map(|row| row.number.to_string());
        found.truncate(limit);
        let algorithm = call.office.desk.read(|shown| shown.tree.algorithm());
        let rows = found.iter().map(|row| cells(row, Digest { algorithm, bytes: row.hash })).collect();
        let size = limit.to_string();
        let next = next.map(|next| address(&call.uri_path, [("from", next.as_str()), ("limit", &size)].into_iter()));
        let columns =
            Vec::from(["number", "received_ms", "hash", "id", "account", "unit", "role", "deed", "why", "bytes"]);
        Ok(Answer::list(List { columns, rows, next }))
    })
}

/// The bytes go with it, so that the hash can be looked at by others.
fn cells(row: &EntryRow, hash: Digest) -> Vec<Value> {
    let bytes = String::from_utf8_lossy(&row.bytes);
    let mut cells = vec![json!(row.number), json!(row.received_ms), json!(hash.to_string()), json!(row.id)];
    match Entry::from_bytes(&row.bytes) {
        Ok(entry) => cells.extend([
            json!(entry.by.account),
            json!(entry.by.office),
            json!(entry.by.role),
            json!(entry.act.name()),
            json!(entry.why),
        ]),
        Err(_) => cells.extend(std::iter::repeat_n(Value::Null, 5)),
    }
    cells.push(json!(bytes));
    cells
}

/// `GET /api/checkpoint`
pub(crate) fn checkpoint(call: &Call) -> Outcome {
    let note = call.office.desk.read(|shown| shown.checkpoint.as_ref().map(|checkpoint| checkpoint.text()));
    let note = note.ok_or_else(problem::not_there)?;
    Ok(Answer::new(StatusCode::OK, Content::Text("text/plain; charset=utf-8", note)))
}

/// `GET /api/publications`: what was made known, and the checkpoint it was made known under.
pub(crate) fn publications(call: &Call) -> Outcome {
    call.only(&[])?;
    let columns = Vec::from(["scheme", "round", "what", "entry", "leaf", "checkpoint_size", "root", "checkpoint"]);
    let rows = call.look(|shown, viewer| {
        let made = shown.state.publications().filter(|made| viewer.may_see(&Key::Results(made.key.clone())));
        let row = |made: Publication<'_>| {
            let checkpoint = shown.published.get(&made.number);
            let leaf = shown.tree.leaf(made.number).map(|leaf| leaf.to_string());
            vec![
                json!(made.key.0),
                json!(made.key.1),
                json!(made.what),
                json!(made.number),
                json!(leaf),
                json!(checkpoint.map(|signed| signed.checkpoint.size)),
                json!(checkpoint.map(|signed| signed.checkpoint.root.to_string())),
                json!(checkpoint.map(|signed| signed.text())),
            ]
        };
        Ok(made.map(row).collect())
    })?;
    Ok(Answer::list(List { columns, rows, next: None }))
}

/// `GET /api/record/{number}/proof?size=N`
pub(crate) fn proof(call: &Call) -> Outcome {
    call.only(&["size"])?;
    let number: u64 = call.at("number").parse().map_err(|_| problem::not_there())?;
    let size = call.parsed::<u64>("size")?;
    call.look(|shown, _| {
        let size = size.unwrap_or_else(|| shown.tree.size());
        let proof = shown.tree.inclusion(number, size).ok_or_else(problem::not_there)?;
        let leaf = shown.tree.leaf(number).ok_or_else(problem::not_there)?;
        let root = shown.tree.root_at(size).ok_or_else(problem::not_there)?;
        Ok(Answer::json(json!({
            "number": number,
            "size": size,
            "leaf": leaf.to_string(),
            "root": root.to_string(),
            "proof": hashes(&proof, root),
        })))
    })
}

/// `GET /api/record/consistency?old=N&new=M`
pub(crate) fn consistency(call: &Call) -> Outcome {
    call.only(&["old", "new"])?;
    let missing = || {
        problem::unusable(
            "old",
            Text::new(
                "没有写：要证明从哪一个检查点起没有改过",
                "it is not given: the checkpoint since which nothing was changed",
            ),
            Text::new("写那个检查点的条数，例如 ?old=100", "write how many entries it was over, such as ?old=100"),
        )
    };
    let old = call.parsed::<u64>("old")?.ok_or_else(missing)?;
    let new = call.parsed::<u64>("new")?;
    call.look(|shown, _| {
        let new = new.unwrap_or_else(|| shown.tree.size());
        let proof = shown.tree.consistency(old, new).ok_or_else(problem::not_there)?;
        let root = |size| shown.tree.root_at(size).ok_or_else(problem::not_there);
        let (old_root, new_root) = (root(old)?, root(new)?);
        Ok::<_, Problem>(Answer::json(json!({
            "old": old,
            "new": new,
            "old_root": old_root.to_string(),
            "new_root": new_root.to_string(),
            "proof": hashes(&proof, new_root),
        })))
    })
}

fn hashes(proof: &[[u8; 32]], like: Digest) -> Vec<String> {
    proof.iter().map(|bytes| Digest { algorithm: like.algorithm, bytes: *bytes }.to_string()).collect()
}
