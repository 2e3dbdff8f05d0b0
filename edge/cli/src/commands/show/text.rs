//! The standard for people: sections in the order a regulation has them.

mod consequences;

use super::view::{View, missing, ties};
use crate::render::table::{Align, Table};
use kaoping_rules::interval::Range;
use kaoping_scheme::{
    check::SchemeRanges,
    model::{Item, Scheme},
};
use kaoping_syntax::ast::SettingKind;
use kaoping_terms::{Exact, Measure};

/// Sections being written.
struct Page<'v, 'a> {
    view: &'v View<'a>,
    out: String,
}

impl View<'_> {
    /// The whole policy.
    pub(super) fn to_text(&self) -> String {
        let mut page = Page { view: self, out: String::new() };
        for (index, scheme) in self.standard.schemes.iter().enumerate() {
            page.scheme(index, scheme);
        }
        page.tables();
        page.decisions();
        page.parameters();
        page.silence();
        page.out
    }

    /// The fixed order of work, with what the scheme says of each step.
    pub(super) fn order_of_work(&self, index: usize, scheme: &Scheme) -> Vec<String> {
        let rounded = |level: fn(&SettingKind) -> Option<&kaoping_syntax::ast::RoundingChoice>| {
            let Some(choice) = self.setting(index, level) else {
                return self.words("不取整", "no rounding");
            };
            let (step, (mode, _)) = self.declared(choice);
            let mode = mode.get(self.lang);
            match step {
                Some(step) => self.words(&format!("取到 {step} 分（{mode}）"), &format!("rounding to {step} ({mode})")),
                None => mode.to_owned(),
            }
        };
        let item = rounded(|it| if let SettingKind::RoundItems(c) = it { Some(c) } else { None });
        let block = rounded(|it| if let SettingKind::RoundBlocks(c) = it { Some(c) } else { None });
        let total = rounded(|it| if let SettingKind::RoundTotal(c) = it { Some(c) } else { None });
        let items = scheme.items.len();
        vec![
            self.words("合并单位", "units are merged"),
            self.words("看各项是否适用", "who each item applies to"),
            self.words(
                &format!("{items} 项逐项计分，再扣、加"),
                &format!("each of the {items} items is scored, then deductions and additions"),
            ),
            self.words(&format!("各项封顶保底、否决、{item}"), &format!("each item: caps and floors, vetoes, {item}")),
            self.words(
                &format!("各块求和、折算、封顶保底、否决、{block}"),
                &format!("each block: sum, scaling, caps and floors, vetoes, {block}"),
            ),
            self.words(
                &format!("总分、否决、封顶保底、{total}"),
                &format!("the total, its vetoes, caps and floors, {total}"),
            ),
            self.words(
                "名次，等次，按原文顺序评奖，名额与资金",
                "places, grades, awards in text order, quotas and funds",
            ),
        ]
    }
}

impl Page<'_, '_> {
    fn words(&self, zh: &str, en: &str) -> String {
        self.view.words(zh, en)
    }

    fn heading(&mut self, zh: &str, en: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let words = self.words(zh, en);
        self.out.push_str(&words);
        self.out.push('\n');
    }

    fn line(&mut self, line: &str) {
        self.out.push_str("  ");
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A line with its name before it; nothing where there is nothing to say.
    fn fact(&mut self, zh: &str, en: &str, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return;
        };
        let colon = self.words("：", ": ");
        let name = self.words(zh, en);
        self.line(&format!("{name}{colon}{value}"));
    }

    /// A table whose empty columns are left out.
    fn table(&mut self, columns: &[(String, Align)], rows: &[Vec<String>]) {
        let used: Vec<usize> = (0..columns.len())
            .filter(|at| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty())))
            .collect();
        let headings = used.iter().filter_map(|at| columns.get(*at));
        let mut table = Table::new(headings.map(|(heading, align)| (heading.as_str(), *align)));
        for row in rows {
            table.row(used.iter().map(|at| row.get(*at).map_or("", String::as_str)));
        }
        for line in table.render().lines() {
            self.line(line);
        }
    }

    fn clause(&self, clause: Option<&String>) -> String {
        clause.map_or_else(String::new, |clause| {
            self.words(&format!("（依据 {clause}）"), &format!(" (clause {clause})"))
        })
    }

    fn scheme(&mut self, index: usize, scheme: &Scheme) {
        let title = if scheme.title.is_empty() { &scheme.name } else { &scheme.title };
        let (zh, en) = if index == 0 {
            (format!("方案 {title}"), format!("Scheme {title}"))
        } else {
            (format!("子方案 {title}"), format!("Nested scheme {title}"))
        };
        self.heading(&zh, &en);
        self.settings(index, scheme);
        self.heading("计算顺序", "Order of work");
        for (number, step) in (1..).zip(self.view.order_of_work(index, scheme)) {
            self.line(&format!("{number}. {step}"));
        }
        let ranges = self.view.ranges_of(index);
        self.blocks(scheme, &ranges);
        self.items(scheme, &ranges);
        self.rounds(scheme);
        self.deadlines(scheme);
        self.grades(index, scheme);
        self.matters(index);
        self.vetoes(index, scheme);
        self.awards(index, scheme);
        self.after_awards(index, scheme);
    }

    fn settings(&mut self, index: usize, scheme: &Scheme) {
        let view = self.view;
        let said = |find: fn(&SettingKind) -> Option<kaoping_terms::Place>| {
            view.setting(index, find).map(|place| view.said(place))
        };
        self.fact("示例", "Example", scheme.example.clone());
        self.fact(
            "满分",
            "Full mark",
            scheme.full_mark.as_ref().map(|mark| self.words(&format!("{mark} 分"), &mark.to_string())),
        );
        let assessed = said(|it| if let SettingKind::Assessed(e) = it { Some(e.place) } else { None });
        let everyone = || self.words("所有单位", "all units");
        let assessed = assessed.unwrap_or_else(everyone);
        self.fact("被考核", "Assessed", Some(assessed));
        self.fact("同组", "Peer groups by", scheme.peer_group.clone());
        let total = said(|it| if let SettingKind::Total(e) = it { Some(e.place) } else { None });
        self.fact("总分", "Total", total);
        let range = view.ranges_of(index).total;
        self.fact(
            "总分可得",
            "Total can be",
            Some(self.range(range.as_ref(), &|value| Measure::points().figure(value))),
        );
        let ranking = view.setting(index, |it| match it {
            SettingKind::Ranking { by, descending, .. } => Some((by.place, *descending)),
            _ => None,
        });
        let ranking = ranking.map(|(by, descending)| {
            let order = if descending {
                self.words("从高到低", "highest first")
            } else {
                self.words("从低到高", "lowest first")
            };
            format!("{} {order}", view.said(by))
        });
        self.fact("名次", "Ranking", ranking);
        let same = scheme.ties.map(|it| ties(it).0.get(view.lang).to_owned());
        self.fact("同分", "Ties", same);
        let keys = view.setting(index, |it| match it {
            SettingKind::TieBreak { keys, .. } => Some(keys),
            _ => None,
        });
        let keys = keys.map(|keys| {
            let keys = keys.iter().map(|key| view.said(key.place));
            keys.collect::<Vec<_>>().join(" → ")
        });
        self.fact("比序", "Tie break", keys);
        let unreported = scheme.missing.map(|it| missing(it).0.get(view.lang).to_owned());
        self.fact("未报", "Not reported", unreported);
        self.fact("缺报不计", "Partial reports", scheme.partial_reports.clone());
        self.fact("参数取用日期", "Parameters of", view.standard.day.map(|day| day.iso()));
    }

    /// The values something can come to; where that is only a limit, that it is one.
    fn range(&self, range: Option<&Range>, shown: &dyn Fn(&Exact) -> String) -> String {
        let Some((range, span)) = range.and_then(|range| Some((range, range.span.as_ref()?))) else {
            return String::new();
        };
        let span = span.in_words(shown);
        let span = span.get(self.view.lang);
        match range.exact {
            true => span.to_owned(),
            false => self.words(&format!("{span}（至多这么宽）"), &format!("{span} (at the widest)")),
        }
    }

    fn blocks(&mut self, scheme: &Scheme, ranges: &SchemeRanges) {
        if scheme.blocks.is_empty() {
            return;
        }
        self.heading("块", "Blocks");
        let columns = [
            (self.words("名称", "name"), Align::Left),
            (self.words("分值", "points"), Align::Number),
            (self.words("可得", "range"), Align::Left),
            (self.words("折自", "scaled from"), Align::Number),
            (self.words("项数", "items"), Align::Number),
            (self.words("说明", "remark"), Align::Left),
            (self.words("依据", "clause"), Align::Left),
        ];
        let outside = self.words("不计满分", "outside the full mark");
        let rows: Vec<Vec<String>> = scheme
            .blocks
            .iter()
            .enumerate()
            .map(|(at, block)| {
                let points = block.points.as_ref().map(ToString::to_string);
                vec![
                    block.name.clone(),
                    points.or(block.unreadable.clone()).unwrap_or_default(),
                    self.range(ranges.blocks.get(at).and_then(Option::as_ref), &Exact::to_grouped),
                    block.scaled_from.as_ref().map(ToString::to_string).unwrap_or_default(),
                    block.items.len().to_string(),
                    if block.outside_full_mark { outside.clone() } else { String::new() },
                    block.clause.clone().unwrap_or_default(),
                ]
            })
            .collect();
        self.table(&columns, &rows);
    }

    fn items(&mut self, scheme: &Scheme, ranges: &SchemeRanges) {
        if scheme.items.is_empty() {
            return;
        }
        let count = scheme.items.len();
        self.heading(&format!("指标（{count} 项）"), &format!("Indicators ({count})"));
        let columns = [
            (self.words("编号", "id"), Align::Left),
            (self.words("名称", "name"), Align::Left),
            (self.words("分值", "points"), Align::Number),
            (self.words("可得", "range"), Align::Left),
            (self.words("规则", "rule"), Align::Left),
            (self.words("读入", "inputs"), Align::Left),
            (self.words("参数与选择", "parameters and choices"), Align::Left),
            (self.words("依据", "clause"), Align::Left),
            (self.words("牵头", "lead"), Align::Left),
            (self.words("责任", "responsible"), Align::Left),
            (self.words("协办", "supporting"), Align::Left),
            (self.words("说明", "remark"), Align::Left),
        ];
        let rows: Vec<Vec<String>> =
            scheme.items.iter().zip(&ranges.items).map(|(item, range)| self.item(item, range.as_ref())).collect();
        self.table(&columns, &rows);
    }

    fn item(&self, item: &Item, range: Option<&Range>) -> Vec<String> {
        let view = self.view;
        let points = item.points.as_ref().map(ToString::to_string);
        let span = range.and_then(|range| range.span.as_ref());
        let nested = item.sub_scheme.and_then(|at| view.standard.schemes.get(at));
        let rule = item.rule.clone().or_else(|| {
            nested.map(|nested| self.words(&format!("子方案 {}", nested.name), &format!("nested {}", nested.name)))
        });
        let inputs = item.inputs.iter().map(|input| {
            let (unit, target) = (view.unit(input), input.bound.as_ref());
            let target = target.zip(input.measure.as_ref());
            match target {
                Some((target, measure)) => {
                    format!("{} = {}", input.name, view.figure(target, measure).shown)
                }
                None if unit.is_empty() => input.name.clone(),
                None => self.words(&format!("{}（{unit}）", input.name), &format!("{} ({unit})", input.name)),
            }
        });
        let parameters = item
            .parameters
            .iter()
            .map(|(name, value, measure)| format!("{name} {}", view.figure(value, measure).shown));
        let choices = view.choices_of(item).map(|choice| format!("{} {}", choice.name, choice.chosen));
        let mut remarks: Vec<String> = item.adjustments.iter().map(|line| view.adjustment(line.place)).collect();
        if item.lower_is_better {
            remarks.push(self.words("越低越好", "lower is better"));
        }
        if let Some(made) = &item.otherwise {
            let made = view.otherwise_words(made);
            remarks.push(self.words(&format!("不适用时{made}"), &format!("where not applicable: {made}")));
        }
        let between = self.words("；", "; ");
        vec![
            item.id.clone(),
            if item.name == item.id { String::new() } else { item.name.clone() },
            points.or(item.unreadable.clone()).unwrap_or_default(),
            span.map(|span| span.in_words(&|value| value.to_grouped()).get(self.view.lang).to_owned())
                .unwrap_or_default(),
            rule.unwrap_or_default(),
            inputs.collect::<Vec<_>>().join(&between),
            parameters.chain(choices).collect::<Vec<_>>().join(&between),
            item.clause.clone().unwrap_or_default(),
            item.lead.join("、"),
            item.responsible.join("、"),
            item.supporting.join("、"),
            remarks.join(&between),
        ]
    }

    fn rounds(&mut self, scheme: &Scheme) {
        if scheme.rounds.rounds.is_empty() {
            return;
        }
        self.heading("轮次", "Rounds");
        for (at, (name, _, often)) in scheme.rounds.rounds.iter().enumerate() {
            let often = often.as_deref().unwrap_or("");
            let official = if scheme.rounds.official == Some(at) {
                self.words("（以此为准）", " (the one that counts)")
            } else {
                String::new()
            };
            self.line(format!("{name} {often}{official}").trim_end());
        }
        let from = scheme.rounds.explain_from.as_ref();
        let from = from.map(|from| self.words(&format!("≥ {from} 分"), &format!("≥ {from}")));
        self.fact("相差须说明", "A difference needs a reason from", from);
    }

    fn deadlines(&mut self, scheme: &Scheme) {
        for deadlines in &scheme.deadlines {
            self.heading(&format!("期限 {}", deadlines.name), &format!("Deadlines {}", deadlines.name));
            let columns = [
                (self.words("步骤", "step"), Align::Left),
                (self.words("时间", "when"), Align::Left),
                (self.words("先于", "feeds"), Align::Left),
                (self.words("依据", "clause"), Align::Left),
            ];
            let rows: Vec<Vec<String>> = deadlines
                .steps
                .iter()
                .map(|step| {
                    vec![
                        step.name.clone(),
                        step.when.clone(),
                        step.before.clone().unwrap_or_default(),
                        step.clause.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            self.table(&columns, &rows);
        }
    }
}
