//! Accounts: a new clerk beside the old one at one sheet, codes that change, sessions elsewhere.

use crate::rig::{City, Person};
use kaoping_web::people::totp::Totp;
use std::time::Duration;

/// The report 乙县 owes in mid-year.
const REPORT: &str = "/reports/%E5%B0%B1%E4%B8%9A%E7%A4%BE%E4%BF%9D-2026-07/%E4%B9%99%E5%8E%BF";

/// What the new clerk takes in place of the first password.
const OWN: &str = "four words of her own";

/// The administrators open an account: one gives the password, the other the role.
async fn opens(city: &City, account: &str) -> String {
    let system = city.person("system").await;
    system.open("/people").await;
    system.writes("#a-id", account).await;
    system.presses("开设").await;
    system.sees("已办：开设").await;
    system.pushes(&format!("#account-{account} td:last-child details summary")).await;
    system.pushes(&format!("#account-{account} form[data-secret] button")).await;
    let first = system.finds("dialog pre.note").await.text().await.expect("a password");
    system.presses("记下了").await;
    assert_eq!(system.counts("#grant-role").await, 0, "who opens accounts gives no roles");
    system.leaves().await;
    let security = city.person("security").await;
    security.open("/people").await;
    security.writes("#g-account", account).await;
    security.picks("#g-office", "\u{3000}乙县").await;
    security.picks("#g-role", "填报人").await;
    security.presses("授予").await;
    security.sees("已办：授予").await;
    security.leaves().await;
    first
}

/// Another clerk of the office, who has just been given an account and chosen a password of his own.
async fn second_clerk(city: &City) -> Person {
    let first = opens(city, "yi-clerk2").await;
    let second = city.stranger().await;
    second.open("/login").await;
    second.fills("账号", "yi-clerk2").await;
    second.fills("密码", &first).await;
    second.presses("登录").await;
    second.sees("现在用的是初始密码").await;
    second.fills("现在的密码", &first).await;
    second.fills("新密码", OWN).await;
    second.presses("改密码").await;
    second.sees("填报：7 月就业社保调度").await;
    second
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clerks_write_into_one_sheet_and_nothing_is_lost() {
    let city = City::in_mid_year().await;
    let second = second_clerk(&city).await;

    // Both look at the same sheet before either has written.
    let one = city.person("yi-clerk").await;
    one.open(REPORT).await;
    one.finds("#v-0").await;
    second.open(REPORT).await;
    second.finds("#v-0").await;
    one.writes("#v-0", "2000").await;
    one.sees("草稿已存").await;
    second.writes("#v-0", "2100").await;
    second.writes("#v-1", "7").await;
    second.sees("yi-clerk 填的是“2000”").await;
    second.sees("另一个人也在填").await;
    second.presses("送审").await;
    second.sees("先选一个").await;
    second.presses("留我的").await;
    second.sees_no_more("另一个人也在填").await;
    second.sees("草稿已存").await;
    second.sees_value("#v-0", "2100").await;

    // The other is told, and has what was written beside his own.
    one.writes("#v-2", "300").await;
    one.sees("已并进来").await;
    one.sees_value("#v-0", "2100").await;
    one.sees_value("#v-1", "7").await;
    one.sees_value("#v-2", "300").await;
    one.sees("草稿已存").await;
    second.leaves().await;
    one.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_is_told_that_the_other_has_handed_it_in() {
    let city = City::in_mid_year().await;
    let second = second_clerk(&city).await;
    let one = city.person("yi-clerk").await;
    for person in [&one, &second] {
        person.open(REPORT).await;
        person.finds("#v-0").await;
    }
    let asked = one.counts("input[id^='v-']").await;
    let mut values = Vec::new();
    for at in 0..asked {
        let measure = one.finds(&format!("tr:has(#v-{at})")).await.attr("data-measure").await.expect("an attribute");
        values.push(if measure.as_deref() == Some("%") { "7%" } else { "7" });
    }
    one.goes_to("#v-0").await;
    one.pastes(&values.join("\n")).await;
    one.sees("草稿已存").await;
    one.hands_in("与台账核对过").await;

    // The other window still shows the sheet as it was; what is typed there is kept, and nothing is written over.
    second.writes("#v-0", "2100").await;
    second.sees("yi-clerk 已把这份填报送审；你填的还在本机").await;
    second.sees_value("#v-0", "2100").await;
    second.presses("看送审的").await;
    second.sees("等本单位审核人审核").await;
    assert!(!second.reads("2100").await, "what was handed in stands: {}", second.text().await);
    second.leaves().await;
    one.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_change_and_sessions_elsewhere() {
    let city = City::in_mid_year().await;
    let (here, elsewhere) = (city.person("yi-clerk").await, city.person("yi-clerk").await);
    here.open("/settings").await;
    assert_eq!(here.counts("#sessions li").await, 2);
    here.presses("退出别处的登录").await;
    here.sees("别处的登录都已退出").await;
    here.sees("只在这里登录着").await;
    elsewhere.open("/").await;
    elsewhere.sees("账号由系统管理员开").await;
    elsewhere.leaves().await;

    // The secret as a picture and as text; a wrong code does not take it into use.
    here.writes("#t-password", "browser tests only").await;
    here.presses("下一步").await;
    here.finds("svg.qr").await;
    let drawn = here.script("return document.querySelector('svg.qr path').getBBox().width", vec![]).await;
    assert!(drawn.as_f64().is_some_and(|width| width >= 21.0), "{drawn}");
    let secret = here.finds("[data-secret-text]").await.text().await.expect("a secret");
    let totp = Totp::parse(secret.trim()).expect("a secret");
    here.writes("#t-code", "000000").await;
    here.presses("启用").await;
    here.sees("验证码不对").await;
    let code = totp.code_at(city.now_ms()).expect("a code");
    here.writes("#t-code", &code).await;
    here.presses("启用").await;
    here.sees("登录时除了密码还要六位动态码").await;
    here.presses("退出").await;

    here.sees("账号由系统管理员开").await;
    here.signs_in("yi-clerk").await;
    here.sees("验证码不对").await;
    // A code is good once.
    here.presses("启用了动态码的账号").await;
    here.writes("[name='totp']", &code).await;
    here.signs_in("yi-clerk").await;
    here.sees("验证码不对").await;
    city.wait(Duration::from_secs(30));
    let next = totp.code_at(city.now_ms()).expect("a code");
    here.writes("[name='totp']", &next).await;
    here.signs_in("yi-clerk").await;
    here.sees("要办的").await;
    here.presses("退出").await;
    here.sees("账号由系统管理员开").await;

    // The telephone is lost: the administrator gives the codes up, with the reason.
    let system = city.person("system").await;
    system.open("/people").await;
    let form = "#account-yi-clerk form[data-post$='/codes']";
    system.pushes("#account-yi-clerk td:last-child details:nth-of-type(2) summary").await;
    system.writes(&format!("{form} input[name='why']"), "手机丢失").await;
    system.pushes(&format!("{form} button")).await;
    system.sees("动态码已取消").await;
    system.leaves().await;
    here.signs_in("yi-clerk").await;
    here.sees("要办的").await;
    here.leaves().await;
    city.ends().await;
}
