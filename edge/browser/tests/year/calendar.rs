//! A notice of holidays is entered, and what is open is reckoned by it.

use crate::rig::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_notice_moves_open_deadlines_and_says_which() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    office.open("/calendar?year=2026").await;
    office.presses("录入或更正这一年的放假通知").await;
    // The days of the notice in force stand in the form; two days off are added to them.
    let rest = office.value("#n-rest").await;
    assert!(rest.contains("2026-10-01"), "{rest}");
    office.writes("#n-rest", &format!("{rest}\n2026-07-20 至 2026-07-21")).await;
    office.writes("#n-notice", "市政府办公室关于防汛停工的通知").await;
    office.writes("#n-why", "防汛停工").await;
    office.presses("录入").await;
    office.sees("个没有到期的期限按它重算").await;
    office.sees("“7 月就业社保调度”（就业社保-2026-07）的期限：2026-07-24 → 2026-07-28").await;
    office.sees("异议“异议-2026-2”的答复期限：2026-07-22 → 2026-07-24").await;
    office.leaves().await;

    let clerk = city.person("yi-clerk").await;
    clerk.sees("2026-07-28 前").await;
    clerk.open("/calendar?year=2026").await;
    clerk.sees("放假通知由系统管理员或考评办录入").await;
    assert_eq!(clerk.counts("#enter-notice").await, 0, "a clerk enters no notice");
    clerk.leaves().await;
    city.ends().await;
}
