//! Who may ask, and what every answer's headers say.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use subtle::ConstantTimeEq as _;

use super::reply::Reply;
use crate::world::World;

/// Marks an answer as a page, and says where its forms may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Forms lead to the sandbox itself.
    Own,
    /// Forms lead to the sandbox, which then sends the cardholder back to this origin. Browsers
    /// hold a form's redirects against the policy too.
    AndBackTo(String),
}

/// Lets a request through that brings the network's key.
pub(super) async fn require_key(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    let given = given.and_then(|given| given.as_bytes().strip_prefix(b"Bearer "));
    let expected = world.config.network_key.as_bytes();
    if given.is_some_and(|given| bool::from(given.ct_eq(expected))) {
        return next.run(request).await;
    }
    Reply::error(401, "unauthorized", "the bearer key is not the network's").into_response()
}

/// Puts the headers on every answer, errors included.
pub(super) async fn set_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let page = response.extensions_mut().remove::<Page>();
    let form_action = match page {
        None => "'none'".to_owned(),
        Some(Page::Own) => "'self'".to_owned(),
        Some(Page::AndBackTo(origin)) => format!("'self' {origin}"),
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action {form_action}"
    );
    page_headers(response.headers_mut(), &policy);
    response
}

/// The headers that every answer has.
fn page_headers(headers: &mut HeaderMap, policy: &str) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With `no-referrer` browsers would send forms without their origin.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let cache = header::CACHE_CONTROL;
    headers.entry(cache).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
