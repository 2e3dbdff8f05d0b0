//! The parts of a file.

use super::{Kind, Parser, Punct};
use crate::{
    ast::{
        AttributeDeclaration, Authority, AwardCount, Block, BodyLine, Correction, Decision, EventColumn, Events, Item,
        Literal, Named, NounDeclaration, Part, PartKind, Rule, Setting, SettingKind, Use, VetoEffect,
    },
    keyword::Keyword,
    soft::Soft,
};
use alloc::vec::Vec;
use kaoping_terms::Place;

/// A part and what was written behind its head.
pub(super) type Headed = (PartKind, Vec<Authority>);

impl Parser<'_> {
    pub(super) fn parts(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        while self.kind() != &Kind::End {
            match self.keyword().filter(|keyword| keyword.begins_statement()) {
                Some(keyword) => self.part(keyword, &mut parts),
                None => {
                    self.stray();
                    self.recover();
                }
            }
        }
        parts
    }

    fn part(&mut self, keyword: Keyword, parts: &mut Vec<Part>) {
        let start = self.place();
        if keyword == Keyword::Let && self.late_setting(start, parts) {
            return;
        }
        if !is_part(keyword) {
            self.misplaced(keyword);
            self.bump();
            return self.recover();
        }
        self.bump();
        let Some((kind, mut authority)) = self.part_kind(keyword) else {
            parts.append(&mut self.pending);
            return self.recover();
        };
        let mut pending = core::mem::take(&mut self.pending);
        if pending.is_empty() {
            authority.extend(self.authorities());
        }
        if let PartKind::Veto(veto) = &kind
            && veto.effects.contains(&VetoEffect::ItemZero(None))
        {
            // 本项 has no meaning where no item stands above.
            self.this_item_nowhere(veto.name.place);
        }
        let mut place = self.since(start);
        if let Some(next) = pending.first() {
            place.end = place.end.min(next.place.start);
        }
        parts.push(Part { place, kind, authority });
        parts.append(&mut pending);
    }

    /// A 设 below a block, an award or the like, which have no lines of their own: it is one
    /// of the scheme above. Whether there is a scheme above.
    fn late_setting(&mut self, start: Place, parts: &mut [Part]) -> bool {
        let scheme = parts.iter_mut().rev().find_map(|part| match &mut part.kind {
            PartKind::Scheme(scheme) => Some(scheme),
            _ => None,
        });
        let Some(scheme) = scheme else {
            return false;
        };
        self.bump();
        match self.let_line() {
            Some(binding) => {
                let authority = self.authorities();
                scheme.settings.push(Setting { place: self.since(start), kind: SettingKind::Let(binding), authority });
            }
            None => self.recover(),
        }
        true
    }

    fn part_kind(&mut self, keyword: Keyword) -> Option<Headed> {
        let kind = match keyword {
            Keyword::Use => PartKind::Use(self.use_library()?),
            Keyword::Noun => PartKind::Noun(self.noun_declaration()?),
            Keyword::Attribute => PartKind::Attribute(self.attribute()?),
            Keyword::Scheme => return self.scheme(),
            Keyword::Block => return self.block(),
            Keyword::Item => return self.item(),
            Keyword::Rule => {
                let (name, body, authority) = self.with_body(|parser| parser.named(&[]))?;
                return Some((PartKind::Rule(Rule { name, body }), authority));
            }
            Keyword::Decision => {
                let (name, body, authority) = self.with_body(|parser| parser.named(&[]))?;
                return Some((PartKind::Decision(Decision { name, body }), authority));
            }
            Keyword::Events => return self.events(),
            Keyword::Award => PartKind::Award(self.award()?),
            Keyword::AwardCount => PartKind::AwardCount(self.award_count()?),
            Keyword::PrizeTotal => PartKind::PrizeTotal(self.prize_total()?),
            Keyword::Deadlines => return self.deadlines(),
            Keyword::Grades => return self.grades(),
            Keyword::GradeMove => PartKind::GradeMove(self.grade_move()?),
            Keyword::Veto => PartKind::Veto(self.veto()?),
            Keyword::Quota => return self.quota(),
            Keyword::Roster => PartKind::Roster(self.roster()?),
            Keyword::Distribution => PartKind::Distribution(self.distribution()?),
            Keyword::Merge => PartKind::Merge(self.merge()?),
            Keyword::Rounds => PartKind::Rounds(self.rounds()?),
            Keyword::Once => PartKind::Once(self.once()?),
            Keyword::Inherit => return self.inherit(),
            _ => PartKind::Correction(self.correction()?),
        };
        Some((kind, Vec::new()))
    }

    /// A head with its authority, and the lines below it. The lines are read also where the
    /// head has a fault, so that their own findings are told and none that they have no owner.
    pub(super) fn with_body<T>(
        &mut self,
        head: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<(T, Vec<crate::ast::BodyLine>, Vec<Authority>)> {
        let head = head(self);
        let authority = if head.is_some() { self.authorities() } else { Vec::new() };
        if head.is_none() {
            self.recover();
        }
        let body = self.body();
        Some((head?, body, authority))
    }

    fn use_library(&mut self) -> Option<Use> {
        let path = self.quoted()?;
        Some(Use { path, version: self.version()? })
    }

    /// `版 "sha256:…"`, if it stands here; the outer option is none after a finding.
    pub(super) fn version(&mut self) -> Option<Option<crate::ast::Quoted>> {
        if self.accept(Keyword::Version) { self.quoted().map(Some) } else { Some(None) }
    }

    fn noun_declaration(&mut self) -> Option<NounDeclaration> {
        let name = self.name()?;
        let equals = if self.accept_punct(Punct::Equal) { Some(self.literal()?) } else { None };
        Some(NounDeclaration { name, equals })
    }

    fn attribute(&mut self) -> Option<AttributeDeclaration> {
        let name = self.named(&[])?;
        self.expect_punct(Punct::Colon)?;
        Some(AttributeDeclaration { name, kind: self.data_type()? })
    }

    fn block(&mut self) -> Option<Headed> {
        const WORDS: &[Soft] = &[Soft::ScaledFrom, Soft::OutsideFullMark];
        let mut block = Block { name: self.named(WORDS)?, ..Block::default() };
        let mut authority = Vec::new();
        loop {
            let place = self.place();
            authority.extend(self.authorities());
            if self.at_literal() {
                let points = self.stopping(WORDS, Self::literal)?;
                self.once_only(&mut block.points, points, place);
            } else if self.accept_soft(Soft::ScaledFrom) {
                let raw = self.stopping(WORDS, Self::literal)?;
                self.once_only(&mut block.scaled_from, raw, place);
            } else if self.accept_soft(Soft::OutsideFullMark) {
                block.outside_full_mark = true;
            } else if self.accept(Keyword::AtMost) {
                let limit = self.stopping(WORDS, Self::literal)?;
                self.once_only(&mut block.at_most, limit, place);
            } else if self.accept(Keyword::AtLeast) {
                let limit = self.stopping(WORDS, Self::literal)?;
                self.once_only(&mut block.at_least, limit, place);
            } else if let Some(keyword @ (Keyword::Lead | Keyword::Responsible | Keyword::Supporting)) = self.keyword()
            {
                self.bump();
                let kind = self.party(keyword)?;
                let named = self.authorities();
                block.parties.push(BodyLine { place: self.since(place), kind, authority: named.clone() });
                authority.extend(named);
            } else {
                return Some((PartKind::Block(block), authority));
            }
        }
    }

    /// Sets what may be said once.
    pub(super) fn once_only<T>(&mut self, slot: &mut Option<T>, value: T, place: kaoping_terms::Place) {
        if slot.is_some() {
            self.said_twice(self.since(place));
        }
        *slot = Some(value);
    }

    fn item(&mut self) -> Option<Headed> {
        let ((name, points), body, authority) = self.with_body(Self::item_head)?;
        Some((PartKind::Item(Item { name, points, body }), authority))
    }

    /// Name, alias and points of an item.
    pub(super) fn item_head(&mut self) -> Option<(Named, Option<Literal>)> {
        let name = self.named(&[])?;
        let points = if self.at_literal() { Some(self.literal()?) } else { None };
        Some((name, points))
    }

    fn events(&mut self) -> Option<Headed> {
        let line = self.look(0).line;
        // The word behind the name is the alias, unless it is the first column.
        let column_next = self.is_punct_at(2, Punct::Colon) || self.look(1).line != line;
        let name = if column_next { Named { name: self.name()?, alias: None } } else { self.named(&[])? };
        let authority = self.authorities();
        let mut columns = Vec::new();
        while self.is_free_word(0) {
            columns.push(self.event_column()?);
            self.accept_punct(Punct::Comma);
        }
        Some((PartKind::Events(Events { name, columns }), authority))
    }

    fn event_column(&mut self) -> Option<EventColumn> {
        let name = self.named(&[])?;
        self.expect_punct(Punct::Colon)?;
        let mut column = EventColumn { name, kind: self.data_type()?, bounds: Vec::new(), range: None };
        while self.limit(&mut column.bounds, &mut column.range)? {}
        Some(column)
    }

    fn award_count(&mut self) -> Option<AwardCount> {
        let count = self.count()?;
        self.counter();
        self.expect_punct(Punct::Colon)?;
        Some(AwardCount { count, awards: self.name_list()? })
    }

    fn prize_total(&mut self) -> Option<AwardCount> {
        let count = self.literal()?;
        self.expect_punct(Punct::Colon)?;
        Some(AwardCount { count, awards: self.name_list()? })
    }

    /// 名 or 个 behind a count; it may be left out.
    pub(super) fn counter(&mut self) {
        let _ = self.accept_soft(Soft::Places) || self.accept_soft(Soft::Pieces);
    }

    fn correction(&mut self) -> Option<Correction> {
        let subject = self.result_name()?;
        self.expect_soft(Soft::Original)?;
        let original = self.quoted()?;
        self.expect_soft(Soft::Now)?;
        let corrected = self.quoted()?;
        self.expect(Keyword::Because)?;
        Some(Correction { subject, original, corrected, because: self.quoted()? })
    }
}

/// Whether a keyword begins a part of a file.
fn is_part(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Use
            | K::Noun
            | K::Attribute
            | K::Scheme
            | K::Block
            | K::Item
            | K::Rule
            | K::Decision
            | K::Events
            | K::Award
            | K::AwardCount
            | K::PrizeTotal
            | K::Deadlines
            | K::Grades
            | K::GradeMove
            | K::Veto
            | K::Quota
            | K::Roster
            | K::Distribution
            | K::Merge
            | K::Rounds
            | K::Once
            | K::Inherit
            | K::Correction
    )
}
