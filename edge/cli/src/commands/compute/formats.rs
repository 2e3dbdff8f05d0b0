//! Tables of every format: how one is opened, which way its rows go.

use super::spool::spooled;
use crate::{
    arguments::{ComputeArguments, TableFormat},
    say::Style,
};
use kaoping_arrows::{ColumnSource, Table, To, csv_to_columns, decide_columns, find_column_row};
use kaoping_batch::{FoundRow, Pieces, Reject, Source, Stopped, Totals, decide_csv, find_row};
use kaoping_decide::Decider;
use kaoping_intake::cores;
use kaoping_sheets::FileFault;
use kaoping_terms::Diagnostic;
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

/// A table as it is read, and how many bytes it has where that is known.
pub(super) struct Opened {
    rows: Rows,
    pub(super) size: Option<u64>,
}

enum Rows {
    Csv(Box<dyn Read + Send>),
    Columns(Result<Table, kaoping_arrows::Unreadable>),
}

/// The format that is asked for, else that of the name's ending, else CSV.
fn format_of(path: &Path, asked: Option<TableFormat>) -> TableFormat {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    asked.unwrap_or(match ending.as_deref() {
        Some("parquet") => TableFormat::Parquet,
        Some("arrow" | "arrows" | "ipc" | "feather") => TableFormat::Arrow,
        _ => TableFormat::Csv,
    })
}

/// Opens the table that is asked for.
pub(super) fn opened(asked: &ComputeArguments) -> Result<Opened, Box<Diagnostic>> {
    let path = asked.from.as_path();
    let format = format_of(path, asked.in_format);
    if path == Path::new("-") {
        let rows = match format {
            TableFormat::Csv => Rows::Csv(Box::new(io::stdin())),
            TableFormat::Arrow => Rows::Columns(Table::arrow(Box::new(io::stdin().lock()), None)),
            // Its table of contents stands at its end, which a pipe brings last.
            TableFormat::Parquet => Rows::Columns(Table::parquet(spooled(io::stdin().lock())?)),
        };
        return Ok(Opened { rows, size: None });
    }
    let (file, size) = file(path).map_err(|fault| Box::new(fault.diagnostic(&path.display().to_string())))?;
    let rows = match format {
        TableFormat::Csv => Rows::Csv(Box::new(file)),
        TableFormat::Arrow => Rows::Columns(Table::arrow(Box::new(file), size)),
        TableFormat::Parquet => Rows::Columns(Table::parquet(file)),
    };
    Ok(Opened { rows, size })
}

fn file(path: &Path) -> Result<(File, Option<u64>), FileFault> {
    let about = std::fs::metadata(path)?;
    if about.is_dir() {
        return Err(FileFault::NotAFile);
    }
    Ok((File::open(path)?, about.is_file().then_some(about.len())))
}

impl Opened {
    /// Every row decided, in whatever format it comes and goes.
    pub(super) fn decided<X: Write>(
        self,
        (asked, decider, style): (&ComputeArguments, &Decider<'_>, Style),
        (to, out): (&Path, impl Write + Send),
        rejects: impl FnMut() -> io::Result<X>,
        seen: impl FnMut(u64, u64),
    ) -> Result<(Totals, Vec<Reject>), Stopped> {
        let to = match format_of(to, asked.out_format) {
            TableFormat::Csv => None,
            TableFormat::Parquet => Some(To::Parquet),
            TableFormat::Arrow if to == Path::new("-") => Some(To::ArrowStream),
            TableFormat::Arrow => Some(To::ArrowFile),
        };
        let (select, lang, workers) = (asked.select.as_deref(), style.lang, cores::all());
        match self.rows {
            Rows::Columns(from) => {
                let name = asked.from.display().to_string();
                let source = ColumnSource { decider, from, name: &name, select, lang, workers };
                decide_columns(source, (to, out), rejects, seen)
            }
            Rows::Csv(from) => {
                let source = Source { decider, from: Pieces::new(from), select, lang, workers };
                match to {
                    Some(to) => csv_to_columns(source, (to, out), rejects, seen),
                    None => decide_csv(source, out, rejects, seen),
                }
            }
        }
    }

    /// The row of that number.
    pub(super) fn row(self, asked: &ComputeArguments, decider: &Decider<'_>, number: u64) -> Result<FoundRow, Stopped> {
        match self.rows {
            Rows::Csv(from) => find_row(decider, Pieces::new(from), number),
            Rows::Columns(from) => find_column_row(decider, from, &asked.from.display().to_string(), number),
        }
    }
}
