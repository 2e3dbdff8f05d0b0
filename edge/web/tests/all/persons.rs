//! Data about people: whoever looks is in the record first; nothing of it stands anywhere in clear; what was erased is
//! gone from backups too.

use crate::town::{
    Town,
    both::{folder_of_server, on_both, store_in},
};
use kaoping_desk::bundle::export;
use kaoping_office::{Act, tables::TABLES};
use kaoping_persons::{keeper::MASTER, ring};
use kaoping_store::{Private, open_to_read, restore};
use serde_json::{Value, json};
use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

on_both![
    masked_until_looked_up_and_every_look_is_an_entry,
    one_id_is_one_body,
    what_is_refused_tells_nothing_and_leaves_nothing,
    no_value_stands_anywhere_in_clear,
    what_was_erased_is_not_in_old_backups_either,
    many_look_while_it_is_erased,
    two_register_one_number,
    an_erasure_that_was_begun_is_finished_at_the_start
];

/// Values that stand nowhere else.
const DATA: [(&str, &str); 4] = [
    ("name", "申请人赵钱孙"),
    ("id-number", "11010519491231002X"),
    ("phone", "13912345678"),
    ("address", "甲市丙乡幸福里七号院"),
];

fn data() -> Value {
    Value::Object(DATA.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect())
}

/// What of those values stands in some bytes, as it is or written otherwise.
fn traces(bytes: &[u8]) -> Vec<String> {
    let found = |wanted: &[u8]| memchr::memmem::find(bytes, wanted).is_some();
    let mut traces = Vec::new();
    for (name, value) in DATA {
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        let escaped: String = value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ways = [value.as_bytes(), hex.as_bytes(), escaped.as_bytes(), &wide];
        traces.extend(ways.iter().filter(|way| found(way)).map(|_| name.to_owned()));
    }
    traces
}

/// What of them stands in the files below a folder, or in the log.
fn left_anywhere(town: &Town) -> Vec<String> {
    let mut all = Vec::new();
    let mut waiting = vec![town.place.path().to_owned()];
    waiting.extend(folder_of_server());
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.is_file() {
                // A server takes away its own files meanwhile.
                let traces = traces(&fs::read(&path).unwrap_or_default());
                all.extend(traces.iter().map(|name| format!("{} in {}", name, path.display())));
            }
        }
    }
    let log = town.log.lock().expect("the log").join("\n");
    all.extend(traces(log.as_bytes()).iter().map(|name| format!("{name} in the log")));
    all
}

/// A town where C1 of 乙县 registered P1.
async fn with_person() -> (Town, String) {
    let town = Town::new();
    let clerk = town.login("C1").await;
    let said = town.post(&clerk, "/api/persons", &json!({"id": "p-1", "person": "P1", "data": data()})).await;
    assert_eq!(said.status, 201, "{}", said.text());
    assert_eq!(said.json()["masked"]["phone"], "139****78");
    (town, clerk)
}

fn wish(id: &str) -> Value {
    json!({"id": id, "fields": ["name", "phone"], "why": "电话回访"})
}

async fn erased(town: &Town, person: &str) -> u64 {
    let (clerk, reviewer) = (town.login("C1").await, town.login("R1").await);
    let act = json!({"propose-erasure": {"person": person}});
    assert_eq!(town.deed(&clerk, &format!("propose-{person}"), act).await.told(), "201");
    let decide = json!({"id": format!("erase-{person}"), "approved": true});
    let said = town.post(&reviewer, &format!("/api/persons/{person}/erase"), &decide).await;
    assert_eq!(said.status, 201, "{}", said.text());
    said.json()["number"].as_u64().expect("a number")
}

async fn masked_until_looked_up_and_every_look_is_an_entry() {
    let (town, clerk) = with_person().await;
    let list = town.get(&clerk, "/api/persons").await;
    assert_eq!(
        (list.column("person"), list.column("name"), list.column("phone")),
        (vec!["P1".into()], vec!["申**".into()], vec!["139****78".into()])
    );
    assert_eq!(list.header("cache-control"), "no-store");
    let one = town.get(&clerk, "/api/persons/P1").await.json();
    assert_eq!(
        one["masked"],
        json!({"name": "申**", "id-number": "110*************2X", "phone": "139****78", "address": "甲市****"})
    );
    // Before the look-up is durable nothing is shown; when it is, exactly what was asked for.
    let said = town.post(&clerk, "/api/persons/P1/look-up", &wish("l-1")).await;
    assert_eq!((said.status, said.header("cache-control")), (201, "no-store"));
    assert_eq!(said.json()["data"], json!({"name": DATA[0].1, "phone": DATA[2].1}));
    let number = said.json()["number"].as_u64().expect("a number");
    let mut entry = None;
    let read = town.office.from_store(|store| {
        store.entries(number, &mut |row| {
            entry = kaoping_office::Entry::from_bytes(&row.bytes).ok();
            false
        })
    });
    read.expect("a store");
    let entry = entry.expect("an entry");
    assert!(matches!(entry.act, Act::LookUpPerson(_)));
    assert_eq!((entry.by.account.as_str(), entry.why.as_str()), ("C1", "电话回访"));
    // Sent again it is the same look, and shows nothing.
    let again = town.post(&clerk, "/api/persons/P1/look-up", &wish("l-1")).await;
    assert_eq!((again.status, again.json()["again"].clone(), traces(&again.bytes)), (200, json!(true), vec![]));
    let auditor = town.login("U1").await;
    assert_eq!(town.get(&auditor, "/api/look-ups").await.column("account"), ["C1"]);
    let seen = town.get(&auditor, "/api/persons/P1").await.json();
    assert_eq!((&seen["masked"], &seen["look_ups"][0]["why"]), (&Value::Null, &json!("电话回访")));
    assert_eq!(town.get(&auditor, "/api/persons").await.column("name"), ["null"]);
    assert_eq!(town.post(&auditor, "/api/persons/P1/look-up", &wish("l-2")).await.told(), "403 not-entitled");
    for other in ["C2", "A1", "S1"] {
        let cookie = town.login(other).await;
        assert_eq!(town.post(&cookie, "/api/persons/P1/look-up", &wish("l-3")).await.told(), "404 not-in-the-record");
        assert_eq!(town.get(&cookie, "/api/persons").await.column("person"), Vec::<String>::new());
    }
}

/// The record knows which fields there are, not what stands in them: another body under the same id is not taken for
/// the first one.
async fn one_id_is_one_body() {
    let (town, clerk) = with_person().await;
    let register = |data: Value| json!({"id": "p-1", "person": "P1", "data": data});
    let again = town.post(&clerk, "/api/persons", &register(data())).await;
    assert_eq!((again.status, &again.json()["again"]), (200, &json!(true)));
    assert_eq!(again.json()["masked"]["phone"], "139****78", "the same body, the same answer");
    let mut other = data();
    other["phone"] = json!("13912345679");
    assert_eq!(town.post(&clerk, "/api/persons", &register(other)).await.told(), "409 id-used-otherwise");
    let fewer = register(json!({"name": DATA[0].1}));
    assert_eq!(town.post(&clerk, "/api/persons", &fewer).await.told(), "409 id-used-otherwise");
    assert_eq!(town.post(&clerk, "/api/persons/P1/look-up", &wish("l-1")).await.status, 201);
    let mut wider = wish("l-1");
    wider["fields"] = json!(["name", "address"]);
    let said = town.post(&clerk, "/api/persons/P1/look-up", &wider).await;
    assert_eq!((said.told().as_str(), traces(&said.bytes)), ("409 id-used-otherwise", vec![]));
    let mut other_reason = wish("l-1");
    other_reason["why"] = json!("另一个原因");
    assert_eq!(town.post(&clerk, "/api/persons/P1/look-up", &other_reason).await.told(), "409 id-used-otherwise");
    // Two at once under one id: one of them is there, the other is told.
    let (one, two) = (json!({"name": "甲甲甲"}), json!({"name": "乙乙乙"}));
    for round in 0..5 {
        let body = |data: &Value| json!({"id": format!("q-{round}"), "person": format!("P1{round}"), "data": data});
        let (first, second) = (body(&one), body(&two));
        let (first, second) =
            tokio::join!(town.post(&clerk, "/api/persons", &first), town.post(&clerk, "/api/persons", &second));
        let mut told = [first.told(), second.told()];
        told.sort_unstable();
        assert_eq!(told, ["201", "409 id-used-otherwise"]);
    }
    // Of whoever was erased nothing is left to compare.
    erased(&town, "P1").await;
    assert_eq!(town.post(&clerk, "/api/persons", &register(data())).await.status, 200);
}

async fn what_is_refused_tells_nothing_and_leaves_nothing() {
    let (town, clerk) = with_person().await;
    let before = town.office.desk.read(|shown| shown.state.size);
    let bodies = [
        json!({"id": "x", "person": "P2", "data": {"name": "申请人赵钱孙", "phone": 13_912_345_678_i64}}),
        json!({"id": "x", "person": "P2", "data": {"申请人赵钱孙": "13912345678"}}),
        json!({"id": "x", "person": "P2", "data": data(), "13912345678": "申请人赵钱孙"}),
        json!({"id": "x", "person": "申请人赵钱孙", "data": data()}),
        json!({"id": "x", "person": "P13912345678", "data": data()}),
        json!({"id": "x", "person": "P2", "data": {"id-number": "110105194912310021", "phone": "139123456789"}}),
        json!({"id": "x", "person": "P1", "data": data()}),
        json!({"id": "x", "person": "P2", "data": data(), "why": "赵钱孙的事:申请人 赵钱孙"}),
        json!({"id": "x", "person": "P2", "data": {"name": "某人"}, "why": "打13912345678"}),
    ];
    let mut told = Vec::new();
    for body in &bodies {
        let said = town.post(&clerk, "/api/persons", body).await;
        assert_eq!(traces(&said.bytes), Vec::<String>::new(), "{}", said.text());
        assert!(!said.text().contains("13912345678") && !said.text().contains("110105194912310021"));
        told.push(said.told());
    }
    assert_eq!(
        told,
        [
            "400 body-not-readable",
            "400 body-not-readable",
            "400 body-not-readable",
            "422 name-not-usable",
            "422 name-not-usable",
            "422 id-number-not-valid phone-not-valid",
            "422 already-in-the-record",
            "422 personal-data-in-reason",
            "422 personal-data-in-reason",
        ]
    );
    let why = json!({"id": "l-1", "fields": ["name"], "why": "找申请人赵钱孙"});
    assert_eq!(town.post(&clerk, "/api/persons/P1/look-up", &why).await.told(), "422 personal-data-in-reason");
    // Which field of the address is missing or wrong is told, and nothing that was sent.
    for (body, pointer, why) in [
        (json!({"id": "l-2", "fields": ["name"]}), "/why", "缺“why”；内容是个人信息，不复述"),
        (json!({"id": "l-2", "why": "回访"}), "/fields", "缺“fields”，可以写的有：name、"),
        (
            json!({"id": "l-2", "fields": ["13912345678"], "why": "回访"}),
            "/fields",
            "“fields”写得不对，可以写的有：name、",
        ),
        (json!({"id": 7, "fields": ["name"], "why": "回访"}), "/id", "“id”写得不对；"),
        (
            json!({"fields": ["name"], "why": "回访", "13912345678": ""}),
            "",
            "格式或字段不对，可以写的有：id、fields、why、role、deputy_for；",
        ),
    ] {
        let said = town.post(&clerk, "/api/persons/P1/look-up", &body).await;
        assert_eq!(said.told(), "400 body-not-readable", "{body}");
        let finding = &said.json()["findings"][0];
        assert_eq!(finding["where"]["pointer"], pointer, "{body}");
        assert!(finding["why"].as_str().is_some_and(|told| told.starts_with(why)), "{finding}");
        assert!(!said.text().contains("13912345678"), "{}", said.text());
    }
    let deed = json!({"id": "e-1", "act": {"propose-erasure": {"person": "P1"}}, "why": "本人 13912345678 来电"});
    assert_eq!(town.post(&clerk, "/api/deeds", &deed).await.told(), "422 personal-data-in-reason", "of any deed");
    assert_eq!(town.office.desk.read(|shown| shown.state.size), before);
    // No key is left of what did not come in.
    let ring = fs::read(town.place.path().join("keys").join(ring::FILE)).expect("a ring");
    let alive = ring.chunks(128).skip(1).filter(|place| place[16..].iter().any(|byte| *byte != 0)).count();
    assert_eq!(alive, 1);
    assert_eq!(left_anywhere(&town), Vec::<String>::new());
}

fn backup(town: &Town, to: &Path) {
    town.office.from_store(|store| store.backup(to)).expect("a backup");
}

fn exported(town: &Town) {
    let mut store = open_to_read(&store_in(town.place.path()), TABLES).expect("a store");
    export(&mut *store, "key", None, &town.place.path().join("export")).expect("an export");
}

async fn no_value_stands_anywhere_in_clear() {
    let (town, clerk) = with_person().await;
    for number in 0..5 {
        assert_eq!(town.post(&clerk, "/api/persons/P1/look-up", &wish(&format!("l-{number}"))).await.status, 201);
    }
    backup(&town, &town.place.path().join("backup.db"));
    exported(&town);
    assert_eq!(left_anywhere(&town), Vec::<String>::new());
    assert!(town.log.lock().expect("the log").iter().any(|line| line.contains("/api/persons/{person}/look-up")));
    // The search is worth something: a server that kept them in clear would be found out.
    let clear = Private { kind: "person".into(), key: "P1".into(), bytes: serde_json::to_vec(&data()).ok() };
    let (tell, told) = std::sync::mpsc::channel();
    town.office.desk.keep(vec![clear], move |kept| tell.send(kept.is_ok()).expect("sent"));
    assert!(told.recv().expect("told"));
    let found = left_anywhere(&town).join("\n");
    assert!(["name", "id-number", "phone", "address"].iter().all(|name| found.contains(name)), "{found}");
    // And what was put there in place of the ciphertext is noticed, not shown.
    let said = town.post(&clerk, "/api/persons/P1/look-up", &wish("l-9")).await;
    assert_eq!((said.told().as_str(), traces(&said.bytes)), ("503 person-data-changed", vec![]));
}

/// Another office over copies of the store and of the ring.
fn elsewhere(store: &Path, ring_file: &Path, master: &Path) -> Town {
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir(place.path().join("keys")).expect("a folder");
    restore(store, &store_in(place.path()), TABLES, false).expect("restored");
    fs::copy(ring_file, place.path().join("keys").join(ring::FILE)).expect("copied");
    fs::copy(master, place.path().join("keys").join(MASTER)).expect("copied");
    Town::empty(place, 1000, false)
}

async fn what_was_erased_is_not_in_old_backups_either() {
    let (town, clerk) = with_person().await;
    town.post(&clerk, "/api/persons", &json!({"id": "p-2", "person": "P2", "data": {"name": "申请人周吴郑"}})).await;
    let place = town.place.path().to_owned();
    let keys = place.join("keys");
    let (old_store, old_ring) = (place.join("old.db"), place.join("old.ring"));
    backup(&town, &old_store);
    fs::copy(keys.join(ring::FILE), &old_ring).expect("copied");
    erased(&town, "P1").await;
    let said = town.post(&clerk, "/api/persons/P1/look-up", &wish("l-1")).await;
    assert_eq!(said.told(), "422 not-now");
    let seen = town.get(&clerk, "/api/persons/P1").await.json();
    assert_eq!((&seen["masked"], seen["erased"].is_u64()), (&Value::Null, true));
    let new_store = place.join("new.db");
    backup(&town, &new_store);
    let kept = town.office.from_store(|store| store.private("person", "P1")).expect("a store");
    assert_eq!(kept, None, "the ciphertext goes too");
    let read = |town: Town, person: &'static str| async move {
        let clerk = town.login("C1").await;
        town.post(
            &clerk,
            &format!("/api/persons/{person}/look-up"),
            &json!({"id": "r-1", "fields": ["name"], "why": "核对"}),
        )
        .await
        .told()
    };
    // An old backup of the store knows nothing of the erasure, and is of no use: the key is gone.
    let (ring_now, master) = (keys.join(ring::FILE), keys.join(MASTER));
    assert_eq!(read(elsewhere(&old_store, &ring_now, &master), "P1").await, "410 person-key-gone");
    assert_eq!(read(elsewhere(&old_store, &ring_now, &master), "P2").await, "201");
    // An old backup of the ring beside the record of today: the key is destroyed again before anybody is served.
    let back = elsewhere(&new_store, &old_ring, &master);
    let bytes = fs::read(back.place.path().join("keys").join(ring::FILE)).expect("a ring");
    assert!(bytes[128 + 16..256].iter().all(|byte| *byte == 0), "gone from the disk");
    assert_eq!(read(back, "P1").await, "422 not-now");
    // Both of old: that is why backups of the ring are kept apart, and destroyed after an erasure.
    assert_eq!(read(elsewhere(&old_store, &old_ring, &master), "P1").await, "201");
}

/// A person is looked up by many while it is erased: who is shown something was in the record before it was erased.
async fn many_look_while_it_is_erased() {
    let (town, clerk) = with_person().await;
    let reviewer = town.login("R1").await;
    assert_eq!(town.deed(&clerk, "e-1", json!({"propose-erasure": {"person": "P1"}})).await.told(), "201");
    let town = &town;
    let look = |number: usize| {
        let clerk = clerk.clone();
        async move { town.post(&clerk, "/api/persons/P1/look-up", &wish(&format!("c-{number}"))).await }
    };
    let decide = json!({"id": "e-2", "approved": true});
    let mut looks = Vec::new();
    let (first, erased, second) = tokio::join!(
        futures_of((0..8).map(look)),
        town.post(&reviewer, "/api/persons/P1/erase", &decide),
        futures_of((8..16).map(look)),
    );
    looks.extend(first);
    looks.extend(second);
    let erased = erased.json()["number"].as_u64().expect("a number");
    let mut shown = 0;
    for said in looks {
        match said.status {
            201 => {
                shown += 1;
                assert!(said.json()["number"].as_u64().expect("a number") < erased && !traces(&said.bytes).is_empty());
            }
            _ => assert!(matches!(said.told().as_str(), "410 person-key-gone" | "422 not-now"), "{}", said.text()),
        }
    }
    let recorded = town.office.desk.read(|seen| seen.state.look_ups.len());
    assert!(shown <= recorded, "{shown} were shown, {recorded} are recorded");
}

async fn futures_of<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut done = Vec::new();
    for one in all {
        done.push(one.await);
    }
    done
}

/// Two register the same number at once: one is refused, and the data of the other can be read.
async fn two_register_one_number() {
    let town = Town::new();
    let (one, two) = (town.login("C1").await, town.login("R1").await);
    for round in 0..10 {
        let person = format!("P{round}");
        let body = |name: &str| json!({"id": format!("{name}-{round}"), "person": person, "data": {"name": name}});
        let (first, second) = (body("甲甲甲"), body("乙乙乙"));
        let (first, second) =
            tokio::join!(town.post(&one, "/api/persons", &first), town.post(&two, "/api/persons", &second));
        let mut statuses = [first.status, second.status];
        let winner = if first.status == 201 { "甲甲甲" } else { "乙乙乙" };
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422]);
        let look = json!({"id": format!("l-{round}"), "fields": ["name"], "why": "核对"});
        let said = town.post(&one, &format!("/api/persons/{person}/look-up"), &look).await;
        assert_eq!(said.json()["data"]["name"], winner);
    }
}

/// The folder of the child's town.
const PLACE: &str = "KAOPING_PERSONS_PLACE";

/// Not a test: what the next one starts, and kills. It registers and erases, and says what it was told.
#[tokio::test]
#[ignore = "started by the next test"]
async fn child() {
    let Ok(place) = env::var(PLACE) else { return };
    let place = tempfile::Builder::new().disable_cleanup(true).tempdir_in(place).expect("a folder");
    let from = place.path().parent().expect("a folder").to_owned();
    let town = Town::new_at(place);
    let clerk = town.login("C1").await;
    println!("at {}", town.place.path().strip_prefix(&from).expect("below it").display());
    for number in 0.. {
        let person = format!("P{number}");
        let body = json!({"id": format!("p-{number}"), "person": person, "data": {"name": "某某某"}});
        assert_eq!(town.post(&clerk, "/api/persons", &body).await.status, 201);
        println!("registered {person}");
        if number % 2 == 0 {
            println!("erasing {person}");
            erased(&town, &person).await;
            println!("erased {person}");
        }
        town.wait(60_000);
        std::io::stdout().flush().expect("told");
    }
}

/// Killed at any moment: whoever was erased by the record has no key once the program runs again, and everybody else has.
#[tokio::test]
async fn killed_in_the_midst_of_an_erasure() {
    let mut erasures = 0;
    for kill in 0..6_u64 {
        let place = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.args(["--exact", "persons::child", "--ignored", "--nocapture", "--test-threads=1"]);
        let mut child =
            command.env(PLACE, place.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut told: Vec<String> = Vec::new();
        while !told.iter().any(|line| line.starts_with("erased")) {
            told.push(lines.next().expect("a line"));
        }
        std::thread::sleep(Duration::from_millis(7 + 13 * kill));
        child.kill().expect("killed");
        child.wait().expect("ended");
        told.extend(lines);
        let at = told.iter().find_map(|line| line.split("at ").nth(1)).expect("its place");
        let keys_of = |town: &Town| {
            let keeper = town.office.persons.as_ref().expect("a keeper");
            town.office.desk.read(|shown| {
                let persons = shown.state.persons.iter();
                persons
                    .map(|(id, person)| (id.to_string(), person.erased.is_some(), keeper.holds(id)))
                    .collect::<Vec<_>>()
            })
        };
        let copy = place.path().join(at);
        let town = Town::again_at(&copy);
        for (person, is_erased, has_key) in keys_of(&town) {
            assert_ne!(is_erased, has_key, "{person}");
        }
        let number = |line: &str, what: &str| line.strip_prefix(what).map(str::to_owned);
        for person in told.iter().filter_map(|line| number(line, "erased ")) {
            erasures += 1;
            assert!(keys_of(&town).contains(&(person.clone(), true, false)), "{person}");
        }
        for person in told.iter().filter_map(|line| number(line, "registered ")) {
            assert!(keys_of(&town).iter().any(|(found, ..)| *found == person), "{person}");
        }
    }
    assert!(erasures >= 6);
}

/// The program ended after the entry and before the key: the key goes at the next start. Without that it would stay.
async fn an_erasure_that_was_begun_is_finished_at_the_start() {
    let (town, clerk) = with_person().await;
    assert_eq!(town.deed(&clerk, "e-1", json!({"propose-erasure": {"person": "P1"}})).await.told(), "201");
    let act = json!({"decide-erasure": {"person": "P1", "approved": true}});
    let act: Act = serde_json::from_value(act).expect("an act");
    town.does(("R1", "乙县", kaoping_office::Role::Reviewer), act);
    let holds = |town: &Town| town.office.persons.as_ref().expect("a keeper").holds(&"P1".into());
    assert!(holds(&town), "the entry alone does not destroy a key");
    town.office.tidy();
    assert!(!holds(&town), "but it goes within a minute");
    let Town { office, router, place, .. } = town;
    drop((office, router));
    assert!(!holds(&Town::empty(place, 10, false)));
}
