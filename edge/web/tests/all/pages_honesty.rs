//! Burden, and questions about figures: asked by those above, answered by the signer, and no penalty.

use crate::town::Town;
use serde_json::json;

#[tokio::test]
async fn a_question_is_asked_and_answered_on_the_record() {
    let town = Town::new();
    town.year();
    let path = "/schemes/%E6%B0%91%E7%94%9F/honesty";
    let office = town.login("A1").await;
    let page = town.get(&office, path).await;
    assert!(page.status == 200 && page.text().contains("id=\"inquiry-质询1\""), "{}", page.text());
    assert!(page.text().contains("怎样算异常"), "who leads sees what looks odd");
    assert!(!page.text().contains("data-deed=\"answer-about-figure\""), "he does not answer for others");
    let signer = town.login("I1").await;
    let page = town.get(&signer, path).await.text();
    assert!(page.contains("data-deed=\"answer-about-figure\"") && !page.contains("怎样算异常"), "{page}");
    let desk = town.get(&signer, "/").await.text();
    assert!(desk.contains("答复质询"), "{desk}");
    let stranger = town.login("C2").await;
    assert!(!town.get(&stranger, path).await.text().contains("质询1"), "another office");
    let ask = json!({"ask-about-figure": {"inquiry": "q", "scheme": "民生", "office": "乙县", "sign": "jump",
        "figure": null, "period": null, "answer_days": 5}});
    assert_eq!(town.deed(&signer, "q-1", ask).await.status, 403, "an office does not question itself");
    let answer = json!({"answer-about-figure": {"inquiry": "质询1"}});
    assert_eq!(town.deed(&office, "q-2", answer.clone()).await.status, 403);
    assert_eq!(town.deed(&signer, "q-3", answer.clone()).await.status, 201);
    assert_eq!(town.deed(&signer, "q-4", answer).await.told(), "422 not-now", "once");
    let page = town.get(&office, path).await.text();
    assert!(page.contains("已答复") && page.contains("因为要做"), "{page}");
    assert!(!town.get(&signer, "/").await.text().contains("答复质询"));
    assert_eq!(town.get(&office, "/schemes/nothing/honesty").await.status, 404);
}

#[tokio::test]
async fn what_is_asked_of_offices_is_seen_by_those_who_see_them() {
    let town = Town::new();
    town.year();
    let office = town.login("A1").await;
    let page = town.get(&office, "/burden").await.text();
    assert!(page.contains("id=\"burden\"") && page.contains("乙县") && page.contains("<svg"), "{page}");
    let stranger = town.login("C3").await;
    let page = town.get(&stranger, "/burden").await.text();
    assert!(!page.contains("id=\"burden\""), "{page}");
    assert!(town.get(&office, "/burden?year=1999").await.text().contains("这一年没有要谁填报"));
}
