//! What was done, field by field: the act as it is kept, with the words people use.

use kaoping_terms::Lang;
use serde_json::Value;

/// A field of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// What it is called.
    pub name: String,
    /// Its value.
    pub value: String,
    /// How deep it stands in another.
    pub depth: u8,
}

/// So many fields are written out; the rest stands in the bytes.
const MOST: usize = 160;

/// Names of fields, in both languages.
const WORDS: &[(&str, &str, &str)] = &[
    ("about", "所指", "about"),
    ("account", "账号", "account"),
    ("act_by", "办理期限", "to act by"),
    ("adds_up", "各部分之和须等于总数", "the parts make up the whole"),
    ("administrators", "三个管理员", "administrators"),
    ("algorithm", "散列算法", "hash"),
    ("answer", "说明", "answer"),
    ("answer_days", "答复工作日", "working days to answer"),
    ("approved", "同意", "approved"),
    ("asks_beyond_percent", "变化超过百分之几要问", "asks beyond per cent"),
    ("assessor", "评委", "assessor"),
    ("at", "依据台账条数", "entries it rests on"),
    ("attributes", "属性", "attributes"),
    ("award", "奖项", "award"),
    ("awards", "奖项", "awards"),
    ("by_rule", "因标准变化的得分", "changed by the rule"),
    ("card", "指标卡", "card"),
    ("collection", "填报任务", "collection"),
    ("columns", "各栏", "columns"),
    ("content", "内容散列", "content"),
    ("counted_in", "及时性计入", "timeliness counted in"),
    ("cumulative", "累计数", "cumulative"),
    ("day", "日期", "day"),
    ("decision", "事项", "decision"),
    ("definition", "口径", "definition"),
    ("deputy", "代办人", "deputy"),
    ("deputy_for", "代谁办", "deputy for"),
    ("errors", "查出的错误", "errors"),
    ("evidence", "依据材料", "papers"),
    ("field", "数据项", "field"),
    ("fields", "数据项", "fields"),
    ("figure", "数据项", "figure"),
    ("figures", "数据项", "figures"),
    ("files", "文件", "files"),
    ("found", "核查所得", "found"),
    ("from", "起日", "from"),
    ("further_assessor", "增加的评委", "further assessor"),
    ("grace_days", "宽限工作日", "days of grace"),
    ("grade", "等次", "grade"),
    ("group", "组别", "peer group"),
    ("id", "编号", "id"),
    ("indicator", "指标", "indicator"),
    ("indicators", "指标", "indicators"),
    ("inquiry", "质询", "question"),
    ("instead", "改为", "instead"),
    ("judged", "评判", "judged"),
    ("key", "公钥", "key"),
    ("kind", "类别", "kind"),
    ("last", "截止日", "last day"),
    ("least", "最小", "least"),
    ("level", "程度", "level"),
    ("measure", "计量", "measure"),
    ("meets_all", "各项达标", "meets all"),
    ("message", "内容", "message"),
    ("method", "方法", "method"),
    ("most", "最大", "most"),
    ("name", "名称", "name"),
    ("next", "办法", "next"),
    ("notice", "通知", "notice"),
    ("number", "数", "number"),
    ("objection", "异议", "objection"),
    ("objection_days", "异议工作日", "working days for objections"),
    ("office", "单位", "office"),
    ("offices", "单位", "offices"),
    ("origin", "台账名称", "record"),
    ("outline", "办法要点", "outline"),
    ("parent", "上级", "above it"),
    ("parts", "分解", "parts"),
    ("passed_over", "没有列入的", "passed over"),
    ("path", "路径", "path"),
    ("period", "时期", "period"),
    ("person", "人员", "person"),
    ("place", "名次", "place"),
    ("places", "小数位数", "decimal places"),
    ("points", "分值", "points"),
    ("proposal", "申请", "proposal"),
    ("question", "质询", "question"),
    ("rank", "名次", "place"),
    ("reason", "原因", "reason"),
    ("replaces", "代替台账第几条", "takes the place of entry"),
    ("rest", "放假", "days off"),
    ("role", "职责", "role"),
    ("round", "轮次", "round"),
    ("rounds", "轮次", "rounds"),
    ("sample", "抽样", "sample"),
    ("scheme", "办法", "scheme"),
    ("scores", "得分文件", "scores"),
    ("seed", "种子", "seed"),
    ("seen", "看过的是台账第几条", "entry that was seen"),
    ("shown", "向社会公示", "shown to everybody"),
    ("sign", "迹象", "sign"),
    ("size", "数量", "size"),
    ("source", "来源", "source"),
    ("steps", "步骤", "steps"),
    ("successors", "由谁接替", "successors"),
    ("table", "明细表", "event table"),
    ("text", "文字", "text"),
    ("title", "标题", "title"),
    ("to", "止日", "to"),
    ("total", "总分", "total"),
    ("totals", "总分", "totals"),
    ("unit", "单位", "unit"),
    ("upheld", "异议成立", "upheld"),
    ("upper", "上级办法", "upper scheme"),
    ("value", "值", "value"),
    ("values", "值", "values"),
    ("version", "版本", "version"),
    ("warnings", "提醒", "warnings"),
    ("why", "原因", "why"),
    ("words", "用词", "words"),
    ("work", "上班", "worked days"),
    ("working_days", "工作日", "working days"),
    ("year", "年份", "year"),
];

fn word(name: &str, lang: Lang) -> String {
    match (WORDS.iter().find(|(found, ..)| *found == name), lang) {
        (Some((_, zh, _)), Lang::Zh) => (*zh).to_owned(),
        (Some((.., en)), Lang::En) => (*en).to_owned(),
        (None, _) => name.to_owned(),
    }
}

/// The fields of the act in the bytes of an entry, and whether there are more.
pub(super) fn fields(bytes: &str, lang: Lang) -> (Vec<Field>, bool) {
    let entry: Value = serde_json::from_str(bytes).unwrap_or_default();
    let act = entry.get("act").and_then(Value::as_object).and_then(|act| act.values().next());
    let mut found = Vec::new();
    if let Some(act) = act {
        inside(act, "", 0, lang, &mut found);
    }
    let cut = found.len() > MOST;
    found.truncate(MOST);
    (found, cut)
}

fn inside(value: &Value, name: &str, depth: u8, lang: Lang, found: &mut Vec<Field>) {
    if found.len() > MOST {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                field(value, name, word(name, lang), depth, lang, found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                field(item, name, (at + 1).to_string(), depth, lang, found);
            }
        }
        other => found.push(Field { name: word(name, lang), value: plain(other, lang), depth }),
    }
}

fn field(value: &Value, name: &str, shown: String, depth: u8, lang: Lang, found: &mut Vec<Field>) {
    match value {
        Value::Object(fields) if fields.is_empty() => (),
        Value::Array(items) if items.is_empty() => (),
        // What a standard says is read on its page, and not here as it is kept.
        Value::Object(outline) if name == "outline" => {
            let count = |of: &str| outline.get(of).and_then(Value::as_array).map_or(0, Vec::len);
            let (indicators, rounds, events) = (count("indicators"), count("rounds"), count("events"));
            let value = match lang {
                Lang::Zh => format!("{indicators} 项指标，{rounds} 个轮次，{events} 张明细；逐项见标准页和下面的原文"),
                Lang::En => format!(
                    "{indicators} indicators, {rounds} rounds, {events} event tables; each of them on the page of the standard, and in the bytes below"
                ),
            };
            found.push(Field { name: shown, value, depth });
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items: Vec<String> = items.iter().map(|item| plain(item, lang)).collect();
            found.push(Field { name: shown, value: items.join(if lang == Lang::Zh { "、" } else { ", " }), depth });
        }
        Value::Object(_) | Value::Array(_) => {
            found.push(Field { name: shown, value: String::new(), depth });
            inside(value, name, depth.saturating_add(1).min(4), lang, found);
        }
        Value::Null => (),
        other => found.push(Field { name: shown, value: plain(other, lang), depth }),
    }
}

fn plain(value: &Value, lang: Lang) -> String {
    let said = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => said("是", "yes"),
        Value::Bool(false) => said("否", "no"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, fields};
    use kaoping_terms::Lang;

    #[test]
    fn an_act_is_read_field_by_field() {
        let bytes = r#"{"form":1,"act":{"grant-role":{"account":"C1","office":"乙县","from":"2026-01-05","to":null,
            "parts":[{"office":"丙县","value":"3"}],"rest":["2026-01-01","2026-01-02"],"approved":false}}}"#;
        let (found, cut) = fields(bytes, Lang::Zh);
        let field = |name: &str, value: &str, depth| Field { name: name.into(), value: value.into(), depth };
        let expected = [
            field("账号", "C1", 0),
            field("单位", "乙县", 0),
            field("起日", "2026-01-05", 0),
            field("分解", "", 0),
            field("1", "", 1),
            field("单位", "丙县", 2),
            field("值", "3", 2),
            field("放假", "2026-01-01、2026-01-02", 0),
            field("同意", "否", 0),
        ];
        assert_eq!((found.as_slice(), cut), (&expected[..], false));
        let adopted = r#"{"act":{"adopt-scheme":{"scheme":"民生","outline":{"indicators":[{"id":"1"},{"id":"2"}],"rounds":["自评"]}}}}"#;
        let (found, _) = fields(adopted, Lang::Zh);
        let said: Vec<&str> = found.iter().map(|field| field.value.as_str()).collect();
        assert_eq!(said, ["民生", "2 项指标，1 个轮次，0 张明细；逐项见标准页和下面的原文"]);
        assert_eq!(fields("no JSON", Lang::En), (Vec::new(), false));
    }
}
