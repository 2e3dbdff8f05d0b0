//! What the total adds and subtracts: parts counted twice, and deductions taken off with a
//! minus although they are negative already.

use super::look::{Look, listed};
use crate::{
    model::{Item, Scheme},
    read::SchemeText,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};
use kaoping_program::{Aggregate, Kind, NodeId, Op, Program};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::{Binary, Expr, ExprKind, SettingKind};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text};

/// How deep a total may be nested before the rest is not looked at.
const DEEPEST: u32 = 300;

pub(super) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        twice(look, text, scheme, report);
        subtracted(look, text, scheme, analysis, report);
    }
}

/// How often a value reaches another: added, subtracted, and of these with a factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ways {
    plus: u32,
    minus: u32,
    scaled: u32,
}

impl Ways {
    const ONE: Self = Self { plus: 1, minus: 0, scaled: 0 };

    fn and(self, other: Self) -> Self {
        Self {
            plus: self.plus.saturating_add(other.plus),
            minus: self.minus.saturating_add(other.minus),
            scaled: self.scaled.saturating_add(other.scaled),
        }
    }

    /// Of two branches only one is taken.
    fn or(self, other: Self) -> Self {
        Self {
            plus: self.plus.max(other.plus),
            minus: self.minus.max(other.minus),
            scaled: self.scaled.max(other.scaled),
        }
    }

    fn turned(self) -> Self {
        Self { plus: self.minus, minus: self.plus, ..self }
    }

    fn scaled(self) -> Self {
        Self { scaled: self.plus.saturating_add(self.minus), ..self }
    }
}

/// How often each part reaches a value.
type Reached = BTreeMap<NodeId, Ways>;

fn merged(mut a: Reached, b: &Reached, join: impl Fn(Ways, Ways) -> Ways) -> Reached {
    for (part, ways) in b {
        let entry = a.entry(*part).or_default();
        *entry = join(*entry, *ways);
    }
    a
}

fn each(reached: Reached, turn: impl Fn(Ways) -> Ways) -> Reached {
    reached.into_iter().map(|(part, ways)| (part, turn(ways))).collect()
}

/// Ways through sums, differences, factors, roundings, clamps and vetoes, down to `parts`.
struct Paths<'a> {
    program: &'a Program,
    parts: &'a BTreeSet<NodeId>,
    seen: BTreeMap<NodeId, Reached>,
}

impl Paths<'_> {
    fn to(&mut self, node: NodeId, depth: u32) -> Reached {
        if let Some(done) = self.seen.get(&node) {
            return done.clone();
        }
        if self.parts.contains(&node) {
            return BTreeMap::from([(node, Ways::ONE)]);
        }
        let Some(op) = self.program.node(node).map(|node| &node.op).filter(|_| depth < DEEPEST) else {
            return Reached::new();
        };
        let mut at = |node: NodeId| self.to(node, depth + 1);
        let reached = match op {
            Op::Add(a, b) => merged(at(*a), &at(*b), Ways::and),
            Op::Sub(a, b) => merged(at(*a), &each(at(*b), Ways::turned), Ways::and),
            Op::Neg(x) => each(at(*x), Ways::turned),
            Op::Mul(a, b) => {
                let points = [*a, *b]
                    .into_iter()
                    .filter(|node| has_unit(self.program, *node))
                    .map(|node| self.to(node, depth + 1));
                let all = points.fold(Reached::new(), |all, one| merged(all, &one, Ways::and));
                each(all, Ways::scaled)
            }
            Op::Div(a, _) => each(at(*a), Ways::scaled),
            Op::Min(a, b) | Op::Max(a, b) | Op::IfMissing(a, b) | Op::IfNotApplicable(a, b) => {
                merged(at(*a), &at(*b), Ways::or)
            }
            Op::Select { then, otherwise, .. } => merged(at(*then), &at(*otherwise), Ways::or),
            Op::Round { x, .. } => at(*x),
            Op::Fold { function: Aggregate::Sum, members } => {
                members.iter().fold(Reached::new(), |all, member| merged(all, &at(*member), Ways::and))
            }
            _ => Reached::new(),
        };
        self.seen.insert(node, reached.clone());
        reached
    }
}

fn has_unit(program: &Program, node: NodeId) -> bool {
    matches!(program.node(node).map(|node| &node.kind), Some(Kind::Number(measure)) if !measure.is_ratio() && !measure.is_number())
}

/// Where the total is written, else where the scheme is.
fn total_place(text: &SchemeText) -> Place {
    let written = text.scheme.settings.iter().find(|setting| matches!(setting.kind, SettingKind::Total(_)));
    written.map_or(text.scheme.name.place, |setting| setting.place)
}

/// Items and blocks that reach the total more than once.
fn twice(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let Some(total) = scheme.total else { return };
    let scores = scheme.blocks.iter().filter_map(|block| block.score);
    let scores: Vec<NodeId> = scores.chain(scheme.items.iter().filter_map(|item| item.score)).collect();
    let parts: BTreeSet<NodeId> = scores.iter().copied().collect();
    // Parts that are the very same value cannot be told apart.
    let shared = |node: NodeId| scores.iter().filter(|score| **score == node).count() > 1;
    let direct = Paths { program: &look.standard.program, parts: &parts, seen: BTreeMap::new() }.to(total, 0);
    let ways = |score: Option<NodeId>| {
        let score = score.filter(|score| !shared(*score));
        score.and_then(|score| direct.get(&score)).copied().unwrap_or_default()
    };
    let place = total_place(text);
    for (block, written) in scheme.blocks.iter().zip(&text.blocks) {
        let found = ways(block.score);
        // With a factor it is a weighting, which nobody writes by mistake.
        if found.plus > 1 && found.scaled == 0 {
            let quote = look.quote_of(&written.authority);
            report.push(counted_twice("块", &block.name, block.place, place, None).quoting(quote));
        }
    }
    for (item, written) in scheme.items.iter().zip(&text.items) {
        let found = ways(item.score);
        let block = item.block.and_then(|block| scheme.blocks.get(block));
        let through = block.filter(|block| ways(block.score).plus > 0);
        let again = found.plus > 1 && found.scaled == 0;
        if found.plus > 0 && (again || through.is_some()) {
            let quote = look.quote_of(&written.authority);
            let through = through.map(|block| (block.name.as_str(), block.place));
            let finding = counted_twice("项", &item.name, written.item.name.name.place, place, through);
            report.push(finding.quoting(quote));
        }
    }
}

/// `through`: the block that brings it once more.
fn counted_twice(kind: &str, name: &str, at: Place, total: Place, through: Option<(&str, Place)>) -> Diagnostic {
    let (message, next) = match through {
        Some((block, _)) => (
            Text::new(
                format!("{kind}“{name}”进了总分两次：一次在块“{block}”里，一次单独写"),
                format!("`{name}` reaches the total twice: within the block `{block}` and by itself"),
            ),
            Text::new(
                format!(
                    "从总分里去掉“{name}”；或把它移出“{block}”：写到另一个块下面（缩进不管用，项归它上面最近的块）"
                ),
                format!(
                    "take `{name}` out of the total, or move it below another block: an item belongs to the nearest block above it"
                ),
            ),
        ),
        None => (
            Text::new(format!("{kind}“{name}”进了总分不止一次"), format!("`{name}` reaches the total more than once")),
            Text::new("在总分的算式里只留一次", "keep it once in the formula of the total"),
        ),
    };
    let mut finding = Diagnostic::error("counted-twice", message)
        .at(at)
        .label(Text::new("在这里", "here"))
        .also(total, Text::new("总分里又加了一次", "added once more in the total"))
        .why(Text::new(
            "同一件事加两次或扣两次，名次就不对了",
            "what is added or deducted twice moves units to wrong places",
        ))
        .next(next);
    if let Some((block, place)) = through {
        finding = finding.also(place, Text::new(format!("归块“{block}”"), format!("belongs to block `{block}`")));
    }
    finding
}

/// A minus before what can only be zero or negative, in the total and in 设 of the scheme.
fn subtracted(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, analysis: &mut Analysis<'_>, report: &mut Report) {
    for setting in &text.scheme.settings {
        let expr = match &setting.kind {
            SettingKind::Total(expr) => expr,
            SettingKind::Let(it) => &it.value,
            _ => continue,
        };
        let mut taken: Vec<(&Expr, Place)> = Vec::new();
        super::visit::inside(expr, &mut |expr| match &expr.kind {
            ExprKind::Binary(Binary::Sub, _, right) => taken.push((right, expr.place)),
            ExprKind::Negate(x) => taken.push((x, expr.place)),
            _ => {}
        });
        for (right, whole) in taken {
            let Some((name, place)) = deduction(text, scheme, right, analysis) else {
                continue;
            };
            let (zh, en) = listed(&[name]);
            let finding = Diagnostic::error(
                "deduction-subtracted",
                Text::new(
                    format!("{zh}只会是零或负分，这里又减了它：负负得正，扣分成了加分"),
                    format!("{en} is only ever zero or below, and here it is subtracted: minus times minus adds"),
                ),
            );
            report.push(
                finding
                    .at(right.place)
                    .label(Text::new("前面是减号", "behind a minus"))
                    .also(place, Text::new("这里已经是负的", "negative already"))
                    .why(Text::new(
                        "用 扣 每 … 写的项，得分本来就是负的；减去负分，犯得越多分越高",
                        "items of deductions score below zero; subtracting them rewards every fault",
                    ))
                    .quoting(look.quote_of(&setting.authority))
                    .next(Text::new(
                        format!("把“{}”里的减号改成加号：… + {name}", look.text(whole)),
                        format!("write a plus: … + {name}"),
                    )),
            );
        }
    }
}

/// The block or item an expression names whose score is never above zero and can be below.
fn deduction<'a>(
    text: &'a SchemeText,
    scheme: &'a Scheme,
    expr: &Expr,
    analysis: &mut Analysis<'_>,
) -> Option<(&'a str, Place)> {
    let ExprKind::Name(path) = &expr.kind else {
        return None;
    };
    let [name] = path.as_slice() else { return None };
    let is_item = |item: &&Item| item.name == name.text || item.alias.as_deref() == Some(name.text.as_str());
    let block = scheme.blocks.iter().find(|block| block.name == name.text);
    let item = scheme.items.iter().find(is_item);
    let value = scheme.values.iter().find(|(value, _)| *value == name.text);
    let written = text.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::Let(it) if it.name.name.text == name.text => Some(it.name.name.place),
        _ => None,
    });
    let (named, score, place) = match (value, block, item) {
        (Some((name, node)), ..) => (name, Some(*node), written?),
        (_, Some(block), _) => (&block.name, block.score, block.place),
        (_, _, Some(item)) => (&item.name, item.score, item.place),
        _ => return None,
    };
    is_never_above_zero(&analysis.range(score?).span?).then_some((named.as_str(), place))
}

fn is_never_above_zero(span: &Span) -> bool {
    span.high().is_some_and(|(high, _)| !high.is_positive()) && span.value().is_none_or(|value| *value != Exact::zero())
}
