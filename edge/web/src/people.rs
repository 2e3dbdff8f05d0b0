//! Who may sign in, and who has: beside the record, never in it.

mod binding;
mod lock;
mod password;
mod seal;
mod session;
pub mod totp;

pub(crate) use binding::Binding;
pub(crate) use password::faults as password_faults;
pub use password::{Credential, drawn};
pub use seal::Seal;
pub(crate) use session::ABSOLUTE_MS;
pub use session::{Session, token_hash};

use kaoping_store::{Failed, Private, Store};
use kaoping_terms::Text;
use lock::Locks;
use serde::de::DeserializeOwned;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError, RwLock},
};

/// What proves an account, in the store.
const CREDENTIAL: &str = "credential";

/// A session, in the store.
const SESSION: &str = "session";

/// Who an account is elsewhere, in the store.
const BINDING: &str = "binding";

/// So many sessions an account has at a time.
const MOST_SESSIONS: usize = 10;

/// A row about logins that was not sealed for what it stands for: whoever wrote it had not the key of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it would be.
    pub kind: &'static str,
    /// Of which account; of a session, the hash of its token.
    pub key: String,
}

impl Foreign {
    /// It goes.
    pub(crate) fn forgotten(&self) -> Private {
        Private { kind: self.kind.into(), key: self.key.clone(), bytes: None }
    }

    /// What it would be, and of whom.
    pub(crate) fn word(&self) -> Text {
        let key = &self.key;
        match self.kind {
            CREDENTIAL => Text::new(format!("{key} 的密码"), format!("the password of {key}")),
            BINDING => Text::new(format!("{key} 的绑定"), format!("the binding of {key}")),
            _ => Text::new("一个会话", "a session"),
        }
    }
}

/// What was read of logins.
pub(crate) struct Read {
    /// Who may sign in, and who has.
    pub(crate) people: People,
    /// Sessions that ended with time, to be forgotten.
    pub(crate) ended: Vec<Private>,
    /// Rows that are passed over.
    pub(crate) foreign: Vec<Foreign>,
}

/// Who may sign in, and who has.
pub struct People {
    seal: Seal,
    credentials: RwLock<HashMap<String, Credential>>,
    /// Who accounts are elsewhere: by issuer and subject, so that it is looked up and not searched.
    bindings: RwLock<HashMap<(String, String), (String, Binding)>>,
    sessions: Mutex<HashMap<String, Session>>,
    /// Wrong attempts.
    pub(crate) locks: Mutex<Locks>,
    /// One password at a time is looked at, so that many logins do not take the machine away from everybody else.
    pub(crate) turn: tokio::sync::Semaphore,
}

impl People {
    /// Reads what is kept.
    pub(crate) fn load(store: &mut dyn Store, seal: Seal, now_ms: i64) -> Result<Read, Failed> {
        let mut foreign = Vec::new();
        let credentials = of_kind::<Credential>(store, &seal, CREDENTIAL, &mut foreign)?.collect();
        let bindings = of_kind::<Binding>(store, &seal, BINDING, &mut foreign)?;
        let bindings =
            bindings.map(|(account, found)| ((found.issuer.clone(), found.subject.clone()), (account, found)));
        let mut sessions: HashMap<_, Session> = of_kind(store, &seal, SESSION, &mut foreign)?.collect();
        let ended = sessions.extract_if(|_, session| !session.stands(now_ms));
        let ended = ended.map(|(hash, _)| forgotten_session(&hash)).collect();
        let people = Self {
            seal,
            credentials: RwLock::new(credentials),
            bindings: RwLock::new(bindings.collect()),
            sessions: Mutex::new(sessions),
            locks: Mutex::default(),
            turn: tokio::sync::Semaphore::new(1),
        };
        Ok(Read { people, ended, foreign })
    }

    /// A credential as it is kept.
    pub fn kept_credential(&self, account: &str, credential: &Credential) -> Private {
        kept_credential(&self.seal, account, credential)
    }

    /// A session as it is kept.
    pub(crate) fn kept_session(&self, hash: &str, session: &Session) -> Private {
        kept_session(&self.seal, hash, session)
    }

    /// A binding as it is kept; without one, forgotten.
    pub(crate) fn kept_binding(&self, account: &str, binding: Option<&Binding>) -> Private {
        self.seal.kept(BINDING, account, binding)
    }

    /// What proves an account.
    pub fn credential(&self, account: &str) -> Option<Credential> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    /// It is durable: from now on this proves it, and sessions begun with what did before end.
    pub fn set_credential(&self, account: &str, credential: Credential) {
        self.credentials.write().unwrap_or_else(PoisonError::into_inner).insert(account.to_owned(), credential);
    }

    /// The account somebody is bound to, and how.
    pub(crate) fn bound(&self, issuer: &str, subject: &str) -> Option<(String, Binding)> {
        let bindings = self.bindings.read().unwrap_or_else(PoisonError::into_inner);
        bindings.get(&(issuer.to_owned(), subject.to_owned())).cloned()
    }

    /// It is durable: an account is bound so from now on, or to nobody.
    pub(crate) fn bind(&self, account: &str, binding: Option<Binding>) {
        let mut bindings = self.bindings.write().unwrap_or_else(PoisonError::into_inner);
        bindings.retain(|_, (bound, _)| bound != account);
        bindings
            .extend(binding.map(|found| ((found.issuer.clone(), found.subject.clone()), (account.to_owned(), found))));
    }

    /// The code of a step was used, where the account has codes; what proves it from now on.
    pub(crate) fn use_code(&self, account: &str, step: i64) -> Option<Credential> {
        let mut credentials = self.credentials.write().unwrap_or_else(PoisonError::into_inner);
        let credential = credentials.get_mut(account)?;
        credential.totp = credential.totp.take().map(|totp| totp.used(step));
        Some(credential.clone())
    }

    /// The session with that hash, which was used just now; and whether that should be kept.
    pub(crate) fn session(&self, hash: &str, now_ms: i64) -> Option<(Session, bool)> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(hash)?;
        if !session.stands(now_ms) {
            sessions.remove(hash);
            return None;
        }
        let keep = session.use_at(now_ms);
        Some((session.clone(), keep))
    }

    /// A session began, and is durable.
    pub(crate) fn begin(&self, hash: String, session: Session) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, session);
    }

    /// A session ends at once, whatever the disk says.
    pub(crate) fn end(&self, hash: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// All sessions of an account end, but for one; which ended.
    pub(crate) fn end_all(&self, account: &str, but: Option<&str>) -> Vec<String> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = |(hash, session): &(&String, &Session)| session.account == account && but != Some(hash.as_str());
        let ended: Vec<String> = sessions.iter().filter(ended).map(|(hash, _)| hash.clone()).collect();
        for hash in &ended {
            sessions.remove(hash);
        }
        ended
    }

    /// The sessions of an account that stand, the one used last first.
    pub(crate) fn sessions_of(&self, account: &str, now_ms: i64) -> Vec<(String, Session)> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let own = sessions.iter().filter(|(_, session)| session.account == account && session.stands(now_ms));
        let mut own: Vec<(String, Session)> = own.map(|(hash, session)| (hash.clone(), session.clone())).collect();
        own.sort_by_key(|(_, session)| std::cmp::Reverse(session.used_ms));
        own
    }

    /// The oldest sessions of an account end, so that there is room for one more; which ended.
    pub(crate) fn make_room(&self, account: &str) -> Vec<String> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let own = sessions.iter().filter(|(_, session)| session.account == account);
        let mut own: Vec<(i64, String)> = own.map(|(hash, session)| (session.used_ms, hash.clone())).collect();
        own.sort();
        own.truncate((own.len() + 1).saturating_sub(MOST_SESSIONS));
        own.into_iter().map(|(_, hash)| hash).inspect(|hash| drop(sessions.remove(hash))).collect()
    }

    /// Sessions that ended with time go; which.
    pub(crate) fn sweep(&self, now_ms: i64) -> Vec<String> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.extract_if(|_, session| !session.stands(now_ms)).map(|(hash, _)| hash).collect()
    }

    /// How many are signed in.
    pub(crate) fn signed_in(&self, now_ms: i64) -> usize {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.values().filter(|session| session.stands(now_ms)).count()
    }
}

/// What is kept of a kind, by its keys; and which rows are not what they stand for.
fn of_kind<T: DeserializeOwned>(
    store: &mut dyn Store,
    seal: &Seal,
    kind: &'static str,
    foreign: &mut Vec<Foreign>,
) -> Result<impl Iterator<Item = (String, T)> + use<T>, Failed> {
    let mut all = Vec::new();
    store.privates(Some(kind), &mut |private| {
        match seal.open(&private) {
            Some(thing) => all.push((private.key, thing)),
            None => foreign.push(Foreign { kind, key: private.key }),
        }
        true
    })?;
    Ok(all.into_iter())
}

/// A credential as it is kept under a seal.
pub fn kept_credential(seal: &Seal, account: &str, credential: &Credential) -> Private {
    seal.kept(CREDENTIAL, account, Some(credential))
}

/// A session as it is kept under a seal, found by the hash of its token.
pub fn kept_session(seal: &Seal, hash: &str, session: &Session) -> Private {
    seal.kept(SESSION, hash, Some(session))
}

/// A session that is forgotten.
pub(crate) fn forgotten_session(hash: &str) -> Private {
    Private { kind: SESSION.into(), key: hash.into(), bytes: None }
}

/// Random bytes of the system; `None` where it has none.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}
