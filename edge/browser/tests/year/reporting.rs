//! Figures are asked for, reported, sent back, mended, looked through and signed.

use crate::rig::{City, Person};

/// What 丙县 is asked in August.
const REPORT: &str = "/reports/%E5%B0%B1%E4%B8%9A%E7%A4%BE%E4%BF%9D-2026-08/%E4%B8%99%E5%8E%BF";

#[tokio::test(flavor = "multi_thread")]
async fn figures_go_from_the_one_who_asks_to_the_one_who_signs() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    asks(&office).await;

    let clerk = city.person("bing-clerk").await;
    clerk.sees("填报：8 月就业社保调度").await;
    clerk.open(REPORT).await;
    clerk.finds("#v-0").await;
    let names = clerk
        .script("return [...document.querySelectorAll('tr[data-name]')].map((row) => row.dataset.name)", vec![])
        .await;
    let names: Vec<String> = serde_json::from_value(names).expect("names");
    assert!(names.len() > 3, "{names:?}");
    // Names and values in an order of their own, as a spreadsheet of the office has them.
    let value = |name: &str| match name {
        "城镇登记失业率" => "4.1%",
        "截至月份" => "8",
        "养老金按时足额发放率" => "995%",
        _ => "3,950",
    };
    let block: Vec<String> = names.iter().rev().map(|name| format!("{name}\t{}", value(name))).collect();
    clerk.goes_to("#v-0").await;
    clerk.pastes(&block.join("\n")).await;
    clerk.sees(&format!("已贴入 {} 格", names.len())).await;
    let rate = names.iter().position(|name| name == "城镇登记失业率").expect("the rate");
    clerk.sees_value(&format!("#v-{rate}"), "4.1%").await;
    assert_eq!(clerk.counts(".toast button").await, 1, "what was pasted can be taken back at once");
    // A slip of the hand is told beside the cell, and mended there.
    clerk.sees("范围是 0 到 100").await;
    let paid = names.iter().position(|name| name == "养老金按时足额发放率").expect("the share that is paid");
    clerk.writes(&format!("#v-{paid}"), "99.5").await;
    assert_eq!(clerk.counts(".toast button").await, 0, "after another step there is only 撤销 in its order");
    // A column of per cent takes a bare number as per cent, and shows that it does.
    clerk.goes_to("#v-0").await;
    clerk.sees_value(&format!("#v-{paid}"), "99.5%").await;
    clerk.brings("#f-all", "8月统计报表.txt", "八月统计报表".as_bytes()).await;
    clerk.finds(".papers li a").await;
    clerk.sees("8月统计报表.txt").await;
    clerk.sees("草稿已存").await;
    clerk.hands_in("与业务台账核对过").await;

    let reviewer = city.person("bing-reviewer").await;
    reviewer.sees("审核：8 月就业社保调度").await;
    reviewer.open(REPORT).await;
    reviewer.fills("原因", "第一项与台账不符，请核对").await;
    reviewer.presses("退回").await;
    reviewer.sees("已办：退回").await;

    clerk.open("/").await;
    clerk.sees("退回：第一项与台账不符，请核对").await;
    clerk.open(REPORT).await;
    clerk.writes("#v-0", "3,960").await;
    clerk.hands_in("与业务台账核对过").await;
    clerk.leaves().await;

    reviewer.open(REPORT).await;
    reviewer.sees("退回以后改了 1 项").await;
    reviewer.presses("审核通过").await;
    reviewer.sees("已办：审核通过").await;
    assert_eq!(reviewer.counts("form[data-deed='sign-report']").await, 0, "who reviews does not sign");
    reviewer.leaves().await;

    // Signing can be taken back for some seconds.
    let signer = city.person("bing-signer").await;
    signer.open(REPORT).await;
    signer.presses("签发").await;
    signer.sees("秒后签发").await;
    signer.pushes(".toast button").await;
    signer.sees_no_more("秒后签发").await;
    // Whoever goes elsewhere meant it: it is done first, or while the page goes, and told on the next one.
    signer.open(REPORT).await;
    signer.presses("签发").await;
    signer.sees("秒后签发").await;
    signer.presses("记分表").await;
    signer.sees("已办：签发").await;
    assert!(signer.at().await.contains("/sheet"), "{}", signer.at().await);
    signer.open(REPORT).await;
    signer.sees("已签发").await;
    // Who has gone is not shown again what the browser remembers.
    signer.presses("退出").await;
    signer.sees("账号由系统管理员开").await;
    signer.script("history.back()", vec![]).await;
    signer.sees_no_more("已签发").await;
    signer.sees("账号由系统管理员开").await;
    signer.leaves().await;

    office.open(REPORT).await;
    office.sees("3,960").await;
    office.sees("改过的数").await;
    office.leaves().await;
    let neighbour = city.person("jia-clerk").await;
    neighbour.finds_nothing_at(REPORT).await;
    neighbour.leaves().await;
    let auditor = city.person("shenji").await;
    auditor.open(REPORT).await;
    auditor.sees("3,960").await;
    assert_eq!(auditor.offered().await, 0, "an auditor changes nothing");
    auditor.leaves().await;
    city.ends().await;
}

/// The assessment office asks for August as it did for July.
async fn asks(office: &Person) {
    office.open("/reports").await;
    office.presses("布置填报").await;
    office.picks("#ask-like", "7 月就业社保调度 2026-07").await;
    office.finds("#ask-title[value='7 月就业社保调度']").await;
    assert_eq!(office.value("#ask-period").await, "2026-08", "the month after");
    office.writes("#ask-title", "8 月就业社保调度").await;
    office.writes("#ask-id", "就业社保-2026-07").await;
    office.presses("布置").await;
    office.sees("“就业社保-2026-07”已经有了").await;
    office.writes("#ask-id", "就业社保-2026-08").await;
    office.presses("布置").await;
    office.sees("已办：布置").await;
    office.sees("8 月就业社保调度").await;
    // Nothing asked of nobody.
    office.open("/reports/ask").await;
    office.writes("#ask-title", "空的").await;
    office
        .script("document.querySelectorAll('[name=\"offices[]\"]').forEach((box) => { box.checked = false; })", vec![])
        .await;
    office.presses("布置").await;
    office.sees("或没有单位").await;
}
