//! Reading and setting cookies.

use axum::http::{HeaderMap, HeaderValue, header};

/// The names are long because cookies ignore ports: other programs on the same host see them too.
pub(crate) const BASKET: &str = "bazaar_basket";
/// The checkouts of this browser, signed.
pub(crate) const PURCHASES: &str = "bazaar_purchases";
/// The language that the reader chose.
pub(crate) const LANGUAGE: &str = "bazaar_language";

/// Pairs looked at in a request; more can only be somebody else's.
const PAIRS_MAX: usize = 60;

const DAY_SECONDS: u32 = 24 * 60 * 60;

/// Cookies to set with an answer.
pub(crate) struct Jar {
    secure: bool,
    headers: Vec<(&'static str, HeaderValue)>,
}

impl Jar {
    /// `secure` where the shop is reached by https: such a cookie never leaves by http.
    pub(crate) fn new(secure: bool) -> Jar {
        Jar { secure, headers: Vec::new() }
    }

    /// Keeps a value made of letters, digits and `.*-_` for some days; zero days forget it. A later
    /// value of the same name replaces an earlier one.
    pub(crate) fn set(&mut self, name: &'static str, value: &str, days: u32) {
        let seconds = days.saturating_mul(DAY_SECONDS);
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(header) = HeaderValue::try_from(cookie) {
            self.headers.retain(|(other, _)| *other != name);
            self.headers.push((name, header));
        }
    }

    pub(crate) fn fill(self, headers: &mut HeaderMap) {
        for (_, value) in self.headers {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// The value of the first cookie of that name.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lists = headers.get_all(header::COOKIE).into_iter().filter_map(|list| list.to_str().ok());
    let pairs = lists.flat_map(|list| list.split(';')).take(PAIRS_MAX);
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_of_a_name_counts() {
        let table = [
            ("bazaar_basket=a", Some("a")),
            ("x=1; bazaar_basket=a=b; bazaar_basket=c", Some("a=b")),
            ("xbazaar_basket=1;bazaar_basket= ", Some("")),
            ("bazaar_basket", None),
            ("BAZAAR_BASKET=a", None),
            ("", None),
        ];
        for (header, value) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(header));
            assert_eq!(read(&headers, BASKET), value, "{header}");
        }
    }

    #[test]
    fn a_cookie_is_kept_from_scripts_and_other_sites() {
        let mut headers = HeaderMap::new();
        let mut jar = Jar::new(true);
        jar.set(BASKET, "abc.tile-set*1", 30);
        jar.set(BASKET, "split\r\nheader", 30);
        jar.fill(&mut headers);
        let all: Vec<_> = headers.get_all(header::SET_COOKIE).into_iter().collect();
        assert_eq!(
            all,
            ["bazaar_basket=abc.tile-set*1; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; \
             Secure"]
        );
    }
}
