//! The names of an item, rule or decision while it is compiled.

use super::{Compiler, clause_of, faults};
use crate::model::{ChoiceMade, Input};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, RowsetId, Shape};
use kaoping_rules::{AsOf, Context, Direction, Meaning, literal, lower};
use kaoping_syntax::ast::{self, BindingValue, BodyKind, BodyLine, ExampleValue, Name};
use kaoping_terms::{Exact, Measure, Place, text::full_width};

/// What a name of a body leads to.
#[derive(Clone)]
pub(super) enum Definition<'a> {
    /// A value that is there.
    Node(NodeId),
    /// A definition lowered when it is first used.
    Let(&'a ast::Expr, Option<String>),
    /// A parameter: its own value, or rows of the table of parameters.
    Parameter(&'a ast::Parameter, Option<&'a ast::Literal>),
    /// A choice that was made.
    Choice { chosen: String, words: Vec<String> },
    /// A fault that was reported.
    Faulty,
}

/// A body being compiled.
#[derive(Default)]
pub(super) struct Body<'a> {
    /// Id of the indicator whose facts it reads; none for figures of the unit itself.
    pub(super) indicator: Option<String>,
    /// What messages call it.
    pub(super) label: String,
    /// The clause it rests on.
    pub(super) clause: Option<String>,
    /// Names and what they lead to.
    pub(super) names: BTreeMap<String, Definition<'a>>,
    /// Definitions that were lowered, by name and day of parameters.
    pub(super) lowered: BTreeMap<(String, Option<AsOf>), Option<NodeId>>,
    /// Names in text order, for traces.
    pub(super) order: Vec<String>,
    /// Whether more is better.
    pub(super) direction: Direction,
    /// Where anybody asks for it, whether or not it applies; none: everywhere.
    pub(super) asked: Option<NodeId>,
    /// Where its figures count; none: everywhere.
    pub(super) counts: Option<NodeId>,
    /// Figures it reads.
    pub(super) inputs: Vec<Input>,
    /// Parameters it used, with their values.
    pub(super) parameters: Vec<(String, Exact, Measure)>,
    /// Rows of figures read each period.
    pub(super) periods: Vec<(u8, RowsetId)>,
    /// Rows of figures judged by several.
    pub(super) assessors: Option<RowsetId>,
    /// Values an example fixes.
    pub(super) given: BTreeMap<String, &'a ExampleValue>,
    /// Names of bindings that were used.
    pub(super) bindings_used: Vec<String>,
    /// Units of 量 inputs.
    pub(super) quantities: BTreeMap<String, Measure>,
}

/// What a table row or `按` binds.
pub(super) type Bindings<'a> = &'a [(Name, BindingValue)];

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self) -> &mut Body<'a> {
        if self.bodies.is_empty() {
            self.bodies.push(Body::default());
        }
        let last = self.bodies.len() - 1;
        &mut self.bodies[last]
    }

    /// Adds the names of a body's lines.
    pub(super) fn define_lines(&mut self, lines: &'a [BodyLine], bindings: Bindings<'a>) {
        self.find_quantities(lines, bindings);
        for line in lines {
            let clause = clause_of(&line.authority);
            match &line.kind {
                BodyKind::Input(input) => self.define_input(input, bindings, line),
                BodyKind::Parameters(parameters) => {
                    for parameter in parameters {
                        let bound = self.bound(&parameter.name, bindings).and_then(|value| match value {
                            BindingValue::Literal(literal) => Some(literal),
                            BindingValue::Word(_) => None,
                        });
                        self.define(&parameter.name, Definition::Parameter(parameter, bound));
                    }
                }
                BodyKind::Choice(choice) => self.define_choice(choice, bindings, line.place),
                BodyKind::Let(binding) => self.define(&binding.name, Definition::Let(&binding.value, clause)),
                BodyKind::Gives(gives) => {
                    if let Some(value) = &gives.value {
                        self.define(&gives.name, Definition::Let(value, clause));
                    }
                }
                BodyKind::LowerIsBetter => self.body().direction = Direction::LowerIsBetter,
                _ => {}
            }
        }
    }

    /// Adds a name with its alias; a value an example gives takes the place of the definition.
    pub(super) fn define(&mut self, named: &'a ast::Named, definition: Definition<'a>) {
        let name = named.name.text.clone();
        if let Definition::Let(..) | Definition::Parameter(..) = &definition {
            self.body().order.push(name.clone());
        }
        let replaceable = matches!(definition, Definition::Let(..) | Definition::Parameter(..));
        let definition = match self.given(named).filter(|_| replaceable) {
            Some(value) => match self.example_constant(value, None, &Exact::one()) {
                Some(node) => Definition::Node(node),
                None => definition,
            },
            None => definition,
        };
        if let Some(alias) = &named.alias {
            self.body().names.insert(alias.text.clone(), definition.clone());
        }
        self.body().names.insert(name, definition);
    }

    /// The value an example gives for a name.
    pub(super) fn given(&mut self, named: &ast::Named) -> Option<&'a ExampleValue> {
        let body = self.body();
        let alias = named.alias.as_ref().and_then(|alias| body.given.get(&alias.text).copied());
        body.given.get(&named.name.text).copied().or(alias)
    }

    /// A value of an example as a constant; a bare number takes the expected unit.
    pub(super) fn example_constant(
        &mut self,
        value: &ExampleValue,
        expected: Option<&Kind>,
        scale: &Exact,
    ) -> Option<NodeId> {
        match value {
            ExampleValue::Literal(written) => {
                let nouns = self.out.nouns.clone();
                let value = match expected {
                    Some(Kind::Number(measure)) if !measure.is_anonymous() => {
                        literal::value_in(written, measure, &nouns, &mut self.report)?
                    }
                    _ => literal::value(written, &nouns, &mut self.report)?,
                };
                let op = value.scaled(scale).map_or(Op::Unreadable, Op::Const);
                let measure = match expected {
                    Some(Kind::Number(measure)) => measure.clone(),
                    _ => value.measure,
                };
                Some(self.add(op, Kind::Number(measure), Shape::One, written.place))
            }
            ExampleValue::Day(day, place) => {
                let number = Exact::whole(i64::from(day.number()));
                Some(self.add(Op::Const(number), Kind::Day, Shape::One, *place))
            }
            ExampleValue::Word(word) => self.word_constant(word, expected),
        }
    }

    /// A word as a constant of the expected kind.
    pub(super) fn word_constant(&mut self, word: &Name, expected: Option<&Kind>) -> Option<NodeId> {
        let missing = matches!(word.text.as_str(), "未报" | "missing");
        let not_applicable = matches!(word.text.as_str(), "不适用" | "not_applicable");
        let kind = expected.cloned().unwrap_or(Kind::Truth);
        if missing || not_applicable {
            let op = if missing { Op::Unreadable } else { Op::NotApplicable };
            return Some(self.add(op, kind, Shape::One, word.place));
        }
        if let Kind::Word(list) = kind {
            let words = self.out.program.word_lists.get(list.0 as usize)?.words.clone();
            let position = words
                .iter()
                .position(|(name, alias)| *name == word.text || alias.as_deref() == Some(word.text.as_str()));
            let Some(position) = position.and_then(|position| i64::try_from(position).ok()) else {
                self.report.push(faults::not_in_list(word, &words));
                return None;
            };
            return Some(self.add(Op::Const(Exact::whole(position)), Kind::Word(list), Shape::One, word.place));
        }
        match kaoping_rules::vocabulary::truth(&word.text) {
            Some(yes) => Some(self.add(Op::Const(Exact::whole(i64::from(yes))), Kind::Truth, Shape::One, word.place)),
            None => {
                self.report.push(faults::not_in_list(word, &[]));
                None
            }
        }
    }

    /// What a table row or `按` binds a name to.
    pub(super) fn bound(&mut self, named: &ast::Named, bindings: Bindings<'a>) -> Option<&'a BindingValue> {
        let is_it = |key: &Name| {
            key.text == named.name.text || named.alias.as_ref().is_some_and(|alias| alias.text == key.text)
        };
        let (key, value) = bindings.iter().find(|(key, _)| is_it(key))?;
        self.body().bindings_used.push(key.text.clone());
        Some(value)
    }

    /// A choice: the word of the binding, else the one written, else that of the options.
    fn define_choice(&mut self, choice: &'a ast::Choice, bindings: Bindings<'a>, place: Place) {
        let name = &choice.name.name.text;
        let words: Vec<String> = choice.words.iter().map(|word| word.text.clone()).collect();
        let bound = match self.bound(&choice.name, bindings) {
            Some(BindingValue::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let given = match self.given(&choice.name) {
            Some(ExampleValue::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let other = self.options.choices.get(name).map(|word| Name { text: word.clone(), place });
        let chosen = other.or(given).or(bound).or(choice.chosen.clone());
        let definition = match chosen {
            Some(word) if words.contains(&word.text) => {
                self.out.choices.push(ChoiceMade {
                    item: self.bodies.last().map(|body| body.label.clone()),
                    name: name.clone(),
                    chosen: word.text.clone(),
                    words: words.clone(),
                    reason: full_width(&choice.reason.text),
                    place: word.place,
                });
                Definition::Choice { chosen: word.text, words }
            }
            Some(word) => {
                let list: Vec<(String, Option<String>)> = words.iter().map(|word| (word.clone(), None)).collect();
                self.report.push(faults::not_in_list(&word, &list));
                Definition::Faulty
            }
            None => {
                let label = self.bodies.last().map(|body| body.label.clone()).unwrap_or_default();
                let open = self.open_choices.entry(place).or_insert((choice, Vec::new()));
                open.1.push(label);
                // The first word keeps the rest of the check going; the error stops any score.
                match words.first() {
                    Some(first) => Definition::Choice { chosen: first.clone(), words },
                    None => Definition::Faulty,
                }
            }
        };
        if let Some(alias) = &choice.name.alias {
            self.body().names.insert(alias.text.clone(), definition.clone());
        }
        self.body().names.insert(name.clone(), definition);
    }

    /// What a name of the innermost body means.
    pub(super) fn body_name(&mut self, name: &str) -> Option<Meaning> {
        let definition = self.bodies.last()?.names.get(name)?.clone();
        Some(match definition {
            Definition::Node(node) => Meaning::Value(node),
            Definition::Choice { chosen, words } => Meaning::Choice { chosen, words },
            Definition::Faulty => Meaning::Faulty,
            Definition::Let(expr, clause) => self.body_definition(name, |compiler| {
                let previous = core::mem::replace(&mut compiler.clause, clause);
                let node = lower(compiler, expr);
                compiler.clause = previous;
                node
            }),
            Definition::Parameter(parameter, bound) => {
                self.body_definition(name, |compiler| compiler.parameter(parameter, bound))
            }
        })
    }

    /// Lowers a definition once for each day of parameters; a circle is a finding.
    fn body_definition(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Option<NodeId>) -> Meaning {
        let key = (name.to_string(), self.day);
        if let Some(node) = self.bodies.last().and_then(|body| body.lowered.get(&key)) {
            return node.map_or(Meaning::Faulty, Meaning::Value);
        }
        if self.under_way.iter().any(|other| other == name) {
            self.circle(name);
            return Meaning::Faulty;
        }
        self.under_way.push(name.to_string());
        let node = make(self);
        self.under_way.pop();
        if let Some(node) = node {
            self.name_node(node, name);
        }
        self.body().lowered.insert(key, node);
        node.map_or(Meaning::Faulty, Meaning::Value)
    }

    /// Reports a circle of definitions with its path.
    pub(super) fn circle(&mut self, name: &str) {
        let start = self.under_way.iter().position(|other| other == name).unwrap_or(0);
        let mut path: Vec<String> = self.under_way.iter().skip(start).cloned().collect();
        path.push(name.to_string());
        let place = self.bodies.last().and_then(|body| match body.names.get(name) {
            Some(Definition::Let(expr, _)) => Some(expr.place),
            _ => None,
        });
        let scheme = self.levels.get(self.scheme).and_then(|level| level.lets.get(name)).map(|(expr, _)| expr.place);
        self.report.push(faults::circle(&path, place.or(scheme)));
    }

    /// Gives a node the name the policy calls it by; a node that has one keeps it.
    pub(super) fn name_node(&mut self, node: NodeId, name: &str) {
        if let Some(node) = self.out.program.nodes.get_mut(node.0 as usize)
            && node.origin.name.is_none()
        {
            node.origin.name = Some(name.to_string());
        }
    }
}
