//! What a policy takes over from another, and what it changes.

use super::{Kind, Parser, Punct, parts::Headed};
use crate::{
    ast::{Authority, Change, ChangeKind, Inherit, Item, PartKind},
    keyword::Keyword,
};
use alloc::{boxed::Box, vec::Vec};

impl Parser<'_> {
    /// Behind 承接.
    pub(super) fn inherit(&mut self) -> Option<Headed> {
        let path = self.quoted()?;
        let version = self.version()?;
        let authority = self.authorities();
        let mut changes = Vec::new();
        while self.kind() != &Kind::End {
            let start = self.place();
            match self.keyword().filter(|keyword| keyword.begins_statement()) {
                Some(keyword @ (Keyword::Change | Keyword::AddPart | Keyword::RemovePart)) => {
                    self.bump();
                    let Some((kind, mut authority)) = self.change(keyword) else {
                        self.recover();
                        continue;
                    };
                    authority.extend(self.authorities());
                    let because = if self.accept(Keyword::Because) { self.quoted() } else { None };
                    authority.extend(self.authorities());
                    changes.push(Change { kind, because, place: self.since(start), authority });
                }
                Some(_) => break,
                None => {
                    self.stray();
                    self.recover();
                }
            }
        }
        Some((PartKind::Inherit(Inherit { path, version, changes }), authority))
    }

    fn change(&mut self, keyword: Keyword) -> Option<(ChangeKind, Vec<Authority>)> {
        match keyword {
            Keyword::Change => {
                let of = self.name()?;
                self.expect_punct(Punct::Dot)?;
                let what = self.result_name()?;
                self.expect_punct(Punct::Equal)?;
                let value = self.binding_value()?;
                Some((ChangeKind::Set { of, what, value }, Vec::new()))
            }
            Keyword::AddPart => {
                self.expect(Keyword::Item)?;
                let (((name, points), block), body, authority) = self.with_body(|parser| {
                    let head = parser.item_head()?;
                    let block = if parser.accept(Keyword::Over) { Some(parser.name()?) } else { None };
                    Some((head, block))
                })?;
                Some((ChangeKind::AddItem(Box::new(Item { name, points, body }), block), authority))
            }
            _ => {
                self.expect(Keyword::Item)?;
                Some((ChangeKind::RemoveItem(self.name()?), Vec::new()))
            }
        }
    }
}
