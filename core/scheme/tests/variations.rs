//! Which silent choices of a policy are asked the other way.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_scheme::{
    Folder,
    read::Policy,
    variations::{apply, variations},
};
use kaoping_syntax::ast::{BodyKind, RoundingChoice};

const SCHEME: &str = "\
方案 试 \"试\"   选择 \"试\"
  满分 10 分
项 甲项 10 分   依据 一
等次 按 总分   依据 一
  优秀 ≥ 9 分, 至多 30% 单位 去尾, 末位并列 全舍, 超出 降为 良好   选择 \"没有写\"
  良好 其余
";

fn policy() -> Policy {
    let files = vec![("scheme.kp".to_string(), SCHEME.to_string())];
    Policy::read(&Folder { root: "trial".to_string(), files }, &mut |_: &str| None).0
}

/// Who shares the last place within a share, and how many units 30 % are, may be our choice too.
#[test]
fn shares_of_grades_are_varied() {
    let policy = policy();
    let all = variations(&policy);
    let shares = all.iter().filter(|variation| variation.name.zh.starts_with("等次"));
    let shown: Vec<String> =
        shares.clone().map(|it| format!("{}：{} → {}", it.name.zh, it.chosen.zh, it.other.zh)).collect();
    assert_eq!(
        shown,
        [
            "等次 优秀 至多：去尾 → 四舍五入",
            "等次 优秀 至多：去尾 → 五成双",
            "等次 优秀 至多：去尾 → 进一",
            "等次 优秀 末位并列：全舍 → 全取",
            "等次 优秀 末位并列：全舍 → 人工",
        ]
    );
    let mut words = Vec::new();
    for variation in shares {
        let mut other = self::policy();
        apply(&mut other, variation);
        let band = &other.schemes[0].grades[0].it.bands[0];
        let word = band.last_place_ties.as_ref().expect("a word").text.clone();
        words.push(format!("{:?} {word}", band.rounding.expect("a mode")));
    }
    assert_eq!(words, ["HalfUp 全舍", "HalfEven 全舍", "Up 全舍", "Down 全取", "Down 人工"]);
}

const ROUNDED: &str = "\
方案 试 \"试\"   选择 \"试\"
  满分 30 分
  每项取到 0.01 分 四舍五入   依据 一
  总分取到 0.1 分 去尾   依据 一
项 甲项 10 分   依据 一
  取到 0.5 分 进一   选择 \"没有写取到几位\"
项 乙项 10 分   选择 \"整项是我们定的\"
  取到 不取整
项 丙项 10 分   选择 \"整项是我们定的\"
  取到 1 分 去尾   依据 一
";

/// An item may be rounded in a way of its own: that is asked for each item, with the ways the
/// scheme declares elsewhere. What a clause says is not.
#[test]
fn roundings_of_items_are_varied() {
    let read = || {
        let files = vec![("scheme.kp".to_string(), ROUNDED.to_string())];
        Policy::read(&Folder { root: "trial".to_string(), files }, &mut |_: &str| None).0
    };
    let all = variations(&read());
    let shown: Vec<String> =
        all.iter().map(|it| format!("{}：{} → {}（{}）", it.name.zh, it.chosen.zh, it.other.zh, it.reason)).collect();
    assert_eq!(
        shown,
        [
            "项 甲项 取到：0.5 分 进一 → 0.5 分 四舍五入（没有写取到几位）",
            "项 甲项 取到：0.5 分 进一 → 0.5 分 五成双（没有写取到几位）",
            "项 甲项 取到：0.5 分 进一 → 0.5 分 去尾（没有写取到几位）",
            "项 甲项 取到：0.5 分 进一 → 不取整（没有写取到几位）",
            "项 甲项 取到：0.5 分 进一 → 0.01 分 四舍五入（没有写取到几位）",
            "项 甲项 取到：0.5 分 进一 → 0.1 分 去尾（没有写取到几位）",
            "项 乙项 取到：不取整 → 0.01 分 四舍五入（整项是我们定的）",
            "项 乙项 取到：不取整 → 0.1 分 去尾（整项是我们定的）",
        ]
    );
    let kinds = all.iter().map(|variation| {
        let mut other = read();
        apply(&mut other, variation);
        let lines = other.schemes[0].items.iter().map(|item| match &item.item.body[0].kind {
            BodyKind::Round(RoundingChoice::To(_, mode)) => format!("{mode:?}"),
            BodyKind::Round(RoundingChoice::None) => "-".to_string(),
            _ => "?".to_string(),
        });
        lines.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            "HalfUp - Down",
            "HalfEven - Down",
            "Down - Down",
            "- - Down",
            "HalfUp - Down",
            "Down - Down",
            "Up HalfUp Down",
            "Up Down Down",
        ]
    );
}
