//! The same request twice is one request.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::authorization::{AuthorizationIndex, MovementIndex};
use super::dispute::AnswerIndex;
use super::name::Name;
use super::payout::PayoutIndex;

/// What makes a request the one it is: a digest of its operation and its parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The fingerprint of an operation with these parameters.
    pub fn of(operation: &str, parameters: &[u8]) -> Fingerprint {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        digest.update(operation.as_bytes());
        digest.update(&[0]);
        digest.update(parameters);
        let mut half = [0; 16];
        half.copy_from_slice(&digest.finish().as_ref()[..16]);
        Fingerprint(u128::from_be_bytes(half))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Fingerprint).map_err(D::Error::custom)
    }
}

/// What marks a request: the key it came under and what it asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The `Idempotency-Key`.
    pub key: Box<str>,
    /// What was asked.
    pub fingerprint: Fingerprint,
}

/// What a key has made. The answer is rendered again from it, as it was told the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Token(Name),
    Authorization(AuthorizationIndex),
    Movement(MovementIndex),
    Answer(AnswerIndex),
    Saved(Name),
    Payout(PayoutIndex),
}

/// A used key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UsedKey {
    pub(super) fingerprint: Fingerprint,
    pub(super) made: Made,
}
