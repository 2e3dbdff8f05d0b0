//! Rows in memory through a decision, with an answer for each: for engines that hold the table
//! themselves and ask for columns as long as those they gave.

use crate::{
    bound::Bound,
    findings,
    from_columns::{Given, Way, made},
};
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt32Array, builder::StringBuilder};
use arrow_schema::SchemaRef;
use arrow_select::{concat::concat_batches, take::take};
use kaoping_batch::{Block, Reject, Stopped};
use kaoping_decide::{Decider, Scratch};
use kaoping_terms::{Lang, Report};

/// A decision over rows of certain columns.
#[derive(Debug)]
pub struct EachRow<'d> {
    bound: Bound<'d>,
    results: SchemaRef,
}

/// What rows came to, in their order.
#[derive(Debug)]
pub struct Answered {
    /// The results that were selected; null in rows that are rejected.
    pub results: Vec<ArrayRef>,
    /// Why a row is rejected; null where it is decided.
    pub why: StringArray,
}

impl<'d> EachRow<'d> {
    /// Finds the columns of a decision; `select` names results as `compute --select` does.
    ///
    /// # Errors
    /// Columns that are not there or of types that cannot be exact, names that are no results.
    pub fn new(
        decider: &'d Decider<'d>,
        columns: &SchemaRef,
        select: &[String],
        lang: Lang,
    ) -> Result<EachRow<'d>, Report> {
        let bound = Bound::new(decider, columns, Some(select), lang)?;
        let results = made(bound.job(), &bound.schema);
        Ok(EachRow { bound, results })
    }

    /// The columns of the results.
    pub fn results(&self) -> &SchemaRef {
        &self.results
    }

    /// Decides rows, one block after another in this thread. `scratch` is what an earlier call left.
    ///
    /// # Errors
    /// Columns of other types than were announced, a program that breaks the rules of its
    /// representation; never on account of a figure.
    pub fn decide(&self, rows: &RecordBatch, scratch: &mut Scratch) -> Result<Answered, Stopped> {
        let way = Way { job: self.bound.job(), schema: &self.bound.schema, made: Some(&self.results) };
        let block = Block::new(way.job, scratch).telling_all();
        let table =
            |fault: arrow_schema::ArrowError| findings::unreadable(crate::ipc::Broken::said(fault.to_string()), "");
        let part = way.all(rows, 0, block).map_err(|fault| fault.stopped(""))?;
        let mut rejects = part.told().to_vec();
        // Cells of a row are told as they are met, and rows with a result that is none block by block.
        rejects.sort_by_key(|reject| reject.line);
        let decided = match &part.out {
            Given::Columns(decided) => decided.as_slice(),
            // The way was told which columns come out.
            Given::Csv(_) => &[],
        };
        let decided = concat_batches(&self.results, decided).map_err(table)?;
        let (at, why) = places(rows.num_rows(), &rejects);
        let aligned = |column: &ArrayRef| take(column.as_ref(), &at, None).map_err(table);
        let results: Result<Vec<ArrayRef>, Stopped> = decided.columns().iter().map(aligned).collect();
        Ok(Answered { results: results?, why })
    }
}

/// For each row its place among those that were decided, and why it is not among them.
fn places(rows: usize, rejects: &[Reject]) -> (UInt32Array, StringArray) {
    let mut rejects = rejects.iter().peekable();
    let (mut at, mut why) = (Vec::with_capacity(rows), StringBuilder::new());
    let mut decided = 0u32;
    for row in 0..rows as u64 {
        let mut told = Vec::new();
        while let Some(reject) = rejects.next_if(|reject| reject.line == row) {
            told.push(format!("{} {}", reject.column, reject.why).trim().to_owned());
        }
        at.push(told.is_empty().then_some(decided));
        decided += u32::from(told.is_empty());
        why.append_option(Some(told.join("; ")).filter(|told| !told.is_empty()));
    }
    (UInt32Array::from(at), why.finish())
}

#[cfg(test)]
mod tests {
    use super::{EachRow, places};
    use arrow_array::{Array, RecordBatch, StringArray, UInt32Array, cast::AsArray, types::Decimal128Type};
    use arrow_schema::{DataType, Field, Schema};
    use kaoping_batch::Reject;
    use kaoping_decide::{Decider, Scratch};
    use kaoping_scheme::{Folder, Options, Policy, compile::compile, model::Standard};
    use kaoping_terms::Lang;
    use std::sync::Arc;

    /// A quotient that nothing rounds, and an amount that has no value where people are none.
    const POLICY: &str = "\
决定 补助 aid   示例 \"为测试编写\"
  读入 收入 income : 元 ≥ 0 元
  读入 人数 people : 人 ≥ 0 人
  给出 金额 amount : 元
  给出 结果 status : 补助=pay | 不补=none
  结论
     当 收入 / 人数 ≤ 500 元/人 → 补助 取到(收入 / 人数 × 1 人, 0.01 元, 四舍五入)
     否则 → 不补
  示例 \"为测试编写\"
";

    fn standard() -> Standard {
        let folder = Folder { root: "p".to_owned(), files: vec![("scheme.kp".to_owned(), POLICY.to_owned())] };
        let (policy, report) = Policy::read(&folder, &mut |_| None);
        assert!(!report.has_errors(), "{report:?}");
        let (compiled, report) = compile(&policy, &Options::default());
        assert!(!report.has_errors(), "{report:?}");
        compiled.standard
    }

    fn rows(cells: &[(Option<&str>, &str)]) -> RecordBatch {
        let heads = ["income", "people"].map(|name| Field::new(name, DataType::Utf8, true));
        let income = cells.iter().map(|(income, _)| *income).collect::<StringArray>();
        let people = cells.iter().map(|(_, people)| Some(*people)).collect::<StringArray>();
        RecordBatch::try_new(Arc::new(Schema::new(heads.to_vec())), vec![Arc::new(income), Arc::new(people)])
            .expect("rows")
    }

    #[test]
    fn every_row_has_an_answer_in_its_place() {
        let standard = standard();
        let decider = Decider::new(&standard, &standard.decisions[0]);
        let select = ["金额", "status"].map(str::to_owned);
        let cells = [(Some("100.00"), "3"), (Some("1.5.0"), "3"), (Some("7"), "0"), (None, "2"), (Some("9000"), "1")];
        // More than a block, so that what is told of a later one stands with its row.
        let cells: Vec<_> = cells.iter().copied().cycle().take(20_000).collect();
        let rows = rows(&cells);
        let each = EachRow::new(&decider, &rows.schema(), &select, Lang::En).expect("columns that suit");
        let answered = each.decide(&rows, &mut Scratch::default()).expect("answers");
        let (amount, status) =
            (answered.results[0].as_primitive::<Decimal128Type>(), answered.results[1].as_string::<i32>());
        assert_eq!((amount.len(), status.len(), answered.why.len()), (20_000, 20_000, 20_000));
        assert_eq!(*each.results().field(0).data_type(), DataType::Decimal128(38, 2));
        for row in 0..20_000 {
            let told = (
                amount.is_valid(row).then(|| amount.value_as_string(row)),
                status.is_valid(row).then(|| status.value(row)),
            );
            let why = if answered.why.is_valid(row) { answered.why.value(row) } else { "" };
            match row % 5 {
                0 => assert_eq!((told, why), ((Some("33.33".to_owned()), Some("pay")), ""), "{row}"),
                1 => assert!(told == (None, None) && why.starts_with("income "), "{row}: {why}"),
                2 => assert!(told == (None, None) && why.contains("divides by zero"), "{row}: {why}"),
                // What is owed is decided: pending, without an amount.
                3 => assert_eq!((told, why), ((None, Some("pending")), ""), "{row}"),
                _ => assert_eq!((told, why), ((Some("0.00".to_owned()), Some("none")), ""), "{row}"),
            }
        }
    }

    #[test]
    fn rows_that_are_all_rejected_are_all_told() {
        let standard = standard();
        let decider = Decider::new(&standard, &standard.decisions[0]);
        let rows = rows(&[(Some("x"), "y"), (Some("x"), "2")]);
        let select = ["amount".to_owned()];
        let each = EachRow::new(&decider, &rows.schema(), &select, Lang::En).expect("columns that suit");
        let answered = each.decide(&rows, &mut Scratch::default()).expect("answers");
        assert_eq!((answered.results[0].len(), answered.results[0].null_count()), (2, 2));
        let first = answered.why.value(0);
        assert!(first.contains("income ") && first.contains("; people "), "{first}");
    }

    #[test]
    fn binary_floats_are_refused_before_any_row() {
        let standard = standard();
        let decider = Decider::new(&standard, &standard.decisions[0]);
        let heads = ["income", "people"].map(|name| Field::new(name, DataType::Float64, true));
        let refused = EachRow::new(&decider, &Arc::new(Schema::new(heads.to_vec())), &[], Lang::En);
        assert!(refused.is_err_and(|report| report.findings().iter().all(|finding| finding.name == "float-column")));
    }

    #[test]
    fn rows_after_a_rejected_one_move_up() {
        let reject =
            |line, why: &str| Reject { line, column: String::new(), value: String::new(), why: why.to_owned() };
        let (at, why) = places(4, &[reject(1, "a"), reject(1, "b"), reject(3, "c")]);
        assert_eq!(at, UInt32Array::from(vec![Some(0), None, Some(1), None]));
        assert_eq!(why, StringArray::from(vec![None, Some("a; b"), None, Some("c")]));
    }
}
