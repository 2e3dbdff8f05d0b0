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
#[derive(Clone, Debug, PartialEq, Eq, Default)]
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
