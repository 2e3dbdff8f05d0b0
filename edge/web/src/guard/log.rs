//! One line of JSON for each request: what is needed to find a fault, and nothing about people.

/// Where lines go.
pub struct Log(Box<dyn Fn(&str) + Send + Sync>);

/// What is told of a request. Paths have ids in them and are not told; the pattern of the route is.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// When it came: milliseconds since 1970.
    pub at_ms: i64,
    /// Its method.
    pub method: &'a str,
    /// The pattern of its route.
    pub route: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// The number of the account.
    pub account: Option<&'a str>,
}

impl Log {
    /// To a function, which is given whole lines with their ends.
    pub fn to(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Box::new(sink))
    }

    pub(crate) fn line(&self, line: &Line<'_>) {
        let Line { at_ms, method, route, status, ms, account } = line;
        // Accounts are names: none has to be written otherwise in JSON.
        let account = account.filter(|account| !account.contains(['"', '\\'])).map(|account| format!("\"{account}\""));
        let account = account.as_deref().unwrap_or("null");
        (self.0)(&format!(
            "{{\"at_ms\":{at_ms},\"method\":\"{method}\",\"route\":\"{route}\",\"status\":{status},\
             \"ms\":{ms},\"account\":{account}}}\n"
        ));
    }
}
