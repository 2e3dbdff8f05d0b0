//! One entry of the record, and its bytes.

use crate::hash::{Algorithm, Digest};
use alloc::{format, string::String, vec::Vec};
use core::fmt;
use kaoping_terms::Text;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The form of entries written today. A reader knows all forms there ever were.
pub const FORM: u32 = 1;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The account: a number, never a name.
    pub account: String,
    /// In which office it acted.
    pub office: String,
    /// In which role.
    pub role: String,
    /// The account it stood in for, where it acted as a deputy.
    pub deputy_for: Option<String>,
}

/// One deed, recorded. `A` is what was done.
///
/// Its bytes are one line of JSON: these fields in this order, without blanks, numbers as whole
/// numbers, nothing left out. There is no second form of the same entry: [`Entry::from_bytes`]
/// refuses bytes it would not have written itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry<A> {
    /// The form of these bytes.
    pub form: u32,
    /// Its place in the record, from 0.
    pub number: u64,
    /// The hash of the entry before it.
    pub before: Digest,
    /// The name its sender gave it, so that one sent twice is recorded once.
    pub id: String,
    /// When the server received it: milliseconds since 1970 in universal time. Never less than
    /// that of the entry before.
    pub received_ms: i64,
    /// Who did it.
    pub by: By,
    /// What was done.
    pub act: A,
    /// Why; empty where a deed needs no reason.
    pub why: String,
    /// The papers it rests on, by the hash of their content.
    pub evidence: Vec<Digest>,
}

/// Why bytes are no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCanonical {
    /// They cannot be read; what the reader says.
    Unreadable(String),
    /// They can be read, and would be written otherwise.
    WrittenOtherwise,
    /// They have a form that is not known.
    Form(u32),
}

impl fmt::Display for NotCanonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => f.write_str(why),
            Self::WrittenOtherwise => f.write_str("the same entry would be written with other bytes"),
            Self::Form(form) => write!(f, "form {form} is not known"),
        }
    }
}

impl NotCanonical {
    /// What is wrong, for people.
    pub fn told(&self) -> Text {
        match self {
            Self::Unreadable(why) => Text::new(format!("不是一条记录（{why}）"), format!("it is no entry ({why})")),
            Self::WrittenOtherwise => {
                Text::new("同样的内容，程序会写成另外的字节", "the same entry would be written with other bytes")
            }
            Self::Form(form) => Text::new(format!("不认识格式 {form}"), format!("form {form} is not known")),
        }
    }
}

impl<A: Serialize> Entry<A> {
    /// The bytes that are recorded and hashed.
    ///
    /// # Errors
    /// What was done has no form in JSON, such as a map whose keys are no texts.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        serde_json::to_vec(self).map_err(|error| NotCanonical::Unreadable(format!("{error}")))
    }
}

impl<A: Serialize + DeserializeOwned> Entry<A> {
    /// The entry those bytes are.
    ///
    /// # Errors
    /// They are no entry, or not as it would have been written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let entry: Self =
            serde_json::from_slice(bytes).map_err(|error| NotCanonical::Unreadable(format!("{error}")))?;
        if entry.form != FORM {
            return Err(NotCanonical::Form(entry.form));
        }
        if entry.to_bytes()? != bytes {
            return Err(NotCanonical::WrittenOtherwise);
        }
        Ok(entry)
    }
}

/// What links entries together can be read without knowing what was done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// The form of the bytes.
    pub form: u32,
    /// Its place in the record.
    pub number: u64,
    /// The hash of the entry before it.
    pub before: Digest,
    /// When it was received.
    pub received_ms: i64,
}

impl Link {
    /// The link in the bytes of an entry.
    ///
    /// # Errors
    /// They are no entry.
    pub fn of(bytes: &[u8]) -> Result<Self, NotCanonical> {
        serde_json::from_slice(bytes).map_err(|error| NotCanonical::Unreadable(format!("{error}")))
    }
}

/// The hash of an entry's bytes, under the algorithm its record was founded with.
pub fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    algorithm.leaf(bytes)
}
