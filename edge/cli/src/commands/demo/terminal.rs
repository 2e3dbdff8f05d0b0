//! `kaoping demo --terminal`: the main job on the sample city, without any file beside the program.

use crate::commands::{
    compare,
    explain::{find_item, item_json, item_tree},
    score,
};
use crate::{
    render::findings,
    say::{self, Ending, Style},
};
use kaoping_assess::{
    Assessment,
    compare::{Side, compare as compare_sides},
    explain::{explain, margins},
    lines::Lines,
};
use kaoping_intake::{
    given::{Given, Texts},
    load::{Loaded, load_shipped},
};
use kaoping_scheme::Options;
use kaoping_terms::{Diagnostic, Lang, Level, Sources};
use serde_json::json;
use std::{collections::BTreeMap, io::IsTerminal};

/// The policies and the figure the demonstration shows.
const ISSUED: &str = "livelihood-as-issued";
const CORRECTED: &str = "livelihood";
const CITY: &str = "city";
const UNIT: &str = "乙县";
const INDICATOR: &str = "城镇新增就业";
/// Findings shown in full; the rest are named in a line each.
const SHOWN: usize = 4;

fn pick<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    if lang == Lang::Zh { zh } else { en }
}

fn heading(number: usize, text: &str) -> String {
    format!("\n{number}. {text}\n")
}

/// Shows findings, a ranking with awards, one explained deduction, one what-if.
pub(super) fn run(style: Style) -> Ending {
    let lang = style.lang;
    if style.json {
        return as_json(lang);
    }
    issued(lang);
    let loaded = load_shipped(CORRECTED, &Options::default());
    let city = take(&loaded, &[]);
    let assessment = assess(&loaded, &city);
    let standard = &loaded.compiled.standard;
    say::print(&heading(
        2,
        pick(
            lang,
            "改正后的标准给样例城市（合成数据）评分",
            "The corrected standard scores the sample city (synthetic figures)",
        ),
    ));
    say::print(&score::as_text(&Lines { standard, units: &city.units, assessment: &assessment }, lang, false));
    say::print(&heading(3, pick(lang, "每一分都说得清", "Every point says why")));
    if let (Some(unit), Some((scheme, item))) = (city.units.find(UNIT), find_item(standard, INDICATOR))
        && let Ok(explanation) = explain(city.of(standard), None, unit, scheme, item, lang)
    {
        let found = margins(city.of(standard), None, unit, scheme, item, lang);
        say::print(&item_tree(&explanation, &found, &loaded.policy.clauses, lang).render());
    }
    what_if(&loaded, &city, &assessment, lang);
    Ending::Done
}

/// The same for machines.
fn as_json(lang: Lang) -> Ending {
    let issued = load_shipped(ISSUED, &Options::default());
    let loaded = load_shipped(CORRECTED, &Options::default());
    let (standard, city) = (&loaded.compiled.standard, take(&loaded, &[]));
    let assessment = assess(&loaded, &city);
    let explanation = city.units.find(UNIT).zip(find_item(standard, INDICATOR)).and_then(|(unit, (scheme, item))| {
        let explanation = explain(city.of(standard), None, unit, scheme, item, lang).ok()?;
        let found = margins(city.of(standard), None, unit, scheme, item, lang);
        Some(item_json(&explanation, &found, &loaded.policy.clauses, lang))
    });
    let (other, after_city) = otherwise();
    let after = assess(&other, &after_city);
    let a = Side { given: city.of(standard), round: None, assessment: &assessment };
    let b = Side { given: after_city.of(&other.compiled.standard), round: None, assessment: &after };
    say::print_json(&json!({
        "findings": say::listed(&issued.findings, &issued.policy.sources, lang),
        "results": score::as_json(&Lines { standard, units: &city.units, assessment: &assessment }, lang),
        "explanation": explanation,
        "comparison": compare_sides(a, b, lang).ok().map(|comparison| compare::as_json(&comparison, lang)),
    }));
    Ending::Done
}

/// The findings on the standard as it was issued.
fn issued(lang: Lang) {
    let issued = load_shipped(ISSUED, &Options::default());
    say::print(&heading(
        1,
        pick(
            lang,
            "发文之前先查错：《民生工程目标管理工作规定》原文照录",
            "Mistakes found before it is issued: a real regulation, transcribed as it stands",
        ),
    ));
    let shown = telling(&issued.findings);
    let text = findings::render(&shown, &issued.policy.sources, lang, std::io::stdout().is_terminal());
    // The renderer ends with a summary of what it was given; the whole is summed up below.
    let text = text.trim_end().rsplit_once('\n').map_or(text.as_str(), |(all, _)| all);
    say::print(text.trim_end());
    say::print("");
    let mut groups: BTreeMap<(Level, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for finding in issued.findings.iter().filter(|finding| !shown.contains(finding)) {
        groups.entry((finding.level, finding.name)).or_default().push(finding);
    }
    for group in groups.values() {
        if let Some(first) = group.first() {
            say::print(&line(first, group.len(), &issued.policy.sources, lang));
        }
    }
    say::print(&findings::summary(&issued.findings, lang));
}

/// Contradictions with the words of the regulation beside them, one of each kind.
fn telling(all: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut shown: Vec<Diagnostic> = Vec::new();
    let contradiction = |finding: &&Diagnostic| {
        finding.level == Level::Error && finding.source.is_some() && !finding.label.zh.is_empty()
    };
    for finding in all.iter().filter(contradiction) {
        if shown.len() < SHOWN && !shown.iter().any(|other| other.name == finding.name) {
            shown.push(finding.clone());
        }
    }
    shown
}

/// A kind of finding in one line, with its first place.
fn line(finding: &Diagnostic, count: usize, sources: &Sources, lang: Lang) -> String {
    let place = finding
        .place
        .map(|place| format!("{}:{}", sources.path(place.file), sources.position(place).line))
        .unwrap_or_default();
    let level = match (finding.level, lang) {
        (Level::Error, Lang::Zh) => "错误",
        (Level::Warning, Lang::Zh) => "警告",
        (Level::Note, Lang::Zh) => "提示",
        (Level::Error, Lang::En) => "error",
        (Level::Warning, Lang::En) => "warning",
        (Level::Note, Lang::En) => "note",
    };
    let more = match (count, lang) {
        (1, _) => String::new(),
        (_, Lang::Zh) => format!("（同类共 {count} 处）"),
        (_, Lang::En) => format!(" ({count} of this kind)"),
    };
    format!("{level}[{}] {}{more}  {place}", finding.name, finding.message.get(lang))
}

/// The city, with some figures replaced: unit, indicator, old value, new value.
fn take(loaded: &Loaded, changes: &[(&str, &str, &str, &str)]) -> Given {
    let files = loaded.policy.examples.get(CITY).cloned().unwrap_or_default();
    let file = |name: &str| files.get(name).map(|text| (format!("examples/{CITY}/{name}"), text.clone()));
    let standard = &loaded.compiled.standard;
    let mut facts: Vec<(String, String)> = file("facts.csv").into_iter().collect();
    for (unit, indicator, old, new) in changes {
        for (_, text) in &mut facts {
            let changed: Vec<String> = text
                .lines()
                .map(|line| {
                    if line.starts_with(&format!("{unit},{indicator},")) {
                        line.replacen(old, new, 1)
                    } else {
                        line.to_string()
                    }
                })
                .collect();
            *text = changed.join("\n");
        }
    }
    let events = standard.events.iter().filter_map(|table| {
        let (path, text) =
            file(&format!("{}.csv", table.name)).or_else(|| file(&format!("{}.csv", table.alias.as_ref()?)))?;
        Some((table.name.clone(), path, text))
    });
    let texts = Texts { units: file("units.csv"), events: events.collect(), facts };
    let mut sources = Sources::default();
    Given::new(standard, &loaded.policy.targets, texts, &mut sources).0
}

fn assess(loaded: &Loaded, given: &Given) -> Assessment {
    kaoping_assess::assess(given.of(&loaded.compiled.standard), &kaoping_assess::Options::default())
}

/// The city with a partial step counted in proportion.
fn otherwise() -> (Loaded, Given) {
    let mut options = Options::default();
    options.choices.insert(String::from("不足一步"), String::from("按比例"));
    let other = load_shipped(CORRECTED, &options);
    let given = take(&other, &[]);
    (other, given)
}

/// One what-if: a partial step counted in proportion.
fn what_if(loaded: &Loaded, city: &Given, before: &Assessment, lang: Lang) {
    let (other, given) = otherwise();
    let after = assess(&other, &given);
    let title = pick(
        lang,
        "如果差 3 % 算一步半而不是一步（不足一步 = 按比例）",
        "What if 3 % short counted as one step and a half (不足一步 = 按比例)",
    );
    say::print(&heading(4, title));
    let a = Side { given: city.of(&loaded.compiled.standard), round: None, assessment: before };
    let b = Side { given: given.of(&other.compiled.standard), round: None, assessment: &after };
    if let Ok(mut comparison) = compare_sides(a, b, lang) {
        comparison.policy.clear();
        say::print(&compare::as_text(&comparison, lang));
    }
}
