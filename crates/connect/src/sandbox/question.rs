//! What is asked of the network, and the bodies that ask it.
//!
//! The same request makes the same bytes every time: the network refuses an idempotency key that
//! comes back with anything else.

use holdfast_core::effect::{AuthorizeRequest, CaptureRequest, RefundRequest};
use holdfast_core::money::Money;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::time::Span;
use serde::Serialize;

/// Who asks, as the cardholder's statement shows it.
const DESCRIPTOR: &str = "HOLDFAST";

/// One question, under its reference.
pub(super) struct Question<'a> {
    pub(super) kind: Kind,
    /// Our name of it, which is its idempotency key.
    pub(super) reference: String,
    /// The network's name of what it is about; `None` for a new authorization.
    pub(super) authorization: Option<&'a str>,
    pub(super) amount: Money,
    pub(super) body: Vec<u8>,
}

/// What the network keeps under the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Authorization,
    Capture,
    Void,
    Refund,
}

impl Kind {
    /// The word for one, in objects.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Authorization => "authorization",
            Kind::Capture => "capture",
            Kind::Void => "void",
            Kind::Refund => "refund",
        }
    }

    /// The word for many, in paths.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Kind::Authorization => "authorizations",
            Kind::Capture => "captures",
            Kind::Void => "voids",
            Kind::Refund => "refunds",
        }
    }
}

impl<'a> Question<'a> {
    pub(super) fn authorization(request: &'a AuthorizeRequest) -> Question<'a> {
        let reference = request.attempt.to_string();
        let body = AuthorizationBody {
            reference: &reference,
            token: request.token.reveal(),
            amount: request.amount.minor(),
            currency: currency(request.amount),
            descriptor: DESCRIPTOR,
            return_url: request.return_url.as_deref(),
            three_ds: "automatic",
            off_session: false,
        };
        let (kind, authorization, amount) = (Kind::Authorization, None, request.amount);
        Question { kind, body: bytes(&body), reference, authorization, amount }
    }

    pub(super) fn capture(request: &'a CaptureRequest) -> Question<'a> {
        let reference = request.capture.to_string();
        let body = CaptureBody {
            reference: &reference,
            amount: request.amount.minor(),
            currency: currency(request.amount),
            // What is not needed any more is given back as a void of its own, with its own row.
            last: false,
        };
        let authorization = Some(request.authorization.as_str());
        let (kind, amount) = (Kind::Capture, request.amount);
        Question { kind, body: bytes(&body), reference, authorization, amount }
    }

    pub(super) fn refund(request: &'a RefundRequest) -> Question<'a> {
        let reference = request.refund.to_string();
        let amount = request.amount.minor();
        let (kind, body) = match request.method {
            RefundMethod::Reversal => {
                (Kind::Void, bytes(&VoidBody { reference: &reference, amount }))
            }
            RefundMethod::Return => {
                let currency = currency(request.amount);
                (Kind::Refund, bytes(&RefundBody { reference: &reference, amount, currency }))
            }
        };
        let authorization = Some(request.authorization.as_str());
        Question { kind, reference, authorization, amount: request.amount, body }
    }

    /// Where the question is posted to.
    pub(super) fn post_path(&self) -> Vec<&str> {
        match self.authorization {
            None => vec!["network", "authorizations"],
            Some(id) => vec!["network", "authorizations", id, self.kind.plural()],
        }
    }
}

/// The wish to move the sandbox's clock.
pub(super) fn clock(ahead: Span) -> Vec<u8> {
    bytes(&ClockBody { offset_ms: ahead.ms() })
}

#[derive(Serialize)]
struct AuthorizationBody<'a> {
    reference: &'a str,
    token: &'a str,
    amount: i64,
    currency: String,
    descriptor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<&'a str>,
    three_ds: &'a str,
    off_session: bool,
}

#[derive(Serialize)]
struct CaptureBody<'a> {
    reference: &'a str,
    amount: i64,
    currency: String,
    #[serde(rename = "final")]
    last: bool,
}

#[derive(Serialize)]
struct VoidBody<'a> {
    reference: &'a str,
    amount: i64,
}

#[derive(Serialize)]
struct RefundBody<'a> {
    reference: &'a str,
    amount: i64,
    currency: String,
}

#[derive(Serialize)]
struct ClockBody {
    offset_ms: i64,
}

fn currency(amount: Money) -> String {
    amount.currency().code().to_ascii_lowercase()
}

fn bytes(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("texts, numbers and truth values are always JSON")
}
