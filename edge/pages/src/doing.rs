//! Whether whoever looks may do a deed now, and as what: forms are shown to those alone.

use crate::Eyes;
use kaoping_ledger::{Algorithm, By};
use kaoping_office::Act;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// In which office and role a deed is done, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Acting {
    /// The office.
    pub(crate) office: String,
    /// The role.
    pub(crate) role: String,
    /// Whom one stands in for; empty where one does it oneself.
    pub(crate) deputy_for: String,
}

impl Eyes<'_> {
    /// As what a deed can be done now by whoever looks, with a reason and papers; `None` where it cannot.
    pub(crate) fn may(&self, act: &Act) -> Option<Acting> {
        let (roles, papers) = (act.right().roles, [Algorithm::Sha256.nothing()]);
        // Eight in the morning of that day in China.
        let received_ms = i64::from(self.viewer.today().number()) * DAY_MS;
        let fitting = self.viewer.grants().iter().filter(|(_, grant)| roles.contains(&grant.role));
        fitting.into_iter().find_map(|(holder, grant)| {
            let by = By {
                account: self.viewer.account().0.clone(),
                office: grant.office.0.clone(),
                role: grant.role.name().into(),
                deputy_for: holder.as_ref().map(|holder| holder.0.clone()),
            };
            let refused = self.state().may(act, &by, received_ms, "…", &papers).has_errors();
            (!refused).then(|| Acting {
                office: by.office,
                role: by.role,
                deputy_for: by.deputy_for.unwrap_or_default(),
            })
        })
    }
}
