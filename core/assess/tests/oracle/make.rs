//! Random cases: figures stand on the borders of steps and one digit beside them, many are
//! equal, some are zero, some are owed.

use super::{
    following, matters, nested,
    number::{Dice, Figure, Mode},
    plan::{
        Among, Ask, Award, Band, Block, Case, Effect, Event, Fact, Filter, Grades, Item, LastPlace, Line, Missing,
        Otherwise, Partial, Rule, Scheme, Unit, Value, Veto, When,
    },
    rounds, rules,
};
use std::collections::BTreeMap;

const BLOCKS: [&str; 3] = ["甲块", "乙块", "丙块"];

pub fn case(seed: u64) -> Case {
    let mut dice = Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0x5EED);
    let mut scheme = scheme(&mut dice);
    // What was added later is drawn apart, so that a seed keeps the rest of its case.
    let mut more = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xADDED);
    add_more(&mut scheme, &mut more);
    let count = dice.between(3, 15) as usize;
    let units: Vec<Unit> = (0..count)
        .map(|unit| Unit { id: format!("u{unit:02}"), kind: dice.below(3), pilot: dice.chance(60) })
        .collect();
    let mut events = Vec::new();
    for unit in 0..count {
        for _ in 0..dice.pick(&[0, 0, 0, 1, 1, 2, 4]) {
            events.push(Event { unit, level: dice.below(2), matter: 0, withdrawn: dice.chance(20) });
        }
    }
    let mut case = Case { scheme, units, facts: Vec::new(), handed_down: Vec::new(), events, merge: None };
    report(&mut case, &mut dice);
    matters::matters(&mut case, &mut more);
    rounds::spread(&mut case, &mut more);
    case.merge = rounds::merge(&case, &mut more);
    case
}

fn add_more(scheme: &mut Scheme, dice: &mut Dice) {
    nested::nest(scheme, dice);
    for item in &mut scheme.items {
        let is_plain = item.lines.is_empty() && item.rule.as_ref().is_some_and(rules::has_plain_least);
        if is_plain && !item.in_table && dice.chance(15) {
            item.when_missing = Some(Missing::Lowest);
        }
    }
    scheme.once = matters::once(scheme, dice);
    scheme.quotas = (0..dice.below(3)).map(|_| following::quota(scheme, dice)).collect();
    scheme.funds = (0..dice.below(3)).map(|_| following::fund(scheme, dice)).collect();
    scheme.has_rounds = dice.chance(25);
}

fn points(dice: &mut Dice) -> Figure {
    Figure::new(dice.between(1, 20) * 5, 1)
}

fn scheme(dice: &mut Dice) -> Scheme {
    let block_count = dice.below(4);
    let mut blocks: Vec<Block> = BLOCKS[..block_count].iter().map(|name| block(name, dice)).collect();
    let mut items = Vec::new();
    let count = dice.between(2, 12) as usize;
    for position in 0..count {
        let block = (block_count > 0 && !dice.chance(10)).then(|| dice.below(block_count));
        let is_first = !items.iter().any(|item: &Item| item.block == block && item.pilots_only.is_none());
        items.push(item(position, block, is_first, dice));
    }
    // The first item always says who met its target.
    if !items[0].rule.as_ref().is_some_and(Rule::says_met) {
        items[0].rule = Some(Rule::Proportional);
        items[0].bound.clear();
    }
    items[0].pilots_only = None;
    // A block without items would be owed for ever.
    for position in 0..block_count {
        if !items.iter().any(|item| item.block == Some(position)) {
            let mut filler = item(items.len(), Some(position), true, dice);
            filler.pilots_only = None;
            items.push(filler);
        }
    }
    for position in 0..items.len() {
        if let Some(Otherwise::Substitute(_)) = items[position].pilots_only {
            let mut other = item(items.len(), items[position].block, true, dice);
            other.points = None;
            other.is_substitute = true;
            other.in_table = false;
            items[position].pilots_only = Some(Otherwise::Substitute(items.len()));
            items.push(other);
        }
    }
    let penalty = dice.chance(40);
    let written = dice.chance(50);
    if penalty {
        let mut lines: Vec<Line> = (0..dice.between(1, 3)).map(|_| line(dice)).collect();
        for line in &mut lines {
            // Subtracted as a whole, or deducted line by line.
            line.deducts = !written;
        }
        blocks.push(Block { outside: true, points: None, scaled_from: None, ..block("处分", dice) });
        items.push(Item {
            points: None,
            rule: None,
            lines,
            in_table: false,
            pilots_only: None,
            bound: BTreeMap::new(),
            ..item(items.len(), Some(blocks.len() - 1), true, dice)
        });
    }
    let mut scheme = Scheme {
        total: None,
        at_least: dice.chance(30).then_some(Figure::new(0, 0)),
        at_most: dice.chance(15).then_some(Figure::new(105, 1)),
        round_items: dice.chance(85).then(|| rounding(dice)),
        round_blocks: dice.chance(25).then(|| rounding(dice)),
        round_total: dice.chance(30).then(|| rounding(dice)),
        dense: dice.chance(40),
        ascending: dice.chance(10),
        tie_break: Vec::new(),
        missing: dice.pick(&[Missing::Deferred, Missing::Deferred, Missing::Returned, Missing::Zero]),
        peers: dice.chance(45),
        zones_out: dice.chance(30),
        vetoes: Vec::new(),
        grades: None,
        awards: Vec::new(),
        once: None,
        quotas: Vec::new(),
        funds: Vec::new(),
        has_rounds: false,
        blocks,
        items,
    };
    if written {
        // A total may only name what every unit has.
        for item in &mut scheme.items {
            if item.block.is_none() && item.pilots_only == Some(Otherwise::Reduce) {
                item.pilots_only = Some(Otherwise::Zero);
            }
        }
        scheme.total = Some(written_total(&scheme, penalty));
    }
    scheme.tie_break = (0..dice.below(3)).map(|_| part(&scheme, dice)).collect();
    scheme.grades = dice.chance(50).then(|| grades(&scheme, dice));
    let awards = dice.below(4);
    for position in 0..awards {
        let award = award(&scheme, position, dice);
        scheme.awards.push(award);
    }
    scheme.vetoes = (0..dice.below(4)).map(|_| veto(&scheme, dice)).collect();
    scheme
}

pub fn rounding(dice: &mut Dice) -> (Figure, Mode) {
    let step =
        dice.pick(&[Figure::new(1, 2), Figure::new(1, 2), Figure::new(1, 1), Figure::new(5, 1), Figure::new(1, 3)]);
    (step, dice.pick(&Mode::ALL))
}

fn block(name: &str, dice: &mut Dice) -> Block {
    let scaled = dice.chance(25);
    Block {
        name: name.to_string(),
        points: Some(Figure::new(dice.between(5, 40), 0)),
        scaled_from: scaled.then(|| Figure::new(dice.pick(&[50, 60, 90, 100]), 0)),
        outside: false,
        at_least: dice.chance(15).then(|| Figure::new(dice.between(-2, 4), 0)),
        at_most: dice.chance(25).then(|| Figure::new(dice.between(5, 20), 0)),
    }
}

pub fn item(position: usize, block: Option<usize>, always: bool, dice: &mut Dice) -> Item {
    let rule = (!dice.chance(6)).then(|| rule(dice));
    let pilots_only = (!always && dice.chance(30)).then(|| match dice.below(5) {
        0 => Otherwise::Substitute(0),
        1 => Otherwise::Full,
        2 => Otherwise::Zero,
        3 if block.is_some() => Otherwise::Scale,
        _ => Otherwise::Reduce,
    });
    let lines: Vec<Line> = match rule {
        None => (0..dice.between(1, 3)).map(|_| line(dice)).collect(),
        Some(_) if dice.chance(12) => vec![line(dice)],
        Some(_) => Vec::new(),
    };
    let noun = dice.pick(&["", "人", "户", "%"]);
    let mut bound = BTreeMap::new();
    for (field, ask) in rule.as_ref().map_or(&[][..], Rule::inputs) {
        if *ask == Ask::Target && dice.chance(40) {
            bound.insert(*field, target(dice));
        }
    }
    let (low, high) = (dice.chance(12), dice.chance(12));
    let when_missing = dice.chance(15).then(|| dice.pick(&[Missing::Zero, Missing::Deferred, Missing::Returned]));
    let plain = lines.is_empty() && !low && !high && when_missing.is_none() && pilots_only.is_none();
    Item {
        name: format!("指标{position}"),
        block,
        points: Some(points(dice)),
        noun,
        bound,
        lines,
        at_least: low.then(|| Figure::new(dice.between(-3, 1), 0)),
        at_most: high.then(|| Figure::new(dice.between(2, 11), 0)),
        pilots_only,
        is_substitute: false,
        nested: None,
        inner_of: None,
        when_missing,
        in_table: plain && block.is_some() && rule.is_some() && dice.chance(50),
        rule,
    }
}

fn line(dice: &mut Dice) -> Line {
    Line {
        deducts: dice.chance(70),
        level: dice.chance(60).then(|| dice.below(2)),
        points: Figure::new(dice.pick(&[50, 100, 200, 33]), 2),
        cap: dice.chance(40).then(|| Figure::new(dice.between(1, 5), 0)),
    }
}

pub fn rule(dice: &mut Dice) -> Rule {
    let (step, loss, most) = (dice.pick(&[2, 2, 3, 5]), dice.pick(&[5, 5, 10, 7]), dice.pick(&[60, 60, 100, 35]));
    let partial = dice.pick(&Partial::ALL);
    match dice.below(19) {
        0 | 1 => Rule::Plain { step, loss, most, partial },
        2..=4 => Rule::Bonus { gain: dice.pick(&[20, 10, 33]), step, loss, most, partial },
        5 => Rule::Lower { step, loss, most, partial },
        6 => Rule::Steps {
            step,
            each: Figure::new(dice.pick(&[10, 25]), 2),
            most: Figure::new(dice.pick(&[5, 12]), 1),
            partial,
        },
        7 => Rule::Tiers {
            edges: dice.pick(&[[100, 80, 50], [98, 95, 90]]),
            points: [Figure::new(10, 1), Figure::new(4, 1)],
        },
        8 => Rule::Proportional,
        9 => Rule::AllOrNothing,
        10 => Rule::PerIncident { each: Figure::new(dice.pick(&[100, 33, 50]), 2), stops_at_zero: dice.chance(50) },
        11 => Rule::Discretion { most },
        12 => Rule::Checked,
        13 => Rule::Judged,
        14 => Rule::Trimmed,
        15 => Rule::Rank { each: Figure::new(dice.pick(&[10, 33, 100]), 2), least: Figure::new(dice.pick(&[0, 5]), 1) },
        16 => Rule::Efficacy { cut: dice.chance(50) },
        17 => Rule::Growth { goal: dice.pick(&[10, 8]) },
        _ => {
            if dice.chance(50) {
                Rule::Survey
            } else {
                Rule::Timely
            }
        }
    }
}

fn written_total(scheme: &Scheme, penalty: bool) -> Vec<(Value, bool)> {
    let last = scheme.blocks.len().saturating_sub(1);
    let alone = scheme.items.iter().enumerate().filter(|(_, item)| item.block.is_none() && !item.is_substitute);
    let mut parts: Vec<(Value, bool)> = alone.map(|(item, _)| (Value::Item(item), true)).collect();
    parts.extend(
        (0..scheme.blocks.len()).filter(|block| !(penalty && *block == last)).map(|block| (Value::Block(block), true)),
    );
    if penalty {
        parts.push((Value::Block(last), false));
    }
    parts
}

/// A block, or an item that always applies.
pub fn part(scheme: &Scheme, dice: &mut Dice) -> Value {
    if !scheme.blocks.is_empty() && dice.chance(50) {
        return Value::Block(dice.below(scheme.blocks.len()));
    }
    let always = scheme.items.iter().enumerate().filter(|(_, item)| item.pilots_only.is_none() && item.stands_alone());
    let always: Vec<usize> = always.map(|(position, _)| position).collect();
    Value::Item(dice.pick(&always))
}

/// Points that a value of the scheme comes near to.
pub fn near(scheme: &Scheme, value: Value, dice: &mut Dice) -> Figure {
    let tenths = |figure: Option<Figure>| {
        figure.map_or(0, |figure| if figure.places == 0 { figure.mantissa * 10 } else { figure.mantissa })
    };
    let full: i64 = match value {
        Value::Item(item) => tenths(scheme.items[item].points),
        Value::Block(block) => tenths(scheme.blocks[block].points),
        Value::Total => scheme.items.iter().map(|item| tenths(item.points)).sum(),
    };
    Figure::new(full * dice.pick(&[5, 7, 8, 9, 10]) / 10, 1)
}

fn grades(scheme: &Scheme, dice: &mut Dice) -> Grades {
    let count = dice.between(3, 4) as usize;
    let full = near(scheme, Value::Total, &mut Dice(0)).mantissa.max(10);
    let shares = [95, 80, 60];
    let bands = (0..count).map(|position| {
        let is_last = position + 1 == count;
        Band {
            edge: (!is_last).then(|| Figure::new(full * shares[position] / 100, 1)),
            share: (!is_last && dice.chance(45)).then(|| {
                let beyond = dice.between(position as i64 + 1, count as i64 - 1) as usize;
                (dice.pick(&[10, 30, 34, 50]), dice.pick(&Mode::ALL), beyond)
            }),
        }
    });
    let bands = bands.collect();
    Grades { among: among(scheme, dice), bands }
}

fn among(scheme: &Scheme, dice: &mut Dice) -> Among {
    if scheme.peers { dice.pick(&[Among::Silent, Among::Peers, Among::Everyone]) } else { Among::Silent }
}

fn award(scheme: &Scheme, position: usize, dice: &mut Dice) -> Award {
    let by = if dice.chance(55) { Value::Total } else { part(scheme, dice) };
    let from_bottom = dice.chance(20);
    let from = if from_bottom || !dice.chance(15) { 1 } else { 2 };
    let filter = match dice.below(5) {
        0 => Some(Filter::EveryTargetMet),
        1 => {
            let value = if dice.chance(50) { Value::Total } else { part(scheme, dice) };
            Some(Filter::AtLeast(value, near(scheme, value, dice)))
        }
        2 => Some(Filter::Kind(dice.below(3))),
        _ => None,
    };
    let everyone = filter.is_some() && dice.chance(15);
    Award {
        places: (!everyone).then(|| (from, from + dice.below(3))),
        from_bottom,
        by,
        among: if everyone { Among::Silent } else { among(scheme, dice) },
        filter,
        except: (0..position).filter(|_| dice.chance(50)).collect(),
        unless_all_met: dice.chance(10),
        last_place: dice.pick(&[LastPlace::All, LastPlace::All, LastPlace::None, LastPlace::Decide]),
    }
}

fn veto(scheme: &Scheme, dice: &mut Dice) -> Veto {
    let when = match dice.below(4) {
        0 => When::TargetMissed,
        1 => {
            let value = part(scheme, dice);
            When::Below(value, near(scheme, value, dice))
        }
        _ => When::Circulars(dice.chance(60).then(|| dice.below(2)), dice.between(0, 2)),
    };
    let mut effects = Vec::new();
    if let When::Circulars(..) = when {
        match dice.below(5) {
            0 => {
                let always = |item: &Item| item.pilots_only.is_none() && !item.is_substitute;
                let items: Vec<usize> = (0..scheme.items.len()).filter(|item| always(&scheme.items[*item])).collect();
                effects.push(Effect::ItemZero(dice.pick(&items)));
            }
            1 if !scheme.blocks.is_empty() => effects.push(Effect::BlockZero(dice.below(scheme.blocks.len()))),
            2 => effects.push(Effect::TotalZero),
            _ => {}
        }
    }
    if let Some(grades) = &scheme.grades {
        match dice.below(3) {
            0 => effects.push(Effect::GradeDown(dice.between(1, 2) as usize)),
            1 => effects.push(Effect::GradeTo(dice.below(grades.bands.len()))),
            _ => {}
        }
    }
    if !scheme.awards.is_empty() && dice.chance(60) {
        effects.push(Effect::Bars(dice.chance(60).then(|| dice.below(scheme.awards.len()))));
    }
    if effects.is_empty() {
        return Veto { when: When::Circulars(None, 1), effects: vec![Effect::TotalZero] };
    }
    Veto { when, effects }
}

fn target(dice: &mut Dice) -> Figure {
    dice.pick(&[
        Figure::new(100, 0),
        Figure::new(120, 0),
        Figure::new(5000, 0),
        Figure::new(333, 0),
        Figure::new(77, 0),
        Figure::new(15, 1),
        Figure::new(9837, 2),
        Figure::new(250, 1),
    ])
}

/// So many hundredths of a figure, and a thousandth of its last digit more or less.
fn part_of(figure: Figure, hundredths: i64, beside: i64) -> Figure {
    Figure::new((figure.mantissa * hundredths * 10 + beside).max(0), figure.places + 3)
}

/// A quantity on a border of the rule, or beside it.
fn quantity(rule: &Rule, target: Figure, dice: &mut Dice) -> Figure {
    let beside = dice.pick(&[0, 0, 0, 1, -1]);
    if dice.chance(4) {
        return Figure::new(0, 0);
    }
    let steps = dice.between(0, 9);
    let hundredths = match rule {
        Rule::Plain { step, .. } | Rule::Steps { step, .. } if dice.chance(60) => 100 - steps * step,
        Rule::Bonus { step, .. } if dice.chance(35) => 100 - steps * step,
        Rule::Bonus { .. } => dice.pick(&[100, 103, 107, 120, 133]),
        Rule::Lower { step, .. } => 100 + dice.pick(&[-1, 0, 1, 2, 3, 8, 20]) * step,
        Rule::Tiers { edges, .. } => dice.pick(&[edges[0], edges[1], edges[2], 40, 120]),
        Rule::Growth { goal } => dice.pick(&[100, 100 + goal, 105, 97, 150]),
        Rule::Efficacy { .. } => dice.pick(&[60, 80, 100, 90, 110]),
        _ => dice.pick(&[50, 96, 100, 100, 104, 117]),
    };
    part_of(target, hundredths, beside)
}

/// Everything that units report.
fn report(case: &mut Case, dice: &mut Dice) {
    let owing = dice.pick(&[0, 0, 3, 8]);
    // Figures of the unit itself, which stand in where an item has none.
    for unit in 0..case.units.len() {
        if dice.chance(10) {
            case.facts.push(Fact {
                unit,
                item: None,
                field: "完成",
                value: Some(Figure::new(dice.between(0, 1), 0)),
                assessor: 0,
                round: None,
            });
        }
    }
    let asks =
        |item: &Item| item.rule.as_ref().is_some_and(|rule| rule.inputs().iter().any(|(field, _)| *field == "完成"));
    if !case.scheme.items.iter().any(asks) {
        case.facts.clear();
    }
    for item in 0..case.scheme.items.len() {
        let model = case.scheme.items[item].clone();
        let Some(rule) = &model.rule else { continue };
        let common = target(dice);
        for unit in 0..case.units.len() {
            if model.pilots_only.is_some() && !case.units[unit].pilot && dice.chance(50) {
                continue;
            }
            figures(case, (item, unit), (rule, &model, common), owing, dice);
        }
    }
}

fn figures(
    case: &mut Case,
    (item, unit): (usize, usize),
    (rule, model, common): (&Rule, &Item, Figure),
    owing: u64,
    dice: &mut Dice,
) {
    let add = |case: &mut Case, field, value, assessor, dice: &mut Dice| {
        let empty = dice.chance(owing);
        if empty && dice.chance(50) {
            return;
        }
        let value = (!empty).then_some(value);
        case.facts.push(Fact { unit, item: Some(item), field, value, assessor, round: None });
    };
    // The target a unit is held to: handed down, reported, or the one in the policy.
    let mut held_to = model.bound.values().next().copied().unwrap_or(common);
    for (field, ask) in rule.inputs() {
        if *ask != Ask::Target {
            continue;
        }
        let bound = model.bound.get(field).copied();
        let own = match rule {
            Rule::Efficacy { .. } => part_of(common, dice.pick(&[100, 100, 80, 60]), 0),
            _ => {
                if dice.chance(70) {
                    common
                } else {
                    target(dice)
                }
            }
        };
        let handed = dice.chance(25);
        if handed {
            case.handed_down.push((unit, item, *field, own));
        }
        held_to = if handed { own } else { bound.unwrap_or(held_to) };
        if dice.chance(if handed || bound.is_some() { 15 } else { 100 }) {
            let reported = if handed { target(dice) } else { own };
            held_to = reported;
            add(case, *field, reported, 0, dice);
        }
    }
    for (field, ask) in rule.inputs() {
        match ask {
            Ask::Target => {}
            Ask::Quantity => {
                let value = quantity(rule, held_to, dice);
                add(case, *field, value, 0, dice);
            }
            Ask::Number => {
                let value = Figure::new(dice.between(0, 7), 0);
                add(case, *field, value, 0, dice);
            }
            Ask::Points => {
                if *field == "酌扣" && dice.chance(40) {
                    continue;
                }
                let value = Figure::new(dice.between(0, 110), 1);
                add(case, *field, value, 0, dice);
            }
            Ask::YesNo => {
                let value = Figure::new(i64::from(dice.chance(75)), 0);
                if !dice.chance(5) {
                    add(case, *field, value, 0, dice);
                }
            }
            Ask::Marks => {
                for assessor in 0..dice.between(1, 6) as usize {
                    let value = Figure::new(dice.between(10, 24) * 5, 1);
                    add(case, *field, value, assessor, dice);
                }
            }
        }
    }
}
