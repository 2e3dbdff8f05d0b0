//! Why something was not done, as `application/problem+json` (RFC 9457) with every finding.

use crate::answer::{Answer, Content};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use kaoping_desk::Refusal;
use kaoping_pages::encoded;
use kaoping_store::Failed;
use kaoping_terms::{Diagnostic, Lang, Level, Text};
use serde_json::{Value, json};

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

    /// The same for people: a page, or the way to the one where they can sign in or change their password.
    pub(crate) fn page(&self, lang: Lang, asked: &str) -> Answer {
        match self.findings.first().map(|finding| finding.name) {
            Some("not-signed-in") => Answer::elsewhere(&format!("/login?next={}", encoded(asked))),
            Some("password-to-change") if asked != "/settings" => Answer::elsewhere("/settings"),
            _ => Answer::new(self.status, Content::Page(kaoping_pages::problem::problem(lang, asked, &self.findings))),
        }
    }

    /// The answer, in one language.
    pub fn response(&self, lang: Lang) -> Response<Body> {
        let title = self.findings.first().map(|finding| finding.message.get(lang)).unwrap_or_default();
        let name = self.findings.first().map(|finding| finding.name).unwrap_or_default();
        let findings: Vec<Value> = self.findings.iter().map(|finding| shown(finding, lang)).collect();
        let body = json!({
            "type": format!("urn:kaoping:{name}"),
            "title": title,
            "status": self.status.as_u16(),
            "findings": findings,
        });
        let mut response = Response::new(Body::from(body.to_string()));
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
    let place = finding.file.as_ref().map(|point| match point.at {
        Some((line, column)) => json!({"what": point.path, "line": line, "column": column}),
        None => json!({"what": point.path}),
    });
    json!({
        "name": finding.name,
        "level": match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "where": place,
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
    ($($(#[$about:meta])* $function:ident $status:ident($name:literal)
        $zh:literal $en:literal, why $why_zh:literal $why_en:literal, next $next_zh:literal $next_en:literal;)*) => {$(
        $(#[$about])*
        pub(crate) fn $function() -> Problem {
            let finding = Diagnostic::error($name, Text::new($zh, $en))
                .why(Text::new($why_zh, $why_en))
                .next(Text::new($next_zh, $next_en));
            Problem::new(StatusCode::$status, finding)
        }
    )*};
}

problems! {
    /// Nobody is signed in.
    not_signed_in UNAUTHORIZED("not-signed-in")
        "没有登录，或登录已经失效" "not signed in, or not any more",
        why "这里要先登录；30 分钟不用、满 12 小时、或职责全部收回，登录即失效"
            "this is for accounts; a session ends after 30 idle minutes, after 12 hours, and with the last role",
        next "登录后再来：POST /api/login" "sign in first: POST /api/login";
    /// Account, password or code is wrong; which of them is not told.
    login_failed UNAUTHORIZED("login-failed")
        "账号、密码或验证码不对" "account, password or code is wrong",
        why "不说明是哪一个不对，也不说明有没有这个账号" "which of them is not told, nor whether there is such an account",
        next "核对后再试；忘了密码请系统管理员重设" "look again; the system administrator can set a forgotten password anew";
    /// Too many wrong attempts.
    account_locked TOO_MANY_REQUESTS("account-locked")
        "连续输错次数太多，暂时不能登录" "too many wrong attempts: no login for a while",
        why "连续输错 5 次锁 15 分钟，再错加倍，防止有人猜密码"
            "after five wrong attempts in a row it is locked for 15 minutes, then for twice as long, against guessing",
        next "等到时间再试" "wait and try again";
    /// The account has no role.
    no_role_today FORBIDDEN("no-role-today")
        "这个账号今天没有任何职责" "this account has no role today",
        why "账号已关闭，或职责还没有授予、已经收回、已经到期"
            "it is closed, or its roles have not begun, were taken away or have ended",
        next "请安全管理员授予职责" "ask the security administrator for a role";
    /// A first password has to be changed before anything else.
    password_to_change FORBIDDEN("password-to-change")
        "要先改初始密码" "the first password has to be changed first",
        why "初始密码别人看见过" "somebody else has seen it",
        next "改密码：POST /api/password" "change it: POST /api/password";
    /// The request comes from another site.
    from_elsewhere FORBIDDEN("request-from-elsewhere")
        "这个请求是别的网站发来的" "another site sent this request",
        why "浏览器说来源不是本系统；别的网站不能替你办事"
            "the browser says it comes from elsewhere; no other site may act for you",
        next "从本系统的页面或自己的程序发请求" "send it from this system's pages, or from a program of your own";
    /// What is sent is no JSON by its own account.
    not_json UNSUPPORTED_MEDIA_TYPE("body-type-unfit")
        "内容的类型不对" "the content has the wrong type",
        why "办事的请求用 application/json，上传材料用 application/octet-stream"
            "deeds are sent as application/json, papers as application/octet-stream",
        next "改 Content-Type" "set Content-Type";
    /// It is too large.
    too_large PAYLOAD_TOO_LARGE("body-too-large")
        "内容太大" "the content is too large",
        why "没有登录时最多 16 KiB，草稿最多 256 KiB，办事的请求最多 1 MiB，采用办法最多 16 MiB，一份材料、一个送来核验的文件夹最多 64 MiB"
            "without signing in it is 16 KiB at most, a draft 256 KiB, a deed 1 MiB, adopting a scheme 16 MiB, a paper or a folder to be verified 64 MiB",
        next "分开送，或把材料压缩后再上传" "send it in parts, or compress the paper";
    /// It took too long to arrive.
    too_slow REQUEST_TIMEOUT("request-too-slow")
        "内容没有按时送到" "the content did not arrive in time",
        why "等得太久会占住别人的位置" "waiting longer would keep others out",
        next "检查网络后再送一次，用同一个编号" "look at the network and send it again under the same id";
    /// There is no such route.
    route_unknown NOT_FOUND("route-unknown")
        "没有这个地址" "there is no such address",
        why "地址写错了，或者这个版本没有它" "it is misspelt, or this version does not have it",
        next "看 /openapi.json 里有哪些地址" "see the addresses in /openapi.json";
    /// There is, but not with that method.
    method_not_allowed METHOD_NOT_ALLOWED("method-not-allowed")
        "这个地址不能这样用" "this address does not take that method",
        why "读用 GET，办事用 POST，草稿还有 PUT 和 DELETE" "reading is GET, doing is POST; drafts take PUT and DELETE",
        next "看 /openapi.json" "see /openapi.json";
    /// The asked-for form is not offered.
    not_offered NOT_ACCEPTABLE("format-not-offered")
        "没有这种格式" "that form is not offered",
        why "这里只有 application/json；清单还有 text/csv" "there is application/json, and text/csv for lists",
        next "改 Accept" "set Accept";
    /// Too many requests in a short time.
    too_many TOO_MANY_REQUESTS("too-many-requests")
        "请求太密" "too many requests",
        why "每个账号、每个网络地址在一段时间里只受理一定数量" "an account and an address are served so many in a time",
        next "慢一点再试" "try again more slowly";
    /// Something may not be seen.
    not_for_you FORBIDDEN("not-entitled")
        "你的职责不能看这些" "your roles do not see this",
        why "每个职责只看它该看的" "each role sees what it needs",
        next "请有此职责的人来看" "ask somebody in the right role";
    /// Something is for others to do.
    not_yours FORBIDDEN("not-entitled")
        "这件事不由你的职责办" "your roles do not do this",
        why "采用办法、汇总结果、提出奖项由采用办法的单位的考评办办；登记人员由保管的单位办"
            "the assessment office of the office that adopted the scheme adopts, puts results down and proposes awards; people are registered by the office that keeps them",
        next "请有此职责的人来办" "leave it to somebody in that role";
    /// Something is not there, or may not be seen: which is not told.
    not_there NOT_FOUND("not-in-the-record")
        "没有，或者你看不到" "it is not there, or not for you to see",
        why "两种情况不加区别，免得泄露有没有" "the two are not told apart, so that nothing leaks",
        next "核对名称，或请有职责的人查" "look at the name, or ask somebody in the right role";
    /// What the program finds out is not taken from outside.
    made_here UNPROCESSABLE_ENTITY("deed-made-here")
        "这件事由程序自己写，不从外面收" "the program itself writes this; it is not taken from outside",
        why "查错的结果、算出的分数不能由人填；密码、人员信息不在台账里，要和它们一起办"
            "what a check found and what scores came to is not for anybody to fill in; passwords and data of persons are not in the record, and go with the deed",
        next "办法、汇总、密码、人员各有地址，见 /openapi.json"
            "schemes, results, passwords and persons have addresses of their own: see /openapi.json";
    /// What was sent to be verified is no exported folder.
    no_bundle UNPROCESSABLE_ENTITY("bundle-unusable")
        "送来的不是完整的导出文件夹" "what was sent is no whole exported folder",
        why "里面要有 record.jsonl；没有另给公钥时，还要有 key.txt" "it holds record.jsonl, and key.txt where no key is given",
        next "选 kaoping export 导出的整个文件夹" "choose the whole folder that kaoping export made";
    /// It has too many files.
    too_many_files PAYLOAD_TOO_LARGE("bundle-too-many-files")
        "文件太多，这里核不了" "there are too many files to be verified here",
        why "这里一次最多收 2,000 个文件、64 MiB" "2,000 files and 64 MiB are taken at most",
        next "在自己的电脑上运行 kaoping verify 文件夹" "run kaoping verify FOLDER on your own machine";
    /// There is no room for it.
    no_room SERVICE_UNAVAILABLE("verifying-busy")
        "这里现在核不了" "it cannot be verified here now",
        why "放临时文件的地方写不进去" "there is no room for temporary files",
        next "在自己的电脑上运行 kaoping verify 文件夹；并告诉系统管理员"
            "run kaoping verify FOLDER on your own machine, and tell the system administrator";
    /// Others are before it.
    verifying_busy SERVICE_UNAVAILABLE("verifying-busy")
        "正在核验别人送来的文件夹" "a folder of somebody else is being verified",
        why "同一时间只核一个，免得耽误办事" "one at a time, so that work is not held up",
        next "过一会儿再试，或在自己的电脑上运行 kaoping verify 文件夹"
            "try again in a while, or run kaoping verify FOLDER on your own machine";
    /// There is nothing to be filled in.
    draft_of_nothing UNPROCESSABLE_ENTITY("draft-of-nothing")
        "这份报表现在没有什么可填" "there is nothing to fill in for this report now",
        why "报表已经审核或签发" "it was looked through or signed already",
        next "要改已报的数，请退回或申请更正" "to change what was reported, have it sent back or propose a correction";
    /// A fault of the program.
    server_fault INTERNAL_SERVER_ERROR("internal-fault")
        "程序出了差错" "the program has a fault",
        why "不该发生的事发生了，没有办成" "something that cannot be happened; it was not done",
        next "把时间和做了什么告诉维护的人" "tell those who maintain it when it was and what was done";
    /// The server ends.
    closing SERVICE_UNAVAILABLE("desk-busy")
        "没有来得及办" "it could not be done in time",
        why "服务器正忙或正在关闭" "the server is busy or about to close",
        next "过一会儿用同一个编号再送一次" "send it again in a moment, under the same id";
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
    };
    Problem::of(faults.into_iter().map(finding).collect())
}

/// A body that cannot be read: where in it, and why.
pub(crate) fn unreadable(fault: &Unreadable) -> Problem {
    unreadable_for(fault.inner(), crate::unreadable::words(&fault.path().to_string(), &fault.inner().to_string()))
}

/// The same, of which nothing is told again.
pub(crate) fn unreadable_person(fault: &Unreadable) -> Problem {
    let why = Text::new(
        "格式或字段不对；内容是个人信息，不复述",
        "form or fields are wrong; as it is about a person, it is not told again",
    );
    unreadable_for(fault.inner(), why)
}

fn unreadable_for(fault: &serde_json::Error, why: Text) -> Problem {
    let finding = Diagnostic::error("body-not-readable", Text::new("看不懂送来的内容", "the content cannot be read"))
        .why(why)
        .next(Text::new("按 /openapi.json 里的格式写", "write it as /openapi.json says"))
        .in_file("body", Some((fault.line(), fault.column())));
    Problem::new(StatusCode::BAD_REQUEST, finding)
}

/// A parameter or header that cannot be used.
pub(crate) fn unusable(name: &str, what: Text) -> Problem {
    let finding = Diagnostic::error(
        "parameter-not-usable",
        Text::new(format!("参数“{name}”不能用"), format!("the parameter `{name}` cannot be used")),
    )
    .why(what)
    .next(Text::new("看 /openapi.json 里有哪些参数", "see the parameters in /openapi.json"));
    Problem::new(StatusCode::BAD_REQUEST, finding)
}
