//! Declines of cards: the dialect's codes and sentences that a buyer understands.

use holdfast_core::payment::attempt::Decline;

use crate::error;

/// The error object's part of a decline.
pub(crate) fn of(decline: &Decline) -> error::Decline {
    error::Decline {
        code: code(decline),
        decline_code: decline.decline_code.clone(),
        advice_code: decline.advice.clone(),
        network_decline_code: decline.network_code.clone(),
        message: message(decline).to_owned(),
    }
}

/// The code of a buyer whom the bank has not heard, or not recognised.
pub(crate) const NOT_AUTHENTICATED: &str = "payment_intent_authentication_failure";

/// The codes that clients branch on; any other reason is a `card_declined`.
pub(crate) const CODES: [&str; 9] = [
    "authentication_required",
    "card_declined",
    "expired_card",
    "incorrect_cvc",
    "incorrect_number",
    "payment_intent_authentication_failure",
    "processing_error",
    "resource_missing",
    "token_already_used",
];

/// The code of a decline.
pub(crate) fn code(decline: &Decline) -> &'static str {
    let known = CODES.iter().find(|code| **code == decline.code);
    known.copied().unwrap_or("card_declined")
}

/// What a buyer may be told of a decline. A stolen card is told no more than a generic decline:
/// whoever holds it may be the thief.
pub(crate) fn message(decline: &Decline) -> &'static str {
    match code(decline) {
        "authentication_required" => {
            "The buyer's bank wants to hear from the buyer before it approves this payment."
        }
        "expired_card" => "The card has expired. Use another card.",
        "incorrect_cvc" => "The card's security code is incorrect. Check it and try again.",
        "incorrect_number" => "The card number is incorrect. Check it and try again.",
        "payment_intent_authentication_failure" => {
            "The buyer's bank could not confirm that it is the buyer who pays. Try again, or use \
             another card."
        }
        "processing_error" => {
            "The card could not be processed and nothing was charged. Try again in a moment."
        }
        "resource_missing" => "The card's token is not known. Enter the card again.",
        "token_already_used" => "The card's token was used before. Enter the card again.",
        _ => declined(decline.decline_code.as_deref().unwrap_or_default()),
    }
}

fn declined(reason: &str) -> &'static str {
    match reason {
        "insufficient_funds" => "The card has insufficient funds. Use another card.",
        "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => {
            "The card's limit is reached. Try again later, or use another card."
        }
        "try_again_later" | "issuer_not_available" | "reenter_transaction" => {
            "The bank did not decide. Try again in a moment."
        }
        _ => "The card was declined. Use another card, or ask the bank that issued it.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_has_its_sentence() {
        let table = [
            ("card_declined", Some("generic_decline"), "card_declined", "was declined"),
            ("card_declined", Some("insufficient_funds"), "card_declined", "insufficient funds"),
            ("card_declined", Some("stolen_card"), "card_declined", "was declined"),
            ("card_declined", Some("lost_card"), "card_declined", "was declined"),
            ("card_declined", None, "card_declined", "was declined"),
            ("expired_card", None, "expired_card", "expired"),
            ("incorrect_cvc", None, "incorrect_cvc", "security code"),
            ("processing_error", None, "processing_error", "nothing was charged"),
            ("authentication_required", None, "authentication_required", "hear from the buyer"),
            ("do_not_honor", None, "card_declined", "was declined"),
        ];
        for (given, reason, code, part) in table {
            let reason = reason.map(str::to_owned);
            let decline = Decline {
                code: given.into(),
                decline_code: reason,
                advice: None,
                network_code: None,
            };
            let shown = of(&decline);
            assert_eq!(shown.code, code, "{given}");
            assert!(shown.message.contains(part), "{given}: {}", shown.message);
        }
    }
}
