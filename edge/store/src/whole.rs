//! Everything at once: backup and restoring.

use crate::{
    backend::Backend,
    failed::{Failed, refused},
    kept::Kept,
    shape::Table,
    sqlite::{self, Sqlite},
    store::Store,
};
use kaoping_terms::Text;
use std::path::Path;

/// There is something that would be lost.
pub(crate) fn not_empty(place: &str) -> Failed {
    let message = Text::new(format!("库 {place} 不是空的"), format!("the store {place} is not empty"));
    refused("store-not-empty", message, |finding| {
        finding.why(Text::new("里面的内容会被覆盖", "what it holds would be overwritten")).next(Text::new(
            "换一个空的库；确要覆盖的，先把它备份，再加 --instead",
            "give an empty store; to overwrite this one, back it up first and add --instead",
        ))
    })
}

/// Writes everything a store holds to a new file, which has its name only when it is whole.
pub(crate) fn backup<B: Backend>(kept: &mut Kept<B>, to: &Path) -> Result<(), Failed> {
    if to.exists() {
        let message = Text::new(format!("{} 已经存在", to.display()), format!("{} is there already", to.display()));
        return Err(refused("store-backup-exists", message, |finding| {
            finding
                .why(Text::new("备份不覆盖已有的文件", "a backup overwrites no file"))
                .next(Text::new("换一个文件名", "choose another name"))
        }));
    }
    let tables = kept.tables;
    sqlite::written_whole(&sqlite::beside(to, ".partial"), to, |partial| {
        if !kept.backend.copy_pages(partial)? {
            Kept::establish(Sqlite::at(partial, true)?, tables, true)?.take(kept, false)?;
        }
        Kept::establish(Sqlite::at(partial, true)?, tables, true)?.examine()
    })
}

/// Puts the content of a backup into a store, which is made where there is none. A store that holds something is
/// refused, unless the backup is to be there `instead`. All of it in one transaction: a restore that fails leaves the
/// store as it was.
///
/// # Errors
/// The backup is damaged, or the store is not empty or cannot be written.
pub fn restore(backup: &Path, address: &str, tables: &'static [Table], instead: bool) -> Result<(), Failed> {
    let mut from = sqlite::open(backup, tables, false)?;
    from.examine()?;
    crate::open(address, tables)?.take(&mut from, instead)
}
