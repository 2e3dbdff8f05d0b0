//! One cell of a file becomes one value, or is refused with the reason.

use alloc::string::{String, ToString};
use kaoping_program::{Kind, Program};
use kaoping_rules::measures::Nouns;
use kaoping_terms::{
    Day, Exact, Measure,
    figure::{self, FigureFault, narrowed},
};

/// Why a cell was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a number, a day, a yes or a no, whichever was asked for.
    Unreadable,
    /// It could be read in two ways.
    Ambiguous(FigureFault),
    /// A bare number where the noun written elsewhere is a multiple, such as 万元.
    BareMultiple(String),
    /// The noun behind the number is not that of the figure.
    WrongNoun(String),
    /// A ratio without its per cent sign.
    PercentMissing,
    /// A word that is not in the list.
    NotInList,
    /// A number outside what the policy says it lies between.
    OutOfRange,
    /// A judged number that is not a multiple of the declared step.
    OffStep(String),
}

/// Yes and no as files write them.
pub fn truth(text: &str) -> Option<bool> {
    narrow_truth(text).or_else(|| narrow_truth(&narrowed(text)?))
}

fn narrow_truth(text: &str) -> Option<bool> {
    match text {
        "是" | "1" => Some(true),
        "否" | "0" => Some(false),
        _ if ["yes", "true", "y"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(true),
        _ if ["no", "false", "n"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(false),
        _ => None,
    }
}

/// What a word, a truth or a day is in a column: its code. None for kinds that are no codes.
pub fn code(kind: &Kind, text: &str, program: &Program) -> Option<Result<i64, Refusal>> {
    match kind {
        Kind::Truth => Some(truth(text).map(i64::from).ok_or(Refusal::Unreadable)),
        Kind::Day => Some(Day::parse(text).map(|day| i64::from(day.number())).ok_or(Refusal::Unreadable)),
        Kind::Word(list) => {
            let list = program.word_lists.get(list.0 as usize)?;
            let position = |text: &str| {
                let is_it = |(word, code): &(String, Option<String>)| word == text || code.as_deref() == Some(text);
                list.words.iter().position(is_it).and_then(|at| i64::try_from(at).ok())
            };
            // In an open list a wide word may be one of its own.
            let wide = || if list.open { None } else { narrowed(text).and_then(|narrow| position(&narrow)) };
            Some(match position(text).or_else(wide) {
                Some(position) => Ok(position),
                None if list.open => Ok(-1),
                None => Err(Refusal::NotInList),
            })
        }
        Kind::Number(_) | Kind::Text => None,
    }
}

/// The start of a cell that is a plain decimal of at most 18 digits: mantissa, digits after
/// the point, and what stands behind it without blanks. Asks for no memory.
#[inline]
pub fn plain(text: &str) -> Option<(i64, u8, &str)> {
    let bytes = text.as_bytes();
    let (negative, start) = match bytes.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        _ => (false, 0),
    };
    let (mut mantissa, mut places, mut digits, mut point) = (0i64, 0u8, 0u8, false);
    let mut end = bytes.len();
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            if digits == 18 {
                return None;
            }
            digits += 1;
            mantissa = mantissa * 10 + i64::from(digit);
            places += u8::from(point);
        } else if *byte == b'.' && !point {
            point = true;
        } else {
            end = at;
            break;
        }
    }
    let rest = if end == bytes.len() { "" } else { text.get(end..)?.trim() };
    // What is no noun but more of the number is for those who read numbers of every form.
    if !rest.is_empty() && figure::more_of_a_number(text.get(..end)?, rest).is_some() {
        return None;
    }
    if digits == 0 || rest.starts_with(|c: char| c == ',' || c == '.' || c == '，' || is_digit_of_any_width(c)) {
        return None;
    }
    Some((if negative { -mantissa } else { mantissa }, places, rest))
}

fn is_digit_of_any_width(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || c == '．'
}

/// A figure as people write it, and what stands behind it.
pub fn figure(text: &str) -> Result<(Exact, String), Refusal> {
    match figure::parse(text) {
        Ok(figure) => Ok((figure.value, figure.unit)),
        Err(FigureFault::NotANumber | FigureFault::TooLong) => Err(Refusal::Unreadable),
        Err(fault) => Err(Refusal::Ambiguous(fault)),
    }
}

/// What one of the noun behind a number is: a factor and a unit. A per cent is a hundredth.
pub fn noun(text: &str, nouns: &Nouns) -> Option<(Exact, Measure)> {
    match text {
        "%" | "％" | "个百分点" => Some((Exact::decimal(1, 2), Measure::ratio())),
        _ => nouns.parse(text),
    }
}

/// A number with nothing behind it. A ratio without its sign could be read in two ways, but for 0 and 1.
pub fn bare(value: &Exact, measure: &Measure, scale: &Exact) -> Result<Exact, Refusal> {
    let stands_alone = !measure.is_ratio() || value.is_zero() || *value == Exact::one();
    if stands_alone { Ok(value * scale) } else { Err(Refusal::PercentMissing) }
}

/// A number of a declared unit, for cells that are read one at a time (events, attributes).
pub fn number(text: &str, measure: &Measure, nouns: &Nouns, scale: &Exact) -> Result<Exact, Refusal> {
    let (value, unit) = figure(text)?;
    if unit.is_empty() {
        return bare(&value, measure, scale);
    }
    match noun(&unit, nouns) {
        Some((factor, found)) if found == *measure || measure.is_anonymous() => Ok(&value * &factor),
        _ => Err(Refusal::WrongNoun(unit.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, code, number, plain, truth};
    use alloc::vec;
    use kaoping_program::{Kind, Program, WordList, WordListId};
    use kaoping_rules::measures::Nouns;
    use kaoping_terms::{Exact, Measure};

    #[test]
    fn plain_decimals_need_no_memory() {
        assert_eq!(plain("12.50"), Some((1250, 2, "")));
        assert_eq!(plain("-3 人"), Some((-3, 0, "人")));
        assert_eq!(plain("98.2%"), Some((982, 1, "%")));
        for odd in ["", "人", "1,234", "1.2.3", "１２", "1２", "1234567890123456789", "1.2E+05", "5'100", "0x10"] {
            assert_eq!(plain(odd), None, "{odd}");
        }
    }

    #[test]
    fn nouns_convert_or_are_refused() {
        let (nouns, yuan) = (Nouns::default(), Measure::noun("元"));
        assert_eq!(number("1.2 万元", &yuan, &nouns, &Exact::one()), Ok(Exact::whole(12_000)));
        assert_eq!(number("12 人", &yuan, &nouns, &Exact::one()), Err(Refusal::WrongNoun("人".into())));
        assert_eq!(number("98.2", &Measure::ratio(), &nouns, &Exact::one()), Err(Refusal::PercentMissing));
        assert_eq!(number("98.2%", &Measure::ratio(), &nouns, &Exact::one()), Ok(Exact::decimal(982, 3)));
        assert_eq!(number("1", &Measure::ratio(), &nouns, &Exact::one()), Ok(Exact::one()));
    }

    #[test]
    fn what_is_written_wide_is_what_it_is_narrow() {
        let words = vec![("一类".into(), Some("01".into())), ("二类(乙)".into(), Some("B2".into()))];
        let mut program = Program::default();
        program.word_lists.push(WordList { words, open: false });
        let kind = Kind::Word(WordListId(0));
        for (text, at) in [("01", 0), ("０１", 0), ("0１", 0), ("Ｂ２", 1), ("二类（乙）", 1), ("一类", 0)]
        {
            assert_eq!(code(&kind, text, &program), Some(Ok(at)), "{text}");
        }
        for text in ["１", "０２", "一類", ""] {
            assert_eq!(code(&kind, text, &program), Some(Err(Refusal::NotInList)), "{text}");
        }
        let day = code(&Kind::Day, "２０２６－０１－０５", &program);
        assert!(day.is_some_and(|day| day == code(&Kind::Day, "2026-01-05", &program).expect("a day")));
        program.word_lists[0].open = true;
        assert_eq!(code(&kind, "０１", &program), Some(Ok(-1)));
    }

    #[test]
    fn yes_and_no() {
        assert_eq!((truth("是"), truth("NO"), truth("1"), truth("也许")), (Some(true), Some(false), Some(true), None));
        assert_eq!(
            (truth("１"), truth("０"), truth("２"), truth("ＹＥＳ")),
            (Some(true), Some(false), None, Some(true))
        );
    }
}
