//! What proves an account changes hands: each time an entry of the record, and what it is about with it or not at all.

use crate::town::{PASSWORD, Town};
use serde_json::{Value, json};

async fn signs_in(town: &Town, account: &str, password: &Value) -> u16 {
    town.post("", "/api/login", &json!({"account": account, "password": password})).await.status
}

/// The last entries of the record, as the auditor reads them.
async fn last_acts(town: &Town, from: u64) -> Vec<Value> {
    let auditor = town.login("U1").await;
    town.get(&auditor, &format!("/api/record?from={from}")).await.json()["items"].as_array().expect("entries").clone()
}

#[tokio::test]
async fn a_first_password_is_in_the_record_and_never_what_it_is() {
    let town = Town::new();
    let system = town.login("S1").await;
    let path = "/api/accounts/C1/password";
    let said = town.post(&system, path, &json!({})).await;
    assert_eq!((said.status, said.header("cache-control")), (201, "no-store"));
    let (number, first) = (said.json()["number"].as_u64().expect("a number"), said.json()["password"].clone());
    assert_eq!(signs_in(&town, "C1", &first).await, 200);
    // A second one has to say why; where it does not, the first still proves the account.
    assert_eq!(town.post(&system, path, &json!({})).await.told(), "422 reason-needed");
    assert_eq!(signs_in(&town, "C1", &first).await, 200);
    let asked = json!({"id": "again-1", "why": "本人忘了密码"});
    let said = town.post(&system, path, &asked).await;
    let second = said.json()["password"].clone();
    assert_eq!(
        (said.status, signs_in(&town, "C1", &first).await, signs_in(&town, "C1", &second).await),
        (201, 401, 200)
    );
    // Sent again it is done once, and the password is not told again.
    let again = town.post(&system, path, &asked).await;
    assert_eq!((again.status, &again.json()["again"], &again.json()["password"]), (200, &json!(true), &Value::Null));
    assert_eq!(signs_in(&town, "C1", &second).await, 200);
    let entries = last_acts(&town, number).await;
    let text = serde_json::to_string(&entries).expect("JSON");
    assert_eq!(entries.len(), 2, "{text}");
    assert!(text.contains("give-password") && text.contains("C1") && text.contains("本人忘了密码"));
    for password in [&first, &second] {
        assert!(!text.contains(password.as_str().expect("a text")), "never in the record");
    }
    let accounts = town.get(&system, "/api/accounts?account=C1").await;
    assert_eq!(accounts.column("password_given"), [(number + 1).to_string()]);
}

#[tokio::test]
async fn a_password_is_not_given_by_a_deed_alone() {
    let town = Town::new();
    let system = town.login("S1").await;
    for name in ["give-password", "drop-codes", "unbind-login"] {
        assert_eq!(town.deed(&system, name, json!({name: {"account": "C1"}})).await.told(), "422 deed-made-here");
    }
    let before = town.office.desk.read(|shown| shown.state.size);
    let other = town.login("S2").await;
    for path in ["/api/accounts/C1/password", "/api/accounts/C1/codes"] {
        assert_eq!(town.post(&other, path, &json!({"why": "试试"})).await.told(), "403 not-entitled");
    }
    assert_eq!(town.office.desk.read(|shown| shown.state.size), before);
    assert_eq!(signs_in(&town, "C1", &json!(PASSWORD)).await, 200, "and nothing changed");
}

#[tokio::test]
async fn codes_are_given_up_with_a_reason_and_the_password_stays() {
    let town = Town::new();
    let own = town.login("C1").await;
    let secret = town.post(&own, "/api/totp", &json!({"password": PASSWORD})).await.json()["secret"].clone();
    let secret = secret.as_str().expect("a secret");
    let totp = kaoping_web::people::totp::Totp::parse(secret).expect("codes");
    let code = totp.code_at(town.office.now_ms()).expect("a code");
    let body = json!({"password": PASSWORD, "secret": secret, "code": code});
    assert_eq!(town.post(&own, "/api/totp", &body).await.status, 200);
    assert_eq!(signs_in(&town, "C1", &json!(PASSWORD)).await, 401, "a code is asked for");
    let system = town.login("S1").await;
    assert_eq!(town.post(&system, "/api/accounts/C1/codes", &json!({})).await.told(), "422 reason-needed");
    assert_eq!(signs_in(&town, "C1", &json!(PASSWORD)).await, 401);
    let said = town.post(&system, "/api/accounts/C1/codes", &json!({"why": "手机丢了"})).await;
    assert_eq!(said.status, 201);
    assert_eq!(town.get(&own, "/api/me").await.status, 401, "its sessions end");
    assert_eq!(signs_in(&town, "C1", &json!(PASSWORD)).await, 200);
    let entries = last_acts(&town, said.json()["number"].as_u64().expect("a number")).await;
    let text = serde_json::to_string(&entries).expect("JSON");
    assert!(text.contains("drop-codes") && !text.contains(secret), "{text}");
}

/// The entry and the password are one transaction: where the disk takes neither, the old one stands.
#[tokio::test]
async fn where_the_deed_is_not_done_the_password_stands() {
    let Town { office, router, place, .. } = Town::new();
    drop((office, router));
    let town = Town::empty(place, 1, false);
    let system = town.login("S1").await;
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (tell, begun) = std::sync::mpsc::channel();
    town.office.desk.keep(Vec::new(), move |_| {
        tell.send(()).expect("sent");
        let _ = wait.recv();
    });
    begun.recv().expect("begun");
    town.office.desk.keep(Vec::new(), drop);
    assert_eq!(town.post(&system, "/api/accounts/C1/password", &json!({})).await.told(), "503 desk-busy");
    drop(go_on);
    for _ in 0..200 {
        if signs_in(&town, "C1", &json!(PASSWORD)).await == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the old password proves it no more");
}
