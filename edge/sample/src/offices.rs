//! Who there is.

use crate::CITY;
use csv::Reader;
use kaoping_office::{Role, state::OfficeVersion};
use kaoping_terms::{Day, Text};
use std::collections::BTreeMap;

/// Somebody who does deeds: account, office, role.
pub(crate) type Person = (String, String, Role);

/// An office of the city.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    /// Its id and its name.
    pub(crate) id: String,
    /// The one above it.
    pub(crate) above: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Whether it is a pilot of the old-age insurance.
    pub(crate) pilot: bool,
    /// What the names of its accounts begin with.
    login: String,
}

/// The rows of a table that comes with the program.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = Reader::from_reader(text.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// Every office below the city, those above first.
pub(crate) fn offices() -> Vec<Office> {
    let table = rows(include_str!("../data/offices.csv")).into_iter();
    let read = |row: Vec<String>| {
        let [id, above, kind, pilot, login] = <[String; 5]>::try_from(row).ok()?;
        Some(Office { id, above, kind, pilot: pilot == "yes", login })
    };
    table.filter_map(read).collect()
}

impl Office {
    /// Whether the city assesses it.
    pub(crate) fn is_assessed(&self) -> bool {
        self.above == CITY
    }

    /// One of its three people.
    pub(crate) fn person(&self, role: Role) -> Person {
        (format!("{}-{}", self.login, role.name()), self.id.clone(), role)
    }

    /// As the record has it.
    pub(crate) fn version(&self) -> OfficeVersion {
        let pilot = if self.pilot { "yes" } else { "no" };
        OfficeVersion {
            from: Day::LONG_AGO,
            name: self.id.clone(),
            parent: Some(self.above.as_str().into()),
            kind: self.kind.clone(),
            group: String::new(),
            attributes: BTreeMap::from([("pilot".to_owned(), pilot.to_owned())]),
        }
    }
}

/// An account of the sample city.
#[derive(Clone, Debug)]
pub struct Account {
    /// What is typed to sign in.
    pub login: String,
    /// In which office.
    pub office: String,
    /// As what.
    pub role: Role,
    /// Who that is.
    pub who: Text,
}

/// The roles of an office that reports.
const REPORTING: [Role; 3] = [Role::Clerk, Role::Reviewer, Role::Signer];

/// Every account, the administrators first.
pub fn accounts() -> Vec<Account> {
    let table = rows(include_str!("../data/people.csv")).into_iter();
    let read = |row: Vec<String>| {
        let [login, office, role, zh, en] = <[String; 5]>::try_from(row).ok()?;
        Some(Account { login, office, role: Role::named(&role)?, who: Text { zh, en } })
    };
    let mut all: Vec<Account> = table.filter_map(read).collect();
    for office in offices() {
        all.extend(REPORTING.map(|role| {
            let (login, office, role) = office.person(role);
            let word = role.word();
            let who = Text { zh: format!("{office}{}", word.zh), en: format!("{} of {office}", word.en) };
            Account { login, office, role, who }
        }));
    }
    all
}

/// The account of that name.
pub(crate) fn person(login: &str) -> Person {
    let found = accounts().into_iter().find(|account| account.login == login);
    found.map_or((login.to_owned(), CITY.to_owned(), Role::AssessmentOffice), |found| {
        (found.login, found.office, found.role)
    })
}
