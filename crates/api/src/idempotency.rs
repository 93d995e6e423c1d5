//! Idempotency keys: a request repeated under one key is done once and answered the same.
//!
//! The engine keeps, in the commit that carries out the request, the fingerprint and the answer
//! under the key; here is what a key may be, what counts as the same request, and what follows
//! from what is found. Keys live at least 24 hours.

use axum::http::{HeaderMap, Method, StatusCode};

use crate::codes;
use crate::digest::{hex, sha256_of_parts, unhex};
use crate::error::ApiError;
use crate::headers::{IDEMPOTENCY_KEY, single};
use crate::params::Params;
use crate::reply::Reply;

/// A client's name for one request, 1 to 255 visible ASCII characters. It is unique within its
/// platform, seller and mode.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

/// What makes two requests the same: the method, the path and the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// What is kept under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The first request is still being worked on.
    InFlight(Fingerprint),
    /// The first request has been answered.
    Answered {
        /// Of the first request.
        fingerprint: Fingerprint,
        /// The status it was answered with.
        status: u16,
        /// The JSON it was answered with.
        body: Vec<u8>,
    },
}

/// What to do with a request that has a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Carry it out, and keep its answer under the key.
    Execute,
    /// Answer what was answered before.
    Replay(Reply),
    /// Answer that it cannot be.
    Refuse(ApiError),
}

/// The longest key, in characters: the dialect's own limit.
pub const KEY_CHARS_MAX: usize = 255;

impl IdempotencyKey {
    /// The key of a request, if it has one. `GET` and `DELETE` are idempotent without, and the
    /// dialect ignores a key there.
    ///
    /// # Refusals
    /// 400 `idempotency_key_invalid`: empty, above 255 characters, or not visible ASCII.
    pub fn of(method: &Method, headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ApiError> {
        if method != Method::POST {
            return Ok(None);
        }
        let Some(text) = single(headers, &IDEMPOTENCY_KEY)? else { return Ok(None) };
        if text.is_empty() || text.len() > KEY_CHARS_MAX {
            let message = format!("An Idempotency-Key has 1 to {KEY_CHARS_MAX} characters.");
            return Err(ApiError::invalid(codes::IDEMPOTENCY_KEY_INVALID, message));
        }
        Ok(Some(IdempotencyKey(text.into())))
    }

    /// The key as the client wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that the key has within its platform: the same key of another mode, or in the name
    /// of another seller, is another key.
    pub fn scoped(&self, livemode: bool, account: Option<&str>) -> String {
        let mode = if livemode { "live" } else { "test" };
        format!("{mode}:{}:{}", account.unwrap_or_default(), self.0)
    }
}

impl Fingerprint {
    /// The fingerprint of a request. `path` without the query, whose parameters are in `params`.
    pub fn of(method: &Method, path: &str, params: &Params) -> Fingerprint {
        let digest = params.digest();
        let domain = b"holdfast idempotency 1";
        let parts = [domain.as_slice(), method.as_str().as_bytes(), path.as_bytes(), &digest];
        Fingerprint(sha256_of_parts(parts))
    }

    /// The fingerprint as it is stored: 64 hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Reads a stored fingerprint.
    pub fn from_hex(text: &str) -> Option<Fingerprint> {
        unhex(text)?.try_into().ok().map(Fingerprint)
    }
}

/// Decides by what is kept under the key.
///
/// Another request under the same key is refused first, whether or not the first one is done: the
/// SDKs repeat a 409 for as long as they are told to, and this will never succeed.
pub fn decide(fingerprint: Fingerprint, kept: Option<Kept>) -> Verdict {
    match kept {
        None => Verdict::Execute,
        Some(Kept::InFlight(first) | Kept::Answered { fingerprint: first, .. })
            if first != fingerprint =>
        {
            Verdict::Refuse(ApiError::idempotency_mismatch())
        }
        Some(Kept::InFlight(_)) => Verdict::Refuse(ApiError::idempotency_in_flight()),
        Some(Kept::Answered { status, body, .. }) => Verdict::Replay(Reply::replayed(status, body)),
    }
}

/// Whether an answer is kept under its key, once the parameters were read and found right.
///
/// What says nothing about the request itself is not kept: that the caller is unknown, too fast or
/// in another's way, or that the server cannot work now. Such a request has changed nothing, and
/// its repetition must be carried out. Everything else is kept, a decline and a 500 as well: once
/// execution began, only the first answer is the truth.
pub fn is_kept(status: StatusCode) -> bool {
    !matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(method: &Method, path: &str, body: &str) -> Fingerprint {
        Fingerprint::of(method, path, &Params::decode(None, body.as_bytes()).unwrap())
    }

    #[test]
    fn keys_and_their_bounds() {
        let (longest, longer) = ("k".repeat(255), "k".repeat(256));
        let table: &[(Method, &str, Result<bool, &str>)] = &[
            (Method::POST, "7d3a0b6e-5f39-4b8a-9d53-0c8a7c1d2e3f", Ok(true)),
            (Method::POST, "stripe-node-retry-1", Ok(true)),
            (Method::POST, &longest, Ok(true)),
            (Method::POST, &longer, Err("idempotency_key_invalid")),
            (Method::POST, "", Err("idempotency_key_invalid")),
            (Method::POST, "clé", Err("invalid_characters")),
            (Method::GET, &longer, Ok(false)),
            (Method::DELETE, "a", Ok(false)),
        ];
        for (method, key, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(IDEMPOTENCY_KEY, key.parse().unwrap());
            let found = IdempotencyKey::of(method, &headers);
            let shown = found.as_ref().map(Option::is_some).map_err(|e| e.code().unwrap());
            assert_eq!(shown, *expected, "{method} {key}");
            if let Ok(Some(found)) = found {
                assert_eq!(found.as_str(), *key);
            }
        }
        assert_eq!(IdempotencyKey::of(&Method::POST, &HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn keys_have_a_scope() {
        let key = IdempotencyKey("k".into());
        assert_eq!(key.scoped(false, None), "test::k");
        assert_eq!(key.scoped(true, Some("acct_1")), "live:acct_1:k");
    }

    #[test]
    fn fingerprints_tell_requests_apart() {
        let first = print(&Method::POST, "/v1/refunds", "amount=1&charge=ch_1");
        assert_eq!(first, print(&Method::POST, "/v1/refunds", "charge=ch_1&amount=1"));
        for other in [
            print(&Method::POST, "/v1/refunds", "amount=2&charge=ch_1"),
            print(&Method::POST, "/v1/refunds", "amount=1&charge=ch_1&x=1"),
            print(&Method::POST, "/v1/charges", "amount=1&charge=ch_1"),
            print(&Method::DELETE, "/v1/refunds", "amount=1&charge=ch_1"),
        ] {
            assert_ne!(first, other);
        }
        assert_eq!(Fingerprint::from_hex(&first.to_hex()), Some(first));
        assert_eq!(Fingerprint::from_hex("00"), None);
    }

    #[test]
    fn the_decision_table() {
        let (mine, others) = (Fingerprint([1; 32]), Fingerprint([2; 32]));
        let answered = |fingerprint, status: u16| {
            Some(Kept::Answered { fingerprint, status, body: b"{}".to_vec() })
        };
        let replay = |status| Verdict::Replay(Reply::replayed(status, b"{}".to_vec()));
        let mismatch = || Verdict::Refuse(ApiError::idempotency_mismatch());
        let table = [
            (None, Verdict::Execute),
            (Some(Kept::InFlight(mine)), Verdict::Refuse(ApiError::idempotency_in_flight())),
            (Some(Kept::InFlight(others)), mismatch()),
            (answered(mine, 200), replay(200)),
            (answered(mine, 402), replay(402)),
            (answered(mine, 500), replay(500)),
            (answered(others, 200), mismatch()),
            (answered(others, 500), mismatch()),
        ];
        for (kept, verdict) in table {
            assert_eq!(decide(mine, kept.clone()), verdict, "{kept:?}");
        }
    }

    #[test]
    fn what_is_kept() {
        let kept = [200, 400, 402, 403, 404, 500];
        let not_kept = [401, 408, 409, 413, 429, 503];
        for (statuses, expected) in [(kept, true), (not_kept, false)] {
            for status in statuses {
                assert_eq!(is_kept(StatusCode::from_u16(status).unwrap()), expected, "{status}");
            }
        }
    }
}
