//! What is reported month by month and quarter by quarter, and what happens meanwhile.

use super::{Asked, Date, LIVELIHOOD, Year, day, of_counties, of_office};
use crate::{
    figures::{Figure, Kind, MONTHS},
    offices::{Office, person},
    scene::Done,
};
use kaoping_office::{
    Act, Role,
    deeds::{
        events::EnterEvent,
        objections::{About, Answer, Object},
        proposals::{Decide, Propose},
        reports::ReturnReport,
        samples::{DrawSample, Inspect},
    },
    ids::FigureId,
    state::{Decision, Method, Standing},
};
use kaoping_terms::Text;

/// When figures of a month are asked for, and when they are reported: month and day each, and working days.
const MONTHS_OF: [(Date, Date, u16); 12] = [
    ((2, 24), (2, 26), 3),
    ((3, 2), (3, 6), 5),
    ((4, 1), (4, 7), 5),
    ((5, 6), (5, 11), 5),
    ((6, 1), (6, 4), 5),
    ((7, 1), (7, 6), 5),
    ((8, 3), (8, 6), 5),
    ((9, 1), (9, 4), 5),
    ((10, 8), (10, 13), 5),
    ((11, 2), (11, 5), 5),
    ((12, 1), (12, 4), 5),
    ((13, 4), (13, 7), 5),
];

/// The office that is late in June.
const LATE: &str = "戊县";

/// The collection of a month.
pub(crate) fn month_of(month: usize) -> String {
    format!("就业社保-2026-{month:02}")
}

impl Year<'_> {
    pub(crate) fn first_half(&mut self) -> Done {
        for month in 1..=6 {
            self.month(month)?;
            match month {
                2 => self.sent_back()?,
                3 => {
                    self.quarter("民生季报-2026-Q1", "一季度民生工程数据", "2026-Q1", 3, ((4, 8), (4, 14)))?;
                    self.notices()?;
                }
                4 => self.complaint()?,
                5 => self.inspected()?,
                6 => self.quarter("民生季报-2026-Q2", "上半年民生工程数据", "2026-Q2", 6, ((7, 7), (7, 9)))?,
                _ => (),
            }
        }
        self.late()
    }

    pub(crate) fn second_half(&mut self) -> Done {
        for month in 7..=12 {
            self.month(month)?;
            match month {
                9 => self.quarter("民生季报-2026-Q3", "前三季度民生工程数据", "2026-Q3", 9, ((10, 14), (10, 20)))?,
                12 => self.quarter("民生季报-2026-Q4", "全年民生工程数据", "2026-Q4", 12, ((13, 8), (13, 11)))?,
                _ => (),
            }
        }
        Ok(())
    }

    /// Figures asked each month.
    pub(crate) fn monthly(&self) -> Vec<Figure> {
        self.book.figures.iter().filter(|figure| figure.monthly && figure.kind != Kind::Mark).cloned().collect()
    }

    fn month(&mut self, month: usize) -> Done {
        let Some(&(asked, reported, working_days)) = MONTHS_OF.get(month - 1) else { return Ok(()) };
        let what =
            Text::new(format!("布置 {month} 月就业社保数据"), format!("the figures of month {month} are asked for"));
        self.scene.step(day(asked.0, asked.1), (9, 0), of_office(), what)?;
        let mut figures: Vec<FigureId> = self.monthly().iter().map(|figure| figure.name.as_str().into()).collect();
        figures.push(MONTHS.into());
        let (collection, title, period) =
            (month_of(month), format!("{month} 月就业社保数据"), format!("2026-{month:02}"));
        let (all, from) = (self.assessed(), day(asked.0, asked.1));
        let (title, period) = (title.as_str(), period.as_str());
        let asked = Asked {
            collection: &collection,
            title,
            scheme: LIVELIHOOD,
            period,
            figures,
            offices: &all,
            from,
            working_days,
        };
        self.asks(&self.office.clone(), asked)?;
        let what = Text::new(
            format!("填报、审核、签发 {month} 月数据"),
            format!("the figures of month {month} are filled in, looked through, signed"),
        );
        self.scene.step(day(reported.0, reported.1), (14, 0), of_counties(), what)?;
        for office in all.iter().filter(|office| month != 6 || office.id != LATE) {
            self.reports_month(month, office);
        }
        Ok(())
    }

    fn reports_month(&mut self, month: usize, office: &Office) {
        let collection = month_of(month);
        let paper = self.scene.paper(&format!("{} {month} 月就业社保统计月报", office.id));
        let figures = self.month_figures(month, office).into_iter().map(|(figure, value)| {
            let jump = month == 4 && office.id == "丁县" && figure.as_str() == "城镇登记失业率";
            let (value, answer) =
                if jump { ("5.3%".to_owned(), "一家企业停产，已核实花名册") } else { (value, "") };
            Standing { figure, value: value.into(), evidence: vec![paper], answer: answer.into() }
        });
        let figures = figures.collect();
        self.submits_with(&collection, office, figures);
        self.reviews(&collection, office);
        self.signs(&collection, office);
    }

    fn month_figures(&self, month: usize, office: &Office) -> Vec<(FigureId, String)> {
        let number = i64::try_from(month).unwrap_or_default();
        let value = |figure: Figure| Some((figure.name.as_str().into(), self.book.at(&office.id, &figure, number)?));
        let mut figures: Vec<(FigureId, String)> = self.monthly().into_iter().filter_map(value).collect();
        figures.push((MONTHS.into(), month.to_string()));
        figures
    }

    /// Figures asked each quarter: all that are not asked each month, of those that have the item.
    fn quarterly(&self, pilot: bool) -> Vec<Figure> {
        let slow = self.book.figures.iter().filter(|figure| !figure.monthly && figure.kind != Kind::Mark);
        slow.filter(|figure| (figure.item == "新农保") == pilot).cloned().collect()
    }

    fn quarter(
        &mut self,
        collection: &str,
        title: &str,
        period: &str,
        month: i64,
        (asked, reported): (Date, Date),
    ) -> Done {
        let what = Text::new(format!("布置{title}"), format!("the figures of {period} are asked for"));
        self.scene.step(day(asked.0, asked.1), (10, 0), of_office(), what)?;
        let all = self.assessed();
        let pilots: Vec<Office> = all.iter().filter(|office| office.pilot).cloned().collect();
        let (pilot_collection, pilot_title) = (format!("{collection}-新农保"), format!("{title}（新农保试点）"));
        let parts = [(collection, title, false, &all), (&pilot_collection, &pilot_title, true, &pilots)];
        for (collection, title, pilot, offices) in parts {
            let figures = self.quarterly(pilot).iter().map(|figure| figure.name.as_str().into()).collect();
            let from = day(asked.0, asked.1);
            let asked =
                Asked { collection, title, scheme: LIVELIHOOD, period, figures, offices, from, working_days: 6 };
            self.asks(&self.office.clone(), asked)?;
        }
        let what = Text::new(
            format!("填报、审核、签发{title}"),
            format!("the figures of {period} are filled in, looked through, signed"),
        );
        self.scene.step(day(reported.0, reported.1), (15, 0), of_counties(), what)?;
        for (collection, _, pilot, offices) in parts {
            for office in offices {
                let value =
                    |figure: Figure| Some((figure.name.as_str().into(), self.book.at(&office.id, &figure, month)?));
                let figures = self.quarterly(pilot).into_iter().filter_map(value).collect();
                self.reports(collection, office, figures);
            }
        }
        Ok(())
    }

    /// A report is sent back with a reason, and signed anew.
    fn sent_back(&mut self) -> Done {
        let what =
            Text::new("退回丙县 2 月数据：与统计月报不符", "a report is sent back: it differs from the statistics");
        self.scene.step(day(3, 9), (9, 0), of_office(), what)?;
        let back = ReturnReport { collection: month_of(2).as_str().into(), office: "丙县".into(), seen: None };
        self.scene.because(&self.office.clone(), Act::ReturnReport(back), "城镇新增就业与统计月报不符，请核对", &[]);
        let what = Text::new("核对后重新填报、审核、签发", "it is looked at, filled in and signed anew");
        self.scene.step(day(3, 9), (16, 0), Text::same("丙县"), what)?;
        if let Some(office) = self.named("丙县") {
            self.reports_month(2, &office);
        }
        Ok(())
    }

    fn enters(&mut self, id: &str, office: &str, happened: Date, level: &str, why: &str) {
        let paper = self.scene.paper(&format!("{id} {why}"));
        let event = EnterEvent {
            scheme: LIVELIHOOD.into(),
            table: "通报批评".into(),
            id: id.into(),
            office: office.into(),
            day: day(happened.0, happened.1),
            columns: [("级别".to_owned(), level.to_owned())].into(),
            objection_days: 5,
        };
        self.scene.because(&person("ducha"), Act::EnterEvent(event), why, &[paper]);
    }

    fn notices(&mut self) -> Done {
        let what = Text::new("登记省级通报批评：城西区", "a notice of criticism is entered against a district");
        self.scene.step(day(4, 16), (10, 0), Text::new("市督查室", "the inspection office"), what)?;
        self.enters("通报-2026-1", "城西区", (4, 10), "省部", "清欠工资工作被省政府办公厅通报批评");
        Ok(())
    }

    /// A complaint that turns out to be wrong is withdrawn.
    fn complaint(&mut self) -> Done {
        let what = Text::new("登记投诉引起的通报：甲县", "a complaint leads to a notice against a county");
        self.scene.step(day(5, 20), (10, 0), Text::new("市督查室", "the inspection office"), what)?;
        self.enters("通报-2026-2", "甲县", (5, 18), "市厅", "群众投诉小额贷款发放不及时，受市政府通报");
        let what = Text::new("对通报提出异议", "it objects to the notice");
        self.scene.step(day(5, 22), (9, 0), Text::same("甲县"), what)?;
        let about = About::Event { table: "通报批评".into(), id: "通报-2026-2".into() };
        let object = Object { objection: "异议-2026-1".into(), office: "甲县".into(), about, answer_days: 5 };
        let paper = self.scene.paper("甲县关于贷款发放的说明");
        self.scene.because(&self.of("甲县", Role::Signer), Act::Object(object), "贷款已按期发放，有银行回单", &[paper]);
        let what = Text::new("异议成立，通报撤销", "the objection is upheld, the notice is withdrawn");
        self.scene.step(day(5, 26), (11, 0), of_office(), what)?;
        let answer = Answer { objection: "异议-2026-1".into(), upheld: true };
        self.scene.because(&self.office.clone(), Act::Answer(answer), "银行回单属实，投诉不成立", &[]);
        Ok(())
    }

    /// Figures are drawn and looked at on the spot; a target is adjusted by two people.
    fn inspected(&mut self) -> Done {
        let what = Text::new("抽查 5 月数据，到现场核对", "figures of May are drawn and inspected on the spot");
        self.scene.step(day(6, 10), (9, 0), Text::new("市督查室", "the inspection office"), what)?;
        let draw = DrawSample {
            sample: "抽查-2026-05".into(),
            collection: month_of(5).as_str().into(),
            method: Method::Random,
            seed: "06 13 22 28 31 33".into(),
            size: 6,
        };
        let who = person("ducha");
        self.scene.does(&who, Act::DrawSample(draw));
        self.scene.wait()?;
        let drawn = self.scene.read(|state| {
            let sample = state.samples.values().next();
            let figures = sample.into_iter().flat_map(|sample| &sample.drawn);
            let found =
                figures.map(|((office, figure), found)| (office.clone(), figure.clone(), found.reported.clone()));
            found.take(3).collect::<Vec<_>>()
        });
        for (office, figure, reported) in drawn {
            let inspect = Inspect { sample: "抽查-2026-05".into(), office, figure, found: reported };
            self.scene.does(&who, Act::Inspect(inspect));
        }
        let what = Text::new("申请调整目标：洪灾影响农村公路建设", "it proposes to adjust a target after a flood");
        self.scene.step(day(6, 15), (9, 0), Text::same("庚县"), what)?;
        let decision = Decision::AdjustTarget {
            scheme: LIVELIHOOD.into(),
            office: "庚县".into(),
            indicator: "802".into(),
            field: "目标数".into(),
            value: "90".into(),
        };
        let paper = self.scene.paper("庚县防汛指挥部灾情报告");
        let propose = Propose { proposal: "调整-2026-1".into(), decision };
        self.scene.because(&self.of("庚县", Role::Signer), Act::Propose(propose), "五月洪灾冲毁在建路段", &[paper]);
        let what = Text::new("批准调整", "the adjustment is approved");
        self.scene.step(day(6, 18), (10, 0), Text::new("考评领导小组", "the leading group"), what)?;
        let decide = Decide { proposal: "调整-2026-1".into(), approved: true };
        self.scene.because(&self.group.clone(), Act::Decide(decide), "灾情属实，同意", &[]);
        Ok(())
    }

    fn late(&mut self) -> Done {
        let what =
            Text::new("逾期签发 6 月数据，扣分由规则得出", "its report of June is late; the points follow by rule");
        self.scene.step(day(7, 10), (9, 0), Text::same(LATE), what)?;
        if let Some(office) = self.named(LATE) {
            self.reports_month(6, &office);
        }
        Ok(())
    }
}
