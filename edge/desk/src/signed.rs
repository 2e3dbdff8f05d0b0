//! What was signed last, remembered outside the store: whoever has only the store in hand cannot take the record back to
//! what it was before.

use crate::signing::Signing;
use kaoping_ledger::{PublicKey, SignedCheckpoint, Tree};
use kaoping_terms::{Diagnostic, Text};

/// Remembers what was signed, durable when it returns; `false` where it could not. It is called when the store has it.
pub type Remember = Box<dyn FnMut(&SignedCheckpoint) -> bool + Send>;

/// Whether the record goes on from what was signed.
///
/// # Errors
/// It is shorter, or other entries stand in it.
pub fn stands(tree: &Tree, signed: &SignedCheckpoint) -> Result<(), Box<Diagnostic>> {
    let (size, root) = (signed.checkpoint.size, signed.checkpoint.root);
    let (message, why) = match tree.root_at(size) {
        Some(found) if found == root => return Ok(()),
        Some(_) => (
            Text::new(
                format!("台账的前 {size} 条，不是签过的那 {size} 条"),
                format!("the first {size} entries of the record are not those that were signed"),
            ),
            Text::new(
                "签过以后有记录被改过、换过，或者是从旧备份另外接着写的",
                "entries were changed or exchanged after that, or it went on from an older backup elsewhere",
            ),
        ),
        None => (
            Text::new(
                format!("台账只有 {} 条，而前 {size} 条都签过", tree.size()),
                format!("the record has {} entries, and {size} had been signed", tree.size()),
            ),
            Text::new(
                "末尾被截去了，或者放回了更早的备份",
                "its end was cut off, or an older backup was put in its place",
            ),
        ),
    };
    let finding = Diagnostic::error("record-not-as-signed", message).why(why).next(Text::new(
        "找签过以后的备份来恢复；实在没有，由系统管理员确认从这里接着办，原因记入台账：kaoping confirm-restore",
        "restore a backup that was made after that; if there is none, the system administrator confirms that the record goes on from here, on the record: kaoping confirm-restore",
    ));
    Err(Box::new(finding))
}

/// What is wrong with the checkpoints that are kept with a record, by their sizes: one is not the key's, has another size,
/// or is missing in between. Whether they agree with the record is told by [`stands`].
pub fn kept(notes: &[(u64, String)], tree: &Tree, key: &PublicKey) -> Option<Box<Diagnostic>> {
    let parsed = |(size, note): &(u64, String)| {
        let own = SignedCheckpoint::parse(note).filter(|own| own.checkpoint.size == *size && own.signed_by(key));
        own.ok_or(*size)
    };
    match notes.iter().map(parsed).collect::<Result<Vec<_>, _>>() {
        Err(size) => Some(Box::new(not_signed(size))),
        Ok(own) => Signing::of(own, key).missing(tree, key, &[]).map(Box::new),
    }
}

fn not_signed(size: u64) -> Diagnostic {
    Diagnostic::error(
        "checkpoint-not-signed",
        Text::new(
            format!("库里签到前 {size} 条的检查点，不是用台账的密钥签的那一个"),
            format!("the checkpoint over {size} entries in the store is not the one the key of the record signed"),
        ),
    )
    .why(Text::new("检查点要一个字不改地保存", "a checkpoint is kept without any change"))
    .next(Text::new(
        "从备份找回，查清谁动过数据库",
        "bring it back from a backup, and find out who had the database in hand",
    ))
}
