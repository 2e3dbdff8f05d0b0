//! Pages about a round that is worked out: places, and why a figure is what it is.

use super::seen;
use crate::{
    api::{from_store, what_if},
    call::{Call, Later},
    models::Models,
    problem::{self, Problem},
};
use kaoping_office::{State, ids::SchemeId, state::Results};
use kaoping_pages::{board::Board, ranking as places, why as reasons};

/// `GET /schemes/{scheme}/ranking?round=&group=`
pub(crate) fn ranking(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let board = board(&call, &scheme, &round).await?;
        let group = call.parameter("group").unwrap_or_default();
        seen(&call, |eyes| Ok(places::ranking(eyes, &places::Wanted { scheme: &scheme, round: &round, group }, board)))
    })
}

/// `GET /schemes/{scheme}/why/{unit}/{indicator}?round=`
pub(crate) fn why(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let model = Models::round(&call, &scheme, &round).await?;
        let (unit, indicator) = (call.at("unit"), call.at("indicator"));
        let wanted = reasons::Wanted { scheme: &scheme, round: &round, unit, indicator };
        seen(&call, |eyes| reasons::why(eyes, &wanted, &model).ok_or_else(problem::not_there))
    })
}

/// The scheme and round that are asked for, where they may be seen.
fn asked(call: &Call) -> Result<(SchemeId, String), Problem> {
    let scheme = SchemeId::from(call.at("scheme"));
    let round = what_if::round(call, &scheme, call.parameter("round"))?;
    Ok((scheme, round))
}

/// The board of a round: as it was put down where it was, as figures stand where it was not.
async fn board(call: &Call, scheme: &SchemeId, round: &str) -> Result<Board, Problem> {
    let board = Board::of(&*Models::round(call, scheme, round).await?);
    let (results, before) = call.look(|shown, _| Ok(results(&shown.state, scheme, round)))?;
    let board = match results {
        Some(results) => {
            let hash = results.scores;
            let scores = from_store(&call.office, move |store| store.blob(&hash.to_string())).await?;
            board.as_put_down(&results, &scores.unwrap_or_default())
        }
        None => board,
    };
    Ok(before.map_or(board.clone(), |before| board.beside(&before)))
}

/// Results of a round, and those of the round before it.
fn results(state: &State, scheme: &SchemeId, round: &str) -> (Option<Results>, Option<Results>) {
    let of = |round: &str| state.results.get(&(scheme.clone(), round.to_owned())).cloned();
    let rounds = state.schemes.get(scheme).and_then(|scheme| scheme.outline()).map(|outline| outline.rounds.as_slice());
    let at = rounds.and_then(|rounds| rounds.iter().position(|known| known == round));
    let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| rounds?.get(at));
    (of(round), before.and_then(|before| of(before)))
}
