//! Accounts, roles, deputies.

use super::{ACCOUNT, there};
use crate::{
    act::ANY,
    deed::{Asked, Deed, Told},
    ids::{AccountId, OfficeId, is_name},
    refusal,
    rights::{Right, Role},
    state::{Account, Deputy, Grant, State},
    tables::{Key, Touched},
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

pub(super) fn administrators_apart() -> Diagnostic {
    refusal::not_now(
        Text::new(
            "系统、安全、审计三个管理员由三个人担任，也不兼业务",
            "system, security and audit administrators are three people, and do no office's work",
        ),
        Text::new(
            "管账号的、给职责的、看记录的要互相牵制",
            "whoever opens accounts, gives roles and reads logs has to be checked by the others",
        ),
        Text::new(
            "由系统管理员另开一个账号，把职责授予另一个人",
            "the system administrator opens another account, and the role goes to another person",
        ),
    )
}

/// Opens an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// Its number.
    pub account: AccountId,
}

impl Deed for OpenAccount {
    fn word(&self) -> Text {
        Text::new("开设账号", "opening an account")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SystemAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, _: &Asked<'_>, findings: &mut Report) {
        if !is_name(self.account.as_str()) {
            findings.push(refusal::no_name(&ACCOUNT, self.account.as_str()));
        }
        if state.accounts.contains_key(&self.account) {
            findings.push(refusal::taken(&ACCOUNT, self.account.as_str()));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        state.accounts.insert(self.account.clone(), Account::default());
        touched.note(|| Key::Account(self.account.clone()));
    }
}

/// Closes an account. It can do nothing from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseAccount {
    /// Which.
    pub account: AccountId,
}

impl Deed for CloseAccount {
    fn word(&self) -> Text {
        Text::new("关闭账号", "closing an account")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SystemAdmin, Role::SecurityAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.account, findings);
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        if self.account.as_str() == asked.by.account {
            findings.push(refusal::not_now(
                Text::new("不能关闭自己的账号", "nobody closes his own account"),
                Text::new("关了自己，就没有人对这件事负责", "whoever closes himself leaves nobody to answer for it"),
                Text::new("请另一位系统管理员或安全管理员来关", "leave it to another system or security administrator"),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        if let Some(account) = state.accounts.get_mut(&self.account) {
            account.closed = Some(told.today);
        }
        touched.note(|| Key::Account(self.account.clone()));
    }
}

/// That there is such an account, and it is open.
pub(super) fn open_account(state: &State, id: &AccountId, findings: &mut Report) {
    match state.accounts.get(id) {
        None => findings.push(refusal::unknown(&ACCOUNT, id.as_str())),
        Some(account) if account.closed.is_some() => findings.push(refusal::not_now(
            Text::new(format!("账号 {id} 已经关闭"), format!("account {id} is closed")),
            Text::new(
                "关闭的账号不再办事，也不重新打开",
                "a closed account does nothing any more, and is not opened again",
            ),
            Text::new(
                "换一个在用的账号；没有的，由系统管理员新开一个",
                "take an account in use; if there is none the system administrator opens one",
            ),
        )),
        Some(_) => (),
    }
}

/// A role in an office, from day to day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRole {
    /// To whom.
    pub account: AccountId,
    /// In which office.
    pub office: OfficeId,
    /// Which role.
    pub role: Role,
    /// The first day.
    pub from: Day,
    /// The last day; absent where there is none.
    pub to: Option<Day>,
}

impl Deed for GrantRole {
    fn word(&self) -> Text {
        Text::new("授予职责", "giving a role")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SecurityAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.account, findings);
        there::office(state, &self.office, asked.today, findings);
        days(self.from, self.to, findings);
        if self.account.as_str() == asked.by.account {
            findings.push(refusal::not_now(
                Text::new("不能给自己授予职责", "nobody gives a role to himself"),
                Text::new("自己给自己授权，就没有人把关", "whoever gives roles to himself is checked by nobody"),
                Text::new("请另一位安全管理员授予", "leave it to another security administrator"),
            ));
        }
        let held = state.accounts.get(&self.account).map(|account| account.grants.as_slice()).unwrap_or_default();
        findings.extend(self.odd(held, asked.today));
        let shared = self.in_one_hand(held, asked.today);
        if shared.is_some() && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new(
                "一个账号在同一单位兼填报、审核、签发中的两样，",
                "giving one account two of the three steps of a report",
            )));
        }
        findings.extend(shared);
        let apart = |held: Role| held != self.role && (held.is_administrator() || self.role.is_administrator());
        let lasting = |grant: &&Grant| grant.to.is_none_or(|to| to >= self.from);
        if held.iter().filter(lasting).any(|grant| apart(grant.role)) {
            findings.push(administrators_apart());
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        if let Some(account) = state.accounts.get_mut(&self.account) {
            account.grants.push(Grant { office: self.office.clone(), role: self.role, from: self.from, to: self.to });
        }
        touched.note(|| Key::Account(self.account.clone()));
    }
}

impl GrantRole {
    /// Whether a role is held at the same time as this one.
    fn meets(&self, grant: &Grant, today: Day) -> bool {
        let begins = self.from.max(today);
        self.to.is_none_or(|to| grant.from <= to) && grant.to.is_none_or(|to| begins <= to)
    }

    /// One account has two of the three steps of a report of an office.
    fn in_one_hand(&self, held: &[Grant], today: Day) -> Option<Diagnostic> {
        let is_step = |role: Role| matches!(role, Role::Clerk | Role::Reviewer | Role::Signer);
        let both = |grant: &&Grant| {
            grant.office == self.office && grant.role != self.role && is_step(grant.role) && is_step(self.role)
        };
        let other = held.iter().filter(|grant| self.meets(grant, today)).find(both)?;
        let (own, role, office, account) = (self.role.word(), other.role.word(), &other.office, &self.account);
        let finding = Diagnostic::warning(
            "role-conflict",
            Text::new(
                format!("{account} 同时是“{office}”的{}和{}", role.zh, own.zh),
                format!("{account} is {} and {} of `{office}` at once", role.en, own.en),
            ),
        );
        let why = Text::new(
            "一份填报由三个人填、审、签；兼任的人互相签，就没有第三个人看过",
            "three people fill in, look through and sign a report; where two share roles they sign for one another, \
             and nobody else has looked",
        );
        Some(finding.why(why).next(Text::new(
            "另请一个人；人手确实不够，写明原因再授予：同一份填报仍不能由一个人办两步",
            "find another person; where there is none, say why: nobody does two steps of one report all the same",
        )))
    }

    /// What is allowed and asks to be looked at: the same once more, a day that is past, an auditor among those audited.
    fn odd(&self, held: &[Grant], today: Day) -> Vec<Diagnostic> {
        let mut odd = Vec::new();
        let account = &self.account;
        let at_once = || held.iter().filter(|grant| self.meets(grant, today));
        if at_once().any(|grant| grant.role == self.role && grant.office == self.office) {
            let (role, office) = (self.role.word(), &self.office);
            odd.push(
                Diagnostic::warning(
                    "role-repeated",
                    Text::new(
                        format!("{account} 已经是“{office}”的{}", role.zh),
                        format!("{account} is {} of `{office}` already", role.en),
                    ),
                )
                .why(Text::new(
                    "同一职责记两次，收回时容易漏掉一次",
                    "given twice, one of them is easily left when it is taken away",
                ))
                .next(Text::new(
                    "核对起止日；要改的先收回再授予",
                    "look at the days; to change them take the role away first",
                )),
            );
        }
        if let Some(from) = Some(self.from).filter(|from| *from < today) {
            odd.push(
                Diagnostic::warning(
                    "role-backdated",
                    Text::new(format!("起日 {from} 早于今天"), format!("the first day, {from}, is past")),
                )
                .why(Text::new(
                    "权限从授予时起才有；写早了，看上去像是以前就有",
                    "the right begins with the deed; an earlier day looks as if it had been there before",
                ))
                .next(Text::new("核对起日，一般写今天", "look at the first day; it is usually today")),
            );
        }
        let audits = |role: Role| role == Role::Auditor;
        let handles = |role: Role| {
            let reports = matches!(role, Role::Clerk | Role::Reviewer | Role::Signer | Role::Lead);
            reports || matches!(role, Role::AssessmentOffice | Role::LeadingGroup)
        };
        let crossed =
            |grant: &&Grant| audits(self.role) && handles(grant.role) || audits(grant.role) && handles(self.role);
        if let Some(other) = at_once().find(crossed) {
            let (own, role, office) = (self.role.word(), other.role.word(), &other.office);
            odd.push(
                Diagnostic::warning(
                    "role-conflict",
                    Text::new(
                        format!("{account} 同时是{}和“{office}”的{}", own.zh, role.zh),
                        format!("{account} is {} and {} of `{office}` at once", own.en, role.en),
                    ),
                )
                .why(Text::new("审计不审自己经手的事", "nobody audits what went through his own hands"))
                .next(Text::new(
                    "由不填报、不审核、不评分、不审定的人做审计",
                    "let somebody audit who neither reports nor reviews, scores or approves",
                )),
            );
        }
        odd
    }
}

fn days(from: Day, to: Option<Day>, findings: &mut Report) {
    if to.is_some_and(|to| to < from) {
        findings.push(refusal::unfit(
            Text::new("止日早于起日", "the last day is before the first"),
            Text::new("这样一天也没有", "that leaves no day at all"),
            Text::new("改起日或止日", "mend one of them"),
        ));
    }
}

/// Takes a role away, at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeRole {
    /// From whom.
    pub account: AccountId,
    /// In which office.
    pub office: OfficeId,
    /// Which role.
    pub role: Role,
}

impl Deed for RevokeRole {
    fn word(&self) -> Text {
        Text::new("收回职责", "taking a role away")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::SecurityAdmin], relation: ANY }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&self.word()));
        }
        // One that begins later is taken away beforehand.
        let is_it = |grant: &Grant| grant.office == self.office && grant.role == self.role;
        let lasts = |grant: &Grant| grant.to.is_none_or(|to| asked.today <= to);
        let mut held = state.accounts.get(&self.account).into_iter().flat_map(|account| &account.grants);
        if !held.any(|grant| is_it(grant) && lasts(grant)) {
            findings.push(refusal::not_now(
                Text::new(
                    format!("账号 {} 现在不是“{}”的{}", self.account, self.office, self.role.word().zh),
                    format!("account {} is no {} of `{}`", self.account, self.role.word().en, self.office),
                ),
                Text::new(
                    "只能收回现在有的、定了以后有的职责",
                    "only a role that is held, or will be, can be taken away",
                ),
                Text::new(
                    "核对账号、单位和职责；现在有哪些职责，见“人员与职责”",
                    "look at account, office and role: the page of people lists them",
                ),
            ));
        }
        let others = || {
            let mut others =
                state.accounts.iter().filter(|(id, account)| **id != self.account && account.closed.is_none());
            others.any(|(_, account)| account.grants.iter().any(|grant| grant.role == self.role && grant.to.is_none()))
        };
        if self.role.is_administrator() && !others() {
            let role = self.role.word();
            findings.push(refusal::not_now(
                Text::new(
                    format!("{} 是最后一个{}", self.account, role.zh),
                    format!("{} is the last {}", self.account, role.en),
                ),
                Text::new(
                    "收回了，以后就没有人能办他的事，也没有人能再授予",
                    "with it gone nobody could do this work, nor give the role again",
                ),
                Text::new(
                    "先由安全管理员把这个职责不限期地授予另一个人，再收回",
                    "the security administrator gives the role to somebody else first, without an end; then take it \
             away",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        if let Some(account) = state.accounts.get_mut(&self.account) {
            account.grants.retain(|grant| grant.office != self.office || grant.role != self.role);
        }
        touched.note(|| Key::Account(self.account.clone()));
    }
}

/// A deputy is named for so many days at most.
const LONGEST_DEPUTY: i32 = 366;

/// That a deputy works in an office above: whoever acts for an office judges it no more, so that naming him would take a
/// judge away.
fn from_above(state: &State, deputy: &AccountId, office: &OfficeId, today: Day) -> Option<Diagnostic> {
    let grants = state.accounts.get(deputy).map(|account| account.grants.as_slice()).unwrap_or_default();
    let held = grants.iter().filter(|grant| grant.from <= today && grant.to.is_none_or(|to| today <= to));
    let upper = held.map(|grant| &grant.office).find(|upper| state.is_above(upper.as_str(), office.as_str(), today))?;
    Some(refusal::not_now(
        Text::new(
            format!("“{deputy}”是上级“{upper}”的人，不能做“{office}”的 B 岗"),
            format!("`{deputy}` works in `{upper}`, which is above, and cannot stand in for somebody of `{office}`"),
        ),
        Text::new(
            "替一个单位办事的人不能再评它，委托上级的人就等于让他回避",
            "whoever acts for an office does not judge it: naming somebody from above would keep him from judging",
        ),
        Text::new(
            "委托本单位的人；他还没有账号的，请系统管理员开",
            "name somebody of the office; the system administrator opens an account for him if he has none",
        ),
    ))
}

/// Lets somebody stand in for the account that asks, from day to day (AB 岗).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameDeputy {
    /// Who stands in.
    pub deputy: AccountId,
    /// In which office.
    pub office: OfficeId,
    /// In which role.
    pub role: Role,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Deed for NameDeputy {
    fn word(&self) -> Text {
        Text::new("委托 B 岗", "naming a deputy")
    }

    fn right(&self) -> Right {
        Right { roles: Role::ALL, relation: crate::rights::Relation::Own }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.deputy, findings);
        days(self.from, Some(self.to), findings);
        if self.to.number() - self.from.number() >= LONGEST_DEPUTY {
            findings.push(refusal::unfit(
                Text::new(format!("委托到 {} 太长", self.to), format!("until {} is too long", self.to)),
                Text::new(
                    "一次最多委托一年，委托是临时的",
                    "a role is handed over for a year at most: it is for a time",
                ),
                Text::new(
                    "改止日；一年以后还要，到时再委托",
                    "mend the last day; name the deputy again when it is over",
                ),
            ));
        }
        findings.extend(from_above(state, &self.deputy, &self.office, asked.today));
        if !is_own(asked, &self.office, self.role) || self.deputy.as_str() == asked.by.account {
            findings.push(not_ones_own());
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let id = crate::rights::account(told.by);
        if let Some(account) = state.accounts.get_mut(&id) {
            let grant = Grant { office: self.office.clone(), role: self.role, from: self.from, to: Some(self.to) };
            account.deputies.push(Deputy { deputy: self.deputy.clone(), grant });
            state.stands_in.entry(self.deputy.clone()).or_default().insert(id.clone());
        }
        touched.note(|| Key::Account(id.clone()));
    }
}

/// Whether whoever asks acts in a role of his own, and not for somebody.
fn is_own(asked: &Asked<'_>, office: &OfficeId, role: Role) -> bool {
    asked.by.deputy_for.is_none() && asked.by.role == role.name() && asked.by.office == office.as_str()
}

fn not_ones_own() -> Diagnostic {
    refusal::not_now(
        Text::new("只能由本人把自己的职责委托给别人", "a role is handed over by whoever holds it, to somebody else"),
        Text::new(
            "委托的是自己的职责，别人不能替他委托、替他结束",
            "what is handed over is one's own role; nobody does it for another",
        ),
        Text::new(
            "由持有职责的本人登录，选这个职责来办；委托给另一个人",
            "whoever holds the role signs in, acts in it, and names another person",
        ),
    )
}

/// Somebody stands in no more, from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndDeputy {
    /// Who stood in.
    pub deputy: AccountId,
    /// In which office.
    pub office: OfficeId,
    /// In which role.
    pub role: Role,
}

impl EndDeputy {
    /// Whether it is that: the same person, office and role, and not over yet.
    fn is(&self, found: &Deputy, today: Day) -> bool {
        let grant = &found.grant;
        found.deputy == self.deputy
            && grant.office == self.office
            && grant.role == self.role
            && grant.to.is_none_or(|to| today <= to)
    }
}

impl Deed for EndDeputy {
    fn word(&self) -> Text {
        Text::new("结束委托", "ending a deputy")
    }

    fn right(&self) -> Right {
        Right { roles: Role::ALL, relation: crate::rights::Relation::Own }
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::from([&self.office])
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        if !is_own(asked, &self.office, self.role) {
            findings.push(not_ones_own());
            return;
        }
        let deputies = state.accounts.get(asked.by.account.as_str()).map(|account| account.deputies.as_slice());
        if !deputies.unwrap_or_default().iter().any(|found| self.is(found, asked.today)) {
            let (deputy, role) = (&self.deputy, self.role.word());
            findings.push(refusal::not_now(
                Text::new(
                    format!("没有委托 {deputy} 代办{}，或者已经到期", role.zh),
                    format!("{deputy} does not stand in as {}, or no more", role.en),
                ),
                Text::new("能结束的是现在或以后还有效的委托", "what can end is what holds now, or will"),
                Text::new(
                    "由本人在“我的设置”里看现在委托了谁，结束还有效的",
                    "whoever named him looks at who stands in on the page of settings, and ends what still holds",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let id = crate::rights::account(told.by);
        if let Some(account) = state.accounts.get_mut(&id) {
            let before = Day::from_number(told.today.number() - 1);
            // What has begun keeps its days in the past; what has not is not begun.
            account.deputies.retain(|found| !self.is(found, told.today) || found.grant.from < told.today);
            for found in account.deputies.iter_mut().filter(|found| self.is(found, told.today)) {
                found.grant.to = before;
            }
        }
        touched.note(|| Key::Account(id.clone()));
    }
}
