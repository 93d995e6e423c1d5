//! Keeps other sites from posting to our forms in a visitor's name.

use axum::http::{HeaderMap, HeaderName, header};
use ring::{hmac, rand};
use subtle::ConstantTimeEq;

/// Whether a post may come from our own page, by what the browser says of where it came from.
///
/// Browsers of the last years always send `Sec-Fetch-Site`; scripts on other sites cannot set it.
/// Without it, `Origin` decides. Our pages ask for no referrer, which makes browsers send the
/// origin of a plain form as `null`: that says nothing either way and is let through, because
/// each form also carries what only its own page knows (the secret of the address, or the
/// console's [`FormKey`]).
pub fn is_own_post(headers: &HeaderMap, own_origin: &str) -> bool {
    match text(headers, &SEC_FETCH_SITE) {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => {
            matches!(text(headers, &header::ORIGIN), None | Some("null"))
                || text(headers, &header::ORIGIN) == Some(own_origin)
        }
    }
}

/// Whether a request names the host of `own_origin`: a foreign name that was pointed at our
/// address (DNS rebinding) would otherwise be let in as its own origin.
pub fn is_own_host(headers: &HeaderMap, own_origin: &str) -> bool {
    let own = own_origin.split_once("://").map(|(_, host)| host);
    own.is_some() && text(headers, &header::HOST) == own
}

/// Signs the forms of the console, so that only a page of this process can have made them.
#[derive(Debug)]
pub struct FormKey {
    token: String,
}

impl FormKey {
    /// A new key. Forms that a page of an earlier process made are refused, and made again by
    /// loading the page.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new() -> Result<FormKey, ring::error::Unspecified> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &rand::SystemRandom::new())?;
        let tag = hmac::sign(&key, b"console form");
        Ok(FormKey { token: tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// What the hidden field `form_token` of each form says.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether a form brought the token back. Takes the same time whatever it brought.
    pub fn admits(&self, form_token: &str) -> bool {
        self.token.as_bytes().ct_eq(form_token.as_bytes()).into()
    }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The header's only value as text. A header that is there twice or is no text counts as foreign.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return Some("");
    }
    Some(first.to_str().unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:4003";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn posts_of_other_sites_are_told_apart() {
        let table: [(&[(&str, &str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", OWN)], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", OWN)], true),
            (&[("origin", "null")], true),
            (&[("origin", "http://127.0.0.1:4000")], false),
            (&[], true),
        ];
        for (pairs, expected) in table {
            let headers: Vec<_> = pairs.to_vec();
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
            }
            assert_eq!(is_own_post(&map, OWN), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_name_pointed_at_our_address_is_foreign() {
        assert!(is_own_host(&headers(&[("host", "127.0.0.1:4003")]), OWN));
        assert!(!is_own_host(&headers(&[("host", "evil.example:4003")]), OWN));
        assert!(!is_own_host(&headers(&[]), OWN));
        assert!(!is_own_host(&headers(&[("host", "127.0.0.1:4003"), ("host", "x")]), OWN));
    }

    #[test]
    fn a_form_of_another_process_is_refused() {
        let (one, two) = (FormKey::new().unwrap(), FormKey::new().unwrap());
        assert!(one.admits(one.token()));
        for token in ["", two.token(), &one.token()[1..]] {
            assert!(!one.admits(token), "{token}");
        }
    }
}
