//! Payouts: a balance on its way to a bank account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bank::BankBehaviour;
use crate::id::{BankAccountId, EntryId, PayoutId, SellerId};
use crate::ledger::{Account, Postings};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// One payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Its id, and our reference at the bank.
    pub id: PayoutId,
    /// When it was made.
    pub created: Timestamp,
    /// Whose balance it pays out.
    pub owner: PayoutOwner,
    /// How much.
    pub amount: Money,
    /// The part of it that the platform's fees pay for; nothing for a seller.
    pub from_fees: Money,
    /// How fast it goes.
    pub method: PayoutMethod,
    /// Which of the balances the client named; there is one.
    pub source: PayoutSource,
    /// Where it goes.
    pub destination: BankAccountId,
    /// What the sandbox's bank does with money for that account.
    pub behaviour: BankBehaviour,
    /// What it is for, for the platform.
    pub description: Option<String>,
    /// What the bank's statement says.
    pub statement_descriptor: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// When it is expected at the bank, as the bank said last.
    pub arrives_at: Timestamp,
    /// The journal entry that took it out of the balance.
    pub entry: Option<EntryId>,
    /// The journal entry that put it back.
    pub failure_entry: Option<EntryId>,
    /// How far it has come.
    pub state: PayoutState,
}

/// Whose balance is paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutOwner {
    /// The platform's own.
    Platform,
    /// A seller's.
    Seller(SellerId),
}

/// How fast a payout goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutMethod {
    /// With the banks' ordinary run.
    Standard,
    /// At once, any day.
    Instant,
}

/// Which balance a client names. All money here comes by card, so that it is a word only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutSource {
    /// Of charges by card.
    Card,
    /// Of charges by bank account.
    BankAccount,
    /// Of charges by FPX.
    Fpx,
}

/// How far a payout has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutState {
    /// It has not left and may be canceled.
    Pending {
        /// When it leaves.
        send_at: Timestamp,
    },
    /// It is being sent to the bank, which has not answered yet.
    Sending {
        /// How often an unknown outcome was looked into.
        looks: u32,
    },
    /// The bank has it and has not paid it to the account yet.
    InTransit {
        /// The bank's own name for it.
        reference: String,
        /// How often the bank was asked whether it has arrived.
        looks: u32,
    },
    /// It is on the account.
    Paid {
        /// The bank's own name for it.
        reference: String,
        /// Since when.
        at: Timestamp,
    },
    /// The bank did not pay it, and the money is back in the balance.
    Failed {
        /// The bank's code.
        code: String,
        /// Since when.
        at: Timestamp,
    },
    /// It was called off before it left.
    Canceled {
        /// Since when.
        at: Timestamp,
    },
}

/// What the bank answered to a payout, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutOutcome {
    /// It was taken and is on its way.
    Accepted {
        /// The bank's own name for it.
        reference: String,
        /// When it will be there.
        arrives_at: Timestamp,
    },
    /// It is there.
    Paid {
        /// The bank's own name for it.
        reference: String,
    },
    /// A definite no: the money was not paid and will not be.
    Failed {
        /// The bank's code.
        code: String,
    },
    /// No byte left: it may be sent again freely.
    NeverSent,
    /// Anything else.
    Unknown,
}

/// The link of payouts of the platform itself, by which lists find them.
pub const PLATFORM_LINK: &str = "platform";

/// The part of a payout of the platform that its fees have to pay for, because its own sales do
/// not: what is left when `available` is used up.
///
/// Refuses `BalanceInsufficient` when both together do not cover it.
pub fn from_fees(amount: Money, available: Money, fees: Money) -> Result<Money, Refusal> {
    let none = Money::zero(amount.currency());
    let available = if available.is_positive() { available } else { none };
    let rest = amount.checked_sub(amount.at_most(available)?)?;
    if rest.is_positive() && rest.exceeds(fees)? {
        return Err(Refusal::BalanceInsufficient);
    }
    Ok(rest)
}

impl Payout {
    /// What leaves the balance: debits of what is available, credited to what is on its way.
    pub fn postings(&self) -> Result<Postings, MoneyError> {
        Ok(match self.owner {
            PayoutOwner::Seller(seller) => {
                Postings::new().debit(Account::SellerAvailable(seller), self.amount)
            }
            PayoutOwner::Platform => Postings::new()
                .debit(Account::PlatformAvailable, self.amount.checked_sub(self.from_fees)?)
                .debit(Account::PlatformFees, self.from_fees),
        }
        .credit(self.paying(), self.amount))
    }

    /// The account of what is on its way.
    pub fn paying(&self) -> Account {
        match self.owner {
            PayoutOwner::Seller(seller) => Account::SellerPaying(seller),
            PayoutOwner::Platform => Account::PlatformPaying,
        }
    }
}

impl PayoutOwner {
    /// The word by which lists find an owner's payouts.
    pub fn link(self) -> String {
        match self {
            PayoutOwner::Platform => PLATFORM_LINK.to_owned(),
            PayoutOwner::Seller(seller) => seller.to_string(),
        }
    }
}

impl PayoutMethod {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            PayoutMethod::Standard => "standard",
            PayoutMethod::Instant => "instant",
        }
    }
}

impl PayoutSource {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            PayoutSource::Card => "card",
            PayoutSource::BankAccount => "bank_account",
            PayoutSource::Fpx => "fpx",
        }
    }
}

impl PayoutState {
    /// The word of the wire. What was sent to the bank is on its way, also while the bank's
    /// answer is missing.
    pub fn name(&self) -> &'static str {
        match self {
            PayoutState::Pending { .. } => "pending",
            PayoutState::Sending { .. } | PayoutState::InTransit { .. } => "in_transit",
            PayoutState::Paid { .. } => "paid",
            PayoutState::Failed { .. } => "failed",
            PayoutState::Canceled { .. } => "canceled",
        }
    }
}

impl Listed for Payout {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.owner.link(), self.destination.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn is_under_way(&self) -> bool {
        matches!(self.state, PayoutState::Sending { .. })
    }
}
