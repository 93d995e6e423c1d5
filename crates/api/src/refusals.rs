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
    if refusal == Refusal::Changed {
        return ApiError::lock_timeout();
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
        | Refusal::InstantPayoutsLimitExceeded
        | Refusal::RefundExceedsPayment
        | Refusal::ReleaseExceedsHeld
        | Refusal::TransferExceedsCharge
        | Refusal::ReversalExceedsTransfer
        | Refusal::FeeRefundExceedsFee => Some("amount"),
        Refusal::SourceUnusable | Refusal::TooManyTransfers => Some("source_transaction"),
        Refusal::CaptureExceedsAuthorization => Some("amount_to_capture"),
        Refusal::RulingExceedsHeld => Some("refund_amount"),
        Refusal::TotalChanged => Some("expected_amount"),
        Refusal::ClockMovesForwardOnly => Some("frozen_time"),
        Refusal::SellersMixed => Some("line_items"),
        Refusal::EvidenceMissing | Refusal::EvidenceTooLong => Some("evidence"),
        Refusal::PartExceedsPayment => Some("payment_intent_data"),
        Refusal::FeeExceedsPayment | Refusal::FeeOfNobody => Some("application_fee_amount"),
        Refusal::FeeBesidePart | Refusal::TransferExceedsPayment => Some("transfer_data[amount]"),
        Refusal::QuantityNotOffered => Some("quantity"),
        Refusal::UnknownShippingOption | Refusal::ShippingNotChosen => Some("shipping_options"),
        Refusal::DiscountOver
        | Refusal::RedemptionsExhausted
        | Refusal::DiscountNotApplicable
        | Refusal::MinimumNotReached
        | Refusal::FirstPurchaseOnly
        | Refusal::CodeOfAnotherCustomer => Some("discounts"),
        Refusal::MethodUnexpectedState
        | Refusal::MethodOfAnotherCustomer
        | Refusal::MethodNotReady
        | Refusal::CardBlocked => Some("payment_method"),
        Refusal::NotFound => Some("id"),
        Refusal::BankAccountUnusable => Some("destination"),
        Refusal::InstantPayoutsUnsupported => Some("method"),
        Refusal::Changed
        | Refusal::CodesNotAllowed
        | Refusal::PaymentUnexpectedState
        | Refusal::SetupUnexpectedState
        | Refusal::SessionNotOpen
        | Refusal::CardNotAllowed
        | Refusal::AnswersMissing
        | Refusal::AuthorizationExpired
        | Refusal::AuthorizationCannotGrow
        | Refusal::CapturesExhausted
        | Refusal::AlreadyRefunded
        | Refusal::OrderUnexpectedState
        | Refusal::ExtensionsExhausted
        | Refusal::FundsFrozen
        | Refusal::ChargeDisputed
        | Refusal::DisputeUnexpectedState
        | Refusal::BalanceInsufficient
        | Refusal::ClockAdvancing
        | Refusal::PayoutsNotAllowed
        | Refusal::PayoutUnexpectedState
        | Refusal::TopupUnexpectedState
        | Refusal::TooManyEndpoints => None,
        Refusal::EndpointDisabled => Some("webhook_endpoint"),
        Refusal::TokenAlreadyUsed => Some("external_account"),
    }
}

const METHOD_UNEXPECTED: &str = "The card was used without being saved for a customer, or was \
    taken from its customer. It may not be used again. To use a card again, attach it to a \
    customer first.";
const METHOD_OF_ANOTHER: &str =
    "The card is not one of this customer's. Name the customer that it is attached to.";
const METHOD_NOT_READY: &str =
    "The card's network has not said yet whether it keeps the card; try again in a moment.";
const SETUP_UNEXPECTED: &str =
    "The setup's status does not allow this; it is in error.setup_intent.";
const CANNOT_GROW: &str =
    "The card's network does not let this authorization grow, or not once more.";
const PAYMENT_UNEXPECTED: &str =
    "The payment's status does not allow this; it is in error.payment_intent.";
const CAPTURE_TOO_LARGE: &str = "The amount is larger than what is left of the authorization.";
const AUTHORIZATION_OVER: &str =
    "The authorization is over; nothing can be captured after its end.";
const DISPUTE_UNEXPECTED: &str =
    "The dispute waits for no evidence: it is over, past due, or being answered.";
const NO_BANK_ACCOUNT: &str =
    "There is no bank account in this currency to pay out to; add one first.";
const BANK_REFUSES: &str = "The bank account's status is errored: its bank has refused a payout. \
    Change its holder's details, or add another bank account.";
const PAYOUT_UNEXPECTED: &str =
    "Only a pending payout can be canceled; this one has left or is over.";
const INSTANT_UNSUPPORTED: &str = "The bank of this account does not take instant payouts.";
const INSTANT_TOO_LARGE: &str = "The amount is larger than may be paid out at once.";
const SOURCE_UNUSABLE: &str =
    "The charge has taken nothing that could be transferred, or its money is held for orders.";
const TRANSFER_TOO_LARGE: &str =
    "The amount is larger than what the charge took, less earlier transfers out of it.";
const TOO_MANY_TRANSFERS: &str =
    "As many transfers out of this charge wait for its settlement as may.";
const PART_TOO_LARGE: &str =
    "More is to go on to a seller, or to be kept of it, than the buyer pays.";
const FEE_BESIDE_PART: &str = "You may only specify one of these parameters: \
    application_fee_amount, transfer_data[amount].";
const FEE_TOO_LARGE: &str = "Invalid application_fee_amount: it is larger than the payment.";
const FEE_OF_NOBODY: &str = "A fee is kept of what a seller gets: name transfer_data[destination].";
const GOING_ON_TOO_LARGE: &str = "Invalid transfer_data[amount]: it is larger than the payment.";
const ANSWERS_MISSING: &str =
    "Something that the page asks is not answered, or not as the session says.";
const USED_UP: &str = "The coupon or the promotion code was redeemed as often as it may be.";
const MINIMUM_NOT_REACHED: &str = "The lines cost less than the promotion code is for.";
const REVERSAL_TOO_LARGE: &str = "The amount is larger than what is left of the transfer.";

/// What a refusal means, in a sentence.
pub(crate) fn message(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "There is no such object.",
        Refusal::Changed => "Somebody else is writing the object; try again.",
        Refusal::CurrencyMismatch => "All amounts must be of one currency.",
        Refusal::AmountTooLarge => "The amount is larger than can be charged.",
        Refusal::AmountTooSmall => "The amount must be more than nothing.",
        Refusal::PaymentUnexpectedState => PAYMENT_UNEXPECTED,
        Refusal::MethodUnexpectedState => METHOD_UNEXPECTED,
        Refusal::MethodOfAnotherCustomer => METHOD_OF_ANOTHER,
        Refusal::MethodNotReady => METHOD_NOT_READY,
        Refusal::SetupUnexpectedState => SETUP_UNEXPECTED,
        Refusal::TotalChanged => "The total of the session is not the expected one.",
        Refusal::SessionNotOpen => "The checkout session is complete or expired.",
        Refusal::CardNotAllowed => "A product in the basket may not be paid by card.",
        Refusal::CardBlocked => "The shop does not take cards of this brand or kind.",
        Refusal::SellersMixed => "Either every line of a session names a seller or none does.",
        Refusal::PartExceedsPayment => PART_TOO_LARGE,
        Refusal::FeeBesidePart => FEE_BESIDE_PART,
        Refusal::FeeExceedsPayment => FEE_TOO_LARGE,
        Refusal::FeeOfNobody => FEE_OF_NOBODY,
        Refusal::TransferExceedsPayment => GOING_ON_TOO_LARGE,
        Refusal::AnswersMissing => ANSWERS_MISSING,
        Refusal::UnknownShippingOption => "The session has no such way to ship.",
        Refusal::QuantityNotOffered => "The buyer may not take so many of this line.",
        Refusal::ShippingNotChosen => "A way to ship has to be chosen first.",
        Refusal::DiscountOver => "The coupon or the promotion code is no longer valid.",
        Refusal::RedemptionsExhausted => USED_UP,
        Refusal::DiscountNotApplicable => "The coupon is for none of the products in the basket.",
        Refusal::MinimumNotReached => MINIMUM_NOT_REACHED,
        Refusal::FirstPurchaseOnly => "The promotion code is for a buyer's first purchase only.",
        Refusal::CodeOfAnotherCustomer => "The promotion code is for another customer.",
        Refusal::CodesNotAllowed => "The session takes no promotion codes.",
        Refusal::CaptureExceedsAuthorization => CAPTURE_TOO_LARGE,
        Refusal::AuthorizationExpired => AUTHORIZATION_OVER,
        Refusal::AuthorizationCannotGrow => CANNOT_GROW,
        Refusal::CapturesExhausted => "The card's network allows no further capture.",
        Refusal::AlreadyRefunded => "All of it has been refunded already.",
        Refusal::RefundExceedsPayment => "The amount is larger than what is left to refund.",
        Refusal::OrderUnexpectedState => "The order's status does not allow this.",
        Refusal::ExtensionsExhausted => "The protection has been extended as often as it may be.",
        Refusal::FundsFrozen => "The held funds are frozen by a claim or by an operator.",
        Refusal::ReleaseExceedsHeld => "The amount is larger than what is held.",
        Refusal::RulingExceedsHeld => "The buyer's part is larger than what is held.",
        Refusal::ChargeDisputed => "The cardholder's bank has taken the money back in a dispute.",
        Refusal::DisputeUnexpectedState => DISPUTE_UNEXPECTED,
        Refusal::EvidenceMissing => "There is no evidence to submit.",
        Refusal::EvidenceTooLong => "All evidence together has more than 150,000 characters.",
        Refusal::BalanceInsufficient => "The balance does not cover this.",
        Refusal::ClockMovesForwardOnly => "The clock already shows a later time.",
        Refusal::ClockAdvancing => "The clock is still moving; try again when it is ready.",
        Refusal::EndpointDisabled => "The webhook endpoint is switched off.",
        Refusal::PayoutsNotAllowed => NO_BANK_ACCOUNT,
        Refusal::BankAccountUnusable => BANK_REFUSES,
        Refusal::PayoutUnexpectedState => PAYOUT_UNEXPECTED,
        Refusal::InstantPayoutsUnsupported => INSTANT_UNSUPPORTED,
        Refusal::InstantPayoutsLimitExceeded => INSTANT_TOO_LARGE,
        Refusal::TokenAlreadyUsed => "The token was used before. Make another one.",
        Refusal::SourceUnusable => SOURCE_UNUSABLE,
        Refusal::TransferExceedsCharge => TRANSFER_TOO_LARGE,
        Refusal::TooManyTransfers => TOO_MANY_TRANSFERS,
        Refusal::ReversalExceedsTransfer => REVERSAL_TOO_LARGE,
        Refusal::FeeRefundExceedsFee => "The amount is larger than what is left of the fee.",
        Refusal::TopupUnexpectedState => "The top-up is not pending any more.",
        Refusal::TooManyEndpoints => "There are as many webhook endpoints as there may be.",
    }
}
