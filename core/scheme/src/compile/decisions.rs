//! Decisions: one row in, an outcome and an amount out.

use super::{Compiler, body::Body, clause_of, faults};
use crate::model::{Decision, NamedResult, OutcomeCase};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Shape};
use kaoping_rules::{Context, lower};
use kaoping_syntax::ast::{self, BodyKind, Gives, Type};
use kaoping_terms::{Exact, Measure, Place, text::full_width};

/// The columns a decision gives: the amount and the outcome.
struct Columns {
    amount: (String, Option<String>),
    measure: Measure,
    /// Whether 给出 names the amount.
    declared: bool,
    outcome: (String, Option<String>),
    words: Vec<(String, Option<String>)>,
}

impl<'a> Compiler<'a> {
    pub(super) fn decisions(&mut self) {
        for decision in &self.policy.decisions {
            self.bodies.push(Body {
                label: decision.it.name.name.text.clone(),
                clause: clause_of(&decision.authority),
                ..Body::default()
            });
            let made = self.decision(&decision.it.body, decision.place, None);
            self.bodies.clear();
            if let Some(mut made) = made {
                made.name = decision.it.name.name.text.clone();
                made.clause = clause_of(&decision.authority);
                self.out.decisions.push(made);
            }
        }
    }

    /// Compiles the body of a decision in the innermost body's names.
    pub(super) fn decision(
        &mut self,
        lines: &'a [ast::BodyLine],
        place: Place,
        example: Option<&'a ast::Example>,
    ) -> Option<Decision> {
        self.define_lines(lines, &[]);
        if let Some(example) = example {
            self.unknown_given(example);
        }
        let label = self.body().label.clone();
        for line in lines {
            self.silent_choices(&label, &line.authority);
        }
        for line in lines {
            if let BodyKind::Input(input) = &line.kind {
                input.against.iter().for_each(|(_, other)| self.report.push(faults::bound_in_decision(other)));
            }
        }
        let outcome =
            lines.iter().find_map(|line| if let BodyKind::Outcome(cases) = &line.kind { Some(cases) } else { None });
        let Some(cases) = outcome else {
            self.report.push(faults::decision_without_outcome(&label, place));
            return None;
        };
        let columns = self.columns(lines, cases);
        let list = self.add_words(columns.words.clone(), false);
        let mut made = Vec::new();
        let mut complete = true;
        for case in cases {
            let when = case.when.as_ref().map(|when| lower::truth(self, when));
            let amount = case.amount.as_ref().map(|amount| lower::lower_number(self, amount, &columns.measure));
            complete &= when != Some(None) && amount != Some(None);
            if let Some(say) = &case.say {
                self.check_say(say);
            }
            made.push(OutcomeCase {
                when: when.flatten(),
                word: case.outcome.text.clone(),
                amount: amount.flatten(),
                say: case.say.as_ref().map(|say| full_width(&say.text)),
                place: case.place,
            });
        }
        if !complete {
            return None;
        }
        let (outcome, amount) = self.outcome_nodes(&made, &columns, list)?;
        let order = self.bodies.last().map(|body| body.order.clone()).unwrap_or_default();
        let mut values = Vec::new();
        for name in order {
            if let Some(node) = self.shown_value(&name) {
                values.push((name, node));
            }
        }
        let results = self.results(lines);
        // Without an amount anywhere there is no column of amounts.
        let has_amount = columns.declared || made.iter().any(|case| case.amount.is_some());
        let body = self.bodies.last_mut().map(core::mem::take).unwrap_or_default();
        Some(Decision {
            name: label,
            inputs: body.inputs,
            parameters: body.parameters,
            values,
            outcome,
            amount: has_amount.then_some(amount),
            amount_name: columns.amount,
            outcome_name: columns.outcome,
            results,
            cases: made,
            clause: None,
            place,
        })
    }

    /// The first case that holds, from the last to the first.
    fn outcome_nodes(
        &mut self,
        cases: &[OutcomeCase],
        columns: &Columns,
        list: kaoping_program::WordListId,
    ) -> Option<(NodeId, NodeId)> {
        let mut result: Option<(NodeId, NodeId)> = None;
        for case in cases.iter().rev() {
            let position = columns.words.iter().position(|(word, _)| *word == case.word)?;
            let position = Exact::whole(i64::try_from(position).ok()?);
            let word = self.add(Op::Const(position), Kind::Word(list), Shape::One, case.place);
            let kind = Kind::Number(columns.measure.clone());
            let amount = match case.amount {
                Some(amount) => amount,
                None => self.add(Op::Const(Exact::zero()), kind.clone(), Shape::One, case.place),
            };
            result = Some(match (case.when, result) {
                (Some(when), Some((other_word, other_amount))) => {
                    let word = Op::Select { when, then: word, otherwise: other_word };
                    let amount = Op::Select { when, then: amount, otherwise: other_amount };
                    (
                        self.add(word, Kind::Word(list), Shape::Unit, case.place),
                        self.add(amount, kind, Shape::Unit, case.place),
                    )
                }
                _ => (word, amount),
            });
        }
        let (word, amount) = result?;
        Some((word, amount))
    }

    /// What 给出 lines without a type give.
    fn results(&mut self, lines: &'a [ast::BodyLine]) -> Vec<NamedResult> {
        let mut results = Vec::new();
        for line in lines {
            if let BodyKind::Gives(Gives { name, value: Some(_), .. }) = &line.kind
                && let Some(node) = self.shown_value(&name.name.text)
            {
                results.push(NamedResult {
                    name: name.name.text.clone(),
                    alias: name.alias.as_ref().map(|alias| alias.text.clone()),
                    node,
                    clause: clause_of(&line.authority),
                });
            }
        }
        results
    }

    fn columns(&mut self, lines: &'a [ast::BodyLine], cases: &[ast::OutcomeCase]) -> Columns {
        let mut columns = Columns {
            amount: (String::from("金额"), Some(String::from("amount"))),
            measure: Measure::noun("元"),
            declared: false,
            outcome: (String::from("结果"), Some(String::from("status"))),
            words: Vec::new(),
        };
        let gives =
            lines.iter().filter_map(|line| if let BodyKind::Gives(gives) = &line.kind { Some(gives) } else { None });
        for Gives { name, kind, .. } in gives {
            let named = (name.name.text.clone(), name.alias.as_ref().map(|alias| alias.text.clone()));
            match kind {
                Some(Type::Words(words)) => {
                    columns.outcome = named;
                    columns.words = words
                        .iter()
                        .map(|(word, code)| (word.text.clone(), code.as_ref().map(|code| code.text.clone())))
                        .collect();
                }
                Some(written) => {
                    if let Some(Kind::Number(measure)) = self.kind(written, &name.name.text) {
                        columns.amount = named;
                        columns.measure = measure;
                        columns.declared = true;
                    }
                }
                None => {}
            }
        }
        for case in cases {
            if !columns.words.iter().any(|(word, _)| *word == case.outcome.text) {
                if !columns.words.is_empty()
                    && lines
                        .iter()
                        .any(|line| matches!(&line.kind, BodyKind::Gives(Gives { kind: Some(Type::Words(_)), .. })))
                {
                    self.report.push(faults::not_in_list(&case.outcome, &columns.words));
                }
                columns.words.push((case.outcome.text.to_string(), None));
            }
        }
        columns
    }

    /// Names in braces must be names of the decision.
    fn check_say(&mut self, say: &ast::Quoted) {
        let mut rest = say.text.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            rest = tail;
            if self.bodies.last().is_some_and(|body| !body.names.contains_key(name.trim())) {
                let known = self.known_names();
                self.report.push(faults::unknown_in_say(name, &known, say.place));
            }
        }
    }
}
