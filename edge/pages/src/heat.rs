//! A board too large for a table: one picture of all of it, which a script draws from what stands in the page, and the
//! figures in parts of a table. The same figures are had as a file.

use crate::board::{Board, Column, Row, step};

/// A board with more cells than that is a picture with a table of a part of it.
const MOST_CELLS: usize = 3_000;

/// So many cells stand in such a part at most, where that leaves it some columns.
const PART_CELLS: usize = 2_500;

/// A part has so many columns at least.
const FEWEST_COLUMNS: usize = 5;

/// Some columns that stand beside one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// What they are called: their block, or from which to which indicator.
    pub word: String,
    /// Where they begin.
    pub from: usize,
    /// Where they end.
    pub to: usize,
}

/// Whether a board is too large for one table.
pub(crate) fn is_large(board: &Board) -> bool {
    board.rows.len() * board.columns.len() > MOST_CELLS
}

/// A large board in parts, none of them over the border of a block.
pub(crate) fn parts(board: &Board) -> Vec<Part> {
    let most = (PART_CELLS / board.rows.len().max(1)).max(FEWEST_COLUMNS);
    let mut parts = Vec::new();
    let mut from = 0;
    for columns in board.columns.chunk_by(|one, next| one.block == next.block) {
        let name = columns.first().and_then(|column| board.blocks.get(column.block?)).cloned().unwrap_or_default();
        // As even as they can be: 26 are 13 and 13, not 25 and 1.
        let count = columns.len().div_ceil(most);
        for at in 0..count {
            let (begin, end) = (from + columns.len() * at / count, from + columns.len() * (at + 1) / count);
            let word = match (name.is_empty(), count) {
                (false, 1) => name.clone(),
                (false, _) => format!("{name} {}", at + 1),
                (true, _) => format!("{}–{}", begin + 1, end),
            };
            parts.push(Part { word, from: begin, to: end });
        }
        from += columns.len();
    }
    parts
}

/// The columns of a picture, a line each: id, name, full points, block.
pub(crate) fn columns(board: &Board) -> String {
    let block = |column: &Column| column.block.and_then(|at| board.blocks.get(at)).map(String::as_str).unwrap_or("");
    let line = |column: &Column| joined(&[&column.id, &column.name, &column.points, block(column)]);
    board.columns.iter().map(line).collect()
}

/// Its rows: id, name, place, total, and a step for each column.
pub(crate) fn rows(board: &Board) -> String {
    let line = |row: &Row| {
        let steps: String = board
            .columns
            .iter()
            .zip(&row.cells)
            .map(|(column, score)| char::from(b'0' + step(score, &column.points)))
            .collect();
        let place = row.place.map(|place| place.to_string()).unwrap_or_default();
        joined(&[&row.unit, &row.name, &place, &row.total, &steps])
    };
    board.rows.iter().map(line).collect()
}

/// Cells of a line; what separates them stands in none.
fn joined(cells: &[&str]) -> String {
    let plain = |cell: &&str| cell.replace(['\t', '\n', '\r'], " ");
    format!("{}\n", cells.iter().map(plain).collect::<Vec<_>>().join("\t"))
}

#[cfg(test)]
mod tests {
    use super::{Part, columns, is_large, parts, rows};
    use crate::board::{Board, Column, Row};

    fn board(offices: usize, blocks: &[usize]) -> Board {
        let of = |(at, count): (usize, &usize)| {
            let column = |number| Column {
                id: format!("{at}-{number}"),
                name: "就业\t率".into(),
                points: "2".into(),
                block: Some(at),
            };
            (0..*count).map(column).collect::<Vec<_>>()
        };
        let columns: Vec<Column> = blocks.iter().enumerate().flat_map(of).collect();
        let row = |at: usize| Row {
            unit: format!("U{at}"),
            name: format!("{at}县"),
            place: Some(1),
            total: "9.5".into(),
            cells: columns.iter().enumerate().map(|(at, _)| ["2", "1.5", ""][at % 3].to_owned()).collect(),
            ..Row::default()
        };
        let rows = (0..offices).map(row).collect();
        Board { blocks: (0..blocks.len()).map(|at| format!("第{at}块")).collect(), columns, rows, moved: 0 }
    }

    #[test]
    fn a_large_board_is_cut_at_its_blocks_and_evenly() {
        assert!(!is_large(&board(15, &[100, 100])));
        let large = board(100, &[20, 26]);
        assert!(is_large(&large));
        let part = |word: &str, from, to| Part { word: word.into(), from, to };
        assert_eq!(parts(&large), [part("第0块", 0, 20), part("第1块 1", 20, 33), part("第1块 2", 33, 46)]);
        let mut plain = board(3000, &[6]);
        plain.columns.iter_mut().for_each(|column| column.block = None);
        assert_eq!(parts(&plain), [part("1–3", 0, 3), part("4–6", 3, 6)], "a part has some columns at least");
        assert!(parts(&Board::default()).is_empty());
    }

    #[test]
    fn a_picture_is_lines_of_cells() {
        let small = board(1, &[3]);
        assert_eq!(columns(&small), "0-0\t就业 率\t2\t第0块\n0-1\t就业 率\t2\t第0块\n0-2\t就业 率\t2\t第0块\n");
        assert_eq!(rows(&small), "U0\t0县\t1\t9.5\t420\n");
    }
}
