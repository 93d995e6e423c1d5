//! The exchange with the sandbox network on this machine.
//!
//! The network knows cards by profile, so not even a published test number leaves this process:
//! the number is looked up in the table of test cards, and its row is what the network is told.

use std::io;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use super::test_cards::TestCards;
use super::{Exchange, ExchangeError, Exchanged, Token};
use crate::card::{Card, CardSummary};
use crate::number::CardNumber;

/// The sandbox network's token exchange.
pub struct SandboxExchange {
    client: Client,
    tokens_url: Url,
    authorization: HeaderValue,
    cards: TestCards,
    random: SystemRandom,
}

/// A buyer waits for it, before the payment itself begins.
pub(crate) const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Largest answer that is read. A token's answer has under 100 bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// 128 random bits never meet by chance.
const IDEMPOTENCY_KEY_BYTES: usize = 16;

/// What the network is told of a card.
#[derive(Serialize)]
struct TokenRequest<'a> {
    profile: &'a str,
    #[serde(flatten)]
    card: &'a CardSummary,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id: String,
}

impl SandboxExchange {
    /// Makes ready for the network at `network_url`, an `http://` origin on this machine.
    ///
    /// # Errors
    /// `InvalidInput` naming the setting that is wrong.
    pub fn new(network_url: &str, network_key: &str) -> io::Result<Self> {
        let tokens_url = loopback_url(network_url)?.join("/network/tokens");
        let authorization = HeaderValue::try_from(format!("Bearer {network_key}"));
        let mut authorization = authorization.map_err(|_| wrong("network_key"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            client: client()?,
            tokens_url: tokens_url.map_err(|_| wrong("network_url"))?,
            authorization,
            cards: TestCards::embedded().map_err(io::Error::other)?,
            random: SystemRandom::new(),
        })
    }

    async fn post(&self, body: Vec<u8>) -> Result<Token, ExchangeError> {
        let request = self.client.post(self.tokens_url.clone());
        let request = request
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(IDEMPOTENCY_KEY, self.idempotency_key()?)
            .body(body);
        let mut response = request.send().await.map_err(failure)?;
        if response.status() != 200 {
            return Err(ExchangeError::Unintelligible);
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if answer.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(ExchangeError::Unintelligible);
            }
            answer.extend_from_slice(&chunk);
        }
        let answer: TokenAnswer =
            serde_json::from_slice(&answer).map_err(|_| ExchangeError::Unintelligible)?;
        Token::parse(answer.id)
    }

    /// New for every card: the network wants one, but nothing is ever asked twice.
    fn idempotency_key(&self) -> Result<String, ExchangeError> {
        let mut bytes = [0; IDEMPOTENCY_KEY_BYTES];
        self.random.fill(&mut bytes).map_err(|_| ExchangeError::Unreachable)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Exchange for SandboxExchange {
    fn refusal(&self, number: &CardNumber) -> Option<&'static str> {
        let is_known = self.cards.find(number).is_some();
        (!is_known).then_some("This is not one of the published test numbers.")
    }

    async fn exchange(&self, card: Card) -> Result<Exchanged, ExchangeError> {
        let row = self.cards.find(&card.number).ok_or(ExchangeError::Unintelligible)?;
        let summary = card.summary(row.funding, row.country);
        // Wiped before anybody is asked: the network needs neither number nor code.
        drop(card);
        let request = TokenRequest { profile: row.profile, card: &summary };
        let body = serde_json::to_vec(&request).map_err(|_| ExchangeError::Unintelligible)?;
        let token = self.post(body).await?;
        Ok(Exchanged { token, card: summary })
    }
}

fn client() -> io::Result<Client> {
    // The network speaks plain HTTP on this machine. No certificate authority is trusted, so this
    // client cannot be made to speak with anybody else.
    let tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    );
    let tls = tls.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .timeout(EXCHANGE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        // A connection from a pool may turn out to be dead, and the request is then sent again.
        .pool_max_idle_per_host(0);
    client.build().map_err(io::Error::other)
}

fn loopback_url(network_url: &str) -> io::Result<Url> {
    let url = Url::parse(network_url).map_err(|_| wrong("network_url"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost",
    };
    if url.scheme() == "http" && is_loopback { Ok(url) } else { Err(wrong("network_url")) }
}

fn wrong(setting: &str) -> io::Error {
    let reason = match setting {
        "network_url" => "must be an http:// origin on this machine",
        _ => "must be visible ASCII characters",
    };
    io::Error::new(io::ErrorKind::InvalidInput, format!("card zone: {setting} {reason}"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failure(error: reqwest::Error) -> ExchangeError {
    if error.is_timeout() { ExchangeError::TimedOut } else { ExchangeError::Unreachable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_on_this_machine() {
        let check = |url: &str, is_right| {
            let exchange = SandboxExchange::new(url, "nk_1");
            assert_eq!(exchange.is_ok(), is_right, "{url}");
            if let Err(error) = exchange {
                assert!(error.to_string().contains("network_url"), "{error}");
            }
        };
        check("http://127.0.0.1:4004", true);
        check("http://127.0.0.1:4004/", true);
        check("http://[::1]:4004", true);
        check("http://localhost:4004", true);
        check("https://127.0.0.1:4004", false);
        check("http://192.0.2.1:4004", false);
        check("http://127.0.0.1.example.com", false);
        check("http://localhost.example.com", false);
        check("http://user@example.com", false);
        check("127.0.0.1:4004", false);
        check("", false);
    }

    #[test]
    fn the_key_fits_into_a_header() {
        let error = SandboxExchange::new("http://127.0.0.1:4004", "nk\n1").err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(message, "card zone: network_key must be visible ASCII characters");
    }
}
