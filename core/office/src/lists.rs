//! Lists: what of a table an account sees, in the order of keys, found by seeking and not by looking at all of it.

use crate::{
    period::Period,
    tables::{Key, Place},
    views::Viewer,
};
use alloc::{
    borrow::Cow,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::{
    Bound::{self, Excluded, Included, Unbounded},
    ControlFlow,
};
use kaoping_ledger::rows::Value;

/// What to do about a key that is not looked for.
enum Elsewhere {
    /// It is passed over.
    Next,
    /// The next that could be is this one or behind it.
    From(Key),
    /// There is none any more.
    Nowhere,
}

impl Viewer<'_> {
    /// Visits what the account sees of a table, behind a key where one is given, whose keys have those texts at those
    /// places. After so many steps it stops and says how far it came, so that nobody waits for a long list that has
    /// little of what is looked for. It stops where `visit` breaks off.
    pub fn walk(
        &self,
        table: usize,
        after: Option<&Key>,
        fixed: &[(usize, &str)],
        most: usize,
        visit: &mut dyn FnMut(&Key) -> ControlFlow<()>,
    ) -> Option<Key> {
        let place = *Place::ALL.get(table)?;
        let mut fixed: Vec<(usize, &str)> = fixed.to_vec();
        fixed.sort_unstable();
        let mut from = after.map_or(Unbounded, |key| Excluded(key.clone()));
        let (mut steps, mut judged) = (0, None);
        // Events by rule stand among those that were entered, and in no table: they follow from the day.
        let by_rule: BTreeSet<Key> = match place {
            Place::Event => self.state().late_reports().into_iter().map(Key::Event).collect(),
            _ => BTreeSet::new(),
        };
        loop {
            let mut next = Elsewhere::Nowhere;
            let kept = self.state().keys_from(table, bound(&from));
            for key in in_order(kept, by_rule.range((from.clone(), Unbounded)).cloned()) {
                let cells = key.cells();
                next = match self.sees_one_of(place, &key, &cells, &mut judged) {
                    false => unseen(place, &cells),
                    true => match fixed.iter().find(|(at, wanted)| !is(cells.get(*at), wanted)) {
                        None => {
                            if visit(&key).is_break() {
                                return None;
                            }
                            steps += 1;
                            Elsewhere::Next
                        }
                        Some((at, wanted)) => {
                            steps += 1;
                            other(place, &cells, *at, wanted)
                        }
                    },
                };
                // A key that is seen, so that saying it tells nothing.
                if steps >= most && judged.as_ref().is_none_or(|(_, seen)| *seen) {
                    return Some(key);
                }
                if !matches!(next, Elsewhere::Next) {
                    break;
                }
                next = Elsewhere::Nowhere;
            }
            match next {
                Elsewhere::From(key) => from = Included(key),
                Elsewhere::Next | Elsewhere::Nowhere => return None,
            }
        }
    }

    /// Whether a key is seen; where its office decides, that is looked up once for all of them.
    fn sees_one_of(&self, place: Place, key: &Key, cells: &[Value], judged: &mut Option<(Vec<Value>, bool)>) -> bool {
        let Some(part) = place.office().and_then(|at| cells.get(..=at)) else {
            *judged = None;
            return self.may_see(key);
        };
        match judged {
            Some((known, seen)) if known == part => *seen,
            _ => {
                let seen = self.may_see(key);
                *judged = Some((part.to_vec(), seen));
                seen
            }
        }
    }
}

impl Place {
    /// Where in the key the office stands that decides, with what is before it, who sees a row.
    fn office(self) -> Option<usize> {
        match self {
            Self::Cell => Some(0),
            Self::Target | Self::Letter | Self::Report => Some(1),
            Self::Assessed => Some(2),
            _ => None,
        }
    }

    /// Whether a part of its key can be sought.
    fn is_sought(self) -> bool {
        !matches!(self, Self::Total | Self::Drawn)
    }

    /// Whether the texts of that part of the key have the order of the keys.
    fn is_in_order(self, at: usize) -> bool {
        !matches!((self, at), (Self::Cell, 2) | (Self::LookUp, 1))
    }
}

/// Two runs of keys, each in order, as one.
fn in_order(one: impl Iterator<Item = Key>, other: impl Iterator<Item = Key>) -> impl Iterator<Item = Key> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    core::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(first), Some(second)) if second < first => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
}

fn bound(from: &Bound<Key>) -> Bound<&Key> {
    match from {
        Included(key) => Included(key),
        Excluded(key) => Excluded(key),
        Unbounded => Unbounded,
    }
}

fn text(cell: Option<&Value>) -> Cow<'_, str> {
    match cell {
        Some(Value::Text(text)) => Cow::Borrowed(text),
        Some(Value::Whole(number)) => Cow::Owned(number.to_string()),
        Some(Value::Empty) | None => Cow::Borrowed(""),
    }
}

fn is(cell: Option<&Value>, wanted: &str) -> bool {
    text(cell) == wanted
}

/// Behind everything of an office that is not seen.
fn unseen(place: Place, cells: &[Value]) -> Elsewhere {
    place.office().map_or(Elsewhere::Next, |at| behind(place, cells, at + 1))
}

/// Where the wanted text could stand at that place of a key.
fn other(place: Place, cells: &[Value], at: usize, wanted: &str) -> Elsewhere {
    if !place.is_sought() || !place.is_in_order(at) {
        return Elsewhere::Next;
    }
    if text(cells.get(at)).as_ref() > wanted {
        return behind(place, cells, at);
    }
    let mut start: Vec<String> = cells.iter().take(at).map(|cell| text(Some(cell)).into()).collect();
    start.push(wanted.into());
    first(place, &start)
}

/// Behind all keys that begin with so many of the same cells.
fn behind(place: Place, cells: &[Value], count: usize) -> Elsewhere {
    let mut start: Vec<String> = cells.iter().take(count).map(|cell| text(Some(cell)).into()).collect();
    match start.last_mut() {
        None => Elsewhere::Nowhere,
        Some(last) => {
            // The least text that is greater.
            *last = format!("{last}\0");
            first(place, &start)
        }
    }
}

/// The first key that begins with those texts.
fn first(place: Place, start: &[String]) -> Elsewhere {
    let mut texts: Vec<&str> = start.iter().map(String::as_str).collect();
    if let (Place::Cell, [office, figure @ ..]) = (place, texts.as_slice()) {
        let figure = figure.first().copied().unwrap_or_default();
        return Elsewhere::From(Key::Cell(((*office).into(), figure.into(), Period::Year(i16::MIN))));
    }
    if let (Place::LookUp, [person]) = (place, texts.as_slice()) {
        return Elsewhere::From(Key::LookUp(((*person).into(), 0)));
    }
    texts.resize(place.width(), "");
    Key::of(place as usize, &texts).map_or(Elsewhere::Next, Elsewhere::From)
}
