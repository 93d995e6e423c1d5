//! The pay page's origin, and where a request says that it comes from.

use hyper::HeaderMap;
use hyper::header::{HeaderValue, ORIGIN};

/// The pay page's origin: `http://127.0.0.1:4002`.
pub(super) struct PayOrigin {
    text: String,
    header: HeaderValue,
}

/// What the `Origin` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Nothing: no browser, or not a cross-origin request.
    Absent,
    /// The pay page.
    Pay,
    /// `null`: a form of a page that sends no referrer, or a page in a sandbox.
    Opaque,
    /// Some other page.
    Foreign,
}

/// A place on the pay page to which a browser without script is sent back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReturnTo(String);

/// Longest path to return to, in bytes.
const RETURN_TO_BYTES_MAX: usize = 200;
/// Where the checkout pages are.
const RETURN_TO_PREFIX: &str = "/c/";

impl PayOrigin {
    /// Reads an origin as browsers write it: scheme, host, and a port unless it is the scheme's
    /// own; no path, not even `/`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = reqwest::Url::parse(text).ok()?;
        let is_web = ["http", "https"].contains(&url.scheme());
        let is_origin = is_web && url.origin().ascii_serialization() == text;
        let header = HeaderValue::try_from(text).ok()?;
        is_origin.then(|| Self { text: text.to_owned(), header })
    }

    /// As a header's value.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The address of a place on the pay page with an outcome; `query` must be safe in a URL.
    pub(super) fn address(&self, place: &ReturnTo, query: &str) -> String {
        format!("{}{}?{query}", self.text, place.0)
    }

    /// Where a request comes from. Several headers are as bad as a foreign one.
    pub(super) fn of_request(&self, headers: &HeaderMap) -> Origin {
        let mut origins = headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => Origin::Absent,
            (Some(origin), None) if *origin == self.header => Origin::Pay,
            (Some(origin), None) if origin == "null" => Origin::Opaque,
            _ => Origin::Foreign,
        }
    }
}

impl ReturnTo {
    /// Reads a path. `None` for anything that could lead off the checkout pages.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
        let is_place = path.starts_with(RETURN_TO_PREFIX)
            && path.len() <= RETURN_TO_BYTES_MAX
            && path.bytes().all(is_plain);
        is_place.then(|| Self(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn origins_as_browsers_write_them() {
        let check = |text: &str, is_origin| {
            assert_eq!(PayOrigin::parse(text).is_some(), is_origin, "{text}");
        };
        check("http://127.0.0.1:4002", true);
        check("https://pay.example.com", true);
        check("http://[::1]:4002", true);
        check("https://pay.example.com:8443", true);
        check("https://pay.example.com:443", false);
        check("https://PAY.example.com", false);
        check("https://pay.example.com/", false);
        check("https://pay.example.com/c", false);
        check("https://user@pay.example.com", false);
        check("ftp://pay.example.com", false);
        check("file:///", false);
        check("null", false);
        check("*", false);
        check("", false);
    }

    #[test]
    fn where_requests_come_from() {
        let pay = PayOrigin::parse("http://127.0.0.1:4002").unwrap();
        let check = |origins: &[&'static str], expected| {
            let mut headers = HeaderMap::new();
            for origin in origins {
                headers.append(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(pay.of_request(&headers), expected, "{origins:?}");
        };
        check(&[], Origin::Absent);
        check(&["http://127.0.0.1:4002"], Origin::Pay);
        check(&["null"], Origin::Opaque);
        check(&["http://127.0.0.1:4003"], Origin::Foreign);
        check(&["https://127.0.0.1:4002"], Origin::Foreign);
        check(&["http://127.0.0.1:40020"], Origin::Foreign);
        check(&["http://localhost:4002"], Origin::Foreign);
        check(&["http://127.0.0.1:4002/"], Origin::Foreign);
        check(&[""], Origin::Foreign);
        check(&["http://127.0.0.1:4002", "http://127.0.0.1:4002"], Origin::Foreign);
        check(&["http://evil.example", "http://127.0.0.1:4002"], Origin::Foreign);
    }

    #[test]
    fn places_to_return_to() {
        let pay = PayOrigin::parse("http://127.0.0.1:4002").unwrap();
        let check = |path: &str, expected: Option<&str>| {
            let address = ReturnTo::parse(path).map(|place| pay.address(&place, "token=tok_1"));
            assert_eq!(address.as_deref(), expected, "{path}");
        };
        check("/c/cs_test_1", Some("http://127.0.0.1:4002/c/cs_test_1?token=tok_1"));
        check("/c/cs_test_1/card", Some("http://127.0.0.1:4002/c/cs_test_1/card?token=tok_1"));
        check("/c//evil-example", Some("http://127.0.0.1:4002/c//evil-example?token=tok_1"));
        assert!(ReturnTo::parse(&format!("/c/{}", "a".repeat(197))).is_some());
        assert!(ReturnTo::parse(&format!("/c/{}", "a".repeat(198))).is_none());
        for bad in [
            "",
            "/",
            "/c",
            "c/a",
            "//evil.example/c/",
            "/console",
            "http://evil.example/c/a",
            "/c/a?token=x",
            "/c/a#x",
            "/c/../console",
            "/c/a\r\nx: y",
            "/c/a b",
            "/c/a%2f",
            "/c/é",
            "/c/a@evil",
            "/c/a\\b",
            " /c/a",
            ".evil.example/c/a",
            ":80/c/a",
        ] {
            check(bad, None);
        }
    }
}
