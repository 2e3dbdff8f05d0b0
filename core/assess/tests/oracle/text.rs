//! A case as the files a person would write.

use super::{
    following, matters, nested,
    number::{Figure, Mode},
    plan::{
        Ask, Award, Case, Effect, Filter, Item, KINDS, LEVELS, LastPlace, MATTERS, Otherwise, Rule, Scheme, Value,
        Veto, When,
    },
    rounds,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

pub const WHY: &str = "选择 \"例\"";

pub fn points(figure: Figure) -> String {
    format!("{} 分", figure.text())
}

/// A quantity with the noun of its item.
pub fn quantity(item: &Item, figure: Figure) -> String {
    match item.noun {
        "" => figure.text(),
        "%" => format!("{}%", figure.text()),
        noun => format!("{} {noun}", figure.text()),
    }
}

pub fn value_name(scheme: &Scheme, value: Value) -> String {
    match value {
        Value::Total => "总分".into(),
        Value::Block(block) => scheme.blocks[block].name.clone(),
        Value::Item(item) => scheme.items[item].name.clone(),
    }
}

pub fn rounding(keyword: &str, rounding: Option<(Figure, Mode)>) -> String {
    match rounding {
        Some((step, mode)) => format!("  {keyword} {} {} {WHY}\n", points(step), mode.word()),
        None => format!("  {keyword} 不取整 {WHY}\n"),
    }
}

/// `scheme.kp`.
pub fn scheme(case: &Case) -> String {
    let scheme = &case.scheme;
    let mut out = String::from("引用 \"../kinds/common.kp\"\n");
    let _ = writeln!(out, "属性 类别 kind : {} {WHY}", KINDS.join(" | "));
    let _ = writeln!(out, "属性 试点 pilot : 是否 {WHY}");
    let _ = writeln!(out, "方案 随机 \"随机\"\n  满分 100 分 {WHY}");
    if scheme.zones_out {
        let _ = writeln!(out, "  被考核 类别 属于 {{县, 区}} {WHY}");
    }
    if scheme.peers {
        let _ = writeln!(out, "  同组 类别 {WHY}");
    }
    if let Some(parts) = &scheme.total {
        let mut text = String::new();
        for (at, (value, added)) in parts.iter().enumerate() {
            let sign = match (at, added) {
                (0, _) => "",
                (_, true) => " + ",
                (_, false) => " − ",
            };
            let _ = write!(text, "{sign}{}", value_name(scheme, *value));
        }
        let _ = writeln!(out, "  总分 = {text} {WHY}");
    }
    for (word, clamp) in [("至少", scheme.at_least), ("至多", scheme.at_most)] {
        if let Some(figure) = clamp {
            let _ = writeln!(out, "  {word} {} {WHY}", points(figure));
        }
    }
    out += &rounding("每项取到", scheme.round_items);
    for (keyword, step) in [("每块取到", scheme.round_blocks), ("总分取到", scheme.round_total)] {
        if step.is_some() {
            out += &rounding(keyword, step);
        }
    }
    let direction = if scheme.ascending { "从低到高" } else { "从高到低" };
    let ties = if scheme.dense { "并列不占位" } else { "并列占位" };
    let _ = writeln!(out, "  名次 总分 {direction} {ties} {WHY}");
    if !scheme.tie_break.is_empty() {
        let keys: Vec<String> = scheme.tie_break.iter().map(|key| value_name(scheme, *key)).collect();
        let _ = writeln!(out, "  比序 总分, {}, 仍同 并列 {WHY}", keys.join(", "));
    }
    let _ = writeln!(out, "  未报 {} {WHY}\n  责任分工 不分 {WHY}", scheme.missing.word());
    if scheme.items.iter().any(|item| item.in_table) {
        let _ = writeln!(out, "  项目表 indicators.csv");
    }
    let _ =
        writeln!(out, "明细 通报 notice\n  级别 level : {}, 事由 matter : {}", LEVELS.join(" | "), MATTERS.join(" | "));
    // Items without a block stand before the first block.
    for item in scheme.items.iter().filter(|item| item.block.is_none() && item.inner_of.is_none()) {
        out += &item_text(scheme, item);
    }
    for (position, block) in scheme.blocks.iter().enumerate() {
        let _ = write!(out, "块 {}", block.name);
        if let Some(figure) = block.points {
            let _ = write!(out, " {}", points(figure));
        }
        if let Some(raw) = block.scaled_from {
            let _ = write!(out, " 折自 {}", points(raw));
        }
        if block.outside {
            out.push_str(" 不计满分");
        }
        for (word, clamp) in [("至多", block.at_most), ("至少", block.at_least)] {
            if let Some(figure) = clamp {
                let _ = write!(out, " {word} {}", points(figure));
            }
        }
        let _ = writeln!(out, " {WHY}");
        let inside = |item: &&Item| item.block == Some(position) && !item.in_table;
        for item in scheme.items.iter().filter(inside) {
            out += &item_text(scheme, item);
        }
    }
    for (position, veto) in scheme.vetoes.iter().enumerate() {
        out += &veto_text(scheme, position, veto);
    }
    out += &matters::text(scheme, WHY);
    out += &rounds::text(case, WHY);
    out += &grades_text(scheme);
    for (position, award) in scheme.awards.iter().enumerate() {
        out += &award_text(scheme, position, award);
    }
    out += &following::text(scheme, WHY);
    out += &nested::text(scheme);
    out
}

pub fn item_text(scheme: &Scheme, item: &Item) -> String {
    let mut out = format!("项 {}", item.name);
    if let Some(figure) = item.points {
        let _ = write!(out, " {}", points(figure));
    }
    let _ = writeln!(out, " {WHY}");
    if let Some(otherwise) = item.pilots_only {
        let _ = writeln!(out, "  适用 当 单位.试点 {WHY}");
        let word = match otherwise {
            Otherwise::Substitute(other) => format!("改评 {}", scheme.items[other].name),
            Otherwise::Full => "满分".into(),
            Otherwise::Zero => "零分".into(),
            Otherwise::Scale => "折算".into(),
            Otherwise::Reduce => "减满分".into(),
        };
        let _ = writeln!(out, "  不适用时 {word} {WHY}");
    }
    if let Some(missing) = item.when_missing {
        let _ = writeln!(out, "  未报时 {} {WHY}", missing.word());
    }
    for (word, clamp) in [("至多", item.at_most), ("至少", item.at_least)] {
        if let Some(figure) = clamp {
            let _ = writeln!(out, "  {word} {} {WHY}", points(figure));
        }
    }
    if let Some(rule) = &item.rule {
        let mut given = rule.settings();
        given.extend(item.bound.iter().map(|(field, figure)| (*field, quantity(item, *figure))));
        let given: Vec<String> = given.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let given = if given.is_empty() { String::new() } else { format!(" ({})", given.join(", ")) };
        let _ = writeln!(out, "  按 {}{given} {WHY}", rule.name());
    }
    if item.nested.is_some() {
        out.push_str("  子方案 细则\n");
    }
    for line in &item.lines {
        let _ = write!(out, "  {} 每 通报", if line.deducts { "扣" } else { "加" });
        if let Some(level) = line.level {
            let _ = write!(out, " 其中 级别 = {}", LEVELS[level]);
        }
        let _ = write!(out, " {}", points(line.points));
        if let Some(cap) = line.cap {
            let _ = write!(out, " 至多 {}", points(cap));
        }
        let _ = writeln!(out, " {WHY}");
    }
    out
}

/// `indicators.csv`; none where every item is written in the text.
pub fn indicators(scheme: &Scheme) -> Option<String> {
    let listed: Vec<&Item> = scheme.items.iter().filter(|item| item.in_table).collect();
    if listed.is_empty() {
        return None;
    }
    let rows: Vec<BTreeMap<&str, String>> = listed
        .iter()
        .map(|item| {
            let rule = item.rule.iter().flat_map(Rule::settings);
            let bound = item.bound.iter().map(|(field, figure)| (*field, quantity(item, *figure)));
            rule.chain(bound).collect()
        })
        .collect();
    let headers: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    let mut out = String::from("编号,块,名称,分值,规则,选择");
    for header in &headers {
        let _ = write!(out, ",{header}");
    }
    out.push('\n');
    for (item, row) in listed.iter().zip(&rows) {
        let block = item.block.map_or("", |block| scheme.blocks[block].name.as_str());
        let rule = item.rule.as_ref().map_or("", Rule::name);
        let given = item.points.map(points).unwrap_or_default();
        let _ = write!(out, "{0},{block},{0},{given},{rule},例", item.name);
        for header in &headers {
            let _ = write!(out, ",{}", row.get(header).map_or("", String::as_str));
        }
        out.push('\n');
    }
    Some(out)
}

fn veto_text(scheme: &Scheme, position: usize, veto: &Veto) -> String {
    let when = match &veto.when {
        When::Circulars(None, more) => format!("件数(通报) > {more}"),
        When::Circulars(Some(level), more) => {
            format!("件数(通报 其中 级别 = {}) > {more}", LEVELS[*level])
        }
        When::TargetMissed => "非 全部达标".into(),
        When::Below(value, figure) => {
            format!("{} < {}", value_name(scheme, *value), points(*figure))
        }
    };
    let effect = |effect: &Effect| match effect {
        Effect::ItemZero(item) => format!("项 {} 归零", scheme.items[*item].name),
        Effect::BlockZero(block) => format!("块 {} 归零", scheme.blocks[*block].name),
        Effect::TotalZero => "总分 归零".into(),
        Effect::GradeDown(steps) => format!("等次 降 {steps}"),
        Effect::GradeTo(band) => format!("等次 定为 等{band}"),
        Effect::Bars(Some(award)) => format!("奖 取消 奖{award}"),
        Effect::Bars(None) => "奖 取消 全部".into(),
    };
    let effects: Vec<String> = veto.effects.iter().map(effect).collect();
    format!("否决 否决{position} 当 {when} → {} {WHY}\n", effects.join(", "))
}

fn grades_text(scheme: &Scheme) -> String {
    let Some(grades) = &scheme.grades else {
        return String::new();
    };
    let mut out = String::from("等次 按 总分");
    out.push_str(grades.among.text());
    let _ = writeln!(out, " {WHY}");
    for (position, band) in grades.bands.iter().enumerate() {
        match band.edge {
            Some(edge) => {
                let _ = write!(out, "  等{position} ≥ {}", points(edge));
            }
            None => {
                let _ = write!(out, "  等{position} 其余");
            }
        }
        if let Some((share, mode, beyond)) = &band.share {
            let _ = write!(out, ", 至多 {share}% 单位 {}, 超出 降为 等{beyond}", mode.word());
        }
        let _ = writeln!(out, " {WHY}");
    }
    out
}

fn award_text(scheme: &Scheme, position: usize, award: &Award) -> String {
    let by = value_name(scheme, award.by);
    let mut out = format!("奖 奖{position} 取 ");
    match award.places {
        None => out.push_str("全部"),
        Some((1, to)) if award.from_bottom => {
            let _ = write!(out, "末 {to} 名 按 {by}");
        }
        Some((1, to)) => {
            let _ = write!(out, "前 {to} 名 按 {by}");
        }
        Some((from, to)) => {
            let _ = write!(out, "第 {from} 至 {to} 名 按 {by}");
        }
    }
    out.push_str(award.among.text());
    match &award.filter {
        Some(Filter::EveryTargetMet) => out.push_str(" 其中 全部达标"),
        Some(Filter::AtLeast(value, figure)) => {
            let _ = write!(out, " 其中 {} ≥ {}", value_name(scheme, *value), points(*figure));
        }
        Some(Filter::Kind(kind)) => {
            let _ = write!(out, " 其中 类别 = {}", KINDS[*kind]);
        }
        None => {}
    }
    for other in &award.except {
        let _ = write!(out, " 除 奖{other}");
    }
    if award.unless_all_met {
        out.push_str(" 除非 全部(全部达标 于 全体)");
    }
    let last = match award.last_place {
        LastPlace::All => "全取",
        LastPlace::None => "全舍",
        LastPlace::Decide => "人工",
    };
    let _ = writeln!(out, " 末位并列 {last} {WHY}");
    out
}

/// `targets.csv`; none where no target is handed down.
pub fn targets(case: &Case) -> Option<String> {
    if case.handed_down.is_empty() {
        return None;
    }
    let mut out = String::from("单位,指标,字段,数值,依据\n");
    for (unit, item, field, figure) in &case.handed_down {
        let item = &case.scheme.items[*item];
        let value = quantity(item, *figure);
        let _ = writeln!(out, "{},{},{field},{value},", case.units[*unit].id, item.name);
    }
    Some(out)
}

/// `units.csv`, `facts.csv` and the events, by file name.
pub fn reported(case: &Case) -> BTreeMap<String, String> {
    let mut units = String::from("unit,name,kind,pilot\n");
    for unit in &case.units {
        let pilot = if unit.pilot { "yes" } else { "no" };
        let _ = writeln!(units, "{0},{0},{1},{pilot}", unit.id, KINDS[unit.kind]);
    }
    let mut facts = String::from("unit,indicator,field,value,assessor,round\n");
    for fact in &case.facts {
        let item = fact.item.map(|item| &case.scheme.items[item]);
        let asks = item.and_then(|item| item.rule.as_ref()).map_or(&[][..], Rule::inputs);
        let ask = asks.iter().find(|(name, _)| *name == fact.field).map_or(Ask::YesNo, |(_, ask)| *ask);
        let text = match (fact.value, ask, item) {
            (None, ..) => String::new(),
            (Some(figure), Ask::YesNo, _) => if figure.mantissa == 1 { "是" } else { "否" }.into(),
            (Some(figure), Ask::Quantity | Ask::Target, Some(item)) => quantity(item, figure),
            (Some(figure), Ask::Points | Ask::Marks, _) => points(figure),
            (Some(figure), ..) => figure.text(),
        };
        let assessor = if ask == Ask::Marks { format!("评委{}", fact.assessor) } else { String::new() };
        let name = item.map_or("", |item| item.name.as_str());
        let round = fact.round.map_or("", |round| rounds::ROUNDS[round]);
        let _ = writeln!(facts, "{},{name},{},{text},{assessor},{round}", case.units[fact.unit].id, fact.field);
    }
    let mut events = String::from("id,unit,date,level,matter,withdrawn\n");
    for (position, event) in case.events.iter().enumerate() {
        let withdrawn = if event.withdrawn { "2014-12-01" } else { "" };
        let (unit, level, matter) = (&case.units[event.unit].id, LEVELS[event.level], MATTERS[event.matter]);
        let _ = writeln!(events, "通{position},{unit},2014-0{}-05,{level},{matter},{withdrawn}", position % 9 + 1);
    }
    [("units.csv", units), ("facts.csv", facts), ("通报.csv", events)]
        .into_iter()
        .map(|(name, text)| (name.to_string(), text))
        .collect()
}
