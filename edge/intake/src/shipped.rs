//! The policies and samples that are part of the program, so that it shows what it does
//! without any file beside it.

use include_dir::{Dir, include_dir};
use kaoping_scheme::Folder;

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../policies");

/// The folder of a shipped policy, such as `livelihood`; empty where there is none.
pub fn folder(path: &str) -> Folder {
    let mut files = Vec::new();
    if let Some(dir) = POLICIES.get_dir(path) {
        collect(dir, path, &mut files);
    }
    files.sort();
    Folder { root: format!("policies/{path}"), files }
}

fn collect(dir: &Dir<'_>, root: &str, files: &mut Vec<(String, String)>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        let inside = name.strip_prefix(root).unwrap_or(&name).trim_start_matches('/').to_string();
        files.extend(file.contents_utf8().map(|text| (inside, text.to_string())));
    }
    for inner in dir.dirs() {
        collect(inner, root, files);
    }
}

/// A file named relative to a shipped policy, such as `../kinds/common.kp`.
pub fn beside(policy: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = policy.split('/').collect();
    for part in relative.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            other => parts.push(other),
        }
    }
    text(&parts.join("/"))
}

/// A shipped file, such as `kinds/common.kp`.
pub fn text(path: &str) -> Option<String> {
    POLICIES.get_file(path).and_then(|file| file.contents_utf8()).map(str::to_string)
}
