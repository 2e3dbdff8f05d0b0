//! Signing in.

use crate::{Frame, Html};
use askama::Template;
use kaoping_terms::Lang;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    frame: Frame,
    next: &'a str,
    elsewhere: bool,
}

/// The page, and where it leads; `elsewhere` where accounts of another login are taken as well.
pub fn login(lang: Lang, address: &str, next: &str, elsewhere: bool) -> Html {
    let title = if lang == Lang::Zh { "登录" } else { "Sign in" };
    Html::of(&Login { frame: Frame::open(lang, address, title), next, elsewhere })
}
