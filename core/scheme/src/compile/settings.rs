//! The settings of a scheme and the order in which its parts are compiled.

use super::{Compiler, clause_of, faults, reasons_of};
use crate::{
    model::{Block, ChoiceMade, DeadlineStep, Deadlines, Item, Merge, MissingPolicy, Rounds},
    read::SchemeText,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::Ties;
use kaoping_rules::{AsOf, literal};
use kaoping_syntax::ast::{self, Authority, Due, Literal, LiteralNumber, RoundingChoice, SettingKind};
use kaoping_terms::{Day, Exact, Measure, Rounding, text::full_width};

impl<'a> Compiler<'a> {
    pub(super) fn scheme_text(&self) -> Option<&'a SchemeText> {
        self.policy.schemes.get(self.scheme)
    }

    /// Compiles a scheme once; `prefix` stands before the ids of its items.
    pub(super) fn scheme(&mut self, index: usize, prefix: &str) {
        let Some(level) = self.levels.get_mut(index) else {
            return;
        };
        if core::mem::replace(&mut level.started, true) {
            return;
        }
        let outer = (self.scheme, core::mem::take(&mut self.prefix), core::mem::take(&mut self.bodies));
        let outer_day = self.day;
        self.scheme = index;
        self.prefix = prefix.to_string();
        self.settings();
        self.blocks();
        self.item_skeletons();
        self.vetoes();
        let count = self.scheme_text().map_or(0, |text| text.items.len());
        for item in 0..count {
            self.item_score(item);
        }
        self.totals();
        self.after_totals();
        if let Some(level) = self.levels.get_mut(index) {
            level.finished = true;
        }
        (self.scheme, self.prefix, self.bodies) = outer;
        self.day = outer_day;
    }

    /// The model of the scheme at hand.
    pub(super) fn model(&mut self) -> &mut crate::model::Scheme {
        if self.out.schemes.len() <= self.scheme {
            self.out.schemes.resize_with(self.scheme + 1, Default::default);
        }
        let scheme = self.scheme;
        &mut self.out.schemes[scheme]
    }

    fn settings(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        let example = text.authority.iter().find_map(|authority| match authority {
            Authority::Example(reason) => Some(full_width(&reason.text)),
            _ => None,
        });
        let model = self.model();
        model.name = text.scheme.name.text.clone();
        model.title = text.scheme.title.as_ref().map(|title| title.text.clone()).unwrap_or_default();
        model.example = example;
        model.place = text.place;
        for setting in &text.scheme.settings {
            self.silent_choices("", &setting.authority);
            self.setting(&setting.kind, &setting.authority);
        }
        if self.scheme == 0 {
            self.out.day = match self.day {
                Some(AsOf::Day(day)) => Some(day),
                Some(AsOf::Row(_)) | None => None,
            };
        }
        for rounds in &text.rounds {
            let rounds = &rounds.it;
            let names: Vec<_> = rounds
                .rounds
                .iter()
                .map(|(named, often)| {
                    let alias = named.alias.as_ref().map(|alias| alias.text.clone());
                    (named.name.text.clone(), alias, often.as_ref().map(|often| often.text.clone()))
                })
                .collect();
            let official =
                rounds.official.as_ref().and_then(|name| names.iter().position(|(round, ..)| *round == name.text));
            if let (Some(name), None) = (&rounds.official, official) {
                let known: Vec<_> = names.iter().map(|(name, ..)| (name.clone(), None)).collect();
                self.report.push(faults::not_in_list(name, &known));
            }
            let explain_from =
                rounds.explain_from.as_ref().and_then(|written| self.figure(written, &Measure::points()));
            self.model().rounds = Rounds { rounds: names, official, explain_from, results: Vec::new() };
        }
        self.deadlines(text);
    }

    fn setting(&mut self, setting: &'a SettingKind, authority: &'a [Authority]) {
        match setting {
            SettingKind::FullMark(written) => self.model().full_mark = self.figure(written, &Measure::points()),
            SettingKind::Display(RoundingChoice::To(written, mode)) => {
                self.model().display = self.step_figure(written).map(|step| (step, *mode));
            }
            SettingKind::Ranking { ties_skip, .. } => {
                self.model().ties = ties_skip.map(|skip| if skip { Ties::Skip } else { Ties::Dense });
            }
            SettingKind::Missing(word) => self.model().missing = self.missing_policy(word),
            SettingKind::PartialReports(reason) => self.model().partial_reports = Some(full_width(&reason.text)),
            SettingKind::PeerGroup(name) => self.model().peer_group = Some(name.text.clone()),
            SettingKind::Period { from, to } => {
                self.model().period = Some((*from, *to));
                if self.options.day.is_none() {
                    self.day = Some(AsOf::Day(*to));
                }
            }
            SettingKind::Let(binding) => {
                let clause = clause_of(authority);
                let scheme = self.scheme;
                if let Some(level) = self.levels.get_mut(scheme) {
                    level.lets.insert(binding.name.name.text.clone(), (&binding.value, clause));
                }
            }
            _ => {}
        }
    }

    /// Keeps the reasons given behind a statement, so that `show` can list every choice.
    pub(super) fn silent_choices(&mut self, item: &str, authority: &[Authority]) {
        for given in authority {
            if let Authority::Choice(reason) = given {
                self.out.choices.push(ChoiceMade {
                    item: (!item.is_empty()).then(|| item.to_string()),
                    name: String::new(),
                    chosen: String::new(),
                    words: Vec::new(),
                    reason: full_width(&reason.text),
                    place: reason.place,
                });
            }
        }
    }

    pub(super) fn missing_policy(&mut self, word: &ast::Name) -> Option<MissingPolicy> {
        let words = ["暂缺", "零分", "最低", "退回"];
        let policy = match word.text.as_str() {
            "暂缺" | "pending" => MissingPolicy::Pending,
            "零分" | "zero" => MissingPolicy::Zero,
            "最低" | "lowest" => MissingPolicy::Lowest,
            "退回" | "return" => MissingPolicy::Return,
            _ => {
                let known: Vec<_> = words.iter().map(|word| (word.to_string(), None)).collect();
                self.report.push(faults::not_in_list(word, &known));
                return None;
            }
        };
        Some(policy)
    }

    /// A figure that must be of a unit; none where it cannot be read or has a fault.
    pub(super) fn figure(&mut self, written: &Literal, measure: &Measure) -> Option<Exact> {
        let nouns = self.out.nouns.clone();
        literal::value_in(written, measure, &nouns, &mut self.report)?.number
    }

    /// A rounding step, in points or without a unit.
    pub(super) fn step_figure(&mut self, written: &Literal) -> Option<Exact> {
        let nouns = self.out.nouns.clone();
        let step = literal::value(written, &nouns, &mut self.report)?.number?;
        if !step.is_positive() {
            self.report.push(faults::rounding_step(&step, written.place));
            return None;
        }
        Some(step)
    }

    /// The rounding of a level: for items, blocks or the total.
    pub(super) fn rounding(
        &mut self,
        find: impl Fn(&SettingKind) -> Option<&RoundingChoice>,
    ) -> Option<(Exact, Rounding)> {
        let text = self.scheme_text()?;
        let choice = text.scheme.settings.iter().find_map(|setting| find(&setting.kind))?;
        match choice {
            RoundingChoice::To(written, mode) => {
                let step = self.step_figure(written)?;
                Some((step, *mode))
            }
            RoundingChoice::None => None,
        }
    }

    fn blocks(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for (position, block) in text.blocks.iter().enumerate() {
            self.silent_choices(&block.it.name.name.text, &block.authority);
            let points = block.it.points.as_ref();
            let measure = Measure::points();
            let made = Block {
                name: block.it.name.name.text.clone(),
                points: points.and_then(|written| self.figure(written, &measure)),
                unreadable: points.and_then(unreadable),
                scaled_from: block.it.scaled_from.as_ref().and_then(|written| self.figure(written, &measure)),
                outside_full_mark: block.it.outside_full_mark,
                items: self.items_of_block(position),
                score: None,
                clause: clause_of(&block.authority),
                place: block.place,
                points_place: points.map(|written| written.place),
            };
            self.model().blocks.push(made);
        }
        for item in &text.items {
            if let Some(block) = &item.block
                && self.block_position(&block.text).is_none()
            {
                let known: Vec<String> = text.blocks.iter().map(|block| block.it.name.name.text.clone()).collect();
                self.report.push(faults::unknown_block(block, &known));
            }
        }
    }

    /// The position of a block by name or alias.
    pub(super) fn block_position(&self, name: &str) -> Option<usize> {
        let text = self.scheme_text()?;
        text.blocks.iter().position(|block| crate::read::is_called(&block.it.name, name))
    }

    /// The position of an item by name, alias or id.
    pub(super) fn item_position(&self, name: &str) -> Option<usize> {
        let text = self.scheme_text()?;
        text.items.iter().position(|item| crate::read::is_called(&item.item.name, name) || item.id == name)
    }

    /// Positions of the items of a block, substitutes left out.
    pub(super) fn items_of_block(&self, block: usize) -> Vec<usize> {
        let Some(text) = self.scheme_text() else {
            return Vec::new();
        };
        let Some(block) = text.blocks.get(block) else {
            return Vec::new();
        };
        let belongs = |item: &crate::read::ItemText| {
            item.block.as_ref().is_some_and(|name| crate::read::is_called(&block.it.name, &name.text))
        };
        (0..text.items.len())
            .filter(|item| text.items.get(*item).is_some_and(belongs) && !self.is_substitute(*item))
            .collect()
    }

    fn item_skeletons(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for (position, item) in text.items.iter().enumerate() {
            let named = &item.item.name;
            let points = item.item.points.as_ref();
            self.silent_choices(&named.name.text, &item.authority);
            let names =
                |lines: &[ast::BodyLine], which: fn(&ast::BodyKind) -> Option<&Vec<ast::Name>>| -> Vec<String> {
                    lines.iter().filter_map(|line| which(&line.kind)).flatten().map(|name| name.text.clone()).collect()
                };
            let body = &item.item.body;
            let made =
                Item {
                    id: format!("{}{}", self.prefix, item.id),
                    name: named.name.text.clone(),
                    alias: named.alias.as_ref().map(|alias| alias.text.clone()),
                    block: item.block.as_ref().and_then(|block| self.block_position(&block.text)),
                    points: points.and_then(|written| self.figure(written, &Measure::points())),
                    unreadable: points.and_then(unreadable),
                    rule: None,
                    sub_scheme: None,
                    inputs: Vec::new(),
                    parameters: Vec::new(),
                    adjustments: Vec::new(),
                    base: None,
                    unrounded: None,
                    score: None,
                    met: None,
                    applies: None,
                    exempt: None,
                    counts: None,
                    otherwise: None,
                    is_substitute: self.is_substitute(position),
                    lower_is_better: body.iter().any(|line| line.kind == ast::BodyKind::LowerIsBetter),
                    rounding: None,
                    values: Vec::new(),
                    lead: names(body, |kind| if let ast::BodyKind::Lead(names) = kind { Some(names) } else { None }),
                    responsible: names(body, |kind| {
                        if let ast::BodyKind::Responsible(names) = kind { Some(names) } else { None }
                    }),
                    supporting: names(body, |kind| {
                        if let ast::BodyKind::Supporting(names) = kind { Some(names) } else { None }
                    }),
                    definition: body.iter().find_map(|line| match &line.kind {
                        ast::BodyKind::Definition(words) => Some(words.text.clone()),
                        _ => None,
                    }),
                    clause: clause_of(&item.authority),
                    reasons: reasons_of(&item.authority),
                    place: item.place,
                    points_place: points.map(|written| written.place),
                };
            self.model().items.push(made);
        }
        for (position, merge) in text.merges.iter().enumerate() {
            let _ = position;
            let items = merge.it.items.iter().filter_map(|name| self.known_item(name)).collect();
            self.model().merges.push(Merge {
                name: merge.it.name.text.clone(),
                members: merge.it.members.iter().map(|name| name.text.clone()).collect(),
                items,
                inputs: merge.it.inputs.iter().map(|name| name.text.clone()).collect(),
                place: merge.place,
            });
        }
    }

    /// The position of an item a statement names; an unknown one is a finding.
    pub(super) fn known_item(&mut self, name: &ast::Name) -> Option<usize> {
        let found = self.item_position(&name.text);
        if found.is_none() {
            let known: Vec<String> = self
                .scheme_text()
                .map(|text| text.items.iter().map(|item| item.item.name.name.text.clone()).collect())
                .unwrap_or_default();
            self.report.push(faults::unknown_item(name, &known));
        }
        found
    }

    fn deadlines(&mut self, text: &'a SchemeText) {
        for deadlines in &text.deadlines {
            let steps = deadlines.it.lines.iter().map(step).collect();
            let made = Deadlines { name: deadlines.it.name.text.clone(), steps, place: deadlines.place };
            self.model().deadlines.push(made);
        }
    }
}

/// The characters of a figure that cannot be read.
pub(super) fn unreadable(written: &Literal) -> Option<String> {
    match &written.number {
        LiteralNumber::Unreadable(characters) => Some(characters.clone()),
        LiteralNumber::Known(_) => None,
    }
}

/// A step of a procedure, with its place in time where that is fixed.
fn step(line: &ast::DeadlineLine) -> DeadlineStep {
    let (when, order, dated, place) = match &line.due {
        Due::MonthDay { month, day, place } => {
            (format!("{month}月{day}日前"), Some(i64::from(*month) * 100 + i64::from(*day)), false, *place)
        }
        Due::Date(day, place) => (format!("{day}前"), Some(i64::from(day.number())), true, *place),
        Due::Month { year, month, place } => {
            let (next_year, next_month) =
                if *month >= 12 { (year.saturating_add(1), 1) } else { (*year, i8::try_from(*month).unwrap_or(1) + 1) };
            let end = Day::new(next_year, next_month, 1).map(|day| i64::from(day.number()) - 1);
            (format!("{year}年{month}月内"), end, true, *place)
        }
        Due::Within { from, length } => {
            let number = match &length.number {
                LiteralNumber::Known(number) => number.to_string(),
                LiteralNumber::Unreadable(characters) => characters.clone(),
            };
            let unit = match &length.suffix {
                ast::Suffix::Unit(unit) => {
                    unit.above.iter().map(|noun| noun.text.as_str()).collect::<Vec<_>>().join("·")
                }
                _ => String::from("天"),
            };
            (format!("自{}起{number}{unit}内", from.text), None, false, line.place)
        }
    };
    DeadlineStep {
        name: line.name.text.clone(),
        when,
        order,
        dated,
        counted: counted(&line.due),
        before: line.before.as_ref().map(|name| name.text.clone()),
        clause: clause_of(&line.authority),
        place,
    }
}

/// The step a deadline is counted from, and the days; none where it is counted in anything else.
fn counted(due: &Due) -> Option<(String, i64)> {
    let Due::Within { from, length } = due else {
        return None;
    };
    let (LiteralNumber::Known(number), ast::Suffix::Unit(unit)) = (&length.number, &length.suffix) else {
        return None;
    };
    match (unit.above.as_slice(), unit.below.as_slice()) {
        ([noun], []) if matches!(noun.text.as_str(), "天" | "日" | "工作日" | "days" | "day" | "working_days") => {
            Some((from.text.clone(), number.floor().to_i64()?))
        }
        _ => None,
    }
}
