//! Every route, for every role in every relation to the office things are about, in every form: made from the table of
//! routes, and what is expected written down once more beside it. A route nobody wrote an expectation for fails.

use crate::town::{PAPER, Town};
use axum::{body::Body, http::Request};
use kaoping_office::Role;
use kaoping_web::router::{Form, Method, ROUTES, Route};
use serde_json::json;

/// Who is registered as P000001.
const NAME: &str = "申请人零零一";
const PHONE: &str = "13800138000";

/// How the office of an account stands to 乙县, which everything is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Own,
    Above,
    Below,
    Stranger,
}

const ALL: [(Stands, &str); 4] =
    [(Stands::Own, "乙县"), (Stands::Above, "甲市"), (Stands::Below, "乙镇"), (Stands::Stranger, "丙县")];

/// Somebody.
#[derive(Clone, Copy, Debug)]
struct Somebody {
    role: Role,
    stands: Stands,
}

impl Somebody {
    fn audits(self) -> bool {
        matches!(self.role, Role::Auditor | Role::AuditAdmin)
    }

    fn administers(self) -> bool {
        matches!(self.role, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }
}

/// Who may use a route, and who sees the thing about 乙县 that goes through it.
enum Expected {
    /// Everybody, the stranger without an account too.
    Public,
    /// Everybody; the status where it is not offered.
    Everybody(u16),
    /// Whoever is signed in; the status where what was sent is of no use.
    SignedIn(u16),
    /// The system administrator; the status then.
    SystemAdmin(u16),
    /// Whoever is signed in may ask; these see the thing. A single thing is not there for the others.
    Thing(&'static str, fn(Somebody) -> bool),
    /// These may do it, and the status then; for the others there is nothing.
    Doing(u16, fn(Somebody) -> bool),
    /// These may ask and see it; the others are refused.
    Only(&'static str, fn(Somebody) -> bool),
}

fn everybody(_: Somebody) -> bool {
    true
}

/// The office itself, those above it, and who audits.
fn concerned(who: Somebody) -> bool {
    who.audits() || !who.administers() && matches!(who.stands, Stands::Own | Stands::Above)
}

/// Those above it; for who works in it, it is his own to do. The audit administrator works nowhere.
fn owed_below(who: Somebody) -> bool {
    concerned(who) && (who.stands != Stands::Own || who.role == Role::AuditAdmin)
}

/// Who works with people in the office itself, and who audits; nobody above it.
fn keeps(who: Somebody) -> bool {
    let role = matches!(who.role, Role::Clerk | Role::Reviewer | Role::Signer | Role::Lead | Role::AssessmentOffice);
    who.audits() || role && who.stands == Stands::Own
}

/// All whom 甲市 tells what it decided, and who audits.
fn told(who: Somebody) -> bool {
    who.audits() || !who.administers()
}

/// Clerks of the office itself.
fn fills_in(who: Somebody) -> bool {
    who.role == Role::Clerk && who.stands == Stands::Own
}

fn expected(route: &Route) -> Option<Expected> {
    use Expected::{Doing, Everybody, Only, Public, SignedIn, SystemAdmin, Thing};
    let post = route.method == Method::Post;
    Some(match route.path {
        // Tests ask from the machine itself, as whatever gathers the metrics does.
        "/healthz" | "/readyz" | "/metrics" | "/openapi.json" | "/api/checkpoint" => Public,
        "/api/accounts/{account}/bind" => SystemAdmin(400),
        "/api/accounts/{account}/unbind" => SystemAdmin(422),
        // This town has no provider of logins.
        "/api/oidc/begin" | "/api/oidc/back" => Everybody(404),
        "/api/verify" => Everybody(415),
        "/api/login" => SignedIn(400),
        "/api/schemes/{scheme}" | "/api/results/{scheme}" | "/api/awards/{scheme}" if post => SignedIn(400),
        "/api/logout" => SignedIn(200),
        "/api/password" | "/api/totp" | "/api/deeds" | "/api/deeds/check" => SignedIn(400),
        "/api/contents" => SignedIn(415),
        "/api/check-policy" => SignedIn(400),
        "/api/policy-drafts/{scheme}" => SignedIn(200),
        // Who may ask of a scheme there is, is held by `pages_standards.rs`: here none has texts to be worked out by.
        "/api/what-if/{scheme}" | "/api/what-if/{scheme}/check" => SignedIn(404),
        "/api/accounts/{account}/password" | "/api/accounts/{account}/codes" => SystemAdmin(404),
        "/api/me" | "/api/owed" | "/api/calendar" | "/api/deadline" => SignedIn(200),
        "/api/sessions" | "/api/sessions/end-others" => SignedIn(200),
        // Nothing is published in that year yet; a test of its own publishes.
        "/api/publications" => SignedIn(200),
        "/api/record/{number}/proof" | "/api/record/consistency" => SignedIn(200),
        "/api/offices" => Thing("乙县", everybody),
        "/api/figures" | "/api/figures/{figure}" => Thing("新增就业", everybody),
        "/api/accounts" => Only("C1", |who| who.audits() || who.administers()),
        "/api/record" => Only("信访-0007", Somebody::audits),
        "/api/schemes" | "/api/schemes/{scheme}" => Thing("民生", told),
        "/api/results" => Thing("民生", told),
        "/api/awards" => Thing("综合先进", told),
        "/api/totals" => Thing("96.25", told),
        "/api/owed/below" => Thing("二月", owed_below),
        "/api/burden" => Thing("乙县", concerned),
        "/api/targets" => Thing("5,000", concerned),
        "/api/exemptions" => Thing("豁免1", concerned),
        "/api/rounds" => Thing("870", concerned),
        "/api/letters" => Thing("I1", concerned),
        "/api/collections" => Thing("一月就业数", concerned),
        "/api/reports" => Thing("一月", concerned),
        "/api/reports/{collection}/{unit}" => Thing("-880", concerned),
        "/api/cells" => Thing("-880", concerned),
        "/api/proposals" | "/api/proposals/{proposal}" => Thing("豁免1", concerned),
        "/api/events" => Thing("信访-0007", concerned),
        "/api/assessed" => Thing("870", concerned),
        "/api/samples" => Thing("-880", concerned),
        "/api/persons" if post => SignedIn(400),
        "/api/persons" | "/api/persons/{person}" => Thing("P000001", keeps),
        "/api/look-ups" => Thing("电话回访", keeps),
        "/api/persons/{person}/look-up" | "/api/persons/{person}/erase" => SignedIn(400),
        "/api/inquiries" => Thing("质询1", concerned),
        "/api/objections" => Thing("异议1", concerned),
        "/api/drafts/{collection}/{unit}" => match route.method {
            Method::Get => Thing("草稿-17", fills_in),
            Method::Put => Doing(400, fills_in),
            _ => Doing(412, fills_in),
        },
        "/api/contents/{hash}" => Thing("信访登记表", concerned),
        _ => return None,
    })
}

/// The path with things in it that are there.
fn filled(path: &str, paper: &str) -> String {
    // The report of 一月 is signed: there is nothing to fill in.
    let path = &path.replace("/api/drafts/{collection}", "/api/drafts/二月");
    let pairs = [
        ("{figure}", "新增就业"),
        ("{scheme}", "民生"),
        ("{collection}", "一月"),
        ("{unit}", "乙县"),
        ("{proposal}", "豁免1"),
        ("{number}", "1"),
        ("{hash}", paper),
        ("{account}", "nobody"),
        ("{person}", "P000001"),
    ];
    let path = pairs.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value));
    match path.as_str() {
        "/api/deadline" => "/api/deadline?from=2026-01-05&working_days=5".to_owned(),
        "/api/what-if/民生" => "/api/what-if/none".to_owned(),
        "/api/what-if/民生/check" => "/api/what-if/none/check".to_owned(),
        "/api/record/consistency" => "/api/record/consistency?old=1".to_owned(),
        _ => path,
    }
}

fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii();
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Every way to ask a route: its path, and the header `Accept`.
fn forms(route: &Route, path: &str) -> Vec<(String, &'static str)> {
    let mut forms = vec![(encoded(path), "*/*")];
    if route.form == Form::List {
        forms.push((encoded(&format!("{path}.csv")), "*/*"));
        forms.push((encoded(path), "text/csv"));
    }
    forms
}

async fn ask(town: &Town, route: &Route, cookie: &str, (path, accept): &(String, &str)) -> (u16, String) {
    let request = match route.method {
        Method::Get => Request::get(path.as_str()),
        Method::Post => Request::post(path.as_str()).header("content-type", "application/json"),
        Method::Put => Request::put(path.as_str()).header("content-type", "application/json"),
        Method::Delete => Request::delete(path.as_str()),
    };
    let request = request.header("cookie", cookie).header("accept", *accept).body(Body::from("{}"));
    let said = town.ask(request.expect("a request")).await;
    (said.status, String::from_utf8_lossy(&said.bytes).into_owned())
}

/// What is wrong with an answer; nothing where it is as expected.
fn wrong(expected: &Expected, route: &Route, who: Option<Somebody>, status: u16, body: &str) -> Option<String> {
    let single = route.path.contains('{');
    let (wanted, thing) = match (expected, who) {
        (Expected::Public, _) => (200, None),
        (Expected::Everybody(status), _) => (*status, None),
        (Expected::SignedIn(status), _) if route.path == "/api/login" => (*status, None),
        (_, None) => (401, None),
        (Expected::SignedIn(status), Some(_)) => (*status, None),
        (Expected::SystemAdmin(status), Some(who)) => (if who.role == Role::SystemAdmin { *status } else { 403 }, None),
        (Expected::Thing(thing, sees), Some(who)) => {
            let sees = sees(who);
            (if sees || !single { 200 } else { 404 }, Some((*thing, sees)))
        }
        (Expected::Doing(status, may), Some(who)) => (if may(who) { *status } else { 404 }, None),
        (Expected::Only(thing, sees), Some(who)) => {
            let sees = sees(who);
            (if sees { 200 } else { 403 }, Some((*thing, sees)))
        }
    };
    if status != wanted {
        return Some(format!("{status} instead of {wanted}"));
    }
    let thing = thing.or(match expected {
        Expected::Thing(thing, _) | Expected::Only(thing, _) => Some((*thing, false)),
        _ => None,
    });
    let (thing, sees) = thing?;
    (body.contains(thing) != sees).then(|| format!("{} `{thing}`: {body}", if sees { "lacks" } else { "leaks" }))
}

#[tokio::test]
async fn every_route_for_everybody_in_every_form() {
    let town = Town::new();
    town.year();
    town.asks_again();
    let clerk = town.login("C1").await;
    let draft = serde_json::json!({"figures": [{"figure": "新增就业", "value": "草稿-17"}]});
    assert_eq!(town.put(&clerk, &encoded("/api/drafts/二月/乙县"), None, &draft).await.status, 200);
    let paper = town.paper(PAPER).to_string();
    let clerk = town.login("C1").await;
    let data = json!({"name": NAME, "phone": PHONE});
    assert_eq!(
        town.post(&clerk, "/api/persons", &json!({"id": "p-1", "person": "P000001", "data": data})).await.status,
        201
    );
    let looked = json!({"id": "p-2", "fields": ["name"], "why": "电话回访"});
    assert_eq!(town.post(&clerk, "/api/persons/P000001/look-up", &looked).await.status, 201);
    let mut people = vec![("nobody".to_owned(), None)];
    for role in Role::ALL {
        for (stands, office) in ALL {
            let account = format!("M-{}-{stands:?}", role.name());
            town.joins(&account, office, *role);
            people.push((account, Some(Somebody { role: *role, stands })));
        }
    }
    let mut faults = Vec::new();
    let mut asked = 0;
    for (account, who) in people {
        // Time for the limits to fill again.
        town.wait(60_000);
        let cookie = if who.is_some() { town.login(&account).await } else { String::new() };
        let (last, rest): (Vec<&Route>, Vec<&Route>) = ROUTES.iter().partition(|route| route.path == "/api/logout");
        for route in rest.into_iter().chain(last) {
            let Some(expected) = expected(route) else {
                faults.push(format!("{}: nothing is expected of it", route.path));
                continue;
            };
            for form in forms(route, &filled(route.path, &paper)) {
                asked += 1;
                let (status, body) = ask(&town, route, &cookie, &form).await;
                let told = body.contains(NAME) || body.contains(PHONE);
                let masked = body.contains("\"申**\"") || body.contains(",申**,");
                let may = who.is_some_and(|who| keeps(who) && !who.audits());
                if told || masked && !may {
                    faults.push(format!("{account} {form:?} is told about a person: {body}"));
                }
                let fault = wrong(&expected, route, who, status, &body);
                faults.extend(fault.map(|fault| format!("{account} {} {form:?}: {fault}", route.method.name())));
            }
        }
    }
    assert!(asked > 3000, "only {asked} were asked");
    assert!(faults.is_empty(), "{} of {asked}:\n{}", faults.len(), faults[..faults.len().min(30)].join("\n"));
}

/// What those above an office see of a report before it was signed: that there is one, and nothing in it.
#[tokio::test]
async fn a_report_is_the_offices_own_until_it_is_signed() {
    let town = Town::new();
    let paper = town.paper(b"a paper");
    town.reports_until_signed(paper);
    let path = encoded("/api/reports/一月/乙县");
    for (account, status) in [("C1", 200), ("I1", 200), ("A1", 404), ("C2", 404), ("C3", 404), ("U1", 200)] {
        let cookie = town.login(account).await;
        assert_eq!(town.get(&cookie, &path).await.status, status, "{account}");
    }
    let office = town.login("A1").await;
    assert_eq!(town.get(&office, "/api/reports").await.column("stage"), ["reviewed"], "how far it is may be known");
    assert_eq!(town.get(&office, "/api/cells").await.column("value"), Vec::<String>::new());
    let hash = format!("/api/contents/{paper}");
    assert_eq!(town.get(&office, &hash).await.told(), "404 not-in-the-record");
    let signer = town.login("I1").await;
    assert_eq!(town.get(&signer, "/api/owed").await.column("deed"), ["sign-report"]);
    assert_eq!(town.get(&signer, &hash).await.bytes, b"a paper");
}
