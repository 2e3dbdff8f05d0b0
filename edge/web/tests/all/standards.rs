//! A policy adopted over HTTP, and a round scored: the program checks and scores, nobody fills it in.

use crate::town::Town;
use serde_json::json;

#[tokio::test]
async fn a_scheme_is_checked_when_it_is_adopted_and_a_round_is_scored_by_the_program() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "bindings": {}, "why": "办公会纪要"});
    let clerk = town.login("C1").await;
    assert_eq!(town.post(&clerk, "/api/schemes/x", &body).await.told(), "403 not-entitled");
    let own = json!({"id": "d-1", "office": "乙县", "files": files, "why": "办公会纪要"});
    let told = town.post(&clerk, "/api/schemes/x", &own).await.told();
    assert_eq!(told, format!("404{}", " not-in-the-record".repeat(files.len())), "files of another");
    let path = "/api/schemes/%E4%B9%A1%E6%B0%91%E6%94%BF";
    let said = town.post(&office, path, &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let scheme = town.get(&office, path).await.json();
    assert!(scheme["outline"]["indicators"].as_array().is_some_and(|all| all.len() > 5), "{scheme}");
    // Whoever is below sees it, and its files.
    let hash = files[0]["content"].as_str().expect("a hash");
    assert_eq!(town.get(&clerk, path).await.status, 200);
    assert_eq!(town.get(&clerk, &format!("/api/contents/{hash}")).await.status, 200);

    let results = "/api/results/%E4%B9%A1%E6%B0%91%E6%94%BF";
    let round = json!({"id": "r-1", "round": ""});
    assert_eq!(town.post(&clerk, results, &round).await.told(), "403 not-entitled");
    assert_eq!(town.post(&office, "/api/results/x", &round).await.told(), "404 not-in-the-record");
    let said = town.post(&office, results, &round).await;
    assert_eq!(said.status, 201, "{}", said.text());
    // Sent again, it is the same deed, although the record is longer by now and the program would score it anew.
    let more =
        town.deed(&office, "f-1", json!({"define-figure": kaoping_web::openapi::deeds()["define-figure"]})).await;
    assert_eq!(more.status, 201, "{}", more.text());
    let again = town.post(&office, results, &round).await;
    assert_eq!((again.status, again.json()["again"].as_bool()), (200, Some(true)), "{}", again.text());
    assert_eq!(again.json()["number"], said.json()["number"]);
    let again = town.post(&office, path, &body).await;
    assert_eq!((again.status, again.json()["again"].as_bool()), (200, Some(true)), "{}", again.text());
    let other = json!({"id": "r-1", "round": "", "why": "另一件"});
    assert_eq!(town.post(&office, results, &other).await.told(), "409 id-used-otherwise");
    assert_eq!(town.get(&office, "/api/totals").await.column("unit"), ["丙县", "乙县", "乙镇"]);
    assert_eq!(town.get(&clerk, "/api/totals").await.column("unit"), Vec::<String>::new(), "not before it is sealed");
}

#[tokio::test]
async fn adopting_takes_a_larger_body_than_other_deeds() {
    let town = Town::new();
    let office = town.login("A1").await;
    let body = |bytes: usize| json!({"id": "d-1", "office": "甲市", "files": [], "why": "x".repeat(bytes)});
    let said = |told: String| !told.contains("body-too-large");
    assert!(said(town.post(&office, "/api/schemes/x", &body(2 << 20)).await.told()), "two mebibytes are taken");
    assert_eq!(town.post(&office, "/api/schemes/x", &body(16 << 20)).await.told(), "413 body-too-large");
    let deed = json!({"id": "d-2", "act": {"open-account": {"account": "A9"}}, "why": "x".repeat(1 << 20)});
    assert_eq!(town.post(&office, "/api/deeds", &deed).await.told(), "413 body-too-large");
}

#[tokio::test]
async fn what_is_wrong_with_a_policy_is_said_with_its_place() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "livelihood-as-issued").await;
    let size = town.office.desk.read(|shown| shown.state.size);
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "急用"});
    let said = town.post(&office, "/api/schemes/x", &body).await;
    assert_eq!(said.status, 422, "{}", said.text());
    let finding = &said.json()["findings"][0];
    assert!(finding["where"]["line"].is_u64() && finding["name"].is_string(), "{finding}");
    assert_eq!(town.office.desk.read(|shown| shown.state.size), size);
}

/// A hash nobody uploaded, and a file that is no text: both are told, each where it stands, with what to do.
#[tokio::test]
async fn files_that_cannot_be_adopted_are_told_one_by_one() {
    let town = Town::new();
    let office = town.login("A1").await;
    let mut files = town.uploaded(&office, "township-2014").await;
    let size = files.len();
    files.push(json!({"path": "notes.md", "content": format!("sha256:{}", "0".repeat(64))}));
    files.push(json!({"path": "old.csv", "content": town.kept(&office, vec![0xff, 0xfe, 0xff]).await}));
    files.push(json!({"path": "more.md", "content": format!("sha256:{}", "1".repeat(64))}));
    let said = town
        .post(&office, "/api/schemes/x", &json!({"id": "d-1", "office": "甲市", "files": files, "why": "急"}))
        .await;
    assert_eq!(said.told(), "404 not-in-the-record body-type-unfit not-in-the-record");
    let findings = said.json()["findings"].clone();
    for (at, place) in [(0, size), (1, size + 1), (2, size + 2)] {
        assert_eq!(findings[at]["where"], json!({"what": "body", "pointer": format!("/files/{place}/content")}));
    }
    assert_eq!(
        findings[0]["message"],
        format!("文件“notes.md”的内容没有上传，或者你看不到：sha256:{}", "0".repeat(64))
    );
    assert!(findings[0]["next"].as_str().is_some_and(|next| next.contains("POST 到 /api/contents")), "{findings}");
}

#[tokio::test]
async fn what_the_program_finds_out_is_not_taken_from_outside() {
    let town = Town::new();
    let office = town.login("A1").await;
    for name in ["found", "adopt-scheme", "put-down-results"] {
        let says = kaoping_web::openapi::deeds()[name].clone();
        assert_eq!(town.deed(&office, "d-1", json!({ name: says })).await.told(), "422 deed-made-here", "{name}");
    }
}

#[tokio::test]
async fn a_value_that_could_not_be_scored_is_refused_and_what_is_odd_is_told() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "补考 2014 年"});
    let path = "/api/schemes/%E4%B9%A1%E6%B0%91%E6%94%BF";
    assert_eq!(town.post(&office, path, &body).await.status, 201);
    let scheme = town.get(&office, path).await.json();
    // The outline says what each input takes; one that has a most is asked for more.
    let indicators = scheme["outline"]["indicators"].as_array().expect("indicators").clone();
    let inputs = indicators.iter().flat_map(|of| {
        of["fields"].as_array().into_iter().flatten().map(move |field| (of["id"].clone(), field["name"].clone(), field))
    });
    let bounded = inputs.filter(|(.., field)| field["takes"]["number"]["least"]["value"] == "0");
    let (indicator, field, _) = bounded.into_iter().next().expect("an input from zero on");
    let assess = |value: &str| {
        let values = json!([{"indicator": indicator, "field": field, "value": value, "kind": ""}]);
        json!({"assess": {"scheme": "乡民政", "round": "", "office": "乙县", "values": values}})
    };
    for value in ["-5", "abc"] {
        let said = town.deed(&office, "a-1", assess(value)).await;
        assert_eq!(said.told(), "422 value-not-fitting", "{}", said.text());
        let finding = &said.json()["findings"][0];
        let (indicator, field) = (indicator.as_str().expect("an id"), field.as_str().expect("a name"));
        assert_eq!(finding["message"], format!("“乙县”的“{indicator}/{field}”：“{value}”用不上"));
        assert!(finding["why"] != "" && finding["next"] != "" && finding["level"] == "error", "{finding}");
        let dry = town.post(&office, "/api/deeds/check", &json!({"act": assess(value)})).await.json();
        assert_eq!(dry["findings"][0], *finding, "the dry run says the same");
    }
    // What is odd stops nothing: it is told before, and with the receipt.
    let card = kaoping_web::openapi::deeds()["define-figure"].clone();
    assert_eq!(town.deed(&office, "f-1", json!({"define-figure": card})).await.status, 201);
    let open = json!({"open-collection": {
        "collection": "去年", "title": "去年的数", "scheme": "乡民政", "period": "2014-06",
        "figures": [card["figure"]], "offices": ["乙县"], "from": "2025-11-08", "working_days": 3, "grace_days": 0,
        "counted_in": null,
    }});
    let dry = town.post(&office, "/api/deeds/check", &json!({"act": open, "why": "因为要做"})).await.json();
    let told = |said: &serde_json::Value| {
        let findings = said["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().map(|one| format!("{} {}", one["level"], one["name"])).collect::<Vec<_>>()
    };
    let all =
        ["\"warning\" \"due-date-past\"", "\"warning\" \"figure-unused\"", "\"warning\" \"holidays-unannounced\""];
    assert_eq!(told(&dry), all);
    let said = town.deed(&office, "c-1", open.clone()).await;
    assert_eq!((said.status, told(&said.json())), (201, told(&dry)), "{}", said.text());
    let again = town.deed(&office, "c-1", open).await;
    assert_eq!((again.status, told(&again.json())), (200, Vec::new()), "{}", again.text());
}
