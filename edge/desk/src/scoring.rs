//! Results of a round, scored from the record: the texts of the standard that was adopted, the sheets
//! of the state, and the same program `kaoping score` runs. Whoever verifies the record does it again.

use kaoping_assess::{Assessment, lines::Lines};
use kaoping_intake::{
    cores,
    given::{Given, Texts},
    load::{Loaded, load_texts},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    State,
    deeds::rounds::PutDownResults,
    ids::SchemeId,
    state::{AwardLine, TotalLine, Version},
};
use kaoping_scheme::Options;
use kaoping_sheets::SheetWriter;
use kaoping_terms::{Diagnostic, Lang, Report, Sources, Text};

/// Results of a round.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The deed that puts them down.
    pub act: PutDownResults,
    /// `scores.csv`, whose hash it names.
    pub scores: String,
    /// What was found on the way.
    pub findings: Report,
}

/// A round as it was worked out, with all that explains it.
pub struct Model {
    /// The standard with its texts.
    pub loaded: Loaded,
    /// Units, figures and events.
    pub given: Given,
    /// The position of the round; none where the scheme has none.
    pub round: Option<usize>,
    /// What came out.
    pub assessment: Assessment,
    /// What was found on the way.
    pub findings: Report,
    /// The entry of the version of the scheme.
    pub version: u64,
    /// How long the record was.
    pub at: u64,
}

impl Model {
    /// The result as tables.
    pub fn lines(&self) -> Lines<'_> {
        Lines { standard: &self.loaded.compiled.standard, units: &self.given.units, assessment: &self.assessment }
    }
}

/// Where contents are had by their hash.
pub type Contents<'a> = &'a mut dyn FnMut(Digest) -> Option<Vec<u8>>;

/// Scores a round of a scheme as the state stands.
///
/// # Errors
/// The standard or a figure cannot be used: everything that is wrong.
pub fn score(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<Scored, Report> {
    let Some(version) = state.schemes.get(scheme).and_then(|scheme| scheme.versions.last()) else {
        return Err(alone(not_adopted(scheme)));
    };
    score_by(state, scheme, version, round, contents)
}

/// The same, by a certain version of the scheme.
///
/// # Errors
/// As for [`score`].
pub fn score_by(
    state: &State,
    scheme: &SchemeId,
    version: &Version,
    round: &str,
    contents: Contents<'_>,
) -> Result<Scored, Report> {
    let model = model_by(state, scheme, version, round, contents)?;
    let lines = model.lines();
    let scores = sheet(|visit| lines.scores().visit(visit));
    let act = PutDownResults {
        scheme: scheme.clone(),
        round: round.into(),
        version: model.version,
        at: model.at,
        scores: algorithm(state).hash(&[scores.as_bytes()]),
        totals: totals(&lines),
        awards: awards(&lines),
    };
    Ok(Scored { act, scores, findings: model.findings })
}

/// A round of a scheme as the state stands, by the version in force, with all that explains it.
///
/// # Errors
/// As for [`score`].
pub fn model(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<Model, Report> {
    let Some(version) = state.schemes.get(scheme).and_then(|scheme| scheme.versions.last()) else {
        return Err(alone(not_adopted(scheme)));
    };
    model_by(state, scheme, version, round, contents)
}

fn model_by(
    state: &State,
    scheme: &SchemeId,
    version: &Version,
    round: &str,
    contents: Contents<'_>,
) -> Result<Model, Report> {
    let mut loaded = standard(scheme, version, contents)?;
    let Some(sheets) = state.sheets(scheme, &version.outline, state.today) else {
        return Err(alone(not_adopted(scheme)));
    };
    let texts = Texts {
        units: Some(("units.csv".into(), sheets.units)),
        facts: Vec::from([("facts.csv".into(), sheets.facts)]),
        events: sheets.events.into_iter().map(|(table, text)| (table.clone(), format!("{table}.csv"), text)).collect(),
    };
    let mut sources = core::mem::take(&mut loaded.policy.sources);
    let (given, mut findings) = Given::new(&loaded.compiled.standard, &loaded.policy.targets, texts, &mut sources);
    loaded.policy.sources = sources;
    if findings.has_errors() {
        return Err(said(findings, &loaded.policy.sources));
    }
    given.facts.name_quantities(&mut loaded.compiled.standard);
    let round = version.outline.rounds.iter().position(|known| known == round);
    let options = kaoping_assess::Options { round, workers: cores::all(), ..Default::default() };
    let assessment = kaoping_assess::assess(given.of(&loaded.compiled.standard), &options);
    findings.append(assessment.findings.clone());
    let findings = said(findings, &loaded.policy.sources);
    Ok(Model { loaded, given, round, assessment, findings, version: version.number, at: state.size })
}

fn algorithm(state: &State) -> kaoping_ledger::Algorithm {
    kaoping_ledger::PublicKey::parse(&state.key).map_or(kaoping_ledger::Algorithm::Sha256, |key| key.kind.algorithm())
}

/// The standard a version of a scheme holds.
fn standard(scheme: &SchemeId, version: &Version, contents: Contents<'_>) -> Result<Loaded, Report> {
    let mut texts = Vec::new();
    let mut missing = Report::new();
    for file in &version.files {
        match contents(file.content).map(String::from_utf8) {
            Some(Ok(text)) => texts.push((file.path.clone(), text)),
            Some(Err(_)) | None => missing.push(crate::verify::content(file.content, "缺", "is missing")),
        }
    }
    if missing.has_errors() {
        return Err(missing);
    }
    let loaded = load_texts(scheme.as_str(), &texts, &Options::default());
    if loaded.findings.iter().any(|finding| finding.level == kaoping_terms::Level::Error) {
        let mut report = Report::new();
        loaded.findings.iter().for_each(|finding| report.push(finding.clone()));
        return Err(said(report, &loaded.policy.sources));
    }
    Ok(loaded)
}

/// Findings with their file, line and column written down: the texts they point into are not kept.
fn said(report: Report, sources: &Sources) -> Report {
    let mut report = report;
    report.each(|finding| {
        if let Some(place) = finding.place.take() {
            let at = sources.position(place);
            *finding = finding.clone().in_file(sources.path(place.file), Some((at.line, at.column)));
        }
    });
    report
}

fn alone(finding: Diagnostic) -> Report {
    let mut report = Report::new();
    report.push(finding);
    report
}

fn not_adopted(scheme: &SchemeId) -> Diagnostic {
    Diagnostic::error(
        "not-in-the-record",
        Text::new(format!("没有采用过方案“{scheme}”"), format!("the scheme `{scheme}` has not been adopted")),
    )
    .why(Text::new("按采用的版本评分", "scores go by the version that was adopted"))
    .next(Text::new("先采用方案", "adopt it first"))
}

fn sheet(rows: impl FnOnce(&mut dyn FnMut(&[&str]))) -> String {
    let mut bytes = Vec::new();
    let mut writer = SheetWriter::new(&mut bytes);
    // Memory takes everything.
    rows(&mut |row| drop(writer.row(row.iter().copied())));
    drop(writer.finish());
    String::from_utf8(bytes).unwrap_or_default()
}

/// The rows of a table without its header.
fn each(rows: impl FnOnce(&mut dyn FnMut(&[&str])), mut take: impl FnMut([&str; 6])) {
    let mut header = true;
    rows(&mut |row| {
        if !std::mem::take(&mut header) {
            take(std::array::from_fn(|at| row.get(at).copied().unwrap_or_default()));
        }
    });
}

fn totals(lines: &Lines<'_>) -> Vec<TotalLine> {
    let mut totals = Vec::new();
    each(
        |visit| lines.totals(visit),
        |[unit, _, total, rank, meets_all, grade]| {
            totals.push(TotalLine {
                office: unit.into(),
                total: total.into(),
                rank: rank.parse().ok(),
                meets_all: meets_all.into(),
                grade: grade.into(),
            });
        },
    );
    totals
}

fn awards(lines: &Lines<'_>) -> Vec<AwardLine> {
    let mut awards = Vec::new();
    each(
        |visit| lines.awards(Lang::Zh, visit),
        |[award, unit, place, reason, ..]| {
            awards.push(AwardLine {
                award: award.into(),
                office: unit.into(),
                place: place.parse().ok(),
                reason: reason.into(),
            });
        },
    );
    awards
}
