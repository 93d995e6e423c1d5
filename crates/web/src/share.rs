//! How much of the pages one address may ask for.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use holdfast_engine::rate_limit::{Limits, RateLimited, RateLimiter, Traffic, network};

/// The address at the other end of a request's connection, which the server says: an extension of
/// the request. Without it nobody is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor(pub IpAddr);

/// Counts the requests of each address.
pub(crate) struct Shares {
    limiter: RateLimiter<IpAddr>,
    started: Instant,
}

impl Shares {
    /// A count by the limits of pages.
    pub(crate) fn new(limits: Limits) -> Shares {
        Shares { limiter: RateLimiter::new(limits.of_pages()), started: Instant::now() }
    }

    /// Counts a request.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), RateLimited> {
        let Some(Visitor(address)) = request.extensions().get::<Visitor>() else { return Ok(()) };
        let reads = [Method::GET, Method::HEAD].contains(request.method());
        let traffic = if reads { Traffic::Read } else { Traffic::Write };
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.limiter.admit(network(*address), traffic, now_ms)
    }
}

/// Gives each address its share of a router; whoever asks for more is answered 429.
pub fn shared<S: Clone + Send + Sync + 'static>(router: Router<S>, limits: Limits) -> Router<S> {
    router.layer(from_fn_with_state(Arc::new(Shares::new(limits)), counted))
}

async fn counted(State(shares): State<Arc<Shares>>, request: Request, next: Next) -> Response {
    match shares.admit(&request) {
        Ok(()) => next.run(request).await,
        Err(limited) => {
            let wait = [(RETRY_AFTER, HeaderValue::from(limited.retry_after_seconds))];
            let words = "Too many requests from your address. Try again in a moment.\n";
            (StatusCode::TOO_MANY_REQUESTS, wait, words).into_response()
        }
    }
}
