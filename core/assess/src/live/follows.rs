//! Which changes can be followed.

use crate::{Prepared, merged, prepare::columns_below};
use core::fmt;
use kaoping_program::{ColumnId, ColumnSource, Fault, Shape};
use kaoping_terms::Text;

/// Why a change is not followed. A fresh run takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFollowed {
    /// The standard has no scheme.
    NoScheme,
    /// Rounds use results of one another.
    Rounds,
    /// There is no such unit, or no such figure.
    Unknown,
    /// It is not a reported figure or a target of which each unit has one.
    NotOneFigure,
    /// Units that count together share the figure.
    Merged,
    /// The figure stands in for others, or others for it.
    StandsIn,
    /// The figure decides who is assessed.
    Membership,
    /// A defect of the program; the assessment that was kept is not to be used any more.
    Defect(Fault),
}

impl NotFollowed {
    /// The reason in words.
    pub fn told(&self) -> Text {
        match self {
            Self::NoScheme => Text::new("没有方案", "there is no scheme"),
            Self::Rounds => Text::new("各轮之间互相取用结果", "rounds use results of one another"),
            Self::Unknown => Text::new("没有这个单位或这个数", "there is no such unit or figure"),
            Self::NotOneFigure => Text::new(
                "不是每个单位只有一个的上报数或目标",
                "it is not a reported figure or a target of which each unit has one",
            ),
            Self::Merged => Text::new("这个数由几个单位合并计算", "units that count together share the figure"),
            Self::StandsIn => {
                Text::new("这个数顶替别的数，或由别的数顶替", "the figure stands in for others, or others for it")
            }
            Self::Membership => Text::new("这个数决定考核谁", "the figure decides who is assessed"),
            Self::Defect(_) => Text::new("程序内部出错", "an internal fault"),
        }
    }
}

impl From<Fault> for NotFollowed {
    fn from(fault: Fault) -> NotFollowed {
        NotFollowed::Defect(fault)
    }
}

impl fmt::Display for NotFollowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told().en)
    }
}

impl core::error::Error for NotFollowed {}

/// The column of this year's figure of an indicator, or of a unit itself.
pub(super) fn figure(prepared: &Prepared<'_>, indicator: Option<&str>, field: &str) -> Option<ColumnId> {
    let columns = &prepared.given().standard.program.columns;
    let at = columns.iter().position(|spec| match &spec.source {
        ColumnSource::Fact { indicator: of, field: name, alias, years_back: 0 } => {
            spec.shape == Shape::Unit
                && of.as_deref() == indicator
                && (name == field || alias.as_deref() == Some(field))
        }
        _ => false,
    });
    u32::try_from(at?).ok().map(ColumnId)
}

/// Whether a figure of a unit can be changed in what is kept.
pub(super) fn check(
    prepared: &Prepared<'_>,
    unit: u32,
    column: ColumnId,
    is_taken_away: bool,
) -> Result<(), NotFollowed> {
    let given = prepared.given();
    let program = &given.standard.program;
    let spec = program.columns.get(column.0 as usize).ok_or(NotFollowed::Unknown)?;
    if unit as usize >= prepared.frame().units() {
        return Err(NotFollowed::Unknown);
    }
    let is_figure = matches!(spec.source, ColumnSource::Fact { .. } | ColumnSource::Target { .. });
    if !is_figure || spec.shape != Shape::Unit {
        return Err(NotFollowed::NotOneFigure);
    }
    if merged::groups(&given, column).iter().any(|(_, members)| members.contains(&unit)) {
        return Err(NotFollowed::Merged);
    }
    let fields = &given.facts.fields;
    if let Some(slot) = fields.of_column(column) {
        let ids = || (0u32..).zip(&program.columns).map(|(id, spec)| (ColumnId(id), spec));
        // The same figure read row by row, or standing in where another is not reported.
        let rows = ids().any(|(id, spec)| fields.of_column(id) == Some(slot) && spec.shape != Shape::Unit);
        if rows {
            return Err(NotFollowed::NotOneFigure);
        }
        let own = fields.slots.get(slot as usize).is_some_and(|slot| slot.indicator.is_none());
        let stands_in = |id| fields.of_column(id).is_some_and(|of| fields.stand_ins(of, program).contains(&slot));
        if (own && ids().any(|(id, _)| stands_in(id))) || (is_taken_away && !fields.stand_ins(slot, program).is_empty())
        {
            return Err(NotFollowed::StandsIn);
        }
    }
    let assessed = given.scheme().and_then(|scheme| scheme.assessed);
    if assessed.is_some_and(|node| columns_below(program, &[node]).contains(&column)) {
        return Err(NotFollowed::Membership);
    }
    Ok(())
}
