//! The record is founded: offices, people, the figures that can be asked for.

use super::{Year, day};
use crate::{
    CITY, ORIGIN,
    figures::months_card,
    offices::{accounts, person},
    scene::Done,
};
use kaoping_desk::calendars;
use kaoping_office::{
    Act,
    deeds::{
        figures::DefineFigure,
        founding::{EnterNotice, Found},
        offices::OpenOffice,
        people::{GrantRole, OpenAccount},
    },
    state::{Card, Measure},
};
use kaoping_terms::{Day, Text};

impl Year<'_> {
    /// The first entry, and the holidays that are known.
    pub(crate) fn founded(&mut self, key: &str) -> Done {
        let what = Text::new("成立台账，载入历年放假通知", "the record is founded and takes the holiday notices over");
        let who = Text::new("系统管理员", "the system administrator");
        self.scene.step(day(1, 4), (9, 0), who, what)?;
        let system = person("system");
        let algorithm = self.scene.algorithm_of(key);
        let found = Found {
            origin: ORIGIN.into(),
            algorithm: algorithm.name().into(),
            key: key.into(),
            office: CITY.into(),
            name: CITY.into(),
            from: Day::LONG_AGO,
            administrators: ["system".into(), "security".into(), "logs".into()],
        };
        self.scene.does(&system, Act::Found(found));
        self.scene.wait()?;
        for notice in calendars::shipped() {
            self.scene.does(&system, Act::EnterNotice(EnterNotice(notice)));
        }
        Ok(())
    }

    /// The tree of offices, the accounts and their roles.
    pub(crate) fn people(&mut self) -> Done {
        let (system, security) = (person("system"), person("security"));
        let what = Text::new("设立单位和账号，授予职责", "offices and accounts are opened, roles are given");
        let who = Text::new("系统管理员、安全管理员", "the system and the security administrator");
        self.scene.step(day(1, 4), (9, 30), who, what)?;
        for office in self.offices.clone() {
            let opened = OpenOffice { office: office.id.as_str().into(), version: office.version() };
            self.scene.does(&system, Act::OpenOffice(opened));
        }
        // The three administrators came with the record.
        for account in accounts().into_iter().filter(|account| !account.role.is_administrator()) {
            self.scene.does(&system, Act::OpenAccount(OpenAccount { account: account.login.as_str().into() }));
            let (login, office) = (account.login.as_str().into(), account.office.as_str().into());
            let grant = GrantRole { account: login, office, role: account.role, from: day(1, 1), to: None };
            self.scene.does(&security, Act::GrantRole(grant));
        }
        Ok(())
    }

    /// The cards.
    pub(crate) fn figures(&mut self) -> Done {
        let what = Text::new("建立指标卡", "the figures that can be asked for are defined");
        self.scene.step(day(1, 4), (14, 0), super::of_office(), what)?;
        let mut cards: Vec<Card> = self.book.figures.iter().map(|figure| figure.card()).collect();
        cards.push(months_card());
        cards.push(count("创业培训", "全年参加创业培训的人数"));
        cards.push(count("农民工工资清欠", "全年清欠工资涉及的农民工人数"));
        for card in cards {
            let define = DefineFigure { figure: card.name.as_str().into(), card };
            self.scene.does(&self.office.clone(), Act::DefineFigure(define));
        }
        Ok(())
    }
}

fn count(name: &str, definition: &str) -> Card {
    Card {
        name: name.into(),
        definition: definition.into(),
        measure: Measure::Number { unit: "人".into(), least: Some("0".into()), most: None, places: 0 },
        cumulative: true,
        source: "人保部门报表".into(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    }
}
