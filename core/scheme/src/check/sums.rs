//! Parts and wholes at every level: items of a block, blocks of a scheme, a nested scheme and
//! the item it stands in.

use super::look::{Look, equation};
use crate::{
    model::{Block, Item, Scheme},
    read::SchemeText,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::NodeId;
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::SettingKind;
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text};

/// Points of parts: known, or the characters that cannot be read.
struct Parts {
    known: Vec<Exact>,
    written: Vec<String>,
    unread: Vec<String>,
    unreadable: bool,
}

impl Parts {
    fn of<'a>(parts: impl Iterator<Item = (Option<&'a Exact>, Option<&'a String>)>) -> Self {
        let mut all = Self { known: Vec::new(), written: Vec::new(), unread: Vec::new(), unreadable: false };
        for (points, characters) in parts {
            if let Some(points) = points {
                all.known.push(points.clone());
                all.written.push(points.to_string());
            } else if let Some(characters) = characters {
                all.unreadable = true;
                all.written.push(characters.clone());
                all.unread.push(characters.clone());
            }
        }
        all
    }

    /// The characters that cannot be read.
    fn unread(&self) -> String {
        self.unread.join("、")
    }

    fn sum(&self) -> Exact {
        Exact::sum(&self.known)
    }

    /// Whether no reading of an unreadable part makes the sum right. Points are not negative.
    fn contradicts(&self, whole: &Exact) -> bool {
        if self.unreadable { self.sum() > *whole } else { self.sum() != *whole }
    }

    /// `2 + 1 + 0.5 + 3.5 = 7`, or `96.5 + M.5 > 88`.
    fn label(&self, whole: &Exact) -> String {
        let sum = self.sum().to_string();
        let (sign, right) = if self.unreadable { (">", whole.to_string()) } else { ("=", sum) };
        equation(&self.written, sign, &right)
    }
}

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for (at, text, scheme) in look.schemes() {
        for (block, made) in text.blocks.iter().zip(&scheme.blocks) {
            block_sum(look, scheme, made, block.it.points.as_ref().map(|points| points.place), report);
        }
        for item in &scheme.items {
            nested_sum(look, item, report);
        }
        total(look, at, text, scheme, analysis, report);
    }
}

fn counted<'a>(scheme: &'a Scheme, block: &'a Block) -> impl Iterator<Item = &'a Item> {
    block.items.iter().filter_map(|item| scheme.items.get(*item)).filter(|item| !item.is_substitute)
}

fn block_sum(look: &Look<'_>, scheme: &Scheme, block: &Block, place: Option<Place>, report: &mut Report) {
    let Some(whole) = block.scaled_from.as_ref().or(block.points.as_ref()) else {
        return;
    };
    let parts = Parts::of(counted(scheme, block).map(|item| (item.points.as_ref(), item.unreadable.as_ref())));
    if parts.written.is_empty() || !parts.contradicts(whole) {
        return;
    }
    let (name, sum) = (&block.name, parts.sum());
    let (least_zh, least_en) = if parts.unreadable { ("至少", "at least ") } else { ("", "") };
    let mut finding = Diagnostic::error(
        "parts-do-not-sum",
        Text::new(
            format!("{name}：各项之和{least_zh}是 {sum} 分，写的是 {whole} 分"),
            format!("{name}: the items add up to {least_en}{sum} points, {whole} are written"),
        ),
    )
    .label(Text::same(parts.label(whole)))
    .why(Text::new(
        "各项之和与这一块的分值必须相等，不然总有人的分对不上",
        "the items must add up to the block, or scores cannot be reconciled",
    ))
    .quoting(look.quote(block.clause.as_deref()))
    .next(if parts.unreadable {
        let over = &sum - whole;
        let unread = parts.unread();
        Text::new(
            format!("先查原件认定“{unread}”。要么把 {whole} 改成 {sum} 加上它，要么 {whole} 不动，其余各项减去 {over} 再减去它；单改 {whole} 或单定“{unread}”都不能相符。若已印发，请发更正"),
            format!("settle {unread} from the original first. Either {whole} becomes {sum} plus it, or {whole} stays and the other items lose {over} and what it is; neither number alone can mend the sum. If it is already issued, issue a correction"),
        )
    } else {
        Text::new(
            format!("改某一项的分值，或把 {whole} 改成 {sum}；若已印发，请发更正"),
            format!("change the points of an item, or {whole} to {sum}; if it is already issued, issue a correction"),
        )
    });
    for item in counted(scheme, block) {
        if let (Some(place), Some(points)) = (item.points_place, &item.points) {
            finding = finding.also(place, Text::same(format!("{} {points}", item.name)));
        }
    }
    report.push(finding.at(place.or(block.points_place).unwrap_or(block.place)));
}

fn nested_sum(look: &Look<'_>, item: &Item, report: &mut Report) {
    let nested = item.sub_scheme.and_then(|at| look.standard.schemes.get(at));
    let Some((nested, mark)) = nested.and_then(|nested| Some((nested, nested.full_mark.as_ref()?))) else {
        return;
    };
    let Some(points) = item.points.as_ref().filter(|points| *points != mark) else {
        return;
    };
    let (name, inner) = (&item.name, &nested.name);
    let finding = Diagnostic::error(
        "parts-do-not-sum",
        Text::new(
            format!("“{name}”是 {points} 分，它的子方案“{inner}”满分是 {mark} 分"),
            format!("`{name}` has {points} points, its nested scheme `{inner}` a full mark of {mark}"),
        ),
    );
    report.push(
        finding
            .at(item.points_place.unwrap_or(item.place))
            .also(nested.place, Text::new(format!("满分 {mark} 分"), format!("full mark {mark}")))
            .why(Text::new(
                "子方案的总分就是这一项的得分，两个数必须相等",
                "the nested total is the score of the item, so both must be equal",
            ))
            .quoting(look.quote(item.clause.as_deref()))
            .next(Text::new("改其中一个", "change one of the two")),
    );
}

/// The declared full mark against what the blocks and items give when all are full.
fn total(
    look: &Look<'_>,
    at: usize,
    text: &SchemeText,
    scheme: &Scheme,
    analysis: &mut Analysis<'_>,
    report: &mut Report,
) {
    let setting = text.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::FullMark(written) => Some((setting, written)),
        _ => None,
    });
    let Some((setting, written)) = setting else {
        return full_mark_missing(at, text, scheme, report);
    };
    let Some(mark) = &scheme.full_mark else {
        return;
    };
    let parts = top_parts(scheme);
    if parts.written.is_empty() {
        return;
    }
    let formula = text.scheme.settings.iter().any(|setting| matches!(setting.kind, SettingKind::Total(_)));
    let by_formula = if formula { when_full(scheme, analysis) } else { None };
    let found = by_formula.clone().unwrap_or_else(|| parts.sum());
    let wrong = match &by_formula {
        Some(found) => found != mark,
        None => parts.contradicts(mark),
    };
    if !wrong {
        return;
    }
    let label = match &by_formula {
        Some(found) if *found != parts.sum() => Text::new(
            format!("各块各项都满分时总分是 {found}"),
            format!("with every block and item full the total is {found}"),
        ),
        _ => Text::same(parts.label(mark)),
    };
    let finding = Diagnostic::error(
        "total-does-not-match",
        Text::new(
            format!("满分写的是 {mark} 分，各部分之和是 {found} 分"),
            format!("the full mark is written as {mark}, the parts add up to {found}"),
        ),
    );
    report.push(
        finding
            .at(written.place)
            .label(label)
            .why(Text::new("各部分都得满分时，总分应当正好是满分", "when every part is full the total must be the full mark"))
            .quoting(look.quote_of(&setting.authority))
            .next(Text::new(
                format!("改某一部分的分值，或把满分改成 {found}；若已印发，请发更正"),
                format!("change the points of a part, or the full mark to {found}; if it is already issued, issue a correction"),
            )),
    );
}

/// Points of the blocks that count, and of items outside blocks.
fn top_parts(scheme: &Scheme) -> Parts {
    let blocks = scheme.blocks.iter().filter(|block| !block.outside_full_mark);
    let mut parts: Vec<(Option<Exact>, Option<String>)> = Vec::new();
    for block in blocks {
        if block.points.is_some() || block.unreadable.is_some() {
            parts.push((block.points.clone(), block.unreadable.clone()));
        } else {
            let items = Parts::of(counted(scheme, block).map(|item| (item.points.as_ref(), item.unreadable.as_ref())));
            parts.push((Some(items.sum()), None));
        }
    }
    let loose = scheme.items.iter().filter(|item| item.block.is_none() && !item.is_substitute);
    parts.extend(loose.map(|item| (item.points.clone(), item.unreadable.clone())));
    Parts::of(parts.iter().map(|(points, characters)| (points.as_ref(), characters.as_ref())))
}

/// The total when every block and item has exactly its points, and those without have none.
fn when_full(scheme: &Scheme, analysis: &mut Analysis<'_>) -> Option<Exact> {
    let mut facts: Vec<(NodeId, Span)> = Vec::new();
    for block in &scheme.blocks {
        let points = if block.outside_full_mark { Exact::zero() } else { block.points.clone()? };
        facts.push((block.score?, Span::point(points)));
    }
    for item in scheme.items.iter().filter(|item| item.block.is_none() || item.points.is_none()) {
        if item.unreadable.is_none() && !item.is_substitute {
            facts.push((item.score?, Span::point(item.points.clone().unwrap_or_else(Exact::zero))));
        }
    }
    let mut scope = analysis.scope(&[], &facts)?;
    analysis.range_in(&mut scope, scheme.total?).value().cloned()
}

fn full_mark_missing(at: usize, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let parts = top_parts(scheme);
    if at != 0 || parts.written.is_empty() {
        return;
    }
    let sum = parts.sum();
    let finding =
        Diagnostic::warning("full-mark-undeclared", Text::new("方案没有写满分", "the scheme declares no full mark"));
    report.push(
        finding
            .at(text.scheme.name.place)
            .why(Text::new(
                "没有满分，就无法核对各项之和，也说不清 85 分是多是少",
                "without it the sum of the items cannot be checked and 85 points mean nothing",
            ))
            .next(Text::new(format!("写：满分 {sum} 分"), format!("write: 满分 {sum} 分"))),
    );
}
