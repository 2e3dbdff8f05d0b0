//! Where a request comes from: its address, and the site that sent it.

use crate::problem::{self, Problem};
use axum::http::{HeaderMap, header};
use std::net::IpAddr;

/// Where a proxy says a request comes from.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

/// What a browser says of the site that sent a request.
const SITE: &str = "sec-fetch-site";

/// The address a request comes from. A proxy adds the one it sees at the end; what stands before that was said by
/// somebody else.
pub(super) fn address(connected: IpAddr, headers: &HeaderMap, proxied: bool) -> IpAddr {
    let last = headers.get_all(FORWARDED_FOR).into_iter().next_back().and_then(|value| value.to_str().ok());
    let last = last.and_then(|list| list.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    last.filter(|_| proxied).unwrap_or(connected)
}

/// Refuses what another site sent. Programs that are no browsers say nothing, and are let through: they have no
/// cookies that anybody could use against their will.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |value: Option<&header::HeaderValue>| value.map(|value| value.to_str().unwrap_or("?").to_owned());
    let own_site = text(headers.get(SITE)).is_none_or(|site| matches!(site.as_str(), "same-origin" | "none"));
    let own_origin = text(headers.get(header::ORIGIN)).is_none_or(|origin| {
        let host = text(headers.get(header::HOST));
        host.is_some() && origin.split_once("://").map(|(_, host)| host) == host.as_deref()
    });
    if own_site && own_origin { Ok(()) } else { Err(problem::from_elsewhere()) }
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED_FOR, address};
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    #[test]
    fn only_a_proxy_is_believed_and_only_what_it_added() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let near = ip("127.0.0.1");
        let from = |lists: &[&str], proxied| {
            let mut headers = HeaderMap::new();
            for list in lists {
                headers.append(FORWARDED_FOR, HeaderValue::from_str(list).expect("a header"));
            }
            address(near, &headers, proxied)
        };
        assert_eq!(from(&["192.0.2.1"], false), near);
        assert_eq!(from(&["192.0.2.1"], true), ip("192.0.2.1"));
        assert_eq!(from(&["198.51.100.9, 192.0.2.1"], true), ip("192.0.2.1"), "the rest anybody can write");
        assert_eq!(from(&["198.51.100.9", "2001:db8::1"], true), ip("2001:db8::1"));
        assert_eq!((from(&["unknown"], true), from(&[], true)), (near, near));
    }
}
