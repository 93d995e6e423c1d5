//! Held funds: the captured money of one order, until it is released or goes back.

use serde::{Deserialize, Serialize};

use crate::id::{HeldFundsId, OrderId, PaymentIntentId, ReleaseId, SellerId};
use crate::listed::Listed;
use crate::money::{BasisPoints, Money, MoneyError, Rounding};
use crate::order::ReleaseReason;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// The captured money of one order.
///
/// Invariant: `released + refunded <= amount + held_again` and
/// `held_again <= clawed_back <= released`; the ledger account `held:<order>` has exactly `left()`,
/// and the store refuses to let it go below nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFunds {
    /// Its id.
    pub id: HeldFundsId,
    /// When the money was taken.
    pub created: Timestamp,
    /// The order.
    pub order: OrderId,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The seller.
    pub seller: SellerId,
    /// What was taken for the order.
    pub amount: Money,
    /// What was released, the platform's fee included.
    pub released: Money,
    /// The platform's fee so far.
    pub fee: Money,
    /// What went back to the buyer from the money that was held.
    pub refunded: Money,
    /// What went back to the buyer after its release, the fee's part included.
    pub clawed_back: Money,
    /// The fee's part of that.
    pub fee_returned: Money,
    /// What of that never reached the buyer and is held again, because nobody is there any more to
    /// whom it was released; `None` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_again: Option<Money>,
    /// Each release, the oldest first.
    pub releases: Vec<Release>,
    /// Why nothing may move, when that is so.
    pub frozen: Option<FreezeReason>,
    /// When the money is due, while a clock runs.
    pub release_after: Option<Timestamp>,
}

/// One release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// When.
    pub at: Timestamp,
    /// How much, the fee included.
    pub amount: Money,
    /// The platform's part of it.
    pub fee: Money,
    /// Why.
    pub reason: ReleaseReason,
}

impl Release {
    /// What the seller got.
    pub fn net(&self) -> Result<Money, MoneyError> {
        self.amount.checked_sub(self.fee)
    }
}

/// Why held funds may not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreezeReason {
    /// The buyer objects.
    Claim,
    /// An operator said so.
    Operator,
    /// A refund came back; an operator has to see to it.
    RefundFailed,
    /// The cardholder disputes the charge at the bank, which has taken the money back.
    Dispute,
}

impl FreezeReason {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            FreezeReason::Claim => "claim",
            FreezeReason::Operator => "operator",
            FreezeReason::RefundFailed => "refund_failed",
            FreezeReason::Dispute => "dispute",
        }
    }
}

impl HeldFunds {
    /// What is still held.
    pub fn left(&self) -> Result<Money, MoneyError> {
        let had = self.amount.checked_add(self.held_again())?;
        had.checked_sub(self.released)?.checked_sub(self.refunded)
    }

    /// What was released, was taken back for the buyer and is held again.
    pub fn held_again(&self) -> Money {
        self.held_again.unwrap_or(Money::zero(self.amount.currency()))
    }

    /// What was released and has not gone back to the buyer since, the fee included.
    pub fn recoverable(&self) -> Result<Money, MoneyError> {
        self.released.checked_sub(self.clawed_back)
    }

    /// Releases `amount` to the seller, less the fee at `rate`.
    ///
    /// The fee is reckoned on all that was released so far and rounded down once, so that
    /// releasing in parts costs the seller no more than releasing at once.
    ///
    /// # Refusals
    /// `ReleaseExceedsHeld` for more than is held, `AmountTooSmall` for nothing.
    pub fn release(
        &mut self,
        amount: Money,
        rate: BasisPoints,
        stamp: ReleaseStamp,
    ) -> Result<Release, Refusal> {
        if amount.exceeds(self.left()?)? {
            return Err(Refusal::ReleaseExceedsHeld);
        }
        if !amount.is_positive() {
            return Err(Refusal::AmountTooSmall);
        }
        let released = self.released.checked_add(amount)?;
        let fee_so_far = released.share(rate, Rounding::Down)?;
        // A rate that was lowered between two releases takes no fee back, and one that was raised
        // asks no more of this part than its own share, rounded up.
        let fee = at_least_nothing(fee_so_far.checked_sub(self.fee)?);
        let fee = fee.at_most(amount.share(rate, Rounding::Up)?)?;
        let ReleaseStamp { id, at, reason } = stamp;
        let release = Release { id, at, amount, fee, reason };
        self.released = released;
        self.fee = self.fee.checked_add(fee)?;
        self.releases.push(release);
        self.thaw_when_empty()?;
        self.assert_invariant();
        Ok(release)
    }

    /// Takes `amount` back for the buyer: from what is held first, then from what was released.
    ///
    /// # Refusals
    /// `AlreadyRefunded` when nothing is left, `RefundExceedsPayment` for more than is left.
    pub fn take_back(&mut self, amount: Money) -> Result<TakenBack, Refusal> {
        let refundable = self.left()?.checked_add(self.recoverable()?)?;
        if refundable.is_zero() {
            return Err(Refusal::AlreadyRefunded);
        }
        if amount.exceeds(refundable)? {
            return Err(Refusal::RefundExceedsPayment);
        }
        let held = amount.at_most(self.left()?)?;
        let recovered = amount.checked_sub(held)?;
        let fee = self.fee_part(recovered)?;
        let seller = recovered.checked_sub(fee)?;
        self.refunded = self.refunded.checked_add(held)?;
        self.clawed_back = self.clawed_back.checked_add(recovered)?;
        self.fee_returned = self.fee_returned.checked_add(fee)?;
        self.thaw_when_empty()?;
        self.assert_invariant();
        Ok(TakenBack { held, seller, fee })
    }

    /// Puts back what a failed refund had taken.
    pub fn put_back(&mut self, taken: TakenBack) -> Result<(), MoneyError> {
        let recovered = taken.seller.checked_add(taken.fee)?;
        self.refunded = self.refunded.checked_sub(taken.held)?;
        self.clawed_back = self.clawed_back.checked_sub(recovered)?;
        self.fee_returned = self.fee_returned.checked_sub(taken.fee)?;
        self.assert_invariant();
        Ok(())
    }

    /// As [`HeldFunds::put_back`], when nobody is there any more to whom it was released: all of it
    /// is held again, the fee's part included, so that the buyer can be given the same once more.
    pub fn hold_again(&mut self, taken: TakenBack) -> Result<(), MoneyError> {
        let recovered = taken.seller.checked_add(taken.fee)?;
        self.refunded = self.refunded.checked_sub(taken.held)?;
        self.held_again = Some(self.held_again().checked_add(recovered)?);
        self.assert_invariant();
        Ok(())
    }

    /// The commission that goes back with `recovered`: in proportion by largest remainder, and all
    /// that is left of it with the last part.
    fn fee_part(&self, recovered: Money) -> Result<Money, MoneyError> {
        let all = recovered.checked_add(self.clawed_back)?;
        let rest = self.released.checked_sub(all)?;
        if self.released.is_zero() {
            return Ok(Money::zero(self.amount.currency()));
        }
        let split = self.fee.allocate(&[all.minor(), rest.minor()])?;
        // Parts that failed and came back may have left a unit more of the fee returned than these
        // proportions say; then this part returns none, and the last one evens it out.
        let fee = at_least_nothing(split[0].checked_sub(self.fee_returned)?);
        fee.at_most(recovered)
    }

    /// Where nothing is held, nothing is frozen.
    fn thaw_when_empty(&mut self) -> Result<(), MoneyError> {
        if self.left()?.is_zero() {
            self.frozen = None;
        }
        Ok(())
    }

    fn assert_invariant(&self) {
        assert!(self.left().is_ok_and(|left| left.minor() >= 0), "more moved than was held");
        assert!(self.recoverable().is_ok_and(|rest| rest.minor() >= 0), "clawed back too much");
    }
}

fn at_least_nothing(amount: Money) -> Money {
    if amount.is_positive() { amount } else { Money::zero(amount.currency()) }
}

/// What names a release: its id, its moment and its reason.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseStamp {
    /// The id that it will have.
    pub id: ReleaseId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: ReleaseReason,
}

/// Where the money of a refund came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// From what was held.
    pub held: Money,
    /// From the seller's balance.
    pub seller: Money,
    /// From the platform's fees.
    pub fee: Money,
}

impl Listed for HeldFunds {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.intent.to_string(), self.order.to_string(), self.seller.to_string()]
    }

    fn state(&self) -> &'static str {
        if self.frozen.is_some() {
            "frozen"
        } else if self.left().is_ok_and(|left| left.is_positive()) {
            "held"
        } else {
            "settled"
        }
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::id::IdSource;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn held(minor: i64) -> HeldFunds {
        let mut ids = IdSource::new(1, 1);
        let none = usd(0);
        HeldFunds {
            id: ids.make(),
            created: Timestamp::from_ms(0),
            order: ids.make(),
            intent: ids.make(),
            seller: ids.make(),
            amount: usd(minor),
            released: none,
            fee: none,
            refunded: none,
            clawed_back: none,
            fee_returned: none,
            held_again: None,
            releases: Vec::new(),
            frozen: None,
            release_after: None,
        }
    }

    fn stamp() -> ReleaseStamp {
        let id = IdSource::new(2, 2).make();
        ReleaseStamp { id, at: Timestamp::from_ms(1), reason: ReleaseReason::Operator }
    }

    fn release(funds: &mut HeldFunds, minor: i64) -> Result<(i64, i64), Refusal> {
        let rate = BasisPoints::new(500).expect("5 %");
        let release = funds.release(usd(minor), rate, stamp())?;
        Ok((release.net()?.minor(), release.fee.minor()))
    }

    #[test]
    fn releasing_in_parts_costs_the_same_fee() {
        let mut funds = held(999);
        assert_eq!(release(&mut funds, 333), Ok((317, 16)));
        assert_eq!(release(&mut funds, 333), Ok((316, 17)));
        assert_eq!(release(&mut funds, 334), Err(Refusal::ReleaseExceedsHeld));
        assert_eq!(release(&mut funds, 0), Err(Refusal::AmountTooSmall));
        assert_eq!(release(&mut funds, 333), Ok((317, 16)));
        assert_eq!(funds.fee, usd(49));
    }

    #[test]
    fn a_refund_takes_what_is_held_first_and_the_fee_in_proportion() {
        let mut funds = held(1_000);
        release(&mut funds, 600).expect("600 are held");
        let taken = funds.take_back(usd(500)).expect("500 are left");
        assert_eq!(taken, TakenBack { held: usd(400), seller: usd(95), fee: usd(5) });
        assert_eq!(funds.take_back(usd(501)), Err(Refusal::RefundExceedsPayment));
        let rest = funds.take_back(usd(500)).expect("the rest");
        assert_eq!(rest, TakenBack { held: usd(0), seller: usd(475), fee: usd(25) });
        assert_eq!(funds.take_back(usd(1)), Err(Refusal::AlreadyRefunded));
        assert_eq!(funds.fee_returned, funds.fee);
        funds.put_back(rest).expect("the refund failed");
        assert_eq!(funds.recoverable(), Ok(usd(500)));
    }

    #[test]
    fn what_nobody_is_there_for_is_held_again() {
        let mut funds = held(1_000);
        release(&mut funds, 1_000).expect("all of it is held");
        let part = funds.take_back(usd(300)).expect("a part");
        let rest = funds.take_back(usd(700)).expect("the rest");
        assert_eq!(part, TakenBack { held: usd(0), seller: usd(285), fee: usd(15) });
        funds.hold_again(part).expect("the refund failed");
        assert_eq!((funds.left(), funds.recoverable()), (Ok(usd(300)), Ok(usd(0))));
        funds.hold_again(rest).expect("that as well");
        assert_eq!(funds.take_back(usd(1_001)), Err(Refusal::RefundExceedsPayment));
        let again = funds.take_back(usd(400)).expect("a part of it");
        assert_eq!(again, TakenBack { held: usd(400), seller: usd(0), fee: usd(0) });
        funds.put_back(again).expect("the refund failed once more");
        assert_eq!(funds.take_back(usd(1_000)).map(|taken| taken.held), Ok(usd(1_000)));
        assert_eq!(funds.take_back(usd(1)), Err(Refusal::AlreadyRefunded));
    }
}
