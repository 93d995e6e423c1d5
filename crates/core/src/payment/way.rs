//! The way of a payment's money once it is taken: what goes on to a seller, and what the platform
//! keeps of it.

use crate::money::Money;
use crate::payment::notes::Notes;
use crate::refusal::Refusal;

impl Notes {
    /// Checks the money's way against `whole`, what the buyer pays.
    ///
    /// # Refusals
    /// `FeeBesidePart` when both the fee and the part that goes on are said: the fee is what is
    /// kept of the part. `FeeExceedsPayment`, `FeeOfNobody` when nobody gets what it is kept of,
    /// `TransferExceedsPayment`, `AmountTooSmall` for a part of nothing or a fee of less than
    /// that, and `CurrencyMismatch`.
    pub(crate) fn check_way(&self, whole: Money) -> Result<(), Refusal> {
        let part = self.transfer_data.as_ref().and_then(|data| data.amount);
        match (self.application_fee, part) {
            (Some(_), Some(_)) => Err(Refusal::FeeBesidePart),
            (Some(fee), None) if fee.exceeds(whole)? => Err(Refusal::FeeExceedsPayment),
            (Some(_), None) if self.transfer_data.is_none() => Err(Refusal::FeeOfNobody),
            (Some(fee), None) if fee.minor() < 0 => Err(Refusal::AmountTooSmall),
            (None, Some(part)) if part.exceeds(whole)? => Err(Refusal::TransferExceedsPayment),
            (None, Some(part)) if !part.is_positive() => Err(Refusal::AmountTooSmall),
            (Some(_) | None, None) | (None, Some(_)) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::currency::Currency;
    use crate::id::{Id, SellerId};
    use crate::payment::notes::TransferData;

    /// To whom it goes and how much of it, where that is said.
    type To = Option<Option<i64>>;

    fn checked(to: To, fee: Option<i64>, currency: Currency) -> Result<(), Refusal> {
        let money = |minor| Money::new(minor, currency);
        let transfer_data = to.map(|part| TransferData {
            destination: SellerId::from_number(1),
            amount: part.map(money),
            description: None,
            metadata: BTreeMap::new(),
            payment: None,
        });
        let notes = Notes { transfer_data, application_fee: fee.map(money), ..Notes::default() };
        notes.check_way(Money::new(100, Currency::USD))
    }

    #[test]
    fn no_more_goes_on_or_is_kept_than_the_buyer_pays() {
        let all = Some(None);
        let part = |minor| Some(Some(minor));
        let table: [(To, Option<i64>, Result<(), Refusal>); 14] = [
            (None, None, Ok(())),
            (all, None, Ok(())),
            (all, Some(0), Ok(())),
            (all, Some(100), Ok(())),
            (all, Some(101), Err(Refusal::FeeExceedsPayment)),
            (all, Some(-1), Err(Refusal::AmountTooSmall)),
            (None, Some(5), Err(Refusal::FeeOfNobody)),
            (None, Some(101), Err(Refusal::FeeExceedsPayment)),
            (part(1), None, Ok(())),
            (part(100), None, Ok(())),
            (part(101), None, Err(Refusal::TransferExceedsPayment)),
            (part(0), None, Err(Refusal::AmountTooSmall)),
            (part(5), Some(5), Err(Refusal::FeeBesidePart)),
            (part(101), Some(101), Err(Refusal::FeeBesidePart)),
        ];
        for (to, fee, expected) in table {
            assert_eq!(checked(to, fee, Currency::USD), expected, "{to:?} {fee:?}");
        }
        let other = Err(Refusal::CurrencyMismatch);
        assert_eq!(checked(all, Some(1), Currency::EUR), other);
        assert_eq!(checked(part(1), None, Currency::EUR), other);
    }
}
