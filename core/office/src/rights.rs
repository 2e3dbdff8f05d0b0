//! Who may do what: one place for every way in.
//!
//! A right is a role and how the acting office stands to the one the deed concerns. What the state
//! of a thing forbids (a sealed round, a report that was not returned) is the deed's own check; that
//! nobody approves his own work is told apart by [`second_person`].

use crate::{
    deed::Judged,
    ids::{AccountId, OfficeId},
    refusal,
    state::State,
};
use alloc::{boxed::Box, format, vec::Vec};
use kaoping_ledger::By;
use kaoping_terms::{Day, Diagnostic, Text};
use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$about:meta])* $role:ident $name:literal $zh:literal $en:literal,)*) => {
        /// What an account may be in an office.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $($(#[$about])* #[serde(rename = $name)] $role,)*
        }

        impl Role {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$role),*];

            /// Its name in files and in the record.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }

            /// Its word for people.
            pub fn word(self) -> Text {
                match self {
                    $(Self::$role => Text::new($zh, $en),)*
                }
            }
        }
    };
}

roles! {
    /// Fills in figures.
    Clerk "clerk" "填报人" "clerk",
    /// Looks through what a clerk filled in.
    Reviewer "reviewer" "审核人" "reviewer",
    /// Signs for the office.
    Signer "signer" "签发人" "signer",
    /// Scores and rolls up for the items its office leads.
    Lead "lead" "牵头单位" "lead unit",
    /// Runs the assessment.
    AssessmentOffice "assessment-office" "考评办" "assessment office",
    /// Approves results and awards.
    LeadingGroup "leading-group" "领导小组" "leading group",
    /// Looks at figures on the spot.
    Inspector "inspector" "督查" "inspector",
    /// Reads everything, changes nothing.
    Auditor "auditor" "审计" "auditor",
    /// Keeps the machine running: calendar, backups, accounts.
    SystemAdmin "system-admin" "系统管理员" "system administrator",
    /// Gives and takes roles.
    SecurityAdmin "security-admin" "安全管理员" "security administrator",
    /// Reads the logs.
    AuditAdmin "audit-admin" "审计管理员" "audit administrator",
}

impl Role {
    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// One of the three administrators, who share nothing with one another or with any office's work.
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }
}

/// How the acting office stands to the one a deed concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is that office.
    Own,
    /// It is that office, or one above it.
    OwnOrAbove,
    /// It is above it.
    Above,
    /// It does not matter.
    Any,
}

/// What a deed asks of whoever does it.
#[derive(Clone, Copy, Debug)]
pub struct Right {
    /// One of these roles.
    pub roles: &'static [Role],
    /// In an office that stands so to the one concerned.
    pub relation: Relation,
}

/// Whether that account may act so today: it holds the role itself, or stands in for one who does.
pub fn acts_as(state: &State, by: &By, today: Day) -> Result<Role, Box<Diagnostic>> {
    let role = Role::named(&by.role).ok_or_else(|| Box::new(refusal::unknown(&ROLE, &by.role)))?;
    let open = |account: &str| state.accounts.get(account).filter(|account| account.closed.is_none());
    let holds = |account: &str| open(account).is_some_and(|account| account.holds(&by.office, role, today));
    let stands_in_for =
        |holder: &str| open(&by.account).is_some() && state.is_deputy(holder, &by.account, &by.office, role, today);
    let holder = by.deputy_for.as_deref().unwrap_or(&by.account);
    let holds = holds(holder);
    let stands_in = by.deputy_for.as_deref().is_none_or(stands_in_for);
    if holds && stands_in {
        return Ok(role);
    }
    let (zh, en) = (role.word().zh, role.word().en);
    let is_not = match &by.deputy_for {
        Some(holder) if holds => Text::new(
            alloc::format!("账号 {} 今天不是 {holder} 的 B 岗（“{}”的{zh}）", by.account, by.office),
            alloc::format!("account {} does not stand in for {holder} today as {en} of `{}`", by.account, by.office),
        ),
        _ => Text::new(
            alloc::format!("账号 {holder} 现在不是“{}”的{zh}", by.office),
            alloc::format!("account {holder} is no {en} of `{}` now", by.office),
        ),
    };
    let finding = Diagnostic::error("not-entitled", is_not)
        .why(Text::new(
            "职责按起止日期授予，收回立即生效",
            "roles are given from day to day, and taking one away acts at once",
        ))
        .next(Text::new(
            "请安全管理员授予职责，或换用有此职责的账号",
            "ask the security administrator for the role, or use an account that has it",
        ));
    Err(Box::new(finding))
}

const ROLE: Word = Word { zh: "职责", en: "role" };

/// A word in both languages that is known beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Whether an office with that role may do something that concerns those offices.
pub fn entitled(
    state: &State,
    right: Right,
    by: &By,
    role: Role,
    concerned: &[&OfficeId],
    today: Day,
) -> Vec<Diagnostic> {
    if !right.roles.contains(&role) {
        let words: Vec<Text> = right.roles.iter().map(|role| role.word()).collect();
        let zh: Vec<&str> = words.iter().map(|word| word.zh.as_str()).collect();
        let en: Vec<&str> = words.iter().map(|word| word.en.as_str()).collect();
        return Vec::from([Diagnostic::error(
            "not-entitled",
            Text::new(
                alloc::format!("{}不能办这件事", role.word().zh),
                alloc::format!("the role {} may not do this", role.word().en),
            ),
        )
        .why(Text::new(
            alloc::format!("这件事由{}办", zh.join("、")),
            alloc::format!("it is done by: {}", en.join(", ")),
        ))
        .next(whose_turn(right.relation, &zh, &en))]);
    }
    let acting = by.office.as_str();
    // One that begins later stands where it will begin, one that was closed where it ended.
    let is_over = |office: &OfficeId| state.is_over(acting, office.as_str(), today);
    let is_own = |office: &OfficeId| state.stands_for(acting, office, today);
    let stands = |office: &OfficeId| match right.relation {
        Relation::Any => true,
        Relation::Own => is_own(office),
        Relation::OwnOrAbove => is_own(office) || is_over(office),
        Relation::Above => is_over(office),
    };
    let strangers = concerned.iter().filter(|office| !stands(office));
    strangers.map(|office| not_of_office(acting, office.as_str(), right.relation)).collect()
}

/// Whom to leave something to: the roles, and of which office.
fn whose_turn(relation: Relation, zh: &[&str], en: &[&str]) -> Text {
    let (where_zh, where_en) = match relation {
        Relation::Own => ("本单位的", " of the office it is about"),
        Relation::OwnOrAbove => ("本单位或上级的", " of the office it is about, or of one above it"),
        Relation::Above => ("上级的", " of an office above"),
        Relation::Any => ("", ""),
    };
    Text::new(
        alloc::format!("请{where_zh}{}办；自己也有这个职责的，换到它再办", zh.join("、")),
        alloc::format!("leave it to: {}{where_en}; whoever has that role as well acts in it", en.join(", ")),
    )
}

fn not_of_office(acting: &str, concerned: &str, relation: Relation) -> Diagnostic {
    let (zh, en) = match relation {
        Relation::Own => ("只能办本单位的事", "an office does this for itself only"),
        Relation::OwnOrAbove => ("只能办本单位和下级的事", "an office does this for itself and for those below it"),
        Relation::Above => ("由上级办", "this is done by an office above"),
        Relation::Any => ("", ""),
    };
    Diagnostic::error(
        "not-entitled",
        Text::new(
            alloc::format!("“{acting}”不能替“{concerned}”办这件事"),
            alloc::format!("`{acting}` may not do this for `{concerned}`"),
        ),
    )
    .why(Text::new(zh, en))
    .next(match relation {
        Relation::Above => Text::new(
            alloc::format!("请“{concerned}”的上级单位办"),
            alloc::format!("ask an office above `{concerned}` to do it"),
        ),
        _ => Text::new(
            alloc::format!("请“{concerned}”的人办；自己在那里也有职责的，换到那个单位再办"),
            alloc::format!("ask somebody of `{concerned}`; whoever has a role there as well acts in that office"),
        ),
    })
}

/// Recusal: whoever belongs to an office that is judged, or is compared with it, does not judge; nor does an office
/// that is itself assessed. What somebody is as another's deputy counts, and so does what that other is.
pub fn recused(state: &State, judged: &Judged<'_>, by: &By, right: Right, today: Day) -> Option<Diagnostic> {
    let assessed = |office: &str| judged.scheme.is_some_and(|scheme| state.is_assessed(scheme, office, today));
    // One that was closed is compared with those it was among.
    let placed = |office: &str| state.offices.get(office).map_or(today, |found| found.placed_on(today));
    let group = |office: &str| Some(state.offices.get(office)?.known_on(placed(office))?.group.as_str());
    let compared = |office: &str| {
        let with = |other: &&OfficeId| group(other.as_str()) == group(office);
        judged.offices.iter().any(|other| other.as_str() == office)
            || assessed(office) && (judged.offices.is_empty() || judged.offices.iter().any(with))
    };
    if compared(&by.office) {
        let (zh, en) = ("这个单位自己也在被考核之列", "the office is itself among those assessed");
        return Some(recusal(&by.office, &by.office, right, Text::new(zh, en)));
    }
    let people = core::iter::once(by.account.as_str()).chain(by.deputy_for.as_deref());
    for account in people {
        let Some(viewer) = state.viewer(account, today) else { continue };
        for office in viewer.offices().filter(|office| office.as_str() != by.office) {
            let mut around = core::iter::once(office).chain(state.above(office.as_str(), placed(office.as_str())));
            if let Some(office) = around.find(|office| compared(office.as_str())) {
                let why = Text::new(
                    format!("账号 {account} 也是“{office}”的人，“{office}”的分数或名次取决于此"),
                    format!("account {account} belongs to `{office}` too, whose points or place depend on this"),
                );
                return Some(recusal(account, office.as_str(), right, why));
            }
        }
    }
    None
}

fn recusal(who: &str, office: &str, right: Right, why: Text) -> Diagnostic {
    let words: Vec<Text> = right.roles.iter().map(|role| role.word()).collect();
    let (zh, en): (Vec<&str>, Vec<&str>) = words.iter().map(|word| (word.zh.as_str(), word.en.as_str())).unzip();
    Diagnostic::error(
        "recusal-needed",
        Text::new(
            format!("“{who}”要回避：这件事关系到“{office}”"),
            format!("`{who}` has to stand aside: this is about `{office}`"),
        ),
    )
    .why(why)
    .next(Text::new(
        format!("请与被考核单位无关的人办（{}）", zh.join("、")),
        format!("leave it to somebody of no assessed office (one of: {})", en.join(", ")),
    ))
}

/// That somebody else did the first step: the same person, or one standing in for him, may not do
/// the second.
pub fn second_person(by: &By, first: &AccountId, what: &Text) -> Option<Diagnostic> {
    let same = by.account == first.as_str() || by.deputy_for.as_deref() == Some(first.as_str());
    same.then(|| {
        Diagnostic::error(
            "second-person-needed",
            Text::new(
                alloc::format!("{}和这一步不能是同一个人（{}）", what.zh, first),
                alloc::format!("{} and this step cannot be done by the same person ({first})", what.en),
            ),
        )
        .why(Text::new("自己不能审自己", "nobody checks his own work"))
        .next(Text::new("请另一个有此职责的人办", "leave it to another person in that role"))
    })
}

/// The account that answers for what is done: the one stood in for, where there is one.
pub fn account(by: &By) -> AccountId {
    AccountId::from(&*by.account)
}
