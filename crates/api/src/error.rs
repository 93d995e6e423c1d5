//! The error object of the API and the one table of statuses.

use std::fmt;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::reply::Reply;

mod kinds;

/// An answer that says no: a status and an error object.
///
/// As an axum response it carries itself in the extensions, and [`crate::gate`] writes the body:
/// only there the address of the error page is known.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError(Box<Fault>);

/// The four types that the SDKs know; each becomes an exception class of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The server's fault.
    ApiError,
    /// The card cannot be charged, and the buyer may be told why.
    CardError,
    /// The idempotency key was used for something else.
    IdempotencyError,
    /// The request cannot be understood or is not allowed.
    InvalidRequestError,
}

#[derive(Clone, Debug, PartialEq)]
struct Fault {
    status: StatusCode,
    retry: Option<bool>,
    object: ErrorObject,
}

/// The answer to a request that was refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorBody<'a> {
    /// What is wrong.
    error: &'a ErrorObject,
}

/// The object under `error`. What is absent is left out, as the dialect does.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
struct ErrorObject {
    /// The family of the error; each is an exception class of the SDKs.
    #[serde(rename = "type")]
    kind: ErrorKind,
    /// The stable word for what is wrong; the page of error codes says what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// The issuer's reason for a decline.
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_code: Option<String>,
    /// What the network advises after a decline.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice_code: Option<String>,
    /// The network's own number for the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    network_decline_code: Option<String>,
    /// Where the code is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    doc_url: Option<String>,
    /// A sentence for people; it may change.
    message: String,
    /// The parameter at fault, as it was spelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<String>,
    /// Where the operator finds the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_log_url: Option<String>,
    /// The charge that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Option<String>,
    /// The payment as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent: Option<Value>,
    /// What was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<Value>,
    /// The set-up as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    setup_intent: Option<Value>,
}

/// Why a card was not charged, in the dialect's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// `card_declined`, `expired_card`, `incorrect_cvc`, `processing_error`, ...
    pub code: &'static str,
    /// The issuer's reason, e.g. `insufficient_funds`.
    pub decline_code: Option<String>,
    /// What the network advises: `try_again_later`, `do_not_try_again`, `confirm_card_data`.
    pub advice_code: Option<String>,
    /// The network's own number for the reason.
    pub network_decline_code: Option<String>,
    /// A sentence for the buyer.
    pub message: String,
}

impl ApiError {
    fn new(
        status: StatusCode,
        kind: ErrorKind,
        code: Option<&'static str>,
        message: String,
    ) -> ApiError {
        let object = ErrorObject {
            kind,
            code,
            decline_code: None,
            advice_code: None,
            network_decline_code: None,
            doc_url: None,
            message,
            param: None,
            request_log_url: None,
            charge: None,
            payment_intent: None,
            payment_method: None,
            setup_intent: None,
        };
        ApiError(Box::new(Fault { status, retry: None, object }))
    }

    /// The same error about `param`.
    #[must_use]
    pub fn with_param(mut self, param: &str) -> ApiError {
        self.0.object.param = Some(clipped(param));
        self
    }

    /// The same error with `Stripe-Should-Retry`.
    #[must_use]
    pub fn with_retry(mut self, retry: bool) -> ApiError {
        self.0.retry = Some(retry);
        self
    }

    /// The same error with the payment intent as it stands now: clients read its status.
    #[must_use]
    pub fn with_payment_intent(mut self, payment_intent: Value) -> ApiError {
        self.0.object.payment_intent = Some(payment_intent);
        self
    }

    /// The same error with the payment method that was tried.
    #[must_use]
    pub fn with_payment_method(mut self, payment_method: Value) -> ApiError {
        self.0.object.payment_method = Some(payment_method);
        self
    }

    /// The same error with the setup intent as it stands now.
    #[must_use]
    pub fn with_setup_intent(mut self, setup_intent: Value) -> ApiError {
        self.0.object.setup_intent = Some(setup_intent);
        self
    }

    /// The same error with the id of the charge that failed.
    #[must_use]
    pub fn with_charge(mut self, charge: &str) -> ApiError {
        self.0.object.charge = Some(charge.into());
        self
    }

    /// The same error with the address where the operator finds the request.
    #[must_use]
    pub fn with_request_log_url(mut self, url: String) -> ApiError {
        self.0.object.request_log_url = Some(url);
        self
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code, where the dialect has one.
    pub fn code(&self) -> Option<&'static str> {
        self.0.object.code
    }

    /// The parameter at fault.
    pub fn param_name(&self) -> Option<&str> {
        self.0.object.param.as_deref()
    }

    /// The finished answer. `origin` is that of the page of error codes, for `doc_url`; empty
    /// where there is no such page.
    pub fn reply(&self, origin: &str) -> Reply {
        let mut object = self.0.object.clone();
        let code = object.code.filter(|_| !origin.is_empty());
        object.doc_url = code.map(|code| format!("{origin}/docs/errors#{code}"));
        let body = serde_json::to_vec(&ErrorBody { error: &object }).unwrap_or_default();
        let reply = Reply::new(self.0.status, body);
        match self.0.retry {
            Some(retry) => reply.with_retry(retry),
            None => reply,
        }
    }
}

/// The most characters of a client's own text that an error repeats.
const ECHO_CHARS_MAX: usize = 200;

/// A client's text, short enough and without control characters, for a message.
fn clipped(text: &str) -> String {
    let mut clipped: String = text
        .chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .take(ECHO_CHARS_MAX)
        .collect();
    if text.chars().nth(ECHO_CHARS_MAX).is_some() {
        clipped.push('…');
    }
    clipped
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.object.message)
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests;
