//! What every page shares: its frame, how it is answered, and the headers that protect it.

use askama::Template;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The frame of a page that a buyer sees.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The marketplace's name, as the buyer knows it.
    pub shop: String,
    /// Whether no real money moves, which each page then says.
    pub test_mode: bool,
    /// The path that the language links lead to, without a query; `None` on a page that cannot be
    /// loaded again.
    pub path: Option<String>,
}

/// Declares templates that all have the same three fields: texts, frame and what they show.
macro_rules! pages {
    ($shell:ty; $($(#[$doc:meta])* $name:ident($view:ty) = $path:literal;)*) => { $(
        $(#[$doc])*
        #[derive(askama::Template, Debug)]
        #[template(path = $path)]
        pub struct $name<'a> {
            /// The texts of the visitor's language.
            pub t: &'a $crate::texts::Texts,
            /// The frame.
            pub shell: &'a $shell,
            /// What the page shows.
            pub v: &'a $view,
        }
    )* };
}
pub(crate) use pages;

/// Answers with a page. A page that cannot be rendered is answered as a failure without details.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, HTML)], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

const HTML: &str = "text/html; charset=utf-8";

/// An address of the shop's that may stand in a link: `http` and `https` lead somewhere, anything
/// else (`javascript:` above all) does not.
pub fn web_link(url: &Option<String>) -> Option<&str> {
    let url = url.as_deref()?;
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// What stands instead of a page that cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such page, or it is not this visitor's.
    NotFound,
    /// A form brought what no form of ours sends.
    BadForm,
    /// The post came from another site.
    Foreign,
    /// The machine has too much to do.
    Busy,
    /// One address asks for more than its share.
    TooMany,
    /// Something broke on our side.
    Failure,
}

impl Problem {
    /// All problems.
    pub const ALL: [Problem; 6] = [
        Problem::NotFound,
        Problem::BadForm,
        Problem::Foreign,
        Problem::Busy,
        Problem::TooMany,
        Problem::Failure,
    ];

    /// The status that the page is answered with.
    pub fn status(self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::BadForm => StatusCode::BAD_REQUEST,
            Problem::Foreign => StatusCode::FORBIDDEN,
            Problem::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Problem::Failure => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The text that is the page's heading.
    pub fn heading(self) -> &'static str {
        match self {
            Problem::NotFound => "problem-not-found",
            Problem::BadForm => "problem-form",
            Problem::Foreign => "problem-foreign",
            Problem::Busy => "problem-busy",
            Problem::TooMany => "problem-too-many",
            Problem::Failure => "problem-failure",
        }
    }

    /// The text that says what to do now.
    pub fn lead(self) -> &'static str {
        match self {
            Problem::NotFound => "problem-not-found-lead",
            Problem::BadForm => "problem-form-lead",
            Problem::Foreign => "problem-foreign-lead",
            Problem::Busy => "problem-busy-lead",
            Problem::TooMany => "problem-too-many-lead",
            Problem::Failure => "problem-failure-lead",
        }
    }
}

pages! { Shell;
    /// A page that cannot be shown, in the frame of the buyer's pages.
    ProblemPage(Problem) = "problem.html";
}

/// Where the pages of a surface may load from and post to: their content security policy.
#[derive(Clone, Debug)]
pub struct Policy {
    content: HeaderValue,
}

/// An origin of the configuration that cannot stand in a policy.
#[derive(Debug, PartialEq, Eq)]
pub struct BadOrigin(pub String);

impl std::fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is no origin such as https://pay.example", self.0)
    }
}

impl std::error::Error for BadOrigin {}

impl Policy {
    /// The policy of the pay pages: they post to themselves and to the card zone, and a form's
    /// answer may lead on to the challenge pages of the buyer's bank.
    ///
    /// # Errors
    /// `BadOrigin` for what is no plain origin: scheme, host and port, nothing else.
    pub fn pay(card_zone: &str, challenges: Option<&str>) -> Result<Policy, BadOrigin> {
        let card_zone = origin(card_zone)?;
        let challenges = challenges.map(origin).transpose()?.map(|o| format!(" {o}"));
        let challenges = challenges.unwrap_or_default();
        Policy::of(format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             connect-src 'self' {card_zone}; form-action 'self' {card_zone}{challenges}; \
             frame-ancestors 'none'; base-uri 'none'"
        ))
    }

    /// The policy of the console: no script at all, and nobody else.
    pub fn console() -> Policy {
        let content = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                       form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        Policy { content: HeaderValue::from_static(content) }
    }

    /// Puts the protecting headers on an answer, whatever it is: pages, redirects, errors, 404.
    /// An asset keeps its own caching; nothing else is ever kept.
    pub fn protect(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content.clone());
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let entry = headers.entry(header::CACHE_CONTROL);
        entry.or_insert(HeaderValue::from_static("no-store"));
        response
    }

    fn of(content: String) -> Result<Policy, BadOrigin> {
        let header = HeaderValue::try_from(&content).map_err(|_| BadOrigin(content))?;
        Ok(Policy { content: header })
    }
}

const FIXED: [(HeaderName, &str); 6] = [
    // The addresses of these pages grant access: no other site may learn them.
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets an origin through, and nothing that could end or widen a directive of the policy.
fn origin(text: &str) -> Result<&str, BadOrigin> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    match host {
        Some(host) if !host.is_empty() && host.bytes().all(plain) => Ok(text),
        Some(_) | None => Err(BadOrigin(text.to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_pay_policy_names_its_three_origins() {
        let policy = Policy::pay("http://127.0.0.1:4005", Some("http://127.0.0.1:4004")).unwrap();
        assert_eq!(
            policy.content,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             connect-src 'self' http://127.0.0.1:4005; \
             form-action 'self' http://127.0.0.1:4005 http://127.0.0.1:4004; \
             frame-ancestors 'none'; base-uri 'none'"
        );
        let live = Policy::pay("https://card.shop.example", None).unwrap();
        assert!(live.content.to_str().unwrap().contains("'self' https://card.shop.example; f"));
    }

    #[test]
    fn what_is_no_origin_does_not_get_into_a_policy() {
        for text in [
            "",
            "*",
            "https://",
            "https://a.example; script-src *",
            "https://a.example/path",
            "https://a.example\r\nx: y",
            "javascript:alert(1)",
            "data:",
            "https://*",
            "https://user@a.example",
        ] {
            assert_eq!(Policy::pay(text, None).err(), Some(BadOrigin(text.to_owned())), "{text}");
            assert!(Policy::pay("https://a.example", Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        let link = |url: &str| web_link(&Some(url.to_owned())).is_some();
        assert!(link("https://shop.example/thanks") && link("http://127.0.0.1:4000/"));
        for url in ["javascript:alert(1)", "data:text/html,x", "//shop.example", "/path", ""] {
            assert!(!link(url), "{url}");
        }
        assert_eq!(web_link(&None), None);
    }

    #[test]
    fn every_answer_is_protected_and_only_assets_are_kept() {
        let response = Policy::console().protect(StatusCode::NOT_FOUND.into_response());
        let expected = [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ];
        for (name, value) in expected {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        assert!(
            !response.headers()["content-security-policy"].to_str().unwrap().contains("script")
        );
        let kept = [(header::CACHE_CONTROL, "public")].into_response();
        assert_eq!(Policy::console().protect(kept).headers()["cache-control"], "public");
    }
}
