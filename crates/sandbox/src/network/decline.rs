//! Why an issuer says no, and what it says about it.

use serde::{Deserialize, Serialize};

/// A reason to decline an authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// The issuer gives no reason.
    Generic,
    /// The account has less available credit than the amount.
    InsufficientFunds,
    /// The card was reported lost.
    LostCard,
    /// The card was reported stolen.
    StolenCard,
    /// The card's expiry date has passed.
    ExpiredCard,
    /// The security code is not the card's.
    IncorrectCvc,
    /// The issuer's system failed while it decided.
    ProcessingError,
    /// The network's own fraud screen stopped it.
    Fraudulent,
    /// The issuer wants the cardholder to confirm, and the cardholder is not there.
    AuthenticationRequired,
    /// The cardholder was asked, and did not confirm in time or at all.
    AuthenticationFailed,
    /// The request for the cardholder's confirmation failed on its way.
    AuthenticationError,
    /// The card has not the network that is to carry it.
    NotSupported,
}

/// What the network tells about a decline, in the words of the API's dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeclineFacts {
    /// The error code: `card_declined` unless there is a more exact one.
    pub code: &'static str,
    /// The issuer's reason, where the issuer was asked.
    pub decline_code: Option<&'static str>,
    /// What the merchant may do next.
    pub advice: Option<&'static str>,
    /// Field 39 of the card networks' messages in its two-character form.
    pub network_code: Option<&'static str>,
}

const RETRY: Option<&str> = Some("try_again_later");
const STOP: Option<&str> = Some("do_not_try_again");
const CORRECT: Option<&str> = Some("confirm_card_data");

impl Decline {
    /// What the network tells about this decline.
    pub const fn facts(self) -> DeclineFacts {
        match self {
            Self::Generic => card_declined("generic_decline", RETRY, "05"),
            Self::InsufficientFunds => card_declined("insufficient_funds", RETRY, "51"),
            Self::LostCard => card_declined("lost_card", STOP, "41"),
            Self::StolenCard => card_declined("stolen_card", STOP, "43"),
            Self::Fraudulent => card_declined("fraudulent", STOP, "59"),
            Self::NotSupported => card_declined("card_not_supported", STOP, "57"),
            Self::ExpiredCard => by_own_code("expired_card", CORRECT, Some("54")),
            Self::IncorrectCvc => by_own_code("incorrect_cvc", CORRECT, Some("N7")),
            Self::ProcessingError => by_own_code("processing_error", RETRY, Some("96")),
            Self::AuthenticationRequired => {
                by_own_code("authentication_required", None, Some("1A"))
            }
            Self::AuthenticationFailed => DeclineFacts {
                code: "payment_intent_authentication_failure",
                decline_code: None,
                advice: None,
                network_code: None,
            },
            Self::AuthenticationError => DeclineFacts {
                code: "authentication_required",
                decline_code: Some("processing_error"),
                advice: RETRY,
                network_code: None,
            },
        }
    }
}

const fn card_declined(
    decline_code: &'static str,
    advice: Option<&'static str>,
    network_code: &'static str,
) -> DeclineFacts {
    DeclineFacts {
        code: "card_declined",
        decline_code: Some(decline_code),
        advice,
        network_code: Some(network_code),
    }
}

const fn by_own_code(
    code: &'static str,
    advice: Option<&'static str>,
    network_code: Option<&'static str>,
) -> DeclineFacts {
    DeclineFacts { code, decline_code: Some(code), advice, network_code }
}
