//! What two policies say differently about the total, what units are ranked by, grades,
//! vetoes, awards and money, each as the sentence it comes to.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::NodeId;
use kaoping_rules::written::{
    formula::{Formula, rounding, sign},
    values,
};
use kaoping_scheme::{
    Standard,
    model::{Adjustment, AwardRule, Band, Item, LastPlaceTies, Scheme, VetoEffect},
};
use kaoping_terms::{Exact, Lang, Measure, Text};

/// Everything about a scheme beside its items, by name.
struct Sentences<'s> {
    standard: &'s Standard,
    scheme: &'s Scheme,
    lang: Lang,
    all: Vec<(String, String)>,
}

/// What the schemes say differently beside their items and blocks.
pub(crate) fn consequences(old: &Standard, new: &Standard, lang: Lang) -> Vec<Text> {
    let (before, after) = (sentences(old, lang), sentences(new, lang));
    let mut changes = Vec::new();
    for (name, sentence) in &after {
        match before.iter().find(|(other, _)| other == name) {
            None => changes.push(Text::new(format!("增 {name}：{sentence}"), format!("new {name}: {sentence}"))),
            Some((_, other)) if other != sentence => changes
                .push(Text::new(format!("{name}：{other} → {sentence}"), format!("{name}: {other} → {sentence}"))),
            Some(_) => {}
        }
    }
    for (name, _) in before.iter().filter(|(name, _)| !after.iter().any(|(other, _)| other == name)) {
        changes.push(Text::new(format!("删 {name}"), format!("removed {name}")));
    }
    changes
}

/// What is said differently of the events an item deducts or adds points for: their points line
/// by line, and else that others count.
pub(crate) fn events_of_item(old: &Standard, new: &Standard, before: &Item, after: &Item, lang: Lang) -> Vec<Text> {
    let (before, after) = (lines_of(old, before, lang), lines_of(new, after, lang));
    let mut changes = Vec::new();
    let same_events = before.len() == after.len() && before.iter().zip(&after).all(|(a, b)| a.0 == b.0);
    if !same_events {
        changes.push(Text::new(
            "哪些事在这一项计分（条件，或一事不再扣的次序）",
            "which events count here (condition, or the order in which a matter counts once)",
        ));
    }
    for (which, points) in &after {
        if let Some((_, other)) = before.iter().find(|(of, other)| of == which && other != points) {
            changes.push(Text::new(
                format!("每 {which}：{other} → {points}"),
                format!("for each {which}: {other} → {points}"),
            ));
        }
    }
    changes
}

/// The lines of events: for which, and the points with their sign.
fn lines_of(standard: &Standard, item: &Item, lang: Lang) -> Vec<(String, String)> {
    let formula = Formula::in_words(&standard.program, lang);
    let that = if lang == Lang::Zh { "其中" } else { "where" };
    let line = |adjustment: &Adjustment| {
        let table = standard.events.get(adjustment.table).map_or("", |table| table.name.as_str());
        let which = adjustment.matches.map(|node| format!(" {that} {}", formula.of(node))).unwrap_or_default();
        let sign = if adjustment.adds { "+" } else { "−" };
        (format!("{table}{which}"), format!("{sign}{}", values::number(&adjustment.points, &Measure::points())))
    };
    item.adjustments.iter().map(line).collect()
}

/// How the points of an item are made. Where its events are told by themselves they are only
/// named in it.
pub(crate) fn formula_of_item(standard: &Standard, item: &Item, events_told: bool, lang: Lang) -> String {
    let sums = item.adjustments.iter().filter(|_| events_told);
    let named = sums.map(|adjustment| {
        let table = standard.events.get(adjustment.table).map_or("", |table| table.name.as_str());
        let (zh, en) = if adjustment.adds { ("加分", "added") } else { ("扣分", "deducted") };
        let name = if lang == Lang::Zh { format!("“{table}”{zh}") } else { format!("{table} {en}") };
        (adjustment.sum, name)
    });
    let formula = Formula::in_words(&standard.program, lang).with_names(named.collect());
    item.unrounded.map(|node| formula.of(node)).unwrap_or_default()
}

/// The figures whose unit of measure differs: declared so, or named so by the figures themselves.
pub(super) fn measures(old: &Standard, new: &Standard) -> Vec<Text> {
    let mut changes = Vec::new();
    for item in super::all_items(new) {
        let Some(other) = super::all_items(old).find(|other| other.id == item.id) else { continue };
        for input in &item.inputs {
            let same = other.inputs.iter().find(|other| other.name == input.name);
            let both = same.and_then(|other| other.measure.as_ref()).zip(input.measure.as_ref());
            if let Some((a, b)) = both.filter(|(a, b)| a != b) {
                let words = |measure: &Measure, none: &str| match measure.symbol() {
                    symbol if symbol.is_empty() => String::from(none),
                    symbol => symbol,
                };
                let name = format!("{}·{}", item.name, input.name);
                changes.push(Text::new(
                    format!("{name}：{} → {}", words(a, "没有写"), words(b, "没有写")),
                    format!("{name}: {} → {}", words(a, "none written"), words(b, "none written")),
                ));
            }
        }
    }
    changes
}

fn sentences(standard: &Standard, lang: Lang) -> Vec<(String, String)> {
    let Some(scheme) = standard.schemes.first() else {
        return Vec::new();
    };
    let mut sentences = Sentences { standard, scheme, lang, all: Vec::new() };
    sentences.points();
    sentences.grades();
    sentences.vetoes();
    sentences.awards();
    sentences.money();
    sentences.all
}

impl Sentences<'_> {
    fn formula(&self, node: NodeId) -> String {
        Formula::in_words(&self.standard.program, self.lang).of(node)
    }

    fn say(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_string(),
            Lang::En => en.to_string(),
        }
    }

    fn put(&mut self, name: String, sentence: String) {
        self.all.push((name, sentence));
    }

    fn points(&mut self) {
        if let Some(total) = self.scheme.total {
            self.put(self.say("总分", "the total"), self.formula(total));
        }
        for (name, node) in &self.scheme.values {
            self.put(name.clone(), self.formula(*node));
        }
        let keys = self.scheme.rank_keys.iter().map(|(key, higher)| {
            let named = self.standard.program.node(*key).and_then(|node| node.origin.name.clone());
            let order =
                if *higher { self.say("从高到低", "high to low") } else { self.say("从低到高", "low to high") };
            format!("{} {order}", named.unwrap_or_else(|| self.formula(*key)))
        });
        let keys: Vec<String> = keys.collect();
        self.put(self.say("名次与比序", "the ranking"), keys.join("，"));
        let group = self.scheme.peer_group.clone().unwrap_or_else(|| self.say("全体", "all"));
        self.put(self.say("同组", "peer groups"), group);
    }

    fn grades(&mut self) {
        let Some(grades) = &self.scheme.grades else {
            return;
        };
        let by = self.standard.program.node(grades.by).and_then(|node| node.origin.name.clone());
        self.put(self.say("等次按", "grades by"), by.unwrap_or_else(|| self.formula(grades.by)));
        for band in &grades.bands {
            let sentence = self.band(band);
            self.put(format!("{} {}", self.say("等次", "grade"), band.name), sentence);
        }
        for moved in &grades.moves {
            let how = if moved.up { self.say("升", "raised") } else { self.say("降", "lowered") };
            let order = match moved.after_shares {
                Some(true) => self.say("限额后", "after the share limits"),
                Some(false) => self.say("限额前", "before the share limits"),
                None => String::new(),
            };
            let sentence = format!("{} → {how} {} {order}", self.formula(moved.when), moved.steps);
            self.put(format!("{} {}", self.say("晋降", "grade move"), moved.name), sentence.trim_end().into());
        }
    }

    fn last_place(&self, ties: LastPlaceTies) -> String {
        match ties {
            LastPlaceTies::TakeAll => self.say("末位并列全取", "all who share the last place"),
            LastPlaceTies::TakeNone => self.say("末位并列全舍", "none who share the last place"),
            LastPlaceTies::Decide => self.say("末位并列人工", "a person decides a shared last place"),
        }
    }

    fn band(&self, band: &Band) -> String {
        let mut parts = Vec::new();
        match &band.edge {
            Some((relation, edge)) => {
                let sign = sign(*relation);
                parts.push(format!("{sign} {}", values::number(edge, &Measure::points())));
            }
            None => parts.push(self.say("其余", "all others")),
        }
        if let Some((share, mode)) = &band.share {
            let share = values::number(share, &Measure::ratio());
            parts.push(format!("{} {share} {}", self.say("至多", "at most"), rounding(*mode, self.lang)));
            parts.push(self.last_place(band.last_place_ties));
        }
        let bands = self.scheme.grades.as_ref().map_or(&[][..], |grades| &grades.bands);
        if let Some(overflow) = band.overflow.and_then(|at| bands.get(at)) {
            parts.push(format!("{} {}", self.say("超出降为", "the rest go to"), overflow.name));
        }
        parts.join("，")
    }

    fn vetoes(&mut self) {
        for veto in &self.scheme.vetoes {
            let effects: Vec<String> = veto.effects.iter().map(|effect| self.effect(effect)).collect();
            let sentence = format!("{} → {}", self.formula(veto.when), effects.join("，"));
            self.put(format!("{} {}", self.say("否决", "veto"), veto.name), sentence);
        }
    }

    fn effect(&self, effect: &VetoEffect) -> String {
        let scheme = self.scheme;
        let named = |name: Option<&String>| name.cloned().unwrap_or_default();
        match effect {
            VetoEffect::ItemZero(at) => {
                format!("{} {}", named(scheme.items.get(*at).map(|item| &item.name)), self.say("归零", "is zero"))
            }
            VetoEffect::BlockZero(at) => {
                format!("{} {}", named(scheme.blocks.get(*at).map(|block| &block.name)), self.say("归零", "is zero"))
            }
            VetoEffect::TotalZero => self.say("总分归零", "the total is zero"),
            VetoEffect::GradeDown(steps) => format!("{} {steps}", self.say("等次降", "the grade falls by")),
            VetoEffect::GradeTo(at) => {
                let bands = scheme.grades.as_ref().map_or(&[][..], |grades| &grades.bands);
                format!("{} {}", self.say("等次为", "the grade is"), named(bands.get(*at).map(|band| &band.name)))
            }
            VetoEffect::AwardBarred(None) => self.say("取消全部奖", "barred from all awards"),
            VetoEffect::AwardBarred(Some(at)) => {
                format!(
                    "{} {}",
                    self.say("取消", "barred from"),
                    named(scheme.awards.get(*at).map(|award| &award.name))
                )
            }
        }
    }

    fn awards(&mut self) {
        for award in &self.scheme.awards {
            let mut parts = Vec::new();
            match &award.rule {
                AwardRule::Places { from, to, by_name, from_bottom, .. } => {
                    let end = if *from_bottom { self.say("从后数", "from the bottom ") } else { String::new() };
                    parts.push(format!("{by_name} {end}{from}–{to}"));
                }
                AwardRule::Everyone => parts.push(self.say("符合条件的全部", "all who are eligible")),
                AwardRule::Judged { by, at_most } => parts.push(format!("{by} ≤ {at_most}")),
                AwardRule::Unreadable => parts.push(self.say("读不出来", "not readable")),
            }
            parts.extend(award.per_group.then(|| self.say("于 同组", "within the group")));
            parts.extend(award.eligible.map(|node| format!("{} {}", self.say("其中", "where"), self.formula(node))));
            parts.extend(award.unless.map(|node| format!("{} {}", self.say("不设当", "unless"), self.formula(node))));
            parts.extend(award.excluding.iter().filter_map(|at| {
                let other = &self.scheme.awards.get(*at)?.name;
                Some(format!("{} {other}", self.say("不兼得", "not together with")))
            }));
            parts.push(self.last_place(award.last_place_ties));
            parts.extend(award.prizes.iter().map(|prize| {
                let money = values::number(&prize.amount, &prize.measure);
                match prize.places {
                    Some((from, to)) => format!("{} {from}–{to} {money}", self.say("奖金", "prize")),
                    None => format!("{} {money}", self.say("奖金", "prize")),
                }
            }));
            self.put(format!("{} {}", self.say("奖", "award"), award.name), parts.join("，"));
        }
    }

    fn money(&mut self) {
        for total in &self.scheme.prize_totals {
            let names: Vec<&str> =
                total.awards.iter().filter_map(|at| Some(self.scheme.awards.get(*at)?.name.as_str())).collect();
            let sentence = format!("{} {}", values::number(&total.amount, &total.measure), names.join("、"));
            self.put(self.say("奖金合计", "prize money"), sentence);
        }
        for quota in &self.scheme.quotas {
            let shown = |number: &Exact| values::number(number, &quota.measure);
            let mut rows: Vec<String> = quota
                .rows
                .iter()
                .map(|(when, number, _)| format!("{} {}", self.formula(*when), shown(number)))
                .collect();
            rows.extend(quota.rest.as_ref().map(|rest| format!("{} {}", self.say("其余", "others"), shown(rest))));
            rows.extend(quota.total.as_ref().map(|total| format!("{} {}", self.say("总数", "total"), shown(total))));
            self.put(format!("{} {}", self.say("名额", "quota"), quota.name), rows.join("，"));
        }
        for roster in &self.scheme.rosters {
            let sentence = self.formula(roster.filter);
            self.put(format!("{} {}", self.say("名单", "list"), roster.name), sentence);
        }
        for fund in &self.scheme.distributions {
            let money = |amount: &Exact| values::number(amount, &fund.measure);
            let by = self.standard.program.node(fund.by).and_then(|node| node.origin.name.clone());
            let mut parts = Vec::from([money(&fund.amount)]);
            parts.extend(fund.per_group.then(|| self.say("于 同组", "within the group")));
            parts.push(format!("{} {}", self.say("按", "by"), by.unwrap_or_else(|| self.formula(fund.by))));
            parts.extend(fund.filter.map(|node| format!("{} {}", self.say("其中", "where"), self.formula(node))));
            parts.push(format!("{} {}", self.say("每份", "share"), money(&fund.share)));
            self.put(format!("{} {}", self.say("分配", "fund"), fund.name), parts.join("，"));
        }
    }
}
