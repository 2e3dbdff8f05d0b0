//! The year of the sample city, walked by people who work in it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod rig;

use rig::{City, Person, places::SCHEME};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_and_out() {
    let city = City::in_mid_year().await;
    let person = city.stranger().await;
    person.open("/schemes/%E6%B0%91%E7%94%9F2026/ranking").await;
    person.sees("账号由系统管理员开").await;
    person.fills("账号", "kaoping").await;
    person.fills("密码", "not this one").await;
    person.presses("登录").await;
    person.sees("验证码不对").await;
    person.signs_in("kaoping").await;
    person.sees("点任意一格看为什么").await;
    assert!(person.at().await.contains("/ranking"), "back to where he wanted to go");
    person.presses("退出").await;
    person.sees("账号由系统管理员开").await;
    person.open("/").await;
    person.sees("账号由系统管理员开").await;
    person.leaves().await;
    city.ends().await;
}

/// The report 乙县 owes in mid-year.
const REPORT: &str = "/reports/%E5%B0%B1%E4%B8%9A%E7%A4%BE%E4%BF%9D-2026-07/%E4%B9%99%E5%8E%BF";

/// What stands in a field of the report.
async fn value(person: &Person, at: usize) -> String {
    person.finds(&format!("#v-{at}")).await.prop("value").await.expect("a field").unwrap_or_default()
}

/// How many figures the report asks for.
async fn asked(person: &Person) -> usize {
    person.finds("#v-0").await;
    person.counts("input[id^='v-']").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_from_the_clerk_to_the_signature_over_a_bad_line() {
    let city = City::in_mid_year().await;
    let clerk = city.person("yi-clerk").await;
    clerk.sees("填报：7 月就业社保调度").await;
    clerk.presses("填报").await;
    clerk.open(REPORT).await;
    let count = asked(&clerk).await;
    assert!(count > 3, "{count} figures");

    // A paste from a spreadsheet, while the line is down: nothing is lost, and it is said.
    // A ratio has its per cent sign.
    let mut before: Vec<&str> = Vec::new();
    for at in 0..count {
        let row = clerk.finds(&format!("tr:has(#v-{at})")).await;
        let measure = row.attr("data-measure").await.expect("an attribute");
        before.push(if measure.as_deref() == Some("%") { "７％" } else { "７" });
    }
    clerk.finds("#v-0").await.click().await.expect("a click");
    city.cut(true);
    clerk.pastes(&before.join("\n")).await;
    assert_eq!(value(&clerk, 0).await, value(&clerk, count - 1).await, "all rows were filled");
    assert!(value(&clerk, 0).await.contains('７'), "{}", value(&clerk, 0).await);
    clerk.presses("撤销").await;
    assert_eq!(value(&clerk, 0).await, "");
    clerk.presses("重做").await;
    city.cut(false);

    // Away and back: what was typed is still there.
    clerk.client.back().await.expect("back");
    clerk.client.forward().await.expect("forward");
    clerk.finds("#v-0").await;
    assert!(value(&clerk, 0).await.contains('７'), "the draft came back");

    // The session ends while the draft is not handed in.
    city.wait(Duration::from_secs(13 * 3600));
    clerk.presses("送审").await;
    clerk.sees("重新登录后接着办").await;
    clerk.signs_in("yi-clerk").await;
    clerk.sees_no_more("重新登录后接着办").await;

    // The questions about jumps are answered, then it is handed in.
    clerk.hands_in("补录上月数据").await;
    assert!(!clerk.reads("审核通过").await, "nobody looks through his own work");
    clerk.leaves().await;

    let reviewer = city.person("yi-reviewer").await;
    reviewer.open(REPORT).await;
    reviewer.presses("审核通过").await;
    reviewer.sees("审核和这一步不能是同一个人").await;
    reviewer.leaves().await;

    let signer = city.person("yi-signer").await;
    signer.open(REPORT).await;
    signer.presses("签发").await;
    signer.presses("立即办").await;
    signer.sees("已签发").await;
    signer.leaves().await;

    // The office above sees it now, a neighbour never, the auditor the entries.
    let above = city.person("kaoping").await;
    above.open(REPORT).await;
    above.sees("补录上月数据").await;
    above.leaves().await;
    let neighbour = city.person("jia-clerk").await;
    neighbour.open(REPORT).await;
    neighbour.sees("没有，或者你看不到").await;
    neighbour.leaves().await;
    let auditor = city.person("shenji").await;
    auditor.open("/record").await;
    auditor.sees("签发").await;
    auditor.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_goes_from_the_picture_to_the_reason() {
    let city = City::in_mid_year().await;
    let leader = city.person("lingdao").await;
    leader.open(&format!("{SCHEME}/ranking")).await;
    leader.sees("点任意一格看为什么").await;
    // Pictures have their numbers beside them.
    let (offices, moves) = (leader.counts("table.heat tbody tr").await, leader.counts("#charts .slope line").await);
    assert!(offices > 3 && moves == offices, "{moves} lines for {offices} offices");
    assert_eq!(leader.counts("#slope-table tbody tr").await, moves);
    leader.finds("#spread-title").await;
    leader.pushes("section:has(#spread-title) summary").await;
    leader.sees("到不足").await;
    leader.finds("td.cell a").await.click().await.expect("a click");
    leader.sees("依据").await;
    leader.sees("台账第").await;
    leader.client.back().await.expect("back");
    leader.sees("点任意一格看为什么").await;
    leader.open(&format!("{SCHEME}/why/%E4%B9%99%E5%8E%BF/101")).await;
    leader.finds(".trend polyline").await;
    leader.pushes(".trend summary").await;
    leader.sees("2026-06").await;
    leader.open("/people").await;
    leader.sees("这里只有你自己的账号").await;
    assert!(!leader.reads("yi-clerk").await, "accounts are for administrators");
    leader.leaves().await;
    city.ends().await;
}
