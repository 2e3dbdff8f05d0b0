//! Arrow record batches from a file or a stream, message by message.
//!
//! A file is a stream between two marks, with a list of its messages behind; it is read from front
//! to back like a stream, so that it may come through a pipe. That its end is there is looked at.
//! Lengths are believed only as far as there are bytes.

use crate::guard::guarded;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::{
    MessageHeader, convert::fb_to_schema, reader::read_dictionary, reader::read_record_batch, root_as_message,
};
use arrow_schema::SchemaRef;
use kaoping_terms::Text;
use std::{
    collections::HashMap,
    io::{self, Read},
    sync::Arc,
};

/// What a file begins and ends with.
const MAGIC: &[u8; 6] = b"ARROW1";

/// What stands before the length of a message.
const MARK: [u8; 4] = [0xFF; 4];

/// How many bytes a packed byte becomes at most: a block of zstd of one repeated byte.
const DENSEST: u64 = 1 << 15;

/// The longest column of a batch.
const LONGEST: u64 = 1 << 32;

/// Why a table cannot be read on.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The system says so.
    System(io::Error),
    /// What is wrong with it.
    Reason(Text),
}

/// What a message says of itself, and its body.
type Message = (Vec<u8>, Vec<u8>);

/// Record batches, one after another.
pub(crate) struct Batches {
    from: Box<dyn Read>,
    /// Bytes that were read to see what it is, and are still to be taken.
    peeked: Vec<u8>,
    is_file: bool,
    ended: bool,
    schema: SchemaRef,
    dictionaries: HashMap<i64, ArrayRef>,
    taken: u64,
}

impl From<io::Error> for Broken {
    fn from(fault: io::Error) -> Broken {
        Broken::System(fault)
    }
}

impl Broken {
    /// What a reader of other people says.
    pub(crate) fn said(reason: String) -> Broken {
        broken(&format!("读的时候报告“{reason}”"), &reason)
    }
}

fn broken(zh: &str, en: &str) -> Broken {
    Broken::Reason(Text::new(zh, en))
}

impl Batches {
    /// Reads up to the schema.
    pub(crate) fn open(from: Box<dyn Read>) -> Result<Batches, Broken> {
        let schema = Arc::new(arrow_schema::Schema::empty());
        let mut batches = Batches {
            from,
            peeked: Vec::new(),
            is_file: false,
            ended: false,
            schema,
            dictionaries: HashMap::new(),
            taken: 0,
        };
        let begin = batches.bytes(8)?;
        if begin.is_empty() {
            return Err(broken("什么也没有", "nothing at all"));
        }
        batches.is_file = begin.starts_with(MAGIC);
        if batches.is_file {
            batches.skip_padding()?;
        } else {
            if !begin.starts_with(&MARK) && begin.get(3).is_none_or(|byte| *byte != 0) {
                return Err(broken("开头没有 Arrow 的标记", "no mark of Arrow at its beginning"));
            }
            batches.peeked = begin;
        }
        let Some((head, _)) = batches.message()? else { return Err(broken("没有说有哪些栏", "no schema")) };
        let schema = guarded(|| {
            let message = root_as_message(&head).map_err(|fault| fault.to_string())?;
            let schema = message.header_as_schema().ok_or("the schema does not come first")?;
            if !schema.endianness().equals_to_target_endianness() {
                return Err("its numbers have the bytes of another kind of machine".to_owned());
            }
            Ok(fb_to_schema(schema))
        });
        batches.schema = Arc::new(schema.map_err(Broken::said)?);
        Ok(batches)
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many bytes were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next rows; none at the end.
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>, Broken> {
        while let Some((head, body)) = self.message()? {
            let body = Buffer::from(body);
            let (schema, dictionaries) = (self.schema.clone(), &mut self.dictionaries);
            let batch = guarded(|| {
                let message = root_as_message(&head).map_err(|fault| fault.to_string())?;
                let version = message.version();
                match message.header_type() {
                    MessageHeader::RecordBatch => {
                        let batch = message.header_as_record_batch().ok_or("a batch without its head")?;
                        believable(batch, &body)?;
                        read_record_batch(&body, batch, schema, dictionaries, None, &version).map(Some)
                    }
                    MessageHeader::DictionaryBatch => {
                        let batch = message.header_as_dictionary_batch().ok_or("a dictionary without its head")?;
                        batch.data().map_or(Ok(()), |values| believable(values, &body))?;
                        read_dictionary(&body, batch, &schema, dictionaries, &version).map(|()| None)
                    }
                    _ => return Err("a message that is neither rows nor a dictionary".to_owned()),
                }
                .map_err(|fault| fault.to_string())
            });
            if let Some(batch) = batch.map_err(Broken::said)? {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// Zeros behind the first mark, so that what follows begins at a multiple of up to 64.
    fn skip_padding(&mut self) -> Result<(), Broken> {
        for _ in 1..8 {
            self.peeked = self.bytes(8)?;
            if self.peeked.iter().any(|byte| *byte != 0) {
                break;
            }
            self.peeked.clear();
        }
        Ok(())
    }

    /// A message and its body; none at the end.
    fn message(&mut self) -> Result<Option<Message>, Broken> {
        if self.ended {
            return Ok(None);
        }
        let mut length = self.bytes(4)?;
        if length.is_empty() && !self.is_file {
            // A stream may end without saying so; but then half of one looks like a whole one.
            return Err(broken(
                "断在两批之间，没有结束的标记，可能没有写完、送完",
                "it ends between two batches, without the mark of an end; it may not be all there",
            ));
        }
        if length == MARK {
            length = self.bytes(4)?;
        }
        let length: [u8; 4] = length.try_into().map_err(|_| cut_off())?;
        let length = i32::from_le_bytes(length);
        if length == 0 {
            self.ended = true;
            return if self.is_file { self.end_of_file().map(|()| None) } else { Ok(None) };
        }
        let head = self.exactly(i64::from(length))?;
        let body = guarded(|| root_as_message(&head).map(|message| message.bodyLength()).map_err(|f| f.to_string()));
        let body = self.exactly(body.map_err(Broken::said)?)?;
        Ok(Some((head, body)))
    }

    /// The list of messages, and the mark at its end.
    fn end_of_file(&mut self) -> Result<(), Broken> {
        let mut last = Vec::new();
        loop {
            let more = self.bytes(1 << 16)?;
            if more.is_empty() {
                return if last.ends_with(MAGIC) { Ok(()) } else { Err(cut_off()) };
            }
            last.drain(..last.len().saturating_sub(MAGIC.len()));
            last.extend_from_slice(&more);
        }
    }

    fn exactly(&mut self, count: i64) -> Result<Vec<u8>, Broken> {
        let count = usize::try_from(count).map_err(|_| broken("长度是负数", "a length below zero"))?;
        let bytes = self.bytes(count)?;
        if bytes.len() == count { Ok(bytes) } else { Err(cut_off()) }
    }

    /// So many bytes, fewer only at the end.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, Broken> {
        let mut bytes = std::mem::take(&mut self.peeked);
        if bytes.len() > count {
            self.peeked = bytes.split_off(count);
        }
        let missing = count - bytes.len();
        // Room for what a length promises is asked for only as far as that is believable.
        bytes.reserve(missing.min(1 << 26));
        let got = (&mut self.from).take(missing as u64).read_to_end(&mut bytes)?;
        self.taken += got as u64;
        Ok(bytes)
    }
}

/// Whether what is packed can be as long as it says: room for all of it is asked for before it is
/// unpacked, and a program that is refused room cannot go on.
fn believable(batch: arrow_ipc::RecordBatch<'_>, body: &[u8]) -> Result<(), String> {
    if batch.compression().is_none() {
        return Ok(());
    }
    for buffer in batch.buffers().into_iter().flatten() {
        let place = usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
        let packed = place.and_then(|(at, length)| body.get(at..at.checked_add(length)?));
        let Some((length, packed)) = packed.and_then(<[u8]>::split_first_chunk::<8>) else { continue };
        let most = u64::try_from(packed.len()).unwrap_or(u64::MAX).saturating_mul(DENSEST).saturating_add(1 << 20);
        // −1: not packed after all.
        if let Ok(length) = u64::try_from(i64::from_le_bytes(*length))
            && length > most.min(LONGEST)
        {
            return Err(format!("{} bytes that would be {length} unpacked", packed.len()));
        }
    }
    Ok(())
}

fn cut_off() -> Broken {
    broken("没到末尾就断了", "it ends before its end")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test stops at what should be there")]

    use super::{Batches, Broken};
    use arrow_array::{Int32Array, RecordBatch};
    use arrow_ipc::writer::StreamWriter;
    use std::{io::Cursor, sync::Arc};

    /// How many rows a stream has, up to where it breaks.
    fn rows(bytes: Vec<u8>) -> Result<usize, Broken> {
        let mut batches = Batches::open(Box::new(Cursor::new(bytes)))?;
        let mut rows = 0;
        while let Some(batch) = batches.next_batch()? {
            rows += batch.num_rows();
        }
        Ok(rows)
    }

    #[test]
    fn half_a_stream_is_not_taken_for_a_whole_one() {
        let batch =
            RecordBatch::try_from_iter([("a", Arc::new(Int32Array::from(vec![1, 2, 3])) as _)]).expect("a batch");
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).expect("a stream");
        writer.write(&batch).expect("written");
        let one = writer.get_ref().len();
        writer.write(&batch).expect("written");
        let bytes = writer.into_inner().expect("ended");
        assert_eq!(rows(bytes.clone()).expect("whole"), 6);
        for end in (8..bytes.len()).step_by(4).chain([one, bytes.len() - 8]) {
            let cut = bytes.get(..end).expect("a beginning").to_vec();
            assert!(rows(cut).is_err(), "{end} of {} bytes", bytes.len());
        }
    }
}
