//! Names, figures, units, types, and what a statement rests on.

use super::{Kind, Parser, Punct};
use crate::{
    ast::{
        Authority, BindingValue, Comparison, Literal, LiteralNumber, Name, Named, Quoted, RoundingChoice, Suffix, Type,
        UnitText,
    },
    keyword::Keyword,
    soft::Soft,
};
use alloc::{string::String, vec::Vec};
use kaoping_terms::{Exact, Place, Rounding};
use unicode_normalization::UnicodeNormalization;

/// Makes a type of one word.
type MakeType = fn(Place) -> Type;

impl Parser<'_> {
    /// A name that is no keyword.
    pub(super) fn name(&mut self) -> Option<Name> {
        let Kind::Word(word) = self.kind() else {
            return self.wanted(Self::say("一个名称", "a name"), None);
        };
        let name = Name { text: word.clone(), place: self.place() };
        if let Some(keyword) = self.keyword() {
            // A word alone of its kind at the start of a line is the next statement: what is
            // missing is the name, not another word for it.
            if keyword.begins_statement() && self.first_on_line() {
                return self.wanted(Self::say("一个名称", "a name"), None);
            }
            self.reserved();
            // Passed, so that recovery does not take it for the next statement.
            self.bump();
            return None;
        }
        self.bump();
        self.names.push(name.clone());
        Some(name)
    }

    /// A name, or a keyword that names a result; that one in its Chinese spelling.
    pub(super) fn result_name(&mut self) -> Option<Name> {
        match self.keyword() {
            Some(keyword) if keyword.is_result() => Some(self.keyword_name(keyword)),
            _ => self.name(),
        }
    }

    /// Passes a keyword that is used as a name, in its Chinese spelling.
    pub(super) fn keyword_name(&mut self, keyword: Keyword) -> Name {
        let name = Name { text: String::from(keyword.chinese()), place: self.place() };
        self.bump();
        name
    }

    /// A name with its alias: a word of ASCII letters behind it on the same line.
    pub(super) fn named(&mut self, not_alias: &[Soft]) -> Option<Named> {
        let line = self.look(0).line;
        let name = self.name()?;
        let next = self.look(0);
        let alias = match &next.kind {
            Kind::Word(word) if word.is_ascii() && next.keyword.is_none() && next.line == line => Some(word.clone()),
            _ => None,
        };
        let Some(text) = alias.filter(|_| !not_alias.iter().any(|soft| self.is_soft(*soft))) else {
            return Some(Named { name, alias: None });
        };
        let alias = Name { text, place: self.place() };
        self.bump();
        self.names.push(alias.clone());
        Some(Named { name, alias: Some(alias) })
    }

    /// Names with commas between them.
    pub(super) fn name_list(&mut self) -> Option<Vec<Name>> {
        let mut names = Vec::from([self.result_name()?]);
        while self.accept_punct(Punct::Comma) {
            names.push(self.result_name()?);
        }
        Some(names)
    }

    pub(super) fn quoted(&mut self) -> Option<Quoted> {
        let Kind::Quoted(text) = self.kind() else {
            return self.wanted(Self::say("引号里的话", "words in quotation marks"), None);
        };
        let quoted = Quoted { text: text.clone(), place: self.place() };
        self.bump();
        Some(quoted)
    }

    /// Whether a figure begins here.
    pub(super) fn at_literal(&self) -> bool {
        let number = |ahead| matches!(self.look(ahead).kind, Kind::Number(_) | Kind::Broken);
        number(0) || (self.is_punct(Punct::Minus) && number(1)) || self.keyword() == Some(Keyword::Unreadable)
    }

    /// A figure with its sign and unit.
    pub(super) fn literal(&mut self) -> Option<Literal> {
        let start = self.place();
        let negative = self.is_punct(Punct::Minus) && matches!(self.look(1).kind, Kind::Number(_) | Kind::Broken);
        if negative {
            self.bump();
        }
        let number = self.number()?;
        let number = match number {
            LiteralNumber::Known(value) if negative => LiteralNumber::Known(-value),
            other => other,
        };
        let suffix = self.suffix()?;
        Some(Literal { number, suffix, place: self.since(start) })
    }

    /// A figure, or a product of figures of which one at most has a unit: 8,000 元 × 1.2.
    pub(super) fn constant(&mut self) -> Option<Literal> {
        let mut product = self.literal()?;
        while self.is_punct(Punct::Times) {
            self.bump();
            if !self.at_literal() {
                return self.wanted_factor();
            }
            let factor = self.literal()?;
            let place = product.place.to(factor.place);
            product = match times(product, factor) {
                Some(product) => Literal { place, ..product },
                None => return self.two_units(place),
            };
        }
        if matches!(self.kind(), Kind::Punct(Punct::Plus | Punct::Minus | Punct::Slash)) {
            return self.wanted_factor();
        }
        Some(product)
    }

    /// A number without a unit, for counts.
    pub(super) fn count(&mut self) -> Option<Literal> {
        let start = self.place();
        let number = self.number()?;
        Some(Literal { number, suffix: Suffix::None, place: self.since(start) })
    }

    fn number(&mut self) -> Option<LiteralNumber> {
        if self.accept(Keyword::Unreadable) {
            return Some(LiteralNumber::Unreadable(self.quoted()?.text));
        }
        match self.kind() {
            Kind::Number(value) => {
                let value = value.clone();
                self.bump();
                Some(LiteralNumber::Known(value))
            }
            Kind::MonthDay(..) | Kind::Month(..) => self.date_or_difference(),
            _ => self.wanted(Self::say("一个数", "a number"), None),
        }
    }

    fn suffix(&mut self) -> Option<Suffix> {
        if self.accept_punct(Punct::Percent) {
            return Some(Suffix::Percent);
        }
        if self.is_soft(Soft::PercentagePoints) && self.same_line() {
            self.bump_soft(Soft::PercentagePoints);
            return Some(Suffix::PercentagePoints);
        }
        if self.at_unit() { self.unit().map(Suffix::Unit) } else { Some(Suffix::None) }
    }

    fn same_line(&self) -> bool {
        !self.first_on_line()
    }

    /// Whether the word behind a number is its unit.
    fn at_unit(&self) -> bool {
        let token = self.look(0);
        if !matches!(token.kind, Kind::Word(_)) || !self.same_line() {
            return false;
        }
        match token.keyword {
            None => !self.stops.iter().any(|soft| self.is_soft(*soft)),
            Some(keyword) => keyword.is_noun() && (token.glued || !self.opens_statement()),
        }
    }

    /// Whether the noun at hand (例, 项 …) begins a statement instead: then its name follows
    /// on the same line.
    fn opens_statement(&self) -> bool {
        self.is_free_word(1) && self.look(1).line == self.look(0).line
    }

    /// A unit, written without blanks: 人, 元/人·月.
    pub(super) fn unit(&mut self) -> Option<UnitText> {
        let start = self.place();
        let mut unit = UnitText { above: Vec::from([self.noun()?]), ..UnitText::default() };
        loop {
            let slash = self.is_punct(Punct::Slash);
            let goes_on = (slash || self.is_punct(Punct::MiddleDot)) && self.look(0).glued;
            if !goes_on || !self.look(1).glued || !matches!(self.look(1).kind, Kind::Word(_)) {
                break;
            }
            self.bump();
            let noun = self.noun()?;
            if slash || !unit.below.is_empty() { unit.below.push(noun) } else { unit.above.push(noun) }
        }
        unit.place = self.since(start);
        Some(unit)
    }

    /// A noun of measure; some keywords are nouns too.
    fn noun(&mut self) -> Option<Name> {
        match (self.kind(), self.keyword()) {
            (Kind::Word(word), Some(keyword)) if keyword.is_noun() => {
                let name = Name { text: word.clone(), place: self.place() };
                // Not by bump: as a noun the word is not translated.
                self.previous = self.place();
                self.at += 1;
                Some(name)
            }
            _ => self.name(),
        }
    }

    /// A comparison sign, if one stands here.
    pub(super) fn relation(&self) -> Option<Comparison> {
        let Kind::Punct(punct) = self.kind() else {
            return None;
        };
        Some(match punct {
            Punct::Equal => Comparison::Equal,
            Punct::NotEqual => Comparison::NotEqual,
            Punct::Less => Comparison::Less,
            Punct::AtMost => Comparison::AtMost,
            Punct::Greater => Comparison::Greater,
            Punct::AtLeast => Comparison::AtLeast,
            _ => return None,
        })
    }

    /// A type: of an input, an attribute, a column.
    pub(super) fn data_type(&mut self) -> Option<Type> {
        let place = self.place();
        if self.accept(Keyword::Same) {
            return Some(Type::Same(self.name()?));
        }
        if self.is_punct_at(1, Punct::Bar) || self.is_punct_at(1, Punct::Equal) {
            return self.word_list();
        }
        const SIMPLE: &[(Soft, MakeType)] = &[
            (Soft::Quantity, Type::Quantity),
            (Soft::Number, Type::Plain),
            (Soft::Percent, Type::Ratio),
            (Soft::YesNo, Type::Truth),
            (Soft::Text, Type::Text),
            (Soft::Date, Type::Day),
        ];
        for (soft, make) in SIMPLE {
            if self.accept_soft(*soft) {
                return Some(make(place));
            }
        }
        let noun = self.keyword().is_some_and(|keyword| keyword.is_noun() && !self.first_on_line());
        if !noun && !self.is_free_word(0) {
            return self.wanted(
                Self::say(
                    "类型，如 人、百分比、是否、合格 | 不合格",
                    "a type, such as a noun, percent, yes_no or pass | fail",
                ),
                None,
            );
        }
        self.unit().map(Type::Unit)
    }

    fn word_list(&mut self) -> Option<Type> {
        let mut words = Vec::new();
        loop {
            let word = self.name()?;
            let code = if self.accept_punct(Punct::Equal) { Some(self.code()?) } else { None };
            self.once_in_list(&words, &word, code.as_ref());
            words.push((word, code));
            if !self.accept_punct(Punct::Bar) {
                return Some(Type::Words(words));
            }
        }
    }

    /// A word or a code stands for one word of the list only, or a cell could not be read.
    fn once_in_list(&mut self, words: &[(Name, Option<Name>)], word: &Name, code: Option<&Name>) {
        for written in [Some(word), code].into_iter().flatten() {
            let earlier = words.iter().flat_map(|(word, code)| [Some(word), code.as_ref()]).flatten();
            if let Some(first) = earlier.into_iter().find(|earlier| earlier.text == written.text) {
                let first = first.place;
                self.said_in_list(&written.text, written.place, first);
            }
        }
    }

    /// The code of a word in files: a word, a number as written, or both without blanks.
    fn code(&mut self) -> Option<Name> {
        let start = self.place();
        let part = |token: &super::Token| matches!(token.kind, Kind::Word(_) | Kind::Number(_));
        if !part(self.look(0)) {
            return self.wanted(Self::say("代码", "a code"), None);
        }
        loop {
            // Not by bump: a code is never a word of the language.
            self.previous = self.place();
            self.at += 1;
            if !(part(self.look(0)) && self.look(0).glued) {
                break;
            }
        }
        let place = self.since(start);
        let (from, to) = (place.start as usize - self.base, place.end as usize - self.base);
        let text = self.text.get(from..to).unwrap_or("").nfkc().collect();
        Some(Name { text, place })
    }

    /// `0.01 分 四舍五入`, or `不取整`.
    pub(super) fn rounding(&mut self) -> Option<RoundingChoice> {
        if self.accept_soft(Soft::Unrounded) {
            return Some(RoundingChoice::None);
        }
        if !self.at_literal() {
            return self.wanted(
                Self::say(
                    "取到多少，如 0.01 分 四舍五入，或“不取整”",
                    "a step and a mode, such as 0.01 and half_up, or unrounded",
                ),
                Some(&[Soft::Unrounded]),
            );
        }
        let step = self.stopping(Soft::ROUNDINGS, Self::literal)?;
        Some(RoundingChoice::To(step, self.rounding_mode()?))
    }

    pub(super) fn rounding_mode(&mut self) -> Option<Rounding> {
        Some(match self.one_of(Soft::ROUNDINGS)? {
            Soft::HalfEven => Rounding::HalfEven,
            Soft::Down => Rounding::Down,
            Soft::Up => Rounding::Up,
            _ => Rounding::HalfUp,
        })
    }

    /// A figure, or a word for a choice.
    pub(super) fn binding_value(&mut self) -> Option<BindingValue> {
        if self.at_literal() {
            return self.literal().map(BindingValue::Literal);
        }
        self.result_name().map(BindingValue::Word)
    }

    /// One authority, if it stands here. `选择 name …` is a statement, not an authority.
    pub(super) fn authority(&mut self) -> Option<Authority> {
        if let Kind::Clause(clause) = self.kind() {
            let clause = clause.clone();
            self.bump();
            return Some(Authority::Clause(clause));
        }
        let Kind::Quoted(text) = &self.look(1).kind else {
            return None;
        };
        let quoted = Quoted { text: text.clone(), place: self.look(1).place };
        let authority = match self.keyword() {
            Some(Keyword::Choice) => Authority::Choice(quoted),
            Some(Keyword::Example) => Authority::Example(quoted),
            _ => return None,
        };
        self.bump();
        self.bump();
        Some(authority)
    }

    /// What a statement rests on: what was written inside it, and all that stands here.
    pub(super) fn authorities(&mut self) -> Vec<Authority> {
        let mut all = core::mem::take(&mut self.inner);
        while let Some(authority) = self.authority() {
            all.push(authority);
        }
        all
    }
}

/// The product of two figures, unless both have a unit. A per cent is a hundredth; it stays
/// one where nothing else says what the product is.
fn times(left: Literal, right: Literal) -> Option<Literal> {
    let place = left.place;
    let suffix = match (left.suffix, right.suffix) {
        (Suffix::None, other) | (other, Suffix::None) => (other, false),
        (Suffix::Percent, other) | (other, Suffix::Percent) => (other, true),
        _ => return None,
    };
    let (suffix, hundredth) = suffix;
    let number = match (left.number, right.number) {
        (LiteralNumber::Known(left), LiteralNumber::Known(right)) => {
            let product = &left * &right;
            LiteralNumber::Known(if hundredth { &product * &Exact::decimal(1, 2) } else { product })
        }
        (unreadable @ LiteralNumber::Unreadable(_), _) | (_, unreadable) => unreadable,
    };
    Some(Literal { number, suffix, place })
}
