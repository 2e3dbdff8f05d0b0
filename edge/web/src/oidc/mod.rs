//! Signing in elsewhere (OpenID Connect): the code flow with PKCE, state and nonce, by a library that is kept. What comes
//! out is who somebody is to the provider; which account that is, the record says.

mod pending;
mod refusal;
mod settings;

pub(crate) use refusal::{Trouble, account_taken, not_bound, not_offered, state_unknown};
pub use settings::Settings;

use chrono::{DateTime, Utc};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, ConfigurationError, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError,
    core::{CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata},
};
use pending::{Pending, Waiting};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;
use ureq::tls::{RootCerts, TlsConfig};

/// The provider has so long to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What it says of itself is believed for so long: a minute. Its keys may change.
const KNOWN_MS: i64 = 60_000;

/// Where it did not answer, it is not asked again for so long.
const DOWN_MS: i64 = 5_000;

/// The most it says.
const MOST_BYTES: u64 = 1 << 20;

/// So many ask it at a time.
const AT_A_TIME: usize = 8;

/// How signatures of the provider may be made: by keys it publishes, never by a secret that is shared.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A client that knows where to send people, and perhaps where to ask for tokens.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// A provider of logins.
pub struct Provider {
    settings: Settings,
    agent: ureq::Agent,
    known: Mutex<Option<(i64, Result<CoreProviderMetadata, Trouble>)>>,
    pub(crate) waiting: Mutex<Waiting>,
    pub(crate) turns: Semaphore,
}

/// Somebody was sent there.
pub(crate) struct Begun {
    /// Where to.
    pub(crate) address: String,
    /// What his browser keeps, so that nobody else comes back in his place.
    pub(crate) browser: String,
}

impl Provider {
    /// One that is described so. It is asked nothing yet.
    pub fn new(settings: Settings) -> Self {
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None);
        if !settings.certificates.is_empty() {
            let roots = RootCerts::new_with_certs(&settings.certificates);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Self {
            settings,
            agent: config.build().into(),
            known: Mutex::default(),
            waiting: Mutex::default(),
            turns: Semaphore::new(AT_A_TIME),
        }
    }

    /// Who it is.
    pub(crate) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    fn send(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (head, mut body) = self.agent.run(request)?.into_parts();
        let bytes = body.with_config().limit(MOST_BYTES).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, bytes))
    }

    /// What it says of itself, with its keys.
    fn known(&self, now_ms: i64) -> Result<CoreProviderMetadata, Trouble> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at_ms, said)) = &*known {
            let lasts = if said.is_ok() { KNOWN_MS } else { DOWN_MS };
            if (0..lasts).contains(&(now_ms - at_ms)) {
                return said.clone();
            }
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|_| Trouble::Unreachable);
        let said = issuer.and_then(|issuer| {
            CoreProviderMetadata::discover(&issuer, &|request| self.send(request)).map_err(|_| Trouble::Unreachable)
        });
        *known = Some((now_ms, said.clone()));
        said
    }

    /// A client of it, as it says it is to be asked.
    fn client(&self, now_ms: i64) -> Result<Client, Trouble> {
        let said = self.known(now_ms)?;
        let back = RedirectUrl::new(self.settings.back.clone()).map_err(|_| Trouble::Unreachable)?;
        let secret = ClientSecret::new(self.settings.secret.to_string());
        let client = ClientId::new(self.settings.client.clone());
        Ok(CoreClient::from_provider_metadata(said, client, Some(secret)).set_redirect_uri(back))
    }

    /// Sends somebody there. It waits for the network.
    pub(crate) fn begin(&self, now_ms: i64) -> Result<Begun, Trouble> {
        let client = self.client(now_ms)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .url();
        let browser = CsrfToken::new_random().into_secret();
        let pending = Pending {
            browser: browser.clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            begun_ms: now_ms,
        };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.add(state.into_secret(), pending, now_ms) {
            return Err(Trouble::TooMany);
        }
        Ok(Begun { address: address.into(), browser })
    }

    /// Who came back: the code is given for a token, once, and the token is looked through. It waits for the network.
    pub(crate) fn finish(&self, code: String, pending: Pending, now_ms: i64) -> Result<String, Trouble> {
        let client = self.client(now_ms)?;
        let misplaced = |_: ConfigurationError| Trouble::Unreachable;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(misplaced)?;
        let answered = request
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
            .request(&|request| self.send(request))
            .map_err(|fault| match fault {
                RequestTokenError::ServerResponse(_) => Trouble::Refused,
                RequestTokenError::Request(_) => Trouble::Unreachable,
                RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Trouble::unreadable(),
            })?;
        let token = answered.extra_fields().id_token().ok_or_else(Trouble::unreadable)?;
        let now = DateTime::<Utc>::from_timestamp_millis(now_ms).unwrap_or_default();
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || now);
        let claims = token.claims(&verifier, &Nonce::new(pending.nonce)).map_err(|fault| Trouble::of(&fault))?;
        Ok(claims.subject().as_str().to_owned())
    }
}
