//! A folder somebody brings without an account: what is verified of it, and what is not taken at all.

use crate::town::{Said, Town, both};
use axum::{body::Body, http::Request};
use kaoping_desk::bundle::export;
use serde_json::{Value, json};
use std::{fs, path::Path};

type Files = Vec<(String, Vec<u8>)>;

/// The files of the record of a town that put results down, exported, and its last checkpoint.
async fn exported() -> (Town, Files, String) {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    assert_eq!(town.post(&office, "/api/results/x", &json!({"id": "r-1", "round": ""})).await.status, 201);
    town.office.tidy();
    let note = town.get("", "/api/checkpoint").await.text();
    let folder = town.place.path().join("export");
    let (store, to) = (both::store_in(town.place.path()), folder.clone());
    let key = crate::town::key().public("甲市考评台账").to_string();
    let work = move || {
        let mut store = kaoping_store::open_to_read(&store, kaoping_office::tables::TABLES).expect("a store");
        export(&mut *store, &key, None, &to).expect("exported");
    };
    tokio::task::spawn_blocking(work).await.expect("done");
    let mut files = Vec::new();
    read(&folder, "", &mut files);
    (town, files, note)
}

fn read(folder: &Path, before: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => read(&entry.path(), &format!("{name}/"), files),
            false => files.push((name, fs::read(entry.path()).expect("a file"))),
        }
    }
}

fn body(files: &Files, key: &str, checkpoint: &str) -> Vec<u8> {
    let named: Vec<Value> = files.iter().map(|(name, bytes)| json!({"name": name, "size": bytes.len()})).collect();
    let mut body = json!({"key": key, "checkpoint": checkpoint, "files": named}).to_string().into_bytes();
    body.push(b'\n');
    files.iter().for_each(|(_, bytes)| body.extend(bytes));
    body
}

async fn sent(town: &Town, body: Vec<u8>) -> Said {
    let request = Request::post("/api/verify").header("content-type", "application/octet-stream");
    town.ask(request.body(Body::from(body)).expect("a request")).await
}

/// The checks that do not hold.
fn failed(said: &Said) -> Vec<String> {
    assert_eq!(said.status, 200, "{}", said.text());
    let json = said.json();
    let checks = json["checks"].as_array().expect("checks").iter().filter(|check| check["holds"] == false);
    let names: Vec<String> = checks.filter_map(|check| check["check"].as_str().map(str::to_owned)).collect();
    assert_eq!(json["whole"], names.is_empty(), "{json}");
    names
}

fn with(files: &Files, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Files {
    let mut files = files.clone();
    change(&mut files.iter_mut().find(|(found, _)| found.starts_with(name)).expect("the file").1);
    files
}

#[tokio::test]
async fn a_folder_is_verified_and_a_change_is_found() {
    let (town, files, note) = exported().await;
    let said = sent(&town, body(&files, "", "")).await;
    assert_eq!(failed(&said), [""; 0], "{}", said.text());
    let json = said.json();
    assert_eq!((&json["origin"], &json["results"]), (&json!("甲市考评台账"), &json!(1)));
    let notes = ["key-of-the-record-itself", "nothing-pinned"];
    assert_eq!(said.told(), format!("200 {}", notes.join(" ")), "nothing from outside vouches for it");
    let next: Vec<Value> = json["findings"].as_array().expect("notes").iter().map(|one| one["next"].clone()).collect();
    assert_eq!(next, ["写上从别处得来的公钥（key）", "写上保存的检查点（checkpoint）"], "fields, and no options");
    let key = crate::town::key().public("甲市考评台账").to_string();
    let said = sent(&town, body(&files, &key, &note.replace('\n', "\r\n"))).await;
    assert!(failed(&said).is_empty() && said.told() == "200", "{}", said.text());
    assert!(said.json()["vouched"].as_u64() > Some(0));
    let changed = |name: &str, from: &'static str, to: &'static str| {
        with(&files, name, |bytes| {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            assert!(text.contains(from), "{from} is in {text}");
            *bytes = text.replacen(from, to, 1).into_bytes();
        })
    };
    let said = sent(&town, body(&changed("record.jsonl", "办公会纪要", "办公会记要"), &key, "")).await;
    let names = failed(&said);
    assert!(names.contains(&"chain".to_owned()) && names.contains(&"checkpoints".to_owned()), "{names:?}");
    let said = sent(&town, body(&with(&files, "contents/", |bytes| bytes.push(b' ')), &key, "")).await;
    assert!(failed(&said).contains(&"contents".to_owned()), "{}", said.text());
    assert!(said.text().contains("被改过"), "{}", said.text());
    let more = [files.clone(), vec![("多出来的.txt".into(), b"x".to_vec())]].concat();
    assert_eq!(failed(&sent(&town, body(&more, &key, "")).await), ["folder"]);
    let other = kaoping_ledger::SecretKey::from_bytes(kaoping_ledger::KeyKind::Ed25519, &[8; 32]).expect("a key");
    let said = sent(&town, body(&files, &other.public("甲市考评台账").to_string(), "")).await;
    assert!(failed(&said).contains(&"signatures".to_owned()), "a record made to take its place: {}", said.text());
}

#[tokio::test]
async fn what_is_no_folder_is_not_taken() {
    let (town, files, _) = exported().await;
    let one = |name: &str| vec![(name.to_owned(), b"x".to_vec())];
    for name in ["../kaoping-x", "/tmp/kaoping-x", "a\\..\\kaoping-x", "contents/../../kaoping-x"] {
        let said = sent(&town, body(&[files.clone(), one(name)].concat(), "", "")).await;
        assert_eq!(said.told(), "422 bundle-name-unsafe", "{name}: {}", said.text());
    }
    assert!(!std::env::temp_dir().join("kaoping-x").exists());
    let twice = [files.clone(), one("record.jsonl")].concat();
    assert_eq!(sent(&town, body(&twice, "", "")).await.told(), "422 bundle-name-unsafe");
    let below = [files.clone(), one("record.jsonl/x")].concat();
    assert_eq!(sent(&town, body(&below, "", "")).await.told(), "422 bundle-name-unsafe");
    let many: Files = (0..2001).map(|at| (format!("contents/{at}"), Vec::new())).collect();
    assert_eq!(sent(&town, body(&many, "", "")).await.told(), "413 bundle-too-many-files");
    let large = vec![b' '; (64 << 20) + 1];
    assert_eq!(sent(&town, large).await.told(), "413 body-too-large");
    let short = body(&files, "", "");
    assert_eq!(sent(&town, short[..short.len() - 1].to_vec()).await.told(), "422 bundle-unusable");
    assert_eq!(sent(&town, [short, b"x".to_vec()].concat()).await.told(), "422 bundle-unusable");
    for nothing in [one("x"), Vec::new()] {
        let said = sent(&town, body(&nothing, "", "")).await;
        assert_eq!(said.told(), "422 bundle-unusable");
        let key = crate::town::key().public("甲市考评台账").to_string();
        let said = sent(&town, body(&nothing, &key, "")).await;
        assert_eq!(said.told(), "422 bundle-unusable");
        assert!(!said.text().contains(&*std::env::temp_dir().to_string_lossy()), "no place of this machine is told");
    }
    assert_eq!(sent(&town, b"{}\n".to_vec()).await.told(), "400 body-not-readable");
    assert_eq!(sent(&town, b"no line".to_vec()).await.told(), "422 bundle-unusable");
    let said = sent(&town, body(&files, "甲市", "")).await;
    assert_eq!(said.told(), "422 key-unreadable");
    assert!(said.text().contains("内容（key）") && !said.text().contains("--"), "{}", said.text());
    assert_eq!(sent(&town, body(&files, "", "甲市\n5\n")).await.told(), "422 checkpoint-not-signed");
}

#[tokio::test]
async fn one_folder_at_a_time_and_the_page_offers_it_to_everybody() {
    let (town, files, _) = exported().await;
    let turn = town.office.bundles.acquire().await.expect("a turn");
    assert_eq!(sent(&town, body(&files, "", "")).await.told(), "503 verifying-busy");
    drop(turn);
    assert!(failed(&sent(&town, body(&files, "", "")).await).is_empty());
    let arriving = town.office.strangers.acquire_many(2).await.expect("all turns");
    assert_eq!(sent(&town, body(&files, "", "")).await.told(), "503 verifying-busy");
    let clerk = town.login("C1").await;
    assert!(town.kept(&clerk, b"paper".to_vec()).await.is_string(), "those who work have turns of their own");
    drop(arriving);
    let page = town.get("", "/verify").await.text();
    assert!(page.contains("id=\"bundle-form\"") && page.contains("webkitdirectory"), "{page}");
    assert!(page.contains("kaoping verify"), "{page}");
}
