//! The score sheet of an office: the rounds side by side, item by item, with what differs and why.

use super::{
    Paper, Rounds, Tab, Wanted, address, deeds, deeds::RoundDeeds, entry, kind, outline, paper, seen_rounds,
    sees_round, tabs, why,
};
use crate::{
    Eyes, Frame, Html, Topic,
    forms::As,
    may::{as_whom, offer},
};
use askama::Template;
use kaoping_desk::standard::InTable;
use kaoping_office::{
    Act,
    deeds::{
        objections::{About, Object},
        rounds::Assess,
    },
    ids::OfficeId,
    outline::{Field, Indicator, Outline},
    rights::Role,
    rounds::{InRound, Since, difference},
    state::{Assessed, Cell, Judgement, Objection, SetBefore, TakenBack},
    tables::Key,
};
use kaoping_terms::Lang;
use std::collections::{BTreeMap, BTreeSet};

struct Column {
    name: String,
    stage: String,
    is_reckoned: bool,
    is_current: bool,
}

/// A value of a round.
#[derive(Default)]
struct Value {
    value: String,
    several: Vec<(String, String)>,
    difference: String,
    class: &'static str,
    kind: String,
    why: String,
    who: String,
    entries: Vec<Paper>,
    /// What was said of other numbers, where the reason is none of these.
    stale: String,
    /// What it is by now, where the round was scored with something else.
    since: Option<ByNow>,
    /// What it was before, where whoever looks may set it.
    open: Option<String>,
    /// What was taken back of it: the value, who set it, who took it back and why.
    taken: Vec<(String, String, Paper)>,
    /// Whose values whoever looks may take back.
    takes: Vec<Takes>,
}

/// A value somebody set that can be taken back.
struct Takes {
    assessor: String,
    /// The input, as the deed names it.
    input: String,
}

/// What a value is by now.
struct ByNow {
    word: String,
    /// The reason that was given for it, and who gave it.
    said: Vec<String>,
    entry: Paper,
}

struct Score {
    score: String,
    difference: String,
    by_rule: String,
    path: String,
    step: u8,
}

struct Input {
    indicator: String,
    indicator_name: String,
    name: String,
    is_judged: bool,
    /// Whether somebody judged it: the standard itself gives what nobody does.
    was_judged: bool,
    asked: String,
    is_target: bool,
    is_given: bool,
    papers: Vec<Paper>,
    seats: Vec<Seat>,
}

/// What stands of an input under a round; the score beside its first input.
struct Seat {
    value: Value,
    score: Option<Score>,
}

struct Item {
    id: String,
    name: String,
    points: String,
    exempt: String,
    inputs: Vec<Input>,
}

struct Raised {
    id: String,
    text: String,
    by: String,
    due: String,
    answer: Option<(bool, String, String)>,
}

struct Choice {
    path: String,
    word: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "scoresheet.html")]
struct Sheet {
    frame: Frame,
    title: String,
    sub: String,
    hidden: String,
    tabs: Vec<Tab>,
    offices: Vec<Choice>,
    back: String,
    total_path: String,
    columns: Vec<Column>,
    items: Vec<Item>,
    totals: Vec<Option<(String, String)>>,
    unit: String,
    unit_name: String,
    assess: Option<As>,
    /// Why somebody whose task it would be may not assess; empty where nothing is to be said.
    held_back: String,
    asked: Vec<(String, String, String, String)>,
    /// Inputs as many have judged as the standard names assessors, and whoever looks has not.
    full: Vec<String>,
    objections: Vec<Raised>,
    object: Option<As>,
    objection: String,
    may_object_until: String,
    signatures: Vec<(String, String, Vec<Paper>)>,
    deeds: RoundDeeds,
}

/// The page; `None` where there is no such office, or it is not for whoever looks.
pub fn unit(
    eyes: &Eyes<'_>,
    wanted: Wanted<'_>,
    unit: &OfficeId,
    (scored, in_table): (&Rounds, &InTable),
) -> Option<Html> {
    let outline = outline(eyes, wanted.scheme)?;
    let assessed = eyes.state().assessed_by(wanted.scheme, eyes.viewer.today());
    if !assessed.contains(unit) || !eyes.viewer.sees(unit) {
        return None;
    }
    let (rounds, hidden) = seen_rounds(eyes, wanted, outline);
    let assess = Act::Assess(Assess {
        scheme: wanted.scheme.clone(),
        round: wanted.round.to_owned(),
        office: unit.clone(),
        values: Vec::new(),
        further_assessor: false,
    });
    let may_by_role = eyes.viewer.by_which(&assess).is_some();
    let is_open = eyes.state().round_stage(wanted.scheme, wanted.round, eyes.viewer.today()).is_open();
    let offer = offer(eyes, &assess);
    let held_back = if may_by_role && is_open && offer.by.is_none() { offer.said } else { String::new() };
    let assess = offer.by;
    let sheet = Sheets { eyes, wanted, unit, outline, rounds: &rounds, scored, in_table, assess: assess.as_ref() };
    let items = sheet.items();
    let unit_name = eyes.office(unit);
    let title = format!("{} · {unit_name}", eyes.t("记分表", "Score sheet"));
    let round = if wanted.round.is_empty() { String::new() } else { format!(" · {}", wanted.round) };
    let object = object(eyes, wanted, unit);
    Some(Html::of(&Sheet {
        frame: Frame::new(eyes, Topic::Sheets, &title),
        sub: format!("{}{round}", eyes.state().title(wanted.scheme)),
        title,
        hidden,
        tabs: tabs(eyes, wanted, unit.as_str()),
        offices: offices(eyes, wanted, unit, &assessed),
        back: address(wanted, wanted.round, ""),
        total_path: if sheet.sees(wanted.round) { why(wanted, wanted.round, unit, "-") } else { String::new() },
        columns: rounds.iter().map(|round| sheet.column(round)).collect(),
        totals: rounds.iter().map(|round| sheet.total(round)).collect(),
        asked: if assess.is_some() { sheet.asked() } else { Vec::new() },
        full: if assess.is_some() { sheet.full() } else { Vec::new() },
        items,
        unit: unit.to_string(),
        unit_name,
        assess: assess.clone(),
        held_back,
        objections: objections(eyes, wanted, unit),
        object: object.0,
        objection: object.1,
        may_object_until: object.2,
        signatures: sheet.signatures(),
        deeds: deeds::of(eyes, wanted),
    }))
}

fn offices(eyes: &Eyes<'_>, wanted: Wanted<'_>, unit: &OfficeId, assessed: &BTreeSet<&OfficeId>) -> Vec<Choice> {
    let seen = eyes.state().in_order(assessed.iter().copied().filter(|office| eyes.viewer.sees(office)));
    let choice = |office: &OfficeId| Choice {
        path: address(wanted, wanted.round, office.as_str()),
        word: eyes.office(office),
        chosen: office == unit,
    };
    seen.into_iter().map(choice).collect()
}

struct Sheets<'a, 'e> {
    eyes: &'a Eyes<'e>,
    wanted: Wanted<'a>,
    unit: &'a OfficeId,
    outline: &'a Outline,
    rounds: &'a [&'a str],
    scored: &'a Rounds,
    in_table: &'a InTable,
    assess: Option<&'a As>,
}

impl<'a> Sheets<'a, '_> {
    fn sees(&self, round: &str) -> bool {
        sees_round(self.eyes, self.wanted.scheme, round)
    }

    fn column(&self, round: &str) -> Column {
        let (eyes, today) = (self.eyes, self.eyes.viewer.today());
        Column {
            name: if round.is_empty() { eyes.t("评定", "Assessed").to_owned() } else { round.to_owned() },
            stage: eyes.say(&eyes.state().round_stage(self.wanted.scheme, round, today).word()),
            is_reckoned: self.scored.get(round).is_some_and(|scored| scored.is_reckoned),
            is_current: round == self.wanted.round,
        }
    }

    fn total(&self, round: &str) -> Option<(String, String)> {
        let scored = self.scored.get(round).filter(|_| self.sees(round))?;
        let (total, place) = scored.totals.get(self.unit.as_str())?;
        let place = place.map(|place| match self.eyes.lang {
            Lang::Zh => format!("第 {place} 名"),
            Lang::En => format!("place {place}"),
        });
        Some((total.clone(), place.unwrap_or_default()))
    }

    fn items(&self) -> Vec<Item> {
        let state = self.eyes.state();
        let mut lines: BTreeMap<(&str, &str), Vec<InRound<'_>>> = BTreeMap::new();
        let all = state.rounds_of(self.wanted.scheme, self.unit);
        for line in all.filter(|line| self.rounds.contains(&line.round)) {
            lines.entry((line.indicator.as_str(), line.field)).or_default().push(line);
        }
        let item = |indicator: &Indicator| {
            let mut inputs: Vec<(&Field, &[InRound<'_>])> = Vec::new();
            for field in &indicator.fields {
                let found = lines.get(&(indicator.id.as_str(), field.name.as_str()));
                inputs.push((field, found.map(Vec::as_slice).unwrap_or_default()));
            }
            let first = inputs.first().map(|(_, lines)| *lines).unwrap_or_default();
            let wanted = first.iter().find(|line| line.round == self.wanted.round);
            let exempt = wanted.or(first.first()).and_then(|line| line.exempt);
            let mut scores = Some(self.scores(indicator, first));
            let input = |(field, lines): (&Field, &[InRound<'_>])| {
                self.input(indicator, field, (lines, scores.take().unwrap_or_default()))
            };
            Item {
                id: indicator.id.to_string(),
                name: indicator.name.clone(),
                points: indicator.points.clone(),
                exempt: exempt.map(|exempt| exempt.why.clone()).unwrap_or_default(),
                inputs: inputs.into_iter().map(input).collect(),
            }
        };
        self.outline.indicators.iter().map(item).collect()
    }

    fn target(&self, indicator: &Indicator, field: &Field) -> Option<&str> {
        let key = (self.wanted.scheme.clone(), self.unit.clone(), indicator.id.clone(), field.name.clone());
        self.eyes.state().targets.get(&key).map(|target| target.value.as_str())
    }

    /// The reported figure an input comes from in the round that is looked at.
    fn cell(&self, field: &'a Field) -> Option<&'a Cell> {
        let of = (self.wanted.scheme, self.wanted.round);
        self.eyes.state().cell_in(of, self.unit, field).map(|(.., cell)| cell)
    }

    fn input(
        &self,
        indicator: &Indicator,
        field: &Field,
        (lines, scores): (&[InRound<'_>], Vec<Option<Score>>),
    ) -> Input {
        let mut scores = scores.into_iter();
        let target = self.target(indicator, field);
        let cell = self.cell(field);
        let reported = cell.map(|cell| cell.value.clone());
        let reported = reported.or_else(|| lines.first().map(|line| line.reported.clone())).unwrap_or_default();
        // Neither asked for, nor handed down, nor judged: the standard has it in its own table.
        let given = self.in_table.get(&(indicator.id.to_string(), field.name.clone()));
        let is_open = reported.is_empty() && target.is_none() && lines.iter().all(|line| line.set.is_empty());
        let given = given.filter(|_| is_open);
        let reported = given.cloned().unwrap_or(reported);
        let evidence = cell.map(|cell| cell.evidence.as_slice()).unwrap_or_default();
        let papers = evidence.iter().enumerate().map(|(at, hash)| paper(self.eyes, at, hash)).collect();
        Input {
            indicator: indicator.id.to_string(),
            indicator_name: indicator.name.clone(),
            name: field.name.clone(),
            is_judged: field.figure.is_none() && target.is_none(),
            was_judged: field.figure.is_none()
                && target.is_none()
                && (field.by_assessor || lines.iter().any(|line| !line.set.is_empty())),
            asked: target.map_or(reported, str::to_owned),
            is_target: target.is_some(),
            is_given: given.is_some(),
            papers,
            seats: lines
                .iter()
                .map(|line| Seat {
                    value: self.value(indicator, field, line, target.is_some()),
                    score: scores.next().flatten(),
                })
                .collect(),
        }
    }

    /// A value of a round.
    fn value(&self, indicator: &Indicator, field: &Field, line: &InRound<'_>, is_target: bool) -> Value {
        let eyes = self.eyes;
        if is_target && line.set.is_empty() {
            return Value::default();
        }
        let last = line.last();
        let several = line.set.iter().filter(|_| field.by_assessor);
        // A round whoever looks does not see is not told by how far this one is from it.
        let compared = line.before.is_none_or(|before| self.rounds.contains(&before)) || !line.set.is_empty();
        let (class, kind) = kind(eyes, if compared { line.kind() } else { "" });
        let is_open = self.assess.is_some() && line.round == self.wanted.round && !is_target;
        let before = || {
            let key = (&indicator.id, field);
            eyes.state().value_before(self.wanted.scheme, line.round, self.unit, key).unwrap_or_default()
        };
        Value {
            value: line.value.clone(),
            several: several.map(|(by, judged)| (by.to_string(), judged.value.clone())).collect(),
            difference: if compared { line.difference.clone() } else { String::new() },
            class,
            kind,
            why: line.reason().map(|judged| judged.why.clone()).unwrap_or_default(),
            stale: line.reason_of_others().map(|judged| stale(eyes, judged)).unwrap_or_default(),
            since: line.since.as_ref().map(|since| by_now(eyes, since)),
            who: last.map(|(by, _)| by.to_string()).unwrap_or_default(),
            entries: last.map(|(_, judged)| entry(eyes, judged.number)).into_iter().collect(),
            open: is_open.then(before),
            taken: line.taken.iter().map(|(set, taken)| taken_back(eyes, set, taken)).collect(),
            takes: if is_open { self.takes(indicator, field) } else { Vec::new() },
        }
    }

    /// The values of an input whoever looks may take back: one's own, and those of others where one stands above them.
    fn takes(&self, indicator: &Indicator, field: &Field) -> Vec<Takes> {
        let Some(acting) = self.assess else { return Vec::new() };
        let over = [Role::AssessmentOffice, Role::LeadingGroup].iter().any(|role| role.name() == acting.role);
        let set = self.set(indicator, field).into_iter().flat_map(|set| set.values.keys());
        let own = set.filter(|by| over || *by == self.eyes.viewer.account());
        let input = serde_json::json!({"indicator": indicator.id, "field": field.name}).to_string();
        own.map(|by| Takes { assessor: by.to_string(), input: input.clone() }).collect()
    }

    /// What is set of an input in the round that is looked at.
    fn set(&self, indicator: &Indicator, field: &Field) -> Option<&Assessed> {
        let (scheme, round) = (self.wanted.scheme.clone(), self.wanted.round.to_owned());
        let key = (scheme, round, self.unit.clone(), indicator.id.clone(), field.name.clone());
        self.eyes.state().assessed.get(&key)
    }

    /// Inputs that have as many assessors as the standard names, whoever looks not among them.
    fn full(&self) -> Vec<String> {
        let inputs = self.outline.indicators.iter().flat_map(|of| of.fields.iter().map(move |field| (of, field)));
        let full = inputs.filter(|(indicator, field)| {
            let others = self.set(indicator, field).filter(|set| !set.values.contains_key(self.eyes.viewer.account()));
            let count = others.and_then(|others| u32::try_from(others.values.len()).ok());
            count.zip(field.assessors).is_some_and(|(count, due)| count >= due)
        });
        full.map(|(indicator, field)| format!("{} · {}", indicator.name, field.name)).collect()
    }

    fn scores(&self, indicator: &Indicator, lines: &[InRound<'_>]) -> Vec<Option<Score>> {
        let of = |round: &str| {
            let scored = self.scored.get(round).filter(|_| self.sees(round));
            scored.map(|scored| scored.of(self.unit, indicator.id.as_str())).unwrap_or_default()
        };
        let mut before = "";
        let mut scores = Vec::new();
        for round in self.rounds {
            let score = of(round);
            let changed = !before.is_empty() && !score.is_empty();
            let by_rule = lines.iter().find(|line| line.round == *round).and_then(|line| line.by_rule);
            scores.push(self.sees(round).then(|| Score {
                score: score.to_owned(),
                difference: if changed { difference(before, score) } else { String::new() },
                by_rule: by_rule.map(|rule| format!("{} → {}", rule.before, rule.after)).unwrap_or_default(),
                path: why(self.wanted, round, self.unit, indicator.id.as_str()),
                step: crate::board::step(score, &indicator.points),
            }));
            before = if score.is_empty() { before } else { score };
        }
        scores
    }

    /// Whether an input is missing in the round that is looked at.
    fn is_owed(&self, indicator: &Indicator, field: &Field) -> bool {
        let key = (self.unit.to_string(), indicator.id.to_string(), field.name.clone());
        self.scored.get(self.wanted.round).is_some_and(|scored| scored.owed.contains(&key))
    }

    /// What is judged and whoever looks has not judged yet: indicator, its name, input, an id for its field.
    fn asked(&self) -> Vec<(String, String, String, String)> {
        let mut asked = Vec::new();
        for (at, indicator) in self.outline.indicators.iter().enumerate() {
            for (place, field) in indicator.fields.iter().enumerate() {
                let set = self.set(indicator, field);
                let own = |set: &Assessed| set.values.contains_key(self.eyes.viewer.account());
                let is_asked = match field.by_assessor {
                    true => !set.is_some_and(own),
                    // What the standard itself gives, such as a target of its own table, is not asked for.
                    false => set.is_none() && self.is_owed(indicator, field),
                };
                if field.figure.is_none() && self.target(indicator, field).is_none() && is_asked {
                    let id = format!("asked-{at}-{place}");
                    asked.push((indicator.id.to_string(), indicator.name.clone(), field.name.clone(), id));
                }
            }
        }
        asked
    }

    /// Who answers for what stands in the sheet.
    fn signatures(&self) -> Vec<(String, String, Vec<Paper>)> {
        let eyes = self.eyes;
        let mut found = Vec::new();
        let fields = self.outline.indicators.iter().flat_map(|indicator| &indicator.fields);
        let signed: BTreeSet<String> =
            fields.filter_map(|field| self.cell(field)).map(|cell| cell.signed_by.to_string()).collect();
        let joined = |who: BTreeSet<String>| who.into_iter().collect::<Vec<_>>().join("、");
        if !signed.is_empty() {
            found.push((eyes.t("上报签发", "Reported, signed by").to_owned(), joined(signed), Vec::new()));
        }
        for round in self.rounds.iter().filter(|round| self.sees(round)) {
            let named = |zh: &'static str, en: &'static str| match (*round, eyes.lang) {
                ("", _) => eyes.t(zh, en).to_owned(),
                (round, Lang::Zh) => format!("{round}{zh}"),
                (round, Lang::En) => format!("{round}: {en}"),
            };
            let of_round = |key: &kaoping_office::state::AssessedKey| {
                key.0 == *self.wanted.scheme && key.1 == **round && key.2 == *self.unit
            };
            let assessed = eyes.state().assessed.iter().filter(|(key, _)| of_round(key));
            let who: BTreeSet<String> =
                assessed.flat_map(|(_, assessed)| assessed.values.keys()).map(ToString::to_string).collect();
            if !who.is_empty() {
                found.push((named("评定", "assessed by"), joined(who), Vec::new()));
            }
            let results = eyes.state().results.get(&(self.wanted.scheme.clone(), (*round).to_owned()));
            let Some(results) = results else { continue };
            found.push((named("汇总", "put down by"), results.by.to_string(), Vec::new()));
            if let Some(by) = &results.sealed_by {
                found.push((named("审定封存", "sealed by"), by.to_string(), Vec::new()));
            }
            if let Some(number) = results.published {
                found.push((named("公布", "published"), String::new(), vec![entry(eyes, number)]));
            }
        }
        found
    }
}

/// A reason with the numbers it was given for, which are no longer those it stands beside.
fn stale(eyes: &Eyes<'_>, judged: &Judgement) -> String {
    let (before, value, why) = (judged.before.as_deref().unwrap_or("—"), &judged.value, &judged.why);
    match eyes.lang {
        Lang::Zh => format!("原因是对 {before} → {value} 写的：{why}"),
        Lang::En => format!("the reason was given for {before} → {value}: {why}"),
    }
}

/// What a value is by now that a round was scored with.
fn by_now(eyes: &Eyes<'_>, since: &Since<'_>) -> ByNow {
    let word = match (since.value.as_str(), eyes.lang) {
        ("", _) => eyes.t("以后收回或退回，现在没有", "taken back or sent back since: there is none now").to_owned(),
        (value, Lang::Zh) => format!("以后改为 {value}"),
        (value, Lang::En) => format!("changed to {value} since"),
    };
    let said = since.set.map(|(by, judged)| [judged.why.clone(), by.to_string()]).into_iter().flatten();
    ByNow { word, said: said.filter(|words| !words.is_empty()).collect(), entry: entry(eyes, since.number) }
}

/// A value that was taken back: what it was, who took it back and why, and the entry.
fn taken_back(eyes: &Eyes<'_>, set: &SetBefore, taken: &TakenBack) -> (String, String, Paper) {
    let was = format!("{} {}", set.by, set.judged.value);
    let said = match eyes.lang {
        Lang::Zh => format!("{} 收回：{}", taken.by, taken.why),
        Lang::En => format!("taken back by {}: {}", taken.by, taken.why),
    };
    (was, said, entry(eyes, taken.number))
}

fn objections(eyes: &Eyes<'_>, wanted: Wanted<'_>, unit: &OfficeId) -> Vec<Raised> {
    let about = |objection: &Objection| {
        let results = objection.results.as_ref();
        objection.office == *unit
            && results.is_some_and(|(scheme, round)| scheme == wanted.scheme && round == wanted.round)
    };
    let all = eyes.state().objections.iter().filter(|(_, objection)| about(objection));
    let seen = all.filter(|(id, _)| eyes.viewer.may_see(&Key::Objection((*id).clone())));
    let raised = |(id, objection): (&kaoping_office::ids::ObjectionId, &Objection)| Raised {
        id: id.to_string(),
        text: objection.text.clone(),
        by: objection.by.to_string(),
        due: objection.answer_by.map(|day| day.iso()).unwrap_or_default(),
        answer: objection.answered.as_ref().map(|(by, upheld, answer)| (*upheld, answer.clone(), by.to_string())),
    };
    seen.map(raised).collect()
}

/// As whom whoever looks may object, under which id, until when.
fn object(eyes: &Eyes<'_>, wanted: Wanted<'_>, unit: &OfficeId) -> (Option<As>, String, String) {
    let id = |number: usize| format!("异议-{}-{unit}-{number}", wanted.scheme);
    let free = |id: &String| !eyes.state().objections.contains_key(id.as_str());
    let id = (1..).map(id).find(free).unwrap_or_default();
    let about = About::Results { scheme: wanted.scheme.clone(), round: wanted.round.to_owned() };
    let act = Object { objection: id.as_str().into(), office: unit.clone(), about, answer_days: 5 };
    let results = eyes.state().results.get(&(wanted.scheme.clone(), wanted.round.to_owned()));
    let until = results.and_then(|results| results.objections_until).map(|until| until.iso()).unwrap_or_default();
    (as_whom(eyes, &Act::Object(act)), id, until)
}
