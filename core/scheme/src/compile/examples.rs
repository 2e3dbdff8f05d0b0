//! Worked examples written in 例 lines: what is given, what must come out.

use super::{Compiler, Options, body::Body, body::Definition, clause_of};
use crate::{model::Decision, read::Policy};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, Frame, Keep, Kind, Machine, NodeId, Op, Program, Relation, Shape};
use kaoping_rules::{AsOf, Context, Meaning, literal, lower, lower::lower_number};
use kaoping_syntax::ast::{BodyKind, BodyLine, Example, ExampleValue, Literal, LiteralNumber, Name};
use kaoping_terms::{Diagnostic, Exact, Measure, Place, Report, Text};

/// One worked example, ready to run.
#[derive(Clone, Debug)]
pub struct ExampleCase {
    /// The rule, item or decision it belongs to.
    pub owner: String,
    /// The line.
    pub place: Place,
    /// The program with the given values in place.
    pub program: Program,
    /// What is computed, in the order of what is expected.
    pub results: Vec<(NodeId, Expected)>,
}

/// What must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A number in base units.
    Number(Exact),
    /// A word or truth, as its position.
    Code(i64, String),
    /// 未报.
    Missing,
    /// 不适用.
    NotApplicable,
}

/// An example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFault {
    /// What was expected, in words.
    pub expected: String,
    /// What came out, in words.
    pub found: String,
}

impl ExampleCase {
    /// Runs the example. An empty list: it holds.
    pub fn run(&self) -> Vec<ExampleFault> {
        let nodes: Vec<NodeId> = self.results.iter().map(|(node, _)| *node).collect();
        let failed = |found: &str| Vec::from([ExampleFault { expected: String::new(), found: found.to_string() }]);
        let frame = Frame::flat(1);
        let mut machine = Machine::new(&self.program, &frame, Keep::Outputs);
        if let Err(fault) = machine.require(&nodes) {
            return failed(&fault.to_string());
        }
        let mut faults = Vec::new();
        for (node, expected) in &self.results {
            let cell = machine.column(*node).map(|column| column.cell(0));
            let Some(cell) = cell else { continue };
            if !agrees(&cell, expected) {
                faults.push(ExampleFault { expected: describe(expected), found: self.describe_cell(*node, &cell) });
            }
        }
        faults
    }

    fn describe_cell(&self, node: NodeId, cell: &Cell) -> String {
        let kind = self.program.node(node).map(|node| &node.kind);
        match (&cell.value, kind) {
            (Some(value), Some(Kind::Word(list))) => self
                .program
                .word_lists
                .get(list.0 as usize)
                .zip(value.to_i64().and_then(|at| usize::try_from(at).ok()))
                .and_then(|(list, at)| list.words.get(at))
                .map_or_else(|| value.to_string(), |(word, _)| word.clone()),
            (Some(value), _) => value.to_string(),
            (None, _) if cell.state.is_missing() => String::from("未报"),
            (None, _) if cell.state.is_not_applicable() => String::from("不适用"),
            (None, _) => String::from("无定义"),
        }
    }
}

fn place_of(value: &ExampleValue) -> Place {
    match value {
        ExampleValue::Literal(written) => written.place,
        ExampleValue::Word(word) => word.place,
        ExampleValue::Day(_, place) => *place,
    }
}

fn agrees(cell: &Cell, expected: &Expected) -> bool {
    match expected {
        Expected::Number(number) => cell.value.as_ref() == Some(number),
        Expected::Code(code, _) => cell.value.as_ref() == Some(&Exact::whole(*code)),
        Expected::Missing => cell.state.is_missing(),
        Expected::NotApplicable => cell.state.is_not_applicable(),
    }
}

fn describe(expected: &Expected) -> String {
    match expected {
        Expected::Number(number) => number.to_string(),
        Expected::Code(_, word) => word.clone(),
        Expected::Missing => String::from("未报"),
        Expected::NotApplicable => String::from("不适用"),
    }
}

/// Compiles every example of the policy, each into a program of its own.
pub(super) fn compile_all(policy: &Policy, options: &Options, report: &mut Report) -> Vec<ExampleCase> {
    let mut cases = Vec::new();
    let rules = policy.rules.iter().map(|rule| (&rule.it.name.name.text, &rule.it.body, None, false));
    let decisions =
        policy.decisions.iter().map(|decision| (&decision.it.name.name.text, &decision.it.body, None, true));
    let items = policy
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.items)
        .map(|item| (&item.item.name.name.text, &item.item.body, item.item.points.as_ref(), false));
    for (owner, lines, points, is_decision) in rules.chain(decisions).chain(items) {
        for line in lines {
            if let BodyKind::Example(example) = &line.kind {
                cases.extend(compile_one(
                    policy,
                    options,
                    owner,
                    lines,
                    example,
                    line.place,
                    points,
                    is_decision,
                    report,
                ));
            }
        }
    }
    cases
}

#[allow(clippy::too_many_arguments)]
fn compile_one<'a>(
    policy: &'a Policy,
    options: &'a Options,
    owner: &str,
    lines: &'a [BodyLine],
    example: &'a Example,
    place: Place,
    points: Option<&'a Literal>,
    is_decision: bool,
    report: &mut Report,
) -> Option<ExampleCase> {
    let mut compiler = Compiler::new(policy, options);
    // A decision has the day of its row, not that of a scheme beside it.
    compiler.day = options.day.or_else(|| period_end(policy).filter(|_| !is_decision)).map(AsOf::Day);
    let given: BTreeMap<String, &'a ExampleValue> =
        example.given.iter().map(|(name, value)| (name.text.clone(), value)).collect();
    compiler.bodies.push(Body { label: owner.to_string(), given, ..Body::default() });
    if !is_decision {
        compiler.points_of_example(example, points);
    }
    let results = if is_decision {
        let decision = compiler.decision(lines, place, Some(example))?;
        compiler.decision_results(&decision, example)
    } else {
        compiler.define_lines(lines, &[]);
        compiler.unknown_given(example);
        compiler.rule_results(lines, example)
    };
    let program = core::mem::take(&mut compiler.out.program);
    // Faults of the rule itself are reported where it is used; only those of the example are new.
    for finding in compiler.report.into_sorted() {
        let inside =
            finding.place.is_some_and(|at| at.file == place.file && at.start >= place.start && at.end <= place.end);
        if inside {
            report.push(finding);
        }
    }
    Some(ExampleCase { owner: owner.to_string(), place, program, results: results? })
}

fn period_end(policy: &Policy) -> Option<kaoping_terms::Day> {
    policy.schemes.first()?.scheme.settings.iter().find_map(|setting| match &setting.kind {
        kaoping_syntax::ast::SettingKind::Period { to, .. } => Some(*to),
        _ => None,
    })
}

impl<'a> Compiler<'a> {
    /// `分值 = 3 分` in an example.
    fn points_of_example(&mut self, example: &'a Example, own: Option<&Literal>) {
        let points = example.given.iter().find(|(name, _)| matches!(name.text.as_str(), "分值" | "points"));
        let kind = Kind::Number(Measure::points());
        let own = own.map(|written| ExampleValue::Literal(written.clone()));
        let node = match points.map(|(_, value)| value).or(own.as_ref()) {
            Some(value) => self.example_constant(value, Some(&kind), &Exact::one()),
            None => Some(self.add(Op::Unreadable, kind, Shape::One, Place::default())),
        };
        if let Some(node) = node {
            self.body().names.insert(String::from("分值"), Definition::Node(node));
            self.body().names.insert(String::from("points"), Definition::Node(node));
        }
    }

    /// A name an example gives that the rule does not have.
    pub(super) fn unknown_given(&mut self, example: &'a Example) {
        for (name, _) in &example.given {
            if !self.body().names.contains_key(&name.text) {
                let known = self.known_names();
                self.report.push(super::faults::unknown_given(name, &known));
            }
        }
    }

    fn rule_results(&mut self, lines: &'a [BodyLine], example: &'a Example) -> Option<Vec<(NodeId, Expected)>> {
        let mut results = Vec::new();
        for (name, value) in &example.named {
            match self.shown_value(&name.text) {
                Some(node) => results.push((node, self.expected(value, node)?)),
                None => self.unknown_result(name),
            }
        }
        let Some(expected) = example.expected.first() else {
            return Some(results);
        };
        let score = lines.iter().find_map(|line| {
            if let BodyKind::Score(expr) = &line.kind { Some((expr, clause_of(&line.authority))) } else { None }
        });
        let (score, _) = score?;
        let node = lower_number(self, score, &Measure::points())?;
        results.push((node, self.expected(expected, node)?));
        Some(results)
    }

    fn unknown_result(&mut self, name: &Name) {
        let known = self.known_names();
        self.report.push(super::faults::unknown_given(name, &known));
    }

    fn decision_results(&mut self, decision: &Decision, example: &'a Example) -> Option<Vec<(NodeId, Expected)>> {
        let mut results = Vec::new();
        let unknown = |value: &ExampleValue| matches!(value, ExampleValue::Word(word) if matches!(word.text.as_str(), "未报" | "missing"));
        for (at, value) in example.expected.iter().enumerate() {
            let node = match (value, decision.amount) {
                // Behind the outcome stands the amount; alone, 未报 is a decision that has to wait.
                (ExampleValue::Word(_), Some(amount)) if at > 0 => amount,
                (value, Some(amount)) if unknown(value) => self.with_outcome(decision.outcome, amount),
                (ExampleValue::Word(_), _) => decision.outcome,
                (value, None) => {
                    self.report.push(super::faults::expected_unfit(place_of(value)));
                    return None;
                }
                (_, Some(amount)) => amount,
            };
            results.push((node, self.expected(value, node)?));
        }
        let is_called = |called: &(String, Option<String>), name: &Name| {
            called.0 == name.text || called.1.as_deref() == Some(name.text.as_str())
        };
        for (name, value) in &example.named {
            let given = decision
                .results
                .iter()
                .find(|result| result.name == name.text || result.alias.as_deref() == Some(name.text.as_str()));
            let node = match given.map(|result| result.node) {
                None if is_called(&decision.amount_name, name) => decision.amount,
                None if is_called(&decision.outcome_name, name) => Some(decision.outcome),
                None => decision.values.iter().find(|(value, _)| *value == name.text).map(|(_, node)| *node),
                node => node,
            };
            match node {
                Some(node) => results.push((node, self.expected(value, node)?)),
                None => {
                    let mut known: Vec<String> = decision.values.iter().map(|(name, _)| name.clone()).collect();
                    known.extend([decision.amount_name.0.clone(), decision.outcome_name.0.clone()]);
                    self.report.push(super::faults::unknown_given(name, &known));
                }
            }
        }
        Some(results)
    }

    /// The amount where the outcome is known too; else what the outcome lacks.
    fn with_outcome(&mut self, outcome: NodeId, amount: NodeId) -> NodeId {
        let kind = lower::kind_of(self, amount);
        let place = Place::default();
        let known = self.add(Op::Compare(Relation::Equal, outcome, outcome), Kind::Truth, Shape::Unit, place);
        self.add(Op::Select { when: known, then: amount, otherwise: amount }, kind, Shape::Unit, place)
    }

    /// What an example expects of a node.
    fn expected(&mut self, value: &ExampleValue, node: NodeId) -> Option<Expected> {
        let kind = lower::kind_of(self, node);
        Some(match value {
            ExampleValue::Word(Name { text, .. }) if matches!(text.as_str(), "未报" | "missing") => Expected::Missing,
            ExampleValue::Word(Name { text, .. }) if matches!(text.as_str(), "不适用" | "not_applicable") => {
                Expected::NotApplicable
            }
            ExampleValue::Word(word) => {
                let constant = self.word_constant(word, Some(&kind))?;
                let code = lower::constant_of(self, constant)?.to_i64()?;
                Expected::Code(code, word.text.clone())
            }
            ExampleValue::Literal(written) => {
                let nouns = self.out.nouns.clone();
                let Kind::Number(measure) = kind else {
                    self.report.push(super::faults::expected_unfit(written.place));
                    return None;
                };
                let value = literal::value_in(written, &measure, &nouns, &mut self.report)?;
                match (&written.number, value.number) {
                    (LiteralNumber::Known(_), Some(number)) => Expected::Number(number),
                    _ => return None,
                }
            }
            ExampleValue::Day(_, place) if kind != Kind::Day => {
                self.report.push(super::faults::expected_unfit(*place));
                return None;
            }
            ExampleValue::Day(day, _) => Expected::Number(Exact::whole(i64::from(day.number()))),
        })
    }

    /// Rules that no item uses are checked too, with the first word of each choice.
    pub(super) fn unused_rules(&mut self) {
        let used: Vec<String> =
            self.out.schemes.iter().flat_map(|scheme| &scheme.items).filter_map(|item| item.rule.clone()).collect();
        for rule in &self.policy.rules {
            let name = &rule.it.name.name.text;
            if used.contains(name) {
                continue;
            }
            let mut options = self.options.clone();
            for line in &rule.it.body {
                if let BodyKind::Choice(choice) = &line.kind
                    && let Some(first) = choice.words.first()
                {
                    options.choices.entry(choice.name.name.text.clone()).or_insert_with(|| first.text.clone());
                }
            }
            let findings = check_rule(self.policy, &options, name, &rule.it.body);
            self.report.append(findings);
        }
    }
}

/// Compiles a rule by itself, only for its findings.
fn check_rule(policy: &Policy, options: &Options, name: &str, lines: &[BodyLine]) -> Report {
    let mut compiler = Compiler::new(policy, options);
    compiler.report = Report::new();
    compiler.day = options.day.or_else(|| period_end(policy)).map(AsOf::Day);
    compiler.bodies.push(Body { label: name.to_string(), ..Body::default() });
    let points = compiler.add(Op::Unreadable, Kind::Number(Measure::points()), Shape::One, Place::default());
    compiler.body().names.insert(String::from("分值"), Definition::Node(points));
    compiler.body().names.insert(String::from("points"), Definition::Node(points));
    compiler.define_lines(lines, &[]);
    for line in lines {
        match &line.kind {
            BodyKind::Score(expr) => {
                lower_number(&mut compiler, expr, &Measure::points());
            }
            BodyKind::Let(binding) => {
                let _: Option<Meaning> = compiler.body_name(&binding.name.name.text);
            }
            _ => {}
        }
    }
    compiler.report
}

/// The finding for an example that does not hold.
pub fn example_fails(case: &ExampleCase, fault: &ExampleFault) -> Diagnostic {
    Diagnostic::error(
        "example-fails",
        Text::new(
            alloc::format!("“{}”的例算不符：写的是 {}，算出来是 {}", case.owner, fault.expected, fault.found),
            alloc::format!(
                "a worked example of `{}` fails: expected {}, computed {}",
                case.owner,
                fault.expected,
                fault.found
            ),
        ),
    )
    .at(case.place)
    .label(Text::new(alloc::format!("算出 {}", fault.found), alloc::format!("computed {}", fault.found)))
    .why(Text::new(
        "例是方案的测试，不符说明规则或例写错了",
        "examples are the tests of a policy; one of the two is wrong",
    ))
    .next(Text::new("用手算一遍，改规则或改例", "work it out by hand, then mend the rule or the example"))
}
