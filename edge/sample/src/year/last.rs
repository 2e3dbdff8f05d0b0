//! Last year is closed: its figures, its results, their publicity, their publication.

use super::{Asked, LAST, Year, day, of_counties, of_office};
use crate::{CITY, figures::Kind, policy, scene::Done};
use kaoping_desk::{scoring, standard::Bindings, standard::draft_of};
use kaoping_office::{
    Act, Role,
    deeds::{
        events::EnterEvent,
        objections::{About, Answer, Object},
        rounds::{Assess, Judged, Publish, Seal},
    },
    ids::FigureId,
    state::TotalLine,
};
use kaoping_terms::Text;

impl Year<'_> {
    pub(crate) fn last_year(&mut self) -> Done {
        let office = self.office.clone();
        let what = Text::new("采用 2025 年办法，布置年报", "the scheme of 2025 is adopted, figures are asked for");
        self.scene.step(day(1, 5), (9, 0), of_office(), what)?;
        self.adopts(
            LAST,
            CITY,
            &policy::last_year(),
            &policy::last_bindings(&self.book),
            "补录上年度办法，用于年终结算",
        )?;
        let all = self.assessed();
        let pilots: Vec<_> = all.iter().filter(|office| office.pilot).cloned().collect();
        let names = |has: &dyn Fn(&str) -> bool| -> Vec<FigureId> {
            let reported = self.book.figures.iter().filter(|figure| figure.kind != Kind::Mark);
            reported.filter(|figure| has(&figure.item)).map(|figure| figure.name.as_str().into()).collect()
        };
        let (common, pilot) = (names(&|item| item != "新农保"), names(&|item| item == "新农保"));
        let asked =
            [("2025年报", "2025 年终数据", common, &all), ("2025试点年报", "2025 年新农保试点数据", pilot, &pilots)];
        for (collection, title, figures, offices) in asked {
            let (from, working_days) = (day(1, 5), 6);
            self.asks(
                &office,
                Asked { collection, title, scheme: LAST, period: "2025", figures, offices, from, working_days },
            )?;
        }
        self.last_reports()?;
        self.last_marks()?;
        self.last_results()
    }

    fn last_reports(&mut self) -> Done {
        let what =
            Text::new("填报、审核、签发 2025 年终数据", "the figures of 2025 are filled in, looked through, signed");
        self.scene.step(day(1, 12), (10, 0), of_counties(), what)?;
        for office in self.assessed() {
            let reported = |pilot: bool| -> Vec<(FigureId, String)> {
                let figures = self.book.figures.iter().filter(|figure| figure.kind != Kind::Mark);
                let figures = figures.filter(|figure| (figure.item == "新农保") == pilot);
                let value = |figure: &crate::figures::Figure| {
                    let value = self.book.last_year(&office.id, &figure.item, figure.input())?;
                    Some((figure.name.as_str().into(), value))
                };
                figures.filter_map(value).collect()
            };
            let (common, pilot) = (reported(false), reported(true));
            self.reports("2025年报", &office, common);
            if office.pilot {
                self.reports("2025试点年报", &office, pilot);
            }
        }
        Ok(())
    }

    /// What lead units and the poll say of last year, and what was notified then.
    fn last_marks(&mut self) -> Done {
        let what = Text::new("录入检查得分、民意测评和通报", "marks, the poll and notices of criticism are entered");
        self.scene.step(day(1, 14), (10, 0), of_office(), what)?;
        let who = self.office.clone();
        let paper = self.scene.paper("2025 年终考评检查表");
        let inputs = [
            ("11", "检查得分"),
            ("12", "检查得分"),
            ("13", "检查得分"),
            ("14", "检查得分"),
            ("新农保准备", "检查得分"),
            ("21", "满意票"),
            ("21", "有效票"),
            ("304", "酌扣"),
            ("804", "酌扣"),
        ];
        for office in self.assessed() {
            let value = |(item, field): &(&str, &str)| {
                let value = self.book.last_year(&office.id, item, field)?;
                Some(Judged { indicator: (*item).into(), field: (*field).into(), value, kind: String::new() })
            };
            let values = inputs.iter().filter_map(value).collect();
            let assess = Assess {
                scheme: LAST.into(),
                round: String::new(),
                office: office.id.as_str().into(),
                values,
                further_assessor: false,
            };
            self.scene.because(&who, Act::Assess(assess), "年终检查", &[paper]);
        }
        for (id, office, month, date, level) in
            [("通报-2025-1", "丙县", 5, 20, "市厅"), ("通报-2025-2", "城西区", 6, 11, "省部")]
        {
            let paper = self.scene.paper(id);
            let event = EnterEvent {
                scheme: LAST.into(),
                table: "通报批评".into(),
                id: id.into(),
                office: office.into(),
                day: super::day_of(2025, month, date),
                columns: [("级别".to_owned(), level.to_owned())].into(),
                objection_days: 3,
            };
            self.scene.because(&who, Act::EnterEvent(event), "上年度通报", &[paper]);
        }
        Ok(())
    }

    fn last_results(&mut self) -> Done {
        let (office, group) = (self.office.clone(), self.group.clone());
        let what = Text::new("汇总 2025 年结果", "the results of 2025 are put down");
        self.scene.step(day(1, 20), (15, 0), of_office(), what)?;
        self.scores(LAST, "")?;
        let leading = Text::new("考评领导小组", "the leading group");
        let what =
            Text::new("审定封存，公示五个工作日", "they are sealed, and open to objections for five working days");
        self.scene.step(day(1, 22), (9, 0), leading, what)?;
        let seal = Seal { scheme: LAST.into(), round: String::new(), objection_days: 5, shown: true };
        self.scene.because(&group, Act::Seal(seal), "领导小组会议审定", &[]);
        let what = Text::new("对城乡居民测评提出异议", "it objects to its result of the poll");
        self.scene.step(day(1, 26), (10, 0), Text::same("丁县"), what)?;
        let about = About::Results { scheme: LAST.into(), round: String::new() };
        let object = Object { objection: "异议-2025-1".into(), office: "丁县".into(), about, answer_days: 5 };
        let paper = self.scene.paper("丁县对民意测评的说明");
        self.scene.because(&self.of("丁县", Role::Signer), Act::Object(object), "民意测评样本偏少，请复核", &[paper]);
        let what = Text::new("答复异议：复核无误，不予采纳", "the objection is answered: looked at again, not upheld");
        self.scene.step(day(1, 28), (16, 0), of_office(), what)?;
        let answer = Answer { objection: "异议-2025-1".into(), upheld: false };
        self.scene.because(&office, Act::Answer(answer), "有效票 400 张，符合规定，复核无误", &[]);
        let what = Text::new("公示期满，公布 2025 年结果", "the time is over, the results of 2025 are published");
        self.scene.step(day(2, 2), (9, 0), of_office(), what)?;
        self.scene.does(&office, Act::Publish(Publish { scheme: LAST.into(), round: String::new() }));
        Ok(())
    }

    /// Adopts a scheme as the program found it.
    pub(crate) fn adopts(
        &mut self,
        scheme: &str,
        office: &str,
        texts: &policy::Texts,
        bindings: &Bindings,
        why: &str,
    ) -> Done {
        let algorithm = self.scene.algorithm();
        let draft = draft_of(scheme, texts.clone(), algorithm, &scheme.into(), &office.into(), bindings);
        if !draft.act.errors.is_empty() {
            return Err(self.scene.refused(draft.findings));
        }
        for (_, bytes) in &draft.contents {
            self.scene.keep(bytes);
        }
        let who = if office == CITY { self.office.clone() } else { crate::offices::person(&self.office_of(office)) };
        let upper = (office != CITY).then(|| super::EMPLOYMENT.into());
        let act = kaoping_office::deeds::schemes::AdoptScheme { upper, ..draft.act };
        self.scene.because(&who, Act::AdoptScheme(act), why, &[]);
        self.scene.wait()
    }

    /// The assessment office of a county.
    pub(crate) fn office_of(&self, county: &str) -> String {
        let accounts = crate::offices::accounts();
        let found = accounts.into_iter().find(|found| found.office == county && found.role == Role::AssessmentOffice);
        found.map(|found| found.login).unwrap_or_default()
    }

    /// Scores a round as the record stands, and puts the results down.
    pub(crate) fn scores(&mut self, scheme: &str, round: &str) -> Done {
        self.scene.wait()?;
        let state = self.scene.read(Clone::clone);
        let mut contents = |hash| self.scene.content(hash);
        let scored = scoring::score(&state, &scheme.into(), round, &mut contents);
        let scored = scored.map_err(|report| self.scene.refused(report.into_sorted()))?;
        self.scene.keep(scored.scores.as_bytes());
        let (totals, awards) = (scored.act.totals.clone(), scored.act.awards.len());
        self.scene.does(&self.office.clone(), Act::PutDownResults(scored.act));
        self.scene.effect(ranking(totals, awards));
        self.scene.wait()
    }
}

/// The first three of a round, and how many have no total yet.
fn ranking(mut totals: Vec<TotalLine>, awards: usize) -> Text {
    totals.sort_by_key(|line| line.rank.unwrap_or(u32::MAX));
    let open = totals.iter().filter(|line| line.rank.is_none()).count();
    let first = totals.iter().filter(|line| line.rank.is_some()).take(3);
    let first: Vec<String> = first.map(|line| format!("{} {}", line.office, line.total)).collect();
    let (mut zh, mut en) = (format!("前三名：{}", first.join("、")), format!("the first three: {}", first.join(", ")));
    if open > 0 {
        zh.push_str(&format!("；{open} 个单位暂缺"));
        en.push_str(&format!("; {open} offices have no total yet"));
    }
    if awards > 0 {
        zh.push_str(&format!("；拟评奖 {awards} 个"));
        en.push_str(&format!("; {awards} awards proposed"));
    }
    Text { zh, en }
}
