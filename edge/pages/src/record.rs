//! The record as people read it: who did what, when, about what, why, on which papers.

mod fields;

use crate::{
    Eyes, Frame, Html, Topic,
    frame::encoded,
    things::{Thing, thing},
    words,
};
use askama::Template;
use fields::Field;
use kaoping_ledger::Digest;
use kaoping_office::{Act, Entry, Role, State, deed::day_of, tables::Key};
use kaoping_terms::{Day, Lang};

/// What is looked for. What is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The entry to begin with, going back; absent for the last.
    pub from: Option<u64>,
    /// The deed, by its name in the record.
    pub deed: String,
    /// The office: that of whoever did it, or one it concerns.
    pub unit: String,
    /// The account: whoever did it, or was stood in for.
    pub account: String,
    /// From that day.
    pub since: Option<Day>,
    /// To that day.
    pub until: Option<Day>,
    /// A text that stands in it.
    pub text: String,
}

impl Filter {
    /// Whether an entry is among what is looked for. `bytes` are the entry as it is kept.
    pub fn takes(&self, state: &State, entry: &Entry, bytes: &[u8]) -> bool {
        let day = day_of(entry.received_ms);
        let (by, act) = (&entry.by, &entry.act);
        let of_unit = |unit: &str| {
            let is = |key: &Key| matches!(key, Key::Office(office) if office.as_str() == unit);
            let concerned = || act.concerns(state).iter().any(|office| office.as_str() == unit);
            by.office == unit || concerned() || act.about().iter().any(is)
        };
        let holds = |text: &str| String::from_utf8_lossy(bytes).to_lowercase().contains(&text.to_lowercase());
        // A deed there is not chooses nothing; the page says so.
        (!Act::NAMES.contains(&self.deed.as_str()) || act.name() == self.deed)
            && (self.account.is_empty()
                || by.account == self.account
                || by.deputy_for.as_deref() == Some(self.account.as_str()))
            && self.since.is_none_or(|since| day.is_some_and(|day| day >= since))
            && self.until.is_none_or(|until| day.is_some_and(|day| day <= until))
            && (self.unit.is_empty() || of_unit(&self.unit))
            && (self.text.is_empty() || holds(&self.text))
    }

    /// Whether nothing before an entry of that time can be among it.
    pub fn is_past(&self, received_ms: i64) -> bool {
        self.since.zip(day_of(received_ms)).is_some_and(|(since, day)| day < since)
    }

    fn address(&self, from: u64) -> String {
        let mut address = format!("/record?from={from}");
        let day = |day: Option<Day>| day.map(|day| day.iso()).unwrap_or_default();
        let parts = [
            ("deed", &self.deed),
            ("unit", &self.unit),
            ("account", &self.account),
            ("since", &day(self.since)),
            ("until", &day(self.until)),
            ("q", &self.text),
        ];
        for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            address.push_str(&format!("&{name}={}", encoded(value)));
        }
        address
    }
}

/// What was found on the way back through the record.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The entries, the last first.
    pub entries: Vec<Entry>,
    /// Where to go on; `None` where the beginning was reached.
    pub next: Option<u64>,
}

/// A choice in a list.
struct Choice {
    value: String,
    word: String,
    chosen: bool,
}

struct Line {
    number: u64,
    when: String,
    what: String,
    about: Vec<Thing>,
    more: usize,
    who: String,
    office: String,
    why: String,
    papers: usize,
}

#[derive(Template)]
#[template(path = "record.html")]
struct Record {
    frame: Frame,
    sub: String,
    all: bool,
    deeds: Vec<Choice>,
    units: Vec<Choice>,
    filter: Filter,
    since: String,
    until: String,
    filtered: bool,
    lines: Vec<Line>,
    newest: bool,
    older: Option<String>,
}

/// The page.
pub fn record(eyes: &Eyes<'_>, filter: &Filter, found: &Found) -> Html {
    let size = eyes.state().size;
    // They are counted from nought, so that the last is called one less than there are.
    let last = size.saturating_sub(1);
    let sub = match (&eyes.shown.checkpoint, eyes.lang) {
        (Some(signed), Lang::Zh) => {
            format!("共 {size} 条，编号 0 至 {last} · 检查点签了前 {} 条", signed.checkpoint.size)
        }
        (Some(signed), Lang::En) => {
            format!("{size} entries, numbered 0 to {last}; the checkpoint signs the first {}", signed.checkpoint.size)
        }
        (None, Lang::Zh) => format!("共 {size} 条，编号 0 至 {last} · 还没有检查点"),
        (None, Lang::En) => format!("{size} entries, numbered 0 to {last}; no checkpoint yet"),
    };
    let blank = Filter { from: filter.from, ..Filter::default() };
    let mut frame = Frame::new(eyes, Topic::Record, eyes.t("台账", "Record"));
    let names: Vec<(&str, String)> = Act::NAMES.iter().map(|name| (*name, eyes.say(&Act::word_of(name)))).collect();
    let known: Vec<(&str, &str)> = names.iter().map(|(name, word)| (*name, word.as_str())).collect();
    frame.chosen(eyes, ("事", "deed"), &filter.deed, &known);
    Html::of(&Record {
        frame,
        sub,
        all: eyes.viewer.reads_the_record(),
        deeds: deeds(eyes, &filter.deed),
        units: units(eyes, &filter.unit),
        since: filter.since.map(|day| day.iso()).unwrap_or_default(),
        until: filter.until.map(|day| day.iso()).unwrap_or_default(),
        filtered: *filter != blank,
        lines: found.entries.iter().map(|entry| line(eyes, entry)).collect(),
        newest: filter.from.is_none(),
        older: found.next.map(|next| filter.address(next)),
        filter: filter.clone(),
    })
}

/// Every deed by its word, in the order of the year.
fn deeds(eyes: &Eyes<'_>, chosen: &str) -> Vec<Choice> {
    let choice = |name: &&str| Choice {
        value: (*name).to_owned(),
        word: eyes.say(&Act::word_of(name)),
        chosen: *name == chosen,
    };
    Act::NAMES.iter().map(choice).collect()
}

fn units(eyes: &Eyes<'_>, chosen: &str) -> Vec<Choice> {
    let choice = |id: &kaoping_office::ids::OfficeId| Choice {
        value: id.to_string(),
        word: eyes.office(id),
        chosen: id.as_str() == chosen,
    };
    eyes.state().in_order(eyes.state().offices.keys()).into_iter().map(choice).collect()
}

/// At most so many things are named in a line.
const NAMED: usize = 2;

fn line(eyes: &Eyes<'_>, entry: &Entry) -> Line {
    let about = about(eyes, &entry.act);
    Line {
        number: entry.number,
        when: words::moment(entry.received_ms),
        what: eyes.say(&entry.act.word()),
        more: about.len().saturating_sub(NAMED),
        about: about.into_iter().take(NAMED).collect(),
        who: who(eyes, entry),
        office: eyes.office(&entry.by.office.as_str().into()),
        why: entry.why.clone(),
        papers: entry.evidence.len(),
    }
}

/// What an entry is about, each once.
fn about(eyes: &Eyes<'_>, act: &Act) -> Vec<Thing> {
    if let Act::EnterNotice(notice) = act {
        let word = format!("{} {}", notice.0.year, notice.0.notice);
        return Vec::from([Thing { path: format!("/calendar?year={}", notice.0.year), word }]);
    }
    let mut things: Vec<Thing> = Vec::new();
    for found in act.about().iter().map(|key| thing(eyes, key)) {
        if !things.contains(&found) {
            things.push(found);
        }
    }
    things
}

/// Account, role, and for whom it stood in.
fn who(eyes: &Eyes<'_>, entry: &Entry) -> String {
    let role = Role::named(&entry.by.role).map_or_else(|| entry.by.role.clone(), |role| eyes.say(&role.word()));
    let by = &entry.by;
    match (&by.deputy_for, eyes.lang) {
        (None, _) => format!("{} · {role}", by.account),
        (Some(holder), Lang::Zh) => format!("{}（代 {holder}）· {role}", by.account),
        (Some(holder), Lang::En) => format!("{} (for {holder}) · {role}", by.account),
    }
}

/// An entry and what shows that it is in the record.
pub struct Shown<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// As it is kept.
    pub bytes: &'a str,
    /// Its hash.
    pub hash: Digest,
}

struct Paper {
    path: String,
    hash: String,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct One {
    frame: Frame,
    title: String,
    number: u64,
    line: Line,
    fields: Vec<Field>,
    cut: bool,
    papers: Vec<Paper>,
    hash: String,
    before: String,
    id: String,
    bytes: String,
    checkpoint: String,
    signed: bool,
    earlier: Option<u64>,
    later: Option<u64>,
}

/// The page of one entry.
pub fn entry(eyes: &Eyes<'_>, shown: &Shown<'_>) -> Html {
    let Shown { entry, bytes, hash } = *shown;
    let number = entry.number;
    let checkpoint = eyes.shown.checkpoint.as_ref();
    let title = match eyes.lang {
        Lang::Zh => format!("台账第 {number} 条 · {}", eyes.say(&entry.act.word())),
        Lang::En => format!("Entry {number} · {}", eyes.say(&entry.act.word())),
    };
    let mut line = line(eyes, entry);
    line.about = about(eyes, &entry.act);
    let (fields, cut) = fields::fields(bytes, eyes.lang);
    let paper = |hash: &Digest| Paper { path: format!("/api/contents/{hash}"), hash: hash.to_string() };
    let next_to = |number: Option<u64>| number.filter(|_| eyes.viewer.reads_the_record());
    Html::of(&One {
        frame: Frame::new(eyes, Topic::Record, &title),
        title,
        number,
        line,
        fields,
        cut,
        papers: entry.evidence.iter().map(paper).collect(),
        hash: hash.to_string(),
        before: entry.before.to_string(),
        id: entry.id.clone(),
        bytes: bytes.to_owned(),
        checkpoint: checkpoint.map(|signed| signed.text()).unwrap_or_default(),
        signed: checkpoint.is_some_and(|signed| signed.checkpoint.size > number),
        earlier: next_to(number.checked_sub(1)),
        later: next_to(Some(number + 1).filter(|later| *later < eyes.state().size)),
    })
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use kaoping_ledger::{Algorithm, By};
    use kaoping_office::{Act, Entry, State, deeds::people::OpenAccount};
    use kaoping_terms::Day;

    #[test]
    fn what_is_looked_for_is_found_and_nothing_else() {
        let by =
            By { account: "A2".into(), office: "甲市".into(), role: "clerk".into(), deputy_for: Some("A1".into()) };
        let entry: Entry = Entry {
            form: 1,
            number: 7,
            before: Algorithm::Sha256.nothing(),
            id: "1".into(),
            // 2026-01-05, half past midnight in China: still the fourth in universal time.
            received_ms: 20_457 * 86_400_000 + (16 * 60 + 30) * 60_000,
            by,
            act: Act::OpenAccount(OpenAccount { account: "C9".into() }),
            why: "新来的人".into(),
            evidence: Vec::new(),
        };
        let bytes = entry.to_bytes().expect("bytes");
        let state = State::default();
        let takes = |filter: Filter| filter.takes(&state, &entry, &bytes);
        let day = |date| Day::new(2026, 1, date);
        assert!(takes(Filter::default()));
        assert!(takes(Filter { deed: "open-account".into(), ..Filter::default() }));
        assert!(!takes(Filter { deed: "close-account".into(), ..Filter::default() }));
        assert!(takes(Filter { account: "A1".into(), ..Filter::default() }), "who was stood in for");
        assert!(takes(Filter { text: "c9".into(), ..Filter::default() }), "in any case of letters");
        assert!(!takes(Filter { text: "旧人".into(), ..Filter::default() }));
        assert!(takes(Filter { unit: "甲市".into(), ..Filter::default() }));
        assert!(!takes(Filter { unit: "乙县".into(), ..Filter::default() }));
        assert!(takes(Filter { since: day(5), until: day(5), ..Filter::default() }));
        assert!(!takes(Filter { until: day(4), ..Filter::default() }));
        let later = Filter { since: day(6), ..Filter::default() };
        assert!(later.is_past(entry.received_ms) && !Filter::default().is_past(entry.received_ms));
        let address = Filter { unit: "甲市".into(), since: day(6), ..Filter::default() }.address(3);
        assert_eq!(address, "/record?from=3&unit=%E7%94%B2%E5%B8%82&since=2026-01-06");
    }
}
