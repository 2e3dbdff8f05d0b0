//! A year of two townships under a real standard, up to their reports.

use super::{OFFICE, day, grant, open_account, request};
use kaoping_desk::{
    Desk, Request,
    standard::{Bindings, draft},
};
use kaoping_ledger::Digest;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        events::EnterEvent,
        figures::DefineFigure,
        reports::{ReviewReport, SignReport, SubmitReport},
    },
    ids::FigureId,
    state::{Card, Measure, Standing},
};
use std::{path::Path, sync::mpsc::channel};

pub(crate) fn keep(desk: &Desk, bytes: &[u8]) -> Digest {
    let (reply, hash) = channel();
    desk.keep_content(bytes.to_vec(), move |kept| reply.send(kept.expect("kept")).expect("a listener"));
    hash.recv().expect("a hash")
}

pub(crate) fn does(desk: &Desk, deed: Request) {
    desk.perform(deed).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
}

pub(crate) fn because(mut deed: Request, why: &str, paper: Digest) -> Request {
    deed.why = why.into();
    deed.evidence = vec![paper];
    deed
}

/// Which figure goes into which input, and what townships reported: the first is without fault.
const FIGURES: [(&str, &str, [&str; 2]); 5] = [
    ("殡葬改革/火化率", "火化率", ["100%", "97%"]),
    ("村民自治/年终验收", "年终验收", ["合格", "合格"]),
    ("残疾人工作/组织建设/村残协档案", "残协档案", ["是", "否"]),
    ("残疾人工作/意外伤害保障/已保人数", "已保人数", ["200", "150"]),
    ("残疾人工作/意外伤害保障/应保人数", "应保人数", ["200", "200"]),
];

fn card(name: &str) -> Card {
    let measure = match name {
        "火化率" => {
            Measure::Number { unit: "%".into(), least: Some("0".into()), most: Some("100".into()), places: 2 }
        }
        "年终验收" => Measure::Words(vec!["合格".into(), "不合格".into()]),
        "残协档案" => Measure::YesNo,
        _ => Measure::Number { unit: "人".into(), least: Some("0".into()), most: None, places: 0 },
    };
    Card {
        name: name.into(),
        definition: "示例".into(),
        measure,
        cumulative: true,
        source: "示例".into(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    }
}

/// The city with a scheme in force and two townships that have reported.
pub(crate) fn reported(desk: &Desk) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/township-2014");
    let bindings: Bindings = FIGURES.iter().map(|(input, figure, _)| ((*input).into(), (*figure).into())).collect();
    let paper = keep(desk, "依据材料".as_bytes());
    for (_, figure, _) in FIGURES {
        let define = DefineFigure { figure: figure.into(), card: card(figure) };
        does(desk, request(&format!("define-{figure}"), OFFICE, Act::DefineFigure(define)));
    }
    let algorithm = desk.read(|shown| shown.tree.algorithm());
    let draft = draft(&folder, algorithm, &"乡民政".into(), &"甲市".into(), &bindings).expect("a policy");
    assert_eq!(draft.act.errors, Vec::<String>::new(), "{:#?}", draft.findings);
    for (hash, bytes) in &draft.contents {
        assert_eq!(keep(desk, bytes), *hash);
    }
    does(desk, because(request("adopt", OFFICE, Act::AdoptScheme(draft.act)), "乡政府办公会纪要", paper));
    let figures: Vec<FigureId> = FIGURES.iter().map(|(_, figure, _)| (*figure).into()).collect();
    let collection = OpenCollection {
        collection: "年报".into(),
        title: "年终数据".into(),
        scheme: "乡民政".into(),
        period: "2026".parse().expect("a period"),
        figures: figures.clone(),
        offices: vec!["乙县".into(), "丙县".into()],
        from: day("2026-01-05"),
        working_days: 5,
        grace_days: 0,
        counted_in: Some(("报表".into(), "及时".into())),
    };
    does(desk, request("collect", OFFICE, Act::OpenCollection(collection)));
    for (place, office) in ["乙县", "丙县"].into_iter().enumerate() {
        let people =
            [Role::Clerk, Role::Reviewer, Role::Signer].map(|role| (format!("{office}-{}", role.name()), role));
        for (account, role) in &people {
            does(desk, open_account(account));
            does(desk, grant(account, office, *role));
        }
        let figures = FIGURES.iter().map(|(_, figure, values)| Standing {
            figure: (*figure).into(),
            value: values[place].into(),
            evidence: vec![paper],
            answer: "".into(),
        });
        let report = SubmitReport {
            collection: "年报".into(),
            office: office.into(),
            figures: figures.collect(),
            replaces: None,
        };
        let acts = [
            Act::SubmitReport(report),
            Act::ReviewReport(ReviewReport { collection: "年报".into(), office: office.into(), seen: None }),
            Act::SignReport(SignReport { collection: "年报".into(), office: office.into(), seen: None }),
        ];
        for (act, (account, role)) in acts.into_iter().zip(&people) {
            does(desk, request(&format!("{office}-{}", act.name()), (account, office, *role), act));
        }
    }
    // A petition of a poor household, in the year the standard is for: one point of relief.
    let event = EnterEvent {
        scheme: "乡民政".into(),
        table: "上访".into(),
        id: "信访-0001".into(),
        office: "丙县".into(),
        day: day("2014-06-01"),
        columns: [("到", "乡"), ("事由", "贫困"), ("政策性", "是")].map(|(a, b)| (a.into(), b.into())).into(),
        objection_days: 5,
    };
    does(desk, because(request("event", OFFICE, Act::EnterEvent(event)), "", paper));
}
