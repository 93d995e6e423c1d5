//! One exchange over HTTP, which may get no answer.

use std::sync::Once;
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// Longer than anything the program may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the same request is to come again, and it is said when.
    pub(crate) comes_again: bool,
    pub(crate) body: Vec<u8>,
}

/// There is no answer, or not all of it: what became of the request is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost;

/// A client that tries nothing again by itself.
pub(crate) fn client() -> Client {
    static TLS: Once = Once::new();
    // The client wants a provider even where everything is plain HTTP.
    TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .tls_certs_only([])
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, Lost> {
    let response = request.send().await.map_err(|_| Lost)?;
    let status = response.status().as_u16();
    let headers = response.headers();
    let is_wanted = headers.get("stripe-should-retry").is_some_and(|word| word == "true");
    let comes_again = is_wanted && headers.contains_key("retry-after");
    let body = response.bytes().await.map_err(|_| Lost)?.to_vec();
    Ok(Answer { status, comes_again, body })
}

impl Answer {
    pub(crate) fn is_ok(&self) -> bool {
        self.status == 200
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The JSON of an answer that must have one.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let json = serde_json::from_slice(&self.body);
        json.unwrap_or_else(|_| panic!("{} without JSON: {}", self.status, self.text()))
    }

    /// The JSON of a success.
    #[track_caller]
    pub(crate) fn object(&self) -> Value {
        assert!(self.is_ok(), "{}: {}", self.status, self.text());
        self.json()
    }
}
