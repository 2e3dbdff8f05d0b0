//! The key of the record in a file of its own, outside the store: whoever has only one of the two can neither sign
//! nor change what was signed.

use crate::people::random;
use kaoping_desk::system_reason;
use kaoping_ledger::{KeyKind, SecretKey};
pub(crate) use kaoping_persons::secret::unusable;
use kaoping_persons::secret::{self, there, write_new};
use kaoping_terms::{Diagnostic, Text};
use std::{io, path::Path};

/// Its name in the folder of keys.
pub const FILE: &str = "record.key";

fn kind_name(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Ed25519 => "ed25519",
        KeyKind::Sm2 => "sm2",
    }
}

/// Draws a key, and keeps it in the folder before anything is signed with it. Only its owner may read it.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn draw(folder: &Path, kind: KeyKind) -> Result<SecretKey, Box<Diagnostic>> {
    let path = folder.join(FILE);
    // SM2 has no key for a few numbers.
    let drawn =
        (0..8).find_map(|_| random::<32>().and_then(|bytes| Some((SecretKey::from_bytes(kind, &bytes)?, bytes))));
    let Some((key, bytes)) = drawn else { return Err(Box::new(unusable(&path, &no_chance()))) };
    keep(folder, kind, &bytes).map(|()| key)
}

/// Keeps a key that is there already in the folder.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn keep(folder: &Path, kind: KeyKind, bytes: &[u8; 32]) -> Result<(), Box<Diagnostic>> {
    let path = folder.join(FILE);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match write_new(&path, &format!("{} {digits}\n", kind_name(kind))) {
        Ok(()) => Ok(()),
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Err(Box::new(there(&path))),
        Err(fault) => Err(Box::new(unusable(&path, &system_reason(&fault)))),
    }
}

pub(crate) fn no_chance() -> Text {
    Text::new("系统给不出随机数", "the system gives no random numbers")
}

/// The key in that folder.
///
/// # Errors
/// It is not there, others can read it, or it is none.
pub fn read(folder: &Path) -> Result<SecretKey, Box<Diagnostic>> {
    let path = folder.join(FILE);
    let text = secret::read(&path).map_err(|why| Box::new(unusable(&path, &why)))?;
    parse(&text).ok_or_else(|| Box::new(unusable(&path, &Text::new("里面不是密钥", "it holds no key"))))
}

fn parse(text: &str) -> Option<SecretKey> {
    let (kind, digits) = text.strip_suffix('\n')?.split_once(' ')?;
    let kind = [KeyKind::Ed25519, KeyKind::Sm2].into_iter().find(|known| kind_name(*known) == kind)?;
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    SecretKey::from_bytes(kind, &bytes)
}

#[cfg(test)]
mod tests {
    use super::{FILE, draw, read};
    use kaoping_ledger::KeyKind;

    #[test]
    fn a_key_is_drawn_once_and_only_its_owner_reads_it() {
        for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
            let place = tempfile::tempdir().expect("a folder");
            let folder = place.path().join("keys");
            let drawn = draw(&folder, kind).expect("a key").public("x").to_string();
            assert_eq!(read(&folder).expect("the key").public("x").to_string(), drawn);
            assert_eq!(draw(&folder, kind).expect_err("a finding").name, "key-file-there");
            let path = folder.join(FILE);
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
            std::fs::set_permissions(&path, open).expect("permissions");
            assert_eq!(read(&folder).expect_err("a finding").name, "key-file-unusable");
            std::fs::remove_file(&path).expect("removed");
            assert_eq!(read(&folder).expect_err("a finding").name, "key-file-unusable");
        }
    }
}
