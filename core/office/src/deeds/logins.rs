//! What an account is proved by changes hands. What proves it is beside the record; that somebody saw or changed it
//! is in it.

use super::people::open_account;
use crate::{
    act::ANY,
    deed::{Asked, Deed, Told},
    ids::{AccountId, OfficeId},
    refusal,
    rights::{Right, Role},
    state::{Account, State},
    tables::{Key, Touched},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Report, Text};
use serde::{Deserialize, Serialize};

const RIGHT: Right = Right { roles: &[Role::SystemAdmin], relation: ANY };

fn change(state: &mut State, id: &AccountId, touched: &mut Touched, change: impl FnOnce(&mut Account)) {
    if let Some(account) = state.accounts.get_mut(id) {
        change(account);
    }
    touched.note(|| Key::Account(id.clone()));
}

fn needs_reason(deed: &Text, asked: &Asked<'_>, findings: &mut Report) {
    if asked.why.trim().is_empty() {
        findings.push(refusal::no_reason(deed));
    }
}

/// Gives an account a first password, which ends its sessions and its codes. A second one needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivePassword {
    /// Which.
    pub account: AccountId,
}

impl Deed for GivePassword {
    fn word(&self) -> Text {
        Text::new("给初始密码", "giving a first password")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.account, findings);
        if state.accounts.get(&self.account).is_some_and(|account| account.password.is_some()) {
            needs_reason(&Text::new("再给初始密码", "giving a first password once more"), asked, findings);
        }
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        change(state, &self.account, touched, |account| account.password = Some(told.number));
    }
}

/// Gives up the codes of an account whose owner has lost what makes them. The password stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropCodes {
    /// Which.
    pub account: AccountId,
}

impl Deed for DropCodes {
    fn word(&self) -> Text {
        Text::new("取消动态码", "giving up codes")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.account, findings);
        needs_reason(&self.word(), asked, findings);
    }

    fn apply(&self, _: &mut State, _: &Told<'_>, _: &mut Touched) {}
}

/// Binds an account to a person known to a provider of logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindLogin {
    /// Which.
    pub account: AccountId,
    /// A hash of who that is and a random number, in 64 digits. Both are kept beside the record, so that nobody finds
    /// out from the record who it is, and nobody changes it without the record knowing. It names no content.
    pub to: String,
}

impl Deed for BindLogin {
    fn word(&self) -> Text {
        Text::new("绑定统一登录", "binding to a login elsewhere")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        open_account(state, &self.account, findings);
        needs_reason(&self.word(), asked, findings);
        if self.to.len() != 64 || !self.to.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            findings.push(refusal::unfit(
                Text::new("绑定的对象不是散列", "what it is bound to is no hash"),
                Text::new("台账里不写是谁", "the record does not say who it is"),
                Text::new("64 位十六进制数字", "64 digits of a hash"),
            ));
        }
        if state.accounts.get(&self.account).is_some_and(|account| account.bound.is_some()) {
            findings.push(refusal::not_now(
                Text::new(
                    format!("账号 {} 已经绑定", self.account),
                    format!("account {} is bound already", self.account),
                ),
                Text::new("一个账号只绑定一个人", "an account is bound to one person"),
                Text::new(
                    "核对账号；确要换人，由系统管理员先解除绑定，再绑定",
                    "look at the account; to bind it to another, the system administrator unbinds it first",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        change(state, &self.account, touched, |account| account.bound = Some(self.to.clone()));
    }
}

/// Binds an account to nobody elsewhere any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnbindLogin {
    /// Which.
    pub account: AccountId,
}

impl Deed for UnbindLogin {
    fn word(&self) -> Text {
        Text::new("解除统一登录", "unbinding from a login elsewhere")
    }

    fn right(&self) -> Right {
        RIGHT
    }

    fn concerns<'a>(&'a self, _: &'a State) -> Vec<&'a OfficeId> {
        Vec::new()
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        needs_reason(&self.word(), asked, findings);
        if state.accounts.get(&self.account).is_none_or(|account| account.bound.is_none()) {
            findings.push(refusal::not_now(
                Text::new(format!("账号 {} 没有绑定", self.account), format!("account {} is not bound", self.account)),
                Text::new("绑定过的才能解除", "only what is bound can be unbound"),
                Text::new(
                    "核对账号；没有绑定的不用解除，用密码登录",
                    "look at the account; one that is not bound signs in with its password",
                ),
            ));
        }
    }

    fn apply(&self, state: &mut State, _: &Told<'_>, touched: &mut Touched) {
        change(state, &self.account, touched, |account| account.bound = None);
    }
}
