//! Findings for people, in the manner of rustc.
//!
//! `annotate-snippets` draws the source line with its carets and labels; it counts a Chinese
//! character as two columns. The header and the lines below are ours, because the library
//! puts a colon behind 依据 and 办法 and after every name. It is given one line at a time,
//! cut around the carets, because it would walk the whole file for each finding, and a row
//! of 5,000 characters helps nobody.

use super::{
    lines::{Lines, Spot},
    width::{char_width, tame},
};
use annotate_snippets::{AnnotationKind, Group, Level as Look, Renderer, Snippet};
use kaoping_terms::{Diagnostic, Lang, Level, Sources};
use std::ops::Range;

/// Columns of a source line that are shown; a longer one is cut around its carets.
const SHOWN: usize = 120;

/// Renders every finding and a closing line that counts them.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang, colour: bool) -> String {
    let mut lines = Lines::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&finding(diagnostic, &mut lines, lang, colour));
        out.push('\n');
    }
    out.push_str(&summary(diagnostics, lang));
    out.push('\n');
    out
}

/// `3 个错误，12 个警告，4 个提示`: what there is of each, or that there is nothing.
pub fn summary(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let count = |level: Level| -> usize {
        diagnostics.iter().filter(|finding| finding.level == level).map(|finding| finding.count).sum()
    };
    let parts: Vec<String> = [Level::Error, Level::Warning, Level::Note]
        .into_iter()
        .filter(|level| count(*level) > 0)
        .map(|level| match (lang, count(level)) {
            (Lang::Zh, count) => format!("{count} 个{}", level_name(level, lang)),
            (Lang::En, 1) => format!("1 {}", level_name(level, lang)),
            (Lang::En, count) => format!("{count} {}s", level_name(level, lang)),
        })
        .collect();
    match (parts.is_empty(), lang) {
        (true, Lang::Zh) => "没有发现问题".to_owned(),
        (true, Lang::En) => "no findings".to_owned(),
        (false, Lang::Zh) => parts.join("，"),
        (false, Lang::En) => parts.join(", "),
    }
}

fn level_name(level: Level, lang: Lang) -> &'static str {
    match (level, lang) {
        (Level::Error, Lang::Zh) => "错误",
        (Level::Warning, Lang::Zh) => "警告",
        (Level::Note, Lang::Zh) => "提示",
        (Level::Error, Lang::En) => "error",
        (Level::Warning, Lang::En) => "warning",
        (Level::Note, Lang::En) => "note",
    }
}

fn finding(diagnostic: &Diagnostic, lines: &mut Lines<'_>, lang: Lang, colour: bool) -> String {
    let mut out = header(diagnostic, lang, colour);
    let spots = spots(diagnostic, lines, lang);
    let gutter = spots.iter().map(|marked| marked.spot.position.line.to_string().len()).max().unwrap_or(1);
    if !spots.is_empty() {
        out.push_str(&snippets(diagnostic.level, &spots, gutter, colour));
    }
    let mut footers = footers(diagnostic, lang);
    let places = elsewhere(diagnostic, lines, lang);
    if !places.is_empty() {
        footers.insert(0, (if lang == Lang::Zh { "另见" } else { "also" }, places));
    }
    if !spots.is_empty() && !footers.is_empty() {
        out.push_str(&format!("{:gutter$} {}\n", "", paint("|", BLUE, colour)));
    }
    for (key, words) in footers {
        let (mark, key) = (paint("=", BLUE, colour), paint(key, BOLD, colour));
        out.push_str(&format!("{:gutter$} {mark} {key} {words}\n", ""));
    }
    out
}

const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const GREEN: &str = "1;32";
const BLUE: &str = "1;34";
const BOLD: &str = "1";

fn paint(words: &str, style: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[{style}m{words}\u{1b}[0m") } else { words.to_owned() }
}

fn header(diagnostic: &Diagnostic, lang: Lang, colour: bool) -> String {
    let style = match diagnostic.level {
        Level::Error => RED,
        Level::Warning => YELLOW,
        Level::Note => GREEN,
    };
    let name = format!("{}[{}]", level_name(diagnostic.level, lang), diagnostic.name);
    let colon = if lang == Lang::En { ":" } else { "" };
    let message = paint(&tame(diagnostic.message.get(lang)), BOLD, colour);
    format!("{}{colon} {message}\n", paint(&name, style, colour))
}

/// The lines below the carets: what the regulation says, why, what next.
fn footers(diagnostic: &Diagnostic, lang: Lang) -> Vec<(&'static str, String)> {
    let keys = match lang {
        Lang::Zh => ["依据", "原因", "办法"],
        Lang::En => ["source", "why", "next"],
    };
    let source = diagnostic.source.as_ref().map(|quote| {
        let mut words = if quote.document.is_empty() { String::new() } else { format!("《{}》", quote.document) };
        words.push_str(&quote.clause);
        if !quote.quote.is_empty() {
            words.push_str(&format!(" “{}”", quote.quote));
        }
        words.trim().to_owned()
    });
    let words = [source.unwrap_or_default(), diagnostic.why.get(lang).to_owned(), diagnostic.next.get(lang).to_owned()];
    keys.into_iter().zip(words).filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, tame(&words))).collect()
}

/// Further places of the same fault, about which nothing more is to be said: by line alone.
fn elsewhere(diagnostic: &Diagnostic, lines: &mut Lines<'_>, lang: Lang) -> String {
    let mut files: Vec<(String, Vec<String>)> = Vec::new();
    for (place, _) in diagnostic.related.iter().filter(|(_, remark)| remark.zh.is_empty()) {
        let Some(spot) = lines.spot(*place) else { continue };
        let line = spot.position.line.to_string();
        match files.iter_mut().find(|(path, _)| path == spot.path) {
            Some((_, known)) if !known.contains(&line) => known.push(line),
            Some(_) => {}
            None => files.push((spot.path.to_owned(), vec![line])),
        }
    }
    let (between, and) = if lang == Lang::Zh { ("、", "；") } else { (", ", "; ") };
    let files: Vec<String> = files.into_iter().map(|(path, known)| format!("{path}:{}", known.join(between))).collect();
    files.join(and)
}

/// A place with what is written beside its carets.
struct Marked<'s> {
    spot: Spot<'s>,
    remark: String,
    primary: bool,
}

fn spots<'s>(diagnostic: &Diagnostic, lines: &mut Lines<'s>, lang: Lang) -> Vec<Marked<'s>> {
    let own = diagnostic.place.map(|place| (place, &diagnostic.label, true));
    let related = diagnostic.related.iter().filter(|(_, remark)| !remark.zh.is_empty());
    let related = related.map(|(place, remark)| (*place, remark, false));
    own.into_iter()
        .chain(related)
        .filter_map(|(place, remark, primary)| {
            let spot = lines.spot(place)?;
            Some(Marked { spot, remark: tame(remark.get(lang)), primary })
        })
        .collect()
}

/// The source lines, each once with all its carets, in the order they are first named.
fn snippets(level: Level, spots: &[Marked<'_>], gutter: usize, colour: bool) -> String {
    let mut out = String::new();
    let mut drawn = vec![false; spots.len()];
    for (at, first) in spots.iter().enumerate() {
        if drawn.get(at) == Some(&true) {
            continue;
        }
        let part = window(first.spot.line, &first.spot.span);
        let mut marks = Vec::new();
        for (done, other) in drawn.iter_mut().zip(spots).skip(at) {
            let (one, two) = (&other.spot, &first.spot);
            let same_line = one.path == two.path && one.position.line == two.position.line;
            // A place further along a long line gets a snippet of its own.
            if let Some(span) = within(&one.span, &part.1, part.2).filter(|_| same_line && !*done) {
                marks.push((other, span));
                *done = true;
            }
        }
        let bar = paint("|", BLUE, colour);
        let arrow = if at == 0 { "-->" } else { ":::" };
        if at > 0 {
            out.push_str(&format!("{:gutter$} {bar}\n", ""));
        }
        let (arrow, position) = (paint(arrow, BLUE, colour), first.spot.position);
        let (path, line, column) = (tame(first.spot.path), position.line, position.column);
        out.push_str(&format!("{:gutter$}{arrow} {path}:{line}:{column}\n", ""));
        // The library knows the line numbers of one snippet only.
        let short = gutter.saturating_sub(line.to_string().len());
        for row in snippet(level, part.0, line, &marks, colour).lines() {
            out.push_str(&format!("{:short$}{row}\n", ""));
        }
    }
    out
}

/// The text of one source line with carets under the spans.
fn snippet(level: Level, text: String, line: usize, marks: &[(&Marked<'_>, Range<usize>)], colour: bool) -> String {
    let look = match level {
        Level::Error => Look::ERROR,
        Level::Warning => Look::WARNING,
        Level::Note => Look::NOTE,
    };
    let mut snippet = Snippet::source(text).line_start(line);
    for (marked, span) in marks {
        let kind = if marked.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let remark = Some(marked.remark.as_str()).filter(|remark| !remark.is_empty());
        snippet = snippet.annotation(kind.span(span.clone()).label(remark));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // Wide enough that the library never cuts: the line already is.
    renderer.term_width(SHOWN * 100).render(&[Group::with_level(look).element(snippet)])
}

/// The part of a line that is shown around `span`: its text, the bytes of the line it holds,
/// and how many bytes stand before them in the text.
fn window(line: &str, span: &Range<usize>) -> (String, Range<usize>, usize) {
    const MARK: &str = "…";
    let shown = |text: &str| text.chars().map(char_width).sum::<usize>() <= SHOWN;
    // Four bytes a column at most, so a longer line need not be measured to its end.
    if line.len() <= SHOWN * 4 && shown(line) {
        return (tame_line(line), 0..line.len(), 0);
    }
    let before = line.get(..span.start).unwrap_or("");
    let after = line.get(span.start..).unwrap_or("");
    let taken = |columns: usize, c: char, used: &mut usize| {
        *used += char_width(c);
        *used <= columns
    };
    let mut used = 0;
    let back: usize = before.chars().rev().take_while(|c| taken(SHOWN / 3, *c, &mut used)).map(char::len_utf8).sum();
    let mut used = 0;
    let forth: usize = after.chars().take_while(|c| taken(SHOWN * 2 / 3, *c, &mut used)).map(char::len_utf8).sum();
    let range = span.start - back..span.start + forth;
    let lead = if range.start > 0 { MARK } else { "" };
    let tail = if range.end < line.len() { MARK } else { "" };
    let text = format!("{lead}{}{tail}", tame_line(line.get(range.clone()).unwrap_or("")));
    (text, range, lead.len())
}

/// A source line whose control characters are blanks; its bytes stay where they are.
fn tame_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            // A tab too: the library would widen it to four columns and our cut would not.
            c if c.is_ascii_control() => out.push(' '),
            c if c.is_control() => out.push_str("  "),
            c => out.push(c),
        }
    }
    out
}

/// The span within the shown text, cut to it; none where it lies outside.
fn within(span: &Range<usize>, window: &Range<usize>, lead: usize) -> Option<Range<usize>> {
    (span.start >= window.start && span.start <= window.end).then(|| {
        let from = span.start - window.start + lead;
        from..(span.end.min(window.end) - window.start + lead).max(from)
    })
}

#[cfg(test)]
#[path = "findings_tests.rs"]
mod tests;
