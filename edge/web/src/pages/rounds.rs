//! Pages about a round that is worked out: places, and why a figure is what it is.

use super::{known, seen};
use crate::{
    answer::{Answer, Content},
    api::{from_store, what_if},
    call::{Call, Later},
    models::Models,
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_office::{State, ids::SchemeId, state::Results};
use kaoping_pages::{Html, board::Board, ranking as places, why as reasons};

/// `GET /schemes/{scheme}/ranking?round=&group=&part=`
pub(crate) fn ranking(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let board = board(&call, &scheme, &round).await?;
        let text = |name| call.parameter(name).unwrap_or_default();
        let wanted = places::Wanted { scheme: &scheme, round: &round, group: text("group"), part: text("part") };
        seen(&call, |eyes| Ok(places::ranking(eyes, &wanted, board)))
    })
}

/// `GET /schemes/{scheme}/ranking.csv?round=&group=`: all scores of the round.
pub(crate) fn scores(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let mut board = board(&call, &scheme, &round).await?;
        if let Some(group) = call.parameter("group").filter(|group| !group.is_empty()) {
            board = board.of_group(group);
        }
        Ok(Answer::new(StatusCode::OK, Content::Sheet(places::table(&board, call.lang))))
    })
}

/// `GET /schemes/{scheme}/why/{unit}/{indicator}?round=&far=1`: how far the next change is stands in it where that was
/// worked out before, or is asked for.
pub(crate) fn why(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let model = Models::round(&call, &scheme, &round).await?;
        let (unit, indicator) = (call.at("unit"), call.at("indicator"));
        let far = match call.parameter("far") {
            Some(_) if indicator != "-" => Some(Models::far(&call, &scheme, &round).await?),
            _ => Models::far_known(&call, &scheme, &round),
        };
        let far = far.as_deref().map(Vec::as_slice);
        let wanted = reasons::Wanted { scheme: &scheme, round: &round, unit, indicator, far };
        seen(&call, |eyes| reasons::why(eyes, &wanted, &model).ok_or_else(problem::not_there))
    })
}

/// `GET /schemes/{scheme}/why/{unit}/{indicator}/far?round=`: that part of it alone.
pub(crate) fn far(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = asked(&call)?;
        let lines = Models::far(&call, &scheme, &round).await?;
        let Html(part) = reasons::far_part(call.lang, &lines);
        Ok(Answer::new(StatusCode::OK, Content::Text("text/html; charset=utf-8", part)))
    })
}

/// The scheme and round that are asked for, where they may be seen.
fn asked(call: &Call) -> Result<(SchemeId, String), Problem> {
    let scheme = SchemeId::from(call.at("scheme"));
    let round = what_if::round(call, &scheme, Some(known(call, "round")?))?;
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
