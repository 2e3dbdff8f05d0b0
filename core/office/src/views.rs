//! Who may see what: one place for every way out.
//!
//! What an account may see follows from the roles it has today, its own and those it stands in for.
//! Roles of an office see what concerns that office and those below it. Whoever audits sees everything
//! that is recorded. Administrators see accounts, and nothing of an office's work. Offices, definitions
//! of figures and the calendar are for everybody who has a role.

use crate::{
    act::Act,
    deeds::persons::KEEPERS,
    ids::{AccountId, OfficeId, PersonId, SchemeId},
    refusal::is_about_a_value,
    rights::{Role, entitled},
    state::{Decision, Grant, State},
    tables::Key,
};
use alloc::{collections::BTreeSet, string::String, vec::Vec};
use kaoping_ledger::{By, Digest};
use kaoping_terms::{Day, Diagnostic, Level};

/// Somebody who looks, on a day.
#[derive(Clone, Debug)]
pub struct Viewer<'a> {
    state: &'a State,
    today: Day,
    account: AccountId,
    grants: Vec<(Option<AccountId>, Grant)>,
    offices: BTreeSet<OfficeId>,
}

impl State {
    /// What an account may see that day; `None` where it is closed, unknown, or has no role.
    pub fn viewer(&self, account: &str, today: Day) -> Option<Viewer<'_>> {
        let (id, own) = self.accounts.get_key_value(account).filter(|(_, account)| account.closed.is_none())?;
        let stands = |grant: &&Grant| grant.from <= today && grant.to.is_none_or(|to| today <= to);
        let mut grants: Vec<(Option<AccountId>, Grant)> =
            own.grants.iter().filter(stands).map(|grant| (None, grant.clone())).collect();
        let holders = self.stands_in.get(account).into_iter().flatten();
        let holders = holders.filter_map(|holder| self.accounts.get_key_value(holder));
        for (holder, held) in holders.filter(|(_, held)| held.closed.is_none()) {
            let mine = held.deputies.iter().filter(|deputy| deputy.deputy == *id);
            let valid = mine.map(|deputy| &deputy.grant).filter(stands);
            // Nobody can stand in for what the other has no more.
            let valid = valid.filter(|grant| self.holds(holder.as_str(), grant.office.as_str(), grant.role, today));
            grants.extend(valid.map(|grant| (Some(holder.clone()), grant.clone())));
        }
        if grants.is_empty() {
            return None;
        }
        let work = grants.iter().filter(|(_, grant)| !grant.role.is_administrator());
        let mut offices: BTreeSet<OfficeId> = work.map(|(_, grant)| grant.office.clone()).collect();
        if !self.follows.is_empty() {
            let before = offices.iter().flat_map(|office| self.followed_by(office, today));
            offices.extend(before.cloned().collect::<Vec<_>>());
        }
        Some(Viewer { state: self, today, account: id.clone(), grants, offices })
    }

    /// Whether results may be seen by those they are about: they were sealed, and the time to object runs or
    /// ran. Opened again they are what was seen already, until others are put down.
    fn is_shown(&self, scheme: &SchemeId, round: &str) -> bool {
        let results = self.results.get(&(scheme.clone(), String::from(round)));
        results.is_some_and(|results| results.sealed_by.is_some() || results.reopened)
    }
}

impl Viewer<'_> {
    /// What is looked at.
    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// The account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The day.
    pub fn today(&self) -> Day {
        self.today
    }

    /// What it may be today: for whom it stands in, where it does, and the role.
    pub fn grants(&self) -> &[(Option<AccountId>, Grant)] {
        &self.grants
    }

    /// In what it may do a deed such as this one: the first of its roles that is entitled to it. Whether it can be
    /// done now is for the deed's own check.
    pub fn by_which(&self, act: &crate::Act) -> Option<By> {
        let by = |(holder, grant): &(Option<AccountId>, Grant)| By {
            account: self.account.as_str().into(),
            office: grant.office.as_str().into(),
            role: grant.role.name().into(),
            deputy_for: holder.as_ref().map(|holder| holder.as_str().into()),
        };
        let (right, (concerned, _)) = (act.right(), act.concerned(self.state));
        let may = |(_, grant): &&(Option<AccountId>, Grant)| {
            let by = By {
                account: String::new(),
                office: grant.office.as_str().into(),
                role: String::new(),
                deputy_for: None,
            };
            entitled(self.state, right, &by, grant.role, &concerned, self.today).is_empty()
        };
        self.grants.iter().find(may).map(by)
    }

    fn is_one_of(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|(_, grant)| roles.contains(&grant.role))
    }

    /// Whether it sees the record itself, and with it everything.
    pub fn reads_the_record(&self) -> bool {
        self.is_one_of(&[Role::Auditor, Role::AuditAdmin])
    }

    /// Whether it sees who has which roles.
    pub fn reads_accounts(&self) -> bool {
        self.is_one_of(&[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin, Role::Auditor])
    }

    /// Whether it has one of those roles in that very office, or in one that goes on in its place.
    pub fn is_in(&self, office: &OfficeId, roles: &[Role]) -> bool {
        let stands = |grant: &Grant| self.state.stands_for(grant.office.as_str(), office, self.today);
        self.grants.iter().any(|(_, grant)| roles.contains(&grant.role) && stands(grant))
    }

    /// The offices it works in, and those in whose place these go on.
    pub fn offices(&self) -> impl Iterator<Item = &OfficeId> {
        self.offices.iter()
    }

    /// Whether it works in that office.
    pub fn works_in(&self, office: &OfficeId) -> bool {
        self.offices.contains(office)
    }

    /// Whether it sees what concerns that office: its own, or one below. Those above an office that was
    /// closed are those above it on its last day.
    pub fn sees(&self, office: &OfficeId) -> bool {
        let day = self.state.offices.get(office).map_or(self.today, |office| office.placed_on(self.today));
        self.reads_the_record()
            || self.works_in(office)
            || self.state.above(office.as_str(), day).any(|above| self.works_in(above))
    }

    /// Whether it sees what an office tells all those below it.
    pub fn hears(&self, office: &OfficeId) -> bool {
        self.sees(office)
            || self.offices.iter().any(|own| self.state.is_over(office.as_str(), own.as_str(), self.today))
    }

    fn hears_of(&self, scheme: &SchemeId) -> bool {
        self.state.schemes.get(scheme).is_some_and(|scheme| self.hears(&scheme.office))
    }

    /// Whether it sees what a scheme makes of all its offices: it sees the office whose scheme it is.
    pub fn leads(&self, scheme: &SchemeId) -> bool {
        self.state.schemes.get(scheme).is_some_and(|scheme| self.sees(&scheme.office))
    }

    /// Whether it draws samples from a collection: it sees the office that asks.
    pub(crate) fn draws(&self, collection: &crate::ids::CollectionId) -> bool {
        self.state.collections.get(collection).is_some_and(|asked| self.sees(&asked.office))
    }

    /// Whether it sees a thing and its row.
    pub fn may_see(&self, key: &Key) -> bool {
        let state = self.state;
        match key {
            Key::Office(_) | Key::Card(_) => true,
            Key::Account(id) => *id == self.account || self.reads_accounts(),
            Key::Scheme(id) => self.hears_of(id),
            Key::Target((_, office, ..)) | Key::Letter((_, office)) | Key::Exemption((_, office, _)) => {
                self.sees(office)
            }
            // One that was taken back has no row, and entries.
            Key::Collection(id) => {
                state.collections.get(id).or_else(|| state.cancelled.get(id)).is_some_and(|collection| {
                    self.sees(&collection.office) || collection.offices.iter().any(|office| self.sees(office))
                })
            }
            Key::Report((_, office)) | Key::Cell((office, ..)) => self.sees(office),
            Key::Proposal(id) => state.proposals.get(id).is_some_and(|proposal| {
                let concerned = || concerned(&proposal.decision).is_some_and(|office| self.sees(office));
                self.sees(&proposal.office) || proposal.decided.is_some() && concerned()
            }),
            Key::Event(key) => {
                let by_rule = || state.late_report(key).is_some_and(|late| self.sees(&late.office));
                state.events.get(key).map_or_else(by_rule, |event| self.sees(&event.office))
            }
            Key::Assessed((scheme, round, office, ..)) => {
                self.leads(scheme) || state.is_shown(scheme, round) && self.sees(office)
            }
            Key::Results((scheme, round)) | Key::Total((scheme, round, _)) => {
                self.leads(scheme) || state.is_shown(scheme, round) && self.hears_of(scheme)
            }
            // They are shown to the public from the day they are proposed.
            Key::Award((scheme, ..)) => self.hears_of(scheme),
            // What is drawn is a surprise until somebody was there.
            Key::Drawn((sample, office, figure)) => state.samples.get(sample).is_some_and(|sample| {
                let drawn = sample.drawn.get(&(office.clone(), figure.clone()));
                self.draws(&sample.collection) || drawn.is_some_and(|drawn| drawn.last().is_some()) && self.sees(office)
            }),
            Key::LookUp((id, _)) => self.reads_the_record() || self.keeps(id),
            // Those above are asked to decide on an erasure, and see nothing but that.
            Key::Person(id) => state.persons.get(id).is_some_and(|person| {
                let asked = || person.asked.is_some() && self.sees(&person.office);
                self.reads_the_record() || self.keeps(id) || asked()
            }),
            Key::Inquiry(id) => state.inquiries.get(id).is_some_and(|inquiry| self.sees(&inquiry.office)),
            Key::Objection(id) => state.objections.get(id).is_some_and(|objection| self.sees(&objection.office)),
        }
    }

    /// Whether it works with the data of a person, which only the office that keeps them does: others see at most that
    /// there is somebody, and who was looked up.
    pub fn keeps(&self, person: &PersonId) -> bool {
        self.state.persons.get(person).is_some_and(|person| self.is_in(&person.office, KEEPERS))
    }

    /// In which office and role it may do a deed now, given a reason, papers and values that do; otherwise everything that speaks
    /// against it, as somebody in a fitting role is told; nothing where it has no such role.
    ///
    /// # Errors
    /// It may not.
    pub fn able(&self, act: &Act, why: &str, evidence: &[Digest]) -> Result<By, Vec<Diagnostic>> {
        let morning_ms = i64::from(self.today.number()) * 86_400_000;
        let mut against = Vec::new();
        for (holder, grant) in self.grants.iter().filter(|(_, grant)| act.right().roles.contains(&grant.role)) {
            let by = By {
                account: self.account.as_str().into(),
                office: grant.office.as_str().into(),
                role: grant.role.name().into(),
                deputy_for: holder.as_ref().map(|holder| holder.as_str().into()),
            };
            let report = self.state.may(act, &by, morning_ms, why, evidence);
            // What a form still asks for speaks against nobody.
            let counts = |finding: &Diagnostic| finding.level == Level::Error && !is_about_a_value(finding);
            if !report.findings().iter().any(counts) {
                return Ok(by);
            }
            let strange = report.findings().iter().any(|finding| finding.name == "not-entitled");
            if against.is_empty() && !strange {
                against = report.into_sorted();
            }
        }
        Err(against)
    }

    /// Whether it sees the figures of a report: those above an office see them once it has signed.
    pub fn may_read(&self, key: &(crate::ids::CollectionId, OfficeId)) -> bool {
        let signed = self.state.reports.get(key).is_some_and(|report| report.first_signed.is_some());
        self.reads_the_record() || self.works_in(&key.1) || signed && self.sees(&key.1)
    }

    /// Whether it sees a content: something it sees names it.
    pub fn may_open(&self, content: Digest) -> bool {
        let state = self.state;
        let in_schemes = || {
            let named = state.schemes.iter().filter(|(_, scheme)| {
                let files = scheme.versions.iter().flat_map(|version| &version.files);
                files.into_iter().any(|file| file.content == content)
            });
            named.into_iter().any(|(id, _)| self.hears_of(id))
        };
        let in_reports = || state.reports_with(content).any(|key| self.may_read(key));
        let in_cells = || state.cells_with(content).any(|(office, ..)| self.sees(office));
        let in_events = || {
            let named = state.events.values().filter(|event| event.evidence.contains(&content));
            named.into_iter().any(|event| self.sees(&event.office))
        };
        let in_proposals = || {
            let named = state.proposals.iter().filter(|(_, proposal)| proposal.evidence.contains(&content));
            named.into_iter().any(|(id, _)| self.may_see(&Key::Proposal(id.clone())))
        };
        let in_results = || {
            let named = state.results.iter().filter(|(_, results)| results.scores == content);
            named.into_iter().any(|((scheme, _), _)| self.leads(scheme))
        };
        self.reads_the_record()
            || in_schemes()
            || in_reports()
            || in_cells()
            || in_events()
            || in_proposals()
            || in_results()
    }
}

/// The office a decision changes something for; none where it is about results.
pub(crate) fn concerned(decision: &Decision) -> Option<&OfficeId> {
    match decision {
        Decision::CorrectFigure { office, .. }
        | Decision::AdjustTarget { office, .. }
        | Decision::Exempt { office, .. }
        | Decision::EndExemption { office, .. } => Some(office),
        Decision::ReviseResults { .. } => None,
    }
}
