//! Who may do a deed now, and what speaks against it where somebody may not: the core is asked, nothing is guessed.

use crate::{Eyes, forms::As};
use kaoping_ledger::Algorithm;
use kaoping_office::Act;
use kaoping_terms::Lang;

/// Whether a deed can be done by whoever looks.
pub(crate) struct Offer {
    /// As whom; `None` where something speaks against it.
    pub by: Option<As>,
    /// What speaks against it: who does it, or what comes first.
    pub said: String,
}

/// Whether whoever looks may do a deed now. A reason and a paper are taken as given: the form asks for them.
pub(crate) fn offer(eyes: &Eyes<'_>, act: &Act) -> Offer {
    match eyes.viewer.able(act, "…", &[Algorithm::Sha256.nothing()]) {
        Ok(by) => Offer { by: Some(by.into()), said: String::new() },
        Err(against) => {
            let said = against.first().map(|finding| eyes.say(&finding.message));
            Offer { by: None, said: said.unwrap_or_else(|| done_by(eyes, act)) }
        }
    }
}

/// As whom whoever looks may do a deed now.
pub(crate) fn as_whom(eyes: &Eyes<'_>, act: &Act) -> Option<As> {
    offer(eyes, act).by
}

/// As whom whoever looks may do deeds such as this one, which the form has still to fill in.
pub(crate) fn by_right(eyes: &Eyes<'_>, act: &Act) -> Option<As> {
    eyes.viewer.by_which(act).map(As::from)
}

/// Who does such a deed, in words.
fn done_by(eyes: &Eyes<'_>, act: &Act) -> String {
    let words: Vec<String> = act.right().roles.iter().map(|role| eyes.say(&role.word())).collect();
    match eyes.lang {
        Lang::Zh => format!("由{}办理", words.join("、")),
        Lang::En => format!("done by: {}", words.join(", ")),
    }
}
