//! What columns come out: their types follow from the policy and the table, never from the figures.

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, builder::StringBuilder,
};
use arrow_schema::{DataType, Field as Head};
use kaoping_batch::{Job, Pick, Unfit, Written, number};
use kaoping_decide::{Answer, Cells, Field, Given, ResultColumn, ResultKind};
use kaoping_program::{Kind, Numerators};
use kaoping_terms::{Exact, Measure, Text, measure::YUAN};
use std::sync::Arc;

/// The most digits a decimal of 128 bits has.
const PRECISION: u8 = 38;

/// Digits after the point where the policy does not say how many.
const OPEN_END: u8 = 12;

/// What values a column that comes out has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Whole numbers.
    Whole,
    /// Decimals of so many places.
    Decimal(u8),
    /// Yes or no.
    Truth,
    /// Days.
    Day,
    /// Words of a list.
    Words,
    /// Anything else, as it is written in CSV.
    Text,
}

impl Form {
    /// Numbers of a unit with so many digits after the point; where that depends on the figures,
    /// there is room for twelve. Ratios are written with their sign.
    fn of_number(measure: &Measure, places: Option<u32>) -> Form {
        let money = *measure == Measure::noun(YUAN);
        let places = places.and_then(|places| u8::try_from(places).ok()).filter(|places| *places <= OPEN_END);
        match places.unwrap_or(OPEN_END) {
            _ if measure.is_ratio() => Form::Text,
            0 if !money => Form::Whole,
            places => Form::Decimal(if money { places.max(2) } else { places }),
        }
    }

    /// What a result comes out as.
    pub(crate) fn of_result(result: &ResultColumn) -> Form {
        match &result.kind {
            ResultKind::Outcome(_) | ResultKind::Word(_) => Form::Words,
            ResultKind::Number(measure) => Form::of_number(measure, result.places),
            ResultKind::Truth => Form::Truth,
            ResultKind::Day => Form::Day,
        }
    }

    /// What a reported figure comes out as where it was text before; words as they were written.
    pub(crate) fn of_field(field: &Field) -> Form {
        match &field.kind {
            Kind::Number(measure) => Form::of_number(measure, field.places),
            Kind::Truth => Form::Truth,
            Kind::Day => Form::Day,
            Kind::Word(_) | Kind::Text => Form::Text,
        }
    }

    /// The column of a table of columns.
    pub(crate) fn head(&self, name: &str) -> Head {
        let data_type = match self {
            Form::Whole => DataType::Int64,
            Form::Decimal(places) => DataType::Decimal128(PRECISION, i8::try_from(*places).unwrap_or(0)),
            Form::Truth => DataType::Boolean,
            Form::Day => DataType::Date32,
            Form::Words | Form::Text => DataType::Utf8,
        };
        Head::new(name, data_type, true)
    }

    fn places(&self) -> u8 {
        if let Form::Decimal(places) = self { *places } else { 0 }
    }
}

/// A row whose number does not fit its column.
type Misfit = (u32, Exact);

/// A column of numbers: each as a count of `10^-places`, none where there is none.
fn column(form: &Form, counts: Vec<Option<i128>>) -> ArrayRef {
    match form {
        Form::Decimal(places) => {
            let scale = i8::try_from(*places).unwrap_or(0);
            let decimals: Decimal128Array = counts.into_iter().collect();
            // Every count was found to have at most so many digits.
            let decimals = decimals.with_precision_and_scale(PRECISION, scale);
            decimals.map_or_else(|_| Arc::new(Decimal128Array::new_null(0)) as ArrayRef, |array| Arc::new(array))
        }
        Form::Truth => Arc::new(counts.iter().map(|count| Some((*count)? != 0)).collect::<BooleanArray>()),
        Form::Day => Arc::new(counts.iter().map(|count| i32::try_from((*count)?).ok()).collect::<Date32Array>()),
        _ => Arc::new(counts.iter().map(|count| i64::try_from((*count)?).ok()).collect::<Int64Array>()),
    }
}

/// A number as a count of `10^-places`, if it is one that fits.
fn count(value: &Exact, form: &Form) -> Option<i128> {
    let (above, below) = value.parts()?;
    let scaled = above.checked_mul(10i128.checked_pow(u32::from(form.places()))?)?;
    (scaled % below == 0).then_some(scaled / below).filter(|count| fits(*count, form))
}

fn fits(count: i128, form: &Form) -> bool {
    match form {
        Form::Decimal(_) => count.unsigned_abs() < 10u128.pow(u32::from(PRECISION)),
        _ => i64::try_from(count).is_ok(),
    }
}

/// A result of the rows at hand, and the rows whose number does not fit.
fn result(
    (result, form): (&ResultColumn, &Form),
    answer: &Answer,
    written: Option<&Written<'_>>,
) -> (ArrayRef, Vec<Misfit>) {
    let rows = u32::try_from(answer.len()).unwrap_or(u32::MAX);
    let mut misfits = Vec::new();
    if *form == Form::Words {
        let mut words = StringBuilder::new();
        for row in 0..rows {
            let word = written.map_or("", |written| written.word(row));
            words.append_option(Some(word).filter(|word| !word.is_empty()));
        }
        return (Arc::new(words.finish()), misfits);
    }
    let value = |row: u32| answer.cell(row).value;
    if *form == Form::Text {
        let text = |row| value(row).zip(result.measure()).map(|(value, measure)| number(&value, measure, 0));
        return (Arc::new((0..rows).map(text).collect::<StringArray>()), misfits);
    }
    let of = |value: &Exact| match result.measure() {
        Some(measure) => measure.count(value),
        None => value.clone(),
    };
    let same = result.measure().is_none_or(|measure| measure.count(&Exact::one()) == Exact::one());
    let unit = 10i128.pow(u32::from(form.places()));
    let below = i128::from(answer.denominator());
    // A denominator that divides the unit leaves nothing over.
    let factor = (same && unit % below == 0).then_some(unit / below);
    let mut counts = Vec::with_capacity(rows as usize);
    for row in 0..rows {
        let found = match (answer.get(row), factor) {
            (Given::Short(above), Some(factor)) => {
                i128::from(above).checked_mul(factor).filter(|count| fits(*count, form)).ok_or(())
            }
            (Given::Cell(cell), _) if cell.value.is_none() => {
                counts.push(None);
                continue;
            }
            _ => value(row).and_then(|value| count(&of(&value), form)).ok_or(()),
        };
        if found.is_err() {
            misfits.push((row, value(row).map(|value| of(&value)).unwrap_or_else(Exact::zero)));
        }
        counts.push(found.ok());
    }
    (column(form, counts), misfits)
}

/// A reported figure of the rows at hand, and the rows whose figure does not fit.
pub(crate) fn figures(field: &Field, form: &Form, cells: &Cells) -> (ArrayRef, Vec<Misfit>) {
    let (mut counts, mut misfits) = (Vec::with_capacity(cells.len()), Vec::new());
    let plain = field.written(&Exact::one()) == Some(Exact::one());
    let more = form.places().checked_sub(cells.places()).filter(|_| plain);
    let factor = more.map(|more| 10i128.pow(u32::from(more)));
    let numbers = match cells.numbers() {
        Numerators::Long(numbers) => numbers.as_slice(),
        Numerators::Short(_) => &[],
    };
    for row in 0..u32::try_from(cells.len()).unwrap_or(u32::MAX) {
        let quick = factor.filter(|_| !cells.is_odd(row)).zip(numbers.get(row as usize));
        if let Some(count) = quick.map(|(factor, number)| i128::from(*number) * factor).filter(|c| fits(*c, form)) {
            counts.push(Some(count));
            continue;
        }
        let figure = cells.figure(row).and_then(|figure| field.written(&figure));
        let found = figure.as_ref().and_then(|figure| count(figure, form));
        if let (Some(figure), None) = (figure, found) {
            misfits.push((row, figure));
        }
        counts.push(found);
    }
    (column(form, counts), misfits)
}

/// The results of the rows at hand by their place in what comes out, and what does not fit.
pub(crate) fn results(job: Job<'_>, answers: &[Answer]) -> (Vec<Option<ArrayRef>>, Vec<Unfit>) {
    let written = Written::all(job, answers);
    let mut unfit = Vec::new();
    let made = job.binding.picks.iter().zip(&written).map(|(pick, written)| {
        let Pick::Result { at, .. } = pick else { return None };
        let (column, answer) = (job.decider.results().get(*at)?, answers.get(*at)?);
        let form = Form::of_result(column);
        let (array, misfits) = result((column, &form), answer, written.as_ref());
        unfit.extend(misfits.into_iter().map(|misfit| told(misfit, &column.name, &form, false)));
        Some(array)
    });
    (made.collect(), unfit)
}

/// Why a number does not fit its column: one of the table that is kept, or a result.
pub(crate) fn told((row, value): Misfit, name: &str, form: &Form, kept: bool) -> Unfit {
    let shown = value.to_plain(0).unwrap_or_else(|| value.to_fraction());
    let (zh, en) = match form {
        Form::Decimal(places) => (
            format!("这一栏是 {places} 位小数，整数不过 {} 位", PRECISION - places),
            format!("the column has {places} digits after the point and {} before it", PRECISION - places),
        ),
        _ => ("这一栏是整数，不过 19 位".to_owned(), "the column has whole numbers of 64 bits".to_owned()),
    };
    let (next_zh, next_en) = if kept {
        ("核对这个数；要更细就在方案里写明 级", "check the figure; for finer ones declare a step in the policy")
    } else {
        ("在方案里写明 取到，或输出成 CSV", "declare a rounding in the policy, or write CSV")
    };
    let why = Text::new(
        format!("“{name}”是 {shown}，放不下也不舍入：{zh}；{next_zh}"),
        format!("`{name}` is {shown}, which does not fit and is not rounded: {en}; {next_en}"),
    );
    Unfit { row, column: name.to_owned(), value: shown, why }
}
