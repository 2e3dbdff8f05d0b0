//! The half-year round, and what is open in the middle of July.

use super::{Asked, Date, EMPLOYMENT, LIVELIHOOD, Year, day, of_counties, of_office, targets};
use crate::{
    figures::{Kind, MONTHS},
    offices::{Office, Person, person},
    scene::Done,
};
use kaoping_office::{
    Act, Role,
    deeds::{
        ends::EndRound,
        events::EnterEvent,
        objections::{About, Object},
        proposals::Propose,
        reports::ReturnReport,
        rounds::{Assess, Judged},
    },
    ids::FigureId,
    state::Decision,
};
use kaoping_terms::Text;

/// Marks the lead units give otherwise than the offices themselves: office, item, value, why.
const JUDGED: [(&str, &str, &str, &str); 4] = [
    ("乙县", "14", "3", "配套资金只到位八成"),
    ("丙县", "11", "0.8", "督查记录不全"),
    ("辛县", "12", "0.7", "配套政策迟发一个季度"),
    ("开发区", "新农保准备", "1.5", "人员尚未到位"),
];

/// The collection on employment in June.
const JUNE: &str = "人社-2026-06";

pub(crate) fn judged(item: &str, field: &str, value: &str, kind: &str) -> Judged {
    Judged { indicator: item.into(), field: field.into(), value: value.into(), kind: kind.into() }
}

impl Year<'_> {
    pub(crate) fn half_year(&mut self) -> Done {
        self.self_marks("自查-2026-H1", "上半年自查", "2026-H1", 6, ((7, 10), (7, 13)))?;
        self.polls(&["自评", "半年"], (7, 13))?;
        self.ends(&["自评", "半年"])?;
        let what = Text::new("汇总自评结果", "the results of the round 自评 are put down");
        self.scene.step(day(7, 14), (9, 0), of_office(), what)?;
        self.scores(LIVELIHOOD, "自评")?;
        self.lead_units("半年", 6, (7, 14))?;
        let what = Text::new("汇总半年结果", "the results of the round 半年 are put down");
        self.scene.step(day(7, 15), (9, 0), of_office(), what)?;
        self.scores(LIVELIHOOD, "半年")
    }

    /// The rounds of the half-year end with it: figures of July are for the rounds after them.
    fn ends(&mut self, rounds: &[&str]) -> Done {
        let what = Text::new("定轮次截止日：自评、半年算到 6 月 30 日", "the rounds of the half-year end on 30 June");
        self.scene.step(day(7, 14), (8, 30), of_office(), what)?;
        for round in rounds {
            let end = EndRound { scheme: LIVELIHOOD.into(), round: (*round).into(), last: Some(day(6, 30)) };
            self.scene.does(&self.office.clone(), Act::EndRound(end));
        }
        self.scene.wait()
    }

    /// Offices give marks to themselves.
    pub(crate) fn self_marks(
        &mut self,
        collection: &str,
        title: &str,
        period: &str,
        month: i64,
        (asked, reported): (Date, Date),
    ) -> Done {
        let what = Text::new(format!("布置{title}"), "offices are asked for marks of their own");
        self.scene.step(day(asked.0, asked.1), (11, 0), of_office(), what)?;
        let all = self.assessed();
        let (pilots, others): (Vec<Office>, Vec<Office>) = all.iter().cloned().partition(|office| office.pilot);
        let marks = |preparing: bool| -> Vec<FigureId> {
            let marks = self.book.figures.iter().filter(|figure| figure.kind == Kind::Mark);
            let marks = marks.filter(|figure| preparing || figure.item != "新农保准备");
            marks.map(|figure| figure.name.as_str().into()).collect()
        };
        let pilot_collection = format!("{collection}-试点");
        let parts = [(pilot_collection.as_str(), marks(false), &pilots), (collection, marks(true), &others)];
        for (collection, figures, offices) in parts.clone() {
            let from = day(asked.0, asked.1);
            let asked =
                Asked { collection, title, scheme: LIVELIHOOD, period, figures, offices, from, working_days: 6 };
            self.asks(&self.office.clone(), asked)?;
        }
        let what = Text::new(format!("报送{title}"), "the marks are filled in, looked through, signed");
        self.scene.step(day(reported.0, reported.1), (10, 0), of_counties(), what)?;
        for (collection, _, offices) in parts {
            for office in offices {
                let marks = self.book.figures.iter().filter(|figure| figure.kind == Kind::Mark);
                let value = |figure: &crate::figures::Figure| {
                    Some((figure.name.as_str().into(), self.book.at(&office.id, figure, month)?))
                };
                let figures = marks.filter(|figure| !office.pilot || figure.item != "新农保准备");
                let figures = figures.filter_map(value).collect();
                self.reports(collection, office, figures);
            }
        }
        Ok(())
    }

    pub(crate) fn assesses(&mut self, who: &Person, round: &str, office: &str, values: Vec<Judged>, why: &str) {
        let paper = self.scene.paper(&format!("{office} {round} 核查记录"));
        let assess = Assess {
            scheme: LIVELIHOOD.into(),
            round: round.into(),
            office: office.into(),
            values,
            further_assessor: false,
        };
        self.scene.because(who, Act::Assess(assess), why, &[paper]);
    }

    /// What nobody reports: the poll, and what comes off where something was not done.
    pub(crate) fn polls(&mut self, rounds: &[&str], date: Date) -> Done {
        let what = Text::new("录入民意测评", "the poll is entered");
        self.scene.step(day(date.0, date.1), (15, 0), of_office(), what)?;
        for round in rounds {
            for office in self.assessed() {
                let inputs = [("21", "满意票"), ("21", "有效票"), ("304", "酌扣"), ("804", "酌扣")];
                let value = |(item, field): (&str, &str)| {
                    Some(judged(item, field, &self.book.last_year(&office.id, item, field)?, ""))
                };
                let values = inputs.into_iter().filter_map(value).collect();
                self.assesses(&self.office.clone(), round, &office.id, values, "民意测评");
            }
        }
        Ok(())
    }

    /// Lead units give marks, and put right what was reported: data, rule, judgement.
    pub(crate) fn lead_units(&mut self, round: &str, month: i64, date: Date) -> Done {
        let what = Text::new(
            "牵头单位核分：数据、规则、评判三类差异，逐条写明原因",
            "lead units assess: each difference from what was reported has its kind and reason",
        );
        let who = Text::new("各牵头单位", "the lead units");
        self.scene.step(day(date.0, date.1), (14, 0), who, what)?;
        // Later the marks stay as they are: only what differs from the round before is a difference.
        let kind = if month == 6 { "judgement" } else { "" };
        for (office, item, value, why) in JUDGED {
            let lead = if item == "14" { "caizheng" } else { "kaoping2" };
            self.assesses(&person(lead), round, office, vec![judged(item, "检查得分", value, kind)], why);
        }
        let found = [
            ("renshe", "丁县", "101", 97, "data", "与实名登记库比对，重复登记的扣除"),
            ("minzheng", "己县", "303", 99, "rule", "分散供养的不计入集中供养"),
        ];
        for (lead, office, item, percent, kind, why) in found {
            let reported = self.book.figure(item).and_then(|figure| self.book.at(office, figure, month));
            let reported: i64 = reported.and_then(|value| value.parse().ok()).unwrap_or_default();
            let value = judged(item, "完成数", &(reported * percent / 100).to_string(), kind);
            self.assesses(&person(lead), round, office, vec![value], why);
        }
        Ok(())
    }

    /// What stands in the middle of July: something for everybody to do.
    pub(crate) fn middle(&mut self) -> Done {
        self.employment()?;
        self.objectionable()?;
        self.towns()?;
        self.sends_back()?;
        let what = Text::new("布置七月调度", "figures of July are asked for");
        self.scene.step(day(7, 16), (9, 0), of_office(), what)?;
        let mut figures: Vec<FigureId> = self.monthly().iter().map(|figure| figure.name.as_str().into()).collect();
        figures.push(MONTHS.into());
        let (collection, all) = (super::months::month_of(7), self.assessed());
        let asked = Asked {
            collection: &collection,
            title: "7 月就业社保调度",
            scheme: LIVELIHOOD,
            period: "2026-07",
            figures,
            offices: &all,
            from: day(7, 16),
            working_days: 6,
        };
        self.asks(&self.office.clone(), asked)
    }

    /// A report of the other scheme: what is known already is not asked again; each county is somewhere else.
    fn employment(&mut self) -> Done {
        let what = Text::new(
            "布置人社半年数据：民生月报报过的不再要",
            "the other scheme asks for June: what was reported already is not asked again",
        );
        self.scene.step(day(7, 15), (10, 0), of_office(), what)?;
        let all = self.assessed();
        let figures = || -> Vec<FigureId> {
            let own = crate::policy::EMPLOYMENT_FIGURES.map(|(_, figure)| figure);
            own.into_iter().chain([MONTHS]).map(Into::into).collect()
        };
        let (title, from) = ("人社目标半年数据", day(7, 15));
        let asked = Asked {
            collection: JUNE,
            title,
            scheme: EMPLOYMENT,
            period: "2026-06",
            figures: figures(),
            offices: &all,
            from,
            working_days: 4,
        };
        self.asks(&self.office.clone(), asked)?;
        let what = Text::new("填报人社半年数据", "figures of the other scheme are filled in");
        self.scene.step(day(7, 15), (16, 0), of_counties(), what)?;
        for (office, place) in all.iter().zip(0_i64..) {
            let own = [("创业培训", 290 + 7 * place), ("农民工工资清欠", 118 + 3 * place)];
            let figures = own.map(|(figure, value)| (FigureId::from(figure), value.to_string())).to_vec();
            match office.id.as_str() {
                "辛县" => (),
                "己县" => self.submits(JUNE, office, figures),
                "庚县" => {
                    self.submits(JUNE, office, figures);
                    self.reviews(JUNE, office);
                }
                _ => self.reports(JUNE, office, figures),
            }
        }
        Ok(())
    }

    fn sends_back(&mut self) -> Done {
        let what = Text::new("退回丁县人社半年数据", "a report is sent back");
        self.scene.step(day(7, 16), (8, 30), of_office(), what)?;
        let back = ReturnReport { collection: JUNE.into(), office: "丁县".into(), seen: None };
        self.scene.because(&self.office.clone(), Act::ReturnReport(back), "创业培训人数与培训台账不符，请核对", &[]);
        Ok(())
    }

    /// A notice that can be objected to, a correction that waits for a second person.
    fn objectionable(&mut self) -> Done {
        let what = Text::new("登记通报批评：辛县", "a notice of criticism is entered against a county");
        self.scene.step(day(7, 15), (17, 0), Text::new("市督查室", "the inspection office"), what)?;
        let paper = self.scene.paper("通报-2026-3 农村公路质量");
        let event = EnterEvent {
            scheme: LIVELIHOOD.into(),
            table: "通报批评".into(),
            id: "通报-2026-3".into(),
            office: "辛县".into(),
            day: day(6, 26),
            columns: [("级别".to_owned(), "市厅".to_owned())].into(),
            objection_days: 5,
        };
        self.scene.because(&person("ducha"), Act::EnterEvent(event), "农村公路质量被市政府通报", &[paper]);
        let what = Text::new("对通报提出异议，等市考评办答复", "it objects to the notice, which waits for an answer");
        self.scene.step(day(7, 15), (17, 20), Text::same("辛县"), what)?;
        let about = About::Event { table: "通报批评".into(), id: "通报-2026-3".into() };
        let object = Object { objection: "异议-2026-2".into(), office: "辛县".into(), about, answer_days: 5 };
        let paper = self.scene.paper("辛县农村公路检测报告");
        self.scene.because(
            &self.of("辛县", Role::Signer),
            Act::Object(object),
            "检测报告合格，通报所指不是我县路段",
            &[paper],
        );
        let what =
            Text::new("申请更正 6 月数据，等市考评办批复", "it proposes a correction, which waits for a decision");
        self.scene.step(day(7, 15), (17, 30), Text::same("壬县"), what)?;
        let decision = Decision::CorrectFigure {
            office: "壬县".into(),
            figure: "就业困难人员就业".into(),
            period: kaoping_office::period::Period::Month(2026, 6),
            value: "88".into(),
        };
        let paper = self.scene.paper("壬县就业困难人员花名册");
        let propose = Propose { proposal: "更正-2026-1".into(), decision };
        self.scene.because(&self.of("壬县", Role::Signer), Act::Propose(propose), "漏报两个乡镇", &[paper]);
        Ok(())
    }

    /// A county asks its townships.
    fn towns(&mut self) -> Done {
        let what = Text::new("向乡镇布置并收报人社半年数据", "the county asks its townships");
        self.scene.step(day(7, 15), (18, 0), Text::same("甲县"), what)?;
        let towns: Vec<Office> =
            self.offices.iter().filter(|office| office.above == targets::COUNTY).cloned().collect();
        let who = person(&self.office_of(targets::COUNTY));
        let own = crate::policy::EMPLOYMENT_FIGURES.map(|(_, figure)| figure);
        let figures: Vec<FigureId> = own.into_iter().chain([MONTHS]).map(Into::into).collect();
        let collection = "甲县乡镇-2026-06";
        let asked = Asked {
            collection,
            title: "乡镇人社半年数据",
            scheme: targets::TOWNS,
            period: "2026-06",
            figures: figures.clone(),
            offices: &towns,
            from: day(7, 15),
            working_days: 5,
        };
        self.asks(&who, asked)?;
        for (town, place) in towns.iter().zip(0_i64..) {
            let values = [820 + 40 * place, 95 + 6 * place, 560 + 15 * place, 38 + place, 6];
            let reported = figures.iter().zip(values).map(|(figure, value)| (figure.clone(), value.to_string()));
            let reported = reported.collect();
            match place {
                0 => self.reports(collection, town, reported),
                1 => self.submits(collection, town, reported),
                _ => (),
            }
        }
        Ok(())
    }
}
