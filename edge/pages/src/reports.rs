//! Who has handed in what: the reports of one's own offices, and those of offices below.

use crate::{Eyes, Frame, Html, Topic, forms::As, frame::encoded, may::as_whom, words};
use askama::Template;
use kaoping_office::{
    Act, Role,
    deeds::collections::CancelCollection,
    duties::{DutyKind, Lamp},
    forms::Owing,
    ids::{CollectionId, OfficeId},
    period::Period,
    state::{Collection, Stage},
};
use kaoping_terms::Lang;
use std::{cmp::Reverse, collections::BTreeSet};

/// What is asked for; empty parts leave everything in.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The period.
    pub period: &'a str,
    /// How far reports are: the name of one of [`STAGES`].
    pub stage: &'a str,
    /// The collection whose offices are shown one by one.
    pub collection: &'a str,
}

/// How far a report can be: name, words, and which reports are so far.
type Far = (&'static str, &'static str, &'static str, fn(&Owing<'_>) -> bool);

/// All of them.
const STAGES: &[Far] = &[
    ("", "全部", "all", |_| true),
    ("open", "未报", "not handed in", |owing| !owing.is_done() && owing.report.is_none()),
    ("returned", "退回待改", "sent back", |owing| owing.stage() == Some(Stage::Returned)),
    ("submitted", "待审核", "to be reviewed", |owing| owing.stage() == Some(Stage::Submitted)),
    ("reviewed", "待签发", "to be signed", |owing| owing.stage() == Some(Stage::Reviewed)),
    ("signed", "已签发", "signed", |owing| owing.stage() == Some(Stage::Signed)),
    ("late", "逾期", "late", |owing| owing.late || !owing.is_done() && owing.lamp == Lamp::Late),
];

struct Choice {
    path: String,
    word: String,
    current: bool,
}

struct Own {
    lamp: &'static str,
    lamp_word: String,
    title: String,
    period: String,
    office: String,
    stage: String,
    when: String,
    count: String,
    verb: &'static str,
    is_mine: bool,
    path: String,
}

struct Chip {
    lamp: &'static str,
    lamp_word: String,
    office: String,
    stage: String,
    path: String,
}

struct Card {
    id: String,
    title: String,
    /// As whom it can be taken back, as long as nobody has handed anything in.
    cancel: Option<As>,
    sub: String,
    counts: String,
    chips: Vec<Chip>,
    all: String,
    is_all: bool,
}

struct Past {
    title: String,
    period: String,
    due: String,
    counts: String,
    late: usize,
    path: String,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct Reports {
    frame: Frame,
    periods: Vec<Choice>,
    stages: Vec<Choice>,
    own: Vec<Own>,
    has_own: bool,
    several: bool,
    cards: Vec<Card>,
    past: Vec<Past>,
    has_below: bool,
    /// Whether offices below owe something.
    is_owed: bool,
    /// Where figures are asked for; empty for who asks nobody.
    ask: String,
}

/// The page.
pub fn reports(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Html {
    let mut frame = Frame::new(eyes, Topic::Reports, eyes.t("填报", "Reporting"));
    let known: Vec<(&str, &str)> = STAGES.iter().map(|(name, zh, en, _)| (*name, eyes.t(zh, en))).collect();
    let stage = frame.chosen(eyes, ("填报状态", "stage"), wanted.stage, &known);
    let asked = eyes.state().collections.values().map(|collection| collection.period.to_string());
    let asked: BTreeSet<String> = asked.collect();
    let asked: Vec<(&str, &str)> = asked.iter().map(|period| (period.as_str(), period.as_str())).collect();
    let period = match wanted.period.parse::<Period>() {
        Ok(_) => wanted.period,
        Err(_) => frame.chosen(eyes, ("填报期", "period"), wanted.period, &asked),
    };
    let wanted = &Wanted { stage, period, ..*wanted };
    let period: Option<Period> = wanted.period.parse().ok();
    let far = STAGES.iter().find(|(name, ..)| *name == wanted.stage).or(STAGES.first());
    let wants = |owing: &Owing<'_>| far.is_none_or(|(.., is_so)| is_so(owing));
    let mut collections: Vec<(&CollectionId, &Collection)> = eyes.state().collections.iter().collect();
    collections.sort_by_key(|(_, collection)| Reverse(collection.due));
    let (mut own, mut cards, mut past, mut has_own, mut has_below) = (Vec::new(), Vec::new(), Vec::new(), false, false);
    for (id, collection) in &collections {
        let here = period.is_none_or(|period| period == collection.period);
        let mut below = Vec::new();
        for office in eyes.state().in_order(&collection.offices) {
            let Some(owing) = eyes.state().owing(id, office, eyes.viewer.today()) else { continue };
            if eyes.viewer.works_in(office) {
                has_own = true;
                if here && wants(&owing) {
                    own.push((owing.is_done(), owing.collection.due, own_line(eyes, &owing)));
                }
            } else if eyes.viewer.sees(office) {
                has_below = true;
                below.push(owing);
            }
        }
        if !here || below.is_empty() || wanted.collection != id.as_str() && !wanted.collection.is_empty() {
            continue;
        }
        let is_chosen = wanted.collection == id.as_str();
        if below.iter().all(Owing::is_done) && !is_chosen && wanted.stage.is_empty() {
            past.push(past_line(eyes, id, collection, &below));
        } else if is_chosen || below.iter().any(wants) {
            cards.push(card(eyes, (id, collection), &below, wants, wanted));
        }
    }
    // What is open comes first, the most urgent before all.
    own.sort_by_key(|(done, due, _)| (*done, if *done { -due.number() } else { due.number() }));
    let own: Vec<Own> = own.into_iter().map(|(.., line)| line).collect();
    Html::of(&Reports {
        frame,
        periods: periods(eyes, wanted, &collections),
        stages: stages(eyes, wanted),
        several: own.iter().any(|line| own.first().is_some_and(|first| first.office != line.office)),
        own,
        has_own,
        cards,
        past,
        has_below,
        is_owed: !eyes.state().owed_below(eyes.viewer).is_empty(),
        ask: crate::asking::path(eyes).unwrap_or_default(),
    })
}

fn address(wanted: &Wanted<'_>) -> String {
    let parts = [("period", wanted.period), ("stage", wanted.stage), ("collection", wanted.collection)];
    let parts = parts.iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if parts.is_empty() { "/reports".to_owned() } else { format!("/reports?{}", parts.join("&")) }
}

/// The address of a report.
pub(crate) fn path(collection: &CollectionId, office: &OfficeId) -> String {
    format!("/reports/{}/{}", encoded(collection.as_str()), encoded(office.as_str()))
}

fn periods(eyes: &Eyes<'_>, wanted: &Wanted<'_>, collections: &[(&CollectionId, &Collection)]) -> Vec<Choice> {
    let sees = |collection: &Collection| collection.offices.iter().any(|office| eyes.viewer.sees(office));
    let seen = collections.iter().filter(|(_, collection)| sees(collection));
    let mut known: Vec<(Reverse<_>, String)> =
        seen.map(|(_, collection)| (Reverse(collection.period.end()), collection.period.to_string())).collect();
    known.sort();
    known.dedup();
    let choice = |period: &str, word: &str| Choice {
        path: address(&Wanted { period, collection: "", ..*wanted }),
        word: word.to_owned(),
        current: period == wanted.period,
    };
    let all = std::iter::once(choice("", eyes.t("全部期间", "all periods")));
    all.chain(known.iter().map(|(_, period)| choice(period, period))).collect()
}

fn stages(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Choice> {
    let choice = |(name, zh, en, _): &Far| Choice {
        path: address(&Wanted { stage: name, ..*wanted }),
        word: eyes.t(zh, en).to_owned(),
        current: *name == wanted.stage,
    };
    STAGES.iter().map(choice).collect()
}

/// How a report stands, in a word; that it was late is said with it.
pub(crate) fn far(eyes: &Eyes<'_>, owing: &Owing<'_>) -> String {
    let stage = words::stage(owing.stage(), eyes.lang);
    match (owing.report, owing.late) {
        (None, _) if owing.is_done() => eyes.t("不用再报", "nothing left to report").to_owned(),
        (_, true) => format!("{stage}{}", eyes.t("（逾期）", " (late)")),
        (..) => stage.to_owned(),
    }
}

/// When a report is due, or how it was.
pub(crate) fn when(eyes: &Eyes<'_>, owing: &Owing<'_>) -> String {
    let signed = owing.report.and_then(|report| report.first_signed).filter(|_| owing.is_done());
    match (signed, owing.is_done()) {
        (Some(signed), _) => format!("{} {}", signed.iso(), eyes.t("签发", "signed")),
        (None, true) => String::new(),
        (None, false) => {
            let left = words::left(owing.left, owing.lamp == Lamp::Late, eyes.lang);
            format!("{} · {left}", owing.collection.due.iso())
        }
    }
}

fn own_line(eyes: &Eyes<'_>, owing: &Owing<'_>) -> Own {
    let (kind, role) = match owing.stage() {
        _ if owing.is_done() => (None, Role::Clerk),
        None | Some(Stage::Returned | Stage::Signed) => (Some(DutyKind::Report), Role::Clerk),
        Some(Stage::Submitted) => (Some(DutyKind::Review), Role::Reviewer),
        Some(Stage::Reviewed) => (Some(DutyKind::Sign), Role::Signer),
    };
    let kind = kind.filter(|_| eyes.viewer.is_in(owing.office, &[role]));
    let verb = match kind {
        Some(DutyKind::Report) => eyes.t("填报", "Fill in"),
        Some(DutyKind::Review) => eyes.t("审核", "Review"),
        Some(_) => eyes.t("签发", "Sign"),
        None => eyes.t("查看", "Open"),
    };
    Own {
        lamp: owing.lamp.name(),
        lamp_word: eyes.say(&owing.lamp.word()),
        title: owing.collection.title.clone(),
        period: owing.collection.period.to_string(),
        office: eyes.office(owing.office),
        stage: far(eyes, owing),
        when: when(eyes, owing),
        count: match eyes.lang {
            Lang::Zh => format!("{} 项", owing.figures.len()),
            Lang::En => owing.figures.len().to_string(),
        },
        verb,
        is_mine: kind.is_some(),
        path: path(owing.id, owing.office),
    }
}

/// How many offices are how far.
fn counts(eyes: &Eyes<'_>, below: &[Owing<'_>]) -> String {
    let done = below.iter().filter(|owing| owing.is_done()).count();
    let far = STAGES.iter().filter(|(name, ..)| !matches!(*name, "" | "signed"));
    let far = far.map(|(_, zh, en, is_so)| (eyes.t(zh, en), below.iter().filter(|owing| is_so(owing)).count()));
    let far = far.filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}"));
    let first = match eyes.lang {
        Lang::Zh => format!("报齐 {done} / {} 个单位", below.len()),
        Lang::En => format!("complete: {done} of {}", below.len()),
    };
    std::iter::once(first).chain(far).collect::<Vec<_>>().join(" · ")
}

fn card(
    eyes: &Eyes<'_>,
    (id, collection): (&CollectionId, &Collection),
    below: &[Owing<'_>],
    wants: impl Fn(&Owing<'_>) -> bool,
    wanted: &Wanted<'_>,
) -> Card {
    // Those who are done are named where they are asked for.
    let is_all = wanted.collection == id.as_str() || below.len() <= FEW || !wanted.stage.is_empty();
    let shown = below.iter().filter(|owing| wants(owing) && (is_all || !owing.is_done()));
    let mut shown: Vec<&Owing<'_>> = shown.collect();
    shown.sort_by_key(|owing| (owing.is_done(), owing.lamp));
    let mut due = match eyes.lang {
        Lang::Zh => format!("{} · {} 前", collection.period, collection.due.iso()),
        Lang::En => format!("{} · due {}", collection.period, collection.due.iso()),
    };
    if let Some(owing) = below.iter().find(|owing| !owing.is_done()) {
        due = format!("{due} · {}", words::left(owing.left, owing.lamp == Lamp::Late, eyes.lang));
    }
    let cancel = Act::CancelCollection(CancelCollection { collection: id.clone() });
    Card {
        id: id.to_string(),
        cancel: as_whom(eyes, &cancel),
        title: collection.title.clone(),
        sub: format!("{due} · {}", eyes.state().title(&collection.scheme)),
        counts: counts(eyes, below),
        chips: shown.iter().map(|owing| chip(eyes, owing)).collect(),
        all: address(&Wanted { collection: id.as_str(), stage: "", ..*wanted }),
        is_all,
    }
}

/// So many offices are all named at once.
const FEW: usize = 30;

fn chip(eyes: &Eyes<'_>, owing: &Owing<'_>) -> Chip {
    Chip {
        lamp: owing.lamp.name(),
        lamp_word: eyes.say(&owing.lamp.word()),
        office: eyes.office(owing.office),
        stage: far(eyes, owing),
        path: path(owing.id, owing.office),
    }
}

fn past_line(eyes: &Eyes<'_>, id: &CollectionId, collection: &Collection, below: &[Owing<'_>]) -> Past {
    Past {
        title: collection.title.clone(),
        period: collection.period.to_string(),
        due: collection.due.iso(),
        counts: match eyes.lang {
            Lang::Zh => format!("{} 个单位", below.len()),
            Lang::En => below.len().to_string(),
        },
        late: below.iter().filter(|owing| owing.late).count(),
        path: address(&Wanted { collection: id.as_str(), ..Wanted::default() }),
    }
}
