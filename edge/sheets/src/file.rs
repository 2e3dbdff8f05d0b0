//! Files from disk: found, opened, measured and decoded, each failure with its name.

use crate::decode::{DecodeFault, HEAD, decode_owned, decode_table, is_utf16, refuse_binary, zeros_refused};
use kaoping_terms::{Diagnostic, Text, table};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// The largest policy text that is read: 8 MiB. A policy is written by people; a larger
/// file is something else under that name, and reading it would only cost time.
pub const POLICY_TEXT_LIMIT: u64 = 8 * 1024 * 1024;

/// Why a file could not be read as a text.
#[derive(Debug)]
pub enum FileFault {
    /// There is nothing at that path.
    Missing,
    /// It is a folder, a device or a pipe where a file is meant.
    NotAFile,
    /// The system refused or failed.
    Unreadable(io::Error),
    /// Larger than is read, in bytes.
    TooLarge {
        /// Its size, where the system tells.
        size: u64,
        /// The most that is read.
        limit: u64,
    },
    /// Its bytes are not a text.
    Decode(DecodeFault),
    /// A quote opens a cell that nothing closes.
    QuoteUnclosed {
        /// Its line, counted from 1.
        line: usize,
        /// Its column, counted from 1 in letters.
        column: usize,
    },
}

impl From<DecodeFault> for FileFault {
    fn from(fault: DecodeFault) -> Self {
        Self::Decode(fault)
    }
}

impl From<io::Error> for FileFault {
    fn from(fault: io::Error) -> Self {
        match fault.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::IsADirectory => Self::NotAFile,
            _ => Self::Unreadable(fault),
        }
    }
}

/// Reads one text of a policy: a regular file of at most [`POLICY_TEXT_LIMIT`] bytes.
/// A larger one is refused by its size, before anything of it is read.
pub fn policy_text(path: &Path) -> Result<String, FileFault> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(FileFault::NotAFile);
    }
    read(File::open(path)?, about.len(), Some(POLICY_TEXT_LIMIT))
}

/// Reads a file of facts, of any size; the whole text is held in memory. A pipe is read as
/// well, so that another program's output can be scored. What is no text is refused by its
/// first bytes.
pub fn facts_text(path: &Path) -> Result<String, FileFault> {
    let about = std::fs::metadata(path)?;
    if about.is_dir() {
        return Err(FileFault::NotAFile);
    }
    read(File::open(path)?, about.len(), None)
}

/// Reads a text of any size from a stream, such as the standard input.
pub fn text_from(stream: impl Read) -> Result<String, FileFault> {
    read(stream, 0, None)
}

fn read(mut stream: impl Read, size: u64, limit: Option<u64>) -> Result<String, FileFault> {
    if let Some(limit) = limit.filter(|limit| size > *limit) {
        return Err(FileFault::TooLarge { size, limit });
    }
    let room = usize::try_from(size).unwrap_or(0).saturating_add(1);
    let mut bytes = Vec::new();
    bytes.try_reserve(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    (&mut stream).take(HEAD as u64).read_to_end(&mut bytes)?;
    refuse_hopeless(&bytes)?;
    match limit {
        None => stream.read_to_end(&mut bytes)?,
        Some(limit) => {
            // The file may have grown since it was measured.
            let most = (limit + 1).saturating_sub(bytes.len() as u64);
            stream.take(most).read_to_end(&mut bytes)?
        }
    };
    match limit {
        Some(limit) if bytes.len() as u64 > limit => Err(FileFault::TooLarge { size: bytes.len() as u64, limit }),
        Some(_) => Ok(decode_owned(bytes)?),
        // Facts are a table.
        None => Ok(decode_table(bytes, None)?),
    }
}

/// Refuses by the first bytes what could not become a text however it went on.
fn refuse_hopeless(head: &[u8]) -> Result<(), FileFault> {
    refuse_binary(head)?;
    if head.contains(&0) && !is_utf16(head) {
        return Err(zeros_refused(head).into());
    }
    Ok(())
}

impl FileFault {
    /// The finding for the file shown to the reader as `path`.
    pub fn diagnostic(&self, path: &str) -> Diagnostic {
        let finding = self.said_of(path);
        if finding.file.is_some() { finding } else { finding.in_file(path, None) }
    }

    fn said_of(&self, path: &str) -> Diagnostic {
        match self {
            Self::Decode(fault) => fault.diagnostic(path),
            Self::QuoteUnclosed { line, column } => {
                let mut finding = table::quote_never_closed();
                let Text { zh, en } = &finding.message;
                finding.message = Text::new(
                    format!("{path} 第 {line} 行第 {column} 个字：{zh}"),
                    format!("{path}, line {line}, column {column}: {en}"),
                );
                finding.in_file(path, Some((*line, *column)))
            }
            Self::Missing => Diagnostic::error(
                "file-missing",
                Text::new(format!("找不到文件：{path}"), format!("no such file: {path}")),
            )
            .why(Text::new(
                "没有这个文件就没有它的数，不会当作零，也不会用别的文件代替",
                "without the file its figures are unknown; nothing takes their place",
            ))
            .next(Text::new("核对路径和文件名（含后缀）", "check the path and the name, its ending included")),
            Self::NotAFile => Diagnostic::error(
                "file-unreadable",
                Text::new(format!("这不是文件：{path}"), format!("not a file: {path}")),
            )
            .why(Text::new(
                "这里要的是一个普通文件，不是文件夹或设备",
                "a plain file is meant here, not a folder or a device",
            ))
            .next(Text::new("写出文件的完整路径", "give the path of the file itself")),
            Self::Unreadable(fault) => Diagnostic::error(
                "file-unreadable",
                Text::new(format!("读不了文件：{path}"), format!("cannot read the file: {path}")),
            )
            .why(system_reason(fault))
            .next(Text::new("核对读取权限和磁盘后再试", "check the permission to read and the disk, then try again")),
            Self::TooLarge { size, limit } => too_large(path, *size, *limit),
        }
    }
}

fn too_large(path: &str, size: u64, limit: u64) -> Diagnostic {
    let (size, limit) = (grouped(size), grouped(limit));
    Diagnostic::error(
        "file-too-large",
        Text::new(
            format!("文件太大：{path} 超过 {limit} 字节（{size} 字节）"),
            format!("the file is too large: {path} exceeds {limit} bytes ({size} bytes)"),
        ),
    )
    .why(Text::new(
        "方案的一个文本不会这么大，多半放错了文件",
        "no text of a policy is that large; it is mostly the wrong file",
    ))
    .next(Text::new(
        "把数据移出方案文件夹，用 --facts 读入；或把文本拆成几个文件",
        "move data out of the policy folder and read it with --facts, or split the text",
    ))
}

/// What the system said, in words for the commonest causes.
pub fn system_reason(fault: &io::Error) -> Text {
    let zh = match fault.kind() {
        io::ErrorKind::NotFound => "路径不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::QuotaExceeded => "超过磁盘配额",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘只读",
        io::ErrorKind::NotADirectory => "路径中有一段不是文件夹",
        io::ErrorKind::IsADirectory => "这是文件夹",
        io::ErrorKind::OutOfMemory => "内存不足",
        io::ErrorKind::FileTooLarge => "文件超过系统允许的大小",
        io::ErrorKind::InvalidFilename => "文件名不合规",
        io::ErrorKind::AddrInUse => "地址已被占用",
        io::ErrorKind::AddrNotAvailable => "本机没有这个地址",
        _ => "系统报告错误",
    };
    Text::new(format!("{zh}（{fault}）"), format!("the system says: {fault}"))
}

/// A count with its digits grouped in threes: `1,234`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{FileFault, POLICY_TEXT_LIMIT, facts_text, grouped, policy_text, text_from};
    use crate::decode::{BinaryKind, DecodeFault};
    use std::{fs::File, io::Write, time::Instant};

    #[test]
    fn reads_a_policy_text_in_any_encoding() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("方案.kp");
        std::fs::write(&path, encoding_rs::GB18030.encode("方案 甲").0).expect("written");
        assert_eq!(policy_text(&path).expect("text"), "方案 甲");
        assert_eq!(facts_text(&path).expect("text"), "方案 甲");
        assert_eq!(text_from(&b"a,b\r1,2"[..]).expect("text"), "a,b\n1,2");
    }

    #[test]
    fn every_failure_has_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = policy_text(&folder.path().join("无.kp")).expect_err("missing");
        assert_eq!(missing.diagnostic("无.kp").name, "file-missing");
        let not_a_file = policy_text(folder.path()).expect_err("a folder");
        assert_eq!(not_a_file.diagnostic("d").name, "file-unreadable");
        assert!(matches!(facts_text(folder.path()), Err(FileFault::NotAFile)));
        let empty = text_from(&b""[..]).expect_err("empty");
        assert_eq!(empty.diagnostic("-").name, "file-empty");
    }

    #[test]
    fn a_hundred_megabytes_of_garbage_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("垃圾.kp");
        let mut file = File::create(&path).expect("created");
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        for _ in 0..100 {
            let mut block = Vec::with_capacity(1 << 20);
            while block.len() < 1 << 20 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                block.extend_from_slice(&state.to_le_bytes());
            }
            file.write_all(&block).expect("written");
        }
        drop(file);
        let begun = Instant::now();
        let refused = policy_text(&path).expect_err("too large");
        assert!(matches!(refused, FileFault::TooLarge { size: 104_857_600, .. }), "{refused:?}");
        assert_eq!(refused.diagnostic("垃圾.kp").name, "file-too-large");
        // As facts there is no limit of size, but the first bytes show that it is no text.
        let refused = facts_text(&path).expect_err("no text");
        let kind = FileFault::Decode(DecodeFault::Binary(BinaryKind::Unknown));
        assert_eq!(format!("{refused:?}"), format!("{kind:?}"));
        assert!(begun.elapsed().as_secs() < 2, "took {:?}", begun.elapsed());
    }

    #[test]
    fn an_endless_stream_of_garbage_is_left_after_its_head() {
        struct Garbage(usize);
        impl std::io::Read for Garbage {
            fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
                into.fill(0);
                self.0 += into.len();
                Ok(into.len())
            }
        }
        let mut stream = Garbage(0);
        assert_eq!(text_from(&mut stream).expect_err("no text").diagnostic("-").name, "file-not-text");
        assert!(stream.0 <= super::HEAD, "{} bytes were read", stream.0);
    }

    #[test]
    fn a_file_of_exactly_the_limit_is_read_and_one_more_byte_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("大.kp");
        let limit = usize::try_from(POLICY_TEXT_LIMIT).expect("a size");
        std::fs::write(&path, vec![b'#'; limit]).expect("written");
        assert_eq!(policy_text(&path).expect("text").len(), limit);
        std::fs::write(&path, vec![b'#'; limit + 1]).expect("written");
        assert!(matches!(policy_text(&path), Err(FileFault::TooLarge { .. })));
    }

    #[test]
    fn groups_in_threes() {
        assert_eq!(["0", "999", "1,000", "12,345,678"], [0, 999, 1_000, 12_345_678].map(grouped).map(String::leak));
    }
}
