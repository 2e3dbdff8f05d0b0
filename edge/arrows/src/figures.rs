//! Columns of Arrow become figures.

use crate::findings;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray,
    cast::AsArray,
    types::{
        Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Int8Type, Int16Type,
        Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{ArrowError, DataType, Schema};
use arrow_select::take::take;
use kaoping_batch::Job;
use kaoping_cells::{Refusal, findings::expected};
use kaoping_decide::{Cells, Field, Reading};
use kaoping_program::{Kind, Numerators};
use kaoping_scheme::Standard;
use kaoping_terms::{Exact, Report};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// What was read of a column: the figures, and the rows whose cell is refused.
pub(crate) struct Read {
    pub(crate) cells: Cells,
    pub(crate) refused: Vec<(usize, Refusal)>,
}

/// Whether a column of a type, no dictionary, can hold figures of a kind: binary floats never, because most
/// decimals are none of them.
fn suits(kind: &Kind, data_type: &DataType) -> bool {
    let text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null);
    match data_type {
        _ if text => true,
        _ => match kind {
            Kind::Number(_) => data_type.is_integer() || data_type.is_decimal(),
            Kind::Word(_) => data_type.is_integer(),
            Kind::Truth => data_type.is_integer() || *data_type == DataType::Boolean,
            Kind::Day => matches!(data_type, DataType::Date32 | DataType::Date64),
            Kind::Text => true,
        },
    }
}

/// Whether the columns that are read are of types that suit.
pub(crate) fn fitting(job: Job<'_>, schema: &Schema) -> Result<(), Report> {
    let mut report = Report::new();
    for (field, column) in job.decider.fields().iter().zip(&job.binding.fields) {
        let Some(head) = column.and_then(|column| schema.fields().get(column)) else { continue };
        if suits(&field.kind, head.data_type()) {
            continue;
        }
        report.push(if head.data_type().is_floating() {
            findings::float_column(head.name(), head.data_type())
        } else {
            let expected = expected(&field.kind, &job.decider.standard().program);
            findings::column_type(head.name(), head.data_type(), &expected)
        });
    }
    if report.has_errors() { Err(report) } else { Ok(()) }
}

/// A column with its values in place of positions in a dictionary.
pub(crate) fn unpacked(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match array.as_any_dictionary_opt() {
        Some(dictionary) => take(dictionary.values().as_ref(), dictionary.keys(), None),
        None => Ok(array.clone()),
    }
}

/// Reads a column that suits its field, without a dictionary.
pub(crate) fn read(field: &Field, array: &dyn Array, standard: &Standard) -> Read {
    if field.is_text() {
        // Carried and never computed.
        let cells = Cells::known(Numerators::Short(vec![0; array.len()]), 0).unwrap_or_default();
        return Read { cells, refused: Vec::new() };
    }
    let number = matches!(field.kind, Kind::Number(_));
    let texts = |get: &dyn Fn(usize) -> String| each(array, |row| field.read(get(row).trim(), standard));
    match array.data_type() {
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            each(array, |row| field.read(array.value(row).trim(), standard))
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            each(array, |row| field.read(array.value(row).trim(), standard))
        }
        DataType::Utf8View => {
            let array = array.as_string_view();
            each(array, |row| field.read(array.value(row).trim(), standard))
        }
        DataType::Boolean => {
            let array = array.as_boolean();
            each(array, |row| Ok(Reading::Short(i64::from(array.value(row)), 0)))
        }
        DataType::Date32 => {
            let array = array.as_primitive::<Date32Type>();
            each(array, |row| day(i64::from(array.value(row))))
        }
        DataType::Date64 => {
            let array = array.as_primitive::<Date64Type>();
            each(array, |row| {
                let moment = array.value(row);
                if moment % DAY == 0 { day(moment / DAY) } else { Err(Refusal::Unreadable) }
            })
        }
        // Codes of words, 1 and 0 of truths.
        data_type if data_type.is_integer() && !number => {
            texts(&|row| crate::texts::text(array, row).unwrap_or_default())
        }
        DataType::Int8 => numbers(field, array.as_primitive::<Int8Type>(), 0, |n| Some(i128::from(n))),
        DataType::Int16 => numbers(field, array.as_primitive::<Int16Type>(), 0, |n| Some(i128::from(n))),
        DataType::Int32 => numbers(field, array.as_primitive::<Int32Type>(), 0, |n| Some(i128::from(n))),
        DataType::Int64 => numbers(field, array.as_primitive::<Int64Type>(), 0, |n| Some(i128::from(n))),
        DataType::UInt8 => numbers(field, array.as_primitive::<UInt8Type>(), 0, |n| Some(i128::from(n))),
        DataType::UInt16 => numbers(field, array.as_primitive::<UInt16Type>(), 0, |n| Some(i128::from(n))),
        DataType::UInt32 => numbers(field, array.as_primitive::<UInt32Type>(), 0, |n| Some(i128::from(n))),
        DataType::UInt64 => numbers(field, array.as_primitive::<UInt64Type>(), 0, |n| Some(i128::from(n))),
        DataType::Decimal32(_, s) => numbers(field, array.as_primitive::<Decimal32Type>(), *s, |n| Some(i128::from(n))),
        DataType::Decimal64(_, s) => numbers(field, array.as_primitive::<Decimal64Type>(), *s, |n| Some(i128::from(n))),
        DataType::Decimal128(_, s) => numbers(field, array.as_primitive::<Decimal128Type>(), *s, Some),
        DataType::Decimal256(_, s) => {
            numbers(field, array.as_primitive::<Decimal256Type>(), *s, arrow_buffer::i256::to_i128)
        }
        // Null; other types were refused when the table was opened.
        _ => Read { cells: Cells::missing(array.len()), refused: Vec::new() },
    }
}

fn day(number: i64) -> Result<Reading, Refusal> {
    let day = i32::try_from(number).ok().and_then(kaoping_terms::Day::from_number);
    day.map(|day| Reading::Short(i64::from(day.number()), 0)).ok_or(Refusal::Unreadable)
}

/// Reads cell by cell.
fn each(array: &dyn Array, read: impl Fn(usize) -> Result<Reading, Refusal>) -> Read {
    let (mut cells, mut refused) = (Cells::default(), Vec::new());
    for row in 0..array.len() {
        match if array.is_null(row) { Ok(Reading::Missing) } else { read(row) } {
            Ok(Reading::Short(mantissa, places)) => cells.push(mantissa, places),
            Ok(Reading::Long(figure)) => cells.push_exact(figure),
            Ok(Reading::Missing) => cells.push_missing(),
            Err(refusal) => {
                cells.push_missing();
                refused.push((row, refusal));
            }
        }
    }
    Read { cells, refused }
}

/// Reads numbers of `10^-places`: all at once where each is there and lies within, else one by one.
fn numbers<T: ArrowPrimitiveType>(
    field: &Field,
    array: &PrimitiveArray<T>,
    places: i8,
    wide: impl Fn(T::Native) -> Option<i128>,
) -> Read {
    let short = u8::try_from(places).ok();
    if let Some(cells) = short.and_then(|places| all_at_once(field, array, places, &wide)) {
        return Read { cells, refused: Vec::new() };
    }
    each(array, |row| {
        let number = wide(array.value(row));
        let mantissa = number.and_then(|number| i64::try_from(number).ok());
        if let Some(reading) = mantissa.zip(short.filter(|places| *places <= 18)).and_then(|(m, p)| field.short(m, p)) {
            return Ok(reading);
        }
        let exact = match (number, short) {
            (Some(number), Some(places)) => Some(Exact::decimal(number, u32::from(places))),
            (Some(number), None) => {
                let tens = 10i128.checked_pow(u32::from(places.unsigned_abs()));
                tens.and_then(|tens| Exact::ratio(number, 1).zip(Exact::ratio(tens, 1))).map(|(n, tens)| &n * &tens)
            }
            (None, _) => crate::texts::text(array, row).and_then(|text| Exact::parse(&text)),
        };
        exact.map_or(Err(Refusal::Unreadable), |exact| field.figure(&exact))
    })
}

fn all_at_once<T: ArrowPrimitiveType>(
    field: &Field,
    array: &PrimitiveArray<T>,
    places: u8,
    wide: impl Fn(T::Native) -> Option<i128>,
) -> Option<Cells> {
    if array.null_count() > 0 || array.is_empty() {
        return None;
    }
    let (mut low, mut high, mut fit) = (i64::MAX, i64::MIN, true);
    let short = |number: &T::Native| {
        let short = wide(*number).and_then(|number| i64::try_from(number).ok());
        fit &= short.is_some();
        let short = short.unwrap_or(0);
        (low, high) = (low.min(short), high.max(short));
        short
    };
    let short: Vec<i64> = array.values().iter().map(short).collect();
    let taken = fit && places <= 18 && field.allows_between(low, high, places);
    taken.then(|| Cells::known(Numerators::Long(short), places)).flatten()
}
