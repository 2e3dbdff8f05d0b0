//! A file in the other keyword language.

use crate::parser::read_file;
use alloc::string::String;
use kaoping_terms::{FileId, Place, Report};

/// A word of the language where it stands.
pub(crate) struct Mark {
    pub(crate) place: Place,
    pub(crate) chinese: &'static str,
    pub(crate) english: &'static str,
}

/// The text with its keywords, soft words, type words and built-in functions in Chinese or
/// in English. Layout, comments, names, aliases, figures and quoted words stay as they are.
///
/// What is a word of the language depends on where it stands, so the file is read; the
/// stretches that cannot be read stay as they are. A name of the policy can look like a
/// keyword of the other language: check the result before it replaces the file.
pub fn translate(text: &str, to_chinese: bool) -> String {
    let mut report = Report::new();
    let (_, _, mut marks) = read_file(FileId(0), text, &mut report);
    marks.sort_by_key(|mark| (mark.place.start, mark.place.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0usize;
    for mark in &marks {
        let (start, end) = (mark.place.start as usize, mark.place.end as usize);
        let Some(between) = text.get(done..start) else {
            continue;
        };
        out.push_str(between);
        out.push_str(if to_chinese { mark.chinese } else { mark.english });
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}
