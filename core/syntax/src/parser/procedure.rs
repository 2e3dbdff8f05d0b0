//! Deadlines, rounds, merged units, matters that count once.

use super::{Kind, Parser, Punct, parts::Headed};
use crate::{
    ast::{Comparison, DeadlineLine, Deadlines, Due, Merge, Once, PartKind, Rounds},
    keyword::Keyword,
    soft::Soft,
};
use alloc::vec::Vec;

impl Parser<'_> {
    /// Behind 期限. A line begins with the name of a step, not with a keyword; it ends at the
    /// next name.
    pub(super) fn deadlines(&mut self) -> Option<Headed> {
        let name = self.name()?;
        let authority = self.authorities();
        let mut lines = Vec::new();
        while self.is_free_word(0) {
            lines.push(self.deadline()?);
        }
        Some((PartKind::Deadlines(Deadlines { name, lines }), authority))
    }

    fn deadline(&mut self) -> Option<DeadlineLine> {
        let start = self.place();
        let name = self.name()?;
        let due = self.due()?;
        let before = if self.accept_soft(Soft::FeedsInto) { Some(self.name()?) } else { None };
        let place = self.since(start);
        Some(DeadlineLine { name, due, before, place, authority: self.authorities() })
    }

    fn due(&mut self) -> Option<Due> {
        let place = self.place();
        let due = match *self.kind() {
            Kind::MonthDay(month, day) => Due::MonthDay { month, day, place },
            Kind::Day(day) => Due::Date(day, place),
            Kind::Month(year, month) => Due::Month { year, month, place },
            _ if self.keyword() == Some(Keyword::From) => return self.due_within(),
            _ => {
                return self.wanted(
                    Self::say(
                        "期限，如 01-10 前、2005-12 内、自 受理 起 15 天 内",
                        "a date such as 01-10, a month such as 2005-12, or from a step",
                    ),
                    Some(&[]),
                );
            }
        };
        self.bump();
        self.expect_soft(if matches!(due, Due::Month { .. }) { Soft::Within } else { Soft::Before })?;
        Some(due)
    }

    fn due_within(&mut self) -> Option<Due> {
        self.expect(Keyword::From)?;
        let from = self.name()?;
        self.expect_soft(Soft::Onward)?;
        let length = self.stopping(&[Soft::Within], Self::literal)?;
        self.expect_soft(Soft::Within)?;
        Some(Due::Within { from, length })
    }

    /// Behind 轮次.
    pub(super) fn rounds(&mut self) -> Option<Rounds> {
        const WORDS: &[Soft] = &[
            Soft::EachMonth,
            Soft::EachQuarter,
            Soft::EachHalfYear,
            Soft::EachYear,
            Soft::EachPeriod,
            Soft::Official,
            Soft::Difference,
        ];
        let mut rounds = Rounds::default();
        loop {
            let name = self.named(WORDS)?;
            let every = Soft::PERIODS.iter().any(|period| self.is_soft(*period));
            let every = if every { Some(self.word_of(Soft::PERIODS)?) } else { None };
            rounds.rounds.push((name, every));
            if !self.accept_punct(Punct::Bar) {
                break;
            }
        }
        loop {
            let place = self.place();
            if self.accept_soft(Soft::Official) {
                self.expect_punct(Punct::Equal)?;
                let official = self.name()?;
                self.once_only(&mut rounds.official, official, place);
            } else if self.accept_soft(Soft::Difference) {
                if self.relation() != Some(Comparison::AtLeast) {
                    return self.wanted(Self::say("“≥”", "≥"), Some(&[]));
                }
                self.bump();
                let from = self.stopping(&[Soft::MustExplain], Self::literal)?;
                self.expect_soft(Soft::MustExplain)?;
                self.once_only(&mut rounds.explain_from, from, place);
            } else {
                return Some(rounds);
            }
        }
    }

    /// Behind 合并.
    pub(super) fn merge(&mut self) -> Option<Merge> {
        let name = self.name()?;
        self.expect_punct(Punct::Equal)?;
        let mut members = Vec::from([self.name()?]);
        while self.accept_punct(Punct::Plus) {
            members.push(self.name()?);
        }
        let items = if self.accept_soft(Soft::UsedFor) { self.name_list()? } else { Vec::new() };
        let inputs = if self.accept_soft(Soft::Sum) { self.name_list()? } else { Vec::new() };
        if self.accept_soft(Soft::Scores) {
            self.expect_soft(Soft::SameScoreEach)?;
        }
        Some(Merge { name, members, items, inputs })
    }

    /// Behind 一事不再扣.
    pub(super) fn once(&mut self) -> Option<Once> {
        let tables = self.name_list()?;
        let matter = if self.accept(Keyword::Same) { Some(self.name()?) } else { None };
        self.expect(Keyword::By)?;
        let items = self.name_list()?;
        Some(Once { tables, matter, items, highest: self.accept_soft(Soft::TakeHighest) })
    }
}
