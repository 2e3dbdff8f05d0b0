//! Data about people: registered, listed masked, looked up with a reason, erased. The record knows of each of these;
//! what is known of the people stands beside it, encrypted.

use super::{
    deeds::{self, Asked, could_be_done, done, done_with},
    from_store, lists,
};
use crate::{
    answer::{Answer, Content},
    call::{Call, Later},
    office::Office,
    problem::{self, Problem},
};
use axum::http::{StatusCode, header};
use kaoping_desk::{Receipt, Refusal, used_otherwise};
use kaoping_office::{
    Act, State,
    deeds::persons::{DecideErasure, KEEPERS, LookUpPerson, RegisterPerson},
    ids::{OfficeId, PersonId},
    state::PersonField,
    tables::Key,
};
use kaoping_persons::{Keeper, Sealed, Values, changed, gone, mask::masked, not_kept, personal_text};
use kaoping_store::Private;
use kaoping_terms::Diagnostic;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// What is known of a person, in the store: encrypted.
const PERSON: &str = "person";

fn kept(person: &PersonId, bytes: Option<Vec<u8>>) -> Private {
    Private { kind: PERSON.into(), key: person.to_string(), bytes }
}

fn not_to_be_kept() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, not_kept())
}

/// Works with the keys on a thread that may wait for the disk.
async fn with_keeper<T: Send + 'static>(
    office: &Arc<Office>,
    work: impl FnOnce(&Keeper) -> Result<T, Box<Diagnostic>> + Send + 'static,
) -> Result<T, Problem> {
    let office = Arc::clone(office);
    let worked = move || office.persons.as_ref().map(work);
    match tokio::task::spawn_blocking(worked).await {
        Ok(Some(outcome)) => outcome.map_err(|finding| of_the_ring(*finding)),
        Ok(None) => Err(not_to_be_kept()),
        Err(_) => Err(problem::server_fault()),
    }
}

fn of_the_ring(finding: Diagnostic) -> Problem {
    let status = match finding.name {
        "person-key-gone" => StatusCode::GONE,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Problem::new(status, finding)
}

/// The person of the path, where it may be seen.
fn person(call: &Call) -> Result<PersonId, Problem> {
    let person = PersonId::from(call.at("person"));
    let sees = call.look(|_, viewer| Ok(viewer.may_see(&Key::Person(person.clone()))))?;
    if sees { Ok(person) } else { Err(problem::not_there()) }
}

/// What is known of a person.
async fn known(office: &Arc<Office>, person: &PersonId) -> Result<Values, Problem> {
    let key = person.to_string();
    let bytes = from_store(office, move |store| store.private(PERSON, &key)).await?;
    let person = person.clone();
    let Some(bytes) = bytes else {
        let erased = |state: &State| state.persons.get(&person).is_some_and(|person| person.erased.is_some());
        let is_erased = office.desk.read(|shown| erased(&shown.state));
        return Err(of_the_ring(if is_erased { gone() } else { changed() }));
    };
    with_keeper(office, move |keeper| keeper.open_sealed(&person, &bytes)).await
}

/// A reason is in the record for ever: it must not say who it is. Numbers of cards and telephones are refused in the
/// reason of any deed.
fn tells_nobody(why: &str, values: Option<&Values>) -> Result<(), Problem> {
    if values.is_some_and(|values| values.are_told_by(why)) {
        return Err(Problem::of(Vec::from([personal_text()])));
    }
    Ok(())
}

fn told(receipt: &Receipt, person: &PersonId, more: Option<(&str, Value)>) -> Answer {
    let status = if receipt.again { StatusCode::OK } else { StatusCode::CREATED };
    let mut body = json!({"person": person, "number": receipt.number, "again": receipt.again});
    if let (Value::Object(fields), Some((name, value))) = (&mut body, more) {
        fields.insert(name.into(), value);
    }
    Answer::new(status, Content::Json(body)).with(header::CACHE_CONTROL, "no-store")
}

fn shown(values: impl Iterator<Item = (PersonField, String)>) -> Value {
    Value::Object(values.map(|(field, value)| (field.name().to_owned(), json!(value))).collect::<Map<_, _>>())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    id: Option<String>,
    person: PersonId,
    data: BTreeMap<PersonField, String>,
    #[serde(default)]
    why: String,
    office: Option<String>,
    role: Option<String>,
    deputy_for: Option<String>,
}

/// `POST /api/persons`: what is encrypted is written with the entry, and its key before that.
pub(crate) fn register(call: Call) -> Later {
    Box::pin(async move {
        let asked: Register = call.json_of_persons()?;
        let values = Values::of(&asked.data).map_err(Problem::of)?;
        tells_nobody(&asked.why, Some(&values))?;
        let person = asked.person.clone();
        let office =
            asked.office.as_deref().map(OfficeId::from).or_else(|| own_office(&call)).ok_or_else(problem::not_yours)?;
        let fields = values.fields().collect();
        let again = Again { id: deeds::id(&call, asked.id.as_deref())?, values: values.clone() };
        let shown = shown(masked(&values));
        let act = Act::RegisterPerson(RegisterPerson { person: person.clone(), office: office.clone(), fields });
        let asked = Asked {
            id: asked.id,
            act,
            why: asked.why,
            evidence: Vec::new(),
            office: Some(office.into()),
            role: asked.role,
            deputy_for: asked.deputy_for,
        };
        if !could_be_done(&call, &asked)? {
            // It was done before, or is refused: no key is needed for either.
            let receipt = done(&call, asked).await?;
            again.check(&call, &person, &receipt).await?;
            return Ok(told(&receipt, &person, Some(("masked", shown))));
        }
        let sealed_for = person.clone();
        let sealed = with_keeper(&call.office, move |keeper| keeper.seal(&sealed_for, &values)).await?;
        let private = Vec::from([kept(&person, Some(sealed.bytes.clone()))]);
        match done_with(&call, asked, private).await {
            Ok(receipt) if !receipt.again => Ok(told(&receipt, &person, Some(("masked", shown)))),
            Ok(receipt) => {
                forget(&call, &person, sealed).await?;
                again.check(&call, &person, &receipt).await?;
                Ok(told(&receipt, &person, Some(("masked", shown))))
            }
            // Where the disk failed nobody knows yet whether it is there: its key stays.
            Err(problem) if problem.status == StatusCode::SERVICE_UNAVAILABLE => Err(problem),
            Err(problem) => {
                forget(&call, &person, sealed).await?;
                Err(problem)
            }
        }
    })
}

/// What was sent under an id. The record does not know the data: those that are kept are compared, so that others under
/// the same id are not taken for what is there already.
struct Again {
    id: String,
    values: Values,
}

impl Again {
    async fn check(&self, call: &Call, person: &PersonId, receipt: &Receipt) -> Result<(), Problem> {
        if !receipt.again {
            return Ok(());
        }
        match known(&call.office, person).await {
            Ok(kept) if kept == self.values => Ok(()),
            Ok(_) => Err(Refusal::Findings(Vec::from([used_otherwise(&self.id, receipt.number)])).into()),
            // Of somebody who was erased nothing is left to compare.
            Err(problem) if problem.status == StatusCode::GONE => Ok(()),
            Err(problem) => Err(problem),
        }
    }
}

async fn forget(call: &Call, person: &PersonId, sealed: Sealed) -> Result<(), Problem> {
    let person = person.clone();
    with_keeper(&call.office, move |keeper| keeper.forget(&person, &sealed)).await
}

/// The first office the account works with people in.
fn own_office(call: &Call) -> Option<OfficeId> {
    let found = call.look(|_, viewer| {
        let mut grants = viewer.grants().iter();
        Ok(grants.find(|(_, grant)| KEEPERS.contains(&grant.role)).map(|(_, grant)| grant.office.clone()))
    });
    found.ok().flatten()
}

/// `GET /api/persons`: masked for the office that keeps them; whoever audits sees that there is somebody.
pub(crate) fn list(call: Call) -> Later {
    Box::pin(async move {
        let mut answer = lists::list(&call)?;
        let Content::List(list) = &mut answer.content else { return Ok(answer) };
        let ids: Vec<PersonId> =
            list.rows.iter().map(|row| row.first().and_then(Value::as_str).unwrap_or_default().into()).collect();
        let seen = readable(&call, ids).await?;
        list.columns.extend(PersonField::ALL.iter().map(|field| field.name()));
        for (row, values) in list.rows.iter_mut().zip(seen) {
            let masked: BTreeMap<PersonField, String> = values.iter().flat_map(masked).collect();
            row.extend(
                PersonField::ALL.iter().map(|field| masked.get(field).map_or(Value::Null, |value| json!(value))),
            );
        }
        Ok(answer.with(header::CACHE_CONTROL, "no-store"))
    })
}

/// What is known of each of those people, where the account works with it and it can be read.
async fn readable(call: &Call, ids: Vec<PersonId>) -> Result<Vec<Option<Values>>, Problem> {
    let kept_here = call.office.persons.is_some();
    let wanted: Vec<Option<PersonId>> = call.look(|shown, viewer| {
        let stands = |id: &PersonId| shown.state.persons.get(id).is_some_and(|person| person.erased.is_none());
        let wanted = |id: PersonId| (kept_here && viewer.keeps(&id) && stands(&id)).then_some(id);
        Ok(ids.into_iter().map(wanted).collect())
    })?;
    let found = from_store(&call.office, move |store| {
        let read = wanted.into_iter().map(|id| match id {
            Some(id) => Ok(store.private(PERSON, id.as_str())?.map(|bytes| (id, bytes))),
            None => Ok(None),
        });
        read.collect::<Result<Vec<_>, _>>()
    });
    let found = found.await?;
    if found.iter().all(Option::is_none) {
        return Ok(found.iter().map(|_| None).collect());
    }
    with_keeper(&call.office, move |keeper| {
        Ok(found.into_iter().map(|found| found.and_then(|(id, bytes)| keeper.open_sealed(&id, &bytes).ok())).collect())
    })
    .await
}

/// The same for a page: each with what is known of it, masked.
pub(crate) async fn masked_of(
    call: &Call,
    ids: Vec<PersonId>,
) -> Result<Vec<(PersonId, Vec<(PersonField, String)>)>, Problem> {
    let seen = readable(call, ids.clone()).await?;
    let masked = |values: Option<Values>| values.iter().flat_map(masked).collect();
    Ok(ids.into_iter().zip(seen.into_iter().map(masked)).collect())
}

/// `GET /api/persons/{person}`
pub(crate) fn one(call: Call) -> Later {
    Box::pin(async move {
        let id = person(&call)?;
        let seen = readable(&call, Vec::from([id.clone()])).await?.pop().flatten();
        call.look(|state, _| {
            let person = state.state.persons.get(&id).ok_or_else(problem::not_there)?;
            let of_this = state.state.look_ups.range((id.clone(), 0)..=(id.clone(), u64::MAX));
            let look_ups = of_this.map(|((_, entry), look_up)| {
                json!({
                    "entry": entry,
                    "account": look_up.by,
                    "day": look_up.day.iso(),
                    "fields": look_up.fields,
                    "why": look_up.why,
                })
            });
            Ok(Answer::json(json!({
                "person": id,
                "office": person.office,
                "fields": person.fields,
                "registered": person.registered,
                "erasure_asked_by": person.asked,
                "erased": person.erased,
                "masked": seen.as_ref().map(|values| shown(masked(values))),
                "look_ups": look_ups.collect::<Vec<_>>(),
            }))
            .with(header::CACHE_CONTROL, "no-store"))
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookUp {
    id: Option<String>,
    fields: Vec<PersonField>,
    why: String,
    role: Option<String>,
    deputy_for: Option<String>,
}

/// `POST /api/persons/{person}/look-up`: the entry is durable before anything is shown. Sent again under the same id
/// nothing is shown: that would be a second look under the first one's name.
pub(crate) fn look_up(call: Call) -> Later {
    Box::pin(async move {
        let asked: LookUp = call.json_of_persons()?;
        let person = person(&call)?;
        let office = call.office.desk.read(|shown| shown.state.persons.get(&person).map(|found| found.office.clone()));
        if call.office.persons.is_none() {
            return Err(not_to_be_kept());
        }
        tells_nobody(&asked.why, known(&call.office, &person).await.ok().as_ref())?;
        let fields = asked.fields.clone();
        let act = Act::LookUpPerson(LookUpPerson { person: person.clone(), fields: asked.fields });
        let asked = Asked {
            id: asked.id,
            act,
            why: asked.why,
            evidence: Vec::new(),
            office: office.map(String::from),
            role: asked.role,
            deputy_for: asked.deputy_for,
        };
        let receipt = done(&call, asked).await?;
        if receipt.again {
            return Ok(told(&receipt, &person, None));
        }
        let values = known(&call.office, &person).await?;
        let wanted = values.iter().filter(|(field, _)| fields.contains(field));
        let data = shown(wanted.map(|(field, value)| (field, value.to_owned())));
        Ok(told(&receipt, &person, Some(("data", data))))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Erase {
    id: Option<String>,
    approved: bool,
    #[serde(default)]
    why: String,
    office: Option<String>,
    role: Option<String>,
    deputy_for: Option<String>,
}

/// `POST /api/persons/{person}/erase`: the entry first, then the key, then the answer. Should the program end in between,
/// the key goes when it starts.
pub(crate) fn erase(call: Call) -> Later {
    Box::pin(async move {
        let asked: Erase = call.json_of_persons()?;
        let person = person(&call)?;
        if call.office.persons.is_none() {
            return Err(not_to_be_kept());
        }
        tells_nobody(&asked.why, known(&call.office, &person).await.ok().as_ref())?;
        let approved = asked.approved;
        let act = Act::DecideErasure(DecideErasure { person: person.clone(), approved });
        let asked = Asked {
            id: asked.id,
            act,
            why: asked.why,
            evidence: Vec::new(),
            office: asked.office,
            role: asked.role,
            deputy_for: asked.deputy_for,
        };
        let private = if approved { Vec::from([kept(&person, None)]) } else { Vec::new() };
        let receipt = done_with(&call, asked, private).await?;
        let gone = person.clone();
        if approved {
            with_keeper(&call.office, move |keeper| keeper.destroy(&gone)).await?;
        }
        Ok(told(&receipt, &person, None))
    })
}
