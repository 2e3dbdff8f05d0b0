//! Cases (当 … → … 否则 → …), tables of tiers (档, 分段) and outcomes (结论).

use super::{
    Parser, Punct,
    expression::{Boxed, plain},
};
use crate::{
    ast::{Case, Comparison, Expr, ExprKind, OutcomeCase, Quoted, TierRow, TierTable},
    keyword::Keyword,
};
use alloc::{boxed::Box, vec::Vec};

impl Parser<'_> {
    /// The value of 设, 得, 给出: an expression or cases, after `=` or without it.
    pub(super) fn value(&mut self) -> Option<Expr> {
        self.accept_punct(Punct::Equal);
        self.case_value().map(|value| *value)
    }

    /// An expression, or cases.
    fn case_value(&mut self) -> Boxed {
        if self.keyword() == Some(Keyword::When) { self.nested(Self::cases) } else { self.boxed_expression() }
    }

    fn cases(&mut self) -> Boxed {
        let start = self.place();
        let (mut cases, mut height) = (Vec::new(), 0);
        while self.accept(Keyword::When) {
            cases.push(*self.one_case(&mut height)?);
        }
        if !self.accept(Keyword::Else) {
            return self.missing_otherwise(start, Keyword::Else);
        }
        self.expect_punct(Punct::Arrow)?;
        let otherwise = self.case_value()?;
        height = height.max(self.height);
        let say = self.say_words()?;
        self.grown(height, 1, start)?;
        Some(plain(ExprKind::Cases { cases, otherwise, say }, self.since(start)))
    }

    /// A case behind its 当; the height of its parts is noted.
    fn one_case(&mut self, height: &mut usize) -> Option<Box<Case>> {
        let when = self.boxed_expression()?;
        *height = self.height.max(*height);
        self.expect_punct(Punct::Arrow)?;
        let mut value = self.case_value()?;
        *height = self.height.max(*height);
        let say = self.say_words()?;
        self.inner_authority(&mut value);
        Some(Box::new(Case { when: *when, value: *value, say }))
    }

    /// `说 "…"`, if it stands here; the outer option is none after a finding.
    fn say_words(&mut self) -> Option<Option<Quoted>> {
        if self.accept(Keyword::Say) { self.quoted().map(Some) } else { Some(None) }
    }

    /// What stands behind a value while the statement goes on. It is noted at the value, and
    /// for the statement as a whole.
    fn inner_authority(&mut self, value: &mut Expr) {
        while let Some(authority) = self.authority() {
            value.authority.push(authority.clone());
            self.inner.push(authority);
        }
    }

    /// `档 x ≤ 5,000 元 → 25% … 其余 → 50%`.
    pub(super) fn tiers(&mut self) -> Boxed {
        let start = self.place();
        let slices = self.keyword() == Some(Keyword::Slices);
        self.bump();
        let subject = self.sum()?;
        let mut height = self.height;
        let rows = self.tier_rows(&mut height)?;
        if !self.accept(Keyword::Rest) {
            return self.missing_otherwise(start, Keyword::Rest);
        }
        self.expect_punct(Punct::Arrow)?;
        let rest = self.sum()?;
        let height = height.max(self.height);
        self.grown(height, 1, start)?;
        let table = Box::new(TierTable { slices, subject: *subject, rows, rest: *rest });
        Some(plain(ExprKind::Table(table), self.since(start)))
    }

    /// The rows of a table of tiers, at least one.
    fn tier_rows(&mut self, height: &mut usize) -> Option<Vec<TierRow>> {
        let mut rows = Vec::new();
        while let Some(relation) = self.relation() {
            rows.push(*self.tier_row(relation, height)?);
        }
        if rows.is_empty() {
            let wanted = Self::say("比较符号，如 ≤ 5,000 元 → 25%", "a comparison sign");
            return self.wanted(wanted, Some(&[]));
        }
        Some(rows)
    }

    fn tier_row(&mut self, relation: Comparison, height: &mut usize) -> Option<Box<TierRow>> {
        let start = self.place();
        self.bump();
        let edge = self.sum()?;
        *height = self.height.max(*height);
        self.expect_punct(Punct::Arrow)?;
        let mut value = self.sum()?;
        *height = self.height.max(*height);
        let place = self.since(start);
        self.inner_authority(&mut value);
        Some(Box::new(TierRow { relation, edge: *edge, value: *value, place }))
    }

    /// The cases of 结论.
    pub(super) fn outcome_cases(&mut self) -> Option<Vec<OutcomeCase>> {
        let start = self.place();
        let mut cases = Vec::new();
        while self.keyword() == Some(Keyword::When) {
            let mut case = self.outcome_case(true)?;
            while let Some(authority) = self.authority() {
                case.authority.push(authority.clone());
                self.inner.push(authority);
            }
            cases.push(case);
        }
        if self.keyword() != Some(Keyword::Else) {
            return self.missing_otherwise(start, Keyword::Else);
        }
        cases.push(self.outcome_case(false)?);
        Some(cases)
    }

    fn outcome_case(&mut self, conditional: bool) -> Option<OutcomeCase> {
        let start = self.place();
        self.bump();
        let when = if conditional { Some(self.expression()?) } else { None };
        self.expect_punct(Punct::Arrow)?;
        let outcome = self.name()?;
        let amount = if self.at_value() { Some(self.expression()?) } else { None };
        let say = self.say_words()?;
        Some(OutcomeCase { when, outcome, amount, say, place: self.since(start), authority: Vec::new() })
    }
}
