//! A figure that a decision reads, and how a cell of it is read.

use crate::places;
use alloc::string::String;
use kaoping_cells::{
    Range, Refusal, Short,
    reading::{self, code, plain},
};
use kaoping_program::{Bounds, ColumnId, Kind, Op};
use kaoping_scheme::{Standard, model::Input};
use kaoping_terms::Exact;

/// A figure that a decision reads.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is called in files, besides its name.
    pub alias: Option<String>,
    /// What its values are.
    pub kind: Kind,
    /// Its smallest step, where declared or natural (one person, one cent).
    pub step: Option<Exact>,
    /// How many digits after the point it has in files, where that is declared or natural.
    pub places: Option<u32>,
    /// Whether the policy says what holds where it is not there.
    pub has_default: bool,
    pub(crate) column: ColumnId,
    scale: Exact,
    range: Range,
    /// Whether a number with nothing behind it is taken as it is.
    bare: bool,
}

/// A cell that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was reported.
    Missing,
    /// `mantissa × 10^-places`, or a code.
    Short(i64, u8),
    /// A figure that needs more digits.
    Long(Exact),
}

impl Field {
    pub(crate) fn new(standard: &Standard, input: &Input) -> Option<Field> {
        let spec = standard.program.columns.get(input.column.0 as usize)?;
        let given = standard.program.node(input.given).map(|node| &node.op);
        let is_number = matches!(&spec.kind, Kind::Number(measure) if !measure.is_ratio());
        let more = Exact::one().divided_by(&spec.scale).and_then(|part| part.decimal_places());
        Some(Field {
            name: input.name.clone(),
            alias: input.alias.clone(),
            kind: spec.kind.clone(),
            step: spec.step.clone(),
            places: places::of_figure(spec).zip(more).map(|(places, more)| places + more),
            has_default: !matches!(given, Some(Op::Column(_))),
            column: input.column,
            scale: spec.scale.clone(),
            range: Range::new(&spec.bounds),
            bare: is_number && spec.scale == Exact::one(),
        })
    }

    /// What the policy says the figure lies between.
    pub fn bounds(&self) -> &Bounds {
        self.range.bounds()
    }

    /// Whether it is carried and never computed.
    pub fn is_text(&self) -> bool {
        self.kind == Kind::Text
    }

    /// Reads a cell without the blanks around it.
    ///
    /// # Errors
    /// Why it is refused.
    #[inline]
    pub fn read(&self, text: &str, standard: &Standard) -> Result<Reading, Refusal> {
        if self.bare
            && let Some((mantissa, places, "")) = plain(text)
            && self.range.contains(mantissa, places)
        {
            return Ok(Reading::Short(mantissa, places));
        }
        self.read_slowly(text, standard)
    }

    fn read_slowly(&self, text: &str, standard: &Standard) -> Result<Reading, Refusal> {
        if text.is_empty() || self.is_text() {
            return Ok(Reading::Missing);
        }
        let value = match &self.kind {
            Kind::Number(measure) => reading::number(text, measure, &standard.nouns, &self.scale)?,
            kind => {
                let code = code(kind, text, &standard.program).unwrap_or(Err(Refusal::Unreadable))?;
                return Ok(Reading::Short(code, 0));
            }
        };
        self.checked(value)
    }

    /// A number that came as one and not as text: the figure it is when nothing stands behind it.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn figure(&self, number: &Exact) -> Result<Reading, Refusal> {
        match &self.kind {
            Kind::Number(measure) => self.checked(reading::bare(number, measure, &self.scale)?),
            _ => Err(Refusal::Unreadable),
        }
    }

    /// What a figure is called in files with nothing behind it; the other way round of
    /// [`Field::figure`].
    pub fn written(&self, figure: &Exact) -> Option<Exact> {
        figure.divided_by(&self.scale)
    }

    /// What reads short decimals of it as multiples of `10^-places`, many cells at once: where that
    /// reads a cell, [`Field::read`] gives the same figure. None where bare numbers are not taken as
    /// they are.
    pub fn short_reader(&self, places: u8) -> Option<Short> {
        if self.bare { Short::new(&self.range, places) } else { None }
    }

    /// The number of a column of numbers, `mantissa × 10^-places`, if that is short and lies within.
    #[inline]
    pub fn short(&self, mantissa: i64, places: u8) -> Option<Reading> {
        (self.bare && self.range.contains(mantissa, places)).then_some(Reading::Short(mantissa, places))
    }

    /// Whether every multiple of `10^-places` between two is taken as it is.
    pub fn allows_between(&self, low: i64, high: i64, places: u8) -> bool {
        let stepped = self.range.bounds().multiple_of.is_some();
        self.bare && !stepped && self.range.contains(low, places) && self.range.contains(high, places)
    }

    fn checked(&self, value: Exact) -> Result<Reading, Refusal> {
        if self.range.contains_exact(&value) {
            return Ok(Reading::Long(value));
        }
        match &self.range.bounds().multiple_of {
            Some(step) if !self.range.bounds().is_multiple(&value) => {
                Err(Refusal::OffStep(alloc::string::ToString::to_string(step)))
            }
            _ => Err(Refusal::OutOfRange),
        }
    }
}
