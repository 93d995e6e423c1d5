//! An authorization: the issuer's hold on a card, and what becomes of each part of it.

use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError};
use crate::payment::card::CardToken;
use crate::payment::increment::{INCREMENTS_MAX, Increment};
use crate::refusal::Refusal;
use crate::stored::is_default;
use crate::time::Timestamp;

/// An issuer's hold on a card.
///
/// Invariant: `captured + capturing + returned + returning <= amount`, all of them not negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The processor's own name for it.
    pub reference: String,
    /// The issuer's approval code.
    pub code: String,
    /// What the issuer holds.
    pub amount: Money,
    /// What was taken.
    pub captured: Money,
    /// What is being taken, the answer not yet known.
    pub capturing: Money,
    /// What was given back without having been taken.
    pub returned: Money,
    /// What is being given back, the answer not yet known.
    pub returning: Money,
    /// The end, set by the processor. Nothing is captured from then on.
    pub expires_at: Timestamp,
    /// How many captures the processor still allows.
    pub captures_left: u16,
    /// How often the processor still lets the hold grow.
    #[serde(default, skip_serializing_if = "is_default")]
    pub increments_left: u16,
    /// The wishes for a larger hold, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub increments: Vec<Increment>,
    /// Whether the network has said that it will tell of disputes of this charge: then they are
    /// looked for, in case its notice is lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expects_disputes: bool,
    /// Whether the processor settles what is captured at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles_at_once: bool,
    /// The network's name of the card, where it was asked to keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<CardToken>,
}

impl Authorization {
    /// A fresh hold, none of it used.
    pub fn new(
        reference: String,
        code: String,
        amount: Money,
        expires_at: Timestamp,
        captures_max: u16,
    ) -> Authorization {
        let none = Money::zero(amount.currency());
        Authorization {
            reference,
            code,
            amount,
            captured: none,
            capturing: none,
            returned: none,
            returning: none,
            expires_at,
            captures_left: captures_max,
            increments_left: 0,
            increments: Vec::new(),
            settles_at_once: false,
            saved: None,
            expects_disputes: false,
        }
    }

    /// The same hold, of whose charge disputes are to be looked for.
    #[must_use]
    pub fn expecting_disputes(self, expects_disputes: bool) -> Authorization {
        Authorization { expects_disputes, ..self }
    }

    /// The same hold, whose captures the processor settles at once.
    #[must_use]
    pub fn settling_at_once(self, settles_at_once: bool) -> Authorization {
        Authorization { settles_at_once, ..self }
    }

    /// The same hold, which the processor lets grow so often.
    #[must_use]
    pub fn growing_up_to(self, increments_max: u16) -> Authorization {
        Authorization { increments_left: increments_max.min(INCREMENTS_MAX), ..self }
    }

    /// The same hold, with the card kept at the network.
    #[must_use]
    pub fn with_saved(self, saved: Option<CardToken>) -> Authorization {
        Authorization { saved, ..self }
    }

    /// What is neither taken nor given back nor on its way to either.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.amount
            .checked_sub(self.captured)?
            .checked_sub(self.capturing)?
            .checked_sub(self.returned)?
            .checked_sub(self.returning)
    }

    /// Whether every part of it has its final place.
    pub fn is_settled(&self) -> bool {
        self.left().is_ok_and(Money::is_zero)
            && self.capturing.is_zero()
            && self.returning.is_zero()
    }

    /// Begins to take `amount`.
    ///
    /// # Refusals
    /// `AuthorizationExpired` from `expires_at` on, `CapturesExhausted`,
    /// `CaptureExceedsAuthorization`, `AmountTooSmall` for nothing.
    pub fn start_capture(&mut self, amount: Money, now: Timestamp) -> Result<(), Refusal> {
        if now >= self.expires_at {
            return Err(Refusal::AuthorizationExpired);
        }
        if self.captures_left == 0 {
            return Err(Refusal::CapturesExhausted);
        }
        if amount.exceeds(self.left()?)? {
            return Err(Refusal::CaptureExceedsAuthorization);
        }
        if !amount.is_positive() {
            return Err(Refusal::AmountTooSmall);
        }
        self.capturing = self.capturing.checked_add(amount)?;
        self.captures_left -= 1;
        self.assert_invariant();
        Ok(())
    }

    /// The same hold, all of it being taken because the processor did so as it approved: whatever
    /// the time is by now.
    pub fn taking_all(self) -> Result<Authorization, MoneyError> {
        let capturing = self.capturing.checked_add(self.left()?)?;
        let captures_left = self.captures_left.saturating_sub(1);
        Ok(Authorization { capturing, captures_left, ..self })
    }

    /// Records that `amount` was taken, or that it was not.
    pub fn finish_capture(&mut self, amount: Money, taken: bool) -> Result<(), Refusal> {
        self.capturing = self.capturing.checked_sub(amount)?;
        if taken {
            self.captured = self.captured.checked_add(amount)?;
        } else {
            self.captures_left = self.captures_left.saturating_add(1);
        }
        self.assert_invariant();
        Ok(())
    }

    /// Begins to give `amount` back to the cardholder, without taking it first.
    pub fn start_return(&mut self, amount: Money) -> Result<(), Refusal> {
        if amount.exceeds(self.left()?)? {
            return Err(Refusal::RefundExceedsPayment);
        }
        if !amount.is_positive() {
            return Err(Refusal::AmountTooSmall);
        }
        self.returning = self.returning.checked_add(amount)?;
        self.assert_invariant();
        Ok(())
    }

    /// Records that `amount` was given back, or that it was not.
    pub fn finish_return(&mut self, amount: Money, returned: bool) -> Result<(), Refusal> {
        self.returning = self.returning.checked_sub(amount)?;
        if returned {
            self.returned = self.returned.checked_add(amount)?;
        }
        self.assert_invariant();
        Ok(())
    }

    fn assert_invariant(&self) {
        let parts = [self.captured, self.capturing, self.returned, self.returning];
        assert!(parts.iter().all(|part| part.minor() >= 0), "a part of a hold is negative");
        assert!(self.left().is_ok_and(|left| left.minor() >= 0), "more was used than was held");
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

    fn hold(captures_max: u16) -> Authorization {
        Authorization::new("sba_1".to_owned(), "A1".to_owned(), usd(100), END, captures_max)
    }

    #[test]
    fn a_capture_refuses_what_the_hold_does_not_cover() {
        let before = Timestamp::from_ms(END.ms() - 1);
        let table = [
            (usd(100), before, 1, Ok(())),
            (usd(101), before, 1, Err(Refusal::CaptureExceedsAuthorization)),
            (usd(0), before, 1, Err(Refusal::AmountTooSmall)),
            (usd(1), END, 1, Err(Refusal::AuthorizationExpired)),
            (usd(1), before, 0, Err(Refusal::CapturesExhausted)),
            (Money::new(1, Currency::EUR), before, 1, Err(Refusal::CurrencyMismatch)),
        ];
        for (amount, now, captures_max, outcome) in table {
            assert_eq!(hold(captures_max).start_capture(amount, now), outcome, "{amount:?}");
        }
    }

    #[test]
    fn each_part_finds_its_place_once() {
        let mut hold = hold(3);
        let now = Timestamp::from_ms(0);
        hold.start_capture(usd(30), now).expect("30 fit");
        hold.start_return(usd(50)).expect("50 fit");
        assert_eq!(hold.start_capture(usd(21), now), Err(Refusal::CaptureExceedsAuthorization));
        assert_eq!(hold.start_return(usd(21)), Err(Refusal::RefundExceedsPayment));
        hold.finish_capture(usd(30), false).expect("the capture was refused");
        assert_eq!((hold.left(), hold.captures_left), (Ok(usd(50)), 3));
        hold.finish_return(usd(50), true).expect("the return was done");
        hold.start_capture(usd(50), now).expect("the rest fits");
        assert!(!hold.is_settled());
        hold.finish_capture(usd(50), true).expect("the rest was taken");
        assert!(hold.is_settled());
    }
}
