//! What comes after the totals: grades, awards, quotas, lists, funds.

use super::{Compiler, clause_of, faults, reasons_of, settings};
use crate::model::{
    Award, AwardRule, Band, Distribution, GradeMove, Grades, LastPlaceTies, Prize, PrizeTotal, Quota, Roster,
};
use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Bounds, ColumnSource, ColumnSpec, Kind, NodeId, Op, Shape};
use kaoping_rules::{Context, Meaning, literal, lower};
use kaoping_syntax::ast::{self, Literal, LiteralNumber, Name, SettingKind};
use kaoping_terms::{Exact, Measure, Place, Report, measure::YUAN};

impl<'a> Compiler<'a> {
    pub(super) fn after_totals(&mut self) {
        self.grades();
        self.awards();
        self.prize_totals();
        self.quotas();
        self.rosters();
        self.distributions();
    }

    /// The column of grades, filled in when they are known.
    pub(super) fn grade_column(&mut self, place: Place) -> Option<Meaning> {
        let scheme = self.scheme;
        if let Some(node) = self.levels.get(scheme)?.grade {
            return Some(Meaning::Value(node));
        }
        let grades = self.scheme_text()?.grades.first()?;
        let words = grades.it.bands.iter().map(|band| (band.name.text.clone(), None)).collect();
        let kind = Kind::Word(self.add_words(words, false));
        let source = ColumnSource::External { name: String::from("等次") };
        let spec = ColumnSpec {
            source,
            kind: kind.clone(),
            shape: Shape::Unit,
            step: None,
            scale: Exact::one(),
            bounds: Bounds::default(),
        };
        let column = self.add_column(spec);
        let node = self.add(Op::Column(column), kind, Shape::Unit, place);
        self.name_node(node, "等次");
        self.levels.get_mut(scheme)?.grade = Some(node);
        Some(Meaning::Value(node))
    }

    pub(super) fn band_position(&mut self, name: &Name) -> Option<usize> {
        let bands = &self.scheme_text()?.grades.first()?.it.bands;
        let found = bands.iter().position(|band| band.name.text == name.text);
        if found.is_none() {
            let known: Vec<_> = bands.iter().map(|band| (band.name.text.clone(), None)).collect();
            self.report.push(faults::not_in_list(name, &known));
        }
        found
    }

    pub(super) fn known_award(&mut self, name: &Name) -> Option<usize> {
        let awards = &self.scheme_text()?.awards;
        let found = awards.iter().position(|award| award.it.name.text == name.text);
        if found.is_none() {
            let known: Vec<String> = awards.iter().map(|award| award.it.name.text.clone()).collect();
            self.report.push(faults::unknown_award(name, &known));
        }
        found
    }

    /// A whole number of places, units or steps; fractions and negative numbers are findings.
    pub(super) fn whole_number(&mut self, written: &Literal) -> Option<usize> {
        let LiteralNumber::Known(number) = &written.number else {
            return None;
        };
        let whole = number.to_i64().and_then(|number| usize::try_from(number).ok());
        if whole.is_none() {
            self.report.push(faults::not_a_count(number, written.place));
        }
        whole
    }

    fn grades(&mut self) {
        let Some(grades) = self.scheme_text().and_then(|text| text.grades.first()) else {
            return;
        };
        let Some(by) = lower(self, &grades.it.by) else {
            return;
        };
        let measure = match lower::kind_of(self, by) {
            Kind::Number(measure) => measure,
            _ => Measure::points(),
        };
        let mut bands = Vec::new();
        for band in &grades.it.bands {
            let edge = band.edge.as_ref().and_then(|(comparison, written)| {
                self.figure(written, &measure).map(|edge| (kaoping_rules::lower::relation(*comparison), edge))
            });
            let holds = edge.as_ref().map(|(relation, edge)| {
                let constant = self.add(Op::Const(edge.clone()), Kind::Number(measure.clone()), Shape::One, band.place);
                self.add(Op::Compare(*relation, by, constant), Kind::Truth, Shape::Unit, band.place)
            });
            let share = band.share.as_ref().and_then(|written| {
                let share = self.figure(written, &Measure::ratio())?;
                let Some(mode) = band.rounding else {
                    self.report.push(faults::share_rounding(&band.name.text, band.place));
                    return None;
                };
                Some((share, mode))
            });
            let overflow = band.overflow.as_ref().and_then(|name| self.band_position(name));
            bands.push(Band {
                name: band.name.text.clone(),
                edge,
                holds,
                share,
                // Without a word nobody gets a grade that somebody equal does not get.
                last_place_ties: ties_of(band.last_place_ties.as_ref()).unwrap_or(LastPlaceTies::TakeNone),
                ties_declared: band.last_place_ties.is_some(),
                overflow,
                place: band.place,
            });
        }
        self.silent_choices("等次", &grades.authority);
        let moves = self.grade_moves();
        let per_group = self.within_groups(grades.it.per_group);
        self.model().grades = Some(Grades { by, per_group, bands, moves, place: grades.place });
    }

    fn grade_moves(&mut self) -> Vec<GradeMove> {
        let mut made = Vec::new();
        for written in self.scheme_text().map_or(&[][..], |text| text.grade_moves.as_slice()) {
            let name = written.it.name.text.clone();
            let when = lower::truth(self, &written.it.when);
            let when = when.and_then(|when| lower::one_a_unit(self, when, written.it.when.place));
            let (Some(when), Some(steps)) = (when, self.whole_number(&written.it.steps)) else {
                continue;
            };
            self.name_node(when, &name);
            self.silent_choices(&name, &written.authority);
            if self.rests_on_grade(when) {
                let path = [String::from("等次"), name, String::from("等次")];
                self.report.push(faults::circle(&path, Some(written.place)));
                continue;
            }
            let (up, after_shares, clause) = (written.it.up, written.it.after_shares, clause_of(&written.authority));
            made.push(GradeMove { name, when, up, steps, after_shares, clause, place: written.place });
        }
        made
    }

    /// Whether a condition looks at the very grade it would move.
    fn rests_on_grade(&self, node: NodeId) -> bool {
        let Some(grade) = self.levels.get(self.scheme).and_then(|level| level.grade) else {
            return false;
        };
        let (mut waiting, mut seen) = (Vec::from([node]), BTreeSet::new());
        while let Some(node) = waiting.pop() {
            if node == grade {
                return true;
            }
            if let Some(found) = self.out.program.node(node).filter(|_| seen.insert(node)) {
                waiting.extend(found.op.arguments());
            }
        }
        false
    }

    fn awards(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for (position, award) in text.awards.iter().enumerate() {
            let eligible = match award.it.filter.as_ref().map(|filter| lower::truth(self, filter)) {
                Some(None) => continue,
                Some(Some(node)) => Some(node),
                None => None,
            };
            let unless = match award.it.unless.as_ref().map(|expr| lower::truth(self, expr)) {
                Some(None) => continue,
                Some(Some(node)) => Some(node),
                None => None,
            };
            let mut excluding = Vec::new();
            for name in &award.it.excluding {
                match self.known_award(name) {
                    Some(other) if other < position => excluding.push(other),
                    Some(_) => self.report.push(faults::award_below(name)),
                    None => {}
                }
            }
            let Some(rule) = self.award_rule(&award.it.how) else {
                continue;
            };
            let ties = ties_of(award.it.last_place_ties.as_ref());
            let last_place_ties = ties.unwrap_or(LastPlaceTies::TakeAll);
            let prizes = award.it.prizes.iter().filter_map(|prize| self.prize(prize)).collect();
            self.silent_choices(&award.it.name.text, &award.authority);
            let made = Award {
                name: award.it.name.text.clone(),
                rule,
                per_group: self.within_groups(award.it.per_group),
                eligible,
                excluding,
                left_out: Vec::new(),
                unless,
                last_place_ties,
                ties_declared: award.it.last_place_ties.is_some(),
                prizes,
                clause: clause_of(&award.authority),
                reasons: reasons_of(&award.authority),
                place: award.place,
            };
            self.model().awards.push(made);
        }
    }

    fn prize(&mut self, prize: &ast::Prize) -> Option<Prize> {
        let places = match &prize.places {
            Some((from, to)) => Some((self.whole_number(from)?, self.whole_number(to)?)),
            None => None,
        };
        let (amount, measure) = self.money(&prize.amount)?;
        Some(Prize { places, amount, measure, place: prize.amount.place })
    }

    /// An amount of money with the unit it is written in; the unit has to be written.
    fn money(&mut self, written: &Literal) -> Option<(Exact, Measure)> {
        let nouns = self.out.nouns.clone();
        let yuan = Measure::noun(YUAN);
        let value = literal::value(written, &nouns, &mut self.report)?;
        if value.measure != yuan {
            self.report.push(faults::not_money(&value.measure, written.place));
            return None;
        }
        Some((value.number?, value.measure))
    }

    fn prize_totals(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for total in &text.prize_totals {
            let awards = total.it.awards.iter().filter_map(|name| self.known_award(name)).collect();
            let Some((amount, measure)) = self.money(&total.it.count) else {
                continue;
            };
            self.silent_choices("奖金合计", &total.authority);
            let clause = clause_of(&total.authority);
            self.model().prize_totals.push(PrizeTotal { awards, amount, measure, clause, place: total.place });
        }
    }

    fn award_rule(&mut self, how: &'a ast::AwardRule) -> Option<AwardRule> {
        Some(match how {
            ast::AwardRule::First { count, by } | ast::AwardRule::Last { count, by } => {
                let from_bottom = matches!(how, ast::AwardRule::Last { .. });
                let (as_ranked, by_name, by) = (self.as_ranked(by), self.text_of(by.place), lower(self, by)?);
                if settings::unreadable(count).is_some() {
                    return Some(AwardRule::Unreadable);
                }
                AwardRule::Places { from: 1, to: self.whole_number(count)?, by, by_name, as_ranked, from_bottom }
            }
            ast::AwardRule::Between { from, to, by } => {
                let (as_ranked, by_name, by) = (self.as_ranked(by), self.text_of(by.place), lower(self, by)?);
                let (from, to) = (self.whole_number(from)?, self.whole_number(to)?);
                AwardRule::Places { from, to, by, by_name, as_ranked, from_bottom: false }
            }
            ast::AwardRule::Everyone => AwardRule::Everyone,
            ast::AwardRule::Judged { by, at_most } => {
                if settings::unreadable(at_most).is_some() {
                    return Some(AwardRule::Unreadable);
                }
                AwardRule::Judged { by: by.text.clone(), at_most: self.whole_number(at_most)? }
            }
        })
    }

    /// Whether an award is taken by what the ranking names; without a ranking that is 总分.
    fn as_ranked(&self, by: &ast::Expr) -> bool {
        let ranking = self.scheme_text().and_then(|text| {
            text.scheme.settings.iter().find_map(|setting| match &setting.kind {
                SettingKind::Ranking { by, .. } => Some(by),
                _ => None,
            })
        });
        let words = |expr: &ast::Expr| {
            let written = self.text_of(expr.place);
            let words: Vec<&str> = written.split_whitespace().collect();
            // An inherited standard may be written in the other language.
            words.join(" ").replace("total", "总分")
        };
        ranking.map_or_else(|| String::from("总分"), words) == words(by)
    }

    /// Where units are ranked within peer groups, awards and grades are too, unless 于 全体.
    fn within_groups(&self, written: Option<bool>) -> bool {
        let grouped = self.out.schemes.get(self.scheme).is_some_and(|scheme| scheme.peer_group.is_some());
        written.unwrap_or(grouped)
    }

    fn text_of(&self, place: Place) -> String {
        self.policy.sources.text_at(place).trim().to_string()
    }

    fn quotas(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for quota in &text.quotas {
            let mut rows: Vec<(NodeId, Exact, Place)> = Vec::new();
            let written = quota.it.rows.iter().map(|(_, written)| written);
            let written = written.chain(&quota.it.rest).chain(&quota.it.total);
            let nouns = &self.out.nouns;
            let mut units = written.filter_map(|written| literal::value(written, nouns, &mut Report::new()));
            let measure = units.find(|value| !value.bare).map_or_else(Measure::plain, |value| value.measure);
            for (condition, written) in &quota.it.rows {
                let when = lower::truth(self, condition);
                let count = self.count_figure(written);
                if let (Some(when), Some(count)) = (when, count) {
                    rows.push((when, count, condition.place.to(written.place)));
                }
            }
            let rest = quota.it.rest.as_ref().and_then(|written| self.count_figure(written));
            let total = quota.it.total.as_ref().and_then(|written| self.count_figure(written));
            self.silent_choices(&quota.it.name.text, &quota.authority);
            let made = Quota {
                name: quota.it.name.text.clone(),
                rows,
                rest,
                total,
                measure,
                clause: clause_of(&quota.authority),
                place: quota.place,
            };
            self.model().quotas.push(made);
        }
    }

    /// A number of persons or things, whatever its noun.
    fn count_figure(&mut self, written: &Literal) -> Option<Exact> {
        let nouns = self.out.nouns.clone();
        literal::value(written, &nouns, &mut self.report)?.number
    }

    fn rosters(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for roster in &text.rosters {
            let Some(filter) = lower::truth(self, &roster.it.filter) else {
                continue;
            };
            self.silent_choices(&roster.it.name.text, &roster.authority);
            let clause = clause_of(&roster.authority);
            self.model().rosters.push(Roster {
                name: roster.it.name.text.clone(),
                filter,
                clause,
                place: roster.place,
            });
        }
    }

    fn distributions(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        for fund in &text.distributions {
            let nouns = self.out.nouns.clone();
            let amount = literal::value(&fund.it.amount, &nouns, &mut self.report);
            let by = lower(self, &fund.it.by);
            let filter = fund.it.filter.as_ref().map(|filter| lower::truth(self, filter));
            let (Some(amount), Some(by)) = (amount, by) else {
                continue;
            };
            let Some(number) = amount.number else {
                continue;
            };
            let Some(share) = self.figure(&fund.it.share, &amount.measure) else {
                continue;
            };
            if !share.is_positive() {
                self.report.push(faults::rounding_step(&share, fund.it.share.place));
                continue;
            }
            if filter == Some(None) {
                continue;
            }
            let made = Distribution {
                name: fund.it.name.text.clone(),
                amount: number,
                measure: amount.measure,
                per_group: fund.it.per_group,
                by,
                filter: filter.flatten(),
                share,
                clause: clause_of(&fund.authority),
                place: fund.place,
            };
            self.silent_choices(&fund.it.name.text, &fund.authority);
            self.model().distributions.push(made);
        }
    }
}

/// What is declared for those who share the last place.
fn ties_of(word: Option<&Name>) -> Option<LastPlaceTies> {
    Some(match word?.text.as_str() {
        "全舍" | "drop_all" | "take_none" => LastPlaceTies::TakeNone,
        "人工" | "by_hand" | "decide" => LastPlaceTies::Decide,
        _ => LastPlaceTies::TakeAll,
    })
}
