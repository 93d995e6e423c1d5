//! A decline in the words of the API's dialect.

use holdfast_core::payment::attempt::Decline;

use super::wire::{DeclineObject, is_code};

/// The codes that clients branch on. What an issuer says beyond them is a `decline_code`.
const CODES: [&str; 9] = [
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

/// What a cardholder can do.
const ADVICE: [&str; 3] = ["confirm_card_data", "do_not_try_again", "try_again_later"];

/// The longest code of a card network, as `N7` or `1A`.
const NETWORK_CODE_MAX: usize = 4;

/// A decline as the network described it, reduced to what clients know.
///
/// An error code that clients do not know is the issuer's reason for a `card_declined`; one that
/// is no code at all is a `processing_error`. What is no code in another place is left out.
pub(super) fn of(object: DeclineObject) -> Decline {
    let DeclineObject { code, decline_code, advice, network_code } = object;
    let decline_code = decline_code.filter(|code| is_code(code));
    let (code, decline_code) = match code.as_str() {
        known if CODES.contains(&known) => (code, decline_code),
        reason if is_code(reason) => ("card_declined".to_owned(), decline_code.or(Some(code))),
        _ => ("processing_error".to_owned(), decline_code),
    };
    let advice = advice.filter(|advice| ADVICE.contains(&advice.as_str()));
    let network_code = network_code.filter(|code| is_network_code(code));
    Decline { code, decline_code, advice, network_code }
}

/// A decline without a reason.
pub(super) fn without_reason() -> Decline {
    Decline {
        code: "card_declined".to_owned(),
        decline_code: Some("generic_decline".to_owned()),
        advice: Some("try_again_later".to_owned()),
        network_code: None,
    }
}

/// A request that the network refused before any issuer saw it: nothing was or will be charged.
///
/// A token that is not there or was used for another payment asks for the card to be entered
/// again; any other refusal is an error of the processing.
pub(super) fn refused(code: &str) -> Decline {
    let code = match code {
        "token_already_used" => "token_already_used",
        "unknown_token" => "resource_missing",
        _ => return Decline::processing_error(),
    };
    Decline {
        code: code.to_owned(),
        decline_code: None,
        advice: Some("confirm_card_data".to_owned()),
        network_code: None,
    }
}

fn is_network_code(code: &str) -> bool {
    (1..=NETWORK_CODE_MAX).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);

    fn object((code, decline_code, advice, network_code): Row) -> DeclineObject {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        DeclineObject {
            code: code.to_owned(),
            decline_code: owned(decline_code),
            advice: owned(advice),
            network_code: owned(network_code),
        }
    }

    #[test]
    fn declines_are_told_in_the_dialect() {
        const LATER: Option<&str> = Some("try_again_later");
        const STOP: Option<&str> = Some("do_not_try_again");
        const CORRECT: Option<&str> = Some("confirm_card_data");
        let same = [
            ("card_declined", Some("generic_decline"), LATER, Some("05")),
            ("card_declined", Some("insufficient_funds"), LATER, Some("51")),
            ("card_declined", Some("lost_card"), STOP, Some("41")),
            ("card_declined", Some("stolen_card"), STOP, Some("43")),
            ("card_declined", Some("fraudulent"), STOP, Some("59")),
            ("expired_card", Some("expired_card"), CORRECT, Some("54")),
            ("incorrect_cvc", Some("incorrect_cvc"), CORRECT, Some("N7")),
            ("processing_error", Some("processing_error"), LATER, Some("96")),
            ("authentication_required", Some("authentication_required"), None, Some("1A")),
            ("payment_intent_authentication_failure", None, None, None),
            ("authentication_required", Some("processing_error"), LATER, None),
        ];
        let reduced = [
            // An issuer's reason in the place of the code.
            (
                ("do_not_honor", None, None, None),
                ("card_declined", Some("do_not_honor"), None, None),
            ),
            (
                ("pickup", Some("pickup_card"), STOP, None),
                ("card_declined", Some("pickup_card"), STOP, None),
            ),
            // What is no code goes nowhere.
            (("<html>", None, None, None), ("processing_error", None, None, None)),
            (("", Some("Call the bank!"), None, None), ("processing_error", None, None, None)),
            (
                ("card_declined", Some("4242424242424242"), Some("give_up"), Some("<b>")),
                ("card_declined", None, None, None),
            ),
            (("expired_card", None, Some(""), Some("00000")), ("expired_card", None, None, None)),
        ];
        for (given, told) in same.into_iter().map(|row| (row, row)).chain(reduced) {
            let DeclineObject { code, decline_code, advice, network_code } = object(told);
            let expected = Decline { code, decline_code, advice, network_code };
            assert_eq!(of(object(given)), expected, "{given:?}");
        }
    }

    #[test]
    fn refusals_tell_the_buyer_what_helps() {
        for (code, expected, advice) in [
            ("token_already_used", "token_already_used", "confirm_card_data"),
            ("unknown_token", "resource_missing", "confirm_card_data"),
            ("amount_too_large", "processing_error", "try_again_later"),
            ("<html>", "processing_error", "try_again_later"),
        ] {
            let decline = refused(code);
            assert_eq!((&*decline.code, decline.advice.as_deref()), (expected, Some(advice)));
        }
    }
}
