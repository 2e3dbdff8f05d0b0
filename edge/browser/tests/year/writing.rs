//! A standard is written in the table: a block from a spreadsheet, faults at their cells, blocks that are new.

use crate::rig::City;

/// The cell of a row and a column, by its head.
const CELL: &str = "const at = [...document.querySelectorAll('#items thead th')].findIndex((head) => head.textContent === arguments[1]);
    return document.querySelector(`#items tbody tr[data-row='${arguments[0]}']`)?.cells[at]?.querySelector('input')";

#[tokio::test(flavor = "multi_thread")]
async fn a_block_from_a_spreadsheet_becomes_a_standard_without_a_look_at_its_text() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    office.open("/schemes/new").await;
    office.sees("0 处错误").await;
    let cell = async |row: u32, head: &str, of: &str| {
        let script = format!("const cell = (() => {{ {CELL} }}).apply(null, arguments); return cell ? {of} : null");
        office.script(&script, vec![row.into(), head.into()]).await
    };
    office.goes_to("#items input[data-row='1']").await;
    // The second row is empty: it is none. The template had three rows and more columns than the block.
    office
        .pastes("11\t民生\t城镇新增就业\t10 分\t\t人社局\t各县\n\t\t\t\t\t\t\n12\t民生\t养老保险\tabc\t比例计分法\t人社局\t各县\n13\t发展\t招商引资\t20\t功效系数\t商务局\t各县\n14\t发展\t项目\t5\t酌情扣分\n")
        .await;
    office.sees("粘贴了 4 行").await;
    office.sees("表中 4 行，分值合计 35").await;
    office.sees("还没有块“民生”“发展”").await;
    // Faults stand at cells that can be seen, and nothing is left of the examples of the template.
    for (row, head, said) in [
        (1, "块", "没有“民生”这个块"),
        (2, "分值", "“abc”不该在这里，这里要一个数"),
        (2, "规则", "没有“比例计分法”这种规则"),
        (4, "块", "没有“发展”这个块"),
    ] {
        let title = cell(row, head, "cell.title").await;
        assert!(title.as_str().is_some_and(|title| title.contains(said)), "{row} {head}: {title}");
        assert_eq!(cell(row, head, "cell.getAttribute('aria-invalid')").await, "true", "{row} {head}");
    }
    assert_eq!(cell(4, "责任", "cell.value").await, "", "an example is replaced whole");
    assert!(cell(4, "牵头", "cell.title").await.as_str().is_some_and(|title| title.contains("没有写牵头单位")));
    assert_eq!(cell(5, "名称", "cell.value").await, serde_json::Value::Null);
    let text = "return document.querySelector('#checks').innerText";
    let checks = office.script(text, vec![]).await.as_str().unwrap_or_default().to_owned();
    assert!(!checks.contains("indicators.csv") && !checks.contains("没有“扣到”"), "{checks}");
    assert!(checks.contains("第 2 行“规则”") && checks.contains("第 1 行“不足一步”"), "{checks}");

    // What is said leads to its cell.
    office.presses("第 2 行“规则”").await;
    office.sees("第 2 行“规则”：没有“比例计分法”这种规则").await;
    office.types("不加分指标").await;
    office.sees_no_more("这种规则").await;
    office.writes("#items tr[data-row='2'] input.num", "15").await;
    office.sees("分值合计 50").await;

    // Blocks that are new are made, one that is left empty goes, and the full mark is written under the table.
    office.presses("新建块“民生”“发展”").await;
    office.sees_no_more("还没有块").await;
    office.presses("去掉块“考核指标”").await;
    office.sees_no_more("下面没有指标了").await;
    office.sees("各部分之和是 50 分").await;
    office.writes("#mark", "50\t").await;
    office.sees_no_more("各部分之和").await;
    office.sees_value("#mark", "50 分").await;
    let scheme = "document.querySelector('[data-view=text]').click(); return document.querySelector('#text').value";
    let scheme = office.script(scheme, vec![]).await.as_str().unwrap_or_default().to_owned();
    assert!(scheme.contains("满分      50 分") && scheme.contains("总分 =    通报 + 民生 + 发展"), "{scheme}");
    assert!(scheme.contains("块 民生 ") && scheme.contains("块 发展 ") && !scheme.contains("块 考核指标"), "{scheme}");
    office.presses("指标表").await;

    // What the rules ask for is chosen at the row; then there is nothing left to mend.
    for _ in 0..8 {
        let open = "const open = document.querySelector('#row select[aria-invalid]');
            if (open) { open.selectedIndex = 1; open.dispatchEvent(new Event('change', {bubbles: true})); return 'chosen'; }
            const next = [...document.querySelectorAll('#checks .error button')][0];
            next?.click(); return next ? 'next' : document.querySelector('#counts').textContent";
        let said = office.script(open, vec![]).await;
        if said.as_str().is_some_and(|said| said.starts_with("0 处错误")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    }
    office.sees("0 处错误").await;
    assert!(office.finds("#adopt").await.is_enabled().await.expect("a button"));
    office.presses("撤销").await;
    office.leaves().await;
    city.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_standard_are_pasted_over_with_their_parameters() {
    let city = City::in_mid_year().await;
    let office = city.person("kaoping").await;
    office.open("/schemes/new").await;
    office.sees("0 处错误").await;
    let table = "document.querySelector('[data-view=text]').click(); const path = document.querySelector('#path');
        path.value = 'indicators.csv'; path.dispatchEvent(new Event('change')); const text = document.querySelector('#text').value;
        document.querySelector('[data-view=table]').click(); return text";
    let rows = async || office.script(table, vec![]).await.as_str().unwrap_or_default().to_owned();
    // With heads, columns are found by their names, also those that do not show.
    office.goes_to("#items input[data-row='1']").await;
    office
        .pastes("名称\t编号\t块\t分值\t目标数\t不足一步\n甲项\t1\t考核指标\t1 分\t90\t按比例\n乙项\t2\t考核指标\t2 分\t80\t整步")
        .await;
    office.sees("粘贴了 2 行").await;
    let text = rows().await;
    assert!(
        text.contains("1,考核指标,甲项,1 分,,90,按比例,,,,,,,,\n2,考核指标,乙项,2 分,,80,整步,,,,,,,,\n"),
        "{text}"
    );
    // In another order each brings what was told of it; one that is new brings nothing of what stood there.
    office.goes_to("#items input[data-row='1']").await;
    office.pastes("2\t考核指标\t乙项\t2 分\n1\t考核指标\t甲项\t1 分").await;
    let text = rows().await;
    assert!(
        text.contains("2,考核指标,乙项,2 分,,80,整步,") && text.contains("1,考核指标,甲项,1 分,,90,按比例,"),
        "{text}"
    );
    office.goes_to("#items input[data-row='1']").await;
    office.pastes("7\t考核指标\t新项\t2 分\n1\t考核指标\t甲项\t1 分").await;
    let text = rows().await;
    assert!(text.contains("7,考核指标,新项,2 分,,,,,") && text.contains("1,考核指标,甲项,1 分,,90,"), "{text}");
    // A column without names has gaps where it has gaps, and what finds no place is told.
    office.goes_to("#items input[data-row='1'][data-column='10']").await;
    office.pastes("甲局\t一\t二\t三\n\n乙局\t一").await;
    office.sees("右边 2 列没有地方放").await;
    let text = rows().await;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].contains("甲局") && !lines[2].contains('局') && lines[3].contains("乙局"), "{text}");
    office.leaves().await;
    city.ends().await;
}
