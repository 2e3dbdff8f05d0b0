//! A person is registered, looked up with a reason, and erased by two.

use crate::rig::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_seen_masked_looked_up_with_a_reason_and_erased_by_two() {
    let city = City::in_mid_year().await;
    let clerk = city.person("yi-clerk").await;
    clerk.open("/persons").await;
    assert_eq!(clerk.value("#p-number").await, "P000001");
    clerk.writes("#p-name", "申请人甲乙").await;
    clerk.writes("#p-phone", "13900012378").await;
    clerk.presses("登记").await;
    clerk.sees("已登记").await;
    clerk.sees("139****78").await;
    assert!(!clerk.reads("申请人甲乙").await, "it is shown masked");
    clerk.presses("查看").await;
    clerk.pushes("#person-P000001 [data-look] input[value='phone']").await;
    clerk.writes("#person-P000001 [data-look] input[name='why']", "电话回访").await;
    clerk.presses("查看（记台账）").await;
    clerk.sees("13900012378").await;
    assert!(!clerk.reads("申请人甲乙").await, "what was not asked for is not shown");
    clerk.presses("看完了").await;
    clerk.sees("谁查看过").await;
    clerk.sees_no_more("13900012378").await;
    clerk.sees("电话回访").await;
    clerk.presses("申请销毁").await;
    clerk.writes("#person-P000001 form[data-deed] input[name='@why']", "信访已办结").await;
    clerk.pushes("#person-P000001 form[data-deed] button").await;
    clerk.sees("已申请销毁").await;
    assert_eq!(clerk.counts("form[data-post$='/erase']").await, 0, "a second person decides");
    clerk.leaves().await;

    let neighbour = city.person("jia-clerk").await;
    neighbour.open("/persons").await;
    neighbour.sees("没有登记的人，或你看不到").await;
    neighbour.leaves().await;

    let reviewer = city.person("yi-reviewer").await;
    reviewer.open("/persons").await;
    reviewer.presses("批复销毁").await;
    reviewer.picks("form[data-post$='/erase'] select", "同意销毁").await;
    reviewer.pushes("form[data-post$='/erase'] button").await;
    reviewer.presses("立即办").await;
    reviewer.sees("已批复").await;
    reviewer.sees("已销毁").await;
    assert!(!reviewer.reads("139****78").await, "what was erased is not to be seen");
    reviewer.leaves().await;
    city.ends().await;
}
