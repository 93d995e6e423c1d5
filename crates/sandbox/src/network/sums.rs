//! What became of an authorized amount. The only arithmetic on an authorization's money.

use super::Inconsistent;

/// An authorized amount and what became of it, in minor units of the authorization's currency.
///
/// Invariants: nothing is negative, `refunded + disputed <= captured` and
/// `captured + released <= amount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    amount: i64,
    captured: i64,
    refunded: i64,
    disputed: i64,
    released: i64,
    /// The part of `amount` that was not asked for at first.
    raised: i64,
}

impl Sums {
    /// A verification: an authorization of nothing, of which nothing can be taken. It can be given
    /// back, as nothing.
    pub const NOTHING: Sums =
        Sums { amount: 0, captured: 0, refunded: 0, disputed: 0, released: 0, raised: 0 };

    /// An authorization of `amount`, untouched.
    pub fn of(amount: i64) -> Result<Sums, Inconsistent> {
        if amount > 0 { Ok(Sums { amount, ..Sums::NOTHING }) } else { Err(BROKEN) }
    }

    /// What the issuer approved, or would have.
    pub fn amount(self) -> i64 {
        self.amount
    }

    /// What was asked for at first.
    pub fn first_amount(self) -> i64 {
        self.amount - self.raised
    }

    /// Holds `amount` more.
    pub fn raise(self, amount: i64) -> Result<Sums, Inconsistent> {
        let (all, raised) = (plus(self.amount, amount)?, plus(self.raised, amount)?);
        Sums { amount: all, raised, ..self }.checked()
    }

    /// What was captured, refunds not subtracted.
    pub fn captured(self) -> i64 {
        self.captured
    }

    /// What was given back of the captured part.
    pub fn refunded(self) -> i64 {
        self.refunded
    }

    /// What was given back uncaptured: by voids, by a final capture, or at the end of its life.
    pub fn released(self) -> i64 {
        self.released
    }

    /// What may still be captured or voided.
    pub fn remaining(self) -> i64 {
        self.amount - self.captured - self.released
    }

    /// What may still be refunded.
    pub fn refundable(self) -> i64 {
        self.captured - self.refunded - self.disputed
    }

    /// What the cardholder has back by a dispute.
    pub fn disputed(self) -> i64 {
        self.disputed
    }

    /// Gives `more` of what was captured to the cardholder in a dispute; less than nothing takes
    /// it back.
    pub fn dispute(self, more: i64) -> Result<Sums, Inconsistent> {
        let disputed = self.disputed.checked_add(more).ok_or(BROKEN)?;
        Sums { disputed, ..self }.checked()
    }

    /// Takes `amount` of what remains.
    pub fn capture(self, amount: i64) -> Result<Sums, Inconsistent> {
        Sums { captured: plus(self.captured, amount)?, ..self }.checked()
    }

    /// Gives `amount` of what remains back to the cardholder.
    pub fn release(self, amount: i64) -> Result<Sums, Inconsistent> {
        Sums { released: plus(self.released, amount)?, ..self }.checked()
    }

    /// Gives `amount` of what was captured back to the cardholder.
    pub fn refund(self, amount: i64) -> Result<Sums, Inconsistent> {
        Sums { refunded: plus(self.refunded, amount)?, ..self }.checked()
    }

    /// Undoes a refund of `amount`, which the cardholder's bank sent back.
    pub fn refund_failed(self, amount: i64) -> Result<Sums, Inconsistent> {
        let refunded = self.refunded.checked_sub(amount).filter(|_| amount >= 0);
        Sums { refunded: refunded.ok_or(BROKEN)?, ..self }.checked()
    }

    fn checked(self) -> Result<Sums, Inconsistent> {
        let used = plus(self.captured, self.released)?;
        let back = plus(self.refunded, self.disputed)?;
        let positive = self.refunded >= 0 && self.disputed >= 0;
        // What was asked for at first was something: nothing is only what a verification is of.
        let is_of_something = self.first_amount() > 0 || self == Sums::NOTHING;
        let holds = is_of_something && positive && back <= self.captured;
        if holds && used <= self.amount { Ok(self) } else { Err(BROKEN) }
    }
}

const BROKEN: Inconsistent = Inconsistent("the sums of an authorization do not hold");

fn plus(sum: i64, amount: i64) -> Result<i64, Inconsistent> {
    sum.checked_add(amount).filter(|_| amount >= 0).ok_or(BROKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_never_pass_their_limits() {
        let hundred = Sums::of(100).unwrap();
        let captured = hundred.capture(60).unwrap();
        let table = [
            ("all", hundred.capture(100).map(Sums::remaining), Some(0)),
            ("more than all", hundred.capture(101).map(Sums::remaining), None),
            ("the rest", captured.capture(40).map(Sums::remaining), Some(0)),
            ("more than the rest", captured.capture(41).map(Sums::remaining), None),
            ("release the rest", captured.release(40).map(Sums::remaining), Some(0)),
            ("release more", captured.release(41).map(Sums::remaining), None),
            ("refund the captured", captured.refund(60).map(Sums::refundable), Some(0)),
            ("refund more", captured.refund(61).map(Sums::refundable), None),
            ("undo no refund", captured.refund_failed(1).map(Sums::refundable), None),
            ("a negative capture", captured.capture(-1).map(Sums::remaining), None),
            ("a negative undo", captured.refund_failed(-1).map(Sums::refundable), None),
            ("raise", hundred.raise(5).map(Sums::remaining), Some(105)),
            ("raise by less than nothing", hundred.raise(-1).map(Sums::remaining), None),
            ("raise beyond all bounds", hundred.raise(i64::MAX).map(Sums::remaining), None),
            ("the first sum of a raised one", hundred.raise(5).map(Sums::first_amount), Some(100)),
            ("a part of nothing", Sums::NOTHING.release(1).map(Sums::remaining), None),
            ("nothing of nothing", Sums::NOTHING.release(0).map(Sums::remaining), Some(0)),
            ("raise nothing", Sums::NOTHING.raise(5).map(Sums::remaining), None),
            ("an overflow", captured.capture(i64::MAX).map(Sums::remaining), None),
        ];
        for (what, outcome, expected) in table {
            assert_eq!(outcome.ok(), expected, "{what}");
        }
        assert!(Sums::of(0).is_err() && Sums::of(-1).is_err());
    }
}
