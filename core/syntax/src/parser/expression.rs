//! Expressions: 或 < 且 < 非 < one comparison < + − < × / < a sign.

use super::{DEEPEST, Kind, Parser, Punct};
use crate::{
    ast::{Binary, Call, Expr, ExprKind, Literal, Name},
    format::Mark,
    keyword::Keyword,
    soft::{DOMAINS, FUNCTIONS, Soft},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use kaoping_terms::Place;

/// How tightly operators bind.
const LOOSEST: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;

/// An operator that stands between two values.
enum Operator {
    Binary(Binary),
    In,
}

pub(super) fn plain(kind: ExprKind, place: Place) -> Expr {
    Expr {
        kind,
        place,
        authority: Vec::new(),
    }
}

impl Parser<'_> {
    /// An expression.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.nested(|parser| parser.binary(LOOSEST))
    }

    /// An expression without comparison, as the edge of a tier.
    pub(super) fn sum(&mut self) -> Option<Expr> {
        self.nested(|parser| parser.binary(SUM))
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        if let Some(relation) = self.relation() {
            return Some((Operator::Binary(Binary::Compare(relation)), COMPARE));
        }
        let (binary, power) = match (self.kind(), self.keyword()) {
            (_, Some(Keyword::Or)) => (Binary::Or, LOOSEST),
            (_, Some(Keyword::And)) => (Binary::And, AND),
            (_, Some(Keyword::In)) => return Some((Operator::In, COMPARE)),
            (Kind::Punct(Punct::Plus), _) => (Binary::Add, SUM),
            (Kind::Punct(Punct::Minus), _) => (Binary::Sub, SUM),
            (Kind::Punct(Punct::Times), _) => (Binary::Mul, PRODUCT),
            (Kind::Punct(Punct::Slash), _) => (Binary::Div, PRODUCT),
            _ => return None,
        };
        Some((Operator::Binary(binary), power))
    }

    fn binary(&mut self, least: u8) -> Option<Expr> {
        let mut left = self.operand(least)?;
        let mut height = self.height;
        let mut compared: Option<Place> = None;
        while let Some((operator, power)) = self.operator() {
            if power < least {
                break;
            }
            let at = self.place();
            if power == COMPARE
                && let Some(first) = compared.replace(at)
            {
                self.chained(first);
            }
            self.bump();
            let kind = match operator {
                Operator::Binary(operator) => {
                    let right = self.nested(|parser| parser.binary(power + 1))?;
                    height = height.max(self.height);
                    ExprKind::Binary(operator, Box::new(left), Box::new(right))
                }
                Operator::In => ExprKind::In(Box::new(left), self.braced_names()?),
            };
            height = self.grown(height, 1, at)?;
            let start = match &kind {
                ExprKind::Binary(_, left, _) | ExprKind::In(left, _) => left.place,
                _ => at,
            };
            left = plain(kind, self.since(start));
            if power < COMPARE {
                compared = None;
            }
        }
        self.height = height;
        Some(left)
    }

    /// The height of a tree that grew, unless it grew too high.
    pub(super) fn grown(&mut self, height: usize, by: usize, place: Place) -> Option<usize> {
        let height = height.saturating_add(by);
        if height > DEEPEST {
            return self.too_deep(place);
        }
        self.height = height;
        Some(height)
    }

    /// A value with the 非 or − before it.
    fn operand(&mut self, least: u8) -> Option<Expr> {
        if self.keyword() == Some(Keyword::Not) && least <= NOT {
            let starts = self.prefixes(|parser| parser.keyword() == Some(Keyword::Not));
            let inner = self.binary(COMPARE)?;
            return self.wrapped(inner, &starts, ExprKind::Not);
        }
        if self.is_punct(Punct::Minus) {
            let starts = self.prefixes(|parser| parser.is_punct(Punct::Minus));
            let inner = self.postfix()?;
            return self.wrapped(inner, &starts, ExprKind::Negate);
        }
        self.postfix()
    }

    /// Passes equal prefixes and gives their places; a loop, because there may be thousands.
    fn prefixes(&mut self, is_prefix: impl Fn(&Self) -> bool) -> Vec<Place> {
        let mut starts = Vec::new();
        while is_prefix(self) {
            starts.push(self.place());
            self.bump();
        }
        starts
    }

    fn wrapped(
        &mut self,
        inner: Expr,
        starts: &[Place],
        make: fn(Box<Expr>) -> ExprKind,
    ) -> Option<Expr> {
        self.grown(
            self.height,
            starts.len(),
            starts.first().copied().unwrap_or(inner.place),
        )?;
        let wrap = |inner: Expr, start: &Place| {
            let place = start.to(inner.place);
            plain(make(Box::new(inner)), place)
        };
        Some(starts.iter().rev().fold(inner, wrap))
    }

    /// A value, perhaps with the parameters of another day: `应缴 按 2008-12-31 标准`.
    fn postfix(&mut self) -> Option<Expr> {
        let mut value = self.atom()?;
        while self.keyword() == Some(Keyword::By) {
            let Kind::Day(day) = self.look(1).kind else {
                break;
            };
            self.bump();
            self.bump();
            self.expect_soft(Soft::Standard)?;
            self.grown(self.height, 1, value.place)?;
            let place = self.since(value.place);
            value = plain(ExprKind::AsOf(Box::new(value), day), place);
        }
        Some(value)
    }

    fn atom(&mut self) -> Option<Expr> {
        let start = self.place();
        self.height = 1;
        match (self.kind(), self.keyword()) {
            (Kind::Number(_), _) | (_, Some(Keyword::Unreadable)) => {
                let literal: Literal = self.literal()?;
                Some(plain(ExprKind::Literal(literal), self.since(start)))
            }
            (Kind::Day(day), _) => {
                let day = *day;
                self.bump();
                Some(plain(ExprKind::Day(day), start))
            }
            (Kind::MonthDay(..) | Kind::Month(..), _) => self.date_or_difference(),
            (Kind::Punct(Punct::Open), _) => self.bracketed(),
            (_, Some(Keyword::NotApplicable)) => {
                self.bump();
                Some(plain(ExprKind::NotApplicable, start))
            }
            (_, Some(Keyword::Tiers | Keyword::Slices)) => self.tiers(),
            (Kind::Word(_), keyword) if self.at_call(keyword) => self.call(),
            (Kind::Word(_), None) => self.path(),
            (Kind::Word(_), Some(keyword)) if keyword.is_result() => self.path(),
            _ => self.wanted(
                Self::say(
                    "一个值：数、名称或括号",
                    "a value: a number, a name or a bracket",
                ),
                Some(&[]),
            ),
        }
    }

    /// Whether a function with its arguments begins here. 取到 is a function and a statement.
    fn at_call(&self, keyword: Option<Keyword>) -> bool {
        (keyword.is_none() || keyword == Some(Keyword::RoundTo)) && self.is_punct_at(1, Punct::Open)
    }

    fn bracketed(&mut self) -> Option<Expr> {
        let open = self.place();
        self.bump();
        let mut inner = self.expression()?;
        if !self.accept_punct(Punct::Close) {
            return self.unclosed(open);
        }
        inner.place = self.since(open);
        Some(inner)
    }

    /// A name with its members: 单位.试点.
    fn path(&mut self) -> Option<Expr> {
        let start = self.place();
        let mut names = Vec::from([self.result_name()?]);
        while self.accept_punct(Punct::Dot) {
            names.push(self.result_name()?);
        }
        Some(plain(ExprKind::Name(names), self.since(start)))
    }

    fn call(&mut self) -> Option<Expr> {
        let start = self.place();
        let function = self.listed(FUNCTIONS)?;
        let open = self.place();
        self.bump();
        let mut call = Call {
            function,
            arguments: Vec::new(),
            over: None,
            filter: None,
        };
        let mut height = 0;
        while !self.is_punct(Punct::Close) {
            call.arguments.push(self.argument(&call.function)?);
            height = height.max(self.height);
            if !self.accept_punct(Punct::Comma) {
                break;
            }
        }
        if self.accept(Keyword::Over) {
            call.over = Some(self.domain()?);
        }
        if self.accept(Keyword::Where) {
            call.filter = Some(self.expression()?);
            height = height.max(self.height);
        }
        if !self.accept_punct(Punct::Close) {
            return self.unclosed(open);
        }
        self.grown(height, 1, start)?;
        Some(plain(ExprKind::Call(Box::new(call)), self.since(start)))
    }

    /// An argument; behind a comma of 取到 the mode of rounding is a word of the language.
    fn argument(&mut self, function: &Name) -> Option<Expr> {
        let rounding = (function.text == Keyword::RoundTo.chinese())
            .then(|| {
                Soft::ROUNDINGS
                    .iter()
                    .copied()
                    .find(|mode| self.is_soft(*mode))
            })
            .flatten();
        let ends = self.is_punct_at(1, Punct::Close);
        let Some(mode) = rounding.filter(|_| ends) else {
            return self.expression();
        };
        let place = self.place();
        self.height = 1;
        self.bump_soft(mode);
        let name = Name {
            text: String::from(mode.chinese()),
            place,
        };
        Some(plain(ExprKind::Name(Vec::from([name])), place))
    }

    /// 同组, 各月, a block, 子方案: what an aggregate runs over.
    fn domain(&mut self) -> Option<Name> {
        match self.keyword() {
            Some(keyword @ (Keyword::PeerGroup | Keyword::SubScheme)) => {
                Some(self.keyword_name(keyword))
            }
            _ => self.listed(DOMAINS),
        }
    }

    /// A name that may be one of a list in two languages; then it is given in Chinese.
    fn listed(&mut self, list: &[(&'static str, &'static str)]) -> Option<Name> {
        let Kind::Word(word) = self.kind() else {
            return self.name();
        };
        let chinese = self.chinese;
        let entry = list
            .iter()
            .find(|(zh, en)| word == if chinese { zh } else { en });
        let place = self.place();
        match (entry, self.keyword()) {
            (_, Some(Keyword::RoundTo)) => Some(self.keyword_name(Keyword::RoundTo)),
            (Some((zh, en)), None) => {
                self.bump();
                self.marks.push(Mark {
                    place,
                    chinese: zh,
                    english: en,
                });
                Some(Name {
                    text: String::from(*zh),
                    place,
                })
            }
            _ => self.name(),
        }
    }

    fn braced_names(&mut self) -> Option<Vec<Name>> {
        let open = self.place();
        self.expect_punct(Punct::OpenBrace)?;
        let names = self.name_list()?;
        if !self.accept_punct(Punct::CloseBrace) {
            return self.unclosed(open);
        }
        Some(names)
    }
}
