//! Pages about standards: what they say, what they could say, and writing them.

use super::{at_once, known, seen};
use crate::{
    api::what_if::imagined_round,
    call::{Call, Later},
    models::Models,
    problem,
};
use kaoping_office::{ids::SchemeId, tables::Key};
use kaoping_pages::{draft, standard as pages, what_if as otherwise};

/// `GET /schemes`
pub(crate) fn schemes(call: Call) -> Later {
    at_once(seen(&call, |eyes| Ok(pages::schemes(eyes))))
}

/// `GET /schemes/{scheme}?version=`
pub(crate) fn standard(call: Call) -> Later {
    Box::pin(async move {
        let scheme = SchemeId::from(call.at("scheme"));
        let number = call.parsed::<u64>("version")?;
        let before = call.look(|shown, viewer| {
            let found = shown.state.schemes.get(&scheme).filter(|_| viewer.may_see(&Key::Scheme(scheme.clone())));
            let versions = &found.ok_or_else(problem::not_there)?.versions;
            let at = versions.iter().position(|version| number.is_none_or(|number| version.number == number));
            let at = if number.is_none() { versions.len().checked_sub(1) } else { at };
            let at = at.ok_or_else(problem::not_there)?;
            Ok(at.checked_sub(1).and_then(|before| versions.get(before)).map(|version| version.number))
        })?;
        let standing = Models::version(&call, &scheme, number).await?;
        let before = match before {
            Some(before) => Some(Models::version(&call, &scheme, Some(before)).await?),
            None => None,
        };
        let wanted = pages::Wanted { scheme: &scheme, before: before.as_deref() };
        seen(&call, |eyes| pages::standard(eyes, &wanted, &standing).ok_or_else(problem::not_there))
    })
}

/// `GET /schemes/{scheme}/what-if?round=`
pub(crate) fn what_if(call: Call) -> Later {
    Box::pin(async move {
        let scheme = SchemeId::from(call.at("scheme"));
        let round = imagined_round(&call, &scheme, Some(known(&call, "round")?))?;
        let model = Models::round(&call, &scheme, &round).await?;
        let wanted = otherwise::Wanted { scheme: &scheme, round: &round };
        seen(&call, |eyes| Ok(otherwise::what_if(eyes, &wanted, &model)))
    })
}

/// `GET /schemes/{scheme}/edit`
pub(crate) fn edit(call: Call) -> Later {
    Box::pin(async move {
        let scheme = SchemeId::from(call.at("scheme"));
        call.look(|_, viewer| match viewer.may_see(&Key::Scheme(scheme.clone())) {
            true => Ok(()),
            false => Err(problem::not_there()),
        })?;
        let standing = Models::version(&call, &scheme, None).await?;
        seen(&call, |eyes| draft::edit(eyes, &scheme, &standing).ok_or_else(problem::not_for_you))
    })
}

/// `GET /schemes/new`
pub(crate) fn new(call: Call) -> Later {
    at_once(seen(&call, |eyes| draft::new(eyes).ok_or_else(problem::not_for_you)))
}
