//! The network's answers as JSON. Only what is needed is read; each text is bounded before it
//! goes anywhere.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The longest name or code that is taken over.
const NAME_MAX: usize = 128;
/// The longest code: the longest of the API's dialect has 37 letters.
const CODE_MAX: usize = 40;
/// The longest address of a bank's page.
const URL_MAX: usize = 2_048;

/// What an authorization is.
#[derive(Deserialize)]
pub(super) struct AuthorizationObject {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) status: AuthorizationStatus,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) captured: i64,
    pub(super) refunded: i64,
    pub(super) released: i64,
    /// In milliseconds since the start of 1970.
    pub(super) expires_at: i64,
    pub(super) captures_max: u16,
    /// How often it may be raised; a network that does not say lets nobody.
    #[serde(default)]
    pub(super) increments_max: u16,
    #[serde(default)]
    pub(super) disputes_expected: bool,
    /// Whether captures are settled at once; a network that does not say settles them later.
    #[serde(default)]
    pub(super) settles_at_once: bool,
    pub(super) authorization_code: Option<String>,
    pub(super) card: CardObject,
    #[serde(default)]
    pub(super) saved_card: Option<String>,
    pub(super) decline: Option<DeclineObject>,
    pub(super) challenge: Option<ChallengeObject>,
    /// The capture that came with the approval; a network that does not say made none.
    #[serde(default)]
    pub(super) capture: Option<MovementObject>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AuthorizationStatus {
    Approved,
    Declined,
    Challenge,
    Pending,
    Voided,
    Expired,
}

#[derive(Deserialize)]
pub(super) struct CardObject {
    pub(super) brand: String,
    pub(super) last4: String,
    pub(super) exp_month: u8,
    pub(super) exp_year: u16,
    pub(super) funding: String,
    pub(super) country: Option<String>,
    pub(super) cvc_check: String,
    #[serde(default)]
    pub(super) fingerprint: Option<String>,
    #[serde(default)]
    pub(super) co_brand: Option<String>,
}

/// What a kept card is.
#[derive(Deserialize)]
pub(super) struct SavedObject {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) card: CardObject,
}

/// What a token is.
#[derive(Deserialize)]
pub(super) struct TokenObject {
    pub(super) card: CardObject,
    pub(super) name: Option<String>,
    /// In milliseconds since the start of 1970.
    pub(super) created_at: Option<i64>,
    pub(super) used: bool,
}

#[derive(Deserialize)]
pub(super) struct DeclineObject {
    pub(super) code: String,
    pub(super) decline_code: Option<String>,
    pub(super) advice: Option<String>,
    pub(super) network_code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ChallengeObject {
    pub(super) url: String,
    /// In milliseconds since the start of 1970.
    pub(super) expires_at: i64,
}

/// What a capture, a void or a refund is.
#[derive(Deserialize)]
pub(super) struct MovementObject {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) authorization: String,
    pub(super) kind: String,
    pub(super) status: MovementStatus,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) failure_code: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MovementStatus {
    Succeeded,
    Pending,
    Failed,
}

/// What a payout is.
#[derive(Deserialize)]
pub(super) struct PayoutObject {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) kind: String,
    pub(super) status: PayoutStatus,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// In milliseconds since the start of 1970.
    pub(super) arrives_at: i64,
    pub(super) failure_code: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PayoutStatus {
    Pending,
    Paid,
    Failed,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorObject,
}

#[derive(Deserialize)]
struct ErrorObject {
    code: String,
    #[serde(default)]
    decline: Option<DeclineObject>,
}

/// Reads an object; `None` when the bytes are anything else.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// The code of an error, as it was sent; `None` when the bytes are anything else.
pub(super) fn error_code(body: &[u8]) -> Option<String> {
    read::<ErrorBody>(body).map(|body| body.error.code)
}

/// Why a card's issuer said no, where an error says so.
pub(super) fn error_decline(body: &[u8]) -> Option<DeclineObject> {
    read::<ErrorBody>(body).and_then(|body| body.error.decline)
}

/// Whether this is a name as the network gives them. It becomes a part of addresses later.
pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether this is a code that may be shown and stored.
pub(super) fn is_code(text: &str) -> bool {
    (1..=CODE_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A code that may be shown and stored; `processing_error` in the place of anything else.
pub(super) fn code_or_error(code: Option<String>) -> String {
    code.filter(|code| is_code(code)).unwrap_or_else(|| "processing_error".to_owned())
}

/// Whether a buyer's browser may be sent there.
pub(super) fn is_page(url: &str) -> bool {
    let is_bounded = url.len() <= URL_MAX && url.bytes().all(|byte| byte.is_ascii_graphic());
    is_bounded
        && reqwest::Url::parse(url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_bounded() {
        let (longest, too_long) = ("x".repeat(40), "x".repeat(41));
        for (text, expected) in [
            ("insufficient_funds", true),
            (&longest, true),
            (&too_long, false),
            ("", false),
            ("Insufficient", false),
            ("code 51", false),
            ("51", false),
            ("<b>", false),
            ("kartë", false),
        ] {
            assert_eq!(is_code(text), expected, "{text}");
        }
        for (text, expected) in [
            ("sba_1aB", true),
            ("", false),
            ("..", false),
            ("a/b", false),
            ("a%2fb", false),
            ("a b", false),
        ] {
            assert_eq!(is_name(text), expected, "{text}");
        }
        assert!(is_name(&"x".repeat(128)) && !is_name(&"x".repeat(129)));
    }

    #[test]
    fn browsers_are_sent_to_web_pages_only() {
        let long = format!("http://127.0.0.1/{}", "x".repeat(URL_MAX));
        for (url, expected) in [
            ("http://127.0.0.1:4004/challenge/ch1", true),
            ("https://bank.example/challenge?id=1", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//bank.example/", false),
            ("/challenge/1", false),
            ("http://bank.example/\r\nset-cookie: a=b", false),
            ("http://bank.example/a b", false),
            ("", false),
            (&long, false),
        ] {
            assert_eq!(is_page(url), expected, "{url}");
        }
    }
}
