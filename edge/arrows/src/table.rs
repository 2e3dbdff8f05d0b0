//! Tables of columns, in blocks of rows.

use crate::{
    guard::guarded,
    ipc::{Batches, Broken},
};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use kaoping_terms::Text;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::{fs::File, io::Read};

/// How many rows of Parquet are taken at once.
const AT_ONCE: usize = 65_536;

/// A table of columns: Parquet, which is read here and there, or Arrow, from front to back.
pub struct Table {
    from: From,
    /// How many bytes it has, where that is known.
    size: Option<u64>,
}

enum From {
    Arrow(Box<Batches>),
    Parquet { reader: Box<ParquetRecordBatchReader>, schema: SchemaRef, all: u64, taken: u64 },
}

/// Why a table cannot be read: by the system, or by what is in it.
pub struct Unreadable(pub(crate) Broken);

impl Table {
    /// A file or a stream of Arrow.
    ///
    /// # Errors
    /// It does not begin as one.
    pub fn arrow(from: Box<dyn Read>, size: Option<u64>) -> Result<Table, Unreadable> {
        let batches = Batches::open(from).map_err(Unreadable)?;
        Ok(Table { from: From::Arrow(Box::new(batches)), size })
    }

    /// A file of Parquet.
    ///
    /// # Errors
    /// It is none.
    pub fn parquet(file: File) -> Result<Table, Unreadable> {
        let size = file.metadata().map_err(|fault| Unreadable(Broken::System(fault)))?.len();
        let opened = guarded(|| {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|fault| fault.to_string())?;
            let all = builder.metadata().file_metadata().num_rows();
            let schema = builder.schema().clone();
            let reader = builder.with_batch_size(AT_ONCE).build().map_err(|fault| fault.to_string())?;
            let all = u64::try_from(all).unwrap_or(0);
            Ok(From::Parquet { reader: Box::new(reader), schema, all, taken: 0 })
        });
        Ok(Table { from: opened.map_err(|reason| Unreadable(Broken::said(reason)))?, size: Some(size) })
    }

    /// Its columns.
    pub(crate) fn schema(&self) -> &SchemaRef {
        match &self.from {
            From::Arrow(batches) => batches.schema(),
            From::Parquet { schema, .. } => schema,
        }
    }

    /// The next rows; none at the end.
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>, Broken> {
        match &mut self.from {
            From::Arrow(batches) => batches.next_batch(),
            From::Parquet { reader, taken, all, .. } => {
                let next = guarded(|| reader.next().transpose().map_err(|fault| fault.to_string()));
                let batch = next.map_err(Broken::said)?;
                match &batch {
                    Some(batch) => *taken += batch.num_rows() as u64,
                    None if taken != all => {
                        return Err(Broken::Reason(Text::new(
                            format!("说有 {all} 行，只有 {taken} 行"),
                            format!("it says {all} rows and has {taken}"),
                        )));
                    }
                    None => {}
                }
                Ok(batch)
            }
        }
    }

    /// About how many bytes were taken.
    pub(crate) fn taken(&self) -> u64 {
        match &self.from {
            From::Arrow(batches) => batches.taken(),
            From::Parquet { all, taken, .. } => {
                let part = u128::from(self.size.unwrap_or(0)) * u128::from(*taken) / u128::from((*all).max(1));
                u64::try_from(part).unwrap_or(u64::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::sink::{Sink, To};
    use arrow_array::{
        ArrayRef, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, StringArray, types::Int8Type,
    };
    use arrow_ipc::{
        CompressionType,
        writer::{IpcWriteOptions, StreamWriter},
    };
    use std::{
        io::{Cursor, Write},
        sync::Arc,
    };

    const ROWS: usize = 40;

    fn table() -> RecordBatch {
        let texts: StringArray = (0..ROWS).map(|row| (row % 3 > 0).then(|| format!("申请人{row:03}"))).collect();
        let money: Decimal128Array = (0..ROWS).map(|row| i128::try_from(row * row).ok()).collect();
        let money = money.with_precision_and_scale(38, 2).expect("a decimal");
        let counts: Int64Array = (0..ROWS).map(|row| i64::try_from(row).ok()).collect();
        let words: DictionaryArray<Int8Type> = (0..ROWS).map(|row| Some(["甲类", "乙类"][row % 2])).collect();
        let columns: [(&str, ArrayRef); 4] = [
            ("name", Arc::new(texts)),
            ("money", Arc::new(money)),
            ("count", Arc::new(counts)),
            ("kind", Arc::new(words)),
        ];
        let rows = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)));
        rows.expect("columns of one length")
    }

    fn written(to: To) -> Vec<u8> {
        let (rows, mut out) = (table(), Vec::new());
        let mut sink = Sink::new(to, &mut out, rows.schema()).expect("a table");
        sink.write(&rows.slice(0, 25)).expect("rows");
        sink.write(&rows.slice(25, 15)).expect("rows");
        sink.finish().expect("an end");
        out
    }

    /// A stream as other programs may write it.
    fn packed(by: CompressionType) -> Vec<u8> {
        let options = IpcWriteOptions::default().try_with_compression(Some(by)).expect("options");
        let (rows, mut out) = (table(), Vec::new());
        let mut writer = StreamWriter::try_new_with_options(&mut out, &rows.schema(), options).expect("a stream");
        writer.write(&rows).and_then(|()| writer.finish()).expect("rows");
        drop(writer);
        out
    }

    /// How many rows are there; none where the table is refused.
    fn rows(to: To, bytes: &[u8]) -> Option<usize> {
        let table = if to == To::Parquet {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(bytes).expect("bytes");
            Table::parquet(file)
        } else {
            Table::arrow(Box::new(Cursor::new(bytes.to_vec())), None)
        };
        let (mut table, mut rows) = (table.ok()?, 0);
        while let Some(batch) = table.next_batch().ok()? {
            rows += batch.num_rows();
        }
        Some(rows)
    }

    #[test]
    fn a_table_that_is_cut_off_is_refused() {
        for to in [To::Parquet, To::ArrowFile, To::ArrowStream] {
            let whole = written(to);
            assert_eq!(rows(to, &whole), Some(ROWS), "{to:?}");
            for end in 0..whole.len() {
                let found = rows(to, &whole[..end]);
                // A stream may end between two messages; nobody can tell that from its end.
                let between = to == To::ArrowStream && matches!(found, Some(0 | 25 | ROWS));
                assert!(found.is_none() || between, "{to:?} {end} {found:?}");
            }
        }
    }

    #[test]
    fn no_byte_stops_the_program() {
        let own = [To::Parquet, To::ArrowFile, To::ArrowStream].map(|to| (to, written(to)));
        let packed = [CompressionType::LZ4_FRAME, CompressionType::ZSTD].map(|by| (To::ArrowStream, packed(by)));
        for (to, whole) in own.into_iter().chain(packed) {
            assert_eq!(rows(to, &whole), Some(ROWS));
            for at in 0..whole.len() {
                for change in [0xFF, 0x01, 0x80] {
                    let mut bytes = whole.clone();
                    bytes[at] ^= change;
                    // Refused or read, and never a panic.
                    let _ = rows(to, &bytes);
                }
            }
        }
    }
}
