//! Sums, products, quotients and the smaller of two.

use super::{Compiler, MOST, quotients::is_quotient};
use crate::{
    code::{Action, Register},
    form::{Form, Line},
};
use kaoping_program::Relation;
use kaoping_terms::Exact;

impl Compiler<'_> {
    /// The sum.
    pub(crate) fn sum(&mut self, a: &Form, b: &Form) -> Option<Form> {
        if let Some(number) = b.as_constant() {
            return self.in_each(a, &mut |compiler, a| Some(compiler.shifted(a, number)));
        }
        if let Some(number) = a.as_constant() {
            return self.in_each(b, &mut |compiler, b| Some(compiler.shifted(b, number)));
        }
        if is_quotient(a) || is_quotient(b) {
            return self.quotient_sum(a, b);
        }
        match (a, b) {
            (Form::Choice { .. }, other) | (other, Form::Choice { .. }) => {
                // A choice and what is not one: the sum in each branch is no dearer than the choice.
                let choice = if matches!(a, Form::Choice { .. }) { a } else { b };
                if let (Form::Line(_), true) = (other, self.shares_register(choice, other)) {
                    return self.in_each(choice, &mut |compiler, branch| compiler.sum(branch, other));
                }
                let (a, b) = (self.as_line(a)?, self.as_line(b)?);
                self.line_sum(&a, &b).map(Form::Line)
            }
            (Form::Line(a), Form::Line(b)) => self.line_sum(a, b).map(Form::Line),
            _ => None,
        }
    }

    /// Whether every branch of a choice is a number for all or a multiple of the line's register.
    fn shares_register(&self, choice: &Form, line: &Form) -> bool {
        match (choice, line) {
            (Form::Line(branch), Form::Line(line)) => branch.of.is_none() || branch.of == line.of,
            (Form::Choice { then, otherwise, .. }, line) => {
                self.shares_register(then, line) && self.shares_register(otherwise, line)
            }
            _ => false,
        }
    }

    /// A constant added.
    pub(crate) fn shifted(&self, form: &Form, by: &Exact) -> Form {
        match form {
            Form::Line(line) => Form::Line(line.shifted(by)),
            Form::Ratio(ratio) => {
                // a ÷ b + c = (a + c × b) ÷ b, if a and b are of one register or one is constant.
                match ratio.above.plus(&ratio.below.scaled(by)) {
                    Some(above) => Form::ratio(above, ratio.below.clone()),
                    None => Form::Shifted { ratio: ratio.clone(), plus: by.clone() },
                }
            }
            Form::Shifted { ratio, plus } => Form::Shifted { ratio: ratio.clone(), plus: plus + by },
            Form::Choice { when, then, otherwise } => {
                Form::choice(*when, self.shifted(then, by), self.shifted(otherwise, by))
            }
        }
    }

    pub(super) fn line_sum(&mut self, a: &Line, b: &Line) -> Option<Line> {
        if let Some(sum) = a.plus(b) {
            return Some(sum);
        }
        let denominator = common(self.line_denominator(a)?, self.line_denominator(b)?)?;
        let (x, by_x, plus_x) = over(a, denominator)?;
        let (y, by_y, plus_y) = over(b, denominator)?;
        let plus = plus_x.checked_add(plus_y)?;
        let ((low_x, high_x), (low_y, high_y)) = (self.times(x, by_x)?, self.times(y, by_y)?);
        let range = (low_x.checked_add(low_y)?.checked_add(plus)?, high_x.checked_add(high_y)?.checked_add(plus)?);
        let apart = |number: i128| number.abs() < MOST;
        let partly = [low_x.checked_add(low_y)?, high_x.checked_add(high_y)?];
        if !partly.into_iter().chain([low_x, high_x, low_y, high_y, plus, by_x, by_y]).all(apart) {
            return None;
        }
        let action = Action::Plane { x, by_x: short(by_x)?, y, by_y: short(by_y)?, plus: short(plus)? };
        let sum = self.make(action, range)?;
        Some(Line::register(sum).scaled(&Exact::ratio(1, denominator)?))
    }

    /// The least and greatest product of a register and a number.
    fn times(&self, x: Register, by: i128) -> Option<(i128, i128)> {
        let (low, high) = self.ranges.of(x);
        let (a, b) = (i128::from(low).checked_mul(by)?, i128::from(high).checked_mul(by)?);
        Some((a.min(b), a.max(b)))
    }

    /// The product.
    pub(crate) fn product(&mut self, a: &Form, b: &Form) -> Option<Form> {
        if let Some(number) = a.as_constant() {
            return Some(b.scaled(number));
        }
        if let Some(number) = b.as_constant() {
            return Some(a.scaled(number));
        }
        if is_quotient(a) || is_quotient(b) {
            return self.quotient_product(a, b);
        }
        let (da, db) = (self.denominator(a)?, self.denominator(b)?);
        let (x, y) = (self.brought(a, da)?, self.brought(b, db)?);
        let ((low_x, high_x), (low_y, high_y)) = (self.ranges.of(x), self.ranges.of(y));
        let edge = |x: i64, y: i64| i128::from(x) * i128::from(y);
        let edges = [edge(low_x, low_y), edge(low_x, high_y), edge(high_x, low_y), edge(high_x, high_y)];
        let range = (*edges.iter().min()?, *edges.iter().max()?);
        let product = self.make(Action::Product { x, y }, range)?;
        Some(Form::register(product).scaled(&Exact::ratio(1, da.checked_mul(db)?)?))
    }

    /// The quotient; none where the divisor might be zero.
    pub(crate) fn quotient(&mut self, a: &Form, b: &Form) -> Option<Form> {
        if let Some(number) = b.as_constant() {
            return Some(a.scaled(&Exact::one().divided_by(number)?));
        }
        if is_quotient(b) {
            return self.by_quotient(a, b);
        }
        let below = self.as_line(b)?;
        let (low, high) = self.ranges.line(&below);
        let minus = Exact::whole(-1);
        let (below, sign) = match () {
            () if low.is_positive() => (below, Exact::one()),
            () if high.is_negative() => (below.scaled(&minus), minus),
            // Where it is zero nobody looks: there it is one of what it is counted in.
            () if !low.is_negative() && self.tells_gone => (self.above_zero(&below)?, Exact::one()),
            () if self.tells_gone => {
                let when =
                    self.compare(Relation::Greater, &Form::Line(below.clone()), &Form::constant(Exact::zero()))?;
                let when = self.truth(&when)?;
                let (up, down) = (self.above_zero(&below)?, self.above_zero(&below.scaled(&minus))?);
                let then = self.quotient(a, &Form::Line(up))?;
                return Some(Form::choice(when, then, self.quotient(&a.negated(), &Form::Line(down))?));
            }
            () => return None,
        };
        let a = a.scaled(&sign);
        if is_quotient(&a) {
            return self.quotient_product(&a, &Form::ratio(Line::constant(Exact::one()), below));
        }
        let above = self.as_line(&a)?;
        Some(Form::ratio(above, below))
    }

    /// A line, and one of what it is counted in where it is not above zero.
    fn above_zero(&mut self, line: &Line) -> Option<Line> {
        let denominator = self.line_denominator(line)?;
        let x = self.line_over(line, denominator)?;
        let most = self.ranges.of(x).1.max(1);
        let made = self.make(Action::Raised { x, edge: 1 }, (1, i128::from(most)))?;
        Some(Line::register(made).scaled(&Exact::ratio(1, denominator)?))
    }

    /// The smaller.
    pub(crate) fn smaller(&mut self, a: &Form, b: &Form) -> Option<Form> {
        if let (Some(_), None) = (a.as_constant(), b.as_constant()) {
            return self.smaller(b, a);
        }
        let ((low_a, high_a), (low_b, high_b)) = (self.ranges.form(a), self.ranges.form(b));
        if high_a <= low_b {
            return Some(a.clone());
        }
        if high_b <= low_a {
            return Some(b.clone());
        }
        if let (Form::Line(line), Some(edge)) = (a, b.as_constant()) {
            return self.smaller_than(line, edge).map(Form::Line);
        }
        if let (Form::Choice { .. }, Some(_)) = (a, b.as_constant()) {
            return self.in_each(a, &mut |compiler, branch| compiler.smaller(branch, b));
        }
        if is_quotient(a) || is_quotient(b) {
            return self.smaller_quotient(a, b);
        }
        let denominator = common(self.denominator(a)?, self.denominator(b)?)?;
        let (x, y) = (self.brought(a, denominator)?, self.brought(b, denominator)?);
        let ((low_x, high_x), (low_y, high_y)) = (self.ranges.of(x), self.ranges.of(y));
        let range = (i128::from(low_x.min(low_y)), i128::from(high_x.min(high_y)));
        let smaller = self.make(Action::Min { x, y }, range)?;
        Some(Form::register(smaller).scaled(&Exact::ratio(1, denominator)?))
    }

    /// The smaller of a line and a number that lies between its edges.
    fn smaller_than(&mut self, line: &Line, edge: &Exact) -> Option<Line> {
        let register = line.of?;
        let at = (edge - &line.plus).divided_by(&line.times)?;
        // Where the edge is a whole number of the register the line stays as it is.
        let (x, at, outer) = match at.to_i64().filter(|_| at.is_whole()) {
            Some(at) => (register, at, line.clone()),
            None => {
                let below = at.parts()?.1;
                let denominator = common(self.line_denominator(line)?, edge.parts()?.1.max(1)).filter(|_| below > 0)?;
                let x = self.line_over(line, denominator)?;
                let scaled = edge * &Exact::ratio(denominator, 1)?;
                (x, scaled.to_i64()?, Line::register(x).scaled(&Exact::ratio(1, denominator)?))
            }
        };
        let (low, high) = self.ranges.of(x);
        let made = if outer.times.is_negative() {
            self.make(Action::Raised { x, edge: at }, (i128::from(low.max(at)), i128::from(high.max(at))))?
        } else {
            self.make(Action::Lowered { x, edge: at }, (i128::from(low.min(at)), i128::from(high.min(at))))?
        };
        Some(Line { of: Some(made), ..outer })
    }

    /// A form as a line: a choice is made.
    pub(crate) fn as_line(&mut self, form: &Form) -> Option<Line> {
        match form {
            Form::Line(line) => Some(line.clone()),
            Form::Ratio(_) | Form::Shifted { .. } => None,
            Form::Choice { .. } => {
                let denominator = self.denominator(form)?;
                let made = self.brought(form, denominator)?;
                Some(Line::register(made).scaled(&Exact::ratio(1, denominator)?))
            }
        }
    }

    /// The least denominator that all values of a form have; none where there is no such.
    pub(crate) fn denominator(&self, form: &Form) -> Option<i128> {
        match form {
            Form::Line(line) => self.line_denominator(line),
            Form::Ratio(_) | Form::Shifted { .. } => None,
            Form::Choice { then, otherwise, .. } => common(self.denominator(then)?, self.denominator(otherwise)?),
        }
    }

    pub(crate) fn line_denominator(&self, line: &Line) -> Option<i128> {
        common(line.times.parts()?.1, line.plus.parts()?.1)
    }

    /// A register with the numerators of a form over a denominator.
    pub(crate) fn brought(&mut self, form: &Form, denominator: i128) -> Option<Register> {
        match form {
            Form::Line(line) => self.line_over(line, denominator),
            Form::Ratio(_) | Form::Shifted { .. } => None,
            Form::Choice { when, then, otherwise } => {
                if let (Some(a), Some(b)) = (then.as_constant(), otherwise.as_constant()) {
                    // One of two numbers: a multiple of the truth, and a constant.
                    let line = Line { of: Some(*when), times: a - b, plus: b.clone() };
                    return self.line_over(&line, denominator);
                }
                if let Some(number) = then.as_constant() {
                    return self.chosen(*when, otherwise, number, denominator, false);
                }
                if let Some(number) = otherwise.as_constant() {
                    return self.chosen(*when, then, number, denominator, true);
                }
                let before = self.ranges.enter(*when, true);
                let then = self.brought(then, denominator).map(|then| (then, self.ranges.of(then)));
                self.ranges.leave(before);
                let before = self.ranges.enter(*when, false);
                let otherwise = self.brought(otherwise, denominator).map(|made| (made, self.ranges.of(made)));
                self.ranges.leave(before);
                let ((then, (low, high)), (otherwise, (least, most))) = (then?, otherwise?);
                let range = (i128::from(low.min(least)), i128::from(high.max(most)));
                self.make(Action::Select { when: *when, then, otherwise }, range)
            }
        }
    }

    /// A choice between a form, where the truth is `holds`, and a number.
    fn chosen(
        &mut self,
        when: Register,
        form: &Form,
        number: &Exact,
        denominator: i128,
        holds: bool,
    ) -> Option<Register> {
        let number = short(over_constant(number, denominator)?)?;
        let before = self.ranges.enter(when, holds);
        let made = self.brought(form, denominator).map(|made| (made, self.ranges.of(made)));
        self.ranges.leave(before);
        let (x, (low, high)) = made?;
        let range = (i128::from(low.min(number)), i128::from(high.max(number)));
        let action = if holds { Action::Keep { when, x, number } } else { Action::Put { when, number, x } };
        self.make(action, range)
    }

    pub(crate) fn line_over(&mut self, line: &Line, denominator: i128) -> Option<Register> {
        let Some(register) = line.of else {
            let number = over_constant(&line.plus, denominator)?;
            return self.make(Action::Set { number: short(number)? }, (number, number));
        };
        let (_, times, plus) = over(line, denominator)?;
        if times == 1 && plus == 0 {
            return Some(register);
        }
        let (low, high) = self.times(register, times)?;
        let apart = |number: i128| number.abs() < MOST;
        if ![low, high, times, plus].into_iter().all(apart) {
            return None;
        }
        let action = Action::Line { x: register, times: short(times)?, plus: short(plus)? };
        self.make(action, (low + plus, high + plus))
    }
}

/// The least common multiple; none beyond what registers hold.
pub(super) fn common(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x.max(1)).checked_mul(b).filter(|both| *both > 0 && *both < MOST)
}

/// A number times a denominator, which makes it whole.
fn over_constant(number: &Exact, denominator: i128) -> Option<i128> {
    let (numerator, own) = number.parts()?;
    (denominator % own == 0).then(|| numerator.checked_mul(denominator / own)).flatten()
}

/// A line over a denominator: its register, what it is multiplied by, what is added.
pub(super) fn over(line: &Line, denominator: i128) -> Option<(Register, i128, i128)> {
    Some((line.of?, over_constant(&line.times, denominator)?, over_constant(&line.plus, denominator)?))
}

/// A constant of an instruction.
pub(super) fn short(number: i128) -> Option<i64> {
    i64::try_from(number).ok().filter(|number| i128::from(*number).abs() < MOST)
}
