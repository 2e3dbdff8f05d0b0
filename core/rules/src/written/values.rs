//! Values as people read them.

use alloc::{
    format,
    string::{String, ToString},
};
use kaoping_program::{Cell, Kind, Program};
use kaoping_terms::{Day, Exact, Lang, Measure, Rounding};

/// Digits shown of a number that has no end; the fraction stands beside it.
const PLACES: u32 = 6;

/// The smallest digit points are printed to where they have no last one, and how.
pub type Display = Option<(Exact, Rounding)>;

/// Points as the policy declares to print them: `2893/30 ≈ 96.43 分`.
pub fn points(value: &Exact, display: Option<&(Exact, Rounding)>) -> String {
    let symbol = Measure::points().symbol();
    match display.filter(|_| value.to_plain(0).is_none()) {
        Some((step, mode)) => {
            let places = step.decimal_places().unwrap_or(PLACES);
            format!("{} ≈ {} {symbol}", value.to_fraction(), value.to_places(places, *mode))
        }
        None => number(value, &Measure::points()),
    }
}

/// A number with its unit: `4,410 人`, `88.2%`, `2.25 分`, `1/3 ≈ 0.333333`.
pub fn number(value: &Exact, measure: &Measure) -> String {
    if measure.is_ratio() {
        let percent = value * &Exact::whole(100);
        return match percent.to_plain(0) {
            Some(_) => format!("{}%", percent.to_grouped()),
            // The fraction is the share itself: 5/6 ≈ 83.333333%.
            None => format!("{} ≈ {}%", value.to_fraction(), percent.to_places(PLACES, Rounding::HalfUp)),
        };
    }
    let symbol = measure.symbol();
    let text = digits(&measure.count(value));
    if symbol.is_empty() { text } else { format!("{text} {symbol}") }
}

/// The digits of a number, grouped; one without an end as `≈` with six places.
fn digits(value: &Exact) -> String {
    match value.to_plain(0) {
        Some(_) => value.to_grouped(),
        None => format!("{} ≈ {}", value.to_fraction(), value.to_places(PLACES, Rounding::HalfUp)),
    }
}

/// A value of any kind, or what is the matter with it.
pub fn cell(program: &Program, kind: &Kind, cell: &Cell, lang: Lang) -> String {
    cell_shown(program, kind, cell, None, lang)
}

/// As [`cell`], with points that have no last digit printed as declared.
pub fn cell_shown(
    program: &Program,
    kind: &Kind,
    cell: &Cell,
    display: Option<&(Exact, Rounding)>,
    lang: Lang,
) -> String {
    let say = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_string(),
        Lang::En => en.to_string(),
    };
    let Some(value) = &cell.value else {
        return if cell.state.is_missing() {
            say("未报", "not reported")
        } else if cell.state.is_not_applicable() {
            say("不适用", "not applicable")
        } else {
            say("无定义（除以零）", "undefined (division by zero)")
        };
    };
    let text = match kind {
        Kind::Number(measure) if *measure == Measure::points() => points(value, display),
        Kind::Number(measure) => number(value, measure),
        Kind::Truth => {
            if value.is_zero() {
                say("否", "no")
            } else {
                say("是", "yes")
            }
        }
        Kind::Word(list) => word(program, list.0, value).unwrap_or_else(|| say("其他", "other")),
        Kind::Day => value
            .to_i64()
            .and_then(|number| i32::try_from(number).ok())
            .and_then(Day::from_number)
            .map_or_else(|| value.to_string(), |day| day.to_string()),
        Kind::Text => say("（文字）", "(text)"),
    };
    if cell.state.is_provisional() { format!("{text}{}", say("（暂定）", " (provisional)")) } else { text }
}

fn word(program: &Program, list: u32, value: &Exact) -> Option<String> {
    let at = usize::try_from(value.to_i64()?).ok()?;
    let list = program.word_lists.get(usize::try_from(list).ok()?)?;
    list.words.get(at).map(|(word, _)| word.clone())
}

#[cfg(test)]
mod tests {
    use super::number;
    use kaoping_terms::{Exact, Measure};

    #[test]
    fn numbers_carry_their_units() {
        let parse = |text: &str| Exact::parse(text).expect("a number");
        assert_eq!(number(&parse("4410"), &Measure::noun("人")), "4,410 人");
        assert_eq!(number(&parse("0.882"), &Measure::ratio()), "88.2%");
        assert_eq!(number(&parse("2.25"), &Measure::points()), "2.25 分");
        let third = Exact::ratio(1, 3).expect("a ratio");
        assert_eq!(number(&third, &Measure::plain()), "1/3 ≈ 0.333333");
        let wan = Measure::noun("元").written_in("万元", &Exact::whole(10_000));
        assert_eq!(number(&parse("51250000"), &wan), "5,125 万元");
        assert_eq!(number(&parse("1"), &wan), "0.0001 万元");
    }
}
