//! How much of the pages one address may ask for.

use std::net::IpAddr;
use std::time::Instant;

use axum::extract::Request;
use axum::http::Method;
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
