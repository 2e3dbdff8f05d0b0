//! Verifying a record offline: its chain, its tree against pinned checkpoints, its contents, what
//! follows from it.

use crate::bundle::Source;
use kaoping_ledger::{Algorithm, Digest, Examination, PublicKey, SignedCheckpoint};
use kaoping_office::{Act, Entry, State, tables::Touched};
use kaoping_store::Failed;
use kaoping_terms::{Diagnostic, Report, Text};
use std::collections::BTreeSet;

/// What came of it.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The state that follows.
    pub state: State,
    /// How many entries there are.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// Up to which entry pinned checkpoints vouch for it.
    pub vouched: u64,
    /// How many contents were compared with their hash.
    pub contents: usize,
    /// What is wrong.
    pub findings: Report,
}

/// Verifies a record with a key and checkpoints that were kept elsewhere. The checkpoints that came
/// with it are compared as well, which shows where a change begins, but vouch for nothing more than
/// the key does.
///
/// # Errors
/// It cannot be read at all.
pub fn verify(source: &mut dyn Source, key: &PublicKey, pinned: &[SignedCheckpoint]) -> Result<Verified, Failed> {
    let mut findings = Report::new();
    let mut pins = pinned.to_vec();
    for note in source.checkpoints()? {
        match SignedCheckpoint::parse(&note) {
            Some(own) => pins.push(own),
            None => findings.push(unreadable_checkpoint(&note)),
        }
    }
    let mut state = State::default();
    let mut named = BTreeSet::new();
    let mut examination = Examination::new(key, key.kind.algorithm(), &pins);
    source.entries(&mut |bytes| {
        examination.entry(bytes);
        // What cannot be read is told by the examination, and has no effect.
        if let Ok(entry) = Entry::from_bytes(bytes) {
            if let Act::Found(found) = &entry.act {
                founded(found, key, &mut findings);
            }
            contents_of(&entry, &mut named);
            state.apply(&entry, &mut Touched::unheard());
        }
        true
    })?;
    let examined = examination.finish();
    findings.append(examined.findings);
    let contents = named.len();
    for hash in named {
        match source.content(hash)? {
            None => findings.push(content(hash, "缺", "is missing")),
            Some(bytes) if hash.algorithm.hash(&[&bytes]) != hash => {
                findings.push(content(hash, "被改过", "was changed"))
            }
            Some(_) => (),
        }
    }
    let (size, root) = (examined.tree.size(), examined.tree.root());
    Ok(Verified { state, size, root, vouched: examined.vouched, contents, findings })
}

/// The name and the key in the record are those that were pinned.
fn founded(found: &kaoping_office::deeds::founding::Found, key: &PublicKey, findings: &mut Report) {
    let algorithm = Algorithm::named(&found.algorithm);
    if found.origin != key.name || found.key != key.to_string() || algorithm != Some(key.kind.algorithm()) {
        findings.push(
            Diagnostic::error(
                "record-of-another-key",
                Text::new(
                    format!("这本台账是“{}”的,成立时的公钥是 {}", found.origin, found.key),
                    format!("the record is of `{}`, founded with the key {}", found.origin, found.key),
                ),
            )
            .why(Text::new(format!("核对用的公钥是 {key}"), format!("it is verified with the key {key}")))
            .next(Text::new(
                "公钥要从台账以外得来:成立时保存的、公布在别处的",
                "take the key from outside the record: as it was kept or announced when it was founded",
            )),
        );
    }
}

/// Every content an entry names.
fn contents_of(entry: &Entry, named: &mut BTreeSet<Digest>) {
    named.extend(&entry.evidence);
    match &entry.act {
        Act::AdoptScheme(adopted) => named.extend(adopted.files.iter().map(|file| file.content)),
        Act::SubmitReport(report) => named.extend(report.figures.iter().flat_map(|standing| &standing.evidence)),
        Act::PutDownResults(results) => named.extend([results.scores]),
        _ => (),
    }
}

fn content(hash: Digest, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "content-not-as-recorded",
        Text::new(format!("材料 {hash} {zh}"), format!("the content {hash} {en}")),
    )
    .why(Text::new("台账里记着它的散列,内容必须相符", "the record names its hash, and its content has to agree"))
    .next(Text::new("从备份找回原件", "bring the original back from a backup"))
}

fn unreadable_checkpoint(note: &str) -> Diagnostic {
    let first = note.lines().next().unwrap_or_default();
    Diagnostic::error(
        "checkpoint-not-signed",
        Text::new(format!("检查点“{first}”读不出来"), format!("the checkpoint `{first}` cannot be read")),
    )
    .why(Text::new("检查点要一个字不改地保存", "a checkpoint is kept without any change"))
    .next(Text::new("用当初保存的原文", "use the text that was kept"))
}
