//! What stands beside the entries and has to agree with them: the columns and tables of a store, the other files of a
//! bundle. A hash vouches for the entries alone; whoever reads the rest is not to be told otherwise.

use crate::{
    bundle::{
        CHECKPOINTS, CONTENTS, FromFolder, KEY, PUBLISHED, RECORD, Source as _, checkpoint_name, failed, file_name,
        files_in,
    },
    load::beside as columns,
    replay::compare,
    verify::content,
};
use kaoping_ledger::{Algorithm, Digest, SignedCheckpoint};
use kaoping_office::{Entry, State};
use kaoping_store::{Failed, Store, Stranger};
use kaoping_terms::{Diagnostic, Report, Text};
use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

/// How many faults of a kind are told one by one.
const TOLD: usize = 20;

/// What follows from the entries.
#[derive(Clone, Copy, Debug)]
pub struct Follows<'a> {
    /// The state.
    pub state: &'a State,
    /// The hash function.
    pub algorithm: Algorithm,
    /// Every content they name.
    pub named: &'a BTreeSet<Digest>,
    /// What was made known, as `published.csv`.
    pub published: &'a str,
}

/// What stands beside the entries in a store: the columns of each, the checkpoints' sizes, contents nobody named yet, and
/// what stands around them.
pub(crate) fn in_store(store: &mut dyn Store, follows: &Follows<'_>, findings: &mut Report) -> Result<(), Failed> {
    let mut beside = Beside::default();
    store.entries(0, &mut |row| {
        // What cannot be read is told elsewhere.
        if let Ok(entry) = Entry::from_bytes(&row.bytes) {
            for of in columns(&entry, &row, follows.algorithm.leaf(&row.bytes)) {
                beside.tell(format!("第 {} 条的{}", row.number, of.zh), format!("{} of entry {}", of.en, row.number));
            }
        }
        true
    })?;
    for (size, note) in store.checkpoints()? {
        if SignedCheckpoint::parse(&note).is_some_and(|own| own.checkpoint.size != size) {
            beside.tell(format!("检查点 {size} 的条数"), format!("the size of checkpoint {size}"));
        }
    }
    beside.told.iter().for_each(|of| findings.push(differs(of)));
    if beside.count > TOLD {
        let count = beside.count - TOLD;
        let rest = Text::new(format!("另外 {count} 处"), format!("{count} more things"));
        findings.push(differs(&rest).standing_for(count));
    }
    store.blobs(&mut |name, bytes| {
        match name.parse::<Digest>() {
            // Those that are named were compared.
            Ok(hash) if follows.named.contains(&hash) || hash.algorithm.hash(&[&bytes]) == hash => (),
            Ok(hash) => findings.push(content(hash, "被改过", "was changed")),
            Err(_) => findings
                .push(differs(&Text::new(format!("材料“{name}”的名称"), format!("the name of content `{name}`")))),
        }
        true
    })?;
    findings.append(around(store, follows.state)?);
    Ok(())
}

/// What stands around the entries in a store: the tables that are asked, and whatever is none of the program's own.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn around(store: &mut dyn Store, state: &State) -> Result<Report, Failed> {
    let mut findings = Report::new();
    findings.extend(strangers(&store.strangers()?));
    if store.rows_stand() {
        findings.append(compare(store, state)?);
    } else {
        findings.push(not_compared());
    }
    Ok(findings)
}

/// Refuses to begin on a store whose tables are not what follows, or in which something could change what is written.
///
/// # Errors
/// It cannot be read, or that is so.
pub(crate) fn sound(store: &mut dyn Store, state: &State) -> Result<(), Failed> {
    let mut there = store.strangers()?;
    there.retain(|stranger| stranger.acts);
    if let Some(finding) = strangers(&there) {
        return Err(Failed::Refused(Box::new(finding)));
    }
    match compare(store, state)?.into_sorted().into_iter().next() {
        Some(finding) => Err(Failed::Refused(Box::new(finding))),
        None => Ok(()),
    }
}

/// What is none of the program's own, or is missing of them.
fn strangers(there: &[Stranger]) -> Option<Diagnostic> {
    if there.is_empty() {
        return None;
    }
    let all = |of: fn(&Text) -> &str| there.iter().take(TOLD).map(|one| of(&one.what)).collect::<Vec<_>>();
    let (zh, en) = (all(|text| &text.zh).join("；"), all(|text| &text.en).join("; "));
    let (rest_zh, rest_en) = if there.len() > TOLD { ("……", "; …") } else { ("", "") };
    let message = Text::new(
        format!("数据库的结构不是程序建的样子：{zh}{rest_zh}"),
        format!("the database is not as the program made it: {en}{rest_en}"),
    );
    let finding = Diagnostic::error("store-not-as-made", message).why(Text::new(
        "触发器会改写写进去的东西，多出的表会被当成台账的一部分；有触发器，或者自己的表、索引缺了、改了，服务器不启动",
        "a trigger changes what is written, and a table that was added could be taken for a part of the record; a server does not start on triggers, or where tables and indexes of its own are missing or others",
    ));
    let next = Text::new(
        "查清是谁动的；多出的由数据库管理员删去（DROP），缺的、改过的从备份恢复，再核对一次",
        "find out who did it; the database administrator drops what was added, and what is missing or changed comes back from a backup; then verify again",
    );
    Some(finding.next(next).standing_for(there.len()))
}

/// Things that stand beside entries and are not what they say.
#[derive(Default)]
struct Beside {
    count: usize,
    told: Vec<Text>,
}

impl Beside {
    fn tell(&mut self, zh: String, en: String) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(Text::new(zh, en));
        }
    }
}

/// The other files of a bundle: each is there, is what it has to be, and there is none besides.
pub(crate) fn in_folder(
    folder: &Path,
    source: &mut FromFolder,
    follows: &Follows<'_>,
    findings: &mut Report,
) -> Result<(), Failed> {
    let mut unknown = Vec::new();
    for file in files_in(folder)? {
        match file.name.as_str() {
            RECORD | KEY | PUBLISHED if file.is_file => (),
            CHECKPOINTS | CONTENTS if file.is_folder => (),
            _ => unknown.push(file.name),
        }
    }
    compare_file(folder, KEY, format!("{}\n", follows.state.key).as_bytes(), findings)?;
    compare_file(folder, PUBLISHED, follows.published.as_bytes(), findings)?;
    if !ends_whole(&folder.join(RECORD))? {
        findings.push(changed(RECORD, &Text::new("末行没有换行", "its last line has no end")));
    }
    let notes = source.checkpoints()?;
    let (files, others): (Vec<_>, Vec<_>) =
        files_in(&folder.join(CHECKPOINTS))?.into_iter().partition(|file| file.is_file);
    unknown.extend(others.into_iter().map(|file| format!("{CHECKPOINTS}/{}", file.name)));
    for (file, note) in files.iter().zip(&notes) {
        // One that cannot be read is told elsewhere.
        if SignedCheckpoint::parse(note).is_some_and(|own| checkpoint_name(own.checkpoint.size) != file.name) {
            unknown.push(format!("{CHECKPOINTS}/{}", file.name));
        }
    }
    let known: BTreeSet<String> = follows.named.iter().map(|hash| file_name(*hash)).collect();
    for file in files_in(&folder.join(CONTENTS))? {
        if !file.is_file || !known.contains(&file.name) {
            unknown.push(format!("{CONTENTS}/{}", file.name));
        }
    }
    if !unknown.is_empty() {
        findings.push(unknown_files(&unknown));
    }
    Ok(())
}

/// Compares a file with what follows, and says from which line on they differ.
fn compare_file(folder: &Path, name: &str, follows: &[u8], findings: &mut Report) -> Result<(), Failed> {
    let path = folder.join(name);
    let there = match fs::read(&path) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => None,
        read => Some(read.map_err(|fault| failed(&path, &fault))?),
    };
    match there {
        Some(bytes) if bytes == follows => (),
        Some(bytes) => {
            let same = bytes.iter().zip(follows).take_while(|(there, follows)| there == follows);
            let line = same.filter(|(byte, _)| **byte == b'\n').count() + 1;
            findings.push(changed(
                name,
                &Text::new(format!("从第 {line} 行起不同"), format!("it differs from line {line} on")),
            ));
        }
        None => findings.push(changed(name, &Text::new("这个文件缺了", "the file is missing"))),
    }
    Ok(())
}

/// Whether the last line of a file has its end. An empty file has none that could lack one.
fn ends_whole(path: &Path) -> Result<bool, Failed> {
    let read = || {
        let mut file = fs::File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(true);
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    };
    read().map_err(|fault| failed(path, &fault))
}

fn differs(of: &Text) -> Diagnostic {
    Diagnostic::error(
        "record-beside-differs",
        Text::new(format!("{}与正文不符", of.zh), format!("{} is not what its text says", of.en)),
    )
    .why(Text::new(
        "库里在正文旁边另记一份，好找好排；正文有散列担保，旁边的没有，有人直接改了它",
        "a store notes it beside the text to find and sort by; a hash vouches for the text alone, and somebody changed what is beside",
    ))
    .next(Text::new(
        "以正文为准；不要再往里写，从相符的备份恢复，并查清谁动过数据库",
        "the text counts; stop writing to it, restore a backup that agrees, and find out who had the database in hand",
    ))
}

fn not_compared() -> Diagnostic {
    Diagnostic::error(
        "tables-not-compared",
        Text::new("查询用的表没有核对", "the tables that are asked were not compared"),
    )
    .why(Text::new(
        "它们是另一个版本的程序留下的，或者有人改了版本的记号；按台账重建以前，里面写的什么都不能当真",
        "another version of the program left them, or somebody changed the mark of the version; until they are made anew from the record nothing in them is to be believed",
    ))
    .next(Text::new(
        "台账正文不受影响；先 kaoping replay --rebuild（或启动一次服务器），再核对",
        "the entries are not concerned; kaoping replay --rebuild first (or start the server once), then verify again",
    ))
}

fn changed(file: &str, how: &Text) -> Diagnostic {
    Diagnostic::error(
        "bundle-file-changed",
        Text::new(
            format!("{file} 不是按台账该有的样子：{}", how.zh),
            format!("{file} is not what follows from the record: {}", how.en),
        ),
    )
    .why(Text::new(
        "导出的每个文件都由台账得出，一个字节也不差；它在导出以后被改过",
        "every file of an export follows from the record to the byte; this one was changed after it was made",
    ))
    .next(Text::new(
        "以台账（record.jsonl）为准，不要用这个文件；要用，从源头重新导出",
        "go by the record (record.jsonl) and not by this file; if you need it, export it anew where it came from",
    ))
}

fn unknown_files(names: &[String]) -> Diagnostic {
    let count = names.len();
    let told = names.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
    let rest = if count > TOLD { ", …" } else { "" };
    Diagnostic::error(
        "bundle-file-unknown",
        Text::new(
            format!("有 {count} 个文件不是台账的：{told}{rest}"),
            format!("{count} files are none of the record: {told}{rest}"),
        ),
    )
    .why(Text::new(
        "没有散列、也没有签名担保它们，混在里面会被当成台账的一部分",
        "no hash and no signature vouches for them, and they could be taken for a part of it",
    ))
    .next(Text::new("拿出去，再核对一次", "take them out and verify again"))
    .standing_for(count)
}
