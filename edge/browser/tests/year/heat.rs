//! The picture of a large board, by keys and by fingers.

use crate::rig::{City, Person, places::SCHEME};
use fantoccini::key::Key;
use serde_json::json;

/// A board of 40 offices and 90 indicators as the page of a large scheme has it, in place of the table of the city.
const LARGE: &str = "
    const asset = document.querySelector('script[src$=\"/app.js\"]').src.replace('app.js', '');
    const columns = Array.from({length: 90}, (_, at) => `${at}\t指标${at}\t3\t第${Math.floor(at / 30)}块\n`).join('');
    const rows = Array.from({length: 40}, (_, at) => `U${at}\t${at}号县\t${at + 1}\t99\t${'12345'.repeat(18)}\n`).join('');
    const keys = [5, 4, 3, 2, 1, 0].map((step) => `<i class=\"key p${step}\"></i>`).join('');
    document.querySelector('main').innerHTML = `<section class=\"card\"><div>${keys}</div><p id=\"heat-now\" role=\"status\"></p>
        <div class=\"scroll picture\" id=\"heat\" hidden data-scheme=\"x\" data-round=\"\" data-file=\"/no-such.csv\" data-csv=\"${asset}csv.js\"><canvas tabindex=\"0\"></canvas><div class=\"cursor\" hidden></div></div></section>`;
    Object.assign(document.querySelector('#heat').dataset, {columns, rows});
    return import(`${asset}heat.js`).then(() => 'drawn', (fault) => String(fault));";

/// Where the cell of a row and a column stands.
async fn middle(person: &Person, row: u32, column: u32) -> (f64, f64) {
    let script = "const at = document.querySelector('#heat canvas').getBoundingClientRect();
        const wide = at.width / 90;
        return [at.left + (arguments[1] + 0.5) * wide, at.top + 20 + arguments[0] * 14 + 7]";
    let found = person.script(script, vec![json!(row), json!(column)]).await;
    (found[0].as_f64().expect("a number"), found[1].as_f64().expect("a number"))
}

/// A finger touches a cell.
async fn touches(person: &Person, row: u32, column: u32) {
    let (x, y) = middle(person, row, column).await;
    for (kind, points) in [("touchStart", json!([{"x": x, "y": y}])), ("touchEnd", json!([]))] {
        person.devtools("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_board_is_read_by_keys_and_by_fingers() {
    let city = City::in_mid_year().await;
    let leader = city.person("lingdao").await;
    leader.open(&format!("{SCHEME}/ranking")).await;
    leader.finds("main h1").await;
    assert_eq!(leader.script(LARGE, vec![]).await, "drawn");

    // Keys: the first one shows where one is, the next ones go, and none leads over the border.
    leader.script("document.querySelector('#heat canvas').focus()", vec![]).await;
    for (key, seen) in [
        (Key::Down, "1 0号县 · 第0块 · 指标0 不足 75%"),
        (Key::Right, "1 0号县 · 第0块 · 指标1 75% 以上"),
        (Key::Down, "2 1号县 · 第0块 · 指标1 75% 以上"),
        (Key::PageDown, "12 11号县 · 第0块 · 指标1"),
        (Key::End, "12 11号县 · 第2块 · 指标89 超额"),
        (Key::Right, "12 11号县 · 第2块 · 指标89 超额"),
        (Key::Home, "12 11号县 · 第0块 · 指标0"),
        (Key::PageUp, "2 1号县 · 第0块 · 指标0"),
        (Key::PageUp, "1 0号县 · 第0块 · 指标0"),
        (Key::Left, "1 0号县 · 第0块 · 指标0"),
    ] {
        leader.key(key).await;
        leader.sees(seen).await;
    }
    leader.finds("#heat .cursor").await;
    leader.key(Key::Down).await;
    leader.key(Key::Enter).await;
    leader.sees("没有，或者你看不到").await;
    assert!(leader.at().await.starts_with("/schemes/x/why/U1/0"), "{}", leader.at().await);

    // A finger shows a figure first, and goes there with the second touch.
    leader.open(&format!("{SCHEME}/ranking")).await;
    leader.finds("main h1").await;
    leader.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": true})).await;
    assert_eq!(leader.script(LARGE, vec![]).await, "drawn");
    touches(&leader, 3, 2).await;
    leader.sees("4 3号县 · 第0块 · 指标2").await;
    touches(&leader, 5, 4).await;
    leader.sees("6 5号县 · 第0块 · 指标4 超额").await;
    assert!(leader.at().await.contains("/ranking"), "the first touch leads nowhere");
    touches(&leader, 5, 4).await;
    leader.sees("没有，或者你看不到").await;
    assert!(leader.at().await.starts_with("/schemes/x/why/U5/4"), "{}", leader.at().await);
    leader.leaves().await;
    city.ends().await;
}

/// Where the keys are: the place of the row and the column in the table.
const HERE: &str = "const at = document.activeElement.closest('table.heat') ? document.activeElement : null;
    return at && [at.closest('tr').sectionRowIndex, at.closest('td, th').cellIndex]";

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_places_is_one_stop_and_its_figures_are_reached_by_arrows() {
    let city = City::in_mid_year().await;
    let leader = city.person("lingdao").await;
    leader.open(&format!("{SCHEME}/ranking")).await;
    leader.finds("table.heat[role=grid]").await;
    assert_eq!(leader.counts("table.heat a[tabindex='0']").await, 1);
    assert!(leader.counts("table.heat a[href]").await > 400, "links stay links");
    leader.script("document.querySelector('[data-print]').focus()", vec![]).await;
    let last = leader.script("return document.querySelector('table.heat tbody tr').cells.length - 1", vec![]).await;
    let last = last.as_u64().expect("a number");
    let rows = leader.counts("table.heat tbody tr").await as u64;
    for (key, row, column) in [
        (Key::Tab, 0, 1),
        (Key::Left, 0, 1),
        (Key::Right, 0, 5),
        (Key::Down, 1, 5),
        (Key::End, 1, last),
        (Key::Right, 1, last),
        (Key::PageDown, 11.min(rows - 1), last),
        (Key::Home, 11.min(rows - 1), 1),
        (Key::PageUp, 1, 1),
        (Key::PageUp, 0, 1),
        (Key::Down, 1, 1),
        (Key::Right, 1, 5),
    ] {
        leader.key(key).await;
        assert_eq!(leader.script(HERE, vec![]).await, json!([row, column]), "{key:?}");
    }
    // The figure one is at is not under the names that stay at the side.
    leader.key(Key::End).await;
    for _ in 0..30 {
        leader.key(Key::Left).await;
    }
    let covered = "const at = document.activeElement.getBoundingClientRect(), pin = document.querySelector('table.heat tbody .pin').getBoundingClientRect();
        return at.left < pin.right";
    assert_eq!(leader.script(covered, vec![]).await, false);
    leader.key(Key::Tab).await;
    assert_eq!(leader.script(HERE, vec![]).await, serde_json::Value::Null, "one key leaves the table");
    leader.script("document.querySelector('table.heat a[tabindex=\"0\"]').focus()", vec![]).await;
    leader.key(Key::Enter).await;
    leader.sees("得分").await;
    assert!(leader.at().await.contains("/why/"), "{}", leader.at().await);

    // Keys are told, and / goes to what a page can be searched by.
    leader.open(&format!("{SCHEME}/ranking")).await;
    leader.finds("table.heat[role=grid]").await;
    leader.types("?").await;
    leader.sees("在热力图里走格").await;
    leader.open("/offices").await;
    leader.finds("#find").await;
    leader.types("/").await;
    assert_eq!(leader.script("return document.activeElement.id", vec![]).await, "find");
    leader.leaves().await;
    city.ends().await;
}
