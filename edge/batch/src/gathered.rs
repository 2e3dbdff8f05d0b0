//! What the parts of a table came to, put together in order.

use crate::{
    block::{FIRST_REJECTS, Job, Part},
    rejects::Reject,
    totals::Totals,
};
use kaoping_sheets::SheetRows;
use std::io::{self, Write};

/// What the parts of a table came to. Rejects go to a file that is asked for only where there is one.
#[derive(Debug)]
pub struct Gathered<'g, X, F> {
    job: Job<'g>,
    file: F,
    rejected: Option<X>,
    totals: Totals,
    first: Vec<Reject>,
}

impl<'g, X: Write, F: FnMut() -> io::Result<X>> Gathered<'g, X, F> {
    /// Nothing yet; `file` gives where rejects go.
    pub fn new(job: Job<'g>, file: F) -> Self {
        Gathered { job, file, rejected: None, totals: Totals::default(), first: Vec::new() }
    }

    /// Adds a part and gives what goes out of it.
    ///
    /// # Errors
    /// Rejects cannot be written.
    pub fn add<T>(&mut self, part: Part<T>) -> io::Result<T> {
        self.totals.append(part.totals);
        if !part.rejected.is_empty() {
            if self.rejected.is_none() {
                let mut file = (self.file)()?;
                file.write_all(&self.head())?;
                self.rejected = Some(file);
            }
            if let Some(file) = &mut self.rejected {
                file.write_all(&part.rejected)?;
            }
            let room = FIRST_REJECTS - self.first.len();
            self.first.extend(part.first_rejects.into_iter().take(room));
        }
        Ok(part.out)
    }

    /// How many rows were read so far.
    pub fn read(&self) -> u64 {
        self.totals.read
    }

    /// What it came to, and the first rejects.
    ///
    /// # Errors
    /// The last rejects cannot be written.
    pub fn end(self) -> io::Result<(Totals, Vec<Reject>)> {
        if let Some(mut file) = self.rejected {
            file.flush()?;
        }
        Ok((self.totals, self.first))
    }

    fn head(&self) -> Vec<u8> {
        let mut head = SheetRows::default();
        Reject::heads(self.job.lang).iter().for_each(|name| head.text(name));
        self.job.header.columns().iter().for_each(|column| head.text(&column.written));
        head.end_row();
        head.into_bytes()
    }
}
