//! The two ciphers, as one.

use aes_gcm::{
    Aes256Gcm, AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
};
use sm4::Sm4;
use zeroize::Zeroizing;

/// How many bytes a nonce has.
pub(crate) const NONCE: usize = 12;

/// How many bytes a text grows by.
pub(crate) const TAG: usize = 16;

/// What data are encrypted with. A record has one, by its profile, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES with 256 bits in GCM.
    Aes256Gcm,
    /// SM4 in GCM, as RFC 8998 has it.
    Sm4Gcm,
}

impl Cipher {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aes-256-gcm",
            Self::Sm4Gcm => "sm4-gcm",
        }
    }

    /// How many bytes a key has.
    pub fn key_bytes(self) -> usize {
        match self {
            Self::Aes256Gcm => 32,
            Self::Sm4Gcm => 16,
        }
    }

    /// Encrypts under a nonce that is drawn and goes before it. The first bytes of a longer key are the key.
    pub fn enclose(self, key: &[u8], beside: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        let nonce = nonce()?;
        let sealed = self.seal(key.get(..self.key_bytes())?, nonce, beside, text)?;
        Some([&nonce[..], &sealed].concat())
    }

    /// Decrypts what was enclosed with that key and that beside it; `None` for anything else.
    pub fn disclose(self, key: &[u8], beside: &[u8], enclosed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = enclosed.split_first_chunk::<NONCE>()?;
        self.open(key.get(..self.key_bytes())?, *nonce, beside, sealed)
    }

    /// Encrypts; `None` where the key is none of this cipher.
    pub(crate) fn seal(self, key: &[u8], nonce: [u8; NONCE], beside: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload { msg: text, aad: beside };
        match self {
            Self::Aes256Gcm => Aes256Gcm::new_from_slice(key).ok()?.encrypt(&nonce.into(), payload).ok(),
            Self::Sm4Gcm => AesGcm::<Sm4, U12>::new_from_slice(key).ok()?.encrypt(&nonce.into(), payload).ok(),
        }
    }

    /// Decrypts; `None` where it is not what was encrypted with that key, that nonce and that beside it.
    pub(crate) fn open(
        self,
        key: &[u8],
        nonce: [u8; NONCE],
        beside: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload { msg: sealed, aad: beside };
        let text = match self {
            Self::Aes256Gcm => Aes256Gcm::new_from_slice(key).ok()?.decrypt(&nonce.into(), payload).ok(),
            Self::Sm4Gcm => AesGcm::<Sm4, U12>::new_from_slice(key).ok()?.decrypt(&nonce.into(), payload).ok(),
        };
        text.map(Zeroizing::new)
    }
}

/// Random bytes of the system; `None` where it has none.
pub(crate) fn random(count: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; count]);
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// A random nonce.
pub(crate) fn nonce() -> Option<[u8; NONCE]> {
    let mut bytes = [0; NONCE];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::Cipher;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("digits")).collect()
    }

    /// RFC 8998, appendix A.1, and the last test of the GCM specification's AES-256 with data beside it (case 16).
    #[test]
    fn the_standards_examples() {
        let sm4 = [
            "0123456789abcdeffedcba9876543210",
            "00001234567800000000abcd",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec",
        ];
        let aes = [
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
        ];
        for (cipher, [key, nonce, beside, text, sealed]) in [(Cipher::Sm4Gcm, sm4), (Cipher::Aes256Gcm, aes)] {
            let (key, beside, text, sealed) = (bytes(key), bytes(beside), bytes(text), bytes(sealed));
            let nonce: [u8; 12] = bytes(nonce).try_into().expect("12 bytes");
            assert_eq!(cipher.seal(&key, nonce, &beside, &text).as_deref(), Some(&*sealed), "{cipher:?}");
            assert_eq!(cipher.open(&key, nonce, &beside, &sealed).as_deref(), Some(&text), "{cipher:?}");
            for at in 0..sealed.len() {
                let mut other = sealed.clone();
                other[at] ^= 1;
                assert!(cipher.open(&key, nonce, &beside, &other).is_none());
            }
            assert!(cipher.open(&key, nonce, b"something else", &sealed).is_none());
            assert!(cipher.seal(&key[1..], nonce, &beside, &text).is_none());
        }
    }
}
