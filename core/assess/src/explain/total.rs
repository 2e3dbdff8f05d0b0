//! Why a unit has its total, its place and its awards.

use super::{Step, View, steps};
use crate::{Assessment, Given, lines::Lines, prepare, reasons};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Fault, NodeId, Op};
use kaoping_rules::written::values;
use kaoping_scheme::model::LastPlaceTies;
use kaoping_terms::{Lang, Text};

/// Why a unit has its total, its place and its awards.
#[derive(Clone, Debug, Default)]
pub struct TotalExplanation {
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Its peer group.
    pub group: String,
    /// Its total.
    pub total: String,
    /// What places go by where that is not the total, and the figure of the unit.
    pub placed_by: Option<(String, String)>,
    /// Its place.
    pub place: Option<i64>,
    /// Whether the place can still change.
    pub place_provisional: bool,
    /// What broke the ties with others of the same figure.
    pub ties: Vec<Text>,
    /// How many units are ranked beside it.
    pub of: usize,
    /// Its grade.
    pub grade: Option<String>,
    /// Why it is not the grade its points reach: vetoes, a share that is full.
    pub grade_reason: Text,
    /// Blocks and items: id, name, full points, points, whether the target was met.
    pub items: Vec<ItemLine>,
    /// How the total is made.
    pub steps: Vec<Step>,
    /// Vetoes that struck or are open.
    pub vetoes: Vec<Text>,
    /// Each award with the reason.
    pub awards: Vec<(String, Text)>,
    /// What it owes.
    pub owed: Vec<String>,
    /// What is divided by though it is zero, so that there is no total.
    pub undefined: Vec<Text>,
}

/// One item in the account of a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemLine {
    /// Id of the indicator.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Name of its block.
    pub block: String,
    /// Full points.
    pub points: String,
    /// Points it got.
    pub score: String,
    /// Whether its target was met.
    pub met: Option<bool>,
}

/// Explains the total of a unit.
///
/// # Errors
/// Only a defect of the program can cause one.
pub fn explain_total(
    given: Given<'_>,
    round: Option<usize>,
    assessment: &Assessment,
    unit: u32,
    lang: Lang,
) -> Result<TotalExplanation, Fault> {
    let (prepared, _) = prepare(given, round);
    let Some(scheme) = given.scheme() else {
        return Ok(TotalExplanation::default());
    };
    let mut nodes: Vec<NodeId> = scheme.total.iter().chain(&scheme.rank).copied().collect();
    nodes.extend(scheme.blocks.iter().filter_map(|block| block.score));
    nodes.extend(scheme.values.iter().map(|(_, node)| *node));
    nodes.extend(scheme.vetoes.iter().map(|veto| veto.when));
    let nodes: Vec<NodeId> = nodes.into_iter().filter(|node| !rests_on_external(given, *node)).collect();
    let view = View::new(&prepared, unit, &nodes, lang)?;
    let lines = Lines { standard: given.standard, units: given.units, assessment };
    let group = assessment.groups.name(unit).to_string();
    let same_group = |other: &&u32| {
        scheme.peer_group.is_none()
            || assessment.groups.of.get(**other as usize) == assessment.groups.of.get(unit as usize)
    };
    // An item without rounding may be the figure it reads; here it is called by its own name.
    let names: BTreeMap<NodeId, String> =
        scheme.items.iter().filter_map(|item| Some((item.score?, item.name.clone()))).collect();
    let mut made = Vec::new();
    for block in &scheme.blocks {
        if let Some(score) = block.score.filter(|score| is_more_than_a_sum(&view, *score)) {
            made.push(steps::step_named(&view, block.name.clone(), score, &names));
        }
    }
    for (name, node) in &scheme.values {
        if nodes.contains(node) {
            made.push(steps::step_named(&view, name.clone(), *node, &names));
        }
    }
    if let Some(total) = scheme.total {
        let name = String::from(if lang == Lang::Zh { "总分" } else { "total" });
        made.push(steps::step_named(&view, name, total, &names));
    }
    Ok(TotalExplanation {
        unit: given.units.id(unit).to_string(),
        unit_name: given.units.name(unit).to_string(),
        group,
        total: scheme.total.map(|node| view.show(node)).unwrap_or_default(),
        placed_by: assessment.rank_by.as_ref().zip(scheme.rank_keys.first()).map(|((name, column), (key, _))| {
            let program = &given.standard.program;
            let shown = program.node(*key).map(|node| {
                let cell = column.cell(unit as usize);
                values::cell_shown(program, &node.kind, &cell, view.display().as_ref(), lang)
            });
            (name.clone(), shown.unwrap_or_default())
        }),
        place: assessment.place(unit),
        place_provisional: assessment.place_is_provisional(unit),
        ties: lines.ties(unit),
        of: assessment.members.iter().filter(same_group).count(),
        grade: assessment.grade(given.standard, unit).map(str::to_string),
        grade_reason: grade_reason(given, assessment, unit),
        items: items(&view, assessment),
        steps: made,
        vetoes: vetoes(&view, assessment, unit),
        awards: scheme
            .awards
            .iter()
            .enumerate()
            .map(|(at, award)| {
                let reason = reasons::award(&lines, at, unit);
                let reason = match lines.prize(at, unit).map(|prize| values::number(&prize.amount, &prize.measure)) {
                    Some(money) => Text::new(
                        alloc::format!("{}；奖金 {money}", reason.zh),
                        alloc::format!("{}; prize {money}", reason.en),
                    ),
                    None => reason,
                };
                (award.name.clone(), reason)
            })
            .collect(),
        undefined: match scheme.total.filter(|total| view.cell(*total).is_some_and(|cell| cell.state.is_undefined())) {
            Some(total) => super::divisors(&prepared, total, unit)?,
            None => Vec::new(),
        },
        owed: assessment
            .owed_by(unit)
            .map(|owing| match &owing.indicator {
                Some(indicator) => alloc::format!("{indicator}·{}", owing.field),
                None => owing.field.clone(),
            })
            .collect(),
    })
}

/// Grades are not part of the account of a total.
fn rests_on_external(given: Given<'_>, node: NodeId) -> bool {
    let program = &given.standard.program;
    let reached = prepare::reached(program, &[node]);
    program.nodes.iter().zip(&reached).any(|(node, reached)| {
        let kaoping_program::Op::Column(column) = node.op else { return false };
        *reached
            && program.columns.get(column.0 as usize).is_some_and(
                |spec| matches!(&spec.source, kaoping_program::ColumnSource::External { name } if name == "等次"),
            )
    })
}

fn items(view: &View<'_>, assessment: &Assessment) -> Vec<ItemLine> {
    let given = view.given();
    let program = &given.standard.program;
    assessment
        .items
        .iter()
        .filter(|result| result.scheme == 0)
        .filter_map(|result| {
            let model = result.model(given.standard)?;
            if model.is_substitute {
                return None;
            }
            let block = model.block.and_then(|block| given.standard.schemes.first()?.blocks.get(block));
            let kind = kaoping_program::Kind::Number(kaoping_terms::Measure::points());
            let cell = result.score.cell(view.unit as usize);
            Some(ItemLine {
                id: model.id.clone(),
                name: model.name.clone(),
                block: block.map(|block| block.name.clone()).unwrap_or_default(),
                points: super::points(model),
                score: values::cell_shown(program, &kind, &cell, view.display().as_ref(), view.lang),
                met: match result.met(view.unit) {
                    Some(crate::Answer::Yes) => Some(true),
                    Some(crate::Answer::No) => Some(false),
                    _ => None,
                },
            })
        })
        .collect()
}

/// Whether a block is scaled, cut off, zeroed or rounded after its items are added up.
fn is_more_than_a_sum(view: &View<'_>, node: NodeId) -> bool {
    let op = view.given().standard.program.node(node).map(|node| &node.op);
    matches!(op, Some(Op::Mul(..) | Op::Min(..) | Op::Max(..) | Op::Select { .. } | Op::Round { .. }))
}

fn vetoes(view: &View<'_>, assessment: &Assessment, unit: u32) -> Vec<Text> {
    let Some(scheme) = view.given().scheme() else {
        return Vec::new();
    };
    assessment
        .vetoes(unit)
        .into_iter()
        .filter_map(|(at, strike)| {
            let veto = scheme.vetoes.get(at)?;
            let name = &veto.name;
            if let Some(line) = super::vetoes::line(view, veto) {
                return Some(line);
            }
            Some(match strike {
                crate::Strike::Open => Text::new(
                    alloc::format!("{name}：未定，有关的数还没有报"),
                    alloc::format!("{name}: not known yet, a figure is owed"),
                ),
                _ => Text::new(alloc::format!("{name}：成立"), alloc::format!("{name}: strikes")),
            })
        })
        .collect()
}

/// Why a grade is not the one the points reach.
fn grade_reason(given: Given<'_>, assessment: &Assessment, unit: u32) -> Text {
    let grade = assessment.grades.get(unit as usize);
    let scheme = given.scheme();
    let (Some(grade), Some(scheme)) = (grade, scheme) else { return Text::default() };
    let reached = scheme.grades.as_ref().zip(grade.reached).and_then(|(grades, band)| grades.bands.get(band));
    let unchanged = grade.reached == grade.band && grade.moves.is_empty() && !grade.crowded_out;
    let Some(reached) = reached.filter(|_| !unchanged) else { return Text::default() };
    let (mut zh, mut en) = (alloc::format!("按分可得 {}", reached.name), alloc::format!("{} by points", reached.name));
    for veto in grade.vetoes.iter().filter_map(|at| scheme.vetoes.get(*at)) {
        zh.push_str(&alloc::format!("；因“{}”降", veto.name));
        en.push_str(&alloc::format!("; lowered by {}", veto.name));
    }
    let moves = scheme.grades.as_ref().map_or(&[][..], |grades| &grades.moves);
    let told = |after: bool, zh: &mut String, en: &mut String| {
        let made = grade.moves.iter().filter_map(|at| moves.get(*at));
        for moved in made.filter(|moved| moved.after_shares.unwrap_or(false) == after) {
            let (name, steps) = (&moved.name, moved.steps);
            let (how_zh, how_en) = if moved.up { ("升", "raised") } else { ("降", "lowered") };
            zh.push_str(&alloc::format!("；因“{name}”{how_zh} {steps} 等"));
            en.push_str(&alloc::format!("; {how_en} by {steps} for {name}"));
        }
    };
    told(false, &mut zh, &mut en);
    match grade.tied {
        Some(tie) if grade.crowded_out => {
            let (units, free) = (tie.units, tie.free);
            let (rule_zh, rule_en) = match tie.rule {
                LastPlaceTies::Decide => ("由人来定，暂不占", "a person decides, until then none of them takes it"),
                _ => ("都不占", "none of them takes it"),
            };
            zh.push_str(&alloc::format!("；{units} 个单位同分，只剩 {free} 个名额，按方案{rule_zh}"));
            en.push_str(&alloc::format!(
                "; {units} units are equal, {free} left in its share, by the policy {rule_en}"
            ));
        }
        _ if grade.crowded_out => {
            zh.push_str("；名额已满");
            en.push_str("; its share is full");
        }
        _ => {}
    }
    told(true, &mut zh, &mut en);
    Text::new(zh, en)
}
