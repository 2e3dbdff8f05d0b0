//! What an account has to do, to whom, and by when: one place for the list of programs and the desk of people.

use crate::{
    ids::{IndicatorId, OfficeId, SchemeId},
    rights::Role,
    state::{Stage, State},
    views::{Viewer, concerned},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_terms::{Day, Text};

/// Within so many working days a deadline is near.
const NEAR_DAYS: i32 = 3;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The deed.
    pub kind: DutyKind,
    /// What it is done to, by its id.
    pub thing: String,
    /// What that is called.
    pub title: String,
    /// Of which round; empty where it is of none.
    pub round: String,
    /// The office it is about.
    pub office: OfficeId,
    /// The office that waits for it.
    pub to: OfficeId,
    /// The role that does it.
    pub role: Role,
    /// The deadline.
    pub due: Option<Day>,
    /// The last day that is not late.
    pub last: Option<Day>,
    /// Working days left to the deadline, negative after it.
    pub left: Option<i32>,
    /// How it stands.
    pub lamp: Lamp,
}

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident $deed:literal $zh:literal $en:literal,)*) => {
        /// What is to be done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum DutyKind {
            $($(#[$about])* $kind,)*
        }

        impl DutyKind {
            /// The deed, by its name in the record.
            pub fn deed(self) -> &'static str {
                match self {
                    $(Self::$kind => $deed,)*
                }
            }

            /// What people call it.
            pub fn word(self) -> Text {
                match self {
                    $(Self::$kind => Text::new($zh, $en),)*
                }
            }
        }
    };
}

kinds! {
    /// Figures are to be filled in.
    Report "submit-report" "填报" "report",
    /// They are to be looked through.
    Review "review-report" "审核" "review",
    /// They are to be signed.
    Sign "sign-report" "签发" "sign",
    /// A liability letter is to be accepted.
    Accept "accept-letter" "签收责任书" "accept the letter",
    /// A proposal waits.
    Decide "decide" "批复申请" "decide",
    /// An objection waits.
    Answer "answer" "答复异议" "answer",
    /// A question about a figure waits.
    Explain "answer-about-figure" "答复质询" "answer about a figure",
    /// Results are to be sealed.
    Seal "seal" "审定封存" "seal",
    /// Sealed results are shown before they hold: to object is open to whom they are about.
    Look "object" "看公示，有异议就提" "look at the results, object if need be",
    /// An objection to them was upheld: they are to be opened again.
    Reopen "propose" "异议成立，申请重开结果" "an objection was upheld: propose to open the results again",
    /// They are to be published.
    Publish "publish" "公布结果" "publish",
}

/// How something with a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lamp {
    /// Past its last day.
    Late,
    /// The deadline is near, or past with days of grace left.
    Near,
    /// There is time, and nothing was handed in yet.
    Unreported,
    /// There is time, and it is under way; or it was done in time.
    InTime,
    /// It has no deadline.
    Open,
}

impl Lamp {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Late, Self::Near, Self::Unreported, Self::InTime, Self::Open];

    /// Its name in lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Near => "near",
            Self::Unreported => "unreported",
            Self::InTime => "in-time",
            Self::Open => "open",
        }
    }

    /// Its word.
    pub fn word(self) -> Text {
        match self {
            Self::Late => Text::new("逾期", "late"),
            Self::Near => Text::new("临近", "due soon"),
            Self::Unreported => Text::new("未报", "not reported"),
            Self::InTime => Text::new("正常", "in time"),
            Self::Open => Text::new("无期限", "no deadline"),
        }
    }

    /// The lamp of a report: where there is time, it tells whether any was handed in.
    #[must_use]
    pub fn of_report(self, is_handed_in: bool) -> Self {
        match self {
            Self::InTime if !is_handed_in => Self::Unreported,
            _ => self,
        }
    }
}

/// What a duty is about.
struct About<'a> {
    thing: &'a str,
    title: &'a str,
    office: &'a OfficeId,
    to: &'a OfficeId,
    role: Role,
    due: Option<Day>,
    last: Option<Day>,
}

impl State {
    /// How something due that day stands; `last` is the last day that is not late.
    pub fn lamp(&self, today: Day, due: Option<Day>, last: Option<Day>) -> Lamp {
        let Some(due) = due else { return Lamp::Open };
        match self.calendar.left(today, due) {
            _ if today > last.unwrap_or(due) => Lamp::Late,
            left if left <= NEAR_DAYS => Lamp::Near,
            _ => Lamp::InTime,
        }
    }

    /// What an account has to do, the most urgent first.
    pub fn duties(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = self.reports_due(viewer);
        duties.extend(self.letters_due(viewer));
        duties.extend(self.decisions_due(viewer));
        duties.extend(self.answers_due(viewer));
        duties.extend(self.inquiries_due(viewer));
        duties.extend(self.results_due(viewer));
        duties.extend(self.results_shown(viewer));
        duties.sort_by_key(|duty| (duty.due.is_none(), duty.due));
        duties
    }

    fn duty(&self, today: Day, kind: DutyKind, about: &About<'_>) -> Duty {
        let About { thing, title, office, to, role, due, last } = *about;
        Duty {
            kind,
            thing: thing.into(),
            title: title.into(),
            round: String::new(),
            office: office.clone(),
            to: to.clone(),
            role,
            due,
            last,
            left: due.map(|due| self.calendar.left(today, due)),
            lamp: self.lamp(today, due, last),
        }
    }

    fn reports_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = Vec::new();
        for office in viewer.offices() {
            for owed in self.owed_by(office, viewer.today()) {
                let (kind, role) = match owed.stage {
                    None | Some(Stage::Returned | Stage::Signed) => (DutyKind::Report, Role::Clerk),
                    Some(Stage::Submitted) => (DutyKind::Review, Role::Reviewer),
                    Some(Stage::Reviewed) => (DutyKind::Sign, Role::Signer),
                };
                let Some(collection) = self.collections.get(owed.collection) else { continue };
                if viewer.is_in(office, &[role]) {
                    let (thing, title) = (owed.collection.as_str(), collection.title.as_str());
                    let (due, last) = (Some(collection.due), Some(collection.last));
                    let about = About { thing, title, office, to: &collection.office, role, due, last };
                    let duty = self.duty(viewer.today(), kind, &about);
                    duties.push(Duty { lamp: duty.lamp.of_report(owed.stage.is_some()), ..duty });
                }
            }
        }
        duties
    }

    fn letters_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut asked: Vec<_> = self.targets.keys().map(|(scheme, office, ..)| (scheme, office)).collect();
        asked.dedup();
        let mut duties = Vec::new();
        for (scheme, office) in asked.into_iter().filter(|(_, office)| viewer.is_in(office, &[Role::Signer])) {
            let letter = self.letters.get(&(scheme.clone(), office.clone()));
            let accepted = letter.and_then(|letter| letter.lower.as_ref());
            if accepted.is_none_or(|(_, accepted)| self.given_since(scheme, office, *accepted) > 0) {
                let from = (scheme.clone(), office.clone(), IndicatorId::least(), String::new());
                let to = self.targets.range(from..).next().map_or(office, |(_, target)| &target.from);
                let (thing, title, role) = (scheme.as_str(), &*self.title(scheme), Role::Signer);
                let about = About { thing, title, office, to, role, due: None, last: None };
                duties.push(self.duty(viewer.today(), DutyKind::Accept, &about));
            }
        }
        duties
    }

    fn decisions_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = Vec::new();
        for (id, proposal) in self.proposals.iter().filter(|(_, proposal)| proposal.decided.is_none()) {
            let acting = self.over(viewer, &proposal.office, &[Role::AssessmentOffice, Role::LeadingGroup]);
            // What changes something for an office is decided above it.
            let fits = |(acting, _): &(&OfficeId, Role)| concerned(&proposal.decision) != Some(*acting);
            let acting = acting.filter(|_| proposal.by != *viewer.account()).filter(fits);
            let Some((_, role)) = acting else { continue };
            let (thing, title, office) = (id.as_str(), proposal.why.as_str(), &proposal.office);
            let about = About { thing, title, office, to: office, role, due: None, last: None };
            duties.push(self.duty(viewer.today(), DutyKind::Decide, &about));
        }
        duties
    }

    fn answers_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = Vec::new();
        for (id, objection) in self.objections.iter().filter(|(_, objection)| objection.answered.is_none()) {
            let above = self.over(viewer, &objection.office, &[Role::AssessmentOffice]);
            let Some((_, role)) = above.filter(|(acting, _)| **acting != objection.office) else { continue };
            let (thing, title, office) = (id.as_str(), objection.text.as_str(), &objection.office);
            let about =
                About { thing, title, office, to: office, role, due: objection.answer_by, last: objection.answer_by };
            duties.push(self.duty(viewer.today(), DutyKind::Answer, &about));
        }
        duties
    }

    fn inquiries_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = Vec::new();
        for inquiry in self.inquiries.values().filter(|inquiry| inquiry.answered.is_none()) {
            let (office, role) = (&inquiry.office, Role::Signer);
            if viewer.is_in(office, &[role]) {
                let (thing, title, due) = (inquiry.scheme.as_str(), inquiry.text.as_str(), inquiry.answer_by);
                let to = self.issuer(&inquiry.scheme, office);
                let about = About { thing, title, office, to, role, due, last: due };
                duties.push(self.duty(viewer.today(), DutyKind::Explain, &about));
            }
        }
        duties
    }

    fn results_due(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let mut duties = Vec::new();
        for ((scheme, round), results) in &self.results {
            let Some(office) = self.schemes.get(scheme).map(|scheme| &scheme.office) else { continue };
            let sealed = results.sealed_by.is_some();
            let ended = results.objections_until.is_none_or(|until| until < viewer.today());
            let (kind, role) = match (sealed, results.published) {
                (false, _) if !results.reopened && results.by != *viewer.account() => {
                    (DutyKind::Seal, Role::LeadingGroup)
                }
                (true, _) if self.is_to_be_opened(&(scheme.clone(), round.clone())) => {
                    (DutyKind::Reopen, Role::AssessmentOffice)
                }
                (true, None) if ended => (DutyKind::Publish, Role::AssessmentOffice),
                _ => continue,
            };
            if viewer.is_in(office, &[role]) {
                let (thing, title) = (scheme.as_str(), &*self.title(scheme));
                let about = About { thing, title, office, to: office, role, due: None, last: None };
                duties.push(Duty { round: round.clone(), ..self.duty(viewer.today(), kind, &about) });
            }
        }
        duties
    }

    /// Whether an objection to results was upheld, and nobody proposed to open them again since.
    fn is_to_be_opened(&self, key: &(SchemeId, String)) -> bool {
        let answered = self.upheld_since(key).into_iter().filter_map(|id| self.objections.get(id)?.answered_in).max();
        let mut proposals = self.proposals.values();
        answered.is_some_and(|answered| !proposals.any(|found| found.number > answered && found.decision.reopens(key)))
    }

    /// Results an office may still object to, and has not.
    fn results_shown(&self, viewer: &Viewer<'_>) -> Vec<Duty> {
        let role = Role::Signer;
        let open = self.results.iter().filter_map(|(key, results)| {
            let sealed = results.sealed_by.is_some() && results.published.is_none();
            Some((key, results.objections_until.filter(|until| sealed && *until >= viewer.today())?))
        });
        let mut duties = Vec::new();
        for ((scheme, round), until) in open {
            let assessed = viewer.offices().filter(|office| viewer.is_in(office, &[role]));
            let results = Some((scheme.clone(), round.clone()));
            let silent = |office: &&OfficeId| {
                let mut objections = self.objections.values();
                !objections.any(|objection| objection.office == **office && objection.results == results)
            };
            for office in
                assessed.filter(|office| self.is_assessed(scheme, office.as_str(), viewer.today())).filter(silent)
            {
                let (thing, title) = (scheme.as_str(), &*self.title(scheme));
                let to = self.issuer(scheme, office);
                let about = About { thing, title, office, to, role, due: Some(until), last: None };
                duties.push(Duty { round: round.clone(), ..self.duty(viewer.today(), DutyKind::Look, &about) });
            }
        }
        duties
    }

    /// Whose a scheme is.
    fn issuer<'a>(&'a self, scheme: &SchemeId, office: &'a OfficeId) -> &'a OfficeId {
        self.schemes.get(scheme).map_or(office, |scheme| &scheme.office)
    }

    /// What a scheme is called, with the year it assesses where the title does not name it: the same standard is issued
    /// year after year. Its id where it has no title.
    pub fn title(&self, scheme: &SchemeId) -> String {
        let Some(outline) = self.schemes.get(scheme).and_then(|scheme| scheme.outline()) else {
            return scheme.to_string();
        };
        let title = if outline.title.is_empty() { scheme.as_str() } else { &outline.title };
        let Some((from, to)) = outline.period else { return title.into() };
        let (from, to) = (from.civil().0, to.civil().0);
        match () {
            () if title.contains(&format!("{from}")) => title.into(),
            () if from == to => format!("{title} {from}"),
            () => format!("{title} {from}–{to}"),
        }
    }

    /// The office in which somebody has one of those roles: that one, or the nearest above it.
    fn over<'a>(&'a self, viewer: &Viewer<'_>, office: &'a OfficeId, roles: &[Role]) -> Option<(&'a OfficeId, Role)> {
        let day = self.offices.get(office).map_or(viewer.today(), |office| office.placed_on(viewer.today()));
        let mut offices = core::iter::once(office).chain(self.above(office.as_str(), day));
        offices.find_map(|office| {
            let role = roles.iter().find(|role| viewer.is_in(office, &[**role]))?;
            Some((office, *role))
        })
    }
}
