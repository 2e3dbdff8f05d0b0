//! The question that is put to the engine: every row of a folder of Parquet, its results behind it.

use crate::{
    findings,
    function::{Decide, NAME},
    policy::Known,
};
use datafusion::{
    arrow::{
        array::{AsArray, RecordBatch},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    common::{Column, DataFusionError, Result},
    dataframe::DataFrame,
    logical_expr::{Expr, cast, lit},
    prelude::{ParquetReadOptions, SessionContext},
    scalar::ScalarValue,
};
use kaoping_batch::{Binding, Pick};
use kaoping_sheets::Header;
use kaoping_terms::Report;
use std::sync::Arc;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A file or a folder of Parquet that every machine reads under this name.
    pub table: String,
    /// Columns that come out; none: all of the table and every result.
    pub select: Option<Vec<String>>,
    /// Columns of the table by which rows are sorted.
    pub key: Vec<String>,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum Unplanned {
    /// The table does not fit the decision.
    Unfit(Report),
    /// The engine refuses.
    Engine(Box<DataFusionError>),
}

impl From<DataFusionError> for Unplanned {
    fn from(fault: DataFusionError) -> Self {
        Unplanned::Engine(Box::new(fault))
    }
}

/// What the engine is asked, and how its answer is read.
#[derive(Debug)]
pub struct Plan {
    rows: DataFrame,
    /// The columns that come out.
    schema: SchemaRef,
    from: Vec<Place>,
}

/// Where a column that comes out stands in the answer.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Among the columns of the table.
    Table(usize),
    /// Among the results, which are the last column.
    Results(usize),
}

/// The plan of a question: columns as `kaoping compute` gives them, and behind them why a row has no
/// results.
///
/// # Errors
/// The table cannot be read or does not fit the decision, a column to sort by is not there.
pub async fn plan(context: &SessionContext, known: &'static Known, asked: &Question) -> Result<Plan, Unplanned> {
    let table = context.read_parquet(&asked.table, ParquetReadOptions::default()).await?;
    let schema = table.schema().as_arrow().clone();
    let header = Header::new(schema.fields().iter().map(|head| head.name().as_str()));
    let binding = Binding::new(known.decider(), &header, asked.select.as_deref()).map_err(Unplanned::Unfit)?;
    let keys = checked(&schema, &binding, known, &asked.key).map_err(Unplanned::Unfit)?;

    // Once each: what comes out and what is sorted by.
    let kept = binding.picks.iter().filter_map(|pick| if let Pick::Kept(at) = pick { Some(*at) } else { None });
    let mut kept: Vec<usize> = kept.chain(keys.iter().copied()).collect();
    kept.sort_unstable();
    kept.dedup();
    let place = |at: usize| kept.binary_search(&at).unwrap_or(0);
    let (mut names, mut from) = (Vec::new(), Vec::new());
    for pick in &binding.picks {
        from.push(match pick {
            Pick::Kept(at) => Place::Table(place(*at)),
            // An amount is one column however it is called.
            Pick::Result { at, coded } => {
                let name = known.called(*at, *coded).unwrap_or_default();
                Place::Results(names.iter().position(|known| *known == name).unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                }))
            }
        });
    }
    from.push(Place::Results(names.len()));

    let column = |at: usize| Expr::Column(Column::new_unqualified(schema.field(at).name()));
    let figures = known.decider().fields().iter().zip(&binding.fields).filter(|(field, _)| !field.is_text());
    let figures = figures.map(|(_, at)| at.map_or_else(|| Expr::Literal(ScalarValue::Null, None), column));
    let arguments = [lit(names.join(","))].into_iter().chain(figures).collect();
    let decided = Decide::function(known).call(arguments).alias(NAME);
    let plain = |at: usize| match schema.field(at).data_type() {
        DataType::Dictionary(_, values) => cast(column(at), values.as_ref().clone()).alias(schema.field(at).name()),
        _ => column(at),
    };
    let rows = table.select(kept.iter().map(|at| plain(*at)).chain([decided]).collect::<Vec<_>>())?;
    let rows = rows.sort(keys.iter().map(|at| column(*at).sort(true, false)).collect())?;

    let heads = binding.heads().iter().map(String::as_str).chain([known.why()]);
    let schema = made(rows.schema().as_arrow(), &from, heads)?;
    Ok(Plan { rows, schema, from })
}

/// The positions of the columns to sort by.
fn checked(schema: &Schema, binding: &Binding, known: &Known, keys: &[String]) -> Result<Vec<usize>, Report> {
    let mut report = Report::new();
    if binding.heads().iter().any(|head| head == known.why()) {
        report.push(findings::why_taken(known.why()));
    }
    let mut found = Vec::new();
    for key in keys {
        match schema.index_of(key) {
            Ok(at) => found.push(at),
            Err(_) => report.push(findings::key_unknown(key, schema.fields().iter().map(|head| head.name().as_str()))),
        }
    }
    if report.has_errors() { Err(report) } else { Ok(found) }
}

/// The columns that come out, named so.
fn made<'h>(answer: &Schema, from: &[Place], heads: impl Iterator<Item = &'h str>) -> Result<SchemaRef> {
    let results = match answer.fields().last().map(|last| last.data_type()) {
        Some(DataType::Struct(fields)) => fields.clone(),
        _ => return Err(odd()),
    };
    let field = |(from, name): (&Place, &str)| {
        let (Place::Table(at) | Place::Results(at)) = from;
        let fields = if matches!(from, Place::Table(_)) { answer.fields() } else { &results };
        fields.get(*at).map(|field| Field::clone(field).with_name(name).with_nullable(true)).ok_or_else(odd)
    };
    let fields: Result<Vec<Field>> = from.iter().zip(heads).map(field).collect();
    Ok(Arc::new(Schema::new(fields?)))
}

fn odd() -> DataFusionError {
    DataFusionError::Internal("the answer has other columns than were asked for".to_owned())
}

impl Plan {
    /// The columns that come out.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What the engine is asked.
    pub fn rows(&self) -> &DataFrame {
        &self.rows
    }

    /// Rows of the answer as they come out.
    ///
    /// # Errors
    /// The answer has other columns than were asked for.
    pub fn flat(&self, answer: &RecordBatch) -> Result<RecordBatch> {
        let results = answer.columns().last().and_then(|last| last.as_struct_opt()).ok_or_else(odd)?;
        let column = |from: &Place| match from {
            Place::Table(at) => answer.columns().get(*at).cloned().ok_or_else(odd),
            Place::Results(at) => results.columns().get(*at).cloned().ok_or_else(odd),
        };
        let columns: Result<Vec<_>> = self.from.iter().map(column).collect();
        Ok(RecordBatch::try_new(self.schema.clone(), columns?)?)
    }
}
