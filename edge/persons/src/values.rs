//! What is known of a person: checked when it comes in. What is refused is never told again.

use crate::refusal;
use kaoping_office::state::PersonField;
use kaoping_terms::{Day, Diagnostic, Text};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroize as _;

/// What is known of a person. It does not show itself.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<PersonField, String>);

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields()).finish()
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        self.0.values_mut().for_each(|value| value.zeroize());
    }
}

impl Values {
    /// Checks what was given.
    ///
    /// # Errors
    /// Everything that is wrong with it, without telling what it is.
    pub fn of(given: &BTreeMap<PersonField, String>) -> Result<Self, Vec<Diagnostic>> {
        let (mut values, mut findings) = (Self::default(), Vec::new());
        if given.is_empty() {
            findings.push(refusal::field_unfit(PersonField::Name, &Text::new("一项也没有", "there is none")));
        }
        for (field, value) in given {
            match checked(*field, value.trim()) {
                Ok(value) => drop(values.0.insert(*field, value)),
                Err(finding) => findings.push(*finding),
            }
        }
        if findings.is_empty() { Ok(values) } else { Err(findings) }
    }

    /// Which fields there are.
    pub fn fields(&self) -> impl Iterator<Item = PersonField> + '_ {
        self.0.keys().copied()
    }

    /// Each with its value.
    pub fn iter(&self) -> impl Iterator<Item = (PersonField, &str)> {
        self.0.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// Whether a text tells one of them.
    pub fn are_told_by(&self, text: &str) -> bool {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        let text = plain(text);
        let told = |value: &str| {
            let value = plain(value);
            value.chars().count() > 1 && text.contains(&value)
        };
        self.0.values().any(|value| told(value))
    }
}

/// Whether a text has the number of an identity card or of a mobile telephone in it, whoever's it is.
pub fn has_number_of_a_person(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x');
    let mut runs = text.split(|c| !is_part(c));
    runs.any(|run| run.len() == 18 && id_number(run).is_ok() || run.len() == 11 && phone(run).is_some())
}

fn checked(field: PersonField, value: &str) -> Result<String, Box<Diagnostic>> {
    let fits = |most: usize| (1..=most).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    match field {
        PersonField::IdNumber => id_number(value).map_err(|why| Box::new(refusal::id_number(&why))),
        PersonField::Phone => phone(value).ok_or_else(|| Box::new(refusal::phone())),
        PersonField::Name => {
            let letters = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '·' | '.' | '-' | ' '));
            let why = || Text::new("1 到 50 个字，只有字母、数字和 · . -", "1 to 50 letters, digits and · . -");
            if fits(50) && letters { Ok(value.to_owned()) } else { Err(Box::new(refusal::field_unfit(field, &why()))) }
        }
        PersonField::Address => {
            let why = || Text::new("1 到 200 个字，没有换行", "1 to 200 characters in one line");
            if fits(200) { Ok(value.to_owned()) } else { Err(Box::new(refusal::field_unfit(field, &why()))) }
        }
    }
}

/// What each digit of a card's number counts (GB 11643).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The last place, by what the others come to.
const LAST: &[u8; 11] = b"10X98765432";

/// The number of an identity card by GB 11643: region, birthday, order, and a last place that follows from the others.
fn id_number(value: &str) -> Result<String, Text> {
    let value = value.to_ascii_uppercase();
    let (Some(digits), Some(last)) = (value.get(..17), value.get(17..)) else { return Err(length()) };
    if last.len() != 1 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(length());
    }
    let birthday = [digits.get(6..10), digits.get(10..12), digits.get(12..14)].map(Option::unwrap_or_default).join("-");
    if digits.starts_with('0') || Day::parse(&birthday).is_none_or(|day| !(1800..=2200).contains(&day.civil().0)) {
        return Err(Text::new("地区码或出生日期不对", "region or birthday is wrong"));
    }
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = usize::try_from(sum % 11).ok().and_then(|at| LAST.get(at));
    if expected.copied() != last.bytes().next() {
        return Err(Text::new("最后一位校验码与前 17 位不符", "the last place does not follow from the others"));
    }
    Ok(value)
}

fn length() -> Text {
    Text::new("应是 17 位数字和一位校验码", "it has 17 digits and a last place that checks them")
}

/// A telephone number, as digits alone: mobile, or with the code of its region.
fn phone(value: &str) -> Option<String> {
    if !value.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')')) {
        return None;
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("86") {
        Some(rest) if digits.len() == 13 => rest.to_owned(),
        _ => digits,
    };
    let bytes = digits.as_bytes();
    let mobile = digits.len() == 11 && matches!(bytes, [b'1', b'3'..=b'9', ..]);
    let regional = (10..=12).contains(&digits.len()) && matches!(bytes, [b'0', b'1'..=b'9', ..]);
    (mobile || regional).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::{PersonField, Values, has_number_of_a_person, id_number, phone};
    use std::collections::BTreeMap;

    #[test]
    fn cards_by_their_standard() {
        for sound in ["11010519491231002X", "11010519491231002x", "440524188001010014"] {
            assert_eq!(id_number(sound), Ok(sound.to_uppercase()));
        }
        // Every other last place, every other digit, every two neighbours changed about: all are found.
        let sound = "11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut other = sound.as_bytes().to_vec();
                other[at] = digit;
                let other = String::from_utf8(other).expect("digits");
                assert_eq!(id_number(&other).is_ok(), other == sound, "{other}");
            }
            let mut other = sound.as_bytes().to_vec();
            other.swap(at, at + 1);
            let other = String::from_utf8(other).expect("digits");
            assert_eq!(id_number(&other).is_ok(), other == sound, "{other}");
        }
        for wrong in ["", "1", "110105491231002", "11010519491331002X", "1101051949123100２X", "11010519491231002XX"] {
            assert!(id_number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn telephones() {
        for (given, digits) in [
            ("13800138000", "13800138000"),
            ("+86 138-0013-8000", "13800138000"),
            ("010-12345678", "01012345678"),
            ("(0571) 1234567", "05711234567"),
        ] {
            assert_eq!(phone(given).as_deref(), Some(digits));
        }
        for wrong in ["", "12345", "12800138000", "1380013800", "1380013800a", "138001380000", "00123456789"] {
            assert_eq!(phone(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_refused_is_not_told() {
        let given: BTreeMap<PersonField, String> = [
            (PersonField::Name, "申请人\u{7}001".to_owned()),
            (PersonField::IdNumber, "110105194912310021".to_owned()),
            (PersonField::Phone, "13800-secret".to_owned()),
            (PersonField::Address, "甲".repeat(201)),
        ]
        .into();
        let findings = Values::of(&given).expect_err("findings");
        let names: Vec<_> = findings.iter().map(|finding| finding.name).collect();
        assert_eq!(names, ["person-field-unfit", "id-number-not-valid", "phone-not-valid", "person-field-unfit"]);
        let told = format!("{findings:?}");
        assert!(!told.contains("001") && !told.contains("13800") && !told.contains("110105") && !told.contains("甲"));
        let values = Values::of(&[(PersonField::Phone, "138 0013 8000".to_owned())].into()).expect("values");
        assert_eq!(format!("{values:?}"), "[Phone]");
        assert_eq!(Values::of(&BTreeMap::new()).expect_err("findings").len(), 1);
    }

    #[test]
    fn texts_that_tell() {
        let given = [(PersonField::Name, "申请人001".to_owned()), (PersonField::Phone, "13800138000".to_owned())];
        let values = Values::of(&given.into()).expect("values");
        assert!(values.are_told_by("回访申请人 001") && values.are_told_by("打 138-0013-8000"));
        assert!(!values.are_told_by("电话回访申请人") && !values.are_told_by(""));
        assert!(has_number_of_a_person("证号11010519491231002x的") && has_number_of_a_person("拨13800138000"));
        assert!(!has_number_of_a_person("第 2026 号,13800138 元") && !has_number_of_a_person(""));
    }
}
