//! What the demonstration says when it is ready: where it is, who can sign in, what to try.

use kaoping_office::{Role, deed::day_of};
use kaoping_sample::{Account, CITY, accounts};
use kaoping_terms::Lang;
use serde_json::{Value, json};
use std::{fmt::Write as _, net::SocketAddr, path::Path};

/// The password of every account. Everybody knows it: it is for the demonstration alone.
pub(super) const PASSWORD: &str = "yanshi-2026-demo";

/// A demonstration that is ready.
pub(super) struct Shown<'a> {
    /// Where requests are taken.
    pub(super) address: SocketAddr,
    /// The folder of the record and its key.
    pub(super) folder: &'a Path,
    /// Whether it stays.
    pub(super) kept: bool,
    /// The time in the city.
    pub(super) now_ms: i64,
}

impl Shown<'_> {
    fn today(&self) -> String {
        day_of(self.now_ms).map(|day| day.iso()).unwrap_or_default()
    }

    pub(super) fn as_json(&self) -> Value {
        let account = |account: Account| json!({"account": account.login, "unit": account.office, "role": account.role.name(), "who": account.who.zh});
        json!({
            "address": format!("http://{}", self.address),
            "folder": self.folder.display().to_string(),
            "kept": self.kept,
            "today": self.today(),
            "password": PASSWORD,
            "accounts": accounts().into_iter().map(account).collect::<Vec<_>>(),
            "findings": [],
        })
    }

    pub(super) fn as_text(&self, lang: Lang) -> String {
        let mut text = self.head(lang);
        let width = accounts().iter().map(|account| account.login.len()).max().unwrap_or_default();
        let (people, offices): (Vec<Account>, Vec<Account>) =
            accounts().into_iter().partition(|account| !is_of_three(account));
        for account in &people {
            let role = account.role.word();
            let _ = writeln!(text, "  {:width$}  {}  {}", account.login, account.who.get(lang), role.get(lang));
        }
        for three in offices.chunks(3) {
            let Some(office) = three.first().map(|account| account.office.as_str()) else { continue };
            let logins: Vec<&str> = three.iter().map(|account| account.login.as_str()).collect();
            let _ = writeln!(text, "  {}  {office}", logins.join(" "));
        }
        text.push_str(&self.tries(lang));
        text
    }

    fn head(&self, lang: Lang) -> String {
        let (address, folder, today) = (self.address, self.folder.display(), self.today());
        let beyond = match (self.address.ip().is_loopback(), lang) {
            (true, _) => "",
            (false, Lang::Zh) => "注意：别的机器也能连到它，而密码人人都知道。\n",
            (false, Lang::En) => "Mind: other machines can reach it, and everybody knows the password.\n",
        };
        match lang {
            Lang::Zh => {
                let kept =
                    if self.kept { "留着，下次接着用" } else { "结束时删除；要留下就用 --dir" };
                format!(
                    "考评演示：{CITY}，编造的城市，今天是 {today}（演示的钟从这里走起）。\n在 http://{address} 受理；按 Ctrl+C 结束。\n{beyond}台账在 {folder}（{kept}）。\n\n账号（密码都是 {PASSWORD}，只供演示）：\n"
                )
            }
            Lang::En => {
                let kept = if self.kept { "kept for the next time" } else { "removed at the end; --dir keeps it" };
                format!(
                    "Kaoping demonstration: {CITY}, a city that is made up; today is {today} (its clock goes on from there).\nServing on http://{address}; Ctrl+C ends it.\n{beyond}The record is in {folder} ({kept}).\n\nAccounts (the password of all is {PASSWORD}, for the demonstration alone):\n"
                )
            }
        }
    }

    /// What to try. The only place that says it.
    fn tries(&self, lang: Lang) -> String {
        let at = format!("http://{}", self.address);
        let heading = match lang {
            Lang::Zh => "试一试（甲县填报人登录，看该办的事，看去年公布的结果）：",
            Lang::En => "To try (a clerk signs in, sees what is to be done, and what was published last year):",
        };
        let login = format!("{{\"account\":\"jia-clerk\",\"password\":\"{PASSWORD}\"}}");
        format!(
            "\n{heading}\n  curl -c jar -H 'Content-Type: application/json' -d '{login}' {at}/api/login\n  curl -b jar {at}/api/owed\n  curl -b jar {at}/api/totals.csv\n"
        )
    }
}

/// One of the three people of an office that reports.
fn is_of_three(account: &Account) -> bool {
    matches!(account.role, Role::Clerk | Role::Reviewer | Role::Signer)
}
