//! Rounds side by side, exemptions and awards as they are asked for, and what a publication names.

use crate::town::Town;
use kaoping_ledger::SignedCheckpoint;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn rounds_stand_side_by_side_with_their_differences() {
    let town = Town::new();
    town.year();
    let office = town.login("A1").await;
    let rounds = town.get(&office, "/api/rounds?scheme=%E6%B0%91%E7%94%9F").await;
    let items = rounds.json()["items"].as_array().expect("rows").clone();
    let line = |round: &str, field: &str| {
        let found = items.iter().find(|item| item["round"] == round && item["field"] == field);
        found.unwrap_or_else(|| panic!("{items:#?}")).clone()
    };
    let own = line("自评", "完成数");
    assert_eq!((&own["reported"], &own["value"], &own["difference"]), (&json!("-880"), &json!("-880"), &json!("")));
    let later = line("验收", "完成数");
    assert_eq!(
        (&later["value"], &later["difference"], &later["kind"]),
        (&json!("870"), &json!("+1750"), &json!("data"))
    );
    assert_eq!((&later["why"], &later["exempt_by"]), (&json!("按规定"), &json!("豁免1")));
    // As a table, cut into pages, and only what is asked for.
    let table = town.get(&office, "/api/rounds.csv?round=%E9%AA%8C%E6%94%B6&limit=1").await.text();
    assert!(table.starts_with("\u{feff}scheme,unit,indicator,field,reported,round,value"), "{table}");
    assert_eq!(table.lines().count(), 2, "{table}");
    let page = town.get(&office, "/api/rounds?limit=1").await;
    assert_eq!(page.json()["next"], json!("/api/rounds?limit=1&from=1"));
    assert_eq!(town.get(&office, "/api/rounds?sheme=x").await.told(), "400 parameter-not-usable");
}

#[tokio::test]
async fn a_publication_names_the_checkpoint_that_proves_it() {
    let town = Town::new();
    town.year();
    let office = town.login("A1").await;
    assert_eq!(town.get(&office, "/api/publications").await.json()["items"], json!([]));
    let answer = json!({"answer": {"objection": "异议1", "upheld": false}});
    assert_eq!(town.deed(&office, "answer-1", answer).await.status, 201);
    town.wait(14 * DAY_MS);
    let office = town.login("A1").await;
    let publish = json!({"publish": {"scheme": "民生", "round": "验收"}});
    let said = town.deed(&office, "publish-1", publish).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let number = said.json()["number"].as_u64().expect("a number");
    // A clerk of the county sees it, and can take it to whoever checks.
    let clerk = town.login("C1").await;
    let made = town.get(&clerk, "/api/publications").await.json()["items"][0].clone();
    assert_eq!(
        (&made["what"], &made["entry"], &made["leaf"]),
        (&json!("results"), &json!(number), &said.json()["hash"])
    );
    let note = made["checkpoint"].as_str().expect("a note");
    let signed = SignedCheckpoint::parse(note).expect("a checkpoint");
    assert!(signed.checkpoint.size > number && made["root"] == json!(signed.checkpoint.root.to_string()));
    let path = format!("/api/record/{number}/proof?size={}", signed.checkpoint.size);
    assert_eq!(town.get(&clerk, &path).await.json()["root"], made["root"]);
    assert_eq!(town.get(&clerk, "/api/awards").await.column("status"), ["proposed"]);
}
