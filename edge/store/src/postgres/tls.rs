//! What an address says about TLS, as it is meant everywhere else: `sslmode` and `sslrootcert`.
//!
//! | sslmode | encrypted | the server is the one that was meant |
//! |---|---|---|
//! | `disable` | never | not looked at |
//! | `prefer`, or nothing said | where the server can | not looked at |
//! | `require` | always | not looked at; with `sslrootcert` as in `verify-ca` |
//! | `verify-ca` | always | its certificate goes back to one in `sslrootcert` |
//! | `verify-full` | always | that, and it is made out to the host |

use super::words;
use crate::failed::{self, Failed, refused};
use kaoping_terms::Text;
use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{fs, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What is to be known of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Nothing,
    Chain,
    ChainAndHost,
}

/// What an address asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The address without what is asked here.
    pub(super) address: String,
    mode: SslMode,
    check: Check,
    roots: Option<String>,
}

impl Asked {
    /// Takes what is said about TLS out of an address.
    pub(super) fn of(address: &str) -> Result<Self, Failed> {
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        let (mut rest, mut mode, mut roots) = (Vec::new(), None, None);
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", said)) => mode = Some(said),
                Some(("sslrootcert", said)) => roots = Some(decoded(said).ok_or_else(|| unfit("sslrootcert"))?),
                _ => rest.push(part),
            }
        }
        let (mode, check) = match mode.unwrap_or("prefer") {
            "disable" => (SslMode::Disable, Check::Nothing),
            "prefer" => (SslMode::Prefer, Check::Nothing),
            "require" if roots.is_none() => (SslMode::Require, Check::Nothing),
            "require" | "verify-ca" => (SslMode::Require, Check::Chain),
            "verify-full" => (SslMode::Require, Check::ChainAndHost),
            other => return Err(unfit(&format!("sslmode={other}"))),
        };
        if check != Check::Nothing && roots.is_none() {
            return Err(no_roots());
        }
        let address = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        Ok(Self { address, mode, check, roots })
    }

    /// Connects as it was asked.
    pub(super) fn connect(&self, config: &mut Config, place: &str) -> Result<Client, Failed> {
        config.ssl_mode(self.mode);
        // A socket of this machine goes over no line.
        let local = config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)));
        let connected = match self.mode {
            SslMode::Disable => config.connect(NoTls),
            SslMode::Prefer if local => config.connect(NoTls),
            _ => config.connect(MakeRustlsConnect::new(self.client()?)),
        };
        connected.map_err(|fault| {
            let why = words(&fault);
            match fault.to_string().contains("TLS handshake") {
                true => not_trusted(place, &why),
                false => failed::unreachable(place, &failed::in_words(&why)),
            }
        })
    }

    fn client(&self) -> Result<ClientConfig, Failed> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match &self.roots {
            Some(path) if self.check != Check::Nothing => {
                let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(path)?), Arc::clone(&provider));
                let webpki = webpki.build().map_err(|fault| roots_unusable(path, &fault.to_string()))?;
                match self.check {
                    Check::ChainAndHost => webpki,
                    Check::Chain | Check::Nothing => Arc::new(AnyHost(webpki)),
                }
            }
            _ => Arc::new(Anybody(Arc::clone(&provider))),
        };
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(|fault| not_trusted("PostgreSQL", &fault.to_string()))?;
        Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }
}

/// What stands behind `%` in an address.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

/// The certificates of a file.
fn roots(path: &str) -> Result<RootCertStore, Failed> {
    let text = fs::read(path).map_err(|fault| roots_unusable(path, &fault.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|fault| roots_unusable(path, &fault.to_string()))?;
        roots.add(certificate).map_err(|fault| roots_unusable(path, &fault.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(roots_unusable(path, "no certificate")),
        false => Ok(roots),
    }
}

/// The chain is looked at, and not to whom the certificate is made out.
#[derive(Debug)]
struct AnyHost(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The name is looked at last, when all the rest is right.
        match self.0.verify_server_cert(end, between, name, stapled, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Whoever answers is taken: nobody listens in, but it may be anybody.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The line is not as safe as it was asked to be.
fn not_trusted(place: &str, cause: &str) -> Failed {
    let message = Text::new(
        format!("与 {place} 的连接不够安全，没有连"),
        format!("the connection to {place} would not be as safe as it has to be, and was not made"),
    );
    refused("store-tls-refused", message, |finding| {
        finding.why(failed::in_words(cause)).next(Text::new(
            "看数据库开了 ssl 没有、证书是不是由 sslrootcert 里的 CA 签给地址里的主机名、过期没有；CA 自己的证书不能直接当服务器的证书",
            "see that ssl is on in the database, and that its certificate was made out to the host of the address by a CA in sslrootcert and is in date; the certificate of a CA is none for a server",
        ))
    })
}

fn unfit(what: &str) -> Failed {
    tls_settings(Text::new(
        format!("看不懂库的地址里的 {what}"),
        format!("{what} in the address of the store is not known"),
    ))
}

fn no_roots() -> Failed {
    tls_settings(Text::new(
        "库的地址里没有 sslrootcert，没法核对服务器的证书",
        "the address of the store has no sslrootcert to check the certificate of the server with",
    ))
}

fn roots_unusable(path: &str, cause: &str) -> Failed {
    tls_settings(Text::new(
        format!("sslrootcert={path} 不能用：{cause}"),
        format!("sslrootcert={path} cannot be used: {cause}"),
    ))
}

fn tls_settings(message: Text) -> Failed {
    refused("store-tls-unfit", message, |finding| {
        finding
            .why(Text::new(
                "连接要么照写的那样加密、核对，要么不连",
                "a connection is encrypted and checked as it is written, or not made",
            ))
            .next(Text::new(
                "sslmode 写 disable、prefer、require、verify-ca 或 verify-full；后两种加 sslrootcert=CA证书.pem",
                "sslmode is disable, prefer, require, verify-ca or verify-full; the last two with sslrootcert=CA.pem",
            ))
    })
}

#[cfg(test)]
mod tests;
