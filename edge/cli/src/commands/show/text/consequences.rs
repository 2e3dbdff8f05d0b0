//! Sections behind the items: grades, vetoes, awards, and what the rest of the policy says.

use super::Page;
use crate::render::table::Align;
use kaoping_program::NodeId;
use kaoping_scheme::model::{Decision, Scheme};

impl Page<'_, '_> {
    pub(super) fn grades(&mut self, index: usize, scheme: &Scheme) {
        let Some(grades) = &scheme.grades else {
            return;
        };
        self.heading("等次", "Grades");
        for band in &grades.bands {
            let words = self.view.band_words(&grades.bands, band);
            self.line(&format!("{} {words}", band.name));
        }
        for moved in &grades.moves {
            let (clause, words) = (self.clause(moved.clause.as_ref()), self.view.move_words(index, moved));
            self.line(&format!("{}  {words}{clause}", moved.name));
        }
    }

    pub(super) fn vetoes(&mut self, index: usize, scheme: &Scheme) {
        if scheme.vetoes.is_empty() {
            return;
        }
        self.heading("否决", "Vetoes");
        for veto in &scheme.vetoes {
            let when = self.view.veto_condition(index, &veto.name);
            let effects = veto.effects.iter().map(|it| self.view.effect_words(scheme, it));
            let effects = effects.collect::<Vec<_>>().join(&self.words("、", ", "));
            let clause = self.clause(veto.clause.as_ref());
            self.line(&format!("{}  {when} → {effects}{clause}", veto.name));
        }
    }

    pub(super) fn awards(&mut self, index: usize, scheme: &Scheme) {
        if scheme.awards.is_empty() {
            return;
        }
        self.heading("奖（按原文顺序）", "Awards (in text order)");
        for award in &scheme.awards {
            let steps = self.view.award_words(index, scheme, award);
            let steps = steps.join(&self.words("；", "; "));
            let clause = self.clause(award.clause.as_ref());
            self.line(&format!("{}  {steps}{clause}", award.name));
        }
        for total in &scheme.prize_totals {
            let names = total.awards.iter().filter_map(|at| scheme.awards.get(*at)).map(|award| award.name.as_str());
            let (names, clause) = (names.collect::<Vec<_>>().join("、"), self.clause(total.clause.as_ref()));
            let money = total.measure.figure(&total.amount);
            let words =
                self.view.words(&format!("奖金合计 {money}：{names}"), &format!("Prize money {money}: {names}"));
            self.line(&format!("{words}{clause}"));
        }
    }

    /// 一事不再扣: which lines of one matter count, and in which turn.
    pub(super) fn matters(&mut self, index: usize) {
        let matters = self.view.matters(index);
        if !matters.is_empty() {
            self.heading("一事不再扣", "One matter counts once");
        }
        for matter in matters {
            let of = matter.column.map_or_else(String::new, |column| {
                self.words(&format!("（“{column}”相同的算一件）"), &format!(" (one matter where `{column}` is equal)"))
            });
            let turn = if matter.highest {
                self.words("分最高的先算", "the most points first")
            } else {
                self.words("写在前面的先算", "in the order of the text")
            };
            let clause = self.clause(matter.clause.as_ref());
            let (tables, items) = (matter.tables.join("、"), matter.items.join("、"));
            self.line(&format!("{tables}{of}：{items}  {turn}{clause}"));
        }
    }

    pub(super) fn after_awards(&mut self, index: usize, scheme: &Scheme) {
        let view = self.view;
        for quota in &scheme.quotas {
            let clause = self.clause(quota.clause.as_ref());
            self.heading(&format!("名额 {}{clause}", quota.name), &format!("Quota {}{clause}", quota.name));
            for (when, count) in view.quota_rows(index, quota) {
                self.line(&format!("{when} → {}", quota.measure.figure(count)));
            }
            self.fact("其余", "The rest", quota.rest.as_ref().map(|rest| quota.measure.figure(rest)));
            self.fact("合计", "Together", quota.total.as_ref().map(|total| quota.measure.figure(total)));
        }
        for roster in &scheme.rosters {
            let who = view.roster_condition(index, &roster.name);
            let clause = self.clause(roster.clause.as_ref());
            self.heading(&format!("名单 {}{clause}", roster.name), &format!("Roster {}{clause}", roster.name));
            self.line(&who.unwrap_or_default());
        }
        for fund in &scheme.distributions {
            let amount = view.figure(&fund.amount, &fund.measure).shown;
            let share = view.figure(&fund.share, &fund.measure).shown;
            let (by, who) = view.fund_words(index, &fund.name);
            let clause = self.clause(fund.clause.as_ref());
            self.heading(&format!("分配 {}{clause}", fund.name), &format!("Fund {}{clause}", fund.name));
            self.fact("总额", "Whole", Some(amount));
            self.fact("按", "In proportion to", by);
            self.fact("参加", "Who takes part", who);
            self.fact("每份", "Smallest share", Some(share));
        }
        for merge in &scheme.merges {
            self.heading(&format!("合并 {}", merge.name), &format!("Merged {}", merge.name));
            let items = merge.items.iter().filter_map(|at| scheme.items.get(*at));
            let items = items.map(|item| item.name.as_str()).collect::<Vec<_>>().join("、");
            self.fact("单位", "Units", Some(merge.members.join(" + ")));
            self.fact("用于", "For", Some(items));
            self.fact("合计", "Added", Some(merge.inputs.join("、")));
        }
    }

    pub(super) fn tables(&mut self) {
        let view = self.view;
        let column = |(name, alias, column): &(String, Option<String>, kaoping_program::ColumnId)| {
            let alias = alias.as_ref().map_or_else(String::new, |alias| format!(" {alias}"));
            format!("{name}{alias} : {}", view.kind(*column))
        };
        for table in &view.standard.events {
            let alias = table.alias.as_deref().unwrap_or("");
            self.heading(
                format!("明细 {} {alias}", table.name).trim_end(),
                format!("Events {} {alias}", table.name).trim_end(),
            );
            for line in table.columns.iter().map(column) {
                self.line(&line);
            }
        }
        if !view.standard.attributes.is_empty() {
            self.heading("单位的属性", "Attributes of units");
        }
        for it in &view.standard.attributes {
            let line = column(&(it.name.clone(), it.alias.clone(), it.column));
            self.line(&line);
        }
    }

    pub(super) fn decisions(&mut self) {
        for decision in &self.view.standard.decisions {
            let clause = self.clause(decision.clause.as_ref());
            self.heading(&format!("决定 {}{clause}", decision.name), &format!("Decision {}{clause}", decision.name));
            for input in &decision.inputs {
                let field = input.alias.as_deref().unwrap_or("");
                self.line(&format!("{} {field} : {}", input.name, self.view.kind(input.column)));
            }
            for line in self.gives(decision) {
                self.line(&line);
            }
            let mut words: Vec<&str> = Vec::new();
            for case in &decision.cases {
                if !words.contains(&case.word.as_str()) {
                    words.push(&case.word);
                }
            }
            self.fact("结论", "Outcomes", Some(words.join(" | ")));
        }
    }

    /// What a decision gives besides its outcome: named results and the amount.
    fn gives(&self, decision: &Decision) -> Vec<String> {
        let program = &self.view.standard.program;
        let line = |name: &str, alias: Option<&str>, node: NodeId| {
            let kind = program.node(node).map(|node| self.view.kind_in_words(&node.kind)).unwrap_or_default();
            format!("{} {name} {} : {kind}", self.words("给出", "gives"), alias.unwrap_or_default())
        };
        let results = decision.results.iter().map(|it| line(&it.name, it.alias.as_deref(), it.node));
        let (name, alias) = &decision.amount_name;
        results.chain(decision.amount.map(|amount| line(name, alias.as_deref(), amount))).collect()
    }

    pub(super) fn parameters(&mut self) {
        let rows = &self.view.policy.parameters.rows;
        if rows.is_empty() {
            return;
        }
        self.heading("参数", "Parameters");
        let columns = [
            (self.words("参数", "parameter"), Align::Left),
            (self.words("数值", "value"), Align::Number),
            (self.words("自", "from"), Align::Left),
            (self.words("至", "to"), Align::Left),
            (self.words("依据", "clause"), Align::Left),
            (self.words("选择", "choice"), Align::Left),
        ];
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let keys = row.keys.iter().map(|(key, word)| format!(" {key}={}", word.text));
                vec![
                    format!("{}{}", row.name.text, keys.collect::<String>()),
                    self.view.literal(&row.value).map(|figure| figure.shown).unwrap_or_default(),
                    row.from.map(|day| day.iso()).unwrap_or_default(),
                    row.to.map(|day| day.iso()).unwrap_or_default(),
                    row.clause.as_ref().map(|clause| clause.text.trim().to_owned()).unwrap_or_default(),
                    row.choice.as_ref().map(|choice| choice.text.clone()).unwrap_or_default(),
                ]
            })
            .collect();
        self.table(&columns, &rows);
    }

    /// Where the text is silent: choices with their reasons, corrections, libraries.
    pub(super) fn silence(&mut self) {
        let view = self.view;
        if !view.standard.choices.is_empty() {
            self.heading("原文没有说、由方案选定的", "Chosen where the text is silent");
        }
        for (what, reason) in view.grouped_choices() {
            let dash = self.words("——", " - ");
            self.line(&format!("{what}{dash}{reason}"));
        }
        if !view.standard.corrections.is_empty() {
            self.heading("更正", "Corrections");
        }
        for it in &view.standard.corrections {
            let clause = self.clause(it.clause.as_ref());
            self.line(&self.words(
                &format!("{}：“{}”改为“{}”，{}{clause}", it.subject, it.original, it.corrected, it.because),
                &format!("{}: \"{}\" becomes \"{}\", {}{clause}", it.subject, it.original, it.corrected, it.because),
            ));
        }
        if !view.standard.deviations.is_empty() {
            self.heading("对承接标准的改动", "Changes to the inherited standard");
        }
        for it in &view.standard.deviations {
            let clause = self.clause(it.clause.as_ref());
            self.line(&self.words(
                &format!("{}：{}，因为{}{clause}", it.parent, it.change, it.because),
                &format!("{}: {}, because {}{clause}", it.parent, it.change, it.because),
            ));
        }
        if !view.policy.libraries.is_empty() {
            self.heading("引用的规则库", "Libraries");
        }
        for (path, print) in &view.policy.libraries {
            self.line(&format!("{path}  {print}"));
        }
    }
}
