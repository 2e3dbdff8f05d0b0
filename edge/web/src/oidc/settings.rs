//! How a provider is described on the command line.

use kaoping_persons::secret;
use kaoping_terms::{Diagnostic, Text};
use std::{fmt::Display, fs, path::Path};
use ureq::tls::{Certificate, PemItem, parse_pem};

/// How a provider is described: who it is, who this server is to it, and where people come back to.
pub struct Settings {
    pub(super) issuer: String,
    pub(super) client: String,
    pub(super) secret: String,
    pub(super) back: String,
    pub(super) certificates: Vec<Certificate<'static>>,
}

/// Where people come back to, below the address of this server.
const BACK: &str = "/api/oidc/back";

impl Settings {
    /// Reads `issuer=…,client=…,secret-file=…,at=…`, and perhaps `ca=…`.
    ///
    /// # Errors
    /// Something is missing, unknown, not safe, or a file cannot be read.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        let mut found: [Option<&str>; 5] = [None; 5];
        for part in text.split(',') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let place = NAMES.iter().position(|known| *known == name.trim());
            match place.and_then(|place| found.get_mut(place)) {
                Some(place) if place.is_none() && !value.trim().is_empty() => *place = Some(value.trim()),
                _ => {
                    return Err(unusable(&Text::new(
                        format!("“{name}”不认识、没有值或写了两次"),
                        format!("`{name}` is unknown, empty or said twice"),
                    )));
                }
            }
        }
        let [issuer, client, file, at, ca] = found;
        let (Some(issuer), Some(client), Some(file), Some(at)) = (issuer, client, file, at) else {
            return Err(unusable(&Text::new("少了一项", "one of them is missing")));
        };
        for address in [issuer, at] {
            if !is_safe(address) {
                let why = Text::new(format!("{address} 不是 https"), format!("{address} is not https"));
                return Err(unusable(&why));
            }
        }
        let secret = secret::read(Path::new(file)).map_err(|why| unusable(&named(file, &why)))?;
        Ok(Self {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            secret: secret.trim().to_owned(),
            back: format!("{}{BACK}", at.trim_end_matches('/')),
            certificates: ca.map(certificates).transpose()?.unwrap_or_default(),
        })
    }
}

const NAMES: [&str; 5] = ["issuer", "client", "secret-file", "at", "ca"];

/// Whether what goes there is not read on the way: TLS, or it does not leave the machine.
fn is_safe(address: &str) -> bool {
    let host = |rest: &str| rest.split(['/', ':']).next().map(str::to_owned).unwrap_or_default();
    match address.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => matches!(host(rest).as_str(), "127.0.0.1" | "localhost"),
        _ => false,
    }
}

fn certificates(path: &str) -> Result<Vec<Certificate<'static>>, Box<Diagnostic>> {
    let same = |fault: &dyn Display| unusable(&named(path, &Text::same(fault.to_string())));
    let bytes = fs::read(path).map_err(|fault| same(&fault))?;
    let items: Vec<PemItem<'_>> = parse_pem(&bytes).collect::<Result<_, _>>().map_err(|fault| same(&fault))?;
    let certificates: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(same(&"PEM"));
    }
    Ok(certificates)
}

fn named(path: &str, why: &Text) -> Text {
    Text::new(format!("{path}:{}", why.zh), format!("{path}: {}", why.en))
}

fn unusable(why: &Text) -> Box<Diagnostic> {
    let finding = Diagnostic::error(
        "oidc-setting-unusable",
        Text::new("统一登录的设置不能用", "the setting for signing in elsewhere cannot be used"),
    )
    .why(why.clone())
    .next(Text::new(
        "写 --oidc issuer=https://…,client=…,secret-file=文件,at=https://本系统的地址;自签的证书再加 ca=文件",
        "write --oidc issuer=https://…,client=…,secret-file=FILE,at=https://ADDRESS-OF-THIS-SYSTEM, and ca=FILE for certificates of one's own",
    ));
    Box::new(finding)
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn what_is_missing_unknown_or_unsafe_is_refused() {
        let place = tempfile::tempdir().expect("a folder");
        let file = place.path().join("secret");
        fs::write(&file, "s3cret\n").expect("written");
        let said = |text: &str| Settings::parse(&text.replace("FILE", &file.display().to_string()));
        let good = "issuer=https://sso.example,client=kaoping,secret-file=FILE,at=https://kaoping.example/";
        assert!(said(good).is_err(), "others can read the secret");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
        let settings = said(good).unwrap_or_else(|finding| panic!("{finding:?}"));
        assert_eq!((&*settings.secret, &*settings.back), ("s3cret", "https://kaoping.example/api/oidc/back"));
        assert!(said("issuer=http://127.0.0.1:1,client=k,secret-file=FILE,at=http://localhost:8080").is_ok());
        for bad in [
            "",
            "issuer=https://sso.example",
            "issuer=http://sso.example,client=k,secret-file=FILE,at=https://k.example",
            "issuer=https://sso.example,client=k,secret-file=FILE,at=http://k.example",
            "issuer=http://127.0.0.1.example,client=k,secret-file=FILE,at=https://k.example",
            "issuer=https://sso.example,client=k,secret-file=FILE,at=https://k.example,scope=all",
            "issuer=https://sso.example,client=k,client=l,secret-file=FILE,at=https://k.example",
            "issuer=https://sso.example,client=,secret-file=FILE,at=https://k.example",
            "issuer=https://sso.example,client=k,secret-file=FILE-none,at=https://k.example",
            "issuer=https://sso.example,client=k,secret-file=FILE,at=https://k.example,ca=FILE",
        ] {
            let finding = said(bad).err().unwrap_or_else(|| panic!("taken: {bad}"));
            assert_eq!(finding.name, "oidc-setting-unusable");
            assert!(!format!("{finding:?}").contains("s3cret"));
        }
    }
}
