//! Deeds that are done at the machine, with the key at hand and while no server runs: the record has them like any other,
//! with the administrator who answers for them.

use kaoping_ledger::By;
use kaoping_office::{Role, State, deed::day_of};
use kaoping_terms::{Diagnostic, Text};

/// As which an account acts: a system administrator of some office.
///
/// # Errors
/// It is none on that day.
pub(crate) fn administrator(state: &State, account: &str, now_ms: i64) -> Result<By, Box<Diagnostic>> {
    let today = day_of(now_ms).unwrap_or(state.today).max(state.today);
    let office_of = |account: &str| {
        let mut offices = state.offices.keys().map(|office| office.as_str());
        offices.find(|office| state.holds(account, office, Role::SystemAdmin, today))
    };
    let Some(office) = office_of(account) else {
        let all = state.accounts.keys().map(|account| account.as_str());
        return Err(Box::new(no_administrator(
            account,
            &all.filter(|all| office_of(all).is_some()).collect::<Vec<_>>(),
        )));
    };
    let role = Role::SystemAdmin.name().to_owned();
    Ok(By { account: account.to_owned(), office: office.to_owned(), role, deputy_for: None })
}

fn no_administrator(account: &str, all: &[&str]) -> Diagnostic {
    let (zh, en) = (all.join("、"), all.join(", "));
    Diagnostic::error(
        "not-entitled",
        Text::new(
            format!("“{account}”今天不是系统管理员，不能做；什么也没有写"),
            format!("`{account}` is no system administrator today and cannot do this; nothing was written"),
        ),
    )
    .why(Text::new(
        "拿着密钥在机器上做的，由系统管理员负责，记入台账",
        "what is done at the machine with the key at hand is answered for by a system administrator, on the record",
    ))
    .next(Text::new(
        format!("用 --by 写系统管理员的账号：{zh}"),
        format!("give a system administrator with --by: {en}"),
    ))
}
