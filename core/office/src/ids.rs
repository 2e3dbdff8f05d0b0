//! Names of things in the record. Each kind is a type of its own, so that none is taken for another.

use alloc::string::String;
use compact_str::CompactString;
use core::{borrow::Borrow, fmt};
use kaoping_ledger::Value;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// Before all others: where keys with any of them begin.
            pub const fn least() -> Self {
                Self(CompactString::const_new(""))
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&$name> for Value {
            fn from(id: &$name) -> Self {
                Self::Text(id.0.as_str().into())
            }
        }
    )*};
}

ids! {
    /// An account: a number, never a person's name.
    AccountId,
    /// An office, as `unit` in files.
    OfficeId,
    /// A scheme that is in force.
    SchemeId,
    /// An indicator within a scheme.
    IndicatorId,
    /// A figure that offices report, whatever schemes use it.
    FigureId,
    /// What is asked of offices for one period.
    CollectionId,
    /// Something proposed, to be decided by a second person.
    ProposalId,
    /// An objection.
    ObjectionId,
    /// A question about a figure.
    InquiryId,
    /// A sample drawn for inspection.
    SampleId,
    /// A person who is no account: a number, never a name.
    PersonId,
}

/// The most characters of a name of a thing.
const LONGEST: usize = 64;

/// Whether a text can be the name of a thing: letters, digits, `-`, `_`, `.`, at most 64.
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    !text.is_empty() && text.chars().count() <= LONGEST && characters.all(sound)
}
