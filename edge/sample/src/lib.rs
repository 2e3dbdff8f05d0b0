//! A made-up city and its year: offices, people, schemes, targets, reports, rounds, objections, results.
//!
//! Everything in it is done by deeds through the desk, in the order and on the days they would be done in;
//! nothing is written to a store beside it. The figures are those of the sample city that comes with the policy
//! `livelihood`, which are made up. The demonstration shows it, and tests of pages begin with it.

mod clock;
mod figures;
mod offices;
mod policy;
mod scene;
mod year;

pub use clock::Clock;
pub use offices::{Account, accounts};
pub use scene::{Refused, Step};
pub use year::{EMPLOYMENT, LIVELIHOOD, Upto, year};

use kaoping_desk::{Desk, Opening};
use kaoping_ledger::SecretKey;
use kaoping_office::tables::TABLES;
use kaoping_terms::Diagnostic;

/// The office at the top.
pub const CITY: &str = "示例市";

/// The name of its record.
pub const ORIGIN: &str = "示例市考评台账";

/// Makes the city in an empty store, up to a moment of its year; when that is, in milliseconds since 1970.
///
/// # Errors
/// The store cannot be used, or there is a record in it.
pub fn make(store: &str, key: SecretKey, upto: Upto) -> Result<i64, Vec<Diagnostic>> {
    told(store, key, upto, &mut |_| ())
}

/// The same before an audience, which is told of each step when it is durable.
///
/// # Errors
/// As for [`make`].
pub fn told(store: &str, key: SecretKey, upto: Upto, audience: &mut dyn FnMut(&Step)) -> Result<i64, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let clock = Clock::default();
    let public = key.public(ORIGIN).to_string();
    let opening = Opening {
        store: kaoping_store::open(store, TABLES).map_err(failed)?,
        key,
        clock: clock.boxed(),
        queue: 100_000,
        batch: 1000,
        fatal: Box::new(|| ()),
    };
    let desk = Desk::open(opening).map_err(failed)?;
    year(&desk, &clock, &public, upto, audience).map_err(|refused| refused.findings)?;
    desk.close();
    Ok(clock.now_ms())
}
