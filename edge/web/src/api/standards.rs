//! What the program finds out itself: what is wrong with a policy when it is adopted, and what scores come to.

use super::{
    contents::seen,
    deeds::{Asked, done, receipt},
    told,
};
use crate::{
    call::{Call, Later},
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_desk::{
    awards::{self, Proposed, propose},
    scoring::{Scored, score},
    standard::{Bindings, Draft, draft_of},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    Act, Role,
    deeds::{rounds::PutDownResults, schemes::AdoptScheme},
    ids::{OfficeId, SchemeId},
    outline::File,
    state::AwardLine,
};
use kaoping_terms::{Diagnostic, Level, Report};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::oneshot;

/// So many files a policy has at most.
const MOST_FILES: usize = 500;

/// So many bytes they have together: 8 MiB.
const MOST_BYTES: usize = 8 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Adopted {
    id: Option<String>,
    office: OfficeId,
    upper: Option<SchemeId>,
    files: Vec<File>,
    #[serde(default)]
    bindings: Bindings,
    #[serde(default)]
    why: String,
    #[serde(default)]
    evidence: Vec<Digest>,
    role: Option<String>,
    deputy_for: Option<String>,
}

/// `POST /api/schemes/{scheme}`: adopts a policy whose files were uploaded.
pub(crate) fn adopt(call: Call) -> Later {
    Box::pin(async move {
        let asked: Adopted = call.json()?;
        call.look(|_, viewer| if viewer.works_in(&asked.office) { Ok(()) } else { Err(problem::not_yours()) })?;
        let texts = texts(&call, &asked.files).await?;
        let (act, findings) = drafted(&call, &asked, texts).await?;
        let Adopted { id, office, why, evidence, role, deputy_for, upper, .. } = asked;
        let act = Act::AdoptScheme(AdoptScheme { upper, ..act });
        let asked = Asked { id, act, why, evidence, office: Some(office.into()), role, deputy_for };
        receipt(&call, &done(&call, asked).await?, &findings)
    })
}

/// The texts of a policy: what the account may see of what was uploaded.
async fn texts(call: &Call, files: &[File]) -> Result<Vec<(String, String)>, Problem> {
    if files.len() > MOST_FILES {
        return Err(problem::too_many_of("files", MOST_FILES));
    }
    let (mut texts, mut bytes) = (Vec::new(), 0);
    let mut faults: Vec<Problem> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let content = match seen(call, file.content).await {
            Err(fault) if fault.status == StatusCode::NOT_FOUND => {
                faults.push(problem::not_uploaded(at, &file.path, &file.content.to_string()));
                continue;
            }
            found => found?,
        };
        bytes += content.len();
        if bytes > MOST_BYTES {
            return Err(problem::too_large(MOST_BYTES));
        }
        match String::from_utf8(content) {
            Ok(text) => texts.push((file.path.clone(), text)),
            Err(_) => faults.push(problem::no_text(at, &file.path)),
        }
    }
    // All of them at once, under the status of the first.
    let told: Vec<Diagnostic> = faults.iter().flat_map(|fault| fault.findings.clone()).collect();
    match faults.into_iter().next() {
        None => Ok(texts),
        Some(first) => Err(Problem { findings: told, ..first }),
    }
}

/// What the checker makes of them; where it finds errors, those.
async fn drafted(
    call: &Call,
    asked: &Adopted,
    texts: Vec<(String, String)>,
) -> Result<(AdoptScheme, Vec<Diagnostic>), Problem> {
    let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
    let scheme = SchemeId::from(call.at("scheme"));
    let (office, bindings) = (asked.office.clone(), asked.bindings.clone());
    let algorithm = call.office.desk.read(|shown| shown.tree.algorithm());
    let think = move || {
        let draft = draft_of(scheme.as_str(), texts, algorithm, &scheme, &office, &bindings);
        let findings = placed(&draft);
        (draft.act, findings)
    };
    let (act, findings) = tokio::task::spawn_blocking(think).await.map_err(|_| problem::server_fault())?;
    if act.errors.is_empty() {
        return Ok((act, findings));
    }
    Err(Problem::of(findings.into_iter().filter(|finding| finding.level == Level::Error).collect()))
}

/// The findings with their file, line and column: the texts they point into go away.
fn placed(draft: &Draft) -> Vec<Diagnostic> {
    let sources = &draft.loaded.policy.sources;
    let place = |finding: &Diagnostic| match finding.place {
        Some(place) => {
            let at = sources.position(place);
            finding.clone().in_file(sources.path(place.file), Some((at.line, at.column)))
        }
        None => finding.clone(),
    };
    draft.findings.iter().map(place).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutDown {
    id: Option<String>,
    round: String,
    #[serde(default)]
    replaces: Option<u64>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    evidence: Vec<Digest>,
    deputy_for: Option<String>,
}

/// `POST /api/results/{scheme}`: scores a round from the record, and puts the results down.
pub(crate) fn put_down(call: Call) -> Later {
    Box::pin(async move {
        let PutDown { id, round, replaces, why, evidence, deputy_for } = call.json()?;
        let scheme = SchemeId::from(call.at("scheme"));
        let office = assessing(&call, &scheme)?;
        let Scored { act, scores, findings } = scored(&call, scheme, round).await?;
        let (tell, answer) = oneshot::channel();
        call.office.desk.keep_content(scores.into_bytes(), move |kept| drop(tell.send(kept)));
        told(&call.office, answer).await?;
        let findings = findings.into_sorted();
        let role = Some(Role::AssessmentOffice.name().to_owned());
        // Whoever asks says which results he has seen, not the program for him.
        let act = Act::PutDownResults(PutDownResults { replaces, ..act });
        let asked = Asked { id, act, why, evidence, office: Some(office.into()), role, deputy_for };
        receipt(&call, &done(&call, asked).await?, &findings)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Awarded {
    id: Option<String>,
    round: String,
    objection_days: u16,
    #[serde(default)]
    judged: Vec<AwardLine>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    evidence: Vec<Digest>,
    deputy_for: Option<String>,
}

/// `POST /api/awards/{scheme}`: works out the awards of a round, and proposes them.
pub(crate) fn propose_awards(call: Call) -> Later {
    Box::pin(async move {
        let Awarded { id, round, objection_days, judged, why, evidence, deputy_for } = call.json()?;
        let scheme = SchemeId::from(call.at("scheme"));
        let unit = assessing(&call, &scheme)?;
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let office = Arc::clone(&call.office);
        let think = move || {
            let mut contents = |hash: Digest| office.from_store(|store| store.blob(&hash.to_string())).ok().flatten();
            propose(&office.desk.snapshot().state, &scheme, &round, (judged, objection_days), &mut contents)
        };
        let refused = |report: Report| Problem::of(report.into_sorted());
        let proposed = tokio::task::spawn_blocking(think).await.map_err(|_| problem::server_fault())?;
        let Proposed { act, findings } = proposed.map_err(refused)?;
        let findings = findings.into_sorted();
        let role = Some(Role::AssessmentOffice.name().to_owned());
        let act = Act::ProposeAwards(act);
        let asked = Asked { id, act, why, evidence, office: Some(unit.into()), role, deputy_for };
        receipt(&call, &done(&call, asked).await?, &findings)
    })
}

/// Whether the results of a round are what they come to now: only such are sealed.
pub(super) async fn still_follow(call: &Call, scheme: SchemeId, round: String) -> Result<(), Problem> {
    let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
    let office = Arc::clone(&call.office);
    let think = move || {
        let mut contents = |hash: Digest| office.from_store(|store| store.blob(&hash.to_string())).ok().flatten();
        awards::still_follow(&office.desk.snapshot().state, &scheme, &round, &mut contents)
    };
    let followed = tokio::task::spawn_blocking(think).await.map_err(|_| problem::server_fault())?;
    followed.map_err(|report| Problem::of(report.into_sorted()))
}

/// The office whose scheme it is, where the account is of its assessment office.
fn assessing(call: &Call, scheme: &SchemeId) -> Result<OfficeId, Problem> {
    call.look(|shown, viewer| {
        let found = shown.state.schemes.get(scheme).filter(|found| viewer.hears(&found.office));
        let office = found.ok_or_else(problem::not_there)?.office.clone();
        let may = viewer.is_in(&office, &[Role::AssessmentOffice]);
        if may { Ok(office) } else { Err(problem::not_yours()) }
    })
}

/// The results of a round as the state stands, or what keeps it from being scored.
async fn scored(call: &Call, scheme: SchemeId, round: String) -> Result<Scored, Problem> {
    let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
    let office = Arc::clone(&call.office);
    let think = move || {
        let mut contents = |hash: Digest| office.from_store(|store| store.blob(&hash.to_string())).ok().flatten();
        score(&office.desk.snapshot().state, &scheme, &round, &mut contents)
    };
    let refused = |report: Report| Problem::of(report.into_sorted());
    tokio::task::spawn_blocking(think).await.map_err(|_| problem::server_fault())?.map_err(refused)
}
