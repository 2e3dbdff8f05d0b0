//! What follows from totals: grades, vetoes, awards and their money, quotas, lists, funds.

use alloc::{string::String, vec::Vec};
use kaoping_program::{NodeId, Relation};
use kaoping_terms::{Exact, Measure, Place, Rounding};

/// Grades.
#[derive(Clone, Debug)]
pub struct Grades {
    /// What is graded.
    pub by: NodeId,
    /// Share limits count within each peer group.
    pub per_group: bool,
    /// Bands, best first; the last has no edge.
    pub bands: Vec<Band>,
    /// What moves a unit up or down, in text order.
    pub moves: Vec<GradeMove>,
    /// Where it stands.
    pub place: Place,
}

/// What moves a unit up or down among the grades.
#[derive(Clone, Debug)]
pub struct GradeMove {
    /// Its name.
    pub name: String,
    /// Whether it applies to a unit.
    pub when: NodeId,
    /// Up, or down.
    pub up: bool,
    /// By how many grades.
    pub steps: usize,
    /// Behind the share limits (yes) or before them; none: not said.
    pub after_shares: Option<bool>,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A grade.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its name.
    pub name: String,
    /// How its edge is compared.
    pub edge: Option<(Relation, Exact)>,
    /// Whether a unit is within the edge.
    pub holds: Option<NodeId>,
    /// At most that share of units, and how the number of units is rounded.
    pub share: Option<(Exact, Rounding)>,
    /// What holds for units that share the last place within the share.
    pub last_place_ties: LastPlaceTies,
    /// Whether the policy says so.
    pub ties_declared: bool,
    /// Position of the band where those beyond the share go.
    pub overflow: Option<usize>,
    /// Where it stands.
    pub place: Place,
}

/// A veto.
#[derive(Clone, Debug)]
pub struct Veto {
    /// Its name.
    pub name: String,
    /// Whether it strikes.
    pub when: NodeId,
    /// What it does beyond the points, which are in the program.
    pub effects: Vec<VetoEffect>,
    /// The item it stands in.
    pub item: Option<usize>,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a veto does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VetoEffect {
    /// An item is zero.
    ItemZero(usize),
    /// A block is zero.
    BlockZero(usize),
    /// The total is zero.
    TotalZero,
    /// The grade falls by that many.
    GradeDown(usize),
    /// The grade is that one.
    GradeTo(usize),
    /// Barred from an award; none: from all.
    AwardBarred(Option<usize>),
}

/// An award.
#[derive(Clone, Debug)]
pub struct Award {
    /// Its name.
    pub name: String,
    /// How winners are found.
    pub rule: AwardRule,
    /// Within each peer group.
    pub per_group: bool,
    /// Who is eligible.
    pub eligible: Option<NodeId>,
    /// Whether the eligibility asks for 达标 of all items, for the reason given.
    pub excluding: Vec<usize>,
    /// Units it is not given to because people decided so: their ids. No policy says it; the record does.
    pub left_out: Vec<String>,
    /// Where it is yes the award is not given.
    pub unless: Option<NodeId>,
    /// What happens when the last place is shared.
    pub last_place_ties: LastPlaceTies,
    /// Whether that was declared.
    pub ties_declared: bool,
    /// Money that goes with it.
    pub prizes: Vec<Prize>,
    /// The clause.
    pub clause: Option<String>,
    /// Reasons given where the text is silent.
    pub reasons: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

impl Award {
    /// The money of a winner at a place; none where the award has no money for it.
    pub fn prize(&self, place: Option<usize>) -> Option<&Prize> {
        self.prizes.iter().find(|prize| match (prize.places, place) {
            (None, _) => true,
            (Some((from, to)), Some(place)) => (from..=to).contains(&place),
            (Some(_), None) => false,
        })
    }
}

/// Money that goes with an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prize {
    /// First and last place it is for; none: each winner.
    pub places: Option<(usize, usize)>,
    /// How much each winner gets.
    pub amount: Exact,
    /// The unit it is written in.
    pub measure: Measure,
    /// Where it stands.
    pub place: Place,
}

/// The declared sum of the prize money of some awards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrizeTotal {
    /// Positions of the awards.
    pub awards: Vec<usize>,
    /// The sum.
    pub amount: Exact,
    /// The unit it is written in.
    pub measure: Measure,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// How winners are found.
#[derive(Clone, Debug)]
pub enum AwardRule {
    /// Places `from..=to` by a value, from the top or from the bottom.
    Places {
        /// First place.
        from: usize,
        /// Last place.
        to: usize,
        /// By what.
        by: NodeId,
        /// Name of what it is taken by.
        by_name: String,
        /// Whether that is what the ranking names, so that it goes the same way and ties are
        /// broken as there. A block that is the whole total is not the total.
        as_ranked: bool,
        /// From the bottom.
        from_bottom: bool,
    },
    /// All that are eligible.
    Everyone,
    /// Judged; winners come as recorded acts.
    Judged {
        /// Who judges.
        by: String,
        /// How many at most.
        at_most: usize,
    },
    /// The number of places cannot be read.
    Unreadable,
}

/// What happens when the last place of an award is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastPlaceTies {
    /// 全取: all who share it.
    TakeAll,
    /// 全舍: none who share it.
    TakeNone,
    /// 人工: a person decides; until then they are proposed.
    Decide,
}

/// A quota of individuals.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// Condition and number, the first that holds.
    pub rows: Vec<(NodeId, Exact, Place)>,
    /// The number of all others.
    pub rest: Option<Exact>,
    /// The declared total.
    pub total: Option<Exact>,
    /// What is counted: persons, money. The first written unit speaks for all.
    pub measure: Measure,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A list.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Its name.
    pub name: String,
    /// Who is on it.
    pub filter: NodeId,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A fund distributed by performance.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Its name.
    pub name: String,
    /// The whole.
    pub amount: Exact,
    /// Its unit.
    pub measure: Measure,
    /// The amount is for each peer group.
    pub per_group: bool,
    /// In proportion to what.
    pub by: NodeId,
    /// Who takes part.
    pub filter: Option<NodeId>,
    /// The smallest share.
    pub share: Exact,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}
