//! A report: filled in as quickly as in a spreadsheet, looked through, signed, sent back, corrected.
//!
//! The page shows it and says who may do what now. What somebody types is kept and checked by `assets/sheet.js`, with
//! the rules of each card given to it as data.

mod history;
mod row;

use crate::{Eyes, Frame, Html, Topic, reports, words};
use askama::Template;
use history::{Event, Past};
use kaoping_ledger::{Algorithm, By};
use kaoping_office::{
    Act, Entry, Role,
    deeds::{
        proposals::Propose,
        reports::{ReturnReport, ReviewReport, SignReport},
    },
    forms::{Line, Owing},
    ids::{CollectionId, FigureId, OfficeId},
    state::{Decision, Stage},
};
use kaoping_terms::{Diagnostic, Lang};
use row::Row;

/// Which report.
pub struct Wanted<'a> {
    /// The collection.
    pub collection: &'a CollectionId,
    /// The office.
    pub office: &'a OfficeId,
    /// Whether one that is handed in is to be filled in anew.
    pub anew: bool,
}

/// As whom a deed is done from a form.
struct Doer {
    office: String,
    role: String,
    deputy_for: String,
}

/// A form that corrects a figure that is signed.
struct Correcting {
    by: Doer,
    id: String,
    figures: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Sheet {
    frame: Frame,
    title: String,
    sub: String,
    lamp: &'static str,
    lamp_word: String,
    state: String,
    collection: String,
    office: String,
    period: String,
    account: String,
    mark: String,
    edits: bool,
    anew: String,
    last: String,
    year_before: String,
    rows: Vec<Row>,
    is_open: bool,
    closed: String,
    sent_back: String,
    sent_back_by: String,
    changed: usize,
    review: Option<Doer>,
    sign: Option<Doer>,
    give_back: Option<Doer>,
    correct: Option<Correcting>,
    who: Vec<String>,
    /// Whether something stands on the left, below the figures.
    has_deeds: bool,
    events: Vec<Event>,
    pasts: Vec<Past>,
}

/// The entries the page of a report tells of, for somebody who may read it; none where there is none.
pub fn entries(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<u64> {
    let key = (wanted.collection.clone(), wanted.office.clone());
    let report = eyes.state().reports.get(&key).filter(|_| eyes.viewer.may_read(&key));
    let Some(report) = report else { return Vec::new() };
    let mut numbers = report.entries.clone();
    let signed = eyes.state().form(wanted.collection, wanted.office).unwrap_or_default();
    let cells = signed.iter().filter(|line| !line.is_known).filter_map(|line| line.reported);
    numbers.extend(cells.flat_map(|cell| cell.before.iter().chain([&cell.number])));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The page; `None` where nothing is asked of that office there.
pub fn sheet(eyes: &Eyes<'_>, wanted: &Wanted<'_>, told: &[Entry]) -> Option<Html> {
    let state = eyes.state();
    let (id, collection) = state.collections.get_key_value(wanted.collection)?;
    let owing = state.owing(id, wanted.office, eyes.viewer.today())?;
    let lines = state.form(id, wanted.office)?;
    let key = (id.clone(), wanted.office.clone());
    let reads = eyes.viewer.works_in(wanted.office) || owing.report.is_some() && eyes.viewer.may_read(&key);
    let is_clerk = eyes.viewer.is_in(wanted.office, &[Role::Clerk]);
    let to_fill = matches!(owing.stage(), None | Some(Stage::Returned)) && !owing.is_done();
    let handed_in = owing.stage() == Some(Stage::Submitted);
    let edits = is_clerk && (to_fill || handed_in && wanted.anew);
    let sent_back = owing.report.filter(|report| report.stage == Stage::Returned);
    let title = format!("{} · {}", collection.title, eyes.office(wanted.office));
    let (collection_id, office, seen) = (id, wanted.office, owing.report.and_then(|report| report.version()));
    let (of, by) = (|| collection_id.clone(), || office.clone());
    let give_back = Act::ReturnReport(ReturnReport { collection: of(), office: by(), seen });
    let review = Act::ReviewReport(ReviewReport { collection: of(), office: by(), seen });
    let sign = Act::SignReport(SignReport { collection: of(), office: by(), seen });
    let (mut who, reads_all) = (Vec::new(), if reads { lines.as_slice() } else { &[] });
    let (review, sign) = (able(eyes, &review, &mut who), able(eyes, &sign, &mut who));
    if who.is_empty() && review.is_none() && sign.is_none() && !edits {
        who.push(next(eyes, &owing));
    }
    let give_back = able(eyes, &give_back, &mut Vec::new());
    let correct = correcting(eyes, wanted, &owing, &lines);
    let may_do = review.is_some() || sign.is_some() || give_back.is_some() || correct.is_some();
    let rows: Vec<Row> = reads_all.iter().enumerate().map(|(at, line)| row::row(eyes, at, line, edits)).collect();
    Some(Html::of(&Sheet {
        frame: Frame::new(eyes, Topic::Reports, &title),
        sub: sub(eyes, &owing),
        lamp: owing.lamp.name(),
        lamp_word: eyes.say(&owing.lamp.word()),
        state: reports::far(eyes, &owing),
        collection: id.to_string(),
        office: wanted.office.to_string(),
        period: collection.period.to_string(),
        account: eyes.viewer.account().to_string(),
        mark: seen.map(|seen| seen.to_string()).unwrap_or_default(),
        edits,
        anew: if is_clerk && handed_in && !edits {
            format!("{}?anew=1", reports::path(id, wanted.office))
        } else {
            String::new()
        },
        last: collection.period.before().map(|period| period.to_string()).unwrap_or_default(),
        year_before: collection.period.year_before().to_string(),
        changed: lines.iter().filter(|line| line.has_changed()).count(),
        rows,
        is_open: reads,
        closed: if reads { String::new() } else { closed(eyes, &owing) },
        sent_back: sent_back.map(|report| report.returned_why.clone()).unwrap_or_default(),
        sent_back_by: sent_back.and_then(|_| history::sender_back(told)).unwrap_or_default(),
        review,
        sign,
        give_back,
        correct,
        has_deeds: may_do || !who.is_empty(),
        who,
        events: history::events(eyes, told),
        pasts: history::pasts(eyes, &lines, told),
        title,
    }))
}

/// The period, who asks, when it is due.
fn sub(eyes: &Eyes<'_>, owing: &Owing<'_>) -> String {
    let scheme = eyes.state().title(&owing.collection.scheme);
    let parts = [owing.collection.period.to_string(), scheme.to_owned(), reports::when(eyes, owing)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// As whom somebody may do a deed now; what speaks against it is told to those in the role for it.
fn able(eyes: &Eyes<'_>, act: &Act, told: &mut Vec<String>) -> Option<Doer> {
    let paper = Algorithm::Sha256.nothing();
    match eyes.viewer.able(act, "…", &[paper]) {
        Ok(by) => Some(doer(by)),
        Err(findings) => {
            // That its turn has not come is told for everybody in one sentence.
            let of_the_person = findings.iter().filter(|finding| finding.name != "not-now");
            let of_the_person = of_the_person.filter(|finding| finding.name != "not-in-the-record");
            let say = |finding: &Diagnostic| {
                format!("{}{}{}", eyes.say(&finding.message), eyes.t("；", "; "), eyes.say(&finding.next))
            };
            told.extend(of_the_person.map(say));
            None
        }
    }
}

fn doer(by: By) -> Doer {
    Doer { office: by.office, role: by.role, deputy_for: by.deputy_for.unwrap_or_default() }
}

/// Whose turn it is, in words.
fn next(eyes: &Eyes<'_>, owing: &Owing<'_>) -> String {
    let (zh, en) = match owing.stage() {
        _ if owing.is_done() && owing.report.is_none() => ("各项都已从别处取得，不用再报。", "All of it is known."),
        None => ("由本单位填报人填报。", "It is filled in by a clerk of the office."),
        Some(Stage::Returned) => ("由本单位填报人改好再报。", "A clerk of the office mends it and hands it in again."),
        Some(Stage::Submitted) => ("等本单位审核人审核。", "A reviewer of the office looks through it next."),
        Some(Stage::Reviewed) => ("等本单位签发人签发。", "A signer of the office signs it next."),
        Some(Stage::Signed) => (
            "已签发。要改一个数：本单位签发人申请更正，上级考评办批复；整份要改：由上级退回。",
            "It is signed. Its signer may propose to correct a figure, which the assessment office above decides; an \
             office above may send all of it back.",
        ),
    };
    eyes.t(zh, en).to_owned()
}

/// Why figures are not shown.
fn closed(eyes: &Eyes<'_>, owing: &Owing<'_>) -> String {
    let stage = words::stage(owing.stage(), eyes.lang);
    match eyes.lang {
        Lang::Zh => format!("签发以前，数字只有本单位看得到；现在是“{stage}”。"),
        Lang::En => format!("Before it is signed, figures are seen by the office alone; it is `{stage}` now."),
    }
}

/// What a correction is proposed with, for those who may propose one.
fn correcting(eyes: &Eyes<'_>, wanted: &Wanted<'_>, owing: &Owing<'_>, lines: &[Line<'_>]) -> Option<Correcting> {
    let signed = lines.iter().filter(|line| line.reported.is_some() && !line.is_known && line.correction.is_none());
    let signed: Vec<&Line<'_>> = signed.collect();
    let first = signed.first()?;
    let id = format!("更正-{}-{}", eyes.viewer.today().iso(), eyes.state().size);
    let decision = Decision::CorrectFigure {
        office: wanted.office.clone(),
        figure: FigureId::clone(first.figure),
        period: owing.collection.period,
        value: first.reported?.value.clone(),
    };
    let propose = Act::Propose(Propose { proposal: id.as_str().into(), decision });
    let by = able(eyes, &propose, &mut Vec::new())?;
    let figures = signed.iter().map(|line| (line.figure.to_string(), line.card.name.clone())).collect();
    Some(Correcting { by, id, figures })
}
