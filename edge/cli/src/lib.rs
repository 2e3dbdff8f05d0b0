//! What stands between the `kaoping` command and the core: files in, findings and tables
//! out. It is a library so that tests reach every part without starting the command.

pub mod folder;
mod folder_findings;
pub mod output;
pub mod render;
