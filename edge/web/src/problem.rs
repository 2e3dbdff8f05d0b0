//! Why something was not done, as `application/problem+json` (RFC 9457) with every finding.

use crate::{
    addresses::like,
    answer::{Answer, Content},
    placed::{self, BODY, HEADER, PARAMETER, PATH},
    router::{Body as Takes, Form, Method},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, StatusCode, header},
};
use kaoping_desk::Refusal;
use kaoping_office::{deed::minute_of, state::PersonField};
use kaoping_pages::{Visit, encoded};
use kaoping_store::Failed;
use kaoping_terms::{Diagnostic, Lang, Level, Text, nearest::nearest};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// Why a body could not be read, with its path.
pub(crate) type Unreadable = serde_path_to_error::Error<serde_json::Error>;

/// Why something was not done.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// What speaks against it. Never empty.
    pub findings: Vec<Diagnostic>,
    /// When to try again, in seconds.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// Everything that speaks against it.
    pub(crate) fn of(findings: Vec<Diagnostic>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, findings, retry_after: None }
    }

    /// One finding.
    pub fn new(status: StatusCode, finding: Diagnostic) -> Self {
        Self { status, findings: Vec::from([finding]), retry_after: None }
    }

    /// Says when to try again.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Says where in the request each finding is, as far as it does not say it itself.
    #[must_use]
    pub(crate) fn placed(mut self, body: &[u8]) -> Self {
        placed::place(&mut self.findings, body);
        self
    }

    /// The same for people: a page, or the way to the one where they can sign in or change their password.
    pub(crate) fn page(&self, visit: &Visit<'_>) -> Answer {
        let asked = visit.address;
        match self.findings.first().map(|finding| finding.name) {
            Some("not-signed-in") => Answer::elsewhere(&format!("/login?next={}", encoded(asked))),
            Some("password-to-change") if asked != "/settings" => Answer::elsewhere("/settings"),
            _ => Answer::new(self.status, Content::Page(kaoping_pages::problem::problem(visit, &self.findings))),
        }
    }

    /// The answer, in one language.
    pub fn response(&self, lang: Lang) -> Response<Body> {
        self.with_body(lang, self.body(lang))
    }

    /// That so much waits already. Its text is made once: it is told most when there is least time.
    pub(crate) fn busy(lang: Lang) -> Response<Body> {
        static BUSY: OnceLock<(Problem, [Bytes; 2])> = OnceLock::new();
        let (busy, [zh, en]) = BUSY.get_or_init(|| {
            let busy = Self::from(Refusal::Busy).placed(&[]);
            let bodies = [Lang::Zh, Lang::En].map(|lang| busy.body(lang));
            (busy, bodies)
        });
        busy.with_body(lang, if lang == Lang::Zh { zh } else { en }.clone())
    }

    fn body(&self, lang: Lang) -> Bytes {
        let title = self.findings.first().map(|finding| finding.message.get(lang)).unwrap_or_default();
        let name = self.findings.first().map(|finding| finding.name).unwrap_or_default();
        let findings: Vec<Value> = self.findings.iter().map(|finding| shown(finding, lang)).collect();
        let mut body = json!({
            "type": format!("urn:kaoping:{name}"),
            "title": title,
            "status": self.status.as_u16(),
            "findings": findings,
        });
        if let (Some(seconds), Value::Object(body)) = (self.retry_after, &mut body) {
            body.insert("retry_after".into(), seconds.into());
        }
        body.to_string().into()
    }

    fn with_body(&self, lang: Lang, body: Bytes) -> Response<Body> {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language(lang)));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The name of a language in headers.
pub(crate) fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

pub(crate) fn shown(finding: &Diagnostic, lang: Lang) -> Value {
    json!({
        "name": finding.name,
        "level": match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "where": placed::told(finding),
        "message": finding.message.get(lang),
        "why": finding.why.get(lang),
        "next": finding.next.get(lang),
    })
}

/// How long to wait where too much is waiting, in seconds.
const SOON: u64 = 1;

/// How long to wait where the disk has to be looked at, in seconds.
const LATER: u64 = 60;

/// Somebody was there before.
const CONFLICTS: [&str; 3] = ["id-used-otherwise", "report-changed", "results-changed"];

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let findings = refusal.findings();
        let named = |name: &str| findings.iter().any(|finding| finding.name == name);
        let (status, retry_after) = match &refusal {
            Refusal::Findings(_) if named("not-entitled") => (StatusCode::FORBIDDEN, None),
            Refusal::Findings(_) if CONFLICTS.iter().any(|name| named(name)) => (StatusCode::CONFLICT, None),
            Refusal::Findings(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, Some(SOON)),
            Refusal::ReadOnly(_) | Refusal::Stopped(_) => (StatusCode::SERVICE_UNAVAILABLE, Some(LATER)),
        };
        Self { status, findings, retry_after }
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Diagnostic::from(failed)).after(LATER)
    }
}

macro_rules! problems {
    ($($(#[$about:meta])* $function:ident $status:ident($name:literal) at $place:expr;
        $zh:literal $en:literal, why $why_zh:literal $why_en:literal, next $next_zh:literal $next_en:literal;)*) => {$(
        $(#[$about])*
        pub(crate) fn $function() -> Problem {
            let finding = Diagnostic::error($name, Text::new($zh, $en))
                .why(Text::new($why_zh, $why_en))
                .next(Text::new($next_zh, $next_en));
            let place: Option<&str> = $place;
            let finding = match place {
                Some(place) => finding.in_file(place, None),
                None => finding,
            };
            Problem::new(StatusCode::$status, finding)
        }
    )*};
}

problems! {
    /// Nobody is signed in.
    not_signed_in UNAUTHORIZED("not-signed-in") at Some("header Cookie");
        "没有登录，或登录已经失效" "not signed in, or not any more",
        why "这里要先登录；30 分钟不用、满 12 小时、或职责全部收回，登录即失效"
            "this is for accounts; a session ends after 30 idle minutes, after 12 hours, and with the last role",
        next "登录后再来；程序用 POST /api/login" "sign in first; programs do POST /api/login";
    /// Account, password or code is wrong; which of them is not told.
    login_failed UNAUTHORIZED("login-failed") at Some("body");
        "账号、密码或验证码不对" "account, password or code is wrong",
        why "不说明是哪一个不对，也不说明有没有这个账号" "which of them is not told, nor whether there is such an account",
        next "核对后再试；忘了密码请系统管理员重设" "look again; the system administrator can set a forgotten password anew";
    /// The account has no role.
    no_role_today FORBIDDEN("no-role-today") at Some("body/account");
        "这个账号今天没有任何职责" "this account has no role today",
        why "账号已关闭，或职责还没有授予、已经收回、已经到期"
            "it is closed, or its roles have not begun, were taken away or have ended",
        next "请安全管理员授予职责" "ask the security administrator for a role";
    /// A first password has to be changed before anything else.
    password_to_change FORBIDDEN("password-to-change") at Some(PATH);
        "要先改初始密码" "the first password has to be changed first",
        why "初始密码别人看见过" "somebody else has seen it",
        next "在“我的设置”里改密码；程序用 POST /api/password" "change it on the page of settings; programs do POST /api/password";
    /// The request comes from another site.
    from_elsewhere FORBIDDEN("request-from-elsewhere") at Some("header Origin");
        "这个请求是别的网站发来的" "another site sent this request",
        why "浏览器说来源不是本系统；别的网站不能替你办事"
            "the browser says it comes from elsewhere; no other site may act for you",
        next "从本系统的页面或自己的程序发请求" "send it from this system's pages, or from a program of your own";
    /// It took too long to arrive.
    too_slow REQUEST_TIMEOUT("request-too-slow") at Some(BODY);
        "内容没有按时送到" "the content did not arrive in time",
        why "等得太久会占住别人的位置" "waiting longer would keep others out",
        next "检查网络后再送一次，用同一个编号" "look at the network and send it again under the same id";
    /// Something may not be seen.
    not_for_you FORBIDDEN("not-entitled") at Some(PATH);
        "你的职责不能看这些" "your roles do not see this",
        why "账号、台账全本、运行数据只给管理员和审计；各单位的人看本单位和下级的事"
            "accounts, the whole record and metrics are for administrators and auditors; offices see what is \
             theirs and below",
        next "要看账号的，请系统或安全管理员；要看台账的，请审计或审计管理员"
            "for accounts ask the system or security administrator, for the record an auditor or the audit \
             administrator";
    /// Something is for others to do.
    not_yours FORBIDDEN("not-entitled") at Some(PATH);
        "这件事不由你的职责办" "your roles do not do this",
        why "采用办法、汇总结果、提出奖项由采用办法的单位的考评办办；登记人员由保管的单位办"
            "the assessment office of the office that adopted the scheme adopts, puts results down and \
             proposes awards; people are registered by the office that keeps them",
        next "请那个单位的考评办办；登记人员，请保管单位的填报人办；自己也有这个职责的，换到它再办"
            "ask the assessment office of that office, and for people a clerk of the office that keeps them; \
             whoever has the role as well acts in it";
    /// Something is not there, or may not be seen: which is not told.
    not_there NOT_FOUND("not-in-the-record") at None;
        "没有，或者你看不到" "it is not there, or not for you to see",
        why "两种情况不加区别，免得泄露有没有" "the two are not told apart, so that nothing leaks",
        next "核对名称，和清单里的一字不差；清单里没有的，请上级或审计的人查"
            "look at the name as its list has it; what is in no list of yours somebody of an office above or \
             an auditor can look up";
    /// Places of a round are for the office whose scheme it is until they are shown.
    results_not_shown NOT_FOUND("results-not-shown") at None;
        "这一轮的排名还没有公示" "the places of this round are not shown yet",
        why "审定封存、开始公示以后，被考核的单位才看得到得分和名次"
            "those who are assessed see scores and places once they are sealed and shown",
        next "先看本单位的记分表；封存公示以后再来，名次就在这里"
            "see your own score sheet; places stand here once they are shown";
    /// What the program finds out is not taken from outside.
    made_here UNPROCESSABLE_ENTITY("deed-made-here") at Some("body/act");
        "这件事由程序自己写，不从外面收" "the program itself writes this; it is not taken from outside",
        why "查错的结果、算出的分数不能由人填；密码、人员信息不在台账里，要和它们一起办"
            "what a check found and what scores came to is not for anybody to fill in; passwords and data of \
             persons are not in the record, and go with the deed",
        next "办法、汇总、密码、人员各有地址，见 /openapi.json"
            "schemes, results, passwords and persons have addresses of their own: see /openapi.json";
    /// What was sent to be verified is no exported folder.
    no_bundle UNPROCESSABLE_ENTITY("bundle-unusable") at Some(BODY);
        "送来的不是完整的导出文件夹" "what was sent is no whole exported folder",
        why "里面要有 record.jsonl；没有另给公钥时，还要有 key.txt" "it holds record.jsonl, and key.txt where no key is given",
        next "选 kaoping export 导出的整个文件夹" "choose the whole folder that kaoping export made";
    /// It has too many files.
    too_many_files PAYLOAD_TOO_LARGE("bundle-too-many-files") at Some(BODY);
        "文件太多，这里核不了" "there are too many files to be verified here",
        why "这里一次最多收 2,000 个文件、64 MiB" "2,000 files and 64 MiB are taken at most",
        next "在自己的电脑上运行 kaoping verify 文件夹" "run kaoping verify FOLDER on your own machine";
    /// There is no room for it.
    no_room SERVICE_UNAVAILABLE("verifying-busy") at Some(BODY);
        "这里现在核不了" "it cannot be verified here now",
        why "放临时文件的地方写不进去" "there is no room for temporary files",
        next "在自己的电脑上运行 kaoping verify 文件夹；并告诉系统管理员"
            "run kaoping verify FOLDER on your own machine, and tell the system administrator";
    /// Others are before it.
    verifying_busy SERVICE_UNAVAILABLE("verifying-busy") at Some(BODY);
        "正在核验别人送来的文件夹" "a folder of somebody else is being verified",
        why "同一时间只核一个，免得耽误办事" "one at a time, so that work is not held up",
        next "过一会儿再试，或在自己的电脑上运行 kaoping verify 文件夹"
            "try again in a while, or run kaoping verify FOLDER on your own machine";
    /// There is nothing to be filled in.
    draft_of_nothing UNPROCESSABLE_ENTITY("draft-of-nothing") at Some(PATH);
        "这份报表现在没有什么可填" "there is nothing to fill in for this report now",
        why "报表已经审核或签发" "it was looked through or signed already",
        next "要改数：签发以前请审核人或签发人退回，签发以后由签发人申请更正"
            "to change figures: before it is signed have it sent back, afterwards its signer proposes a correction";
    /// A fault of the program.
    server_fault INTERNAL_SERVER_ERROR("internal-fault") at Some(PATH);
        "程序出了差错" "the program has a fault",
        why "不该发生的事发生了，没有办成" "something that cannot be happened; it was not done",
        next "用同一个编号再送一次；还不行，把时间和做了什么告诉系统管理员"
            "send it once more under the same id; if that fails, tell the system administrator when it was \
             and what was done";
    /// The server ends.
    closing SERVICE_UNAVAILABLE("desk-busy") at Some(PATH);
        "没有来得及办" "it could not be done in time",
        why "服务器正忙或正在关闭" "the server is busy or about to close",
        next "过一会儿用同一个编号再送一次" "send it again in a moment, under the same id";
}

/// Too many wrong attempts: until when.
pub(crate) fn account_locked(left_ms: i64, now_ms: i64) -> Problem {
    let seconds = u64::try_from(left_ms).unwrap_or(0).div_ceil(1000).max(1);
    let (minutes, until) = (seconds.div_ceil(60), minute_of(now_ms.saturating_add(left_ms).saturating_add(59_999)));
    let finding = Diagnostic::error(
        "account-locked",
        Text::new(
            format!("连续输错次数太多，{until} 以前不能登录"),
            format!("too many wrong attempts: no login before {until}, China Standard Time"),
        ),
    )
    .why(Text::new(
        "连续输错 5 次锁 15 分钟，再错加倍，防止有人猜密码",
        "after five wrong attempts in a row it is locked for 15 minutes, then for twice as long, against guessing",
    ))
    .next(Text::new(
        format!("{minutes} 分钟以后再试；忘了密码请系统管理员重设，不是自己输错的马上告诉他"),
        format!(
            "try again in {minutes} minutes; the system administrator sets a forgotten password anew, and \
             wants to know if it was not you"
        ),
    ))
    .in_file("body/account", None);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, finding).after(seconds)
}

/// What is sent is no content of that kind by its own account.
pub(crate) fn other_kind(wanted: &str, given: &str) -> Problem {
    let finding = Diagnostic::error(
        "body-type-unfit",
        match given {
            "" => Text::new("没有写内容的类型", "the type of the content is not given"),
            _ => Text::new(format!("内容的类型“{given}”不对"), format!("the content has the wrong type: `{given}`")),
        },
    )
    .why(Text::new(format!("这个地址只收 {wanted}"), format!("this address takes {wanted} only")))
    .next(Text::new(
        format!("请求头写 Content-Type: {wanted}，内容也按它写"),
        format!("send the header Content-Type: {wanted}, and content of that kind"),
    ))
    .in_file(&format!("{HEADER}Content-Type"), None);
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, finding)
}

/// A file of a policy is no text.
pub(crate) fn no_text(at: usize, path: &str) -> Problem {
    let finding = Diagnostic::error(
        "body-type-unfit",
        Text::new(format!("文件“{path}”不是文本"), format!("the file `{path}` is no text")),
    )
    .why(Text::new("办法的文件都是 UTF-8 的文本", "the files of a policy are texts in UTF-8"))
    .next(Text::new("另存为 UTF-8，再上传、再采用", "save it as UTF-8, upload it again, then adopt"))
    .in_file(&format!("{BODY}/files/{at}/content"), None);
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, finding)
}

/// A file of a policy that nobody uploaded, or somebody else did: which of the two is not told.
pub(crate) fn not_uploaded(at: usize, path: &str, hash: &str) -> Problem {
    let finding = Diagnostic::error(
        "not-in-the-record",
        Text::new(
            format!("文件“{path}”的内容没有上传，或者你看不到：{hash}"),
            format!("the content of the file `{path}` was not uploaded, or is not for you to see: {hash}"),
        ),
    )
    .why(Text::new(
        "采用时只写散列，内容要先由同一个账号上传；没有和看不到不加区别，免得泄露有没有",
        "a policy is adopted by the hashes of its files, which the same account uploads first; what is not there and \
         what is not for you are not told apart, so that nothing leaks",
    ))
    .next(Text::new(
        "把这个文件 POST 到 /api/contents，答复里的 hash 写在这里，再采用",
        "send the file to POST /api/contents, write the `hash` of its answer here, and adopt again",
    ))
    .in_file(&format!("{BODY}/files/{at}/content"), None);
    Problem::new(StatusCode::NOT_FOUND, finding)
}

/// It is too large: how much there may be.
pub(crate) fn too_large(most: usize) -> Problem {
    let size = match most {
        most if most >= 1 << 20 => format!("{} MiB", most >> 20),
        most => format!("{} KiB", most >> 10),
    };
    let finding = Diagnostic::error("body-too-large", Text::new("内容太大", "the content is too large"))
        .why(Text::new(format!("这个地址最多收 {size}"), format!("this address takes {size} at most")))
        .next(Text::new(
            "材料压缩后再上传；数多的分几次送；大文件用 /api/contents 上传，请求里只写散列",
            "compress a paper; send many things in parts; upload a large file to /api/contents and name its hash",
        ))
        .in_file(BODY, None);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, finding)
}

/// There are more of something than are taken at once.
pub(crate) fn too_many_of(field: &str, most: usize) -> Problem {
    let finding = Diagnostic::error("body-too-large", Text::new("内容太多", "there is too much of it"))
        .why(Text::new(format!("一次最多 {most} 个"), format!("there can be {most} at once")))
        .next(Text::new("分几次送", "send it in parts"))
        .in_file(&format!("{BODY}/{field}"), None);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, finding)
}

/// There is no such route; the one most like it.
pub(crate) fn route_unknown(path: &str) -> Problem {
    // Programs read a list of addresses; people begin where they know their way.
    let all = match path.starts_with("/api") {
        true => Text::new("地址都列在 /openapi.json", "/openapi.json lists the addresses"),
        false => Text::new(
            "从“我的桌面”往下找，或者核对别人给的地址",
            "begin at your desk, or look at the address you were given",
        ),
    };
    let next = match like(path) {
        Some(near) => Text::new(format!("是不是 {near}？{}", all.zh), format!("perhaps {near} is meant; {}", all.en)),
        None => all,
    };
    let finding = Diagnostic::error("route-unknown", Text::new("没有这个地址", "there is no such address"))
        .why(Text::new("地址写错了，或者这个版本没有它", "it is misspelt, or this version does not have it"))
        .next(next)
        .in_file(PATH, None);
    Problem::new(StatusCode::NOT_FOUND, finding)
}

/// There is, but not with that method.
pub(crate) fn method_not_allowed(asked: &str, taken: &[Method]) -> Problem {
    let names: Vec<&str> = taken.iter().map(|method| method.name()).collect();
    let names = (names.join("、"), names.join(", "));
    let finding = Diagnostic::error(
        "method-not-allowed",
        Text::new(format!("这个地址不能用 {asked}"), format!("this address does not take {asked}")),
    )
    .why(Text::new(
        "读用 GET，办事用 POST，草稿还有 PUT 和 DELETE；记下的事不能删改",
        "reading is GET, doing is POST, drafts take PUT and DELETE; what is done is never deleted",
    ))
    .next(Text::new(format!("改用 {}", names.0), format!("use {}", names.1)))
    .in_file(PATH, None);
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, finding)
}

/// The asked-for form is not offered.
pub(crate) fn not_offered(form: Form) -> Problem {
    let (offered, csv) = match form {
        Form::List => ("application/json、text/csv", " or text/csv"),
        _ => ("application/json", ""),
    };
    let finding = Diagnostic::error("format-not-offered", Text::new("没有这种格式", "that form is not offered"))
        .why(Text::new(format!("这个地址只给 {offered}"), format!("this address gives application/json{csv} only")))
        .next(Text::new(
            format!("请求头 Accept 写 {offered} 里的一种，或者不写"),
            format!("send Accept: application/json{csv}, or leave it out"),
        ))
        .in_file(&format!("{HEADER}Accept"), None);
    Problem::new(StatusCode::NOT_ACCEPTABLE, finding)
}

/// Too many requests in a short time: when there is room again.
pub(crate) fn too_many(seconds: u64) -> Problem {
    let finding = Diagnostic::error("too-many-requests", Text::new("请求太密", "too many requests"))
        .why(Text::new(
            "每个账号、每个网络地址一次最多 300 个，以后每秒 20 个",
            "an account and an address have 300 at once, then 20 a second",
        ))
        .next(Text::new(
            format!("{seconds} 秒以后再送，用同一个编号；程序请看 Retry-After"),
            format!("send it again in {seconds} s, under the same id; programs read Retry-After"),
        ))
        .in_file(PATH, None);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, finding).after(seconds)
}

/// A new password does not do: each reason.
pub(crate) fn password_unfit(faults: Vec<Text>) -> Problem {
    let finding = |fault: Text| {
        Diagnostic::error(
            "password-unfit",
            Text::new(format!("这个密码不能用：{}", fault.zh), format!("this password does not do: {}", fault.en)),
        )
        .why(Text::new("猜得到的密码等于没有", "a password that can be guessed is none"))
        .next(Text::new(
            "换一个 12 到 128 个字的，一句话最好记",
            "take another one of 12 to 128 characters; a sentence is easy to keep in mind",
        ))
        .in_file("body/new", None)
    };
    Problem::of(faults.into_iter().map(finding).collect())
}

/// A body that cannot be read: where in it, and why.
pub(crate) fn unreadable(fault: &Unreadable) -> Problem {
    let path = fault.path().to_string();
    let why = crate::unreadable::words(&path, &fault.inner().to_string());
    unreadable_for(fault.inner(), &placed::pointer_of(&path), why)
}

/// The same, of which nothing is told again: of its fields only those the address is known to take are named.
pub(crate) fn unreadable_person(fault: &Unreadable, takes: Takes) -> Problem {
    let Takes::Json(takes) = takes else { return unreadable(fault) };
    let names: Vec<&str> = takes.iter().map(|name| name.trim_end_matches('?')).collect();
    let said = fault.inner().to_string();
    let lacks = names.iter().copied().find(|name| said.starts_with(&format!("missing field `{name}`")));
    let path = fault.path().to_string();
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let wrong = names.iter().copied().find(|name| *name == first);
    let (field, mut why) = match (lacks, wrong) {
        (Some(name), _) => (name, Text::new(format!("缺“{name}”"), format!("`{name}` is missing"))),
        (None, Some(name)) => (name, Text::new(format!("“{name}”写得不对"), format!("`{name}` is not of its form"))),
        (None, None) => ("", Text::new("格式或字段不对", "form or fields are wrong")),
    };
    let of = match field {
        "" => names,
        "fields" | "data" => PersonField::ALL.iter().map(|field| field.name()).collect(),
        _ => Vec::new(),
    };
    if !of.is_empty() {
        why.zh.push_str(&format!("，可以写的有：{}", of.join("、")));
        why.en.push_str(&format!("; there is: {}", of.join(", ")));
    }
    why.zh.push_str("；内容是个人信息，不复述");
    why.en.push_str("; as it is about a person, it is not told again");
    let pointer = if field.is_empty() { String::new() } else { format!("/{field}") };
    unreadable_for(fault.inner(), &pointer, why)
}

fn unreadable_for(fault: &serde_json::Error, pointer: &str, why: Text) -> Problem {
    let at = format!("{BODY}{pointer}");
    let finding = Diagnostic::error("body-not-readable", Text::new("看不懂送来的内容", "the content cannot be read"))
        .why(why)
        .next(Text::new(
            "改正写错的那一处再送；每一种事的格式和例子在 /openapi.json",
            "mend that place and send it again; /openapi.json has the form and an example of each deed",
        ))
        .in_file(&at, Some((fault.line(), fault.column())));
    Problem::new(StatusCode::BAD_REQUEST, finding)
}

/// A parameter that cannot be used: why, and what to write.
pub(crate) fn unusable(name: &str, what: Text, next: Text) -> Problem {
    unusable_at(&format!("{PARAMETER}{name}"), name, (what, next))
}

/// A value of a parameter that is none of those there are.
pub(crate) fn none_of(name: &str, value: &str, known: &[&str]) -> Problem {
    let zh = known.join("、");
    let why = Text::new(format!("“{value}”不是其中之一：{zh}"), format!("`{value}` is none of: {}", known.join(", ")));
    let next = match nearest(value, known.iter().copied()) {
        Some(near) => Text::new(format!("是不是 {near}？"), format!("perhaps {near} is meant")),
        None => Text::new(format!("选一个：{zh}"), format!("take one of: {}", known.join(", "))),
    };
    unusable(name, why, next)
}

/// A day that is written otherwise.
pub(crate) fn no_day(name: &str) -> Problem {
    unusable(
        name,
        Text::new("要历上有的一天", "a day of the calendar belongs here"),
        Text::new("写成 2026-09-26 这样", "write it as 2026-09-26"),
    )
}

/// A period that is written otherwise.
pub(crate) fn no_period(name: &str) -> Problem {
    unusable(
        name,
        Text::new("不是一个期间", "it is no period"),
        Text::new(
            "写成 2026、2026-H1、2026-Q3、2026-07 或 2026-07-31",
            "write it as 2026, 2026-H1, 2026-Q3, 2026-07 or 2026-07-31",
        ),
    )
}

/// A header that cannot be used.
pub(crate) fn unusable_header(name: &str, what: Text, next: Text) -> Problem {
    unusable_at(&format!("{HEADER}{name}"), name, (what, next))
}

fn unusable_at(place: &str, name: &str, (what, next): (Text, Text)) -> Problem {
    let finding = Diagnostic::error(
        "parameter-not-usable",
        Text::new(format!("参数“{name}”不能用"), format!("the parameter `{name}` cannot be used")),
    )
    .why(what)
    .next(next)
    .in_file(place, None);
    Problem::new(StatusCode::BAD_REQUEST, finding)
}
