//! The findings of the parser.

use super::{DEEPEST, Kind, Parser, Punct};
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

fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh, en)
}

impl Parser<'_> {
    fn push(&mut self, finding: Diagnostic) {
        self.report.push(finding);
    }

    /// The token as it is written, cut short.
    fn shown(&self) -> String {
        let place = self.place();
        let (start, end) = (place.start as usize, place.end as usize);
        let raw = self
            .text
            .get(start.saturating_sub(self.base)..end.saturating_sub(self.base))
            .unwrap_or("");
        raw.chars().take(24).collect()
    }

    fn spelling(&self, keyword: Keyword) -> &'static str {
        if self.chinese {
            keyword.chinese()
        } else {
            keyword.english()
        }
    }

    /// A word of the language the token could have been meant as.
    fn meant(&mut self, among: Option<&[Soft]>) -> Option<Text> {
        let Kind::Word(word) = &self.look(0).kind else {
            return None;
        };
        if self.helped >= MOST_HELP || word.chars().count() > 24 {
            return None;
        }
        let (word, chinese) = (word.clone(), self.chinese);
        self.helped += 1;
        let keywords = Keyword::ALL
            .iter()
            .filter(|keyword| among.is_none() || !keyword.begins_statement());
        let keywords: Vec<&str> = keywords.map(|keyword| self.spelling(*keyword)).collect();
        let softs = among
            .unwrap_or(&[])
            .iter()
            .map(|soft| soft.spelling(chinese));
        if let Some(meant) = nearest(&word, softs.chain(keywords.iter().copied())) {
            return Some(text(
                format!("是不是“{meant}”"),
                format!("did you mean {meant}?"),
            ));
        }
        let head = keywords.iter().filter(|keyword| {
            chinese && keyword.chars().count() > 1 && word.starts_with(**keyword)
        });
        let head = head.max_by_key(|keyword| keyword.len())?;
        let rest = word.strip_prefix(*head).filter(|rest| !rest.is_empty())?;
        Some(text(
            format!("“{head}”后面要有空格：{head} {rest}"),
            format!("put a blank behind the keyword: {head} {rest}"),
        ))
    }

    /// Something else was expected here.
    pub(super) fn wanted<T>(&mut self, wanted: Text, among: Option<&[Soft]>) -> Option<T> {
        if self.kind() == &Kind::Broken {
            self.bump();
            return None;
        }
        let fallback = text(
            format!("在这里写{}", wanted.zh),
            format!("write {} here", wanted.en),
        );
        let next = self.meant(among).unwrap_or(fallback);
        let (message, label) = if self.kind() == &Kind::End {
            (
                text(
                    format!("话没说完，还缺{}", wanted.zh),
                    format!("the text ends where {} is missing", wanted.en),
                ),
                text("到此为止", "ends here"),
            )
        } else {
            let shown = self.shown();
            (
                text(
                    format!("“{shown}”不该在这里，这里要{}", wanted.zh),
                    format!(
                        "\"{shown}\" does not belong here, where {} is expected",
                        wanted.en
                    ),
                ),
                text(
                    format!("要{}", wanted.zh),
                    format!("expected {}", wanted.en),
                ),
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
        let spelled: Vec<&str> = words
            .iter()
            .map(|word| word.spelling(self.chinese))
            .collect();
        let wanted = text(format!("“{}”", spelled.join("”或“")), spelled.join(" or "));
        self.wanted(wanted, Some(words))
    }

    /// A word where a statement must begin.
    pub(super) fn stray(&mut self) {
        let Kind::Word(word) = self.kind() else {
            let _: Option<()> = self.wanted(
                text("下一句的关键词", "the keyword of the next statement"),
                None,
            );
            return;
        };
        let word = word.clone();
        if let Some(meant) = Keyword::find(&word, !self.chinese) {
            return self.mixed(meant);
        }
        if !self.first_on_line() {
            let _: Option<()> = self.wanted(
                text(
                    "运算符，或下一句的关键词",
                    "an operator or the keyword of the next statement",
                ),
                None,
            );
            return;
        }
        let shown = self.shown();
        let next = self.meant(None).unwrap_or(text(
            "句子以关键词开头，如 项、读入、得、扣；说明文字写在 # 后面",
            "a statement begins with a keyword such as item, input, score, deduct; words for people go behind #",
        ));
        self.push(
            Diagnostic::error(
                "unknown-statement",
                text(
                    format!("“{shown}”不是句子的开头"),
                    format!("no statement begins with \"{shown}\""),
                ),
            )
            .at(self.place())
            .label(text("不认识的关键词", "unknown keyword"))
            .why(text(
                "认不出是哪一种句子，就不能执行",
                "a statement of unknown kind cannot be carried out",
            ))
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
            .label(text(
                format!("本文件里写“{own}”"),
                format!("in this file: {own}"),
            ))
            .why(text(
                "英文关键词可能与别名同形，混用就分不清",
                "English keywords can look like aliases, so a file keeps one language",
            ))
            .next(text(
                format!("写成“{own}”，或用 kaoping fmt --lang 整个文件换语言"),
                format!("write {own}, or turn the whole file with kaoping fmt --lang"),
            )),
        );
    }

    /// A keyword that begins a statement, but not one that may stand here.
    pub(super) fn misplaced(&mut self, keyword: Keyword) {
        let (zh, en) = home(keyword);
        let word = self.spelling(keyword);
        self.push(
            Diagnostic::error("misplaced-statement", text(format!("“{word}”不能写在这里"), format!("{word} cannot stand here")))
                .at(self.place())
                .label(text(format!("要写在{zh}"), format!("belongs {en}")))
                .why(text("一句话属于它上面的方案、项、规则或决定；这里没有它的归属", "a statement belongs to the scheme, item, rule or decision above it; nothing here can own it"))
                .next(text(format!("移到{zh}"), format!("move it {en}"))),
        );
    }

    /// A veto of 本项 with no item above it.
    pub(super) fn this_item_nowhere(&mut self, place: Place) {
        self.push(
            Diagnostic::error(
                "misplaced-statement",
                text("“本项”写在项的外面", "this_item is said outside an item"),
            )
            .at(place)
            .label(text("上面没有项", "no item above"))
            .why(text(
                "不知道哪一项归零",
                "nothing says which item falls to zero",
            ))
            .next(text(
                "移到那一项下面，或写明：项 名称 归零",
                "move it below the item, or name the item",
            )),
        );
    }

    /// A keyword where a name must stand.
    pub(super) fn reserved(&mut self) {
        let shown = self.shown();
        self.push(
            Diagnostic::error(
                "reserved-word",
                text(
                    format!("“{shown}”是关键词，不能作名称"),
                    format!("{shown} is a keyword and cannot be a name"),
                ),
            )
            .at(self.place())
            .label(text("这里要一个名称", "a name is expected"))
            .why(text(
                "句子在下一个关键词处结束，名称与关键词同形就分不清",
                "statements end at the next keyword, so no name may look like one",
            ))
            .next(text(
                format!("换一个名称，如“{shown}数”"),
                format!("choose another name, such as {shown}_count"),
            )),
        );
    }

    pub(super) fn too_deep<T>(&mut self, place: Place) -> Option<T> {
        self.push(
            Diagnostic::error(
                "nested-too-deep",
                text(
                    format!("括号、情形或运算套了 {DEEPEST} 层以上"),
                    format!("brackets, cases or operators are nested more than {DEEPEST} deep"),
                ),
            )
            .at(place)
            .label(text("到这里太深", "too deep here"))
            .why(text(
                "没有人能核对这么深的式子",
                "nobody can check a formula that deep",
            ))
            .next(text(
                "用“设”给中间结果取名，拆成几句",
                "name intermediate results with let and split it",
            )),
        );
        None
    }

    pub(super) fn unclosed<T>(&mut self, open: Place) -> Option<T> {
        if self.kind() == &Kind::Broken {
            return self.wanted(Text::default(), None);
        }
        let shown = self.shown();
        self.push(
            Diagnostic::error(
                "unclosed-bracket",
                text("括号没有合上", "the bracket is not closed"),
            )
            .at(open)
            .label(text("从这里开始", "opened here"))
            .also(
                self.place(),
                text(
                    format!("到“{shown}”还没有合上"),
                    format!("still open at \"{shown}\""),
                ),
            )
            .why(text(
                "括号到哪里为止，决定先算什么",
                "where a bracket ends decides what is computed first",
            ))
            .next(text(
                "补上右括号，或检查括号里少了运算符、逗号",
                "close the bracket, or look for a missing operator or comma inside it",
            )),
        );
        None
    }

    pub(super) fn chained(&mut self, first: Place) {
        self.push(
            Diagnostic::error(
                "chained-comparison",
                text("一个比较接着一个比较", "a comparison follows a comparison"),
            )
            .at(self.place())
            .label(text("第二个比较", "the second one"))
            .also(first, text("第一个比较", "the first one"))
            .why(text(
                "a < b < c 有两种读法，所以不收",
                "a < b < c can be read in two ways and is refused",
            ))
            .next(text("写成 a < b 且 b < c", "write a < b and b < c")),
        );
    }

    pub(super) fn missing_otherwise<T>(&mut self, start: Place, keyword: Keyword) -> Option<T> {
        let word = self.spelling(keyword);
        self.push(
            Diagnostic::error(
                "missing-otherwise",
                text(
                    format!("缺“{word}”一行"),
                    format!("the line {word} is missing"),
                ),
            )
            .at(self.since(start))
            .label(text(
                "以上都不成立时怎么办？",
                "and where none of these holds?",
            ))
            .why(text(
                "每个单位都要有结果，不能漏掉没想到的情形",
                "every unit must get a result, also where nobody thought of the case",
            ))
            .next(text(
                format!("加一行：{word} → …"),
                format!("add a line: {word} → …"),
            )),
        );
        None
    }

    pub(super) fn date_or_difference<T>(&mut self) -> Option<T> {
        let shown = self.shown();
        self.push(
            Diagnostic::error("date-or-difference", text(format!("“{shown}”写成了日期的样子"), format!("\"{shown}\" is written as a date")))
                .at(self.place())
                .label(text("日期还是相减？", "a date or a difference?"))
                .why(text("式子里不用“月-日”和“年-月”，只能是相减，但读起来像日期", "an expression has no use for month-day and year-month; a difference was meant, but it reads as a date"))
                .next(text("相减时减号两边各空一格；日期写全年月日", "put blanks around a minus; write dates with year, month and day")),
        );
        None
    }

    pub(super) fn said_twice(&mut self, place: Place) {
        self.push(
            Diagnostic::error(
                "said-twice",
                text("同一句里说了两遍", "said twice in one statement"),
            )
            .at(place)
            .label(text("第二遍", "the second time"))
            .why(text(
                "两遍可能不一样，不知道以哪一遍为准",
                "the two may differ, and nothing says which one counts",
            ))
            .next(text("删去一遍", "remove one of the two")),
        );
    }

    /// A short text, for the wanted thing.
    pub(super) fn say(zh: &str, en: &str) -> Text {
        text(zh.to_string(), en.to_string())
    }
}

/// Where a statement belongs.
fn home(keyword: Keyword) -> (&'static str, &'static str) {
    use Keyword as K;
    match keyword {
        K::Assessed
        | K::FullMark
        | K::Total
        | K::RoundItems
        | K::RoundBlocks
        | K::RoundTotal
        | K::Display
        | K::Ranking
        | K::TieBreak
        | K::Missing
        | K::PartialReports
        | K::ItemTable
        | K::PeerGroup
        | K::DefaultRule
        | K::Period
        | K::Responsibility => (
            "“方案”下面、第一个块或项之前",
            "under scheme, before its first block or item",
        ),
        K::Change | K::AddPart | K::RemovePart => ("“承接”下面", "under inherit"),
        K::Clause | K::Example => ("它所依据的那一句后面", "behind the statement it is about"),
        _ => ("“项”“规则”或“决定”下面", "under an item, rule or decision"),
    }
}
