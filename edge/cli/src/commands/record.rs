//! What can be done with a record from the terminal: `verify`, `export`, `replay`, `backup`, `restore`.

use crate::{
    arguments::{
        AtTheMachine, BackupArguments, ChangeMasterArguments, ExportArguments, GivePasswordArguments, ReplayArguments,
        RestoreArguments, VerifyArguments,
    },
    commands::serve::now_ms,
    say::{self, Ending, Refusal, Style},
};
use kaoping_desk::{
    bundle::{FromFolder, FromStore, Source, export as export_to, key_in},
    given::{no_checkpoint, no_key, nothing_pinned, own_key},
    replay::replay as replay_of,
    verify::{Verified, verify as verify_of},
};
use kaoping_ledger::{PublicKey, SignedCheckpoint};
use kaoping_office::tables::TABLES;
use kaoping_sheets::FileFault;
use kaoping_store::{Failed, open, open_to_read, restore as restore_to};
use kaoping_terms::{Diagnostic, Lang, Level, Sources, Text};
use kaoping_web::{
    master,
    regained::{Giving, give},
    restored::{Confirming, confirm},
};
use serde_json::json;
use std::{fs, path::Path};

/// How a command that works on a record goes on, or why it does not.
type Outcome<T> = Result<T, Box<Diagnostic>>;

fn ended(outcome: Outcome<Ending>, style: Style) -> Ending {
    match outcome {
        Ok(ending) => ending,
        Err(finding) => Refusal::new(Ending::Unusable, &[*finding], &Sources::default(), style).end(style),
    }
}

fn refused(failed: Failed) -> Box<Diagnostic> {
    Box::new(Diagnostic::from(failed))
}

fn text(path: &Path) -> Outcome<String> {
    let unreadable = |fault| Box::new(FileFault::from(fault).diagnostic(&path.display().to_string()));
    fs::read_to_string(path).map_err(unreadable)
}

fn done(zh: String, en: String, results: &serde_json::Value, style: Style) -> Ending {
    if style.json {
        say::print_json(results);
    } else {
        say::print(Text::new(zh, en).get(style.lang));
    }
    Ending::Done
}

/// Verifies a record offline.
pub(super) fn verify(asked: &VerifyArguments, style: Style) -> Ending {
    ended(try_verify(asked, style), style)
}

fn try_verify(asked: &VerifyArguments, style: Style) -> Outcome<Ending> {
    let (key, own) = key_of(asked)?;
    let mut pinned = Vec::new();
    for path in &asked.checkpoint {
        let note = text(path)?;
        pinned
            .push(SignedCheckpoint::parse(&note).ok_or_else(|| Box::new(no_checkpoint(&path.display().to_string())))?);
    }
    let verified = match (&asked.bundle, &asked.store) {
        (Some(folder), _) => verified(&mut FromFolder(folder.clone()), &key, &pinned)?,
        (None, Some(address)) => {
            let mut store = open_to_read(address, TABLES).map_err(refused)?;
            verified(&mut FromStore(&mut *store), &key, &pinned)?
        }
        (None, None) => return Err(Box::new(nothing_named())),
    };
    let mut findings = verified.findings.clone().into_causes();
    if own {
        findings.push(own_key());
    }
    if asked.checkpoint.is_empty() {
        findings.push(nothing_pinned());
    }
    let ending = say::ending(&findings);
    say::findings(&findings, &Sources::default(), style.lang, false);
    if style.json {
        let results = json!({
            "origin": verified.state.origin,
            "key": key.to_string(),
            "entries": verified.size,
            "root": verified.root.to_string(),
            "vouched": verified.vouched,
            "contents": verified.contents,
            "results": verified.results,
            "whole": ending == Ending::Done,
        });
        say::print_json(&say::with_findings(results, &findings, &Sources::default(), style.lang));
    } else if ending == Ending::Done {
        say::print(whole(&verified).get(style.lang));
    }
    Ok(ending)
}

fn verified(source: &mut dyn Source, key: &PublicKey, pinned: &[SignedCheckpoint]) -> Outcome<Verified> {
    verify_of(source, key, pinned).map_err(refused)
}

/// The key to verify with, and whether it came with the record itself.
fn key_of(asked: &VerifyArguments) -> Outcome<(PublicKey, bool)> {
    let (written, own) = match (&asked.key, &asked.bundle, &asked.store) {
        (Some(path), ..) if path.exists() => (text(path)?, false),
        (Some(key), ..) => (key.display().to_string(), false),
        (None, Some(folder), _) => (key_in(folder).map_err(refused)?, true),
        (None, None, Some(address)) => (founding_key(address)?, true),
        (None, None, None) => return Err(Box::new(nothing_named())),
    };
    match PublicKey::parse(written.trim()) {
        Some(key) => Ok((key, own)),
        None => Err(Box::new(no_key(written.trim(), true))),
    }
}

/// The key a record in a store says of itself.
fn founding_key(address: &str) -> Outcome<String> {
    let mut store = open_to_read(address, TABLES).map_err(refused)?;
    let mut key = String::new();
    let read = store.entries(0, &mut |row| {
        if let Ok(kaoping_office::Entry { act: kaoping_office::Act::Found(found), .. }) =
            kaoping_office::Entry::from_bytes(&row.bytes)
        {
            key = found.key;
        }
        false
    });
    read.map_err(refused).map(|()| key)
}

fn whole(verified: &Verified) -> Text {
    let Verified { size, vouched, contents, results, .. } = verified;
    Text::new(
        format!(
            "“{}”完好：{size} 条，根 {}；保存的检查点担保前 {vouched} 条，材料 {contents} 份与散列相符，结果 {results} 份重算一致。",
            verified.state.origin, verified.root
        ),
        format!(
            "`{}` is whole: {size} entries, root {}; pinned checkpoints vouch for the first {vouched}, {contents} contents agree with their hash, {results} results follow from the figures.",
            verified.state.origin, verified.root
        ),
    )
}

fn nothing_named() -> Diagnostic {
    Diagnostic::error("record-not-named", Text::new("没有说核对哪本台账", "no record is named"))
        .why(Text::new("要一个导出的文件夹，或库的地址", "it is an exported folder, or the address of a store"))
        .next(Text::new("写 kaoping verify 文件夹，或 --store 地址", "write kaoping verify FOLDER, or --store ADDRESS"))
}

/// Exports a record as a folder.
pub(super) fn export(asked: &ExportArguments, style: Style) -> Ending {
    ended(try_export(asked, style), style)
}

fn try_export(asked: &ExportArguments, style: Style) -> Outcome<Ending> {
    let key = founding_key(&asked.store)?;
    let mut store = open_to_read(&asked.store, TABLES).map_err(refused)?;
    let count = export_to(&mut *store, &key, None, &asked.out).map_err(refused)?;
    let folder = asked.out.display();
    Ok(done(
        format!("已导出 {count} 条到 {folder}"),
        format!("{count} entries exported to {folder}"),
        &json!({ "entries": count, "folder": folder.to_string() }),
        style,
    ))
}

/// Compares the tables of a store with what follows from its record; makes them anew where asked.
pub(super) fn replay(asked: &ReplayArguments, style: Style) -> Ending {
    ended(try_replay(asked, style), style)
}

fn try_replay(asked: &ReplayArguments, style: Style) -> Outcome<Ending> {
    let mut store = match asked.rebuild {
        true => open(&asked.store, TABLES),
        false => open_to_read(&asked.store, TABLES),
    }
    .map_err(refused)?;
    let (loaded, findings) = replay_of(&mut *store).map_err(refused)?;
    // Nothing is made anew from a record that is not as it was signed, or in a database others change.
    let stops = |finding: &Diagnostic| finding.level == Level::Error && finding.name != "tables-differ";
    let refuses = findings.findings().iter().any(stops);
    let findings = findings.into_sorted();
    let size = loaded.state.size;
    if asked.rebuild && !refuses {
        store.replace_rows(&mut loaded.state.rows()).map_err(refused)?;
        return Ok(done(
            format!("按 {size} 条记录重建了表"),
            format!("the tables were made anew from {size} entries"),
            &json!({ "entries": size, "rebuilt": true, "findings": [] }),
            style,
        ));
    }
    if !findings.is_empty() {
        return Ok(Refusal::new(Ending::Refused, &findings, &Sources::default(), style).end(style));
    }
    Ok(done(
        format!("表与 {size} 条记录相符。末尾有没有被截去，用保存的检查点核对：kaoping verify --checkpoint"),
        format!(
            "the tables are those that follow from {size} entries. Whether their end was cut off is seen with a checkpoint that was kept: kaoping verify --checkpoint"
        ),
        &json!({ "entries": size, "rebuilt": false, "findings": [] }),
        style,
    ))
}

/// Writes a backup while the store is in use.
pub(super) fn backup(asked: &BackupArguments, style: Style) -> Ending {
    let path = asked.out.display().to_string();
    let written = open_to_read(&asked.store, TABLES).and_then(|mut store| store.backup(&asked.out));
    let told = |()| {
        done(
            format!("已备份到 {path}"),
            format!("backed up to {path}"),
            &json!({ "file": path, "findings": [] }),
            style,
        )
    };
    ended(written.map(told).map_err(refused), style)
}

/// Puts a backup into a store.
pub(super) fn restore(asked: &RestoreArguments, style: Style) -> Ending {
    let path = asked.backup.display().to_string();
    let told = |()| {
        let next = match style.lang {
            Lang::Zh => "恢复后用保存的检查点核对：kaoping verify --store … --checkpoint …",
            Lang::En => "Verify it with a pinned checkpoint: kaoping verify --store … --checkpoint …",
        };
        done(
            format!("已从 {path} 恢复。{next}"),
            format!("restored from {path}. {next}"),
            &json!({ "file": path, "findings": [] }),
            style,
        )
    };
    ended(restore_to(&asked.backup, &asked.store, TABLES, asked.instead).map(told).map_err(refused), style)
}

/// Confirms that a record goes on from an older backup.
pub(super) fn confirm_restore(asked: &AtTheMachine, style: Style) -> Ending {
    let AtTheMachine { store, keys, by, why, .. } = asked;
    match confirm(&Confirming { store, keys, by, why, now_ms: now_ms() }) {
        Err(findings) => Refusal::new(Ending::Unusable, &findings, &Sources::default(), style).end(style),
        Ok(confirmed) => {
            let (number, signed) = (confirmed.number, confirmed.signed);
            let (so_zh, so_en) = match confirmed.agrees {
                false => (
                    format!("原来签到第 {signed} 条的检查点从此对不上"),
                    format!("a checkpoint signed over {signed} entries does not agree any more"),
                ),
                true => (
                    format!("前 {signed} 条以后有没有签过别的，已经无从知道"),
                    format!("whether more than the first {signed} entries had been signed is not known any more"),
                ),
            };
            done(
                format!("已记入台账第 {number} 条：从这里接着办；{so_zh}。现在可以启动 kaoping serve"),
                format!(
                    "entry {number} of the record says that it goes on from here; {so_en}. kaoping serve starts now"
                ),
                &json!({ "entry": number, "signed": signed, "findings": [] }),
                style,
            )
        }
    }
}

/// Gives an account a password, and prints it, once.
pub(super) fn give_password(asked: &GivePasswordArguments, style: Style) -> Ending {
    let GivePasswordArguments { account, at: AtTheMachine { store, keys, by, why, .. } } = asked;
    match give(&Giving { store, keys, account, by, why, now_ms: now_ms() }) {
        Err(findings) => Refusal::new(Ending::Unusable, &findings, &Sources::default(), style).end(style),
        Ok(given) => {
            let (number, password, count) = (given.number, &given.password, given.forgotten.len());
            let (gone_zh, gone_en) = match count {
                0 => Default::default(),
                _ => (
                    format!("；删去了 {count} 行不是本台账写的登录资料"),
                    format!("; {count} rows about logins that were not written for this record are gone"),
                ),
            };
            done(
                format!(
                    "{account} 的新密码，只显示这一次，首次登录要改：{password}\n已记入台账第 {number} 条{gone_zh}。现在可以启动 kaoping serve"
                ),
                format!(
                    "the new password of {account}, shown this once, to be changed at first login: {password}\nentry {number} of the record says so{gone_en}. kaoping serve starts now"
                ),
                &json!({ "account": account, "password": password, "entry": number, "forgotten": count, "findings": [] }),
                style,
            )
        }
    }
}

/// Changes the master key of persons.
pub(super) fn change_master(asked: &ChangeMasterArguments, style: Style) -> Ending {
    match master::change(&asked.store, &asked.keys, asked.master.as_deref()) {
        Err(findings) => Refusal::new(Ending::Unusable, &findings, &Sources::default(), style).end(style),
        Ok(count) => done(
            format!("换了主密钥，{count} 把人员密钥改由它保护。现在就备份新的主密钥和密钥环，销毁旧的"),
            format!(
                "the master key was changed and protects {count} keys of persons. Back up the new master and the ring now, and destroy the old ones"
            ),
            &json!({ "keys": count, "findings": [] }),
            style,
        ),
    }
}
