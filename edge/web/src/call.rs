//! One request, after the gate: who asks, for what, in which form.

use crate::{
    answer::Answer,
    office::Office,
    problem::{self, Problem, Unreadable},
    router::Route,
};
use axum::{body::Bytes, http::HeaderMap};
use kaoping_desk::Shown;
use kaoping_office::{Viewer, calendar::MOST_WORKING_DAYS};
use kaoping_terms::{Day, Lang, Text};
use serde::de::DeserializeOwned;
use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

/// How a request ends.
pub type Outcome = Result<Answer, Problem>;

/// An outcome that is waited for.
pub type Later = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// One request.
pub struct Call {
    /// The office it is put to.
    pub office: Arc<Office>,
    /// The route it takes.
    pub route: &'static Route,
    /// The path as it was asked for.
    pub uri_path: String,
    /// The same with its parameters.
    pub asked: String,
    /// Who is signed in: the account, and the hash of the session.
    pub who: Option<(String, String)>,
    /// The language of the answer.
    pub lang: Lang,
    /// What stands in the path.
    pub path: Vec<(String, String)>,
    /// The parameters, as they were given.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Where it comes from.
    pub address: IpAddr,
}

impl Call {
    /// The account that asks; the gate let nobody else through.
    pub fn account(&self) -> Result<&str, Problem> {
        self.who.as_ref().map(|(account, _)| account.as_str()).ok_or_else(problem::not_signed_in)
    }

    /// What stands in the path at that name.
    pub fn at(&self, name: &str) -> &str {
        self.path.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of some form.
    ///
    /// # Errors
    /// It is there and has another form.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let parse = |text: &str| {
            let what = Text::new(format!("要不小于 0 的整数，写的是“{text}”"), format!("it is a number, not `{text}`"));
            let next = Text::new("写一个整数，例如 3", "write a whole number, such as 3");
            text.parse().map_err(|_| problem::unusable(name, what, next))
        };
        self.parameter(name).map(parse).transpose()
    }

    /// A number of working days, no more than there can be; 0 where none is given.
    ///
    /// # Errors
    /// It is no such number.
    pub fn working_days(&self, name: &str) -> Result<u16, Problem> {
        let Some(text) = self.parameter(name) else { return Ok(0) };
        let most = MOST_WORKING_DAYS;
        text.parse().ok().filter(|days| *days <= most).ok_or_else(|| {
            let what = Text::new(
                format!("要 0 到 {most} 的整数（工作日），写的是“{text}”"),
                format!("it is a number of working days from 0 to {most}, not `{text}`"),
            );
            problem::unusable(name, what, Text::new("写一个整数，例如 5", "write a whole number, such as 5"))
        })
    }

    /// How many rows a page of a list is to have: the usual number where none is given.
    ///
    /// # Errors
    /// It is no number from 1 to the most there can be.
    pub fn limit(&self, usual: usize, most: usize) -> Result<usize, Problem> {
        let Some(text) = self.parameter("limit") else { return Ok(usual) };
        text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| {
            let what = Text::new(
                format!("要 1 到 {most} 的整数（一页几行），写的是“{text}”"),
                format!("it is a number of rows from 1 to {most}, not `{text}`"),
            );
            let next = Text::new(
                format!("写一个整数，例如 {usual}，或者不写；多的接着翻，答复里有下一页的地址（next）"),
                format!(
                    "write a whole number, such as {usual}, or leave it out; `next` has the address of what follows"
                ),
            );
            problem::unusable("limit", what, next)
        })
    }

    /// Refuses parameters that are none.
    ///
    /// # Errors
    /// There is one.
    pub fn only(&self, names: &[&str]) -> Result<(), Problem> {
        match self.query.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            Some((name, _)) => Err(problem::unusable(
                name,
                Text::new("这里没有这个参数", "there is no such parameter here"),
                match names {
                    [] => Text::new("去掉它：这个地址没有参数", "leave it out: there are no parameters here"),
                    _ => Text::new(format!("可以用：{}", names.join("、")), format!("there is: {}", names.join(", "))),
                },
            )),
            None => Ok(()),
        }
    }

    /// A header as text; ids in Chinese stand there as they are.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// The body as JSON of a form.
    ///
    /// # Errors
    /// It is none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.read().map_err(|fault| problem::unreadable(&fault))
    }

    /// The same, where nothing of the body may be told again: a fault is a place in it, no more.
    ///
    /// # Errors
    /// It is none.
    pub fn json_of_persons<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.read().map_err(|fault| problem::unreadable_person(&fault, self.route.body))
    }

    /// The body as JSON of a form, and where it is not. Where is looked for only then: it makes reading far dearer.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        if let Ok(read) = serde_json::from_slice(&self.body) {
            return Ok(read);
        }
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let read = serde_path_to_error::deserialize(&mut reader)?;
        reader.end().map_err(|fault| Unreadable::new(serde_path_to_error::Track::new().path(), fault))?;
        Ok(read)
    }

    /// Today.
    pub fn today(&self) -> Day {
        self.office.today()
    }

    /// Lets `look` see the durable state with the eyes of the account that asks.
    ///
    /// # Errors
    /// Nobody is signed in, or has no role any more; or those of `look`.
    pub fn look<T>(&self, look: impl FnOnce(&Shown, &Viewer<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
        let account = self.account()?;
        let today = self.today();
        self.office.desk.read(|shown| {
            let viewer = shown.state.viewer(account, today).ok_or_else(problem::not_signed_in)?;
            look(shown, &viewer)
        })
    }
}
