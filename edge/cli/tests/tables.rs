//! `kaoping compute` over tables of columns: whatever goes in and comes out, the decisions are those
//! of CSV, and what cannot be exact is refused.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, DictionaryArray, Float64Array,
    Int8Array, Int64Array, ListArray, RecordBatch, RecordBatchReader, StringArray, TimestampMillisecondArray,
    UInt32Array,
    cast::AsArray,
    types::{Date32Type, Decimal128Type, Int8Type, Int64Type},
};
use arrow_ipc::{
    CompressionType,
    reader::{FileReader, StreamReader},
    writer::{FileWriter, IpcWriteOptions, StreamWriter},
};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{Cursor, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};
use terminal::kaoping;

/// Figures and results of every kind.
const POLICY: &str = "\
决定 补助 aid   示例 \"为测试编写\"
  读入 月收入 income : 元 ≥ 0 元
  读入 人口 people : 人 1 人..20 人
  读入 类别 kind : 甲类=a | 乙类=b
  读入 低保 low : 是否
  读入 申请日 day : 日期
  读入 比例 share : 百分比 0%..100%
  读入 资产 assets : 万元 ≥ 0 万元
  设 人均 = 月收入 / 人口
  给出 补助额 benefit : 元
  给出 结果 status : 补助=pay | 不补=none
  给出 人均收入 per_head = 人均
  给出 够线 poor = 人均 ≤ 500 元/人
  给出 占比 part = 比例
  给出 报到日 on = 申请日
  给出 家产 wealth = 资产
  给出 归类 sort = 类别
  结论
     当 低保 → 补助 100 元
     当 人均 ≤ 500 元/人 且 资产 < 10 万元 且 申请日 ≥ 2024-01-01 且 类别 = 甲类
       → 补助 取到(500 元/人 × 人口 − 月收入 × 比例, 0.01 元, 四舍五入)
     否则 → 不补
  示例 \"为测试编写\"
";

/// On a line and beside it, missing, carried.
const ROWS: &str = "\
编号,月收入,人口,类别,低保,申请日,比例,资产,备注
1,1000.00,2,甲类,否,2024-01-01,50%,9.99,\"甲,乙\"
2,1000.01,2,b,是,2023-12-31,0%,0.00,
3,,2,甲类,否,2024-01-01,33.3%,1.00,\"引\"\"号\"
4,0.00,20,甲类,否,2025-02-28,100%,0.50,=1+1
5,999.99,1,乙类,,,1%,10.00,末
";

const DECIDED: &str = "\
编号,月收入,人口,类别,低保,申请日,比例,资产,备注,补助额,结果,人均收入,够线,占比,报到日,家产,归类
1,1000.00,2,甲类,否,2024-01-01,50%,9.99,\"甲,乙\",500.00,补助,500,是,50%,2024-01-01,9.99,甲类
2,1000.01,2,b,是,2023-12-31,0%,0.00,,100.00,补助,500.005,否,0%,2023-12-31,0.00,乙类
3,,2,甲类,否,2024-01-01,33.3%,1.00,\"引\"\"号\",,待补,,,33.3%,2024-01-01,1.00,甲类
4,0.00,20,甲类,否,2025-02-28,100%,0.50,=1+1,10000.00,补助,0,是,100%,2025-02-28,0.50,甲类
5,999.99,1,乙类,,,1%,10.00,末,,待补,999.99,否,1%,,10.00,乙类
";

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir(place.path().join("p")).expect("a folder");
    fs::write(place.path().join("p/scheme.kp"), POLICY).expect("written");
    fs::write(place.path().join("in.csv"), ROWS).expect("written");
    place
}

/// The rows of a table of columns as text, a line each; what is not there is empty.
fn shown(path: &Path) -> String {
    let file = File::open(path).expect("a table");
    let reader: Box<dyn RecordBatchReader> = if path.extension().is_some_and(|ending| ending == "parquet") {
        Box::new(ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build()).expect("Parquet"))
    } else {
        Box::new(FileReader::try_new(file, None).expect("Arrow"))
    };
    lines(reader)
}

fn lines(reader: Box<dyn RecordBatchReader>) -> String {
    let mut all = reader.schema().fields().iter().map(|head| head.name().as_str()).collect::<Vec<_>>().join(",") + "\n";
    for rows in reader {
        let rows = rows.expect("rows");
        for row in 0..rows.num_rows() {
            let cells: Vec<String> = rows.columns().iter().map(|column| cell(column, row)).collect();
            let _ = writeln!(all, "{}", cells.join(","));
        }
    }
    all
}

fn cell(column: &ArrayRef, row: usize) -> String {
    use arrow_schema::DataType;
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Date32 => column.as_primitive::<Date32Type>().value_as_date(row).expect("a day").to_string(),
        DataType::Decimal128(_, _) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        other => panic!("a column of type {other}"),
    }
}

#[test]
fn nine_ways_give_one_result() {
    let place = place();
    let folder = place.path();
    for format in ["parquet", "arrow"] {
        let columns = "编号,月收入,人口,类别,低保,申请日,比例,资产,备注";
        let line = format!("kaoping compute p --in in.csv --out in.{format} --select {columns}");
        assert_eq!(kaoping(&line, folder).code, 0, "{format}");
    }
    let mut tables = Vec::new();
    for from in ["csv", "parquet", "arrow"] {
        for to in ["csv", "parquet", "arrow"] {
            let run = kaoping(&format!("kaoping compute p --in in.{from} --out {from}.{to}"), folder);
            assert_eq!(run.code, 0, "{from} {to}: {}", run.said());
            let made = folder.join(format!("{from}.{to}"));
            if to == "csv" {
                let found = fs::read_to_string(made).expect("a result").replace(".990000", ".99");
                let found = found.replace(".000000", ".00").replace("0.500000", "0.50");
                // Truths are told in the words of nobody's language where the table has them as such.
                let found = found.replace(",true,", ",是,").replace(",false,", ",否,");
                assert_eq!(found, DECIDED, "{from}");
            } else {
                tables.push((from, to, shown(&made)));
            }
        }
    }
    for (from, to, table) in &tables {
        assert_eq!(table, &tables[0].2, "{from} {to}");
    }
    let first = "1,1000.00,2,甲类,false,2024-01-01,50%,9.990000,甲,乙,500.00,补助,500.000000000000,true,50%,2024-01-01,9.990000,甲类";
    let third = "3,,2,甲类,false,2024-01-01,33.3%,1.000000,引\"号,,待补,,,33.3%,2024-01-01,1.000000,甲类";
    let table: Vec<&str> = tables[0].2.lines().collect();
    assert_eq!((table[1], table[3]), (first, third));
}

/// Columns as other programs write them: codes as numbers, words in a dictionary, many digits,
/// nothing where nothing is known, and cells that cannot be taken.
fn foreign() -> RecordBatch {
    let kinds = StringArray::from(vec!["甲类", "b", "丙类"]);
    let kinds =
        DictionaryArray::new(Int8Array::from(vec![Some(0), Some(1), Some(2), None, Some(0), Some(0)]), Arc::new(kinds));
    let assets = Decimal256Array::from_iter_values([0, 1, 2, 3, 4, 5].map(arrow_buffer_i256));
    let income = Decimal128Array::from(vec![Some(100_000), None, Some(-1), Some(0), Some(5), Some(300)]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(UInt32Array::from(vec![1, 2, 3, 4, 5, 6]))),
        ("income", Arc::new(income.with_precision_and_scale(18, 2).expect("a decimal"))),
        ("people", Arc::new(Int8Array::from(vec![2, 2, 0, 1, 21, 3]))),
        ("kind", Arc::new(kinds)),
        ("low", Arc::new(BooleanArray::from(vec![Some(false), Some(true), None, Some(true), None, Some(false)]))),
        ("day", Arc::new(Date32Array::from(vec![Some(19_723), Some(0), None, None, None, Some(19_722)]))),
        ("share", Arc::new(Int64Array::from(vec![1, 0, 0, 1, 50, 1]))),
        ("assets", Arc::new(assets.with_precision_and_scale(40, 1).expect("a decimal"))),
        ("at", Arc::new(TimestampMillisecondArray::from(vec![Some(1), None, None, None, None, Some(0)]))),
        ("near", Arc::new(Float64Array::from(vec![Some(0.1), None, None, Some(1e300), None, None]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("rows")
}

fn arrow_buffer_i256(number: i128) -> <arrow_array::types::Decimal256Type as arrow_array::ArrowPrimitiveType>::Native {
    number.into()
}

fn write_parquet(rows: &RecordBatch, path: &Path) {
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), rows.schema(), None).expect("Parquet");
    writer.write(rows).expect("rows");
    writer.close().expect("an end");
}

fn stream(rows: &RecordBatch) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME)).expect("LZ4");
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new_with_options(&mut bytes, &rows.schema(), options).expect("a stream");
    (0..rows.num_rows()).for_each(|row| writer.write(&rows.slice(row, 1)).expect("a row"));
    writer.finish().expect("an end");
    drop(writer);
    bytes
}

const FOREIGN: &str = "\
id,income,people,kind,low,day,share,assets,at,near,benefit,status,per_head,poor,part,on,wealth,sort
1,1000.00,2,甲类,false,2024-01-01,1,0.0,1970-01-01T00:00:00.001,0.1,0.00,pay,500,是,100%,2024-01-01,0.00,a
2,,2,b,true,1970-01-01,0,0.1,,,100.00,pay,,,0%,1970-01-01,0.10,b
4,0.00,1,,true,,1,0.3,,1e300,100.00,pay,0,是,100%,,0.30,
6,3.00,3,甲类,false,2023-12-31,1,0.5,1970-01-01T00:00:00,,0.00,none,1,是,100%,2023-12-31,0.50,a
";

const REJECTED: [&str; 2] = ["3,income、people、kind,'-0.01、0、丙类", "5,people、share,21、50"];

#[test]
fn columns_of_other_programs_are_read_exactly() {
    let place = place();
    let folder = place.path();
    let rows = foreign();
    write_parquet(&rows, &folder.join("f.parquet"));
    fs::write(folder.join("f.arrows"), stream(&rows)).expect("written");
    let mut writer =
        FileWriter::try_new(File::create(folder.join("f.feather")).expect("a file"), &rows.schema()).expect("Arrow");
    writer.write(&rows).and_then(|()| writer.finish()).expect("an end");
    for from in ["f.parquet", "f.arrows", "f.feather"] {
        let run = kaoping(&format!("kaoping compute p --in {from} --out r.csv"), folder);
        assert_eq!(run.code, 1, "{from}: {}", run.said());
        assert_eq!(fs::read_to_string(folder.join("r.csv")).expect("results"), FOREIGN, "{from}");
        let rejects = fs::read_to_string(folder.join("r.rejects.csv")).expect("rejects");
        let told: Vec<&str> = rejects.lines().skip(1).collect();
        assert_eq!(told.len(), REJECTED.len(), "{rejects}");
        for (told, expected) in told.iter().zip(REJECTED) {
            assert!(told.starts_with(expected), "{from}: {told}");
        }
        assert!(told[1].contains(",5,0.05,21,甲类,,,50,0.4,,"), "the row itself: {}", told[1]);
    }
}

#[test]
fn what_cannot_be_exact_is_refused_before_anything_is_written() {
    let place = place();
    let folder = place.path();
    let rows = foreign();
    let with = |name: &str, array: ArrayRef| {
        let schema = rows.schema();
        let columns = schema.fields().iter().map(|head| head.name().clone()).zip(rows.columns().to_vec());
        let changed =
            columns.map(|(own, column)| if own == name { (own, array.clone(), true) } else { (own, column, true) });
        RecordBatch::try_from_iter_with_nullable(changed).expect("rows")
    };
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0; 6]));
    let moments: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![0; 6]));
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int8Type, _, _>((0..6).map(|_| Some([Some(1)]))));
    let cases = [
        ("income", &floats, "float-column"),
        ("share", &floats, "float-column"),
        ("day", &moments, "column-type"),
        ("kind", &lists, "column-type"),
        ("at", &lists, "column-without-text"),
    ];
    for (column, array, finding) in cases {
        write_parquet(&with(column, array.clone()), &folder.join("w.parquet"));
        let run = kaoping("kaoping compute p --in w.parquet --out w.csv", folder);
        assert_eq!(run.code, 2, "{column}: {}", run.said());
        assert!(run.said().contains(&format!("[{finding}]")) && run.said().contains(column), "{}", run.said());
        assert!(!folder.join("w.csv").exists() && !folder.join("w.rejects.csv").exists());
    }
    // Lists are no obstacle where they go on as such, or not at all.
    write_parquet(&with("at", lists.clone()), &folder.join("w.parquet"));
    for more in ["--out w.arrow", "--out w.csv --select id,status"] {
        let run = kaoping(&format!("kaoping compute p --in w.parquet {more}"), folder);
        assert_eq!(run.code, 1, "{more}: {}", run.said());
    }
}

#[test]
fn broken_tables_are_refused_whole() {
    let place = place();
    let folder = place.path();
    write_parquet(&foreign(), &folder.join("whole.parquet"));
    let whole = fs::read(folder.join("whole.parquet")).expect("a table");
    let piped = stream(&foreign());
    let cases: [(&str, &[u8]); 7] = [
        ("none.parquet", b""),
        ("text.parquet", ROWS.as_bytes()),
        ("cut.parquet", &whole[..whole.len() / 2]),
        ("none.arrow", b""),
        ("text.arrow", ROWS.as_bytes()),
        ("parquet.arrow", &whole),
        ("cut.arrow", &piped[..piped.len() * 2 / 3]),
    ];
    for (name, bytes) in cases {
        fs::write(folder.join(name), bytes).expect("written");
        let run = kaoping(&format!("kaoping compute p --in {name} --out r.parquet"), folder);
        assert_eq!(run.code, 2, "{name}: {}", run.said());
        assert!(run.stderr.contains("[table-broken]") && run.stderr.contains(name), "{name}: {}", run.said());
        let left: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("r.")), "{name}: {left:?}");
    }
}

/// Any engine that hands batches to a process gets as many rows back.
#[test]
fn batches_go_through_a_pipe() {
    let place = place();
    let piped = |arguments: &[&str], bytes: Vec<u8>| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(["compute", "p", "--in", "-", "--out", "-"])
            .args(arguments)
            .current_dir(place.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("a pipe");
        let writing = std::thread::spawn(move || stdin.write_all(&bytes));
        let output = child.wait_with_output().expect("an end");
        let _ = writing.join();
        output
    };
    let output =
        piped(&["--in-format", "arrow", "--out-format", "arrow", "--select", "id,status,benefit"], stream(&foreign()));
    assert_eq!(output.status.code(), Some(1), "two rows are rejected");
    let reader = StreamReader::try_new(Cursor::new(output.stdout), None).expect("a stream");
    let rows: usize = reader.map(|rows| rows.expect("rows").num_rows()).sum();
    assert_eq!(rows, 4);
    let output = piped(&["--out-format", "arrow"], ROWS.as_bytes().to_vec());
    let lines = lines(Box::new(StreamReader::try_new(Cursor::new(output.stdout), None).expect("a stream")));
    assert_eq!(lines.lines().count(), 6);
}

/// Its end is read first, so it is kept in a file without a name; it comes to what a file does.
#[test]
fn parquet_comes_through_a_pipe_too() {
    let place = place();
    let folder = place.path();
    write_parquet(&foreign(), &folder.join("f.parquet"));
    let whole = fs::read(folder.join("f.parquet")).expect("a table");
    let kept = folder.join("kept");
    fs::create_dir(&kept).expect("a folder");
    let ended = |bytes: &[u8], out: &str, kept: &Path| {
        fs::write(folder.join("sent"), bytes).expect("written");
        Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(["compute", "p", "--in", "-", "--in-format", "parquet", "--out", out])
            .current_dir(folder)
            .env("TMPDIR", kept)
            .stdin(File::open(folder.join("sent")).expect("a table"))
            .output()
            .expect("the program")
    };
    let output = ended(&whole, "r.csv", &kept);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "two rows are rejected: {said}");
    assert_eq!(fs::read_to_string(folder.join("r.csv")).expect("results"), FOREIGN);
    for broken in [&whole[..whole.len() / 2], b""] {
        let output = ended(broken, "w.csv", &kept);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("[table-broken]"), "{said}");
    }
    let output = ended(&whole, "w.csv", &folder.join("no-such-folder"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("[table-not-kept]") && said.contains("no-such-folder"), "{said}");
    assert!(!folder.join("w.csv").exists());
    assert_eq!(fs::read_dir(&kept).expect("a folder").count(), 0, "nothing stays");
}

/// Who sends a batch may wait for its answer before sending the next.
#[test]
fn each_batch_is_answered_at_once() {
    let place = place();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(["compute", "p", "--in", "-", "--out", "-", "--in-format", "arrow", "--out-format", "arrow"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let (stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let rows = foreign();
    let mut writer = StreamWriter::try_new(stdin, &rows.schema()).expect("a stream");
    let mut reader = StreamReader::try_new(stdout, None).expect("a stream");
    writer.write(&rows.slice(0, 1)).expect("rows");
    for at in 1..5 {
        let answer = reader.next();
        assert_eq!(answer.expect("an answer").expect("rows").num_rows(), 1, "{at}");
        writer.write(&rows.slice([1, 3, 5, 0][at - 1], 1)).expect("rows");
    }
    writer.finish().expect("an end");
    drop(writer);
    assert_eq!(reader.map(|rows| rows.expect("rows").num_rows()).sum::<usize>(), 1);
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn a_table_without_rows_has_its_columns() {
    let place = place();
    let folder = place.path();
    write_parquet(&foreign().slice(0, 0), &folder.join("e.parquet"));
    fs::write(folder.join("e.csv"), ROWS.lines().next().expect("a head")).expect("written");
    for from in ["e.parquet", "e.csv"] {
        for to in ["r.parquet", "r.arrow"] {
            let run = kaoping(&format!("kaoping compute p --in {from} --out {to}"), folder);
            assert_eq!(run.code, 0, "{}", run.said());
            assert_eq!(shown(&folder.join(to)).lines().count(), 1, "{from} {to}");
        }
    }
}

/// A third has no end: CSV shows the fraction, a column of decimals has no room for it.
#[test]
fn what_does_not_fit_is_rejected_and_never_rounded() {
    let place = place();
    let folder = place.path();
    let head = ROWS.lines().next().expect("a head");
    let rows = format!(
        "{head}\n1,1,3,甲类,否,2024-01-01,1%,1,\n2,1.001,1,甲类,否,2024-01-01,1%,1,\n3,1.01,8,甲类,否,2024-01-01,1%,1,x\n"
    );
    fs::write(folder.join("in.csv"), rows).expect("written");
    let run = kaoping("kaoping compute p --in in.csv --out r.csv", folder);
    assert_eq!(run.code, 0, "{}", run.said());
    assert!(fs::read_to_string(folder.join("r.csv")).expect("results").contains(",1/3,"));
    let run = kaoping("kaoping compute p --in in.csv --out r.parquet", folder);
    assert_eq!(run.code, 1, "{}", run.said());
    let table = shown(&folder.join("r.parquet"));
    assert!(
        table.lines().count() == 2 && table.contains("3,1.01,8,甲类,false,2024-01-01,1%,1.000000,x,3999.99,"),
        "{table}"
    );
    let rejects = fs::read_to_string(folder.join("r.rejects.csv")).expect("rejects");
    assert!(rejects.contains("\n2,人均收入,1/3,") && rejects.contains("\n3,月收入,1.001,"), "{rejects}");
    assert!(rejects.ends_with(",2,1.001,1,甲类,否,2024-01-01,1%,1,\n"), "with the row itself: {rejects}");
}

/// More rows than a block, a batch and a core take at once, some of them with nothing or with too
/// much in them.
#[test]
fn many_rows_are_decided_as_one_by_one() {
    let place = place();
    let folder = place.path();
    let mut rows = ROWS.lines().next().expect("a head").to_owned() + "\n";
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for row in 0..70_000 {
        let cents = next(1_000_000);
        let income = if next(50) == 0 { String::new() } else { format!("{}.{:02}", cents / 100, cents % 100) };
        let people = [1, 2, 4, 5, 8, 10, 16, 20, 21][usize::try_from(next(9)).expect("small")];
        let (kind, low) = (["甲类", "乙类"][usize::from(next(2) == 0)], ["是", "否"][usize::from(next(5) > 0)]);
        let _ = writeln!(
            rows,
            "{row},{income},{people},{kind},{low},2024-0{}-01,{}%,{}.00,甲",
            next(9) + 1,
            next(101),
            next(20)
        );
    }
    fs::write(folder.join("in.csv"), rows).expect("written");
    let select = "编号,结果,补助额,人均收入,够线";
    let whole = "编号,月收入,人口,类别,低保,申请日,比例,资产,备注";
    for (line, code) in [
        (format!("kaoping compute p --in in.csv --out a.csv --select {select}"), 1),
        (format!("kaoping compute p --in in.csv --out in.parquet --select {whole}"), 1),
        (format!("kaoping compute p --in in.parquet --out b.csv --select {select}"), 0),
        (format!("kaoping compute p --in in.parquet --out in.arrow --select {whole}"), 0),
        (format!("kaoping compute p --in in.arrow --out c.csv --select {select}"), 0),
    ] {
        let run = kaoping(&line, folder);
        assert_eq!(run.code, code, "{line}: {}", run.said());
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("results");
    let expected = read("a.csv");
    assert!(expected.lines().count() > 60_000 && expected.contains("待补") && expected.contains("不补"));
    assert!(read("b.csv") == expected && read("c.csv") == expected);
}

/// Two claims as another program wrote them, with checksums of its pages: a bit that tipped over on the
/// way is seen, wherever in the figures it stands.
#[test]
fn what_its_checksums_do_not_fit_is_no_table() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/bench-medical").display().to_string();
    let line = format!("kaoping compute {policy} --in t.parquet --out r.csv");
    let whole: &[u8] = include_bytes!("checksums.parquet");
    fs::write(folder.join("t.parquet"), whole).expect("written");
    let run = kaoping(&line, folder);
    assert_eq!(run.code, 0, "{}", run.said());
    // 12,345.67 yuan in cents, as it stands in the file.
    let figure = 1_234_567u32.to_be_bytes();
    let at = whole.windows(4).position(|bytes| bytes == figure).expect("the figure");
    let mut spoilt = whole.to_vec();
    spoilt[at + 2] ^= 4;
    fs::write(folder.join("t.parquet"), spoilt).expect("written");
    fs::remove_file(folder.join("r.csv")).expect("the results");
    let run = kaoping(&line, folder);
    assert_eq!(run.code, 2, "{}", run.said());
    assert!(run.stderr.contains("table-broken"), "{}", run.stderr);
    assert!(!folder.join("r.csv").exists(), "a result of figures that are not those of the table");
}
