//! What can go wrong between the shop and the API.

use std::fmt;

use serde::Deserialize;

/// Why a call gave nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No answer: refused, cut off or too late. What was asked for may have happened or not.
    Unreachable,
    /// An answer that says no.
    Refused { status: u16, code: String, param: String, request_id: Option<String> },
    /// An answer that is not what the API promises.
    Unreadable { request_id: Option<String> },
}

/// Longest code or parameter name that is logged.
const NAME_CHARS_MAX: usize = 80;

#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

/// The message is left out on purpose: it is written for developers of the API's clients, and may
/// repeat what a buyer typed.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    param: Option<String>,
}

impl ApiError {
    /// Reads `{"error": {"code": ..., "param": ...}}`; another body just leaves them empty.
    pub(crate) fn refused(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
        let error = serde_json::from_slice::<Envelope>(body).map(|envelope| envelope.error);
        let (code, param) = error.map_or((None, None), |error| (error.code, error.param));
        ApiError::Refused { status, code: name(code), param: name(param), request_id }
    }

    /// Whether the same request, with the same idempotency key, may succeed a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            ApiError::Unreachable => true,
            ApiError::Refused { status, .. } => *status == 409 || *status >= 500,
            ApiError::Unreadable { .. } => false,
        }
    }

    /// The API's name for the request, which helps its operator to find it.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            ApiError::Unreachable => None,
            ApiError::Refused { request_id, .. } | ApiError::Unreadable { request_id } => {
                request_id.as_deref()
            }
        }
    }
}

fn name(text: Option<String>) -> String {
    text.unwrap_or_default().chars().take(NAME_CHARS_MAX).collect()
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApiError::Unreachable => f.write_str("the API did not answer")?,
            ApiError::Unreadable { .. } => f.write_str("the API's answer cannot be read")?,
            ApiError::Refused { status, code, param, .. } => {
                write!(f, "the API refused with status {status}, code {code:?}, param {param:?}")?;
            }
        }
        self.request_id().map_or(Ok(()), |id| write!(f, ", request {id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_asked_again() {
        let table = [
            (400, false),
            (401, false),
            (402, false),
            (404, false),
            (409, true),
            (429, false),
            (500, true),
            (502, true),
            (503, true),
        ];
        for (status, transient) in table {
            let error = ApiError::refused(status, None, b"");
            assert_eq!(error.is_transient(), transient, "{status}");
        }
        assert!(ApiError::Unreachable.is_transient());
        assert!(!ApiError::Unreadable { request_id: None }.is_transient());
    }

    #[test]
    fn codes_are_read_and_messages_are_not() {
        let body = br#"{"error":{"type":"invalid_request_error","code":"parameter_unknown",
            "param":"seller","message":"a secret"}}"#;
        let error = ApiError::refused(400, Some("req_1".to_owned()), body);
        assert_eq!(
            error.to_string(),
            "the API refused with status 400, code \"parameter_unknown\", param \"seller\", \
             request req_1"
        );
        for body in [&b"<html>"[..], b"{}", b"{\"error\":7}", b"{\"error\":{\"code\":null}}"] {
            let error = ApiError::refused(502, None, body);
            assert_eq!(error.to_string(), "the API refused with status 502, code \"\", param \"\"");
        }
    }
}
