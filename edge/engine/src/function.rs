//! The decision as a function of the engine: figures in, a structure of results out, and in it why a
//! row has none.

use crate::policy::Known;
use datafusion::{
    arrow::{
        array::{ArrayRef, RecordBatch, RecordBatchOptions, StructArray},
        datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef},
    },
    common::{DataFusionError, Result, ScalarValue},
    logical_expr::{
        ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
    },
};
use kaoping_arrows::EachRow;
use kaoping_batch::Stopped;
use kaoping_decide::Scratch;
use kaoping_terms::Report;
use std::{
    hash::{Hash, Hasher},
    sync::{Arc, Mutex},
};

/// What the function is called.
pub const NAME: &str = "decide";

/// The decision as a function: `decide('result,…', figure, …)`, the results that are wanted named as
/// `compute --select` names them, the figures in the order of the policy.
#[derive(Debug)]
pub struct Decide {
    known: &'static Known,
    signature: Signature,
    /// Code that earlier rows left, for whoever comes next.
    scratches: Mutex<Vec<Scratch>>,
}

impl Decide {
    /// The function of a decision.
    pub fn function(known: &'static Known) -> Arc<ScalarUDF> {
        let signature = Signature::any(1 + known.figures().count(), Volatility::Immutable);
        Arc::new(ScalarUDF::new_from_impl(Decide { known, signature, scratches: Mutex::default() }))
    }

    /// The decision it makes.
    pub fn known(&self) -> &'static Known {
        self.known
    }

    /// The decision over figures of those types.
    fn over<'t>(
        &self,
        wanted: Option<&ScalarValue>,
        types: impl Iterator<Item = &'t DataType>,
    ) -> Result<(SchemaRef, EachRow<'static>)> {
        let Some(Some(names)) = wanted.and_then(ScalarValue::try_as_str) else {
            let told = format!("{NAME}: the first argument names the results, as in 'benefit,status'");
            return Err(DataFusionError::Plan(told));
        };
        let select: Vec<String> = names.split(',').map(str::to_owned).collect();
        let heads = self.known.figures().zip(types);
        let heads = heads.map(|(field, data_type)| Field::new(&field.name, data_type.clone(), true));
        let columns: SchemaRef = Arc::new(Schema::new(heads.collect::<Vec<_>>()));
        let each = EachRow::new(self.known.decider(), &columns, &select, self.known.lang());
        Ok((columns, each.map_err(|report| DataFusionError::Plan(self.told(report)))?))
    }

    fn given(&self, each: &EachRow<'_>) -> Fields {
        let why: FieldRef = Arc::new(Field::new(self.known.why(), DataType::Utf8, true));
        each.results().fields().iter().cloned().chain([why]).collect()
    }

    /// Findings in a line.
    fn told(&self, report: Report) -> String {
        let lang = self.known.lang();
        let told = |finding: &kaoping_terms::Diagnostic| {
            format!("{}: {}; {}", finding.name, finding.message.get(lang), finding.why.get(lang))
        };
        report.into_sorted().iter().map(told).collect::<Vec<_>>().join("; ")
    }

    fn stopped(&self, stopped: Stopped) -> DataFusionError {
        DataFusionError::Execution(match stopped {
            Stopped::Unfit { report, .. } => self.told(report),
            Stopped::Broken(fault) => fault.to_string(),
            Stopped::Unwritten(fault) => fault.to_string(),
            Stopped::Unreadable(fault) => fault.diagnostic(NAME).message.get(self.known.lang()).to_owned(),
        })
    }
}

impl ScalarUDFImpl for Decide {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Err(DataFusionError::Internal(format!("{NAME}: of what type its results are depends on their names")))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let wanted = args.scalar_arguments.first().copied().flatten();
        let (_, each) = self.over(wanted, args.arg_fields.iter().skip(1).map(|field| field.data_type()))?;
        Ok(Arc::new(Field::new(NAME, DataType::Struct(self.given(&each)), false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let count = args.number_rows;
        let wanted = match args.args.first() {
            Some(ColumnarValue::Scalar(names)) => Some(names),
            _ => None,
        };
        let columns: Result<Vec<ArrayRef>> = args.args.iter().skip(1).map(|value| value.to_array(count)).collect();
        let columns = columns?;
        let (schema, each) = self.over(wanted, columns.iter().map(|column| column.data_type()))?;
        let size = RecordBatchOptions::new().with_row_count(Some(count));
        let rows = RecordBatch::try_new_with_options(schema, columns, &size)?;
        let mut scratch = self.scratches.lock().ok().and_then(|mut kept| kept.pop()).unwrap_or_default();
        let answered = each.decide(&rows, &mut scratch).map_err(|stopped| self.stopped(stopped))?;
        if let Ok(mut kept) = self.scratches.lock() {
            kept.push(scratch);
        }
        let mut arrays = answered.results;
        arrays.push(Arc::new(answered.why));
        Ok(ColumnarValue::Array(Arc::new(StructArray::try_new(self.given(&each), arrays, None)?)))
    }
}

impl PartialEq for Decide {
    fn eq(&self, other: &Self) -> bool {
        self.known.fingerprint() == other.known.fingerprint()
    }
}

impl Eq for Decide {}

impl Hash for Decide {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.known.fingerprint().hash(state);
    }
}

/// What stands for the function of another policy at a node: it refuses every row, and says why.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Refusing {
    why: String,
    signature: Signature,
}

impl Refusing {
    /// A function that refuses for that reason.
    pub fn function(why: String) -> Arc<ScalarUDF> {
        let signature = Signature::variadic_any(Volatility::Immutable);
        Arc::new(ScalarUDF::new_from_impl(Refusing { why, signature }))
    }
}

impl ScalarUDFImpl for Refusing {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Err(DataFusionError::Plan(self.why.clone()))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Err(DataFusionError::Execution(self.why.clone()))
    }
}
