//! A hundred offices and two hundred indicators: an answer has to come while somebody still looks at what he typed.

use super::{bindings, told};
use crate::scoring::{Model, again, worked_out};
use kaoping_intake::load::load_texts_unchecked;
use kaoping_office::{State, outline::Outline, sheets::Sheets, state::Scheme};
use kaoping_scheme::Options;
use kaoping_terms::Lang;
use std::{collections::BTreeSet, fmt::Write as _, time::Instant};

const OFFICES: usize = 100;
const ITEMS: usize = 200;

fn texts(first: &str) -> Vec<(String, String)> {
    let mut table = "编号,块,名称,分值,规则,不足一步,牵头,责任,依据\n".to_owned();
    for item in 1..=ITEMS {
        let points = if item == 1 { first } else { "0.5 分" };
        let _ = writeln!(table, "{item},一,项{item},{points},不加分指标,按比例,甲,乙,一");
    }
    let scheme = "引用 \"../kinds/common.kp\"\n方案 大 \"大\"\n  满分 100 分\n  总分 = 一\n  名次 总分 从高到低 并列占位\n  未报 暂缺\n  \
                  项目表 indicators.csv\n块 一 100 分\n奖 先进 取 前 3 名 按 总分 末位并列 全取\n";
    let shipped = crate::drafting::blank().into_iter().filter(|(path, _)| path.starts_with("../"));
    let own = [("indicators.csv".to_owned(), table), ("scheme.kp".to_owned(), scheme.to_owned())];
    own.into_iter().chain(shipped).collect()
}

fn sheets() -> Sheets {
    let mut sheets = Sheets { units: "unit,name\n".into(), facts: String::new(), ..Sheets::default() };
    sheets.facts.push_str("unit,indicator,field,value,period,evidence,round,assessor,reason\n");
    for unit in 1..=OFFICES {
        let _ = writeln!(sheets.units, "县{unit},县{unit}");
        for item in 1..=ITEMS {
            let value = 700 + (unit * 37 + item * 101) % 400;
            let _ = writeln!(sheets.facts, "县{unit},{item},完成数,{value} 人,,,,,");
            let _ = writeln!(sheets.facts, "县{unit},{item},目标数,1000 人,,,,,");
        }
    }
    sheets
}

fn model(state: &State, texts: &[(String, String)]) -> Model {
    let loaded = load_texts_unchecked("大", texts, &Options::default());
    let outline = crate::standard::outline(&loaded.compiled.standard, &bindings(&Outline::default()));
    let made = worked_out(state, &"大".into(), (1, &outline), ("", &[]), loaded, |_| sheets());
    made.unwrap_or_else(|report| panic!("{report:#?}"))
}

#[test]
fn places_follow_for_a_hundred_offices_and_two_hundred_indicators() {
    let mut state = State::default();
    let scheme = Scheme {
        office: "甲".into(),
        upper: None,
        versions: Vec::new(),
        forwarded: Default::default(),
        ends: Default::default(),
    };
    state.schemes.insert("大".into(), scheme);
    let before = model(&state, &texts("0.5 分"));
    let mut took = Vec::new();
    for points in ["1 分", "2 分", "3 分", "4 分", "5 分"] {
        let begun = Instant::now();
        let loaded = load_texts_unchecked("大", &texts(points), &Options::default());
        let outline = crate::standard::outline(&loaded.compiled.standard, &bindings(&Outline::default()));
        let read = begun.elapsed();
        let after = again(&state, (&"大".into(), ""), &outline, loaded, (&before, &BTreeSet::new()), |sheets| sheets)
            .expect("a model")
            .expect("the same figures");
        let worked = begun.elapsed();
        let told = told(&before, &after, Lang::Zh).expect("a comparison");
        took.push((begun.elapsed(), worked, read));
        assert_eq!(told["units"].as_array().map(Vec::len), Some(OFFICES));
        if points == "3 分" {
            let anew = super::told(&before, &model(&state, &texts(points)), Lang::Zh).expect("a comparison");
            assert_eq!(told, anew, "with figures kept as with figures read anew");
        }
        assert_eq!(told["policy"].as_array().map(Vec::len), Some(1), "{}", told["policy"]);
    }
    took.sort();
    println!("all, worked out, read: {:?}", took.get(2));
}
