//! A finished answer: what is sent, and what an idempotency key keeps.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use holdfast_core::file::{Bytes, File};
use serde::Serialize;

/// The status and the bytes of one answer of the API: JSON, but for the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: StatusCode,
    body: Vec<u8>,
    retry: Option<bool>,
    replayed: bool,
    /// What an idempotency key keeps instead of the body.
    kept: Option<Vec<u8>>,
    file: Option<FileHeaders>,
}

/// What the headers say of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileHeaders {
    media_type: &'static str,
    disposition: HeaderValue,
}

/// Tells the SDKs whether to repeat the request, against their rule of thumb.
pub const SHOULD_RETRY: &str = "stripe-should-retry";
/// Marks an answer that an earlier request with the same idempotency key produced.
pub const REPLAYED: &str = "idempotent-replayed";

/// When to come again, in seconds: a burst is over by then.
pub(crate) const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("1");

/// What a browser may do with a file that it shows after all: nothing.
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// What is answered instead of an object that could not be written.
const UNWRITTEN: &[u8] =
    br#"{"error":{"type":"api_error","message":"The answer cannot be told."}}"#;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl Reply {
    /// 200 with `object`, its fields in the order of their declaration.
    pub fn ok(object: &impl Serialize) -> Reply {
        match serde_json::to_vec(object) {
            Ok(body) => Reply::new(StatusCode::OK, body),
            // Wire types have text keys only, so writing them cannot fail; if it ever does, the
            // client must not take half an object for the answer.
            Err(error) => {
                tracing::error!(%error, "an object could not be written as JSON");
                Reply::new(StatusCode::INTERNAL_SERVER_ERROR, UNWRITTEN.to_vec())
            }
        }
    }

    /// An answer of finished JSON bytes.
    pub fn new(status: StatusCode, body: Vec<u8>) -> Reply {
        Reply { status, body, retry: None, replayed: false, kept: None, file: None }
    }

    /// The answer that was kept under an idempotency key, byte for byte.
    ///
    /// A kept 5xx says that it is not to be retried: the SDKs would repeat it with the same key
    /// and be given the same answer again.
    pub fn replayed(status: u16, body: Vec<u8>) -> Reply {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = status.is_server_error().then_some(false);
        Reply { status, body, retry, replayed: true, kept: None, file: None }
    }

    /// A file, to be saved and never to be shown: what was uploaded is not ours.
    pub(crate) fn file(file: &File, content: Bytes) -> Reply {
        let headers =
            FileHeaders { media_type: file.kind.media_type(), disposition: disposition(file) };
        Reply { file: Some(headers), ..Reply::new(StatusCode::OK, content.into_vec()) }
    }

    /// The same answer with `Stripe-Should-Retry`.
    #[must_use]
    pub fn with_retry(mut self, retry: bool) -> Reply {
        self.retry = Some(retry);
        self
    }

    /// The same answer, of which an idempotency key keeps `object` only: what is shown once is
    /// not shown again, and not stored.
    #[must_use]
    pub fn keeping(mut self, object: &impl Serialize) -> Reply {
        self.kept = serde_json::to_vec(object).ok();
        self
    }

    /// The same answer with another object for a body. What an idempotency key keeps instead of
    /// a body stays as it is.
    #[must_use]
    pub(crate) fn with_body(mut self, object: &impl Serialize) -> Reply {
        match serde_json::to_vec(object) {
            Ok(body) => self.body = body,
            Err(error) => tracing::error!(%error, "an object could not be written as JSON"),
        }
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The status and the JSON, as an idempotency key keeps them.
    pub fn into_kept(self) -> (u16, Vec<u8>) {
        (self.status.as_u16(), self.kept.unwrap_or(self.body))
    }
}

/// How a browser is to save a file: under its name, which came from outside (RFC 6266).
fn disposition(file: &File) -> HeaderValue {
    let ending = file.kind.name();
    let name = file.filename.clone().unwrap_or_else(|| format!("{}.{ending}", file.id));
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_. ".contains(char);
    let ascii: String = name.chars().map(|char| if plain(char) { char } else { '_' }).collect();
    let mut extended = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            extended.push(char::from(byte));
        } else {
            extended.push_str(&format!("%{byte:02X}"));
        }
    }
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{extended}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        if let Some(file) = self.file {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
            headers.insert(CONTENT_DISPOSITION, file.disposition);
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
        }
        if let Some(retry) = self.retry {
            let word = if retry { "true" } else { "false" };
            headers.insert(SHOULD_RETRY, HeaderValue::from_static(word));
            let is_busy = matches!(
                self.status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
            );
            if retry && is_busy {
                headers.insert(RETRY_AFTER, RETRY_AFTER_S);
            }
        }
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_replies() {
        let kept = |status| Reply::replayed(status, b"{}".to_vec());
        let table: &[(Reply, u16, Option<&str>, bool)] = &[
            (Reply::ok(&serde_json::json!({})), 200, None, false),
            (Reply::ok(&1).with_retry(true), 200, Some("true"), false),
            (kept(200), 200, None, true),
            (kept(402), 402, None, true),
            (kept(500), 500, Some("false"), true),
            (kept(9), 500, Some("false"), true),
        ];
        for (reply, status, retry, replayed) in table {
            let response = reply.clone().into_response();
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(response.status().as_u16(), *status);
            assert_eq!(header("content-type"), Some("application/json"));
            assert_eq!(header(SHOULD_RETRY), *retry);
            assert_eq!(header(REPLAYED).is_some(), *replayed);
        }
    }
}
