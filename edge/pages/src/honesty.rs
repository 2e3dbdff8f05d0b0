//! Questions about figures: what looks odd, what was asked, what was answered.

use crate::{Eyes, Frame, Html, Topic, forms::As, may::by_right, things};
use askama::Template;
use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act,
    deeds::inquiries::{AnswerAboutFigure, AskAboutFigure},
    honesty::{Sign, Suspicion},
    ids::{InquiryId, SchemeId},
    period::Period,
    state::Inquiry,
    tables::Key,
};
use std::collections::BTreeMap;

struct Doubt {
    id: String,
    office: String,
    office_id: String,
    sign: &'static str,
    word: String,
    figure: String,
    figure_name: String,
    period: String,
    text: String,
    may_ask: Option<As>,
}

struct Line {
    id: String,
    office: String,
    word: String,
    about: String,
    text: String,
    asked: String,
    entry: u64,
    due: String,
    answer: String,
    answered: u64,
    may_answer: Option<As>,
}

struct Count {
    word: String,
    number: usize,
}

#[derive(Template)]
#[template(path = "honesty.html")]
struct Honesty {
    frame: Frame,
    title: String,
    scheme: String,
    leads: bool,
    counts: Vec<Count>,
    doubts: Vec<Doubt>,
    lines: Vec<Line>,
}

/// The page. What looks odd compares offices, so it is for those who see all of them; what was asked is for those
/// who see the office that was.
pub fn honesty(eyes: &Eyes<'_>, scheme: &SchemeId) -> Html {
    let leads = eyes.viewer.leads(scheme);
    let mut found = if leads { eyes.state().suspicions(scheme) } else { Vec::new() };
    found.sort_by_key(|suspicion| eyes.state().order(suspicion.office.as_str()));
    let seen = |(id, inquiry): &(&InquiryId, &Inquiry)| {
        inquiry.scheme == *scheme && eyes.viewer.may_see(&Key::Inquiry((*id).clone()))
    };
    let mut lines: Vec<(bool, u64, Line)> = eyes
        .state()
        .inquiries
        .iter()
        .filter(seen)
        .map(|(id, inquiry)| (inquiry.answered.is_some(), inquiry.number, line(eyes, id, inquiry)))
        .collect();
    lines.sort_by_key(|(answered, number, _)| (*answered, u64::MAX - number));
    let mut counts: BTreeMap<Sign, usize> = BTreeMap::new();
    for suspicion in &found {
        *counts.entry(suspicion.sign).or_default() += 1;
    }
    let title = eyes.state().title(scheme);
    Html::of(&Honesty {
        frame: Frame::new(eyes, Topic::Honesty, format!("{} {title}", eyes.t("数据质询", "Data questions"))),
        title,
        scheme: scheme.to_string(),
        leads,
        counts: counts.into_iter().map(|(sign, number)| Count { word: eyes.say(&sign.word()), number }).collect(),
        doubts: found
            .iter()
            .filter(|found| !is_asked(eyes, scheme, found))
            .map(|found| doubt(eyes, scheme, found))
            .collect(),
        lines: lines.into_iter().map(|(.., line)| line).collect(),
    })
}

/// Whether the office was asked about it already.
fn is_asked(eyes: &Eyes<'_>, scheme: &SchemeId, found: &Suspicion) -> bool {
    eyes.state().inquiries.values().any(|inquiry| {
        inquiry.scheme == *scheme
            && (inquiry.office == found.office && inquiry.sign == found.sign)
            && (inquiry.figure == found.figure && inquiry.period == found.period)
    })
}

fn doubt(eyes: &Eyes<'_>, scheme: &SchemeId, found: &Suspicion) -> Doubt {
    let Suspicion { sign, office, figure, period, text } = found;
    let period = period.map(|period| period.to_string()).unwrap_or_default();
    let figure_id = figure.as_ref().map(ToString::to_string).unwrap_or_default();
    // The same doubt has the same id, so that it is not asked twice.
    let parts = [scheme.as_str(), office.as_str(), sign.name(), &figure_id, &period].join("\n");
    let hash = Algorithm::Sha256.hash(&[parts.as_bytes()]).to_string();
    let id = format!("{}-{}", sign.name(), hash.get(7..15).unwrap_or_default());
    let ask = AskAboutFigure {
        inquiry: id.as_str().into(),
        scheme: scheme.clone(),
        office: office.clone(),
        sign: *sign,
        figure: figure.clone(),
        period: found.period,
        answer_days: 5,
    };
    Doubt {
        id,
        office: eyes.office(office),
        office_id: office.to_string(),
        sign: sign.name(),
        word: eyes.say(&sign.word()),
        figure_name: figure.as_ref().map(|figure| things::figure(eyes, figure)).unwrap_or_default(),
        figure: figure_id,
        period,
        text: eyes.say(text),
        may_ask: by_right(eyes, &Act::AskAboutFigure(ask)),
    }
}

fn line(eyes: &Eyes<'_>, id: &InquiryId, inquiry: &Inquiry) -> Line {
    let figure = inquiry.figure.as_ref().map(|figure| things::figure(eyes, figure)).unwrap_or_default();
    let period = inquiry.period.as_ref().map(Period::to_string).unwrap_or_default();
    let open = inquiry.answered.is_none();
    let (answer, answered) =
        inquiry.answered.as_ref().map(|(_, text, entry)| (text.clone(), *entry)).unwrap_or_default();
    Line {
        id: id.to_string(),
        office: eyes.office(&inquiry.office),
        word: eyes.say(&inquiry.sign.word()),
        about: [figure, period].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        text: inquiry.text.clone(),
        asked: inquiry.by.to_string(),
        entry: inquiry.number,
        due: inquiry.answer_by.map(|day| day.iso()).unwrap_or_default(),
        answer,
        answered,
        may_answer: by_right(eyes, &Act::AnswerAboutFigure(AnswerAboutFigure { inquiry: id.clone() })).filter(|_| open),
    }
}
