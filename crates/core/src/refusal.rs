//! Refusals: what the domain answers when it says no. Data, not errors.

use crate::money::MoneyError;

/// Why a command was refused. Each has a stable code and stands in the decision tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is no such object, or it belongs to somebody else.
    NotFound,
    /// Somebody else wrote the object in between: look again.
    Changed,
    /// Amounts of two currencies met.
    CurrencyMismatch,
    /// A sum does not fit.
    AmountTooLarge,
    /// The amount is zero or below the least that can be charged.
    AmountTooSmall,
    /// The payment's state does not allow this.
    PaymentUnexpectedState,
    /// The card was taken from its customer, was never kept, or cannot be kept.
    MethodUnexpectedState,
    /// The card is another customer's, or is somebody's and no customer was named.
    MethodOfAnotherCustomer,
    /// The network has not said yet whether it keeps the card.
    MethodNotReady,
    /// The state of the setup does not allow this.
    SetupUnexpectedState,
    /// The total is not the one that the buyer was shown.
    TotalChanged,
    /// The session is complete or expired.
    SessionNotOpen,
    /// A product in the basket excludes cards.
    CardNotAllowed,
    /// The shop does not take cards of this brand or kind.
    CardBlocked,
    /// Some lines of a basket name a seller and some do not.
    SellersMixed,
    /// What goes on to a seller, or what is kept of it, is more than the buyer pays.
    PartExceedsPayment,
    /// Both what goes on to a seller and what is kept of it are said.
    FeeBesidePart,
    /// More is to be kept of what goes on to a seller than the buyer pays.
    FeeExceedsPayment,
    /// A fee is to be kept, and nobody gets what it would be kept of.
    FeeOfNobody,
    /// More is to go on to a seller than the buyer pays.
    TransferExceedsPayment,
    /// Something that the shop asks on the page is not answered, or not as it has to be.
    AnswersMissing,
    /// The session has no such way to ship.
    UnknownShippingOption,
    /// The buyer may not take so many of a line.
    QuantityNotOffered,
    /// Shipping has to be chosen first.
    ShippingNotChosen,
    /// The coupon or the promotion code is over, was deleted or was switched off.
    DiscountOver,
    /// The coupon or the promotion code was redeemed as often as it may be.
    RedemptionsExhausted,
    /// The coupon is for none of the products in the basket.
    DiscountNotApplicable,
    /// The lines cost less than the promotion code is for.
    MinimumNotReached,
    /// The promotion code is for a buyer's first purchase.
    FirstPurchaseOnly,
    /// The promotion code is another customer's.
    CodeOfAnotherCustomer,
    /// The shop does not let buyers enter promotion codes.
    CodesNotAllowed,
    /// A capture larger than what is left of the authorization.
    CaptureExceedsAuthorization,
    /// The authorization is over; nothing is captured after its end.
    AuthorizationExpired,
    /// The processor does not let this authorization grow, or not once more.
    AuthorizationCannotGrow,
    /// The processor allows no further capture of this authorization.
    CapturesExhausted,
    /// All of it has been refunded already.
    AlreadyRefunded,
    /// A refund larger than what is left to refund.
    RefundExceedsPayment,
    /// The order's state does not allow this.
    OrderUnexpectedState,
    /// The protection was extended as often as it may be.
    ExtensionsExhausted,
    /// The held funds are frozen by a claim or an operator.
    FundsFrozen,
    /// More than is held.
    ReleaseExceedsHeld,
    /// The ruling gives away more or less than is held.
    RulingExceedsHeld,
    /// The cardholder's bank has taken it back in a dispute.
    ChargeDisputed,
    /// The dispute's state does not allow this.
    DisputeUnexpectedState,
    /// There is no evidence to give.
    EvidenceMissing,
    /// The texts of the evidence are together longer than the bank takes.
    EvidenceTooLong,
    /// The balance does not cover it.
    BalanceInsufficient,
    /// A clock only moves forward.
    ClockMovesForwardOnly,
    /// The clock is still moving.
    ClockAdvancing,
    /// The platform has as many webhook endpoints as it may have.
    TooManyEndpoints,
    /// The charge has taken nothing that could be transferred, or its money is held for orders.
    SourceUnusable,
    /// More than the charge took, less what was transferred out of it before.
    TransferExceedsCharge,
    /// As many transfers out of one charge wait for its settlement as may.
    TooManyTransfers,
    /// More than is left of a transfer.
    ReversalExceedsTransfer,
    /// More than is left of a fee.
    FeeRefundExceedsFee,
    /// The top-up's state does not allow this.
    TopupUnexpectedState,
    /// The webhook endpoint is switched off.
    EndpointDisabled,
    /// There is no bank account in the currency to pay out to.
    PayoutsNotAllowed,
    /// The bank of the account has refused a payout for the account's own sake.
    BankAccountUnusable,
    /// The payout has left, or is over.
    PayoutUnexpectedState,
    /// The bank of the account takes no money at once.
    InstantPayoutsUnsupported,
    /// More than may be paid out at once.
    InstantPayoutsLimitExceeded,
    /// The token of a bank account was used before.
    TokenAlreadyUsed,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "resource_missing",
            Self::Changed => "lock_timeout",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::AmountTooLarge => "amount_too_large",
            Self::AmountTooSmall => "amount_too_small",
            Self::PaymentUnexpectedState => "payment_intent_unexpected_state",
            Self::MethodUnexpectedState => "payment_method_unexpected_state",
            Self::MethodOfAnotherCustomer => "payment_method_customer_mismatch",
            Self::MethodNotReady => "payment_method_not_ready",
            Self::SetupUnexpectedState => "setup_intent_unexpected_state",
            Self::TotalChanged => "total_changed",
            Self::SessionNotOpen => "checkout_session_not_open",
            Self::CardNotAllowed => "card_not_allowed",
            Self::CardBlocked => "card_blocked",
            Self::SellersMixed => "sellers_mixed",
            Self::PartExceedsPayment => "part_exceeds_payment",
            Self::FeeBesidePart => "parameters_exclusive",
            Self::FeeExceedsPayment => "parameter_invalid_value",
            Self::FeeOfNobody => "parameter_invalid_value",
            Self::TransferExceedsPayment => "parameter_invalid_value",
            Self::AnswersMissing => "checkout_answers_missing",
            Self::UnknownShippingOption => "shipping_option_unknown",
            Self::QuantityNotOffered => "quantity_not_offered",
            Self::ShippingNotChosen => "shipping_option_required",
            Self::DiscountOver => "coupon_expired",
            Self::RedemptionsExhausted => "redemptions_exhausted",
            Self::DiscountNotApplicable => "coupon_not_applicable",
            Self::MinimumNotReached => "promotion_code_minimum_not_reached",
            Self::FirstPurchaseOnly => "promotion_code_first_purchase_only",
            Self::CodeOfAnotherCustomer => "promotion_code_customer_mismatch",
            Self::CodesNotAllowed => "promotion_codes_not_allowed",
            Self::CaptureExceedsAuthorization => "capture_exceeds_authorization",
            Self::AuthorizationExpired => "charge_expired_for_capture",
            Self::AuthorizationCannotGrow => "payment_intent_incompatible_payment_method",
            Self::CapturesExhausted => "captures_exhausted",
            Self::AlreadyRefunded => "charge_already_refunded",
            Self::RefundExceedsPayment => "refund_exceeds_payment",
            Self::OrderUnexpectedState => "order_unexpected_state",
            Self::ExtensionsExhausted => "extensions_exhausted",
            Self::FundsFrozen => "held_funds_frozen",
            Self::ReleaseExceedsHeld => "release_exceeds_held",
            Self::RulingExceedsHeld => "ruling_exceeds_held",
            Self::ChargeDisputed => "charge_disputed",
            Self::DisputeUnexpectedState => "dispute_unexpected_state",
            Self::EvidenceMissing => "dispute_evidence_missing",
            Self::EvidenceTooLong => "dispute_evidence_too_long",
            Self::BalanceInsufficient => "balance_insufficient",
            Self::ClockMovesForwardOnly => "clock_moves_forward_only",
            Self::ClockAdvancing => "clock_advancing",
            Self::TooManyEndpoints => "webhook_endpoints_exhausted",
            Self::SourceUnusable => "source_transaction_unusable",
            Self::TransferExceedsCharge => "transfer_exceeds_charge",
            Self::TooManyTransfers => "transfers_exhausted",
            Self::ReversalExceedsTransfer => "reversal_exceeds_transfer",
            Self::FeeRefundExceedsFee => "fee_refund_exceeds_fee",
            Self::TopupUnexpectedState => "topup_unexpected_state",
            Self::EndpointDisabled => "webhook_endpoint_disabled",
            Self::PayoutsNotAllowed => "payouts_not_allowed",
            Self::BankAccountUnusable => "bank_account_unusable",
            Self::PayoutUnexpectedState => "payout_unexpected_state",
            Self::InstantPayoutsUnsupported => "instant_payouts_unsupported",
            Self::InstantPayoutsLimitExceeded => "instant_payouts_limit_exceeded",
            Self::TokenAlreadyUsed => "token_already_used",
        }
    }

    /// Whether the same request may succeed later without anything else being changed first.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Changed | Self::BalanceInsufficient | Self::ClockAdvancing | Self::MethodNotReady
        )
    }
}

impl Refusal {
    /// All refusals, for the page of error codes.
    pub const ALL: &[Refusal] = &[
        Refusal::NotFound,
        Refusal::Changed,
        Refusal::CurrencyMismatch,
        Refusal::AmountTooLarge,
        Refusal::AmountTooSmall,
        Refusal::PaymentUnexpectedState,
        Refusal::MethodUnexpectedState,
        Refusal::MethodOfAnotherCustomer,
        Refusal::MethodNotReady,
        Refusal::SetupUnexpectedState,
        Refusal::TotalChanged,
        Refusal::SessionNotOpen,
        Refusal::CardNotAllowed,
        Refusal::CardBlocked,
        Refusal::SellersMixed,
        Refusal::PartExceedsPayment,
        Refusal::FeeBesidePart,
        Refusal::FeeExceedsPayment,
        Refusal::FeeOfNobody,
        Refusal::TransferExceedsPayment,
        Refusal::AnswersMissing,
        Refusal::UnknownShippingOption,
        Refusal::QuantityNotOffered,
        Refusal::ShippingNotChosen,
        Refusal::DiscountOver,
        Refusal::RedemptionsExhausted,
        Refusal::DiscountNotApplicable,
        Refusal::MinimumNotReached,
        Refusal::FirstPurchaseOnly,
        Refusal::CodeOfAnotherCustomer,
        Refusal::CodesNotAllowed,
        Refusal::CaptureExceedsAuthorization,
        Refusal::AuthorizationExpired,
        Refusal::AuthorizationCannotGrow,
        Refusal::CapturesExhausted,
        Refusal::AlreadyRefunded,
        Refusal::RefundExceedsPayment,
        Refusal::OrderUnexpectedState,
        Refusal::ExtensionsExhausted,
        Refusal::FundsFrozen,
        Refusal::ReleaseExceedsHeld,
        Refusal::RulingExceedsHeld,
        Refusal::ChargeDisputed,
        Refusal::DisputeUnexpectedState,
        Refusal::EvidenceMissing,
        Refusal::EvidenceTooLong,
        Refusal::BalanceInsufficient,
        Refusal::ClockMovesForwardOnly,
        Refusal::ClockAdvancing,
        Refusal::TooManyEndpoints,
        Refusal::SourceUnusable,
        Refusal::TransferExceedsCharge,
        Refusal::TooManyTransfers,
        Refusal::ReversalExceedsTransfer,
        Refusal::FeeRefundExceedsFee,
        Refusal::TopupUnexpectedState,
        Refusal::EndpointDisabled,
        Refusal::PayoutsNotAllowed,
        Refusal::BankAccountUnusable,
        Refusal::PayoutUnexpectedState,
        Refusal::InstantPayoutsUnsupported,
        Refusal::InstantPayoutsLimitExceeded,
        Refusal::TokenAlreadyUsed,
    ];
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Refusal {
        match error {
            MoneyError::CurrencyMismatch => Refusal::CurrencyMismatch,
            MoneyError::Overflow => Refusal::AmountTooLarge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_refusals_are_listed() {
        let source = include_str!("refusal.rs");
        let (_, codes) = source.split_once("fn code(self)").unwrap();
        let codes = codes.split_once("fn is_transient").unwrap().0;
        let variants = codes.lines().filter_map(|line| line.trim().strip_prefix("Self::"));
        for variant in variants.map(|line| line.split(' ').next().unwrap()) {
            let listed = Refusal::ALL.iter().any(|refusal| format!("{refusal:?}") == variant);
            assert!(listed, "{variant}: list it in Refusal::ALL");
        }
    }
}
