//! A policy folder as the office adopts it: its texts, what the checker says, and its outline.

use crate::here::said_here;
use kaoping_assess::taken::{self, Taken, TakenColumn};
pub use kaoping_assess::taken::{InTable, in_table};
use kaoping_intake::load::{Loaded, load_texts, texts_of};
use kaoping_ledger::{Algorithm, Digest};
use kaoping_office::{
    deeds::schemes::AdoptScheme,
    ids::{FigureId, OfficeId, SchemeId},
    outline::{Beside, Column, Field, File, Indicator, Outline, Step},
    takes::{Amount, End, Takes, Word},
};
use kaoping_scheme::{
    Options, Standard,
    model::{Input, Item, OtherwiseMade, Scheme},
};
use kaoping_terms::{Diagnostic, Level, Measure, Report, Text, nearest::nearest};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// A policy, ready to be adopted.
pub struct Draft {
    /// The deed.
    pub act: AdoptScheme,
    /// The contents it names.
    pub contents: Vec<(Digest, Vec<u8>)>,
    /// Everything the checker found.
    pub findings: Vec<Diagnostic>,
    /// Its texts, for showing where.
    pub loaded: Loaded,
}

/// Which figure offices report for an input: by indicator and input, such as `新增就业/完成数`.
pub type Bindings = BTreeMap<String, FigureId>;

/// Reads a policy folder to be adopted by an office under a name.
///
/// # Errors
/// It cannot be read at all: what is wrong.
pub fn draft(
    folder: &Path,
    algorithm: Algorithm,
    scheme: &SchemeId,
    office: &OfficeId,
    bindings: &Bindings,
) -> Result<Draft, Report> {
    let (texts, report) = texts_of(folder);
    if report.has_errors() {
        return Err(report);
    }
    Ok(draft_of(&folder.display().to_string(), texts, algorithm, scheme, office, bindings))
}

/// The same from texts at hand: paths below the folder, and those of libraries beside it as the policy asks
/// for them.
pub fn draft_of(
    root: &str,
    texts: Vec<(String, String)>,
    algorithm: Algorithm,
    scheme: &SchemeId,
    office: &OfficeId,
    bindings: &Bindings,
) -> Draft {
    let mut loaded = load_texts(root, &texts, &Options::default());
    let outline = outline(&loaded.compiled.standard, bindings);
    loaded.findings.extend(of_nothing(&outline, bindings));
    loaded.findings.iter_mut().for_each(said_here);
    let mut contents = Vec::new();
    let mut files = Vec::new();
    for (path, text) in texts {
        let content = algorithm.hash(&[text.as_bytes()]);
        files.push(File { path, content });
        contents.push((content, text.into_bytes()));
    }
    let named = |level: Level| {
        let mut names: Vec<String> =
            loaded.findings.iter().filter(|found| found.level == level).map(|found| found.name.to_string()).collect();
        names.sort();
        names.dedup();
        names
    };
    let act = AdoptScheme {
        scheme: scheme.clone(),
        office: office.clone(),
        upper: None,
        files,
        outline,
        errors: named(Level::Error),
        warnings: named(Level::Warning),
    };
    let findings = loaded.findings.clone();
    Draft { act, contents, findings, loaded }
}

/// What the office has to know of a standard.
pub fn outline(standard: &Standard, bindings: &Bindings) -> Outline {
    let Some(scheme) = standard.schemes.first() else { return Outline::default() };
    Outline {
        scheme: scheme.name.clone(),
        title: if scheme.title.is_empty() { scheme.name.clone() } else { scheme.title.clone() },
        indicators: standard
            .schemes
            .iter()
            .flat_map(|scheme| &scheme.items)
            .map(|item| indicator(standard, item, bindings))
            .collect(),
        rounds: scheme.rounds.rounds.iter().map(|(name, ..)| name.clone()).collect(),
        events: standard.events.iter().map(|table| table.name.clone()).collect(),
        steps: steps(scheme),
        columns: columns(standard),
        period: scheme.period,
    }
}

/// The columns event tables declare.
fn columns(standard: &Standard) -> BTreeMap<String, Vec<Column>> {
    let column = |found: TakenColumn| Column {
        name: found.name,
        alias: found.alias,
        takes: takes(found.takes),
        needed: found.needed,
    };
    let of_table = |(table, columns): (String, Vec<TakenColumn>)| (table, columns.into_iter().map(column).collect());
    taken::of_tables(standard).into_iter().map(of_table).collect()
}

/// What an input or a column takes, as the office keeps it.
fn takes(taken: Taken) -> Takes {
    match taken {
        Taken::Number(found) => {
            let end = |end: Option<(String, bool)>| end.map(|(value, itself)| End { value, itself });
            Takes::Number(Amount {
                unit: found.unit,
                like: found.like,
                also: found.also,
                least: end(found.least),
                most: end(found.most),
                step: found.step,
            })
        }
        Taken::Truth => Takes::YesNo,
        Taken::Day => Takes::Day,
        Taken::Words(words) => Takes::Words(words.into_iter().map(|(word, code)| Word { word, code }).collect()),
        Taken::Text => Takes::Text,
    }
}

/// Bindings that name no input: what is reported would go nowhere.
fn of_nothing(outline: &Outline, bindings: &Bindings) -> Vec<Diagnostic> {
    let inputs =
        outline.indicators.iter().flat_map(|of| of.fields.iter().map(move |field| format!("{}/{}", of.id, field.name)));
    let inputs: BTreeSet<String> = inputs.collect();
    let unknown = bindings.iter().filter(|(input, _)| !inputs.contains(*input));
    let finding = |(input, figure): (&String, &FigureId)| {
        let next = match nearest(input, inputs.iter().map(String::as_str)) {
            Some(near) => Text::new(format!("是不是“{near}”？"), format!("perhaps `{near}` is meant")),
            None => Text::new("按方案核对指标和字段", "look at the indicators and inputs of the scheme"),
        };
        Diagnostic::error(
            "binding-of-nothing",
            Text::new(
                format!("数据项“{figure}”要用于“{input}”，方案里没有它"),
                format!("`{figure}` is to go into `{input}`, which the scheme does not have"),
            ),
        )
        .why(Text::new("报上来的数就没有地方用", "what is reported would go nowhere"))
        .next(next)
    };
    unknown.map(finding).collect()
}

fn indicator(standard: &Standard, item: &Item, bindings: &Bindings) -> Indicator {
    Indicator {
        id: item.id.as_str().into(),
        name: item.name.clone(),
        points: item
            .points
            .as_ref()
            .map(|points| points.to_plain(0).unwrap_or_else(|| points.to_fraction()))
            .unwrap_or_default(),
        clause: item.clause.clone().unwrap_or_default(),
        lead: item.lead.clone(),
        responsible: item.responsible.clone(),
        supporting: item.supporting.clone(),
        in_block: item.block.is_some(),
        not_applicable: item.otherwise.as_ref().map(|made| word_of(made).into()).unwrap_or_default(),
        fields: item.inputs.iter().map(|input| field(standard, item, input, bindings)).collect(),
        counts: taken::tables_of(standard, item),
    }
}

fn word_of(made: &OtherwiseMade) -> &'static str {
    match made {
        OtherwiseMade::Substitute(_) => "substitute",
        OtherwiseMade::Full => "full",
        OtherwiseMade::Zero => "zero",
        OtherwiseMade::Scale => "scale",
        OtherwiseMade::Reduce => "reduce",
    }
}

fn field(standard: &Standard, item: &Item, input: &Input, bindings: &Bindings) -> Field {
    let by_assessor = input.assessors.is_some();
    let beside = |(how, field): (&str, String)| Beside { how: how.into(), field };
    Field {
        takes: takes(taken::of_input(standard, input)),
        beside: taken::beside(item, input).into_iter().map(beside).collect(),
        name: input.name.clone(),
        figure: bindings.get(&format!("{}/{}", item.id, input.name)).cloned(),
        by_period: input.rows.is_some() && !by_assessor,
        by_assessor,
        assessors: input.assessors.as_ref().and_then(|due| due.to_i64()?.try_into().ok()),
        needs_reason: input.needs_reason,
        judged: by_assessor || input.needs_reason || item.inputs.len() == 1 && is_in_points(input),
    }
}

/// Points are given by somebody; where they stand alone nothing is compared with them.
fn is_in_points(input: &Input) -> bool {
    input.measure.as_ref() == Some(&Measure::points())
}

fn steps(scheme: &Scheme) -> Vec<Step> {
    let all = scheme.deadlines.iter().flat_map(|deadlines| &deadlines.steps);
    all.map(|step| Step { name: step.name.clone(), when: step.when.clone() }).collect()
}
