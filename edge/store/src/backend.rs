//! What a database has to be able to do. What the store means is in [`crate::kept`], once for both.

use crate::{
    failed::Failed,
    sql::{Cell, Change, Dialect, Holds, Object, Taken},
};
use kaoping_terms::Text;
use std::path::Path;

/// What stands at an address.
pub(crate) enum Stands {
    /// Nothing yet.
    Nothing,
    /// A store of this program.
    Store,
    /// Something else, and how it looks.
    Foreign(Text),
}

pub(crate) trait Backend: Send {
    /// Which SQL it speaks.
    const DIALECT: Dialect;

    /// Which store, for people, without a password.
    fn place(&self) -> &str;

    /// What stands there.
    fn stands(&mut self) -> Result<Stands, Failed>;

    /// Marks what is being made as a store of this program.
    fn mark(&mut self) -> Result<(), Failed>;

    /// Carries out statements that take and give nothing.
    fn run(&mut self, sql: &str) -> Result<(), Failed>;

    /// Begins a transaction that writes.
    fn begin(&mut self) -> Result<(), Failed>;

    /// Begins a transaction in which all that is read is of one moment.
    fn begin_reading(&mut self) -> Result<(), Failed>;

    /// Ends a transaction; what it wrote is durable.
    fn end(&mut self) -> Result<(), Failed>;

    /// Ends a transaction as if it had never been.
    fn abort(&mut self);

    /// After a commit: what has to be done from time to time. Nothing of it can undo the commit.
    fn tidy(&mut self) -> Result<(), Failed>;

    /// Carries out a change for many rows, whose fields are asked for by row and place.
    fn change<'a>(
        &mut self,
        change: &Change,
        rows: usize,
        cell: &dyn Fn(usize, usize) -> Cell<'a>,
    ) -> Result<(), Failed>;

    /// Reads rows until `each` has enough.
    fn read(
        &mut self,
        sql: &str,
        with: &[Cell<'_>],
        holds: &[Holds],
        each: &mut dyn FnMut(Vec<Taken>) -> bool,
    ) -> Result<(), Failed>;

    /// Every table, index, trigger and the like there is.
    fn objects(&mut self) -> Result<Vec<Object>, Failed>;

    /// Brings everything into the one file, where it is one.
    fn settle(&mut self) -> Result<(), Failed>;

    /// Looks at every page.
    fn examine(&mut self) -> Result<(), Failed>;

    /// Writes a copy of its pages to a file of SQLite; false where it has no such pages.
    fn copy_pages(&mut self, to: &Path) -> Result<bool, Failed>;
}
