//! What can be wrong with a row of events, in words.

use alloc::format;
use kaoping_terms::{Day, Diagnostic, Place, Text, nearest::nearest};

pub(crate) fn outside_period(table: &str, id: &str, day: Day, period: (Day, Day), place: Place) -> Diagnostic {
    let (from, to) = period;
    Diagnostic::warning(
        "event-outside-period",
        Text::new(
            format!("{table} {id} 发生在 {day}，不在考核期内，没有计"),
            format!("{table} {id} happened on {day}, outside the time that is assessed, and does not count"),
        ),
    )
    .at(place)
    .why(Text::new(format!("方案的适用期是 {from} 至 {to}"), format!("the policy assesses {from} to {to}")))
    .next(Text::new("核对日期；确属本期的请更正日期", "check the date; correct it if it belongs to the period"))
}

pub(crate) fn unknown_table(name: &str, known: &[&str]) -> Diagnostic {
    let next = match nearest(name, known.iter().copied()) {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new(
            format!("方案的明细：{}", known.join("、")),
            format!("the tables of the policy: {}", known.join(", ")),
        ),
    };
    Diagnostic::error(
        "unknown-event-table",
        Text::new(format!("方案里没有明细“{name}”"), format!("the policy has no event table `{name}`")),
    )
    .why(Text::new("明细决定一件事怎么扣、怎么加，不认识就不能计", "the table decides what an event does to the score"))
    .next(next)
}

pub(crate) fn unused_header(table: &str, header: &str, known: &[&str], place: Place) -> Diagnostic {
    let next = match nearest(header, known.iter().copied()) {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new(
            format!("“{table}”声明的列：{}；不用的列名前加 #", known.join("、")),
            format!("the columns of `{table}`: {}; head one that is not used with #", known.join(", ")),
        ),
    };
    Diagnostic::warning(
        "event-column-unknown",
        Text::new(
            format!("明细“{table}”没有“{header}”这一列，里面的数没有用上"),
            format!("the event table `{table}` has no column `{header}`; what stands in it is not used"),
        ),
    )
    .at(place)
    .why(Text::new(
        "列名写错了，里面的值就不起作用，扣分加分会算错",
        "a misspelt column has no effect, and points come out wrong",
    ))
    .next(next)
}

pub(crate) fn no_id(table: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "event-without-id",
        Text::new(format!("“{table}”的这一行没有编号"), format!("this row of `{table}` has no id")),
    )
    .at(place)
    .why(Text::new("没有编号就无法查重，也无法撤销", "without an id it can neither be found twice nor withdrawn"))
    .next(Text::new("填上“编号”一栏", "fill in the column `id`"))
}

pub(crate) fn duplicate(table: &str, id: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::error(
        "duplicate-event",
        Text::new(format!("“{table}”的编号“{id}”出现两次"), format!("the id `{id}` occurs twice in `{table}`")),
    )
    .at(place)
    .also(first, Text::new("第一次在这里", "first here"))
    .why(Text::new("同一件事只能记一次，否则会重复扣分", "an event is recorded once, or it would count twice"))
    .next(Text::new("删去一行；确是两件事就给不同的编号", "remove one, or give two events different ids"))
}

/// An event without its date.
pub(crate) fn no_date(table: &str, id: &str, rests: bool, place: Place) -> Diagnostic {
    let message = Text::new(format!("“{table}”{id} 没有写日期"), format!("`{table}` {id} has no date"));
    let finding = match rests {
        true => Diagnostic::error("event-without-date", message).why(Text::new(
            "方案写了适用期、分期的轮次，或用到日期：没有日期，就不知道这一件算不算、算在哪一期",
            "the policy has a time that is assessed, a round held each month, or reads the date: without it nobody \
             knows whether and where the event counts",
        )),
        false => Diagnostic::warning("event-without-date", message).why(Text::new(
            "这个方案怎么计都不看日期，照样计了；但没有日期，事后无从核对",
            "no rule of this policy looks at it, so the event counts; yet it can hardly be verified later",
        )),
    };
    finding.at(place).next(Text::new("填上“日期”一栏", "fill in the column `date`"))
}

/// An event that says nothing where every one has to say something.
pub(crate) fn empty_cell(table: &str, id: &str, column: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "event-cell-empty",
        Text::new(format!("“{table}”{id} 的“{column}”是空的"), format!("`{column}` of `{table}` {id} is empty")),
    )
    .at(place)
    .why(Text::new(
        "这一栏决定这件事怎么扣、怎么加；空着就算不出来，也不能当作没有发生",
        "the column decides what the event does; while it is empty that is not known, and it is not nothing",
    ))
    .next(Text::new(
        "核实后填上；这件事不成立就在“撤销”一栏写上日期",
        "fill it in; if the event does not hold, write a date in the column `withdrawn`",
    ))
}

/// A list of events without one of the columns of its table.
pub(crate) fn absent_column(table: &str, column: &str, header: Place) -> Diagnostic {
    Diagnostic::error(
        "column-missing",
        Text::new(
            format!("明细“{table}”的这张表没有“{column}”一列"),
            format!("the list of `{table}` has no column `{column}`"),
        ),
    )
    .at(header)
    .why(Text::new(
        "这一栏决定每件事怎么扣、怎么加；没有就算不出来",
        "the column decides what each event does; without it that is not known",
    ))
    .next(Text::new(format!("在表头写上 {column}，逐件填好"), format!("head a column `{column}` and fill it in")))
}
