//! One row of a table of columns, to be explained.

use crate::{
    bound::Bound,
    findings,
    from_columns::Way,
    table::{Table, Unreadable},
    texts,
};
use kaoping_batch::{FoundRow, Stopped, no_such_row, refused_cell};
use kaoping_decide::Decider;
use kaoping_terms::{Lang, Text};

/// Looks for a row by its number, the first being 1.
///
/// # Errors
/// The table cannot be read, does not fit, has no such row, or a cell of the row cannot be read.
pub fn find_column_row(
    decider: &Decider<'_>,
    from: Result<Table, Unreadable>,
    name: &str,
    number: u64,
) -> Result<FoundRow, Stopped> {
    let mut table = from.map_err(|Unreadable(broken)| findings::unreadable(broken, name))?;
    let unfit = |report| Stopped::Unfit { report, text: String::new() };
    // Only what is read is looked for: results may be called like columns here.
    let bound = Bound::new(decider, table.schema(), Some(&[]), Lang::default()).map_err(unfit)?;
    let (header, binding) = (&bound.header, &bound.binding);
    let way = Way { job: bound.job(), schema: &bound.schema, made: None };
    let mut passed = 0u64;
    while let Some(batch) = table.next_batch().map_err(|broken| findings::unreadable(broken, name))? {
        let before = passed;
        passed += batch.num_rows() as u64;
        if passed < number {
            continue;
        }
        let at = usize::try_from(number - before - 1).unwrap_or(0);
        let row = way.unpacked(&batch.slice(at, 1)).map_err(|fault| fault.stopped(name))?;
        let text = |column: usize| row.columns().get(column).and_then(|array| texts::text(array.as_ref(), 0));
        let (figures, refused) = way.read(&row);
        if let Some(refused) = refused.first() {
            let head = refused.column.and_then(|column| header.columns().get(column));
            let head = head.map_or("", |head| head.written.as_str());
            let whose = Text::new(format!("第 {number} 行“{head}”"), format!("row {number}: `{head}`"));
            let value = refused.column.and_then(text).unwrap_or_default();
            return Err(findings::unfit(refused_cell(decider, refused.field, (&whose, &value), &refused.refusal)));
        }
        let others = header.columns().iter().enumerate().filter(|(at, _)| !binding.fields.contains(&Some(*at)));
        let cells = others.map(|(at, head)| (head.written.clone(), text(at).unwrap_or_default())).collect();
        return Ok(FoundRow { line: None, cells, rows: crate::from_columns::rows_of(figures, 1) });
    }
    Err(findings::unfit(*no_such_row(number, passed)))
}
