//! What comes after the totals, in plain words: how winners are found, what vetoes do.

use super::view::{View, last_place};
use kaoping_rules::written::formula::sign;
use kaoping_scheme::{
    model::{Award, AwardRule, Band, GradeMove, OtherwiseMade, Quota, Scheme, VetoEffect},
    read::With,
};
use kaoping_syntax::ast;
use kaoping_terms::{Exact, Lang};

impl View<'_> {
    /// An award as it is written.
    pub(super) fn award_text(&self, scheme: usize, name: &str) -> Option<&With<ast::Award>> {
        let awards = &self.text(scheme)?.awards;
        awards.iter().find(|award| award.it.name.text == name)
    }

    /// Who is eligible for an award, as the policy says it.
    pub(super) fn eligible(&self, scheme: usize, award: &Award) -> Option<String> {
        let filter = self.award_text(scheme, &award.name)?.it.filter.as_ref()?;
        Some(self.said(filter.place))
    }

    /// When an award is not given, as the policy says it.
    pub(super) fn unless(&self, scheme: usize, award: &Award) -> Option<String> {
        let unless = self.award_text(scheme, &award.name)?.it.unless.as_ref()?;
        Some(self.said(unless.place))
    }

    /// How the winners of an award are found, one sentence a step.
    pub(super) fn award_words(&self, index: usize, scheme: &Scheme, award: &Award) -> Vec<String> {
        let mut steps = vec![self.rule_words(&award.rule)];
        if award.per_group {
            steps.push(self.words("每个同组分别取", "within each peer group"));
        }
        if let Some(filter) = self.eligible(index, award) {
            steps.push(
                self.words(&format!("只在“{filter}”的单位里取"), &format!("only among units for which: {filter}")),
            );
        }
        let names = award.excluding.iter().filter_map(|at| scheme.awards.get(*at));
        let names: Vec<&str> = names.map(|other| other.name.as_str()).collect();
        if !names.is_empty() {
            let names = names.join("、");
            steps.push(self.words(
                &format!("已得“{names}”的不再取，名次顺移"),
                &format!("winners of {names} are left out and places shift"),
            ));
        }
        if let Some(unless) = self.unless(index, award) {
            steps.push(self.words(&format!("“{unless}”时不设这个奖"), &format!("not given where: {unless}")));
        }
        if matches!(award.rule, AwardRule::Places { .. }) {
            let (words, _) = last_place(award.last_place_ties);
            let mut words = words.get(self.lang).to_owned();
            if !award.ties_declared {
                words.push_str(&self.words("（没有写明）", " (not declared)"));
            }
            steps.push(words);
        }
        for prize in &award.prizes {
            let money = prize.measure.figure(&prize.amount);
            steps.push(match prize.places {
                None => self.words(&format!("每个奖金 {money}"), &format!("{money} each")),
                Some((from, to)) if from == to => {
                    self.words(&format!("第 {from} 名奖金 {money}"), &format!("{money} for place {from}"))
                }
                Some((from, to)) => self.words(
                    &format!("第 {from} 至 {to} 名奖金各 {money}"),
                    &format!("{money} each for places {from} to {to}"),
                ),
            });
        }
        steps
    }

    fn rule_words(&self, rule: &AwardRule) -> String {
        match rule {
            AwardRule::Places { from, to, by_name, from_bottom, .. } => self.places(*from, *to, by_name, *from_bottom),
            AwardRule::Everyone => self.words("符合条件的都取", "all who are eligible are taken"),
            AwardRule::Judged { by, at_most } => {
                self.words(&format!("由{by}评定，至多 {at_most} 个"), &format!("judged by {by}, at most {at_most}"))
            }
            AwardRule::Unreadable => {
                self.words("取多少名，原文读不出来", "how many places is not readable in the source")
            }
        }
    }

    fn places(&self, from: usize, to: usize, by: &str, from_bottom: bool) -> String {
        match (self.lang, from_bottom, from == 1) {
            (Lang::Zh, false, true) => format!("按{by}从高到低，取前 {to} 名"),
            (Lang::Zh, false, false) => format!("按{by}从高到低，取第 {from} 至 {to} 名"),
            (Lang::Zh, true, true) => format!("按{by}从低到高，取末 {to} 名"),
            (Lang::Zh, true, false) => format!("按{by}从低到高，取倒数第 {from} 至 {to} 名"),
            (Lang::En, false, true) => format!("the first {to} by {by}, highest first"),
            (Lang::En, false, false) => format!("places {from} to {to} by {by}, highest first"),
            (Lang::En, true, true) => format!("the last {to} by {by}, lowest first"),
            (Lang::En, true, false) => {
                format!("places {from} to {to} from the bottom by {by}, lowest first")
            }
        }
    }

    /// What a veto does.
    pub(super) fn effect_words(&self, scheme: &Scheme, effect: &VetoEffect) -> String {
        let band = |at: &usize| {
            let bands = scheme.grades.as_ref().map(|grades| &grades.bands);
            bands.and_then(|bands| bands.get(*at)).map_or("", |band| band.name.as_str())
        };
        match effect {
            VetoEffect::ItemZero(at) => {
                let name = scheme.items.get(*at).map_or("", |item| item.name.as_str());
                self.words(&format!("“{name}”归零"), &format!("{name} is zero"))
            }
            VetoEffect::BlockZero(at) => {
                let name = scheme.blocks.get(*at).map_or("", |block| block.name.as_str());
                self.words(&format!("“{name}”块归零"), &format!("the block {name} is zero"))
            }
            VetoEffect::TotalZero => self.words("总分归零", "the total is zero"),
            VetoEffect::GradeDown(by) => self.words(&format!("等次降 {by} 级"), &format!("the grade falls by {by}")),
            VetoEffect::GradeTo(at) => {
                self.words(&format!("等次定为“{}”", band(at)), &format!("the grade is {}", band(at)))
            }
            VetoEffect::AwardBarred(None) => self.words("取消全部奖", "barred from all awards"),
            VetoEffect::AwardBarred(Some(at)) => {
                let name = scheme.awards.get(*at).map_or("", |award| award.name.as_str());
                self.words(&format!("取消“{name}”"), &format!("barred from {name}"))
            }
        }
    }

    /// The rows of a quota: condition as the policy says it, and number.
    pub(super) fn quota_rows<'q>(&self, scheme: usize, quota: &'q Quota) -> Vec<(String, &'q Exact)> {
        let written = self.text(scheme).and_then(|text| {
            let found = |it: &&With<ast::Quota>| it.it.name.text == quota.name;
            text.quotas.iter().find(found)
        });
        let conditions = written.map(|it| it.it.rows.iter()).into_iter().flatten();
        let rows = quota.rows.iter().zip(conditions);
        rows.map(|((_, count, _), (when, _))| (self.said(when.place), count)).collect()
    }

    /// Who is on a list, as the policy says it.
    pub(super) fn roster_condition(&self, scheme: usize, name: &str) -> Option<String> {
        let rosters = &self.text(scheme)?.rosters;
        let found = rosters.iter().find(|it| it.it.name.text == name)?;
        Some(self.said(found.it.filter.place))
    }

    /// In proportion to what a fund is distributed, and among whom, as the policy says it.
    pub(super) fn fund_words(&self, scheme: usize, name: &str) -> (Option<String>, Option<String>) {
        let found = self.text(scheme).and_then(|text| {
            let funds = &text.distributions;
            funds.iter().find(|it| it.it.name.text == name)
        });
        let said = |place| self.said(place);
        let by = found.map(|it| said(it.it.by.place));
        let who = found.and_then(|it| it.it.filter.as_ref().map(|it| said(it.place)));
        (by, who)
    }

    /// Choices with the same words and reason together, with what they were made for.
    pub(super) fn grouped_choices(&self) -> Vec<(String, String)> {
        let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
        for choice in &self.standard.choices {
            let what = if choice.name.is_empty() {
                String::new()
            } else {
                let others = choice.words.join(&self.words("、", " | "));
                self.words(
                    &format!("{} = {}（可选：{others}）", choice.name, choice.chosen),
                    &format!("{} = {} ({others})", choice.name, choice.chosen),
                )
            };
            let item = choice.item.clone().unwrap_or_default();
            let known = groups.iter_mut().find(|(known, reason, _)| *known == what && *reason == choice.reason);
            match known {
                Some((_, _, items)) if items.contains(&item) => {}
                Some((_, _, items)) => items.push(item),
                None => groups.push((what, choice.reason.clone(), vec![item])),
            }
        }
        let said = |(what, reason, items): (String, String, Vec<String>)| {
            let count = items.len();
            let named: Vec<&str> = items.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
            let items = if count > 6 {
                self.words(&format!("{count} 项"), &format!("{count} items"))
            } else if named.is_empty() {
                self.words("方案", "scheme")
            } else {
                named.join("、")
            };
            (format!("{items} {what}").trim_end().to_owned(), reason)
        };
        groups.into_iter().map(said).collect()
    }

    /// The edge of a grade and what limits it.
    pub(super) fn band_words(&self, bands: &[Band], band: &Band) -> String {
        let mut parts = vec![match &band.edge {
            Some((relation, edge)) => format!("{} {}", sign(*relation), edge.to_grouped()),
            None => self.words("其余", "the rest"),
        }];
        if let Some((share, mode)) = &band.share {
            let share = (share * &Exact::whole(100)).to_grouped();
            let (mode, _) = super::view::rounding(*mode);
            let mode = mode.get(self.lang);
            parts.push(
                self.words(&format!("至多 {share}% 的单位（{mode}）"), &format!("at most {share}% of units ({mode})")),
            );
            parts.push(super::view::last_place(band.last_place_ties).0.get(self.lang).to_string());
        }
        if let Some(other) = band.overflow.and_then(|at| bands.get(at)) {
            let name = &other.name;
            parts.push(self.words(&format!("超出的降为“{name}”"), &format!("those beyond become {name}")));
        }
        parts.join(&self.words("，", ", "))
    }

    /// When a grade is moved, by how much, and before or after the share limits.
    pub(super) fn move_words(&self, scheme: usize, moved: &GradeMove) -> String {
        let written = self.text(scheme).and_then(|text| {
            let found = |it: &&With<ast::GradeMove>| it.it.name.text == moved.name;
            text.grade_moves.iter().find(found)
        });
        let when = written.map(|it| self.said(it.it.when.place)).unwrap_or_default();
        let (zh, en) = if moved.up { ("升", "up") } else { ("降", "down") };
        let (order_zh, order_en) = match moved.after_shares {
            Some(true) => ("，在限额之后（不占名额）", ", after the share limits"),
            Some(false) => ("，在限额之前", ", before the share limits"),
            None => ("", ""),
        };
        let steps = moved.steps;
        self.words(&format!("“{when}”的{zh} {steps} 等{order_zh}"), &format!("where {when}: {en} by {steps}{order_en}"))
    }

    /// What stands in where an item does not apply.
    pub(super) fn otherwise_words(&self, made: &OtherwiseMade) -> String {
        match made {
            OtherwiseMade::Substitute(name) => {
                self.words(&format!("改评“{name}”"), &format!("{name} is assessed instead"))
            }
            OtherwiseMade::Full => self.words("得满分", "full points"),
            OtherwiseMade::Zero => self.words("得零分", "zero points"),
            OtherwiseMade::Scale => self.words("其余折算", "the rest is scaled up"),
            OtherwiseMade::Reduce => self.words("减满分", "the full mark is less"),
        }
    }
}
