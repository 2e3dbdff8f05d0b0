//! Something in every list, all of it about 乙县.

use super::{Town, day};
use kaoping_ledger::{By, Digest};
use kaoping_office::{
    Act, Role,
    deeds::{
        awards::ProposeAwards,
        collections::OpenCollection,
        events::EnterEvent,
        figures::DefineFigure,
        inquiries::AskAboutFigure,
        objections::{About, Object},
        people,
        proposals::{Decide, Propose},
        reports::{ReviewReport, SignReport, SubmitReport},
        rounds::{Assess, Judged, PutDownResults, Seal},
        samples::{DrawSample, Inspect},
        schemes::AdoptScheme,
        targets::{AcceptLetter, HandDown, Part},
    },
    honesty::Sign,
    outline::{Column, Field, Indicator, Outline},
    state::{AwardLine, Card, Decision, Instead, Measure, Method, Standing, TotalLine},
    takes::{Takes, Word},
};

const OFFICE: (&str, &str, Role) = ("A1", "甲市", Role::AssessmentOffice);
const CLERK: (&str, &str, Role) = ("C1", "乙县", Role::Clerk);
const REVIEWER: (&str, &str, Role) = ("R1", "乙县", Role::Reviewer);
const SIGNER: (&str, &str, Role) = ("I1", "乙县", Role::Signer);

/// What is in the paper of the event.
pub(crate) const PAPER: &[u8] = "信访登记表".as_bytes();

impl Town {
    pub(crate) fn because(&self, (account, office, role): (&str, &str, Role), act: Act, evidence: &[Digest]) {
        let by = By { account: account.into(), office: office.into(), role: role.name().into(), deputy_for: None };
        let id = format!("year-{}", self.office.desk.read(|shown| shown.state.size));
        let deed =
            kaoping_desk::Request {
                id, by, anywhere: false, act, why: "按规定".into(), evidence: evidence.to_vec()
            };
        self.office.desk.perform(deed).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
    }

    /// Keeps a paper.
    pub(crate) fn paper(&self, bytes: &[u8]) -> Digest {
        let (tell, told) = std::sync::mpsc::channel();
        self.office.desk.keep_content(bytes.to_vec(), move |found| tell.send(found).expect("sent"));
        told.recv().expect("told").expect("kept")
    }

    /// Another account in an office, who can sign in.
    pub(crate) fn joins(&self, account: &str, office: &str, role: Role) {
        let open = people::OpenAccount { account: account.into() };
        self.does(("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(open));
        let grant = people::GrantRole {
            account: account.into(),
            office: office.into(),
            role,
            from: day("2026-01-01"),
            to: None,
        };
        self.does(("S2", "甲市", Role::SecurityAdmin), Act::GrantRole(grant));
        self.can_sign_in(account);
    }

    /// What is asked.
    pub(crate) fn asked(&self) {
        self.because(OFFICE, Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card: card() }), &[]);
        self.because(OFFICE, Act::AdoptScheme(scheme()), &[]);
        self.because(OFFICE, Act::OpenCollection(collection()), &[]);
    }

    /// One more collection, that nobody has filled in.
    pub(crate) fn asks_again(&self) {
        let collection =
            OpenCollection {
                collection: "二月".into(), period: "2026-02".parse().expect("a period"), ..collection()
            };
        self.because(OFFICE, Act::OpenCollection(collection), &[]);
    }

    /// What is asked and reported, and not signed yet.
    pub(crate) fn reports_until_signed(&self, paper: Digest) {
        self.asked();
        let (collection, office) = ("一月", "乙县");
        let figure = Standing {
            figure: "新增就业".into(),
            value: "-880".into(),
            evidence: vec![paper],
            answer: "=HYPERLINK(1)".into(),
        };
        let report = SubmitReport {
            collection: collection.into(),
            office: office.into(),
            figures: [figure].into(),
            replaces: None,
        };
        self.because(CLERK, Act::SubmitReport(report), &[]);
        let review = ReviewReport { collection: collection.into(), office: office.into(), seen: None };
        self.because(REVIEWER, Act::ReviewReport(review), &[]);
    }

    /// All the rest, up to sealed results and an objection.
    pub(crate) fn year(&self) {
        self.until_assessed();
        self.sealed(self.paper(PAPER));
    }

    /// Reported, with targets, events and values of a round.
    pub(crate) fn until_assessed(&self) {
        let paper = self.paper(PAPER);
        self.reports_until_signed(paper);
        let sign = SignReport { collection: "一月".into(), office: "乙县".into(), seen: None };
        self.because(SIGNER, Act::SignReport(sign), &[]);
        let part = Part { office: "乙县".into(), value: "5,000".into() };
        self.because(OFFICE, Act::HandDown(hand_down(part)), &[]);
        let letter = AcceptLetter { scheme: "民生".into(), office: "乙县".into() };
        self.because(SIGNER, Act::AcceptLetter(letter), &[]);
        self.because(OFFICE, Act::EnterEvent(event()), &[paper]);
        let decision = Decision::Exempt {
            scheme: "民生".into(),
            office: "乙县".into(),
            indicator: "新增就业".into(),
            instead: Some(Instead::Full),
        };
        self.because(SIGNER, Act::Propose(Propose { proposal: "豁免1".into(), decision }), &[paper]);
        let decide = Decide { proposal: "豁免1".into(), approved: true };
        self.because(OFFICE, Act::Decide(decide), &[]);
        self.because(("L1", "甲市", Role::Lead), Act::Assess(assess()), &[paper]);
    }

    fn sealed(&self, paper: Digest) {
        let (version, at) = self.office.desk.read(|shown| {
            let version = shown.state.schemes.values().next().and_then(|scheme| scheme.versions.last());
            (version.map_or(0, |version| version.number), shown.state.size)
        });
        self.because(OFFICE, Act::PutDownResults(results(version, at, paper)), &[]);
        let seal = Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 5, shown: false };
        self.because(("G1", "甲市", Role::LeadingGroup), Act::Seal(seal), &[]);
        let awards = awards(version, self.office.desk.read(|shown| shown.state.size));
        self.because(OFFICE, Act::ProposeAwards(awards), &[]);
        let draw = DrawSample {
            sample: "核查-1".into(),
            collection: "一月".into(),
            method: Method::Random,
            seed: "03 11 17".into(),
            size: 1,
        };
        self.because(OFFICE, Act::DrawSample(draw), &[]);
        let inspect =
            Inspect {
                sample: "核查-1".into(), office: "乙县".into(), figure: "新增就业".into(), found: "-880".into()
            };
        self.because(OFFICE, Act::Inspect(inspect), &[]);
        let about = About::Results { scheme: "民生".into(), round: "验收".into() };
        let object = Object { objection: "异议1".into(), office: "乙县".into(), about, answer_days: 5 };
        self.because(SIGNER, Act::Object(object), &[paper]);
        let ask = AskAboutFigure {
            inquiry: "质询1".into(),
            scheme: "民生".into(),
            office: "乙县".into(),
            sign: Sign::Jump,
            figure: Some("新增就业".into()),
            period: None,
            answer_days: 5,
        };
        self.because(OFFICE, Act::AskAboutFigure(ask), &[]);
    }
}

fn card() -> Card {
    Card {
        name: "城镇新增就业".into(),
        definition: "本年累计".into(),
        measure: Measure::Number { unit: "人".into(), least: None, most: None, places: 0 },
        cumulative: true,
        source: "就业统计月报".into(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    }
}

/// How far up a petition went: every one says so.
fn level() -> Column {
    let word = |word: &str| Word { word: word.into(), code: None };
    Column { name: "到".into(), alias: None, takes: Takes::Words(vec![word("市"), word("省")]), needed: true }
}

fn scheme() -> AdoptScheme {
    let field = |name: &str, figure: Option<&str>| Field {
        name: name.into(),
        figure: figure.map(Into::into),
        by_period: false,
        by_assessor: false,
        ..Field::default()
    };
    let indicator = Indicator {
        id: "新增就业".into(),
        name: "城镇新增就业".into(),
        points: "3".into(),
        clause: "二(二)3".into(),
        lead: vec!["人保".into()],
        responsible: vec!["人保".into()],
        supporting: Vec::new(),
        in_block: true,
        counts: Vec::new(),
        not_applicable: String::new(),
        fields: vec![field("完成数", Some("新增就业")), field("目标数", None)],
    };
    AdoptScheme {
        scheme: "民生".into(),
        office: "甲市".into(),
        upper: None,
        files: Vec::new(),
        outline: Outline {
            scheme: "民生工程".into(),
            title: "民生工程目标管理".into(),
            indicators: vec![indicator],
            rounds: vec!["自评".into(), "验收".into()],
            events: vec!["上访".into(), "报送".into()],
            steps: Vec::new(),
            columns: [("上访".to_string(), vec![level()])].into(),
            ..Outline::default()
        },
        errors: Vec::new(),
        warnings: Vec::new(),
    }
}

fn collection() -> OpenCollection {
    OpenCollection {
        collection: "一月".into(),
        title: "一月就业数".into(),
        scheme: "民生".into(),
        period: "2026-01".parse().expect("a period"),
        figures: vec!["新增就业".into()],
        offices: vec!["乙县".into()],
        from: day("2026-01-05"),
        working_days: 3,
        grace_days: 1,
        counted_in: None,
    }
}

fn hand_down(part: Part) -> HandDown {
    HandDown {
        scheme: "民生".into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        adds_up: false,
        parts: vec![part],
    }
}

fn event() -> EnterEvent {
    EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: "信访-0007".into(),
        office: "乙县".into(),
        day: day("2026-01-04"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 5,
    }
}

fn assess() -> Assess {
    Assess {
        scheme: "民生".into(),
        round: "验收".into(),
        office: "乙县".into(),
        values: vec![Judged {
            indicator: "新增就业".into(),
            field: "完成数".into(),
            value: "870".into(),
            kind: "data".into(),
        }],
        further_assessor: false,
    }
}

fn results(version: u64, at: u64, scores: Digest) -> PutDownResults {
    let total = TotalLine {
        office: "乙县".into(),
        total: "96.25".into(),
        rank: Some(1),
        meets_all: "yes".into(),
        grade: String::new(),
    };
    PutDownResults {
        scheme: "民生".into(),
        round: "验收".into(),
        version,
        at,
        scores,
        totals: vec![total],
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: None,
    }
}

fn awards(version: u64, at: u64) -> ProposeAwards {
    let line = AwardLine {
        award: "综合先进".into(), office: "乙县".into(), place: Some(1), reason: "总分第一".into()
    };
    let (scheme, round) = ("民生".into(), "验收".into());
    let (passed_over, judged) = (Vec::new(), Vec::new());
    ProposeAwards { scheme, round, version, at, awards: vec![line], passed_over, judged, objection_days: 5 }
}
