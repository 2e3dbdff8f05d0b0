//! Passwords: argon2id, never kept themselves.

use super::totp::Totp;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use kaoping_terms::Text;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The fewest characters of a password.
const SHORTEST: usize = 12;

/// The most.
const LONGEST: usize = 128;

/// What proves an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credential {
    /// The password's hash, as a PHC text.
    phc: String,
    /// Whether somebody else has seen the password, so that it has to be changed.
    pub first: bool,
    /// Codes that change every half minute, where the account has them.
    pub totp: Option<Totp>,
}

impl Credential {
    /// That of a password.
    pub fn of(password: &str, first: bool) -> Option<Self> {
        let salt = super::random::<16>()?;
        let phc: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
        Some(Self { phc: phc.to_string(), first, totp: None })
    }

    /// The same with codes, or without.
    #[must_use]
    pub(crate) fn with_codes(self, totp: Option<Totp>) -> Self {
        Self { totp, ..self }
    }

    /// Whether it is the password. It takes as long either way.
    pub(crate) fn is(&self, password: &str) -> bool {
        let Ok(phc) = PasswordHash::new(&self.phc) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &phc).is_ok()
    }

    /// Takes as long as looking at a password, where there is no account.
    pub(crate) fn nobody() -> Self {
        static NOBODY: OnceLock<Credential> = OnceLock::new();
        let none = || Self { phc: String::new(), first: false, totp: None };
        NOBODY.get_or_init(|| Self::of("of nobody", false).unwrap_or_else(none)).clone()
    }
}

/// What keeps a new password from being one, all at once; nothing where it does.
pub(crate) fn faults(password: &str, now: &str, account: &str) -> Vec<Text> {
    let count = password.chars().count();
    let first = password.chars().next();
    let holds = account.len() > 3 && password.to_lowercase().contains(&account.to_lowercase());
    let found = [
        (count < SHORTEST, "太短：至少 12 个字", "too short: 12 characters at least"),
        (count > LONGEST, "太长：至多 128 个字", "too long: 128 characters at most"),
        (password == now, "和现在的一样", "it is the present one"),
        (
            count > 1 && password.chars().all(|c| Some(c) == first),
            "只是一个字重复",
            "it is one character again and again",
        ),
        (holds, "里面有账号", "the account is in it"),
        (
            password.chars().any(char::is_control),
            "里面有键盘打不出的字",
            "there are characters in it that no key types",
        ),
    ];
    found.into_iter().filter(|(is, ..)| *is).map(|(_, zh, en)| Text::new(zh, en)).collect()
}

/// A first password: 100 random bits in letters and digits nobody mistakes for one another.
pub fn drawn() -> Option<String> {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let bytes = super::random::<20>()?;
    let mut text = String::new();
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(*LETTERS.get(usize::from(byte % 31))?));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Credential, drawn, faults};

    #[test]
    fn only_the_password_is_right() {
        let credential = Credential::of("correct horse battery", true).expect("a credential");
        assert!(
            credential.is("correct horse battery") && !credential.is("correct horse batterx") && !credential.is("")
        );
        assert!(credential.phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", credential.phc);
        assert!(!Credential::nobody().is("anything"));
    }

    #[test]
    fn which_passwords_do() {
        for good in ["correct horse", "一二三四五六七八九十甲乙", &drawn().expect("a password")] {
            assert!(faults(good, "", "A1001").is_empty(), "{good}");
        }
        for bad in ["", "short", "aaaaaaaaaaaaaaaa", "xx-a1001-xxxx", "with\ncontrol12", &"长".repeat(129)] {
            assert!(!faults(bad, "now", "A1001").is_empty(), "{bad}");
        }
    }
}
