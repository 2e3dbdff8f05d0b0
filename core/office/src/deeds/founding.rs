//! A record begins; the calendar it goes by.

use super::{ACCOUNT, OFFICE};
use crate::{
    act::ANY,
    calendar::Notice,
    deed::{Asked, Deed, Told},
    ids::{AccountId, CollectionId, OfficeId, is_name},
    refusal,
    rights::{Right, Role},
    state::{Account, Collection, Grant, Office, OfficeVersion, State},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_ledger::Algorithm;
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Founds the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Its name, which no other record has.
    pub origin: String,
    /// The name of its hash.
    pub algorithm: String,
    /// The key its checkpoints are signed with.
    pub key: String,
    /// The office at the top.
    pub office: OfficeId,
    /// What that is called.
    pub name: String,
    /// Since when there is that office. No office below it began earlier.
    pub from: Day,
    /// The three administrators: system, security, audit. Three people.
    pub administrators: [AccountId; 3],
}

impl Deed for Found {
    fn word(&self) -> Text {
        Text::new("成立台账", "founding the record")
    }

    fn right(&self) -> Right {
        Right { roles: Role::ALL, relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, _: &Asked<'_>, findings: &mut Report) {
        if !state.origin.is_empty() {
            findings.push(refusal::not_now(
                Text::new(
                    format!("台账“{}”已经成立", state.origin),
                    format!("the record `{}` is founded", state.origin),
                ),
                Text::new("一个库里只有一本台账", "a store holds one record"),
                Text::new(
                    "启动服务器用它；要另立一本，换一个空的库",
                    "start the server and use it; for another record take an empty store",
                ),
            ));
        }
        if self.origin.is_empty() || self.origin.chars().any(|c| c.is_control() || c == '+') {
            findings.push(refusal::no_name(&ORIGIN, &self.origin));
        }
        if Algorithm::named(&self.algorithm).is_none() {
            findings.push(refusal::unknown(&ALGORITHM, &self.algorithm));
        }
        if !is_name(self.office.as_str()) {
            findings.push(refusal::no_name(&OFFICE, self.office.as_str()));
        }
        let [system, security, audit] = &self.administrators;
        for account in &self.administrators {
            if !is_name(account.as_str()) {
                findings.push(refusal::no_name(&ACCOUNT, account.as_str()));
            }
        }
        if system == security || security == audit || audit == system {
            findings.push(super::people::administrators_apart());
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        state.origin.clone_from(&self.origin);
        state.key.clone_from(&self.key);
        let version = OfficeVersion {
            from: self.from,
            name: self.name.clone(),
            parent: None,
            kind: String::new(),
            group: String::new(),
            attributes: BTreeMap::new(),
        };
        let office =
            Office { versions: Vec::from([version]), closed: None, opened_by: told.number, before: Vec::new() };
        state.offices.insert(self.office.clone(), office);
        touched.note(|| Key::Office(self.office.clone()));
        for (account, role) in
            self.administrators.iter().zip([Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin])
        {
            let grant = Grant { office: self.office.clone(), role, from: told.today, to: None };
            let opened = Account { grants: Vec::from([grant]), password: Some(told.number), ..Account::default() };
            state.accounts.insert(account.clone(), opened);
            touched.note(|| Key::Account(account.clone()));
        }
    }
}

const ORIGIN: crate::rights::Word = crate::rights::Word { zh: "台账", en: "record" };
const ALGORITHM: crate::rights::Word = crate::rights::Word { zh: "散列算法", en: "hash algorithm" };

/// Enters the holidays and make-up workdays of a year, or those of a notice that mends an earlier one.
/// Deadlines that are open are reckoned anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnterNotice(pub Notice);

impl Deed for EnterNotice {
    fn word(&self) -> Text {
        Text::new("录入放假通知", "entering a holiday notice")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SystemAdmin, Role::AssessmentOffice], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        let notice = &self.0;
        let office = state.offices.get(asked.by.office.as_str()).and_then(Office::last);
        if office.is_some_and(|office| office.parent.is_some()) {
            findings.push(refusal::not_now(
                Text::new(
                    "工作日历全台账只有一份，由最上面的单位录入",
                    "there is one calendar for all, and the office at the top enters it",
                ),
                Text::new(
                    "期限按同一份日历算，各录一份就对不上了",
                    "time limits are reckoned by one calendar, and two would not agree",
                ),
                Text::new(
                    "请最上面的单位的考评办或系统管理员录入",
                    "ask the assessment office at the top, or the system administrator",
                ),
            ));
        }
        if notice.notice.trim().is_empty() {
            findings.push(refusal::no_evidence(&self.word()));
        }
        for day in notice.rest.iter().chain(&notice.work).filter(|day| day.civil().0 != notice.year) {
            findings.push(refusal::unfit(
                Text::new(format!("{day} 不在 {} 年", notice.year), format!("{day} is not in {}", notice.year)),
                Text::new("一份通知说一年的事", "a notice is about one year"),
                Text::new("把它写进那一年的通知", "put it into the notice of its year"),
            ));
        }
        if state.calendar.notices.contains_key(&notice.year) && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new(
                format!("换掉 {} 年已录入的放假通知", notice.year),
                format!("taking the place of the notice of {}", notice.year),
            )));
        }
        findings.extend(state.calendar.notices.get(&notice.year).and_then(|before| drops(before, notice)));
        if !findings.has_errors() {
            let mut calendar = state.calendar.clone();
            calendar.enter(notice.clone());
            for (id, found, due, _) in state.moved_by(&calendar, asked.today) {
                findings.push(moved(id, found, due));
            }
            for (of, before, due) in state.limits_moved_by(&calendar, asked.today) {
                findings.push(limit_moved(&of.word(), before, due));
            }
        }
        for day in notice.work.iter().filter(|day| notice.rest.contains(day)) {
            findings.push(refusal::unfit(
                Text::new(format!("{day} 又放假又上班"), format!("{day} is both off and worked")),
                Text::new("一天只能是一样", "a day is one of them"),
                Text::new("照通知改", "mend it by the notice"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        state.calendar.enter(self.0.clone());
        state.reckon_anew((told.today, told.number), touched);
    }
}

/// A deadline that is another one now.
fn moved(id: &CollectionId, found: &Collection, due: Day) -> Diagnostic {
    let (title, before) = (&found.title, found.due);
    let (zh, en) = match before == due {
        true => {
            (format!("宽限的最后一天变了（期限仍是 {due}）"), format!("the days of grace change, due {due} as before"))
        }
        false => (format!("{before} → {due}"), format!("{before} → {due}")),
    };
    Diagnostic::note(
        "deadline-moved",
        Text::new(format!("“{title}”（{id}）的期限：{zh}"), format!("the deadline of `{title}` ({id}): {en}")),
    )
    .why(Text::new("没有到期的期限按新的通知重算", "open deadlines are reckoned by the new notice"))
    .next(Text::new("告诉要报的单位", "tell those who are to report"))
}

/// Days of the notice before that are not in the one that takes its place: whoever adds to a notice writes the whole
/// year again.
fn drops(before: &Notice, now: &Notice) -> Option<Diagnostic> {
    let said = |notice: &Notice, day: &Day| notice.rest.contains(day) || notice.work.contains(day);
    let mut gone: Vec<Day> = before.rest.iter().chain(&before.work).filter(|day| !said(now, day)).copied().collect();
    gone.sort_unstable();
    let days: Vec<String> = gone.iter().map(|day| day.iso()).collect();
    let (count, year) = (days.len(), before.year);
    let message = Text::new(
        format!("{year} 年原来的通知里有 {count} 天，新的没有写：{}", days.join("、")),
        format!("days of the notice of {year} that the new one says nothing of: {}", days.join(", ")),
    );
    let why = Text::new(
        "一年只有一份通知，新的整份换掉原来的；没有写到的放假、补班就不算了",
        "a year has one notice, and the new one takes the place of the whole: days it does not name are ordinary ones",
    );
    let next = Text::new(
        "补充通知连同原来的一起写全；真要取消的，照办",
        "write the whole year, the days of before and the new ones; if they are meant to go, go on",
    );
    (count > 0).then(|| Diagnostic::warning("notice-drops-days", message).why(why).next(next))
}

/// A time to object or to answer that ends on another day now.
fn limit_moved(of: &Text, before: Day, due: Day) -> Diagnostic {
    let message = Text::new(format!("{}：{before} → {due}", of.zh), format!("{}: {before} → {due}", of.en));
    Diagnostic::note("deadline-moved", message)
        .why(Text::new("没有到期的期限按新的通知重算", "open deadlines are reckoned by the new notice"))
        .next(Text::new("告诉有关的单位", "tell those concerned"))
}

/// Confirms that the clock is right after it jumped far ahead: whoever does so writes down which day it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmClock {
    /// Which day it is.
    pub day: Day,
}

impl Deed for ConfirmClock {
    fn word(&self) -> Text {
        Text::new("确认时钟", "confirming the clock")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SystemAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, _: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        if self.day != asked.today {
            findings.push(refusal::unfit(
                Text::new(
                    format!("写的是 {}，服务器的钟是 {}", self.day, asked.today),
                    format!("it says {}, and the clock of the server {}", self.day, asked.today),
                ),
                Text::new("两个日期要相同，才是确认", "confirming means that both are the same day"),
                Text::new("钟错了先校正，再确认", "set the clock right first"),
            ));
        }
    }

    fn apply(&self, _: &mut State, _: &Told<'_>, _: &mut Touched) {}
}
