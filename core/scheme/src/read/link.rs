//! Parts of all files become a linked policy: which scheme, which block, which table rows.

use super::{Parameters, Policy, Targets, item_table};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{self, Authority, Part, PartKind, SettingKind};
use kaoping_terms::{
    Diagnostic, FileId, Place, Report, Text,
    table::{Cell, Table, quote_unclosed},
};

/// A statement with where it stands and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct With<T> {
    /// The statement.
    pub it: T,
    /// Where it stands.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// An item, from a statement or from a row of the item table.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemText {
    /// Its id in files: the 编号 of the table, else its name.
    pub id: String,
    /// The block it belongs to.
    pub block: Option<ast::Name>,
    /// What it says.
    pub item: ast::Item,
    /// Where it stands.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
    /// Whether it comes from a table, where a cell that is empty is missing, not undeclared.
    pub from_table: bool,
    /// Where its points stand or should stand, in a table that has a column for them.
    pub points_cell: Option<Place>,
    /// Where its id stands, in a table that has a column for them.
    pub id_cell: Option<Place>,
}

/// A scheme with everything that stands below it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SchemeText {
    /// Name, title and settings.
    pub scheme: ast::Scheme,
    /// Where it stands.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
    /// Blocks in text order.
    pub blocks: Vec<With<ast::Block>>,
    /// Items in text order; table rows stand where their block stands.
    pub items: Vec<ItemText>,
    /// Vetoes outside items.
    pub vetoes: Vec<With<ast::Veto>>,
    /// What moves a grade up or down.
    pub grade_moves: Vec<With<ast::GradeMove>>,
    /// Grades.
    pub grades: Vec<With<ast::Grades>>,
    /// Awards in text order.
    pub awards: Vec<With<ast::Award>>,
    /// Declared numbers of award places.
    pub award_counts: Vec<With<ast::AwardCount>>,
    /// Declared sums of prize money.
    pub prize_totals: Vec<With<ast::AwardCount>>,
    /// Procedures with their dates.
    pub deadlines: Vec<With<ast::Deadlines>>,
    /// Quotas of individuals.
    pub quotas: Vec<With<ast::Quota>>,
    /// Lists.
    pub rosters: Vec<With<ast::Roster>>,
    /// Funds.
    pub distributions: Vec<With<ast::Distribution>>,
    /// Units counted together.
    pub merges: Vec<With<ast::Merge>>,
    /// Rounds.
    pub rounds: Vec<With<ast::Rounds>>,
    /// Matters not punished twice.
    pub once: Vec<With<ast::Once>>,
}

/// Sorts the parts of all files into the policy.
pub(super) fn link(
    policy: &mut Policy,
    files: Vec<super::Parsed>,
    tables: &BTreeMap<String, (FileId, Table)>,
    report: &mut Report,
) {
    let mut linker = Linker { policy, tables, report, current: None, block: None, prefix: String::new() };
    for file in files {
        linker.block = None;
        linker.prefix = file.prefix;
        for part in file.tree.parts {
            linker.part(part);
        }
    }
    linker.side_tables();
    linker.parties();
    linker.duplicates();
}

struct Linker<'a> {
    policy: &'a mut Policy,
    tables: &'a BTreeMap<String, (FileId, Table)>,
    report: &'a mut Report,
    /// The scheme statements belong to.
    current: Option<usize>,
    /// The block items belong to.
    block: Option<ast::Name>,
    /// Where tables of the file at hand are looked for.
    prefix: String,
}

impl Linker<'_> {
    fn part(&mut self, part: Part) {
        let Part { place, kind, authority } = part;
        macro_rules! keep {
            ($list:expr, $it:expr) => {
                $list.push(With { it: $it, place, authority })
            };
        }
        match kind {
            PartKind::Use(_) => {}
            PartKind::Noun(it) => keep!(self.policy.nouns, it),
            PartKind::Attribute(it) => keep!(self.policy.attributes, it),
            PartKind::Rule(it) => keep!(self.policy.rules, it),
            PartKind::Decision(it) => keep!(self.policy.decisions, it),
            PartKind::Events(it) => keep!(self.policy.events, it),
            PartKind::Correction(it) => keep!(self.policy.corrections, it),
            PartKind::Inherit(it) => keep!(self.policy.inherits, it),
            PartKind::Scheme(scheme) => self.scheme(scheme, place, authority),
            other => {
                if let PartKind::Block(block) = &other {
                    self.block = Some(block.name.name.clone());
                }
                let block = self.block.clone();
                let Some(scheme) = self.scheme_at_hand(place) else {
                    return;
                };
                match other {
                    PartKind::Block(it) => keep!(scheme.blocks, it),
                    PartKind::Item(item) => {
                        let id = item.name.name.text.clone();
                        scheme.items.push(ItemText {
                            id,
                            block,
                            item,
                            place,
                            authority,
                            from_table: false,
                            points_cell: None,
                            id_cell: None,
                        });
                    }
                    PartKind::GradeMove(it) => keep!(scheme.grade_moves, it),
                    PartKind::Veto(it) => keep!(scheme.vetoes, it),
                    PartKind::Grades(it) => keep!(scheme.grades, it),
                    PartKind::Award(it) => keep!(scheme.awards, it),
                    PartKind::AwardCount(it) => keep!(scheme.award_counts, it),
                    PartKind::PrizeTotal(it) => keep!(scheme.prize_totals, it),
                    PartKind::Deadlines(it) => keep!(scheme.deadlines, it),
                    PartKind::Quota(it) => keep!(scheme.quotas, it),
                    PartKind::Roster(it) => keep!(scheme.rosters, it),
                    PartKind::Distribution(it) => keep!(scheme.distributions, it),
                    PartKind::Merge(it) => keep!(scheme.merges, it),
                    PartKind::Rounds(it) => keep!(scheme.rounds, it),
                    PartKind::Once(it) => keep!(scheme.once, it),
                    _ => {}
                }
            }
        }
    }

    fn current_scheme(&mut self) -> Option<&mut SchemeText> {
        let at = self.current?;
        self.policy.schemes.get_mut(at)
    }

    fn scheme_at_hand(&mut self, place: Place) -> Option<&mut SchemeText> {
        if self.current.is_none() {
            self.report.push(
                Diagnostic::error(
                    "no-scheme-above",
                    Text::new("这一句前面没有“方案”", "no scheme stands above this statement"),
                )
                .at(place)
                .why(Text::new(
                    "块、项、奖、期限都属于它上面的方案",
                    "blocks, items, awards and deadlines belong to the scheme above them",
                ))
                .next(Text::new("先写：方案 名称", "write first: 方案 name")),
            );
        }
        self.current_scheme()
    }

    fn scheme(&mut self, scheme: ast::Scheme, place: Place, authority: Vec<Authority>) {
        self.block = None;
        let mut text = SchemeText { scheme, place, authority, ..SchemeText::default() };
        for setting in text.scheme.settings.clone() {
            if let SettingKind::ItemTable(file) = &setting.kind {
                match self.tables.get(&format!("{}{}", self.prefix, file.text)) {
                    Some((id, table)) => {
                        self.whole(table);
                        text.items.extend(item_table::read(*id, table, self.policy, self.report));
                    }
                    None => self.report.push(table_missing(file)),
                }
            }
        }
        self.policy.schemes.push(text);
        self.current = Some(self.policy.schemes.len() - 1);
    }

    /// A table that is used was not cut off inside a quote, and no row has cells beyond the header.
    fn whole(&mut self, table: &Table) {
        if let Some(place) = table.unclosed {
            self.report.push(quote_unclosed(place));
        }
        for row in &table.rows {
            let beyond = row.iter().skip(table.header.len()).find(|cell| !cell.text.is_empty());
            if let Some(cell) = beyond {
                self.report.push(cell_beyond_header(row.len(), table.header.len(), cell));
            }
        }
    }

    /// `parameters.csv` and `targets.csv`.
    fn side_tables(&mut self) {
        // Own parameters and those of inherited standards hold together.
        for (id, table) in
            self.tables.iter().filter(|(path, _)| path.ends_with("parameters.csv")).map(|(_, table)| table)
        {
            self.whole(table);
            let read = Parameters::read(*id, table, self.report);
            self.policy.parameters.rows.extend(read.rows);
        }
        if let Some((id, table)) = self.tables.get("targets.csv") {
            self.whole(table);
            self.policy.targets = Targets::read(*id, table, self.report);
        }
        // A table row may name a rule of a library that was linked after its scheme.
        for scheme in &mut self.policy.schemes {
            scheme.items.retain(|item| !item.item.name.name.text.is_empty());
        }
    }

    /// Who leads, is responsible and supports, said for a block, holds for its items that do
    /// not say it themselves.
    fn parties(&mut self) {
        for scheme in &mut self.policy.schemes {
            for item in &mut scheme.items {
                let of_item = |block: &&With<ast::Block>| {
                    let name = item.block.as_ref().map(|name| name.text.as_str());
                    name.is_some_and(|name| super::is_called(&block.it.name, name))
                };
                let Some(block) = scheme.blocks.iter().find(of_item) else {
                    continue;
                };
                let missing: Vec<ast::BodyLine> = block
                    .it
                    .parties
                    .iter()
                    .filter(|party| {
                        let same = |line: &ast::BodyLine| {
                            core::mem::discriminant(&line.kind) == core::mem::discriminant(&party.kind)
                        };
                        !item.item.body.iter().any(same)
                    })
                    .cloned()
                    .collect();
                item.item.body.extend(missing);
            }
        }
    }

    fn duplicates(&mut self) {
        let mut findings = Vec::new();
        for scheme in &self.policy.schemes {
            let items = scheme.items.iter().map(|item| (item.item.name.name.text.as_str(), named_at(item)));
            let blocks = scheme.blocks.iter().map(|block| (block.it.name.name.text.as_str(), block.place));
            findings.extend(repeated(items.chain(blocks)));
            let ids = scheme.items.iter().filter(|item| item.id != item.item.name.name.text);
            findings.extend(repeated(ids.map(|item| (item.id.as_str(), item.id_cell.unwrap_or(item.place)))));
            findings.extend(repeated(scheme.awards.iter().map(|award| (award.it.name.text.as_str(), award.place))));
        }
        let named = |named: &ast::Named| named.name.text.clone();
        let rules: Vec<_> = self.policy.rules.iter().map(|rule| (named(&rule.it.name), rule.place)).collect();
        findings.extend(repeated(rules.iter().map(|(name, place)| (name.as_str(), *place))));
        let events: Vec<_> = self.policy.events.iter().map(|table| (named(&table.it.name), table.place)).collect();
        findings.extend(repeated(events.iter().map(|(name, place)| (name.as_str(), *place))));
        let schemes: Vec<_> = self.policy.schemes.iter().map(|s| (s.scheme.name.text.clone(), s.place)).collect();
        findings.extend(repeated(schemes.iter().map(|(name, place)| (name.as_str(), *place))));
        for finding in findings {
            self.report.push(finding);
        }
    }
}

/// Where the name of an item stands; a statement is told as a whole.
fn named_at(item: &ItemText) -> Place {
    if item.from_table { item.item.name.name.place } else { item.place }
}

/// A finding for every name that was given before.
fn repeated<'a>(names: impl Iterator<Item = (&'a str, Place)>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, Place> = BTreeMap::new();
    let mut findings = Vec::new();
    for (name, place) in names {
        match first.get(name) {
            Some(earlier) => findings.push(duplicate(name, place, *earlier)),
            None => {
                first.insert(name.to_string(), place);
            }
        }
    }
    findings
}

fn duplicate(name: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::error("duplicate-name", Text::new(format!("“{name}”写了两次"), format!("`{name}` is defined twice")))
        .at(place)
        .also(first, Text::new("第一次在这里", "first defined here"))
        .why(Text::new("同名就说不清指的是哪一个", "with two of one name a reference is ambiguous"))
        .next(Text::new("改名，或删去重复的一个", "rename one, or remove it"))
}

fn table_missing(file: &ast::Quoted) -> Diagnostic {
    Diagnostic::error(
        "item-table-missing",
        Text::new(
            format!("找不到项目表“{}”", file.text),
            format!("the item table `{}` is not in the folder", file.text),
        ),
    )
    .at(file.place)
    .why(Text::new("方案的指标写在这张表里", "the items of the scheme stand in that table"))
    .next(Text::new("检查文件名；Excel 文件请另存为 CSV UTF-8", "check the file name; save an Excel file as CSV UTF-8"))
}

/// A cell that no header stands above would be dropped: mostly the rest of a reason or of a
/// figure that a comma cut in two.
fn cell_beyond_header(found: usize, width: usize, cell: &Cell) -> Diagnostic {
    Diagnostic::error(
        "row-width",
        Text::new(
            format!("这一行有 {found} 格，表头只有 {width} 列"),
            format!("this row has {found} cells, the header has {width}"),
        ),
    )
    .at(cell.place)
    .why(Text::new(
        "多出来的格没有列名，读不到任何地方去；多半是一格里的逗号把它断成了两格",
        "a cell beyond the header is read nowhere; mostly a comma cut one cell in two",
    ))
    .next(Text::new(
        "有逗号的格整格加引号，如 \"5,000 元\"；多余的格删去",
        "quote a cell that holds a comma, such as \"5,000 元\"; remove cells beyond the header",
    ))
}
