//! A node as a formula: with names, as the policy writes it, or with the numbers of one unit.

use super::values;
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{
    Aggregate, Cell, ColumnSource, Domain, Kind, Node, NodeId, Op, Program, Relation, RowsetSpec, StepMode,
};
use kaoping_terms::{Lang, Rounding};

/// How deep a formula is written out before the rest is left as its value.
const DEEPEST: u32 = 24;

/// Writes formulas of one program.
pub struct Formula<'p> {
    program: &'p Program,
    /// The values of one unit; none: names only.
    values: Option<Box<dyn Fn(NodeId) -> Option<Cell> + 'p>>,
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
        Self { program, values: None, lang }
    }

    /// Formulas with the numbers of one unit in place of names.
    pub fn in_numbers(program: &'p Program, lang: Lang, values: impl Fn(NodeId) -> Option<Cell> + 'p) -> Self {
        Self { program, values: Some(Box::new(values)), lang }
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
        let leaf = node.origin.name.is_some() || matches!(node.op, Op::Column(_)) || depth > DEEPEST;
        if leaf {
            return self.leaf(id, node);
        }
        let (text, tight) = self.open(id, node, depth);
        if tight < least { format!("({text})") } else { text }
    }

    fn leaf(&self, id: NodeId, node: &Node) -> String {
        match &self.values {
            Some(values) => match values(id) {
                Some(cell) => values::cell(self.program, &node.kind, &cell, self.lang),
                None => self.name(node).unwrap_or_default(),
            },
            None => self.name(node).unwrap_or_else(|| String::from("…")),
        }
    }

    /// What the policy calls a value; an attribute is called as it is written.
    fn name(&self, node: &Node) -> Option<String> {
        let attribute = || match &node.op {
            Op::Column(column) => match &self.program.columns.get(column.0 as usize)?.source {
                ColumnSource::Attribute { name } => Some(format!("单位.{name}")),
                _ => None,
            },
            _ => None,
        };
        node.origin.name.clone().or_else(attribute)
    }

    fn binary(&self, a: NodeId, sign: &str, b: NodeId, tight: Tight, depth: u32) -> (String, Tight) {
        // The right side of − and / needs brackets at the same level.
        let right = if matches!(sign, "−" | "/") { next(tight) } else { tight };
        (format!("{} {sign} {}", self.inside(a, tight, depth + 1), self.inside(b, right, depth + 1)), tight)
    }

    fn call(&self, function: &str, arguments: &[NodeId], depth: u32) -> (String, Tight) {
        let arguments: Vec<String> = arguments.iter().map(|node| self.inside(*node, Tight::Or, depth + 1)).collect();
        (format!("{function}({})", arguments.join(", ")), Tight::Atom)
    }

    /// A node written out.
    fn open(&self, id: NodeId, node: &Node, depth: u32) -> (String, Tight) {
        match &node.op {
            Op::Const(value) => {
                let cell = Cell { state: kaoping_program::State::KNOWN, value: Some(value.clone()) };
                (values::cell(self.program, &node.kind, &cell, self.lang), Tight::Atom)
            }
            Op::NotApplicable => (String::from("不适用"), Tight::Atom),
            Op::Unreadable => (String::from("不可读"), Tight::Atom),
            Op::Column(_) => (self.name(node).unwrap_or_default(), Tight::Atom),
            Op::Add(a, b) => self.binary(*a, "+", *b, Tight::Sum, depth),
            Op::Sub(a, b) => self.binary(*a, "−", *b, Tight::Sum, depth),
            Op::Mul(a, b) => self.binary(*a, "×", *b, Tight::Product, depth),
            Op::Div(a, b) => self.binary(*a, "/", *b, Tight::Product, depth),
            Op::Neg(x) => (format!("−{}", self.inside(*x, Tight::Atom, depth + 1)), Tight::Product),
            Op::Min(a, b) => self.call("较小", &[*a, *b], depth),
            Op::Max(a, b) => self.call("较大", &[*a, *b], depth),
            Op::Compare(relation, a, b) => self.binary(*a, sign(*relation), *b, Tight::Compare, depth),
            Op::And(a, b) => self.binary(*a, "且", *b, Tight::And, depth),
            Op::Or(a, b) => self.binary(*a, "或", *b, Tight::Or, depth),
            Op::Not(x) => (format!("非 {}", self.inside(*x, Tight::Compare, depth + 1)), Tight::Compare),
            Op::Select { when, then, otherwise } => self.select(*when, *then, *otherwise, depth),
            Op::Steps { x, step, mode } => {
                let mode = match mode {
                    StepMode::Whole => "整步",
                    StepMode::Proportional => "按比例",
                    StepMode::Up => "进一步",
                };
                let (x, step) = (self.inside(*x, Tight::Or, depth + 1), self.inside(*step, Tight::Or, depth + 1));
                let count = self.counted(id);
                (format!("步数({x}, {step}, {mode}){count}"), Tight::Atom)
            }
            Op::Round { x, step, mode } => {
                let x = self.inside(*x, Tight::Or, depth + 1);
                let measure = match &node.kind {
                    Kind::Number(measure) => values::number(step, measure),
                    _ => step.to_string(),
                };
                (format!("取到({x}, {measure}, {})", rounding(*mode)), Tight::Atom)
            }
            Op::IsKnown(x) => self.call("已报", &[*x], depth),
            Op::IfMissing(a, b) | Op::IfNotApplicable(a, b) => self.standing_in(*a, *b, depth),
            Op::Aggregate { function, over, x, filter } => {
                (self.aggregate(*function, *over, *x, *filter, depth), Tight::Atom)
            }
            Op::Fold { function: Aggregate::Sum, members } => {
                let parts: Vec<String> = members.iter().map(|node| self.inside(*node, Tight::Sum, depth + 1)).collect();
                (parts.join(" + "), Tight::Sum)
            }
            Op::Fold { function, members } => self.call(aggregate(*function), members, depth),
            Op::FirstOfMatter { among, .. } => {
                (format!("{}（一事一次）", self.inside(*among, Tight::Atom, depth + 1)), Tight::Atom)
            }
            Op::MatterHas { among, .. } => {
                (format!("此事已有 {}", self.inside(*among, Tight::Atom, depth + 1)), Tight::Atom)
            }
            Op::Rank { keys, .. } => {
                let keys: Vec<NodeId> = keys.iter().map(|(key, _)| *key).collect();
                self.call("位次", &keys, depth)
            }
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
        (format!("当 {when} → {then}；否则 → {otherwise}"), Tight::Or)
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
        let over = match over {
            Domain::Peers => String::from("同组"),
            Domain::All => String::from("全体"),
            Domain::Subordinates => String::from("下级"),
            Domain::Rows(rowset) => match self.program.rowsets.get(rowset.0 as usize) {
                Some(RowsetSpec::Periods { .. }) => String::from("各期"),
                Some(RowsetSpec::Assessors { .. }) => String::from("各评委"),
                Some(RowsetSpec::Events { table }) => table.clone(),
                None => String::new(),
            },
        };
        // Inside the domain there are many values, so names are written even beside numbers.
        let words = Formula::in_words(self.program, self.lang);
        let x = x.map(|x| format!("{} ", words.inside(x, Tight::Or, depth + 1))).unwrap_or_default();
        let filter =
            filter.map(|filter| format!(" 其中 {}", words.inside(filter, Tight::Or, depth + 1))).unwrap_or_default();
        if x.is_empty() {
            return format!("{}({over}{filter})", aggregate(function));
        }
        format!("{}({x}于 {over}{filter})", aggregate(function))
    }
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

pub(crate) fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "≠",
        Relation::Less => "<",
        Relation::AtMost => "≤",
        Relation::Greater => ">",
        Relation::AtLeast => "≥",
    }
}

/// The word of a rounding.
pub fn rounding(mode: Rounding) -> &'static str {
    match mode {
        Rounding::HalfUp => "四舍五入",
        Rounding::HalfEven => "五成双",
        Rounding::Down => "去尾",
        Rounding::Up => "进一",
    }
}

fn aggregate(function: Aggregate) -> &'static str {
    match function {
        Aggregate::Highest => "最高",
        Aggregate::Lowest => "最低",
        Aggregate::Sum => "合计",
        Aggregate::Mean => "平均",
        Aggregate::Median => "中位",
        Aggregate::Count => "件数",
        Aggregate::TrimmedMean => "去高低平均",
        Aggregate::Last => "最后",
        Aggregate::AllOf => "全部",
        Aggregate::AnyOf => "任一",
    }
}
