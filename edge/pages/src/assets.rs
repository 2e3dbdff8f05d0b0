//! Style and scripts, inside the program. Their addresses hold a mark of their content, so that browsers keep them for
//! good and never take an old one for a new.

use include_dir::{Dir, include_dir};
use std::sync::OnceLock;

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// A file by its name: its type and its bytes.
pub fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    let file = ASSETS.get_file(name)?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => return None,
    };
    Some((kind, file.contents()))
}

/// The mark of all of them together: eight digits of their hash.
pub fn mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| {
        let contents: Vec<&[u8]> = ASSETS.files().map(include_dir::File::contents).collect();
        let hash = kaoping_ledger::Algorithm::Sha256.hash(&contents).to_string();
        hash.get(7..15).unwrap_or_default().to_owned()
    })
}
