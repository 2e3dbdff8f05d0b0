//! A record that goes on from an older backup: what was signed behind it is gone, and that is said.

use crate::{
    act::ANY,
    deed::{Asked, Deed, Told},
    ids::OfficeId,
    refusal,
    rights::{Right, Role},
    state::State,
    tables::Touched,
};
use alloc::{string::String, vec::Vec};
use kaoping_ledger::{PublicKey, SignedCheckpoint};
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

/// Confirms that the record goes on from an older backup, although more of it, or something else, had been signed. The
/// checkpoint of that is named: whoever kept it finds here why the record does not agree with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRestore {
    /// The signed note of the checkpoint the record does not agree with any more, word for word.
    pub signed: String,
}

impl ConfirmRestore {
    /// How many entries had been signed.
    pub fn size(&self) -> u64 {
        SignedCheckpoint::parse(&self.signed).map_or(0, |signed| signed.checkpoint.size)
    }
}

impl Deed for ConfirmRestore {
    fn word(&self) -> Text {
        Text::new("确认恢复", "confirming a restore")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SystemAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        let key = PublicKey::parse(&state.key);
        let signed = SignedCheckpoint::parse(&self.signed).filter(|signed| signed.text() == self.signed);
        if !signed.zip(key).is_some_and(|(signed, key)| signed.signed_by(&key)) {
            findings.push(refusal::unfit(
                Text::new("写的不是本台账签过的检查点", "this is no checkpoint that was signed for this record"),
                Text::new("要写明哪一个检查点从此对不上", "it is said which checkpoint does not agree any more"),
                Text::new(
                    "用 kaoping confirm-restore，由程序取出最后签的那一个",
                    "use kaoping confirm-restore, which takes the one that was signed last",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, _: &mut Touched) {
        state.restored = state.restored.max(self.size());
    }
}
