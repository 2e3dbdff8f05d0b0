//! The cases of a decision: which overlap, which are never taken, which words only 否则 catches.

use super::{class_findings, look::Look};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Relation};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_terms::{Exact, Place, Report};

/// How many parts of values are looked into for what makes them 不适用.
const MOST_PARTS: usize = 200;
/// Most combinations that are looked at for one question.
const MOST_CELLS: usize = 10_000;

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for decision in &look.standard.decisions {
        let cases: Vec<Option<NodeId>> = decision.cases.iter().map(|case| case.when).collect();
        let classes = Classes::of(&cases, analysis);
        let Some(found) = classes.look(&cases) else {
            report.push(
                class_findings::not_checked(decision, MOST_CELLS).quoting(look.quote(decision.clause.as_deref())),
            );
            continue;
        };
        class_findings::never_taken(look, decision, &found, report);
        class_findings::overlaps(look, decision, &found, classes.analysis, report);
        class_findings::only_otherwise(look, decision, &classes, &found, report);
    }
}

/// What tells classes apart: each quantity with its stretches, each word, each condition.
pub(super) struct Classes<'a, 'p> {
    pub(super) analysis: &'a Analysis<'p>,
    pub(super) axes: Vec<Axis>,
}

/// A quantity or word with the stretches or values that matter.
pub(super) struct Axis {
    pub(super) node: NodeId,
    pub(super) cells: Vec<Span>,
    pub(super) is_word: bool,
}

/// What is settled so far: of a quantity the stretch it lies in, of a word which it is.
pub(super) type Cell<'s> = BTreeMap<NodeId, &'s Span>;

/// What conditions come to in one cell.
pub(super) type Answers = BTreeMap<NodeId, Option<bool>>;

/// A condition with the answer that is asked for and what it rests on.
struct Asked {
    condition: NodeId,
    wanted: bool,
    axes: Vec<usize>,
}

/// What was found over all combinations.
pub(super) struct Found {
    /// Whether each case can be the first that holds.
    pub(super) taken: Vec<bool>,
    /// Pairs of cases that hold together, and whether only on an edge.
    pub(super) together: BTreeMap<(usize, usize), bool>,
    /// Of each word axis: the words that some case names by holding for them.
    pub(super) caught: BTreeMap<NodeId, BTreeSet<Exact>>,
}

impl<'a, 'p> Classes<'a, 'p> {
    /// Of cases in order; 否则 has no condition.
    pub(super) fn of(cases: &[Option<NodeId>], analysis: &'a mut Analysis<'p>) -> Self {
        let mut edges: BTreeMap<NodeId, Vec<Exact>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for when in cases.iter().copied().flatten() {
            gather(when, analysis, &mut seen, &mut edges);
            for wanted in [true, false] {
                for (needed, _) in applicable(when, wanted, analysis) {
                    gather(needed, analysis, &mut seen, &mut edges);
                }
            }
        }
        let axes = edges.into_iter().map(|(node, edges)| axis(node, edges, analysis)).collect();
        Self { analysis, axes }
    }

    /// Whether a condition holds where some of what it rests on is settled.
    pub(super) fn holds(&self, condition: NodeId, cell: &Cell<'_>, known: &mut Answers) -> Option<bool> {
        let condition = self.analysis.same(condition);
        if let Some(answer) = known.get(&condition) {
            return *answer;
        }
        let answer = self.settled(condition, cell, known);
        known.insert(condition, answer);
        answer
    }

    fn settled(&self, condition: NodeId, cell: &Cell<'_>, known: &mut Answers) -> Option<bool> {
        let node = self.analysis.program().node(condition)?;
        match &node.op {
            Op::Const(value) => Some(!value.is_zero()),
            Op::Not(x) => self.holds(*x, cell, known).map(|yes| !yes),
            Op::And(a, b) => match (self.holds(*a, cell, known), self.holds(*b, cell, known)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Op::Or(a, b) => match (self.holds(*a, cell, known), self.holds(*b, cell, known)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Op::Compare(relation, a, b) => match comparison(*relation, *a, *b, self.analysis) {
                Some((quantity, relation, edge)) => cell.get(&quantity)?.settles(relation, &Span::point(edge)),
                None => cell.get(&condition)?.value().map(|value| !value.is_zero()),
            },
            _ => cell.get(&condition)?.value().map(|value| !value.is_zero()),
        }
    }

    /// Whether some combination answers all conditions as asked. Only what they rest on is
    /// settled, and only as far as it takes, so that the number of conditions of the whole
    /// decision does not matter. None: too many combinations.
    pub(super) fn possible(
        &self,
        asked: &[(NodeId, bool)],
        fixed: Option<(NodeId, &Span)>,
        inside: bool,
    ) -> Option<bool> {
        let needed = asked.iter().flat_map(|(condition, wanted)| applicable(*condition, *wanted, self.analysis));
        let all: Vec<(NodeId, bool)> = asked.iter().copied().chain(needed).collect();
        let asked: Vec<Asked> = all
            .iter()
            .map(|(condition, wanted)| {
                let mut edges = BTreeMap::new();
                gather(*condition, self.analysis, &mut BTreeSet::new(), &mut edges);
                let position = |node: &NodeId| self.axes.iter().position(|axis| axis.node == *node);
                Asked { condition: *condition, wanted: *wanted, axes: edges.keys().filter_map(position).collect() }
            })
            .collect();
        let mut cell: Cell<'_> = fixed.into_iter().collect();
        self.search(&asked, &mut cell, inside, &mut { MOST_CELLS })
    }

    fn search<'s>(&'s self, asked: &[Asked], cell: &mut Cell<'s>, inside: bool, left: &mut usize) -> Option<bool> {
        *left = left.checked_sub(1)?;
        let (mut known, mut open) = (Answers::new(), None);
        for Asked { condition, wanted, axes } in asked {
            match self.holds(*condition, cell, &mut known) {
                Some(yes) if yes != *wanted => return Some(false),
                Some(_) => {}
                None => {
                    let unsettled =
                        |at: &&usize| self.axes.get(**at).is_some_and(|axis| !cell.contains_key(&axis.node));
                    match axes.iter().find(unsettled) {
                        Some(at) => open = open.or(self.axes.get(*at)),
                        // Nothing more to settle, and still not known to hold.
                        None if *wanted => return Some(false),
                        None => {}
                    }
                }
            }
        }
        let Some(axis) = open else {
            return Some(true);
        };
        for span in &axis.cells {
            if inside && !axis.is_word && span.value().is_some() {
                continue;
            }
            cell.insert(axis.node, span);
            if self.search(asked, cell, inside, left)? {
                cell.remove(&axis.node);
                return Some(true);
            }
        }
        cell.remove(&axis.node);
        Some(false)
    }

    /// What holds over all combinations; none where there are too many.
    fn look(&self, cases: &[Option<NodeId>]) -> Option<Found> {
        let mut found = Found { taken: Vec::new(), together: BTreeMap::new(), caught: BTreeMap::new() };
        let mut earlier: Vec<(usize, NodeId)> = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let Some(when) = *case else {
                found.taken.push(true);
                continue;
            };
            let mut asked: Vec<(NodeId, bool)> = earlier.iter().map(|(_, before)| (*before, false)).collect();
            asked.push((when, true));
            // What a choice switches off is there for the other word of the choice.
            let chosen = |condition: NodeId| rests_on_choice(condition, self.analysis);
            let taken = self.possible(&asked, None, false)? || chosen(when) || {
                asked.retain(|(before, _)| !chosen(*before));
                self.possible(&asked, None, false)?
            };
            found.taken.push(taken);
            for (other, before) in &earlier {
                let both = [(*before, true), (when, true)];
                if self.possible(&both, None, false)? {
                    found.together.insert((*other, at), !self.possible(&both, None, true)?);
                }
            }
            for axis in self.axes.iter().filter(|axis| axis.is_word) {
                for span in &axis.cells {
                    let Some(word) = span.value() else { continue };
                    let caught = found.caught.entry(axis.node).or_default();
                    if !caught.contains(word) && self.possible(&[(when, true)], Some((axis.node, span)), false)? {
                        caught.insert(word.clone());
                    }
                }
            }
            earlier.push((at, when));
        }
        Some(found)
    }
}

/// Whether a choice is part of a condition: what it comes to is settled by the word taken.
fn rests_on_choice(condition: NodeId, analysis: &Analysis<'_>) -> bool {
    match analysis.program().node(condition).map(|node| &node.op) {
        Some(Op::Const(_)) => true,
        Some(Op::Not(x)) => rests_on_choice(*x, analysis),
        Some(Op::And(a, b) | Op::Or(a, b)) => rests_on_choice(*a, analysis) || rests_on_choice(*b, analysis),
        _ => false,
    }
}

/// What must hold besides for a condition to have that answer: a comparison with a value that is
/// 不适用 for a class has none there.
fn applicable(condition: NodeId, wanted: bool, analysis: &Analysis<'_>) -> Vec<(NodeId, bool)> {
    let (mut needed, mut seen) = (Vec::new(), BTreeSet::new());
    let mut waiting = Vec::from([(condition, wanted)]);
    while let Some((condition, wanted)) = waiting.pop() {
        match analysis.program().node(analysis.same(condition)).map(|node| &node.op) {
            Some(Op::Not(x)) => waiting.push((*x, !wanted)),
            Some(Op::And(a, b)) if wanted => waiting.extend([(*a, true), (*b, true)]),
            Some(Op::Or(a, b)) if !wanted => waiting.extend([(*a, false), (*b, false)]),
            Some(Op::Compare(_, a, b)) => {
                there(*a, analysis, &mut needed, &mut seen);
                there(*b, analysis, &mut needed, &mut seen);
            }
            _ => {}
        }
    }
    needed
}

/// Under which conditions a value is not 不适用.
fn there(value: NodeId, analysis: &Analysis<'_>, needed: &mut Vec<(NodeId, bool)>, seen: &mut BTreeSet<NodeId>) {
    let program = analysis.program();
    let Some(found) = program.node(value).filter(|_| seen.len() < MOST_PARTS && seen.insert(value)) else {
        return;
    };
    let lacks = |node: NodeId| matches!(program.node(node).map(|node| &node.op), Some(Op::NotApplicable));
    match &found.op {
        Op::Select { when, then, otherwise } if lacks(*then) => {
            needed.push((*when, false));
            there(*otherwise, analysis, needed, seen);
        }
        Op::Select { when, then, otherwise } if lacks(*otherwise) => {
            needed.push((*when, true));
            there(*then, analysis, needed, seen);
        }
        Op::Add(..)
        | Op::Sub(..)
        | Op::Mul(..)
        | Op::Div(..)
        | Op::Neg(_)
        | Op::Min(..)
        | Op::Max(..)
        | Op::Round { .. } => {
            found.op.arguments().into_iter().for_each(|argument| there(argument, analysis, needed, seen));
        }
        _ => {}
    }
}

/// What a value is wherever it is not 不适用: 负担 that is 费用 for some classes is 费用 there, so
/// that what is settled of one is settled of the other.
fn where_it_applies(value: NodeId, analysis: &Analysis<'_>) -> NodeId {
    let program = analysis.program();
    let lacks = |node: NodeId| matches!(program.node(node).map(|node| &node.op), Some(Op::NotApplicable));
    let mut value = analysis.same(value);
    for _ in 0..MOST_PARTS {
        value = match program.node(value).map(|node| &node.op) {
            Some(Op::Select { then, otherwise, .. }) if lacks(*then) => analysis.same(*otherwise),
            Some(Op::Select { then, otherwise, .. }) if lacks(*otherwise) => analysis.same(*then),
            _ => break,
        };
    }
    value
}

/// A comparison of a quantity with a constant.
pub(super) fn comparison(
    relation: Relation,
    a: NodeId,
    b: NodeId,
    analysis: &Analysis<'_>,
) -> Option<(NodeId, Relation, Exact)> {
    let (a, b) = (where_it_applies(a, analysis), where_it_applies(b, analysis));
    let program = analysis.program();
    match (&program.node(a)?.op, &program.node(b)?.op) {
        (_, Op::Const(edge)) => Some((a, relation, edge.clone())),
        (Op::Const(edge), _) => Some((b, kaoping_rules::interval::turned(relation), edge.clone())),
        _ => None,
    }
}

/// The quantities and conditions a condition rests on, with the constants they meet.
pub(super) fn gather(
    condition: NodeId,
    analysis: &Analysis<'_>,
    seen: &mut BTreeSet<NodeId>,
    edges: &mut BTreeMap<NodeId, Vec<Exact>>,
) {
    let condition = analysis.same(condition);
    let Some(node) = analysis.program().node(condition).filter(|_| seen.insert(condition)) else {
        return;
    };
    match &node.op {
        Op::Const(_) => {}
        Op::Not(x) => gather(*x, analysis, seen, edges),
        Op::And(a, b) | Op::Or(a, b) => {
            gather(*a, analysis, seen, edges);
            gather(*b, analysis, seen, edges);
        }
        Op::Compare(relation, a, b) => match comparison(*relation, *a, *b, analysis) {
            Some((quantity, _, edge)) => edges.entry(quantity).or_default().push(edge),
            None => drop(edges.entry(condition).or_default()),
        },
        _ => drop(edges.entry(condition).or_default()),
    }
}

fn axis(node: NodeId, edges: Vec<Exact>, analysis: &mut Analysis<'_>) -> Axis {
    let program = analysis.program();
    let kind = program.node(node).map(|node| &node.kind);
    let points = |count: i64| (0..count).map(|at| Span::point(Exact::whole(at))).collect();
    match kind {
        Some(Kind::Word(list)) => {
            let words = program.word_lists.get(list.0 as usize).map_or(0, |list| list.words.len());
            Axis { node, cells: points(i64::try_from(words).unwrap_or(i64::MAX)), is_word: true }
        }
        Some(Kind::Truth) => Axis { node, cells: points(2), is_word: true },
        _ => {
            let within = analysis.range(node).span.unwrap_or_else(Span::everything);
            let rows: Vec<super::tiers::Row> = edges
                .into_iter()
                .map(|edge| super::tiers::Row {
                    relation: Relation::Equal,
                    edge,
                    shown: String::new(),
                    place: Place::default(),
                })
                .collect();
            Axis { node, cells: super::tiers::cells(&rows.iter().collect::<Vec<_>>(), &within), is_word: false }
        }
    }
}
