//! Money: an amount in minor units together with its currency. Arithmetic can refuse.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;

/// An amount of money: `minor` units (cents, yen, fils) of `currency`.
///
/// Range: the whole of `i64`; amounts that come from outside are bounded at the edge. There is no
/// `+`: every operation is checked and refuses another currency or an overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an operation on money was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// The two amounts are of different currencies.
    CurrencyMismatch,
    /// The result does not fit.
    Overflow,
}

/// Where a fraction of a minor unit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero: what a fee does, so that the seller has the remainder.
    Down,
    /// Away from zero: the most that a fee may take of one part of a larger sum.
    Up,
    /// Half away from zero: what people expect of a sum that is shown to them.
    HalfUp,
}

/// A rate in hundredths of a percent: 500 is 5 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BasisPoints(u16);

impl BasisPoints {
    /// The whole: 100 %.
    pub const WHOLE: BasisPoints = BasisPoints(10_000);
    /// Nothing.
    pub const ZERO: BasisPoints = BasisPoints(0);

    /// A rate from 0 to 10,000; `None` above.
    pub const fn new(points: u16) -> Option<BasisPoints> {
        if points <= 10_000 { Some(BasisPoints(points)) } else { None }
    }

    /// The rate as a number of hundredths of a percent.
    pub fn points(self) -> u16 {
        self.0
    }
}

impl Money {
    /// An amount of `minor` units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// No money, of a currency.
    pub const fn zero(currency: Currency) -> Money {
        Money::new(0, currency)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum, refused for another currency or an overflow.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.with(other, i64::checked_add)
    }

    /// The difference, refused for another currency or an overflow. May be negative.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.with(other, i64::checked_sub)
    }

    /// `quantity` times the amount.
    pub fn checked_mul(self, quantity: u32) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// Whether this amount is larger than `other`; refused for another currency.
    pub fn exceeds(self, other: Money) -> Result<bool, MoneyError> {
        self.checked_sub(other).map(Money::is_positive)
    }

    /// The smaller of two amounts of one currency.
    pub fn at_most(self, limit: Money) -> Result<Money, MoneyError> {
        Ok(if self.exceeds(limit)? { limit } else { self })
    }

    /// The part of the amount that `rate` names.
    pub fn share(self, rate: BasisPoints, rounding: Rounding) -> Result<Money, MoneyError> {
        let whole = i128::from(BasisPoints::WHOLE.0);
        let exact = i128::from(self.minor) * i128::from(rate.0);
        let minor = match rounding {
            Rounding::Down => exact / whole,
            Rounding::Up => (exact + exact.signum() * (whole - 1)) / whole,
            Rounding::HalfUp => (exact + exact.signum() * whole / 2) / whole,
        };
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// Splits the amount in the proportion of `weights`, so that the parts sum exactly to it.
    ///
    /// Each part is floored; what is left goes one minor unit each to the parts with the largest
    /// fractions, the earlier of equals first. With weights of zero only, the parts are equal.
    /// Refused (`Overflow`) for a negative amount or weight, and for no weights at all.
    pub fn allocate(self, weights: &[i64]) -> Result<Vec<Money>, MoneyError> {
        if self.minor < 0 || weights.is_empty() || weights.iter().any(|weight| *weight < 0) {
            return Err(MoneyError::Overflow);
        }
        let equal: Vec<i64>;
        let weights = if weights.iter().all(|weight| *weight == 0) {
            equal = vec![1; weights.len()];
            &equal
        } else {
            weights
        };
        let parts = largest_remainder(self.minor, weights)?;
        Ok(parts.into_iter().map(|minor| Money { minor, ..self }).collect())
    }

    /// The sum of amounts of one currency; nothing at all is zero.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Money>,
    ) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::zero(currency), Money::checked_add)
    }

    fn with(
        self,
        other: Money,
        operation: impl Fn(i64, i64) -> Option<i64>,
    ) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let minor = operation(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }
}

/// The parts of `whole` in minor units; weights are not negative and not all zero.
fn largest_remainder(whole: i64, weights: &[i64]) -> Result<Vec<i64>, MoneyError> {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let exact = |weight: i64| i128::from(whole) * i128::from(weight);
    let floors = weights.iter().map(|weight| i64::try_from(exact(*weight) / total));
    let mut parts = floors.collect::<Result<Vec<i64>, _>>().map_err(|_| MoneyError::Overflow)?;
    let left = whole - parts.iter().sum::<i64>();
    let left = usize::try_from(left).map_err(|_| MoneyError::Overflow)?;

    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(exact(weights[*index]) % total));
    for index in order.into_iter().take(left) {
        parts[index] += 1;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn arithmetic_refuses_instead_of_guessing() {
        let yen = Money::new(1, Currency::JPY);
        assert_eq!(usd(1).checked_add(usd(2)), Ok(usd(3)));
        assert_eq!(usd(1).checked_sub(usd(2)), Ok(usd(-1)));
        assert_eq!(usd(1).checked_add(yen), Err(MoneyError::CurrencyMismatch));
        assert_eq!(usd(i64::MAX).checked_add(usd(1)), Err(MoneyError::Overflow));
        assert_eq!(usd(i64::MIN).checked_sub(usd(1)), Err(MoneyError::Overflow));
        assert_eq!(usd(i64::MAX).checked_mul(2), Err(MoneyError::Overflow));
        assert_eq!(usd(5).exceeds(usd(4)), Ok(true));
        assert_eq!(usd(5).at_most(usd(4)), Ok(usd(4)));
    }

    #[test]
    fn shares_round_as_they_say() {
        let table = [
            // amount, rate, down, up, half up
            (1_000, 500, 50, 50, 50),
            (999, 500, 49, 50, 50),
            (1, 1, 0, 1, 0),
            (1, 5_000, 0, 1, 1),
            (-1, 5_000, 0, -1, -1),
            (10, 0, 0, 0, 0),
            (333, 10_000, 333, 333, 333),
            (i64::MAX, 10_000, i64::MAX, i64::MAX, i64::MAX),
        ];
        for (amount, points, down, up, half_up) in table {
            let rate = BasisPoints::new(points).expect("a rate");
            assert_eq!(usd(amount).share(rate, Rounding::Down), Ok(usd(down)), "{amount}");
            assert_eq!(usd(amount).share(rate, Rounding::Up), Ok(usd(up)), "{amount}");
            assert_eq!(usd(amount).share(rate, Rounding::HalfUp), Ok(usd(half_up)), "{amount}");
        }
        assert_eq!(BasisPoints::new(10_001), None);
    }

    #[test]
    fn allocation_gives_the_rest_to_the_largest_remainders() {
        let table: &[(i64, &[i64], &[i64])] = &[
            (100, &[1, 1, 1], &[34, 33, 33]),
            (490, &[4_300, 900], &[405, 85]),
            (1, &[1, 2], &[0, 1]),
            (0, &[5, 5], &[0, 0]),
            (5, &[0, 0], &[3, 2]),
            (7, &[0, 3], &[0, 7]),
            (i64::MAX, &[1], &[i64::MAX]),
        ];
        for (amount, weights, parts) in table {
            let split = usd(*amount).allocate(weights).expect("a split");
            let split: Vec<i64> = split.into_iter().map(Money::minor).collect();
            assert_eq!(&split, parts, "{amount} by {weights:?}");
        }
        for (amount, weights) in [(-1, &[1][..]), (1, &[][..]), (1, &[-1][..])] {
            assert_eq!(usd(amount).allocate(weights), Err(MoneyError::Overflow));
        }
    }
}
