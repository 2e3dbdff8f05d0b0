//! What stands around every page: where one is, where one can go, who one is.

use crate::{Eyes, assets, words};
use askama::filters::urlencode_strict;
use kaoping_terms::Lang;

/// What pages are about, in the order of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What is to be done.
    Desk,
    /// Standards and their regulations.
    Schemes,
    /// Targets in parts.
    Targets,
    /// Filling in figures.
    Reports,
    /// Rounds side by side.
    Sheets,
    /// Places.
    Ranking,
    /// Awards.
    Awards,
    /// Events, objections, proposals.
    Matters,
    /// Questions about figures.
    Honesty,
    /// Figures drawn and looked at on the spot.
    Inspections,
    /// What is asked of offices.
    Burden,
    /// Figures as they are defined.
    Figures,
    /// The record.
    Record,
    /// Offices, people, calendar.
    Offices,
    /// What everybody may see.
    Public,
    /// None of these.
    Other,
}

/// A way to go.
pub struct Link {
    /// Its address.
    pub path: String,
    /// What it is called.
    pub word: &'static str,
    /// The key behind `g` that goes there.
    pub key: &'static str,
    /// Whether one is there.
    pub current: bool,
}

/// Who looks, in a few words.
pub struct Who {
    /// The account.
    pub account: String,
    /// The office.
    pub office: String,
    /// The role.
    pub role: String,
}

/// What stands around a page.
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// The title of the page.
    pub title: String,
    /// Ways to go.
    pub links: Vec<Link>,
    /// Those that are needed less.
    pub more: Vec<Link>,
    /// Who looks; nobody before signing in.
    pub who: Option<Who>,
    /// The day, in words.
    pub today: String,
    /// What the address asks for and is not there.
    pub notes: Vec<String>,
    address: String,
}

/// Topic, address, words, key. Those of a scheme have its place marked by `*`.
const LINKS: &[(Topic, &str, &str, &str, &str)] = &[
    (Topic::Desk, "/", "我的桌面", "My desk", "d"),
    (Topic::Schemes, "/schemes", "标准", "Standard", "s"),
    (Topic::Targets, "/schemes/*/targets", "任务分解", "Targets", "t"),
    (Topic::Reports, "/reports", "填报", "Reporting", "r"),
    (Topic::Sheets, "/schemes/*/sheet", "记分表", "Score sheet", "f"),
    (Topic::Ranking, "/schemes/*/ranking", "排名", "Ranking", "p"),
    (Topic::Awards, "/schemes/*/awards", "奖惩", "Awards", "a"),
    (Topic::Matters, "/matters", "事项", "Matters", "m"),
];

/// Those behind “more”.
const MORE: &[(Topic, &str, &str, &str, &str)] = &[
    (Topic::Honesty, "/schemes/*/honesty", "数据质询", "Data questions", "q"),
    (Topic::Inspections, "/inspections", "抽查", "Inspections", "i"),
    (Topic::Figures, "/figures", "数据项", "Figures", "n"),
    (Topic::Burden, "/burden", "填报负担", "Burden", "b"),
    (Topic::Record, "/record", "台账", "Record", "l"),
    (Topic::Offices, "/offices", "单位与人员", "Offices and people", "o"),
    (Topic::Public, "/public", "公示与核验", "Published", "u"),
];

impl Frame {
    /// The frame of a page for somebody who is signed in.
    pub fn new(eyes: &Eyes<'_>, topic: Topic, title: impl Into<String>) -> Self {
        let at = scheme_of(eyes.address);
        let is_there = |at: &&str| eyes.schemes().any(|id| id.as_str() == *at || encoded(id.as_str()) == *at);
        let at = at.filter(is_there).map(str::to_owned);
        let scheme = at.or_else(|| eyes.scheme().map(|id| encoded(id.as_str())));
        let made = |links: &[(Topic, &str, &'static str, &'static str, &'static str)]| {
            let link = |(of, path, zh, en, key): &(Topic, &str, &'static str, &'static str, &'static str)| {
                let path = match path.split_once('*') {
                    None => (*path).to_owned(),
                    Some((before, after)) => format!("{before}{}{after}", scheme.as_deref()?),
                };
                Some(Link { path, word: if eyes.lang == Lang::Zh { zh } else { en }, key, current: *of == topic })
            };
            links.iter().filter_map(link).collect()
        };
        let who = eyes.viewer.grants().first().map(|(_, grant)| Who {
            account: eyes.viewer.account().to_string(),
            office: eyes.office(&grant.office),
            role: eyes.say(&grant.role.word()),
        });
        let today = words::long_day(eyes.viewer.today(), eyes.lang);
        let (links, more) = (made(LINKS), made(MORE));
        let (address, notes) = (eyes.address.to_owned(), eyes.notes.to_vec());
        Self { lang: eyes.lang, title: title.into(), links, more, who, today, notes, address }
    }

    /// The frame of a page for everybody.
    pub fn open(lang: Lang, address: &str, title: impl Into<String>) -> Self {
        let (title, address) = (title.into(), address.to_owned());
        let (links, more, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { lang, title, links, more, who: None, today: String::new(), notes, address }
    }

    /// Says that an address asks for a choice that is none, unless nothing was asked for.
    pub(crate) fn note(&mut self, eyes: &Eyes<'_>, what: (&str, &str), value: &str, is_known: bool) {
        if !is_known && !value.is_empty() {
            self.notes.push(eyes.no_such(what, value));
        }
    }

    /// What an address chooses among those there are, by value and word; nothing, and said with those there are,
    /// where it is none of them.
    pub(crate) fn chosen<'v>(
        &mut self,
        eyes: &Eyes<'_>,
        what: (&str, &str),
        value: &'v str,
        known: &[(&str, &str)],
    ) -> &'v str {
        if value.is_empty() || known.iter().any(|(known, _)| *known == value) {
            return value;
        }
        let words: Vec<&str> = known.iter().filter(|(value, _)| !value.is_empty()).map(|(_, word)| *word).collect();
        let list = match words.is_empty() {
            true => self.t("现在一个也没有。", " There is none now.").to_owned(),
            false if self.lang == Lang::Zh => format!("可以选：{}。", words.join("、")),
            false => format!(" There is: {}.", words.join(", ")),
        };
        self.notes.push(format!("{}{list}", eyes.no_such(what, value)));
        ""
    }

    /// A sentence in the language of the page.
    pub fn t<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// What of those that are needed less one is at; empty where one is elsewhere.
    pub fn further(&self) -> &'static str {
        self.more.iter().find(|link| link.current).map_or("", |link| link.word)
    }

    /// The name of its language.
    pub fn tag(&self) -> &'static str {
        self.t("zh-CN", "en")
    }

    /// Whether one is where one signs in.
    pub fn is_login(&self) -> bool {
        self.address.starts_with("/login")
    }

    /// Where the brand leads.
    pub fn home(&self) -> &'static str {
        if self.who.is_some() { "/" } else { "/public" }
    }

    /// The address of a style or script.
    pub fn asset(&self, name: &str) -> String {
        format!("/assets/{}/{name}", assets::mark())
    }

    /// Where the same page is had in the other language.
    pub fn other_language(&self) -> String {
        format!("/language/{}?back={}", self.t("en", "zh"), encoded(&self.address))
    }
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    // Encoding fails for no text.
    urlencode_strict(text).map(|encoded| encoded.to_string()).unwrap_or_default()
}

/// The scheme an address is about, as it stands there.
fn scheme_of(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("/schemes/")?;
    rest.split(['/', '?']).next().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::scheme_of;

    #[test]
    fn links_stay_with_the_scheme_one_is_at() {
        assert_eq!(scheme_of("/schemes/%E5%B0%B1/ranking?round=1"), Some("%E5%B0%B1"));
        assert_eq!(scheme_of("/schemes/a"), Some("a"));
        assert_eq!((scheme_of("/schemes"), scheme_of("/schemes/"), scheme_of("/")), (None, None, None));
    }
}
