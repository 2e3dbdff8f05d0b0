//! What people see of the office: screens as HTML, made from the state with the eyes of whoever looks.
//!
//! A screen is a function from [`Eyes`] to [`Html`] and a template beside it in `templates/`. It decides nothing: what
//! may be seen is told by `views` of the office, what is to be done by its `duties`, what a figure is worth by the
//! assessment. Deeds are sent by `assets/app.js` to the same interface programs use.

pub mod asking;
pub mod assets;
pub mod awards;
pub mod board;
pub mod burden;
pub mod calendar;
mod charts;
pub mod desk;
mod diff;
pub mod draft;
pub mod figures;
mod forms;
mod frame;
mod heat;
pub mod honesty;
pub mod inspections;
pub mod login;
pub mod matters;
mod may;
pub mod offices;
pub mod parts;
pub mod people;
pub mod persons;
pub mod problem;
pub mod public;
pub mod ranking;
pub mod record;
pub mod reports;
pub mod scoresheet;
pub mod sheet;
mod since;
pub mod standard;
pub mod strange;
pub mod targets;
mod things;
pub mod verify;
mod visit;
pub mod what_if;
pub mod why;
mod words;

pub use frame::{Frame, Topic, encoded};
pub use visit::Visit;

use kaoping_desk::Shown;
use kaoping_office::{
    State, Viewer,
    ids::{OfficeId, SchemeId},
    tables::Key,
};
use kaoping_terms::{Lang, Text};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Html(pub String);

impl Html {
    /// A template with its holes filled.
    fn of(template: &impl askama::Template) -> Self {
        // Writing to memory does not fail, and templates have no holes of their own that could.
        Self(template.render().unwrap_or_default())
    }
}

/// Who looks, at what, in which language.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// What is durable.
    pub shown: &'a Shown,
    /// Who looks.
    pub viewer: &'a Viewer<'a>,
    /// In which language.
    pub lang: Lang,
    /// The address that was asked for, with its parameters.
    pub address: &'a str,
    /// What of it is not there, in words.
    pub notes: &'a [String],
}

impl<'a> Eyes<'a> {
    /// The state.
    pub fn state(&self) -> &'a State {
        &self.shown.state
    }

    /// A sentence in the language of whoever looks.
    pub fn t<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// The same of a text.
    pub fn say(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }

    /// What is said where an address asks for something that is not there.
    pub(crate) fn no_such(&self, what: (&str, &str), value: &str) -> String {
        match self.lang {
            Lang::Zh => format!("没有“{value}”这个{}；下面没有按它筛选。", what.0),
            Lang::En => format!("There is no {} `{value}`; nothing below is chosen by it.", what.1),
        }
    }

    /// What an office is called today, or was last.
    pub fn office(&self, id: &OfficeId) -> String {
        let name = self.state().offices.get(id).and_then(|office| office.known_on(self.state().today));
        let name = name.map(|known| known.name.clone());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
    }

    /// The scheme one most likely wants to see: the one with the newest results, else the newest.
    pub fn scheme(&self) -> Option<&'a SchemeId> {
        let adopted = |id: &SchemeId| self.state().schemes.get(id)?.versions.last().map(|version| version.number);
        let results = |id: &SchemeId| {
            let of = self.state().results.iter().filter(|((scheme, _), _)| scheme == id);
            of.map(|(_, results)| results.at).max()
        };
        self.schemes().max_by_key(|id| (results(id), adopted(id)))
    }

    /// The schemes that are seen, by id.
    pub fn schemes(&self) -> impl Iterator<Item = &'a SchemeId> {
        self.state().schemes.keys().filter(|id| self.viewer.may_see(&Key::Scheme((*id).clone())))
    }
}
