//! Rows as programs write them, many at a time: where their cells end is found eight bytes at once.

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// How many blocks are looked at before what was found in them is noted.
const AHEAD: usize = 16;

/// How many rows a run has at most: their text and the ends of their cells fit the nearest cache.
const ROWS: usize = 256;

/// No run is longer than that many bytes.
const FARTHEST: usize = 1 << 20;

/// Rows that stand together and are all of one form: as many cells as the header has, no quotes,
/// lines that end alike. What stands in the cells is not known yet.
#[derive(Clone, Copy, Debug)]
pub struct Run<'t, 'r> {
    pub(crate) text: &'t str,
    /// Where the first row begins.
    pub(crate) start: usize,
    /// The line it is on.
    pub(crate) line: usize,
    /// For each cell the byte behind it, counted from `start`; row by row.
    ends: &'r [u32],
    width: usize,
    /// How many bytes end a line.
    line_end: u32,
}

impl<'t> Run<'t, '_> {
    /// How many rows, at least one.
    pub fn rows(&self) -> usize {
        self.ends.len() / self.width.max(1)
    }

    /// The text in which the cells stand.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The line of the first row, counted from 1. Each row takes one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Visits the cells of a column, with the places in the text where each begins and ends, until
    /// one is not taken; gives how many were.
    #[inline]
    pub fn column(&self, column: usize, mut take: impl FnMut(usize, usize) -> bool) -> usize {
        let rows = self.ends.chunks_exact(self.width.max(1));
        match column.checked_sub(1) {
            None => {
                let mut start = 0;
                rows.take_while(|row| {
                    let end = row.first().copied().unwrap_or(start);
                    let taken = take(self.start + start as usize, self.start + end as usize);
                    start = row.last().map_or(start, |end| end + self.line_end);
                    taken
                })
                .count()
            }
            Some(before) => rows
                .take_while(|row| {
                    let [start, end] =
                        row.get(before..before + 2).and_then(|ends| ends.try_into().ok()).unwrap_or([0; 2]);
                    take(self.start + start as usize + 1, self.start + end as usize)
                })
                .count(),
        }
    }

    /// The places where the cells of a column begin and end, as far as none lies too far back; gives
    /// how many. Blanks around a cell are part of it.
    pub fn spans(&self, column: usize, spans: &mut Vec<(u32, u32)>) -> usize {
        spans.clear();
        spans.reserve(self.rows());
        // What is as long as the text can be is not too far back anywhere.
        let Ok(_) = u32::try_from(self.end()) else { return 0 };
        self.column(column, |start, end| {
            spans.push((start as u32, end as u32));
            true
        })
    }

    /// The places where a cell begins and ends.
    pub fn cell(&self, row: usize, column: usize) -> (usize, usize) {
        let at = row * self.width + column;
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = match (at, column) {
            (0, _) => 0,
            (_, 0) => end(at - 1) + self.line_end as usize,
            _ => end(at - 1) + 1,
        };
        (self.start + start, self.start + end(at))
    }

    /// The places where each row begins and ends, without the end of its line.
    #[inline]
    pub fn each_row(&self, mut visit: impl FnMut(usize, usize)) {
        let mut start = 0;
        for row in self.ends.chunks_exact(self.width.max(1)) {
            let end = row.last().copied().unwrap_or(start);
            visit(self.start + start as usize, self.start + end as usize);
            start = end + self.line_end;
        }
    }

    /// The first rows of it.
    #[must_use]
    pub fn first(&self, rows: usize) -> Self {
        Run { ends: self.ends.get(..rows * self.width).unwrap_or(self.ends), ..*self }
    }

    /// Where the row behind the last one begins.
    pub(crate) fn end(&self) -> usize {
        self.start + self.ends.last().map_or(0, |end| (end + self.line_end) as usize)
    }
}

/// Finds runs.
#[derive(Debug)]
pub(crate) struct Finder {
    separator: u8,
    width: usize,
    ends: Vec<u32>,
}

impl Finder {
    /// For rows of that many cells.
    pub(crate) fn new(separator: u8, width: usize) -> Finder {
        Finder { separator, width: width.max(1), ends: vec![0; width.max(1) * ROWS + 2 * BLOCK] }
    }

    /// The run that begins with the row at `start`; none where that row is of no such form. The text
    /// has no quotes, and `end` is the end of a row.
    pub(crate) fn run<'t>(&mut self, text: &'t str, (start, end): (usize, usize), line: usize) -> Option<Run<'t, '_>> {
        let bytes = text.as_bytes().get(start..end.min(start.saturating_add(FARTHEST)))?;
        let found = self.find(bytes);
        let first = self.ends.get(self.width - 1).filter(|_| found.ends >= self.width)?;
        // A row of one cell with nothing in it is none.
        let returns = bytes.get((*first as usize).checked_sub(1)?) == Some(&b'\r');
        let rows = self.rows(bytes, found, returns);
        let ends = self.ends.get(..rows * self.width).filter(|ends| !ends.is_empty())?;
        Some(Run { text, start, line, ends, width: self.width, line_end: 1 + u32::from(returns) })
    }

    /// Finds separators and line ends, until there are enough for a run.
    fn find(&mut self, bytes: &[u8]) -> Found {
        let wanted = self.width * ROWS;
        pulp::Arch::new().dispatch(Search { bytes, separator: self.separator, wanted, ends: &mut self.ends })
    }

    /// How many of the rows found are of one form. Their last cells are ended before a return.
    fn rows(&mut self, bytes: &[u8], found: Found, returns: bool) -> usize {
        let rows = (found.ends / self.width).min(ROWS);
        let behind = self.ends.get(rows * self.width..found.ends).unwrap_or_default();
        let behind = behind.iter().filter(|end| bytes.get(**end as usize) == Some(&b'\n')).count();
        let Some(all) = self.ends.get_mut(..rows * self.width) else { return 0 };
        let is_line_end = |end: u32| bytes.get(end as usize) == Some(&b'\n');
        // Where each row ends with a line and there are no more lines than rows, no line ends within one. Whether each
        // does is known at the last of them only.
        let certain = found.lines == rows + behind;
        let mut good = 0;
        for row in all.chunks_exact_mut(self.width) {
            let Some((last, others)) = row.split_last_mut() else { break };
            if !is_line_end(*last) || (!certain && others.iter().any(|end| is_line_end(*end))) {
                break;
            }
            let before = (*last as usize).checked_sub(1).and_then(|before| bytes.get(before));
            if (before == Some(&b'\r')) != returns {
                break;
            }
            *last -= u32::from(returns);
            good += 1;
        }
        if certain && good < rows {
            let broken =
                |row: &[u32]| row.split_last().is_some_and(|(_, others)| others.iter().any(|end| is_line_end(*end)));
            return all.chunks_exact(self.width).take(good).position(broken).unwrap_or(good);
        }
        good
    }
}

/// How many ends of cells were found, and how many of them end a line.
#[derive(Clone, Copy)]
struct Found {
    ends: usize,
    lines: usize,
}

/// A search for separators and line ends, many bytes at once on machines that can.
struct Search<'s> {
    bytes: &'s [u8],
    separator: u8,
    wanted: usize,
    ends: &'s mut [u32],
}

impl pulp::WithSimd for Search<'_> {
    type Output = Found;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Found {
        let mut found = Found { ends: 0, lines: 0 };
        // The bits of some blocks are made before any is looked at: how many there are cannot be
        // foretold, and what was foretold wrong shall not hold up the reading.
        let mut bits = [(0u64, 0u64); AHEAD];
        for (batch, bytes) in (0u32..).zip(self.bytes.chunks(AHEAD * BLOCK)) {
            let (blocks, rest) = bytes.as_chunks::<BLOCK>();
            for (bits, block) in bits.iter_mut().zip(blocks) {
                *bits = flags(block, self.separator);
            }
            let mut count = blocks.len();
            if let Some(bits) = bits.get_mut(count).filter(|_| !rest.is_empty()) {
                let mut last = [0u8; BLOCK];
                last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                *bits = flags(&last, self.separator);
                count += 1;
            }
            let mut base = batch * (AHEAD * BLOCK) as u32;
            for (ends, lines) in bits.iter().take(count) {
                let Some(room) = self.ends.get_mut(found.ends..).and_then(|ends| ends.first_chunk_mut()) else {
                    return found;
                };
                found.ends += note(*ends, base, room);
                found.lines += *lines as usize;
                base += BLOCK as u32;
                if found.ends >= self.wanted {
                    return found;
                }
            }
        }
        found
    }
}

/// Notes where bits are set, and gives how many are. Eight or sixteen are noted at once, though there
/// may be fewer: what is too much is written over by the next.
#[inline(always)]
fn note(mut bits: u64, base: u32, room: &mut [u32; BLOCK]) -> usize {
    let count = bits.count_ones() as usize;
    let mut next = |slot: &mut u32| {
        *slot = base + (bits | 1 << 63).trailing_zeros();
        bits &= bits.wrapping_sub(1);
    };
    let (first, more) = room.split_at_mut(8);
    first.iter_mut().for_each(&mut next);
    if count > 8 {
        let (second, more) = more.split_at_mut(8);
        second.iter_mut().for_each(&mut next);
        more.iter_mut().take(count.saturating_sub(16)).for_each(&mut next);
    }
    count
}

/// A bit for each separator and line end of a block, and how many line ends there are.
#[inline(always)]
fn flags(block: &[u8; BLOCK], separator: u8) -> (u64, u64) {
    let (mut ends, mut lines) = ([0u8; BLOCK], 0u8);
    for (end, byte) in ends.iter_mut().zip(block) {
        let line = u8::from(*byte == b'\n');
        *end = line | u8::from(*byte == separator);
        lines += line;
    }
    let mut flags = 0u64;
    let (eights, _) = ends.as_chunks::<8>();
    for eight in eights.iter().rev() {
        // Moves the lowest bit of each byte into the highest byte, side by side.
        flags = flags << 8 | u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    }
    (flags, u64::from(lines))
}
