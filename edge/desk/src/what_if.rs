//! What would be if a standard or a figure were another: worked out beside the record, which does not change.

mod told;

use crate::{
    scoring::{Contents, Model, again, refused, texts_of, worked_out},
    standard::{Bindings, outline},
};
use kaoping_assess::compare::{Comparison, Side, compare};
use kaoping_intake::load::{Loaded, load_texts, load_texts_unchecked};
use kaoping_office::{State, ids::SchemeId, outline::Outline, sheets::Sheets, state::Version};
pub use kaoping_scheme::amend::Change;
use kaoping_scheme::{
    Options,
    amend::{applied, edits},
};
use kaoping_terms::{Diagnostic, Exact, Lang, Report, Text};
use std::collections::{BTreeMap, BTreeSet};
pub use told::told;

/// Paths and texts of a policy.
pub type Texts = Vec<(String, String)>;

/// A version of a scheme with its texts, read and checked.
pub struct Standing {
    /// Which entry adopted it.
    pub number: u64,
    /// Its texts.
    pub texts: Texts,
    /// The policy they make.
    pub loaded: Loaded,
}

/// A version as it stands.
///
/// # Errors
/// A text of it is missing.
pub fn standing(scheme: &SchemeId, version: &Version, contents: Contents<'_>) -> Result<Standing, Report> {
    let texts = texts_of(version, contents)?;
    let loaded = load_texts(scheme.as_str(), &texts, &Options::default());
    Ok(Standing { number: version.number, texts, loaded })
}

/// A figure that is another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The office; every one where it is empty.
    pub unit: String,
    /// The indicator.
    pub indicator: String,
    /// The input.
    pub field: String,
    /// What it is now, as a report would say it.
    pub value: String,
}

/// The texts of a policy with changes put in.
///
/// # Errors
/// A change that cannot be put in.
pub fn amended(standing: &Standing, changes: &[Change]) -> Result<Texts, Text> {
    let mut texts = standing.texts.clone();
    let mut again: Option<Loaded> = None;
    for change in changes {
        let loaded = again.as_ref().unwrap_or(&standing.loaded);
        let edits = edits(&loaded.policy, change)?;
        let Some(place) = edits.first().map(|edit| edit.place) else { continue };
        let path = loaded.policy.sources.path(place.file);
        let path = path.strip_prefix(&format!("{}/", loaded.root)).unwrap_or(path).to_owned();
        if let Some((_, text)) = texts.iter_mut().find(|(known, _)| *known == path) {
            *text = applied(text, &edits);
        }
        // Places behind an edit are others.
        again = (changes.len() > 1).then(|| load_texts_unchecked(&loaded.root, &texts, &Options::default()));
    }
    Ok(texts)
}

/// What the checker says of changed texts and does not say of those that stand, the worst first.
#[must_use]
pub fn brought(standing: &Standing, texts: &[(String, String)]) -> Vec<Diagnostic> {
    let said = |found: &Diagnostic| (found.name, found.message.zh.clone());
    let before: BTreeSet<_> = standing.loaded.findings.iter().map(said).collect();
    let loaded = load_texts(&standing.loaded.root, texts, &Options::default());
    let found = loaded.findings.into_iter();
    let mut new: Vec<Diagnostic> = found.filter(|found| !before.contains(&said(found))).collect();
    new.sort_by_key(|found| found.level);
    new
}

/// A round worked out by other texts, or with other figures, beside what it is.
///
/// # Errors
/// The texts make no standard, or a figure cannot be used: everything that is wrong.
pub fn imagined(
    state: &State,
    scheme: &SchemeId,
    version: &Version,
    (round, before): (&str, &Model),
    (texts, figures): (&[(String, String)], &[Figure]),
) -> Result<Model, Report> {
    let loaded = load_texts_unchecked(scheme.as_str(), texts, &Options::default());
    refused(&loaded)?;
    let outline = outline(&loaded.compiled.standard, &bindings(&version.outline));
    if !outline.has_round(round) {
        let mut report = Report::new();
        report.push(no_round(round));
        return Err(report);
    }
    let put = |sheets: Sheets| with_figures(sheets, figures, round);
    // The record may have grown since: then figures are taken from it anew.
    let loaded = match before.at == state.size {
        false => loaded,
        true => {
            let others = figures.iter().map(|figure| figure.indicator.clone()).collect();
            if let Some(model) = again(state, (scheme, round), &outline, loaded, (before, &others), put)? {
                return Ok(model);
            }
            load_texts_unchecked(scheme.as_str(), texts, &Options::default())
        }
    };
    worked_out(state, scheme, (version.number, &outline), (round, &[]), loaded, put)
}

/// Changes and figures that are no such thing, each with its place in what was asked.
pub fn unfit(outline: &Outline, changes: &[Change], figures: &[Figure]) -> Vec<Diagnostic> {
    let points = changes.iter().enumerate().filter(|(_, change)| change.what.is_empty());
    let mut found: Vec<Diagnostic> = Vec::new();
    for (at, change) in points {
        let read = kaoping_terms::figure::parse(&change.value);
        if !read.is_ok_and(|read| read.value >= Exact::zero()) {
            found.push(no_points(change).in_file(&format!("body/changes/{at}/value"), None));
        }
    }
    for (at, figure) in figures.iter().enumerate().filter(|(_, figure)| !figure.value.trim().is_empty()) {
        let Some(field) = outline.field(&figure.indicator, &figure.field) else { continue };
        let Figure { indicator, field: name, .. } = figure;
        let whose = Text::new(format!("假如的“{indicator}/{name}”"), format!("the imagined `{indicator}/{name}`"));
        let refused = field.takes.refuses(&whose, figure.value.trim());
        found.extend(refused.map(|refused| refused.in_file(&format!("body/figures/{at}/value"), None)));
    }
    found
}

fn no_points(change: &Change) -> Diagnostic {
    let Change { indicator, value, .. } = change;
    Diagnostic::error(
        "value-not-fitting",
        Text::new(
            format!("“{indicator}”的分值不能是“{value}”"),
            format!("`{value}` cannot be the points of `{indicator}`"),
        ),
    )
    .why(Text::new("分值是这一项最多得几分，是零或正数", "points are the most an indicator gives: zero or more"))
    .next(Text::new(
        "写一个数，例如 3 或 2.5；要扣分的，改扣分规则的参数",
        "write a number such as 3 or 2.5; to take points off change the parameters of its rule",
    ))
}

/// Which figures go into a version.
pub fn bindings(outline: &Outline) -> Bindings {
    let fields = outline.indicators.iter().flat_map(|indicator| indicator.fields.iter().map(move |of| (indicator, of)));
    fields
        .filter_map(|(indicator, field)| Some((format!("{}/{}", indicator.id, field.name), field.figure.clone()?)))
        .collect()
}

fn no_round(round: &str) -> Diagnostic {
    Diagnostic::error(
        "unknown-round",
        Text::new(format!("改后的方案没有轮次“{round}”"), format!("the changed scheme has no round `{round}`")),
    )
    .why(Text::new("试算的是这一轮", "it is worked out for that round"))
    .next(Text::new("保留这一轮，或选另一轮", "keep the round, or choose another"))
}

/// What changes from one model to another.
///
/// # Errors
/// Only a defect of the program can cause one.
pub fn difference(before: &Model, after: &Model, lang: Lang) -> Result<Comparison, String> {
    compare(side(before), side(after), lang).map_err(|fault| fault.to_string())
}

fn side(model: &Model) -> Side<'_> {
    Side { given: model.given.of(&model.loaded.compiled.standard), round: model.round, assessment: &model.assessment }
}

/// The sheets with figures in the place of those that were reported, set or handed down.
fn with_figures(mut sheets: Sheets, figures: &[Figure], round: &str) -> Sheets {
    for figure in figures {
        let units: Vec<String> = match figure.unit.is_empty() {
            true => sheets.units.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect(),
            false => Vec::from([figure.unit.clone()]),
        };
        sheets.facts = with_figure(&sheets.facts, &units, figure, round);
    }
    sheets
}

/// `unit,indicator,field,value,period,evidence,round,assessor,reason`: of several periods, the last is replaced.
fn with_figure(facts: &str, units: &[String], figure: &Figure, round: &str) -> String {
    let input = format!(",{},{},", cell(&figure.indicator), cell(&figure.field));
    let rows = rows(facts);
    let of = |row: &str, at: usize| cells(row).into_iter().nth(at).unwrap_or_default();
    // The rows of this input, by the unit as it is written in them.
    let mut by_unit: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some((unit, _)) = row.split_once(&input)
            && ["", round].contains(&of(row, 6).as_str())
        {
            by_unit.entry(unit).or_default().push(at);
        }
    }
    let (mut gone, mut added) = (BTreeSet::new(), String::new());
    for unit in units.iter().map(|unit| cell(unit)) {
        let counting: Vec<(usize, &str)> =
            by_unit.get(unit.as_str()).into_iter().flatten().filter_map(|at| Some((*at, *rows.get(*at)?))).collect();
        let period = counting.iter().map(|(_, row)| of(row, 4)).max().unwrap_or_default();
        let found: Vec<_> = counting.into_iter().filter(|(_, row)| of(row, 4) == period).collect();
        let first = found.first().map(|(_, row)| *row);
        let round = first.map_or_else(|| round.to_owned(), |row| of(row, 6));
        let assessor = first.map(|row| of(row, 7)).unwrap_or_default();
        gone.extend(found.iter().map(|(at, _)| *at));
        if !figure.value.trim().is_empty() {
            let (value, round, assessor) = (cell(figure.value.trim()), cell(&round), cell(&assessor));
            added.push_str(&format!("{unit}{input}{value},{period},,{round},{assessor},假如\n"));
        }
    }
    let stays = rows.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, row)| *row);
    stays.chain([added.as_str()]).collect()
}

fn cell(text: &str) -> String {
    kaoping_scheme::amend::as_cell(text)
}

/// The rows of a sheet with their line ends; one goes on behind a line end inside quotes.
fn rows(text: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut begin = 0;
    kaoping_terms::table::each_outside(text.as_bytes(), b',', b'\n', |at| {
        rows.extend(text.get(begin..=at));
        begin = at + 1;
    });
    rows.extend(text.get(begin..).filter(|rest| !rest.is_empty()));
    rows
}

fn cells(row: &str) -> Vec<String> {
    let table = kaoping_terms::table::read(Default::default(), row);
    table.header.into_iter().map(|cell| cell.text).collect()
}

#[cfg(test)]
mod tests {
    use super::{Figure, with_figure};

    #[test]
    fn a_figure_takes_the_place_of_the_last_that_counts() {
        let facts = "unit,indicator,field,value,period,evidence,round,assessor,reason\n\
                     甲,1,完成数,10,2026-01,,自评,,\n甲,1,完成数,20,2026-02,,自评,,\n甲,1,完成数,21,2026-02,,半年,,\n\
                     乙,1,完成数,\"1,000\",2026-02,,自评,,\"因为\n两行\"\n";
        let figure = |unit: &str, value: &str| Figure {
            unit: unit.into(),
            indicator: "1".into(),
            field: "完成数".into(),
            value: value.into(),
        };
        let now = with_figure(facts, &["甲".into()], &figure("甲", "1,200 人"), "自评");
        assert!(now.ends_with("甲,1,完成数,\"1,200 人\",2026-02,,自评,,假如\n"), "{now}");
        assert!(now.contains("完成数,10,") && !now.contains("完成数,20,") && now.contains("完成数,21,"), "{now}");
        let now = with_figure(facts, &["乙".into()], &figure("乙", ""), "自评");
        assert!(!now.contains("乙") && !now.contains("两行"), "{now}");
        let now = with_figure(facts, &["丙".into()], &figure("丙", "3"), "半年");
        assert!(now.ends_with("丙,1,完成数,3,,,半年,,假如\n"), "{now}");
    }
}

#[cfg(test)]
mod size_tests;
