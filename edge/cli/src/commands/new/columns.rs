//! Which column of an indicator table is which: offices head them in many ways.

use super::library::Library;
use kaoping_sheets::{Header, header::fold};

/// What a column means to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Id,
    Block,
    Name,
    Points,
    Target,
    Rule,
    Clause,
    Lead,
    Responsible,
    Supporting,
    Definition,
    /// Read by item tables as it stands: 选择, 示例, 适用 and the like.
    Plain(&'static str),
}

/// Roles, the heading each is written with, and how else it may be headed, the clearest
/// first. Where two columns could be the same, the one named earlier here is it.
const ROLES: &[(Role, &str, &[&str])] = &[
    (Role::Id, "编号", &["id", "indicator", "指标编号", "指标代码", "代码", "序号"]),
    (Role::Name, "名称", &["name", "item", "指标名称", "指标", "考核指标", "三级指标", "二级指标", "项目", "考核内容"]),
    (Role::Points, "分值", &["points", "base", "标准分", "基本分", "分数", "权重", "weight"]),
    (Role::Target, "目标数", &["target", "目标", "目标值", "年度目标", "目标任务", "任务数"]),
    (Role::Rule, "规则", &["rule", "kind", "计分规则", "计分方法", "评分方法", "计分办法", "指标类型", "类型"]),
    (Role::Clause, "依据", &["clause", "条款", "文件依据", "依据条款"]),
    (Role::Lead, "牵头", &["lead", "牵头单位", "牵头部门", "牵头责任单位"]),
    (Role::Responsible, "责任", &["responsible", "责任单位", "责任部门"]),
    (Role::Supporting, "协办", &["supporting", "协办单位", "配合单位", "配合部门"]),
    (Role::Block, "块", &["block", "板块", "一级指标", "指标类别"]),
    (Role::Definition, "口径", &["definition", "指标口径", "指标解释"]),
    (Role::Plain("选择"), "选择", &["choice"]),
    (Role::Plain("示例"), "示例", &["example"]),
    (Role::Plain("适用"), "适用", &["applies"]),
    (Role::Plain("改评"), "改评", &["substitute"]),
    (Role::Plain("方向"), "方向", &["direction"]),
    (Role::Plain("未报时"), "未报时", &["if_missing"]),
];

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// It has a role.
    Role(Role),
    /// A rule reads it by that name.
    Bound(String),
    /// The noun of measure of the target, in a column of its own.
    Noun,
    /// Nothing reads it; it is kept as a remark.
    Remark(String),
    /// It has neither heading nor content.
    Blank,
}

impl Role {
    /// The heading a role is written with.
    pub(super) fn heading(self) -> &'static str {
        let found = ROLES.iter().find(|(role, ..)| *role == self);
        found.map_or("", |(_, heading, _)| heading)
    }

    /// Whether a heading without brackets means the role.
    pub(super) fn is_headed(self, heading: &str) -> bool {
        let found = ROLES.iter().find(|(role, ..)| *role == self);
        found.is_some_and(|(_, own, others)| *own == heading || others.contains(&heading))
    }

    /// The English heading.
    pub(super) fn english(self) -> &'static str {
        let found = ROLES.iter().find(|(role, ..)| *role == self);
        found.and_then(|(_, _, others)| others.first().copied()).unwrap_or("")
    }
}

impl Column {
    /// Whether a heading can mean the noun of measure: 计量单位 does, 单位 may also mean who is
    /// responsible, so that its cells decide.
    pub(super) fn may_be_noun(heading: &str) -> bool {
        matches!(plain(heading).as_str(), "计量单位" | "单位")
    }
}

/// Whether a heading is one the product knows by itself.
pub(super) fn is_known(heading: &str) -> bool {
    let heading = plain(heading);
    ROLES.iter().any(|(_, own, others)| *own == heading || others.contains(&heading.as_str()))
}

/// What each column of the header is.
pub(super) fn columns(header: &Header, library: &Library) -> Vec<Column> {
    let headings: Vec<String> = header.columns().iter().map(|column| plain(&column.written)).collect();
    let mut found: Vec<Option<Column>> = vec![None; headings.len()];
    for (role, heading, others) in ROLES {
        let at = std::iter::once(heading).chain(*others).find_map(|name| {
            let free = |at: &usize| found.get(*at).is_some_and(Option::is_none);
            (0..headings.len()).filter(free).find(|at| headings.get(*at).is_some_and(|heading| heading == name))
        });
        if let Some(column) = at.and_then(|at| found.get_mut(at)) {
            *column = Some(Column::Role(*role));
        }
    }
    let written = header.columns().iter().map(|column| &column.written);
    found.into_iter().zip(written).map(|(found, written)| found.unwrap_or_else(|| other(written, library))).collect()
}

fn other(written: &str, library: &Library) -> Column {
    if written.is_empty() {
        return Column::Blank;
    }
    match library.reading(&plain(written)) {
        Some(name) => Column::Bound(name.to_owned()),
        None => Column::Remark(remark(written)),
    }
}

/// The heading of a column that is only kept.
pub(super) fn remark(heading: &str) -> String {
    if heading.starts_with(['#', '＃']) { heading.to_owned() } else { format!("#{heading}") }
}

/// A heading without what stands in brackets behind it (`分值（分）`) and without blanks.
pub(super) fn plain(heading: &str) -> String {
    let folded: String = fold(heading).chars().filter(|c| !c.is_whitespace()).collect();
    match folded.split_once('(') {
        Some((before, _)) if !before.is_empty() => before.to_owned(),
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Role, columns};
    use crate::commands::new::library::Library;
    use kaoping_sheets::Header;

    fn of(headings: &[&str]) -> Vec<Column> {
        columns(&Header::new(headings.iter().copied()), &Library::embedded())
    }

    #[test]
    fn english_and_chinese_headings() {
        use Column::Role as R;
        assert_eq!(
            of(&["indicator", "base", "target", "kind"]),
            [R(Role::Id), R(Role::Points), R(Role::Target), R(Role::Rule)]
        );
        assert_eq!(
            of(&["指标", "分值（分）", "牵头单位", "责 任 单 位", "LEAD"]),
            [
                R(Role::Name),
                R(Role::Points),
                Column::Remark("#牵头单位".to_owned()),
                R(Role::Responsible),
                R(Role::Lead)
            ]
        );
    }

    #[test]
    fn what_rules_read_is_bound_and_the_rest_kept() {
        assert_eq!(
            of(&["序号", "控制数", "partial_step", "备注", "#甲", ""]),
            [
                Column::Role(Role::Id),
                Column::Bound("控制数".to_owned()),
                Column::Bound("不足一步".to_owned()),
                Column::Remark("#备注".to_owned()),
                Column::Remark("#甲".to_owned()),
                Column::Blank
            ]
        );
    }
}
