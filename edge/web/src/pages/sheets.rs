//! Pages about rounds side by side, and about the awards that follow from them.

use super::{known, seen};
use crate::{
    api::from_store,
    call::{Call, Later},
    models::Models,
    problem::{self, Problem},
};
use kaoping_desk::{
    awards::considered,
    scoring::Model,
    standard::{InTable, in_table},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    ids::{OfficeId, SchemeId},
    outline::Outline,
    state::Results,
    tables::Key,
};
use kaoping_pages::{
    awards as prizes,
    board::Board,
    scoresheet::{self, Rounds, Scored, Wanted},
};
use kaoping_terms::Report;
use std::sync::Arc;

/// `GET /schemes/{scheme}/sheet?round=&unit=`
pub(crate) fn score_sheet(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let scored = scored(&call, &scheme, &round).await?;
        let wanted = Wanted { scheme: &scheme, round: &round };
        let unit = Some(known(&call, "unit")?).filter(|unit| !unit.is_empty()).map(OfficeId::from);
        // What the standard says is no secret, whatever of the round is seen.
        let in_table = match Models::version(&call, &scheme, None).await {
            Ok(standing) if unit.is_some() => in_table(&standing.loaded.compiled.standard),
            _ => InTable::new(),
        };
        seen(&call, |eyes| {
            let page = match &unit {
                Some(unit) => scoresheet::unit(eyes, wanted, unit, (&scored, &in_table)),
                None => scoresheet::list(eyes, wanted, &scored),
            };
            page.ok_or_else(problem::not_there)
        })
    })
}

/// `GET /schemes/{scheme}/awards?round=`
pub(crate) fn awards(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let key = Key::Results((scheme.clone(), round.clone()));
        let sees_results = call.look(|_, viewer| Ok(viewer.may_see(&key)))?;
        let model = if sees_results { Some(model(&call, &scheme, &round).await?) } else { None };
        let wanted = prizes::Wanted { scheme: &scheme, round: &round };
        seen(&call, |eyes| Ok(prizes::awards(eyes, wanted, model.as_ref().map(Result::as_ref))))
    })
}

/// The scheme and round that are asked for, where the scheme may be seen; the round something is to be done about
/// where none is named.
fn asked(call: &Call) -> Result<(SchemeId, String), Problem> {
    let scheme = SchemeId::from(call.at("scheme"));
    let round = known(call, "round")?;
    call.look(|shown, viewer| {
        let outline = shown.state.schemes.get(&scheme).and_then(|found| found.outline());
        let outline =
            outline.filter(|_| viewer.may_see(&Key::Scheme(scheme.clone()))).ok_or_else(problem::not_there)?;
        let round = Some(round).filter(|round| !round.is_empty()).map(str::to_owned);
        let round = round.unwrap_or_else(|| shown.state.current_round(&scheme, viewer.today()));
        if outline.has_round(&round) { Ok((scheme, round)) } else { Err(problem::not_there()) }
    })
}

/// The scores of every round that may be seen: as they were put down; those of the round that is asked for as figures
/// stand, where they were not.
async fn scored(call: &Call, scheme: &SchemeId, round: &str) -> Result<Rounds, Problem> {
    let mut found = Rounds::new();
    for (name, results, is_open) in seen_rounds(call, scheme)? {
        // A standard that cannot score yet keeps nobody from seeing what was reported.
        let model = if name == round && is_open { Models::round(call, scheme, &name).await.ok() } else { None };
        let scored = match (results, &model) {
            (Some(results), _) => {
                let hash = results.scores;
                let scores = from_store(&call.office, move |store| store.blob(&hash.to_string())).await?;
                Some(Scored::put_down(&results, &scores.unwrap_or_default()))
            }
            (None, Some(model)) => Some(Scored::reckoned(&Board::of(model))),
            (None, None) => None,
        };
        let scored = scored.map(|scored| match &model {
            Some(model) => scored.owing(model),
            None => scored,
        });
        found.extend(scored.map(|scored| (name, scored)));
    }
    Ok(found)
}

/// The rounds that may be seen, with their results, and whether values of them can be set.
fn seen_rounds(call: &Call, scheme: &SchemeId) -> Result<Vec<(String, Option<Results>, bool)>, Problem> {
    call.look(|shown, viewer| {
        let outline = shown.state.schemes.get(scheme).and_then(|found| found.outline());
        let names = |outline: &Outline| match outline.rounds.is_empty() {
            true => vec![String::new()],
            false => outline.rounds.clone(),
        };
        let keys = outline.map(names).unwrap_or_default().into_iter().map(|round| (scheme.clone(), round));
        let seen = keys.filter(|key| viewer.may_see(&Key::Results(key.clone())));
        let stage = |round: &str| shown.state.round_stage(scheme, round, viewer.today());
        let of =
            |key: (SchemeId, String)| (key.1.clone(), shown.state.results.get(&key).cloned(), stage(&key.1).is_open());
        Ok(seen.map(of).collect())
    })
}

/// A round with its awards as they follow now, or what keeps it from being scored.
async fn model(call: &Call, scheme: &SchemeId, round: &str) -> Result<Result<Model, Report>, Problem> {
    let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
    let (state, office) = (call.office.desk.read(|shown| shown.state.clone()), Arc::clone(&call.office));
    let (scheme, round) = (scheme.clone(), round.to_owned());
    let think = move || {
        let mut contents = |hash: Digest| office.from_store(|store| store.blob(&hash.to_string())).ok().flatten();
        considered(&state, &scheme, &round, &mut contents)
    };
    tokio::task::spawn_blocking(think).await.map_err(|_| problem::server_fault())
}
