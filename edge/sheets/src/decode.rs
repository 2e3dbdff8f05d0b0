//! Bytes of a file to text: UTF-8, UTF-16 and GB 18030, strictly.
//!
//! An office saves the same table as UTF-8, as "Unicode text" or in the national encoding,
//! and does not know which. All are read; what cannot be read is refused with its place,
//! because a replacement character in a unit's name would make it another unit.

use encoding_rs::DecoderResult;
use kaoping_terms::table;
use std::borrow::Cow;

/// The encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first: Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB 18030, which includes GBK and GB 2312.
    Gb18030,
}

impl Encoding {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GB 18030",
        }
    }
}

/// What a file is that is not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryKind {
    /// An Excel workbook, `.xlsx`.
    Workbook,
    /// An Excel 97–2003 workbook or another old Office file, `.xls`, `.doc`.
    OldOffice,
    /// A Word document, `.docx`.
    Document,
    /// An OpenDocument spreadsheet, `.ods`.
    OpenSpreadsheet,
    /// A zip archive of something else.
    Archive,
    /// A PDF.
    Pdf,
    /// A Parquet file.
    Parquet,
    /// An Arrow file.
    Arrow,
    /// A gzip file.
    Gzip,
    /// A picture.
    Picture,
    /// UTF-32, which no office program writes.
    Utf32,
    /// Something with bytes no text has.
    Unknown,
}

/// Why bytes are not a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeFault {
    /// Nothing but blanks, or nothing at all.
    Empty,
    /// Not a text at all.
    Binary(BinaryKind),
    /// A text but for a NUL, which stands in none.
    Nul {
        /// Its line, counted from 1.
        line: usize,
        /// Its column, counted from 1.
        column: usize,
    },
    /// A byte that the encoding does not have.
    Undecodable {
        /// The encoding the rest of the file is in.
        encoding: Encoding,
        /// The first byte that cannot be read, counted from 0.
        byte: usize,
        /// Its line, counted from 1.
        line: usize,
        /// Its column, counted from 1.
        column: usize,
        /// Whether the file ends in the middle of a character.
        truncated: bool,
    },
}

/// The byte order mark of each encoding.
const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF16_LE_MARK: &[u8] = &[0xFF, 0xFE];
const UTF16_BE_MARK: &[u8] = &[0xFE, 0xFF];
const GB18030_MARK: &[u8] = &[0x84, 0x31, 0x95, 0x33];

/// How much of a file is looked at to tell what it is.
pub(crate) const HEAD: usize = 64 * 1024;

/// Decodes the bytes of a file. Valid UTF-8 is borrowed, not copied. A mark at the start is
/// left out; a lone carriage return ends a line and becomes a line feed, so that byte places
/// stay the same and every reader counts the same lines.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeFault> {
    let text = as_it_stands(bytes)?;
    Ok(if has_lone_return(text.as_bytes()) { Cow::Owned(with_line_feeds(text.into_owned())) } else { text })
}

/// As [`decode`], taking over the memory where it already is UTF-8.
pub fn decode_owned(bytes: Vec<u8>) -> Result<String, DecodeFault> {
    let (text, returns) = owned_as_it_stands(bytes)?;
    Ok(if returns { with_line_feeds(text) } else { text })
}

/// As [`decode_owned`], for a table: what stands in a quoted cell stays as it is. Without a separator its first
/// line tells which it is.
pub fn decode_table(bytes: Vec<u8>, separator: Option<u8>) -> Result<String, DecodeFault> {
    let (text, returns) = owned_as_it_stands(bytes)?;
    if !returns || !has_lone_return(text.as_bytes()) {
        return Ok(text);
    }
    let tab = || text.split(['\n', '\r']).next().is_some_and(|line| line.contains('\t'));
    let separator = separator.unwrap_or_else(|| if tab() { b'\t' } else { b',' });
    let mut bytes = text.clone().into_bytes();
    let lone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    let unclosed = table::each_outside(text.as_bytes(), separator, b'\r', |at| {
        if let Some(byte) = bytes.get_mut(at).filter(|_| lone(at)) {
            *byte = b'\n';
        }
    });
    // Behind a quote that nothing closes there is no telling; only its line is asked for.
    Ok(match (unclosed, String::from_utf8(bytes)) {
        (None, Ok(text)) => text,
        _ => with_line_feeds(text),
    })
}

/// The text of a file with the line ends it has.
fn as_it_stands(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeFault> {
    refuse_binary(bytes)?;
    if let Some((encoding, mark)) = utf16_mark(bytes) {
        return utf16(encoding, bytes, mark).map(Cow::Owned);
    }
    if memchr::memchr(0, bytes).is_some() {
        return with_zeros(bytes).map(Cow::Owned);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            refuse_blank(text)?;
            Ok(Cow::Borrowed(text))
        }
        Err(fault) if is_broken_utf8(bytes, &fault) => {
            Err(undecodable(Encoding::Utf8, bytes, fault.valid_up_to(), fault.error_len().is_none()))
        }
        Err(_) => gb18030(bytes).map(Cow::Owned),
    }
}

/// As [`as_it_stands`], and whether there may be a carriage return in it: long files are looked through once
/// for all that few have.
fn owned_as_it_stands(bytes: Vec<u8>) -> Result<(String, bool), DecodeFault> {
    refuse_binary(&bytes)?;
    let rare = memchr::memchr2(0, b'\r', &bytes).is_some();
    if utf16_mark(&bytes).is_some() || (rare && memchr::memchr(0, &bytes).is_some()) {
        return as_it_stands(&bytes).map(|text| (text.into_owned(), true));
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{FEFF}') {
                text.drain(..UTF8_MARK.len());
            }
            refuse_blank(&text)?;
            Ok((text, rare))
        }
        Err(fault) => as_it_stands(fault.as_bytes()).map(|text| (text.into_owned(), true)),
    }
}

/// Refuses what the first bytes show to be no text, without reading further.
pub(crate) fn refuse_binary(bytes: &[u8]) -> Result<(), DecodeFault> {
    if bytes.is_empty() {
        return Err(DecodeFault::Empty);
    }
    binary_kind(bytes).map_or(Ok(()), |kind| Err(DecodeFault::Binary(kind)))
}

fn binary_kind(bytes: &[u8]) -> Option<BinaryKind> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let holds = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    if begins(b"PK\x03\x04") {
        return Some(if holds(b"opendocument.spreadsheet") {
            BinaryKind::OpenSpreadsheet
        } else if holds(b"word/") {
            BinaryKind::Document
        } else if holds(b"xl/") {
            BinaryKind::Workbook
        } else {
            BinaryKind::Archive
        });
    }
    let known: [(&[u8], BinaryKind); 10] = [
        (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], BinaryKind::OldOffice),
        (b"%PDF-", BinaryKind::Pdf),
        (b"PAR1", BinaryKind::Parquet),
        (b"ARROW1", BinaryKind::Arrow),
        (&[0x1F, 0x8B], BinaryKind::Gzip),
        (b"\x89PNG", BinaryKind::Picture),
        (&[0xFF, 0xD8, 0xFF], BinaryKind::Picture),
        (b"GIF8", BinaryKind::Picture),
        (&[0xFF, 0xFE, 0, 0], BinaryKind::Utf32),
        (&[0, 0, 0xFE, 0xFF], BinaryKind::Utf32),
    ];
    known.iter().find(|(magic, _)| begins(magic)).map(|(_, kind)| *kind)
}

fn refuse_blank(text: &str) -> Result<(), DecodeFault> {
    if text.trim_start().is_empty() { Err(DecodeFault::Empty) } else { Ok(()) }
}

fn utf16_mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    if bytes.starts_with(UTF16_LE_MARK) {
        Some((Encoding::Utf16Le, UTF16_LE_MARK.len()))
    } else if bytes.starts_with(UTF16_BE_MARK) {
        Some((Encoding::Utf16Be, UTF16_BE_MARK.len()))
    } else {
        None
    }
}

fn utf16(encoding: Encoding, bytes: &[u8], mark: usize) -> Result<String, DecodeFault> {
    let text = strict(encoding, bytes, mark)?;
    if text.contains('\0') {
        return Err(nul_in(&text));
    }
    refuse_blank(&text)?;
    Ok(text)
}

/// Whether bytes are UTF-16: by their mark, else by where zeros stand at their beginning. In UTF-16 most
/// separators and line ends are one half of a pair with a zero; a NUL that got into another text stands
/// anywhere.
pub fn is_utf16(bytes: &[u8]) -> bool {
    utf16_mark(bytes).is_some() || utf16_by_zeros(bytes).is_some()
}

fn utf16_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let is_separator = |byte: u8| matches!(byte, b'\n' | b'\t' | b',' | b' ');
    let (mut low_first, mut high_first) = (0usize, 0usize);
    for pair in head.chunks_exact(2) {
        low_first += usize::from(matches!(pair, [byte, 0] if is_separator(*byte)));
        high_first += usize::from(matches!(pair, [0, byte] if is_separator(*byte)));
    }
    let separators = head.iter().filter(|byte| is_separator(**byte)).count();
    match (low_first * 2 > separators, high_first * 2 > separators) {
        (true, false) => Some(Encoding::Utf16Le),
        (false, true) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// A text with zero bytes and no mark. UTF-16 is believed only where it is unmistakable: all of it
/// readable, and no control character among it.
fn with_zeros(bytes: &[u8]) -> Result<String, DecodeFault> {
    let Some(encoding) = utf16_by_zeros(bytes) else { return Err(zeros_refused(bytes)) };
    let text = utf16(encoding, bytes, 0).map_err(|fault| match fault {
        DecodeFault::Nul { .. } => fault,
        _ => DecodeFault::Binary(BinaryKind::Unknown),
    })?;
    if text.chars().any(is_stray_control) {
        return Err(DecodeFault::Binary(BinaryKind::Unknown));
    }
    Ok(text)
}

/// Why bytes with zeros that are no UTF-16 are refused: where the first NUL stands, if all else is text.
pub(crate) fn zeros_refused(bytes: &[u8]) -> DecodeFault {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let cut = head.len() < bytes.len() || bytes.len() >= HEAD;
    let zeros = memchr::memchr_iter(0, head).count();
    let stray = |text: &str| text.chars().any(|c| c != '\0' && is_stray_control(c));
    let utf8 = match std::str::from_utf8(head) {
        Ok(text) => !stray(text),
        Err(fault) => {
            let text = head.get(..fault.valid_up_to()).unwrap_or_default();
            cut && fault.error_len().is_none() && !stray(&String::from_utf8_lossy(text))
        }
    };
    let encoding = if utf8 { Encoding::Utf8 } else { Encoding::Gb18030 };
    let other = || {
        let (text, faults) = encoding_rs::GB18030.decode_without_bom_handling(head);
        let faults = faults && !(cut && text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count() == 1);
        !faults && !stray(&text)
    };
    let at = memchr::memchr(0, bytes);
    match (at, undecodable(encoding, bytes, at.unwrap_or(0), false)) {
        (Some(_), DecodeFault::Undecodable { line, column, .. }) if zeros * 2 <= head.len() && (utf8 || other()) => {
            DecodeFault::Nul { line, column }
        }
        _ => DecodeFault::Binary(BinaryKind::Unknown),
    }
}

/// Where the first NUL of a text stands.
fn nul_in(text: &str) -> DecodeFault {
    let before = text.split('\0').next().unwrap_or("");
    let column = before.rsplit(['\n', '\r']).next().unwrap_or("").chars().count() + 1;
    DecodeFault::Nul { line: line_breaks(before.as_bytes()) + 1, column }
}

fn gb18030(bytes: &[u8]) -> Result<String, DecodeFault> {
    let mark = if bytes.starts_with(GB18030_MARK) { GB18030_MARK.len() } else { 0 };
    let text = strict(Encoding::Gb18030, bytes, mark)?;
    if text.chars().any(is_stray_control) {
        return Err(DecodeFault::Binary(BinaryKind::Unknown));
    }
    refuse_blank(&text)?;
    Ok(text)
}

/// Control characters that stand in no text; 0x1A closed files under DOS.
fn is_stray_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1A}')
}

fn strict(encoding: Encoding, bytes: &[u8], mark: usize) -> Result<String, DecodeFault> {
    let mut decoder = table_of(encoding).new_decoder_without_bom_handling();
    let body = bytes.get(mark..).unwrap_or(&[]);
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len());
    let mut text = String::with_capacity(room.unwrap_or(body.len()));
    let (result, read) = decoder.decode_to_string_without_replacement(body, &mut text, true);
    match result {
        DecoderResult::InputEmpty => {
            text.shrink_to_fit();
            Ok(text)
        }
        DecoderResult::OutputFull => Err(undecodable(encoding, bytes, mark + read, false)),
        DecoderResult::Malformed(length, after) => {
            let length = usize::from(length);
            let byte = (mark + read).saturating_sub(length + usize::from(after));
            let truncated = byte + length >= bytes.len();
            Err(undecodable(encoding, bytes, byte, truncated))
        }
    }
}

fn undecodable(encoding: Encoding, bytes: &[u8], byte: usize, truncated: bool) -> DecodeFault {
    let before = bytes.get(..byte).unwrap_or(bytes);
    let (text, _) = table_of(encoding).decode_without_bom_handling(before);
    let line = text.rsplit(['\n', '\r']).next().unwrap_or("").trim_start_matches('\u{FEFF}');
    let column = line.chars().count() + 1;
    DecodeFault::Undecodable { encoding, byte, line: line_breaks(before) + 1, column, truncated }
}

fn table_of(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Gb18030 => encoding_rs::GB18030,
    }
}

/// Line ends in any of the three manners. In UTF-16 the zero half of each pair is skipped;
/// a Chinese character with 0x0A in one half is rare enough for a line in a message.
fn line_breaks(bytes: &[u8]) -> usize {
    let mut count = 0;
    let mut last = 0;
    for byte in bytes.iter().copied().filter(|byte| *byte != 0) {
        count += usize::from(byte == b'\r' || (byte == b'\n' && last != b'\r'));
        last = byte;
    }
    count
}

/// Whether bytes that are not UTF-8 were meant to be: more Chinese characters of UTF-8 stand
/// around the fault than faults. In GB 18030 such triples are rare chance hits, and reading
/// a damaged UTF-8 file as GB 18030 would give plausible nonsense.
fn is_broken_utf8(bytes: &[u8], fault: &std::str::Utf8Error) -> bool {
    if bytes.starts_with(UTF8_MARK) {
        return true;
    }
    let from = fault.valid_up_to().saturating_sub(HEAD);
    let to = fault.valid_up_to().saturating_add(HEAD).min(bytes.len());
    let (mut characters, mut faults) = (0usize, 0usize);
    for chunk in bytes.get(from..to).unwrap_or(bytes).utf8_chunks() {
        characters += chunk.valid().bytes().filter(|byte| *byte >= 0xE0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    let cut_at_end = usize::from(fault.error_len().is_none());
    characters > faults.saturating_sub(cut_at_end)
}

fn has_lone_return(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

fn with_line_feeds(text: String) -> String {
    if !has_lone_return(text.as_bytes()) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\r') {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or("");
        out.push_str(before);
        out.push(if after.starts_with('\n') { '\r' } else { '\n' });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
