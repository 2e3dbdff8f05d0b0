//! Pages about what is reported: who has handed in what, and a report.

use super::{at_once, entries, known, seen, with_eyes};
use crate::{
    call::{Call, Later},
    problem,
};
use kaoping_office::{
    ids::{CollectionId, OfficeId},
    tables::Key,
};
use kaoping_pages::{asking, reports as list, sheet as form};

/// `GET /reports?period=&stage=&collection=`
pub(crate) fn reports(call: Call) -> Later {
    let text = |name| call.parameter(name).unwrap_or_default();
    at_once(known(&call, "collection").and_then(|collection| {
        let wanted = list::Wanted { period: text("period"), stage: text("stage"), collection };
        seen(&call, |eyes| Ok(list::reports(eyes, &wanted)))
    }))
}

/// `GET /reports/ask?scheme=&like=`
pub(crate) fn ask(call: Call) -> Later {
    let text = |name| call.parameter(name).unwrap_or_default();
    at_once(seen(&call, |eyes| {
        let scheme = asking::scheme(eyes, text("scheme")).ok_or_else(problem::not_there)?;
        asking::asking(eyes, &asking::Wanted { scheme, like: text("like") }).ok_or_else(problem::not_there)
    }))
}

/// `GET /reports/{collection}/{unit}?anew=1`
pub(crate) fn sheet(call: Call) -> Later {
    Box::pin(async move {
        let (collection, office) = (CollectionId::from(call.at("collection")), OfficeId::from(call.at("unit")));
        let anew = call.parameter("anew").is_some();
        let wanted = form::Wanted { collection: &collection, office: &office, anew };
        let numbers = with_eyes(&call, |eyes| {
            let seen = eyes.viewer.may_see(&Key::Report((collection.clone(), office.clone())));
            if seen { Ok(form::entries(eyes, &wanted)) } else { Err(problem::not_there()) }
        })??;
        let told = entries(&call, numbers).await?;
        seen(&call, |eyes| form::sheet(eyes, &wanted, &told).ok_or_else(problem::not_there))
    })
}
