//! Cross-origin requests: allowed only where a publishable key may be used.
//!
//! A browser holds publishable keys only, so every other operation stays closed to scripts of
//! other origins. No cookie ever counts here, so any origin may be named, without credentials.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue,
};
use axum::http::{Response, StatusCode};

/// How long a browser may remember the answer to its question, in seconds: five minutes.
const MAX_AGE_S: &str = "300";

/// Lets a script of another origin read this answer.
pub fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("Request-Id, Stripe-Should-Retry, Idempotent-Replayed");
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    let policy = HeaderValue::from_static("cross-origin");
    headers.insert("cross-origin-resource-policy", policy);
}

/// The answer to a browser's question before it sends a request (`OPTIONS`).
pub fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    open(headers);
    let methods = HeaderValue::from_static("GET, POST");
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    let allowed = HeaderValue::from_static(
        "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version",
    );
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_S));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_with_credentials() {
        let response = preflight();
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
    }
}
