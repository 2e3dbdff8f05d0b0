//! A scheme and its settings.

use super::{Kind, Parser, parts::Headed};
use crate::{
    ast::{Let, PartKind, Quoted, Scheme, Setting, SettingKind},
    keyword::Keyword,
    lexer::Punct,
    soft::Soft,
};
use alloc::{string::String, vec::Vec};
use kaoping_terms::Day;

/// Words that may stand behind the expression of a ranking.
const ORDER: &[Soft] = &[Soft::Descending, Soft::Ascending, Soft::TiesSkip, Soft::TiesDense];

impl Parser<'_> {
    pub(super) fn scheme(&mut self) -> Option<Headed> {
        let head = self.scheme_head();
        if head.is_none() {
            self.recover();
        }
        let authority = if head.is_some() { self.authorities() } else { Vec::new() };
        let settings = self.settings();
        let (name, title) = head?;
        Some((PartKind::Scheme(Scheme { name, title, settings }), authority))
    }

    fn scheme_head(&mut self) -> Option<(crate::ast::Name, Option<Quoted>)> {
        let name = self.name()?;
        let title = if matches!(self.kind(), Kind::Quoted(_)) { Some(self.quoted()?) } else { None };
        Some((name, title))
    }

    fn settings(&mut self) -> Vec<Setting> {
        let mut settings = Vec::new();
        while self.kind() != &Kind::End {
            let start = self.place();
            match self.keyword().filter(|keyword| keyword.begins_statement()) {
                Some(keyword) if is_setting(keyword) => {
                    self.bump();
                    match self.setting(keyword) {
                        Some(kind) => {
                            let authority = self.authorities();
                            settings.push(Setting { place: self.since(start), kind, authority });
                        }
                        None => self.recover(),
                    }
                }
                Some(_) => break,
                None => {
                    self.stray();
                    self.recover();
                }
            }
        }
        settings
    }

    fn setting(&mut self, keyword: Keyword) -> Option<SettingKind> {
        Some(match keyword {
            Keyword::Assessed => SettingKind::Assessed(self.expression()?),
            Keyword::FullMark => SettingKind::FullMark(self.literal()?),
            Keyword::Total => {
                self.expect_punct(Punct::Equal)?;
                SettingKind::Total(self.expression()?)
            }
            Keyword::AtLeast => SettingKind::AtLeast(self.literal()?),
            Keyword::AtMost => SettingKind::AtMost(self.literal()?),
            Keyword::RoundItems => SettingKind::RoundItems(self.rounding()?),
            Keyword::RoundBlocks => SettingKind::RoundBlocks(self.rounding()?),
            Keyword::RoundTotal => SettingKind::RoundTotal(self.rounding()?),
            Keyword::Display => SettingKind::Display(self.rounding()?),
            Keyword::Ranking => self.ranking()?,
            Keyword::TieBreak => self.tie_break()?,
            Keyword::Missing => SettingKind::Missing(self.missing_word()?),
            Keyword::PartialReports => {
                self.expect_soft(Soft::NotCounted)?;
                self.expect(Keyword::Because)?;
                SettingKind::PartialReports(self.quoted()?)
            }
            Keyword::ItemTable => SettingKind::ItemTable(self.path_of_file()?),
            Keyword::PeerGroup => SettingKind::PeerGroup(self.name()?),
            Keyword::DefaultRule => SettingKind::DefaultRule(self.name()?),
            Keyword::Period => self.period()?,
            Keyword::Responsibility => SettingKind::Responsibility(self.word_of(&[Soft::PerItem, Soft::Undivided])?),
            _ => SettingKind::Let(self.let_line()?),
        })
    }

    fn ranking(&mut self) -> Option<SettingKind> {
        let by = self.stopping(ORDER, Self::expression)?;
        let descending = self.one_of(&[Soft::Descending, Soft::Ascending])? == Soft::Descending;
        let skip = self.accept_soft(Soft::TiesSkip);
        let ties_skip = if skip {
            Some(true)
        } else if self.accept_soft(Soft::TiesDense) {
            Some(false)
        } else {
            None
        };
        Some(SettingKind::Ranking { by, descending, ties_skip })
    }

    fn tie_break(&mut self) -> Option<SettingKind> {
        let mut keys = Vec::new();
        let mut then = None;
        loop {
            if self.accept_soft(Soft::Still) {
                then = Some(self.word_of(&[Soft::Tie, Soft::Lot])?);
                break;
            }
            keys.push(self.stopping(&[Soft::Still], Self::expression)?);
            if !self.accept_punct(Punct::Comma) && !self.is_soft(Soft::Still) {
                break;
            }
        }
        Some(SettingKind::TieBreak { keys, then })
    }

    /// What happens to an item whose figures are missing.
    pub(super) fn missing_word(&mut self) -> Option<crate::ast::Name> {
        self.word_of(&[Soft::Deferred, Soft::ZeroPoints, Soft::LowestPoints, Soft::Returned])
    }

    /// The path of a file: in quotation marks, or bare up to the next blank.
    fn path_of_file(&mut self) -> Option<Quoted> {
        if matches!(self.kind(), Kind::Quoted(_)) {
            return self.quoted();
        }
        if !matches!(self.kind(), Kind::Word(_) | Kind::Number(_) | Kind::Punct(Punct::Dot | Punct::Range)) {
            return self.wanted(Self::say("文件名", "the name of a file"), None);
        }
        let start = self.place();
        loop {
            // Not by bump: part of a path is never a word of the language.
            self.previous = self.place();
            self.at += 1;
            if !self.look(0).glued || self.kind() == &Kind::End {
                break;
            }
        }
        let place = self.since(start);
        let (from, to) = (place.start as usize - self.base, place.end as usize - self.base);
        Some(Quoted { text: String::from(self.text.get(from..to).unwrap_or("")), place })
    }

    fn period(&mut self) -> Option<SettingKind> {
        let from = self.day()?;
        self.expect(Keyword::Until)?;
        Some(SettingKind::Period { from, to: self.day()? })
    }

    pub(super) fn day(&mut self) -> Option<Day> {
        let Kind::Day(day) = self.kind() else {
            return self.wanted(Self::say("日期，如 2014-12-31", "a day, such as 2014-12-31"), None);
        };
        let day = *day;
        self.bump();
        Some(day)
    }

    /// `设 name body`, behind 设.
    pub(super) fn let_line(&mut self) -> Option<Let> {
        Some(Let { name: self.named(&[])?, value: self.value()? })
    }
}

/// Whether a keyword begins a setting.
pub(super) fn is_setting(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Assessed
            | K::FullMark
            | K::Total
            | K::AtLeast
            | K::AtMost
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
            | K::Responsibility
            | K::Let
    )
}
