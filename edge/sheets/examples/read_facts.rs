//! Reads a file of facts and counts it: `cargo run --release -p kaoping-sheets --example read_facts F.csv`.
//! It shows what reading alone costs, so that slow scoring is not blamed on the disk.

use kaoping_sheets::{Findings, Sheet, facts_text, fast_decimal};
use kaoping_terms::FileId;
use std::{path::Path, time::Instant};

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: read_facts F.csv");
        return;
    };
    let begun = Instant::now();
    let text = match facts_text(Path::new(&path)) {
        Ok(text) => text,
        Err(fault) => {
            eprintln!("{}", fault.diagnostic(&path).message.zh);
            return;
        }
    };
    println!("decoded {} bytes in {} ms", text.len(), begun.elapsed().as_millis());
    let begun = Instant::now();
    let mut findings = Findings::new();
    let (mut rows, mut cells, mut numbers) = (0usize, 0usize, 0usize);
    if let Some(sheet) = Sheet::open(FileId(0), &text, &mut findings) {
        sheet.rows(&mut findings, |row| {
            rows += 1;
            for column in 0..row.len() {
                let cell = row.get(column);
                cells += usize::from(!cell.is_empty());
                numbers += usize::from(fast_decimal(cell.as_bytes()).is_some());
            }
        });
    }
    let millis = begun.elapsed().as_millis();
    println!("{rows} rows, {cells} cells, {numbers} numbers in {millis} ms");
    println!("{} findings", findings.into_report().findings().len());
}
