//! A store in a file of SQLite.
//!
//! The write-ahead log is synced at every commit (`synchronous = FULL`). Checkpoints of that log are made here and not by
//! SQLite, because SQLite tells nobody when one of its own fails.

use crate::{
    backend::{Backend, Stands},
    failed::{self, Failed, refused},
    kept::Kept,
    shape::Table,
    sql::{Cell, Change, Dialect, Holds, Object, Taken},
};
use kaoping_terms::Text;
use rusqlite::{
    CachedStatement, Connection, DEFAULT_NAME, Error, ErrorCode, OpenFlags, ToSql,
    backup::{Backup, StepResult},
    types::{ToSqlOutput, Value, ValueRef},
    wal::CheckpointMode,
};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

#[cfg(all(test, target_os = "linux"))]
mod power_tests;

/// Marks a file of SQLite as a store of this program: `KPst` in bytes.
const APPLICATION: i32 = 0x4B50_7374;

/// Libraries before this one can lose what was written where two connections share a log (WAL reset).
const OLDEST_LIBRARY: i32 = 3_051_003;

/// How long another connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the writer before is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// Pages in the log after which it is brought into the file.
const MOST_LOGGED_PAGES: i32 = 4_000;

pub(crate) struct Sqlite {
    connection: Connection,
    place: String,
    /// Pages in the log after the last commit.
    logged: Arc<AtomicI32>,
    /// How many more there may be before they are brought into the file.
    most_logged: i32,
    /// Pages in the log when that was done last. While somebody reads, the log goes on behind them.
    brought: i32,
    /// Held as long as this store may write.
    _lock: Option<File>,
}

/// Opens the store in a file; makes it where it may write and there is none.
pub(crate) fn open(path: &Path, tables: &'static [Table], writes: bool) -> Result<Kept<Sqlite>, Failed> {
    let place = path.display().to_string();
    if path.is_dir() {
        return Err(failed::unreachable(&place, &Text::new("那里是一个文件夹", "a folder stands there")));
    }
    let lock = if writes { Some(lock(path, &place)?) } else { None };
    match fs::metadata(path) {
        Ok(_) => check_head(path, &place)?,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound && writes => {
            if fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
                let why =
                    Text::new("库的文件不见了，只剩它的日志", "the file of the store is gone, only its log is there");
                return Err(failed::damaged(&place, &why));
            }
            let founding = beside(path, ".founding");
            written_whole(&founding, path, |founding| {
                Kept::establish(Sqlite::at(founding, true)?, tables, true).map(drop)
            })?;
        }
        Err(fault) => return Err(Failed::file(&place, &fault)),
    }
    let mut backend = Sqlite::at(path, writes)?;
    backend._lock = lock;
    Kept::establish(backend, tables, writes)
}

/// Refuses a file that SQLite would take for an empty database, and begin anew in it: it does so with an empty file, and
/// with one that is shorter than the head of a database.
fn check_head(path: &Path, place: &str) -> Result<(), Failed> {
    const HEAD: &[u8] = b"SQLite format 3\0";
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut head));
    read.map_err(|fault| Failed::file(place, &fault))?;
    match head.len() == 512 {
        true if head.starts_with(HEAD) => Ok(()),
        false if head.is_empty() || head.starts_with(HEAD) => {
            let why = Text::new(
                "文件被截断了，或是空的；新库不建在已有的文件里",
                "the file is cut or empty; a new store needs a new file",
            );
            Err(failed::damaged(place, &why))
        }
        _ => Err(failed::foreign(place, &Text::new("它不是 SQLite 的文件", "it is no file of SQLite"))),
    }
}

/// The path with something behind it.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a file of SQLite under one name and gives it another when it is whole and on the disk.
pub(crate) fn written_whole(
    partial: &Path,
    whole: &Path,
    write: impl FnOnce(&Path) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let place = whole.display().to_string();
    let forget = || {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(beside(partial, ending));
        }
    };
    forget();
    let done = private_file(partial)
        .map_err(|fault| Failed::file(&place, &fault))
        .and_then(|_| write(partial))
        .and_then(|()| Sqlite::alone(partial))
        .and_then(|()| {
            let synced = File::open(partial).and_then(|file| file.sync_all());
            let named = synced.and_then(|()| fs::rename(partial, whole)).and_then(|()| sync_folder(whole));
            named.map_err(|fault| Failed::file(&place, &fault))
        });
    if done.is_err() {
        forget();
    }
    done
}

/// A new file, or one that is there, that nobody else may read.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a new name in a folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder).and_then(|folder| folder.sync_all()) } else { Ok(()) }
}

/// The right to write, until the file is closed. The file stays: whoever removed it could let two in. The lock is waited
/// for a little: a process that was just begun holds all locks until it runs its program.
fn lock(path: &Path, place: &str) -> Result<File, Failed> {
    let file = private_file(&beside(path, ".lock")).map_err(|fault| Failed::file(place, &fault))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => thread::sleep(LOCK_PATIENCE / 50),
            Err(TryLockError::WouldBlock) => return Err(failed::in_use(place)),
            Err(TryLockError::Error(fault)) => return Err(Failed::file(place, &fault)),
        }
    }
}

fn check_library(version: i32) -> Result<(), Failed> {
    if version >= OLDEST_LIBRARY {
        return Ok(());
    }
    let message = Text::new(format!("SQLite {version} 太旧"), format!("SQLite {version} is too old"));
    Err(refused("store-library-old", message, |finding| {
        finding
            .why(Text::new("3.51.3 以前的库会丢已经写入的内容", "libraries before 3.51.3 can lose what was written"))
            .next(Text::new("用自带 SQLite 的程序", "use a program with SQLite bundled"))
    }))
}

impl Sqlite {
    /// A store that ends with the process.
    pub(crate) fn in_memory() -> Result<Self, Failed> {
        let connection = Connection::open_in_memory().map_err(|fault| said("sqlite::memory:", fault))?;
        Self::over(connection, "sqlite::memory:".into(), true)
    }

    /// The store in a file that is there.
    pub(crate) fn at(path: &Path, writes: bool) -> Result<Self, Failed> {
        let place = path.display().to_string();
        let how = if writes { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
        let how = how | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = Connection::open_with_flags(path, how).map_err(|fault| said(&place, fault))?;
        Self::over(connection, place, writes)
    }

    fn over(connection: Connection, place: String, writes: bool) -> Result<Self, Failed> {
        check_library(rusqlite::version_number())?;
        let mut made = Self {
            connection,
            place,
            logged: Arc::new(AtomicI32::new(0)),
            most_logged: MOST_LOGGED_PAGES,
            brought: 0,
            _lock: None,
        };
        made.connection.busy_timeout(PATIENCE).map_err(|fault| said(&made.place, fault))?;
        // Before anything is changed: the file of another program stays as it is.
        if let Stands::Foreign(why) = made.stands()? {
            return Err(failed::foreign(&made.place, &why));
        }
        made.set_up(writes).map_err(|fault| said(&made.place, fault))?;
        Ok(made)
    }

    fn set_up(&mut self, writes: bool) -> rusqlite::Result<()> {
        let connection = &mut self.connection;
        connection.set_prepared_statement_cache_capacity(128);
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        // At most 32 MiB of pages are held.
        connection.pragma_update(None, "cache_size", -32_768)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        if writes {
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            // What is forgotten is overwritten.
            connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
            connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
            let logged = Arc::clone(&self.logged);
            connection.wal_hook(Some(move |_: &mut _, pages| {
                logged.store(pages, Ordering::Relaxed);
                Ok(())
            }))?;
        }
        Ok(())
    }

    /// Brings everything into the one file, so that it can be carried away.
    fn alone(path: &Path) -> Result<(), Failed> {
        let place = path.display().to_string();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let alone = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))
        };
        match alone() {
            Ok(mode) if mode == "delete" => Ok(()),
            Ok(mode) => Err(Failed::Other { place, cause: format!("journal_mode {mode}") }),
            Err(fault) => Err(said(&place, fault)),
        }
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, Failed> {
        self.connection.prepare_cached(sql).map_err(|fault| said(&self.place, fault))
    }

    fn step(&self, sql: &str) -> Result<(), Failed> {
        self.statement(sql)?.raw_execute().map(drop).map_err(|fault| said(&self.place, fault))
    }
}

/// What a fault of SQLite means.
fn said(place: &str, fault: Error) -> Failed {
    let (place, cause) = (place.to_string(), fault.to_string());
    let Error::SqliteFailure(code, _) = &fault else {
        return Failed::Other { place, cause };
    };
    let why = failed::in_words(&cause);
    match code.code {
        ErrorCode::DiskFull => Failed::DiskFull { place, cause },
        ErrorCode::SystemIoFailure => Failed::Sync { cause: format!("{cause} ({})", code.extended_code), place },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Failed::Conflict { place, cause },
        ErrorCode::ReadOnly => failed::read_only(&place, &why),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => failed::unreachable(&place, &why),
        ErrorCode::NotADatabase => failed::foreign(&place, &why),
        ErrorCode::DatabaseCorrupt => failed::damaged(&place, &why),
        ErrorCode::ConstraintViolation if cause.contains("store_entry.") => failed::entry_twice(&place, &cause),
        // A table of the store's own was taken out.
        ErrorCode::Unknown if cause.contains("no such table") || cause.contains("no such column") => {
            failed::damaged(&place, &why)
        }
        _ => Failed::Other { place, cause },
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Empty => ToSqlOutput::Owned(Value::Null),
            Self::Whole(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn taken(value: ValueRef<'_>) -> Option<Taken> {
    Some(match value {
        ValueRef::Null => Taken::Empty,
        ValueRef::Integer(number) => Taken::Whole(number),
        ValueRef::Real(_) => return None,
        ValueRef::Text(text) => Taken::Text(String::from_utf8(text.to_vec()).ok()?),
        ValueRef::Blob(bytes) => Taken::Bytes(bytes.to_vec()),
    })
}

impl Backend for Sqlite {
    const DIALECT: Dialect = Dialect::Sqlite;

    fn place(&self) -> &str {
        &self.place
    }

    fn stands(&mut self) -> Result<Stands, Failed> {
        let number = |sql: &str| {
            self.connection.query_row(sql, [], |row| row.get::<_, i32>(0)).map_err(|fault| said(&self.place, fault))
        };
        Ok(match (number("PRAGMA application_id")?, number("SELECT count(*) FROM sqlite_schema")?) {
            (APPLICATION, _) => Stands::Store,
            (0, 0) => Stands::Nothing,
            (other, tables) => Stands::Foreign(Text::new(
                format!("一个 SQLite 文件，application_id {other:#x}，{tables} 张表"),
                format!("SQLite, application_id {other:#x}, {tables} tables"),
            )),
        })
    }

    fn mark(&mut self) -> Result<(), Failed> {
        self.connection.pragma_update(None, "application_id", APPLICATION).map_err(|fault| said(&self.place, fault))
    }

    fn run(&mut self, sql: &str) -> Result<(), Failed> {
        self.connection.execute_batch(sql).map_err(|fault| said(&self.place, fault))
    }

    fn begin(&mut self) -> Result<(), Failed> {
        self.step("BEGIN IMMEDIATE")
    }

    fn begin_reading(&mut self) -> Result<(), Failed> {
        self.step("BEGIN")
    }

    fn end(&mut self) -> Result<(), Failed> {
        self.step("COMMIT")
    }

    fn abort(&mut self) {
        if !self.connection.is_autocommit() {
            let _ = self.step("ROLLBACK");
        }
    }

    fn tidy(&mut self) -> Result<(), Failed> {
        let logged = self.logged.load(Ordering::Relaxed);
        if logged < self.brought {
            // The log began anew.
            self.brought = 0;
        }
        if logged - self.brought < self.most_logged {
            return Ok(());
        }
        match self.connection.wal_checkpoint_v2(DEFAULT_NAME, CheckpointMode::PASSIVE) {
            Ok(_) => self.brought = logged,
            Err(fault) => match said(&self.place, fault) {
                // The log stays, and with it everything; it is tried again after the next commit.
                Failed::Conflict { .. } | Failed::DiskFull { .. } => {}
                failed => return Err(failed),
            },
        }
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
        let mut statement = self.statement(&change.sql)?;
        for row in 0..rows {
            let mut step = || {
                for field in 0..change.holds.len() {
                    statement.raw_bind_parameter(field + 1, cell(row, field))?;
                }
                statement.raw_execute()
            };
            step().map_err(|fault| said(&self.place, fault))?;
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
        let mut statement = self.statement(sql)?;
        let mut wrong = false;
        let mut read = || {
            for (at, cell) in (1..).zip(with) {
                statement.raw_bind_parameter(at, cell)?;
            }
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let mut fields = Vec::with_capacity(holds.len());
                for at in 0..holds.len() {
                    fields.extend(taken(row.get_ref(at)?));
                }
                wrong = fields.len() < holds.len();
                if wrong || !each(fields) {
                    break;
                }
            }
            Ok(())
        };
        read().map_err(|fault| said(&self.place, fault))?;
        match wrong {
            true => Err(failed::damaged(
                &self.place,
                &Text::new("有一格不是文字也不是整数", "a cell is no text and no whole number"),
            )),
            false => Ok(()),
        }
    }

    fn objects(&mut self) -> Result<Vec<Object>, Failed> {
        // What SQLite makes for a key by itself follows from the table.
        let sql = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema \
                   WHERE NOT (type = 'index' AND sql IS NULL AND name LIKE 'sqlite_autoindex_%')";
        let mut objects = Vec::new();
        self.read(sql, &[], &[Holds::Text; 4], &mut |fields| {
            objects.extend(Object::read(fields));
            true
        })?;
        Ok(objects)
    }

    fn settle(&mut self) -> Result<(), Failed> {
        let settled = self.connection.wal_checkpoint_v2(DEFAULT_NAME, CheckpointMode::TRUNCATE);
        settled.map(drop).map_err(|fault| said(&self.place, fault))
    }

    fn examine(&mut self) -> Result<(), Failed> {
        let examined: rusqlite::Result<String> =
            self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
        match examined {
            Ok(words) if words == "ok" => Ok(()),
            Ok(words) => Err(failed::damaged(&self.place, &failed::in_words(&words))),
            Err(fault) => Err(said(&self.place, fault)),
        }
    }

    fn copy_pages(&mut self, to: &Path) -> Result<bool, Failed> {
        let place = to.display().to_string();
        let copied = || {
            let mut copy = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            // Synced once, when it is whole.
            copy.pragma_update(None, "synchronous", "OFF")?;
            // All pages in one step are those of one moment; a writer goes on meanwhile.
            Backup::new(&self.connection, &mut copy)?.step(-1)
        };
        match copied() {
            Ok(StepResult::Done) => Ok(true),
            Ok(step) => Err(Failed::Conflict { place, cause: format!("{step:?}") }),
            Err(fault) => Err(said(&place, fault)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Commit, EntryRow, Store};

    #[test]
    fn a_full_disk_is_an_answer() {
        let mut kept = Kept::establish(Sqlite::in_memory().expect("a store"), &[], true).expect("a store");
        let allow = |kept: &mut Kept<Sqlite>, pages: i64| kept.backend.run(&format!("PRAGMA max_page_count = {pages}"));
        let bytes = vec![0; 100_000];
        let entry =
            |number| EntryRow { number, id: number.to_string(), received_ms: 0, hash: [0; 32], bytes: bytes.clone() };
        kept.commit(&Commit { entries: &[entry(0)], ..Commit::default() }).expect("a commit");
        allow(&mut kept, 40).expect("a small disk");
        let failed = kept.commit(&Commit { entries: &[entry(1)], ..Commit::default() }).expect_err("no room");
        assert!(matches!(failed, Failed::DiskFull { .. }), "{failed}");
        assert_eq!(kept.size().expect("size"), 1);
        allow(&mut kept, 4_000).expect("room");
        kept.commit(&Commit { entries: &[entry(1)], ..Commit::default() }).expect("it goes on");
        kept.examine().expect("all is whole");
    }

    #[test]
    fn an_old_library_is_refused() {
        assert!(check_library(rusqlite::version_number()).is_ok());
        assert!(check_library(3_051_003).is_ok());
        let refused = check_library(3_040_001).expect_err("the SQLite of Debian 12");
        assert_eq!(refused.name(), "store-library-old");
    }
}
