//! Expressions: 或 < 且 < 非 < one comparison < + − < × / < a sign.

use super::{DEEPEST, Kind, Parser, Punct};
use crate::{
    ast::{AsOf, Binary, Call, Expr, ExprKind, Name},
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

/// An expression as it is handed up: boxed, so that deep nesting costs little stack.
pub(super) type Boxed = Option<Box<Expr>>;

pub(super) fn plain(kind: ExprKind, place: Place) -> Box<Expr> {
    Box::new(Expr { kind, place, authority: Vec::new() })
}

impl Parser<'_> {
    /// An expression.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.boxed_expression().map(|expr| *expr)
    }

    pub(super) fn boxed_expression(&mut self) -> Boxed {
        self.nested(|parser| parser.binary(LOOSEST))
    }

    /// An expression without comparison, as the edge of a tier.
    pub(super) fn sum(&mut self) -> Boxed {
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

    fn binary(&mut self, least: u8) -> Boxed {
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
            left = self.joined(left, operator, power)?;
            height = self.grown(height.max(self.height), 1, at)?;
            if power < COMPARE {
                compared = None;
            }
        }
        self.height = height;
        Some(left)
    }

    /// Two values and what stands between them; the height of the right one is noted.
    fn joined(&mut self, left: Box<Expr>, operator: Operator, power: u8) -> Boxed {
        let start = left.place;
        let kind = match operator {
            Operator::Binary(operator) => {
                let right = self.nested(|parser| parser.binary(power + 1))?;
                ExprKind::Binary(operator, left, right)
            }
            Operator::In => {
                let words = self.braced_names()?;
                self.height = 1;
                ExprKind::In(left, words)
            }
        };
        Some(plain(kind, self.since(start)))
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
    fn operand(&mut self, least: u8) -> Boxed {
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

    fn wrapped(&mut self, inner: Box<Expr>, starts: &[Place], make: fn(Box<Expr>) -> ExprKind) -> Boxed {
        self.grown(self.height, starts.len(), starts.first().copied().unwrap_or(inner.place))?;
        let wrap = |inner: Box<Expr>, start: &Place| {
            let place = start.to(inner.place);
            plain(make(inner), place)
        };
        Some(starts.iter().rev().fold(inner, wrap))
    }

    /// A value, perhaps with the parameters of another day: `应缴 按 2008-12-31 标准`, or of the
    /// day each row brings: `应缴 按 费款日 标准`.
    fn postfix(&mut self) -> Boxed {
        let mut value = self.atom()?;
        while self.keyword() == Some(Keyword::By) {
            let day = match &self.look(1).kind {
                Kind::Day(day) => Some(*day),
                Kind::Word(_) if self.is_soft_at(2, Soft::Standard) => None,
                _ => break,
            };
            self.bump();
            let day = match day {
                Some(day) => {
                    self.bump();
                    AsOf::Day(day)
                }
                None => AsOf::Row(self.name()?),
            };
            self.expect_soft(Soft::Standard)?;
            self.grown(self.height, 1, value.place)?;
            let place = self.since(value.place);
            value = plain(ExprKind::AsOf(value, day), place);
        }
        Some(value)
    }

    fn atom(&mut self) -> Boxed {
        self.height = 1;
        let keyword = self.keyword();
        match self.kind() {
            Kind::Punct(Punct::Open) => self.bracketed(),
            Kind::Word(_) if self.at_call(keyword) => self.call(),
            Kind::Word(_) if matches!(keyword, Some(Keyword::Tiers | Keyword::Slices)) => self.tiers(),
            Kind::Word(_) if keyword.is_none_or(Keyword::is_result) => self.path(),
            _ => self.figure(),
        }
    }

    /// A figure, a day, or 不适用.
    fn figure(&mut self) -> Boxed {
        let start = self.place();
        let kind = match (self.kind(), self.keyword()) {
            (Kind::Number(_), _) | (_, Some(Keyword::Unreadable)) => ExprKind::Literal(self.literal()?),
            (Kind::Day(day), _) => {
                let day = *day;
                self.bump();
                ExprKind::Day(day)
            }
            (Kind::MonthDay(..) | Kind::Month(..), _) => return self.date_or_difference(),
            (_, Some(Keyword::NotApplicable)) => {
                self.bump();
                ExprKind::NotApplicable
            }
            _ => return self.value_missing(),
        };
        Some(plain(kind, self.since(start)))
    }

    fn value_missing<T>(&mut self) -> Option<T> {
        self.wanted(Self::say("一个值：数、名称或括号", "a value: a number, a name or a bracket"), Some(&[]))
    }

    /// Whether a function with its arguments begins here. 取到 is a function and a statement.
    fn at_call(&self, keyword: Option<Keyword>) -> bool {
        (keyword.is_none() || keyword == Some(Keyword::RoundTo)) && self.is_punct_at(1, Punct::Open)
    }

    fn bracketed(&mut self) -> Boxed {
        let open = self.place();
        self.bump();
        let mut inner = self.boxed_expression()?;
        if !self.accept_punct(Punct::Close) {
            return self.unclosed(open);
        }
        inner.place = self.since(open);
        Some(inner)
    }

    /// A name with its members: 单位.试点.
    fn path(&mut self) -> Boxed {
        let start = self.place();
        let mut names = Vec::from([self.result_name()?]);
        while self.accept_punct(Punct::Dot) {
            names.push(self.result_name()?);
        }
        Some(plain(ExprKind::Name(names), self.since(start)))
    }

    fn call(&mut self) -> Boxed {
        let start = self.place();
        let mut call =
            Box::new(Call { function: self.listed(FUNCTIONS)?, arguments: Vec::new(), over: None, filter: None });
        let height = self.arguments(&mut call)?;
        self.grown(height, 1, start)?;
        Some(plain(ExprKind::Call(call), self.since(start)))
    }

    /// The bracket behind a function; gives the height of what is in it.
    fn arguments(&mut self, call: &mut Call) -> Option<usize> {
        let open = self.place();
        self.bump();
        let mut height = 0;
        while !self.is_punct(Punct::Close) {
            let argument = self.argument(&call.function)?;
            call.arguments.push(*argument);
            height = height.max(self.height);
            if !self.accept_punct(Punct::Comma) {
                break;
            }
        }
        if self.accept(Keyword::Over) {
            call.over = Some(self.domain()?);
        }
        if self.accept(Keyword::Where) {
            let filter = self.boxed_expression()?;
            call.filter = Some(*filter);
            height = height.max(self.height);
        }
        if self.accept_punct(Punct::Close) { Some(height) } else { self.unclosed(open) }
    }

    /// An argument; the last one of 取到 is a mode of rounding, a word of the language.
    fn argument(&mut self, function: &Name) -> Boxed {
        if function.text == Keyword::RoundTo.chinese() && self.is_punct_at(1, Punct::Close) {
            let mode = Soft::ROUNDINGS.iter().copied().find(|mode| self.is_soft(*mode));
            if let Some(mode) = mode {
                return self.mode_argument(mode);
            }
        }
        self.boxed_expression()
    }

    fn mode_argument(&mut self, mode: Soft) -> Boxed {
        let place = self.place();
        self.height = 1;
        self.bump_soft(mode);
        let name = Name { text: String::from(mode.chinese()), place };
        Some(plain(ExprKind::Name(Vec::from([name])), place))
    }

    /// 同组, 各月, a block, 子方案: what an aggregate runs over.
    fn domain(&mut self) -> Option<Name> {
        match self.keyword() {
            Some(keyword @ (Keyword::PeerGroup | Keyword::SubScheme)) => Some(self.keyword_name(keyword)),
            _ => self.listed(DOMAINS),
        }
    }

    /// A name that may be one of a list in two languages; then it is given in Chinese.
    fn listed(&mut self, list: &[(&'static str, &'static str)]) -> Option<Name> {
        let Kind::Word(word) = self.kind() else {
            return self.name();
        };
        let chinese = self.chinese;
        let entry = list.iter().find(|(zh, en)| word == if chinese { zh } else { en });
        let place = self.place();
        match (entry, self.keyword()) {
            (_, Some(Keyword::RoundTo)) => Some(self.keyword_name(Keyword::RoundTo)),
            (Some((zh, en)), None) => {
                self.bump();
                self.marks.push(Mark { place, chinese: zh, english: en });
                Some(Name { text: String::from(*zh), place })
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
