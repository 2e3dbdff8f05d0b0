//! Lines of the files that were read, found without counting from the start each time.

use kaoping_terms::{FileId, Place, Sources, source::Position};
use std::{collections::BTreeMap, ops::Range};

/// Where each line begins, file by file, worked out once a file.
pub(crate) struct Lines<'s> {
    sources: &'s Sources,
    starts: BTreeMap<FileId, Vec<usize>>,
}

/// A place within its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot<'s> {
    pub(crate) path: &'s str,
    pub(crate) position: Position,
    /// The whole line, without its end.
    pub(crate) line: &'s str,
    /// Bytes of that line the place covers; at its end where the place goes on below.
    pub(crate) span: Range<usize>,
}

impl<'s> Lines<'s> {
    pub(crate) fn new(sources: &'s Sources) -> Self {
        Self { sources, starts: BTreeMap::new() }
    }

    /// The line a place begins on; none where its file was never read. A place that lies
    /// outside the text or cuts a character is moved to the nearest that does not.
    pub(crate) fn spot(&mut self, place: Place) -> Option<Spot<'s>> {
        let file = self.sources.file(place.file)?;
        let text = file.text.as_str();
        let starts = self.starts.entry(place.file).or_insert_with(|| line_starts(text));
        let start = text.floor_char_boundary(place.start as usize);
        let end = text.ceil_char_boundary(place.end as usize).max(start);
        let number = starts.partition_point(|begin| *begin <= start);
        let begin = starts.get(number.saturating_sub(1)).copied().unwrap_or(0);
        let after = starts.get(number).copied().unwrap_or(text.len());
        let line = text.get(begin..after).unwrap_or("").trim_end_matches(['\n', '\r']);
        let from = (start - begin).min(line.len());
        let to = (end - begin).min(line.len()).max(from);
        let column = line.get(..from).map_or(0, |before| before.chars().count()) + 1;
        let position = Position { line: number.max(1), column };
        Some(Spot { path: &file.path, position, line, span: from..to })
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use kaoping_terms::{FileId, Place, Sources};

    #[test]
    fn agrees_with_the_slow_way_and_survives_bad_places() {
        let text = "块 甲\r\n\n项 乙 6 分\n末";
        let mut sources = Sources::default();
        let file = sources.add("a.kp", text);
        let mut lines = Lines::new(&sources);
        for (at, _) in text.char_indices().filter(|(_, c)| !c.is_control()) {
            let place = Place::new(file, at, at + 1);
            let spot = lines.spot(place).expect("a spot");
            assert_eq!(spot.position, sources.position(place), "byte {at}");
            assert!(!spot.span.is_empty(), "byte {at}");
        }
        let size = text.len() as u32;
        for (start, end) in [(1, 2), (5, 3), (9_999, 10_000), (size, size)] {
            let spot = lines.spot(Place { file, start, end });
            let spot = spot.expect("a spot");
            assert!(spot.line.get(spot.span.clone()).is_some(), "{start}..{end}");
        }
        assert_eq!(lines.spot(Place::new(FileId(7), 0, 1)), None);
    }
}
