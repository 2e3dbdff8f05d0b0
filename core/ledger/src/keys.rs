//! Keys that sign checkpoints, by profile: Ed25519 (RFC 8032) or SM2 with SM3 (GB/T 32918.2).
//!
//! A key is drawn from 32 random bytes that come in as an argument. Signatures need no chance:
//! equal notes get equal signatures.

use crate::hash::Algorithm;
use alloc::{format, string::String, vec::Vec};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use core::fmt;
use ed25519_dalek::Signer as _;

/// Which signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// SM2 with SM3, under the identifier the standard gives where none is agreed upon.
    Sm2,
}

/// The identifier of GB/T 35276-2017, 10.
const SM2_IDENTIFIER: &str = "1234567812345678";

impl KeyKind {
    /// The first bytes of a key's text and of what its number is made of. 1 is Ed25519 in the
    /// format of signed notes; 255 is anything the format has no byte for, named after it.
    fn mark(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => &[1],
            Self::Sm2 => b"\xffsm2-sm3",
        }
    }

    /// The hash that belongs to the same profile.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Ed25519 => Algorithm::Sha256,
            Self::Sm2 => Algorithm::Sm3,
        }
    }
}

/// A key to sign with. It is kept outside the store.
pub enum SecretKey {
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
    /// SM2.
    Sm2(sm2::dsa::SigningKey),
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({:?})", self.kind())
    }
}

impl SecretKey {
    /// The key that follows from those random bytes; `None` for the few numbers SM2 has no key for.
    pub fn from_bytes(kind: KeyKind, bytes: &[u8; 32]) -> Option<Self> {
        match kind {
            KeyKind::Ed25519 => Some(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(bytes))),
            KeyKind::Sm2 => {
                let key = sm2::SecretKey::from_slice(bytes).ok()?;
                Some(Self::Sm2(sm2::dsa::SigningKey::new(SM2_IDENTIFIER, &key).ok()?))
            }
        }
    }

    /// Which signature it makes.
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::Sm2(_) => KeyKind::Sm2,
        }
    }

    /// What others check its signatures with, under that name.
    pub fn public(&self, name: &str) -> PublicKey {
        let bytes = match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Self::Sm2(key) => key.verifying_key().to_sec1_bytes().to_vec(),
        };
        PublicKey { name: name.into(), kind: self.kind(), bytes }
    }

    /// 32 bytes that follow from the key and what they are for, for keys that are not to be kept as well. Nobody finds the
    /// key from them, nor what is for something else.
    pub fn derive(&self, what: &str) -> [u8; 32] {
        let bytes: [u8; 32] = match self {
            Self::Ed25519(key) => key.to_bytes(),
            Self::Sm2(key) => key.to_bytes().into(),
        };
        self.kind().algorithm().hash(&[b"kaoping derived ", &bytes, what.as_bytes()]).bytes
    }

    /// A signature of 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes(),
            Self::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.sign(message);
                signature.to_bytes().into()
            }
        }
    }
}

/// A key to check signatures with. Written `name+number+key`, as signed notes do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Whose it is: the origin of the record.
    pub name: String,
    /// Which signature.
    pub kind: KeyKind,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// Tells keys of one name apart: the first four bytes of a hash of name, kind and key.
    pub fn number(&self) -> [u8; 4] {
        let digest = Algorithm::Sha256.hash(&[self.name.as_bytes(), b"\n", self.kind.mark(), &self.bytes]);
        let [a, b, c, d, ..] = digest.bytes;
        [a, b, c, d]
    }

    /// Whether the signature is of that message.
    pub fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match self.kind {
            KeyKind::Ed25519 => {
                let Ok(bytes) = <&[u8; 32]>::try_from(self.bytes.as_slice()) else { return false };
                let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(bytes) else { return false };
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
            }
            KeyKind::Sm2 => {
                use sm2::dsa::signature::Verifier as _;
                let Ok(key) = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTIFIER, &self.bytes) else {
                    return false;
                };
                let Ok(signature) = sm2::dsa::Signature::from_slice(signature) else { return false };
                key.verify(message, &signature).is_ok()
            }
        }
    }

    /// The key in that text.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let (number, key) = rest.split_once('+')?;
        let bytes = STANDARD.decode(key).ok()?;
        let kind = [KeyKind::Ed25519, KeyKind::Sm2].into_iter().find(|kind| bytes.starts_with(kind.mark()))?;
        let bytes = bytes.get(kind.mark().len()..)?.to_vec();
        let key = Self { name: name.into(), kind, bytes };
        (key.number_text() == number).then_some(key)
    }

    fn number_text(&self) -> String {
        self.number().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([self.kind.mark(), &self.bytes].concat());
        write!(f, "{}+{}+{key}", self.name, self.number_text())
    }
}
