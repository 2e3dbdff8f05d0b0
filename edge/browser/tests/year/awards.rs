//! Awards are proposed, shown, objected to, approved and confirmed; and whoever would judge his own place stands aside.

use crate::rig::{City, Person};
use std::time::Duration;

/// The awards of last year.
const AWARDS: &str = "/schemes/%E6%B0%91%E7%94%9F2025/awards";

/// What everybody sees of last year.
const PUBLISHED: &str = "/public/%E6%B0%91%E7%94%9F2025/-";

/// The security administrator gives a role in the city.
async fn gives(security: &Person, account: &str, office: &str, role: &str) {
    security.open("/people").await;
    security.writes("#g-account", account).await;
    security.picks("#g-office", office).await;
    security.picks("#g-role", role).await;
    security.presses("授予").await;
    security.sees("已办：授予").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn awards_go_from_the_proposal_to_the_circular() {
    let city = City::in_mid_year().await;
    let (office, leader) = (city.person("kaoping").await, city.person("lingdao").await);
    office.open(AWARDS).await;
    office.sees("还没有提出，不作数").await;
    office.writes("#propose-days", "1").await;
    office.presses_now("提出奖项").await;
    office.sees("已提出，开始公示").await;
    assert_eq!(office.counts("#approve").await, 0, "who proposes does not approve");

    // A county that won objects to what another won.
    let county = city.person("bing-signer").await;
    county.open(AWARDS).await;
    county.goes_to("a[data-fill='object']").await;
    let objection = county.value("#object-id").await;
    county.writes("#object-why", "该项数据与年鉴不一致").await;
    county.presses("提出异议").await;
    county.sees("已办：提出异议").await;
    county.leaves().await;
    city.wait(Duration::from_secs(6 * 24 * 3600));
    leader.comes_back("lingdao").await;
    leader.open(AWARDS).await;
    leader.sees(&objection).await;
    assert_eq!(leader.counts("#approve").await, 0, "an objection waits");
    office.comes_back("kaoping").await;
    office.open("/matters").await;
    office.picks(&format!("[id='upheld-{objection}']"), "不成立").await;
    office.writes(&format!("[id='why-{objection}']"), "年鉴口径不同，复核无误").await;
    office.pushes(&format!("[id='objection-{objection}'] button[type='submit']")).await;
    office.presses("立即办").await;
    office.sees("已办：答复").await;
    office.leaves().await;

    leader.open(AWARDS).await;
    leader.writes("#approve-why", "领导小组会议纪要").await;
    leader.presses_now("审定奖项").await;
    leader.sees("已办：审定奖项").await;
    assert_eq!(leader.counts("#confirm").await, 0, "who approves does not confirm");
    leader.leaves().await;

    // The city has nobody yet who signs for it.
    let security = city.person("security").await;
    gives(&security, "kaoping2", "示例市", "签发人").await;
    security.finds_nothing_at(AWARDS).await;
    security.leaves().await;
    let signer = city.person("kaoping2").await;
    signer.open(AWARDS).await;
    signer.writes("#confirm-why", "市政府批复").await;
    signer.presses_now("确定奖项").await;
    signer.sees("已办：确定奖项").await;
    signer.leaves().await;

    let everybody = city.stranger().await;
    everybody.open(PUBLISHED).await;
    everybody.sees("社会保险先进县").await;
    assert!(!everybody.reads("年鉴").await, "what was objected is nothing for everybody");
    everybody.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_judges_where_his_own_place_is_at_stake() {
    let city = City::in_mid_year().await;
    let sheet = |unit: &str| format!("/schemes/%E6%B0%91%E7%94%9F2026/sheet?round=%E5%8D%8A%E5%B9%B4&unit={unit}");
    let security = city.person("security").await;
    gives(&security, "jia-signer", "示例市", "牵头单位").await;
    security.leaves().await;
    let torn = city.person("jia-signer").await;
    for unit in ["%E7%94%B2%E5%8E%BF", "%E4%B9%99%E5%8E%BF"] {
        torn.open(&sheet(unit)).await;
        torn.sees("你不能评这一轮").await;
        torn.sees("要回避").await;
        assert_eq!(torn.counts("[data-assess], #assess-many").await, 0, "no value of {unit} is offered to him");
    }
    torn.leaves().await;
    city.ends().await;
}
