//! The scheme a new policy begins with: a policy like any other (`policies/new`), checked
//! like any other, into which the table is put in place of its sample.

use kaoping_syntax::{
    ast::{Expr, ExprKind, File, PartKind, SettingKind},
    parse_file,
};
use kaoping_terms::{
    FileId, Place, Report,
    table::{self, Table},
};

const SCHEME: &str = include_str!("../../../../../policies/new/scheme.kp");
const SAMPLE: &str = include_str!("../../../../../policies/new/indicators.csv");

/// What is put into the template.
pub(super) struct Filling<'a> {
    /// Name of the scheme, a word of the language.
    pub(super) name: String,
    /// Its title.
    pub(super) title: String,
    /// The full mark, in points.
    pub(super) full_mark: String,
    /// Blocks of the table in text order; at least one.
    pub(super) blocks: &'a [String],
    /// Nouns of measure the language does not know.
    pub(super) nouns: &'a [String],
    /// Path and fingerprint of the library.
    pub(super) library: (&'a str, String),
    /// Whether any rule says who met the target, so that awards can ask for it.
    pub(super) says_met: bool,
}

/// The template, read.
pub(super) struct Template {
    file: File,
    sample: Table,
}

impl Template {
    /// The embedded template.
    pub(super) fn embedded() -> Self {
        Self { file: parse_file(FileId(0), SCHEME, &mut Report::new()), sample: table::read(FileId(1), SAMPLE) }
    }

    /// What the sample has under that heading: the first cell that is not empty.
    pub(super) fn sample(&self, heading: &str) -> Option<&str> {
        let column = self.sample.header.iter().position(|cell| cell.text == heading)?;
        let cells = self.sample.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.text.as_str()).find(|text| !text.is_empty())
    }

    /// The block the sample stands in.
    pub(super) fn block(&self) -> &str {
        self.sample("块").unwrap_or("")
    }

    /// The rule of a row that names none.
    pub(super) fn default_rule(&self) -> &str {
        self.settings()
            .find_map(|setting| match setting {
                SettingKind::DefaultRule(name) => Some(name.text.as_str()),
                _ => None,
            })
            .unwrap_or("")
    }

    /// Names of the blocks and items the scheme has besides the table.
    pub(super) fn own_names(&self) -> Vec<&str> {
        let names = self.file.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Block(block) => Some(block.name.name.text.as_str()),
            PartKind::Item(item) => Some(item.name.name.text.as_str()),
            _ => None,
        });
        names.filter(|name| *name != self.block()).collect()
    }

    fn settings(&self) -> impl Iterator<Item = &SettingKind> {
        let schemes = self.file.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Scheme(scheme) => Some(scheme),
            _ => None,
        });
        schemes.flat_map(|scheme| scheme.settings.iter().map(|setting| &setting.kind))
    }

    /// The scheme with the table in place of the sample.
    pub(super) fn fill(&self, filling: &Filling<'_>) -> String {
        let mut edits = Edits::default();
        for part in &self.file.parts {
            match &part.kind {
                PartKind::Use(used) => {
                    edits.set(used.path.place, format!("\"{}\"", filling.library.0));
                    if let Some(version) = &used.version {
                        edits.set(version.place, format!("\"{}\"", filling.library.1));
                    }
                }
                PartKind::Scheme(scheme) => {
                    for noun in filling.nouns {
                        edits.before(part.place, format!("单位名 {noun}\n"));
                    }
                    edits.set(scheme.name.place, filling.name.clone());
                    if let Some(title) = &scheme.title {
                        edits.set(title.place, format!("\"{}\"", filling.title));
                    }
                }
                PartKind::Block(block) if block.name.name.text == self.block() => {
                    let written = text(part.place);
                    let each = filling.blocks.iter().map(|name| {
                        let at = place_within(block.name.name.place, part.place);
                        let (head, tail) = (written.get(..at.0), written.get(at.1..));
                        format!("{}{name}{}", head.unwrap_or(""), tail.unwrap_or(""))
                    });
                    edits.set(part.place, each.collect::<Vec<_>>().join("\n"));
                }
                PartKind::Award(award) if !filling.says_met => {
                    if let Some(filter) = &award.filter {
                        edits.set(with_keyword(filter.place), String::new());
                    }
                }
                _ => {}
            }
        }
        for setting in self.settings() {
            match setting {
                SettingKind::FullMark(mark) => {
                    edits.set(mark.place, format!("{} 分", filling.full_mark));
                }
                SettingKind::Total(total) => {
                    if let Some(place) = place_of(total, self.block()) {
                        edits.set(place, filling.blocks.join(" + "));
                    }
                }
                _ => {}
            }
        }
        edits.apply()
    }
}

/// Whether a word may stand as a name in a policy of Chinese keywords.
pub(super) fn is_name(word: &str) -> bool {
    let mut report = Report::new();
    let file = parse_file(FileId(0), &format!("块 {word}\n"), &mut report);
    let [part] = file.parts.as_slice() else {
        return false;
    };
    let named = matches!(&part.kind, PartKind::Block(block)
        if block.name.name.text == word && block.name.alias.is_none() && block.points.is_none());
    named && part.authority.is_empty() && report.findings().is_empty()
}

fn text(place: Place) -> &'static str {
    SCHEME.get(place.start as usize..place.end as usize).unwrap_or("")
}

fn place_within(inner: Place, outer: Place) -> (usize, usize) {
    let from = |at: u32| at.saturating_sub(outer.start) as usize;
    (from(inner.start), from(inner.end))
}

/// A condition with the keyword before it.
fn with_keyword(filter: Place) -> Place {
    let before = SCHEME.get(..filter.start as usize).unwrap_or("");
    let start = before.trim_end().rfind(' ').unwrap_or(before.len());
    Place::new(filter.file, start, filter.end as usize)
}

/// Where a name stands in a sum.
fn place_of(expr: &Expr, name: &str) -> Option<Place> {
    match &expr.kind {
        ExprKind::Name(path) => path.first().filter(|first| first.text == name).map(|first| first.place),
        ExprKind::Binary(_, left, right) => place_of(left, name).or_else(|| place_of(right, name)),
        _ => None,
    }
}

/// Stretches of the template that are replaced.
#[derive(Default)]
struct Edits(Vec<(usize, usize, String)>);

impl Edits {
    fn set(&mut self, place: Place, by: String) {
        self.0.push((place.start as usize, place.end as usize, by));
    }

    fn before(&mut self, place: Place, what: String) {
        self.0.push((place.start as usize, place.start as usize, what));
    }

    fn apply(mut self) -> String {
        self.0.sort();
        let mut out = String::with_capacity(SCHEME.len());
        let mut done = 0;
        for (start, end, by) in self.0 {
            out.push_str(SCHEME.get(done..start).unwrap_or(""));
            out.push_str(&by);
            done = end;
        }
        out.push_str(SCHEME.get(done..).unwrap_or(""));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Filling, Template, is_name};

    #[test]
    fn the_table_takes_the_place_of_the_sample() {
        let template = Template::embedded();
        let blocks = ["经济".to_owned(), "社会".to_owned()];
        let filled = template.fill(&Filling {
            name: "甲".to_owned(),
            title: "甲县办法".to_owned(),
            full_mark: "12.5".to_owned(),
            blocks: &blocks,
            nouns: &["亩地".to_owned()],
            library: ("kinds/common.kp", "sha256:0".to_owned()),
            says_met: false,
        });
        for expected in [
            "引用 \"kinds/common.kp\" 版 \"sha256:0\"",
            "单位名 亩地\n方案 甲 \"甲县办法\"",
            "12.5 分",
            "经济 + 社会 + 通报",
            "块 经济 ",
            "块 社会 ",
            "按 总分 末位并列",
        ] {
            assert!(filled.contains(expected), "{expected}\n{filled}");
        }
        assert!(!filled.contains("考核指标"), "{filled}");
    }

    #[test]
    fn only_words_of_the_language_are_names() {
        for (word, expected) in [
            ("经济发展", true),
            ("block_1", true),
            ("一、经济", false),
            ("2014", false),
            ("总分", false),
            ("甲 乙", false),
            ("", false),
        ] {
            assert_eq!(is_name(word), expected, "{word}");
        }
    }
}
