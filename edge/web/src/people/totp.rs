//! Codes of six digits that change every half minute (RFC 6238, SHA-1, as every authenticator knows them).

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

/// The letters of secrets (RFC 4648, base 32).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A code is good for so long: 30 seconds.
const STEP_MS: i64 = 30_000;

/// The secret of an account, and the last code that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    secret: [u8; 20],
    last: i64,
}

impl Totp {
    /// One with that secret.
    pub fn new(secret: [u8; 20]) -> Self {
        Self { secret, last: 0 }
    }

    /// One with the secret in that text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut secret = Vec::new();
        for eight in text.as_bytes().chunks(8).filter(|eight| eight.len() == 8) {
            let mut bits = 0u64;
            for letter in eight {
                bits = bits << 5 | u64::try_from(LETTERS.iter().position(|known| known == letter)?).ok()?;
            }
            secret.extend(bits.to_be_bytes().into_iter().skip(3));
        }
        let totp = Self::new(secret.try_into().ok()?);
        (totp.text() == text).then_some(totp)
    }

    /// The secret, as authenticators take it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for five in self.secret.chunks(5) {
            let bits = five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                let letter = LETTERS.get(usize::from((bits >> (5 * place)) as u8 & 31)).copied();
                text.push(char::from(letter.unwrap_or(b'A')));
            }
        }
        text
    }

    /// The step a code is of: this one, the one before or the one after, and later than the last one that was
    /// used, so that a code read over a shoulder is of no use.
    pub fn step_of(&self, code: &str, now_ms: i64) -> Option<i64> {
        let now = now_ms.div_euclid(STEP_MS);
        (now - 1..=now + 1).filter(|step| *step > self.last).find(|step| self.code(*step).as_deref() == Some(code))
    }

    /// The same, after the code of a step was used.
    #[must_use]
    pub fn used(self, step: i64) -> Self {
        Self { last: step, ..self }
    }

    /// The code of a step.
    pub fn code(&self, step: i64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).ok()?;
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash.last()? & 15);
        let four: [u8; 4] = hash.get(at..at + 4)?.try_into().ok()?;
        Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
    }

    /// The code at a time.
    pub fn code_at(&self, now_ms: i64) -> Option<String> {
        self.code(now_ms.div_euclid(STEP_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::Totp;

    /// RFC 6238, appendix B, SHA-1, the last six of eight digits.
    #[test]
    fn the_standards_examples() {
        let totp = Totp::new(*b"12345678901234567890");
        assert_eq!(totp.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(Totp::parse(&totp.text()), Some(totp.clone()));
        assert_eq!(Totp::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"), None);
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.code_at(seconds * 1000).as_deref(), Some(code));
        }
    }

    #[test]
    fn a_code_is_used_once() {
        let totp = Totp::new([7; 20]);
        let code = totp.code(100).expect("a code");
        assert_eq!(totp.step_of(&code, 100 * 30_000), Some(100));
        assert_eq!(totp.step_of(&code, 101 * 30_000), Some(100), "a little late");
        assert_eq!(totp.step_of(&code, 103 * 30_000), None, "too late");
        assert_eq!(totp.used(100).step_of(&code, 100 * 30_000), None);
    }
}
