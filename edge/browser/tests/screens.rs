//! Every screen, at the width of an office and of a phone: nothing hides at the side, nobody is kept out by how it is
//! made, and it is light enough for a weak line.
//!
//! `KAOPING_SCREENS=1 cargo test -p kaoping-browser --test screens` writes the pictures of `docs/screens`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod rig;

use rig::{City, Person, WIDTHS, places::SCREENS};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// axe-core, which `scripts/packages` fetches.
fn axe() -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../tools/axe.min.js");
    fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is not there: run scripts/packages", path.display()))
}

/// Somebody for each account that looks at screens.
async fn people(city: &City) -> BTreeMap<&'static str, Person> {
    let mut people = BTreeMap::new();
    for (_, login, _) in SCREENS {
        if !people.contains_key(login) {
            let person = if login.is_empty() { city.stranger().await } else { city.person(login).await };
            people.insert(*login, person);
        }
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_can_be_used_by_everybody_at_every_width() {
    let city = City::in_mid_year().await;
    let people = people(&city).await;
    let axe = axe();
    assert!(sees_what_is_wrong(&people["kaoping"], &axe).await, "axe-core is blind");
    let mut faults = Vec::new();
    for (name, login, path) in SCREENS {
        let person = &people[login];
        for size in WIDTHS {
            person.sized(size).await;
            person.open(path).await;
            person.finds("main").await;
            let beyond = person
                .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth", vec![])
                .await;
            if beyond.as_i64().is_none_or(|beyond| beyond > 0) {
                faults.push(format!("{name} at {}: {beyond} pixels hide at the side", size.0));
            }
            faults.extend(
                violations(person, &axe).await.into_iter().map(|fault| format!("{name} at {}: {fault}", size.0)),
            );
            picture(person, name, size.0).await;
        }
    }
    for person in people.into_values() {
        person.leaves().await;
    }
    city.ends().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a field without a label, put into a page on purpose, is found.
async fn sees_what_is_wrong(person: &Person, axe: &str) -> bool {
    person.open("/").await;
    person.finds("main").await;
    person.script("document.querySelector('main').append(document.createElement('input'))", vec![]).await;
    violations(person, axe).await.iter().any(|fault| fault.contains("label"))
}

/// What axe-core finds that is serious or worse.
async fn violations(person: &Person, axe: &str) -> Vec<String> {
    person.script(axe, vec![]).await;
    let look = "const done = arguments[arguments.length - 1];
        axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
            .then((found) => done(found.violations), (fault) => done([{id: String(fault), impact: 'critical', nodes: []}]))";
    let found = person.client.execute_async(look, vec![]).await.expect("what was found");
    let serious = |found: &&Value| matches!(found["impact"].as_str(), Some("serious" | "critical"));
    let said = |found: &Value| format!("{} {}", found["id"], found["nodes"][0]["html"]);
    found.as_array().expect("a list").iter().filter(serious).map(said).collect()
}

/// The picture of a screen, where pictures are wanted.
async fn picture(person: &Person, name: &str, width: u32) {
    if std::env::var_os("KAOPING_SCREENS").is_none() {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).expect("a folder");
    let picture = person.client.screenshot().await.expect("a picture");
    fs::write(folder.join(format!("{name}-{width}.png")), picture).expect("written");
}

/// The most a first screen weighs with all it needs, compressed: 200 KB; and one after that: 30 KB.
const FIRST: u64 = 200 * 1000;
const LATER: u64 = 30 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_is_heavy() {
    let city = City::in_mid_year().await;
    let people = people(&city).await;
    let mut faults = Vec::new();
    for (name, login, path) in SCREENS {
        let person = &people[login];
        person.devtools("Network.clearBrowserCache", json!({})).await;
        for most in [FIRST, LATER] {
            person.open(path).await;
            let script =
                "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
                .reduce((sum, entry) => sum + entry.transferSize, 0)";
            let weight = person.script(script, vec![]).await.as_u64().expect("a weight");
            if weight > most || most == FIRST && weight == 0 {
                faults.push(format!("{name}: {weight} bytes, {most} at most"));
            }
        }
    }
    for person in people.into_values() {
        person.leaves().await;
    }
    city.ends().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
