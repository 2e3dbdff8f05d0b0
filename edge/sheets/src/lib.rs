//! Text files as offices keep them: found out what encoding they are in, read strictly,
//! taken apart into rows, and written so that a spreadsheet opens them safely.
//!
//! Nothing is guessed silently: a byte that cannot be read, a row that does not fit its
//! header or a column named twice is a finding with its line.

pub mod decimal;
pub mod decode;
mod decode_findings;
pub mod file;
pub mod findings;
pub mod header;
mod runs;
pub mod sheet;
mod sheet_findings;
pub mod write;

pub use decimal::{fast_decimal, push_decimal, read_figure};
pub use decode::{BinaryKind, DecodeFault, Encoding, decode, decode_owned, decode_table, is_utf16};
pub use file::{FileFault, POLICY_TEXT_LIMIT, facts_text, policy_text, text_from};
pub use findings::Findings;
pub use header::{Column, Header};
pub use runs::Run;
pub use sheet::{Met, Part, Row, RowForm, Sheet};
pub use write::{ReadyCell, SheetRows, SheetWriter};
