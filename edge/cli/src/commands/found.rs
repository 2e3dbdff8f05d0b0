//! `kaoping found`: a record begins.

use crate::{
    arguments::{FoundArguments, Profile},
    commands::serve::now_ms,
    say::{self, Ending, Refusal, Style},
};
use kaoping_terms::{Lang, Sources};
use kaoping_web::{
    KeyKind,
    found::{Founded, Founding, found, found_with},
};
use serde_json::json;
use std::fmt::Write as _;

/// Founds it, and prints the first passwords, once.
pub(super) fn run(asked: &FoundArguments, style: Style) -> Ending {
    let founding = Founding {
        store: &asked.store,
        keys: &asked.keys,
        origin: &asked.origin,
        office: &asked.office,
        kind: match asked.profile {
            Profile::Sha256 => KeyKind::Ed25519,
            Profile::Sm3 => KeyKind::Sm2,
        },
        now_ms: now_ms(),
    };
    let founded = match &asked.master {
        Some(master) => found_with(&founding, master),
        None => found(&founding),
    };
    match founded {
        Err(findings) => Refusal::new(Ending::Unusable, &findings, &Sources::default(), style).end(style),
        Ok(founded) if style.json => {
            let administrators = founded.administrators.iter().map(
                |(account, role, password)| json!({"account": account, "role": role.name(), "password": password}),
            );
            let administrators = administrators.collect::<Vec<_>>();
            say::print_json(&json!({"key": founded.key.to_string(), "administrators": administrators}));
            Ending::Done
        }
        Ok(founded) => {
            say::print(&words(asked, &founded, style.lang));
            Ending::Done
        }
    }
}

fn words(asked: &FoundArguments, founded: &Founded, lang: Lang) -> String {
    let keys = asked.keys.display();
    let mut text = match lang {
        Lang::Zh => format!(
            "台账“{}”已成立。公钥（公开，别人靠它验签）：\n  {}\n密钥在 {keys}，现在就另外备份。\n\n三个管理员的初始密码，只显示这一次，第一次登录要改：\n",
            asked.origin, founded.key
        ),
        Lang::En => format!(
            "The record `{}` is founded. Its public key, for everybody who checks its signatures:\n  {}\nThe key is in {keys}: back it up elsewhere now.\n\nFirst passwords of the three administrators, shown this once, to be changed at first login:\n",
            asked.origin, founded.key
        ),
    };
    for (account, role, password) in &founded.administrators {
        let _ = writeln!(text, "  {account}  {password}  {}", role.word().get(lang));
    }
    text
}
