//! Tables that follow from the record, as they are described by whoever keeps them here.

use crate::failed::{Failed, refused};
pub use kaoping_ledger::rows::{Column, Kind, Row, Table, Value};
use kaoping_terms::Text;

/// The most bytes the texts of one key or one index take together. PostgreSQL allows some 2,700; what one store
/// takes the other has to take as well.
pub const MOST_KEY_BYTES: usize = 2_000;

/// A row or a table that not both stores could keep.
pub(crate) fn unfit(zh: String, en: String) -> Failed {
    refused("store-row-unfit", Text::new(zh, en), |finding| {
        finding
            .why(Text::new(
                "表的写法在程序里定死，两种库都要装得下",
                "what a table holds is fixed in the program, and both kinds of store have to hold it",
            ))
            .next(Text::new("这是程序的缺陷，请报告", "this is a defect of the program; please report it"))
    })
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= 40 && name.chars().all(plain)
}

/// What a store asks of a table.
pub(crate) trait Shape {
    /// Every column, those of the key first.
    fn all(&self) -> impl Iterator<Item = &Column>;
    /// What the store writes down to notice a table that changed.
    fn described(&self) -> String;
    /// Whether both stores could keep it.
    fn check(&self) -> Result<(), Failed>;
    /// Whether a row is one of it.
    fn fits(&self, row: &Row) -> bool;
    /// Whether what finds a row is short enough.
    fn is_short(&self, row: &Row) -> bool;
}

impl Shape for Table {
    fn all(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().chain(self.columns)
    }

    fn described(&self) -> String {
        let of = |columns: &[Column]| {
            let one = |column: &Column| {
                let kind = match column.kind {
                    Kind::Whole => "whole",
                    Kind::Text => "text",
                };
                format!("{}:{kind}{}", column.name, if column.may_be_empty { "?" } else { "" })
            };
            columns.iter().map(one).collect::<Vec<_>>().join(",")
        };
        let indexes: Vec<String> = self.indexes.iter().map(|index| index.join(",")).collect();
        format!("{} {} {} {}\n", self.name, of(self.key), of(self.columns), indexes.join(";"))
    }

    fn check(&self) -> Result<(), Failed> {
        let fault =
            |what: &str| Err(unfit(format!("表 {}：{what}", self.name), format!("table {}: {what}", self.name)));
        if !is_name(self.name) || self.name.starts_with("store_") {
            return fault("name");
        }
        let mut names: Vec<&str> = self.all().map(|column| column.name).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        if before != names.len() || !names.iter().all(|name| is_name(name)) {
            return fault("column");
        }
        if self.key.is_empty() || self.key.iter().any(|column| column.may_be_empty) {
            return fault("key");
        }
        match self.indexes.iter().all(|index| !index.is_empty() && index.iter().all(|name| names.contains(name))) {
            true => Ok(()),
            false => fault("index"),
        }
    }

    fn fits(&self, row: &Row) -> bool {
        let fit = |column: &Column, value: &Value| match value {
            Value::Empty => column.may_be_empty,
            Value::Whole(_) => column.kind == Kind::Whole,
            Value::Text(text) => column.kind == Kind::Text && !text.contains('\0'),
        };
        let all = |columns: &[Column], values: &[Value]| {
            columns.len() == values.len() && columns.iter().zip(values).all(|(column, value)| fit(column, value))
        };
        all(self.key, &row.key) && row.columns.as_ref().is_none_or(|values| all(self.columns, values))
    }

    fn is_short(&self, row: &Row) -> bool {
        let bytes = |value: &Value| match value {
            Value::Text(text) => text.len(),
            Value::Whole(_) | Value::Empty => 0,
        };
        let of = |name: &str| {
            let at = self.all().position(|column| column.name == name)?;
            row.key.iter().chain(row.columns.iter().flatten()).nth(at).map(bytes)
        };
        row.key.iter().map(bytes).sum::<usize>() <= MOST_KEY_BYTES
            && self
                .indexes
                .iter()
                .all(|index| index.iter().filter_map(|name| of(name)).sum::<usize>() <= MOST_KEY_BYTES)
    }
}

/// Refuses tables that not both stores could keep.
pub(crate) fn check_tables(tables: &[Table]) -> Result<(), Failed> {
    tables.iter().try_for_each(Table::check)?;
    let repeated = tables.iter().enumerate().find(|(at, table)| tables.iter().take(*at).any(|t| t.name == table.name));
    match repeated {
        Some((_, table)) => Err(unfit(format!("表 {} 有两个", table.name), format!("two tables {}", table.name))),
        None => Ok(()),
    }
}

/// Refuses a row that does not fit its table.
pub(crate) fn check_row(tables: &[Table], row: &Row) -> Result<(), Failed> {
    let Some(table) = tables.get(row.table) else {
        return Err(unfit(format!("没有第 {} 个表", row.table), format!("there is no table number {}", row.table)));
    };
    if !table.fits(row) {
        return Err(unfit(
            format!("这一行不合表 {}：{:?}", table.name, row.key),
            format!("the row does not fit table {}: {:?}", table.name, row.key),
        ));
    }
    check_key(table.name, if table.is_short(row) { 0 } else { usize::MAX })
}

/// Refuses texts that find something and are too long for an index.
pub(crate) fn check_key(what: &str, bytes: usize) -> Result<(), Failed> {
    match bytes <= MOST_KEY_BYTES {
        true => Ok(()),
        false => Err(unfit(
            format!("{what} 的键超过 {MOST_KEY_BYTES} 字节"),
            format!("a key of {what} has more than {MOST_KEY_BYTES} bytes"),
        )),
    }
}

/// Refuses a text that PostgreSQL cannot hold.
pub(crate) fn check_nul(what: &str, text: &str) -> Result<(), Failed> {
    match text.contains('\0') {
        false => Ok(()),
        true => Err(unfit(format!("{what} 里有字符 NUL"), format!("there is a NUL in {what}"))),
    }
}

/// Refuses a text that cannot be a key.
pub(crate) fn check_text(what: &str, text: &str) -> Result<(), Failed> {
    check_nul(what, text)?;
    check_key(what, text.len())
}

/// All tables as one text, a line each.
pub(crate) fn described(tables: &[Table]) -> String {
    tables.iter().map(Table::described).collect()
}

/// Names of the tables in such a text.
pub(crate) fn names_in(described: &str) -> Vec<&str> {
    let first = |line| str::split(line, ' ').next().unwrap_or_default();
    described.lines().map(first).filter(|name| is_name(name) && !name.starts_with("store_")).collect()
}

/// The last word on each row, by table and key. What a commit says of a row before its last word has no effect.
pub(crate) fn settled(rows: &[Row]) -> Vec<&Row> {
    let mut last: Vec<&Row> = rows.iter().rev().collect();
    last.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
    last.dedup_by(|a, b| (a.table, &a.key) == (b.table, &b.key));
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(table: usize, key: &str, number: Option<i64>) -> Row {
        Row { table, key: vec![Value::Text(key.into())], columns: number.map(|n| vec![Value::Whole(n)]) }
    }

    #[test]
    fn the_last_word_counts() {
        let rows = [
            row(1, "乙", Some(1)),
            row(0, "乙", Some(2)),
            row(1, "乙", None),
            row(0, "甲", None),
            row(0, "甲", Some(3)),
        ];
        let last: Vec<Row> = settled(&rows).into_iter().cloned().collect();
        assert_eq!(last, [row(0, "乙", Some(2)), row(0, "甲", Some(3)), row(1, "乙", None)]);
    }

    #[test]
    fn tables_that_not_both_stores_keep_are_refused() {
        const GOOD: Table = Table {
            name: "unit",
            key: &[Column::text("code")],
            columns: &[Column::whole("size").or_empty()],
            indexes: &[&["size"]],
        };
        const EMPTY: &[Column] = &[Column::text("code").or_empty()];
        const CODE: &[Column] = &[Column::text("code")];
        assert!(check_tables(&[GOOD]).is_ok());
        for bad in [
            Table { name: "store_entry", ..GOOD },
            Table { name: "Unit", ..GOOD },
            Table { name: "unit\"; --", ..GOOD },
            Table { key: &[], ..GOOD },
            Table { key: EMPTY, ..GOOD },
            Table { columns: CODE, ..GOOD },
            Table { indexes: &[&["length"]], ..GOOD },
            Table { indexes: &[&[]], ..GOOD },
        ] {
            assert!(check_tables(&[bad]).is_err(), "{bad:?}");
        }
        assert!(check_tables(&[GOOD, GOOD]).is_err());
        assert_eq!(names_in(&described(&[GOOD])), ["unit"]);
    }
}
