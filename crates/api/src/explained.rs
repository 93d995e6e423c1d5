//! Every error code with what it means and what to do about it: the page of error codes.
//!
//! The meanings are those of the code that answers them. A refusal without a sentence does not
//! compile, a code that an answer has and this page has not fails a test.

use holdfast_core::payment::attempt::Decline;
use holdfast_core::refusal::Refusal;
use serde::Serialize;

use crate::codes;
use crate::declines;
use crate::refusals;

/// A code on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Explained {
    /// The word.
    code: &'static str,
    /// What it is about.
    group: &'static str,
    /// What happened.
    meaning: String,
    /// What to do about it.
    advice: &'static str,
}

const REQUESTS: &str = "Requests";
const DOMAIN: &str = "Payments, orders and balances";
const CARDS: &str = "Cards";
const REASONS: &str = "Reasons of a decline (decline_code)";

/// All codes, each once.
pub(crate) fn all() -> Vec<Explained> {
    let mut all: Vec<Explained> = Vec::new();
    let mut add = |explained: Explained| {
        if all.iter().all(|known| known.code != explained.code) {
            all.push(explained);
        }
    };
    for (code, meaning) in codes::ALL {
        let (meaning, advice) = ((*meaning).to_owned(), of_request(code));
        add(Explained { code, group: REQUESTS, meaning, advice });
    }
    for refusal in Refusal::ALL {
        let meaning = refusals::message(*refusal).to_owned();
        add(Explained {
            code: refusal.code(),
            group: DOMAIN,
            meaning,
            advice: of_refusal(*refusal),
        });
    }
    for code in declines::CODES {
        let decline =
            Decline { code: code.to_owned(), decline_code: None, advice: None, network_code: None };
        let meaning = declines::message(&decline).to_owned();
        add(Explained { code, group: CARDS, meaning, advice: of_card(code) });
    }
    for (code, meaning, advice) in DECLINE_CODES {
        add(Explained { code, group: REASONS, meaning: (*meaning).to_owned(), advice });
    }
    all
}

/// What to do where the request itself was refused.
fn of_request(code: &str) -> &'static str {
    match code {
        "api_key_expired" => "Use the key that took its place.",
        "card_number_refused" => {
            "Let the buyer's browser post the card to the card zone, and send the token."
        }
        "secret_key_required" | "permission_missing" => "Use a key that may do this.",
        "account_invalid" | "account_not_applicable" => {
            "Check `Stripe-Account`, or leave it out for what is the platform's own."
        }
        "idempotency_key_in_use"
        | "lock_timeout"
        | "rate_limit"
        | "service_unavailable"
        | "request_too_slow" => {
            "Wait a moment, then repeat the same request with the same `Idempotency-Key`. The \
             official SDKs do so by themselves."
        }
        "idempotency_key_reused" => "Use a new `Idempotency-Key` for a new request.",
        "internal_error" => {
            "Repeat the request with the same `Idempotency-Key`, and give the operator the \
             `Request-Id` if it goes on."
        }
        "resource_missing" => {
            "Check the id and the key: an object of somebody else is not told from none at all."
        }
        "cursor_invalid" => "Start the list again from its first page.",
        "notice_refused" => "Check the secret that the processor signs its notices with.",
        "version_invalid" => "Write a dated version, such as 2026-10-28.endive.",
        "content_type_invalid" => "Send the body as application/x-www-form-urlencoded.",
        _ => "Change the request as `message` and `param` say; as it is, it is refused again.",
    }
}

fn of_refusal(refusal: Refusal) -> &'static str {
    if refusal.is_transient() {
        return "Nothing was done. The same request may succeed later.";
    }
    "Nothing was done. Look at the object as it is now before asking for something else; the same \
     request is refused again."
}

fn of_card(code: &str) -> &'static str {
    match code {
        "authentication_required" | "payment_intent_authentication_failure" => {
            "Bring the buyer back to confirm the payment, or ask for another card."
        }
        "processing_error" => "Nothing was charged. Confirm the payment again in a moment.",
        "resource_missing" | "token_already_used" => "Let the buyer enter the card again.",
        _ => {
            "Show the buyer `message`, and ask for another card unless `advice_code` says to retry."
        }
    }
}

/// The issuer's reasons: code, meaning, what to do. What a buyer may be told of them is in
/// `message`; a stolen card is told no more than a generic decline.
const DECLINE_CODES: &[(&str, &str, &str)] = &[
    ("generic_decline", "The bank declined and gave no reason.", ANOTHER),
    ("insufficient_funds", "The account has less than the amount.", ANOTHER),
    ("lost_card", "The card was reported lost.", SILENT),
    ("stolen_card", "The card was reported stolen.", SILENT),
    ("fraudulent", "The bank suspects fraud.", SILENT),
    ("card_velocity_exceeded", "The card was used more often than its limit allows.", LATER),
    ("do_not_honor", "The bank declined and gave no reason.", ANOTHER),
    ("try_again_later", "The bank could not decide.", LATER),
    ("issuer_not_available", "The bank could not be reached.", LATER),
    ("reenter_transaction", "The bank could not process it.", LATER),
    ("withdrawal_count_limit_exceeded", "The card's limit of payments is reached.", LATER),
    ("live_mode_test_card", "A test card was used for real money.", ANOTHER),
    ("test_mode_live_card", "A real card was used in test mode.", ANOTHER),
];

const ANOTHER: &str = "Ask the buyer for another card.";
const LATER: &str = "Try again later, or ask the buyer for another card.";
const SILENT: &str = "Ask for another card, and do not tell the buyer why.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentences() {
        let all = all();
        assert!(all.len() > codes::ALL.len() + 20, "refusals and declines are there as well");
        for explained in &all {
            let Explained { code, meaning, advice, .. } = explained;
            assert!(meaning.ends_with('.') && meaning.contains(' '), "{code}: {meaning}");
            assert!(advice.ends_with('.') && advice.contains(' '), "{code}: {advice}");
        }
        for refusal in Refusal::ALL {
            assert!(all.iter().any(|explained| explained.code == refusal.code()), "{refusal:?}");
        }
    }
}
