//! What lists and pages tell is true at every moment: after a correction, of late reports, while something is open, and
//! once results are opened again.

use crate::town::{PAPER, Town};
use kaoping_office::Role;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

/// The sheet of 乙县 in the round 验收.
const SHEET: &str = "/schemes/%E6%B0%91%E7%94%9F/sheet?round=%E9%AA%8C%E6%94%B6&unit=%E4%B9%99%E5%8E%BF";

async fn page(town: &Town, account: &str, path: &str) -> String {
    let cookie = town.login(account).await;
    let said = town.get(&cookie, path).await;
    assert_eq!(said.status, 200, "{account} {path}: {}", said.text());
    said.text()
}

async fn does(town: &Town, account: &str, act: Value) {
    let cookie = town.login(account).await;
    let id = format!("deed-{}", town.office.desk.read(|shown| shown.state.size));
    let evidence = [town.paper(PAPER)];
    let said =
        town.post(&cookie, "/api/deeds", &json!({"id": id, "act": act, "why": "因为要做", "evidence": evidence})).await;
    assert_eq!(said.status, 201, "{account} {act}: {}", said.text());
}

fn correct(value: &str) -> Value {
    let decision =
        json!({"correct-figure": {"office": "乙县", "figure": "新增就业", "period": "2026-01", "value": value}});
    json!({"propose": {"proposal": "更正1", "decision": decision}})
}

/// The row of 乙县 for what it reported, in the round 验收.
async fn row(town: &Town) -> Value {
    let office = town.login("A1").await;
    let path = "/api/rounds?scheme=%E6%B0%91%E7%94%9F&unit=%E4%B9%99%E5%8E%BF&round=%E9%AA%8C%E6%94%B6";
    let rows = town.get(&office, path).await.json()["items"].clone();
    let found = rows.as_array().into_iter().flatten().find(|row| row["field"] == "完成数");
    found.cloned().unwrap_or_else(|| panic!("no such row: {rows}"))
}

#[tokio::test]
async fn a_reason_stays_with_the_numbers_it_was_given_for() {
    let town = Town::new();
    town.until_assessed();
    let first = row(&town).await;
    assert_eq!((&first["value"], &first["kind"], &first["why"]), (&json!("870"), &json!("data"), &json!("按规定")));
    assert_eq!((&first["why_of_others"], &first["value_now"]), (&Value::Null, &Value::Null));
    does(&town, "I1", correct("900")).await;
    does(&town, "A1", json!({"decide": {"proposal": "更正1", "approved": true}})).await;
    let after = row(&town).await;
    assert_eq!(
        (&after["reported"], &after["value"], &after["difference"]),
        (&json!("900"), &json!("870"), &json!("-30"))
    );
    assert_eq!((&after["kind"], &after["why"]), (&json!(""), &json!("")), "nobody said why it is thirty less");
    assert_eq!(after["why_of_others"], json!("-880 → 870: 按规定"));
    let shown = page(&town, "A1", SHEET).await;
    assert!(shown.contains("原因是对 -880 → 870 写的：按规定") && !shown.contains("class=\"src\">按规定"), "{shown}");
}

#[tokio::test]
async fn a_sealed_round_says_what_was_corrected_since() {
    let town = Town::new();
    town.until_assessed();
    let office = town.login("A1").await;
    // The results as they are put down; the file of scores is not what this is about.
    let (version, at) = town.office.desk.read(|shown| {
        let version = shown.state.schemes.values().next().and_then(|scheme| scheme.versions.last());
        (version.map_or(0, |version| version.number), shown.state.size)
    });
    let results = kaoping_office::deeds::rounds::PutDownResults {
        scheme: "民生".into(),
        round: "自评".into(),
        version,
        at,
        scores: town.paper(PAPER),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: None,
    };
    town.because(("A1", "甲市", Role::AssessmentOffice), kaoping_office::Act::PutDownResults(results), &[]);
    does(&town, "I1", correct("900")).await;
    // What is to be settled before it is sealed stands on the page, with who does it.
    let path = "/schemes/%E6%B0%91%E7%94%9F/sheet?round=%E8%87%AA%E8%AF%84";
    let open = page(&town, "G1", path).await;
    let list = open.split("id=\"still-open\"").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list");
    assert!(list.contains("申请“更正1”") && list.contains("先由考评办或领导小组批复这件申请"), "{list}");
    let group = town.login("G1").await;
    let seal = json!({"seal": {"scheme": "民生", "round": "自评", "objection_days": 3}});
    let checked = town.post(&group, "/api/deeds/check", &json!({"act": seal, "why": "会议审定"})).await;
    assert!(checked.told().contains("proposal-undecided"), "{}", checked.text());
    does(&town, "A1", json!({"decide": {"proposal": "更正1", "approved": true}})).await;
    assert!(!page(&town, "G1", path).await.contains("申请“更正1”"));
    let rows = town.get(&office, "/api/rounds?scheme=%E6%B0%91%E7%94%9F&round=%E8%87%AA%E8%AF%84").await;
    let values: Vec<_> = ["reported", "value", "value_now"].map(|name| rows.column(name)).into_iter().collect();
    assert_eq!(values.iter().map(|cells| &*cells[0]).collect::<Vec<_>>(), ["-880", "-880", "900"]);
    let entry = town.office.desk.read(|shown| shown.state.size) - 1;
    assert_eq!(rows.column("changed_in")[0], entry.to_string());
    let shown = page(&town, "U1", &format!("{path}&unit=%E4%B9%99%E5%8E%BF")).await;
    assert!(shown.contains("以后改为 900") && shown.contains(&format!("/record/{entry}")), "{shown}");
}

#[tokio::test]
async fn late_reports_are_rows_of_the_events() {
    let town = Town::new();
    town.until_assessed();
    let office = town.login("A1").await;
    let ask = json!({"open-collection": {
        "collection": "二月", "title": "二月就业数", "scheme": "民生", "period": "2026-02", "figures": ["新增就业"],
        "offices": ["乙县"], "from": "2026-01-05", "working_days": 1, "grace_days": 0, "counted_in": ["报送", "及时"],
    }});
    assert_eq!(town.deed(&office, "ask", ask).await.status, 201);
    town.wait(10 * DAY_MS);
    // Something has to happen for the record to know the day.
    let again = json!({"open-account": {"account": "Z9"}});
    let system = town.login("S1").await;
    assert_eq!(town.deed(&system, "day", again).await.status, 201);
    let office = town.login("A1").await;
    let list = town.get(&office, "/api/events").await;
    assert_eq!(list.column("id"), ["信访-0007", "二月/乙县"], "{}", list.text());
    let late = list.json()["items"][1].clone();
    assert_eq!((&late["by_rule"], &late["report"]), (&json!(true), &json!("二月/乙县")));
    assert_eq!((&late["cells"], &late["counts_in"]), (&json!("及时=否"), &json!(["民生"])));
    assert_eq!((&late["unit"], &late["objections"]), (&json!("乙县"), &json!([])));
    assert_eq!(list.json()["items"][0]["by_rule"], json!(false));
    let found = town.get(&office, "/api/events?event_table=%E6%8A%A5%E9%80%81&unit=%E4%B9%99%E5%8E%BF").await;
    assert_eq!(found.column("id"), ["二月/乙县"], "it is found like others");
    let first = town.get(&office, "/api/events?limit=1").await.json();
    let next = first["next"].as_str().expect("another page").to_owned();
    assert_eq!(town.get(&office, &next).await.column("id"), ["二月/乙县"]);
    let other = town.login("C2").await;
    assert_eq!(town.get(&other, "/api/events").await.column("id"), Vec::<String>::new());
    let shown = page(&town, "I1", "/matters?kind=events").await;
    for said in ["报送 二月/乙县", "由程序按规则记入：二月就业数 迟报", "data-deed=\"object\""] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let about = json!({"event": {"table": "报送", "id": "二月/乙县"}});
    does(&town, "I1", json!({"object": {"objection": "异议9", "office": "乙县", "about": about, "answer_days": 5}}))
        .await;
    let objections = |list: &Value| list["items"][1]["objections"].clone();
    assert_eq!(objections(&town.get(&office, "/api/events").await.json()), json!(["异议9 open"]));
    does(&town, "A1", json!({"answer": {"objection": "异议9", "upheld": true}})).await;
    let after = town.get(&office, "/api/events").await.json();
    assert_eq!(objections(&after), json!(["异议9 upheld"]));
    let late = &after["items"][1];
    assert_eq!((&late["by_rule"], &late["counts_in"]), (&json!(true), &json!([])), "withdrawn it counts nowhere");
    assert_eq!(after["items"].as_array().map(Vec::len), Some(2), "and it stands there once");
}

#[tokio::test]
async fn results_opened_again_are_told_as_they_are() {
    let town = Town::new();
    town.year();
    town.joins("A4", "甲市", Role::AssessmentOffice);
    let office = town.login("A1").await;
    let results = |list: &Value| list["items"][0].clone();
    let sealed = results(&town.get(&office, "/api/results").await.json());
    assert_eq!((&sealed["sealed_by"], &sealed["reopened"]), (&json!("G1"), &json!(false)));
    assert_eq!(sealed["sealed_before"], json!([]));
    let seal = town
        .office
        .desk
        .read(|shown| shown.state.results.values().next().and_then(|results| results.sealed_in).expect("a seal"));
    does(&town, "A1", json!({"answer": {"objection": "异议1", "upheld": true}})).await;
    let decision = json!({"revise-results": {"scheme": "民生", "round": "验收"}});
    does(&town, "A1", json!({"propose": {"proposal": "重开1", "decision": decision}})).await;
    does(&town, "A4", json!({"decide": {"proposal": "重开1", "approved": true}})).await;
    let now = results(&town.get(&office, "/api/results").await.json());
    assert_eq!((&now["sealed_by"], &now["objections_until"]), (&Value::Null, &Value::Null), "{now}");
    assert_eq!((&now["reopened"], &now["sealed_before"]), (&json!(true), &json!([seal])));
    let shown = page(&town, "A1", SHEET).await;
    assert!(shown.contains("G1 封存过，已重开") && shown.contains("已重开，待重新汇总"), "{shown}");
    assert!(!page(&town, "G1", SHEET).await.contains("id=\"seal\""), "nothing is sealed before it is put down anew");
    // Those it was shown to still see what they saw.
    assert!(page(&town, "C1", SHEET).await.contains("870"));
}
