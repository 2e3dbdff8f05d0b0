//! Cells of Arrow as text, to the last digit.

use arrow_array::{
    Array, PrimitiveArray,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, ArrowTemporalType, ArrowTimestampType, Date32Type, Date64Type, Decimal32Type,
        Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
        Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
        UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};
use std::fmt::{Debug, Display};

/// Whether cells of a type have a text; dictionaries were unpacked.
pub(crate) fn has_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null => true,
        DataType::Date32 | DataType::Date64 | DataType::Time32(_) | DataType::Time64(_) => true,
        DataType::Timestamp(_, _) => true,
        _ => data_type.is_integer() || data_type.is_decimal() || data_type.is_floating(),
    }
}

/// The text of a cell that is there and has one. A moment with a zone is told in UTC, with a Z.
pub(crate) fn text(array: &dyn Array, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Some(array.as_string_view().value(row).to_owned()),
        DataType::Boolean => Some(array.as_boolean().value(row).to_string()),
        DataType::Int8 => plain::<Int8Type>(array, row),
        DataType::Int16 => plain::<Int16Type>(array, row),
        DataType::Int32 => plain::<Int32Type>(array, row),
        DataType::Int64 => plain::<Int64Type>(array, row),
        DataType::UInt8 => plain::<UInt8Type>(array, row),
        DataType::UInt16 => plain::<UInt16Type>(array, row),
        DataType::UInt32 => plain::<UInt32Type>(array, row),
        DataType::UInt64 => plain::<UInt64Type>(array, row),
        // The shortest digits that are this float and no other.
        DataType::Float16 => float::<Float16Type>(array, row),
        DataType::Float32 => float::<Float32Type>(array, row),
        DataType::Float64 => float::<Float64Type>(array, row),
        DataType::Decimal32(_, _) => Some(array.as_primitive::<Decimal32Type>().value_as_string(row)),
        DataType::Decimal64(_, _) => Some(array.as_primitive::<Decimal64Type>().value_as_string(row)),
        DataType::Decimal128(_, _) => Some(array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(_, _) => Some(array.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Date32 => date::<Date32Type>(array, row),
        DataType::Date64 => date::<Date64Type>(array, row),
        DataType::Time32(TimeUnit::Second) => time::<Time32SecondType>(array, row),
        DataType::Time32(_) => time::<Time32MillisecondType>(array, row),
        DataType::Time64(TimeUnit::Microsecond) => time::<Time64MicrosecondType>(array, row),
        DataType::Time64(_) => time::<Time64NanosecondType>(array, row),
        DataType::Timestamp(unit, zone) => {
            let moment = match unit {
                TimeUnit::Second => moment::<TimestampSecondType>(array, row),
                TimeUnit::Millisecond => moment::<TimestampMillisecondType>(array, row),
                TimeUnit::Microsecond => moment::<TimestampMicrosecondType>(array, row),
                TimeUnit::Nanosecond => moment::<TimestampNanosecondType>(array, row),
            };
            moment.map(|moment| if zone.is_some() { moment + "Z" } else { moment })
        }
        _ => None,
    }
}

fn plain<T: ArrowPrimitiveType<Native: Display>>(array: &dyn Array, row: usize) -> Option<String> {
    Some(array.as_primitive::<T>().value(row).to_string())
}

fn float<T: ArrowPrimitiveType<Native: Debug>>(array: &dyn Array, row: usize) -> Option<String> {
    Some(format!("{:?}", array.as_primitive::<T>().value(row)))
}

fn date<T: ArrowTemporalType>(array: &dyn Array, row: usize) -> Option<String>
where
    i64: From<T::Native>,
{
    array.as_primitive::<T>().value_as_date(row).map(|day| day.to_string())
}

fn time<T: ArrowTemporalType>(array: &dyn Array, row: usize) -> Option<String>
where
    i64: From<T::Native>,
{
    array.as_primitive::<T>().value_as_time(row).map(|time| time.to_string())
}

fn moment<T: ArrowTimestampType>(array: &dyn Array, row: usize) -> Option<String> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    array.value_as_datetime(row).map(|moment| format!("{moment:?}"))
}
