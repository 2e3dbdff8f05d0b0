extern crate std;

use super::*;
use alloc::{string::ToString, vec, vec::Vec};
use kaoping_program::*;
use kaoping_terms::{Exact, Measure, Rounding};
use std::format;

/// A program under construction, of plain numbers.
#[derive(Default)]
struct Draft {
    program: Program,
}

fn bounds(low: Option<&str>, high: Option<&str>) -> Bounds {
    let end = |text: Option<&str>| text.map(|text| (Exact::parse(text).expect("a number"), true));
    Bounds { low: end(low), high: end(high), ..Bounds::default() }
}

impl Draft {
    fn push(&mut self, op: Op, kind: Kind, shape: Shape) -> NodeId {
        self.program.push(Node { op, kind, shape, origin: Origin::default() })
    }

    fn number(&mut self, op: Op) -> NodeId {
        self.push(op, Kind::Number(Measure::plain()), Shape::Unit)
    }

    fn truth(&mut self, op: Op) -> NodeId {
        self.push(op, Kind::Truth, Shape::Unit)
    }

    fn constant(&mut self, text: &str) -> NodeId {
        let value = Exact::parse(text).expect("a number");
        self.push(Op::Const(value), Kind::Number(Measure::plain()), Shape::One)
    }

    fn figure(&mut self, bounds: Bounds) -> NodeId {
        self.column(bounds, Kind::Number(Measure::plain()))
    }

    fn column(&mut self, bounds: Bounds, kind: Kind) -> NodeId {
        let id = ColumnId(u32::try_from(self.program.columns.len()).expect("few"));
        let source = ColumnSource::Attribute { name: id.0.to_string() };
        self.program.columns.push(ColumnSpec {
            source,
            kind: kind.clone(),
            shape: Shape::Unit,
            step: None,
            scale: Exact::one(),
            bounds,
        });
        self.push(Op::Column(id), kind, Shape::Unit)
    }

    fn highest(&mut self, x: NodeId) -> NodeId {
        self.number(Op::Aggregate { function: Aggregate::Highest, over: Domain::Peers, x: Some(x), filter: None })
    }

    fn written(&self, node: NodeId) -> (std::string::String, bool) {
        let range = Analysis::new(&self.program).range(node);
        (range.span.map_or_else(std::string::String::new, |span| span.written()), range.exact)
    }

    /// 加分指标 for 12 points; without a guard against a highest ratio of 1 where `guarded` is no.
    fn bonus(&mut self, guarded: bool) -> NodeId {
        let mut positive = bounds(Some("0"), None);
        positive.low = Some((Exact::zero(), false));
        let (actual, target) = (self.figure(bounds(Some("0"), None)), self.figure(positive));
        let ratio = self.number(Op::Div(actual, target));
        let best = self.highest(ratio);
        let (one, full) = (self.constant("1"), self.constant("12"));
        let met = self.truth(Op::Compare(Relation::AtLeast, ratio, one));
        let above = self.truth(Op::Compare(Relation::Greater, best, one));
        let first = if guarded { self.truth(Op::And(met, above)) } else { met };
        let share = self.constant("0.2");
        let (over, spread) = (self.number(Op::Sub(ratio, one)), self.number(Op::Sub(best, one)));
        let gain = self.number(Op::Mul(full, share));
        let gain = self.number(Op::Mul(gain, over));
        let gain = self.number(Op::Div(gain, spread));
        let more = self.number(Op::Add(full, gain));
        let short = self.number(Op::Sub(one, ratio));
        let (step, each, most) = (self.constant("0.02"), self.constant("0.05"), self.constant("0.6"));
        let steps = self.number(Op::Steps { x: short, step, mode: StepMode::Whole });
        let loss = self.number(Op::Mul(each, steps));
        let loss = self.number(Op::Min(most, loss));
        let loss = self.number(Op::Mul(full, loss));
        let less = self.number(Op::Sub(full, loss));
        let rest = self.number(Op::Select { when: met, then: full, otherwise: less });
        self.number(Op::Select { when: first, then: more, otherwise: rest })
    }
}

#[test]
fn the_bonus_rule_gives_4_8_to_14_4() {
    let mut draft = Draft::default();
    let score = draft.bonus(true);
    assert_eq!(draft.written(score), ("[4.8, 14.4]".into(), true));
    let mut analysis = Analysis::new(&draft.program);
    analysis.range(score);
    assert_eq!(analysis.risky_divisions(), vec![]);
    assert_eq!(analysis.risky_steps(), vec![]);
}

#[test]
fn the_bonus_rule_without_its_guard_divides_by_zero() {
    let mut draft = Draft::default();
    let score = draft.bonus(false);
    let mut analysis = Analysis::new(&draft.program);
    analysis.range(score);
    let risks = analysis.risky_divisions();
    assert_eq!(risks.len(), 1);
    assert_eq!(risks[0].divisor_span.written(), "[0, ∞)");
}

#[test]
fn deductions_without_a_floor_have_no_lower_end() {
    let mut draft = Draft::default();
    let full = draft.constant("5");
    let count = draft.number(Op::Aggregate { function: Aggregate::Count, over: Domain::All, x: None, filter: None });
    let score = draft.number(Op::Sub(full, count));
    let zero = draft.constant("0");
    let floored = draft.number(Op::Max(score, zero));
    assert_eq!(draft.written(score), ("(−∞, 5]".into(), true));
    assert_eq!(draft.written(floored), ("[0, 5]".into(), true));
}

#[test]
fn what_cancels_on_paper_cancels() {
    let mut draft = Draft::default();
    let x = draft.figure(bounds(Some("0"), Some("10")));
    let two = draft.constant("2");
    let double = draft.number(Op::Mul(x, two));
    let difference = draft.number(Op::Sub(double, x));
    let zero = draft.number(Op::Sub(difference, x));
    assert_eq!(draft.written(difference), ("[0, 10]".into(), true));
    assert_eq!(draft.written(zero), ("[0, 0]".into(), true));
}

#[test]
fn a_guard_between_two_figures_clears_their_difference() {
    // 功效系数: 当 满意值 > 不允许值 → … / (满意值 − 不允许值).
    let mut draft = Draft::default();
    let (x, goal, floor) =
        (draft.figure(bounds(None, None)), draft.figure(bounds(None, None)), draft.figure(bounds(None, None)));
    let span = draft.number(Op::Sub(goal, floor));
    let done = draft.number(Op::Sub(x, floor));
    let share = draft.number(Op::Div(done, span));
    let above = draft.truth(Op::Compare(Relation::Greater, goal, floor));
    let below = draft.truth(Op::Compare(Relation::Less, goal, floor));
    let zero = draft.constant("0");
    let rest = draft.number(Op::Select { when: below, then: share, otherwise: zero });
    let all = draft.number(Op::Select { when: above, then: share, otherwise: rest });
    let mut analysis = Analysis::new(&draft.program);
    analysis.range(all);
    assert_eq!(analysis.risky_divisions(), vec![]);
    analysis.range(share);
    assert_eq!(analysis.risky_divisions().len(), 1);
}

#[test]
fn a_place_between_the_lowest_and_the_highest_is_a_share() {
    let mut draft = Draft::default();
    let x = draft.figure(bounds(Some("0"), None));
    let best = draft.highest(x);
    let least =
        draft.number(Op::Aggregate { function: Aggregate::Lowest, over: Domain::Peers, x: Some(x), filter: None });
    let (spread, own) = (draft.number(Op::Sub(best, least)), draft.number(Op::Sub(x, least)));
    let (base, rest, zero, all) =
        (draft.constant("0.6"), draft.constant("0.4"), draft.constant("0"), draft.constant("1"));
    let share = draft.number(Op::Div(own, spread));
    let more = draft.number(Op::Mul(rest, share));
    let score = draft.number(Op::Add(base, more));
    let apart = draft.truth(Op::Compare(Relation::Greater, spread, zero));
    let guarded = draft.number(Op::Select { when: apart, then: score, otherwise: all });
    assert_eq!(draft.written(guarded).0, "[0.6, 1]");
}

/// A share compared in a condition: as a later case than the one for zero, and behind 且.
#[test]
fn a_guard_clears_a_division_inside_a_condition() {
    for guard in ["earlier case", "and", "none"] {
        let mut draft = Draft::default();
        let (all, good) = (draft.figure(bounds(Some("0"), None)), draft.figure(bounds(Some("0"), None)));
        let (zero, share, full) = (draft.constant("0"), draft.constant("0.6"), draft.constant("8"));
        let ratio = draft.number(Op::Div(good, all));
        let enough = draft.truth(Op::Compare(Relation::AtLeast, ratio, share));
        let score = match guard {
            "earlier case" => {
                let rest = draft.number(Op::Select { when: enough, then: full, otherwise: zero });
                let nothing = draft.truth(Op::Compare(Relation::Equal, all, zero));
                draft.number(Op::Select { when: nothing, then: zero, otherwise: rest })
            }
            "and" => {
                let some = draft.truth(Op::Compare(Relation::Greater, all, zero));
                let both = draft.truth(Op::And(some, enough));
                draft.number(Op::Select { when: both, then: full, otherwise: zero })
            }
            _ => draft.number(Op::Select { when: enough, then: full, otherwise: zero }),
        };
        let mut analysis = Analysis::new(&draft.program);
        analysis.range(score);
        assert_eq!(analysis.risky_divisions().is_empty(), guard != "none", "{guard}");
    }
}

#[test]
fn guards_through_negation_and_alternatives() {
    let mut draft = Draft::default();
    let x = draft.figure(bounds(Some("0"), Some("100")));
    let (ten, ninety, zero) = (draft.constant("10"), draft.constant("90"), draft.constant("0"));
    let low = draft.truth(Op::Compare(Relation::Less, x, ten));
    let high = draft.truth(Op::Compare(Relation::Greater, x, ninety));
    let either = draft.truth(Op::Or(low, high));
    let middle = draft.number(Op::Select { when: either, then: zero, otherwise: x });
    assert_eq!(draft.written(middle), ("[0, 90]".into(), true));
    let not_low = draft.truth(Op::Not(low));
    let upper = draft.number(Op::Select { when: not_low, then: x, otherwise: ten });
    assert_eq!(draft.written(upper), ("[10, 100]".into(), true));
}

#[test]
fn words_are_told_apart() {
    let mut draft = Draft::default();
    let words = ["甲", "乙", "丙"].map(|word| (word.to_string(), None)).to_vec();
    draft.program.word_lists.push(WordList { words, open: false });
    let kind = Kind::Word(WordListId(0));
    let word = draft.column(Bounds::default(), kind.clone());
    let is = |draft: &mut Draft, at: i64| {
        let code = draft.push(Op::Const(Exact::whole(at)), kind.clone(), Shape::One);
        draft.truth(Op::Compare(Relation::Equal, word, code))
    };
    let (first, second, third) = (is(&mut draft, 0), is(&mut draft, 1), is(&mut draft, 2));
    let mut analysis = Analysis::new(&draft.program);
    assert!(analysis.scope(&[(first, false), (second, false), (third, true)], &[]).is_some());
    assert!(analysis.scope(&[(first, false), (second, false), (third, false)], &[]).is_none());
    assert!(analysis.scope(&[(first, true), (second, true)], &[]).is_none());
}

/// A generator of numbers that repeats itself from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn value(&mut self) -> Exact {
        let number = i128::try_from(self.roll(13)).expect("small") - 6;
        Exact::ratio(number, 1 + i128::try_from(self.roll(3)).expect("small")).expect("not by zero")
    }
}

fn random_draft(dice: &mut Dice) -> Draft {
    let mut draft = Draft::default();
    let (mut numbers, mut truths) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let (a, b) = (dice.value(), dice.value());
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let bounds = match dice.roll(3) {
            0 => Bounds { low: Some((low, true)), ..Bounds::default() },
            1 => Bounds { low: Some((low, true)), high: Some((high, true)), ..Bounds::default() },
            _ => Bounds::default(),
        };
        numbers.push(draft.figure(bounds));
        let constant = dice.value();
        numbers.push(draft.push(Op::Const(constant), Kind::Number(Measure::plain()), Shape::One));
    }
    for _ in 0..22 {
        let (a, b) = (numbers[dice.roll(numbers.len())], numbers[dice.roll(numbers.len())]);
        let relations = [
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::AtMost,
            Relation::Greater,
            Relation::AtLeast,
        ];
        let (p, q) = if truths.is_empty() {
            (None, None)
        } else {
            (Some(truths[dice.roll(truths.len())]), Some(truths[dice.roll(truths.len())]))
        };
        let step = Exact::ratio(1, 1 + i128::try_from(dice.roll(3)).expect("small")).expect("not by zero");
        match (dice.roll(16), p, q) {
            (0, ..) => numbers.push(draft.number(Op::Add(a, b))),
            (1, ..) => numbers.push(draft.number(Op::Sub(a, b))),
            (2, ..) => numbers.push(draft.number(Op::Mul(a, b))),
            (3, ..) => numbers.push(draft.number(Op::Div(a, b))),
            (4, ..) => numbers.push(draft.number(Op::Min(a, b))),
            (5, ..) => numbers.push(draft.number(Op::Max(a, b))),
            (6, ..) => numbers.push(draft.number(Op::Round { x: a, step, mode: Rounding::HalfUp })),
            (7, ..) => {
                let step = draft.push(Op::Const(step), Kind::Number(Measure::plain()), Shape::One);
                let mode = [StepMode::Whole, StepMode::Proportional, StepMode::Up][dice.roll(3)];
                numbers.push(draft.number(Op::Steps { x: a, step, mode }));
            }
            (8, ..) => {
                let function = [Aggregate::Highest, Aggregate::Lowest, Aggregate::Sum, Aggregate::Mean][dice.roll(4)];
                let over = [Domain::Peers, Domain::All][dice.roll(2)];
                let filter = p.filter(|_| dice.roll(2) == 0);
                numbers.push(draft.number(Op::Aggregate { function, over, x: Some(a), filter }));
            }
            (9, Some(p), Some(q)) => truths.push(draft.truth(Op::And(p, q))),
            (10, Some(p), Some(q)) => truths.push(draft.truth(Op::Or(p, q))),
            (11, Some(p), _) => truths.push(draft.truth(Op::Not(p))),
            (12 | 13, Some(p), _) => numbers.push(draft.number(Op::Select { when: p, then: a, otherwise: b })),
            _ => truths.push(draft.truth(Op::Compare(relations[dice.roll(6)], a, b))),
        }
    }
    draft
}

/// Figures within the bounds of a column.
fn figures(dice: &mut Dice, bounds: &Bounds, units: usize) -> Vec<Exact> {
    let mut figures = Vec::new();
    while figures.len() < units {
        let ends = bounds.low.iter().chain(&bounds.high).map(|(end, _)| end.clone());
        let ends: Vec<Exact> = ends.collect();
        let value = match dice.roll(4) {
            0 if !ends.is_empty() => ends[dice.roll(ends.len())].clone(),
            _ => &dice.value() * &Exact::whole(2),
        };
        if bounds.contain(&value) {
            figures.push(value);
        }
    }
    figures
}

#[test]
fn no_value_is_ever_outside_its_range() {
    let mut narrow = 0;
    for seed in 0..1000 {
        let mut dice = Dice(seed);
        let draft = random_draft(&mut dice);
        let mut analysis = Analysis::new(&draft.program);
        let nodes: Vec<NodeId> =
            (0..draft.program.nodes.len()).map(|at| NodeId(u32::try_from(at).expect("few"))).collect();
        let ranges: Vec<Range> = nodes.iter().map(|node| analysis.range(*node)).collect();
        let risky: Vec<NodeId> = analysis.risky_divisions().iter().map(|risk| risk.node).collect();
        let units = 1 + dice.roll(4);
        let frame = Frame::flat(units);
        let mut machine = Machine::new(&draft.program, &frame, Keep::Everything);
        for (at, spec) in draft.program.columns.iter().enumerate() {
            let column = Column::from_exact(figures(&mut dice, &spec.bounds, units));
            machine.supply(ColumnId(u32::try_from(at).expect("few")), column).expect("one value a unit");
        }
        machine.require(&nodes).expect("a well-formed program");
        for (node, range) in nodes.iter().zip(&ranges) {
            let column = machine.column(*node).expect("evaluated");
            narrow += usize::from(range.span.as_ref().is_some_and(|span| *span != Span::everything()));
            for at in 0..column.len() {
                let cell = column.cell(at);
                if let Some(value) = cell.value.filter(|_| column.state(at).is_known()) {
                    let within = range.span.as_ref().is_some_and(|span| span.contains(&value));
                    let what = format!("{:?}", draft.program.node(*node));
                    assert!(
                        within,
                        "seed {seed}: {value} outside {range:?} at {node:?} {what}\n{:?}",
                        draft.program.nodes
                    );
                }
                let divides_by_zero = matches!(draft.program.node(*node), Some(Node { op: Op::Div(_, b), .. })
                    if machine.column(*b).expect("evaluated").cell(at.min(machine.column(*b).expect("evaluated").len() - 1)).value == Some(Exact::zero()));
                assert!(
                    !divides_by_zero || risky.contains(&analysis.same(*node)),
                    "seed {seed}: {node:?} divides by zero unseen"
                );
            }
        }
    }
    assert!(narrow > 15_000, "ranges say something: {narrow}");
}
