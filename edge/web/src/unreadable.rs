//! What is wrong with a body that cannot be read, in the words of people: serde's own are English and name types of
//! the program.

use kaoping_terms::{Text, nearest::nearest};

/// Why a body is not of its form: where in it (`act.submit-report.figures[0].value`, or nothing at the top), and
/// what serde said of it.
pub(crate) fn words(path: &str, said: &str) -> Text {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    // A deed of no name, or of two: what is said of the bracket behind it is of no use.
    let one_deed = path.starts_with("act") && !path.contains('.') && said.starts_with("expected value");
    let text = kinds(said).filter(|_| !one_deed).or_else(|| {
        one_deed.then(|| {
            Text::new(
                "一次办一件事，写成 {\"名称\":{内容}}；少了名称、写了两件、缺了括号都读不出来",
                "one deed at a time, written {\"name\":{…}}: it has no name, there are two, or a bracket is missing",
            )
        })
    });
    let text = text.unwrap_or_else(|| {
        Text::new(
            "这一处不是 JSON，或缺了括号、引号、逗号",
            "this is not JSON, or a bracket, quote or comma is missing",
        )
    });
    match path.trim_end_matches(".?") {
        "" | "." | "?" => text,
        path => Text::new(format!("{path}：{}", text.zh), format!("{path}: {}", text.en)),
    }
}

/// The kinds of faults that serde tells.
fn kinds(said: &str) -> Option<Text> {
    let (kind, rest) = ["missing field ", "unknown field ", "duplicate field ", "unknown variant ", "invalid type: "]
        .iter()
        .chain(&["invalid value: ", "invalid length "])
        .find_map(|kind| Some((*kind, said.strip_prefix(kind)?)))
        .unwrap_or(("", said));
    let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, ""));
    let name = found.trim_matches('`');
    Some(match kind {
        "missing field " => Text::new(format!("缺“{name}”"), format!("`{name}` is missing")),
        "duplicate field " => Text::new(format!("“{name}”写了两次"), format!("`{name}` is there twice")),
        "unknown field " => {
            let known = names(expected);
            Text::new(
                format!("没有“{name}”这一项{}", of(&known, name).zh),
                format!("there is no `{name}`{}", of(&known, name).en),
            )
        }
        "unknown variant " => {
            let known = names(expected);
            Text::new(
                format!("不能是“{name}”{}", of(&known, name).zh),
                format!("it cannot be `{name}`{}", of(&known, name).en),
            )
        }
        "" => match said {
            said if said.contains("EOF") => Text::new("没有写完就断了", "it ends in the middle"),
            said if said.starts_with("trailing characters") => {
                Text::new("写完以后还有多余的字", "something follows after its end")
            }
            said if said.starts_with("recursion limit") => Text::new("套得太深", "it is nested too deeply"),
            said if said.starts_with("number out of range") => Text::new("数太大", "the number is too large"),
            said if said.starts_with("a period is") => {
                Text::new("期间要写成 2026、2026-H1、2026-Q3、2026-07 或 2026-07-31", said)
            }
            said if said.contains(" working days at most, not ") => {
                let most = said.split(' ').next().unwrap_or_default();
                let given = said.rsplit(' ').next().unwrap_or_default();
                Text::new(format!("最多 {most} 个工作日，写的是 {given}"), said)
            }
            said if said.starts_with("expected `sha256:`") => {
                Text::new("散列要写成 sha256: 或 sm3: 加 64 位十六进制数", said)
            }
            _ => return None,
        },
        "invalid length " => match expected.rsplit(' ').next().filter(|many| many.parse::<u32>().is_ok()) {
            Some(many) => Text::new(
                format!("一列里要 {many} 项，写了 {name} 项"),
                format!("the list should have {many} parts, it has {name}"),
            ),
            None => Text::new(format!("写了 {name} 项，项数不对"), format!("it has {name} parts, which is not right")),
        },
        _ => {
            let (found, wanted) = (thing(found), thing(expected));
            Text::new(
                format!("要{}，写的是{}", wanted.zh, found.zh),
                format!("it should be {}, it is {}", wanted.en, found.en),
            )
        }
    })
}

/// The names serde puts between backticks.
fn names(expected: &str) -> Vec<&str> {
    expected.split('`').skip(1).step_by(2).collect()
}

/// Which names there are, if they are few; else the one most like it.
fn of(known: &[&str], name: &str) -> Text {
    let near = nearest(name, known.iter().copied());
    match known.len() {
        13.. if let Some(near) = near => Text::new(
            format!("，是不是“{near}”？有哪些见 /openapi.json"),
            format!("; perhaps `{near}` is meant, /openapi.json lists them all"),
        ),
        0 => Text::default(),
        1..=12 => Text::new(format!("，可以是：{}", known.join("、")), format!("; there is: {}", known.join(", "))),
        _ => Text::new("，有哪些见 /openapi.json", "; /openapi.json lists them all"),
    }
}

/// A whole number that goes no further.
fn up_to(most: u32) -> Text {
    Text::new(format!("从 0 到 {most} 的整数"), format!("a whole number from 0 to {most}"))
}

/// A thing as serde names it: `string "abc"`, `u64`, `a sequence`, `struct Envelope`.
fn thing(named: &str) -> Text {
    let (kind, value) = named.split_once(' ').unwrap_or((named, ""));
    let value = value.trim_matches('`');
    match kind {
        "string" => Text::new(format!("文字 {value}"), format!("the text {value}")),
        "integer" | "floating" | "number" => {
            let value = value.trim_start_matches("point ").trim_matches('`');
            Text::new(format!("数 {value}"), format!("the number {value}"))
        }
        "boolean" => Text::new(format!("真假值 {value}"), format!("the boolean {value}")),
        "null" | "unit" => Text::new("空值 null", "null"),
        "map" | "struct" | "newtype" => Text::new("一组 { }", "an object { }"),
        "sequence" | "tuple" => Text::new("一列 [ ]", "a list [ ]"),
        "a" | "an" if value.starts_with("string") || value.starts_with("str") => Text::new("文字", "a text"),
        "a" if value.starts_with("day of") => {
            Text::new("历上有的一天，写作 2014-12-31", "a day of the calendar, written 2014-12-31")
        }
        "a" | "an" if value.starts_with("bool") => Text::new("真假值 true、false", "true or false"),
        "a" | "an" if value.starts_with("sequence") || value.starts_with("tuple") => {
            Text::new("一列 [ ]", "a list [ ]")
        }
        "a" | "an" if value.starts_with("map") => Text::new("一组 { }", "an object { }"),
        "u8" => up_to(u8::MAX.into()),
        "u16" => up_to(u16::MAX.into()),
        "u32" => up_to(u32::MAX),
        "u64" | "usize" | "u128" => Text::new("不小于 0 的整数", "a whole number, not below 0"),
        "i8" | "i16" | "i32" | "i64" | "isize" => Text::new("整数", "a whole number"),
        _ => Text::new("另一种写法（见 /openapi.json）", "of another form (see /openapi.json)"),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    enum Deed {
        Count { number: u32, names: Vec<String>, sure: bool, pair: Option<(String, String)> },
        Nothing {},
    }

    /// What is said of a body, in Chinese and English.
    fn said(body: &str) -> String {
        let mut reader = serde_json::Deserializer::from_str(body);
        let read: Result<Deed, _> = serde_path_to_error::deserialize(&mut reader);
        match read.err().map(|fault| words(&fault.path().to_string(), &fault.inner().to_string())) {
            Some(text) => format!("{} | {}", text.zh, text.en),
            None => "no fault".to_owned(),
        }
    }

    /// Every kind of fault is told without the words of the program.
    #[test]
    fn a_fault_of_a_body_is_told_in_words() {
        let told = [
            (r#"{"count":{"number":1,"names":[]}}"#, "count：缺“sure” | count: `sure` is missing"),
            (
                r#"{"count":{"numbre":1}}"#,
                "count.numbre：没有“numbre”这一项，可以是：number、names、sure、pair | \
                 count.numbre: there is no `numbre`; there is: number, names, sure, pair",
            ),
            (r#"{"add":{}}"#, "不能是“add”，可以是：count、nothing | it cannot be `add`; there is: count, nothing"),
            (
                r#"{"count":{"number":"3"}}"#,
                "count.number：要从 0 到 4294967295 的整数，写的是文字 \"3\" | \
                 count.number: it should be a whole number from 0 to 4294967295, it is the text \"3\"",
            ),
            (
                r#"{"count":{"number":-3}}"#,
                "count.number：要从 0 到 4294967295 的整数，写的是数 -3 | \
                 count.number: it should be a whole number from 0 to 4294967295, it is the number -3",
            ),
            (
                r#"{"count":{"names":[1.5]}}"#,
                "count.names[0]：要文字，写的是数 1.5 | count.names[0]: it should be a text, it is the number 1.5",
            ),
            (
                r#"{"count":{"names":{}}}"#,
                "count.names：要一列 [ ]，写的是一组 { } | count.names: it should be a list [ ], it is an object { }",
            ),
            (
                r#"{"count":{"sure":null}}"#,
                "count.sure：要真假值 true、false，写的是空值 null | count.sure: it should be true or false, it is null",
            ),
            (r#"{"count":{"number":1,"number":2}}"#, "count：“number”写了两次 | count: `number` is there twice"),
            (
                r#"{"count":{"pair":[]}}"#,
                "count.pair：一列里要 2 项，写了 0 项 | count.pair: the list should have 2 parts, it has 0",
            ),
            (r#"{"count":{"number":1"#, "count：没有写完就断了 | count: it ends in the middle"),
            (
                r#"{"count" 1}"#,
                "这一处不是 JSON，或缺了括号、引号、逗号 | this is not JSON, or a bracket, quote or comma is missing",
            ),
        ];
        let wrong: Vec<_> = told.iter().filter(|(body, expected)| said(body) != *expected).collect();
        assert!(wrong.is_empty(), "{:#?}", wrong.iter().map(|(body, _)| said(body)).collect::<Vec<_>>());
        assert_eq!(said(r#"{"nothing":{}}"#), "no fault");
    }
}
