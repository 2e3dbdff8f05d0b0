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
