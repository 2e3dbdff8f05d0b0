//! What a store is asked for, answered over any database.

use super::{GATHERED, Kept, OWN_SETTINGS, ROWS_SETTING, SHAPE_SETTING, TRIES};
use crate::{
    backend::Backend,
    failed::{self, Failed, refused},
    shape::{self, Row, Value},
    sql::{Cell, Holds, Object, Taken},
    store::{Commit, EntryRow, Private, Store, Stranger},
    whole,
};
use kaoping_terms::Text;
use std::path::Path;

fn text_and_bytes(text: Taken, bytes: Taken) -> Option<(String, Vec<u8>)> {
    match (text, bytes) {
        (Taken::Text(text), Taken::Bytes(bytes)) => Some((text, bytes)),
        _ => None,
    }
}

fn entry(fields: Vec<Taken>) -> Option<EntryRow> {
    match <[Taken; 5]>::try_from(fields).ok()? {
        [Taken::Whole(number), Taken::Text(id), Taken::Whole(received_ms), Taken::Bytes(hash), Taken::Bytes(bytes)] => {
            let (number, hash) = (u64::try_from(number).ok()?, hash.try_into().ok()?);
            Some(EntryRow { number, id, received_ms, hash, bytes })
        }
        _ => None,
    }
}

/// What is there and was not made so, and what was made and is not there.
fn strangers(made: &[&Object], found: &[Object], others: &[&str]) -> Vec<Stranger> {
    let mut strangers = Vec::new();
    let mut tell = |object: &Object, acts: bool, zh: &str, en: &str| {
        let Object { kind, name, table, .. } = object;
        let (kind_zh, kind_en) = (kind_in_chinese(kind), kind.as_str());
        let of = name != table;
        let (of_zh, of_en) =
            if of { (format!("（在表 {table} 上）"), format!(" (on table {table})")) } else { Default::default() };
        let what = Text::new(format!("{zh}{kind_zh} {name}{of_zh}"), format!("{en} {kind_en} {name}{of_en}"));
        strangers.push(Stranger { what, acts });
    };
    let same = |a: &Object, b: &Object| a.kind == b.kind && a.name == b.name;
    for object in found {
        let is_quiet = matches!(object.kind.as_str(), "table" | "index" | "view" | "materialized view" | "sequence");
        match made.iter().find(|made| same(made, object)) {
            Some(made) if *made == object => (),
            Some(_) => tell(object, true, "改过的", "changed"),
            None if is_quiet && others.contains(&object.table.as_str()) => (),
            None => tell(object, !is_quiet, "多出的", "added"),
        }
    }
    for object in made.iter().filter(|made| !found.iter().any(|found| same(made, found))) {
        tell(object, true, "缺少的", "missing");
    }
    strangers
}

/// What people call it.
fn kind_in_chinese(kind: &str) -> &str {
    match kind {
        "table" => "表",
        "index" => "索引",
        "view" | "materialized view" => "视图",
        "sequence" => "序列",
        "trigger" => "触发器",
        "rule" => "规则",
        "policy" => "行策略",
        "constraint" => "约束",
        other => other,
    }
}

impl<B: Backend> Store for Kept<B> {
    fn commit(&mut self, commit: &Commit<'_>) -> Result<(), Failed> {
        self.may_write()?;
        self.check(commit)?;
        let mut tries = 1;
        loop {
            let done = self.transaction(|kept| {
                kept.add_entries(commit.entries)?;
                kept.put_rows(commit.rows)?;
                if let Some((size, note)) = commit.checkpoint {
                    kept.put_checkpoint(size, note)?;
                }
                kept.put_private(commit.private)
            });
            match done {
                Err(Failed::Conflict { .. }) if tries < TRIES => tries += 1,
                Err(failed) => return Err(failed),
                Ok(()) => break,
            }
        }
        self.size += commit.entries.len() as u64;
        self.tidy();
        Ok(())
    }

    fn size(&mut self) -> Result<u64, Failed> {
        self.may_read()?;
        let mut last = None;
        let sql = "SELECT \"number\" FROM \"store_entry\" ORDER BY \"number\" DESC LIMIT 1";
        let read = self.backend.read(sql, &[], &[Holds::Whole], &mut |mut fields| {
            last = fields.pop();
            false
        });
        self.noticed(read)?;
        match last {
            None => Ok(0),
            Some(Taken::Whole(number)) => u64::try_from(number).map(|last| last + 1).map_err(|_| self.unreadable()),
            Some(_) => Err(self.unreadable()),
        }
    }

    fn entries(&mut self, from: u64, each: &mut dyn FnMut(EntryRow) -> bool) -> Result<(), Failed> {
        if from == 0 {
            self.none_below()?;
        }
        let mut next = from;
        loop {
            let (mut count, mut wrong, mut enough) = (0, false, false);
            let ends = (i64::try_from(next), i64::try_from(next.saturating_add(GATHERED as u64)));
            let (Ok(start), Ok(end)) = ends else { return Ok(()) };
            let rest = " WHERE \"number\" >= $1 AND \"number\" < $2";
            let ends = [Cell::Whole(start), Cell::Whole(end)];
            let mut found = None;
            self.read(|kept| &kept.own.entry, rest, &ends, &mut |fields| {
                let Some(entry) = entry(fields) else {
                    wrong = true;
                    return false;
                };
                if entry.number != next {
                    found = Some(entry.number);
                    return false;
                }
                (count, next) = (count + 1, next + 1);
                enough = !each(entry);
                !enough
            })?;
            if wrong {
                return Err(self.unreadable());
            }
            if enough {
                return Ok(());
            }
            if count < GATHERED {
                // The end, unless a whole piece of the record is gone, or more was written meanwhile.
                match found.map_or_else(|| self.first_from(next), |found| Ok(Some(found)))? {
                    None => return Ok(()),
                    Some(found) if found == next => (),
                    Some(found) => return Err(failed::entry_missing(self.backend.place(), next, found)),
                }
            }
        }
    }

    fn rows(&mut self, table: usize, each: &mut dyn FnMut(Vec<Value>, Vec<Value>) -> bool) -> Result<(), Failed> {
        let Some(described) = self.tables.get(table).filter(|_| self.rows_stand) else {
            return Err(self.rows_behind());
        };
        let mut wrong = false;
        let value = |taken| match taken {
            Taken::Empty => Some(Value::Empty),
            Taken::Whole(number) => Some(Value::Whole(number)),
            Taken::Text(text) => Some(Value::Text(text)),
            Taken::Bytes(_) => None,
        };
        self.read(|kept| kept.relations.get(table).unwrap_or(&kept.own.setting), "", &[], &mut |fields| {
            let Some(mut key) = fields.into_iter().map(value).collect::<Option<Vec<_>>>() else {
                wrong = true;
                return false;
            };
            let columns = key.split_off(described.key.len().min(key.len()));
            each(key, columns)
        })?;
        if wrong { Err(self.unreadable()) } else { Ok(()) }
    }

    fn rows_stand(&self) -> bool {
        self.rows_stand
    }

    fn replace_rows(&mut self, rows: &mut dyn Iterator<Item = Row>) -> Result<(), Failed> {
        self.may_write()?;
        self.transaction(|kept| {
            for relation in &kept.relations {
                kept.backend.run(&relation.clear)?;
            }
            loop {
                let gathered: Vec<Row> = rows.take(GATHERED).collect();
                kept.put_fitting(&gathered)?;
                if gathered.len() < GATHERED {
                    return kept.set(ROWS_SETTING, "stand");
                }
            }
        })?;
        self.rows_stand = true;
        self.tidy();
        Ok(())
    }

    fn checkpoints(&mut self) -> Result<Vec<(u64, String)>, Failed> {
        let mut all = Vec::new();
        let taken = |size, note| match (size, note) {
            (Taken::Whole(size), Taken::Text(note)) => Some((u64::try_from(size).ok()?, note)),
            _ => None,
        };
        self.pairs(|kept| &kept.own.checkpoint, taken, &mut |size, note| {
            all.push((size, note));
            true
        })?;
        Ok(all)
    }

    fn put_blob(&mut self, hash: &str, bytes: &[u8]) -> Result<(), Failed> {
        self.may_write()?;
        shape::check_text("store_blob", hash)?;
        match self.blob(hash)? {
            Some(there) if there == bytes => return Ok(()),
            Some(_) => {
                let message =
                    Text::new(format!("{hash} 已存有另一个内容"), format!("another content is kept as {hash} already"));
                return Err(refused("store-blob-differs", message, |finding| {
                    finding.why(Text::new("同一个哈希只能是同一个内容", "one hash stands for one content")).next(
                        Text::new("检查哈希是怎样算的，或检查库", "see how the hash was made, or examine the store"),
                    )
                }));
            }
            None => {}
        }
        self.transaction(|kept| kept.one(|own| &own.blob, &[Cell::Text(hash), Cell::Bytes(bytes)]))?;
        self.tidy();
        Ok(())
    }

    fn blob(&mut self, hash: &str) -> Result<Option<Vec<u8>>, Failed> {
        self.found_bytes(|kept| &kept.own.blob, " WHERE \"hash\" = $1", &[Cell::Text(hash)])
    }

    fn blobs(&mut self, each: &mut dyn FnMut(String, Vec<u8>) -> bool) -> Result<(), Failed> {
        self.pairs(|kept| &kept.own.blob, text_and_bytes, each)
    }

    fn private(&mut self, kind: &str, key: &str) -> Result<Option<Vec<u8>>, Failed> {
        let rest = " WHERE \"kind\" = $1 AND \"key\" = $2";
        self.found_bytes(|kept| &kept.own.private, rest, &[Cell::Text(kind), Cell::Text(key)])
    }

    fn privates(&mut self, kind: Option<&str>, each: &mut dyn FnMut(Private) -> bool) -> Result<(), Failed> {
        let (rest, with) = match kind {
            Some(kind) => (" WHERE \"kind\" = $1", vec![Cell::Text(kind)]),
            None => ("", vec![]),
        };
        let mut wrong = false;
        self.read(|kept| &kept.own.private, rest, &with, &mut |fields| match <[Taken; 3]>::try_from(fields) {
            Ok([Taken::Text(kind), Taken::Text(key), Taken::Bytes(bytes)]) => {
                each(Private { kind, key, bytes: Some(bytes) })
            }
            _ => {
                wrong = true;
                false
            }
        })?;
        if wrong { Err(self.unreadable()) } else { Ok(()) }
    }

    fn setting(&mut self, name: &str) -> Result<Option<String>, Failed> {
        let mut found = None;
        self.read(|kept| &kept.own.setting, " WHERE \"name\" = $1", &[Cell::Text(name)], &mut |mut fields| {
            found = fields.pop();
            false
        })?;
        match found {
            None => Ok(None),
            Some(Taken::Text(value)) => Ok(Some(value)),
            Some(_) => Err(self.unreadable()),
        }
    }

    fn settings(&mut self) -> Result<Vec<(String, String)>, Failed> {
        let mut all = Vec::new();
        let taken = |name, value| match (name, value) {
            (Taken::Text(name), Taken::Text(value)) => Some((name, value)),
            _ => None,
        };
        self.pairs(|kept| &kept.own.setting, taken, &mut |name: String, value| {
            if !name.starts_with(OWN_SETTINGS) {
                all.push((name, value));
            }
            true
        })?;
        Ok(all)
    }

    fn put_setting(&mut self, name: &str, value: &str) -> Result<(), Failed> {
        self.may_write()?;
        shape::check_text("store_setting", name)?;
        shape::check_nul("store_setting", value)?;
        if name.starts_with(OWN_SETTINGS) {
            return Err(shape::unfit(format!("设置 {name} 归库自己"), format!("setting {name} is the store's own")));
        }
        self.transaction(|kept| kept.set(name, value))
    }

    fn at_one_moment(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<(), Failed>) -> Result<(), Failed> {
        if self.reading {
            return work(self);
        }
        self.may_read()?;
        let begun = self.backend.begin_reading();
        self.noticed(begun)?;
        self.reading = true;
        let done = work(self);
        self.reading = false;
        self.backend.abort();
        done
    }

    fn take(&mut self, from: &mut dyn Store, instead: bool) -> Result<(), Failed> {
        self.may_write()?;
        if !instead && !self.is_empty()? {
            return Err(whole::not_empty(self.backend.place()));
        }
        let mut stand = true;
        from.at_one_moment(&mut |from| {
            stand = from.rows_stand();
            self.transaction(|kept| kept.take_all(from))
        })?;
        self.rows_stand = stand;
        self.size = self.size()?;
        self.tidy();
        Ok(())
    }

    fn strangers(&mut self) -> Result<Vec<Stranger>, Failed> {
        self.may_read()?;
        let found = self.backend.objects();
        let found = self.noticed(found)?;
        let before = self.setting(SHAPE_SETTING)?.unwrap_or_default();
        let relations = if before == shape::described(self.tables) { self.relations.as_slice() } else { &[] };
        let own = self.own.all().into_iter().chain(relations);
        let made: Vec<&Object> = own.flat_map(|relation| &relation.objects).collect();
        // Tables another version of the program made are made anew when it writes.
        let others = if relations.is_empty() { shape::names_in(&before) } else { Vec::new() };
        Ok(strangers(&made, &found, &others))
    }

    fn settle(&mut self) -> Result<(), Failed> {
        self.may_write()?;
        self.backend.settle()
    }

    fn examine(&mut self) -> Result<(), Failed> {
        let examined = self.backend.examine();
        self.noticed(examined)?;
        let (size, mut count) = (self.size()?, 0);
        self.entries(0, &mut |_| {
            count += 1;
            true
        })?;
        match count == size {
            true => Ok(()),
            false => {
                let why = Text::new(
                    format!("有 {size} 条，只读到 {count} 条"),
                    format!("of {size} entries {count} can be read"),
                );
                Err(failed::damaged(self.backend.place(), &why))
            }
        }
    }

    fn backup(&mut self, to: &Path) -> Result<(), Failed> {
        whole::backup(self, to)
    }
}
