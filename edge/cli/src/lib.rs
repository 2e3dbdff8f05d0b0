//! What stands between the `kaoping` command and the core: files in, findings and tables
//! out. It is a library so that tests reach every part without starting the command.

pub mod arguments;
pub mod commands;
pub(crate) mod cores;
pub mod decision;
pub mod folder;
mod folder_findings;
pub mod given;
pub mod help;
pub mod load;
pub mod output;
pub mod pieces;
pub mod render;
pub mod say;
pub mod shipped;
mod varied;
