//! Unfinished reports: two people at one, restarts, limits, and their end.

use crate::town::Town;
use kaoping_office::Role;
use serde_json::{Value, json};

/// `/api/drafts/一月/乙县`
const DRAFT: &str = "/api/drafts/%E4%B8%80%E6%9C%88/%E4%B9%99%E5%8E%BF";

fn draft(value: &str) -> Value {
    json!({"figures": [{"figure": "新增就业", "value": value}]})
}

#[tokio::test]
async fn two_people_at_one_draft() {
    let town = Town::new();
    town.asked();
    town.joins("C9", "乙县", Role::Clerk);
    let (one, other) = (town.login("C1").await, town.login("C9").await);
    assert_eq!(town.get(&one, DRAFT).await.told(), "404 not-in-the-record");
    let said = town.put(&one, DRAFT, None, &draft("88")).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let first = said.header("etag").to_owned();
    let seen = town.get(&other, DRAFT).await;
    assert_eq!((seen.header("etag"), &seen.json()["by"]), (first.as_str(), &json!("C1")), "clerks share it");
    town.wait(60_000);
    let second = town.put(&other, DRAFT, Some(&first), &draft("880")).await.header("etag").to_owned();
    assert_ne!(first, second);
    let late = town.put(&one, DRAFT, Some(&first), &draft("8")).await;
    assert_eq!(late.told(), "412 draft-changed");
    assert_eq!(late.json()["findings"][0]["where"], json!({"what": "header", "name": "If-Match"}));
    assert!(late.text().contains("C9") && late.text().contains("08:01"), "whose, and when: {}", late.text());
    assert_eq!(town.put(&one, DRAFT, None, &draft("8")).await.told(), "412 draft-changed", "none was seen");
    assert_eq!(town.delete(&one, DRAFT, &first).await.told(), "412 draft-changed");
    assert_eq!(town.get(&one, DRAFT).await.json()["figures"][0]["value"], "880");
    assert_eq!(town.delete(&one, DRAFT, &second).await.status, 200);
    assert_eq!(town.put(&other, DRAFT, Some(&second), &draft("1")).await.told(), "412 draft-changed", "it is gone");
    let third = town.put(&one, DRAFT, None, &draft("2")).await.header("etag").to_owned();
    assert!(third != first && third != second, "a version is never that of another draft");
}

#[tokio::test]
async fn a_draft_ends_with_its_report_and_never_stands_in_the_record() {
    let town = Town::new();
    town.asked();
    let clerk = town.login("C1").await;
    let size = town.office.desk.read(|shown| shown.state.size);
    assert_eq!(town.put(&clerk, DRAFT, None, &draft("880")).await.status, 200);
    assert_eq!(town.office.desk.read(|shown| shown.state.size), size);
    let figure = json!({"figure": "新增就业", "value": "880", "evidence": [], "answer": ""});
    let report = json!({"submit-report": {"collection": "一月", "office": "乙县", "figures": [figure]}});
    assert_eq!(town.deed(&clerk, "d-1", report).await.status, 201);
    assert_eq!(town.get(&clerk, DRAFT).await.told(), "404 not-in-the-record");
    let reviewer = town.login("R1").await;
    let review = json!({"review-report": {"collection": "一月", "office": "乙县"}});
    assert_eq!(town.deed(&reviewer, "d-2", review).await.status, 201);
    assert_eq!(town.put(&clerk, DRAFT, None, &draft("1")).await.told(), "422 draft-of-nothing");
}

#[tokio::test]
async fn a_draft_survives_a_restart_and_not_a_quarter_of_a_year() {
    let town = Town::new();
    town.asked();
    let clerk = town.login("C1").await;
    let tag = town.put(&clerk, DRAFT, None, &draft("880")).await.header("etag").to_owned();
    let Town { router, office, now_ms, log, place } = town;
    drop((router, office, log));
    let town = Town::empty(place, 1000, false);
    town.now_ms.store(now_ms.load(std::sync::atomic::Ordering::SeqCst), std::sync::atomic::Ordering::SeqCst);
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, DRAFT).await.header("etag"), tag);
    town.wait(91 * 24 * 3_600_000);
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, DRAFT).await.told(), "404 not-in-the-record");
    assert_eq!(town.put(&clerk, DRAFT, None, &draft("1")).await.status, 200, "and another one is begun");
}

#[tokio::test]
async fn a_draft_is_not_large_and_not_of_another_form() {
    let town = Town::new();
    town.asked();
    let clerk = town.login("C1").await;
    assert_eq!(town.put(&clerk, DRAFT, None, &draft(&"9".repeat(256 << 10))).await.told(), "413 body-too-large");
    let many: Vec<Value> = (0..2001).map(|_| json!({"figure": "a"})).collect();
    assert_eq!(town.put(&clerk, DRAFT, None, &json!({"figures": many})).await.told(), "413 body-too-large");
    assert_eq!(town.put(&clerk, DRAFT, None, &json!({"figures": [], "x": 1})).await.told(), "400 body-not-readable");
    let nothing = "/api/drafts/none/%E4%B9%99%E5%8E%BF";
    assert_eq!(town.put(&clerk, nothing, None, &draft("1")).await.told(), "404 not-in-the-record");
    assert_eq!(town.get("", DRAFT).await.told(), "401 not-signed-in");
}
