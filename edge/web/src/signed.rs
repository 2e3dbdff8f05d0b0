//! What was signed last, in a file beside the key: outside the store, like the key itself.

use crate::serve::is_founded;
use kaoping_desk::{
    Loaded,
    signed::{Remember, kept, stands},
    system_reason,
};
use kaoping_ledger::{Place, PublicKey, SignedCheckpoint, Tree};
use kaoping_office::{State, tables::TABLES};
use kaoping_persons::secret::replace;
use kaoping_store::{Commit, Failed, Store};
use kaoping_terms::{Diagnostic, Text};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Its name in the folder of keys.
pub const FILE: &str = "record.signed";

/// What is remembered, and where.
#[derive(Clone, Debug)]
pub struct Memory {
    keys: PathBuf,
    path: PathBuf,
}

impl Memory {
    /// That of a folder of keys.
    pub fn of(keys: &Path) -> Self {
        Self { keys: keys.to_owned(), path: keys.join(FILE) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was signed last; `None` where nothing is remembered.
    ///
    /// # Errors
    /// It cannot be read, or is none of this record.
    pub fn read(&self, key: &PublicKey) -> Result<Option<SignedCheckpoint>, Box<Diagnostic>> {
        let note = match fs::read_to_string(&self.path) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|fault| self.unusable(&system_reason(&fault)))?,
        };
        let signed = SignedCheckpoint::parse(&note).filter(|signed| signed.text() == note && signed.signed_by(key));
        let why = || Text::new("里面不是这个台账签的检查点", "it holds no checkpoint that was signed for this record");
        signed.map(Some).ok_or_else(|| self.unusable(&why()))
    }

    /// Puts a checkpoint in its place; either it or the one before is there, whatever happens.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&self, signed: &SignedCheckpoint) -> Result<(), Box<Diagnostic>> {
        replace(&self.path, signed.text().as_bytes()).map_err(|fault| self.unusable(&system_reason(&fault)))
    }

    /// Remembers whatever a desk signs.
    pub(crate) fn remember(self) -> Remember {
        Box::new(move |signed| self.keep(signed).is_ok())
    }

    /// Nothing is remembered, of a record there is.
    fn missing(&self) -> Box<Diagnostic> {
        let path = self.path.display();
        let message = Text::new(
            format!("没有 {path}，不知道最后签了什么"),
            format!("{path} is not there, and what was signed last is not known"),
        );
        let finding = Diagnostic::error("signed-memory-missing", message).why(Text::new(
            "它在成立时就有，每次签检查点都更新；没有它，末尾连同检查点被截去也看不出来",
            "it is there from the founding on and follows every checkpoint; without it nobody sees an end that was cut off together with its checkpoints",
        ));
        Box::new(finding.next(Text::new(
            "从 keys 的备份取回，或者把保存在别处的最近一个检查点原样存成这个文件；都没有，由系统管理员确认从这里接着办，原因记入台账：kaoping confirm-restore",
            "bring it back from a backup of the keys, or put the latest checkpoint that was kept elsewhere there, as it is; without either the system administrator confirms that the record goes on from here, on the record: kaoping confirm-restore",
        )))
    }

    pub(crate) fn unusable(&self, why: &Text) -> Box<Diagnostic> {
        let path = self.path.display();
        let message = Text::new(
            format!("{path} 不能用，它记着最后签了什么"),
            format!("{path} cannot be used; it remembers what was signed last"),
        );
        let finding = Diagnostic::error("signed-memory-unusable", message).why(why.clone());
        Box::new(finding.next(Text::new(
            "看文件夹能不能写；文件坏了就从 keys 的备份取回，或者换成保存在别处的最近一个检查点的原文；都没有，移走它，由系统管理员 kaoping confirm-restore",
            "see that the folder can be written; a spoilt file comes back from a backup of the keys, or is replaced by the latest checkpoint that was kept elsewhere; without either move it away, and the system administrator runs kaoping confirm-restore",
        )))
    }
}

/// Remembers what a record that was just made was signed as last.
///
/// # Errors
/// The store cannot be read, or it cannot be remembered.
pub fn begin(store: &str, keys: &Path) -> Result<(), Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let mut store = kaoping_store::open_to_read(store, TABLES).map_err(failed)?;
    let last = store.checkpoints().map_err(failed)?.pop().and_then(|(_, note)| SignedCheckpoint::parse(&note));
    last.map_or(Ok(()), |last| Memory::of(keys).keep(&last).map_err(|finding| vec![*finding]))
}

/// What the record had been signed as, and is not any more: what is remembered, or a checkpoint of the store's own, of
/// more than what was given up when an older backup was confirmed. The largest.
pub(crate) fn contradiction(
    store: &mut dyn Store,
    (state, tree): (&State, &Tree),
    remembered: Option<SignedCheckpoint>,
    key: &PublicKey,
) -> Result<Option<(SignedCheckpoint, Box<Diagnostic>)>, Failed> {
    let own = store.checkpoints()?.into_iter().filter_map(|(_, note)| SignedCheckpoint::parse(&note));
    let own = own.filter(|own| own.checkpoint.size > state.restored);
    // Signatures last: there are many checkpoints, and few that do not agree.
    let against = |signed: SignedCheckpoint| {
        stands(tree, &signed).err().filter(|_| signed.signed_by(key)).map(|finding| (signed, finding))
    };
    Ok(own.chain(remembered).filter_map(against).max_by_key(|(signed, _)| signed.checkpoint.size))
}

/// Refuses a record that is not founded with the key of the folder, that does not go on from what was signed last, or of
/// which that is not known. What it was signed as itself is remembered from now on; gives what was signed last.
///
/// # Errors
/// It is refused, or nothing could be remembered.
pub(crate) fn check(store: &mut dyn Store, loaded: &Loaded, memory: &Memory) -> Result<SignedCheckpoint, Failed> {
    let refused = Failed::Refused;
    let key = is_founded(&loaded.state, &memory.keys).map_err(refused)?;
    let remembered = memory.read(&key).map_err(refused)?;
    if let Some((_, finding)) = contradiction(store, (&loaded.state, &loaded.tree), remembered.clone(), &key)? {
        return Err(refused(finding));
    }
    let Some(remembered) = remembered else { return Err(refused(memory.missing())) };
    let of = &remembered.checkpoint;
    let own: Vec<_> = store.checkpoints()?.iter().filter_map(|(_, note)| SignedCheckpoint::parse(note)).collect();
    if matches!(of.place, Place::Kept(_)) && !own.iter().any(|own| own.checkpoint.size == of.size) {
        // A backup that was made just before it was signed was put back.
        let note = remembered.text();
        store.commit(&Commit { checkpoint: Some((of.size, &note)), ..Commit::default() })?;
    }
    if let Some(finding) = kept(&store.checkpoints()?, &loaded.tree, &key) {
        return Err(refused(finding));
    }
    let newer = own
        .into_iter()
        .filter(|own| own.checkpoint.size > of.size && stands(&loaded.tree, own).is_ok() && own.signed_by(&key));
    let newest = newer.max_by_key(|own| own.checkpoint.size).unwrap_or_else(|| remembered.clone());
    memory.keep(&newest).map_err(refused)?;
    Ok(newest)
}
