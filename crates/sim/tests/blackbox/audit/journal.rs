//! The books add up: in themselves, with the rows, and with what the processor owes.

use std::collections::BTreeMap;

use holdfast_core::currency::Currency;
use holdfast_core::ledger::{Account, JournalEntry};

use crate::network::Charge;

use super::Books;

/// Debits less credits, by account.
type Sums = BTreeMap<(String, String), i64>;

/// Everything that does not add up.
pub(crate) fn adds_up(books: &Books, ledger: &[Charge]) -> Vec<String> {
    let unbalanced = books.journal.iter().filter(|entry| !entry.balances());
    let mut found: Vec<String> =
        unbalanced.map(|entry| format!("{} does not balance", entry.id)).collect();
    let sums = sums_of(&books.journal);
    found.extend(balances_are_sums(books, &sums));
    found.extend(held_is_kept(books, &sums));
    for currency in [Currency::USD, Currency::EUR, Currency::JPY] {
        found.extend(nothing_is_lost(books, ledger, currency));
    }
    found
}

fn sums_of(journal: &[JournalEntry]) -> Sums {
    let mut sums = Sums::new();
    for posting in journal.iter().flat_map(|entry| &entry.postings) {
        *sums.entry(key(posting.account, posting.amount.currency())).or_default() +=
            posting.signed_minor();
    }
    sums
}

fn key(account: Account, currency: Currency) -> (String, String) {
    (account.to_string(), currency.code().to_owned())
}

/// Each balance is the sum of its postings.
fn balances_are_sums(books: &Books, sums: &Sums) -> Vec<String> {
    let mut found = Vec::new();
    for balance in &books.balances {
        let currency = balance.currency;
        let sum = match balance.account {
            Some(account) => sums.get(&key(account, currency)).copied().unwrap_or(0),
            None => held_total(sums, currency),
        };
        if sum != balance.signed_minor {
            let (account, balance) = (balance.account, balance.signed_minor);
            found
                .push(format!("{account:?} has {balance} {currency:?}, its postings sum to {sum}"));
        }
    }
    found
}

fn held_total(sums: &Sums, currency: Currency) -> i64 {
    let held = sums
        .iter()
        .filter(|((account, code), _)| account.starts_with("held:") && code == currency.code());
    held.map(|(_, sum)| sum).sum()
}

/// Each order's account holds what its row says, and no account owes less than nothing.
fn held_is_kept(books: &Books, sums: &Sums) -> Vec<String> {
    let mut found = Vec::new();
    for funds in &books.held {
        let left = funds.left().expect("an amount");
        let account = key(Account::Held(funds.order), left.currency());
        let booked = -sums.get(&account).copied().unwrap_or(0);
        if booked != left.minor() {
            found.push(format!("{} keeps {left:?}, its account has {booked}", funds.id));
        }
    }
    let limited = |name: &str| Account::parse(name).is_some_and(Account::is_limited);
    let below = sums.iter().filter(|((account, _), sum)| **sum > 0 && limited(account));
    found.extend(below.map(|(account, sum)| format!("{account:?} is {sum} below nothing")));
    found
}

/// What the processor took and did not send back is owed to somebody, to the cent.
fn nothing_is_lost(books: &Books, ledger: &[Charge], currency: Currency) -> Vec<String> {
    let code = currency.code().to_lowercase();
    let charges = ledger.iter().filter(|charge| charge.currency == code);
    let taken: i64 = charges.map(|charge| charge.captured - charge.refunded).sum();
    let in_currency = books.balances.iter().filter(|balance| balance.currency == currency);
    let (mut clearing, mut pending, mut owed) = (0, 0, 0);
    for balance in in_currency {
        match balance.account {
            Some(Account::ProcessorClearing) => clearing += balance.signed_minor,
            Some(Account::RefundsPending) => pending -= balance.signed_minor,
            // What is paid out, added or disputed moves clearing as well; none of it happens here.
            Some(
                Account::Held(_)
                | Account::SellerPending(_)
                | Account::SellerAvailable(_)
                | Account::SellerPaying(_)
                | Account::PlatformFees
                | Account::PlatformPending
                | Account::PlatformAvailable
                | Account::PlatformPaying
                | Account::PlatformDisputes
                | Account::Bank,
            )
            | None => owed -= balance.signed_minor,
        }
    }
    let mut found = Vec::new();
    if clearing != taken {
        found.push(format!("{code}: the books say {clearing} was taken, the network {taken}"));
    }
    if clearing - pending != owed {
        found.push(format!("{code}: {clearing} was taken, {pending} goes back, {owed} is owed"));
    }
    if pending != 0 {
        found.push(format!("{code}: refunds of {pending} are still pending"));
    }
    found
}
