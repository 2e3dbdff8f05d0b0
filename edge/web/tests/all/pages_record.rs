//! The record, what is published, and verifying it: who sees what, and who does not.

use crate::town::Town;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

/// A town whose round has results.
async fn scored() -> (Town, String) {
    let town = Town::new();
    let office = town.login("A1").await;
    let files = town.uploaded(&office, "township-2014").await;
    let body = json!({"id": "d-1", "office": "甲市", "files": files, "why": "办公会纪要"});
    assert_eq!(town.post(&office, "/api/schemes/x", &body).await.status, 201);
    assert_eq!(town.post(&office, "/api/results/x", &json!({"id": "r-1", "round": ""})).await.status, 201);
    (town, office)
}

/// A day passes: sessions end with it, and whoever asks signs in again.
async fn next_day(town: &Town, account: &str) -> String {
    town.wait(DAY_MS);
    town.login(account).await
}

#[tokio::test]
async fn auditors_read_all_of_it_and_others_what_they_see_anyway() {
    let (town, _) = scored().await;
    let auditor = town.login("U1").await;
    let page = town.get(&auditor, "/record").await.text();
    for word in ["汇总结果", "采用方案", "授予职责", "开设账号", "办公会纪要"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    // Entries are counted from nought: how many there are is one more than the last is called.
    let size = town.office.desk.read(|shown| shown.state.size);
    let said = format!("共 {size} 条，编号 0 至 {}", size - 1);
    assert!(page.contains(&said) && page.contains(&format!("href=\"/record/{}\"", size - 1)), "{said}: {page}");
    let clerk = town.login("C2").await;
    let page = town.get(&clerk, "/record").await.text();
    assert!(page.contains("采用方案") && page.contains("整本台账由审计"), "{page}");
    let list = |page: &str| page[page.find("<tbody>").expect("a table")..].to_owned();
    assert!(!list(&page).contains("汇总结果"), "results nobody sealed: {page}");
    assert!(list(&page).contains("账号 C2") && !list(&page).contains("账号 C1"), "accounts of others: {page}");
    let administrator = town.login("S1").await;
    let page = list(&town.get(&administrator, "/record").await.text());
    assert!(page.contains("授予职责") && !page.contains("汇总结果"), "{page}");
}

#[tokio::test]
async fn what_is_looked_for_is_found_page_after_page() {
    let (town, _) = scored().await;
    let auditor = town.login("U1").await;
    let list = |page: String| page[page.find("<tbody>").expect("a table")..].to_owned();
    let of = list(town.get(&auditor, "/record?deed=open-office&unit=%E4%B9%99%E5%8E%BF").await.text());
    assert!(of.contains("乙县") && of.contains("乙镇") && !of.contains("丙县"), "{of}");
    let none = town.get(&auditor, "/record?q=nothing-of-that").await.text();
    assert!(none.contains("没有这样的记录"), "{none}");
    assert_eq!(town.get(&auditor, "/record?since=yesterday").await.status, 400);
    assert_eq!(town.get(&auditor, "/record?since=2027-01-01").await.status, 200);
    let first = list(town.get(&auditor, "/record?from=0").await.text());
    assert!(first.contains("成立台账") && first.contains("到头了"), "{first}");
}

#[tokio::test]
async fn an_entry_is_shown_whole_with_its_proof_to_those_who_see_what_it_is_about() {
    let (town, _) = scored().await;
    let size = town.office.desk.read(|shown| shown.state.size);
    let (clerk, auditor) = (town.login("C1").await, town.login("U1").await);
    let path = format!("/record/{}", size - 1);
    assert_eq!(town.get(&clerk, &path).await.status, 404, "results nobody sealed");
    assert_eq!(town.get(&clerk, &format!("{path}/proof")).await.status, 404);
    let page = town.get(&auditor, &path).await.text();
    assert!(page.contains("汇总结果") && page.contains("sha256:") && page.contains("put-down-results"), "{page}");
    let proof = town.get(&auditor, &format!("{path}/proof")).await;
    assert!(proof.header("content-disposition").contains(".json"));
    let proof = proof.json();
    assert_eq!(proof["number"], size - 1);
    let bytes = proof["entry"].as_str().expect("bytes");
    let leaf = kaoping_ledger::Algorithm::Sha256.leaf(bytes.as_bytes()).to_string();
    assert_eq!(proof["leaf"], leaf, "the bytes are those that are hashed");
    assert_eq!(town.get(&auditor, "/record/999999").await.status, 404);
    assert_eq!(town.get(&clerk, "/record/1").await.status, 200, "offices are for everybody");
}

#[tokio::test]
async fn nothing_is_public_before_it_was_made_so() {
    let (town, _) = scored().await;
    let unseen = async |when: &str| {
        let all = town.get("", "/public").await;
        assert!(all.status == 200 && !all.text().contains("/public/x"), "{when}: {}", all.text());
        assert_eq!(town.get("", "/public/x/-").await.status, 404, "{when}");
        let verify = town.get("", "/verify?result=x%7C").await.text();
        assert!(!verify.contains("x|"), "{when}: {verify}");
        assert!(!town.get("", "/public?q=%E4%B9%99").await.text().contains("/public/x"), "{when}");
    };
    unseen("put down").await;
    let leader = town.login("G1").await;
    let seal = json!({"seal": {"scheme": "x", "round": "", "objection_days": 1}});
    assert_eq!(town.deed(&leader, "s-1", seal).await.status, 201);
    unseen("sealed, for the offices alone").await;
    town.wait(DAY_MS);
    let office = next_day(&town, "A1").await;
    let publish = json!({"publish": {"scheme": "x", "round": ""}});
    let said = town.deed(&office, "p-1", publish).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let page = town.get("", "/public/x/-").await;
    assert!(page.status == 200 && page.text().contains("乙县"), "{}", page.text());
    for account in ["A1", "G1"] {
        assert!(!page.text().contains(account), "no account is named");
    }
    assert!(town.get("", "/public?q=%E4%B9%99%E5%8E%BF").await.text().contains("/public/x/-"));
    assert!(town.get("", "/public?q=%E4%B8%99%E5%B7%9E").await.text().contains("没有找到"));
}

#[tokio::test]
async fn what_was_sealed_to_be_shown_is_shown_until_the_time_is_over() {
    let (town, _) = scored().await;
    let leader = town.login("G1").await;
    let seal = json!({"seal": {"scheme": "x", "round": "", "objection_days": 1, "shown": true}});
    assert_eq!(town.deed(&leader, "s-1", seal).await.status, 201);
    let page = town.get("", "/public/x/-").await;
    assert!(page.status == 200 && page.text().contains("正在公示"), "{}", page.text());
    town.wait(2 * DAY_MS);
    assert_eq!(town.get("", "/public/x/-").await.status, 404, "over, and nothing was published");
}

#[tokio::test]
async fn a_published_result_is_verified_check_by_check() {
    let (town, _) = scored().await;
    let kept = town.office.desk.read(|shown| shown.checkpoint.as_ref().map(|signed| signed.text()));
    let leader = town.login("G1").await;
    let seal = json!({"seal": {"scheme": "x", "round": "", "objection_days": 0}});
    assert_eq!(town.deed(&leader, "s-1", seal).await.status, 201);
    let office = next_day(&town, "A1").await;
    assert_eq!(town.deed(&office, "p-1", json!({"publish": {"scheme": "x", "round": ""}})).await.status, 201);
    town.office.tidy();
    let page = town.get("", "/verify?result=x%7C").await.text();
    assert_eq!(page.matches("✓ 通过").count(), 6, "{page}");
    assert!(page.contains("– 没有核") && !page.contains("✗"), "{page}");
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let note = match kept {
        Some(kept) => kept,
        None => town.get("", "/api/checkpoint").await.text(),
    };
    let page = town.get("", &format!("/verify?result=x%7C&checkpoint={}", encoded(&note))).await.text();
    assert_eq!(page.matches("✓ 通过").count(), 7, "{page}");
    let changed = note.replacen("sha256:", "sha256:0", 1);
    let page = town.get("", &format!("/verify?result=x%7C&checkpoint={}", encoded(&changed))).await.text();
    assert!(page.contains("✗ 不通过"), "{page}");
}
