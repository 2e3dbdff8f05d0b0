//! Pages about what is reported: who has handed in what, and a report.

use super::{at_once, seen};
use crate::{
    api::from_store,
    call::{Call, Later},
    models::Models,
    problem::{self, Problem},
};
use kaoping_office::{
    Entry,
    ids::{CollectionId, OfficeId},
    tables::Key,
};
use kaoping_pages::{Eyes, asking, reports as list, sheet as form};
use kaoping_store::Store;

/// `GET /reports?period=&stage=&collection=`
pub(crate) fn reports(call: Call) -> Later {
    let wanted = |name| call.parameter(name).unwrap_or_default();
    let wanted = list::Wanted { period: wanted("period"), stage: wanted("stage"), collection: wanted("collection") };
    at_once(seen(&call, |eyes| Ok(list::reports(eyes, &wanted))))
}

/// `GET /reports/ask?scheme=&like=`
pub(crate) fn ask(call: Call) -> Later {
    Box::pin(async move {
        let named = call.parameter("scheme").unwrap_or_default();
        let scheme = call.look(|shown, viewer| {
            let eyes = Eyes { shown, viewer, lang: call.lang, address: &call.asked };
            asking::scheme(&eyes, named).cloned().ok_or_else(problem::not_there)
        })?;
        // Where the standard cannot be read, what it counts is not offered.
        let standing = Models::version(&call, &scheme, None).await.ok();
        let wanted = asking::Wanted { scheme: &scheme, like: call.parameter("like").unwrap_or_default() };
        seen(&call, |eyes| asking::asking(eyes, &wanted, standing.as_deref()).ok_or_else(problem::not_there))
    })
}

/// `GET /reports/{collection}/{unit}?anew=1`
pub(crate) fn sheet(call: Call) -> Later {
    Box::pin(async move {
        let (collection, office) = (CollectionId::from(call.at("collection")), OfficeId::from(call.at("unit")));
        let anew = call.parameter("anew").is_some();
        let wanted = form::Wanted { collection: &collection, office: &office, anew };
        let numbers = call.look(|shown, viewer| {
            let seen = viewer.may_see(&Key::Report((collection.clone(), office.clone())));
            let eyes = Eyes { shown, viewer, lang: call.lang, address: &call.asked };
            if seen { Ok(form::entries(&eyes, &wanted)) } else { Err(problem::not_there()) }
        })?;
        let told = entries(&call, numbers).await?;
        seen(&call, |eyes| form::sheet(eyes, &wanted, &told).ok_or_else(problem::not_there))
    })
}

/// Entries of the record by their numbers.
async fn entries(call: &Call, numbers: Vec<u64>) -> Result<Vec<Entry>, Problem> {
    let read = move |store: &mut dyn Store| {
        let mut found = Vec::new();
        for number in numbers {
            store.entries(number, &mut |row| {
                found.extend(Entry::from_bytes(&row.bytes).ok());
                false
            })?;
        }
        Ok(found)
    };
    from_store(&call.office, read).await
}
