//! What was signed last, in a file beside the key: outside the store, like the key itself.

use kaoping_desk::signed::{Remember, stands};
use kaoping_ledger::{PublicKey, SignedCheckpoint, Tree};
use kaoping_office::State;
use kaoping_persons::secret::replace;
use kaoping_store::{Failed, Store};
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
    path: PathBuf,
}

impl Memory {
    /// That of a folder of keys.
    pub fn of(keys: &Path) -> Self {
        Self { path: keys.join(FILE) }
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
            read => read.map_err(|fault| self.unusable(&Text::same(fault.to_string())))?,
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
        replace(&self.path, signed.text().as_bytes()).map_err(|fault| self.unusable(&Text::same(fault.to_string())))
    }

    /// Remembers whatever a desk signs.
    pub(crate) fn remember(self) -> Remember {
        Box::new(move |signed| self.keep(signed).is_ok())
    }

    fn unusable(&self, why: &Text) -> Box<Diagnostic> {
        let path = self.path.display();
        let message = Text::new(
            format!("{path} 不能用，它记着最后签了什么"),
            format!("{path} cannot be used; it remembers what was signed last"),
        );
        let finding = Diagnostic::error("signed-memory-unusable", message).why(why.clone());
        Box::new(finding.next(Text::new(
            "看文件夹能不能写；文件坏了就从 keys 的备份取回；没有备份，先用别处保存的检查点 kaoping verify，相符再删掉它",
            "see that the folder can be written; a spoilt file comes back from a backup of the keys; without one verify with a pinned checkpoint first, and take the file away if all agrees",
        )))
    }
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
    let own = own.filter(|own| own.checkpoint.size > state.restored && own.signed_by(key));
    let against = |signed: SignedCheckpoint| stands(tree, &signed).err().map(|finding| (signed, finding));
    Ok(own.chain(remembered).filter_map(against).max_by_key(|(signed, _)| signed.checkpoint.size))
}

/// Refuses a record that does not go on from what was signed last. What it was signed as itself is remembered from now on.
///
/// # Errors
/// It does not, or nothing could be remembered.
pub(crate) fn check(office: &crate::Office, memory: &Memory, key: &PublicKey) -> Result<(), Box<Diagnostic>> {
    let remembered = memory.read(key)?;
    let shown = office.desk.snapshot();
    let against = office.from_store(|store| contradiction(store, (&shown.state, &shown.tree), remembered.clone(), key));
    if let Some((_, finding)) = against.map_err(|failed| Box::new(Diagnostic::from(failed)))? {
        return Err(finding);
    }
    let newest = remembered.into_iter().chain(shown.checkpoint.clone()).max_by_key(|signed| signed.checkpoint.size);
    newest.map_or(Ok(()), |signed| memory.keep(&signed))
}
