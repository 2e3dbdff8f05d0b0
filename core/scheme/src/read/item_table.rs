//! The item table `indicators.csv`: each row becomes an item, as if it had been written out.

use super::{ItemText, Policy, cell_literal};
use alloc::{format, string::String, vec::Vec};
use kaoping_syntax::ast::{self, Authority, BindingValue, BodyKind, BodyLine, Name, Quoted};
use kaoping_terms::{Diagnostic, FileId, Report, Text, nearest::nearest, table::Cell, table::Table};

/// A column of the item table.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Id,
    Block,
    Name,
    Points,
    Rule,
    Lead,
    Responsible,
    Supporting,
    Clause,
    Choice,
    Example,
    Definition,
    Applies,
    Substitute,
    Direction,
    WhenMissing,
    /// Headed by `#…`, a remark as in policy text: kept for people, never read.
    Remark,
    /// An input, parameter or choice of the row's rule.
    Binding(String),
}

/// Headers: Chinese, English, column.
const HEADERS: &[(&str, &str, Column)] = &[
    ("编号", "id", Column::Id),
    ("编号", "indicator", Column::Id),
    ("块", "block", Column::Block),
    ("名称", "name", Column::Name),
    ("指标", "item", Column::Name),
    ("分值", "points", Column::Points),
    ("分值", "base", Column::Points),
    ("规则", "rule", Column::Rule),
    ("规则", "kind", Column::Rule),
    ("牵头", "lead", Column::Lead),
    ("责任", "responsible", Column::Responsible),
    ("协办", "supporting", Column::Supporting),
    ("依据", "clause", Column::Clause),
    ("选择", "choice", Column::Choice),
    ("示例", "example", Column::Example),
    ("口径", "definition", Column::Definition),
    ("适用", "applies", Column::Applies),
    ("改评", "substitute", Column::Substitute),
    ("方向", "direction", Column::Direction),
    ("未报时", "if_missing", Column::WhenMissing),
];

/// Every header that is known without a rule.
pub(crate) fn headers<'a>() -> impl Iterator<Item = &'a str> {
    HEADERS.iter().flat_map(|(zh, en, _)| -> [&'a str; 2] { [*zh, *en] })
}

fn column(header: &str) -> Column {
    if header.starts_with(['#', '＃']) {
        return Column::Remark;
    }
    let lower = header.to_lowercase();
    HEADERS
        .iter()
        .find(|(zh, en, _)| header == *zh || lower == *en)
        .map_or_else(|| Column::Binding(String::from(header)), |(_, _, column)| column.clone())
}

/// Whether a header means the column that another one names.
pub(crate) fn is_headed(header: &str, name: &str) -> bool {
    let meant = column(name);
    !matches!(meant, Column::Binding(_) | Column::Remark) && column(header) == meant
}

/// Reads the rows of an item table.
pub(super) fn read(_file: FileId, table: &Table, policy: &Policy, report: &mut Report) -> Vec<ItemText> {
    let columns: Vec<Column> = table.header.iter().map(|cell| column(&cell.text)).collect();
    let mut used = alloc::vec![false; columns.len()];
    let items: Vec<ItemText> =
        table.rows.iter().filter_map(|cells| row(table, &columns, &mut used, cells, report)).collect();
    for ((column, header), used) in columns.iter().zip(&table.header).zip(used) {
        if let Column::Binding(name) = column
            && !used
        {
            unused_header(name, header, policy, report);
        }
    }
    items
}

/// A header that no row uses may be a slip of the pen.
fn unused_header(name: &str, header: &Cell, policy: &Policy, report: &mut Report) {
    let inputs = policy.rules.iter().flat_map(|rule| &rule.it.body).filter_map(|line| match &line.kind {
        BodyKind::Input(input) => Some(input.name.name.text.as_str()),
        BodyKind::Choice(choice) => Some(choice.name.name.text.as_str()),
        _ => None,
    });
    if inputs.clone().any(|known| known == name) {
        return;
    }
    let known = headers().chain(inputs);
    let next = match nearest(name, known) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new(
            "删去这一列，或改成规则的读入、参数、选择的名称",
            "remove the column, or name an input, parameter or choice of the rules",
        ),
    };
    report.push(
        Diagnostic::warning(
            "unknown-header",
            Text::new(format!("不认识表头“{name}”"), format!("unknown header `{name}`")),
        )
        .at(header.place)
        .why(Text::new(
            "这一列没有用到，写在里面的数不会起作用",
            "the column is not used, so what stands in it has no effect",
        ))
        .next(next),
    );
}

/// One row as an item.
fn row(table: &Table, columns: &[Column], used: &mut [bool], cells: &[Cell], report: &mut Report) -> Option<ItemText> {
    let first = cells.first()?;
    let place = cells.iter().fold(first.place, |place, cell| place.to(cell.place));
    let mut text = ItemText {
        id: String::new(),
        block: None,
        item: ast::Item::default(),
        place,
        authority: Vec::new(),
        from_table: true,
        points_cell: None,
        id_cell: None,
    };
    let mut rule: Option<Name> = None;
    let mut bindings: Vec<(Name, BindingValue)> = Vec::new();
    let mut substitute: Option<Name> = None;
    for (((column, head), cell), used) in columns.iter().zip(&table.header).zip(cells).zip(used.iter_mut()) {
        if *column == Column::Points {
            text.points_cell = Some(cell.place);
        }
        if cell.text.is_empty() {
            continue;
        }
        *used = true;
        let name = Name { text: cell.text.clone(), place: cell.place };
        let quoted = Quoted { text: cell.text.clone(), place: cell.place };
        let mut line =
            |kind: BodyKind| text.item.body.push(BodyLine { place: cell.place, kind, authority: Vec::new() });
        match column {
            Column::Id => {
                text.id = cell.text.clone();
                text.id_cell = Some(cell.place);
            }
            Column::Block => text.block = Some(name),
            Column::Name => text.item.name.name = name,
            Column::Points => text.item.points = cell_literal(cell, report),
            Column::Rule => rule = Some(name),
            Column::Lead => line(BodyKind::Lead(names(cell))),
            Column::Responsible => line(BodyKind::Responsible(names(cell))),
            Column::Supporting => line(BodyKind::Supporting(names(cell))),
            Column::Clause => text.authority.push(Authority::Clause(quoted)),
            Column::Choice => text.authority.push(Authority::Choice(quoted)),
            Column::Example => text.authority.push(Authority::Example(quoted)),
            Column::Definition => line(BodyKind::Definition(quoted)),
            Column::Applies => {
                let (file, start) = (cell.place.file, cell.place.start as usize);
                if let Some(expr) = kaoping_syntax::parse_expression(file, start, &cell.text, true, report) {
                    line(BodyKind::Applies(expr));
                }
            }
            Column::Substitute => substitute = Some(name),
            Column::Direction => {
                if matches!(cell.text.as_str(), "越低越好" | "lower" | "lower_is_better") {
                    line(BodyKind::LowerIsBetter);
                }
            }
            Column::WhenMissing => line(BodyKind::WhenMissing(name)),
            Column::Remark => {}
            Column::Binding(header) => {
                let key = Name { text: header.clone(), place: head.place };
                if let Some(value) = binding(cell, report) {
                    bindings.push((key, value));
                }
            }
        }
    }
    if text.item.name.name.text.is_empty() {
        text.item.name.name = Name { text: text.id.clone(), place };
    }
    if text.id.is_empty() {
        text.id = text.item.name.name.text.clone();
    }
    if let Some(substitute) = substitute {
        let word = Name { text: String::from("改评"), place: substitute.place };
        let kind = BodyKind::Otherwise { word, substitute: Some(substitute) };
        text.item.body.push(BodyLine { place, kind, authority: Vec::new() });
    }
    // Without a rule the bindings wait for the default rule of the scheme.
    if rule.is_some() || !bindings.is_empty() {
        let rule = rule.unwrap_or_default();
        let place = if rule.text.is_empty() { place } else { rule.place };
        text.item.body.push(BodyLine { place, kind: BodyKind::By { rule, bindings }, authority: Vec::new() });
    }
    Some(text)
}

/// Names in a cell, separated by commas, semicolons or enumeration marks.
fn names(cell: &Cell) -> Vec<Name> {
    cell.text
        .split(['、', ',', '，', ';', '；'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| Name { text: String::from(name), place: cell.place })
        .collect()
}

/// A cell that binds an input, parameter or choice: a figure where it begins like one.
fn binding(cell: &Cell, report: &mut Report) -> Option<BindingValue> {
    let figure = cell.text.starts_with(|c: char| c.is_numeric() || matches!(c, '-' | '−' | '+' | '.'))
        || cell.text.starts_with("不可读");
    if figure {
        return cell_literal(cell, report).map(BindingValue::Literal);
    }
    Some(BindingValue::Word(Name { text: cell.text.clone(), place: cell.place }))
}
