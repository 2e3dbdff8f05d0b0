//! Tiers and grades: rows that nothing can reach, gaps between rows, edges that belong to two.

use super::{
    look::{Look, figure},
    visit,
};
use crate::model::Grades;
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_program::{NodeId, Op, Relation};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::{ExprKind, TierTable};
use kaoping_terms::{Diagnostic, Exact, Place, Quote, Report, Text};

/// A row of a table: how the quantity is compared, with what, and where it stands.
pub(super) struct Row {
    pub(super) relation: Relation,
    pub(super) edge: Exact,
    /// The edge as people write it.
    pub(super) shown: String,
    pub(super) place: Place,
}

impl Row {
    pub(super) fn span(&self) -> Span {
        Span::related(self.relation, &Span::point(self.edge.clone()))
    }

    fn written(&self) -> String {
        let sign = match self.relation {
            Relation::Equal => "=",
            Relation::NotEqual => "≠",
            Relation::Less => "<",
            Relation::AtMost => "≤",
            Relation::Greater => ">",
            Relation::AtLeast => "≥",
        };
        format!("{sign} {}", self.shown)
    }
}

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for statement in visit::statements(look.policy) {
        let quote = look.quote_of(statement.authority).or_else(|| look.quote_of(statement.above));
        for expr in statement.expressions {
            visit::inside(expr, &mut |expr| {
                if let ExprKind::Table(table) = &expr.kind {
                    tier_table(look, table, analysis, &quote, report);
                }
            });
        }
    }
    for (_, text, scheme) in look.schemes() {
        let authority = text.grades.first().map(|grades| grades.authority.as_slice()).unwrap_or_default();
        if let Some(grades) = &scheme.grades {
            grade_bands(look, grades, analysis, look.quote_of(authority), report);
        }
    }
}

/// The rows of a table, once for each use of it with other edges.
fn tier_table(
    look: &Look<'_>,
    table: &TierTable,
    analysis: &mut Analysis<'_>,
    quote: &Option<Quote>,
    report: &mut Report,
) {
    let program = &look.standard.program;
    let mut uses: BTreeMap<NodeId, Vec<(usize, Row)>> = BTreeMap::new();
    for node in &program.nodes {
        let Op::Compare(relation, subject, edge) = node.op else {
            continue;
        };
        let Some(at) = table.rows.iter().position(|row| Some(row.place) == node.origin.place) else {
            continue;
        };
        let Some(edge) = analysis.range(edge).value().cloned() else {
            continue;
        };
        let place = table.rows.get(at).map_or_else(Place::default, |row| row.place);
        uses.entry(subject)
            .or_default()
            .push((at, Row { relation, shown: figure(program, subject, &edge), edge, place }));
    }
    if table.slices {
        slices(table, analysis, look, quote, report);
        return;
    }
    for (subject, mut rows) in uses {
        rows.sort_by_key(|(at, _)| *at);
        rows.dedup_by_key(|(at, _)| *at);
        if rows.len() != table.rows.len() {
            continue;
        }
        let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let within = analysis.range(subject).span.unwrap_or_else(Span::everything);
        let shown = |value: &Exact| figure(program, subject, value);
        rows_in_order(&rows, &within, table.rest.place, &shown, quote, report);
    }
}

/// The stretches between and on all edges, in order, within what the quantity can be.
pub(super) fn cells(rows: &[&Row], within: &Span) -> Vec<Span> {
    let mut edges: Vec<Exact> = rows.iter().map(|row| row.edge.clone()).collect();
    edges.sort();
    edges.dedup();
    let mut cells = Vec::new();
    let mut from: Option<(Exact, bool)> = None;
    for edge in edges {
        cells.extend(Span::new(from.clone(), Some((edge.clone(), false))));
        cells.push(Span::point(edge.clone()));
        from = Some((edge, false));
    }
    cells.extend(Span::new(from, None));
    cells.iter().filter_map(|cell| cell.meet(within)).collect()
}

/// The rows of a table, or grades, looked at along the line of the quantity.
fn rows_in_order(
    rows: &[Row],
    within: &Span,
    rest: Place,
    shown: &dyn Fn(&Exact) -> String,
    quote: &Option<Quote>,
    report: &mut Report,
) {
    let all: Vec<&Row> = rows.iter().collect();
    let cells = cells(&all, within);
    let taken: Vec<Option<usize>> =
        cells.iter().map(|cell| rows.iter().position(|row| row.span().covers(cell))).collect();
    for (at, row) in rows.iter().enumerate() {
        if !taken.contains(&Some(at)) {
            report.push(unreachable(rows, at, &within.in_words(shown), quote));
            continue;
        }
        // An edge that an earlier row with the opposite direction takes as well.
        let shared = rows.iter().take(at).find(|earlier| {
            earlier.edge == row.edge && falls(earlier.relation) != falls(row.relation) && both_include(earlier, row)
        });
        if let Some(earlier) = shared {
            report.push(overlap(earlier, row, quote));
        }
    }
    let first = taken.iter().position(Option::is_some);
    let last = taken.iter().rposition(Option::is_some);
    for (at, cell) in cells.iter().enumerate() {
        let between = first.is_some_and(|first| first < at) && last.is_some_and(|last| at < last);
        if between && taken.get(at) == Some(&None) {
            report.push(gap(&cell.in_words(shown), rest, quote));
        }
    }
}

fn falls(relation: Relation) -> bool {
    matches!(relation, Relation::Less | Relation::AtMost)
}

fn both_include(a: &Row, b: &Row) -> bool {
    a.span().contains(&a.edge) && b.span().contains(&b.edge)
}

fn unreachable(rows: &[Row], at: usize, within: &Text, quote: &Option<Quote>) -> Diagnostic {
    let Some(row) = rows.get(at) else {
        return Diagnostic::error("tier-unreachable", Text::default());
    };
    let written = row.written();
    let mut finding = Diagnostic::error(
        "tier-unreachable",
        Text::new(format!("“{written}”这一档永远轮不到"), format!("the tier \"{written}\" is never reached")),
    )
    .at(row.place)
    .quoting(quote.clone());
    let earlier = rows.iter().take(at).find(|earlier| earlier.span().covers(&row.span()));
    finding = match earlier {
        Some(earlier) => {
            let before = earlier.written();
            finding.also(earlier.place, Text::new("先到这一档", "this tier comes first")).why(Text::new(
                format!("各档从上往下取第一个合的；凡是合“{written}”的，上面“{before}”已经取走了"),
                format!(
                    "the first tier that fits is taken, and \"{before}\" above takes everything that fits \"{written}\""
                ),
            ))
        }
        None => finding.why(Text::new(
            format!("这个数的范围是：{}；上面各档取过以后，没有落到这一档的", within.zh),
            format!("the quantity is {}, and after the tiers above nothing is left for it", within.en),
        )),
    };
    finding.next(Text::new(
        "把各档按线从严到宽排，或改这一档的线",
        "order the tiers from the strictest edge, or change this edge",
    ))
}

fn overlap(earlier: &Row, row: &Row, quote: &Option<Quote>) -> Diagnostic {
    let (before, after, edge) = (earlier.written(), row.written(), &row.shown);
    Diagnostic::warning(
        "tier-overlap",
        Text::new(
            format!("正好 {edge} 同时合“{before}”和“{after}”两档"),
            format!("exactly {edge} fits both \"{before}\" and \"{after}\""),
        ),
    )
    .at(row.place)
    .also(earlier.place, Text::new("先取这一档", "this one is taken"))
    .why(Text::new(
        "线上的数归哪一档，读的人和算的人会看得不一样",
        "readers and the computation can differ on which tier the edge belongs to",
    ))
    .quoting(quote.clone())
    .next(Text::new(
        "两档中只让一档含这条线：一边写 ≤（≥），另一边写 >（<）",
        "let only one tier include the edge: ≤ (≥) on one side, > (<) on the other",
    ))
}

fn gap(shown: &Text, rest: Place, quote: &Option<Quote>) -> Diagnostic {
    Diagnostic::warning(
        "tier-gap",
        Text::new(
            format!("{} 夹在各档中间，却落到“其余”里", shown.zh),
            format!("{} lies between tiers and falls to the rest", shown.en),
        ),
    )
    .at(rest)
    .why(Text::new(
        "两头都有档、中间没有，多半是漏写了一段",
        "with tiers on both sides and none between, a stretch was probably forgotten",
    ))
    .quoting(quote.clone())
    .next(Text::new(
        "为中间这一段写一档，或改两边的线让它们接上",
        "write a tier for it, or move the edges so that they meet",
    ))
}

/// Slices need rising edges: a slice between an edge and a lower one is empty.
fn slices(table: &TierTable, analysis: &mut Analysis<'_>, look: &Look<'_>, quote: &Option<Quote>, report: &mut Report) {
    let edge_of = |place: Place, analysis: &mut Analysis<'_>| {
        let nodes = look.standard.program.nodes.iter().zip(0u32..);
        let found = nodes.filter(|(node, _)| node.origin.place == Some(place)).map(|(_, at)| NodeId(at)).next();
        found.and_then(|node| analysis.range(node).value().cloned())
    };
    let mut before: Option<(Exact, Place)> = None;
    for row in &table.rows {
        let Some(edge) = edge_of(row.edge.place, analysis) else {
            continue;
        };
        if let Some((lower, place)) = &before
            && edge <= *lower
        {
            report.push(
                Diagnostic::error(
                    "tier-unreachable",
                    Text::new(
                        format!("分段的线 {edge} 不高于前一条线 {lower}"),
                        format!("the slice edge {edge} is not above {lower} before it"),
                    ),
                )
                .at(row.place)
                .also(*place, Text::new("前一条线", "the edge before"))
                .why(Text::new("这一段是空的，它的比例用不上", "the slice is empty and its rate is never used"))
                .quoting(quote.clone())
                .next(Text::new("把各段的线从低到高排", "order the edges from low to high")),
            );
        }
        before = Some((edge, row.place));
    }
}

/// Grades: each edge must leave something for its band.
fn grade_bands(
    look: &Look<'_>,
    grades: &Grades,
    analysis: &mut Analysis<'_>,
    quote: Option<Quote>,
    report: &mut Report,
) {
    let program = &look.standard.program;
    let rows: Vec<Row> = grades
        .bands
        .iter()
        .filter_map(|band| {
            let (relation, edge) = band.edge.clone()?;
            Some(Row { relation, shown: figure(program, grades.by, &edge), edge, place: band.place })
        })
        .collect();
    let within = analysis.range(grades.by).span.unwrap_or_else(Span::everything);
    let rest = grades.bands.iter().find(|band| band.edge.is_none()).map_or(grades.place, |band| band.place);
    let shown = |value: &Exact| figure(program, grades.by, value);
    rows_in_order(&rows, &within, rest, &shown, &quote, report);
}
