//! Every route there is, in one table: what the router, the document of the interface and the test of rights are
//! made from.

use crate::{
    addresses::methods,
    answer::Format,
    api::{
        bundles, contents, deeds, details, drafts, lists, login, logins, machine, oidc, persons, record, rounds,
        sessions, standards, what_if, work,
    },
    call::{Call, Later, Outcome},
    guard,
    office::Office,
    pages, problem,
};
use axum::{
    Router,
    extract::{Request, State},
    routing::{MethodFilter, MethodRouter, on},
};
use kaoping_office::tables::TABLES;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reading.
    Get,
    /// Doing.
    Post,
    /// Keeping something of one's own.
    Put,
    /// Throwing it away.
    Delete,
}

impl Method {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may use a route at all. What is seen through it is told apart by `views` in the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Everybody, without signing in.
    Anybody,
    /// Programs on the same machine that no proxy stands before, and the system administrator.
    Near,
    /// Whoever is signed in, also with a password that has to be changed.
    Oneself,
    /// Whoever is signed in.
    SignedIn,
    /// Administrators and auditors.
    Accounts,
    /// Auditors and the audit administrator.
    Record,
    /// The system administrator.
    SystemAdmin,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// A list: JSON, and CSV under the same path with `.csv`.
    List,
    /// Something else.
    Other,
    /// A page for people. Who is not signed in is led to where he can; what is refused is a page as well.
    Page,
}

/// What a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// JSON with these fields, of which those with a `?` may be absent.
    Json(&'static [&'static str]),
    /// Bytes.
    Bytes,
}

/// What answers a request.
#[derive(Clone, Copy)]
pub enum Doing {
    /// Out of what is in memory.
    Look(fn(&Call) -> Outcome),
    /// With something to wait for.
    Do(fn(Call) -> Later),
}

/// A route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: &'static str,
    /// Who may use it.
    pub may: May,
    /// Its parameters, beside those of every list.
    pub parameters: &'static [&'static str],
    /// What it takes.
    pub body: Body,
    /// The largest body, where it is not the usual one.
    pub most: Option<usize>,
    /// What it gives.
    pub form: Form,
    /// What answers.
    pub doing: Doing,
    /// What it is, in Chinese and English.
    pub about: (&'static str, &'static str),
}

/// Reads.
const fn get(
    path: &'static str,
    may: May,
    form: Form,
    look: fn(&Call) -> Outcome,
    about: (&'static str, &'static str),
) -> Route {
    Route {
        method: Method::Get,
        path,
        may,
        parameters: &[],
        body: Body::Nothing,
        most: None,
        form,
        doing: Doing::Look(look),
        about,
    }
}

/// Reads from the disk.
const fn fetch(
    path: &'static str,
    may: May,
    form: Form,
    work: fn(Call) -> Later,
    about: (&'static str, &'static str),
) -> Route {
    let (parameters, body, most, doing) = (&[], Body::Nothing, None, Doing::Do(work));
    Route { method: Method::Get, path, may, parameters, body, most, form, doing, about }
}

/// Does something.
const fn post(
    path: &'static str,
    may: May,
    body: Body,
    work: fn(Call) -> Later,
    about: (&'static str, &'static str),
) -> Route {
    let (parameters, most, doing) = (&[], None, Doing::Do(work));
    Route { method: Method::Post, path, may, parameters, body, most, form: Form::Json, doing, about }
}

/// Changes what is somebody's own.
const fn change(
    method: Method,
    path: &'static str,
    body: Body,
    work: fn(Call) -> Later,
    about: (&'static str, &'static str),
) -> Route {
    let mut route = post(path, May::SignedIn, body, work, about);
    route.method = method;
    route
}

/// A page.
const fn page(path: &'static str, work: fn(Call) -> Later, about: (&'static str, &'static str)) -> Route {
    fetch(path, SignedIn, Form::Page, work, about)
}

/// A page for everybody.
const fn open_page(path: &'static str, work: fn(Call) -> Later, about: (&'static str, &'static str)) -> Route {
    fetch(path, Anybody, Form::Page, work, about)
}

impl Route {
    const fn with(mut self, parameters: &'static [&'static str]) -> Self {
        self.parameters = parameters;
        self
    }

    const fn up_to(mut self, most: usize) -> Self {
        self.most = Some(most);
        self
    }

    /// The table a list shows; `None` for what is none.
    pub fn table(&self) -> Option<usize> {
        let (_, table) = LISTS.iter().find(|(path, _)| *path == self.path)?;
        TABLES.iter().position(|found| found.name == *table)
    }
}

/// Which table a list shows.
pub const LISTS: &[(&str, &str)] = &[
    ("/api/offices", "offices"),
    ("/api/accounts", "accounts"),
    ("/api/figures", "cards"),
    ("/api/schemes", "schemes"),
    ("/api/targets", "targets"),
    ("/api/exemptions", "exemptions"),
    ("/api/letters", "letters"),
    ("/api/collections", "collections"),
    ("/api/reports", "reports"),
    ("/api/cells", "figures"),
    ("/api/proposals", "proposals"),
    ("/api/events", "events"),
    ("/api/assessed", "assessed"),
    ("/api/results", "results"),
    ("/api/totals", "totals"),
    ("/api/awards", "awards"),
    ("/api/samples", "samples"),
    ("/api/persons", "persons"),
    ("/api/look-ups", "look_ups"),
    ("/api/inquiries", "inquiries"),
    ("/api/objections", "objections"),
];

use Body::{Bytes, Json};
use Form::{List, Other};
use May::{Accounts, Anybody, Near, Oneself, Record, SignedIn, SystemAdmin};

/// Every route.
pub const ROUTES: &[Route] = &[
    get("/healthz", Anybody, Other, machine::health, ("程序在运行", "the program runs")),
    get("/readyz", Anybody, Other, machine::ready, ("可以受理", "requests can be served")),
    get("/metrics", Near, Other, machine::metrics, ("运行数据", "what is counted")),
    get("/openapi.json", Anybody, Form::Json, machine::document, ("这份接口说明", "this document")),
    get("/api/checkpoint", Anybody, Other, record::checkpoint, ("最近的检查点", "the last checkpoint")),
    post(
        "/api/verify",
        Anybody,
        Bytes,
        bundles::verify,
        (
            "核验送来的文件夹：第一行是 JSON，随后是各文件的内容",
            "verifying a folder that is sent: a line of JSON, then the files",
        ),
    ),
    post("/api/login", Anybody, Json(&["account", "password", "totp?"]), login::login, ("登录", "signing in")),
    post("/api/logout", Oneself, Json(&[]), login::logout, ("退出", "signing out")),
    post("/api/password", Oneself, Json(&["now", "new"]), login::change, ("改密码", "changing the password")),
    post(
        "/api/totp",
        Oneself,
        Json(&["password", "secret?", "code?"]),
        login::totp,
        ("启用动态码", "codes that change"),
    ),
    get("/api/sessions", Oneself, Form::Json, sessions::list, ("我在哪里登录着", "where one is signed in")),
    post(
        "/api/sessions/end-others",
        Oneself,
        Json(&[]),
        sessions::end_others,
        ("退出别处的登录", "ending sessions elsewhere"),
    ),
    post(
        "/api/accounts/{account}/password",
        SystemAdmin,
        Json(&["id?", "why?"]),
        logins::give_password,
        ("给账号初始密码", "a first password for an account"),
    ),
    post(
        "/api/accounts/{account}/codes",
        SystemAdmin,
        Json(&["id?", "why?"]),
        logins::drop_codes,
        ("取消账号的动态码", "giving up the codes of an account"),
    ),
    post(
        "/api/accounts/{account}/bind",
        SystemAdmin,
        Json(&["id?", "subject", "why"]),
        oidc::bind,
        ("绑定统一登录", "binding an account to a login elsewhere"),
    ),
    post(
        "/api/accounts/{account}/unbind",
        SystemAdmin,
        Json(&["id?", "why?"]),
        oidc::unbind,
        ("解除统一登录的绑定", "unbinding it"),
    ),
    fetch("/api/oidc/begin", Anybody, Other, oidc::begin, ("去统一登录平台", "signing in elsewhere")),
    fetch("/api/oidc/back", Anybody, Other, oidc::back, ("从统一登录平台回来", "coming back from there"))
        .with(&["code", "state", "iss", "error"]),
    get("/api/me", Oneself, Form::Json, work::me, ("我的职责", "who is signed in")),
    get("/api/owed", SignedIn, List, work::owed, ("我该办的事", "what is to be done")),
    get(
        "/api/owed/below",
        SignedIn,
        List,
        work::owed_below,
        ("下级还没有报的数", "what offices below have to report yet"),
    )
    .with(&["unit", "collection", "figure", "period", "stage", "lamp", "from", "limit"]),
    get("/api/burden", SignedIn, List, work::burden, ("各单位的填报负担", "what is asked of each office")),
    get("/api/calendar", SignedIn, Form::Json, work::calendar, ("放假通知", "holiday notices")),
    get("/api/deadline", SignedIn, Form::Json, work::deadline, ("算期限", "reckoning a deadline"))
        .with(&["from", "working_days"]),
    get("/api/offices", SignedIn, List, lists::list, ("单位", "offices")).with(&["on"]),
    get("/api/accounts", Accounts, List, lists::list, ("账号", "accounts")),
    get("/api/figures", SignedIn, List, lists::list, ("指标卡", "cards of figures")),
    get("/api/figures/{figure}", SignedIn, Form::Json, details::figure, ("一张指标卡", "one card")),
    get("/api/schemes", SignedIn, List, lists::list, ("办法", "schemes")),
    get("/api/schemes/{scheme}", SignedIn, Form::Json, details::scheme, ("一个办法", "one scheme")),
    get("/api/targets", SignedIn, List, lists::list, ("目标", "targets")),
    get("/api/exemptions", SignedIn, List, lists::list, ("豁免", "exemptions")),
    get("/api/letters", SignedIn, List, lists::list, ("责任书", "liability letters")),
    get("/api/collections", SignedIn, List, lists::list, ("填报任务", "collections")),
    get("/api/reports", SignedIn, List, lists::list, ("报表", "reports")),
    get("/api/reports/{collection}/{unit}", SignedIn, Form::Json, details::report, ("一份报表", "one report")),
    get("/api/cells", SignedIn, List, lists::list, ("已报的数", "reported figures")),
    get("/api/proposals", SignedIn, List, lists::list, ("提议", "proposals")),
    get("/api/proposals/{proposal}", SignedIn, Form::Json, details::proposal, ("一项提议", "one proposal")),
    get("/api/events", SignedIn, List, lists::list, ("事件", "events")),
    get("/api/assessed", SignedIn, List, lists::list, ("评定的值", "values of rounds")),
    fetch("/api/rounds", SignedIn, List, rounds::list, ("各轮并排", "rounds side by side")).with(&[
        "scheme",
        "unit",
        "indicator",
        "round",
        "from",
        "limit",
    ]),
    get("/api/results", SignedIn, List, lists::list, ("结果", "results")),
    get("/api/totals", SignedIn, List, lists::list, ("总分", "totals")),
    get("/api/awards", SignedIn, List, lists::list, ("奖项", "awards")),
    get(
        "/api/publications",
        SignedIn,
        List,
        record::publications,
        ("公布的结果、确定的奖项和各自的检查点", "what was made known, and under which checkpoint"),
    ),
    get("/api/samples", SignedIn, List, lists::list, ("抽样核查", "samples for inspection")),
    fetch("/api/persons", SignedIn, List, persons::list, ("人员，遮盖后的", "persons, masked")),
    fetch("/api/persons/{person}", SignedIn, Form::Json, persons::one, ("一个人，遮盖后的", "one person, masked")),
    post(
        "/api/persons",
        SignedIn,
        Json(&["id?", "person", "data", "why?", "office?", "role?", "deputy_for?"]),
        persons::register,
        ("登记人员", "registering a person"),
    ),
    post(
        "/api/persons/{person}/look-up",
        SignedIn,
        Json(&["id?", "fields", "why", "role?", "deputy_for?"]),
        persons::look_up,
        ("查看人员信息：先记入台账", "looking a person up: it is recorded first"),
    ),
    post(
        "/api/persons/{person}/erase",
        SignedIn,
        Json(&["id?", "approved", "why?", "office?", "role?", "deputy_for?"]),
        persons::erase,
        ("批准销毁人员信息", "deciding on an erasure"),
    ),
    get("/api/look-ups", SignedIn, List, lists::list, ("谁查看过谁", "who was looked up")),
    get("/api/inquiries", SignedIn, List, lists::list, ("数据质询", "questions about figures")),
    get("/api/objections", SignedIn, List, lists::list, ("异议", "objections")),
    fetch("/api/record", Record, List, record::entries, ("台账", "the record")).with(&["from", "limit"]),
    get(
        "/api/record/{number}/proof",
        SignedIn,
        Form::Json,
        record::proof,
        ("一条在台账里的证明", "that an entry is in the record"),
    )
    .with(&["size"]),
    get(
        "/api/record/consistency",
        SignedIn,
        Form::Json,
        record::consistency,
        ("台账只增不改的证明", "that the record only grew"),
    )
    .with(&["old", "new"]),
    post(
        "/api/deeds",
        SignedIn,
        Json(&["id?", "act", "why?", "evidence?", "office?", "role?", "deputy_for?"]),
        deeds::deed,
        ("办一件事", "a deed"),
    ),
    post(
        "/api/deeds/check",
        SignedIn,
        Json(&["id?", "act", "why?", "evidence?", "office?", "role?", "deputy_for?"]),
        deeds::check,
        ("先问问能不能办，不写台账", "what would speak against a deed; nothing is written"),
    ),
    post(
        "/api/schemes/{scheme}",
        SignedIn,
        Json(&["id?", "office", "upper?", "files", "bindings?", "why?", "evidence?", "role?", "deputy_for?"]),
        standards::adopt,
        ("采用办法：先查错", "adopting a scheme: it is checked first"),
    )
    .up_to(16 << 20),
    post(
        "/api/results/{scheme}",
        SignedIn,
        Json(&["id?", "round", "replaces?", "why?", "evidence?", "deputy_for?"]),
        standards::put_down,
        ("汇总一轮的结果：由程序算", "putting down the results of a round: the program scores it"),
    ),
    post(
        "/api/what-if/{scheme}",
        SignedIn,
        Json(&["round?", "changes?", "figures?", "files?"]),
        what_if::what_if,
        ("假如：改分值、参数、数，看名次；不记入台账", "what if: places after a change, nothing is put down"),
    ),
    post(
        "/api/what-if/{scheme}/check",
        SignedIn,
        Json(&["round?", "changes?"]),
        what_if::check_change,
        ("假如改了，查错会说什么", "what the checker would say of a change"),
    ),
    post(
        "/api/check-policy",
        SignedIn,
        Json(&["files"]),
        what_if::check_policy,
        ("给方案的文本查错", "checking the texts of a policy"),
    ),
    fetch(
        "/api/policy-drafts/{scheme}",
        SignedIn,
        Form::Json,
        what_if::draft,
        ("本账号的方案草稿", "the draft of a policy kept for the account"),
    ),
    post(
        "/api/policy-drafts/{scheme}",
        SignedIn,
        Json(&["base?", "files?", "changes?", "bindings?"]),
        what_if::keep_draft,
        ("存方案草稿", "keeping the draft of a policy"),
    ),
    fetch(
        "/api/drafts/{collection}/{unit}",
        SignedIn,
        Form::Json,
        drafts::open,
        ("没报完的草稿", "an unfinished report"),
    ),
    change(
        Method::Put,
        "/api/drafts/{collection}/{unit}",
        Json(&["figures"]),
        drafts::keep,
        ("存草稿", "keeping an unfinished report"),
    )
    .up_to(256 << 10),
    change(
        Method::Delete,
        "/api/drafts/{collection}/{unit}",
        Body::Nothing,
        drafts::discard,
        ("扔掉草稿", "throwing an unfinished report away"),
    ),
    post(
        "/api/awards/{scheme}",
        SignedIn,
        Json(&["id?", "round", "objection_days", "judged?", "why?", "evidence?", "deputy_for?"]),
        standards::propose_awards,
        ("提出一轮的奖项：由程序得出", "proposing the awards of a round: the program works them out"),
    ),
    post("/api/contents", SignedIn, Bytes, contents::keep, ("上传材料", "keeping a paper")),
    fetch("/api/contents/{hash}", SignedIn, Other, contents::open, ("下载材料", "a paper")),
];

/// Every page, and what pages are made of.
pub const PAGES: &[Route] = &[
    get("/assets/{mark}/{name}", Anybody, Other, pages::asset, ("样式和脚本", "style and scripts")),
    get("/language/{language}", Anybody, Form::Page, pages::language, ("换语言", "changing the language"))
        .with(&["back"]),
    open_page("/login", pages::login, ("登录", "signing in")).with(&["next"]),
    page("/", pages::desk, ("我的桌面", "my desk")),
    page("/reports", pages::reports, ("填报一览", "reports")).with(&["period", "stage", "collection"]),
    page("/reports/ask", pages::ask, ("布置填报", "asking for figures")).with(&["scheme", "like"]),
    page("/reports/{collection}/{unit}", pages::sheet, ("填报表", "a report")).with(&["anew"]),
    page("/schemes", pages::schemes, ("标准", "standards")),
    page("/schemes/new", pages::new, ("起草新标准", "writing a new standard")),
    page("/schemes/{scheme}", pages::standard, ("一份标准", "one standard")).with(&["version"]),
    page("/schemes/{scheme}/edit", pages::edit, ("起草修改", "writing a standard")),
    page("/schemes/{scheme}/what-if", pages::what_if, ("假如", "what if")).with(&["round"]),
    page("/schemes/{scheme}/targets", pages::targets, ("任务分解", "targets")).with(&[
        "unit",
        "item",
        "from",
        "block",
        "responsible",
        "hand",
    ]),
    page("/matters", pages::matters, ("事项", "matters")).with(&["kind", "unit", "state", "scheme", "table"]),
    page("/schemes/{scheme}/ranking", pages::ranking, ("排名", "ranking")).with(&["round", "group", "part"]),
    fetch("/schemes/{scheme}/ranking.csv", SignedIn, Other, pages::scores, ("各项得分", "all scores of a round"))
        .with(&["round", "group"]),
    page("/schemes/{scheme}/sheet", pages::score_sheet, ("记分表", "score sheets")).with(&["round", "unit"]),
    page("/schemes/{scheme}/awards", pages::awards, ("奖惩", "awards")).with(&["round"]),
    page("/schemes/{scheme}/why/{unit}/{indicator}", pages::why, ("为什么", "why")).with(&["round", "far"]),
    fetch(
        "/schemes/{scheme}/why/{unit}/{indicator}/far",
        SignedIn,
        Other,
        pages::far,
        ("离变化多远", "how far to a change"),
    )
    .with(&["round"]),
    page("/record", pages::record, ("台账", "the record"))
        .with(&["from", "deed", "unit", "account", "since", "until", "q"]),
    page("/record/{number}", pages::entry, ("一条记录", "an entry of the record")),
    fetch("/record/{number}/proof", SignedIn, Other, pages::proof, ("收录证明", "that an entry is in the record")),
    page("/schemes/{scheme}/honesty", pages::honesty, ("数据质询", "questions about figures")),
    page("/inspections", pages::inspections, ("抽查", "figures drawn for inspection")),
    page("/figures", pages::figures, ("数据项", "figures as they are defined")).with(&["figure", "kind"]),
    page("/burden", pages::burden, ("填报负担", "what is asked of each office")).with(&["year"]),
    page("/offices", pages::offices, ("单位", "offices")),
    page("/offices/{unit}", pages::office, ("一个单位", "an office")),
    page("/people", pages::people, ("账号与职责", "accounts and roles")),
    page("/persons", pages::persons, ("人员登记", "persons, masked")),
    page("/calendar", pages::calendar, ("工作日历", "the calendar")).with(&["year", "from", "working_days"]),
    fetch("/settings", Oneself, Form::Page, pages::settings, ("我的设置", "my settings")),
    open_page("/verify", pages::verify, ("核验", "verifying")).with(&["result", "checkpoint"]),
    open_page("/public", pages::public, ("公布的结果", "what is published")).with(&["q"]),
    open_page("/public/{scheme}/{round}", pages::published, ("一次公布", "a published result")),
];

/// The router over all of them.
pub fn router(office: Arc<Office>) -> Router {
    let mut paths: Vec<(String, MethodRouter<Arc<Office>>)> = Vec::new();
    for route in ROUTES.iter().chain(PAGES) {
        let forms: &[(&str, Format)] = match route.form {
            List => &[("", Format::Json), (".csv", Format::Csv)],
            Form::Json | Other | Form::Page => &[("", Format::Json)],
        };
        for (ending, format) in forms {
            let path = format!("{}{ending}", route.path);
            let serving = serving(route, *format);
            match paths.iter_mut().find(|(found, _)| *found == path) {
                Some((_, known)) => *known = std::mem::take(known).merge(serving),
                None => paths.push((path, serving)),
            }
        }
    }
    let unknown = |State(office): State<Arc<Office>>, request: Request| async move {
        guard::refuse(&office, &problem::route_unknown(request.uri().path()), request.headers())
    };
    let wrong_method = |State(office): State<Arc<Office>>, request: Request| async move {
        let taken = methods(request.uri().path());
        guard::refuse(&office, &problem::method_not_allowed(request.method().as_str(), &taken), request.headers())
    };
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(&path, methods);
    }
    let router = router.fallback(unknown).method_not_allowed_fallback(wrong_method);
    router.layer(CompressionLayer::new()).with_state(office)
}

fn serving(route: &'static Route, format: Format) -> MethodRouter<Arc<Office>> {
    let filter = match route.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    };
    on(filter, move |State(office): State<Arc<Office>>, request: Request| guard::answer(office, route, format, request))
}
