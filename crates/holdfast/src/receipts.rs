//! The secrets in the addresses of receipts: made of the charge and a key of the installation, so
//! that none has to be kept, and charges from before there were receipts have one as well.

use std::fmt::Write as _;
use std::sync::Arc;

use holdfast_api::receipts::ReceiptSecrets;
use holdfast_core::secret::Secret;
use ring::hmac;

/// The secret of each charge's receipt, 256 bits in hexadecimal digits.
pub(crate) fn secrets(key: &str) -> ReceiptSecrets {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    Arc::new(move |charge| {
        let tag = hmac::sign(&key, format!("receipt {charge}").as_bytes());
        let mut secret = String::with_capacity(2 * tag.as_ref().len());
        for byte in tag.as_ref() {
            // Writing to a string cannot fail.
            let _ = write!(secret, "{byte:02x}");
        }
        Secret::new(secret)
    })
}

#[cfg(test)]
mod tests {
    use holdfast_core::id::{AttemptId, IdSource};

    use super::*;

    #[test]
    fn a_charge_has_one_secret_and_no_two_share_one() {
        let mut ids = IdSource::new(1_795_176_000_000, 7);
        let (one, other): (AttemptId, AttemptId) = (ids.make(), ids.make());
        let of = |key: &str, charge| secrets(key)(charge);
        assert_eq!(of("a", one), of("a", one), "also after a restart");
        assert_ne!(of("a", one), of("a", other));
        assert_ne!(of("a", one), of("b", one), "nobody without the key makes it");
        let secret = of("a", one);
        assert_eq!(secret.reveal().len(), 64);
        assert!(secret.reveal().bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
