//! Whether the tables are what follows from the record.

use crate::load::{Loaded, load};
use kaoping_ledger::{Row, Table, Value};
use kaoping_office::{State, tables::TABLES};
use kaoping_store::{Failed, Store};
use kaoping_terms::{Diagnostic, Report, Text};
use std::collections::BTreeMap;

/// How many rows that differ are told one by one.
const TOLD: usize = 20;

/// Replays the record of a store and compares its tables: rows that differ, are missing, or should not
/// be there.
///
/// # Errors
/// The store cannot be read, or the record is damaged.
pub fn replay(store: &mut dyn Store) -> Result<(Loaded, Report), Failed> {
    let loaded = load(store)?;
    let findings = compare(store, &loaded.state)?;
    Ok((loaded, findings))
}

/// Compares the tables of a store with what follows from its record.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn compare(store: &mut dyn Store, state: &State) -> Result<Report, Failed> {
    let mut expected: BTreeMap<(usize, Vec<Value>), Vec<Value>> = BTreeMap::new();
    for Row { table, key, columns } in state.rows() {
        if let Some(columns) = columns {
            expected.insert((table, key), columns);
        }
    }
    let mut differing = Differing::default();
    for (table, about) in TABLES.iter().enumerate() {
        store.rows(table, &mut |key, columns| {
            let key = (table, key);
            match expected.remove(&key) {
                Some(follows) if follows == columns => (),
                Some(_) => differing.tell(about, &key.1, "内容不同", "is another"),
                None => differing.tell(about, &key.1, "多出", "should not be there"),
            }
            true
        })?;
    }
    for (table, key) in expected.keys() {
        if let Some(about) = TABLES.get(*table) {
            differing.tell(about, key, "缺少", "is missing");
        }
    }
    Ok(differing.report())
}

/// Rows that are not what follows from the record.
#[derive(Default)]
struct Differing {
    count: usize,
    told: Vec<Text>,
}

impl Differing {
    fn tell(&mut self, table: &Table, key: &[Value], zh: &str, en: &str) {
        self.count += 1;
        if self.told.len() < TOLD {
            let key = key.iter().map(shown).collect::<Vec<_>>().join(", ");
            let (table, key) = (table.name, key);
            self.told.push(Text::new(format!("{table}（{key}）{zh}"), format!("{table} ({key}) {en}")));
        }
    }

    fn report(self) -> Report {
        let Self { count, told } = self;
        let mut findings = Report::new();
        if count > 0 {
            let all = |of: fn(&Text) -> &str| told.iter().map(of).collect::<Vec<_>>();
            let (zh, en) = (all(|text| &text.zh).join("；"), all(|text| &text.en).join("; "));
            let (rest_zh, rest_en) = if count > told.len() { ("……", "; …") } else { ("", "") };
            findings.push(
                Diagnostic::error(
                    "tables-differ",
                    Text::new(
                        format!("有 {count} 行与台账不符：{zh}{rest_zh}"),
                        format!("{count} rows are not what follows from the record: {en}{rest_en}"),
                    ),
                )
                .why(Text::new(
                    "表只是台账的投影，有人直接改了表",
                    "tables follow from the record; somebody changed them behind its back",
                ))
                .next(Text::new(
                    "用 kaoping replay --rebuild 按台账重建表",
                    "make them anew from the record with kaoping replay --rebuild",
                ))
                .standing_for(count),
            );
        }
        findings
    }
}

/// A value as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::Empty => "—".into(),
        Value::Whole(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}
