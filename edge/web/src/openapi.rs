//! The document of the interface (OpenAPI 3.1), made from the table of routes.

use crate::{
    api::{lists, rounds},
    router::{Body, Form, May, Method, ROUTES, Route},
};
use kaoping_office::{Act, calendar::MOST_WORKING_DAYS, state::PersonField, tables::TABLES};
use serde_json::{Map, Value, json};

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let place = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(methods) = place {
            methods.insert(route.method.name().to_ascii_lowercase(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "考评 Kaoping",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "每个清单都有 .csv。办事用 POST /api/deeds，带 Idempotency-Key：同一个编号只办一次。\n\
                Every list has a .csv. Deeds go to POST /api/deeds with an Idempotency-Key: one key is one deed.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "kaoping"}},
            "schemas": {"Problem": problem(), "Act": act(), "Page": page()},
        },
    })
}

fn operation(route: &Route) -> Value {
    let (zh, en) = route.about;
    let mut operation = json!({
        "summary": format!("{zh} / {en}"),
        "parameters": parameters(route),
        "responses": {
            success(route): {"description": zh, "content": content(route)},
            "default": {
                "description": "没有办成 / not done",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
        "x-may": who(route.may),
    });
    if success(route) == "201" {
        // The same deed sent again.
        operation["responses"]["200"] = operation["responses"]["201"].clone();
    }
    if let Value::Object(fields) = &mut operation {
        if !matches!(route.may, May::Anybody | May::Near) {
            fields.insert("security".into(), json!([{"session": []}]));
        }
        if let Some(body) = request_body(route.path, route.body) {
            fields.insert("requestBody".into(), body);
        }
    }
    operation
}

fn who(may: May) -> &'static str {
    match may {
        May::Anybody => "anybody",
        May::Near => "programs on the same machine, the system administrator",
        May::Oneself => "whoever is signed in, also before the first password was changed",
        May::SignedIn => "whoever is signed in; lists hold what the account sees",
        May::Accounts => "administrators and auditors",
        May::Record => "auditors and the audit administrator",
        May::SystemAdmin => "the system administrator",
    }
}

fn success(route: &Route) -> &'static str {
    let kept = ["/api/what-if/", "/api/policy-drafts/"];
    match (route.method, route.path) {
        // These write nothing into the record.
        (Method::Post, path) if kept.iter().any(|kept| path.starts_with(kept)) => "200",
        (Method::Post, path)
            if path == "/api/deeds" || path.contains('{') || matches!(path, "/api/contents" | "/api/persons") =>
        {
            "201"
        }
        _ => "200",
    }
}

fn content(route: &Route) -> Value {
    match route.form {
        Form::Json => json!({"application/json": {}}),
        Form::List => json!({
            "application/json": {"schema": {"$ref": "#/components/schemas/Page"}},
            "text/csv": {},
        }),
        Form::Other | Form::Page => json!({"*/*": {}}),
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let parameter = |name: &str, place: &str| {
        let schema = match name {
            "on" => json!({"type": "string", "format": "date"}),
            "limit" => json!({"type": "integer", "minimum": 1, "maximum": most_rows(route)}),
            _ => json!({"type": "string"}),
        };
        json!({"name": name, "in": place, "required": place == "path", "schema": schema})
    };
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut all: Vec<Value> = in_path.map(|name| parameter(name, "path")).collect();
    all.extend(route.parameters.iter().map(|name| parameter(name, "query")));
    if let Some(table) = route.table().and_then(|table| TABLES.get(table)) {
        let columns = table.key.iter().chain(table.columns).map(|column| column.name);
        all.extend(columns.chain(["limit", "cursor"]).map(|name| parameter(name, "query")));
    }
    if matches!(route.method, Method::Put | Method::Delete) {
        all.push(parameter("If-Match", "header"));
    }
    if matches!(route.body, Body::Json(fields) if fields.contains(&"id?")) {
        all.push(parameter("Idempotency-Key", "header"));
    }
    all
}

/// How many rows a page of that list can have.
fn most_rows(route: &Route) -> usize {
    if route.path == "/api/rounds" { rounds::MOST } else { lists::MOST }
}

fn request_body(path: &str, body: Body) -> Option<Value> {
    match body {
        Body::Nothing => None,
        Body::Bytes => Some(json!({"content": {"application/octet-stream": {}}})),
        Body::Json(fields) => {
            let name = |field: &str| field.trim_end_matches('?').to_owned();
            let required: Vec<String> =
                fields.iter().filter(|field| !field.ends_with('?')).map(|field| name(field)).collect();
            let properties: Map<String, Value> =
                fields.iter().map(|field| (name(field), field_schema(path, &name(field)))).collect();
            let schema = json!({
                "type": "object", "properties": properties, "required": required, "additionalProperties": false,
            });
            Some(json!({"content": {"application/json": {"schema": schema}}}))
        }
    }
}

/// Objects with those fields, of which those with a `?` may be absent, and nothing else.
fn objects(fields: &[(&str, Value)]) -> Value {
    let name = |field: &str| field.trim_end_matches('?').to_owned();
    let required = fields.iter().filter(|(field, _)| !field.ends_with('?')).map(|(field, _)| name(field));
    let required: Vec<String> = required.collect();
    let properties: Map<String, Value> = fields.iter().map(|(field, schema)| (name(field), schema.clone())).collect();
    json!({"type": "array", "items": {
        "type": "object", "required": required, "properties": properties, "additionalProperties": false,
    }})
}

/// A field of a body. Two addresses may mean different things by one name.
fn field_schema(path: &str, name: &str) -> Value {
    let text = json!({"type": "string"});
    let hash = json!({"type": "string", "pattern": "^(sha256|sm3):[0-9a-f]{64}$"});
    let number = json!({"type": ["integer", "null"], "minimum": 0});
    match (name, path) {
        ("act", _) => json!({"$ref": "#/components/schemas/Act"}),
        ("files", "/api/schemes/{scheme}") => objects(&[("path", text), ("content", hash)]),
        ("files", _) => objects(&[("path", text.clone()), ("text", text)]),
        ("changes", _) => objects(&[("indicator", text.clone()), ("what?", text.clone()), ("value", text)]),
        ("figures", "/api/what-if/{scheme}") => {
            objects(&[("unit?", text.clone()), ("indicator", text.clone()), ("field", text.clone()), ("value", text)])
        }
        ("figures", _) => objects(&[
            ("figure", text.clone()),
            ("value?", text.clone()),
            ("answer?", text),
            ("evidence?", json!({"type": "array", "items": hash})),
        ]),
        ("judged", _) => {
            objects(&[("award", text.clone()), ("office", text.clone()), ("place?", number), ("reason", text)])
        }
        ("replaces" | "base", _) => number,
        ("objection_days", _) => json!({"type": "integer", "minimum": 0, "maximum": MOST_WORKING_DAYS}),
        ("bindings", _) => json!({"type": "object", "additionalProperties": text}),
        ("evidence", _) => json!({"type": "array", "items": hash}),
        ("fields", _) => json!({"type": "array", "items": {"type": "string", "enum": names_of_fields()}}),
        ("data", _) => json!({
            "type": "object",
            "propertyNames": {"enum": names_of_fields()},
            "additionalProperties": text,
        }),
        ("approved", _) => json!({"type": "boolean"}),
        _ => text,
    }
}

fn names_of_fields() -> Vec<&'static str> {
    PersonField::ALL.iter().map(|field| field.name()).collect()
}

/// An example of each deed, by its name.
const DEEDS: &str = include_str!("deeds.json");

/// What a second person decides: an example of each, as what `propose` says.
const PROPOSALS: &str = include_str!("proposals.json");

/// An example of each deed. A test reads each back.
pub fn deeds() -> Map<String, Value> {
    serde_json::from_str(DEEDS).unwrap_or_default()
}

/// An example of `propose` for each thing a second person decides.
pub fn proposals() -> Vec<Value> {
    serde_json::from_str(PROPOSALS).unwrap_or_default()
}

fn act() -> Value {
    let more = proposals().into_iter().map(|says| ("propose".to_owned(), says));
    let examples: Vec<Value> =
        deeds().into_iter().chain(more).map(|(name, says)| Value::Object(Map::from_iter([(name, says)]))).collect();
    json!({
        "examples": examples,
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"enum": Act::NAMES},
        "description": "一件事：名称和它的内容；日子写 2026-01-05 / one deed: its name and what it says; a day is \
             written 2026-01-05",
    })
}

fn problem() -> Value {
    let text = json!({"type": "string"});
    let place = json!({
        "type": ["object", "null"],
        "description": "body 加 pointer，parameter、header 加 name，path，或一个文件加行列 / body with its pointer, a \
             parameter or header with its name, the path, or a file with line and column",
        "properties": {"what": text, "pointer": text, "name": text, "line": {"type": "integer"}, "column": {"type": "integer"}},
    });
    json!({
        "type": "object",
        "required": ["type", "title", "status", "findings"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "retry_after": {"type": "integer"},
            "findings": {"type": "array", "items": {
                "type": "object",
                "properties": {"name": text, "level": {"enum": ["error", "warning", "note"]}, "where": place, "message": text, "why": text, "next": text},
            }},
        },
    })
}

fn page() -> Value {
    json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"], "description": "下一页的地址 / the address of the next page"},
        },
    })
}
