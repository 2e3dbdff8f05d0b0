//! Rows that were not decided.

use kaoping_sheets::SheetRows;
use kaoping_terms::Lang;

/// A row that was not decided: where, what is written there, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The line of the table, counted from 1; in tables without lines the row.
    pub line: u64,
    /// The column, as the table calls it; empty where it is the whole row.
    pub column: String,
    /// What is written there.
    pub value: String,
    /// Why it was refused, in the language asked for.
    pub why: String,
}

impl Reject {
    /// The names of the columns of rejects, before those of the table.
    pub fn heads(lang: Lang) -> [&'static str; 4] {
        match lang {
            Lang::Zh => ["行", "栏", "写的是", "原因"],
            Lang::En => ["line", "column", "value", "why"],
        }
    }

    /// All that is wrong with one row, in one.
    pub(crate) fn of_row(rejects: &[Reject], lang: Lang) -> Reject {
        let (comma, stop) = match lang {
            Lang::Zh => ("、", "；"),
            Lang::En => (", ", "; "),
        };
        let all = |part: fn(&Reject) -> &str, between: &str| rejects.iter().map(part).collect::<Vec<_>>().join(between);
        Reject {
            line: rejects.first().map_or(0, |reject| reject.line),
            column: all(|reject| &reject.column, comma),
            value: all(|reject| &reject.value, comma),
            why: all(|reject| &reject.why, stop),
        }
    }

    /// Writes it before the row it belongs to.
    pub(crate) fn write(&self, out: &mut SheetRows) {
        out.decimal(i128::from(self.line), 0);
        out.text(&self.column);
        out.text(&self.value);
        out.literal(&self.why);
    }
}
