//! The schemes of the city: policies that come with the program, with the changes a city would make to them.

use crate::{
    figures::{Book, Kind, MONTHS, POLICY},
    offices::rows,
};
use kaoping_desk::standard::Bindings;
use kaoping_intake::load::shipped_texts;

/// Files of a policy: path and text.
pub(crate) type Texts = Vec<(String, String)>;

/// The policy on employment with a round at the middle of the year.
const EMPLOYMENT: &str = "rulebook/04-half-year";

/// What the city added for this year.
const ADDED: &str = include_str!("../data/2026.kp");

fn texts(policy: &str) -> Texts {
    shipped_texts(policy).into_iter().filter(|(path, _)| !path.starts_with("examples/")).collect()
}

/// Puts one text in the place of another in a file.
fn change(texts: &mut Texts, file: &str, old: &str, new: &str) {
    if let Some((_, text)) = texts.iter_mut().find(|(path, _)| path == file) {
        *text = text.replacen(old, new, 1);
    }
}

fn for_year(texts: &mut Texts, year: &str) {
    let old = "2010-01-01 至 2010-12-31   示例 \"原文年份写作“XX”\"";
    let new = format!("{year}-01-01 至 {year}-12-31   示例 \"年份是样例城市的\"");
    change(texts, "scheme.kp", old, &new);
    let title = format!("方案 民生工程 \"{year} 年民生工程目标责任考核\"");
    change(texts, "scheme.kp", "方案 民生工程 \"民生工程目标管理（改正本）\"", &title);
}

/// The scheme of last year, targets included.
pub(crate) fn last_year() -> Texts {
    let mut texts = texts(POLICY);
    for_year(&mut texts, "2025");
    texts
}

/// The scheme of this year: rounds, progress reckoned by the month, points off for late reports. Targets are
/// handed down.
pub(crate) fn this_year(book: &Book) -> Texts {
    let mut texts = texts(POLICY);
    texts.retain(|(path, _)| path != "targets.csv");
    for_year(&mut texts, "2026");
    change(&mut texts, "scheme.kp", "任务完成 − 处分扣分", "任务完成 − 处分扣分 − 报送扣分");
    let rounds = "轮次 自评 self | 半年 half | 年终 year\n  正式 = 年终   示例 \"来源没有分轮\"\n\n";
    let first = "块 组织实施 6 分";
    change(&mut texts, "scheme.kp", first, &format!("{rounds}{first}"));
    for (path, text) in &mut texts {
        if path == "indicators.csv" {
            *text = paced(text, book);
        }
    }
    texts.push(("本市2026.kp".into(), ADDED.into()));
    texts
}

/// The indicator table with running figures under the rules that look at progress.
fn paced(table: &str, book: &Book) -> String {
    let header = table.lines().next().unwrap_or_default();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |row: &[String]| drop(writer.write_record(row));
    put(&header.split(',').map(str::to_owned).collect::<Vec<_>>());
    for mut row in rows(table) {
        let running = row.first().and_then(|item| book.figure(item)).is_some_and(|figure| figure.kind == Kind::Running);
        if let Some(rule) = row.get_mut(4).filter(|_| running) {
            *rule = format!("序时{}", rule.replace("指标", ""));
        }
        put(&row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Which figures go into the scheme of last year: all but marks, which were given by lead units.
pub(crate) fn last_bindings(book: &Book) -> Bindings {
    let reported = book.figures.iter().filter(|figure| figure.kind != Kind::Mark);
    reported.map(|figure| (format!("{}/{}", figure.item, figure.input()), figure.name.as_str().into())).collect()
}

/// Which figures go into that of this year.
pub(crate) fn bindings(book: &Book) -> Bindings {
    let reported = book.figures.iter();
    let mut bindings: Bindings =
        reported.map(|figure| (format!("{}/{}", figure.item, figure.input()), figure.name.as_str().into())).collect();
    for figure in book.figures.iter().filter(|figure| figure.kind == Kind::Running) {
        bindings.insert(format!("{}/截至月份", figure.item), MONTHS.into());
    }
    bindings
}

/// What the policy says of the rulebook it is an example for, as a city would put it.
const AS_OF_A_CITY: [(&str, &str); 8] = [
    ("方案 人社目标 \"规则手册第4行\"", "方案 人社目标 \"2026 年人社工作目标考核\""),
    ("# 规则手册第 4 行：", "# 示例市 2026 年人社工作目标考核："),
    ("# 考核规则摘记第4行：兰州2012年人社目标", "# 示例市2026年人社工作目标考核办法"),
    ("行4分表", "第三条"),
    ("行4推算", "第五条"),
    ("行4三类", "第六条"),
    ("规则摘记没有说", "办法没有写"),
    ("小例子", "样例"),
];

/// The scheme on employment: of the city, and of a county for its townships.
pub(crate) fn employment() -> Texts {
    let mut texts = texts(EMPLOYMENT);
    change(&mut texts, "scheme.kp", "属性 类别 kind : 区 | 县", "属性 类别 kind : 区 | 县 | 开发区 | 乡镇");
    for (_, text) in &mut texts {
        for (old, new) in AS_OF_A_CITY {
            *text = text.replace(old, new);
        }
    }
    texts
}

/// What offices report for it: two figures of the other scheme, and two of its own.
pub(crate) const EMPLOYMENT_FIGURES: [(&str, &str); 4] = [
    ("城镇新增就业", "城镇新增就业"),
    ("创业培训", "创业培训"),
    ("养老保险参保", "企业养老保险参保"),
    ("农民工工资清欠", "农民工工资清欠"),
];

/// Which figures go into it.
pub(crate) fn employment_bindings() -> Bindings {
    let mut bindings = Bindings::new();
    for (item, figure) in EMPLOYMENT_FIGURES {
        bindings.insert(format!("{item}/完成数"), figure.into());
        bindings.insert(format!("{item}/截至"), MONTHS.into());
    }
    bindings
}
