//! What a run says it came to is what stands in its rows, by the same words.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod terminal;

use std::{collections::BTreeMap, fs, path::Path};
use terminal::run;

/// Among rows whose outcome is known some whose amount waits for a figure: their result waits, too.
#[test]
fn the_summary_counts_the_words_of_the_rows() {
    let place = tempfile::tempdir().expect("a folder");
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/contribution-relief");
    let policy = policy.to_string_lossy();
    let rows = "\
编号,费款月,行业,工资总额,困难企业,申请缓缴,已缓月数
1,2009-02-01,一类,100000,是,否,0
2,2009-02-01,一类,,是,否,0
3,2000-12-01,一类,100000,是,否,0
4,2009-02-01,一类,100000,是,,0
5,2009-02-01,,100000,是,是,0
6,2009-02-01,,100000,是,否,
";
    fs::write(place.path().join("in.csv"), rows).expect("written");
    let asked = ["compute", &policy, "--decision", "社会保险减负", "--in"];
    let with = |more: &[&str]| run(&[&asked[..], more].concat(), place.path());
    assert_eq!(
        with(&["in.csv", "--out", "in.arrow", "--select", "编号,费款月,行业,工资总额,困难企业,申请缓缴,已缓月数"]).code,
        0
    );
    for from in ["in.csv", "in.arrow"] {
        let ran = with(&[from, "--out", "out.csv", "--select", "编号,结果", "--format", "json"]);
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let told: BTreeMap<String, u64> = told["outcomes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|line| (line["outcome"].as_str().expect("a word").to_owned(), line["rows"].as_u64().expect("a count")))
            .collect();
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        let out = fs::read_to_string(place.path().join("out.csv")).expect("results");
        for word in out.lines().skip(1).filter_map(|line| line.split(',').nth(1)) {
            *found.entry(word.to_owned()).or_default() += 1;
        }
        assert_eq!(found, told, "{from}");
        assert_eq!(found.get("待补"), Some(&4), "{from}: {out}");
    }
    let ran = with(&["in.csv", "--explain", "2"]);
    assert!(ran.stdout.lines().next().is_some_and(|line| line.ends_with("待补")), "{}", ran.said());
    assert!(ran.stdout.contains("是：非 申请缓缴"), "why it is known so far: {}", ran.said());
}
