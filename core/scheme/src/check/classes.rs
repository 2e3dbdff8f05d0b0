//! The cases of a decision: which overlap, which are never taken, which words only 否则 catches.

use super::look::{Look, listed};
use crate::model::Decision;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Relation};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::{BodyKind, ExprKind};
use kaoping_terms::{Diagnostic, Exact, Place, Quote, Report, Text};

/// Most combinations that are looked at for one question.
const MOST_CELLS: usize = 10_000;

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for decision in &look.standard.decisions {
        let classes = Classes::of(decision, analysis);
        let Some(found) = classes.look(decision) else {
            report.push(not_checked(decision).quoting(look.quote(decision.clause.as_deref())));
            continue;
        };
        let quote = look.quote(decision.clause.as_deref());
        never_taken(decision, &found, &quote, report);
        overlaps(decision, &found, &quote, report);
        only_otherwise(look, decision, &classes, &found, quote, report);
    }
    item_cases(look, analysis, report);
}

/// What tells classes apart: each quantity with its stretches, each word, each condition.
struct Classes<'a, 'p> {
    analysis: &'a Analysis<'p>,
    axes: Vec<Axis>,
}

/// A quantity or word with the stretches or values that matter.
struct Axis {
    node: NodeId,
    cells: Vec<Span>,
    is_word: bool,
}

/// What is settled so far: of a quantity the stretch it lies in, of a word which it is.
type Cell<'s> = BTreeMap<NodeId, &'s Span>;

/// What conditions come to in one cell.
type Answers = BTreeMap<NodeId, Option<bool>>;

/// A condition with the answer that is asked for and what it rests on.
struct Asked {
    condition: NodeId,
    wanted: bool,
    axes: Vec<usize>,
}

/// What was found over all combinations.
struct Found {
    /// Whether each case can be the first that holds.
    taken: Vec<bool>,
    /// Pairs of cases that hold together, and whether only on an edge.
    together: BTreeMap<(usize, usize), bool>,
    /// Of each word axis: the words that some case names by holding for them.
    caught: BTreeMap<NodeId, BTreeSet<Exact>>,
}

impl<'a, 'p> Classes<'a, 'p> {
    fn of(decision: &Decision, analysis: &'a mut Analysis<'p>) -> Self {
        let mut edges: BTreeMap<NodeId, Vec<Exact>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for when in decision.cases.iter().filter_map(|case| case.when) {
            gather(when, analysis, &mut seen, &mut edges);
        }
        let axes = edges.into_iter().map(|(node, edges)| axis(node, edges, analysis)).collect();
        Self { analysis, axes }
    }

    /// Whether a condition holds where some of what it rests on is settled.
    fn holds(&self, condition: NodeId, cell: &Cell<'_>, known: &mut Answers) -> Option<bool> {
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
    fn possible(&self, asked: &[(NodeId, bool)], fixed: Option<(NodeId, &Span)>, inside: bool) -> Option<bool> {
        let asked: Vec<Asked> = asked
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
    fn look(&self, decision: &Decision) -> Option<Found> {
        let mut found = Found { taken: Vec::new(), together: BTreeMap::new(), caught: BTreeMap::new() };
        let mut earlier: Vec<(usize, NodeId)> = Vec::new();
        for (at, case) in decision.cases.iter().enumerate() {
            let Some(when) = case.when else {
                found.taken.push(true);
                continue;
            };
            let mut asked: Vec<(NodeId, bool)> = earlier.iter().map(|(_, before)| (*before, false)).collect();
            asked.push((when, true));
            found.taken.push(self.possible(&asked, None, false)?);
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

/// A comparison of a quantity with a constant.
fn comparison(relation: Relation, a: NodeId, b: NodeId, analysis: &Analysis<'_>) -> Option<(NodeId, Relation, Exact)> {
    let (a, b) = (analysis.same(a), analysis.same(b));
    let program = analysis.program();
    match (&program.node(a)?.op, &program.node(b)?.op) {
        (_, Op::Const(edge)) => Some((a, relation, edge.clone())),
        (Op::Const(edge), _) => Some((b, kaoping_rules::interval::turned(relation), edge.clone())),
        _ => None,
    }
}

/// The quantities and conditions a condition rests on, with the constants they meet.
fn gather(
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

/// Too many combinations to look at: said, so that silence is never taken for a clean bill.
fn not_checked(decision: &Decision) -> Diagnostic {
    let name = &decision.name;
    Diagnostic::note(
        "classes-not-checked",
        Text::new(
            format!("“{name}”的情形要看超过 {MOST_CELLS} 种搭配，重叠和轮不到的没有查完"),
            format!("the cases of `{name}` combine in more than {MOST_CELLS} ways; overlaps and dead cases were not fully looked for"),
        ),
    )
    .at(decision.place)
    .why(Text::new(
        "各条件的每一种取值都要搭配着看，条件一多就看不完；没有报出问题不等于没有问题",
        "every value of each condition meets every value of the others; that nothing is reported does not mean that nothing is wrong",
    ))
    .next(Text::new(
        "把条件并成几类（先“设”一个等次或类别），或拆成几个决定；要紧的写成“例”",
        "gather conditions into classes with 设, split the decision, or write cases that matter as examples",
    ))
}

fn never_taken(decision: &Decision, found: &Found, quote: &Option<Quote>, report: &mut Report) {
    for (at, case) in decision.cases.iter().enumerate() {
        // 否则 has to be written even where the cases are complete.
        if case.when.is_none() || found.taken.get(at) != Some(&false) {
            continue;
        }
        let word = &case.word;
        let mut finding = Diagnostic::error(
            "case-unreachable",
            Text::new(format!("“{word}”这个情形永远轮不到"), format!("the case `{word}` is never taken")),
        )
        .at(case.place)
        .why(Text::new(
            "情形从上往下取第一个合的，合这一条的都被上面取走了，或者条件本身不能成立",
            "the first case that fits is taken: those above take everything, or the condition cannot hold",
        ))
        .quoting(quote.clone())
        .next(Text::new("把它移到上面，改条件，或删去", "move it up, change its condition, or remove it"));
        for earlier in decision.cases.iter().enumerate().filter(|(other, _)| found.together.contains_key(&(*other, at)))
        {
            finding = finding.also(earlier.1.place, Text::new("先取这一条", "this one is taken first"));
        }
        report.push(finding);
    }
}

fn overlaps(decision: &Decision, found: &Found, quote: &Option<Quote>, report: &mut Report) {
    let name = |at: usize| decision.cases.get(at).map(|case| case.word.as_str()).unwrap_or_default();
    let mut ordered: Vec<String> = Vec::new();
    for ((earlier, later), only_edges) in &found.together {
        let (first, second) = (name(*earlier), name(*later));
        if found.taken.get(*later) == Some(&false) {
            continue;
        }
        let Some((upper, lower)) = decision.cases.get(*earlier).zip(decision.cases.get(*later)) else {
            continue;
        };
        if !only_edges {
            ordered.push(format!("“{first}”>“{second}”"));
            continue;
        }
        report.push(
            Diagnostic::warning(
                "class-overlap",
                Text::new(
                    format!("正好在线上时“{first}”和“{second}”两条都合"),
                    format!("exactly on the edge both `{first}` and `{second}` fit"),
                ),
            )
            .at(lower.place)
            .also(upper.place, Text::new("先取这一条", "this one is taken"))
            .why(Text::new(
                "线上的人归哪一类，读的人和算的人会看得不一样",
                "readers and the computation can differ on which class the edge belongs to",
            ))
            .quoting(quote.clone())
            .next(Text::new(
                "只让一条含这条线：一边写 ≤（≥），另一边写 >（<）",
                "let only one case include the edge: ≤ (≥) on one side, > (<) on the other",
            )),
        );
    }
    if !ordered.is_empty() {
        let pairs = ordered.join("，");
        report.push(
            Diagnostic::note(
                "case-order-matters",
                Text::new(
                    format!("有的情形会同时合，按先后取：{pairs}"),
                    format!("some cases can fit together and the first is taken: {pairs}"),
                ),
            )
            .at(decision.place)
            .why(Text::new("这些情形换个次序，结果就不一样", "in another order the results differ"))
            .quoting(quote.clone())
            .next(Text::new(
                "对照条款看次序对不对；对就不用改",
                "see whether the order is what the clause means; if so, leave it",
            )),
        );
    }
}

/// Listed words that no case names: only 否则 catches them.
fn only_otherwise(
    look: &Look<'_>,
    decision: &Decision,
    classes: &Classes<'_, '_>,
    found: &Found,
    quote: Option<Quote>,
    report: &mut Report,
) {
    let Some(otherwise) = decision.cases.iter().find(|case| case.when.is_none()) else {
        return;
    };
    let program = &look.standard.program;
    for axis in classes.axes.iter().filter(|axis| axis.is_word) {
        let Some(Kind::Word(list)) = program.node(axis.node).map(|node| &node.kind) else {
            continue;
        };
        let Some(list) = program.word_lists.get(list.0 as usize) else {
            continue;
        };
        let caught = found.caught.get(&axis.node);
        let missed: Vec<&str> = (0i64..)
            .zip(&list.words)
            .filter(|(at, _)| caught.is_none_or(|caught| !caught.contains(&Exact::whole(*at))))
            .map(|(_, (word, _))| word.as_str())
            .collect();
        if missed.is_empty() || list.open {
            continue;
        }
        let (zh, en) = listed(&missed);
        report.push(
            Diagnostic::note(
                "word-only-otherwise",
                Text::new(
                    format!("{zh} 没有一条情形提到，只落在“否则”里"),
                    format!("{en} are named by no case and fall to 否则 only"),
                ),
            )
            .at(otherwise.place)
            .why(Text::new(
                "可能是有意的，也可能是漏了一类人",
                "this may be meant, or a class of people may be forgotten",
            ))
            .quoting(quote.clone())
            .next(Text::new("对照条款看一看；有意的就不用改", "compare with the clause; if it is meant, leave it")),
        );
    }
}

/// Cases of an item's own formula that can never be reached.
fn item_cases(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for item in look.policy.schemes.iter().flat_map(|scheme| &scheme.items) {
        for line in &item.item.body {
            let (BodyKind::Score(expr) | BodyKind::Let(kaoping_syntax::ast::Let { value: expr, .. })) = &line.kind
            else {
                continue;
            };
            let ExprKind::Cases { cases, .. } = &expr.kind else {
                continue;
            };
            let mut earlier: Vec<(NodeId, bool)> = Vec::new();
            for case in cases {
                let Some(when) = condition_at(look, case.when.place) else {
                    continue;
                };
                let mut conditions = earlier.clone();
                conditions.push((when, true));
                let constant = matches!(look.standard.program.node(when).map(|node| &node.op), Some(Op::Const(_)));
                if !constant && analysis.scope(&conditions, &[]).is_none() {
                    report.push(
                        Diagnostic::error(
                            "case-unreachable",
                            Text::new("这个情形永远轮不到", "this case is never taken"),
                        )
                        .at(case.when.place)
                        .why(Text::new(
                            "上面的情形已经取走了所有合这一条的，或者条件本身不能成立",
                            "the cases above take everything that fits, or the condition cannot hold",
                        ))
                        .quoting(look.quote_of(&line.authority).or_else(|| look.quote_of(&item.authority)))
                        .next(Text::new(
                            "把它移到上面，改条件，或删去",
                            "move it up, change its condition, or remove it",
                        )),
                    );
                }
                earlier.push((when, false));
            }
        }
    }
}

/// The last condition that was made from a stretch of text: the whole of it.
fn condition_at(look: &Look<'_>, place: Place) -> Option<NodeId> {
    let nodes = look.standard.program.nodes.iter().zip(0u32..);
    let found = nodes.filter(|(node, _)| node.kind == Kind::Truth && node.origin.place == Some(place));
    found.map(|(_, at)| NodeId(at)).last()
}
