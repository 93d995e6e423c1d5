//! Postings that commute, limits that the store holds, and the books as they are read.

use holdfast_core::change::Changes;
use holdfast_core::currency::Currency;
use holdfast_core::id::PlatformId;
use holdfast_core::ledger::{Account, EntryReason, JournalEntry};
use holdfast_core::money::Money;
use holdfast_store::query::{Accounts, Balance};
use holdfast_store::{Outcome, Store};

use crate::fixtures::*;

const CLEARING: Account = Account::ProcessorClearing;

fn held(order: u32) -> Account {
    Account::Held(id(order))
}

/// Puts money into an order's account, as a capture does.
fn into(number: u32, order: u32, minor: i64) -> Changes {
    entries(vec![entry(number, 1, (CLEARING, held(order), usd(minor)))])
}

/// Takes money out of an order's account.
fn out_of(number: u32, order: u32, minor: i64) -> Changes {
    entries(vec![entry(number, 1, (held(order), Account::PlatformFees, usd(minor)))])
}

async fn balance(store: &dyn Store, platform: PlatformId, account: Account) -> i64 {
    let found = store.balances(platform, Accounts::One(account)).await.unwrap();
    found.iter().map(|balance| balance.signed_minor).sum()
}

pub(crate) async fn postings_commute(store: &dyn Store) {
    // Both were decided on the same view; neither knows of the other.
    let batch = vec![into(1, 1, 100), into(2, 1, 50)];
    assert_eq!(commit(store, batch).await, [Outcome::Committed, Outcome::Committed]);
    assert_eq!(balance(store, ours(), held(1)).await, -150);
    must(store, out_of(3, 1, 150)).await;
    assert_eq!(balance(store, ours(), held(1)).await, 0);
    assert_eq!(balance(store, ours(), CLEARING).await, 150);
    assert_eq!(balance(store, ours(), Account::PlatformFees).await, -150);
}

pub(crate) async fn limits_hold_within_a_batch(store: &dyn Store) {
    let (yes, no) = (Outcome::Committed, Outcome::LimitExceeded);
    let batch = vec![
        out_of(1, 1, 1),
        into(2, 1, 100),
        out_of(3, 1, 60),
        out_of(4, 1, 60),
        out_of(5, 1, 40),
        out_of(6, 1, 1),
    ];
    let expected = [no.clone(), yes.clone(), yes.clone(), no.clone(), yes, no.clone()];
    assert_eq!(commit(store, batch).await, expected);
    assert_eq!(balance(store, ours(), held(1)).await, 0);

    // What passes a limit changes nothing else either.
    let sold = Changes { puts: vec![put(0, seller(1))], ..out_of(7, 1, 1) };
    assert_eq!(commit(store, vec![sold]).await, [no]);
    assert_eq!(store.count_states(ours(), holdfast_core::key::RowKind::Seller).await, Ok(vec![]));
    assert_eq!(store.journal(ours(), id(1)).await.unwrap().len(), 3);
}

pub(crate) async fn no_more_fees_are_paid_out_than_there_are(store: &dyn Store) {
    let (yes, no) = (Outcome::Committed, Outcome::LimitExceeded);
    let moved = |number, minor, reason| {
        let entry = entry(number, 1, (Account::PlatformFees, Account::PlatformPaying, usd(minor)));
        entries(vec![JournalEntry { reason, ..entry }])
    };
    must(store, entries(vec![entry(1, 1, (CLEARING, Account::PlatformFees, usd(100)))])).await;
    let payouts = [(2, 60), (3, 60), (4, 40), (5, 1)];
    let payouts = payouts.map(|(number, minor)| moved(number, minor, EntryReason::Payout));
    assert_eq!(commit(store, payouts.to_vec()).await, [yes.clone(), no.clone(), yes.clone(), no]);
    // A refund gives a fee back, whatever was paid out before.
    assert_eq!(commit(store, vec![moved(6, 5, EntryReason::RefundRequested)]).await, [yes]);
    assert_eq!(balance(store, ours(), Account::PlatformFees).await, 5);
}

pub(crate) async fn limits_look_at_the_end_of_a_command(store: &dyn Store) {
    let out = entry(1, 1, (held(1), Account::PlatformFees, usd(5)));
    let back_in = entry(2, 1, (CLEARING, held(1), usd(5)));
    must(store, entries(vec![out.clone(), back_in.clone()])).await;
    let short = entry(4, 1, (CLEARING, held(1), usd(4)));
    let out = holdfast_core::ledger::JournalEntry { id: id(3), ..out };
    let outcomes = commit(store, vec![entries(vec![out, short])]).await;
    assert_eq!(outcomes, [Outcome::LimitExceeded]);
    // Some accounts may have less than nothing: sales may all have been refunded, and more.
    let loss = (Account::PlatformFees, CLEARING, usd(1_000));
    must(store, entries(vec![entry(5, 1, loss)])).await;
}

pub(crate) async fn limits_are_per_currency_and_platform(store: &dyn Store) {
    must(store, into(1, 1, 100)).await;
    let yen = Money::new(1, Currency::JPY);
    let other_currency = entries(vec![entry(2, 1, (held(1), Account::PlatformFees, yen))]);
    let other_platform = Changes { platform: theirs(), ..out_of(3, 1, 1) };
    let outcomes = commit(store, vec![other_currency, other_platform, out_of(4, 1, 1)]).await;
    let (yes, no) = (Outcome::Committed, Outcome::LimitExceeded);
    assert_eq!(outcomes, [no.clone(), no, yes]);
    assert_eq!(balance(store, theirs(), held(1)).await, 0);
}

pub(crate) async fn what_cannot_be_counted_passes_the_limit(store: &dyn Store) {
    let batch = vec![into(1, 1, i64::MAX), into(2, 1, 1), into(3, 2, 0), out_of(4, 1, 7)];
    let (yes, no) = (Outcome::Committed, Outcome::LimitExceeded);
    assert_eq!(commit(store, batch).await, [yes.clone(), no, yes.clone(), yes]);
    assert_eq!(balance(store, ours(), held(1)).await, -(i64::MAX - 7));
}

pub(crate) async fn balances_are_listed_by_their_sort(store: &dyn Store) {
    let (anna, ben) = (Account::SellerAvailable(id(1)), Account::SellerAvailable(id(2)));
    let yen = Money::new(9, Currency::JPY);
    let moves = [
        (CLEARING, held(1), usd(100)),
        (CLEARING, held(2), usd(30)),
        (CLEARING, held(3), yen),
        (held(1), anna, usd(95)),
        (held(1), Account::PlatformFees, usd(5)),
        (held(2), ben, usd(1)),
        (CLEARING, Account::SellerPending(id(1)), usd(7)),
        (anna, Account::SellerPaying(id(1)), usd(20)),
    ];
    let number = |(number, moved)| entry(number, 1, moved);
    must(store, entries((1..).zip(moves).map(number).collect())).await;

    let usd_of = |account, signed_minor| Balance { account, currency: Currency::USD, signed_minor };
    let (paying, pending) = (Account::SellerPaying(id(1)), Account::SellerPending(id(1)));
    let sellers = [(anna, -75), (ben, -1), (paying, -20), (pending, -7)];
    let sellers = sellers.map(|(account, signed)| usd_of(Some(account), signed)).to_vec();
    // In whichever order, which is each store's own.
    let mut listed = store.balances(ours(), Accounts::Sellers).await.unwrap();
    listed.sort_by_key(|balance| balance.account.map(|account| account.to_string()));
    assert_eq!(listed, sellers);
    assert_eq!(store.balances(ours(), Accounts::One(ben)).await, Ok(vec![usd_of(Some(ben), -1)]));
    let nobody = Accounts::One(Account::SellerAvailable(id(3)));
    assert_eq!(store.balances(ours(), nobody).await, Ok(vec![]));
    assert_eq!(store.balances(theirs(), Accounts::Sellers).await, Ok(vec![]));

    let in_yen = |account, signed_minor| Balance { account, currency: Currency::JPY, signed_minor };
    let mut total = store.balances(ours(), Accounts::HeldTotal).await.unwrap();
    total.sort_by_key(|balance| balance.signed_minor);
    assert_eq!(total, [usd_of(None, -29), in_yen(None, -9)]);
    let mut platform = store.balances(ours(), Accounts::Platform).await.unwrap();
    platform.sort_by_key(|balance| balance.signed_minor);
    let fees = usd_of(Some(Account::PlatformFees), -5);
    assert_eq!(platform, [fees, in_yen(Some(CLEARING), 9), usd_of(Some(CLEARING), 137)]);
}

pub(crate) async fn a_journal_is_the_payments_own(store: &dyn Store) {
    let sale = (CLEARING, Account::PlatformAvailable, usd(1));
    let (first, second, other) = (entry(1, 1, sale), entry(2, 1, sale), entry(3, 2, sale));
    must(store, entries(vec![second.clone(), other])).await;
    must(store, entries(vec![first.clone()])).await;
    assert_eq!(store.journal(ours(), id(1)).await, Ok(vec![first, second]));
    assert_eq!(store.journal(ours(), id(9)).await, Ok(vec![]));
    assert_eq!(store.journal(theirs(), id(1)).await, Ok(vec![]));
}

pub(crate) async fn an_account_that_must_be_empty_has_nothing_left(store: &dyn Store) {
    let (amy, platform) = (Account::SellerAvailable(id(1)), Account::PlatformAvailable);
    let closes = |entries| Changes { emptied: vec![amy], entries, ..nothing() };
    let (yes, no) = ([Outcome::Committed], [Outcome::LimitExceeded]);
    let yen = Money::new(7, Currency::JPY);
    let given = |number, amount| entry(number, 1, (Account::ProcessorClearing, amy, amount));
    let taken = |number, amount| entry(number, 1, (amy, platform, amount));

    assert_eq!(commit(store, vec![closes(vec![])]).await, yes, "it never had anything");
    must(store, entries(vec![given(1, usd(5)), given(2, yen)])).await;
    let refused = closes(vec![taken(3, usd(5))]);
    assert_eq!(commit(store, vec![refused]).await, no, "another currency is left");
    must(store, entries(vec![taken(4, yen)])).await;
    assert_eq!(commit(store, vec![closes(vec![])]).await, no);
    let foreign = Changes { platform: theirs(), ..closes(vec![]) };
    assert_eq!(commit(store, vec![foreign]).await, yes, "another platform's is empty");
    let refused = closes(vec![taken(5, usd(4))]);
    assert_eq!(commit(store, vec![refused]).await, no, "a part is left");
    assert_eq!(commit(store, vec![closes(vec![taken(6, usd(5))])]).await, yes);
    let refused = closes(vec![given(7, usd(1))]);
    assert_eq!(commit(store, vec![refused]).await, no, "it gets something");

    // Within a batch: what came before counts.
    let batch = vec![entries(vec![given(8, usd(1))]), closes(vec![])];
    assert_eq!(commit(store, batch).await, [yes, no].concat());
}
