//! Tables that follow from the record: what the fold says a row is, and a store keeps.
//!
//! Cells are whole numbers and texts only: every database keeps those exactly, and sorts them alike.

use alloc::{string::String, vec::Vec};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of 64 bits.
    Whole,
    /// A text without the character NUL, which PostgreSQL cannot hold.
    Text,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: small letters, digits and underscores.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing. Never in a key.
    pub may_be_empty: bool,
}

impl Column {
    /// A column of texts.
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text, may_be_empty: false }
    }

    /// A column of whole numbers.
    pub const fn whole(name: &'static str) -> Self {
        Self { name, kind: Kind::Whole, may_be_empty: false }
    }

    /// The same column, which may also hold nothing.
    #[must_use]
    pub const fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name: small letters, digits and underscores, not beginning with `store_`.
    pub name: &'static str,
    /// What tells its rows apart.
    pub key: &'static [Column],
    /// The other columns.
    pub columns: &'static [Column],
    /// Columns rows are looked for by, each list an index.
    pub indexes: &'static [&'static [&'static str]],
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// What a row is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The position of its table in the list of tables.
    pub table: usize,
    /// The cells of its key.
    pub key: Vec<Value>,
    /// The other cells; absent where the row is taken away.
    pub columns: Option<Vec<Value>>,
}
