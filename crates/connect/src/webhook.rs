//! Posts events to the platform's receivers.
//!
//! The address is the platform's to choose, so it may not lead into the network that Holdfast
//! itself stands in: see [`AddressPolicy`].

use std::error::Error;
use std::time::Duration;

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::id::EventId;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};

use crate::client::{self, SetupError};

use address::is_public;
use names::{Forbidden, Names};

mod address;
mod names;
#[cfg(test)]
mod tests;

/// How long one delivery may take when nothing else is configured.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may rest. Receivers are of all kinds; those that close resting
/// connections first do so after five seconds.
const REST_MAX: Duration = Duration::from_secs(2);
/// How many connections to one receiver may rest.
const RESTING_MAX: usize = 8;
/// How much of a receiver's answer is read, so that its connection may be used again.
const BODY_MAX: usize = 64 * 1024;
/// How long that may take. The status has said everything already.
const BODY_DEADLINE: Duration = Duration::from_secs(1);

/// Where events may be posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressPolicy {
    /// Anywhere: the example shop and a developer's own program are on this machine.
    AnyForSandbox,
    /// Only to addresses of the public internet. A name is resolved once for each connection, all
    /// its addresses are checked, and the connection goes to one of those: a name that answers
    /// differently a moment later gains nothing. Only by https, and not to the ports of other
    /// services.
    PublicOnly,
}

/// Whether events may be posted without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    /// To programs on this machine.
    Any,
    /// Over the internet.
    TlsOnly,
}

/// Ports of other services: what is posted there could be taken for their commands. Those below
/// 1024 are all refused but the two of the web; these are the common ones above.
const FOREIGN_PORTS: [u16; 20] = [
    1433, 1521, 2049, 2375, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 6379, 6443, 9042, 9092,
    9200, 10250, 11211, 27017,
];

/// A receiver, and what goes with the event.
#[derive(Clone, Debug)]
pub struct WebhookTarget {
    /// The event, for the log.
    pub event: EventId,
    /// Where to: http or https, any port but 0.
    pub url: String,
    /// The value of the header `Stripe-Signature`, computed over the body that is posted.
    pub signature: String,
}

/// Posts events, over one pool of connections.
#[derive(Clone)]
pub struct WebhookSender {
    client: reqwest::Client,
    policy: AddressPolicy,
    transport: Transport,
}

impl WebhookSender {
    /// A sender; `timeout` is for one delivery, see [`TIMEOUT`]. Nothing is sent yet.
    ///
    /// # Errors
    /// `Tls` for [`AddressPolicy::PublicOnly`] on a system without root certificates. In the
    /// sandbox such a system can deliver to http alone.
    pub fn new(policy: AddressPolicy, timeout: Duration) -> Result<WebhookSender, SetupError> {
        let names = match policy {
            AddressPolicy::AnyForSandbox => None,
            AddressPolicy::PublicOnly => {
                Some(Names { lookup: names::system(), is_allowed: is_public })
            }
        };
        let transport = match policy {
            AddressPolicy::AnyForSandbox => Transport::Any,
            AddressPolicy::PublicOnly => Transport::TlsOnly,
        };
        let sender = WebhookSender::with_names(policy, timeout, names.as_ref())?;
        Ok(WebhookSender { transport, ..sender })
    }

    /// Posts `body`, JSON, and tells what the receiver's status says. Redirects are not followed;
    /// what the receiver writes is not looked at.
    ///
    /// An address that may not be posted to, or is none, is `Refused` without a status.
    pub async fn deliver(&self, target: &WebhookTarget, body: &[u8]) -> DeliveryOutcome {
        let event = target.event;
        match self.post(target, body).await {
            Ok(status) => {
                tracing::debug!(%event, status, "a receiver answered");
                outcome(status)
            }
            Err(undelivered) => {
                tracing::warn!(%event, reason = undelivered.reason(), "not delivered");
                DeliveryOutcome::Refused { status: None }
            }
        }
    }

    async fn post(&self, target: &WebhookTarget, body: &[u8]) -> Result<u16, Undelivered> {
        let url = check(&target.url, self.policy, self.transport)?;
        let mut signature =
            HeaderValue::from_str(&target.signature).map_err(|_| Undelivered::Malformed)?;
        signature.set_sensitive(true);
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("stripe-signature", signature)
            .body(body.to_vec());
        let response = request.send().await.map_err(|error| undelivered(&error))?;
        let status = response.status().as_u16();
        // Whatever comes of it: an unread rest only closes the connection.
        let _ = tokio::time::timeout(BODY_DEADLINE, drain(response)).await;
        Ok(status)
    }

    fn with_names(
        policy: AddressPolicy,
        timeout: Duration,
        names: Option<&Names>,
    ) -> Result<WebhookSender, SetupError> {
        let builder = || {
            let builder = client::builder(timeout)
                .pool_idle_timeout(REST_MAX)
                .pool_max_idle_per_host(RESTING_MAX);
            match names {
                Some(names) => builder.dns_resolver(names.clone()),
                None => builder,
            }
        };
        let client = match (builder().build(), policy) {
            (Ok(client), _) => client,
            (Err(_), AddressPolicy::AnyForSandbox) => {
                tracing::warn!("no root certificates: events cannot be posted to https addresses");
                builder().tls_certs_only([]).build().map_err(|_| SetupError::Tls)?
            }
            (Err(_), AddressPolicy::PublicOnly) => return Err(SetupError::Tls),
        };
        Ok(WebhookSender { client, policy, transport: Transport::Any })
    }
}

/// Why nothing was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undelivered {
    /// The address or the signature is none.
    Malformed,
    /// The address is not one that may be posted to.
    Forbidden,
    /// The address is not one of https, or has a user, or the port of another service.
    Unsuitable,
    /// No connection, or no answer on it.
    NoAnswer,
}

impl Undelivered {
    fn reason(self) -> &'static str {
        match self {
            Undelivered::Malformed => "the address or the signature is malformed",
            Undelivered::Forbidden => "the address is not public",
            Undelivered::Unsuitable => "the address is not one that receivers may have",
            Undelivered::NoAnswer => "there was no answer",
        }
    }
}

fn outcome(status: u16) -> DeliveryOutcome {
    match status {
        200..=299 => DeliveryOutcome::Accepted { status },
        _ => DeliveryOutcome::Refused { status: Some(status) },
    }
}

/// Reads the address, and checks it as far as it is a number. `Url` has by then understood every
/// spelling of a number that a resolver would: octal, hexadecimal, one single number, other
/// scripts' digits. Names are checked as they are resolved.
fn check(url: &str, policy: AddressPolicy, transport: Transport) -> Result<Url, Undelivered> {
    let url = Url::parse(url).map_err(|_| Undelivered::Malformed)?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
    let host = host.ok_or(Undelivered::Malformed)?;
    let port = url.port_or_known_default().filter(|port| *port != 0);
    let port = port.ok_or(Undelivered::Malformed)?;
    let number = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').parse();
    match policy {
        AddressPolicy::AnyForSandbox => return Ok(url),
        AddressPolicy::PublicOnly if number.is_ok_and(|number| !is_public(number)) => {
            return Err(Undelivered::Forbidden);
        }
        AddressPolicy::PublicOnly => {}
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_foreign = FOREIGN_PORTS.contains(&port) || (port < 1024 && ![80, 443].contains(&port));
    let is_plain = transport == Transport::TlsOnly && url.scheme() != "https";
    if has_user || is_foreign || is_plain {
        return Err(Undelivered::Unsuitable);
    }
    Ok(url)
}

fn undelivered(error: &reqwest::Error) -> Undelivered {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<Forbidden>() {
            return Undelivered::Forbidden;
        }
        source = cause.source();
    }
    Undelivered::NoAnswer
}

async fn drain(mut response: reqwest::Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > BODY_MAX {
            return;
        }
    }
}
