//! Figures as people write them: `1,234.50`, `98.2%`, `1.2 万元`, `１２３`, `-5`.
//!
//! Every digit written is kept. What could be read in two ways is refused, not guessed.

use crate::exact::Exact;
use alloc::string::{String, ToString};
use unicode_normalization::UnicodeNormalization;

/// A figure that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number before its unit: `98.2` for `98.2%`.
    pub value: Exact,
    /// What stood behind it, without blanks: `%`, `万元`, or nothing.
    pub unit: String,
}

/// Why a figure was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureFault {
    /// Not a number.
    NotANumber,
    /// Commas that do not group the digits in threes, so that they could be decimal commas.
    AmbiguousComma,
    /// More than one decimal point.
    TwoPoints,
    /// An exponent such as `1e5` or `1.5E+05`, which a spreadsheet writes when it loses digits.
    Exponent,
    /// An apostrophe between digits, such as `5'100`.
    Apostrophe,
    /// A number as programs write it, such as `0x10`.
    Hexadecimal,
    /// More digits than any figure needs (over 100).
    TooLong,
}

impl FigureFault {
    /// In which two ways it could be read, in both languages; none where it is no number at all.
    pub fn ambiguity(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::AmbiguousComma => (
                "逗号没有三位一隔，可能是千位分隔，也可能是小数点",
                "the comma does not group digits in threes; it may be a decimal comma",
            ),
            Self::TwoPoints => ("有两个小数点", "it has two decimal points"),
            Self::Apostrophe => (
                "撇号在有的地方是千位分隔，在有的地方是分、英尺",
                "an apostrophe groups digits in some places and means minutes or feet in others",
            ),
            Self::Hexadecimal => (
                "像程序里的十六进制数，也可能是 0 乘以后面的数",
                "it looks like a hexadecimal number, or like 0 times what follows",
            ),
            Self::Exponent => {
                ("电子表格的科学记数可能丢了尾数", "a spreadsheet that writes exponents may have lost digits")
            }
            Self::NotANumber | Self::TooLong => return None,
        })
    }
}

/// Longest figure that is read, in characters.
const LONGEST: usize = 120;

/// Reads a figure.
pub fn parse(text: &str) -> Result<Figure, FigureFault> {
    if let Some(value) = Exact::parse(text).filter(|_| text.len() <= LONGEST) {
        return Ok(Figure { value, unit: String::new() });
    }
    if text.len() > 4 * LONGEST {
        return Err(FigureFault::TooLong);
    }
    let folded: String = text.nfkc().collect();
    let folded = folded.trim();
    let (negative, rest) = match folded.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, folded.strip_prefix('+').unwrap_or(folded)),
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    let unit = unit.trim();
    if digits.is_empty() || digits.len() > LONGEST {
        return Err(if digits.is_empty() { FigureFault::NotANumber } else { FigureFault::TooLong });
    }
    if let Some(fault) = more_of_a_number(digits, unit) {
        return Err(fault);
    }
    if unit.chars().any(|c| c.is_ascii_digit() || c == ',' || c == '.') {
        return Err(FigureFault::NotANumber);
    }
    let value = Exact::parse(&ungroup(digits)?).ok_or(if digits.matches('.').count() > 1 {
        FigureFault::TwoPoints
    } else {
        FigureFault::NotANumber
    })?;
    Ok(Figure { value: if negative { -value } else { value }, unit: unit.to_string() })
}

/// A text with what an input method widened made narrow, `１２－３１` as `12-31`; none where nothing is wide.
pub fn narrowed(text: &str) -> Option<String> {
    let narrow = || text.nfkc().collect::<String>();
    (!text.is_ascii() && text.len() <= 4 * LONGEST).then(narrow).filter(|narrow| narrow != text)
}

/// Whether what follows the digits is an exponent.
fn is_exponent(rest: &str) -> bool {
    rest.strip_prefix(['e', 'E'])
        .map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest))
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What follows the digits, where it still belongs to a number that is not written as offices
/// write it: an exponent, digits grouped by apostrophes, a hexadecimal number.
pub fn more_of_a_number(digits: &str, rest: &str) -> Option<FigureFault> {
    let digit_behind = |mark: char| rest.strip_prefix(mark).is_some_and(|rest| rest.starts_with(is_digit));
    if is_exponent(rest) {
        return Some(FigureFault::Exponent);
    }
    if ['\'', '’', '‘', '′', '`', '´'].into_iter().any(digit_behind) {
        return Some(FigureFault::Apostrophe);
    }
    let hexadecimal =
        rest.strip_prefix(['x', 'X']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
    (hexadecimal && digits.trim_start_matches(['-', '+']) == "0").then_some(FigureFault::Hexadecimal)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Digits without their grouping commas; refused where the commas do not stand in threes.
fn ungroup(digits: &str) -> Result<String, FigureFault> {
    if !digits.contains(',') {
        return Ok(digits.to_string());
    }
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if !grouped || fraction.is_some_and(|fraction| fraction.contains(',')) {
        return Err(FigureFault::AmbiguousComma);
    }
    Ok(digits.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::{FigureFault, parse};

    #[test]
    fn reads_what_offices_write() {
        for (text, value, unit) in [
            ("1,234.50", "1234.5", ""),
            ("98.2%", "98.2", "%"),
            ("９８．２％", "98.2", "%"),
            ("1.2 万元", "1.2", "万元"),
            ("１２，３４５人", "12345", "人"),
            ("-5", "-5", ""),
            ("− 5", "-5", ""),
        ] {
            let figure = parse(text).expect(text);
            assert_eq!((figure.value.to_plain(0).as_deref(), figure.unit.as_str()), (Some(value), unit), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_ambiguous() {
        for (text, fault) in [
            ("1,5", FigureFault::AmbiguousComma),
            ("12,34,567", FigureFault::AmbiguousComma),
            ("1.2.3", FigureFault::TwoPoints),
            ("1.5E+05", FigureFault::Exponent),
            ("1e5", FigureFault::Exponent),
            ("5'100", FigureFault::Apostrophe),
            ("5’100", FigureFault::Apostrophe),
            ("0x10", FigureFault::Hexadecimal),
            ("未完成", FigureFault::NotANumber),
            ("约5", FigureFault::NotANumber),
            ("3-5", FigureFault::NotANumber),
        ] {
            assert_eq!(parse(text), Err(fault), "{text}");
        }
    }
}
