//! Claims in memory, on one thread: the figures `bench/peers/gen.py` makes and `limit.c` works out.
//!
//! ```text
//! cargo run --release -p kaoping-native --example in_memory -- FOLDER NAME ROWS REPEATS
//! ```
//!
//! FOLDER holds `NAME.inp.i64` and so on. Whole columns, as narrow as their figures allow; looking
//! through the figures is part of what is timed, room for results is not. If `NAME.truth.*` are there
//! (`limit b … dump`), every result is compared before anything is printed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a measurement that cannot be set up has to stop"
)]

#[path = "../../../core/scheme/tests/common/mod.rs"]
mod common;

use kaoping_decide::{Answer, Cells, Decider, Given, Rows, Scratch};
use kaoping_native::native;
use kaoping_program::{Numerators, Workers};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// The columns in the order of the policy: what they are called, and digits after the point.
const COLUMNS: [(&str, u8); 8] = [
    ("cat.u8", 0),
    ("inp.i64", 2),
    ("outp.i64", 2),
    ("ins.i64", 2),
    ("emp.i64", 2),
    ("hh.u8", 0),
    ("mo.u8", 0),
    ("paid.i64", 2),
];

struct Data {
    folder: PathBuf,
    name: String,
    rows: usize,
}

impl Data {
    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    fn numbers(&self, ending: &str) -> Vec<i64> {
        let bytes = fs::read(self.path(ending)).unwrap_or_else(|fault| panic!("{ending}: {fault}"));
        let numbers: Vec<i64> = match Path::new(ending).extension().is_some_and(|width| width == "u8") {
            true => bytes.iter().map(|byte| i64::from(*byte)).collect(),
            false => bytes.chunks_exact(8).map(|word| i64::from_le_bytes(word.try_into().expect("eight"))).collect(),
        };
        numbers[..self.rows].to_vec()
    }

    fn cells(&self, ending: &str, places: u8) -> Cells {
        let mut numbers = self.numbers(ending);
        if ending == "cat.u8" {
            // Words are kept by their position in the list of the policy.
            numbers.iter_mut().for_each(|word| *word -= 1);
        }
        let short: Result<Vec<i32>, _> = numbers.iter().map(|number| i32::try_from(*number)).collect();
        let narrow = short.map_or(Numerators::Long(numbers), Numerators::Short);
        Cells::known(narrow, places).expect("a few places")
    }

    /// Fails at the first result that is not that of the C program.
    fn compare(&self, answers: &[Answer]) {
        if !self.path("truth.ben.i64").exists() {
            return println!("no {}: nothing was compared", self.path("truth.ben.i64").display());
        }
        for (answer, ending) in answers.iter().zip(["truth.ben.i64", "truth.st.u8"]) {
            for (row, truth) in (0u32..).zip(self.numbers(ending)) {
                let Given::Short(number) = answer.get(row) else { panic!("row {row} has no number") };
                let scale = if ending == "truth.st.u8" { 1 } else { 100 };
                assert_eq!(number * scale, truth * answer.denominator(), "{ending} row {row}");
            }
        }
        println!("{} benefits and outcomes: 0 differences", self.rows);
    }
}

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let [folder, name, rows, repeats] = &given[..] else { panic!("FOLDER NAME ROWS REPEATS") };
    let data = Data { folder: folder.into(), name: name.clone(), rows: rows.parse().expect("a count") };
    let standard = common::load(&common::repository().join("policies/bench-medical")).1.standard;
    let columns = COLUMNS.iter().map(|(ending, places)| data.cells(ending, *places)).collect();
    let mut rows = Rows::of(columns).expect("as long as each other");
    for natively in [true, false] {
        let decider = Decider::new(&standard, &standard.decisions[0]).natively(native().filter(|_| natively));
        let mut scratch = Scratch::default();
        let mut once = |rows: &mut Rows| decider.decide(rows, &mut scratch, Workers::default()).expect("decided");
        let answers = once(&mut rows);
        data.compare(&answers);
        scratch.take_back(answers);
        let mut seconds: Vec<f64> = (0..repeats.parse().expect("a count"))
            .map(|_| {
                let begin = Instant::now();
                let answers = decider.decide(&mut rows, &mut scratch, Workers::default()).expect("decided");
                let taken = begin.elapsed().as_secs_f64();
                scratch.take_back(answers);
                taken
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        let (median, least) = (seconds[seconds.len() / 2], seconds[0]);
        let who = if natively { "kaoping" } else { "kaoping, core alone" };
        println!(r#"{{"peer":"{who}","work":"{name}","t":{median:.9},"min":{least:.9}}}"#);
    }
}
