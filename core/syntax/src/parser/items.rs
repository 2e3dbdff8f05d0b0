//! The lines of an item, a rule or a decision.

use super::{Kind, Parser, Punct};
use crate::{
    ast::{
        Adjust, Authority, BindingValue, BodyKind, BodyLine, Choice, Gives, Name, Parameter, Part, PartKind, VetoEffect,
    },
    keyword::Keyword,
    soft::Soft,
};
use alloc::vec::Vec;

impl Parser<'_> {
    /// Lines up to the next keyword that is none of theirs.
    pub(super) fn body(&mut self) -> Vec<BodyLine> {
        let mut lines = Vec::new();
        while self.kind() != &Kind::End {
            let start = self.place();
            match self.keyword() {
                Some(keyword) if is_body(keyword) => {
                    self.bump();
                    let Some(kind) = self.body_line(keyword) else {
                        self.recover();
                        continue;
                    };
                    let (kind, authority) = self.with_late_cap(kind);
                    let place = self.since(start);
                    match kind {
                        // A veto that does not strike the item above is one of the scheme.
                        BodyKind::Veto(veto) if !veto.effects.contains(&VetoEffect::ItemZero(None)) => {
                            self.pending.push(Part { place, kind: PartKind::Veto(veto), authority });
                            break;
                        }
                        kind => lines.push(BodyLine { place, kind, authority }),
                    }
                }
                Some(keyword) if keyword.begins_statement() || keyword == Keyword::Because => break,
                _ => {
                    self.stray();
                    self.recover();
                }
            }
        }
        lines
    }

    /// What a line rests on. The cap of a 扣 or 加 line may also stand behind that: whether a
    /// clause is named in between must not change whose cap it is.
    fn with_late_cap(&mut self, kind: BodyKind) -> (BodyKind, Vec<Authority>) {
        let mut authority = self.authorities();
        let BodyKind::Adjust(mut adjust) = kind else {
            return (kind, authority);
        };
        if adjust.at_most.is_none() && self.accept(Keyword::AtMost) {
            match self.literal() {
                Some(limit) => {
                    adjust.at_most = Some(limit);
                    authority.extend(self.authorities());
                }
                None => self.recover(),
            }
        }
        (BodyKind::Adjust(adjust), authority)
    }

    fn body_line(&mut self, keyword: Keyword) -> Option<BodyKind> {
        Some(match keyword {
            Keyword::Input => BodyKind::Input(self.input()?),
            Keyword::Parameter => BodyKind::Parameters(self.parameters()?),
            Keyword::Choice => BodyKind::Choice(self.choice()?),
            Keyword::Let => BodyKind::Let(self.let_line()?),
            Keyword::Gives => BodyKind::Gives(self.gives()?),
            Keyword::Score => BodyKind::Score(self.value()?),
            Keyword::Outcome => BodyKind::Outcome(self.outcome_cases()?),
            Keyword::Deduct => BodyKind::Adjust(self.adjust(false)?),
            Keyword::Add => BodyKind::Adjust(self.adjust(true)?),
            Keyword::By => self.by_rule()?,
            Keyword::SubScheme => BodyKind::SubScheme(self.name()?),
            Keyword::AtMost => BodyKind::AtMost(self.literal()?),
            Keyword::AtLeast => BodyKind::AtLeast(self.literal()?),
            Keyword::RoundTo => BodyKind::Round(self.rounding()?),
            Keyword::Applies => {
                self.expect(Keyword::When)?;
                BodyKind::Applies(self.expression()?)
            }
            Keyword::Otherwise => self.not_applicable()?,
            Keyword::WhenMissing => BodyKind::WhenMissing(self.missing_word()?),
            Keyword::LowerIsBetter => BodyKind::LowerIsBetter,
            Keyword::Lead | Keyword::Responsible | Keyword::Supporting => self.party(keyword)?,
            Keyword::Definition => BodyKind::Definition(self.quoted()?),
            Keyword::Veto => BodyKind::Veto(self.veto()?),
            _ => BodyKind::Example(self.example()?),
        })
    }

    /// Behind 牵头, 责任 or 协办.
    pub(super) fn party(&mut self, keyword: Keyword) -> Option<BodyKind> {
        let names = self.name_list()?;
        Some(match keyword {
            Keyword::Lead => BodyKind::Lead(names),
            Keyword::Responsible => BodyKind::Responsible(names),
            _ => BodyKind::Supporting(names),
        })
    }

    fn parameters(&mut self) -> Option<Vec<Parameter>> {
        let mut parameters = Vec::new();
        loop {
            let name = self.named(&[])?;
            let value = if self.accept_punct(Punct::Equal) { Some(self.constant()?) } else { None };
            parameters.push(Parameter { name, value });
            if !self.accept_punct(Punct::Comma) {
                return Some(parameters);
            }
        }
    }

    fn choice(&mut self) -> Option<Choice> {
        let name = self.named(&[])?;
        let chosen = if self.accept_punct(Punct::Equal) { Some(self.name()?) } else { None };
        self.expect_punct(Punct::Colon)?;
        let mut words = Vec::from([self.name()?]);
        while self.accept_punct(Punct::Bar) {
            words.push(self.name()?);
        }
        Some(Choice { name, chosen, words, reason: self.quoted()? })
    }

    fn gives(&mut self) -> Option<Gives> {
        let name = self.named(&[])?;
        if self.accept_punct(Punct::Colon) {
            return Some(Gives { name, value: None, kind: Some(self.data_type()?) });
        }
        if !self.is_punct(Punct::Equal) && self.keyword() != Some(Keyword::When) {
            return self.wanted(Self::say("“=”或“:”", "= or :"), Some(&[]));
        }
        Some(Gives { name, value: Some(self.value()?), kind: None })
    }

    fn adjust(&mut self, adds: bool) -> Option<Adjust> {
        self.expect(Keyword::Each)?;
        let table = self.name()?;
        let filter = if self.accept(Keyword::Where) { Some(self.expression()?) } else { None };
        let points = self.literal()?;
        let at_most = if self.accept(Keyword::AtMost) { Some(self.literal()?) } else { None };
        Some(Adjust { adds, table, filter, points, at_most })
    }

    fn by_rule(&mut self) -> Option<BodyKind> {
        let rule = self.name()?;
        let mut bindings: Vec<(Name, BindingValue)> = Vec::new();
        let open = self.place();
        if self.accept_punct(Punct::Open) {
            while !self.is_punct(Punct::Close) {
                let name = self.name()?;
                self.expect_punct(Punct::Equal)?;
                bindings.push((name, self.binding_value()?));
                if !self.accept_punct(Punct::Comma) {
                    break;
                }
            }
            if !self.accept_punct(Punct::Close) {
                return self.unclosed(open);
            }
        }
        Some(BodyKind::By { rule, bindings })
    }

    fn not_applicable(&mut self) -> Option<BodyKind> {
        if self.keyword() == Some(Keyword::FullMark) {
            let word = self.keyword_name(Keyword::FullMark);
            return Some(BodyKind::Otherwise { word, substitute: None });
        }
        let word = self.word_of(&[Soft::Substitute, Soft::ZeroPoints, Soft::ScaledUp, Soft::LessFullMark])?;
        let substitute = if word.text == Soft::Substitute.chinese() { Some(self.name()?) } else { None };
        Some(BodyKind::Otherwise { word, substitute })
    }
}

/// Whether a keyword begins a line of an item, a rule or a decision.
fn is_body(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Input
            | K::Parameter
            | K::Choice
            | K::Let
            | K::Gives
            | K::Score
            | K::Outcome
            | K::Deduct
            | K::Add
            | K::By
            | K::SubScheme
            | K::AtMost
            | K::AtLeast
            | K::RoundTo
            | K::Applies
            | K::Otherwise
            | K::WhenMissing
            | K::LowerIsBetter
            | K::Lead
            | K::Responsible
            | K::Supporting
            | K::Definition
            | K::Veto
            | K::ExampleLine
    )
}
