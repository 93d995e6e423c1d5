//! The routes, and what every request goes through before and after them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::config::authority;
use crate::pages::{self, Trouble};
use crate::shop::Shop;
use crate::visit::Visit;
use crate::{checkout, webhooks};

/// The largest form is a product and a quantity, or an e-mail address.
const FORM_BYTES_MAX: usize = 4 * 1024;

/// Above the time of two attempts at the API; a request that takes longer is given up.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// No script, no frame, nothing from anywhere else.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `same-origin` rather than `no-referrer`: with the latter, browsers send `Origin: null` with the
/// shop's own forms.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // A page shows this buyer's basket and language: no cache may keep it.
    (header::CACHE_CONTROL, "no-store"),
];

const WEBHOOKS: &str = "/webhooks";

/// All routes of the shop.
pub(crate) fn router(shop: Arc<Shop>) -> Router {
    let webhooks = get(pages::webhooks::show)
        .post(webhooks::receive)
        .layer(DefaultBodyLimit::max(webhooks::EVENT_BYTES_MAX));
    Router::new()
        .route("/", get(pages::catalogue::show))
        .route("/products/{slug}", get(pages::product::show))
        .route("/basket", get(pages::basket::show))
        .route("/basket/add", post(pages::basket::add).get(to_basket))
        .route("/basket/change", post(pages::basket::change).get(to_basket))
        .route("/basket/remove", post(pages::basket::remove).get(to_basket))
        .route("/checkout", post(checkout::begin).get(to_basket))
        .route("/thanks", get(pages::thanks::show))
        .route("/orders", get(pages::orders::show))
        .route(WEBHOOKS, webhooks)
        .route("/assets/{name}", get(pages::assets::show))
        .route("/livez", get(async || "ok\n"))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&shop), guard))
        .with_state(shop)
}

/// Whoever reloads the answer of a form by its address wants to see the basket.
async fn to_basket() -> Redirect {
    Redirect::to("/basket")
}

async fn not_found(visit: Visit) -> Response {
    visit.trouble(&Trouble::NotFound)
}

async fn guard(State(shop): State<Arc<Shop>>, request: Request, next: Next) -> Response {
    let mut response = if let Some(address) = own_address(&request, &shop) {
        Redirect::temporary(&address).into_response()
    } else if is_from_elsewhere(&request) {
        refuse(shop, request).await
    } else {
        match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "This took too long.\n").into_response(),
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn refuse(shop: Arc<Shop>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visit::from_request_parts(&mut parts, &shop).await {
        Ok(visit) => visit.trouble(&Trouble::OtherSite),
        Err(status) => status.into_response(),
    }
}

/// Where to go instead, for someone who typed `localhost` while the shop calls itself `127.0.0.1`,
/// or the other way round: the pay page sends buyers back to the shop's own address, and cookies
/// set under the other name would be missing there.
fn own_address(request: &Request, shop: &Shop) -> Option<String> {
    let own = authority(&shop.config.origin);
    let (host, port) = split_port(request.headers().get(header::HOST)?.to_str().ok()?);
    let (own_host, own_port) = split_port(own);
    let twin = is_loopback(host) && is_loopback(own_host) && host != own_host && port == own_port;
    let path = request.uri().path_and_query()?;
    (twin && request.method() == Method::GET).then(|| format!("{}{path}", shop.config.origin))
}

fn split_port(authority: &str) -> (&str, &str) {
    authority.rsplit_once(':').unwrap_or((authority, ""))
}

fn is_loopback(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].contains(&host)
}

/// Whether a form was sent by a page of another site. Webhooks prove themselves by their signature.
fn is_from_elsewhere(request: &Request) -> bool {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let excepted = reads || request.uri().path() == WEBHOOKS;
    !excepted && is_foreign_form(request.headers())
}

/// Browsers tell by `Sec-Fetch-Site`, or at least by `Origin`; what sends neither is no browser,
/// and has no buyer's cookies to abuse.
fn is_foreign_form(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site != "same-origin" && site != "none",
        (None, Some(origin)) => Some(authority(origin)) != text("host"),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn forms_of_other_sites_are_found() {
        let table = [
            (None, None, false),
            (Some("same-origin"), None, false),
            (Some("none"), None, false),
            (Some("same-site"), None, true),
            (Some("cross-site"), Some("http://shop.example"), true),
            (None, Some("http://shop.example"), false),
            (None, Some("https://shop.example"), false),
            (None, Some("http://shop.example:81"), true),
            (None, Some("https://evil.example"), true),
            (None, Some("null"), true),
            (None, Some(""), true),
        ];
        for (site, origin, foreign) in table {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("shop.example"));
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            assert_eq!(is_foreign_form(&headers), foreign, "{site:?} {origin:?}");
        }
    }
}
