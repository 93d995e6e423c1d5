//! What a request says beside its path: the query, and the language that the visitor reads.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::language::{LANGUAGE_COOKIE, Language, Wishes};
use crate::texts::Texts;

/// How many parameters of a query are read: our pages send at most three.
const PARAMETERS_MAX: usize = 16;
/// The longest value of a parameter that is read; the longest of ours names five card errors.
const VALUE_BYTES_MAX: usize = 300;
/// How much of the cookie header is read.
const COOKIE_BYTES_MAX: usize = 4_096;
/// For how long a browser keeps the language that was clicked on: a year.
const LANGUAGE_SECONDS: u32 = 365 * 24 * 60 * 60;

/// One visit: what the handlers want to know of a request. Not printed: its query may hold a token.
pub(crate) struct Visit {
    query: Vec<(String, String)>,
    cookie: Option<String>,
    locale: Option<String>,
    accept: Option<String>,
}

impl Visit {
    /// Reads what a request says.
    pub(crate) fn of(query: Option<&str>, headers: &HeaderMap) -> Visit {
        Visit {
            query: parameters(query.unwrap_or_default()),
            cookie: headers.get(header::COOKIE).and_then(language_cookie),
            locale: None,
            accept: headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        }
    }

    /// A parameter of the query; the first one when there are several.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The shop's wish for the language, known once the session is loaded.
    pub(crate) fn set_locale(&mut self, locale: Option<&str>) {
        self.locale = locale.map(str::to_owned);
    }

    /// The texts in the visitor's language.
    pub(crate) fn texts(&self) -> &'static Texts {
        Texts::of(Language::choose(Wishes {
            query: self.query("lang"),
            cookie: self.cookie.as_deref(),
            session: self.locale.as_deref(),
            accept: self.accept.as_deref(),
        }))
    }

    /// Lets the browser remember the language when it was clicked on.
    pub(crate) fn remember(&self, mut response: Response, is_https: bool) -> Response {
        let Some(language) = self.query("lang").and_then(Language::parse) else { return response };
        let secure = if is_https { "; Secure" } else { "" };
        let cookie = format!(
            "{LANGUAGE_COOKIE}={}; Path=/; Max-Age={LANGUAGE_SECONDS}; HttpOnly; \
             SameSite=Lax{secure}",
            language.tag(),
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Infallible> {
        Ok(Visit::of(parts.uri.query(), &parts.headers))
    }
}

fn parameters(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .take(PARAMETERS_MAX)
        .filter(|(_, value)| value.len() <= VALUE_BYTES_MAX)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn language_cookie(header: &HeaderValue) -> Option<String> {
    let text = header.to_str().ok().filter(|text| text.len() <= COOKIE_BYTES_MAX)?;
    let pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == LANGUAGE_COOKIE).map(|(_, value)| value.to_owned()).next()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::{HeaderName, StatusCode};
    use axum::response::IntoResponse;

    use super::*;

    fn visit(query: &str, pairs: &[(HeaderName, &'static str)]) -> Visit {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        Visit::of(Some(query), &headers)
    }

    #[test]
    fn the_language_is_asked_for_then_remembered_then_the_shops_then_the_browsers() {
        let arabic = (header::ACCEPT_LANGUAGE, "ar");
        let cookie = (header::COOKIE, "a=b; holdfast_lang=ar");
        let table: [(Visit, Option<&str>, &str); 5] = [
            (visit("lang=en", std::slice::from_ref(&cookie)), Some("ar"), "en"),
            (visit("", std::slice::from_ref(&cookie)), Some("en"), "ar"),
            (visit("", std::slice::from_ref(&arabic)), Some("en"), "en"),
            (visit("lang=xx", &[arabic]), None, "ar"),
            (visit("", &[]), None, "en"),
        ];
        for (mut visit, locale, expected) in table {
            visit.set_locale(locale);
            assert_eq!(visit.texts().language().tag(), expected, "{locale:?}");
        }
    }

    #[test]
    fn only_a_click_is_remembered() {
        let answer = |query: &str, is_https| {
            let response = visit(query, &[]).remember(StatusCode::OK.into_response(), is_https);
            response.headers().get(header::SET_COOKIE).map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(answer("", false), None);
        assert_eq!(answer("lang=%0d%0ax", false), None);
        let kept = "holdfast_lang=ar; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";
        assert_eq!(answer("lang=ar-EG", false).unwrap(), kept);
        assert_eq!(answer("lang=ar", true).unwrap(), format!("{kept}; Secure"));
    }

    #[test]
    fn parameters_are_bounded_and_the_first_one_counts() {
        let many = format!("{}late=1", "x=1&".repeat(PARAMETERS_MAX));
        assert_eq!(visit(&many, &[]).query("late"), None);
        let long = format!("token={}", "t".repeat(VALUE_BYTES_MAX + 1));
        assert_eq!(visit(&long, &[]).query("token"), None);
        assert_eq!(visit("token=a&token=b", &[]).query("token"), Some("a"));
    }
}
