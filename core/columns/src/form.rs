//! What a node comes to: a number for all, a multiple of a register, a quotient, or a choice of
//! those. Arithmetic with constants changes the form and needs no instruction.

use crate::code::Register;
use alloc::rc::Rc;
use kaoping_terms::Exact;

/// The values of a node over the units of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `times × register + plus`; without a register the constant `plus`.
    Line(Line),
    /// A quotient by something that varies.
    Ratio(Rc<Ratio>),
    /// As a quotient, and a constant beside it.
    Shifted {
        /// The quotient.
        ratio: Rc<Ratio>,
        /// What is added to it.
        plus: Exact,
    },
    /// One form where a truth holds, another where it does not.
    Choice {
        /// The truth.
        when: Register,
        /// Where it holds.
        then: Rc<Form>,
        /// Where it does not.
        otherwise: Rc<Form>,
    },
}

/// A quotient by something that is above zero for every unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    /// The dividend.
    pub(crate) above: Line,
    /// The divisor.
    pub(crate) below: Line,
}

/// A multiple of a register and a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The register; none where it is the same number for all.
    pub(crate) of: Option<Register>,
    /// What it is multiplied by; zero without a register.
    pub(crate) times: Exact,
    /// What is added.
    pub(crate) plus: Exact,
}

impl Line {
    pub(crate) fn constant(number: Exact) -> Line {
        Line { of: None, times: Exact::zero(), plus: number }
    }

    pub(crate) fn register(of: Register) -> Line {
        Line { of: Some(of), times: Exact::one(), plus: Exact::zero() }
    }

    /// The number it is for all, if it is one.
    pub(crate) fn as_constant(&self) -> Option<&Exact> {
        self.of.is_none().then_some(&self.plus)
    }

    pub(crate) fn scaled(&self, by: &Exact) -> Line {
        if *by == Exact::one() {
            return self.clone();
        }
        if by.is_zero() {
            return Line::constant(Exact::zero());
        }
        Line { of: self.of, times: &self.times * by, plus: &self.plus * by }
    }

    pub(crate) fn shifted(&self, by: &Exact) -> Line {
        Line { plus: &self.plus + by, ..self.clone() }
    }

    /// The sum of two lines of one register.
    pub(crate) fn plus(&self, other: &Line) -> Option<Line> {
        match (self.of, other.of) {
            (_, None) => Some(self.shifted(&other.plus)),
            (None, _) => Some(other.shifted(&self.plus)),
            (Some(a), Some(b)) if a == b => {
                let times = &self.times + &other.times;
                let of = (!times.is_zero()).then_some(a);
                Some(Line { of, times, plus: &self.plus + &other.plus })
            }
            _ => None,
        }
    }
}

impl Ratio {
    fn scaled(&self, by: &Exact) -> Ratio {
        Ratio { above: self.above.scaled(by), below: self.below.clone() }
    }
}

impl Form {
    pub(crate) fn ratio(above: Line, below: Line) -> Form {
        Form::Ratio(Rc::new(Ratio { above, below }))
    }

    pub(crate) fn constant(number: Exact) -> Form {
        Form::Line(Line::constant(number))
    }

    pub(crate) fn register(of: Register) -> Form {
        Form::Line(Line::register(of))
    }

    pub(crate) fn as_constant(&self) -> Option<&Exact> {
        match self {
            Form::Line(line) => line.as_constant(),
            Form::Ratio(_) | Form::Shifted { .. } | Form::Choice { .. } => None,
        }
    }

    /// Whether it is a choice, and every branch of it a multiple of a register.
    pub(crate) fn is_choice_of_registers(&self) -> bool {
        let of_registers = |form: &Form| match form {
            Form::Line(line) => line.of.is_some(),
            other => other.is_choice_of_registers(),
        };
        matches!(self, Form::Choice { then, otherwise, .. } if of_registers(then) && of_registers(otherwise))
    }

    pub(crate) fn scaled(&self, by: &Exact) -> Form {
        match self {
            Form::Line(line) => Form::Line(line.scaled(by)),
            Form::Ratio(_) | Form::Shifted { .. } if by.is_zero() => Form::constant(Exact::zero()),
            Form::Ratio(ratio) => Form::Ratio(Rc::new(ratio.scaled(by))),
            Form::Shifted { ratio, plus } => Form::Shifted { ratio: Rc::new(ratio.scaled(by)), plus: plus * by },
            Form::Choice { when, then, otherwise } => Form::choice(*when, then.scaled(by), otherwise.scaled(by)),
        }
    }

    pub(crate) fn negated(&self) -> Form {
        self.scaled(&Exact::whole(-1))
    }

    pub(crate) fn choice(when: Register, then: impl Into<Rc<Form>>, otherwise: impl Into<Rc<Form>>) -> Form {
        let (then, otherwise): (Rc<Form>, Rc<Form>) = (then.into(), otherwise.into());
        // What was asked before is known in each branch.
        let then = match &*then {
            Form::Choice { when: asked, then, .. } if *asked == when => Rc::clone(then),
            _ => then,
        };
        let otherwise = match &*otherwise {
            Form::Choice { when: asked, otherwise, .. } if *asked == when => Rc::clone(otherwise),
            _ => otherwise,
        };
        if then == otherwise {
            return Rc::unwrap_or_clone(then);
        }
        Form::Choice { when, then, otherwise }
    }
}
