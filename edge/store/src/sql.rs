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

/// A table, an index, a trigger or the like: what it is, its name, the table it is about, and how it was made, in the words
/// of the database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) made: String,
}

impl Object {
    /// One that was read, from its four fields.
    pub(crate) fn read(fields: Vec<Taken>) -> Option<Self> {
        let text = |taken| if let Taken::Text(text) = taken { text } else { String::new() };
        let [kind, name, table, made] = <[Taken; 4]>::try_from(fields).ok()?.map(text);
        Some(Self { kind, name, table, made })
    }
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
    /// What is there when they were made.
    pub(crate) objects: Vec<Object>,
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
        entry.index(dialect, "store_entry_id", "store_entry", true, &["id"]);
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
            made.index(dialect, &format!("{}_index_{number}", table.name), table.name, false, index);
        }
        made
    }

    /// With an index.
    fn index(&mut self, dialect: Dialect, name: &str, table: &str, unique: bool, columns: &[&str]) {
        let (unique, listed) = (if unique { "UNIQUE " } else { "" }, quoted(columns.iter().copied()));
        let create = format!("CREATE {unique}INDEX \"{name}\" ON \"{table}\" ({listed})");
        let _ = writeln!(self.create, "{create};");
        let made = match dialect {
            Dialect::Sqlite => create,
            Dialect::Postgres => format!("{unique}btree {}", columns.join(", ")),
        };
        self.objects.push(object("index", name, table, made));
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
    let create = created(dialect, name, fields, &order, clustered);
    let objects = match dialect {
        Dialect::Sqlite => Vec::from([object("table", name, name, create.clone())]),
        Dialect::Postgres => {
            let listed = fields.iter().map(catalogued).collect::<Vec<_>>().join(", ");
            let key = object("index", &format!("{name}_pkey"), name, format!("UNIQUE btree {}", keys.join(", ")));
            Vec::from([object("table", name, name, listed), key])
        }
    };
    let holds = |count: usize| fields.iter().take(count).map(|field| field.holds).collect();
    Relation {
        create: format!("{create};\n"),
        objects,
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
    let _ = write!(create, "PRIMARY KEY ({order})){ending}");
    create
}

/// A column as the catalogue of PostgreSQL tells it.
fn catalogued(field: &Field) -> String {
    let kind = match field.holds {
        Holds::Whole => "bigint",
        Holds::Text => "text C",
        Holds::Bytes => "bytea",
    };
    format!("{} {kind}{}", field.name, if field.may_be_empty { "" } else { " NOT NULL" })
}

fn object(kind: &str, name: &str, table: &str, made: String) -> Object {
    Object { kind: kind.into(), name: name.into(), table: table.into(), made }
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
