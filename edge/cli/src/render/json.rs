//! Findings for machines.

use super::lines::Lines;
use kaoping_terms::{Diagnostic, Lang, Level, Place, Sources};
use serde_json::{Map, Value, json};

/// `{"findings":[{"name","level","message","why","file","line","column","source","next",
/// "label","related"}]}`. Where a finding has no place, file, line and column are null;
/// lines and columns count from 1, columns in characters. `source` is null or
/// `{"document","clause","quote"}`; `related` lists `{"file","line","column","message"}`.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> Value {
    let mut lines = Lines::new(sources);
    let findings: Vec<Value> = diagnostics.iter().map(|diagnostic| finding(diagnostic, &mut lines, lang)).collect();
    json!({ "findings": findings })
}

fn finding(diagnostic: &Diagnostic, lines: &mut Lines<'_>, lang: Lang) -> Value {
    let level = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut entry = Map::new();
    entry.insert("name".into(), diagnostic.name.into());
    entry.insert("level".into(), level.into());
    entry.insert("message".into(), diagnostic.message.get(lang).into());
    entry.insert("why".into(), diagnostic.why.get(lang).into());
    place(&mut entry, diagnostic.place, lines);
    // A file that is no text has no places, but a path and perhaps a line.
    if let Some(point) = diagnostic.file.as_ref().filter(|_| diagnostic.place.is_none()) {
        entry.insert("file".into(), point.path.as_str().into());
        if let Some((line, column)) = point.at {
            entry.insert("line".into(), line.into());
            entry.insert("column".into(), column.into());
        }
    }
    let source = diagnostic.source.as_ref().map_or(
        Value::Null,
        |quote| json!({ "document": quote.document, "clause": quote.clause, "quote": quote.quote }),
    );
    entry.insert("source".into(), source);
    entry.insert("next".into(), diagnostic.next.get(lang).into());
    entry.insert("label".into(), diagnostic.label.get(lang).into());
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|(at, remark)| {
            let mut entry = Map::new();
            place(&mut entry, Some(*at), lines);
            entry.insert("message".into(), remark.get(lang).into());
            Value::Object(entry)
        })
        .collect();
    entry.insert("related".into(), related.into());
    Value::Object(entry)
}

fn place(entry: &mut Map<String, Value>, place: Option<Place>, lines: &mut Lines<'_>) {
    let spot = place.and_then(|place| lines.spot(place));
    let (file, line, column) = match spot {
        Some(spot) => (spot.path.into(), spot.position.line.into(), spot.position.column.into()),
        None => (Value::Null, Value::Null, Value::Null),
    };
    entry.insert("file".into(), file);
    entry.insert("line".into(), line);
    entry.insert("column".into(), column);
}

#[cfg(test)]
mod tests {
    use super::to_json;
    use kaoping_terms::{Diagnostic, Lang, Place, Quote, Sources, Text};

    #[test]
    fn has_the_promised_shape() {
        let mut sources = Sources::default();
        let file = sources.add("甲/scheme.kp", "方案 甲\n块 组织 6 分\n");
        let quote = Quote { document: "规定".into(), clause: "二1".into(), quote: "6分".into() };
        let placed = Diagnostic::error("parts-do-not-sum", Text::new("不等", "unequal"))
            .at(Place::new(file, 22, 27))
            .label(Text::same("7"))
            .why(Text::new("原因", "why"))
            .next(Text::new("办法", "next"))
            .quoting(Some(quote))
            .also(Place::new(file, 0, 6), Text::new("这里", "here"));
        let general = Diagnostic::note("no-examples", Text::new("没有例子", "no examples"));
        let no_text = Diagnostic::error("file-encoding", Text::same("x")).in_file("乙.csv", Some((3, 4)));
        let shown = to_json(&[no_text], &sources, Lang::Zh).to_string();
        assert!(shown.contains(r#""file":"乙.csv","line":3,"column":4"#), "{shown}");
        let json = to_json(&[placed, general], &sources, Lang::Zh);
        let expected = concat!(
            r#"{"findings":[{"name":"parts-do-not-sum","level":"error","message":"不等","why":"原因","#,
            r#""file":"甲/scheme.kp","line":2,"column":6,"#,
            r#""source":{"document":"规定","clause":"二1","quote":"6分"},"next":"办法","label":"7","#,
            r#""related":[{"file":"甲/scheme.kp","line":1,"column":1,"message":"这里"}]},"#,
            r#"{"name":"no-examples","level":"note","message":"没有例子","why":"","#,
            r#""file":null,"line":null,"column":null,"source":null,"next":"","label":"","related":[]}]}"#,
        );
        assert_eq!(json.to_string(), expected);
    }
}
