//! The sandbox's card network, spoken to as a processor is.
//!
//! What an answer means is said in `classify`, at one place for all of them. How something is
//! asked is the effect's to say ([`Ask`]): the reference of each request is its idempotency key.

use std::time::Duration;

use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, HoldRequest, PayoutRequest, RefundRequest,
    SaveCardRequest, VerifyRequest,
};
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Url};

use crate::client::{self, SetupError};

use classify::{Doubt, Heard, How};
use question::Question;

mod classify;
mod decline;
mod dispute;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod kept_tests;
mod question;
#[cfg(test)]
mod tests;
mod wire;

/// How long one request may take when nothing else is configured.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may rest. Below the network's 120 s and the 60 s that are common
/// elsewhere: a connection that the other end closes as we use it is an unknown outcome.
const REST_MAX: Duration = Duration::from_secs(30);

/// How the network is reached.
#[derive(Clone, Debug)]
pub struct SandboxConnection {
    /// Its origin, as `http://127.0.0.1:4004`. Only http: the sandbox is on this machine, and is
    /// never linked to a real processor.
    pub network_url: String,
    /// The bearer key.
    pub network_key: Secret,
    /// How long one request may take, see [`TIMEOUT`].
    pub timeout: Duration,
}

/// The sandbox's card network.
#[derive(Clone)]
pub struct SandboxNetwork {
    client: reqwest::Client,
    origin: Url,
}

impl SandboxNetwork {
    /// A client of the network. Nothing is sent yet.
    ///
    /// # Errors
    /// `Address` and `Key` for a connection that cannot be.
    pub fn new(connection: &SandboxConnection) -> Result<SandboxNetwork, SetupError> {
        let origin = Url::parse(&connection.network_url).map_err(|_| SetupError::Address)?;
        let is_origin = origin.scheme() == "http"
            && origin.has_host()
            && origin.path() == "/"
            && origin.query().is_none()
            && origin.username().is_empty()
            && origin.password().is_none();
        if !is_origin {
            return Err(SetupError::Address);
        }
        let client = client::builder(connection.timeout)
            .default_headers(key_header(&connection.network_key)?)
            .pool_idle_timeout(REST_MAX)
            // No certificate is ever needed, and reading the system's takes time.
            .tls_certs_only([])
            .build()
            .map_err(|_| SetupError::Tls)?;
        Ok(SandboxNetwork { client, origin })
    }

    /// Asks for an authorization, or looks up what became of it.
    ///
    /// `NotFound` comes of [`Ask::Look`] only, and `NeverSent` of [`Ask::First`] only: after an
    /// earlier request that may have left, a connection that fails says nothing about that one.
    pub async fn authorize(&self, request: &AuthorizeRequest) -> AuthorizationOutcome {
        let question = Question::authorization(request);
        let heard = self.ask(request.ask, &question).await;
        let outcome = classify::authorization(request, &heard);
        conclude(&question, outcome).unwrap_or(AuthorizationOutcome::Unknown)
    }

    /// Asks a card's bank whether it may be kept, or looks up what it said. As [`Self::authorize`].
    pub async fn verify(&self, request: &VerifyRequest) -> VerificationOutcome {
        let question = Question::verification(request);
        let heard = self.ask(request.ask, &question).await;
        let outcome = classify::verification(&question, &heard);
        conclude(&question, outcome).unwrap_or(VerificationOutcome::Unknown)
    }

    /// Asks for a token of a card that lasts. Asking again is always safe: no money hangs on it.
    pub async fn save_card(&self, request: &SaveCardRequest) -> SaveOutcome {
        let question = Question::save(request);
        let heard = self.ask(request.ask, &question).await;
        let outcome = classify::saved_card(&question, &heard);
        conclude(&question, outcome).unwrap_or(SaveOutcome::Unknown)
    }

    /// Looks what stands behind a token of a card.
    pub async fn token(&self, token: &CardToken) -> TokenSeen {
        // The token grants a charge, so it goes where no log writes: not into the address.
        let body = question::token(token);
        let url = self.url(&["network", "tokens", "look"]);
        let request = self.client.post(url).header(CONTENT_TYPE, JSON).body(body);
        classify::token(client::exchange(request).await.ok())
    }

    /// Asks to take a part of an authorization, or looks up what became of it.
    ///
    /// A look that finds nothing is `Unknown`: only another request can make it a fact that the
    /// money is not taken, and that is the core's to decide.
    pub async fn capture(&self, request: &CaptureRequest) -> AskedOutcome {
        self.movement(request.ask, &Question::capture(request)).await
    }

    /// Asks to raise a hold, or to give up the question whether there is to be one, or looks up
    /// what became of that. Otherwise as [`Self::capture`].
    pub async fn change_hold(&self, request: &HoldRequest) -> AskedOutcome {
        self.movement(request.ask, &Question::hold(request)).await
    }

    /// Asks to give money back, held (a void) or taken (a refund), or looks up what became of it.
    /// Otherwise as [`Self::capture`].
    pub async fn refund(&self, request: &RefundRequest) -> AskedOutcome {
        self.movement(request.ask, &Question::refund(request)).await
    }

    /// Pays an account, or looks up what became of it. A look that finds nothing is `Unknown`.
    pub async fn payout(&self, request: &PayoutRequest) -> PayoutOutcome {
        let question = Question::payout(request);
        let heard = self.ask(request.ask, &question).await;
        let outcome = classify::payout(&question, &heard);
        conclude(&question, outcome).unwrap_or(PayoutOutcome::Unknown)
    }

    /// Tells the sandbox how far its clock is ahead of the system's. Whether its clock is now at
    /// least that far ahead: it is never moved back, and a late request finds it further already.
    pub async fn move_clock(&self, ahead: Span) -> bool {
        let body = question::clock(ahead);
        let request = self.client.post(self.url(&["clock"])).header(CONTENT_TYPE, JSON).body(body);
        let is_there = client::exchange(request).await.is_ok_and(|answer| {
            (200..300).contains(&answer.status) || classify::is_clock_ahead(&answer)
        });
        if !is_there {
            tracing::warn!(ahead_ms = ahead.ms(), "the sandbox's clock was not moved");
        }
        is_there
    }

    async fn movement(&self, ask: Ask, question: &Question<'_>) -> AskedOutcome {
        let heard = self.ask(ask, question).await;
        let outcome = classify::movement(question, &heard);
        conclude(question, outcome).unwrap_or(AskedOutcome::Unknown)
    }

    async fn ask(&self, ask: Ask, question: &Question<'_>) -> Heard {
        match ask {
            Ask::First => self.send(How::Sent, question).await,
            Ask::Look => self.look(question).await,
            Ask::Again => {
                let looked = self.look(question).await;
                if classify::is_never_received(&looked) {
                    self.send(How::SentAgain, question).await
                } else {
                    looked
                }
            }
        }
    }

    async fn send(&self, how: How, question: &Question<'_>) -> Heard {
        let request = self
            .client
            .post(self.url(&question.post_path()))
            .header(CONTENT_TYPE, JSON)
            .header("idempotency-key", question.reference.as_str())
            .body(question.body.clone());
        heard(how, request).await
    }

    async fn look(&self, question: &Question<'_>) -> Heard {
        let mut url = self.url(&["network", question.kind.plural()]);
        url.query_pairs_mut().append_pair("reference", &question.reference);
        heard(How::Looked, self.client.get(url)).await
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.origin.clone();
        // An address with a host always has segments; each is encoded on its own.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(path);
        }
        url
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

async fn heard(how: How, request: RequestBuilder) -> Heard {
    Heard { how, answer: client::exchange(request).await }
}

fn key_header(key: &Secret) -> Result<HeaderMap, SetupError> {
    let is_visible = key.reveal().bytes().all(|byte| byte.is_ascii_graphic());
    if key.reveal().is_empty() || !is_visible {
        return Err(SetupError::Key);
    }
    let bearer = format!("Bearer {}", key.reveal());
    let mut value = HeaderValue::from_str(&bearer).map_err(|_| SetupError::Key)?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}

/// Says in the log how it went: the reference and the reason, nothing that the network wrote.
fn conclude<T>(question: &Question<'_>, outcome: Result<T, Doubt>) -> Option<T> {
    let (reference, kind) = (&question.reference, question.kind.name());
    match outcome {
        Ok(outcome) => {
            tracing::debug!(%reference, kind, "the network's answer is certain");
            Some(outcome)
        }
        Err(doubt) => {
            tracing::warn!(%reference, kind, %doubt, "the outcome at the network is unknown");
            None
        }
    }
}
