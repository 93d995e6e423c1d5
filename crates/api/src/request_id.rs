//! `Request-Id: req_...`: the name of one request, on every answer and in the log.

use std::fmt;

use axum::http::HeaderValue;
use ring::rand::{SecureRandom, SystemRandom};

/// The name of one request: `req_` and 22 random digits and letters.
///
/// It names, it grants nothing. Clients send it back in `X-Stripe-Client-Telemetry` and quote it
/// when they ask for help.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(String);

/// 22 characters of 62 hold more than 128 bits, as the ids of objects do.
const CHARACTERS: usize = 22;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl RequestId {
    /// A name that no other request has.
    pub fn random() -> RequestId {
        let mut bytes = [0; CHARACTERS];
        if SystemRandom::new().fill(&mut bytes).is_err() {
            // Without randomness the name is useless but harmless; the request itself will meet
            // the same fault where it matters and say so.
            tracing::error!("the system gave no randomness for a request id");
        }
        let mut id = String::with_capacity(4 + CHARACTERS);
        id.push_str("req_");
        // The bias of the remainder does not matter: nobody has to be unable to guess it.
        id.extend(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte % 62)])));
        RequestId(id)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as the value of the `Request-Id` header.
    pub fn header_value(&self) -> HeaderValue {
        // Letters, digits and an underscore are always a valid header value.
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static("req_unknown"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_form_and_differ() {
        let one = RequestId::random();
        let other = RequestId::random();
        assert_ne!(one, other);
        let digits = one.as_str().strip_prefix("req_").unwrap();
        assert_eq!(digits.len(), CHARACTERS);
        assert!(digits.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(one.header_value().to_str().unwrap(), one.as_str());
    }
}
