//! The API of one platform: what it is made of, and its router.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::http::{HeaderMap, StatusCode};
use holdfast_core::id::{ApiKeyId, PlatformId};
use holdfast_core::secret::Secret;
use holdfast_engine::Engine;
use holdfast_engine::rate_limit::{Limits, RateLimiter, Traffic, network};

use crate::auth::{Caller, KeyDigest, PresentedKey};
use crate::error::ApiError;
use crate::inbox::Inbox;
use crate::keys::KeyRing;
use crate::pipeline::in_flight::InFlight;
use crate::receipts::Receipts;

/// The API of one platform. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

/// What an API is made of.
pub struct ApiParts {
    /// Carries out commands and finds rows.
    pub engine: Engine,
    /// Whose API it is: nothing of another platform is ever found.
    pub platform: PlatformId,
    /// Keys of the installation itself, beside those that its platform makes through the API.
    pub keys: Vec<ApiKey>,
    /// The origin of the API itself, `http://127.0.0.1:4001`.
    pub origin: String,
    /// The origin of the pay pages, `http://127.0.0.1:4002`.
    pub pay_origin: String,
    /// Where the receipts of charges are.
    pub receipts: Receipts,
    /// The origin of the console, `http://127.0.0.1:4003`, where sellers' links lead.
    pub console_origin: String,
    /// Reads what processors send.
    pub inbox: Arc<dyn Inbox>,
    /// Makes a secret of 43 random letters and digits at each call.
    pub secrets: Arc<dyn Fn() -> String + Send + Sync>,
    /// How much one key may ask.
    pub limits: Limits,
}

/// A key that opens the API. Only its digest is kept.
pub struct ApiKey {
    /// The whole key, `sk_test_...` or `pk_test_...`.
    pub key: String,
}

struct Inner {
    engine: Engine,
    platform: PlatformId,
    keys: KeyRing,
    origin: String,
    pay_origin: String,
    receipts: Receipts,
    console_origin: String,
    inbox: Arc<dyn Inbox>,
    secrets: Arc<dyn Fn() -> String + Send + Sync>,
    limiter: RateLimiter<KeyDigest>,
    strangers: RateLimiter<IpAddr>,
    keyless: RateLimiter<IpAddr>,
    in_flight: InFlight,
    started: Instant,
}

impl Api {
    /// An API over an engine.
    pub fn new(parts: ApiParts) -> Api {
        let inner = Inner {
            keys: KeyRing::new(parts.platform, &parts.keys),
            engine: parts.engine,
            platform: parts.platform,
            origin: parts.origin,
            pay_origin: parts.pay_origin,
            receipts: parts.receipts,
            console_origin: parts.console_origin,
            inbox: parts.inbox,
            secrets: parts.secrets,
            limiter: RateLimiter::new(parts.limits),
            strangers: RateLimiter::new(Limits { reads: parts.limits.strangers, ..Limits::OFF }),
            keyless: RateLimiter::new(parts.limits.of_pages()),
            in_flight: InFlight::default(),
            started: Instant::now(),
        };
        Api { inner: Arc::new(inner) }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn platform(&self) -> PlatformId {
        self.inner.platform
    }

    pub(crate) fn origin(&self) -> &str {
        &self.inner.origin
    }

    pub(crate) fn pay_origin(&self) -> &str {
        &self.inner.pay_origin
    }

    pub(crate) fn receipts(&self) -> &Receipts {
        &self.inner.receipts
    }

    pub(crate) fn console_origin(&self) -> &str {
        &self.inner.console_origin
    }

    pub(crate) fn inbox(&self) -> &dyn Inbox {
        &*self.inner.inbox
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.inner.in_flight
    }

    /// A fresh secret.
    pub(crate) fn secret(&self) -> Secret {
        Secret::new((self.inner.secrets)())
    }

    /// Who calls, by the key in the headers. Whoever keeps trying keys that nobody has is told
    /// to stop, by its address; a good key is never in the way of that.
    pub(crate) async fn caller(
        &self,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<Caller, ApiError> {
        match self.known(headers).await {
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
                self.admit_stranger(peer)?;
                Err(error)
            }
            known => known,
        }
    }

    /// Counts a request that proved nothing.
    ///
    /// # Errors
    /// 429 `rate_limit`, not to be repeated.
    pub(crate) fn admit_stranger(&self, peer: Option<IpAddr>) -> Result<(), ApiError> {
        let Some(peer) = peer else { return Ok(()) };
        let admitted = self.inner.strangers.admit(network(peer), Traffic::Read, self.now_ms());
        admitted.map_err(|_| ApiError::too_many_strangers())
    }

    /// Counts a request for what is answered without a key.
    ///
    /// # Errors
    /// 429 `rate_limit`.
    pub(crate) fn admit_keyless(&self, peer: IpAddr, traffic: Traffic) -> Result<(), ApiError> {
        let admitted = self.inner.keyless.admit(network(peer), traffic, self.now_ms());
        admitted.map_err(|_| ApiError::rate_limited_address())
    }

    async fn known(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let presented = PresentedKey::of(headers)?;
        let record = self.inner.keys.find(&presented, &self.inner.engine).await?;
        // Keys end by the machine's clock: a sandbox whose clock was moved keeps its keys.
        presented.verified(record, self.inner.engine.system_now().seconds())
    }

    /// Makes the next request with a key look the key up again.
    pub(crate) fn forget_key(&self, id: ApiKeyId) {
        self.inner.keys.forget(id);
    }

    /// Counts one request of a caller.
    ///
    /// # Errors
    /// 429 `rate_limit` with `Stripe-Should-Retry: true`.
    pub(crate) fn admit(&self, caller: &Caller, traffic: Traffic) -> Result<(), ApiError> {
        let admitted = self.inner.limiter.admit(caller.key, traffic, self.now_ms());
        admitted.map_err(|_| ApiError::rate_limited())
    }

    /// Milliseconds since the start, of a clock that never goes back.
    fn now_ms(&self) -> u64 {
        u64::try_from(self.inner.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("platform", &self.inner.platform).finish_non_exhaustive()
    }
}
