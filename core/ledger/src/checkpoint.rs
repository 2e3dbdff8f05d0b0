//! Checkpoints: how long the record was and what its root was, signed, in a form to be printed,
//! mailed and pinned.
//!
//! The text is a signed note, as transparency logs write it:
//!
//! ```text
//! 某市考评台账
//! 1024
//! sha256:…                       the root
//! received_ms 1772434800000      when the last entry was received
//! checkpoint 7                   which of those that are kept with the record
//!
//! — 某市考评台账 base64 of the key's number and the signature
//! ```

use crate::{
    hash::Digest,
    keys::{PublicKey, SecretKey},
};
use alloc::{format, string::String, vec::Vec};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose record: a name no other record has.
    pub origin: String,
    /// How many entries it is over.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// When the last of them was received: milliseconds since 1970.
    pub received_ms: i64,
    /// Which it is of those that are kept with the record.
    pub place: Place,
}

/// Which checkpoint it is of those that are kept with the record: they are counted, so that one that was taken out is
/// missed. Others are signed in between and kept elsewhere alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Kept, with that number, from 1.
    Kept(u64),
    /// Not kept; the last before it has that number.
    After(u64),
}

impl Place {
    /// How many there are that are kept, up to this one.
    pub fn number(self) -> u64 {
        let (Self::Kept(number) | Self::After(number)) = self;
        number
    }

    fn text(self) -> String {
        match self {
            Self::Kept(number) => format!("checkpoint {number}"),
            Self::After(number) => format!("after checkpoint {number}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("after ") {
            Some(text) => Some(Self::After(text.strip_prefix("checkpoint ")?.parse().ok()?)),
            None => Some(Self::Kept(text.strip_prefix("checkpoint ")?.parse().ok()?)),
        }
    }
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let Self { origin, size, root, received_ms, place } = self;
        format!("{origin}\n{size}\n{root}\nreceived_ms {received_ms}\n{}\n", place.text())
    }

    /// Signs it. The name of the key is the origin.
    pub fn sign(self, key: &SecretKey) -> SignedCheckpoint {
        let signature = key.sign(self.text().as_bytes());
        let key = key.public(&self.origin);
        SignedCheckpoint { signatures: Vec::from([(self.origin.clone(), key.number(), signature)]), checkpoint: self }
    }
}

/// A checkpoint with its signatures: that of the record, and those of witnesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// Name of the key, its number, the signature.
    pub signatures: Vec<(String, [u8; 4], [u8; 64])>,
}

impl SignedCheckpoint {
    /// The note.
    pub fn text(&self) -> String {
        let mut text = self.checkpoint.text();
        text.push('\n');
        for (name, number, signature) in &self.signatures {
            let bytes = STANDARD.encode([number.as_slice(), signature.as_slice()].concat());
            text.push_str(&format!("— {name} {bytes}\n"));
        }
        text
    }

    /// Whether that key signed it.
    pub fn signed_by(&self, key: &PublicKey) -> bool {
        let text = self.checkpoint.text();
        self.signatures.iter().any(|(name, number, signature)| {
            *name == key.name && *number == key.number() && key.signed(text.as_bytes(), signature)
        })
    }

    /// Reads a note; `None` where it is none, or has more in it than this form knows.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let (body, signatures) = text.split_once("\n\n")?;
        let [origin, size, root, received, place] = <[&str; 5]>::try_from(body.split('\n').collect::<Vec<_>>()).ok()?;
        let checkpoint = Checkpoint {
            origin: origin.into(),
            size: size.parse().ok()?,
            root: root.parse().ok()?,
            received_ms: received.strip_prefix("received_ms ")?.parse().ok()?,
            place: Place::parse(place)?,
        };
        // One checkpoint has one text: `+5` and `05` are read as 5 and refused here.
        if checkpoint.text().strip_suffix('\n')? != body {
            return None;
        }
        let signatures = signatures.split('\n').map(signature).collect::<Option<Vec<_>>>()?;
        Some(Self { checkpoint, signatures })
    }
}

fn signature(line: &str) -> Option<(String, [u8; 4], [u8; 64])> {
    let (name, bytes) = line.strip_prefix("— ")?.rsplit_once(' ')?;
    let bytes = STANDARD.decode(bytes).ok()?;
    let (number, signature) = bytes.split_first_chunk::<4>()?;
    Some((name.into(), *number, signature.try_into().ok()?))
}
