//! What the demonstration says when it is ready: where it is, who can sign in, what to try.

use kaoping_desk::verify::Verified;
use kaoping_office::{Role, deed::day_of};
use kaoping_sample::{Account, CITY, Step, accounts};
use kaoping_terms::{Lang, Text};
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
            Lang::Zh => format!("用浏览器打开 {at}/ 登录。或用命令（甲县填报人登录，看该办的事，看去年公布的结果）："),
            Lang::En => format!(
                "Open {at}/ in a browser and sign in. Or by commands (a clerk signs in, sees what is to be done, and what was published last year):"
            ),
        };
        let login = format!("{{\"account\":\"jia-clerk\",\"password\":\"{PASSWORD}\"}}");
        format!(
            "\n{heading}\n  curl -c jar -H 'Content-Type: application/json' -d '{login}' {at}/api/login\n  curl -b jar {at}/api/owed\n  curl -b jar {at}/api/totals.csv\n"
        )
    }
}

/// What a year begins with.
pub(super) fn of_year(waits: bool) -> Text {
    let (zh, en) = if waits { ("按一次回车走一步。", "Press Enter for each step.") } else { ("", "") };
    Text::new(
        format!("{CITY}的一年（编造的城市，全部由程序按真实的办事步骤办成）。{zh}"),
        format!("A year of {CITY}, a city that is made up; each step is done as an office would do it. {en}"),
    )
}

/// A step: its number, its day, who did what, the entries of the record, what came of it.
pub(super) fn step(number: usize, step: &Step, lang: Lang) -> String {
    let (first, last) = (step.entries.0, step.entries.1.saturating_sub(1));
    let entries = match (lang, first == last) {
        (Lang::Zh, true) => format!("第 {first} 条"),
        (Lang::Zh, false) => format!("第 {first}–{last} 条"),
        (Lang::En, true) => format!("entry {first}"),
        (Lang::En, false) => format!("entries {first}–{last}"),
    };
    let deeds: Vec<String> = step.deeds.iter().map(|(word, count)| format!("{} {count}", word.get(lang))).collect();
    let (who, what) = (step.who.get(lang), step.what.get(lang));
    let mut text = match lang {
        Lang::Zh => format!("\n{number}. {}  {who}：{what}\n   {entries}：{}\n", step.day, deeds.join("、")),
        Lang::En => format!("\n{number}. {}  {who}: {what}\n   {entries}: {}\n", step.day, deeds.join(", ")),
    };
    let effect = step.effect.get(lang);
    if !effect.is_empty() {
        let _ = writeln!(text, "   → {effect}");
    }
    text
}

/// What verifying the exported record comes to.
pub(super) fn verified(verified: &Verified) -> Text {
    let Verified { size, contents, results, .. } = verified;
    Text::new(
        format!(
            "\n核对导出的台账：{size} 条首尾相连、签名相符，{contents} 份材料与散列相符，{results} 份结果由各单位的数重算一致。"
        ),
        format!(
            "\nThe exported record was verified: {size} entries are chained and signed, {contents} contents agree with their hash, {results} results follow from the figures."
        ),
    )
}

/// One of the three people of an office that reports.
fn is_of_three(account: &Account) -> bool {
    matches!(account.role, Role::Clerk | Role::Reviewer | Role::Signer)
}
