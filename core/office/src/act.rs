//! All deeds there are.

use crate::{
    deed::{Asked, Deed, Told, day_of},
    deeds,
    ids::OfficeId,
    refusal,
    rights::{Relation, Right, acts_as, entitled, recused},
    state::State,
    tables::Touched,
};
use alloc::vec::Vec;
use kaoping_ledger::{By, Digest};
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($(#[$about:meta])* $name:literal $act:ident($deed:path),)*) => {
        /// What was done.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Act {
            $($(#[$about])* #[serde(rename = $name)] $act($deed),)*
        }

        impl Act {
            /// The names of all deeds, as they stand in the record.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Its name in the record.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$act(_) => $name,)*
                }
            }

            fn deed(&self) -> &dyn Deed {
                match self {
                    $(Self::$act(deed) => deed,)*
                }
            }
        }
    };
}

acts! {
    /// A record begins.
    "found" Found(deeds::founding::Found),
    /// The holidays and make-up workdays of a year.
    "enter-notice" EnterNotice(deeds::founding::EnterNotice),
    /// The clock is right, although it jumped.
    "confirm-clock" ConfirmClock(deeds::founding::ConfirmClock),
    /// The record goes on from an older backup.
    "confirm-restore" ConfirmRestore(deeds::restoring::ConfirmRestore),
    /// An office begins.
    "open-office" OpenOffice(deeds::offices::OpenOffice),
    /// An office gets another name, superior, kind, group or attributes.
    "change-office" ChangeOffice(deeds::offices::ChangeOffice),
    /// Offices end, and others go on in their place.
    "close-offices" CloseOffices(deeds::offices::CloseOffices),
    /// An account is opened.
    "open-account" OpenAccount(deeds::people::OpenAccount),
    /// An account is closed.
    "close-account" CloseAccount(deeds::people::CloseAccount),
    /// A role is given.
    "grant-role" GrantRole(deeds::people::GrantRole),
    /// A role is taken away.
    "revoke-role" RevokeRole(deeds::people::RevokeRole),
    /// Somebody stands in for somebody.
    "name-deputy" NameDeputy(deeds::people::NameDeputy),
    /// He stands in no more.
    "end-deputy" EndDeputy(deeds::people::EndDeputy),
    /// An account gets a first password.
    "give-password" GivePassword(deeds::logins::GivePassword),
    /// Codes of an account are given up.
    "drop-codes" DropCodes(deeds::logins::DropCodes),
    /// An account is bound to a person known elsewhere.
    "bind-login" BindLogin(deeds::logins::BindLogin),
    /// It is bound no more.
    "unbind-login" UnbindLogin(deeds::logins::UnbindLogin),
    /// A figure is defined.
    "define-figure" DefineFigure(deeds::figures::DefineFigure),
    /// A version of a scheme is put in force.
    "adopt-scheme" AdoptScheme(deeds::schemes::AdoptScheme),
    /// A scheme is passed on to offices below.
    "forward-scheme" ForwardScheme(deeds::schemes::ForwardScheme),
    /// A target is handed down in parts.
    "hand-down" HandDown(deeds::targets::HandDown),
    /// One side accepts a liability letter.
    "accept-letter" AcceptLetter(deeds::targets::AcceptLetter),
    /// Figures are asked of offices.
    "open-collection" OpenCollection(deeds::collections::OpenCollection),
    /// They are asked no more: it was a mistake.
    "cancel-collection" CancelCollection(deeds::collections::CancelCollection),
    /// An office hands its figures to its reviewer.
    "submit-report" SubmitReport(deeds::reports::SubmitReport),
    /// The reviewer has looked through them.
    "review-report" ReviewReport(deeds::reports::ReviewReport),
    /// The office signs them: now they are reported.
    "sign-report" SignReport(deeds::reports::SignReport),
    /// They are sent back.
    "return-report" ReturnReport(deeds::reports::ReturnReport),
    /// A change that takes two people is proposed.
    "propose" Propose(deeds::proposals::Propose),
    /// A second person decides.
    "decide" Decide(deeds::proposals::Decide),
    /// Something happened that rules count.
    "enter-event" EnterEvent(deeds::events::EnterEvent),
    /// It is withdrawn.
    "withdraw-event" WithdrawEvent(deeds::events::WithdrawEvent),
    /// A value of a round is set.
    "assess" Assess(deeds::rounds::Assess),
    /// A value of a round is taken back.
    "take-back" TakeBack(deeds::assessors::TakeBack),
    /// A round ends on a day: what belongs to a later time is not in it.
    "end-round" EndRound(deeds::ends::EndRound),
    /// Figures are drawn for inspection.
    "draw-sample" DrawSample(deeds::samples::DrawSample),
    /// What was seen on the spot.
    "inspect" Inspect(deeds::samples::Inspect),
    /// Results of a round are put down.
    "put-down-results" PutDownResults(deeds::rounds::PutDownResults),
    /// They are approved and sealed.
    "seal" Seal(deeds::rounds::Seal),
    /// They are published.
    "publish" Publish(deeds::rounds::Publish),
    /// Awards are proposed, and shown.
    "propose-awards" ProposeAwards(deeds::awards::ProposeAwards),
    /// One of them is refused, or given back.
    "decide-award" DecideAward(deeds::awards::DecideAward),
    /// They are approved.
    "approve-awards" ApproveAwards(deeds::awards::ApproveAwards),
    /// They are confirmed.
    "confirm-awards" ConfirmAwards(deeds::awards::ConfirmAwards),
    /// A person is registered.
    "register-person" RegisterPerson(deeds::persons::RegisterPerson),
    /// A person is looked up.
    "look-up-person" LookUpPerson(deeds::persons::LookUpPerson),
    /// Somebody proposes to erase a person's data.
    "propose-erasure" ProposeErasure(deeds::persons::ProposeErasure),
    /// A second person decides on it.
    "decide-erasure" DecideErasure(deeds::persons::DecideErasure),
    /// An office is asked about a figure.
    "ask-about-figure" AskAboutFigure(deeds::inquiries::AskAboutFigure),
    /// It answers.
    "answer-about-figure" AnswerAboutFigure(deeds::inquiries::AnswerAboutFigure),
    /// Somebody objects.
    "object" Object(deeds::objections::Object),
    /// An objection is answered.
    "answer" Answer(deeds::objections::Answer),
}

impl Act {
    /// Whether it says what the program itself found out (the checker's findings, scores) or goes with something
    /// kept beside the record (a password, a person). Such a deed is made where that is, and never taken from outside.
    pub fn is_made_here(&self) -> bool {
        matches!(
            self,
            Self::Found(_)
                | Self::AdoptScheme(_)
                | Self::PutDownResults(_)
                | Self::ProposeAwards(_)
                | Self::GivePassword(_)
                | Self::DropCodes(_)
                | Self::BindLogin(_)
                | Self::UnbindLogin(_)
                | Self::RegisterPerson(_)
                | Self::LookUpPerson(_)
                | Self::DecideErasure(_)
        )
    }

    /// What somebody asked for, without what the program found out about it: sent again it is the same, whatever
    /// the program would find by now. `None` where all of it was asked for.
    pub fn as_asked(&self) -> Option<Self> {
        match self {
            Self::AdoptScheme(adopted) => Some(Self::AdoptScheme(deeds::schemes::AdoptScheme {
                errors: Vec::new(),
                warnings: Vec::new(),
                ..adopted.clone()
            })),
            Self::PutDownResults(results) => Some(Self::PutDownResults(deeds::rounds::PutDownResults {
                scheme: results.scheme.clone(),
                round: results.round.clone(),
                version: 0,
                at: 0,
                scores: results.scores.algorithm.nothing(),
                totals: Vec::new(),
                awards: Vec::new(),
                by_rule: Vec::new(),
                replaces: results.replaces,
            })),
            Self::ProposeAwards(proposed) => Some(Self::ProposeAwards(deeds::awards::ProposeAwards {
                version: 0,
                at: 0,
                awards: Vec::new(),
                passed_over: Vec::new(),
                ..proposed.clone()
            })),
            _ => None,
        }
    }

    /// What people call it.
    pub fn word(&self) -> Text {
        self.deed().word()
    }

    /// Who may do it.
    pub fn right(&self) -> Right {
        self.deed().right()
    }

    /// The offices it concerns.
    pub fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        self.deed().concerns(state)
    }

    /// Everything that speaks against doing it now; nothing where it can be done.
    pub fn check(&self, state: &State, asked: &Asked<'_>) -> Report {
        let mut findings = Report::new();
        if let Self::Found(found) = self {
            found.check(state, asked, &mut findings);
            return findings;
        }
        if state.origin.is_empty() {
            findings.push(refusal::not_now(
                Text::new("台账还没有成立", "the record has not been founded"),
                Text::new(
                    "还没有单位和管理员，谁也没有职责",
                    "there are no offices and no administrators yet, so nobody has a role",
                ),
                Text::new(
                    "由安装的人先运行 kaoping found，再启动服务器",
                    "whoever installs it runs `kaoping found` first, then starts the server",
                ),
            ));
            return findings;
        }
        let role = match acts_as(state, asked.by, asked.today) {
            Ok(role) => role,
            Err(finding) => {
                findings.push(*finding);
                return findings;
            }
        };
        let right = self.right();
        let (there, missing) = self.concerned(state);
        findings.extend(entitled(state, right, asked.by, role, &there, asked.today));
        if !findings.has_errors()
            && (missing.is_empty() || !there.is_empty())
            && let Some(judged) = self.deed().judges(state)
        {
            findings.extend(recused(state, &judged, asked.by, right, asked.today));
        }
        if !findings.has_errors() && (missing.is_empty() || !there.is_empty()) {
            self.deed().check(state, asked, &mut findings);
        }
        if right.roles.contains(&role) {
            let mut unknown = Report::new();
            missing.into_iter().for_each(|office| deeds::there::office(state, office, asked.today, &mut unknown));
            unknown.findings().iter().for_each(|found| findings.push_once(found));
        }
        findings
    }

    /// The offices it concerns that there are, and those there are not: nobody has or lacks a right to these, and
    /// where there are no others nothing more is said.
    pub(crate) fn concerned<'a>(&'a self, state: &'a State) -> (Vec<&'a OfficeId>, Vec<&'a OfficeId>) {
        self.concerns(state).into_iter().partition(|office| state.offices.contains_key(*office))
    }

    /// Its effect.
    pub fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        self.deed().apply(state, told, touched);
    }
}

impl State {
    /// Everything that speaks against a deed now; nothing where it can be done.
    pub fn may(&self, act: &Act, by: &By, received_ms: i64, why: &str, evidence: &[Digest]) -> Report {
        let Some(today) = day_of(received_ms) else {
            let mut findings = Report::new();
            findings.push(refusal::unfit(
                Text::new("收到时间不在历法之内", "the time of receipt is outside the calendar"),
                Text::new("服务器的钟不对", "the clock of the server is wrong"),
                Text::new("校正服务器的时间", "set the clock of the server"),
            ));
            return findings;
        };
        act.check(self, &Asked { by, received_ms, today, why, evidence })
    }

    /// What follows from the next entry of the record.
    pub fn apply(&mut self, entry: &crate::Entry, touched: &mut Touched) {
        let today = day_of(entry.received_ms).unwrap_or(self.today);
        let told = Told {
            number: entry.number,
            by: &entry.by,
            received_ms: entry.received_ms,
            today,
            why: &entry.why,
            evidence: &entry.evidence,
        };
        entry.act.apply(self, &told, touched);
        self.size = entry.number + 1;
        self.today = today;
        self.received_ms = entry.received_ms;
    }
}

/// A relation that does not matter, for deeds that concern no office.
pub(crate) const ANY: Relation = Relation::Any;
