//! Pages about reports: who sees figures, who is offered which form, what is said before something is handed in.

use crate::town::{PAPER, Town};
use kaoping_office::Role;
use serde_json::{Value, json};

/// `/reports/一月/乙县`
const SHEET: &str = "/reports/%E4%B8%80%E6%9C%88/%E4%B9%99%E5%8E%BF";

/// Which forms a page offers.
fn offers(page: &str) -> Vec<&'static str> {
    let forms = ["data-edits", "review-report", "sign-report", "return-report", "\"propose\"", "anew=1"];
    forms.into_iter().filter(|form| page.contains(form)).collect()
}

async fn page(town: &Town, cookie: &str) -> String {
    let said = town.get(cookie, SHEET).await;
    assert_eq!(said.status, 200, "{}", said.text());
    said.text()
}

fn figure(value: &str, answer: &str) -> Value {
    json!({"figure": "新增就业", "value": value, "evidence": [], "answer": answer})
}

/// A step as the form of a page sends it.
fn seen(name: &str, page: &str) -> Value {
    let value = page.split_once("name=\"seen\" data-type=\"number\" value=\"").expect("a form").1;
    let number: u64 = value.split('"').next().and_then(|number| number.parse().ok()).expect("an entry");
    json!({name: {"collection": "一月", "office": "乙县", "seen": number}})
}

fn report(value: &str) -> Value {
    json!({"submit-report": {"collection": "一月", "office": "乙县", "figures": [figure(value, "")]}})
}

fn step(name: &str) -> Value {
    json!({name: {"collection": "一月", "office": "乙县"}})
}

#[tokio::test]
async fn each_is_offered_what_is_his_to_do_now_and_nothing_else() {
    let town = Town::new();
    town.asked();
    let (clerk, reviewer, signer) = (town.login("C1").await, town.login("R1").await, town.login("I1").await);
    let (office, auditor) = (town.login("A1").await, town.login("U1").await);
    let all = |pages: [String; 5]| pages.map(|page| offers(&page).join(" "));
    let pages = async || {
        all([
            page(&town, &clerk).await,
            page(&town, &reviewer).await,
            page(&town, &signer).await,
            page(&town, &office).await,
            page(&town, &auditor).await,
        ])
    };
    assert_eq!(pages().await, ["data-edits", "", "", "", ""]);
    assert!(page(&town, &reviewer).await.contains("由本单位填报人填报"), "who does it is said in words");
    assert_eq!(town.deed(&clerk, "d-1", report("880")).await.status, 201);
    assert_eq!(pages().await, ["anew=1", "review-report return-report", "return-report", "", ""]);
    let anew = town.get(&clerk, &format!("{SHEET}?anew=1")).await.text();
    assert_eq!(offers(&anew), ["data-edits"]);
    assert!(anew.contains("value=\"880\""), "it begins with what was handed in");
    assert!(!offers(&town.get(&reviewer, &format!("{SHEET}?anew=1")).await.text()).contains(&"data-edits"));
    assert_eq!(town.deed(&reviewer, "d-2", step("review-report")).await.status, 201);
    assert_eq!(pages().await, ["", "return-report", "sign-report return-report", "", ""]);
    assert_eq!(town.deed(&signer, "d-3", step("sign-report")).await.status, 201);
    assert_eq!(pages().await, ["", "", "\"propose\"", "return-report", ""]);
}

#[tokio::test]
async fn figures_are_seen_by_the_office_and_above_once_they_are_signed() {
    let town = Town::new();
    town.asked();
    let (clerk, office, auditor) = (town.login("C1").await, town.login("A1").await, town.login("U1").await);
    assert_eq!(town.deed(&clerk, "d-1", report("880")).await.status, 201);
    assert!(page(&town, &clerk).await.contains("<b>880</b>"));
    let above = page(&town, &office).await;
    assert!(above.contains("签发以前，数字只有本单位看得到") && !above.contains("880"), "{above}");
    assert!(!above.contains("/record/"), "nor what was done with it");
    assert!(page(&town, &auditor).await.contains("<b>880</b>"), "who audits sees everything");
    for stranger in ["C2", "C3", "S1"] {
        let cookie = town.login(stranger).await;
        assert_eq!(town.get(&cookie, SHEET).await.status, 404, "{stranger}");
    }
    let elsewhere = "/reports/%E4%B8%80%E6%9C%88/%E4%B8%99%E5%8E%BF";
    assert_eq!(town.get(&office, elsewhere).await.status, 404, "nothing is asked of 丙县");
}

#[tokio::test]
async fn what_was_sent_back_comes_with_its_reason_and_what_changed_is_marked() {
    let town = Town::new();
    town.asked();
    let (clerk, reviewer, signer) = (town.login("C1").await, town.login("R1").await, town.login("I1").await);
    assert_eq!(town.deed(&clerk, "d-1", report("880")).await.status, 201);
    let back = json!({"id": "d-2", "act": step("return-report"), "why": "与月报不符"});
    assert_eq!(town.post(&reviewer, "/api/deeds", &back).await.status, 201);
    let mended = page(&town, &clerk).await;
    assert!(mended.contains("与月报不符") && mended.contains("<span>R1</span>"), "{mended}");
    assert!(mended.contains("value=\"880\""), "it begins with what was sent back");
    assert_eq!(town.deed(&clerk, "d-3", report("870")).await.status, 201);
    let again = page(&town, &reviewer).await;
    assert!(again.contains("退回前 880") && again.contains("<b>870</b>"), "{again}");
    // Once there were several, who reviews and signs says which he saw: the page does.
    let unseen = town.deed(&reviewer, "d-4", step("review-report")).await;
    assert_eq!(unseen.told(), "409 report-changed");
    assert!(unseen.text().contains("C1") && unseen.text().contains("（seen）"), "{}", unseen.text());
    assert_eq!(town.deed(&reviewer, "d-4", seen("review-report", &again)).await.status, 201);
    let reviewed = page(&town, &signer).await;
    assert_eq!(town.deed(&signer, "d-5", seen("sign-report", &reviewed)).await.status, 201);
    // A correction: proposed by the signer, decided above, and both values stand in the history.
    let paper = town.paper(PAPER).to_string();
    let decision =
        json!({"correct-figure": {"office": "乙县", "figure": "新增就业", "period": "2026-01", "value": "871"}});
    let act = json!({"propose": {"proposal": "更正1", "decision": decision}});
    let propose = json!({"id": "d-6", "act": act, "why": "漏报一人", "evidence": [paper]});
    assert_eq!(town.post(&signer, "/api/deeds", &propose).await.status, 201);
    let waits = page(&town, &clerk).await;
    assert!(waits.contains("申请更正为 871") && waits.contains("/matters#proposal-"), "{waits}");
    let office = town.login("A1").await;
    let decide = json!({"decide": {"proposal": "更正1", "approved": true}});
    assert_eq!(town.deed(&office, "d-7", decide).await.status, 201);
    let corrected = page(&town, &clerk).await;
    assert!(corrected.contains("<b>871</b>") && corrected.contains("批准更正"), "{corrected}");
    let history = corrected.split("id=\"history\"").nth(1).expect("a history");
    let at = |value: &str| history.find(value).unwrap_or_else(|| panic!("{value} is not told: {history}"));
    assert!(at(">880<") < at(">870<") && at(">870<") < at(">871<"));
    assert!(corrected.contains("漏报一人"), "with the reason it was proposed for");
}

#[tokio::test]
async fn a_deed_is_checked_without_being_done() {
    let town = Town::new();
    town.asked();
    let clerk = town.login("C1").await;
    let size = town.office.desk.read(|shown| shown.state.size);
    let check = async |cookie: &str, value: &str| {
        let said = town.post(cookie, "/api/deeds/check", &json!({"act": report(value)})).await;
        assert_eq!(said.status, 200, "{}", said.text());
        said.json()
    };
    let said = check(&clerk, "880").await;
    assert_eq!((said["findings"].as_array().map(Vec::len), &said["figures"]), (Some(1), &json!([])));
    assert_eq!(
        (&said["findings"][0]["name"], &said["findings"][0]["level"]),
        (&json!("period-not-over"), &json!("warning"))
    );
    let wrong = check(&clerk, "八百").await;
    assert_eq!(wrong["findings"][0]["name"], "value-not-fitting");
    assert_eq!(wrong["figures"][0]["figure"], "新增就业");
    assert_eq!(wrong["figures"][0]["refused"]["message"], "“乙县”的“城镇新增就业”：“八百”用不上");
    let stranger = town.login("C2").await;
    let refused = check(&stranger, "八百").await;
    assert_eq!((&refused["findings"][0]["name"], &refused["figures"]), (&json!("not-entitled"), &json!([])));
    let made = json!({"act": kaoping_web::openapi::deeds()["put-down-results"]});
    let act = json!({"act": {"put-down-results": made["act"]}});
    assert!(town.post(&clerk, "/api/deeds/check", &act).await.status >= 400, "what the program makes is not asked for");
    assert_eq!(town.office.desk.read(|shown| shown.state.size), size, "nothing was written");
}

#[tokio::test]
async fn the_list_tells_who_has_handed_in_and_who_has_not() {
    let town = Town::new();
    let clerk = town.login("C1").await;
    assert!(town.get(&clerk, "/reports").await.text().contains("还没有填报任务"));
    town.asked();
    let own = town.get(&clerk, "/reports").await.text();
    assert!(own.contains("一月就业数") && own.contains("未报") && own.contains("class=\"btn main\""), "{own}");
    let office = town.login("A1").await;
    let below = town.get(&office, "/reports").await.text();
    assert!(below.contains("报齐 0 / 1 个单位 · 未报 1"), "{below}");
    assert!(below.contains(SHEET), "each leads to the report");
    let returned = town.get(&office, "/reports?stage=returned").await.text();
    assert!(returned.contains("没有这样的填报"), "{returned}");
    town.wait(30 * 86_400_000);
    let (clerk, office) = (town.login("C1").await, town.login("A1").await);
    let late = town.get(&office, "/reports?stage=late&period=2026-01").await.text();
    assert!(late.contains("lamp late") && late.contains("乙县"), "{late}");
    assert!(town.get(&office, "/reports?period=2026-02").await.text().contains("没有这样的填报"));
    assert_eq!(town.deed(&clerk, "d-1", report("880")).await.status, 201);
    assert!(town.get(&office, "/reports?stage=submitted").await.text().contains("乙县"));
    // Another county is told nothing of it.
    town.joins("C8", "丙县", Role::Reviewer);
    let other = town.login("C8").await;
    assert!(town.get(&other, "/reports").await.text().contains("还没有填报任务"));
}

/// Who stands above sees what is owed below, by office and figure, until it is signed; the office itself has it in
/// its own list, and nobody beside it is told.
#[tokio::test]
async fn those_above_see_what_is_owed_below() {
    let town = Town::new();
    town.asked();
    let below = async |account: &str| {
        let said = town.get(&town.login(account).await, "/api/owed/below").await;
        ["unit", "collection", "figure", "period", "stage", "due", "last_day", "lamp"]
            .map(|name| said.column(name).join(","))
            .join(" ")
            + &format!(" {:?}", [said.column("working_days_left"), said.column("working_days_over")])
    };
    let open = "乙县 一月 新增就业 2026-01 open 2026-01-08 2026-01-09 near [[\"3\"], [\"null\"]]";
    for above in ["A1", "G1", "L1", "U1"] {
        assert_eq!(below(above).await, open, "{above}");
    }
    let nothing = "        [[], []]";
    for other in ["C1", "C2", "C3", "S1"] {
        assert_eq!(below(other).await.trim_start(), nothing.trim_start(), "{other}");
    }
    town.wait(8 * 86_400_000);
    let late = "乙县 一月 新增就业 2026-01 open 2026-01-08 2026-01-09 late [[\"null\"], [\"3\"]]";
    assert_eq!(below("A1").await, late);
    let office = town.login("A1").await;
    let desk = town.get(&office, "/").await.text();
    assert!(desk.contains("<a href=\"/reports\">下级还有 1 份没有报齐，其中逾期 1 份</a>"), "{desk}");
    let page = town.get(&office, "/reports").await.text();
    assert!(page.contains("2026-01-08 前 · 逾期 3 个工作日"), "{page}");
    assert!(page.contains("href=\"/api/owed/below.csv?limit=1000\""), "{page}");
    let clerk = town.login("C1").await;
    assert!(!town.get(&clerk, "/").await.text().contains("没有报齐"), "it has nobody below that owes");
    assert_eq!(town.deed(&clerk, "d-1", report("880")).await.status, 201);
    assert!(below("A1").await.contains(" submitted "), "handed in is not reported yet");
    assert_eq!(town.deed(&town.login("R1").await, "d-2", step("review-report")).await.status, 201);
    assert!(below("A1").await.contains(" reviewed "));
    assert_eq!(town.deed(&town.login("I1").await, "d-3", step("sign-report")).await.status, 201);
    assert_eq!(below("A1").await.trim_start(), nothing.trim_start());
    assert!(!town.get(&office, "/").await.text().contains("没有报齐"));
    assert!(!town.get(&office, "/reports").await.text().contains("/api/owed/below"));
}

#[tokio::test]
async fn what_is_owed_below_can_be_sifted_and_comes_in_pages() {
    let town = Town::new();
    town.asked();
    town.asks_again();
    let office = town.login("A1").await;
    let units = async |asked: &str| {
        let said = town.get(&office, &format!("/api/owed/below?{asked}")).await;
        assert_eq!(said.status, 200, "{asked}: {}", said.text());
        said.column("collection").join(",")
    };
    assert_eq!(units("").await, "一月,二月");
    assert_eq!(units("period=2026-02&unit=%E4%B9%99%E5%8E%BF&stage=open&lamp=near").await, "二月");
    assert_eq!(units("lamp=late").await, "");
    assert_eq!(units("figure=%E6%96%B0%E5%A2%9E%E5%B0%B1%E4%B8%9A&collection=%E4%B8%80%E6%9C%88").await, "一月");
    let first = town.get(&office, "/api/owed/below?limit=1").await;
    assert_eq!(first.column("collection"), ["一月"]);
    let next = first.json()["next"].as_str().expect("a page").to_owned();
    let last = town.get(&office, &next).await;
    assert_eq!((last.column("collection").join(","), last.json()["next"].clone()), ("二月".into(), Value::Null));
    for wrong in ["stage=signed", "lamp=red", "period=2026-13", "from=x", "limit=0", "due=2026-01-08"] {
        let said = town.get(&office, &format!("/api/owed/below?{wrong}")).await;
        assert_eq!(said.told(), "400 parameter-not-usable", "{wrong}");
        let name = wrong.split('=').next().unwrap_or_default();
        assert_eq!(said.json()["findings"][0]["where"], json!({"what": "parameter", "name": name}));
    }
}

/// `/reports/ask?scheme=民生`
const ASK: &str = "/reports/ask?scheme=%E6%B0%91%E7%94%9F";

#[tokio::test]
async fn figures_are_asked_by_those_who_may_of_those_they_may_ask() {
    let town = Town::new();
    town.asked();
    let office = town.login("A1").await;
    assert!(town.get(&office, "/reports").await.text().contains("href=\"/reports/ask"), "the list leads there");
    let page = town.get(&office, &format!("{ASK}&like=%E4%B8%80%E6%9C%88")).await.text();
    for said in ["value=\"2026-02\"", "value=\"一月就业数\"", "value=\"新增就业\" checked", "value=\"乙县\" checked"]
    {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    assert!(page.contains("name=\"offices[]\" value=\"丙县\">"), "who was not asked before is not ticked");
    // A lead unit of a county asks its own and those below, nobody beside it.
    town.joins("C9", "乙县", Role::Lead);
    let lead = town.login("C9").await;
    let page = town.get(&lead, ASK).await.text();
    assert!(page.contains("value=\"乙镇\"") && !page.contains("value=\"丙县\""), "{page}");
    for account in ["C1", "U1", "S1"] {
        let cookie = town.login(account).await;
        assert_eq!(town.get(&cookie, ASK).await.status, 404, "{account} asks nobody");
        assert!(!town.get(&cookie, "/reports").await.text().contains("/reports/ask"));
    }
    assert_eq!(town.get(&office, "/reports/ask?scheme=none").await.status, 404);
}
