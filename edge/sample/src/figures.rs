//! The figures of the city: those of the sample year that comes with the policy, and what becomes of them month
//! by month in the year after.

use crate::offices::rows;
use kaoping_intake::shipped;
use kaoping_office::state::{Card, Measure};
use std::collections::BTreeMap;

/// The policy whose sample they are.
pub(crate) const POLICY: &str = "livelihood";

/// How a figure goes through the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It runs on from the beginning of the year.
    Running,
    /// It is how many there are.
    Stock,
    /// It is a share or a rate.
    Rate,
    /// It is done or not.
    YesNo,
    /// A mark the office gives itself, and the lead unit gives anew.
    Mark,
}

/// A figure that offices report.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The item it is for.
    pub(crate) item: String,
    /// What it is called, which is its id, too.
    pub(crate) name: String,
    /// How it goes through the year.
    pub(crate) kind: Kind,
    /// Whether it is asked each month.
    pub(crate) monthly: bool,
    /// Whether its target is handed down to each office.
    pub(crate) has_target: bool,
    unit: String,
    definition: String,
    source: String,
}

impl Figure {
    /// The input it goes into.
    pub(crate) fn input(&self) -> &'static str {
        match self.kind {
            Kind::Mark => "检查得分",
            Kind::YesNo => "完成",
            Kind::Rate if self.item == UNEMPLOYMENT => "实际数",
            Kind::Running | Kind::Stock | Kind::Rate => "完成数",
        }
    }

    /// Its card.
    pub(crate) fn card(&self) -> Card {
        let percent = self.unit == "%";
        let places = if self.kind == Kind::Mark || self.kind == Kind::Rate { 2 } else { 0 };
        let measure = match self.kind {
            Kind::YesNo => Measure::YesNo,
            _ => Measure::Number {
                unit: self.unit.clone(),
                least: Some("0".into()),
                most: percent.then(|| "100".into()),
                places,
            },
        };
        Card {
            name: self.name.clone(),
            definition: self.definition.clone(),
            measure,
            cumulative: self.kind == Kind::Running,
            source: self.source.clone(),
            asks_beyond_percent: (self.item == UNEMPLOYMENT).then_some(25),
            parts: Vec::new(),
        }
    }
}

/// The item that is better the lower it is.
const UNEMPLOYMENT: &str = "105";

/// The figure that says how far the year is.
pub(crate) const MONTHS: &str = "截至月份";

/// Its card.
pub(crate) fn months_card() -> Card {
    Card {
        name: MONTHS.into(),
        definition: "数字截至哪一个月，1 到 12；各项按它推算序时进度".into(),
        measure: Measure::Number { unit: String::new(), least: Some("1".into()), most: Some("12".into()), places: 0 },
        cumulative: true,
        source: "填报期".into(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    }
}

/// The sample year.
pub(crate) struct Book {
    /// What offices report.
    pub(crate) figures: Vec<Figure>,
    facts: BTreeMap<(String, String, String), String>,
    targets: BTreeMap<(String, String), String>,
}

fn shipped_rows(path: &str) -> Vec<Vec<String>> {
    rows(&shipped::text(&format!("{POLICY}/{path}")).unwrap_or_default())
}

impl Book {
    pub(crate) fn read() -> Self {
        let mut facts = BTreeMap::new();
        for row in shipped_rows("examples/city/facts.csv") {
            if let [unit, item, field, value, ..] = row.as_slice() {
                facts.insert((unit.clone(), item.clone(), field.clone()), value.clone());
            }
        }
        let mut targets = BTreeMap::new();
        for row in shipped_rows("targets.csv") {
            if let [unit, item, _, value, ..] = row.as_slice() {
                targets.insert((unit.clone(), item.clone()), value.clone());
            }
        }
        let mut figures: Vec<Figure> = shipped_rows("indicators.csv").iter().filter_map(|row| figure(row)).collect();
        for figure in &mut figures {
            let own = targets.iter().find(|((_, item), _)| *item == figure.item);
            figure.has_target = own.is_some();
            if let Some((_, value)) = own {
                figure.unit = unit_of(value);
            }
        }
        figures.extend(old_age());
        Self { figures, facts, targets }
    }

    /// The figure for an item.
    pub(crate) fn figure(&self, item: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.item == item)
    }

    /// What stood in an input at the end of the sample year, without the name of its unit.
    pub(crate) fn last_year(&self, office: &str, item: &str, input: &str) -> Option<String> {
        let found = self.facts.get(&(office.to_owned(), item.to_owned(), input.to_owned()))?;
        Some(match found.as_str() {
            "yes" => "是".to_owned(),
            "no" => "否".to_owned(),
            value => bare(value),
        })
    }

    /// The target of an office for the year after: four per cent more, to the nearest whole number.
    pub(crate) fn target(&self, office: &str, item: &str) -> Option<String> {
        let value = whole(&bare(self.targets.get(&(office.to_owned(), item.to_owned()))?))?;
        Some(((value * 104 + 50) / 100).to_string())
    }

    /// What an office reports at the end of a month of the year after.
    pub(crate) fn at(&self, office: &str, figure: &Figure, month: i64) -> Option<String> {
        let before = self.better(office, figure, self.last_year(office, &figure.item, figure.input())?);
        // No two offices go through the year alike; which way is of no meaning.
        let own = office.bytes().chain(figure.item.bytes()).map(i64::from).sum::<i64>() % 9;
        Some(match (figure.kind, whole(&before)) {
            (Kind::Running, Some(year)) => up(year * 104 * month * (100 + own), 120_000),
            (Kind::Stock, Some(year)) => up(year * 104 * (294 + month), 30_000),
            _ => before,
        })
    }
}

impl Book {
    /// What an office missed last year it reaches this year: only one of them is behind, and struck by the veto.
    fn better(&self, office: &str, figure: &Figure, before: String) -> String {
        if office == BEHIND {
            return before;
        }
        let target =
            self.targets.get(&(office.to_owned(), figure.item.clone())).and_then(|target| whole(&bare(target)));
        match (figure.kind, whole(&before), target) {
            (Kind::Running | Kind::Stock, Some(year), Some(target)) => year.max(target).to_string(),
            (Kind::YesNo, ..) => "是".to_owned(),
            (Kind::Rate, ..) if MISSED.contains(&(office, figure.item.as_str())) => {
                self.last_year(MODEL, &figure.item, figure.input()).unwrap_or(before)
            }
            _ => before,
        }
    }
}

/// A quotient, to the next whole number above.
fn up(dividend: i64, divisor: i64) -> String {
    ((dividend + divisor - 1) / divisor).to_string()
}

/// The county that goes on missing targets.
const BEHIND: &str = "丁县";

/// The county that missed none.
const MODEL: &str = "甲县";

/// Rates that were missed last year.
const MISSED: [(&str, &str); 2] = [("壬县", "105"), ("壬县", "403")];

/// A row of the indicator table as a figure that offices report; `None` for a poll, which nobody reports.
fn figure(row: &[String]) -> Option<Figure> {
    let [item, block, name, _, rule, target, limit, _, _, _, _, _, _, definition, _, source, ..] = row else {
        return None;
    };
    let fixed = format!("{target}{limit}");
    let kinds = rows(include_str!("../data/rules.csv"));
    let of_rule = kinds.iter().find(|row| row.first() == Some(rule)).and_then(|row| row.get(1));
    let kind = match of_rule.map(String::as_str) {
        Some("mark") => Kind::Mark,
        Some("done") => Kind::YesNo,
        Some("poll") => return None,
        _ if !fixed.is_empty() => Kind::Rate,
        _ if definition.starts_with("全年") => Kind::Running,
        _ => Kind::Stock,
    };
    Some(Figure {
        item: item.clone(),
        name: if kind == Kind::Mark { format!("{name}自评分") } else { name.clone() },
        kind,
        monthly: matches!(block.as_str(), "就业和创业" | "社会保险"),
        has_target: false,
        unit: if kind == Kind::Mark { "分".to_owned() } else { unit_of(&fixed) },
        definition: definition.clone(),
        source: format!("{source}部门报表"),
    })
}

/// The two items that do not stand in the table: a pilot of the old-age insurance, or the preparation for it.
fn old_age() -> [Figure; 2] {
    let figure = |item: &str, name: &str, kind, unit: &str, definition: &str| Figure {
        item: item.into(),
        name: name.into(),
        kind,
        monthly: false,
        has_target: kind == Kind::Stock,
        unit: unit.into(),
        definition: definition.into(),
        source: "人保部门报表".into(),
    };
    [
        figure("新农保", "新农保参保", Kind::Stock, "人", "年末参加新型农村社会养老保险的人数"),
        figure("新农保准备", "新农保准备自评分", Kind::Mark, "分", "准备工作的自评分"),
    ]
}

/// Digits, points and percent signs; the name of the unit behind them goes.
fn bare(value: &str) -> String {
    value.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '%')).collect()
}

fn unit_of(value: &str) -> String {
    value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ')).to_owned()
}

fn whole(value: &str) -> Option<i64> {
    value.parse().ok()
}
