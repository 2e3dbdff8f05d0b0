//! Single things, with all that stands in them.

use crate::{
    answer::Answer,
    call::{Call, Outcome},
    problem,
};
use kaoping_office::tables::Key;
use serde_json::json;
use std::collections::BTreeMap;

/// `GET /api/figures/{figure}`
pub(crate) fn figure(call: &Call) -> Outcome {
    call.look(|shown, _| {
        let card = shown.state.cards.get(call.at("figure")).ok_or_else(problem::not_there)?;
        Ok(Answer::json(json!({"figure": call.at("figure"), "card": card})))
    })
}

/// `GET /api/schemes/{scheme}`
pub(crate) fn scheme(call: &Call) -> Outcome {
    call.look(|shown, viewer| {
        let id = call.at("scheme");
        let seen = shown.state.schemes.get(id).filter(|_| viewer.may_see(&Key::Scheme(id.into())));
        let scheme = seen.ok_or_else(problem::not_there)?;
        let versions = scheme.versions.iter().map(|version| {
            json!({"entry": version.number, "day": version.day.iso(), "why": version.why, "files": version.files})
        });
        let forwarded = scheme.forwarded.iter().filter(|(office, _)| viewer.sees(office));
        let forwarded = forwarded.map(|(office, by)| json!({"unit": office, "by": by.map(|day| day.iso())}));
        let ended = scheme.ends.keys().filter_map(|round| Some((round, scheme.end_of(round)?.iso())));
        Ok(Answer::json(json!({
            "scheme": id,
            "office": scheme.office,
            "upper": scheme.upper,
            "versions": versions.collect::<Vec<_>>(),
            "forwarded": forwarded.collect::<Vec<_>>(),
            "ends": ended.collect::<BTreeMap<_, _>>(),
            "outline": scheme.outline(),
        })))
    })
}

/// `GET /api/reports/{collection}/{unit}`
pub(crate) fn report(call: &Call) -> Outcome {
    call.look(|shown, viewer| {
        let key = (call.at("collection").into(), call.at("unit").into());
        let seen = shown.state.reports.get(&key).filter(|_| viewer.may_read(&key));
        let report = seen.ok_or_else(problem::not_there)?;
        let collection = shown.state.collections.get(&key.0).ok_or_else(problem::not_there)?;
        let questions = shown.state.questions(&key.1, collection.period, &report.figures);
        let questions =
            questions.iter().map(|asked| json!({"figure": asked.figure, "text": asked.text.get(call.lang)}));
        Ok(Answer::json(json!({
            "collection": key.0,
            "unit": key.1,
            "stage": report.stage.name(),
            "figures": report.figures,
            "questions": questions.collect::<Vec<_>>(),
            "filled_by": report.filled_by,
            "reviewed_by": report.reviewed_by,
            "signed_by": report.signed_by,
            "first_signed": report.first_signed.map(|day| day.iso()),
            "returned": report.returned,
            "returned_why": report.returned_why,
            "entries": report.entries,
            "version": report.version(),
        })))
    })
}

/// `GET /api/proposals/{proposal}`
pub(crate) fn proposal(call: &Call) -> Outcome {
    call.look(|shown, viewer| {
        let id = call.at("proposal");
        let seen = shown.state.proposals.get(id).filter(|_| viewer.may_see(&Key::Proposal(id.into())));
        let proposal = seen.ok_or_else(problem::not_there)?;
        let decided = proposal.decided.as_ref();
        Ok(Answer::json(json!({
            "proposal": id,
            "decision": proposal.decision,
            "by": proposal.by,
            "office": proposal.office,
            "why": proposal.why,
            "evidence": proposal.evidence,
            "decided_by": decided.map(|(account, _)| account),
            "approved": decided.map(|(_, approved)| approved),
        })))
    })
}
