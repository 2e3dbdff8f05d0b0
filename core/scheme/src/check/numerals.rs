//! The numbers that stand in a regulation: digits, Chinese numerals, 百分之五, 四分之一.

use alloc::{string::String, vec::Vec};
use kaoping_terms::Exact;

/// Digit of a Chinese numeral.
fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// The value of a Chinese numeral such as 三百二十 or 二〇一〇.
fn chinese(numeral: &[char]) -> Option<i64> {
    if numeral.iter().all(|c| digit(*c).is_some()) {
        return numeral.iter().try_fold(0i64, |value, c| value.checked_mul(10)?.checked_add(digit(*c)?));
    }
    let (mut total, mut section, mut last) = (0i64, 0i64, None);
    for c in numeral {
        if let Some(value) = digit(*c) {
            last = Some(value);
        } else if let Some(size) = power(*c) {
            if size >= 10_000 {
                section = section.checked_add(last.take().unwrap_or(0))?;
                total = total.checked_add(section.max(1).checked_mul(size)?)?;
                section = 0;
            } else {
                section = section.checked_add(last.take().unwrap_or(1).checked_mul(size)?)?;
            }
        }
    }
    total.checked_add(section)?.checked_add(last.unwrap_or(0))
}

/// Half-width digits and signs for full-width ones.
fn folded(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        '，' => ',',
        '％' => '%',
        other => other,
    }
}

/// Every number of a text, as it is written and, where a multiple stands behind it, in ones:
/// 1.2万 gives 1.2 and 12000. Parts of hundred give their number, parts of others the share.
pub(crate) fn numbers(text: &str) -> Vec<Exact> {
    let chars: Vec<char> = text.chars().map(folded).filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if c.is_ascii_digit() {
            let length = written_digits(chars.get(at..).unwrap_or(&[]));
            let digits: String = chars.iter().skip(at).take(length).filter(|c| **c != ',').collect();
            at += length;
            let Some(value) = Exact::parse(digits.trim_end_matches('.')) else {
                continue;
            };
            let multiple = chars.get(at).and_then(|c| power(*c));
            at += usize::from(multiple.is_some());
            found.extend(multiple.map(|size| &value * &Exact::whole(size)));
            found.push(value);
        } else if digit(*c).is_some() || power(*c).is_some() {
            let length = chars.iter().skip(at).take_while(|c| digit(**c).is_some() || power(**c).is_some()).count();
            let numeral = chars.get(at..at + length).unwrap_or(&[]);
            at += length;
            // 万 alone belongs to a unit, 百 alone to 百分之; only 十 is a number by itself.
            let is_number = numeral.iter().any(|c| digit(*c).is_some() || power(*c) == Some(10));
            found.extend(chinese(numeral).filter(|_| is_number).map(Exact::whole));
            found.extend(share(numeral, chars.get(at..).unwrap_or(&[])));
        } else {
            at += 1;
        }
    }
    found
}

/// A text without the numbers of its paragraphs: 一、 4、 (4) （四） 4. 第四条 at the beginning of a
/// line or sentence number what is said and are no part of it.
pub(crate) fn without_paragraph_numbers(text: &str) -> String {
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        for sentence in line.split_inclusive(['。', '；', ';']) {
            let mut rest = sentence.trim_start();
            while let Some(length) = paragraph_number(rest) {
                rest = rest.get(length..).unwrap_or("").trim_start();
            }
            kept.push_str(rest);
        }
    }
    kept
}

/// How many bytes at the beginning of a text number a paragraph.
fn paragraph_number(text: &str) -> Option<usize> {
    let is_numeral = |c: char| folded(c).is_ascii_digit() || digit(c).is_some() || matches!(c, '十' | '百');
    let (opened, rest) = match text.strip_prefix(['(', '（', '第']) {
        Some(rest) => (text.chars().next(), rest),
        None => (None, text),
    };
    let after = rest.trim_start_matches(is_numeral);
    if after.len() == rest.len() {
        return None;
    }
    let mut behind = after.chars();
    let sign = behind.next()?;
    let ends = match opened {
        Some('第') => matches!(sign, '条' | '章' | '节'),
        Some(_) => matches!(sign, ')' | '）'),
        // 3.5 at the beginning of a line is a figure.
        None => {
            matches!(sign, '、' | ')' | '）')
                || (matches!(sign, '.' | '．') && !behind.next().is_some_and(|c| folded(c).is_ascii_digit()))
        }
    };
    ends.then(|| text.len() - after.len() + sign.len_utf8())
}

/// Digits with a decimal point, and with commas that group in threes.
fn written_digits(chars: &[char]) -> usize {
    let mut length = 0;
    while let Some(c) = chars.get(length) {
        let group =
            *c == ',' && chars.get(length + 1..length + 4).is_some_and(|next| next.iter().all(char::is_ascii_digit));
        let point = *c == '.' && chars.get(length + 1).is_some_and(char::is_ascii_digit);
        if !(c.is_ascii_digit() || group || point) {
            break;
        }
        length += 1;
    }
    length
}

/// X分之Y behind X: the share in per cent, so that 四分之一 is found as 25 and 百分之五 as 5.
fn share(below: &[char], rest: &[char]) -> Option<Exact> {
    let ['分', '之', rest @ ..] = rest else {
        return None;
    };
    let length = rest.iter().take_while(|c| digit(**c).is_some() || power(**c).is_some()).count();
    let above = chinese(rest.get(..length).filter(|numeral| !numeral.is_empty())?)?;
    (&Exact::whole(above) * &Exact::whole(100)).divided_by(&Exact::whole(chinese(below)?))
}

#[cfg(test)]
mod tests {
    use super::{numbers, without_paragraph_numbers};
    use alloc::{
        string::{String, ToString},
        vec::Vec,
    };

    fn found(text: &str) -> Vec<String> {
        numbers(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn digits_and_numerals() {
        assert_eq!(found("分值3.5分,共1,000元"), ["3.5", "1000"]);
        assert_eq!(found("取前三名,十二个县,二十五件,三百零六户"), ["3", "12", "25", "306"]);
        assert_eq!(found("二〇一〇年"), ["2010"]);
        assert_eq!(found("1.2万元"), ["12000", "1.2"]);
        assert_eq!(found("５％"), ["5"]);
    }

    #[test]
    fn numbers_of_paragraphs_are_no_figures() {
        let figures = |text: &str| found(&without_paragraph_numbers(text));
        assert_eq!(figures("4、取前三名。"), ["3"]);
        assert_eq!(figures("四、总则\n（五）(6)7.取前三名；8、奖9名\n第十条 共11个"), ["3", "9", "11"]);
        assert_eq!(figures("3.5分,三名,12)"), ["3.5", "3", "12"]);
        assert_eq!(figures("十个县、5个乡"), ["10", "5"]);
    }

    #[test]
    fn shares() {
        assert!(found("四分之一").contains(&"25".to_string()));
        assert!(found("百分之五").contains(&"5".to_string()));
    }
}
