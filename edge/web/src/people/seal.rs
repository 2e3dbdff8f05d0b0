//! What is kept of logins is sealed with the key of the record, which is not in the store: each row opens as that of its
//! account alone. Whoever owns the database can lose logins, but neither make one, nor give one to another account.

use crate::found::cipher;
use kaoping_ledger::SecretKey;
use kaoping_persons::Cipher;
use kaoping_store::Private;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What the key is derived for.
const FOR: &str = "logins";

/// Seals what is kept of logins, and opens it.
#[derive(Clone)]
pub struct Seal {
    cipher: Cipher,
    key: Arc<Zeroizing<[u8; 32]>>,
}

impl Seal {
    /// That of a record, by its key.
    pub fn of(key: &SecretKey) -> Self {
        Self { cipher: cipher(key.kind().algorithm()), key: Arc::new(Zeroizing::new(key.derive(FOR))) }
    }

    /// A thing as it is kept; without one, forgotten.
    pub(super) fn kept<T: Serialize>(&self, kind: &str, key: &str, thing: Option<&T>) -> Private {
        // What could not be sealed, as where a system gives no random numbers, opens nowhere; it is not kept in clear.
        let sealed = |thing| {
            let text = Zeroizing::new(serde_json::to_vec(thing).ok()?);
            self.cipher.enclose(&self.key[..], &beside(kind, key), &text)
        };
        Private { kind: kind.into(), key: key.into(), bytes: thing.map(|thing| sealed(thing).unwrap_or_default()) }
    }

    /// What is kept, where it was sealed as just that; `None` for anything else.
    pub(super) fn open<T: DeserializeOwned>(&self, private: &Private) -> Option<T> {
        let bytes = private.bytes.as_deref()?;
        let text = self.cipher.disclose(&self.key[..], &beside(&private.kind, &private.key), bytes)?;
        serde_json::from_slice(&text).ok()
    }
}

/// What stands beside what is sealed: it opens nowhere else.
fn beside(kind: &str, key: &str) -> Vec<u8> {
    format!("kaoping {kind}\0{key}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::Seal;
    use kaoping_ledger::{KeyKind, SecretKey};
    use kaoping_store::Private;

    fn seal(kind: KeyKind, number: u8) -> Seal {
        Seal::of(&SecretKey::from_bytes(kind, &[number; 32]).expect("a key"))
    }

    #[test]
    fn a_row_opens_as_itself_alone() {
        for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
            let seal_7 = seal(kind, 7);
            let kept = seal_7.kept("credential", "C1", Some(&"secret".to_owned()));
            let open = |private: &Private| seal_7.open::<String>(private);
            assert_eq!(open(&kept).as_deref(), Some("secret"));
            assert_eq!(open(&Private { key: "C2".into(), ..kept.clone() }), None, "of another account");
            assert_eq!(open(&Private { kind: "session".into(), ..kept.clone() }), None, "of another kind");
            assert_eq!(open(&Private { bytes: Some(b"\"secret\"".to_vec()), ..kept.clone() }), None, "in clear");
            assert_eq!(seal(kind, 8).open::<String>(&kept), None, "of another record");
            let bytes = kept.bytes.clone().expect("bytes");
            for place in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[place] ^= 1;
                assert_eq!(open(&Private { bytes: Some(changed), ..kept.clone() }), None, "byte {place}");
                let cut = bytes[..place].to_vec();
                assert_eq!(open(&Private { bytes: Some(cut), ..kept.clone() }), None, "{place} bytes");
            }
            assert!(!bytes.windows(6).any(|window| window == b"secret"));
        }
    }
}
