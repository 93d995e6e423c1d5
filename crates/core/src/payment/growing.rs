//! How what a bank holds grows: only as the processor lets it, and once at a time.

use crate::money::{Money, MoneyError};
use crate::payment::authorization::Authorization;
use crate::payment::increment::Increment;
use crate::payment::intent::PaymentIntent;
use crate::refusal::Refusal;
use crate::time::Timestamp;

impl PaymentIntent {
    /// Refuses `Changed` while the bank is asked to hold more: what the answer changes is not
    /// decided about before it is there.
    pub(crate) fn refuse_growing(&self) -> Result<(), Refusal> {
        if self.growing.is_some() { Err(Refusal::Changed) } else { Ok(()) }
    }
}

impl Authorization {
    /// The wish for more whose answer is awaited.
    pub fn growing(&self) -> Option<&Increment> {
        self.increments.iter().find(|increment| increment.state.is_open())
    }

    /// Whether the processor lets the hold grow once more.
    pub fn can_grow(&self) -> bool {
        self.increments_left > 0
    }

    /// Begins to raise the hold to `to`. What that is more than is held now.
    ///
    /// # Refusals
    /// `AuthorizationExpired` from the end of the hold on, `AuthorizationCannotGrow` where the
    /// processor does not let it, `AmountTooSmall` for no more than is held.
    pub fn start_increment(&mut self, to: Money, now: Timestamp) -> Result<Money, Refusal> {
        if now >= self.expires_at {
            return Err(Refusal::AuthorizationExpired);
        }
        if !self.can_grow() {
            return Err(Refusal::AuthorizationCannotGrow);
        }
        if !to.exceeds(self.amount)? {
            return Err(Refusal::AmountTooSmall);
        }
        self.increments_left -= 1;
        Ok(to.checked_sub(self.amount)?)
    }

    /// Records that the bank holds `by` more, or that it does not.
    pub fn finish_increment(&mut self, by: Money, raised: bool) -> Result<(), MoneyError> {
        if raised {
            self.amount = self.amount.checked_add(by)?;
        } else {
            self.increments_left = self.increments_left.saturating_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    const END: Timestamp = Timestamp::from_seconds(1_000);

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn a_hold_grows_only_as_the_processor_lets_it() {
        let before = Timestamp::from_ms(END.ms() - 1);
        let table = [
            (usd(101), before, 1, Ok(usd(1))),
            (usd(100), before, 1, Err(Refusal::AmountTooSmall)),
            (usd(99), before, 1, Err(Refusal::AmountTooSmall)),
            (usd(101), before, 0, Err(Refusal::AuthorizationCannotGrow)),
            (usd(101), END, 1, Err(Refusal::AuthorizationExpired)),
            (Money::new(200, Currency::EUR), before, 1, Err(Refusal::CurrencyMismatch)),
        ];
        for (to, now, left, outcome) in table {
            let hold = Authorization::new("sba_1".to_owned(), "A1".to_owned(), usd(100), END, 1);
            let mut hold = hold.growing_up_to(left);
            assert_eq!(hold.start_increment(to, now), outcome, "{to:?}");
            if let Ok(by) = outcome {
                hold.finish_increment(by, false).expect("the bank said no");
                assert_eq!((hold.amount, hold.increments_left), (usd(100), left));
                hold.start_increment(to, now).expect("it may be asked once more");
                hold.finish_increment(by, true).expect("the bank agreed");
                assert_eq!((hold.amount, hold.increments_left), (to, left - 1));
            }
        }
    }
}
