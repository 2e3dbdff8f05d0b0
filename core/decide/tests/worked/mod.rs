//! Worked examples of policies through the code of plans.

use kaoping_columns::{Figures, Known, Members, Native, Plan};
use kaoping_program::{NodeId, Numerators, Op, Workers};
use kaoping_scheme::compile::{ExampleCase, Expected};
use kaoping_terms::Exact;

/// Units that all have the figures of the example.
const UNITS: usize = 19;

/// Runs an example with every `of`-th of its numbers as a column that could hold any other number as
/// well, so that nothing is worked out beforehand: how many of its results had code, and how many had none.
pub(crate) fn through_code(case: &ExampleCase, of: usize, native: Option<&'static dyn Native>) -> (usize, usize) {
    let short = |number: &Exact| -> Option<(i64, i64)> {
        let (above, below) = number.parts()?;
        Some((i64::try_from(above).ok().filter(|above| above.abs() < 1 << 40)?, i64::try_from(below).ok()?))
    };
    let numbers = case.program.nodes.iter().map(|node| match &node.op {
        Op::Const(number) => short(number),
        _ => None,
    });
    let columns: Vec<(usize, (i64, i64))> =
        numbers.enumerate().filter_map(|(at, number)| Some((at, number?))).step_by(of).collect();
    let numerators: Vec<Numerators> =
        columns.iter().map(|(_, (above, _))| Numerators::Long(vec![*above; UNITS])).collect();
    let figures: Vec<Figures<'_>> = columns
        .iter()
        .zip(&numerators)
        .map(|((_, (above, below)), numerators)| {
            // Above zero it stays, or nothing could be divided by it.
            let low = if *above > 0 { (above / 2).max(1) } else { 2 * above };
            Figures { numerators, denominator: *below, low, high: 2 * above.abs() + 1 }
        })
        .collect();
    let wanted: Vec<NodeId> = case.results.iter().map(|(node, _)| *node).collect();
    let plan = Plan::with_gone(&case.program, &wanted, &figures, Members::default(), |id| {
        columns.iter().position(|(at, _)| *at == id.0 as usize).map(Known::Input)
    });
    let plan = plan.natively(native, &figures);
    let results = plan.run(&figures, UNITS, Workers::default());
    let (mut with, mut without) = (0, 0);
    for (node, expected) in &case.results {
        let Some(output) = plan.output(*node).map(|at| plan.outputs()[at]) else {
            without += 1;
            continue;
        };
        with += 1;
        for unit in [0, UNITS - 1] {
            if output.gone.is_some_and(|gone| results[gone].get(unit) != Some(0)) {
                // The machine decides those.
                continue;
            }
            let number = results[output.at].get(unit).expect("one for each unit");
            let found = Exact::ratio(number.into(), output.denominator.into()).expect("above zero");
            match expected {
                Expected::Number(number) => assert_eq!(&found, number, "{} {:?}", case.owner, case.place),
                Expected::Code(code, _) => assert_eq!(found, Exact::whole(*code), "{} {:?}", case.owner, case.place),
                Expected::Missing | Expected::NotApplicable => {
                    panic!("{} {:?}: {found:?} where no number is expected", case.owner, case.place)
                }
            }
        }
    }
    (with, without)
}
