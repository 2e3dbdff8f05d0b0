//! Rows of any number through a decision, in blocks, so that memory does not grow with them.
//!
//! A table comes in pieces; each piece is cut among the workers, read, decided and written by them,
//! and the pieces go out in order. A row that cannot be read goes to the rejects with its line, its
//! column and the reason; the others go through. What comes out does not depend on how the table
//! was cut.

mod binding;
mod binding_findings;
mod block;
mod csv;
mod gathered;
mod lines;
mod pieces;
mod rejects;
mod results;
mod row;
mod runs;
mod totals;

pub use binding::{Binding, Pick};
pub use block::{Block, Job, Part, ROWS, Unfit};
pub use csv::{Keep, Source, Stopped, Way, decide_csv, each_part, joined};
pub use gathered::Gathered;
pub use pieces::Pieces;
pub use rejects::Reject;
pub use results::{Written, number};
pub use row::{FoundRow, find_row, no_such_row, refused_cell};
pub use totals::Totals;
