//! Offices, people, the calendar, settings: forms for those who may, words for those who may not.

use crate::town::{PASSWORD, Town};
use serde_json::json;

#[tokio::test]
async fn everybody_sees_the_offices_and_those_who_may_change_them() {
    let town = Town::new();
    let clerk = town.login("C1").await;
    let page = town.get(&clerk, "/offices").await.text();
    assert!(page.contains("乙镇") && page.contains("由系统管理员或考评办设立"), "{page}");
    assert!(!page.contains("data-deed"), "no form for a clerk");
    let one = town.get(&clerk, "/offices/%E4%B9%99%E5%8E%BF").await.text();
    assert!(one.contains("2026-01-01") && one.contains("乙镇") && !one.contains("data-deed"), "{one}");
    assert_eq!(town.get(&clerk, "/offices/nowhere").await.status, 404);
    let office = town.login("A1").await;
    let page = town.get(&office, "/offices").await.text();
    assert!(page.contains("data-deed=\"open-office\"") && page.contains("data-import"), "{page}");
    let one = town.get(&office, "/offices/%E4%B9%99%E5%8E%BF").await.text();
    assert!(one.contains("data-deed=\"change-office\"") && one.contains("data-deed=\"close-offices\""), "{one}");
    let top = town.get(&office, "/offices/%E7%94%B2%E5%B8%82").await.text();
    assert!(!top.contains("data-deed=\"close-offices\""), "the one at the top stays");
}

/// 乙镇 moves, 丁县 opens and 丙县 closes: what stood where on which day can be asked.
#[tokio::test]
async fn the_tree_of_another_day_can_be_asked_for() {
    let town = Town::new();
    let office = town.login("A1").await;
    let version = |from: &str, name: &str, parent: &str| json!({"from": from, "name": name, "parent": parent, "kind": "", "group": "", "attributes": {}});
    for (id, act) in [
        ("o-1", json!({"change-office": {"office": "乙镇", "version": version("2026-03-01", "乙街道", "丙县")}})),
        ("o-2", json!({"open-office": {"office": "丁县", "version": version("2026-04-01", "丁县", "甲市")}})),
        ("o-3", json!({"change-office": {"office": "乙镇", "version": version("2026-05-01", "乙街道", "乙县")}})),
        ("o-4", json!({"close-offices": {"offices": ["丙县"], "from": "2026-06-01", "successors": ["丁县"]}})),
    ] {
        let said = town.deed(&office, id, act).await;
        assert_eq!(said.status, 201, "{id}: {}", said.text());
    }
    let cookie = town.login("C1").await;
    let on = async |day: &str| {
        let said = town.get(&cookie, &format!("/api/offices?on={day}")).await;
        let columns = ["unit", "name", "parent"].map(|name| said.column(name));
        let line = |at: usize| format!("{} {} {}", columns[0][at], columns[1][at], columns[2][at]);
        (0..columns[0].len()).map(line).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(on("2025-12-31").await, "甲市 甲市 null");
    assert_eq!(on("2026-02-28").await, "丙县 丙县 甲市; 乙县 乙县 甲市; 乙镇 乙镇 乙县; 甲市 甲市 null");
    assert_eq!(on("2026-03-01").await, "丙县 丙县 甲市; 乙县 乙县 甲市; 乙镇 乙街道 丙县; 甲市 甲市 null");
    let six = "丁县 丁县 甲市; 乙县 乙县 甲市; 乙镇 乙街道 乙县; 甲市 甲市 null";
    assert_eq!(on("2026-06-01").await, six, "丙县 is no more");
    let first = town.get(&cookie, "/api/offices?on=2026-06-01&limit=3").await.json();
    assert_eq!(first["items"].as_array().map(Vec::len), Some(3));
    let rest = town.get(&cookie, first["next"].as_str().expect("a page")).await;
    assert_eq!(rest.column("unit"), ["甲市"], "the day goes along from page to page");
    // Without a day every office is listed as it is today, also one that is still to open.
    assert_eq!(town.get(&cookie, "/api/offices").await.column("unit").len(), 5);
    for wrong in ["2026-02-30", "today", "", "20260301"] {
        let said = town.get(&cookie, &format!("/api/offices?on={wrong}")).await;
        assert_eq!(said.told(), "400 parameter-not-usable", "{wrong}");
        assert_eq!(said.json()["findings"][0]["where"], json!({"what": "parameter", "name": "on"}));
    }
    let elsewhere = town.get(&cookie, "/api/figures?on=2026-03-01").await;
    assert_eq!(elsewhere.told(), "400 parameter-not-usable", "no other list has days");
}

#[tokio::test]
async fn a_form_of_an_office_does_what_it_says() {
    let town = Town::new();
    let office = town.login("A1").await;
    let version =
        json!({"from": "2026-01-05", "name": "丁县", "parent": "甲市", "kind": "县", "group": "", "attributes": {}});
    let act = json!({"open-office": {"office": "丁县", "version": version}});
    let body = json!({"id": "o-1", "act": act, "office": "甲市", "role": "assessment-office"});
    let said = town.post(&office, "/api/deeds", &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    assert!(town.get(&office, "/offices").await.text().contains("/offices/%E4%B8%81%E5%8E%BF"));
}

#[tokio::test]
async fn accounts_are_seen_and_kept_by_the_administrators_each_his_part() {
    let town = Town::new();
    let forms = async |account: &str| {
        let page = town.get(&town.login(account).await, "/people").await.text();
        let has = |form: &str| page.contains(form);
        let forms = ["open-account", "grant-role", "revoke-role", "close-account"];
        let mut found: Vec<&str> = forms.into_iter().filter(|form| has(&format!("data-deed=\"{form}\""))).collect();
        found.extend(has("/api/accounts/C1/password").then_some("password"));
        (found, has("account-C2"))
    };
    assert_eq!(forms("S1").await, (vec!["open-account", "close-account", "password"], true));
    assert_eq!(forms("S2").await, (vec!["grant-role", "revoke-role", "close-account"], true));
    // Some roles are given for a reason only: there is a place to write it.
    let page = town.get(&town.login("S2").await, "/people").await.text();
    let form = page.split_once("data-deed=\"grant-role\"").and_then(|(_, form)| Some(form.split_once("</form>")?.0));
    assert!(form.is_some_and(|form| form.contains("name=\"@why\"")), "{form:?}");
    assert_eq!(forms("U1").await, (vec![], true));
    assert_eq!(forms("C1").await, (vec![], false), "his own account alone");
}

#[tokio::test]
async fn the_calendar_shows_a_year_and_how_a_deadline_came_about() {
    let town = Town::new();
    let office = town.login("A1").await;
    let days = |days: &[&str]| {
        let number = |day: &&str| kaoping_terms::Day::parse(day).expect("a day");
        days.iter().map(number).collect::<Vec<kaoping_terms::Day>>()
    };
    let (rest, work) = (days(&["2026-02-16", "2026-02-17"]), days(&["2026-02-14"]));
    let notice = json!({"enter-notice": {"year": 2026, "notice": "国办发明电〔2025〕7号", "rest": rest, "work": work}});
    assert_eq!(town.deed(&office, "n-1", notice).await.status, 201);
    let page = town.get(&office, "/calendar?year=2026&from=2026-02-13&working_days=2").await.text();
    assert!(page.contains("国办发明电〔2025〕7号") && page.contains("data-deed=\"enter-notice\""), "{page}");
    assert!(page.contains("2026 年 2 月 18 日 星期三"), "14 is worked, 15 to 17 are not: {page}");
    let clerk = town.login("C1").await;
    let page = town.get(&clerk, "/calendar?year=2025").await.text();
    assert!(page.contains("只按周末算") && !page.contains("data-deed"), "{page}");
    assert_eq!(town.get(&clerk, "/calendar?from=tomorrow").await.status, 400);
    // Whoever looks after the machine says that its clock is right.
    let system = town.login("S1").await;
    let page = town.get(&system, "/calendar").await.text();
    assert!(page.contains("data-deed=\"confirm-clock\"") && page.contains("name=\"day\""), "{page}");
    assert!(!town.get(&office, "/calendar").await.text().contains("confirm-clock"), "the system administrator's");
    let today = json!({"confirm-clock": {"day": "2026-01-05"}});
    let body = json!({"id": "k-1", "act": today, "why": "与报时台对过", "office": "甲市", "role": "system-admin"});
    assert_eq!(town.post(&system, "/api/deeds", &body).await.told(), "201");
}

#[tokio::test]
async fn a_page_says_in_the_menu_where_one_is() {
    let town = Town::new();
    town.year();
    let office = town.login("A1").await;
    for (path, word) in
        [("/figures", "数据项"), ("/inspections", "抽查"), ("/calendar", "单位与人员"), ("/record", "台账")]
    {
        let account = if path == "/record" { town.login("U1").await } else { office.clone() };
        let page = town.get(&account, path).await.text();
        assert!(page.contains(&format!("<summary aria-current=\"true\">更多 · {word}</summary>")), "{path}: {page}");
    }
    let page = town.get(&office, "/reports").await.text();
    assert!(
        page.contains("<summary>更多</summary>") && page.contains("href=\"/reports\" aria-current=\"page\""),
        "{page}"
    );
}

#[tokio::test]
async fn whoever_has_to_change_the_first_password_is_led_to_where_he_can() {
    let town = Town::new();
    let administrator = town.login("S1").await;
    let said = town.post(&administrator, "/api/accounts/C1/password", &json!({})).await;
    let first = said.json()["password"].as_str().expect("a password").to_owned();
    let said = town.post("", "/api/login", &json!({"account": "C1", "password": first})).await;
    let cookie = said.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let led = town.get(&cookie, "/").await;
    assert_eq!((led.status, led.header("location")), (303, "/settings"));
    let page = town.get(&cookie, "/settings").await;
    assert!(page.status == 200 && page.text().contains("先改成自己的"), "{}", page.text());
    let said = town.post(&cookie, "/api/password", &json!({"now": first, "new": PASSWORD})).await;
    assert_eq!(said.status, 200, "{}", said.text());
    assert_eq!(town.get(&cookie, "/").await.status, 200);
    let page = town.get(&cookie, "/settings").await.text();
    assert!(page.contains("data-deed=\"name-deputy\"") && page.contains("乙县 · 填报人"), "{page}");
}

#[tokio::test]
async fn figures_are_defined_and_drawn_by_those_who_may() {
    let town = Town::new();
    town.year();
    let has = async |account: &str, path: &str, form: &str| {
        town.get(&town.login(account).await, path).await.text().contains(form)
    };
    for (account, may) in [("A1", true), ("C1", false), ("U1", false), ("S1", false)] {
        assert_eq!(has(account, "/figures", "define-figure").await, may, "{account}");
        assert!(has(account, "/figures", "新增就业").await, "{account} reads what a figure is");
    }
    for (account, may) in [("A1", true), ("U1", true), ("C1", false), ("S1", false)] {
        assert_eq!(has(account, "/inspections", "draw-sample").await, may, "{account}");
    }
    assert!(has("A1", "/inspections", "-880").await && !has("C2", "/inspections", "-880").await, "drawn of 乙县");
    // Looked at and drawn once more: what was before stays beside it, in the list and on the page.
    let office = town.login("A1").await;
    let inspect = json!({"inspect": {"sample": "核查-1", "office": "乙县", "figure": "新增就业", "found": "-880"}});
    assert_eq!(town.deed(&office, "i-2", inspect).await.status, 201);
    let draw = |id: &str| json!({"draw-sample": {"sample": id, "collection": "一月", "method": "random", "seed": "9 9 9", "size": 1}});
    let bare = json!({"id": "d-2", "act": draw("核查-2")});
    assert_eq!(town.post(&office, "/api/deeds", &bare).await.told(), "422 reason-needed sample-doubled");
    assert_eq!(town.deed(&office, "d-3", draw("核查-2")).await.status, 201);
    let page = town.get(&office, "/inspections").await.text();
    for shown in ["种子 03 11 17", "种子 9 9 9", "<s>-880</s> A1"] {
        assert!(page.contains(shown), "`{shown}` is missing in {page}");
    }
    let rows = town.get(&office, "/api/samples").await.json()["items"].as_array().cloned().expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (row["sample"].as_str(), row["seed"].as_str())).collect();
    assert_eq!(told, [(Some("核查-1"), Some("03 11 17")), (Some("核查-2"), Some("9 9 9"))]);
    assert!(rows[0]["found_before"][0].as_str().is_some_and(|before| before.starts_with("-880 A1 (")), "{}", rows[0]);
    assert!(has("A1", "/figures?figure=%E6%96%B0%E5%A2%9E%E5%B0%B1%E4%B8%9A", "readonly").await, "an id stays");
}

#[tokio::test]
async fn what_an_office_will_be_is_not_what_it_is() {
    let town = Town::new();
    let office = town.login("A1").await;
    let version =
        json!({"from": "2027-03-01", "name": "丙市", "parent": "甲市", "kind": "市", "group": "", "attributes": {}});
    let body =
        json!({"id": "o-1", "act": {"change-office": {"office": "丙县", "version": version}}, "why": "撤县设市"});
    assert_eq!(town.post(&office, "/api/deeds", &body).await.status, 201);
    let said = town.get(&office, "/api/offices?unit=%E4%B8%99%E5%8E%BF").await;
    assert_eq!((said.column("name"), said.column("kind")), (vec!["丙县".to_owned()], vec![String::new()]));
    let page = town.get(&office, "/offices/%E4%B8%99%E5%8E%BF").await.text();
    assert!(page.contains("2027-03-01") && page.contains("丙市"), "its page tells what it will be: {page}");
    assert!(!town.get(&office, "/ranking").await.text().contains("丙市"));
}
