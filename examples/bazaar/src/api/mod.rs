//! The client of Holdfast's API: form bodies, a secret key, idempotency keys, deadlines, one retry.

mod error;
mod form;
mod objects;

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, redirect};
use serde::de::DeserializeOwned;

pub(crate) use error::ApiError;
pub(crate) use form::Form;
pub(crate) use objects::{Account, List, Order, OrderLine, Session, SessionStatus};

/// Calls the API with one secret key.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    authorization: HeaderValue,
}

/// One request, which may be sent twice.
struct Call<'a> {
    method: Method,
    url: String,
    body: String,
    idempotency_key: &'a str,
}

/// What the API answered: its status, its id for the request, and the body.
struct Answer {
    status: u16,
    request_id: Option<String>,
    body: Vec<u8>,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// For one attempt as a whole. Two attempts and the pause stay below the time a buyer waits for a
/// page.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// Long enough for a node to be replaced or for another request with the same key to end.
const RETRY_PAUSE: Duration = Duration::from_millis(400);

/// A page of a hundred orders takes about 200 KiB.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Longest request id that is shown to a buyer.
const REQUEST_ID_CHARS_MAX: usize = 80;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

impl Client {
    /// # Errors
    /// Where the key cannot stand in a header, or the TLS library cannot start.
    pub(crate) fn new(base: &str, secret_key: &str) -> Result<Client, String> {
        // Another part of the same process may have chosen a provider already; then that one
        // serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut authorization = HeaderValue::try_from(format!("Bearer {secret_key}"))
            .map_err(|_| "the secret key has characters that no key has".to_owned())?;
        authorization.set_sensitive(true);
        // No redirects and no proxy: the key goes to the address that the operator named, and only
        // there.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ATTEMPT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| format!("the HTTP client cannot start: {error}"))?;
        Ok(Client { http, base: base.to_owned(), authorization })
    }

    /// Reads `path` with the query that `form` spells.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &Form,
    ) -> Result<T, ApiError> {
        let url = format!("{}{path}?{}", self.base, form.encode());
        self.call(Call { method: Method::GET, url, body: String::new(), idempotency_key: "" }).await
    }

    /// Posts `form` to `path`. The same key with the same form does the thing once, however often
    /// it is sent.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &Form,
        idempotency_key: &str,
    ) -> Result<T, ApiError> {
        let url = format!("{}{path}", self.base);
        self.call(Call { method: Method::POST, url, body: form.encode(), idempotency_key }).await
    }

    async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, ApiError> {
        let answer = match self.attempt(&call).await {
            Err(error) if error.is_transient() => {
                tracing::info!(%error, "asking the API once more");
                tokio::time::sleep(RETRY_PAUSE).await;
                self.attempt(&call).await
            }
            first => first,
        };
        let answer = answer.inspect_err(|error| tracing::warn!(%error, "the API did not help"))?;
        serde_json::from_slice(&answer.body).map_err(|error| {
            tracing::error!(%error, "the API's answer is not what was expected");
            ApiError::Unreadable { request_id: answer.request_id }
        })
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Answer, ApiError> {
        let answer = self.exchange(call).await.map_err(|error| {
            // The chain names the cause; the address is the operator's own and holds no query of a
            // POST.
            tracing::debug!(error = &error as &dyn std::error::Error, "no answer from the API");
            ApiError::Unreachable
        })?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(ApiError::refused(status, answer.request_id, &answer.body)),
        }
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<Answer, reqwest::Error> {
        let mut request = self
            .http
            .request(call.method.clone(), &call.url)
            .header(AUTHORIZATION, self.authorization.clone());
        if call.method == Method::POST {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(IDEMPOTENCY_KEY, call.idempotency_key)
                .body(call.body.clone());
        }
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let request_id = request_id(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                // What is left cannot be parsed, and the caller hears that it was unreadable.
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, request_id, body })
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (id.len() <= REQUEST_ID_CHARS_MAX && id.bytes().all(plain)).then(|| id.to_owned())
}
