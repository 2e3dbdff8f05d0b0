//! Comparisons and truths.

use super::Compiler;
use crate::{
    code::{Action, Register},
    form::{Form, Line},
    refine::{Bound, Said},
};
use kaoping_program::Relation;
use kaoping_terms::Exact;

impl Compiler<'_> {
    /// Whether a relation holds: 1 or 0.
    pub(crate) fn compare(&mut self, relation: Relation, a: &Form, b: &Form) -> Option<Form> {
        let difference = self.sum(a, &b.negated())?;
        self.in_each(&difference, &mut |compiler, form| match form {
            Form::Line(line) => compiler.against_zero(relation, line),
            // Divided by something above zero the sign stays.
            Form::Ratio(ratio) => compiler.against_zero(relation, &ratio.above),
            Form::Shifted { ratio, plus } => {
                let above = Form::Line(ratio.above.clone());
                let above = compiler.sum(&above, &Form::Line(ratio.below.scaled(plus)))?;
                let above = compiler.as_line(&above)?;
                compiler.against_zero(relation, &above)
            }
            Form::Choice { .. } => None,
        })
    }

    fn against_zero(&mut self, relation: Relation, line: &Line) -> Option<Form> {
        let truth = |holds: bool| Form::constant(if holds { Exact::one() } else { Exact::zero() });
        let zero = Exact::zero();
        let Some(x) = line.of else {
            let order = line.plus.cmp(&zero);
            return Some(truth(match relation {
                Relation::Equal => order.is_eq(),
                Relation::NotEqual => order.is_ne(),
                Relation::Less => order.is_lt(),
                Relation::AtMost => order.is_le(),
                Relation::Greater => order.is_gt(),
                Relation::AtLeast => order.is_ge(),
            }));
        };
        // times × x + plus against zero is x against the edge, the other way round below zero.
        let edge = (&zero - &line.plus).divided_by(&line.times)?;
        let rising = line.times.is_positive();
        let upward = |compiler: &mut Self, strictly: bool| {
            let least = if strictly { (&edge.floor() + &Exact::one()).to_i64() } else { edge.ceiling().to_i64() };
            compiler.at_least(x, least?)
        };
        let downward = |compiler: &mut Self, strictly: bool| {
            let most = if strictly { (&edge.ceiling() - &Exact::one()).to_i64() } else { edge.floor().to_i64() };
            compiler.at_most(x, most?)
        };
        match (relation, rising) {
            (Relation::AtLeast, true) | (Relation::AtMost, false) => upward(self, false),
            (Relation::Greater, true) | (Relation::Less, false) => upward(self, true),
            (Relation::AtMost, true) | (Relation::AtLeast, false) => downward(self, false),
            (Relation::Less, true) | (Relation::Greater, false) => downward(self, true),
            (Relation::Equal | Relation::NotEqual, _) => {
                let found = match edge.to_i64().filter(|_| edge.is_whole()) {
                    Some(edge) => self.equal(x, edge)?,
                    None => truth(false),
                };
                if relation == Relation::Equal { Some(found) } else { self.not(&found) }
            }
        }
    }

    fn at_least(&mut self, x: Register, edge: i64) -> Option<Form> {
        let (low, high) = self.ranges.of(x);
        if low >= edge || high < edge {
            return Some(Form::constant(if low >= edge { Exact::one() } else { Exact::zero() }));
        }
        let truth = self.make(Action::AtLeast { x, edge }, (0, 1))?;
        let yes = Said::Bound(Bound { of: x, low: Some(edge), high: None });
        self.ranges.say(truth, yes, Said::Bound(Bound { of: x, low: None, high: Some(edge - 1) }));
        Some(Form::register(truth))
    }

    fn at_most(&mut self, x: Register, edge: i64) -> Option<Form> {
        let (low, high) = self.ranges.of(x);
        if high <= edge || low > edge {
            return Some(Form::constant(if high <= edge { Exact::one() } else { Exact::zero() }));
        }
        let truth = self.make(Action::AtMost { x, edge }, (0, 1))?;
        let yes = Said::Bound(Bound { of: x, low: None, high: Some(edge) });
        self.ranges.say(truth, yes, Said::Bound(Bound { of: x, low: Some(edge + 1), high: None }));
        Some(Form::register(truth))
    }

    fn equal(&mut self, x: Register, edge: i64) -> Option<Form> {
        let (low, high) = self.ranges.of(x);
        if edge < low || edge > high {
            return Some(Form::constant(Exact::zero()));
        }
        let truth = self.make(Action::Equal { x, edge }, (0, 1))?;
        let yes = Said::Bound(Bound { of: x, low: Some(edge), high: Some(edge) });
        self.ranges.say(truth, yes, Said::Nothing);
        Some(Form::register(truth))
    }

    /// A truth as a register of 1 and 0; a choice of truths is made.
    pub(crate) fn truth(&mut self, form: &Form) -> Option<Register> {
        let line = self.as_line(form)?;
        let register = self.line_over(&line, 1)?;
        (self.ranges.of(register).0 >= 0 && self.ranges.of(register).1 <= 1).then_some(register)
    }

    /// Both.
    pub(crate) fn and(&mut self, a: &Form, b: &Form) -> Option<Form> {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(number) = one.as_constant() {
                return Some(if number.is_zero() { Form::constant(Exact::zero()) } else { other.clone() });
            }
        }
        let (x, y) = (self.truth(a)?, self.truth(b)?);
        let both = self.make(Action::Product { x, y }, (0, 1))?;
        self.ranges.say(both, Said::Both([(x, true), (y, true)]), Said::Nothing);
        Some(Form::register(both))
    }

    /// Either.
    pub(crate) fn or(&mut self, a: &Form, b: &Form) -> Option<Form> {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(number) = one.as_constant() {
                return Some(if number.is_zero() { other.clone() } else { Form::constant(Exact::one()) });
            }
        }
        let (x, y) = (self.truth(a)?, self.truth(b)?);
        let either = self.make(Action::Either { x, y }, (0, 1))?;
        self.ranges.say(either, Said::Nothing, Said::Both([(x, false), (y, false)]));
        Some(Form::register(either))
    }

    /// Not.
    pub(crate) fn not(&mut self, form: &Form) -> Option<Form> {
        if let Some(number) = form.as_constant() {
            return Some(Form::constant(if number.is_zero() { Exact::one() } else { Exact::zero() }));
        }
        let x = self.truth(form)?;
        let not = self.make(Action::Line { x, times: -1, plus: 1 }, (0, 1))?;
        let (yes, no) = (self.ranges.said(x, true), self.ranges.said(x, false));
        self.ranges.say(not, no, yes);
        Some(Form::register(not))
    }
}
