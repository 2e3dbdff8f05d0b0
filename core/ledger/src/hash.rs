//! Hashes that name their algorithm, so that none is ever taken for another.

use alloc::string::String;
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sha2::Sha256;
use sm3::Sm3;

/// A hash function of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, FIPS 180-4.
    Sha256,
    /// SM3, GB/T 32905-2016.
    Sm3,
}

impl Algorithm {
    /// All there are.
    pub const ALL: &'static [Self] = &[Self::Sha256, Self::Sm3];

    /// `sha256` or `sm3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    /// The algorithm of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// The hash of several pieces of bytes, one after another.
    pub fn hash(self, pieces: &[&[u8]]) -> Digest {
        fn all<H: sha2::Digest>(pieces: &[&[u8]]) -> [u8; 32]
        where
            [u8; 32]: From<sha2::digest::Output<H>>,
        {
            let mut hasher = H::new();
            for piece in pieces {
                hasher.update(piece);
            }
            hasher.finalize().into()
        }
        let bytes = match self {
            Self::Sha256 => all::<Sha256>(pieces),
            Self::Sm3 => all::<Sm3>(pieces),
        };
        Digest { algorithm: self, bytes }
    }

    /// The hash of the bytes of an entry: a leaf of the tree (RFC 6962, 2.1), and what the next
    /// entry names as the one before it.
    pub fn leaf(self, bytes: &[u8]) -> Digest {
        self.hash(&[&[0], bytes])
    }

    /// The hash of two nodes of the tree side by side (RFC 6962, 2.1).
    pub fn node(self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.hash(&[&[1], left, right]).bytes
    }

    /// What stands before the first entry.
    pub fn nothing(self) -> Digest {
        Digest { algorithm: self, bytes: [0; 32] }
    }
}

/// A hash with its algorithm. Written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    /// Which function it is of.
    pub algorithm: Algorithm,
    /// The hash itself.
    pub bytes: [u8; 32],
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.algorithm.name())?;
        f.write_str(":")?;
        let mut digits = [0; 64];
        for (place, byte) in digits.chunks_exact_mut(2).zip(self.bytes) {
            for (place, four) in place.iter_mut().zip([byte >> 4, byte & 15]) {
                *place = b"0123456789abcdef".get(usize::from(four)).copied().unwrap_or(b'0');
            }
        }
        f.write_str(core::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is no digest: it has to be `sha256:` or `sm3:` and 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDigest;

impl fmt::Display for NoDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `sha256:` or `sm3:` and 64 hexadecimal digits in lower case")
    }
}

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let (name, digits) = text.split_once(':').ok_or(NoDigest)?;
        let algorithm = Algorithm::named(name).ok_or(NoDigest)?;
        let digits = digits.as_bytes();
        if digits.len() != 64 {
            return Err(NoDigest);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let four = match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return Err(NoDigest),
                };
                *byte = *byte << 4 | four;
            }
        }
        Ok(Self { algorithm, bytes })
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Digest, NoDigest};
    use alloc::string::ToString;

    /// The examples of FIPS 180-2, B.1, and GB/T 32905-2016, A.1.
    #[test]
    fn the_standards_examples() {
        for (algorithm, expected) in [
            (Algorithm::Sha256, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Algorithm::Sm3, "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ] {
            let digest = algorithm.hash(&[b"a", b"bc"]);
            assert_eq!(digest.to_string(), expected);
            assert_eq!(expected.parse(), Ok(digest));
        }
    }

    #[test]
    fn one_hash_has_one_text() {
        let good = Algorithm::Sm3.hash(&[b""]).to_string();
        for bad in [
            good.to_uppercase(),
            good.replace("sm3", "md5"),
            good.replace(':', ""),
            good.trim_end_matches(|c: char| c.is_ascii_hexdigit()).into(),
        ] {
            assert_eq!(bad.parse::<Digest>(), Err(NoDigest), "{bad}");
        }
    }
}
