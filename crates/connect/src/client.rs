//! What all HTTP clients of this crate share.

use std::fmt;
use std::time::Duration;

use reqwest::{ClientBuilder, RequestBuilder};

use crate::tls;

/// How long to wait for a connection. Whoever does not take one within two seconds is not there,
/// and no byte of a request has left.
const CONNECT_DEADLINE: Duration = Duration::from_secs(2);
/// The largest answer that is read: many times the largest object of any party.
const BODY_MAX: usize = 64 * 1024;
/// Who we are, to the parties that log it.
const USER_AGENT: &str = "Holdfast/1.0";

/// Why a party cannot be set up. It is a mistake of the configuration or of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupError {
    /// The party's address is not an origin that this party can have.
    Address,
    /// The key is empty, or has characters that no HTTP header may have.
    Key,
    /// The system has no root certificates, or no TLS.
    Tls,
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SetupError::Address => "the address must be like http://127.0.0.1:4004",
            SetupError::Key => "the key must be of visible ASCII characters, at least one",
            SetupError::Tls => "TLS cannot be set up: the system has no root certificates",
        })
    }
}

impl std::error::Error for SetupError {}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// There was no connection: not a byte of the request has left.
    NeverSent,
    /// The request may have arrived.
    NoAnswer,
}

/// The common settings: `deadline` is for the whole exchange, from the connection to the last byte.
///
/// The transport itself tries nothing again, with one exception that it does not let us switch
/// off: a request of which no byte was written, because a resting connection turned out to be
/// closed, goes out over a new one.
pub(crate) fn builder(deadline: Duration) -> ClientBuilder {
    tls::install();
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        // Always before the whole deadline, which cannot tell whether something was sent.
        .connect_timeout(CONNECT_DEADLINE.min(deadline / 2))
        .timeout(deadline)
}

/// Sends a request and reads the whole answer, of at most 64 KiB.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, Lost> {
    let mut response = request.send().await.map_err(|error| {
        // Covers refused and timed-out connections, names without an address, and failed TLS
        // handshakes. A deadline that passes later, or any break, says nothing of that kind.
        if error.is_connect() { Lost::NeverSent } else { Lost::NoAnswer }
    })?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Lost::NoAnswer)? {
        if body.len() + chunk.len() > BODY_MAX {
            return Err(Lost::NoAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}
