//! What can be wrong with a row of facts or events, in words.

use crate::{
    facts::FactRow,
    fields::{FieldFault, Slot},
    figures::{Entry, Facts},
    targets::Noun,
    units::Units,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_cells::{
    Refusal,
    findings::{cell, expected},
};
use kaoping_program::Kind;
use kaoping_rules::written::values;
use kaoping_scheme::Standard;
use kaoping_syntax::ast::Comparison;
use kaoping_terms::{Diagnostic, Exact, Place, Text, nearest::nearest};

/// A cell of facts that was refused.
pub(crate) fn refused(
    standard: &Standard,
    slot: Option<&Slot>,
    row: &FactRow<'_>,
    refusal: &Refusal,
    noun: Option<&Noun>,
    place: Place,
) -> Diagnostic {
    let field = slot.map_or(row.field, |slot| slot.name.as_str());
    let of = if row.indicator.is_empty() { field.to_string() } else { format!("{} {field}", row.indicator) };
    let (zh, en) = (format!("{} 的“{of}”", row.unit), format!("`{of}` of {}", row.unit));
    let expected = slot.map(|slot| match (&slot.kind, noun) {
        (Kind::Number(_), Some(noun)) => noun.measure.describe(),
        (kind, _) => expected(kind, &standard.program),
    });
    let bounds = slot.map(|slot| (slot.range.bounds(), &slot.kind));
    cell(&Text::new(zh, en), row.value, &expected.unwrap_or_default(), bounds, refusal, place)
}

/// A number without its noun, that stands before the first one with a multiple such as 万元.
pub(crate) fn bare_before(facts: &Facts, units: &Units, slot: u32, entry: &Entry, multiple: &str) -> Diagnostic {
    let slot = facts.fields.slots.get(slot as usize);
    let field = slot.map_or("", |slot| slot.name.as_str());
    let indicator = slot.and_then(|slot| facts.fields.indicator_id(slot.indicator)).unwrap_or("");
    let (of, unit) = (format!("{indicator} {field}"), units.id(entry.unit));
    let (zh, en) = (format!("{unit} 的“{}”", of.trim()), format!("`{}` of {unit}", of.trim()));
    let value = facts.value(entry).map(|value| value.to_plain(0).unwrap_or_else(|| value.to_fraction()));
    let refusal = Refusal::BareMultiple(multiple.to_string());
    cell(&Text::new(zh, en), &value.unwrap_or_default(), "", None, &refusal, facts.place(entry))
}

/// A row without a unit.
pub(crate) fn no_unit(place: Place) -> Diagnostic {
    Diagnostic::error("unknown-unit", Text::new("这一行没有写单位", "this row names no unit"))
        .at(place)
        .why(Text::new("每个数都要归到一个单位", "every figure belongs to a unit"))
        .next(Text::new("填上“单位”一栏", "fill in the column `unit`"))
}

/// A unit that is not in the list.
pub(crate) fn unknown_unit(unit: &str, near: Option<&str>, place: Place) -> Diagnostic {
    let next = match near {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new("改这一格，或在单位表里补上", "mend the cell, or add the unit to the list"),
    };
    Diagnostic::error(
        "unknown-unit",
        Text::new(format!("单位“{unit}”不在单位表里"), format!("the unit `{unit}` is not in the list of units")),
    )
    .at(place)
    .why(Text::new(
        "给了单位表就只认表里的单位，免得一个单位写成两个",
        "where units are listed only those count, so that one unit does not become two",
    ))
    .next(next)
}

/// An indicator or field that is not known.
pub(crate) fn unknown_field(name: &'static str, row: &FactRow<'_>, fault: &FieldFault, place: Place) -> Diagnostic {
    let (indicator, field) = (row.indicator, row.field);
    let suggestion = |near: &Option<String>| match near {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new(
            "对照 kaoping show 列出的编号、名称和字段",
            "compare with the ids, names and fields that kaoping show lists",
        ),
    };
    let list = |known: &[String]| known.join("、");
    let (message, why, next) = match fault {
        FieldFault::UnknownIndicator { near } => (
            Text::new(format!("方案里没有指标“{indicator}”"), format!("the policy has no indicator `{indicator}`")),
            Text::new(
                "不认识的指标不会计分，也不会悄悄丢掉",
                "an unknown indicator is not scored, and not dropped in silence",
            ),
            suggestion(near),
        ),
        FieldFault::AmbiguousIndicator { ids } => (
            Text::new(format!("叫“{indicator}”的指标不止一个"), format!("several indicators are called `{indicator}`")),
            Text::new(format!("它们是：{}", list(ids)), format!("they are: {}", list(ids))),
            Text::new("写编号", "write the id"),
        ),
        FieldFault::UnknownField { near, known } if indicator.is_empty() => (
            Text::new(format!("没有哪一项读字段“{field}”"), format!("no indicator reads a field `{field}`")),
            Text::new(
                format!("不写指标的数归单位自己，字段有：{}", list(known)),
                format!("a figure without an indicator is the unit's own; fields are: {}", list(known)),
            ),
            suggestion(near),
        ),
        FieldFault::UnknownField { near, known } => (
            Text::new(
                format!("指标“{indicator}”没有字段“{field}”"),
                format!("the indicator `{indicator}` has no field `{field}`"),
            ),
            Text::new(format!("它的字段有：{}", list(known)), format!("its fields are: {}", list(known))),
            suggestion(near),
        ),
        FieldFault::FieldNeeded { known } => (
            Text::new(format!("指标“{indicator}”要写明字段"), format!("the indicator `{indicator}` needs a field")),
            Text::new(format!("它的字段有：{}", list(known)), format!("its fields are: {}", list(known))),
            Text::new("填上“字段”一栏", "fill in the column `field`"),
        ),
    };
    Diagnostic::error(name, message).at(place).why(why).next(next)
}

/// A period that cannot be read.
pub(crate) fn period_not_readable(text: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "period-not-readable",
        Text::new(format!("期间“{text}”读不出来"), format!("the period `{text}` cannot be read")),
    )
    .at(place)
    .why(Text::new("期间决定这个数算哪一年哪一月", "the period decides for which year and month the figure counts"))
    .next(Text::new("写成 2014、2014-06、2014Q2 或 2014年6月", "write 2014, 2014-06, 2014Q2 or 2014年6月"))
}

/// A round the policy does not have.
pub(crate) fn unknown_round<'a>(text: &str, known: impl Iterator<Item = &'a str> + Clone, place: Place) -> Diagnostic {
    let near = nearest(text, known.clone());
    let names: Vec<&str> = known.collect();
    let next = match near {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new("改这一格，或在方案里声明这一轮", "mend the cell, or declare the round in the policy"),
    };
    Diagnostic::error(
        "unknown-round",
        Text::new(format!("方案里没有轮次“{text}”"), format!("the policy has no round `{text}`")),
    )
    .at(place)
    .why(match names.as_slice() {
        [] => Text::new("方案没有分轮次", "the policy has no rounds"),
        names => Text::new(format!("方案的轮次：{}", names.join("、")), format!("its rounds: {}", names.join(", "))),
    })
    .next(next)
}

/// A figure of a round held each month that does not say of which.
pub(crate) fn part_missing(row: &FactRow<'_>, round: &str, how_often: &str, place: Place) -> Diagnostic {
    let (which, en, example) = match how_often {
        "每月" => ("哪一月", "month", "2014-06"),
        "每季" => ("哪一季", "quarter", "2014Q2"),
        _ => ("哪半年", "half", "2014H1"),
    };
    let of = format!("{} {}", row.indicator, row.field);
    let (unit, of) = (row.unit, of.trim());
    let (zh, written) = match row.period {
        "" => ("没有写期间".to_string(), "has no period".to_string()),
        period => (format!("期间写作“{period}”"), format!("is for `{period}`")),
    };
    Diagnostic::error(
        "round-part-missing",
        Text::new(
            format!("{unit} 的“{of}”是“{round}”的数，{zh}：是{which}的？"),
            format!("`{of}` of {unit} is a figure of the round `{round}` and {written}: of which {en}?"),
        ),
    )
    .at(place)
    .why(Text::new(
        format!("“{round}”{how_often}一次；不写明{which}，一个数就会顶替所有没有报的"),
        format!("the round is held several times a year; without its {en} one figure would fill all that are owed"),
    ))
    .next(Text::new(
        format!("在“期间”一栏写明，如 {example}；每一期一行"),
        format!("write it in the column `period`, such as {example}, a row for each"),
    ))
}

/// The same figure reported twice.
pub(crate) fn duplicate(facts: &Facts, units: &Units, slot: u32, second: &Entry, first: &Entry) -> Diagnostic {
    let slot = facts.fields.slots.get(slot as usize);
    let field = slot.map_or("", |slot| slot.name.as_str());
    let indicator = slot.and_then(|slot| facts.fields.indicator_id(slot.indicator)).unwrap_or("");
    let of = if indicator.is_empty() { field.to_string() } else { format!("{indicator} {field}") };
    let unit = units.id(second.unit);
    Diagnostic::error(
        "duplicate-fact",
        Text::new(format!("{unit} 的“{of}”报了两次"), format!("`{of}` of {unit} is reported twice")),
    )
    .at(facts.place(second))
    .also(facts.place(first), Text::new("第一次在这里", "first reported here"))
    .why(Text::new(
        "同一单位、指标、字段、期间、轮次、评委只能有一个数，两个数不知信哪个",
        "a unit has one figure for an indicator, field, period, round and assessor; of two nobody knows which holds",
    ))
    .next(Text::new("删去一行，或写明不同的期间", "remove one, or give different periods"))
}

/// A figure beyond another one that bounds it.
pub(crate) fn beyond_another(
    facts: &Facts,
    units: &Units,
    (slot, entry): (u32, &Entry),
    (bound, limit): (u32, &Entry),
    comparison: Comparison,
) -> Diagnostic {
    let slot = facts.fields.slots.get(slot as usize);
    let bound = facts.fields.slots.get(bound as usize).map_or("", |slot| slot.name.as_str());
    let field = slot.map_or("", |slot| slot.name.as_str());
    let indicator = slot.and_then(|slot| facts.fields.indicator_id(slot.indicator)).unwrap_or("");
    let shown = |entry: &Entry| {
        let value = facts.value(entry).unwrap_or_else(Exact::zero);
        match slot.map(|slot| &slot.kind) {
            Some(Kind::Number(measure)) => values::number(&value, facts.nouns.get(measure).unwrap_or(measure)),
            _ => value.to_plain(0).unwrap_or_else(|| value.to_fraction()),
        }
    };
    let (unit, value, most) = (units.id(entry.unit), shown(entry), shown(limit));
    let (zh, en) = match comparison {
        Comparison::Less => ("小于", "below"),
        Comparison::AtMost => ("不超过", "at most"),
        Comparison::Greater => ("大于", "above"),
        _ => ("不小于", "at least"),
    };
    Diagnostic::error(
        "figure-out-of-range",
        Text::new(
            format!("{unit} 的“{indicator} {field}”是 {value}，“{bound}”是 {most}"),
            format!("`{indicator} {field}` of {unit} is {value}, `{bound}` is {most}"),
        ),
    )
    .at(facts.place(entry))
    .also(facts.place(limit), Text::new(format!("“{bound}”在这里"), format!("`{bound}` is here")))
    .why(Text::new(
        format!("方案写明：“{field}”{zh}“{bound}”"),
        format!("the policy says: `{field}` is {en} `{bound}`"),
    ))
    .next(Text::new("核对两个数", "check both figures"))
}

/// A mark without the name of who gave it, where several judge.
pub(crate) fn assessor_missing(row: &FactRow<'_>, judges: u32, place: Place) -> Diagnostic {
    Diagnostic::error(
        "assessor-missing",
        Text::new(
            format!("{} 的“{}”没有写是哪位评委打的分", row.unit, row.indicator),
            format!("the mark for {} of {} does not say which assessor gave it", row.indicator, row.unit),
        ),
    )
    .at(place)
    .why(Text::new(
        format!("方案写明由 {judges} 位评委打分；不写名字，就分不清是谁的分、有没有重复"),
        format!("{judges} assessors judge it; without a name marks cannot be told apart"),
    ))
    .next(Text::new("在“评委”一列写上名字或编号", "fill in the column `assessor`"))
}

/// More marks than assessors are due. No error: a shared rule declares how many there are at
/// least, and an office may ask more.
pub(crate) fn too_many(
    facts: &Facts,
    units: &Units,
    (slot, unit): (u32, u32),
    judges: u32,
    places: &[Place],
) -> Diagnostic {
    let slot = facts.fields.slots.get(slot as usize);
    let of = slot.and_then(|slot| facts.fields.indicator_id(slot.indicator)).unwrap_or("");
    let (unit, count) = (units.id(unit), places.len());
    let finding = Diagnostic::warning(
        "assessors-too-many",
        Text::new(
            format!("{unit} 的“{of}”有 {count} 位评委打分，方案写明 {judges} 位"),
            format!("{count} assessors judged `{of}` of {unit}, the policy says {judges}"),
        ),
    )
    .why(Text::new(
        "这里全都算进去；多一个分，平均数就变了",
        "all of them count here; a mark too many changes the mean",
    ))
    .next(Text::new(
        "核对评委名单，删去多的；人数改了就改方案里的“评委”",
        "check the list of assessors and remove what is too much, or change the number in the policy",
    ));
    match places.split_last() {
        Some((last, _)) => finding.at(*last),
        None => finding,
    }
}

pub(crate) fn reason_missing(row: &FactRow<'_>, place: Place) -> Diagnostic {
    Diagnostic::error(
        "reason-missing",
        Text::new(
            format!("{} 的“{}”打了分，没有写理由", row.unit, row.indicator),
            format!("{} of {} is judged without a reason", row.indicator, row.unit),
        ),
    )
    .at(place)
    .why(Text::new("方案规定打分必须写明理由", "the policy asks for a written reason with every judgement"))
    .next(Text::new("在“理由”一列写上", "fill in the column `reason`"))
}
