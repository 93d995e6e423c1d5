//! The ledger: accounts, and journal entries whose postings sum to zero in each currency.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, EntryId, Id, OrderId, PaymentIntentId, SellerId};
use crate::money::{Money, MoneyError};
use crate::time::Timestamp;

/// An account of the platform's books. `docs/LEDGER.md` is the chart with examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Account {
    /// What the processor has taken from cardholders and owes the platform. Debit balance.
    ProcessorClearing,
    /// Refunds asked of the processor and not yet confirmed. Credit balance.
    RefundsPending,
    /// The captured money of one order, owed to its seller or back to its buyer. Credit balance.
    Held(OrderId),
    /// Transfers to a seller out of a payment that the processor has not settled. Credit balance.
    SellerPending(SellerId),
    /// What a seller may be paid out. Credit balance.
    SellerAvailable(SellerId),
    /// What is on its way from a seller to its bank. Credit balance.
    SellerPaying(SellerId),
    /// The platform's commission. Credit balance.
    PlatformFees,
    /// The platform's own sales that the processor has not settled. Credit balance.
    PlatformPending,
    /// What the platform may transfer and pay out of its own sales and top-ups. Credit balance.
    PlatformAvailable,
    /// What is on its way from the platform to its bank. Credit balance.
    PlatformPaying,
    /// What cardholders' banks took back in disputes. Debit balance.
    PlatformDisputes,
    /// What the platform has at its bank, as far as payouts and top-ups say. Debit balance.
    Bank,
}

impl Account {
    /// Whether the account's credit balance may never become a debit: nobody can release, refund
    /// or pay out more than is there. The store checks it as it commits.
    pub fn is_limited(self) -> bool {
        match self {
            Account::RefundsPending
            | Account::Held(_)
            | Account::SellerPending(_)
            | Account::SellerAvailable(_)
            | Account::SellerPaying(_)
            | Account::PlatformPending
            | Account::PlatformAvailable
            | Account::PlatformPaying => true,
            Account::ProcessorClearing
            | Account::PlatformFees
            | Account::PlatformDisputes
            | Account::Bank => false,
        }
    }

    /// All accounts of a seller's own money.
    pub fn of_seller(seller: SellerId) -> [Account; 3] {
        [
            Account::SellerPending(seller),
            Account::SellerAvailable(seller),
            Account::SellerPaying(seller),
        ]
    }

    /// The seller whose own money it is.
    pub fn seller(self) -> Option<SellerId> {
        match self {
            Account::SellerPending(seller)
            | Account::SellerAvailable(seller)
            | Account::SellerPaying(seller) => Some(seller),
            Account::ProcessorClearing
            | Account::RefundsPending
            | Account::Held(_)
            | Account::PlatformFees
            | Account::PlatformPending
            | Account::PlatformAvailable
            | Account::PlatformPaying
            | Account::PlatformDisputes
            | Account::Bank => None,
        }
    }

    /// Reads an account as `Display` writes it.
    pub fn parse(text: &str) -> Option<Account> {
        match text.split_once(':') {
            Some(("held", order)) => OrderId::parse(order).map(Account::Held),
            Some(("seller_pending", seller)) => SellerId::parse(seller).map(Account::SellerPending),
            Some(("seller_available", seller)) => {
                SellerId::parse(seller).map(Account::SellerAvailable)
            }
            Some(("seller_paying", seller)) => SellerId::parse(seller).map(Account::SellerPaying),
            Some(_) => None,
            None => match text {
                "processor_clearing" => Some(Account::ProcessorClearing),
                "refunds_pending" => Some(Account::RefundsPending),
                "platform_fees" => Some(Account::PlatformFees),
                "platform_pending" => Some(Account::PlatformPending),
                "platform_available" => Some(Account::PlatformAvailable),
                "platform_paying" => Some(Account::PlatformPaying),
                "platform_disputes" => Some(Account::PlatformDisputes),
                "bank" => Some(Account::Bank),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::ProcessorClearing => f.write_str("processor_clearing"),
            Account::RefundsPending => f.write_str("refunds_pending"),
            Account::Held(order) => write!(f, "held:{order}"),
            Account::SellerPending(seller) => write!(f, "seller_pending:{seller}"),
            Account::SellerAvailable(seller) => write!(f, "seller_available:{seller}"),
            Account::SellerPaying(seller) => write!(f, "seller_paying:{seller}"),
            Account::PlatformFees => f.write_str("platform_fees"),
            Account::PlatformPending => f.write_str("platform_pending"),
            Account::PlatformAvailable => f.write_str("platform_available"),
            Account::PlatformPaying => f.write_str("platform_paying"),
            Account::PlatformDisputes => f.write_str("platform_disputes"),
            Account::Bank => f.write_str("bank"),
        }
    }
}

impl From<Account> for String {
    fn from(account: Account) -> String {
        account.to_string()
    }
}

impl TryFrom<String> for Account {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Account::parse(&text).ok_or_else(|| format!("{text} is no account"))
    }
}

/// Which column a posting stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The left column: assets grow.
    Debit,
    /// The right column: what is owed grows.
    Credit,
}

/// One line of a journal entry. The amount is positive; the side says which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// The column.
    pub side: Side,
    /// How much, more than nothing.
    pub amount: Money,
}

impl Posting {
    /// The amount in minor units, debits positive and credits negative, as balances are summed.
    pub fn signed_minor(&self) -> i64 {
        match self.side {
            Side::Debit => self.amount.minor(),
            Side::Credit => -self.amount.minor(),
        }
    }
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryReason {
    /// An authorized amount was taken from the card.
    Capture,
    /// A refund was asked of the processor.
    RefundRequested,
    /// The processor confirmed a refund.
    RefundSucceeded,
    /// The processor refused a refund, or it came back later.
    RefundFailed,
    /// Held funds went to the seller.
    Release,
    /// The processor has settled a sale of the platform.
    Settlement,
    /// The platform's money moved to a seller.
    Transfer,
    /// Some of a transfer moved back.
    TransferReversal,
    /// A seller's money became the platform's fee.
    ApplicationFee,
    /// Some of a fee went back to the seller.
    ApplicationFeeRefund,
    /// A balance is on its way to the bank.
    Payout,
    /// The bank has it.
    PayoutPaid,
    /// The bank sent it back.
    PayoutFailed,
    /// It was called off before it left.
    PayoutCanceled,
    /// The platform added money of its own.
    Topup,
    /// The cardholder's bank took a disputed charge back.
    DisputeWithdrawn,
    /// The dispute was won, and the money is back.
    DisputeReinstated,
}

impl EntryReason {
    /// The stable name, for people and exports.
    pub fn name(self) -> &'static str {
        match self {
            EntryReason::Capture => "capture",
            EntryReason::RefundRequested => "refund_requested",
            EntryReason::RefundSucceeded => "refund_succeeded",
            EntryReason::RefundFailed => "refund_failed",
            EntryReason::Release => "release",
            EntryReason::Settlement => "settlement",
            EntryReason::Transfer => "transfer",
            EntryReason::TransferReversal => "transfer_reversal",
            EntryReason::ApplicationFee => "application_fee",
            EntryReason::ApplicationFeeRefund => "application_fee_refund",
            EntryReason::Payout => "payout",
            EntryReason::PayoutPaid => "payout_paid",
            EntryReason::PayoutFailed => "payout_failed",
            EntryReason::PayoutCanceled => "payout_canceled",
            EntryReason::Topup => "topup",
            EntryReason::DisputeWithdrawn => "dispute_withdrawn",
            EntryReason::DisputeReinstated => "dispute_reinstated",
        }
    }
}

/// A journal entry: postings that sum to zero in each currency, and the command that made them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Its id.
    pub id: EntryId,
    /// The command that made it.
    pub command: CommandId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EntryReason,
    /// The payment that it belongs to, when there is one.
    pub payment: Option<PaymentIntentId>,
    /// What it is about: the charge, the refund, the transfer, the payout.
    pub source: String,
    /// When the processor settles it; `None` for what needs no settling.
    pub settles_at: Option<Timestamp>,
    /// Its lines, at least two.
    pub postings: Vec<Posting>,
}

impl JournalEntry {
    /// Whether `account` may not be left below nothing by this entry: a limited account by none,
    /// and the platform's fees by a payout. A refund may leave them short, because the buyer's
    /// money goes back whatever was paid out before.
    pub fn limits(&self, account: Account) -> bool {
        let pays_fees = self.reason == EntryReason::Payout && account == Account::PlatformFees;
        account.is_limited() || pays_fees
    }

    /// The sellers who have more by it. Money that only settles, or comes back from the bank, was
    /// theirs before.
    pub fn payees(&self) -> BTreeSet<SellerId> {
        let mut sums: BTreeMap<SellerId, i128> = BTreeMap::new();
        for posting in &self.postings {
            if let Some(seller) = posting.account.seller() {
                *sums.entry(seller).or_default() -= i128::from(posting.signed_minor());
            }
        }
        sums.into_iter().filter(|(_, sum)| *sum > 0).map(|(seller, _)| seller).collect()
    }

    /// Whether debits equal credits in each currency, and every amount is more than nothing.
    pub fn balances(&self) -> bool {
        let positive = self.postings.iter().all(|posting| posting.amount.is_positive());
        let mut sums = BTreeMap::new();
        for posting in &self.postings {
            *sums.entry(posting.amount.currency()).or_insert(0_i128) +=
                i128::from(posting.signed_minor());
        }
        positive && !sums.is_empty() && sums.values().all(|sum| *sum == 0)
    }
}

/// The lines of an entry in the making. Nothing is posted for an amount of zero.
#[derive(Clone, Debug, Default)]
pub struct Postings(Vec<Posting>);

impl Postings {
    /// No lines yet.
    pub fn new() -> Postings {
        Postings::default()
    }

    /// A debit of `account`.
    #[must_use]
    pub fn debit(self, account: Account, amount: Money) -> Postings {
        self.post(account, Side::Debit, amount)
    }

    /// A credit of `account`.
    #[must_use]
    pub fn credit(self, account: Account, amount: Money) -> Postings {
        self.post(account, Side::Credit, amount)
    }

    /// The same lines with the columns exchanged: what takes an entry back.
    #[must_use]
    pub fn reversed(mut self) -> Postings {
        for posting in &mut self.0 {
            posting.side = match posting.side {
                Side::Debit => Side::Credit,
                Side::Credit => Side::Debit,
            };
        }
        self
    }

    /// The lines.
    pub fn into_lines(self) -> Vec<Posting> {
        self.0
    }

    fn post(mut self, account: Account, side: Side, amount: Money) -> Postings {
        if !amount.is_zero() {
            self.0.push(Posting { account, side, amount });
        }
        self
    }
}

/// The credit balance of a sum of signed postings.
pub fn credit_balance(signed_minor: i64) -> Result<i64, MoneyError> {
    signed_minor.checked_neg().ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::id::IdSource;

    fn entry(postings: Postings) -> JournalEntry {
        let mut ids = IdSource::new(0, 7);
        JournalEntry {
            id: ids.make(),
            command: ids.command(),
            at: Timestamp::from_ms(0),
            reason: EntryReason::Capture,
            payment: None,
            source: String::new(),
            settles_at: None,
            postings: postings.into_lines(),
        }
    }

    #[test]
    fn an_entry_balances_in_each_currency() {
        let usd = |minor| Money::new(minor, Currency::USD);
        let yen = |minor| Money::new(minor, Currency::JPY);
        let (left, right) = (Account::ProcessorClearing, Account::PlatformAvailable);
        let table = [
            (Postings::new().debit(left, usd(5)).credit(right, usd(5)), true),
            (Postings::new().debit(left, usd(5)).credit(right, usd(5)).reversed(), true),
            (Postings::new().debit(left, usd(5)).credit(right, usd(4)), false),
            (Postings::new().debit(left, usd(5)).credit(right, yen(5)), false),
            (Postings::new().debit(left, usd(-5)).credit(right, usd(-5)), false),
            (Postings::new().debit(left, usd(0)).credit(right, usd(0)), false),
        ];
        for (number, (postings, balances)) in table.into_iter().enumerate() {
            assert_eq!(entry(postings).balances(), balances, "row {number}");
        }
    }

    #[test]
    fn whoever_has_more_is_paid() {
        let usd = |minor| Money::new(minor, Currency::USD);
        let mut ids = IdSource::new(5, 11);
        let (amy, ben): (SellerId, SellerId) = (ids.make(), ids.make());
        let (pending, available, paying) = (
            Account::SellerPending(amy),
            Account::SellerAvailable(amy),
            Account::SellerPaying(amy),
        );
        let platform = Account::PlatformAvailable;
        let moved = |from, to| Postings::new().debit(from, usd(5)).credit(to, usd(5));
        let table = [
            (moved(platform, available), vec![amy]),
            (moved(platform, pending), vec![amy]),
            (moved(pending, available), vec![]),
            (moved(available, paying), vec![]),
            (moved(paying, available), vec![]),
            (moved(available, platform), vec![]),
            (moved(available, Account::SellerAvailable(ben)), vec![ben]),
            (moved(available, platform).credit(pending, usd(6)).debit(platform, usd(6)), vec![amy]),
        ];
        for (number, (postings, expected)) in table.into_iter().enumerate() {
            let payees: Vec<SellerId> = entry(postings).payees().into_iter().collect();
            assert_eq!(payees, expected, "row {number}");
        }
    }

    #[test]
    fn accounts_are_read_as_they_are_written() {
        let mut ids = IdSource::new(5, 9);
        let accounts = [
            Account::ProcessorClearing,
            Account::RefundsPending,
            Account::Held(ids.make()),
            Account::SellerPending(ids.make()),
            Account::SellerAvailable(ids.make()),
            Account::SellerPaying(ids.make()),
            Account::PlatformFees,
            Account::PlatformPending,
            Account::PlatformAvailable,
            Account::PlatformPaying,
            Account::PlatformDisputes,
            Account::Bank,
        ];
        for account in accounts {
            assert_eq!(Account::parse(&account.to_string()), Some(account));
        }
        for text in ["", "held", "held:x", "held:acct_0", "banks"] {
            assert_eq!(Account::parse(text), None, "{text}");
        }
    }
}
