//! What is looked up is what a search through everything finds.

use super::World;
use kaoping_ledger::Value;
use kaoping_office::{
    Viewer,
    deeds::collections::Burden,
    ids::OfficeId,
    tables::{Key, TABLES},
};
use std::{collections::BTreeMap, ops::ControlFlow};

impl World {
    /// Everything that is kept to be found quickly is what it would be if it were searched for.
    pub(crate) fn finds(&self) {
        let viewers =
            self.state.accounts.keys().filter_map(|account| self.state.viewer(account.as_str(), self.state.today));
        viewers.for_each(|viewer| self.lists(&viewer));
        assert_eq!(self.state.burden(), self.burden());
        for paper in super::paper() {
            let reports = self
                .state
                .reports
                .iter()
                .filter(|(_, report)| report.figures.iter().any(|figure| figure.evidence.contains(&paper)));
            assert!(self.state.reports_with(paper).eq(reports.map(|(key, _)| key)));
            let cells = self.state.cells.iter().filter(|(_, cell)| cell.evidence.contains(&paper));
            assert!(self.state.cells_with(paper).eq(cells.map(|(key, _)| key)));
        }
        for ((office, figure, period), cell) in &self.state.cells {
            assert!(self.state.is_reported(office.as_str(), figure.as_str(), *period));
            let number = self.state.number_of(office.as_str(), figure.as_str(), *period);
            assert_eq!(number, kaoping_terms::figure::parse(&cell.value).ok().map(|read| read.value).as_ref());
            let reporters = self.state.cells.keys().filter(|key| key.1 == *figure && key.2 == *period);
            assert!(self.state.numbers(figure.as_str(), *period).count() <= reporters.count());
        }
    }

    fn cells_of(&self, key: &Key) -> Vec<String> {
        let text = |cell: &Value| match cell {
            Value::Text(text) => text.clone(),
            Value::Whole(number) => number.to_string(),
            other => panic!("{other:?} in a key"),
        };
        key.row(&self.state).key.iter().map(text).collect()
    }

    fn lists(&self, viewer: &Viewer<'_>) {
        for (table, described) in TABLES.iter().enumerate() {
            let mut all: Vec<Key> = self.state.keys_after(table, None).collect();
            if described.name == "events" {
                all.extend(self.state.late_reports().into_iter().map(Key::Event));
                all.sort();
            }
            let seen: Vec<&Key> = all.iter().filter(|key| viewer.may_see(key)).collect();
            let mut asked: Vec<Vec<(usize, String)>> = vec![Vec::new(), vec![(0, "没有".into())]];
            for cells in all.iter().step_by(3).map(|key| self.cells_of(key)) {
                let cells: Vec<(usize, String)> = cells.into_iter().enumerate().collect();
                asked.extend(cells.iter().map(|cell| vec![cell.clone()]));
                asked.push(cells.iter().rev().take(2).cloned().collect());
                asked.push(cells);
            }
            for fixed in asked {
                let fixed: Vec<(usize, &str)> = fixed.iter().map(|(at, text)| (*at, text.as_str())).collect();
                let wanted: Vec<&Key> = seen
                    .iter()
                    .copied()
                    .filter(|key| {
                        let cells = self.cells_of(key);
                        fixed.iter().all(|(at, text)| cells[*at] == *text)
                    })
                    .collect();
                for most in [usize::MAX, 1] {
                    let mut found = Vec::new();
                    let mut after = None;
                    loop {
                        let stopped = viewer.walk(table, after.as_ref(), &fixed, most, &mut |key| {
                            found.push(key.clone());
                            ControlFlow::Continue(())
                        });
                        assert!(stopped.iter().all(|key| viewer.may_see(key)), "where it stopped is seen");
                        match stopped {
                            Some(key) => after = Some(key),
                            None => break,
                        }
                    }
                    assert!(found.iter().eq(wanted.iter().copied()), "{fixed:?} of {}", described.name);
                }
            }
        }
    }

    /// Counted one by one.
    fn burden(&self) -> BTreeMap<(OfficeId, i16, i8), Burden> {
        let mut asked = BTreeMap::new();
        for collection in self.state.collections.values() {
            let (year, month, _) = collection.due.civil();
            for office in &collection.offices {
                for figure in &collection.figures {
                    let cell = (office.clone(), figure.clone(), collection.period);
                    let cell = asked.entry(cell).or_insert((0, (year, month)));
                    cell.0 += 1;
                    cell.1 = cell.1.min((year, month));
                }
            }
        }
        let mut burdens: BTreeMap<(OfficeId, i16, i8), Burden> = BTreeMap::new();
        for ((office, ..), (times, (year, month))) in asked {
            let burden = burdens.entry((office, year, month)).or_default();
            burden.asked += times;
            burden.shared += times - 1;
        }
        burdens
    }
}
