//! What is said about a sheet that cannot be read as a table.

use crate::sheet::Row;
use kaoping_terms::{Diagnostic, Place, Text};

pub(crate) fn no_header(place: Place) -> Diagnostic {
    Diagnostic::error("sheet-without-header", Text::new("表格没有表头", "the sheet has no header"))
        .at(place)
        .why(Text::new(
            "第一行要写列名，否则不知道哪一列是什么",
            "the first row names the columns; without it no column has a meaning",
        ))
        .next(Text::new("在第一行写上列名，如 单位,指标,数值", "write the names first, such as unit,indicator,value"))
}

pub(crate) fn column_repeated(later: &str, earlier: &str) -> Diagnostic {
    Diagnostic::error(
        "column-repeated",
        Text::new(
            format!("表头中的“{later}”与前面的“{earlier}”是同一列"),
            format!("the column \"{later}\" is the same as \"{earlier}\" before it"),
        ),
    )
    .why(Text::new("两列同名，不知道用哪一列", "with two of one name it is open which one counts"))
    .next(Text::new("删去一列，或改成别的列名", "remove one of them or give it another name"))
}

pub(crate) fn separator_unknown() -> Diagnostic {
    Diagnostic::error(
        "sheet-separator",
        Text::new("列之间用的不是半角逗号或制表符", "the columns are not separated by a comma or a tab"),
    )
    .why(Text::new("整行被当成了一列", "the whole row counts as one column"))
    .next(Text::new(
        "把分隔符改成半角逗号 , 或在 Excel 里另存为“CSV UTF-8（逗号分隔）”",
        "separate with a comma, or save as \"CSV UTF-8 (comma delimited)\"",
    ))
}

pub(crate) fn row_width(row: &Row<'_>, width: usize) -> Diagnostic {
    let found = row.len();
    if let Some((opened, closed)) = row.over_lines() {
        return over_lines(row, width, opened, closed);
    }
    let (column, next) = if found > width {
        (
            width,
            Text::new(
                "数值里的逗号要给整格加引号，如 \"5,000\"；多余的格删去",
                "quote a cell that holds a comma, such as \"5,000\"; remove cells beyond the header",
            ),
        )
    } else {
        (
            found.saturating_sub(1),
            Text::new("补上缺的分隔符；没有值就留空格", "add the missing separators; leave a cell empty for no value"),
        )
    };
    Diagnostic::error(
        "row-width",
        Text::new(
            format!("第 {} 行有 {found} 格，表头有 {width} 列", row.line()),
            format!("line {} has {found} cells, the header has {width}", row.line()),
        ),
    )
    .at(row.cell_place(column))
    .why(Text::new("格数不同，后面的值会落到别的列里", "with another count, values fall under the wrong columns"))
    .next(next)
}

/// As [`row_width`], where a quote makes one cell of several lines.
fn over_lines(row: &Row<'_>, width: usize, opened: Place, closed: usize) -> Diagnostic {
    let (line, found) = (row.line(), row.len());
    Diagnostic::error(
        "row-width",
        Text::new(
            format!("第 {line} 行的引号到第 {closed} 行才合上，这几行成了一行，有 {found} 格，表头有 {width} 列"),
            format!(
                "the quote on line {line} is closed on line {closed} only: these lines are one row of {found} cells, \
                 the header has {width}"
            ),
        ),
    )
    .at(opened)
    .why(Text::new(
        "引号里的换行和逗号都算一格里的字，中间各行的数就不见了",
        "line ends and commas within quotes belong to one cell, and the figures of these lines are lost",
    ))
    .next(Text::new(
        "多写的引号删去；真是一格里有几行字的，补上缺的分隔符",
        "remove the quote; if the cell is meant to have several lines, add the missing separators",
    ))
}

pub(crate) fn column_unnamed(row: &Row<'_>, column: usize) -> Diagnostic {
    Diagnostic::error(
        "column-unnamed",
        Text::new(
            format!("第 {} 行第 {} 列有值，但这一列没有列名", row.line(), column + 1),
            format!("line {}, column {} has a value, but the column has no name", row.line(), column + 1),
        ),
    )
    .at(row.cell_place(column))
    .why(Text::new("没有列名的值不知道是什么", "a value without a column name has no meaning"))
    .next(Text::new("在表头写上列名，或删去这个值", "name the column in the header or remove the value"))
}
