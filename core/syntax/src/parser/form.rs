//! Findings about how a statement is put together.

use super::{DEEPEST, Kind, Parser, faults::text};
use crate::keyword::Keyword;
use alloc::format;
use kaoping_terms::{Diagnostic, Place, Text};

impl Parser<'_> {
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
            .why(text("没有人能核对这么深的式子", "nobody can check a formula that deep"))
            .next(text("用“设”给中间结果取名，拆成几句", "name intermediate results with let and split it")),
        );
        None
    }

    pub(super) fn unclosed<T>(&mut self, open: Place) -> Option<T> {
        if self.kind() == &Kind::Broken {
            return self.wanted(Text::default(), None);
        }
        let shown = self.shown();
        self.push(
            Diagnostic::error("unclosed-bracket", text("括号没有合上", "the bracket is not closed"))
                .at(open)
                .label(text("从这里开始", "opened here"))
                .also(self.place(), text(format!("到“{shown}”还没有合上"), format!("still open at \"{shown}\"")))
                .why(text("括号到哪里为止，决定先算什么", "where a bracket ends decides what is computed first"))
                .next(text(
                    "补上右括号，或检查括号里少了运算符、逗号",
                    "close the bracket, or look for a missing operator or comma inside it",
                )),
        );
        None
    }

    pub(super) fn chained(&mut self, first: Place) {
        self.push(
            Diagnostic::error("chained-comparison", text("一个比较接着一个比较", "a comparison follows a comparison"))
                .at(self.place())
                .label(text("第二个比较", "the second one"))
                .also(first, text("第一个比较", "the first one"))
                .why(text("a < b < c 有两种读法，所以不收", "a < b < c can be read in two ways and is refused"))
                .next(text("写成 a < b 且 b < c", "write a < b and b < c")),
        );
    }

    pub(super) fn missing_otherwise<T>(&mut self, start: Place, keyword: Keyword) -> Option<T> {
        let word = self.spelling(keyword);
        self.push(
            Diagnostic::error(
                "missing-otherwise",
                text(format!("缺“{word}”一行"), format!("the line {word} is missing")),
            )
            .at(self.since(start))
            .label(text("以上都不成立时怎么办？", "and where none of these holds?"))
            .why(text(
                "每个单位都要有结果，不能漏掉没想到的情形",
                "every unit must get a result, also where nobody thought of the case",
            ))
            .next(text(format!("加一行：{word} → …"), format!("add a line: {word} → …"))),
        );
        None
    }

    pub(super) fn date_or_difference<T>(&mut self) -> Option<T> {
        let shown = self.shown();
        self.push(
            Diagnostic::error(
                "date-or-difference",
                text(format!("“{shown}”写成了日期的样子"), format!("\"{shown}\" is written as a date")),
            )
            .at(self.place())
            .label(text("日期还是相减？", "a date or a difference?"))
            .why(text(
                "式子里不用“月-日”和“年-月”，只能是相减，但读起来像日期",
                "an expression has no use for month-day and year-month; a difference was meant, but it reads as a date",
            ))
            .next(text(
                "相减时减号两边各空一格；日期写全年月日",
                "put blanks around a minus; write dates with year, month and day",
            )),
        );
        None
    }

    pub(super) fn said_in_list(&mut self, written: &str, place: Place, first: Place) {
        self.push(
            Diagnostic::error(
                "word-given-twice",
                text(format!("“{written}”在词表里写了两次"), format!("`{written}` stands in the list twice")),
            )
            .at(place)
            .also(first, text("第一次在这里", "the first time"))
            .why(text(
                "表格里写它时，说不清指哪一个词",
                "where a table writes it, nothing says which word of the list is meant",
            ))
            .next(text("每个词、每个代码只写一次", "give each word and each code once")),
        );
    }

    pub(super) fn said_twice(&mut self, place: Place) {
        self.push(
            Diagnostic::error("said-twice", text("同一句里说了两遍", "said twice in one statement"))
                .at(place)
                .label(text("第二遍", "the second time"))
                .why(text(
                    "两遍可能不一样，不知道以哪一遍为准",
                    "the two may differ, and nothing says which one counts",
                ))
                .next(text("删去一遍", "remove one of the two")),
        );
    }
}
