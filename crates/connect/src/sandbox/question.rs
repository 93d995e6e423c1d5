//! What is asked of the network, and the bodies that ask it.
//!
//! The same request makes the same bytes every time: the network refuses an idempotency key that
//! comes back with anything else.

use holdfast_core::currency::Currency;
use holdfast_core::effect::{
    AuthorizeRequest, CaptureRequest, HoldChange, HoldRequest, PayoutRequest, RefundRequest,
    SaveCardRequest, VerifyRequest,
};
use holdfast_core::money::Money;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::notes::ThreeDSecure;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::time::Span;
use serde::Serialize;

/// Who asks, where an older row does not say how the cardholder's statement is to show it.
const DESCRIPTOR: &str = "HOLDFAST";

/// What a verification asks for, in the currency that the network names with it.
pub(super) const NOTHING: Money = Money::zero(Currency::USD);

/// One question, under its reference.
pub(super) struct Question<'a> {
    pub(super) kind: Kind,
    /// Our name of it, which is its idempotency key.
    pub(super) reference: String,
    /// The network's name of what it is about; `None` for an authorization and a payout.
    pub(super) authorization: Option<&'a str>,
    pub(super) amount: Money,
    pub(super) body: Vec<u8>,
}

/// What the network keeps under the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Authorization,
    Capture,
    Increment,
    Void,
    Refund,
    Card,
    Payout,
    Verification,
}

impl Kind {
    /// The word for one, in objects.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Authorization => "authorization",
            Kind::Capture => "capture",
            Kind::Increment => "increment",
            Kind::Void => "void",
            Kind::Refund => "refund",
            Kind::Verification => "verification",
            Kind::Card => "card",
            Kind::Payout => "payout",
        }
    }

    /// The word for many, in paths.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Kind::Authorization => "authorizations",
            Kind::Capture => "captures",
            Kind::Increment => "increments",
            Kind::Void => "voids",
            Kind::Refund => "refunds",
            Kind::Verification => "verifications",
            Kind::Card => "cards",
            Kind::Payout => "payouts",
        }
    }
}

impl<'a> Question<'a> {
    pub(super) fn authorization(request: &'a AuthorizeRequest) -> Question<'a> {
        let reference = request.attempt.to_string();
        let capture = request.capture.map(|capture| capture.to_string());
        let body = AuthorizationBody {
            reference: &reference,
            token: request.token.reveal(),
            amount: request.amount.minor(),
            currency: currency(request.amount),
            descriptor: Some(request.descriptor.as_str())
                .filter(|text| !text.is_empty())
                .unwrap_or(DESCRIPTOR),
            return_url: request.return_url.as_deref(),
            three_ds: three_ds(request.three_d_secure),
            off_session: request.off_session,
            save: request.save,
            incremental: request.incremental,
            moto: request.moto,
            network: request.network.as_deref(),
            capture: capture.as_deref(),
        };
        let (kind, authorization, amount) = (Kind::Authorization, None, request.amount);
        Question { kind, body: bytes(&body), reference, authorization, amount }
    }

    pub(super) fn verification(request: &'a VerifyRequest) -> Question<'a> {
        let reference = request.attempt.to_string();
        let body = VerificationBody {
            reference: &reference,
            token: request.token.reveal(),
            descriptor: DESCRIPTOR,
            return_url: request.return_url.as_deref(),
            three_ds: Some(three_ds(request.three_d_secure)).filter(|wish| *wish != AUTOMATIC),
            moto: request.moto,
            network: request.network.as_deref(),
        };
        let (kind, authorization, amount) = (Kind::Verification, None, NOTHING);
        Question { kind, body: bytes(&body), reference, authorization, amount }
    }

    pub(super) fn save(request: &'a SaveCardRequest) -> Question<'a> {
        let reference = request.reference();
        let (token, check) = (request.token.reveal(), request.check);
        let body = SaveBody { reference: &reference, token, check };
        let (kind, authorization, amount) = (Kind::Card, None, NOTHING);
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

    pub(super) fn hold(request: &'a HoldRequest) -> Question<'a> {
        let reference = request.own_reference();
        let amount = request.amount.minor();
        let (kind, body) = match request.change {
            HoldChange::Raise(_) => {
                let currency = currency(request.amount);
                (Kind::Increment, bytes(&SumBody { reference: &reference, amount, currency }))
            }
            HoldChange::GiveUp { .. } => {
                let body = VoidBody { reference: &reference, amount, while_asked: true };
                (Kind::Void, bytes(&body))
            }
        };
        let authorization = Some(request.authorization.as_str());
        Question { kind, reference, authorization, amount: request.amount, body }
    }

    pub(super) fn refund(request: &'a RefundRequest) -> Question<'a> {
        let reference = request.refund.to_string();
        let amount = request.amount.minor();
        let (kind, body) = match request.method {
            RefundMethod::Reversal => {
                (Kind::Void, bytes(&VoidBody { reference: &reference, amount, while_asked: false }))
            }
            RefundMethod::Return => {
                let currency = currency(request.amount);
                (Kind::Refund, bytes(&SumBody { reference: &reference, amount, currency }))
            }
        };
        let authorization = Some(request.authorization.as_str());
        Question { kind, reference, authorization, amount: request.amount, body }
    }

    pub(super) fn payout(request: &'a PayoutRequest) -> Question<'a> {
        let reference = request.payout.to_string();
        let body = PayoutBody {
            reference: &reference,
            account: request.account.name(),
            amount: request.amount.minor(),
            currency: currency(request.amount),
            method: request.method.name(),
        };
        let (kind, amount) = (Kind::Payout, request.amount);
        Question { kind, body: bytes(&body), reference, authorization: None, amount }
    }

    /// Where the question is posted to.
    pub(super) fn post_path(&self) -> Vec<&str> {
        match self.authorization {
            None => vec!["network", self.kind.plural()],
            Some(id) => vec!["network", "authorizations", id, self.kind.plural()],
        }
    }
}

/// The wish to move the sandbox's clock.
pub(super) fn clock(ahead: Span) -> Vec<u8> {
    bytes(&ClockBody { offset_ms: ahead.ms() })
}

/// The wish to know what a token stands for.
pub(super) fn token(token: &CardToken) -> Vec<u8> {
    bytes(&TokenBody { token: token.reveal() })
}

#[derive(Serialize)]
struct TokenBody<'a> {
    token: &'a str,
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    save: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incremental: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    moto: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<&'a str>,
}

#[derive(Serialize)]
struct VerificationBody<'a> {
    reference: &'a str,
    token: &'a str,
    descriptor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    three_ds: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    moto: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<&'a str>,
}

#[derive(Serialize)]
struct SaveBody<'a> {
    reference: &'a str,
    token: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    check: bool,
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    while_asked: bool,
}

#[derive(Serialize)]
struct SumBody<'a> {
    reference: &'a str,
    amount: i64,
    currency: String,
}

#[derive(Serialize)]
struct PayoutBody<'a> {
    reference: &'a str,
    account: &'a str,
    amount: i64,
    currency: String,
    method: &'a str,
}

#[derive(Serialize)]
struct ClockBody {
    offset_ms: i64,
}

/// The bank is to ask only when it wants to.
const AUTOMATIC: &str = "automatic";

fn three_ds(wish: ThreeDSecure) -> &'static str {
    match wish {
        ThreeDSecure::Automatic => AUTOMATIC,
        // The sandbox's banks ask whenever they are told to; they know no silent check.
        ThreeDSecure::Any | ThreeDSecure::Challenge => "any",
    }
}

fn currency(amount: Money) -> String {
    amount.currency().code().to_ascii_lowercase()
}

fn bytes(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("texts, numbers and truth values are always JSON")
}
