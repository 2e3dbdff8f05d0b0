//! A node as a formula: with names, as the policy writes it, or with the numbers of one unit.

use super::values::{self, Display};
use crate::vocabulary::{self, Function};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{
    Aggregate, Cell, ColumnSource, Domain, Kind, Node, NodeId, Op, Program, Relation, RowsetId, RowsetSpec,
};
use kaoping_syntax::Keyword;
use kaoping_terms::{Lang, Rounding};

/// How deep a formula is written out before the rest is left as its value.
const DEEPEST: u32 = 24;

/// How many rows are written one by one.
const MOST_ROWS: usize = 40;

/// Gives the values of a unit's rows, each with its period or assessor.
type Rows<'p> = Box<dyn Fn(RowsetId, NodeId) -> Vec<(String, Cell)> + 'p>;

/// Says who decides an aggregate, each as people read it.
type Deciders<'p> = Box<dyn Fn(NodeId) -> Vec<String> + 'p>;

/// Writes formulas of one program.
pub struct Formula<'p> {
    program: &'p Program,
    /// The values of one unit; none: names only.
    values: Option<Box<dyn Fn(NodeId) -> Option<Cell> + 'p>>,
    /// The values of the unit's rows, each with its period or assessor.
    rows: Option<Rows<'p>>,
    /// Who decides an aggregate over units.
    deciders: Option<Deciders<'p>>,
    /// Names that go before those of the nodes: an item whose score is the figure it reads.
    names: BTreeMap<NodeId, String>,
    display: Display,
    lang: Lang,
}

/// How tightly an operator binds, for brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    Or,
    And,
    Compare,
    Sum,
    Product,
    Atom,
}

impl<'p> Formula<'p> {
    /// Formulas in the words of the policy.
    pub fn in_words(program: &'p Program, lang: Lang) -> Self {
        Self { program, values: None, rows: None, deciders: None, names: BTreeMap::new(), display: None, lang }
    }

    /// Formulas with the numbers of one unit in place of names.
    pub fn in_numbers(program: &'p Program, lang: Lang, values: impl Fn(NodeId) -> Option<Cell> + 'p) -> Self {
        Self { values: Some(Box::new(values)), ..Self::in_words(program, lang) }
    }

    /// With each row of a mean or sum written out.
    #[must_use]
    pub fn with_rows(self, rows: impl Fn(RowsetId, NodeId) -> Vec<(String, Cell)> + 'p) -> Self {
        Self { rows: Some(Box::new(rows)), ..self }
    }

    /// With who decides behind the value of an aggregate inside a formula.
    #[must_use]
    pub fn with_deciders(self, deciders: impl Fn(NodeId) -> Vec<String> + 'p) -> Self {
        Self { deciders: Some(Box::new(deciders)), ..self }
    }

    /// With other names for some nodes.
    #[must_use]
    pub fn with_names(self, names: BTreeMap<NodeId, String>) -> Self {
        Self { names, ..self }
    }

    /// With points that have no last digit shown as the policy declares.
    #[must_use]
    pub fn shown(self, display: Display) -> Self {
        Self { display, ..self }
    }

    fn cell(&self, kind: &Kind, cell: &Cell) -> String {
        values::cell_shown(self.program, kind, cell, self.display.as_ref(), self.lang)
    }

    /// The formula of a node, its own name not used.
    pub fn of(&self, node: NodeId) -> String {
        match self.program.node(node) {
            Some(found) => self.open(node, found, 0).0,
            None => String::new(),
        }
    }

    /// A node inside a formula: its name or value where it has one, else its formula.
    fn inside(&self, id: NodeId, least: Tight, depth: u32) -> String {
        let Some(node) = self.program.node(id) else {
            return String::new();
        };
        let leaf = node.origin.name.is_some()
            || self.names.contains_key(&id)
            || matches!(node.op, Op::Column(_))
            || depth > DEEPEST;
        if leaf {
            return self.leaf(id, node);
        }
        let (text, tight) = self.open(id, node, depth);
        if tight < least { format!("({text})") } else { text }
    }

    fn leaf(&self, id: NodeId, node: &Node) -> String {
        match &self.values {
            Some(values) => match values(id) {
                Some(cell) => self.cell(&node.kind, &cell),
                None => node.origin.name.clone().unwrap_or_default(),
            },
            None => {
                let name = self.names.get(&id).or(node.origin.name.as_ref()).cloned();
                name.or_else(|| self.column_name(node)).unwrap_or_else(|| String::from("…"))
            }
        }
    }

    /// What a column without a name of its own is called in files.
    fn column_name(&self, node: &Node) -> Option<String> {
        let Op::Column(column) = node.op else { return None };
        Some(match &self.program.columns.get(column.0 as usize)?.source {
            ColumnSource::Fact { field, .. } | ColumnSource::Target { field, .. } => field.clone(),
            ColumnSource::Attribute { name } => attribute(name, self.lang),
            ColumnSource::Event { column, .. } => column.clone(),
            ColumnSource::External { name } => name.clone(),
        })
    }

    fn binary(&self, a: NodeId, sign: &str, b: NodeId, tight: Tight, depth: u32) -> (String, Tight) {
        // The right side of − and / needs brackets at the same level.
        let right = if matches!(sign, "−" | "/") { next(tight) } else { tight };
        let (left, right) = (self.inside(a, tight, depth + 1), self.inside(b, right, depth + 1));
        if sign == "+" {
            return (added(&[left, right]), tight);
        }
        (format!("{left} {sign} {right}"), tight)
    }

    /// A keyword in the language of the reader, whatever the policy is written in.
    fn keyword(&self, keyword: Keyword) -> &'static str {
        one_of((keyword.chinese(), keyword.english()), self.lang)
    }

    /// A function in the language of the reader.
    fn function(&self, function: Function) -> &'static str {
        one_of(vocabulary::function_words(function), self.lang)
    }

    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        one_of((zh, en), self.lang)
    }

    fn call(&self, function: Function, arguments: &[NodeId], depth: u32) -> (String, Tight) {
        let function = self.function(function);
        let arguments: Vec<String> = arguments.iter().map(|node| self.inside(*node, Tight::Or, depth + 1)).collect();
        (format!("{function}({})", arguments.join(", ")), Tight::Atom)
    }

    /// A node written out.
    fn open(&self, id: NodeId, node: &Node, depth: u32) -> (String, Tight) {
        match &node.op {
            Op::Const(value) => {
                let cell = Cell { state: kaoping_program::State::KNOWN, value: Some(value.clone()) };
                (self.cell(&node.kind, &cell), Tight::Atom)
            }
            Op::NotApplicable => (self.keyword(Keyword::NotApplicable).to_string(), Tight::Atom),
            Op::Unreadable => (self.keyword(Keyword::Unreadable).to_string(), Tight::Atom),
            Op::Column(_) => {
                (node.origin.name.clone().or_else(|| self.column_name(node)).unwrap_or_default(), Tight::Atom)
            }
            Op::Add(a, b) => self.binary(*a, "+", *b, Tight::Sum, depth),
            Op::Sub(a, b) => self.binary(*a, "−", *b, Tight::Sum, depth),
            Op::Mul(a, b) => self.binary(*a, "×", *b, Tight::Product, depth),
            Op::Div(a, b) => self.binary(*a, "/", *b, Tight::Product, depth),
            Op::Neg(x) => (format!("−{}", self.inside(*x, Tight::Atom, depth + 1)), Tight::Product),
            Op::Min(a, b) => self.call(Function::Smaller, &[*a, *b], depth),
            Op::Max(a, b) => self.call(Function::Larger, &[*a, *b], depth),
            Op::Compare(relation, a, b) => self.binary(*a, sign(*relation), *b, Tight::Compare, depth),
            Op::And(a, b) => self.binary(*a, self.keyword(Keyword::And), *b, Tight::And, depth),
            Op::Or(a, b) => self.binary(*a, self.keyword(Keyword::Or), *b, Tight::Or, depth),
            Op::Not(x) => {
                let x = self.inside(*x, Tight::Compare, depth + 1);
                (format!("{} {x}", self.keyword(Keyword::Not)), Tight::Compare)
            }
            Op::Select { when, then, otherwise } => self.select(*when, *then, *otherwise, depth),
            Op::Steps { x, step, mode } => {
                let mode = one_of(vocabulary::step_mode_words(*mode), self.lang);
                let (x, step) = (self.inside(*x, Tight::Or, depth + 1), self.inside(*step, Tight::Or, depth + 1));
                let count = self.counted(id);
                (format!("{}({x}, {step}, {mode}){count}", self.function(Function::Steps)), Tight::Atom)
            }
            Op::Round { x, step, mode } => {
                let x = self.inside(*x, Tight::Or, depth + 1);
                let measure = match &node.kind {
                    Kind::Number(measure) => values::number(step, measure),
                    _ => step.to_string(),
                };
                let (function, mode) = (self.function(Function::Round), rounding(*mode, self.lang));
                (format!("{function}({x}, {measure}, {mode})"), Tight::Atom)
            }
            Op::IsKnown(x) => self.call(Function::Reported, &[*x], depth),
            Op::IfMissing(a, b) | Op::IfNotApplicable(a, b) => self.standing_in(*a, *b, depth),
            Op::Aggregate { function, over, x, filter } => {
                if let Some(written) = self.written_out(*function, *over, *x, *filter) {
                    return (written, Tight::Atom);
                }
                let value = if depth > 0 { self.decided(id, node) } else { String::new() };
                (format!("{}{value}", self.aggregate(*function, *over, *x, *filter, depth)), Tight::Atom)
            }
            Op::Fold { function: Aggregate::Sum, members } => {
                // What does not apply to the unit is no part of its sum.
                let applies = |node: &&NodeId| {
                    let cell = self.values.as_ref().and_then(|values| values(**node));
                    !cell.is_some_and(|cell| cell.state.is_not_applicable())
                };
                let parts: Vec<String> =
                    members.iter().filter(applies).map(|node| self.inside(*node, Tight::Sum, depth + 1)).collect();
                (added(&parts), Tight::Sum)
            }
            Op::Fold { function, members } => self.call(Function::Aggregate(*function), members, depth),
            Op::FirstOfMatter { among, .. } => {
                let once = self.say("（一事一次）", " (once a matter)");
                (format!("{}{once}", self.inside(*among, Tight::Atom, depth + 1)), Tight::Atom)
            }
            Op::MatterHas { among, .. } => {
                let has = self.say("此事已有", "the matter has");
                (format!("{has} {}", self.inside(*among, Tight::Atom, depth + 1)), Tight::Atom)
            }
            Op::Rank { keys, .. } => {
                let keys: Vec<NodeId> = keys.iter().map(|(key, _)| *key).collect();
                self.call(Function::Rank, &keys, depth)
            }
        }
    }

    /// With numbers, what an aggregate comes to and who decides it: `=200 人（甲县）`.
    fn decided(&self, id: NodeId, node: &Node) -> String {
        let cell = self.values.as_ref().and_then(|values| values(id)).filter(|cell| cell.value.is_some());
        let Some(cell) = cell else { return String::new() };
        let value = self.cell(&node.kind, &cell);
        let deciders = self.deciders.as_ref().map(|deciders| deciders(id)).unwrap_or_default();
        match (deciders.as_slice(), self.lang) {
            ([], _) => format!("={value}"),
            (who, Lang::Zh) => format!("={value}（{}）", who.join("；")),
            (who, Lang::En) => format!("={value} ({})", who.join("; ")),
        }
    }

    /// With numbers, how many steps there were: `=5`.
    fn counted(&self, id: NodeId) -> String {
        let count = self.values.as_ref().and_then(|values| values(id)).and_then(|cell| cell.value);
        count.map(|count| format!("={count}")).unwrap_or_default()
    }

    /// With numbers only the branch taken is shown; with names, both.
    fn select(&self, when: NodeId, then: NodeId, otherwise: NodeId, depth: u32) -> (String, Tight) {
        if let Some(values) = &self.values
            && let Some(value) = values(when).and_then(|cell| cell.value)
        {
            let taken = if value.is_zero() { otherwise } else { then };
            return (self.inside(taken, Tight::Sum, depth + 1), Tight::Sum);
        }
        let when = self.inside(when, Tight::Or, depth + 1);
        let (then, otherwise) = (self.inside(then, Tight::Or, depth + 1), self.inside(otherwise, Tight::Or, depth + 1));
        let (if_so, if_not) = (self.keyword(Keyword::When), self.keyword(Keyword::Else));
        let end = self.say("；", "; ");
        (format!("{if_so} {when} → {then}{end}{if_not} → {otherwise}"), Tight::Or)
    }

    fn standing_in(&self, a: NodeId, b: NodeId, depth: u32) -> (String, Tight) {
        if let Some(values) = &self.values {
            let known = values(a).is_some_and(|cell| cell.value.is_some());
            return (self.inside(if known { a } else { b }, Tight::Sum, depth + 1), Tight::Sum);
        }
        (self.inside(a, Tight::Sum, depth + 1), Tight::Sum)
    }

    fn aggregate(
        &self,
        function: Aggregate,
        over: Domain,
        x: Option<NodeId>,
        filter: Option<NodeId>,
        depth: u32,
    ) -> String {
        let domain = |word: &str| vocabulary::domain_words(word).map_or("", |words| one_of(words, self.lang));
        let over = match over {
            Domain::Peers => domain("同组"),
            Domain::All => domain("全体"),
            Domain::Subordinates => domain("下级"),
            Domain::Rows(rowset) => match self.program.rowsets.get(rowset.0 as usize) {
                Some(RowsetSpec::Periods { word, .. }) => domain(word),
                Some(RowsetSpec::Assessors { .. }) => domain("各评委"),
                Some(RowsetSpec::Events { table }) => table,
                None => "",
            },
        };
        // Inside the domain there are many values, so names are written even beside numbers.
        let words = Formula::in_words(self.program, self.lang);
        let x = x.map(|x| format!("{} ", words.inside(x, Tight::Or, depth + 1))).unwrap_or_default();
        let that = self.keyword(Keyword::Where);
        let filter =
            filter.map(|filter| format!(" {that} {}", words.inside(filter, Tight::Or, depth + 1))).unwrap_or_default();
        let function = self.function(Function::Aggregate(function));
        if x.is_empty() {
            return format!("{function}({over}{filter})");
        }
        format!("{function}({x}{} {over}{filter})", self.keyword(Keyword::Over))
    }
}

impl Formula<'_> {
    /// With numbers, the values of the periods or assessors one by one:
    /// `平均(2012-01 90 分，2012-02 92 分)`; of a mean without the ends, which were dropped.
    fn written_out(
        &self,
        function: Aggregate,
        over: Domain,
        x: Option<NodeId>,
        filter: Option<NodeId>,
    ) -> Option<String> {
        let (Domain::Rows(rowset), Some(rows)) = (over, &self.rows) else { return None };
        if matches!(self.program.rowsets.get(rowset.0 as usize)?, RowsetSpec::Events { .. }) {
            return None;
        }
        let x = x?;
        let kind = &self.program.node(x)?.kind;
        let mut all = rows(rowset, x);
        if let Some(filter) = filter {
            let counts = rows(rowset, filter);
            let holds = |at: usize| {
                counts.get(at).and_then(|(_, cell)| cell.value.as_ref()).is_some_and(|value| !value.is_zero())
            };
            all = all.into_iter().enumerate().filter(|(at, _)| holds(*at)).map(|(_, row)| row).collect();
        }
        if all.is_empty() || all.len() > MOST_ROWS {
            return None;
        }
        let known = || all.iter().enumerate().filter_map(|(at, (_, cell))| Some((cell.value.as_ref()?, at)));
        let ends = (function == Aggregate::TrimmedMean).then(|| {
            let highest = known().max_by(|a, b| a.0.cmp(b.0).then(b.1.cmp(&a.1))).map(|(_, at)| at);
            let lowest = known().filter(|(_, at)| Some(*at) != highest).min_by(|a, b| a.0.cmp(b.0)).map(|(_, at)| at);
            (highest, lowest)
        });
        let one = |(at, (label, cell)): (usize, &(String, Cell))| {
            let mark = match ends {
                Some((highest, _)) if highest == Some(at) => self.say("（最高，去掉）", " (highest, dropped)"),
                Some((_, lowest)) if lowest == Some(at) => self.say("（最低，去掉）", " (lowest, dropped)"),
                _ => "",
            };
            let value = self.cell(kind, cell);
            if label.is_empty() { format!("{value}{mark}") } else { format!("{label} {value}{mark}") }
        };
        let shown: Vec<String> = all.iter().enumerate().map(one).collect();
        let function = self.function(Function::Aggregate(function));
        Some(format!("{function}({})", shown.join(self.say("，", ", "))))
    }
}

/// `58 分 + 35.5 分 − 4 分`: a part below zero is taken away.
fn added(parts: &[String]) -> String {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part.strip_prefix(['-', '−']) {
            Some(size) if at > 0 && size.starts_with(|c: char| c.is_ascii_digit()) => {
                text.push_str(&format!(" − {size}"))
            }
            _ if at > 0 => text.push_str(&format!(" + {part}")),
            _ => text.push_str(part),
        }
    }
    text
}

fn next(tight: Tight) -> Tight {
    match tight {
        Tight::Or => Tight::And,
        Tight::And => Tight::Compare,
        Tight::Compare => Tight::Sum,
        Tight::Sum => Tight::Product,
        Tight::Product | Tight::Atom => Tight::Atom,
    }
}

/// A relation as it is written.
pub fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "≠",
        Relation::Less => "<",
        Relation::AtMost => "≤",
        Relation::Greater => ">",
        Relation::AtLeast => "≥",
    }
}

/// An attribute of the unit as an expression names it.
pub fn attribute(name: &str, lang: Lang) -> String {
    format!("{}.{name}", one_of(("单位", "unit"), lang))
}

/// The word of a rounding.
pub fn rounding(mode: Rounding, lang: Lang) -> &'static str {
    one_of(vocabulary::rounding_words(mode), lang)
}

/// A word of the language in the language of the reader.
fn one_of((zh, en): (&'static str, &'static str), lang: Lang) -> &'static str {
    if lang == Lang::Zh { zh } else { en }
}
