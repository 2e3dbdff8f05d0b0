//! What is answered: JSON, a list as JSON or CSV, a file.

use crate::headings;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use kaoping_ledger::Algorithm;
use kaoping_pages::Html;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// What a page may do: style, scripts and pictures of this server alone, and nothing written into the page itself.
pub(crate) const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// What it holds.
    pub content: Content,
    /// Headers of its own.
    pub headers: HeaderMap,
}

/// What an answer holds.
#[derive(Debug)]
pub enum Content {
    /// JSON.
    Json(Value),
    /// A list, as JSON or CSV.
    List(List),
    /// A table as CSV, whatever form was asked for; its first row is the header.
    Sheet(Vec<Vec<String>>),
    /// A text of that type.
    Text(&'static str, String),
    /// A file to be kept, never shown: its bytes and what it is called.
    File(Vec<u8>, String),
    /// A part of the program: its type and its bytes.
    Part(&'static str, &'static [u8]),
    /// A page.
    Page(Html),
}

/// A page of a list.
#[derive(Debug)]
pub struct List {
    /// The names of its columns.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
    /// The address of the next page; absent at the end.
    pub next: Option<String>,
}

/// A form lists are answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

impl Answer {
    /// JSON.
    pub fn json(value: Value) -> Self {
        Self::new(StatusCode::OK, Content::Json(value))
    }

    /// A list.
    pub fn list(list: List) -> Self {
        Self::new(StatusCode::OK, Content::List(list))
    }

    /// Anything.
    pub fn new(status: StatusCode, content: Content) -> Self {
        Self { status, content, headers: HeaderMap::new() }
    }

    /// A page.
    pub fn page(page: Html) -> Self {
        Self::new(StatusCode::OK, Content::Page(page))
    }

    /// The way to another page.
    pub fn elsewhere(path: &str) -> Self {
        Self::new(StatusCode::SEE_OTHER, Content::Text("text/plain; charset=utf-8", String::new()))
            .with(header::LOCATION, path)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// The answer as it is sent. One that the asker has already is not sent again.
    pub(crate) fn response(self, format: Format, known: Option<&str>, in_chinese: bool) -> Response<Body> {
        let Self { status, content, mut headers } = self;
        let (kind, bytes) = match content {
            Content::Json(value) => ("application/json", line(&value)),
            Content::Text(kind, text) => (kind, text.into_bytes()),
            Content::Part(kind, bytes) => (kind, bytes.to_vec()),
            Content::Page(Html(text)) => {
                insert(&mut headers, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
                ("text/html; charset=utf-8", text.into_bytes())
            }
            Content::File(bytes, name) => {
                insert(&mut headers, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
                ("application/octet-stream", bytes)
            }
            Content::Sheet(rows) => {
                let plain = |row: Vec<String>| row.iter().map(|cell| guarded(cell)).collect();
                ("text/csv; charset=utf-8", csv_of(rows.into_iter().map(plain)))
            }
            Content::List(list) => {
                if let Some(next) = &list.next {
                    insert(&mut headers, header::LINK, &format!("<{next}>; rel=\"next\""));
                }
                match format {
                    Format::Json => ("application/json", list.json()),
                    Format::Csv => ("text/csv; charset=utf-8", list.csv(in_chinese)),
                }
            }
        };
        // For these, and for what browsers are to know: it does not grow twice.
        headers.reserve(MOST_HEADERS);
        insert(&mut headers, header::CONTENT_TYPE, kind);
        let mut same = false;
        if status == StatusCode::OK {
            let own = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            let tag = own.unwrap_or_else(|| format!("\"{}\"", short(&bytes)));
            same = known.is_some_and(|known| known.split(',').any(|known| is_tag(known, &tag)));
            insert(&mut headers, header::ETAG, &tag);
            // What is not to be kept says so itself.
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        }
        let mut response = Response::new(if same { Body::empty() } else { Body::from(bytes) });
        *response.status_mut() = if same { StatusCode::NOT_MODIFIED } else { status };
        *response.headers_mut() = headers;
        response
    }
}

/// So many headers an answer has, at most.
const MOST_HEADERS: usize = 12;

/// Whether a tag somebody knows is that one. Proxies that pack an answer call its tag weak; `*` is any.
fn is_tag(known: &str, tag: &str) -> bool {
    let known = known.trim();
    known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
}

fn line(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Tells bytes apart: 128 bits of their hash.
fn short(bytes: &[u8]) -> String {
    let text = Algorithm::Sha256.hash(&[bytes]).to_string();
    text.get(7..39).unwrap_or_default().to_owned()
}

/// A page of a list in JSON.
#[derive(Serialize)]
struct Page<'a> {
    items: Vec<Item<'a>>,
    next: Option<&'a str>,
}

/// A row with the names of its columns.
struct Item<'a>(&'a [&'static str], &'a [Value]);

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

impl List {
    /// Written as it stands: a page of a thousand rows is not made a second time to be written.
    fn json(&self) -> Vec<u8> {
        let items = self.rows.iter().map(|row| Item(&self.columns, row)).collect();
        // Writing to memory does not fail.
        let mut bytes = serde_json::to_vec(&Page { items, next: self.next.as_deref() }).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    fn csv(&self, in_chinese: bool) -> Vec<u8> {
        let heading = |name: &&str| if in_chinese { headings::chinese(name) } else { (*name).to_owned() };
        let head = self.columns.iter().map(heading).collect();
        csv_of(std::iter::once(head).chain(self.rows.iter().map(|row| row.iter().map(cell).collect())))
    }
}

/// UTF-8 with a mark at the beginning, because spreadsheets take it for a local encoding otherwise.
fn csv_of(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    // Writing to memory does not fail.
    rows.for_each(|row| drop(writer.write_record(row)));
    writer.into_inner().unwrap_or_default()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => guarded(text),
        Value::Array(_) | Value::Object(_) => guarded(&value.to_string()),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: a quotation mark goes before it. Numbers stay.
fn guarded(text: &str) -> String {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let risky = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if risky && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = digits.strip_suffix('%').unwrap_or(digits);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, rest].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn no_cell_becomes_a_formula() {
        for risky in ["=1+1", "+cmd", "-2+3", "@SUM", "\t=1", "\r=1", "＝1", " =1", "-", "\u{3000}=1", "-1.2.3"] {
            assert_eq!(guarded(risky), format!("'{risky}"));
        }
        for plain in ["", "乙县", "-5", "+3.25", "97.25", "-12%", "1=1", "a@b"] {
            assert_eq!(guarded(plain), plain);
        }
    }
}
