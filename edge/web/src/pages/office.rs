//! Pages of offices, people, the calendar, and what an account does for itself.

use super::{at_once, seen, with_eyes};
use crate::{
    api::{persons::masked_of, sessions::own},
    call::{Call, Later},
    problem::{self, Problem},
};
use axum::http::header;
use kaoping_office::{
    ids::{OfficeId, PersonId, SchemeId},
    tables::Key,
};
use kaoping_pages::{
    burden as burden_page,
    calendar::{Wanted, calendar as calendar_page},
    figures as figures_page, honesty as honesty_page, inspections as inspections_page, offices as office_pages,
    people::{self as people_pages, Kept},
    persons as register,
};
use kaoping_terms::Day;

/// `GET /offices`
pub(crate) fn offices(call: Call) -> Later {
    at_once(seen(&call, |eyes| Ok(office_pages::offices(eyes))))
}

/// `GET /offices/{unit}`
pub(crate) fn office(call: Call) -> Later {
    let id = OfficeId::from(call.at("unit"));
    at_once(seen(&call, |eyes| office_pages::office(eyes, &id).ok_or_else(problem::not_there)))
}

/// `GET /burden?year=`
pub(crate) fn burden(call: Call) -> Later {
    let year = call.parsed::<i16>("year").map(|year| year.unwrap_or_else(|| call.today().civil().0));
    at_once(year.and_then(|year| seen(&call, |eyes| Ok(burden_page::burden(eyes, year)))))
}

/// `GET /schemes/{scheme}/honesty`
pub(crate) fn honesty(call: Call) -> Later {
    let scheme = SchemeId::from(call.at("scheme"));
    at_once(seen(&call, |eyes| {
        let may = eyes.viewer.may_see(&Key::Scheme(scheme.clone()));
        if may { Ok(honesty_page::honesty(eyes, &scheme)) } else { Err(problem::not_there()) }
    }))
}

/// `GET /inspections`
pub(crate) fn inspections(call: Call) -> Later {
    at_once(seen(&call, |eyes| Ok(inspections_page::inspections(eyes))))
}

/// `GET /figures?figure=&kind=`
pub(crate) fn figures(call: Call) -> Later {
    let text = |name| call.parameter(name).unwrap_or_default();
    let wanted = figures_page::Wanted { figure: text("figure"), kind: text("kind") };
    at_once(seen(&call, |eyes| Ok(figures_page::figures(eyes, &wanted))))
}

/// `GET /people`
pub(crate) fn people(call: Call) -> Later {
    let elsewhere = call.office.provider.is_some();
    at_once(seen(&call, |eyes| Ok(people_pages::people(eyes, elsewhere))))
}

/// `GET /persons`: masked, as the lists of the interface have them.
pub(crate) fn persons(call: Call) -> Later {
    Box::pin(async move {
        let ids: Vec<PersonId> = with_eyes(&call, |eyes| register::seen(eyes).into_iter().cloned().collect())?;
        let kept = call.office.persons.is_some();
        let known: Vec<(PersonId, register::Masked)> = masked_of(&call, ids).await?;
        let page = seen(&call, |eyes| Ok(register::persons(eyes, &known, kept)))?;
        Ok(page.with(header::CACHE_CONTROL, "no-store"))
    })
}

/// `GET /settings`
pub(crate) fn settings(call: Call) -> Later {
    let account = call.account().unwrap_or_default();
    let credential = call.office.people.credential(account);
    let first = credential.as_ref().is_some_and(|credential| credential.first);
    let codes = credential.is_some_and(|credential| credential.totp.is_some());
    let sessions = own(&call);
    at_once(
        sessions
            .and_then(|sessions| seen(&call, |eyes| Ok(people_pages::settings(eyes, Kept { first, codes, sessions })))),
    )
}

/// `GET /calendar?year=&from=&working_days=`
pub(crate) fn calendar(call: Call) -> Later {
    at_once(reckoned(&call).and_then(|wanted| seen(&call, |eyes| Ok(calendar_page(eyes, &wanted)))))
}

fn reckoned(call: &Call) -> Result<Wanted, Problem> {
    call.only(&["year", "from", "working_days"])?;
    let from = call.parameter("from").filter(|from| !from.is_empty());
    let unreadable = || problem::no_day("from");
    let from = from.map(|from| Day::parse(from).ok_or_else(unreadable)).transpose()?;
    let year = call.parsed::<i16>("year")?.filter(|year| (1970..=2200).contains(year));
    let year = year.unwrap_or_else(|| call.today().civil().0);
    Ok(Wanted { year, from, working_days: call.working_days("working_days")? })
}
