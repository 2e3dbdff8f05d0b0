//! What an address asks for and is not there: said on the page, above what is shown instead.

use crate::Eyes;
use kaoping_office::{
    ids::{CollectionId, OfficeId, SchemeId},
    tables::Key,
};
use kaoping_terms::Lang;

/// Parameters and their values as they were asked for.
pub type Parameters = [(String, String)];

/// Parameters a page has no use for.
pub fn unused(lang: Lang, parameters: &Parameters, known: &[&str]) -> Vec<String> {
    let strange = parameters.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    let said = |(name, _): &(String, String)| match lang {
        Lang::Zh => format!("地址里的“{name}”在这一页不起作用。"),
        Lang::En => format!("`{name}` in the address means nothing on this page."),
    };
    strange.map(said).collect()
}

/// Offices, schemes, rounds and collections an address names that are not there; `of` is the scheme of its path.
pub fn unknown(eyes: &Eyes<'_>, of: &str, parameters: &Parameters) -> Vec<String> {
    let asked = parameters.iter().filter(|(_, value)| !value.is_empty());
    let missing = asked.filter(|(name, value)| is_missing(eyes, of, name, value) == Some(true));
    missing.map(|(name, value)| eyes.no_such(word(name), value)).collect()
}

/// Whether what a parameter names is missing; `None` where it names no such thing.
pub fn is_missing(eyes: &Eyes<'_>, of: &str, name: &str, value: &str) -> Option<bool> {
    let state = eyes.state();
    match name {
        "unit" => Some(!state.offices.contains_key(&OfficeId::from(value))),
        "scheme" => {
            let scheme = SchemeId::from(value);
            Some(!state.schemes.contains_key(&scheme) || !eyes.viewer.may_see(&Key::Scheme(scheme)))
        }
        "collection" => Some(!state.collections.contains_key(&CollectionId::from(value))),
        "round" => {
            let outline = state.schemes.get(&SchemeId::from(of))?.outline()?;
            Some(!outline.has_round(value))
        }
        _ => None,
    }
}

fn word(name: &str) -> (&'static str, &'static str) {
    match name {
        "unit" => ("单位", "office"),
        "scheme" => ("办法", "scheme"),
        "collection" => ("填报任务", "collection"),
        _ => ("轮次", "round"),
    }
}

#[cfg(test)]
mod tests {
    use super::unused;
    use kaoping_terms::Lang;

    #[test]
    fn what_means_nothing_is_said() {
        let asked = [("round".into(), "x".into()), ("utm".into(), "1".into())];
        assert_eq!(unused(Lang::Zh, &asked, &["round", "group"]), ["地址里的“utm”在这一页不起作用。"]);
        assert!(unused(Lang::En, &asked, &["utm", "round"]).is_empty());
    }
}
