//! What deeds name has to be there: one way to ask, one sentence where it is not.

use super::{EVENTS, OFFICE, SCHEME};
use crate::{
    calendar::MOST_WORKING_DAYS,
    ids::{OfficeId, SchemeId},
    outline::Outline,
    refusal,
    rights::Word,
    state::{Office, Scheme, Seal, State},
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_terms::{Day, Diagnostic, Report, Text};

/// There is that office on a day.
pub(crate) fn office(state: &State, office: &OfficeId, day: Day, findings: &mut Report) {
    match state.offices.get(office) {
        None => {
            findings.push(refusal::unknown_among(&OFFICE, office.as_str(), state.offices.keys().map(OfficeId::as_str)));
        }
        Some(found) if found.at(day).is_none() => findings.push(not_that_day(office, found, day)),
        Some(_) => (),
    }
}

/// An office that began later than a day, or had ended by then: when, and who goes on.
fn not_that_day(id: &OfficeId, office: &Office, day: Day) -> Diagnostic {
    let (message, next) = match &office.closed {
        Some((closed, after)) if day >= *closed => {
            let after: Vec<&str> = after.iter().map(OfficeId::as_str).collect();
            let next = match after.is_empty() {
                true => Text::new("核对单位和日期", "look at the office and the day"),
                false => Text::new(
                    format!("改指承接它的“{}”", after.join("”“")),
                    format!("name what goes on in its place: `{}`", after.join("`, `")),
                ),
            };
            let message = Text::new(format!("“{id}”从 {closed} 起撤了"), format!("`{id}` is no more from {closed} on"));
            (message, next)
        }
        _ => {
            let opened = office.opened().unwrap_or(day);
            let message = Text::new(format!("“{id}”到 {opened} 才设立"), format!("`{id}` begins on {opened}"));
            (message, Text::new("等到那一天，或把日期改到那天以后", "wait for that day, or give a day from then on"))
        }
    };
    let why = Text::new(format!("{day} 这一天没有这个单位"), format!("there is no such office on {day}"));
    Diagnostic { message, ..refusal::unknown(&OFFICE, id.as_str()) }.why(why).next(next)
}

/// The scheme of that name.
pub(super) fn scheme<'a>(state: &'a State, scheme: &SchemeId, findings: &mut Report) -> Option<&'a Scheme> {
    let found = state.schemes.get(scheme);
    if found.is_none() {
        findings.push(refusal::unknown_among(&SCHEME, scheme.as_str(), state.schemes.keys().map(SchemeId::as_str)));
    }
    found
}

/// Whose a scheme is; nobody's where there is no such scheme.
pub(super) fn issuer<'a>(state: &'a State, of: &SchemeId) -> Vec<&'a OfficeId> {
    state.schemes.get(of).map(|scheme| &scheme.office).into_iter().collect()
}

/// The outline of the scheme of that name.
pub(super) fn outline<'a>(state: &'a State, of: &SchemeId, findings: &mut Report) -> Option<&'a Outline> {
    scheme(state, of, findings)?.outline()
}

/// A standard has that event table.
pub(super) fn event_table(outline: &Outline, table: &str, findings: &mut Report) {
    if !outline.events.iter().any(|known| known == table) {
        findings.push(refusal::unknown_among(&EVENTS, table, outline.events.iter().map(String::as_str)));
    }
}

/// Who is concerned has no day to object.
pub(super) fn no_time_to_object(days: u16) -> Option<Diagnostic> {
    (days == 0).then(|| {
        Diagnostic::warning(
            "no-time-to-object",
            Text::new("异议期是 0 个工作日", "there are no working days to object in"),
        )
        .why(Text::new("只有今天能提异议，多半来不及", "objections can be made today only, which is hardly any time"))
        .next(Text::new("核对异议期的天数", "look at the number of days"))
    })
}

/// A time limit is one people set.
pub(super) fn working_days(days: u16, findings: &mut Report) {
    if days > MOST_WORKING_DAYS {
        findings.push(refusal::unfit(
            Text::new(
                format!("{days} 个工作日太长，最多 {MOST_WORKING_DAYS} 个"),
                format!("{days} working days are too many, {MOST_WORKING_DAYS} are the most"),
            ),
            Text::new("多半是多打了一位", "a digit too much, most likely"),
            Text::new("核对天数", "look at the number"),
        ));
    }
}

/// A list that has to hold something holds nothing.
pub(super) fn nothing(deed: &Text) -> Diagnostic {
    refusal::unfit(
        Text::new(format!("{}：一项也没有写", deed.zh), format!("{}: nothing is named", deed.en)),
        Text::new("什么也没有改，也就不用记", "nothing would change, so there is nothing to record"),
        Text::new("写上要办的", "name what it is about"),
    )
}

/// What is named more than once in one list, each once.
pub(super) fn named_twice<'a>(what: &Word, names: impl Iterator<Item = &'a str>, findings: &mut Report) {
    let mut seen: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, name) in names.enumerate() {
        seen.entry(name).or_default().push(place + 1);
    }
    for (name, places) in seen.into_iter().filter(|(_, places)| places.len() > 1) {
        let places: Vec<String> = places.iter().map(usize::to_string).collect();
        findings.push(refusal::unfit(
            Text::new(
                format!("{}“{name}”写了不止一次：第 {} 项", what.zh, places.join("、")),
                format!("the {} `{name}` is named more than once: at {}", what.en, places.join(", ")),
            ),
            Text::new(
                "一项只写一次：写两个值，不知信哪个",
                "each is named once: of two values nobody knows which holds",
            ),
            Text::new("留下对的一项，去掉多写的", "keep the one that is right and leave the others out"),
        ));
    }
}

/// What a seal is of, in words.
fn of_seal(seal: &Seal<'_>) -> (String, String) {
    let Seal { scheme, round, results } = seal;
    let (by, number) = (results.sealed_by.as_ref().map_or("", |by| by.as_str()), results.sealed_in.unwrap_or_default());
    (
        format!("“{scheme}”{round} 的结果已由 {by} 审定封存（台账第 {number} 条）"),
        format!("the results of `{scheme}` {round} were sealed by {by} (entry {number})"),
    )
}

/// What is to change rests under a seal.
pub(super) fn sealed(seal: Seal<'_>) -> Diagnostic {
    let (zh, en) = of_seal(&seal);
    refusal::not_now(
        Text::new(format!("{zh}，这件事会改变它依据的数"), format!("{en}, and this would change what they rest on")),
        Text::new(
            "封存的结果是按这些数算的，数变了结果就对不上",
            "sealed results were scored from them, and would no longer follow",
        ),
        Text::new(
            "先申请重开结果，写明原因、附上材料，由第二个人批准；改完重新汇总、封存",
            "propose to open the results again (`revise-results`) with a reason and papers, which a second person approves; then put them down and seal them anew",
        ),
    )
}

impl State {
    /// Why nothing that the results of a scheme rest on changes any more: its last round is sealed.
    pub fn sealed_for_good(&self, scheme: &SchemeId) -> Option<Diagnostic> {
        self.last_seal(scheme).map(sealed)
    }
}

/// Results that are sealed and stay as they are, whatever is done now.
pub(super) fn sealed_stays(seal: &Seal<'_>) -> Diagnostic {
    let (zh, en) = of_seal(seal);
    Diagnostic::warning(
        "sealed-stays",
        Text::new(format!("{zh}，不随这件事改变"), format!("{en} and stay as they are")),
    )
    .why(Text::new("这件事只计入还没有封存的结果", "this counts in results that are not sealed yet"))
    .next(Text::new(
        "要让它也计入已封存的，先申请重开，由第二个人批准",
        "to have it count in sealed ones, propose to open them again, which a second person approves",
    ))
}

/// Whether a scheme still takes changes: not once its last round is sealed; earlier rounds stay as they are.
pub(super) fn takes_changes(state: &State, scheme: &SchemeId, findings: &mut Report) {
    match state.last_seal(scheme) {
        Some(seal) => findings.push(sealed(seal)),
        None => findings.extend(state.seals(scheme).map(|seal| sealed_stays(&seal))),
    }
}
