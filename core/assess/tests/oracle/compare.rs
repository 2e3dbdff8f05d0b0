//! A case through the product, and what came out beside what the oracle says.

use super::{
    evaluate::{self, Outcome, Results, Score, Truth},
    folders::{self, Scored},
    number::{Q, read},
    plan::Case,
    text,
};
use kaoping_assess::{Answer, AwardReason, Options, lines::Lines};
use kaoping_program::{Cell, Column};
use kaoping_scheme::{Folder, Policy, Standard, compile};
use kaoping_terms::{Exact, Level};
use num_traits::Zero;
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// Findings that say in other words what the scores say: a figure is owed.
const OWED: [&str; 2] = ["report-returned", "target-missing"];

/// What the cases reached.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub scores: u64,
    pub owed: u64,
    pub owing: u64,
    pub apart: u64,
    pub tied_places: u64,
    pub lowered_grades: u64,
    pub winners: u64,
    pub to_decide: u64,
    pub parts: u64,
}

/// Both ways; what differs, with the files of the case, if anything does.
pub fn run(case: &Case, seen: &mut Seen) -> Result<(), String> {
    let files = text::reported(case);
    let scored = match score(case, &files) {
        Ok(scored) => scored,
        Err(fault) => return Err(with_files(fault, case, &files)),
    };
    let expected = evaluate::evaluate(case);
    let mut differences = String::new();
    let nobody = !expected.assessed.contains(&true);
    let due = |name: &str| OWED.contains(&name) || (nobody && name == "nobody-assessed");
    for finding in scored.findings.iter().filter(|finding| finding.level == Level::Error && !due(finding.name)) {
        let _ = writeln!(differences, "finding {} {}", finding.name, finding.message.en);
    }
    let numbers: Vec<u32> = case.units.iter().map(|unit| scored.units.find(&unit.id).unwrap_or(u32::MAX)).collect();
    let both = Both { case, scored: &scored, expected: &expected, numbers: &numbers };
    both.scores(&mut differences, seen);
    both.consequences(&mut differences, seen);
    both.following(&mut differences, seen);
    both.owing(&mut differences, seen);
    both.printed(&mut differences);
    if differences.is_empty() { Ok(()) } else { Err(with_files(differences, case, &files)) }
}

fn with_files(mut said: String, case: &Case, files: &BTreeMap<String, String>) -> String {
    let _ = writeln!(said, "scheme.kp:\n{}", text::scheme(case));
    for (name, text) in text::indicators(&case.scheme)
        .map(|text| ("indicators.csv", text))
        .into_iter()
        .chain(text::targets(case).map(|text| ("targets.csv", text)))
    {
        let _ = writeln!(said, "{name}:\n{text}");
    }
    for (name, text) in files {
        let _ = writeln!(said, "{name}:\n{text}");
    }
    said
}

/// Reads the case as a policy folder beside the shipped ones, and scores it.
pub fn score(case: &Case, files: &BTreeMap<String, String>) -> Result<Scored, String> {
    let (standard, policy) = compiled(case)?;
    Ok(folders::score(standard, &policy, files, &Options::default()))
}

/// The case as a policy folder beside the shipped ones.
pub fn compiled(case: &Case) -> Result<(Standard, Policy), String> {
    let mut texts = vec![(String::from("scheme.kp"), text::scheme(case))];
    texts.extend(text::indicators(&case.scheme).map(|text| (String::from("indicators.csv"), text)));
    texts.extend(text::targets(case).map(|text| (String::from("targets.csv"), text)));
    let folder = Folder { root: String::from("policies/random"), files: texts };
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut fetch = |path: &str| {
        fs::read_to_string(policies.join("random").join(path))
            .or_else(|_| fs::read_to_string(policies.join(path.trim_start_matches("../"))))
            .ok()
    };
    let (policy, mut report) = Policy::read(&folder, &mut fetch);
    let (compiled, more) = compile(&policy, &kaoping_scheme::Options::default());
    report.append(more);
    let errors: Vec<String> = report
        .into_sorted()
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| format!("{} {}\n", finding.name, finding.message.en))
        .collect();
    if errors.is_empty() { Ok((compiled.standard, policy)) } else { Err(errors.concat()) }
}

struct Both<'b> {
    case: &'b Case,
    scored: &'b Scored,
    expected: &'b Results,
    /// The product's number of each unit.
    numbers: &'b [u32],
}

fn as_score(cell: &Cell) -> Result<Score, String> {
    match &cell.value {
        Some(value) if cell.state.is_known() => {
            let text = value.to_fraction();
            read(&text).map(Score::Known).ok_or(text)
        }
        _ if cell.state.is_missing() => Ok(Score::Owed),
        _ if cell.state.is_not_applicable() => Ok(Score::Apart),
        _ => Err(format!("{:?}", cell.state)),
    }
}

fn as_truth(answer: Option<Answer>) -> Truth {
    match answer {
        Some(Answer::Yes) => Truth::Yes,
        Some(Answer::No) => Truth::No,
        Some(Answer::Unknown) => Truth::Owed,
        Some(Answer::NotApplicable) | None => Truth::Apart,
    }
}

impl Both<'_> {
    /// Assessed units: position and the product's number.
    fn units(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.numbers.iter().copied().enumerate().filter(|(unit, _)| self.expected.assessed[*unit])
    }

    fn column(&self, what: &str, column: Option<&Column>, expected: &[Score], out: &mut String) {
        for (unit, number) in self.units() {
            let found = column.map_or(Err("no column".into()), |column| as_score(&column.cell(number as usize)));
            if found.as_ref() != Ok(&expected[unit]) {
                let _ =
                    writeln!(out, "{what} of {}: {found:?}, expected {:?}", self.case.units[unit].id, expected[unit]);
            }
        }
    }

    fn scores(&self, out: &mut String, seen: &mut Seen) {
        let (scored, expected) = (self.scored, self.expected);
        for (position, item) in self.case.scheme.items.iter().enumerate() {
            let is_it = |result: &&kaoping_assess::ItemResult| {
                result.model(&scored.standard).is_some_and(|model| model.name == item.name)
            };
            let result = scored.assessment.items.iter().find(is_it);
            self.column(&item.name, result.map(|result| &*result.score), &expected.items[position], out);
            for (unit, number) in self.units() {
                match &expected.items[position][unit] {
                    Score::Known(_) => seen.scores += 1,
                    Score::Owed => seen.owed += 1,
                    Score::Apart => seen.apart += 1,
                }
                let found = as_truth(result.and_then(|result| result.met(number)));
                if found != expected.met[position][unit] {
                    let _ = writeln!(
                        out,
                        "{} met by {}: {found:?}, expected {:?}",
                        item.name, self.case.units[unit].id, expected.met[position][unit]
                    );
                }
            }
        }
        for (position, block) in self.case.scheme.blocks.iter().enumerate() {
            let column = scored.assessment.blocks.get(position).and_then(Option::as_deref);
            self.column(&block.name, column, &expected.blocks[position], out);
        }
        self.column("总分", scored.assessment.total.as_deref(), &expected.total, out);
    }

    fn consequences(&self, out: &mut String, seen: &mut Seen) {
        let (assessment, expected) = (&self.scored.assessment, self.expected);
        for (unit, number) in self.units() {
            let id = &self.case.units[unit].id;
            let meets = as_truth(Some(assessment.meets_all(number)));
            if meets != expected.meets_all[unit] {
                let _ = writeln!(out, "全部达标 of {id}: {meets:?}, expected {:?}", expected.meets_all[unit]);
            }
            let place = assessment.place(number).and_then(|place| usize::try_from(place).ok());
            if place != expected.rank[unit] {
                let _ = writeln!(out, "place of {id}: {place:?}, expected {:?}", expected.rank[unit]);
            }
            let shares = self.units().any(|(other, _)| other != unit && expected.rank[other] == expected.rank[unit]);
            seen.tied_places += u64::from(place.is_some() && shares);
            let grade = assessment.grades.get(number as usize);
            if grade.and_then(|grade| grade.band) != expected.grades[unit] {
                let _ = writeln!(out, "grade of {id}: {grade:?}, expected {:?}", expected.grades[unit]);
            }
            seen.lowered_grades += u64::from(grade.is_some_and(|grade| grade.band != grade.reached));
        }
        for (position, award) in assessment.awards.iter().enumerate() {
            for (unit, number) in self.units() {
                let found = match award.reasons.get(number as usize) {
                    Some(AwardReason::Listed { place, .. }) => Outcome::Listed(*place),
                    Some(AwardReason::ToDecide { place }) => Outcome::ToDecide(*place),
                    Some(reason) if reason.is_open() => Outcome::Open,
                    _ => Outcome::Not,
                };
                seen.winners += u64::from(matches!(found, Outcome::Listed(_)));
                seen.to_decide += u64::from(matches!(found, Outcome::ToDecide(_)));
                if found != expected.awards[position][unit] {
                    let reason = award.reasons.get(number as usize);
                    let _ = writeln!(
                        out,
                        "奖{position} and {}: {reason:?}, expected {:?}",
                        self.case.units[unit].id, expected.awards[position][unit]
                    );
                }
            }
        }
    }

    /// Numbers of individuals and parts of funds.
    fn following(&self, out: &mut String, seen: &mut Seen) {
        let (assessment, expected) = (&self.scored.assessment, self.expected);
        for (unit, number) in self.units() {
            let id = &self.case.units[unit].id;
            for (position, quota) in expected.quotas.iter().enumerate() {
                let found = assessment.quotas[position].numbers[number as usize].as_ref().and_then(Exact::to_i64);
                if found != quota[unit] {
                    let _ = writeln!(out, "名额{position} of {id}: {found:?}, expected {:?}", quota[unit]);
                }
            }
            for (position, fund) in expected.funds.iter().enumerate() {
                let part = assessment.shares[position].parts[number as usize].as_ref();
                let found = part.and_then(|part| read(&part.to_fraction()));
                seen.parts += u64::from(found.as_ref().is_some_and(|part| *part > Q::zero()));
                if found != fund[unit] {
                    let _ = writeln!(out, "金{position} of {id}: {found:?}, expected {:?}", fund[unit]);
                }
            }
        }
    }

    /// Nobody owes a figure of an item that does not apply, or one that was reported.
    fn owing(&self, out: &mut String, seen: &mut Seen) {
        for owing in &self.scored.assessment.owed {
            let unit = self.numbers.iter().position(|number| Some(*number) == owing.unit);
            let item = self.scored.standard.schemes[0]
                .items
                .iter()
                .find(|model| owing.indicator.as_ref() == Some(&model.id))
                .and_then(|model| self.case.scheme.items.iter().position(|item| item.name == model.name));
            let (Some(unit), Some(item)) = (unit, item) else { continue };
            seen.owing += 1;
            // Too few marks are owed although some were given.
            let reported = |fact: &&super::plan::Fact| {
                (fact.unit, fact.item, fact.field) == (unit, Some(item), owing.field.as_str())
                    && fact.value.is_some()
                    && fact.round != Some(0)
                    && fact.field != "评分"
            };
            // What one of several brings that count together, all of them wait for.
            let merge = self.case.merge.as_ref().filter(|merge| merge.items.contains(&item));
            let together = merge.map(|merge| &merge.members).filter(|members| members.contains(&unit));
            let may_owe = |unit: &usize| self.expected.may_owe[item][*unit];
            let may_owe = together.map_or(may_owe(&unit), |members| members.iter().any(may_owe));
            if !may_owe || self.case.facts.iter().any(|fact| reported(&fact)) {
                let (name, id) = (&self.case.scheme.items[item].name, &self.case.units[unit].id);
                let _ = writeln!(out, "{id} is said to owe {} of {name}", owing.field);
            }
        }
    }

    /// What is printed is what was worked out.
    fn printed(&self, out: &mut String) {
        let lines =
            Lines { standard: &self.scored.standard, units: &self.scored.units, assessment: &self.scored.assessment };
        let mut scores: BTreeMap<(String, String), String> = BTreeMap::new();
        lines.scores().visit(&mut |row: &[&str]| {
            let exact = row.get(3).filter(|exact| !exact.is_empty()).unwrap_or(&row[2]);
            scores.insert((row[0].to_string(), row[1].to_string()), (*exact).to_string());
        });
        for (position, item) in self.case.scheme.items.iter().enumerate() {
            if item.points.is_none() {
                continue;
            }
            let found = self
                .scored
                .assessment
                .items
                .iter()
                .filter_map(|result| result.model(&self.scored.standard))
                .find(|model| model.name == item.name);
            let Some(model) = found else { continue };
            for (unit, _) in self.units() {
                let printed = scores.get(&(self.case.units[unit].id.clone(), model.id.clone()));
                let value: Option<Q> = printed.and_then(|text| read(text).filter(|_| !text.is_empty()));
                if value.as_ref() != self.expected.items[position][unit].known() {
                    let _ = writeln!(
                        out,
                        "{} of {} is printed as {printed:?}, expected {:?}",
                        item.name, self.case.units[unit].id, self.expected.items[position][unit]
                    );
                }
            }
        }
    }
}
