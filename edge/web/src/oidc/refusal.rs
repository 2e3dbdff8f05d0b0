//! Why somebody was not signed in by a provider. What it said is not told: it may be about people.

use crate::problem::Problem;
use axum::http::StatusCode;
use kaoping_terms::{Diagnostic, Text};
use openidconnect::ClaimsVerificationError;

/// Why it did not work.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// It did not answer, or not as a provider does.
    Unreachable,
    /// It does not take the code.
    Refused,
    /// Its token is not for this, and why.
    Token(Text),
    /// Too many are on the way.
    TooMany,
}

impl Trouble {
    pub(super) fn unreadable() -> Self {
        Self::Token(Text::new("令牌读不出来，或者没有", "there is no token, or it cannot be read"))
    }

    pub(super) fn of(fault: &ClaimsVerificationError) -> Self {
        Self::Token(match fault {
            ClaimsVerificationError::Expired(_) => Text::new("令牌已经过期", "the token has expired"),
            ClaimsVerificationError::InvalidAudience(_) => {
                Text::new("令牌是给别的系统的", "the token is for another system")
            }
            ClaimsVerificationError::InvalidIssuer(_) => {
                Text::new("令牌是别处签发的", "the token is of another issuer")
            }
            ClaimsVerificationError::InvalidNonce(_) => {
                Text::new("令牌不是这一次登录的", "the token is of another login")
            }
            ClaimsVerificationError::SignatureVerification(_) => {
                Text::new("令牌的签名不对", "the signature of the token is wrong")
            }
            _ => Text::new("令牌的内容不能用", "what the token says cannot be used"),
        })
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::TooMany => crate::problem::too_many(60),
            Trouble::Unreachable => {
                let finding = Diagnostic::error(
                    "oidc-unreachable",
                    Text::new("统一登录平台没有应答", "the provider of logins does not answer"),
                )
                .why(Text::new(
                    "连不上，太慢，或者答的不是 OpenID Connect",
                    "it cannot be reached, is too slow, or does not speak OpenID Connect",
                ))
                .next(Text::new("过一会儿再试，或用密码登录", "try again in a while, or sign in with a password"));
                Self::new(StatusCode::SERVICE_UNAVAILABLE, finding).after(10)
            }
            Trouble::Refused => {
                let finding = Diagnostic::error(
                    "oidc-refused",
                    Text::new("统一登录平台没有让你登录", "the provider of logins did not let you in"),
                )
                .why(Text::new(
                    "你取消了，或者平台不认这次的授权码",
                    "you left it, or it does not take the code of this login",
                ))
                .next(Text::new("重新登录：GET /api/oidc/begin", "begin again: GET /api/oidc/begin"));
                Self::new(StatusCode::UNAUTHORIZED, finding)
            }
            Trouble::Token(why) => {
                let finding = Diagnostic::error(
                    "oidc-token-unfit",
                    Text::new("统一登录平台给的令牌不能用", "the token of the provider cannot be used"),
                )
                .why(why)
                .next(Text::new(
                    "重新登录；还不行就请系统管理员看平台的设置和两边的时间",
                    "begin again; if it stays so, the system administrator looks at the provider's settings and both \
             clocks",
                ));
                Self::new(StatusCode::UNAUTHORIZED, finding)
            }
        }
    }
}

/// No provider is set up.
pub(crate) fn not_offered() -> Problem {
    let finding = Diagnostic::error(
        "oidc-not-offered",
        Text::new("这台服务器没有接统一登录", "this server has no provider of logins"),
    )
    .why(Text::new("启动服务器时没有设统一登录", "it was started without one"))
    .next(Text::new("用密码登录：POST /api/login", "sign in with a password: POST /api/login"));
    Problem::new(StatusCode::NOT_FOUND, finding)
}

/// Who comes back is not on the way.
pub(crate) fn state_unknown() -> Problem {
    let finding = Diagnostic::error(
        "oidc-state-unknown",
        Text::new(
            "这次统一登录不是从这个浏览器开始的，或者已经用过、过期",
            "this login was not begun in this browser, was used already, or is too old",
        ),
    )
    .why(Text::new(
        "每次登录只能回来一次，10 分钟以内，在同一个浏览器里",
        "one comes back once, within 10 minutes, in the same browser",
    ))
    .next(Text::new("重新登录：GET /api/oidc/begin", "begin again: GET /api/oidc/begin"));
    Problem::new(StatusCode::UNAUTHORIZED, finding)
}

/// The provider knows him, the record does not.
pub(crate) fn not_bound() -> Problem {
    let finding = Diagnostic::error(
        "oidc-not-bound",
        Text::new("你在统一登录平台的身份没有绑定账号", "who you are to the provider is bound to no account"),
    )
    .why(Text::new(
        "账号只由系统管理员按平台的编号绑定，记入台账；不按邮箱、姓名自动绑定",
        "accounts are bound by the system administrator, by the provider's own number, as an entry; never \
             by mail or name",
    ))
    .next(Text::new("请系统管理员绑定", "ask the system administrator"));
    Problem::new(StatusCode::FORBIDDEN, finding)
}

/// Somebody else has it.
pub(crate) fn account_taken() -> Problem {
    let finding = Diagnostic::error(
        "oidc-bound-already",
        Text::new("这个身份已经绑定别的账号", "this person is bound to another account"),
    )
    .why(Text::new("一个身份只能登录一个账号", "one person signs in to one account"))
    .next(Text::new("先解除那个账号的绑定", "unbind the other account first"));
    Problem::new(StatusCode::CONFLICT, finding)
}
