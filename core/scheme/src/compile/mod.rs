//! A linked policy becomes a standard: every item, block, total, rank and award as nodes of
//! one checked program.

mod adjustments;
mod applicability;
mod awards;
mod body;
mod context;
mod decisions;
mod examples;
mod faults;
mod inputs;
mod items;
mod parameters;
mod settings;
mod totals;

use crate::{
    model::{Correction, Deviation, OtherwiseMade, Standard},
    read::Policy,
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use body::Body;
use kaoping_program::{NodeId, RowsetId};
use kaoping_rules::{AsOf, literal};
use kaoping_syntax::ast::{self, Authority};
use kaoping_terms::{Day, Place, Report, text::full_width};

pub use examples::{ExampleCase, ExampleFault, Expected, example_fails};
pub(crate) use inputs::months_of;

/// What a compilation may vary without touching the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The day parameters are taken of; none: the end of the scheme's period.
    pub day: Option<Day>,
    /// Choices made otherwise: name of the choice and the word taken, for every item.
    pub choices: BTreeMap<String, String>,
    /// Items some units are exempt from, by their id.
    pub exemptions: BTreeMap<String, Exempted>,
}

/// That some units are exempt from an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exempted {
    /// The attribute of units that says which: yes or no.
    pub attribute: String,
    /// What they are given where the policy itself does not say it.
    pub instead: Option<OtherwiseMade>,
}

/// A compiled policy with the worked examples of its rules.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The standard.
    pub standard: Standard,
    /// The worked examples written in 例 lines.
    pub examples: Vec<ExampleCase>,
}

/// Compiles a policy. All faults are in the report; what could be compiled is returned.
pub fn compile(policy: &Policy, options: &Options) -> (Compiled, Report) {
    let mut compiler = Compiler::new(policy, options);
    compiler.policy();
    // Examples are of the policy as it is written.
    let examples = match options.exemptions.is_empty() {
        true => examples::compile_all(policy, options, &mut compiler.report),
        false => Vec::new(),
    };
    policy.quote_in(&mut compiler.report);
    (Compiled { standard: compiler.out, examples }, compiler.report)
}

/// The work of compiling one policy.
pub(crate) struct Compiler<'a> {
    policy: &'a Policy,
    options: &'a Options,
    out: Standard,
    report: Report,
    /// The scheme at hand.
    scheme: usize,
    /// Where the item counts in which the scheme at hand is nested; none: everywhere.
    around: Option<NodeId>,
    /// What stands before the ids of a nested scheme's items.
    prefix: String,
    /// Bodies being compiled, the innermost last.
    bodies: Vec<Body<'a>>,
    /// The event table whose columns are names at the moment.
    table_at_hand: Option<RowsetId>,
    /// Results per scheme, so that each is compiled once.
    levels: Vec<Level<'a>>,
    /// Names being lowered, to find definitions that go round in a circle.
    under_way: Vec<String>,
    /// The day parameters are taken of at the moment.
    day: Option<AsOf>,
    /// The clause of the statement at hand, for origins outside bodies.
    clause: Option<String>,
    /// Choices left open, each with the items that use it.
    open_choices: BTreeMap<Place, (&'a ast::Choice, Vec<String>)>,
}

/// What is known of a scheme while it is compiled.
#[derive(Default)]
struct Level<'a> {
    lets: BTreeMap<String, (&'a ast::Expr, Option<String>)>,
    let_nodes: BTreeMap<(String, Option<AsOf>), Option<NodeId>>,
    items: BTreeMap<usize, Option<NodeId>>,
    items_under_way: Vec<usize>,
    /// Substitutes that wait for what they stand in for.
    made_first: Vec<usize>,
    blocks: BTreeMap<usize, Option<NodeId>>,
    total: Option<Option<NodeId>>,
    rank: Option<Option<NodeId>>,
    meets_all: Option<NodeId>,
    grade: Option<NodeId>,
    started: bool,
    /// Whether it has been compiled to its end; until then a scheme that names it is inside it.
    finished: bool,
}

impl<'a> Compiler<'a> {
    fn new(policy: &'a Policy, options: &'a Options) -> Self {
        let mut compiler = Self {
            policy,
            options,
            out: Standard::default(),
            report: Report::new(),
            scheme: 0,
            around: None,
            prefix: String::new(),
            bodies: Vec::new(),
            table_at_hand: None,
            levels: Vec::new(),
            under_way: Vec::new(),
            day: options.day.map(AsOf::Day),
            clause: None,
            open_choices: BTreeMap::new(),
        };
        compiler.levels.resize_with(policy.schemes.len(), Level::default);
        compiler.out.schemes.resize_with(policy.schemes.len(), Default::default);
        compiler.declarations();
        compiler
    }

    /// The whole policy: main scheme first, then schemes nowhere nested, then decisions.
    fn policy(&mut self) {
        self.corrections();
        self.deviations();
        for index in 0..self.policy.schemes.len() {
            self.scheme(index, "");
        }
        self.decisions();
        self.unused_rules();
        for (place, (choice, owners)) in core::mem::take(&mut self.open_choices) {
            let quote = self.clause_at(place, &owners);
            self.report.push(faults::choice_not_made(choice, &owners, place).quoting(quote));
        }
    }

    /// The clause that the line at a place rests on, or its rule, or an item that uses it.
    fn clause_at(&self, place: Place, owners: &[String]) -> Option<kaoping_terms::Quote> {
        let policy = self.policy;
        let rules = policy.rules.iter().map(|part| (&part.it.body, &part.authority));
        let decisions = policy.decisions.iter().map(|part| (&part.it.body, &part.authority));
        let items = || policy.schemes.iter().flat_map(|scheme| &scheme.items);
        let mut bodies = rules.chain(decisions).chain(items().map(|item| (&item.item.body, &item.authority)));
        let holds = |line: &Place| line.file == place.file && line.start <= place.start && place.end <= line.end;
        let own = bodies.find_map(|(body, above)| {
            let line = body.iter().find(|line| holds(&line.place))?;
            clause_of(&line.authority).or_else(|| clause_of(above))
        });
        let users = || items().filter(|item| owners.contains(&item.item.name.name.text));
        let clause = own.or_else(|| users().find_map(|item| clause_of(&item.authority)))?;
        policy.clauses.quote(&clause)
    }

    fn corrections(&mut self) {
        for correction in &self.policy.corrections {
            self.out.corrections.push(Correction {
                subject: correction.it.subject.text.clone(),
                original: correction.it.original.text.clone(),
                corrected: correction.it.corrected.text.clone(),
                because: full_width(&correction.it.because.text),
                clause: clause_of(&correction.authority),
                place: correction.place,
            });
        }
    }

    /// What was changed of inherited standards, for `show` and for the record.
    fn deviations(&mut self) {
        for inherit in &self.policy.inherits {
            for change in &inherit.it.changes {
                let words = self.policy.sources.text_at(change.place);
                let words = words.split("因为").next().unwrap_or(words);
                self.out.deviations.push(Deviation {
                    parent: inherit.it.path.text.clone(),
                    change: words.split_whitespace().collect::<Vec<_>>().join(" "),
                    because: change.because.as_ref().map(|because| full_width(&because.text)).unwrap_or_default(),
                    clause: clause_of(&change.authority),
                    place: change.place,
                });
            }
        }
    }

    /// Nouns, attributes and event tables, which all expressions may use.
    fn declarations(&mut self) {
        for noun in &self.policy.nouns {
            let equals = noun.it.equals.as_ref().and_then(|written| {
                let value = literal::value(written, &self.out.nouns, &mut self.report)?;
                Some((value.number?, value.measure))
            });
            self.out.nouns.declare(&noun.it.name.text, equals);
        }
        for attribute in &self.policy.attributes {
            self.declare_attribute(&attribute.it);
        }
        for events in &self.policy.events {
            self.declare_events(&events.it);
        }
        self.out.day = self.options.day;
    }
}

/// The clause a statement rests on, the first if several.
pub(crate) fn clause_of(authority: &[Authority]) -> Option<String> {
    authority.iter().find_map(|authority| match authority {
        Authority::Clause(clause) => Some(clause.text.trim().to_string()),
        _ => None,
    })
}

/// The reasons given where the text is silent.
pub(crate) fn reasons_of(authority: &[Authority]) -> Vec<String> {
    authority
        .iter()
        .filter_map(|authority| match authority {
            Authority::Choice(reason) | Authority::Example(reason) => Some(full_width(&reason.text)),
            Authority::Clause(_) => None,
        })
        .collect()
}
