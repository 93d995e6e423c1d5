//! The API of one platform: what it is made of, and its router.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::http::HeaderMap;
use holdfast_core::id::PlatformId;
use holdfast_core::secret::Secret;
use holdfast_engine::Engine;

use crate::auth::{Caller, KeyDigest, KeyRecord, PresentedKey};
use crate::error::ApiError;
use crate::inbox::Inbox;
use crate::pipeline::in_flight::InFlight;
use crate::rate_limit::{Limits, RateLimiter, Traffic};

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
    /// The keys that open it.
    pub keys: Vec<ApiKey>,
    /// The origin of the pay pages, `http://127.0.0.1:4002`.
    pub pay_origin: String,
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
    keys: HashMap<KeyDigest, KeyRecord>,
    pay_origin: String,
    inbox: Arc<dyn Inbox>,
    secrets: Arc<dyn Fn() -> String + Send + Sync>,
    limiter: RateLimiter<KeyDigest>,
    in_flight: InFlight,
    started: Instant,
}

impl Api {
    /// An API over an engine.
    pub fn new(parts: ApiParts) -> Api {
        let platform = parts.platform.to_string();
        let record = |key: &ApiKey| {
            let digest = KeyDigest::of(&key.key);
            let (platform, scopes) = (platform.clone(), BTreeMap::new());
            (digest, KeyRecord { digest, platform, expires_at: None, scopes })
        };
        let inner = Inner {
            keys: parts.keys.iter().map(record).collect(),
            engine: parts.engine,
            platform: parts.platform,
            pay_origin: parts.pay_origin,
            inbox: parts.inbox,
            secrets: parts.secrets,
            limiter: RateLimiter::new(parts.limits),
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

    pub(crate) fn pay_origin(&self) -> &str {
        &self.inner.pay_origin
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

    /// Who calls, by the key in the headers.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let presented = PresentedKey::of(headers)?;
        let record = self.inner.keys.get(&presented.digest()).cloned();
        // Keys end by the machine's clock: a sandbox whose clock was moved keeps its keys.
        presented.verified(record, self.inner.engine.system_now().seconds())
    }

    /// Counts one request of a caller.
    pub(crate) fn admit(&self, caller: &Caller, traffic: Traffic) -> Result<(), ApiError> {
        let elapsed_ms = self.inner.started.elapsed().as_millis();
        let now_ms = u64::try_from(elapsed_ms).unwrap_or(u64::MAX);
        self.inner.limiter.admit(caller.key, traffic, now_ms)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("platform", &self.inner.platform).finish_non_exhaustive()
    }
}
