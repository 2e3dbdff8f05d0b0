//! Pages about targets and matters: who sees what, what parts make together, and forms for those who may alone.

use crate::town::{PAPER, Town};
use kaoping_office::Role;
use serde_json::{Value, json};

const TARGETS: &str = "/schemes/%E6%B0%91%E7%94%9F/targets";
const YI: &str = "%E4%B9%99%E5%8E%BF";

/// A town in the middle of its year, where 乙县 has an assessment office of its own.
fn in_its_year() -> Town {
    let town = Town::new();
    town.year();
    town.joins("A2", "乙县", Role::AssessmentOffice);
    town
}

/// The same, before anything is sealed.
fn in_its_summer() -> Town {
    let town = Town::new();
    town.until_assessed();
    town.joins("A2", "乙县", Role::AssessmentOffice);
    town
}

fn hand_down(value: &str, adds_up: bool) -> Value {
    let parts = json!([{"office": "乙镇", "value": value}]);
    json!({"hand-down":
        {"scheme": "民生", "indicator": "新增就业", "field": "目标数", "adds_up": adds_up, "parts": parts}})
}

async fn page(town: &Town, account: &str, path: &str) -> String {
    let cookie = town.login(account).await;
    let said = town.get(&cookie, path).await;
    assert_eq!(said.status, 200, "{account} {path}: {}", said.text());
    said.text()
}

#[tokio::test]
async fn targets_are_seen_by_those_they_concern() {
    let town = in_its_year();
    let above = page(&town, "A1", TARGETS).await;
    assert!(above.contains("5,000") && above.contains("城镇新增就业"), "{above}");
    let own = page(&town, "C1", TARGETS).await;
    assert!(own.contains("乙县 · 承担的目标") && own.contains("5,000"), "who has one office sees it at once: {own}");
    let other = town.login("C2").await;
    assert_eq!(town.get(&other, &format!("{TARGETS}?unit={YI}")).await.status, 404);
    assert!(!page(&town, "C2", TARGETS).await.contains("5,000"));
}

#[tokio::test]
async fn letters_are_accepted_by_the_side_that_has_not() {
    let town = in_its_year();
    let path = format!("{TARGETS}?unit={YI}");
    let offers = |page: &str| page.contains("data-deed=\"accept-letter\"");
    let (above, below) = (page(&town, "G1", &path).await, page(&town, "I1", &path).await);
    assert!(offers(&above), "the leading group has not accepted it yet");
    assert!(!offers(&below) && below.contains("已签 I1"), "{below}");
    assert!(!offers(&page(&town, "A1", &path).await), "an assessment office accepts no letters");
    let group = town.login("G1").await;
    let act = json!({"accept-letter": {"scheme": "民生", "office": "乙县"}});
    assert_eq!(town.deed(&group, "letter", act).await.status, 201);
    let after = page(&town, "G1", &path).await;
    assert!(!offers(&after) && after.contains("已签 G1"), "{after}");
}

#[tokio::test]
async fn parts_are_held_against_the_whole_in_words() {
    for (value, adds_up, said) in [
        ("4,900", true, "缺 100"),
        ("5,050", true, "加码 50：因为要做"),
        ("5,050", false, "多 50"),
        ("5000", true, "相符"),
    ] {
        let town = in_its_summer();
        let county = town.login("A2").await;
        let handed = town.deed(&county, "parts", hand_down(value, adds_up)).await;
        assert_eq!(handed.status, 201, "{}", handed.text());
        let shown = page(&town, "A2", &format!("{TARGETS}?from={YI}")).await;
        assert!(shown.contains(&format!("{said}</span>")), "{said}: {shown}");
        assert_eq!(shown.contains("加码 50"), said.starts_with("加码"), "only where it was said");
    }
}

#[tokio::test]
async fn targets_are_handed_down_by_those_who_may() {
    let town = in_its_summer();
    let hand = format!("{TARGETS}?hand=1");
    let shown = page(&town, "A2", &hand).await;
    assert!(shown.contains("data-office=\"乙镇\"") && shown.contains("data-whole=\"5,000\""), "{shown}");
    assert!(!shown.contains("data-office=\"乙县\""), "what is above is not handed down");
    let city = page(&town, "A1", &hand).await;
    assert!(city.contains("data-kept=\"5,000\"") && city.contains("data-office=\"丙县\""), "{city}");
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, &hand).await.status, 404);
    assert!(!page(&town, "C1", TARGETS).await.contains("hand=1"));
    // Under a seal what was handed down is shown, with what is sealed and what would have to come first.
    let town = in_its_year();
    for account in ["A1", "A2"] {
        let sealed = page(&town, account, &hand).await;
        for word in ["已由 G1 审定封存", "先申请重开结果", "新增就业"] {
            assert!(sealed.contains(word), "{account} {word}: {sealed}");
        }
        assert!(!sealed.contains("data-whole"), "no form: {sealed}");
    }
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, &hand).await.status, 404);
}

/// 乙县 proposes another target.
async fn proposed(town: &Town) {
    let paper = town.paper(PAPER);
    let signer = town.login("I1").await;
    let decision = json!({"adjust-target": {
        "scheme": "民生", "office": "乙县", "indicator": "新增就业", "field": "目标数", "value": "4,500"}});
    let body = json!({"id": "p", "act": {"propose": {"proposal": "调整1", "decision": decision}},
        "why": "洪灾", "evidence": [paper]});
    let said = town.post(&signer, "/api/deeds", &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
}

#[tokio::test]
async fn a_change_is_proposed_from_a_target_and_decided_by_a_second_person() {
    let town = in_its_summer();
    let cell = format!("{TARGETS}?unit={YI}&item=%E6%96%B0%E5%A2%9E%E5%B0%B1%E4%B8%9A");
    assert!(page(&town, "I1", &cell).await.contains("name=\"decision.adjust-target.value\""));
    assert!(!page(&town, "C1", &cell).await.contains("data-deed=\"propose\""), "a clerk does not propose");
    proposed(&town).await;
    let desk = page(&town, "A1", "/").await;
    assert!(desk.contains("/matters#proposal-%E8%B0%83%E6%95%B41"), "{desk}");
    let matters = page(&town, "A1", "/matters").await;
    assert!(matters.contains("id=\"proposal-调整1\"") && matters.contains("data-deed=\"decide\""), "{matters}");
    for account in ["I1", "A2"] {
        assert!(!page(&town, account, "/matters").await.contains("data-deed=\"decide\""), "{account} does not decide");
        assert!(!page(&town, account, "/").await.contains("proposal-"), "{account} is not asked to");
    }
    assert!(!page(&town, "C2", "/matters").await.contains("调整1"));
    let office = town.login("A1").await;
    let decide = json!({"decide": {"proposal": "调整1", "approved": true}});
    assert_eq!(town.deed(&office, "d", decide).await.status, 201);
    let after = page(&town, "I1", "/matters?kind=proposals").await;
    assert!(after.contains("已批准 · A1") && after.contains("href=\"/record/"), "{after}");
    let history = page(&town, "I1", &cell).await;
    assert!(history.contains("调整为 4,500") && history.contains("洪灾"), "{history}");
    let (first, then) = (history.find("下达 5,000"), history.find("目标数 · 调整为 4,500"));
    assert!(first.is_some() && first < then, "what it was stays to be read: {history}");
    assert!(history.contains("甲市 · A1"), "who set it: {history}");
}

#[tokio::test]
async fn objections_are_answered_by_those_above() {
    let town = in_its_year();
    let desk = page(&town, "A1", "/").await;
    assert!(desk.contains("/matters#objection-%E5%BC%82%E8%AE%AE1"), "{desk}");
    let above = page(&town, "A1", "/matters").await;
    assert!(above.contains("id=\"objection-异议1\"") && above.contains("data-deed=\"answer\""), "{above}");
    for account in ["I1", "A2"] {
        let own = page(&town, account, "/matters").await;
        assert!(own.contains("id=\"objection-异议1\"") && !own.contains("data-deed=\"answer\""), "{account}");
        assert!(!page(&town, account, "/").await.contains("objection-"), "{account} is not asked to answer");
    }
    assert!(!page(&town, "C2", "/matters").await.contains("异议1"));
    let office = town.login("A1").await;
    let answer = json!({"answer": {"objection": "异议1", "upheld": false}});
    assert_eq!(town.deed(&office, "a", answer).await.status, 201);
    let after = page(&town, "I1", "/matters?kind=objections").await;
    assert!(after.contains("不成立") && after.contains("因为要做") && after.contains("原样不变"), "{after}");
    assert!(!page(&town, "A1", "/matters?state=open").await.contains("id=\"objection-异议1\""));
}

#[tokio::test]
async fn events_can_be_withdrawn_above_and_objected_to_below() {
    let town = in_its_summer();
    let above = page(&town, "A1", "/matters?kind=events").await;
    assert!(above.contains("信访-0007") && above.contains("data-deed=\"withdraw-event\""), "{above}");
    assert!(above.contains("id=\"enter-event\""), "who may enters events here");
    let own = page(&town, "I1", "/matters?kind=events").await;
    assert!(own.contains("about.event.id") && !own.contains("withdraw-event"), "{own}");
    assert!(!own.contains("id=\"enter-event\""));
    assert!(!page(&town, "C2", "/matters?kind=events").await.contains("信访-0007"));
    let office = town.login("A1").await;
    let withdraw = json!({"withdraw-event": {"table": "上访", "id": "信访-0007"}});
    assert_eq!(town.deed(&office, "w", withdraw).await.status, 201);
    let after = page(&town, "I1", "/matters?kind=events").await;
    assert!(after.contains("已撤销") && !after.contains("about.event.id"), "{after}");
}

#[tokio::test]
async fn a_late_report_that_is_counted_is_objected_to_by_the_office_itself() {
    let town = Town::new();
    town.asked();
    let office = town.login("A1").await;
    let ask = json!({"open-collection": {
        "collection": "二月", "title": "二月就业数", "scheme": "民生", "period": "2026-02", "figures": ["新增就业"],
        "offices": ["乙县"], "from": "2026-01-05", "working_days": 1, "grace_days": 0, "counted_in": ["报送", "及时"],
    }});
    let said = town.deed(&office, "ask", ask).await;
    assert_eq!(said.status, 201, "{}", said.text());
    town.wait(10 * 86_400_000);
    let figures = json!([{"figure": "新增就业", "value": "12", "evidence": [], "answer": ""}]);
    let report = json!({"collection": "二月", "office": "乙县"});
    let mut submitted = report.clone();
    submitted["figures"] = figures;
    let steps =
        [("C1", "submit-report", submitted), ("R1", "review-report", report.clone()), ("I1", "sign-report", report)];
    for (account, deed, what) in steps {
        let cookie = town.login(account).await;
        let said = town.deed(&cookie, deed, json!({deed: what})).await;
        assert_eq!(said.status, 201, "{deed}: {}", said.text());
    }
    let late = "/matters?kind=late";
    let shown = page(&town, "I1", late).await;
    assert!(shown.contains("data-deed=\"object\"") && shown.contains("value=\"二月/乙县\""), "{shown}");
    for account in ["C1", "R1", "A1", "C2", "U1"] {
        assert!(!page(&town, account, late).await.contains("data-deed=\"object\""), "{account}");
    }
    let after = shown.split("name=\"objection\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let objection = after.expect("an id");
    let about = json!({"event": {"table": "报送", "id": "二月/乙县"}});
    let object = json!({"object": {"objection": objection, "office": "乙县", "about": about, "answer_days": 5}});
    let signer = town.login("I1").await;
    let said = town.deed(&signer, "object", object).await;
    assert_eq!(said.status, 201, "as the form sends it: {}", said.text());
    let shown = page(&town, "I1", late).await;
    assert!(shown.contains(&format!("#objection-{objection}")), "{shown}");
}
