//! Standards for people: beside their regulation, imagined otherwise, and written; who may do which.

use crate::town::Town;
use serde_json::{Value, json};

/// A town with a scheme whose round can be worked out.
async fn adopted() -> (Town, String) {
    adopted_of("township-2014").await
}

async fn adopted_of(policy: &str) -> (Town, String) {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, policy).await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    (town, office)
}

/// What a `textarea` of the page holds.
fn texts(page: &str) -> Vec<Value> {
    let plain = |text: &str| {
        text.replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#39;", "'")
            .replace("&#38;", "&")
    };
    let areas = page.split("class=\"file\" data-path=\"").skip(1);
    let text = |area: &str| {
        let (path, rest) = area.split_once('"').expect("a path");
        let text = rest.split_once(">\n").expect("a text").1.split("</textarea>").next().expect("an end");
        json!({"path": plain(path), "text": plain(text)})
    };
    areas.map(text).collect()
}

#[tokio::test]
async fn a_standard_stands_beside_its_regulation_for_those_who_hear_of_it() {
    let (town, office) = adopted().await;
    let page = town.get(&office, "/schemes/x").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let item = text.find("class=\"ind\" id=\"item-").expect("an item");
    let anchor = text[item..].split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
    assert!(text.contains("id=\"clause-") && text.contains("href=\"#clause-"), "each item leads to its clause");
    assert!(anchor.starts_with("item-") && text.contains("/schemes/x/edit"), "{anchor}");
    let clerk = town.login("C1").await;
    let seen = town.get(&clerk, "/schemes/x").await;
    assert_eq!(seen.status, 200);
    assert!(!seen.text().contains("/schemes/x/edit"), "writing is offered to those who may adopt");
    assert_eq!(town.get(&clerk, "/schemes/x?version=999").await.status, 404);
    assert_eq!(town.get(&clerk, "/schemes/y").await.status, 404);
    let list = town.get(&clerk, "/schemes").await.text();
    assert!(list.contains("href=\"/schemes/x\"") && !list.contains("/schemes/new"), "{list}");
    for inline in [" style=\"", "<script>", "javascript:"] {
        assert!(!text.contains(inline), "`{inline}` stands in the page");
    }
}

#[tokio::test]
async fn what_would_be_is_told_with_its_causes_and_nothing_is_put_down() {
    let (town, office) = adopted().await;
    let size = || town.office.desk.read(|shown| shown.state.size);
    let before = size();
    let page = town.get(&office, "/schemes/x/what-if").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let row = text.find("data-item=\"").expect("an item");
    let id = text[row..].split('"').nth(1).expect("an id").to_owned();
    assert!(text[row..].contains("data-what=\"\""), "points can be another");
    let same = town.post(&office, "/api/what-if/x", &json!({})).await;
    assert_eq!(same.status, 200, "{}", same.text());
    assert_eq!(same.json()["policy"], json!([]));
    let said = town.post(&office, "/api/what-if/x", &json!({"changes": [{"indicator": id, "value": "77"}]})).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let change = said.json()["policy"][0].as_str().expect("a change").to_owned();
    assert!(change.contains("→ 77 分"), "a bare number takes the unit that stands there: {change}");
    // What the checker would say of it, and does not say now.
    let asked = |value: &str| json!({"changes": [{"indicator": id, "value": value}]});
    let check = town.post(&office, "/api/what-if/x/check", &asked("77")).await;
    let names = |said: &serde_json::Value| -> Vec<String> {
        let found = said["findings"].as_array().expect("findings").iter();
        found
            .map(|one| format!("{} {}", one["level"].as_str().unwrap_or(""), one["name"].as_str().unwrap_or("")))
            .collect()
    };
    let brought = names(&check.json());
    assert!(brought.iter().any(|one| one.starts_with("error")), "{brought:?}: {}", check.text());
    let same = &text[text[row..].find("data-now=\"").expect("what it is") + row..];
    let same = same.split('"').nth(1).expect("points");
    assert_eq!(names(&town.post(&office, "/api/what-if/x/check", &asked(same)).await.json()), Vec::<String>::new());
    let none = json!({"changes": [{"indicator": id, "what": "没有的参数", "value": "1"}]});
    assert_eq!(town.post(&office, "/api/what-if/x", &none).await.told(), "400 parameter-not-usable");
    for wrong in ["-3", "abc", ""] {
        let said = town.post(&office, "/api/what-if/x", &json!({"changes": [{"indicator": id, "value": wrong}]})).await;
        assert_eq!(said.told(), "422 value-not-fitting", "{wrong}: {}", said.text());
        let first = &said.json()["findings"][0];
        assert_eq!(first["where"]["pointer"], "/changes/0/value", "{first}");
    }
    // A figure for every office is judged once.
    let outline = town.get(&office, "/api/schemes/x").await.json()["outline"].clone();
    let numbers = outline["indicators"].as_array().expect("indicators").iter().flat_map(|of| {
        let fields = of["fields"].as_array().expect("fields");
        fields.iter().map(move |field| (of["id"].clone(), field.clone()))
    });
    let (of, input) = { numbers }.find(|(_, field)| field["takes"]["number"].is_object()).expect("a number");
    let figure = json!({"indicator": of, "field": input["name"], "value": "五千"});
    let said = town.post(&office, "/api/what-if/x", &json!({"figures": [figure]})).await;
    assert_eq!(
        (said.told().as_str(), said.json()["findings"].as_array().map(Vec::len)),
        ("422 value-not-fitting", Some(1))
    );
    let clerk = town.login("C1").await;
    assert_eq!(town.post(&clerk, "/api/what-if/x", &json!({})).await.status, 404, "not before it is sealed");
    assert_eq!(town.get(&clerk, "/schemes/x/what-if").await.status, 404);
    assert_eq!(size(), before);
}

#[tokio::test]
async fn a_draft_is_kept_for_its_account_and_can_be_adopted() {
    let (town, office) = adopted().await;
    let page = town.get(&office, "/schemes/x/what-if").await.text();
    let row = page.find("data-item=\"").expect("an item");
    let id = page[row..].split('"').nth(1).expect("an id").to_owned();
    let path = "/api/policy-drafts/x";
    assert_eq!(town.get(&office, path).await.json(), json!({"draft": null}));
    let body = json!({"changes": [{"indicator": id, "value": "77"}]});
    assert_eq!(town.post(&office, path, &body).await.status, 200);
    let draft = town.get(&office, path).await.json()["draft"].clone();
    let files = draft["files"].as_array().expect("files").clone();
    assert!(files.iter().any(|file| file["text"].as_str().is_some_and(|text| text.contains("77 分"))), "{draft}");
    let other = town.login("L1").await;
    assert_eq!(town.get(&other, path).await.json(), json!({"draft": null}), "of nobody else");
    let edit = town.get(&office, "/schemes/x/edit").await;
    assert_eq!(edit.status, 200, "{}", edit.text());
    let texts = texts(&edit.text());
    assert_eq!(texts.len(), files.len(), "every file stands in the page");
    let checked = town.post(&office, "/api/check-policy", &json!({"files": texts})).await;
    assert_eq!((checked.status, checked.json()["errors"].clone()), (200, json!(0)), "{}", checked.text());
    assert!(checked.json()["items"][0]["range"].is_string() && checked.json()["rules"].is_array());
    let broken = town.post(&office, "/api/check-policy", &json!({"files": files})).await.json();
    assert_ne!(broken["errors"], json!(0), "points that no longer sum are found");
    assert_eq!(town.post(&office, path, &json!({})).await.status, 200);
    assert_eq!(town.get(&office, path).await.json(), json!({"draft": null}), "and forgotten");
}

#[tokio::test]
async fn writing_is_for_those_who_may_adopt() {
    let (town, office) = adopted().await;
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, "/schemes/x/edit").await.status, 403);
    assert_eq!(town.get(&clerk, "/schemes/new").await.status, 403);
    let page = town.get(&office, "/schemes/new").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let files = texts(&page.text());
    let checked = town.post(&office, "/api/check-policy", &json!({"files": files})).await.json();
    assert_eq!(checked["errors"], json!(0), "a new standard begins in order: {checked}");
}

#[tokio::test]
async fn versions_stand_side_by_side() {
    let (town, office) = adopted().await;
    let page = town.get(&office, "/schemes/x/what-if").await.text();
    let row = page.find("data-item=\"").expect("an item");
    let id = page[row..].split('"').nth(1).expect("an id").to_owned();
    let edit = town.get(&office, "/schemes/x/edit").await.text();
    let mut files = Vec::new();
    for file in texts(&edit) {
        let path = file["path"].as_str().expect("a path");
        let mut text = file["text"].as_str().expect("a text").to_owned();
        if path == "scheme.kp" {
            text.push_str("\n# 第二版\n");
        }
        let content = town.kept(&office, text.into_bytes()).await;
        files.push(json!({"path": path, "content": content}));
    }
    let body = json!({"id": "d-2", "office": "甲市", "files": files, "why": "第二次办公会"});
    let said = town.post(&office, "/api/schemes/x", &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let page = town.get(&office, "/schemes/x").await.text();
    assert!(page.contains("与上一版相比") && page.contains("<ins>+ # 第二版</ins>"), "{page}");
    assert!(page.contains("第二次办公会") && page.contains("指标和计分没有变化"), "{id}");
}

#[tokio::test]
async fn how_many_indicators_there_are_is_said_with_what_is_counted() {
    let (town, office) = adopted_of("livelihood").await;
    let number = |page: &str, before: &str, behind: &str| {
        let found = page.split(before).nth(1).and_then(|rest| rest.split(behind).next()).map(str::trim);
        found
            .and_then(|words| words.parse::<usize>().ok())
            .unwrap_or_else(|| panic!("no number behind `{before}`: {page}"))
    };
    let standard = town.get(&office, "/schemes/x").await.text();
    let all = number(&standard, "<dt>指标</dt><dd><span class=\"fact\">", "</span>");
    assert_eq!(all, standard.matches("class=\"ind\"").count());
    let with =
        number(&standard, &format!("<span class=\"fact\">{all}</span> <span class=\"sub small\">"), " 项有分值，");
    let without = number(&standard, " 项有分值，", " 项没有（扣分、备用等）");
    assert_eq!(with + without, all);
    let ranking = town.get(&office, "/schemes/x/ranking").await.text();
    let scored = number(&ranking, " 个单位 · ", " 项指标有得分");
    assert_eq!(scored, ranking.matches("<th class=\"num item\"").count());
    assert!(scored == all || ranking.contains(&format!("（标准共 {all} 项）")), "{scored} of {all}: {ranking}");
}

#[tokio::test]
async fn findings_of_a_table_are_told_by_their_cells() {
    let (town, office) = adopted().await;
    let mut files = texts(&town.get(&office, "/schemes/new").await.text());
    for file in &mut files {
        let text = file["text"].as_str().expect("a text").replace("2,考核指标", "2,民生");
        if file["path"] == "indicators.csv" {
            file["text"] = text.into();
        }
    }
    let said = town.post(&office, "/api/check-policy", &json!({"files": files})).await.json();
    let findings = said["findings"].as_array().expect("findings");
    let of = |name: &str| findings.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}: {said}"));
    assert_eq!(of("unknown-block")["cells"], json!([{"what": "indicators.csv", "line": 3, "column": "块"}]));
    let missing = &said["blocks"]["missing"][0];
    assert_eq!((&missing["block"], &missing["hindered"]), (&json!("民生"), &json!("")));
    let places: Vec<_> = missing["edits"].as_array().expect("edits").iter().map(|edit| &edit["what"]).collect();
    assert_eq!(places, ["scheme.kp", "scheme.kp"], "its statement and the total");
    assert_eq!((&said["mark"]["what"], &said["mark"]["text"]), (&json!("scheme.kp"), &json!("3 分")));
}
