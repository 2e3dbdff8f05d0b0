//! What comes in: a policy folder, units, figures and events, read from disk or already in memory, with
//! everything that is wrong on the way.
//!
//! The command reads files; the office hands over texts it keeps. From here on both are the same.

pub mod cores;
pub mod folder;
mod folder_findings;
pub mod given;
pub mod load;
pub mod shipped;
