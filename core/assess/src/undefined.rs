//! Scores that are undefined: which divisor is zero, for whom, and what that leaves without a result.

use crate::{
    prepare::{Given, Prepared},
    result::{Assessment, Undefined},
    trail::{Found, Seek, followed},
};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Column, Fault, NodeId};
use kaoping_scheme::model::{Item, Scheme};
use kaoping_terms::{Diagnostic, Lang, Place, Report, Text};

/// How many units a finding names.
const MOST_NAMED: usize = 10;

/// How many findings there are; the table has all of it.
const MOST_FINDINGS: usize = 50;

/// The divisors that are zero behind the values of a node.
pub(crate) fn divisors(prepared: &Prepared<'_>, node: NodeId, units: &[u32]) -> Result<Vec<Undefined>, Fault> {
    let found = followed(prepared, node, units, Seek::Undefined)?;
    let zero = |found| if let Found::Zero(zero) = found { Some(zero) } else { None };
    Ok(found.into_iter().filter_map(zero).collect())
}

/// Something that should have a result: an item, a block, the total, a value of the scheme.
struct Wanted<'a> {
    name: &'a str,
    id: &'a str,
    clause: Option<&'a str>,
    place: Option<Place>,
    node: NodeId,
    units: Vec<u32>,
    /// Whether it is made of others, which are told first.
    is_made: bool,
}

/// Finds the zero divisors of each score, total and value that is undefined.
pub(crate) fn fill(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    out: &mut Assessment,
    report: &mut Report,
) -> Result<(), Fault> {
    let given = prepared.given();
    let mut wanted = wanted(&given, scheme, out);
    wanted.sort_by_key(|wanted| wanted.is_made);
    let mut told: BTreeSet<(Option<u32>, Text)> = BTreeSet::new();
    let mut undefined = Vec::new();
    let mut findings = Vec::new();
    for wanted in &wanted {
        let mut zeros = divisors(prepared, wanted.node, &wanted.units)?;
        zeros.retain(|zero| !(wanted.is_made && told.contains(&(zero.unit, zero.divisor.clone()))));
        if zeros.is_empty() {
            continue;
        }
        told.extend(zeros.iter().map(|zero| (zero.unit, zero.divisor.clone())));
        findings.push(finding(&given, wanted, &zeros));
        undefined.extend(zeros.into_iter().map(|zero| Undefined { indicator: Some(wanted.id.to_string()), ..zero }));
    }
    findings.into_iter().take(MOST_FINDINGS).for_each(|finding| report.push(finding));
    out.undefined = undefined;
    Ok(())
}

fn wanted<'a>(given: &Given<'a>, scheme: &'a Scheme, out: &Assessment) -> Vec<Wanted<'a>> {
    let without = |column: Option<&Column>| -> Vec<u32> {
        let is_undefined = |unit: &u32| column.is_some_and(|column| column.state(*unit as usize).is_undefined());
        out.members.iter().copied().filter(is_undefined).collect()
    };
    let mut all = Vec::new();
    for result in &out.items {
        let Some(item) = result.model(given.standard).filter(|item| !item.is_substitute) else { continue };
        if let Some(node) = item.score {
            all.push(Wanted { units: without(Some(&result.score)), ..of_item(item, node) });
        }
    }
    let plain = |name: &'a str, node: NodeId, column: Option<&Column>| Wanted {
        name,
        id: name,
        clause: None,
        place: None,
        node,
        units: without(column),
        is_made: true,
    };
    for (block, column) in scheme.blocks.iter().zip(&out.blocks) {
        all.extend(block.score.map(|node| plain(&block.name, node, column.as_deref())));
    }
    all.extend(scheme.total.map(|node| plain("总分", node, out.total.as_deref())));
    for (name, node) in &scheme.values {
        let column = out.values.iter().find(|(of, _)| of == name).map(|(_, column)| &**column);
        all.push(plain(name, *node, column));
    }
    all.retain(|wanted| !wanted.units.is_empty());
    all
}

fn of_item(item: &Item, node: NodeId) -> Wanted<'_> {
    Wanted {
        name: &item.name,
        id: &item.id,
        clause: item.clause.as_deref(),
        place: Some(item.place),
        node,
        units: Vec::new(),
        is_made: item.sub_scheme.is_some(),
    }
}

/// `“就业率”除以零，2 个单位算不出：甲县、乙县`.
fn finding(given: &Given<'_>, wanted: &Wanted<'_>, zeros: &[Undefined]) -> Diagnostic {
    let (name, count) = (wanted.name, wanted.units.len());
    let units = |lang| names(given, &wanted.units, lang);
    let mut divisors: Vec<(&Text, Vec<u32>)> = Vec::new();
    for zero in zeros {
        match divisors.iter_mut().find(|(divisor, _)| **divisor == zero.divisor) {
            Some((_, units)) => units.extend(zero.unit),
            None => divisors.push((&zero.divisor, zero.unit.into_iter().collect())),
        }
    }
    let told = |lang| -> Vec<String> {
        let one = |(divisor, units): &(&Text, Vec<u32>)| match (names(given, units, lang).as_str(), lang) {
            ("", _) => divisor.get(lang).to_string(),
            (units, Lang::Zh) => format!("{}（{units}）", divisor.zh),
            (units, Lang::En) => format!("{} ({units})", divisor.en),
        };
        divisors.iter().map(one).collect()
    };
    let clause = |before: &str| wanted.clause.map(|clause| format!("{before}{clause}")).unwrap_or_default();
    let finding = Diagnostic::error(
        "score-undefined",
        Text::new(
            format!("“{name}”除以零，{count} 个单位算不出：{}", units(Lang::Zh)),
            format!("`{name}` divides by zero; without a result ({count}): {}", units(Lang::En)),
        ),
    )
    .why(Text::new(
        format!(
            "除数是零：{}；除以零没有意义，不当作零分，也不当作满分{}",
            told(Lang::Zh).join("、"),
            clause("；依据 ")
        ),
        format!(
            "zero is divided by: {}; that has no meaning, and is neither no points nor full points{}",
            told(Lang::En).join(", "),
            clause("; clause ")
        ),
    ))
    .next(Text::new(
        "核对这几个数；本来就会是零的，在规则里为零另写一个情形，不该考这一项的单位用“适用”写明",
        "check these figures; where zero is to be expected, give the rule a case for it, or say with 适用 whom the item is not for",
    ));
    match wanted.place {
        Some(place) => finding.at(place),
        None => finding,
    }
}

/// Names of units, of many the first.
fn names(given: &Given<'_>, units: &[u32], lang: Lang) -> String {
    let named: Vec<&str> = units.iter().take(MOST_NAMED).map(|unit| given.units.name(*unit)).collect();
    let dots = if units.len() > MOST_NAMED { Text::new("……", " …") } else { Text::default() };
    format!("{}{}", named.join(Text::new("、", ", ").get(lang)), dots.get(lang))
}
