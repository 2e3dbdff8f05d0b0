//! Quotients by what varies. What is made of one stays a quotient, of products, until it is rounded or
//! compared: an income a head beside a standard that varies is no number over one denominator.

use super::Compiler;
use crate::form::{Form, Line};
use kaoping_program::Relation;
use kaoping_terms::Exact;

/// Forms with more branches than this are not multiplied out with each other.
const MOST_BRANCHES: usize = 16;

/// A dividend and a divisor that is above zero.
type Parts = (Line, Line);

/// Whether a form is a quotient, or a choice with one in it.
pub(super) fn is_quotient(form: &Form) -> bool {
    match form {
        Form::Line(_) => false,
        Form::Ratio(_) | Form::Shifted { .. } => true,
        Form::Choice { then, otherwise, .. } => is_quotient(then) || is_quotient(otherwise),
    }
}

/// How many quotients and other forms a choice is between; one, where no quotient is among them.
fn branches(form: &Form) -> usize {
    match form {
        Form::Choice { then, otherwise, .. } if is_quotient(form) => branches(then) + branches(otherwise),
        _ => 1,
    }
}

impl Compiler<'_> {
    /// The sum of two forms of which one is a quotient.
    pub(super) fn quotient_sum(&mut self, a: &Form, b: &Form) -> Option<Form> {
        self.of_quotients(a, b, |compiler, (a, below_a), (b, below_b)| {
            if below_a == below_b {
                return Some((compiler.line_sum(&a, &b)?, below_a));
            }
            let (a, b) = (compiler.line_product(&a, &below_b)?, compiler.line_product(&b, &below_a)?);
            Some((compiler.line_sum(&a, &b)?, compiler.line_product(&below_a, &below_b)?))
        })
    }

    /// The product of two forms of which one is a quotient.
    pub(super) fn quotient_product(&mut self, a: &Form, b: &Form) -> Option<Form> {
        self.of_quotients(a, b, |compiler, (a, below_a), (b, below_b)| {
            Some((compiler.line_product(&a, &b)?, compiler.line_product(&below_a, &below_b)?))
        })
    }

    /// What is divided by a quotient is multiplied by its reverse.
    pub(super) fn by_quotient(&mut self, a: &Form, b: &Form) -> Option<Form> {
        self.each_quotient(b, &mut |compiler, b| {
            let (above, below) = compiler.parts(b)?;
            let reverse = compiler.quotient(&Form::Line(below), &Form::Line(above))?;
            compiler.product(a, &reverse)
        })
    }

    /// The smaller of two forms of which one is a quotient.
    pub(super) fn smaller_quotient(&mut self, a: &Form, b: &Form) -> Option<Form> {
        self.each_pair(a, b, &mut |compiler, a, b| {
            let when = compiler.compare(Relation::AtMost, a, b)?;
            match when.as_constant() {
                Some(truth) => Some(if truth.is_zero() { b.clone() } else { a.clone() }),
                None => Some(Form::choice(compiler.truth(&when)?, a.clone(), b.clone())),
            }
        })
    }

    fn of_quotients(
        &mut self,
        a: &Form,
        b: &Form,
        join: impl Fn(&mut Self, Parts, Parts) -> Option<Parts>,
    ) -> Option<Form> {
        self.each_pair(a, b, &mut |compiler, a, b| {
            let (a, b) = (compiler.parts(a)?, compiler.parts(b)?);
            let (above, below) = join(compiler, a, b)?;
            match below.as_constant() {
                Some(number) => Some(Form::Line(above.scaled(&Exact::one().divided_by(number)?))),
                None => Some(Form::ratio(above, below)),
            }
        })
    }

    fn each_pair(
        &mut self,
        a: &Form,
        b: &Form,
        f: &mut dyn FnMut(&mut Self, &Form, &Form) -> Option<Form>,
    ) -> Option<Form> {
        if branches(a) * branches(b) > MOST_BRANCHES {
            return None;
        }
        self.each_quotient(a, &mut |compiler, a| compiler.each_quotient(b, &mut |compiler, b| f(compiler, a, b)))
    }

    /// Each branch of a choice in which a quotient is; any other choice is made as a whole.
    fn each_quotient(&mut self, form: &Form, f: &mut dyn FnMut(&mut Self, &Form) -> Option<Form>) -> Option<Form> {
        if is_quotient(form) { self.in_each(form, f) } else { f(self, form) }
    }

    /// A form as one dividend and one divisor.
    pub(super) fn parts(&mut self, form: &Form) -> Option<Parts> {
        match form {
            Form::Ratio(ratio) => Some((ratio.above.clone(), ratio.below.clone())),
            Form::Shifted { ratio, plus } => {
                let below = ratio.below.clone();
                Some((self.line_sum(&ratio.above, &below.scaled(plus))?, below))
            }
            Form::Line(_) | Form::Choice { .. } => Some((self.as_line(form)?, Line::constant(Exact::one()))),
        }
    }

    fn line_product(&mut self, a: &Line, b: &Line) -> Option<Line> {
        let product = self.product(&Form::Line(a.clone()), &Form::Line(b.clone()))?;
        self.as_line(&product)
    }
}
