//! Which request gets which answer, and what every answer says to a browser.

use std::net::IpAddr;

use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, StatusCode};

use super::origin::Origin;
use super::reply::{Refusal, Reply, empty, text};
use super::residue::Residue;
use super::{Zone, tokens};
use crate::exchange::Exchange;

const TOKENS: &str = "/v1/tokens";
const LIVEZ: &str = "/livez";

/// How long a browser may remember that it may post, in seconds.
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// On every answer: keep nothing, load nothing, embed nowhere, tell nobody where one came from.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 4] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// Answers one request.
pub(super) async fn answer<E: Exchange>(
    zone: &Zone<E>,
    request: Request<Incoming>,
    peer: IpAddr,
    posted: &Residue,
) -> Reply {
    let origin = zone.pay.of_request(request.headers());
    let mut reply = route(zone, request, peer, posted).await;
    let headers = reply.headers_mut();
    headers.extend(SECURITY_HEADERS);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    if origin == Origin::Pay {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, zone.pay.header());
    }
    reply
}

async fn route<E: Exchange>(
    zone: &Zone<E>,
    request: Request<Incoming>,
    peer: IpAddr,
    posted: &Residue,
) -> Reply {
    match (request.method(), request.uri().path()) {
        (&Method::POST, TOKENS) => match tokens::create(zone, request, peer, posted).await {
            Ok(reply) => reply,
            Err(refusal) => refusal.reply(),
        },
        (&Method::OPTIONS, TOKENS) => preflight(zone.pay.of_request(request.headers())),
        (&Method::GET | &Method::HEAD, LIVEZ) => text(StatusCode::OK, "ok\n"),
        (_, TOKENS) => wrong_method("POST, OPTIONS"),
        (_, LIVEZ) => wrong_method("GET, HEAD"),
        _ => text(StatusCode::NOT_FOUND, "Not found. There is no page here.\n"),
    }
}

/// A browser asks whether a page's script may post.
fn preflight(origin: Origin) -> Reply {
    if origin != Origin::Pay {
        return Refusal::Origin.reply();
    }
    let mut reply = empty(StatusCode::NO_CONTENT);
    let headers = reply.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE);
    reply
}

fn wrong_method(allowed: &'static str) -> Reply {
    let mut reply = text(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.\n");
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    reply
}
