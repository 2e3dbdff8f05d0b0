//! Changes in other rounds: where a year's score is made of rounds, what changed in one of them
//! is the reason for what changed in the year. A round that is held each month or quarter is
//! looked at month by month.

use super::{Figures, RoundChange, Side, items::Both, rests::What};
use crate::{Prepared, period::Period, prepare::reached, rounds::missing, rows::RowList, slice::Slice};
use alloc::{collections::BTreeMap, collections::BTreeSet, format, string::String, vec::Vec};
use kaoping_program::{Cell, Fault, NodeId, RowsetId};
use kaoping_scheme::model::RoundResult;
use kaoping_terms::{Exact, Lang};

/// What the rounds gave on either side, for every unit of the second.
pub(super) struct Rounds {
    found: Found,
}

/// By unit of the second side.
type Found = BTreeMap<u32, Vec<RoundChange>>;

/// A result of a round on both sides.
struct Pair<'r> {
    old: &'r RoundResult,
    new: &'r RoundResult,
}

/// A month or quarter of a round that is held several times, in order of time.
type Part = Option<(i64, Period)>;

/// The cells of a result by unit and part.
type Cells = BTreeMap<(u32, Part), Cell>;

fn value(cell: Option<&Cell>) -> Option<&Exact> {
    cell.and_then(|cell| cell.value.as_ref())
}

/// Two sides whose rounds are compared.
struct Sides<'s, 'a> {
    old: (Side<'a>, &'s Prepared<'a>),
    new: (Side<'a>, &'s Prepared<'a>),
    pairs: &'s [(u32, u32)],
    lang: Lang,
}

impl Rounds {
    /// Runs each round again in which a result that is used changed, but for what is compared
    /// itself.
    pub(super) fn new<'a>(
        old: (Side<'a>, &Prepared<'a>),
        new: (Side<'a>, &Prepared<'a>),
        pairs: &[(u32, u32)],
        lang: Lang,
    ) -> Result<Self, Fault> {
        let sides = Sides { old, new, pairs, lang };
        let mut found = Found::new();
        // Between two rounds the rounds themselves are what is compared.
        if old.1.slice().round == new.1.slice().round {
            let results = |side: Side<'a>| side.given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
            let (before, after) = (results(old.0), results(new.0));
            let rounds: BTreeSet<usize> = after.iter().map(|result| result.round).collect();
            for round in rounds {
                let same = |new: &RoundResult, old: &RoundResult| {
                    new.round == round && old.round == round && old.value == new.value
                };
                let pair = |new| Some(Pair { old: before.iter().find(|old| same(new, old))?, new });
                let pairs: Vec<Pair<'_>> = after.iter().filter_map(pair).collect();
                sides.round(round, &pairs, &mut found)?;
            }
        }
        Ok(Self { found })
    }

    /// What changed for a unit.
    pub(super) fn of(&self, unit: u32) -> Vec<RoundChange> {
        self.found.get(&unit).cloned().unwrap_or_default()
    }
}

impl Sides<'_, '_> {
    /// The months or quarters of a round in which a result changed, or the round itself.
    fn round(&self, round: usize, results: &[Pair<'_>], found: &mut Found) -> Result<(), Fault> {
        let cells = |pair: &Pair<'_>| (cells(self.old.1, pair.old), cells(self.new.1, pair.new));
        let all: Vec<(Cells, Cells)> = results.iter().map(cells).collect();
        for part in self.changed(&all) {
            self.part((round, part), results, &all, found)?;
        }
        Ok(())
    }

    /// In which months or quarters anything changed for anybody.
    fn changed(&self, all: &[(Cells, Cells)]) -> BTreeSet<Part> {
        let of = |cells: &Cells, unit: u32| -> Vec<Part> {
            let own = cells.range((unit, None)..).take_while(|((of, _), _)| *of == unit);
            own.map(|((_, part), _)| *part).collect()
        };
        let mut parts = BTreeSet::new();
        for ((old, new), (earlier, unit)) in
            all.iter().flat_map(|cells| self.pairs.iter().map(move |pair| (cells, pair)))
        {
            for part in of(old, *earlier).into_iter().chain(of(new, *unit)) {
                if value(old.get(&(*earlier, part))) != value(new.get(&(*unit, part))) {
                    parts.insert(part);
                }
            }
        }
        parts
    }

    /// What changed in one month or quarter of a round, or in the round itself.
    fn part(
        &self,
        (round, part): (usize, Part),
        results: &[Pair<'_>],
        all: &[(Cells, Cells)],
        found: &mut Found,
    ) -> Result<(), Fault> {
        let slice = |of: Slice| {
            let year = part.map_or(of.year, |(_, part)| Some(part.year()));
            Slice { round: Some(round), year, part: part.map(|(_, part)| part), ..of }
        };
        let (was, is) = (slice(self.old.1.slice()), slice(self.new.1.slice()));
        // The items of what is compared are told as those of the unit.
        let itself = was == self.old.1.slice() && is == self.new.1.slice();
        if itself && part.is_none() {
            return Ok(());
        }
        let prepared = (self.old.1.at(was), self.new.1.at(is));
        let nodes: (Vec<NodeId>, Vec<NodeId>) = results.iter().map(|pair| (pair.old.node, pair.new.node)).unzip();
        let old = Figures::of(&prepared.0, self.old.0, &nodes.0, self.lang)?;
        let new = Figures::of(&prepared.1, self.new.0, &nodes.1, self.lang)?;
        let both = Both::new(&old, &new, self.pairs, self.lang)?;
        for (earlier, unit) in self.pairs {
            let (mut changed, mut nodes) = (Vec::new(), Vec::new());
            for (pair, (before, after)) in results.iter().zip(all) {
                let (a, b) = (before.get(&(*earlier, part)), after.get(&(*unit, part)));
                if value(a) != value(b) {
                    let cell = |cell: Option<&Cell>| cell.cloned().unwrap_or_else(missing);
                    nodes.push(pair.new.node);
                    changed.push(RoundChange {
                        name: self.name(round, &pair.new.value, part.map(|(_, part)| part)),
                        before: old.show(pair.old.node, &cell(a), self.lang),
                        after: new.show(pair.new.node, &cell(b), self.lang),
                        items: Vec::new(),
                    });
                }
            }
            // The items that the results rest on are told once, with the first of them.
            if let Some(first) = changed.first_mut().filter(|_| !itself) {
                first.items = both.items((*earlier, *unit));
                let reached = reached(&new.side.given.standard.program, &nodes);
                let counts = |id: &str| {
                    let score = new.item(id).and_then(|item| item.score);
                    score.is_none_or(|score| reached.get(score.0 as usize) == Some(&true))
                };
                first.items.retain(|item| counts(&item.id));
            }
            if !changed.is_empty() {
                found.entry(*unit).or_default().extend(changed);
            }
        }
        Ok(())
    }

    fn name(&self, round: usize, value: &str, part: Option<Period>) -> String {
        let name = self.new.0.given.scheme().and_then(|scheme| scheme.rounds.rounds.get(round));
        let name = name.map_or("", |(name, ..)| name.as_str());
        match part {
            Some(part) => What::part_name(&format!("{name}.{value}"), &format!("{part}")),
            None => format!("{name}.{value}"),
        }
    }
}

/// What a result came to.
fn cells(prepared: &Prepared<'_>, result: &RoundResult) -> Cells {
    let Some(column) = prepared.column(result.column) else { return Cells::new() };
    let list = |rows: RowsetId| prepared.row_list(rows);
    match result.rows.map(list) {
        Some(RowList::Periods(rows)) => {
            let row = |(at, (unit, period)): (usize, &(u32, Option<Period>))| {
                ((*unit, period.map(|period| (period.order(), period))), column.cell(at))
            };
            rows.iter().enumerate().map(row).collect()
        }
        Some(_) => Cells::new(),
        None => (0u32..).zip(0..column.len()).map(|(unit, at)| ((unit, None), column.cell(at))).collect(),
    }
}
