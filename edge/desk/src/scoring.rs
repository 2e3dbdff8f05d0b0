//! Results of a round, scored from the record: the texts of the standard that was adopted, the sheets
//! of the state, and the same program `kaoping score` runs. Whoever verifies the record does it again.

use crate::here::said_here;
use kaoping_assess::{Assessment, lines::Lines};
use kaoping_intake::{
    cores,
    given::{Given, Texts},
    load::{Loaded, load_exempting, load_texts},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    State,
    deeds::rounds::PutDownResults,
    ids::{OfficeId, SchemeId},
    outline::Outline,
    sheets::{self, Sheets},
    state::{AwardLine, ByRule, Instead, TotalLine, Version},
};
use kaoping_scheme::{Exempted, Options, Standard, model::OtherwiseMade};
use kaoping_sheets::SheetWriter;
use kaoping_terms::{Diagnostic, Lang, Report, Sources, Text};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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
    pub given: Arc<Given>,
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
/// The standard or a figure cannot be used, or what came out has errors in it: everything that is wrong.
pub fn score(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<Scored, Report> {
    let Some(version) = state.schemes.get(scheme).and_then(|scheme| scheme.versions.last()) else {
        return Err(alone(not_adopted(scheme)));
    };
    let scored = score_by(state, scheme, version, round, contents)?;
    // What is wrong with results is mended before they are put down, not afterwards.
    if scored.findings.has_errors() { Err(scored.findings) } else { Ok(scored) }
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
    let model = model_by(state, scheme, version, (round, &[]), contents)?;
    let (scores, items) = scores(&model);
    let mut findings = model.findings.clone();
    exempt(state, (scheme, round), &version.outline, &mut findings);
    let by_rule = by_rule(state, scheme, (version, round, &items), contents, &mut findings);
    let act = PutDownResults {
        scheme: scheme.clone(),
        round: round.into(),
        version: model.version,
        at: model.at,
        scores: algorithm(state).hash(&[scores.as_bytes()]),
        totals: totals(&model.lines()),
        awards: award_lines(|visit| model.lines().awards(Lang::Zh, visit)),
        by_rule,
        replaces: state.results.get(&(scheme.clone(), round.into())).map(|results| results.number),
    };
    Ok(Scored { act, scores, findings })
}

/// The score of each office and indicator.
type Items = BTreeMap<(String, String), String>;

/// `scores.csv`, and what stands in it.
pub(crate) fn scores(model: &Model) -> (String, Items) {
    let mut items = Items::new();
    let scores = sheet(|visit| {
        model.lines().scores().visit(&mut |row| {
            if let [unit, item, score, ..] = row {
                items.insert(((*unit).into(), (*item).into()), (*score).into());
            }
            visit(row);
        });
    });
    (scores, items)
}

/// A round of a scheme as the state stands, by the version in force, with all that explains it; once it is sealed, as it
/// was put down.
///
/// # Errors
/// As for [`score`].
pub fn model(state: &State, scheme: &SchemeId, round: &str, contents: Contents<'_>) -> Result<Model, Report> {
    let versions = state.schemes.get(scheme).map(|scheme| scheme.versions.as_slice()).unwrap_or_default();
    let sealed = state.seals(scheme).find(|seal| seal.round == round).map(|seal| seal.results.version);
    let by_seal = sealed.and_then(|number| versions.iter().find(|version| version.number == number));
    let Some(version) = by_seal.or(versions.last()) else { return Err(alone(not_adopted(scheme))) };
    model_by(state, scheme, version, (round, &[]), contents)
}

pub(crate) fn model_by(
    state: &State,
    scheme: &SchemeId,
    version: &Version,
    (round, left_out): (&str, &[(String, OfficeId)]),
    contents: Contents<'_>,
) -> Result<Model, Report> {
    let loaded = standard(scheme, version, contents)?;
    worked_out(state, scheme, (version.number, &version.outline), (round, left_out), loaded, |sheets| sheets)
}

/// A round worked out by a standard, from the sheets of the state as `given` makes them.
pub(crate) fn worked_out(
    state: &State,
    scheme: &SchemeId,
    (version, outline): (u64, &Outline),
    (round, left_out): (&str, &[(String, OfficeId)]),
    mut loaded: Loaded,
    given: impl FnOnce(Sheets) -> Sheets,
) -> Result<Model, Report> {
    let exempted = exempted(state, (scheme, round), outline);
    if !exempted.is_empty() {
        loaded = load_exempting(loaded, &Options { exemptions: exempted, ..Options::default() });
        refused(&loaded)?;
    }
    let Some(sheets) = state.sheets(scheme, outline, round).map(given) else {
        return Err(alone(not_adopted(scheme)));
    };
    let (given, mut findings) = read(&mut loaded, sheets);
    if findings.has_errors() {
        return Err(said(findings, &loaded.policy.sources));
    }
    given.facts.name_quantities(&mut loaded.compiled.standard);
    for award in loaded.compiled.standard.schemes.iter_mut().flat_map(|scheme| &mut scheme.awards) {
        let out = left_out.iter().filter(|(name, _)| *name == award.name);
        award.left_out = out.map(|(_, office)| office.to_string()).collect();
    }
    let round = outline.rounds.iter().position(|known| known == round);
    let options = kaoping_assess::Options { round, workers: cores::all(), ..Default::default() };
    let assessment = kaoping_assess::assess(given.of(&loaded.compiled.standard), &options);
    findings.append(assessment.findings.clone());
    let findings = said(findings, &loaded.policy.sources);
    Ok(Model { loaded, given: Arc::new(given), round, assessment, findings, version, at: state.size })
}

/// The figures of the model by a standard that reads them as that of the model does, those of some indicators perhaps
/// from sheets as `given` makes them; `None` where they have to be read anew.
pub(crate) fn again(
    state: &State,
    (scheme, round): (&SchemeId, &str),
    outline: &Outline,
    loaded: Loaded,
    (before, others): (&Model, &BTreeSet<String>),
    given: impl FnOnce(Sheets) -> Sheets,
) -> Result<Option<Model>, Report> {
    let mut loaded = loaded;
    let exempted = exempted(state, (scheme, round), outline);
    if !exempted.is_empty() {
        loaded = load_exempting(loaded, &Options { exemptions: exempted, ..Options::default() });
        refused(&loaded)?;
    }
    let read =
        if others.is_empty() { None } else { read_of(state, (scheme, round), outline, &mut loaded, others, given)? };
    before.given.facts.name_quantities(&mut loaded.compiled.standard);
    if !reads_the_same(&before.loaded.compiled.standard, &loaded.compiled.standard) {
        return Ok(None);
    }
    let (given, mut findings) = match read {
        None if others.is_empty() => (Arc::clone(&before.given), Report::new()),
        None => return Ok(None),
        Some((read, findings)) => match before.given.facts.with_indicators(read.facts, others) {
            Some(facts) => (Arc::new(Given { facts, ..Given::clone(&before.given) }), findings),
            None => return Ok(None),
        },
    };
    let options = kaoping_assess::Options { round: before.round, workers: cores::all(), ..Default::default() };
    let assessment = kaoping_assess::assess(given.of(&loaded.compiled.standard), &options);
    findings.append(assessment.findings.clone());
    let findings = said(findings, &loaded.policy.sources);
    let (version, at) = (before.version, before.at);
    Ok(Some(Model { loaded, given, round: before.round, assessment, findings, version, at }))
}

/// The figures of some indicators alone, from the sheets of the state as `given` makes them; `None` where the scheme has
/// not all of these.
fn read_of(
    state: &State,
    (scheme, round): (&SchemeId, &str),
    outline: &Outline,
    loaded: &mut Loaded,
    indicators: &BTreeSet<String>,
    given: impl FnOnce(Sheets) -> Sheets,
) -> Result<Option<(Given, Report)>, Report> {
    let mut part = Outline { events: Vec::new(), ..outline.clone() };
    part.indicators.retain(|indicator| indicators.contains(indicator.id.as_str()));
    let sheets = state.sheets(scheme, &part, round).filter(|_| part.indicators.len() == indicators.len());
    let Some(sheets) = sheets.map(given) else { return Ok(None) };
    let (given, findings) = read(loaded, sheets);
    if findings.has_errors() { Err(said(findings, &loaded.policy.sources)) } else { Ok(Some((given, findings))) }
}

/// Sheets taken apart for a standard, and what was found in them.
fn read(loaded: &mut Loaded, sheets: Sheets) -> (Given, Report) {
    let texts = Texts {
        units: Some(("units.csv".into(), sheets.units)),
        facts: Vec::from([("facts.csv".into(), sheets.facts)]),
        events: sheets.events.into_iter().map(|(table, text)| (table.clone(), format!("{table}.csv"), text)).collect(),
    };
    let mut sources = core::mem::take(&mut loaded.policy.sources);
    let found = Given::new(&loaded.compiled.standard, &loaded.policy.targets, texts, &mut sources);
    loaded.policy.sources = sources;
    found
}

/// Whether two standards take the same figures, events and attributes into the same columns.
fn reads_the_same(a: &Standard, b: &Standard) -> bool {
    let items = |standard: &Standard| -> Vec<_> {
        let all = standard.schemes.iter().flat_map(|scheme| &scheme.items);
        let inputs = |item: &kaoping_scheme::model::Item| -> Vec<_> {
            item.inputs
                .iter()
                .map(|input| (input.name.clone(), input.column, input.bound.clone(), input.rows))
                .collect()
        };
        all.map(|item| (item.id.clone(), item.name.clone(), item.alias.clone(), inputs(item))).collect()
    };
    let period = |standard: &Standard| standard.schemes.first().map(|scheme| scheme.period);
    let rounds = |standard: &Standard| standard.schemes.first().map(|scheme| scheme.rounds.rounds.clone());
    a.program.columns == b.program.columns
        && a.program.rowsets == b.program.rowsets
        && items(a) == items(b)
        && (period(a), rounds(a)) == (period(b), rounds(b))
}

/// The indicators some offices are exempt from, as the version of the standard has them.
fn exempted(state: &State, of: (&SchemeId, &str), outline: &Outline) -> BTreeMap<String, Exempted> {
    let known = state.exempt_in(of).filter(|((.., indicator), _)| outline.indicator(indicator.as_str()).is_some());
    let mut found: BTreeMap<String, Exempted> = BTreeMap::new();
    for ((.., indicator), exemption) in known {
        let attribute = sheets::exemption(indicator);
        let item = found.entry(indicator.to_string()).or_insert(Exempted { attribute, instead: None });
        item.instead = item.instead.take().or(exemption.instead.map(made));
    }
    found
}

fn made(instead: Instead) -> OtherwiseMade {
    match instead {
        Instead::Full => OtherwiseMade::Full,
        Instead::Scale => OtherwiseMade::Scale,
        Instead::Reduce => OtherwiseMade::Reduce,
    }
}

/// Who is exempt from what, since when, why and on which papers: it stands beside the scores, and with figures that are
/// reported all the same.
fn exempt(state: &State, of: (&SchemeId, &str), outline: &Outline, findings: &mut Report) {
    for ((_, office, indicator), exemption) in state.exempt_in(of) {
        let (number, why, id, since) = (exemption.number, &exemption.why, &exemption.proposal, exemption.since);
        let decided = state.proposals.get(id);
        let papers: Vec<String> =
            decided.into_iter().flat_map(|proposal| &proposal.evidence).map(ToString::to_string).collect();
        let name = outline.indicator(indicator.as_str()).map_or(indicator.as_str(), |found| found.name.as_str());
        let given = Text::new(
            format!("“{office}”自 {since} 起，申请“{id}”，台账第 {number} 条，材料 {}", papers.join("、")),
            format!("`{office}` since {since}, proposal `{id}`, entry {number}, papers {}", papers.join(", ")),
        );
        findings.each(|finding| {
            if finding.name == "figure-not-counted" && is_about(&finding.message.zh, name, office) {
                let after = |why: &str, said: &str, more: String| why.replacen(said, &format!("{said}{more}"), 1);
                finding.why = Text::new(
                    after(&finding.why.zh, "经批准豁免这一项", format!("（{}）", given.zh)),
                    after(&finding.why.en, "was made exempt from it", format!(" ({})", given.en)),
                );
            }
        });
        let asked_by = decided.map_or("", |proposal| proposal.by.as_str());
        let approved_by = decided.and_then(|proposal| Some(proposal.decided.as_ref()?.0.as_str())).unwrap_or_default();
        findings.push(
            Diagnostic::note(
                "office-exempt",
                Text::new(
                    format!("“{office}”不考“{indicator}”：申请“{id}”，{why}"),
                    format!("`{office}` is exempt from `{indicator}` by the proposal `{id}`: {why}"),
                ),
            )
            .why(Text::new(
                format!(
                    "由 {asked_by} 申请、{approved_by} 批准，自 {since}（台账第 {number} 条起），材料 {}",
                    papers.join("、")
                ),
                format!(
                    "{asked_by} proposed and {approved_by} approved it, since {since} (entry {number}), papers {}",
                    papers.join(", ")
                ),
            ))
            .next(Text::new(
                "不用办什么；事由过去了，申请终止豁免",
                "nothing is to be done; propose to end it when its reason is gone (`end-exemption`)",
            )),
        );
    }
}

/// Whether a message is about an indicator and an office, both by their names in it.
fn is_about(message: &str, indicator: &str, office: &OfficeId) -> bool {
    let units = message.strip_prefix(&format!("“{indicator}”不适用于 ")).and_then(|rest| rest.split('，').next());
    units.is_some_and(|units| units.split([' ', '、']).any(|unit| unit == office.as_str()))
}

/// Scores that are others than by the version the round before was scored by, on the same figures.
fn by_rule(
    state: &State,
    scheme: &SchemeId,
    (version, round, items): (&Version, &str, &Items),
    contents: Contents<'_>,
    findings: &mut Report,
) -> Vec<ByRule> {
    let of = |round: &String| state.results.get(&(scheme.clone(), round.clone()));
    let before = version.outline.rounds_before(round).find_map(of).filter(|before| before.version != version.number);
    let versions = state.schemes.get(scheme).map(|scheme| scheme.versions.as_slice()).unwrap_or_default();
    let Some(old) = before.and_then(|before| versions.iter().find(|known| known.number == before.version)) else {
        return Vec::new();
    };
    let ran = match old.outline.has_round(round) {
        true => model_by(state, scheme, old, (round, &[]), contents),
        false => Err(Report::new()),
    };
    let Ok(ran) = ran.map(|model| scores(&model).1) else {
        findings.push(no_longer_scored(old.number));
        return Vec::new();
    };
    let keys: BTreeSet<_> = items.keys().chain(ran.keys()).collect();
    let differing = keys.into_iter().filter(|key| items.get(*key) != ran.get(*key));
    let score = |of: &Items, key| of.get(key).cloned().unwrap_or_default();
    differing
        .map(|key| ByRule {
            office: key.0.as_str().into(),
            indicator: key.1.as_str().into(),
            before: score(&ran, key),
            after: score(items, key),
        })
        .collect()
}

fn no_longer_scored(version: u64) -> Diagnostic {
    Diagnostic::warning(
        "rule-difference-not-told",
        Text::new(
            format!("上一轮的办法（台账第 {version} 条）算不了这一轮，分不出哪些差异出于规则"),
            format!(
                "the version the round before was scored by (entry {version}) cannot score this one: which \
             differences are of rule is not told"
            ),
        ),
    )
    .why(Text::new(
        "出于规则的差异，是同样的数按两个版本各算一遍得出的",
        "differences of rule come from scoring the same figures by both versions",
    ))
    .next(Text::new("对照两个版本，写明改了什么", "compare the versions, and write down what changed"))
}

pub(crate) fn algorithm(state: &State) -> kaoping_ledger::Algorithm {
    kaoping_ledger::PublicKey::parse(&state.key).map_or(kaoping_ledger::Algorithm::Sha256, |key| key.kind.algorithm())
}

/// The texts a version of a scheme holds.
///
/// # Errors
/// One is missing.
pub fn texts_of(version: &Version, contents: Contents<'_>) -> Result<Vec<(String, String)>, Report> {
    let mut texts = Vec::new();
    let mut missing = Report::new();
    for file in &version.files {
        match contents(file.content).map(String::from_utf8) {
            Some(Ok(text)) => texts.push((file.path.clone(), text)),
            Some(Err(_)) | None => missing.push(crate::verify::content(file.content, "缺", "is missing")),
        }
    }
    if missing.has_errors() { Err(missing) } else { Ok(texts) }
}

/// The standard a version of a scheme holds.
fn standard(scheme: &SchemeId, version: &Version, contents: Contents<'_>) -> Result<Loaded, Report> {
    let texts = texts_of(version, contents)?;
    let loaded = load_texts(scheme.as_str(), &texts, &Options::default());
    refused(&loaded)?;
    Ok(loaded)
}

/// A standard with errors scores nothing.
pub(crate) fn refused(loaded: &Loaded) -> Result<(), Report> {
    if !loaded.findings.iter().any(|finding| finding.level == kaoping_terms::Level::Error) {
        return Ok(());
    }
    let mut report = Report::new();
    loaded.findings.iter().for_each(|finding| report.push(finding.clone()));
    Err(said(report, &loaded.policy.sources))
}

/// Findings with their file, line and column written down: the texts they point into are not kept.
fn said(report: Report, sources: &Sources) -> Report {
    let mut report = report;
    report.each(|finding| {
        if let Some(place) = finding.place.take() {
            let at = sources.position(place);
            *finding = finding.clone().in_file(sources.path(place.file), Some((at.line, at.column)));
        }
        said_here(finding);
    });
    report
}

pub(crate) fn alone(finding: Diagnostic) -> Report {
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

pub(crate) fn totals(lines: &Lines<'_>) -> Vec<TotalLine> {
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

pub(crate) fn award_lines(rows: impl FnOnce(&mut dyn FnMut(&[&str]))) -> Vec<AwardLine> {
    let mut awards = Vec::new();
    each(rows, |[award, unit, place, reason, ..]| {
        awards.push(AwardLine {
            award: award.into(),
            office: unit.into(),
            place: place.parse().ok(),
            reason: reason.into(),
        });
    });
    awards
}
