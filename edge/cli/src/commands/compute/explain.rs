//! `kaoping compute --explain`: why a row was decided so, line by line.

use crate::{
    render::Tree,
    say::{self, Style},
};
use kaoping_batch::FoundRow;
use kaoping_decide::{Asked, Decider, Explanation};
use kaoping_scheme::read::Clauses;
use kaoping_terms::Lang;
use serde_json::{Value, json};

/// Prints the account of a row.
pub(super) fn print(
    decider: &Decider<'_>,
    number: u64,
    found: &FoundRow,
    told: &Explanation,
    clauses: &Clauses,
    style: Style,
) {
    let account = Account { decider, number, found, told, clauses, lang: style.lang };
    if style.json {
        say::print_json(&account.json());
    } else {
        say::print(&account.tree().render());
    }
}

struct Account<'a> {
    decider: &'a Decider<'a>,
    number: u64,
    found: &'a FoundRow,
    told: &'a Explanation,
    clauses: &'a Clauses,
    lang: Lang,
}

impl Account<'_> {
    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// Amount and outcome in one line: `补助 补助额 1,375 元`.
    fn result(&self) -> String {
        let amount = self.decider.decision().amount.and_then(|_| self.told.results.first());
        if self.told.waits {
            return self.say("待补", "incomplete").to_owned();
        }
        let outcome = self.told.taken.as_ref().map_or("", |taken| taken.outcome.as_str());
        match amount {
            Some((name, value)) => format!("{outcome}  {name} {value}"),
            None => outcome.to_owned(),
        }
    }

    fn tree(&self) -> Tree {
        let (name, number, line) = (&self.decider.decision().name, self.number, self.found.line);
        let whose: Vec<String> = self.found.cells.iter().map(|(head, cell)| format!("{head} {cell}")).collect();
        let row = match (self.lang, line) {
            (Lang::Zh, Some(line)) => format!("第 {number} 行（文件第 {line} 行）"),
            (Lang::En, Some(line)) => format!("row {number} (line {line} of the file)"),
            (Lang::Zh, None) => format!("第 {number} 行"),
            (Lang::En, None) => format!("row {number}"),
        };
        let mut tree = Tree::new(format!("{name} · {row}  {}", self.result()));
        if !whose.is_empty() {
            tree.push(whose.join("，"));
        }
        let mut figures = Tree::new(self.say("填报的数", "figures"));
        for (name, value) in &self.told.figures {
            figures.push(format!("{name}  {value}"));
        }
        tree = tree.with(figures);
        if !self.told.owed.is_empty() {
            let owed = self.told.owed.join(self.say("、", ", "));
            tree.push(format!("{}{owed}", self.say("要补：", "owed: ")));
        }
        for step in &self.told.steps {
            let mut line = format!("{} = {}", step.name, step.formula);
            if !step.numbers.is_empty() && step.numbers != step.formula && step.numbers != step.value {
                line.push_str(&format!(" = {}", step.numbers));
            }
            if step.value != step.formula {
                line.push_str(&format!(" = {}", step.value));
            }
            if let Some((condition, numbers)) = &step.branch {
                line.push_str(&match self.lang {
                    Lang::Zh => format!("，因为 {condition}（{numbers}）"),
                    Lang::En => format!(", as {condition} ({numbers})"),
                });
            }
            line.push_str(&self.clause(step.clause.as_deref()));
            tree.push(line);
        }
        for asked in &self.told.passed {
            tree.push(format!("{}{}", self.say("不是：", "not: "), self.condition(asked)));
        }
        if let Some(taken) = &self.told.taken {
            let condition = match taken.condition.as_str() {
                "" => format!("{} → {}", self.say("否则", "otherwise"), taken.outcome),
                _ => self.condition(taken),
            };
            let mut case =
                Tree::new(format!("{}{condition}{}", self.say("是：", "yes: "), self.clause(taken.clause.as_deref())));
            if let Some(quote) = taken.clause.as_deref().and_then(|clause| self.clauses.quote(clause)) {
                case.push(format!("《{}》{}  “{}”", quote.document, quote.clause, quote.quote));
            }
            tree = tree.with(case);
        }
        if let Some(said) = &self.told.said {
            tree.push(format!("{}{said}", self.say("告知：", "told: ")));
        }
        // What is given besides the amount and the outcome.
        let besides = if self.decider.decision().amount.is_some() { 2 } else { 1 };
        for (name, value) in self.told.results.iter().skip(besides) {
            tree.push(format!("{name}  {value}"));
        }
        tree
    }

    fn clause(&self, clause: Option<&str>) -> String {
        clause.map(|clause| format!("  （{clause}）")).unwrap_or_default()
    }

    fn condition(&self, asked: &Asked) -> String {
        let numbers = Some(&asked.numbers).filter(|numbers| !numbers.is_empty() && **numbers != asked.condition);
        let numbers = numbers.map(|numbers| format!("（{numbers}）")).unwrap_or_default();
        format!("{}{numbers} → {}", asked.condition, asked.outcome)
    }

    fn json(&self) -> Value {
        let asked = |asked: &Asked| json!({"outcome": asked.outcome, "condition": asked.condition, "numbers": asked.numbers, "clause": asked.clause});
        let named = |pairs: &[(String, String)]| -> Vec<Value> {
            pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
        };
        let steps = self.told.steps.iter().map(|step| {
            json!({"name": step.name, "formula": step.formula, "numbers": step.numbers, "value": step.value, "branch": step.branch,
                "clause": step.clause})
        });
        json!({
            "decision": self.decider.decision().name,
            "row": self.number,
            "line": self.found.line,
            "cells": named(&self.found.cells),
            "figures": named(&self.told.figures),
            "owed": self.told.owed,
            "steps": steps.collect::<Vec<_>>(),
            "passed": self.told.passed.iter().map(asked).collect::<Vec<_>>(),
            "taken": self.told.taken.as_ref().map(asked),
            "incomplete": self.told.waits,
            "said": self.told.said,
            "results": named(&self.told.results),
            "findings": [],
        })
    }
}
