//! Addresses as they are asked for: what methods one takes, and which one is meant where there is none such.

use crate::router::{Method, PAGES, ROUTES, Route};
use kaoping_terms::nearest::nearest;

/// The methods an address takes.
pub(crate) fn methods(path: &str) -> Vec<Method> {
    let parts: Vec<&str> = path.trim_end_matches(".csv").split('/').collect();
    let is_it = |route: &&Route| {
        let own: Vec<&str> = route.path.split('/').collect();
        own.len() == parts.len() && own.iter().zip(&parts).all(|(own, part)| own.starts_with('{') || own == part)
    };
    let mut methods: Vec<Method> = Vec::new();
    for route in ROUTES.iter().chain(PAGES).filter(is_it) {
        if !methods.contains(&route.method) {
            methods.push(route.method);
        }
    }
    methods
}

/// The address most like one there is not: the same but for one part that is misspelt, the same with nothing behind it,
/// or the first that goes on from it.
pub(crate) fn like(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.trim_end_matches(".csv").trim_end_matches('/').split('/').collect();
    let all = || ROUTES.iter().chain(PAGES).map(|route| (route.path, route.path.split('/').collect::<Vec<_>>()));
    let is_it = |own: &str, part: &str| own.starts_with('{') || own == part;
    let begins = |own: &[&str]| own.len() >= parts.len() && own.iter().zip(&parts).all(|(own, part)| is_it(own, part));
    let same_length = || all().filter(|(_, own)| own.len() == parts.len());
    let misspelt = same_length().filter_map(|(path, own)| {
        let mut other = own.iter().zip(&parts).filter(|(own, part)| !is_it(own, part));
        let ((own, part), None) = (other.next()?, other.next()) else { return None };
        nearest(part, [*own]).map(|_| (*own, *part, path))
    });
    let misspelt: Vec<_> = misspelt.collect();
    let best = misspelt.first().and_then(|(_, part, _)| nearest(part, misspelt.iter().map(|(own, ..)| *own)));
    let best = best.and_then(|best| misspelt.iter().find(|(own, ..)| *own == best));
    let same = || same_length().find(|(_, own)| begins(own)).map(|(path, _)| path);
    let longer = || all().find(|(_, own)| parts.len() > 1 && begins(own)).map(|(path, _)| path);
    same().or(best.map(|(.., path)| *path)).or_else(longer)
}
