//! Which silent choices of a policy are asked the other way.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_scheme::{
    Folder,
    read::Policy,
    variations::{apply, variations},
};

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
