//! Targets are handed down in parts, and accepted by both sides.

use crate::rig::City;

/// The scheme 乙县 hands down under.
const TARGETS: &str = "/schemes/%E4%BA%BA%E7%A4%BE2026/targets";

/// 乙县城关镇.
const TOWN: &str = "%E4%B9%99%E5%8E%BF%E5%9F%8E%E5%85%B3%E9%95%87";

#[tokio::test(flavor = "multi_thread")]
async fn a_county_hands_its_targets_down_and_both_sides_accept_the_letter() {
    let city = City::in_mid_year().await;
    let county = city.person("yi-kaoping").await;
    county.open(TARGETS).await;
    county.presses("分解下达").await;
    county.sees("2 个下级单位").await;

    // A block from a spreadsheet: two rows, two columns. The first row does not make up the whole.
    county.goes_to("#hand tbody tr:first-child input[data-office]").await;
    county.pastes("2700\t2400\n280\t320\n").await;
    county.sees("缺 100").await;
    county.sees("2 项待下达").await;
    county.presses("下达").await;
    county.sees("本级承担的是 5200").await;
    county.sees("有一格不对就都不下达").await;
    county.sees("2 项待下达").await;

    // What no figure can reach is told at its cell.
    county.writes("#hand tbody tr:first-child input[data-office]", "2800.5").await;
    county.presses("下达").await;
    county.sees("不是整数").await;
    assert_eq!(county.counts("#hand tbody tr:first-child input[data-office][aria-invalid='true']").await, 1);

    // It is mended, taken back in time, and then all of it is done.
    county.writes("#hand tbody tr:first-child input[data-office]", "2800").await;
    county.presses("下达").await;
    county.sees("秒后下达").await;
    county.presses("撤销").await;
    county.sees("2 项待下达").await;
    county.presses("下达").await;
    county.presses("立即办").await;
    county.sees("已下达 2 项").await;
    county.sees_no_more("项待下达").await;
    county.presses("回任务分解").await;
    county.sees("2800").await;
    county.sees("相符").await;

    // Not every hand may sign a letter.
    county.open(&format!("{TARGETS}?unit={TOWN}")).await;
    county.sees("责任书").await;
    assert_eq!(county.counts("form[data-deed='accept-letter']").await, 0, "the assessment office signs no letter");
    county.leaves().await;

    let above = city.person("yi-signer").await;
    above.open(&format!("{TARGETS}?unit={TOWN}")).await;
    above.presses_now("签收责任书").await;
    above.sees("已办：签收责任书").await;
    assert_eq!(above.counts("form[data-deed='accept-letter']").await, 0, "one side signs once");
    above.leaves().await;

    let clerk = city.person("yi-cheng-clerk").await;
    clerk.open(&format!("{TARGETS}?unit={TOWN}")).await;
    clerk.sees("承担的目标").await;
    assert_eq!(clerk.counts("form[data-deed='accept-letter']").await, 0, "a clerk signs no letter");
    clerk.leaves().await;

    let town = city.person("yi-cheng-signer").await;
    town.sees("签收责任书").await;
    town.open(&format!("{TARGETS}?unit={TOWN}")).await;
    town.presses_now("签收责任书").await;
    town.sees("已办：签收责任书").await;
    town.finds_nothing_at(&format!("{TARGETS}?unit=%E7%94%B2%E5%8E%BF")).await;
    town.leaves().await;

    let stranger = city.person("jia-clerk").await;
    stranger.finds_nothing_at(&format!("{TARGETS}?unit={TOWN}")).await;
    stranger.leaves().await;
    city.ends().await;
}
