//! Things of the record in a few words, and where they are looked at.

use crate::{Eyes, frame::encoded};
use kaoping_office::{
    ids::{FigureId, IndicatorId, SchemeId},
    tables::Key,
};
use kaoping_terms::Lang;

/// A thing: where it is looked at, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    /// Its address; empty where it has none.
    pub path: String,
    /// What it is called.
    pub word: String,
}

/// An entry of the record.
pub(crate) fn entry(eyes: &Eyes<'_>, number: u64) -> Thing {
    let word = match eyes.lang {
        Lang::Zh => format!("台账第 {number} 条"),
        Lang::En => format!("entry {number}"),
    };
    Thing { path: format!("/record/{number}"), word }
}

/// What an indicator is called.
pub(crate) fn indicator(eyes: &Eyes<'_>, scheme: &SchemeId, id: &IndicatorId) -> String {
    let outline = eyes.state().schemes.get(scheme).and_then(|scheme| scheme.outline());
    let name = outline.and_then(|outline| outline.indicator(id.as_str())).map(|found| found.name.clone());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
}

/// What a figure is called.
pub(crate) fn figure(eyes: &Eyes<'_>, id: &FigureId) -> String {
    eyes.state().cards.get(id).map_or_else(|| id.to_string(), |card| card.name.clone())
}

/// A scheme and its round.
pub(crate) fn round(eyes: &Eyes<'_>, scheme: &SchemeId, round: &str) -> String {
    titled(&eyes.state().title(scheme), round)
}

/// A thing by its key.
pub(crate) fn thing(eyes: &Eyes<'_>, key: &Key) -> Thing {
    let at = |path: String, word: String| Thing { path, word };
    let scheme_path = |scheme: &SchemeId| format!("/schemes/{}", encoded(scheme.as_str()));
    match key {
        Key::Office(id) => at(format!("/offices/{}", encoded(id.as_str())), eyes.office(id)),
        Key::Account(id) => {
            at(format!("/people#account-{}", encoded(id.as_str())), format!("{} {id}", eyes.t("账号", "account")))
        }
        Key::Card(id) => at(String::new(), figure(eyes, id)),
        Key::Scheme(id) => at(scheme_path(id), round(eyes, id, "")),
        Key::Target((scheme, office, of, _)) => at(
            format!("{}/targets?unit={}", scheme_path(scheme), encoded(office.as_str())),
            format!("{} · {}", eyes.office(office), indicator(eyes, scheme, of)),
        ),
        Key::Exemption((scheme, office, of)) => at(
            format!("{}/targets?unit={}", scheme_path(scheme), encoded(office.as_str())),
            format!("{} · {}", eyes.office(office), indicator(eyes, scheme, of)),
        ),
        Key::Letter((scheme, office)) => at(
            format!("{}/targets?unit={}", scheme_path(scheme), encoded(office.as_str())),
            format!("{} · {}", eyes.office(office), round(eyes, scheme, "")),
        ),
        Key::Collection(id) => at("/reports".into(), collection(eyes, id.as_str())),
        Key::Report((id, office)) => at(
            format!("/reports/{}/{}", encoded(id.as_str()), encoded(office.as_str())),
            format!("{} · {}", eyes.office(office), collection(eyes, id.as_str())),
        ),
        Key::Cell((office, of, period)) => {
            at(String::new(), format!("{} · {} · {period}", eyes.office(office), figure(eyes, of)))
        }
        Key::Proposal(id) => {
            at(format!("/matters#proposal-{}", encoded(id.as_str())), format!("{} {id}", eyes.t("申请", "proposal")))
        }
        Key::Event((table, id)) => at("/matters".into(), format!("{table} {id}")),
        Key::Assessed((scheme, of_round, office, of, _)) => at(
            format!(
                "{}/why/{}/{}?round={}",
                scheme_path(scheme),
                encoded(office.as_str()),
                encoded(of.as_str()),
                encoded(of_round)
            ),
            format!("{} · {} · {}", eyes.office(office), of_round, indicator(eyes, scheme, of)),
        ),
        Key::Results((scheme, of)) | Key::Total((scheme, of, _)) => {
            at(format!("{}/ranking?round={}", scheme_path(scheme), encoded(of)), round(eyes, scheme, of))
        }
        Key::Award((scheme, of, award, office)) => at(
            format!("{}/awards?round={}", scheme_path(scheme), encoded(of)),
            format!("{} · {award}", eyes.office(office)),
        ),
        Key::Drawn((sample, office, of)) => {
            at(String::new(), format!("{sample} · {} · {}", eyes.office(office), figure(eyes, of)))
        }
        Key::Person(id) | Key::LookUp((id, _)) => at(String::new(), format!("{} {id}", eyes.t("人员", "person"))),
        Key::Inquiry(id) => {
            let scheme = eyes.state().inquiries.get(id).map(|inquiry| scheme_path(&inquiry.scheme));
            let path = scheme.map(|path| format!("{path}/honesty#inquiry-{}", encoded(id.as_str())));
            at(path.unwrap_or_default(), format!("{} {id}", eyes.t("质询", "question")))
        }
        Key::Objection(id) => {
            at(format!("/matters#objection-{}", encoded(id.as_str())), format!("{} {id}", eyes.t("异议", "objection")))
        }
    }
}

fn collection(eyes: &Eyes<'_>, id: &str) -> String {
    eyes.state().collections.get(id).map_or_else(|| id.to_owned(), |found| found.title.clone())
}

/// A title and its round.
pub(crate) fn titled(title: &str, round: &str) -> String {
    if round.is_empty() { title.to_owned() } else { format!("{title} · {round}") }
}
