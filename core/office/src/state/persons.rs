//! People who are no accounts: applicants, petitioners, whom to ask. What is known of them stands outside the record.

use crate::ids::{AccountId, OfficeId};
use alloc::{string::String, vec, vec::Vec};
use kaoping_ledger::rows::Value;
use kaoping_terms::{Day, Text};
use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($(#[$about:meta])* $field:ident $name:literal $zh:literal $en:literal,)*) => {
        /// What can be known of a person.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PersonField {
            $($(#[$about])* #[serde(rename = $name)] $field,)*
        }

        impl PersonField {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$field),*];

            /// Its name in the record.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)*
                }
            }

            /// Its word for people.
            pub fn word(self) -> Text {
                match self {
                    $(Self::$field => Text::new($zh, $en),)*
                }
            }
        }
    };
}

fields! {
    /// The name.
    Name "name" "姓名" "name",
    /// The number of the identity card.
    IdNumber "id-number" "身份证号" "identity card number",
    /// A telephone number.
    Phone "phone" "电话" "telephone number",
    /// Where the person lives.
    Address "address" "住址" "address",
}

/// A person: who keeps the file, and which fields it has. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The office that keeps the file.
    pub office: OfficeId,
    /// Which fields it has.
    pub fields: Vec<PersonField>,
    /// The entry it was registered with.
    pub registered: u64,
    /// How often it was looked up.
    pub look_ups: u32,
    /// Who asked for its erasure, where that waits for a second person.
    pub asked: Option<AccountId>,
    /// The entry it was erased with.
    pub erased: Option<u64>,
}

/// Somebody looked a person up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Who.
    pub by: AccountId,
    /// On which day.
    pub day: Day,
    /// What he was shown.
    pub fields: Vec<PersonField>,
    /// What for.
    pub why: String,
}

fn names(fields: &[PersonField]) -> Value {
    Value::Text(fields.iter().map(|field| field.name()).collect::<Vec<_>>().join("; "))
}

fn entry(number: u64) -> Value {
    Value::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Person {
    pub(crate) fn columns(&self) -> Vec<Value> {
        vec![
            (&self.office).into(),
            names(&self.fields),
            entry(self.registered),
            i64::from(self.look_ups).into(),
            self.asked.as_ref().map(|account| account.as_str()).into(),
            self.erased.map_or(Value::Empty, entry),
        ]
    }
}

impl LookUp {
    pub(crate) fn columns(&self) -> Vec<Value> {
        vec![(&self.by).into(), i64::from(self.day.number()).into(), names(&self.fields), self.why.as_str().into()]
    }
}
