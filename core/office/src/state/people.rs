//! Accounts, and what they may do.

use super::State;
use crate::{
    ids::{AccountId, OfficeId},
    rights::Role,
};
use alloc::{string::String, vec::Vec};
use kaoping_terms::Day;

/// A role in an office, from day to day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// In which office.
    pub office: OfficeId,
    /// Which role.
    pub role: Role,
    /// The first day.
    pub from: Day,
    /// The last day; absent where there is none.
    pub to: Option<Day>,
}

impl Grant {
    fn is(&self, office: &str, role: Role, day: Day) -> bool {
        self.role == role && self.office.as_str() == office && self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Somebody who stands in (AB 岗).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    /// Who stands in.
    pub deputy: AccountId,
    /// In what.
    pub grant: Grant,
}

/// An account. Whose it is stands outside the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What it may do.
    pub grants: Vec<Grant>,
    /// Who stands in for it.
    pub deputies: Vec<Deputy>,
    /// The day it was closed.
    pub closed: Option<Day>,
    /// The entry that gave it a first password last.
    pub password: Option<u64>,
    /// Whom it is bound to elsewhere: a hash of who that is and a random number, which are not in the record.
    pub bound: Option<String>,
}

impl Account {
    /// Whether it holds a role in an office on a day.
    pub fn holds(&self, office: &str, role: Role, day: Day) -> bool {
        self.grants.iter().any(|grant| grant.is(office, role, day))
    }
}

impl State {
    /// Whether an account holds a role in an office on a day.
    pub fn holds(&self, account: &str, office: &str, role: Role, day: Day) -> bool {
        self.accounts.get(account).is_some_and(|account| account.holds(office, role, day))
    }

    /// Whether `deputy` stands in for `account` in that role on a day.
    pub fn is_deputy(&self, account: &str, deputy: &str, office: &str, role: Role, day: Day) -> bool {
        self.accounts.get(account).is_some_and(|account| {
            let mut deputies = account.deputies.iter();
            deputies.any(|found| found.deputy.as_str() == deputy && found.grant.is(office, role, day))
        })
    }
}
