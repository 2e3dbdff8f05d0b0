//! What a store is asked for.

use crate::{
    failed::Failed,
    shape::{Row, Value},
};
use kaoping_terms::Text;
use std::path::Path;

/// One entry of the record. What its bytes say is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its place in the record, from 0, without gaps.
    pub number: u64,
    /// The name its sender gave it; no two entries have the same.
    pub id: String,
    /// When it was received, in milliseconds since 1970.
    pub received_ms: i64,
    /// Its hash.
    pub hash: [u8; 32],
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Something kept beside the record: a draft, a session, what proves an account, the name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Private {
    /// What it is.
    pub kind: String,
    /// Which one.
    pub key: String,
    /// Its content; none where it is to be forgotten.
    pub bytes: Option<Vec<u8>>,
}

/// What is written together or not at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Commit<'a> {
    /// Entries, the first with the number the record has entries so far.
    pub entries: &'a [EntryRow],
    /// Rows that follow from them. Where one is named twice, the last counts.
    pub rows: &'a [Row],
    /// A signed checkpoint: how many entries it covers, and the note. One of the same size takes its place.
    pub checkpoint: Option<(u64, &'a str)>,
    /// What is kept beside the record. Where one is named twice, the last counts.
    pub private: &'a [Private],
}

/// Something in the database that this program did not make so, or that is missing in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// What it is.
    pub what: Text,
    /// Whether it could change or hinder what is written: a trigger, a table that is another.
    pub acts: bool,
}

/// The record and what is kept with it. Equal commits give equal answers, whichever database it is.
pub trait Store: Send {
    /// Writes all of it in one transaction, which is durable when this returns.
    ///
    /// # Errors
    /// Nothing of it is there; but see [`Failed::Sync`] and [`Failed::Lost`].
    fn commit(&mut self, commit: &Commit<'_>) -> Result<(), Failed>;

    /// How many entries there are.
    ///
    /// # Errors
    /// The database cannot be read.
    fn size(&mut self) -> Result<u64, Failed>;

    /// The entries in order, beginning with a number, until `each` has enough.
    ///
    /// # Errors
    /// The database cannot be read.
    fn entries(&mut self, from: u64, each: &mut dyn FnMut(EntryRow) -> bool) -> Result<(), Failed>;

    /// The keys and other columns of a table in the order of keys, until `each` has enough. Numbers stand in the order of
    /// numbers, texts in that of their bytes.
    ///
    /// # Errors
    /// The rows have to be made anew first, or the database cannot be read.
    fn rows(&mut self, table: usize, each: &mut dyn FnMut(Vec<Value>, Vec<Value>) -> bool) -> Result<(), Failed>;

    /// Whether the rows are those of the tables the store was opened with. If not, [`Store::replace_rows`] is due.
    fn rows_stand(&self) -> bool;

    /// Puts these rows in place of all there are, in one transaction.
    ///
    /// # Errors
    /// All rows are as they were.
    fn replace_rows(&mut self, rows: &mut dyn Iterator<Item = Row>) -> Result<(), Failed>;

    /// Every checkpoint with its size, by size.
    ///
    /// # Errors
    /// The database cannot be read.
    fn checkpoints(&mut self) -> Result<Vec<(u64, String)>, Failed>;

    /// Keeps a content under its hash, durable when this returns. Whether the hash is right is for others to know.
    ///
    /// # Errors
    /// Something else is kept under that hash, or it cannot be written.
    fn put_blob(&mut self, hash: &str, bytes: &[u8]) -> Result<(), Failed>;

    /// The content with that hash.
    ///
    /// # Errors
    /// The database cannot be read.
    fn blob(&mut self, hash: &str) -> Result<Option<Vec<u8>>, Failed>;

    /// Every content by its hash, until `each` has enough.
    ///
    /// # Errors
    /// The database cannot be read.
    fn blobs(&mut self, each: &mut dyn FnMut(String, Vec<u8>) -> bool) -> Result<(), Failed>;

    /// One thing kept beside the record.
    ///
    /// # Errors
    /// The database cannot be read.
    fn private(&mut self, kind: &str, key: &str) -> Result<Option<Vec<u8>>, Failed>;

    /// Everything kept beside the record, of one kind or of all, by kind and key, until `each` has enough.
    ///
    /// # Errors
    /// The database cannot be read.
    fn privates(&mut self, kind: Option<&str>, each: &mut dyn FnMut(Private) -> bool) -> Result<(), Failed>;

    /// A setting, such as the name of the record.
    ///
    /// # Errors
    /// The database cannot be read.
    fn setting(&mut self, name: &str) -> Result<Option<String>, Failed>;

    /// Every setting by its name.
    ///
    /// # Errors
    /// The database cannot be read.
    fn settings(&mut self) -> Result<Vec<(String, String)>, Failed>;

    /// Changes a setting.
    ///
    /// # Errors
    /// It is as it was.
    fn put_setting(&mut self, name: &str, value: &str) -> Result<(), Failed>;

    /// Lets `work` read what the store held at one moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of `work`, or the database cannot be read.
    fn at_one_moment(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<(), Failed>) -> Result<(), Failed>;

    /// Takes over everything another store with the same tables holds, in one transaction. This one has to be empty, or
    /// what it holds goes away `instead`.
    ///
    /// # Errors
    /// Everything is as it was.
    fn take(&mut self, from: &mut dyn Store, instead: bool) -> Result<(), Failed>;

    /// Looks whether all of it can be read and no entry is missing.
    ///
    /// # Errors
    /// What is wrong.
    fn examine(&mut self) -> Result<(), Failed>;

    /// What stands in the database besides what this program makes in it: tables, indexes, triggers and the like, and which
    /// of its own are missing or others.
    ///
    /// # Errors
    /// The database cannot be read.
    fn strangers(&mut self) -> Result<Vec<Stranger>, Failed>;

    /// Nothing more will be written: brings all of it into the one file, where it is one, so that it can be carried away
    /// alone.
    ///
    /// # Errors
    /// It cannot be written. Nothing is lost.
    fn settle(&mut self) -> Result<(), Failed>;

    /// Writes everything to a new file, a store of SQLite, which appears whole or not at all. Through a store opened to
    /// read this goes on while another writes.
    ///
    /// # Errors
    /// There is a file of that name, or it cannot be written; then there is none.
    fn backup(&mut self, to: &Path) -> Result<(), Failed>;
}
