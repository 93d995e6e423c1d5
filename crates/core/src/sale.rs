//! What became of the money of a charge that belongs to no order: what the processor has not
//! settled yet, and what went on to sellers.

use serde::{Deserialize, Serialize};

use crate::id::{ApplicationFeeId, AttemptId, CaptureId, PaymentIntentId, SellerId, TransferId};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// The most parts of one charge that may wait for their settlement at sellers: more sellers than
/// a basket has, and little enough for one row.
pub const PASSES_MAX: usize = 200;

/// The money of one captured charge without orders.
///
/// Until the processor settles a capture, the row says where each part of its money is: with the
/// platform, with sellers, or on its way to become the platform's fee. What is settled has left
/// the row; then the accounts alone know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The charge.
    pub attempt: AttemptId,
    /// When its first capture was.
    pub created: Timestamp,
    /// Its payment.
    pub intent: PaymentIntentId,
    /// The captures that the processor has not settled, the oldest first.
    pub unsettled: Vec<Unsettled>,
    /// What was transferred out of it, less what came back.
    pub transferred: Money,
    /// What its captures sent on by themselves, the oldest first.
    pub onward: Vec<Onward>,
    /// What refunds took back of that.
    pub pulled_transfer: Pulled,
    /// What refunds gave back of the platform's fees on it.
    pub pulled_fee: Pulled,
}

/// A capture that the processor has not settled, and where its money is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    /// The capture.
    pub capture: CaptureId,
    /// When the processor settles it.
    pub settles_at: Timestamp,
    /// What the platform has of it.
    pub left: Money,
    /// What becomes the platform's fee.
    pub fee: Money,
    /// What sellers have of it.
    pub passed: Vec<Passed>,
}

/// What a seller has of money that is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// By which transfer.
    pub transfer: TransferId,
    /// Who.
    pub seller: SellerId,
    /// How much.
    pub amount: Money,
}

/// What one capture sent on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// The transfer.
    pub transfer: TransferId,
    /// The platform's fee on it.
    pub fee: Option<ApplicationFeeId>,
}

/// What refunds took back, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// The sum of the refunds that asked for it.
    pub refunds: Money,
    /// What came back with them.
    pub back: Money,
}

impl Pulled {
    /// What the next refund takes back of `whole`: its part of what was captured, so that the
    /// refunds together are exact and the last one takes the rest. Never more than `left`.
    pub fn next(
        &mut self,
        refund: Money,
        captured: Money,
        whole: Money,
        left: Money,
    ) -> Result<Money, MoneyError> {
        let refunds = self.refunds.checked_add(refund)?.at_most(captured)?;
        let rest = captured.checked_sub(refunds)?;
        let parts = whole.allocate(&[refunds.minor(), rest.minor()])?;
        let target = parts.first().copied().unwrap_or(whole);
        let none = Money::zero(whole.currency());
        let due = target.checked_sub(self.back)?;
        let due = if due.is_positive() { due.at_most(left)? } else { none };
        *self = Pulled { refunds, back: self.back.checked_add(due)? };
        Ok(due)
    }
}

impl Sale {
    /// Nothing captured yet.
    pub fn new(attempt: AttemptId, intent: PaymentIntentId, at: Timestamp, none: Money) -> Sale {
        let pulled = Pulled { refunds: none, back: none };
        Sale {
            attempt,
            created: at,
            intent,
            unsettled: Vec::new(),
            transferred: none,
            onward: Vec::new(),
            pulled_transfer: pulled,
            pulled_fee: pulled,
        }
    }

    /// When the last of it is settled; `None` when all of it is.
    pub fn settles_at(&self) -> Option<Timestamp> {
        self.unsettled.iter().map(|part| part.settles_at).max()
    }

    /// Takes what the platform has of unsettled money, the oldest first. Answers with how much
    /// that was; the rest of `amount` has to come from settled money.
    pub fn draw(&mut self, amount: Money) -> Result<Money, MoneyError> {
        let mut drawn = Money::zero(amount.currency());
        for part in &mut self.unsettled {
            let taken = amount.checked_sub(drawn)?.at_most(part.left)?;
            part.left = part.left.checked_sub(taken)?;
            drawn = drawn.checked_add(taken)?;
        }
        Ok(drawn)
    }

    /// Gives the platform back what was drawn. Answers with how much of it is still unsettled:
    /// nothing, when the last capture was settled meanwhile.
    pub fn put_back(&mut self, amount: Money) -> Result<Money, MoneyError> {
        let Some(part) = self.unsettled.last_mut() else {
            return Ok(Money::zero(amount.currency()));
        };
        part.left = part.left.checked_add(amount)?;
        Ok(amount)
    }

    /// Passes the platform's unsettled money on to a seller, as [`Self::draw`].
    ///
    /// # Refusals
    /// `TooManyTransfers`, when more parts would wait than [`PASSES_MAX`].
    pub fn pass(
        &mut self,
        amount: Money,
        transfer: TransferId,
        seller: SellerId,
    ) -> Result<Money, Refusal> {
        let mut passed = Money::zero(amount.currency());
        for part in &mut self.unsettled {
            let taken = amount.checked_sub(passed)?.at_most(part.left)?;
            part.left = part.left.checked_sub(taken)?;
            part.give(Passed { transfer, seller, amount: taken })?;
            passed = passed.checked_add(taken)?;
        }
        let waiting: usize = self.unsettled.iter().map(|part| part.passed.len()).sum();
        if waiting > PASSES_MAX { Err(Refusal::TooManyTransfers) } else { Ok(passed) }
    }

    /// Takes unsettled money of a transfer back to the platform; how much that was.
    pub fn take_back(&mut self, transfer: TransferId, amount: Money) -> Result<Money, MoneyError> {
        self.out_of(transfer, amount, |part, taken| {
            part.left = part.left.checked_add(taken)?;
            Ok(())
        })
    }

    /// Makes unsettled money of a transfer the platform's fee; how much that was.
    pub fn charge_fee(&mut self, transfer: TransferId, amount: Money) -> Result<Money, MoneyError> {
        self.out_of(transfer, amount, |part, taken| {
            part.fee = part.fee.checked_add(taken)?;
            Ok(())
        })
    }

    /// Gives a seller back what is about to become the platform's fee; how much that was.
    pub fn return_fee(
        &mut self,
        amount: Money,
        transfer: TransferId,
        seller: SellerId,
    ) -> Result<Money, MoneyError> {
        let mut returned = Money::zero(amount.currency());
        for part in &mut self.unsettled {
            let taken = amount.checked_sub(returned)?.at_most(part.fee)?;
            part.fee = part.fee.checked_sub(taken)?;
            part.give(Passed { transfer, seller, amount: taken })?;
            returned = returned.checked_add(taken)?;
        }
        Ok(returned)
    }

    /// The captures that are settled by now; they leave the row.
    pub fn settle(&mut self, now: Timestamp) -> Vec<Unsettled> {
        let is_due = |part: &Unsettled| part.settles_at <= now;
        let (due, later) = self.unsettled.drain(..).partition(is_due);
        self.unsettled = later;
        due
    }

    fn out_of(
        &mut self,
        transfer: TransferId,
        amount: Money,
        into: impl Fn(&mut Unsettled, Money) -> Result<(), MoneyError>,
    ) -> Result<Money, MoneyError> {
        let mut moved = Money::zero(amount.currency());
        for part in &mut self.unsettled {
            let of_it = part.passed.iter_mut().find(|passed| passed.transfer == transfer);
            let Some(passed) = of_it else { continue };
            let taken = amount.checked_sub(moved)?.at_most(passed.amount)?;
            passed.amount = passed.amount.checked_sub(taken)?;
            into(part, taken)?;
            part.passed.retain(|passed| passed.amount.is_positive());
            moved = moved.checked_add(taken)?;
        }
        Ok(moved)
    }
}

impl Unsettled {
    fn give(&mut self, more: Passed) -> Result<(), MoneyError> {
        if more.amount.is_zero() {
            return Ok(());
        }
        match self.passed.iter_mut().find(|passed| passed.transfer == more.transfer) {
            Some(passed) => passed.amount = passed.amount.checked_add(more.amount)?,
            None => self.passed.push(more),
        }
        Ok(())
    }
}

impl Listed for Sale {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        if self.unsettled.is_empty() { "settled" } else { "pending" }
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}
