//! A stream of text in pieces that end between rows.

use kaoping_sheets::{DecodeFault, Encoding, FileFault, decode_table, is_utf16};
use kaoping_terms::table;
use std::io::{self, Read};

/// About how many bytes a piece has: a few pieces and what becomes of them fit the cache that all
/// cores share.
const PIECE: usize = 2 << 20;

/// A row of more bytes than this is none.
const LONGEST_ROW: usize = 64 << 20;

/// A stream of text in pieces that end between rows; quotes that run over lines stay whole.
#[derive(Debug)]
pub struct Pieces<R> {
    from: R,
    /// Bytes behind the last row end.
    rest: Vec<u8>,
    /// Room for more, where a piece was that is done with.
    spare: Vec<u8>,
    line: usize,
    begun: bool,
    ended: bool,
    size: usize,
    /// What stands between cells, once something was read.
    separator: Option<u8>,
    /// Whether letters beyond ASCII were UTF-8 so far; none: there were none.
    utf8: Option<bool>,
}

/// A piece of text.
#[derive(Debug)]
pub struct Piece {
    /// Whole rows.
    pub text: String,
    /// The line of the first, counted from 1.
    pub line: usize,
    /// How many bytes it took of the stream.
    pub bytes: u64,
}

impl<R: Read> Pieces<R> {
    /// The pieces of a stream.
    pub fn new(from: R) -> Pieces<R> {
        Pieces {
            from,
            rest: Vec::new(),
            spare: Vec::new(),
            line: 1,
            begun: false,
            ended: false,
            size: PIECE,
            separator: None,
            utf8: None,
        }
    }

    /// Pieces of about that many bytes.
    #[must_use]
    pub fn of_size(self, size: usize) -> Pieces<R> {
        Pieces { size: size.max(1), ..self }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// The stream cannot be read, or is no text.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, FileFault> {
        loop {
            let first = !self.begun;
            self.fill()?;
            if self.rest.is_empty() {
                // That nothing was there at all is for the decoder to say.
                return if first {
                    decode_table(Vec::new(), None).map(|_| None).map_err(FileFault::Decode)
                } else {
                    Ok(None)
                };
            }
            let wide = first && is_utf16(&self.rest);
            if wide {
                self.from.read_to_end(&mut self.rest)?;
                self.ended = true;
            }
            let separator = *self.separator.get_or_insert_with(|| separator_of(&self.rest));
            let (end, open) = if wide { (None, None) } else { rows_of(&self.rest, separator) };
            // What the first piece lacks is told with its place by whoever reads the header.
            if let Some(open) = open.filter(|_| self.ended && !first) {
                let before = self.rest.get(..open).unwrap_or_default();
                let (line, column) = point_of(before);
                return Err(FileFault::QuoteUnclosed { line: self.line + line, column });
            }
            let end = if self.ended { Some(self.rest.len()) } else { end };
            let Some(end) = end else {
                if self.rest.len() > LONGEST_ROW {
                    return Err(FileFault::from(io::Error::new(
                        io::ErrorKind::FileTooLarge,
                        "one row of more than 64 MB: a quote that is not closed?",
                    )));
                }
                self.size *= 2;
                continue;
            };
            let mut after = std::mem::take(&mut self.spare);
            after.clear();
            after.extend_from_slice(self.rest.get(end..).unwrap_or_default());
            self.rest.truncate(end);
            let bytes = std::mem::replace(&mut self.rest, after);
            let taken = bytes.len() as u64;
            let line = self.line;
            self.begun = true;
            let text = self.decoded(bytes, first)?;
            self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count();
            return Ok(Some(Piece { text, line, bytes: taken }));
        }
    }

    /// Takes back a piece that is done with, so that another one can take its room.
    pub fn done_with(&mut self, text: String) {
        self.spare = text.into_bytes();
    }

    /// Reads until there is a piece, or the stream ends.
    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.rest.len() >= self.size {
            return Ok(());
        }
        let wanted = self.size - self.rest.len();
        self.rest.reserve(wanted);
        let got = (&mut self.from).take(wanted as u64).read_to_end(&mut self.rest)?;
        self.ended = got < wanted;
        Ok(())
    }

    fn decoded(&mut self, bytes: Vec<u8>, first: bool) -> Result<String, FileFault> {
        let at = self.line;
        if !bytes.is_ascii() {
            let letter = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
            let fault = std::str::from_utf8(&bytes).err();
            let known = *self.utf8.get_or_insert(fault.is_none());
            // Letters of two encodings in one file cannot both be right.
            if known != fault.is_none() {
                let byte = fault.map_or(letter, |fault| fault.valid_up_to());
                let before = bytes.get(..byte).unwrap_or_default();
                let (line, column) = point_of(before);
                let line = at + line;
                let encoding = if known { Encoding::Utf8 } else { Encoding::Gb18030 };
                let byte = before.len() - memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
                let fault = DecodeFault::Undecodable { encoding, byte, line, column, truncated: false };
                return Err(FileFault::Decode(fault));
            }
        }
        match decode_table(bytes, self.separator.filter(|_| !first)) {
            Ok(text) => Ok(text),
            // Blank lines at the end, or between pieces.
            Err(DecodeFault::Empty) if !first => Ok(String::new()),
            Err(DecodeFault::Nul { line, column }) => {
                Err(FileFault::Decode(DecodeFault::Nul { line: line + at - 1, column }))
            }
            Err(DecodeFault::Undecodable { encoding, byte, line, column, truncated }) => {
                let line = line + at - 1;
                Err(FileFault::Decode(DecodeFault::Undecodable { encoding, byte, line, column, truncated }))
            }
            Err(fault) => Err(FileFault::Decode(fault)),
        }
    }
}

/// How many lines end before the end of some bytes, and the column there, counted from 1 in letters.
fn point_of(before: &[u8]) -> (usize, usize) {
    let begin = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(before.get(begin..).unwrap_or_default()).chars().count() + 1;
    (memchr::memchr_iter(b'\n', before).count(), column)
}

/// Whether cells are apart by tabs, as the first line says, or by commas.
fn separator_of(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').find(|line| !matches!(line, [] | [b'\r']));
    if first.is_some_and(|line| line.contains(&b'\t')) { b'\t' } else { b',' }
}

/// Where the last whole row ends, and where a quote opens a cell that is not closed.
fn rows_of(bytes: &[u8], separator: u8) -> (Option<usize>, Option<usize>) {
    match memchr::memchr(b'"', bytes) {
        None => (memchr::memrchr(b'\n', bytes).map(|last| last + 1), None),
        Some(_) => table::whole_rows(bytes, separator),
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Pieces};

    fn all(bytes: &[u8], size: usize) -> Vec<Piece> {
        let mut pieces = Pieces::new(bytes).of_size(size);
        let mut found = Vec::new();
        while let Some(piece) = pieces.next_piece().expect("text") {
            found.push(piece);
        }
        found
    }

    #[test]
    fn rows_stay_whole_however_a_text_is_cut() {
        let text = "编号,说明\n1,\"两\n行\"\n2,一行\r\n3,\"有\"\"引号\"\"\"\n4,没有行尾";
        for size in 1..60 {
            let pieces = all(text.as_bytes(), size);
            let joined: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(joined, text, "{size}");
            let mut line = 1;
            for piece in &pieces {
                assert_eq!(piece.line, line, "{size}");
                assert_eq!(piece.text.matches('"').count() % 2, 0, "{size}");
                line += piece.text.matches('\n').count();
            }
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_found_however_a_text_is_cut() {
        let text = "编号,说明\n1,\"两\n行\"\n2,5\" 管\n3,\"没有配对\n4,一行\n5,一行\n";
        for size in 1..60 {
            let mut pieces = Pieces::new(text.as_bytes()).of_size(size);
            let fault = loop {
                match pieces.next_piece() {
                    Ok(Some(_)) => {}
                    Ok(None) => break None,
                    Err(fault) => break Some(fault.diagnostic("x.csv")),
                }
            };
            let fault = fault.expect("a fault");
            assert_eq!(fault.name, "sheet-quote-unclosed", "{size}");
            assert_eq!(fault.file.and_then(|file| file.at), Some((5, 3)), "{size}");
        }
    }

    /// A quote inside a cell that does not begin with one is a letter like any other.
    #[test]
    fn rows_with_quotes_inside_cells_stay_whole() {
        let text = "编号,说明\n1,5\" 管\n2,\"两\n行\"\n3,\"一\"\n";
        for size in 1..60 {
            for piece in all(text.as_bytes(), size) {
                assert_eq!(kaoping_terms::table::unclosed_quote(&piece.text, b','), None, "{size} {:?}", piece.text);
            }
        }
    }

    #[test]
    fn legacy_encodings_are_read_piece_by_piece() {
        let text = "编号,类别\n1,五类\n2,一类\n";
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        for size in 1..30 {
            let joined: String = all(&bytes, size).into_iter().map(|piece| piece.text).collect();
            assert_eq!(joined, text, "{size}");
        }
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let joined: String = all(&wide, 7).into_iter().map(|piece| piece.text).collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn two_encodings_in_one_file_are_refused_with_the_line() {
        let mut bytes = "编号,类别\n1,五类\n".as_bytes().to_vec();
        bytes.extend_from_slice(&encoding_rs::GB18030.encode("2,一类\n").0);
        let mut pieces = Pieces::new(bytes.as_slice()).of_size(20);
        let fault = std::iter::from_fn(|| pieces.next_piece().map(|piece| piece.map(|_| ())).transpose())
            .find_map(Result::err)
            .expect("a fault");
        assert!(fault.diagnostic("x.csv").message.zh.contains('3'), "{:?}", fault.diagnostic("x.csv"));
    }

    /// Not taken for UTF-16, wherever it stands.
    #[test]
    fn a_nul_is_named_with_its_line_however_a_text_is_cut() {
        let text = "编号,类别\n1,一类\n2,一\0类\n3,一类\n";
        for size in 1..60 {
            let mut pieces = Pieces::new(text.as_bytes()).of_size(size);
            let fault = std::iter::from_fn(|| pieces.next_piece().map(|piece| piece.map(|_| ())).transpose());
            let fault = fault.filter_map(Result::err).next().expect("a fault").diagnostic("x.csv");
            assert_eq!((fault.name, fault.file.and_then(|file| file.at)), ("file-nul", Some((3, 4))), "{size}");
        }
    }

    #[test]
    fn a_return_inside_a_cell_stays_however_a_text_is_cut() {
        let text = "编号,说明\n1,\"两\r行\"\n2\t,\"两\r行\"\n2,一行\r3,\"有\"\"引号\"\"\r\"\n";
        for size in 1..60 {
            let joined: String = all(text.as_bytes(), size).into_iter().map(|piece| piece.text).collect();
            assert_eq!(joined, text.replace("\r3", "\n3"), "{size}");
        }
    }

    #[test]
    fn nothing_at_all_is_said() {
        assert!(Pieces::new(&b""[..]).next_piece().is_err());
        assert!(Pieces::new(&b" \n\n"[..]).next_piece().is_err());
    }
}
