//! Whole numbers of steps.

use super::{
    Compiler, MOST_DIVIDED,
    numbers::{over, short},
};
use crate::{
    code::Action,
    form::{Form, Line},
};
use kaoping_program::Relation;
use kaoping_terms::{Exact, Rounding};

impl Compiler<'_> {
    /// Rounded down.
    pub(crate) fn floor(&mut self, form: &Form) -> Option<Form> {
        self.in_each(form, &mut |compiler, form| match form {
            Form::Line(line) => compiler.line_floor(line).map(Form::Line),
            Form::Ratio(ratio) => compiler.ratio_floor(&ratio.above, &ratio.below),
            // A whole number beside a quotient stays outside of it.
            Form::Shifted { ratio, plus } if plus.is_whole() => {
                let whole = compiler.ratio_floor(&ratio.above, &ratio.below)?;
                Some(compiler.shifted(&whole, plus))
            }
            Form::Shifted { .. } => {
                let (above, below) = compiler.parts(form)?;
                compiler.ratio_floor(&above, &below)
            }
            Form::Choice { .. } => None,
        })
    }

    /// Rounded up.
    pub(crate) fn ceiling(&mut self, form: &Form) -> Option<Form> {
        Some(self.floor(&form.negated())?.negated())
    }

    /// To the nearest, a half to the even one: rounded up, and one less where that is odd and was a half.
    pub(crate) fn nearest_even(&mut self, counts: &Form) -> Option<Form> {
        let half = Exact::ratio(1, 2)?;
        let moved = self.shifted(counts, &half);
        let whole = self.floor(&moved)?;
        let was_half = self.compare(Relation::Equal, &moved, &whole)?;
        let pairs = self.floor(&whole.scaled(&half))?;
        let odd = self.compare(Relation::NotEqual, &whole, &pairs.scaled(&Exact::whole(2)))?;
        let less = self.and(&was_half, &odd)?;
        self.sum(&whole, &less.negated())
    }

    fn line_floor(&mut self, line: &Line) -> Option<Line> {
        if let Some(number) = line.as_constant() {
            return Some(Line::constant(number.floor()));
        }
        let divisor = self.line_denominator(line)?;
        if divisor == 1 {
            return Some(line.clone());
        }
        let (x, times, plus) = over(line, divisor)?;
        let (low, high) = self.ranges.of(x);
        let at = |number: i64| i128::from(number).checked_mul(times)?.checked_add(plus);
        let (a, b) = (at(low)?, at(high)?);
        let product = |number: i64| i128::from(number).checked_mul(times);
        let small = |number: i128| number.abs() < MOST_DIVIDED;
        if ![a, b, divisor, plus, product(low)?, product(high)?].into_iter().all(small) {
            return None;
        }
        let action = Action::Floor { x, times: short(times)?, plus: short(plus)?, divisor: short(divisor)? };
        let range = (a.min(b).div_euclid(divisor), a.max(b).div_euclid(divisor));
        Some(Line::register(self.make(action, range)?))
    }

    /// Rounded toward or away from zero, or to the nearest, of both signs: a multiple of a register
    /// without anything beside it is rounded by its size.
    pub(crate) fn symmetric(&mut self, counts: &Form, mode: Rounding) -> Option<Form> {
        let Form::Line(line) = counts else { return None };
        let own = self.line_denominator(line)?;
        let nearest = matches!(mode, Rounding::HalfUp | Rounding::HalfEven);
        // Over twice the denominator half a step is a whole number.
        let divisor = if nearest && own % 2 != 0 { own.checked_mul(2)? } else { own };
        let (x, times, beside) = over(line, divisor)?;
        if beside != 0 || divisor == 1 {
            return None;
        }
        let plus = match mode {
            Rounding::Down => 0,
            Rounding::Up => divisor - 1,
            Rounding::HalfUp | Rounding::HalfEven => divisor / 2,
        };
        let (low, high) = self.ranges.of(x);
        let at = |number: i64| i128::from(number).checked_mul(times);
        let (a, b) = (at(low)?, at(high)?);
        let small = |number: i128| number.abs() < MOST_DIVIDED;
        if ![a.abs().checked_add(plus)?, b.abs().checked_add(plus)?, divisor, times].into_iter().all(small) {
            return None;
        }
        let rounded = |number: i128| (number.abs() + plus) / divisor * number.signum();
        let (a, b) = (rounded(a), rounded(b));
        let action = Action::Rounded { x, times: short(times)?, plus: short(plus)?, divisor: short(divisor)? };
        Some(Form::register(self.make(action, (a.min(b), a.max(b)))?))
    }

    fn ratio_floor(&mut self, above: &Line, below: &Line) -> Option<Form> {
        // Both over one denominator, which falls out.
        let denominator = super::numbers::common(self.line_denominator(above)?, self.line_denominator(below)?)?;
        let (x, y) = (self.line_over(above, denominator)?, self.line_over(below, denominator)?);
        let ((low, high), (least, most)) = (self.ranges.of(x), self.ranges.of(y));
        let small = |number: i64| i128::from(number).abs() < MOST_DIVIDED;
        if least <= 0 || ![low, high, least, most].into_iter().all(small) {
            return None;
        }
        let down = if low < 0 { low.div_euclid(least) } else { low / most };
        let up = if high < 0 { high.div_euclid(most) } else { high / least };
        let made = self.make(Action::Quotient { x, y }, (i128::from(down), i128::from(up)))?;
        Some(Form::register(made))
    }
}
