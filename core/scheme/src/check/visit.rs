//! Every statement and every expression of a policy, for checks that look at all of them.

use crate::read::Policy;
use alloc::vec::Vec;
use kaoping_syntax::ast::{
    AsOf, Authority, AwardRule, BindingValue, BodyKind, BodyLine, Expr, ExprKind, Literal, Name, RoundingChoice,
    SettingKind,
};

/// A statement with what it rests on and what it says.
pub(crate) struct Statement<'a> {
    /// The part it stands in or the setting it is, by the names a 更正 can call it.
    pub(crate) subject: Option<&'a str>,
    /// What it rests on.
    pub(crate) authority: &'a [Authority],
    /// What the part it stands in rests on.
    pub(crate) above: &'a [Authority],
    /// Its expressions.
    pub(crate) expressions: Vec<&'a Expr>,
    /// Its figures outside expressions.
    pub(crate) figures: Vec<&'a Literal>,
    /// Whether its figures may as well stand in the clause of the part above: points of an item.
    pub(crate) is_header: bool,
    /// Whether its figures only bound what may be reported, which no regulation says.
    pub(crate) is_input: bool,
    /// Whether it says the points of an item or rule: many figures, of which a choice is about some.
    pub(crate) is_score: bool,
}

/// Looks at an expression and at everything inside it.
pub(crate) fn inside<'a>(expr: &'a Expr, see: &mut dyn FnMut(&'a Expr)) {
    see(expr);
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Day(_) | ExprKind::Name(_) | ExprKind::NotApplicable => {}
        ExprKind::Negate(x) | ExprKind::Not(x) | ExprKind::In(x, _) | ExprKind::AsOf(x, _) => inside(x, see),
        ExprKind::Binary(_, a, b) => {
            inside(a, see);
            inside(b, see);
        }
        ExprKind::Call(call) => call.arguments.iter().chain(&call.filter).for_each(|expr| inside(expr, see)),
        ExprKind::Table(table) => {
            inside(&table.subject, see);
            for row in &table.rows {
                inside(&row.edge, see);
                inside(&row.value, see);
            }
            inside(&table.rest, see);
        }
        ExprKind::Cases { cases, otherwise, .. } => {
            for case in cases {
                inside(&case.when, see);
                inside(&case.value, see);
            }
            inside(otherwise, see);
        }
    }
}

/// The names an expression uses, each path's words.
pub(crate) fn names(expr: &Expr) -> Vec<&Name> {
    let mut names = Vec::new();
    inside(expr, &mut |expr| match &expr.kind {
        ExprKind::Name(path) => names.extend(path),
        ExprKind::AsOf(_, AsOf::Row(day)) => names.push(day),
        ExprKind::Call(call) => names.extend(&call.over),
        _ => {}
    });
    names
}

/// The expressions and figures of a line.
pub(crate) fn line_parts(kind: &BodyKind) -> (Vec<&Expr>, Vec<&Literal>) {
    let (mut expressions, mut figures) = (Vec::new(), Vec::new());
    match kind {
        BodyKind::Input(input) => {
            figures.extend(input.bounds.iter().map(|(_, figure)| figure));
            figures.extend(input.range.iter().flat_map(|(low, high)| [low, high]));
            figures.extend(&input.default);
        }
        BodyKind::Parameters(all) => figures.extend(all.iter().filter_map(|parameter| parameter.value.as_ref())),
        BodyKind::Let(it) => expressions.push(&it.value),
        BodyKind::Gives(it) => expressions.extend(&it.value),
        BodyKind::Score(expr) | BodyKind::Applies(expr) => expressions.push(expr),
        BodyKind::Outcome(cases) => {
            for case in cases {
                expressions.extend(case.when.iter().chain(&case.amount));
            }
        }
        BodyKind::Adjust(adjust) => {
            expressions.extend(&adjust.filter);
            figures.push(&adjust.points);
            figures.extend(&adjust.at_most);
        }
        BodyKind::By { bindings, .. } => figures.extend(bindings.iter().filter_map(|(_, value)| match value {
            BindingValue::Literal(figure) => Some(figure),
            BindingValue::Word(_) => None,
        })),
        BodyKind::AtMost(figure) | BodyKind::AtLeast(figure) | BodyKind::Round(RoundingChoice::To(figure, _)) => {
            figures.push(figure);
        }
        BodyKind::Veto(veto) => expressions.push(&veto.when),
        _ => {}
    }
    (expressions, figures)
}

/// Every statement of a policy in which figures or names can stand.
pub(crate) fn statements(policy: &Policy) -> Vec<Statement<'_>> {
    let mut all = Vec::new();
    let bodies = policy.rules.iter().map(|part| (&part.it.body, part.authority.as_slice()));
    let bodies = bodies.chain(policy.decisions.iter().map(|part| (&part.it.body, part.authority.as_slice())));
    for (body, above) in bodies {
        lines(body, above, None, &mut all);
    }
    for scheme in &policy.schemes {
        let of_block = |name: &Name| {
            let block = scheme.blocks.iter().find(|block| crate::read::is_called(&block.it.name, &name.text));
            block.map(|block| block.authority.as_slice()).filter(|authority| !super::look::is_chosen(authority))
        };
        for setting in &scheme.scheme.settings {
            let (expressions, figures) = setting_parts(&setting.kind);
            all.push(Statement {
                subject: matches!(setting.kind, SettingKind::FullMark(_)).then_some("满分"),
                authority: &setting.authority,
                above: &scheme.authority,
                expressions,
                figures,
                is_header: false,
                is_input: false,
                is_score: false,
            });
        }
        for block in &scheme.blocks {
            let it = &block.it;
            let figures = [&it.points, &it.at_most, &it.at_least].into_iter().flatten().collect();
            let subject = Some(it.name.name.text.as_str());
            all.push(Statement { figures, subject, ..part(&block.authority) });
            // What a block is scaled from is only the sum of its items.
            let figures = it.scaled_from.iter().collect();
            all.push(Statement { figures, subject, is_input: true, ..part(&block.authority) });
        }
        for item in &scheme.items {
            let figures = item.item.points.iter().collect();
            // The points of an item may stand in the clause of its block.
            let above = item.block.as_ref().and_then(of_block).unwrap_or_default();
            let subject = Some(item.item.name.name.text.as_str());
            all.push(Statement { figures, above, subject, is_header: true, ..part(&item.authority) });
            lines(&item.item.body, &item.authority, subject, &mut all);
        }
        later_parts(scheme, &mut all);
    }
    all
}

fn part(authority: &[Authority]) -> Statement<'_> {
    Statement {
        subject: None,
        authority,
        above: &[],
        expressions: Vec::new(),
        figures: Vec::new(),
        is_header: false,
        is_input: false,
        is_score: false,
    }
}

fn lines<'a>(body: &'a [BodyLine], above: &'a [Authority], subject: Option<&'a str>, all: &mut Vec<Statement<'a>>) {
    for line in body {
        let (expressions, figures) = line_parts(&line.kind);
        let is_input = matches!(line.kind, BodyKind::Input(_));
        let is_score = matches!(line.kind, BodyKind::Score(_));
        all.push(Statement { subject, above, expressions, figures, is_input, is_score, ..part(&line.authority) });
    }
}

/// Vetoes, grades, awards, quotas, lists and funds.
fn later_parts<'a>(scheme: &'a crate::read::SchemeText, all: &mut Vec<Statement<'a>>) {
    for veto in &scheme.vetoes {
        all.push(Statement { expressions: [&veto.it.when].into(), ..part(&veto.authority) });
    }
    for grades in &scheme.grades {
        all.push(Statement { expressions: [&grades.it.by].into(), ..part(&grades.authority) });
        for band in &grades.it.bands {
            let figures = band.edge.iter().map(|(_, figure)| figure).chain(&band.share).collect();
            all.push(Statement { figures, above: &grades.authority, ..part(&band.authority) });
        }
    }
    for moved in &scheme.grade_moves {
        let figures = [&moved.it.steps].into();
        all.push(Statement { expressions: [&moved.it.when].into(), figures, ..part(&moved.authority) });
    }
    for award in &scheme.awards {
        let mut expressions: Vec<&Expr> = award.it.filter.iter().chain(&award.it.unless).collect();
        let mut figures = Vec::new();
        match &award.it.how {
            AwardRule::First { count, by } | AwardRule::Last { count, by } => {
                expressions.push(by);
                figures.push(count);
            }
            AwardRule::Between { from, to, by } => {
                expressions.push(by);
                figures.extend([from, to]);
            }
            AwardRule::Judged { at_most, .. } => figures.push(at_most),
            AwardRule::Everyone => {}
        }
        for prize in &award.it.prizes {
            figures.push(&prize.amount);
        }
        let subject = Some(award.it.name.text.as_str());
        all.push(Statement { expressions, figures, subject, ..part(&award.authority) });
    }
    for count in &scheme.award_counts {
        all.push(Statement { figures: [&count.it.count].into(), ..part(&count.authority) });
    }
    for total in &scheme.prize_totals {
        all.push(Statement { figures: [&total.it.count].into(), ..part(&total.authority) });
    }
    for quota in &scheme.quotas {
        let expressions = quota.it.rows.iter().map(|(when, _)| when).collect();
        let figures = quota.it.rows.iter().map(|(_, figure)| figure);
        let figures = figures.chain(&quota.it.rest).chain(&quota.it.total).collect();
        let subject = Some(quota.it.name.text.as_str());
        all.push(Statement { expressions, figures, subject, ..part(&quota.authority) });
    }
    for roster in &scheme.rosters {
        let subject = Some(roster.it.name.text.as_str());
        all.push(Statement { expressions: [&roster.it.filter].into(), subject, ..part(&roster.authority) });
    }
    for fund in &scheme.distributions {
        let expressions = [&fund.it.by].into_iter().chain(&fund.it.filter).collect();
        let figures = [&fund.it.amount, &fund.it.share].into();
        let subject = Some(fund.it.name.text.as_str());
        all.push(Statement { expressions, figures, subject, ..part(&fund.authority) });
    }
    for deadlines in &scheme.deadlines {
        all.push(part(&deadlines.authority));
        for line in &deadlines.it.lines {
            all.push(Statement { above: &deadlines.authority, ..part(&line.authority) });
        }
    }
    let rest = scheme.merges.iter().map(|merge| &merge.authority);
    let rest = rest.chain(scheme.rounds.iter().map(|rounds| &rounds.authority));
    let rest = rest.chain(scheme.once.iter().map(|once| &once.authority));
    all.extend(rest.map(|authority| part(authority)));
}

fn setting_parts(kind: &SettingKind) -> (Vec<&Expr>, Vec<&Literal>) {
    match kind {
        SettingKind::Assessed(expr) | SettingKind::Total(expr) => ([expr].into(), Vec::new()),
        SettingKind::Ranking { by, .. } => ([by].into(), Vec::new()),
        SettingKind::TieBreak { keys, .. } => (keys.iter().collect(), Vec::new()),
        SettingKind::Let(it) => ([&it.value].into(), Vec::new()),
        SettingKind::FullMark(figure) | SettingKind::AtLeast(figure) | SettingKind::AtMost(figure) => {
            (Vec::new(), [figure].into())
        }
        _ => (Vec::new(), Vec::new()),
    }
}
