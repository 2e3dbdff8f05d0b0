//! The year is closed: sealed, objected to, opened again by two people, sealed once more, published.

use super::{LIVELIHOOD, Year, day, half::judged, of_office};
use crate::{offices::person, scene::Done};
use kaoping_office::{
    Act, Role,
    deeds::{
        objections::{About, Answer, Object},
        proposals::{Decide, Propose},
        rounds::{Publish, Seal},
    },
    state::Decision,
};
use kaoping_terms::Text;

const ROUND: &str = "年终";

impl Year<'_> {
    pub(crate) fn end(&mut self) -> Done {
        self.self_marks("自查-2026", "全年自查", "2026", 12, ((13, 12), (13, 13)))?;
        self.polls(&[ROUND], (13, 13))?;
        self.lead_units(ROUND, 12, (13, 14))?;
        let what = Text::new("汇总年终结果", "the results of the year are put down");
        self.scene.step(day(13, 18), (9, 0), of_office(), what)?;
        self.scores(LIVELIHOOD, ROUND)?;
        self.seals(20, 5)?;
        self.reopens()?;
        self.seals(28, 3)?;
        let what = Text::new("公示期满，公布年终结果", "the time is over, the results of the year are published");
        self.scene.step(day(14, 3), (9, 0), of_office(), what)?;
        self.scene.does(&self.office.clone(), Act::Publish(Publish { scheme: LIVELIHOOD.into(), round: ROUND.into() }));
        self.scene.wait()?;
        let signed = self.scene.signed();
        self.scene.effect(Text::new(
            format!("签名的检查点担保前 {signed} 条"),
            format!("a signed checkpoint vouches for the first {signed} entries"),
        ));
        Ok(())
    }

    fn leading() -> Text {
        Text::new("考评领导小组", "the leading group")
    }

    fn seals(&mut self, date: i8, objection_days: u16) -> Done {
        let what = Text::new(
            format!("审定封存，公示 {objection_days} 个工作日"),
            format!("they are sealed, and open to objections for {objection_days} working days"),
        );
        self.scene.step(day(13, date), (9, 0), Self::leading(), what)?;
        let seal = Seal { scheme: LIVELIHOOD.into(), round: ROUND.into(), objection_days, shown: true };
        self.scene.because(&self.group.clone(), Act::Seal(seal), "领导小组会议审定", &[]);
        self.scene.wait()?;
        let key = (LIVELIHOOD.into(), ROUND.to_owned());
        let until = self.scene.read(|state| state.results.get(&key).and_then(|results| results.objections_until));
        let until = until.map(|day| day.iso()).unwrap_or_default();
        self.scene.effect(Text::new(format!("异议截至 {until}"), format!("objections until {until}")));
        Ok(())
    }

    /// An objection is upheld: two people open the results again, the value is mended, all is scored anew.
    fn reopens(&mut self) -> Done {
        let office = self.office.clone();
        let what = Text::new("对配套资金的评分提出异议", "it objects to a mark");
        self.scene.step(day(13, 22), (10, 0), Text::same("乙县"), what)?;
        let about = About::Results { scheme: LIVELIHOOD.into(), round: ROUND.into() };
        let object = Object { objection: "异议-2026-3".into(), office: "乙县".into(), about, answer_days: 5 };
        let paper = self.scene.paper("乙县配套资金到位凭证");
        self.scene.because(&self.of("乙县", Role::Signer), Act::Object(object), "十二月资金已全部到位", &[paper]);
        let what =
            Text::new("异议成立，申请重开结果", "the objection is upheld; it is proposed to open the results again");
        self.scene.step(day(13, 25), (10, 0), of_office(), what)?;
        let answer = Answer { objection: "异议-2026-3".into(), upheld: true };
        self.scene.because(&office, Act::Answer(answer), "凭证属实", &[]);
        let decision = Decision::ReviseResults { scheme: LIVELIHOOD.into(), round: ROUND.into() };
        let propose = Propose { proposal: "重开-2026-1".into(), decision };
        self.scene.because(&office, Act::Propose(propose), "乙县异议成立", &[paper]);
        let what = Text::new("第二人批准重开", "a second person approves");
        self.scene.step(day(13, 26), (9, 0), Self::leading(), what)?;
        let decide = Decide { proposal: "重开-2026-1".into(), approved: true };
        self.scene.because(&self.group.clone(), Act::Decide(decide), "同意", &[]);
        let what = Text::new("改评并重新汇总", "the mark is given anew, and the results are put down again");
        self.scene.step(day(13, 27), (9, 0), of_office(), what)?;
        let mark = judged("14", "检查得分", "3.5", "judgement");
        self.assesses(&person("caizheng"), ROUND, "乙县", vec![mark], "资金到位，按自评分");
        self.scores(LIVELIHOOD, ROUND)
    }
}
