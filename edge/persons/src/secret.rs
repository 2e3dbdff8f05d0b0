//! Files that only their owner reads: keys.

use kaoping_sheets::file::system_reason;
use kaoping_terms::{Diagnostic, Text};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Writes a new file for its owner alone, and makes it durable.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    let mut file = options().create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Puts a file in the place of another, for its owner alone and durable when this returns: one of the two is there,
/// whatever happens.
///
/// # Errors
/// It cannot be written; then the other is there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(path, ".new");
    write_over(&new, bytes)?;
    fs::rename(&new, path)?;
    sync_folder(path)
}

/// The path with something behind it.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes a file for its owner alone, whatever stood in it, and makes it and its name durable.
pub(crate) fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = options().create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder(path)
}

/// Makes the names in the folder of a file durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reading and writing, with a new file for its owner alone.
pub(crate) fn options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The text of a file only its owner can read.
///
/// # Errors
/// Why not, for [`unusable`].
pub fn read(path: &Path) -> Result<Zeroizing<String>, Text> {
    let about = fs::metadata(path).map_err(|fault| system_reason(&fault))?;
    owned(&about)?;
    fs::read_to_string(path).map(Zeroizing::new).map_err(|fault| system_reason(&fault))
}

/// Refuses a file that others can read.
pub(crate) fn owned(about: &fs::Metadata) -> Result<(), Text> {
    if open_to_others(about) {
        return Err(Text::new("别人也能读它；先收回权限：chmod 600", "others can read it: chmod 600 first"));
    }
    Ok(())
}

#[cfg(unix)]
fn open_to_others(about: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> bool {
    false
}

/// Bytes as digits.
pub(crate) fn digits(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Digits as bytes.
pub(crate) fn bytes(digits: &str) -> Option<Zeroizing<Vec<u8>>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..digits.len() / 2).map(pair).collect();
    bytes.filter(|_| digits.len().is_multiple_of(2)).map(Zeroizing::new)
}

/// There is a key already.
pub fn there(path: &Path) -> Diagnostic {
    Diagnostic::error(
        "key-file-there",
        Text::new(format!("已经有密钥 {}", path.display()), format!("there is a key {}", path.display())),
    )
    .why(Text::new(
        "一个台账一套密钥；覆盖了，旧台账就再也签不了，加密的信息就再也读不了",
        "a record has keys of its own; without them an older record is never signed, and its persons are never read again",
    ))
    .next(Text::new("给新台账另一个文件夹", "give the new record another folder"))
}

/// A key cannot be used.
pub fn unusable(path: &Path, why: &Text) -> Diagnostic {
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
