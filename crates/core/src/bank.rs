//! Bank accounts that payouts go to, and the published test numbers that stand for them.
//!
//! Only test numbers are taken, and of those only the last four digits are kept, with what the
//! sandbox's bank does with them: a real account number never enters the books.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::id::BankAccountId;
use crate::time::Timestamp;

mod failure;
mod numbers;
mod token;

pub use failure::{PAYOUT_FAILURES, PayoutFailure};
pub use numbers::{NumberRefused, TestNumber, test_numbers};
pub use token::BankToken;

/// The most bank accounts of one seller: more than one for each currency that it may be paid in.
pub const BANK_ACCOUNTS_MAX: usize = 20;

/// A bank account of a seller, as far as it is known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its id.
    pub id: BankAccountId,
    /// When it was added.
    pub created: Timestamp,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The currency that it is paid in.
    pub currency: Currency,
    /// Whose account it is, as the bank would know it.
    pub holder_name: Option<String>,
    /// What its holder is.
    pub holder_type: Option<HolderType>,
    /// The bank's number, where the country has one.
    pub routing_number: Option<String>,
    /// The last four characters of its number.
    pub last4: String,
    /// The same for the same number.
    pub fingerprint: String,
    /// What the sandbox's bank does with money for it.
    pub behaviour: BankBehaviour,
    /// Whether payouts in its currency that name no account go here.
    pub is_default: bool,
    /// Why its bank would refuse the next payout, too; `None` until it does, and again once the
    /// holder's details were changed.
    #[serde(default)]
    pub refused: Option<RefusedByBank>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
}

impl BankAccount {
    /// Whether its bank takes money at once: where the country's banks have such a scheme.
    pub fn takes_instant(&self) -> bool {
        numbers::takes_instant(&self.country)
    }

    /// The word of the wire: `errored` where payouts are stopped.
    pub fn status(&self) -> &'static str {
        if self.refused.is_some() { "errored" } else { "new" }
    }
}

/// A bank's word that it pays nothing to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedByBank {
    /// The bank's code, one of [`PAYOUT_FAILURES`].
    pub code: String,
    /// Since when.
    pub at: Timestamp,
}

/// What the holder of a bank account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderType {
    /// A person.
    Individual,
    /// A company.
    Company,
}

impl HolderType {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            HolderType::Individual => "individual",
            HolderType::Company => "company",
        }
    }
}

/// What the sandbox's bank does with money for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankBehaviour {
    /// It arrives.
    Pays,
    /// It comes back: there is no such account.
    NoAccount,
    /// It comes back: the account was closed.
    AccountClosed,
    /// It comes back: our own account did not cover it.
    InsufficientFunds,
    /// It comes back: the account may not be debited, as the bank asks of accounts it pays to.
    DebitNotAuthorized,
    /// It comes back: the account is in another currency.
    InvalidCurrency,
}

impl BankBehaviour {
    /// All of them, that which pays first.
    pub const ALL: [BankBehaviour; 6] = [
        BankBehaviour::Pays,
        BankBehaviour::NoAccount,
        BankBehaviour::AccountClosed,
        BankBehaviour::InsufficientFunds,
        BankBehaviour::DebitNotAuthorized,
        BankBehaviour::InvalidCurrency,
    ];

    /// The word by which the sandbox's bank knows the account. For the accounts that money comes
    /// back from it is the code of the failure.
    pub fn name(self) -> &'static str {
        match self {
            BankBehaviour::Pays => "pays",
            BankBehaviour::NoAccount => "no_account",
            BankBehaviour::AccountClosed => "account_closed",
            BankBehaviour::InsufficientFunds => "insufficient_funds",
            BankBehaviour::DebitNotAuthorized => "debit_not_authorized",
            BankBehaviour::InvalidCurrency => "invalid_currency",
        }
    }

    /// The behaviour of a word.
    pub fn parse(word: &str) -> Option<BankBehaviour> {
        BankBehaviour::ALL.into_iter().find(|behaviour| behaviour.name() == word)
    }
}
