//! Which characters make words, digits and punctuation.

use unicode_ident::is_xid_continue;
use unicode_normalization::UnicodeNormalization;

/// A decimal digit, narrow or full-width.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The middle dots that stand between nouns of a unit. Unicode counts some of them as part
/// of words; here 人·月 is two nouns.
pub(super) fn dot(c: char) -> bool {
    matches!(c, '·' | '・' | '･' | '•' | '‧' | '∙' | '⋅')
}

/// A character of a word. Squared units such as ㎡ count as the letters they stand for.
pub(super) fn is_word(c: char) -> bool {
    (is_xid_continue(c) && !dot(c))
        || (('\u{3300}'..='\u{33ff}').contains(&c) && core::iter::once(c).nfkc().all(is_xid_continue))
}

/// The narrow form of punctuation.
pub(super) fn fold(c: char) -> char {
    match c {
        '×' | '✕' => '*',
        '÷' => '/',
        '−' | '–' => '-',
        '、' => ',',
        '∶' => ':',
        '≧' | '⩾' => '≥',
        '≦' | '⩽' => '≤',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        _ => c,
    }
}
