//! Refusals: what the domain answers when it says no. Data, not errors.

use crate::money::MoneyError;

/// Why a command was refused. Each has a stable code and stands in the decision tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is no such object, or it belongs to somebody else.
    NotFound,
    /// Amounts of two currencies met.
    CurrencyMismatch,
    /// A sum does not fit.
    AmountTooLarge,
    /// The amount is zero or below the least that can be charged.
    AmountTooSmall,
    /// The payment's state does not allow this.
    PaymentUnexpectedState,
    /// The total is not the one that the buyer was shown.
    TotalChanged,
    /// The session is complete or expired.
    SessionNotOpen,
    /// A product in the basket excludes cards.
    CardNotAllowed,
    /// The session has no such way to ship.
    UnknownShippingOption,
    /// Shipping has to be chosen first.
    ShippingNotChosen,
    /// A capture larger than what is left of the authorization.
    CaptureExceedsAuthorization,
    /// The authorization is over; nothing is captured after its end.
    AuthorizationExpired,
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
    /// The balance does not cover it.
    BalanceInsufficient,
    /// A clock only moves forward.
    ClockMovesForwardOnly,
    /// The clock is still moving.
    ClockAdvancing,
    /// The platform has as many webhook endpoints as it may have.
    TooManyEndpoints,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "resource_missing",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::AmountTooLarge => "amount_too_large",
            Self::AmountTooSmall => "amount_too_small",
            Self::PaymentUnexpectedState => "payment_intent_unexpected_state",
            Self::TotalChanged => "total_changed",
            Self::SessionNotOpen => "checkout_session_not_open",
            Self::CardNotAllowed => "card_not_allowed",
            Self::UnknownShippingOption => "shipping_option_unknown",
            Self::ShippingNotChosen => "shipping_option_required",
            Self::CaptureExceedsAuthorization => "capture_exceeds_authorization",
            Self::AuthorizationExpired => "capture_charge_authorization_expired",
            Self::CapturesExhausted => "captures_exhausted",
            Self::AlreadyRefunded => "charge_already_refunded",
            Self::RefundExceedsPayment => "refund_exceeds_payment",
            Self::OrderUnexpectedState => "order_unexpected_state",
            Self::ExtensionsExhausted => "extensions_exhausted",
            Self::FundsFrozen => "held_funds_frozen",
            Self::ReleaseExceedsHeld => "release_exceeds_held",
            Self::RulingExceedsHeld => "ruling_exceeds_held",
            Self::BalanceInsufficient => "balance_insufficient",
            Self::ClockMovesForwardOnly => "clock_moves_forward_only",
            Self::ClockAdvancing => "clock_advancing",
            Self::TooManyEndpoints => "webhook_endpoints_exhausted",
        }
    }

    /// Whether the same request may succeed later without anything else being changed first.
    pub fn is_transient(self) -> bool {
        match self {
            Self::BalanceInsufficient | Self::ClockAdvancing => true,
            Self::NotFound
            | Self::CurrencyMismatch
            | Self::AmountTooLarge
            | Self::AmountTooSmall
            | Self::PaymentUnexpectedState
            | Self::TotalChanged
            | Self::SessionNotOpen
            | Self::CardNotAllowed
            | Self::UnknownShippingOption
            | Self::ShippingNotChosen
            | Self::CaptureExceedsAuthorization
            | Self::AuthorizationExpired
            | Self::CapturesExhausted
            | Self::AlreadyRefunded
            | Self::RefundExceedsPayment
            | Self::OrderUnexpectedState
            | Self::ExtensionsExhausted
            | Self::FundsFrozen
            | Self::ReleaseExceedsHeld
            | Self::RulingExceedsHeld
            | Self::ClockMovesForwardOnly
            | Self::TooManyEndpoints => false,
        }
    }
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Refusal {
        match error {
            MoneyError::CurrencyMismatch => Refusal::CurrencyMismatch,
            MoneyError::Overflow => Refusal::AmountTooLarge,
        }
    }
}
