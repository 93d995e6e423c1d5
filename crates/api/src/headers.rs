//! Headers: those read from a request, each at most once, and those on every answer.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use crate::codes;
use crate::error::ApiError;

/// The name of a request on its answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// The version of the dialect, on requests and answers.
pub const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
/// The seller in whose name a platform acts.
pub const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
/// The client's name for a request that it may repeat.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest account id that is looked at, in bytes: ours have 27, others' are not ours.
const ACCOUNT_BYTES_MAX: usize = 64;

/// The one value of a header, or `None`.
///
/// # Refusals
/// 400 when it is given twice, because two programs could take different ones, and when it is
/// not visible ASCII.
pub fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        let message = format!("The {name} header was given more than once.");
        return Err(ApiError::invalid(codes::PARAMETER_DUPLICATE, message));
    }
    let text = value.to_str().map_err(|_| {
        let message = format!("The {name} header must be visible ASCII characters.");
        ApiError::invalid(codes::INVALID_CHARACTERS, message)
    })?;
    Ok(Some(text))
}

/// The seller named by `Stripe-Account`: `acct_` and letters or digits.
///
/// # Refusals
/// 403 for anything else, the same as for an account that does not exist.
pub fn stripe_account(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(account) = single(headers, &STRIPE_ACCOUNT)? else { return Ok(None) };
    let digits = account.strip_prefix("acct_").unwrap_or_default();
    let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if digits.is_empty() || !plain || account.len() > ACCOUNT_BYTES_MAX {
        return Err(account_refused());
    }
    Ok(Some(account))
}

/// The answer to a `Stripe-Account` that is not one of the platform's sellers: 403, the same for
/// a malformed, an unknown and somebody else's account.
pub fn account_refused() -> ApiError {
    let message = "The key does not have access to this account, or it does not exist.";
    ApiError::forbidden(codes::ACCOUNT_INVALID, message)
}

/// Refuses a body that is not a form. No `Content-Type` counts as a form.
///
/// # Refusals
/// 400 for another type, above all JSON, which would otherwise read as one odd parameter name.
pub fn form_only(headers: &HeaderMap, body: &[u8]) -> Result<(), ApiError> {
    if body.is_empty() {
        return Ok(());
    }
    let Some(given) = single(headers, &CONTENT_TYPE)? else { return Ok(()) };
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    let message = "This API reads application/x-www-form-urlencoded bodies only.";
    Err(ApiError::invalid(codes::CONTENT_TYPE_INVALID, message))
}

/// Puts the protective headers on an answer, errors and 404 included.
///
/// A page (the reference, the error codes) may set its own policy first; the API itself has
/// nothing that a browser should run, frame or keep.
pub fn protect(headers: &mut HeaderMap) {
    let policy = "default-src 'none'; frame-ancestors 'none'";
    let rows = [
        (CACHE_CONTROL, "no-cache, no-store"),
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-site"),
    ];
    for (name, value) in rows {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::type_complexity, reason = "tables of literals")]

    use super::*;

    fn headers(rows: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in rows {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            map.append(HeaderName::from_static(name), value);
        }
        map
    }

    #[test]
    fn headers_are_given_once() {
        let table: &[(&[(&'static str, &str)], Result<Option<&str>, &str>)] = &[
            (&[], Ok(None)),
            (&[("idempotency-key", "a")], Ok(Some("a"))),
            (&[("idempotency-key", "a"), ("idempotency-key", "a")], Err("parameter_duplicate")),
            (&[("idempotency-key", "é")], Err("invalid_characters")),
        ];
        for (rows, expected) in table {
            let map = headers(rows);
            let found = single(&map, &IDEMPOTENCY_KEY);
            assert_eq!(found.map_err(|error| error.code().unwrap()), *expected, "{rows:?}");
        }
    }

    #[test]
    fn accounts() {
        let long = format!("acct_{}", "1".repeat(60));
        let table: &[(&str, bool)] = &[
            ("acct_1PgafTB7WZ01zgkW", true),
            ("acct_", false),
            ("1PgafTB7WZ01zgkW", false),
            ("acct_1/../2", false),
            ("acct_1 2", false),
            (&long, false),
        ];
        for (account, taken) in table {
            let map = headers(&[("stripe-account", account)]);
            match stripe_account(&map) {
                Ok(found) => assert!(*taken && found == Some(account), "{account}"),
                Err(error) => assert!(!taken && error.status() == 403, "{account}"),
            }
        }
    }

    #[test]
    fn bodies_are_forms() {
        let table: &[(&[(&'static str, &str)], &str, bool)] = &[
            (&[], "a=1", true),
            (&[("content-type", "application/x-www-form-urlencoded")], "a=1", true),
            (&[("content-type", "Application/X-WWW-Form-URLEncoded; charset=utf-8")], "a=1", true),
            (&[("content-type", "application/json")], "", true),
            (&[("content-type", "application/json")], "{}", false),
            (&[("content-type", "multipart/form-data; boundary=x")], "--x", false),
            (&[("content-type", "text/plain")], "a=1", false),
        ];
        for (rows, body, taken) in table {
            assert_eq!(form_only(&headers(rows), body.as_bytes()).is_ok(), *taken, "{rows:?}");
        }
    }

    #[test]
    fn a_page_keeps_its_own_policy() {
        let mut map = headers(&[("content-security-policy", "default-src 'self'")]);
        protect(&mut map);
        assert_eq!(map["content-security-policy"], "default-src 'self'");
        assert_eq!(map["x-content-type-options"], "nosniff");
        assert_eq!(map["cache-control"], "no-cache, no-store");
    }
}
