//! What an expression needs to know of its surroundings.

use crate::measures::Nouns;
use alloc::{string::String, vec::Vec};
use kaoping_program::{Domain, Kind, Node, NodeId, Op, Origin, Program, RowsetId, Shape};
use kaoping_syntax::ast::{Expr, Name};
use kaoping_terms::{Day, Place, Report};

/// Whether more or less of the figure is better, for 最优 and 位次.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// More is better.
    #[default]
    HigherIsBetter,
    /// Less is better.
    LowerIsBetter,
}

/// The day parameters are taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AsOf {
    /// The same day for all.
    Day(Day),
    /// The day this value says, for each row its own.
    Row(NodeId),
}

/// What a name means where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A value.
    Value(NodeId),
    /// A choice that was made: the word, and all it could have been.
    Choice {
        /// The chosen word.
        chosen: String,
        /// All words.
        words: Vec<String>,
    },
    /// A table of events.
    Events(RowsetId),
    /// Items: a block, a sub-scheme; each with its 达标 where it has one.
    Members(Vec<NodeId>),
    /// The name is known but its definition has a fault that was reported already.
    Faulty,
}

/// The surroundings of an expression: where names lead, and the program it becomes part of.
pub trait Context {
    /// The program that grows.
    fn program(&mut self) -> &mut Program;
    /// Where faults go.
    fn report(&mut self) -> &mut Report;
    /// Nouns of measure.
    fn nouns(&self) -> &Nouns;
    /// What a name means here; may lower the definition it leads to. `None`: unknown name,
    /// not reported yet.
    fn lookup(&mut self, path: &[Name]) -> Option<Meaning>;
    /// All names known here, for "did you mean".
    fn known_names(&self) -> Vec<String>;
    /// The columns of an event table as seen inside its filter: the node of a column.
    fn event_column(&mut self, table: RowsetId, column: &Name) -> Option<Meaning>;
    /// Enters (or leaves, with none) the rows of an event table, so that its columns are names.
    fn enter_events(&mut self, table: Option<RowsetId>) -> Option<RowsetId>;
    /// Items a domain word or block name stands for: `各项` or a block.
    fn members(&mut self, domain: &Name) -> Option<Vec<NodeId>>;
    /// What 同组 means: peers, or all where no peer groups are declared.
    fn peers(&self) -> Domain;
    /// Whether more is better for the item at hand.
    fn direction(&self) -> Direction;
    /// The same figure a year ago, for an input.
    fn year_back(&mut self, input: &Expr) -> Option<NodeId>;
    /// Lowers an expression with the parameters of another day.
    fn as_of(&mut self, expr: &Expr, day: AsOf) -> Option<NodeId>;
    /// What a node made here comes from.
    fn origin(&self, place: Place) -> Origin;

    /// Adds a node.
    fn add(&mut self, op: Op, kind: Kind, shape: Shape, place: Place) -> NodeId {
        let origin = self.origin(place);
        self.program().push(Node { op, kind, shape, origin })
    }
}
