//! The fingerprint that pins a shared text.

use alloc::{format, string::String};
use sha2::{Digest, Sha256};

/// `sha256:` and the digest of a text. Line ends are counted as `\n` and a byte order mark is
/// left out, so that the same text has the same fingerprint on every system.
pub fn fingerprint(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = String::with_capacity(71);
    hex.push_str("sha256:");
    for byte in digest.iter() {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn line_ends_do_not_matter() {
        assert_eq!(fingerprint("a\r\nb"), fingerprint("\u{feff}a\nb"));
        assert_ne!(fingerprint("a"), fingerprint("b"));
    }
}
