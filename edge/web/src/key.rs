//! The key of the record in a file of its own, outside the store: whoever has only one of the two can neither sign
//! nor change what was signed.

use crate::people::random;
use kaoping_ledger::{KeyKind, SecretKey};
use kaoping_terms::{Diagnostic, Text};
use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

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
    match write(folder, &path, &format!("{} {digits}\n", kind_name(kind))) {
        Ok(()) => Ok(()),
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Err(Box::new(there(&path))),
        Err(fault) => Err(Box::new(unusable(&path, &Text::same(fault.to_string())))),
    }
}

pub(crate) fn no_chance() -> Text {
    Text::new("系统给不出随机数", "the system gives no random numbers")
}

fn write(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::File::open(folder)?.sync_all()
}

/// The key in that folder.
///
/// # Errors
/// It is not there, others can read it, or it is none.
pub fn read(folder: &Path) -> Result<SecretKey, Box<Diagnostic>> {
    let path = folder.join(FILE);
    let about = fs::metadata(&path).map_err(|fault| Box::new(unusable(&path, &Text::same(fault.to_string()))))?;
    if open_to_others(&about) {
        let why = Text::new("别人也能读它；先收回权限：chmod 600", "others can read it: chmod 600 first");
        return Err(Box::new(unusable(&path, &why)));
    }
    let text = fs::read_to_string(&path).map_err(|fault| Box::new(unusable(&path, &Text::same(fault.to_string()))))?;
    parse(&text).ok_or_else(|| Box::new(unusable(&path, &Text::new("里面不是密钥", "it holds no key"))))
}

#[cfg(unix)]
fn open_to_others(about: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> bool {
    false
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

fn there(path: &Path) -> Diagnostic {
    Diagnostic::error(
        "key-file-there",
        Text::new(format!("已经有密钥 {}", path.display()), format!("there is a key {}", path.display())),
    )
    .why(Text::new(
        "一个台账一把密钥；覆盖了，旧台账就再也签不了",
        "a record has a key of its own; without it an older record is never signed again",
    ))
    .next(Text::new("给新台账另一个文件夹", "give the new record another folder"))
}

pub(crate) fn unusable(path: &Path, why: &Text) -> Diagnostic {
    Diagnostic::error(
        "key-file-unusable",
        Text::new(format!("密钥 {} 不能用", path.display()), format!("the key {} cannot be used", path.display())),
    )
    .why(why.clone())
    .next(Text::new(
        "看 --keys 指的是不是成立台账时的文件夹；丢了就从备份取回",
        "see that --keys is the folder the record was founded with; if it is lost, take it from its backup",
    ))
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
