//! Score sheets and awards: who sees which, and which forms are offered to whom.

use crate::town::Town;
use kaoping_office::Role;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

/// 民生
const SCHEME: &str = "/schemes/%E6%B0%91%E7%94%9F";

/// 验收
const SEALED: &str = "%E9%AA%8C%E6%94%B6";

/// 自评
const OPEN: &str = "%E8%87%AA%E8%AF%84";

/// 乙县
const UNIT: &str = "%E4%B9%99%E5%8E%BF";

fn holds(text: &str, all: &[&str], none: &[&str]) {
    for wanted in all {
        assert!(text.contains(wanted), "`{wanted}` is missing in {text}");
    }
    for wanted in none {
        assert!(!text.contains(wanted), "`{wanted}` stands in {text}");
    }
}

async fn page(town: &Town, account: &str, path: &str) -> String {
    let cookie = town.login(account).await;
    let said = town.get(&cookie, path).await;
    assert_eq!(said.status, 200, "{account} at {path}: {}", said.text());
    said.text()
}

#[tokio::test]
async fn rounds_stand_side_by_side_with_what_differs_and_why() {
    let town = Town::new();
    town.year();
    let sheet = format!("{SCHEME}/sheet?round={SEALED}&unit={UNIT}");
    let shown = ["-880", "870", "+1750", "<span class=\"tag blue\">数据</span>", "按规定 · L1", "免考", "5,000"];
    let text = page(&town, "A1", &sheet).await;
    holds(&text, &shown, &["封存公示后可见", "id=\"assess\"", "id=\"object\""]);
    holds(
        &text,
        &["异议1", "待答复", "验收汇总</dt><dd>A1", "验收审定封存</dt><dd>G1", "/why/%E4%B9%99%E5%8E%BF/"],
        &[],
    );
    // The office itself sees what is sealed, and not what is not.
    let clerk = page(&town, "C1", &sheet).await;
    holds(&clerk, &shown, &["id=\"object\"", "id=\"reopen\"", "data-deed"]);
    holds(&clerk, &["自评：封存公示后可见"], &["自评 <span"]);
    let other = town.login("C2").await;
    let refused = town.get(&other, &sheet).await;
    assert_eq!(refused.status, 404, "the sheet of another office");
    assert!(refused.text().contains("<h1>没有，或者你看不到</h1>"), "as if there were none: {}", refused.text());
    // What is not there at all is said above what is.
    let nobody = page(&town, "C2", &format!("{SCHEME}/sheet?round={SEALED}&unit=x")).await;
    holds(&nobody, &["没有“x”这个单位"], &["-880"]);
    let never = page(&town, "C2", &format!("{SCHEME}/sheet?round=x&utm=1")).await;
    holds(&never, &["没有“x”这个轮次", "地址里的“utm”在这一页不起作用"], &[]);
}

#[tokio::test]
async fn what_the_standard_itself_gives_is_shown_to_everybody_whom_a_sheet_is_for() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "livelihood").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    // A clerk sees no round before it is sealed; what the table of the standard says is no secret.
    for (account, unit) in [("A1", UNIT), ("C2", "%E4%B8%99%E5%8E%BF")] {
        let sheet = page(&town, account, &format!("/schemes/x/sheet?unit={unit}")).await;
        for (indicator, input, value) in [("105", "控制数", "4.2%"), ("202", "目标数", "100%")] {
            let rows = sheet.split("<tbody id=\"item-").find(|rows| rows.starts_with(indicator)).expect("its rows");
            let row = rows.split("<tr>").find(|row| row.contains(&format!("<td>{input} "))).expect("its row");
            holds(row, &["标准给定", &format!("num asked\">{value}</td>")], &["评判"]);
        }
    }
}

#[tokio::test]
async fn values_are_set_by_those_who_may_while_the_round_is_open() {
    let town = Town::new();
    town.year();
    let open = format!("{SCHEME}/sheet?round={OPEN}&unit={UNIT}");
    let text = page(&town, "L1", &open).await;
    holds(&text, &["id=\"assess-one\"", "data-before=\"-880\"", "value=\"lead\""], &["data-field=\"目标数\""]);
    let sealed = page(&town, "L1", &format!("{SCHEME}/sheet?round={SEALED}&unit={UNIT}")).await;
    holds(&sealed, &[], &["data-assess="]);
    for account in ["C1", "I1", "G1"] {
        let may = account == "G1";
        let text = page(&town, account, &open).await;
        assert_eq!(text.contains("data-assess="), may, "{account}");
    }
    // What the form sends is taken, and stands in the sheet.
    let lead = town.login("L1").await;
    let values = json!([{"indicator": "新增就业", "field": "完成数", "value": "-900", "kind": "judgement"}]);
    let deed = json!({"assess": {"scheme": "民生", "round": "自评", "office": "乙县", "values": values}});
    let said = town.deed(&lead, "a-1", deed).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let text = page(&town, "A1", &open).await;
    holds(&text, &["-900", "-20", "<span class=\"tag award\">评判</span>", "因为要做 · L1"], &[]);
    let list = page(&town, "A1", &format!("{SCHEME}/sheet?round={OPEN}")).await;
    holds(&list, &["评判 1", "96.25"], &[]);
}

#[tokio::test]
async fn assessors_are_as_many_as_the_standard_names_and_take_back_what_they_set() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "rulebook/07-judged").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    let adopted = town.post(&office, "/api/schemes/x", &body).await;
    assert_eq!(adopted.status, 201, "{}", adopted.text());
    let value = json!({"indicator": "汇报材料", "field": "评分"});
    let assess = |mark: &str| {
        let values = json!([{"indicator": "汇报材料", "field": "评分", "value": mark}]);
        json!({"assess": {"scheme": "x", "round": "", "office": "乙县", "values": values}})
    };
    let (lead, group) = (town.login("L1").await, town.login("G1").await);
    assert_eq!(town.deed(&office, "m-1", assess("9")).await.status, 201);
    assert_eq!(town.deed(&lead, "m-2", assess("8")).await.status, 201);
    let sheet = format!("/schemes/x/sheet?unit={UNIT}");
    let said = town.deed(&group, "m-3", assess("2")).await;
    assert_eq!(said.told(), "422 assessor-beyond", "{}", said.text());
    holds(&page(&town, "G1", &sheet).await, &["name=\"further_assessor\"", "汇报材料 · 评分"], &[]);
    let mine =
        "data-assessor=\"L1\" data-input=\"{&#34;indicator&#34;:&#34;汇报材料&#34;,&#34;field&#34;:&#34;评分&#34;}\"";
    let text = page(&town, "L1", &sheet).await;
    holds(&text, &["data-deed=\"take-back\"", mine], &["name=\"further_assessor\"", "data-assessor=\"A1\""]);
    holds(&page(&town, "A1", &sheet).await, &["data-assessor=\"A1\"", mine], &[]);
    let back =
        json!({"take-back": {"scheme": "x", "round": "", "office": "乙县", "assessor": "L1", "values": [value]}});
    assert_eq!(town.deed(&lead, "b-1", back).await.status, 201);
    holds(&page(&town, "A1", &sheet).await, &["<s>L1 8</s> L1 收回：因为要做"], &[mine]);
    let rounds = town.get(&office, &format!("/api/rounds?scheme=x&unit={UNIT}")).await.json();
    let row = rounds["items"].as_array().expect("rows").iter().find(|row| row["indicator"] == "汇报材料").cloned();
    let row = row.expect("a row");
    assert_eq!(row["assessors"], "A1=9");
    assert!(row["taken_back"].as_str().is_some_and(|taken| taken.starts_with("L1=8 (")), "{row}");
    assert_eq!(town.deed(&group, "m-4", assess("7")).await.status, 201, "his place is free");
}

#[tokio::test]
async fn pages_that_go_by_now_say_what_was_put_down() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "rulebook/07-judged").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    let assess = |mark: &str| {
        let values = json!([{"indicator": "汇报材料", "field": "评分", "value": mark}]);
        json!({"assess": {"scheme": "x", "round": "", "office": "乙县", "values": values}})
    };
    assert_eq!(town.deed(&office, "m-1", assess("9")).await.status, 201);
    let lead = town.login("L1").await;
    assert_eq!(town.deed(&lead, "m-2", assess("8")).await.status, 201);
    for judge in ["J1", "J2", "J3", "J4", "J5"] {
        town.joins(judge, "甲市", Role::Inspector);
        let seat = town.login(judge).await;
        let values = json!([{"indicator": "现场评审", "field": "评分", "value": "17"}]);
        let deed = json!({"assess": {"scheme": "x", "round": "", "office": "乙县", "values": values}});
        assert_eq!(town.deed(&seat, &format!("m-{judge}"), deed).await.status, 201);
    }
    let put_down = town.post(&office, "/api/results/x", &json!({"id": "r-1", "round": ""})).await;
    assert_eq!(put_down.status, 201, "{}", put_down.text());
    let pages = [format!("/schemes/x/why/{UNIT}/-"), "/schemes/x/what-if".into(), "/schemes/x/awards".into()];
    for path in &pages {
        holds(&page(&town, "A1", path).await, &[], &["按现在的台账算"]);
    }
    assert_eq!(town.deed(&lead, "m-3", assess("6")).await.status, 201);
    for path in &pages {
        holds(&page(&town, "A1", path).await, &["这里按现在的台账算"], &[]);
    }
    let english = town.get(&format!("{office}; kaoping-language=en"), "/schemes/x/what-if").await.text();
    assert!(english.contains("Reckoned by what there is now"), "{english}");
}

#[tokio::test]
async fn a_round_is_ended_by_a_form_on_its_sheet() {
    let town = Town::new();
    town.year();
    let open = format!("{SCHEME}/sheet?round={OPEN}");
    let form = ["id=\"end-round\"", "定这一轮算到哪一天"];
    holds(&page(&town, "A1", &open).await, &form, &["算到</dt>"]);
    holds(&page(&town, "G1", &open).await, &[], &form);
    let sealed = format!("{SCHEME}/sheet?round={SEALED}");
    holds(&page(&town, "A1", &sealed).await, &[], &form);
    let office = town.login("A1").await;
    let end = json!({"end-round": {"scheme": "民生", "round": "自评", "last": "2026-01-31"}});
    let said = town.deed(&office, "e-1", end).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let text = page(&town, "A1", &open).await;
    holds(&text, &["<dt>算到</dt><dd>2026-01-31，A1 定", "改这一轮算到哪一天"], &[]);
    let scheme = town.get(&office, SCHEME.replace("/schemes", "/api/schemes").as_str()).await.json();
    assert_eq!(scheme["ends"], json!({"自评": "2026-01-31"}));
}

#[tokio::test]
async fn an_office_objects_while_results_are_shown() {
    let town = Town::new();
    town.year();
    let sheet = format!("{SCHEME}/sheet?round={SEALED}&unit={UNIT}");
    let form = ["id=\"object\"", "name=\"about.results.round\" value=\"验收\"", "value=\"异议-民生-乙县-1\""];
    holds(&page(&town, "I1", &sheet).await, &form, &[]);
    town.wait(14 * DAY_MS);
    holds(&page(&town, "I1", &sheet).await, &["异议1"], &form[..1]);
}

#[tokio::test]
async fn the_deeds_of_a_round_are_offered_one_after_another() {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    let path = "/schemes/x/sheet";
    holds(&page(&town, "A1", path).await, &["id=\"put-down\"", "试算总分", "评分中"], &["id=\"seal\""]);
    holds(&page(&town, "G1", path).await, &["由考评办办"], &["id=\"put-down\""]);
    let clerk = page(&town, "C1", path).await;
    holds(&clerk, &["封存公示后可见", "乙县"], &["id=\"put-down\"", "试算总分"]);
    assert_eq!(town.post(&office, "/api/results/x", &json!({"id": "r-1", "round": ""})).await.status, 201);
    holds(&page(&town, "G1", path).await, &["id=\"seal\"", "data-undo", "待审定"], &["id=\"publish\""]);
    holds(&page(&town, "A1", path).await, &["由领导小组办", "重新汇总"], &["id=\"seal\""]);
    let group = town.login("G1").await;
    let seal = json!({"seal": {"scheme": "x", "round": "", "objection_days": 3}});
    assert_eq!(town.deed(&group, "s-1", seal).await.status, 201);
    let text = page(&town, "A1", path).await;
    holds(&text, &["公示中", "id=\"reopen\"", "decision.revise-results.round", "公示到"], &["id=\"publish\""]);
    holds(&page(&town, "C1", path).await, &["公示中"], &["封存公示后可见", "id=\"reopen\""]);
    town.wait(14 * DAY_MS);
    holds(&page(&town, "A1", path).await, &["id=\"publish\"", "公示期满"], &[]);
    let office = town.login("A1").await;
    let publish = json!({"publish": {"scheme": "x", "round": ""}});
    assert_eq!(town.deed(&office, "p-1", publish).await.status, 201);
    holds(&page(&town, "A1", path).await, &["已公布", "id=\"reopen\""], &["id=\"publish\"", "id=\"put-down\""]);
    // Awards follow, worked out by the program.
    let awards = page(&town, "A1", "/schemes/x/awards").await;
    holds(&awards, &["尚未提出"], &["id=\"approve\""]);
}

#[tokio::test]
async fn awards_are_seen_while_they_are_shown_and_decided_by_those_who_may() {
    let town = Town::new();
    town.year();
    let path = format!("{SCHEME}/awards?round={SEALED}");
    let shown = ["综合先进", "乙县", "总分第一", "已提出，公示到"];
    holds(&page(&town, "A1", &path).await, &shown, &["data-fill=", "id=\"approve\"", "id=\"propose\""]);
    holds(&page(&town, "C2", &path).await, &shown, &["data-fill=", "data-deed"]);
    holds(&page(&town, "I1", &path).await, &["data-fill=\"object\"", "about.award.award"], &["data-fill=\"decide\""]);
    let text = page(&town, "G1", &path).await;
    holds(&text, &["data-fill=\"decide\"", "不授予", "奖项公示到"], &["data-fill=\"object\"", "id=\"approve\""]);
    town.wait(14 * DAY_MS);
    // Somebody says the results themselves are wrong: that is answered first.
    holds(&page(&town, "G1", &path).await, &["异议 异议1 还没有答复"], &["id=\"approve\""]);
    let office = town.login("A1").await;
    let answer = json!({"answer": {"objection": "异议1", "upheld": false}});
    assert_eq!(town.deed(&office, "an-1", answer).await.status, 201);
    holds(&page(&town, "G1", &path).await, &["id=\"approve\"", "公示期满，待审定"], &[]);
    holds(&page(&town, "A1", &path).await, &["由领导小组办"], &["id=\"approve\""]);
    let group = town.login("G1").await;
    let approve = json!({"approve-awards": {"scheme": "民生", "round": "验收"}});
    assert_eq!(town.deed(&group, "ap-1", approve).await.status, 201);
    holds(&page(&town, "G1", &path).await, &["待政府确定", "由签发人办"], &["id=\"confirm\""]);
    town.joins("M1", "甲市", Role::Signer);
    holds(&page(&town, "M1", &path).await, &["id=\"confirm\""], &[]);
    let mayor = town.login("M1").await;
    let confirm = json!({"confirm-awards": {"scheme": "民生", "round": "验收"}});
    assert_eq!(town.deed(&mayor, "co-1", confirm).await.status, 201);
    holds(&page(&town, "C2", &path).await, &["已确定"], &["id=\"confirm\""]);
    // Refused afterwards, the list is old, and who comes next is proposed anew.
    let paper = town.paper(crate::town::PAPER).to_string();
    let act = json!({"scheme": "民生", "round": "验收", "award": "综合先进", "office": "乙县", "given": false});
    let deed = json!({"id": "de-1", "act": {"decide-award": act}, "why": "查实虚报", "evidence": [paper]});
    let group = town.login("G1").await;
    let said = town.post(&group, "/api/deeds", &deed).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let text = page(&town, "A1", &path).await;
    holds(&text, &["名单过时", "不授予", "查实虚报", "id=\"propose\""], &["已确定</span>"]);
}
