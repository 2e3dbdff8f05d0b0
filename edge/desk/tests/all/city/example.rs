//! A small standard of its own: two rounds, one figure, one item judged by two, three awards.

use super::{
    OFFICE, day, grant, open_account, request,
    story::{because, does, keep},
};
use kaoping_desk::{
    Desk,
    scoring::{Scored, score},
    standard::{Bindings, draft_of},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        figures::DefineFigure,
        reports::{ReviewReport, SignReport, SubmitReport},
    },
    state::{Card, Measure, Standing},
    tables::TABLES,
};
use kaoping_store::open_to_read;

pub(crate) const LEAD: (&str, &str, Role) = ("L1", "甲市", Role::Lead);
pub(crate) const OTHER: (&str, &str, Role) = ("L2", "甲市", Role::Lead);
pub(crate) const GROUP: (&str, &str, Role) = ("G1", "甲市", Role::LeadingGroup);
pub(crate) const GOVERNMENT: (&str, &str, Role) = ("V1", "甲市", Role::Signer);

fn policy(employment: &str) -> Vec<(String, String)> {
    let text = format!(
        r#"方案 示例考核 "示例考核办法"
  满分  20 分   示例 "测试用"
  适用期 2026-01-01 至 2026-12-31   示例 "测试用"
  每项取到 不取整   示例 "测试用"
  显示到 0.01 分 四舍五入   示例 "测试用"
  名次  总分 从高到低 并列占位   示例 "测试用"
  未报  零分   示例 "测试用"
  责任分工 不分   示例 "测试用"

轮次 自评 self | 验收 acceptance
  正式 = 验收

项 就业 10 分   示例 "测试用"
  读入 完成数 done : 人 ≥ 0 人
  读入 目标数 goal : 人 > 0 人
  得 {employment}
项 现场 10 分   示例 "测试用"
  读入 评分 mark : 分 0 分..10 分 级 0.5 分 须理由 评委 2
  得 平均(评分 于 各评委)

否决 欠账过多 当 就业 < 5 分 → 奖 取消 创新   示例 "测试用"

奖 先进 取 前 1 名 按 总分 末位并列 全取   示例 "测试用"
奖 就业单项 取 前 1 名 按 就业 除 先进 末位并列 全取   示例 "测试用"
奖 创新 由 评审 至多 1 个   示例 "测试用"
"#
    );
    vec![("scheme.kp".into(), text)]
}

pub(crate) const BY_SHARE: &str = "分值 × 较小(完成数 / 目标数, 1)";
pub(crate) const ALL_OR_NOTHING: &str = "当 完成数 ≥ 目标数 → 分值\n     否则 → 0 分";

pub(crate) fn adopt(desk: &Desk, id: &str, employment: &str) {
    let algorithm = desk.read(|shown| shown.tree.algorithm());
    let bindings: Bindings = [("就业/完成数", "就业人数"), ("就业/目标数", "目标人数")]
        .map(|(input, figure)| (input.into(), figure.into()))
        .into();
    let draft = draft_of("示例", policy(employment), algorithm, &"示例".into(), &"甲市".into(), &bindings);
    assert_eq!(draft.act.errors, Vec::<String>::new(), "{:#?}", draft.findings);
    for (hash, bytes) in &draft.contents {
        assert_eq!(keep(desk, bytes), *hash);
    }
    let paper = keep(desk, "会议纪要".as_bytes());
    does(desk, because(request(id, OFFICE, Act::AdoptScheme(draft.act)), "市政府常务会议纪要", paper));
}

/// In force, and reported by some counties: how many found work, of a thousand.
pub(crate) fn begun(desk: &Desk, reports: &[(&str, &str)]) {
    for figure in ["就业人数", "目标人数"] {
        let card = Card {
            name: figure.into(),
            definition: "示例".into(),
            measure: Measure::Number { unit: "人".into(), least: Some("0".into()), most: None, places: 0 },
            cumulative: true,
            source: "示例".into(),
            asks_beyond_percent: None,
            parts: Vec::new(),
        };
        does(desk, request(figure, OFFICE, Act::DefineFigure(DefineFigure { figure: figure.into(), card })));
    }
    adopt(desk, "adopt", BY_SHARE);
    for (account, office, role) in [LEAD, OTHER, GROUP, GOVERNMENT] {
        does(desk, open_account(account));
        does(desk, grant(account, office, role));
    }
    let collection = OpenCollection {
        collection: "年报".into(),
        title: "年终数据".into(),
        scheme: "示例".into(),
        period: "2026".parse().expect("a period"),
        figures: vec!["就业人数".into(), "目标人数".into()],
        offices: reports.iter().map(|(office, _)| (*office).into()).collect(),
        from: day("2026-01-05"),
        working_days: 5,
        grace_days: 0,
        counted_in: None,
    };
    does(desk, request("collect", OFFICE, Act::OpenCollection(collection)));
    let paper = keep(desk, "月报".as_bytes());
    for (county, done) in reports {
        let figures = [("就业人数", *done), ("目标人数", "1,000")].map(|(figure, value)| Standing {
            figure: figure.into(),
            value: value.into(),
            evidence: vec![paper],
            answer: "".into(),
        });
        let (collection, office) = (|| "年报".into(), || (*county).into());
        let report =
            SubmitReport { collection: collection(), office: office(), figures: figures.into(), replaces: None };
        let steps = [
            (Role::Clerk, Act::SubmitReport(report)),
            (
                Role::Reviewer,
                Act::ReviewReport(ReviewReport { collection: collection(), office: office(), seen: None }),
            ),
            (Role::Signer, Act::SignReport(SignReport { collection: collection(), office: office(), seen: None })),
        ];
        for (role, act) in steps {
            let account = format!("{county}-{}", role.name());
            does(desk, open_account(&account));
            does(desk, grant(&account, county, role));
            does(desk, request(&format!("{county}-{}", act.name()), (&account, county, role), act));
        }
    }
}

pub(crate) fn put_down(desk: &Desk, address: &str, round: &str) -> Scored {
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open_to_read(address, TABLES).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    let scored = score(&state, &"示例".into(), round, &mut contents).unwrap_or_else(|report| panic!("{report:#?}"));
    keep(desk, scored.scores.as_bytes());
    let id = format!("results-{}", state.size);
    does(desk, request(&id, OFFICE, Act::PutDownResults(scored.act.clone())));
    scored
}
