//! Why a bank said no, in the families that a buyer can do something about.

/// What a decline means for the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decline {
    /// The money or the limit does not reach.
    Funds,
    /// The card is over.
    Expired,
    /// The security code is wrong.
    Code,
    /// The number is wrong.
    Number,
    /// The card may not be used for this, in this currency, or in this way.
    NotAllowed,
    /// The card was used too often today.
    TooOften,
    /// The bank or the network could not answer.
    Later,
    /// The buyer's bank could not confirm that it was the buyer.
    NotAuthenticated,
    /// The bank gives no reason, or one that only the cardholder may hear from the bank.
    NoReason,
}

impl Decline {
    /// All families.
    pub const ALL: [Decline; 9] = [
        Decline::Funds,
        Decline::Expired,
        Decline::Code,
        Decline::Number,
        Decline::NotAllowed,
        Decline::TooOften,
        Decline::Later,
        Decline::NotAuthenticated,
        Decline::NoReason,
    ];

    /// The family of a processor's answer: its `decline_code` where it gives one, else its `code`.
    ///
    /// Lost, stolen and suspected cards fall under [`Decline::NoReason`] on purpose: whoever holds
    /// the card now must not be told.
    pub fn of(code: &str, decline_code: Option<&str>) -> Decline {
        let family = |code| FAMILIES.iter().find(|row| row.0 == code).map(|row| row.1);
        decline_code.and_then(family).or_else(|| family(code)).unwrap_or(Decline::NoReason)
    }

    /// The text that says what happened and what to do.
    pub fn key(self) -> &'static str {
        match self {
            Decline::Funds => "decline-funds",
            Decline::Expired => "decline-expired",
            Decline::Code => "decline-code",
            Decline::Number => "decline-number",
            Decline::NotAllowed => "decline-not-allowed",
            Decline::TooOften => "decline-too-often",
            Decline::Later => "decline-later",
            Decline::NotAuthenticated => "decline-not-authenticated",
            Decline::NoReason => "decline-no-reason",
        }
    }
}

/// Codes whose family is not [`Decline::NoReason`].
const FAMILIES: &[(&str, Decline)] = &[
    ("insufficient_funds", Decline::Funds),
    ("withdrawal_count_limit_exceeded", Decline::Funds),
    ("expired_card", Decline::Expired),
    ("invalid_expiry_month", Decline::Expired),
    ("invalid_expiry_year", Decline::Expired),
    ("incorrect_cvc", Decline::Code),
    ("invalid_cvc", Decline::Code),
    ("incorrect_number", Decline::Number),
    ("invalid_number", Decline::Number),
    ("invalid_account", Decline::NotAllowed),
    ("card_not_supported", Decline::NotAllowed),
    ("currency_not_supported", Decline::NotAllowed),
    ("transaction_not_allowed", Decline::NotAllowed),
    ("not_permitted", Decline::NotAllowed),
    ("service_not_allowed", Decline::NotAllowed),
    ("card_velocity_exceeded", Decline::TooOften),
    ("issuer_not_available", Decline::Later),
    ("processing_error", Decline::Later),
    ("reenter_transaction", Decline::Later),
    ("try_again_later", Decline::Later),
    ("authentication_required", Decline::NotAuthenticated),
    ("authentication_failed", Decline::NotAuthenticated),
    ("authentication_canceled", Decline::NotAuthenticated),
    ("authentication_expired", Decline::NotAuthenticated),
    ("payment_intent_authentication_failure", Decline::NotAuthenticated),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fall_into_families() {
        let table = [
            ("card_declined", Some("insufficient_funds"), Decline::Funds),
            ("card_declined", Some("generic_decline"), Decline::NoReason),
            ("card_declined", Some("lost_card"), Decline::NoReason),
            ("card_declined", Some("stolen_card"), Decline::NoReason),
            ("card_declined", Some("fraudulent"), Decline::NoReason),
            ("card_declined", None, Decline::NoReason),
            ("expired_card", None, Decline::Expired),
            ("expired_card", Some("expired_card"), Decline::Expired),
            ("incorrect_cvc", Some("incorrect_cvc"), Decline::Code),
            ("processing_error", Some("processing_error"), Decline::Later),
            ("authentication_required", Some("authentication_required"), Decline::NotAuthenticated),
            ("payment_intent_authentication_failure", None, Decline::NotAuthenticated),
            ("incorrect_number", Some("unheard_of"), Decline::Number),
            ("", Some(""), Decline::NoReason),
        ];
        for (code, decline_code, expected) in table {
            assert_eq!(Decline::of(code, decline_code), expected, "{code} {decline_code:?}");
        }
    }
}
