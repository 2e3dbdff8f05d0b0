//! The page of persons: masked for the office that keeps them, forms for who may, nothing for anybody else.

use crate::town::Town;
use serde_json::json;

/// What was registered.
const DATA: [(&str, &str); 2] = [("name", "申请人甲乙"), ("phone", "13900012378")];

async fn page(town: &Town, account: &str) -> String {
    town.get(&town.login(account).await, "/persons").await.text()
}

/// Which forms a page offers for P1, and for a new person.
fn forms(page: &str) -> Vec<&'static str> {
    let all = [
        ("register", "id=\"register-person\""),
        ("look-up", "/api/persons/P1/look-up"),
        ("propose", "data-deed=\"propose-erasure\""),
        ("erase", "/api/persons/P1/erase"),
    ];
    all.into_iter().filter(|(_, mark)| page.contains(mark)).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn a_person_is_registered_looked_up_and_erased_from_the_page() {
    let town = Town::new();
    let clerk = town.login("C1").await;
    assert_eq!(forms(&page(&town, "C1").await), ["register"]);
    assert_eq!(forms(&page(&town, "S1").await), [""; 0]);
    // As the form sends it: with office and role.
    let body = json!({"id": "p-1", "person": "P1", "data": {"name": DATA[0].1, "phone": DATA[1].1},
        "office": "乙县", "role": "clerk"});
    assert_eq!(town.post(&clerk, "/api/persons", &body).await.status, 201);
    let shown = town.get(&clerk, "/persons").await;
    assert_eq!(shown.header("cache-control"), "no-store");
    let shown = shown.text();
    assert!(shown.contains("申**") && shown.contains("139****78"), "{shown}");
    assert!(!shown.contains(DATA[0].1) && !shown.contains(DATA[1].1), "nothing is shown clear");
    assert_eq!(forms(&shown), ["register", "look-up", "propose"]);
    assert!(shown.contains("value=\"P000002\""), "the next number is offered: {shown}");
    for account in ["C2", "A1", "U1"] {
        let other = page(&town, account).await;
        assert!(!other.contains("申**") && !other.contains("P1/look-up"), "{account}: {other}");
    }
    let wish = json!({"id": "l-1", "fields": ["phone"], "why": "电话回访", "role": "clerk"});
    let said = town.post(&clerk, "/api/persons/P1/look-up", &wish).await;
    assert_eq!(said.json()["data"], json!({"phone": DATA[1].1}));
    let shown = page(&town, "C1").await;
    assert!(shown.contains("id=\"looks\"") && shown.contains("电话回访"), "who looked stands there: {shown}");
    let body = json!({"id": "e-1", "act": {"propose-erasure": {"person": "P1"}}, "why": "信访已办结",
        "office": "乙县", "role": "clerk"});
    assert_eq!(town.post(&clerk, "/api/deeds", &body).await.status, 201);
    assert_eq!(forms(&page(&town, "C1").await), ["register", "look-up"], "a second person decides");
    let shown = page(&town, "R1").await;
    assert_eq!(forms(&shown), ["register", "look-up", "erase"]);
    assert!(shown.contains("已申请销毁"), "{shown}");
    let above = page(&town, "A1").await;
    assert_eq!(forms(&above), ["register", "erase"], "those above decide, and see nothing of the person: {above}");
    assert!(!above.contains("申**"), "{above}");
    let reviewer = town.login("R1").await;
    let body = json!({"id": "e-2", "approved": true, "office": "乙县", "role": "reviewer"});
    assert_eq!(town.post(&reviewer, "/api/persons/P1/erase", &body).await.status, 201);
    let shown = page(&town, "C1").await;
    assert!(shown.contains("已销毁") && !shown.contains("申**"), "{shown}");
    assert_eq!(forms(&shown), ["register"]);
}
