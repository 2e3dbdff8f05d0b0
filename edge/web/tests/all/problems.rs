//! Every problem says where, what, why and what to do, in both languages, whoever finds it: the gate, a route, the desk.

use crate::town::{Said, Town};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// What is asked: a name, the request without cookie and language, and what is told of it and where.
struct Wrong {
    told: &'static str,
    at: Value,
    account: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

const OTHER: (&str, &str) = ("content-type", "text/plain");

const JSON: (&str, &str) = ("content-type", "application/json");

fn wrong() -> Vec<Wrong> {
    let body = |pointer: &str| json!({"what": "body", "pointer": pointer});
    let header = |name: &str| json!({"what": "header", "name": name});
    let parameter = |name: &str| json!({"what": "parameter", "name": name});
    let path = || json!({"what": "path"});
    let get = |told, at, account, path, headers| Wrong { told, at, account, method: "GET", path, headers, body: "" };
    let post = |told, at, account, path, body| Wrong {
        told,
        at,
        account,
        method: "POST",
        path,
        headers: &[JSON, ("idempotency-key", "d-1")],
        body,
    };
    vec![
        get("401 not-signed-in", header("Cookie"), "", "/api/offices", &[]),
        get("403 not-entitled", path(), "C1", "/api/accounts", &[]),
        get("404 route-unknown", path(), "C1", "/api/office", &[]),
        get("404 not-in-the-record", path(), "C1", "/api/schemes/x", &[]),
        get("406 format-not-offered", header("Accept"), "C1", "/api/offices", &[("accept", "application/xml")]),
        get("400 parameter-not-usable", parameter("color"), "C1", "/api/offices?color=red", &[]),
        get("400 parameter-not-usable", parameter("limit"), "C1", "/api/offices?limit=x", &[]),
        get("400 parameter-not-usable", parameter("cursor"), "C1", "/api/offices?cursor=x", &[]),
        get("400 parameter-not-usable", parameter("from"), "C1", "/api/deadline?from=2026-02-30", &[]),
        get("400 parameter-not-usable", parameter("old"), "C1", "/api/record/consistency", &[]),
        get("400 parameter-not-usable", parameter("stage"), "C1", "/api/reports?stage=signd", &[]),
        get("400 parameter-not-usable", parameter("late"), "C1", "/api/reports?late=maybe", &[]),
        get("400 parameter-not-usable", parameter("first_signed"), "C1", "/api/reports?first_signed=x", &[]),
        get("400 parameter-not-usable", parameter("returned"), "C1", "/api/reports?returned=x", &[]),
        get("400 parameter-not-usable", parameter("kind"), "C1", "/api/assessed?kind=guess", &[]),
        get("400 parameter-not-usable", parameter("meets_all"), "C1", "/api/totals?meets_all=x", &[]),
        Wrong { method: "DELETE", ..get("405 method-not-allowed", path(), "C1", "/api/offices", &[]) },
        Wrong { headers: &[OTHER], ..post("415 body-type-unfit", header("Content-Type"), "C1", "/api/deeds", "x") },
        Wrong { headers: &[OTHER], ..post("415 body-type-unfit", header("Content-Type"), "C1", "/api/contents", "x") },
        Wrong {
            headers: &[JSON, ("origin", "https://elsewhere.example")],
            ..post("403 request-from-elsewhere", header("Origin"), "C1", "/api/deeds", "{}")
        },
        Wrong {
            headers: &[JSON],
            ..post(
                "400 parameter-not-usable",
                header("Idempotency-Key"),
                "S1",
                "/api/deeds",
                r#"{"act":{"open-account":{"account":"A8"}}}"#,
            )
        },
        post(
            "401 login-failed",
            json!({"what": "body", "pointer": ""}),
            "",
            "/api/login",
            r#"{"account":"C1","password":"x"}"#,
        ),
        post(
            "422 name-not-usable",
            body("/act/open-account/account"),
            "S1",
            "/api/deeds",
            r#"{"act":{"open-account":{"account":"A 8"}}}"#,
        ),
        post(
            "422 already-in-the-record",
            body("/act/open-account/account"),
            "S1",
            "/api/deeds",
            r#"{"act":{"open-account":{"account":"C1"}}}"#,
        ),
        post("422 reason-needed", body("/why"), "S1", "/api/deeds", r#"{"act":{"close-account":{"account":"C1"}}}"#),
        post(
            "422 not-now",
            body("/act/close-account"),
            "S1",
            "/api/deeds",
            r#"{"act":{"close-account":{"account":"S1"}},"why":"离任"}"#,
        ),
        post(
            "403 not-entitled",
            body("/act/open-account"),
            "C1",
            "/api/deeds",
            r#"{"act":{"open-account":{"account":"A8"}}}"#,
        ),
        post(
            "422 personal-data-in-reason",
            body("/why"),
            "S1",
            "/api/deeds",
            r#"{"act":{"open-account":{"account":"A8"}},"why":"13800138000"}"#,
        ),
        post("422 deed-made-here", body("/act"), "A1", "/api/deeds", r#"{"act":{"give-password":{"account":"C1"}}}"#),
        post("422 password-unfit", body("/new"), "C1", "/api/password", r#"{"now":"x","new":"short"}"#),
    ]
}

async fn ask(town: &Town, wrong: &Wrong, cookie: &str, language: &str) -> Said {
    let mut request = Request::builder().method(wrong.method).uri(wrong.path).header("accept-language", language);
    for (name, value) in wrong.headers {
        request = request.header(*name, *value);
    }
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    town.ask(request.body(Body::from(wrong.body)).expect("a request")).await
}

/// What, why and what next: there, and in one language only.
fn is_whole(said: &Said, language: &str) {
    let json = said.json();
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert_eq!(said.header("content-type"), "application/problem+json");
    assert_eq!(json["status"], said.status);
    assert!(json["title"].as_str().is_some_and(|title| !title.is_empty()), "{json}");
    for finding in json["findings"].as_array().expect("findings") {
        assert!(finding["where"]["what"].is_string(), "{finding}");
        for part in ["message", "why", "next"] {
            let text = finding[part].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{part}: {finding}");
            match language {
                "en" => assert!(!text.contains(['，', '。', '；', '：', '、']), "{finding}"),
                _ => assert!(chinese(text), "{finding}"),
            }
        }
    }
}

#[tokio::test]
async fn every_problem_says_where_what_why_and_what_next() {
    let town = Town::new();
    for wrong in wrong() {
        let cookie = if wrong.account.is_empty() { String::new() } else { town.login(wrong.account).await };
        for language in ["zh-CN", "en"] {
            let said = ask(&town, &wrong, &cookie, language).await;
            assert_eq!(said.told(), wrong.told, "{} {}: {}", wrong.method, wrong.path, said.text());
            is_whole(&said, language);
            let place = &said.json()["findings"][0]["where"];
            assert_eq!(*place, wrong.at, "{} {}: {}", wrong.method, wrong.path, said.text());
        }
    }
}

#[tokio::test]
async fn what_is_unknown_is_told_with_what_there_is() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let next = |said: Said| said.json()["findings"][0]["next"].as_str().unwrap_or_default().to_owned();
    let why = |said: Said| said.json()["findings"][0]["why"].as_str().unwrap_or_default().to_owned();
    assert_eq!(next(town.get(&cookie, "/api/reports?stage=signd").await), "是不是 signed？");
    let known = "“x”不是其中之一：submitted、reviewed、signed、returned";
    assert_eq!(why(town.get(&cookie, "/api/reports?stage=x").await), known);
    assert_eq!(next(town.get(&cookie, "/api/office").await), "是不是 /api/offices？地址都列在 /openapi.json");
    // Another word in its place is no misspelling: then there is the list of them all, and nobody is sent to sign in.
    for (asked, meant) in [
        ("/api/nothing", None),
        ("/api/me.csv", Some("/api/me")),
        ("/api/offices/", Some("/api/offices")),
        ("/api/ofices.csv", Some("/api/offices")),
        ("/apis/offices", Some("/api/offices")),
        ("/api/acounts/A1/password", Some("/api/accounts/{account}/password")),
        ("/api/drafts", Some("/api/drafts/{collection}/{unit}")),
        ("/api/schemes/a/b/c/d", None),
        ("/reprots", Some("/reports")),
    ] {
        let told = match meant {
            Some(meant) if !asked.starts_with("/api") => {
                format!("是不是 {meant}？从“我的桌面”往下找，或者核对别人给的地址")
            }
            Some(meant) => format!("是不是 {meant}？地址都列在 /openapi.json"),
            None => "地址都列在 /openapi.json".to_owned(),
        };
        assert_eq!(next(town.get(&cookie, asked).await), told, "{asked}");
    }
    assert!(next(town.get(&cookie, "/api/offices?q=x").await).starts_with("可以用：unit、name、"));
    let request = Request::delete("/api/offices").body(Body::empty()).expect("a request");
    assert_eq!(next(town.ask(request).await), "改用 GET");
    for body in
        [json!({"act": {}}), json!({"act": {"open-account": {"account": "a"}, "close-account": {"account": "b"}}})]
    {
        let said = town.post(&cookie, "/api/deeds", &body).await;
        assert!(why(said).starts_with("act：一次办一件事"), "{body}");
    }
    // Pages say it above what they show instead, and show all.
    for (page, told) in [
        ("/matters?kind=xx", "没有“xx”这个事项类别；下面没有按它筛选。可以选：异议、申请、事件、迟报。"),
        ("/matters?state=xx", "没有“xx”这个办理状态；下面没有按它筛选。可以选：待办、期内、已办结。"),
        ("/reports?stage=xx", "没有“xx”这个填报状态；下面没有按它筛选。可以选：未报、退回待改、"),
        ("/reports?period=xx", "没有“xx”这个填报期；"),
        ("/figures?kind=xx", "没有“xx”这个数据类型；下面没有按它筛选。可以选："),
    ] {
        let said = town.get(&cookie, page).await;
        assert_eq!(said.status, 200);
        assert!(said.text().contains(told), "{page}");
    }
    // What the list has is still found.
    assert_eq!(town.get(&cookie, "/api/reports?stage=signed&late=false").await.status, 200);
}

#[tokio::test]
async fn tables_are_headed_in_the_language_of_who_opens_them() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let head = |language: Option<&str>| {
        let mut request = Request::get("/api/offices.csv").header("cookie", &cookie);
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        town.ask(request.body(Body::empty()).expect("a request"))
    };
    let (names, chinese) =
        ("unit,name,parent,kind,peers,opened,closed\r\n", "单位,名称,上级,类别,同组,设立日期,撤销日期\r\n");
    assert!(head(Some("zh-CN,zh;q=0.9")).await.text().trim_start_matches('\u{feff}').starts_with(chinese));
    for language in [None, Some("en")] {
        assert!(head(language).await.text().trim_start_matches('\u{feff}').starts_with(names), "{language:?}");
    }
}

#[tokio::test]
async fn who_waits_is_told_how_long() {
    let town = Town::new();
    let wrong = json!({"account": "C9", "password": "x"});
    for _ in 0..5 {
        assert_eq!(town.post("", "/api/login", &wrong).await.told(), "401 login-failed");
    }
    let said = town.post("", "/api/login", &wrong).await;
    assert_eq!((said.told().as_str(), said.json()["retry_after"].as_u64()), ("429 account-locked", Some(900)));
    assert_eq!(said.json()["title"], "连续输错次数太多，2026-01-05 08:15 以前不能登录");
    assert!(said.json()["findings"][0]["next"].as_str().is_some_and(|next| next.starts_with("15 分钟以后再试")));
    is_whole(&said, "zh-CN");
    for _ in 0..300 {
        town.get("", "/healthz").await;
    }
    let said = town.get("", "/healthz").await;
    assert_eq!((said.told().as_str(), said.header("retry-after")), ("429 too-many-requests", "1"));
    is_whole(&said, "zh-CN");
    assert!(said.json()["findings"][0]["next"].as_str().is_some_and(|next| next.starts_with("1 秒以后再送")));
}
