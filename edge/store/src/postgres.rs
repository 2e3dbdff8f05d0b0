//! A store in PostgreSQL: one connection, one statement after another.
//!
//! Not to be used on a thread that runs asynchronous tasks: the connection waits, and brings a runtime of its own.

mod tls;

use crate::{
    backend::{Backend, Stands},
    failed::{self, Failed, refused},
    sql::{Cell, Change, Dialect, Holds, Object, Taken},
};
use kaoping_terms::Text;
use postgres::{
    Client, Config, Error, Row, Statement, config::Host, error::SqlState, fallible_iterator::FallibleIterator,
    types::ToSql,
};
use std::{collections::HashMap, error::Error as _, io, path::Path, time::Duration};

/// Rows that go to the server in one statement.
const ROWS_AT_ONCE: usize = 4_096;

/// The lock of the one writer: `KPst` in bytes, as on files of SQLite.
const WRITER_LOCK: i32 = 0x4B50_7374;

/// How long somebody else's lock is waited for.
const PATIENCE: &str = "2s";

/// Every table, index, trigger and the like of the schema: what it is, its name, the table it is about, how it was made.
const OBJECTS: &str = "
WITH mine AS (SELECT c.* FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema())
SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
    WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table'
    ELSE 'relation ' || c.relkind::text END,
  c.relname::text, c.relname::text,
  coalesce((SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || coalesce(' ' || (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation), '')
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || CASE WHEN a.atthasdef THEN ' DEFAULT' ELSE '' END,
      ', ' ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')
  || CASE WHEN c.relpersistence <> 'p' THEN ' UNLOGGED' ELSE '' END
  || CASE WHEN c.relrowsecurity THEN ' ROW SECURITY' ELSE '' END
  || CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) THEN ' INHERITED' ELSE '' END
FROM mine c WHERE c.relkind NOT IN ('i', 'I', 't')
UNION ALL
SELECT 'index', i.relname::text, c.relname::text,
  CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END || m.amname || ' '
  || (SELECT string_agg(replace(pg_get_indexdef(x.indexrelid, k, true), '\"', ''), ', ' ORDER BY k)
      FROM generate_series(1, x.indnatts) AS k)
  || CASE WHEN x.indpred IS NOT NULL THEN ' WHERE' ELSE '' END || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
FROM mine c JOIN pg_catalog.pg_index x ON x.indrelid = c.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = i.relam
UNION ALL
SELECT 'trigger', t.tgname::text, c.relname::text, '' FROM mine c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', r.rulename::text, c.relname::text, '' FROM mine c JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid
WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', p.polname::text, c.relname::text, '' FROM mine c JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
UNION ALL
SELECT 'constraint', k.conname::text, c.relname::text, '' FROM mine c
  JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid WHERE k.contype NOT IN ('p', 'n')";

pub(crate) struct Postgres {
    client: Client,
    place: String,
    statements: HashMap<String, Statement>,
}

impl Postgres {
    /// Connects, and makes sure that what is written there stays.
    pub(crate) fn open(address: &str, writes: bool) -> Result<Self, Failed> {
        let asked = tls::Asked::of(address)?;
        let mut config: Config = asked.address.parse().map_err(|fault: Error| {
            let why = fault.source().map_or_else(|| fault.to_string(), ToString::to_string);
            failed::unreachable("PostgreSQL", &failed::in_words(&why))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.tcp_user_timeout(Duration::from_secs(60)).keepalives_idle(Duration::from_secs(60));
        config.application_name("kaoping");
        let place = place(&config);
        let client = asked.connect(&mut config, &place)?;
        let mut made = Self { client, place, statements: HashMap::new() };
        made.check_server(writes)?;
        if writes {
            made.lock()?;
        }
        Ok(made)
    }

    fn text(&mut self, sql: &str) -> Result<String, Failed> {
        let mut text = String::new();
        self.read(sql, &[], &[Holds::Text], &mut |mut fields| {
            if let Some(Taken::Text(found)) = fields.pop() {
                text = found;
            }
            false
        })?;
        Ok(text)
    }

    /// Refuses a server that would lose what it says it keeps.
    fn check_server(&mut self, writes: bool) -> Result<(), Failed> {
        let wanted: &[(&str, &[&str])] = &[
            ("server_encoding", &["UTF8"]),
            ("fsync", &["on"]),
            ("full_page_writes", &["on"]),
            ("synchronous_commit", &["on", "remote_apply", "remote_write", "local"]),
        ];
        for (name, good) in wanted {
            let found = self.text(&format!("SELECT current_setting('{name}')"))?;
            if !good.contains(&found.as_str()) {
                return Err(self.unfit(&format!("{name} = {found}")));
            }
        }
        if self.text("SELECT coalesce(current_schema()::text, '')")?.is_empty() {
            return Err(self.unfit("search_path"));
        }
        // What was found holds for this connection, whatever is changed later; names mean this schema only.
        self.text("SELECT set_config('synchronous_commit', current_setting('synchronous_commit'), false)")?;
        self.text("SELECT set_config('search_path', quote_ident(current_schema()), false)")?;
        let readonly = if writes { "off" } else { "on" };
        self.run(&format!(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '{PATIENCE}'; \
             SET default_transaction_read_only = {readonly}"
        ))
    }

    fn unfit(&self, what: &str) -> Failed {
        let place = &self.place;
        let message = Text::new(
            format!("{place} 的设置保不住数据：{what}"),
            format!("{place} would not keep what is written: {what}"),
        );
        refused("store-server-unfit", message, |finding| {
            finding
                .why(Text::new(
                    "写入要在断电之后还在；文字要用 UTF-8；要有一个 schema",
                    "what is written has to survive a power failure; texts are UTF-8; there has to be a schema",
                ))
                .next(Text::new(
                    "请管理员打开 fsync、full_page_writes、synchronous_commit，数据库用 UTF8 编码",
                    "have fsync, full_page_writes and synchronous_commit switched on, and the database made in UTF8",
                ))
        })
    }

    /// The right to write, until the connection ends. It is waited for as long as a server may need to notice that the
    /// one before is gone.
    fn lock(&mut self) -> Result<(), Failed> {
        let got = self.text(&format!("SELECT pg_advisory_lock({WRITER_LOCK}, hashtext(current_schema()))::text"));
        match got {
            Ok(_) => Ok(()),
            Err(Failed::Conflict { .. }) => Err(failed::in_use(&self.place)),
            Err(failed) => Err(failed),
        }
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Failed> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|fault| said(&self.place, &fault))?;
        self.statements.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }
}

/// Host and database, for people.
fn place(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".into(),
    };
    format!("postgres://{host}/{}", config.get_dbname().unwrap_or_default())
}

/// A fault and what is behind it.
fn words(fault: &Error) -> String {
    match (fault.as_db_error(), fault.source()) {
        (Some(told), _) => {
            let detail = told.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
            format!("{} {}{detail}", told.code().code(), told.message())
        }
        (None, Some(behind)) => format!("{fault}: {behind}"),
        (None, None) => fault.to_string(),
    }
}

/// What a fault of PostgreSQL means.
fn said(place: &str, fault: &Error) -> Failed {
    let (place, cause) = (place.to_string(), words(fault));
    let Some(told) = fault.as_db_error() else {
        let broken = fault.is_closed() || fault.source().is_some_and(|behind| behind.is::<io::Error>());
        return if broken { Failed::Lost { place, cause } } else { Failed::Other { place, cause } };
    };
    let why = failed::in_words(&cause);
    let code = told.code();
    if *code == SqlState::DISK_FULL {
        Failed::DiskFull { place, cause }
    } else if *code == SqlState::IO_ERROR {
        Failed::Sync { place, cause }
    } else if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE]
        .contains(code)
    {
        Failed::Conflict { place, cause }
    } else if *code == SqlState::UNIQUE_VIOLATION && told.table() == Some("store_entry") {
        failed::entry_twice(&place, &cause)
    } else if [
        SqlState::DATA_CORRUPTED,
        SqlState::INDEX_CORRUPTED,
        SqlState::UNDEFINED_TABLE,
        SqlState::UNDEFINED_COLUMN,
    ]
    .contains(code)
    {
        failed::damaged(&place, &why)
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION || *code == SqlState::INSUFFICIENT_PRIVILEGE {
        failed::read_only(&place, &why)
    } else if code.code().starts_with("57P") || code.code().starts_with("08") {
        Failed::Lost { place, cause }
    } else {
        Failed::Other { place, cause }
    }
}

/// One field of all rows, as an array.
fn array<'a>(holds: Holds, cells: impl Iterator<Item = Cell<'a>>) -> Box<dyn ToSql + Sync + 'a> {
    match holds {
        Holds::Whole => {
            let whole = |cell| if let Cell::Whole(number) = cell { Some(number) } else { None };
            Box::new(cells.map(whole).collect::<Vec<Option<i64>>>())
        }
        Holds::Text => {
            let text = |cell| if let Cell::Text(text) = cell { Some(text) } else { None };
            Box::new(cells.map(text).collect::<Vec<Option<&str>>>())
        }
        Holds::Bytes => {
            let bytes = |cell| if let Cell::Bytes(bytes) = cell { Some(bytes) } else { None };
            Box::new(cells.map(bytes).collect::<Vec<Option<&[u8]>>>())
        }
    }
}

fn taken(row: &Row, at: usize, holds: Holds) -> Result<Taken, Error> {
    Ok(match holds {
        Holds::Whole => row.try_get::<_, Option<i64>>(at)?.map_or(Taken::Empty, Taken::Whole),
        Holds::Text => row.try_get::<_, Option<String>>(at)?.map_or(Taken::Empty, Taken::Text),
        Holds::Bytes => row.try_get::<_, Option<Vec<u8>>>(at)?.map_or(Taken::Empty, Taken::Bytes),
    })
}

impl Backend for Postgres {
    const DIALECT: Dialect = Dialect::Postgres;

    fn place(&self) -> &str {
        &self.place
    }

    fn stands(&mut self) -> Result<Stands, Failed> {
        let tables = self.text(
            "SELECT count(*)::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')",
        )?;
        let ours = self.text(
            "SELECT count(*)::text FROM pg_catalog.pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'store_setting'",
        )?;
        Ok(match (tables.as_str(), ours.as_str()) {
            (_, "1") => Stands::Store,
            ("0", _) => Stands::Nothing,
            _ => Stands::Foreign(Text::new(
                format!("一个 PostgreSQL 数据库，有 {tables} 张别的表"),
                format!("PostgreSQL, {tables} tables"),
            )),
        })
    }

    fn mark(&mut self) -> Result<(), Failed> {
        Ok(())
    }

    fn run(&mut self, sql: &str) -> Result<(), Failed> {
        self.client.batch_execute(sql).map_err(|fault| said(&self.place, &fault))
    }

    fn begin(&mut self) -> Result<(), Failed> {
        self.run("BEGIN")
    }

    fn begin_reading(&mut self) -> Result<(), Failed> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn end(&mut self) -> Result<(), Failed> {
        self.run("COMMIT")
    }

    fn abort(&mut self) {
        let _ = self.run("ROLLBACK");
    }

    fn tidy(&mut self) -> Result<(), Failed> {
        Ok(())
    }

    fn change<'a>(
        &mut self,
        change: &Change,
        rows: usize,
        cell: &dyn Fn(usize, usize) -> Cell<'a>,
    ) -> Result<(), Failed> {
        if rows == 0 {
            return Ok(());
        }
        let statement = self.statement(&change.sql)?;
        for first in (0..rows).step_by(ROWS_AT_ONCE) {
            let last = rows.min(first + ROWS_AT_ONCE);
            let arrays: Vec<Box<dyn ToSql + Sync + 'a>> = change
                .holds
                .iter()
                .enumerate()
                .map(|(field, holds)| array(*holds, (first..last).map(|row| cell(row, field))))
                .collect();
            let arrays: Vec<&(dyn ToSql + Sync)> = arrays.iter().map(|array| array.as_ref() as _).collect();
            self.client.execute(&statement, &arrays).map_err(|fault| said(&self.place, &fault))?;
        }
        Ok(())
    }

    fn read(
        &mut self,
        sql: &str,
        with: &[Cell<'_>],
        holds: &[Holds],
        each: &mut dyn FnMut(Vec<Taken>) -> bool,
    ) -> Result<(), Failed> {
        let statement = self.statement(sql)?;
        let with: Vec<Box<dyn ToSql + Sync + '_>> = with
            .iter()
            .map(|cell| -> Box<dyn ToSql + Sync + '_> {
                match *cell {
                    Cell::Empty => Box::new(None::<i64>),
                    Cell::Whole(number) => Box::new(number),
                    Cell::Text(text) => Box::new(text),
                    Cell::Bytes(bytes) => Box::new(bytes),
                }
            })
            .collect();
        let mut read = |client: &mut Client| {
            let mut rows =
                client.query_raw(&statement, with.iter().map(|value| value.as_ref() as &(dyn ToSql + Sync)))?;
            while let Some(row) = rows.next()? {
                let fields = holds.iter().enumerate().map(|(at, holds)| taken(&row, at, *holds));
                if !each(fields.collect::<Result<_, _>>()?) {
                    break;
                }
            }
            Ok(())
        };
        read(&mut self.client).map_err(|fault| said(&self.place, &fault))
    }

    fn objects(&mut self) -> Result<Vec<Object>, Failed> {
        let mut objects = Vec::new();
        self.read(OBJECTS, &[], &[Holds::Text; 4], &mut |fields| {
            objects.extend(Object::read(fields));
            true
        })?;
        Ok(objects)
    }

    fn settle(&mut self) -> Result<(), Failed> {
        Ok(())
    }

    fn examine(&mut self) -> Result<(), Failed> {
        Ok(())
    }

    fn copy_pages(&mut self, _: &Path) -> Result<bool, Failed> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::servers;

    #[test]
    fn a_connection_stays_durable_whatever_is_changed_later() {
        let server = servers::Server::start();
        let address = server.address("postgres");
        let mut kept = Postgres::open(&address, true).expect("a server");
        server.say("postgres", "ALTER SYSTEM SET synchronous_commit = off");
        server.say("postgres", "SELECT pg_reload_conf()");
        while server.say("postgres", "SHOW synchronous_commit") != "off" {
            std::thread::sleep(Duration::from_millis(20));
        }
        // This connection has read the change as well by then, or reads it before its next statement.
        kept.run("SELECT pg_sleep(0.2)").expect("a statement");
        assert_eq!(kept.text("SELECT current_setting('synchronous_commit')").expect("a setting"), "on");
        let refused = Postgres::open(&address, false).err().map(|failed| failed.name());
        assert_eq!(refused, Some("store-server-unfit"));
    }
}
