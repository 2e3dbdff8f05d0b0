//! What people and machines get to see.

pub mod findings;
pub mod json;
mod lines;
pub mod table;
pub mod tree;
mod width;

pub use json::to_json;
pub use table::{Align, Table};
pub use tree::Tree;
pub use width::{cut, width};
