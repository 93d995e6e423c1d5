//! Sums of accounts as a `balance`.

use holdfast_core::balance::{self, Sums};

use crate::objects::{Balance, BalanceWord, Funds};

use super::{LIVEMODE, currency};

/// The platform's balance. Sellers cannot owe anything, so that nothing is kept back for them.
pub(crate) fn of_platform(sums: &balance::Balance) -> Balance {
    let reserved = sums.available.keys().map(|code| Funds::by_card(0, currency(*code)));
    Balance { connect_reserved: Some(reserved.collect()), ..of_seller(sums) }
}

/// A seller's balance.
pub(crate) fn of_seller(sums: &balance::Balance) -> Balance {
    let instant = sums.available.iter().map(|(code, amount)| (*code, (*amount).max(0)));
    Balance {
        object: BalanceWord,
        available: funds(&sums.available),
        connect_reserved: None,
        instant_available: funds(&instant.collect()),
        livemode: LIVEMODE,
        pending: funds(&sums.pending),
    }
}

fn funds(sums: &Sums) -> Vec<Funds> {
    sums.iter().map(|(code, amount)| Funds::by_card(*amount, currency(*code))).collect()
}
