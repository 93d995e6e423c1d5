//! What the core and the store answer, as the API says it: the one table of refusals.

use holdfast_core::refusal::Refusal;
use holdfast_engine::{StoreError, SubmitError};

use crate::error::ApiError;

/// A refusal of the domain. Handlers say more about `NotFound` and add the payment where its state
/// is the reason.
pub(crate) fn refused(refusal: Refusal) -> ApiError {
    if refusal == Refusal::NotFound {
        return ApiError::not_found("object", "");
    }
    let error = ApiError::invalid(refusal.code(), message(refusal));
    match param(refusal) {
        Some(param) => error.with_param(param),
        None => error,
    }
}

/// A command that was not carried out.
pub(crate) fn not_carried_out(error: &SubmitError) -> ApiError {
    match error {
        SubmitError::Refused(refusal) => refused(*refusal),
        SubmitError::Store(error) => store(error),
        SubmitError::Busy => ApiError::lock_timeout(),
        // The engine has logged which assertion it was.
        SubmitError::Bug(_) => ApiError::internal(),
    }
}

/// A store that could not do its work. What a write did is then not known: the same request with
/// the same idempotency key tells.
pub(crate) fn store(error: &StoreError) -> ApiError {
    tracing::error!(%error, "the store failed a request");
    if error.retryable() { ApiError::unavailable() } else { ApiError::internal() }
}

/// The parameter that most requests give the refused value in.
fn param(refusal: Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::CurrencyMismatch => Some("currency"),
        Refusal::AmountTooLarge
        | Refusal::AmountTooSmall
        | Refusal::RefundExceedsPayment
        | Refusal::ReleaseExceedsHeld => Some("amount"),
        Refusal::CaptureExceedsAuthorization => Some("amount_to_capture"),
        Refusal::RulingExceedsHeld => Some("refund_amount"),
        Refusal::TotalChanged => Some("expected_amount"),
        Refusal::ClockMovesForwardOnly => Some("frozen_time"),
        Refusal::UnknownShippingOption | Refusal::ShippingNotChosen => Some("shipping_options"),
        Refusal::NotFound => Some("id"),
        Refusal::PaymentUnexpectedState
        | Refusal::SessionNotOpen
        | Refusal::CardNotAllowed
        | Refusal::AuthorizationExpired
        | Refusal::CapturesExhausted
        | Refusal::AlreadyRefunded
        | Refusal::OrderUnexpectedState
        | Refusal::ExtensionsExhausted
        | Refusal::FundsFrozen
        | Refusal::BalanceInsufficient
        | Refusal::ClockAdvancing
        | Refusal::TooManyEndpoints => None,
    }
}

fn message(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "There is no such object.",
        Refusal::CurrencyMismatch => "All amounts must be of one currency.",
        Refusal::AmountTooLarge => "The amount is larger than can be charged.",
        Refusal::AmountTooSmall => "The amount must be more than nothing.",
        Refusal::PaymentUnexpectedState => {
            "The payment's status does not allow this; it is in error.payment_intent."
        }
        Refusal::TotalChanged => "The total of the session is not the expected one.",
        Refusal::SessionNotOpen => "The checkout session is complete or expired.",
        Refusal::CardNotAllowed => "A product in the basket may not be paid by card.",
        Refusal::UnknownShippingOption => "The session has no such way to ship.",
        Refusal::ShippingNotChosen => "A way to ship has to be chosen first.",
        Refusal::CaptureExceedsAuthorization => {
            "The amount is larger than what is left of the authorization."
        }
        Refusal::AuthorizationExpired => {
            "The authorization is over; nothing can be captured after its end."
        }
        Refusal::CapturesExhausted => "The card's network allows no further capture.",
        Refusal::AlreadyRefunded => "All of it has been refunded already.",
        Refusal::RefundExceedsPayment => "The amount is larger than what is left to refund.",
        Refusal::OrderUnexpectedState => "The order's status does not allow this.",
        Refusal::ExtensionsExhausted => "The protection has been extended as often as it may be.",
        Refusal::FundsFrozen => "The held funds are frozen by a claim or by an operator.",
        Refusal::ReleaseExceedsHeld => "The amount is larger than what is held.",
        Refusal::RulingExceedsHeld => "The buyer's part is larger than what is held.",
        Refusal::BalanceInsufficient => "The balance does not cover this.",
        Refusal::ClockMovesForwardOnly => "The clock already shows a later time.",
        Refusal::ClockAdvancing => "The clock is still moving; try again when it is ready.",
        Refusal::TooManyEndpoints => "There are as many webhook endpoints as there may be.",
    }
}
