//! How a value is shown to those who did not look it up: enough to tell one from another, too little to know.

use crate::values::Values;
use kaoping_office::state::PersonField;

/// A value as it is shown masked. How long it is is not shown either, but for cards, which are all as long.
pub fn mask(field: PersonField, value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    let first = |count: usize| characters.iter().take(count).collect::<String>();
    let last = |count: usize| characters.iter().skip(characters.len().saturating_sub(count)).collect::<String>();
    match field {
        PersonField::Name if characters.len() > 1 => format!("{}**", first(1)),
        PersonField::IdNumber if characters.len() == 18 => format!("{}*************{}", first(3), last(2)),
        PersonField::Phone if characters.len() > 6 => format!("{}****{}", first(3), last(2)),
        PersonField::Address if characters.len() > 4 => format!("{}****", first(2)),
        _ => "**".to_owned(),
    }
}

/// All of them.
pub fn masked(values: &Values) -> impl Iterator<Item = (PersonField, String)> + '_ {
    values.iter().map(|(field, value)| (field, mask(field, value)))
}

#[cfg(test)]
mod tests {
    use super::mask;
    use kaoping_office::state::PersonField::{Address, IdNumber, Name, Phone};

    #[test]
    fn enough_to_tell_apart_and_no_more() {
        for (field, value, shown) in [
            (Name, "申请人001", "申**"),
            (Name, "甲乙", "甲**"),
            (Name, "甲", "**"),
            (IdNumber, "11010519491231002X", "110*************2X"),
            (Phone, "13800138000", "138****00"),
            (Phone, "01012345678", "010****78"),
            (Phone, "12345", "**"),
            (Address, "甲市乙县丙乡1号", "甲市****"),
            (Address, "甲市乙县", "**"),
        ] {
            assert_eq!(mask(field, value), shown);
        }
    }
}
