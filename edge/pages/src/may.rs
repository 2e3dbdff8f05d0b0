//! Who may do a deed now, and what speaks against it where somebody may not: the core is asked, nothing is guessed.

use crate::{Eyes, forms::As};
use kaoping_ledger::{Algorithm, By};
use kaoping_office::{Act, refusal::is_about_a_value};
use kaoping_terms::{Lang, Level};

/// Whether a deed can be done by whoever looks.
pub(crate) struct Offer {
    /// As whom; `None` where something speaks against it.
    pub by: Option<As>,
    /// What speaks against it: who does it, or what comes first.
    pub said: String,
}

/// Whether whoever looks may do a deed now. A reason and a paper are taken as given: the form asks for them.
pub(crate) fn offer(eyes: &Eyes<'_>, act: &Act) -> Offer {
    let roles = act.right().roles;
    let grants = eyes.viewer.grants().iter().filter(|(_, grant)| roles.contains(&grant.role));
    let mut said = None;
    for (holder, grant) in grants {
        let by = By {
            account: eyes.viewer.account().0.clone(),
            office: grant.office.0.clone(),
            role: grant.role.name().to_owned(),
            deputy_for: holder.as_ref().map(|holder| holder.0.clone()),
        };
        let at_ms = i64::from(eyes.viewer.today().number()) * 86_400_000;
        let findings = eyes.state().may(act, &by, at_ms, "…", &[Algorithm::Sha256.nothing()]);
        let mut against =
            findings.findings().iter().filter(|found| found.level == Level::Error && !is_about_a_value(found));
        if against.next().is_none() {
            let By { office, role, deputy_for, .. } = by;
            let by = As { office, role, holder: deputy_for.unwrap_or_default() };
            return Offer { by: Some(by), said: String::new() };
        }
        let first = findings.into_sorted().into_iter().next();
        said = said.or(first.map(|finding| eyes.say(&finding.message)));
    }
    Offer { by: None, said: said.unwrap_or_else(|| done_by(eyes, act)) }
}

/// As whom whoever looks may do a deed now.
pub(crate) fn as_whom(eyes: &Eyes<'_>, act: &Act) -> Option<As> {
    offer(eyes, act).by
}

/// Who does such a deed, in words.
fn done_by(eyes: &Eyes<'_>, act: &Act) -> String {
    let words: Vec<String> = act.right().roles.iter().map(|role| eyes.say(&role.word())).collect();
    match eyes.lang {
        Lang::Zh => format!("由{}办理", words.join("、")),
        Lang::En => format!("done by: {}", words.join(", ")),
    }
}
