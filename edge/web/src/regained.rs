//! A way in again, for whoever has the key of the record: where no administrator can sign in any more, or rows about
//! logins are not the record's own.

use crate::{
    at_the_machine::administrator,
    key,
    people::{Credential, Foreign, People, Read, Seal, drawn, forgotten_session},
    signed::{Memory, check},
};
use kaoping_desk::{Desk, Opening, Receipt, Request};
use kaoping_office::{Act, deeds::logins::GivePassword, tables::TABLES};
use kaoping_store::Private;
use kaoping_terms::{Diagnostic, Text};
use std::{path::Path, sync::mpsc::sync_channel};

/// Which account is let in again, and who answers for it.
#[derive(Clone, Copy, Debug)]
pub struct Giving<'a> {
    /// The address of the store.
    pub store: &'a str,
    /// The folder of the keys.
    pub keys: &'a Path,
    /// The account that gets a password.
    pub account: &'a str,
    /// The account that answers for it: a system administrator.
    pub by: &'a str,
    /// Why.
    pub why: &'a str,
    /// The time: milliseconds since 1970.
    pub now_ms: i64,
}

/// What was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The password, told this once.
    pub password: String,
    /// Which entry says so.
    pub number: u64,
    /// Rows about logins that were not the record's own, and are gone.
    pub forgotten: Vec<Foreign>,
}

/// Gives an account a first password while no server runs, puts that down in the record, and forgets what the account was
/// proved by before, its sessions, and every row about logins that is not the record's own.
///
/// # Errors
/// A server runs, the record does not go on from what was signed last, the account may not, or something cannot be read
/// or written; then nothing was given.
pub fn give(asked: &Giving<'_>) -> Result<Given, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let key = key::read(asked.keys).map_err(|finding| vec![*finding])?;
    let (seal, now_ms) = (Seal::of(&key), asked.now_ms);
    let mut store = kaoping_store::open(asked.store, TABLES).map_err(failed)?;
    let Read { people, foreign, .. } = People::load(&mut *store, seal, now_ms).map_err(failed)?;
    let clock = Box::new(move || now_ms);
    let opening = Opening { store, key, clock, queue: 8, batch: 8, fatal: Box::new(|| ()) };
    let memory = Memory::of(asked.keys);
    let remember = Some(memory.clone().remember());
    let desk = Desk::open_checked(opening, None, remember, |store, loaded| check(store, loaded, &memory).map(Some));
    let desk = desk.map_err(failed)?;
    let by = desk.read(|shown| administrator(&shown.state, asked.by, now_ms)).map_err(|finding| vec![*finding])?;
    let none = || vec![key::unusable(asked.keys, &key::no_chance())];
    let password = drawn().ok_or_else(none)?;
    let credential = Credential::of(&password, true).ok_or_else(none)?;
    let mut private: Vec<Private> = foreign.iter().map(Foreign::forgotten).collect();
    private.extend(people.end_all(asked.account, None).iter().map(|hash| forgotten_session(hash)));
    // Last, and so it stands where a row of the same account was to be forgotten.
    private.push(people.kept_credential(asked.account, &credential));
    let act = Act::GivePassword(GivePassword { account: asked.account.into() });
    let id = format!("give-password-{}", desk.read(|shown| shown.state.size));
    let request = Request { id, by, anywhere: false, act, why: asked.why.to_owned(), evidence: Vec::new() };
    let (tell, told) = sync_channel(1);
    desk.ask_with(request, private, move |answer| drop(tell.send(answer)));
    let answer = told.recv().map_err(|_| Vec::new())?;
    let Receipt { number, .. } = answer.map_err(|refusal| refusal.findings())?;
    desk.close();
    Ok(Given { password, number, forgotten: foreign })
}

/// Rows about logins were not written by this program with the key of the record.
pub(crate) fn not_ours(foreign: &[Foreign]) -> Diagnostic {
    let count = foreign.len();
    let finding = Diagnostic::error(
        "logins-not-ours",
        Text::new(
            format!("库里有 {count} 行登录资料不是本台账写的：{}", named(foreign, "、", |row| row.word().zh)),
            format!(
                "{count} rows about logins in the store were not written for this record: {}",
                named(foreign, ", ", |row| row.word().en)
            ),
        ),
    );
    finding
        .why(Text::new(
            "密码、会话和统一登录的绑定都用台账的密钥逐行封存；在数据库里改一行、造一行、把一行换给另一个账号，就打不开。所以不启动",
            "passwords, sessions and bindings are sealed row by row with the key of the record; a row that was changed, made, or given to another account in the database does not open. So the server does not start",
        ))
        .next(Text::new(
            "查明谁动了数据库，从备份恢复；或者由系统管理员删去这些行，给还进得来的人重给密码，记入台账：kaoping give-password",
            "find out who was at the database, and restore a backup; or the system administrator removes these rows and gives a new password, on the record: kaoping give-password",
        ))
}

/// The first few, and how many more.
fn named<T: AsRef<str>>(foreign: &[Foreign], between: &str, word: impl Fn(&Foreign) -> T) -> String {
    const SHOWN: usize = 5;
    let mut all: Vec<String> = foreign.iter().take(SHOWN).map(|row| word(row).as_ref().to_owned()).collect();
    if foreign.len() > SHOWN {
        all.push("…".to_owned());
    }
    all.join(between)
}
