//! Claims that are made up, and what they come to in one process and in the engine.

use arrow_array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, RecordBatchReader, StringArray};
use arrow_schema::{DataType, Field, Schema};
use datafusion::arrow::util::display::array_value_to_string;
use kaoping_arrows::{ColumnSource, Sink, Table, To, decide_columns};
use kaoping_cli::{decision::fit_to_decide, say::Style};
use kaoping_decide::Decider;
use kaoping_program::Workers;
use kaoping_terms::Lang;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

/// For each person the cells of the row as text; none where it is rejected.
pub(crate) type Rows = BTreeMap<i64, Option<Vec<String>>>;

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn number(&mut self, bound: u64) -> i64 {
        i64::try_from(self.below(bound)).expect("a small number")
    }
}

/// Writes claims into a folder, so many files of so many rows. Of a hundred some lack a figure, and
/// some have one that is none.
pub(crate) fn claims(folder: &Path, files: usize, rows: usize) {
    fs::create_dir_all(folder).expect("a folder");
    let money = DataType::Decimal128(12, 2);
    let heads = [
        ("person", DataType::Int64),
        ("category", DataType::Utf8),
        ("inpatient", money.clone()),
        ("outpatient", money.clone()),
        ("insurer", money.clone()),
        ("employer", money.clone()),
        ("household", DataType::Int64),
        ("months", DataType::Int64),
        ("paid_ytd", money),
    ];
    let heads = heads.map(|(name, data_type)| Field::new(name, data_type, true));
    let schema = Arc::new(Schema::new(heads.to_vec()));
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for file in 0..files {
        let cents = |dice: &mut Dice, bound: u64| -> ArrayRef {
            let cents = (0..rows).map(|_| Some(i128::from(dice.below(bound))).filter(|cents| cents % 97 != 3));
            let cents: Decimal128Array = cents.collect();
            Arc::new(cents.with_precision_and_scale(12, 2).expect("a type"))
        };
        let first = i64::try_from(file * rows).expect("a small number");
        let whole = |numbers: Vec<i64>| -> ArrayRef { Arc::new(Int64Array::from(numbers)) };
        let categories = (0..rows).map(|_| Some((dice.below(80) / 11 + 1).to_string()));
        let columns: Vec<ArrayRef> = vec![
            whole((0..rows).map(|row| first + i64::try_from(row).expect("a small number")).collect()),
            Arc::new(categories.collect::<StringArray>()),
            cents(&mut dice, 4_000_000),
            cents(&mut dice, 1_000_000),
            cents(&mut dice, 2_000_000),
            cents(&mut dice, 300_000),
            whole((0..rows).map(|_| dice.number(7)).collect()),
            whole((0..rows).map(|_| 1 + dice.number(12)).collect()),
            cents(&mut dice, 600_000),
        ];
        let batch = RecordBatch::try_new(schema.clone(), columns).expect("columns of a length");
        let out = File::create(folder.join(format!("{file:04}.parquet"))).expect("a file");
        let mut sink = Sink::new(To::Parquet, out, schema.clone()).expect("a table");
        sink.write(&batch).expect("rows");
        sink.finish().expect("an end");
    }
}

fn tables(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.collect()
}

/// The rows of a table by person, without a column.
fn read(path: &Path, leave_out: Option<&str>, into: &mut Rows) {
    let file = File::open(path).expect("a table");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build()).expect("Parquet");
    let heads: Vec<String> =
        reader.schema().fields().iter().map(|head| format!("{} {}", head.name(), head.data_type())).collect();
    for batch in reader {
        let batch = batch.expect("rows");
        let why = leave_out.map(|name| batch.schema().index_of(name).expect("the column of reasons"));
        for row in 0..batch.num_rows() {
            let cell = |column: &ArrayRef| array_value_to_string(column.as_ref(), row).expect("a cell");
            let cells = batch.columns().iter().zip(&heads).enumerate();
            let cells =
                cells.filter(|(at, _)| Some(*at) != why).map(|(_, (column, head))| format!("{head}={}", cell(column)));
            let person = cell(batch.column(0)).parse().expect("a number");
            let rejected = why.is_some_and(|why| !batch.column(why).is_null(row));
            let before = into.insert(person, (!rejected).then(|| cells.collect()));
            assert!(before.is_none(), "person {person} twice");
        }
    }
}

/// What the engine made.
pub(crate) fn of_engine(out: &Path) -> Rows {
    let mut rows = Rows::new();
    read(out, Some("why"), &mut rows);
    rows
}

/// What `kaoping compute` makes of the same rows.
pub(crate) fn of_one_process(policy: &Path, folder: &Path) -> Rows {
    let style = Style { lang: Lang::En, json: false };
    let loaded = fit_to_decide(policy, None, &[], style).unwrap_or_else(|_| panic!("a policy"));
    let standard = &loaded.compiled.standard;
    let decider = Decider::new(standard, standard.decisions.first().expect("a decision"));
    let mut rows = Rows::new();
    for path in tables(folder) {
        let from = Table::parquet(File::open(&path).expect("a table"));
        let source = ColumnSource {
            decider: &decider,
            from,
            name: "claims",
            select: None,
            lang: Lang::En,
            workers: Workers::default(),
        };
        let place = tempfile::tempdir().expect("a folder");
        let out = place.path().join("out.parquet");
        let file = File::create(&out).expect("a file");
        let rejects = place.path().join("rejects.csv");
        let decided = decide_columns(source, (Some(To::Parquet), file), || File::create(&rejects), |_, _| ());
        let (totals, _) = decided.unwrap_or_else(|stopped| panic!("{stopped:?}"));
        read(&out, None, &mut rows);
        let before = rows.len();
        // Of a reject the person stands behind the line, the column, the value and the reason.
        let mut lines = csv::Reader::from_path(&rejects).expect("rejects");
        for line in lines.records() {
            let line = line.expect("a line");
            rows.insert(line.get(4).expect("a person").parse().expect("a number"), None);
        }
        assert_eq!((rows.len() - before) as u64, totals.rejected);
        assert!(totals.rejected > 0, "no claim was rejected");
    }
    rows
}
