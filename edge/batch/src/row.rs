//! One row of a table, to be explained.

use crate::{Binding, Pieces, Stopped};
use kaoping_cells::{Refusal, findings};
use kaoping_decide::{Decider, Field, Reading, Rows};
use kaoping_sheets::{Findings, Row, RowForm, Sheet};
use kaoping_terms::{Diagnostic, FileId, Place, Report, Text};
use std::io::Read;

/// A row of a table that was read.
#[derive(Debug)]
pub struct FoundRow {
    /// Its line, counted from 1 with the header, in a table that has lines.
    pub line: Option<usize>,
    /// Its cells under their heads, those first that are no figures of the decision.
    pub cells: Vec<(String, String)>,
    /// Its figures.
    pub rows: Rows,
}

/// Looks for a row by its number, the first below the header being 1.
///
/// # Errors
/// The table cannot be read, does not fit, has no such row, or a cell of the row cannot be read.
pub fn find_row<R: Read>(decider: &Decider<'_>, mut from: Pieces<R>, number: u64) -> Result<FoundRow, Stopped> {
    let mut passed = 0u64;
    let Some(first) = from.next_piece().map_err(Stopped::Unreadable)? else {
        return Err(unfit(no_such_row(number, 0)));
    };
    let mut wrong = Findings::new();
    let opened = Sheet::open(FileId::default(), &first.text, &mut wrong).filter(|_| !wrong.has_errors());
    let Some(sheet) = opened else {
        return Err(Stopped::Unfit { report: wrong.into_report(), text: first.text });
    };
    // Only what is read is looked for: results may be called like columns here.
    let binding = match Binding::new(decider, sheet.header(), Some(&[])) {
        Ok(binding) => binding,
        Err(report) => return Err(Stopped::Unfit { report, text: first.text }),
    };
    let mut found = None;
    let mut look = |sheet: &Sheet<'_>| {
        for part in sheet.parts(1) {
            sheet.each_row(&part, |row, form| {
                passed += 1;
                if passed == number {
                    found = Some(taken(decider, &binding, sheet, row, form));
                }
            });
        }
        found.take()
    };
    if let Some(found) = look(&sheet) {
        return found.map_err(unfit);
    }
    while let Some(piece) = from.next_piece().map_err(Stopped::Unreadable)? {
        if let Some(found) = look(&sheet.continued(&piece.text, piece.line)) {
            return found.map_err(unfit);
        }
    }
    Err(unfit(no_such_row(number, passed)))
}

fn unfit(finding: Box<Diagnostic>) -> Stopped {
    let mut report = Report::new();
    report.push(*finding);
    Stopped::Unfit { report, text: String::new() }
}

fn taken(
    decider: &Decider<'_>,
    binding: &Binding,
    sheet: &Sheet<'_>,
    row: &Row<'_>,
    form: RowForm,
) -> Result<FoundRow, Box<Diagnostic>> {
    if let Some(finding) = sheet.form_finding(row, form) {
        // Its text is not kept, so that no place in it can be shown.
        return Err(Box::new(Diagnostic { place: None, ..finding }));
    }
    let heads = sheet.header().columns();
    let mut rows = Rows::new(decider.fields().len());
    for (at, (field, column)) in decider.fields().iter().zip(&binding.fields).enumerate() {
        let Some(cells) = rows.column_mut(at) else { continue };
        let reading = match column {
            Some(column) => field.read(row.get(*column), decider.standard()).map_err(|refusal| {
                let head = heads.get(*column).map_or("", |head| head.written.as_str());
                let line = row.line();
                let whose = Text::new(format!("第 {line} 行“{head}”"), format!("line {line}: `{head}`"));
                Box::new(refused_cell(decider, field, (&whose, row.get(*column)), &refusal))
            })?,
            None => Reading::Missing,
        };
        match reading {
            Reading::Short(mantissa, places) => cells.push(mantissa, places),
            Reading::Long(figure) => cells.push_exact(figure),
            Reading::Missing => cells.push_missing(),
        }
    }
    rows.end_row();
    let is_figure = |at: usize| binding.fields.contains(&Some(at));
    let cells = heads.iter().enumerate().filter(|(at, _)| !is_figure(*at));
    let cells = cells.map(|(at, head)| (head.written.clone(), row.get(at).to_owned())).collect();
    Ok(FoundRow { line: Some(row.line()), cells, rows })
}

/// A cell that is refused: whose it is, what is written there, why.
pub fn refused_cell(
    decider: &Decider<'_>,
    field: &Field,
    (whose, value): (&Text, &str),
    refusal: &Refusal,
) -> Diagnostic {
    let expected = findings::expected(&field.kind, &decider.standard().program);
    let bounds = Some((field.bounds(), &field.kind));
    // Its text is not kept, so that no place in it can be shown.
    Diagnostic { place: None, ..findings::cell(whose, value, &expected, bounds, refusal, Place::default()) }
}

/// There is no row of that number.
pub fn no_such_row(number: u64, rows: u64) -> Box<Diagnostic> {
    let found = Diagnostic::error(
        "row-unknown",
        Text::new(format!("表里没有第 {number} 行"), format!("the table has no row {number}")),
    )
    .why(Text::new(
        format!("表头以下一共 {rows} 行，从 1 数起"),
        format!("below the header there are {rows} rows, counted from 1"),
    ))
    .next(Text::new("改成有的行", "name a row that is there"));
    Box::new(found)
}
