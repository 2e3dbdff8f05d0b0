//! Whether the tables are what follows from the record.

use crate::load::{Loaded, load};
use kaoping_ledger::{Row, Value};
use kaoping_office::tables::TABLES;
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
    let mut expected: BTreeMap<(usize, Vec<Value>), Vec<Value>> = BTreeMap::new();
    for Row { table, key, columns } in loaded.state.rows() {
        if let Some(columns) = columns {
            expected.insert((table, key), columns);
        }
    }
    let mut differing = Vec::new();
    for (table, about) in TABLES.iter().enumerate() {
        store.rows(table, &mut |key, columns| {
            let key = (table, key);
            if expected.remove(&key).as_ref() != Some(&columns) {
                differing.push(format!("{} {:?}", about.name, key.1));
            }
            true
        })?;
    }
    let missing = expected.keys().filter_map(|(table, key)| Some(format!("{} {key:?}", TABLES.get(*table)?.name)));
    differing.extend(missing);
    let mut findings = Report::new();
    let count = differing.len();
    if count > 0 {
        differing.truncate(TOLD);
        findings.push(
            Diagnostic::error(
                "tables-differ",
                Text::new(
                    format!("有 {count} 行与台账不符:{}", differing.join(";")),
                    format!("{count} rows are not what follows from the record: {}", differing.join("; ")),
                ),
            )
            .why(Text::new(
                "表只是台账的投影,有人直接改了表",
                "tables follow from the record; somebody changed them behind its back",
            ))
            .next(Text::new(
                "用 kaoping replay --rebuild 按台账重建表",
                "make them anew from the record with kaoping replay --rebuild",
            ))
            .standing_for(count),
        );
    }
    Ok((loaded, findings))
}
