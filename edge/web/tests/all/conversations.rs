//! Conversations with the office: what is asked, and what comes back.

use crate::town::{PASSWORD, Town, day};
use axum::{body::Body, http::Request};
use kaoping_office::{Act, Role, deeds::people};
use serde_json::{Value, json};

#[tokio::test]
async fn a_stranger_is_let_in_nowhere() {
    let town = Town::new();
    assert_eq!(town.get("", "/api/offices").await.told(), "401 not-signed-in");
    assert_eq!(town.get("kaoping=0000", "/api/me").await.told(), "401 not-signed-in");
    assert_eq!(town.deed("", "x", json!({"open-account": {"account": "A9"}})).await.told(), "401 not-signed-in");
    assert_eq!(town.get("", "/healthz").await.text(), "ok\n");
    assert_eq!(town.get("", "/readyz").await.text(), "ok\n");
    assert!(town.get("", "/api/checkpoint").await.text().starts_with("甲市考评台账\n"));
    assert_eq!(town.get("", "/openapi.json").await.json()["openapi"], "3.1.0");
}

#[tokio::test]
async fn from_login_to_receipt_to_what_is_read() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let me = town.get(&cookie, "/api/me").await.json();
    assert_eq!(
        (&me["account"], &me["roles"][0]["role"], &me["today"]),
        (&json!("S1"), &json!("system-admin"), &json!("2026-01-05"))
    );
    let act = json!({"open-account": {"account": "A9"}});
    let said = town.deed(&cookie, "d-1", act.clone()).await;
    assert_eq!((said.status, said.json()["again"].clone()), (201, json!(false)));
    let number = said.json()["number"].clone();
    // Sent again it is done once; the same id for something else is refused.
    let again = town.deed(&cookie, "d-1", act).await;
    assert_eq!((again.status, &again.json()["number"], &again.json()["again"]), (200, &number, &json!(true)));
    assert_eq!(again.json()["hash"], said.json()["hash"]);
    let other = town.deed(&cookie, "d-1", json!({"open-account": {"account": "A10"}})).await;
    assert_eq!(other.told(), "409 id-used-otherwise");
    assert_eq!(other.json()["findings"][0]["where"], json!({"what": "body", "pointer": "/id"}));
    let in_header = Request::post("/api/deeds")
        .header("cookie", &cookie)
        .header("content-type", "application/json")
        .header("idempotency-key", "d-1")
        .body(Body::from(json!({"act": {"open-account": {"account": "A10"}}}).to_string()));
    let other = town.ask(in_header.expect("a request")).await;
    let place = json!({"what": "header", "name": "Idempotency-Key"});
    assert_eq!((other.told().as_str(), &other.json()["findings"][0]["where"]), ("409 id-used-otherwise", &place));
    assert!(town.get(&cookie, "/api/accounts").await.column("account").contains(&"A9".to_owned()));
    // The receipt can be proved.
    let proof = town.get(&cookie, &format!("/api/record/{number}/proof")).await.json();
    assert_eq!(proof["leaf"], said.json()["hash"]);
}

#[tokio::test]
async fn what_is_refused_says_why_in_the_language_asked_for() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let act = json!({"open-account": {"account": "A9"}});
    let said = town.deed(&cookie, "d-1", act.clone()).await;
    assert_eq!(said.told(), "403 not-entitled");
    assert_eq!(said.header("content-type"), "application/problem+json");
    assert_eq!((said.header("content-language"), said.json()["title"].as_str()), ("zh-CN", Some("填报人不能办这件事")));
    let request = Request::post("/api/deeds")
        .header("cookie", &cookie)
        .header("content-type", "application/json")
        .header("accept-language", "en-GB, zh;q=0.5")
        .header("idempotency-key", "d-2");
    let said = town.ask(request.body(Body::from(json!({"act": act}).to_string())).expect("a request")).await;
    assert_eq!(
        (said.header("content-language"), said.json()["title"].as_str()),
        ("en", Some("the role clerk may not do this"))
    );
    // Everything that speaks against it comes at once.
    let cookie = town.login("S1").await;
    let act = json!({"enter-notice": {"year": 2026, "notice": "", "rest": ["1970-01-02"], "work": ["1970-01-02"]}});
    let names = town.deed(&cookie, "d-3", act).await.told();
    assert_eq!(names, "422 evidence-needed value-not-fitting value-not-fitting");
    // Without an id there is no telling whether it is the same.
    let said = town.post(&cookie, "/api/deeds", &json!({"act": {"open-account": {"account": "A9"}}})).await;
    assert_eq!(said.told(), "400 parameter-not-usable");
    // A paper has to be there first.
    let missing = format!("sha256:{}", "0".repeat(64));
    let body = json!({"id": "d-4", "act": {"open-account": {"account": "A9"}}, "evidence": [missing]});
    assert_eq!(town.post(&cookie, "/api/deeds", &body).await.told(), "422 content-not-kept");
}

#[tokio::test]
async fn guessing_ends_soon_and_tells_nothing() {
    let town = Town::new();
    let wrong = |account: &str| json!({"account": account, "password": "wrong horse battery"});
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for _ in 0..6 {
        known.push(town.post("", "/api/login", &wrong("C1")).await.text());
        unknown.push(town.post("", "/api/login", &wrong("nobody")).await.text());
    }
    assert_eq!(known, unknown, "whether there is an account is not told");
    assert!(known[4].contains("login-failed") && known[5].contains("account-locked"));
    // Now the right password does not help either, until the time is over.
    let right = json!({"account": "C1", "password": PASSWORD});
    let said = town.post("", "/api/login", &right).await;
    assert_eq!((said.told().as_str(), said.header("retry-after")), ("429 account-locked", "900"));
    town.wait(15 * 60_000 - 1);
    assert_eq!(town.post("", "/api/login", &right).await.status, 429);
    town.wait(1);
    assert_eq!(town.post("", "/api/login", &right).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_with_time() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    town.wait(30 * 60_000 - 1);
    assert_eq!(town.get(&cookie, "/api/me").await.status, 200, "used in time");
    town.wait(30 * 60_000 - 1);
    assert_eq!(town.get(&cookie, "/api/me").await.status, 200, "each use counts");
    town.wait(30 * 60_000);
    assert_eq!(town.get(&cookie, "/api/me").await.told(), "401 not-signed-in");
    // Whatever is done, it ends after twelve hours.
    let cookie = town.login("C1").await;
    for _ in 0..47 {
        town.wait(15 * 60_000);
        assert_eq!(town.get(&cookie, "/api/me").await.status, 200);
    }
    town.wait(15 * 60_000);
    assert_eq!(town.get(&cookie, "/api/me").await.told(), "401 not-signed-in");
}

#[tokio::test]
async fn a_session_ends_with_the_last_role_at_once() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    assert_eq!(town.get(&cookie, "/api/offices").await.status, 200);
    let revoke = people::RevokeRole { account: "C1".into(), office: "乙县".into(), role: Role::Clerk };
    town.does(("S2", "甲市", Role::SecurityAdmin), Act::RevokeRole(revoke));
    assert_eq!(town.get(&cookie, "/api/offices").await.told(), "401 not-signed-in");
    let login = json!({"account": "C1", "password": PASSWORD});
    assert_eq!(town.post("", "/api/login", &login).await.told(), "403 no-role-today");
    let grant = people::GrantRole {
        account: "C1".into(),
        office: "乙县".into(),
        role: Role::Clerk,
        from: day("2026-01-01"),
        to: None,
    };
    town.does(("S2", "甲市", Role::SecurityAdmin), Act::GrantRole(grant));
    assert_eq!(town.get(&cookie, "/api/offices").await.told(), "401 not-signed-in", "it does not rise again");
    let cookie = town.login("C1").await;
    town.does(("S1", "甲市", Role::SystemAdmin), Act::CloseAccount(people::CloseAccount { account: "C1".into() }));
    assert_eq!(town.get(&cookie, "/api/me").await.told(), "401 not-signed-in");
}

#[tokio::test]
async fn logging_in_anew_and_out() {
    let town = Town::new();
    let first = town.login("C1").await;
    let said = town.post(&first, "/api/login", &json!({"account": "C1", "password": PASSWORD})).await;
    let second = said.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert_ne!(first, second, "the session gets another name");
    assert_eq!(town.get(&first, "/api/me").await.status, 401);
    assert!(said.header("set-cookie").ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"));
    assert_eq!(town.post(&second, "/api/logout", &json!({})).await.status, 200);
    assert_eq!(town.get(&second, "/api/me").await.status, 401);
}

#[tokio::test]
async fn a_first_password_is_changed_first() {
    let town = Town::new();
    let system = town.login("S1").await;
    town.deed(&system, "d-1", json!({"open-account": {"account": "A9"}})).await;
    let security = town.login("S2").await;
    let grant = json!({"account": "A9", "office": "乙县", "role": "clerk", "from": "2026-01-01", "to": null});
    assert_eq!(town.deed(&security, "d-2", json!({"grant-role": grant})).await.status, 201);
    assert_eq!(town.post(&security, "/api/accounts/A9/password", &json!({})).await.told(), "403 not-entitled");
    assert_eq!(town.post(&system, "/api/accounts/A99/password", &json!({})).await.told(), "404 not-in-the-record");
    let first = town.post(&system, "/api/accounts/A9/password", &json!({})).await.json()["password"].clone();
    let said = town.post("", "/api/login", &json!({"account": "A9", "password": first})).await;
    assert_eq!(said.json()["password_to_change"], true);
    let cookie = said.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert_eq!(town.get(&cookie, "/api/offices").await.told(), "403 password-to-change");
    assert_eq!(town.get(&cookie, "/api/me").await.status, 200);
    for (bad, reasons) in [
        ("short", vec!["太短：至少 12 个字"]),
        ("aaaaaaaa", vec!["太短：至少 12 个字", "只是一个字重复"]),
        (first.as_str().expect("a text"), vec!["和现在的一样"]),
    ] {
        let said = town.post(&cookie, "/api/password", &json!({"now": first, "new": bad})).await;
        assert_eq!(said.status, 422, "{bad}");
        let said = said.json();
        let told: Vec<&str> =
            said["findings"].as_array().expect("findings").iter().filter_map(|f| f["message"].as_str()).collect();
        assert_eq!(told, reasons.iter().map(|reason| format!("这个密码不能用：{reason}")).collect::<Vec<_>>());
    }
    let wrong = town.post(&cookie, "/api/password", &json!({"now": "guess", "new": "one two three four"})).await;
    assert_eq!(wrong.told(), "401 login-failed");
    let said = town.post(&cookie, "/api/password", &json!({"now": first, "new": "one two three four"})).await;
    assert_eq!(said.status, 200);
    assert_eq!(town.get(&cookie, "/api/offices").await.status, 200, "this session goes on");
    let said = town.post("", "/api/login", &json!({"account": "A9", "password": "one two three four"})).await;
    assert_eq!(said.json()["password_to_change"], false);
}

#[tokio::test]
async fn a_session_outlives_the_program_and_is_not_in_the_store() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let Town { office, router, place, .. } = town;
    drop(router);
    drop(office);
    let town = Town::empty(place, 10, false);
    assert_eq!(town.get(&cookie, "/api/me").await.json()["account"], "C1");
    let token = cookie.split('=').nth(1).expect("a token").to_owned();
    town.office
        .from_store(|store| {
            store.privates(None, &mut |private| {
                let text = String::from_utf8_lossy(private.bytes.as_deref().unwrap_or_default()).into_owned();
                assert!(!text.contains(&token) && !private.key.contains(&token) && !text.contains(PASSWORD));
                true
            })
        })
        .expect("a store");
}

#[tokio::test]
async fn a_deadline_says_how_it_was_reckoned() {
    let town = Town::new();
    let cookie = town.login("A1").await;
    let rest: Vec<String> = (16..25).map(|date| format!("2026-02-{date}")).collect();
    let notice =
        json!({"year": 2026, "notice": "国办发明电〔2025〕7号", "rest": rest, "work": ["2026-02-14", "2026-02-28"]});
    assert_eq!(town.deed(&cookie, "d-1", json!({"enter-notice": notice})).await.status, 201);
    let found = town.get(&cookie, "/api/deadline?from=2026-02-13&working_days=3").await.json();
    assert_eq!(found["due"], "2026-02-26");
    assert_eq!(found["made_up"], json!(["2026-02-14"]));
    assert_eq!(found["passed_over"].as_array().map(Vec::len), Some(10), "{found}");
    assert_eq!((&found["working_days_left"], &found["working_days_over"]), (&json!(32), &Value::Null));
    // What is past is told as days over, and not as days left below zero.
    let found = town.get(&cookie, "/api/deadline?from=2025-12-29&working_days=0").await.json();
    assert_eq!(found["working_days_left"], Value::Null);
    assert!(found["working_days_over"].as_u64().is_some_and(|days| days > 0), "{found}");
    for (path, zh) in [("/api/deadline?from=2026-02-13&working_days=", "要 0 到 1000 的整数（工作日），写的是“")]
    {
        for days in ["1001", "70000", "-3", "五"] {
            let said = town.get(&cookie, &format!("{path}{days}")).await;
            assert_eq!(said.status, 400, "{days}");
            assert_eq!(said.json()["findings"][0]["why"], format!("{zh}{days}”"));
        }
        assert_eq!(town.get(&cookie, &format!("{path}1000")).await.status, 200);
    }
    assert_eq!(town.get(&cookie, "/calendar?from=2026-02-13&working_days=1001").await.status, 400);
    // In a deed the limit is named, whatever the number.
    let asked = |field: &str, days: i64| {
        let mut asked = json!({"collection": "x", "title": "x", "scheme": "x", "period": "2026-01", "figures": ["x"],
            "offices": ["乙县"], "from": "2026-02-13", "working_days": 5, "grace_days": 0, "counted_in": null});
        asked[field] = json!(days);
        json!({"act": {"open-collection": asked}})
    };
    for (days, most) in [(1001, "1001 个工作日太长，最多 1000 个"), (70_000, "最多 1000 个工作日，写的是 70000")]
    {
        for field in ["working_days", "grace_days"] {
            let said = town.post(&cookie, "/api/deeds/check", &asked(field, days)).await.text();
            assert!(said.contains(most), "{field} {days}: {said}");
        }
    }
    let notices = town.get(&cookie, "/api/calendar").await.json();
    assert_eq!(notices["notices"][0]["work"], json!(["2026-02-14", "2026-02-28"]));
}

#[tokio::test]
async fn an_account_has_so_many_sessions_and_the_oldest_go() {
    let town = Town::new();
    let mut cookies = Vec::new();
    for _ in 0..11 {
        cookies.push(town.login("C1").await);
        town.wait(1000);
    }
    let mut statuses = Vec::new();
    for cookie in &cookies {
        statuses.push(town.get(cookie, "/api/me").await.status);
    }
    assert_eq!(statuses, [vec![401], vec![200; 10]].concat());
    // Sessions that ended with time are forgotten, on the disk too.
    let kept = |town: &Town| {
        let mut count = 0;
        let counted = town.office.from_store(|store| {
            store.privates(Some("session"), &mut |_| {
                count += 1;
                true
            })
        });
        counted.expect("a store");
        count
    };
    assert_eq!(kept(&town), 10);
    town.wait(31 * 60_000);
    town.office.tidy();
    town.login("C1").await;
    assert_eq!(kept(&town), 1);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let town = Town::new();
    let (here, elsewhere) = (town.login("C1").await, town.login("C1").await);
    let body = json!({"now": PASSWORD, "new": "one two three four"});
    assert_eq!(town.post(&here, "/api/password", &body).await.status, 200);
    assert_eq!(town.get(&here, "/api/me").await.status, 200);
    assert_eq!(town.get(&elsewhere, "/api/me").await.status, 401);
    let old = json!({"account": "C1", "password": PASSWORD});
    assert_eq!(town.post("", "/api/login", &old).await.told(), "401 login-failed");
    // One that an administrator gave ends all of them.
    let system = town.login("S1").await;
    assert_eq!(town.post(&system, "/api/accounts/C1/password", &json!({})).await.status, 201);
    assert_eq!(town.get(&here, "/api/me").await.status, 401);
}

#[tokio::test]
async fn who_works_in_two_offices_acts_in_the_one_that_may() {
    let town = Town::new();
    let security = town.login("S2").await;
    let grant = json!({"account": "R1", "office": "丙县", "role": "clerk", "from": "2026-01-05", "to": null});
    assert_eq!(town.deed(&security, "d-1", json!({"grant-role": grant})).await.told(), "201");
    let grant = json!({"account": "R1", "office": "乙县", "role": "clerk", "from": "2026-01-05", "to": null});
    assert_eq!(
        town.post(&security, "/api/deeds", &json!({"id": "d-2", "act": {"grant-role": grant}, "why": "兼任"}))
            .await
            .status,
        201
    );
    town.asked();
    let paper = town.paper(b"a paper");
    let figure = json!({"figure": "新增就业", "value": "880", "evidence": [paper.to_string()], "answer": ""});
    let act = json!({"submit-report": {"collection": "一月", "office": "乙县", "figures": [figure]}});
    let both = town.login("R1").await;
    let body = |office: Option<&str>| json!({"id": "d-3", "act": act, "office": office});
    assert_eq!(
        town.post(&both, "/api/deeds", &body(Some("丙县"))).await.told(),
        "403 not-entitled",
        "what is said holds"
    );
    assert_eq!(
        town.post(&both, "/api/deeds", &body(None)).await.told(),
        "201 period-not-over",
        "in the second of them"
    );
    // Sent again when that role is over, it is the deed that was done.
    let over = json!({"account": "R1", "office": "乙县", "role": "clerk"});
    let revoke = json!({"id": "d-4", "act": {"revoke-role": over}, "why": "不再兼任"});
    assert_eq!(town.post(&security, "/api/deeds", &revoke).await.told(), "201");
    let again = town.post(&both, "/api/deeds", &body(None)).await;
    assert_eq!((again.status, &again.json()["again"]), (200, &json!(true)), "{}", again.text());
    let elsewhere = town.post(&both, "/api/deeds", &body(Some("丙县"))).await;
    assert_eq!(elsewhere.told(), "409 id-used-otherwise", "what is said holds");
}

#[tokio::test]
async fn who_stands_in_says_for_whom() {
    let town = Town::new();
    let clerk = town.login("C1").await;
    let deputy = json!({"deputy": "R1", "office": "乙县", "role": "clerk", "from": "2026-01-05", "to": "2026-01-09"});
    assert_eq!(town.deed(&clerk, "d-1", json!({"name-deputy": deputy})).await.told(), "201");
    let other = town.login("R1").await;
    let roles = town.get(&other, "/api/me").await.json()["roles"].clone();
    assert_eq!((&roles[1]["role"], &roles[1]["deputy_for"]), (&json!("clerk"), &json!("C1")), "{roles}");
    let paper = town.paper(b"a paper");
    town.asked();
    let figure = json!({"figure": "新增就业", "value": "880", "evidence": [paper.to_string()], "answer": ""});
    let act = json!({"submit-report": {"collection": "一月", "office": "乙县", "figures": [figure]}});
    let body = |id: &str, whom: Option<&str>| json!({"id": id, "act": act, "deputy_for": whom});
    assert_eq!(town.post(&other, "/api/deeds", &body("d-2", None)).await.told(), "403 not-entitled");
    assert_eq!(town.post(&other, "/api/deeds", &body("d-2", Some("I1"))).await.told(), "403 not-entitled");
    let owed = town.get(&other, "/api/owed").await;
    assert_eq!((owed.column("deed"), owed.column("to")), (vec!["submit-report".into()], vec!["甲市".into()]));
    assert_eq!(town.post(&other, "/api/deeds", &body("d-2", Some("C1"))).await.told(), "201 period-not-over");
    let report = town.get(&other, "/api/reports").await;
    assert_eq!((report.column("stage"), report.column("filled_by")), (vec!["submitted".into()], vec!["R1".into()]));
    // Having filled it in himself, he cannot look through it.
    let review = json!({"review-report": {"collection": "一月", "office": "乙县"}});
    assert_eq!(town.deed(&other, "d-3", review).await.told(), "422 second-person-needed");
    // And when the time is over, nothing is left of it.
    town.wait(5 * 86_400_000);
    let other = town.login("R1").await;
    assert_eq!(town.get(&other, "/api/me").await.json()["roles"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_what_is_elsewhere() {
    let town = Town::new();
    let (here, elsewhere, other) = (town.login("C1").await, town.login("C1").await, town.login("C2").await);
    let sessions = async |cookie: &str| town.get(cookie, "/api/sessions").await.json()["sessions"].clone();
    let of = |sessions: &serde_json::Value| {
        let own = sessions.as_array().expect("a list").iter();
        own.map(|session| session["here"].as_bool().expect("yes or no")).collect::<Vec<_>>()
    };
    assert_eq!(of(&sessions(&here).await), [true, false], "his own, the one that asks first");
    assert!(town.get(&here, "/settings").await.text().contains("data-post=\"/api/sessions/end-others\""));
    let ended = town.post(&here, "/api/sessions/end-others", &json!({})).await;
    assert_eq!((ended.status, &ended.json()["ended"]), (200, &json!(1)));
    assert_eq!(town.get(&elsewhere, "/api/me").await.status, 401, "it ended at once");
    assert_eq!(of(&sessions(&here).await), [true]);
    assert!(!town.get(&here, "/settings").await.text().contains("end-others"), "nothing is left to end");
    assert_eq!(of(&sessions(&other).await), [true], "those of others go on");
}
