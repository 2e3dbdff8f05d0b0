//! Inputs, parameters, attributes and event tables: where figures come from.

use super::{Compiler, body::Bindings, body::Definition, clause_of, faults};
use crate::{
    model::{Attribute, EventTable, Input},
    read::is_called,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{
    Bounds, ColumnId, ColumnSource, ColumnSpec, Kind, NodeId, Op, RowsetId, RowsetSpec, Shape, WordList, WordListId,
};
use kaoping_rules::{Context, literal};
use kaoping_syntax::ast::{self, BindingValue, BodyKind, BodyLine, Comparison, Type};
use kaoping_terms::{Exact, Measure, Place, Report};

/// Attributes every list of units has: name, English header.
const BUILT_IN: &[(&str, &str)] =
    &[("类别", "kind"), ("分组", "group"), ("单位", "unit"), ("名称", "name"), ("上级", "parent")];

/// What the periods of a figure reported that often are called together.
pub(super) fn periods_word(often: &str) -> &'static str {
    match often {
        "每月" | "monthly" => "各月",
        "每季" | "quarterly" => "各季",
        _ => "各期",
    }
}

/// How many months a period lasts that a figure is reported for that often; 0 for 每期.
pub(crate) fn months_of(often: &str) -> u8 {
    match often {
        "每月" | "monthly" => 1,
        "每季" | "quarterly" => 3,
        "每半年" | "half_yearly" => 6,
        "每年" | "yearly" => 12,
        _ => 0,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn add_column(&mut self, spec: ColumnSpec) -> ColumnId {
        let id = ColumnId(u32::try_from(self.out.program.columns.len()).unwrap_or(u32::MAX));
        self.out.program.columns.push(spec);
        id
    }

    pub(super) fn add_rowset(&mut self, spec: RowsetSpec) -> RowsetId {
        let id = RowsetId(u32::try_from(self.out.program.rowsets.len()).unwrap_or(u32::MAX));
        self.out.program.rowsets.push(spec);
        id
    }

    pub(super) fn add_words(&mut self, words: Vec<(String, Option<String>)>, open: bool) -> WordListId {
        let id = WordListId(u32::try_from(self.out.program.word_lists.len()).unwrap_or(u32::MAX));
        self.out.program.word_lists.push(WordList { words, open });
        id
    }

    /// What the values of a written type are.
    pub(super) fn kind(&mut self, written: &Type, owner: &str) -> Option<Kind> {
        Some(match written {
            Type::Quantity(_) => {
                let known = self.bodies.last().and_then(|body| body.quantities.get(owner)).cloned();
                let label = self.bodies.last().map(|body| body.label.clone()).unwrap_or_default();
                Kind::Number(known.unwrap_or_else(|| Measure::anonymous(&alloc::format!("{label}·{owner}"))))
            }
            Type::Same(other) => {
                let known = self.bodies.last().and_then(|body| body.quantities.get(&other.text)).cloned();
                let of_input = self.bodies.last().and_then(|body| {
                    let input = body
                        .inputs
                        .iter()
                        .find(|input| input.name == other.text || input.alias.as_deref() == Some(&other.text))?;
                    input.measure.clone()
                });
                match known.or(of_input) {
                    Some(measure) => Kind::Number(measure),
                    None => {
                        self.report.push(faults::same_as_unknown(other));
                        return None;
                    }
                }
            }
            Type::Plain(_) => Kind::Number(Measure::plain()),
            Type::Ratio(_) => Kind::Number(Measure::ratio()),
            Type::Truth(_) => Kind::Truth,
            Type::Text(_) => Kind::Text,
            Type::Day(_) => Kind::Day,
            Type::Unit(unit) => {
                let nouns = self.out.nouns.clone();
                let (_, measure) = nouns.unit(unit, &mut self.report)?;
                Kind::Number(measure)
            }
            Type::Words(words) => {
                let words =
                    words.iter().map(|(word, code)| (word.text.clone(), code.as_ref().map(|code| code.text.clone())));
                Kind::Word(self.add_words(words.collect(), false))
            }
        })
    }

    /// What a bare number of a written type is multiplied by: 10,000 for 万元, else 1.
    fn scale(&mut self, written: &Type) -> Exact {
        match written {
            Type::Unit(unit) => {
                // Faults of the unit were reported when its kind was found.
                let mut quiet = Report::new();
                self.out.nouns.unit(unit, &mut quiet).map_or_else(Exact::one, |(factor, _)| factor)
            }
            Type::Same(other) => {
                let of_input = self.bodies.last().and_then(|body| {
                    let is_it =
                        |input: &&Input| input.name == other.text || input.alias.as_deref() == Some(&other.text);
                    body.inputs.iter().find(is_it).map(|input| input.scale.clone())
                });
                of_input.unwrap_or_else(Exact::one)
            }
            _ => Exact::one(),
        }
    }

    /// Which noun each 量 stands for: that of a figure the row binds it (or an input of the
    /// same noun) to, else a noun of its own.
    pub(super) fn find_quantities(&mut self, lines: &'a [BodyLine], bindings: Bindings<'a>) {
        let inputs: Vec<&ast::Input> = lines
            .iter()
            .filter_map(|line| match &line.kind {
                BodyKind::Input(input) => Some(input),
                _ => None,
            })
            .collect();
        let label = self.bodies.last().map(|body| body.label.clone()).unwrap_or_default();
        for input in inputs.iter().filter(|input| matches!(input.kind, Type::Quantity(_))) {
            let name = &input.name.name.text;
            let same = |other: &&&ast::Input| match &other.kind {
                Type::Same(of) => {
                    of.text == *name || input.name.alias.as_ref().is_some_and(|alias| alias.text == of.text)
                }
                _ => other.name == input.name,
            };
            let mut measure = None;
            for other in inputs.iter().filter(same) {
                measure = measure.or_else(|| self.bound_measure(&other.name, bindings));
            }
            let measure = measure
                .or_else(|| self.handed_down_measure(&inputs))
                .unwrap_or_else(|| Measure::anonymous(&alloc::format!("{label}·{name}")));
            let alias = input.name.alias.as_ref().map(|alias| alias.text.clone());
            let quantities = &mut self.body().quantities;
            quantities.extend(alias.map(|alias| (alias, measure.clone())));
            quantities.insert(name.clone(), measure);
        }
    }

    /// The unit of what a name is bound to, or of what an example gives for it.
    fn bound_measure(&mut self, named: &'a ast::Named, bindings: Bindings<'a>) -> Option<Measure> {
        let written = match self.bound(named, bindings) {
            Some(BindingValue::Literal(written)) => Some(written.clone()),
            _ => match self.given(named) {
                Some(ast::ExampleValue::Literal(written)) => Some(written.clone()),
                _ => None,
            },
        }?;
        let nouns = self.out.nouns.clone();
        let value = literal::value(&written, &nouns, &mut self.report)?;
        (!value.bare).then_some(value.measure)
    }

    /// The unit in which targets are handed down for the item at hand.
    fn handed_down_measure(&mut self, inputs: &[&ast::Input]) -> Option<Measure> {
        let body = self.bodies.last()?;
        let (indicator, label) = (body.indicator.clone()?, body.label.clone());
        let policy = self.policy;
        let is_field = |field: &str| field.is_empty() || inputs.iter().any(|input| is_called(&input.name, field));
        let row = policy
            .targets
            .rows
            .iter()
            .find(|row| (row.indicator == indicator || row.indicator == label) && is_field(&row.field))?;
        let nouns = self.out.nouns.clone();
        let value = literal::value(&row.value, &nouns, &mut self.report)?;
        (!value.bare).then_some(value.measure)
    }

    /// An input becomes a column of facts, with what stands in where nothing is reported.
    pub(super) fn define_input(&mut self, input: &'a ast::Input, bindings: Bindings<'a>, line: &BodyLine) {
        let name = input.name.name.text.clone();
        let Some(kind) = self.kind(&input.kind, &name) else {
            self.define(&input.name, Definition::Faulty);
            return;
        };
        let scale = self.scale(&input.kind);
        let mut bounds = self.bounds(&input.bounds, input.range.as_ref(), &kind, &scale);
        bounds.needs_reason = input.needs_reason;
        bounds.multiple_of = input.step.as_ref().and_then(|_| self.step(input, &kind)).filter(Exact::is_positive);
        if let Some(value) = self.given(&input.name)
            && let Some(node) = self.example_constant(value, Some(&kind), &scale)
        {
            self.check_bounds(node, &bounds, &name, input.name.name.place);
            self.name_node(node, &name);
            self.keep_input(input, kind, node, ColumnId(0), None, None);
            self.define(&input.name, Definition::Node(node));
            return;
        }
        let (shape, rows) = self.input_rows(input);
        let step = self.step(input, &kind);
        let indicator = self.bodies.last().and_then(|body| body.indicator.clone());
        let alias = input.name.alias.as_ref().map(|alias| alias.text.clone());
        let source = ColumnSource::Fact { indicator: indicator.clone(), field: name.clone(), alias, years_back: 0 };
        let spec = ColumnSpec { source, kind: kind.clone(), shape, step, scale: scale.clone(), bounds: bounds.clone() };
        let column = self.add_column(spec);
        let reported = self.add(Op::Column(column), kind.clone(), shape, input.name.name.place);
        let bound = self.bound_constant(input, bindings, &kind, &bounds, &scale);
        let target = self.target_column(input, indicator.as_deref(), &kind, &bounds);
        let default = input.default.as_ref().and_then(|written| {
            let value = ast::ExampleValue::Literal(written.clone());
            let node = self.example_constant(&value, Some(&kind), &scale)?;
            self.check_default(node, &bounds, &name, written.place);
            Some(node)
        });
        let mut node = reported;
        for other in [target, bound, default].into_iter().flatten() {
            node = self.add(Op::IfMissing(node, other), kind.clone(), shape, input.name.name.place);
        }
        self.name_node(node, &name);
        if let Some(clause) = clause_of(&line.authority)
            && let Some(node) = self.out.program.nodes.get_mut(node.0 as usize)
        {
            node.origin.clause = Some(clause);
        }
        let constant = bound.and_then(|node| kaoping_rules::lower::constant_of(self, node));
        self.keep_input(input, kind, node, column, constant, rows);
        self.define(&input.name, Definition::Node(node));
    }

    fn keep_input(
        &mut self,
        input: &ast::Input,
        kind: Kind,
        node: NodeId,
        column: ColumnId,
        bound: Option<Exact>,
        rows: Option<RowsetId>,
    ) {
        let step = self.out.program.columns.get(column.0 as usize).and_then(|spec| spec.step.clone());
        let scale = self.scale(&input.kind);
        let measure = match kind {
            Kind::Number(measure) => Some(measure),
            _ => None,
        };
        let against = self.against(input, measure.as_ref(), rows);
        let assessors = input.assessors.as_ref().and_then(|written| match &written.number {
            ast::LiteralNumber::Known(number) => Some(number.clone()),
            ast::LiteralNumber::Unreadable(_) => None,
        });
        let kept = Input {
            name: input.name.name.text.clone(),
            alias: input.name.alias.as_ref().map(|alias| alias.text.clone()),
            column,
            given: node,
            node,
            bound,
            measure,
            step,
            scale,
            against,
            needs_reason: input.needs_reason,
            rows,
            assessors,
        };
        self.body().inputs.push(kept);
    }

    /// The inputs above that bound this one.
    fn against(
        &mut self,
        input: &ast::Input,
        measure: Option<&Measure>,
        rows: Option<RowsetId>,
    ) -> Vec<(Comparison, ColumnId)> {
        let mut found = Vec::new();
        for (comparison, name) in &input.against {
            let is_it = |other: &&Input| other.name == name.text || other.alias.as_deref() == Some(&name.text);
            match self.body().inputs.iter().find(is_it) {
                None => self.report.push(faults::bound_unknown(name)),
                Some(other) if other.measure.as_ref() != measure || other.rows != rows => {
                    self.report.push(faults::bound_unlike(&input.name.name.text, name));
                }
                Some(other) => found.push((*comparison, other.column)),
            }
        }
        found
    }

    /// The rows a figure has: one a period, one an assessor, or one a unit.
    fn input_rows(&mut self, input: &ast::Input) -> (Shape, Option<RowsetId>) {
        let indicator = self.bodies.last().and_then(|body| body.indicator.clone());
        let rows = if input.assessors.is_some() {
            let known = self.body().assessors;
            let rows = known.unwrap_or_else(|| self.add_rowset(RowsetSpec::Assessors { indicator }));
            self.body().assessors = Some(rows);
            rows
        } else if let Some(often) = &input.per_period {
            // Months and quarters of one item are rows of their own: neither is due for the other.
            let (word, months) = (periods_word(&often.text), months_of(&often.text));
            let known = self.body().periods.iter().find(|(of, _)| *of == months).map(|(_, rows)| *rows);
            known.unwrap_or_else(|| {
                let rows = self.add_rowset(RowsetSpec::Periods { indicator, word, months });
                self.body().periods.push((months, rows));
                rows
            })
        } else {
            return (Shape::Unit, None);
        };
        (Shape::Rows(rows), Some(rows))
    }

    /// The smallest step: as declared, else one of what is counted, a tenth per cent, a hundredth
    /// of a point or of the yuan, ten thousand yuan or hundred million an amount is written in.
    fn step(&mut self, input: &ast::Input, kind: &Kind) -> Option<Exact> {
        let Kind::Number(measure) = kind else {
            return None;
        };
        if let Some(written) = &input.step {
            let nouns = self.out.nouns.clone();
            let scale = self.scale(&input.kind);
            return literal::value_in(written, measure, &nouns, &mut self.report)?.scaled(&scale);
        }
        let step = measure.usual_step();
        // An amount declared in 万元 goes by hundredths of it.
        let multiple = *measure == Measure::noun("元") || *measure == Measure::points();
        Some(if multiple { &step * &self.scale(&input.kind) } else { step })
    }

    fn bounds(
        &mut self,
        limits: &[(Comparison, ast::Literal)],
        range: Option<&(ast::Literal, ast::Literal)>,
        kind: &Kind,
        scale: &Exact,
    ) -> Bounds {
        let mut bounds = Bounds::default();
        let Kind::Number(measure) = kind else {
            return bounds;
        };
        let nouns = self.out.nouns.clone();
        let value = |written: &ast::Literal, compiler: &mut Self| {
            literal::value_in(written, measure, &nouns, &mut compiler.report).and_then(|value| value.scaled(scale))
        };
        for (comparison, written) in limits {
            let Some(number) = value(written, self) else {
                continue;
            };
            match comparison {
                Comparison::Greater => bounds.low = Some((number, false)),
                Comparison::AtLeast => bounds.low = Some((number, true)),
                Comparison::Less => bounds.high = Some((number, false)),
                Comparison::AtMost => bounds.high = Some((number, true)),
                Comparison::Equal | Comparison::NotEqual => {}
            }
        }
        if let Some((low, high)) = range {
            bounds.low = value(low, self).map(|number| (number, true));
            bounds.high = value(high, self).map(|number| (number, true));
        }
        bounds
    }

    fn check_bounds(&mut self, node: NodeId, bounds: &Bounds, name: &str, place: Place) {
        if let Some(value) = kaoping_rules::lower::constant_of(self, node)
            && !bounds.contain(&value)
            && let Kind::Number(measure) = kaoping_rules::lower::kind_of(self, node)
        {
            let measure = &measure;
            let at = self.out.program.node(node).and_then(|node| node.origin.place).unwrap_or(place);
            self.report.push(faults::outside_bounds(name, &value, measure, bounds, at));
        }
    }

    /// What stands in for a figure must be one that could have been reported.
    fn check_default(&mut self, node: NodeId, bounds: &Bounds, name: &str, place: Place) {
        if let Some(value) = kaoping_rules::lower::constant_of(self, node)
            && !bounds.contain(&value)
            && let Kind::Number(measure) = kaoping_rules::lower::kind_of(self, node)
        {
            self.report.push(faults::default_outside_bounds(name, &value, &measure, bounds, place));
        }
    }

    /// What the table row binds the input to, as a constant.
    fn bound_constant(
        &mut self,
        input: &'a ast::Input,
        bindings: Bindings<'a>,
        kind: &Kind,
        bounds: &Bounds,
        scale: &Exact,
    ) -> Option<NodeId> {
        let node = match self.bound(&input.name, bindings)? {
            BindingValue::Literal(written) => {
                let value = ast::ExampleValue::Literal(written.clone());
                self.example_constant(&value, Some(kind), scale)?
            }
            BindingValue::Word(word) => self.word_constant(word, Some(kind))?,
        };
        self.check_bounds(node, bounds, &input.name.name.text, input.name.name.place);
        Some(node)
    }

    /// The column of targets handed down, where any unit has one for this input.
    fn target_column(
        &mut self,
        input: &ast::Input,
        indicator: Option<&str>,
        kind: &Kind,
        bounds: &Bounds,
    ) -> Option<NodeId> {
        let indicator = indicator?;
        let label = self.bodies.last().map(|body| body.label.clone()).unwrap_or_default();
        let is_indicator = |other: &str| other == indicator || other == label;
        let is_field = |field: &str| {
            is_called(&input.name, field)
                || (field.is_empty() && (is_called(&input.name, "target") || is_called(&input.name, "目标数")))
        };
        if !self.policy.targets.any_for(is_indicator, is_field) {
            return None;
        }
        let source = ColumnSource::Target { indicator: indicator.to_string(), field: input.name.name.text.clone() };
        let spec = ColumnSpec {
            source,
            kind: kind.clone(),
            shape: Shape::Unit,
            step: None,
            scale: Exact::one(),
            bounds: bounds.clone(),
        };
        let column = self.add_column(spec);
        Some(self.add(Op::Column(column), kind.clone(), Shape::Unit, input.name.name.place))
    }

    pub(super) fn declare_attribute(&mut self, declared: &ast::AttributeDeclaration) {
        let Some(kind) = self.kind(&declared.kind, &declared.name.name.text) else {
            return;
        };
        let name = declared.name.name.text.clone();
        let alias = declared.name.alias.as_ref().map(|alias| alias.text.clone());
        let scale = self.scale(&declared.kind);
        self.add_attribute(name, alias, kind, scale);
    }

    fn add_attribute(&mut self, name: String, alias: Option<String>, kind: Kind, scale: Exact) -> ColumnId {
        let source = ColumnSource::Attribute { name: name.clone() };
        let column = self.add_column(ColumnSpec {
            source,
            kind,
            shape: Shape::Unit,
            step: None,
            scale,
            bounds: Bounds::default(),
        });
        self.out.attributes.push(Attribute { name, alias, column });
        column
    }

    /// Whether a unit is exempt from an item: an attribute the policy did not declare.
    pub(super) fn exempt_attribute(&mut self, name: &str, place: Place) -> Option<NodeId> {
        if !self.out.attributes.iter().any(|attribute| attribute.name == name) {
            self.add_attribute(name.to_string(), None, Kind::Truth, Exact::one());
        }
        self.attribute(name, place)
    }

    /// The value of an attribute of the unit.
    pub(super) fn attribute(&mut self, name: &str, place: Place) -> Option<NodeId> {
        let known = |attribute: &Attribute| attribute.name == name || attribute.alias.as_deref() == Some(name);
        let column = match self.out.attributes.iter().find(|attribute| known(attribute)) {
            Some(attribute) => attribute.column,
            None => {
                let (zh, en) = BUILT_IN.iter().find(|(zh, en)| name == *zh || name == *en)?;
                let list = self.add_words(Vec::new(), true);
                let alias = Some((*en).to_string());
                self.add_attribute((*zh).to_string(), alias, Kind::Word(list), Exact::one())
            }
        };
        let kind = self.out.program.columns.get(column.0 as usize)?.kind.clone();
        Some(self.add(Op::Column(column), kind, Shape::Unit, place))
    }

    pub(super) fn declare_events(&mut self, declared: &ast::Events) {
        let name = declared.name.name.text.clone();
        let rowset = self.add_rowset(RowsetSpec::Events { table: name.clone() });
        let mut columns = Vec::new();
        for ast::EventColumn { name: column, kind: written, bounds, range } in &declared.columns {
            let Some(kind) = self.kind(written, &column.name.text) else {
                continue;
            };
            let scale = self.scale(written);
            let bounds = self.bounds(bounds, range.as_ref(), &kind, &scale);
            let source = ColumnSource::Event { table: name.clone(), column: column.name.text.clone() };
            let spec = ColumnSpec { source, kind, shape: Shape::Rows(rowset), step: None, scale, bounds };
            let id = self.add_column(spec);
            columns.push((column.name.text.clone(), column.alias.as_ref().map(|alias| alias.text.clone()), id));
        }
        let alias = declared.name.alias.as_ref().map(|alias| alias.text.clone());
        self.out.events.push(EventTable { name, alias, rowset, columns });
    }
}
