//! A standard as people read it: each item with its rule in words, its parameters and what it can come to.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::NodeId;
use kaoping_rules::{
    interval::Range,
    written::{Formula, values},
};
use kaoping_scheme::{
    Policy, Standard,
    check::ranges,
    model::{Item, OtherwiseMade},
    read::ItemText,
};
use kaoping_syntax::ast::BodyKind;
use kaoping_terms::{Lang, Measure, Place};

/// An item, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its id in files.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of its block; empty for none.
    pub block: String,
    /// Its points, as people read them; empty for none.
    pub points: String,
    /// The rule it uses; empty for a formula of its own.
    pub rule: String,
    /// What the rule means, as the library says above it; empty where it says nothing.
    pub meaning: String,
    /// How its points are made.
    pub formula: String,
    /// The named values the formula uses, each with its own.
    pub steps: Vec<(String, String)>,
    /// Its parameters with their values, and choices with what was chosen.
    pub parameters: Vec<(String, String)>,
    /// The figures it reads, with what the table binds them to.
    pub inputs: Vec<String>,
    /// The names of those figures.
    pub fields: Vec<String>,
    /// What it can come to; empty where nothing is known.
    pub range: String,
    /// Whether it comes to both ends of that.
    pub exact: bool,
    /// Lead, responsible and supporting units.
    pub units: [Vec<String>; 3],
    /// The definition of its figure.
    pub definition: String,
    /// The clause it rests on; empty for none.
    pub clause: String,
    /// Reasons given where the text is silent.
    pub reasons: Vec<String>,
    /// Remarks: for whom it applies, what happens where it does not.
    pub remarks: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// Whether it is a row of the item table.
    pub from_table: bool,
}

/// A scheme, read: the first is the policy's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// Its items.
    pub lines: Vec<Line>,
    /// What the total can come to.
    pub range: String,
    /// The declared full mark.
    pub full_mark: String,
    /// How the total is made.
    pub total: String,
}

/// The schemes of a policy, read.
pub fn reading(policy: &Policy, standard: &Standard, lang: Lang) -> Vec<Reading> {
    let ranges = ranges(standard);
    let formula = Formula::in_words(&standard.program, lang);
    let of = |node: Option<NodeId>| node.map(|node| formula.of(node)).unwrap_or_default();
    let mut schemes = Vec::new();
    for (at, scheme) in standard.schemes.iter().enumerate() {
        let (texts, ranges) = (policy.schemes.get(at), ranges.get(at));
        let lines = scheme.items.iter().enumerate().map(|(position, item)| {
            let block = item.block.and_then(|block| scheme.blocks.get(block)).map(|block| block.name.clone());
            let range = ranges.and_then(|ranges| ranges.items.get(position)?.as_ref());
            let text = texts.and_then(|texts| texts.items.get(position));
            Line {
                block: block.unwrap_or_default(),
                meaning: item.rule.as_deref().map(|rule| meaning(policy, rule)).unwrap_or_default(),
                formula: of(item.base.or(item.unrounded).or(item.score)),
                steps: item.values.iter().map(|(name, node)| (name.clone(), formula.of(*node))).collect(),
                parameters: parameters(standard, item),
                range: written(range, lang),
                exact: range.is_some_and(|range| range.exact),
                remarks: remarks(item, &formula, lang),
                from_table: text.is_some_and(|text| text.from_table),
                place: text.map_or(item.place, |text: &ItemText| text.place),
                ..plain(item)
            }
        });
        schemes.push(Reading {
            name: scheme.name.clone(),
            lines: lines.collect(),
            range: written(ranges.and_then(|ranges| ranges.total.as_ref()), lang),
            full_mark: scheme
                .full_mark
                .as_ref()
                .map(|mark| values::number(mark, &Measure::points()))
                .unwrap_or_default(),
            total: of(scheme.total),
        });
    }
    schemes
}

fn plain(item: &Item) -> Line {
    let points = item.points.as_ref().map(|points| values::number(points, &Measure::points()));
    let input = |input: &kaoping_scheme::model::Input| match input.bound.as_ref().zip(input.measure.as_ref()) {
        Some((bound, measure)) => format!("{} = {}", input.name, values::number(bound, measure)),
        None => input.name.clone(),
    };
    Line {
        id: item.id.clone(),
        name: item.name.clone(),
        points: points.or_else(|| item.unreadable.clone()).unwrap_or_default(),
        rule: item.rule.clone().unwrap_or_default(),
        inputs: item.inputs.iter().map(input).collect(),
        fields: item.inputs.iter().map(|input| input.name.clone()).collect(),
        units: [item.lead.clone(), item.responsible.clone(), item.supporting.clone()],
        definition: item.definition.clone().unwrap_or_default(),
        clause: item.clause.clone().unwrap_or_default(),
        reasons: item.reasons.clone(),
        ..Line::default()
    }
}

fn parameters(standard: &Standard, item: &Item) -> Vec<(String, String)> {
    let values = item.parameters.iter().map(|(name, value, measure)| (name.clone(), values::number(value, measure)));
    let chosen = standard.choices.iter().filter(|choice| {
        choice.item.as_deref() == Some(item.name.as_str()) && !choice.name.is_empty() && !choice.chosen.is_empty()
    });
    values.chain(chosen.map(|choice| (choice.name.clone(), choice.chosen.clone()))).collect()
}

fn written(range: Option<&Range>, lang: Lang) -> String {
    let span = range.and_then(|range| range.span.as_ref());
    span.map(|span| span.in_words(&|value| value.to_grouped()).get(lang).to_string()).unwrap_or_default()
}

fn remarks(item: &Item, formula: &Formula<'_>, lang: Lang) -> Vec<String> {
    let say = |zh: &str, en: &str| String::from(if lang == Lang::Zh { zh } else { en });
    let mut remarks = Vec::new();
    if let Some(applies) = item.applies {
        remarks.push(format!("{}{}", say("适用：", "applies where "), formula.of(applies)));
    }
    if let Some(made) = &item.otherwise {
        let made = match made {
            OtherwiseMade::Substitute(name) => format!("{}{name}", say("改评", "assessed instead by ")),
            OtherwiseMade::Full => say("满分", "full points"),
            OtherwiseMade::Zero => say("零分", "no points"),
            OtherwiseMade::Scale => say("折算：本块其余各项按比例放大", "the others of its block are scaled up"),
            OtherwiseMade::Reduce => say("减满分", "the full mark is less"),
        };
        remarks.push(format!("{}{made}", say("不适用时", "where not: ")));
    }
    if item.lower_is_better {
        remarks.push(say("越低越好", "lower is better"));
    }
    remarks
}

/// The words above a rule in its library: lines of `#` without a gap, without its name before them.
pub fn meaning(policy: &Policy, rule: &str) -> String {
    let Some(rule) = policy.rule(rule) else { return String::new() };
    let text = policy.sources.file(rule.place.file).map(|file| file.text.as_str()).unwrap_or_default();
    let above = text.get(..rule.place.start as usize).unwrap_or_default();
    let mut lines: Vec<&str> = Vec::new();
    for line in above.lines().rev() {
        match line.trim().strip_prefix(['#', '＃']) {
            Some(said) if !said.trim().starts_with('─') => lines.push(said.trim()),
            _ => break,
        }
    }
    lines.reverse();
    let said = lines.concat();
    let name = &rule.it.name.name.text;
    let said = said.strip_prefix(name.as_str()).map_or(said.as_str(), |rest| rest.trim_start_matches([':', '：', ' ']));
    said.to_string()
}

/// A rule that items can use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// What it means, as the library says above it.
    pub meaning: String,
    /// Its parameters, each with the usual value as it is written; empty where there is none.
    pub parameters: Vec<(String, String)>,
    /// Its choices: what was chosen, if anything, the words, and why there is a choice.
    pub choices: Vec<(String, String, Vec<String>, String)>,
    /// The figures it reads.
    pub inputs: Vec<String>,
}

/// The rules a policy can use: its own and those of its libraries.
pub fn kinds(policy: &Policy) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for rule in &policy.rules {
        let name = rule.it.name.name.text.clone();
        let mut kind = Kind { meaning: meaning(policy, &name), name, ..Kind::default() };
        for line in &rule.it.body {
            match &line.kind {
                BodyKind::Input(input) => kind.inputs.push(input.name.name.text.clone()),
                BodyKind::Parameters(all) => kind.parameters.extend(all.iter().map(|parameter| {
                    let value = parameter.value.as_ref().map(|value| policy.sources.text_at(value.place).to_string());
                    (parameter.name.name.text.clone(), value.unwrap_or_default())
                })),
                BodyKind::Choice(choice) => kind.choices.push((
                    choice.name.name.text.clone(),
                    choice.chosen.as_ref().map(|word| word.text.clone()).unwrap_or_default(),
                    choice.words.iter().map(|word| word.text.clone()).collect(),
                    choice.reason.text.clone(),
                )),
                _ => {}
            }
        }
        kinds.push(kind);
    }
    kinds
}
