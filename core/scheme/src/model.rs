//! The standard as the program understood it: what `show` prints, `assess` runs and `check`
//! looks at. Every value is a node of one checked program.

mod consequences;

pub use consequences::{
    Award, AwardRule, Band, Distribution, GradeMove, Grades, LastPlaceTies, Prize, PrizeTotal, Quota, Roster, Veto,
    VetoEffect,
};

use alloc::{string::String, vec::Vec};
use kaoping_program::{ColumnId, NodeId, Program, RowsetId, Ties};
use kaoping_rules::measures::Nouns;
use kaoping_syntax::ast::Comparison;
use kaoping_terms::{Day, Exact, Measure, Place, Rounding};

/// A compiled policy.
#[derive(Clone, Debug, Default)]
pub struct Standard {
    /// The program all nodes belong to.
    pub program: Program,
    /// The schemes; the first is the policy's own, others are nested in its items.
    pub schemes: Vec<Scheme>,
    /// Event tables by their position in the policy.
    pub events: Vec<EventTable>,
    /// Attributes of units that the policy uses.
    pub attributes: Vec<Attribute>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Choices that were made where the text is silent.
    pub choices: Vec<ChoiceMade>,
    /// Recorded corrections of the source text.
    pub corrections: Vec<Correction>,
    /// Changes made to inherited standards, in text order.
    pub deviations: Vec<Deviation>,
    /// Nouns of measure, for reading figures.
    pub nouns: Nouns,
    /// The day parameters are taken of.
    pub day: Option<Day>,
}

/// A scheme.
#[derive(Clone, Debug, Default)]
pub struct Scheme {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Why it is only an example, if it is.
    pub example: Option<String>,
    /// First and last day of the time that is assessed.
    pub period: Option<(Day, Day)>,
    /// The declared full mark.
    pub full_mark: Option<Exact>,
    /// Blocks in text order.
    pub blocks: Vec<Block>,
    /// Items in text order.
    pub items: Vec<Item>,
    /// Which units are assessed; none: all.
    pub assessed: Option<NodeId>,
    /// The total after its veto, clamp and rounding.
    pub total: Option<NodeId>,
    /// 达标 of all items that have it.
    pub meets_all: Option<NodeId>,
    /// The place of each unit.
    pub rank: Option<NodeId>,
    /// What ranks units, the most important first; `true` where higher is better.
    pub rank_keys: Vec<(NodeId, bool)>,
    /// How equal units share places.
    pub ties: Option<Ties>,
    /// The attribute that makes peer groups.
    pub peer_group: Option<String>,
    /// How figures without an end are printed: digits after the point, and how.
    pub display: Option<(Exact, Rounding)>,
    /// Values that scheme-level 设 gives, by name.
    pub values: Vec<(String, NodeId)>,
    /// Grades.
    pub grades: Option<Grades>,
    /// Vetoes, of the scheme and of its items, in text order.
    pub vetoes: Vec<Veto>,
    /// Awards in text order.
    pub awards: Vec<Award>,
    /// Declared sums of prize money.
    pub prize_totals: Vec<PrizeTotal>,
    /// Quotas of individuals.
    pub quotas: Vec<Quota>,
    /// Lists.
    pub rosters: Vec<Roster>,
    /// Funds.
    pub distributions: Vec<Distribution>,
    /// Units counted together.
    pub merges: Vec<Merge>,
    /// Rounds.
    pub rounds: Rounds,
    /// Procedures with their dates.
    pub deadlines: Vec<Deadlines>,
    /// How a value not reported is treated.
    pub missing: Option<MissingPolicy>,
    /// Why aggregates over part of the reports may be sealed.
    pub partial_reports: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// How a value not reported is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPolicy {
    /// 暂缺: no score, no total, no rank.
    Pending,
    /// 零分: the item gets no points.
    Zero,
    /// 最低: the item gets the least points it can give.
    Lowest,
    /// 退回: pending, and the report is returned.
    Return,
}

/// A block of items.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// Its points; none where it has none or they cannot be read.
    pub points: Option<Exact>,
    /// The characters where the points cannot be read.
    pub unreadable: Option<String>,
    /// The raw points scaled to its points.
    pub scaled_from: Option<Exact>,
    /// Its points do not count in the full mark.
    pub outside_full_mark: bool,
    /// Positions of its items.
    pub items: Vec<usize>,
    /// Its score.
    pub score: Option<NodeId>,
    /// The clause it rests on.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// Where its points stand.
    pub points_place: Option<Place>,
}

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Id in files, with the path of its scheme before it where that is nested.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its alias.
    pub alias: Option<String>,
    /// Position of its block.
    pub block: Option<usize>,
    /// Its points; none for an item that only deducts or adds.
    pub points: Option<Exact>,
    /// The characters where the points cannot be read.
    pub unreadable: Option<String>,
    /// Name of the rule it uses.
    pub rule: Option<String>,
    /// Position of the scheme nested in it.
    pub sub_scheme: Option<usize>,
    /// Figures it reads.
    pub inputs: Vec<Input>,
    /// Parameters with the values it uses.
    pub parameters: Vec<(String, Exact, Measure)>,
    /// Deductions and additions.
    pub adjustments: Vec<Adjustment>,
    /// Points before deductions, clamps and rounding.
    pub base: Option<NodeId>,
    /// Points after deductions, clamps and vetoes, before rounding.
    pub unrounded: Option<NodeId>,
    /// Points as they count.
    pub score: Option<NodeId>,
    /// Whether its target was met, where it says so.
    pub met: Option<NodeId>,
    /// For whom it applies; none: for all.
    pub applies: Option<NodeId>,
    /// Who was made exempt from it, where somebody was.
    pub exempt: Option<NodeId>,
    /// Whose figures count: where it applies, where it stands in for another item, and where
    /// the item applies in which its scheme is nested; none: everybody's.
    pub counts: Option<NodeId>,
    /// What stands in for it where it does not apply.
    pub otherwise: Option<OtherwiseMade>,
    /// Whether it is only a substitute of another item.
    pub is_substitute: bool,
    /// Whether less of the figure is better.
    pub lower_is_better: bool,
    /// Its rounding.
    pub rounding: Option<(Exact, Rounding)>,
    /// Named values on the way to the score, in order.
    pub values: Vec<(String, NodeId)>,
    /// Lead units.
    pub lead: Vec<String>,
    /// Responsible units.
    pub responsible: Vec<String>,
    /// Supporting units.
    pub supporting: Vec<String>,
    /// The definition of its figure.
    pub definition: Option<String>,
    /// The clause it rests on.
    pub clause: Option<String>,
    /// Reasons given where the text is silent.
    pub reasons: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// Where its points stand.
    pub points_place: Option<Place>,
}

impl Item {
    /// Whether the item has points of its own; an item without only deducts or adds.
    pub fn has_points(&self) -> bool {
        self.points.is_some() || self.unreadable.is_some()
    }
}

/// What happens where an item does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherwiseMade {
    /// 改评: the substitute's score, with the points of the item.
    Substitute(String),
    /// 满分.
    Full,
    /// 零分.
    Zero,
    /// 折算: the rest of the block is scaled up.
    Scale,
    /// 减满分: the full mark is less.
    Reduce,
}

/// A figure an item reads.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its field in files.
    pub alias: Option<String>,
    /// Where reported figures go.
    pub column: ColumnId,
    /// The reported figure, else the target handed down, else what the table or the rule says.
    pub given: NodeId,
    /// The value used: what is given, 不适用 where the item does not count.
    pub node: NodeId,
    /// What the table binds it to.
    pub bound: Option<Exact>,
    /// Its unit; none for words, truths and days.
    pub measure: Option<Measure>,
    /// Its smallest step.
    pub step: Option<Exact>,
    /// What a bare number is multiplied by: 10,000 where it is declared in 万元, else 1.
    pub scale: Exact,
    /// Other figures of the item that it is not to go beyond.
    pub against: Vec<(Comparison, ColumnId)>,
    /// A judged figure needs a reason.
    pub needs_reason: bool,
    /// The rows it has: periods or assessors.
    pub rows: Option<RowsetId>,
    /// How many assessors are due.
    pub assessors: Option<Exact>,
}

/// A deduction or addition for each event.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// Whether points are added.
    pub adds: bool,
    /// The event table.
    pub table: usize,
    /// Which of its events count here (rows of the table).
    pub matches: Option<NodeId>,
    /// Points each.
    pub points: Exact,
    /// Points by this line together, as they are added or deducted.
    pub sum: NodeId,
    /// The line.
    pub place: Place,
    /// The clause it rests on.
    pub clause: Option<String>,
}

/// An event table.
#[derive(Clone, Debug)]
pub struct EventTable {
    /// Its name.
    pub name: String,
    /// Its name in files.
    pub alias: Option<String>,
    /// Its rows.
    pub rowset: RowsetId,
    /// Columns: name, alias, where the values go.
    pub columns: Vec<(String, Option<String>, ColumnId)>,
}

/// An attribute of units.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its column in `units.csv`.
    pub alias: Option<String>,
    /// Where the values go.
    pub column: ColumnId,
}

/// A choice that was made where the text is silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceMade {
    /// The item it was made for; none: for the whole policy.
    pub item: Option<String>,
    /// Its name; empty for a reason behind a statement.
    pub name: String,
    /// What was chosen.
    pub chosen: String,
    /// What could have been chosen; empty where there is no list.
    pub words: Vec<String>,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub place: Place,
}

/// A recorded correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What is corrected.
    pub subject: String,
    /// The characters of the source.
    pub original: String,
    /// What the policy says.
    pub corrected: String,
    /// Why.
    pub because: String,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A change made to an inherited standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The folder of the inherited standard.
    pub parent: String,
    /// The change as it is written.
    pub change: String,
    /// Why.
    pub because: String,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Units counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its name.
    pub name: String,
    /// Names of the units.
    pub members: Vec<String>,
    /// Positions of the items.
    pub items: Vec<usize>,
    /// Names of the inputs that are added.
    pub inputs: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// Rounds.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// Names and aliases in order, each with how often it is held.
    pub rounds: Vec<(String, Option<String>, Option<String>)>,
    /// Position of the one that counts.
    pub official: Option<usize>,
    /// From which difference on a reason is required.
    pub explain_from: Option<Exact>,
    /// Columns that hold results of a round, such as 年终.总分: round, what, column.
    pub results: Vec<RoundResult>,
}

/// A result of one round used in another computation.
#[derive(Clone, Debug)]
pub struct RoundResult {
    /// Position of the round.
    pub round: usize,
    /// Name of the value: 总分, an item, a block.
    pub value: String,
    /// The node of the value in the program of each round.
    pub node: NodeId,
    /// The column that is filled in before the value that uses it is computed.
    pub column: ColumnId,
    /// The rows, for a round held each month.
    pub rows: Option<RowsetId>,
}

/// A procedure with its dates.
#[derive(Clone, Debug)]
pub struct Deadlines {
    /// Its name.
    pub name: String,
    /// Its steps in the order of the procedure.
    pub steps: Vec<DeadlineStep>,
    /// Where it stands.
    pub place: Place,
}

/// A step of a procedure.
#[derive(Clone, Debug)]
pub struct DeadlineStep {
    /// What is due.
    pub name: String,
    /// When, in words.
    pub when: String,
    /// When, for comparison: days into the year for a month and day, days since 1970 for a
    /// date; none for a deadline counted from another step.
    pub order: Option<i64>,
    /// Whether a full date was given.
    pub dated: bool,
    /// The step it is counted from and how many calendar days later it is due at the least; a
    /// number of working days takes at least as many.
    pub counted: Option<(String, i64)>,
    /// The step it feeds, whatever the order of lines.
    pub before: Option<String>,
    /// The clause.
    pub clause: Option<String>,
    /// Where the date stands.
    pub place: Place,
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its name.
    pub name: String,
    /// Figures it reads.
    pub inputs: Vec<Input>,
    /// Parameters with the values it uses.
    pub parameters: Vec<(String, Exact, Measure)>,
    /// Named values on the way, in order.
    pub values: Vec<(String, NodeId)>,
    /// The outcome word.
    pub outcome: NodeId,
    /// The amount.
    pub amount: Option<NodeId>,
    /// Name and column of the amount.
    pub amount_name: (String, Option<String>),
    /// Name and column of the outcome.
    pub outcome_name: (String, Option<String>),
    /// Results besides outcome and amount, as 给出 names them, in order.
    pub results: Vec<NamedResult>,
    /// The cases in order.
    pub cases: Vec<OutcomeCase>,
    /// The clause.
    pub clause: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A value that a decision gives beside its outcome and its amount.
#[derive(Clone, Debug)]
pub struct NamedResult {
    /// Its name.
    pub name: String,
    /// Its column in files.
    pub alias: Option<String>,
    /// The value.
    pub node: NodeId,
    /// The clause of its line.
    pub clause: Option<String>,
}

/// A case of a decision.
#[derive(Clone, Debug)]
pub struct OutcomeCase {
    /// The condition; none for 否则.
    pub when: Option<NodeId>,
    /// The outcome.
    pub word: String,
    /// The amount.
    pub amount: Option<NodeId>,
    /// What is said, with names in braces.
    pub say: Option<String>,
    /// Where it stands.
    pub place: Place,
}
