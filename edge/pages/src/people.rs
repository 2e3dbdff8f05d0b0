//! Accounts, roles and deputies; and what an account does for itself.

use crate::{
    Eyes, Frame, Html, Topic,
    forms::{As, Choice, offices},
    may::by_right,
    words,
};
use askama::Template;
use kaoping_office::{
    Act, Role,
    deeds::people::{CloseAccount, GrantRole, NameDeputy, OpenAccount},
    ids::AccountId,
    state::{Account, Grant},
};

struct Held {
    office: String,
    office_id: String,
    role: String,
    role_name: &'static str,
    days: String,
    now: bool,
}

struct Stand {
    account: String,
    role: String,
    days: String,
    office_id: String,
    role_name: &'static str,
    /// Whether it holds, or will.
    holds: bool,
}

struct Line {
    id: String,
    held: Vec<Held>,
    deputies: Vec<Stand>,
    closed: String,
    bound: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    frame: Frame,
    sub: String,
    reads: bool,
    lines: Vec<Line>,
    may_open: Option<As>,
    /// Whether accounts can be bound to logins elsewhere.
    elsewhere: bool,
    may_close: Option<As>,
    may_grant: Option<As>,
    offices: Vec<Choice>,
    roles: Vec<Choice>,
    today: String,
}

fn roles(eyes: &Eyes<'_>) -> Vec<Choice> {
    let choice = |role: &Role| Choice { value: role.name().into(), word: eyes.say(&role.word()), chosen: false };
    Role::ALL.iter().map(choice).collect()
}

fn held(eyes: &Eyes<'_>, grant: &Grant) -> Held {
    let today = eyes.viewer.today();
    Held {
        office: eyes.office(&grant.office),
        office_id: grant.office.to_string(),
        role: eyes.say(&grant.role.word()),
        role_name: grant.role.name(),
        days: words::from_to(grant.from, grant.to, eyes.lang),
        now: grant.from <= today && grant.to.is_none_or(|to| today <= to),
    }
}

fn stands(eyes: &Eyes<'_>, account: &Account) -> Vec<Stand> {
    let stand = |deputy: &kaoping_office::state::Deputy| Stand {
        account: deputy.deputy.to_string(),
        role: format!("{} {}", eyes.office(&deputy.grant.office), eyes.say(&deputy.grant.role.word())),
        days: words::from_to(deputy.grant.from, deputy.grant.to, eyes.lang),
        office_id: deputy.grant.office.to_string(),
        role_name: deputy.grant.role.name(),
        holds: deputy.grant.to.is_none_or(|to| eyes.viewer.today() <= to),
    };
    account.deputies.iter().map(stand).collect()
}

/// The page: every account for those who keep them, one's own for everybody else. Where people can sign in elsewhere,
/// accounts can be bound to them.
pub fn people(eyes: &Eyes<'_>, elsewhere: bool) -> Html {
    let seen = |id: &&AccountId| eyes.viewer.may_see(&kaoping_office::tables::Key::Account((*id).clone()));
    let line = |(id, account): (&AccountId, &Account)| Line {
        id: id.to_string(),
        held: account.grants.iter().map(|grant| held(eyes, grant)).collect(),
        deputies: stands(eyes, account),
        closed: account.closed.map(|day| day.iso()).unwrap_or_default(),
        bound: account.bound.is_some(),
    };
    let lines: Vec<Line> = eyes.state().accounts.iter().filter(|(id, _)| seen(id)).map(line).collect();
    let today = eyes.viewer.today();
    let somebody = AccountId::from("-");
    let may_grant = eyes.viewer.grants().first().and_then(|(_, grant)| {
        let (office, role) = (grant.office.clone(), Role::Clerk);
        let grant = GrantRole { account: somebody.clone(), office, role, from: today, to: None };
        by_right(eyes, &Act::GrantRole(grant))
    });
    Html::of(&People {
        frame: Frame::new(eyes, Topic::Offices, eyes.t("账号与职责", "Accounts and roles")),
        sub: format!("{} {}", lines.len(), eyes.t("个账号", "accounts")),
        reads: eyes.viewer.reads_accounts(),
        lines,
        elsewhere,
        may_open: by_right(eyes, &Act::OpenAccount(OpenAccount { account: somebody.clone() })),
        may_close: by_right(eyes, &Act::CloseAccount(CloseAccount { account: somebody.clone() })),
        may_grant,
        offices: offices(eyes, ""),
        roles: roles(eyes),
        today: today.iso(),
    })
}

struct Own {
    office: String,
    office_id: String,
    role: String,
    role_name: &'static str,
    days: String,
    holder: String,
}

/// What is kept of an account outside the record.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Whether its first password has to be changed.
    pub first: bool,
    /// Whether it signs in with codes.
    pub codes: bool,
    /// Where it is signed in.
    pub sessions: Vec<SignedIn>,
}

/// Somewhere an account is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Since when.
    pub begun_ms: i64,
    /// When it was used last.
    pub used_ms: i64,
    /// From which address.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
    /// Whether it is the one that asks.
    pub here: bool,
}

impl SignedIn {
    fn since(&self) -> String {
        words::moment(self.begun_ms)
    }

    fn last(&self) -> String {
        words::moment(self.used_ms)
    }

    /// Browser and machine in two words; empty where they say nothing that is known.
    fn browser(&self) -> String {
        let first = |known: &[(&str, &'static str)]| {
            known.iter().find(|(mark, _)| self.agent.contains(mark)).map(|(_, word)| *word)
        };
        let browser = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chromium"), ("Safari/", "Safari")];
        let machine = [
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ];
        [first(&browser), first(&machine)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    frame: Frame,
    account: String,
    kept: Kept,
    own: Vec<Own>,
    deputies: Vec<Stand>,
    may_name: bool,
    today: String,
}

/// What an account does for itself.
pub fn settings(eyes: &Eyes<'_>, kept: Kept) -> Html {
    let own = |(holder, grant): &(Option<AccountId>, Grant)| Own {
        office: eyes.office(&grant.office),
        office_id: grant.office.to_string(),
        role: eyes.say(&grant.role.word()),
        role_name: grant.role.name(),
        days: words::from_to(grant.from, grant.to, eyes.lang),
        holder: holder.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let account = eyes.viewer.account();
    let today = eyes.viewer.today();
    let deputies = eyes.state().accounts.get(account).map(|found| stands(eyes, found)).unwrap_or_default();
    let may_name = eyes.viewer.grants().iter().filter(|(holder, _)| holder.is_none()).any(|(_, grant)| {
        let (office, from) = (grant.office.clone(), today);
        let deputy = NameDeputy { deputy: "-".into(), office, role: grant.role, from, to: from };
        by_right(eyes, &Act::NameDeputy(deputy)).is_some()
    });
    Html::of(&Settings {
        frame: Frame::new(eyes, Topic::Other, eyes.t("我的设置", "My settings")),
        account: account.to_string(),
        kept,
        own: eyes.viewer.grants().iter().map(own).collect(),
        deputies,
        may_name,
        today: today.iso(),
    })
}
