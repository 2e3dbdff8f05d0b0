//! Verifying a record offline: its chain, its tree against pinned checkpoints, its contents, what
//! follows from it.

use crate::{
    awards::propose,
    beside::Follows,
    bundle::{Published, Source, contents_of},
    scoring::{Contents, score_by},
    signed::stands,
    signing::Signing,
};
use kaoping_ledger::{Algorithm, Digest, Examination, PublicKey, SignedCheckpoint, Tree};
use kaoping_office::{Act, Entry, State, deeds::rounds::PutDownResults, state::Publication, tables::Touched};
use kaoping_store::Failed;
use kaoping_terms::{Diagnostic, Report, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What came of it.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The state that follows.
    pub state: State,
    /// How many entries there are.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// Their hashes.
    pub tree: Tree,
    /// Up to which entry pinned checkpoints vouch for it.
    pub vouched: u64,
    /// How many contents were compared with their hash.
    pub contents: usize,
    /// How many results were scored again from the figures.
    pub results: usize,
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
    let mut verified = None;
    // A server may write meanwhile.
    source.at_one_moment(&mut |source| {
        verified = Some(verify_now(source, key, pinned)?);
        Ok(())
    })?;
    verified.ok_or_else(|| Failed::Other { place: String::new(), cause: "nothing was read".into() })
}

fn verify_now(source: &mut dyn Source, key: &PublicKey, pinned: &[SignedCheckpoint]) -> Result<Verified, Failed> {
    let mut findings = Report::new();
    let mut own = Vec::new();
    for note in source.checkpoints()? {
        match SignedCheckpoint::parse(&note).filter(|own| own.text() == note) {
            Some(signed) => own.push(signed),
            None => findings.push(unreadable_checkpoint(&note)),
        }
    }
    let sizes: Vec<u64> = own.iter().map(|own| own.checkpoint.size).collect();
    let pins: Vec<SignedCheckpoint> = pinned.iter().chain(&own).cloned().collect();
    let mut signing = Signing::of(own, key);
    let (mut state, mut given_up) = (State::default(), Vec::new());
    let (mut named, mut published) = (BTreeSet::new(), Published::default());
    let algorithm = key.kind.algorithm();
    let mut examination = Examination::new(key, algorithm, &pins);
    source.entries(&mut |bytes| {
        let linked = examination.entry(bytes);
        match Entry::from_bytes(bytes) {
            Ok(entry) => {
                if let Act::Found(found) = &entry.act {
                    founded(found, key, &mut findings);
                } else if entry.number == 0 {
                    findings.push(not_founded());
                }
                contents_of(&entry, &mut named);
                published.entry(&entry);
                signing.entry(&entry);
                if let Act::ConfirmRestore(confirmed) = &entry.act {
                    given_up.push((
                        entry.number,
                        confirmed.signed.clone(),
                        entry.by.account.clone(),
                        entry.why.clone(),
                    ));
                }
                state.apply(&entry, &mut Touched::unheard());
            }
            // What cannot be read has no effect.
            Err(why) if linked => examination.unreadable(&why.told()),
            Err(_) => (),
        }
        true
    })?;
    let examined = examination.finish();
    findings.append(examined.findings);
    for (number, signed, by, why) in given_up {
        let signed = SignedCheckpoint::parse(&signed);
        let agrees = signed.as_ref().is_some_and(|signed| stands(&examined.tree, signed).is_ok());
        findings.push(restored(number, signed.map_or(0, |signed| signed.checkpoint.size), agrees, (&by, &why)));
    }
    findings.extend(signing.missing(&examined.tree, key, pinned));
    if examined.tree.size() == 0 {
        findings.push(not_founded());
    }
    let covered = pins.iter().filter(|pin| pin.signed_by(key)).map(|pin| pin.checkpoint.size).max().unwrap_or(0);
    for made in state.publications().filter(|made| made.number >= covered) {
        findings.push(not_covered(&made));
    }
    for hash in &named {
        match source.content(*hash)? {
            None => findings.push(content(*hash, "缺", "is missing")),
            Some(bytes) if hash.algorithm.hash(&[&bytes]) != *hash => {
                findings.push(content(*hash, "被改过", "was changed"))
            }
            Some(_) => (),
        }
    }
    let results = results_again(source, &mut findings)?;
    let index = published.index(&sizes);
    source.beside(&Follows { state: &state, algorithm, named: &named, published: &index }, &mut findings)?;
    let (size, root) = (examined.tree.size(), examined.tree.root());
    // Only what was kept elsewhere vouches for anything.
    let outside = pinned.iter().filter(|pin| pin.signed_by(key)).map(|pin| pin.checkpoint.size);
    let vouched = outside.filter(|size| *size <= examined.vouched).max().unwrap_or(0);
    Ok(Verified { state, size, root, tree: examined.tree, vouched, contents: named.len(), results, findings })
}

/// Scores every result that was put down again, from the figures and the standard there were then.
fn results_again(source: &mut dyn Source, findings: &mut Report) -> Result<usize, Failed> {
    let mut put_down: BTreeMap<u64, Vec<(u64, Act)>> = BTreeMap::new();
    source.entries(&mut |bytes| {
        if let Ok(Entry { number, act, .. }) = Entry::from_bytes(bytes)
            && let Some(at) = rests_on(&act)
        {
            put_down.entry(at).or_default().push((number, act));
        }
        true
    })?;
    let Some(last) = put_down.keys().last().copied() else { return Ok(0) };
    // The state at each of these moments is kept, as contents cannot be read while entries are.
    let mut moments = Vec::new();
    let mut state = State::default();
    source.entries(&mut |bytes| {
        if let Ok(entry) = Entry::from_bytes(bytes) {
            state.apply(&entry, &mut Touched::unheard());
        }
        if let Some(results) = put_down.remove(&state.size) {
            moments.push((state.clone(), results));
        }
        state.size < last
    })?;
    let mut count = 0;
    for (state, results) in moments {
        for (number, act) in results {
            count += 1;
            let mut contents = |hash| source.content(hash).ok().flatten();
            if let Err((zh, en)) = again(&state, &act, &mut contents) {
                findings.push(results_differ(number, &zh, &en));
            }
        }
    }
    Ok(count)
}

/// How long the record was that a deed of the program's own rests on.
fn rests_on(act: &Act) -> Option<u64> {
    match act {
        Act::PutDownResults(results) => Some(results.at),
        Act::ProposeAwards(awards) => Some(awards.at),
        _ => None,
    }
}

/// Works a deed of the program's own out again: what differs, where it does not follow.
fn again(state: &State, act: &Act, contents: Contents<'_>) -> Result<(), (String, String)> {
    let why = |report: Report| {
        let why = report.findings().first().map(|finding| finding.message.clone()).unwrap_or_default();
        (why.zh, why.en)
    };
    match act {
        Act::PutDownResults(recorded) => {
            let versions = state.schemes.get(&recorded.scheme).map(|scheme| scheme.versions.as_slice());
            let mut versions = versions.unwrap_or_default().iter();
            let version = versions.find(|version| version.number == recorded.version);
            let Some(version) = version else {
                return Err(("没有那个版本".into(), "there is no such version".into()));
            };
            let scored = score_by(state, &recorded.scheme, version, &recorded.round, contents).map_err(why)?;
            // What results take the place of is said by whoever puts them down.
            let follow = PutDownResults { replaces: recorded.replaces, ..scored.act };
            if follow == *recorded { Ok(()) } else { Err(first_difference(recorded, &follow)) }
        }
        Act::ProposeAwards(recorded) => {
            let given = (recorded.judged.clone(), recorded.objection_days);
            let proposed = propose(state, &recorded.scheme, &recorded.round, given, contents).map_err(why)?;
            if proposed.act == *recorded { Ok(()) } else { Err(("奖项不同".into(), "awards differ".into())) }
        }
        _ => Ok(()),
    }
}

/// What differs first between results as they were put down and as they follow.
fn first_difference(recorded: &PutDownResults, follow: &PutDownResults) -> (String, String) {
    let lines = recorded.totals.iter().zip(&follow.totals);
    let line = lines.into_iter().find(|(recorded, follow)| recorded != follow);
    match line {
        Some((recorded, follow)) => (
            format!("“{}”记的是 {}，应是 {}", recorded.office, recorded.total, follow.total),
            format!("`{}` has {}, and {} follows", recorded.office, recorded.total, follow.total),
        ),
        None => ("逐项得分或奖项不同".into(), "scores or awards differ".into()),
    }
}

fn results_differ(number: u64, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "results-not-reproduced",
        Text::new(
            format!("第 {number} 条的结果按当时的数据和标准算不出来：{zh}"),
            format!("the results of entry {number} do not follow from the figures and the standard there were: {en}"),
        ),
    )
    .why(Text::new("结果必须能从数据逐分算出", "every point of a result has to follow from the figures"))
    .next(Text::new("查明是谁、按什么算的", "find out who put them down, and from what"))
}

/// The name and the key in the record are those that were pinned.
fn founded(found: &kaoping_office::deeds::founding::Found, key: &PublicKey, findings: &mut Report) {
    let algorithm = Algorithm::named(&found.algorithm);
    if found.origin != key.name || found.key != key.to_string() || algorithm != Some(key.kind.algorithm()) {
        findings.push(
            Diagnostic::error(
                "record-of-another-key",
                Text::new(
                    format!("这本台账是“{}”的，成立时的公钥是 {}", found.origin, found.key),
                    format!("the record is of `{}`, founded with the key {}", found.origin, found.key),
                ),
            )
            .why(Text::new(format!("核对用的公钥是 {key}"), format!("it is verified with the key {key}")))
            .next(Text::new(
                "公钥要从台账以外得来：成立时保存的、公布在别处的",
                "take the key from outside the record: as it was kept or announced when it was founded",
            )),
        );
    }
}

/// From here on the record went on from an older backup, or without knowing what had been signed.
fn restored(number: u64, signed: u64, agrees: bool, (by, why): (&str, &str)) -> Diagnostic {
    let message = match agrees {
        false => Text::new(
            format!(
                "第 {number} 条：台账从旧备份恢复后接着办，原来签到第 {signed} 条的检查点从此对不上（{by}：{why}）"
            ),
            format!(
                "entry {number}: the record goes on from an older backup, and a checkpoint signed over {signed} entries does not agree any more ({by}: {why})"
            ),
        ),
        true => Text::new(
            format!(
                "第 {number} 条：最后签了什么的记录丢了以后接着办，前 {signed} 条以后有没有签过别的无从知道（{by}：{why}）"
            ),
            format!(
                "entry {number}: what had been signed last was lost, and the record goes on; whether more than its first {signed} entries had been signed is not known ({by}: {why})"
            ),
        ),
    };
    Diagnostic::warning("record-restored", message)
    .why(Text::new(
        "在那以前末尾的事可能丢了，由系统管理员确认；丢的是什么，只有保存着的检查点和导出的文件夹知道",
        "what was done last before that is perhaps lost, as the system administrator confirmed; only checkpoints and exports that were kept know what it was",
    ))
    .next(Text::new(
        "与当时导出的文件夹比较，看丢了哪些事",
        "compare it with a folder that was exported before, to see what was lost",
    ))
}

/// What was made known has no checkpoint that proves it.
fn not_covered(made: &Publication<'_>) -> Diagnostic {
    let (scheme, round) = made.key;
    Diagnostic::error(
        "publication-without-checkpoint",
        Text::new(
            format!("“{scheme}”{round} 的公布（第 {} 条）没有检查点证明", made.number),
            format!("no checkpoint covers the publication of `{scheme}` {round} (entry {})", made.number),
        ),
    )
    .why(Text::new(
        "公布时要签一个检查点，谁拿着它都能证明公布的是什么",
        "a checkpoint is signed with a publication, so that whoever has it can prove what was published",
    ))
    .next(Text::new(
        "找回公布时的检查点，用 --checkpoint 给出",
        "find the checkpoint it was published under, and give it with --checkpoint",
    ))
}

/// The first entry does not found a record, or there is none.
fn not_founded() -> Diagnostic {
    Diagnostic::error("record-not-founded", Text::new("这里没有成立过的台账", "no record was founded here"))
        .why(Text::new(
            "台账的第 0 条写明名称、公钥和三个管理员",
            "entry 0 of a record names it, its key and three administrators",
        ))
        .next(Text::new(
            "看文件夹或地址写得对不对；对的，就是开头被拿掉了",
            "see that the folder or address is right; if it is, the beginning was taken away",
        ))
}

pub(crate) fn content(hash: Digest, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "content-not-as-recorded",
        Text::new(format!("材料 {hash} {zh}"), format!("the content {hash} {en}")),
    )
    .why(Text::new("台账里记着它的散列，内容必须相符", "the record names its hash, and its content has to agree"))
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
