//! Whether a webhook is Holdfast's: the `Stripe-Signature` header over the bytes as they came.

use ring::hmac;

/// Why a webhook was not believed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignatureError {
    /// The shop was given no secret, so nobody could have signed.
    NoSecret,
    /// The header is missing or is not `t=...,v1=...`.
    Malformed,
    /// Signed longer ago than the tolerance: perhaps recorded and sent again.
    Stale,
    /// None of the signatures is right.
    Mismatch,
}

/// How old a signature may be, in seconds; the value of the official client libraries.
const TOLERANCE_S: u64 = 300;

/// Signatures looked at in one header. There are two while a secret is replaced.
const SIGNATURES_MAX: usize = 8;

/// Checks `t=<unix seconds>,v1=<hex>[,v1=<hex>...]` where a signature is the HMAC-SHA256 of
/// `t.body`.
///
/// `now_s` is the time in unix seconds. A time of signing in the future is fine, as it is for the
/// official libraries: clocks differ, and a signature cannot be replayed before it was made.
pub(crate) fn verify(
    header: &str,
    body: &[u8],
    secret: &str,
    now_s: u64,
) -> Result<(), SignatureError> {
    if secret.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let signed_at = parts().find(|(key, _)| *key == "t").map(|(_, value)| value);
    let signed_at = signed_at.ok_or(SignatureError::Malformed)?;
    let signed_at_s: u64 = signed_at.parse().map_err(|_| SignatureError::Malformed)?;

    let mut payload = format!("{signed_at}.").into_bytes();
    payload.extend_from_slice(body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut signatures = parts().filter(|(key, _)| *key == "v1").take(SIGNATURES_MAX).peekable();
    if signatures.peek().is_none() {
        return Err(SignatureError::Malformed);
    }
    // `hmac::verify` takes the same time wherever the first wrong byte is.
    let right = signatures.any(|(_, signature)| {
        hex::decode(signature).is_some_and(|tag| hmac::verify(&key, &payload, &tag).is_ok())
    });
    if !right {
        return Err(SignatureError::Mismatch);
    }
    if now_s.saturating_sub(signed_at_s) > TOLERANCE_S {
        return Err(SignatureError::Stale);
    }
    Ok(())
}

/// Bytes as hexadecimal digits in lower case, and back.
pub(crate) mod hex {
    /// Two digits for each byte.
    pub(crate) fn encode(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// `None` where it is not pairs of digits, or more than a signature has.
    pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
        /// An SHA-512 has 64 bytes; nothing longer is ever decoded here.
        const BYTES_MAX: usize = 64;
        if text.len() > BYTES_MAX * 2 || !text.len().is_multiple_of(2) {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let pairs = text.as_bytes().chunks_exact(2);
        pairs.map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::SignatureError::{Malformed, Mismatch, NoSecret, Stale};
    use super::*;

    const SECRET: &str = "whsec_test_secret";
    const BODY: &[u8] = br#"{"id":"evt_1","object":"event"}"#;
    /// Computed outside of this program: HMAC-SHA256 of `1700000000.` and the body.
    const RIGHT: &str = "0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd";

    #[test]
    fn signatures() {
        let wrong = RIGHT.replace(['0', '1'], "2");
        let upper = RIGHT.to_uppercase();
        let short = &RIGHT[..62];
        let table: [(String, &str, u64, Result<(), SignatureError>); 17] = [
            (format!("t=1700000000,v1={RIGHT}"), SECRET, 1_700_000_000, Ok(())),
            (format!("t=1700000000,v1={RIGHT}"), SECRET, 1_700_000_300, Ok(())),
            (format!("t=1700000000,v1={RIGHT}"), SECRET, 1_700_000_301, Err(Stale)),
            (format!("t=1700000000,v1={RIGHT}"), SECRET, 1_600_000_000, Ok(())),
            (format!("t=1700000000, v1={RIGHT}"), SECRET, 1_700_000_000, Ok(())),
            (format!("t=1700000000,v1={upper}"), SECRET, 1_700_000_000, Ok(())),
            (format!("t=1700000000,v1={wrong},v1={RIGHT}"), SECRET, 1_700_000_000, Ok(())),
            (format!("t=1700000000,v1={RIGHT},v1={wrong}"), SECRET, 1_700_000_000, Ok(())),
            (format!("t=1700000000,v1={wrong}"), SECRET, 1_700_000_000, Err(Mismatch)),
            (format!("t=1700000000,v1={short}"), SECRET, 1_700_000_000, Err(Mismatch)),
            (format!("t=1700000001,v1={RIGHT}"), SECRET, 1_700_000_000, Err(Mismatch)),
            (format!("t=1700000000,v1={RIGHT}"), "whsec_other", 1_700_000_000, Err(Mismatch)),
            (format!("t=1700000000,v0={RIGHT}"), SECRET, 1_700_000_000, Err(Malformed)),
            (format!("v1={RIGHT}"), SECRET, 1_700_000_000, Err(Malformed)),
            (format!("t=now,v1={RIGHT}"), SECRET, 1_700_000_000, Err(Malformed)),
            (String::new(), SECRET, 1_700_000_000, Err(Malformed)),
            (format!("t=1700000000,v1={RIGHT}"), "", 1_700_000_000, Err(NoSecret)),
        ];
        for (header, secret, now_s, result) in table {
            assert_eq!(verify(&header, BODY, secret, now_s), result, "{header} at {now_s}");
        }
    }

    #[test]
    fn other_bytes_have_another_signature() {
        let header = format!("t=1700000000,v1={RIGHT}");
        let spaced = br#"{"id": "evt_1","object":"event"}"#;
        assert_eq!(verify(&header, spaced, SECRET, 1_700_000_000), Err(Mismatch));
    }

    #[test]
    fn hexadecimal_digits() {
        assert_eq!(hex::encode(&[0, 10, 255]), "000aff");
        assert_eq!(hex::decode("000aFF"), Some(vec![0, 10, 255]));
        let long = "00".repeat(65);
        for odd in ["0", "0g", "+1", "٠١", &long] {
            assert_eq!(hex::decode(odd), None, "{odd}");
        }
    }
}
