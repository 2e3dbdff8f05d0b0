//! A figure is defined; figures that were reported are drawn and looked at on the spot.

use crate::rig::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_defined_once_for_all() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    office.open("/figures").await;
    office.presses("定义一个数据项").await;
    office.writes("#f-id", "养老机构床位").await;
    office.writes("#f-name", "养老机构床位").await;
    office.writes("#f-unit", "张").await;
    office.writes("#f-least", "100").await;
    office.writes("#f-most", "10").await;
    office.writes("#f-definition", "年末在用的床位").await;
    office.presses("定义").await;
    office.sees("最小大于最大").await;
    office.writes("#f-most", "100000").await;
    office.presses("定义").await;
    office.sees("已办：定义").await;
    office.sees("年末在用的床位").await;
    office.sees("张 100～100000").await;
    // What is known is changed with a reason.
    office.presses("改定义 养老机构床位").await;
    office.sees("改定义：养老机构床位").await;
    office.writes("#f-least", "0").await;
    office.writes("#f-why", "新设的县没有").await;
    office.pushes("#define-figure button[type='submit']").await;
    office.sees("已办：改定义").await;
    office.sees("张 0～100000").await;
    // One of some words.
    office.open("/figures?kind=words").await;
    office.writes("#f-id", "评定等级").await;
    office.writes("#f-name", "评定等级").await;
    office.writes("#f-words", "一级\n二级").await;
    office.writes("#f-definition", "按省里的评定").await;
    office.presses("定义").await;
    office.sees("一级、二级").await;
    office.leaves().await;
    let clerk = city.person("yi-clerk").await;
    clerk.open("/figures").await;
    clerk.sees("数据项由考评办或牵头单位定义").await;
    assert_eq!(clerk.offered().await, 0, "a clerk defines nothing");
    clerk.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_drawn_and_looked_at_on_the_spot() {
    let city = City::in_mid_year().await;
    let inspector = city.person("ducha").await;
    inspector.open("/inspections").await;
    inspector.presses("抽一批数").await;
    inspector.picks("#draw-from", "6 月就业社保数据 2026-06").await;
    inspector.writes("#draw-size", "3").await;
    inspector.writes("#draw-seed", "03 11 19 24 27 33").await;
    let id = inspector.value("#draw-id").await;
    inspector.presses_now("抽取").await;
    inspector.sees("已办：抽取").await;
    let sample = format!("[id='sample-{id}']");
    assert_eq!(inspector.counts(&format!("{sample} tbody tr")).await, 3, "as many as were asked for");

    // What differs from the report takes a paper.
    let row = format!("{sample} tbody tr:first-child");
    inspector.pushes(&format!("{row} summary")).await;
    inspector.writes(&format!("{row} input[name='found']"), "1").await;
    inspector.pushes(&format!("{row} button[type='submit']")).await;
    inspector.sees("与上报数不同的核查结果").await;
    inspector.brings(&format!("{row} input[type='file']"), "现场记录.txt", "现场记录".as_bytes()).await;
    inspector.finds(&format!("{row} [data-papers] li")).await;
    inspector.pushes(&format!("{row} button[type='submit']")).await;
    inspector.sees("已办：登记").await;
    inspector.finds(&format!("{row} .tag.late")).await;
    inspector.leaves().await;

    let clerk = city.person("yi-clerk").await;
    clerk.open("/inspections").await;
    clerk.finds("main h1").await;
    assert_eq!(clerk.offered().await, 0, "who is inspected does not inspect");
    clerk.leaves().await;
    city.ends().await;
}
