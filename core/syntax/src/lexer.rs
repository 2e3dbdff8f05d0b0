//! Characters to words.
//!
//! Words and figures are compared after NFKC, so that what an input method widened equals
//! what was typed narrow; places stay byte offsets of the text as it was given.

mod character;
mod number;

use crate::{ast::Quoted, keyword::Keyword};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use character::{dot, fold, is_digit, is_word};
use kaoping_terms::{Day, Diagnostic, Exact, FileId, Place, Report, Text};
use unicode_normalization::UnicodeNormalization;

/// Punctuation, whatever its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Punct {
    Comma, Colon, Open, Close, OpenBrace, CloseBrace, Percent, Equal, NotEqual, Less, AtMost,
    Greater, AtLeast, Plus, Minus, Times, Slash, Dot, MiddleDot, Range, Bar, Arrow,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, NFKC.
    Word(String),
    /// A number without sign and unit.
    Number(Exact),
    /// `2008-12-31`.
    Day(Day),
    /// `01-10`.
    MonthDay(u8, u8),
    /// `2005-12`.
    Month(i16, u8),
    /// `"…"` or `“…”`.
    Quoted(String),
    /// `依据` with the rest of its line; the place of the token is that of the keyword.
    Clause(Quoted),
    /// Punctuation.
    Punct(Punct),
    /// Something a finding was reported for.
    Broken,
    /// The end of the text.
    End,
}

/// A token with its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// The keyword it is, in the language of the file.
    pub(crate) keyword: Option<Keyword>,
    /// Where it stands.
    pub(crate) place: Place,
    /// Its line, from 0. Layout carries no meaning; lines only settle what would otherwise
    /// be read in two ways: whether a word is the unit of the number before it.
    pub(crate) line: u32,
    /// Whether no blank stands before it.
    pub(crate) glued: bool,
}

/// The tokens of a text, the last of them `End`, and whether its keywords are Chinese.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) chinese: bool,
}

/// Reads a text. Without `chinese` given, the first keyword decides.
pub(crate) fn lex(file: FileId, base: usize, text: &str, chinese: Option<bool>, report: &mut Report) -> Lexed {
    let mut lexer = Lexer { file, base, text, at: 0, line: 0, glued: false, chinese, tokens: Vec::new(), report };
    while lexer.step() {}
    lexer.push(Kind::End, None, text.len(), text.len());
    Lexed { tokens: lexer.tokens, chinese: lexer.chinese.unwrap_or(true) }
}

struct Lexer<'a> {
    file: FileId,
    base: usize,
    text: &'a str,
    at: usize,
    line: u32,
    glued: bool,
    chinese: Option<bool>,
    tokens: Vec<Token>,
    report: &'a mut Report,
}

impl<'a> Lexer<'a> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.file, self.base + start, self.base + end)
    }

    fn rest(&self, from: usize) -> &'a str {
        self.text.get(from..).unwrap_or("")
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.rest(at).chars().next()
    }

    /// The end of the run of characters from `from` that satisfy `keep`.
    fn run(&self, from: usize, keep: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(from);
        from + rest.find(|c| !keep(c)).unwrap_or(rest.len())
    }

    fn push(&mut self, kind: Kind, keyword: Option<Keyword>, start: usize, end: usize) {
        let place = self.place(start, end);
        self.tokens.push(Token { kind, keyword, place, line: self.line, glued: self.glued });
        self.glued = true;
        self.at = end;
    }

    /// Reads one token or skips one stretch; says whether there is more.
    fn step(&mut self) -> bool {
        let Some(c) = self.char_at(self.at) else {
            return false;
        };
        match c {
            '\n' => {
                self.line = self.line.saturating_add(1);
                self.glued = false;
                self.at += 1;
            }
            '\u{feff}' if self.at == 0 => self.at += c.len_utf8(),
            _ if c.is_whitespace() => {
                self.glued = false;
                self.at += c.len_utf8();
            }
            '#' | '＃' => self.at = self.run(self.at, |c| c != '\n'),
            _ if is_digit(c) => self.number(),
            _ if is_word(c) => self.word(),
            '"' | '＂' | '“' => self.quoted(c),
            _ => self.punctuation(c),
        }
        true
    }

    fn word(&mut self) {
        let start = self.at;
        let end = self.run(start, is_word);
        let word: String = self.rest(start).get(..end - start).unwrap_or("").nfkc().collect();
        if self.chinese.is_none() {
            let begins = |chinese| Keyword::find(&word, chinese).is_some_and(Keyword::begins_statement);
            self.chinese = [true, false].into_iter().find(|chinese| begins(*chinese));
        }
        let keyword = self.chinese.and_then(|chinese| Keyword::find(&word, chinese));
        if keyword == Some(Keyword::Clause) {
            return self.clause(start, end);
        }
        self.push(Kind::Word(word), keyword, start, end);
    }

    /// `依据` takes the rest of its line, because clause numbers are written in ways no
    /// grammar foresees: 二(二)3, 第四条第一款, 附件2表一.
    fn clause(&mut self, start: usize, keyword_end: usize) {
        let line_end = self.run(keyword_end, |c| !matches!(c, '\n' | '#' | '＃'));
        let rest = self.rest(keyword_end).get(..line_end - keyword_end).unwrap_or("");
        let text = rest.trim();
        let text_start = keyword_end + (rest.len() - rest.trim_start().len());
        let place = self.place(text_start.min(line_end), (text_start + text.len()).min(line_end));
        if text.is_empty() {
            self.report.push(
                Diagnostic::error("clause-empty", Text::new("“依据”后面没有条款号", "no clause is named after the word clause"))
                    .at(self.place(start, keyword_end))
                    .label(Text::new("同一行要写条款号", "the clause stands on the same line"))
                    .why(Text::new("没有条款号，就说不出这一句从哪里来", "without it nobody can say where the statement comes from"))
                    .next(Text::new("写上 clauses.md 里的标题，如 二(二)3；原文没有规定的，改写：选择 \"理由\"", "name a heading of clauses.md, such as 二(二)3; where the text is silent, write a choice with its reason")),
            );
        }
        let quoted = Quoted { text: text.nfkc().collect(), place };
        self.push(Kind::Clause(quoted), Some(Keyword::Clause), start, keyword_end);
        self.at = line_end;
    }

    fn quoted(&mut self, open: char) {
        let start = self.at;
        let inner = start + open.len_utf8();
        let mut depth = 1usize;
        for (offset, c) in self.rest(inner).char_indices() {
            match (open, c) {
                (_, '\n') => break,
                ('“', '“') => depth += 1,
                ('“', '”') => depth -= 1,
                ('"' | '＂', '"' | '＂') => depth = 0,
                _ => {}
            }
            if depth == 0 {
                let text = self.rest(inner).get(..offset).unwrap_or("").to_string();
                return self.push(Kind::Quoted(text), None, start, inner + offset + c.len_utf8());
            }
        }
        let end = self.run(inner, |c| c != '\n');
        let text = self.rest(inner).get(..end - inner).unwrap_or("").trim_end();
        let end = inner + text.len();
        self.report.push(
            Diagnostic::error("unclosed-string", Text::new("引号没有合上", "the quotation marks are not closed"))
                .at(self.place(start, end))
                .label(Text::new("从这里开始", "opened here"))
                .why(Text::new(
                    "引号里的话到本行为止，合不上就分不清哪里是理由、哪里是规定",
                    "quoted words end on their line; unclosed, reason and rule cannot be told apart",
                ))
                .next(Text::new("在本行补上右引号", "close the quotation marks on this line")),
        );
        self.push(Kind::Quoted(text.to_string()), None, start, end);
    }

    fn punctuation(&mut self, c: char) {
        let start = self.at;
        let one = start + c.len_utf8();
        let next = self.char_at(one);
        let two = one + next.map_or(0, char::len_utf8);
        let (punct, end) = match (fold(c), next.map(fold)) {
            ('.', Some('.')) => (Punct::Range, two),
            ('-', Some('>')) => (Punct::Arrow, two),
            ('<', Some('=')) => (Punct::AtMost, two),
            ('>', Some('=')) => (Punct::AtLeast, two),
            ('!', Some('=')) => (Punct::NotEqual, two),
            ('=', Some('=')) => (Punct::Equal, two),
            (folded, _) => match single(folded) {
                Some(punct) => (punct, one),
                None => return self.unknown(),
            },
        };
        self.push(Kind::Punct(punct), None, start, end);
    }

    /// Characters the language does not use: one finding for the whole run, so that a file
    /// in a wrong encoding does not drown everything else.
    fn unknown(&mut self) {
        let start = self.at;
        let known = |c: char| {
            c.is_whitespace() || is_word(c) || matches!(c, '"' | '＂' | '“' | '#' | '＃') || single(fold(c)).is_some()
        };
        let end = self.run(start, |c| !known(c)).max(start + self.char_at(start).map_or(1, char::len_utf8));
        let shown: String = self
            .rest(start)
            .chars()
            .take_while(|c| !known(*c))
            .take(8)
            .map(|c| if c.is_control() || invisible(c) { format!("U+{:04X}", u32::from(c)) } else { c.to_string() })
            .collect();
        self.report.push(
            Diagnostic::error(
                "unknown-character",
                Text::new(
                    format!("规则里用不到的字符：{shown}"),
                    format!("characters the rule language does not use: {shown}"),
                ),
            )
            .at(self.place(start, end))
            .label(Text::new("这里", "here"))
            .why(Text::new(
                "跳过它可能改变意思，所以要人来定",
                "skipping it could change the meaning, so a person decides",
            ))
            .next(Text::new(
                "删去；若是说明文字，放进引号或写在 # 后面",
                "remove it; words for people go into quotation marks or behind #",
            )),
        );
        self.glued = false;
        self.at = end;
    }
}

/// Characters that cannot be seen, so that a finding shows their code.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
}

/// Punctuation of one character, folded.
fn single(c: char) -> Option<Punct> {
    Some(match c {
        ',' => Punct::Comma,
        ':' => Punct::Colon,
        '(' => Punct::Open,
        ')' => Punct::Close,
        '{' => Punct::OpenBrace,
        '}' => Punct::CloseBrace,
        '%' => Punct::Percent,
        '=' => Punct::Equal,
        '≠' => Punct::NotEqual,
        '<' => Punct::Less,
        '≤' => Punct::AtMost,
        '>' => Punct::Greater,
        '≥' => Punct::AtLeast,
        '+' => Punct::Plus,
        '-' => Punct::Minus,
        '*' => Punct::Times,
        '/' => Punct::Slash,
        '.' => Punct::Dot,
        '~' | '…' => Punct::Range,
        '|' => Punct::Bar,
        '→' => Punct::Arrow,
        _ if dot(c) => Punct::MiddleDot,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
