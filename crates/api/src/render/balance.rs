//! Sums of accounts as a `balance`.

use std::collections::BTreeMap;

use holdfast_core::currency::Currency;

use crate::objects::{Balance, BalanceWord, Funds};

use super::{LIVEMODE, currency};

/// Amounts in minor units, one for each currency.
pub(crate) type Sums = BTreeMap<Currency, i64>;

/// What can be paid out, and what is on its way there.
pub(crate) fn object(available: &Sums, pending: &Sums) -> Balance {
    Balance {
        object: BalanceWord,
        available: funds(available),
        livemode: LIVEMODE,
        pending: funds(pending),
    }
}

fn funds(sums: &Sums) -> Vec<Funds> {
    sums.iter().map(|(code, amount)| Funds::by_card(*amount, currency(*code))).collect()
}
