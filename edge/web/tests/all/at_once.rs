//! Two at once over HTTP: the second is told who came first. What results rest on, and where an event counts.

use crate::town::Town;
use kaoping_office::Role;
use serde_json::{Value, json};

fn report(value: &str, replaces: Option<u64>) -> Value {
    let figure = json!({"figure": "新增就业", "value": value, "evidence": [], "answer": ""});
    json!({"submit-report": {"collection": "一月", "office": "乙县", "figures": [figure], "replaces": replaces}})
}

#[tokio::test]
async fn of_two_clerks_with_one_report_the_second_is_told_of_the_first() {
    let town = Town::new();
    town.asked();
    town.joins("C9", "乙县", Role::Clerk);
    let (one, other) = (town.login("C1").await, town.login("C9").await);
    let both = tokio::join!(town.deed(&one, "d-1", report("880", None)), town.deed(&other, "d-2", report("890", None)));
    let mut told = [both.0.told(), both.1.told()];
    told.sort();
    assert!(told[0].starts_with("201") && told[1].starts_with("409 report-changed"), "{told:?}");
    let (first, again) = if both.0.status == 201 { (both.0, &other) } else { (both.1, &one) };
    let number = first.json()["number"].as_u64();
    assert_eq!(town.deed(again, "d-3", report("900", number)).await.status, 201, "who has seen it replaces it");
    let late = town.deed(&one, "d-4", report("901", number)).await.told();
    assert!(late.starts_with("409 report-changed"), "{late}");
    let dry = town.post(&one, "/api/deeds/check", &json!({"act": report("901", number)})).await.json();
    assert_eq!(dry["findings"][0]["name"], "report-changed", "the dry run says it, too");
}

/// `/api/schemes/民生工程` and `/api/results/民生工程`
const SCHEME: &str = "/api/schemes/%E6%B0%91%E7%94%9F%E5%B7%A5%E7%A8%8B";
const RESULTS: &str = "/api/results/%E6%B0%91%E7%94%9F%E5%B7%A5%E7%A8%8B";

async fn adopted(town: &Town, office: &str, policy: &str) {
    let files = town.uploaded(office, policy).await;
    let mut stray = files.clone();
    stray.push(json!({"path": "../../etc/passwd", "content": files[0]["content"]}));
    let body = json!({"id": "adopt", "office": "甲市", "files": stray, "why": "办公会纪要"});
    assert_eq!(town.post(office, SCHEME, &body).await.told(), "422 value-not-fitting", "a path that strays");
    let body = json!({"id": "adopt", "office": "甲市", "files": files, "why": "办公会纪要"});
    let said = town.post(office, SCHEME, &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let body = json!({"id": "adopt-2", "office": "甲市", "files": files, "why": "再来一次"});
    assert_eq!(town.post(office, SCHEME, &body).await.told(), "422 not-now", "nothing is amended");
}

#[tokio::test]
async fn of_two_results_at_once_one_is_put_down() {
    let town = Town::new();
    let office = town.login("A1").await;
    adopted(&town, &office, "township-2014").await;
    let body =
        |id: &str, why: &str, replaces: Option<u64>| json!({"id": id, "round": "", "why": why, "replaces": replaces});
    let (one, other) = (body("r-1", "甲汇总", None), body("r-2", "乙汇总", None));
    let both = tokio::join!(town.post(&office, RESULTS, &one), town.post(&office, RESULTS, &other));
    let mut told = [both.0.told(), both.1.told()];
    told.sort();
    assert!(told[0].starts_with("201") && told[1] == "409 results-changed", "{told:?}");
    let entry = town.get(&office, "/api/results").await.json()["items"][0]["entry"].as_u64();
    let first = if both.0.status == 201 { &both.0 } else { &both.1 };
    assert_eq!(entry, first.json()["number"].as_u64(), "the list tells which entry it was");
    assert_eq!(town.post(&office, RESULTS, &body("r-3", "", None)).await.told(), "409 results-changed");
    assert_eq!(town.post(&office, RESULTS, &body("r-4", "", entry)).await.status, 201);
    let page = town.get(&office, "/schemes/%E6%B0%91%E7%94%9F%E5%B7%A5%E7%A8%8B/sheet").await.text();
    assert!(page.contains("name=\"replaces\" data-type=\"number\" value=\""), "the form says which it replaces");
}

#[tokio::test]
async fn results_with_errors_are_not_put_down() {
    let town = Town::new();
    let office = town.login("A1").await;
    adopted(&town, &office, "livelihood").await;
    let size = town.office.desk.read(|shown| shown.state.size);
    let round = town.get(&office, SCHEME).await.json()["outline"]["rounds"][0].as_str().unwrap_or_default().to_owned();
    let said = town.post(&office, RESULTS, &json!({"id": "r-1", "round": round})).await;
    assert_eq!(said.status, 422, "{}", said.text());
    let findings = said.json()["findings"].as_array().cloned().unwrap_or_default();
    assert!(
        findings.iter().any(|found| found["level"] == "error" && found["name"] == "unit-not-classified"),
        "{findings:?}"
    );
    assert_eq!(town.office.desk.read(|shown| shown.state.size), size, "nothing was put down");
}

#[tokio::test]
async fn an_event_says_in_which_schemes_it_counts() {
    let town = Town::new();
    town.until_assessed();
    let office = town.login("A1").await;
    let event = |list: &Value| list["items"][0]["counts_in"].clone();
    assert_eq!(event(&town.get(&office, "/api/events").await.json()), json!(["民生"]));
    let mut other = kaoping_web::openapi::deeds()["adopt-scheme"].clone();
    other["scheme"] = json!("平安");
    let act: kaoping_office::Act = serde_json::from_value(json!({"adopt-scheme": other})).expect("a deed");
    town.because(("A1", "甲市", Role::AssessmentOffice), act, &[]);
    let found = town.get(&office, "/api/events").await;
    assert_eq!(event(&found.json()), json!(["平安", "民生"]), "in every scheme that has the table");
    let csv = town.get(&office, "/api/events.csv").await.text();
    assert!(csv.lines().next().is_some_and(|head| head.trim_end().ends_with(",counts_in")), "{csv}");
    let withdraw = json!({"withdraw-event": {"table": "上访", "id": "信访-0007"}});
    assert_eq!(town.deed(&office, "w", withdraw).await.status, 201);
    assert_eq!(event(&town.get(&office, "/api/events").await.json()), json!([]), "withdrawn it counts nowhere");
}

#[tokio::test]
async fn what_was_asked_by_mistake_is_taken_back_on_its_page() {
    let town = Town::new();
    town.asked();
    let (office, clerk) = (town.login("A1").await, town.login("C1").await);
    let offers = |page: &str| page.contains("data-deed=\"cancel-collection\"");
    assert!(offers(&town.get(&office, "/reports").await.text()));
    assert!(!offers(&town.get(&clerk, "/reports").await.text()), "who is asked does not take it back");
    assert_eq!(town.deed(&clerk, "d-1", report("880", None)).await.status, 201);
    assert!(!offers(&town.get(&office, "/reports").await.text()), "somebody has reported");
    town.asks_again();
    assert!(offers(&town.get(&office, "/reports").await.text()));
    let cancel = json!({"cancel-collection": {"collection": "二月"}});
    let body = json!({"id": "c-1", "act": cancel, "why": "期间写错"});
    assert_eq!(town.post(&office, "/api/deeds", &body).await.status, 201);
    assert_eq!(town.get(&office, "/api/collections").await.column("collection"), ["一月"]);
    assert_eq!(town.get(&clerk, "/api/owed").await.column("deed"), Vec::<String>::new());
}

#[tokio::test]
async fn a_notice_in_the_place_of_another_has_a_reason_and_tells_what_it_moves() {
    let town = Town::new();
    town.asked();
    let office = town.login("A1").await;
    let due = town.get(&office, "/api/collections").await.column("due").remove(0);
    let notice = json!({"enter-notice": {"year": 2026, "notice": "新通知", "rest": [due], "work": []}});
    let said = town.post(&office, "/api/deeds", &json!({"id": "n-2", "act": notice, "why": "防汛停工"})).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let found = said.json()["findings"][0].clone();
    assert_eq!((&found["name"], &found["level"]), (&json!("deadline-moved"), &json!("note")), "{}", said.text());
    let now = town.get(&office, "/api/collections").await.column("due").remove(0);
    let told = found["message"].as_str().unwrap_or_default();
    assert!(told.contains(&format!("{due} → {now}")) && told.contains("一月"), "{told}");
    let bare = json!({"id": "n-3", "act": notice});
    assert_eq!(town.post(&office, "/api/deeds", &bare).await.told(), "422 reason-needed");
}
