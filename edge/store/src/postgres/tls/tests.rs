use super::super::Postgres;
use crate::servers::Server;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
};

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

fn authority() -> Authority {
    let key = KeyPair::generate().expect("a key");
    let mut about = CertificateParams::new(Vec::new()).expect("a certificate");
    about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = about.self_signed(&key).expect("a certificate").pem();
    Authority { issuer: Issuer::new(about, key), pem }
}

impl Authority {
    /// A certificate for a host, and its key.
    fn certify(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let about = CertificateParams::new(vec![host.to_owned()]).expect("a certificate");
        (about.signed_by(&key, &self.issuer).expect("a certificate").pem(), key.serialize_pem())
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr()).expect("a port").port()
}

/// Whether it is encrypted, or why there is no connection.
fn tried(port: u16, host: &str, asked: &str) -> &'static str {
    let address = format!("postgres://postgres@{host}:{port}/postgres?{asked}");
    match Postgres::open(&address, false) {
        Err(failed) => failed.name(),
        Ok(mut kept) => {
            let sql = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            if kept.text(sql).expect("a text") == "true" { "encrypted" } else { "plain" }
        }
    }
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path.display().to_string()
}

#[test]
fn a_connection_is_as_safe_as_it_was_asked_to_be() {
    let folder = tempfile::Builder::new().prefix("kp tls").tempdir().expect("a folder");
    let (right, wrong) = (authority(), authority());
    let (port, other, plain) = (free_port(), free_port(), free_port());
    let (certificate, key) = right.certify("localhost");
    let server = Server::start_at(port, Some((&certificate, &key)));
    let (certificate, key) = right.certify("kaoping.example");
    let of_another_host = Server::start_at(other, Some((&certificate, &key)));
    let without = Server::start_at(plain, None);
    let root =
        |name: &str, text: &str| format!("sslrootcert={}", written(folder.path(), name, text).replace(' ', "%20"));
    let (good, bad) = (root("good.pem", &right.pem), root("bad.pem", &wrong.pem));
    let both = root("both.pem", &format!("{}{}", wrong.pem, right.pem));
    let none = root("none.pem", "no certificate\n");
    for (port, host, asked, expected) in [
        (port, "localhost", String::new(), "encrypted"),
        (port, "localhost", "sslmode=disable".into(), "plain"),
        (port, "localhost", "sslmode=prefer".into(), "encrypted"),
        (port, "localhost", "sslmode=require".into(), "encrypted"),
        (port, "localhost", format!("sslmode=require&{bad}"), "store-tls-refused"),
        (port, "localhost", format!("sslmode=verify-full&{good}"), "encrypted"),
        (port, "localhost", format!("{both}&application_name=x&sslmode=verify-full"), "encrypted"),
        (port, "localhost", format!("sslmode=verify-full&{bad}"), "store-tls-refused"),
        (port, "localhost", format!("sslmode=verify-ca&{bad}"), "store-tls-refused"),
        // An address in figures is not the name it was made out to.
        (port, "127.0.0.1", format!("sslmode=verify-full&{good}"), "store-tls-refused"),
        (port, "127.0.0.1", format!("sslmode=verify-ca&{good}"), "encrypted"),
        (other, "localhost", format!("sslmode=verify-full&{good}"), "store-tls-refused"),
        (other, "localhost", format!("sslmode=verify-ca&{good}"), "encrypted"),
        (other, "localhost", format!("sslmode=require&{good}"), "encrypted"),
        (plain, "localhost", String::new(), "plain"),
        (plain, "localhost", "sslmode=require".into(), "store-tls-refused"),
        (plain, "localhost", format!("sslmode=verify-full&{good}"), "store-tls-refused"),
        (port, "localhost", "sslmode=verify-full".into(), "store-tls-unfit"),
        (port, "localhost", format!("sslmode=verify-full&{none}"), "store-tls-unfit"),
        (port, "localhost", "sslmode=verify-full&sslrootcert=/no/file".into(), "store-tls-unfit"),
        (port, "localhost", "sslmode=allow".into(), "store-tls-unfit"),
        (port, "localhost", "sslmode=verify-full&sslrootcert=%zz".into(), "store-tls-unfit"),
    ] {
        assert_eq!(tried(port, host, &asked), expected, "{host} {asked}");
    }
    drop((server, of_another_host, without));
}

/// Whoever stands between and takes TLS away learns nothing, not even who asks.
#[test]
fn somebody_between_who_takes_tls_away_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let between = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut asked = [0; 8];
        stream.read_exact(&mut asked).expect("asked for TLS");
        stream.write_all(b"N").expect("told there is none");
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest));
        rest
    });
    assert_eq!(tried(port, "127.0.0.1", "sslmode=require"), "store-tls-refused");
    assert_eq!(between.join().expect("ended"), Vec::<u8>::new(), "nothing was said in plain");
}
