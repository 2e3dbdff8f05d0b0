//! Tables whose columns stand under each other, numbers on their decimal points.

use super::width::{cut, tame, width};

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words, from the left.
    Left,
    /// Numbers, with their decimal points under each other; words among them, such as 未报,
    /// stand at the right.
    Number,
}

/// A table being filled.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
    widest: Option<usize>,
}

/// Blanks between two columns.
const GAP: &str = "  ";

/// How wide a column is: as a whole, and on either side of the decimal points.
#[derive(Clone, Copy, Default)]
struct Measure {
    whole: usize,
    before: usize,
    after: usize,
}

impl Table {
    /// A table with these headings.
    pub fn new<'h>(columns: impl IntoIterator<Item = (&'h str, Align)>) -> Self {
        let columns = columns.into_iter().map(|(heading, align)| (tame(heading), align)).collect();
        Self { columns, rows: Vec::new(), widest: None }
    }

    /// Cuts every line at that many columns, with `…` where something is left out. Lines are
    /// never wrapped: a wrapped table cannot be read down.
    #[must_use]
    pub fn at_most(mut self, columns: usize) -> Self {
        self.widest = Some(columns);
        self
    }

    /// Adds a row; cells that are not given are blank, cells beyond the headings are left out.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let mut row: Vec<String> = cells.into_iter().map(|cell| tame(cell.as_ref())).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Whether no row was added.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text: headings, a rule, the rows; each line ended.
    pub fn render(&self) -> String {
        let measures: Vec<Measure> = (0..self.columns.len()).map(|at| self.measure(at)).collect();
        let heading = self
            .columns
            .iter()
            .zip(&measures)
            .map(|((heading, align), measure)| pad(heading, measure.whole, *align == Align::Number));
        let rule = measures.iter().map(|measure| "─".repeat(measure.whole));
        let mut out = String::new();
        self.line(&mut out, heading.collect());
        self.line(&mut out, rule.collect());
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns).zip(&measures);
            let cells = cells.map(|((cell, (_, align)), measure)| place(cell, *align, measure));
            self.line(&mut out, cells.collect());
        }
        out
    }

    fn line(&self, out: &mut String, cells: Vec<String>) {
        let line = cells.join(GAP);
        let line = line.trim_end();
        match self.widest {
            Some(columns) => out.push_str(&cut(line, columns)),
            None => out.push_str(line),
        }
        out.push('\n');
    }

    fn measure(&self, column: usize) -> Measure {
        let Some((heading, align)) = self.columns.get(column) else {
            return Measure::default();
        };
        let mut measure = Measure { whole: width(heading), ..Measure::default() };
        for cell in self.rows.iter().filter_map(|row| row.get(column)) {
            match number(cell).filter(|_| *align == Align::Number) {
                Some((before, after)) => {
                    measure.before = measure.before.max(width(before));
                    measure.after = measure.after.max(width(after));
                }
                None => measure.whole = measure.whole.max(width(cell)),
            }
        }
        measure.whole = measure.whole.max(measure.before + measure.after);
        measure
    }
}

/// A number cut before its decimal point, or before what follows its whole part: `5,000` and
/// ` 人`, `88` and `.2 %`. None for words.
fn number(cell: &str) -> Option<(&str, &str)> {
    let signs = ['-', '+', '−'];
    let digits = cell.trim_start_matches(signs);
    let whole = digits.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(digits.len());
    let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    begins.then(|| cell.split_at(cell.len() - digits.len() + whole))
}

fn pad(text: &str, columns: usize, right: bool) -> String {
    let blanks = " ".repeat(columns.saturating_sub(width(text)));
    if right { format!("{blanks}{text}") } else { format!("{text}{blanks}") }
}

fn place(cell: &str, align: Align, measure: &Measure) -> String {
    match (align, number(cell)) {
        (Align::Left, _) => pad(cell, measure.whole, false),
        (Align::Number, None) => pad(cell, measure.whole, true),
        (Align::Number, Some((before, after))) => {
            let number = format!("{}{}", pad(before, measure.before, true), pad(after, measure.after, false));
            pad(&number, measure.whole, true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Table};

    fn scores() -> Table {
        let mut table = Table::new([
            ("单位", Align::Left),
            ("得分", Align::Number),
            ("名次", Align::Number),
            ("说明", Align::Left),
        ]);
        table.row(["甲县", "98.25", "1", ""]);
        table.row(["经济开发区", "7.5", "12", "≥ 5 分"]);
        table.row(["乙县", "−1,234", "未报", "缺 3 项"]);
        table.row(["丙县"]);
        table
    }

    #[test]
    fn columns_stand_under_each_other() {
        let expected = "\
单位             得分  名次  说明
──────────  ─────────  ────  ───────
甲县            98.25     1
经济开发区       7.5     12  ≥ 5 分
乙县        −1,234     未报  缺 3 项
丙县
";
        assert_eq!(scores().render(), expected);
    }

    #[test]
    fn every_line_keeps_its_columns() {
        let text = scores().render();
        let points: Vec<usize> =
            text.lines().filter_map(|line| line.find('.').map(|at| super::width(&line[..at]))).collect();
        assert_eq!(points, [18, 18], "{text}");
    }

    #[test]
    fn a_wide_table_is_cut_and_not_wrapped() {
        let text = scores().at_most(20).render();
        assert!(text.lines().all(|line| super::width(line) <= 20), "{text}");
        assert_eq!(text.lines().count(), 6);
        assert!(text.contains('…'));
    }
}
