//! Where the record and what follows from it is kept: in a file of SQLite, or in PostgreSQL.
//!
//! A [`Store`] knows no deed and no policy. It keeps entries as bytes, rows of tables described by others, signed
//! checkpoints, contents by their hash, and what is kept beside the record. A [`Commit`] is one transaction, durable when
//! it returns. There is one writer. What the store means is written once (`kept`), over a handful of operations of each
//! database (`backend`), so that equal commits give equal bytes from both.

mod backend;
mod failed;
mod kept;
mod postgres;
mod shape;
mod sql;
mod sqlite;
mod store;
mod whole;

pub use failed::Failed;
pub use shape::{Column, Kind, MOST_KEY_BYTES, Row, Table, Value};
pub use store::{Commit, EntryRow, Private, Store, Stranger};
pub use whole::restore;

use crate::{kept::Kept, postgres::Postgres, sqlite::Sqlite};
use kaoping_terms::Text;
use std::path::Path;

/// Opens a store for writing, and founds it where there is none.
///
/// An address is `sqlite:` and the path of a file, `sqlite::memory:`, or `postgres://user@host/database` with all that
/// PostgreSQL's own addresses can say.
///
/// # Errors
/// It cannot be reached, is no store, has a form that is not known yet, is damaged, would not be durable, or another
/// program writes to it.
pub fn open(address: &str, tables: &'static [Table]) -> Result<Box<dyn Store>, Failed> {
    opened(address, tables, true)
}

/// Opens a store that is there for reading, also while another program writes to it.
///
/// # Errors
/// As for [`open`].
pub fn open_to_read(address: &str, tables: &'static [Table]) -> Result<Box<dyn Store>, Failed> {
    opened(address, tables, false)
}

fn opened(address: &str, tables: &'static [Table], writes: bool) -> Result<Box<dyn Store>, Failed> {
    shape::check_tables(tables)?;
    if address == "sqlite::memory:" && writes {
        return Ok(Box::new(Kept::establish(Sqlite::in_memory()?, tables, writes)?));
    }
    if let Some(path) = address.strip_prefix("sqlite:").filter(|path| !path.is_empty() && *path != ":memory:") {
        return Ok(Box::new(sqlite::open(Path::new(path), tables, writes)?));
    }
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(Box::new(Kept::establish(Postgres::open(address, writes)?, tables, writes)?));
    }
    // It is not repeated: there may be a password in it.
    let message = Text::new("看不懂库的地址", "this is no address of a store");
    Err(failed::refused("store-address-unknown", message, |finding| {
        finding.why(Text::new("库在一个文件里，或在 PostgreSQL 里", "a store is a file, or in PostgreSQL")).next(
            Text::new(
                "写 sqlite:路径，或 postgres://用户@主机/数据库",
                "write sqlite:PATH or postgres://USER@HOST/DATABASE",
            ),
        )
    }))
}

#[cfg(test)]
#[path = "../tests/servers/mod.rs"]
#[allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]
mod servers;
