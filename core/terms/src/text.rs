//! Words for people, in both languages of the product.

use alloc::string::String;

/// The language a reader chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Chinese, the language of the offices and the default.
    #[default]
    Zh,
    /// English.
    En,
}

/// One sentence in Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Text {
    /// Chinese, with full-width punctuation.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A word that is the same in both languages, such as a name from a policy.
    pub fn same(word: impl Into<String>) -> Self {
        let word = word.into();
        Self { zh: word.clone(), en: word }
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// What a clerk typed, with the punctuation of Chinese print: the half-width `,` `;` `:` `!` `?`
/// and brackets of a Chinese sentence become full-width. Figures (`1,000`), references such as
/// 二(二)3 and foreign words stay as they are.
pub fn full_width(words: &str) -> String {
    let characters: alloc::vec::Vec<char> = words.chars().collect();
    let at = |position: usize| characters.get(position).copied();
    let chinese = |found: Option<char>| found.is_some_and(is_chinese);
    let mut open: alloc::vec::Vec<bool> = alloc::vec::Vec::new();
    let mut text = String::with_capacity(words.len());
    for (position, character) in characters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(at);
        let after = at(position + 1);
        // Behind a blank another word of a foreign sentence follows.
        let in_sentence = (chinese(before) || chinese(after)) && after != Some(' ');
        let wide = match character {
            ',' if in_sentence => '，',
            ';' if in_sentence => '；',
            ':' if in_sentence => '：',
            '!' if chinese(before) => '！',
            '?' if chinese(before) => '？',
            '(' => {
                let inside = characters.iter().skip(position + 1).take_while(|inner| **inner != ')');
                let remark = inside.clone().any(|inner| is_chinese(*inner) && !NUMERALS.contains(*inner));
                open.push(remark);
                if remark { '（' } else { '(' }
            }
            ')' if open.pop() == Some(true) => '）',
            other => *other,
        };
        text.push(wide);
    }
    text
}

/// What a reference such as 二(二)3 has in its brackets.
const NUMERALS: &str = "一二三四五六七八九十百零〇";

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '”' | '》' | '）' | '“' | '《' | '（' | '}' | '{')
}

#[cfg(test)]
mod tests {
    use super::full_width;

    #[test]
    fn punctuation_of_a_chinese_sentence_is_full_width() {
        for (typed, printed) in [
            ("取到百元;并列的按得分分:办法没有写", "取到百元；并列的按得分分：办法没有写"),
            ("原文没有写,按 1,000 元一档", "原文没有写，按 1,000 元一档"),
            ("自负 {自负费用},没有过线", "自负 {自负费用}，没有过线"),
            ("低于 60%,不得分(见二(二)3)", "低于 60%，不得分（见二(二)3）"),
            ("8000 元 × 1.2", "8000 元 × 1.2"),
            ("要不要扣?", "要不要扣？"),
            ("the text is silent: 甲县, 乙县", "the text is silent: 甲县, 乙县"),
        ] {
            assert_eq!(full_width(typed), printed);
        }
    }
}
