//! What a clerk's tables may say wrongly, and that none of it is taken in silence.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod terminal;

use std::fs;
use terminal::{Run, kaoping};

/// Runs a line in a folder with these files.
fn met(files: &[(&str, &str)], line: &str) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    kaoping(line, folder.path())
}

const PETITIONS: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
明细 上访 petition   示例 \"同上\"
  级别 level : 省 | 市
  办结 done : 日期
项 信访 10 分   示例 \"同上\"
  扣 每 上访 其中 级别 = 省 3 分
  扣 每 上访 其中 级别 = 市 且 非 已报(办结) 1 分
";

fn petitions(events: &str) -> Run {
    let files = [("scheme.kp", PETITIONS), ("上访.csv", events), ("units.csv", "unit\n甲\n")];
    met(&files, "kaoping score . --units units.csv --events 上访=上访.csv")
}

/// 否 in the column 撤销 is no withdrawal: the event counts.
#[test]
fn no_withdrawal_is_none() {
    let of = |word: &str| petitions(&format!("id,unit,date,level,done,withdrawn\n访-1,甲,2014-03-05,省,,{word}\n"));
    for word in ["", "否", "no", "0", "未撤销"] {
        let run = of(word);
        assert!(run.code == 0 && run.stdout.contains("甲       7 "), "{word}: {}", run.said());
    }
    for word in ["是", "2014-05-01", "已撤销"] {
        let run = of(word);
        assert!(run.code == 0 && run.stdout.contains("甲      10 "), "{word}: {}", run.said());
    }
    let run = of("待定");
    assert!(run.code == 1 && run.stderr.contains("“上访”访-1 的“撤销”写作“待定”，读不出来"), "{}", run.said());
}

/// An empty cell is asked for, but where the policy itself says what follows (已报).
#[test]
fn an_event_says_what_decides_about_it() {
    let run = petitions("id,unit,date,level,done\n访-1,甲,2014-03-05,,2014-04-01\n访-2,甲,2014-03-06,市,\n");
    assert!(run.stderr.contains("错误[event-cell-empty] “上访”访-1 的“级别”是空的"), "{}", run.said());
    assert!(!run.stderr.contains("办结"), "{}", run.said());
    let run = petitions("id,unit,date,level,done,withdrawn\n访-1,甲,,,,是\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let run = petitions("id,unit,date,done\n访-1,甲,2014-03-05,2014-04-01\n");
    assert!(run.stderr.contains("错误[column-missing] 明细“上访”的这张表没有“级别”一列"), "{}", run.said());
}

/// Where no rule looks at dates an event without one counts, and it is said.
#[test]
fn a_date_is_asked_for_where_it_decides() {
    let undated = "id,unit,date,level,done\n访-1,甲,,省,\n";
    let run = petitions(undated);
    assert!(run.code == 0 && run.stderr.contains("警告[event-without-date]"), "{}", run.said());
    assert!(run.stdout.contains("甲       7 "), "{}", run.said());
    let dated = PETITIONS.replacen("责任分工 不分", "责任分工 不分\n  适用期 2014-01-01 至 2014-12-31", 1);
    let files = [("scheme.kp", dated.as_str()), ("上访.csv", undated), ("units.csv", "unit\n甲\n")];
    let run = met(&files, "kaoping score . --units units.csv --events 上访=上访.csv");
    assert!(run.code == 1 && run.stderr.contains("错误[event-without-date] “上访”访-1 没有写日期"), "{}", run.said());
}
