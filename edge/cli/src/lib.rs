//! What stands between the `kaoping` command and the core: files in, findings and tables
//! out. It is a library so that tests reach every part without starting the command.

pub mod arguments;
pub mod commands;
pub mod decision;
pub mod help;
pub mod output;
pub mod pieces;
pub mod render;
pub mod say;
mod varied;
