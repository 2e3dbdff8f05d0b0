//! Where something stands: files, byte places, lines and columns.

use alloc::{string::String, vec::Vec};

/// A file of a policy, by its position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A stretch of text: bytes `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// A place of `start..end` bytes.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clip(start), end: clip(end) }
    }

    /// The stretch from the start of this place to the end of another in the same file.
    pub fn to(self, last: Place) -> Self {
        Self { end: last.end.max(self.end), ..self }
    }
}

/// One file that was read: its path as the user wrote it, and its text.
#[derive(Clone, Debug, Default)]
pub struct SourceFile {
    /// Path shown to the reader.
    pub path: String,
    /// The decoded text.
    pub text: String,
}

/// A line and a column, counted from 1; the column counts characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Every file a run has read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives its number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        id
    }

    /// The file of that number, if it was read.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files, in the order they were read.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }

    /// The path of a file, or an empty text for a file that was never read.
    pub fn path(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| file.path.as_str())
    }

    /// The characters at a place.
    pub fn text_at(&self, place: Place) -> &str {
        self.file(place.file).and_then(|file| file.text.get(place.start as usize..place.end as usize)).unwrap_or("")
    }

    /// Line and column where a place begins.
    pub fn position(&self, place: Place) -> Position {
        let before = self.file(place.file).and_then(|file| file.text.get(..place.start as usize)).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        Position { line, column }
    }
}
