//! Where rows of columns go: Parquet, an Arrow file, an Arrow stream.

use arrow_array::RecordBatch;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, SchemaRef};
use kaoping_batch::Stopped;
use parquet::{arrow::ArrowWriter, basic::Compression, errors::ParquetError, file::properties::WriterProperties};
use std::io::{self, Write};

/// How many rows a group of Parquet has: what is held in memory until it is written.
const GROUP: usize = 262_144;

/// In what form rows of columns go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Parquet.
    Parquet,
    /// Arrow with a list of its batches at its end.
    ArrowFile,
    /// Arrow for a pipe.
    ArrowStream,
}

/// An open table that rows go to.
pub struct Sink<W: Write + Send>(Writer<W>);

enum Writer<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    File(Box<FileWriter<W>>),
    Stream(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Sink<W> {
    /// A table of those columns.
    ///
    /// # Errors
    /// Its beginning cannot be written.
    pub fn new(to: To, out: W, schema: SchemaRef) -> Result<Sink<W>, Stopped> {
        Ok(Sink(match to {
            To::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(GROUP))
                    .set_created_by(concat!("kaoping ", env!("CARGO_PKG_VERSION")).to_owned())
                    .build();
                let writer = ArrowWriter::try_new(out, schema, Some(properties)).map_err(parquet)?;
                Writer::Parquet(Box::new(writer))
            }
            To::ArrowFile => Writer::File(Box::new(FileWriter::try_new(out, &schema).map_err(arrow)?)),
            To::ArrowStream => Writer::Stream(Box::new(StreamWriter::try_new(out, &schema).map_err(arrow)?)),
        }))
    }

    /// Adds rows.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Stopped> {
        match &mut self.0 {
            Writer::Parquet(writer) => writer.write(batch).map_err(parquet),
            Writer::File(writer) => writer.write(batch).map_err(arrow),
            Writer::Stream(writer) => writer.write(batch).map_err(arrow),
        }
    }

    /// What was written goes out now: who sends rows through a pipe may wait for those before.
    pub(crate) fn flush(&mut self) -> Result<(), Stopped> {
        match &mut self.0 {
            Writer::Stream(writer) => writer.get_mut().flush().map_err(Stopped::Unwritten),
            // Nobody waits for a part of a file.
            Writer::Parquet(_) | Writer::File(_) => Ok(()),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Its end cannot be written; what was written until then is not whole.
    pub fn finish(self) -> Result<(), Stopped> {
        let mut out = match self.0 {
            Writer::Parquet(writer) => writer.into_inner().map_err(parquet)?,
            // These end the table themselves.
            Writer::File(writer) => writer.into_inner().map_err(arrow)?,
            Writer::Stream(writer) => writer.into_inner().map_err(arrow)?,
        };
        out.flush().map_err(Stopped::Unwritten)
    }
}

/// The fault of the system behind one of a writer, so that it is told as such.
fn arrow(fault: ArrowError) -> Stopped {
    Stopped::Unwritten(match fault {
        ArrowError::IoError(_, fault) => fault,
        other => io::Error::other(other),
    })
}

fn parquet(fault: ParquetError) -> Stopped {
    Stopped::Unwritten(match fault {
        ParquetError::External(fault) => match fault.downcast::<io::Error>() {
            Ok(fault) => *fault,
            Err(fault) => io::Error::other(fault),
        },
        other => io::Error::other(other),
    })
}
