//! Tables of columns through a decision: Parquet and Arrow in and out, in blocks, so that memory does
//! not grow with the rows.
//!
//! Figures are read where they are exact: from integers, decimals, days, truths and text; a column of
//! binary floats is refused. What comes out has types that follow from the policy and the table, so
//! that they are the same for every month's figures; a number that does not fit its column is
//! rejected with the reason and never rounded. Which row is decided how is said where CSV is decided:
//! in `kaoping-batch`, which this builds upon.

mod bound;
mod each_row;
mod figures;
mod findings;
mod from_columns;
mod from_csv;
mod guard;
mod ipc;
mod row;
mod shape;
mod sink;
mod table;
mod texts;

pub use each_row::{Answered, EachRow};
pub use from_columns::{ColumnSource, decide_columns};
pub use from_csv::csv_to_columns;
pub use row::find_column_row;
pub use sink::{Sink, To};
pub use table::{Table, Unreadable};
