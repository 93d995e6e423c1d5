//! The bank's side of payouts: what comes in, and whether it reaches the account.

use holdfast_core::bank::BankBehaviour;
use holdfast_core::currency::Currency;
use holdfast_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::idempotency::{Fingerprint, Made, Stamp};
use super::name::Name;
use super::random::Seed;
use super::record::{PayoutReceived, Record};
use super::{Change, Inconsistent, Network, Refusal};

/// Business days that a standard payout takes at the bank.
pub const STANDARD_BUSINESS_DAYS: u16 = 2;
/// How long an instant payout takes at the bank.
pub const INSTANT_TAKES: Span = Span::seconds(30 * 60);

/// Where a payout is among those that were received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PayoutIndex(pub(super) usize);

/// The wish to pay an account.
#[derive(Clone, Debug)]
pub struct PayOut {
    /// The platform's reference, unique among payouts.
    pub reference: Name,
    /// The account, by what becomes of money for it.
    pub account: BankBehaviour,
    /// In minor units.
    pub amount: i64,
    /// Of this currency.
    pub currency: Currency,
    /// How fast.
    pub speed: Speed,
}

/// How fast a payout goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speed {
    /// With the ordinary run of the banks, on business days.
    Standard,
    /// At once, any day.
    Instant,
}

impl Speed {
    /// The word of the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Instant => "instant",
        }
    }
}

/// A payout as the bank has it.
#[derive(Debug, PartialEq, Eq)]
pub struct Payout {
    /// The bank's id.
    pub id: Name,
    /// The platform's reference.
    pub reference: Name,
    /// The account.
    pub account: BankBehaviour,
    /// In minor units.
    pub amount: i64,
    /// Of this currency.
    pub currency: Currency,
    /// How fast.
    pub speed: Speed,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it reaches the account, or does not.
    pub arrives_at: Timestamp,
    fingerprint: Fingerprint,
}

/// How far a payout has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is on its way.
    Pending,
    /// It is on the account.
    Paid,
    /// The account's bank sent it back, with this code.
    Failed(&'static str),
}

impl Progress {
    /// The word of the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Failed(_) => "failed",
        }
    }
}

impl Payout {
    /// How far it has come at a moment of sandbox time.
    pub fn progress(&self, now: Timestamp) -> Progress {
        if now < self.arrives_at {
            return Progress::Pending;
        }
        match self.account {
            BankBehaviour::Pays => Progress::Paid,
            BankBehaviour::NoAccount
            | BankBehaviour::AccountClosed
            | BankBehaviour::InsufficientFunds
            | BankBehaviour::DebitNotAuthorized
            | BankBehaviour::InvalidCurrency => Progress::Failed(self.account.name()),
        }
    }
}

impl Network {
    /// Takes a payout. The same reference is the same payout for ever.
    ///
    /// # Refusals
    /// `KeyReused` and `ReferenceInUse` when either names another request.
    pub fn pay_out(
        &self,
        now: Timestamp,
        request: &PayOut,
        stamp: &Stamp,
        seed: &Seed,
    ) -> Result<Change<PayoutIndex>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Payout(index)) => return Ok(Change::none(*index)),
            Some(
                Made::Token(_)
                | Made::Authorization(_)
                | Made::Movement(_)
                | Made::Saved(_)
                | Made::Answer(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        if let Some(index) = self.find_payout(&request.reference) {
            let same = self.payout(index).fingerprint == stamp.fingerprint;
            return if same { Ok(Change::none(index)) } else { Err(Refusal::ReferenceInUse) };
        }
        let arrives_at = match request.speed {
            Speed::Standard => now.after_business_days(STANDARD_BUSINESS_DAYS),
            Speed::Instant => now.after(INSTANT_TAKES),
        };
        let received = PayoutReceived {
            id: seed.id("sbo_").into(),
            reference: request.reference.clone(),
            account: request.account,
            amount: request.amount,
            currency: request.currency,
            speed: request.speed,
            arrives_at,
            stamp: stamp.clone(),
        };
        Ok(Change::recorded(PayoutIndex(self.payouts.len()), Record::Payout(received)))
    }

    /// The payout at an index that the network gave.
    pub fn payout(&self, index: PayoutIndex) -> &Payout {
        &self.payouts[index.0]
    }

    /// The payout with the platform's reference; `None`: it was never received.
    pub fn find_payout(&self, reference: &str) -> Option<PayoutIndex> {
        self.by_payout.get(reference).copied()
    }

    /// All payouts, the newest first.
    pub fn payouts(&self) -> impl Iterator<Item = &Payout> {
        self.payouts.iter().rev()
    }

    pub(super) fn payout_received(
        &mut self,
        at: Timestamp,
        received: &PayoutReceived,
    ) -> Result<(), Inconsistent> {
        if self.find_payout(&received.reference).is_some() {
            return Err(Inconsistent("its reference was used before"));
        }
        let index = PayoutIndex(self.payouts.len());
        self.payouts.push(Payout {
            id: received.id.clone(),
            reference: received.reference.clone(),
            account: received.account,
            amount: received.amount,
            currency: received.currency,
            speed: received.speed,
            created_at: at,
            arrives_at: received.arrives_at,
            fingerprint: received.stamp.fingerprint,
        });
        self.by_payout.insert(received.reference.clone(), index);
        self.use_key(&received.stamp, Made::Payout(index));
        Ok(())
    }
}
