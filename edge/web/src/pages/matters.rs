//! Pages about targets, and about what happens in a year.

use super::{entries, known, seen, with_eyes};
use crate::{
    api::from_store,
    call::{Call, Later},
    models::Models,
    problem,
};
use kaoping_desk::scoring::Model;
use kaoping_office::{Act, Entry, ids::SchemeId};
use kaoping_pages::{matters as happened, targets as parts};
use std::sync::Arc;

/// So many reasons are looked up for a page.
const MOST_REASONS: usize = 20;

/// `GET /schemes/{scheme}/targets?unit=&item=&from=&block=&responsible=&hand=`
pub(crate) fn targets(call: Call) -> Later {
    Box::pin(async move {
        let scheme = SchemeId::from(call.at("scheme"));
        let text = |name| call.parameter(name).unwrap_or_default();
        let wanted = parts::Wanted {
            scheme: &scheme,
            unit: known(&call, "unit")?,
            item: text("item"),
            from: text("from"),
            block: text("block"),
            responsible: text("responsible"),
            hand: !text("hand").is_empty(),
        };
        let raised = with_eyes(&call, |eyes| parts::raised(eyes, &wanted))?;
        let (reasons, model) = (reasons(&call, raised).await?, model(&call, Some(&scheme)).await);
        let told = entries(&call, with_eyes(&call, |eyes| parts::set_by(eyes, &wanted))?).await?;
        let told = (&reasons, told.as_slice());
        seen(&call, |eyes| parts::targets(eyes, &wanted, model.as_deref(), told).ok_or_else(problem::not_there))
    })
}

/// `GET /matters?kind=&unit=&state=&scheme=&table=`
pub(crate) fn matters(call: Call) -> Later {
    Box::pin(async move {
        let text = |name| call.parameter(name).unwrap_or_default();
        let scheme = with_eyes(&call, |eyes| happened::scheme(eyes, text("scheme")).cloned())?;
        let model = model(&call, scheme.as_ref()).await;
        let wanted = happened::Wanted {
            kind: text("kind"),
            unit: known(&call, "unit")?,
            state: text("state"),
            scheme: scheme.as_ref(),
            table: text("table"),
        };
        seen(&call, |eyes| Ok(happened::matters(eyes, &wanted, model.as_deref())))
    })
}

/// The usual round of a scheme worked out; `None` where it cannot be, and the page does without.
async fn model(call: &Call, scheme: Option<&SchemeId>) -> Option<Arc<Model>> {
    let scheme = scheme?;
    let round = call.office.desk.read(|shown| {
        let rounds = &shown.state.schemes.get(scheme)?.outline()?.rounds;
        let has_results = |round: &&String| shown.state.results.contains_key(&(scheme.clone(), (*round).clone()));
        Some(rounds.iter().rev().find(has_results).or(rounds.first()).cloned().unwrap_or_default())
    })?;
    Models::round(call, scheme, &round).await.ok()
}

/// What was said when those entries handed targets down.
async fn reasons(call: &Call, numbers: Vec<u64>) -> Result<parts::Reasons, problem::Problem> {
    let read = move |store: &mut dyn kaoping_store::Store| {
        let mut reasons = parts::Reasons::new();
        for number in numbers.into_iter().take(MOST_REASONS) {
            store.entries(number, &mut |row| {
                if let Ok(Entry { act: Act::HandDown(handed), why, .. }) = Entry::from_bytes(&row.bytes) {
                    reasons.insert(number, (handed.adds_up, why));
                }
                false
            })?;
        }
        Ok(reasons)
    };
    from_store(&call.office, read).await
}
