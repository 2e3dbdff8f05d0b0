//! Data about people: that there are some, who looked at them and why, and that they were erased. The data themselves
//! are outside the record, each person's under a key of its own.

use super::{PERSON, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{OfficeId, PersonId},
    refusal,
    rights::{Relation, Right, Role, account, second_person},
    state::{LookUp, Person, PersonField, State},
    tables::{Key, Touched},
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Who works with data about people, in the office that keeps them. Nobody above it, and nobody who audits.
pub const KEEPERS: &[Role] = &[Role::Clerk, Role::Reviewer, Role::Signer, Role::Lead, Role::AssessmentOffice];

const RIGHT: Right = Right { roles: KEEPERS, relation: Relation::Own };

/// The most digits of the number of a person: fewer than those of a telephone or of an identity card.
const DIGITS: usize = 9;

/// Whether a text can be the number of a person: `P` and up to nine digits. There is no room for a name in it.
pub fn is_number(text: &str) -> bool {
    text.strip_prefix('P').is_some_and(|digits| {
        (1..=DIGITS).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

fn office_of<'a>(state: &'a State, person: &PersonId) -> Vec<&'a OfficeId> {
    state.persons.get(person).map(|person| &person.office).into_iter().collect()
}

fn needs_reason(deed: &Text, asked: &Asked<'_>, findings: &mut Report) {
    if asked.why.trim().is_empty() {
        findings.push(refusal::no_reason(deed));
    }
}

fn each_once(fields: &[PersonField], findings: &mut Report) {
    let twice = fields.iter().enumerate().any(|(at, field)| fields.iter().skip(at + 1).any(|other| other == field));
    if fields.is_empty() || twice {
        findings.push(refusal::unfit(
            Text::new("没有写要哪几项，或同一项写了两次", "no field is named, or one is named twice"),
            Text::new("要说清是哪几项", "it has to be clear which they are"),
            Text::new("每一项写一次", "name each once"),
        ));
    }
}

/// The person, where it is known and not erased.
fn known<'a>(state: &'a State, person: &PersonId, findings: &mut Report) -> Option<&'a Person> {
    let Some(found) = state.persons.get(person) else {
        findings.push(refusal::unknown(&PERSON, person.as_str()));
        return None;
    };
    if found.erased.is_some() {
        findings.push(refusal::not_now(
            Text::new(format!("人员 {person} 的信息已经销毁"), format!("the data of {person} were erased")),
            Text::new(
                "销毁就是毁掉密钥，密文再也读不出来",
                "erasing destroys the key; what it opened cannot be read again",
            ),
            Text::new(
                "确要再用，由保管单位征得本人同意，用新编号另行登记",
                "where it is needed again, the office that keeps it registers the person anew under another number",
            ),
        ));
        return None;
    }
    Some(found)
}

/// Registers a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterPerson {
    /// Its number.
    pub person: PersonId,
    /// The office that keeps the file.
    pub office: OfficeId,
    /// Which fields it has.
    pub fields: Vec<PersonField>,
}

impl Deed for RegisterPerson {
    fn word(&self) -> Text {
        Text::new("登记人员", "registering a person")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_number(self.person.as_str()) {
            findings.push(no_number());
        } else if state.persons.contains_key(&self.person) {
            findings.push(refusal::taken(&PERSON, self.person.as_str()));
        }
        there::office(state, &self.office, asked.today, findings);
        each_once(&self.fields, findings);
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let person = Person {
            office: self.office.clone(),
            fields: self.fields.clone(),
            registered: told.number,
            look_ups: 0,
            asked: None,
            erased: None,
        };
        state.persons.insert(self.person.clone(), person);
        touched.note(|| Key::Person(self.person.clone()));
    }
}

/// The number is not told again: whoever puts a name there would find it in the answer.
fn no_number() -> Diagnostic {
    Diagnostic::error("name-not-usable", Text::new("这不能作人员的编号", "this cannot be the number of a person"))
        .why(Text::new(
            "编号是 P 和 1 到 9 位数字，放不下姓名、证件号和电话",
            "it is P and 1 to 9 digits, where no name, card or telephone number fits",
        ))
        .next(Text::new("例如 P000001", "such as P000001"))
}

/// Looks a person up: the entry is there before anything is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookUpPerson {
    /// Whom.
    pub person: PersonId,
    /// What is shown.
    pub fields: Vec<PersonField>,
}

impl Deed for LookUpPerson {
    fn word(&self) -> Text {
        Text::new("查看人员信息", "looking a person up")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        office_of(state, &self.person)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        needs_reason(&self.word(), asked, findings);
        each_once(&self.fields, findings);
        let Some(person) = known(state, &self.person, findings) else { return };
        for field in self.fields.iter().filter(|field| !person.fields.contains(field)) {
            findings.push(refusal::unknown(&FIELD, field.name()));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let Some(person) = state.persons.get_mut(&self.person) else { return };
        person.look_ups = person.look_ups.saturating_add(1);
        let by = account(told.by);
        let look_up = LookUp { by, day: told.today, fields: self.fields.clone(), why: told.why.into() };
        state.look_ups.insert((self.person.clone(), told.number), look_up);
        touched.note(|| Key::Person(self.person.clone()));
        touched.note(|| Key::LookUp((self.person.clone(), told.number)));
    }
}

const FIELD: crate::rights::Word = crate::rights::Word { zh: "信息", en: "field" };

/// Proposes that what is known of a person be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeErasure {
    /// Of whom.
    pub person: PersonId,
}

impl Deed for ProposeErasure {
    fn word(&self) -> Text {
        Text::new("申请销毁人员信息", "proposing an erasure")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        office_of(state, &self.person)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        needs_reason(&self.word(), asked, findings);
        if known(state, &self.person, findings).is_some_and(|person| person.asked.is_some()) {
            findings.push(refusal::not_now(
                Text::new("已经有人申请", "somebody proposed it already"),
                Text::new(
                    "销毁要两个人：一人申请，另一人批准",
                    "an erasure takes two people: one proposes, another decides",
                ),
                Text::new(
                    "由另一个有此职责的人批准或不批准，不必再申请",
                    "another person in the right role approves or refuses it; it need not be proposed again",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        if let Some(person) = state.persons.get_mut(&self.person) {
            person.asked = Some(account(told.by));
        }
        touched.note(|| Key::Person(self.person.clone()));
    }
}

/// Decides on an erasure. Approved, the key is destroyed, and nobody reads the data again, in no backup either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideErasure {
    /// Of whom.
    pub person: PersonId,
    /// Whether it is approved.
    pub approved: bool,
}

impl Deed for DecideErasure {
    fn word(&self) -> Text {
        Text::new("批准销毁人员信息", "deciding on an erasure")
    }

    fn right(&self) -> Right {
        let roles = &[Role::Reviewer, Role::Signer, Role::AssessmentOffice, Role::LeadingGroup];
        Right { roles, relation: Relation::OwnOrAbove }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        office_of(state, &self.person)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let Some(person) = known(state, &self.person, findings) else { return };
        match &person.asked {
            None => findings.push(refusal::not_now(
                Text::new("还没有人申请销毁", "nobody proposed the erasure"),
                Text::new(
                    "销毁要两个人：一人申请，另一人批准",
                    "an erasure takes two people: one proposes, another decides",
                ),
                Text::new(
                    "由保管单位的人先申请销毁，写明原因，再由另一人批准",
                    "somebody of the office that keeps the person proposes it first, with a reason; then another \
             decides",
                ),
            )),
            Some(first) => {
                if let Some(finding) = second_person(asked.by, first, &Text::new("申请", "proposing")) {
                    findings.push(finding);
                }
            }
        }
        if !self.approved {
            needs_reason(&Text::new("不批准", "a refusal"), asked, findings);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        if let Some(person) = state.persons.get_mut(&self.person) {
            person.asked = None;
            if self.approved {
                person.erased = Some(told.number);
            }
        }
        touched.note(|| Key::Person(self.person.clone()));
    }
}
