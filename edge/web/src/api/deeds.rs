//! A deed: from the request to its receipt.

use super::{drafts, from_store, perform, standards::still_follow};
use crate::{
    answer::{Answer, Content},
    call::{Call, Later, Outcome},
    placed,
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_desk::{Receipt, Request};
use kaoping_ledger::{Algorithm, By, Digest};
use kaoping_office::{Act, State, Viewer, state::Grant};
use kaoping_persons::{personal_text, values::has_number_of_a_person};
use kaoping_store::Private;
use kaoping_terms::{Diagnostic, Text};
use serde::Deserialize;
use serde_json::{Value, json};

/// The name a sender gives a request, so that one sent twice is done once.
pub(super) const IDEMPOTENCY: &str = "idempotency-key";

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) id: Option<String>,
    pub(super) act: Act,
    #[serde(default)]
    pub(super) why: String,
    #[serde(default)]
    pub(super) evidence: Vec<Digest>,
    pub(super) office: Option<String>,
    pub(super) role: Option<String>,
    pub(super) deputy_for: Option<String>,
}

impl Asked {
    /// Whether neither office nor role is named.
    fn is_anywhere(&self) -> bool {
        self.office.is_none() && self.role.is_none() && self.deputy_for.is_none()
    }
}

/// `POST /api/deeds`
pub(crate) fn deed(call: Call) -> Later {
    Box::pin(async move {
        let asked: Asked = call.json()?;
        if asked.act.is_made_here() {
            return Err(problem::made_here());
        }
        if let Act::Seal(seal) = &asked.act
            && could_be_done(&call, &asked)?
        {
            still_follow(&call, seal.scheme.clone(), seal.round.clone()).await?;
        }
        let named = if may_name_contents(&call.body) { contents(&asked) } else { Vec::new() };
        receipt(&call, &asked_for(&call, asked, named, Vec::new()).await?, &[])
    })
}

/// `POST /api/deeds/check`: what would speak against a deed, and what its figures make one ask. Nothing is written.
pub(crate) fn check(call: Call) -> Later {
    let checked = call.json::<Asked>().and_then(|asked| {
        if asked.act.is_made_here() {
            return Err(problem::made_here());
        }
        call.look(|shown, viewer| Ok(checked(&call, &shown.state, viewer, &asked)))
    });
    Box::pin(std::future::ready(checked))
}

fn checked(call: &Call, state: &State, viewer: &Viewer<'_>, asked: &Asked) -> Answer {
    let by = acting(viewer, asked);
    let report = state.may(&asked.act, &by, call.office.now_ms(), &asked.why, &asked.evidence);
    let noted = match &asked.act {
        Act::SubmitReport(report) if viewer.works_in(&report.office) => report.noted(state),
        _ => Vec::new(),
    };
    let figures = noted.iter().map(|noted| {
        let questions: Vec<&str> = noted.questions.iter().map(|question| question.get(call.lang)).collect();
        let refused = noted.refused.as_ref().map(|finding| problem::shown(finding, call.lang));
        json!({"figure": noted.figure, "refused": refused, "questions": questions})
    });
    let figures: Vec<Value> = figures.collect();
    let mut findings = report.into_sorted();
    placed::place(&mut findings, &call.body);
    let findings: Vec<Value> = findings.iter().map(|finding| problem::shown(finding, call.lang)).collect();
    Answer::json(json!({"findings": findings, "figures": figures}))
}

/// Does what is asked for; what the program made of it is in it already.
pub(super) async fn done(call: &Call, asked: Asked) -> Result<Receipt, Problem> {
    done_with(call, asked, Vec::new()).await
}

/// The same, with what goes with it beside the record.
pub(super) async fn done_with(call: &Call, asked: Asked, private: Vec<Private>) -> Result<Receipt, Problem> {
    let named = contents(&asked);
    asked_for(call, asked, named, private).await
}

async fn asked_for(
    call: &Call,
    asked: Asked,
    named: Vec<Digest>,
    mut private: Vec<Private>,
) -> Result<Receipt, Problem> {
    let id = id(call, asked.id.as_deref())?;
    let by = call.look(|_, viewer| Ok(acting(viewer, &asked)))?;
    let anywhere = asked.is_anywhere();
    there(call, named).await?;
    let Asked { act, why, evidence, .. } = asked;
    let said = match &act {
        Act::SubmitReport(report) => report.figures.iter().map(|standing| standing.answer.as_str()).collect(),
        _ => Vec::new(),
    };
    if said.into_iter().chain([why.as_str()]).any(has_number_of_a_person) {
        return Err(Problem::of(Vec::from([personal_text()])));
    }
    private.extend(drafts::used_up(&call.office.drafts, &act));
    perform(&call.office, Request { id, by, anywhere, act, why, evidence }, private).await
}

/// Whether it can be done, as far as can be told now: what has to be made ready for it otherwise need not be.
pub(super) fn could_be_done(call: &Call, asked: &Asked) -> Result<bool, Problem> {
    let now_ms = call.office.now_ms();
    call.look(|shown, viewer| {
        let by = acting(viewer, asked);
        let received_ms = now_ms.max(shown.state.received_ms);
        Ok(!shown.state.may(&asked.act, &by, received_ms, &asked.why, &asked.evidence).has_errors())
    })
}

/// The name its sender gave it: in the head or in the body, and the same where it is in both.
pub(super) fn id(call: &Call, given: Option<&str>) -> Result<String, Problem> {
    match (call.header(IDEMPOTENCY), given) {
        (Some(header), Some(given)) if header != given => Err(problem::unusable_header(
            "Idempotency-Key",
            Text::new(format!("与内容里的编号“{given}”不同"), format!("the body says `{given}`")),
            Text::new("只写一处，或两处写得一样", "give it in one place, or the same in both"),
        )),
        (Some(id), _) | (None, Some(id)) => Ok(id.to_owned()),
        (None, None) => Err(problem::unusable_header(
            "Idempotency-Key",
            Text::new(
                "没有编号；断线后再送时，要靠它知道是不是同一件事",
                "there is none; sent again after a lost connection, it tells whether it is the same deed",
            ),
            Text::new(
                "请求头写 Idempotency-Key，或内容里写编号（id）：自己给这件事起一个没有用过的编号，例如 \
             上报-2026-07-甲县-1",
                "send the header Idempotency-Key, or `id` in the body: a name of your own for the deed, such as \
             report-2026-07-1",
            ),
        )),
    }
}

/// In which office and role: as was asked, else the first the account has that such a deed is for. Whether it may is
/// decided by the core alone.
fn acting(viewer: &Viewer<'_>, asked: &Asked) -> By {
    // Who works in several offices acts in the one that may.
    if asked.is_anywhere()
        && viewer.grants().len() > 1
        && let Some(by) = viewer.by_which(&asked.act).filter(|by| by.deputy_for.is_none())
    {
        return by;
    }
    let roles = asked.act.right().roles;
    let fits = |(holder, grant): &&(Option<_>, Grant)| {
        asked.office.as_deref().is_none_or(|office| office == grant.office.as_str())
            && asked.role.as_deref().map_or(roles.contains(&grant.role), |role| role == grant.role.name())
            && asked.deputy_for.as_deref()
                == holder.as_ref().map(|holder: &kaoping_office::ids::AccountId| holder.as_str())
    };
    let found = viewer.grants().iter().find(fits).or(viewer.grants().first());
    let (office, role) = found.map(|(_, grant)| (grant.office.to_string(), grant.role.name())).unwrap_or_default();
    By {
        account: viewer.account().to_string(),
        office: asked.office.clone().unwrap_or(office),
        role: asked.role.clone().unwrap_or_else(|| role.to_owned()),
        deputy_for: asked.deputy_for.clone(),
    }
}

/// Refuses papers that were not kept before.
async fn there(call: &Call, named: Vec<Digest>) -> Result<(), Problem> {
    if named.is_empty() {
        return Ok(());
    }
    let missing = from_store(&call.office, move |store| {
        let mut missing = Vec::new();
        for digest in named {
            if store.blob(&digest.to_string())?.is_none() {
                missing.push(not_kept(digest));
            }
        }
        Ok(missing)
    });
    let findings = missing.await?;
    if findings.is_empty() {
        return Ok(());
    }
    Err(Problem { status: StatusCode::UNPROCESSABLE_ENTITY, findings, retry_after: None })
}

/// Whether a request may name a content at all: most do not, and need not be searched. A hash begins with the name of
/// its algorithm, unless a letter of it is written with a backslash.
fn may_name_contents(body: &[u8]) -> bool {
    let has = |text: &str| memchr::memmem::find(body, text.as_bytes()).is_some();
    has("\\") || Algorithm::ALL.iter().any(|algorithm| has(&format!("{}:", algorithm.name())))
}

/// Every hash of a content that is named.
fn contents(asked: &Asked) -> Vec<Digest> {
    let mut named = asked.evidence.clone();
    digests(&serde_json::to_value(&asked.act).unwrap_or_default(), &mut named);
    named
}

/// Every hash of a content in a deed.
fn digests(value: &Value, found: &mut Vec<Digest>) {
    match value {
        Value::String(text) => found.extend(text.parse::<Digest>().ok()),
        Value::Array(values) => values.iter().for_each(|value| digests(value, found)),
        Value::Object(values) => values.values().for_each(|value| digests(value, found)),
        _ => (),
    }
}

fn not_kept(digest: Digest) -> Diagnostic {
    Diagnostic::error(
        "content-not-kept",
        Text::new(format!("材料 {digest} 还没有上传"), format!("the paper {digest} was not uploaded")),
    )
    .why(Text::new("台账里记的材料，以后要拿得出来", "a paper the record names has to be there later"))
    .next(Text::new("先上传：POST /api/contents", "upload it first: POST /api/contents"))
}

/// A receipt, with what was found on the way.
pub(super) fn receipt(call: &Call, receipt: &Receipt, found: &[Diagnostic]) -> Outcome {
    let mut findings: Vec<Diagnostic> = found.iter().chain(&receipt.warnings).cloned().collect();
    placed::place(&mut findings, &call.body);
    let findings: Vec<Value> = findings.iter().map(|finding| problem::shown(finding, call.lang)).collect();
    let status = if receipt.again { StatusCode::OK } else { StatusCode::CREATED };
    let mut body = json!({
        "number": receipt.number,
        "hash": receipt.hash.to_string(),
        "received_ms": receipt.received_ms,
        "again": receipt.again,
    });
    if let (Value::Object(fields), false) = (&mut body, findings.is_empty()) {
        fields.insert("findings".into(), json!(findings));
    }
    Ok(Answer::new(status, Content::Json(body)))
}
