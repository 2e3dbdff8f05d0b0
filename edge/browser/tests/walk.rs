//! The year of the sample city, walked by people who work in it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod rig;

use rig::City;

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
