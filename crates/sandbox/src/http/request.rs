//! What a request of the network's API must bring along, read and bounded.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use holdfast_core::currency::Currency;
use serde::de::DeserializeOwned;

use super::reply::Reply;
use crate::network::idempotency::{Fingerprint, Stamp};

/// The largest body: many times the largest request of the network.
pub(crate) const BODY_MAX: usize = 64 * 1024;
/// How long a body may take: long for 64 KiB, short for somebody who sends a byte a second.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// The longest idempotency key, as in the API's dialect.
const KEY_MAX: usize = 255;
/// The longest reference, token or id.
const NAME_MAX: usize = 128;
/// The longest statement text: several times what a real statement shows.
const DESCRIPTOR_MAX: usize = 120;
/// The longest address that a cardholder is sent back to.
const URL_MAX: usize = 2_048;
/// The largest amount in minor units: twelve digits, as card messages have (field 4 of ISO 8583).
const AMOUNT_MAX: i64 = 999_999_999_999;

/// Reads a body of at most [`BODY_MAX`] bytes.
///
/// # Errors
/// 413 when it is longer, 408 when it does not come in time.
pub(crate) async fn body_bytes(body: Body) -> Result<Vec<u8>, Reply> {
    body_bytes_within(body, BODY_MAX).await
}

/// Reads a body of at most `bytes_max` bytes.
///
/// # Errors
/// 413 when it is longer, 408 when it does not come in time.
pub(super) async fn body_bytes_within(body: Body, bytes_max: usize) -> Result<Vec<u8>, Reply> {
    match tokio::time::timeout(BODY_DEADLINE, to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => {
            let message = format!("the body is longer than {} KiB", bytes_max / 1024);
            Err(Reply::error(413, "body_too_large", &message))
        }
        Err(_) => Err(Reply::error(408, "body_too_slow", "the body did not come in time")),
    }
}

/// Reads a JSON object.
///
/// # Errors
/// 400 with what is wrong, the field's name included.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Reply> {
    serde_json::from_slice(body)
        .map_err(|error| Reply::error(400, "invalid_request", &error.to_string()))
}

/// The mark of a request: its idempotency key, and a digest of what it asks for.
///
/// # Errors
/// 400 when the key is missing, too long or not of visible ASCII characters.
pub(crate) fn stamp(
    headers: &HeaderMap,
    operation: &str,
    parameters: &impl serde::Serialize,
) -> Result<Stamp, Reply> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or("");
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "the header Idempotency-Key must hold 1 to 255 visible ASCII characters";
        return Err(Reply::invalid("Idempotency-Key", message));
    }
    // Written again, so that white space and the order of the fields make no difference.
    let parameters = serde_json::to_vec(parameters).unwrap_or_default();
    let fingerprint = Fingerprint::of(operation, &parameters);
    Ok(Stamp { key: key.into(), fingerprint })
}

/// A reference, a token or an id.
///
/// # Errors
/// 400 naming `param`.
pub(crate) fn name<'a>(param: &str, text: &'a str) -> Result<&'a str, Reply> {
    let fits = (1..=NAME_MAX).contains(&text.len());
    if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    let message = format!("{param} must be 1 to {NAME_MAX} visible ASCII characters");
    Err(Reply::invalid(param, &message))
}

/// Text for people: 1 to `chars_max` characters of any script, no control characters.
///
/// # Errors
/// 400 naming `param`.
pub(crate) fn text<'a>(param: &str, text: &'a str, chars_max: usize) -> Result<&'a str, Reply> {
    let fits = (1..=chars_max).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    let message = format!("{param} must be 1 to {chars_max} characters");
    Err(Reply::invalid(param, &message))
}

/// The statement text.
///
/// # Errors
/// 400.
pub(crate) fn descriptor(descriptor: &str) -> Result<&str, Reply> {
    text("descriptor", descriptor, DESCRIPTOR_MAX)
}

/// A positive amount in minor units.
///
/// # Errors
/// 400.
pub(crate) fn amount(amount: i64) -> Result<i64, Reply> {
    if (1..=AMOUNT_MAX).contains(&amount) {
        return Ok(amount);
    }
    Err(Reply::invalid("amount", "amount must be 1 to 999999999999 minor units"))
}

/// A currency code.
///
/// # Errors
/// 400.
pub(crate) fn currency(code: &str) -> Result<Currency, Reply> {
    Currency::parse(code)
        .ok_or_else(|| Reply::invalid("currency", "currency must be a code of ISO 4217"))
}

/// Where the bank sends the cardholder afterwards: the merchant's address, http or https.
///
/// # Errors
/// 400.
pub(crate) fn return_url(url: &str) -> Result<&str, Reply> {
    let clean = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if origin(url).is_some() && clean && url.len() <= URL_MAX && !url.contains('#') {
        return Ok(url);
    }
    let message = "return_url must be an http or https address, without a fragment";
    Err(Reply::invalid("return_url", message))
}

/// The origin of an address, in letters that a policy header may hold.
pub(crate) fn origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?']).next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let is_host = !host.is_empty() && host.bytes().all(plain);
    is_host.then(|| &url[..url.len() - rest.len() + host.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cardholder_is_sent_to_addresses_of_the_web_only() {
        for (url, allowed) in [
            ("http://127.0.0.1:4002/c/cs_1/return", Some("http://127.0.0.1:4002")),
            ("https://shop.example?payment=1", Some("https://shop.example")),
            ("http://[::1]:4002/c", Some("http://[::1]:4002")),
            ("https://shop.example@evil.example/c", None),
            ("https://shop.example;script-src/c", None),
            ("https:///c", None),
            ("//evil.example/c", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(origin(url), allowed, "{url}");
            assert_eq!(return_url(url).is_ok(), allowed.is_some(), "{url}");
        }
        for url in ["http://a.example/c#top", "http://a.example/c d", "http://a.example/\\e"] {
            assert!(return_url(url).is_err(), "{url}");
        }
        assert!(return_url("http://a.example/c\r\nSet-Cookie: a=b").is_err());
    }

    #[test]
    fn bounds_are_kept_and_named() {
        let long = "x".repeat(129);
        let param = |reply: Reply| {
            let error: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
            (reply.status, error["error"]["param"].as_str().unwrap().to_owned())
        };
        for (reply, expected) in [
            (name("reference", "").unwrap_err(), "reference"),
            (name("reference", &long).unwrap_err(), "reference"),
            (name("token", "tok 1").unwrap_err(), "token"),
            (name("token", "tök").unwrap_err(), "token"),
            (descriptor("").unwrap_err(), "descriptor"),
            (descriptor(&"ب".repeat(121)).unwrap_err(), "descriptor"),
            (descriptor("a\nb").unwrap_err(), "descriptor"),
            (amount(0).unwrap_err(), "amount"),
            (amount(-5).unwrap_err(), "amount"),
            (amount(1_000_000_000_000).unwrap_err(), "amount"),
            (currency("xxx").unwrap_err(), "currency"),
        ] {
            assert_eq!(param(reply), (400, expected.to_owned()));
        }
        assert_eq!(descriptor(&"ب".repeat(120)).map(str::len), Ok(240));
        assert_eq!(amount(999_999_999_999), Ok(999_999_999_999));
        assert_eq!(currency("usd"), Ok(Currency::USD));
    }
}
