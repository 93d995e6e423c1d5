//! What is said to those who come while there are too many, and how often it was said.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::headers::{REQUEST_ID, protect};
use crate::reply::RETRY_AFTER_S;
use crate::request_id::RequestId;

/// What monitors and balancers ask, and have to hear also while nobody else does.
const PROBES: [&str; 3] = ["/livez", "/readyz", "/metrics"];

static REFUSED: AtomicU64 = AtomicU64::new(0);

/// How many requests this process has refused because too many were there at once.
pub fn refused() -> u64 {
    REFUSED.load(Ordering::Relaxed)
}

pub(crate) fn count() {
    REFUSED.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn is_probe(path: &str) -> bool {
    PROBES.contains(&path)
}

/// An error object of the API: 503, to be repeated under the same key. Nothing was read of the
/// request, so that nothing is kept under its key either.
pub fn error() -> Response {
    let mut response = ApiError::unavailable().reply("").into_response();
    response.headers_mut().insert(REQUEST_ID, RequestId::random().header_value());
    protect(response.headers_mut());
    response
}

/// A page for people.
pub fn page() -> Response {
    let text = "Too many people are here at once. Please try again in a moment.\n";
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_S);
    protect(response.headers_mut());
    response
}
