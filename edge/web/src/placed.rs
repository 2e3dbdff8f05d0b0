//! Where in a request a finding is about: a pointer into its body, a parameter, a header, or the path.

use kaoping_terms::Diagnostic;
use serde_json::{Value, json};

/// How a place in the body begins, as findings hold it: `body/act/submit-report/office`.
pub(crate) const BODY: &str = "body";

/// A parameter: `parameter from`.
pub(crate) const PARAMETER: &str = "parameter ";

/// A header: `header Accept`.
pub(crate) const HEADER: &str = "header ";

/// The path of the address.
pub(crate) const PATH: &str = "path";

/// Says where each finding is, that does not say it itself.
pub(crate) fn place(findings: &mut [Diagnostic], body: &[u8]) {
    let mut unplaced = findings.iter_mut().filter(|finding| finding.file.is_none()).peekable();
    if unplaced.peek().is_none() {
        return;
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    for finding in unplaced {
        let at = match finding.name {
            // The id of a deed is in the header, unless the body has it.
            "id-used-otherwise" if body.get("id").is_none() => format!("{HEADER}Idempotency-Key"),
            _ if body.is_object() => format!("{BODY}{}", pointer(finding, &body)),
            _ => PATH.to_owned(),
        };
        *finding = finding.clone().in_file(&at, None);
    }
}

/// The place as it is told.
pub(crate) fn told(finding: &Diagnostic) -> Value {
    let Some(point) = &finding.file else { return Value::Null };
    let path = point.path.as_str();
    let of = |what: &str, name: &str| json!({"what": what, "name": name});
    if let Some(name) = path.strip_prefix(PARAMETER) {
        return of(PARAMETER.trim_end(), name);
    }
    if let Some(name) = path.strip_prefix(HEADER) {
        return of(HEADER.trim_end(), name);
    }
    let pointer = path.strip_prefix(BODY).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut told = match pointer {
        Some(pointer) => json!({"what": BODY, "pointer": pointer}),
        None => json!({"what": path}),
    };
    if let (Some((line, column)), Value::Object(told)) = (point.at, &mut told) {
        told.insert("line".into(), line.into());
        told.insert("column".into(), column.into());
    }
    told
}

/// A path as the reader of bodies writes it, `act.submit-report.figures[0].value`, as a pointer.
pub(crate) fn pointer_of(path: &str) -> String {
    let parts = path.split(['.', '[']).map(|part| part.trim_end_matches(']'));
    parts.filter(|part| !matches!(*part, "" | "?")).map(|part| format!("/{}", escaped(part))).collect()
}

fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// Where in a body a finding is about: the field it asks for, else the one place that holds what it names, else the
/// deed or the whole.
fn pointer(finding: &Diagnostic, body: &Value) -> String {
    match finding.name {
        "reason-needed" | "personal-data-in-reason" => return "/why".into(),
        "evidence-needed" => return "/evidence".into(),
        "id-used-otherwise" => return "/id".into(),
        _ => (),
    }
    let mut leaves = Vec::new();
    texts(body, &mut String::new(), &mut leaves);
    let named: Vec<&str> = named(&finding.message.zh);
    let of_it = |at: &str| {
        let around = at.rsplit_once('/').map_or("", |(around, _)| around);
        let beside = |(other, text): &&(String, &str)| {
            other != at && other.starts_with(around) && !around.is_empty() && named.contains(text)
        };
        leaves.iter().filter(beside).count()
    };
    for name in named.iter().rev() {
        let mut holding: Vec<(usize, &str)> =
            leaves.iter().filter(|(_, text)| text == name).map(|(at, _)| (of_it(at), at.as_str())).collect();
        holding.sort_unstable();
        match holding.as_slice() {
            [(_, only)] => return (*only).to_owned(),
            [.., (less, _), (most, at)] if less < most => return (*at).to_owned(),
            _ => (),
        }
    }
    match body.get("act").and_then(Value::as_object).and_then(|act| act.keys().next()) {
        Some(deed) => format!("/act/{}", escaped(deed)),
        None => String::new(),
    }
}

/// What a message names: what it quotes, and single words of it.
fn named(message: &str) -> Vec<&str> {
    let quoted = message.split('“').skip(1).filter_map(|rest| rest.split_once('”')).map(|(text, _)| text);
    let words = message.split([' ', '：', '“', '”']).filter(|word| !word.is_empty());
    let mut named: Vec<&str> = words.collect();
    named.extend(quoted);
    named
}

/// Every text of a body, by its pointer.
fn texts<'a>(value: &'a Value, at: &mut String, found: &mut Vec<(String, &'a str)>) {
    let before = at.len();
    match value {
        Value::String(text) => found.push((at.clone(), text)),
        Value::Array(all) => {
            for (place, value) in all.iter().enumerate() {
                at.push_str(&format!("/{place}"));
                texts(value, at, found);
                at.truncate(before);
            }
        }
        Value::Object(all) => {
            for (name, value) in all {
                at.push('/');
                at.push_str(&escaped(name));
                texts(value, at, found);
                at.truncate(before);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

#[cfg(test)]
mod tests {
    use super::{place, pointer_of, told};
    use kaoping_terms::{Diagnostic, Text};
    use serde_json::json;

    fn at(name: &'static str, message: &str, body: &serde_json::Value) -> serde_json::Value {
        let mut findings = [Diagnostic::error(name, Text::new(message, ""))];
        place(&mut findings, body.to_string().as_bytes());
        told(&findings[0])
    }

    #[test]
    fn a_finding_is_placed_in_the_body() {
        let body = json!({"act": {"submit-report": {"collection": "七月", "office": "甲县", "figures": [
            {"figure": "新增就业", "value": "abc"}, {"figure": "失业率", "value": "abc"},
        ]}}});
        let pointer = |pointer: &str| json!({"what": "body", "pointer": pointer});
        let wrong = "“甲县”的“失业率”：“abc”用不上";
        assert_eq!(at("value-not-fitting", wrong, &body), pointer("/act/submit-report/figures/1/value"));
        let unknown = "没有这个填报任务：“七月”";
        assert_eq!(at("not-in-the-record", unknown, &body), pointer("/act/submit-report/collection"));
        assert_eq!(at("reason-needed", "要写明原因", &body), pointer("/why"));
        assert_eq!(at("not-now", "还缺登记数", &body), pointer("/act/submit-report"));
        assert_eq!(at("not-in-the-record", "没有", &json!(null)), json!({"what": "path"}));
    }

    #[test]
    fn paths_become_pointers() {
        assert_eq!(pointer_of("act.submit-report.figures[0].value"), "/act/submit-report/figures/0/value");
        assert_eq!((pointer_of("?").as_str(), pointer_of(".").as_str()), ("", ""));
    }
}
