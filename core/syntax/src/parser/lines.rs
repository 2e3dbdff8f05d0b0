//! Lines with more than one clause of their own: 读入, 例, 否决.

use super::{Kind, Parser, Punct};
use crate::{
    ast::{Comparison, Example, ExampleValue, Input, Literal, Name, Veto, VetoEffect},
    keyword::Keyword,
    soft::Soft,
};
use alloc::vec::Vec;

/// Words that may stand behind a figure of an input.
const INPUT_WORDS: &[Soft] = &[
    Soft::Step,
    Soft::NeedsReason,
    Soft::Assessors,
    Soft::Default,
    Soft::EachMonth,
    Soft::EachQuarter,
    Soft::EachHalfYear,
    Soft::EachYear,
    Soft::EachPeriod,
];

impl Parser<'_> {
    /// `完成数 actual : 量 ≥ 0 人 …`, behind 读入.
    pub(super) fn input(&mut self) -> Option<Input> {
        self.stopping(INPUT_WORDS, |parser| {
            let name = parser.named(&[])?;
            parser.expect_punct(Punct::Colon)?;
            let kind = parser.data_type()?;
            let mut input = Input {
                name,
                kind,
                bounds: Vec::new(),
                against: Vec::new(),
                range: None,
                per_period: None,
                assessors: None,
                step: None,
                needs_reason: false,
                default: None,
            };
            loop {
                let comma = parser.accept_punct(Punct::Comma);
                if !parser.input_option(&mut input)? {
                    if comma {
                        return parser.wanted(Self::say("范围或说明", "a bound or another remark"), Some(INPUT_WORDS));
                    }
                    return Some(input);
                }
            }
        })
    }

    /// Reads one remark on an input, if there is one.
    fn input_option(&mut self, input: &mut Input) -> Option<bool> {
        let place = self.place();
        if let Some(relation) = self.relation_to_a_name() {
            self.bump();
            input.against.push((relation, self.name()?));
            return Some(true);
        }
        if self.limit(&mut input.bounds, &mut input.range)? {
            return Some(true);
        }
        if self.accept_soft(Soft::Step) {
            let step = self.literal()?;
            self.once_only(&mut input.step, step, place);
        } else if self.accept_soft(Soft::NeedsReason) {
            input.needs_reason = true;
        } else if self.accept_soft(Soft::Assessors) {
            let judges = self.literal()?;
            self.once_only(&mut input.assessors, judges, place);
        } else if self.accept_soft(Soft::Default) {
            let default = self.literal()?;
            self.once_only(&mut input.default, default, place);
        } else if Soft::PERIODS.iter().any(|period| self.is_soft(*period)) {
            let period = self.word_of(Soft::PERIODS)?;
            self.once_only(&mut input.per_period, period, place);
        } else {
            return Some(false);
        }
        Some(true)
    }

    /// The relation that bounds an input by another one, if that follows.
    fn relation_to_a_name(&self) -> Option<Comparison> {
        let relation = self.relation()?;
        let bounds = !matches!(relation, Comparison::Equal | Comparison::NotEqual);
        let named = matches!(self.look(1).kind, Kind::Word(_)) && self.look(1).keyword.is_none();
        (bounds && named).then_some(relation)
    }

    /// Reads one bound or range of a figure, if there is one.
    pub(super) fn limit(
        &mut self,
        bounds: &mut Vec<(Comparison, Literal)>,
        range: &mut Option<(Literal, Literal)>,
    ) -> Option<bool> {
        let place = self.place();
        if let Some(relation) = self.relation() {
            self.bump();
            bounds.push((relation, self.literal()?));
        } else if self.at_literal() {
            let low = self.literal()?;
            self.expect_punct(Punct::Range)?;
            let found = (low, self.literal()?);
            self.once_only(range, found, place);
        } else {
            return Some(false);
        }
        Some(true)
    }

    /// `a = 1, b = 2 → 3`, behind 例.
    pub(super) fn example(&mut self) -> Option<Example> {
        let mut given = Vec::new();
        while !self.is_punct(Punct::Arrow) {
            let name = self.result_name()?;
            self.expect_punct(Punct::Equal)?;
            given.push((name, self.example_value()?));
            if !self.accept_punct(Punct::Comma) {
                break;
            }
        }
        self.expect_punct(Punct::Arrow)?;
        let (mut expected, mut named) = (Vec::new(), Vec::new());
        loop {
            if self.is_punct_at(1, Punct::Equal) {
                let name = self.result_name()?;
                self.expect_punct(Punct::Equal)?;
                named.push((name, self.example_value()?));
            } else {
                expected.push(self.example_value()?);
            }
            // A word and its amount need no comma between them.
            let amount_follows = expected.len() == 1 && named.is_empty() && self.at_literal();
            if !amount_follows && !self.accept_punct(Punct::Comma) {
                return Some(Example { given, expected, named });
            }
        }
    }

    fn example_value(&mut self) -> Option<ExampleValue> {
        let place = self.place();
        if let Kind::Day(day) = self.kind() {
            let day = *day;
            self.bump();
            return Some(ExampleValue::Day(day, place));
        }
        if self.at_literal() {
            return self.literal().map(ExampleValue::Literal);
        }
        match self.keyword() {
            Some(keyword @ (Keyword::Missing | Keyword::NotApplicable)) => {
                Some(ExampleValue::Word(self.keyword_name(keyword)))
            }
            _ => self.name().map(ExampleValue::Word),
        }
    }

    /// `弄虚作假 当 cond → effects`, behind 否决.
    pub(super) fn veto(&mut self) -> Option<Veto> {
        let name = self.name()?;
        self.expect(Keyword::When)?;
        let when = self.expression()?;
        self.expect_punct(Punct::Arrow)?;
        let mut effects = Vec::from([self.veto_effect()?]);
        while self.accept_punct(Punct::Comma) {
            effects.push(self.veto_effect()?);
        }
        Some(Veto { name, when, effects })
    }

    fn veto_effect(&mut self) -> Option<VetoEffect> {
        if self.accept_soft(Soft::ThisItem) {
            self.expect_soft(Soft::ToZero)?;
            return Some(VetoEffect::ItemZero(None));
        }
        match self.keyword() {
            Some(Keyword::Item) => {
                self.bump();
                let item = if self.is_soft(Soft::ToZero) { None } else { Some(self.name()?) };
                self.expect_soft(Soft::ToZero)?;
                Some(VetoEffect::ItemZero(item))
            }
            Some(Keyword::Block) => {
                self.bump();
                let block = self.name()?;
                self.expect_soft(Soft::ToZero)?;
                Some(VetoEffect::BlockZero(block))
            }
            Some(Keyword::Total) => {
                self.bump();
                self.expect_soft(Soft::ToZero)?;
                Some(VetoEffect::TotalZero)
            }
            Some(Keyword::Grades) => {
                self.bump();
                match self.one_of(&[Soft::Lowered, Soft::SetTo])? {
                    Soft::Lowered => self.literal().map(VetoEffect::GradeDown),
                    _ => self.name().map(VetoEffect::GradeTo),
                }
            }
            Some(Keyword::Award) => {
                self.bump();
                self.expect_soft(Soft::Bars)?;
                Some(VetoEffect::AwardBarred(self.name_or_all()?))
            }
            _ => self.wanted(
                Self::say(
                    "后果，如 本项 归零、总分 归零、等次 降 1、奖 取消 全部",
                    "an effect, such as this_item to_zero or total to_zero",
                ),
                Some(&[Soft::ThisItem]),
            ),
        }
    }

    /// A name, or none for 全部; the outer option is none after a finding.
    fn name_or_all(&mut self) -> Option<Option<Name>> {
        if self.accept_soft(Soft::All) { Some(None) } else { self.name().map(Some) }
    }
}
