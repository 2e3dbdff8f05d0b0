//! What the columns of lists are called in a table that is opened by people: Chinese where the asker names it, else
//! the names programs know.

use kaoping_office::state::PersonField;

/// Each column by its name, in Chinese.
const HEADINGS: &[(&str, &str)] = &[
    ("about", "针对"),
    ("accepted_above", "上级签订人"),
    ("accepted_below", "下级签订人"),
    ("account", "账号"),
    ("adjusted_by", "调整依据"),
    ("answer", "答复"),
    ("answer_by", "答复期限"),
    ("answered_by", "答复人"),
    ("approved", "批准"),
    ("approved_by", "审定人"),
    ("asked_by", "发问人"),
    ("asked_twice", "重复要的"),
    ("assessors", "评委"),
    ("at", "算到第几条"),
    ("award", "奖项"),
    ("bound", "已绑定"),
    ("bytes", "正文"),
    ("cells", "明细各栏"),
    ("changes", "更正次数"),
    ("checkpoint", "检查点"),
    ("checkpoint_size", "检查点条数"),
    ("closed", "撤销日期"),
    ("collection", "填报任务"),
    ("confirmed_by", "确定人"),
    ("cumulative", "本年累计"),
    ("day", "日期"),
    ("decided_by", "批复人"),
    ("deed", "事"),
    ("definition", "口径"),
    ("difference", "与上轮差"),
    ("due", "期限"),
    ("editions", "汇总次数"),
    ("entry", "台账条号"),
    ("erased", "销毁日期"),
    ("erasure_asked_by", "申请销毁人"),
    ("event_table", "明细"),
    ("exempt_by", "豁免批准人"),
    ("exempt_since", "豁免起自第几条"),
    ("exempt_why", "豁免原因"),
    ("field", "字段"),
    ("fields", "有哪几项"),
    ("figure", "数据项"),
    ("figures", "数据项数"),
    ("figures_asked", "要的数"),
    ("filled_by", "填报人"),
    ("first_signed", "首次签发"),
    ("found", "查到的数"),
    ("grade", "等次"),
    ("handed_down_by", "下达单位"),
    ("hash", "散列"),
    ("id", "编号"),
    ("in_force_since", "现行版本自"),
    ("indicator", "指标"),
    ("inquiry", "质询"),
    ("inspected_by", "核查人"),
    ("instead", "免考后怎么计"),
    ("kind", "类别"),
    ("last_day", "宽限至"),
    ("late", "迟报"),
    ("leaf", "叶"),
    ("look_ups", "查看次数"),
    ("meets_all", "全部达标"),
    ("month", "月份"),
    ("name", "名称"),
    ("note", "备注"),
    ("number", "条号"),
    ("objection", "异议"),
    ("objection_text", "异议内容"),
    ("objections_until", "异议截止"),
    ("office", "单位"),
    ("offices", "单位数"),
    ("opened", "设立日期"),
    ("parent", "上级"),
    ("password_given", "初始密码在第几条"),
    ("peers", "同组"),
    ("period", "期间"),
    ("person", "人员"),
    ("place", "名次"),
    ("proposal", "申请"),
    ("proposed_by", "申请人"),
    ("published", "公布在第几条"),
    ("put_down_by", "汇总人"),
    ("question", "质询内容"),
    ("raised_by", "提出人"),
    ("reason", "理由"),
    ("received_ms", "收到时刻"),
    ("refused_why", "撤销原因"),
    ("registered", "登记在第几条"),
    ("reported", "上报数"),
    ("returned", "退回次数"),
    ("role", "职责"),
    ("roles", "职责"),
    ("root", "根"),
    ("round", "轮次"),
    ("rule_after", "按新规则"),
    ("rule_before", "按旧规则"),
    ("sample", "抽样"),
    ("scheme", "办法"),
    ("score", "得分"),
    ("score_difference", "分差"),
    ("scores", "得分表散列"),
    ("sealed_by", "封存人"),
    ("sign", "疑点"),
    ("signed_by", "签发人"),
    ("source", "来源"),
    ("stage", "办到哪一步"),
    ("status", "状态"),
    ("thing", "对象"),
    ("title", "标题"),
    ("total", "总分"),
    ("unit", "单位"),
    ("upheld", "成立"),
    ("upper", "上级办法"),
    ("value", "数值"),
    ("version", "版本"),
    ("versions", "版本数"),
    ("what", "内容"),
    ("why", "原因"),
    ("withdrawn", "撤销日期"),
    ("working_days_left", "还剩工作日"),
    ("working_days_over", "已过工作日"),
];

/// What a column is called in Chinese; its name where there is no other.
pub(crate) fn chinese(name: &str) -> String {
    let of_a_person = PersonField::ALL.iter().find(|field| field.name() == name && name != "name");
    let found = HEADINGS.binary_search_by_key(&name, |(known, _)| known).ok().and_then(|at| HEADINGS.get(at));
    match (of_a_person, found) {
        (Some(field), _) => field.word().zh,
        (None, Some((_, heading))) => (*heading).to_owned(),
        (None, None) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{HEADINGS, chinese};
    use kaoping_office::tables::TABLES;

    #[test]
    fn every_column_has_a_heading() {
        assert!(HEADINGS.is_sorted_by_key(|(name, _)| *name), "they are searched");
        for table in TABLES {
            for column in table.key.iter().chain(table.columns) {
                assert_ne!(chinese(column.name), column.name, "{}", table.name);
            }
        }
    }
}
