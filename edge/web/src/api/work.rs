//! What an account is, what it has to do, and by when.

use super::lists::{MOST, PAGE, from_row};
use crate::{
    answer::{Answer, List},
    call::{Call, Outcome},
    problem,
};
use kaoping_desk::Shown;
use kaoping_office::{
    Viewer,
    deeds::collections::Burden,
    duties::{Duty, Lamp},
    forms::Owing,
    ids::{FigureId, OfficeId},
    period::Period,
    state::Stage,
};
use kaoping_terms::Day;
use serde_json::{Value, json};

/// `GET /api/me`
pub(crate) fn me(call: &Call) -> Outcome {
    call.look(|shown, viewer| {
        let roles = viewer.grants().iter().map(|(holder, grant)| {
            json!({
                "unit": grant.office,
                "role": grant.role.name(),
                "word": grant.role.word().get(call.lang),
                "from": grant.from.iso(),
                "to": grant.to.map(|day| day.iso()),
                "deputy_for": holder,
            })
        });
        let credential = call.office.people.credential(viewer.account().as_str());
        Ok(Answer::json(json!({
            "account": viewer.account(),
            "record": shown.state.origin,
            "today": viewer.today().iso(),
            "roles": roles.collect::<Vec<_>>(),
            "password_to_change": credential.as_ref().is_some_and(|credential| credential.first),
            "totp": credential.is_some_and(|credential| credential.totp.is_some()),
        })))
    })
}

/// `GET /api/owed`
pub(crate) fn owed(call: &Call) -> Outcome {
    call.only(&[])?;
    let columns = Vec::from(["deed", "thing", "unit", "to", "due", "working_days_left", "working_days_over"]);
    let rows = call.look(|shown, viewer| {
        let row = |duty: &Duty| {
            let due = duty.due.map(|day| day.iso());
            let [left, over] = duty.due.map(|due| left_and_over(shown, viewer, due)).unwrap_or_default();
            let (unit, to) = (json!(duty.office), json!(duty.to));
            vec![json!(duty.kind.deed()), json!(duty.thing), unit, to, json!(due), json!(left), json!(over)]
        };
        Ok(shown.state.duties(viewer).iter().map(row).collect())
    })?;
    Ok(Answer::list(List { columns, rows, next: None }))
}

/// How far a report that is owed can be: nobody handed it in, or what it is in the list of reports.
const OWED: [&str; 4] = ["open", Stage::Returned.name(), Stage::Submitted.name(), Stage::Reviewed.name()];

/// `GET /api/owed/below`: figure after figure, what offices below have not reported yet.
pub(crate) fn owed_below(call: &Call) -> Outcome {
    call.only(call.route.parameters)?;
    let (from, limit) = (call.parsed::<usize>("from")?.unwrap_or(0), call.limit(PAGE, MOST)?);
    let lamps: Vec<&str> = Lamp::ALL.iter().filter(|lamp| **lamp != Lamp::Open).map(|lamp| lamp.name()).collect();
    for (name, known) in [("stage", &OWED[..]), ("lamp", &lamps)] {
        if let Some(other) = call.parameter(name).filter(|value| !known.contains(value)) {
            return Err(problem::none_of(name, other, known));
        }
    }
    if call.parameter("period").is_some_and(|text| text.parse::<Period>().is_err()) {
        return Err(problem::no_period("period"));
    }
    let (rows, more) = call.look(|shown, viewer| {
        let mut rows = Vec::new();
        for (id, collection, office) in shown.state.owed_below(viewer) {
            let owing = shown.state.owing_of((id, collection), office, viewer.today());
            let wanted = owing.figures.iter().filter(|figure| is_wanted(call, &owing, figure));
            rows.extend(wanted.map(|figure| owed_row(shown, viewer, &owing, figure)));
            if rows.len() > from.saturating_add(limit) {
                break;
            }
        }
        let more = rows.len() > from.saturating_add(limit);
        Ok((rows.into_iter().skip(from).take(limit).collect(), more))
    })?;
    let columns = Vec::from([
        "unit",
        "collection",
        "figure",
        "period",
        "stage",
        "due",
        "last_day",
        "lamp",
        "working_days_left",
        "working_days_over",
    ]);
    let next = more.then(|| from_row(call, from.saturating_add(limit)));
    Ok(Answer::list(List { columns, rows, next }))
}

fn how_far(owing: &Owing<'_>) -> &'static str {
    owing.stage().map_or("open", Stage::name)
}

fn owed_row(shown: &Shown, viewer: &Viewer<'_>, owing: &Owing<'_>, figure: &FigureId) -> Vec<Value> {
    let [left, over] = left_and_over(shown, viewer, owing.collection.due);
    vec![
        json!(owing.office),
        json!(owing.id),
        json!(figure),
        json!(owing.collection.period.to_string()),
        json!(how_far(owing)),
        json!(owing.collection.due.iso()),
        json!(owing.collection.last.iso()),
        json!(owing.lamp.name()),
        json!(left),
        json!(over),
    ]
}

fn is_wanted(call: &Call, owing: &Owing<'_>, figure: &FigureId) -> bool {
    let period = owing.collection.period.to_string();
    let cells = [
        ("unit", owing.office.as_str()),
        ("collection", owing.id.as_str()),
        ("figure", figure.as_str()),
        ("period", &period),
        ("stage", how_far(owing)),
        ("lamp", owing.lamp.name()),
    ];
    cells.iter().all(|(name, cell)| call.parameter(name).is_none_or(|wanted| wanted == *cell))
}

/// Working days to a day that is not past, and those since one that is: the other of the two is absent.
fn left_and_over(shown: &Shown, viewer: &Viewer<'_>, due: Day) -> [Option<u32>; 2] {
    let today = viewer.today();
    let days = shown.state.calendar.left(today, due).unsigned_abs();
    if due < today { [None, Some(days)] } else { [Some(days), None] }
}

/// `GET /api/burden`
pub(crate) fn burden(call: &Call) -> Outcome {
    call.only(&[])?;
    let rows = call.look(|shown, viewer| {
        let burdens = shown.state.burden();
        let seen = burdens.iter().filter(|((office, ..), _)| viewer.sees(office));
        let row = |((office, year, month), burden): (&(OfficeId, i16, i8), &Burden)| {
            vec![json!(office), json!(format!("{year:04}-{month:02}")), json!(burden.asked), json!(burden.shared)]
        };
        Ok(seen.map(row).collect())
    })?;
    let columns = Vec::from(["unit", "month", "figures_asked", "asked_twice"]);
    Ok(Answer::list(List { columns, rows, next: None }))
}

/// `GET /api/calendar`
pub(crate) fn calendar(call: &Call) -> Outcome {
    call.only(&[])?;
    call.look(|shown, _| {
        let notices = shown.state.calendar.notices.values().map(
            |notice| json!({"year": notice.year, "notice": notice.notice, "rest": notice.rest, "work": notice.work}),
        );
        Ok(Answer::json(json!({"notices": notices.collect::<Vec<_>>()})))
    })
}

/// `GET /api/deadline?from=2026-09-26&working_days=5`
pub(crate) fn deadline(call: &Call) -> Outcome {
    call.only(&["from", "working_days"])?;
    let unreadable = || problem::no_day("from");
    let from = call.parameter("from").and_then(Day::parse).ok_or_else(unreadable)?;
    let working_days = call.working_days("working_days")?;
    call.look(|shown, viewer| {
        let calendar = &shown.state.calendar;
        let reckoned = if working_days == 0 { calendar.on_or_after(from) } else { calendar.after(from, working_days) };
        let reckoned = reckoned.ok_or_else(unreadable)?;
        let days = |days: &[Day]| days.iter().map(|day| day.iso()).collect::<Vec<_>>();
        let [left, over] = left_and_over(shown, viewer, reckoned.due);
        Ok(Answer::json(json!({
            "from": from.iso(),
            "working_days": working_days,
            "due": reckoned.due.iso(),
            "passed_over": days(&reckoned.passed_over),
            "made_up": days(&reckoned.made_up),
            "years_not_announced": reckoned.unannounced,
            "working_days_left": left,
            "working_days_over": over,
        })))
    })
}
