//! Columns on a terminal: a Chinese character takes two, a sign such as ≥ takes one.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// How many columns a character takes.
pub(crate) fn char_width(c: char) -> usize {
    UnicodeWidthChar::width(c).unwrap_or(0)
}

/// The text within that many columns; where something was left out it ends in `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += char_width(c);
        if used + 1 > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// The text with control characters replaced by blanks: an input must not be able to
/// colour, move or clear the reader's terminal.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{cut, tame, width};

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(width("甲县 ≥ 5−3 ―"), 12);
        assert_eq!(cut("甲县乙县", 8), "甲县乙县");
        assert_eq!(cut("甲县乙县", 7), "甲县乙…");
        assert_eq!(cut("甲县乙县", 6), "甲县…");
        assert_eq!(tame("红\u{1b}[31m\n"), "红 [31m ");
    }
}
