//! The findings of the parser.

use super::{Kind, Parser, Punct};
use crate::{keyword::Keyword, soft::Soft};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_terms::{Diagnostic, Place, Text, nearest::nearest};

/// After that many findings no nearest words are looked up any more: the file is not a
/// policy, and looking would take longer than reading.
const MOST_HELP: usize = 100;

pub(super) fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh, en)
}

impl Parser<'_> {
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.report.push(finding);
    }

    /// The token as it is written, cut short.
    pub(super) fn shown(&self) -> String {
        let place = self.place();
        let (start, end) = (place.start as usize, place.end as usize);
        let raw = self.text.get(start.saturating_sub(self.base)..end.saturating_sub(self.base)).unwrap_or("");
        raw.chars().take(24).collect()
    }

    pub(super) fn spelling(&self, keyword: Keyword) -> &'static str {
        if self.chinese { keyword.chinese() } else { keyword.english() }
    }

    /// A word of the language the token could have been meant as.
    fn meant(&mut self, among: Option<&[Soft]>) -> Option<Meant> {
        let Kind::Word(word) = &self.look(0).kind else {
            return None;
        };
        if self.helped >= MOST_HELP || word.chars().count() > 24 {
            return None;
        }
        let (word, chinese) = (word.clone(), self.chinese);
        self.helped += 1;
        // Where a statement begins only such keywords help; inside one, any word may.
        let keywords = Keyword::ALL.iter().filter(|keyword| among.is_some() || keyword.begins_statement());
        let keywords: Vec<&str> = keywords.map(|keyword| self.spelling(*keyword)).collect();
        let softs = among.unwrap_or(&[]).iter();
        let softs: Vec<&str> = softs.map(|soft| soft.spelling(chinese)).collect();
        if let Some(apart) = apart(&word, &softs, &keywords) {
            return Some(Meant::Apart(apart));
        }
        let meant = nearest(&word, softs.into_iter().chain(keywords))?;
        Some(Meant::Word(text(format!("是不是“{meant}”"), format!("did you mean {meant}?"))))
    }

    /// Whether the word at hand is one of those with another word behind it and no blank
    /// between the two.
    pub(super) fn at_glued(&self, among: &[Soft]) -> bool {
        let softs: Vec<&str> = among.iter().map(|soft| soft.spelling(self.chinese)).collect();
        let token = self.look(0);
        matches!(&token.kind, Kind::Word(word) if token.keyword.is_none() && apart(word, &softs, &[]).is_some())
    }

    /// Something else was expected here.
    pub(super) fn wanted<T>(&mut self, wanted: Text, among: Option<&[Soft]>) -> Option<T> {
        let meant = self.meant(among);
        self.wanted_and_meant(wanted, meant)
    }

    /// Something else was expected here; what the word could have been meant as is known.
    fn wanted_and_meant<T>(&mut self, wanted: Text, meant: Option<Meant>) -> Option<T> {
        if self.kind() == &Kind::Broken {
            self.bump();
            return None;
        }
        let fallback = text(format!("在这里写{}", wanted.zh), format!("write {} here", wanted.en));
        let glued = matches!(meant, Some(Meant::Apart(_)));
        let next = meant.map_or(fallback, Meant::advice);
        let (message, label) = if self.kind() == &Kind::End {
            (
                text(format!("话没说完，还缺{}", wanted.zh), format!("the text ends where {} is missing", wanted.en)),
                text("到此为止", "ends here"),
            )
        } else if glued {
            let shown = self.shown();
            (
                text(
                    format!("“{shown}”连在一起读不懂，这里要{}", wanted.zh),
                    format!("\"{shown}\" is written without a blank, and {} is expected", wanted.en),
                ),
                text("少了空格", "a blank is missing"),
            )
        } else {
            let shown = self.shown();
            (
                text(
                    format!("“{shown}”不该在这里，这里要{}", wanted.zh),
                    format!("\"{shown}\" does not belong here, where {} is expected", wanted.en),
                ),
                text(format!("要{}", wanted.zh), format!("expected {}", wanted.en)),
            )
        };
        self.push(
            Diagnostic::error("unexpected-word", message)
                .at(self.place())
                .label(label)
                .why(text(
                    "这一句读不下去，猜着读可能算错",
                    "the statement cannot be read on, and a guess could miscount",
                ))
                .next(next),
        );
        None
    }

    pub(super) fn wanted_keyword<T>(&mut self, keyword: Keyword) -> Option<T> {
        let word = self.spelling(keyword);
        if let Kind::Word(found) = &self.look(0).kind
            && let Some(apart) = apart(found, &[word], &[])
        {
            return self.wanted_and_meant(text(format!("“{word}”"), word), Some(Meant::Apart(apart)));
        }
        self.wanted(text(format!("“{word}”"), word), Some(&[]))
    }

    pub(super) fn wanted_punct<T>(&mut self, punct: Punct) -> Option<T> {
        let mark = match punct {
            Punct::Colon => ":",
            Punct::Equal => "=",
            Punct::Arrow => "→",
            Punct::Open => "(",
            Punct::Close => ")",
            Punct::OpenBrace => "{",
            Punct::CloseBrace => "}",
            Punct::Range => "..",
            Punct::Dot => ".",
            _ => ",",
        };
        self.wanted(text(format!("“{mark}”"), mark), Some(&[]))
    }

    pub(super) fn wanted_soft<T>(&mut self, words: &[Soft]) -> Option<T> {
        let spelled: Vec<&str> = words.iter().map(|word| word.spelling(self.chinese)).collect();
        let wanted = text(format!("“{}”", spelled.join("”或“")), spelled.join(" or "));
        self.wanted(wanted, Some(words))
    }

    /// A word where a statement must begin.
    pub(super) fn stray(&mut self) {
        if let Kind::Word(word) = self.kind()
            && let Some(meant) = Keyword::find(word, !self.chinese)
        {
            return self.mixed(meant);
        }
        if !self.first_on_line() {
            let wanted = text("运算符，或下一句的关键词", "an operator or the keyword of the next statement");
            let _: Option<()> = self.wanted(wanted, None);
            return;
        }
        if !matches!(self.kind(), Kind::Word(_)) {
            let wanted = text("下一句的关键词", "the keyword of the next statement");
            let _: Option<()> = self.wanted(wanted, None);
            return;
        }
        let shown = self.shown();
        let next = self.meant(None).map_or(
            text(
                "句子以关键词开头，如 项、读入、得、扣；说明文字写在 # 后面",
                "a statement begins with a keyword such as item, input, score, deduct; words for people go behind #",
            ),
            Meant::advice,
        );
        self.push(
            Diagnostic::error(
                "unknown-statement",
                text(format!("“{shown}”不是句子的开头"), format!("no statement begins with \"{shown}\"")),
            )
            .at(self.place())
            .label(text("不认识的关键词", "unknown keyword"))
            .why(text("认不出是哪一种句子，就不能执行", "a statement of unknown kind cannot be carried out"))
            .next(next),
        );
    }

    fn mixed(&mut self, meant: Keyword) {
        let own = self.spelling(meant);
        let shown = self.shown();
        self.push(
            Diagnostic::error(
                "mixed-keyword-language",
                text(
                    format!("一个文件里混用了中英文关键词：{shown}"),
                    format!("keywords of both languages in one file: {shown}"),
                ),
            )
            .at(self.place())
            .label(text(format!("本文件里写“{own}”"), format!("in this file: {own}")))
            .why(text(
                "英文关键词可能与别名同形，混用就分不清",
                "English keywords can look like aliases, so a file keeps one language",
            ))
            .next(text(
                format!("写成“{own}”，或用 kaoping fmt --to 整个文件换语言"),
                format!("write {own}, or turn the whole file with kaoping fmt --to"),
            )),
        );
    }

    /// Behind × in a figure that must be known beforehand.
    pub(super) fn wanted_factor<T>(&mut self) -> Option<T> {
        let wanted = text(
            "写定的数；可以是几个数相乘，如 8,000 元 × 1.2",
            "a figure, or a product of figures such as 8,000 元 × 1.2",
        );
        self.wanted(wanted, Some(&[]))
    }

    /// A product of two figures that both have a unit.
    pub(super) fn two_units<T>(&mut self, place: Place) -> Option<T> {
        self.push(
            Diagnostic::error(
                "unexpected-word",
                text("相乘的数里只能有一个带单位", "only one of the figures of a product may have a unit"),
            )
            .at(place)
            .label(text("两个都带单位", "both have a unit"))
            .why(text("两个单位相乘就成了另一种单位", "a product of two units is another unit"))
            .next(text(
                "写成如 8,000 元 × 1.2 或 8,000 元 × 120%",
                "write for example 8,000 元 × 1.2 or 8,000 元 × 120%",
            )),
        );
        None
    }

    /// A keyword that begins a statement, but not one that may stand here.
    pub(super) fn misplaced(&mut self, keyword: Keyword) {
        let (zh, en) = home(keyword);
        let word = self.spelling(keyword);
        self.push(
            Diagnostic::error(
                "misplaced-statement",
                text(format!("“{word}”不能写在这里"), format!("{word} cannot stand here")),
            )
            .at(self.place())
            .label(text(format!("要写在{zh}"), format!("belongs {en}")))
            .why(text(
                "一句话属于它上面的方案、项、规则或决定；这里没有它的归属",
                "a statement belongs to the scheme, item, rule or decision above it; nothing here can own it",
            ))
            .next(text(format!("移到{zh}"), format!("move it {en}"))),
        );
    }

    /// A veto of 本项 with no item above it.
    pub(super) fn this_item_nowhere(&mut self, place: Place) {
        self.push(
            Diagnostic::error("misplaced-statement", text("“本项”写在项的外面", "this_item is said outside an item"))
                .at(place)
                .label(text("上面没有项", "no item above"))
                .why(text("不知道哪一项归零", "nothing says which item falls to zero"))
                .next(text("移到那一项下面，或写明：项 名称 归零", "move it below the item, or name the item")),
        );
    }

    /// A keyword where a name must stand.
    pub(super) fn reserved(&mut self) {
        let shown = self.shown();
        self.push(
            Diagnostic::error(
                "reserved-word",
                text(format!("“{shown}”是关键词，不能作名称"), format!("{shown} is a keyword and cannot be a name")),
            )
            .at(self.place())
            .label(text("这里要一个名称", "a name is expected"))
            .why(text(
                "句子在下一个关键词处结束，名称与关键词同形就分不清",
                "statements end at the next keyword, so no name may look like one",
            ))
            .next(text(format!("换一个名称，如“{shown}数”"), format!("choose another name, such as {shown}_count"))),
        );
    }

    /// A short text, for the wanted thing.
    pub(super) fn say(zh: &str, en: &str) -> Text {
        text(zh.to_string(), en.to_string())
    }
}

/// What a word could have been meant as.
enum Meant {
    /// Another word.
    Word(Text),
    /// The same characters with blanks between them.
    Apart(String),
}

impl Meant {
    fn advice(self) -> Text {
        match self {
            Self::Word(advice) => advice,
            Self::Apart(apart) => text(format!("是不是少了空格：{apart}"), format!("is a blank missing: {apart}")),
        }
    }
}

/// A word with blanks behind the words of the language it begins with: Chinese is written
/// without blanks, so they are easily forgotten. What is expected may be one character long;
/// any other word must be longer, since too many names begin with 得 or 加.
fn apart(word: &str, expected: &[&str], keywords: &[&str]) -> Option<String> {
    let mut rest = word;
    let mut parts: Vec<&str> = Vec::new();
    loop {
        let long = keywords.iter().filter(|word| word.chars().count() > 1);
        let heads = expected.iter().chain(long).filter(|word| !word.is_ascii());
        let split = heads.filter_map(|head| Some((*head, rest.strip_prefix(*head)?)));
        let longest = split.max_by_key(|(head, _)| head.len());
        match longest {
            Some((head, behind)) if !behind.is_empty() => {
                parts.push(head);
                rest = behind;
            }
            _ => break,
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(rest);
    Some(parts.join(" "))
}

/// Where a statement belongs.
fn home(keyword: Keyword) -> (&'static str, &'static str) {
    use Keyword as K;
    match keyword {
        K::Let => (
            "“方案”下面（各项都能用），或“项”“规则”“决定”里面（只在里面用）",
            "under scheme, for all its items, or inside an item, rule or decision, for that alone",
        ),
        K::Lead | K::Responsible | K::Supporting => {
            ("“块”或“项”下面", "under a block, for all its items, or under an item")
        }
        K::Change | K::AddPart | K::RemovePart => ("“承接”下面", "under inherit"),
        K::Clause | K::Example => ("它所依据的那一句后面", "behind the statement it is about"),
        // Both bound a scheme too, but mostly an item.
        K::AtLeast | K::AtMost => ("“项”“规则”或“决定”下面", "under an item, rule or decision"),
        _ if super::scheme::is_setting(keyword) => {
            ("“方案”下面、第一个块或项之前", "under scheme, before its first block or item")
        }
        _ => ("“项”“规则”或“决定”下面", "under an item, rule or decision"),
    }
}
