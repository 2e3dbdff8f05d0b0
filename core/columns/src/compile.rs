//! From nodes to instructions.

mod gone;
mod logic;
mod numbers;
mod quotients;
mod whole;

use crate::{
    code::{Action, Instruction, Register},
    figures::Figures,
    form::{Form, Line},
    once::Once,
    plan::{Known, Members, Output},
    refine::Ranges,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    vec,
    vec::Vec,
};
use kaoping_program::{Aggregate, Domain, NodeId, Op, Program, StepMode};
use kaoping_terms::{Exact, Rounding};

/// Below this in size every number, product and sum of a register stays.
pub(crate) const MOST: i128 = 1 << 51;

/// Below this in size stays what is divided, and what by.
pub(crate) const MOST_DIVIDED: i128 = 1 << 49;

/// Makes code node by node. What comes out as `None` cannot be proved to be exact.
pub(crate) struct Compiler<'a> {
    program: &'a Program,
    inputs: &'a [Figures<'a>],
    known: &'a dyn Fn(NodeId) -> Option<Known>,
    members: Members,
    code: Vec<Instruction>,
    pub(crate) ranges: Ranges,
    /// What each node came to, by its number: nothing until it was asked for.
    forms: Vec<Option<Option<Rc<Form>>>>,
    /// Whether lanes without a number are told; else a node that might have such has no code.
    tells_gone: bool,
    /// Where each node has no number, as a truth.
    gone: BTreeMap<NodeId, Form>,
    /// Where a figure was not reported, as a truth.
    gaps: BTreeMap<NodeId, Form>,
    /// Results of actions, so that none is done twice.
    made: Once,
    /// Registers of inputs: of those the least and the greatest number do occur.
    loaded: BTreeSet<Register>,
    outputs: u32,
    /// By how many nodes each node is used.
    uses: Vec<u32>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(
        program: &'a Program,
        inputs: &'a [Figures<'a>],
        members: Members,
        known: &'a dyn Fn(NodeId) -> Option<Known>,
        tells_gone: bool,
    ) -> Compiler<'a> {
        Compiler {
            program,
            inputs,
            known,
            members,
            code: Vec::new(),
            ranges: Ranges::default(),
            forms: vec![None; program.nodes.len()],
            tells_gone,
            gone: BTreeMap::new(),
            gaps: BTreeMap::new(),
            made: Once::default(),
            loaded: BTreeSet::new(),
            outputs: 0,
            uses: uses(program),
        }
    }

    pub(crate) fn into_code(self) -> Vec<Instruction> {
        self.code
    }

    /// Code that stores a node.
    pub(crate) fn output(&mut self, node: NodeId) -> Option<Output> {
        let form = self.node(node)?;
        let denominator = self.denominator(&form)?;
        let from = self.brought(&form, denominator)?;
        let (low, high) = self.ranges.of(from);
        // Made once, a choice is a register for all that rests on it.
        if matches!(*form, Form::Choice { .. }) {
            let made = Form::register(from).scaled(&Exact::ratio(1, denominator)?);
            self.came_to(node, Some(made));
        }
        let gone = match self.gone.get(&node).cloned() {
            Some(gone) if gone.as_constant().is_none_or(|never| !never.is_zero()) => Some(self.truth(&gone)?),
            _ => None,
        };
        let output = self.store(from);
        let gone = gone.map(|gone| self.store(gone) as usize);
        Some(Output { node, denominator: i64::try_from(denominator).ok()?, low, high, at: output as usize, gone })
    }

    /// Stores a register as the next result.
    fn store(&mut self, from: Register) -> u32 {
        self.code.push(Instruction::Store { from, output: self.outputs });
        self.outputs += 1;
        self.outputs - 1
    }

    /// What a node comes to.
    fn node(&mut self, id: NodeId) -> Option<Rc<Form>> {
        if let Some(Some(form)) = self.forms.get(id.0 as usize) {
            return form.clone();
        }
        // Arguments stand before their node, so whatever this one needs is made in order.
        let mut waiting = vec![id];
        while let Some(next) = waiting.last().copied() {
            let known = (self.known)(next);
            let op = &self.program.node(next)?.op;
            let before = waiting.len();
            if known.is_none() {
                op.each_argument(|argument| {
                    if !self.was_asked_for(argument) {
                        waiting.push(argument);
                    }
                });
            }
            if waiting.len() == before {
                let known_before = known.is_some();
                let form = match known {
                    Some(Known::One(number)) => Some(Form::constant(number)),
                    Some(Known::Input(input)) => self.input(input),
                    Some(Known::Gappy { input, gaps }) => self.gappy(next, input, gaps),
                    None => self.operation(next).map(|form| self.shared(next, form)),
                };
                let made = form.is_some();
                self.came_to(next, form);
                if self.tells_gone && made {
                    let known = known_before.then(|| self.gaps.get(&next).cloned());
                    let gone = match known {
                        Some(gaps) => Some(gaps.unwrap_or_else(|| Form::constant(Exact::zero()))),
                        None => self.gone(next),
                    };
                    match gone {
                        Some(gone) => _ = self.gone.insert(next, gone),
                        None => self.came_to(next, None),
                    }
                }
                waiting.pop();
            }
        }
        self.form(id)
    }

    /// What a node came to that was asked for before.
    fn form(&self, id: NodeId) -> Option<Rc<Form>> {
        self.forms.get(id.0 as usize).cloned().flatten().flatten()
    }

    fn was_asked_for(&self, id: NodeId) -> bool {
        self.forms.get(id.0 as usize).is_some_and(Option::is_some)
    }

    fn came_to(&mut self, id: NodeId, form: Option<Form>) {
        if let Some(place) = self.forms.get_mut(id.0 as usize) {
            *place = Some(form.map(Rc::new));
        }
    }

    /// A choice between multiples of registers that several nodes use is made once for all of them.
    fn shared(&mut self, node: NodeId, form: Form) -> Form {
        let used = self.uses.get(node.0 as usize).copied().unwrap_or(0);
        if used < 2 || !form.is_choice_of_registers() {
            return form;
        }
        self.as_line(&form).map_or(form, Form::Line)
    }

    fn input(&mut self, input: usize) -> Option<Form> {
        let figures = self.inputs.get(input)?;
        let fits = |number: i64| i128::from(number).abs() < MOST;
        if !fits(figures.low) || !fits(figures.high) {
            return None;
        }
        let action = Action::Load { input: u32::try_from(input).ok()? };
        let register = self.make(action, (i128::from(figures.low), i128::from(figures.high)))?;
        self.loaded.insert(register);
        let unit = Exact::ratio(1, i128::from(figures.denominator))?;
        Some(Form::register(register).scaled(&unit))
    }

    /// A figure that was not reported in some lanes; none where lanes without a number are not told.
    fn gappy(&mut self, id: NodeId, input: usize, gaps: usize) -> Option<Form> {
        let gaps = self.input(gaps).filter(|_| self.tells_gone)?;
        self.gaps.insert(id, gaps);
        self.input(input)
    }

    fn operation(&mut self, id: NodeId) -> Option<Form> {
        let program = self.program;
        let node = program.node(id)?;
        let of = |compiler: &Self, id: &NodeId| compiler.form(*id);
        let own = |form: Rc<Form>| Some(Rc::unwrap_or_clone(form));
        match &node.op {
            Op::Const(number) => Some(Form::constant(number.clone())),
            Op::NotApplicable | Op::Unreadable if self.tells_gone => Some(Form::constant(Exact::zero())),
            Op::NotApplicable | Op::Unreadable | Op::Column(_) => None,
            Op::Aggregate { function, over, x: Some(x), filter: None } => self.best(*function, *over, &*of(self, x)?),
            Op::Aggregate { .. } | Op::Rank { .. } | Op::FirstOfMatter { .. } | Op::MatterHas { .. } => None,
            Op::Add(a, b) => self.sum(&*of(self, a)?, &*of(self, b)?),
            Op::Sub(a, b) => self.sum(&*of(self, a)?, &of(self, b)?.negated()),
            Op::Mul(a, b) => self.product(&*of(self, a)?, &*of(self, b)?),
            Op::Div(a, b) => self.quotient(&*of(self, a)?, &*of(self, b)?),
            Op::Neg(x) => Some(of(self, x)?.negated()),
            Op::Min(a, b) => self.smaller(&*of(self, a)?, &*of(self, b)?),
            Op::Max(a, b) => {
                let (a, b) = (of(self, a)?.negated(), of(self, b)?.negated());
                Some(self.smaller(&a, &b)?.negated())
            }
            Op::Compare(relation, a, b) => self.compare(*relation, &*of(self, a)?, &*of(self, b)?),
            Op::And(a, b) => self.and(&*of(self, a)?, &*of(self, b)?),
            Op::Or(a, b) => self.or(&*of(self, a)?, &*of(self, b)?),
            Op::Not(x) => self.not(&*of(self, x)?),
            Op::Select { when, then, otherwise } => {
                let when = of(self, when)?;
                if let Some(truth) = when.as_constant() {
                    return own(of(self, if truth.is_zero() { otherwise } else { then })?);
                }
                let when = self.truth(&when)?;
                Some(Form::choice(when, of(self, then)?, of(self, otherwise)?))
            }
            Op::Steps { x, step, mode } => {
                let step = of(self, step)?;
                let counts = of(self, x)?.scaled(&Exact::one().divided_by(step.as_constant()?)?);
                match mode {
                    StepMode::Proportional => Some(counts),
                    StepMode::Whole => self.floor(&counts),
                    StepMode::Up => self.ceiling(&counts),
                }
            }
            Op::Round { x, step, mode } => {
                let counts = of(self, x)?.scaled(&Exact::one().divided_by(&step.abs())?);
                Some(self.rounded(&counts, *mode)?.scaled(&step.abs()))
            }
            Op::IsKnown(x) if self.gaps.contains_key(x) => {
                let gaps = self.gaps.get(x).cloned()?;
                self.not(&gaps)
            }
            Op::IfMissing(x, other) if self.gaps.contains_key(x) => {
                let gaps = self.gaps.get(x).cloned()?;
                let when = self.truth(&gaps)?;
                Some(Form::choice(when, of(self, other)?, of(self, x)?))
            }
            // Whether it is known is the question: the machine answers it.
            Op::IsKnown(x) | Op::IfMissing(x, _) | Op::IfNotApplicable(x, _) if self.may_be_gone(x) => {
                let form = of(self, x)?;
                if matches!(node.op, Op::IsKnown(_)) { Some(Form::constant(Exact::one())) } else { own(form) }
            }
            // Every figure is known.
            Op::IsKnown(x) => of(self, x).map(|_| Form::constant(Exact::one())),
            Op::IfMissing(a, _) | Op::IfNotApplicable(a, _) => own(of(self, a)?),
            Op::Fold { function, members } => {
                let members: Option<Vec<Rc<Form>>> = members.iter().map(|member| of(self, member)).collect();
                self.fold(*function, &members?)
            }
        }
    }

    /// The highest or lowest of all: of a multiple of an input it is that of the input.
    fn best(&self, function: Aggregate, over: Domain, of: &Form) -> Option<Form> {
        let among_all = match over {
            Domain::All => self.members.all,
            Domain::Peers => self.members.all && self.members.one_group,
            Domain::Subordinates | Domain::Rows(_) => false,
        };
        let Form::Line(line) = of else { return None };
        if !among_all || line.of.is_some_and(|register| !self.loaded.contains(&register)) {
            return None;
        }
        let (low, high) = self.ranges.line(line);
        match function {
            Aggregate::Highest => Some(Form::constant(high)),
            Aggregate::Lowest => Some(Form::constant(low)),
            _ => None,
        }
    }

    fn fold(&mut self, function: Aggregate, members: &[Rc<Form>]) -> Option<Form> {
        let (first, others) = members.split_first()?;
        let mut all = |join: fn(&mut Self, &Form, &Form) -> Option<Form>| {
            others.iter().try_fold(Form::clone(first), |joined, other| join(self, &joined, other))
        };
        match function {
            Aggregate::Sum => all(Self::sum),
            Aggregate::Mean => {
                let count = i64::try_from(members.len()).ok()?;
                Some(all(Self::sum)?.scaled(&Exact::one().divided_by(&Exact::whole(count))?))
            }
            Aggregate::Count => i64::try_from(members.len()).ok().map(|count| Form::constant(Exact::whole(count))),
            Aggregate::Highest => all(|compiler, a, b| Some(compiler.smaller(&a.negated(), &b.negated())?.negated())),
            Aggregate::Lowest => all(Self::smaller),
            Aggregate::AllOf => all(Self::and),
            Aggregate::AnyOf => all(Self::or),
            Aggregate::Median | Aggregate::TrimmedMean | Aggregate::Last => None,
        }
    }

    /// A register for an action, whose values lie between those two; none where they may be too
    /// large. An action is done once, unless what it gives holds in a branch only.
    pub(crate) fn make(&mut self, action: Action, (low, high): (i128, i128)) -> Option<Register> {
        let is_plain = self.ranges.is_plain();
        if is_plain && let Some(register) = self.made.get(&action) {
            return Some(register);
        }
        if low <= -MOST || high >= MOST {
            return None;
        }
        let register = self.ranges.add(i64::try_from(low).ok()?, i64::try_from(high).ok()?);
        self.code.push(Instruction::Make { to: register, action });
        if is_plain {
            self.made.insert(action, register);
        }
        Some(register)
    }

    /// Does something with each form of a choice, knowing what its condition says.
    pub(crate) fn in_each(&mut self, form: &Form, f: &mut dyn FnMut(&mut Self, &Form) -> Option<Form>) -> Option<Form> {
        let Form::Choice { when, then, otherwise } = form else {
            return f(self, form);
        };
        let before = self.ranges.enter(*when, true);
        let then = self.in_each(then, f);
        self.ranges.leave(before);
        let before = self.ranges.enter(*when, false);
        let otherwise = self.in_each(otherwise, f);
        self.ranges.leave(before);
        Some(Form::choice(*when, then?, otherwise?))
    }

    pub(crate) fn rounded(&mut self, counts: &Form, mode: Rounding) -> Option<Form> {
        let half = Exact::ratio(1, 2)?;
        let away = matches!(mode, Rounding::HalfUp | Rounding::HalfEven);
        self.in_each(counts, &mut |compiler, counts| {
            let (low, high) = compiler.ranges.form(counts);
            if mode == Rounding::HalfEven && !compiler.has_no_halves(counts) {
                return compiler.nearest_even(counts);
            }
            let above = |compiler: &mut Self, counts: &Form| match mode {
                _ if away => compiler.floor(&compiler.shifted(counts, &half)),
                Rounding::Up => compiler.ceiling(counts),
                _ => compiler.floor(counts),
            };
            if !low.is_negative() {
                return above(compiler, counts);
            }
            let below = |compiler: &mut Self| Some(above(compiler, &counts.negated())?.negated());
            if !high.is_positive() {
                return below(compiler);
            }
            if let Some(rounded) = compiler.symmetric(counts, mode) {
                return Some(rounded);
            }
            // Of both signs: toward or away from zero is another direction on each side.
            let zero = Form::constant(Exact::zero());
            let when = compiler.compare(kaoping_program::Relation::AtLeast, counts, &zero)?;
            let when = compiler.truth(&when)?;
            let before = compiler.ranges.enter(when, true);
            let then = above(compiler, counts);
            compiler.ranges.leave(before);
            let before = compiler.ranges.enter(when, false);
            let otherwise = below(compiler);
            compiler.ranges.leave(before);
            Some(Form::choice(when, then?, otherwise?))
        })
    }

    /// Whether no value lies half-way between two whole numbers: its denominator is odd.
    fn has_no_halves(&self, form: &Form) -> bool {
        let odd = |number: &Exact| number.parts().is_some_and(|(_, denominator)| denominator % 2 != 0);
        matches!(form, Form::Line(Line { times, plus, .. }) if odd(times) && odd(plus))
    }
}

/// By how many nodes of a program each is used.
fn uses(program: &Program) -> Vec<u32> {
    let mut uses = vec![0; program.nodes.len()];
    for node in &program.nodes {
        node.op.each_argument(|argument| {
            uses.get_mut(argument.0 as usize).into_iter().for_each(|uses: &mut u32| *uses += 1);
        });
    }
    uses
}
