//! Every deed a person does can be done from a page: the deeds of the record held against the forms there are.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_office::Act;
use std::{fs, path::Path};

/// Deeds that go with something kept beside the record, or with what the program works out, have addresses of their own:
/// what stands on a page that sends them.
const OTHERWISE: &[(&str, &str)] = &[
    ("adopt-scheme", "asked(\"POST\", `/api/schemes/${id}`"),
    ("submit-report", "deed(id, \"submit-report\""),
    ("hand-down", "name: \"hand-down\""),
    ("put-down-results", "data-post=\"/api/results/"),
    ("propose-awards", "data-post=\"/api/awards/"),
    ("give-password", "/password\" data-with-id"),
    ("drop-codes", "/codes\" data-with-id"),
    ("bind-login", "/bind\" data-with-id"),
    ("unbind-login", "/unbind\" data-with-id"),
    ("register-person", "data-post=\"/api/persons\""),
    ("look-up-person", "/look-up\" data-with-id"),
    ("decide-erasure", "/erase\" data-with-id"),
];

/// Deeds no page offers, each with the reason.
const NOWHERE: &[(&str, &str)] = &[
    ("found", "before it there is no server that could show a page: `kaoping found`"),
    ("confirm-restore", "it is done at the machine, beside the key that signed last: `kaoping confirm-restore`"),
];

/// Templates and scripts, one after another.
fn pages() -> String {
    let of = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
        files.map(|path| fs::read_to_string(path).unwrap_or_default()).collect::<String>()
    };
    of("templates") + &of("assets")
}

#[test]
fn every_deed_is_reached_from_a_page() {
    let pages = pages();
    for name in Act::NAMES {
        let form = pages.contains(&format!("data-deed=\"{name}\""));
        let otherwise = OTHERWISE.iter().find(|(deed, _)| deed == name).map(|(_, mark)| *mark);
        let nowhere = NOWHERE.iter().any(|(deed, _)| deed == name);
        let ways = usize::from(form) + usize::from(otherwise.is_some()) + usize::from(nowhere);
        assert_eq!(ways, 1, "`{name}` is done from no page, or is told of twice here");
        if let Some(mark) = otherwise {
            assert!(pages.contains(mark), "no page sends `{name}`: there is no `{mark}`");
        }
    }
    let known = |name: &&str| Act::NAMES.contains(name);
    assert!(OTHERWISE.iter().chain(NOWHERE).all(|(name, _)| known(name)), "a deed that is none");
}

#[test]
fn whatever_takes_two_people_is_proposed_from_a_page() {
    let pages = pages();
    for name in ["correct-figure", "adjust-target", "exempt", "end-exemption", "revise-results"] {
        assert!(pages.contains(&format!("name=\"decision.{name}.")), "nothing proposes `{name}`");
    }
}
