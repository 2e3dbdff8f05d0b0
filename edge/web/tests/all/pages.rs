//! Pages for people: who is let in, what they see, what a browser is told about them.

use crate::town::Town;
use axum::{body::Body, http::Request};
use kaoping_web::router::{Form, PAGES};
use serde_json::json;

/// A town whose round has scores.
async fn scored() -> (Town, String) {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    assert_eq!(town.post(&office, "/api/results/x", &json!({"id": "r-1", "round": ""})).await.status, 201);
    (town, office)
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_where_he_can() {
    let town = Town::new();
    let said = town.get("", "/schemes/x/ranking?round=%E8%87%AA%E8%AF%84").await;
    assert_eq!(
        (said.status, said.header("location")),
        (303, "/login?next=%2Fschemes%2Fx%2Franking%3Fround%3D%25E8%2587%25AA%25E8%25AF%2584")
    );
    let page = town.get("", "/login?next=%2Fschemes").await;
    assert!(page.text().contains("data-next=\"/schemes\""), "{}", page.text());
    let elsewhere = town.get("", "/login?next=https%3A%2F%2Fexample.org").await;
    assert!(elsewhere.text().contains("data-next=\"/\""), "another site is never led to");
}

#[tokio::test]
async fn a_page_is_its_own_and_nothing_is_written_into_it_that_runs() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let said = town.get(&cookie, "/").await;
    assert_eq!((said.status, said.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = said.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let text = said.text();
    assert!(text.contains("今天没有要办的事") && text.contains("乙县 · 填报人"), "{text}");
    for inline in [" style=\"", " onclick=", "<script>", "<style>", "javascript:"] {
        assert!(!text.contains(inline), "`{inline}` stands in the page");
    }
}

#[tokio::test]
async fn what_a_page_needs_is_kept_for_good() {
    let town = Town::new();
    let page = town.get("", "/login").await.text();
    let from = page.find("/assets/").expect("an asset");
    let path = page[from..].split('"').next().expect("an address");
    let said = town.get("", path).await;
    assert_eq!(said.status, 200, "{path}");
    assert!(said.header("cache-control").contains("immutable"));
    assert_eq!(town.get("", "/assets/old/app.css").await.header("cache-control"), "no-cache");
    assert_eq!(town.get("", "/assets/old/secret.txt").await.status, 404);
}

#[tokio::test]
async fn the_language_somebody_chose_stays() {
    let town = Town::new();
    let said = town.get("", "/language/en?back=%2Flogin").await;
    assert_eq!((said.status, said.header("location")), (303, "/login"));
    let cookie = said.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert!(town.get(&cookie, "/login").await.text().contains("Sign in"));
    assert_eq!(town.get("", "/language/xx").await.status, 404);
    assert_eq!(town.get("", "/language/en?back=%2F%2Fexample.org").await.header("location"), "/");
}

#[tokio::test]
async fn places_are_seen_by_those_who_may_and_lead_to_their_reasons() {
    let (town, office) = scored().await;
    let page = town.get(&office, "/schemes/x/ranking").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("待审定封存") && text.contains("乙县"), "{text}");
    let from = text.find("/schemes/x/why/").expect("a reason");
    let path = text[from..].split('"').next().expect("an address").replace("&#38;", "&");
    let why = town.get(&office, &path).await;
    assert_eq!(why.status, 200, "{path}: {}", why.text());
    assert!(why.text().contains("class=\"big\""));
    let clerk = town.login("C1").await;
    let refused = town.get(&clerk, "/schemes/x/ranking").await;
    assert_eq!(refused.status, 404);
    let text = refused.text();
    assert!(text.contains("<h1>这一轮的排名还没有公示</h1>") && text.contains("先看本单位的记分表"), "{text}");
    // Whoever is signed in keeps his menu, which stays with a scheme that is there.
    assert!(text.contains("href=\"/schemes/x/sheet\"") && text.contains("data-sign-out"), "{text}");
    let nowhere = town.get(&clerk, "/schemes/none/ranking").await.text();
    assert!(nowhere.contains("<h1>没有，或者你看不到</h1>") && nowhere.contains("/schemes/x/sheet"), "{nowhere}");
    let new = town.get(&office, "/schemes/new").await.text();
    assert!(new.contains("href=\"/schemes/x/sheet\"") && !new.contains("/schemes/new/sheet"), "{new}");
}

#[tokio::test]
async fn an_address_that_is_none_is_told_in_the_form_of_whoever_asks() {
    let town = Town::new();
    let ask = |accept: &'static str| Request::get("/nowhere").header("accept", accept).body(Body::empty());
    let page = town.ask(ask("text/html,*/*").expect("a request")).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(page.text().contains("href=\"/public\"") && !page.text().contains("data-sign-out"), "{}", page.text());
    let problem = town.ask(ask("application/json").expect("a request")).await;
    assert_eq!((problem.status, problem.header("content-type")), (404, "application/problem+json"));
}

/// Every page, for somebody without an account: the open ones, and no others.
#[tokio::test]
async fn no_page_opens_for_strangers_by_mistake() {
    let town = Town::new();
    for route in PAGES.iter().filter(|route| route.form == Form::Page) {
        let path = route.path.replace("{language}", "zh").replace(['{', '}'], "");
        let said = town.get("", &path).await;
        let open =
            ["/login", "/language/{language}", "/verify", "/public", "/public/{scheme}/{round}"].contains(&route.path);
        let led = said.header("location").starts_with("/login?next=");
        assert_eq!(led, !open, "{} answered {}", route.path, said.status);
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_above_what_is() {
    let (town, office) = scored().await;
    let text = town.get(&office, "/schemes/x/ranking?group=%E5%8D%97&part=7&utm=1").await.text();
    for said in ["没有“南”这个同组", "地址里的“utm”在这一页不起作用", "乙县"] {
        assert!(text.contains(said), "`{said}` is missing in {text}");
    }
    assert!(!text.contains("还没有可排的单位"), "{text}");
    let text = town.get(&office, "/schemes/x/ranking?round=%E5%8D%97").await.text();
    assert!(text.contains("没有“南”这个轮次") && text.contains("乙县"), "{text}");
    let text = town.get(&office, "/matters?unit=%E5%8D%97").await.text();
    assert!(text.contains("没有“南”这个单位"), "{text}");
    let text = town.get("", "/public?round=1").await.text();
    assert!(text.contains("地址里的“round”在这一页不起作用"), "{text}");
    assert!(!town.get(&office, "/schemes/x/ranking?round=&group=").await.text().contains("notice near"));
}

#[tokio::test]
async fn scores_are_a_file_and_how_far_a_change_is_comes_after_the_page() {
    let (town, office) = scored().await;
    let file = town.get(&office, "/schemes/x/ranking.csv").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    let text = file.text();
    let widths: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
    assert!(text.starts_with("\u{feff}名次,单位,名称,同组,总分,等次,奖项,") && widths.len() > 1, "{text}");
    let clerk = town.login("C1").await;
    assert_eq!(town.get(&clerk, "/schemes/x/ranking.csv").await.status, 404);

    let page = town.get(&office, "/schemes/x/ranking").await.text();
    let why = page.split('"').find(|part| part.contains("/why/") && !part.contains("/-?")).expect("a reason");
    let why = why.replace("&#38;", "&");
    let first = town.get(&office, &why).await.text();
    let part = first.split("data-fill=\"").nth(1).expect("a part that comes later");
    let part = part.split('"').next().expect("an address").replace("&#38;", "&");
    assert_eq!(town.get(&clerk, &part).await.status, 404);
    let far = town.get(&office, &part).await;
    assert_eq!(far.status, 200, "{part}: {}", far.text());
    let second = town.get(&office, &why).await.text();
    assert!(!second.contains("data-fill"), "it is known now");
    assert!(second.contains(far.text().trim()), "{second}");
    let asked = town.get(&office, &format!("{why}&far=1")).await;
    assert!(asked.text().contains(far.text().trim()));
}
