//! Somebody who may not be signed in: what is for everybody.

use crate::{Eyes, Frame, Topic};
use kaoping_desk::Shown;
use kaoping_office::{Viewer, ids::OfficeId};
use kaoping_terms::{Day, Lang};

/// A visit to a page for everybody. Whoever is signed in keeps his frame, and sees nothing more.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    /// What is durable.
    pub shown: &'a Shown,
    /// Who looks, where he is signed in.
    pub viewer: Option<&'a Viewer<'a>>,
    /// The day.
    pub today: Day,
    /// In which language.
    pub lang: Lang,
    /// The address that was asked for.
    pub address: &'a str,
    /// What of it is not there, in words.
    pub notes: &'a [String],
}

impl Visit<'_> {
    /// A sentence in the language of whoever looks.
    pub(crate) fn t<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// What an office is called today, or was last.
    pub(crate) fn office(&self, id: &OfficeId) -> String {
        let name = self.shown.state.offices.get(id).and_then(|office| office.last()).map(|last| last.name.clone());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
    }

    /// The peer group of an office.
    pub(crate) fn group(&self, id: &OfficeId) -> String {
        let last = self.shown.state.offices.get(id).and_then(|office| office.last());
        last.map(|last| last.group.clone()).unwrap_or_default()
    }

    /// What stands around the page.
    pub(crate) fn frame(&self, topic: Topic, title: impl Into<String>) -> Frame {
        match self.viewer {
            Some(viewer) => {
                let Self { shown, lang, address, notes, .. } = *self;
                let eyes = Eyes { shown, viewer, lang, address, notes };
                Frame::new(&eyes, topic, title)
            }
            None => {
                let mut frame = Frame::open(self.lang, self.address, title);
                frame.notes = self.notes.to_vec();
                frame
            }
        }
    }
}
