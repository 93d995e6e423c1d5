//! What the journal is to its owners: balances, and the entries as each of them sees them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::id::{EffectId, SellerId};
use crate::ledger::{Account, EntryReason, JournalEntry};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::time::Timestamp;

/// Whose balance it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The platform's.
    Platform,
    /// A seller's.
    Seller(SellerId),
}

/// Which part of a balance an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What can be transferred or paid out.
    Available,
    /// What is there and cannot be used yet.
    Pending,
}

impl Owner {
    /// The part of the owner's balance that an account is; `None` for an account that is not the
    /// owner's. Held funds are a part of the platform's balance until they are released.
    pub fn part(self, account: Account) -> Option<Part> {
        match (self, account) {
            (Owner::Platform, Account::Held(_) | Account::PlatformPending) => Some(Part::Pending),
            (
                Owner::Platform,
                Account::PlatformAvailable | Account::PlatformFees | Account::PlatformDisputes,
            ) => Some(Part::Available),
            (Owner::Seller(owner), Account::SellerPending(seller)) if owner == seller => {
                Some(Part::Pending)
            }
            (Owner::Seller(owner), Account::SellerAvailable(seller)) if owner == seller => {
                Some(Part::Available)
            }
            (Owner::Platform | Owner::Seller(_), _) => None,
        }
    }

    /// What an entry changed for the owner: the amount with its sign; `None` when it changed
    /// nothing, as when money only moved within the owner's accounts.
    pub fn change(self, entry: &JournalEntry) -> Option<Money> {
        let postings = entry.postings.iter();
        let mut own = postings.filter(|posting| self.part(posting.account).is_some());
        let currency = own.next()?.amount.currency();
        let mut sum = 0_i64;
        for posting in &entry.postings {
            if self.part(posting.account).is_some() && posting.amount.currency() == currency {
                // An entry's amounts were bounded when it was posted, so that their sum fits.
                sum = sum.checked_sub(posting.signed_minor())?;
            }
        }
        (sum != 0).then_some(Money::new(sum, currency))
    }

    /// The part of a change's amount that was kept as a fee before the rest came to the owner:
    /// what the platform took of a seller's released money. Never less than nothing.
    pub fn fee(self, entry: &JournalEntry) -> i64 {
        if entry.reason != EntryReason::Release || self == Owner::Platform {
            return 0;
        }
        let fees = entry.postings.iter().filter(|posting| posting.account == Account::PlatformFees);
        // A fee is a part of what was released, so that the sum fits.
        fees.map(|posting| posting.signed_minor().saturating_neg()).sum()
    }

    /// What an entry is to the owner.
    pub fn kind(self, entry: &JournalEntry) -> TransactionKind {
        match (entry.reason, self) {
            (EntryReason::Capture, _) => TransactionKind::Charge,
            (EntryReason::RefundRequested | EntryReason::RefundSucceeded, Owner::Platform) => {
                TransactionKind::Refund
            }
            (EntryReason::RefundRequested | EntryReason::RefundSucceeded, Owner::Seller(_)) => {
                TransactionKind::PaymentRefund
            }
            (EntryReason::RefundFailed, _) => TransactionKind::RefundFailure,
            // What the platform transfers is a payment to the seller.
            (EntryReason::Release | EntryReason::Transfer, Owner::Platform) => {
                TransactionKind::Transfer
            }
            (EntryReason::Release | EntryReason::Transfer, Owner::Seller(_)) => {
                TransactionKind::Payment
            }
            (EntryReason::TransferReversal, Owner::Platform) => TransactionKind::TransferRefund,
            (EntryReason::TransferReversal, Owner::Seller(_)) => TransactionKind::PaymentRefund,
            (EntryReason::ApplicationFee, _) => TransactionKind::ApplicationFee,
            (EntryReason::ApplicationFeeRefund, _) => TransactionKind::ApplicationFeeRefund,
            (EntryReason::Payout | EntryReason::PayoutPaid, _) => TransactionKind::Payout,
            (EntryReason::PayoutFailed, _) => TransactionKind::PayoutFailure,
            (EntryReason::PayoutCanceled, _) => TransactionKind::PayoutCancel,
            (EntryReason::Topup, _) => TransactionKind::Topup,
            (EntryReason::DisputeWithdrawn, _) => TransactionKind::Dispute,
            (EntryReason::DisputeReinstated, _) => TransactionKind::DisputeReversal,
            (EntryReason::Settlement, _) => TransactionKind::Adjustment,
        }
    }
}

macro_rules! kinds {
    ($($variant:ident = $name:literal in $category:literal,)*) => {
        /// What an entry of the journal is to its owner, by the dialect's words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TransactionKind {
            $(
                #[doc = concat!("`", $name, "`.")]
                $variant,
            )*
        }

        impl TransactionKind {
            /// All of them.
            pub const ALL: &'static [TransactionKind] = &[$(TransactionKind::$variant,)*];

            /// The word of the wire.
            pub fn name(self) -> &'static str {
                match self { $(TransactionKind::$variant => $name,)* }
            }

            /// The word under which reports add it up.
            pub fn category(self) -> &'static str {
                match self { $(TransactionKind::$variant => $category,)* }
            }
        }
    };
}

kinds! {
    Adjustment = "adjustment" in "other_adjustment",
    ApplicationFee = "application_fee" in "platform_earning",
    ApplicationFeeRefund = "application_fee_refund" in "platform_earning_refund",
    Charge = "charge" in "charge",
    Dispute = "adjustment" in "dispute",
    DisputeReversal = "adjustment" in "dispute_reversal",
    Payment = "payment" in "charge",
    PaymentRefund = "payment_refund" in "refund",
    Payout = "payout" in "payout",
    PayoutCancel = "payout_cancel" in "payout_reversal",
    PayoutFailure = "payout_failure" in "payout_reversal",
    Refund = "refund" in "refund",
    RefundFailure = "refund_failure" in "refund_failure",
    Topup = "topup" in "topup",
    Transfer = "transfer" in "transfer",
    TransferRefund = "transfer_refund" in "transfer_reversal",
}

/// Amounts in minor units, one for each currency.
pub type Sums = BTreeMap<Currency, i64>;

/// A balance by its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// What can be transferred or paid out.
    pub available: Sums,
    /// What is there and cannot be used yet.
    pub pending: Sums,
}

impl Balance {
    /// Adds what an account has, debits less credits.
    ///
    /// # Errors
    /// `Overflow` for a sum that does not fit.
    pub fn add(&mut self, part: Part, currency: Currency, signed: i64) -> Result<(), MoneyError> {
        let sums = match part {
            Part::Available => &mut self.available,
            Part::Pending => &mut self.pending,
        };
        let sum = sums.entry(currency).or_insert(0);
        *sum = sum.checked_sub(signed).ok_or(MoneyError::Overflow)?;
        Ok(())
    }

    /// Names a currency in both parts, with nothing where there is nothing.
    pub fn name(&mut self, currency: Currency) {
        self.available.entry(currency).or_insert(0);
        self.pending.entry(currency).or_insert(0);
    }

    /// Names every currency of one part in the other, too.
    pub fn even_out(&mut self) {
        let names: Vec<Currency> =
            self.available.keys().chain(self.pending.keys()).copied().collect();
        for currency in names {
            self.name(currency);
        }
    }
}

/// The platform's balance, as it was right after something became available.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceNote {
    /// Names it; nothing else has this id.
    pub id: EffectId,
    /// When it was read.
    pub created: Timestamp,
    /// What it was.
    pub balance: Balance,
}

impl Listed for BalanceNote {
    fn created(&self) -> Timestamp {
        self.created
    }
}
