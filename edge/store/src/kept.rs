//! What a store means, the same for every database.

use crate::{
    backend::{Backend, Stands},
    failed::{self, Failed, refused},
    shape::{self, Row, Table, Value},
    sql::{Cell, Holds, Own, Relation, Taken},
    store::{Commit, EntryRow, Private, Store},
};
use kaoping_terms::Text;

mod asked;

/// The form of what is written today.
const FORM: u32 = 1;

/// How often a commit is tried where somebody else is in the way.
const TRIES: usize = 5;

/// How many rows are gathered before they are written, and about how many bytes.
const GATHERED: usize = 1_000;
const GATHERED_BYTES: usize = 4 << 20;

/// Settings of the store itself; nobody else may change them.
const OWN_SETTINGS: &str = "store.";
const FORM_SETTING: &str = "store.form";
const SHAPE_SETTING: &str = "store.shape";
const ROWS_SETTING: &str = "store.rows";

/// A store on one database.
pub(crate) struct Kept<B> {
    pub(crate) backend: B,
    own: Own,
    relations: Vec<Relation>,
    pub(crate) tables: &'static [Table],
    writes: bool,
    /// How many entries there are, for the one who writes.
    size: u64,
    rows_stand: bool,
    /// After a failure that leaves open what is there.
    ended: Option<Failed>,
    reading: bool,
}

impl<B: Backend> Kept<B> {
    /// Makes or opens the store on a database.
    pub(crate) fn establish(backend: B, tables: &'static [Table], writes: bool) -> Result<Self, Failed> {
        let relations = tables.iter().map(|table| Relation::of(B::DIALECT, table)).collect();
        let own = Own::new(B::DIALECT);
        let mut kept =
            Self { backend, own, relations, tables, writes, size: 0, rows_stand: true, ended: None, reading: false };
        let place = kept.backend.place().to_string();
        match kept.backend.stands()? {
            Stands::Foreign(why) => Err(failed::foreign(&place, &why)),
            Stands::Nothing if writes => {
                kept.transaction(Self::found)?;
                Ok(kept)
            }
            Stands::Nothing => Err(failed::unreachable(&place, &Text::new("那里还没有库", "there is no store yet"))),
            Stands::Store => {
                kept.enter(&place)?;
                Ok(kept)
            }
        }
    }

    /// Makes the tables of a new store.
    fn found(&mut self) -> Result<(), Failed> {
        self.backend.mark()?;
        for relation in self.own.all().into_iter().chain(&self.relations) {
            self.backend.run(&relation.create)?;
        }
        self.set(FORM_SETTING, &FORM.to_string())?;
        self.set(SHAPE_SETTING, &shape::described(self.tables))?;
        self.set(ROWS_SETTING, "stand")
    }

    /// Looks whether what is there is what this program keeps.
    fn enter(&mut self, place: &str) -> Result<(), Failed> {
        let form = self.setting(FORM_SETTING)?;
        match form.as_deref().and_then(|form| form.parse::<u32>().ok()) {
            Some(FORM) => {}
            Some(form) if form > FORM => {
                let message = Text::new(
                    format!("库 {place} 由更新的程序写成（格式 {form}）"),
                    format!("the store {place} was written by a newer program (form {form})"),
                );
                return Err(refused("store-form-newer", message, |finding| {
                    finding
                        .why(Text::new(
                            format!("这个程序只认得格式 {FORM}"),
                            format!("this program knows form {FORM} only"),
                        ))
                        .next(Text::new("换用更新的程序", "use the newer program"))
                }));
            }
            _ => {
                let why = Text::new("读不出库的格式", "its form cannot be read");
                return Err(failed::damaged(place, &why));
            }
        }
        self.size = self.size()?;
        let before = self.setting(SHAPE_SETTING)?.unwrap_or_default();
        let now = shape::described(self.tables);
        self.rows_stand = before == now && self.setting(ROWS_SETTING)?.as_deref() == Some("stand");
        if before != now && self.writes {
            self.transaction(|kept| kept.reshape(&before, &now))?;
        }
        Ok(())
    }

    /// Makes the tables anew, empty; their rows follow from the record.
    fn reshape(&mut self, before: &str, now: &str) -> Result<(), Failed> {
        for name in shape::names_in(before).into_iter().chain(shape::names_in(now)) {
            self.backend.run(&format!("DROP TABLE IF EXISTS \"{name}\""))?;
        }
        for relation in &self.relations {
            self.backend.run(&relation.create)?;
        }
        self.set(SHAPE_SETTING, now)?;
        self.set(ROWS_SETTING, "due")
    }

    /// All of `work` or nothing, durable when it returns.
    fn transaction(&mut self, work: impl FnOnce(&mut Self) -> Result<(), Failed>) -> Result<(), Failed> {
        let done = self.backend.begin().and_then(|()| {
            let done = work(self).and_then(|()| self.backend.end());
            if done.is_err() {
                self.backend.abort();
            }
            done
        });
        self.noticed(done)
    }

    /// Remembers a failure after which nothing may be tried any more.
    fn noticed<T>(&mut self, done: Result<T, Failed>) -> Result<T, Failed> {
        if let Err(failed) = &done
            && failed.ends_the_store()
        {
            self.ended = Some(failed.clone());
        }
        done
    }

    /// After a commit, which is durable: what fails now is told to the next one.
    fn tidy(&mut self) {
        let tidied = self.backend.tidy();
        let _ = self.noticed(tidied);
    }

    fn may_write(&self) -> Result<(), Failed> {
        self.may_read()?;
        match self.writes && !self.reading {
            true => Ok(()),
            false => {
                let why = Text::new("它是为了读而打开的", "it was opened to read");
                Err(failed::read_only(self.backend.place(), &why))
            }
        }
    }

    /// What a commit says has to fit what is there, before anything is written.
    fn check(&self, commit: &Commit<'_>) -> Result<(), Failed> {
        for (number, entry) in (self.size..).zip(commit.entries) {
            if entry.number != number {
                let message = Text::new(
                    format!("记录的下一条是第 {number} 条，来的是第 {} 条", entry.number),
                    format!("the next entry of the record is number {number}, this one is {}", entry.number),
                );
                return Err(refused("store-entry-out-of-order", message, |finding| {
                    finding
                        .why(Text::new(
                            "记录按顺序写，不缺，也不重复",
                            "a record is written in order, without gaps and repetitions",
                        ))
                        .next(Text::new("整批都没有写入；重新打开库再写", "nothing was written; open the store anew"))
                }));
            }
            whole_number(number)?;
            shape::check_text("store_entry.id", &entry.id)?;
        }
        if !commit.rows.is_empty() && !self.rows_stand {
            return Err(self.rows_behind());
        }
        commit.rows.iter().try_for_each(|row| shape::check_row(self.tables, row))?;
        if let Some((size, note)) = commit.checkpoint {
            shape::check_nul("store_checkpoint.note", note)?;
            whole_number(size)?;
        }
        for private in commit.private {
            shape::check_text("store_private", &private.kind)?;
            shape::check_text("store_private", &private.key)?;
            shape::check_key("store_private", private.kind.len() + private.key.len())?;
        }
        Ok(())
    }

    fn rows_behind(&self) -> Failed {
        let place = self.backend.place();
        let message = Text::new(
            format!("库 {place} 的表还不是这个程序的样子"),
            format!("the tables of the store {place} are not yet those of this program"),
        );
        refused("store-rows-behind", message, |finding| {
            finding
                .why(Text::new("它们由记录重新算出", "they are made anew from the record"))
                .next(Text::new("以写的方式打开，先重建各表", "open it for writing and make the tables anew first"))
        })
    }

    fn add_entries(&mut self, entries: &[EntryRow]) -> Result<(), Failed> {
        self.backend.change(&self.own.entry.put, entries.len(), &|row, field| match (entries.get(row), field) {
            // Checked to be below the border.
            (Some(entry), 0) => Cell::Whole(i64::try_from(entry.number).unwrap_or(i64::MAX)),
            (Some(entry), 1) => Cell::Text(&entry.id),
            (Some(entry), 2) => Cell::Whole(entry.received_ms),
            (Some(entry), 3) => Cell::Bytes(&entry.hash),
            (Some(entry), 4) => Cell::Bytes(&entry.bytes),
            _ => Cell::Empty,
        })
    }

    /// Writes the last word on each row.
    fn put_rows(&mut self, rows: &[Row]) -> Result<(), Failed> {
        let settled = shape::settled(rows);
        for of_one in settled.chunk_by(|a, b| a.table == b.table) {
            let Some(relation) = of_one.first().and_then(|row| self.relations.get(row.table)) else {
                continue;
            };
            let (put, gone): (Vec<&Row>, Vec<&Row>) = of_one.iter().partition(|row| row.columns.is_some());
            for (change, rows) in [(&relation.remove, &gone), (&relation.put, &put)] {
                self.backend.change(change, rows.len(), &|row, field| {
                    let row = rows.get(row);
                    let others = row.and_then(|row| row.columns.as_ref());
                    let key = row.map_or(0, |row| row.key.len());
                    let value = match field.checked_sub(key) {
                        None => row.and_then(|row| row.key.get(field)),
                        Some(field) => others.and_then(|others| others.get(field)),
                    };
                    match value {
                        Some(Value::Whole(number)) => Cell::Whole(*number),
                        Some(Value::Text(text)) => Cell::Text(text),
                        Some(Value::Empty) | None => Cell::Empty,
                    }
                })?;
            }
        }
        Ok(())
    }

    /// Writes rows that nobody looked at before.
    fn put_fitting(&mut self, rows: &[Row]) -> Result<(), Failed> {
        rows.iter().try_for_each(|row| shape::check_row(self.tables, row))?;
        self.put_rows(rows)
    }

    fn put_checkpoint(&mut self, size: u64, note: &str) -> Result<(), Failed> {
        let size = whole_number(size)?;
        self.one(|own| &own.checkpoint, &[Cell::Whole(size), Cell::Text(note)])
    }

    fn put_private(&mut self, all: &[Private]) -> Result<(), Failed> {
        for private in all {
            let (kind, key) = (Cell::Text(&private.kind), Cell::Text(&private.key));
            match &private.bytes {
                Some(bytes) => self.one(|own| &own.private, &[kind, key, Cell::Bytes(bytes)])?,
                None => {
                    self.backend.change(&self.own.private.remove, 1, &|_, field| if field == 0 { kind } else { key })?
                }
            }
        }
        Ok(())
    }

    /// Puts one row into a table of the store's own.
    fn one(&mut self, relation: impl FnOnce(&Own) -> &Relation, cells: &[Cell<'_>]) -> Result<(), Failed> {
        let cell = |_, field: usize| cells.get(field).copied().unwrap_or(Cell::Empty);
        self.backend.change(&relation(&self.own).put, 1, &cell)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Failed> {
        self.one(|own| &own.setting, &[Cell::Text(name), Cell::Text(value)])
    }

    fn may_read(&self) -> Result<(), Failed> {
        self.ended.clone().map_or(Ok(()), Err)
    }

    /// Reads from a table, with what stands behind FROM.
    fn read(
        &mut self,
        relation: impl FnOnce(&Self) -> &Relation,
        rest: &str,
        with: &[Cell<'_>],
        each: &mut dyn FnMut(Vec<Taken>) -> bool,
    ) -> Result<(), Failed> {
        self.may_read()?;
        let relation = relation(self);
        let sql = format!("{}{rest} ORDER BY {}", relation.select, relation.order);
        let holds = relation.put.holds.clone();
        let read = self.backend.read(&sql, with, &holds, each);
        self.noticed(read)
    }

    fn unreadable(&self) -> Failed {
        let why = Text::new("一行的内容不是应有的样子", "a row does not hold what it has to hold");
        failed::damaged(self.backend.place(), &why)
    }

    /// The record begins with entry 0: rows below it are nobody's, and would not be read.
    fn none_below(&mut self) -> Result<(), Failed> {
        let mut found = false;
        let sql = "SELECT \"number\" FROM \"store_entry\" WHERE \"number\" < $1 LIMIT 1";
        let read = self.backend.read(sql, &[Cell::Whole(0)], &[Holds::Whole], &mut |_| {
            found = true;
            false
        });
        self.noticed(read)?;
        if !found {
            return Ok(());
        }
        let why = Text::new("有编号是负数的条", "there are entries with negative numbers");
        Err(failed::damaged(self.backend.place(), &why))
    }

    /// The lowest number there is of an entry, from that one on.
    fn first_from(&mut self, number: u64) -> Result<Option<u64>, Failed> {
        let mut found = None;
        let sql = "SELECT \"number\" FROM \"store_entry\" WHERE \"number\" >= $1 ORDER BY \"number\" LIMIT 1";
        let read = self.backend.read(sql, &[Cell::Whole(whole_number(number)?)], &[Holds::Whole], &mut |mut fields| {
            found = fields.pop();
            false
        });
        self.noticed(read)?;
        match found {
            None => Ok(None),
            Some(Taken::Whole(number)) => u64::try_from(number).map(Some).map_err(|_| self.unreadable()),
            Some(_) => Err(self.unreadable()),
        }
    }

    /// The two fields of a row that is looked for.
    fn found_bytes(
        &mut self,
        relation: impl FnOnce(&Self) -> &Relation,
        rest: &str,
        with: &[Cell<'_>],
    ) -> Result<Option<Vec<u8>>, Failed> {
        let mut found = None;
        self.read(relation, rest, with, &mut |mut fields| {
            found = fields.pop();
            false
        })?;
        match found {
            None => Ok(None),
            Some(Taken::Bytes(bytes)) => Ok(Some(bytes)),
            Some(_) => Err(self.unreadable()),
        }
    }

    /// Pairs of a table of the store's own.
    fn pairs<A, B2>(
        &mut self,
        relation: impl FnOnce(&Self) -> &Relation,
        taken: impl Fn(Taken, Taken) -> Option<(A, B2)>,
        each: &mut dyn FnMut(A, B2) -> bool,
    ) -> Result<(), Failed> {
        let mut wrong = false;
        self.read(relation, "", &[], &mut |fields| {
            let mut fields = fields.into_iter();
            let pair = fields.next().zip(fields.next()).and_then(|(a, b)| taken(a, b));
            wrong = pair.is_none();
            pair.is_some_and(|(a, b)| each(a, b))
        })?;
        if wrong { Err(self.unreadable()) } else { Ok(()) }
    }

    /// Whether there is nothing that could be lost.
    fn is_empty(&mut self) -> Result<bool, Failed> {
        let mut some = self.size()? > 0 || !self.settings()?.is_empty() || !self.checkpoints()?.is_empty();
        self.blobs(&mut |_, _| {
            some = true;
            false
        })?;
        self.privates(None, &mut |_| {
            some = true;
            false
        })?;
        Ok(!some)
    }

    /// Everything another store holds, inside a transaction.
    fn take_all(&mut self, from: &mut dyn Store) -> Result<(), Failed> {
        for relation in [&self.own.entry, &self.own.checkpoint, &self.own.blob, &self.own.private] {
            self.backend.run(&relation.clear)?;
        }
        for (name, _) in self.settings()? {
            self.backend.change(&self.own.setting.remove, 1, &|_, _| Cell::Text(&name))?;
        }
        for relation in &self.relations {
            self.backend.run(&relation.clear)?;
        }
        let mut done = Ok(());
        let (mut gathered, mut bytes) = (Vec::new(), 0);
        from.entries(0, &mut |entry| {
            bytes += entry.bytes.len();
            gathered.push(entry);
            if gathered.len() >= GATHERED || bytes >= GATHERED_BYTES {
                done = self.add_entries(&gathered);
                (gathered, bytes) = (Vec::new(), 0);
            }
            done.is_ok()
        })?;
        done?;
        self.add_entries(&gathered)?;
        for (size, note) in from.checkpoints()? {
            self.put_checkpoint(size, &note)?;
        }
        for (name, value) in from.settings()? {
            self.set(&name, &value)?;
        }
        let mut done = Ok(());
        from.blobs(&mut |hash, bytes| {
            done = self.one(|own| &own.blob, &[Cell::Text(&hash), Cell::Bytes(&bytes)]);
            done.is_ok()
        })?;
        done?;
        let mut done = Ok(());
        from.privates(None, &mut |private| {
            done = self.put_private(&[private]);
            done.is_ok()
        })?;
        done?;
        if !from.rows_stand() {
            return self.set(ROWS_SETTING, "due");
        }
        for table in 0..self.tables.len() {
            let mut done = Ok(());
            let mut gathered = Vec::new();
            from.rows(table, &mut |key, columns| {
                gathered.push(Row { table, key, columns: Some(columns) });
                if gathered.len() >= GATHERED {
                    done = self.put_fitting(&gathered);
                    gathered.clear();
                }
                done.is_ok()
            })?;
            done?;
            self.put_fitting(&gathered)?;
        }
        self.set(ROWS_SETTING, "stand")
    }
}

/// A number as both databases hold it.
fn whole_number(number: u64) -> Result<i64, Failed> {
    i64::try_from(number).map_err(|_| shape::unfit(format!("{number} 太大"), format!("{number} is too large")))
}
