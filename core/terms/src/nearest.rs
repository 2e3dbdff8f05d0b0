//! The nearest known word to one that is unknown, for "did you mean".

use alloc::{vec, vec::Vec};

/// The number of single-character edits between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = row.get(j).copied().unwrap_or(0) + usize::from(x != *y);
            let drop = row.get(j + 1).copied().unwrap_or(0) + 1;
            let insert = next.last().copied().unwrap_or(0) + 1;
            next.push(change.min(drop).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Whether two words share a character, which for Chinese names says more than the edit count.
fn shares_character(a: &str, b: &str) -> bool {
    a.chars().any(|x| b.chars().any(|y| x == y))
}

/// The known word nearest to `word`, if one is near enough to be worth naming.
///
/// Near enough: at most a third of the longer word changed, or for short words one edit
/// with a character in common. Words longer than 64 characters are not compared.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count() <= 64)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(edits, candidate)| {
            let longest = length.max(candidate.chars().count());
            *edits > 0
                && shares_character(word, candidate)
                && (*edits <= longest / 3 || (*edits <= 2 && *edits < longest))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_the_nearest_word() {
        assert_eq!(nearest("城镇新増就业", ["城镇新增就业", "新农保"]), Some("城镇新增就业"));
        assert_eq!(nearest("省级", ["省部", "市厅"]), Some("省部"));
        assert_eq!(nearest("actaul", ["actual", "target"]), Some("actual"));
        assert_eq!(nearest("甲县", ["乙区"]), None);
    }
}
