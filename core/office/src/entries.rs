//! What an entry of the record is about, and who reads it beside those who read all of it.
//!
//! An entry is read as a whole, so whoever reads it has to see everything it is about: an entry that hands targets
//! down to several offices is read by those who see the targets of all of them.

use crate::{Act, Entry, deeds::objections::About, ids::SchemeId, tables::Key, views::Viewer};
use alloc::{vec, vec::Vec};
use kaoping_terms::Text;

/// What people call each deed, by its name in the record: for lists to choose from, where there is no deed yet.
const WORDS: &[(&str, &str, &str)] = &[
    ("found", "成立台账", "founding the record"),
    ("enter-notice", "录入放假通知", "entering a holiday notice"),
    ("confirm-clock", "确认时钟", "confirming the clock"),
    ("confirm-restore", "确认恢复", "confirming a restore"),
    ("open-office", "设立单位", "opening an office"),
    ("change-office", "变更单位", "changing an office"),
    ("close-offices", "撤并单位", "closing offices"),
    ("open-account", "开设账号", "opening an account"),
    ("close-account", "关闭账号", "closing an account"),
    ("grant-role", "授予职责", "giving a role"),
    ("revoke-role", "收回职责", "taking a role away"),
    ("name-deputy", "委托 B 岗", "naming a deputy"),
    ("end-deputy", "结束委托", "ending a deputy"),
    ("give-password", "给初始密码", "giving a first password"),
    ("drop-codes", "取消动态码", "giving up codes"),
    ("bind-login", "绑定统一登录", "binding to a login elsewhere"),
    ("unbind-login", "解除统一登录", "unbinding from a login elsewhere"),
    ("define-figure", "定义数据项", "defining a figure"),
    ("adopt-scheme", "采用方案", "adopting a scheme"),
    ("forward-scheme", "转发方案", "passing a scheme on"),
    ("hand-down", "分解下达目标", "handing targets down"),
    ("accept-letter", "签订责任书", "accepting a liability letter"),
    ("open-collection", "布置填报", "asking for figures"),
    ("cancel-collection", "取消填报任务", "asking for figures no more"),
    ("submit-report", "填报", "handing in figures"),
    ("review-report", "审核填报", "looking through a report"),
    ("sign-report", "签发填报", "signing a report"),
    ("return-report", "退回填报", "sending a report back"),
    ("propose", "申请变更", "proposing a change"),
    ("decide", "批复申请", "deciding on a proposal"),
    ("enter-event", "登记事件", "entering an event"),
    ("withdraw-event", "撤销事件", "withdrawing an event"),
    ("assess", "评分", "assessing"),
    ("take-back", "收回评分", "taking values back"),
    ("end-round", "定轮次截止日", "ending a round"),
    ("draw-sample", "抽样", "drawing a sample"),
    ("inspect", "登记核查结果", "noting what was found"),
    ("put-down-results", "汇总结果", "putting results down"),
    ("seal", "审定封存", "sealing results"),
    ("publish", "公布结果", "publishing results"),
    ("propose-awards", "提出奖项", "proposing awards"),
    ("decide-award", "撤销或恢复奖项", "refusing an award, or giving it back"),
    ("approve-awards", "审定奖项", "approving awards"),
    ("confirm-awards", "确定奖项", "confirming awards"),
    ("register-person", "登记人员", "registering a person"),
    ("look-up-person", "查看人员信息", "looking a person up"),
    ("propose-erasure", "申请销毁人员信息", "proposing an erasure"),
    ("decide-erasure", "批准销毁人员信息", "deciding on an erasure"),
    ("ask-about-figure", "质询数据", "asking about a figure"),
    ("answer-about-figure", "答复质询", "answering about a figure"),
    ("object", "提出异议", "objecting"),
    ("answer", "答复异议", "answering an objection"),
];

impl Act {
    /// What people call the deed of that name; the name itself where there is none.
    pub fn word_of(name: &str) -> Text {
        let found = WORDS.iter().find(|(found, ..)| *found == name);
        found.map_or_else(|| Text::new(name, name), |(_, zh, en)| Text::new(*zh, *en))
    }

    /// The things it makes, changes or judges. None for what concerns everybody alike, such as the calendar.
    pub fn about(&self) -> Vec<Key> {
        match self {
            Self::Found(found) => {
                let accounts = found.administrators.iter().map(|account| Key::Account(account.clone()));
                core::iter::once(Key::Office(found.office.clone())).chain(accounts).collect()
            }
            Self::EnterNotice(_) | Self::ConfirmClock(_) | Self::ConfirmRestore(_) => Vec::new(),
            Self::OpenOffice(deed) => vec![Key::Office(deed.office.clone())],
            Self::ChangeOffice(deed) => vec![Key::Office(deed.office.clone())],
            Self::CloseOffices(deed) => {
                deed.offices.iter().chain(&deed.successors).map(|office| Key::Office(office.clone())).collect()
            }
            Self::OpenAccount(deed) => vec![Key::Account(deed.account.clone())],
            Self::CloseAccount(deed) => vec![Key::Account(deed.account.clone())],
            Self::GrantRole(deed) => vec![Key::Account(deed.account.clone())],
            Self::RevokeRole(deed) => vec![Key::Account(deed.account.clone())],
            Self::NameDeputy(deed) => vec![Key::Account(deed.deputy.clone())],
            Self::EndDeputy(deed) => vec![Key::Account(deed.deputy.clone())],
            Self::GivePassword(deed) => vec![Key::Account(deed.account.clone())],
            Self::DropCodes(deed) => vec![Key::Account(deed.account.clone())],
            Self::BindLogin(deed) => vec![Key::Account(deed.account.clone())],
            Self::UnbindLogin(deed) => vec![Key::Account(deed.account.clone())],
            Self::DefineFigure(deed) => vec![Key::Card(deed.figure.clone())],
            Self::AdoptScheme(deed) => vec![Key::Scheme(deed.scheme.clone())],
            Self::ForwardScheme(deed) => vec![Key::Scheme(deed.scheme.clone())],
            Self::HandDown(deed) => {
                let target = |office: &crate::ids::OfficeId| {
                    let (scheme, indicator) = (deed.scheme.clone(), deed.indicator.clone());
                    Key::Target((scheme, office.clone(), indicator, deed.field.clone()))
                };
                deed.parts.iter().map(|part| target(&part.office)).collect()
            }
            Self::AcceptLetter(deed) => vec![Key::Letter((deed.scheme.clone(), deed.office.clone()))],
            Self::OpenCollection(deed) => vec![Key::Collection(deed.collection.clone())],
            Self::CancelCollection(deed) => vec![Key::Collection(deed.collection.clone())],
            Self::SubmitReport(deed) => vec![Key::Report((deed.collection.clone(), deed.office.clone()))],
            Self::ReviewReport(deed) => vec![Key::Report((deed.collection.clone(), deed.office.clone()))],
            Self::SignReport(deed) => vec![Key::Report((deed.collection.clone(), deed.office.clone()))],
            Self::ReturnReport(deed) => vec![Key::Report((deed.collection.clone(), deed.office.clone()))],
            Self::Propose(deed) => vec![Key::Proposal(deed.proposal.clone())],
            Self::Decide(deed) => vec![Key::Proposal(deed.proposal.clone())],
            Self::EnterEvent(deed) => vec![Key::Event((deed.table.clone(), deed.id.clone()))],
            Self::WithdrawEvent(deed) => vec![Key::Event((deed.table.clone(), deed.id.clone()))],
            Self::Assess(deed) => {
                let value = |indicator: &crate::ids::IndicatorId, field: &str| {
                    let (scheme, round) = (deed.scheme.clone(), deed.round.clone());
                    Key::Assessed((scheme, round, deed.office.clone(), indicator.clone(), field.into()))
                };
                deed.values.iter().map(|judged| value(&judged.indicator, &judged.field)).collect()
            }
            Self::TakeBack(deed) => {
                let value = |input: &crate::deeds::assessors::Input| {
                    let (scheme, round, office) = (deed.scheme.clone(), deed.round.clone(), deed.office.clone());
                    Key::Assessed((scheme, round, office, input.indicator.clone(), input.field.clone()))
                };
                deed.values.iter().map(value).collect()
            }
            Self::EndRound(deed) => vec![Key::Scheme(deed.scheme.clone())],
            Self::DrawSample(deed) => vec![Key::Collection(deed.collection.clone())],
            Self::Inspect(deed) => {
                vec![Key::Drawn((deed.sample.clone(), deed.office.clone(), deed.figure.clone()))]
            }
            Self::PutDownResults(deed) => results(&deed.scheme, &deed.round),
            Self::Seal(deed) => results(&deed.scheme, &deed.round),
            Self::Publish(deed) => results(&deed.scheme, &deed.round),
            Self::ProposeAwards(deed) => results(&deed.scheme, &deed.round),
            Self::DecideAward(deed) => results(&deed.scheme, &deed.round),
            Self::ApproveAwards(deed) => results(&deed.scheme, &deed.round),
            Self::ConfirmAwards(deed) => results(&deed.scheme, &deed.round),
            Self::RegisterPerson(deed) => vec![Key::Person(deed.person.clone())],
            // Who looked somebody up is seen by fewer than the person: which look-up it was does not matter for that.
            Self::LookUpPerson(deed) => vec![Key::LookUp((deed.person.clone(), 0))],
            Self::ProposeErasure(deed) => vec![Key::Person(deed.person.clone())],
            Self::DecideErasure(deed) => vec![Key::Person(deed.person.clone())],
            Self::AskAboutFigure(deed) => vec![Key::Inquiry(deed.inquiry.clone())],
            Self::AnswerAboutFigure(deed) => vec![Key::Inquiry(deed.inquiry.clone())],
            Self::Object(deed) => {
                let about = match &deed.about {
                    About::Results { scheme, round } => Key::Results((scheme.clone(), round.clone())),
                    About::Award { scheme, round, award, office } => {
                        Key::Award((scheme.clone(), round.clone(), award.clone(), office.clone()))
                    }
                    About::Event { table, id } => Key::Event((table.clone(), id.clone())),
                };
                vec![Key::Objection(deed.objection.clone()), about]
            }
            Self::Answer(deed) => vec![Key::Objection(deed.objection.clone())],
        }
    }
}

fn results(scheme: &SchemeId, round: &str) -> Vec<Key> {
    vec![Key::Results((scheme.clone(), round.into()))]
}

impl Viewer<'_> {
    /// Whether it reads an entry: it reads all of them, or sees everything that one is about.
    pub fn may_read_entry(&self, entry: &Entry) -> bool {
        self.reads_the_record()
            || match &entry.act {
                // Filled in is not yet reported: those above an office read its figures once it has signed.
                Act::SubmitReport(deed) => self.may_read(&(deed.collection.clone(), deed.office.clone())),
                // The seed tells what is drawn.
                Act::DrawSample(deed) => self.draws(&deed.collection),
                act => act.about().iter().all(|key| self.may_see(key)),
            }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Act, Entry, Role, State,
        deeds::{offices::OpenOffice, people::OpenAccount, targets},
        ids::OfficeId,
        state::{Account, Grant, Office, OfficeVersion},
    };
    use alloc::{collections::BTreeMap, string::String, vec::Vec};
    use kaoping_ledger::{Algorithm, By};
    use kaoping_terms::Day;

    fn version(parent: Option<&str>) -> OfficeVersion {
        OfficeVersion {
            from: Day::LONG_AGO,
            name: String::new(),
            parent: parent.map(OfficeId::from),
            kind: String::new(),
            group: String::new(),
            attributes: BTreeMap::new(),
        }
    }

    fn entry(act: Act) -> Entry {
        let before = Algorithm::Sha256.nothing();
        let by = By { account: "A".into(), office: "市".into(), role: "assessment-office".into(), deputy_for: None };
        Entry {
            form: 1,
            number: 0,
            before,
            id: "1".into(),
            received_ms: 0,
            by,
            act,
            why: String::new(),
            evidence: Vec::new(),
        }
    }

    fn town() -> State {
        let mut state = State::default();
        for (office, parent) in [("市", None), ("乙县", Some("市")), ("丙县", Some("市"))] {
            state.offices.insert(
                office.into(),
                Office { versions: Vec::from([version(parent)]), closed: None, opened_by: 0, before: Vec::new() },
            );
        }
        for (account, office, role) in [
            ("A", "市", Role::AssessmentOffice),
            ("C", "乙县", Role::Clerk),
            ("U", "市", Role::Auditor),
            ("S", "市", Role::SystemAdmin),
        ] {
            let from = Day::from_number(0).expect("a day");
            let grant = Grant { office: office.into(), role, from, to: None };
            state.accounts.insert(account.into(), Account { grants: Vec::from([grant]), ..Account::default() });
        }
        state
    }

    fn readers(state: &State, act: Act) -> Vec<&'static str> {
        let (entry, today) = (entry(act), Day::from_number(9).expect("a day"));
        let reads = |account: &&str| state.viewer(account, today).expect("somebody").may_read_entry(&entry);
        ["A", "C", "U", "S"].into_iter().filter(reads).collect()
    }

    #[test]
    fn every_deed_has_its_word() {
        assert!(Act::NAMES.iter().all(|name| Act::word_of(name).zh != *name));
        let open = Act::OpenAccount(OpenAccount { account: "X".into() });
        assert_eq!(Act::word_of(open.name()), open.word());
    }

    #[test]
    fn an_entry_is_read_by_those_who_see_all_it_is_about() {
        let state = town();
        let part = |office: &str| targets::Part { office: office.into(), value: "1".into() };
        let hand_down = |offices: &[&str]| {
            let parts = offices.iter().map(|office| part(office)).collect();
            let (scheme, indicator) = ("民生".into(), "就业".into());
            Act::HandDown(targets::HandDown { scheme, indicator, field: "人数".into(), adds_up: true, parts })
        };
        assert_eq!(readers(&state, hand_down(&["乙县"])), ["A", "C", "U"]);
        assert_eq!(readers(&state, hand_down(&["乙县", "丙县"])), ["A", "U"], "another's target stands in it");
        assert_eq!(readers(&state, Act::OpenAccount(OpenAccount { account: "X".into() })), ["U", "S"]);
        let open = Act::OpenOffice(OpenOffice { office: "丁县".into(), version: version(Some("市")) });
        assert_eq!(readers(&state, open), ["A", "C", "U", "S"], "offices are for everybody");
    }
}
