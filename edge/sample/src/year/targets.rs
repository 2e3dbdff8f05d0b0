//! This year begins: schemes, targets, liability letters.

use super::{EMPLOYMENT, LIVELIHOOD, Year, day, of_office};
use crate::{
    CITY,
    offices::{Office, Person, person},
    policy,
    scene::Done,
};
use kaoping_office::{
    Act, Role,
    deeds::{
        schemes::ForwardScheme,
        targets::{AcceptLetter, HandDown, Part},
    },
};
use kaoping_terms::Text;

/// The scheme of a county for its townships.
pub(crate) const TOWNS: &str = "甲县人社2026";

/// The county it is of.
pub(crate) const COUNTY: &str = "甲县";

/// Targets of the scheme on employment that nothing is derived from: the same for all.
const TRAINING: i64 = 600;
const WAGES: i64 = 240;

impl Year<'_> {
    pub(crate) fn begun(&mut self) -> Done {
        self.schemes()?;
        self.targets()?;
        self.letters()?;
        self.townships()
    }

    fn schemes(&mut self) -> Done {
        let what = Text::new("采用 2026 年民生工程办法，转发各县区", "the scheme of 2026 is adopted and passed on");
        self.scene.step(day(2, 5), (9, 0), of_office(), what)?;
        let (texts, bindings) = (policy::this_year(&self.book), policy::bindings(&self.book));
        self.adopts(LIVELIHOOD, CITY, &texts, &bindings, "市政府常务会议审议通过")?;
        self.forwards(LIVELIHOOD)?;
        let what = Text::new(
            "采用 2026 年人社目标办法，与民生工程共用指标",
            "a scheme on employment is adopted; it shares figures with the other",
        );
        self.scene.step(day(2, 5), (10, 0), of_office(), what)?;
        self.adopts(EMPLOYMENT, CITY, &policy::employment(), &policy::employment_bindings(), "市人社局提请")?;
        self.forwards(EMPLOYMENT)
    }

    fn forwards(&mut self, scheme: &str) -> Done {
        let offices = self.assessed().iter().map(|office| office.id.as_str().into()).collect();
        let forward = ForwardScheme { scheme: scheme.into(), offices, act_by: Some(day(2, 28)) };
        self.scene.does(&self.office.clone(), Act::ForwardScheme(forward));
        self.scene.wait()
    }

    fn targets(&mut self) -> Done {
        let what = Text::new("分解下达 2026 年目标", "the targets of 2026 are handed down");
        self.scene.step(day(2, 9), (9, 0), of_office(), what)?;
        let office = self.office.clone();
        let all = self.assessed();
        let book = &self.book;
        let items: Vec<String> =
            book.figures.iter().filter(|figure| figure.has_target).map(|figure| figure.item.clone()).collect();
        for item in items {
            let value = |office: &Office| self.book.target(&office.id, &item);
            let parts = parts(&all, value);
            self.hands_down(&office, LIVELIHOOD, &item, parts);
        }
        let of_book = |item: &'static str| -> Vec<Part> { parts(&all, |office| self.book.target(&office.id, item)) };
        let (jobs, pensions) = (of_book("101"), of_book("201"));
        self.hands_down(&office, EMPLOYMENT, "城镇新增就业", jobs);
        self.hands_down(&office, EMPLOYMENT, "养老保险参保", pensions);
        self.hands_down(&office, EMPLOYMENT, "创业培训", parts(&all, |_| Some(TRAINING.to_string())));
        self.hands_down(&office, EMPLOYMENT, "农民工工资清欠", parts(&all, |_| Some(WAGES.to_string())));
        Ok(())
    }

    fn hands_down(&mut self, who: &Person, scheme: &str, item: &str, parts: Vec<Part>) {
        let hand_down =
            HandDown {
                scheme: scheme.into(), indicator: item.into(), field: "目标数".into(), adds_up: false, parts
            };
        self.scene.does(who, Act::HandDown(hand_down));
    }

    fn letters(&mut self) -> Done {
        let what = Text::new("签订责任书", "liability letters are accepted by both sides");
        let who = Text::new("考评领导小组、各县区", "the leading group, counties and districts");
        self.scene.step(day(2, 12), (15, 0), who, what)?;
        for office in self.assessed() {
            let letter = || AcceptLetter { scheme: LIVELIHOOD.into(), office: office.id.as_str().into() };
            self.scene.does(&self.group.clone(), Act::AcceptLetter(letter()));
            self.scene.does(&office.person(Role::Signer), Act::AcceptLetter(letter()));
        }
        Ok(())
    }

    /// A county carries a scheme of the city out among its townships.
    fn townships(&mut self) -> Done {
        let what = Text::new(
            "按市里办法制定本县办法，向乡镇分解目标",
            "the county adopts a scheme under that of the city and hands targets down to its townships",
        );
        self.scene.step(day(2, 13), (9, 0), Text::same("甲县考评办"), what)?;
        self.adopts(TOWNS, COUNTY, &policy::employment(), &policy::employment_bindings(), "县政府常务会议审议通过")?;
        let who = person(&self.office_of(COUNTY));
        let towns: Vec<Office> = self.offices.iter().filter(|office| office.above == COUNTY).cloned().collect();
        let share = |value: Option<String>| -> Vec<Part> {
            let whole: i64 = value.and_then(|value| value.parse().ok()).unwrap_or_default();
            let count = i64::try_from(towns.len()).unwrap_or(1).max(1);
            let first = whole - whole / count * (count - 1);
            let each = (0..).map(|place| if place == 0 { first } else { whole / count });
            towns.iter().zip(each).map(|(town, value)| part(town, value.to_string())).collect()
        };
        for (item, whole) in [
            ("城镇新增就业", self.book.target(COUNTY, "101")),
            ("养老保险参保", self.book.target(COUNTY, "201")),
            ("创业培训", Some(TRAINING.to_string())),
            ("农民工工资清欠", Some(WAGES.to_string())),
        ] {
            let parts = share(whole);
            self.hands_down(&who, TOWNS, item, parts);
        }
        Ok(())
    }
}

fn part(office: &Office, value: String) -> Part {
    Part { office: office.id.as_str().into(), value }
}

fn parts(offices: &[Office], value: impl Fn(&Office) -> Option<String>) -> Vec<Part> {
    offices.iter().filter_map(|office| Some(part(office, value(office)?))).collect()
}
