//! Tables as SQL, for both databases: what differs between them stands here.

use crate::shape::{Kind, Shape as _, Table};
use std::fmt::Write;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Whole,
    Text,
    Bytes,
}

/// One field of a row on its way in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    Empty,
    Whole(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// One field of a row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Empty,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What happens to a row whose key is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Refuse,
    Replace,
    Keep,
}

struct Field {
    name: &'static str,
    holds: Holds,
    may_be_empty: bool,
}

/// A statement that is carried out for many rows, and what its fields hold.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) sql: String,
    pub(crate) holds: Vec<Holds>,
}

/// A table and the statements about it.
pub(crate) struct Relation {
    /// Makes the table and its indexes.
    pub(crate) create: String,
    /// Puts rows in.
    pub(crate) put: Change,
    /// Takes rows out, by key.
    pub(crate) remove: Change,
    /// Takes all rows out.
    pub(crate) clear: String,
    /// Every field, without an order or an end.
    pub(crate) select: String,
    /// The key, as it stands behind ORDER BY.
    pub(crate) order: String,
}

/// The tables every store has.
pub(crate) struct Own {
    pub(crate) entry: Relation,
    pub(crate) checkpoint: Relation,
    pub(crate) blob: Relation,
    pub(crate) private: Relation,
    pub(crate) setting: Relation,
}

const fn field(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, may_be_empty: false }
}

impl Own {
    pub(crate) fn new(dialect: Dialect) -> Self {
        use Holds::{Bytes, Text, Whole};
        let entry = [
            field("number", Whole),
            field("id", Text),
            field("received_ms", Whole),
            field("hash", Bytes),
            field("bytes", Bytes),
        ];
        let private = [field("kind", Text), field("key", Text), field("bytes", Bytes)];
        let relation = |name, fields: &[Field], key, again| relation(dialect, name, fields, key, again, false);
        let mut entry = relation("store_entry", &entry, 1, Again::Refuse);
        entry.create.push_str("CREATE UNIQUE INDEX \"store_entry_id\" ON \"store_entry\" (\"id\");\n");
        Self {
            entry,
            checkpoint: relation("store_checkpoint", &[field("size", Whole), field("note", Text)], 1, Again::Replace),
            blob: relation("store_blob", &[field("hash", Text), field("bytes", Bytes)], 1, Again::Keep),
            private: relation("store_private", &private, 2, Again::Replace),
            setting: relation("store_setting", &[field("name", Text), field("value", Text)], 1, Again::Replace),
        }
    }

    pub(crate) fn all(&self) -> [&Relation; 5] {
        [&self.entry, &self.checkpoint, &self.blob, &self.private, &self.setting]
    }
}

impl Relation {
    /// The statements about a table that was described.
    pub(crate) fn of(dialect: Dialect, table: &Table) -> Self {
        let fields: Vec<Field> = table
            .all()
            .map(|column| Field {
                name: column.name,
                holds: match column.kind {
                    Kind::Whole => Holds::Whole,
                    Kind::Text => Holds::Text,
                },
                may_be_empty: column.may_be_empty,
            })
            .collect();
        let mut made = relation(dialect, table.name, &fields, table.key.len(), Again::Replace, true);
        for (number, index) in (1..).zip(table.indexes) {
            let _ = writeln!(
                made.create,
                "CREATE INDEX \"{}_index_{number}\" ON \"{}\" ({});",
                table.name,
                table.name,
                quoted(index.iter().copied())
            );
        }
        made
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// `clustered`: SQLite keeps the rows in the order of the key, which is worth it for rows that are short.
fn relation(dialect: Dialect, name: &str, fields: &[Field], key: usize, again: Again, clustered: bool) -> Relation {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let (keys, others) = names.split_at(key.min(names.len()));
    let order = quoted(keys.iter().copied());
    let all = quoted(names.iter().copied());
    let put_sql = {
        let values = match dialect {
            Dialect::Sqlite => format!("VALUES ({})", numbered(fields.len(), |_| "")),
            Dialect::Postgres => format!("SELECT * FROM unnest({})", numbered(fields.len(), |at| array(fields, at))),
        };
        let set = others.iter().map(|name| format!("\"{name}\" = excluded.\"{name}\"")).collect::<Vec<_>>().join(", ");
        let again = match again {
            Again::Refuse => String::new(),
            Again::Replace if !others.is_empty() => format!(" ON CONFLICT ({order}) DO UPDATE SET {set}"),
            Again::Replace | Again::Keep => format!(" ON CONFLICT ({order}) DO NOTHING"),
        };
        format!("INSERT INTO \"{name}\" ({all}) {values}{again}")
    };
    let remove_sql = match dialect {
        Dialect::Sqlite => {
            let same = (1..).zip(keys).map(|(at, key)| format!("\"{key}\" = ${at}")).collect::<Vec<_>>().join(" AND ");
            format!("DELETE FROM \"{name}\" WHERE {same}")
        }
        Dialect::Postgres => {
            let same = keys.iter().map(|key| format!("\"{name}\".\"{key}\" = gone.\"{key}\"")).collect::<Vec<_>>();
            let arrays = numbered(key, |at| array(fields, at));
            format!("DELETE FROM \"{name}\" USING unnest({arrays}) AS gone({order}) WHERE {}", same.join(" AND "))
        }
    };
    let holds = |count: usize| fields.iter().take(count).map(|field| field.holds).collect();
    Relation {
        create: created(dialect, name, fields, &order, clustered),
        put: Change { sql: put_sql, holds: holds(fields.len()) },
        remove: Change { sql: remove_sql, holds: holds(key) },
        clear: format!("DELETE FROM \"{name}\""),
        select: format!("SELECT {all} FROM \"{name}\""),
        order,
    }
}

fn created(dialect: Dialect, name: &str, fields: &[Field], order: &str, clustered: bool) -> String {
    let mut create = format!("CREATE TABLE \"{name}\" (");
    for field in fields {
        let kind = match (dialect, field.holds) {
            (Dialect::Sqlite, Holds::Whole) => "INTEGER",
            (Dialect::Sqlite, Holds::Text) => "TEXT",
            (Dialect::Sqlite, Holds::Bytes) => "BLOB",
            (Dialect::Postgres, Holds::Whole) => "BIGINT",
            // The order of bytes, as in SQLite, and not that of some dictionary.
            (Dialect::Postgres, Holds::Text) => "TEXT COLLATE \"C\"",
            (Dialect::Postgres, Holds::Bytes) => "BYTEA",
        };
        let _ = write!(create, "\"{}\" {kind}{}, ", field.name, if field.may_be_empty { "" } else { " NOT NULL" });
    }
    let ending = match (dialect, clustered) {
        (Dialect::Sqlite, true) => " STRICT, WITHOUT ROWID",
        (Dialect::Sqlite, false) => " STRICT",
        (Dialect::Postgres, _) => "",
    };
    let _ = writeln!(create, "PRIMARY KEY ({order})){ending};");
    create
}

fn array(fields: &[Field], at: usize) -> &'static str {
    match fields.get(at).map(|field| field.holds) {
        Some(Holds::Whole) => "::bigint[]",
        Some(Holds::Text) => "::text[]",
        Some(Holds::Bytes) | None => "::bytea[]",
    }
}

/// `$1a, $2b, …`, each with what is said about it.
fn numbered(count: usize, about: impl Fn(usize) -> &'static str) -> String {
    (0..count).map(|at| format!("${}{}", at + 1, about(at))).collect::<Vec<_>>().join(", ")
}
