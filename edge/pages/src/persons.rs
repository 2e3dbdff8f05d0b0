//! People whom an office keeps a file of: that there are some, masked; looking them up, and erasing them.

use crate::{Eyes, Frame, Html, Topic, forms::As, may};
use askama::Template;
use kaoping_office::{
    Act,
    deeds::persons::{DecideErasure, LookUpPerson, ProposeErasure, RegisterPerson},
    ids::PersonId,
    state::{Person, PersonField},
    tables::Key,
};

/// A field of a person as it is shown masked; empty where it is not known or not to be seen.
pub type Masked = Vec<(PersonField, String)>;

struct Known {
    name: &'static str,
    word: String,
    masked: String,
}

struct Line {
    id: String,
    office: String,
    fields: Vec<Known>,
    look_ups: u32,
    state: String,
    erased: bool,
    look_up: Option<As>,
    propose: Option<As>,
    decide: Option<As>,
}

struct Seen {
    person: String,
    by: String,
    day: String,
    fields: String,
    why: String,
    entry: u64,
}

#[derive(Template)]
#[template(path = "persons.html")]
struct Persons {
    frame: Frame,
    sub: String,
    /// Whether this server keeps the keys.
    kept: bool,
    lines: Vec<Line>,
    seen: Vec<Seen>,
    register: Option<As>,
    number: String,
    fields: Vec<(&'static str, String)>,
}

/// So many looks are listed, the last first.
const MOST_LOOKS: usize = 50;

/// The people whoever looks may know of, by their numbers.
pub fn seen<'a>(eyes: &Eyes<'a>) -> Vec<&'a PersonId> {
    let seen = |id: &&PersonId| eyes.viewer.may_see(&Key::Person((*id).clone()));
    eyes.state().persons.keys().filter(seen).collect()
}

/// The page: those people, each with what is known of it masked. `kept` is false where this server holds no keys.
pub fn persons(eyes: &Eyes<'_>, masked: &[(PersonId, Masked)], kept: bool) -> Html {
    let lines: Vec<Line> = masked
        .iter()
        .filter_map(|(id, masked)| Some(line(eyes, id, eyes.state().persons.get(id)?, masked, kept)))
        .collect();
    let looks = eyes.state().look_ups.iter().rev();
    let looks = looks.filter(|(key, _)| eyes.viewer.may_see(&Key::LookUp((*key).clone())));
    let mut looks: Vec<_> = looks.collect();
    looks.sort_by_key(|((_, entry), _)| std::cmp::Reverse(*entry));
    let look = |((person, entry), look): &(&(PersonId, u64), &kaoping_office::state::LookUp)| Seen {
        person: person.to_string(),
        by: look.by.to_string(),
        day: look.day.iso(),
        fields: words(eyes, &look.fields),
        why: look.why.clone(),
        entry: *entry,
    };
    let own = eyes.viewer.grants().iter().find_map(|(_, grant)| {
        let fields = PersonField::ALL.to_vec();
        let person = PersonId::from("P0");
        may::by_right(eyes, &Act::RegisterPerson(RegisterPerson { person, office: grant.office.clone(), fields }))
    });
    Html::of(&Persons {
        frame: Frame::new(eyes, Topic::Offices, eyes.t("人员登记", "Persons")),
        sub: format!("{} {}", lines.len(), eyes.t("人", "persons")),
        kept,
        lines,
        seen: looks.iter().take(MOST_LOOKS).map(look).collect(),
        register: own.filter(|_| kept),
        number: free(eyes),
        fields: PersonField::ALL.iter().map(|field| (field.name(), eyes.say(&field.word()))).collect(),
    })
}

fn words(eyes: &Eyes<'_>, fields: &[PersonField]) -> String {
    let words: Vec<String> = fields.iter().map(|field| eyes.say(&field.word())).collect();
    words.join(eyes.t("、", ", "))
}

/// The next number nobody has, behind the highest.
fn free(eyes: &Eyes<'_>) -> String {
    let numbers = eyes.state().persons.keys().filter_map(|id| id.as_str().strip_prefix('P')?.parse::<u32>().ok());
    format!("P{:06}", numbers.max().map_or(1, |number| number.saturating_add(1)))
}

fn line(eyes: &Eyes<'_>, id: &PersonId, person: &Person, masked: &Masked, kept: bool) -> Line {
    let value = |field: &PersonField| masked.iter().find(|(known, _)| known == field).map(|(_, value)| value.clone());
    let fields = person.fields.iter().map(|field| Known {
        name: field.name(),
        word: eyes.say(&field.word()),
        masked: value(field).unwrap_or_default(),
    });
    let erased = person.erased.is_some();
    let look = LookUpPerson { person: id.clone(), fields: person.fields.clone() };
    let whom = id.clone();
    Line {
        id: id.to_string(),
        office: eyes.office(&person.office),
        fields: fields.collect(),
        look_ups: person.look_ups,
        state: match (&person.asked, erased) {
            (_, true) => eyes.t("已销毁", "erased").to_owned(),
            (Some(by), false) => format!("{} {by}", eyes.t("已申请销毁：", "erasure proposed by")),
            (None, false) => eyes.t("在册", "kept").to_owned(),
        },
        erased,
        look_up: may::as_whom(eyes, &Act::LookUpPerson(look)).filter(|_| kept),
        propose: may::as_whom(eyes, &Act::ProposeErasure(ProposeErasure { person: whom.clone() })),
        decide: may::as_whom(eyes, &Act::DecideErasure(DecideErasure { person: whom, approved: true }))
            .filter(|_| kept),
    }
}
