//! What stands below the points of an item: other items, sums over months, judges and events,
//! and what it takes of other units. Each that changed is a cause, whether the policy names it
//! or writes it into the formula.

use super::{
    Figures, MOST_CHANGES, parts,
    rests::{Rests, What},
};
use crate::{prepare, rows::RowList};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Aggregate, Cell, ColumnId, Domain, NodeId, Op, Program, RowsetId, Shape};
use kaoping_scheme::model::{Input, Item, OtherwiseMade};
use kaoping_terms::{Lang, Text};

/// An aggregate or a place among units: what it runs over, what it looks at, and of whom.
#[derive(Clone, Copy)]
struct Over {
    domain: Domain,
    x: Option<NodeId>,
    filter: Option<NodeId>,
    function: Option<Aggregate>,
}

fn over(op: &Op) -> Option<Over> {
    match op {
        Op::Aggregate { function, over, x, filter } => {
            Some(Over { domain: *over, x: *x, filter: *filter, function: Some(*function) })
        }
        Op::Rank { within, keys, .. } => {
            Some(Over { domain: *within, x: keys.first().map(|(key, _)| *key), filter: None, function: None })
        }
        _ => None,
    }
}

/// The nodes below the points of an item that may be a cause, those below the points of other
/// items left to these. What only a veto looks at is told with the veto and its events.
fn below(rests: &Rests<'_>, item: &Item) -> Vec<NodeId> {
    let standard = rests.standard();
    let program = &standard.program;
    let reached = rests.within(item, &item.unrounded.or(item.base).or(item.score).into_iter().collect::<Vec<_>>());
    let base = prepare::reached(program, &item.base.into_iter().collect::<Vec<_>>());
    let vetoes = standard.schemes.iter().flat_map(|scheme| &scheme.vetoes);
    let vetoes = prepare::reached(program, &vetoes.map(|veto| veto.when).collect::<Vec<_>>());
    let of_veto = vetoes.iter().zip(&base).map(|(veto, base)| *veto && !*base);
    let nodes = (0u32..).map(NodeId).zip(&program.nodes).zip(reached.into_iter().zip(of_veto));
    let looked_at = nodes.filter(|((id, node), (reached, of_veto))| {
        *reached && !*of_veto && (over(&node.op).is_some() || parts::has_parts(program, *id))
    });
    looked_at.map(|((id, _), _)| id).collect()
}

/// All nodes a comparison of an item looks at beside its own figures.
pub(super) fn nodes(rests: &Rests<'_>, item: &Item) -> Vec<NodeId> {
    let program = &rests.standard().program;
    let mut all = Vec::new();
    for id in below(rests, item) {
        all.push(id);
        all.extend(parts::nodes(program, id));
        all.extend(looked_at(program, id));
    }
    all
}

/// What an aggregate or a place looks at.
pub(super) fn looked_at(program: &Program, id: NodeId) -> Vec<NodeId> {
    let over = program.node(id).and_then(|node| over(&node.op));
    over.into_iter().flat_map(|over| over.x.into_iter().chain(over.filter)).collect()
}

/// The item whose figures count for the unit: where this one does not apply, what is assessed
/// instead.
pub(super) fn in_force<'a>(figures: &Figures<'a>, item: &'a Item, unit: u32) -> &'a Item {
    let applies = item.applies.and_then(|node| figures.cell(node, unit)).and_then(|cell| cell.value);
    let Some(OtherwiseMade::Substitute(name)) = &item.otherwise else { return item };
    if applies.is_none_or(|applies| !applies.is_zero()) {
        return item;
    }
    let schemes = &figures.side.given.standard.schemes;
    let own = schemes.iter().find(|scheme| scheme.items.iter().any(|other| other.id == item.id));
    let mut others = own.into_iter().flat_map(|scheme| &scheme.items);
    others.find(|other| other.name == *name || other.alias.as_deref() == Some(name)).unwrap_or(item)
}

/// Something that changed, and where it comes in.
pub(super) struct Told {
    /// Where the change comes in, if it is such a place.
    pub(super) what: Option<What>,
    /// The name of what changed.
    pub(super) name: Option<String>,
    pub(super) text: Text,
    /// A place or a mean among units that no other unit moved: the unit's own figure did.
    pub(super) by_itself: bool,
}

impl Told {
    pub(super) fn new(what: Option<What>, name: Option<&str>, text: Text) -> Self {
        Self { what, name: name.map(String::from), text, by_itself: false }
    }
}

/// Two sides with the unit on each, and the figures that are told by themselves.
pub(super) struct Below<'f, 'a> {
    pub(super) old: &'f Figures<'a>,
    pub(super) new: &'f Figures<'a>,
    pub(super) inputs: (&'a [Input], &'a [Input]),
    pub(super) units: (u32, u32),
    pub(super) lang: Lang,
}

impl Below<'_, '_> {
    /// The same node on both sides, by what it is called.
    fn pairs(&self, items: (&Item, &Item)) -> Vec<(String, NodeId, NodeId)> {
        let of = |figures: &Figures<'_>, item: &Item| -> Vec<(String, NodeId)> {
            let nodes = below(&figures.rests, item);
            nodes.into_iter().map(|id| (figures.rests.called(id), id)).collect()
        };
        let old: BTreeMap<String, NodeId> = of(self.old, items.0).into_iter().collect();
        let new = of(self.new, items.1);
        let mut seen = Vec::new();
        let mut pairs = Vec::new();
        for (name, id) in new {
            if let Some(other) = old.get(&name).filter(|_| !seen.contains(&name)) {
                pairs.push((name.clone(), *other, id));
                seen.push(name);
            }
        }
        pairs
    }

    pub(super) fn cells(&self, before: NodeId, after: NodeId) -> Option<(Cell, Cell)> {
        let of_unit = |figures: &Figures<'_>, id: NodeId| {
            let node = figures.side.given.standard.program.node(id);
            node.is_some_and(|node| !matches!(node.shape, Shape::Rows(_)))
        };
        if !of_unit(self.old, before) || !of_unit(self.new, after) {
            return None;
        }
        Some((self.old.cell(before, self.units.0)?, self.new.cell(after, self.units.1)?))
    }

    /// Everything below the item that changed. Of the items nested in it each is told by itself.
    pub(super) fn causes(&self, items: (&Item, &Item), told: &mut Vec<Told>) {
        let sums: Vec<NodeId> = items.1.adjustments.iter().map(|adjustment| adjustment.sum).collect();
        let reached = prepare::reached(&self.new.side.given.standard.program, &sums);
        let pairs = self.pairs(items);
        for (name, before, after) in &pairs {
            // What is deducted or added for events is told by itself, as is each result of a
            // round that is held several times.
            if reached.get(after.0 as usize) == Some(&true) || self.new.rests.is_of_parts(*after) {
                continue;
            }
            told.extend(self.aggregate(name, *before, *after));
        }
        self.other_items(items.1, told);
        let ratios = self.made_of_parts(&pairs, told);
        told.extend(ratios.into_iter().map(|text| Told::new(None, None, text)));
    }

    /// An aggregate or a place that changed, with who or what made it change.
    pub(super) fn aggregate(&self, name: &str, before: NodeId, after: NodeId) -> Option<Told> {
        let of = |figures: &Figures<'_>, id: NodeId| over(&figures.side.given.standard.program.node(id)?.op);
        let (was, is) = (of(self.old, before)?, of(self.new, after)?);
        let (a, b) = self.cells(before, after).filter(|(a, b)| a.value != b.value)?;
        let (from, to) = (self.old.show(before, &a, self.lang), self.new.show(after, &b, self.lang));
        let head = format!("{name}：{from} → {to}");
        let head_en = format!("{name}: {from} → {to}");
        let (text, by_itself) = match is.domain {
            Domain::Rows(_) => {
                let rows = self.rows(was, is);
                (Text::new(format!("自己的{head}{}", rows.zh), format!("own {head_en}{}", rows.en)), false)
            }
            Domain::Peers | Domain::All | Domain::Subordinates => {
                let who = self.peers(was, is);
                (Text::new(format!("{head}{}", who.zh), format!("{head_en}{}", who.en)), who.zh.is_empty())
            }
        };
        Some(Told { by_itself, ..Told::new(Some(self.new.rests.below(after)), Some(name), text) })
    }

    /// Points of other items that the formula reads.
    fn other_items(&self, own: &Item, told: &mut Vec<Told>) {
        let roots: Vec<NodeId> = own.score.into_iter().collect();
        let reached = self.new.rests.within(own, &roots);
        let nested = |item: &Item| item.id.strip_prefix(&own.id).is_some_and(|rest| rest.starts_with('/'));
        let others = self.new.items().filter(|item| !item.is_substitute && item.id != own.id && !nested(item));
        let others = others.filter(|item| item.score.is_some_and(|node| reached.get(node.0 as usize) == Some(&true)));
        let figures = self.inputs.1.iter().map(|input| input.node).collect::<Vec<_>>();
        // A figure that is the whole of an item is told as the figure.
        for item in others.filter(|item| item.score.is_none_or(|score| !figures.contains(&score))) {
            let scores = self.old.item(&item.id).and_then(|before| before.score).zip(item.score);
            let Some((before, after)) = scores.filter(|(_, after)| Some(*after) != own.score) else { continue };
            let Some((a, b)) = self.cells(before, after).filter(|(a, b)| a.value != b.value) else { continue };
            let (a, b) = (self.old.show(before, &a, self.lang), self.new.show(after, &b, self.lang));
            let text = Text::new(format!("{}：{a} → {b}", item.name), format!("{}: {a} → {b}", item.name));
            told.push(Told::new(Some(What::Item(item.id.clone())), Some(&item.name), text));
        }
    }

    /// Which units brought it about.
    fn peers(&self, was: Over, is: Over) -> Text {
        let (Some(before), Some(after)) = (was.x, is.x) else { return Text::default() };
        let what = self.new.rests.called(after);
        let groups = self.new.prepared.groups();
        let group = |unit: u32| groups.of.get(unit as usize);
        let mut who = Vec::new();
        for (other, row) in self.new.side.given.units.iter().filter(|(other, _)| *other != self.units.1) {
            let beside = is.domain != Domain::Peers || group(other) == group(self.units.1);
            let Some(then) = self.old.side.given.units.find(&row.id).filter(|_| beside) else { continue };
            let (Some(a), Some(b)) = (self.old.cell(before, then), self.new.cell(after, other)) else { continue };
            if a.value != b.value && self.new.prepared.is_assessed(other) {
                let (a, b) = (self.old.show(before, &a, self.lang), self.new.show(after, &b, self.lang));
                who.push(format!("{}{what} {a} → {b}", row.name));
            }
        }
        let more = who.len().saturating_sub(MOST_CHANGES);
        who.truncate(MOST_CHANGES);
        let who = who.join("、");
        let rest = match more {
            0 => Text::default(),
            more => Text::new(format!("，另有 {more} 个单位"), format!(" and {more} more")),
        };
        match who.is_empty() {
            true => Text::default(),
            false => Text::new(format!("，因为{who}{}", rest.zh), format!(", because {who}{}", rest.en)),
        }
    }

    /// `（3月缺岗 1 次 → 4 次）`: the months, judges or events that changed.
    fn rows(&self, was: Over, is: Over) -> Text {
        let (Domain::Rows(before), Domain::Rows(after)) = (was.domain, is.domain) else { return Text::default() };
        let changed = match self.new.prepared.row_list(after) {
            RowList::Events(..) => events(
                (self.old, before, was.x, was.filter, self.units.0),
                (self.new, after, is.x, is.filter, self.units.1),
                self.lang,
            ),
            _ => {
                let figures = is.function == Some(Aggregate::Count) || is.x.is_none();
                self.periods(before, after, if figures { None } else { was.x.zip(is.x) })
            }
        };
        listed(changed)
    }

    /// The figures of months or judges that changed.
    fn periods(&self, before: RowsetId, after: RowsetId, x: Option<(NodeId, NodeId)>) -> Vec<Text> {
        let mut pairs: Vec<(String, NodeId, NodeId, Option<ColumnId>)> = Vec::new();
        for input in self.inputs.1.iter().filter(|input| input.rows == Some(after)) {
            let mut earlier = self.inputs.0.iter().filter(|other| other.rows == Some(before));
            if let Some(other) = earlier.find(|other| other.name == input.name) {
                let below = |x: NodeId| prepare::reached(&self.new.side.given.standard.program, &[x]);
                if x.is_none_or(|(_, x)| below(x).get(input.node.0 as usize) == Some(&true)) {
                    pairs.push((input.name.clone(), other.node, input.node, Some(input.column)));
                }
            }
        }
        if let Some((a, b)) = x.filter(|_| pairs.is_empty()) {
            pairs.push((self.new.rests.called(b), a, b, None));
        }
        let mut changed = Vec::new();
        for (name, a, b, column) in pairs {
            let old = self.labelled(self.old, before, a, self.units.0);
            let new = self.labelled(self.new, after, b, self.units.1);
            let none = if self.lang == Lang::Zh { "未报" } else { "not reported" };
            let gone = old.keys().filter(|label| !new.contains_key(*label));
            for label in new.keys().chain(gone) {
                let (a, b) = (old.get(label), new.get(label));
                if a != b {
                    let shown = |text: Option<&String>| text.cloned().unwrap_or_else(|| none.to_string());
                    let (a, b) = (shown(a), shown(b));
                    let label = label.trim();
                    let paper = column.map(|column| self.paper(after, column, label)).unwrap_or_default();
                    let line = format!("{label} {name} {a} → {b}");
                    changed.push(Text::new(format!("{line}{}", paper.zh), format!("{line}{}", paper.en)));
                }
            }
        }
        changed
    }

    /// `，凭据 年报-7`: the paper of the row that goes by a month or judge.
    fn paper(&self, rowset: RowsetId, column: ColumnId, label: &str) -> Text {
        let prepared = self.new.prepared;
        let mut rows = prepared.frame().rows_of(rowset, self.units.1);
        let row = rows.find(|row| prepared.row_label(rowset, *row).trim() == label);
        let paper = row.and_then(|row| prepared.reported_row(column, row)).map(|reported| reported.evidence);
        match paper.filter(|paper| !paper.is_empty()) {
            Some(paper) => Text::new(format!("，凭据 {paper}"), format!(", evidence {paper}")),
            None => Text::default(),
        }
    }

    /// The values of the unit's rows, by month or judge.
    pub(super) fn labelled(
        &self,
        figures: &Figures<'_>,
        rowset: RowsetId,
        node: NodeId,
        unit: u32,
    ) -> BTreeMap<String, String> {
        let rows = figures.prepared.frame().rows_of(rowset, unit);
        let rows = rows.filter_map(|row| {
            let cell = figures.column(node)?.cell(row);
            Some((figures.prepared.row_label(rowset, row), figures.show(node, &cell, self.lang)))
        });
        rows.collect()
    }
}

/// One side of the events of a unit: those of a rowset that a condition lets count, and what is
/// looked at of each.
pub(super) type Events<'f, 'a> = (&'f Figures<'a>, RowsetId, Option<NodeId>, Option<NodeId>, u32);

/// The events that count on one side and not on the other, or of which what counts changed.
pub(super) fn events(before: Events<'_, '_>, after: Events<'_, '_>, lang: Lang) -> Vec<Text> {
    let (old, new) = (counted(before, lang), counted(after, lang));
    let mut found = Vec::new();
    for (id, figure) in &new {
        match old.get(id) {
            None => found.push(Text::new(format!("增 {id} {figure}"), format!("new {id} {figure}"))),
            Some(other) if other != figure => found.push(Text::same(format!("{id} {other} → {figure}"))),
            Some(_) => {}
        }
    }
    for id in old.keys().filter(|id| !new.contains_key(*id)) {
        found.push(Text::new(format!("不再计 {id}"), format!("{id} does not count any more")));
    }
    let trimmed = |text: Text| Text::new(text.zh.trim_end(), text.en.trim_end());
    found.into_iter().map(trimmed).collect()
}

fn counted((figures, rowset, x, filter, unit): Events<'_, '_>, lang: Lang) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let RowList::Events(table, positions) = figures.prepared.row_list(rowset) else { return found };
    let events = figures.side.given.events.of(*table);
    for row in figures.prepared.frame().rows_of(rowset, unit) {
        let at = |node: NodeId| figures.column(node).filter(|column| !column.is_empty());
        let spread = |node: NodeId| {
            let column = at(node)?;
            Some(column.cell(if column.len() == 1 { 0 } else { row }))
        };
        let counts = filter.and_then(spread).is_none_or(|cell| cell.value.is_some_and(|value| !value.is_zero()));
        let Some(event) = positions.get(row).and_then(|at| events.get(*at)).filter(|_| counts) else { continue };
        let figure = x.and_then(|x| Some(figures.show(x, &spread(x)?, lang)));
        found.insert(event.id.clone(), figure.unwrap_or_default());
    }
    found
}

/// A few changes in brackets.
pub(super) fn listed(mut changed: Vec<Text>) -> Text {
    let more = changed.len().saturating_sub(MOST_CHANGES);
    changed.truncate(MOST_CHANGES);
    if changed.is_empty() {
        return Text::default();
    }
    // Changes with commas inside are kept apart by more than that.
    let apart = if changed.iter().any(|text| text.zh.contains('，')) { "；" } else { "、" };
    let zh: Vec<&str> = changed.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = changed.iter().map(|text| text.en.as_str()).collect();
    let rest = match more {
        0 => Text::default(),
        more => Text::new(format!("等 {} 处", more + MOST_CHANGES), format!(" and {more} more")),
    };
    Text::new(format!("（{}{}）", zh.join(apart), rest.zh), format!(" ({}{})", en.join(", "), rest.en))
}
