//! Words to a tree.
//!
//! Written by hand, by recursive descent, and not with a parser library: a statement ends
//! where the next keyword begins, some words are keywords only where they are expected, and
//! all findings of a file must come in one run. Recovery at statement keywords is most of
//! the work, and that is what such libraries leave to their user.
//!
//! Every function that reads something gives `None` after it has reported why; nobody
//! reports the same trouble twice. The loops over statements then skip to the next keyword.
//! No text can make the parser panic, run on, or recurse deeper than [`DEEPEST`].

mod awards;
mod cases;
mod expression;
mod faults;
mod form;
mod inherit;
mod items;
mod lines;
mod parts;
mod procedure;
mod scheme;
mod values;

use crate::{
    ast::{Authority, BindingValue, Expr, File, Literal, Name, Part, RoundingChoice},
    format::Mark,
    keyword::Keyword,
    lexer::{Kind, Lexed, Punct, Token, lex},
    look_alike,
    soft::Soft,
};
use alloc::{string::String, vec::Vec};
use kaoping_terms::{FileId, Place, Report};

/// How deep brackets, cases, conditions and chains of operators may be nested. The tree is
/// never deeper either, so that whoever walks it may recurse.
pub const DEEPEST: usize = 200;

/// Reads a policy file. All findings go into the report; what could be read is in the tree.
pub fn parse_file(file: FileId, text: &str, report: &mut Report) -> File {
    let (tree, names, _) = read_file(file, text, report);
    look_alike::check(&names, report);
    tree
}

/// Reads a file and gives besides its tree the names it uses and the words of the language
/// in it, for translating.
pub(crate) fn read_file(file: FileId, text: &str, report: &mut Report) -> (File, Vec<Name>, Vec<Mark>) {
    let lexed = lex(file, 0, text, None, report);
    let mut parser = Parser::new(file, 0, text, lexed, report);
    let parts = parser.parts();
    let tree = File { chinese: parser.chinese, parts };
    (tree, parser.names, parser.marks)
}

/// Reads the whole of `text` as an expression, such as the cell of a table that begins at
/// byte `base_offset` of its file.
pub fn parse_expression(
    file: FileId,
    base_offset: usize,
    text: &str,
    chinese: bool,
    report: &mut Report,
) -> Option<Expr> {
    parse_whole(file, base_offset, text, chinese, report, |parser| parser.expression())
}

/// Reads the whole of `text` as a figure with its unit; a sign may stand before it.
pub fn parse_literal(
    file: FileId,
    base_offset: usize,
    text: &str,
    chinese: bool,
    report: &mut Report,
) -> Option<Literal> {
    parse_whole(file, base_offset, text, chinese, report, |parser| parser.literal())
}

/// Reads the whole of `text` as a rounding: `0.01 分 四舍五入`, or `不取整`.
pub fn parse_rounding(
    file: FileId,
    base_offset: usize,
    text: &str,
    chinese: bool,
    report: &mut Report,
) -> Option<RoundingChoice> {
    parse_whole(file, base_offset, text, chinese, report, |parser| parser.rounding())
}

/// Reads the whole of `text` as a figure or a word, as in `按 rule (a = …)`.
pub fn parse_binding(
    file: FileId,
    base_offset: usize,
    text: &str,
    chinese: bool,
    report: &mut Report,
) -> Option<BindingValue> {
    parse_whole(file, base_offset, text, chinese, report, |parser| parser.binding_value())
}

fn parse_whole<T>(
    file: FileId,
    base: usize,
    text: &str,
    chinese: bool,
    report: &mut Report,
    read: impl FnOnce(&mut Parser<'_>) -> Option<T>,
) -> Option<T> {
    let lexed = lex(file, base, text, Some(chinese), report);
    let mut parser = Parser::new(file, base, text, lexed, report);
    let value = read(&mut parser)?;
    if parser.kind() != &Kind::End {
        parser.stray();
        return None;
    }
    Some(value)
}

pub(crate) struct Parser<'a> {
    base: usize,
    text: &'a str,
    tokens: Vec<Token>,
    end: Token,
    at: usize,
    /// The end of the token before, so that a statement knows its own end.
    previous: Place,
    chinese: bool,
    report: &'a mut Report,
    /// How deep reading is nested now.
    depth: usize,
    /// How high the tree of the expression read last is.
    height: usize,
    /// Soft words that may stand behind a number here, so that they are not its unit.
    stops: &'static [Soft],
    /// What was written behind inner parts of the statement at hand.
    inner: Vec<Authority>,
    /// Every name, for finding look-alikes.
    names: Vec<Name>,
    /// Every word of the language, for translating.
    marks: Vec<Mark>,
    /// Parts that were met while the lines of an item were read.
    pending: Vec<Part>,
    /// How many findings named a nearest word already.
    helped: usize,
}

impl<'a> Parser<'a> {
    fn new(file: FileId, base: usize, text: &'a str, lexed: Lexed, report: &'a mut Report) -> Self {
        let place = Place::new(file, base + text.len(), base + text.len());
        let end = Token { kind: Kind::End, keyword: None, place, line: u32::MAX, glued: false };
        Self {
            base,
            text,
            tokens: lexed.tokens,
            end,
            at: 0,
            previous: Place::new(file, base, base),
            chinese: lexed.chinese,
            report,
            depth: 0,
            height: 0,
            stops: &[],
            inner: Vec::new(),
            names: Vec::new(),
            marks: Vec::new(),
            pending: Vec::new(),
            helped: 0,
        }
    }

    /// The token `ahead` of the one to be read next.
    fn look(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).unwrap_or(&self.end)
    }

    fn kind(&self) -> &Kind {
        &self.look(0).kind
    }

    fn keyword(&self) -> Option<Keyword> {
        self.look(0).keyword
    }

    fn place(&self) -> Place {
        self.look(0).place
    }

    /// From `start` to the end of what was read last.
    fn since(&self, start: Place) -> Place {
        start.to(self.previous)
    }

    /// Passes one token. A keyword is noted for translating.
    fn bump(&mut self) {
        let token = self.look(0);
        let (place, keyword) = (token.place, token.keyword);
        if token.kind == Kind::End {
            return;
        }
        let end = match &token.kind {
            Kind::Clause(clause) => place.to(clause.place),
            _ => place,
        };
        if let Some(keyword) = keyword {
            self.marks.push(Mark { place, chinese: keyword.chinese(), english: keyword.english() });
        }
        self.previous = end;
        self.at += 1;
    }

    /// Whether the token `ahead` is that soft word.
    fn is_soft_at(&self, ahead: usize, soft: Soft) -> bool {
        matches!(&self.look(ahead).kind, Kind::Word(word) if word == soft.spelling(self.chinese))
    }

    fn is_soft(&self, soft: Soft) -> bool {
        self.is_soft_at(0, soft)
    }

    fn is_punct_at(&self, ahead: usize, punct: Punct) -> bool {
        self.look(ahead).kind == Kind::Punct(punct)
    }

    fn is_punct(&self, punct: Punct) -> bool {
        self.is_punct_at(0, punct)
    }

    /// A word that is no keyword.
    fn is_free_word(&self, ahead: usize) -> bool {
        let token = self.look(ahead);
        token.keyword.is_none() && matches!(token.kind, Kind::Word(_))
    }

    fn accept(&mut self, keyword: Keyword) -> bool {
        let found = self.keyword() == Some(keyword);
        if found {
            self.bump();
        }
        found
    }

    fn accept_punct(&mut self, punct: Punct) -> bool {
        let found = self.is_punct(punct);
        if found {
            self.bump();
        }
        found
    }

    fn accept_soft(&mut self, soft: Soft) -> bool {
        let found = self.is_soft(soft);
        if found {
            self.bump_soft(soft);
        }
        found
    }

    /// Passes a soft word and notes it for translating.
    fn bump_soft(&mut self, soft: Soft) {
        let place = self.place();
        self.bump();
        self.marks.push(Mark { place, chinese: soft.chinese(), english: soft.english() });
    }

    fn expect(&mut self, keyword: Keyword) -> Option<()> {
        if self.accept(keyword) { Some(()) } else { self.wanted_keyword(keyword) }
    }

    fn expect_punct(&mut self, punct: Punct) -> Option<()> {
        if self.accept_punct(punct) { Some(()) } else { self.wanted_punct(punct) }
    }

    fn expect_soft(&mut self, soft: Soft) -> Option<()> {
        self.one_of(&[soft]).map(|_| ())
    }

    /// One of those soft words.
    fn one_of(&mut self, words: &[Soft]) -> Option<Soft> {
        match words.iter().copied().find(|word| self.is_soft(*word)) {
            Some(word) => {
                self.bump_soft(word);
                Some(word)
            }
            None => self.wanted_soft(words),
        }
    }

    /// One of those soft words as a name, in its Chinese spelling.
    fn word_of(&mut self, words: &[Soft]) -> Option<Name> {
        let place = self.place();
        let word = self.one_of(words)?;
        Some(Name { text: String::from(word.chinese()), place })
    }

    /// Reads with certain soft words kept from being units.
    fn stopping<T>(&mut self, stops: &'static [Soft], read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = core::mem::replace(&mut self.stops, stops);
        let value = read(self);
        self.stops = before;
        value
    }

    /// Reads one level deeper, unless that is too deep.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            return self.too_deep(self.place());
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Skips to where a statement can begin. Words that are both a keyword and the name of
    /// a result begin one only at the start of a line.
    fn recover(&mut self) {
        self.inner.clear();
        loop {
            // What the broken statement rests on goes with it.
            while self.authority().is_some() {}
            let token = self.look(0);
            let first = self.first_on_line();
            match token.keyword {
                _ if token.kind == Kind::End => return,
                Some(keyword) if keyword.begins_statement() && (first || !keyword.is_ambiguous()) => {
                    return;
                }
                _ => self.bump(),
            }
        }
    }

    /// Whether the token to be read next is the first of its line.
    fn first_on_line(&self) -> bool {
        let line = self.look(0).line;
        self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_none_or(|token| token.line != line)
    }
}
