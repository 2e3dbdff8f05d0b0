//! Whether the tables are what follows from the record.

use crate::{
    beside::around,
    load::{Loaded, load},
    signed::stands,
    signing::Signing,
};
use kaoping_ledger::{PublicKey, Row, SignedCheckpoint, Table, Value};
use kaoping_office::{Entry, State, tables::TABLES};
use kaoping_store::{Failed, Store};
use kaoping_terms::{Diagnostic, Report, Text};

/// How many rows that differ are told one by one.
const TOLD: usize = 20;

/// Replays the record of a store and compares what stands around it: rows that differ, are missing, or should not be
/// there, and what the program did not make. Where the record is not as it was signed, that alone is told: its tables are
/// then the least of it.
///
/// # Errors
/// The store cannot be read, or the record is damaged.
pub fn replay(store: &mut dyn Store) -> Result<(Loaded, Report), Failed> {
    let mut replayed = None;
    store.at_one_moment(&mut |store| {
        let loaded = load(store)?;
        let mut findings = as_signed(store, &loaded)?;
        if !findings.has_errors() {
            findings.append(around(store, &loaded.state)?);
        }
        replayed = Some((loaded, findings));
        Ok(())
    })?;
    replayed.ok_or_else(|| Failed::Other { place: String::new(), cause: "nothing was read".into() })
}

/// Whether the record goes on from every checkpoint of its own, and none of them is missing.
fn as_signed(store: &mut dyn Store, loaded: &Loaded) -> Result<Report, Failed> {
    let mut findings = Report::new();
    let Some(key) = PublicKey::parse(&loaded.state.key) else { return Ok(findings) };
    let own: Vec<_> = store.checkpoints()?.iter().filter_map(|(_, note)| SignedCheckpoint::parse(note)).collect();
    let given_up = loaded.state.restored;
    let against = own.iter().filter(|own| own.checkpoint.size > given_up).filter_map(|own| {
        let finding = stands(&loaded.tree, own).err().filter(|_| own.signed_by(&key))?;
        Some((own.checkpoint.size, finding))
    });
    if let Some((_, finding)) = against.max_by_key(|(size, _)| *size) {
        findings.push(*finding);
        return Ok(findings);
    }
    let mut signing = Signing::of(own, &key);
    store.entries(signing.from(), &mut |row| {
        if let Ok(entry) = Entry::from_bytes(&row.bytes) {
            signing.entry(&entry);
        }
        true
    })?;
    findings.extend(signing.missing(&loaded.tree, &key, &[]));
    Ok(findings)
}

/// Compares the tables of a store with what follows from its record.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn compare(store: &mut dyn Store, state: &State) -> Result<Report, Failed> {
    let mut follow: Vec<Vec<(Vec<Value>, Vec<Value>)>> = TABLES.iter().map(|_| Vec::new()).collect();
    for Row { table, key, columns } in state.rows() {
        if let (Some(rows), Some(columns)) = (follow.get_mut(table), columns) {
            rows.push((key, columns));
        }
    }
    let mut differing = Differing::default();
    for ((table, about), mut rows) in TABLES.iter().enumerate().zip(follow) {
        // In the order the store gives them.
        rows.sort_unstable();
        let mut rows = rows.into_iter().peekable();
        store.rows(table, &mut |key, columns| {
            while let Some((missing, _)) = rows.next_if(|(follows, _)| *follows < key) {
                differing.tell(about, &missing, "缺少", "is missing");
            }
            match rows.next_if(|(follows, _)| *follows == key) {
                Some((_, follows)) if follows == columns => (),
                Some(_) => differing.tell(about, &key, "内容不同", "is another"),
                None => differing.tell(about, &key, "多出", "should not be there"),
            }
            true
        })?;
        for (missing, _) in rows {
            differing.tell(about, &missing, "缺少", "is missing");
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
                    "表只是台账的投影：有人直接改了表，或者台账的末尾连同检查点被截去了",
                    "tables follow from the record: somebody changed them behind its back, or the end of the record was cut off together with its checkpoints",
                ))
                .next(Text::new(
                    "先用保存在别处的检查点（keys/record.signed 也是）核对：kaoping verify --checkpoint；台账完好，再用 kaoping replay --rebuild 按台账重建表",
                    "verify with a checkpoint kept elsewhere first (keys/record.signed is one): kaoping verify --checkpoint; where the record is whole, make the tables anew with kaoping replay --rebuild",
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
