//! Forms for deeds: offered to those whose role may do them, sent in that role.

use crate::Eyes;
use kaoping_ledger::By;
use kaoping_office::ids::OfficeId;

/// In which office and role a form is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct As {
    /// The office.
    pub office: String,
    /// The role.
    pub role: String,
    /// The account stood in for; empty where none is.
    pub holder: String,
}

impl From<By> for As {
    fn from(By { office, role, deputy_for, .. }: By) -> Self {
        Self { office, role, holder: deputy_for.unwrap_or_default() }
    }
}

/// A choice in a list.
pub(crate) struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub word: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The offices there are today, those in the order of the tree, with their depth shown by blanks.
pub(crate) fn offices(eyes: &Eyes<'_>, chosen: &str) -> Vec<Choice> {
    let choice = |(id, depth): (OfficeId, usize)| Choice {
        word: format!("{}{}", "\u{3000}".repeat(depth), eyes.office(&id)),
        chosen: id.as_str() == chosen,
        value: id.into(),
    };
    eyes.state().tree(eyes.viewer.today()).into_iter().map(choice).collect()
}
