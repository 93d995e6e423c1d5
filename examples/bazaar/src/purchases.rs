//! The checkouts that this browser has begun, kept in a signed cookie.
//!
//! Whoever knows a checkout session's id could otherwise ask the shop for its orders, whose
//! addresses hold the buyer's access. The signature makes sure that this browser opened the session
//! here.

use ring::hmac;

use crate::signature::hex;

/// Checkout session ids, the latest first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Purchases(Vec<String>);

/// The key that signs the cookie.
pub(crate) struct PurchasesKey(hmac::Key);

/// Enough to find the last purchases again, few enough to ask the API about each when the page is
/// read.
const PURCHASES_MAX: usize = 12;

/// Stripe's session ids have 66 characters; room for longer ones.
const ID_CHARS_MAX: usize = 100;

impl PurchasesKey {
    /// Derives the key, so that a buyer's list survives a restart and the shop needs no further
    /// secret.
    pub(crate) fn derive(secret_key: &str) -> PurchasesKey {
        let parent = hmac::Key::new(hmac::HMAC_SHA256, secret_key.as_bytes());
        let derived = hmac::sign(&parent, b"bazaar purchases cookie, version 1");
        PurchasesKey(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }
}

impl Purchases {
    /// Reads `id.id.signature`; `None` where the signature is not ours.
    pub(crate) fn from_cookie(cookie: &str, key: &PurchasesKey) -> Option<Purchases> {
        let (list, signature) = cookie.rsplit_once('.')?;
        let signature = hex::decode(signature)?;
        hmac::verify(&key.0, list.as_bytes(), &signature).ok()?;
        let ids = list.split('.').filter(|id| is_session_id(id)).take(PURCHASES_MAX);
        Some(Purchases(ids.map(str::to_owned).collect()))
    }

    pub(crate) fn to_cookie(&self, key: &PurchasesKey) -> String {
        let list = self.0.join(".");
        let signature = hmac::sign(&key.0, list.as_bytes());
        format!("{list}.{}", hex::encode(signature.as_ref()))
    }

    /// Puts a session first. Answers whether it was there already. An id that is none is not kept.
    pub(crate) fn remember(&mut self, id: &str) -> bool {
        let known = self.contains(id);
        if is_session_id(id) {
            self.0.retain(|other| other != id);
            self.0.insert(0, id.to_owned());
            self.0.truncate(PURCHASES_MAX);
        }
        known
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|known| known == id)
    }

    pub(crate) fn ids(&self) -> &[String] {
        &self.0
    }
}

/// `cs_` and then letters, digits and underscores, so that it may stand in a path as it is.
pub(crate) fn is_session_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= ID_CHARS_MAX
        && text.strip_prefix("cs_").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_our_own_cookie_is_believed() {
        let key = PurchasesKey::derive("sk_test_1");
        let mut purchases = Purchases::default();
        assert!(!purchases.remember("cs_test_a"));
        assert!(!purchases.remember("cs_test_b"));
        assert!(purchases.remember("cs_test_a"));
        let cookie = purchases.to_cookie(&key);
        assert!(cookie.starts_with("cs_test_a.cs_test_b."));
        assert_eq!(Purchases::from_cookie(&cookie, &key), Some(purchases));

        let other = PurchasesKey::derive("sk_test_2");
        let longer = format!("cs_test_c.{cookie}");
        let unsigned = "cs_test_a.cs_test_b";
        for (cookie, key) in [
            (cookie.as_str(), &other),
            (&longer, &key),
            (&cookie[..cookie.len() - 1], &key),
            (&cookie[1..], &key),
            (unsigned, &key),
            ("", &key),
            (".", &key),
        ] {
            assert_eq!(Purchases::from_cookie(cookie, key), None, "{cookie}");
        }
    }

    #[test]
    fn the_list_is_bounded_and_holds_ids_only() {
        let mut purchases = Purchases::default();
        for number in 0..50 {
            purchases.remember(&format!("cs_test_{number}"));
        }
        assert_eq!(purchases.ids().len(), PURCHASES_MAX);
        assert_eq!(purchases.ids()[0], "cs_test_49");
        let long = format!("cs_{}", "a".repeat(98));
        for odd in ["", "cs_", "pi_1", "cs_a/../b", "cs_a.b", "cs_a b", &long] {
            purchases.remember(odd);
            assert!(!purchases.contains(odd), "{odd}");
        }
    }
}
