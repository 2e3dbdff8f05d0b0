//! Why an evaluation cannot begin. Policy and figures cannot cause these, only a caller
//! that runs a program wrongly; what is wrong with figures shows in the states of results.

use crate::ir::{ColumnId, NodeId};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// What kept nodes from being evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The program has no such node.
    UnknownNode(NodeId),
    /// The program has no such column.
    UnknownColumn(ColumnId),
    /// A column does not have one value for each unit or row.
    Length {
        /// The column.
        column: ColumnId,
        /// How many values its shape asks for.
        expected: usize,
        /// How many were supplied.
        found: usize,
    },
    /// Columns the driver has to fill in were not there: all of them, each with its name.
    NotSupplied(Vec<(ColumnId, String)>),
    /// A node breaks a rule of the intermediate representation.
    Malformed {
        /// The node.
        node: NodeId,
        /// The rule.
        rule: &'static str,
    },
}

impl Fault {
    /// A stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::UnknownNode(_) => "unknown-node",
            Fault::UnknownColumn(_) => "unknown-column",
            Fault::Length { .. } => "column-length",
            Fault::NotSupplied(_) => "column-not-supplied",
            Fault::Malformed { .. } => "malformed-program",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name())?;
        match self {
            Fault::UnknownNode(node) => write!(f, "node {} is not in the program", node.0),
            Fault::UnknownColumn(column) => write!(f, "column {} is not in the program", column.0),
            Fault::Length { column, expected, found } => {
                write!(f, "column {} has {found} values instead of {expected}", column.0)
            }
            Fault::NotSupplied(columns) => {
                f.write_str("to be filled in before this run:")?;
                columns.iter().try_for_each(|(column, name)| write!(f, " {name} (column {})", column.0))
            }
            Fault::Malformed { node, rule } => write!(f, "node {}: {rule}", node.0),
        }
    }
}

impl core::error::Error for Fault {}
