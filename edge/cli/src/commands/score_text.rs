//! The results of `kaoping score` for people: what is owed first, then totals group by group,
//! awards, and what follows from them.

use super::score::{ResultTable, Rows, rows, tables, unofficial};
use crate::render::{Align, Table};
use kaoping_assess::{Assessment, lines::Lines};
use kaoping_program::Column;
use kaoping_scheme::model::LastPlaceTies;
use kaoping_terms::{Exact, Lang, Measure, measure::YUAN};
use std::collections::{BTreeMap, BTreeSet};

/// How many units are listed before the rest is left to the files.
const LISTED: usize = 60;

/// Of how many groups of equal units the tie is told below the totals.
const TIES: usize = 10;

/// A table as it is shown: headings by column name, and rows.
struct Shown {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// How many rows there are, shown or not.
    count: usize,
    /// A line below it; empty for none.
    below: String,
}

/// Totals by place, awards and what follows, for people.
pub(crate) fn as_text(lines: &Lines<'_>, lang: Lang, written: bool) -> String {
    let mut text = String::new();
    let mut all = tables(lines, lang);
    // What is missing decides how far the rest can be relied on.
    all.sort_by_key(|(name, _)| !matches!(*name, "owed.csv" | "undefined.csv"));
    for table in &all {
        text.push_str(&part(lines, table, lang));
    }
    if let Some((own, official)) = unofficial(lines) {
        text.push_str(&match lang {
            Lang::Zh => format!("“{own}”不是正式的一轮：名次供参考，评奖、名单和钱只看“{official}”。\n"),
            Lang::En => {
                format!("`{own}` is not the official round: places are for information, awards, lists and money follow `{official}` only.\n")
            }
        });
        if let Some(by) = lines.placed_by_rounds() {
            text.push_str(&match lang {
                Lang::Zh => format!("名次和等次是“{by}”的，由各轮合起来算，不是“{own}”自己的。\n"),
                Lang::En => {
                    format!("Places and grades are those of `{by}`, made of several rounds, not of `{own}` itself.\n")
                }
            });
        }
    }
    if written {
        text.push_str(pick(lang, "结果文件已写好。\n", "The result files are written.\n"));
    }
    // Sections stand apart; nothing follows the last.
    text.truncate(text.trim_end().len());
    text
}

/// One table as a section; empty where there is nothing to show.
fn part(lines: &Lines<'_>, (name, table): &ResultTable<'_>, lang: Lang) -> String {
    let nobody = *name == "totals.csv" && lines.assessment.members.is_empty();
    if nobody || matches!(*name, "scores.csv" | "values.csv") {
        return String::new();
    }
    if *name == "totals.csv" {
        return section(title(name, lang), name, totals(lines, table, lang), lang);
    }
    let (header, all) = rows(table);
    if all.is_empty() {
        return String::new();
    }
    let mut shown = Shown { header, count: all.len(), rows: all, below: String::new() };
    match *name {
        "adjustments.csv" => without_zeros(&mut shown, lang),
        "shares.csv" => return funds(lines, &shown, lang),
        "awards.csv" => prizes(&mut shown),
        "quotas.csv" => quotas(lines, &mut shown),
        _ => {}
    }
    for id in ["indicator", "item"] {
        if let Some(at) = shown.header.iter().position(|column| column == id) {
            for cell in shown.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                *cell = called(lines.standard, cell, lang);
            }
        }
    }
    // A heading over nothing says nothing: all deductions are zero.
    if *name == "adjustments.csv" && shown.rows.is_empty() {
        return String::new();
    }
    section(title(name, lang), name, shown, lang)
}

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Whether the value of a unit can still change, though it has one.
pub(super) fn is_provisional(column: Option<&Column>, unit: u32) -> bool {
    column.is_some_and(|column| {
        let state = column.state(unit as usize);
        state.is_known() && state.is_provisional()
    })
}

/// The members that are listed, peers together and by place: their positions.
fn first_by_place(assessment: &Assessment) -> Vec<usize> {
    let key = |(at, unit): (usize, &u32)| {
        let group = assessment.groups.of.get(*unit as usize).copied().unwrap_or(0);
        (group, assessment.place(*unit).unwrap_or(i64::MAX), at)
    };
    let mut all: Vec<(u32, i64, usize)> = assessment.members.iter().enumerate().map(key).collect();
    if all.len() > LISTED {
        all.select_nth_unstable(LISTED);
        all.truncate(LISTED);
    }
    all.sort_unstable();
    all.into_iter().map(|(.., at)| at).collect()
}

/// Peers together and by place, what they are ranked by beside the total, and a mark on what
/// can still change.
fn totals(lines: &Lines<'_>, table: &Rows<'_>, lang: Lang) -> Shown {
    let assessment = lines.assessment;
    // Of millions of rows only those that are listed are kept.
    let listed = first_by_place(assessment);
    let order: BTreeMap<usize, usize> = listed.iter().enumerate().map(|(to, from)| (*from, to)).collect();
    let mut shown = Shown {
        header: Vec::new(),
        rows: vec![Vec::new(); listed.len()],
        count: assessment.members.len(),
        below: String::new(),
    };
    let mut met = 0usize;
    table.visit(&mut |row: &[&str]| {
        let cells = || row.iter().map(|cell| (*cell).to_string()).collect();
        match met.checked_sub(1) {
            None => shown.header = cells(),
            Some(at) => {
                let kept = order.get(&at).and_then(|to| shown.rows.get_mut(*to));
                kept.into_iter().for_each(|kept| *kept = cells());
            }
        }
        met += 1;
    });
    let mark = pick(lang, " 暂定", " provisional");
    let at = |name: &str| shown.header.iter().position(|column| column == name);
    let (total, grade, rank) = (at("total"), at("grade"), at("rank"));
    for (at, row) in listed.iter().zip(&mut shown.rows) {
        let Some(unit) = assessment.members.get(*at) else { continue };
        let provisional_grade = assessment.grades.get(*unit as usize).is_some_and(|grade| grade.provisional);
        let marks = [
            (total, is_provisional(assessment.total.as_deref(), *unit)),
            (rank, assessment.place_is_provisional(*unit)),
            (grade, provisional_grade),
        ];
        for (at, provisional) in marks {
            let cell = at.and_then(|at| row.get_mut(at)).filter(|cell| provisional && !cell.is_empty());
            cell.into_iter().for_each(|cell| cell.push_str(mark));
        }
        if let (Some((name, column)), Some(at)) = (&assessment.rank_by, total) {
            let sign = if is_provisional(Some(column), *unit) { mark } else { "" };
            row.insert(at, lines.measured(lines.kind_of_value(name), column, *unit) + sign);
        }
    }
    if let (Some((name, _)), Some(at)) = (&assessment.rank_by, total) {
        shown.header.insert(at, name.clone());
    }
    // Also where a round is scored that has a total of its own.
    let ranked_by = match (&assessment.rank_by, lang) {
        (Some((name, _)), Lang::Zh) => format!("名次按“{name}”排。\n"),
        (Some((name, _)), Lang::En) => format!("Places go by {name}.\n"),
        (None, _) => String::new(),
    };
    shown.below = ranked_by + &provisional_line(lines, assessment, lang) + &ties_broken(lines, lang);
    shown
}

/// Who of those with the same figure stands first, and why; some of many.
fn ties_broken(lines: &Lines<'_>, lang: Lang) -> String {
    let assessment = lines.assessment;
    let Some(first) = assessment.rank_keys.first().filter(|_| assessment.rank_keys.len() > 1) else {
        return String::new();
    };
    let group = |unit: u32| assessment.groups.of.get(unit as usize).copied();
    let mut tied: BTreeMap<(Option<u32>, Exact), Vec<u32>> = BTreeMap::new();
    for unit in assessment.members.iter().filter(|unit| assessment.place(**unit).is_some()) {
        if let Some(value) = first.column.cell(*unit as usize).value {
            tied.entry((group(*unit), value)).or_default().push(*unit);
        }
    }
    let mut text = String::new();
    for units in tied.into_values().filter(|units| units.len() > 1).take(TIES) {
        let Some(unit) = units.into_iter().min_by_key(|unit| assessment.place(*unit)) else { continue };
        for tie in lines.ties(unit) {
            text.push_str(&match lang {
                Lang::Zh => format!("比序：{}{}。\n", lines.units.name(unit), tie.zh),
                Lang::En => format!("Tie: {} is {}.\n", lines.units.name(unit), tie.en),
            });
        }
    }
    text
}

/// Why something is provisional, and who owes what.
fn provisional_line(lines: &Lines<'_>, assessment: &Assessment, lang: Lang) -> String {
    let ranked = assessment.rank_by.as_ref().map(|(_, column)| &**column);
    let waits = |unit: &&u32| {
        is_provisional(assessment.total.as_deref(), **unit)
            || is_provisional(ranked, **unit)
            || assessment.place_is_provisional(**unit)
            || assessment.grades.get(**unit as usize).is_some_and(|grade| grade.provisional && grade.band.is_some())
    };
    let count = assessment.members.iter().filter(waits).count();
    if count == 0 {
        return String::new();
    }
    let owing: BTreeSet<&str> =
        assessment.owed.iter().filter_map(|owing| owing.unit).map(|unit| lines.units.name(unit)).collect();
    let all = owing.len();
    let names: Vec<&str> = owing.into_iter().take(5).collect();
    let more = if all > names.len() { pick(lang, "等", " and others") } else { "" };
    let debts = assessment.owed.len();
    // Where nothing is owed and only a shared last place of a grade is open, that is the reason.
    let tied = |unit: &&u32| {
        let grade = assessment.grades.get(**unit as usize);
        grade.is_some_and(|grade| grade.tied.is_some_and(|tie| tie.rule == LastPlaceTies::Decide))
    };
    let ties = assessment.members.iter().filter(waits).filter(tied).count();
    if names.is_empty() && ties > 0 {
        let (what, zh, en) = match ties < count {
            true => ("分、名次或等次", "，其余的有数或否决还没有定", "; for the others a figure or a veto is open"),
            false => ("等次", "", ""),
        };
        return match lang {
            Lang::Zh => format!(
                "暂定：{count} 个单位的{what}还会变，其中 {ties} 个同分，超出等次的名额，按方案由人工决定{zh}。\n"
            ),
            Lang::En => format!(
                "Provisional: {count} units may still change; {ties} of them are equal and more than a grade has room for, so a person decides{en}.\n"
            ),
        };
    }
    match (lang, names.is_empty()) {
        (Lang::Zh, false) => format!(
            "暂定：{count} 个单位的分、名次或等次还会变，因为{}{more}还欠 {debts} 个数（见“未报”），补报后重新计分。\n",
            names.join("、")
        ),
        (Lang::Zh, true) => format!("暂定：{count} 个单位的分、名次或等次还会变，有的数或否决还没有定。\n"),
        (Lang::En, false) => format!(
            "Provisional: {count} units may still change, because {}{more} owe {debts} figures (see above).\n",
            names.join(", ")
        ),
        (Lang::En, true) => format!("Provisional: {count} units may still change; a figure or a veto is open.\n"),
    }
}

/// Deductions and additions of nothing are only counted.
fn without_zeros(shown: &mut Shown, lang: Lang) {
    let Some(at) = shown.header.iter().position(|column| column == "points") else { return };
    let before = shown.rows.len();
    let is_zero = |cell: &String| Exact::parse(cell).is_some_and(|points| points.is_zero());
    shown.rows.retain(|row| !row.get(at).is_some_and(is_zero));
    shown.count = shown.rows.len();
    let zeros = before - shown.rows.len();
    if zeros > 0 {
        shown.below = match lang {
            Lang::Zh => format!("另有 {zeros} 处为 0 分，没有列出。\n"),
            Lang::En => format!("{zeros} more are 0 and not listed.\n"),
        };
    }
}

/// The money of awards with its unit.
fn prizes(shown: &mut Shown) {
    for cell in shown.rows.iter_mut().filter_map(|row| row.get_mut(4)) {
        if let Some(amount) = Exact::parse(cell) {
            *cell = Measure::noun(YUAN).figure(&amount);
        }
    }
}

/// Numbers with their unit and thousands apart, as people read them.
fn quotas(lines: &Lines<'_>, shown: &mut Shown) {
    let quotas = lines.standard.schemes.first().map_or(&[][..], |scheme| &scheme.quotas);
    for row in &mut shown.rows {
        let measure = quotas.iter().find(|quota| row.first() == Some(&quota.name)).map(|quota| &quota.measure);
        if let (Some(cell), Some(measure)) = (row.get_mut(2), measure)
            && let Some(number) = Exact::parse(cell)
        {
            *cell = measure.figure(&number);
        }
    }
}

/// A table for each fund: who gets how much, and the sum.
fn funds(lines: &Lines<'_>, shown: &Shown, lang: Lang) -> String {
    let funds = lines.standard.schemes.first().map_or(&[][..], |scheme| &scheme.distributions);
    let mut text = String::new();
    for (fund, result) in funds.iter().zip(&lines.assessment.shares) {
        let money = |amount: &Exact| fund.measure.figure(amount);
        let mut sum = Exact::zero();
        let mut paid: Vec<Vec<String>> = Vec::new();
        for row in shown.rows.iter().filter(|row| row.first() == Some(&fund.name)) {
            if let (Some(unit), Some(amount)) = (row.get(1), row.get(2).and_then(|cell| Exact::parse(cell))) {
                sum = &sum + &amount;
                paid.push(vec![unit.clone(), money(&amount)]);
            }
        }
        let mut below = match lang {
            Lang::Zh => format!("合计 {}，{} 个单位\n", money(&sum), paid.len()),
            Lang::En => format!("{} in all, {} units\n", money(&sum), paid.len()),
        };
        if !result.open.is_empty() {
            below.push_str(&match lang {
                Lang::Zh => format!("还有 {} 个单位的数没有报齐，份额没有算出\n", result.open.len()),
                Lang::En => format!("{} units have not reported; their shares are not known\n", result.open.len()),
            });
        }
        let title = format!("{}  {}", title("shares.csv", lang), fund.name);
        let header = vec![String::from("unit"), String::from("amount")];
        text.push_str(&section(&title, "shares.csv", Shown { header, count: paid.len(), rows: paid, below }, lang));
    }
    text
}

/// The name of an indicator with its id, where the two differ.
pub(super) fn called(standard: &kaoping_scheme::Standard, id: &str, lang: Lang) -> String {
    let item = standard.schemes.iter().flat_map(|scheme| &scheme.items).find(|item| item.id == id);
    match item.filter(|item| item.name != id) {
        Some(item) if lang == Lang::Zh => format!("{}（{id}）", item.name),
        Some(item) => format!("{} ({id})", item.name),
        None => id.to_string(),
    }
}

pub(super) fn title(name: &str, lang: Lang) -> &str {
    match (name, lang) {
        ("scores.csv", Lang::Zh) => "得分",
        ("values.csv", Lang::Zh) => "各项数值",
        ("totals.csv", Lang::Zh) => "总分与名次",
        ("awards.csv", Lang::Zh) => "奖（建议名单）",
        ("adjustments.csv", Lang::Zh) => "扣分与加分",
        ("quotas.csv", Lang::Zh) => "名额",
        ("rosters.csv", Lang::Zh) => "名单",
        ("shares.csv", Lang::Zh) => "资金分配",
        ("owed.csv", Lang::Zh) => "未报（不当作零）",
        ("undefined.csv", Lang::Zh) => "无定义（除以零，没有得分）",
        ("totals.csv", Lang::En) => "Totals and places",
        ("awards.csv", Lang::En) => "Awards (proposed)",
        ("adjustments.csv", Lang::En) => "Deductions and additions",
        ("quotas.csv", Lang::En) => "Quotas",
        ("rosters.csv", Lang::En) => "Lists",
        ("shares.csv", Lang::En) => "Funds",
        ("owed.csv", Lang::En) => "Not reported (never taken as zero)",
        ("undefined.csv", Lang::En) => "Undefined (divided by zero: no score)",
        (other, _) => other,
    }
}

/// Headings of columns for people.
pub(super) fn heading(column: &str, lang: Lang) -> String {
    let zh = match column {
        "unit" => "单位",
        "group" => "分组",
        "total" => "总分",
        "rank" => "名次",
        "meets_all" => "全部达标",
        "grade" => "等次",
        "award" => "奖",
        "place" => "名次",
        "reason" => "理由",
        "item" => "项",
        "points" => "分",
        "indicator" => "指标",
        "score" => "得分",
        "quota" => "名额",
        "number" => "数目",
        "roster" => "名单",
        "fund" => "资金",
        "share" => "份额",
        "amount" => "金额",
        "field" => "字段",
        "what" => "欠的是",
        "divisor" => "是零的除数",
        "name" => "名称",
        "value" => "数值",
        "total_exact" => "总分（精确）",
        "score_exact" => "得分（精确）",
        "points_exact" => "分（精确）",
        "value_exact" => "数值（精确）",
        other => other,
    };
    String::from(if lang == Lang::Zh { zh } else { column })
}

/// A code of the result files in words.
pub(super) fn translated(cell: &str, lang: Lang) -> &str {
    match (cell, lang) {
        ("yes", Lang::Zh) => "是",
        ("no", Lang::Zh) => "否",
        ("figure", Lang::Zh) => "填报的数",
        ("target", Lang::Zh) => "下达的目标",
        ("attribute", Lang::Zh) => "单位的属性",
        ("event", Lang::Zh) => "明细",
        ("policy", Lang::Zh) => "方案没有写清的数",
        ("result", Lang::Zh) => "前一轮的结果",
        (cell, _) => cell,
    }
}

fn section(title: &str, name: &str, shown: Shown, lang: Lang) -> String {
    // A table of totals has its columns also where nobody has a total yet.
    let always = |at: &usize| {
        let column = shown.header.get(*at).map(String::as_str);
        name == "totals.csv" && matches!(column, Some("total" | "rank"))
    };
    let used: Vec<usize> = (0..shown.header.len())
        .filter(|at| always(at) || shown.rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let columns = used.iter().filter_map(|at| shown.header.get(*at)).map(|column| {
        // A column that no heading is known for is a value that the scheme names.
        let named = heading(column, Lang::Zh) == *column && !column.is_ascii();
        let number = named
            || matches!(
                column.as_str(),
                "total" | "rank" | "place" | "points" | "score" | "number" | "share" | "amount"
            );
        (heading(column, lang), if number { Align::Number } else { Align::Left })
    });
    let columns: Vec<(String, Align)> = columns.collect();
    let mut table = Table::new(columns.iter().map(|(heading, align)| (heading.as_str(), *align)));
    let count = shown.count;
    for row in shown.rows.into_iter().take(LISTED) {
        table.row(used.iter().map(|at| row.get(*at).map_or("", |cell| translated(cell, lang)).to_string()));
    }
    let more = match (count > LISTED, lang) {
        (true, Lang::Zh) => format!("……共 {count} 行，全部在 {name} 里\n"),
        (true, Lang::En) => format!("… {count} rows in all, see {name}\n"),
        (false, _) => String::new(),
    };
    format!("{title}\n{}{more}{}\n", table.render(), shown.below)
}
