//! A stream of text in pieces that end between rows.

use kaoping_sheets::{DecodeFault, Encoding, FileFault, decode_owned};
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
                    decode_owned(Vec::new()).map(|_| None).map_err(FileFault::Decode)
                } else {
                    Ok(None)
                };
            }
            let wide = first && is_utf16(&self.rest);
            if wide {
                self.from.read_to_end(&mut self.rest)?;
                self.ended = true;
            }
            let end = if self.ended { Some(self.rest.len()) } else { row_end(&self.rest) };
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
                let line = at + memchr::memchr_iter(b'\n', before).count();
                let encoding = if known { Encoding::Utf8 } else { Encoding::Gb18030 };
                let begin = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
                let byte = before.len() - begin;
                let column = String::from_utf8_lossy(before.get(begin..).unwrap_or_default()).chars().count() + 1;
                let fault = DecodeFault::Undecodable { encoding, byte, line, column, truncated: false };
                return Err(FileFault::Decode(fault));
            }
        }
        match decode_owned(bytes) {
            Ok(text) => Ok(text),
            // Blank lines at the end, or between pieces.
            Err(DecodeFault::Empty) if !first => Ok(String::new()),
            Err(DecodeFault::Undecodable { encoding, byte, line, column, truncated }) => {
                let line = line + at - 1;
                Err(FileFault::Decode(DecodeFault::Undecodable { encoding, byte, line, column, truncated }))
            }
            Err(fault) => Err(FileFault::Decode(fault)),
        }
    }
}

/// Excel's "Unicode text": a mark of two bytes, or a zero in the first letters.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE])
        || bytes.starts_with(&[0xFE, 0xFF])
        || bytes.get(..64.min(bytes.len())).is_some_and(|head| head.contains(&0))
}

/// Where the last whole row ends: behind the last line end that is not between quotes.
fn row_end(bytes: &[u8]) -> Option<usize> {
    let last = memchr::memrchr(b'\n', bytes)?;
    if memchr::memchr(b'"', bytes).is_none() {
        return Some(last + 1);
    }
    let (mut quoted, mut end) = (false, None);
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        if bytes.get(at) == Some(&b'"') {
            quoted = !quoted;
        } else if !quoted {
            end = Some(at + 1);
        }
    }
    end
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

    #[test]
    fn nothing_at_all_is_said() {
        assert!(Pieces::new(&b""[..]).next_piece().is_err());
        assert!(Pieces::new(&b" \n\n"[..]).next_piece().is_err());
    }
}
