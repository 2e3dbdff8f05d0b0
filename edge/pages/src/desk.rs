//! My desk: what I owe, to whom, by when; nothing else.

use crate::{Eyes, Frame, Html, Topic, frame::encoded, words};
use askama::Template;
use kaoping_office::{
    duties::{Duty, DutyKind, Lamp},
    ids::OfficeId,
};
use kaoping_terms::Lang;

struct Line {
    lamp: &'static str,
    state: String,
    what: String,
    office: String,
    /// Who waits for it; empty where it is the office itself.
    to: String,
    when: String,
    remark: String,
    verb: String,
    path: String,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    frame: Frame,
    heading: String,
    burden: String,
    /// What offices below have not reported yet; empty where that is nothing.
    below: String,
    duties: Vec<Line>,
}

/// The page.
pub fn desk(eyes: &Eyes<'_>) -> Html {
    let duties: Vec<Line> = eyes.state().duties(eyes.viewer).iter().map(|duty| line(eyes, duty)).collect();
    let heading = match (duties.len(), eyes.lang) {
        (0, Lang::Zh) => "今天没有要办的事".to_owned(),
        (0, Lang::En) => "Nothing to do today".to_owned(),
        (count, Lang::Zh) => format!("要办的 {count} 件事"),
        (count, Lang::En) => format!("{count} to do"),
    };
    let frame = Frame::new(eyes, Topic::Desk, eyes.t("我的桌面", "My desk"));
    Html::of(&Desk { frame, heading, burden: burden(eyes), below: below(eyes), duties })
}

fn line(eyes: &Eyes<'_>, duty: &Duty) -> Line {
    let verb = eyes.say(&duty.kind.word());
    let what = if duty.title.is_empty() { &duty.thing } else { &duty.title };
    let what = if duty.round.is_empty() { what.clone() } else { format!("{what} · {}", duty.round) };
    Line {
        lamp: duty.lamp.name(),
        state: eyes.say(&duty.lamp.word()),
        what: format!("{verb}{}{what}", eyes.t("：", ": ")),
        office: office(eyes, &duty.office),
        to: if duty.to == duty.office { String::new() } else { eyes.office(&duty.to) },
        when: duty.left.map(|left| words::left(left, duty.lamp == Lamp::Late, eyes.lang)).unwrap_or_default(),
        remark: remark(eyes, duty),
        verb,
        path: path(duty),
    }
}

/// What was closed is done by whoever goes on in its place.
fn office(eyes: &Eyes<'_>, office: &OfficeId) -> String {
    let closed = eyes.state().offices.get(office).and_then(|office| office.closed.as_ref());
    let is_closed = closed.is_some_and(|(from, _)| *from <= eyes.viewer.today());
    format!("{}{}", eyes.office(office), if is_closed { eyes.t("（已撤）", " (closed)") } else { "" })
}

fn remark(eyes: &Eyes<'_>, duty: &Duty) -> String {
    let key = (duty.thing.as_str().into(), duty.office.clone());
    let returned = eyes.state().reports.get(&key).filter(|_| duty.kind == DutyKind::Report);
    let returned = returned.filter(|report| !report.returned_why.is_empty());
    let due = duty.due.map(|due| due.iso()).unwrap_or_default();
    match returned {
        Some(report) => format!("{}{}", eyes.t("退回：", "returned: "), report.returned_why),
        None if due.is_empty() => String::new(),
        None => format!("{due} {}", eyes.t("前", "at the latest")),
    }
}

/// Where a duty is done.
fn path(duty: &Duty) -> String {
    let (thing, office) = (encoded(&duty.thing), encoded(duty.office.as_str()));
    match duty.kind {
        DutyKind::Report | DutyKind::Review | DutyKind::Sign => format!("/reports/{thing}/{office}"),
        DutyKind::Accept => format!("/schemes/{thing}/targets?unit={office}"),
        DutyKind::Decide => format!("/matters#proposal-{thing}"),
        DutyKind::Answer => format!("/matters#objection-{thing}"),
        DutyKind::Explain => format!("/schemes/{thing}/honesty"),
        DutyKind::Look => format!("/schemes/{thing}/sheet?unit={office}&round={}", encoded(&duty.round)),
        DutyKind::Seal | DutyKind::Publish | DutyKind::Reopen => match duty.round.as_str() {
            "" => format!("/schemes/{thing}/sheet"),
            round => format!("/schemes/{thing}/sheet?round={}", encoded(round)),
        },
    }
}

/// How many reports offices below still owe, and how many of them are late: the list itself is with the reports.
fn below(eyes: &Eyes<'_>) -> String {
    let owed = eyes.state().owed_below(eyes.viewer);
    let late = owed.iter().filter(|(_, collection, _)| collection.last < eyes.viewer.today()).count();
    match (owed.len(), late, eyes.lang) {
        (0, ..) => String::new(),
        (all, 0, Lang::Zh) => format!("下级还有 {all} 份没有报齐"),
        (all, late, Lang::Zh) => format!("下级还有 {all} 份没有报齐，其中逾期 {late} 份"),
        (all, 0, Lang::En) => format!("{all} reports of offices below are not in yet"),
        (all, late, Lang::En) => format!("{all} reports of offices below are not in yet, {late} of them late"),
    }
}

/// What is asked of the offices of whoever looks this month, and how much of it is known already.
fn burden(eyes: &Eyes<'_>) -> String {
    let (year, month, _) = eyes.viewer.today().civil();
    let burdens = eyes.state().burden();
    let own = burdens
        .iter()
        .filter(|((office, of, in_month), _)| (*of, *in_month) == (year, month) && eyes.viewer.works_in(office));
    let (asked, shared) =
        own.fold((0, 0), |(asked, shared), (_, burden)| (asked + burden.asked, shared + burden.shared));
    match (asked, eyes.lang) {
        (0, _) => String::new(),
        (_, Lang::Zh) => format!("本月要求本单位填报 {asked} 格，其中 {shared} 格已从别处取得，不再要求填写"),
        (_, Lang::En) => format!("{asked} cells asked of this office this month, {shared} of them known already"),
    }
}
