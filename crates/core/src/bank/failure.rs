//! Why banks do not pay a payout, and which reasons speak against the account itself.

/// The reasons of payouts that failed.
///
/// Source: the dialect's list of payout failures, the values of `failure_code`. In the dialect any
/// failure stops an account. Here two reasons do not, since the account can do nothing about them:
/// our own account did not cover it, and the bank was unable to and may be asked again.
pub const PAYOUT_FAILURES: [PayoutFailure; 15] = [
    of_account("account_closed", "The bank account has been closed."),
    of_account("account_frozen", "The bank account has been frozen."),
    of_account("bank_account_restricted", "The bank account may not be paid to in this way."),
    of_account("bank_ownership_changed", "The bank changed hands, and its accounts their details."),
    passing("could_not_process", "The bank was unable to pay it."),
    of_account("debit_not_authorized", "The bank account may not be debited, as it has to be."),
    of_account("declined", "The bank declined it without a reason."),
    of_account("incorrect_account_holder_address", "The bank knows the holder by another address."),
    of_account("incorrect_account_holder_name", "The bank knows the holder by another name."),
    of_account("incorrect_account_holder_tax_id", "The bank knows the holder by another tax id."),
    passing("insufficient_funds", "The account that pays out did not cover the payout."),
    of_account("invalid_account_number", "The number of the bank account is wrong."),
    of_account("invalid_currency", "The bank account does not take this currency."),
    of_account("no_account", "The bank has no account with these details."),
    of_account("unsupported_card", "The bank takes no payouts to this card any more."),
];

/// A reason for which a bank does not pay a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutFailure {
    /// The bank's code, as the wire shows it.
    pub code: &'static str,
    /// What it means, in a sentence.
    pub message: &'static str,
    /// Whether the next payout to the same account would fail as well.
    pub is_of_account: bool,
}

impl PayoutFailure {
    /// The reason of a code; `None` for one that is not in the list, which says nothing about the
    /// account.
    pub fn of(code: &str) -> Option<PayoutFailure> {
        PAYOUT_FAILURES.into_iter().find(|failure| failure.code == code)
    }
}

const fn of_account(code: &'static str, message: &'static str) -> PayoutFailure {
    PayoutFailure { code, message, is_of_account: true }
}

const fn passing(code: &'static str, message: &'static str) -> PayoutFailure {
    PayoutFailure { code, message, is_of_account: false }
}

#[cfg(test)]
mod tests {
    use super::super::BankBehaviour;
    use super::*;

    #[test]
    fn every_answer_of_the_test_numbers_is_in_the_list() {
        for behaviour in BankBehaviour::ALL {
            let known = PayoutFailure::of(behaviour.name());
            assert_eq!(known.is_some(), behaviour != BankBehaviour::Pays, "{behaviour:?}");
        }
    }

    #[test]
    fn only_reasons_of_the_account_itself_speak_against_it() {
        for (code, expected) in [
            ("no_account", Some(true)),
            ("account_closed", Some(true)),
            ("invalid_account_number", Some(true)),
            ("debit_not_authorized", Some(true)),
            ("insufficient_funds", Some(false)),
            ("could_not_process", Some(false)),
            ("fire", None),
        ] {
            assert_eq!(PayoutFailure::of(code).map(|it| it.is_of_account), expected, "{code}");
        }
    }
}
